/*
 * The device side of the hypercalls: what hv does when the guest reads or
 * writes one of the ports in guests/ports.h. Also keeps the count of exits,
 * because two of the hypercalls ask for it.
 */
#ifndef HYPERVISOR_HYPERCALLS_H
#define HYPERVISOR_HYPERCALLS_H

#include <stdint.h>

#include "vm.h"

struct hypercalls {
	struct vm *vm; /* not owned */
	uint32_t exits;
	uint32_t exits_in;
	uint32_t exits_out;
	uint32_t hva_low; /* answer to the last PORT_GVA_TO_HVA */
	uint64_t start_us;
};

void hypercalls_init(struct hypercalls *calls, struct vm *vm);

/* Call it for each exit of the guest, before anything else is done with it. */
void hypercalls_count(struct hypercalls *calls);

/*
 * Does what a KVM_EXIT_IO asks for. Data for an IN is handed to the guest by
 * the next KVM_RUN. Returns 0, or -errno after a message when no device is at
 * the port, or the guest passed an address it can't use.
 */
int hypercalls_handle(struct hypercalls *calls);

#endif
