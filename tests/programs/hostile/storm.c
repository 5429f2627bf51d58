/*
 * storm WAVES: more threads than the in-process engine has rings, each with
 * one ioctl, while processes are made that do the same, and some end in the
 * middle of it.
 */
#include "agent.h"

#include <sys/wait.h>

#define THREADS 100
#define CHILDREN 4

static int kvm;

static void *call_once(void *context)
{
	(void)context;
	vm_expect(vm_ioctl(kvm, KVM_GET_API_VERSION, 0) == 12);
	return NULL;
}

static void make_threads(pthread_t *threads)
{
	for (int i = 0; i < THREADS; i++)
		vm_expect(!pthread_create(&threads[i], NULL, call_once, NULL));
}

static void join(const pthread_t *threads)
{
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

/* Every second one doesn't wait for its threads. */
static void be_child(int number)
{
	pthread_t threads[THREADS];

	make_threads(threads);
	if (number % 2)
		join(threads);
	_exit(0);
}

static void make_wave(void)
{
	pthread_t threads[THREADS];
	int status;

	make_threads(threads);
	for (int i = 0; i < CHILDREN; i++) {
		pid_t child = fork();

		vm_expect(child >= 0);
		if (!child)
			be_child(i);
	}
	join(threads);
	while (wait(&status) > 0)
		vm_expect(status == 0);
}

int main(int argc, char **argv)
{
	vm_expect(argc > 1);
	work();
	kvm = vm_open_kvm();
	for (long i = strtol(argv[1], NULL, 10); i; i--)
		make_wave();
	vm_say("went on\n");
	return 0;
}
