#include "annotate/suspects.h"

#include <Zydis/Zydis.h>

#define STEPS_MAX 128
#define CALLS_MAX 8

struct instruction {
	ZydisDecodedInstruction head;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
};

static ZydisDecoder decoder_of(unsigned int width)
{
	ZydisDecoder decoder;

	if (width == 64)
		ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64,
				 ZYDIS_STACK_WIDTH_64);
	else if (width == 32)
		ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LEGACY_32,
				 ZYDIS_STACK_WIDTH_32);
	else
		ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LEGACY_16,
				 ZYDIS_STACK_WIDTH_16);
	return decoder;
}

static bool decode(const uint8_t *code, size_t length, unsigned int width,
		   struct instruction *ret_instruction)
{
	ZydisDecoder decoder = decoder_of(width);

	return ZYAN_SUCCESS(ZydisDecoderDecodeFull(
		&decoder, code, length, &ret_instruction->head,
		ret_instruction->operands));
}

static bool decode_at(const struct guest_view *guest, size_t at,
		      struct instruction *ret_instruction)
{
	return at < guest->code_length &&
	       decode(guest->code + at, guest->code_length - at,
		      guest->code_width, ret_instruction);
}

/*
 * #UD with CR4.OSFXSR = 0 have those that use XMM registers: SDM vol. 3A,
 * "Control Registers", OSFXSR. VEX-encoded ones go by CR4.OSXSAVE.
 */
static bool is_sse(const struct instruction *instruction)
{
	if (instruction->head.encoding != ZYDIS_INSTRUCTION_ENCODING_LEGACY)
		return false;
	for (int i = 0; i < instruction->head.operand_count_visible; i++) {
		const ZydisDecodedOperand *operand = &instruction->operands[i];

		if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
		    ZydisRegisterGetClass(operand->reg.value) ==
			    ZYDIS_REGCLASS_XMM)
			return true;
	}
	return false;
}

static bool writes_cr4(const struct instruction *instruction)
{
	return instruction->head.mnemonic == ZYDIS_MNEMONIC_MOV &&
	       instruction->operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
	       instruction->operands[0].reg.value == ZYDIS_REGISTER_CR4;
}

/* Not what sets CR4: from there on its state is the guest's. */
static enum suspect_kind kind_of(const struct instruction *instruction,
				 struct suspect_state state)
{
	switch (instruction->head.mnemonic) {
	case ZYDIS_MNEMONIC_UD0:
	case ZYDIS_MNEMONIC_UD1:
	case ZYDIS_MNEMONIC_UD2:
	case ZYDIS_MNEMONIC_INT:
	case ZYDIS_MNEMONIC_INT1:
	case ZYDIS_MNEMONIC_INT3:
		return SUSPECT_TRAP;
	case ZYDIS_MNEMONIC_WRMSR:
	case ZYDIS_MNEMONIC_XGETBV:
	case ZYDIS_MNEMONIC_XSETBV:
	case ZYDIS_MNEMONIC_RDTSCP:
		return state.has_cpuid ? SUSPECT_NONE : SUSPECT_FEATURE;
	default:
		if (writes_cr4(instruction))
			return state.has_cpuid ? SUSPECT_NONE
					       : SUSPECT_FEATURE;
		return !state.has_osfxsr && is_sse(instruction) ? SUSPECT_SSE
								: SUSPECT_NONE;
	}
}

static void describe(const struct guest_view *guest, size_t at,
		     enum suspect_kind kind, struct suspect *suspect)
{
	suspect->kind = kind;
	suspect->gva = guest->walk.gva + at;
	if (!disassemble(guest->code + at, guest->code_length - at,
			 suspect->gva, guest->code_width, suspect->text))
		suspect->text[0] = '\0';
}

/* Where execution goes on, and where it comes back to. */
struct path {
	size_t at;
	size_t returns[CALLS_MAX];
	size_t call_count;
};

/* Jcc, LOOP and JCXZ: which way depends on what the guest computes. */
static bool has_condition(const struct instruction *instruction)
{
	return instruction->head.meta.category == ZYDIS_CATEGORY_COND_BR;
}

/* False: the way on isn't known, or the guest changes what decides. */
static bool follow(struct path *path, const struct instruction *instruction)
{
	const ZydisDecodedOperand *target = &instruction->operands[0];
	bool is_relative = target->type == ZYDIS_OPERAND_TYPE_IMMEDIATE &&
			   target->imm.is_relative;

	path->at += instruction->head.length;
	switch (instruction->head.mnemonic) {
	case ZYDIS_MNEMONIC_CALL:
		if (!is_relative || path->call_count == CALLS_MAX)
			return false;
		path->returns[path->call_count++] = path->at;
		path->at += (size_t)target->imm.value.s;
		return true;
	case ZYDIS_MNEMONIC_JMP:
		path->at += is_relative ? (size_t)target->imm.value.s : 0;
		return is_relative;
	case ZYDIS_MNEMONIC_RET:
		if (!path->call_count)
			return false;
		path->at = path->returns[--path->call_count];
		return true;
	case ZYDIS_MNEMONIC_HLT:
	case ZYDIS_MNEMONIC_LIDT:
	case ZYDIS_MNEMONIC_IRET:
	case ZYDIS_MNEMONIC_IRETD:
	case ZYDIS_MNEMONIC_IRETQ:
		return false;
	default:
		return !writes_cr4(instruction) && !has_condition(instruction);
	}
}

bool suspects_find(const struct guest_view *guest, struct suspect_state state,
		   struct suspect *ret_suspect)
{
	struct instruction instruction;
	struct path path = { 0 };

	for (int i = 0; i < STEPS_MAX; i++) {
		size_t at = path.at;
		enum suspect_kind kind;

		if (!decode_at(guest, at, &instruction))
			return false;
		kind = kind_of(&instruction, state);
		if (kind != SUSPECT_NONE) {
			describe(guest, at, kind, ret_suspect);
			return true;
		}
		if (!follow(&path, &instruction))
			return false;
	}
	return false;
}

bool suspects_look(const struct guest_view *guest, struct suspect_state state,
		   uint64_t gva, struct suspect *ret_suspect)
{
	struct instruction instruction;
	uint64_t at = gva - guest->walk.gva;

	if (at >= guest->code_length ||
	    !decode_at(guest, (size_t)at, &instruction))
		return false;
	describe(guest, (size_t)at, kind_of(&instruction, state), ret_suspect);
	return true;
}

enum suspect_kind suspects_judge(const uint8_t *code, size_t length,
				 unsigned int width,
				 struct suspect_state state)
{
	struct instruction instruction;

	return decode(code, length, width, &instruction) ?
		kind_of(&instruction, state) : SUSPECT_NONE;
}
