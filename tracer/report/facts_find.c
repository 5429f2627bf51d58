/* The life of the facts, and looking them up. */
#include <stdlib.h>

#include "base/log.h"
#include "report/facts.h"
#include "report/fields.h"

struct facts *facts_new(void)
{
	struct facts *facts = calloc(1, sizeof(*facts));

	if (!facts)
		log_die("out of memory: the facts of a report");
	facts->calls_by_name = json_object();
	return facts;
}

static void free_vcpu(struct facts_vcpu *vcpu)
{
	json_t *const kept[] = {
		vcpu->created, vcpu->mapped, vcpu->state.sregs,
		vcpu->state.regs, vcpu->state.got_sregs, vcpu->state.got_regs,
		vcpu->state.refused, vcpu->state.guest, vcpu->state.walked,
		vcpu->state.mapped, vcpu->state.slots,
		vcpu->first_try, vcpu->first_run, vcpu->last_try, vcpu->exits,
		vcpu->read, vcpu->halted, vcpu->result, vcpu->console,
	};

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		json_decref(kept[i]);
	for (size_t i = 0; i < vcpu->port_count; i++)
		json_decref(vcpu->ports[i].event);
	free(vcpu);
}

void facts_free(struct facts *facts)
{
	for (size_t i = 0; i < facts->call_count; i++) {
		json_decref(facts->calls[i].event);
		json_decref(facts->calls[i].refused);
	}
	for (size_t i = 0; i < facts->vm_count; i++) {
		json_decref(facts->vms[i].created);
		json_decref(facts->vms[i].tss);
		json_decref(facts->vms[i].slots);
	}
	for (size_t i = 0; i < facts->vcpu_count; i++)
		free_vcpu(facts->vcpus[i]);
	json_decref(facts->start);
	json_decref(facts->end);
	json_decref(facts->last);
	json_decref(facts->opened);
	json_decref(facts->open_failed);
	json_decref(facts->calls_by_name);
	free(facts);
}

const struct facts_call *facts_find_call(const struct facts *facts,
					 const char *name)
{
	const json_t *index = json_object_get(facts->calls_by_name, name);

	return index ? &facts->calls[json_integer_value(index)] : NULL;
}

const struct facts_vm *facts_find_vm(const struct facts *facts, int64_t id)
{
	for (size_t i = 0; i < facts->vm_count; i++)
		if (facts->vms[i].id == id)
			return &facts->vms[i];
	return NULL;
}

/* Lines stand in the order in which calls ended; ts_ns is when they began. */
static bool is_before(const json_t *event, const json_t *other)
{
	uint64_t began = field_number_or(event, "ts_ns", 0);
	uint64_t other_began = field_number_or(other, "ts_ns", 0);

	if (!event || !other)
		return event && !other;
	if (began != other_began)
		return began < other_began;
	return field_number_or(event, "seq", 0) <
	       field_number_or(other, "seq", 0);
}

const struct facts_vcpu *facts_find_focus(const struct facts *facts)
{
	const struct facts_vcpu *ran = NULL, *tried = NULL;

	for (size_t i = 0; i < facts->vcpu_count; i++) {
		const struct facts_vcpu *vcpu = facts->vcpus[i];

		if (is_before(vcpu->first_run, ran ? ran->first_run : NULL))
			ran = vcpu;
		if (is_before(vcpu->first_try, tried ? tried->first_try : NULL))
			tried = vcpu;
	}
	return ran ? ran : tried ? tried :
	       facts->vcpu_count ? facts->vcpus[0] : NULL;
}
