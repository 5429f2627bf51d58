/*
 * Names of the kernel's headers that no row of abi/ has, since no member of a
 * structure holds them: other names of what our tables call as the manuals do
 * (GP_VECTOR is #GP), limits, and what guest and KVM tell each other in
 * memory. The numbers are the headers' own.
 *
 * Sources: linux/kvm.h, asm/kvm.h, asm/kvm_para.h and linux/kvm_para.h of
 * Linux 6.1; Documentation/virt/kvm/x86/msr.rst and hypercalls.rst, api.rst
 * 4.1, 4.5, 4.97, 4.116.
 */
#include <asm/kvm_para.h>
#include <inttypes.h>

#include "abi/compat.h"
#include "explain/internal.h"

#define DECIMAL_MAX 999		/* larger numbers are masks or leaves */

static const struct {
	const char *name;
	const char *ours;
} aliases[] = {
	{ "KVM_CPUID_SIGNATURE", "CPUID.40000000H" },
	{ "KVM_CPUID_FEATURES", "CPUID.40000001H" },
	{ "KVM_DEV_VFIO_GROUP", "KVM_DEV_VFIO_FILE" },
	{ "KVM_DEV_VFIO_GROUP_ADD", "KVM_DEV_VFIO_FILE_ADD" },
	{ "KVM_DEV_VFIO_GROUP_DEL", "KVM_DEV_VFIO_FILE_DEL" },
	/* A hypercall returns them negative. */
	{ "KVM_ENOSYS", "-KVM_ENOSYS" }, { "KVM_EFAULT", "-KVM_EFAULT" },
	{ "KVM_EINVAL", "-KVM_EINVAL" }, { "KVM_E2BIG", "-KVM_E2BIG" },
	{ "KVM_EPERM", "-KVM_EPERM" },
	{ "KVM_EOPNOTSUPP", "-KVM_EOPNOTSUPP" },
	{ "DE_VECTOR", "#DE" }, { "DB_VECTOR", "#DB" }, { "BP_VECTOR", "#BP" },
	{ "OF_VECTOR", "#OF" }, { "BR_VECTOR", "#BR" }, { "UD_VECTOR", "#UD" },
	{ "NM_VECTOR", "#NM" }, { "DF_VECTOR", "#DF" }, { "TS_VECTOR", "#TS" },
	{ "NP_VECTOR", "#NP" }, { "SS_VECTOR", "#SS" }, { "GP_VECTOR", "#GP" },
	{ "PF_VECTOR", "#PF" }, { "MF_VECTOR", "#MF" }, { "AC_VECTOR", "#AC" },
	{ "MC_VECTOR", "#MC" }, { "XM_VECTOR", "#XM" }, { "VE_VECTOR", "#VE" },
	{ "CP_VECTOR", "#CP" }, { "HV_VECTOR", "#HV" }, { "VC_VECTOR", "#VC" },
	{ "SX_VECTOR", "#SX" },
};

#define NUMBER(name_, text_) { #name_, (name_), text_ }

