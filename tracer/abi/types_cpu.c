/*
 * Structures of a vCPU's state: registers, segments, floating point, debug
 * registers, pending events, extended and nested state, lists of MSRs. CPUID
 * leaves are in cpuid.c, the local APIC in types_chips.c.
 *
 * Sources: <asm/kvm.h>; api.rst 4.11-4.23, 4.31-4.34, 4.38, 4.42-4.46, 4.87;
 * Intel SDM vol. 1 table 10-2 and 13.4 for the layout of the XSAVE area.
 */
#include "abi/compat.h"
#include "abi/tables.h"

#define REGS(kind_, member, ...) \
	ABI_MEMBER(kind_, struct kvm_regs, member, ##__VA_ARGS__)

static const struct abi_field regs_fields[] = {
	REGS(ABI_HEX, rax), REGS(ABI_HEX, rbx), REGS(ABI_HEX, rcx),
	REGS(ABI_HEX, rdx), REGS(ABI_HEX, rsi), REGS(ABI_HEX, rdi),
	REGS(ABI_GVA, rsp), REGS(ABI_HEX, rbp), REGS(ABI_HEX, r8),
	REGS(ABI_HEX, r9), REGS(ABI_HEX, r10), REGS(ABI_HEX, r11),
	REGS(ABI_HEX, r12), REGS(ABI_HEX, r13), REGS(ABI_HEX, r14),
	REGS(ABI_HEX, r15), REGS(ABI_GVA, rip),
	REGS(ABI_FLAGS, rflags, .names = &abi_names_rflags),
};
ABI_TYPE(abi_type_regs, "kvm_regs", sizeof(struct kvm_regs), regs_fields);

#define SEGMENT(kind_, member, ...) \
	ABI_MEMBER(kind_, struct kvm_segment, member, ##__VA_ARGS__)

static const struct abi_field system_type_fields[] = {
	ABI_AT(ABI_ENUM, "type", 0, 1, .names = &abi_names_system_types),
};
static ABI_TYPE(system_type, "kvm_segment.system", 1, system_type_fields);

static const struct abi_field segment_type_fields[] = {
	ABI_AT(ABI_ENUM, "type", 0, 1, .names = &abi_names_segment_types),
};
static ABI_TYPE(segment_type, "kvm_segment.segment", 1, segment_type_fields);

static const struct abi_arm segment_arms[] = {
	{ 0, NULL, &system_type },
};
static ABI_ARMS(segment_union, offsetof(struct kvm_segment, s), 1,
		segment_arms, &segment_type);

static const struct abi_field segment_fields[] = {
	SEGMENT(ABI_GVA, base), SEGMENT(ABI_HEX, limit),
	SEGMENT(ABI_HEX, selector),
	SEGMENT(ABI_UNION, type, .arms = &segment_union),
	SEGMENT(ABI_DEC, present), SEGMENT(ABI_DEC, dpl),
	SEGMENT(ABI_DEC, db), SEGMENT(ABI_DEC, s), SEGMENT(ABI_DEC, l),
	SEGMENT(ABI_DEC, g), SEGMENT(ABI_DEC, avl),
	SEGMENT(ABI_DEC, unusable), SEGMENT(ABI_PAD, padding),
};
ABI_TYPE(abi_type_segment, "kvm_segment", sizeof(struct kvm_segment),
	 segment_fields);

static const struct abi_field dtable_fields[] = {
	ABI_MEMBER(ABI_GVA, struct kvm_dtable, base),
	ABI_MEMBER(ABI_HEX, struct kvm_dtable, limit),
	ABI_BLOB(ABI_PAD, struct kvm_dtable, padding),
};
ABI_TYPE(abi_type_dtable, "kvm_dtable", sizeof(struct kvm_dtable),
	 dtable_fields);

/* kvm_sregs and kvm_sregs2 are the same up to apic_base. */
#define SREGS_SEGMENT(s, member) \
	ABI_MEMBER(ABI_STRUCT, s, member, .type = &abi_type_segment)
#define SREGS_COMMON(s)                                                    \
	SREGS_SEGMENT(s, cs), SREGS_SEGMENT(s, ds), SREGS_SEGMENT(s, es),  \
	SREGS_SEGMENT(s, fs), SREGS_SEGMENT(s, gs), SREGS_SEGMENT(s, ss),  \
	SREGS_SEGMENT(s, tr), SREGS_SEGMENT(s, ldt),                       \
	ABI_MEMBER(ABI_STRUCT, s, gdt, .type = &abi_type_dtable),          \
	ABI_MEMBER(ABI_STRUCT, s, idt, .type = &abi_type_dtable),          \
	ABI_MEMBER(ABI_FLAGS, s, cr0, .names = &abi_names_cr0),            \
	ABI_MEMBER(ABI_GVA, s, cr2), ABI_MEMBER(ABI_HEX, s, cr3),          \
	ABI_MEMBER(ABI_FLAGS, s, cr4, .names = &abi_names_cr4),            \
	ABI_MEMBER(ABI_HEX, s, cr8),                                       \
	ABI_MEMBER(ABI_FLAGS, s, efer, .names = &abi_names_efer),          \
	ABI_MEMBER(ABI_FLAGS, s, apic_base, .names = &abi_names_apic_base), \
	ABI_GPA_BITS("apic_base_gpa", offsetof(s, apic_base), 12, 40)

static const struct abi_field sregs_fields[] = {
	SREGS_COMMON(struct kvm_sregs),
	ABI_ARRAY(ABI_HEX, struct kvm_sregs, interrupt_bitmap),
};
ABI_TYPE(abi_type_sregs, "kvm_sregs", sizeof(struct kvm_sregs), sregs_fields);

/* Without the flag nobody looks at them, and programs leave what they had. */
#define PDPTRS(kind_, ...)                                                 \
	{ .name = "pdptrs", .size = 8, .kind = (kind_), .count = 4,        \
	  .is_array = true, ##__VA_ARGS__ }

static const struct abi_field valid_pdptrs_fields[] = {
	PDPTRS(ABI_FLAGS, .names = &abi_names_pdptes),
};
static ABI_TYPE(valid_pdptrs, "kvm_sregs2.pdptrs.valid", 32,
		valid_pdptrs_fields);

static const struct abi_field pdptrs_fields[] = { PDPTRS(ABI_HEX) };
static ABI_TYPE(pdptrs, "kvm_sregs2.pdptrs", 32, pdptrs_fields);

static const struct abi_arm pdptrs_arms[] = {
	{ KVM_SREGS2_FLAGS_PDPTRS_VALID, NULL, &valid_pdptrs },
};
static ABI_ARMS(pdptrs_union, offsetof(struct kvm_sregs2, flags), 8,
		pdptrs_arms, &pdptrs);

static const struct abi_field sregs2_fields[] = {
	SREGS_COMMON(struct kvm_sregs2),
	ABI_MEMBER(ABI_FLAGS, struct kvm_sregs2, flags,
		   .names = &abi_names_sregs2_flags),
	ABI_ARRAY(ABI_UNION, struct kvm_sregs2, pdptrs, .arms = &pdptrs_union),
};
ABI_TYPE(abi_type_sregs2, "kvm_sregs2", sizeof(struct kvm_sregs2),
	 sregs2_fields);

static const struct abi_field translation_fields[] = {
	ABI_MEMBER(ABI_GVA, struct kvm_translation, linear_address),
	ABI_MEMBER(ABI_GPA, struct kvm_translation, physical_address,
		   .flow = FLOW_OUT),
	ABI_MEMBER(ABI_DEC, struct kvm_translation, valid, .flow = FLOW_OUT),
	ABI_MEMBER(ABI_DEC, struct kvm_translation, writeable,
		   .flow = FLOW_OUT),
	ABI_MEMBER(ABI_DEC, struct kvm_translation, usermode, .flow = FLOW_OUT),
	ABI_BLOB(ABI_PAD, struct kvm_translation, pad),
};
ABI_TYPE(abi_type_translation, "kvm_translation",
	 sizeof(struct kvm_translation), translation_fields);

/*
 * KVM takes a mask of 8 bytes only (kvm_vcpu_ioctl() compares `len` with
 * sizeof(sigset_t)), so that it can be shown as one set of signals.
 */
static const struct abi_field signal_mask_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_signal_mask, len),
	ABI_AT(ABI_FLAGS, "sigset", offsetof(struct kvm_signal_mask, sigset), 8,
	       .names = &abi_names_signals),
};
ABI_TYPE(abi_type_signal_mask, "kvm_signal_mask",
	 sizeof(struct kvm_signal_mask) + 8, signal_mask_fields);

/* MSRs */

static const struct abi_field msr_entry_fields[] = {
	ABI_MEMBER(ABI_ENUM, struct kvm_msr_entry, index,
		   .names = &abi_names_msrs),
	ABI_MEMBER(ABI_PAD, struct kvm_msr_entry, reserved),
	ABI_MEMBER(ABI_UNION, struct kvm_msr_entry, data,
		   .arms = &abi_arms_msr_data),
};
static ABI_TYPE(msr_entry, "kvm_msr_entry", sizeof(struct kvm_msr_entry),
		msr_entry_fields);

/* msr_io() in arch/x86/kvm/x86.c */
#define MAX_IO_MSRS 256

static const struct abi_field msrs_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_msrs, nmsrs),
	ABI_MEMBER(ABI_PAD, struct kvm_msrs, pad),
	ABI_TAIL_TO(ABI_STRUCT, struct kvm_msrs, entries, nmsrs, MAX_IO_MSRS,
		    .type = &msr_entry),
};
ABI_TYPE(abi_type_msrs, "kvm_msrs", sizeof(struct kvm_msrs), msrs_fields);

