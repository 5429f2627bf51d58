/*
 * The study report: the questions of the course sheet (part 1) about the facts
 * of one trace. study.c puts it together; questions_*.c hold one function a
 * question, which says what this trace shows, with the numbers of the lines
 * that show it, and says so where it shows nothing. Nothing is guessed: what
 * comes from the manuals and not from the trace is called so.
 */
#ifndef REPORT_STUDY_H
#define REPORT_STUDY_H

#include <linux/kvm.h>

#include "report/answer.h"
#include "report/facts.h"

/* The processor as the program set it up, and the VM it belongs to. */
struct study {
	const struct facts *facts;
	const struct facts_vcpu *vcpu;	/* NULL: none in the trace */
	const struct facts_vm *vm;	/* NULL: none */
	const json_t *slots;		/* by number; NULL: none known */
	json_t *seen_slots;		/* `slots` where no call shows them */
	const json_t *guest;		/* what the tracer saw; NULL: nothing */
	const json_t *guest_event;	/* where it stands */
	const json_t *sregs_event;	/* NULL: not known */
	const json_t *refused;		/* a later call that failed to set them */
	const json_t *refused_sregs;	/* what it asked for */
	const json_t *regs_event;
	bool sets_sregs, sets_regs;	/* by the program, not only read */
	struct kvm_sregs sregs;		/* the members that decide something */
	uint64_t rip;
	const char *mode;		/* "long" …; NULL: not known */
	bool has_entry;			/* gva is known */
	uint64_t gva;
	const json_t *entry_slot;	/* the call; NULL: not known or none */
	bool has_gpa, has_hva, has_hpa;
	uint64_t gpa, hva, hpa;
};

/* Borrows the facts. */
void study_init(struct study *study, const struct facts *facts);
void study_done(struct study *study);
bool study_is_paged(const struct study *study);
bool study_is_mode(const struct study *study, const char *mode);
/* Has the guest ever run? */
bool study_is_started(const struct study *study);
/* "starts" or "would start" */
const char *study_starts(const struct study *study);
/* The members that decide something, of a structure in an event. */
void study_read_sregs(const json_t *from, struct kvm_sregs *ret_sregs);
/* "long mode": `mode` in words; NULL for unknown names. */
const char *study_mode_title(const char *mode);
/* The sum of the slots' bytes. */
uint64_t study_memory_bytes(const struct study *study);
/* Why there is nothing to say about a guest, into the answer. */
void study_say_nothing(const struct study *study, struct answer *answer,
		       const char *what);
/* The special registers that KVM refused: what and why, in full. */
void study_tell_refused(const struct study *study, struct answer *answer);
/* "`KVM_SET_SREGS` in `f` was refused with `EINVAL` (seq 5" */
const char *study_name_refused(const struct study *study,
			       struct answer *answer);
/* What the tracer itself found wrong with a call: errors, and warnings too. */
void study_tell_notes(struct answer *answer, const json_t *event,
		      bool with_warnings);

struct question {
	const char *id;
	const char *text;	/* the sheet's own words, shortened */
	void (*answer)(const struct study *study, struct answer *answer);
};

#define QUESTION_COUNT 13
extern const struct question study_questions[QUESTION_COUNT];

void question_1a(const struct study *study, struct answer *answer);
void question_1b(const struct study *study, struct answer *answer);
void question_2a(const struct study *study, struct answer *answer);
void question_2b(const struct study *study, struct answer *answer);
void question_3a(const struct study *study, struct answer *answer);
void question_3b(const struct study *study, struct answer *answer);
void question_3c(const struct study *study, struct answer *answer);
void question_3d(const struct study *study, struct answer *answer);
void question_4a(const struct study *study, struct answer *answer);
void question_4b(const struct study *study, struct answer *answer);
void question_5a(const struct study *study, struct answer *answer);
void question_5b(const struct study *study, struct answer *answer);
void question_5c(const struct study *study, struct answer *answer);

/* What holds for the whole report, before the questions: what was traced, and
 * why the trace may not show all. */
void study_introduce(const struct study *study, struct answer *answer);

#endif
