/*
 * What a graded program is bound to: the standard descriptors it gets, the
 * user it runs as, how large its files may grow, how many threads it may
 * have. All that it starts is bound alike, and stays traced: see the filter.
 */
#ifndef GRADE_BOUNDS_H
#define GRADE_BOUNDS_H

#include <sys/resource.h>
#include <sys/types.h>

#define GRADE_GROUPS_MAX 256

struct grade_user {
	uid_t uid;
	gid_t gid;
	gid_t groups[GRADE_GROUPS_MAX];
	int group_count;
};

struct grade_bounds {
	int descriptors[3];		/* which become 0, 1 and 2 */
	const struct grade_user *user;	/* NULL: the grader's own */
	rlim_t file_bytes;
	struct rlimit memory;		/* as it was before the tracer's own */
};

/*
 * A user by name or number; a number needs no entry in the user database and
 * then has the group of that number only. 0 or -errno.
 */
int grade_find_user(const char *name, struct grade_user *ret_user);

/* May this user open /dev/kvm? 0, or -errno: asked of a process that is he. */
int grade_ask_for_kvm(const struct grade_user *user);

/* Of this process, from now on: 0 or -errno. For capture_bounds.enter. */
int grade_enter_bounds(void *bounds);

#endif
