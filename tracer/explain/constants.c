/*
 * Constants: flags, values, capabilities, MSRs, CPUID leaves and feature bits,
 * and what unions hold where their tag has such a value.
 */
#include <inttypes.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "abi/tables.h"
#include "explain/internal.h"
#include "sink/text_hex.h"

/* KVM_CAP_*: what KVM_CHECK_EXTENSION asks for. */
static bool is_capabilities(const struct abi_names *names)
{
	const struct abi_ioctl *row =
		abi_find_ioctl(KVM_CHECK_EXTENSION, ROLE_SYSTEM);

	return row && row->value && row->value->names == names;
}

static void add_value(struct buffer *out, const struct abi_names *names,
		      const struct abi_name *name, bool flags)
{
	uint64_t value = name->value;

	if (!flags && !text_hex_has_family(names)) {
		buffer_add_format(out, "value %" PRIu64, value);
		return;
	}
	buffer_add_format(out, "%s %#" PRIx64,
			  flags && !name->mask ? "flag" : "value", value);
	if (flags && name->mask)
		buffer_add_format(out, " in the bits %#" PRIx64, name->mask);
	else if (flags && value && !(value & (value - 1)))
		buffer_add_format(out, " (bit %d)", __builtin_ctzll(value));
}

/* Attach what a union holds where its tag has this value; is there such? */
static bool attach_arms(struct explain_page *page, const struct abi_arms *arms,
			const struct abi_field *tag, uint64_t value)
{
	bool found = false;

	for (size_t i = 0; i < arms->count; i++) {
		const struct abi_arm *arm = &arms->list[i];
		/* Of a CPUID leaf the upper half is the index. */
		uint64_t part = tag->size == 4 ? (uint32_t)arm->value
					       : arm->value;

		if (part != value || !arm->type)
			continue;
		explain_attach_body(page, arm->type);
		found = true;
	}
	return found;
}

static void add_unions(struct explain_page *page, struct buffer *list,
		       const struct abi_type *type,
		       const struct abi_names *names, uint64_t value)
{
	char item[192];

	for (uint32_t i = 0; i < type->field_count; i++) {
		const struct abi_field *field = &type->fields[i];
		const struct abi_arms *arms = explain_find_arms(field);
		const struct abi_field *tag = arms ?
			explain_find_tag(type, arms) : NULL;

		if (!tag || !explain_has_names(tag, names) ||
		    !attach_arms(page, arms, tag, value))
			continue;
		snprintf(item, sizeof(item), "%s.%s", type->name, field->name);
		explain_add_item(list, item);
	}
}

/* What the value decides is shown behind the entry. */
static void add_unions_row(struct explain_page *page,
			   const struct abi_names *names, uint64_t value)
{
	struct buffer list = BUFFER_EMPTY;

	for (size_t i = 0; i < page->all->type_count; i++)
		add_unions(page, &list, page->all->types[i], names, value);
	if (list.length) {
		buffer_add_string(&list, ": see below");
		explain_add_row(page, "decides", buffer_string(&list));
	}
	buffer_free(&list);
}

static void add_capability_row(struct explain_page *page, uint64_t value)
{
	for (size_t i = 0; i < abi_answer_count; i++) {
		if (abi_answers[i].cap != value)
			continue;
		explain_add_row(page, "answer",
				"flags, to KVM_CHECK_EXTENSION");
		explain_set_add_names(&page->attached, abi_answers[i].names);
		return;
	}
}

void explain_show_constant(struct explain_page *page,
			   const struct abi_names *names,
			   const struct abi_name *name)
{
	struct buffer value = BUFFER_EMPTY;

	add_value(&value, names, name, explain_is_flags(page->all, names));
	explain_add_title(page, "%s: %s of %s", name->name,
			  buffer_string(&value), names->family);
	buffer_free(&value);
	if (name->text)
		explain_add_row(page, "means", name->text);
	if (is_capabilities(names))
		add_capability_row(page, name->value);
	explain_add_places(page, names);
	add_unions_row(page, names, name->value);
}

static bool is_msrs(const struct abi_names *names)
{
	return !strcmp(names->family, "MSR");
}

/* Families whose members people know by number. */
static bool is_numbered(const struct abi_names *names)
{
	return is_capabilities(names) || is_msrs(names) ||
	       names == &abi_names_ports || names == &abi_names_vectors ||
	       names == &abi_names_entry_failures ||
	       strstr(names->family, "CPUID leaves");
}

/* A mask leaves out the low bits, as of the sixteen ports of a chip. */
static bool has_value(const struct abi_name *name, uint64_t number)
{
	uint64_t count = name->mask ? name->mask & -name->mask : 1;

	return number - name->value < count;
}

/* STEM_3 of a family STEM_*. */
static bool is_value(const struct explain_wanted *wanted,
		     const struct abi_names *names, uint64_t value)
{
	size_t length = strlen(names->family);
	uint64_t number;

	return length > 1 && names->family[length - 1] == '*' &&
	       explain_is_numbered(wanted, names->family, length - 1,
				   &number) && number == value;
}

/* NAME, or FAMILY.NAME as "CR0.PE". */
static bool is_constant(const struct explain_wanted *wanted,
			const struct abi_names *names,
			const struct abi_name *name)
{
	size_t length = strlen(names->family);

	if (wanted->is_number)
		return is_numbered(names) && has_value(name, wanted->number);
	return explain_is(wanted, name->name) ||
	       is_value(wanted, names, name->value) ||
	       (is_msrs(names) && explain_is_msr(wanted->name, name->name)) ||
	       (!strncasecmp(wanted->name, names->family, length) &&
		wanted->name[length] == '.' &&
		!strcasecmp(wanted->name + length + 1, name->name));
}

/* A name of the kernel's tells its family. */
static void add_other(struct buffer *list, const struct abi_names *names,
		      const char *name)
{
	char item[192];

	snprintf(item, sizeof(item), "%s (%s)", name, names->family);
	explain_add_item(list, strncmp(name, "KVM_", 4) ? item : name);
}

/* What else the number is, where a number alone tells little: a line. */
static unsigned int list_others(struct explain_page *page, uint64_t number)
{
	struct buffer list = BUFFER_EMPTY;
	unsigned int found;

	for (size_t i = 0; i < page->all->family_count; i++) {
		const struct abi_names *names = page->all->families[i];

		if (is_numbered(names) || explain_is_flags(page->all, names))
			continue;
		for (size_t j = 0; j < names->count; j++)
			if (has_value(&names->list[j], number))
				add_other(&list, names, names->list[j].name);
	}
	found = list.length != 0;
	if (found) {
		explain_add_title(page, "%" PRIu64 " (%#" PRIx64 "): the value of "
				  "other names", number, number);
		explain_add_row(page, "names", buffer_string(&list));
	}
	buffer_free(&list);
	return found;
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
			explain_show_constant(page, names,
					      &names->list[j]);
			found++;
		}
	}
	if (wanted->is_number)
		found += list_others(page, wanted->number);
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
