/*
 * KVM_SET_SREGS and KVM_SET_XCRS, refused with EINVAL. The rules are those of
 * kvm_is_valid_sregs(), kvm_is_valid_cr0(), kvm_is_valid_cr4() and
 * __kvm_set_xcr(), arch/x86/kvm/x86.c, which come from the SDM, vol. 3A,
 * "Control Registers", and vol. 1, "Enabling the XSAVE Feature Set".
 */
#include <asm/processor-flags.h>
#include <linux/kvm.h>
#include <string.h>

#include "annotate/diagnose.h"
#include "session/vcpu_state.h"

#define EFER_LME (1ull << 8)
#define EFER_LMA (1ull << 10)

/* Not in every <asm/processor-flags.h>: SDM vol. 3A, "Control Registers". */
#define CR4_CET	    (1ull << 23)
#define CR4_LAM_SUP (1ull << 28)

/* Bits of CR4 that KVM knows: CR4_RESERVED_BITS, <asm/kvm_host.h>. */
#define CR4_KNOWN                                                          \
	(X86_CR4_VME | X86_CR4_PVI | X86_CR4_TSD | X86_CR4_DE |            \
	 X86_CR4_PSE | X86_CR4_PAE | X86_CR4_MCE | X86_CR4_PGE |           \
	 X86_CR4_PCE | X86_CR4_OSFXSR | X86_CR4_OSXMMEXCPT | X86_CR4_UMIP | \
	 X86_CR4_LA57 | X86_CR4_VMXE | X86_CR4_FSGSBASE | X86_CR4_PCIDE |  \
	 X86_CR4_OSXSAVE | X86_CR4_SMEP | X86_CR4_SMAP | X86_CR4_PKE |     \
	 CR4_CET | CR4_LAM_SUP)

/*
 * MAXPHYADDR of a vCPU whose CPUID has no leaf 0x80000008:
 * cpuid_query_maxphyaddr(), arch/x86/kvm/cpuid.c.
 */
#define PHYSICAL_BITS_LEAST 36

static unsigned long long hex(uint64_t value)
{
	return value;
}

static void look_at_long_mode(struct scene *scene,
			      const struct kvm_sregs *sregs)
{
	unsigned int bits = PHYSICAL_BITS_LEAST;

	if (!(sregs->efer & EFER_LMA))
		diagnose_say(scene, CODE_LMA_MISSING,
			     "in.efer in.cr0 errno", "EFER is 0x%llx",
			     hex(sregs->efer));
	if (!(sregs->cr4 & X86_CR4_PAE))
		diagnose_say(scene, CODE_PAE_MISSING,
			     "in.cr4 in.efer in.cr0 errno", "CR4 is 0x%llx",
			     hex(sregs->cr4));
	if (scene->view->vcpu && scene->view->vcpu->registers.has_cpuid)
		bits = scene->view->vcpu->registers.cpu.physical_bits;
	else if (!scene->vm || !scene->vm->is_known)
		bits = 52; /* CPUID may have been given unseen */
	if (bits < PHYSICAL_BITS_LEAST)
		bits = PHYSICAL_BITS_LEAST;
	if (bits > 52)
		bits = 52;
	if (sregs->cr3 >> bits)
		diagnose_say(scene, CODE_CR3_TOO_HIGH, "in.cr3 errno",
			     "CR3 is 0x%llx, and addresses have %u bits",
			     hex(sregs->cr3), bits);
}

static void look_at_legacy_mode(struct scene *scene,
				const struct kvm_sregs *sregs)
{
	if (sregs->efer & EFER_LMA)
		diagnose_say(scene, CODE_LMA_WITHOUT_PAGING,
			     "in.efer in.cr0 errno",
			     "EFER is 0x%llx, CR0 0x%llx", hex(sregs->efer),
			     hex(sregs->cr0));
	else if (sregs->cs.l)
		diagnose_say(scene, CODE_CS_L_WITHOUT_LMA,
			     "in.cs.l in.efer in.cr0 errno",
			     "EFER is 0x%llx, CR0 0x%llx", hex(sregs->efer),
			     hex(sregs->cr0));
}

static void look_at_cr0(struct scene *scene, uint64_t cr0)
{
	if (cr0 >> 32)
		diagnose_say(scene, CODE_CR0_HIGH_BITS, "in.cr0 errno",
			     "CR0 is 0x%llx", hex(cr0));
	if ((cr0 & X86_CR0_NW) && !(cr0 & X86_CR0_CD))
		diagnose_say(scene, CODE_CR0_NW_WITHOUT_CD, "in.cr0 errno",
			     "CR0 is 0x%llx", hex(cr0));
	if ((cr0 & X86_CR0_PG) && !(cr0 & X86_CR0_PE))
		diagnose_say(scene, CODE_CR0_PG_WITHOUT_PE, "in.cr0 errno",
			     "CR0 is 0x%llx", hex(cr0));
}

