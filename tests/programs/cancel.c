/*
 * cancel [N]: N times (100) a thread is cancelled inside KVM_RUN, where it
 * can be as its cancellation is asynchronous; its clean-up handlers run in
 * their order. The next thread runs the same vCPU. Then N times a handler of
 * SIGUSR1, inside KVM_RUN, looks up its stack to the function that runs the
 * vCPU, as a thread's unwinder does.
 *
 * A tracer must let the thread die inside its call, and the unwinder find its
 * way out: the stack is the program's, and the interrupted address lies in
 * code that has unwind tables, or in none, not in a tracer's. The runs that
 * cancellation left are shown as they ended: EINTR.
 */
#include <execinfo.h>
#include <pthread.h>
#include <signal.h>

#include "vm.h"

#define COUNTER 0x2000
#define FRAMES 32

static const uint8_t guest[] = {
	0xff, 0x06, 0x00, 0x20, /* again: inc word [0x2000] */
	0xeb, 0xfa,		/* jmp again */
};

static struct vcpu vcpu;
static volatile unsigned int cleaned;
static volatile int frames_found;

static void clean_inner(void *arg)
{
	vm_expect(arg == &vcpu && cleaned % 2 == 0);
	cleaned++;
}

static void clean_outer(void *arg)
{
	vm_expect(arg == &vcpu && cleaned % 2 == 1);
	cleaned++;
}

static void *run_for_ever(void *arg)
{
	int old;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
	pthread_cleanup_push(clean_outer, arg);
	pthread_cleanup_push(clean_inner, arg);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
	ioctl(vcpu.fd, KVM_RUN, 0);
	vm_die("KVM_RUN returned to its caller");
	pthread_cleanup_pop(0);
	pthread_cleanup_pop(0);
	return NULL;
}

/* The guest counts on, so its thread is inside KVM_RUN. */
static void wait_until_it_runs(const struct vm *vm)
{
	volatile uint16_t *counter =
		(volatile uint16_t *)(vm->memory + COUNTER);
	uint16_t before = *counter;

	while (*counter == before)
		usleep(100);
}

static void cancel_one(const struct vm *vm)
{
	pthread_t thread;
	void *result;

	vm_expect(!pthread_create(&thread, NULL, run_for_ever, &vcpu));
	wait_until_it_runs(vm);
	vm_expect(!pthread_cancel(thread));
	vm_expect(!pthread_join(thread, &result));
	vm_expect(result == PTHREAD_CANCELED);
	vm_expect(vcpu.run->exit_reason == KVM_EXIT_INTR);
}

/* In a section of its own, so that the linker says where it begins and ends. */
extern const char __start_vcpu_runner[], __stop_vcpu_runner[];

__attribute__((noinline, section("vcpu_runner"))) static void *
run_until_signal(void *arg)
{
	vm_refused(vcpu.fd, KVM_RUN, 0, EINTR);
	return arg;
}

/* backtrace() goes by the same tables as the unwinder of a cancelled thread. */
static void on_signal(int number)
{
	void *frames[FRAMES];
	int found = backtrace(frames, FRAMES);

	(void)number;
	for (int i = 0; i < found; i++) {
		const char *ip = frames[i];

		if (ip > __start_vcpu_runner && ip <= __stop_vcpu_runner)
			frames_found++;
	}
}

static void look_up_once(const struct vm *vm)
{
	pthread_t thread;

	vm_expect(!pthread_create(&thread, NULL, run_until_signal, &vcpu));
	wait_until_it_runs(vm);
	vm_expect(!pthread_kill(thread, SIGUSR1));
	vm_expect(!pthread_join(thread, NULL));
}

static void handle_signal(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	void *frame;

	backtrace(&frame, 1); /* loads the unwinder, which no handler may */
	vm_expect(sigaction(SIGUSR1, &action, NULL) == 0);
}

int main(int argc, char **argv)
{
	unsigned int rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 100;
	int kvm = vm_open_kvm();
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	for (unsigned int i = 0; i < rounds; i++)
		cancel_one(&vm);
	vm_expect(cleaned == 2 * rounds);
	vm_say("%u threads were cancelled and cleaned up\n", rounds);
	handle_signal();
	for (unsigned int i = 0; i < rounds; i++)
		look_up_once(&vm);
	vm_say("%d of %u handlers found the function that runs the vCPU\n",
	       frames_found, rounds);
	return 0;
}
