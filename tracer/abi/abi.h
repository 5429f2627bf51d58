/*
 * KVM's user interface as tables: what each ioctl is called, on which kinds
 * of descriptor it works, what its argument holds, field by field, and what
 * the kernel does with it. Rows only, no behaviour: copying (capture),
 * decoding, the JSON Schema and `explain` all read the same rows.
 *
 * Offsets and sizes come from the compiler and <linux/kvm.h> by the macros
 * below, so that a layout can't be wrong. Adding an ioctl is one row in
 * ioctls.c, and a struct block or a name table when it is new.
 *
 * Sources: <linux/kvm.h>, <asm/kvm.h>, Documentation/virt/kvm/api.rst, and for
 * the handlers virt/kvm/kvm_main.c and arch/x86/kvm/x86.c.
 */
#ifndef ABI_ABI_H
#define ABI_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Kinds of descriptor, as a mask: one request may work on several. */
enum abi_role {
	ROLE_SYSTEM = 1 << 0,		/* /dev/kvm */
	ROLE_VM = 1 << 1,
	ROLE_VCPU = 1 << 2,
	ROLE_DEVICE = 1 << 3,		/* made by KVM_CREATE_DEVICE */
	ROLE_GUEST_MEMFD = 1 << 4,
	ROLE_STATS = 1 << 5,
	ROLE_NOT_KVM = 1 << 6,
};

/* A value and its name; with `mask`, a value of a field several bits wide. */
struct abi_name {
	uint64_t value;
	const char *name;
	uint64_t mask;		/* 0: the value is its own mask (flags) */
	const char *text;	/* one sentence for `explain`, or NULL */
};

/* A family of names: an enumeration or a set of flags. */
struct abi_names {
	const char *family;	/* e.g. "KVM_EXIT_*" */
	const struct abi_name *list;
	size_t count;
	/* Bits of a number that stands among the flags: a row of its own shows
	 * it, and no name is missing here. */
	uint64_t numbers;
};

enum abi_kind {
	ABI_DEC,	/* an unsigned number that people read in decimal */
	ABI_INT,	/* a signed number */
	ABI_HEX,	/* a number that people read in hex */
	ABI_GPA, ABI_GVA, ABI_HVA,	/* addresses: guest physical, … */
	ABI_FLAGS,	/* by `names` */
	ABI_ENUM,	/* by `names` */
	ABI_STRUCT,	/* by `type` */
	ABI_BYTES,	/* opaque bytes */
	ABI_TEXT,	/* NUL-terminated text in a fixed array */
	ABI_PAD,	/* padding, reserved: shown only when not zero */
	ABI_STALE,	/* padding that nobody clears: never shown */
	ABI_UNION,	/* by `arms`, chosen by another member */
	ABI_POINTED,	/* a pointer to user memory, shown with its target */
	ABI_POINTED_UNION,	/* the same, its type chosen by `arms` */
	ABI_POINTED_BITS,	/* the same, shown as ranges of set bits */
};

struct abi_field;

/* A structure: its fields in order of offset. */
struct abi_type {
	const char *name;	/* as in C: "kvm_sregs" */
	uint32_t size;		/* without a counted tail */
	uint32_t field_count;
	const struct abi_field *fields;
};

/*
 * How long a counted tail (in elements) or the target of a pointer (in bytes)
 * is: (number at `offset`, `size` bytes wide) * unit. With size 0: `unit`.
 */
enum abi_length_rule {
	LENGTH_COUNT,	/* as above */
	LENGTH_ONE_REG,	/* bits 52-55 of the u64 at `offset`: log2 */
	LENGTH_TYPE,	/* of a target: its type, counted tail included */
	LENGTH_BITS,	/* bytes for so many bits, rounded up to `unit` bytes */
	LENGTH_TOTAL,	/* the number is the whole structure's bytes */
	/* Only the session can tell these: */
	LENGTH_SLOT,	/* LENGTH_BITS for the pages of that slot */
	LENGTH_XSAVE,	/* whole structure: the VM's answer to KVM_CAP_XSAVE2 */
};

