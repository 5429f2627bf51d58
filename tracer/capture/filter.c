#include "capture/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture/calls.h"

/* Rows may be as narrow as this many comparisons on arguments. */
#define COMPARISONS_MAX 3

struct filter_rule {
	enum call_kind kind;
	unsigned int count;
	struct scmp_arg_cmp compare[COMPARISONS_MAX];
};

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

static int build(scmp_filter_ctx *ret_filter)
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
	if (error) {
		seccomp_release(filter);
		return error;
	}
	*ret_filter = filter;
	return 0;
}

int filter_install(void)
{
	scmp_filter_ctx filter;
	int error = build(&filter);

	if (error)
		return error;
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	error = seccomp_load(filter);
	/* Whatever the kernel said, it is ECANCELED: seccomp_load(3). */
	if (error == -ECANCELED || error == -EACCES || error == -EPERM) {
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 1);
		error = seccomp_load(filter);
	}
	seccomp_release(filter);
	return error;
}

int filter_export(int fd)
{
	scmp_filter_ctx filter;
	int error = build(&filter);

	if (error)
		return error;
	error = seccomp_export_bpf(filter, fd);
	seccomp_release(filter);
	return error;
}
