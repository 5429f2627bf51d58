/* Structures: a table of members, and who has them. */
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>

#include "explain/internal.h"

#define REMARK_COLUMN 46
#define ARM_INDENT 20

static const struct abi_field reason_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_run, exit_reason, .flow = FLOW_OUT),
};
ABI_TYPE(explain_run_reason, "kvm_run", sizeof(struct kvm_run), reason_fields);

static bool is_exit_body(const struct abi_type *type)
{
	for (size_t i = 0; i < abi_exit_count; i++)
		if (abi_exits[i].type == type)
			return true;
	return false;
}

static bool is_of_kernel(const struct abi_type *type)
{
	return !strncmp(type->name, "kvm_", 4) && !strchr(type->name, '.');
}

void explain_add_type_name(struct buffer *out, const struct abi_type *type)
{
	if (is_of_kernel(type))
		buffer_add_string(out, "struct ");
	buffer_add_string(out, type->name);
}

/* Who has a type */

static bool is_alone(const struct abi_ioctl *row)
{
	for (size_t i = 0; i < abi_ioctl_count; i++)
		if (&abi_ioctls[i] != row &&
		    !strcmp(abi_ioctls[i].name, row->name))
			return false;
	return true;
}

static void add_ioctl(struct buffer *list, const struct abi_ioctl *row)
{
	char item[96];

	if (is_alone(row)) {
		explain_add_item(list, row->name);
		return;
	}
	for (size_t i = 0; i < abi_role_count; i++) {
		if (!(row->roles & abi_roles[i].role))
			continue;
		snprintf(item, sizeof(item), "%s (%s)", row->name,
			 abi_roles[i].name);
		explain_add_item(list, item);
	}
}

static bool holds(const struct abi_field *field, const struct abi_type *type)
{
	const struct abi_arms *arms = explain_find_arms(field);

	if (field->kind == ABI_STRUCT || field->kind == ABI_POINTED)
		return field->type == type;
	for (size_t i = 0; arms && i < arms->count; i++)
		if (arms->list[i].type == type)
			return true;
	return arms && arms->otherwise == type;
}

static void add_holders(struct buffer *list, const struct abi_type *holder,
			const struct abi_type *type)
{
	char item[160];

	for (uint32_t i = 0; i < holder->field_count; i++) {
		if (!holds(&holder->fields[i], type))
			continue;
		snprintf(item, sizeof(item), "%s.%s", holder->name,
			 holder->fields[i].name);
		explain_add_item(list, item);
	}
}

void explain_add_users(struct buffer *list, const struct explain_set *all,
		       const struct abi_type *type)
{
	for (size_t i = 0; i < abi_ioctl_count; i++)
		if (abi_ioctls[i].type == type ||
		    abi_ioctls[i].tdx_type == type)
			add_ioctl(list, &abi_ioctls[i]);
	for (size_t i = 0; i < abi_exit_count; i++)
		if (abi_exits[i].type == type)
			explain_add_item(list, abi_exits[i].name);
	if (type == &abi_run_in || type == &abi_run_out ||
	    type == &explain_run_reason)
		explain_add_item(list, "KVM_RUN");
	for (size_t i = 0; i < all->type_count; i++)
		add_holders(list, all->types[i], type);
}

static void add_users_row(struct explain_page *page,
			  const struct abi_type *type)
{
	struct buffer list = BUFFER_EMPTY;

	explain_add_users(&list, page->all, type);
	if (list.length)
		explain_add_row(page, "used by", buffer_string(&list));
	else
		explain_add_row(page, "used by", "no ioctl: it lies in a "
				"mapping or is read from a descriptor");
	buffer_free(&list);
}

/* Tables */

static void add_size(struct buffer *out, const struct abi_field *field)
{
	char text[16];

	if (field->is_counted && !field->count)
		snprintf(text, sizeof(text), "%u each", field->size);
	else
		snprintf(text, sizeof(text), "%u",
			 (unsigned int)field->size * field->count);
	buffer_add_format(out, "%8s", text);
}

