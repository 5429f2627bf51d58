#include "report/study.h"

#include <stdio.h>
#include <string.h>

#include "guest/guest.h"
#include "report/fields.h"

const struct question study_questions[QUESTION_COUNT] = {
	{ "1a", "What are the arguments of the ioctl system call, and what is "
	  "each for?", question_1a },
	{ "1b", "Which steps, in the kernel and in user space, does it take to "
	  "register and use an ioctl call?", question_1b },
	{ "2a", "Which KVM API calls does the hypervisor use to set up and run "
	  "the guest?", question_2a },
	{ "2b", "Which KVM API calls does the hypervisor use at all, and what "
	  "for?", question_2b },
	{ "3a", "How is a guest virtual address mapped to a host physical "
	  "address?", question_3a },
	{ "3b", "How much memory does the guest have?", question_3b },
	{ "3c", "Which line of the hypervisor sets up the guest's page table, "
	  "and which KVM API call makes KVM aware of it?", question_3c },
	{ "3d", "What is the role of CR4.PAE for the guest's page table in "
	  "long mode?", question_3d },
	{ "4a", "At which guest virtual address does the guest start, and "
	  "where is that configured?", question_4a },
	{ "4b", "At which line does the guest start to execute, and which KVM "
	  "API call starts it?", question_4b },
	{ "5a", "How does the guest write a value to a serial port, or read "
	  "one?", question_5a },
	{ "5b", "How does the hypervisor get at the string, and print it?",
	  question_5b },
	{ "5c", "What is the value 42 for?", question_5c },
};

static const struct {
	const char *mode, *title;
} titles[] = {
	{ "real", "real mode" },
	{ "protected", "protected mode without paging" },
	{ "paged32", "protected mode with 32-bit paging" },
	{ "pae", "protected mode with PAE paging" },
	{ "long", "long mode (64-bit code, 4-level paging)" },
	{ "la57", "long mode (64-bit code, 5-level paging)" },
	{ "compat", "compatibility mode, a part of long mode" },
};

const char *study_mode_title(const char *mode)
{
	for (size_t i = 0; mode && i < sizeof(titles) / sizeof(titles[0]); i++)
		if (!strcmp(titles[i].mode, mode))
			return titles[i].title;
	return NULL;
}

bool study_is_mode(const struct study *study, const char *mode)
{
	return study->mode && !strcmp(study->mode, mode);
}

bool study_is_paged(const struct study *study)
{
	return study->mode && !study_is_mode(study, "real") &&
	       !study_is_mode(study, "protected");
}

bool study_is_started(const struct study *study)
{
	return study->vcpu && study->vcpu->first_run;
}

const char *study_starts(const struct study *study)
{
	return study_is_started(study) ? "starts" : "would start";
}

uint64_t study_memory_bytes(const struct study *study)
{
	uint64_t bytes = 0;
	const char *key;
	json_t *slot;

	json_object_foreach((json_t *)study->slots, key, slot)
		bytes += field_number_or(slot, "in.memory_size", 0);
	return bytes;
}

void study_say_nothing(const struct study *study, struct answer *answer,
		       const char *what)
{
	const struct facts *facts = study->facts;

	if (facts->open_failed && !facts->opened)
		answer_unknown(answer, "the program could not open /dev/kvm "
			       "(%s: %s), so %s.",
			       answer_cite(answer, facts->open_failed),
			       answer_quote(answer, field_text(
					facts->open_failed, "errno")), what);
	else if (!study->vm && !study->vcpu)
		answer_unknown(answer, "no VM was made in this trace, so %s.",
			       what);
	else if (!study->vcpu)
		answer_unknown(answer, "the VM has no vCPU in this trace, so "
			       "%s.", what);
	else if (!study->vcpu->first_try)
		answer_unknown(answer, "KVM_RUN was never called for the vCPU "
			       "in this trace, so %s.", what);
	else if (!study->vcpu->runs)
		answer_unknown(answer, "KVM_RUN never came back with an exit in "
			       "this trace (%s), so %s.",
			       answer_cite(answer, study->vcpu->last_try),
			       what);
	else
		answer_unknown(answer, "%s.", what);
}

/* The registers, from wherever they come */

struct source {
	const json_t *event;
	const char *path;
	bool is_set;		/* by the program */
};

/*
 * What the program set last, or what KVM told it; registers that travel in
 * kvm_run go before both (api.rst, KVM_CAP_SYNC_REGS).
 */
static struct source find_source(const struct facts_vcpu *vcpu,
				 const json_t *set, const json_t *got,
				 const char *sync)
{
	if (field_has(vcpu->first_run, sync))
		return (struct source){ vcpu->first_run, sync, true };
	if (set)
		return (struct source){ set, "in", true };
	return (struct source){ got, "out", false };
}

void study_read_sregs(const json_t *from, struct kvm_sregs *ret_sregs)
{
	ret_sregs->cr0 = field_number_or(from, "cr0", 0);
	ret_sregs->cr3 = field_number_or(from, "cr3", 0);
	ret_sregs->cr4 = field_number_or(from, "cr4", 0);
	ret_sregs->efer = field_number_or(from, "efer", 0);
	ret_sregs->cs.base = field_number_or(from, "cs.base", 0);
	ret_sregs->cs.selector = (uint16_t)field_number_or(from,
							   "cs.selector", 0);
	ret_sregs->cs.l = (uint8_t)field_number_or(from, "cs.l", 0);
	ret_sregs->cs.db = (uint8_t)field_number_or(from, "cs.db", 0);
}

