/*
 * Instructions that a guest in this state can't execute, looked for in the code
 * that it was entered with: straight on, and along jumps and calls whose target
 * is known, up to the first jump that has a condition. The guest comes to what
 * it found unless something before it fails; it is a suspect, no more.
 */
#ifndef ANNOTATE_SUSPECTS_H
#define ANNOTATE_SUSPECTS_H

#include <stdbool.h>

#include "annotate/disassembly.h"
#include "guest/guest_view.h"

enum suspect_kind {
	SUSPECT_NONE,
	SUSPECT_SSE,	/* SSE where CR4.OSFXSR is 0 */
	SUSPECT_FEATURE,	/* wants what CPUID must have, and there is none */
	SUSPECT_TRAP,	/* UD2, INT3, INT: an exception on purpose */
};

struct suspect {
	enum suspect_kind kind;
	uint64_t gva;
	char text[DISASSEMBLY_TEXT_BYTES];
};

/* The guest's state, as far as it decides. */
struct suspect_state {
	bool has_osfxsr, has_cpuid;
};

/* The first in the view's code, from its entry on; false: none. */
bool suspects_find(const struct guest_view *guest, struct suspect_state state,
		   struct suspect *ret_suspect);

/*
 * The instruction at this address, when it is in the view's code; its kind may
 * be SUSPECT_NONE.
 */
bool suspects_look(const struct guest_view *guest, struct suspect_state state,
		   uint64_t gva, struct suspect *ret_suspect);

/* Of one instruction, as the processor would decode it. */
enum suspect_kind suspects_judge(const uint8_t *code, size_t length,
				 unsigned int width,
				 struct suspect_state state);

#endif
