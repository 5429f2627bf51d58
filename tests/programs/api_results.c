/*
 * api_results N: asks for the API version N times and prints what it gets, an
 * errno with a minus sign.
 */
#include "vm.h"

int main(int argc, char **argv)
{
	int kvm = vm_open_kvm();

	vm_expect(argc == 2);
	for (int i = atoi(argv[1]); i > 0; i--) {
		int ret = ioctl(kvm, KVM_GET_API_VERSION, 0);

		vm_say("%d ", ret < 0 ? -errno : ret);
	}
	vm_say("\n");
	return 0;
}