/* The same for KVM_GET_MSRS, which ignores the data that it gets. */
static const struct abi_field msr_entry_get_fields[] = {
	ABI_MEMBER(ABI_ENUM, struct kvm_msr_entry, index,
		   .names = &abi_names_msrs),
	ABI_MEMBER(ABI_PAD, struct kvm_msr_entry, reserved),
	ABI_MEMBER(ABI_UNION, struct kvm_msr_entry, data, .flow = FLOW_OUT,
		   .arms = &abi_arms_msr_data),
};
static ABI_TYPE(msr_entry_get, "kvm_msr_entry", sizeof(struct kvm_msr_entry),
		msr_entry_get_fields);

static const struct abi_field msrs_get_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_msrs, nmsrs),
	ABI_MEMBER(ABI_PAD, struct kvm_msrs, pad),
	ABI_TAIL_TO(ABI_STRUCT, struct kvm_msrs, entries, nmsrs, MAX_IO_MSRS,
		    .type = &msr_entry_get),
};
ABI_TYPE(abi_type_msrs_get, "kvm_msrs", sizeof(struct kvm_msrs),
	 msrs_get_fields);

static const struct abi_field msr_list_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_msr_list, nmsrs),
	ABI_TAIL(ABI_ENUM, struct kvm_msr_list, indices, nmsrs,
		 .names = &abi_names_msrs),
};
ABI_TYPE(abi_type_msr_list, "kvm_msr_list", sizeof(struct kvm_msr_list),
	 msr_list_fields);

