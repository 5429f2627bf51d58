#include "session/look.h"

#include <string.h>

#define PAGE_BYTES 4096u

/* Whose pages: `record` is NULL where nothing may be added. */
struct pages {
	const struct record *known;
	struct record *record;
	const struct program_memory *program;
};

static const struct record_part *find_page(const struct record *record,
					   enum record_part_kind kind,
					   uint64_t address)
{
	for (uint32_t i = 0; i < record->part_count; i++) {
		const struct record_part *part = &record->parts[i];

		if (part->kind == kind && part->address == address)
			return part;
	}
	return NULL;
}

/* The page is kept even when nothing of it could be read: nobody asks again. */
static const struct record_part *add_page(const struct pages *pages,
					  uint64_t address)
{
	const struct program_memory *program = pages->program;
	struct record_part *part;

	if (!pages->record)
		return NULL;
	part = record_add_part(pages->record, PART_GUEST, PHASE_BEFORE, 0,
			       PAGE_BYTES);
	if (!part)
		return NULL;
	part->address = address;
	part->length = (uint32_t)program->read(
		program->context, address,
		pages->record->bytes.data + part->offset, PAGE_BYTES);
	return part;
}

/* Slots consist of whole pages: api.rst 4.35. A page never leaves its slot. */
static size_t read_page(const struct pages *pages, uint64_t hva, void *bytes,
			size_t length)
{
	uint64_t page = hva & ~(uint64_t)(PAGE_BYTES - 1);
	uint32_t skip = (uint32_t)(hva - page);
	const struct record_part *part = find_page(pages->known, PART_GUEST,
						   page);

	if (!part)
		part = add_page(pages, page);
	if (!part || part->length <= skip)
		return 0;
	if (length > part->length - skip)
		length = part->length - skip;
	memcpy(bytes, record_part_bytes(pages->known, part) + skip, length);
	return length;
}

static size_t read_pages(void *context, uint64_t hva, void *bytes,
			 size_t length)
{
	size_t done = 0;

	while (done < length) {
		size_t left = PAGE_BYTES - (hva + done) % PAGE_BYTES;
		size_t wanted = left < length - done ? left : length - done;
		size_t got = read_page(context, hva + done,
				       (uint8_t *)bytes + done, wanted);

		done += got;
		if (got < wanted)
			break;
	}
	return done;
}

static void find_view(struct pages *pages, const struct registers *registers,
		      const struct vm_state *vm, struct guest_view *view)
{
	const struct guest_memory memory = {
		.slots = vm ? vm->slots : NULL,
		.slot_count = vm ? vm->slot_count : 0,
		.read = read_pages,
		.context = pages,
	};
	const uint64_t rip = registers->regs.rip;

	guest_view_find(registers->has_sregs ? &registers->cpu : NULL,
			registers->has_regs ? &rip : NULL, &memory, view);
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
	struct pages pages = { record, record, program };

	find_view(&pages, registers, vm, ret_view);
	if (ret_view->has_slot)
		add_frame(record, program, ret_view->hva);
}

void look_at_record(const struct record *record,
		    const struct registers *registers,
		    const struct vm_state *vm, struct guest_view *ret_view)
{
	struct pages pages = { record, NULL, NULL };

	find_view(&pages, registers, vm, ret_view);
}

bool look_find_frame(const struct record *record,
		     const struct guest_view *view, uint64_t *ret_frame)
{
	const struct record_part *part = !view->has_slot ? NULL :
		find_page(record, PART_FRAME,
			  view->hva & ~(uint64_t)(PAGE_BYTES - 1));

	if (!part || part->length < sizeof(*ret_frame))
		return false;
	memcpy(ret_frame, record_part_bytes(record, part), sizeof(*ret_frame));
	return true;
}
