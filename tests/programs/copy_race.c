/*
 * copy_race [N]: a thread takes a page away and puts it back, by mprotect and
 * by munmap, while another passes it to KVM_GET_REGS, KVM_SET_REGS and
 * KVM_GET_SUPPORTED_CPUID, whole, or with its second half on that page. Each
 * combination goes on until N calls (20) worked and N ended with EFAULT. All of
 * it with SIGSEGV ignored, blocked, at its default and with a handler; no call
 * may end otherwise, no handler may run, the disposition and the mask must be
 * as they were set, and in the end a fault of the program's own must get to
 * its handler.
 *
 * A tracer reads the argument later than the kernel, and may not find it: this
 * may not hurt the program, whose SIGSEGV the kernel resets when it can't be
 * delivered. What it could not read it must not invent.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "vm.h"

#define PAGE 4096
#define CPUID_ENTRIES 96

static const uint8_t guest[] = VM_HELLO('c');

enum disposition { IGNORED, BLOCKED, DEFAULT, HANDLED, DISPOSITIONS };
static const char *const names[] = { "ignored", "blocked", "default",
				     "handled" };

static struct {
	int kvm;
	int vcpu;
	unsigned long wanted;
	uint8_t *pages; /* two; the second one comes and goes */
	atomic_bool by_munmap;
	atomic_bool stop;
	volatile sig_atomic_t handled;
} shared;

static sigjmp_buf out;

static void on_fault(int number)
{
	shared.handled++;
	siglongjmp(out, number);
}

static void take_away(uint8_t *page)
{
	if (shared.by_munmap)
		vm_expect(munmap(page, PAGE) == 0);
	else
		vm_expect(mprotect(page, PAGE, PROT_NONE) == 0);
}

/* Where another mapping could not have come in between: nobody else maps. */
static void put_back(uint8_t *page)
{
	vm_expect(mmap(page, PAGE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
		       0) == page);
}

static void *flip(void *page)
{
	unsigned int pause = 1;

	while (!shared.stop) {
		take_away(page);
		for (unsigned int i = 0; i < pause; i++)
			__builtin_ia32_pause();
		put_back(page);
		pause = pause % 4096 * 3 + 1;
		for (unsigned int i = 0; i < pause; i++)
			__builtin_ia32_pause();
	}
	return NULL;
}

/* The header on the page that stays, the entries on the one that goes. */
static int try_cpuid(void)
{
	uint32_t *nent = (uint32_t *)(shared.pages + PAGE - 8);

	nent[0] = CPUID_ENTRIES;
	nent[1] = 0;
	return ioctl(shared.kvm, KVM_GET_SUPPORTED_CPUID, nent);
}

/* On the page that goes, or half on it. */
static int try_one(unsigned int kind)
{
	uint8_t *regs = shared.pages + PAGE;

	if (kind >= 2)
		regs -= sizeof(struct kvm_regs) / 2;
	if (kind == 4)
		return try_cpuid();
	return ioctl(shared.vcpu, kind % 2 ? KVM_SET_REGS : KVM_GET_REGS, regs);
}

/* Until both ends have been seen often enough. */
static void try_many(unsigned int kind)
{
	unsigned long worked = 0, refused = 0;

	while (worked < shared.wanted || refused < shared.wanted) {
		int ret = try_one(kind);

		vm_expect(ret == 0 || (ret == -1 && errno == EFAULT));
		worked += ret == 0;
		refused += ret != 0;
	}
}

static void set_sigsegv(enum disposition how)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t mask;

	if (how == IGNORED)
		action.sa_handler = SIG_IGN;
	if (how == HANDLED)
		action.sa_handler = on_fault;
	sigemptyset(&mask);
	sigaddset(&mask, SIGSEGV);
	vm_expect(sigaction(SIGSEGV, &action, NULL) == 0);
	vm_expect(!pthread_sigmask(how == BLOCKED ? SIG_BLOCK : SIG_UNBLOCK,
				   &mask, NULL));
}

static void check_sigsegv(enum disposition how)
{
	void (*const handlers[])(int) = { SIG_IGN, SIG_DFL, SIG_DFL,
					  on_fault };
	struct sigaction action;
	sigset_t mask;

	vm_expect(sigaction(SIGSEGV, NULL, &action) == 0);
	vm_expect(action.sa_handler == handlers[how]);
	vm_expect(!pthread_sigmask(SIG_BLOCK, NULL, &mask));
	vm_expect(sigismember(&mask, SIGSEGV) == (how == BLOCKED));
	vm_expect(sigpending(&mask) == 0 && !sigismember(&mask, SIGSEGV));
	vm_expect(shared.handled == 0);
}

/* The flipping thread has the mask that the caller's has. */
static void race(enum disposition how)
{
	pthread_t thread;

	set_sigsegv(how);
	/*
	 * Following each change of a mask would cost other programs dear: a
	 * tracer may know it as of the last call that failed.
	 */
	vm_expect(ioctl(shared.vcpu, KVM_GET_REGS, NULL) == -1);
	shared.stop = false;
	vm_expect(!pthread_create(&thread, NULL, flip, shared.pages + PAGE));
	for (int by_munmap = 0; by_munmap < 2; by_munmap++) {
		shared.by_munmap = by_munmap;
		for (unsigned int kind = 0; kind < 5; kind++) {
			try_many(kind);
			check_sigsegv(how);
		}
	}
	shared.stop = true;
	vm_expect(!pthread_join(thread, NULL));
	check_sigsegv(how);
	vm_say("SIGSEGV %s: as it was set\n", names[how]);
}

static void fault_once(void)
{
	vm_expect(mprotect(shared.pages, PAGE, PROT_NONE) == 0);
	if (sigsetjmp(out, 1) == 0) {
		*(volatile uint8_t *)shared.pages = 1;
		vm_die("a write to a page that is protected went well");
	}
	vm_expect(shared.handled == 1);
	vm_say("the handler runs for a fault of the program's own\n");
}

int main(int argc, char **argv)
{
	struct vcpu vcpu;
	struct vm vm;

	shared.wanted = argc > 1 ? strtoul(argv[1], NULL, 10) : 20;
	shared.kvm = vm_open_kvm();
	alarm(100); /* should one of the two ends never come */
	vm_create(&vm, shared.kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, shared.kvm, &vm, 0);
	shared.vcpu = vcpu.fd;
	shared.pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	vm_expect(shared.pages != MAP_FAILED);
	for (int how = 0; how < DISPOSITIONS; how++)
		race(how);
	fault_once();
	return 0;
}