static const struct {
	const char *name;
	uint64_t value;
	const char *text;
} constants[] = {
	NUMBER(KVMIO, "the type byte of every request to KVM"),
	NUMBER(KVM_API_VERSION, "the only answer of KVM_GET_API_VERSION since Linux 2.6.22; a "
	       "program should refuse any other"),
	NUMBER(KVM_NR_INTERRUPTS, "how many vectors there are: bits of kvm_sregs.interrupt_bitmap"),
	NUMBER(KVM_NR_IRQCHIPS, "how many chips kvm_irqchip.chip_id can name: two PICs, an IOAPIC"),
	NUMBER(KVM_IOAPIC_NUM_PINS, "how many lines the IOAPIC has: kvm_ioapic_state.redirtbl"),
	NUMBER(KVM_APIC_REG_SIZE, "bytes of kvm_lapic_state.regs"),
	NUMBER(KVM_MAX_XCRS, "how many registers kvm_xcrs.xcrs has room for"),
	NUMBER(KVM_MAX_MSIX_PER_DEV, "of the device assignment that Linux 4.12 dropped"),
	NUMBER(SYNC_REGS_SIZE_BYTES, "bytes of kvm_run.s, where synchronized registers lie"),
	NUMBER(KVM_MSR_FILTER_MAX_RANGES, "how many ranges KVM_X86_SET_MSR_FILTER takes"),
	NUMBER(KVM_MSR_FILTER_MAX_BITMAP_SIZE, "bytes that the bitmap of a range may have"),
	NUMBER(KVM_HYPERV_CONN_ID_MASK, "the bits of a connection's id in kvm_hyperv_eventfd"),
	/* Pages of what mmap() of a vCPU's descriptor gives */
	NUMBER(KVM_PIO_PAGE_OFFSET, "the page behind kvm_run in a vCPU's mapping where the "
	       "data of KVM_EXIT_IO lies; programs should use io.data_offset"),
	NUMBER(KVM_COALESCED_MMIO_PAGE_OFFSET, "the page of a vCPU's mapping with the ring of "
	       "KVM_REGISTER_COALESCED_MMIO; the answer to KVM_CAP_COALESCED_MMIO"),
	NUMBER(KVM_DIRTY_LOG_PAGE_OFFSET, "the page from which on a vCPU's dirty ring is mapped"),
	/* What KVM writes where MSR_KVM_STEAL_TIME points, and that MSR */
	NUMBER(KVM_VCPU_PREEMPTED, "bit of kvm_steal_time.preempted: the vCPU is not running"),
	NUMBER(KVM_VCPU_FLUSH_TLB, "bit of kvm_steal_time.preempted: a guest sets it, and KVM "
	       "flushes the vCPU's TLB before it runs again"),
	NUMBER(KVM_STEAL_ALIGNMENT_BITS, "MSR_KVM_STEAL_TIME: bits 1 to 5 are reserved, so that "
	       "the area is aligned to 64 bytes"),
	NUMBER(KVM_STEAL_VALID_BITS, "MSR_KVM_STEAL_TIME: the bits of the area's address"),
	NUMBER(KVM_STEAL_RESERVED_MASK, "MSR_KVM_STEAL_TIME: bits that must be 0"),
	/* What they write where MSR_KVM_PV_EOI_EN points */
	NUMBER(KVM_PV_EOI_BIT, "the bit by which KVM tells the guest, where MSR_KVM_PV_EOI_EN "
	       "points, that clearing it ends the interrupt"),
	NUMBER(KVM_PV_EOI_MASK, "KVM_PV_EOI_BIT as a mask"),
	NUMBER(KVM_PV_EOI_ENABLED, "the guest may clear the bit instead of writing EOI"),
	NUMBER(KVM_PV_EOI_DISABLED, "the guest must write EOI to its APIC"),
	/* Asynchronous page faults; a macro of the kernel's own in the header */
	{ "KVM_ASYNC_PF_VEC_MASK", 0xff, "MSR_KVM_ASYNC_PF_INT: the bits of the vector" },
	NUMBER(KVM_PV_REASON_PAGE_NOT_PRESENT, "flag where MSR_KVM_ASYNC_PF_EN points: the #PF "
	       "means that KVM is fetching the page"),
	NUMBER(KVM_PV_REASON_PAGE_READY, "as KVM told, up to Linux 5.7, that the page is there"),
	/* KVM_HC_MMU_OP is deprecated: hypercalls.rst */
	NUMBER(KVM_MMU_OP_WRITE_PTE, "operation of the old hypercall KVM_HC_MMU_OP"),
	NUMBER(KVM_MMU_OP_FLUSH_TLB, "operation of the old hypercall KVM_HC_MMU_OP"),
	NUMBER(KVM_MMU_OP_RELEASE_PT, "operation of the old hypercall KVM_HC_MMU_OP"),
	NUMBER(KVM_MAX_MMU_OP_BATCH, "how many operations the old hypercall KVM_HC_MMU_OP took"),
};

#define ALIAS_COUNT (sizeof(aliases) / sizeof(aliases[0]))
#define CONSTANT_COUNT (sizeof(constants) / sizeof(constants[0]))

static unsigned int find_aliases(struct explain_page *page,
				 const struct explain_wanted *wanted)
{
	struct explain_wanted ours = { .is_number = false };

	for (size_t i = 0; i < ALIAS_COUNT; i++) {
		if (!explain_is(wanted, aliases[i].name))
			continue;
		ours.name = aliases[i].ours;
		explain_add_title(page, "%s: shown as %s", aliases[i].name,
				  aliases[i].ours);
		return explain_find(page, &ours);
	}
	return 0;
}

static unsigned int find_headers(struct explain_page *page,
				 const struct explain_wanted *wanted)
{
	unsigned int found = find_aliases(page, wanted);

	for (size_t i = 0; i < CONSTANT_COUNT; i++) {
		uint64_t value = constants[i].value;

		if (!explain_is(wanted, constants[i].name))
			continue;
		explain_add_title(page, value > DECIMAL_MAX ?
				  "%s: a constant, %#" PRIx64 :
				  "%s: a constant, %" PRIu64,
				  constants[i].name, value);
		explain_add_row(page, "means", constants[i].text);
		found++;
	}
	return found;
}

static void offer_headers(struct explain_near *near,
			  const struct explain_set *all)
{
	(void)all;
	/* EINVALL is EINVAL, not a hypercall's KVM_EINVAL. */
	for (size_t i = 0; i < ALIAS_COUNT; i++)
		if (*aliases[i].ours != '-')
			explain_near_offer(near, aliases[i].name);
	for (size_t i = 0; i < CONSTANT_COUNT; i++)
		explain_near_offer(near, constants[i].name);
}

const struct explain_kind explain_headers = { find_headers, offer_headers };
