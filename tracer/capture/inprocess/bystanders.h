/*
 * The threads of a process that run while one of them is stopped, looked at
 * without stopping them: PTRACE_INTERRUPT would break KVM_RUN off. What /proc
 * says of them is a sample; the comments tell when it can be built upon.
 */
#ifndef CAPTURE_INPROCESS_BYSTANDERS_H
#define CAPTURE_INPROCESS_BYSTANDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct bystander {
	pid_t tid;
	uint64_t blocked;	/* its signal mask, where that was asked for */
};

struct bystanders {
	size_t count, capacity;
	struct bystander *list;
};

/* All threads of the process. 0 or -errno. Zeroed is empty. */
int bystanders_list(struct bystanders *bystanders, pid_t pid);
void bystanders_free(struct bystanders *bystanders);

/*
 * Takes out those that are known not to be at any of the places `address` + n
 * for which bit n of `places` is set, by their instruction pointer and by the
 * frames that signals have left on their stack. One that is running isn't
 * known. True when none is left. While nobody can come to these places anew,
 * who has been seen once to be elsewhere is done with.
 */
bool bystanders_are_elsewhere(struct bystanders *bystanders, pid_t pid,
			      uint64_t address, uint8_t places);

/*
 * May one of them take a SIGTRAP without its disposition being reset by the
 * kernel? Those whose mask would lose it are put into *ret_blocked, the others
 * taken out of it; of those that are stopped already it is left as it is.
 */
bool bystanders_can_trap(const struct bystanders *bystanders, pid_t pid,
			 struct bystanders *ret_blocked);

/* Takes it out; false when it isn't one of them. */
bool bystanders_take(struct bystanders *bystanders, pid_t tid,
		     uint64_t *ret_blocked);

#endif
