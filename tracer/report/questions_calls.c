/* Questions 2a and 2b: the calls of the KVM API, and the introduction. */
#include <inttypes.h>
#include <string.h>

#include "abi/abi.h"
#include "report/fields.h"
#include "report/study.h"

/* Details of a call that sets something up, for 2a */

static const char *tell_result(struct answer *answer, const json_t *event)
{
	return answer_format(answer, "; here descriptor %s",
			     answer_decimal_at(answer, event, "ret"));
}

static const char *tell_tss(struct answer *answer, const json_t *event)
{
	return answer_format(answer, "; here at guest physical %s",
			     answer_hex_at(answer, event, "in.gpa"));
}

static const char *tell_slot(struct answer *answer, const json_t *event)
{
	return answer_format(answer, "; here slot %s, %s at guest physical "
			     "%s, the program's memory at %s",
			     answer_decimal_at(answer, event, "in.slot"),
			     answer_size(answer, field_number_or(event,
							"in.memory_size", 0)),
			     answer_hex_at(answer, event, "in.guest_phys_addr"),
			     answer_hex_at(answer, event, "in.userspace_addr"));
}

static const char *tell_bytes(struct answer *answer, const json_t *event)
{
	return answer_format(answer, "; here %s", answer_size(answer,
				field_number_or(event, "ret", 0)));
}

static const char *tell_sregs(struct answer *answer, const json_t *event)
{
	return answer_format(answer, "; here CR0 %s, CR3 %s, CR4 "
			     "%s, EFER %s", answer_hex_at(answer, event, "in.cr0"),
			     answer_hex_at(answer, event, "in.cr3"),
			     answer_hex_at(answer, event, "in.cr4"),
			     answer_hex_at(answer, event, "in.efer"));
}

static const char *tell_regs(struct answer *answer, const json_t *event)
{
	return answer_format(answer, "; here RIP %s, RSP %s, RFLAGS "
			     "%s", answer_hex_at(answer, event, "in.rip"),
			     answer_hex_at(answer, event, "in.rsp"),
			     answer_hex_at(answer, event, "in.rflags"));
}

/* Sources: api.rst, at the name of the call. */
static const struct {
	const char *name, *purpose;
	const char *(*tell)(struct answer *answer, const json_t *event);
} setup[] = {
	{ "KVM_GET_API_VERSION", "makes sure that the interface is the one "
	  "the program knows (12)", NULL },
	{ "KVM_CREATE_VM", "makes a VM, without memory and vCPUs, and gives a "
	  "descriptor for it", tell_result },
	{ "KVM_SET_TSS_ADDR", "sets three pages of guest physical addresses "
	  "aside, which KVM needs on Intel processors only", tell_tss },
	{ "KVM_SET_IDENTITY_MAP_ADDR", "sets one more page aside, which KVM "
	  "needs on Intel processors only", NULL },
	{ "KVM_CREATE_IRQCHIP", "puts the interrupt controllers into the "
	  "kernel", NULL },
	{ "KVM_SET_USER_MEMORY_REGION", "makes memory of the program guest "
	  "memory (a slot)", tell_slot },
	{ "KVM_SET_USER_MEMORY_REGION2", "makes memory of the program guest "
	  "memory (a slot)", tell_slot },
	{ "KVM_CREATE_VCPU", "makes a virtual processor and gives a descriptor "
	  "for it", tell_result },
	{ "KVM_GET_VCPU_MMAP_SIZE", "tells how much of the vCPU's descriptor "
	  "to map", tell_bytes },
	{ "KVM_SET_CPUID2", "says what the guest's CPUID instruction shall "
	  "answer", NULL },
	{ "KVM_GET_SREGS", "reads the special registers: a program changes "
	  "some and keeps the others", NULL },
	{ "KVM_GET_SREGS2", "reads the special registers: a program changes "
	  "some and keeps the others", NULL },
	{ "KVM_SET_SREGS", "sets the special registers: the processor's mode "
	  "and CR3, the page table", tell_sregs },
	{ "KVM_SET_SREGS2", "sets the special registers: the processor's mode "
	  "and CR3, the page table", tell_sregs },
	{ "KVM_SET_REGS", "sets the general registers: where the guest starts, "
	  "and its stack", tell_regs },
};

static void show_mapping(const struct study *study, struct answer *answer)
{
	const json_t *event = study->vcpu ? study->vcpu->mapped : NULL;

	if (event)
		answer_item(answer, "`mmap` of the vCPU's descriptor, no call "
			    "of KVM's API: shares `struct kvm_run` between "
			    "KVM and the program; here %s at %s (%s)",
			    answer_size(answer,
					field_number_or(event, "in.length", 0)),
			    answer_hex_at(answer, event, "ret"),
			    answer_cite(answer, event));
}

