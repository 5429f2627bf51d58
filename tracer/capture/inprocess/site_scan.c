#include "capture/inprocess/site_scan.h"

#include <Zydis/Zydis.h>
#include <string.h>

/*
 * Reading starts at each of so many bytes in a row. One of 15 in a row begins
 * an instruction, because none is longer; more make up for starts that are
 * dropped.
 */
#define STARTS 48
#define MAP_BITS 64

/* So far before the `syscall`, tried in turn: wrong starts fall into step. */
static const size_t distances[] = { 64 + SITE_DISPLACED_MAX, 160, 320 };

static void init_decoder(ZydisDecoder *decoder)
{
	ZydisDecoderInit(decoder, ZYDIS_MACHINE_MODE_LONG_64,
			 ZYDIS_STACK_WIDTH_64);
}

static bool decode(const ZydisDecoder *decoder, const struct site_code *code,
		   size_t at, size_t end, ZydisDecodedInstruction *ret)
{
	return ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(
		decoder, NULL, code->bytes + at, end - at, ret));
}

/* Zeros are data or padding; as code they would be `add %al,(%rax)`. */
static bool is_zeros(const struct site_code *code, size_t at)
{
	static const uint8_t zeros[4];

	return code->length - at >= sizeof(zeros) &&
	       !memcmp(code->bytes + at, zeros, sizeof(zeros));
}

/*
 * Read from `at` to the `syscall`. What isn't code, or passes over the
 * `syscall`, which was made and so begins an instruction, is no way to it.
 */
static bool walk(const ZydisDecoder *decoder, const struct site_code *code,
		 size_t at, uint32_t *ret_starts)
{
	ZydisDecodedInstruction instruction;
	uint32_t starts = 0;

	while (at < code->syscall) {
		if (is_zeros(code, at) ||
		    !decode(decoder, code, at, code->length, &instruction))
			return false;
		if (code->syscall - at <= SITE_DISPLACED_MAX)
			starts |= 1u << (code->syscall - at);
		at += instruction.length;
	}
	*ret_starts = starts;
	return at == code->syscall;
}

/*
 * The starts that all ways from [from, from + STARTS) to the `syscall` have in
 * common, and no way lacks; ways that begin later say nothing of them.
 */
static uint32_t find_agreed(const ZydisDecoder *decoder,
			    const struct site_code *code, size_t from)
{
	uint32_t seen = 0, missed = 0, starts;

	for (size_t at = from; at < from + STARTS && at < code->syscall; at++) {
		size_t before = code->syscall - at;
		uint32_t later = before < SITE_DISPLACED_MAX ?
			~0u << (before + 1) : 0;

		if (!walk(decoder, code, at, &starts))
			continue;
		seen |= starts;
		missed |= ~(starts | later);
	}
	return seen & ~missed;
}

uint32_t site_find_starts(const struct site_code *code)
{
	uint32_t starts = 0;
	ZydisDecoder decoder;

	init_decoder(&decoder);
	if (code->start < code->syscall)
		return walk(&decoder, code, code->start, &starts) ? starts : 0;
	for (size_t i = 0; i < sizeof(distances) / sizeof(distances[0]); i++) {
		size_t from = code->syscall > distances[i] ?
			code->syscall - distances[i] : 0;

		starts |= find_agreed(&decoder, code, from);
		if (!from)
			break;
	}
	return starts;
}

/* Branches and calls have one relative immediate operand (SDM volume 2). */
static void note_target(const struct site_code *code, size_t at,
			const ZydisDecodedInstruction *instruction,
			uint32_t *targets)
{
	size_t target;

	if (!instruction->raw.imm[0].is_relative)
		return;
	target = at + instruction->length +
		 (size_t)instruction->raw.imm[0].value.s;
	if (target <= code->syscall &&
	    code->syscall - target <= SITE_DISPLACED_MAX)
		*targets |= 1u << (code->syscall - target);
}

/* Read on from `at` to bytes that were read before: `seen` has a bit each. */
static void sweep(const ZydisDecoder *decoder, const struct site_code *code,
		  size_t at, uint64_t *seen, uint32_t *targets)
{
	ZydisDecodedInstruction instruction;

	while (at < code->length &&
	       !(seen[at / MAP_BITS] >> at % MAP_BITS & 1)) {
		seen[at / MAP_BITS] |= 1ull << at % MAP_BITS;
		if (!decode(decoder, code, at, code->length, &instruction)) {
			at++;
			continue;
		}
		note_target(code, at, &instruction, targets);
		at += instruction.length;
	}
}

/* From several starts, of which one at least is in step with the code. */
uint32_t site_find_targets(const struct site_code *code)
{
	uint64_t seen[2 * SITE_SCAN_BYTES / MAP_BITS + 1] = { 0 };
	struct site_code near = *code;
	uint32_t targets = 0;
	ZydisDecoder decoder;

	if (code->syscall > SITE_SCAN_BYTES) {
		size_t skipped = code->syscall - SITE_SCAN_BYTES;

		near.bytes += skipped;
		near.length -= skipped;
		near.syscall -= skipped;
	}
	if (near.length > 2 * SITE_SCAN_BYTES)
		near.length = 2 * SITE_SCAN_BYTES;
	init_decoder(&decoder);
	sweep(&decoder, &near, near.syscall, seen, &targets);
	for (size_t at = 0; at < SITE_DISPLACED_MAX; at++)
		sweep(&decoder, &near, at, seen, &targets);
	return targets;
}
