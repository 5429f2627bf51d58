#include "guest/paging.h"

#include <asm/processor-flags.h>
#include <string.h>

#define EFER_NXE (1u << 11)
#define PHYSICAL_BITS_MAX 52 /* SDM vol. 3A, "Enumeration of Paging Features" */

#define BITS(high, low) (~0ull >> (63 - (high)) & ~0ull << (low))
#define P GUEST_ENTRY_P
#define PS GUEST_ENTRY_PS
#define NX GUEST_ENTRY_NX
#define RIGHTS (GUEST_ENTRY_RW | GUEST_ENTRY_US | GUEST_ENTRY_NX)
#define CACHING (GUEST_ENTRY_PWT | GUEST_ENTRY_PCD)
#define UPPER (P | RIGHTS | CACHING | GUEST_ENTRY_A | PS)
#define ALL (UPPER | GUEST_ENTRY_D | GUEST_ENTRY_G)

static const struct abi_name entry_flags[] = {
	{ GUEST_ENTRY_P, "P", 0, "present: the entry is used" },
	{ GUEST_ENTRY_RW, "RW", 0, "writable" },
	{ GUEST_ENTRY_US, "US", 0, "user: ring 3 may access it" },
	{ GUEST_ENTRY_PWT, "PWT", 0, "write-through" },
	{ GUEST_ENTRY_PCD, "PCD", 0, "not cached" },
	{ GUEST_ENTRY_A, "A", 0, "accessed" },
	{ GUEST_ENTRY_D, "D", 0, "dirty: written to" },
	{ GUEST_ENTRY_PS, "PS", 0, "maps a page, not a further table" },
	{ GUEST_ENTRY_G, "G", 0, "global: kept when CR3 changes" },
	{ GUEST_ENTRY_NX, "NX", 0, "no instructions are fetched from it" },
};
ABI_NAMES(guest_entry_names, "page table entry", entry_flags);

/*
 * Reserved bits are those of a present entry; beside them there are the bits
 * of an address above MAXPHYADDR, and NX without EFER.NXE.
 */
struct paging_level {
	const char *name;
	uint8_t shift, index_bits;	/* where the index is in the gva */
	bool has_pages; /* PS may be set; level 1: always pages */
	uint64_t flags;			/* the named bits that it has */
	uint64_t reserved_table, reserved_page;
};

/* SDM vol. 3A, "32-Bit Paging"; PS counts with CR4.PSE only */
static const struct paging_level paged32[] = {
	{ "PT", 12, 10, true, ALL & ~(PS | NX), 0, 0 },
	{ "PD", 22, 10, true, ALL & ~NX, 0, BITS(21, 21) },
};

/* "PAE Paging"; the rights of its PDPTEs: there are none */
static const struct paging_level pae[] = {
	{ "PT", 12, 9, true, ALL & ~PS, 0, BITS(62, 52) },
	{ "PD", 21, 9, true, ALL, BITS(62, 52), BITS(62, 52) | BITS(20, 13) },
	{ "PDPT", 30, 2, false, P | CACHING, BITS(63, 52) | BITS(8, 5) | BITS(2, 1), 0 },
};

/* "4-Level Paging and 5-Level Paging" */
static const struct paging_level long_mode[GUEST_LEVELS_MAX] = {
	{ "PT", 12, 9, true, ALL & ~PS, 0, 0 },
	{ "PD", 21, 9, true, ALL, 0, BITS(20, 13) },
	{ "PDPT", 30, 9, true, ALL, 0, BITS(29, 13) },
	{ "PML4", 39, 9, false, UPPER, PS, 0 },
	{ "PML5", 48, 9, false, UPPER, PS, 0 },
};

static uint8_t physical_bits_of(const struct guest_cpu *cpu)
{
	bool is_known = cpu->physical_bits &&
			cpu->physical_bits <= PHYSICAL_BITS_MAX;

	return is_known ? cpu->physical_bits : PHYSICAL_BITS_MAX;
}

/* SDM vol. 3A, the tables "Use of CR3 with …" of each kind of paging. */
static void choose_tables(struct paging *paging, const struct guest_cpu *cpu)
{
	const struct kvm_sregs *sregs = &cpu->sregs;

	switch (guest_find_mode(sregs)) {
	case GUEST_REAL:
	case GUEST_PROTECTED:
		return;
	case GUEST_PAGED32:
		paging->levels = paged32;
		paging->top = 2;
		paging->entry_bytes = 4;
		paging->root = sregs->cr3 & BITS(31, 12);
		return;
	case GUEST_PAE:
		paging->levels = pae;
		paging->top = 3;
		paging->root = sregs->cr3 & BITS(31, 5);
		paging->pdptrs = cpu->has_pdptrs ? cpu->pdptrs : NULL;
		return;
	case GUEST_COMPAT:
	case GUEST_LONG:
	case GUEST_LA57:
		paging->levels = long_mode;
		paging->top = sregs->cr4 & X86_CR4_LA57 ? 5 : 4;
		paging->root = sregs->cr3 & BITS(51, 12);
	}
}

