#include "report/answer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/log.h"
#include "report/fields.h"

#define QUOTE_BYTES 300		/* of a string from the trace */

void answer_init(struct answer *answer, const char *id, const char *question)
{
	*answer = (struct answer){ .id = id, .question = question };
	answer->evidence = json_array();
	answer->strings = json_array();
}

void answer_done(struct answer *answer)
{
	for (size_t i = 0; i < answer->block_count; i++)
		free(answer->blocks[i].text);
	free(answer->blocks);
	json_decref(answer->evidence);
	json_decref(answer->strings);
}

static char *print(const char *format, va_list arguments)
{
	char *text;

	if (vasprintf(&text, format, arguments) < 0)
		log_die("out of memory: a report");
	return text;
}

void answer_add(struct answer *answer, enum block_kind kind,
		const char *format, ...)
{
	va_list arguments;
	size_t count = answer->block_count++;

	answer->blocks = realloc(answer->blocks,
				 answer->block_count * sizeof(struct block));
	if (!answer->blocks)
		log_die("out of memory: a report");
	va_start(arguments, format);
	answer->blocks[count] = (struct block){ kind, print(format, arguments) };
	va_end(arguments);
}

/* Takes over the text. */
static const char *own(struct answer *answer, char *text)
{
	json_t *string = json_string(text);

	free(text);
	json_array_append_new(answer->strings, string);
	return json_string_value(string);
}

const char *answer_format(struct answer *answer, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = print(format, arguments);
	va_end(arguments);
	return own(answer, text);
}

void answer_cite_seq(struct answer *answer, uint64_t seq)
{
	size_t place = json_array_size(answer->evidence);
	json_int_t number = (json_int_t)seq, there;

	while (place > 0) {
		there = json_integer_value(json_array_get(answer->evidence,
							  place - 1));
		if (there == number)
			return;
		if (there < number)
			break;
		place--;
	}
	json_array_insert_new(answer->evidence, place, json_integer(number));
	answer->is_known = true;
}

const char *answer_cite(struct answer *answer, const json_t *event)
{
	uint64_t seq;

	if (!field_number(event, "seq", &seq))
		return "";
	answer_cite_seq(answer, seq);
	return answer_format(answer, "seq %" PRIu64, seq);
}

/* Bytes that are not printable, and backticks, as \xNN. */
static void add_safely(struct buffer *out, const char *text)
{
	size_t i;

	for (i = 0; text[i] && i < QUOTE_BYTES; i++)
		if (text[i] == '\n')
			buffer_add_string(out, "\\n");
		else if (text[i] < 0x20 || text[i] > 0x7e || text[i] == '`')
			buffer_add_format(out, "\\x%02x",
					  (unsigned char)text[i]);
		else
			buffer_add_char(out, text[i]);
	if (text[i])
		buffer_add_string(out, "...");
}

const char *answer_plain(struct answer *answer, const char *text)
{
	struct buffer safe = BUFFER_EMPTY;
	const char *owned;

	add_safely(&safe, text ? text : "?");
	owned = answer_format(answer, "%s", buffer_string(&safe));
	buffer_free(&safe);
	return owned;
}

const char *answer_quote(struct answer *answer, const char *text)
{
	/* Markdown has no empty code. */
	if (text && !*text)
		return "(nothing)";
	return answer_format(answer, "`%s`", answer_plain(answer, text));
}

const char *answer_place(struct answer *answer, const json_t *event)
{
	const char *symbol = field_text(event, "caller.symbol");
	const char *file = field_text(event, "caller.file");
	uint64_t line;

	if (!symbol && !file)
		return "";
	if (!file || !field_number(event, "caller.line", &line))
		return answer_format(answer, " in %s", answer_quote(answer,
			symbol ? symbol : file));
	return answer_format(answer, " in %s (%s, line %" PRIu64 ")",
			     answer_quote(answer, symbol ? symbol : "?"),
			     answer_quote(answer, file), line);
}

const char *answer_hex(struct answer *answer, uint64_t number)
{
	return answer_format(answer, "`0x%" PRIx64 "`", number);
}

const char *answer_hex_at(struct answer *answer, const json_t *event,
			  const char *path)
{
	uint64_t number;

	return field_number(event, path, &number) ?
	       answer_hex(answer, number) : "?";
}

const char *answer_decimal(struct answer *answer, uint64_t number)
{
	return answer_format(answer, "%" PRIu64, number);
}

const char *answer_count(struct answer *answer, uint64_t count,
			 const char *thing)
{
	return answer_format(answer, "%" PRIu64 " %s%s", count, thing,
			     count == 1 ? "" : "s");
}

const char *answer_decimal_at(struct answer *answer, const json_t *event,
			      const char *path)
{
	uint64_t number;

	return field_number(event, path, &number) ?
	       answer_decimal(answer, number) : "?";
}

const char *answer_size(struct answer *answer, uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	uint64_t number = bytes;
	int unit = -1;

	while (unit < 3 && number && !(number % 1024)) {
		number /= 1024;
		unit++;
	}
	if (unit < 0)
		return answer_format(answer, "%" PRIu64 " bytes", number);
	return answer_format(answer, "%" PRIu64 " %s (`0x%" PRIx64 "` bytes)",
			     number, units[unit], bytes);
}

const char *answer_names(struct answer *answer, const json_t *names)
{
	struct buffer all = BUFFER_EMPTY;
	const char *owned;

	for (size_t i = 0; i < json_array_size(names) && i < 64; i++) {
		const char *name = json_string_value(json_array_get(names, i));

		buffer_add_string(&all, i ? " " : "");
		add_safely(&all, name ? name : "?");
	}
	owned = answer_format(answer, "%s", buffer_string(&all));
	buffer_free(&all);
	return owned;
}
