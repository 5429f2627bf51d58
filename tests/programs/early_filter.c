/*
 * early_filter [NUMBER]: confines itself before its first KVM request: a
 * seccomp filter kills it at system call NUMBER; without one, at any but the
 * three that it makes.
 *
 * Whatever a tracer would have this process do for it may be its death, so it
 * may do nothing; and what the filter says can't be read.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "vm.h"

#define LOAD_NUMBER \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr))
#define UNLESS(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip)
#define RETURN(action)	    BPF_STMT(BPF_RET | BPF_K, action)
#define ALLOW(number)	    UNLESS(number, 1), RETURN(SECCOMP_RET_ALLOW)
#define CALLS		    5

static const char done[] = "all calls of the confined program are right\n";

static void install(struct sock_filter *rules, size_t count)
{
	struct sock_fprog program = { (unsigned short)count, rules };

	vm_expect(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	vm_expect(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) ==
		  0);
}

static void forbid(unsigned int number)
{
	struct sock_filter rules[] = {
		LOAD_NUMBER,
		UNLESS(number, 1),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		RETURN(SECCOMP_RET_ALLOW),
	};

	install(rules, sizeof(rules) / sizeof(rules[0]));
}

static void forbid_others(void)
{
	struct sock_filter rules[] = {
		LOAD_NUMBER,
		ALLOW(SYS_ioctl),
		ALLOW(SYS_write),
		ALLOW(SYS_exit_group),
		RETURN(SECCOMP_RET_KILL_PROCESS),
	};

	install(rules, sizeof(rules) / sizeof(rules[0]));
}

int main(int argc, char **argv)
{
	int kvm = vm_open_kvm();

	if (argc > 1)
		forbid(strtoul(argv[1], NULL, 10));
	else
		forbid_others();
	for (int i = 0; i < CALLS; i++)
		vm_expect(vm_ioctl(kvm, KVM_GET_API_VERSION, 0) ==
			  KVM_API_VERSION);
	/* dprintf would ask fstat first: not allowed. */
	vm_expect(write(STDOUT_FILENO, done, sizeof(done) - 1) > 0);
	_exit(0);
}
