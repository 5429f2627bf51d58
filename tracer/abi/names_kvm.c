/*
 * Names of KVM's own flags and enumerations, family by family, in the order of
 * <linux/kvm.h> and <asm/kvm.h>. Capabilities are in capabilities.c, exits in
 * exits.c, what the processor defines in names_x86.c.
 */
#include <asm/kvm_para.h>
#include <linux/kvm_para.h>

#include "abi/compat.h"
#include "abi/tables.h"

/* KVM_CREATE_VM: api.rst 4.2 */
static const struct abi_name vm_types[] = {
	ABI_NAME_TEXT(KVM_X86_DEFAULT_VM, "an ordinary VM"),
	ABI_NAME_TEXT(KVM_X86_SW_PROTECTED_VM, "private memory kept by software, for tests"),
	ABI_NAME_TEXT(KVM_X86_SEV_VM, "AMD SEV: encrypted memory"),
	ABI_NAME_TEXT(KVM_X86_SEV_ES_VM, "AMD SEV-ES: encrypted memory and registers"),
	ABI_NAME_TEXT(KVM_X86_SNP_VM, "AMD SEV-SNP: the same with integrity"),
	ABI_NAME_TEXT(KVM_X86_TDX_VM, "Intel TDX: a trust domain"),
};
ABI_NAMES(abi_names_vm_types, "KVM_X86_*_VM", vm_types);

static const struct abi_name mem[] = {
	ABI_NAME_TEXT(KVM_MEM_LOG_DIRTY_PAGES, "KVM notes which pages the guest writes"),
	ABI_NAME_TEXT(KVM_MEM_READONLY, "writes of the guest become MMIO exits"),
	ABI_NAME_TEXT(KVM_MEM_GUEST_MEMFD, "private pages come from a guest_memfd"),
};
ABI_NAMES(abi_names_mem, "KVM_MEM_*", mem);

static const struct abi_name sregs2_flags[] = {
	ABI_NAME(KVM_SREGS2_FLAGS_PDPTRS_VALID),
};
ABI_NAMES(abi_names_sregs2_flags, "KVM_SREGS2_FLAGS_*", sregs2_flags);

static const struct abi_name clock_flags[] = {
	ABI_NAME_TEXT(KVM_CLOCK_TSC_STABLE, "all vCPUs' clocks agree exactly"),
	ABI_NAME_TEXT(KVM_CLOCK_REALTIME, "realtime is valid"),
	ABI_NAME_TEXT(KVM_CLOCK_HOST_TSC, "host_tsc is valid"),
};
ABI_NAMES(abi_names_clock, "KVM_CLOCK_*", clock_flags);

static const struct abi_name memory_attributes[] = {
	ABI_NAME_TEXT(KVM_MEMORY_ATTRIBUTE_PRIVATE, "the pages come from the guest_memfd"),
};
ABI_NAMES(abi_names_memory_attributes, "KVM_MEMORY_ATTRIBUTE_*",
	  memory_attributes);

static const struct abi_name guest_memfd[] = {
	ABI_NAME_TEXT(GUEST_MEMFD_FLAG_MMAP, "the program may map it"),
	ABI_NAME_TEXT(GUEST_MEMFD_FLAG_INIT_SHARED, "its pages start as shared ones"),
};
ABI_NAMES(abi_names_guest_memfd, "GUEST_MEMFD_FLAG_*", guest_memfd);

static const struct abi_name dirty_gfn[] = {
	ABI_NAME_TEXT(KVM_DIRTY_GFN_F_DIRTY, "the program has not collected it yet"),
	ABI_NAME_TEXT(KVM_DIRTY_GFN_F_RESET, "the program has collected it"),
};
ABI_NAMES(abi_names_dirty_gfn, "KVM_DIRTY_GFN_F_*", dirty_gfn);

/* Interrupts */

static const struct abi_name irqchips[] = {
	ABI_NAME_TEXT(KVM_IRQCHIP_PIC_MASTER, "the first i8259A"),
	ABI_NAME_TEXT(KVM_IRQCHIP_PIC_SLAVE, "the second i8259A"),
	ABI_NAME(KVM_IRQCHIP_IOAPIC),
};
ABI_NAMES(abi_names_irqchips, "KVM_IRQCHIP_*", irqchips);

static const struct abi_name routings[] = {
	ABI_NAME_TEXT(KVM_IRQ_ROUTING_IRQCHIP, "to a pin of a chip"),
	ABI_NAME_TEXT(KVM_IRQ_ROUTING_MSI, "becomes a message"),
	ABI_NAME(KVM_IRQ_ROUTING_S390_ADAPTER),
	ABI_NAME_TEXT(KVM_IRQ_ROUTING_HV_SINT, "to a Hyper-V synthetic interrupt"),
	ABI_NAME_TEXT(KVM_IRQ_ROUTING_XEN_EVTCHN, "to a Xen event channel"),
};
ABI_NAMES(abi_names_routings, "KVM_IRQ_ROUTING_*", routings);

