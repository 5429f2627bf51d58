#include "capture/copy.h"

#include <asm/ioctl.h>
#include <errno.h>
#include <linux/kvm.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture/memory.h"

static struct record_part *copy_part(struct record *record, pid_t tid,
				     enum record_part_kind kind,
				     enum record_phase phase, uint32_t at,
				     uint64_t address, uint64_t size)
{
	uint32_t wanted = size > COPY_CAP_BYTES ? COPY_CAP_BYTES
						: (uint32_t)size;
	struct record_part *part = record_add_part(record, kind, phase, at,
						   wanted);

	if (!part)
		return NULL;
	part->capped = size > COPY_CAP_BYTES;
	part->length = (uint32_t)memory_read(tid, address, record->bytes.data +
					     part->offset, wanted);
	return part;
}

/* The counted array at a structure's end, or NULL. */
static const struct abi_field *find_tail(const struct abi_type *type)
{
	const struct abi_field *last = type->field_count ?
		&type->fields[type->field_count - 1] : NULL;

	return last && last->is_counted && !last->count ? last : NULL;
}

/* What earlier calls tell; 0: nobody knows. */
static uint64_t ask(const struct call_oracle *oracle,
		    const struct record *record,
		    const struct abi_length *length, const uint8_t *bytes,
		    uint32_t size)
{
	if (!oracle || !oracle->measure)
		return 0;
	return oracle->measure(oracle->context, record, length, bytes, size);
}

/*
 * The bytes of the tail. The kernel may tell of more than the program had
 * room for: the program's own count bounds it.
 */
static uint64_t measure_tail(const struct record *record,
			     const struct abi_field *tail,
			     const struct call_oracle *oracle,
			     const uint8_t *head, uint32_t size)
{
	const struct record_part *before = record_find_part(
		record, PART_ARGUMENT, PHASE_BEFORE, 0);
	uint64_t count = abi_length_elements(&tail->length, head, size,
					     tail->offset, tail->size);
	uint64_t whole, own = !before ? count :
		abi_length_elements(&tail->length,
				    record_part_bytes(record, before),
				    before->length, tail->offset, tail->size);

	if (tail->length.rule == LENGTH_XSAVE) {
		whole = ask(oracle, record, &tail->length, head, size);
		return whole > tail->offset ? whole - tail->offset : 0;
	}
	if (own < count)
		count = own;
	return count > COPY_CAP_BYTES ? UINT64_MAX : count * tail->size;
}

/* The type of a pointer's target, where a tag chooses it. */
static const struct abi_type *target_type(const struct abi_field *field,
					  const uint8_t *bytes, uint32_t size)
{
	const struct abi_arms *arms = field->arms;
	uint64_t tag;

	if (field->kind == ABI_POINTED)
		return field->type;
	if (field->kind != ABI_POINTED_UNION ||
	    arms->tag_offset + arms->tag_size > size)
		return NULL;
	tag = abi_read(bytes + arms->tag_offset, arms->tag_size);
	for (size_t i = 0; i < arms->count; i++)
		if (arms->list[i].value == tag)
			return arms->list[i].type;
	return arms->otherwise;
}

static bool is_pointer(const struct abi_field *field)
{
	return field->kind == ABI_POINTED || field->kind == ABI_POINTED_UNION ||
	       field->kind == ABI_POINTED_BITS;
}

/* Does the kernel read, or write, the target in this phase? */
static bool is_target_copied(const struct abi_field *field,
			     enum record_phase phase)
{
	return !field->flow || field->flow == FLOW_INOUT ||
	       field->flow == (phase == PHASE_BEFORE ? FLOW_IN : FLOW_OUT);
}

static void copy_pointed(struct record *record, pid_t tid,
			 const struct abi_field *field,
			 const struct call_oracle *oracle, uint32_t base,
			 const struct record_part *argument)
{
	uint32_t at = base + field->offset;
	const uint8_t *bytes = record_part_bytes(record, argument);
	struct record_part *target;
	uint64_t address, size;
	bool is_cut;
	uint32_t left;

	if (at + field->size > argument->length ||
	    !is_target_copied(field, (enum record_phase)argument->phase))
		return;
	left = argument->length - base;
	address = abi_read(bytes + at,
			   abi_pointer_size(field, record->compat));
	size = field->length.rule == LENGTH_SLOT ?
		ask(oracle, record, &field->length, bytes + base, left) :
		abi_length_bytes(&field->length,
				 target_type(field, bytes + base, left),
				 bytes + base, left);
	is_cut = field->most && size > field->most;
	if (!address || !size)
		return;
	target = copy_part(record, tid, PART_POINTED,
			   (enum record_phase)argument->phase, at, address,
			   is_cut ? field->most : size);
	if (target)
		target->capped |= is_cut;
}

