#include "capture/prologue.h"

#include <Zydis/Zydis.h>
#include <errno.h>
#include <stdbool.h>

/* More than any wrapper takes; keeps sums of constants far from overflow. */
#define DEPTH_MAX (1 << 20)

struct instruction {
	ZydisDecodedInstruction head;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
};

static bool is_stack_pointer(ZydisRegister reg)
{
	return reg == ZYDIS_REGISTER_RSP || reg == ZYDIS_REGISTER_ESP;
}

static bool writes_stack_pointer(const struct instruction *instruction)
{
	for (int i = 0; i < instruction->head.operand_count; i++) {
		const ZydisDecodedOperand *operand = &instruction->operands[i];

		if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
		    is_stack_pointer(operand->reg.value) &&
		    operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
			return true;
	}
	return false;
}

static bool find_constant(const struct instruction *instruction, int index,
			  int64_t *ret_constant)
{
	const ZydisDecodedOperand *operand = &instruction->operands[index];

	if (operand->type != ZYDIS_OPERAND_TYPE_IMMEDIATE ||
	    operand->imm.value.s > DEPTH_MAX ||
	    operand->imm.value.s < -DEPTH_MAX)
		return false;
	*ret_constant = operand->imm.value.s;
	return true;
}

/* How much deeper the instruction makes the stack; false: can't tell. */
static bool find_change(const struct instruction *instruction, uint8_t word,
			int64_t *ret_change)
{
	int64_t constant;

	*ret_change = 0;
	switch (instruction->head.mnemonic) {
	case ZYDIS_MNEMONIC_RET:
		return false;
	case ZYDIS_MNEMONIC_CALL:
		/* To the next instruction: i386 code asks where it is. */
		if (find_constant(instruction, 0, &constant) && !constant)
			*ret_change = word;
		return true;
	case ZYDIS_MNEMONIC_PUSH:
		*ret_change = word;
		return instruction->head.operand_width == 8 * word;
	case ZYDIS_MNEMONIC_POP:
		*ret_change = -word;
		return instruction->head.operand_width == 8 * word &&
		       !is_stack_pointer(instruction->operands[0].reg.value);
	case ZYDIS_MNEMONIC_ADD:
	case ZYDIS_MNEMONIC_SUB:
		if (!writes_stack_pointer(instruction))
			return true;
		if (!find_constant(instruction, 1, &constant))
			return false;
		*ret_change = instruction->head.mnemonic ==
			ZYDIS_MNEMONIC_SUB ? constant : -constant;
		return true;
	default:
		return !writes_stack_pointer(instruction);
	}
}

int prologue_measure(const uint8_t *code, size_t length, uint8_t word,
		     int32_t *ret_depth)
{
	struct instruction instruction;
	ZydisDecoder decoder;
	int64_t change, depth = 0;

	ZydisDecoderInit(&decoder,
			 word == 8 ? ZYDIS_MACHINE_MODE_LONG_64 :
				     ZYDIS_MACHINE_MODE_LEGACY_32,
			 word == 8 ? ZYDIS_STACK_WIDTH_64 :
				     ZYDIS_STACK_WIDTH_32);
	while (length) {
		if (ZYAN_FAILED(ZydisDecoderDecodeFull(&decoder, code, length,
						       &instruction.head,
						       instruction.operands)) ||
		    !find_change(&instruction, word, &change))
			return -ENODATA;
		depth += change;
		if (depth < 0 || depth > DEPTH_MAX)
			return -ENODATA;
		code += instruction.head.length;
		length -= instruction.head.length;
	}
	*ret_depth = (int32_t)depth;
	return 0;
}
