/*
 * locked_memory [-v]: locks all memory that it has and will have, as real-time
 * VMMs do, before its first KVM request. With -v it then says how many KiB are
 * locked.
 *
 * Memory that a tracer maps into this program is locked at once, all of it: it
 * must be little.
 */
#include "vm.h"

#define KEY "VmLck:"

/* proc(5), status. */
static unsigned long locked_kib(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	unsigned long kib = 0;
	char line[128];

	vm_expect(status);
	while (fgets(line, sizeof(line), status))
		if (!strncmp(line, KEY, strlen(KEY)))
			kib = strtoul(line + strlen(KEY), NULL, 10);
	vm_expect(fclose(status) == 0);
	return kib;
}

int main(int argc, char **argv)
{
	int kvm = vm_open_kvm();

	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		vm_skip("skipped: mlockall fails: %s", strerror(errno));
	for (int i = 0; i < 100; i++)
		vm_ioctl(kvm, KVM_GET_API_VERSION, 0);
	vm_expect(locked_kib() > 0);
	if (argc > 1 && !strcmp(argv[1], "-v"))
		vm_say("%lu\n", locked_kib());
	else
		vm_say("memory is locked\n");
	return 0;
}
