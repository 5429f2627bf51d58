/*
 * What the files of `explain` share: everything that a name can mean as sets
 * of types and name families, the page that an answer is written on, and one
 * finder for each kind of thing.
 */
#ifndef EXPLAIN_INTERNAL_H
#define EXPLAIN_INTERNAL_H

#include "abi/abi.h"
#include "base/buffer.h"

/* Types and families, each once, in the order in which they were added. */
struct explain_set {
	const struct abi_type **types;
	const struct abi_names **families;
	size_t type_count, family_count;
};

/* True when it is new; NULL is never. */
bool explain_set_add_type(struct explain_set *set, const struct abi_type *type);
bool explain_set_add_names(struct explain_set *set,
			   const struct abi_names *names);
/* All that the rows of abi/ lead to. */
void explain_set_fill(struct explain_set *set);
void explain_set_done(struct explain_set *set);

struct explain_wanted {
	const char *name;
	bool is_number;
	uint64_t number;
};

bool explain_is(const struct explain_wanted *wanted, const char *name);
/* The same words, whatever stands between them: blanks, dashes, underscores. */
bool explain_is_alike(const char *name, const char *other);
/* STEM and a number, as KVM_EXIT_43: the number. */
bool explain_is_numbered(const struct explain_wanted *wanted, const char *stem,
			 size_t length, uint64_t *ret_number);

struct explain_page {
	struct buffer *out;
	const struct explain_set *all;
	struct explain_set attached;	/* to be shown behind the entries */
	struct explain_set shown;	/* each once */
};

/* All that is called so, of all kinds; how many. */
unsigned int explain_find(struct explain_page *page,
			  const struct explain_wanted *wanted);
/* Append a path without a trace's ".in." before it and without indexes. */
void explain_add_path(struct buffer *out, const char *path);

/* Lay-out: 80 columns, a heading, rows of a label and words below it. */
void explain_add_title(struct explain_page *page, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void explain_add_row(struct explain_page *page, const char *label,
		     const char *words);
/* The words, from where the line is, further lines indented; a newline. */
void explain_add_words(struct buffer *out, size_t indent, const char *words);
/* One more of "a, b, c", unless it is there. */
void explain_add_item(struct buffer *list, const char *item);

/* Types: types.c; members: fields.c */
/* A table of the members, the first time; with its users when `wanted`. */
void explain_show_type(struct explain_page *page, const struct abi_type *type,
		       bool wanted);
/* Attach it and the families of its members. */
void explain_attach_body(struct explain_page *page,
			 const struct abi_type *type);
/* "u64 interrupt_bitmap[4]", "flags: CR0"; of no type for an ioctl's value. */
void explain_add_declaration(struct buffer *out, const struct abi_type *type,
			     const struct abi_field *field);
void explain_add_remark(struct buffer *out, const struct abi_type *type,
			const struct abi_field *field);
/* The values of a union's tag, one a line, with the members of each. */
void explain_add_arms(struct buffer *out, const struct abi_type *type,
		      const struct abi_field *field);
/* "struct kvm_regs"; a name of ours, as "kvm_run.io", stays as it is. */
void explain_add_type_name(struct buffer *out, const struct abi_type *type);
/* Which ioctls, exits and members have this type. */
void explain_add_users(struct buffer *list, const struct explain_set *all,
		       const struct abi_type *type);
/* The member that tells which arm holds, or NULL. */
const struct abi_field *explain_find_tag(const struct abi_type *type,
					 const struct abi_arms *arms);
/* The arms of a field that is a union, else NULL. */
const struct abi_arms *explain_find_arms(const struct abi_field *field);

/* Names: families.c */
/* The first time; a large family's names only when they are `wanted`. */
void explain_show_family(struct explain_page *page,
			 const struct abi_names *names, bool wanted);
bool explain_is_flags(const struct explain_set *all,
		      const struct abi_names *names);
/* Does the member hold a name, or names, of this family? */
bool explain_has_names(const struct abi_field *field,
		       const struct abi_names *names);
/* Rows: the members that do, and the capabilities that answer with it. */
void explain_add_places(struct explain_page *page,
			const struct abi_names *names);

/* One name: constants.c, msrs.c */
/* With all that it decides. */
void explain_show_constant(struct explain_page *page,
			   const struct abi_names *names,
			   const struct abi_name *name);
/* Is it this MSR by a name of the kernel's: MSR_STAR is IA32_STAR. */
bool explain_is_msr(const char *wanted, const char *name);

/*
 * One kind of thing. `find` writes an entry for each that is meant and tells
 * how many; `offer` tells all names, for near misses.
 */
struct explain_near;
void explain_near_offer(struct explain_near *near, const char *name);

struct explain_kind {
	unsigned int (*find)(struct explain_page *page,
			     const struct explain_wanted *wanted);
	void (*offer)(struct explain_near *near, const struct explain_set *all);
};

extern const struct explain_kind explain_concepts, explain_ioctls,
	explain_exits, explain_errors, explain_diagnoses, explain_types,
	explain_members, explain_constants, explain_headers, explain_cpuid,
	explain_families;

/* The member of kvm_run that tells why: the rows tell it as an exit's name. */
extern const struct abi_type explain_run_reason;

#endif
