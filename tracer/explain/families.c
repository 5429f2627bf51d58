/*
 * Families of names: flags and enumerations, where they are used, and all
 * that is in them.
 */
#include <inttypes.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "explain/internal.h"
#include "sink/text_hex.h"

/* A larger family is shown only to who asks for it by name. */
#define ATTACHED_NAMES_MAX 64
#define NAME_COLUMN 14
/* Behind longer names the text goes to the next line. */
#define NAME_COLUMNS_MAX 34

/* Where a family is used */

bool explain_has_names(const struct abi_field *field,
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
		if (explain_has_names(&type->fields[i], names))
			return &type->fields[i];
	return NULL;
}

/* In some member or answer several of them stand at once. */
bool explain_is_flags(const struct explain_set *all,
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

static void add_members(struct buffer *list, const struct abi_type *type,
			const struct abi_names *names)
{
	char item[192];

	for (uint32_t i = 0; i < type->field_count; i++) {
		if (!explain_has_names(&type->fields[i], names))
			continue;
		snprintf(item, sizeof(item), "%s.%s", type->name,
			 type->fields[i].name);
		explain_add_item(list, item);
	}
}

/* Capabilities whose answer to KVM_CHECK_EXTENSION is made of this family. */
static void add_answers(struct buffer *list, const struct abi_names *names)
{
	const struct abi_ioctl *row =
		abi_find_ioctl(KVM_CHECK_EXTENSION, ROLE_SYSTEM);

	for (size_t i = 0; i < abi_answer_count; i++)
		if (abi_answers[i].names == names)
			explain_add_item(list,
					 abi_find_name(row->value->names,
						       abi_answers[i].cap));
}

void explain_add_places(struct explain_page *page,
			const struct abi_names *names)
{
	struct buffer list = BUFFER_EMPTY;

	for (size_t i = 0; i < abi_ioctl_count; i++)
		if (abi_ioctls[i].value &&
		    explain_has_names(abi_ioctls[i].value, names))
			explain_add_item(&list, abi_ioctls[i].name);
	for (size_t i = 0; i < page->all->type_count; i++)
		add_members(&list, page->all->types[i], names);
	if (list.length)
		explain_add_row(page, "used in", buffer_string(&list));
	buffer_reset(&list);
	add_answers(&list, names);
	if (list.length)
		explain_add_row(page, "answer to", buffer_string(&list));
	buffer_free(&list);
}

/* Families */

/* Of the names with a text behind them. */
static size_t find_longest(const struct abi_names *names)
{
	size_t longest = 0;

	for (size_t i = 0; i < names->count; i++) {
		size_t length = strlen(names->list[i].name);

		if (names->list[i].text && length > longest)
			longest = length;
	}
	return longest;
}

/* Value, name, and what it means. */
static void list_name(struct buffer *out, const struct abi_name *name,
		      bool in_hex, size_t columns)
{
	buffer_add_format(out, in_hex ? "  %#10" PRIx64 "  "
				      : "  %10" PRIu64 "  ", name->value);
	buffer_add_string(out, name->name);
	if (!name->text) {
		buffer_add_char(out, '\n');
		return;
	}
	if (columns > NAME_COLUMNS_MAX) {
		columns = 2;
		buffer_add_format(out, "\n%*s", NAME_COLUMN, "");
	} else {
		buffer_add_format(out, "%*s",
				  (int)(columns - strlen(name->name)), "");
	}
	buffer_add_string(out, "  ");
	explain_add_words(out, NAME_COLUMN + columns + 2, name->text);
}

static void list_names(struct explain_page *page, const struct abi_names *names,
		       bool in_hex)
{
	size_t columns = find_longest(names);

	for (size_t i = 0; i < names->count; i++)
		list_name(page->out, &names->list[i], in_hex, columns);
}

static void add_hint(struct explain_page *page, const struct abi_names *names)
{
	struct buffer hint = BUFFER_EMPTY;

	buffer_add_format(&hint, "kvmtrace explain '%s' lists them",
			  names->family);
	explain_add_row(page, "all", buffer_string(&hint));
	buffer_free(&hint);
}

void explain_show_family(struct explain_page *page,
			 const struct abi_names *names, bool wanted)
{
	bool flags = explain_is_flags(page->all, names);

	if (!explain_set_add_names(&page->shown, names))
		return;
	explain_add_title(page, "%s: %zu %s%s", names->family, names->count,
			  flags ? "flag" : "value", &"s"[names->count == 1]);
	if (wanted)
		explain_add_places(page, names);
	if (wanted || names->count <= ATTACHED_NAMES_MAX)
		list_names(page, names, flags || text_hex_has_family(names));
	else
		add_hint(page, names);
}

/* "KVM_MEM_*", and "KVM_MEM_" too, which no shell expands. */
static bool is_family(const struct explain_wanted *wanted,
		      const struct abi_names *names)
{
	size_t length = strlen(names->family);

	if (explain_is(wanted, names->family))
		return true;
	return !wanted->is_number && length &&
	       names->family[length - 1] == '*' &&
	       strlen(wanted->name) == length - 1 &&
	       !strncasecmp(wanted->name, names->family, length - 1);
}

static unsigned int find_families(struct explain_page *page,
				  const struct explain_wanted *wanted)
{
	unsigned int found = 0;

	for (size_t i = 0; i < page->all->family_count; i++) {
		if (!is_family(wanted, page->all->families[i]))
			continue;
		explain_show_family(page, page->all->families[i], true);
		found++;
	}
	return found;
}

static void offer_families(struct explain_near *near,
			   const struct explain_set *all)
{
	char stem[64];

	for (size_t i = 0; i < all->family_count; i++) {
		/* Without the asterisk, which is the shell's. */
		snprintf(stem, sizeof(stem), "%.*s",
			 (int)strcspn(all->families[i]->family, "*"),
			 all->families[i]->family);
		if (strlen(stem) + 1 >= strlen(all->families[i]->family))
			explain_near_offer(near, stem);
	}
}

const struct explain_kind explain_families = { find_families, offer_families };
