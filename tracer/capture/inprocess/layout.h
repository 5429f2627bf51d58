/*
 * What the agent (agent_code.S, code that runs inside the traced process) and the
 * tracer share: addresses, tables, rings and the records in them. Offsets are
 * macros, because the assembler reads them too; layout.c checks them against
 * the structures.
 *
 * The traced process can write to all of it but the code, so the tracer only
 * writes the tables and believes nothing that it reads in the rings.
 */
#ifndef CAPTURE_INPROCESS_LAYOUT_H
#define CAPTURE_INPROCESS_LAYOUT_H

/*
 * The seccomp filter must know where the agent's system call is before the
 * program is there, so its place is fixed ("kvmt" in ASCII): between the
 * places of position-independent programs (0x55…, 0x56…) and of libraries
 * (0x7f…), and out of the sanitizers' regions.
 */
#define AGENT_CODE	0x6b766d740000
#define AGENT_CODE_BYTES	4096

/*
 * A page of each process's own, which is zero again in a child of fork: where
 * its tables are. There the agent leaves every call to the tracer.
 */
#define AGENT_PRIVATE	0x6b766d750000
#define PRIVATE_TABLES	0	/* u64: address of struct agent_tables; 0: none */
#define PRIVATE_THREADS	8	/* u64: of its `threads` */
#define PRIVATE_SCRATCH	16	/* for the tracer's calls in the process */
#define PRIVATE_SCRATCH_BYTES	48
#define PRIVATE_BYTES	4096

/*
 * The shared memory, away from where the program's own mappings come to lie:
 * tables for each of the processes that fork makes of one, then the slots.
 */
#define AGENT_SHARED	0x6b7670000000

/* struct agent_tables */
#define TABLES_PAUSE	0	/* u32: not 0: all calls go to the tracer */
#define TABLES_STACK	4	/* u32: bytes of the stack that tell the caller */
#define TABLES_REQUESTS	64	/* struct agent_request, by REQUEST_INDEX() */
#define TABLES_THREADS	8192	/* struct agent_thread, by the hash of fs */
#define TABLES_FDS	16384	/* struct agent_fd */
#define TABLES_BYTES	(TABLES_FDS + AGENT_FDS * FD_ENTRY_BYTES)

#define REQUEST_SHIFT	3	/* log2 of the entry's bytes */
#define REQUEST_KIND	4
#define REQUEST_FLOW	5
#define REQUEST_BYTES	6

/* struct agent_request.kind: what the agent copies. */
#define KIND_TRACER	0	/* nothing: the call goes to the tracer */
#define KIND_VALUE	1	/* the argument is no pointer, or unused */
#define KIND_STRUCT	2	/* `bytes` of it, as `flow` says */
#define KIND_RUN	3	/* kvm_run */

/* struct agent_request.flow, a mask */
#define FLOWS_IN	1
#define FLOWS_OUT	2

#define THREAD_SHIFT	4
#define THREAD_SLOT	8
#define THREAD_BITS	8	/* of the hash */
#define THREAD_PROBES	4
#define THREAD_HASH	0x61c88647	/* 2^32 / golden ratio, less than 2^31 */

#define AGENT_FDS	1024
#define FD_SHIFT	5
#define FD_ENTRY_BYTES	32
#define FD_FILE		0
#define FD_LOOKS	4
#define FD_RUN		8
#define FD_RUN_BYTES	16

/*
 * A thread's slot in the shared memory: how far its ring is, the registers
 * that a call of it found, and the ring.
 */
#define SLOT_HEAD	0	/* bytes ever written: the agent's */
#define SLOT_ORIGIN	8	/* … when it last found all of them read */
#define SLOT_TAIL	64	/* bytes ever read: the tracer's */
#define SLOT_STATE	128	/* u32: not 0: a call is under way */
#define SLOT_FULL	132	/* u32: not 0: the agent found the ring full */
#define SLOT_FLAGS	136	/* ah, al: as LAHF and SETO left them */
#define SLOT_IP		144	/* behind the site's `syscall` */
#define SLOT_RBX	152
#define SLOT_R8		160
#define SLOT_R9		168
#define SLOT_R10	176
#define SLOT_RDI	184
#define SLOT_RSI	192
#define SLOT_RDX	200
#define SLOT_RESULT	208
#define SLOT_RECORD	216	/* address of the record in the making */
#define SLOT_CURSOR	224	/* … and its end, before the call */
#define SLOT_RUN_BYTES	232	/* of kvm_run that are mapped */
#define SLOT_STACK_LOW	240	/* the mapping of the thread's stack */
#define SLOT_STACK_HIGH	248
#define SLOT_RING	4096

/*
 * Records lie one behind the other from the ring's beginning, where the agent
 * starts anew whenever all have been read: so a tracer that keeps up keeps the
 * ring in the cache. The last record may go past the ring's end: its bytes go
 * on behind it, so that nothing wraps.
 */
