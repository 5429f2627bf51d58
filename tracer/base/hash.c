#include "base/hash.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "base/log.h"

uint64_t hash_new_seed(void)
{
	struct timespec now;
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) == sizeof(seed))
		return seed;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return hash_mix((uint64_t)now.tv_nsec, (uint64_t)now.tv_sec);
}

/* Generation 0 is that of slots never used. */
static bool is_used(const struct hash_map *map, const struct hash_slot *slot)
{
	return slot->generation == map->generation + 1;
}

/* The key's slot, or the free one where it belongs. */
static struct hash_slot *find_slot(const struct hash_map *map, uint64_t key)
{
	size_t mask = map->capacity - 1;
	size_t at = (size_t)(key ^ key >> 32) & mask;

	while (is_used(map, &map->slots[at]) && map->slots[at].key != key)
		at = (at + 1) & mask;
	return &map->slots[at];
}

static void grow(struct hash_map *map)
{
	struct hash_map old = *map;

	map->capacity = old.capacity ? old.capacity * 2 : 64;
	map->slots = calloc(map->capacity, sizeof(*map->slots));
	if (!map->slots)
		log_die("out of memory: a map");
	for (size_t i = 0; i < old.capacity; i++)
		if (is_used(&old, &old.slots[i]))
			*find_slot(map, old.slots[i].key) = old.slots[i];
	free(old.slots);
}

uint32_t *hash_map_at(struct hash_map *map, uint64_t key, uint32_t fresh)
{
	struct hash_slot *slot;

	if (map->count >= map->capacity / 2)
		grow(map);
	slot = find_slot(map, key);
	if (!is_used(map, slot)) {
		*slot = (struct hash_slot){ .key = key, .value = fresh,
			.generation = map->generation + 1 };
		map->count++;
	}
	return &slot->value;
}

uint32_t *hash_map_find(const struct hash_map *map, uint64_t key)
{
	struct hash_slot *slot = map->capacity ? find_slot(map, key) : NULL;

	return slot && is_used(map, slot) ? &slot->value : NULL;
}

void hash_map_reset(struct hash_map *map)
{
	map->count = 0;
	map->generation++;
	/* The number wraps: old slots would seem to be in use. */
	if (map->generation == UINT32_MAX) {
		memset(map->slots, 0, map->capacity * sizeof(*map->slots));
		map->generation = 0;
	}
}

void hash_map_free(struct hash_map *map)
{
	free(map->slots);
	*map = (struct hash_map){ 0 };
}
