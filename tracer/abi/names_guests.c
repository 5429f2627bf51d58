/*
 * Names of the interfaces between guest and hypervisor that pass through to
 * the program: KVM's hypercalls' results, Hyper-V, Xen, TDX, SEV.
 *
 * Sources: <linux/kvm_para.h>; Hyper-V top level functional specification and
 * <asm-generic/hyperv-tlfs.h>; Xen's public/xen.h; Intel TDX guest-host
 * communication interface 2.4.1 and module ABI, TD_PARAMS; AMD SEV API 2.4 and
 * SEV-SNP firmware ABI 4.3, guest policies; AMD APM vol. 2 B.4, SEV_FEATURES.
 */
#include <errno.h>
#include <linux/kvm_para.h>

#include "abi/compat.h"
#include "abi/tables.h"

#define BIT(number, name_) { .value = 1ull << (number), .name = (name_) }
#define BITS(value_, mask_, name_)                                         \
	{ .value = (value_), .name = (name_), .mask = (mask_) }

/* KVM's: what the guest finds in RAX */
#define MINUS(constant) \
	{ .value = (uint64_t)-(constant), .name = "-" #constant }

static const struct abi_name hypercall_results[] = {
	MINUS(KVM_ENOSYS), MINUS(KVM_EFAULT), MINUS(KVM_EINVAL),
	MINUS(KVM_E2BIG), MINUS(KVM_EPERM), MINUS(KVM_EOPNOTSUPP),
	MINUS(EBUSY),
};
ABI_NAMES(abi_names_hypercall_results, "results of hypercalls",
	  hypercall_results);

/* Hyper-V */

static const struct abi_name hyperv_enable[] = { BIT(0, "ENABLE") };
ABI_NAMES(abi_names_hyperv_enable, "HV_X64_MSR_SCONTROL", hyperv_enable);
ABI_NAMES_AROUND(abi_names_hyperv_page, "Hyper-V page", hyperv_enable,
		 ~0xfffull);

/* Behind the code of the call: how it is made, and counts of repetitions. */
#define CALL(value_, name_) BITS(value_, 0xffff, name_)

static const struct abi_name hyperv_calls[] = {
	CALL(0x0002, "HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE"),
	CALL(0x0003, "HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST"),
	CALL(0x0008, "HVCALL_NOTIFY_LONG_SPIN_WAIT"),
	CALL(0x000b, "HVCALL_SEND_IPI"),
	CALL(0x0013, "HVCALL_FLUSH_VIRTUAL_ADDRESS_SPACE_EX"),
	CALL(0x0014, "HVCALL_FLUSH_VIRTUAL_ADDRESS_LIST_EX"),
	CALL(0x0015, "HVCALL_SEND_IPI_EX"),
	CALL(0x005c, "HVCALL_POST_MESSAGE"),
	CALL(0x005d, "HVCALL_SIGNAL_EVENT"),
	CALL(0x0069, "HVCALL_POST_DEBUG_DATA"),
	CALL(0x006a, "HVCALL_RETRIEVE_DEBUG_DATA"),
	CALL(0x006b, "HVCALL_RESET_DEBUG_SESSION"),
	BIT(16, "FAST"),
};
ABI_NAMES_AROUND(abi_names_hyperv_calls, "HVCALL_*", hyperv_calls,
		 0xfff0fff07fe0000);

#define STATUS(value_, name_) BITS(value_, 0xffff, name_)

static const struct abi_name hyperv_results[] = {
	STATUS(0, "HV_STATUS_SUCCESS"),
	STATUS(2, "HV_STATUS_INVALID_HYPERCALL_CODE"),
	STATUS(3, "HV_STATUS_INVALID_HYPERCALL_INPUT"),
	STATUS(4, "HV_STATUS_INVALID_ALIGNMENT"),
	STATUS(5, "HV_STATUS_INVALID_PARAMETER"),
	STATUS(6, "HV_STATUS_ACCESS_DENIED"),
	STATUS(8, "HV_STATUS_OPERATION_DENIED"),
	STATUS(11, "HV_STATUS_INSUFFICIENT_MEMORY"),
	STATUS(17, "HV_STATUS_INVALID_PORT_ID"),
	STATUS(18, "HV_STATUS_INVALID_CONNECTION_ID"),
	STATUS(19, "HV_STATUS_INSUFFICIENT_BUFFERS"),
};
ABI_NAMES_AROUND(abi_names_hyperv_results, "HV_STATUS_*", hyperv_results,
		 0xfff00000000);

/* The synthetic debugger; bits 31:16 count bytes */
static const struct abi_name syndbg_control[] = {
	BIT(0, "SEND"), BIT(1, "RECV"),
};
ABI_NAMES_AROUND(abi_names_syndbg_control, "HV_X64_MSR_SYNDBG_CONTROL",
		 syndbg_control, 0xffff0000);

static const struct abi_name syndbg_status[] = {
	BIT(0, "SEND_SUCCESS"), BIT(2, "RECV_SUCCESS"), BIT(3, "RESET"),
};
ABI_NAMES_AROUND(abi_names_syndbg_status, "HV_X64_MSR_SYNDBG_STATUS",
		 syndbg_status, 0xffff0000);

/* Xen */

#define XEN(value_, name_) ABI_NUMBER(value_, "__HYPERVISOR_" name_)

static const struct abi_name xen_calls[] = {
	XEN(0, "set_trap_table"), XEN(1, "mmu_update"), XEN(2, "set_gdt"),
	XEN(3, "stack_switch"), XEN(4, "set_callbacks"),
	XEN(5, "fpu_taskswitch"), XEN(6, "sched_op_compat"),
	XEN(7, "platform_op"), XEN(8, "set_debugreg"), XEN(9, "get_debugreg"),
	XEN(10, "update_descriptor"), XEN(12, "memory_op"),
	XEN(13, "multicall"), XEN(14, "update_va_mapping"),
	XEN(15, "set_timer_op"), XEN(16, "event_channel_op_compat"),
	XEN(17, "xen_version"), XEN(18, "console_io"),
	XEN(19, "physdev_op_compat"), XEN(20, "grant_table_op"),
	XEN(21, "vm_assist"), XEN(22, "update_va_mapping_otherdomain"),
	XEN(23, "iret"), XEN(24, "vcpu_op"), XEN(25, "set_segment_base"),
	XEN(26, "mmuext_op"), XEN(27, "xsm_op"), XEN(28, "nmi_op"),
	XEN(29, "sched_op"), XEN(30, "callback_op"), XEN(31, "xenoprof_op"),
	XEN(32, "event_channel_op"), XEN(33, "physdev_op"), XEN(34, "hvm_op"),
	XEN(35, "sysctl"), XEN(36, "domctl"), XEN(37, "kexec_op"),
	XEN(38, "tmem_op"), XEN(39, "xc_reserved_op"), XEN(40, "xenpmu_op"),
	XEN(41, "dm_op"),
};
ABI_NAMES(abi_names_xen_calls, "__HYPERVISOR_*", xen_calls);

/* TDX */

static const struct abi_name tdvmcall_results[] = {
	ABI_NUMBER(0, "TDVMCALL_STATUS_SUCCESS"),
	ABI_NUMBER(1, "TDVMCALL_STATUS_RETRY"),
	ABI_NUMBER(0x8000000000000000, "TDVMCALL_STATUS_INVALID_OPERAND"),
	ABI_NUMBER(0x8000000000000001, "TDVMCALL_STATUS_GPA_INUSE"),
	ABI_NUMBER(0x8000000000000002, "TDVMCALL_STATUS_ALIGN_ERROR"),
	ABI_NUMBER(0x8000000000000003, "TDVMCALL_STATUS_SUBFUNC_UNSUPPORTED"),
};
ABI_NAMES(abi_names_tdvmcall_results, "TDVMCALL_STATUS_*", tdvmcall_results);

static const struct abi_name td_attributes[] = {
	BIT(0, "DEBUG"), BIT(4, "HGS_PLUS_PROF"), BIT(5, "PERF_PROF"),
	BIT(6, "PMT_PROF"), BIT(16, "ICSSD"), BIT(27, "LASS"),
	BIT(28, "SEPT_VE_DISABLE"), BIT(29, "MIGRATABLE"), BIT(30, "PKS"),
	BIT(31, "KL"), BIT(62, "TPA"), BIT(63, "PERFMON"),
};
ABI_NAMES(abi_names_td_attributes, "TD attributes", td_attributes);

/* SEV; the versions of the API that a policy asks for are numbers */

static const struct abi_name sev_policy[] = {
	{ 1 << 0, "NODBG", 0, "no debugging of the guest" },
	{ 1 << 1, "NOKS", 0, "its key is not shared with other guests" },
	{ 1 << 2, "ES", 0, "SEV-ES is required" },
	{ 1 << 3, "NOSEND", 0, "it must not be sent elsewhere" },
	{ 1 << 4, "DOMAIN", 0, "only within the domain" },
	{ 1 << 5, "SEV", 0, "only to platforms that know SEV" },
};
ABI_NAMES_AROUND(abi_names_sev_policy, "SEV guest policy", sev_policy,
		 0xffff0000);

static const struct abi_name snp_policy[] = {
	{ 1 << 16, "SMT", 0, "simultaneous multithreading is allowed" },
	{ 1 << 17, "FIXED", 0, "bit 17, which must be one" },
	{ 1 << 18, "MIGRATE_MA", 0, "a migration agent is allowed" },
	{ 1 << 19, "DEBUG", 0, "debugging is allowed" },
	{ 1 << 20, "SINGLE_SOCKET", 0, "only on one socket" },
	{ 1 << 21, "CXL_ALLOW", 0, "CXL devices are allowed" },
	{ 1 << 22, "MEM_AES_256_XTS", 0, "AES-256-XTS is required" },
	{ 1 << 23, "RAPL_DIS", 0, "power metering must be off" },
	{ 1 << 24, "CIPHERTEXT_HIDING_DRAM", 0, "ciphertext must be hidden" },
};
ABI_NAMES_AROUND(abi_names_snp_policy, "SEV-SNP guest policy", snp_policy,
		 0xffff);

static const struct abi_name vmsa_features[] = {
	BIT(0, "SNP_ACTIVE"), BIT(1, "VTOM"), BIT(2, "REFLECT_VC"),
	BIT(3, "RESTRICTED_INJECTION"), BIT(4, "ALTERNATE_INJECTION"),
	BIT(5, "DEBUG_SWAP"), BIT(6, "PREVENT_HOST_IBS"),
	BIT(7, "BTB_ISOLATION"), BIT(8, "VMPL_SSS"), BIT(9, "SECURE_TSC"),
	BIT(10, "VMGEXIT_PARAM"), BIT(12, "IBS_VIRT"), BIT(14, "VMSA_REG_PROT"),
	BIT(15, "SMT_PROT"), BIT(16, "SECURE_AVIC"),
};
ABI_NAMES(abi_names_vmsa_features, "SEV_FEATURES", vmsa_features);

/* api.rst 5, KVM_EXIT_SNP_REQ_CERTS */
static const struct abi_name snp_cert_results[] = {
	ABI_NAME_TEXT(ENOSPC, "the guest must offer npages pages"),
	ABI_NAME_TEXT(EAGAIN, "the guest is to try again"),
	ABI_NAME_TEXT(EIO, "the certificates can't be had"),
};
ABI_NAMES(abi_names_snp_cert_results, "results of KVM_EXIT_SNP_REQ_CERTS",
	  snp_cert_results);
