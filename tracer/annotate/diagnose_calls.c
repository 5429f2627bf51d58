/*
 * Calls that KVM refused because of what came before them or what they were
 * given, a row each; and a few that it did not refuse.
 */
#include <errno.h>
#include <linux/kvm.h>
#include <string.h>

#include "abi/compat.h"
#include "annotate/diagnose.h"
#include "session/vcpu_state.h"

/* KVM_MAX_CPUID_ENTRIES, <asm/kvm_host.h>; 80 before Linux 5.9. */
#define CPUID_ENTRIES_MOST 256

static unsigned long long hex(uint64_t value)
{
	return value;
}

/* ---- Facts that a row asks for, each of which says its diagnosis */

/* A vCPU was made before, on a VM whose making was seen. */
static void look_at_vcpus(struct scene *scene, enum diagnosis_code code)
{
	const struct vm_history *vm = scene->vm;

	if (!vm || !vm->vcpu_count)
		return;
	diagnose_say(scene, code, "errno", "vCPU %lld was there already",
		     (long long)vm->vcpus[0].id);
	diagnose_cite(scene, vm->vcpus[0].made);
}

static void look_at_vcpu_id(struct scene *scene, enum diagnosis_code code)
{
	const struct vm_history *vm = scene->vm;
	int64_t id = (int64_t)(uint32_t)scene->record->argument;

	diagnose_say(scene, code, "in.vcpu_id errno", "id %lld",
		     (long long)id);
	for (size_t i = 0; vm && i < vm->vcpu_count; i++)
		if (vm->vcpus[i].id == id)
			diagnose_cite(scene, vm->vcpus[i].made);
}

/* KVM_MAX_VCPU_IDS, <asm/kvm_host.h>: 1023 once, 4 for each vCPU since. */
#define VCPU_IDS_LEAST 1023

static void look_at_big_id(struct scene *scene, enum diagnosis_code code)
{
	uint32_t id = (uint32_t)scene->record->argument;

	if (id >= VCPU_IDS_LEAST)
		diagnose_say(scene, code, "in.vcpu_id errno", "id %u", id);
}

/* kvm_vcpu_has_run(), by kvm_set_cpuid(): arch/x86/kvm/cpuid.c. */
static void look_at_runs(struct scene *scene, enum diagnosis_code code)
{
	const struct past_run *run = &scene->vcpu->run;

	if (!run->mark.is_set || (run->result < 0 && run->result != -EINTR))
		return;
	diagnose_say(scene, code, "errno", NULL);
	diagnose_cite(scene, run->mark);
}

static void look_at_old_chip(struct scene *scene, enum diagnosis_code code)
{
	if (!scene->vm || !scene->vm->irqchip.is_set)
		return;
	diagnose_say(scene, code, "errno", NULL);
	diagnose_cite(scene, scene->vm->irqchip);
}

static void look_at_no_chip(struct scene *scene, enum diagnosis_code code)
{
	if (scene->vm && scene->vm->is_known && !scene->vm->irqchip.is_set)
		diagnose_say(scene, code, "errno", NULL);
}

static void look_at_errno(struct scene *scene, enum diagnosis_code code)
{
	diagnose_say(scene, code, "errno", NULL);
}

static void look_at_argument(struct scene *scene, enum diagnosis_code code)
{
	if (scene->view->object.role == ROLE_VCPU && scene->record->argument)
		diagnose_say(scene, code, "arg errno", "0x%llx",
			     hex(scene->record->argument));
}

static void look_at_count(struct scene *scene, enum diagnosis_code code)
{
	const uint8_t *bytes = diagnose_argument(scene, 4);
	uint64_t count = bytes ? abi_read(bytes, 4) : 0;

	if (count > CPUID_ENTRIES_MOST)
		diagnose_say(scene, code, "in.nent errno", "nent is %llu",
			     hex(count));
}

static void look_at_sregs(struct scene *scene, enum diagnosis_code code)
{
	(void)code;
	diagnose_sregs(scene);
}

static void look_at_xcrs(struct scene *scene, enum diagnosis_code code)
{
	(void)code;
	diagnose_xcrs(scene);
}

static void look_at_slot(struct scene *scene, enum diagnosis_code code)
{
	(void)code;
	diagnose_slot(scene);
}

/*
 * What a refusal means, by api.rst (the sections of the requests) and
 * kvm_arch_vm_ioctl(), arch/x86/kvm/x86.c. A code of several stands for all
 * that the function may say.
 */
