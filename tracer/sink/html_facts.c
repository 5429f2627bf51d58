#include "sink/html_internal.h"

#define SLOTS_MAX 4096
#define CONSOLE_LINES_MAX 500
#define CONSOLE_BYTES_MAX (64u << 10)

void html_facts_init(struct html_facts *facts)
{
	*facts = (struct html_facts){ 0 };
	facts->slots = json_object();
	facts->console = json_array();
}

void html_facts_free(struct html_facts *facts)
{
	json_decref(facts->start);
	json_decref(facts->end);
	json_decref(facts->slots);
	json_decref(facts->console);
	html_tally_free(&facts->exits);
	html_tally_free(&facts->ports);
	html_tally_free(&facts->modes);
	buffer_free(&facts->mode);
	html_findings_free(facts);
}

static void keep(json_t **place, const json_t *value)
{
	json_decref(*place);
	*place = json_incref((json_t *)(uintptr_t)value);
}

static void add_io(struct html_facts *facts, const json_t *event,
		   const json_t *io)
{
	uint64_t port, direction, size, count;
	char key[64];

	if (!json_member_u64(io, "port", &port) ||
	    !json_member_u64(io, "direction", &direction) ||
	    !json_member_u64(io, "size", &size) ||
	    !json_member_u64(io, "count", &count))
		return;
	snprintf(key, sizeof(key), "%s port 0x%llx", direction ? "out" : "in",
		 (unsigned long long)port);
	html_tally_add(&facts->ports, key, json_member_text(io, "port_name"),
		       event, size * count);
}

/* By page: a device's registers share one. */
static void add_mmio(struct html_facts *facts, const json_t *event,
		     const json_t *mmio)
{
	uint64_t gpa, size, is_write;
	char key[64];

	if (!json_member_u64(mmio, "phys_addr", &gpa) ||
	    !json_member_u64(mmio, "len", &size) ||
	    !json_member_u64(mmio, "is_write", &is_write))
		return;
	snprintf(key, sizeof(key), "%s page 0x%llx",
		 is_write ? "write" : "read",
		 (unsigned long long)gpa & ~0xfffull);
	html_tally_add(&facts->ports, key, NULL, event, size);
}

static void add_exit(struct html_facts *facts, const json_t *event)
{
	const json_t *exit = json_member_object(event, "exit");
	const char *reason = json_member_text(exit, "reason");
	const json_t *io = json_member_object(exit, "io");
	const json_t *mmio = json_member_object(exit, "mmio");

	if (!reason)
		return;
	html_copy(facts->last_exit, sizeof(facts->last_exit), reason);
	html_tally_add(&facts->exits, reason, NULL, event, 0);
	if (io)
		add_io(facts, event, io);
	if (mmio)
		add_mmio(facts, event, mmio);
}

/*
 * The guest at its first entry is what a reader wants to see first; until one
 * comes, what the program set.
 */
static void add_guest(struct html_facts *facts, const json_t *event)
{
	const char *mode = json_member_text(json_member_object(event, "guest"),
					    "mode");
	bool is_run = json_member_is(event, "name", "KVM_RUN");

	if (!mode)
		return;
	if (!facts->has_entered)
		html_memory_keep_mode(facts, event);
	facts->has_entered |= is_run;
	if (is_run)
		html_tally_add(&facts->modes, mode, NULL, event, 0);
}

static uint64_t get_size(const json_t *slot)
{
	uint64_t size = 0;

	json_member_u64(slot, "size", &size);
	return size;
}

/* The members by their names in an event's guest.memory, which are shorter. */
static json_t *make_slot(const json_t *event)
{
	static const char *const names[][2] = {
		{ "slot", "slot" }, { "guest_phys_addr", "gpa" },
		{ "memory_size", "size" }, { "userspace_addr", "hva" },
		{ "flags", "flags" },
	};
	const json_t *in = json_member_object(event, "in");
	json_t *slot = json_object();
	uint64_t number;
	size_t i;

	json_object_set(slot, "seq", json_object_get(event, "seq"));
	json_object_set(slot, "vm", json_object_get(event, "vm"));
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (json_member_u64(in, names[i][0], &number))
			json_object_set(slot, names[i][1],
					json_object_get(in, names[i][0]));
	return slot;
}

/* A size of 0 deletes the slot (api.rst 4.35). */
static void add_slot(struct html_facts *facts, const json_t *event)
{
	json_t *slot = make_slot(event);
	uint64_t vm = 0, number = 0;
	char key[64];

	json_member_u64(event, "vm", &vm);
	json_member_u64(slot, "slot", &number);
	snprintf(key, sizeof(key), "%llu %llu", (unsigned long long)vm,
		 (unsigned long long)number);
	facts->memory_bytes -= get_size(json_object_get(facts->slots, key));
	json_object_del(facts->slots, key);
	if (get_size(slot) && json_object_size(facts->slots) < SLOTS_MAX) {
		json_object_set(facts->slots, key, slot);
		facts->memory_bytes += get_size(slot);
	}
	if (facts->memory_bytes > facts->most_memory_bytes)
		facts->most_memory_bytes = facts->memory_bytes;
	json_decref(slot);
}

static void add_ioctl(struct html_facts *facts, const json_t *event)
{
	const char *name = json_member_text(event, "name");

	facts->calls++;
	add_exit(facts, event);
	add_guest(facts, event);
	if (json_member_text(event, "errno")) {
		facts->failures++;
		return;
	}
	if (!name || json_member_is_true(event, "unfinished"))
		return;
	facts->vms += !strcmp(name, "KVM_CREATE_VM");
	facts->vcpus += !strcmp(name, "KVM_CREATE_VCPU");
	if (!strcmp(name, "KVM_SET_USER_MEMORY_REGION") ||
	    !strcmp(name, "KVM_SET_USER_MEMORY_REGION2"))
		add_slot(facts, event);
}

static void add_console(struct html_facts *facts, const json_t *event)
{
	size_t length = json_string_length(json_object_get(event, "text"));

	facts->console_lines++;
	if (json_array_size(facts->console) >= CONSOLE_LINES_MAX ||
	    length > CONSOLE_BYTES_MAX - facts->console_bytes)
		return;
	facts->console_bytes += length;
	json_array_append_new(facts->console, json_pack("{sOsO*sO*sO*sO*}",
		"text", json_object_get(event, "text"),
		"seq", json_object_get(event, "seq"),
		"port", json_object_get(event, "port"),
		"vm", json_object_get(event, "vm"),
		"vcpu", json_object_get(event, "vcpu")));
}

void html_facts_event(struct html_facts *facts, const json_t *event)
{
	facts->events++;
	html_findings_add(facts, event);
	if (json_member_is(event, "type", "ioctl"))
		add_ioctl(facts, event);
	else if (json_member_is(event, "type", "console"))
		add_console(facts, event);
	else if (json_member_is(event, "type", "trace_start"))
		keep(&facts->start, event);
	else if (json_member_is(event, "type", "trace_end"))
		keep(&facts->end, event);
}
