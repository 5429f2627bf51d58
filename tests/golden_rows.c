/*
 * golden_rows: what every row decodes of fixed bytes, one JSON line each, for
 * tests/test_abi.py. Each ioctl, exit and structure in a mapping is tried with
 * a few patterns, and once with each tag that chooses an arm of a union. No
 * KVM, the same on any machine.
 */
#include <asm/ioctl.h>

#include "decode/decode.h"
#include "unit/walk.h"

#define TAIL_ELEMENTS 2
/* Of sizes that a row leaves open, and of the targets of pointers. */
#define OPEN_BYTES 64
#define TAGS_MAX 4

enum pattern { ZEROS, SMALL, STEPS, ONES, PATTERNS };

static const char *const pattern_names[] = { "zeros", "small", "steps",
					     "ones" };

/* A number in the bytes that makes an arm of a union hold. */
struct tag {
	uint32_t offset;
	uint8_t size;
	uint64_t value;
};

/* What one line is made from: one of the three, and how it is filled. */
struct attempt {
	const struct abi_ioctl *row;
	const struct abi_exit *exit;
	const struct abi_type *type;
	enum pattern pattern;
	struct tag tags[TAGS_MAX];
	size_t tag_count;
	struct record record;
	struct buffer out;
};

/* The bytes */

static uint8_t pattern_at(enum pattern pattern, size_t i)
{
	switch (pattern) {
	case ZEROS:
		return 0;
	case SMALL:
		return i % 4 ? 0 : TAIL_ELEMENTS;
	case STEPS:
		return (uint8_t)(i * 37 + 11);
	default:
		return 0xff;
	}
}

static void put_tag(uint8_t *bytes, uint32_t length, const struct tag *tag)
{
	for (uint32_t i = 0; i < tag->size && tag->offset + i < length; i++)
		bytes[tag->offset + i] = (uint8_t)(tag->value >> 8 * i);
}

static uint8_t *add_part(struct attempt *at, enum record_part_kind kind,
			 enum record_phase phase, uint32_t offset,
			 uint32_t length)
{
	struct record_part *part = record_add_part(&at->record, kind, phase,
						   offset, length);
	uint8_t *bytes;

	if (!part)
		return NULL;
	bytes = (uint8_t *)at->record.bytes.data + part->offset;
	for (uint32_t i = 0; i < length; i++)
		bytes[i] = pattern_at(at->pattern, i);
	return bytes;
}

static uint32_t argument_bytes(const struct abi_type *type)
{
	const struct abi_field *last;

	if (!type->field_count)
		return type->size;
	last = &type->fields[type->field_count - 1];
	if (!last->is_counted || last->count)
		return type->size;
	return last->offset + (last->size == 1 ? OPEN_BYTES
					       : TAIL_ELEMENTS * last->size);
}

static uint32_t target_bytes(const struct abi_field *field)
{
	/* The registers that have a form. */
	if (field->length.rule == LENGTH_ONE_REG)
		return sizeof(uint64_t);
	if (field->kind != ABI_POINTED || !field->type)
		return OPEN_BYTES;
	return argument_bytes(field->type) *
	       (field->is_array ? TAIL_ELEMENTS : 1);
}

/* Each pointer has a target, those in inner structures too. */
static void add_targets(struct attempt *at, const struct abi_type *type,
			enum record_phase phase, uint32_t base)
{
	for (uint32_t i = 0; i < type->field_count; i++) {
		const struct abi_field *field = &type->fields[i];

		if (field->kind >= ABI_POINTED)
			add_part(at, PART_POINTED, phase, base + field->offset,
				 target_bytes(field));
		else if (field->kind == ABI_STRUCT)
			add_targets(at, field->type, phase,
				    base + field->offset);
	}
}

static void add_argument(struct attempt *at, enum record_phase phase)
{
	uint32_t length = at->type ? argument_bytes(at->type)
				   : _IOC_SIZE(at->row->request);
	uint8_t *bytes = add_part(at, PART_ARGUMENT, phase, 0, length);

	for (size_t i = 0; bytes && i < at->tag_count; i++)
		put_tag(bytes, length, &at->tags[i]);
	if (at->type)
		add_targets(at, at->type, phase, 0);
}

/* Lines */

static void add_attempt(struct json_writer *json, const struct attempt *at)
{
	json_add_string(json, "pattern", pattern_names[at->pattern]);
	if (!at->tag_count)
		return;
	json_begin_array(json, "tags");
	for (size_t i = 0; i < at->tag_count; i++)
		json_add_hex(json, NULL, at->tags[i].value);
	json_end_array(json);
}

static void add_roles(struct json_writer *json, const struct abi_ioctl *row)
{
	json_begin_array(json, "roles");
	for (size_t i = 0; i < abi_role_count; i++)
		if (row->roles & abi_roles[i].role)
			json_add_string(json, NULL, abi_roles[i].name);
	json_end_array(json);
}

