#include "session/session.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/compat.h"
#include "abi/run.h"
#include "base/log.h"
#include "session/look.h"
#include "session/vcpu_state.h"
#include "session/vm_state.h"

#define BUCKETS 256

/* What one open file is, and for a vCPU how far it has come. */
struct object {
	struct object *next;
	uint32_t file_id;
	struct session_object is;
	struct vcpu_state vcpu;
};

struct session {
	struct object *buckets[BUCKETS];
	int32_t vms, devices;
	struct vm_state *states;	/* by the VM's id */
	size_t state_capacity;
	struct object *recent;
	struct guest_view scratch;	/* of session_look() */
};

struct session *session_new(void)
{
	struct session *session = calloc(1, sizeof(*session));

	if (!session)
		log_die("out of memory: the session");
	return session;
}

void session_free(struct session *session)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		while (session->buckets[i]) {
			struct object *object = session->buckets[i];

			session->buckets[i] = object->next;
			vcpu_state_done(&object->vcpu);
			free(object);
		}
	}
	for (int32_t i = 0; i < session->vms; i++)
		vm_state_done(&session->states[i]);
	free(session->states);
	free(session);
}

static struct object *find_object(struct session *session, uint32_t file_id)
{
	struct object *object = session->recent;

	if (object && object->file_id == file_id)
		return object;
	for (object = session->buckets[file_id % BUCKETS]; object;
	     object = object->next)
		if (object->file_id == file_id)
			break;
	if (object)
		session->recent = object;
	return object;
}

static struct object *add_object(struct session *session, uint32_t file_id,
				 uint8_t role)
{
	struct object *object = calloc(1, sizeof(*object));

	if (!object)
		log_die("out of memory: a descriptor's meaning");
	object->file_id = file_id;
	object->is = (struct session_object){ .role = role, .vm = -1,
					      .vcpu = -1, .device = -1 };
	object->next = session->buckets[file_id % BUCKETS];
	session->buckets[file_id % BUCKETS] = object;
	return object;
}

/*
 * KVM's names for its files: virt/kvm/kvm_main.c. A device's file is named
 * after its kind (kvm_device_ops.name), a vCPU's after its id.
 */
static uint8_t role_of_link(const char *link)
{
	const char *name = strchr(link, ':');

	if (strncmp(link, "anon_inode:", 11))
		return ROLE_SYSTEM;
	name++;
	if (!strcmp(name, "kvm-vm"))
		return ROLE_VM;
	if (!strncmp(name, "kvm-vcpu:", 9))
		return ROLE_VCPU;
	if (strstr(name, "stats"))
		return ROLE_STATS;
	return strstr(name, "gmem") || strstr(name, "guest_memfd") ?
		ROLE_GUEST_MEMFD : ROLE_DEVICE;
}

static int32_t add_vm(struct session *session)
{
	size_t count = (size_t)session->vms;

	if (count == session->state_capacity) {
		session->state_capacity = count ? 2 * count : 8;
		session->states = realloc(session->states,
					  session->state_capacity *
					  sizeof(session->states[0]));
		if (!session->states)
			log_die("out of memory: %zu VMs",
				session->state_capacity);
	}
	memset(&session->states[count], 0, sizeof(session->states[0]));
	return session->vms++;
}

static struct vm_state *state_of(const struct session *session,
				 const struct session_object *object)
{
	return object->vm < 0 ? NULL : &session->states[object->vm];
}

/* The VM of a file that was not seen being made is told by nothing. */
static struct object *adopt(struct session *session,
			    const struct record_file *file)
{
	struct object *object = add_object(session, file->id,
					   role_of_link(file->link));

	if (object->is.role == ROLE_VM)
		object->is.vm = add_vm(session);
	if (object->is.role == ROLE_DEVICE)
		object->is.device = session->devices++;
	if (object->is.role != ROLE_VCPU)
		return object;
	object->is.vcpu = atoll(strrchr(file->link, ':') + 1);
	vcpu_state_init(&object->vcpu, false);
	return object;
}

static struct object *object_of(struct session *session,
				const struct record_file *file)
{
	struct object *object;

	if (!file->id || !file->link)
		return NULL;
	object = find_object(session, file->id);
	return object ? object : adopt(session, file);
}

