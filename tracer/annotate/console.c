#include "annotate/console.h"

#include <stdlib.h>
#include <string.h>

#include "abi/run.h"
#include "base/log.h"

/* Bochs' and QEMU's debug console, and the data register of COM1. */
static const uint16_t usual_ports[] = { 0xe9, 0x3f8 };

struct begun_line {
	struct begun_line *next;
	uint32_t file_id;	/* of the vCPU */
	struct console_line line;
	struct buffer text;
};

struct console {
	uint8_t watched[65536 / 8];
	struct begun_line *begun;
};

struct console *console_new(void)
{
	struct console *console = calloc(1, sizeof(*console));

	if (!console)
		log_die("out of memory: the console");
	for (size_t i = 0; i < sizeof(usual_ports) / sizeof(usual_ports[0]);
	     i++)
		console_watch(console, usual_ports[i]);
	return console;
}

void console_free(struct console *console)
{
	while (console->begun) {
		struct begun_line *line = console->begun;

		console->begun = line->next;
		buffer_free(&line->text);
		free(line);
	}
	free(console);
}

void console_watch(struct console *console, uint16_t port)
{
	console->watched[port / 8] |= (uint8_t)(1 << port % 8);
}

static bool is_watched(const struct console *console, uint16_t port)
{
	return console->watched[port / 8] >> port % 8 & 1;
}

static struct begun_line *find_line(struct console *console,
				    uint32_t file_id, uint16_t port)
{
	struct begun_line *line;

	for (line = console->begun; line; line = line->next)
		if (line->file_id == file_id && line->line.port == port)
			return line;
	line = calloc(1, sizeof(*line));
	if (!line)
		log_die("out of memory: a line of the console");
	line->file_id = file_id;
	line->line.port = port;
	line->next = console->begun;
	console->begun = line;
	return line;
}

static void finish_line(struct begun_line *begun, bool keep_empty,
			console_line_fn *line, void *context)
{
	begun->line.text = (const uint8_t *)begun->text.data;
	begun->line.length = begun->text.length;
	if (begun->text.length || keep_empty)
		line(context, &begun->line);
	buffer_reset(&begun->text);
}

static void add_byte(struct begun_line *begun, uint8_t byte, uint64_t seq,
		     console_line_fn *line, void *context)
{
	if (!begun->text.length)
		begun->line.from_seq = seq;
	begun->line.to_seq = seq;
	if (byte == '\n') {
		finish_line(begun, true, line, context);
		return;
	}
	buffer_add_char(&begun->text, (char)byte);
	if (begun->text.length >= CONSOLE_LINE_BYTES)
		finish_line(begun, false, line, context);
}

static void apply_output(struct console *console, const struct record *record,
			 const struct session_view *view, const uint8_t *run,
			 uint64_t seq, console_line_fn *line, void *context)
{
	uint16_t port = (uint16_t)RUN_READ(run, io.port);
	const struct record_part *data = record_find_part(
		record, PART_RUN_DATA, PHASE_AFTER,
		(uint32_t)RUN_READ(run, io.data_offset));
	struct begun_line *begun;

	/* Wider writes are no characters: print32 of the course uses them. */
	if (!data || RUN_READ(run, io.size) != 1 || !is_watched(console, port))
		return;
	begun = find_line(console, record->file.id, port);
	begun->line.pid = record->pid;
	begun->line.vm = view->object.vm;
	begun->line.vcpu = view->object.vcpu;
	for (uint32_t i = 0; i < data->length; i++)
		add_byte(begun, record_part_bytes(record, data)[i], seq, line,
			 context);
}

static void finish_vcpu(struct console *console, uint32_t file_id,
			console_line_fn *line, void *context)
{
	for (struct begun_line *begun = console->begun; begun;
	     begun = begun->next)
		if (begun->file_id == file_id)
			finish_line(begun, false, line, context);
}

void console_apply(struct console *console, const struct record *record,
		   const struct session_view *view, uint64_t seq,
		   console_line_fn *line, void *context)
{
	const struct record_part *part = record_find_part(
		record, PART_RUN, PHASE_AFTER, 0);
	const uint8_t *run;
	uint64_t reason;

	if (!view->has_exit || !part)
		return;
	run = record_part_bytes(record, part);
	reason = RUN_READ(run, exit_reason);
	if (reason == KVM_EXIT_IO &&
	    RUN_READ(run, io.direction) == KVM_EXIT_IO_OUT)
		apply_output(console, record, view, run, seq, line, context);
	else if (reason == KVM_EXIT_HLT || reason == KVM_EXIT_SHUTDOWN)
		finish_vcpu(console, record->file.id, line, context);
}

void console_flush(struct console *console, console_line_fn *line,
		   void *context)
{
	for (struct begun_line *begun = console->begun; begun;
	     begun = begun->next)
		finish_line(begun, false, line, context);
}
