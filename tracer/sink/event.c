/* The lines other than `ioctl`, and what all lines share. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "annotate/words.h"
#include "decode/decode.h"
#include "sink/event_internal.h"

void event_begin(struct json_writer *json, const char *type, uint64_t seq,
		 uint64_t ts_ns)
{
	json_begin_object(json, NULL);
	json_add_string(json, "type", type);
	json_add_unsigned(json, "seq", seq);
	json_add_unsigned(json, "ts_ns", ts_ns);
}

void event_add_object(struct json_writer *json,
		      const struct session_object *object)
{
	const struct abi_role_row *role = abi_find_role(object->role);

	if (object->role)
		json_add_string(json, "on", role ? role->name : "not_kvm");
	if (object->vm >= 0)
		json_add_signed(json, "vm", object->vm);
	if (object->vcpu >= 0)
		json_add_signed(json, "vcpu", object->vcpu);
	if (object->device >= 0)
		json_add_signed(json, "device", object->device);
}

void event_add_result(struct json_writer *json, int64_t result)
{
	json_add_signed(json, "ret", result < 0 ? -1 : result);
	if (result < 0)
		json_add_string(json, "errno", words_errno(-result));
}

void event_add_made(struct json_writer *json, const struct record *record,
		    const struct session_view *view)
{
	if (!record->made_file.id)
		return;
	json_begin_object(json, "made");
	json_add_signed(json, "fd", record->made_fd);
	event_add_object(json, &view->made);
	json_end_object(json);
}

void event_add_caller(struct json_writer *json,
		      const struct record_caller *caller)
{
	if (!caller->ip)
		return;
	json_begin_object(json, "caller");
	json_add_hex(json, "ip", caller->ip);
	if (caller->symbol)
		json_add_string(json, "symbol", caller->symbol);
	if (caller->file) {
		json_add_string(json, "file", caller->file);
		json_add_unsigned(json, "line", caller->line);
	}
	if (caller->object) {
		json_add_string(json, "object", caller->object);
		json_add_hex(json, "offset", caller->offset);
	}
	json_end_object(json);
}

static void add_time_of_day(struct json_writer *json, const char *key,
			    uint64_t realtime_ns)
{
	time_t seconds = (time_t)(realtime_ns / 1000000000u);
	char text[64], date[32];
	struct tm utc;

	gmtime_r(&seconds, &utc);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text, sizeof(text), "%s.%09uZ", date,
		 (unsigned int)(realtime_ns % 1000000000u));
	json_add_string(json, key, text);
}

/* Arguments that are no text stand as bytes beside, so that nothing is lost. */
static void add_argv(struct json_writer *json,
		     const struct record_start *start)
{
	bool is_text = true;

	json_begin_array(json, "argv");
	for (int i = 0; i < start->argc; i++) {
		json_add_string(json, NULL, start->argv[i]);
		is_text &= json_is_utf8(start->argv[i],
					strlen(start->argv[i]));
	}
	json_end_array(json);
	if (is_text)
		return;
	json_begin_array(json, "argv_hex");
	for (int i = 0; i < start->argc; i++)
		json_add_hex_bytes(json, NULL, start->argv[i],
				   strlen(start->argv[i]));
	json_end_array(json);
}

void event_write_start(struct json_writer *json, uint64_t seq,
		       const struct record_start *start)
{
	event_begin(json, "trace_start", seq, 0);
	json_add_string(json, "schema", EVENT_SCHEMA);
	json_begin_object(json, "tool");
	json_add_string(json, "name", EVENT_TOOL);
	json_add_string(json, "version", EVENT_VERSION);
	json_end_object(json);
	add_argv(json, start);
	json_add_string(json, "arch", "x86_64");
	json_add_string(json, "clock", "CLOCK_MONOTONIC");
	add_time_of_day(json, "start_time", start->start_realtime_ns);
	json_add_string(json, "engine", start->engine);
	json_begin_object(json, "host");
	if (start->kernel)
		json_add_string(json, "kernel", start->kernel);
	if (start->cpu_vendor)
		json_add_string(json, "cpu_vendor", start->cpu_vendor);
	if (start->kvm_module)
		json_add_string(json, "kvm", start->kvm_module);
	json_end_object(json);
	json_end_object(json);
}

