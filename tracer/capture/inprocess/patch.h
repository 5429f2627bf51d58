/*
 * The sites of one address space that jump to the agent: each is patched when
 * its first call has stopped, under the eyes of threads that run on. What is
 * written is the process's own copy of the code, by /proc/PID/mem.
 *
 * The process must be the only one with this address space: not a child of
 * vfork().
 */
#ifndef CAPTURE_INPROCESS_PATCH_H
#define CAPTURE_INPROCESS_PATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "capture/inprocess/remote.h"

struct patches;

/* The stubs jump to `agent_entry`; site.h says in which state. */
struct patches *patches_new(uint64_t agent_entry);
/* For a child of fork: stubs and jumps are there already. */
struct patches *patches_copy(const struct patches *patches);
void patches_free(struct patches *patches);	/* NULL is fine */

/*
 * Pages for stubs beside each module of the process. May be asked again when
 * modules were loaded since. -ENOSPC: there is no room beside any of them;
 * -ESRCH: the thread is gone; else what mmap answered.
 */
int patches_reserve(struct patches *patches, struct remote *remote, pid_t pid);

/*
 * The site whose `syscall` ends at `syscall_ip`; a thread of process `pid` is
 * stopped in it. 0: it was patched before, 1: it is now. -EAGAIN: not now; most
 * later asks cost nothing. -ENOTSUP: never. *ret_why tells why not; it stays
 * valid.
 */
int patches_add_site(struct patches *patches, pid_t pid, uint64_t syscall_ip,
		     const char **ret_why);

/* Has this been asked for before, whatever came of it? */
bool patches_know_site(const struct patches *patches, uint64_t syscall_ip);

/*
 * A thread has got a SIGTRAP of the kernel's (si_code SI_KERNEL) with its
 * instruction pointer at `rip`. True when it was caught by patching: the
 * signal shall be swallowed and the thread go on at *ret_rip.
 */
bool patches_rewind(struct patches *patches, pid_t pid, uint64_t rip,
		    uint64_t *ret_rip);

/*
 * Call it for a thread that patches_rewind() was true for, in that stop: when
 * it had SIGTRAP blocked, blocks it again. True when it had. Limit: one that
 * changed its mask in the moment between the look at it and the int3 is taken
 * not to have it blocked.
 */
bool patches_restore_mask(struct patches *patches, pid_t tid);

/*
 * Does `rip` lie in a stub? Then *ret_original_ip is where it would be in the
 * program's own code: for unwinding and for people.
 */
bool patches_have_stub(const struct patches *patches, uint64_t rip,
		       uint64_t *ret_original_ip);

#endif
