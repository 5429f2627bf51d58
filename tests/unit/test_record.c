/* Record files: what is written is read back, what is odd is refused. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "record/record_fields.h"
#include "record/record_file.h"

#define START_LINE "{\"record\":\"kvmtrace-record/1\",\"argv\":[\"./hv\"]}\n"
#define END_LINE "{\"kind\":\"end\"}\n"

static struct record_reader *open_bytes(const char *bytes, size_t length,
					struct record_start *ret_start,
					int *ret)
{
	int fd = memfd_create("record", MFD_CLOEXEC);
	struct record_reader *reader;
	char path[64];

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	*ret = record_reader_open(path, &reader, ret_start);
	close(fd);
	return reader;
}

static void assert_text(const char *a, const char *b)
{
	if (a && b)
		assert_string_equal(a, b);
	else
		assert_ptr_equal(a, b);
}

static void assert_same_file(const struct record_file *a,
			     const struct record_file *b)
{
	assert_int_equal(a->id, b->id);
	assert_int_equal(a->major, b->major);
	assert_int_equal(a->minor, b->minor);
	assert_text(a->link, b->link);
	assert_int_equal(a->adopted, b->adopted);
}

static void assert_same_caller(const struct record_caller *a,
			       const struct record_caller *b)
{
	assert_int_equal(a->ip, b->ip);
	assert_int_equal(a->offset, b->offset);
	assert_text(a->symbol, b->symbol);
	assert_text(a->object, b->object);
	assert_text(a->file, b->file);
	assert_int_equal(a->line, b->line);
}

static void assert_same_parts(const struct record *a, const struct record *b)
{
	assert_int_equal(a->part_count, b->part_count);
	for (uint32_t i = 0; i < a->part_count; i++) {
		const struct record_part *p = &a->parts[i], *q = &b->parts[i];

		assert_int_equal(p->kind, q->kind);
		assert_int_equal(p->phase, q->phase);
		assert_int_equal(p->at, q->at);
		assert_int_equal(p->wanted, q->wanted);
		assert_int_equal(p->length, q->length);
		assert_int_equal(p->capped, q->capped);
		if (p->length)
			assert_memory_equal(record_part_bytes(a, p),
					    record_part_bytes(b, q), p->length);
	}
}

static void assert_same_record(const struct record *a, const struct record *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->pid, b->pid);
	assert_int_equal(a->tid, b->tid);
	assert_int_equal(a->start_ns, b->start_ns);
	assert_int_equal(a->end_ns, b->end_ns);
	assert_int_equal(a->compat, b->compat);
	assert_int_equal(a->unfinished, b->unfinished);
	assert_int_equal(a->injected, b->injected);
	assert_int_equal(a->no_run_map, b->no_run_map);
	assert_text(a->name, b->name);
	assert_int_equal(a->fd, b->fd);
	assert_same_file(&a->file, &b->file);
	assert_int_equal(a->request, b->request);
	assert_int_equal(a->argument, b->argument);
	assert_memory_equal(a->args, b->args, sizeof(a->args));
	assert_int_equal(a->result, b->result);
	assert_int_equal(a->made_fd, b->made_fd);
	assert_same_file(&a->made_file, &b->made_file);
	assert_same_file(&a->replaced_file, &b->replaced_file);
	assert_same_caller(&a->caller, &b->caller);
	assert_text(a->path, b->path);
	assert_int_equal(a->other_pid, b->other_pid);
	assert_int_equal(a->signal, b->signal);
	assert_int_equal(a->status, b->status);
	assert_int_equal(a->has_exec_setuid, b->has_exec_setuid);
	assert_same_parts(a, b);
}

static void add_part(struct record *record, enum record_part_kind kind,
		     enum record_phase phase, uint32_t wanted, uint32_t length)
{
	struct record_part *part = record_add_part(record, kind, phase,
						   kind * 0x1000u, wanted);

	assert_non_null(part);
	part->length = length;
	part->capped = kind == PART_POINTED;
	for (uint32_t i = 0; i < wanted; i++)
		record->bytes.data[part->offset + i] = (char)(i * 37 + kind);
}

/* Every member differs from its default, numbers at their limits. */
static void fill_record(struct record *record)
{
	record_reset(record, RECORD_SYSCALL);
	record->pid = INT32_MAX;
	record->tid = INT32_MIN;
	record->start_ns = 1;
	record->end_ns = 0x7fffffffffffffff;
	record->compat = record->unfinished = true;
	record->injected = record->no_run_map = true;
	record->name = "ioctl";
	record->fd = 0;
	record->file = (struct record_file){ UINT32_MAX, 10, 232,
					     "/dev/kvm \xff\x01\"\\", true,
					     -5 };
	record->request = UINT64_MAX;
	record->argument = 0x8000000000000000;
	for (int i = 0; i < 6; i++)
		record->args[i] = i == 5 ? 1 : 0;
	record->result = INT64_MIN;
	record->made_fd = 9;
	record->made_file = (struct record_file){ .link = "" };
	record->replaced_file = (struct record_file){ .id = 3 };
	record->caller = (struct record_caller){ 0x401234, 0x1234, "ru\xc3\xa9",
						 "hv", "hypervisor/vm.c", 7 };
	record->path = "/dev/kvm";
	record->other_pid = -1;
	record->signal = 9;
	record->status = 42;
	record->has_exec_setuid = true;
	for (int kind = 0; kind < PART_KINDS; kind++)
		add_part(record, kind, kind & 1, 40, 40 - (uint32_t)kind);
	add_part(record, PART_RUN, PHASE_BEFORE, 64, 0);
	add_part(record, PART_RUN, PHASE_AFTER, 0, 0);
}

