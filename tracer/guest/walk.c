#include <asm/processor-flags.h>

#include "guest/paging.h"

static const char *const fault_names[] = {
	[GUEST_FAULT_NONE] = "none",
	[GUEST_FAULT_NON_CANONICAL] = "non_canonical",
	[GUEST_FAULT_OUTSIDE_MEMORY] = "outside_memory",
	[GUEST_FAULT_UNREADABLE] = "unreadable",
	[GUEST_FAULT_NOT_PRESENT] = "not_present",
	[GUEST_FAULT_RESERVED_BIT] = "reserved_bit",
	[GUEST_FAULT_NO_USER] = "no_user",
	[GUEST_FAULT_NO_WRITE] = "no_write",
	[GUEST_FAULT_NO_EXECUTE] = "no_execute",
	[GUEST_FAULT_SMEP] = "smep",
};

const char *guest_fault_name(enum guest_fault_reason reason)
{
	return fault_names[reason];
}

static void set_fault(struct guest_walk *walk, enum guest_fault_reason reason,
		      uint8_t level)
{
	walk->fault.reason = reason;
	walk->fault.level = level;
}

static void read_entry(const struct paging *paging,
		       const struct guest_memory *memory,
		       struct guest_step *step)
{
	uint8_t bytes[8];

	if (step->in_register)
		step->entry = paging->pdptrs[step->index];
	else if (guest_read(memory, step->address, bytes, paging->entry_bytes) <
		 paging->entry_bytes)
		return;
	else
		step->entry = paging_load(paging, bytes);
	step->is_read = true;
}

static struct guest_step *take_step(const struct paging *paging,
				    const struct guest_memory *memory,
				    struct guest_walk *walk, unsigned int level,
				    uint64_t table)
{
	struct guest_step *step = &walk->steps[walk->step_count++];
	uint32_t index = paging_index(paging, level, walk->gva);

	*step = (struct guest_step){
		.level = level,
		.name = paging_name(paging, level),
		.in_register = level == paging->top && paging->pdptrs,
		.index = index,
		.table = table,
		.address = table + (uint64_t)index * paging->entry_bytes,
	};
	read_entry(paging, memory, step);
	return step;
}

/* Why a step leads no further; an entry is used only if no bit is wrong. */
static enum guest_fault_reason fault_of(const struct guest_memory *memory,
					const struct guest_step *step,
					enum paging_kind kind)
{
	if (!step->is_read)
		return guest_find_slot(memory, step->address)
			       ? GUEST_FAULT_UNREADABLE
			       : GUEST_FAULT_OUTSIDE_MEMORY;
	if (kind == PAGING_ABSENT)
		return GUEST_FAULT_NOT_PRESENT;
	return kind == PAGING_RESERVED ? GUEST_FAULT_RESERVED_BIT
				       : GUEST_FAULT_NONE;
}

/* From the top table to a page or a fault. */
static void descend(const struct paging *paging,
		    const struct guest_memory *memory, struct guest_walk *walk)
{
	struct paging_entry entry = { .kind = PAGING_TABLE,
				      .address = paging->root };
	unsigned int level = paging->top + 1u;

	while (entry.kind == PAGING_TABLE) {
		struct guest_step *step =
			take_step(paging, memory, walk, --level, entry.address);
		enum guest_fault_reason reason;

		entry = paging_decode(paging, level, step->entry);
		step->flags = entry.flags;
		reason = fault_of(memory, step, entry.kind);
		if (reason) {
			set_fault(walk, reason, level);
			return;
		}
		walk->rights = paging_restrict(paging, level, walk->rights,
					       entry.flags);
	}
	walk->page_size = paging_span(paging, level);
	walk->gpa = entry.address | (walk->gva & (walk->page_size - 1));
	walk->has_gpa = true;
}

static uint8_t forbidding_level(const struct paging *paging,
				const struct guest_walk *walk, uint64_t right)
{
	for (size_t i = 0; i < walk->step_count; i++) {
		const struct guest_step *step = &walk->steps[i];

		if (paging_forbids(paging, step->level, step->flags, right))
			return step->level;
	}
	return 0;
}

/* SDM vol. 3A, "Determination of Access Rights" */
static void check_access(const struct paging *paging,
			 const struct kvm_sregs *sregs,
			 enum guest_access access, struct guest_walk *walk)
{
	bool is_user = guest_find_cpl(sregs) == 3;
	bool obeys_rw = is_user || sregs->cr0 & X86_CR0_WP;
	uint64_t rights = walk->rights;

	if (is_user && !(rights & GUEST_ENTRY_US))
		set_fault(walk, GUEST_FAULT_NO_USER,
			  forbidding_level(paging, walk, GUEST_ENTRY_US));
	else if (access == GUEST_WRITE && obeys_rw &&
		 !(rights & GUEST_ENTRY_RW))
		set_fault(walk, GUEST_FAULT_NO_WRITE,
			  forbidding_level(paging, walk, GUEST_ENTRY_RW));
	else if (access == GUEST_FETCH && rights & GUEST_ENTRY_NX)
		set_fault(walk, GUEST_FAULT_NO_EXECUTE,
			  forbidding_level(paging, walk, GUEST_ENTRY_NX));
	else if (access == GUEST_FETCH && !is_user &&
		 sregs->cr4 & X86_CR4_SMEP && rights & GUEST_ENTRY_US)
		set_fault(walk, GUEST_FAULT_SMEP,
			  walk->steps[walk->step_count - 1].level);
}

void guest_translate(const struct guest_cpu *cpu,
		     const struct guest_memory *memory, uint64_t gva,
		     enum guest_access access, struct guest_walk *ret_walk)
{
	struct paging paging = paging_of(cpu);

	*ret_walk = (struct guest_walk){ .gva = gva };
	ret_walk->rights = PAGING_ALL_RIGHTS;
	if (paging.top < 4)
		ret_walk->gva = paging_extend(&paging, gva);
	if (!paging.top) {
		ret_walk->gpa = ret_walk->gva;
		ret_walk->has_gpa = true;
		return;
	}
	if (paging_extend(&paging, ret_walk->gva) != ret_walk->gva) {
		set_fault(ret_walk, GUEST_FAULT_NON_CANONICAL, 0);
		return;
	}
	descend(&paging, memory, ret_walk);
	if (!ret_walk->fault.reason)
		check_access(&paging, &cpu->sregs, access, ret_walk);
}

size_t guest_fetch(const struct guest_cpu *cpu,
		   const struct guest_memory *memory, uint64_t gva, void *bytes,
		   size_t length)
{
	size_t done = 0;

	while (done < length) {
		/* The smallest page: larger ones take several turns. */
		size_t room = 4096 - ((gva + done) & 4095);
		size_t want = room < length - done ? room : length - done;
		struct guest_walk walk;
		size_t got;

		guest_translate(cpu, memory, gva + done, GUEST_FETCH, &walk);
		if (walk.fault.reason)
			break;
		got = guest_read(memory, walk.gpa, (uint8_t *)bytes + done,
				 want);
		done += got;
		if (got < want)
			break;
	}
	return done;
}