static void find_registers(struct study *study)
{
	const struct facts_vcpu *vcpu = study->vcpu;
	struct source source;

	source = find_source(vcpu, vcpu->state.sregs, vcpu->state.got_sregs,
			     "in.sync_regs.sregs");
	if (field_has(field_find(source.event, source.path), "cr0")) {
		study->sregs_event = source.event;
		study->sets_sregs = source.is_set;
		study_read_sregs(field_find(source.event, source.path),
				 &study->sregs);
		study->mode = guest_mode_name(guest_find_mode(&study->sregs));
	}
	source = find_source(vcpu, vcpu->state.regs, vcpu->state.got_regs,
			     "in.sync_regs.regs");
	if (field_number(field_find(source.event, source.path), "rip",
			 &study->rip)) {
		study->regs_event = source.event;
		study->sets_regs = source.is_set;
	}
}

/* What a vCPU was found with is no start when nobody tried to run it, or when
 * it was to start with something else. */
static void forget_found(struct study *study)
{
	if (study_is_started(study) ||
	    (study->vcpu->first_try && !study->refused))
		return;
	if (!study->sets_sregs) {
		study->sregs_event = NULL;
		study->mode = NULL;
	}
	if (!study->sets_regs)
		study->regs_event = NULL;
}

/* A refusal matters until the program does better. */
static void find_refused(struct study *study)
{
	const json_t *refused = study->vcpu->state.refused;

	if (study->sets_sregs &&
	    field_number_or(refused, "seq", 0) <=
	    field_number_or(study->sregs_event, "seq", 0))
		return;
	study->refused = refused;
	study->refused_sregs = field_find(refused, "in.sync_regs.sregs");
	if (!study->refused_sregs)
		study->refused_sregs = field_find(refused, "in");
}

/* The address of the first instruction */

static const json_t *find_slot(const struct study *study, uint64_t gpa)
{
	const char *key;
	json_t *slot;

	json_object_foreach((json_t *)study->slots, key, slot) {
		uint64_t start = field_number_or(slot, "in.guest_phys_addr", 0);

		/* Address space 0 only: the others are for SMM. */
		if (field_number_or(slot, "in.slot", 0) < 0x10000 &&
		    gpa >= start &&
		    gpa - start < field_number_or(slot, "in.memory_size", 0))
			return slot;
	}
	return NULL;
}

static void find_entry(struct study *study)
{
	const json_t *entry = field_find(study->guest, "entry");

	study->has_entry = field_number(entry, "gva", &study->gva);
	study->has_gpa = field_number(entry, "gpa", &study->gpa);
	study->has_hva = field_number(entry, "hva", &study->hva);
	study->has_hpa = field_number(entry, "hpa", &study->hpa);
	if (!study->has_entry && study->sregs_event && study->regs_event) {
		study->has_entry = true;
		study->gva = guest_code_address(&study->sregs, study->rip);
	}
	if (!study->has_gpa && study->has_entry && study->mode &&
	    !study_is_paged(study)) {
		study->has_gpa = true;
		study->gpa = study->gva;
	}
	if (study->has_gpa)
		study->entry_slot = find_slot(study, study->gpa);
	if (study->entry_slot && !study->has_hva)
		study->has_hva = field_number(study->entry_slot,
					      "in.userspace_addr", &study->hva);
	if (study->entry_slot && study->has_hva && !field_has(entry, "hva"))
		study->hva += study->gpa - field_number_or(study->entry_slot,
						"in.guest_phys_addr", 0);
}

/*
 * Of a program that was attached to, the calls are missing, but the tracer saw
 * the slots: they get the form of the calls.
 */
static void find_seen_slots(struct study *study)
{
	const json_t *memory = field_find(study->guest, "memory");

	if (json_object_size(study->slots) || !json_array_size(memory))
		return;
	study->seen_slots = json_object();
	for (size_t i = 0; i < json_array_size(memory); i++) {
		json_t *slot = json_array_get(memory, i);
		char key[24];

		snprintf(key, sizeof(key), "%zu", i);
		json_object_set_new(study->seen_slots, key, json_pack(
			"{s:O*, s:{s:O*, s:O*, s:O*, s:O*, s:O*}}", "seq",
			json_object_get(study->guest_event, "seq"), "in",
			"slot", json_object_get(slot, "slot"),
			"guest_phys_addr", json_object_get(slot, "gpa"),
			"memory_size", json_object_get(slot, "size"),
			"userspace_addr", json_object_get(slot, "hva"),
			"flags_names", json_object_get(slot, "flags_names")));
	}
	study->slots = study->seen_slots;
}

void study_done(struct study *study)
{
	json_decref(study->seen_slots);
}

void study_init(struct study *study, const struct facts *facts)
{
	*study = (struct study){ .facts = facts };
	study->vcpu = facts_find_focus(facts);
	study->vm = study->vcpu ? facts_find_vm(facts, study->vcpu->vm) :
		    facts->vm_count ? &facts->vms[0] : NULL;
	if (study->vm)
		study->slots = study->vm->slots;
	if (!study->vcpu)
		return;
	if (study->vcpu->state.slots)
		study->slots = study->vcpu->state.slots;
	find_registers(study);
	find_refused(study);
	forget_found(study);
	study->guest_event = study->vcpu->state.guest;
	study->guest = field_find(study->guest_event, "guest");
	if (study_mode_title(field_text(study->guest, "mode")))
		study->mode = field_text(study->guest, "mode");
	find_seen_slots(study);
	find_entry(study);
}
