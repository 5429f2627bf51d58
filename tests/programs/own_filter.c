/*
 * own_filter: the program confines itself before its guest runs: a seccomp
 * filter that allows the few calls it still needs and kills the process at any
 * other, as Solo5 and kvm-host do.
 *
 * A tracer's own filter must live beside it, and the tracer must never make
 * the program issue a call of its own: that would kill it.
 */
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "vm.h"

#define LOAD(field) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, action)
#define ALLOW(number) UNLESS(number, 1), RETURN(SECCOMP_RET_ALLOW)

static const uint8_t guest[] = VM_HELLO('Q');
static const char done[] = "the confined guest halted\n";

static struct sock_filter rules[] = {
	LOAD(arch),
	UNLESS(AUDIT_ARCH_X86_64, 7),
	LOAD(nr),
	ALLOW(SYS_ioctl),
	ALLOW(SYS_write),
	ALLOW(SYS_exit_group),
	RETURN(SECCOMP_RET_KILL_PROCESS), /* the other architecture jumps here
					   */
};

static void confine(void)
{
	struct sock_fprog program = { sizeof(rules) / sizeof(rules[0]), rules };

	vm_expect(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	vm_expect(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) ==
		  0);
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	confine();
	vcpu_expect_hello(&vcpu, 'Q');
	/* dprintf would ask fstat first: not allowed. */
	vm_expect(write(STDOUT_FILENO, done, sizeof(done) - 1) > 0);
	_exit(0);
}
