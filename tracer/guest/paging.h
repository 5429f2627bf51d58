/*
 * The formats of paging-structure entries, as rows: what the walk and the
 * ranges share. Internal to the guest layer.
 */
#ifndef GUEST_PAGING_H
#define GUEST_PAGING_H

#include "guest/guest.h"

struct paging_level;

/* How one state of the registers pages. */
struct paging {
	const struct paging_level *levels;	/* by level - 1 */
	uint8_t top;		/* level of the table in CR3; 0: no paging */
	uint8_t entry_bytes;
	uint8_t physical_bits;
	bool has_large;		/* 32-bit paging: CR4.PSE */
	bool lacks_gib_pages;
	uint64_t reserved;	/* bits reserved at all levels */
	uint64_t root;		/* gpa of the top table */
	const uint64_t *pdptrs;	/* the top table in registers, or NULL */
};

enum paging_kind { PAGING_ABSENT, PAGING_RESERVED, PAGING_TABLE, PAGING_PAGE };

struct paging_entry {
	enum paging_kind kind;
	uint64_t flags;		/* GUEST_ENTRY_*; none when absent */
	uint64_t address;	/* gpa of the table or the page */
};

/* Borrows cpu. */
struct paging paging_of(const struct guest_cpu *cpu);

const char *paging_name(const struct paging *paging, unsigned int level);
/* The bytes that one entry of this level controls. */
uint64_t paging_span(const struct paging *paging, unsigned int level);
uint32_t paging_entry_count(const struct paging *paging, unsigned int level);
uint32_t paging_index(const struct paging *paging, unsigned int level,
		      uint64_t gva);
/* The linear address that has these low bits: cut to 32, or made canonical. */
uint64_t paging_extend(const struct paging *paging, uint64_t gva);

uint64_t paging_load(const struct paging *paging, const void *bytes);
struct paging_entry paging_decode(const struct paging *paging,
				  unsigned int level, uint64_t raw);
/* What is left of the rights after an entry with these flags. */
uint64_t paging_restrict(const struct paging *paging, unsigned int level,
			 uint64_t rights, uint64_t flags);
/* Does an entry of this level forbid what `right` (RW, US, NX) stands for? */
bool paging_forbids(const struct paging *paging, unsigned int level,
		    uint64_t flags, uint64_t right);

/* The rights before the first entry. */
#define PAGING_ALL_RIGHTS (GUEST_ENTRY_RW | GUEST_ENTRY_US)

#endif
