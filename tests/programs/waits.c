/*
 * waits: threads that wait in the kernel, each in a way of its own, for what
 * never comes: KVM_RUN of a guest that loops and of one that has halted,
 * nanosleep, epoll_wait, poll and sem_timedwait. Ends well when its input ends
 * and no wait has come back.
 *
 * A tracer that attaches or leaves stops them all. None may see EINTR of it,
 * although epoll_wait and KVM_RUN do, says signal(7), when a stop breaks in.
 */
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/epoll.h>

#include "vm.h"

#define FOR_EVER_S 600
#define FOR_EVER_MS (FOR_EVER_S * 1000)
/* Should the test be killed: the loop burns a processor. */
#define BACKSTOP_S 120
#define SETTLE_US 50000

static const uint8_t looping_guest[] = { 0xeb, 0xfe }; /* jmp $ */
static const uint8_t halting_guest[] = {
	0xfa,	    /* cli */
	0xf4,	    /* again: hlt */
	0xeb, 0xfd, /* jmp again */
};

/* To one who attaches, only the ids tell the two vCPUs apart. */
static void wait_in_guest(int kvm, const struct vm *vm, unsigned int vcpu_id)
{
	struct vcpu vcpu;

	vcpu_create(&vcpu, kvm, vm, vcpu_id);
	ioctl(vcpu.fd, KVM_RUN, 0);
}

static void wait_in_loop(void)
{
	int kvm = vm_open_kvm();
	struct vm vm;

	vm_create(&vm, kvm, looping_guest, sizeof(looping_guest));
	wait_in_guest(kvm, &vm, 0);
}

/* With a local APIC in the kernel, HLT waits there: api.rst, KVM_EXIT_HLT. */
static void wait_in_halt(void)
{
	int kvm = vm_open_kvm();
	struct vm vm;

	vm_create(&vm, kvm, halting_guest, sizeof(halting_guest));
	vm_ioctl(vm.fd, KVM_CREATE_IRQCHIP, 0);
	wait_in_guest(kvm, &vm, 1);
}

static void wait_in_nanosleep(void)
{
	struct timespec for_ever = { .tv_sec = FOR_EVER_S };

	nanosleep(&for_ever, NULL);
}

static void wait_in_epoll(void)
{
	struct epoll_event event;

	epoll_wait(epoll_create1(EPOLL_CLOEXEC), &event, 1, FOR_EVER_MS);
}

static void wait_in_poll(void)
{
	poll(NULL, 0, FOR_EVER_MS);
}

static void wait_for_semaphore(void)
{
	struct timespec until;
	sem_t never;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += FOR_EVER_S;
	sem_init(&never, 0, 0);
	sem_timedwait(&never, &until);
}

static const struct wait {
	const char *name;
	void (*begin)(void);
} waits[] = {
	{ "KVM_RUN of a loop", wait_in_loop },
	{ "KVM_RUN of a halted guest", wait_in_halt },
	{ "nanosleep", wait_in_nanosleep },
	{ "epoll_wait", wait_in_epoll },
	{ "poll", wait_in_poll },
	{ "sem_timedwait", wait_for_semaphore },
};

static void *run_wait(void *argument)
{
	const struct wait *wait = argument;

	wait->begin();
	vm_die("%s came back: %s", wait->name, strerror(errno));
	return NULL;
}

int main(void)
{
	char byte;

	alarm(BACKSTOP_S);
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		pthread_t thread;

		vm_expect(pthread_create(&thread, NULL, run_wait,
					 (void *)&waits[i]) == 0);
	}
	usleep(SETTLE_US);
	vm_say("ready\n");
	vm_expect(read(STDIN_FILENO, &byte, 1) == 0);
	vm_say("no wait came back\n");
	return 0;
}
