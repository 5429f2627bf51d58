/* What the rules about the guest's memory and code share. */
#ifndef ANNOTATE_DIAGNOSE_GUEST_H
#define ANNOTATE_DIAGNOSE_GUEST_H

#include "annotate/diagnose.h"
#include "annotate/suspects.h"

/*
 * The guest as it was entered, and this exit. Without has_state the program
 * hadn't asked for the special registers since the guest ran: `sregs` are those
 * known last, if any, and `guest` has no mode and no walk.
 */
struct entry {
	const struct guest_view *guest;
	const struct kvm_sregs *sregs;
	bool has_state;
	const uint8_t *run;
	uint32_t reason;
	bool is_first;		/* nothing was run between the two */
};

/* The last note rests on the calls that set these registers. */
void diagnose_cite_sregs(struct scene *scene);
void diagnose_cite_entry(struct scene *scene);

/* False: nothing is known of how it was entered. */
bool diagnose_find_entry(const struct scene *scene, struct entry *entry);

/* What instructions it can't execute depends on. */
struct suspect_state diagnose_suspect_state(const struct scene *scene,
					    const struct entry *entry);

void diagnose_shutdown(struct scene *scene, const struct entry *entry);

/* Says why the guest could not even begin; false: it could. */
bool diagnose_begin(struct scene *scene, const struct entry *entry);

#endif
