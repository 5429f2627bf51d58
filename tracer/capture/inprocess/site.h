/*
 * A site: a `syscall` instruction of the program, whose last bytes of set-up
 * can be displaced by a jump to a stub. This plans the displacement and writes
 * the stub's code; it touches no process and no memory but what it is given.
 *
 * The `syscall` itself stays where it is, so that threads blocked in it, the
 * kernel's restarts and the agent's way back find it. The stub runs what the
 * jump displaced and jumps to the agent with
 *	rcx	behind the site's `syscall`
 *	rax	16 (ioctl), all 64 bits of it
 * and everything else, flags included, as it would be at the `syscall`; only
 * rcx and r11 are clobbered, which `syscall` does too. Other calls' numbers
 * go on to the site's `syscall`.
 *
 * Sources: Intel SDM volume 2, and volume 3 "Handling Self- and Cross-Modifying
 * Code"; the System V ABI for x86-64 for what `syscall` clobbers.
 */
#ifndef CAPTURE_INPROCESS_SITE_H
#define CAPTURE_INPROCESS_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SITE_SYSCALL_BYTES 2
#define SITE_JUMP_BYTES 5
#define SITE_DISPLACED_MAX 15
#define SITE_STUB_BYTES 64
/* Code on both sides that is worth giving: for branches into the site. */
#define SITE_SCAN_BYTES 4096

#define SITE_NO_START SIZE_MAX

/* Code as it is in the program, around a `syscall`. */
struct site_code {
	const uint8_t *bytes;
	size_t length;
	uint64_t address;	/* of the first byte */
	size_t syscall;		/* index of the instruction */
	size_t start;		/* of its function, or SITE_NO_START */
};

/* A rip-relative operand of the displaced: where its 32 bits are … */
struct site_operand {
	uint8_t at;
	uint8_t end;		/* … and its instruction's end */
};

struct site_plan {
	uint64_t address;	/* of the first displaced byte: the jump's */
	uint64_t syscall;	/* address of the instruction */
	bool is_ioctl;		/* form A: the number is set right there */
	uint8_t length;		/* displaced bytes: up to the `syscall` */
	uint8_t bytes[SITE_DISPLACED_MAX];
	/* Bit n: an instruction begins n bytes behind `address`; n < 5. */
	uint8_t inner;
	uint8_t operand_count;
	struct site_operand operands[SITE_DISPLACED_MAX];
};

/* 0, or -ENOTSUP with a reason that stays valid. */
int site_make_plan(const struct site_code *code, struct site_plan *ret_plan,
		   const char **ret_why);

/*
 * The stub for `stub`, its address, and the jump to it. -ERANGE when the site
 * or what the displaced instructions refer to is out of its reach.
 */
int site_encode(const struct site_plan *plan, uint64_t stub, uint64_t agent,
		uint8_t ret_stub[SITE_STUB_BYTES],
		uint8_t ret_jump[SITE_JUMP_BYTES]);

/* The place in the original code of the stub's byte at `offset`. */
uint64_t site_original_ip(const struct site_plan *plan, size_t offset);

#endif
