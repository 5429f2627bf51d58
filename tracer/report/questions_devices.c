/* Questions 5a to 5c: port I/O, the console, and the result. */
#include <inttypes.h>
#include <string.h>

#include "abi/abi.h"
#include "report/fields.h"
#include "report/study.h"

#define PORTS_SHOWN 24
#define RESULT 42

/* 5a */

/* There are 65536 ports; a trace may name others. */
static const char *find_owner(uint64_t port)
{
	return port > UINT16_MAX ? NULL : abi_find_name(&abi_names_ports, port);
}

static void show_port(struct answer *answer, const struct facts_port *row)
{
	const char *owner = find_owner(row->port);

	answer_cite_seq(answer, row->first_seq);
	answer_cite_seq(answer, row->last_seq);
	answer_item(answer, "`%s` %s port %s%s%s%s, %s each: %s, %s (seq %"
		    PRIu64 "%s)", row->is_in ? "IN" : "OUT",
		    row->is_in ? "from" : "to", answer_hex(answer, row->port),
		    owner ? " (" : "", owner ? owner : "", owner ? ")" : "",
		    answer_count(answer, row->size, "byte"),
		    answer_count(answer, row->exits, "exit"),
		    answer_count(answer, row->bytes, "byte"), row->first_seq,
		    row->exits == 1 ? "" :
		    answer_format(answer, " to %" PRIu64, row->last_seq));
}

static void show_ports(const struct study *study, struct answer *answer)
{
	const struct facts_vcpu *vcpu = study->vcpu;

	if (!vcpu || !vcpu->port_count) {
		study_say_nothing(study, answer, vcpu && vcpu->runs ?
				  "an example, because the guest did no port I/O "
				  "that the program got to see" :
				  "there is no port I/O to show");
		return;
	}
	answer_text(answer, "In this trace:");
	for (size_t i = 0; i < vcpu->port_count && i < PORTS_SHOWN; i++)
		show_port(answer, &vcpu->ports[i]);
	if (vcpu->port_count > PORTS_SHOWN || vcpu->other_ports)
		answer_item(answer, "and further ports");
}

static void show_read(const struct study *study, struct answer *answer)
{
	const json_t *event = study->vcpu ? study->vcpu->read : NULL;

	if (!event)
		return;
	answer_text(answer, "For example, the read at seq %s got the bytes %s, "
		    "with the next `KVM_RUN` (%s).",
		    answer_decimal_at(answer, event, "in.completes.seq"),
		    answer_quote(answer, field_text(event,
						    "in.completes.data_hex")),
		    answer_cite(answer, event));
	if (field_has(event, "in.completes.seq"))
		answer_cite_seq(answer, field_number_or(event,
						"in.completes.seq", 0));
}

/* api.rst, "struct kvm_run", KVM_EXIT_IO */
void question_5a(const struct study *study, struct answer *answer)
{
	answer_text(answer, "By the processor's instructions `OUT` (write) and "
		    "`IN` (read), which C reaches with inline assembly "
		    "(`outb`, `inb`). A guest may not touch real ports: each "
		    "such instruction makes the processor leave the guest, and "
		    "`KVM_RUN` returns with `KVM_EXIT_IO`, the port, the "
		    "direction, the size and the count.");
	answer_text(answer, "After an `IN` the program puts the answer where "
		    "`io.data_offset` says; the next `KVM_RUN` hands it to the "
		    "guest and goes on behind the instruction.");
	show_ports(study, answer);
	show_read(study, answer);
	answer_unknown(answer, "which accesses KVM served by itself, without an "
		       "exit to the program.");
	answer_sheet(answer, "port `0xe9` is no serial port: those are at "
		     "`0x3f8` (COM1) and the like, and have registers. A debug "
		     "console just takes bytes.");
}

/* 5b */

/* An OUT to the port that the first console line came by; else any OUT. */
static const struct facts_port *find_output(const struct facts_vcpu *vcpu)
{
	const json_t *line = vcpu ? json_array_get(vcpu->console, 0) : NULL;
	uint64_t port = field_number_or(line, "port", UINT64_MAX);
	const struct facts_port *any = NULL;

	for (size_t i = 0; vcpu && i < vcpu->port_count; i++) {
		const struct facts_port *row = &vcpu->ports[i];

		if (row->is_in)
			continue;
		if (row->port == port)
			return row;
		if (!any)
			any = row;
	}
	return any;
}

static void tell_access(const struct study *study, struct answer *answer)
{
	const struct facts_port *row = find_output(study->vcpu);
	const json_t *mapped = study->vcpu ? study->vcpu->mapped : NULL;
	uint64_t start, offset;

	if (!row || !field_number(row->event, "exit.io.data_offset", &offset)) {
		study_say_nothing(study, answer, "there is no output to a "
				  "port to follow");
		return;
	}
	answer_text(answer, "For example, at %s the bytes %s for port %s were "
		    "at offset %s.", answer_cite(answer, row->event),
		    answer_quote(answer, field_text(row->event,
						    "exit.io.data_hex")),
		    answer_hex(answer, row->port), answer_hex(answer, offset));
	if (field_number(mapped, "ret", &start))
		answer_text(answer, "`kvm_run` is mapped at %s (%s), so the "
			    "program finds them at %s.",
			    answer_hex(answer, start),
			    answer_cite(answer, mapped),
			    answer_hex(answer, start + offset));
}

