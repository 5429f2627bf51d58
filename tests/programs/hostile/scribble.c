/*
 * scribble SEED [0|1|2]: one thread makes KVM ioctls, another writes random
 * words into the in-process engine's private page, its
 * tables and its rings meanwhile, or into one of them. What becomes of the
 * program is its own affair.
 */
#include "agent.h"

#define WORK_NS 300000000ul
#define RING_HEAD_BYTES (SLOT_RING + (64 << 10))

static void *work_on_and_on(void *context)
{
	static const uint8_t guest[] = VM_HELLO('s');
	int kvm = *(int *)context;
	unsigned long end = vm_now_ns() + WORK_NS;
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	while (vm_now_ns() < end) {
		struct kvm_regs regs;

		vcpu_expect_hello(&vcpu, 's');
		ioctl(vcpu.fd, KVM_GET_REGS, &regs);
		vcpu_start(&vcpu, 0);
		call_often(kvm, 20);
	}
	return NULL;
}

/* Small numbers, places of the engine, and anything. */
static uint64_t random_word(uint64_t *state)
{
	uint64_t value = next_random(state);

	switch (next_random(state) % 4) {
	case 0:
		return value % (2 * RECORD_MAX);
	case 1:
		return FIRST_SLOT + value % (2 * SLOT_BYTES);
	case 2:
		return value % 1024 * RECORD_UNIT;
	default:
		return value;
	}
}

/* The first two threads' slots are where it hurts. */
static uint64_t *choose_word(const struct range *ranges, size_t count,
			     uint64_t *state)
{
	const struct range *range = &ranges[next_random(state) % count];
	uint64_t length = range->end - range->start;
	uint64_t at = next_random(state) % length;

	if (range->start == FIRST_SLOT) {
		at = next_random(state) % RING_HEAD_BYTES;
		if (next_random(state) % 2)
			at %= sizeof(struct slot_head);
		at += next_random(state) % 2 * SLOT_BYTES;
	}
	return (uint64_t *)(range->start + at / 8 * 8);
}

static void scribble(const struct range *ranges, size_t count, uint64_t seed)
{
	unsigned long end = vm_now_ns() + WORK_NS;
	uint64_t state = seed * 0x9e3779b97f4a7c15 + 1;

	while (count && vm_now_ns() < end)
		for (int i = 0; i < 10; i++)
			*(volatile uint64_t *)choose_word(ranges, count,
							  &state) =
				random_word(&state);
}

int main(int argc, char **argv)
{
	static const struct range parts[] = {
		{ AGENT_PRIVATE, AGENT_PRIVATE + PRIVATE_BYTES },
		{ AGENT_SHARED, AGENT_SHARED + TABLES_BYTES },
		{ FIRST_SLOT, FIRST_SLOT + 2 * SLOT_BYTES },
	};
	struct range shared;
	pthread_t thread;
	size_t part = 0, count = 3;
	int kvm;

	vm_expect(argc > 1);
	work();
	kvm = vm_open_kvm();
	call_often(kvm, 100);
	if (argc > 2) {
		part = strtoul(argv[2], NULL, 10);
		count = 1;
	}
	if (part + count > 3 || !find_parts("shared", &shared, 1))
		count = 0;
	vm_expect(!pthread_create(&thread, NULL, work_on_and_on, &kvm));
	scribble(parts + part, count, strtoul(argv[1], NULL, 10));
	pthread_join(thread, NULL);
	return 0;
}
