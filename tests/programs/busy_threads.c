/*
 * busy_threads: one thread makes calls to KVM while younger ones keep the
 * processors busy: two in guests that never end, the others by opening and
 * closing /dev/null under the numbers that the first one has just closed.
 *
 * A tracer must serve the older one in its turn, though a younger one has
 * stopped too whenever it looks, and must not take a number for KVM's when its
 * new owner closes it.
 */
#include <pthread.h>
#include <unistd.h>

#include "vm.h"

#define VCPUS 2
#define BUSY_THREADS 32
#define CALLS 300

static const uint8_t guest[] = { 0xeb, 0xfe }; /* jmp to itself */

static void *run_vcpu(void *arg)
{
	vcpu_run(arg);
	vm_die("KVM_RUN came back");
	return NULL;
}

static void *open_and_close(void *arg)
{
	(void)arg;
	for (;;)
		close(open("/dev/null", O_RDWR));
	return NULL;
}

/* Begins when all are there. */
static void *call(void *barrier)
{
	pthread_barrier_wait(barrier);
	for (int i = 0; i < CALLS; i++) {
		int kvm = vm_open_kvm();

		vm_expect(vm_ioctl(kvm, KVM_GET_API_VERSION, 0) ==
			  KVM_API_VERSION);
		vm_expect(!close(kvm));
	}
	return NULL;
}

static void start(pthread_t *thread, void *(*what)(void *), void *arg)
{
	vm_expect(!pthread_create(thread, NULL, what, arg));
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpus[VCPUS];
	pthread_barrier_t barrier;
	pthread_t caller, busy;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vm_expect(!pthread_barrier_init(&barrier, NULL, 2));
	start(&caller, call, &barrier);
	for (unsigned int i = 0; i < VCPUS; i++) {
		vcpu_create(&vcpus[i], kvm, &vm, i);
		vcpu_start(&vcpus[i], 0);
		start(&busy, run_vcpu, &vcpus[i]);
	}
	for (int i = 0; i < BUSY_THREADS; i++)
		start(&busy, open_and_close, NULL);
	pthread_barrier_wait(&barrier);
	vm_expect(!pthread_join(caller, NULL));
	vm_say("%d calls\n", CALLS);
	return 0;
}
