#include "grade/grade_bounds.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A uid from the text; the last one means "no change": setresuid(2). */
static int parse_uid(const char *text, uid_t *ret_uid)
{
	unsigned long long number;
	char *end;

	if (!isdigit((unsigned char)*text))
		return -ENOENT;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno || *end || number >= (uid_t)-1)
		return -ENOENT;
	*ret_uid = (uid_t)number;
	return 0;
}

int grade_find_user(const char *name, struct grade_user *ret_user)
{
	struct passwd *entry = getpwnam(name);
	struct grade_user user = { .group_count = GRADE_GROUPS_MAX };
	int error = entry ? 0 : parse_uid(name, &user.uid);

	if (error)
		return error;
	if (!entry)
		entry = getpwuid(user.uid);
	if (!entry) {
		user.gid = user.groups[0] = user.uid;
		user.group_count = 1;
	} else {
		user.uid = entry->pw_uid;
		user.gid = entry->pw_gid;
		if (getgrouplist(entry->pw_name, user.gid, user.groups,
				 &user.group_count) < 0)
			return -E2BIG;
	}
	*ret_user = user;
	return 0;
}

static int take_descriptors(const struct grade_bounds *bounds)
{
	for (int fd = 0; fd < 3; fd++)
		if (dup2(bounds->descriptors[fd], fd) < 0)
			return -errno;
	/* kill(0) and the terminal reach its own session only. */
	return setsid() < 0 ? -errno : 0;
}

static int set_limits(const struct grade_bounds *bounds)
{
	const struct rlimit core = { 0, 0 };
	struct rlimit file;

	if (getrlimit(RLIMIT_FSIZE, &file))
		return -errno;
	if (file.rlim_max > bounds->file_bytes)
		file.rlim_max = bounds->file_bytes;
	file.rlim_cur = file.rlim_max;
	if (setrlimit(RLIMIT_FSIZE, &file) ||
	    setrlimit(RLIMIT_CORE, &core) ||
	    setrlimit(RLIMIT_AS, &bounds->memory))
		return -errno;
	return 0;
}

static int become(const struct grade_user *user)
{
	if (!user)
		return 0;
	if (setgroups((size_t)user->group_count, user->groups) ||
	    setresgid(user->gid, user->gid, user->gid) ||
	    setresuid(user->uid, user->uid, user->uid))
		return -errno;
	return 0;
}

/* The status of the child is the error. */
static void ask_as_user(const struct grade_user *user)
{
	if (become(user) || open("/dev/kvm", O_RDWR | O_CLOEXEC) < 0)
		_exit(errno);
	_exit(0);
}

int grade_ask_for_kvm(const struct grade_user *user)
{
	pid_t child = fork();
	int status;

	if (!child)
		ask_as_user(user);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

/*
 * A process made with CLONE_UNTRACED is not traced (clone(2)), so nothing
 * would count or end it. clone3's flags are in memory, where a filter can't
 * look; it doesn't exist here, and the C libraries then use clone.
 */
static int add_rules(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp untraced = SCMP_A0(
		SCMP_CMP_MASKED_EQ, CLONE_UNTRACED, CLONE_UNTRACED);
	int error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
				     SCMP_ACT_ALLOW);

	if (!error)
		error = seccomp_arch_add(filter, SCMP_ARCH_X86);
	if (!error)
		error = seccomp_arch_add(filter, SCMP_ARCH_X32);
	if (!error)
		error = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM),
					       SCMP_SYS(clone), 1, &untraced);
	if (!error)
		error = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOSYS),
					       SCMP_SYS(clone3), 0, NULL);
	return error;
}

/* seccomp_load() sets no_new_privs too: no way back by sudo and its like. */
static int stay_traced(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int error;

	if (!filter)
		return -ENOMEM;
	error = add_rules(filter);
	if (!error)
		error = seccomp_load(filter);
	seccomp_release(filter);
	return error;
}

int grade_enter_bounds(void *context)
{
	const struct grade_bounds *bounds = context;
	int error = take_descriptors(bounds);

	if (!error)
		error = set_limits(bounds);
	if (!error)
		error = become(bounds->user);
	return error ? error : stay_traced();
}
