/*
 * A guest that could not even begin: why its first instruction can't be
 * fetched. SDM vol. 3A, "Paging"; guest/guest.h does the walk.
 */
#include "annotate/diagnose_guest.h"
#include "session/seen_memory.h"
#include "session/vcpu_state.h"

#define EFER_NXE (1ull << 11)
#define RESET_CS_BASE 0xffff0000u /* SDM vol. 3A, "First Instruction Executed" */

static unsigned long long hex(uint64_t value)
{
	return value;
}

void diagnose_cite_sregs(struct scene *scene)
{
	uint64_t seq = scene->view->vcpu->sregs_seq;

	diagnose_cite(scene, (struct mark){ seq != VCPU_NO_SEQ, seq });
}

void diagnose_cite_entry(struct scene *scene)
{
	uint64_t seq = scene->view->vcpu->regs_seq;

	diagnose_cite_sregs(scene);
	diagnose_cite(scene, (struct mark){ seq != VCPU_NO_SEQ, seq });
}

static enum diagnosis_code code_of_fault(const struct entry *entry)
{
	const struct guest_walk *walk = &entry->guest->walk;
	const struct guest_step *last = &walk->steps[walk->step_count - 1];

	switch (walk->fault.reason) {
	case GUEST_FAULT_OUTSIDE_MEMORY:
		return CODE_PAGE_TABLE_OUTSIDE;
	case GUEST_FAULT_NOT_PRESENT:
		return CODE_PAGE_NOT_PRESENT;
	case GUEST_FAULT_RESERVED_BIT:
		return last->entry & GUEST_ENTRY_NX &&
		       !(entry->sregs->efer & EFER_NXE) ?
			CODE_NX_WITHOUT_NXE : CODE_PAGE_RESERVED_BIT;
	default:
		return CODE_PAGE_REFUSED;
	}
}

static void say_walk(struct scene *scene, const struct entry *entry)
{
	const struct guest_walk *walk = &entry->guest->walk;
	const struct guest_step *last = &walk->steps[walk->step_count - 1];
	enum diagnosis_code code = code_of_fault(entry);

	if (code == CODE_PAGE_REFUSED)
		diagnose_say(scene, code, "exit.reason",
			     "0x%llx, %s at level %u", hex(walk->gva),
			     guest_fault_name(walk->fault.reason),
			     walk->fault.level);
	else if (last->is_read)
		diagnose_say(scene, code, "exit.reason",
			     "for 0x%llx the %s entry (level %u) at 0x%llx is "
			     "0x%llx", hex(walk->gva), last->name, last->level,
			     hex(last->address), hex(last->entry));
	else
		diagnose_say(scene, code, "exit.reason",
			     "for 0x%llx the %s entry (level %u) would be at "
			     "0x%llx", hex(walk->gva), last->name, last->level,
			     hex(last->address));
	diagnose_cite_entry(scene);
}

/* The instruction is at a known place, and there is no slot. */
static void say_outside(struct scene *scene, const struct entry *entry)
{
	const struct guest_walk *walk = &entry->guest->walk;

	if (entry->sregs->cs.base == RESET_CS_BASE)
		diagnose_say(scene, CODE_RESET_CS_BASE, "exit.reason",
			     "rip is 0x%llx, the address 0x%llx",
			     hex(entry->guest->rip), hex(walk->gpa));
	else
		diagnose_say(scene, CODE_FETCH_OUTSIDE, "exit.reason",
			     "rip is 0x%llx, cs.base 0x%llx, the guest "
			     "physical address 0x%llx", hex(entry->guest->rip),
			     hex(entry->sregs->cs.base), hex(walk->gpa));
	diagnose_cite_entry(scene);
}

/* Nothing could be read from where a slot has memory of the program. */
static bool look_at_memory(struct scene *scene, uint64_t gpa)
{
	if (!scene->view->vm ||
	    !seen_unreadable(scene->record, scene->view->vm, gpa))
		return false;
	diagnose_say(scene, CODE_SLOT_MEMORY_GONE, "exit.reason",
		     "nothing can be read at guest physical 0x%llx", hex(gpa));
	diagnose_cite_entry(scene);
	return true;
}

bool diagnose_begin(struct scene *scene, const struct entry *entry)
{
	const struct guest_walk *walk = &entry->guest->walk;

	if (!entry->is_first || !entry->has_state || !entry->guest->has_entry)
		return false;
	if (walk->fault.reason == GUEST_FAULT_NON_CANONICAL)
		diagnose_say(scene, CODE_FETCH_OUTSIDE, "exit.reason",
			     "0x%llx is not canonical", hex(walk->gva));
	else if (walk->fault.reason == GUEST_FAULT_UNREADABLE)
		return look_at_memory(
			scene, walk->steps[walk->step_count - 1].address);
	else if (walk->fault.reason)
		say_walk(scene, entry);
	else if (!entry->guest->has_slot)
		say_outside(scene, entry);
	else
		return look_at_memory(scene, walk->gpa);
	return true;
}
