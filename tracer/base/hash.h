/*
 * 64-bit hashes of what traces hold, and maps keyed by them. Start the hash
 * from a random seed, so that no trace can be made to collide; so nothing that
 * is printed may depend on a hash's value, only on whether two are equal.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The two halves of a 128-bit product: each bit depends on all others. */
static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
	__extension__ unsigned __int128 product =
		(unsigned __int128)(a ^ 0x9e3779b97f4a7c15u) *
		(b ^ 0xd1b54a32d192ed03u);

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t hash_bytes(uint64_t hash, const void *bytes,
				  size_t length)
{
	const char *at = bytes;
	uint64_t word;

	hash ^= length;
	for (; length >= sizeof(word); length -= sizeof(word)) {
		memcpy(&word, at, sizeof(word));
		hash = hash_mix(hash, word);
		at += sizeof(word);
	}
	word = 0;
	if (length)
		memcpy(&word, at, length);
	return hash_mix(hash, word);
}

static inline uint64_t hash_string(uint64_t hash, const char *text)
{
	return hash_bytes(hash, text, strlen(text));
}

uint64_t hash_new_seed(void);

/* From a hash to a number; grows as needed. Zeroed is empty. */
struct hash_map {
	struct hash_slot {
		uint64_t key;
		uint32_t value;
		uint32_t generation;	/* of the map when it was set */
	} *slots;
	size_t capacity, count;
	uint32_t generation;
};

/* The number's place, set to `fresh` when the key is new. */
uint32_t *hash_map_at(struct hash_map *map, uint64_t key, uint32_t fresh);
/* NULL: the key isn't there. */
uint32_t *hash_map_find(const struct hash_map *map, uint64_t key);
/* Empty again, without giving memory back: nothing is touched. */
void hash_map_reset(struct hash_map *map);
void hash_map_free(struct hash_map *map);

#endif
