#include "compare/rules.h"

#include <errno.h>
#include <stdlib.h>

#include "abi/abi.h"
#include "base/log.h"
#include "base/nearest.h"
#include "base/hash.h"

enum class {
	CLASS_ALWAYS,	/* varies from run to run: can't be unmasked */
	CLASS_CAPABILITIES,
	CLASS_CPUID,
	CLASS_MSRS,
	CLASS_MMAP_SIZE,
	CLASS_TIME,
	CLASS_HOST,
	CLASS_GUEST_CODE,
	CLASS_COUNT
};

static const char *const class_names[CLASS_COUNT] = {
	"", "capabilities", "cpuid", "msrs", "mmap-size", "time", "host",
	"guest-code",
};

/* `call` is a call's name, or the type of a line without one; all syscalls
 * share "syscall". `keys` are paths, with blanks between them. */
static const struct rules_row {
	enum class class;
	const char *call;
	const char *keys;
	enum rule rule;
} rows[] = {
	/* Numbers and addresses that each run gives anew. */
	{ CLASS_ALWAYS, NULL, "seq ts_ns dur_ns pid", RULE_SKIP },
	{ CLASS_ALWAYS, NULL, "tid", RULE_THREAD },
	{ CLASS_ALWAYS, NULL, "fd made.fd passes.fd", RULE_SKIP },
	/* What it means stands in `in`; unused, it is what a register held. */
	{ CLASS_ALWAYS, NULL, "arg", RULE_SKIP },
	{ CLASS_ALWAYS, NULL, "run_index in.completes.seq from_seq to_seq run_seq", RULE_SKIP },
	{ CLASS_ALWAYS, "process", "child former_tid", RULE_THREAD },
	{ CLASS_ALWAYS, "syscall", "ret", RULE_RESULT },
	{ CLASS_ALWAYS, "syscall", "in.addr in.newfd in.first in.last", RULE_SKIP },
	{ CLASS_ALWAYS, NULL, "in.completes.data_hex exit.io.data_hex", RULE_PORT_DATA },
	{ CLASS_ALWAYS, NULL, "guest.entry.hva guest.memory.hva", RULE_HVA },
	{ CLASS_ALWAYS, NULL, "guest.entry.hpa", RULE_SKIP },

	/* How the program was built, started and looked at. */
	{ CLASS_ALWAYS, NULL, "caller flow", RULE_SKIP },
	{ CLASS_ALWAYS, "process", "path", RULE_SKIP },
	{ CLASS_ALWAYS, "trace_start",
	  "schema tool argv argv_hex clock start_time engine", RULE_SKIP },
	{ CLASS_ALWAYS, "trace_end", "events dropped truncated counts capture", RULE_SKIP },

	/* What other lines tell already. */
	{ CLASS_ALWAYS, NULL, "notes", RULE_CODES },
	{ CLASS_ALWAYS, NULL, "guest", RULE_OPTIONAL },
	{ CLASS_ALWAYS, "trace_end", "status", RULE_DERIVED },
	{ CLASS_ALWAYS, "console", "text", RULE_DERIVED },
	{ CLASS_ALWAYS, "console", "text_hex", RULE_SHADOW },

	/* Which of several calls of one name it is. */
	{ CLASS_ALWAYS, "process", "event", RULE_IDENTITY },
	{ CLASS_ALWAYS, NULL,
	  "exit.reason exit.io.port exit.io.direction exit.mmio.phys_addr", RULE_IDENTITY },
	{ CLASS_ALWAYS, "KVM_SET_USER_MEMORY_REGION", "in.slot", RULE_IDENTITY },
	{ CLASS_ALWAYS, "KVM_SET_USER_MEMORY_REGION2", "in.slot", RULE_IDENTITY },
	{ CLASS_ALWAYS, "KVM_CREATE_VCPU", "in.vcpu_id", RULE_IDENTITY },
	{ CLASS_ALWAYS, "KVM_CREATE_DEVICE", "in.type", RULE_IDENTITY },
	{ CLASS_ALWAYS, "KVM_CHECK_EXTENSION", "in.cap", RULE_IDENTITY },
	{ CLASS_ALWAYS, "KVM_ENABLE_CAP", "in.cap", RULE_IDENTITY },

	/* What the host or the build decides. */
	{ CLASS_CAPABILITIES, "KVM_CHECK_EXTENSION", "ret", RULE_RESULT },
	{ CLASS_CPUID, "KVM_GET_SUPPORTED_CPUID", "in out", RULE_SKIP },
	{ CLASS_CPUID, "KVM_GET_EMULATED_CPUID", "in out", RULE_SKIP },
	{ CLASS_CPUID, "KVM_GET_SUPPORTED_HV_CPUID", "in out", RULE_SKIP },
	{ CLASS_CPUID, "KVM_GET_CPUID2", "in out", RULE_SKIP },
	{ CLASS_CPUID, "KVM_SET_CPUID", "in", RULE_SKIP },
	{ CLASS_CPUID, "KVM_SET_CPUID2", "in", RULE_SKIP },
	{ CLASS_MSRS, "KVM_GET_MSR_INDEX_LIST", "in out", RULE_SKIP },
	{ CLASS_MSRS, "KVM_GET_MSR_FEATURE_INDEX_LIST", "in out", RULE_SKIP },
	{ CLASS_MSRS, "KVM_GET_MSRS", "in.entries.data out", RULE_SKIP },
	{ CLASS_MSRS, "KVM_GET_MSRS", "ret", RULE_RESULT },
	{ CLASS_MMAP_SIZE, "KVM_GET_VCPU_MMAP_SIZE", "ret", RULE_RESULT },
	{ CLASS_MMAP_SIZE, "syscall", "in.length", RULE_SKIP },
	{ CLASS_TIME, "KVM_GET_CLOCK", "out", RULE_SKIP },
	{ CLASS_TIME, "KVM_SET_CLOCK", "in", RULE_SKIP },
	{ CLASS_TIME, "KVM_GET_TSC_KHZ", "ret", RULE_RESULT },
	{ CLASS_TIME, "KVM_SET_TSC_KHZ", "in", RULE_SKIP },
	{ CLASS_TIME, "KVM_GET_PIT", "out.channels.count_load_time", RULE_SKIP },
	{ CLASS_TIME, "KVM_GET_PIT2", "out.channels.count_load_time", RULE_SKIP },
	{ CLASS_TIME, "KVM_SET_PIT", "in.channels.count_load_time", RULE_SKIP },
	{ CLASS_TIME, "KVM_SET_PIT2", "in.channels.count_load_time", RULE_SKIP },
	{ CLASS_HOST, "trace_start", "host", RULE_SKIP },
	{ CLASS_HOST, "KVM_GET_STATS_FD", "out", RULE_SKIP },
	{ CLASS_HOST, "KVM_X86_GET_MCE_CAP_SUPPORTED", "out", RULE_SKIP },
	/* From a page of kvm_run's mapping: KVM_PIO_PAGE_OFFSET of the host. */
	{ CLASS_HOST, NULL, "exit.io.data_offset", RULE_SKIP },
	/* The processor it ran on; the vendor's own numbers: api.rst 5. */
	{ CLASS_HOST, NULL, "exit.fail_entry.cpu exit.internal.data", RULE_SKIP },

	/* What a compiler made of the guest: its first instruction, and where
	 * it ends and with what left in its registers; rax is its result. */
	{ CLASS_GUEST_CODE, NULL, "guest.entry.bytes_hex guest.entry.instruction", RULE_SKIP },
	{ CLASS_GUEST_CODE, "KVM_GET_REGS",
	  "out.rbx out.rcx out.rdx out.rsi out.rdi out.rsp out.rbp out.r8 "
	  "out.r9 out.r10 out.r11 out.r12 out.r13 out.r14 out.r15 out.rip "
	  "out.rflags", RULE_SKIP },
};

