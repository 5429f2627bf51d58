/* The reader of traces: forms of the file, places of lines, and trouble. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "reader/trace_reader.h"
#include "sink/event.h"

#define START "{\"type\":\"trace_start\",\"seq\":0,\"schema\":\"kvmtrace/1\"}"
#define CALL "{\"type\":\"ioctl\",\"seq\":1,\"ts_ns\":5}"
#define END "{\"type\":\"trace_end\",\"seq\":2,\"events\":2}"
#define LINES START "\n" CALL "\n" END "\n"
#define ARRAY "[" START "\n," CALL "\n," END "\n]\n"

static char path[] = "/tmp/kvmtrace-reader-XXXXXX";
static struct trace_reader *reader;

static void open_bytes(const char *bytes, size_t length)
{
	FILE *file;
	int fd;

	strcpy(path + strlen(path) - 6, "XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	reader = trace_reader_new(path);
}

static void open_text(const char *text)
{
	open_bytes(text, strlen(text));
}

static int tear_down(void **state)
{
	(void)state;
	trace_reader_free(reader);
	reader = NULL;
	unlink(path);
	return 0;
}

/* Read to the end; the number of events, or what the last reading returned. */
static int read_all(void)
{
	json_t *event;
	int count = 0, found;

	while ((found = trace_reader_next(reader, &event)) > 0) {
		assert_int_equal(json_integer_value(json_object_get(event,
								    "seq")),
				 count);
		json_decref(event);
		count++;
	}
	return found ? found : count;
}

static void test_whole_traces(void **state)
{
	static const char *const traces[] = {
		LINES,
		START "\n" CALL "\n" END,
		START "\r\n" CALL "\r\n" END "\r\n",
		ARRAY,
		"[" START "\r\n," CALL "\r\n," END "\r\n]\r\n",
		"[" START "\n," CALL "\n," END "\n]",
		" " START "\n\t" CALL " \n" END "\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(traces) / sizeof(traces[0]); i++) {
		open_text(traces[i]);
		assert_false(trace_reader_is_started(reader));
		assert_int_equal(read_all(), 3);
		assert_true(trace_reader_is_started(reader));
		assert_true(trace_reader_is_complete(reader));
		assert_int_equal(trace_reader_line_number(reader), 3);
		assert_int_equal(read_all(), 0);
		tear_down(NULL);
	}
}

