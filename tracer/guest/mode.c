#include <asm/processor-flags.h>
#include <string.h>

#include "guest/guest.h"

/* SDM vol. 3A, "Extended Feature Enable Register" */
#define EFER_LMA (1u << 10)

enum { PE = 1, PG = 2, PAE = 4, LA57 = 8, LMA = 16, CS_L = 32 };

/* In the order of the bits above, and in which a reader asks for them. */
static const char *const bit_names[GUEST_BITS_MAX] = {
	"CR0.PE", "CR0.PG", "CR4.PAE", "CR4.LA57", "EFER.LMA", "CS.L",
};

/*
 * A mode is where the bits that decide it have the values `set`. Each state of
 * the bits is in one row and no more. SDM vol. 3A, "Modes of Operation" and
 * "Paging Modes and Control Bits"; CR0.PG without PE can't be, nor LMA without
 * PAE: there the outer bit is believed.
 */
static const struct {
	const char *name;
	uint8_t deciding, set;
} modes[] = {
	[GUEST_REAL]	  = { "real", PE, 0 },
	[GUEST_PROTECTED] = { "protected", PE | PG, PE },
	[GUEST_PAGED32]	  = { "paged32", PE | PG | PAE, PE | PG },
	[GUEST_PAE]	  = { "pae", PE | PG | PAE | LMA, PE | PG | PAE },
	[GUEST_COMPAT]	  = { "compat", PE | PG | PAE | LMA | CS_L, PE | PG | PAE | LMA },
	[GUEST_LONG]	  = { "long", PE | PG | PAE | LA57 | LMA | CS_L,
			      PE | PG | PAE | LMA | CS_L },
	[GUEST_LA57]	  = { "la57", PE | PG | PAE | LA57 | LMA | CS_L,
			      PE | PG | PAE | LA57 | LMA | CS_L },
};

static uint8_t gather_bits(const struct kvm_sregs *sregs)
{
	return (sregs->cr0 & X86_CR0_PE ? PE : 0) |
	       (sregs->cr0 & X86_CR0_PG ? PG : 0) |
	       (sregs->cr4 & X86_CR4_PAE ? PAE : 0) |
	       (sregs->cr4 & X86_CR4_LA57 ? LA57 : 0) |
	       (sregs->efer & EFER_LMA ? LMA : 0) |
	       (sregs->cs.l ? CS_L : 0);
}

enum guest_mode guest_find_mode(const struct kvm_sregs *sregs)
{
	uint8_t bits = gather_bits(sregs);
	unsigned int mode = GUEST_REAL;

	while ((bits & modes[mode].deciding) != modes[mode].set)
		mode++;
	return mode;
}

const char *guest_mode_name(enum guest_mode mode)
{
	return modes[mode].name;
}

size_t guest_find_bits(const struct kvm_sregs *sregs,
		       struct guest_bit ret_bits[GUEST_BITS_MAX])
{
	uint8_t deciding = modes[guest_find_mode(sregs)].deciding;
	uint8_t bits = gather_bits(sregs);
	size_t count = 0;

	for (unsigned int i = 0; i < GUEST_BITS_MAX; i++)
		if (deciding & 1 << i)
			ret_bits[count++] = (struct guest_bit){
				bit_names[i], bits & 1 << i,
			};
	return count;
}

static bool is_64_bit(const struct kvm_sregs *sregs)
{
	return guest_find_mode(sregs) >= GUEST_LONG;
}

/*
 * SDM vol. 3A, "Code-Segment Descriptor in 64-bit Mode". Real mode has CS.D
 * too, in the hidden part of CS, where KVM_SET_SREGS can set it.
 */
unsigned int guest_code_width(const struct kvm_sregs *sregs)
{
	if (is_64_bit(sregs))
		return 64;
	return sregs->cs.db ? 32 : 16;
}

/*
 * SDM vol. 3A, "Segmentation in IA-32e Mode": 64-bit code ignores CS.base. In
 * all other modes linear addresses have 32 bits and wrap.
 */
uint64_t guest_code_address(const struct kvm_sregs *sregs, uint64_t rip)
{
	return is_64_bit(sregs) ? rip : (uint32_t)(sregs->cs.base + rip);
}

/* SDM vol. 3C, "Guest Register State": the CPL always equals SS.DPL. */
unsigned int guest_find_cpl(const struct kvm_sregs *sregs)
{
	return sregs->cr0 & X86_CR0_PE ? sregs->ss.dpl & 3 : 0;
}

_Static_assert(offsetof(struct kvm_sregs, interrupt_bitmap) ==
		       offsetof(struct kvm_sregs2, flags),
	       "kvm_sregs2 begins like kvm_sregs");

void guest_set_sregs2(struct guest_cpu *cpu, const struct kvm_sregs2 *sregs2)
{
	memset(&cpu->sregs, 0, sizeof(cpu->sregs));
	memcpy(&cpu->sregs, sregs2, offsetof(struct kvm_sregs2, flags));
	cpu->has_pdptrs = sregs2->flags & KVM_SREGS2_FLAGS_PDPTRS_VALID;
	memcpy(cpu->pdptrs, sregs2->pdptrs, sizeof(cpu->pdptrs));
}
