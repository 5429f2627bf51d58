/*
 * What KVM_CHECK_EXTENSION can be asked and KVM_ENABLE_CAP can turn on, in
 * order of number. The sentences say what the answer 1 means, or what an
 * answer that is a number counts; other architectures' have the name only.
 * Behind them: answers that are flags, and what KVM_ENABLE_CAP's `args` are.
 *
 * Sources: <linux/kvm.h>; api.rst chapters 4, 6, 7 and 8;
 * kvm_vm_ioctl_check_extension(), kvm_vm_ioctl_enable_cap() and
 * kvm_vcpu_ioctl_enable_cap() in arch/x86/kvm/x86.c, their generic parts in
 * virt/kvm/kvm_main.c.
 */
#include <linux/kvm_para.h>

#include "abi/compat.h"
#include "abi/tables.h"

static const struct abi_name capabilities[] = {
	ABI_NAME_TEXT(KVM_CAP_IRQCHIP, "KVM_CREATE_IRQCHIP works"),
	ABI_NAME_TEXT(KVM_CAP_HLT, "HLT exits or waits as the interrupt controller asks"),
	ABI_NAME_TEXT(KVM_CAP_MMU_SHADOW_CACHE_CONTROL,
		      "the size of the shadow page tables can be limited"),
	ABI_NAME_TEXT(KVM_CAP_USER_MEMORY,
		      "guest memory is memory of the program: KVM_SET_USER_MEMORY_REGION"),
	ABI_NAME_TEXT(KVM_CAP_SET_TSS_ADDR, "KVM_SET_TSS_ADDR works"),
	ABI_NAME_TEXT(KVM_CAP_VAPIC, "KVM_TPR_ACCESS_REPORTING and KVM_SET_VAPIC_ADDR work"),
	ABI_NAME_TEXT(KVM_CAP_EXT_CPUID, "KVM_SET_CPUID2 and KVM_GET_SUPPORTED_CPUID work"),
	ABI_NAME_TEXT(KVM_CAP_CLOCKSOURCE, "the guest can have a paravirtual clock"),
	ABI_NAME_TEXT(KVM_CAP_NR_VCPUS, "how many vCPUs a VM should have at most"),
	ABI_NAME_TEXT(KVM_CAP_NR_MEMSLOTS, "how many memory slots a VM can have"),
	ABI_NAME_TEXT(KVM_CAP_PIT, "KVM_CREATE_PIT works"),
	ABI_NAME_TEXT(KVM_CAP_NOP_IO_DELAY, "the guest may skip delays after port I/O"),
	ABI_NAME_TEXT(KVM_CAP_PV_MMU, "paravirtual page tables, which are gone"),
	ABI_NAME_TEXT(KVM_CAP_MP_STATE, "KVM_GET_MP_STATE and KVM_SET_MP_STATE work"),
	ABI_NAME_TEXT(KVM_CAP_COALESCED_MMIO, "at which page of a vCPU's mapping the ring is"),
	ABI_NAME_TEXT(KVM_CAP_SYNC_MMU, "what the program does to its mappings shows in the guest"),
	ABI_NAME_TEXT(KVM_CAP_IOMMU, "legacy device assignment, which is gone"),
	ABI_NAME_TEXT(KVM_CAP_DESTROY_MEMORY_REGION_WORKS, "a slot of size 0 is deleted"),
	ABI_NAME_TEXT(KVM_CAP_USER_NMI, "KVM_NMI works"),
	ABI_NAME_TEXT(KVM_CAP_SET_GUEST_DEBUG, "KVM_SET_GUEST_DEBUG works"),
	ABI_NAME_TEXT(KVM_CAP_REINJECT_CONTROL, "KVM_REINJECT_CONTROL works"),
	ABI_NAME_TEXT(KVM_CAP_IRQ_ROUTING, "how many routes KVM_SET_GSI_ROUTING takes"),
	ABI_NAME_TEXT(KVM_CAP_IRQ_INJECT_STATUS, "KVM_IRQ_LINE_STATUS works"),
	ABI_NAME_TEXT(KVM_CAP_ASSIGN_DEV_IRQ, "legacy device assignment, which is gone"),
	ABI_NAME_TEXT(KVM_CAP_JOIN_MEMORY_REGIONS_WORKS, "adjacent slots may be joined"),
	ABI_NAME_TEXT(KVM_CAP_MCE, "how many machine check banks a vCPU can have"),
	ABI_NAME_TEXT(KVM_CAP_IRQFD, "KVM_IRQFD works"),
	ABI_NAME_TEXT(KVM_CAP_PIT2, "KVM_CREATE_PIT2 works"),
	ABI_NAME_TEXT(KVM_CAP_SET_BOOT_CPU_ID, "KVM_SET_BOOT_CPU_ID works"),
	ABI_NAME_TEXT(KVM_CAP_PIT_STATE2, "KVM_GET_PIT2 and KVM_SET_PIT2 work"),
	ABI_NAME_TEXT(KVM_CAP_IOEVENTFD, "KVM_IOEVENTFD works"),
	ABI_NAME_TEXT(KVM_CAP_SET_IDENTITY_MAP_ADDR, "KVM_SET_IDENTITY_MAP_ADDR works"),
	ABI_NAME_TEXT(KVM_CAP_XEN_HVM, "what of Xen KVM offers, as KVM_XEN_HVM_CONFIG_* flags"),
	ABI_NAME_TEXT(KVM_CAP_ADJUST_CLOCK,
		      "which KVM_CLOCK_* flags KVM_GET_CLOCK and KVM_SET_CLOCK know"),
	ABI_NAME_TEXT(KVM_CAP_INTERNAL_ERROR_DATA, "KVM_EXIT_INTERNAL_ERROR has data"),
	ABI_NAME_TEXT(KVM_CAP_VCPU_EVENTS, "KVM_GET_VCPU_EVENTS and KVM_SET_VCPU_EVENTS work"),
	ABI_NAME(KVM_CAP_S390_PSW),
	ABI_NAME(KVM_CAP_PPC_SEGSTATE),
	ABI_NAME_TEXT(KVM_CAP_HYPERV, "Hyper-V hypercalls and MSRs"),
	ABI_NAME_TEXT(KVM_CAP_HYPERV_VAPIC, "Hyper-V's fast access to the local APIC"),
	ABI_NAME_TEXT(KVM_CAP_HYPERV_SPIN, "Hyper-V's notice of long spins"),
	ABI_NAME_TEXT(KVM_CAP_PCI_SEGMENT, "legacy device assignment knows PCI segments"),
	ABI_NAME(KVM_CAP_PPC_PAIRED_SINGLES),
	ABI_NAME_TEXT(KVM_CAP_INTR_SHADOW, "interrupt.shadow of KVM_GET_VCPU_EVENTS is valid"),
	ABI_NAME_TEXT(KVM_CAP_DEBUGREGS, "KVM_GET_DEBUGREGS and KVM_SET_DEBUGREGS work"),
	ABI_NAME_TEXT(KVM_CAP_X86_ROBUST_SINGLESTEP, "single stepping works with interrupts"),
	ABI_NAME(KVM_CAP_PPC_OSI),
	ABI_NAME(KVM_CAP_PPC_UNSET_IRQ),
	ABI_NAME_TEXT(KVM_CAP_ENABLE_CAP, "KVM_ENABLE_CAP works on a vCPU"),
	ABI_NAME_TEXT(KVM_CAP_XSAVE, "KVM_GET_XSAVE and KVM_SET_XSAVE work"),
	ABI_NAME_TEXT(KVM_CAP_XCRS, "KVM_GET_XCRS and KVM_SET_XCRS work"),
	ABI_NAME(KVM_CAP_PPC_GET_PVINFO),
	ABI_NAME(KVM_CAP_PPC_IRQ_LEVEL),
	ABI_NAME_TEXT(KVM_CAP_ASYNC_PF, "the guest can be told to wait for a page"),
	ABI_NAME_TEXT(KVM_CAP_TSC_CONTROL, "KVM_SET_TSC_KHZ works on a vCPU"),
	ABI_NAME_TEXT(KVM_CAP_GET_TSC_KHZ, "KVM_GET_TSC_KHZ works on a vCPU"),
	ABI_NAME(KVM_CAP_PPC_BOOKE_SREGS),
	ABI_NAME(KVM_CAP_SPAPR_TCE),
	ABI_NAME(KVM_CAP_PPC_SMT),
	ABI_NAME(KVM_CAP_PPC_RMA),
	ABI_NAME_TEXT(KVM_CAP_MAX_VCPUS, "how many vCPUs a VM can have"),
	ABI_NAME(KVM_CAP_PPC_HIOR),
	ABI_NAME(KVM_CAP_PPC_PAPR),
	ABI_NAME(KVM_CAP_SW_TLB),
	ABI_NAME_TEXT(KVM_CAP_ONE_REG, "KVM_GET_ONE_REG and KVM_SET_ONE_REG work"),
	ABI_NAME(KVM_CAP_S390_GMAP),
	ABI_NAME_TEXT(KVM_CAP_TSC_DEADLINE_TIMER,
		      "the local APIC in the kernel has the deadline timer"),
	ABI_NAME(KVM_CAP_S390_UCONTROL),
	ABI_NAME_TEXT(KVM_CAP_SYNC_REGS,
		      "which registers kvm_run can carry, as KVM_SYNC_X86_* flags"),
	ABI_NAME_TEXT(KVM_CAP_PCI_2_3, "legacy device assignment, which is gone"),
	ABI_NAME_TEXT(KVM_CAP_KVMCLOCK_CTRL, "KVM_KVMCLOCK_CTRL works"),
	ABI_NAME_TEXT(KVM_CAP_SIGNAL_MSI, "KVM_SIGNAL_MSI works"),
	ABI_NAME(KVM_CAP_PPC_GET_SMMU_INFO),
	ABI_NAME(KVM_CAP_S390_COW),
	ABI_NAME(KVM_CAP_PPC_ALLOC_HTAB),
	ABI_NAME_TEXT(KVM_CAP_READONLY_MEM, "KVM_MEM_READONLY works"),
	ABI_NAME_TEXT(KVM_CAP_IRQFD_RESAMPLE, "KVM_IRQFD_FLAG_RESAMPLE works"),
	ABI_NAME(KVM_CAP_PPC_BOOKE_WATCHDOG),
	ABI_NAME(KVM_CAP_PPC_HTAB_FD),
	ABI_NAME(KVM_CAP_S390_CSS_SUPPORT),
	ABI_NAME(KVM_CAP_PPC_EPR),
	ABI_NAME(KVM_CAP_ARM_PSCI),
	ABI_NAME(KVM_CAP_ARM_SET_DEVICE_ADDR),
	ABI_NAME_TEXT(KVM_CAP_DEVICE_CTRL, "KVM_CREATE_DEVICE works"),
	ABI_NAME(KVM_CAP_IRQ_MPIC),
	ABI_NAME(KVM_CAP_PPC_RTAS),
	ABI_NAME(KVM_CAP_IRQ_XICS),
	ABI_NAME(KVM_CAP_ARM_EL1_32BIT),
	ABI_NAME(KVM_CAP_SPAPR_MULTITCE),
	ABI_NAME_TEXT(KVM_CAP_EXT_EMUL_CPUID, "KVM_GET_EMULATED_CPUID works"),
	ABI_NAME_TEXT(KVM_CAP_HYPERV_TIME, "Hyper-V's reference time"),
	ABI_NAME_TEXT(KVM_CAP_IOAPIC_POLARITY_IGNORED,
		      "the IOAPIC in the kernel takes all inputs as active high"),
	ABI_NAME_TEXT(KVM_CAP_ENABLE_CAP_VM, "KVM_ENABLE_CAP works on a VM"),
	ABI_NAME(KVM_CAP_S390_IRQCHIP),
	ABI_NAME_TEXT(KVM_CAP_IOEVENTFD_NO_LENGTH, "KVM_IOEVENTFD takes length 0: any length"),
	ABI_NAME_TEXT(KVM_CAP_VM_ATTRIBUTES, "the VM has device attributes"),
	ABI_NAME(KVM_CAP_ARM_PSCI_0_2),
	ABI_NAME(KVM_CAP_PPC_FIXUP_HCALL),
	ABI_NAME(KVM_CAP_PPC_ENABLE_HCALL),
	ABI_NAME_TEXT(KVM_CAP_CHECK_EXTENSION_VM, "KVM_CHECK_EXTENSION works on a VM"),
	ABI_NAME(KVM_CAP_S390_USER_SIGP),
	ABI_NAME(KVM_CAP_S390_VECTOR_REGISTERS),
	ABI_NAME(KVM_CAP_S390_MEM_OP),
	ABI_NAME(KVM_CAP_S390_USER_STSI),
	ABI_NAME(KVM_CAP_S390_SKEYS),
	ABI_NAME(KVM_CAP_MIPS_FPU),
	ABI_NAME(KVM_CAP_MIPS_MSA),
	ABI_NAME(KVM_CAP_S390_INJECT_IRQ),
	ABI_NAME(KVM_CAP_S390_IRQ_STATE),
	ABI_NAME(KVM_CAP_PPC_HWRNG),
	ABI_NAME_TEXT(KVM_CAP_DISABLE_QUIRKS, "KVM_ENABLE_CAP turns old misbehaviour off"),
	ABI_NAME_TEXT(KVM_CAP_X86_SMM, "the vCPU has system management mode"),
	ABI_NAME_TEXT(KVM_CAP_MULTI_ADDRESS_SPACE, "how many address spaces a VM has"),
	ABI_NAME_TEXT(KVM_CAP_GUEST_DEBUG_HW_BPS, "how many hardware breakpoints there are"),
	ABI_NAME_TEXT(KVM_CAP_GUEST_DEBUG_HW_WPS, "how many hardware watchpoints there are"),
	ABI_NAME_TEXT(KVM_CAP_SPLIT_IRQCHIP,
		      "local APICs in the kernel, PIC and IOAPIC in the program"),
	ABI_NAME_TEXT(KVM_CAP_IOEVENTFD_ANY_LENGTH, "KVM_IOEVENTFD without a length matches any"),
	ABI_NAME_TEXT(KVM_CAP_HYPERV_SYNIC, "Hyper-V's synthetic interrupt controller"),
	ABI_NAME(KVM_CAP_S390_RI),
	ABI_NAME(KVM_CAP_SPAPR_TCE_64),
	ABI_NAME(KVM_CAP_ARM_PMU_V3),
	ABI_NAME_TEXT(KVM_CAP_VCPU_ATTRIBUTES, "the vCPU has device attributes"),
	ABI_NAME_TEXT(KVM_CAP_MAX_VCPU_ID, "one more than the highest vCPU id"),
	ABI_NAME_TEXT(KVM_CAP_X2APIC_API, "which KVM_X2APIC_* flags KVM_ENABLE_CAP knows"),
	ABI_NAME(KVM_CAP_S390_USER_INSTR0),
	ABI_NAME(KVM_CAP_MSI_DEVID),
	ABI_NAME(KVM_CAP_PPC_HTM),
	ABI_NAME(KVM_CAP_SPAPR_RESIZE_HPT),
	ABI_NAME(KVM_CAP_PPC_MMU_RADIX),
	ABI_NAME(KVM_CAP_PPC_MMU_HASH_V3),
	ABI_NAME_TEXT(KVM_CAP_IMMEDIATE_EXIT, "kvm_run.immediate_exit works"),
	ABI_NAME(KVM_CAP_MIPS_VZ),
	ABI_NAME(KVM_CAP_MIPS_TE),
	ABI_NAME(KVM_CAP_MIPS_64BIT),
	ABI_NAME(KVM_CAP_S390_GS),
	ABI_NAME(KVM_CAP_S390_AIS),
	ABI_NAME(KVM_CAP_SPAPR_TCE_VFIO),
	ABI_NAME_TEXT(KVM_CAP_X86_DISABLE_EXITS,
		      "which exits can be turned off, as KVM_X86_DISABLE_EXITS_* flags"),
	ABI_NAME(KVM_CAP_ARM_USER_IRQ),
	ABI_NAME(KVM_CAP_S390_CMMA_MIGRATION),
	ABI_NAME(KVM_CAP_PPC_FWNMI),
	ABI_NAME(KVM_CAP_PPC_SMT_POSSIBLE),
	ABI_NAME_TEXT(KVM_CAP_HYPERV_SYNIC2, "the same without its pages cleared"),
	ABI_NAME_TEXT(KVM_CAP_HYPERV_VP_INDEX, "Hyper-V's number of a vCPU can be set"),
	ABI_NAME(KVM_CAP_S390_AIS_MIGRATION),
	ABI_NAME(KVM_CAP_PPC_GET_CPU_CHAR),
	ABI_NAME(KVM_CAP_S390_BPB),
	ABI_NAME_TEXT(KVM_CAP_GET_MSR_FEATURES,
		      "KVM_GET_MSR_FEATURE_INDEX_LIST and KVM_GET_MSRS work on /dev/kvm"),
	ABI_NAME_TEXT(KVM_CAP_HYPERV_EVENTFD, "KVM_HYPERV_EVENTFD works"),
	ABI_NAME_TEXT(KVM_CAP_HYPERV_TLBFLUSH, "Hyper-V's flushes of other vCPUs' TLBs"),
	ABI_NAME(KVM_CAP_S390_HPAGE_1M),
	ABI_NAME_TEXT(KVM_CAP_NESTED_STATE,
		      "how many bytes KVM_GET_NESTED_STATE needs; 0 without nesting"),
	ABI_NAME(KVM_CAP_ARM_INJECT_SERROR_ESR),
	ABI_NAME_TEXT(KVM_CAP_MSR_PLATFORM_INFO,
		      "the guest's access to MSR_PLATFORM_INFO can be turned off"),
	ABI_NAME(KVM_CAP_PPC_NESTED_HV),
	ABI_NAME_TEXT(KVM_CAP_HYPERV_SEND_IPI, "Hyper-V's interrupts to other vCPUs"),
	ABI_NAME_TEXT(KVM_CAP_COALESCED_PIO, "KVM_REGISTER_COALESCED_MMIO takes ports"),
	ABI_NAME_TEXT(KVM_CAP_HYPERV_ENLIGHTENED_VMCS,
		      "a nested Hyper-V may use its own VMCS format"),
	ABI_NAME_TEXT(KVM_CAP_EXCEPTION_PAYLOAD,
		      "KVM_GET_VCPU_EVENTS tells an exception's CR2 or DR6"),
	ABI_NAME(KVM_CAP_ARM_VM_IPA_SIZE),
	ABI_NAME_TEXT(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT,
		      "the first, broken version of the next one"),
	ABI_NAME_TEXT(KVM_CAP_HYPERV_CPUID, "KVM_GET_SUPPORTED_HV_CPUID works on a vCPU"),
	ABI_NAME_TEXT(KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2,
		      "which KVM_DIRTY_LOG_* flags KVM_ENABLE_CAP knows"),
	ABI_NAME(KVM_CAP_PPC_IRQ_XIVE),
	ABI_NAME(KVM_CAP_ARM_SVE),
	ABI_NAME(KVM_CAP_ARM_PTRAUTH_ADDRESS),
	ABI_NAME(KVM_CAP_ARM_PTRAUTH_GENERIC),
	ABI_NAME_TEXT(KVM_CAP_PMU_EVENT_FILTER, "KVM_SET_PMU_EVENT_FILTER works"),
	ABI_NAME(KVM_CAP_ARM_IRQ_LINE_LAYOUT_2),
	ABI_NAME_TEXT(KVM_CAP_HYPERV_DIRECT_TLBFLUSH, "a nested Hyper-V may flush TLBs directly"),
	ABI_NAME(KVM_CAP_PPC_GUEST_DEBUG_SSTEP),
	ABI_NAME(KVM_CAP_ARM_NISV_TO_USER),
	ABI_NAME(KVM_CAP_ARM_INJECT_EXT_DABT),
	ABI_NAME(KVM_CAP_S390_VCPU_RESETS),
	ABI_NAME(KVM_CAP_S390_PROTECTED),
	ABI_NAME(KVM_CAP_PPC_SECURE_GUEST),
	ABI_NAME_TEXT(KVM_CAP_HALT_POLL, "how long a halting vCPU polls can be set for a VM"),
	ABI_NAME_TEXT(KVM_CAP_ASYNC_PF_INT,
		      "the guest learns by an interrupt that its page is there"),
	ABI_NAME_TEXT(KVM_CAP_LAST_CPU, "fail_entry and internal tell the processor"),
	ABI_NAME_TEXT(KVM_CAP_SMALLER_MAXPHYADDR,
		      "the guest can have narrower addresses than the host"),
	ABI_NAME(KVM_CAP_S390_DIAG318),
	ABI_NAME_TEXT(KVM_CAP_STEAL_TIME, "the guest can learn how long it had to wait"),
	ABI_NAME_TEXT(KVM_CAP_X86_USER_SPACE_MSR,
		      "unknown or filtered MSRs can exit to the program"),
	ABI_NAME_TEXT(KVM_CAP_X86_MSR_FILTER, "KVM_X86_SET_MSR_FILTER works"),
	ABI_NAME_TEXT(KVM_CAP_ENFORCE_PV_FEATURE_CPUID,
		      "the guest can be held to what its CPUID says"),
	ABI_NAME_TEXT(KVM_CAP_SYS_HYPERV_CPUID, "KVM_GET_SUPPORTED_HV_CPUID works on /dev/kvm"),
	ABI_NAME_TEXT(KVM_CAP_DIRTY_LOG_RING,
		      "how many bytes a ring of dirty pages can have at most"),
	ABI_NAME_TEXT(KVM_CAP_X86_BUS_LOCK_EXIT,
		      "which KVM_BUS_LOCK_DETECTION_* modes KVM_ENABLE_CAP knows"),
	ABI_NAME(KVM_CAP_PPC_DAWR1),
	ABI_NAME_TEXT(KVM_CAP_SET_GUEST_DEBUG2,
		      "which KVM_GUESTDBG_* flags KVM_SET_GUEST_DEBUG knows"),
	ABI_NAME_TEXT(KVM_CAP_SGX_ATTRIBUTE, "the guest can be given privileged SGX attributes"),
	ABI_NAME_TEXT(KVM_CAP_VM_COPY_ENC_CONTEXT_FROM,
		      "a VM can share another one's encryption key"),
	ABI_NAME_TEXT(KVM_CAP_PTP_KVM, "the guest can have a paravirtual PTP clock"),
	ABI_NAME_TEXT(KVM_CAP_HYPERV_ENFORCE_CPUID,
		      "the guest can be held to what Hyper-V's CPUID says"),
	ABI_NAME_TEXT(KVM_CAP_SREGS2, "KVM_GET_SREGS2 and KVM_SET_SREGS2 work"),
	ABI_NAME_TEXT(KVM_CAP_EXIT_HYPERCALL,
		      "which hypercalls can exit, as a mask of their numbers"),
	ABI_NAME(KVM_CAP_PPC_RPT_INVALIDATE),
	ABI_NAME_TEXT(KVM_CAP_BINARY_STATS_FD, "KVM_GET_STATS_FD works"),
	ABI_NAME_TEXT(KVM_CAP_EXIT_ON_EMULATION_FAILURE, "a failed emulation can always exit"),
	ABI_NAME(KVM_CAP_ARM_MTE),
	ABI_NAME_TEXT(KVM_CAP_VM_MOVE_ENC_CONTEXT_FROM,
		      "a VM can take over another one's encryption"),
	ABI_NAME_TEXT(KVM_CAP_VM_GPA_BITS, "how many bits a guest physical address has"),
	ABI_NAME_TEXT(KVM_CAP_XSAVE2, "how many bytes KVM_GET_XSAVE2 needs for this VM"),
	ABI_NAME_TEXT(KVM_CAP_SYS_ATTRIBUTES, "/dev/kvm has device attributes"),
	ABI_NAME(KVM_CAP_PPC_AIL_MODE_3),
	ABI_NAME(KVM_CAP_S390_MEM_OP_EXTENSION),
	ABI_NAME_TEXT(KVM_CAP_PMU_CAPABILITY, "which KVM_PMU_CAP_* flags KVM_ENABLE_CAP knows"),
	ABI_NAME_TEXT(KVM_CAP_DISABLE_QUIRKS2,
		      "which quirks can be turned off, as KVM_X86_QUIRK_* flags"),
	ABI_NAME_TEXT(KVM_CAP_VM_TSC_CONTROL, "KVM_SET_TSC_KHZ works on a VM"),
	ABI_NAME_TEXT(KVM_CAP_SYSTEM_EVENT_DATA, "KVM_EXIT_SYSTEM_EVENT has data"),
	ABI_NAME(KVM_CAP_ARM_SYSTEM_SUSPEND),
	ABI_NAME(KVM_CAP_S390_PROTECTED_DUMP),
	ABI_NAME_TEXT(KVM_CAP_X86_TRIPLE_FAULT_EVENT,
		      "KVM_GET_VCPU_EVENTS tells a pending triple fault"),
	ABI_NAME_TEXT(KVM_CAP_X86_NOTIFY_VMEXIT,
		      "which KVM_X86_NOTIFY_VMEXIT_* flags KVM_ENABLE_CAP knows"),
	ABI_NAME_TEXT(KVM_CAP_VM_DISABLE_NX_HUGE_PAGES,
		      "the mitigation of iTLB multihit can be turned off for a VM"),
	ABI_NAME(KVM_CAP_S390_ZPCI_OP),
	ABI_NAME(KVM_CAP_S390_CPU_TOPOLOGY),
	ABI_NAME_TEXT(KVM_CAP_DIRTY_LOG_RING_ACQ_REL,
		      "the same for programs that order their accesses"),
	ABI_NAME(KVM_CAP_S390_PROTECTED_ASYNC_DISABLE),
	ABI_NAME_TEXT(KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP,
		      "pages that no vCPU wrote still go to the bitmap"),
	ABI_NAME_TEXT(KVM_CAP_PMU_EVENT_MASKED_EVENTS,
		      "KVM_SET_PMU_EVENT_FILTER takes masked events"),
	ABI_NAME(KVM_CAP_COUNTER_OFFSET),
	ABI_NAME(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE),
	ABI_NAME(KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES),
	ABI_NAME(KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES),
	ABI_NAME_TEXT(KVM_CAP_USER_MEMORY2, "KVM_SET_USER_MEMORY_REGION2 works"),
	ABI_NAME_TEXT(KVM_CAP_MEMORY_FAULT_INFO,
		      "a failed page gives KVM_EXIT_MEMORY_FAULT beside EFAULT"),
	ABI_NAME_TEXT(KVM_CAP_MEMORY_ATTRIBUTES, "which KVM_MEMORY_ATTRIBUTE_* there are"),
	ABI_NAME_TEXT(KVM_CAP_GUEST_MEMFD, "KVM_CREATE_GUEST_MEMFD works"),
	ABI_NAME_TEXT(KVM_CAP_VM_TYPES,
		      "which types KVM_CREATE_VM takes, as a mask of their numbers"),
	ABI_NAME_TEXT(KVM_CAP_PRE_FAULT_MEMORY, "KVM_PRE_FAULT_MEMORY works"),
	ABI_NAME_TEXT(KVM_CAP_X86_APIC_BUS_CYCLES_NS,
		      "the length of the local APIC timer's cycle, in ns"),
	ABI_NAME_TEXT(KVM_CAP_X86_GUEST_MODE,
		      "KVM_RUN_X86_GUEST_MODE tells that a nested guest ran"),
	ABI_NAME(KVM_CAP_ARM_WRITABLE_IMP_ID_REGS),
	ABI_NAME(KVM_CAP_ARM_EL2),
	ABI_NAME(KVM_CAP_ARM_EL2_E2H0),
	ABI_NAME(KVM_CAP_RISCV_MP_STATE_RESET),
	ABI_NAME(KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED),
	ABI_NAME_TEXT(KVM_CAP_GUEST_MEMFD_FLAGS, "which GUEST_MEMFD_FLAG_* there are"),
	ABI_NAME(KVM_CAP_ARM_SEA_TO_USER),
	ABI_NAME(KVM_CAP_S390_USER_OPEREXEC),
	ABI_NAME(KVM_CAP_S390_KEYOP),
	ABI_NAME(KVM_CAP_S390_VSIE_ESAMODE),
	ABI_NAME(KVM_CAP_S390_HPAGE_2G),
	ABI_NAME(KVM_CAP_PPC_COMPAT_CAPS),
	ABI_NAME(KVM_CAP_ARM_PMU_V3_STRICT),
};
ABI_NAMES(abi_names_capabilities, "KVM_CAP_*", capabilities);

