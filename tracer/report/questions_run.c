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

static void list_configured(const struct study *study, struct answer *answer)
{
	answer_text(answer, "It was configured:");
	tell_configured(answer, "RIP", study->regs_event, study->sets_regs);
	tell_configured(answer, "CS.base (and the mode)", study->sregs_event,
			study->sets_sregs);
}

static void tell_refused_base(const struct study *study,
			      struct answer *answer)
{
	if (study->refused)
		answer_text(answer, "%s; see 3a). It asked for `CS.base` = %s.",
			    study_name_refused(study, answer),
			    answer_hex_at(answer, study->refused_sregs,
					  "cs.base"));
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
	bool has_half = study->regs_event || study->sregs_event;

	if (study_is_started(study) || has_half)
		answer_unknown(answer, "the address: %s neither set nor read "
			       "before the guest ran.",
			       study->regs_event ? "CS was" :
			       study->sregs_event ? "RIP was" :
			       "RIP and CS were");
	else
		study_say_nothing(study, answer, "there is no guest that "
				  "starts");
	tell_refused_base(study, answer);
	if (has_half)
		list_configured(study, answer);
	if (!study->vcpu || !study->vcpu->first_try || study->refused)
		return;
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
		list_configured(study, answer);
		tell_refused_base(study, answer);
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

/* A signal that was pending when the call began, and slow tracing of it, stay
 * below this. */
#define SURELY_RAN_NS 20000000u
#define NS_PER_MS 1000000u

/* KVM_RUN failed with EINTR, but not because of immediate_exit. */
static void tell_interrupted(const json_t *event, struct answer *answer)
{
	uint64_t ns = field_number_or(event, "dur_ns", 0);

	answer_text(answer, "The guest ran until a signal for its thread broke "
		    "the call off%s: it failed with `EINTR`.",
		    ns < NS_PER_MS ? "" :
		    answer_format(answer, ", after %" PRIu64 " ms",
				  ns / NS_PER_MS));
	if (ns < SURELY_RAN_NS)
		answer_unknown(answer, "whether the guest got to execute "
			       "anything before that signal.");
}

static const char *name_end(const json_t *event, struct answer *answer)
{
	if (field_has(event, "errno"))
		return "";
	if (!field_has(event, "ret"))
		return " It had not returned when its thread or the trace "
		       "ended.";
	if (!field_has(event, "exit.reason"))
		return " It came back with an exit that the trace doesn't "
		       "show.";
	return answer_format(answer, " It came back with %s.",
			     answer_quote(answer, field_text(event,
							     "exit.reason")));
}

/* api.rst, KVM_EXIT_HLT; kvm_vcpu_block() in kvm_arch_vcpu_ioctl_run() and
 * vcpu_block(), arch/x86/kvm/x86.c */
static void tell_waiting(const struct study *study, struct answer *answer)
{
	if (facts_find_call(study->facts, "KVM_CREATE_IRQCHIP"))
		answer_text(answer, "With the interrupt controllers in the "
			    "kernel (`KVM_CREATE_IRQCHIP`), some of that time "
			    "may be waiting: KVM itself waits after a `HLT`, "
			    "and a further vCPU waits to be started by "
			    "another.");
}

static void tell_first_run(const struct study *study, struct answer *answer)
{
	const struct facts_vcpu *vcpu = study->vcpu;
	const json_t *event = vcpu->first_run;

	answer_text(answer, "`KVM_RUN` starts the guest: the first one that "
		    "entered it%s, %s.%s", answer_place(answer, event),
		    answer_cite(answer, event), name_end(event, answer));
	if (field_has(event, "errno"))
		tell_interrupted(event, answer);
	if (!field_has(event, "ret") || field_has(event, "errno"))
		tell_waiting(study, answer);
	if (!field_has(event, "caller"))
		answer_unknown(answer, "the line, because the trace has no "
			       "callers.");
	if (vcpu->tries > 1)
		answer_text(answer, "The same call lets the guest go on after "
			    "each exit: %s in all, %" PRIu64 " of them with "
			    "success; the last is %s.",
			    answer_count(answer, vcpu->tries, "call"),
			    vcpu->runs, answer_cite(answer, vcpu->last_try));
	list_exits(vcpu, answer);
}

/* Why a failure says nothing about the guest, where that is so. */
static const char *explain_failure(const json_t *event)
{
	if (json_is_true(field_find(event, "injected")))
		return ", which the tracer put in the place of the call: KVM "
		       "never saw it";
	if (field_is(event, "errno", "EINTR") &&
	    field_number_or(event, "in.immediate_exit", 0))
		return ": `immediate_exit` was set, and then KVM doesn't enter "
		       "the guest";
	return "";
}

static void tell_failed_runs(const struct study *study, struct answer *answer)
{
	const json_t *event = study->vcpu->first_try;

	answer_text(answer, "`KVM_RUN` would start the guest (%s%s), but it "
		    "failed with %s%s%s.", answer_cite(answer, event),
		    answer_place(answer, event),
		    answer_quote(answer, field_text(event, "errno")),
		    study->vcpu->tries > 1 ? ", and no later one succeeded" :
					     "", explain_failure(event));
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
		study_tell_notes(answer, study->vcpu->last_try,
				 !study_is_started(study));
	answer_sheet(answer, "the line with `regs.rip = 0` starts nothing: it "
		     "only prepares the address. The guest runs while the "
		     "program is inside `ioctl(vcpu, KVM_RUN, 0)`.");
}
