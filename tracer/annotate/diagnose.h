/*
 * Rules: when a diagnosis holds. Each looks at one call and the history before
 * it, and says a row of diagnoses.h with the call's own facts. They are asked
 * by notes.c, and give up nothing but notes.
 */
#ifndef ANNOTATE_DIAGNOSE_H
#define ANNOTATE_DIAGNOSE_H

#include <stdbool.h>

#include "annotate/notes.h"
#include "session/history.h"

/* What rules see; `vm`, `vcpu` and `process` are NULL where unknown. */
struct scene {
	struct notes *notes;
	const struct record *record;
	const struct session_view *view;
	struct history *history;
	const struct vm_history *vm;
	struct vcpu_history *vcpu;
	struct process_history *process;
	uint64_t seq;
};

/*
 * Add a note: the cause, with `facts` behind it (printf; NULL: none), and the
 * remedy. `fields` are members of this line, with blanks between; a literal.
 * An error is toned down to a warning, and kept as the process's trouble.
 */
void diagnose_say(struct scene *scene, enum diagnosis_code code,
		  const char *fields, const char *facts, ...)
	__attribute__((format(printf, 4, 5)));
/* The same with the severity of the row, or another. */
void diagnose_say_as(struct scene *scene, enum diagnosis_code code,
		     enum note_severity severity, const char *fields,
		     const char *facts, ...)
	__attribute__((format(printf, 5, 6)));

/* The note that was added last rests on that line too. */
void diagnose_cite(struct scene *scene, struct mark mark);

/* False when it was asked of this code and vCPU before. */
bool diagnose_once(struct scene *scene, enum diagnosis_code code);
bool diagnose_has(const struct scene *scene, enum diagnosis_code code);

/* Does a rule of this vendor's apply here? Also where nothing is known. */
bool diagnose_is_on(const struct scene *scene, const char *vendor);

/* The argument's bytes as passed, when there are `size` of them, or NULL. */
const uint8_t *diagnose_argument(const struct scene *scene, size_t size);

/* What of an exit can't be shown, or not whole. */
void notes_find_in_exit(struct scene *scene);

/* Families of rules: for calls that failed, for other calls, for ends. */
void diagnose_refusal(struct scene *scene);
void diagnose_sregs(struct scene *scene);
void diagnose_xcrs(struct scene *scene);
void diagnose_slot(struct scene *scene);
void diagnose_call(struct scene *scene);
void diagnose_run(struct scene *scene);
void diagnose_unfinished(struct scene *scene);
void diagnose_entry(struct scene *scene);
void diagnose_guest(struct scene *scene, const uint8_t *run);
void diagnose_last_registers(struct scene *scene);
void diagnose_open(struct scene *scene);
void diagnose_end(struct scene *scene);

#endif