/*
 * One register by its id: 4.68, 4.69, 4.84. On x86 it is struct
 * kvm_x86_reg_id: the index, where the type says so an MSR's, and 64 bits;
 * kvm_get_set_one_reg() in arch/x86/kvm/x86.c (6.18) takes nothing else.
 */
static const struct abi_field reg_msr_fields[] = {
	ABI_AT(ABI_ENUM, "index", 0, 4, .names = &abi_names_msrs),
};
static ABI_TYPE(reg_msr, "kvm_one_reg.msr", 4, reg_msr_fields);

static const struct abi_arm reg_index_arms[] = {
	{ (KVM_REG_X86 | KVM_REG_SIZE_U64) >> 32 | KVM_X86_REG_TYPE_MSR, NULL,
	  &reg_msr },
};
static ABI_ARMS(reg_index_union, 4, 4, reg_index_arms, NULL);

#define ONE_REG(flow_)                                                     \
	ABI_MEMBER(ABI_FLAGS, struct kvm_one_reg, id,                      \
		   .names = &abi_names_reg_ids),                           \
	ABI_AT(ABI_UNION, "index", 0, 4, .is_view = true,                  \
	       .arms = &reg_index_union),                                  \
	ABI_MEMBER(ABI_POINTED_UNION, struct kvm_one_reg, addr,            \
		   .flow = (flow_), .arms = &abi_arms_msr_data,            \
		   .length = { LENGTH_ONE_REG, 8, 0, 1 })