static void test_round_trip(void **state)
{
	char *argv[] = { "./hv", "--long", "", "\x80\xff\n\xe2\x82\xac", NULL };
	struct record_start start = { 4, argv, "ptrace", 1700000000000000000,
				      "6.18.0", "GenuineIntel", "kvm_intel" };
	struct record_end end = {
		.end_ns = 5, .has_status = true, .status = 3, .signal = 9,
		.detached = true, .timed_out = true,
		.too_many_tasks = true, .stops = 1234,
	};
	struct record full = { 0 }, plain = { 0 }, read = { 0 };
	struct record_start read_start;
	struct record_end read_end = { 0 };
	struct buffer out = BUFFER_EMPTY;
	struct record_reader *reader;
	int r;

	(void)state;
	fill_record(&full);
	record_reset(&plain, RECORD_SIGNAL);
	record_file_write_start(&out, &start);
	record_file_write(&out, &full);
	record_file_write(&out, &plain);
	record_file_write_end(&out, &end);

	reader = open_bytes(out.data, out.length, &read_start, &r);
	assert_int_equal(r, 0);
	assert_int_equal(record_reader_next(reader, &read, &read_end), 1);
	assert_same_record(&full, &read);
	assert_int_equal(record_reader_next(reader, &read, &read_end), 1);
	assert_same_record(&plain, &read);
	assert_int_equal(record_reader_next(reader, &read, &read_end), 0);
	assert_int_equal(record_reader_next(reader, &read, &read_end), 0);
	assert_string_equal(record_reader_error(reader), "");

	assert_int_equal(read_start.argc, 4);
	for (int i = 0; i < 4; i++)
		assert_string_equal(read_start.argv[i], argv[i]);
	assert_null(read_start.argv[4]);
	assert_string_equal(read_start.engine, start.engine);
	assert_int_equal(read_start.start_realtime_ns, start.start_realtime_ns);
	assert_string_equal(read_start.kernel, start.kernel);
	assert_string_equal(read_start.cpu_vendor, start.cpu_vendor);
	assert_string_equal(read_start.kvm_module, start.kvm_module);
	assert_int_equal(read_end.end_ns, end.end_ns);
	assert_true(read_end.has_status && read_end.detached &&
		    read_end.timed_out && read_end.too_many_tasks);
	assert_int_equal(read_end.status, end.status);
	assert_int_equal(read_end.signal, end.signal);
	assert_int_equal(read_end.stops, end.stops);
	record_reader_close(reader);
	record_free(&full);
	record_free(&plain);
	record_free(&read);
	buffer_free(&out);
}

