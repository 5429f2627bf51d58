#include "record/record_file.h"

#include "base/json_writer.h"
#include "record/record_fields.h"

static int64_t load_number(const struct field *field, const void *member)
{
	switch (field->kind) {
	case FIELD_BOOL:
		return *(const bool *)member;
	case FIELD_I32:
		return *(const int32_t *)member;
	case FIELD_U32:
		return *(const uint32_t *)member;
	default:
		return *(const int64_t *)member;
	}
}

static size_t count_args(const uint64_t *args)
{
	size_t count = RECORD_ARGS;

	while (count && !args[count - 1])
		count--;
	return count;
}

static bool are_initial(const struct field *fields, const void *base);

static bool is_initial(const struct field *field, const void *base)
{
	const void *member = (const char *)base + field->offset;

	switch (field->kind) {
	case FIELD_ELSEWHERE:
		return true;
	case FIELD_HEX:
		return !*(const uint64_t *)member;
	case FIELD_ARGS:
		return !count_args(member);
	case FIELD_TEXT:
		return !*(const char *const *)member;
	case FIELD_GROUP:
		return are_initial(field->members, member);
	default:
		return load_number(field, member) == field->initial;
	}
}

static bool are_initial(const struct field *fields, const void *base)
{
	for (const struct field *field = fields; field->key; field++)
		if (!is_initial(field, base))
			return false;
	return true;
}

static void add_text(struct json_writer *json, const char *key,
		     const char *text)
{
	json_add_latin1(json, key, text, strlen(text));
}

static void add_args(struct json_writer *json, const char *key,
		     const uint64_t *args)
{
	size_t count = count_args(args);

	json_begin_array(json, key);
	for (size_t i = 0; i < count; i++)
		json_add_hex(json, NULL, args[i]);
	json_end_array(json);
}

static void add_fields(struct json_writer *json, const struct field *fields,
		       const void *base);

static void add_field(struct json_writer *json, const struct field *field,
		      const void *member)
{
	switch (field->kind) {
	case FIELD_BOOL:
		json_add_bool(json, field->key, *(const bool *)member);
		break;
	case FIELD_HEX:
		json_add_hex(json, field->key, *(const uint64_t *)member);
		break;
	case FIELD_ARGS:
		add_args(json, field->key, member);
		break;
	case FIELD_TEXT:
		add_text(json, field->key, *(const char *const *)member);
		break;
	case FIELD_GROUP:
		json_begin_object(json, field->key);
		add_fields(json, field->members, member);
		json_end_object(json);
		break;
	default:
		json_add_signed(json, field->key, load_number(field, member));
	}
}

static void add_fields(struct json_writer *json, const struct field *fields,
		       const void *base)
{
	for (const struct field *field = fields; field->key; field++)
		if (!is_initial(field, base))
			add_field(json, field,
				  (const char *)base + field->offset);
}

static void end_line(struct json_writer *json)
{
	json_end_object(json);
	buffer_add_char(json->out, '\n');
}

void record_file_write_start(struct buffer *out,
			     const struct record_start *start)
{
	struct json_writer json = json_writer_on(out);

	json_begin_object(&json, NULL);
	json_add_string(&json, "record", RECORD_FORMAT);
	json_begin_array(&json, "argv");
	for (int i = 0; i < start->argc; i++)
		add_text(&json, NULL, start->argv[i]);
	json_end_array(&json);
	add_fields(&json, record_start_fields, start);
	end_line(&json);
}

/* Guest memory is zeros for the most part: page tables, the end of a program. */
static uint32_t count_zeros(const struct record *record,
			    const struct record_part *part)
{
	const uint8_t *bytes = record_part_bytes(record, part);
	uint32_t zeros = 0;

	if (part->kind != PART_GUEST || part->length > RECORD_ZEROS_MAX)
		return 0;
	while (zeros < part->length && !bytes[part->length - 1 - zeros])
		zeros++;
	return zeros;
}

/* `wanted` is left out when all was read, so that hex is easy to edit. */
static void add_part(struct json_writer *json, const struct record *record,
		     const struct record_part *part)
{
	struct part_head head = { *part, count_zeros(record, part) };
	uint32_t length = part->length - head.zeros;

	if (part->wanted == part->length)
		head.part.wanted = 0;
	json_begin_object(json, NULL);
	json_add_string(json, "kind", part_names[part->kind]);
	json_add_string(json, "phase", phase_names[part->phase]);
	add_fields(json, record_part_fields, &head);
	if (length)
		json_add_hex_bytes(json, "hex", record_part_bytes(record, part),
				   length);
	json_end_object(json);
}

void record_file_write(struct buffer *out, const struct record *record)
{
	struct json_writer json = json_writer_on(out);

	json_begin_object(&json, NULL);
	json_add_string(&json, "kind", kind_names[record->kind]);
	add_fields(&json, record_fields, record);
	if (record->part_count) {
		json_begin_array(&json, "parts");
		for (uint32_t i = 0; i < record->part_count; i++)
			add_part(&json, record, &record->parts[i]);
		json_end_array(&json);
	}
	end_line(&json);
}

void record_file_write_end(struct buffer *out, const struct record_end *end)
{
	struct json_writer json = json_writer_on(out);

	json_begin_object(&json, NULL);
	json_add_string(&json, "kind", "end");
	add_fields(&json, record_end_fields, end);
	end_line(&json);
}
