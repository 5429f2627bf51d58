/*
 * Two traces of one program, compared: what differs in meaning, each
 * difference once, and how alike they are. What varies from run to run or from
 * host to host is masked (rules.h); events are aligned vCPU by vCPU, and the
 * other calls thread by thread.
 *
 *	struct comparison *comparison = comparison_new(&options);
 *
 *	if (comparison_run(comparison, "expected.jsonl", "actual.jsonl"))
 *		log_error("%s", comparison->error.data);
 *	else
 *		use(comparison->verdict, comparison->alike,
 *		    comparison->differences, comparison->difference_count);
 *	comparison_free(comparison);
 *
 * The comparison owns all that it points to. Traces may hold anything: texts
 * of differences are printable ASCII and bounded.
 */
#ifndef COMPARE_COMPARE_H
#define COMPARE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

/* So many differences are told in words; more are only counted. */
#define COMPARE_TOLD_MAX 1000

struct compare_options {
	/* Lists as `--ignore` and `--unmask` take them; NULL: none. */
	const char *ignore;
	const char *unmask;
	bool is_global_order;	/* order counts across vCPUs and threads too */
};

enum compare_verdict {
	COMPARE_SAME,
	COMPARE_DIFFERENT,
	COMPARE_INCOMPLETE,	/* of one of them a part is missing */
};

enum difference_kind {
	DIFFERENCE_CHANGED,	/* an event has other values */
	DIFFERENCE_MISSING,	/* an expected event isn't there */
	DIFFERENCE_EXTRA,	/* an event is there that wasn't expected */
	DIFFERENCE_MOVED,	/* it is there, but earlier or later */
};

/* Where an event stands: `seq` is the trace's own number. */
struct difference_place {
	bool is_there;		/* false: where it would be isn't known */
	bool is_before;		/* it would stand just before `seq` … */
	bool is_behind;		/* … or just behind it */
	uint64_t seq, last_seq;	/* of the first and the last, when repeated */
};

struct difference_field {
	char *path;		/* ".in.cr4" */
	char *expected, *actual;	/* "0x620"; NULL: absent */
	char *text;	/* "cr4 is 0x20 (PAE), expected 0x620 (PAE OSFXSR)" */
};

struct difference {
	enum difference_kind kind;
	struct difference_place expected, actual;
	uint64_t count;		/* so many events in a row, or alike */
	char *event;		/* "KVM_SET_SREGS on vm0/vcpu0" */
	char *text;		/* the whole sentence, without the places */
	struct difference_field *fields;	/* of DIFFERENCE_CHANGED */
	size_t field_count, field_total;	/* those that are told, all */
};

struct compared_trace {
	const char *path;
	uint64_t events;
	bool has_end;		/* its trace_end was seen */
	bool is_truncated;	/* by --max-events */
	bool is_cut;		/* its last line is broken off */
	bool is_renumbered;	/* `seq` doesn't count its lines */
};

struct comparison {
	enum compare_verdict verdict;
	/* Events of both that have an equal counterpart, by all events; one
	 * that is only like it counts half. 1 for two empty traces. */
	double alike;
	struct compared_trace expected, actual;
	uint64_t difference_total;	/* told or not */
	uint64_t follow_total;	/* they follow from others, and aren't told */
	struct difference *differences;	/* in the order of the traces */
	size_t difference_count;
	struct buffer error;
	struct compare_options options;
};

struct comparison *comparison_new(const struct compare_options *options);
void comparison_free(struct comparison *comparison);

/*
 * 0: compared, whatever the verdict. -EINVAL for options that are wrong,
 * -EBADMSG for what is no trace, or another -errno: `error` is the sentence.
 * One of the paths may be "-".
 */
int comparison_run(struct comparison *comparison, const char *expected,
		   const char *actual);

#endif
