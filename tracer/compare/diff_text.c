#include "compare/diff_output.h"

static void add_number(struct buffer *out, uint64_t number, const char *noun)
{
	buffer_add_format(out, "%llu %s%s", (unsigned long long)number, noun,
			  number == 1 ? "" : "s");
}

/* A path is the user's own, but may still hold what moves the cursor. */
static void add_path(struct buffer *out, const char *path)
{
	for (; *path; path++)
		buffer_add_char(out, *path < ' ' || *path > '~' ? '?' : *path);
}

/* Down, so that only equal traces are alike by 100 %. */
static void add_alike(struct buffer *out, const struct comparison *comparison)
{
	unsigned int tenths = (unsigned int)(comparison->alike * 1000);

	buffer_add_format(out, "%u.%u %% alike", tenths / 10, tenths % 10);
}

static void add_differences(struct buffer *out,
			    const struct comparison *comparison)
{
	add_number(out, comparison->difference_total, "difference");
	buffer_add_string(out, ", ");
	add_alike(out, comparison);
}

/* Why nothing can be said of its end. */
static const char *why_incomplete(const struct compared_trace *trace)
{
	return trace->is_truncated ? "left out events (--max-events)" :
	       trace->is_cut ? "is cut off within its last line" :
	       trace->has_end ? NULL : "has no trace_end";
}

static void add_incomplete(struct buffer *out,
			   const struct comparison *comparison)
{
	const struct compared_trace *traces[] = {
		&comparison->expected, &comparison->actual,
	};
	const char *between = "";

	for (size_t i = 0; i < 2; i++) {
		const char *why = why_incomplete(traces[i]);

		if (!why)
			continue;
		buffer_add_string(out, between);
		add_path(out, traces[i]->path);
		buffer_add_format(out, " %s", why);
		between = ", and ";
	}
	buffer_add_string(out, "; up to there ");
	if (comparison->difference_total)
		add_differences(out, comparison);
	else
		buffer_add_string(out, "nothing differs");
}

static void add_verdict(struct buffer *out, const struct comparison *comparison)
{
	switch (comparison->verdict) {
	case COMPARE_SAME:
		buffer_add_string(out, "same: ");
		add_number(out, comparison->actual.events, "event");
		break;
	case COMPARE_DIFFERENT:
		buffer_add_string(out, "different: ");
		add_differences(out, comparison);
		break;
	case COMPARE_INCOMPLETE:
		buffer_add_string(out, "incomplete: ");
		add_incomplete(out, comparison);
	}
	buffer_add_char(out, '\n');
}

static void add_place(struct buffer *out, const char *which,
		      const struct difference_place *place)
{
	buffer_add_string(out, which);
	if (place->is_behind)
		buffer_add_string(out, " after");
	else if (place->is_before)
		buffer_add_string(out, " before");
	else if (!place->is_there) {
		buffer_add_string(out, " nowhere");
		return;
	}
	buffer_add_format(out, " seq %llu", (unsigned long long)place->seq);
	if (place->last_seq != place->seq)
		buffer_add_format(out, " to %llu",
				  (unsigned long long)place->last_seq);
}

/* Many values are easier to read one below the other. */
static bool is_long(const struct difference *difference)
{
	return difference->field_count > 2;
}

static void add_sentence(struct buffer *out,
			 const struct difference *difference)
{
	if (!is_long(difference)) {
		buffer_add_string(out, difference->text);
		return;
	}
	buffer_add_format(out, "%s: %zu values differ", difference->event,
			  difference->field_total);
}

static void add_fields(struct buffer *out, const struct difference *difference)
{
	for (size_t i = 0; is_long(difference) && i < difference->field_count;
	     i++)
		buffer_add_format(out, "\t%s\n", difference->fields[i].text);
	if (difference->field_total > difference->field_count)
		buffer_add_format(out, "\tand %zu more\n",
				  difference->field_total -
				  difference->field_count);
}

static void add_difference(struct buffer *out,
			   const struct difference *difference)
{
	add_sentence(out, difference);
	if (difference->kind == DIFFERENCE_CHANGED && difference->count > 1)
		buffer_add_format(out, " (%llu times)",
				  (unsigned long long)difference->count);
	add_place(out, " [expected", &difference->expected);
	add_place(out, ", actual", &difference->actual);
	buffer_add_string(out, "]\n");
	add_fields(out, difference);
}

void diff_write_text(struct buffer *out, const struct comparison *comparison)
{
	add_verdict(out, comparison);
	for (size_t i = 0; i < comparison->difference_count; i++)
		add_difference(out, &comparison->differences[i]);
	if (comparison->difference_total > comparison->difference_count)
		buffer_add_format(out, "and %llu more\n", (unsigned long long)
				  (comparison->difference_total -
				   comparison->difference_count));
	if (comparison->follow_total) {
		add_number(out, comparison->follow_total, "more event");
		buffer_add_string(out, comparison->follow_total == 1 ?
				  " differs because of that\n" :
				  " differ because of that\n");
	}
}