static void add_process_event(struct json_writer *json,
			      const struct record *record,
			      const struct session_view *view)
{
	char name[24];

	switch (record->kind) {
	case RECORD_EXEC:
		json_add_string(json, "event", "exec");
		if (record->path)
			json_add_string(json, "path", record->path);
		if (record->has_exec_setuid)
			json_add_bool(json, "setuid_ignored", true);
		if (record->other_pid)
			json_add_signed(json, "former_tid", record->other_pid);
		return;
	case RECORD_FORK:
	case RECORD_THREAD:
		json_add_string(json, "event", record->kind == RECORD_FORK ?
				"fork" : "thread");
		json_add_signed(json, "child", record->other_pid);
		return;
	case RECORD_SIGNAL:
		json_add_string(json, "event", "signal");
		json_add_string(json, "signal",
				words_signal(record->signal, name));
		if (view->has_run_seq)
			json_add_unsigned(json, "run_seq", view->run_seq);
		return;
	default:
		json_add_string(json, "event", "exit");
		if (record->signal)
			json_add_string(json, "signal",
					words_signal(record->signal, name));
		else
			json_add_signed(json, "status", record->status);
	}
}

void event_write_process(struct json_writer *json, uint64_t seq,
			 const struct record *record,
			 const struct session_view *view,
			 const struct notes *notes)
{
	event_begin(json, "process", seq, record->start_ns);
	json_add_signed(json, "pid", record->pid);
	json_add_signed(json, "tid", record->tid);
	add_process_event(json, record, view);
	event_add_notes(json, notes);
	json_end_object(json);
}

static bool is_plain(const struct console_line *line)
{
	for (size_t i = 0; i < line->length; i++)
		if (line->text[i] < 0x20 || line->text[i] > 0x7e)
			return false;
	return true;
}

void event_write_console(struct json_writer *json, uint64_t seq,
			 uint64_t ts_ns, const struct console_line *line)
{
	event_begin(json, "console", seq, ts_ns);
	json_add_signed(json, "pid", line->pid);
	if (line->vm >= 0)
		json_add_signed(json, "vm", line->vm);
	if (line->vcpu >= 0)
		json_add_signed(json, "vcpu", line->vcpu);
	json_add_unsigned(json, "port", line->port);
	if (json_is_utf8((const char *)line->text, line->length))
		json_add_text(json, "text", (const char *)line->text,
			      line->length);
	else
		json_add_latin1(json, "text", line->text, line->length);
	if (!is_plain(line))
		json_add_hex_bytes(json, "text_hex", line->text, line->length);
	if (line->from_seq != CONSOLE_NO_SEQ)
		json_add_unsigned(json, "from_seq", line->from_seq);
	if (line->to_seq != CONSOLE_NO_SEQ)
		json_add_unsigned(json, "to_seq", line->to_seq);
	json_end_object(json);
}

static void add_counts(struct json_writer *json, const char *key,
		       const struct event_count *counts, size_t count)
{
	json_begin_object(json, key);
	for (size_t i = 0; i < count; i++)
		if (counts[i].count)
			json_add_unsigned(json, counts[i].name,
					  counts[i].count);
	json_end_object(json);
}

static void add_status(struct json_writer *json, const struct record_end *end)
{
	char name[24];

	json_begin_object(json, "status");
	if (end->detached)
		json_add_bool(json, "detached", true);
	else if (end->has_status && end->signal)
		json_add_string(json, "signal",
				words_signal(end->signal, name));
	else if (end->has_status)
		json_add_signed(json, "exited", end->status);
	if (end->timed_out)
		json_add_bool(json, "timed_out", true);
	if (end->too_many_tasks)
		json_add_bool(json, "too_many_tasks", true);
	json_end_object(json);
}

/* How many KVM ioctls went which way, and why some by ptrace. */
static void add_engines(struct json_writer *json, const struct record_end *end)
{
	json_add_unsigned(json, "inprocess", end->calls.inprocess);
	json_add_unsigned(json, "ptrace", end->calls.ptrace);
	json_begin_object(json, "slow");
	for (int i = 0; i < SLOW_REASONS; i++)
		if (end->calls.slow[i])
			json_add_unsigned(json, slow_reasons[i].key,
					  end->calls.slow[i]);
	json_end_object(json);
	if (end->calls.broken_rings)
		json_add_unsigned(json, "broken_rings",
				  end->calls.broken_rings);
}

void event_write_end(struct json_writer *json, uint64_t seq,
		     const struct record_end *end,
		     const struct event_totals *totals)
{
	event_begin(json, "trace_end", seq, end->end_ns);
	json_add_unsigned(json, "events", totals->events);
	json_add_unsigned(json, "dropped", totals->dropped);
	json_add_bool(json, "truncated", totals->truncated);
	add_status(json, end);
	json_begin_object(json, "counts");
	add_counts(json, "ioctl", totals->ioctls, totals->ioctl_count);
	add_counts(json, "exit", totals->exits, totals->exit_count);
	json_add_unsigned(json, "errors", totals->errors);
	json_end_object(json);
	json_begin_object(json, "capture");
	json_add_unsigned(json, "stops", end->stops);
	if (end->calls.is_known)
		add_engines(json, end);
	json_end_object(json);
	json_end_object(json);
}