static struct session_object meaning_of(const struct object *object)
{
	static const struct session_object other = {
		.role = ROLE_NOT_KVM, .vm = -1, .vcpu = -1, .device = -1,
	};

	return object ? object->is : other;
}

/* Nothing is known of a file that could not be read: it has no role. */
static struct session_object meaning_of_file(const struct object *object,
					     const struct record_file *file)
{
	struct session_object meaning = meaning_of(object);

	if (!object && file->error)
		meaning.role = 0;
	return meaning;
}
/* A descriptor that the call made belongs to what it was asked of. */
static struct object *apply_made(struct session *session,
				 const struct record *record,
				 const struct object *maker)
{
	struct object *made = object_of(session, &record->made_file);

	if (!made || !maker || record->kind != RECORD_IOCTL || made == maker)
		return made;
	if (made->is.role != ROLE_VM && made->is.vm < 0)
		made->is.vm = maker->is.vm;
	if (made->is.role == ROLE_VCPU && made->is.vcpu < 0)
		made->is.vcpu = (int64_t)(uint32_t)record->argument;
	if (made->is.role == ROLE_VCPU)
		vcpu_state_init(&made->vcpu, true);
	if (made->is.role == ROLE_STATS)
		made->is.vcpu = maker->is.vcpu;
	return made;
}

/* KVM_CREATE_VM tells of what kind the new VM is: api.rst 4.2. */
static void note_vm_type(struct session *session, const struct record *record,
			 const struct session_view *view)
{
	if (view->made.role == ROLE_VM && record->kind == RECORD_IOCTL)
		state_of(session, &view->made)->is_tdx =
			record->argument == KVM_X86_TDX_VM;
}

static void apply_ioctl(struct session *session, const struct record *record,
			struct session_view *view)
{
	struct object *object = object_of(session, &record->file);

	view->object = meaning_of_file(object, &record->file);
	view->row = abi_find_ioctl(record_request(record), view->object.role);
	if (view->row)
		view->type = session_find_type(session, record, view->row);
	view->made = meaning_of(apply_made(session, record, object));
	view->vm = state_of(session, &view->object);
	view->vcpu = view->object.role == ROLE_VCPU ? &object->vcpu : NULL;
	note_vm_type(session, record, view);
	if (view->object.role == ROLE_VM && record_is_done(record))
		vm_state_apply(state_of(session, &view->object), record);
	if (view->object.role == ROLE_VCPU && view->row)
		vcpu_state_apply(&object->vcpu, record,
				 state_of(session, &view->object), view);
}

/* The KVM_RUN that this signal broke into: the one that its thread left last. */
static void apply_signal(struct session *session, const struct record *record,
			 struct session_view *view)
{
	for (size_t i = 0; i < BUCKETS; i++) {
		for (const struct object *object = session->buckets[i]; object;
		     object = object->next) {
			if (object->vcpu.broken_tid != record->tid ||
			    !object->vcpu.has_seq)
				continue;
			view->has_run_seq = true;
			view->run_seq = object->vcpu.seq;
		}
	}
}

void session_apply(struct session *session, const struct record *record,
		   struct session_view *ret_view)
{
	memset(ret_view, 0, sizeof(*ret_view));
	ret_view->object = ret_view->made = ret_view->replaced =
		meaning_of(NULL);
	switch (record->kind) {
	case RECORD_IOCTL:
		apply_ioctl(session, record, ret_view);
		break;
	case RECORD_SYSCALL:
		ret_view->object = meaning_of(object_of(session,
							&record->file));
		ret_view->made = meaning_of(object_of(session,
						      &record->made_file));
		ret_view->replaced = meaning_of(
			object_of(session, &record->replaced_file));
		break;
	case RECORD_SIGNAL:
		apply_signal(session, record, ret_view);
		break;
	default:
		break;
	}
}

void session_numbered(struct session *session, const struct record *record,
		      uint64_t seq)
{
	struct object *object;

	if (record->kind != RECORD_IOCTL || !record->file.id)
		return;
	object = find_object(session, record->file.id);
	if (object && object->is.role == ROLE_VCPU)
		vcpu_state_numbered(&object->vcpu, record, seq);
}