static void test_defaults_are_left_out(void **state)
{
	struct record record = { 0 };
	struct buffer out = BUFFER_EMPTY;

	(void)state;
	record_reset(&record, RECORD_EXIT);
	record.pid = 7;
	record_file_write(&out, &record);
	assert_string_equal(buffer_string(&out),
			    "{\"kind\":\"exit\",\"pid\":7}\n");
	record_free(&record);
	buffer_free(&out);
}

static size_t field_size(const struct field *field)
{
	switch (field->kind) {
	case FIELD_ELSEWHERE:
		return 0;
	case FIELD_BOOL:
		return sizeof(bool);
	case FIELD_I32:
	case FIELD_U32:
		return 4;
	case FIELD_ARGS:
		return sizeof(((struct record *)0)->args);
	case FIELD_GROUP:
		return field->members == record_caller_fields ?
			       sizeof(struct record_caller) :
		       field->members == engine_calls_fields ?
			       sizeof(struct engine_calls) :
			       sizeof(struct record_file);
	default:
		return 8;
	}
}

/* A member that was added to record.h without a row leaves a hole. */
static void assert_covered(const struct field *fields, size_t start, size_t end)
{
	uint8_t covered[512] = { 0 };
	size_t hole = 0;

	assert_true(end <= sizeof(covered));
	for (const struct field *field = fields; field->key; field++)
		memset(covered + field->offset, 1, field_size(field));
	for (size_t i = start; i < end; i++) {
		hole = covered[i] ? 0 : hole + 1;
		if (hole >= 8 || (hole && i + 1 < end && covered[i + 1] &&
				  (i + 1) % 4))
			fail_msg("no row for the member at offset %zu",
				 i + 1 - hole);
	}
}

static void test_rows_are_complete(void **state)
{
	(void)state;
	assert_covered(record_fields, offsetof(struct record, pid),
		       offsetof(struct record, part_count));
	assert_covered(record_file_fields, 0, sizeof(struct record_file));
	assert_covered(record_caller_fields, 0, sizeof(struct record_caller));
	assert_covered(record_start_fields,
		       offsetof(struct record_start, engine),
		       sizeof(struct record_start));
	assert_covered(engine_calls_fields, 0, sizeof(struct engine_calls));
	assert_covered(record_end_fields, 0, sizeof(struct record_end));
}

/* The outcome of the first call that isn't 1, and the sentence. */
static int read_all(const char *text, size_t length, char *ret_error)
{
	struct record_start start;
	struct record_end end;
	struct record record = { 0 };
	int r;
	struct record_reader *reader = open_bytes(text, length, &start, &r);

	while (r == 0 && (r = record_reader_next(reader, &record, &end)) == 1)
		r = 0;
	strcpy(ret_error, record_reader_error(reader));
	record_reader_close(reader);
	record_free(&record);
	return r;
}