/* Flags in answers and arguments */

static const struct abi_name quirks[] = {
	ABI_NAME_TEXT(KVM_X86_QUIRK_LINT0_REENABLED, "reset leaves LINT0 of the local APIC on"),
	ABI_NAME_TEXT(KVM_X86_QUIRK_CD_NW_CLEARED, "CR0.CD and NW are clear after reset"),
	ABI_NAME_TEXT(KVM_X86_QUIRK_LAPIC_MMIO_HOLE,
		      "the local APIC's page is MMIO in x2APIC mode too"),
	ABI_NAME_TEXT(KVM_X86_QUIRK_OUT_7E_INC_RIP, "RIP moves before the exit of OUT 0x7e"),
	ABI_NAME_TEXT(KVM_X86_QUIRK_MISC_ENABLE_NO_MWAIT, "IA32_MISC_ENABLE rules MWAIT in CPUID"),
	ABI_NAME_TEXT(KVM_X86_QUIRK_FIX_HYPERCALL_INSN, "KVM patches the hypercall instruction"),
	ABI_NAME_TEXT(KVM_X86_QUIRK_MWAIT_NEVER_UD_FAULTS, "MWAIT and MONITOR are always allowed"),
	ABI_NAME_TEXT(KVM_X86_QUIRK_SLOT_ZAP_ALL, "deleting a slot drops all of the VM's mappings"),
	ABI_NAME_TEXT(KVM_X86_QUIRK_STUFF_FEATURE_MSRS,
		      "feature MSRs start with the host's values"),
	ABI_NAME_TEXT(KVM_X86_QUIRK_IGNORE_GUEST_PAT, "the guest's PAT doesn't matter"),
	ABI_NAME(KVM_X86_QUIRK_VMCS12_ALLOW_FREEZE_IN_SMM),
	ABI_NAME(KVM_X86_QUIRK_NESTED_SVM_SHARED_PAT),
};
static ABI_NAMES(quirk_names, "KVM_X86_QUIRK_*", quirks);

