/*
 * Exits that end a guest, by its memory and the registers that it was entered
 * with. Both are those of the last KVM_RUN before which the program had changed
 * something (session/vcpu_state.h): what the guest did since isn't seen, and
 * nothing is said that depends on it.
 */
#include <asm/processor-flags.h>
#include <string.h>

#include "abi/run.h"
#include "annotate/diagnose_guest.h"
#include "annotate/suspects.h"
#include "session/seen_memory.h"
#include "session/vcpu_state.h"

#define EFER_NXE (1ull << 11)

static unsigned long long hex(uint64_t value)
{
	return value;
}

/* ---- What may have stopped it later */

static bool look_at_pvm(struct scene *scene, const struct entry *entry)
{
	if (!scene->notes->vendor || !diagnose_is_on(scene, "pvm") ||
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
	if (!scene->vcpu->has_nx_page || (entry->sregs->efer & EFER_NXE))
		return false;
	diagnose_say(scene, CODE_NX_WITHOUT_NXE, "exit.reason",
		     "0x%llx is mapped with it", hex(scene->vcpu->nx_page));
	diagnose_cite_entry(scene);
	return true;
}

static struct suspect_state state_of(const struct scene *scene,
				     const struct kvm_sregs *sregs)
{
	const struct vcpu_state *vcpu = scene->view->vcpu;

	return (struct suspect_state){
		.has_osfxsr = sregs->cr4 & X86_CR4_OSFXSR,
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

/* Where the registers came along with the exit (KVM_CAP_SYNC_REGS), at rip. */
static bool find_suspect(const struct scene *scene, const struct entry *entry,
			 struct suspect_state state, struct suspect *suspect)
{
	const struct registers *last = &scene->view->vcpu->registers;
	uint64_t gva;

	if (!last->has_regs)
		return suspects_find(entry->guest, state, suspect);
	gva = guest_code_address(entry->sregs, last->regs.rip);
	return suspects_look(entry->guest, state, gva, suspect);
}

static void say_triple_fault(struct scene *scene, const struct entry *entry)
{
	const struct suspect_state state = state_of(scene, entry->sregs);
	struct suspect suspect;

	if (find_suspect(scene, entry, state, &suspect))
		diagnose_say(scene, code_of_suspect(suspect.kind),
			     "exit.reason", "at 0x%llx the guest has \"%s\"",
			     hex(suspect.gva), suspect.text);
	else
		diagnose_say(scene, CODE_TRIPLE_FAULT, "exit.reason",
			     "the IDT that it was entered with is at 0x%llx, "
			     "limit 0x%x", hex(entry->sregs->idt.base),
			     entry->sregs->idt.limit);
	diagnose_cite_entry(scene);
	if (state.has_cpuid || diagnose_has(scene, CODE_CPUID_NEVER_SET))
		return;
	diagnose_say_as(scene, CODE_CPUID_NEVER_SET, NOTE_INFO, "exit.reason",
			NULL);
}

static void look_at_shutdown(struct scene *scene, const struct entry *entry)
{
	if (!look_at_pvm(scene, entry) && !look_at_nx(scene, entry))
		say_triple_fault(scene, entry);
}

/* ---- Instructions that KVM had to emulate: api.rst 5, KVM_EXIT_INTERNAL_ERROR */

static void say_instruction(struct scene *scene, const struct entry *entry)
{
	const uint8_t *bytes = entry->run + offsetof(
		struct kvm_run, emulation_failure.insn_bytes);
	size_t length = RUN_READ(entry->run, emulation_failure.insn_size);
	unsigned int width = entry->guest->code_width;
	const char *field = "exit.internal.emulation_failure.insn_bytes_hex";
	char text[DISASSEMBLY_TEXT_BYTES];

	if (length > DISASSEMBLY_CODE_BYTES)
		length = DISASSEMBLY_CODE_BYTES;
	if (!disassemble(bytes, length, 0, width, text))
		strcpy(text, "no instruction");
	diagnose_say(scene, CODE_EMULATION_FAILED, field,
		     "0x%02x 0x%02x 0x%02x ..., as %u-bit code \"%s\"",
		     bytes[0], bytes[1], bytes[2], width, text);
	if (suspects_judge(bytes, length, width,
			   state_of(scene, entry->sregs)) != SUSPECT_SSE)
		return;
	diagnose_say(scene, CODE_SSE_WITHOUT_OSFXSR, field, "\"%s\"", text);
	diagnose_cite_sregs(scene);
}

/*
 * Without its bytes, though KVM tells more (ndata), the instruction could not
 * be fetched: prepare_emulation_failure_exit(), arch/x86/kvm/x86.c.
 */
static void look_at_emulation(struct scene *scene, const struct entry *entry)
{
	uint64_t flags = RUN_READ(entry->run, emulation_failure.flags);

	if (RUN_READ(entry->run, internal.suberror) !=
		    KVM_INTERNAL_ERROR_EMULATION ||
	    !RUN_READ(entry->run, internal.ndata))
		return;
	if (flags & KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES)
		say_instruction(scene, entry);
	else
		diagnose_say(scene, CODE_FETCH_OUTSIDE,
			     "exit.internal.emulation_failure.flags",
			     "from where is not to be seen, nor whether a "
			     "slot's host memory is gone");
}

/* ---- */

/* Pages with the NX bit, which only EFER.NXE gives a meaning. */
static void note_nx_pages(struct scene *scene)
{
	const struct vcpu_state *vcpu = scene->view->vcpu;
	struct guest_cpu cpu = vcpu->entered.cpu;
	struct guest_ranges ranges;
	struct guest_memory memory;

	scene->vcpu->has_nx_page = false;
	if ((cpu.sregs.efer & EFER_NXE) || !(cpu.sregs.cr4 & X86_CR4_PAE) ||
	    !(cpu.sregs.cr0 & X86_CR0_PG) || !scene->view->vm)
		return;
	memory = seen_memory(scene->record, scene->view->vm);
	cpu.sregs.efer |= EFER_NXE;
	guest_find_ranges(&cpu, &memory, &ranges);
	for (size_t i = 0; i < ranges.count; i++) {
		if (!(ranges.list[i].flags & GUEST_ENTRY_NX))
			continue;
		scene->vcpu->has_nx_page = true;
		scene->vcpu->nx_page = ranges.list[i].gva;
		return;
	}
}

static bool find_entry(const struct scene *scene, struct entry *entry)
{
	const struct vcpu_state *vcpu = scene->view->vcpu;

	if (!vcpu || !vcpu->was_entered || !vcpu->guest ||
	    !vcpu->guest->has_mode)
		return false;
	entry->guest = vcpu->guest;
	entry->sregs = &vcpu->entered.cpu.sregs;
	entry->is_first = scene->view->guest;
	return true;
}

/*
 * The width goes by cs.db, in real mode too (SDM vol. 3B, "Real-Address Mode",
 * knows no 32-bit code). 16-bit code in protected mode may be meant, but is
 * what one gets when cs.db is left as a reset leaves it.
 */
static bool is_narrow(const struct entry *entry)
{
	return entry->sregs->cr0 & X86_CR0_PE &&
	       entry->guest->code_width == 16;
}

static void say_width(struct scene *scene, const struct entry *entry,
		      enum note_severity severity)
{
	diagnose_say_as(scene, CODE_CODE_WIDTH, severity, "guest.mode",
			"in %s mode the code is taken for %u-bit code",
			guest_mode_name(entry->guest->mode),
			entry->guest->code_width);
	diagnose_cite_sregs(scene);
}

static void look_at_width(struct scene *scene, const struct entry *entry)
{
	if (entry->guest->mode == GUEST_REAL && entry->guest->code_width != 16)
		say_width(scene, entry, NOTE_WARN);
	else if (is_narrow(entry) && diagnose_once(scene, CODE_CODE_WIDTH))
		say_width(scene, entry, NOTE_INFO);
}

void diagnose_entry(struct scene *scene)
{
	struct entry entry;

	if (!scene->view->guest || !find_entry(scene, &entry))
		return;
	note_nx_pages(scene);
	look_at_width(scene, &entry);
}

/* Where a device's register was meant, or an instruction was to be fetched. */
static bool is_fetch(const struct entry *entry)
{
	return RUN_READ(entry->run, mmio.phys_addr) ==
	       entry->guest->walk.gpa;
}

/* What the guest ran into then may be anything. */
static bool look_at_slots_left(struct scene *scene)
{
	const struct guest_slot *gone = seen_gone(scene->record,
						  scene->view->vm);

	if (!gone)
		return false;
	diagnose_say(scene, CODE_SLOT_MEMORY_GONE, "exit.reason",
		     "nothing of slot %u can be read at 0x%llx of the program",
		     gone->id, hex(gone->hva));
	return true;
}

void diagnose_guest(struct scene *scene, const uint8_t *run)
{
	struct entry entry = { .run = run };

	entry.reason = (uint32_t)RUN_READ(run, exit_reason);
	if (entry.reason != KVM_EXIT_MMIO &&
	    (!history_is_fatal(entry.reason) ||
	     entry.reason == KVM_EXIT_FAIL_ENTRY))
		return;
	if (!find_entry(scene, &entry) ||
	    (entry.reason == KVM_EXIT_MMIO && !is_fetch(&entry)))
		return;
	if (!look_at_slots_left(scene) && !diagnose_begin(scene, &entry)) {
		if (entry.reason == KVM_EXIT_SHUTDOWN)
			look_at_shutdown(scene, &entry);
		if (entry.reason == KVM_EXIT_INTERNAL_ERROR)
			look_at_emulation(scene, &entry);
	}
	if (entry.reason != KVM_EXIT_MMIO && is_narrow(&entry) &&
	    !diagnose_has(scene, CODE_CODE_WIDTH))
		say_width(scene, &entry, NOTE_WARN);
}

/* Registers behind a SHUTDOWN: where it happened, unless they were reset. */
void diagnose_last_registers(struct scene *scene)
{
	const struct vcpu_state *vcpu = scene->view->vcpu;
	const struct past_run *run = &scene->vcpu->run;
	struct suspect suspect;
	struct entry entry;

	if (!run->has_exit || run->reason != KVM_EXIT_SHUTDOWN ||
	    scene->vcpu->was_set || !find_entry(scene, &entry) ||
	    !vcpu->registers.has_regs ||
	    !suspects_look(entry.guest, state_of(scene, entry.sregs),
			   guest_code_address(entry.sregs,
					      vcpu->registers.regs.rip),
			   &suspect))
		return;
	diagnose_say_as(scene, code_of_suspect(suspect.kind), NOTE_INFO,
			"out.rip", "the last instruction, at 0x%llx, is "
			"\"%s\"", hex(suspect.gva), suspect.text);
	diagnose_cite(scene, run->mark);
}