static const struct abi_field one_reg_fields[] = { ONE_REG(FLOW_IN) };
ABI_TYPE(abi_type_one_reg, "kvm_one_reg", sizeof(struct kvm_one_reg),
	 one_reg_fields);

static const struct abi_field one_reg_get_fields[] = { ONE_REG(FLOW_OUT) };
ABI_TYPE(abi_type_one_reg_get, "kvm_one_reg", sizeof(struct kvm_one_reg),
	 one_reg_get_fields);

static const struct abi_field reg_list_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_reg_list, n),
	ABI_TAIL(ABI_FLAGS, struct kvm_reg_list, reg, n,
		 .names = &abi_names_reg_ids),
};
ABI_TYPE(abi_type_reg_list, "kvm_reg_list", sizeof(struct kvm_reg_list),
	 reg_list_fields);

/* Floating point and extended state: 4.22, 4.23, 4.42-4.45, 4.134 */

#define FPU(kind_, member, ...) \
	ABI_MEMBER(kind_, struct kvm_fpu, member, ##__VA_ARGS__)

static const struct abi_field fpu_fields[] = {
	ABI_ARRAY(ABI_BYTES, struct kvm_fpu, fpr),
	FPU(ABI_FLAGS, fcw, .names = &abi_names_fcw),
	FPU(ABI_FLAGS, fsw, .names = &abi_names_fsw),
	FPU(ABI_HEX, ftwx), FPU(ABI_PAD, pad1), FPU(ABI_HEX, last_opcode),
	FPU(ABI_GVA, last_ip), FPU(ABI_GVA, last_dp),
	ABI_ARRAY(ABI_BYTES, struct kvm_fpu, xmm),
	FPU(ABI_FLAGS, mxcsr, .names = &abi_names_mxcsr), FPU(ABI_PAD, pad2),
};
ABI_TYPE(abi_type_fpu, "kvm_fpu", sizeof(struct kvm_fpu), fpu_fields);

/*
 * What is in the region, in the standard format: where components behind AVX
 * lie is the processor's choice (CPUID leaf 0xd, another one at Intel's than
 * at AMD's), so they stay bytes, and are left out when all of them are zero.
 */
#define REGISTERS_AT(shown, offset_, count_)                               \
	{ .name = (shown), .offset = (offset_), .size = 16,                \
	  .kind = ABI_BYTES, .is_array = true, .count = (count_) }

static const struct abi_field xsave_area_fields[] = {
	ABI_AT(ABI_FLAGS, "fcw", 0, 2, .names = &abi_names_fcw),
	ABI_AT(ABI_FLAGS, "fsw", 2, 2, .names = &abi_names_fsw),
	ABI_AT(ABI_HEX, "ftw", 4, 1),
	ABI_AT(ABI_PAD, "reserved1", 5, 1),
	ABI_AT(ABI_HEX, "fop", 6, 2),
	ABI_AT(ABI_GVA, "fip", 8, 8),
	ABI_AT(ABI_GVA, "fdp", 16, 8),
	ABI_AT(ABI_FLAGS, "mxcsr", 24, 4, .names = &abi_names_mxcsr),
	ABI_AT(ABI_HEX, "mxcsr_mask", 28, 4),
	REGISTERS_AT("st", 32, 8),
	REGISTERS_AT("xmm", 160, 16),
	ABI_BYTES_AT(ABI_PAD, "reserved2", 416, 96),
	ABI_AT(ABI_FLAGS, "xstate_bv", 512, 8, .names = &abi_names_xfeatures),
	ABI_AT(ABI_FLAGS, "xcomp_bv", 520, 8, .names = &abi_names_xfeatures),
	ABI_BYTES_AT(ABI_PAD, "reserved3", 528, 48),
	REGISTERS_AT("ymmh", 576, 16),
	ABI_BYTES_AT(ABI_BYTES, "components", 832, 4096 - 832,
		     .is_sparse = true),
};
static ABI_TYPE(xsave_area, "kvm_xsave.region", 4096, xsave_area_fields);

static const struct abi_field xsave_fields[] = {
	ABI_MEMBER(ABI_STRUCT, struct kvm_xsave, region, .type = &xsave_area),
};
ABI_TYPE(abi_type_xsave, "kvm_xsave", sizeof(struct kvm_xsave), xsave_fields);

/* For requests that use as many bytes as KVM_CAP_XSAVE2 says: more components. */
static const struct abi_field xsave2_fields[] = {
	ABI_MEMBER(ABI_STRUCT, struct kvm_xsave, region, .type = &xsave_area),
	{ .name = "extra", .offset = offsetof(struct kvm_xsave, extra),
	  .size = 1, .kind = ABI_BYTES, .is_counted = true,
	  .is_sparse = true, .length = { .rule = LENGTH_XSAVE } },
};
ABI_TYPE(abi_type_xsave2, "kvm_xsave", sizeof(struct kvm_xsave),
	 xsave2_fields);

static const struct abi_field xcr_fields[] = {
	ABI_MEMBER(ABI_ENUM, struct kvm_xcr, xcr, .names = &abi_names_xcrs),
	ABI_MEMBER(ABI_PAD, struct kvm_xcr, reserved),
	ABI_MEMBER(ABI_FLAGS, struct kvm_xcr, value,
		   .names = &abi_names_xfeatures),
};
static ABI_TYPE(xcr, "kvm_xcr", sizeof(struct kvm_xcr), xcr_fields);

static const struct abi_field xcrs_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_xcrs, nr_xcrs),
	ABI_MEMBER(ABI_DEC, struct kvm_xcrs, flags),
	ABI_ARRAY(ABI_STRUCT, struct kvm_xcrs, xcrs, .type = &xcr,
		  .is_counted = true,
		  .length = { LENGTH_COUNT, 4,
			      offsetof(struct kvm_xcrs, nr_xcrs), 1 }),
	ABI_BLOB(ABI_PAD, struct kvm_xcrs, padding),
};
ABI_TYPE(abi_type_xcrs, "kvm_xcrs", sizeof(struct kvm_xcrs), xcrs_fields);

