/*
 * The names that stand for what each run numbers anew: T1, T2 … for threads in
 * order of appearance, slot0+0x400 for the program's addresses of guest
 * memory. Names live as long as what they name: a thread's number may come
 * again after its exit, a slot may move.
 */
#ifndef COMPARE_NAMES_H
#define COMPARE_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/hash.h"

/* More slots than programs have; addresses in others stay without a name. */
#define NAMES_SLOTS_MAX 256

struct names {
	struct hash_map threads;
	uint32_t thread_count;
	struct names_slot {
		int32_t vm;
		uint32_t slot;
		uint64_t hva, size;
	} slots[NAMES_SLOTS_MAX];
	size_t slot_count;
};

/* The thread's number, from 1; `*ret_is_new`: it was not seen before. */
uint32_t names_find_thread(struct names *names, uint64_t tid, bool *ret_is_new);
void names_end_thread(struct names *names, uint64_t tid);

/* As KVM_SET_USER_MEMORY_REGION does: of size 0 it goes. */
void names_set_slot(struct names *names, const struct names_slot *slot);

/* Append "slot0+0x400". False: the address is in none of the VM's slots. */
bool names_add_hva(const struct names *names, int32_t vm, uint64_t hva,
		   struct buffer *out);
/* The same of an address of which only 32 bits are known. */
bool names_add_hva32(const struct names *names, int32_t vm, uint32_t hva,
		     struct buffer *out);

void names_reset(struct names *names);
void names_free(struct names *names);

#endif