static const struct refusal {
	uint32_t request;
	int error;
	enum diagnosis_code code;
	void (*look)(struct scene *scene, enum diagnosis_code code);
} refusals[] = {
	{ KVM_CREATE_VM, EBUSY, CODE_HARDWARE_TAKEN, look_at_errno },
	{ KVM_SET_SREGS, EINVAL, CODE_LMA_MISSING, look_at_sregs },
	{ KVM_SET_SREGS2, EINVAL, CODE_LMA_MISSING, look_at_sregs },
	{ KVM_SET_XCRS, EINVAL, CODE_XCR0_INVALID, look_at_xcrs },
	{ KVM_SET_USER_MEMORY_REGION, EINVAL, CODE_SLOT_UNALIGNED, look_at_slot },
	{ KVM_SET_USER_MEMORY_REGION, EEXIST, CODE_SLOT_OVERLAP, look_at_slot },
	{ KVM_SET_USER_MEMORY_REGION2, EINVAL, CODE_SLOT_UNALIGNED, look_at_slot },
	{ KVM_SET_USER_MEMORY_REGION2, EEXIST, CODE_SLOT_OVERLAP, look_at_slot },
	{ KVM_SET_IDENTITY_MAP_ADDR, EINVAL, CODE_IDENTITY_MAP_AFTER_VCPU, look_at_vcpus },
	{ KVM_CREATE_IRQCHIP, EINVAL, CODE_IRQCHIP_AFTER_VCPU, look_at_vcpus },
	{ KVM_CREATE_IRQCHIP, EEXIST, CODE_IRQCHIP_EXISTS, look_at_old_chip },
	{ KVM_CREATE_VCPU, EEXIST, CODE_VCPU_ID_USED, look_at_vcpu_id },
	{ KVM_CREATE_VCPU, EINVAL, CODE_VCPU_ID_TOO_LARGE, look_at_big_id },
	{ KVM_IRQ_LINE, ENXIO, CODE_NO_IRQCHIP, look_at_no_chip },
	{ KVM_IRQ_LINE_STATUS, ENXIO, CODE_NO_IRQCHIP, look_at_no_chip },
	{ KVM_GET_IRQCHIP, ENXIO, CODE_NO_IRQCHIP, look_at_no_chip },
	{ KVM_SET_IRQCHIP, ENXIO, CODE_NO_IRQCHIP, look_at_no_chip },
	{ KVM_CREATE_PIT, ENOENT, CODE_NO_IRQCHIP, look_at_no_chip },
	{ KVM_CREATE_PIT2, ENOENT, CODE_NO_IRQCHIP, look_at_no_chip },
	{ KVM_GET_LAPIC, EINVAL, CODE_NO_IRQCHIP, look_at_no_chip },
	{ KVM_SET_LAPIC, EINVAL, CODE_NO_IRQCHIP, look_at_no_chip },
	{ KVM_RUN, EINVAL, CODE_RUN_ARGUMENT, look_at_argument },
	{ KVM_RUN, EINVAL, CODE_LMA_MISSING, look_at_sregs },
	{ KVM_SET_CPUID, EINVAL, CODE_CPUID_AFTER_RUN, look_at_runs },
	{ KVM_SET_CPUID2, EINVAL, CODE_CPUID_AFTER_RUN, look_at_runs },
	{ KVM_SET_CPUID, E2BIG, CODE_CPUID_TOO_MANY, look_at_count },
	{ KVM_SET_CPUID2, E2BIG, CODE_CPUID_TOO_MANY, look_at_count },
	{ KVM_SET_CPUID2, ENOMEM, CODE_CPUID_TOO_MANY, look_at_count },
	{ KVM_GET_SUPPORTED_CPUID, E2BIG, CODE_CPUID_TOO_MANY, look_at_count },
	{ KVM_GET_SUPPORTED_CPUID, ENOMEM, CODE_CPUID_TOO_MANY, look_at_count },
};

/*
 * kvm_vm_ioctl() and kvm_vcpu_ioctl() answer EIO where the memory is not that
 * of the process that made the VM: virt/kvm/kvm_main.c.
 */
static void look_at_process(struct scene *scene)
{
	const struct vm_history *vm = scene->vm;

	if (!vm || !vm->is_known)
		return;
	if (vm->pid != scene->record->pid) {
		diagnose_say(scene, CODE_OTHER_PROCESS, "pid errno",
			     "process %d, here it is used by process %d",
			     vm->pid, scene->record->pid);
		diagnose_cite(scene, vm->made);
	} else if (vm->left_by_exec.is_set) {
		diagnose_say(scene, CODE_OTHER_PROCESS, "pid errno",
			     "the program that ran in process %d before "
			     "execve()", vm->pid);
		diagnose_cite(scene, vm->made);
		diagnose_cite(scene, vm->left_by_exec);
	}
}

static void look_at_role(struct scene *scene)
{
	const struct abi_role_row *role = abi_find_role(
		scene->view->object.role);

	if (role && !(scene->view->row->roles & role->role))
		diagnose_say(scene, CODE_WRONG_DESCRIPTOR, "on errno",
			     "%s on a %s descriptor", scene->view->row->name,
			     role->name);
}

void diagnose_refusal(struct scene *scene)
{
	const struct record *record = scene->record;

	look_at_role(scene);
	if (!(scene->view->row->roles & scene->view->object.role))
		return;
	if (record->result == -EIO)
		look_at_process(scene);
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].request == record_request(record) &&
		    refusals[i].error == -record->result)
			refusals[i].look(scene, refusals[i].code);
}

