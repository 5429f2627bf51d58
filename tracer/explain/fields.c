/* Members of structures: as C declares them, what they hold, their unions. */
#include "explain/internal.h"

#define ARM_INDENT 20

const struct abi_arms *explain_find_arms(const struct abi_field *field)
{
	return field->kind == ABI_UNION || field->kind == ABI_POINTED_UNION ?
	       field->arms : NULL;
}

const struct abi_field *explain_find_tag(const struct abi_type *type,
					 const struct abi_arms *arms)
{
	for (uint32_t i = 0; i < type->field_count; i++)
		if (type->fields[i].offset == arms->tag_offset &&
		    !explain_find_arms(&type->fields[i]))
			return &type->fields[i];
	return NULL;
}

/* Declarations */

static bool is_bytes(const struct abi_field *field)
{
	return field->size != 1 && field->size != 2 && field->size != 4 &&
	       field->size != 8;
}

static void add_c_type(struct buffer *out, const struct abi_field *field)
{
	switch (field->kind) {
	case ABI_STRUCT:
		explain_add_type_name(out, field->type);
		return;
	case ABI_UNION:
		buffer_add_string(out, "union");
		return;
	case ABI_TEXT:
		buffer_add_string(out, "char");
		return;
	default:
		buffer_add_format(out, "%c%u",
				  field->kind == ABI_INT ? 's' : 'u',
				  is_bytes(field) ? 8 : field->size * 8u);
	}
}

/* The member whose number tells how many there are, or NULL. */
static const struct abi_field *find_counter(const struct abi_type *type,
					    const struct abi_length *length)
{
	for (uint32_t i = 0; length->size && i < type->field_count; i++)
		if (type->fields[i].offset == length->offset &&
		    type->fields[i].size == length->size)
			return &type->fields[i];
	return NULL;
}

static void add_dimension(struct buffer *out, const struct abi_type *type,
			  const struct abi_field *field)
{
	const struct abi_field *counter = NULL;

	if (field->is_counted && type && field->length.rule == LENGTH_COUNT)
		counter = find_counter(type, &field->length);
	if (counter)
		buffer_add_format(out, "[%s]", counter->name);
	else if (field->is_counted)
		buffer_add_string(out, "[]");
	else if (field->is_array || field->count > 1)
		buffer_add_format(out, "[%u]", field->count);
	else if (field->kind != ABI_STRUCT && field->kind != ABI_UNION &&
		 is_bytes(field))
		buffer_add_format(out, "[%u]", field->size);
}

void explain_add_declaration(struct buffer *out, const struct abi_type *type,
			     const struct abi_field *field)
{
	add_c_type(out, field);
	buffer_add_format(out, " %s", field->name);
	if (field->bits)
		buffer_add_format(out, " : %u", field->bits);
	else
		add_dimension(out, type, field);
}

/* Remarks */

static void add_names_remark(struct buffer *out, const struct abi_field *field)
{
	if (field->names)
		buffer_add_format(out, "%s%s",
				  field->kind == ABI_FLAGS ? "flags: "
							   : "one of ",
				  field->names->family);
}

static void add_pointed_remark(struct buffer *out, const struct abi_type *type,
			       const struct abi_field *field)
{
	const struct abi_field *counter =
		find_counter(type, &field->length);

	buffer_add_string(out, "pointer to ");
	if (field->kind == ABI_POINTED_BITS)
		buffer_add_string(out, "a bitmap");
	else if (field->kind == ABI_POINTED && field->type)
		explain_add_type_name(out, field->type);
	else
		buffer_add_string(out, "data");
	if (counter)
		buffer_add_format(out, ", sized by %s", counter->name);
}

static void add_tag_remark(struct buffer *out, const struct abi_type *type,
			   const struct abi_arms *arms)
{
	const struct abi_field *tag = explain_find_tag(type, arms);

	if (out->length && out->data[out->length - 1] != ' ')
		buffer_add_string(out, ", ");
	buffer_add_format(out, "by %s:", tag ? tag->name : "another member");
}