struct abi_length {
	uint8_t rule;
	uint8_t size;
	uint16_t offset;
	uint32_t unit;
};

/*
 * One arm of a tagged union: it holds when the tag equals `value`. It is shown
 * as an object under `name`; without a name its fields stand among those of
 * the enclosing struct. Offsets in its type start at the union (or target).
 */
struct abi_arm {
	uint64_t value;
	const char *name;
	const struct abi_type *type;	/* NULL: this tag has no data */
};

struct abi_arms {
	uint16_t tag_offset;	/* from the start of the enclosing struct */
	uint8_t tag_size;
	const struct abi_arm *list;
	size_t count;
	/* Of other tags, unnamed; NULL: bytes, of a pointer no target. */
	const struct abi_type *otherwise;
};

struct abi_field {
	const char *name;
	uint32_t offset;
	uint16_t size;		/* bytes of one element */
	uint8_t kind;		/* enum abi_kind */
	bool is_array;		/* shown as an array, even of one */
	bool is_counted;	/* `length` tells how many; else `count` */
	bool is_view;		/* another reading of bytes that an earlier row
				 * shows; nothing when no arm fits */
	bool is_sparse;		/* shown only when not zero; of an array of
				 * structures, those elements */
	bool is_word;		/* a C pointer: 32 bits of a 32-bit caller */
	bool is_answer;		/* of an exit: the program fills it in, and KVM
				 * reads it when the vCPU runs again */
	uint8_t bit, bits;	/* a bit field: `bits` from `bit` on; 0: all.
				 * Of an address they keep their place */
	uint8_t flow;		/* FLOW_IN or FLOW_OUT: means something (of a
				 * pointer: its target does) that way only */
	uint16_t count;		/* elements: 1 for a plain member; with
				 * is_counted the most there are, 0: a tail */
	uint16_t most;		/* elements of a tail, bytes of a target, that
				 * KVM takes; 0: no limit is known */
	union {
		const struct abi_names *names;
		const struct abi_type *type;
		const struct abi_arms *arms;
	};
	struct abi_length length;	/* ABI_POINTED, counted tails */
};

