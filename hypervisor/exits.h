/*
 * Words for the exits that hv did not expect, so that whoever wrote the guest
 * knows where to look.
 */
#ifndef HYPERVISOR_EXITS_H
#define HYPERVISOR_EXITS_H

#include <linux/kvm.h>

#include "modes.h"

/* Says in one sentence on standard error why the guest could not go on. */
void exits_explain(const struct kvm_run *run, const struct mode *mode);

#endif
