/*
 * eintr_fatal: cause 12. A timer's signal makes KVM_RUN return EINTR, which
 * means no more than "look around and call again". The program takes it for a
 * failure of the guest and gives up, at random as it seems.
 *
 * A tracer says: eintr-taken-as-fatal. Any KVM.
 */
#include <signal.h>

#include "broken.h"

#define TICK 0x3000 /* the timer's byte in guest memory */

static const uint8_t guest[] = {
	0xa0, 0x00, 0x30,   /* again: mov al, [TICK] */
	0x84, 0xc0,         /* test al, al */
	0x74, 0xf9,         /* jz again */
	0xe6, CONSOLE_PORT, /* out 0xe9, al */
	0xf4,               /* hlt */
};

static uint8_t *tick;

static void on_timer(int signal)
{
	(void)signal;
	*tick = 'X';
}

static void start_timer(void)
{
	struct itimerspec once = { .it_value.tv_nsec = 100000000 };
	struct sigaction action = { .sa_handler = on_timer };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
				  .sigev_signo = SIGUSR1 };
	timer_t timer;

	vm_expect(sigaction(SIGUSR1, &action, NULL) == 0);
	vm_expect(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
	vm_expect(timer_settime(timer, 0, &once, NULL) == 0);
}

int main(void)
{
	struct machine machine;

	machine_create(&machine, guest, sizeof(guest));
	tick = machine.vm.memory + TICK;
	start_timer();
	while (ioctl(machine.vcpu.fd, KVM_RUN, 0) < 0) {
		if (sound && errno == EINTR)
			continue;
		vm_say("the guest crashed: %s\n", strerrorname_np(errno));
		return 1;
	}
	vm_say("the guest saw %c\n", *(char *)vcpu_io_data(&machine.vcpu));
	return play(&machine.vcpu);
}
