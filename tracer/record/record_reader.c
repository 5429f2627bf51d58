#include "record/record_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"
#include "record/parser.h"

/* No record that capture makes comes near; it bounds what jansson builds. */
#define LINE_BYTES_MAX (16u << 20)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

struct record_reader {
	FILE *file;
	struct parser parser;
	struct buffer line;
	struct buffer start_texts;
	char **argv;
	int outcome;		/* 1: go on; otherwise what next() repeats */
	struct record_end end;
};

static int fail_system(struct record_reader *reader, const char *what)
{
	int error = errno;

	snprintf(reader->parser.error, sizeof(reader->parser.error), "%s: %s",
		 what, strerror(error));
	return -error;
}

/*
 * One line, however long the file says it is. A string never takes more room
 * decoded, with its NUL, than in quotes: with room for the line, `texts`
 * doesn't move while the line is read. 1 a line, 0 the end of the file.
 */
static int read_line(struct record_reader *reader)
{
	int c;

	buffer_reset(&reader->line);
	reader->parser.line_number++;
	while ((c = getc_unlocked(reader->file)) != EOF && c != '\n') {
		if (reader->line.length == LINE_BYTES_MAX)
			return parser_fail(&reader->parser, "the line is "
					   "longer than %u bytes",
					   LINE_BYTES_MAX);
		buffer_add_char(&reader->line, (char)c);
	}
	if (ferror(reader->file))
		return fail_system(reader, "can't read the file");
	buffer_reset(&reader->parser.texts);
	buffer_reserve(&reader->parser.texts, reader->line.length + 1);
	return c != EOF || reader->line.length;
}

static bool is_blank(struct buffer *line)
{
	const char *text = buffer_string(line);

	return strspn(text, " \t\r") == line->length;
}

/* Lines of nothing are allowed; 1 a line with something, 0 the end. */
static int read_used_line(struct record_reader *reader)
{
	int r;

	do
		r = read_line(reader);
	while (r > 0 && is_blank(&reader->line));
	return r;
}

static int read_object(struct record_reader *reader, json_t **ret_object)
{
	json_error_t error;
	json_t *object;
	int r = read_used_line(reader);

	if (r < 0)
		return r;
	if (!r)
		return parser_fail(&reader->parser,
				   "the file stops before its end line");
	object = json_loadb(reader->line.data, reader->line.length,
			    JSON_REJECT_DUPLICATES, &error);
	if (!object)
		return parser_fail(&reader->parser, "column %d: %s",
				   error.column, error.text);
	if (!json_is_object(object)) {
		json_decref(object);
		return parser_fail(&reader->parser, "not a JSON object");
	}
	*ret_object = object;
	return 0;
}

/* Adds the part with its bytes; `wanted` alone never makes room. */
static int read_bytes(struct parser *parser, const json_t *value,
		      struct record *record, const struct part_head *file_head)
{
	const struct record_part *head = &file_head->part;
	const char *hex = value ? json_string_value(value) : "";
	size_t length = hex ? strlen(hex) / 2 : 0;
	struct record_part *part;

	if (!hex || strlen(hex) != 2 * length)
		return parser_fail(parser,
				   "\"hex\" has to be pairs of hex digits");
	if (head->wanted && head->wanted < length)
		return parser_fail(parser, "\"hex\" is longer than \"wanted\"");
	if (file_head->zeros > RECORD_ZEROS_MAX)
		return parser_fail(parser, "\"zeros\" is more than %d",
				   RECORD_ZEROS_MAX);
	part = record_add_part(record, head->kind, head->phase, head->at,
			       (uint32_t)length + file_head->zeros);
	if (!part)
		return parser_fail(parser, "more than %d parts",
				   RECORD_PARTS_MAX);
	part->wanted = head->wanted ? head->wanted : part->length;
	part->capped = head->capped;
	part->address = head->address;
	if (file_head->zeros)
		memset(record->bytes.data + part->offset + length, 0,
		       file_head->zeros);
	for (size_t i = 0; i < length; i++) {
		int high = parser_hex_digit(hex[2 * i]);
		int low = parser_hex_digit(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return parser_fail(parser, "\"hex\" has to be pairs "
					   "of lowercase hex digits");
		record->bytes.data[part->offset + i] = (char)(high << 4 | low);
	}
	return 0;
}

static int read_part(struct parser *parser, json_t *object,
		     struct record *record)
{
	struct part_head head = { .zeros = 0 };
	int kind, phase, r;

	if (!json_is_object(object))
		return parser_fail(parser, "a part has to be an object");
	kind = parser_read_name(parser, object, "kind", part_names,
				COUNT_OF(part_names));
	if (kind < 0)
		return kind;
	phase = parser_read_name(parser, object, "phase", phase_names,
				 COUNT_OF(phase_names));
	if (phase < 0)
		return phase;
	r = parser_read_fields(parser, record_part_fields, object, &head);
	if (r)
		return r;
	head.part.kind = (uint8_t)kind;
	head.part.phase = (uint8_t)phase;
	return read_bytes(parser, json_object_get(object, "hex"), record,
			  &head);
}

static int read_parts(struct parser *parser, const json_t *parts,
		      struct record *record)
{
	int r = 0;