struct rules {
	uint64_t seed;
	bool is_unmasked[CLASS_COUNT];
	bool has_names;		/* of whole lines that are ignored */
	struct hash_map map;	/* of hashes of call and place */
};

uint64_t rules_top(const struct rules *rules)
{
	return rules->seed;
}

uint64_t rules_name(const struct rules *rules, const char *name, size_t length)
{
	return hash_bytes(~rules->seed, name, length);
}

/* From the key at the top on: as the normaliser goes down a line. */
static uint64_t hash_keys(const struct rules *rules, const char *keys)
{
	uint64_t hash = rules_top(rules);

	while (*keys) {
		size_t length = strcspn(keys, ".[");

		hash = hash_bytes(hash, keys, length);
		keys += length;
		keys += strcspn(keys, ".");
		keys += *keys == '.';
	}
	return hash;
}

/* Of the place in all calls for 0. */
static uint64_t rule_key(uint64_t call, uint64_t place)
{
	return call ? hash_mix(call, place) : place;
}

static void set_rule(struct rules *rules, uint64_t call, uint64_t place,
		     enum rule rule)
{
	*hash_map_at(&rules->map, rule_key(call, place), 0) = rule;
}

void rules_add(struct rules *rules, const char *call, const char *keys,
	       enum rule rule)
{
	set_rule(rules, call ? rules_name(rules, call, strlen(call)) : 0,
		 hash_keys(rules, keys), rule);
}

