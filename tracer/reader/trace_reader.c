#include "reader/trace_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/json_member.h"
#include "base/log.h"

/* Large blocks: a trace may have millions of lines. */
#define BLOCK_BYTES (256u << 10)

struct trace_reader {
	const char *path;
	int fd;			/* -1: not open */
	bool at_end;		/* of the file */
	trace_reader_wait *wait;	/* NULL: its end is the trace's */
	void *wait_context;
	struct buffer bytes;	/* what is read and not yet returned */
	size_t begin;		/* of the next line in `bytes` */
	const char *line;	/* in `bytes` */
	size_t length;
	size_t stripped;	/* bytes of the array's punctuation before `line` */
	unsigned long line_number;
	bool is_array, is_array_closed;
	bool is_started, is_complete;
	struct buffer error;
};

struct trace_reader *trace_reader_new(const char *path)
{
	struct trace_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		log_die("out of memory: the reader of traces");
	reader->path = path;
	reader->fd = -1;
	return reader;
}

void trace_reader_free(struct trace_reader *reader)
{
	if (!reader)
		return;
	if (reader->fd > STDIN_FILENO)
		close(reader->fd);
	buffer_free(&reader->bytes);
	buffer_free(&reader->error);
	free(reader);
}

void trace_reader_follow(struct trace_reader *reader, trace_reader_wait *wait,
			 void *context)
{
	reader->wait = wait;
	reader->wait_context = context;
}

static int fail_on_file(struct trace_reader *reader, const char *tried)
{
	int error = errno;

	buffer_reset(&reader->error);
	buffer_add_format(&reader->error, "cannot %s %s: %s", tried,
			  reader->path, strerror(error));
	return -error;
}

static int fail_on_line(struct trace_reader *reader, const char *why)
{
	buffer_reset(&reader->error);
	buffer_add_format(&reader->error, "%s, line %lu: %s", reader->path,
			  reader->line_number, why);
	return -EBADMSG;
}

