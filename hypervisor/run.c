#include "run.h"

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../guests/ports.h"
#include "exits.h"
#include "hypercalls.h"

int run_guest(struct vm *vm, const struct mode *mode)
{
	struct hypercalls calls;
	int ret;

	hypercalls_init(&calls, vm);
	for (;;) {
		ret = vm_run(vm);
		if (ret < 0)
			return ret;
		hypercalls_count(&calls);

		switch (vm->run->exit_reason) {
		case KVM_EXIT_HLT:
			/* Ours to see, as no interrupt controller is in KVM. */
			return 0;
		case KVM_EXIT_IO:
			ret = hypercalls_handle(&calls);
			if (ret < 0)
				return ret;
			break;
		default:
			exits_explain(vm->run, mode);
			return -EPROTO;
		}
	}
}

/* The low `bits` bits: the rest is not the guest's to set in this mode. */
static uint64_t narrow(uint64_t value, unsigned int bits)
{
	return bits == 64 ? value : value & ((UINT64_C(1) << bits) - 1);
}

int run_check_result(struct vm *vm, const struct mode *mode)
{
	struct kvm_regs regs;
	uint64_t in_register, in_memory;
	int ret = vm_get_regs(vm, &regs);

	if (ret < 0)
		return ret;
	in_register = narrow(regs.rax, mode->bits);
	memcpy(&in_memory, vm->memory + RESULT_GPA, sizeof(in_memory));
	in_memory = narrow(in_memory, mode->bits);

	fflush(stdout);
	if (in_register != RESULT_VALUE) {
		warnx("wrong result: the guest halted with %" PRIu64
		      " in %s, not %d",
		      in_register, mode->accumulator, RESULT_VALUE);
		return -EPROTO;
	}
	if (in_memory != RESULT_VALUE) {
		warnx("wrong result: the guest halted with %" PRIu64
		      " at guest physical 0x%x, not %d",
		      in_memory, RESULT_GPA, RESULT_VALUE);
		return -EPROTO;
	}
	return 0;
}
