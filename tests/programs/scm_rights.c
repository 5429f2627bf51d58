/*
 * scm_rights: passes the three KVM descriptors over a unix socket, to itself
 * with the originals closed while they are under way, and to another process,
 * where only /dev/kvm works (EIO for the others).
 *
 * A tracer must know a received descriptor's role without having seen it
 * opened: it comes by recvmsg, under any number.
 */
#include <sys/socket.h>
#include <sys/wait.h>

#include "vm.h"

static const uint8_t guest_self[] = VM_HELLO('S');
static const uint8_t guest_other[] = VM_HELLO('R');

struct fds {
	int kvm;
	int vm;
	int vcpu;
};

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(struct fds))];
};

static struct msghdr message(union control *control, struct iovec *iov)
{
	static char byte = 'x';

	iov->iov_base = &byte;
	iov->iov_len = 1;
	return (struct msghdr) {
		.msg_iov = iov,
		.msg_iovlen = 1,
		.msg_control = control->bytes,
		.msg_controllen = sizeof(control->bytes),
	};
}

static void send_fds(int to, const struct fds *fds)
{
	union control control = { .bytes = { 0 } };
	struct iovec iov;
	struct msghdr msg = message(&control, &iov);
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(*fds));
	memcpy(CMSG_DATA(cmsg), fds, sizeof(*fds));
	vm_expect(sendmsg(to, &msg, 0) == 1);
}

static struct fds receive_fds(int from)
{
	union control control;
	struct iovec iov;
	struct msghdr msg = message(&control, &iov);
	struct fds fds;

	vm_expect(recvmsg(from, &msg, 0) == 1);
	vm_expect(CMSG_FIRSTHDR(&msg) != NULL);
	memcpy(&fds, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fds));
	return fds;
}

static int other_process(int socket)
{
	struct fds fds = receive_fds(socket);
	struct vcpu vcpu;
	struct vm vm;

	vm_refused(fds.vm, KVM_CREATE_VCPU, 1, EIO);
	vm_refused(fds.vcpu, KVM_RUN, 0, EIO);
	vm_create(&vm, fds.kvm, guest_other, sizeof(guest_other));
	vcpu_create(&vcpu, fds.kvm, &vm, 0);
	vcpu_expect_hello(&vcpu, 'R');
	vm_say("the other process: only /dev/kvm works\n");
	return 0;
}

static struct fds pass_to_self(struct fds fds)
{
	int null, pair[2];

	vm_expect(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	send_fds(pair[0], &fds);
	vm_expect(!close(fds.kvm) && !close(fds.vm) && !close(fds.vcpu));
	null = open("/dev/null", O_RDWR);
	vm_expect(null == fds.kvm);
	vm_refused(null, KVM_GET_API_VERSION, 0, ENOTTY);
	return receive_fds(pair[1]);
}

int main(void)
{
	struct vcpu vcpu;
	struct fds fds;
	int pair[2], status;
	struct vm vm;
	pid_t pid;

	vm_expect(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	pid = fork();
	vm_expect(pid >= 0);
	if (pid == 0) {
		close(pair[0]); /* should the parent die, recvmsg ends */
		return other_process(pair[1]);
	}
	fds.kvm = vm_open_kvm();
	vm_create(&vm, fds.kvm, guest_self, sizeof(guest_self));
	vcpu_create(&vcpu, fds.kvm, &vm, 0);
	fds.vm = vm.fd;
	fds.vcpu = vcpu.fd;
	fds = pass_to_self(fds);
	vcpu.fd = fds.vcpu;
	vcpu_expect_hello(&vcpu, 'S');
	vm_expect(vm_ioctl(fds.vm, KVM_CHECK_EXTENSION, KVM_CAP_USER_MEMORY) ==
		  1);
	vm_say("the same process: all three work\n");
	send_fds(pair[0], &fds);
	vm_expect(waitpid(pid, &status, 0) == pid && status == 0);
	return 0;
}
