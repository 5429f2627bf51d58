#include "hypercalls.h"

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../guests/ports.h"

#define PAGE_BYTES 4096

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static int print8(struct hypercalls *calls, uint32_t *value)
{
	(void)calls;
	putchar((int)*value);
	return 0;
}

static int print32(struct hypercalls *calls, uint32_t *value)
{
	(void)calls;
	printf("%" PRIu32 "\n", *value);
	return 0;
}

/*
 * The guest's bytes from gva to the end of that page: pages that follow each
 * other for the guest need not do so in its physical memory. ret_begin is NULL
 * where the guest has no memory. KVM_TRANSLATE gives the address back as it is
 * when paging is off.
 */
static int find_bytes(struct vm *vm, uint64_t gva, const uint8_t **ret_begin,
		      size_t *ret_bytes)
{
	struct kvm_translation translation;
	int ret = vm_translate(vm, gva, &translation);

	if (ret < 0)
		return ret;
	*ret_begin = NULL;
	*ret_bytes = PAGE_BYTES - gva % PAGE_BYTES;
	/* Memory is whole pages: the first byte in it, all of them in it. */
	if (translation.valid &&
	    translation.physical_address < vm->memory_bytes)
		*ret_begin = vm->memory + translation.physical_address;
	return 0;
}

/* The guest's pointer is a guest's word: it may be wrong in any way. */
static int print_str(struct hypercalls *calls, uint32_t *value)
{
	for (uint64_t gva = *value;;) {
		const uint8_t *begin, *end;
		size_t bytes;
		int ret = find_bytes(calls->vm, gva, &begin, &bytes);

		if (ret < 0)
			return ret;
		if (!begin) {
			fflush(stdout);
			warnx("the guest's string at 0x%" PRIx32
			      " leads to 0x%" PRIx64 ", where it has no memory",
			      *value, gva);
			return -EFAULT;
		}
		end = memchr(begin, 0, bytes);
		fwrite(begin, 1, end ? (size_t)(end - begin) : bytes, stdout);
		if (end)
			return 0;
		gva += bytes;
	}
}

static int num_exits(struct hypercalls *calls, uint32_t *value)
{
	*value = calls->exits;
	return 0;
}

static int exits_by_type(struct hypercalls *calls, uint32_t *value)
{
	char *text = (char *)calls->vm->memory + EXITS_TEXT_GPA;

	snprintf(text, EXITS_TEXT_SIZE,
		 "IO in: %" PRIu32 "\nIO out: %" PRIu32 "\n", calls->exits_in,
		 calls->exits_out);
	*value = EXITS_TEXT_GPA; /* every mode maps it to the same address */
	return 0;
}

/*
 * Without paging every address is translated, to itself. The answer is then an
 * address of hv even where the guest has no memory: hv adds, it does not look.
 */
static int find_hva(struct hypercalls *calls, uint32_t *value)
{
	struct kvm_translation translation;
	int ret = vm_translate(calls->vm, *value, &translation);

	if (ret < 0)
		return ret;
	calls->hva_low = 0;
	if (translation.valid)
		calls->hva_low = (uint32_t)((uintptr_t)calls->vm->memory +
					    translation.physical_address);
	else
		printf("Invalid GVA\n");
	return 0;
}

static int get_hva(struct hypercalls *calls, uint32_t *value)
{
	*value = calls->hva_low;
	return 0;
}

static int timestamp(struct hypercalls *calls, uint32_t *value)
{
	*value = (uint32_t)(now_us() - calls->start_us);
	return 0;
}

/* do_call() finds the value of an OUT in *value, and leaves that of an IN. */
static const struct hypercall {
	uint16_t port;
	uint8_t direction;
	uint8_t bytes;
	int (*do_call)(struct hypercalls *calls, uint32_t *value);
} table[] = {
	{ PORT_PRINT8, KVM_EXIT_IO_OUT, 1, print8 },
	{ PORT_PRINT32, KVM_EXIT_IO_OUT, 4, print32 },
	{ PORT_PRINT_STR, KVM_EXIT_IO_OUT, 4, print_str },
	{ PORT_NUM_EXITS, KVM_EXIT_IO_IN, 4, num_exits },
	{ PORT_EXITS_BY_TYPE, KVM_EXIT_IO_IN, 4, exits_by_type },
	{ PORT_GVA_TO_HVA, KVM_EXIT_IO_OUT, 4, find_hva },
	{ PORT_GVA_TO_HVA, KVM_EXIT_IO_IN, 4, get_hva },
	{ PORT_TIMESTAMP, KVM_EXIT_IO_IN, 4, timestamp },
};

static const struct hypercall *find_hypercall(uint16_t port, uint8_t direction,
					      uint8_t bytes)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].port == port && table[i].direction == direction &&
		    table[i].bytes == bytes)
			return &table[i];
	return NULL;
}

void hypercalls_init(struct hypercalls *calls, struct vm *vm)
{
	*calls = (struct hypercalls){ .vm = vm, .start_us = now_us() };
}

void hypercalls_count(struct hypercalls *calls)
{
	const struct kvm_run *run = calls->vm->run;

	calls->exits++;
	if (run->exit_reason != KVM_EXIT_IO)
		return;
	if (run->io.direction == KVM_EXIT_IO_IN)
		calls->exits_in++;
	else
		calls->exits_out++;
}

int hypercalls_handle(struct hypercalls *calls)
{
	struct kvm_run *run = calls->vm->run;
	/* The data is not in the structure but further on in its mapping. */
	uint8_t *data = (uint8_t *)run + run->io.data_offset;
	const struct hypercall *call =
		find_hypercall(run->io.port, run->io.direction, run->io.size);
	int ret = 0;

	if (!call) {
		fflush(stdout);
		warnx("the guest %s port 0x%x (KVM_EXIT_IO, size %u), where hv "
		      "has no device for that",
		      run->io.direction == KVM_EXIT_IO_IN ? "reads" : "writes",
		      run->io.port, run->io.size);
		return -ENXIO;
	}

	/* REP OUTS and the like: one exit may carry several accesses. */
	for (uint32_t i = 0; i < run->io.count && ret == 0;
	     i++, data += call->bytes) {
		uint32_t value = 0;

		if (call->direction == KVM_EXIT_IO_OUT)
			memcpy(&value, data, call->bytes);
		ret = call->do_call(calls, &value);
		if (call->direction == KVM_EXIT_IO_IN)
			memcpy(data, &value, call->bytes);
	}
	return ret;
}
