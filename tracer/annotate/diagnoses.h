/*
 * Everything that a note can say, one row a code: what is wrong, on whose KVM,
 * how bad it is, and what helps. Rules (diagnose*.c) decide when a row holds;
 * `kvmtrace explain CODE` prints it. Codes are stable, sentences are not.
 *
 * Rows without a remedy are no diagnoses: their notes tell what the trace
 * shows and what it can't.
 */
#ifndef ANNOTATE_DIAGNOSES_H
#define ANNOTATE_DIAGNOSES_H

enum note_severity {
	NOTE_INFO,
	NOTE_WARN,
	NOTE_ERROR,
};

enum diagnosis_code {
	/* What the trace shows, and what it can't */
	CODE_NOT_KVM,
	CODE_UNKNOWN_REQUEST,
	CODE_UNKNOWN_EXIT,
	CODE_UNREADABLE_DESCRIPTOR,
	CODE_NO_KVM_RUN,
	CODE_UNREADABLE,
	CODE_UNREACHABLE,
	CODE_CUT,
	CODE_RESTARTED,
	CODE_HPA_HIDDEN,
	CODE_GUEST_UNKNOWN,
	/* /dev/kvm and descriptors */
	CODE_KVM_MISSING,
	CODE_KVM_DENIED,
	CODE_HARDWARE_TAKEN,
	CODE_WRONG_DESCRIPTOR,
	CODE_OTHER_PROCESS,
	CODE_PRIVATE_KVM_RUN,
	CODE_RUN_DATA_UNMAPPED,
	/* Special registers */
	CODE_LMA_MISSING,
	CODE_PAE_MISSING,
	CODE_LMA_WITHOUT_PAGING,
	CODE_CS_L_WITHOUT_LMA,
	CODE_CR0_PG_WITHOUT_PE,
	CODE_CR0_NW_WITHOUT_CD,
	CODE_CR0_HIGH_BITS,
	CODE_CR4_RESERVED,
	CODE_CR3_TOO_HIGH,
	CODE_XCR0_INVALID,
	CODE_APIC_BASE_INVALID,
	/* Memory slots */
	CODE_SLOT_UNALIGNED,
	CODE_SLOT_RESIZED,
	CODE_SLOT_CHANGED,
	CODE_SLOT_OVERLAP,
	CODE_SLOT_FLAGS,
	CODE_SLOT_NUMBER,
	CODE_SLOT_ABSENT,
	CODE_SLOT_RANGE,
	CODE_SLOT_MEMORY_GONE,
	/* The order of calls, and their arguments */
	CODE_IDENTITY_MAP_AFTER_VCPU,
	CODE_IRQCHIP_AFTER_VCPU,
	CODE_IRQCHIP_EXISTS,
	CODE_NO_IRQCHIP,
	CODE_VCPU_ID_USED,
	CODE_VCPU_ID_TOO_LARGE,
	CODE_RUN_ARGUMENT,
	CODE_TOO_FEW_ENTRIES,
	CODE_CPUID_TOO_MANY,
	CODE_CPUID_AFTER_RUN,
	CODE_PARTIAL,
	CODE_INTERRUPT_IF_0,
	CODE_VCPU_BUSY,
	/* Entering the guest */
	CODE_TSS_ADDRESS_MISSING,
	CODE_FAIL_ENTRY_STATE,
	CODE_FAIL_ENTRY_VMRUN,
	CODE_IMMEDIATE_EXIT_STUCK,
	CODE_RUN_AFTER_SHUTDOWN,
	CODE_CODE_WIDTH,
	CODE_LEGACY_PAGING_ON_PVM,
	/* Where the guest went wrong */
	CODE_PAGE_NOT_PRESENT,
	CODE_PAGE_TABLE_OUTSIDE,
	CODE_PAGE_RESERVED_BIT,
	CODE_PAGE_REFUSED,
	CODE_NX_WITHOUT_NXE,
	CODE_TRIPLE_FAULT,
	CODE_SSE_WITHOUT_OSFXSR,
	CODE_CPUID_NEVER_SET,
	CODE_RESET_CS_BASE,
	CODE_FETCH_OUTSIDE,
	CODE_EMULATION_FAILED,
	/* Exits and how they are answered */
	CODE_READ_NOT_COMPLETED,
	CODE_REGS_BEFORE_COMPLETION,
	CODE_SERIAL_NEVER_READY,
	/* How the program ended */
	CODE_HLT_IN_KERNEL,
	CODE_RUN_NEVER_RETURNED,
	CODE_EINTR_FATAL,
	CODE_EXIT_UNHANDLED,
	DIAGNOSIS_CODES,
};

struct diagnosis {
	const char *code;	/* "sregs-lma-missing" */
	const char *vendor;	/* whose KVM: any, intel, amd, pvm */
	/*
	 * An error is one once the program gives up over it: until then the
	 * call's own line has it as a warning, since programs may try what
	 * fails on purpose and go on.
	 */
	enum note_severity severity;
	const char *cause;	/* a sentence */
	const char *remedy;	/* a sentence, or NULL */
};

extern const struct diagnosis diagnoses[DIAGNOSIS_CODES];

/* By its code; NULL: there is none. */
const struct diagnosis *diagnosis_find(const char *code);

#endif
