#include "capture/inprocess/patch.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include "base/log.h"
#include "capture/inprocess/bystanders.h"
#include "capture/inprocess/jump.h"
#include "capture/inprocess/mappings.h"
#include "capture/inprocess/site.h"
#include "capture/inprocess/stubs.h"
#include "capture/memory.h"

#define KERNEL_SIGSET_BYTES 8
/* Asks that are passed over after a failed one: doubled up to this. */
#define PATIENCE_MAX 1024
#define FIRST_BUCKETS 64

enum site_state {
	SITE_NEW,
	SITE_READY,	/* its stub is written, but not yet the jump to it */
	SITE_PATCHED,
	SITE_REFUSED,
};

struct site {
	uint64_t syscall_ip;
	enum site_state state;
	const char *why;
	struct site_plan plan;
	uint64_t stub;
	struct jump jump;
	uint32_t patience, asks_left;
};

struct patches {
	uint64_t agent;
	struct stub_areas areas;
	struct site *sites;
	size_t count, capacity;
	uint32_t *buckets;	/* index of a site + 1; two for each site */
	struct bystanders blocked;	/* threads with SIGTRAP blocked */
};

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		log_die("out of memory: %zu patched sites", count);
	return memory;
}

struct patches *patches_new(uint64_t agent_entry)
{
	struct patches *patches = allocate(1, sizeof(*patches));

	patches->agent = agent_entry;
	patches->capacity = FIRST_BUCKETS / 2;
	patches->sites = allocate(patches->capacity, sizeof(struct site));
	patches->buckets = allocate(FIRST_BUCKETS, sizeof(uint32_t));
	return patches;
}

struct patches *patches_copy(const struct patches *patches)
{
	struct patches *copy = allocate(1, sizeof(*copy));

	*copy = *patches;
	copy->blocked = (struct bystanders){ 0 };
	copy->sites = allocate(copy->capacity, sizeof(struct site));
	copy->buckets = allocate(2 * copy->capacity, sizeof(uint32_t));
	memcpy(copy->sites, patches->sites,
	       copy->count * sizeof(struct site));
	memcpy(copy->buckets, patches->buckets,
	       2 * copy->capacity * sizeof(uint32_t));
	return copy;
}

void patches_free(struct patches *patches)
{
	if (!patches)
		return;
	bystanders_free(&patches->blocked);
	free(patches->sites);
	free(patches->buckets);
	free(patches);
}

/* The site's bucket, or the empty one where it belongs. */
static uint32_t *find_bucket(const struct patches *patches, uint64_t syscall_ip)
{
	size_t mask = 2 * patches->capacity - 1;
	size_t at = (size_t)(syscall_ip * 0x9e3779b97f4a7c15u >> 32) & mask;

	while (patches->buckets[at] &&
	       patches->sites[patches->buckets[at] - 1].syscall_ip !=
	       syscall_ip)
		at = (at + 1) & mask;
	return &patches->buckets[at];
}

bool patches_know_site(const struct patches *patches, uint64_t syscall_ip)
{
	return *find_bucket(patches, syscall_ip) != 0;
}

static void grow(struct patches *patches)
{
	patches->capacity *= 2;
	patches->sites = realloc(patches->sites,
				 patches->capacity * sizeof(struct site));
	if (!patches->sites)
		log_die("out of memory: %zu patched sites", patches->capacity);
	free(patches->buckets);
	patches->buckets = allocate(2 * patches->capacity, sizeof(uint32_t));
	for (size_t i = 0; i < patches->count; i++)
		*find_bucket(patches, patches->sites[i].syscall_ip) =
			(uint32_t)i + 1;
}

static struct site *find_site(struct patches *patches, uint64_t syscall_ip)
{
	uint32_t *bucket = find_bucket(patches, syscall_ip);

	if (*bucket)
		return &patches->sites[*bucket - 1];
	if (patches->count == patches->capacity) {
		grow(patches);
		bucket = find_bucket(patches, syscall_ip);
	}
	patches->sites[patches->count] = (struct site){
		.syscall_ip = syscall_ip, .patience = 1,
	};
	*bucket = (uint32_t)++patches->count;
	return &patches->sites[patches->count - 1];
}

static const char no_stub[] = "no room for code near to it";

int patches_reserve(struct patches *patches, struct remote *remote, pid_t pid)
{
	int error = stub_areas_reserve(&patches->areas, remote, pid);

	for (size_t i = 0; !error && i < patches->count; i++)
		if (patches->sites[i].state == SITE_REFUSED &&
		    patches->sites[i].why == no_stub)
			patches->sites[i].state = SITE_NEW;
	return error;
}

/* The code around the site, as far as its mapping goes. */
static int read_plan(pid_t pid, const struct mapping *mapping,
		     uint64_t syscall_ip, struct site_plan *ret_plan,
		     const char **ret_why)
{
	uint8_t bytes[2 * SITE_SCAN_BYTES];
	uint64_t syscall = syscall_ip - SITE_SYSCALL_BYTES;
	struct site_code code = { .bytes = bytes, .start = SITE_NO_START };
	uint64_t end = syscall + SITE_SCAN_BYTES;

	if (syscall < mapping->start) {
		*ret_why = "not a `syscall` instruction";
		return -ENOTSUP;
	}
	code.address = syscall - mapping->start < SITE_SCAN_BYTES ?
		mapping->start : syscall - SITE_SCAN_BYTES;
	code.syscall = syscall - code.address;
	end = end < mapping->end ? end : mapping->end;
	code.length = memory_read(pid, code.address, bytes,
				  end - code.address);
	return site_make_plan(&code, ret_plan, ret_why);
}

