#include "capture/inprocess/eviction.h"

#include <asm/processor-flags.h>
#include <asm/unistd_64.h>
#include <sys/ptrace.h>

#include "abi/abi.h"
#include "capture/copy.h"
#include "capture/inprocess/inprocess.h"
#include "capture/inprocess/records.h"
#include "capture/space.h"

/* What LAHF and SETO keep: SDM volume 2, LAHF. */
#define KEPT_FLAGS (X86_EFLAGS_SF | X86_EFLAGS_ZF | X86_EFLAGS_AF | \
		    X86_EFLAGS_PF | X86_EFLAGS_CF | X86_EFLAGS_OF)

/* `packed`: ah and al as the agent packed them, and anything above. */
static void set_flags(struct user_regs_struct *regs, uint64_t packed)
{
	uint64_t low = packed >> 8 & KEPT_FLAGS & 0xff;
	uint64_t overflow = packed & 1 ? X86_EFLAGS_OF : 0;

	regs->eflags = (regs->eflags & ~(uint64_t)KEPT_FLAGS) | low | overflow;
}

static void set_saved(struct user_regs_struct *regs,
		      const struct slot_head *slot)
{
	regs->rbx = slot->rbx;
	regs->r8 = slot->r8;
	regs->r9 = slot->r9;
	regs->r10 = slot->r10;
	regs->rdi = slot->rdi;
	regs->rsi = slot->rsi;
	regs->rdx = slot->rdx;
	set_flags(regs, slot->flags);
}

/* Onto the site's `syscall`, two bytes, with the number as it was. */
static void go_back(struct user_regs_struct *regs, uint64_t ip)
{
	regs->rip = ip - 2;
	regs->rax = __NR_ioctl;
}

/* Behind it, as the kernel returns (SDM volume 2, SYSCALL and SYSRET). */
static void go_on(struct user_regs_struct *regs, const struct slot_head *slot,
		  uint64_t result)
{
	set_saved(regs, slot);
	regs->rip = slot->ip;
	regs->rcx = slot->ip;
	regs->r11 = regs->eflags;
	regs->rax = result;
}

static struct slot_head *slot_of(const struct thread *thread)
{
	return thread->ring->ring.slot;
}

/* The record as it was before the call; false when it is nonsense. */
static bool read_open(struct engine *engine, struct thread *thread)
{
	struct inprocess *inprocess = engine->inprocess;
	const struct thread_ring *ring = thread->ring;
	struct record *record = &thread->record;
	const struct run_mapping *run;

	if (ring_read_open(&ring->ring, area_slot_address(ring->slot),
			   &inprocess->scratch))
		return false;
	records_fill(engine, thread, &inprocess->scratch, record);
	record->start_ns = tsc_clock_ns(&inprocess->clock,
					inprocess->scratch.head.start_tsc);
	thread->row = abi_find_ioctl(record_request(record), 0);
	run = space_find_run(thread->process->space, record->file.id);
	thread->run_address = run && !run->is_private ? run->address : 0;
	thread->run_length = run ? run->length : 0;
	return true;
}

static bool has_argument(const struct record *record)
{
	return record_find_part(record, PART_ARGUMENT, PHASE_BEFORE, 0);
}

/*
 * As behind a call that ptrace has entered. What the kernel only reads has
 * not been copied yet.
 */
static void finish(struct engine *engine, struct thread *thread,
		   uint64_t result)
{
	struct record *record = &thread->record;

	if (!read_open(engine, thread))
		return;
	record->end_ns = engine_now_ns(engine);
	record->result = (int64_t)result;
	if (!has_argument(record))
		copy_argument(record, thread->tid, thread->row, PHASE_BEFORE,
			      &engine->options.oracle);
	ioctl_leave(engine, thread);
	engine_emit(engine, record);
}

static bool is_at_or_behind(uint64_t rip, const uint8_t *place)
{
	return rip >= agent_address(place);
}