static const struct abi_name xen_priorities[] = {
	ABI_NAME(KVM_IRQ_ROUTING_XEN_EVTCHN_PRIO_2LEVEL),
};
ABI_NAMES(abi_names_xen_priorities, "KVM_IRQ_ROUTING_XEN_EVTCHN_PRIO_*",
	  xen_priorities);

static const struct abi_name msi[] = {
	ABI_NAME_TEXT(KVM_MSI_VALID_DEVID, "devid is valid"),
};
ABI_NAMES(abi_names_msi, "KVM_MSI_*", msi);

static const struct abi_name irqfd[] = {
	ABI_NAME(KVM_IRQFD_FLAG_DEASSIGN),
	ABI_NAME_TEXT(KVM_IRQFD_FLAG_RESAMPLE,
		      "resamplefd is signalled when the guest ends the interrupt"),
};
ABI_NAMES(abi_names_irqfd, "KVM_IRQFD_FLAG_*", irqfd);

static const struct abi_name ioeventfd[] = {
	ABI_NAME_TEXT(KVM_IOEVENTFD_FLAG_DATAMATCH, "only when the guest writes datamatch"),
	ABI_NAME_TEXT(KVM_IOEVENTFD_FLAG_PIO, "addr is a port"),
	ABI_NAME(KVM_IOEVENTFD_FLAG_DEASSIGN),
	ABI_NAME(KVM_IOEVENTFD_FLAG_VIRTIO_CCW_NOTIFY),
};
ABI_NAMES(abi_names_ioeventfd, "KVM_IOEVENTFD_FLAG_*", ioeventfd);

static const struct abi_name hyperv_eventfd[] = {
	ABI_NAME(KVM_HYPERV_EVENTFD_DEASSIGN),
};
ABI_NAMES(abi_names_hyperv_eventfd, "KVM_HYPERV_EVENTFD_*", hyperv_eventfd);

static const struct abi_name pit_config[] = {
	ABI_NAME_TEXT(KVM_PIT_SPEAKER_DUMMY, "port 0x61 answers as if there were a speaker"),
};
ABI_NAMES(abi_names_pit_config, "KVM_PIT_*", pit_config);

static const struct abi_name pit_flags[] = {
	ABI_NAME_TEXT(KVM_PIT_FLAGS_HPET_LEGACY, "an HPET replaces the timer's interrupt"),
	ABI_NAME(KVM_PIT_FLAGS_SPEAKER_DATA_ON),
};
ABI_NAMES(abi_names_pit_flags, "KVM_PIT_FLAGS_*", pit_flags);

/* Filters */

static const struct abi_name msr_filter[] = {
	{ KVM_MSR_FILTER_DEFAULT_ALLOW, "KVM_MSR_FILTER_DEFAULT_ALLOW",
	  KVM_MSR_FILTER_DEFAULT_DENY, "MSRs outside of all ranges are allowed" },
	ABI_NAME_TEXT(KVM_MSR_FILTER_DEFAULT_DENY, "MSRs outside of all ranges are denied"),
};
ABI_NAMES(abi_names_msr_filter, "KVM_MSR_FILTER_DEFAULT_*", msr_filter);

static const struct abi_name msr_filter_range[] = {
	ABI_NAME_TEXT(KVM_MSR_FILTER_READ, "the range is about reading"),
	ABI_NAME_TEXT(KVM_MSR_FILTER_WRITE, "the range is about writing"),
};
ABI_NAMES(abi_names_msr_filter_range, "KVM_MSR_FILTER_*", msr_filter_range);

static const struct abi_name pmu_actions[] = {
	ABI_NAME_TEXT(KVM_PMU_EVENT_ALLOW, "only the listed events are counted"),
	ABI_NAME_TEXT(KVM_PMU_EVENT_DENY, "the listed events are not counted"),
};
ABI_NAMES(abi_names_pmu_actions, "KVM_PMU_EVENT_*", pmu_actions);

static const struct abi_name pmu_flags[] = {
	ABI_NAME_TEXT(KVM_PMU_EVENT_FLAG_MASKED_EVENTS,
		      "events have a mask and a match of the unit mask"),
};
ABI_NAMES(abi_names_pmu_flags, "KVM_PMU_EVENT_FLAG_*", pmu_flags);