static int open_file(struct trace_reader *reader)
{
	if (reader->fd >= 0)
		return 0;
	reader->fd = !strcmp(reader->path, "-") ? STDIN_FILENO :
		     open(reader->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	return reader->fd < 0 ? fail_on_file(reader, "open") : 0;
}

/* A file may grow; the end of a pipe is the end. */
static bool may_grow(const struct trace_reader *reader)
{
	struct stat file;

	return reader->wait && !fstat(reader->fd, &file) &&
	       S_ISREG(file.st_mode);
}

/* More bytes behind those that are there; what was returned makes room. */
static int read_block(struct trace_reader *reader)
{
	struct buffer *bytes = &reader->bytes;
	ssize_t length;

	bytes->length -= reader->begin;
	if (bytes->length)
		memmove(bytes->data, bytes->data + reader->begin,
			bytes->length);
	reader->begin = 0;
	buffer_reserve(bytes, BLOCK_BYTES);
	do {
		length = read(reader->fd, bytes->data + bytes->length,
			      bytes->capacity - bytes->length);
		if (length < 0 && errno != EINTR)
			return fail_on_file(reader, "read");
	} while (length <= 0 && (may_grow(reader) ?
				 reader->wait(reader->wait_context) :
				 length < 0));
	if (length < 0)
		length = 0;
	bytes->length += (size_t)length;
	reader->at_end = !length;
	return 0;
}

/* 1: the line's length is found, reading as needed; 0: there is no more. */
static int find_end(struct trace_reader *reader, size_t *ret_length)
{
	struct buffer *bytes = &reader->bytes;
	size_t searched = 0;
	const char *end;
	int error;

	for (;;) {
		size_t there = bytes->length - reader->begin;

		end = there == searched ? NULL :
		      memchr(bytes->data + reader->begin + searched, '\n',
			     there - searched);
		searched = end ? (size_t)(end - bytes->data) - reader->begin :
			   there;
		if (searched > TRACE_READER_LINE_BYTES)
			return fail_on_line(reader, "it is longer than 64 MiB");
		if (end || reader->at_end)
			break;
		error = read_block(reader);
		if (error)
			return error;
	}
	*ret_length = searched;
	/* The rest of a line that is still being written is none. */
	return end || (searched && !reader->wait);
}

/* The next line of the file, without its LF or CRLF. */
static int next_raw_line(struct trace_reader *reader)
{
	size_t length = 0;
	int found;

	reader->line_number++;
	found = find_end(reader, &length);
	if (found <= 0) {
		reader->line_number -= !found;
		return found;
	}
	reader->line = reader->bytes.data + reader->begin;
	reader->begin += length;
	if (reader->begin < reader->bytes.length)
		reader->begin++;	/* the newline */
	while (length && reader->line[length - 1] == '\r')
		length--;
	reader->length = length;
	reader->stripped = 0;
	return 1;
}

/*
 * The array has its bracket or comma before each event (sink/json.c). Returns
 * what next_raw_line() does: 0 when this line only closes the array.
 */
static int strip_array(struct trace_reader *reader)
{
	bool is_first = reader->line_number == 1;
	char c = '\0';

	if (reader->length)
		c = *reader->line;
	if (is_first)
		reader->is_array = c == '[';
	if (!reader->is_array)
		return 1;
	if (reader->is_array_closed)
		return fail_on_line(reader, "stands behind the array's end");
	if (c == (is_first ? '[' : ',')) {
		reader->line++;
		reader->length--;
		reader->stripped = 1;
	}
	reader->is_array_closed = reader->length == 1 && *reader->line == ']' &&
				  (is_first || !reader->stripped);
	if (!reader->stripped && !reader->is_array_closed)
		return fail_on_line(reader, "not JSON, or cut off, at byte 1");
	reader->line_number -= reader->is_array_closed;
	return !reader->is_array_closed;
}

int trace_reader_next_line(struct trace_reader *reader, const char **ret_line,
			   size_t *ret_length)
{
	int found = open_file(reader);

	if (found)
		return found;
	found = next_raw_line(reader);
	if (found > 0)
		found = strip_array(reader);
	/* Nothing may stand behind the bracket, which is no event's line. */
	if (!found && reader->is_array_closed) {
		found = next_raw_line(reader);
		if (found > 0)
			found = strip_array(reader);
	}
	if (found <= 0)
		return found;
	*ret_line = reader->line;
	*ret_length = reader->length;
	return 1;
}

/* No fewer values than commas and brackets: enough to bound jansson's memory,
 * and only long lines can have so many. */
static bool has_too_many_values(const struct trace_reader *reader)
{
	size_t values = 0;

	if (reader->length < TRACE_READER_LINE_VALUES)
		return false;
	for (size_t i = 0; i < reader->length; i++)
		values += reader->line[i] == ',' || reader->line[i] == '[' ||
			  reader->line[i] == '{';
	return values > TRACE_READER_LINE_VALUES;
}

/* Numbers beyond long long and deep nesting are refused by jansson. */
static int parse_line(struct trace_reader *reader, json_t **ret_value)
{
	char why[64];
	json_error_t error;

	if (has_too_many_values(reader))
		return fail_on_line(reader, "it has more than a million values");
	*ret_value = json_loadb(reader->line, reader->length,
				JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL |
				JSON_DECODE_ANY, &error);
	if (*ret_value)
		return 0;
	/* Only the position: jansson's text quotes the trace. */
	snprintf(why, sizeof(why), "not JSON, or cut off, at byte %zu",
		 reader->stripped + (size_t)error.position);
	return fail_on_line(reader, why);
}

static bool is_number(const json_t *event, const char *key,
		      unsigned long number)
{
	const json_t *found = json_object_get(event, key);

	return !found || json_number_value(found) == (double)number;
}

/* A format of another major version has other rules. */
static int check_version(struct trace_reader *reader, const json_t *event)
{
	const char *schema = json_member_text(event, "schema");
	size_t length = strlen(TRACE_READER_FORMAT);

	if (reader->line_number > 1 ||
	    !json_member_is(event, "type", "trace_start") || !schema ||
	    (!strncmp(schema, TRACE_READER_FORMAT, length) &&
	     (schema[length] < '0' || schema[length] > '9')))
		return 0;
	return fail_on_line(reader, "this version reads " TRACE_READER_FORMAT
			    " only");
}

/* What concerns a line's place among the others. */
static void check_place(struct trace_reader *reader, const json_t *event,
			trace_reader_misplaced *misplaced, void *context)
{
	unsigned long seq = reader->line_number - 1;
	bool is_start = json_member_is(event, "type", "trace_start");
	bool is_end = json_member_is(event, "type", "trace_end");

	if (reader->is_complete)
		misplaced(context, "", "stands behind trace_end, which must be "
			  "the last line");
	if (is_start != (seq == 0))
		misplaced(context, "/type", seq ?
			  "only the first line may be trace_start" :
			  "the first line must be trace_start");
	if (!is_number(event, "seq", seq))
		misplaced(context, "/seq",
			  "must count the lines from 0 without a gap");
	if (is_end && !is_number(event, "events", seq))
		misplaced(context, "/events",
			  "must be the number of lines before this one");
	reader->is_started |= is_start;
	reader->is_complete |= is_end;
}

int trace_reader_next_telling(struct trace_reader *reader,
			      trace_reader_misplaced *misplaced, void *context,
			      json_t **ret_event)
{
	const char *line;
	size_t length;
	json_t *event;
	int found, error;

	found = trace_reader_next_line(reader, &line, &length);
	if (found <= 0)
		return found;
	error = parse_line(reader, &event);
	if (error)
		return error;
	error = check_version(reader, event);
	if (error) {
		json_decref(event);
		return error;
	}
	check_place(reader, event, misplaced, context);
	*ret_event = event;
	return 1;
}

/* The first thing that is wrong is the one to tell. */
static void keep_first(void *context, const char *pointer, const char *expected)
{
	struct trace_reader *reader = context;

	if (reader->error.length)
		return;
	buffer_add_format(&reader->error, "%s, line %lu: %s%s%s", reader->path,
			  reader->line_number, pointer, *pointer ? ": " : "",
			  expected);
}

int trace_reader_next(struct trace_reader *reader, json_t **ret_event)
{
	json_t *event;
	int found;

	buffer_reset(&reader->error);
	found = trace_reader_next_telling(reader, keep_first, reader, &event);
	if (found <= 0)
		return found;
	if (!json_is_string(json_object_get(event, "type")))
		found = fail_on_line(reader, "no event: it has no type");
	else if (!json_is_integer(json_object_get(event, "seq")))
		found = fail_on_line(reader, "no event: it has no seq");
	else if (reader->error.length)
		found = -EBADMSG;
	if (found < 0)
		json_decref(event);
	else
		*ret_event = event;
	return found;
}

const char *trace_reader_line(const struct trace_reader *reader,
			      size_t *ret_length)
{
	*ret_length = reader->length;
	return reader->line;
}

unsigned long trace_reader_line_number(const struct trace_reader *reader)
{
	return reader->line_number;
}

bool trace_reader_is_started(const struct trace_reader *reader)
{
	return reader->is_started;
}

bool trace_reader_is_complete(const struct trace_reader *reader)
{
	return reader->is_complete;
}

const char *trace_reader_error(struct trace_reader *reader)
{
	return buffer_string(&reader->error);
}
