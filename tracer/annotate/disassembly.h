/*
 * One instruction of the guest as text, by Zydis: Intel's syntax, as in the
 * processor manuals.
 */
#ifndef ANNOTATE_DISASSEMBLY_H
#define ANNOTATE_DISASSEMBLY_H

#include <stddef.h>
#include <stdint.h>

#define DISASSEMBLY_TEXT_BYTES 96
/* No instruction is longer: SDM vol. 2, "Instruction Format". */
#define DISASSEMBLY_CODE_BYTES 15

/*
 * The first instruction of `code`, which runs at `gva` and is `width` bits
 * wide (16, 32, 64). Returns its length in bytes; 0: it is cut off, or none.
 */
size_t disassemble(const uint8_t *code, size_t length, uint64_t gva,
		   unsigned int width, char ret_text[DISASSEMBLY_TEXT_BYTES]);

#endif
