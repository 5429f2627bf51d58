#include "session/look.h"

#include <string.h>

#include "session/seen_memory.h"

#define PAGE_BYTES 4096u

/* The record that the program's pages are added to. */
struct pages {
	struct record *record;
	const struct program_memory *program;
};

/*
 * A page is kept even when nothing of it could be read: nobody asks again.
 * Slots consist of whole pages (api.rst 4.35), so a page never leaves its slot.
 */
static void add_page(const struct pages *pages, uint64_t address,
		     enum record_phase phase, uint32_t wanted)
{
	const struct program_memory *program = pages->program;
	struct record *record = pages->record;
	size_t before = record->bytes.length;
	struct record_part *part = record_add_part(record, PART_GUEST, phase, 0,
						   wanted);
	ssize_t got;

	if (!part)
		return;
	part->address = address;
	got = program->read(program->context, address,
			    record->bytes.data + part->offset, wanted);
	part->length = got < 0 ? 0 : (uint32_t)got;
	if (got >= 0)
		return;
	record->part_count--;
	record->bytes.length = before;
}

static size_t read_pages(void *context, uint64_t hva, void *bytes,
			 size_t length)
{
	const struct pages *pages = context;
	size_t done = 0;

	while (done < length) {
		size_t left = PAGE_BYTES - (hva + done) % PAGE_BYTES;
		size_t wanted = left < length - done ? left : length - done;
		uint8_t *to = (uint8_t *)bytes + done;
		size_t got = seen_read(pages->record, hva + done, to, wanted);

		if (!got) {
			add_page(pages, (hva + done) & ~(uint64_t)(PAGE_BYTES - 1),
				 PHASE_BEFORE, PAGE_BYTES);
			got = seen_read(pages->record, hva + done, to, wanted);
		}
		done += got;
		if (got < wanted)
			break;
	}
	return done;
}

static void find_view(const struct registers *registers,
		      const struct guest_memory *memory,
		      struct guest_view *view)
{
	const uint64_t rip = registers->regs.rip;

	guest_view_find(registers->has_sregs ? &registers->cpu : NULL,
			registers->has_regs ? &rip : NULL, memory, view);
}

static void add_frame(struct record *record,
		      const struct program_memory *program, uint64_t hva)
{
	uint64_t page = hva & ~(uint64_t)(PAGE_BYTES - 1), frame;
	struct record_part *part;

	if (!program->read_frame(program->context, page, &frame))
		return;
	part = record_add_part(record, PART_FRAME, PHASE_BEFORE, 0,
			       sizeof(frame));
	if (!part)
		return;
	part->address = page;
	memcpy(record->bytes.data + part->offset, &frame, sizeof(frame));
}

void look_at_guest(struct record *record, const struct registers *registers,
		   const struct vm_state *vm,
		   const struct program_memory *program,
		   struct guest_view *ret_view)
{
	struct pages pages = { record, program };
	struct guest_memory memory = seen_memory(record, vm);

	memory.read = read_pages;
	memory.context = &pages;
	find_view(registers, &memory, ret_view);
	if (ret_view->has_slot)
		add_frame(record, program, ret_view->hva);
}

void look_at_record(const struct record *record,
		    const struct registers *registers,
		    const struct vm_state *vm, struct guest_view *ret_view)
{
	const struct guest_memory memory = seen_memory(record, vm);

	find_view(registers, &memory, ret_view);
}

static void add_byte(const struct pages *pages, const struct vm_state *vm,
		     uint64_t gpa)
{
	const struct guest_memory memory = seen_memory(pages->record, vm);
	const struct guest_slot *slot = guest_find_slot(&memory, gpa);

	if (slot)
		add_page(pages, slot->hva + (gpa - slot->gpa), PHASE_AFTER, 1);
}

void look_at_slots(struct record *record, const struct vm_state *vm,
		   const struct guest_view *view,
		   const struct program_memory *program)
{
	const struct pages pages = { record, program };

	if (view && view->walk.has_gpa)
		add_byte(&pages, vm, view->walk.gpa);
	for (size_t i = 0; view && i < view->walk.step_count; i++)
		if (!view->walk.steps[i].in_register)
			add_byte(&pages, vm, view->walk.steps[i].address);
	for (size_t i = 0; i < vm->slot_count && i < LOOK_SLOTS_MAX; i++)
		add_page(&pages, vm->slots[i].hva, PHASE_AFTER, 1);
}

bool look_find_frame(const struct record *record,
		     const struct guest_view *view, uint64_t *ret_frame)
{
	uint64_t page = view->hva & ~(uint64_t)(PAGE_BYTES - 1);

	for (uint32_t i = 0; view->has_slot && i < record->part_count; i++) {
		const struct record_part *part = &record->parts[i];

		if (part->kind != PART_FRAME || part->address != page ||
		    part->length < sizeof(*ret_frame))
			continue;
		memcpy(ret_frame, record_part_bytes(record, part),
		       sizeof(*ret_frame));
		return true;
	}
	return false;
}