/* Of registers set several times, those that the guest started with count. */
static const json_t *pick_event(const struct study *study, const json_t *event)
{
	const json_t *const last[] = { study->sregs_event, study->regs_event };
	const char *name = field_text(event, "name");

	for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++)
		if (last[i] && name && field_is(last[i], "name", name))
			return last[i];
	return event;
}

static void show_setup(const struct study *study, struct answer *answer,
		       const struct facts_call *call)
{
	const json_t *event = pick_event(study, call->event);
	const char *times = call->count == 1 ? "" :
		answer_format(answer, ", one of %" PRIu64 " calls",
			      call->count);

	for (size_t i = 0; i < sizeof(setup) / sizeof(setup[0]); i++)
		if (field_is(event, "name", setup[i].name))
			answer_item(answer, "`%s` %s%s (%s%s)", setup[i].name,
				    setup[i].purpose, setup[i].tell ?
				    setup[i].tell(answer, event) : "",
				    answer_cite(answer, event), times);
}

static void show_runs(const struct study *study, struct answer *answer)
{
	const struct facts_vcpu *vcpu = study->vcpu;

	if (vcpu && vcpu->first_run)
		answer_item(answer, "`KVM_RUN` runs the vCPU until the program "
			    "has to do something; here %s, the first at %s",
			    answer_count(answer, vcpu->tries, "time"),
			    answer_cite(answer, vcpu->first_try));
	else
		study_say_nothing(study, answer, "the guest never ran");
}

void question_2a(const struct study *study, struct answer *answer)
{
	const struct facts *facts = study->facts;
	bool is_set_up = false;

	answer_text(answer, "A guest needs a VM, memory, a virtual processor "
		    "with registers that say where to start, and somebody who "
		    "runs it. In the order of this trace:");
	for (size_t i = 0; i < facts->call_count; i++) {
		const struct facts_call *call = &facts->calls[i];

		if (call->count == call->failures)
			continue;
		show_setup(study, answer, call);
		is_set_up = true;
		if (field_is(call->event, "name", "KVM_GET_VCPU_MMAP_SIZE"))
			show_mapping(study, answer);
	}
	show_runs(study, answer);
	if (!is_set_up)
		return;
	answer_sheet(answer, "`KVM_RUN` takes no `struct kvm_run`: its "
		     "argument must be 0, and the structure is in the mapped "
		     "memory. Without `KVM_SET_SREGS` and `KVM_SET_REGS`, which "
		     "the sheet names only under 2b, a vCPU starts as after a "
		     "reset.");
}

/* 2b */

static const struct abi_ioctl *find_row(const json_t *event)
{
	const char *name = field_text(event, "name");
	const struct abi_ioctl *found = NULL;

	for (size_t i = 0; name && i < abi_ioctl_count; i++) {
		const struct abi_role_row *role;

		if (strcmp(abi_ioctls[i].name, name))
			continue;
		if (!found)
			found = &abi_ioctls[i];
		for (size_t n = 0; n < abi_role_count; n++) {
			role = &abi_roles[n];
			if (role->role & abi_ioctls[i].roles &&
			    field_is(event, "on", role->name))
				return &abi_ioctls[i];
		}
	}
	return found;
}

static const char *tell_failures(struct answer *answer,
				 const struct facts_call *call)
{
	if (!call->failures)
		return "";
	if (!call->refused)
		return answer_format(answer, "; %s did not return",
				     answer_decimal(answer, call->failures));
	return answer_format(answer, "; %s of them without success, the "
			     "first with %s (%s)",
			     answer_decimal(answer, call->failures),
			     answer_quote(answer, field_text(call->refused,
							     "errno")),
			     answer_cite(answer, call->refused));
}

static void show_call(struct answer *answer, const struct facts_call *call)
{
	const struct abi_ioctl *row = find_row(call->event);

	answer_cite_seq(answer, call->first_seq);
	answer_item(answer, "%s, %s on %s, first at seq %s: %s%s",
		    answer_quote(answer, field_text(call->event, "name")),
		    answer_count(answer, call->count, "time"),
		    answer_quote(answer, field_text(call->event, "on")),
		    answer_decimal(answer, call->first_seq),
		    row ? row->operation : "no call that this version knows",
		    tell_failures(answer, call));
}