/* ---- Calls that worked, or will */

/*
 * An interrupt that the guest can't take is delivered too early, or VMX refuses
 * the entry: api.rst 4.16, and "request_interrupt_window" in 5.
 */
static void look_at_interrupt(struct scene *scene)
{
	const struct past_run *run = &scene->vcpu->run;
	const struct vcpu_state *state = scene->view->vcpu;

	if (scene->vm && scene->vm->irqchip.is_set)
		return;
	if (run->has_exit && !scene->vcpu->was_set && !run->is_ready) {
		diagnose_say(scene, CODE_INTERRUPT_IF_0,
			     "in.irq",
			     "after the last KVM_RUN if_flag was %d and "
			     "ready_for_interrupt_injection 0", run->if_flag);
		diagnose_cite(scene, run->mark);
	} else if (!run->mark.is_set && state && state->registers.has_regs &&
		   !(state->registers.regs.rflags & 0x200)) {
		diagnose_say(scene, CODE_INTERRUPT_IF_0, "in.irq",
			     "rflags is 0x%llx, and the guest has not run yet",
			     hex(state->registers.regs.rflags));
	} else {
		return;
	}
	scene->vcpu->early_interrupt = (struct mark){ true, scene->seq };
}

/* Has the program left alone what KVM is about to write? Of MMIO, all. */
static bool keeps_registers(const struct scene *scene)
{
	const struct vcpu_history *vcpu = scene->vcpu;
	const struct kvm_regs *set = &scene->view->vcpu->registers.regs;

	if (!vcpu->asked_registers.is_set)
		return false;
	return vcpu->reads.port ? set->rax == vcpu->asked.rax &&
				  set->rip == vcpu->asked.rip
				: !memcmp(set, &vcpu->asked, sizeof(*set));
}

/*
 * Behind a read KVM writes rax and rip as the next KVM_RUN begins: api.rst 5,
 * the note about pending operations. Who asks may want the guest's arguments,
 * who sets is overwritten.
 */
static void look_at_completion(struct scene *scene, bool is_get)
{
	const struct vcpu_state *state = scene->view->vcpu;
	enum note_severity severity;
	uint16_t port = scene->vcpu->reads.port;

	if (!state || !state->asked.is_read)
		return;
	severity = is_get || keeps_registers(scene) ? NOTE_INFO : NOTE_WARN;
	if (severity == NOTE_INFO ?
		    !diagnose_once(scene, CODE_REGS_BEFORE_COMPLETION) :
		    scene->vcpu->said_set)
		return;
	scene->vcpu->said_set |= severity == NOTE_WARN;
	if (port)
		diagnose_say_as(scene, CODE_REGS_BEFORE_COMPLETION, severity,
				"name", "the guest reads port 0x%x", port);
	else
		diagnose_say_as(scene, CODE_REGS_BEFORE_COMPLETION, severity,
				"name", "the guest reads MMIO");
	diagnose_cite(scene, scene->vcpu->run.mark);
}

/* The vCPU's lock is held for the whole of KVM_RUN: kvm_vcpu_ioctl(). */
#define WAIT_WORTH_TELLING_NS 100000000u

static void look_at_wait(struct scene *scene)
{
	const struct past_run *run = &scene->vcpu->run;
	const struct record *record = scene->record;

	if (!run->mark.is_set || run->tid == record->tid ||
	    run->start_ns > record->start_ns ||
	    run->end_ns < record->start_ns + WAIT_WORTH_TELLING_NS ||
	    run->end_ns > record->end_ns)
		return;
	diagnose_say(scene, CODE_VCPU_BUSY, "dur_ns tid",
		     "%s of thread %d took %llu ms because thread %d ran the "
		     "vCPU", scene->view->row->name, record->tid,
		     hex((run->end_ns - record->start_ns) / 1000000),
		     run->tid);
	diagnose_cite(scene, run->mark);
}

void diagnose_call(struct scene *scene)
{
	uint32_t request = record_request(scene->record);

	if (!scene->vcpu)
		return;
	look_at_wait(scene);
	if (request == KVM_INTERRUPT)
		look_at_interrupt(scene);
	if (request == KVM_GET_REGS || request == KVM_SET_REGS)
		look_at_completion(scene, request == KVM_GET_REGS);
	if (request == KVM_GET_REGS)
		diagnose_last_registers(scene);
}

/* The open of /dev/kvm. */
void diagnose_open(struct scene *scene)
{
	const struct record *record = scene->record;

	if (!record->path || strcmp(record->path, "/dev/kvm"))
		return;
	if (record->result == -ENOENT || record->result == -ENODEV ||
	    record->result == -ENXIO)
		diagnose_say(scene, CODE_KVM_MISSING, "errno", NULL);
	if (record->result == -EACCES || record->result == -EPERM)
		diagnose_say(scene, CODE_KVM_DENIED, "errno", NULL);
}
