/*
 * api_loop [-t] [N]: asks for the API version N times (100), the cheapest KVM
 * ioctl there is. With -t the cost of a call, but for the first, goes to
 * standard error.
 *
 * A tracer must show N calls on the system descriptor; the time is its own.
 */
#include "vm.h"

int main(int argc, char **argv)
{
	int timed = argc > 1 && strcmp(argv[1], "-t") == 0;
	unsigned long wanted =
		argc > 1 + timed ? strtoul(argv[1 + timed], NULL, 10) : 100;
	int kvm = vm_open_kvm();
	unsigned long begin = 0;

	if (wanted < 1)
		vm_die("the number of calls is 1 or more");
	for (unsigned long i = 0; i < wanted; i++) {
		vm_expect(vm_ioctl(kvm, KVM_GET_API_VERSION, 0) ==
			  KVM_API_VERSION);
		if (!begin)
			begin = vm_now_ns();
	}
	if (timed)
		dprintf(STDERR_FILENO, "%lu ns per call\n",
			(vm_now_ns() - begin) / wanted);
	vm_say("%lu calls\n", wanted);
	return 0;
}