/* With how the sentence begins; what follows depends on jansson's version. */
static const struct {
	const char *text, *error;
} bad_files[] = {
	{ "", "line 1: the file stops before its end line" },
	{ "\n\n  \n", "line 4: the file stops before its end line" },
	{ "[]\n", "line 1: not a JSON object" },
	{ "{\"record\":\"other/1\"}\n",
	  "line 1: not a start line with \"record\":\"kvmtrace-record/1\"" },
	{ "{\"record\":\"kvmtrace-record/1\"}\n",
	  "line 1: \"argv\" has to be an array" },
	{ "{\"record\":\"kvmtrace-record/1\",\"argv\":[1]}\n",
	  "line 1: \"argv\" has to be a string" },
	{ START_LINE, "line 2: the file stops before its end line" },
	{ START_LINE END_LINE END_LINE,
	  "line 3: there is text behind the end line" },
}, bad_records[] = {
	{ "{", "line 2: column " },
	{ "{}", "line 2: \"kind\" is missing or unknown: \"\"" },
	{ "{\"kind\":\"mmap\"}",
	  "line 2: \"kind\" is missing or unknown: \"mmap\"" },
	{ "{\"kind\":7}", "line 2: \"kind\" is missing or unknown: \"\"" },
	{ "{\"kind\":\"exit\",\"pdi\":7}", "line 2: unknown key \"pdi\"" },
	{ "{\"kind\":\"exit\",\"\\u001b[31m\":7}",
	  "line 2: unknown key \"?[31m\"" },
	{ "{\"kind\":\"exit\",\"pid\":7,\"pid\":7}",
	  "line 2: column " },
	{ "{\"kind\":\"exit\",\"pid\":2147483648}",
	  "line 2: \"pid\" has to be a whole number "
	  "from -2147483648 to 2147483647" },
	{ "{\"kind\":\"exit\",\"pid\":1.5}",
	  "line 2: \"pid\" has to be a whole number "
	  "from -2147483648 to 2147483647" },
	{ "{\"kind\":\"exit\",\"start_ns\":2,\"end_ns\":1}",
	  "line 2: \"end_ns\" is before \"start_ns\"" },
	{ "{\"kind\":\"exit\",\"start_ns\":-1}",
	  "line 2: \"start_ns\" has to be a whole number "
	  "from 0 to 9223372036854775807" },
	{ "{\"kind\":\"exit\",\"result\":9223372036854775808}",
	  "line 2: column " },
	{ "{\"kind\":\"exit\",\"compat\":1}",
	  "line 2: \"compat\" has to be true or false" },
	{ "{\"kind\":\"exit\",\"path\":null}",
	  "line 2: \"path\" has to be a string" },
	{ "{\"kind\":\"exit\",\"path\":\"\\u20ac\"}",
	  "line 2: \"path\" is text of bytes: no characters above \\u00ff" },
	{ "{\"kind\":\"exit\",\"path\":\"a\\u0000b\"}",
	  "line 2: column " },
	{ "{\"kind\":\"exit\",\"request\":44544}",
	  "line 2: \"request\" has to be a string like \"0x1f\"" },
	{ "{\"kind\":\"exit\",\"request\":\"0x\"}",
	  "line 2: \"request\" has to be a string like \"0x1f\"" },
	{ "{\"kind\":\"exit\",\"request\":\"0x12345678901234567\"}",
	  "line 2: \"request\" has to be a string like \"0x1f\"" },
	{ "{\"kind\":\"exit\",\"args\":[\"0x0\",\"0x0\",\"0x0\",\"0x0\","
	  "\"0x0\",\"0x0\",\"0x0\"]}",
	  "line 2: \"args\" has to be an array of at most 6" },
	{ "{\"kind\":\"exit\",\"args\":[1]}",
	  "line 2: \"args\" has to be a string like \"0x1f\"" },
	{ "{\"kind\":\"exit\",\"file\":[]}",
	  "line 2: \"file\" has to be an object" },
	{ "{\"kind\":\"exit\",\"file\":{\"file\":{}}}",
	  "line 2: unknown key \"file\"" },
	{ "{\"kind\":\"exit\",\"parts\":{}}",
	  "line 2: \"parts\" has to be an array" },
	{ "{\"kind\":\"exit\",\"parts\":[1]}",
	  "line 2: a part has to be an object" },
	{ "{\"kind\":\"exit\",\"parts\":[{\"kind\":\"run\"}]}",
	  "line 2: \"phase\" is missing or unknown: \"\"" },
	{ "{\"kind\":\"exit\",\"parts\":[{\"kind\":\"run\",\"phase\":\"after\","
	  "\"hex\":\"abc\"}]}",
	  "line 2: \"hex\" has to be pairs of hex digits" },
	{ "{\"kind\":\"exit\",\"parts\":[{\"kind\":\"run\",\"phase\":\"after\","
	  "\"hex\":\"0g\"}]}",
	  "line 2: \"hex\" has to be pairs of lowercase hex digits" },
	{ "{\"kind\":\"exit\",\"parts\":[{\"kind\":\"run\",\"phase\":\"after\","
	  "\"wanted\":1,\"hex\":\"0000\"}]}",
	  "line 2: \"hex\" is longer than \"wanted\"" },
};

