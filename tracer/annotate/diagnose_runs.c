/*
 * KVM_RUN: how it was entered, how it came back, and how the program answered
 * the exit before. What the guest's memory tells is in diagnose_guest.c.
 */
#include <asm/processor-flags.h>
#include <errno.h>
#include <string.h>

#include "abi/run.h"
#include "annotate/diagnose_guest.h"
#include "session/vcpu_state.h"

/*
 * "VM-entry failure due to invalid guest state": bit 31 says that the entry
 * failed, 33 is the basic reason. SDM vol. 3C, "VM-Entry Failures During or
 * After Loading Guest State", and appendix "VMX Basic Exit Reasons".
 */
#define VMX_INVALID_STATE 0x80000021u
/* VMEXIT_INVALID, -1, as it is or cut to 32 bits: APM vol. 2, 15.5.1. */
#define SVM_INVALID 0xffffffffu

#define EFER_LME (1ull << 8)
#define EFER_LMA (1ull << 10)

/* Enough that it is no accident; guests poll thousands of times. */
#define POLLS_WORTH_TELLING 16
#define STUCK_WORTH_TELLING 3

/* The registers as the guest was last entered with, or NULL. */
static const struct registers *find_entered(const struct scene *scene)
{
	const struct vcpu_state *vcpu = scene->view->vcpu;

	return vcpu && vcpu->was_entered && vcpu->entered.has_sregs ?
		&vcpu->entered : NULL;
}

/* ---- Entries that the processor refused */

static bool is_usable(const struct kvm_segment *segment)
{
	return !segment->unusable && segment->present;
}

static bool has_bad_granularity(const struct kvm_segment *segment)
{
	return segment->g ? (segment->limit & 0xfff) != 0xfff
			  : segment->limit >> 20;
}

/* SDM vol. 3C, "Checks on Guest Segment Registers"; NULL: all are kept. */
static const char *find_code_fault(const struct kvm_sregs *sregs)
{
	const struct kvm_segment *cs = &sregs->cs;

	if (!is_usable(cs))
		return "CS is not present";
	if (!cs->s || !(cs->type & 1) || !(cs->type & 8 || cs->type == 3))
		return "the type of CS is not that of accessed code (9, 11, "
		       "13, 15)";
	if (cs->l && cs->db && (sregs->efer & EFER_LMA))
		return "cs.l and cs.db are both set";
	return has_bad_granularity(cs) ? "cs.limit does not fit cs.g" : NULL;
}

static const char *find_system_fault(const struct kvm_sregs *sregs)
{
	const struct kvm_segment *tr = &sregs->tr, *ldt = &sregs->ldt;
	bool is_long = sregs->efer & EFER_LMA;

	if (tr->type != 11 && (is_long || tr->type != 3))
		return "TR is not a busy TSS (type 11)";
	if (!is_usable(tr) || tr->s)
		return "TR is not present, or no system segment";
	if (is_usable(ldt) && (ldt->type != 2 || ldt->s))
		return "LDTR is present and no LDT (type 2)";
	return NULL;
}

static const char *find_data_fault(const struct kvm_sregs *sregs)
{
	const struct kvm_segment *const segments[] = {
		&sregs->ss, &sregs->ds, &sregs->es, &sregs->fs, &sregs->gs,
	};

	if (is_usable(&sregs->ss) && (sregs->ss.type & 11) != 3)
		return "the type of SS is not that of accessed, writable data "
		       "(3, 7)";
	for (size_t i = 0; i < sizeof(segments) / sizeof(segments[0]); i++) {
		if (!is_usable(segments[i]))
			continue;
		if (!(segments[i]->type & 1))
			return "the type of a data segment lacks \"accessed\" "
			       "(bit 0)";
		if (!segments[i]->s)
			return "a data segment is a system segment (s = 0)";
		if (has_bad_granularity(segments[i]))
			return "the limit of a data segment does not fit its "
			       "g";
	}
	return NULL;
}

static const char *find_vmx_fault(const struct kvm_sregs *sregs)
{
	const char *fault;

	/* In real mode KVM makes the segments fit: enter_rmode(), vmx.c. */
	if (!(sregs->cr0 & X86_CR0_PE))
		return NULL;
	fault = find_code_fault(sregs);
	if (!fault)
		fault = find_system_fault(sregs);
	return fault ? fault : find_data_fault(sregs);
}