/* A member of struct `s`, shown under its own name or as `shown`. */
#define ABI_AS(kind_, s, member, shown, ...)                               \
	{ .name = (shown), .offset = offsetof(s, member),                  \
	  .size = sizeof(((s *)0)->member), .kind = (kind_), .count = 1,   \
	  ##__VA_ARGS__ }
#define ABI_MEMBER(kind_, s, member, ...)                                  \
	ABI_AS(kind_, s, member, #member, ##__VA_ARGS__)

/* A fixed array. */
#define ABI_ARRAY_AS(kind_, s, member, shown, ...)                         \
	{ .name = (shown), .offset = offsetof(s, member),                  \
	  .size = sizeof(((s *)0)->member[0]), .kind = (kind_),            \
	  .is_array = true,                                                \
	  .count = sizeof(((s *)0)->member) / sizeof(((s *)0)->member[0]), \
	  ##__VA_ARGS__ }
#define ABI_ARRAY(kind_, s, member, ...)                                   \
	ABI_ARRAY_AS(kind_, s, member, #member, ##__VA_ARGS__)

/* Bytes that belong together: one value, however many they are. */
#define ABI_BLOB(kind_, s, member, ...)                                    \
	{ .name = #member, .offset = offsetof(s, member), .size = 1,       \
	  .kind = (kind_), .count = sizeof(((s *)0)->member), ##__VA_ARGS__ }

/* The tail `member[]`, as many as the 32-bit member `counter` says. */
#define ABI_TAIL(kind_, s, member, counter, ...) \
	ABI_TAIL_TO(kind_, s, member, counter, 0, ##__VA_ARGS__)
/* The same of at most so many. */
#define ABI_TAIL_TO(kind_, s, member, counter, most_, ...) \
	ABI_TAIL_AS(kind_, s, member, #member, counter, most_, ##__VA_ARGS__)
#define ABI_TAIL_AS(kind_, s, member, shown, counter, most_, ...)          \
	{ .name = (shown), .offset = offsetof(s, member),                  \
	  .size = sizeof(((s *)0)->member[0]), .kind = (kind_),            \
	  .is_array = true, .is_counted = true,                            \
	  .length = { LENGTH_COUNT, sizeof(((s *)0)->counter),             \
		      offsetof(s, counter), 1 },                           \
	  .most = (most_),                                                 \
	  ##__VA_ARGS__ }

#define ABI_TYPE(variable, name_, size_, fields_)                          \
	const struct abi_type variable = { (name_), (size_),               \
		sizeof(fields_) / sizeof((fields_)[0]), (fields_) }
#define ABI_NAMES(variable, family_, list_)                                \
	ABI_NAMES_AROUND(variable, family_, list_, 0)
/* The bits `numbers_` aren't flags. */
#define ABI_NAMES_AROUND(variable, family_, list_, numbers_)               \
	const struct abi_names variable = { (family_), (list_),            \
		sizeof(list_) / sizeof((list_)[0]), (numbers_) }
#define ABI_NAME(constant) { .value = (constant), .name = #constant }

/*
 * What the kernel really copies, targets of pointers included; the request's
 * direction bits may say something else.
 */
enum abi_flow {
	FLOW_NONE,	/* the argument is unused or a value */
	FLOW_IN,	/* read from user memory */
	FLOW_OUT,	/* written to user memory */
	FLOW_INOUT,
};

/* What a result >= 0 means. */
enum abi_result {
	RESULT_ZERO,	/* 0: done */
	RESULT_FD,	/* a new descriptor */
	RESULT_COUNT,	/* how many were done: may be fewer than asked for */
	RESULT_VALUE,	/* the answer itself */
	RESULT_FD_IN_ARGUMENT,	/* 0; the descriptor is at `fd_offset` */
};

struct abi_ioctl {
	uint32_t request;	/* all 32 bits: the key */
	uint8_t roles;		/* enum abi_role */
	uint8_t flow;		/* enum abi_flow */
	uint8_t result;		/* enum abi_result */
	uint16_t fd_offset;	/* RESULT_FD_IN_ARGUMENT: a 32-bit descriptor */
	bool reads_head_only;	/* FLOW_INOUT: of the tail, KVM only writes */
	const char *name;
	/* What the argument points to, and where the VM is a KVM_X86_TDX_VM. */
	const struct abi_type *type, *tdx_type;
	const struct abi_field *value;	/* an argument that is no pointer */
	const char *handler;	/* below the descriptor's own, or NULL */
	const char *operation;	/* what KVM does; begins with a verb */
	const char *section;	/* of api.rst, e.g. "4.35", or NULL */
};

/* An exit reason and the member of kvm_run's union that goes with it. */
struct abi_exit {
	uint32_t code;
	const char *name;
	const char *member;	/* key of the object, NULL: none */
	const struct abi_type *type;	/* offsets from the start of kvm_run */
	const char *meaning;	/* one sentence */
};

/* A capability whose answer to KVM_CHECK_EXTENSION is flags. */
struct abi_answer {
	uint32_t cap;
	const struct abi_names *names;
};

/* Capabilities whose answer is another number than yes or no. */
extern const uint32_t abi_number_capabilities[];
extern const size_t abi_number_capability_count;

/* The kind of descriptor that a role is, and the function that serves it. */
struct abi_role_row {
	uint8_t role;
	const char *name;	/* "system", "vm" … */
	const char *handler;	/* "kvm_dev_ioctl" … */
};

extern const struct abi_ioctl abi_ioctls[];	/* sorted by request */
extern const size_t abi_ioctl_count;
extern const struct abi_exit abi_exits[];	/* sorted by code */
extern const size_t abi_exit_count;
extern const struct abi_answer abi_answers[];	/* sorted by cap */
extern const size_t abi_answer_count;
extern const struct abi_role_row abi_roles[];
extern const size_t abi_role_count;

/*
 * The members of kvm_run outside the union: what the program tells KVM, and
 * what KVM tells the program. (`exit_reason` is told as the exit's name.)
 */
extern const struct abi_type abi_run_in, abi_run_out;

/* The registers behind the masks: its n-th member goes with their bit n. */
extern const struct abi_type abi_type_sync_regs;
extern const struct abi_type abi_type_coalesced_mmio;

/* What a PC usually has at an I/O port. */
extern const struct abi_names abi_names_ports;

/* Structures that no ioctl carries: in mappings, or read from a descriptor. */
extern const struct abi_type *const abi_shared_types[];
extern const size_t abi_shared_type_count;

/*
 * How much of kvm_run is copied: up to the masks of synchronised registers,
 * with them where a mask asks for some; and what makes a copy worth reading,
 * the head and the start of the union.
 */
#define ABI_RUN_BYTES 304
#define ABI_RUN_SYNC_BYTES (304 + 520)
#define ABI_RUN_HEAD_BYTES 64

/* Where the coalesced MMIO ring is in the mapping, in pages: api.rst 4.116. */
#define ABI_RUN_RING_OFFSET (2 * 4096)

/* Where the data of the port exit in a kvm_run lies; length 0: no port exit. */
struct abi_run_data {
	uint64_t offset;	/* from the start of the mapping */
	uint64_t length;
	bool is_in;		/* the program must supply it */
};
struct abi_run_data abi_find_run_data(const uint8_t *run);

/* The registers that the program asked KVM for, or gives it, as a mask. */
uint64_t abi_run_sync_mask(const uint8_t *run, bool is_after);

/*
 * The row of a request on a kind of descriptor. Where one number means two
 * requests, the role tells them apart. NULL: no such request.
 */
const struct abi_ioctl *abi_find_ioctl(uint32_t request, uint8_t role);
const struct abi_exit *abi_find_exit(uint32_t code);
const struct abi_role_row *abi_find_role(uint8_t role);

/* Is it KVM_RUN, whose data is in kvm_run? False for NULL. */
bool abi_is_run(const struct abi_ioctl *row);

/* Is it KVM_GET_STATS_FD, whose data are behind the new descriptor? */
bool abi_gives_stats(const struct abi_ioctl *row);

/* The arm that the tag in these bytes of the structure chooses, or NULL. */
const struct abi_arm *abi_find_arm(const struct abi_arms *arms,
				   const uint8_t *bytes, uint32_t size);

/* Has an exit's structure with these bytes a member that is_answer? */
bool abi_has_answer(const struct abi_type *type, const uint8_t *bytes,
		    uint32_t size);

/* The name of a value, NULL when the family has none. */
const char *abi_find_name(const struct abi_names *names, uint64_t value);

/* Is a capability's answer a number or flags, or is it yes or no? */
bool abi_answers_number(uint32_t cap);
/* What is asked for with it, in words; NULL: unknown, or not x86's. */
const char *abi_find_question(uint32_t cap);

/*
 * How many elements a counted array at `offset` has, by the bytes of its
 * structure; how many bytes the target of a pointer has. `type` is the
 * target's, or NULL. 0 when the bytes that tell are not there; UINT64_MAX when
 * it is more than a number can say.
 */
uint64_t abi_length_elements(const struct abi_length *length,
			     const uint8_t *bytes, uint32_t size,
			     uint32_t offset, uint32_t element_size);
/* The bytes of a pointer to user memory as this caller passes it. */
static inline uint16_t abi_pointer_size(const struct abi_field *field,
					bool compat)
{
	return compat && field->is_word ? 4 : field->size;
}

uint64_t abi_length_bytes(const struct abi_length *length,
			  const struct abi_type *type, const uint8_t *bytes,
			  uint32_t size);

/* A number of 1, 2, 4 or 8 bytes in memory order. */
uint64_t abi_read(const uint8_t *bytes, size_t size);

#endif
