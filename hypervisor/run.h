/*
 * The life of the guest: run it, serve its exits, and see in the end whether
 * it did what it should. Both return 0, or -errno after a message.
 */
#ifndef HYPERVISOR_RUN_H
#define HYPERVISOR_RUN_H

#include "vm.h"

/* Until the guest halts. */
int run_guest(struct vm *vm, const struct mode *mode);

/* RESULT_VALUE must be in the accumulator and at RESULT_GPA. */
int run_check_result(struct vm *vm, const struct mode *mode);

#endif
