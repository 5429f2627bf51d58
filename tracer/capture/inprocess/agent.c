#include "capture/inprocess/agent.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>

#include "base/log.h"
#include "capture/files.h"
#include "capture/memory.h"
#include "capture/space.h"

static struct agent *make_agent(const struct process *process,
				struct area *area, int index)
{
	struct agent *agent = calloc(1, sizeof(*agent));

	if (!agent)
		log_die("out of memory: the agent of process %d",
			(int)process->pid);
	agent->pid = process->pid;
	agent->files = process->files;
	agent->area = area;
	agent->index = index;
	agent->tables = area_tables(area, index);
	agent->files_seen = agent->space_seen = UINT64_MAX;
	return agent;
}

/* From here on the agent in the process looks at its tables. */
static int tell_process(pid_t tid, int index)
{
	const uint64_t tables = area_tables_address(index);
	const uint64_t words[] = {
		[PRIVATE_TABLES / 8] = tables,
		[PRIVATE_THREADS / 8] = tables + TABLES_THREADS,
	};

	return memory_write(tid, AGENT_PRIVATE, words, sizeof(words));
}

int agent_new(const struct process *process, pid_t tid, struct area *area,
	      struct patches *patches, const struct agent_request *requests,
	      struct agent **ret_agent)
{
	int index = area_take_tables(area);
	struct agent *agent;
	int error;

	if (index < 0)
		return -ENOSPC;
	agent = make_agent(process, area, index);
	memcpy(agent->tables->requests, requests,
	       sizeof(agent->tables->requests));
	error = tell_process(tid, index);
	if (error) {
		area_give_tables(area, index);
		free(agent);
		return error;
	}
	agent->patches = patches;
	*ret_agent = agent;
	return 0;
}

struct agent *agent_fork(const struct agent *agent,
			 const struct process *process,
			 const struct agent_request *requests)
{
	struct patches *patches = patches_copy(agent->patches);
	struct agent *copy;

	if (agent_new(process, process->pid, agent->area, patches, requests,
		      &copy)) {
		patches_free(patches);
		return NULL;
	}
	area_ref(copy->area);
	agent_want_stack(copy, agent->stack_bytes);
	return copy;
}

void agent_free(struct agent *agent)
{
	if (!agent)
		return;
	area_give_tables(agent->area, agent->index);
	area_unref(agent->area);
	patches_free(agent->patches);
	free(agent);
}

int agent_read_fs(pid_t tid, uint64_t *ret_fs)
{
	long value;

	errno = 0;
	value = ptrace(PTRACE_PEEKUSER, tid,
		       offsetof(struct user_regs_struct, fs_base), 0);
	if (errno)
		return -errno;
	*ret_fs = (uint64_t)value;
	return 0;
}

static bool is_shared(const struct agent *agent, uint64_t fs)
{
	for (unsigned int i = 0; i < agent->shared_count; i++)
		if (agent->shared_fs[i] == fs)
			return true;
	return agent->has_many_shared;
}

/* An empty place where the agent will look for this base; -1: none. */
static int find_place(const struct agent *agent, uint64_t fs)
{
	uint32_t hash = (uint32_t)fs * THREAD_HASH >> (32 - THREAD_BITS);

	for (uint32_t i = hash; i < hash + THREAD_PROBES; i++)
		if (!agent->threads[i].fs)
			return (int)i;
	return -1;
}

static bool has_fs(const struct agent *agent, uint64_t fs)
{
	for (size_t i = 0; i < sizeof(agent->threads) /
				sizeof(agent->threads[0]); i++)
		if (agent->threads[i].fs == fs)
			return true;
	return false;
}

/* The base comes last, or goes first: it is what the agent looks for. */
static void write_place(const struct agent *agent, int place)
{
	const struct agent_thread *from = &agent->threads[place];
	struct agent_thread *to = &agent->tables->threads[place];

	__atomic_store_n(&to->fs, 0, __ATOMIC_SEQ_CST);
	__atomic_store_n(&to->slot, from->slot, __ATOMIC_SEQ_CST);
	__atomic_store_n(&to->fs, from->fs, __ATOMIC_SEQ_CST);
}

/* The mapping that the stack pointer is in: proc(5), maps. */
static void find_stack(pid_t tid, struct slot_head *slot)
{
	uint64_t start, end, sp;
	char path[32], line[512];
	long value;
	FILE *maps;

	errno = 0;
	value = ptrace(PTRACE_PEEKUSER, tid,
		       offsetof(struct user_regs_struct, rsp), 0);
	sp = (uint64_t)value;
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)tid);
	maps = errno ? NULL : fopen(path, "re");
	while (maps && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%" SCNx64 "-%" SCNx64, &start, &end) != 2 ||
		    sp < start || sp >= end)
			continue;
		slot->stack_low = start;
		slot->stack_high = end;
		break;
	}
	if (maps)
		fclose(maps);
}

static struct thread_ring *make_ring(struct agent *agent,
				     struct thread *thread, int place, int slot)
{
	struct thread_ring *ring = calloc(1, sizeof(*ring));

	if (!ring)
		log_die("out of memory: the ring of thread %d",
			(int)thread->tid);
	ring->agent = agent;
	ring->thread = thread;
	ring->place = place;
	ring->slot = slot;
	ring_open(&ring->ring, area_slot(agent->area, slot));
	find_stack(thread->tid, ring->ring.slot);
	return ring;
}