static void add_kind_remark(struct buffer *out, const struct abi_type *type,
			    const struct abi_field *field)
{
	static const char *const words[] = {
		[ABI_GPA] = "guest physical address",
		[ABI_GVA] = "guest virtual address",
		[ABI_HVA] = "address in the program",
		[ABI_PAD] = "padding",
		[ABI_STALE] = "padding that nobody clears",
	};

	switch (field->kind) {
	case ABI_FLAGS:
	case ABI_ENUM:
		add_names_remark(out, field);
		return;
	case ABI_POINTED:
	case ABI_POINTED_BITS:
	case ABI_POINTED_UNION:
		add_pointed_remark(out, type, field);
		return;
	default:
		if (field->kind < sizeof(words) / sizeof(words[0]) &&
		    words[field->kind])
			buffer_add_string(out, words[field->kind]);
	}
}

void explain_add_remark(struct buffer *out, const struct abi_type *type,
			const struct abi_field *field)
{
	const struct abi_arms *arms = explain_find_arms(field);
	bool is_pointer = field->kind == ABI_POINTED ||
			  field->kind == ABI_POINTED_UNION ||
			  field->kind == ABI_POINTED_BITS;

	if (field->is_view)
		buffer_add_string(out, "(the same bytes) ");
	if (field->bits)
		buffer_add_format(out, "bits %u-%u ", field->bit,
				  field->bit + field->bits - 1u);
	if (field->flow == FLOW_IN)
		buffer_add_string(out, is_pointer ? "(KVM reads there) "
						  : "(in) ");
	else if (field->flow == FLOW_OUT)
		buffer_add_string(out, is_pointer ? "(KVM writes there) "
						  : "(out) ");
	add_kind_remark(out, type, field);
	if (arms)
		add_tag_remark(out, type, arms);
}

/* Unions */

static void add_tag_value(struct buffer *out, const struct abi_field *tag,
			  const struct abi_arms *arms, uint64_t value)
{
	uint64_t part = tag && tag->size == 4 ? (uint32_t)value : value;
	const char *name = tag && tag->kind == ABI_ENUM && tag->names ?
			   abi_find_name(tag->names, part) : NULL;

	if (name)
		buffer_add_string(out, name);
	else
		buffer_add_hex(out, part);
	/* A CPUID leaf's function and, in the upper half, its index. */
	if (tag && arms->tag_size > tag->size)
		buffer_add_format(out, " (0x%x.%u)", (unsigned int)part,
				  (unsigned int)(value >> 32));
}

static void add_member_names(struct buffer *out, const struct abi_type *type)
{
	bool is_first = true;

	for (uint32_t i = 0; i < type->field_count; i++) {
		const struct abi_field *field = &type->fields[i];

		if (field->kind == ABI_PAD || field->kind == ABI_STALE)
			continue;
		if (!is_first)
			buffer_add_string(out, ", ");
		buffer_add_string(out, field->name);
		if (field->kind == ABI_FLAGS && field->names)
			buffer_add_format(out, " (%s)", field->names->family);
		is_first = false;
	}
}

static void add_arm(struct buffer *out, struct buffer *line,
		    const struct abi_arm *arm)
{
	buffer_add_string(line, ": ");
	if (arm->name)
		buffer_add_format(line, "%s: ", arm->name);
	if (arm->type)
		add_member_names(line, arm->type);
	else
		buffer_add_string(line, "nothing");
	buffer_add_format(out, "%*s", ARM_INDENT, "");
	explain_add_words(out, ARM_INDENT + 4, buffer_string(line));
}

void explain_add_arms(struct buffer *out, const struct abi_type *type,
		      const struct abi_field *field)
{
	const struct abi_arms *arms = explain_find_arms(field);
	const struct abi_field *tag = arms ? explain_find_tag(type, arms)
					   : NULL;
	struct buffer line = BUFFER_EMPTY;

	for (size_t i = 0; arms && i < arms->count; i++) {
		buffer_reset(&line);
		add_tag_value(&line, tag, arms, arms->list[i].value);
		add_arm(out, &line, &arms->list[i]);
	}
	if (arms && arms->otherwise) {
		buffer_reset(&line);
		buffer_add_string(&line, "else");
		add_arm(out, &line,
			&(struct abi_arm){ 0, NULL, arms->otherwise });
	}
	buffer_free(&line);
}
