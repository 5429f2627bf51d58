#include "capture/inprocess/site.h"

#include <Zydis/Zydis.h>
#include <errno.h>
#include <string.h>

#include "capture/inprocess/site_scan.h"

#define AGENT_AT (SITE_STUB_BYTES - 8)	/* the stub's word for the agent */

static const uint8_t syscall_code[] = { 0x0f, 0x05 };
/* mov $16,%eax */
static const uint8_t set_ioctl[] = { 0xb8, 16, 0, 0, 0 };

static const char not_understood[] =
	"the code before the system call is not understood";

/* What the displaced may be; all else is refused. */
static bool is_plain(const ZydisDecodedInstruction *instruction)
{
	switch (instruction->meta.category) {
	case ZYDIS_CATEGORY_BINARY:
	case ZYDIS_CATEGORY_BITBYTE:
	case ZYDIS_CATEGORY_CMOV:
	case ZYDIS_CATEGORY_CONVERT:
	case ZYDIS_CATEGORY_DATAXFER:
	case ZYDIS_CATEGORY_LOGICAL:
	case ZYDIS_CATEGORY_NOP:
	case ZYDIS_CATEGORY_ROTATE:
	case ZYDIS_CATEGORY_SETCC:
	case ZYDIS_CATEGORY_SHIFT:
	case ZYDIS_CATEGORY_WIDENOP:
		return true;
	default:
		return instruction->mnemonic == ZYDIS_MNEMONIC_LEA;
	}
}

static bool is_branch(const ZydisDecodedInstruction *instruction)
{
	switch (instruction->meta.category) {
	case ZYDIS_CATEGORY_CALL:
	case ZYDIS_CATEGORY_COND_BR:
	case ZYDIS_CATEGORY_INTERRUPT:
	case ZYDIS_CATEGORY_RET:
	case ZYDIS_CATEGORY_SYSCALL:
	case ZYDIS_CATEGORY_SYSRET:
	case ZYDIS_CATEGORY_UNCOND_BR:
		return true;
	default:
		return instruction->raw.imm[0].is_relative;
	}
}

static const char *check_register(const ZydisDecodedOperand *operand)
{
	ZydisRegister reg = operand->reg.value;
	bool is_written = operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE;

	switch (ZydisRegisterGetClass(reg)) {
	case ZYDIS_REGCLASS_SEGMENT:
	case ZYDIS_REGCLASS_CONTROL:
	case ZYDIS_REGCLASS_DEBUG:
		return "an instruction before the system call can't be moved";
	default:
		break;
	}
	if (is_written &&
	    ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, reg) ==
	    ZYDIS_REGISTER_RSP)
		return "the stack pointer changes before the system call";
	return NULL;
}

/* Takes note of a rip-relative operand, which is written anew for the stub. */
static const char *check_memory(const ZydisDecodedInstruction *instruction,
				const ZydisDecodedOperand *operand,
				struct site_plan *plan, uint8_t at)
{
	if (operand->mem.base != ZYDIS_REGISTER_RIP &&
	    operand->mem.base != ZYDIS_REGISTER_EIP)
		return NULL;
	if (operand->mem.base == ZYDIS_REGISTER_EIP ||
	    instruction->raw.disp.size != 32)
		return "an instruction before the system call can't be moved";
	plan->operands[plan->operand_count++] = (struct site_operand){
		.at = at + instruction->raw.disp.offset,
		.end = at + instruction->length,
	};
	return NULL;
}

static const char *check_instruction(const ZydisDecodedInstruction *instruction,
				     const ZydisDecodedOperand *operands,
				     struct site_plan *plan, uint8_t at)
{
	const char *why = NULL;

	if (is_branch(instruction))
		return "a branch ends just before the system call";
	if (instruction->meta.category == ZYDIS_CATEGORY_PUSH ||
	    instruction->meta.category == ZYDIS_CATEGORY_POP)
		return "the stack pointer changes before the system call";
	if (!is_plain(instruction))
		return "an instruction before the system call can't be moved";
	for (int i = 0; !why && i < instruction->operand_count; i++) {
		if (operands[i].type == ZYDIS_OPERAND_TYPE_REGISTER)
			why = check_register(&operands[i]);
		else if (operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY)
			why = check_memory(instruction, &operands[i], plan, at);
	}
	return why;
}

/* Fill in `plan` for its displaced bytes; NULL, or why they can't be moved. */
static const char *take_displaced(struct site_plan *plan)
{
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	ZydisDecodedInstruction instruction;
	ZydisDecoder decoder;
	const char *why = NULL;
	uint8_t at = 0;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64,
			 ZYDIS_STACK_WIDTH_64);
	while (!why && at < plan->length) {
		if (ZYAN_FAILED(ZydisDecoderDecodeFull(
			    &decoder, plan->bytes + at, plan->length - at,
			    &instruction, operands)))
			return not_understood;
		if (at && at < SITE_JUMP_BYTES)
			plan->inner |= (uint8_t)(1u << at);
		why = check_instruction(&instruction, operands, plan, at);
		at += instruction.length;
	}
	return why;
}

/* A plan that displaces `length` bytes; NULL, or why it can't be. */
static const char *try_length(const struct site_code *code, uint8_t length,
			      uint32_t targets, struct site_plan *ret_plan)
{
	const uint8_t *bytes = code->bytes + code->syscall - length;
	struct site_plan plan = {
		.syscall = code->address + code->syscall,
		.address = code->address + code->syscall - length,
		.is_ioctl = length == sizeof(set_ioctl) &&
			    !memcmp(bytes, set_ioctl, sizeof(set_ioctl)),
		.length = length,
	};
	const char *why;

	memcpy(plan.bytes, bytes, length);
	why = take_displaced(&plan);
	/* The other bytes of the displaced stay and may be jumped to. */
	for (uint8_t at = 1; !why && at < SITE_JUMP_BYTES; at++)
		if (targets >> (length - at) & 1)
			why = "a branch leads to just before the system call";
	if (!why)
		*ret_plan = plan;
	return why;
}