/* A remark goes behind the declaration, or below where that is too long. */
static void add_member(struct explain_page *page, const struct abi_type *type,
		       const struct abi_field *field)
{
	struct buffer *out = page->out, remark = BUFFER_EMPTY;
	size_t start = out->length, width;

	buffer_add_format(out, "  %6u", field->offset);
	add_size(out, field);
	buffer_add_string(out, "  ");
	explain_add_declaration(out, type, field);
	width = out->length - start;
	explain_add_remark(&remark, type, field);
	if (remark.length && width + 2 > REMARK_COLUMN)
		buffer_add_format(out, "\n%*s", ARM_INDENT, "");
	else if (remark.length)
		buffer_add_format(out, "%*s", (int)(REMARK_COLUMN - width), "");
	explain_add_words(out, ARM_INDENT, buffer_string(&remark));
	buffer_free(&remark);
}

static void add_heading(struct explain_page *page, const struct abi_type *type)
{
	struct buffer name = BUFFER_EMPTY;

	explain_add_type_name(&name, type);
	if (type == &abi_run_in)
		buffer_add_string(&name, ": what the program tells KVM");
	else if (type == &abi_run_out)
		buffer_add_string(&name, ": what KVM tells the program");
	else if (type == &explain_run_reason)
		buffer_add_string(&name, ": why it returned");
	else if (is_exit_body(type))
		buffer_add_string(&name, ": offsets are from the start of "
					 "struct kvm_run");
	else
		buffer_add_format(&name, ": %u bytes", type->size);
	explain_add_title(page, "%s", buffer_string(&name));
	buffer_free(&name);
}

/* Several types have this name, for different ioctls. */
static bool is_ambiguous(const struct explain_set *all,
			 const struct abi_type *type)
{
	for (size_t i = 0; i < all->type_count; i++)
		if (all->types[i] != type &&
		    !strcmp(all->types[i]->name, type->name))
			return true;
	return false;
}

void explain_show_type(struct explain_page *page, const struct abi_type *type,
		       bool wanted)
{
	if (!explain_set_add_type(&page->shown, type))
		return;
	add_heading(page, type);
	if (wanted || is_ambiguous(page->all, type))
		add_users_row(page, type);
	buffer_add_string(page->out, "  offset    size  member\n");
	for (uint32_t i = 0; i < type->field_count; i++) {
		const struct abi_field *field = &type->fields[i];

		add_member(page, type, field);
		explain_add_arms(page->out, type, field);
		if (field->kind == ABI_STRUCT || field->kind == ABI_POINTED)
			explain_set_add_type(&page->attached, field->type);
	}
}

void explain_attach_body(struct explain_page *page, const struct abi_type *type)
{
	explain_set_add_type(&page->attached, type);
	for (uint32_t i = 0; i < type->field_count; i++)
		if (type->fields[i].kind == ABI_FLAGS ||
		    type->fields[i].kind == ABI_ENUM)
			explain_set_add_names(&page->attached,
					      type->fields[i].names);
}

/* The finder */

static void show_union(struct explain_page *page)
{
	explain_add_title(page, "struct kvm_run: a union, by exit_reason");
	for (size_t i = 0; i < abi_exit_count; i++)
		if (abi_exits[i].member)
			buffer_add_format(page->out, "  %6u  %-26s  %s\n",
					  abi_exits[i].code, abi_exits[i].name,
					  abi_exits[i].member);
}

static unsigned int find_types(struct explain_page *page,
			       const struct explain_wanted *wanted)
{
	unsigned int found = 0;

	for (size_t i = 0; i < page->all->type_count; i++) {
		const struct abi_type *type = page->all->types[i];

		if (!explain_is(wanted, type->name))
			continue;
		explain_show_type(page, type, true);
		found++;
		if (type == &abi_run_out)
			show_union(page);
	}
	return found;
}

static void offer_types(struct explain_near *near,
			const struct explain_set *all)
{
	for (size_t i = 0; i < all->type_count; i++)
		explain_near_offer(near, all->types[i]->name);
}

const struct explain_kind explain_types = { find_types, offer_types };