struct paging paging_of(const struct guest_cpu *cpu)
{
	struct paging paging = {
		.entry_bytes = 8,
		.physical_bits = physical_bits_of(cpu),
		.has_large = true,
		.lacks_gib_pages = cpu->lacks_gib_pages,
		.reserved = cpu->sregs.efer & EFER_NXE ? 0 : NX,
	};

	choose_tables(&paging, cpu);
	if (paging.levels == paged32)
		paging.has_large = cpu->sregs.cr4 & X86_CR4_PSE;
	return paging;
}

static const struct paging_level *row_of(const struct paging *paging,
					 unsigned int level)
{
	return &paging->levels[level - 1];
}

const char *paging_name(const struct paging *paging, unsigned int level)
{
	return row_of(paging, level)->name;
}

uint64_t paging_span(const struct paging *paging, unsigned int level)
{
	return 1ull << row_of(paging, level)->shift;
}

uint32_t paging_entry_count(const struct paging *paging, unsigned int level)
{
	return 1u << row_of(paging, level)->index_bits;
}

uint32_t paging_index(const struct paging *paging, unsigned int level,
		      uint64_t gva)
{
	return gva >> row_of(paging, level)->shift &
	       (paging_entry_count(paging, level) - 1);
}

/* SDM vol. 1, "Canonical Addressing": the bits above are copies of the top. */
uint64_t paging_extend(const struct paging *paging, uint64_t gva)
{
	unsigned int unused;

	if (paging->top < 4)
		return (uint32_t)gva;
	unused = 64 - row_of(paging, paging->top)->shift - 9;
	return (uint64_t)((int64_t)(gva << unused) >> unused);
}

uint64_t paging_load(const struct paging *paging, const void *bytes)
{
	uint64_t raw = 0;

	memcpy(&raw, bytes, paging->entry_bytes);
	return raw;
}

/*
 * A 4 MiB page has bits 39:32 of its address in bits 20:13 (PSE-36): "Paging-
 * Structure Entries", format of a PDE that maps a 4-MByte page.
 */
static uint64_t page_address(const struct paging *paging, unsigned int level,
			     uint64_t raw)
{
	uint64_t address = raw & BITS(51, 12) &
			   ~(paging_span(paging, level) - 1);

	if (paging->levels == paged32 && level == 2)
		address |= (raw & BITS(20, 13)) << 19;
	return address;
}

/* D and G mean something of pages only, PS of tables where it must be 0. */
static uint64_t flags_of(const struct paging_level *row, uint64_t raw,
			 bool is_page)
{
	uint64_t flags = row->flags;

	if (!is_page)
		flags &= ~(GUEST_ENTRY_D | GUEST_ENTRY_G |
			   (PS & ~row->reserved_table));
	return raw & flags;
}

struct paging_entry paging_decode(const struct paging *paging,
				  unsigned int level, uint64_t raw)
{
	const struct paging_level *row = row_of(paging, level);
	bool is_page = level == 1 ||
		       (row->has_pages && paging->has_large && raw & PS);
	uint64_t reserved = is_page ? row->reserved_page : row->reserved_table;
	struct paging_entry entry = { .kind = PAGING_ABSENT };

	if (!(raw & P))
		return entry;
	if (is_page && level == 3 && paging->lacks_gib_pages)
		reserved |= PS;
	entry.kind = is_page ? PAGING_PAGE : PAGING_TABLE;
	entry.flags = flags_of(row, raw, is_page);
	entry.address = is_page ? page_address(paging, level, raw)
				: raw & BITS(51, 12);
	if (raw & (reserved | paging->reserved) ||
	    entry.address >> paging->physical_bits)
		entry.kind = PAGING_RESERVED;
	return entry;
}

/* SDM vol. 3A, "Determination of Access Rights": RW and US are the AND of all
 * levels, NX is the OR; a level without the flag has no say. */
bool paging_forbids(const struct paging *paging, unsigned int level,
		    uint64_t flags, uint64_t right)
{
	bool is_set = flags & right;

	if (!(row_of(paging, level)->flags & right))
		return false;
	return right == NX ? is_set : !is_set;
}

uint64_t paging_restrict(const struct paging *paging, unsigned int level,
			 uint64_t rights, uint64_t flags)
{
	if (paging_forbids(paging, level, flags, GUEST_ENTRY_RW))
		rights &= ~GUEST_ENTRY_RW;
	if (paging_forbids(paging, level, flags, GUEST_ENTRY_US))
		rights &= ~GUEST_ENTRY_US;
	if (paging_forbids(paging, level, flags, NX))
		rights |= NX;
	return rights;
}
