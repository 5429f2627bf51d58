/*
 * KVM_EXIT_SHUTDOWN: a triple fault, which tells neither the exception nor where
 * it was. What may have caused it, from the strongest evidence to none.
 */
#include <asm/processor-flags.h>

#include "annotate/diagnose_guest.h"
#include "session/vcpu_state.h"

#define EFER_LMA (1ull << 10)
#define EFER_NXE (1ull << 11)

static unsigned long long hex(uint64_t value)
{
	return value;
}

/* ---- What may have stopped it later */

static bool look_at_pvm(struct scene *scene, const struct entry *entry)
{
	if (!scene->notes->vendor || !diagnose_is_on(scene, "pvm") ||
	    !entry->has_state ||
	    (entry->guest->mode != GUEST_PAGED32 &&
	     entry->guest->mode != GUEST_PAE))
		return false;
	diagnose_say(scene, CODE_LEGACY_PAGING_ON_PVM, "exit.reason",
		     "CR0 is 0x%llx, EFER 0x%llx", hex(entry->sregs->cr0),
		     hex(entry->sregs->efer));
	diagnose_cite_sregs(scene);
	return true;
}

static bool look_at_nx(struct scene *scene, const struct entry *entry)
{
	if (!scene->vcpu->has_nx_page || !entry->has_state ||
	    (entry->sregs->efer & EFER_NXE))
		return false;
	diagnose_say(scene, CODE_NX_WITHOUT_NXE, "exit.reason",
		     "0x%llx is mapped with it", hex(scene->vcpu->nx_page));
	diagnose_cite_entry(scene);
	return true;
}

struct suspect_state diagnose_suspect_state(const struct scene *scene,
					    const struct entry *entry)
{
	const struct vcpu_state *vcpu = scene->view->vcpu;

	return (struct suspect_state){
		/* Where it isn't known, the guest may have set it. */
		.has_osfxsr = !entry->has_state ||
			      (entry->sregs->cr4 & X86_CR4_OSFXSR),
		/* Of a vCPU that came from elsewhere it isn't known. */
		.has_cpuid = vcpu->registers.has_cpuid || !scene->vm ||
			     !scene->vm->is_known,
	};
}

static enum diagnosis_code code_of_suspect(enum suspect_kind kind)
{
	return kind == SUSPECT_SSE ? CODE_SSE_WITHOUT_OSFXSR
	     : kind == SUSPECT_FEATURE ? CODE_CPUID_NEVER_SET
				       : CODE_TRIPLE_FAULT;
}

#define VECTORS 7 /* up to 6, #UD: SDM vol. 3A, "Exception and Interrupt Vectors" */

/*
 * Was the guest entered with an IDT that may handle exceptions? Other than the
 * one that a reset leaves, at 0 with the limit 0xffff, which is a table in real
 * mode only: SDM vol. 3A, "Processor State After Reset", "Interrupt Descriptor
 * Table (IDT)".
 */
static bool may_handle(const struct entry *entry)
{
	const struct kvm_dtable *idt = &entry->sregs->idt;
	bool is_real = entry->guest->mode == GUEST_REAL;
	unsigned int gate_bytes = entry->sregs->efer & EFER_LMA ? 16
				: is_real		       ? 4 : 8;

	return idt->limit >= VECTORS * gate_bytes - 1 &&
	       (is_real || idt->base || idt->limit != 0xffff);
}

/* Where the registers came along with the exit (KVM_CAP_SYNC_REGS), at rip. */
static bool say_suspect(struct scene *scene, const struct entry *entry,
			struct suspect_state state)
{
	const struct registers *last = &scene->view->vcpu->registers;
	const char *facts = "unless it failed before, the guest came to "
			    "\"%s\" at 0x%llx";
	struct suspect suspect;

	if (!entry->has_state)
		return false;
	if (last->has_regs) {
		facts = "the last instruction is \"%s\" at 0x%llx";
		if (!suspects_look(entry->guest, state,
				   guest_code_address(entry->sregs,
						      last->regs.rip),
				   &suspect))
			return false;
	} else if (may_handle(entry) ||
		   !suspects_find(entry->guest, state, &suspect)) {
		return false;
	}
	diagnose_say(scene, code_of_suspect(suspect.kind), "exit.reason",
		     facts, suspect.text, hex(suspect.gva));
	return true;
}

static void say_triple_fault(struct scene *scene, const struct entry *entry)
{
	const struct suspect_state state = diagnose_suspect_state(scene, entry);

	if (say_suspect(scene, entry, state))
		;
	else if (entry->has_state)
		diagnose_say(scene, CODE_TRIPLE_FAULT, "exit.reason",
			     "the IDT that it was entered with is at 0x%llx, "
			     "limit 0x%x", hex(entry->sregs->idt.base),
			     entry->sregs->idt.limit);
	else
		diagnose_say(scene, CODE_TRIPLE_FAULT, "exit.reason",
			     "which one is not to be seen: the special "
			     "registers were not asked for since it ran");
	diagnose_cite_entry(scene);
	if (state.has_cpuid || diagnose_has(scene, CODE_CPUID_NEVER_SET))
		return;
	diagnose_say_as(scene, CODE_CPUID_NEVER_SET, NOTE_INFO, "exit.reason",
			NULL);
}

/* An interrupt forced on the guest is delivered before anything else. */
static bool look_at_interrupt(struct scene *scene)
{
	struct mark interrupt = scene->vcpu->early_interrupt;

	if (!interrupt.is_set)
		return false;
	diagnose_say(scene, CODE_INTERRUPT_IF_0, "exit.reason",
		     "the KVM_RUN that delivered it ended the guest");
	diagnose_cite(scene, interrupt);
	diagnose_say_as(scene, CODE_TRIPLE_FAULT, NOTE_INFO, "exit.reason",
			"behind that interrupt");
	return true;
}

void diagnose_shutdown(struct scene *scene, const struct entry *entry)
{
	if (!look_at_interrupt(scene) && !look_at_pvm(scene, entry) &&
	    !look_at_nx(scene, entry))
		say_triple_fault(scene, entry);
}

/* Registers behind a SHUTDOWN: where it happened, unless they were reset. */
void diagnose_last_registers(struct scene *scene)
{
	const struct vcpu_state *vcpu = scene->view->vcpu;
	const struct past_run *run = &scene->vcpu->run;
	struct suspect suspect;
	struct entry entry;

	if (!run->has_exit || run->reason != KVM_EXIT_SHUTDOWN ||
	    scene->vcpu->was_set || !diagnose_find_entry(scene, &entry) ||
	    !vcpu->registers.has_regs ||
	    !entry.has_state ||
	    !suspects_look(entry.guest, diagnose_suspect_state(scene, &entry),
			   guest_code_address(entry.sregs,
					      vcpu->registers.regs.rip),
			   &suspect))
		return;
	diagnose_say_as(scene, code_of_suspect(suspect.kind), NOTE_INFO,
			"out.rip", "the last instruction, at 0x%llx, is "
			"\"%s\"", hex(suspect.gva), suspect.text);
	diagnose_cite(scene, run->mark);
}
