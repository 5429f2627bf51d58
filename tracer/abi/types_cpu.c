/*
 * Structures of a vCPU's state: registers, segments, floating point, debug
 * registers, pending events, extended state, and the lists of MSRs and CPUID
 * leaves. Local APIC and nested state are in types_apic.c and types_nested.c.
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

#define SEGMENT(kind_, member) ABI_MEMBER(kind_, struct kvm_segment, member)

static const struct abi_field segment_fields[] = {
	SEGMENT(ABI_GVA, base), SEGMENT(ABI_DEC, limit),
	SEGMENT(ABI_DEC, selector), SEGMENT(ABI_DEC, type),
	SEGMENT(ABI_DEC, present), SEGMENT(ABI_DEC, dpl),
	SEGMENT(ABI_DEC, db), SEGMENT(ABI_DEC, s), SEGMENT(ABI_DEC, l),
	SEGMENT(ABI_DEC, g), SEGMENT(ABI_DEC, avl),
	SEGMENT(ABI_DEC, unusable), SEGMENT(ABI_PAD, padding),
};
ABI_TYPE(abi_type_segment, "kvm_segment", sizeof(struct kvm_segment),
	 segment_fields);

static const struct abi_field dtable_fields[] = {
	ABI_MEMBER(ABI_GVA, struct kvm_dtable, base),
	ABI_MEMBER(ABI_DEC, struct kvm_dtable, limit),
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
	ABI_MEMBER(ABI_HEX, s, apic_base)

static const struct abi_field sregs_fields[] = {
	SREGS_COMMON(struct kvm_sregs),
	ABI_ARRAY(ABI_HEX, struct kvm_sregs, interrupt_bitmap),
};
ABI_TYPE(abi_type_sregs, "kvm_sregs", sizeof(struct kvm_sregs), sregs_fields);

static const struct abi_field sregs2_fields[] = {
	SREGS_COMMON(struct kvm_sregs2),
	ABI_MEMBER(ABI_FLAGS, struct kvm_sregs2, flags,
		   .names = &abi_names_sregs2_flags),
	ABI_ARRAY(ABI_HEX, struct kvm_sregs2, pdptrs),
};
ABI_TYPE(abi_type_sregs2, "kvm_sregs2", sizeof(struct kvm_sregs2),
	 sregs2_fields);

static const struct abi_field translation_fields[] = {
	ABI_MEMBER(ABI_GVA, struct kvm_translation, linear_address),
	ABI_MEMBER(ABI_GPA, struct kvm_translation, physical_address),
	ABI_MEMBER(ABI_DEC, struct kvm_translation, valid),
	ABI_MEMBER(ABI_DEC, struct kvm_translation, writeable),
	ABI_MEMBER(ABI_DEC, struct kvm_translation, usermode),
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
ABI_TYPE(abi_type_msr_entry, "kvm_msr_entry", sizeof(struct kvm_msr_entry),
	 msr_entry_fields);

static const struct abi_field msrs_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_msrs, nmsrs),
	ABI_MEMBER(ABI_PAD, struct kvm_msrs, pad),
	ABI_TAIL(ABI_STRUCT, struct kvm_msrs, entries, nmsrs,
		 .type = &abi_type_msr_entry),
};
ABI_TYPE(abi_type_msrs, "kvm_msrs", sizeof(struct kvm_msrs), msrs_fields);

static const struct abi_field msr_list_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_msr_list, nmsrs),
	ABI_TAIL(ABI_ENUM, struct kvm_msr_list, indices, nmsrs,
		 .names = &abi_names_msrs),
};
ABI_TYPE(abi_type_msr_list, "kvm_msr_list", sizeof(struct kvm_msr_list),
	 msr_list_fields);