/*
 * The shortest displacement whose jump overwrites one instruction alone: no
 * thread can be amid it. Else the shortest of all.
 */
static const char *choose_length(const struct site_code *code, uint32_t starts,
				 struct site_plan *ret_plan)
{
	uint32_t targets = site_find_targets(code);
	const char *why, *first = NULL;
	struct site_plan plan;
	bool is_found = false;

	for (uint8_t length = SITE_JUMP_BYTES; length <= SITE_DISPLACED_MAX;
	     length++) {
		if (!(starts >> length & 1))
			continue;
		why = try_length(code, length, targets, &plan);
		first = first ? first : why;
		if (why || (is_found && plan.inner))
			continue;
		*ret_plan = plan;
		is_found = true;
		if (!plan.inner)
			break;
	}
	return is_found ? NULL : first;
}

int site_make_plan(const struct site_code *code, struct site_plan *ret_plan,
		   const char **ret_why)
{
	uint32_t starts;
	const char *why;

	if (code->syscall > code->length ||
	    code->length - code->syscall < sizeof(syscall_code) ||
	    memcmp(code->bytes + code->syscall, syscall_code,
		   sizeof(syscall_code))) {
		*ret_why = "not a `syscall` instruction";
		return -ENOTSUP;
	}
	starts = site_find_starts(code);
	if (!(starts >> SITE_JUMP_BYTES))
		why = "no instructions are certain before the system call";
	else
		why = choose_length(code, starts, ret_plan);
	if (why)
		*ret_why = why;
	return why ? -ENOTSUP : 0;
}

/* The stub in the making. */
struct stub {
	uint8_t *bytes;
	size_t length;
	uint64_t address;
	bool is_out_of_reach;
};

static void add_bytes(struct stub *stub, const void *bytes, size_t length)
{
	memcpy(stub->bytes + stub->length, bytes, length);
	stub->length += length;
}

/* The 32 bits at `at` of an instruction that ends at `end`. */
static void set_relative(struct stub *stub, size_t at, size_t end,
			 uint64_t target)
{
	int64_t distance = (int64_t)(target - (stub->address + end));
	int32_t value = (int32_t)distance;

	stub->is_out_of_reach |= distance != value;
	memcpy(stub->bytes + at, &value, sizeof(value));
}

/* An instruction that ends in 32 bits relative to itself. */
static void add_relative(struct stub *stub, const void *opcode, size_t length,
			 uint64_t target)
{
	add_bytes(stub, opcode, length);
	stub->length += 4;
	set_relative(stub, stub->length - 4, stub->length, target);
}

static void add_displaced(struct stub *stub, const struct site_plan *plan)
{
	add_bytes(stub, plan->bytes, plan->length);
	for (size_t i = 0; i < plan->operand_count; i++) {
		const struct site_operand *operand = &plan->operands[i];
		int32_t distance;

		memcpy(&distance, plan->bytes + operand->at, sizeof(distance));
		set_relative(stub, operand->at, operand->end,
			     plan->address + operand->end +
			     (uint64_t)(int64_t)distance);
	}
}

int site_encode(const struct site_plan *plan, uint64_t stub_address,
		uint64_t agent, uint8_t ret_stub[SITE_STUB_BYTES],
		uint8_t ret_jump[SITE_JUMP_BYTES])
{
	/* lea -16(%rax),%rcx; jrcxz over the next, `jmp`, of 5 bytes */
	static const uint8_t test[] = { 0x48, 0x8d, 0x48, 0xf0, 0xe3, 5 };
	static const uint8_t jump[] = { 0xe9 };			/* jmp */
	static const uint8_t take_address[] = { 0x48, 0x8d, 0x0d };
	static const uint8_t jump_to_agent[] = { 0xff, 0x25 };
	uint8_t bytes[SITE_STUB_BYTES], jump_bytes[SITE_JUMP_BYTES];
	struct stub stub = { bytes, 0, stub_address, false };
	struct stub site = { jump_bytes, 0, plan->address, false };

	memset(bytes, 0xcc, sizeof(bytes));
	add_displaced(&stub, plan);
	if (!plan->is_ioctl) {
		add_bytes(&stub, test, sizeof(test));
		add_relative(&stub, jump, sizeof(jump), plan->syscall);
	}
	/* lea …(%rip),%rcx; jmp *…(%rip) */
	add_relative(&stub, take_address, sizeof(take_address),
		     plan->syscall + SITE_SYSCALL_BYTES);
	add_relative(&stub, jump_to_agent, sizeof(jump_to_agent),
		     stub_address + AGENT_AT);
	memcpy(bytes + AGENT_AT, &agent, sizeof(agent));
	add_relative(&site, jump, sizeof(jump), stub_address);
	if (stub.is_out_of_reach || site.is_out_of_reach)
		return -ERANGE;
	memcpy(ret_stub, bytes, sizeof(bytes));
	memcpy(ret_jump, jump_bytes, sizeof(jump_bytes));
	return 0;
}

uint64_t site_original_ip(const struct site_plan *plan, size_t offset)
{
	return offset < plan->length ? plan->address + offset : plan->syscall;
}