static void show_console(const struct study *study, struct answer *answer)
{
	const struct facts_vcpu *vcpu = study->vcpu;
	size_t count = vcpu ? json_array_size(vcpu->console) : 0;

	if (!count)
		return;
	answer_text(answer, "The characters of this trace make up:");
	for (size_t i = 0; i < count; i++) {
		const json_t *line = json_array_get(vcpu->console, i);

		answer_item(answer, "%s, by port %s, from seq %s to %s (%s)",
			    answer_quote(answer, field_text(line, "text")),
			    answer_hex_at(answer, line, "port"),
			    answer_decimal_at(answer, line, "from_seq"),
			    answer_decimal_at(answer, line, "to_seq"),
			    answer_cite(answer, line));
	}
	if (vcpu->console_lines > count)
		answer_item(answer, "and %" PRIu64 " lines more",
			    vcpu->console_lines - count);
}

void question_5b(const struct study *study, struct answer *answer)
{
	answer_text(answer, "At `KVM_EXIT_IO` the bytes are in the memory that "
		    "the program shares with KVM: `io.size` * `io.count` bytes "
		    "at `(char *)run + run->io.data_offset`, where `run` is "
		    "what `mmap` of the vCPU gave. The program takes them "
		    "from there, prints them, and calls `KVM_RUN` again. "
		    "A byte at a time, that is an exit for each character.");
	tell_access(study, answer);
	show_console(study, answer);
	answer_unknown(answer, "how the program prints them (`fwrite`, "
		       "`putchar`), which takes no call to KVM.");
	answer_sheet(answer, "the bytes are not read from guest memory: "
		     "`data_offset` counts from the start of `struct kvm_run`. "
		     "Guest memory comes into it only where the guest passes "
		     "an address instead of characters.");
}

/* 5c */

/* The mode at the start tells how wide the accumulator is; a guest may have
 * gone to another since. */
static const char *compare_result(const struct study *study,
				  struct answer *answer, uint64_t rax)
{
	bool is_real = study_is_mode(study, "real");
	bool is_wide = study_is_mode(study, "long") ||
		       study_is_mode(study, "la57");

	if (rax == RESULT)
		return ", which is 42";
	if (is_real && (uint16_t)rax == RESULT)
		return ", of which AX, the part that counts in real mode, "
		       "is 42";
	if (!is_wide && (uint32_t)rax == RESULT)
		return ", of which EAX, the part that counts in 32-bit modes, "
		       "is 42";
	return answer_format(answer, ", which is %" PRIu64 " and not 42", rax);
}

static void tell_result(const struct study *study, struct answer *answer)
{
	const json_t *event = study->vcpu->result;
	uint64_t rax, status;
	bool is_told = field_number(event, "out.rax", &rax) ||
		       field_number(event, "out.sync_regs.regs.rax", &rax);

	answer_text(answer, "The guest halted (`KVM_EXIT_HLT`, %s).",
		    answer_cite(answer, study->vcpu->halted));
	if (!is_told) {
		answer_unknown(answer, "the value, because the program did not "
			       "read the registers after that.");
		return;
	}
	answer_text(answer, "Then the program read the registers with %s%s: "
		    "RAX = %s%s (%s).",
		    answer_quote(answer, field_text(event, "name")),
		    answer_place(answer, event), answer_hex(answer, rax),
		    compare_result(study, answer, rax),
		    answer_cite(answer, event));
	if (field_number(study->facts->end, "status.exited", &status))
		answer_text(answer, "It ended with status %" PRIu64 " (%s).",
			    status, answer_cite(answer, study->facts->end));
}

static void tell_last_exit(const struct study *study, struct answer *answer)
{
	const json_t *event = study->vcpu->last_try;

	answer_unknown(answer, "the value, because the guest did not halt in "
		       "this trace. Its last `KVM_RUN` ended with %s (%s).",
		       answer_quote(answer, field_has(event, "exit.reason") ?
				    field_text(event, "exit.reason") :
				    field_has(event, "errno") ?
				    field_text(event, "errno") :
				    "no result"),
		       answer_cite(answer, event));
	/* api.rst, KVM_EXIT_HLT; kvm_emulate_halt() in arch/x86/kvm/x86.c */
	if (facts_find_call(study->facts, "KVM_CREATE_IRQCHIP"))
		answer_text(answer, "Where the interrupt controllers are in the "
			    "kernel (`KVM_CREATE_IRQCHIP`), a `HLT` makes no "
			    "exit: KVM itself waits for the next interrupt.");
}

void question_5c(const struct study *study, struct answer *answer)
{
	answer_text(answer, "It is the sign of the course's guest that it got "
		    "to its end: it puts 42 into the accumulator (AX, EAX or RAX) and halts "
		    "with `HLT`. The program sees `KVM_EXIT_HLT`, reads the "
		    "registers and compares: any other value, and the guest "
		    "went astray.");
	if (study->vcpu && study->vcpu->halted)
		tell_result(study, answer);
	else if (study->vcpu && study->vcpu->first_run)
		tell_last_exit(study, answer);
	else
		study_say_nothing(study, answer, "there is no result");
	answer_unknown(answer, "what the program compared, in registers or in "
		       "guest memory; that takes no call to KVM.");
	answer_sheet(answer, "that the guest halted is known from the exit "
		     "reason, whatever is in RAX; 42 shows that its code ran "
		     "to the end. In real mode only AX counts, in 32-bit modes "
		     "EAX.");
}
