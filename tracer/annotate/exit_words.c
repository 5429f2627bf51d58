#include "annotate/exit_words.h"

#include "abi/run.h"

static void add_bytes(struct buffer *out, uint64_t count)
{
	buffer_add_unsigned(out, count);
	buffer_add_string(out, count == 1 ? " byte " : " bytes ");
}

static void add_io(struct buffer *out, const uint8_t *run)
{
	bool is_in = RUN_READ(run, io.direction) == KVM_EXIT_IO_IN;

	buffer_add_string(out, ": ");
	add_bytes(out, RUN_READ(run, io.size) * RUN_READ(run, io.count));
	buffer_add_string(out, is_in ? "in from port " : "out to port ");
	buffer_add_hex(out, RUN_READ(run, io.port));
}

static void add_mmio(struct buffer *out, const uint8_t *run)
{
	buffer_add_string(out, ": ");
	add_bytes(out, RUN_READ(run, mmio.len));
	buffer_add_string(out, RUN_READ(run, mmio.is_write) ?
			       "written to guest physical " :
			       "read from guest physical ");
	buffer_add_hex(out, RUN_READ(run, mmio.phys_addr));
}

void exit_words_add(struct buffer *out, const struct record *record)
{
	const struct record_part *part = record_find_part(
		record, PART_RUN, PHASE_AFTER, 0);
	const uint8_t *run = record_part_bytes(record, part);
	uint32_t reason = (uint32_t)RUN_READ(run, exit_reason);
	const struct abi_exit *row = abi_find_exit(reason);

	if (row) {
		buffer_add_string(out, row->name);
	} else {
		buffer_add_string(out, "exit reason ");
		buffer_add_unsigned(out, reason);
	}
	if (reason == KVM_EXIT_IO)
		add_io(out, run);
	else if (reason == KVM_EXIT_MMIO)
		add_mmio(out, run);
}