static const struct abi_name disable_exits[] = {
	ABI_NAME(KVM_X86_DISABLE_EXITS_MWAIT), ABI_NAME(KVM_X86_DISABLE_EXITS_HLT),
	ABI_NAME(KVM_X86_DISABLE_EXITS_PAUSE), ABI_NAME(KVM_X86_DISABLE_EXITS_CSTATE),
	ABI_NAME(KVM_X86_DISABLE_EXITS_APERFMPERF),
};
static ABI_NAMES(disable_exit_names, "KVM_X86_DISABLE_EXITS_*", disable_exits);

static const struct abi_name x2apic[] = {
	ABI_NAME(KVM_X2APIC_API_USE_32BIT_IDS),
	ABI_NAME(KVM_X2APIC_API_DISABLE_BROADCAST_QUIRK),
	ABI_NAME(KVM_X2APIC_ENABLE_SUPPRESS_EOI_BROADCAST),
	ABI_NAME(KVM_X2APIC_DISABLE_SUPPRESS_EOI_BROADCAST),
};
static ABI_NAMES(x2apic_names, "KVM_X2APIC_*", x2apic);

static const struct abi_name dirty_log[] = {
	ABI_NAME_TEXT(KVM_DIRTY_LOG_MANUAL_PROTECT_ENABLE,
		      "only KVM_CLEAR_DIRTY_LOG protects pages again"),
	ABI_NAME_TEXT(KVM_DIRTY_LOG_INITIALLY_SET, "all pages count as dirty at first"),
};
static ABI_NAMES(dirty_log_names, "KVM_DIRTY_LOG_*", dirty_log);

