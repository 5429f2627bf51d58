/*
 * What the calls have told of a vCPU's registers. A guest that runs changes
 * them, so they are known from a call that carried them to the next KVM_RUN.
 * Those of a vCPU whose making was seen begin as a reset leaves them.
 */
#ifndef SESSION_REGISTERS_H
#define SESSION_REGISTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "guest/guest.h"
#include "record/record.h"

struct registers {
	bool has_regs, has_sregs;
	struct kvm_regs regs;
	struct guest_cpu cpu;	/* kvm_sregs, and what CPUID says of paging */
	bool has_cpuid;		/* KVM_SET_CPUID2 or KVM_SET_CPUID succeeded */
	uint64_t changes;	/* how often the program set registers */
};

/* As they are after a reset: SDM vol. 3A, "Processor State After Reset". */
void registers_reset(struct registers *registers);

/*
 * Take a call on the vCPU that succeeded: registers that it set, or asked for.
 * For a KVM_RUN that is about to be made, those that go along in kvm_run
 * (KVM_CAP_SYNC_REGS).
 */
void registers_apply(struct registers *registers, const struct record *record);

/* The guest has run: they are as kvm_run brought them back, or not known. */
void registers_ran(struct registers *registers, const struct record *record);

#endif
