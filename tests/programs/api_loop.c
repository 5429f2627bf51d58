/*
 * api_loop [-t] [N [BURSTS]]: asks for the API version N times (100), the
 * cheapest KVM ioctl there is; in BURSTS bursts (1) with pauses between them.
 * With -t the cost of a call goes to standard error; of several bursts the
 * first doesn't count, nor does the very first call.
 *
 * A tracer must show N calls a burst on the system descriptor; the time is its
 * own.
 */
#include "vm.h"

#define PAUSE_US 50000

/* The time of all calls together. */
static unsigned long ask_often(int kvm, unsigned long wanted)
{
	unsigned long begin = vm_now_ns();

	for (unsigned long i = 0; i < wanted; i++)
		vm_expect(vm_ioctl(kvm, KVM_GET_API_VERSION, 0) ==
			  KVM_API_VERSION);
	return vm_now_ns() - begin;
}

int main(int argc, char **argv)
{
	int timed = argc > 1 && strcmp(argv[1], "-t") == 0;
	unsigned long wanted =
		argc > 1 + timed ? strtoul(argv[1 + timed], NULL, 10) : 100;
	unsigned long bursts =
		argc > 2 + timed ? strtoul(argv[2 + timed], NULL, 10) : 1;
	int kvm = vm_open_kvm();
	unsigned long ns;

	if (wanted < 2 || bursts < 1)
		vm_die("the number of calls is 2 or more, of bursts 1 or more");
	ask_often(kvm, 1);
	ns = ask_often(kvm, wanted - 1) * wanted / (wanted - 1);
	for (unsigned long i = 1; i < bursts; i++) {
		ns = i == 1 ? 0 : ns;
		usleep(PAUSE_US);
		ns += ask_often(kvm, wanted);
	}
	if (timed)
		dprintf(STDERR_FILENO, "%.1f ns per call\n", (double)ns /
			(double)(wanted * (bursts > 1 ? bursts - 1 : 1)));
	vm_say("%lu calls\n", wanted * bursts);
	return 0;
}