static const struct abi_name bus_lock[] = {
	ABI_NAME(KVM_BUS_LOCK_DETECTION_OFF), ABI_NAME(KVM_BUS_LOCK_DETECTION_EXIT),
};
static ABI_NAMES(bus_lock_names, "KVM_BUS_LOCK_DETECTION_*", bus_lock);

static const struct abi_name pmu[] = {
	ABI_NAME_TEXT(KVM_PMU_CAP_DISABLE, "the guest has no performance counters"),
};
static ABI_NAMES(pmu_names, "KVM_PMU_CAP_*", pmu);

static const struct abi_name notify[] = {
	ABI_NAME(KVM_X86_NOTIFY_VMEXIT_ENABLED), ABI_NAME(KVM_X86_NOTIFY_VMEXIT_USER),
};
static ABI_NAMES(notify_names, "KVM_X86_NOTIFY_VMEXIT_*", notify);

/* Masks of numbers: bit N is the type or hypercall N. */
#define MASK(constant) { .value = 1ull << (constant), .name = #constant }

static const struct abi_name vm_types[] = {
	MASK(KVM_X86_DEFAULT_VM), MASK(KVM_X86_SW_PROTECTED_VM),
	MASK(KVM_X86_SEV_VM), MASK(KVM_X86_SEV_ES_VM), MASK(KVM_X86_SNP_VM),
	MASK(KVM_X86_TDX_VM),
};
static ABI_NAMES(vm_type_mask, "mask of KVM_X86_*_VM", vm_types);