static void test_incomplete_is_no_trouble(void **state)
{
	static const struct {
		const char *text;
		int count;
		bool is_started;
	} traces[] = {
		{ "", 0, false },
		{ "[]\n", 0, false },
		{ START "\n" CALL "\n", 2, true },
		{ "[" START "\n," CALL "\n", 2, true },
		{ "[" START "\n," CALL "\n]\n", 2, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(traces) / sizeof(traces[0]); i++) {
		open_text(traces[i].text);
		assert_int_equal(read_all(), traces[i].count);
		assert_int_equal(trace_reader_is_started(reader),
				 traces[i].is_started);
		assert_false(trace_reader_is_complete(reader));
		tear_down(NULL);
	}
}

static void test_broken_lines(void **state)
{
	static const struct {
		const char *text, *said;
	} traces[] = {
		{ "\n" LINES, "line 1: not JSON, or cut off, at byte " },
		{ LINES "\n", "line 4: not JSON, or cut off, at byte " },
		{ "nonsense\n", "line 1: not JSON" },
		{ START "\n{\"type\":\"ioctl\",\"se", "line 2: not JSON" },
		{ "{\"type\":\"a\",\"type\":\"b\"}\n", "line 1: not JSON" },
		{ "[[[[", "line 1: not JSON" },
		{ "[" START "\n" CALL "\n", "line 2: not JSON" },
		{ "[" START "\n,]\n", "line 2: not JSON" },
		{ ARRAY CALL "\n", "line 4: stands behind the array's end" },
		{ "5\n", "line 1: no event: it has no type" },
		{ "{\"type\":\"trace_start\"}\n", "line 1: no event: it has no seq" },
		{ "{\"type\":5,\"seq\":0}\n", "line 1: no event: it has no type" },
		{ CALL "\n", "line 1: /type: the first line must be trace_start" },
		{ START "\n" START "\n", "line 2: /type: only the first line" },
		{ START "\n" END "\n", "line 2: /seq: must count" },
		{ START "\n{\"type\":\"trace_end\",\"seq\":1,\"events\":2}",
		  "line 2: /events: must be" },
		{ LINES "{\"type\":\"ioctl\",\"seq\":3}\n",
		  "line 4: stands behind trace_end" },
		{ "{\"type\":\"trace_start\",\"seq\":0,\"schema\":\"kvmtrace/2\"}",
		  "line 1: this version reads kvmtrace/1 only" },
		{ "{\"type\":\"trace_start\",\"seq\":0,\"schema\":\"kvmtrace/10\"}",
		  "line 1: this version reads kvmtrace/1 only" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(traces) / sizeof(traces[0]); i++) {
		open_text(traces[i].text);
		assert_int_equal(read_all(), -EBADMSG);
		if (!strstr(trace_reader_error(reader), traces[i].said))
			fail_msg("%zu: %s", i, trace_reader_error(reader));
		assert_ptr_equal(strstr(trace_reader_error(reader), path),
				 trace_reader_error(reader));
		tear_down(NULL);
	}
}

static void test_lines_alone(void **state)
{
	const char *line;
	size_t length;

	(void)state;
	open_text("[one\r\n,\n,three");
	assert_int_equal(trace_reader_next_line(reader, &line, &length), 1);
	assert_int_equal(length, 3);
	assert_memory_equal(line, "one", 3);
	assert_int_equal(trace_reader_next_line(reader, &line, &length), 1);
	assert_int_equal(length, 0);
	assert_int_equal(trace_reader_next_line(reader, &line, &length), 1);
	assert_int_equal(length, 5);
	assert_memory_equal(line, "three", 5);
	assert_int_equal(trace_reader_next_line(reader, &line, &length), 0);
}

/* The text stays with its event. */
static void test_line_of_event(void **state)
{
	json_t *event;
	size_t length;

	(void)state;
	open_text(ARRAY);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(trace_reader_next(reader, &event), 1);
		json_decref(event);
	}
	assert_memory_equal(trace_reader_line(reader, &length), CALL,
			    strlen(CALL));
	assert_int_equal(length, strlen(CALL));
}

static char *add_line(char *end, size_t length, unsigned int seq)
{
	int head = sprintf(end, "{\"type\":\"%s\",\"seq\":%u,\"x\":\"",
			   seq ? "ioctl" : "trace_start", seq);

	memset(end + head, 'x', length - (size_t)head - 3);
	memcpy(end + length - 3, "\"}\n", 3);
	return end + length;
}

/* Lines of every kind of length around the blocks that are read. */
static void test_blocks(void **state)
{
	static const size_t lengths[] = {
		100, 262043, 101, 262144, 262144, 1000000, 50, 262143, 262145,
		3000000, 60, 60,
	};
	char *bytes = malloc(6000000), *end = bytes;

	(void)state;
	assert_non_null(bytes);
	for (unsigned int i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		end = add_line(end, lengths[i], i);
	open_bytes(bytes, (size_t)(end - bytes));
	free(bytes);
	assert_int_equal(read_all(), sizeof(lengths) / sizeof(lengths[0]));
}

static void test_limits(void **state)
{
	size_t length = TRACE_READER_LINE_BYTES + 2;
	char *bytes = malloc(length);
	const char *line;

	(void)state;
	assert_non_null(bytes);
	memset(bytes, '[', length);
	open_bytes(bytes, length);
	assert_int_equal(read_all(), -EBADMSG);
	assert_non_null(strstr(trace_reader_error(reader), "than 64 MiB"));
	tear_down(NULL);
	bytes[length - 2] = '\n';
	open_bytes(bytes, length - 1);
	assert_int_equal(trace_reader_next_line(reader, &line, &length), 1);
	assert_int_equal(length, TRACE_READER_LINE_BYTES - 1);
	tear_down(NULL);
	open_bytes(bytes, 3 * TRACE_READER_LINE_VALUES);
	assert_int_equal(read_all(), -EBADMSG);
	assert_non_null(strstr(trace_reader_error(reader), "million values"));
	free(bytes);
}

static void test_unreadable_files(void **state)
{
	json_t *event;

	(void)state;
	reader = trace_reader_new("no/such/trace");
	assert_int_equal(trace_reader_next(reader, &event), -ENOENT);
	assert_string_equal(trace_reader_error(reader), "cannot open "
			    "no/such/trace: No such file or directory");
	trace_reader_free(reader);
	reader = trace_reader_new("/");
	assert_int_equal(trace_reader_next(reader, &event), -EISDIR);
	assert_string_equal(trace_reader_error(reader),
			    "cannot read /: Is a directory");
	trace_reader_free(reader);
	reader = NULL;
}

struct telling {
	char text[256];
};

static void tell(void *context, const char *pointer, const char *expected)
{
	struct telling *telling = context;
	size_t length = strlen(telling->text);

	snprintf(telling->text + length, sizeof(telling->text) - length,
		 "%s: %.16s; ", pointer, expected);
}

/* A checker sees all of it and reads on. */
static void test_telling(void **state)
{
	struct telling telling = { "" };
	json_t *event;
	int count = 0;

	(void)state;
	open_text("5\n" END "\n" CALL "\n");
	while (trace_reader_next_telling(reader, tell, &telling, &event) > 0) {
		json_decref(event);
		count++;
	}
	assert_int_equal(count, 3);
	assert_string_equal(telling.text, "/type: the first line m; "
			    "/seq: must count the l; "
			    "/events: must be the numb; "
			    ": stands behind tr; "
			    "/seq: must count the l; ");
	assert_true(trace_reader_is_complete(reader));
	assert_false(trace_reader_is_started(reader));
}

static void test_format_is_the_written_one(void **state)
{
	(void)state;
	assert_string_equal(TRACE_READER_FORMAT, EVENT_SCHEMA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_traces),
		cmocka_unit_test(test_incomplete_is_no_trouble),
		cmocka_unit_test(test_broken_lines),
		cmocka_unit_test_teardown(test_lines_alone, tear_down),
		cmocka_unit_test_teardown(test_line_of_event, tear_down),
		cmocka_unit_test_teardown(test_blocks, tear_down),
		cmocka_unit_test_teardown(test_limits, tear_down),
		cmocka_unit_test(test_unreadable_files),
		cmocka_unit_test_teardown(test_telling, tear_down),
		cmocka_unit_test(test_format_is_the_written_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
