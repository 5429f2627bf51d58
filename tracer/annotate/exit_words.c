#include "annotate/exit_words.h"

#include "abi/run.h"
#include "session/vcpu_state.h"

/* More slots would cost more than the words are worth. */
#define SLOTS_MAX 64

static const uint8_t *find_run(const struct record *record)
{
	return record_part_bytes(record, record_find_part(record, PART_RUN,
							  PHASE_AFTER, 0));
}

static void add_bytes(struct buffer *out, uint64_t count)
{
	buffer_add_unsigned(out, count);
	buffer_add_string(out, count == 1 ? " byte" : " bytes");
}

static bool is_in(const uint8_t *run)
{
	return RUN_READ(run, io.direction) == KVM_EXIT_IO_IN;
}

/* A string instruction with REP moves several times at once. */
static void add_io(struct buffer *out, const uint8_t *run)
{
	const char *owner = abi_find_name(&abi_names_ports,
					  RUN_READ(run, io.port));
	uint64_t count = RUN_READ(run, io.count);

	buffer_add_string(out, ": ");
	if (count > 1) {
		buffer_add_unsigned(out, count);
		buffer_add_string(out, " times ");
	}
	add_bytes(out, RUN_READ(run, io.size));
	buffer_add_string(out, is_in(run) ? " in from port "
					  : " out to port ");
	buffer_add_hex(out, RUN_READ(run, io.port));
	if (owner) {
		buffer_add_string(out, " (");
		buffer_add_string(out, owner);
		buffer_add_char(out, ')');
	}
	if (count > 1)
		buffer_add_string(out, ", a string instruction");
}

/* How far from memory the address is: a wrong one is often a near miss. */
static void add_nearest(struct buffer *out, uint64_t gpa,
			const struct vm_state *vm)
{
	const struct guest_memory memory = {
		.slots = vm->slots, .slot_count = vm->slot_count,
	};
	const struct guest_slot *slot = guest_nearest_slot(&memory, gpa);

	if (!slot)
		return;
	if (gpa < slot->gpa) {
		buffer_add_string(out, ", ");
		buffer_add_hex(out, slot->gpa - gpa);
		buffer_add_string(out, " below slot ");
	} else if (gpa - slot->gpa >= slot->bytes) {
		buffer_add_string(out, ", ");
		buffer_add_hex(out, gpa - slot->gpa - slot->bytes);
		buffer_add_string(out, " behind the end of slot ");
	} else {
		buffer_add_string(out, ", within slot ");
	}
	buffer_add_unsigned(out, slot->id);
}

static void add_mmio(struct buffer *out, const uint8_t *run,
		     const struct session_view *view)
{
	uint64_t gpa = RUN_READ(run, mmio.phys_addr);

	buffer_add_string(out, ": ");
	add_bytes(out, RUN_READ(run, mmio.len));
	buffer_add_string(out, RUN_READ(run, mmio.is_write) ?
			       " written to guest physical " :
			       " read from guest physical ");
	buffer_add_hex(out, gpa);
	if (view->vm && view->vm->slot_count <= SLOTS_MAX)
		add_nearest(out, gpa, view->vm);
}

/* Registers that came along with the exit: KVM_CAP_SYNC_REGS. */
static void add_registers(struct buffer *out, const struct session_view *view)
{
	if (!view->vcpu || !view->vcpu->registers.has_regs)
		return;
	buffer_add_string(out, ", rax ");
	buffer_add_hex(out, view->vcpu->registers.regs.rax);
	buffer_add_string(out, ", rip ");
	buffer_add_hex(out, view->vcpu->registers.regs.rip);
}

void exit_words_add(struct buffer *out, const struct record *record,
		    const struct session_view *view)
{
	const uint8_t *run = find_run(record);
	uint32_t reason = (uint32_t)RUN_READ(run, exit_reason);
	const struct abi_exit *row = abi_find_exit(reason);

	if (row) {
		buffer_add_string(out, row->name);
	} else {
		buffer_add_string(out, "exit reason ");
		buffer_add_unsigned(out, reason);
	}
	if (reason == KVM_EXIT_IO)
		add_io(out, run);
	else if (reason == KVM_EXIT_MMIO)
		add_mmio(out, run, view);
	else if (reason == KVM_EXIT_HLT)
		add_registers(out, view);
}

static void add_io_task(struct buffer *out, const uint8_t *run)
{
	buffer_add_string(out, is_in(run) ? "write " : "take ");
	add_bytes(out, RUN_READ(run, io.size) * RUN_READ(run, io.count));
	buffer_add_string(out, " at kvm_run + ");
	buffer_add_hex(out, RUN_READ(run, io.data_offset));
	buffer_add_string(out, " (io.data_offset), then KVM_RUN");
}

static void add_mmio_task(struct buffer *out, const uint8_t *run)
{
	buffer_add_string(out, RUN_READ(run, mmio.is_write) ? "take "
							    : "write ");
	add_bytes(out, RUN_READ(run, mmio.len));
	buffer_add_string(out, " in mmio.data, then KVM_RUN");
}

/* api.rst 5, by exit reason. */
static const struct task {
	uint32_t reason;
	const char *text;
} tasks[] = {
	{ KVM_EXIT_HLT, "the guest waits: KVM_RUN again when an interrupt "
			"is to wake it, or this is its end" },
	{ KVM_EXIT_SHUTDOWN, "the guest can't go on: stop, or reset the vCPU" },
	{ KVM_EXIT_FAIL_ENTRY, "nothing was run: stop, the processor refused "
			       "the guest's state" },
	{ KVM_EXIT_INTERNAL_ERROR, "KVM can't go on: stop" },
	{ KVM_EXIT_IRQ_WINDOW_OPEN, "now KVM_INTERRUPT, then KVM_RUN" },
	{ KVM_EXIT_INTR, "a signal came: KVM_RUN again" },
	{ KVM_EXIT_X86_RDMSR, "write msr.data or msr.error, then KVM_RUN" },
	{ KVM_EXIT_X86_WRMSR, "take msr.data, write msr.error, then KVM_RUN" },
	{ KVM_EXIT_HYPERCALL, "write hypercall.ret, then KVM_RUN" },
};

void exit_words_add_next(struct buffer *out, const struct record *record)
{
	const uint8_t *run = find_run(record);
	uint32_t reason = (uint32_t)RUN_READ(run, exit_reason);

	if (reason == KVM_EXIT_IO) {
		add_io_task(out, run);
		return;
	}
	if (reason == KVM_EXIT_MMIO) {
		add_mmio_task(out, run);
		return;
	}
	for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++) {
		if (tasks[i].reason == reason) {
			buffer_add_string(out, tasks[i].text);
			return;
		}
	}
	buffer_add_string(out, "kvm_run holds exit_reason and what goes with "
			       "it");
}