/* APM vol. 2, 15.5.1, "Canonicalization and Consistency Checks". */
static const char *find_svm_fault(const struct kvm_sregs *sregs)
{
	bool is_long = (sregs->efer & EFER_LME) && (sregs->cr0 & X86_CR0_PG);

	if ((sregs->cr0 & X86_CR0_NW) && !(sregs->cr0 & X86_CR0_CD))
		return "CR0.NW is set without CR0.CD";
	if (sregs->cr0 >> 32)
		return "bits 63:32 of CR0 are set";
	if (is_long && !(sregs->cr4 & X86_CR4_PAE))
		return "EFER.LME and CR0.PG are set without CR4.PAE";
	if (is_long && !(sregs->cr0 & X86_CR0_PE))
		return "EFER.LME and CR0.PG are set without CR0.PE";
	if (is_long && sregs->cs.l && sregs->cs.db)
		return "cs.l and cs.db are both set";
	return NULL;
}

static void say_entry_failure(struct scene *scene, enum diagnosis_code code,
			      const char *(*find)(const struct kvm_sregs *))
{
	const struct registers *entered = find_entered(scene);
	const char *fault = entered ? find(&entered->cpu.sregs) : NULL;

	diagnose_say(scene, code,
		     "exit.fail_entry.hardware_entry_failure_reason", "%s",
		     fault ? fault : "which rule was broken is not to be seen "
				     "in the registers that the program set");
	if (fault)
		diagnose_cite_sregs(scene);
}

static void look_at_entry_failure(struct scene *scene, const uint8_t *run)
{
	uint32_t why = (uint32_t)RUN_READ(
		run, fail_entry.hardware_entry_failure_reason);
	const struct vcpu_history *vcpu = scene->vcpu;

	if (why == VMX_INVALID_STATE && diagnose_is_on(scene, "intel")) {
		if (vcpu->interrupt.is_set && !vcpu->run.is_ready) {
			diagnose_say(scene, CODE_INTERRUPT_IF_0,
				     "exit.reason", "the entry behind it "
				     "failed");
			diagnose_cite(scene, vcpu->interrupt);
			return;
		}
		say_entry_failure(scene, CODE_FAIL_ENTRY_STATE,
				  find_vmx_fault);
	} else if (why == SVM_INVALID && diagnose_is_on(scene, "amd")) {
		say_entry_failure(scene, CODE_FAIL_ENTRY_VMRUN,
				  find_svm_fault);
	}
}

/*
 * api.rst 4.36: virtual-8086 mode, with pages for its task state segment. Only
 * where nothing else explains the exit.
 */
static void look_at_tss_address(struct scene *scene)
{
	const struct registers *entered = find_entered(scene);

	if (scene->notes->count || !scene->notes->vendor ||
	    !diagnose_is_on(scene, "intel") || !entered ||
	    (entered->cpu.sregs.cr0 & X86_CR0_PE))
		return;
	if (!scene->vm || !scene->vm->is_known || scene->vm->tss_address.is_set)
		return;
	diagnose_say(scene, CODE_TSS_ADDRESS_MISSING, "exit.reason",
		     "CR0 is 0x%llx",
		     (unsigned long long)entered->cpu.sregs.cr0);
	diagnose_cite(scene, scene->vm->made);
}

/* ---- Runs that ended with an error */

static void look_at_stuck_run(struct scene *scene, const uint8_t *before)
{
	const struct vcpu_history *vcpu = scene->vcpu;

	if (scene->record->result != -EINTR || !before ||
	    !RUN_READ(before, immediate_exit) ||
	    vcpu->stuck_runs + 1 != STUCK_WORTH_TELLING)
		return;
	diagnose_say(scene, CODE_IMMEDIATE_EXIT_STUCK,
		     "in.immediate_exit errno", "%d KVM_RUN in a row",
		     STUCK_WORTH_TELLING);
	diagnose_cite(scene, vcpu->run.mark);
}

/* api.rst, "KVM_CAP_MEMORY_FAULT_INFO": that exit is another matter. */
static void look_at_fault(struct scene *scene)
{
	if (scene->record->result == -EFAULT && !scene->view->has_exit)
		diagnose_say(scene, CODE_SLOT_MEMORY_GONE, "errno",
			     "KVM_RUN gives EFAULT");
}

/* ---- How the exit before was answered */

static bool is_zero(const struct past_reads *reads)
{
	for (uint32_t i = 0; i < reads->length; i++)
		if (reads->data[i])
			return false;
	return true;
}

/*
 * KVM clears the place of a port's answer, so 0 may be meant: diagnose_end()
 * judges that by all reads. In mmio.data is what the exit before left there,
 * and unless that was MMIO too nobody means it.
 */
