/* Look-ups in the tables of abi.h. */
#include "abi/abi.h"

#include <string.h>

#include "abi/run.h"
#include "abi/tables.h"

/*
 * Little endian, as every machine that this is built for. Fixed sizes, because
 * a copy of a size that only run time tells is a call: this is the hot path.
 */
uint64_t abi_read(const uint8_t *bytes, size_t size)
{
	uint64_t value = 0;

	switch (size) {
	case 1:
		return bytes[0];
	case 2:
		memcpy(&value, bytes, 2);
		return value;
	case 4:
		memcpy(&value, bytes, 4);
		return value;
	default:
		memcpy(&value, bytes, 8);
		return value;
	}
}

/* The first row with this request, or NULL. */
static const struct abi_ioctl *find_first(uint32_t request)
{
	size_t low = 0, high = abi_ioctl_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (abi_ioctls[middle].request < request)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == abi_ioctl_count || abi_ioctls[low].request != request)
		return NULL;
	return &abi_ioctls[low];
}

const struct abi_ioctl *abi_find_ioctl(uint32_t request, uint8_t role)
{
	const struct abi_ioctl *first = find_first(request);

	for (const struct abi_ioctl *row = first;
	     row && row < abi_ioctls + abi_ioctl_count &&
	     row->request == request; row++)
		if (row->roles & role)
			return row;
	return first;
}

const struct abi_exit *abi_find_exit(uint32_t code)
{
	for (size_t i = 0; i < abi_exit_count; i++)
		if (abi_exits[i].code == code)
			return &abi_exits[i];
	return NULL;
}

const struct abi_role_row *abi_find_role(uint8_t role)
{
	for (size_t i = 0; i < abi_role_count; i++)
		if (abi_roles[i].role == role)
			return &abi_roles[i];
	return NULL;
}

const char *abi_find_name(const struct abi_names *names, uint64_t value)
{
	for (size_t i = 0; i < names->count; i++)
		if (names->list[i].value ==
		    (names->list[i].mask ? value & names->list[i].mask : value))
			return names->list[i].name;
	return NULL;
}

bool abi_answers_number(uint32_t cap)
{
	for (size_t i = 0; i < abi_number_capability_count; i++)
		if (abi_number_capabilities[i] == cap)
			return true;
	for (size_t i = 0; i < abi_answer_count; i++)
		if (abi_answers[i].cap == cap)
			return true;
	return false;
}

const char *abi_find_question(uint32_t cap)
{
	const struct abi_names *names = &abi_names_capabilities;

	for (size_t i = 0; i < names->count; i++)
		if (names->list[i].value == cap)
			return names->list[i].text;
	return NULL;
}

const struct abi_arm *abi_find_arm(const struct abi_arms *arms,
				   const uint8_t *bytes, uint32_t size)
{
	uint64_t tag;

	if (arms->tag_offset + arms->tag_size > size)
		return NULL;
	tag = abi_read(bytes + arms->tag_offset, arms->tag_size);
	for (size_t i = 0; i < arms->count; i++)
		if (arms->list[i].value == tag)
			return &arms->list[i];
	return NULL;
}

/* A union has one where the arm that holds has one. */
static bool union_has_answer(const struct abi_field *field,
			     const uint8_t *bytes, uint32_t size)
{
	const struct abi_arm *arm = abi_find_arm(field->arms, bytes, size);
	const struct abi_type *type = arm ? arm->type : field->arms->otherwise;

	return type && field->offset <= size &&
	       abi_has_answer(type, bytes + field->offset,
			      size - field->offset);
}

bool abi_has_answer(const struct abi_type *type, const uint8_t *bytes,
		    uint32_t size)
{
	for (uint32_t i = 0; i < type->field_count; i++) {
		const struct abi_field *field = &type->fields[i];

		if (field->is_answer ||
		    (field->kind == ABI_UNION &&
		     union_has_answer(field, bytes, size)))
			return true;
	}
	return false;
}

bool abi_gives_stats(const struct abi_ioctl *row)
{
	return row && row->request == KVM_GET_STATS_FD;
}

static uint64_t multiply(uint64_t count, uint64_t unit)
{
	return unit && count > UINT64_MAX / unit ? UINT64_MAX : count * unit;
}

/* The number that the rule is about; false when it isn't in the bytes. */
static bool read_number(const struct abi_length *length, const uint8_t *bytes,
			uint32_t size, uint64_t *ret_number)
{
	if (length->offset + length->size > size)
		return false;
	*ret_number = abi_read(bytes + length->offset, length->size);
	return true;
}

uint64_t abi_length_elements(const struct abi_length *length,
			     const uint8_t *bytes, uint32_t size,
			     uint32_t offset, uint32_t element_size)
{
	uint64_t number;

	if (!length->size)
		return length->unit;
	if (!read_number(length, bytes, size, &number))
		return 0;
	if (length->rule == LENGTH_TOTAL)
		return number > offset ? (number - offset) / element_size : 0;
	return multiply(number, length->unit);
}

uint64_t abi_length_bytes(const struct abi_length *length,
			  const struct abi_type *type, const uint8_t *bytes,
			  uint32_t size)
{
	uint64_t number;

	if (length->rule == LENGTH_TYPE)
		return type ? type->size : 0;
	if (!length->size)
		return length->unit;
	if (!read_number(length, bytes, size, &number))
		return 0;
	switch (length->rule) {
	case LENGTH_COUNT:
		return multiply(number, length->unit);
	case LENGTH_ONE_REG:
		/* KVM_REG_SIZE_SHIFT in <linux/kvm.h>. */
		return 1ull << (number >> 52 & 15);
	case LENGTH_BITS:
		number = number / 8 + (number % 8 != 0);
		return multiply(number / length->unit +
				(number % length->unit != 0), length->unit);
	default:
		return 0;
	}
}

bool abi_is_run(const struct abi_ioctl *row)
{
	return row && row->request == KVM_RUN;
}

_Static_assert(offsetof(struct kvm_run, s) == ABI_RUN_BYTES &&
	       sizeof(struct kvm_sync_regs) ==
	       ABI_RUN_SYNC_BYTES - ABI_RUN_BYTES, "kvm_run");

uint64_t abi_run_sync_mask(const uint8_t *run, bool is_after)
{
	return is_after ? RUN_READ(run, kvm_valid_regs)
			: RUN_READ(run, kvm_dirty_regs);
}

struct abi_run_data abi_find_run_data(const uint8_t *run)
{
	struct abi_run_data data = { 0 };

	if (RUN_READ(run, exit_reason) != KVM_EXIT_IO)
		return data;
	data.offset = RUN_READ(run, io.data_offset);
	data.length = RUN_READ(run, io.size) * RUN_READ(run, io.count);
	data.is_in = RUN_READ(run, io.direction) == KVM_EXIT_IO_IN;
	return data;
}
