#include "capture/inprocess/jump.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "capture/memory.h"

#define INT3 0xcc
/* At threads that run, one each 0.1 ms: who meets the int3 waits as long. */
#define LOOKS 20

int jump_open_memory(pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	return open(path, O_RDWR | O_CLOEXEC);
}

bool jump_write_code(int memory, uint64_t address, const void *bytes,
		     size_t length)
{
	return pwrite(memory, bytes, length, (off_t)address) == (ssize_t)length;
}

static void pause_us(long us)
{
	nanosleep(&(struct timespec){ .tv_nsec = us * 1000 }, NULL);
}

/* Let other processors, which may have fetched the old bytes, move on. */
static void pause_a_moment(void)
{
	pause_us(20);
}

/* No thread may be between instructions that become one. */
static bool are_outside(struct bystanders *threads, const struct jump *jump,
			pid_t pid)
{
	return !jump->inner ||
	       bystanders_are_elsewhere(threads, pid, jump->address,
					jump->inner);
}

/* The same, with patience for those that are running. */
static bool await_outside(struct bystanders *threads, const struct jump *jump,
			  pid_t pid)
{
	if (!jump->inner)
		return true;
	if (bystanders_list(threads, pid))
		return false;
	for (int i = 0; i < LOOKS; i++) {
		if (are_outside(threads, jump, pid))
			return true;
		pause_us(100);
	}
	return false;
}

static const char someone_inside[] = "other threads may be running there";

/* The process's one thread stands in the call. */
static int write_alone(int memory, const struct jump *jump,
		       struct bystanders *others, pid_t pid,
		       const char **ret_why)
{
	if (!are_outside(others, jump, pid)) {
		*ret_why = someone_inside;
		return -EAGAIN;
	}
	*ret_why = "code can't be written";
	return jump_write_code(memory, jump->address, jump->new,
			       sizeof(jump->new)) ? 0 : -ENOTSUP;
}

/*
 * An int3 keeps all from coming in; then the other bytes, the first one last
 * (as arch/x86/kernel/alternative.c, smp_text_poke_batch_finish(), does).
 */
static int write_among(int memory, struct jump *jump, struct bystanders *others,
		       pid_t pid, const char **ret_why)
{
	static const uint8_t int3 = INT3;
	uint64_t address = jump->address;

	*ret_why = "code can't be written";
	jump->had_int3 = true;
	if (!jump_write_code(memory, address, &int3, 1))
		return -ENOTSUP;
	pause_a_moment();
	if (!await_outside(others, jump, pid)) {
		jump_write_code(memory, address, jump->old, 1);
		*ret_why = someone_inside;
		return -EAGAIN;
	}
	jump_write_code(memory, address + 1, jump->new + 1,
			SITE_JUMP_BYTES - 1);
	pause_a_moment();
	jump_write_code(memory, address, jump->new, 1);
	return 0;
}

int jump_write(struct jump *jump, int memory, pid_t pid,
	       struct bystanders *blocked, const char **ret_why)
{
	struct bystanders others = { 0 };
	int error = bystanders_list(&others, pid);

	if (error) {
		*ret_why = "its threads can't be listed";
		error = -EAGAIN;
	} else if (others.count == 1) {
		error = write_alone(memory, jump, &others, pid, ret_why);
	} else if (!bystanders_can_trap(&others, pid, blocked)) {
		*ret_why = "SIGTRAP is ignored, or blocked with a handler";
		error = -EAGAIN;
	} else {
		error = write_among(memory, jump, &others, pid, ret_why);
	}
	bystanders_free(&others);
	return error;
}

/*
 * Is the int3 still there, then a thread forked while it stood, and this is the
 * child, alone. Other bytes around an int3: the code has become another.
 */
bool jump_finish(const struct jump *jump, pid_t pid, bool is_written)
{
	const uint8_t *wanted = is_written ? jump->new : jump->old;
	uint8_t now[SITE_JUMP_BYTES];
	bool is_done;
	int memory;

	if (memory_read(pid, jump->address, now, sizeof(now)) != sizeof(now))
		return false;
	if (now[0] != INT3)
		return true;
	if (memcmp(now + 1, jump->new + 1, sizeof(now) - 1) &&
	    memcmp(now + 1, jump->old + 1, sizeof(now) - 1))
		return false;
	memory = jump_open_memory(pid);
	if (memory < 0)
		return false;
	is_done = jump_write_code(memory, jump->address, wanted, sizeof(now));
	close(memory);
	return is_done;
}
