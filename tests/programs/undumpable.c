/*
 * undumpable [KVM]: threads one after the other, all on one stack, so with one
 * fs base, make KVM requests on that descriptor; the second takes the process's
 * memory away from its tracer, by prctl(PR_SET_DUMPABLE): only a privileged one
 * may still read or write there, ptrace(2).
 *
 * A tracer must show 50 calls for each thread all the same.
 */
#include <pthread.h>
#include <sys/prctl.h>

#include "vm.h"

#define CALLS	50
#define THREADS 4

static int kvm;

static void *ask(void *arg)
{
	for (int i = 0; i < CALLS; i++)
		vm_expect(vm_ioctl(kvm, KVM_GET_API_VERSION, 0) ==
			  KVM_API_VERSION);
	if (arg)
		vm_expect(prctl(PR_SET_DUMPABLE, 0) == 0);
	return (void *)pthread_self();
}

/* Where it was in memory. */
static void *run_thread(void *takes_away)
{
	pthread_t thread;
	void *place;

	vm_expect(!pthread_create(&thread, NULL, ask, takes_away));
	vm_expect(!pthread_join(thread, &place));
	return place;
}

int main(int argc, char **argv)
{
	void *place;

	kvm = argc > 1 ? atoi(argv[1]) : vm_open_kvm();
	ask(NULL);
	place = run_thread(NULL);
	vm_expect(run_thread(&kvm) == place);
	for (int i = 2; i < THREADS; i++)
		vm_expect(run_thread(NULL) == place);
	vm_say("all calls of %d threads are right\n", THREADS);
	return 0;
}
