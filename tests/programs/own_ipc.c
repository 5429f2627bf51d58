/*
 * own_ipc: moves to an IPC namespace of its own, where it has shared memory
 * segments, all zeros; then it makes KVM requests.
 *
 * A number of a segment of the tracer's is here one of the program's, if any:
 * none of its bytes may change.
 */
#include <sched.h>
#include <sys/shm.h>

#include "vm.h"

#define SEGMENTS      4
#define SEGMENT_BYTES (1 << 20)
#define CALLS	      100

static unsigned char *make_segment(void)
{
	int id = shmget(IPC_PRIVATE, SEGMENT_BYTES, IPC_CREAT | 0600);
	void *memory = id < 0 ? (void *)-1 : shmat(id, NULL, 0);

	vm_expect(memory != (void *)-1);
	return memory;
}

static size_t count_changes(const unsigned char *bytes)
{
	size_t changes = 0;

	for (size_t i = 0; i < SEGMENT_BYTES; i++)
		changes += bytes[i] != 0;
	return changes;
}

/* The segments go with the namespace. */
int main(void)
{
	unsigned char *segments[SEGMENTS];
	size_t changes = 0;
	int kvm;

	if (unshare(CLONE_NEWIPC))
		vm_skip("skipped: no IPC namespace of its own: %s",
			strerror(errno));
	for (int i = 0; i < SEGMENTS; i++)
		segments[i] = make_segment();
	kvm = vm_open_kvm();
	for (int i = 0; i < CALLS; i++)
		vm_expect(vm_ioctl(kvm, KVM_GET_API_VERSION, 0) ==
			  KVM_API_VERSION);
	for (int i = 0; i < SEGMENTS; i++)
		changes += count_changes(segments[i]);
	vm_say("%zu bytes of the program's segments changed\n", changes);
	return changes != 0;
}