static void look_at_answer(struct scene *scene)
{
	const struct past_reads *reads = &scene->vcpu->reads;

	if (reads->port || reads->follows_mmio || is_zero(reads) ||
	    !history_answers_nothing(reads, scene->view) ||
	    reads->unchanged != reads->count ||
	    !diagnose_once(scene, CODE_READ_NOT_COMPLETED))
		return;
	diagnose_say(scene, CODE_READ_NOT_COMPLETED, "in.completes.data_hex",
		     "MMIO; the exit before left the same there");
	diagnose_cite(scene, scene->vcpu->run.mark);
}

static void look_at_polling(struct scene *scene)
{
	const struct past_reads *reads = &scene->vcpu->reads;

	if (!history_polls_status(reads, scene->view) ||
	    reads->status_reads + 1 != POLLS_WORTH_TELLING)
		return;
	diagnose_say(scene, CODE_SERIAL_NEVER_READY, "in.completes.data_hex",
		     "port 0x%x was read %d times in a row, the last answer "
		     "is 0x%02x", reads->port, POLLS_WORTH_TELLING,
		     scene->view->completed_data[0]);
	diagnose_cite(scene, reads->first_status);
}

/* The program answers reads, and looked at registers before one was done. */
static void look_at_early_registers(struct scene *scene)
{
	struct vcpu_history *vcpu = scene->vcpu;

	if (!vcpu->asked_registers.is_set || !scene->view->completes ||
	    history_answers_nothing(&vcpu->reads, scene->view) ||
	    vcpu->said_registers)
		return;
	vcpu->said_registers = true;
	diagnose_say_as(scene, CODE_REGS_BEFORE_COMPLETION, NOTE_INFO,
			"in.completes.data_hex",
			"this KVM_RUN completes the read");
	diagnose_cite(scene, vcpu->asked_registers);
	diagnose_cite(scene, vcpu->run.mark);
}

/* ---- The rest */

static void look_at_shutdown_before(struct scene *scene)
{
	const struct past_run *run = &scene->vcpu->run;

	if (!run->has_exit || run->reason != KVM_EXIT_SHUTDOWN ||
	    scene->vcpu->was_set ||
	    !diagnose_once(scene, CODE_RUN_AFTER_SHUTDOWN))
		return;
	diagnose_say(scene, CODE_RUN_AFTER_SHUTDOWN, "run_index", NULL);
	diagnose_cite(scene, run->mark);
}

/* Port data that the program can't reach: it mapped too little of the vCPU. */
static void look_at_run_data(struct scene *scene, const uint8_t *run)
{
	const struct abi_run_data data = abi_find_run_data(run);
	const struct record *record = scene->record;

	if (data.length && record->run_mapped &&
	    data.offset + data.length > (record->run_mapped | 4095) + 1)
		diagnose_say(scene, CODE_RUN_DATA_UNMAPPED,
			     "exit.io.data_offset",
			     "at offset 0x%llx, of the vCPU 0x%llx bytes are "
			     "mapped", (unsigned long long)data.offset,
			     (unsigned long long)record->run_mapped);
}

static void look_at_exit(struct scene *scene, const uint8_t *run)
{
	uint32_t reason = (uint32_t)RUN_READ(run, exit_reason);

	if (reason == KVM_EXIT_IO)
		look_at_run_data(scene, run);
	if (reason == KVM_EXIT_FAIL_ENTRY)
		look_at_entry_failure(scene, run);
	diagnose_guest(scene, run);
	if (reason == KVM_EXIT_INTERNAL_ERROR || reason == KVM_EXIT_FAIL_ENTRY)
		look_at_tss_address(scene);
}

static const uint8_t *find_run(const struct record *record,
			       enum record_phase phase)
{
	const struct record_part *part = record_find_part(record, PART_RUN,
							  phase, 0);

	return part && part->length >= ABI_RUN_HEAD_BYTES ?
		record_part_bytes(record, part) : NULL;
}

void diagnose_run(struct scene *scene)
{
	const uint8_t *after = find_run(scene->record, PHASE_AFTER);

	if (scene->view->completes) {
		look_at_answer(scene);
		look_at_polling(scene);
		look_at_early_registers(scene);
	}
	diagnose_entry(scene);
	look_at_shutdown_before(scene);
	look_at_stuck_run(scene, find_run(scene->record, PHASE_BEFORE));
	look_at_fault(scene);
	if (scene->view->has_exit && after)
		look_at_exit(scene, after);
}