/* Is the guest, entered now, not as it was when it was entered before? */
static bool is_changed(const struct vcpu_state *vcpu, const struct vm_state *vm,
		       const struct registers *registers)
{
	return !vcpu->was_looked_at ||
	       vcpu->looked_changes != registers->changes ||
	       vcpu->looked_slot_changes != (vm ? vm->slot_changes : 0);
}

static bool is_entered_anew(struct vcpu_state *vcpu, const struct vm_state *vm,
			    const struct registers *registers)
{
	if (!is_changed(vcpu, vm, registers))
		return false;
	vcpu->was_looked_at = true;
	vcpu->looked_changes = registers->changes;
	vcpu->looked_slot_changes = vm ? vm->slot_changes : 0;
	return true;
}

/* *ret_registers: with those that the call has set, or takes along. */
static bool is_due(struct vcpu_state *vcpu, const struct vm_state *vm,
		   const struct record *record, struct registers *ret_registers)
{
	bool is_run = record_request(record) == KVM_RUN;

	*ret_registers = vcpu->registers;
	if (is_run || record->result >= 0)
		registers_apply(ret_registers, record);
	return is_run ? is_entered_anew(vcpu, vm, ret_registers) :
		ret_registers->changes != vcpu->registers.changes;
}

void session_look(struct session *session, struct record *record,
		  const struct program_memory *memory)
{
	struct object *object = object_of(session, &record->file);
	const struct vm_state *vm;
	struct registers registers;

	if (!object || object->is.role != ROLE_VCPU)
		return;
	vm = state_of(session, &object->is);
	if (vm && record_find_part(record, PART_RUN, PHASE_AFTER, 0)) {
		look_at_slots(record, vm, object->vcpu.guest, memory);
		return;
	}
	record->looked = is_due(&object->vcpu, vm, record, &registers);
	if (record->looked)
		look_at_guest(record, &registers, vm, memory,
			      &session->scratch);
}

bool session_is_look_due(struct session *session, uint32_t file_id)
{
	const struct object *object = find_object(session, file_id);

	return object && object->is.role == ROLE_VCPU &&
	       is_changed(&object->vcpu, state_of(session, &object->is),
			  &object->vcpu.registers);
}

bool session_is_changed_by(uint32_t request)
{
	switch (request) {
	case KVM_SET_REGS:
	case KVM_SET_SREGS:
	case KVM_SET_SREGS2:
	case KVM_SET_USER_MEMORY_REGION:
	case KVM_SET_USER_MEMORY_REGION2:
		return true;
	default:
		return false;
	}
}

/* A bit for each page of the slot, in whole units: api.rst 4.8. */
static uint64_t measure_bitmap(const struct vm_state *state, uint32_t id,
			       uint32_t unit)
{
	const struct guest_slot *slot = vm_state_find_slot(state, id);
	uint64_t unit_pages = 8ull * unit;

	if (!slot || !unit)
		return 0;
	return (slot->bytes / 4096 + unit_pages - 1) / unit_pages * unit;
}

uint64_t session_measure(struct session *session, const struct record *record,
			 const struct abi_length *length, const uint8_t *bytes,
			 uint32_t size)
{
	const struct session_object object = meaning_of(
		object_of(session, &record->file));
	const struct vm_state *state = state_of(session, &object);

	if (!state)
		return 0;
	if (length->rule == LENGTH_XSAVE)
		return state->xsave_bytes;
	if (length->rule != LENGTH_SLOT ||
	    (uint32_t)length->offset + length->size > size)
		return 0;
	return measure_bitmap(state, (uint32_t)abi_read(bytes + length->offset,
							length->size),
			      length->unit);
}

const struct abi_type *session_find_type(struct session *session,
					 const struct record *record,
					 const struct abi_ioctl *row)
{
	const struct session_object object = meaning_of(
		object_of(session, &record->file));
	const struct vm_state *state = state_of(session, &object);

	return row->tdx_type && state && state->is_tdx ? row->tdx_type
						       : row->type;
}