static int make_plan(pid_t pid, uint64_t syscall_ip, struct site_plan *ret_plan,
		     const char **ret_why)
{
	struct mappings mappings = { 0 };
	int error = mappings_read(&mappings, pid);
	const struct mapping *mapping = error ? NULL :
		mappings_find(&mappings, syscall_ip - 1);

	if (!mapping) {
		*ret_why = "its mapping can't be read";
		error = -EAGAIN;
	} else {
		*ret_why = mapping_refuse_patch(mapping);
		error = *ret_why ? -ENOTSUP :
			read_plan(pid, mapping, syscall_ip, ret_plan, ret_why);
	}
	mappings_free(&mappings);
	return error;
}

static int write_stub(struct patches *patches, int memory, struct site *site,
		      const char **ret_why)
{
	uint8_t bytes[SITE_STUB_BYTES];

	if (!site->stub)
		site->stub = stub_areas_take(&patches->areas,
					     site->plan.address);
	if (!site->stub) {
		*ret_why = no_stub;
		return -ENOTSUP;
	}
	if (site_encode(&site->plan, site->stub, patches->agent, bytes,
			site->jump.new)) {
		*ret_why = "what it refers to is too far away";
		return -ENOTSUP;
	}
	site->jump.address = site->plan.address;
	site->jump.inner = site->plan.inner;
	memcpy(site->jump.old, site->plan.bytes, sizeof(site->jump.old));
	if (!jump_write_code(memory, site->stub, bytes, sizeof(bytes))) {
		*ret_why = "code can't be written";
		return -ENOTSUP;
	}
	site->state = SITE_READY;
	return 0;
}

static int prepare(struct patches *patches, pid_t pid, int memory,
		   struct site *site, const char **ret_why)
{
	int error;

	if (site->state != SITE_NEW)
		return 0;
	error = make_plan(pid, site->syscall_ip, &site->plan, ret_why);
	return error ? error : write_stub(patches, memory, site, ret_why);
}

static int patch_site(struct patches *patches, pid_t pid, struct site *site,
		      const char **ret_why)
{
	int memory = jump_open_memory(pid), error;

	if (memory < 0) {
		*ret_why = "its memory can't be opened";
		return -EAGAIN;
	}
	error = prepare(patches, pid, memory, site, ret_why);
	if (!error)
		error = jump_write(&site->jump, memory, pid, &patches->blocked,
				   ret_why);
	close(memory);
	return error;
}

static void postpone(struct site *site)
{
	site->asks_left = site->patience;
	if (site->patience < PATIENCE_MAX)
		site->patience *= 2;
}

/* Is the jump there, or has other code come to this address (dlopen)? */
static bool stands(const struct site *site, pid_t pid)
{
	uint8_t bytes[SITE_JUMP_BYTES];

	return memory_read(pid, site->jump.address, bytes, sizeof(bytes)) ==
	       sizeof(bytes) &&
	       !memcmp(bytes, site->jump.new, sizeof(bytes));
}

int patches_add_site(struct patches *patches, pid_t pid, uint64_t syscall_ip,
		     const char **ret_why)
{
	struct site *site = find_site(patches, syscall_ip);
	int error;

	if (site->state == SITE_PATCHED && stands(site, pid))
		return 0;
	if (site->state == SITE_PATCHED)
		site->state = SITE_NEW;
	if (site->state == SITE_REFUSED || site->asks_left) {
		*ret_why = site->why;
		if (site->state == SITE_REFUSED)
			return -ENOTSUP;
		site->asks_left--;
		return -EAGAIN;
	}
	error = patch_site(patches, pid, site, &site->why);
	if (!error) {
		site->state = SITE_PATCHED;
		return 1;
	}
	if (error == -EAGAIN)
		postpone(site);
	else
		site->state = SITE_REFUSED;
	*ret_why = site->why;
	return error;
}

static const struct site *find_trapped(const struct patches *patches,
				       uint64_t address)
{
	for (size_t i = 0; i < patches->count; i++)
		if (patches->sites[i].jump.had_int3 &&
		    patches->sites[i].jump.address == address)
			return &patches->sites[i];
	return NULL;
}

bool patches_rewind(struct patches *patches, pid_t pid, uint64_t rip,
		    uint64_t *ret_rip)
{
	const struct site *site = find_trapped(patches, rip - 1);

	if (!site || !jump_finish(&site->jump, pid,
				  site->state == SITE_PATCHED))
		return false;
	*ret_rip = rip - 1;
	return true;
}

/*
 * The mask is what it was when the int3 was written, but for the bit that the
 * kernel took: else the thread has changed it since, and blocks it no longer.
 */
bool patches_restore_mask(struct patches *patches, pid_t tid)
{
	uint64_t mask, former;

	if (!bystanders_take(&patches->blocked, tid, &former) ||
	    ptrace(PTRACE_GETSIGMASK, tid, KERNEL_SIGSET_BYTES, &mask) < 0)
		return false;
	mask |= 1ull << (SIGTRAP - 1);
	return mask == former &&
	       !ptrace(PTRACE_SETSIGMASK, tid, KERNEL_SIGSET_BYTES, &mask);
}

bool patches_have_stub(const struct patches *patches, uint64_t rip,
		       uint64_t *ret_original_ip)
{
	uint64_t stub = stub_areas_find(&patches->areas, rip);

	for (size_t i = 0; stub && i < patches->count; i++) {
		if (patches->sites[i].stub != stub)
			continue;
		*ret_original_ip = site_original_ip(&patches->sites[i].plan,
						    rip - stub);
		return true;
	}
	return false;
}
