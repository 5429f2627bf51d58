/*
 * Names of KVM's own flags and enumerations, family by family, in the order of
 * <linux/kvm.h> and <asm/kvm.h>. Capabilities are in capabilities.c, exits in
 * exits.c, what the processor defines in names_x86.c.
 */
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

/*
 * Why the processor refused the guest. On Intel bit 31 says that VM entry
 * failed, with the basic exit reason below (SDM vol. 3C 27.7 and appendix C);
 * without it the number is a VM instruction error (SDM 31.4). On AMD -1 is
 * VMEXIT_INVALID (APM vol. 2 15.5.1).
 */
static const struct abi_name entry_failures[] = {
	{ 0x80000021, "EXIT_REASON_INVALID_STATE", 0,
	  "Intel: the guest's registers break a rule of VM entry" },
	{ 0x80000022, "EXIT_REASON_MSR_LOAD_FAIL", 0,
	  "Intel: an MSR of the guest could not be loaded" },
	{ 0x80000029, "EXIT_REASON_MCE_DURING_VMENTRY", 0,
	  "Intel: a machine check while entering the guest" },
	{ 7, "VMXERR_ENTRY_INVALID_CONTROL_FIELD", 0,
	  "Intel: KVM set up VM entry with invalid controls" },
	{ 8, "VMXERR_ENTRY_INVALID_HOST_STATE_FIELD", 0,
	  "Intel: KVM set up VM entry with an invalid host state" },
	{ 0xffffffff, "SVM_EXIT_ERR", 0,
	  "AMD: the guest's registers break a rule of VMRUN" },
	{ 0xffffffffffffffff, "SVM_EXIT_ERR", 0,
	  "AMD: the guest's registers break a rule of VMRUN" },
};
ABI_NAMES(abi_names_entry_failures, "hardware_entry_failure_reason",
	  entry_failures);

static const struct abi_name system_events[] = {
	ABI_NAME(KVM_SYSTEM_EVENT_SHUTDOWN), ABI_NAME(KVM_SYSTEM_EVENT_RESET),
	ABI_NAME(KVM_SYSTEM_EVENT_CRASH), ABI_NAME(KVM_SYSTEM_EVENT_WAKEUP),
	ABI_NAME(KVM_SYSTEM_EVENT_SUSPEND),
	ABI_NAME_TEXT(KVM_SYSTEM_EVENT_SEV_TERM, "an SEV guest asked to be ended; data[0] is its GHCB"),
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
