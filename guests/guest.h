/*
 * What every guest needs: the hypercalls and the way to finish. A guest has no
 * operating system, no C library and no stack but the one hv gave it; all it
 * can do is compute, touch its memory, and do IN and OUT. The same source is
 * compiled for 16, 32 and 64 bits.
 *
 * The names in comments are those of the course sheet.
 */
#ifndef GUESTS_GUEST_H
#define GUESTS_GUEST_H

#include <stdint.h>

#include "ports.h"

/* The first byte of the image is the first instruction: guest.ld puts it there.
 */
#define GUEST_ENTRY __attribute__((section(".text.entry"), noreturn))

/* RESULT_GPA as an object; the address comes from guest.ld. */
extern volatile long guest_result;

/* "memory": hv may read or write guest memory during the instruction. */
static inline void guest_out8(uint16_t port, uint8_t value)
{
	asm volatile("outb %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline void guest_out32(uint16_t port, uint32_t value)
{
	asm volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}

static inline uint32_t guest_in32(uint16_t port)
{
	uint32_t value;

	asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

/* print8bit: one exit a character */
static inline void print8(char c)
{
	guest_out8(PORT_PRINT8, (uint8_t)c);
}

/* print32bit */
static inline void print32(uint32_t value)
{
	guest_out32(PORT_PRINT32, value);
}

/* printStr: one exit for the whole string */
static inline void print_str(const char *s)
{
	guest_out32(PORT_PRINT_STR, (uint32_t)(uintptr_t)s);
}

/* numExits */
static inline uint32_t num_exits(void)
{
	return guest_in32(PORT_NUM_EXITS);
}

/* numExitsByType: the text stays valid until the next call */
static inline const char *num_exits_by_type(void)
{
	return (const char *)(uintptr_t)guest_in32(PORT_EXITS_BY_TYPE);
}

/* gvaToHva: the low 32 bits, 0 when nothing is mapped there */
static inline uint32_t gva_to_hva(uint32_t gva)
{
	guest_out32(PORT_GVA_TO_HVA, gva);
	return guest_in32(PORT_GVA_TO_HVA);
}

/* getTimestamp: microseconds */
static inline uint32_t get_timestamp(void)
{
	return guest_in32(PORT_TIMESTAMP);
}

/* Shows hv that the guest got to its end, in memory and in a register. */
static inline __attribute__((noreturn)) void guest_finish(void)
{
	guest_result = RESULT_VALUE;
	for (;;)
		asm volatile("hlt" : : "a"(RESULT_VALUE) : "memory");
}

#endif