static void add_ioctl(struct json_writer *json, struct attempt *at)
{
	const struct abi_ioctl *row = at->row;

	json_add_string(json, "name", row->name);
	json_add_hex(json, "cmd", row->request);
	add_roles(json, row);
	record_reset(&at->record, RECORD_IOCTL);
	at->record.request = row->request;
	at->record.argument = pattern_at(at->pattern, 0);
	at->record.result = row->result == RESULT_COUNT ? INT32_MAX : 0;
	if (row->flow & FLOW_IN)
		add_argument(at, PHASE_BEFORE);
	if (row->flow & FLOW_OUT)
		add_argument(at, PHASE_AFTER);
	decode_argument(json, &at->record, row, at->type, PHASE_BEFORE);
	decode_argument(json, &at->record, row, at->type, PHASE_AFTER);
}

/* A structure by itself: an exit's, or one in a mapping. */
static void add_members(struct json_writer *json, struct attempt *at,
			const char *key)
{
	uint32_t length = argument_bytes(at->type);
	struct decode_source source = { .length = length };
	uint8_t *bytes;

	record_reset(&at->record, RECORD_IOCTL);
	bytes = add_part(at, PART_RUN, PHASE_AFTER, 0, length);
	for (size_t i = 0; bytes && i < at->tag_count; i++)
		put_tag(bytes, length, &at->tags[i]);
	source.bytes = bytes;
	json_begin_object(json, key);
	decode_members(json, at->type, &source);
	json_end_object(json);
	if (!at->exit || !abi_has_answer(at->type, bytes, length))
		return;
	json_begin_object(json, "answers");
	decode_answers(json, at->type, &source);
	json_end_object(json);
}

static void write_line(struct attempt *at)
{
	struct json_writer json = json_writer_on(&at->out);

	buffer_reset(&at->out);
	json_begin_object(&json, NULL);
	if (at->exit) {
		json_add_string(&json, "reason", at->exit->name);
		json_add_unsigned(&json, "code", at->exit->code);
	} else if (!at->row) {
		json_add_string(&json, "struct", at->type->name);
	}
	add_attempt(&json, at);
	if (at->row)
		add_ioctl(&json, at);
	else if (at->type)
		add_members(&json, at, at->exit ? at->exit->member : "members");
	json_end_object(&json);
	buffer_add_string(&at->out, "\n");
	fwrite(at->out.data, 1, at->out.length, stdout);
}

/* Attempts */

static void try_arms(struct attempt *at, const struct abi_type *type,
		     uint32_t base);

static void try_arm(struct attempt *at, const struct abi_field *field,
		    const struct abi_arm *arm, uint32_t base)
{
	const struct abi_arms *arms = field->arms;

	if (at->tag_count == TAGS_MAX)
		return;
	at->tags[at->tag_count++] = (struct tag){
		base + arms->tag_offset, arms->tag_size, arm->value,
	};
	write_line(at);
	if (arm->type && field->kind == ABI_UNION)
		try_arms(at, arm->type, base + field->offset);
	at->tag_count--;
}

/* Of arrays, in the first element. */
static void try_arms(struct attempt *at, const struct abi_type *type,
		     uint32_t base)
{
	for (uint32_t i = 0; i < type->field_count; i++) {
		const struct abi_field *field = &type->fields[i];

		if (field->kind == ABI_STRUCT)
			try_arms(at, field->type, base + field->offset);
		for (size_t j = 0; walk_has_arms(field) &&
				   j < field->arms->count; j++)
			try_arm(at, field, &field->arms->list[j], base);
	}
}

static bool is_first_of_type(const struct abi_ioctl *row,
			     const struct abi_type *type)
{
	for (const struct abi_ioctl *other = abi_ioctls; other < row; other++)
		if (other->type == type || other->tdx_type == type)
			return false;
	return true;
}

static void try_type(struct attempt *at, const struct abi_type *type,
		     bool with_arms)
{
	at->type = type;
	for (int i = 0; i < PATTERNS; i++) {
		at->pattern = (enum pattern)i;
		write_line(at);
	}
	at->pattern = STEPS;
	if (type && with_arms)
		try_arms(at, type, 0);
}

static void try_ioctl(struct attempt *at, const struct abi_ioctl *row)
{
	at->row = row;
	if (row->flow == FLOW_NONE && !row->value) {
		at->type = NULL;
		at->pattern = ZEROS;
		write_line(at);
		return;
	}
	try_type(at, row->type, is_first_of_type(row, row->type));
	if (row->tdx_type)
		try_type(at, row->tdx_type,
			 is_first_of_type(row, row->tdx_type));
}

static void try_all(struct attempt *at)
{
	for (size_t i = 0; i < abi_ioctl_count; i++)
		try_ioctl(at, &abi_ioctls[i]);
	at->row = NULL;
	for (size_t i = 0; i < abi_exit_count; i++) {
		at->exit = &abi_exits[i];
		at->type = at->exit->type;
		at->pattern = ZEROS;
		if (at->type)
			try_type(at, at->type, true);
		else
			write_line(at);
	}
	at->exit = NULL;
	try_type(at, &abi_run_in, true);
	try_type(at, &abi_run_out, true);
	for (size_t i = 0; i < abi_shared_type_count; i++)
		try_type(at, abi_shared_types[i], true);
}

int main(void)
{
	struct attempt at = { 0 };

	try_all(&at);
	record_free(&at.record);
	buffer_free(&at.out);
	return 0;
}
