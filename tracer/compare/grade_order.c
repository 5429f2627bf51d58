/*
 * order: events that fit the steps, one behind the other, with any others
 * between. With `partial`, the share is that of the longest part of the steps
 * that is in order.
 */
#include <stdlib.h>

#include "compare/grade_internal.h"

struct step {
	uint64_t in_order;	/* of the steps to here, the most in order */
	uint64_t seq;		/* where it was first reached in order */
	bool was_seen;
	uint64_t last_seq;	/* where it was last, in order or not */
	struct misses misses;
};

struct ordering {
	size_t reached;		/* steps that came one behind the other */
	struct step *steps;
};

static void begin_order(struct testing *testing)
{
	struct ordering *ordering = grade_allocate(1, sizeof(*ordering));

	ordering->steps = grade_allocate(testing->check->matcher_count,
					 sizeof(ordering->steps[0]));
	testing->state = ordering;
}

/*
 * The longest common subsequence of steps and events: one row of the table,
 * renewed for each event from the left. `before` is the row's old value there.
 */
static void see_order(struct testing *testing, struct sight *sight)
{
	struct ordering *ordering = testing->state;
	uint64_t before = 0, left = 0;
	size_t reached = ordering->reached;

	for (size_t i = 0; i < testing->check->matcher_count; i++) {
		const struct matcher *matcher = &testing->check->matchers[i];
		struct step *step = &ordering->steps[i];
		enum fit fit = matcher_fit(matcher,
					   testing->rubric->expressions, sight);
		uint64_t with = before + (fit == FIT_WHOLE);

		before = step->in_order;
		if (with > step->in_order)
			step->in_order = with;
		if (left > step->in_order)
			step->in_order = left;
		left = step->in_order;
		misses_add(&step->misses, matcher, fit, sight);
		if (fit != FIT_WHOLE)
			continue;
		step->was_seen = true;
		step->last_seq = sight->seq;
		if (i == reached) {
			step->seq = sight->seq;
			ordering->reached = reached + 1;
		}
	}
}

static void say_missing(const struct check *check, struct ordering *ordering,
			struct verdict *verdict)
{
	struct buffer *out = &verdict->reason;
	struct step *step = &ordering->steps[ordering->reached];

	buffer_add_format(out, "step %zu of %zu, ", ordering->reached + 1,
			  check->matcher_count);
	matcher_describe(out, &check->matchers[ordering->reached]);
	if (!step->was_seen) {
		buffer_add_string(out, ", is not in the trace");
		misses_finish(&step->misses, verdict);
		return;
	}
	buffer_add_format(out, ", is at seq %llu, but not behind ",
			  (unsigned long long)step->last_seq);
	grade_cite(verdict, step->last_seq);
	matcher_describe(out, &check->matchers[ordering->reached - 1]);
	buffer_add_format(out, " at seq %llu",
			  (unsigned long long)step[-1].seq);
}

static void finish_order(struct testing *testing, const struct ending *ending,
			 struct verdict *verdict)
{
	struct ordering *ordering = testing->state;
	size_t count = testing->check->matcher_count;

	(void)ending;
	for (size_t i = 0; i < ordering->reached; i++)
		grade_cite(verdict, ordering->steps[i].seq);
	if (ordering->reached == count)
		verdict->share = 1;
	else
		say_missing(testing->check, ordering, verdict);
	if (ordering->reached < count && testing->check->is_partial)
		verdict->share = (double)ordering->steps[count - 1].in_order /
				 (double)count;
	for (size_t i = 0; i < count; i++)
		buffer_free(&ordering->steps[i].misses.text);
	free(ordering->steps);
	free(ordering);
}

const struct test_kind grade_order = { begin_order, see_order, finish_order };