static const struct abi_name hypercalls[] = {
	MASK(KVM_HC_MAP_GPA_RANGE),
};
static ABI_NAMES(hypercall_mask, "mask of KVM_HC_*", hypercalls);

const struct abi_answer abi_answers[] = {
	{ KVM_CAP_XEN_HVM, &abi_names_xen_hvm_config },
	{ KVM_CAP_ADJUST_CLOCK, &abi_names_clock },
	{ KVM_CAP_SYNC_REGS, &abi_names_sync },
	{ KVM_CAP_X2APIC_API, &x2apic_names },
	{ KVM_CAP_X86_DISABLE_EXITS, &disable_exit_names },
	{ KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, &dirty_log_names },
	{ KVM_CAP_X86_USER_SPACE_MSR, &abi_names_msr_reasons },
	{ KVM_CAP_X86_BUS_LOCK_EXIT, &bus_lock_names },
	{ KVM_CAP_SET_GUEST_DEBUG2, &abi_names_guest_debug },
	{ KVM_CAP_EXIT_HYPERCALL, &hypercall_mask },
	{ KVM_CAP_PMU_CAPABILITY, &pmu_names },
	{ KVM_CAP_DISABLE_QUIRKS2, &quirk_names },
	{ KVM_CAP_X86_NOTIFY_VMEXIT, &notify_names },
	{ KVM_CAP_MEMORY_ATTRIBUTES, &abi_names_memory_attributes },
	{ KVM_CAP_VM_TYPES, &vm_type_mask },
	{ KVM_CAP_GUEST_MEMFD_FLAGS, &abi_names_guest_memfd },
};
const size_t abi_answer_count = sizeof(abi_answers) / sizeof(abi_answers[0]);