/* Devices: api.rst 4.79-4.81 and Documentation/virt/kvm/devices/ */

static const struct abi_name device_types[] = {
	ABI_NAME(KVM_DEV_TYPE_FSL_MPIC_20), ABI_NAME(KVM_DEV_TYPE_FSL_MPIC_42),
	ABI_NAME(KVM_DEV_TYPE_XICS),
	ABI_NAME_TEXT(KVM_DEV_TYPE_VFIO, "tells KVM which VFIO groups the VM uses"),
	ABI_NAME(KVM_DEV_TYPE_ARM_VGIC_V2), ABI_NAME(KVM_DEV_TYPE_FLIC),
	ABI_NAME(KVM_DEV_TYPE_ARM_VGIC_V3), ABI_NAME(KVM_DEV_TYPE_ARM_VGIC_ITS),
	ABI_NAME(KVM_DEV_TYPE_XIVE), ABI_NAME(KVM_DEV_TYPE_ARM_PV_TIME),
	ABI_NAME(KVM_DEV_TYPE_RISCV_AIA), ABI_NAME(KVM_DEV_TYPE_LOONGARCH_IPI),
	ABI_NAME(KVM_DEV_TYPE_LOONGARCH_EIOINTC),
	ABI_NAME(KVM_DEV_TYPE_LOONGARCH_PCHPIC),
	ABI_NAME(KVM_DEV_TYPE_LOONGARCH_DMSINTC),
	ABI_NAME(KVM_DEV_TYPE_ARM_VGIC_V5),
};
ABI_NAMES(abi_names_device_types, "KVM_DEV_TYPE_*", device_types);

static const struct abi_name create_device[] = {
	ABI_NAME_TEXT(KVM_CREATE_DEVICE_TEST, "only asks whether such a device could be made"),
};
ABI_NAMES(abi_names_create_device, "KVM_CREATE_DEVICE_*", create_device);

/* Before 6.5 FILE was called GROUP, with the same numbers. */
static const struct abi_name vfio_groups[] = {
	ABI_NAME(KVM_DEV_VFIO_FILE),
};
ABI_NAMES(abi_names_vfio_groups, "KVM_DEV_VFIO_FILE", vfio_groups);

static const struct abi_name vfio_attrs[] = {
	ABI_NAME_TEXT(KVM_DEV_VFIO_FILE_ADD, "adds the VFIO file of a descriptor"),
	ABI_NAME_TEXT(KVM_DEV_VFIO_FILE_DEL, "removes the VFIO file of a descriptor"),
	ABI_NAME(KVM_DEV_VFIO_GROUP_SET_SPAPR_TCE),
};
ABI_NAMES(abi_names_vfio_attrs, "KVM_DEV_VFIO_FILE_*", vfio_attrs);

static const struct abi_name vcpu_attr_groups[] = {
	ABI_NAME(KVM_VCPU_TSC_CTRL),
};
ABI_NAMES(abi_names_vcpu_attr_groups, "KVM_VCPU_*_CTRL", vcpu_attr_groups);

static const struct abi_name vcpu_tsc_attrs[] = {
	ABI_NAME_TEXT(KVM_VCPU_TSC_OFFSET, "what is added to the host's time stamp counter"),
};
ABI_NAMES(abi_names_vcpu_tsc_attrs, "KVM_VCPU_TSC_*", vcpu_tsc_attrs);

static const struct abi_name system_attr_groups[] = {
	ABI_NAME(KVM_X86_GRP_SYSTEM), ABI_NAME(KVM_X86_GRP_SEV),
};
ABI_NAMES(abi_names_system_attr_groups, "KVM_X86_GRP_*", system_attr_groups);

static const struct abi_name system_attrs[] = {
	ABI_NAME_TEXT(KVM_X86_XCOMP_GUEST_SUPP, "which extended state components a guest can have"),
};
ABI_NAMES(abi_names_system_attrs, "KVM_X86_XCOMP_*", system_attrs);

static const struct abi_name sev_attrs[] = {
	ABI_NAME_TEXT(KVM_X86_SEV_VMSA_FEATURES, "which SEV features KVM_SEV_INIT2 takes"),
	ABI_NAME_TEXT(KVM_X86_SNP_POLICY_BITS, "which bits of an SNP policy are known"),
	ABI_NAME_TEXT(KVM_X86_SEV_SNP_REQ_CERTS, "whether KVM_EXIT_SNP_REQ_CERTS exists"),
};
ABI_NAMES(abi_names_sev_attrs, "KVM_X86_SEV_*", sev_attrs);

