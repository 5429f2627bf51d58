/*
 * Constants: flags, enumerations, capabilities, MSRs, CPUID leaves and
 * feature bits; and the families that they belong to.
 */
#include <inttypes.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "explain_internal.h"

/* A family with a larger number in it is shown in hex. */
#define DECIMAL_MAX 4095
/* A larger family is shown only to who asks for it by name. */
#define ATTACHED_NAMES_MAX 64

/* Where a family is used */

static bool has_names(const struct abi_field *field,
		      const struct abi_names *names)
{
	return (field->kind == ABI_FLAGS || field->kind == ABI_ENUM) &&
	       field->names == names;
}

/* A member that holds a name of this family, or NULL. */
static const struct abi_field *find_member(const struct abi_type *type,
					   const struct abi_names *names)
{
	for (uint32_t i = 0; i < type->field_count; i++)
		if (has_names(&type->fields[i], names))
			return &type->fields[i];
	return NULL;
}

/* KVM_CAP_*: what KVM_CHECK_EXTENSION asks for. */
static bool is_capabilities(const struct abi_names *names)
{
	const struct abi_ioctl *row =
		abi_find_ioctl(KVM_CHECK_EXTENSION, ROLE_SYSTEM);

	return row && row->value && row->value->names == names;
}

/* In some member or answer several of them stand at once. */
static bool is_flags(const struct explain_set *all,
		     const struct abi_names *names)
{
	for (size_t i = 0; i < abi_answer_count; i++)
		if (abi_answers[i].names == names)
			return true;
	for (size_t i = 0; i < all->type_count; i++) {
		const struct abi_field *field =
			find_member(all->types[i], names);

		if (field && field->kind == ABI_FLAGS)
			return true;
	}
	return false;
}

static void add_places(struct buffer *list, const struct explain_set *all,
		       const struct abi_names *names)
{
	char item[192];

	for (size_t i = 0; i < abi_ioctl_count; i++)
		if (abi_ioctls[i].value && has_names(abi_ioctls[i].value, names))
			explain_add_item(list, abi_ioctls[i].name);
	for (size_t i = 0; i < all->type_count; i++) {
		const struct abi_type *type = all->types[i];

		for (uint32_t j = 0; j < type->field_count; j++) {
			if (!has_names(&type->fields[j], names))
				continue;
			snprintf(item, sizeof(item), "%s.%s", type->name,
				 type->fields[j].name);
			explain_add_item(list, item);
		}
	}
}

/* Capabilities whose answer to KVM_CHECK_EXTENSION is made of this family. */
static void add_answers(struct buffer *list, const struct explain_set *all,
			const struct abi_names *names)
{
	const struct abi_ioctl *row =
		abi_find_ioctl(KVM_CHECK_EXTENSION, ROLE_SYSTEM);

	(void)all;
	for (size_t i = 0; i < abi_answer_count; i++)
		if (abi_answers[i].names == names)
			explain_add_item(list, abi_find_name(row->value->names,
							     abi_answers[i].cap));
}

static void add_list_row(struct explain_page *page, const char *label,
			 const struct abi_names *names,
			 void (*add)(struct buffer *, const struct explain_set *,
				     const struct abi_names *))
{
	struct buffer list = BUFFER_EMPTY;

	add(&list, page->all, names);
	if (list.length)
		explain_add_row(page, label, buffer_string(&list));
	buffer_free(&list);
}

/* Families */

static uint64_t find_largest(const struct abi_names *names)
{
	uint64_t largest = 0;

	for (size_t i = 0; i < names->count; i++)
		if (names->list[i].value > largest)
			largest = names->list[i].value;
	return largest;
}

static void list_names(struct explain_page *page, const struct abi_names *names,
		       bool in_hex)
{
	for (size_t i = 0; i < names->count; i++) {
		const struct abi_name *name = &names->list[i];

		buffer_add_format(page->out, in_hex ? "  %#10" PRIx64 "  "
						    : "  %10" PRIu64 "  ",
				  name->value);
		if (!name->text) {
			buffer_add_format(page->out, "%s\n", name->name);
			continue;
		}
		buffer_add_format(page->out, "%-24s  ", name->name);
		explain_add_words(page->out, 18, name->text);
	}
}

void explain_show_family(struct explain_page *page,
			 const struct abi_names *names)
{
	bool flags = is_flags(page->all, names);

	explain_add_title(page, "%s: %zu %s", names->family, names->count,
			  flags ? "flags" : "values");
	if (names->count > ATTACHED_NAMES_MAX)
		explain_add_row(page, "all", "kvmtrace explain with the "
				"family's name lists them");
	else
		list_names(page, names,
			   flags || find_largest(names) > DECIMAL_MAX);
}

/* "KVM_MEM_*", and "KVM_MEM" too, which no shell expands. */
static bool is_family(const struct explain_wanted *wanted,
		      const struct abi_names *names)
{
	size_t length = strlen(names->family);

	if (wanted->is_number || !length)
		return false;
	if (!strcasecmp(wanted->name, names->family))
		return true;
	return length > 2 && !strcmp(names->family + length - 2, "_*") &&
	       strlen(wanted->name) == length - 2 &&
	       !strncasecmp(wanted->name, names->family, length - 2);
}

static void show_whole_family(struct explain_page *page,
			      const struct abi_names *names)
{
	bool flags = is_flags(page->all, names);

	explain_add_title(page, "%s: %zu %s", names->family, names->count,
			  flags ? "flags" : "values");
	add_list_row(page, "used in", names, add_places);
	add_list_row(page, "answer to", names, add_answers);
	list_names(page, names, flags || find_largest(names) > DECIMAL_MAX);
}

