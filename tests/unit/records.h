/*
 * Records made by hand, for the tests of what stands behind capture: files
 * with the names that KVM gives them, calls with their bytes.
 */
#ifndef TESTS_UNIT_RECORDS_H
#define TESTS_UNIT_RECORDS_H

#include <linux/kvm.h>
#include <string.h>

#include "record/record.h"

#define RUN_BYTES 304
/* Of kvm_run's mapping: one page behind it. */
#define DATA_OFFSET 0x1000u

static const struct record_file kvm_file = {
	.id = 1, .major = 10, .minor = 232, .link = "/dev/kvm",
};
static const struct record_file vm_file = {
	.id = 2, .link = "anon_inode:kvm-vm",
};
static const struct record_file vcpu_file = {
	.id = 3, .link = "anon_inode:kvm-vcpu:0",
};
static const struct record_file null_file = {
	.major = 1, .minor = 3, .link = "/dev/null",
};

/* An ioctl on an open file. */
static inline void make_ioctl(struct record *record,
			      const struct record_file *file, uint64_t request,
			      uint64_t argument, int64_t result)
{
	record_reset(record, RECORD_IOCTL);
	record->pid = record->tid = 100;
	record->name = "ioctl";
	record->fd = 3;
	record->file = *file;
	record->request = request;
	record->argument = argument;
	record->result = result;
}

/* One that made a descriptor. */
static inline void make_creation(struct record *record,
				 const struct record_file *file,
				 uint64_t request, uint64_t argument,
				 const struct record_file *made, int fd)
{
	make_ioctl(record, file, request, argument, fd);
	record->made_fd = fd;
	record->made_file = *made;
}

static inline void add_bytes(struct record *record, enum record_part_kind kind,
			     enum record_phase phase, uint32_t at,
			     const void *bytes, uint32_t length)
{
	struct record_part *part = record_add_part(record, kind, phase, at,
						   length);

	memcpy(record->bytes.data + part->offset, bytes, length);
}

/* kvm_run before and after; a NULL is left out. */
static inline void make_run(struct record *record,
			    const struct record_file *file,
			    const struct kvm_run *before,
			    const struct kvm_run *after, int64_t result)
{
	make_ioctl(record, file, KVM_RUN, 0, result);
	if (before)
		add_bytes(record, PART_RUN, PHASE_BEFORE, 0, before,
			  RUN_BYTES);
	if (after)
		add_bytes(record, PART_RUN, PHASE_AFTER, 0, after, RUN_BYTES);
}

static inline struct kvm_run io_run(bool is_out, uint16_t port, uint8_t size,
				    uint32_t count)
{
	struct kvm_run run = { .exit_reason = KVM_EXIT_IO };

	run.io.direction = is_out ? KVM_EXIT_IO_OUT : KVM_EXIT_IO_IN;
	run.io.port = port;
	run.io.size = size;
	run.io.count = count;
	run.io.data_offset = DATA_OFFSET;
	return run;
}

/* The vCPU wrote these bytes to a port, one by one or as a string. */
static inline void make_port_write(struct record *record,
				   const struct record_file *file,
				   uint16_t port, const char *bytes,
				   uint32_t length)
{
	struct kvm_run run = io_run(true, port, 1, length);

	make_run(record, file, &run, &run, 0);
	add_bytes(record, PART_RUN_DATA, PHASE_AFTER, DATA_OFFSET, bytes,
		  length);
}

#endif
