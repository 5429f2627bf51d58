/* Look-ups in the tables of abi.h. */
#include "abi/abi.h"

#include <string.h>

#include "abi/run.h"

uint64_t abi_read(const uint8_t *bytes, size_t size)
{
	uint64_t value = 0;

	/* Little endian, as every machine that this is built for. */
	memcpy(&value, bytes, size < sizeof(value) ? size : sizeof(value));
	return value;
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
		if (names->list[i].value == value)
			return names->list[i].name;
	return NULL;
}

bool abi_is_run(const struct abi_ioctl *row)
{
	return row && row->request == KVM_RUN;
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
