/* Members of kvm_run, read from copied bytes that may lie unaligned. */
#ifndef ABI_RUN_H
#define ABI_RUN_H

#include <linux/kvm.h>

#include "abi/abi.h"

#define RUN_READ(run, member)                                  \
	abi_read((run) + offsetof(struct kvm_run, member),     \
		 sizeof(((struct kvm_run *)0)->member))

#endif