struct thread_ring *agent_add_thread(struct agent *agent,
				     struct thread *thread,
				     const char **ret_why)
{
	struct thread_ring *ring;
	int place, slot;
	uint64_t fs;

	*ret_why = "threads that share their fs base";
	if (agent_read_fs(thread->tid, &fs) || !fs || is_shared(agent, fs) ||
	    has_fs(agent, fs))
		return NULL;
	*ret_why = "more threads than rings";
	place = find_place(agent, fs);
	slot = place < 0 ? -1 : area_take_slot(agent->area);
	if (slot < 0)
		return NULL;
	ring = make_ring(agent, thread, place, slot);
	ring->fs = fs;
	agent->threads[place] = (struct agent_thread){
		fs, area_slot_address(slot) };
	write_place(agent, place);
	return ring;
}

void agent_remove_thread(struct thread_ring *ring)
{
	struct agent *agent = ring->agent;

	agent->threads[ring->place] = (struct agent_thread){ 0 };
	write_place(agent, ring->place);
	area_give_slot(agent->area, ring->slot);
	free(ring);
}

void agent_share_fs(struct agent *agent, uint64_t fs)
{
	if (is_shared(agent, fs))
		return;
	if (agent->shared_count == SHARED_FS_MAX)
		agent->has_many_shared = true;
	else
		agent->shared_fs[agent->shared_count++] = fs;
}

void agent_want_stack(struct agent *agent, uint64_t bytes)
{
	bytes = (bytes + 7) & ~UINT64_C(7);
	if (bytes <= agent->stack_bytes || bytes > STACK_MAX)
		return;
	agent->stack_bytes = (uint32_t)bytes;
	__atomic_store_n(&agent->tables->stack, agent->stack_bytes,
			 __ATOMIC_SEQ_CST);
}

static void write_pause(const struct agent *agent)
{
	__atomic_store_n(&agent->tables->pause, agent->pauses != 0,
			 __ATOMIC_SEQ_CST);
}

void agent_pause(struct agent *agent)
{
	if (!agent->pauses++)
		write_pause(agent);
}

void agent_resume(struct agent *agent)
{
	if (!--agent->pauses)
		write_pause(agent);
}

static int compare_runs(const void *a, const void *b)
{
	const struct run_mapping *const *one = a, *const *other = b;

	return (*one)->file.id < (*other)->file.id ? -1 :
	       (*one)->file.id > (*other)->file.id;
}

/* Of those of one file; later ones stand behind in the space. */
static size_t keep_newest(const struct run_mapping **runs, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (!kept || compare_runs(&runs[kept - 1], &runs[i]))
			runs[kept++] = runs[i];
		else if (runs[i] > runs[kept - 1])
			runs[kept - 1] = runs[i];
	}
	return kept;
}

/*
 * The mappings that space_find_run() could find and the agent may read, by
 * their files: of many descriptors each is looked up.
 */
static size_t sort_runs(const struct space *space,
			const struct run_mapping ***ret_runs)
{
	const struct run_mapping **runs = calloc(space->count + 1,
						 sizeof(*runs));
	size_t count = 0;

	if (!runs)
		log_die("out of memory: %zu mappings", space->count);
	for (size_t i = 0; i < space->count; i++)
		if (!space->mappings[i].is_private &&
		    !space->mappings[i].offset)
			runs[count++] = &space->mappings[i];
	qsort(runs, count, sizeof(*runs), compare_runs);
	*ret_runs = runs;
	return keep_newest(runs, count);
}

static struct agent_fd describe_fd(const struct run_mapping **runs,
				   size_t count,
				   const struct call_oracle *oracle,
				   uint32_t file)
{
	const struct run_mapping wanted = { .file.id = file };
	const struct run_mapping *key = &wanted;
	const struct run_mapping **run = bsearch(&key, runs, count,
						 sizeof(*runs), compare_runs);
	struct agent_fd fd = { .file = file };

	if (!run)
		return fd;
	fd.run = (*run)->address;
	fd.run_bytes = (*run)->length;
	fd.looks = !oracle->is_look_due ||
		   oracle->is_look_due(oracle->context, file);
	return fd;
}

/* The file comes last, or goes first: without it nothing else is read. */
static void write_fd(struct agent_fd *to, const struct agent_fd *from)
{
	if (to->file != from->file)
		__atomic_store_n(&to->file, 0, __ATOMIC_SEQ_CST);
	__atomic_store_n(&to->looks, from->looks, __ATOMIC_SEQ_CST);
	__atomic_store_n(&to->run_bytes, from->run_bytes, __ATOMIC_SEQ_CST);
	__atomic_store_n(&to->run, from->run, __ATOMIC_SEQ_CST);
	__atomic_store_n(&to->file, from->file, __ATOMIC_SEQ_CST);
}

static void write_changes(struct agent *agent, const struct agent_fd *fds)
{
	for (size_t i = 0; i < AGENT_FDS; i++) {
		if (!memcmp(&agent->fds[i], &fds[i], sizeof(fds[i])))
			continue;
		agent->fds[i] = fds[i];
		write_fd(&agent->tables->fds[i], &fds[i]);
	}
}

void agent_update_fds(struct agent *agent, const struct process *process,
		      const struct call_oracle *oracle, bool looks)
{
	struct agent_fd fds[AGENT_FDS] = { 0 };
	const struct run_mapping **runs;
	size_t count;
	int fd;

	if (!looks && agent->files_seen == file_table_changes(process->files) &&
	    agent->space_seen == process->space->changes)
		return;
	agent->files_seen = file_table_changes(process->files);
	agent->space_seen = process->space->changes;
	count = sort_runs(process->space, &runs);
	for (size_t i = 0; (fd = file_table_fd_at(process->files, i)) >= 0; i++)
		if (fd < AGENT_FDS)
			fds[fd] = describe_fd(runs, count, oracle,
				file_table_id_at(process->files, i));
	free(runs);
	write_changes(agent, fds);
}
