#include "capture/calls.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/kvm.h>
#include <signal.h>
#include <sys/mman.h>

/* x32 calls carry this bit in their number: <asm/unistd.h>, __X32_SYSCALL_BIT. */
#define X32_BIT 0x40000000u
/* Its own ioctl, beside the numbers that it shares: <asm/unistd_x32.h>. */
#define X32_IOCTL (X32_BIT | 514u)
#define X86_64_IOCTL 16

/*
 * ioctl first: it is looked up most. Numbers from <asm/unistd_64.h> and
 * <asm/unistd_32.h>; the old i386 mmap (90, arguments in memory) can't map a
 * descriptor that a 32-bit libc of the last twenty years opened.
 */
const struct watched_call watched_calls[] = {
	{ "ioctl",	 CALL_IOCTL,	    16,  54, 0 },
	{ "close",	 CALL_CLOSE,	     3,   6, 0 },
	{ "mmap",	 CALL_MMAP,	     9, 192, 0 },
	{ "munmap",	 CALL_MUNMAP,	    11,  91, 0 },
	{ "openat",	 CALL_OPEN,	   257, 295, 1 },
	{ "open",	 CALL_OPEN,	     2,   5, 0 },
	{ "openat2",	 CALL_OPEN,	   437, 437, 1 },
	{ "dup",	 CALL_DUP,	    32,  41, 0 },
	{ "dup2",	 CALL_DUP,	    33,  63, 0 },
	{ "dup3",	 CALL_DUP,	   292, 330, 0 },
	{ "fcntl",	 CALL_FCNTL,	    72,  55, 0 },
	{ "fcntl64",	 CALL_FCNTL,	    -1, 221, 0 },
	{ "close_range", CALL_CLOSE_RANGE, 436, 436, 0 },
};

const size_t watched_call_count =
	sizeof(watched_calls) / sizeof(watched_calls[0]);

const struct watched_call signal_calls[] = {
	{ "rt_sigaction", CALL_SIGACTION, 13, 174, 0 },
};

const size_t signal_call_count = sizeof(signal_calls) / sizeof(signal_calls[0]);

static const struct watched_call *find_in(const struct watched_call *calls,
					  size_t count, bool is_32bit,
					  uint64_t nr)
{
	for (size_t i = 0; i < count; i++) {
		int own = is_32bit ? calls[i].nr_i386 : calls[i].nr_x86_64;

		if (own >= 0 && nr == (uint64_t)own)
			return &calls[i];
	}
	return NULL;
}

const struct watched_call *watched_call_find(uint32_t audit_arch, uint64_t nr)
{
	bool is_32bit = audit_arch == AUDIT_ARCH_I386;
	const struct watched_call *call;

	if (!is_32bit)
		nr = nr == X32_IOCTL ? X86_64_IOCTL : nr & ~(uint64_t)X32_BIT;
	call = find_in(watched_calls, watched_call_count, is_32bit, nr);
	return call ? call : find_in(signal_calls, signal_call_count, is_32bit,
				     nr);
}

static bool is_kvm_request(uint64_t request)
{
	return (request >> 8 & 0xff) == KVMIO;
}

/*
 * A vCPU is mapped shared, or, by mistake, private and writable from its
 * start; libraries are mapped private and read-only there.
 */
static bool may_map_run(const uint64_t args[6])
{
	uint64_t flags = args[3];

	if (flags & MAP_ANONYMOUS)
		return false;
	return (flags & MAP_SHARED) || ((args[2] & PROT_WRITE) && !args[5]);
}

static bool is_of_fault(uint64_t signal)
{
	return (uint32_t)signal == SIGSEGV || (uint32_t)signal == SIGBUS ||
	       (uint32_t)signal == SIGTRAP;
}

bool watched_call_wanted(const struct watched_call *call,
			 const uint64_t args[6])
{
	switch (call->kind) {
	case CALL_IOCTL:
		return is_kvm_request(args[1]);
	case CALL_FCNTL:
		return (uint32_t)args[1] == F_DUPFD ||
		       (uint32_t)args[1] == F_DUPFD_CLOEXEC;
	case CALL_MMAP:
		return may_map_run(args);
	case CALL_SIGACTION:
		return is_of_fault(args[0]) && args[1];
	default:
		return true;
	}
}
