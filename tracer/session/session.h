/*
 * The session: what the records of a trace mean together. It turns open files
 * into kinds of descriptor, VMs and vCPUs with stable ids, counts each vCPU's
 * runs and ties the reads that a KVM_RUN finishes to the exit that asked for
 * them. It knows no JSON and has no words for people.
 *
 * Ids: VMs and devices are counted from 0 in the order in which they appear,
 * a vCPU has the id that KVM_CREATE_VCPU got.
 */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/abi.h"
#include "guest/guest_view.h"
#include "record/program_memory.h"
#include "record/record.h"

struct session;
struct vm_state;
struct vcpu_state;

/* What a descriptor is; -1 where an id doesn't apply or isn't known. */
struct session_object {
	uint8_t role;		/* enum abi_role */
	int32_t vm;
	int64_t vcpu;
	int32_t device;
	const char *device_type;	/* name of a device's kind, or NULL */
};

/* What the session adds to one record. */
struct session_view {
	const struct abi_ioctl *row;	/* NULL: unknown request */
	const struct abi_type *type;	/* the argument's; NULL: no structure */
	struct session_object object;	/* behind the record's fd */
	struct session_object made;	/* behind the descriptor it made */
	struct session_object replaced;	/* that a dup2 closed */

	uint64_t run_index;		/* of this KVM_RUN, from 1 */
	bool has_exit;			/* kvm_run's exit fields are this run's */

	/* The exit that this KVM_RUN finishes: a read, with the program's data, */
	bool completes;
	bool has_completed_seq;
	uint64_t completed_seq;
	const uint8_t *completed_data;	/* in the record */
	uint32_t completed_length;
	/* Or it answers this exit, in kvm_run as it was before; or NULL. */
	const struct abi_exit *completed_exit;

	/*
	 * What is known behind this call of the VM and the vCPU it concerns;
	 * NULL: it concerns none, or an unknown one.
	 */
	const struct vm_state *vm;
	const struct vcpu_state *vcpu;
	/* The guest, where the call set its state or entered it anew. */
	const struct guest_view *guest;
	/* Its ranges are those of an earlier run, whose line has them. */
	bool has_same_ranges;
	uint64_t ranges_seq;
	bool has_frame;		/* pagemap was read for the entry point: */
	uint64_t frame;		/* the page frame number; 0: hidden */

	bool has_run_seq;		/* RECORD_SIGNAL: the run it broke into */
	uint64_t run_seq;
};

struct session *session_new(void);
void session_free(struct session *session);

/*
 * Take the next record into account; *ret_view borrows from the session and
 * the record. Then, when the record was given a place in the trace, tell it:
 * later ones refer to it.
 */
void session_apply(struct session *session, const struct record *record,
		   struct session_view *ret_view);
void session_numbered(struct session *session, const struct record *record,
		      uint64_t seq);

/*
 * Is guest memory to be looked at for this record, which is about to be made
 * (a KVM_RUN) or has just been (any other)? Then what the view of the guest
 * needs is read and added to the record. session_apply() makes the view of it.
 * Behind a KVM_RUN that ended the guest, the slots are looked at.
 */
void session_look(struct session *session, struct record *record,
		  const struct program_memory *memory);

/*
 * Would session_look() look, if KVM_RUN were called on this open file now?
 * And does a request, done in between, change the answer?
 */
bool session_is_look_due(struct session *session, uint32_t file_id);
bool session_is_changed_by(uint32_t request);

/*
 * How many bytes a part of the argument has where only earlier calls tell
 * (LENGTH_SLOT, LENGTH_XSAVE), by the bytes of its structure; 0: not known.
 */
uint64_t session_measure(struct session *session, const struct record *record,
			 const struct abi_length *length, const uint8_t *bytes,
			 uint32_t size);

/* The type of the argument of this row's call, on the VM that it is made on. */
const struct abi_type *session_find_type(struct session *session,
					 const struct record *record,
					 const struct abi_ioctl *row);

#endif