/* Pointers stand in the structure itself or below it, in arrays. */
static void copy_all_pointed(struct record *record, pid_t tid,
			     const struct abi_type *type,
			     const struct call_oracle *oracle, uint32_t base,
			     const struct record_part *argument)
{
	struct record_part saved = *argument;

	for (uint32_t i = 0; i < type->field_count; i++) {
		const struct abi_field *field = &type->fields[i];

		if (is_pointer(field))
			copy_pointed(record, tid, field, oracle, base, &saved);
		if (field->kind != ABI_STRUCT)
			continue;
		for (uint32_t j = 0; j < field->count; j++)
			copy_all_pointed(record, tid, field->type, oracle,
					 base + field->offset +
					 j * field->size, &saved);
	}
}

static void copy_tail(struct record *record, pid_t tid,
		      const struct abi_field *tail,
		      const struct call_oracle *oracle)
{
	struct record_part *whole = &record->parts[record->part_count - 1];
	uint32_t head = whole->length;
	uint64_t limit = tail->most ? (uint64_t)tail->most * tail->size
				    : COPY_CAP_BYTES;
	uint64_t size = measure_tail(record, tail, oracle,
				     record_part_bytes(record, whole), head);

	whole->capped = size > limit;
	if (whole->capped)
		size = limit;
	record_extend_part(record, (uint32_t)size);
	whole->length = head +
		(uint32_t)memory_read(tid, record->argument + head,
				      record->bytes.data + whole->offset + head,
				      size);
}

/* After E2BIG KVM has written the head at most: the rest is the program's. */
static bool has_tail(const struct record *record, const struct abi_ioctl *row,
		     enum record_phase phase)
{
	return phase == PHASE_BEFORE ? !row->reads_head_only
				     : record->result >= 0;
}

static void copy_typed(struct record *record, pid_t tid,
		       const struct abi_ioctl *row, enum record_phase phase,
		       const struct call_oracle *oracle)
{
	const struct abi_type *type = oracle && oracle->find_type ?
		oracle->find_type(oracle->context, record, row) : row->type;
	const struct abi_field *tail = find_tail(type);
	const struct record_part *whole = copy_part(
		record, tid, PART_ARGUMENT, phase, 0, record->argument,
		type->size);

	if (!whole)
		return;
	if (tail && whole->length == whole->wanted &&
	    has_tail(record, row, phase))
		copy_tail(record, tid, tail, oracle);
	copy_all_pointed(record, tid, type, oracle, 0, whole);
}

/*
 * After a failure the kernel has written nothing, but for two: E2BIG tells how
 * many entries there are (api.rst 4.6), EIO what the firmware said (SEV).
 */
static bool is_copied(uint8_t flow, const struct record *record,
		      enum record_phase phase)
{
	if (phase == PHASE_BEFORE)
		return flow == FLOW_IN || flow == FLOW_INOUT;
	if (record->result >= 0)
		return flow == FLOW_OUT || flow == FLOW_INOUT;
	return flow == FLOW_INOUT &&
	       (record->result == -E2BIG || record->result == -EIO);
}

static void copy_unknown(struct record *record, pid_t tid,
			 enum record_phase phase)
{
	uint32_t request = record_request(record);
	uint32_t size = _IOC_SIZE(request);
	uint8_t flow = (_IOC_DIR(request) & _IOC_WRITE ? 1 : 0) |
		       (_IOC_DIR(request) & _IOC_READ ? 2 : 0);
	static const uint8_t flows[] = { FLOW_NONE, FLOW_IN, FLOW_OUT,
					 FLOW_INOUT };

	if (size && is_copied(flows[flow], record, phase))
		copy_part(record, tid, PART_ARGUMENT, phase, 0,
			  record->argument, size);
}

void copy_argument(struct record *record, pid_t tid,
		   const struct abi_ioctl *row, enum record_phase phase,
		   const struct call_oracle *oracle)
{
	if (!row)
		copy_unknown(record, tid, phase);
	else if (row->type && record->argument &&
		 is_copied(row->flow, record, phase))
		copy_typed(record, tid, row, phase, oracle);
}

/* Headers and names take a few KiB: 16 bytes and 48 of name for each figure. */
#define STATS_BYTES 65536

void copy_stats(struct record *record, pid_t pid, int fd)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	int own = pidfd < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	struct kvm_stats_header header;
	struct record_part *part;
	ssize_t got;

	if (own >= 0 &&
	    pread(own, &header, sizeof(header), 0) == sizeof(header) &&
	    header.data_offset <= STATS_BYTES &&
	    (part = record_add_part(record, PART_STATS, PHASE_AFTER, 0,
				    header.data_offset))) {
		got = pread(own, record->bytes.data + part->offset,
			    part->wanted, 0);
		part->length = got < 0 ? 0 : (uint32_t)got;
	}
	if (own >= 0)
		close(own);
	if (pidfd >= 0)
		close(pidfd);
}

