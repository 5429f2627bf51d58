#include "capture/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/kvm.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture/calls.h"

/* BPF, as <linux/filter.h> has it; jumps count the steps to leave out. */
#define LOAD_AT(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define LOAD(field) LOAD_AT(offsetof(struct seccomp_data, field))
#define LOAD_UPPER(field) LOAD_AT(offsetof(struct seccomp_data, field) + 4)
#define CONTINUE_IF_EQUAL(value, otherwise) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, otherwise)

/* Rows may be as narrow as this many comparisons on arguments. */
#define COMPARISONS_MAX 3

struct filter_rule {
	enum call_kind kind;
	unsigned int count;
	struct scmp_arg_cmp compare[COMPARISONS_MAX];
};

/* Setting its disposition, not asking for it. */
#define OF_SIGNAL(signal) \
	{ CALL_SIGACTION, 2, \
	  { { 0, SCMP_CMP_MASKED_EQ, 0xffffffff, signal }, \
	    { 1, SCMP_CMP_NE, 0, 0 } } }

/*
 * What each kind asks of the arguments, as watched_call_wanted() does in C.
 * Several rules of one kind are alternatives; a kind without one stops always.
 */
static const struct filter_rule rules[] = {
	{ CALL_IOCTL, 1, { { 1, SCMP_CMP_MASKED_EQ, 0xff00, KVMIO << 8 } } },
	{ CALL_FCNTL, 1, { { 1, SCMP_CMP_MASKED_EQ, 0xffffffff, F_DUPFD } } },
	{ CALL_FCNTL, 1,
	  { { 1, SCMP_CMP_MASKED_EQ, 0xffffffff, F_DUPFD_CLOEXEC } } },
	{ CALL_MMAP, 1,
	  { { 3, SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS | MAP_SHARED, MAP_SHARED } } },
	{ CALL_MMAP, 3,
	  { { 3, SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS | MAP_SHARED, 0 },
	    { 2, SCMP_CMP_MASKED_EQ, PROT_WRITE, PROT_WRITE },
	    { 5, SCMP_CMP_EQ, 0, 0 } } },
	OF_SIGNAL(SIGSEGV),
	OF_SIGNAL(SIGBUS),
	OF_SIGNAL(SIGTRAP),
};

static int add_rules(scmp_filter_ctx filter, const struct watched_call *call)
{
	int nr = seccomp_syscall_resolve_name(call->name);
	bool has_rule = false;
	int error = 0;

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (rules[i].kind != call->kind)
			continue;
		has_rule = true;
		error = seccomp_rule_add_array(filter, SCMP_ACT_TRACE(0), nr,
					       rules[i].count,
					       rules[i].compare);
		if (error)
			return error;
	}
	return has_rule ? 0 : seccomp_rule_add_array(filter, SCMP_ACT_TRACE(0),
						     nr, 0, NULL);
}

/* i386's mmap is mmap2 to the kernel; libseccomp keeps the two names apart. */
static int add_mmap2(scmp_filter_ctx filter)
{
	static const struct watched_call mmap2 = { "mmap2", CALL_MMAP, -1, 192,
						   0 };

	return add_rules(filter, &mmap2);
}

static int build(bool with_signals, scmp_filter_ctx *ret_filter)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int error;

	if (!filter)
		return -ENOMEM;
	error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
				 SCMP_ACT_ALLOW);
	if (!error)
		error = seccomp_arch_add(filter, SCMP_ARCH_X86);
	if (!error)
		error = seccomp_arch_add(filter, SCMP_ARCH_X32);
	for (size_t i = 0; !error && i < watched_call_count; i++)
		error = add_rules(filter, &watched_calls[i]);
	if (!error)
		error = add_mmap2(filter);
	for (size_t i = 0; !error && with_signals && i < signal_call_count; i++)
		error = add_rules(filter, &signal_calls[i]);
	if (error) {
		seccomp_release(filter);
		return error;
	}
	*ret_filter = filter;
	return 0;
}

/* The program as numbers: libseccomp's, behind ours. */
struct program {
	struct sock_filter steps[BPF_MAXINSNS];
	unsigned short count;
};

/*
 * An x86_64 ioctl from this address passes; whatever else goes on behind
 * these steps, whose jumps lead there. Other calls are sorted out by their
 * number, before the address is looked at: only then does the kernel know
 * which calls always pass and doesn't run the filter for them at all
 * (kernel/seccomp.c, seccomp_is_const_allow; 25 ns a call, as measured). The
 * order of libseccomp's rules is as good as any: ioctl first, or a binary tree
 * (SCMP_FLTATR_CTL_OPTIMIZE), made no difference that could be measured.
 * The architecture needn't be asked for: i386's call of ioctl's number is
 * lchown, which isn't watched.
 */
static void add_free_place(struct program *program, uint64_t free_ip)
{
	const struct sock_filter steps[] = {
		LOAD(nr),
		CONTINUE_IF_EQUAL(SYS_ioctl, 5),
		LOAD(instruction_pointer),
		CONTINUE_IF_EQUAL((uint32_t)free_ip, 3),
		LOAD_UPPER(instruction_pointer),
		CONTINUE_IF_EQUAL((uint32_t)(free_ip >> 32), 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	memcpy(program->steps, steps, sizeof(steps));
	program->count = sizeof(steps) / sizeof(steps[0]);
}

/* What libseccomp has written to `fd`: to its end, or as much as fits. */
static int read_steps(int fd, struct program *program)
{
	size_t room = BPF_MAXINSNS - program->count;
	size_t step_bytes = sizeof(program->steps[0]);
	ssize_t length = read(fd, program->steps + program->count,
			      room * step_bytes);
	char beyond;

	if (length < 0)
		return -errno;
	if (!length || (size_t)length % step_bytes || read(fd, &beyond, 1) > 0)
		return -E2BIG;
	program->count += (unsigned short)((size_t)length / step_bytes);
	return 0;
}

/*
 * By way of a pipe and not a file: RLIMIT_FSIZE may be 0 here and would kill
 * (SIGXFSZ, with memfds too). The filter is far below a pipe's least capacity,
 * a page (pipe(7)); the kernel refuses one that were cut.
 */
static int append_filter(scmp_filter_ctx filter, struct program *program)
{
	int ends[2], error;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return -errno;
	error = seccomp_export_bpf(filter, ends[1]);
	close(ends[1]);
	if (!error)
		error = read_steps(ends[0], program);
	close(ends[0]);
	return error;
}

static int assemble(uint64_t free_ip, struct program *program)
{
	scmp_filter_ctx filter;
	int error = build(free_ip != 0, &filter);

	if (error)
		return error;
	program->count = 0;
	if (free_ip)
		add_free_place(program, free_ip);
	error = append_filter(filter, program);
	seccomp_release(filter);
	return error;
}

static int load(struct program *program)
{
	const struct sock_fprog loaded = { program->count, program->steps };

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &loaded) < 0 ?
		-errno : 0;
}

int filter_install(uint64_t free_ip)
{
	struct program program;
	int error = assemble(free_ip, &program);

	if (error)
		return error;
	error = load(&program);
	if (error != -EACCES && error != -EPERM)
		return error;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return load(&program);
}

int filter_export(int fd, uint64_t free_ip)
{
	struct program program;
	int error = assemble(free_ip, &program);
	ssize_t length = program.count * (ssize_t)sizeof(program.steps[0]);

	if (error)
		return error;
	if (write(fd, program.steps, (size_t)length) != length)
		return -EIO;
	return 0;
}
