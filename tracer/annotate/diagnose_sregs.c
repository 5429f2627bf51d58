/*
 * KVM_SET_SREGS and KVM_SET_XCRS, refused with EINVAL, or a KVM_RUN that takes
 * special registers along (KVM_CAP_SYNC_REGS). The rules are those of
 * kvm_is_valid_sregs(), kvm_is_valid_cr0(), kvm_is_valid_cr4() and
 * __kvm_set_xcr(), arch/x86/kvm/x86.c, which come from the SDM, vol. 3A,
 * "Control Registers", and vol. 1, "Enabling the XSAVE Feature Set".
 */
#include <asm/processor-flags.h>
#include <linux/kvm.h>
#include <string.h>

#include "abi/run.h"
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

/* Registers that came along with KVM_RUN have no members of this line. */
static const char *fields_of(const struct scene *scene, const char *fields)
{
	return abi_is_run(scene->view->row) ? "errno" : fields;
}

/* The CPUID of this vCPU is known: what was given, or that nothing was. */
static bool knows_cpuid(const struct scene *scene)
{
	return (scene->view->vcpu && scene->view->vcpu->registers.has_cpuid) ||
	       (scene->vm && scene->vm->is_known);
}

static bool lacks_cpuid(const struct scene *scene)
{
	return scene->view->vcpu && !scene->view->vcpu->registers.has_cpuid &&
	       knows_cpuid(scene);
}

static unsigned int find_physical_bits(const struct scene *scene)
{
	unsigned int bits = PHYSICAL_BITS_LEAST;

	if (!knows_cpuid(scene))
		return 52;
	if (scene->view->vcpu)
		bits = scene->view->vcpu->registers.cpu.physical_bits;
	if (bits < PHYSICAL_BITS_LEAST)
		return PHYSICAL_BITS_LEAST;
	return bits < 52 ? bits : 52;
}

static void look_at_long_mode(struct scene *scene,
			      const struct kvm_sregs *sregs)
{
	unsigned int bits = find_physical_bits(scene);

	if (!(sregs->efer & EFER_LMA))
		diagnose_say(scene, CODE_LMA_MISSING,
			     fields_of(scene, "in.efer in.cr0 errno"),
			     "EFER is 0x%llx", hex(sregs->efer));
	if (!(sregs->cr4 & X86_CR4_PAE))
		diagnose_say(scene, CODE_PAE_MISSING,
			     fields_of(scene, "in.cr4 in.efer in.cr0 errno"),
			     "CR4 is 0x%llx", hex(sregs->cr4));
	if (sregs->cr3 >> bits)
		diagnose_say(scene, CODE_CR3_TOO_HIGH,
			     fields_of(scene, "in.cr3 errno"),
			     "CR3 is 0x%llx, and addresses have %u bits",
			     hex(sregs->cr3), bits);
}

static void look_at_legacy_mode(struct scene *scene,
				const struct kvm_sregs *sregs)
{
	if (sregs->efer & EFER_LMA)
		diagnose_say(scene, CODE_LMA_WITHOUT_PAGING,
			     fields_of(scene, "in.efer in.cr0 errno"),
			     "EFER is 0x%llx, CR0 0x%llx", hex(sregs->efer),
			     hex(sregs->cr0));
	else if (sregs->cs.l)
		diagnose_say(scene, CODE_CS_L_WITHOUT_LMA,
			     fields_of(scene, "in.cs.l in.efer in.cr0 errno"),
			     "EFER is 0x%llx, CR0 0x%llx", hex(sregs->efer),
			     hex(sregs->cr0));
}

static void look_at_cr0(struct scene *scene, uint64_t cr0)
{
	const char *fields = fields_of(scene, "in.cr0 errno");

	if (cr0 >> 32)
		diagnose_say(scene, CODE_CR0_HIGH_BITS, fields,
			     "CR0 is 0x%llx", hex(cr0));
	if ((cr0 & X86_CR0_NW) && !(cr0 & X86_CR0_CD))
		diagnose_say(scene, CODE_CR0_NW_WITHOUT_CD, fields,
			     "CR0 is 0x%llx", hex(cr0));
	if ((cr0 & X86_CR0_PG) && !(cr0 & X86_CR0_PE))
		diagnose_say(scene, CODE_CR0_PG_WITHOUT_PE, fields,
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
		{ X86_CR4_VMXE, cpuid->leaf_1_ecx, 1u << 5 },
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

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!(rows[i].leaf & rows[i].feature))
			lacking |= rows[i].bit;
	/* It stands for two: shadow stacks, or indirect branch tracking. */
	if (!(cpuid->leaf_7_ecx & 1u << 7) && !(cpuid->leaf_7_edx & 1u << 20))
		lacking |= CR4_CET;
	return lacking;
}

/*
 * Without CPUID the bits of features are refused that KVM itself lacks, or all,
 * by its version; which it lacks is not to be seen.
 */
