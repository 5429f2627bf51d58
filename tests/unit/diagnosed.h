/*
 * Notes on a trace that a test makes call by call: one process with one VM and
 * one vCPU, whose records go through the session to the rules of diagnoses.
 * Each test is a TEST(), begins with the machine made, and says with take_…()
 * what comes next in the trace; the notes are those of the last record.
 */
#ifndef TESTS_UNIT_DIAGNOSED_H
#define TESTS_UNIT_DIAGNOSED_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "annotate/notes.h"
#include "records.h"

static struct session *session;
static struct notes notes;
static struct record record;
static uint64_t seq;

/* The record is next in the trace. */
static inline void take(void)
{
	struct session_view view;

	session_apply(session, &record, &view);
	notes_find(&notes, &record, &view, seq);
	session_numbered(session, &record, seq++);
}

static inline const struct note *find(const char *code)
{
	for (unsigned int i = 0; i < notes.count; i++)
		if (!strcmp(diagnoses[notes.list[i].code].code, code))
			return &notes.list[i];
	return NULL;
}

static inline void assert_note(const char *code, enum note_severity severity)
{
	const struct note *note = find(code);

	if (!note)
		fail_msg("no note %s, but %u others", code, notes.count);
	assert_int_equal(note->severity, severity);
}

static inline void assert_none(void)
{
	if (notes.count)
		fail_msg("a note %s", diagnoses[notes.list[0].code].code);
}

static inline void make_machine(void)
{
	make_creation(&record, &kvm_file, KVM_CREATE_VM, 0, &vm_file, 4);
	take();
	make_creation(&record, &vm_file, KVM_CREATE_VCPU, 0, &vcpu_file, 5);
	take();
}

static inline int set_up(void **state)
{
	(void)state;
	session = session_new();
	seq = 1;
	make_machine();
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	notes_free(&notes);
	memset(&notes, 0, sizeof(notes));
	session_free(session);
	record_free(&record);
	memset(&record, 0, sizeof(record));
	return 0;
}

static inline void take_call(const struct record_file *file, uint64_t request,
		      const void *argument, uint32_t bytes, int64_t result)
{
	make_ioctl(&record, file, request, 0x1000, result);
	add_bytes(&record, PART_ARGUMENT, PHASE_BEFORE, 0, argument, bytes);
	take();
}

static inline void take_sregs(const struct kvm_sregs *sregs, int64_t result)
{
	take_call(&vcpu_file, KVM_SET_SREGS, sregs, sizeof(*sregs), result);
}

static inline void take_cpuid(uint32_t leaf, uint32_t ebx, uint32_t ecx,
		       int64_t result)
{
	/* struct kvm_cpuid2 with one entry, which clang lets nobody declare. */
	const struct {
		uint32_t nent, padding;
		struct kvm_cpuid_entry2 entry;
	} cpuid = { .nent = 1, .entry = { .function = leaf, .ebx = ebx,
					  .ecx = ecx } };

	take_call(&vcpu_file, KVM_SET_CPUID2, &cpuid, sizeof(cpuid), result);
}

static inline void take_slot(uint32_t slot, uint64_t gpa, uint64_t bytes,
		      uint64_t hva, int64_t result)
{
	const struct kvm_userspace_memory_region region = {
		.slot = slot, .guest_phys_addr = gpa, .memory_size = bytes,
		.userspace_addr = hva,
	};

	take_call(&vm_file, KVM_SET_USER_MEMORY_REGION, &region,
		  sizeof(region), result);
}

static inline void take_exit(int status, int signal)
{
	record_reset(&record, RECORD_EXIT);
	record.pid = record.tid = 100;
	record.status = status;
	record.signal = signal;
	take();
}

static inline void take_run(const struct kvm_run *after, int64_t result)
{
	static const struct kvm_run before;

	make_run(&record, &vcpu_file, &before, after, result);
	take();
}

static inline void take_exit_reason(uint32_t reason)
{
	const struct kvm_run run = { .exit_reason = reason };

	take_run(&run, 0);
}

#define LONG_CR0 0x80000011u
#define LONG_CR4 0x20u
#define LONG_EFER 0x500u

/* KVM refuses them: sregs-lma-missing. */
static inline struct kvm_sregs make_bad_sregs(void)
{
	return (struct kvm_sregs){ .cr0 = LONG_CR0, .cr4 = LONG_CR4,
				   .efer = 0x100, .cs.l = 1 };
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

#endif