static void assert_begins(const char *text, const char *start)
{
	if (strncmp(text, start, strlen(start)) != 0)
		assert_string_equal(text, start);
}

static void test_malformed(void **state)
{
	char text[1024], error[256];

	(void)state;
	for (size_t i = 0; i < sizeof(bad_files) / sizeof(bad_files[0]); i++) {
		assert_int_equal(read_all(bad_files[i].text,
					  strlen(bad_files[i].text), error),
				 -EBADMSG);
		assert_begins(error, bad_files[i].error);
	}
	for (size_t i = 0; i < sizeof(bad_records) / sizeof(bad_records[0]);
	     i++) {
		int length = snprintf(text, sizeof(text), "%s%s\n%s",
				      START_LINE, bad_records[i].text,
				      END_LINE);

		assert_int_equal(read_all(text, (size_t)length, error),
				 -EBADMSG);
		assert_begins(error, bad_records[i].error);
	}
}

/* A huge `wanted` costs no memory; one part too many is refused; NUL bytes too. */
static void test_limits(void **state)
{
	static const char nul_line[] = START_LINE "{\"kind\":\"exit\"}\0\n"
				       END_LINE;
	struct buffer text = BUFFER_EMPTY;
	char error[256];

	(void)state;
	for (int parts = RECORD_PARTS_MAX; parts <= RECORD_PARTS_MAX + 1;
	     parts++) {
		buffer_reset(&text);
		buffer_add_string(&text, START_LINE
				  "{\"kind\":\"ioctl\",\"parts\":[");
		for (int i = 0; i < parts; i++)
			buffer_add_format(&text, "%s{\"kind\":\"pointed\","
					  "\"phase\":\"after\",\"wanted\":"
					  "4294967295,\"hex\":\"00ff\"}",
					  i ? "," : "");
		buffer_add_string(&text, "]}\n" END_LINE);
		assert_int_equal(read_all(text.data, text.length, error),
				 parts > RECORD_PARTS_MAX ? -EBADMSG : 0);
	}
	assert_string_equal(error, "line 2: more than 128 parts");
	assert_int_equal(read_all(nul_line, sizeof(nul_line) - 1, error),
			 -EBADMSG);
	buffer_free(&text);
}

/* Every file that is cut short is an error, none crashes. */
static void test_truncated(void **state)
{
	struct record record = { 0 };
	struct record_end end = { 0 };
	struct record_start start = { .argc = 0 };
	struct buffer out = BUFFER_EMPTY;
	char error[256];

	(void)state;
	fill_record(&record);
	record_file_write_start(&out, &start);
	record_file_write(&out, &record);
	record_file_write_end(&out, &end);
	for (size_t length = 0; length + 1 < out.length; length++)
		assert_int_equal(read_all(out.data, length, error), -EBADMSG);
	assert_int_equal(read_all(out.data, out.length, error), 0);
	record_free(&record);
	buffer_free(&out);
}

static void test_unreadable(void **state)
{
	struct record_reader *reader;
	struct record_start start;

	(void)state;
	assert_int_equal(record_reader_open("/nonexistent", &reader, &start),
			 -ENOENT);
	assert_string_equal(record_reader_error(reader),
			    "can't open the file: No such file or directory");
	record_reader_close(reader);
	assert_int_equal(record_reader_open("/", &reader, &start), -EISDIR);
	record_reader_close(reader);
	record_reader_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_defaults_are_left_out),
		cmocka_unit_test(test_rows_are_complete),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_unreadable),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