/* Is the call made, and its record not complete? */
static bool is_in_doubt(uint64_t rip)
{
	return is_at_or_behind(rip, agent_syscall_end) &&
	       !is_at_or_behind(rip, agent_slow) &&
	       (!is_at_or_behind(rip, agent_committed) ||
		is_at_or_behind(rip, agent_restored));
}

static uint64_t result_of(const struct user_regs_struct *regs,
			  const struct slot_head *slot)
{
	return regs->rip == agent_address(agent_syscall_end) ? regs->rax :
		slot->result;
}

static enum eviction evict_claimed(struct engine *engine, struct thread *thread,
				   struct user_regs_struct *regs)
{
	struct slot_head *slot = slot_of(thread);
	uint64_t result = result_of(regs, slot);
	enum eviction eviction = EVICTION_BACK;

	if (is_in_doubt(regs->rip)) {
		eviction = EVICTION_FINISHED;
		finish(engine, thread, result);
		go_on(regs, slot, result);
	} else if (is_at_or_behind(regs->rip, agent_committed) &&
		   !is_at_or_behind(regs->rip, agent_slow)) {
		eviction = EVICTION_RESTORED;
		go_on(regs, slot, slot->result);
	} else {
		set_saved(regs, slot);
		go_back(regs, slot->ip);
	}
	slot->state = 0;
	return eviction;
}

/* Where nothing is in the slot yet: rcx has the address, at last the flags too. */
static void leave_unclaimed(struct user_regs_struct *regs)
{
	if (is_at_or_behind(regs->rip, agent_packed)) {
		set_flags(regs, regs->rcx);
		go_back(regs, regs->rcx >> 16);
	} else if (regs->rip > agent_address(agent_packing)) {
		set_flags(regs, regs->rax);
		go_back(regs, regs->rcx >> 16);
	} else {
		go_back(regs, regs->rcx);
	}
}

bool eviction_is_due(const struct user_regs_struct *regs)
{
	return regs->rip >= AGENT_CODE && !is_at_or_behind(regs->rip, agent_end);
}

enum eviction eviction_apply(struct engine *engine, struct thread *thread,
			     struct user_regs_struct *regs)
{
	if (!is_at_or_behind(regs->rip, agent_claimed)) {
		leave_unclaimed(regs);
		return EVICTION_BACK;
	}
	if (!thread->ring || regs->rip == agent_address(agent_restored))
		return EVICTION_NONE;
	return evict_claimed(engine, thread, regs);
}

void eviction_undo(struct thread *thread, struct user_regs_struct *regs)
{
	struct slot_head *slot = slot_of(thread);

	set_saved(regs, slot);
	go_back(regs, slot->ip);
	slot->state = 0;
}

void eviction_finish_sync(struct engine *engine, struct thread *thread)
{
	struct slot_head *slot = slot_of(thread);
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, thread->tid, 0, &regs))
		return;
	finish(engine, thread, slot->result);
	go_on(&regs, slot, slot->result);
	slot->state = 0;
	/* With the number -1 the kernel leaves rax alone: seccomp(2). */
	regs.orig_rax = (unsigned long long)-1;
	ptrace(PTRACE_SETREGS, thread->tid, 0, &regs);
}

void eviction_abandon(struct engine *engine, struct thread *thread,
		      const struct user_regs_struct *regs)
{
	struct slot_head *slot = slot_of(thread);
	uint64_t end = agent_address(agent_syscall_end);

	if (!slot->state || (regs && regs->rip < end))
		return;
	/* Behind the call, before its record was complete: it has a result. */
	if (regs && regs->rip > end && is_in_doubt(regs->rip)) {
		finish(engine, thread, slot->result);
	} else if ((!regs || regs->rip == end) && read_open(engine, thread)) {
		thread->record.end_ns = engine_now_ns(engine);
		thread->record.unfinished = true;
		engine_emit(engine, &thread->record);
	}
	slot->state = 0;
}
