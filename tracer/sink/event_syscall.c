/* The `syscall` line: other calls on KVM descriptors. */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "decode/decode.h"
#include "sink/event_internal.h"

/* Names of the arguments' bits: <asm-generic/fcntl.h>, <sys/mman.h>. */
static const struct abi_name open_flag_list[] = {
	{ .value = O_WRONLY, .name = "O_WRONLY", .mask = O_ACCMODE },
	{ .value = O_RDWR, .name = "O_RDWR", .mask = O_ACCMODE },
	{ .value = O_CREAT, .name = "O_CREAT" },
	{ .value = O_EXCL, .name = "O_EXCL" },
	{ .value = O_NOCTTY, .name = "O_NOCTTY" },
	{ .value = O_TRUNC, .name = "O_TRUNC" },
	{ .value = O_APPEND, .name = "O_APPEND" },
	{ .value = O_NONBLOCK, .name = "O_NONBLOCK" },
	{ .value = O_CLOEXEC, .name = "O_CLOEXEC" },
	{ .value = O_NOFOLLOW, .name = "O_NOFOLLOW" },
	{ .value = O_PATH, .name = "O_PATH" },
	{ .value = O_DIRECTORY, .name = "O_DIRECTORY" },
	{ .value = O_DIRECT, .name = "O_DIRECT" },
	{ .value = O_NOATIME, .name = "O_NOATIME" },
	{ .value = O_SYNC, .name = "O_SYNC" },
	{ .value = O_DSYNC, .name = "O_DSYNC" },
	/* O_LARGEFILE is 0 to a 64-bit libc; the kernel's value shows through. */
	{ .value = 0100000, .name = "O_LARGEFILE" },
};
static const struct abi_name prot_list[] = {
	ABI_NAME(PROT_READ), ABI_NAME(PROT_WRITE), ABI_NAME(PROT_EXEC),
};
static const struct abi_name map_list[] = {
	{ .value = MAP_SHARED_VALIDATE, .name = "MAP_SHARED_VALIDATE",
	  .mask = MAP_TYPE },
	{ .value = MAP_SHARED, .name = "MAP_SHARED", .mask = MAP_TYPE },
	{ .value = MAP_PRIVATE, .name = "MAP_PRIVATE", .mask = MAP_TYPE },
	ABI_NAME(MAP_FIXED), ABI_NAME(MAP_LOCKED), ABI_NAME(MAP_POPULATE),
	ABI_NAME(MAP_NORESERVE), ABI_NAME(MAP_32BIT),
	ABI_NAME(MAP_FIXED_NOREPLACE),
};
static ABI_NAMES(open_flags, "O_*", open_flag_list);
static ABI_NAMES(prot_flags, "PROT_*", prot_list);
static ABI_NAMES(map_flags, "MAP_*", map_list);

static void add_open_arguments(struct json_writer *json,
			       const struct record *record)
{
	int position = !strcmp(record->name, "open") ? 1 : 2;

	if (record->path)
		json_add_string(json, "path", record->path);
	/* openat2's flags are in a structure that the record has no copy of. */
	if (strcmp(record->name, "openat2"))
		decode_flags(json, "flags", &open_flags,
			     (uint32_t)record->args[position], 4);
}

static void add_mmap_arguments(struct json_writer *json,
			       const struct record *record)
{
	json_add_hex(json, "length", record->args[1]);
	decode_flags(json, "prot", &prot_flags, (uint32_t)record->args[2], 4);
	decode_flags(json, "flags", &map_flags, (uint32_t)record->args[3], 4);
	json_add_hex(json, "offset", record->args[5]);
}

static void add_munmap_arguments(struct json_writer *json,
				 const struct record *record)
{
	json_add_hex(json, "addr", record->args[0]);
	json_add_hex(json, "length", record->args[1]);
}

static void add_range_arguments(struct json_writer *json,
				const struct record *record)
{
	json_add_unsigned(json, "first", (uint32_t)record->args[0]);
	json_add_unsigned(json, "last", (uint32_t)record->args[1]);
}

static void add_dup_arguments(struct json_writer *json,
			      const struct record *record)
{
	json_add_signed(json, "newfd", (int32_t)record->args[1]);
}

/* Calls with arguments worth showing; descriptors stand in `fd`. */
static const struct {
	const char *name;
	void (*add)(struct json_writer *json, const struct record *record);
} argument_writers[] = {
	{ "open", add_open_arguments },
	{ "openat", add_open_arguments },
	{ "openat2", add_open_arguments },
	{ "mmap", add_mmap_arguments },
	{ "munmap", add_munmap_arguments },
	{ "close_range", add_range_arguments },
	{ "dup2", add_dup_arguments },
	{ "dup3", add_dup_arguments },
};

static void add_arguments(struct json_writer *json,
			  const struct record *record)
{
	for (size_t i = 0; i < sizeof(argument_writers) /
			       sizeof(argument_writers[0]); i++) {
		if (strcmp(argument_writers[i].name, record->name))
			continue;
		json_begin_object(json, "in");
		argument_writers[i].add(json, record);
		json_end_object(json);
		return;
	}
}

static void add_replaced(struct json_writer *json,
			 const struct session_view *view)
{
	if (view->replaced.role == ROLE_NOT_KVM)
		return;
	json_begin_object(json, "replaces");
	event_add_object(json, &view->replaced);
	json_end_object(json);
}

void event_write_syscall(struct json_writer *json, uint64_t seq,
			 const struct record *record,
			 const struct session_view *view,
			 const struct notes *notes)
{
	const struct session_object *object = record->path ? &view->made
							   : &view->object;

	event_begin(json, "syscall", seq, record->start_ns);
	json_add_unsigned(json, "dur_ns", record->end_ns - record->start_ns);
	json_add_signed(json, "pid", record->pid);
	json_add_signed(json, "tid", record->tid);
	json_add_string(json, "name", record->name);
	if (record->fd >= 0)
		json_add_signed(json, "fd", record->fd);
	if (!record->path || record->result >= 0)
		event_add_object(json, object);
	add_arguments(json, record);
	if (record->result >= 0 && !strcmp(record->name, "mmap"))
		json_add_hex(json, "ret", (uint64_t)record->result);
	else
		event_add_result(json, record->result);
	if (!record->path)
		event_add_made(json, record, view);
	add_replaced(json, view);
	event_add_caller(json, &record->caller);
	event_add_notes(json, notes);
	json_end_object(json);
}
