#include <string.h>

#include "guest/paging.h"

#define TABLE_BYTES 4096

/* The tables from the top to the one at hand, by level - 1. */
struct scan {
	const struct paging *paging;
	const struct guest_memory *memory;
	struct guest_ranges *ranges;
	uint64_t path[GUEST_LEVELS_MAX];
};

/* Where one entry stands. */
struct place {
	unsigned int level;
	uint64_t gva;
	uint64_t rights;	/* that the levels above leave */
};

static void scan_table(struct scan *scan, const struct place *place,
		       uint64_t table);

static bool continues(const struct guest_range *before,
		      const struct guest_range *range)
{
	return before->last + 1 == range->gva &&
	       before->gpa + (before->last - before->gva) + 1 == range->gpa &&
	       before->page_size == range->page_size &&
	       before->flags == range->flags && !before->is_recursive &&
	       !range->is_recursive;
}

static void add_range(struct guest_ranges *ranges,
		      const struct guest_range *range)
{
	struct guest_range *end = &ranges->list[ranges->count];

	if (ranges->count && continues(end - 1, range)) {
		end[-1].last = range->last;
	} else if (ranges->count < GUEST_RANGES_MAX) {
		*end = *range;
		ranges->count++;
	} else {
		ranges->is_cut = true;
	}
}

/*
 * A and D say what happened, not what is mapped, and PS is told by the size:
 * they would only break ranges apart.
 */
static uint64_t range_flags(uint64_t rights, uint64_t entry_flags)
{
	const uint64_t own = GUEST_ENTRY_PWT | GUEST_ENTRY_PCD | GUEST_ENTRY_G;

	return GUEST_ENTRY_P | rights | (entry_flags & own);
}

/*
 * A table that is its own descendant is how kernels see their page tables at a
 * fixed place. Followed, it would show each table once more at every level.
 */
static bool is_on_path(const struct scan *scan, unsigned int level,
		       uint64_t table)
{
	for (unsigned int i = level; i <= scan->paging->top; i++)
		if (scan->path[i - 1] == table)
			return true;
	return false;
}

static void take_entry(struct scan *scan, const struct place *place,
		       uint64_t raw)
{
	struct paging_entry entry =
		paging_decode(scan->paging, place->level, raw);
	uint64_t rights = paging_restrict(scan->paging, place->level,
					  place->rights, entry.flags);
	uint64_t span = paging_span(scan->paging, place->level);
	bool is_page = entry.kind == PAGING_PAGE;
	struct place below = { place->level - 1, place->gva, rights };

	if (entry.kind < PAGING_TABLE)
		return;
	if (is_page || is_on_path(scan, place->level, entry.address))
		add_range(scan->ranges, &(struct guest_range){
			.gva = place->gva,
			.last = place->gva + span - 1,
			.gpa = entry.address,
			.page_size = is_page ? span : 0,
			.flags = range_flags(rights, is_page ? entry.flags : 0),
			.is_recursive = !is_page,
		});
	else
		scan_table(scan, &below, entry.address);
}

/* Returns how many entries of the table there are to look at. */
static uint32_t read_table(const struct scan *scan, unsigned int level,
			   uint64_t table, uint8_t bytes[TABLE_BYTES])
{
	size_t size = (size_t)paging_entry_count(scan->paging, level) *
		      scan->paging->entry_bytes;

	if (level == scan->paging->top && scan->paging->pdptrs)
		memcpy(bytes, scan->paging->pdptrs, size);
	else
		size = guest_read(scan->memory, table, bytes, size);
	return size / scan->paging->entry_bytes;
}

/* Recursion ends with the levels: five at most. */
static void scan_table(struct scan *scan, const struct place *place,
		       uint64_t table)
{
	uint8_t bytes[TABLE_BYTES];
	uint32_t count = read_table(scan, place->level, table, bytes);

	scan->path[place->level - 1] = table;
	for (uint32_t i = 0; i < count && !scan->ranges->is_cut; i++) {
		struct place inside = *place;

		if (scan->ranges->entries_read == GUEST_ENTRIES_MAX) {
			scan->ranges->is_cut = true;
			return;
		}
		scan->ranges->entries_read++;
		inside.gva += i * paging_span(scan->paging, place->level);
		inside.gva = paging_extend(scan->paging, inside.gva);
		take_entry(
			scan, &inside,
			paging_load(scan->paging,
				    bytes + (size_t)i *
						    scan->paging->entry_bytes));
	}
}

void guest_find_ranges(const struct guest_cpu *cpu,
		       const struct guest_memory *memory,
		       struct guest_ranges *ret_ranges)
{
	struct paging paging = paging_of(cpu);
	struct scan scan = { &paging, memory, ret_ranges, { 0 } };

	ret_ranges->count = 0;
	ret_ranges->entries_read = 0;
	ret_ranges->is_cut = false;
	if (paging.top)
		scan_table(&scan,
			   &(struct place){ paging.top, 0, PAGING_ALL_RIGHTS },
			   paging.root);
}

static bool is_equal(const struct guest_range *a, const struct guest_range *b)
{
	return a->gva == b->gva && a->last == b->last && a->gpa == b->gpa &&
	       a->page_size == b->page_size && a->flags == b->flags &&
	       a->is_recursive == b->is_recursive;
}

bool guest_ranges_equal(const struct guest_ranges *a,
			const struct guest_ranges *b)
{
	if (a->count != b->count || a->is_cut != b->is_cut)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!is_equal(&a->list[i], &b->list[i]))
			return false;
	return true;
}
