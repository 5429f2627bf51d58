#include "capture/unwind.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>

#include "capture/memory.h"
#include "capture/prologue.h"

/* Of code that is looked through for want of tables. */
#define PROLOGUE_BYTES 512

/* Numbers of registers in DWARF: psABI x86-64 table 3.36, i386 table 2.14. */
struct machine {
	uint8_t word;
	uint8_t stack_register, frame_register;
};

static const struct machine machine_64 = { 8, 7, 6 };
static const struct machine machine_32 = { 4, 4, 5 };

static const struct machine *find_machine(Dwfl_Module *module)
{
	GElf_Addr bias;
	GElf_Ehdr header;
	Elf *elf = dwfl_module_getelf(module, &bias);

	if (!elf || !gelf_getehdr(elf, &header))
		return NULL;
	/* x32 is ELFCLASS32 of this machine, and call pushes 8 bytes. */
	return header.e_machine == EM_X86_64 ? &machine_64 :
	       header.e_machine == EM_386 ? &machine_32 : NULL;
}

/* An expression of one operation, register plus constant. */
static void read_operation(const Dwarf_Op *op, const struct machine *machine,
			   struct unwind_rule *rule)
{
	bool is_short = op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31;
	uint64_t reg = is_short ? op->atom - (uint64_t)DW_OP_breg0 : op->number;
	int64_t offset = (int64_t)(is_short ? op->number : op->number2);

	if (!is_short && op->atom != DW_OP_bregx)
		return;
	if (offset != (int32_t)offset)
		return;
	rule->offset = (int32_t)offset;
	if (reg == machine->stack_register)
		rule->base = UNWIND_STACK;
	else if (reg == machine->frame_register)
		rule->base = UNWIND_FRAME;
}

/* libdw's form of "same value": no operations at no place. */
static bool keeps_register(Dwarf_Frame *frame, int reg)
{
	Dwarf_Op memory[3], *ops = memory;
	size_t count;

	return !dwarf_frame_register(frame, reg, memory, &ops, &count) &&
	       !count && !ops;
}

static void read_table(Dwarf_CFI *table, uint64_t address,
		       const struct machine *machine, struct unwind_rule *rule)
{
	Dwarf_Frame *frame;
	Dwarf_Op *ops;
	size_t count;

	if (!table || dwarf_cfi_addrframe(table, address, &frame))
		return;
	if (!dwarf_frame_cfa(frame, &ops, &count) && count == 1)
		read_operation(ops, machine, rule);
	rule->keeps_frame = keeps_register(frame, machine->frame_register);
	free(frame);
}

/* The last resort: from the function's first byte, if a symbol tells it. */
static void read_code(Dwfl_Module *module, pid_t tid, uint64_t address,
		      struct unwind_rule *rule)
{
	uint8_t code[PROLOGUE_BYTES];
	GElf_Off offset;
	GElf_Sym symbol;
	size_t length;
	int32_t depth;

	if (!dwfl_module_addrinfo(module, address, &offset, &symbol, NULL,
				  NULL, NULL) || offset >= sizeof(code))
		return;
	length = (size_t)offset + 1;
	if (memory_read(tid, address - offset, code, length) != length ||
	    prologue_measure(code, length, rule->word, &depth))
		return;
	rule->base = UNWIND_STACK;
	rule->offset = depth + rule->word;
}

/* Compiled C has .eh_frame, Go only .debug_frame, musl nothing. */
struct unwind_rule unwind_find_rule(Dwfl_Module *module, pid_t tid,
				    uint64_t address)
{
	const struct machine *machine = find_machine(module);
	struct unwind_rule rule = { .base = UNWIND_UNKNOWN };
	Dwarf_CFI *table;
	Dwarf_Addr bias = 0;

	if (!machine)
		return rule;
	rule.word = machine->word;
	table = dwfl_module_eh_cfi(module, &bias);
	read_table(table, address - bias, machine, &rule);
	if (rule.base != UNWIND_UNKNOWN)
		return rule;
	table = dwfl_module_dwarf_cfi(module, &bias);
	read_table(table, address - bias, machine, &rule);
	if (rule.base == UNWIND_UNKNOWN)
		read_code(module, tid, address, &rule);
	return rule;
}

/* ptrace shows a 32-bit thread's ebp in the same place. */
static int read_frame_pointer(pid_t tid, uint64_t *ret_pointer)
{
	long value;

	errno = 0;
	value = ptrace(PTRACE_PEEKUSER, tid, offsetof(struct user, regs.rbp),
		       0);
	if (errno)
		return -errno;
	*ret_pointer = (uint64_t)value;
	return 0;
}

int unwind_step(const struct unwind_rule *rule, pid_t tid,
		const struct memory_span *stack,
		struct unwind_position *position)
{
	uint64_t base = position->sp, ip = 0, end;

	if (rule->base == UNWIND_UNKNOWN ||
	    (rule->base == UNWIND_FRAME && position->lost_frame))
		return -ENODATA;
	if (rule->base == UNWIND_FRAME && position->has_frame)
		base = position->frame;
	else if (rule->base == UNWIND_FRAME && read_frame_pointer(tid, &base))
		return -ENODATA;
	end = base + (uint64_t)(int64_t)rule->offset;
	if (memory_read_from(stack, tid, end - rule->word, &ip, rule->word) !=
	    rule->word)
		return -EFAULT;
	if (!ip)
		return -EFAULT;
	position->sp = end;
	position->ip = ip;
	position->lost_frame |= !rule->keeps_frame;
	return 0;
}