static unsigned int find_families(struct explain_page *page,
				  const struct explain_wanted *wanted)
{
	unsigned int found = 0;

	for (size_t i = 0; i < page->all->family_count; i++) {
		if (!is_family(wanted, page->all->families[i]))
			continue;
		show_whole_family(page, page->all->families[i]);
		found++;
	}
	return found;
}

static void offer_families(struct explain_near *near,
			   const struct explain_set *all)
{
	for (size_t i = 0; i < all->family_count; i++)
		explain_near_offer(near, all->families[i]->family);
}

const struct explain_kind explain_families = { find_families, offer_families };

/* Constants */

static void add_value(struct buffer *out, const struct abi_name *name,
		      bool flags)
{
	uint64_t value = name->value;

	if (flags && name->mask)
		buffer_add_format(out, "%#" PRIx64 " of the bits %#" PRIx64,
				  value, name->mask);
	else if (flags && value && !(value & (value - 1)))
		buffer_add_format(out, "%#" PRIx64 " (bit %d)", value,
				  __builtin_ctzll(value));
	else if (flags)
		buffer_add_format(out, "%#" PRIx64, value);
	else if (value > 9)
		buffer_add_format(out, "%" PRIu64 " (%#" PRIx64 ")", value,
				  value);
	else
		buffer_add_format(out, "%" PRIu64, value);
}

/* What a union holds where its tag has this value. */
static void add_arms_row(struct explain_page *page, const struct abi_type *type,
			 const struct abi_field *field, uint64_t value)
{
	const struct abi_arms *arms = explain_find_arms(field);
	const struct abi_field *tag = explain_find_tag(type, arms);
	struct buffer words = BUFFER_EMPTY;

	for (size_t i = 0; i < arms->count; i++) {
		const struct abi_arm *arm = &arms->list[i];
		/* Of a CPUID leaf the upper half is the index. */
		uint64_t part = tag->size == 4 ? (uint32_t)arm->value
					       : arm->value;

		if (part != value || !arm->type)
			continue;
		buffer_reset(&words);
		buffer_add_format(&words, "%s.%s holds ", type->name,
				  field->name);
		explain_add_type_name(&words, arm->type);
		explain_add_row(page, "with it", buffer_string(&words));
		explain_set_add_type(&page->attached, arm->type);
	}
	buffer_free(&words);
}

static void add_unions(struct explain_page *page,
		       const struct abi_names *names, uint64_t value)
{
	for (size_t i = 0; i < page->all->type_count; i++) {
		const struct abi_type *type = page->all->types[i];

		for (uint32_t j = 0; j < type->field_count; j++) {
			const struct abi_field *field = &type->fields[j];
			const struct abi_arms *arms = explain_find_arms(field);
			const struct abi_field *tag = arms ?
				explain_find_tag(type, arms) : NULL;

			if (tag && has_names(tag, names))
				add_arms_row(page, type, field, value);
		}
	}
}

static void add_capability_row(struct explain_page *page, uint64_t value)
{
	for (size_t i = 0; i < abi_answer_count; i++) {
		if (abi_answers[i].cap != value)
			continue;
		explain_add_row(page, "answer", "flags, to KVM_CHECK_EXTENSION");
		explain_set_add_names(&page->attached, abi_answers[i].names);
		return;
	}
}

static void show_constant(struct explain_page *page,
			  const struct abi_names *names,
			  const struct abi_name *name)
{
	struct buffer value = BUFFER_EMPTY;
	bool flags = is_flags(page->all, names);

	add_value(&value, name, flags);
	explain_add_title(page, "%s: %s %s of %s", name->name,
			  flags ? "flag" : "value", buffer_string(&value),
			  names->family);
	buffer_free(&value);
	if (name->text)
		explain_add_row(page, "means", name->text);
	if (is_capabilities(names))
		add_capability_row(page, name->value);
	add_list_row(page, "used in", names, add_places);
	add_list_row(page, "answer to", names, add_answers);
	add_unions(page, names, name->value);
}

/* Families whose members people know by number. */
static bool is_numbered(const struct abi_names *names)
{
	return is_capabilities(names) || !strcmp(names->family, "MSR") ||
	       strstr(names->family, "CPUID leaves");
}

/* NAME, or FAMILY.NAME as "CR0.PE". */
static bool is_constant(const struct explain_wanted *wanted,
			const struct abi_names *names,
			const struct abi_name *name)
{
	size_t length = strlen(names->family);

	if (wanted->is_number)
		return name->value == wanted->number && is_numbered(names);
	return explain_is(wanted, name->name) ||
	       (!strncasecmp(wanted->name, names->family, length) &&
		wanted->name[length] == '.' &&
		!strcasecmp(wanted->name + length + 1, name->name));
}

static unsigned int find_constants(struct explain_page *page,
				   const struct explain_wanted *wanted)
{
	unsigned int found = 0;

	for (size_t i = 0; i < page->all->family_count; i++) {
		const struct abi_names *names = page->all->families[i];

		for (size_t j = 0; j < names->count; j++) {
			if (!is_constant(wanted, names, &names->list[j]))
				continue;
			show_constant(page, names, &names->list[j]);
			found++;
		}
	}
	return found;
}

static void offer_constants(struct explain_near *near,
			    const struct explain_set *all)
{
	for (size_t i = 0; i < all->family_count; i++)
		for (size_t j = 0; j < all->families[i]->count; j++)
			explain_near_offer(near,
					   all->families[i]->list[j].name);
}

const struct explain_kind explain_constants = {
	find_constants, offer_constants,
};
