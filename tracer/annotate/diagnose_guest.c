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

/* ---- Instructions that KVM had to emulate: api.rst 5, KVM_EXIT_INTERNAL_ERROR */

/* The width that the code had when it was known last; 0: it never was. */
static unsigned int find_width(const struct entry *entry)
{
	if (entry->has_state)
		return entry->guest->code_width;
	/* CR0.ET is always 1: SDM vol. 3A, "Control Registers". */
	return entry->sregs->cr0 ? guest_code_width(entry->sregs) : 0;
}

static void say_instruction(struct scene *scene, const struct entry *entry)
{
	const uint8_t *bytes = entry->run + offsetof(
		struct kvm_run, emulation_failure.insn_bytes);
	size_t length = RUN_READ(entry->run, emulation_failure.insn_size);
	unsigned int width = find_width(entry);
	const char *field = "exit.internal.emulation_failure.insn_bytes_hex";
	char text[DISASSEMBLY_TEXT_BYTES];

	if (length > DISASSEMBLY_CODE_BYTES)
		length = DISASSEMBLY_CODE_BYTES;
	if (!width || !disassemble(bytes, length, 0, width, text))
		strcpy(text, "no instruction");
	diagnose_say(scene, CODE_EMULATION_FAILED, field,
		     "0x%02x 0x%02x 0x%02x ..., as %u-bit code \"%s\"%s",
		     bytes[0], bytes[1], bytes[2], width, text,
		     entry->has_state ? "" : ", by the mode known last");
	if (!entry->has_state ||
	    suspects_judge(bytes, length, width, diagnose_suspect_state(scene, entry)) !=
		    SUSPECT_SSE)
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

bool diagnose_find_entry(const struct scene *scene, struct entry *entry)
{
	const struct vcpu_state *vcpu = scene->view->vcpu;

	if (!vcpu || !vcpu->was_entered || !vcpu->guest)
		return false;
	entry->guest = vcpu->guest;
	entry->has_state = vcpu->guest->has_mode;
	entry->sregs = &vcpu->entered.cpu.sregs;
	entry->is_first = scene->view->guest;
	return true;
}

/*
 * The width goes by cs.db, in real mode too (SDM vol. 3B, "Real-Address Mode",
 * knows no 32-bit code). 16-bit code in protected mode may be meant, but is
 * what one gets when cs.db is left as a reset leaves it: told when it fails.
 */
static bool is_narrow(const struct entry *entry)
{
	return entry->has_state && entry->sregs->cr0 & X86_CR0_PE &&
	       entry->guest->code_width == 16;
}

static void say_width(struct scene *scene, const struct entry *entry)
{
	diagnose_say(scene, CODE_CODE_WIDTH,
		     scene->view->guest ? "guest.mode" : "exit.reason",
		     "in %s mode the code is taken for %u-bit code",
		     guest_mode_name(entry->guest->mode),
		     entry->guest->code_width);
	diagnose_cite_sregs(scene);
}

void diagnose_entry(struct scene *scene)
{
	struct entry entry;

	if (!scene->view->guest || !diagnose_find_entry(scene, &entry) ||
	    !entry.has_state)
		return;
	note_nx_pages(scene);
	if (entry.guest->mode == GUEST_REAL && entry.guest->code_width != 16)
		say_width(scene, &entry);
}

/* Where a device's register was meant, or an instruction was to be fetched. */
static bool is_fetch(const struct entry *entry)
{
	return entry->has_state && RUN_READ(entry->run, mmio.phys_addr) ==
					   entry->guest->walk.gpa;
}

/* Behind this run, was that memory of the guest's still there? */
static const struct guest_slot *find_gone(const struct scene *scene,
					  const struct guest_walk *walk)
{
	const struct vm_state *vm = scene->view->vm;
	const struct guest_slot *gone = NULL;

	if (walk->has_gpa)
		gone = seen_gone_at(scene->record, vm, walk->gpa);
	for (size_t i = 0; !gone && i < walk->step_count; i++)
		if (!walk->steps[i].in_register)
			gone = seen_gone_at(scene->record, vm,
					    walk->steps[i].address);
	return gone;
}

/* The guest's entry, or the tables to it: what it met then may be anything. */
static bool look_at_slots_left(struct scene *scene, const struct entry *entry)
{
	const struct guest_slot *gone = entry->has_state ?
		find_gone(scene, &entry->guest->walk) : NULL;

	if (!gone)
		return false;
	diagnose_say(scene, CODE_SLOT_MEMORY_GONE, "exit.reason",
		     "the guest was in slot %u, at 0x%llx of the program",
		     gone->id, hex(gone->hva));
	return true;
}

/* Where the guest was isn't known: perhaps there. */
static void look_at_any_slot(struct scene *scene, const struct entry *entry)
{
	const struct guest_slot *gone = entry->has_state ? NULL :
		seen_gone(scene->record, scene->view->vm);

	if (gone)
		diagnose_say_as(scene, CODE_SLOT_MEMORY_GONE, NOTE_INFO,
				"exit.reason", "slot %u, at 0x%llx of the "
				"program; if the guest was there is not to be "
				"seen", gone->id, hex(gone->hva));
}

static void look_at_end(struct scene *scene, const struct entry *entry)
{
	if (look_at_slots_left(scene, entry) || diagnose_begin(scene, entry))
		return;
	if (entry->reason == KVM_EXIT_SHUTDOWN)
		diagnose_shutdown(scene, entry);
	if (entry->reason == KVM_EXIT_INTERNAL_ERROR)
		look_at_emulation(scene, entry);
	look_at_any_slot(scene, entry);
}

void diagnose_guest(struct scene *scene, const uint8_t *run)
{
	struct entry entry = { .run = run };

	entry.reason = (uint32_t)RUN_READ(run, exit_reason);
	if (entry.reason != KVM_EXIT_MMIO &&
	    (!history_is_fatal(entry.reason) ||
	     entry.reason == KVM_EXIT_FAIL_ENTRY))
		return;
	if (!diagnose_find_entry(scene, &entry) ||
	    (entry.reason == KVM_EXIT_MMIO && !is_fetch(&entry)))
		return;
	look_at_end(scene, &entry);
	if (entry.reason != KVM_EXIT_MMIO && is_narrow(&entry) &&
	    !diagnose_has(scene, CODE_CODE_WIDTH))
		say_width(scene, &entry);
}