static void look_at_features(struct scene *scene, uint64_t cr4)
{
	const struct past_cpuid *cpuid = &scene->vcpu->cpuid;
	const char *fields = fields_of(scene, "in.cr4 errno");
	uint64_t lacking = cr4 & find_lacking(cpuid);

	if (!lacking || (!cpuid->mark.is_set && !lacks_cpuid(scene)))
		return;
	if (cpuid->mark.is_set)
		diagnose_say(scene, CODE_CR4_RESERVED, fields,
			     "CR4 is 0x%llx, of which this vCPU's CPUID lacks "
			     "0x%llx", hex(cr4), hex(lacking));
	else if (!scene->notes->count)
		diagnose_say(scene, CODE_CR4_RESERVED, fields,
			     "CR4 is 0x%llx, of which 0x%llx are features "
			     "that KVM may lack, and no CPUID was given to "
			     "this vCPU", hex(cr4), hex(lacking));
	diagnose_cite(scene, cpuid->mark);
}

static void look_at_cr4(struct scene *scene, uint64_t cr4)
{
	uint64_t unknown = cr4 & ~(uint64_t)CR4_KNOWN;

	if (unknown)
		diagnose_say(scene, CODE_CR4_RESERVED,
			     fields_of(scene, "in.cr4 errno"),
			     "CR4 is 0x%llx, of which no processor has 0x%llx",
			     hex(cr4), hex(unknown));
	look_at_features(scene, cr4);
}

/*
 * kvm_set_apic_base(), arch/x86/kvm/lapic.c; SDM vol. 3A, "Local APIC Status and
 * Location". Bit 8 is for the bootstrap processor.
 */
#define APIC_BASE_RESERVED 0x2ffull
#define APIC_BASE_X2APIC   (1ull << 10)
#define APIC_BASE_ENABLE   (1ull << 11)
#define CPUID_1_ECX_X2APIC (1u << 21)

static void look_at_apic_base(struct scene *scene, uint64_t base)
{
	const struct past_cpuid *cpuid = &scene->vcpu->cpuid;
	const char *fields = fields_of(scene, "in.apic_base errno");
	unsigned int bits = find_physical_bits(scene);

	if (base & APIC_BASE_RESERVED || base >> bits)
		diagnose_say(scene, CODE_APIC_BASE_INVALID, fields,
			     "apic_base is 0x%llx; bits 0 to 7 and 9, and from "
			     "%u on, are reserved", hex(base), bits);
	else if (!(base & APIC_BASE_X2APIC))
		return;
	else if (!(base & APIC_BASE_ENABLE))
		diagnose_say(scene, CODE_APIC_BASE_INVALID, fields,
			     "apic_base is 0x%llx, x2APIC (bit 10) without the "
			     "APIC (bit 11)", hex(base));
	else if (cpuid->mark.is_set && !(cpuid->leaf_1_ecx & CPUID_1_ECX_X2APIC))
		diagnose_say(scene, CODE_APIC_BASE_INVALID, fields,
			     "apic_base is 0x%llx, x2APIC (bit 10), which this "
			     "vCPU's CPUID lacks", hex(base));
}

/*
 * The registers that the call carried, up to apic_base, where struct kvm_sregs2
 * is still like kvm_sregs; NULL: none.
 */
static const uint8_t *find_sregs(const struct scene *scene, size_t size)
{
	const struct record_part *run = record_find_part(
		scene->record, PART_RUN, PHASE_BEFORE, 0);
	const uint8_t *bytes;

	if (!abi_is_run(scene->view->row))
		return diagnose_argument(scene, size);
	if (!run || run->length < ABI_RUN_SYNC_BYTES)
		return NULL;
	bytes = record_part_bytes(scene->record, run);
	return abi_run_sync_mask(bytes, false) & KVM_SYNC_X86_SREGS ?
		bytes + ABI_RUN_BYTES + offsetof(struct kvm_sync_regs, sregs) :
		NULL;
}

void diagnose_sregs(struct scene *scene)
{
	size_t size = offsetof(struct kvm_sregs, interrupt_bitmap);
	const uint8_t *bytes = find_sregs(scene, size);
	struct kvm_sregs sregs = { 0 };

	if (!bytes || !scene->vcpu)
		return;
	memcpy(&sregs, bytes, size);
	if ((sregs.efer & EFER_LME) && (sregs.cr0 & X86_CR0_PG))
		look_at_long_mode(scene, &sregs);
	else
		look_at_legacy_mode(scene, &sregs);
	look_at_cr0(scene, sregs.cr0);
	look_at_apic_base(scene, sregs.apic_base);
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
	if (lacks_cpuid(scene) && xcr0 != XCR0_X87)
		return "no CPUID was given to the vCPU, so it has only bit 0 "
		       "(x87)";
	if (cpuid->mark.is_set && (xcr0 & ~(cpuid->xcr0 | XCR0_X87)))
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
