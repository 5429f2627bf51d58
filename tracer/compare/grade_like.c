/* like: how alike a trace and the reference are, as `kvmtrace diff` sees it. */
#include <string.h>

#include "compare/compare.h"
#include "compare/grade_internal.h"

static void begin_like(struct testing *testing)
{
	testing->state = NULL;
}

static void see_like(struct testing *testing, struct sight *sight)
{
	(void)testing;
	(void)sight;
}

static void say_first(const struct comparison *comparison,
		      struct verdict *verdict)
{
	const struct difference *first = comparison->differences;

	buffer_add_format(&verdict->reason, "it differs from the reference in "
			  "%llu place%s",
			  (unsigned long long)comparison->difference_total,
			  comparison->difference_total == 1 ? "" : "s");
	if (!comparison->difference_count)
		return;
	buffer_add_format(&verdict->reason, ", first: %s", first->text);
	if (first->actual.is_there) {
		buffer_add_format(&verdict->reason, " (seq %llu)",
				  (unsigned long long)first->actual.seq);
		grade_cite(verdict, first->actual.seq);
	}
}

static void compare(const char *reference, const char *path,
		    struct verdict *verdict)
{
	static const struct compare_options options = { NULL, NULL, false };
	struct comparison *comparison = comparison_new(&options);

	if (comparison_run(comparison, reference, path)) {
		buffer_add_string(&verdict->reason,
				  buffer_string(&comparison->error));
	} else {
		verdict->share = comparison->alike;
		if (comparison->verdict == COMPARE_SAME)
			verdict->share = 1;
		else
			say_first(comparison, verdict);
	}
	comparison_free(comparison);
}

/* The trace has been read once already. */
static void finish_like(struct testing *testing, const struct ending *ending,
			struct verdict *verdict)
{
	if (!ending->path)
		return;
	if (!strcmp(ending->path, "-"))
		buffer_add_string(&verdict->reason, "standard input can't be "
				  "read again to compare it");
	else
		compare(testing->check->reference, ending->path, verdict);
	if (!testing->check->is_partial && verdict->share < 1)
		verdict->share = 0;
}

const struct test_kind grade_like = { begin_like, see_like, finish_like };