/* Dropped from newer headers with the ioctls: numbers of 6.1 */
static const struct abi_name assign[] = {
	ABI_NUMBER(1, "KVM_DEV_ASSIGN_ENABLE_IOMMU"),
	ABI_NUMBER(2, "KVM_DEV_ASSIGN_PCI_2_3"),
	ABI_NUMBER(4, "KVM_DEV_ASSIGN_MASK_INTX"),
};
ABI_NAMES(abi_names_assign, "KVM_DEV_ASSIGN_*", assign);

static const struct abi_name assign_irq[] = {
	ABI_NUMBER(1, "KVM_DEV_IRQ_HOST_INTX"),
	ABI_NUMBER(2, "KVM_DEV_IRQ_HOST_MSI"),
	ABI_NUMBER(4, "KVM_DEV_IRQ_HOST_MSIX"),
	ABI_NUMBER(0x100, "KVM_DEV_IRQ_GUEST_INTX"),
	ABI_NUMBER(0x200, "KVM_DEV_IRQ_GUEST_MSI"),
	ABI_NUMBER(0x400, "KVM_DEV_IRQ_GUEST_MSIX"),
};
ABI_NAMES(abi_names_assign_irq, "KVM_DEV_IRQ_*", assign_irq);

/* kvm_stats_desc.flags: three numbers of 4 bits each */
#define STATS(name_, mask_) \
	{ .value = (name_), .name = #name_, .mask = (mask_) }

static const struct abi_name stats[] = {
	STATS(KVM_STATS_TYPE_CUMULATIVE, KVM_STATS_TYPE_MASK),
	STATS(KVM_STATS_TYPE_INSTANT, KVM_STATS_TYPE_MASK),
	STATS(KVM_STATS_TYPE_PEAK, KVM_STATS_TYPE_MASK),
	STATS(KVM_STATS_TYPE_LINEAR_HIST, KVM_STATS_TYPE_MASK),
	STATS(KVM_STATS_TYPE_LOG_HIST, KVM_STATS_TYPE_MASK),
	STATS(KVM_STATS_UNIT_NONE, KVM_STATS_UNIT_MASK),
	STATS(KVM_STATS_UNIT_BYTES, KVM_STATS_UNIT_MASK),
	STATS(KVM_STATS_UNIT_SECONDS, KVM_STATS_UNIT_MASK),
	STATS(KVM_STATS_UNIT_CYCLES, KVM_STATS_UNIT_MASK),
	STATS(KVM_STATS_UNIT_BOOLEAN, KVM_STATS_UNIT_MASK),
	STATS(KVM_STATS_BASE_POW10, KVM_STATS_BASE_MASK),
	STATS(KVM_STATS_BASE_POW2, KVM_STATS_BASE_MASK),
};
ABI_NAMES(abi_names_stats, "KVM_STATS_*", stats);

/* A vCPU's state */

static const struct abi_name mp_states[] = {
	ABI_NAME_TEXT(KVM_MP_STATE_RUNNABLE, "it runs"),
	ABI_NAME_TEXT(KVM_MP_STATE_UNINITIALIZED, "it waits for an INIT"),
	ABI_NAME_TEXT(KVM_MP_STATE_INIT_RECEIVED, "it waits for a start-up IPI"),
	ABI_NAME_TEXT(KVM_MP_STATE_HALTED, "it executed HLT and waits for an interrupt"),
	ABI_NAME_TEXT(KVM_MP_STATE_SIPI_RECEIVED, "it is about to start"),
	ABI_NAME(KVM_MP_STATE_STOPPED), ABI_NAME(KVM_MP_STATE_CHECK_STOP),
	ABI_NAME(KVM_MP_STATE_OPERATING), ABI_NAME(KVM_MP_STATE_LOAD),
	ABI_NAME_TEXT(KVM_MP_STATE_AP_RESET_HOLD, "SEV-ES: it waits to be started"),
	ABI_NAME(KVM_MP_STATE_SUSPENDED),
};
ABI_NAMES(abi_names_mp_states, "KVM_MP_STATE_*", mp_states);

static const struct abi_name guest_debug[] = {
	ABI_NAME_TEXT(KVM_GUESTDBG_ENABLE, "debugging is on"),
	ABI_NAME_TEXT(KVM_GUESTDBG_SINGLESTEP, "each instruction exits"),
	ABI_NAME_TEXT(KVM_GUESTDBG_USE_SW_BP, "breakpoint instructions exit"),
	ABI_NAME_TEXT(KVM_GUESTDBG_USE_HW_BP, "the debug registers given here are used"),
	ABI_NAME_TEXT(KVM_GUESTDBG_INJECT_DB, "the guest gets a debug exception"),
	ABI_NAME_TEXT(KVM_GUESTDBG_INJECT_BP, "the guest gets a breakpoint exception"),
	ABI_NAME_TEXT(KVM_GUESTDBG_BLOCKIRQ, "no interrupts while stepping"),
};
ABI_NAMES(abi_names_guest_debug, "KVM_GUESTDBG_*", guest_debug);

static const struct abi_name vcpu_events[] = {
	ABI_NAME(KVM_VCPUEVENT_VALID_NMI_PENDING),
	ABI_NAME(KVM_VCPUEVENT_VALID_SIPI_VECTOR),
	ABI_NAME(KVM_VCPUEVENT_VALID_SHADOW),
	ABI_NAME(KVM_VCPUEVENT_VALID_SMM),
	ABI_NAME(KVM_VCPUEVENT_VALID_PAYLOAD),
	ABI_NAME(KVM_VCPUEVENT_VALID_TRIPLE_FAULT),
};
ABI_NAMES(abi_names_vcpu_events, "KVM_VCPUEVENT_VALID_*", vcpu_events);

static const struct abi_name shadows[] = {
	ABI_NAME(KVM_X86_SHADOW_INT_MOV_SS), ABI_NAME(KVM_X86_SHADOW_INT_STI),
};
ABI_NAMES(abi_names_shadows, "KVM_X86_SHADOW_INT_*", shadows);

static const struct abi_name nested_formats[] = {
	ABI_NAME_TEXT(KVM_STATE_NESTED_FORMAT_VMX, "Intel's"),
	ABI_NAME_TEXT(KVM_STATE_NESTED_FORMAT_SVM, "AMD's"),
};
ABI_NAMES(abi_names_nested_formats, "KVM_STATE_NESTED_FORMAT_*",
	  nested_formats);

static const struct abi_name nested_flags[] = {
	ABI_NAME_TEXT(KVM_STATE_NESTED_GUEST_MODE, "the guest's guest runs"),
	ABI_NAME_TEXT(KVM_STATE_NESTED_RUN_PENDING, "VM entry was begun and must be finished"),
	ABI_NAME_TEXT(KVM_STATE_NESTED_EVMCS, "Hyper-V's enlightened VMCS"),
	ABI_NAME_TEXT(KVM_STATE_NESTED_MTF_PENDING, "a monitor trap flag exit is due"),
	ABI_NAME_TEXT(KVM_STATE_NESTED_GIF_SET, "AMD's global interrupt flag"),
};
ABI_NAMES(abi_names_nested_flags, "KVM_STATE_NESTED_*", nested_flags);

static const struct abi_name nested_smm[] = {
	ABI_NAME_TEXT(KVM_STATE_NESTED_SMM_GUEST_MODE, "SMM interrupted the guest's guest"),
	ABI_NAME_TEXT(KVM_STATE_NESTED_SMM_VMXON, "VMX was on when SMM began"),
};
ABI_NAMES(abi_names_nested_smm, "KVM_STATE_NESTED_SMM_*", nested_smm);

static const struct abi_name nested_vmx_flags[] = {
	ABI_NAME_TEXT(KVM_STATE_VMX_PREEMPTION_TIMER_DEADLINE,
		      "preemption_timer_deadline is valid"),
};
ABI_NAMES(abi_names_nested_vmx_flags, "KVM_STATE_VMX_*", nested_vmx_flags);

/*
 * KVM_GET_ONE_REG on x86, since 6.18: architecture, size and type are fields
 * of the id, the lowest 32 bits the MSR or the number of KVM's own register.
 */
#define REG_ID(name_, mask_) \
	{ .value = (name_), .name = #name_, .mask = (mask_) }
#define REG_TYPE(name_) \
	{ .value = (uint64_t)(name_) << 32, .name = #name_, .mask = 0xffull << 32 }

static const struct abi_name reg_ids[] = {
	REG_ID(KVM_REG_GENERIC, KVM_REG_ARCH_MASK),
	REG_ID(KVM_REG_PPC, KVM_REG_ARCH_MASK),
	REG_ID(KVM_REG_X86, KVM_REG_ARCH_MASK),
	REG_ID(KVM_REG_IA64, KVM_REG_ARCH_MASK),
	REG_ID(KVM_REG_ARM, KVM_REG_ARCH_MASK),
	REG_ID(KVM_REG_S390, KVM_REG_ARCH_MASK),
	REG_ID(KVM_REG_ARM64, KVM_REG_ARCH_MASK),
	REG_ID(KVM_REG_MIPS, KVM_REG_ARCH_MASK),
	REG_ID(KVM_REG_RISCV, KVM_REG_ARCH_MASK),
	REG_ID(KVM_REG_LOONGARCH, KVM_REG_ARCH_MASK),
	REG_ID(KVM_REG_SIZE_U8, KVM_REG_SIZE_MASK),
	REG_ID(KVM_REG_SIZE_U16, KVM_REG_SIZE_MASK),
	REG_ID(KVM_REG_SIZE_U32, KVM_REG_SIZE_MASK),
	REG_ID(KVM_REG_SIZE_U64, KVM_REG_SIZE_MASK),
	REG_ID(KVM_REG_SIZE_U128, KVM_REG_SIZE_MASK),
	REG_ID(KVM_REG_SIZE_U256, KVM_REG_SIZE_MASK),
	REG_ID(KVM_REG_SIZE_U512, KVM_REG_SIZE_MASK),
	REG_ID(KVM_REG_SIZE_U1024, KVM_REG_SIZE_MASK),
	REG_ID(KVM_REG_SIZE_U2048, KVM_REG_SIZE_MASK),
	/* The only register of KVM's own, number 0: its type is in its name. */
	{ (uint64_t)KVM_X86_REG_TYPE_KVM << 32 | KVM_REG_GUEST_SSP,
	  "KVM_REG_GUEST_SSP", 0xffffffffff, "the guest's shadow stack pointer" },
	REG_TYPE(KVM_X86_REG_TYPE_MSR),
	REG_TYPE(KVM_X86_REG_TYPE_KVM),
};
ABI_NAMES_AROUND(abi_names_reg_ids, "KVM_REG_*", reg_ids, 0xffffffff);

/* kvm_run */

static const struct abi_name run_flags[] = {
	ABI_NAME_TEXT(KVM_RUN_X86_SMM, "the vCPU is in system management mode"),
	ABI_NAME_TEXT(KVM_RUN_X86_BUS_LOCK, "the guest took a bus lock"),
	ABI_NAME_TEXT(KVM_RUN_X86_GUEST_MODE, "the vCPU runs a nested guest"),
};
ABI_NAMES(abi_names_run_flags, "KVM_RUN_X86_*", run_flags);

static const struct abi_name sync[] = {
	ABI_NAME(KVM_SYNC_X86_REGS), ABI_NAME(KVM_SYNC_X86_SREGS),
	ABI_NAME(KVM_SYNC_X86_EVENTS),
};
ABI_NAMES(abi_names_sync, "KVM_SYNC_X86_*", sync);

static const struct abi_name io_directions[] = {
	ABI_NAME_TEXT(KVM_EXIT_IO_IN, "the guest reads; the program must supply the data"),
	ABI_NAME_TEXT(KVM_EXIT_IO_OUT, "the guest writes"),
};
ABI_NAMES(abi_names_io_directions, "KVM_EXIT_IO_*", io_directions);

static const struct abi_name internal_errors[] = {
	ABI_NAME_TEXT(KVM_INTERNAL_ERROR_EMULATION,
		      "KVM had to emulate an instruction and could not"),
	ABI_NAME_TEXT(KVM_INTERNAL_ERROR_SIMUL_EX,
		      "several exceptions at once that KVM did not expect"),
	ABI_NAME_TEXT(KVM_INTERNAL_ERROR_DELIVERY_EV,
		      "the processor left the guest while delivering an event"),
	ABI_NAME_TEXT(KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON,
		      "the processor left the guest for a reason unknown to KVM"),
};
ABI_NAMES(abi_names_internal_errors, "KVM_INTERNAL_ERROR_*", internal_errors);

static const struct abi_name emulation_flags[] = {
	ABI_NAME_TEXT(KVM_INTERNAL_ERROR_EMULATION_FLAG_INSTRUCTION_BYTES,
		      "insn_size and insn_bytes are valid"),
};
ABI_NAMES(abi_names_emulation_flags, "KVM_INTERNAL_ERROR_EMULATION_FLAG_*",
	  emulation_flags);

/* KVM_HC_*: <linux/kvm_para.h>, Documentation/virt/kvm/x86/hypercalls.rst */
static const struct abi_name hypercalls[] = {
	ABI_NAME(KVM_HC_VAPIC_POLL_IRQ), ABI_NAME(KVM_HC_MMU_OP),
	ABI_NAME(KVM_HC_FEATURES), ABI_NAME(KVM_HC_PPC_MAP_MAGIC_PAGE),
	ABI_NAME(KVM_HC_KICK_CPU), ABI_NAME(KVM_HC_MIPS_GET_CLOCK_FREQ),
	ABI_NAME(KVM_HC_MIPS_EXIT_VM), ABI_NAME(KVM_HC_MIPS_CONSOLE_OUTPUT),
	ABI_NAME(KVM_HC_CLOCK_PAIRING), ABI_NAME(KVM_HC_SEND_IPI),
	ABI_NAME(KVM_HC_SCHED_YIELD),
	ABI_NAME_TEXT(KVM_HC_MAP_GPA_RANGE, "pages become encrypted or plain"),
};
ABI_NAMES(abi_names_hypercalls, "KVM_HC_*", hypercalls);

static const struct abi_name hypercall_flags[] = {
	ABI_NAME_TEXT(KVM_EXIT_HYPERCALL_LONG_MODE, "made in 64-bit mode"),
};
ABI_NAMES(abi_names_hypercall_flags, "KVM_EXIT_HYPERCALL_*", hypercall_flags);

/* Attributes of KVM_HC_MAP_GPA_RANGE: the page size is a field of 4 bits. */
static const struct abi_name map_gpa_range[] = {
	{ KVM_MAP_GPA_RANGE_PAGE_SZ_4K, "KVM_MAP_GPA_RANGE_PAGE_SZ_4K", 0xf, NULL },
	{ KVM_MAP_GPA_RANGE_PAGE_SZ_2M, "KVM_MAP_GPA_RANGE_PAGE_SZ_2M", 0xf, NULL },
	{ KVM_MAP_GPA_RANGE_PAGE_SZ_1G, "KVM_MAP_GPA_RANGE_PAGE_SZ_1G", 0xf, NULL },
	{ KVM_MAP_GPA_RANGE_DECRYPTED, "KVM_MAP_GPA_RANGE_DECRYPTED",
	  KVM_MAP_GPA_RANGE_ENCRYPTED, NULL },
	ABI_NAME(KVM_MAP_GPA_RANGE_ENCRYPTED),
};
ABI_NAMES(abi_names_map_gpa_range, "KVM_MAP_GPA_RANGE_*", map_gpa_range);

/*
 * Why the processor refused the guest. On Intel bit 31 says that VM entry
 * failed, with the basic exit reason below (SDM vol. 3C 27.7 and appendix C);
 * without it the number is a VM instruction error (SDM 31.4). On AMD -1 is
 * VMEXIT_INVALID (APM vol. 2 15.5.1).
 */
static const struct abi_name entry_failures[] = {
	{ 0x80000021, "Intel: EXIT_REASON_INVALID_STATE", 0,
	  "the guest's registers break a rule of VM entry" },
	{ 0x80000022, "Intel: EXIT_REASON_MSR_LOAD_FAIL", 0,
	  "an MSR of the guest could not be loaded" },
	{ 0x80000029, "Intel: EXIT_REASON_MCE_DURING_VMENTRY", 0,
	  "a machine check while entering the guest" },
	{ 7, "Intel: VMXERR_ENTRY_INVALID_CONTROL_FIELD", 0,
	  "KVM set up VM entry with invalid controls" },
	{ 8, "Intel: VMXERR_ENTRY_INVALID_HOST_STATE_FIELD", 0,
	  "KVM set up VM entry with an invalid host state" },
	{ 0xffffffff, "AMD: SVM_EXIT_ERR", 0,
	  "the guest's registers break a rule of VMRUN" },
	{ 0xffffffffffffffff, "AMD: SVM_EXIT_ERR", 0,
	  "the guest's registers break a rule of VMRUN" },
};
ABI_NAMES(abi_names_entry_failures, "hardware_entry_failure_reason",
	  entry_failures);

static const struct abi_name system_events[] = {
	ABI_NAME_TEXT(KVM_SYSTEM_EVENT_SHUTDOWN, "the guest asked to be switched off"),
	ABI_NAME_TEXT(KVM_SYSTEM_EVENT_RESET, "the guest asked to be reset"),
	ABI_NAME_TEXT(KVM_SYSTEM_EVENT_CRASH, "the guest crashed and says so"),
	ABI_NAME_TEXT(KVM_SYSTEM_EVENT_WAKEUP, "an event woke a suspended vCPU"),
	ABI_NAME_TEXT(KVM_SYSTEM_EVENT_SUSPEND, "the guest asked to be suspended"),
	ABI_NAME_TEXT(KVM_SYSTEM_EVENT_SEV_TERM,
		      "an SEV guest asked to be ended; data[0] is its GHCB"),
	ABI_NAME_TEXT(KVM_SYSTEM_EVENT_TDX_FATAL, "a TDX guest met an error it can't go on from"),
};
ABI_NAMES(abi_names_system_events, "KVM_SYSTEM_EVENT_*", system_events);

static const struct abi_name hyperv_exits[] = {
	ABI_NAME_TEXT(KVM_EXIT_HYPERV_SYNIC, "the synthetic interrupt controller was set up"),
	ABI_NAME_TEXT(KVM_EXIT_HYPERV_HCALL, "a hypercall"),
	ABI_NAME_TEXT(KVM_EXIT_HYPERV_SYNDBG, "the synthetic debugger"),
};
ABI_NAMES(abi_names_hyperv_exits, "KVM_EXIT_HYPERV_*", hyperv_exits);

static const struct abi_name xen_exits[] = {
	ABI_NAME_TEXT(KVM_EXIT_XEN_HCALL, "a hypercall"),
};
ABI_NAMES(abi_names_xen_exits, "KVM_EXIT_XEN_*", xen_exits);

static const struct abi_name xen_hvm_config[] = {
	ABI_NAME_TEXT(KVM_XEN_HVM_CONFIG_HYPERCALL_MSR,
		      "an MSR where the guest puts its hypercall page"),
	ABI_NAME_TEXT(KVM_XEN_HVM_CONFIG_INTERCEPT_HCALL, "hypercalls exit as KVM_EXIT_XEN"),
	ABI_NAME(KVM_XEN_HVM_CONFIG_SHARED_INFO),
	ABI_NAME(KVM_XEN_HVM_CONFIG_RUNSTATE),
	ABI_NAME(KVM_XEN_HVM_CONFIG_EVTCHN_2LEVEL),
	ABI_NAME(KVM_XEN_HVM_CONFIG_EVTCHN_SEND),
	ABI_NAME(KVM_XEN_HVM_CONFIG_RUNSTATE_UPDATE_FLAG),
	ABI_NAME(KVM_XEN_HVM_CONFIG_PVCLOCK_TSC_UNSTABLE),
	ABI_NAME(KVM_XEN_HVM_CONFIG_SHARED_INFO_HVA),
};
ABI_NAMES(abi_names_xen_hvm_config, "KVM_XEN_HVM_CONFIG_*", xen_hvm_config);

static const struct abi_name msr_reasons[] = {
	ABI_NAME_TEXT(KVM_MSR_EXIT_REASON_INVAL, "the access would raise #GP"),
	ABI_NAME_TEXT(KVM_MSR_EXIT_REASON_UNKNOWN, "KVM doesn't know the MSR"),
	ABI_NAME_TEXT(KVM_MSR_EXIT_REASON_FILTER, "KVM_X86_SET_MSR_FILTER denies it"),
};
ABI_NAMES(abi_names_msr_reasons, "KVM_MSR_EXIT_REASON_*", msr_reasons);

static const struct abi_name notify_flags[] = {
	ABI_NAME_TEXT(KVM_NOTIFY_CONTEXT_INVALID, "the vCPU's state is lost; it can't go on"),
};
ABI_NAMES(abi_names_notify, "KVM_NOTIFY_*", notify_flags);

static const struct abi_name memory_fault_flags[] = {
	ABI_NAME_TEXT(KVM_MEMORY_EXIT_FLAG_PRIVATE, "the guest touched private memory"),
};
ABI_NAMES(abi_names_memory_fault, "KVM_MEMORY_EXIT_FLAG_*", memory_fault_flags);

/* Intel TDX guest-host communication interface, 3 */
static const struct abi_name tdvmcalls[] = {
	ABI_NUMBER(0x10000, "TDVMCALL_GET_TD_VM_CALL_INFO"),
	ABI_NUMBER(0x10001, "TDVMCALL_MAP_GPA"),
	ABI_NUMBER(0x10002, "TDVMCALL_GET_QUOTE"),
	ABI_NUMBER(0x10003, "TDVMCALL_REPORT_FATAL_ERROR"),
	ABI_NUMBER(0x10004, "TDVMCALL_SETUP_EVENT_NOTIFY_INTERRUPT"),
};
ABI_NAMES(abi_names_tdvmcalls, "TDVMCALL_*", tdvmcalls);

/* Other architectures' */

static const struct abi_name s390_resets[] = {
	ABI_NAME(KVM_S390_RESET_POR), ABI_NAME(KVM_S390_RESET_CLEAR),
	ABI_NAME(KVM_S390_RESET_SUBSYSTEM), ABI_NAME(KVM_S390_RESET_CPU_INIT),
	ABI_NAME(KVM_S390_RESET_IPL),
};
ABI_NAMES(abi_names_s390_resets, "KVM_S390_RESET_*", s390_resets);

static const struct abi_name arm_sea[] = {
	ABI_NUMBER(1, "KVM_EXIT_ARM_SEA_FLAG_GPA_VALID"),
};
ABI_NAMES(abi_names_arm_sea, "KVM_EXIT_ARM_SEA_FLAG_*", arm_sea);
