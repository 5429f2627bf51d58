#include "report/facts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "report/fields.h"

static void *allocate(size_t bytes)
{
	void *memory = calloc(1, bytes);

	if (!memory)
		log_die("out of memory: the facts of a report");
	return memory;
}

static void keep(json_t **place, json_t *event)
{
	json_incref(event);
	json_decref(*place);
	*place = event;
}

static void keep_first(json_t **place, json_t *event)
{
	if (!*place)
		keep(place, event);
}

static int64_t find_id(const json_t *event, const char *path)
{
	uint64_t id;

	return field_number(event, path, &id) && id < INT64_MAX ?
	       (int64_t)id : FACTS_UNKNOWN;
}

static bool has_worked(const json_t *event)
{
	return field_has(event, "ret") && !field_has(event, "errno");
}

/* The VMs and vCPUs that the trace speaks of */

static struct facts_vm *get_vm(struct facts *facts, int64_t id)
{
	struct facts_vm *vm;

	for (size_t i = 0; i < facts->vm_count; i++)
		if (facts->vms[i].id == id)
			return &facts->vms[i];
	facts->vms_cut |= facts->vm_count == FACTS_VMS_MAX;
	if (id == FACTS_UNKNOWN || facts->vms_cut)
		return NULL;
	vm = &facts->vms[facts->vm_count++];
	vm->id = id;
	vm->slots = json_object();
	return vm;
}

static struct facts_vcpu *get_vcpu(struct facts *facts, int64_t vm, int64_t id)
{
	struct facts_vcpu *vcpu;

	for (size_t i = 0; i < facts->vcpu_count; i++)
		if (facts->vcpus[i]->id == id && facts->vcpus[i]->vm == vm)
			return facts->vcpus[i];
	facts->vcpus_cut |= facts->vcpu_count == FACTS_VCPUS_MAX;
	if (id == FACTS_UNKNOWN || facts->vcpus_cut)
		return NULL;
	vcpu = allocate(sizeof(*vcpu));
	facts->vcpus[facts->vcpu_count++] = vcpu;
	vcpu->vm = vm;
	vcpu->id = id;
	vcpu->exits = json_object();
	vcpu->console = json_array();
	return vcpu;
}

/* Calls on a VM */

/* A slot of size 0 is deleted: api.rst 4.35. */
static void add_slot(struct facts_vm *vm, json_t *event)
{
	char key[24];

	snprintf(key, sizeof(key), "%" PRIu64,
		 field_number_or(event, "in.slot", 0));
	if (!field_number_or(event, "in.memory_size", 0))
		json_object_del(vm->slots, key);
	else if (json_object_size(vm->slots) < FACTS_SLOTS_MAX)
		json_object_set(vm->slots, key, event);
}

static void add_vm_call(struct facts *facts, json_t *event, const char *name)
{
	struct facts_vm *vm = get_vm(facts, find_id(event, "vm"));

	if (!vm)
		return;
	if (!strcmp(name, "KVM_SET_USER_MEMORY_REGION") ||
	    !strcmp(name, "KVM_SET_USER_MEMORY_REGION2"))
		add_slot(vm, event);
	else if (!strcmp(name, "KVM_SET_TSS_ADDR"))
		keep(&vm->tss, event);
}

/* What a call made gets its place before anybody uses it. */
static void add_made(struct facts *facts, json_t *event)
{
	int64_t id = find_id(event, "made.vm");
	struct facts_vcpu *vcpu;
	struct facts_vm *vm;

	if (field_is(event, "name", "KVM_CREATE_VM")) {
		vm = get_vm(facts, id);
		if (vm)
			keep_first(&vm->created, event);
	} else if (field_is(event, "name", "KVM_CREATE_VCPU")) {
		vcpu = get_vcpu(facts, id, find_id(event, "made.vcpu"));
		if (vcpu)
			keep_first(&vcpu->created, event);
	}
}

/* Calls on a vCPU */

