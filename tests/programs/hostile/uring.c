/*
 * uring: opens /dev/kvm by io_uring(7), which makes no system call that a
 * tracer stops at, then works with it. 77 where there is no io_uring.
 */
#include <linux/io_uring.h>
#include <sys/syscall.h>

#include "hostile.h"

static void *map_ring(int fd, size_t bytes, off_t offset)
{
	void *ring = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_POPULATE, fd, offset);

	vm_expect(ring != MAP_FAILED);
	return ring;
}

static uint32_t *at(void *ring, uint32_t offset)
{
	return (uint32_t *)(void *)((char *)ring + offset);
}

static int open_by_uring(const char *path)
{
	struct io_uring_params params = { 0 };
	struct io_uring_sqe *entry;
	struct io_uring_cqe *done;
	void *submit, *complete;
	int fd = (int)syscall(SYS_io_uring_setup, 1, &params);

	if (fd < 0)
		vm_skip("skipped: io_uring_setup fails: %s", strerror(errno));
	submit = map_ring(fd, params.sq_off.array + sizeof(uint32_t),
			  IORING_OFF_SQ_RING);
	complete = map_ring(fd, params.cq_off.cqes +
			    params.cq_entries * sizeof(*done),
			    IORING_OFF_CQ_RING);
	entry = map_ring(fd, sizeof(*entry), IORING_OFF_SQES);
	*entry = (struct io_uring_sqe){
		.opcode = IORING_OP_OPENAT, .fd = AT_FDCWD,
		.addr = (uintptr_t)path, .open_flags = O_RDWR | O_CLOEXEC,
	};
	*at(submit, params.sq_off.array) = 0;
	__atomic_store_n(at(submit, params.sq_off.tail), 1, __ATOMIC_RELEASE);
	vm_expect(syscall(SYS_io_uring_enter, fd, 1, 1,
			  IORING_ENTER_GETEVENTS, NULL, 0) == 1);
	vm_expect(__atomic_load_n(at(complete, params.cq_off.tail),
				  __ATOMIC_ACQUIRE) == 1);
	done = (void *)at(complete, params.cq_off.cqes);
	return done->res;
}

int main(void)
{
	int kvm = open_by_uring("/dev/kvm");

	if (kvm < 0)
		vm_skip("skipped: opening /dev/kvm fails: %s", strerror(-kvm));
	work_on(kvm);
	return 0;
}