const uint32_t abi_number_capabilities[] = {
	KVM_CAP_NR_VCPUS, KVM_CAP_NR_MEMSLOTS, KVM_CAP_COALESCED_MMIO,
	KVM_CAP_IRQ_ROUTING, KVM_CAP_MCE, KVM_CAP_MAX_VCPUS,
	KVM_CAP_MULTI_ADDRESS_SPACE, KVM_CAP_GUEST_DEBUG_HW_BPS,
	KVM_CAP_GUEST_DEBUG_HW_WPS, KVM_CAP_MAX_VCPU_ID, KVM_CAP_NESTED_STATE,
	KVM_CAP_DIRTY_LOG_RING, KVM_CAP_VM_GPA_BITS, KVM_CAP_XSAVE2,
	KVM_CAP_DIRTY_LOG_RING_ACQ_REL, KVM_CAP_X86_APIC_BUS_CYCLES_NS,
};
const size_t abi_number_capability_count =
	sizeof(abi_number_capabilities) / sizeof(abi_number_capabilities[0]);

/* args[] of KVM_ENABLE_CAP under names of ours; nearly always args[0] only */

#define ARGUMENT(variable, kind_, shown, size_, ...)                       \
	static const struct abi_field variable##_fields[] = {              \
		ABI_AT(kind_, shown, 0, size_, ##__VA_ARGS__),             \
	};                                                                 \
	static ABI_TYPE(variable, "args." shown, size_, variable##_fields)

ARGUMENT(arg_enable, ABI_DEC, "enable", 4);
ARGUMENT(arg_fd, ABI_INT, "fd", 4);
ARGUMENT(arg_routes, ABI_DEC, "routes", 4);
ARGUMENT(arg_ring, ABI_DEC, "ring_bytes", 4);
ARGUMENT(arg_max_id, ABI_DEC, "max_vcpu_id", 4);
ARGUMENT(arg_halt_poll, ABI_DEC, "halt_poll_ns", 4);
ARGUMENT(arg_bus_cycles, ABI_DEC, "bus_cycles_ns", 4);
ARGUMENT(arg_quirks, ABI_FLAGS, "quirks", 8, .names = &quirk_names);
ARGUMENT(arg_exits, ABI_FLAGS, "exits", 8, .names = &disable_exit_names);
ARGUMENT(arg_x2apic, ABI_FLAGS, "x2apic", 8, .names = &x2apic_names);
ARGUMENT(arg_dirty_log, ABI_FLAGS, "dirty_log", 8, .names = &dirty_log_names);
ARGUMENT(arg_reasons, ABI_FLAGS, "reasons", 8, .names = &abi_names_msr_reasons);
ARGUMENT(arg_bus_lock, ABI_FLAGS, "bus_lock", 8, .names = &bus_lock_names);
ARGUMENT(arg_hypercalls, ABI_FLAGS, "hypercalls", 8, .names = &hypercall_mask);
ARGUMENT(arg_pmu, ABI_FLAGS, "pmu", 8, .names = &pmu_names);
ARGUMENT(arg_vmcs, ABI_HVA, "vmcs_version", 8);

static const struct abi_field arg_notify_fields[] = {
	ABI_AT(ABI_FLAGS, "notify", 0, 4, .names = &notify_names),
	ABI_AT(ABI_DEC, "notify_window", 4, 4),
};
static ABI_TYPE(arg_notify, "args.notify", 8, arg_notify_fields);

static const struct abi_arm enable_cap_arms[] = {
	{ KVM_CAP_DISABLE_QUIRKS, NULL, &arg_quirks },
	{ KVM_CAP_SPLIT_IRQCHIP, NULL, &arg_routes },
	{ KVM_CAP_MAX_VCPU_ID, NULL, &arg_max_id },
	{ KVM_CAP_X2APIC_API, NULL, &arg_x2apic },
	{ KVM_CAP_X86_DISABLE_EXITS, NULL, &arg_exits },
	{ KVM_CAP_MSR_PLATFORM_INFO, NULL, &arg_enable },
	{ KVM_CAP_HYPERV_ENLIGHTENED_VMCS, NULL, &arg_vmcs },
	{ KVM_CAP_EXCEPTION_PAYLOAD, NULL, &arg_enable },
	{ KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, NULL, &arg_dirty_log },
	{ KVM_CAP_HALT_POLL, NULL, &arg_halt_poll },
	{ KVM_CAP_X86_USER_SPACE_MSR, NULL, &arg_reasons },
	{ KVM_CAP_ENFORCE_PV_FEATURE_CPUID, NULL, &arg_enable },
	{ KVM_CAP_DIRTY_LOG_RING, NULL, &arg_ring },
	{ KVM_CAP_X86_BUS_LOCK_EXIT, NULL, &arg_bus_lock },
	{ KVM_CAP_SGX_ATTRIBUTE, NULL, &arg_fd },
	{ KVM_CAP_VM_COPY_ENC_CONTEXT_FROM, NULL, &arg_fd },
	{ KVM_CAP_HYPERV_ENFORCE_CPUID, NULL, &arg_enable },
	{ KVM_CAP_EXIT_HYPERCALL, NULL, &arg_hypercalls },
	{ KVM_CAP_EXIT_ON_EMULATION_FAILURE, NULL, &arg_enable },
	{ KVM_CAP_VM_MOVE_ENC_CONTEXT_FROM, NULL, &arg_fd },
	{ KVM_CAP_PMU_CAPABILITY, NULL, &arg_pmu },
	{ KVM_CAP_DISABLE_QUIRKS2, NULL, &arg_quirks },
	{ KVM_CAP_X86_TRIPLE_FAULT_EVENT, NULL, &arg_enable },
	{ KVM_CAP_X86_NOTIFY_VMEXIT, NULL, &arg_notify },
	{ KVM_CAP_DIRTY_LOG_RING_ACQ_REL, NULL, &arg_ring },
	{ KVM_CAP_X86_APIC_BUS_CYCLES_NS, NULL, &arg_bus_cycles },
};
ABI_ARMS(abi_arms_enable_cap, offsetof(struct kvm_enable_cap, cap), 4,
	 enable_cap_arms, NULL);