/* Events and run state: 4.31, 4.32, 4.38, 4.39 */

static const struct abi_field mp_state_fields[] = {
	ABI_MEMBER(ABI_ENUM, struct kvm_mp_state, mp_state,
		   .names = &abi_names_mp_states),
};
ABI_TYPE(abi_type_mp_state, "kvm_mp_state", sizeof(struct kvm_mp_state),
	 mp_state_fields);

#define EVENTS(kind_, member, ...) \
	ABI_MEMBER(kind_, struct kvm_vcpu_events, member, ##__VA_ARGS__)
#define EVENT(kind_, part, member, ...) \
	ABI_PART(kind_, struct kvm_vcpu_events, part, part.member, #member, \
		 ##__VA_ARGS__)

static const struct abi_field events_exception_fields[] = {
	EVENT(ABI_DEC, exception, injected),
	EVENT(ABI_ENUM, exception, nr, .names = &abi_names_vectors),
	EVENT(ABI_DEC, exception, has_error_code),
	EVENT(ABI_DEC, exception, pending),
	EVENT(ABI_HEX, exception, error_code),
};
static ABI_TYPE(events_exception, "kvm_vcpu_events.exception", 8,
		events_exception_fields);

static const struct abi_field events_interrupt_fields[] = {
	EVENT(ABI_DEC, interrupt, injected), EVENT(ABI_DEC, interrupt, nr),
	EVENT(ABI_DEC, interrupt, soft),
	EVENT(ABI_FLAGS, interrupt, shadow, .names = &abi_names_shadows),
};
static ABI_TYPE(events_interrupt, "kvm_vcpu_events.interrupt", 4,
		events_interrupt_fields);

static const struct abi_field events_nmi_fields[] = {
	EVENT(ABI_DEC, nmi, injected), EVENT(ABI_DEC, nmi, pending),
	EVENT(ABI_DEC, nmi, masked), EVENT(ABI_PAD, nmi, pad),
};
static ABI_TYPE(events_nmi, "kvm_vcpu_events.nmi", 4, events_nmi_fields);

static const struct abi_field events_smi_fields[] = {
	EVENT(ABI_DEC, smi, smm), EVENT(ABI_DEC, smi, pending),
	EVENT(ABI_DEC, smi, smm_inside_nmi), EVENT(ABI_DEC, smi, latched_init),
};
static ABI_TYPE(events_smi, "kvm_vcpu_events.smi", 4, events_smi_fields);

static const struct abi_field events_triple_fault_fields[] = {
	EVENT(ABI_DEC, triple_fault, pending),
};
static ABI_TYPE(events_triple_fault, "kvm_vcpu_events.triple_fault", 1,
		events_triple_fault_fields);

static const struct abi_field vcpu_events_fields[] = {
	EVENTS(ABI_STRUCT, exception, .type = &events_exception),
	EVENTS(ABI_STRUCT, interrupt, .type = &events_interrupt),
	EVENTS(ABI_STRUCT, nmi, .type = &events_nmi),
	EVENTS(ABI_DEC, sipi_vector),
	EVENTS(ABI_FLAGS, flags, .names = &abi_names_vcpu_events),
	EVENTS(ABI_STRUCT, smi, .type = &events_smi),
	EVENTS(ABI_STRUCT, triple_fault, .type = &events_triple_fault),
	ABI_BLOB(ABI_PAD, struct kvm_vcpu_events, reserved),
	EVENTS(ABI_DEC, exception_has_payload),
	EVENTS(ABI_HEX, exception_payload),
};
ABI_TYPE(abi_type_vcpu_events, "kvm_vcpu_events",
	 sizeof(struct kvm_vcpu_events), vcpu_events_fields);

/* Debugging: 4.33, 4.34, 4.87 */

static const struct abi_field debugregs_fields[] = {
	ABI_ARRAY(ABI_GVA, struct kvm_debugregs, db),
	ABI_MEMBER(ABI_FLAGS, struct kvm_debugregs, dr6,
		   .names = &abi_names_dr6),
	ABI_MEMBER(ABI_FLAGS, struct kvm_debugregs, dr7,
		   .names = &abi_names_dr7),
	ABI_MEMBER(ABI_HEX, struct kvm_debugregs, flags),
	ABI_BLOB(ABI_PAD, struct kvm_debugregs, reserved),
};
ABI_TYPE(abi_type_debugregs, "kvm_debugregs", sizeof(struct kvm_debugregs),
	 debugregs_fields);

/* debugreg[7] is DR7; KVM ignores 4 and 5, and 6 on the way in. */
static const struct abi_field debug_arch_fields[] = {
	ABI_ARRAY(ABI_HEX, struct kvm_guest_debug_arch, debugreg),
	ABI_AT(ABI_FLAGS, "dr7", 56, 8, .names = &abi_names_dr7,
	       .is_view = true),
};
static ABI_TYPE(debug_arch, "kvm_guest_debug_arch",
		sizeof(struct kvm_guest_debug_arch), debug_arch_fields);

static const struct abi_field guest_debug_fields[] = {
	ABI_MEMBER(ABI_FLAGS, struct kvm_guest_debug, control,
		   .names = &abi_names_guest_debug),
	ABI_MEMBER(ABI_PAD, struct kvm_guest_debug, pad),
	ABI_MEMBER(ABI_STRUCT, struct kvm_guest_debug, arch,
		   .type = &debug_arch),
};
ABI_TYPE(abi_type_guest_debug, "kvm_guest_debug",
	 sizeof(struct kvm_guest_debug), guest_debug_fields);

/* Gone since 2.6.29: KVM_DEBUG_GUEST */
static const struct abi_field breakpoint_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_breakpoint, enabled),
	ABI_MEMBER(ABI_PAD, struct kvm_breakpoint, padding),
	ABI_MEMBER(ABI_GVA, struct kvm_breakpoint, address),
};
static ABI_TYPE(breakpoint, "kvm_breakpoint", sizeof(struct kvm_breakpoint),
		breakpoint_fields);

