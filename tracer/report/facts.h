/*
 * What the study report needs of a trace, gathered in one pass: the events
 * that answers cite, kept whole, and counts of the many. Nothing is concluded
 * here. The number of VMs, vCPUs, names and ports that are followed one by one
 * is bounded, so a trace of millions of lines takes no more memory than a
 * short one.
 */
#ifndef REPORT_FACTS_H
#define REPORT_FACTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FACTS_VMS_MAX 64
#define FACTS_VCPUS_MAX 256
#define FACTS_CALLS_MAX 512
#define FACTS_PORTS_MAX 64
#define FACTS_SLOTS_MAX 1024
#define FACTS_CONSOLE_MAX 16
#define FACTS_UNKNOWN (-1)

/* All calls of one name. */
struct facts_call {
	json_t *event;		/* the first that succeeded, else the first */
	json_t *refused;	/* the first that failed; NULL: none */
	uint64_t count, failures, first_seq;
};

struct facts_vm {
	int64_t id;
	json_t *created;	/* KVM_CREATE_VM */
	json_t *tss;		/* KVM_SET_TSS_ADDR */
	json_t *slots;		/* by number: the call that set it last */
};

/* Accesses to one port with one size in one direction. */
struct facts_port {
	uint64_t port, size;
	bool is_in;
	uint64_t exits, bytes, first_seq, last_seq;
	json_t *event;		/* the first */
};

/*
 * The state that the program gave a vCPU is what it last set before the guest
 * first ran: `state` members are not touched afterwards.
 */
struct facts_vcpu {
	int64_t vm, id;
	json_t *created, *mapped;
	struct {
		json_t *sregs, *regs;		/* KVM_SET_… that succeeded */
		json_t *got_sregs, *got_regs;	/* KVM_GET_… */
		json_t *refused;		/* the last that KVM refused */
		json_t *guest;			/* the last with `guest` */
		json_t *walked;			/* the first that walks */
		json_t *mapped;			/* the last run that maps */
		json_t *slots;			/* of its VM, by number */
	} state;
	uint64_t later_sregs;	/* KVM_SET_SREGS behind that */
	json_t *first_try, *last_try;
	json_t *first_run;	/* the first that let the guest run */
	uint64_t tries, runs;	/* calls; those that succeeded */
	json_t *exits;		/* reason -> number of exits */
	struct facts_port ports[FACTS_PORTS_MAX];
	size_t port_count;
	uint64_t other_ports;	/* exits to ports beyond these */
	json_t *read;		/* the first run that completes a read */
	json_t *halted;		/* the last KVM_EXIT_HLT */
	json_t *result;		/* registers told behind it */
	json_t *console;	/* the first lines */
	uint64_t console_lines;
};

struct facts {
	json_t *start, *end, *last;	/* NULL: not there */
	json_t *opened, *open_failed;	/* of /dev/kvm */
	json_t *calls_by_name;		/* name -> index in `calls` */
	struct facts_call calls[FACTS_CALLS_MAX];
	size_t call_count;
	bool calls_cut;
	uint64_t ioctls;		/* lines */
	struct facts_vm vms[FACTS_VMS_MAX];
	size_t vm_count;
	bool vms_cut;
	struct facts_vcpu *vcpus[FACTS_VCPUS_MAX];
	size_t vcpu_count;
	bool vcpus_cut;
};

struct facts *facts_new(void);
/* Keeps references to what it needs of the event. */
void facts_add(struct facts *facts, json_t *event);
void facts_free(struct facts *facts);

/* The calls of this name; NULL: there were none. */
const struct facts_call *facts_find_call(const struct facts *facts,
					 const char *name);
const struct facts_vm *facts_find_vm(const struct facts *facts, int64_t id);

/*
 * The vCPU that the report is about: the one that ran first, else the one
 * that tried first, else the first there is. NULL: no vCPU is in the trace.
 */
const struct facts_vcpu *facts_find_focus(const struct facts *facts);

#endif
