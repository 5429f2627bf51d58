#include "annotate/notes.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "annotate/words.h"

const char *notes_severity_name(enum note_severity severity)
{
	static const char *const names[] = { "info", "warn", "error" };

	return names[severity];
}

static void add_note(struct notes *notes, const char *code,
		     enum note_severity severity, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void add_note(struct notes *notes, const char *code,
		     enum note_severity severity, const char *format, ...)
{
	struct note *note = &notes->list[notes->count];
	char text[512];
	va_list arguments;

	if (notes->count == NOTES_MAX)
		return;
	notes->count++;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	note->code = code;
	note->severity = severity;
	note->offset = notes->text.length;
	buffer_add_string(&notes->text, text);
	note->length = notes->text.length - note->offset;
}

static const char *name_part(const struct record_part *part)
{
	static const char *const names[PART_KINDS] = {
		[PART_ARGUMENT] = "the argument",
		[PART_POINTED] = "what a pointer in the argument points to",
		[PART_RUN] = "kvm_run",
		[PART_RUN_DATA] = "the port data",
		[PART_STATS] = "the statistics descriptor",
		[PART_RUN_RING] = "the coalesced MMIO ring",
	};

	return names[part->kind];
}

static bool is_short(const struct record_part *part)
{
	return part->length < part->wanted;
}

static bool is_capped(const struct record_part *part)
{
	return part->capped;
}

/*
 * How many parts of this one's kind and phase have the same trouble; 0 when
 * an earlier one of them has it, since one note speaks of all.
 */
static uint32_t count_alike(const struct record *record,
			    const struct record_part *part,
			    bool (*has_trouble)(const struct record_part *))
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < record->part_count; i++) {
		const struct record_part *other = &record->parts[i];

		if (other->kind != part->kind || other->phase != part->phase ||
		    !has_trouble(other))
			continue;
		if (other < part)
			return 0;
		count++;
	}
	return count;
}

static void note_short(struct notes *notes, const struct record_part *part,
		       uint32_t count)
{
	const char *when = part->phase == PHASE_BEFORE ? "before" : "after";

	if (count == 1)
		add_note(notes, "unreadable", NOTE_WARN,
			 "%s could not be read whole %s the call: %u of %u "
			 "bytes", name_part(part), when, part->length,
			 part->wanted);
	else
		add_note(notes, "unreadable", NOTE_WARN,
			 "%s could not be read whole %s the call, %u times; "
			 "the first time %u of %u bytes", name_part(part), when,
			 count, part->length, part->wanted);
}

static void note_capped(struct notes *notes, const struct record_part *part,
			uint32_t count)
{
	if (count == 1)
		add_note(notes, "cut", NOTE_WARN,
			 "%s is shown up to %u bytes only: the call names a "
			 "larger size", name_part(part), part->wanted);
	else
		add_note(notes, "cut", NOTE_WARN,
			 "%s is shown up to %u bytes only, %u times: the call "
			 "names larger sizes", name_part(part), part->wanted,
			 count);
}

static void note_parts(struct notes *notes, const struct record *record)
{
	for (uint32_t i = 0; i < record->part_count; i++) {
		const struct record_part *part = &record->parts[i];
		uint32_t count;

		if (is_short(part) &&
		    (count = count_alike(record, part, is_short)))
			note_short(notes, part, count);
		if (is_capped(part) &&
		    (count = count_alike(record, part, is_capped)))
			note_capped(notes, part, count);
	}
}

static void note_descriptor(struct notes *notes, const struct record *record,
			    const struct session_view *view)
{
	const struct abi_role_row *role = abi_find_role(view->object.role);

	if (!view->object.role)
		add_note(notes, "unreadable-descriptor", NOTE_WARN,
			 "what descriptor %d is could not be read: %s; "
			 "exits can't be shown for it", record->fd,
			 words_errno(record->file.error));
	if (view->object.role == ROLE_NOT_KVM) {
		if (record->file.link)
			add_note(notes, "not-kvm", NOTE_WARN,
				 "descriptor %d is %s, not KVM's: the number "
				 "of the request means nothing to it",
				 record->fd, record->file.link);
		return;
	}
	if (!view->row)
		add_note(notes, "unknown-request", NOTE_INFO,
			 "no ioctl of KVM with this number is known; its "
			 "bytes are shown raw");
	else if (!(view->row->roles & view->object.role) && role)
		add_note(notes, "wrong-descriptor", NOTE_WARN,
			 "%s is no request for a %s descriptor",
			 view->row->name, role->name);
}

