/*
 * What has happened so far, as far as later calls are judged by it: which line
 * made the irqchip, how the last KVM_RUN ended, what a process was last in
 * trouble with. The state of VMs and vCPUs themselves is in vm_state.h and
 * vcpu_state.h. Like those it has no words for people.
 *
 * A record is judged by the history before it, and then applied.
 */
#ifndef SESSION_HISTORY_H
#define SESSION_HISTORY_H

#include <linux/kvm.h>
#include <stdbool.h>
#include <stdint.h>

#include "record/record.h"
#include "session/session.h"

#define HISTORY_NO_SEQ UINT64_MAX

/* A call that was made, and its line; HISTORY_NO_SEQ: it has none. */
struct mark {
	bool is_set;
	uint64_t seq;
};

/* A KVM_RUN. */
struct past_run {
	struct mark mark;
	int32_t tid;
	uint64_t start_ns, end_ns;
	int64_t result;
	bool was_immediate;	/* immediate_exit was set when it began */
	bool has_exit;
	uint32_t reason;	/* with has_exit */
	bool is_read;		/* with has_exit: it asks for data */
	/* kvm_run's fields of that name, with has_exit. */
	bool is_ready, if_flag;
};

#define PAST_DATA_BYTES 64

/* Reads of ports or MMIO that the guest made, and how they were answered. */
struct past_reads {
	uint64_t count, unchanged;
	struct mark first;
	/* What stood, at the last exit, where the answer belongs: */
	uint8_t data[PAST_DATA_BYTES];
	uint32_t length;
	uint16_t port;		/* of that exit; 0: MMIO */
	bool follows_mmio;	/* the exit before that one was MMIO */
	/* Status reads in a row that were not answered "ready". */
	uint32_t status_reads;
	struct mark first_status;
};

/* CPUID as the vCPU got it: what control registers depend on. */
struct past_cpuid {
	struct mark mark;
	uint32_t leaf_1_ecx, leaf_1_edx;
	uint32_t leaf_7_ebx, leaf_7_ecx, leaf_7_edx, leaf_7_1_eax;
	uint64_t xcr0;		/* leaf 0xd: the bits that XCR0 may have */
};

struct vcpu_history {
	struct vcpu_history *next;
	uint32_t file_id;
	int32_t vm;
	int64_t vcpu;
	struct past_run run;	/* the last that came back */
	bool was_set;		/* registers or events were set since */
	struct mark interrupt;	/* KVM_INTERRUPT since then */
	struct mark early_interrupt;	/* the same, as the guest had IF = 0 */
	struct mark asked_registers;	/* since then, while it owed data: */
	struct kvm_regs asked;
	bool asks_registers;	/* it ever did so */
	bool said_registers, said_set;
	uint32_t stuck_runs;	/* in a row, ended by immediate_exit */
	bool has_nx_page;	/* mapped with NX as EFER.NXE was 0: */
	uint64_t nx_page;	/* gva */
	struct past_reads reads;
	struct past_cpuid cpuid;
	uint64_t said[2];	/* bits: the reader's codes that it gave once */
};

struct past_vcpu {
	int64_t id;
	struct mark made;
};

struct vm_history {
	bool is_known;		/* its making was seen */
	int32_t pid;		/* that made it */
	struct mark made, irqchip, tss_address, left_by_exec;
	struct past_vcpu *vcpus;
	size_t vcpu_count, vcpu_capacity;
};

/* A call on a vCPU that had not returned when its thread ended. */
struct past_wait {
	struct mark mark;
	bool is_run;
	uint32_t file_id;
	int32_t vm;
	uint64_t start_ns, end_ns;
};

#define PAST_WAITS_MAX 16

struct process_history {
	struct process_history *next;
	int32_t pid;
	/* The last trouble that a line was diagnosed with: the reader's code. */
	struct mark trouble;
	int trouble_code;
	uint32_t trouble_request;
	struct past_run run;	/* the last that came back, of any vCPU: */
	uint32_t run_file_id;
	int32_t run_vm;
	bool goes_on;		/* other calls came behind it, not only looks */
	int32_t run_signal;	/* that broke into it; 0: none was seen */
	struct past_wait waits[PAST_WAITS_MAX];
	size_t wait_count;
};

struct history;

struct history *history_new(void);
void history_free(struct history *history);

/*
 * Each is made when it isn't there; they stay valid until the history is freed,
 * a process until history_apply() of its end.
 */
struct process_history *history_process(struct history *history, int32_t pid);
struct vcpu_history *history_vcpu(struct history *history,
				  const struct record *record,
				  const struct session_view *view);
/* NULL: the VM is not known. Valid until history_apply(). */
struct vm_history *history_vm(struct history *history, int32_t vm);
const struct vcpu_history *history_find_vcpu(const struct history *history,
					     uint32_t file_id);

/* Did the answer that this run completes leave what the exit had there? */
bool history_answers_nothing(const struct past_reads *reads,
			     const struct session_view *view);

/*
 * Was it a line status register (of COM1 to COM4, at their base + 5) that was
 * answered without the bit "transmitter holding register empty", 0x20?
 */
bool history_polls_status(const struct past_reads *reads,
			  const struct session_view *view);

/* Exits by which KVM says that it can't go on. */
bool history_is_fatal(uint32_t reason);

/* The record has happened, and its line is `seq`, or HISTORY_NO_SEQ. */
void history_apply(struct history *history, const struct record *record,
		   const struct session_view *view, uint64_t seq);

#endif
