/*
 * The members of a record, its parts, the start and the end as rows, in the
 * order of the file. Writer and reader of record files walk the same rows, so a
 * member that is added to record.h needs one row here. Only for record_file.c,
 * parser.c and record_reader.c.
 */
#ifndef RECORD_RECORD_FIELDS_H
#define RECORD_RECORD_FIELDS_H

#include "record/record.h"

#define RECORD_FORMAT "kvmtrace-record/1"
#define RECORD_ARGS (sizeof(((struct record *)0)->args) / sizeof(uint64_t))

enum field_kind {
	FIELD_ELSEWHERE,	/* the key has code of its own */
	FIELD_BOOL,
	FIELD_I32,
	FIELD_U32,
	FIELD_I64,
	FIELD_TIME,		/* uint64_t, as a number */
	FIELD_HEX,		/* uint64_t */
	FIELD_ARGS,		/* uint64_t[6] */
	FIELD_TEXT,		/* const char *, or NULL */
	FIELD_GROUP,		/* a struct inside: `members` */
};

struct field {
	const char *key;
	enum field_kind kind;
	size_t offset;
	int32_t initial;	/* of a number: not written */
	const struct field *members;
};

#define FIELD_ROW(type, member, field_kind) \
	{ .key = #member, .kind = field_kind, .offset = offsetof(type, member) }

static const char *const kind_names[RECORD_KINDS] = {
	[RECORD_IOCTL] = "ioctl",
	[RECORD_SYSCALL] = "syscall",
	[RECORD_EXEC] = "exec",
	[RECORD_FORK] = "fork",
	[RECORD_THREAD] = "thread",
	[RECORD_EXIT] = "exit",
	[RECORD_SIGNAL] = "signal",
};

static const char *const part_names[PART_KINDS] = {
	[PART_ARGUMENT] = "argument",
	[PART_POINTED] = "pointed",
	[PART_RUN] = "run",
	[PART_RUN_DATA] = "run_data",
	[PART_RUN_RING] = "run_ring",
	[PART_STATS] = "stats",
	[PART_GUEST] = "guest",
	[PART_FRAME] = "frame",
};

static const char *const phase_names[] = {
	[PHASE_BEFORE] = "before",
	[PHASE_AFTER] = "after",
};

static const struct field record_file_fields[] = {
	FIELD_ROW(struct record_file, id, FIELD_U32),
	FIELD_ROW(struct record_file, major, FIELD_U32),
	FIELD_ROW(struct record_file, minor, FIELD_U32),
	FIELD_ROW(struct record_file, link, FIELD_TEXT),
	FIELD_ROW(struct record_file, adopted, FIELD_BOOL),
	FIELD_ROW(struct record_file, error, FIELD_I32),
	{ .key = NULL },
};

static const struct field record_caller_fields[] = {
	FIELD_ROW(struct record_caller, ip, FIELD_HEX),
	FIELD_ROW(struct record_caller, offset, FIELD_HEX),
	FIELD_ROW(struct record_caller, symbol, FIELD_TEXT),
	FIELD_ROW(struct record_caller, object, FIELD_TEXT),
	FIELD_ROW(struct record_caller, file, FIELD_TEXT),
	FIELD_ROW(struct record_caller, line, FIELD_U32),
	{ .key = NULL },
};

static const struct field record_fields[] = {
	{ .key = "kind", .kind = FIELD_ELSEWHERE },
	FIELD_ROW(struct record, pid, FIELD_I32),
	FIELD_ROW(struct record, tid, FIELD_I32),
	FIELD_ROW(struct record, start_ns, FIELD_TIME),
	FIELD_ROW(struct record, end_ns, FIELD_TIME),
	FIELD_ROW(struct record, compat, FIELD_BOOL),
	FIELD_ROW(struct record, unfinished, FIELD_BOOL),
	FIELD_ROW(struct record, injected, FIELD_BOOL),
	FIELD_ROW(struct record, no_run_map, FIELD_BOOL),
	FIELD_ROW(struct record, run_mapped, FIELD_HEX),
	FIELD_ROW(struct record, private_run_map, FIELD_BOOL),
	FIELD_ROW(struct record, looked, FIELD_BOOL),
	FIELD_ROW(struct record, name, FIELD_TEXT),
	{ .key = "fd", .kind = FIELD_I32, .initial = -1,
	  .offset = offsetof(struct record, fd) },
	{ .key = "file", .kind = FIELD_GROUP, .members = record_file_fields,
	  .offset = offsetof(struct record, file) },
	FIELD_ROW(struct record, request, FIELD_HEX),
	FIELD_ROW(struct record, argument, FIELD_HEX),
	FIELD_ROW(struct record, args, FIELD_ARGS),
	FIELD_ROW(struct record, result, FIELD_I64),
	{ .key = "made_fd", .kind = FIELD_I32, .initial = -1,
	  .offset = offsetof(struct record, made_fd) },
	{ .key = "made_file", .kind = FIELD_GROUP,
	  .offset = offsetof(struct record, made_file),
	  .members = record_file_fields },
	{ .key = "replaced_file", .kind = FIELD_GROUP,
	  .offset = offsetof(struct record, replaced_file),
	  .members = record_file_fields },
	{ .key = "caller", .kind = FIELD_GROUP, .members = record_caller_fields,
	  .offset = offsetof(struct record, caller) },
	FIELD_ROW(struct record, path, FIELD_TEXT),
	FIELD_ROW(struct record, other_pid, FIELD_I32),
	FIELD_ROW(struct record, signal, FIELD_I32),
	FIELD_ROW(struct record, status, FIELD_I32),
	FIELD_ROW(struct record, has_exec_setuid, FIELD_BOOL),
	{ .key = "parts", .kind = FIELD_ELSEWHERE },
	{ .key = NULL },
};

/* A part as the file has it: `zeros` bytes of 0 stand behind those of "hex". */
struct part_head {
	struct record_part part;
	uint32_t zeros;
};

/* More zeros than a page of guest memory has are nobody's. */
#define RECORD_ZEROS_MAX 4096

static const struct field record_part_fields[] = {
	{ .key = "kind", .kind = FIELD_ELSEWHERE },
	{ .key = "phase", .kind = FIELD_ELSEWHERE },
	FIELD_ROW(struct record_part, at, FIELD_U32),
	FIELD_ROW(struct record_part, address, FIELD_HEX),
	FIELD_ROW(struct record_part, wanted, FIELD_U32),
	FIELD_ROW(struct record_part, capped, FIELD_BOOL),
	{ .key = "hex", .kind = FIELD_ELSEWHERE },
	{ .key = "zeros", .kind = FIELD_U32, .offset = offsetof(struct part_head, zeros) },
	{ .key = NULL },
};

static const struct field record_start_fields[] = {
	{ .key = "record", .kind = FIELD_ELSEWHERE },
	{ .key = "argv", .kind = FIELD_ELSEWHERE },
	FIELD_ROW(struct record_start, engine, FIELD_TEXT),
	FIELD_ROW(struct record_start, start_realtime_ns, FIELD_TIME),
	FIELD_ROW(struct record_start, kernel, FIELD_TEXT),
	FIELD_ROW(struct record_start, cpu_vendor, FIELD_TEXT),
	FIELD_ROW(struct record_start, kvm_module, FIELD_TEXT),
	{ .key = NULL },
};

#define SLOW_ROW(key_, reason) \
	{ .key = key_, .kind = FIELD_TIME, \
	  .offset = offsetof(struct engine_calls, slow[reason]) }

static const struct field engine_calls_fields[] = {
	FIELD_ROW(struct engine_calls, is_known, FIELD_BOOL),
	FIELD_ROW(struct engine_calls, inprocess, FIELD_TIME),
	FIELD_ROW(struct engine_calls, ptrace, FIELD_TIME),
	SLOW_ROW("first_call", SLOW_FIRST),
	SLOW_ROW("request", SLOW_REQUEST),
	SLOW_ROW("look", SLOW_LOOK),
	SLOW_ROW("descriptor", SLOW_DESCRIPTOR),
	SLOW_ROW("argument", SLOW_ARGUMENT),
	SLOW_ROW("failed", SLOW_FAILED),
	SLOW_ROW("signal", SLOW_SIGNAL),
	SLOW_ROW("fault", SLOW_FAULT),
	SLOW_ROW("ring_full", SLOW_FULL),
	SLOW_ROW("paused", SLOW_PAUSED),
	SLOW_ROW("site", SLOW_SITE),
	SLOW_ROW("patching", SLOW_PATCHING),
	SLOW_ROW("thread", SLOW_THREAD),
	SLOW_ROW("process", SLOW_PROCESS),
	SLOW_ROW("32_bit", SLOW_32BIT),
	FIELD_ROW(struct engine_calls, site, FIELD_TEXT),
	FIELD_ROW(struct engine_calls, process, FIELD_TEXT),
	FIELD_ROW(struct engine_calls, thread, FIELD_TEXT),
	FIELD_ROW(struct engine_calls, lost_signals, FIELD_TIME),
	FIELD_ROW(struct engine_calls, broken_rings, FIELD_TIME),
	{ .key = NULL },
};

static const struct field record_end_fields[] = {
	{ .key = "kind", .kind = FIELD_ELSEWHERE },
	FIELD_ROW(struct record_end, end_ns, FIELD_TIME),
	FIELD_ROW(struct record_end, has_status, FIELD_BOOL),
	FIELD_ROW(struct record_end, status, FIELD_I32),
	FIELD_ROW(struct record_end, signal, FIELD_I32),
	FIELD_ROW(struct record_end, detached, FIELD_BOOL),
	FIELD_ROW(struct record_end, timed_out, FIELD_BOOL),
	FIELD_ROW(struct record_end, too_many_tasks, FIELD_BOOL),
	FIELD_ROW(struct record_end, stops, FIELD_TIME),
	{ .key = "calls", .kind = FIELD_GROUP,
	  .offset = offsetof(struct record_end, calls), .members = engine_calls_fields },
	{ .key = NULL },
};

#endif