static void add_port(struct facts_vcpu *vcpu, json_t *event)
{
	uint64_t port = field_number_or(event, "exit.io.port", 0);
	uint64_t size = field_number_or(event, "exit.io.size", 0);
	bool is_in = !field_number_or(event, "exit.io.direction", 1);
	struct facts_port *row = vcpu->ports, *end = row + vcpu->port_count;

	while (row < end && (row->port != port || row->size != size ||
			     row->is_in != is_in))
		row++;
	if (row == vcpu->ports + FACTS_PORTS_MAX) {
		vcpu->other_ports++;
		return;
	}
	if (row == end) {
		*row = (struct facts_port){ .port = port, .size = size,
					    .is_in = is_in };
		row->first_seq = field_number_or(event, "seq", 0);
		keep(&row->event, event);
		vcpu->port_count++;
	}
	row->last_seq = field_number_or(event, "seq", 0);
	row->exits++;
	row->bytes += size * field_number_or(event, "exit.io.count", 1);
}

static void count_exit(struct facts_vcpu *vcpu, const char *reason)
{
	json_t *count = json_object_get(vcpu->exits, reason);

	if (count)
		json_integer_set(count, json_integer_value(count) + 1);
	else if (json_object_size(vcpu->exits) < FACTS_CALLS_MAX)
		json_object_set_new(vcpu->exits, reason, json_integer(1));
}

static void add_exit(struct facts_vcpu *vcpu, json_t *event)
{
	const char *reason = field_text(event, "exit.reason");

	if (!reason)
		return;
	count_exit(vcpu, reason);
	if (field_has(event, "exit.io"))
		add_port(vcpu, event);
	if (strcmp(reason, "KVM_EXIT_HLT"))
		return;
	keep(&vcpu->halted, event);
	json_decref(vcpu->result);
	vcpu->result = NULL;
	/* api.rst, "KVM_CAP_SYNC_REGS": no call is needed then. */
	if (field_has(event, "out.sync_regs.regs.rax"))
		keep(&vcpu->result, event);
}

/*
 * Did KVM_RUN let the guest run? One that a signal broke off did, and says
 * KVM_EXIT_INTR; with immediate_exit it doesn't enter the guest (api.rst 5;
 * kvm_arch_vcpu_ioctl_run() and vcpu_run() in arch/x86/kvm/x86.c). One that
 * never came back is in the guest still.
 */
static bool has_entered(const json_t *event)
{
	if (has_worked(event) ||
	    json_is_true(field_find(event, "unfinished")))
		return true;
	return field_is(event, "errno", "EINTR") &&
	       field_is(event, "exit.reason", "KVM_EXIT_INTR") &&
	       !field_number_or(event, "in.immediate_exit", 0) &&
	       !json_is_true(field_find(event, "injected"));
}

static void add_run(struct facts *facts, struct facts_vcpu *vcpu,
		    json_t *event)
{
	struct facts_vm *vm = get_vm(facts, vcpu->vm);

	vcpu->tries++;
	keep_first(&vcpu->first_try, event);
	keep(&vcpu->last_try, event);
	if (field_has(event, "in.completes"))
		keep_first(&vcpu->read, event);
	if (!vcpu->first_run && has_entered(event)) {
		keep(&vcpu->first_run, event);
		vcpu->state.slots = vm ? json_copy(vm->slots) : json_object();
	}
	/* api.rst, "KVM_CAP_SYNC_REGS": a run may carry registers. */
	if (!vcpu->first_run && field_is(event, "errno", "EINVAL") &&
	    field_has(event, "in.sync_regs.sregs"))
		keep(&vcpu->state.refused, event);
	if (!has_worked(event))
		return;
	vcpu->runs++;
	add_exit(vcpu, event);
}

static void add_result(struct facts_vcpu *vcpu, json_t *event)
{
	if (vcpu->halted)
		keep_first(&vcpu->result, event);
}

/* The calls that tell or set what a vCPU starts with. */
static void add_state(struct facts_vcpu *vcpu, json_t *event, const char *name)
{
	static const struct {
		const char *name;
		size_t place;
	} rows[] = {
#define PLACE(member) offsetof(struct facts_vcpu, state.member)
		{ "KVM_SET_SREGS", PLACE(sregs) },
		{ "KVM_SET_SREGS2", PLACE(sregs) },
		{ "KVM_SET_REGS", PLACE(regs) },
		{ "KVM_GET_SREGS", PLACE(got_sregs) },
		{ "KVM_GET_SREGS2", PLACE(got_sregs) },
		{ "KVM_GET_REGS", PLACE(got_regs) },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i].name, name))
			keep((json_t **)(void *)((char *)vcpu + rows[i].place),
			     event);
}