static const struct abi_field debug_guest_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_debug_guest, enabled),
	ABI_MEMBER(ABI_PAD, struct kvm_debug_guest, pad),
	ABI_ARRAY(ABI_STRUCT, struct kvm_debug_guest, breakpoints,
		  .type = &breakpoint),
	ABI_MEMBER(ABI_DEC, struct kvm_debug_guest, singlestep),
	ABI_AT(ABI_PAD, "pad2", 76, 4),
};
ABI_TYPE(abi_type_debug_guest, "kvm_debug_guest",
	 sizeof(struct kvm_debug_guest), debug_guest_fields);

/* Machine checks: 4.104-4.106; IA32_MCG_CAP is SDM vol. 3B 16.3.1.1 */

static const struct abi_field mcg_cap_fields[] = {
	ABI_AT(ABI_FLAGS, "mcg_cap", 0, 8, .names = &abi_names_mcg_cap),
	ABI_BITFIELD("banks", 0, 1, 0, 8, .is_view = true),
};
ABI_TYPE(abi_type_mcg_cap, "mcg_cap", 8, mcg_cap_fields);

#define MCE(kind_, member, ...) \
	ABI_MEMBER(kind_, struct kvm_x86_mce, member, ##__VA_ARGS__)

static const struct abi_field x86_mce_fields[] = {
	MCE(ABI_FLAGS, status, .names = &abi_names_mci_status),
	MCE(ABI_HEX, addr), MCE(ABI_HEX, misc),
	MCE(ABI_FLAGS, mcg_status, .names = &abi_names_mcg_status),
	MCE(ABI_DEC, bank),
	ABI_BLOB(ABI_PAD, struct kvm_x86_mce, pad1),
	ABI_BLOB(ABI_PAD, struct kvm_x86_mce, pad2),
};
ABI_TYPE(abi_type_x86_mce, "kvm_x86_mce", sizeof(struct kvm_x86_mce),
	 x86_mce_fields);

/* The guest's own guest: 4.114, 4.115 */

#define VMX_HEADER(kind_, member, ...) \
	ABI_MEMBER(kind_, struct kvm_vmx_nested_state_hdr, member, ##__VA_ARGS__)

static const struct abi_field nested_smm_fields[] = {
	ABI_AT(ABI_FLAGS, "flags", 0, 2, .names = &abi_names_nested_smm),
};
static ABI_TYPE(nested_smm, "kvm_vmx_nested_state_hdr.smm", 2,
		nested_smm_fields);

static const struct abi_field nested_vmx_fields[] = {
	VMX_HEADER(ABI_GPA, vmxon_pa), VMX_HEADER(ABI_GPA, vmcs12_pa),
	VMX_HEADER(ABI_STRUCT, smm, .type = &nested_smm),
	VMX_HEADER(ABI_PAD, pad),
	VMX_HEADER(ABI_FLAGS, flags, .names = &abi_names_nested_vmx_flags),
	VMX_HEADER(ABI_HEX, preemption_timer_deadline),
};
static ABI_TYPE(nested_vmx, "kvm_vmx_nested_state_hdr",
		sizeof(struct kvm_vmx_nested_state_hdr), nested_vmx_fields);

/* `gpat` is newer than Debian 12's header. */
static const struct abi_field nested_svm_fields[] = {
	ABI_MEMBER(ABI_GPA, struct kvm_svm_nested_state_hdr, vmcb_pa),
	ABI_AT(ABI_FLAGS, "gpat", 8, 8, .names = &abi_names_pat),
};
static ABI_TYPE(nested_svm, "kvm_svm_nested_state_hdr", 16, nested_svm_fields);

static const struct abi_arm nested_arms[] = {
	{ KVM_STATE_NESTED_FORMAT_VMX, "vmx", &nested_vmx },
	{ KVM_STATE_NESTED_FORMAT_SVM, "svm", &nested_svm },
};
static ABI_ARMS(nested_union, offsetof(struct kvm_nested_state, format), 2,
		nested_arms, NULL);

/* The data are a VMCS or VMCB of KVM's own layout, or two VMCSs: bytes. */
#define NESTED(kind_, member, ...) \
	ABI_MEMBER(kind_, struct kvm_nested_state, member, ##__VA_ARGS__)
#define NESTED_DATA(...)                                                   \
	{ .name = "data", .offset = offsetof(struct kvm_nested_state, data), \
	  .size = 1, .kind = ABI_BYTES, .is_counted = true,                \
	  .most = sizeof(struct kvm_vmx_nested_state_data),                \
	  .length = { LENGTH_TOTAL, 4,                                     \
		      offsetof(struct kvm_nested_state, size), 1 },        \
	  ##__VA_ARGS__ }

static const struct abi_field nested_state_fields[] = {
	NESTED(ABI_FLAGS, flags, .names = &abi_names_nested_flags),
	NESTED(ABI_ENUM, format, .names = &abi_names_nested_formats),
	NESTED(ABI_DEC, size),
	NESTED(ABI_UNION, hdr, .arms = &nested_union),
	NESTED_DATA(),
};
ABI_TYPE(abi_type_nested_state, "kvm_nested_state",
	 sizeof(struct kvm_nested_state), nested_state_fields);

static const struct abi_field nested_state_get_fields[] = {
	NESTED(ABI_FLAGS, flags, .names = &abi_names_nested_flags,
	       .flow = FLOW_OUT),
	NESTED(ABI_ENUM, format, .names = &abi_names_nested_formats,
	       .flow = FLOW_OUT),
	NESTED(ABI_DEC, size),
	NESTED(ABI_UNION, hdr, .arms = &nested_union, .flow = FLOW_OUT),
	NESTED_DATA(.flow = FLOW_OUT),
};
ABI_TYPE(abi_type_nested_state_get, "kvm_nested_state",
	 sizeof(struct kvm_nested_state), nested_state_get_fields);

/* kvm_run.s.regs: what KVM_CAP_SYNC_REGS copies on each exit */
static const struct abi_field sync_regs_fields[] = {
	ABI_MEMBER(ABI_STRUCT, struct kvm_sync_regs, regs,
		   .type = &abi_type_regs),
	ABI_MEMBER(ABI_STRUCT, struct kvm_sync_regs, sregs,
		   .type = &abi_type_sregs),
	ABI_MEMBER(ABI_STRUCT, struct kvm_sync_regs, events,
		   .type = &abi_type_vcpu_events),
};
ABI_TYPE(abi_type_sync_regs, "kvm_sync_regs", sizeof(struct kvm_sync_regs),
	 sync_regs_fields);
