#include "guest/guest_view.h"

static void find_entry(const struct guest_cpu *cpu, uint64_t rip,
		       const struct guest_memory *memory,
		       struct guest_view *view)
{
	uint64_t gva = guest_code_address(&cpu->sregs, rip);
	const struct guest_slot *slot;

	view->has_entry = true;
	view->rip = rip;
	guest_translate(cpu, memory, gva, GUEST_FETCH, &view->walk);
	view->code_length = guest_fetch(cpu, memory, gva, view->code,
					sizeof(view->code));
	slot = view->walk.has_gpa ? guest_find_slot(memory, view->walk.gpa)
				  : NULL;
	view->has_slot = slot;
	if (!slot)
		return;
	view->slot = *slot;
	view->hva = slot->hva + (view->walk.gpa - slot->gpa);
}

void guest_view_find(const struct guest_cpu *cpu, const uint64_t *rip,
		     const struct guest_memory *memory,
		     struct guest_view *ret_view)
{
	ret_view->has_mode = cpu;
	ret_view->has_entry = ret_view->has_slot = false;
	ret_view->code_length = 0;
	ret_view->ranges.count = 0;
	if (!cpu)
		return;
	ret_view->mode = guest_find_mode(&cpu->sregs);
	ret_view->code_width = guest_code_width(&cpu->sregs);
	ret_view->bit_count = guest_find_bits(&cpu->sregs, ret_view->bits);
	if (rip)
		find_entry(cpu, *rip, memory, ret_view);
	guest_find_ranges(cpu, memory, &ret_view->ranges);
}
