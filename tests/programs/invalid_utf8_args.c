/*
 * invalid_utf8_args ARGS...: prints how many arguments it got and how many
 * bytes they have. It never opens /dev/kvm.
 *
 * A tracer must pass the arguments on byte by byte, make valid JSON of its own
 * argv, and write a whole trace for a program that doesn't use KVM.
 */
#include "vm.h"

int main(int argc, char **argv)
{
	size_t bytes = 0;

	for (int i = 1; i < argc; i++)
		bytes += strlen(argv[i]);
	vm_say("%d arguments, %zu bytes\n", argc - 1, bytes);
	return 0;
}
