#include "explain/explain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"
#include "explain/internal.h"

#define NEAR_MAX 3
#define NEAR_BYTES 64	/* nearest_offer() leaves longer names alone */

/* In the order in which they are shown. */
static const struct explain_kind *const kinds[] = {
	&explain_concepts, &explain_ioctls, &explain_exits, &explain_errors,
	&explain_diagnoses, &explain_types, &explain_members,
	&explain_constants, &explain_headers, &explain_cpuid,
	&explain_families,
};
#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

/* "struct kvm_regs" is kvm_regs. */
static const char *skip_keyword(const char *name)
{
	return strncasecmp(name, "struct ", 7) ? name : name + 7;
}

static struct explain_wanted parse_wanted(const char *name)
{
	struct explain_wanted wanted = { .name = skip_keyword(name) };
	char *end;

	if (*name < '0' || *name > '9')
		return wanted;
	errno = 0;
	wanted.number = strtoull(name, &end, 0);
	wanted.is_number = !*end && !errno;
	return wanted;
}

/* Attached things may attach more: the structures inside a structure. */
static void show_attached(struct explain_page *page)
{
	const struct explain_set *attached = &page->attached;

	for (size_t i = 0; i < attached->type_count; i++)
		explain_show_type(page, attached->types[i], false);
	for (size_t i = 0; i < attached->family_count; i++)
		explain_show_family(page, attached->families[i], false);
}

unsigned int explain_find(struct explain_page *page,
			  const struct explain_wanted *wanted)
{
	unsigned int found = 0;

	for (size_t i = 0; i < KIND_COUNT; i++)
		found += kinds[i]->find(page, wanted);
	return found;
}

unsigned int explain_name(struct buffer *out, const char *name)
{
	struct buffer path = BUFFER_EMPTY;
	struct explain_wanted wanted;
	struct explain_set all = { 0 };
	struct explain_page page = { .out = out, .all = &all };
	unsigned int found;

	explain_add_path(&path, name);
	wanted = parse_wanted(buffer_string(&path));
	explain_set_fill(&all);
	found = explain_find(&page, &wanted);
	show_attached(&page);
	explain_set_done(&page.attached);
	explain_set_done(&page.shown);
	explain_set_done(&all);
	buffer_free(&path);
	return found;
}

/* Near misses: those names that are equally near, the nearest there are */

struct explain_near {
	const char *wanted;
	char names[NEAR_MAX][NEAR_BYTES];
	size_t count, distance;
	/* When it is all of them that are wanted, whatever they are near to. */
	void (*tell)(void *context, const char *name);
	void *context;
};

static bool has_name(const struct explain_near *near, const char *name)
{
	for (size_t i = 0; i < near->count; i++)
		if (!strcmp(near->names[i], name))
			return true;
	return false;
}

/* The name, or what of it people write: SET_SREGS, HLT, EFER. */
static struct nearest measure(const char *wanted, const char *name)
{
	static const char *const prefixes[] = {
		"KVM_", "KVM_EXIT_", "KVM_CAP_", "IA32_",
	};
	struct nearest nearest = nearest_to(wanted);

	nearest_offer(&nearest, name);
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		size_t length = strlen(prefixes[i]);

		if (!strncmp(name, prefixes[i], length) && name[length])
			nearest_offer(&nearest, name + length);
	}
	return nearest;
}

/* Half of a short name's letters are no small slip. */
void explain_near_offer(struct explain_near *near, const char *name)
{
	struct nearest nearest;

	if (near->tell) {
		near->tell(near->context, name);
		return;
	}
	nearest = measure(near->wanted, name);
	if (!nearest.best || nearest.distance > near->distance ||
	    nearest.distance * 2 > strlen(near->wanted))
		return;
	if (nearest.distance < near->distance)
		near->count = 0;
	near->distance = nearest.distance;
	if (near->count < NEAR_MAX && !has_name(near, name))
		snprintf(near->names[near->count++], NEAR_BYTES, "%s", name);
}

static void offer_all(struct explain_near *near)
{
	struct explain_set all = { 0 };

	explain_set_fill(&all);
	for (size_t i = 0; i < KIND_COUNT; i++)
		kinds[i]->offer(near, &all);
	explain_set_done(&all);
}

void explain_tell_names(void (*tell)(void *context, const char *name),
			void *context)
{
	struct explain_near near = { .tell = tell, .context = context };

	offer_all(&near);
}

void explain_near_misses(struct buffer *out, const char *name)
{
	struct explain_near near = { .wanted = skip_keyword(name),
				     .distance = SIZE_MAX };

	offer_all(&near);
	for (size_t i = 0; i < near.count; i++)
		buffer_add_format(out, "%s%s", !i ? "" :
				  i + 1 < near.count ? ", " : " or ",
				  near.names[i]);
}
