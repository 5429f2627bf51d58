/*
 * Why KVM_RUN returned: the exit reasons with the members of kvm_run's union,
 * and the members of kvm_run outside it.
 *
 * Offsets are from the start of kvm_run, except within the arms of a union.
 * Bytes of the union that an exit doesn't set keep what an earlier exit left
 * there, so its padding is ABI_STALE. (On s390 the union starts 16 bytes
 * later; the layouts of other architectures' exits are given as on x86.)
 *
 * Sources: struct kvm_run in <linux/kvm.h>; api.rst chapter 5.
 */
#include <linux/kvm_para.h>

#include "abi/compat.h"
#include "abi/tables.h"

#define RUN(kind_, member, shown, ...) \
	ABI_AS(kind_, struct kvm_run, member, shown, ##__VA_ARGS__)
#define RUN_ARRAY(kind_, member, shown, ...) \
	ABI_ARRAY_AS(kind_, struct kvm_run, member, shown, ##__VA_ARGS__)
#define RUN_BYTES(kind_, member, shown)                                    \
	{ .name = (shown), .offset = offsetof(struct kvm_run, member),     \
	  .size = 1, .kind = (kind_),                                      \
	  .count = sizeof(((struct kvm_run *)0)->member) }

/* The first `counter` elements of a fixed array. */
#define RUN_COUNTED(kind_, member, counter, shown)                         \
	RUN_ARRAY(kind_, member, shown, .is_counted = true,                \
		  .length = { LENGTH_COUNT, 4,                             \
			      offsetof(struct kvm_run, counter), 1 })

/* Members that Debian 12's header lacks: compat.h. */
#define UNION_OFFSET offsetof(struct kvm_run, hw)
#define NEW(kind_, s, member, ...)                                         \
	{ .name = #member, .kind = (kind_), .count = 1,                    \
	  .offset = UNION_OFFSET + offsetof(struct s, member),             \
	  .size = sizeof(((struct s *)0)->member), ##__VA_ARGS__ }

/* Members that the program answers: KVM's complete_userspace_io reads them. */
#define ANSWER .is_answer = true

#define RUN_TYPE(variable, member, fields_)                                \
	static ABI_TYPE(variable, "kvm_run." #member,                      \
			offsetof(struct kvm_run, member) +                 \
			sizeof(((struct kvm_run *)0)->member), fields_)
#define NEW_TYPE(variable, s, name_, fields_)                              \
	static ABI_TYPE(variable, "kvm_run." name_,                        \
			UNION_OFFSET + sizeof(struct s), fields_)

/* Outside the union */

static const struct abi_field in_fields[] = {
	RUN(ABI_DEC, request_interrupt_window, "request_interrupt_window"),
	RUN(ABI_DEC, immediate_exit, "immediate_exit"),
	RUN_BYTES(ABI_PAD, padding1, "padding1"),
	RUN(ABI_HEX, cr8, "cr8", .is_sparse = true),
	RUN(ABI_FLAGS, kvm_valid_regs, "kvm_valid_regs", .is_sparse = true,
	    .names = &abi_names_sync),
	RUN(ABI_FLAGS, kvm_dirty_regs, "kvm_dirty_regs", .is_sparse = true,
	    .names = &abi_names_sync),
};
ABI_TYPE(abi_run_in, "kvm_run", ABI_RUN_BYTES, in_fields);

static const struct abi_field out_fields[] = {
	RUN(ABI_DEC, ready_for_interrupt_injection,
	    "ready_for_interrupt_injection"),
	RUN(ABI_DEC, if_flag, "if_flag"),
	RUN(ABI_FLAGS, flags, "flags", .names = &abi_names_run_flags),
	RUN(ABI_HEX, cr8, "cr8"),
	RUN(ABI_FLAGS, apic_base, "apic_base", .names = &abi_names_apic_base),
};
ABI_TYPE(abi_run_out, "kvm_run", ABI_RUN_BYTES, out_fields);

/* x86 */

static const struct abi_field hw_fields[] = {
	RUN(ABI_HEX, hw.hardware_exit_reason, "hardware_exit_reason"),
};
RUN_TYPE(hw, hw, hw_fields);

static const struct abi_field ex_fields[] = {
	RUN(ABI_ENUM, ex.exception, "exception", .names = &abi_names_vectors),
	RUN(ABI_HEX, ex.error_code, "error_code"),
};
RUN_TYPE(ex, ex, ex_fields);

/* The data are not here but at data_offset: abi_find_run_data(). */
static const struct abi_field io_fields[] = {
	RUN(ABI_ENUM, io.direction, "direction",
	    .names = &abi_names_io_directions),
	RUN(ABI_DEC, io.size, "size"),
	RUN(ABI_ENUM, io.port, "port", .names = &abi_names_ports),
	RUN(ABI_DEC, io.count, "count"),
	RUN(ABI_HEX, io.data_offset, "data_offset"),
};
RUN_TYPE(io, io, io_fields);

/* The only hypercall that exits: Documentation/virt/kvm/x86/hypercalls.rst */
static const struct abi_field map_gpa_range_fields[] = {
	ABI_AT(ABI_GPA, "gpa", 0, 8),
	ABI_AT(ABI_HEX, "npages", 8, 8),
	ABI_AT(ABI_FLAGS, "attributes", 16, 8, .names = &abi_names_map_gpa_range),
};
static ABI_TYPE(map_gpa_range, "kvm_run.hypercall.map_gpa_range", 24,
		map_gpa_range_fields);

static const struct abi_arm hypercall_arms[] = {
	{ KVM_HC_MAP_GPA_RANGE, "map_gpa_range", &map_gpa_range },
};
static ABI_ARMS(hypercall_union, offsetof(struct kvm_run, hypercall.nr), 8,
		hypercall_arms, NULL);

/* `flags` replaced `longmode` and its padding in 6.4. */
static const struct abi_field hypercall_fields[] = {
	RUN(ABI_ENUM, hypercall.nr, "nr", .names = &abi_names_hypercalls),
	RUN_ARRAY(ABI_HEX, hypercall.args, "args"),
	RUN(ABI_UNION, hypercall.args, "map_gpa_range", .is_view = true,
	    .arms = &hypercall_union),
	RUN(ABI_ENUM, hypercall.ret, "ret", ANSWER,
	    .names = &abi_names_hypercall_results),
	ABI_AT(ABI_FLAGS, "flags", offsetof(struct kvm_run, hypercall) + 64, 8,
	       .names = &abi_names_hypercall_flags),
	ABI_AT(ABI_DEC, "longmode", offsetof(struct kvm_run, hypercall) + 64, 4,
	       .is_view = true),
};
RUN_TYPE(hypercall, hypercall, hypercall_fields);

static const struct abi_field debug_arch_fields[] = {
	ABI_MEMBER(ABI_ENUM, struct kvm_debug_exit_arch, exception,
		   .names = &abi_names_vectors),
	ABI_MEMBER(ABI_STALE, struct kvm_debug_exit_arch, pad),
	ABI_MEMBER(ABI_GVA, struct kvm_debug_exit_arch, pc),
	ABI_MEMBER(ABI_FLAGS, struct kvm_debug_exit_arch, dr6,
		   .names = &abi_names_dr6),
	ABI_MEMBER(ABI_FLAGS, struct kvm_debug_exit_arch, dr7,
		   .names = &abi_names_dr7),
};
static ABI_TYPE(debug_arch, "kvm_debug_exit_arch",
		sizeof(struct kvm_debug_exit_arch), debug_arch_fields);

static const struct abi_field debug_fields[] = {
	RUN(ABI_STRUCT, debug.arch, "arch", .type = &debug_arch),
};
RUN_TYPE(debug, debug, debug_fields);

/*
 * Of a read, `data` is what an earlier exit left there until the program has
 * written it: shown by the KVM_RUN that takes it. Union and arms are `data`
 * and `len`, which LoongArch's exit has in the same order.
 */
static const struct abi_field mmio_read_fields[] = {
	ABI_BYTES_AT(ABI_STALE, "data", 0, 8), ABI_AT(ABI_DEC, "len", 8, 4),
};
static ABI_TYPE(mmio_read, "kvm_run.mmio.read", 12, mmio_read_fields);

static const struct abi_field mmio_write_fields[] = {
	ABI_BYTES_AT(ABI_BYTES, "data", 0, 8, .is_counted = true,
		     .length = { LENGTH_COUNT, 4, 8, 1 }),
	ABI_AT(ABI_DEC, "len", 8, 4),
};
static ABI_TYPE(mmio_write, "kvm_run.mmio.write", 12, mmio_write_fields);

static const struct abi_arm mmio_arms[] = {
	{ 0, NULL, &mmio_read },
};
static ABI_ARMS(mmio_union, offsetof(struct kvm_run, mmio.is_write), 1,
		mmio_arms, &mmio_write);

static const struct abi_field mmio_fields[] = {
	RUN(ABI_GPA, mmio.phys_addr, "phys_addr"),
	ABI_AT(ABI_UNION, "data", offsetof(struct kvm_run, mmio.data), 12,
	       .arms = &mmio_union),
	RUN(ABI_DEC, mmio.is_write, "is_write"),
};
RUN_TYPE(mmio, mmio, mmio_fields);

static const struct abi_field fail_entry_fields[] = {
	RUN(ABI_ENUM, fail_entry.hardware_entry_failure_reason,
	    "hardware_entry_failure_reason", .names = &abi_names_entry_failures),
	RUN(ABI_DEC, fail_entry.cpu, "cpu"),
};
RUN_TYPE(fail_entry, fail_entry, fail_entry_fields);

static const struct abi_field tpr_access_fields[] = {
	RUN(ABI_GVA, tpr_access.rip, "rip"),
	RUN(ABI_DEC, tpr_access.is_write, "is_write"),
	RUN(ABI_STALE, tpr_access.pad, "pad"),
};
RUN_TYPE(tpr_access, tpr_access, tpr_access_fields);

/* With suberror 1 the start of `data` has a layout: emulation_failure. */
#define FAILURE(kind_, member, ...) \
	ABI_PART(kind_, struct kvm_run, emulation_failure.flags, \
		 emulation_failure.member, #member, ##__VA_ARGS__)

static const struct abi_field emulation_failure_fields[] = {
	FAILURE(ABI_FLAGS, flags, .names = &abi_names_emulation_flags),
	FAILURE(ABI_DEC, insn_size),
	{ .name = "insn_bytes", .offset = 9, .size = 1, .count = 15,
	  .kind = ABI_BYTES, .is_counted = true,
	  .length = { LENGTH_COUNT, 1, 8, 1 } },
};
static ABI_TYPE(emulation_failure, "kvm_run.emulation_failure", 24,
		emulation_failure_fields);

static const struct abi_arm failure_arms[] = {
	{ KVM_INTERNAL_ERROR_EMULATION, "emulation_failure",
	  &emulation_failure },
};
static ABI_ARMS(failure_union, offsetof(struct kvm_run, internal.suberror), 4,
		failure_arms, NULL);

/*
 * What the other suberrors put in `data`, each reading under the name of the
 * vendor whose it is: only the host tells which one holds. `data` itself has
 * all bits; the basic reason is the lower half of Intel's.
 */
#define EVENT_INFO(shown, vector, offset_)                                 \
	ABI_AT(ABI_FLAGS, shown, offset_, 8, .names = &abi_names_vmx_events), \
	ABI_BITFIELD(vector, offset_, 8, 0, 8, .is_view = true)
#define VMX_REASON(offset_) \
	ABI_BITENUM("exit_reason", offset_, 8, 0, 16, abi_names_vmx_reasons)
#define SVM_CODE(offset_) \
	ABI_AT(ABI_ENUM, "exit_code", offset_, 8, .names = &abi_names_svm_codes)
#define READING(vendor, size_, type_, ...) \
	ABI_AT(ABI_STRUCT, vendor, 0, size_, .type = &(type_), ##__VA_ARGS__)
#define LAST_CPU(offset_) ABI_AT(ABI_DEC, "last_vmentry_cpu", offset_, 8)

/*
 * handle_exception_nmi() in arch/x86/kvm/vmx/vmx.c; no other puts it. Here
 * and below, kernels before 5.9 leave out the processor.
 */
static const struct abi_field vmx_simul_fields[] = {
	EVENT_INFO("vectoring_info", "vectoring_vector", 0),
	EVENT_INFO("intr_info", "intr_vector", 8),
	ABI_AT(ABI_HEX, "error_code", 16, 8),
};
static ABI_TYPE(vmx_simul, "kvm_run.internal.simul_ex.intel", 24,
		vmx_simul_fields);

static const struct abi_field simul_ex_fields[] = {
	READING("intel", 24, vmx_simul), LAST_CPU(24),
};
static const struct abi_field simul_ex_3_fields[] = {
	READING("intel", 24, vmx_simul),
};
static ABI_TYPE(simul_ex_3, "kvm_run.internal.simul_ex.3", 24,
		simul_ex_3_fields);
static ABI_TYPE(simul_ex, "kvm_run.internal.simul_ex", 32, simul_ex_fields);

static const struct abi_field vmx_delivery_fields[] = {
	EVENT_INFO("vectoring_info", "vectoring_vector", 0), VMX_REASON(8),
	ABI_AT(ABI_HEX, "exit_qualification", 16, 8),
};
static ABI_TYPE(vmx_delivery, "kvm_run.internal.delivery_ev.intel", 24,
		vmx_delivery_fields);

static const struct abi_field svm_delivery_fields[] = {
	ABI_AT(ABI_HEX, "exit_info_2", 0, 8), SVM_CODE(8),
	ABI_AT(ABI_HEX, "exit_info_1", 16, 8),
};
static ABI_TYPE(svm_delivery, "kvm_run.internal.delivery_ev.amd", 24,
		svm_delivery_fields);

/* __vmx_handle_exit() before 6.14, but for misconfigured EPT entries */
static const struct abi_field delivery_3_fields[] = {
	READING("intel", 24, vmx_delivery),
};
static ABI_TYPE(delivery_3, "kvm_run.internal.delivery_ev.3", 24,
		delivery_3_fields);

static const struct abi_field delivery_4_fields[] = {
	READING("intel", 24, vmx_delivery), LAST_CPU(24),
};
static ABI_TYPE(delivery_4, "kvm_run.internal.delivery_ev.4", 32,
		delivery_4_fields);

/* For these; since 6.14 always: kvm_prepare_event_vectoring_exit() in x86.c */
static const struct abi_field delivery_5_fields[] = {
	READING("intel", 24, vmx_delivery),
	READING("amd", 24, svm_delivery, .is_view = true),
	ABI_AT(ABI_GPA, "gpa", 24, 8), LAST_CPU(32),
};
static ABI_TYPE(delivery_5, "kvm_run.internal.delivery_ev.5", 40,
		delivery_5_fields);

/* __vmx_handle_exit(), svm_handle_invalid_exit() */
static const struct abi_field vmx_reason_fields[] = { VMX_REASON(0) };
static ABI_TYPE(vmx_reason, "kvm_run.internal.unexpected.intel", 8,
		vmx_reason_fields);

static const struct abi_field svm_code_fields[] = { SVM_CODE(0) };
static ABI_TYPE(svm_code, "kvm_run.internal.unexpected.amd", 8,
		svm_code_fields);

static const struct abi_field unexpected_fields[] = {
	READING("intel", 8, vmx_reason),
	READING("amd", 8, svm_code, .is_view = true), LAST_CPU(8),
};
static ABI_TYPE(unexpected, "kvm_run.internal.unexpected", 16,
		unexpected_fields);

static const struct abi_field unexpected_1_fields[] = {
	READING("intel", 8, vmx_reason),
	READING("amd", 8, svm_code, .is_view = true),
};
static ABI_TYPE(unexpected_1, "kvm_run.internal.unexpected.1", 8,
		unexpected_1_fields);

/* By suberror and, above it, ndata: what there is of it differs. */
#define WITH_NDATA(suberror, ndata) ((uint64_t)(ndata) << 32 | (suberror))

static const struct abi_arm internal_arms[] = {
	{ WITH_NDATA(KVM_INTERNAL_ERROR_SIMUL_EX, 3), "simul_ex",
	  &simul_ex_3 },
	{ WITH_NDATA(KVM_INTERNAL_ERROR_SIMUL_EX, 4), "simul_ex", &simul_ex },
	{ WITH_NDATA(KVM_INTERNAL_ERROR_DELIVERY_EV, 3), "delivery_ev",
	  &delivery_3 },
	{ WITH_NDATA(KVM_INTERNAL_ERROR_DELIVERY_EV, 4), "delivery_ev",
	  &delivery_4 },
	{ WITH_NDATA(KVM_INTERNAL_ERROR_DELIVERY_EV, 5), "delivery_ev",
	  &delivery_5 },
	{ WITH_NDATA(KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON, 1),
	  "unexpected_exit_reason", &unexpected_1 },
	{ WITH_NDATA(KVM_INTERNAL_ERROR_UNEXPECTED_EXIT_REASON, 2),
	  "unexpected_exit_reason", &unexpected },
};
static ABI_ARMS(internal_union, offsetof(struct kvm_run, internal.suberror), 8,
		internal_arms, NULL);

static const struct abi_field internal_fields[] = {
	RUN(ABI_ENUM, internal.suberror, "suberror",
	    .names = &abi_names_internal_errors),
	RUN(ABI_DEC, internal.ndata, "ndata"),
	RUN_COUNTED(ABI_HEX, internal.data, internal.ndata, "data"),
	RUN(ABI_UNION, internal.data, "emulation_failure", .is_view = true,
	    .arms = &failure_union),
	RUN(ABI_UNION, internal.data, "event", .is_view = true,
	    .arms = &internal_union),
};
RUN_TYPE(internal, internal, internal_fields);

/* Before KVM_CAP_SYSTEM_EVENT_DATA data[0] was called `flags`. */
static const struct abi_field system_event_fields[] = {
	RUN(ABI_ENUM, system_event.type, "type",
	    .names = &abi_names_system_events),
	RUN(ABI_DEC, system_event.ndata, "ndata"),
	RUN_COUNTED(ABI_HEX, system_event.data, system_event.ndata, "data"),
	RUN(ABI_HEX, system_event.flags, "flags", .is_view = true),
};
RUN_TYPE(system_event, system_event, system_event_fields);

static const struct abi_field eoi_fields[] = {
	RUN(ABI_DEC, eoi.vector, "vector"),
};
RUN_TYPE(eoi, eoi, eoi_fields);

#define HYPERV(kind_, arm, member, ...) \
	ABI_PART(kind_, struct kvm_hyperv_exit, u, u.arm.member, #member, \
		 ##__VA_ARGS__)

static const struct abi_field synic_fields[] = {
	HYPERV(ABI_ENUM, synic, msr, .names = &abi_names_msrs),
	HYPERV(ABI_STALE, synic, pad2),
	HYPERV(ABI_FLAGS, synic, control, .names = &abi_names_hyperv_enable),
	HYPERV(ABI_FLAGS, synic, evt_page, .names = &abi_names_hyperv_page),
	ABI_GPA_BITS("evt_page_gpa", 16, 12, 52),
	HYPERV(ABI_FLAGS, synic, msg_page, .names = &abi_names_hyperv_page),
	ABI_GPA_BITS("msg_page_gpa", 24, 12, 52),
};
static ABI_TYPE(synic, "kvm_hyperv_exit.synic", 32, synic_fields);

static const struct abi_field hyperv_hcall_fields[] = {
	HYPERV(ABI_FLAGS, hcall, input, .names = &abi_names_hyperv_calls),
	HYPERV(ABI_FLAGS, hcall, result, ANSWER,
	       .names = &abi_names_hyperv_results),
	ABI_PART_ARRAY(ABI_HEX, struct kvm_hyperv_exit, u, u.hcall.params,
		       "params"),
};
static ABI_TYPE(hyperv_hcall, "kvm_hyperv_exit.hcall", 32, hyperv_hcall_fields);

/* KVM takes an answer to one MSR only: kvm_hv_syndbg_complete_userspace() */
#define SYNDBG_STATUS(...) \
	ABI_AT(ABI_FLAGS, "status", 0, 8, .names = &abi_names_syndbg_status, \
	       ##__VA_ARGS__)
#define HV_X64_MSR_SYNDBG_CONTROL 0x400000f1

static const struct abi_field syndbg_answer_fields[] = {
	SYNDBG_STATUS(ANSWER),
};
static ABI_TYPE(syndbg_answer, "kvm_hyperv_exit.syndbg.answer", 8,
		syndbg_answer_fields);

static const struct abi_field syndbg_status_fields[] = { SYNDBG_STATUS() };
static ABI_TYPE(syndbg_status, "kvm_hyperv_exit.syndbg.status", 8,
		syndbg_status_fields);

static const struct abi_arm syndbg_status_arms[] = {
	{ HV_X64_MSR_SYNDBG_CONTROL, NULL, &syndbg_answer },
};
static ABI_ARMS(syndbg_status_union, 0, 4, syndbg_status_arms, &syndbg_status);

static const struct abi_field syndbg_fields[] = {
	HYPERV(ABI_ENUM, syndbg, msr, .names = &abi_names_msrs),
	HYPERV(ABI_STALE, syndbg, pad2),
	HYPERV(ABI_FLAGS, syndbg, control, .names = &abi_names_syndbg_control),
	HYPERV(ABI_UNION, syndbg, status, .arms = &syndbg_status_union),
	HYPERV(ABI_GPA, syndbg, send_page),
	HYPERV(ABI_GPA, syndbg, recv_page),
	HYPERV(ABI_GPA, syndbg, pending_page),
};
static ABI_TYPE(syndbg, "kvm_hyperv_exit.syndbg", 48, syndbg_fields);

static const struct abi_arm hyperv_arms[] = {
	{ KVM_EXIT_HYPERV_SYNIC, "synic", &synic },
	{ KVM_EXIT_HYPERV_HCALL, "hcall", &hyperv_hcall },
	{ KVM_EXIT_HYPERV_SYNDBG, "syndbg", &syndbg },
};
static ABI_ARMS(hyperv_union, offsetof(struct kvm_run, hyperv.type), 4,
		hyperv_arms, NULL);

static const struct abi_field hyperv_fields[] = {
	RUN(ABI_ENUM, hyperv.type, "type", .names = &abi_names_hyperv_exits),
	RUN(ABI_STALE, hyperv.pad1, "pad1"),
	RUN(ABI_UNION, hyperv.u, "u", .arms = &hyperv_union),
};
RUN_TYPE(hyperv, hyperv, hyperv_fields);

/* complete_emulated_rdmsr(), complete_emulated_msr_access() in x86.c */
#define MSR_FIELDS(...)                                                    \
	RUN(ABI_DEC, msr.error, "error", ANSWER),                          \
	RUN_BYTES(ABI_PAD, msr.pad, "pad"),                                \
	RUN(ABI_FLAGS, msr.reason, "reason",                               \
	    .names = &abi_names_msr_reasons),                              \
	RUN(ABI_ENUM, msr.index, "index", .names = &abi_names_msrs),       \
	RUN(ABI_UNION, msr.data, "data", .arms = &abi_arms_msr_exit_data,  \
	    ##__VA_ARGS__)

static const struct abi_field rdmsr_fields[] = { MSR_FIELDS(ANSWER) };
RUN_TYPE(rdmsr, msr, rdmsr_fields);

static const struct abi_field wrmsr_fields[] = { MSR_FIELDS() };
RUN_TYPE(wrmsr, msr, wrmsr_fields);

#define XEN(kind_, member, ...) \
	ABI_PART(kind_, struct kvm_xen_exit, u, u.hcall.member, #member, \
		 ##__VA_ARGS__)

static const struct abi_field xen_hcall_fields[] = {
	XEN(ABI_DEC, longmode), XEN(ABI_DEC, cpl),
	XEN(ABI_ENUM, input, .names = &abi_names_xen_calls),
	XEN(ABI_HEX, result, ANSWER),
	ABI_PART_ARRAY(ABI_HEX, struct kvm_xen_exit, u, u.hcall.params,
		       "params"),
};
static ABI_TYPE(xen_hcall, "kvm_xen_exit.hcall", 72, xen_hcall_fields);

static const struct abi_arm xen_arms[] = {
	{ KVM_EXIT_XEN_HCALL, "hcall", &xen_hcall },
};
static ABI_ARMS(xen_union, offsetof(struct kvm_run, xen.type), 4, xen_arms,
		NULL);

static const struct abi_field xen_fields[] = {
	RUN(ABI_ENUM, xen.type, "type", .names = &abi_names_xen_exits),
	ABI_AT(ABI_STALE, "pad", offsetof(struct kvm_run, xen.type) + 4, 4),
	RUN(ABI_UNION, xen.u, "u", .arms = &xen_union),
};
RUN_TYPE(xen, xen, xen_fields);

static const struct abi_field notify_fields[] = {
	RUN(ABI_FLAGS, notify.flags, "flags", .names = &abi_names_notify),
};
RUN_TYPE(notify, notify, notify_fields);

static const struct abi_field memory_fault_fields[] = {
	NEW(ABI_FLAGS, compat_exit_memory_fault, flags,
	    .names = &abi_names_memory_fault),
	NEW(ABI_GPA, compat_exit_memory_fault, gpa),
	NEW(ABI_HEX, compat_exit_memory_fault, size),
};
NEW_TYPE(memory_fault, compat_exit_memory_fault, "memory_fault",
	 memory_fault_fields);

/* What the guest gets in R10: api.rst, KVM_EXIT_TDX */
#define TDX(kind_, arm, member, ...)                                       \
	ABI_PART(kind_, struct compat_exit_tdx, unknown, arm.member,       \
		 #member, ##__VA_ARGS__)
#define TDX_RET(arm) \
	TDX(ABI_ENUM, arm, ret, ANSWER, .names = &abi_names_tdvmcall_results)

static const struct abi_field tdx_unknown_fields[] = {
	TDX_RET(unknown),
	ABI_PART_ARRAY(ABI_HEX, struct compat_exit_tdx, unknown, unknown.data,
		       "data"),
};
static ABI_TYPE(tdx_unknown, "kvm_run.tdx.unknown", 48, tdx_unknown_fields);

static const struct abi_field tdx_get_quote_fields[] = {
	TDX_RET(get_quote), TDX(ABI_GPA, get_quote, gpa),
	TDX(ABI_HEX, get_quote, size),
};
static ABI_TYPE(tdx_get_quote, "kvm_run.tdx.get_quote", 24,
		tdx_get_quote_fields);

static const struct abi_field tdx_info_fields[] = {
	TDX_RET(get_tdvmcall_info), TDX(ABI_HEX, get_tdvmcall_info, leaf),
	TDX(ABI_HEX, get_tdvmcall_info, r11, ANSWER),
	TDX(ABI_HEX, get_tdvmcall_info, r12, ANSWER),
	TDX(ABI_HEX, get_tdvmcall_info, r13, ANSWER),
	TDX(ABI_HEX, get_tdvmcall_info, r14, ANSWER),
};
static ABI_TYPE(tdx_info, "kvm_run.tdx.get_tdvmcall_info", 48, tdx_info_fields);

static const struct abi_field tdx_notify_fields[] = {
	TDX_RET(setup_event_notify),
	TDX(ABI_HEX, setup_event_notify, vector),
};
static ABI_TYPE(tdx_notify, "kvm_run.tdx.setup_event_notify", 16,
		tdx_notify_fields);

/* Leaves of TDG.VP.VMCALL: <asm/shared/tdx.h> of the kernel */
static const struct abi_arm tdx_arms[] = {
	{ 0x10000, "get_tdvmcall_info", &tdx_info },
	{ 0x10002, "get_quote", &tdx_get_quote },
	{ 0x10004, "setup_event_notify", &tdx_notify },
};
static ABI_ARMS(tdx_union, UNION_OFFSET + 8, 8, tdx_arms, &tdx_unknown);

static const struct abi_field tdx_fields[] = {
	NEW(ABI_HEX, compat_exit_tdx, flags),
	NEW(ABI_ENUM, compat_exit_tdx, nr, .names = &abi_names_tdvmcalls),
	NEW(ABI_UNION, compat_exit_tdx, unknown, .arms = &tdx_union),
};
NEW_TYPE(tdx, compat_exit_tdx, "tdx", tdx_fields);

/* With ENOSPC the program tells by npages how many it needs: api.rst 5 */
static const struct abi_field snp_req_certs_fields[] = {
	NEW(ABI_GPA, compat_exit_snp_req_certs, gpa),
	NEW(ABI_HEX, compat_exit_snp_req_certs, npages, ANSWER),
	NEW(ABI_ENUM, compat_exit_snp_req_certs, ret, ANSWER,
	    .names = &abi_names_snp_cert_results),
};
NEW_TYPE(snp_req_certs, compat_exit_snp_req_certs, "snp_req_certs",
	 snp_req_certs_fields);

/* Other architectures */

static const struct abi_field s390_sieic_fields[] = {
	RUN(ABI_HEX, s390_sieic.icptcode, "icptcode"),
	ABI_AT(ABI_STALE, "pad", offsetof(struct kvm_run, s390_sieic.ipa) - 1, 1),
	RUN(ABI_HEX, s390_sieic.ipa, "ipa"),
	RUN(ABI_HEX, s390_sieic.ipb, "ipb"),
};
RUN_TYPE(s390_sieic, s390_sieic, s390_sieic_fields);

static const struct abi_field s390_reset_fields[] = {
	RUN(ABI_FLAGS, s390_reset_flags, "s390_reset_flags",
	    .names = &abi_names_s390_resets),
};
RUN_TYPE(s390_reset, s390_reset_flags, s390_reset_fields);

static const struct abi_field dcr_fields[] = {
	RUN(ABI_DEC, dcr.dcrn, "dcrn"), RUN(ABI_HEX, dcr.data, "data"),
	RUN(ABI_DEC, dcr.is_write, "is_write"),
};
RUN_TYPE(dcr, dcr, dcr_fields);

static const struct abi_field osi_fields[] = {
	RUN_ARRAY(ABI_HEX, osi.gprs, "gprs"),
};
RUN_TYPE(osi, osi, osi_fields);

static const struct abi_field papr_hcall_fields[] = {
	RUN(ABI_HEX, papr_hcall.nr, "nr"), RUN(ABI_HEX, papr_hcall.ret, "ret"),
	RUN_ARRAY(ABI_HEX, papr_hcall.args, "args"),
};
RUN_TYPE(papr_hcall, papr_hcall, papr_hcall_fields);

static const struct abi_field s390_ucontrol_fields[] = {
	RUN(ABI_HEX, s390_ucontrol.trans_exc_code, "trans_exc_code"),
	RUN(ABI_HEX, s390_ucontrol.pgm_code, "pgm_code"),
};
RUN_TYPE(s390_ucontrol, s390_ucontrol, s390_ucontrol_fields);

static const struct abi_field s390_tsch_fields[] = {
	RUN(ABI_DEC, s390_tsch.subchannel_id, "subchannel_id"),
	RUN(ABI_DEC, s390_tsch.subchannel_nr, "subchannel_nr"),
	RUN(ABI_HEX, s390_tsch.io_int_parm, "io_int_parm"),
	RUN(ABI_HEX, s390_tsch.io_int_word, "io_int_word"),
	RUN(ABI_HEX, s390_tsch.ipb, "ipb"),
	RUN(ABI_DEC, s390_tsch.dequeued, "dequeued"),
};
RUN_TYPE(s390_tsch, s390_tsch, s390_tsch_fields);

static const struct abi_field epr_fields[] = {
	RUN(ABI_DEC, epr.epr, "epr"),
};
RUN_TYPE(epr, epr, epr_fields);

static const struct abi_field s390_stsi_fields[] = {
	RUN(ABI_GPA, s390_stsi.addr, "addr"), RUN(ABI_DEC, s390_stsi.ar, "ar"),
	RUN(ABI_STALE, s390_stsi.reserved, "reserved"),
	RUN(ABI_DEC, s390_stsi.fc, "fc"), RUN(ABI_DEC, s390_stsi.sel1, "sel1"),
	RUN(ABI_DEC, s390_stsi.sel2, "sel2"),
};
RUN_TYPE(s390_stsi, s390_stsi, s390_stsi_fields);

static const struct abi_field arm_nisv_fields[] = {
	RUN(ABI_HEX, arm_nisv.esr_iss, "esr_iss"),
	RUN(ABI_GPA, arm_nisv.fault_ipa, "fault_ipa"),
};
RUN_TYPE(arm_nisv, arm_nisv, arm_nisv_fields);

static const struct abi_field riscv_sbi_fields[] = {
	RUN(ABI_HEX, riscv_sbi.extension_id, "extension_id"),
	RUN(ABI_HEX, riscv_sbi.function_id, "function_id"),
	RUN_ARRAY(ABI_HEX, riscv_sbi.args, "args"),
	RUN_ARRAY(ABI_HEX, riscv_sbi.ret, "ret"),
};
RUN_TYPE(riscv_sbi, riscv_sbi, riscv_sbi_fields);

static const struct abi_field riscv_csr_fields[] = {
	RUN(ABI_HEX, riscv_csr.csr_num, "csr_num"),
	RUN(ABI_HEX, riscv_csr.new_value, "new_value"),
	RUN(ABI_HEX, riscv_csr.write_mask, "write_mask"),
	RUN(ABI_HEX, riscv_csr.ret_value, "ret_value"),
};
RUN_TYPE(riscv_csr, riscv_csr, riscv_csr_fields);

static ABI_ARMS(iocsr_io_union,
		UNION_OFFSET + offsetof(struct compat_exit_iocsr_io, is_write),
		1, mmio_arms, &mmio_write);

static const struct abi_field iocsr_io_fields[] = {
	NEW(ABI_GPA, compat_exit_iocsr_io, phys_addr),
	ABI_AT(ABI_UNION, "data",
	       UNION_OFFSET + offsetof(struct compat_exit_iocsr_io, data), 12,
	       .arms = &iocsr_io_union),
	NEW(ABI_DEC, compat_exit_iocsr_io, is_write),
};
NEW_TYPE(iocsr_io, compat_exit_iocsr_io, "iocsr_io", iocsr_io_fields);

static const struct abi_field arm_sea_fields[] = {
	NEW(ABI_FLAGS, compat_exit_arm_sea, flags, .names = &abi_names_arm_sea),
	NEW(ABI_HEX, compat_exit_arm_sea, esr),
	NEW(ABI_GVA, compat_exit_arm_sea, gva),
	NEW(ABI_GPA, compat_exit_arm_sea, gpa),
};
NEW_TYPE(arm_sea, compat_exit_arm_sea, "arm_sea", arm_sea_fields);

#define EXIT(name_, member_, type_, meaning_)                              \
	{ .code = (name_), .name = #name_, .member = (member_),            \
	  .type = (type_), .meaning = (meaning_) }

const struct abi_exit abi_exits[] = {
	EXIT(KVM_EXIT_UNKNOWN, "hw", &hw,
	     "The processor left the guest for a reason that KVM doesn't know"),
	EXIT(KVM_EXIT_EXCEPTION, "ex", &ex,
	     "The guest raised an exception that the program must handle"),
	EXIT(KVM_EXIT_IO, "io", &io,
	     "The guest executed an IN or OUT on a port that KVM doesn't serve"),
	EXIT(KVM_EXIT_HYPERCALL, "hypercall", &hypercall,
	     "The guest made a hypercall that the program asked to see"),
	EXIT(KVM_EXIT_DEBUG, "debug", &debug,
	     "The guest hit a breakpoint or finished a single step"),
	EXIT(KVM_EXIT_HLT, NULL, NULL,
	     "The guest executed HLT and no interrupt controller in the kernel waits for it"),
	EXIT(KVM_EXIT_MMIO, "mmio", &mmio,
	     "The guest touched a guest physical address without memory behind it"),
	EXIT(KVM_EXIT_IRQ_WINDOW_OPEN, NULL, NULL,
	     "The guest can take an interrupt now, as the program had asked to be told"),
	EXIT(KVM_EXIT_SHUTDOWN, NULL, NULL,
	     "The vCPU shut down, on x86 by a triple fault"),
	EXIT(KVM_EXIT_FAIL_ENTRY, "fail_entry", &fail_entry,
	     "The processor refused to enter the guest with this state"),
	EXIT(KVM_EXIT_INTR, NULL, NULL,
	     "A signal for the program interrupted the guest"),
	EXIT(KVM_EXIT_SET_TPR, NULL, NULL,
	     "The guest lowered its task priority, which the program's interrupt chip must know"),
	EXIT(KVM_EXIT_TPR_ACCESS, "tpr_access", &tpr_access,
	     "The guest touched the local APIC's task priority register"),
	EXIT(KVM_EXIT_S390_SIEIC, "s390_sieic", &s390_sieic,
	     "s390: an interception that the program must handle"),
	EXIT(KVM_EXIT_S390_RESET, "s390_reset_flags", &s390_reset,
	     "s390: the guest asked for a reset"),
	EXIT(KVM_EXIT_DCR, "dcr", &dcr,
	     "PowerPC: an access to a device control register; no longer used"),
	EXIT(KVM_EXIT_NMI, NULL, NULL,
	     "PowerPC: a machine check that the program must deliver"),
	EXIT(KVM_EXIT_INTERNAL_ERROR, "internal", &internal,
	     "KVM itself can't go on with this guest"),
	EXIT(KVM_EXIT_OSI, "osi", &osi,
	     "PowerPC: a hypercall of Mac-on-Linux"),
	EXIT(KVM_EXIT_PAPR_HCALL, "papr_hcall", &papr_hcall,
	     "PowerPC: a PAPR hypercall that the program must handle"),
	EXIT(KVM_EXIT_S390_UCONTROL, "s390_ucontrol", &s390_ucontrol,
	     "s390: a page fault in a VM whose memory the program controls"),
	EXIT(KVM_EXIT_WATCHDOG, NULL, NULL,
	     "PowerPC: the guest's watchdog expired"),
	EXIT(KVM_EXIT_S390_TSCH, "s390_tsch", &s390_tsch,
	     "s390: the guest executed TEST SUBCHANNEL"),
	EXIT(KVM_EXIT_EPR, "epr", &epr,
	     "PowerPC: the program must supply the external proxy register"),
	EXIT(KVM_EXIT_SYSTEM_EVENT, "system_event", &system_event,
	     "The guest asked to shut down, reset, crash or sleep"),
	EXIT(KVM_EXIT_S390_STSI, "s390_stsi", &s390_stsi,
	     "s390: the guest executed STORE SYSTEM INFORMATION"),
	EXIT(KVM_EXIT_IOAPIC_EOI, "eoi", &eoi,
	     "The guest ended a level interrupt of the program's IOAPIC"),
	EXIT(KVM_EXIT_HYPERV, "hyperv", &hyperv,
	     "The guest used a Hyper-V feature that the program must handle"),
	EXIT(KVM_EXIT_ARM_NISV, "arm_nisv", &arm_nisv,
	     "arm64: an access to a device that the processor can't describe"),
	EXIT(KVM_EXIT_X86_RDMSR, "msr", &rdmsr,
	     "The guest read an MSR that the program asked to handle"),
	EXIT(KVM_EXIT_X86_WRMSR, "msr", &wrmsr,
	     "The guest wrote an MSR that the program asked to handle"),
	EXIT(KVM_EXIT_DIRTY_RING_FULL, NULL, NULL,
	     "The vCPU's ring of dirty pages is full and must be emptied"),
	EXIT(KVM_EXIT_AP_RESET_HOLD, NULL, NULL,
	     "SEV-ES: the vCPU waits to be started by another one"),
	EXIT(KVM_EXIT_X86_BUS_LOCK, NULL, NULL,
	     "The guest took a bus lock, which slows the whole machine"),
	EXIT(KVM_EXIT_XEN, "xen", &xen,
	     "The guest made a Xen hypercall that the program must handle"),
	EXIT(KVM_EXIT_RISCV_SBI, "riscv_sbi", &riscv_sbi,
	     "RISC-V: an SBI call that the program must handle"),
	EXIT(KVM_EXIT_RISCV_CSR, "riscv_csr", &riscv_csr,
	     "RISC-V: an access to a control register that the program must handle"),
	EXIT(KVM_EXIT_NOTIFY, "notify", &notify,
	     "The guest ran too long without a chance for an interrupt"),
	EXIT(KVM_EXIT_LOONGARCH_IOCSR, "iocsr_io", &iocsr_io,
	     "LoongArch: an access to an I/O control register"),
	EXIT(KVM_EXIT_MEMORY_FAULT, "memory_fault", &memory_fault,
	     "KVM could not give the guest the page it touched"),
	EXIT(KVM_EXIT_TDX, "tdx", &tdx,
	     "TDX: the guest made a TDVMCALL that the program must handle"),
	EXIT(KVM_EXIT_ARM_SEA, "arm_sea", &arm_sea,
	     "arm64: a synchronous external abort in guest memory"),
	EXIT(KVM_EXIT_ARM_LDST64B, "arm_nisv", &arm_nisv,
	     "arm64: a 64-byte load or store to a device"),
	EXIT(KVM_EXIT_SNP_REQ_CERTS, "snp_req_certs", &snp_req_certs,
	     "SEV-SNP: the guest wants certificates with its attestation report"),
};
const size_t abi_exit_count = sizeof(abi_exits) / sizeof(abi_exits[0]);

/* What programs find in a vCPU's mapping beside kvm_run, or read. */
const struct abi_type *const abi_shared_types[] = {
	&abi_type_sync_regs, &abi_type_coalesced_ring, &abi_type_coalesced_mmio,
	&abi_type_dirty_gfn, &abi_type_stats_header, &abi_type_stats_desc,
};
const size_t abi_shared_type_count =
	sizeof(abi_shared_types) / sizeof(abi_shared_types[0]);