	if (parts && !json_is_array(parts))
		return parser_fail(parser, "\"parts\" has to be an array");
	for (size_t i = 0; !r && i < json_array_size(parts); i++)
		r = read_part(parser, json_array_get(parts, i), record);
	return r;
}

static int read_record(struct parser *parser, json_t *object,
		       struct record *record)
{
	int r, kind = parser_read_name(parser, object, "kind", kind_names,
				       COUNT_OF(kind_names));

	if (kind < 0)
		return kind;
	record_reset(record, (enum record_kind)kind);
	r = parser_read_fields(parser, record_fields, object, record);
	if (r)
		return r;
	if (record->end_ns < record->start_ns)
		return parser_fail(parser, "\"end_ns\" is before \"start_ns\"");
	return read_parts(parser, json_object_get(object, "parts"), record);
}

static int read_end(struct record_reader *reader, json_t *object)
{
	int r = parser_read_fields(&reader->parser, record_end_fields, object,
				   &reader->end);

	if (!r)
		r = read_used_line(reader);
	if (r > 0)
		return parser_fail(&reader->parser,
				   "there is text behind the end line");
	return r;
}

static bool is_end(json_t *object)
{
	const char *kind = json_string_value(json_object_get(object, "kind"));

	return kind && strcmp(kind, "end") == 0;
}

/* 1 a record, 0 the end, or -errno. */
static int read_next(struct record_reader *reader, struct record *record)
{
	json_t *object;
	int r = read_object(reader, &object);

	if (r)
		return r;
	if (is_end(object)) {
		r = read_end(reader, object);
	} else {
		r = read_record(&reader->parser, object, record);
		r = r ? r : 1;
	}
	json_decref(object);
	return r;
}

int record_reader_next(struct record_reader *reader, struct record *record,
		       struct record_end *ret_end)
{
	if (reader->outcome == 1)
		reader->outcome = read_next(reader, record);
	if (reader->outcome == 0)
		*ret_end = reader->end;
	return reader->outcome;
}

static int read_argv(struct record_reader *reader, const json_t *argv,
		     struct record_start *start)
{
	size_t count = json_array_size(argv);
	int r = 0;

	if (!json_is_array(argv))
		return parser_fail(&reader->parser,
				   "\"argv\" has to be an array");
	reader->argv = calloc(count + 1, sizeof(*reader->argv));
	if (!reader->argv)
		log_die("out of memory: %zu arguments", count);
	for (size_t i = 0; !r && i < count; i++) {
		const char *text;

		r = parser_read_text(&reader->parser, "argv",
				     json_array_get(argv, i), &text);
		if (!r)
			reader->argv[i] = (char *)text;
	}
	start->argc = (int)count;
	start->argv = reader->argv;
	return r;
}

static int read_start(struct record_reader *reader, json_t *object,
		      struct record_start *start)
{
	const char *format = json_string_value(json_object_get(object,
							       "record"));
	int r;

	if (!format || strcmp(format, RECORD_FORMAT) != 0)
		return parser_fail(&reader->parser, "not a start line with "
				   "\"record\":\"%s\"", RECORD_FORMAT);
	r = parser_read_fields(&reader->parser, record_start_fields, object,
			       start);
	return r ? r : read_argv(reader, json_object_get(object, "argv"),
				 start);
}

/* Its strings outlive the line: they keep the buffer. */
static int read_first(struct record_reader *reader, struct record_start *start)
{
	json_t *object;
	int r = read_object(reader, &object);

	if (r)
		return r;
	r = read_start(reader, object, start);
	json_decref(object);
	reader->start_texts = reader->parser.texts;
	reader->parser.texts = (struct buffer)BUFFER_EMPTY;
	return r;
}

int record_reader_open(const char *path, struct record_reader **ret_reader,
		       struct record_start *ret_start)
{
	struct record_reader *reader = calloc(1, sizeof(*reader));
	struct record_start start = { .argc = 0 };
	int r;

	if (!reader)
		log_die("out of memory: a record reader");
	*ret_reader = reader;
	reader->file = fopen(path, "re");
	r = reader->file ? read_first(reader, &start) :
			   fail_system(reader, "can't open the file");
	reader->outcome = r ? r : 1;
	if (!r)
		*ret_start = start;
	return r;
}

const char *record_reader_error(const struct record_reader *reader)
{
	return reader->parser.error;
}

void record_reader_close(struct record_reader *reader)
{
	if (!reader)
		return;
	if (reader->file)
		fclose(reader->file);
	buffer_free(&reader->line);
	buffer_free(&reader->parser.texts);
	buffer_free(&reader->start_texts);
	free(reader->argv);
	free(reader);
}