static void note_run(struct notes *notes, const struct record *record,
		     const struct session_view *view)
{
	if (view->object.role != ROLE_VCPU)
		return;
	if (record->private_run_map)
		add_note(notes, "private-kvm-run", NOTE_WARN,
			 "kvm_run is mapped MAP_PRIVATE: what the program "
			 "writes there stays its own and hides what KVM "
			 "writes, so no exit is shown; map it MAP_SHARED");
	if (record->no_run_map && record->result >= 0)
		add_note(notes, "no-kvm-run", NOTE_WARN,
			 "where kvm_run is mapped is not known, so the exit "
			 "can't be shown");
}

/* Port data that the program can't reach: it mapped too little of the vCPU. */
static void note_run_data(struct notes *notes, const struct record *record,
			  const struct session_view *view)
{
	const struct record_part *run = record_find_part(
		record, PART_RUN, PHASE_AFTER, 0);
	struct abi_run_data data;

	if (!view->has_exit || !run)
		return;
	data = abi_find_run_data(record_part_bytes(record, run));
	if (data.length && record->run_mapped &&
	    data.offset + data.length > (record->run_mapped | 4095) + 1)
		add_note(notes, "run-data-unmapped", NOTE_WARN,
			 "the port data is at offset 0x%llx of the vCPU's "
			 "descriptor, the program mapped 0x%llx bytes of it: "
			 "map as many as KVM_GET_VCPU_MMAP_SIZE says",
			 (unsigned long long)data.offset,
			 (unsigned long long)record->run_mapped);
}

/* The 32-bit number of entries that the argument names, in this phase. */
static bool read_count(const struct record *record,
		       const struct session_view *view,
		       enum record_phase phase, uint64_t *ret_count)
{
	const struct abi_type *type = view->type;
	const struct record_part *part = record_find_part(
		record, PART_ARGUMENT, phase, 0);
	const struct abi_field *tail;

	if (!type || !type->field_count || !part)
		return false;
	tail = &type->fields[type->field_count - 1];
	if (!tail->is_counted || tail->count || !tail->length.size ||
	    part->length < (uint32_t)tail->length.offset + tail->length.size)
		return false;
	*ret_count = abi_read(record_part_bytes(record, part) +
			      tail->length.offset, tail->length.size);
	return true;
}

static void note_counts(struct notes *notes, const struct record *record,
			const struct session_view *view)
{
	uint64_t asked, given;

	if (!read_count(record, view, PHASE_BEFORE, &asked))
		return;
	if (view->row->result == RESULT_COUNT && record->result >= 0 &&
	    (uint64_t)record->result < asked)
		add_note(notes, "partial", NOTE_WARN,
			 "KVM did %lld of %llu entries and stopped at the "
			 "first that it refused, number %lld counted from 0; "
			 "the result is no error, but tells so",
			 (long long)record->result, (unsigned long long)asked,
			 (long long)record->result);
	if (record->result == -E2BIG &&
	    read_count(record, view, PHASE_AFTER, &given) && given > asked)
		add_note(notes, "too-few-entries", NOTE_INFO,
			 "the array has room for %llu entries, KVM has %llu: "
			 "call again with that many",
			 (unsigned long long)asked, (unsigned long long)given);
}

static void note_null(struct notes *notes, const struct record *record,
		      const struct session_view *view)
{
	if (view->row && view->row->type && !record->argument &&
	    record->result == -EFAULT)
		add_note(notes, "unreadable", NOTE_WARN,
			 "the argument is a null pointer");
}

static bool has_note(const struct notes *notes, const char *code)
{
	for (unsigned int i = 0; i < notes->count; i++)
		if (!strcmp(notes->list[i].code, code))
			return true;
	return false;
}

/*
 * Of KVM_RUN it speaks of the guest's memory: api.rst 4.10. Where KVM only
 * writes, nothing was copied, and no other note tells.
 */
static void note_fault(struct notes *notes, const struct record *record,
		       const struct session_view *view)
{
	if (record->result != -EFAULT || record->injected || !view->row ||
	    !view->row->type || has_note(notes, "unreadable"))
		return;
	add_note(notes, "unreachable", NOTE_WARN,
		 "EFAULT: KVM could not reach the memory that the call names");
}

void notes_find(struct notes *notes, const struct record *record,
		const struct session_view *view)
{
	notes->count = 0;
	buffer_reset(&notes->text);
	if (record->kind != RECORD_IOCTL)
		return;
	note_descriptor(notes, record, view);
	note_run(notes, record, view);
	note_run_data(notes, record, view);
	note_null(notes, record, view);
	note_counts(notes, record, view);
	note_parts(notes, record);
	note_fault(notes, record, view);
	if (record->result <= -512 && !record->unfinished)
		add_note(notes, "restarted", NOTE_INFO,
			 "a signal interrupted the call; the kernel starts it "
			 "again by itself");
}

void notes_free(struct notes *notes)
{
	buffer_free(&notes->text);
}
