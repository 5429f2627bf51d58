/*
 * leader_gone: main ends by pthread_exit, and other threads go on: in a child,
 * whose first KVM requests come after that, and in the program itself, which
 * has made some before. There a thread takes over the stack, so the fs base, of
 * one that has ended, and a number that was KVM's becomes a VM's.
 *
 * A tracer must not need the leader, whose memory is gone (proc(5): a zombie's
 * mem can't be opened): it must show each call under the thread that made it,
 * on what the number meant then.
 */
#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>

#include "vm.h"

#define CALLS	     50
#define LATE_THREADS 10

static int kvm, vm_fd;
static sem_t asked, may_end;

static void *ask(void *arg)
{
	(void)arg;
	for (int i = 0; i < CALLS; i++)
		vm_expect(vm_ioctl(kvm, KVM_GET_API_VERSION, 0) ==
			  KVM_API_VERSION);
	return (void *)pthread_self();
}

static void *ask_again(void *arg)
{
	ask(arg);
	sem_post(&asked);
	sem_wait(&may_end);
	return ask(arg);
}

static pthread_t start(void *(*run)(void *), void *arg)
{
	pthread_t thread;

	vm_expect(!pthread_create(&thread, NULL, run, arg));
	return thread;
}

static void *join(pthread_t thread)
{
	void *result;

	vm_expect(!pthread_join(thread, &result));
	return result;
}

/* /proc/self is the leader; its state follows its name: proc(5), stat. */
static char leader_state(void)
{
	char text[128] = "";
	int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);

	vm_expect(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0);
	vm_expect(close(fd) == 0);
	return strchr(text, ')')[2];
}

static void wait_for_leader(void)
{
	alarm(20);
	while (leader_state() != 'Z')
		usleep(1000);
}

static void *begin_late(void *arg)
{
	wait_for_leader();
	for (int i = 0; i < LATE_THREADS; i++)
		join(start(ask, arg));
	vm_say("all calls after the leader's end are right\n");
	exit(0);
}

static void *go_on(void *arg)
{
	ask(arg);
	sem_post(&asked);
	wait_for_leader();
	sem_post(&may_end);
	vm_expect(join(*(pthread_t *)arg) == join(start(ask, NULL)));
	vm_expect(dup2(vm_fd, kvm) == kvm);
	for (int i = 0; i < CALLS; i++)
		vm_refused(kvm, KVM_GET_API_VERSION, 0, ENOTTY);
	vm_say("so are those that go on\n");
	exit(0);
}

static void run_child(void)
{
	pid_t pid = fork();
	int status;

	vm_expect(pid >= 0);
	if (pid == 0) {
		start(begin_late, NULL);
		pthread_exit(NULL);
	}
	vm_expect(waitpid(pid, &status, 0) == pid && status == 0);
}

int main(void)
{
	static pthread_t other;

	kvm = vm_open_kvm();
	run_child();
	sem_init(&asked, 0, 0);
	sem_init(&may_end, 0, 0);
	vm_fd = vm_ioctl(kvm, KVM_CREATE_VM, 0);
	ask(NULL);
	other = start(ask_again, NULL);
	sem_wait(&asked);
	start(go_on, &other);
	sem_wait(&asked);
	pthread_exit(NULL);
}
