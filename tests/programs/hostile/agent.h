/*
 * agent.h - what programs share that attack the in-process engine from inside
 * (tracer/capture/inprocess): where its parts are in their memory. Where it is
 * not, untraced or under ptrace, they only do their honest work.
 */
#ifndef TEST_PROGRAMS_HOSTILE_AGENT_H
#define TEST_PROGRAMS_HOSTILE_AGENT_H

#include <pthread.h>
#include <stdbool.h>

#include "../../../tracer/capture/inprocess/layout.h"
#include "hostile.h"

/* Of the first thread that has a ring; tables for 16 processes lie before. */
#define FIRST_SLOT (AGENT_SHARED + 16 * TABLES_BYTES)

struct range {
	uint64_t start, end;
};

/* xorshift64: G. Marsaglia, "Xorshift RNGs", 2003. */
static inline uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static inline bool is_stub(uint64_t start, const char *rest)
{
	return start != AGENT_CODE && strstr(rest, " r-xp ") &&
	       !strchr(rest, '/') && !strchr(rest, '[');
}

/* Where the part of this name is, in at most so many pieces; how many. */
static inline size_t find_parts(const char *name, struct range *ranges,
				size_t most)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];
	size_t count = 0;

	vm_expect(maps != NULL);
	while (fgets(line, sizeof(line), maps)) {
		struct range range;
		int at = 0;

		sscanf(line, "%lx-%lx%n", &range.start, &range.end, &at);
		if ((!strcmp(name, "code") && range.start == AGENT_CODE) ||
		    (!strcmp(name, "private") && range.start == AGENT_PRIVATE) ||
		    (!strcmp(name, "shared") && range.start == AGENT_SHARED) ||
		    (!strcmp(name, "stubs") && is_stub(range.start, line + at)))
			if (count < most)
				ranges[count++] = range;
	}
	fclose(maps);
	return count;
}

/* Calls that the agent takes, from now on without a stop. */
static inline void call_often(int kvm, int times)
{
	for (int i = 0; i < times; i++)
		vm_expect(vm_ioctl(kvm, KVM_GET_API_VERSION, 0) == 12);
}

#endif
