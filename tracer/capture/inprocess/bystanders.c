#include "capture/inprocess/bystanders.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "capture/memory.h"

/* More than the frames of a few nested signals (AVX-512: 3.5 KiB each). */
#define STACK_WORDS 2048

#define SIGTRAP_BIT (1ull << (SIGTRAP - 1))

static void add(struct bystanders *bystanders, pid_t tid, uint64_t blocked)
{
	if (bystanders->count == bystanders->capacity) {
		bystanders->capacity = bystanders->capacity ?
			2 * bystanders->capacity : 16;
		bystanders->list = realloc(bystanders->list,
					   bystanders->capacity *
					   sizeof(bystanders->list[0]));
		if (!bystanders->list)
			log_die("out of memory: %zu threads",
				bystanders->capacity);
	}
	bystanders->list[bystanders->count++] =
		(struct bystander){ tid, blocked };
}

bool bystanders_take(struct bystanders *bystanders, pid_t tid,
		     uint64_t *ret_blocked)
{
	for (size_t i = 0; i < bystanders->count; i++) {
		if (bystanders->list[i].tid != tid)
			continue;
		*ret_blocked = bystanders->list[i].blocked;
		bystanders->list[i] = bystanders->list[--bystanders->count];
		return true;
	}
	return false;
}

void bystanders_free(struct bystanders *bystanders)
{
	free(bystanders->list);
	*bystanders = (struct bystanders){ 0 };
}

int bystanders_list(struct bystanders *bystanders, pid_t pid)
{
	struct dirent *entry;
	char path[32];
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	tasks = opendir(path);
	if (!tasks)
		return -errno;
	bystanders->count = 0;
	while ((entry = readdir(tasks)))
		if (entry->d_name[0] != '.')
			add(bystanders, atoi(entry->d_name), 0);
	closedir(tasks);
	return 0;
}

static FILE *open_file(pid_t pid, pid_t tid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", (int)pid, (int)tid,
		 name);
	return fopen(path, "re");
}

/* The last two fields are sp and pc; "running" has none (proc(5)). */
static bool read_pointers(FILE *file, uint64_t *ret_sp, uint64_t *ret_pc)
{
	char line[256], *sp, *pc;

	if (!fgets(line, sizeof(line), file))
		return false;
	pc = strrchr(line, ' ');
	if (!pc)
		return false;
	*pc++ = '\0';
	sp = strrchr(line, ' ');
	if (!sp)
		return false;
	*ret_sp = strtoull(sp + 1, NULL, 16);
	*ret_pc = strtoull(pc, NULL, 16);
	return true;
}

static bool is_place(uint64_t ip, uint64_t address, uint8_t places)
{
	return ip - address < 8 && (places >> (ip - address) & 1);
}

/* A signal's frame holds the instruction pointer that it will return to. */
static bool stack_has(pid_t tid, uint64_t sp, uint64_t address, uint8_t places)
{
	uint64_t words[STACK_WORDS];
	size_t got = memory_read(tid, sp & ~7ull, words, sizeof(words));

	for (size_t i = 0; i < got / sizeof(words[0]); i++)
		if (is_place(words[i], address, places))
			return true;
	return false;
}

static bool is_elsewhere(pid_t pid, pid_t tid, uint64_t address, uint8_t places)
{
	FILE *file = open_file(pid, tid, "syscall");
	uint64_t sp, pc;
	bool is_known;

	if (!file)
		return errno == ENOENT;		/* it has ended */
	is_known = read_pointers(file, &sp, &pc);
	fclose(file);
	return is_known && !is_place(pc, address, places) &&
	       !stack_has(tid, sp, address, places);
}

bool bystanders_are_elsewhere(struct bystanders *bystanders, pid_t pid,
			      uint64_t address, uint8_t places)
{
	size_t left = 0;

	for (size_t i = 0; i < bystanders->count; i++)
		if (!is_elsewhere(pid, bystanders->list[i].tid, address,
				  places))
			bystanders->list[left++] = bystanders->list[i];
	bystanders->count = left;
	return !left;
}

struct signals {
	uint64_t pending, blocked, ignored, caught;
	char state;		/* 't': in a ptrace stop */
};

static bool read_signals(pid_t pid, pid_t tid, struct signals *ret)
{
	FILE *file = open_file(pid, tid, "status");
	char line[256];
	int found = 0;

	if (!file)
		return false;
	while (fgets(line, sizeof(line), file))
		found += sscanf(line, "State: %c", &ret->state) == 1 ||
			 sscanf(line, "SigPnd: %" SCNx64, &ret->pending) == 1 ||
			 sscanf(line, "SigBlk: %" SCNx64, &ret->blocked) == 1 ||
			 sscanf(line, "SigIgn: %" SCNx64, &ret->ignored) == 1 ||
			 sscanf(line, "SigCgt: %" SCNx64, &ret->caught) == 1;
	fclose(file);
	return found == 5;
}

/* It may just have lost the mask's bit by an earlier int3: not told yet. */
static bool is_trapped(const struct signals *signals)
{
	return signals->state == 't' || (signals->pending & SIGTRAP_BIT);
}

/*
 * kernel/signal.c, force_sig_info_to_task(): an ignored or blocked SIGTRAP is
 * set to its default and unblocked. What a mask loses can be put back, what a
 * disposition loses can't.
 */
bool bystanders_can_trap(const struct bystanders *bystanders, pid_t pid,
			 struct bystanders *ret_blocked)
{
	struct signals signals;
	uint64_t former;

	for (size_t i = 0; i < bystanders->count; i++) {
		pid_t tid = bystanders->list[i].tid;

		if (!read_signals(pid, tid, &signals))
			continue;		/* it has ended */
		if (signals.ignored & SIGTRAP_BIT)
			return false;
		if (!(signals.blocked & SIGTRAP_BIT) && is_trapped(&signals))
			continue;
		bystanders_take(ret_blocked, tid, &former);
		if (!(signals.blocked & SIGTRAP_BIT))
			continue;
		if (signals.caught & SIGTRAP_BIT)
			return false;
		add(ret_blocked, tid, signals.blocked);
	}
	return true;
}