/* The bits of CR4 that stand for features which the vCPU's CPUID lacks. */
static uint64_t find_lacking(const struct past_cpuid *cpuid)
{
	const struct {
		uint64_t bit;
		uint32_t leaf, feature;
	} rows[] = { /* SDM vol. 2A, CPUID; __cr4_reserved_bits(), x86.h */
		{ X86_CR4_OSXSAVE, cpuid->leaf_1_ecx, 1u << 26 },
		{ X86_CR4_PCIDE, cpuid->leaf_1_ecx, 1u << 17 },
		{ X86_CR4_SMEP, cpuid->leaf_7_ebx, 1u << 7 },
		{ X86_CR4_SMAP, cpuid->leaf_7_ebx, 1u << 20 },
		{ X86_CR4_FSGSBASE, cpuid->leaf_7_ebx, 1u << 0 },
		{ X86_CR4_PKE, cpuid->leaf_7_ecx, 1u << 3 },
		{ X86_CR4_LA57, cpuid->leaf_7_ecx, 1u << 16 },
		{ X86_CR4_UMIP, cpuid->leaf_7_ecx, 1u << 2 },
		{ CR4_LAM_SUP, cpuid->leaf_7_1_eax, 1u << 26 },
	};
	uint64_t lacking = 0;

	if (!cpuid->mark.is_set)
		return 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!(rows[i].leaf & rows[i].feature))
			lacking |= rows[i].bit;
	return lacking;
}

static void look_at_cr4(struct scene *scene, uint64_t cr4)
{
	const struct past_cpuid *cpuid = &scene->vcpu->cpuid;
	uint64_t unknown = cr4 & ~(uint64_t)CR4_KNOWN;
	uint64_t lacking = cr4 & find_lacking(cpuid);

	if (unknown)
		diagnose_say(scene, CODE_CR4_RESERVED, "in.cr4 errno",
			     "CR4 is 0x%llx, of which no processor has 0x%llx",
			     hex(cr4), hex(unknown));
	if (!lacking)
		return;
	diagnose_say(scene, CODE_CR4_RESERVED, "in.cr4 errno",
		     "CR4 is 0x%llx, of which this vCPU's CPUID lacks 0x%llx",
		     hex(cr4), hex(lacking));
	diagnose_cite(scene, cpuid->mark);
}

void diagnose_sregs(struct scene *scene)
{
	/* struct kvm_sregs2 begins like it, up to apic_base. */
	size_t size = offsetof(struct kvm_sregs, interrupt_bitmap);
	const uint8_t *bytes = diagnose_argument(scene, size);
	struct kvm_sregs sregs = { 0 };

	if (!bytes || !scene->vcpu)
		return;
	memcpy(&sregs, bytes, size);
	if ((sregs.efer & EFER_LME) && (sregs.cr0 & X86_CR0_PG))
		look_at_long_mode(scene, &sregs);
	else
		look_at_legacy_mode(scene, &sregs);
	look_at_cr0(scene, sregs.cr0);
	look_at_cr4(scene, sregs.cr4);
}

/* Components that XCR0 enables: SDM vol. 1, "XSAVE-Supported Features". */
#define XCR0_X87    (1ull << 0)
#define XCR0_SSE    (1ull << 1)
#define XCR0_AVX    (1ull << 2)
#define XCR0_AVX512 (7ull << 5)

static const char *find_xcr0_fault(const struct scene *scene, uint64_t xcr0)
{
	const struct past_cpuid *cpuid = &scene->vcpu->cpuid;

	if (!(xcr0 & XCR0_X87))
		return "bit 0 (x87) is clear";
	if ((xcr0 & XCR0_AVX) && !(xcr0 & XCR0_SSE))
		return "AVX (bit 2) is set without SSE (bit 1)";
	if ((xcr0 & XCR0_AVX512) && ((xcr0 & XCR0_AVX512) != XCR0_AVX512 ||
				     !(xcr0 & XCR0_AVX)))
		return "AVX-512 needs bits 5 to 7 together, and AVX (bit 2)";
	if (cpuid->mark.is_set && (xcr0 & ~cpuid->xcr0))
		return "the CPUID given to the vCPU lacks some of its bits in "
		       "leaf 0xd";
	return NULL;
}

void diagnose_xcrs(struct scene *scene)
{
	const uint8_t *bytes = diagnose_argument(scene,
						 sizeof(struct kvm_xcrs));
	const char *fault;
	struct kvm_xcrs xcrs;

	if (!bytes || !scene->vcpu)
		return;
	memcpy(&xcrs, bytes, sizeof(xcrs));
	for (uint32_t i = 0; i < xcrs.nr_xcrs && i < KVM_MAX_XCRS; i++) {
		if (xcrs.xcrs[i].xcr)
			continue;
		fault = find_xcr0_fault(scene, xcrs.xcrs[i].value);
		if (!fault)
			continue;
		diagnose_say(scene, CODE_XCR0_INVALID, "in.xcrs errno",
			     "XCR0 is 0x%llx, %s",
			     hex(xcrs.xcrs[i].value), fault);
	}
}
