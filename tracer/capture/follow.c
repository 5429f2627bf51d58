#include "capture/follow.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NEEDED_STOPS 128	/* of one thread, before it is followed */
#define NEEDED_STOPS_MAX (1u << 22)
#define CHECK_STOPS 64		/* between two looks at where it runs */
#define WAIT_NS_PER_STOP 100000	/* more than this: others need the processor */

/* setpriority(2): RLIMIT_NICE 20 is the right to nice value 0. */
#define RLIMIT_NICE_ZERO 20

static bool has_nice_capability(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &head, data) < 0)
		return false;
	return data[0].effective >> CAP_SYS_NICE & 1;
}

void follower_init(struct follower *follower)
{
	struct rlimit nice = { 0 };

	memset(follower, 0, sizeof(*follower));
	follower->cpu = -1;
	follower->needed = NEEDED_STOPS;
	getrlimit(RLIMIT_NICE, &nice);
	follower->is_allowed = sched_getscheduler(0) == SCHED_OTHER &&
		(has_nice_capability() || nice.rlim_cur >= RLIMIT_NICE_ZERO) &&
		!sched_getaffinity(0, sizeof(follower->own_cpus),
				   &follower->own_cpus);
}

static bool read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return false;
	length = read(fd, text, size - 1);
	close(fd);
	text[length < 0 ? 0 : length] = '\0';
	return length > 0;
}

/* The processor that a thread ran on last: field 39 of proc(5)'s stat. */
static int read_cpu(pid_t tid)
{
	char path[32], text[1024], *field;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)tid);
	if (!read_file(path, text, sizeof(text)))
		return -1;
	/* The name, field 2, may hold blanks and parentheses. */
	field = strrchr(text, ')');
	for (int number = 2; field && number < 39; number++)
		field = strchr(field + 1, ' ');
	return field ? atoi(field + 1) : -1;
}

/* Time that this thread was runnable but didn't run: schedstat's field 2. */
static bool read_wait_ns(uint64_t *ret_ns)
{
	unsigned long long wait;
	char text[128];

	if (!read_file("/proc/thread-self/schedstat", text, sizeof(text)) ||
	    sscanf(text, "%*u %llu", &wait) != 1)
		return false;
	*ret_ns = wait;
	return true;
}

static void set_policy(int policy)
{
	struct sched_param none = { 0 };

	sched_setscheduler(0, policy, &none);
}

void follower_leave(struct follower *follower)
{
	follower->streak = 0;
	if (!follower->is_following)
		return;
	set_policy(SCHED_OTHER);
	sched_setaffinity(0, sizeof(follower->own_cpus), &follower->own_cpus);
	follower->is_following = false;
	follower->cpu = -1;
}

/* Was the tracer kept waiting since the last check? */
static bool is_crowded(struct follower *follower)
{
	uint64_t before = follower->wait_ns;

	if (!read_wait_ns(&follower->wait_ns))
		return true;
	return follower->is_following &&
	       follower->wait_ns - before > CHECK_STOPS * WAIT_NS_PER_STOP;
}

static void go_to(struct follower *follower, int cpu)
{
	cpu_set_t cpus;

	if (cpu < 0 || cpu >= CPU_SETSIZE || cpu == follower->cpu)
		return;
	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus) < 0)
		return;
	set_policy(SCHED_IDLE);
	follower->cpu = cpu;
	follower->is_following = true;
}

void follower_stop(struct follower *follower, pid_t tid)
{
	if (!follower->is_allowed)
		return;
	if (tid != follower->tid) {
		follower_leave(follower);
		follower->tid = tid;
	}
	if (++follower->streak < follower->needed ||
	    follower->streak % CHECK_STOPS)
		return;
	if (is_crowded(follower)) {
		follower_leave(follower);
		if (follower->needed < NEEDED_STOPS_MAX)
			follower->needed *= 8;
		return;
	}
	go_to(follower, read_cpu(tid));
}