#define RING_BYTES	(4 << 20)
#define RECORD_UNIT	16
#define RECORD_MAX	16384	/* bytes of the longest record */
#define SLOT_BYTES	(SLOT_RING + RING_BYTES + RECORD_MAX)

#define RECORD_SIZE	0	/* u32, a multiple of RECORD_UNIT */
#define RECORD_LENGTH	4	/* u32: the bytes of it that are in use */
#define RECORD_START	8	/* time-stamp counter */
#define RECORD_END	16
#define RECORD_IP	24
#define RECORD_RSP	32
#define RECORD_RBP	40
#define RECORD_FD	48
#define RECORD_FILE	52
#define RECORD_REQUEST	56
#define RECORD_ARGUMENT	64
#define RECORD_RESULT	72
#define RECORD_RUN_BYTES	80
#define RECORD_SECTIONS	88

/* A section: u32 kind, u32 length, the bytes, padding to 8. */
#define SECTION_HEAD	8
#define SECTION_RUN_BEFORE	1
#define SECTION_DATA_BEFORE	2
#define SECTION_RUN_AFTER	3
#define SECTION_DATA_AFTER	4
#define SECTION_RING	5
#define SECTION_ARGUMENT_BEFORE	6
#define SECTION_ARGUMENT_AFTER	7
#define SECTION_STACK	8
#define STACK_MAX	1024

/*
 * kvm_run: all that is copied, or its first bytes where the exit's member of
 * the union ends in them (<linux/kvm.h>): by exit reason, as a mask.
 */
#define RUN_LONG_BYTES	304
#define RUN_SHORT_BYTES	64
#define RUN_REASON	8
#define RUN_IO_DIRECTION	32
#define RUN_IO_SIZE	33
#define RUN_IO_COUNT	36
#define RUN_IO_DATA_OFFSET	40
#define RUN_VALID_REGS	288
#define RUN_DIRTY_REGS	296
#define RUN_RING_OFFSET	8192
/* IO, HLT, MMIO, IRQ_WINDOW_OPEN, INTR */
#define RUN_SHORT_REASONS	(1 << 2 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 10)
#define RUN_DATA_MAX	4096

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

struct agent_request {
	uint32_t request;
	uint8_t kind;
	uint8_t flow;
	uint16_t bytes;
};

struct agent_thread {
	uint64_t fs;		/* 0: an empty place */
	uint64_t slot;		/* its address in the process */
};

struct agent_fd {
	uint32_t file;		/* id of the open file; 0: not KVM's, or unknown */
	uint32_t looks;		/* KVM_RUN goes to the tracer: a look is due */
	uint64_t run;		/* address of kvm_run; 0: none */
	uint64_t run_bytes;
	uint64_t unused;
};

/* The number's byte, and above it the request's highest bit. */
#define REQUEST_INDEX(request) (((request) & 0xff) | (request) >> 31 << 8)
#define AGENT_REQUESTS	512
#define AGENT_THREADS	((1 << THREAD_BITS) + THREAD_PROBES)

struct agent_tables {
	uint32_t pause, stack;
	uint8_t unused[TABLES_REQUESTS - 8];
	struct agent_request requests[AGENT_REQUESTS];
	uint8_t unused_too[TABLES_THREADS - TABLES_REQUESTS -
			   AGENT_REQUESTS * sizeof(struct agent_request)];
	struct agent_thread threads[AGENT_THREADS];
	uint8_t unused_either[TABLES_FDS - TABLES_THREADS -
			      AGENT_THREADS * sizeof(struct agent_thread)];
	struct agent_fd fds[AGENT_FDS];
};

struct slot_head {
	uint64_t head, origin;
	uint64_t unused[6];
	uint64_t tail;
	uint64_t unused_too[7];
	uint32_t state, full;
	uint64_t flags;
	uint64_t ip;
	uint64_t rbx, r8, r9, r10, rdi, rsi, rdx;
	uint64_t result;
	uint64_t record;
	uint64_t cursor;
	uint64_t run_bytes;
	uint64_t stack_low, stack_high;
};

struct ring_head {
	uint32_t size, length;
	uint64_t start_tsc, end_tsc;
	uint64_t ip, rsp, rbp;
	int32_t fd;
	uint32_t file;
	uint64_t request, argument;
	int64_t result;
	uint64_t run_bytes;
};

/*
 * The agent's code and the places in it (agent_code.S). A thread whose instruction
 * pointer is at or behind a place, and before the next, is in the state that
 * its comment in agent_code.S tells.
 */
extern const uint8_t agent_begin[], agent_packing[], agent_packed[],
	agent_saving[], agent_claimed[], agent_syscall_end[], agent_committed[], agent_restored[],
	agent_sync_end[], agent_slow[], agent_end[];

/* The address of a place in the traced process. */
static inline uint64_t agent_address(const uint8_t *place)
{
	return AGENT_CODE + (uint64_t)(place - agent_begin);
}

#endif
#endif
