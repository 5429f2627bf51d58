/* What the rules about the guest's memory and code share. */
#ifndef ANNOTATE_DIAGNOSE_GUEST_H
#define ANNOTATE_DIAGNOSE_GUEST_H

#include "annotate/diagnose.h"

/* The guest as it was entered, and this exit. */
struct entry {
	const struct guest_view *guest;
	const struct kvm_sregs *sregs;
	const uint8_t *run;
	uint32_t reason;
	bool is_first;		/* nothing was run between the two */
};

/* The last note rests on the calls that set these registers. */
void diagnose_cite_sregs(struct scene *scene);
void diagnose_cite_entry(struct scene *scene);

/* Says why the guest could not even begin; false: it could. */
bool diagnose_begin(struct scene *scene, const struct entry *entry);

#endif