/* trace_end counts what a selection left out, too. */
static void show_left_out(const struct study *study, struct answer *answer)
{
	const json_t *counts = field_find(study->facts->end, "counts.ioctl");
	size_t shown = 0;
	const char *name;
	json_t *count;

	json_object_foreach((json_t *)counts, name, count) {
		if (facts_find_call(study->facts, name) || shown++ >= 64)
			continue;
		answer_item(answer, "%s, %s times: its lines were left out "
			    "of the trace (%s counts them)",
			    answer_quote(answer, name),
			    answer_decimal(answer, (uint64_t)json_integer_value(count)),
			    answer_cite(answer, study->facts->end));
	}
}

void question_2b(const struct study *study, struct answer *answer)
{
	const struct facts *facts = study->facts;

	if (!facts->call_count)
		answer_unknown(answer, "the program made no KVM call in this "
			       "trace.");
	else
		answer_text(answer, "%s uses %zu calls of the KVM API, in "
			    "order of first use:", study->facts->start ?
			    "This program" : "The traced program",
			    facts->call_count);
	for (size_t i = 0; i < facts->call_count; i++)
		show_call(answer, &facts->calls[i]);
	if (facts->calls_cut)
		answer_unknown(answer, "calls of further names, which are too many "
			       "to list.");
	show_left_out(study, answer);
}

/* The introduction */

static void introduce_program(const struct facts *facts, struct answer *answer)
{
	const json_t *argv = field_find(facts->start, "argv");
	const char *kvm = field_text(facts->start, "host.kvm");
	uint64_t status;

	if (json_array_size(argv))
		answer_text(answer, "Program: `%s`", answer_names(answer, argv));
	answer_text(answer, "Host: Linux %s, processor %s, %s",
		    answer_quote(answer, field_text(facts->start,
						    "host.kernel")),
		    answer_quote(answer, field_text(facts->start,
						    "host.cpu_vendor")),
		    kvm ? answer_format(answer, "KVM module %s",
					answer_quote(answer, kvm)) :
			  "KVM not known");
	if (field_number(facts->end, "status.exited", &status))
		answer_text(answer, "The program ended with status %s.",
			    answer_decimal(answer, status));
	else if (field_has(facts->end, "status.signal"))
		answer_text(answer, "The program was ended by a signal, %s.",
			    answer_quote(answer, field_text(facts->end,
							"status.signal")));
}

static const char *name_vcpu(const struct facts_vcpu *vcpu,
			     struct answer *answer)
{
	if (vcpu->vm == FACTS_UNKNOWN)
		return answer_format(answer, "vCPU %" PRId64, vcpu->id);
	return answer_format(answer, "`vm%" PRId64 "/vcpu%" PRId64 "`",
			     vcpu->vm, vcpu->id);
}

static void introduce_focus(const struct study *study, struct answer *answer)
{
	const struct facts *facts = study->facts;

	if (facts->vm_count < 2 && facts->vcpu_count < 2)
		return;
	answer_text(answer, "The trace has %s%s and %s%s.%s",
		    facts->vms_cut ? "more than " : "",
		    answer_count(answer, facts->vm_count, "VM"),
		    facts->vcpus_cut ? "more than " : "",
		    answer_count(answer, facts->vcpu_count, "vCPU"),
		    !study->vcpu ? "" :
		    answer_format(answer, " Questions about the guest are "
				  "answered for %s, the first that %s.",
				  name_vcpu(study->vcpu, answer),
				  study->vcpu->first_run ? "ran" :
							   "is there"));
}

static uint64_t count_all(const json_t *counts)
{
	uint64_t sum = 0;
	const char *name;
	json_t *count;

	json_object_foreach((json_t *)counts, name, count)
		if (json_integer_value(count) > 0)
			sum += (uint64_t)json_integer_value(count);
	return sum;
}

static void introduce_gaps(const struct facts *facts, struct answer *answer)
{
	uint64_t all = count_all(field_find(facts->end, "counts.ioctl"));

	if (!facts->end)
		answer_unknown(answer, "what came behind the last line, seq %s: "
			       "the trace is incomplete.",
			       answer_decimal_at(answer, facts->last, "seq"));
	if (all > facts->ioctls)
		answer_unknown(answer, "about %s of the %s ioctls, whose lines "
			       "were left out when the trace was recorded.",
			       answer_decimal(answer, all - facts->ioctls),
			       answer_decimal(answer, all));
}

void study_introduce(const struct study *study, struct answer *answer)
{
	introduce_program(study->facts, answer);
	introduce_focus(study, answer);
	introduce_gaps(study->facts, answer);
}