enum rule rules_find(const struct rules *rules, uint64_t call, uint64_t place)
{
	uint32_t *found = hash_map_find(&rules->map, rule_key(call, place));

	if (!found)
		found = hash_map_find(&rules->map, place);
	return found ? (enum rule)*found : RULE_KEEP;
}

bool rules_has_names(const struct rules *rules)
{
	return rules->has_names;
}

/* The next name of a list, in `name`; false: there is no more. */
static bool next_name(const char **list, struct buffer *name)
{
	size_t length;

	*list += strspn(*list, ", ");
	length = strcspn(*list, ", ");
	buffer_reset(name);
	buffer_add(name, *list, length);
	*list += length;
	return length > 0;
}

static void add_row(struct rules *rules, const struct rules_row *row)
{
	enum rule rule = rules->is_unmasked[row->class] ? RULE_KEEP : row->rule;
	struct buffer path = BUFFER_EMPTY;
	const char *rest = row->keys;

	while (next_name(&rest, &path))
		rules_add(rules, row->call, buffer_string(&path), rule);
	buffer_free(&path);
}

static void add_rows(struct rules *rules)
{
	rules_add_abi(rules);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		add_row(rules, &rows[i]);
}

struct rules *rules_new(uint64_t seed)
{
	struct rules *rules = calloc(1, sizeof(*rules));

	if (!rules)
		log_die("out of memory: the rules of comparing");
	rules->seed = seed;
	add_rows(rules);
	return rules;
}

void rules_free(struct rules *rules)
{
	if (rules)
		hash_map_free(&rules->map);
	free(rules);
}

const char *rules_class_name(size_t index)
{
	return index + 1 < CLASS_COUNT ? class_names[index + 1] : NULL;
}

static int refuse(struct buffer *error, const char *what, const char *name,
		  const char *best)
{
	buffer_reset(error);
	buffer_add_format(error, "%s '%s'", what, name);
	if (best)
		buffer_add_format(error, "; did you mean %s?", best);
	return -EINVAL;
}

static const char *const other_names[] = {
	"console", "process", "syscall", "open", "openat", "openat2", "mmap",
	"munmap", "mremap", "dup", "dup2", "dup3", "fcntl", "close",
	"close_range", "fork", "vfork", "clone", "sendmsg", "recvmsg",
};

/* Is it a name that lines have? Otherwise offers those that are near. */
static bool is_known(const char *name, struct nearest *nearest)
{
	for (size_t i = 0; i < abi_ioctl_count; i++)
		nearest_offer(nearest, abi_ioctls[i].name);
	for (size_t i = 0; i < abi_exit_count; i++)
		nearest_offer(nearest, abi_exits[i].name);
	for (size_t i = 0; i < sizeof(other_names) / sizeof(other_names[0]);
	     i++)
		nearest_offer(nearest, other_names[i]);
	return nearest->best && !strcmp(nearest->best, name);
}

static int ignore_one(struct rules *rules, char *name, struct buffer *error)
{
	struct nearest nearest = nearest_to(name);
	char *keys = strchr(name, '.');
	uint64_t place = rules_top(rules);

	if (keys) {
		*keys++ = '\0';
		if (!*keys)
			return refuse(error, "no key behind the dot of", name,
				      NULL);
		place = hash_keys(rules, keys);
	}
	if ((!keys || *name) && !is_known(name, &nearest))
		return refuse(error, "no ioctl, exit or type of line is called",
			      name, nearest.best);
	rules->has_names |= !keys;
	set_rule(rules, *name ? rules_name(rules, name, strlen(name)) : 0,
		 place, RULE_SKIP);
	return 0;
}

int rules_ignore(struct rules *rules, const char *list, struct buffer *error)
{
	struct buffer name = BUFFER_EMPTY;
	int result = 0;

	while (!result && next_name(&list, &name)) {
		buffer_add_char(&name, '\0');
		result = ignore_one(rules, name.data, error);
	}
	buffer_free(&name);
	return result;
}

static int unmask_one(struct rules *rules, const char *name,
		      struct buffer *error)
{
	struct nearest nearest = nearest_to(name);

	for (size_t i = 1; i < CLASS_COUNT; i++) {
		nearest_offer(&nearest, class_names[i]);
		if (strcmp(class_names[i], name) != 0)
			continue;
		rules->is_unmasked[i] = true;
		return 0;
	}
	return refuse(error, "nothing that is masked is called", name,
		      nearest.best);
}

int rules_unmask(struct rules *rules, const char *list, struct buffer *error)
{
	struct buffer name = BUFFER_EMPTY;
	int result = 0;

	while (!result && next_name(&list, &name))
		result = unmask_one(rules, buffer_string(&name), error);
	buffer_free(&name);
	add_rows(rules);
	return result;
}
