#include "decode/decode.h"

/* The answers in the arm of a union that holds. */
static void decode_union_answers(struct json_writer *json,
				 const struct abi_field *field,
				 const struct decode_source *source)
{
	const struct abi_arm *arm = abi_find_arm(field->arms, source->bytes,
						 source->length);
	const struct abi_type *type = arm ? arm->type : field->arms->otherwise;
	struct decode_source inner = *source;

	if (!type || field->offset > source->length)
		return;
	inner.bytes += field->offset;
	inner.length -= field->offset;
	if (!abi_has_answer(type, inner.bytes, inner.length))
		return;
	if (arm && arm->name)
		json_begin_object(json, arm->name);
	decode_answers(json, type, &inner);
	if (arm && arm->name)
		json_end_object(json);
}

void decode_answers(struct json_writer *json, const struct abi_type *type,
		    const struct decode_source *source)
{
	for (uint32_t i = 0; i < type->field_count; i++) {
		const struct abi_field *field = &type->fields[i];

		if (field->is_answer)
			decode_member(json, field, source);
		else if (field->kind == ABI_UNION)
			decode_union_answers(json, field, source);
	}
}