/*
 * Where KVM puts the port data in practice: the second page of the mapping
 * (arch/x86/include/asm/kvm_host.h, KVM_PIO_PAGE_OFFSET).
 */
#define USUAL_DATA_OFFSET 4096
#define USUAL_DATA_BYTES 64

/* The port data of this exit that are worth a copy in this phase. */
static struct abi_run_data wanted_data(const uint8_t *run, uint64_t length,
				       enum record_phase phase)
{
	struct abi_run_data data = abi_find_run_data(run);

	if (data.is_in != (phase == PHASE_BEFORE) || data.offset >= length)
		data.length = 0;
	else if (data.length > length - data.offset)
		data.length = length - data.offset;
	return data;
}

static void add_run_data(struct record *record, pid_t tid, uint64_t address,
			 const struct abi_run_data *data,
			 const struct memory_span *guess,
			 enum record_phase phase)
{
	struct record_part *part;

	if (!data->length)
		return;
	part = record_add_part(record, PART_RUN_DATA, phase,
			       (uint32_t)data->offset,
			       (uint32_t)data->length);
	if (part)
		part->length = (uint32_t)memory_read_from(
			guess, tid, address + data->offset,
			record->bytes.data + part->offset, data->length);
}

/* Behind the masks, the registers that they tell of: api.rst, KVM_CAP_SYNC_REGS. */
static void extend_by_registers(struct record *record, pid_t tid,
				uint64_t address, uint64_t length)
{
	struct record_part *run = &record->parts[record->part_count - 1];
	const uint8_t *bytes = record_part_bytes(record, run);

	if (run->length < ABI_RUN_BYTES || length < ABI_RUN_SYNC_BYTES ||
	    !abi_run_sync_mask(bytes, run->phase == PHASE_AFTER))
		return;
	record_extend_part(record, ABI_RUN_SYNC_BYTES - ABI_RUN_BYTES);
	run->length = ABI_RUN_BYTES +
		(uint32_t)memory_read(tid, address + ABI_RUN_BYTES,
				      record->bytes.data + run->offset +
				      ABI_RUN_BYTES,
				      ABI_RUN_SYNC_BYTES - ABI_RUN_BYTES);
}

/* Does the ring, by its first and last index, hold something? */
static bool has_entries(const struct memory_span *ring)
{
	uint32_t indices[2];

	if (ring->got < sizeof(indices))
		return false;
	memcpy(indices, ring->bytes, sizeof(indices));
	return indices[0] != indices[1];
}

/*
 * The hot path: the head, the usual place of the data, the ring's indices and
 * `also` in one system call.
 */
void copy_run(struct record *record, pid_t tid, uint64_t address,
	      uint64_t length, enum record_phase phase,
	      struct memory_span *also)
{
	uint8_t guess[USUAL_DATA_BYTES], indices[8];
	struct memory_span spans[MEMORY_SPANS_MAX] = {
		{ .address = address },
		{ .address = address + USUAL_DATA_OFFSET, .bytes = guess },
		{ .address = address + ABI_RUN_RING_OFFSET, .bytes = indices },
	};
	struct record_part *run;
	struct abi_run_data data;

	if (length > COPY_CAP_BYTES)
		length = COPY_CAP_BYTES;
	run = record_add_part(record, PART_RUN, phase, 0,
			      length < ABI_RUN_BYTES ? (uint32_t)length
						     : ABI_RUN_BYTES);
	if (!run)
		return;
	spans[0].bytes = record->bytes.data + run->offset;
	spans[0].length = run->wanted;
	if (length >= USUAL_DATA_OFFSET + sizeof(guess))
		spans[1].length = sizeof(guess);
	if (length >= ABI_RUN_RING_OFFSET + 4096 && phase == PHASE_AFTER)
		spans[2].length = sizeof(indices);
	if (also)
		spans[3] = *also;
	memory_read_spans(tid, spans, also ? 4 : 3);
	if (also)
		also->got = spans[3].got;
	run->length = (uint32_t)spans[0].got;
	if (run->length < ABI_RUN_HEAD_BYTES)
		return;
	data = wanted_data(record_part_bytes(record, run), length, phase);
	extend_by_registers(record, tid, address, length);
	add_run_data(record, tid, address, &data, &spans[1], phase);
	if (spans[2].length && has_entries(&spans[2]))
		copy_part(record, tid, PART_RUN_RING, phase, 0,
			  address + ABI_RUN_RING_OFFSET, 4096);
}
