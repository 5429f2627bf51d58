/* Questions 4a and 4b: where and how the guest starts. */
#include <inttypes.h>
#include <string.h>

#include "report/fields.h"
#include "report/study.h"

/* 4a */

static bool ignores_base(const struct study *study)
{
	return study_is_mode(study, "long") || study_is_mode(study, "la57");
}

/* SDM vol. 3A, "Segmentation in IA-32e Mode" */
static void tell_address(const struct study *study, struct answer *answer)
{
	if (!study->regs_event || !study->sregs_event) {
		answer_text(answer, "At %s (%s).",
			    answer_hex(answer, study->gva),
			    answer_cite(answer, study->guest_event));
		return;
	}
	answer_text(answer, "At %s: RIP = %s (%s)%s%s (%s).",
		    answer_hex(answer, study->gva),
		    answer_hex(answer, study->rip),
		    answer_cite(answer, study->regs_event),
		    ignores_base(study) ?
		    "; 64-bit code ignores CS.base, here " : " + CS.base = ",
		    answer_hex(answer, study->sregs.cs.base),
		    answer_cite(answer, study->sregs_event));
	if (study->guest_event)
		answer_cite(answer, study->guest_event);
}

static void tell_configured(struct answer *answer, const char *what,
			    const json_t *event, bool is_set)
{
	if (!event)
		answer_unknown(answer, "where %s comes from, because no call in "
			       "this trace set or read it.", what);
	else if (is_set)
		answer_item(answer, "%s by %s%s (%s)", what,
			    answer_quote(answer, field_text(event, "name")),
			    answer_place(answer, event),
			    answer_cite(answer, event));
	else
		answer_item(answer, "%s by nobody: it is as %s found it, KVM's "
			    "own state after a reset (%s)", what,
			    answer_quote(answer, field_text(event, "name")),
			    answer_cite(answer, event));
}

static void tell_instruction(const struct study *study, struct answer *answer)
{
	const json_t *entry = field_find(study->guest, "entry");
	const char *instruction = field_text(entry, "instruction");
	const char *bytes = field_text(entry, "bytes_hex");

	if (instruction || bytes)
		answer_text(answer, "There is %s%s%s%s (%s).",
			    instruction ? answer_quote(answer, instruction) :
					  "code",
			    bytes ? " (bytes " : "",
			    bytes ? answer_quote(answer, bytes) : "",
			    bytes ? ")" : "",
			    answer_cite(answer, study->guest_event));
	if (study->has_gpa)
		answer_text(answer, "The guest physical address is %s%s%s.",
			    answer_hex(answer, study->gpa),
			    study->has_hva ? ", in the program's memory at " :
					     ", which no slot has",
			    study->has_hva ? answer_hex(answer, study->hva) :
					     "");
}

/* SDM vol. 3A, "Processor State After Reset" */
static void tell_reset(const struct study *study, struct answer *answer)
{
	study_say_nothing(study, answer, study->vcpu ?
			  "the address: RIP and CS were neither set nor read "
			  "before the guest ran" :
			  "there is no guest that starts");
	answer_text(answer, "A vCPU whose registers nobody sets is in the "
		    "state after a reset: CS.base = `0xffff0000`, RIP = "
		    "`0xfff0`, so it starts at `0xfffffff0` (from the "
		    "manuals, not from this trace).");
}

void question_4a(const struct study *study, struct answer *answer)
{
	if (!study->has_entry) {
		tell_reset(study, answer);
	} else {
		tell_address(study, answer);
		answer_text(answer, "It was configured:");
		tell_configured(answer, "RIP", study->regs_event,
				study->sets_regs);
		tell_configured(answer, "CS.base (and the mode)",
				study->sregs_event, study->sets_sregs);
		tell_instruction(study, answer);
	}
	answer_sheet(answer, "CS.base alone is not the address: RIP, which "
		     "`KVM_SET_REGS` sets, belongs to it, and in long mode the "
		     "processor ignores the base.");
}

/* 4b */

static void list_exits(const struct facts_vcpu *vcpu, struct answer *answer)
{
	const char *list = "", *reason;
	json_t *count;
	size_t listed = 0;

	json_object_foreach(vcpu->exits, reason, count) {
		if (listed++ == 24)
			break;
		list = answer_format(answer, "%s%s%s (%" JSON_INTEGER_FORMAT
				     ")", list, *list ? ", " : "",
				     answer_quote(answer, reason),
				     json_integer_value(count));
	}
	if (*list)
		answer_text(answer, "Its exits: %s.", list);
}

static void tell_first_run(const struct study *study, struct answer *answer)
{
	const json_t *event = study->vcpu->first_run;

	answer_text(answer, "`KVM_RUN` starts the guest: the first one that "
		    "succeeded%s, %s. It came back with %s.",
		    answer_place(answer, event), answer_cite(answer, event),
		    field_has(event, "exit.reason") ?
		    answer_quote(answer, field_text(event, "exit.reason")) :
		    "an exit that the trace doesn't show");
	if (!field_has(event, "caller"))
		answer_unknown(answer, "the line, because the trace has no "
			       "callers.");
	answer_text(answer, "The same call lets the guest go on after each "
		    "exit: %s in all, %" PRIu64 " of them with success; the "
		    "last is %s.", answer_count(answer, study->vcpu->tries, "call"),
		    study->vcpu->runs,
		    answer_cite(answer, study->vcpu->last_try));
	list_exits(study->vcpu, answer);
}

static void tell_failed_runs(const struct study *study, struct answer *answer)
{
	const json_t *event = study->vcpu->first_try;

	if (!field_has(event, "errno")) {
		answer_text(answer, "`KVM_RUN` starts the guest (%s%s), but it "
			    "had not returned when its thread or the trace "
			    "ended.", answer_cite(answer, event),
			    answer_place(answer, event));
		return;
	}
	answer_text(answer, "`KVM_RUN` would start the guest (%s%s), but it "
		    "failed with %s%s.", answer_cite(answer, event),
		    answer_place(answer, event),
		    answer_quote(answer, field_text(event, "errno")),
		    study->vcpu->tries > 1 ? ", and no later one succeeded" :
					     "");
}

/* What the tracer itself found wrong with a run. */
static void tell_notes(const struct study *study, struct answer *answer)
{
	const json_t *event = study->vcpu->last_try;
	const json_t *notes = field_find(event, "notes");

	for (size_t i = 0; i < json_array_size(notes) && i < 8; i++) {
		const json_t *note = json_array_get(notes, i);

		if (field_is(note, "severity", "error"))
			answer_text(answer, "The tracer's note on the last "
				    "run (%s): %s", answer_cite(answer, event),
				    answer_quote(answer, field_text(note,
								    "text")));
	}
}

void question_4b(const struct study *study, struct answer *answer)
{
	if (!study->vcpu || !study->vcpu->first_try)
		study_say_nothing(study, answer, "the guest did not start");
	else if (study->vcpu->first_run)
		tell_first_run(study, answer);
	else
		tell_failed_runs(study, answer);
	if (study->vcpu && study->vcpu->last_try)
		tell_notes(study, answer);
	answer_sheet(answer, "the line with `regs.rip = 0` starts nothing: it "
		     "only prepares the address. The guest runs while the "
		     "program is inside `ioctl(vcpu, KVM_RUN, 0)`.");
}
