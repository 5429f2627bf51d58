/*
 * tty_loop [N]: N ioctls (1000) that are no KVM requests: what a program asks
 * a terminal or a pipe all day. Then one KVM_GET_API_VERSION.
 *
 * A tracer must not stop the program for any of the N: the test counts stops.
 */
#include "vm.h"

int main(int argc, char **argv)
{
	long wanted = argc > 1 ? strtol(argv[1], NULL, 10) : 1000;
	int kvm = vm_open_kvm();
	int pipes[2], waiting;
	char termios[256];

	vm_expect(pipe(pipes) == 0);
	for (long i = 0; i < wanted; i += 2) {
		vm_expect(ioctl(pipes[0], FIONREAD, &waiting) == 0 &&
			  waiting == 0);
		vm_refused(pipes[0], TCGETS, termios, ENOTTY);
	}
	vm_expect(vm_ioctl(kvm, KVM_GET_API_VERSION, 0) == KVM_API_VERSION);
	vm_say("%ld terminal ioctls, one of KVM\n", wanted);
	return 0;
}
