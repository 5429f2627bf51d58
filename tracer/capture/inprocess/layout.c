/* The structures that C uses and the offsets that the agent uses are one. */
#include "capture/inprocess/layout.h"

#include <linux/kvm.h>

#include "abi/abi.h"

#define AT(type, member, macro) \
	_Static_assert(offsetof(struct type, member) == (macro), #macro)

AT(agent_request, kind, REQUEST_KIND);
AT(agent_request, flow, REQUEST_FLOW);
AT(agent_request, bytes, REQUEST_BYTES);
_Static_assert(sizeof(struct agent_request) == 1 << REQUEST_SHIFT, "requests");
AT(agent_thread, slot, THREAD_SLOT);
_Static_assert(sizeof(struct agent_thread) == 1 << THREAD_SHIFT, "threads");
AT(agent_fd, file, FD_FILE);
AT(agent_fd, looks, FD_LOOKS);
AT(agent_fd, run, FD_RUN);
AT(agent_fd, run_bytes, FD_RUN_BYTES);
_Static_assert(sizeof(struct agent_fd) == 1 << FD_SHIFT, "descriptors");
_Static_assert(sizeof(struct agent_fd) == FD_ENTRY_BYTES, "descriptors");

AT(agent_tables, pause, TABLES_PAUSE);
AT(agent_tables, stack, TABLES_STACK);
AT(agent_tables, requests, TABLES_REQUESTS);
AT(agent_tables, threads, TABLES_THREADS);
AT(agent_tables, fds, TABLES_FDS);
_Static_assert(sizeof(struct agent_tables) == TABLES_BYTES &&
	       TABLES_BYTES % 4096 == 0, "tables fill pages");

AT(slot_head, head, SLOT_HEAD);
AT(slot_head, origin, SLOT_ORIGIN);
AT(slot_head, tail, SLOT_TAIL);
AT(slot_head, state, SLOT_STATE);
AT(slot_head, full, SLOT_FULL);
AT(slot_head, flags, SLOT_FLAGS);
AT(slot_head, ip, SLOT_IP);
AT(slot_head, rbx, SLOT_RBX);
AT(slot_head, r8, SLOT_R8);
AT(slot_head, r9, SLOT_R9);
AT(slot_head, r10, SLOT_R10);
AT(slot_head, rdi, SLOT_RDI);
AT(slot_head, rsi, SLOT_RSI);
AT(slot_head, rdx, SLOT_RDX);
AT(slot_head, result, SLOT_RESULT);
AT(slot_head, record, SLOT_RECORD);
AT(slot_head, cursor, SLOT_CURSOR);
AT(slot_head, run_bytes, SLOT_RUN_BYTES);
AT(slot_head, stack_low, SLOT_STACK_LOW);
AT(slot_head, stack_high, SLOT_STACK_HIGH);
_Static_assert(sizeof(struct slot_head) <= SLOT_RING, "the slot's head");

AT(ring_head, size, RECORD_SIZE);
AT(ring_head, length, RECORD_LENGTH);
AT(ring_head, start_tsc, RECORD_START);
AT(ring_head, end_tsc, RECORD_END);
AT(ring_head, ip, RECORD_IP);
AT(ring_head, rsp, RECORD_RSP);
AT(ring_head, rbp, RECORD_RBP);
AT(ring_head, fd, RECORD_FD);
AT(ring_head, file, RECORD_FILE);
AT(ring_head, request, RECORD_REQUEST);
AT(ring_head, argument, RECORD_ARGUMENT);
AT(ring_head, result, RECORD_RESULT);
AT(ring_head, run_bytes, RECORD_RUN_BYTES);
_Static_assert(sizeof(struct ring_head) == RECORD_SECTIONS, "a record's head");

/* The longest: kvm_run and port data twice, and the ring. */
_Static_assert(RECORD_SECTIONS + SECTION_HEAD + STACK_MAX + 2 * (SECTION_HEAD + RUN_LONG_BYTES) +
	       2 * (SECTION_HEAD + RUN_DATA_MAX) + SECTION_HEAD + 4096 +
	       RECORD_UNIT <= RECORD_MAX, "a record with all sections");
_Static_assert(SLOT_BYTES % 4096 == 0, "slots begin at pages");

AT(kvm_run, exit_reason, RUN_REASON);
AT(kvm_run, io.direction, RUN_IO_DIRECTION);
AT(kvm_run, io.size, RUN_IO_SIZE);
AT(kvm_run, io.count, RUN_IO_COUNT);
AT(kvm_run, io.data_offset, RUN_IO_DATA_OFFSET);
AT(kvm_run, kvm_valid_regs, RUN_VALID_REGS);
AT(kvm_run, kvm_dirty_regs, RUN_DIRTY_REGS);
_Static_assert(KVM_EXIT_IO == 2 && KVM_EXIT_HLT == 5 && KVM_EXIT_MMIO == 6 &&
	       KVM_EXIT_IRQ_WINDOW_OPEN == 7 && KVM_EXIT_SHUTDOWN == 8 &&
	       KVM_EXIT_INTR == 10 && KVM_EXIT_INTERNAL_ERROR == 17,
	       "exit reasons in agent_code.S");
_Static_assert(offsetof(struct kvm_run, mmio.is_write) < RUN_SHORT_BYTES &&
	       offsetof(struct kvm_run, io.data_offset) + 8 <= RUN_SHORT_BYTES,
	       "what a short kvm_run holds");
_Static_assert(RUN_LONG_BYTES == ABI_RUN_BYTES &&
	       RUN_RING_OFFSET == ABI_RUN_RING_OFFSET, "kvm_run");
