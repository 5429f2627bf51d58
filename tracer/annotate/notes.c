#include "annotate/notes.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "annotate/diagnose.h"
#include "annotate/words.h"

const char *notes_severity_name(enum note_severity severity)
{
	static const char *const names[] = { "info", "warn", "error" };

	return names[severity];
}

static void add_note(struct scene *scene, enum diagnosis_code code,
		     const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What the trace shows and what it can't: sentences of its own each time. */
static void add_note(struct scene *scene, enum diagnosis_code code,
		     const char *format, ...)
{
	struct notes *notes = scene->notes;
	struct note *note = &notes->list[notes->count];
	char text[512];
	va_list arguments;

	if (notes->count == NOTES_MAX)
		return;
	notes->count++;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	*note = (struct note){ .code = code,
			       .severity = diagnoses[code].severity,
			       .offset = notes->text.length };
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

/* Of the call's own memory: guest memory may well be missing. */
static bool is_short(const struct record_part *part)
{
	return part->kind < PART_GUEST && part->length < part->wanted;
}

static bool is_capped(const struct record_part *part)
{
	return part->kind < PART_GUEST && part->capped;
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

static void note_short(struct scene *scene, const struct record_part *part,
		       uint32_t count)
{
	const char *when = part->phase == PHASE_BEFORE ? "before" : "after";

	if (count == 1)
		add_note(scene, CODE_UNREADABLE,
			 "%s could not be read whole %s the call: %u of %u "
			 "bytes", name_part(part), when, part->length,
			 part->wanted);
	else
		add_note(scene, CODE_UNREADABLE,
			 "%s could not be read whole %s the call, %u times; "
			 "the first time %u of %u bytes", name_part(part), when,
			 count, part->length, part->wanted);
}

static void note_capped(struct scene *scene, const struct record_part *part,
			uint32_t count)
{
	if (count == 1)
		add_note(scene, CODE_CUT,
			 "%s is shown up to %u bytes only: the call names a "
			 "larger size", name_part(part), part->wanted);
	else
		add_note(scene, CODE_CUT,
			 "%s is shown up to %u bytes only, %u times: the call "
			 "names larger sizes", name_part(part), part->wanted,
			 count);
}

static void note_parts(struct scene *scene, const struct record *record)
{
	for (uint32_t i = 0; i < record->part_count; i++) {
		const struct record_part *part = &record->parts[i];
		uint32_t count;

		if (is_short(part) &&
		    (count = count_alike(record, part, is_short)))
			note_short(scene, part, count);
		if (is_capped(part) &&
		    (count = count_alike(record, part, is_capped)))
			note_capped(scene, part, count);
	}
}

static void note_descriptor(struct scene *scene)
{
	const struct record *record = scene->record;
	uint8_t role = scene->view->object.role;

	if (!role)
		add_note(scene, CODE_UNREADABLE_DESCRIPTOR,
			 "what descriptor %d is could not be read: %s; "
			 "exits can't be shown for it", record->fd,
			 words_errno(record->file.error));
	if (role == ROLE_NOT_KVM && record->file.link)
		add_note(scene, CODE_NOT_KVM,
			 "descriptor %d is %s, not KVM's: the number of the "
			 "request means nothing to it", record->fd,
			 record->file.link);
	if (role != ROLE_NOT_KVM && !scene->view->row)
		add_note(scene, CODE_UNKNOWN_REQUEST,
			 "no ioctl of KVM with this number is known; its "
			 "bytes are shown raw");
}

static void note_run(struct scene *scene)
{
	if (scene->view->object.role != ROLE_VCPU)
		return;
	if (scene->record->private_run_map)
		diagnose_say(scene, CODE_PRIVATE_KVM_RUN, NULL, NULL);
	if (scene->record->no_run_map && scene->record->result >= 0)
		add_note(scene, CODE_NO_KVM_RUN,
			 "where kvm_run is mapped is not known, so the exit "
			 "can't be shown");
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

static void note_counts(struct scene *scene)
{
	const struct record *record = scene->record;
	uint64_t asked, given;

	if (!read_count(record, scene->view, PHASE_BEFORE, &asked))
		return;
	if (scene->view->row->result == RESULT_COUNT && record->result >= 0 &&
	    (uint64_t)record->result < asked)
		diagnose_say(scene, CODE_PARTIAL, "ret",
			     "%lld of %llu, and refused number %lld counted "
			     "from 0", (long long)record->result,
			     (unsigned long long)asked,
			     (long long)record->result);
	if (record->result != -E2BIG || !scene->view->row->reads_head_only)
		return;
	if (read_count(record, scene->view, PHASE_AFTER, &given) &&
	    given > asked)
		diagnose_say_as(scene, CODE_TOO_FEW_ENTRIES, NOTE_INFO, "errno",
				"room for %llu, KVM has %llu",
				(unsigned long long)asked,
				(unsigned long long)given);
	else
		diagnose_say_as(scene, CODE_TOO_FEW_ENTRIES, NOTE_INFO, "errno",
				"room for %llu", (unsigned long long)asked);
	/* Many ask so on purpose, to learn how many there are. */
	scene->notes->trouble = CODE_TOO_FEW_ENTRIES;
}

static void note_null(struct scene *scene)
{
	if (scene->view->row && scene->view->row->type &&
	    !scene->record->argument && scene->record->result == -EFAULT)
		add_note(scene, CODE_UNREADABLE,
			 "the argument is a null pointer");
}

/*
 * Of KVM_RUN it speaks of the guest's memory, and is no matter of this. Where
 * KVM only writes, nothing was copied, and no other note tells.
 */
static void note_fault(struct scene *scene)
{
	const struct abi_ioctl *row = scene->view->row;

	if (scene->record->result != -EFAULT || scene->record->injected ||
	    !row || !row->type || diagnose_has(scene, CODE_UNREADABLE))
		return;
	add_note(scene, CODE_UNREACHABLE,
		 "EFAULT: KVM could not reach the memory that the call names");
}

/* Linux, Documentation/admin-guide/mm/pagemap.rst */
static void note_frame(struct scene *scene)
{
	const struct session_view *view = scene->view;

	if (!view->guest || !view->guest->has_slot ||
	    (view->has_frame && view->frame) ||
	    !diagnose_once(scene, CODE_HPA_HIDDEN))
		return;
	diagnose_say(scene, CODE_HPA_HIDDEN, "guest.entry",
		     view->has_frame ? "the kernel hides page frame numbers "
				       "from ordinary users"
				     : "its page is not in memory now");
}

/* A guest that runs may change them: session/registers.h. */
static void note_unknown(struct scene *scene)
{
	const struct session_view *view = scene->view;

	if (!view->guest || view->guest->has_mode ||
	    !diagnose_once(scene, CODE_GUEST_UNKNOWN))
		return;
	add_note(scene, CODE_GUEST_UNKNOWN, "%s",
		 scene->vm && scene->vm->is_known ?
			 "the guest's mode and where it goes on are not known: "
			 "it has run, which may have changed its special "
			 "registers, and the program has not asked for them "
			 "since (KVM_GET_SREGS)" :
			 "the guest's mode and where it goes on are not known: "
			 "its special registers were set before the trace "
			 "began, or out of its sight");
}

static void find_in_ioctl(struct scene *scene)
{
	const struct record *record = scene->record;

	note_descriptor(scene);
	note_run(scene);
	notes_find_in_exit(scene);
	note_null(scene);
	note_counts(scene);
	note_frame(scene);
	note_unknown(scene);
	note_parts(scene, record);
	note_fault(scene);
	if (record->result <= -512 && !record->unfinished)
		add_note(scene, CODE_RESTARTED,
			 "a signal interrupted the call; the kernel starts it "
			 "again by itself");
}

/* What rules find: nothing where the tracer answered in KVM's place. */
static void diagnose(struct scene *scene)
{
	const struct record *record = scene->record;

	if (!scene->view->row || record->injected ||
	    scene->view->object.role == ROLE_NOT_KVM ||
	    !scene->view->object.role)
		return;
	if (record->unfinished)
		diagnose_unfinished(scene);
	else if (abi_is_run(scene->view->row) && scene->vcpu)
		diagnose_run(scene);
	else if (record->result >= 0)
		diagnose_call(scene);
	if (!record->unfinished && record->result < 0)
		diagnose_refusal(scene);
}

static void find_notes(struct scene *scene)
{
	switch (scene->record->kind) {
	case RECORD_IOCTL:
		find_in_ioctl(scene);
		diagnose(scene);
		break;
	case RECORD_SYSCALL:
		diagnose_open(scene);
		break;
	case RECORD_EXIT:
		diagnose_end(scene);
		break;
	default:
		break;
	}
}

/* An error keeps: what the process does about it shows whether it was one. */
static void keep_trouble(const struct scene *scene)
{
	struct process_history *process = scene->process;

	if (scene->notes->trouble < 0 || scene->record->kind == RECORD_EXIT)
		return;
	process->trouble = (struct mark){ true, scene->seq };
	process->trouble_code = scene->notes->trouble;
	process->trouble_request = record_request(scene->record);
}

/* "intel", "amd", "pvm", as the rows of diagnoses say it. */
static const char *find_vendor(const struct record_start *start)
{
	static const struct {
		const char *sign, *vendor;
	} rows[] = {
		{ "kvm_intel", "intel" }, { "kvm_amd", "amd" },
		{ "kvm_pvm", "pvm" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (start->kvm_module &&
		    !strcmp(start->kvm_module, rows[i].sign))
			return rows[i].vendor;
	return NULL;
}

void notes_begin(struct notes *notes, const struct record_start *start)
{
	notes->vendor = find_vendor(start);
}

void notes_find(struct notes *notes, const struct record *record,
		const struct session_view *view, uint64_t seq)
{
	struct scene scene = { .notes = notes, .record = record, .view = view,
			       .seq = seq };

	if (!notes->history)
		notes->history = history_new();
	notes->count = 0;
	notes->trouble = -1;
	buffer_reset(&notes->text);
	scene.history = notes->history;
	scene.process = history_process(notes->history, record->pid);
	scene.vm = history_vm(notes->history, view->object.vm);
	scene.vcpu = history_vcpu(notes->history, record, view);
	find_notes(&scene);
	history_apply(notes->history, record, view, seq);
	keep_trouble(&scene);
}

void notes_free(struct notes *notes)
{
	if (notes->history)
		history_free(notes->history);
	buffer_free(&notes->text);
}
