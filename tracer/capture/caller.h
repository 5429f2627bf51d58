/*
 * Which instruction of the program made a system call: the first one outside
 * the C library's wrappers (ioctl(), syscall(), the vDSO …), with symbol and
 * source line by libdw from the program's own files and separate debug files
 * on this machine. It never asks a debuginfod server.
 *
 * The place is learnt once; after that a call through one wrapper costs one
 * read of a word on the traced stack and two look-ups in a hash table.
 *
 * Limits: modules that replace others at the same addresses (dlclose, dlopen)
 * are taken for the first; files are opened by their names in this mount
 * namespace; names of C++ and Rust stay mangled, as the symbol table has them.
 */
#ifndef CAPTURE_CALLER_H
#define CAPTURE_CALLER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "capture/memory.h"
#include "record/record.h"

/* The code of one address space: one program, from exec to exec. */
struct caller_space;

/* Costs nothing until the first caller_find(). */
struct caller_space *caller_space_new(pid_t pid);
void caller_space_free(struct caller_space *space);	/* NULL is fine */

/*
 * Thread `tid` stands in a ptrace stop at a system call, with these pointers.
 * Fills *ret; its strings live as long as the space. ret->ip is the last byte
 * of the call instruction (or the syscall instruction, when nothing wraps it):
 * the return address less one, which is what addr2line and debuggers want to
 * be asked for the line of the call. ret->offset is it in the numbers of the
 * object's file; of the mapping, when the file can't be read. In memory that
 * belongs to no file (JIT code) ret->ip is all there is. `stack` may be a copy
 * of the top of the stack that is at hand, which saves a read, or NULL.
 * Returns how many bytes of the stack it took.
 */
uint64_t caller_find(struct caller_space *space, pid_t tid, uint64_t ip,
		     uint64_t sp, const struct memory_span *stack,
		     struct record_caller *ret);

/*
 * The same of a thread that has gone on since: `stack` is all there is of its
 * stack as it was, `frame` its frame pointer. False: more of the stack would
 * have been needed.
 */
bool caller_find_past(struct caller_space *space, pid_t tid, uint64_t ip,
		      uint64_t frame, const struct memory_span *stack,
		      struct record_caller *ret);

#endif