/* What the tracer saw of the guest. */
static void add_guest(struct facts_vcpu *vcpu, json_t *event, const char *name)
{
	if (field_has(event, "guest"))
		keep(&vcpu->state.guest, event);
	if (field_has(event, "guest.page_tables"))
		keep_first(&vcpu->state.walked, event);
	if (field_has(event, "guest.mapped") && !strcmp(name, "KVM_RUN"))
		keep(&vcpu->state.mapped, event);
}

static void add_vcpu_call(struct facts *facts, json_t *event, const char *name)
{
	struct facts_vcpu *vcpu = get_vcpu(facts, find_id(event, "vm"),
					   find_id(event, "vcpu"));
	bool is_sregs = !strncmp(name, "KVM_SET_SREGS", 13);

	if (!vcpu)
		return;
	if (!vcpu->first_run)
		add_guest(vcpu, event, name);
	if (!strcmp(name, "KVM_RUN")) {
		add_run(facts, vcpu, event);
	} else if (!has_worked(event)) {
		if (is_sregs && !vcpu->first_run)
			keep(&vcpu->state.refused, event);
	} else if (!vcpu->first_run) {
		add_state(vcpu, event, name);
	} else {
		vcpu->later_sregs += is_sregs;
		if (!strcmp(name, "KVM_GET_REGS"))
			add_result(vcpu, event);
	}
}

/* All calls */

static void count_call(struct facts *facts, json_t *event, const char *name)
{
	const json_t *index = json_object_get(facts->calls_by_name, name);
	struct facts_call *call;
	bool worked = has_worked(event);

	facts->calls_cut |= !index && facts->call_count == FACTS_CALLS_MAX;
	if (!index && facts->call_count == FACTS_CALLS_MAX)
		return;
	call = &facts->calls[index ? (size_t)json_integer_value(index) :
			     facts->call_count];
	if (!index) {
		json_object_set_new(facts->calls_by_name, name,
				    json_integer((json_int_t)facts->call_count));
		facts->call_count++;
		call->first_seq = field_number_or(event, "seq", 0);
		keep(&call->event, event);
	}
	if (worked && call->count == call->failures)
		keep(&call->event, event);
	if (field_has(event, "errno"))
		keep_first(&call->refused, event);
	call->count++;
	call->failures += !worked;
}

static void add_ioctl(struct facts *facts, json_t *event)
{
	const char *name = field_text(event, "name");

	facts->ioctls++;
	if (!name || field_is(event, "on", "not_kvm"))
		return;
	count_call(facts, event, name);
	if (has_worked(event))
		add_made(facts, event);
	if (field_is(event, "on", "vcpu"))
		add_vcpu_call(facts, event, name);
	else if (field_is(event, "on", "vm") && has_worked(event))
		add_vm_call(facts, event, name);
}

static void add_syscall(struct facts *facts, json_t *event)
{
	const char *name = field_text(event, "name");
	struct facts_vcpu *vcpu;

	/* open, openat, openat2: only those of /dev/kvm are in a trace. */
	if (name && !strncmp(name, "open", 4))
		keep_first(has_worked(event) ? &facts->opened :
			   &facts->open_failed, event);
	if (!field_is(event, "name", "mmap") || !has_worked(event) ||
	    !field_is(event, "on", "vcpu"))
		return;
	vcpu = get_vcpu(facts, find_id(event, "vm"), find_id(event, "vcpu"));
	if (vcpu && !field_number_or(event, "in.offset", 0))
		keep_first(&vcpu->mapped, event);
}

static void add_console(struct facts *facts, json_t *event)
{
	struct facts_vcpu *vcpu = get_vcpu(facts, find_id(event, "vm"),
					   find_id(event, "vcpu"));

	if (!vcpu)
		return;
	if (vcpu->console_lines++ < FACTS_CONSOLE_MAX)
		json_array_append(vcpu->console, event);
}

void facts_add(struct facts *facts, json_t *event)
{
	keep(&facts->last, event);
	if (field_is(event, "type", "ioctl"))
		add_ioctl(facts, event);
	else if (field_is(event, "type", "syscall"))
		add_syscall(facts, event);
	else if (field_is(event, "type", "console"))
		add_console(facts, event);
	else if (field_is(event, "type", "trace_start"))
		keep(&facts->start, event);
	else if (field_is(event, "type", "trace_end"))
		keep(&facts->end, event);
}
