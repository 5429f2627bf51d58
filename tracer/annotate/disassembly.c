#include "annotate/disassembly.h"

#include <Zydis/Zydis.h>

/* Real mode decodes as 16-bit protected mode but for a few instructions. */
static void init_decoder(ZydisDecoder *decoder, unsigned int width)
{
	if (width == 64)
		ZydisDecoderInit(decoder, ZYDIS_MACHINE_MODE_LONG_64,
				 ZYDIS_STACK_WIDTH_64);
	else if (width == 32)
		ZydisDecoderInit(decoder, ZYDIS_MACHINE_MODE_LEGACY_32,
				 ZYDIS_STACK_WIDTH_32);
	else
		ZydisDecoderInit(decoder, ZYDIS_MACHINE_MODE_LEGACY_16,
				 ZYDIS_STACK_WIDTH_16);
}

size_t disassemble(const uint8_t *code, size_t length, uint64_t gva,
		   unsigned int width, char ret_text[DISASSEMBLY_TEXT_BYTES])
{
	ZydisDecoder decoder;
	ZydisDecodedInstruction instruction;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	ZydisFormatter formatter;

	init_decoder(&decoder, width);
	if (ZYAN_FAILED(ZydisDecoderDecodeFull(&decoder, code, length,
					       &instruction, operands)))
		return 0;
	ZydisFormatterInit(&formatter, ZYDIS_FORMATTER_STYLE_INTEL);
	ZydisFormatterSetProperty(&formatter, ZYDIS_FORMATTER_PROP_HEX_UPPERCASE,
				  ZYAN_FALSE);
	ZydisFormatterSetProperty(&formatter,
				  ZYDIS_FORMATTER_PROP_ADDR_PADDING_ABSOLUTE,
				  ZYDIS_PADDING_DISABLED);
	ZydisFormatterSetProperty(&formatter, ZYDIS_FORMATTER_PROP_IMM_PADDING,
				  ZYDIS_PADDING_DISABLED);
	ZydisFormatterSetProperty(&formatter, ZYDIS_FORMATTER_PROP_DISP_PADDING,
				  ZYDIS_PADDING_DISABLED);
	if (ZYAN_FAILED(ZydisFormatterFormatInstruction(
		    &formatter, &instruction, operands,
		    instruction.operand_count_visible, ret_text,
		    DISASSEMBLY_TEXT_BYTES, gva, NULL)))
		return 0;
	return instruction.length;
}
