/*
 * bench_decode: what it costs to make a line of the trace from a record, in
 * CPU time (the best of several rounds), over the records of a recorded run: no program, no KVM.
 *
 *   bench_decode RECORDS.jsonl
 */
#include <linux/kvm.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "record/record_file.h"
#include "session/session.h"
#include "timeline.h"

#define RECORDS_MAX 64
#define LOOPS 50000
#define ROUNDS 9

struct run {
	struct record records[RECORDS_MAX];
	size_t count;
};

/* Read all; each record keeps its own bytes, the strings go with the reader. */
static int load(struct run *run, struct record_reader *reader)
{
	struct record_end end;
	int found;

	do {
		found = record_reader_next(reader, &run->records[run->count],
					   &end);
		/* Strings live until the next call: what isn't timed drops them. */
		if (found > 0) {
			run->records[run->count].caller.symbol = "vm_run";
			run->records[run->count].caller.object = "hv";
			run->records[run->count].caller.file =
				"hypervisor/vm.c";
			run->records[run->count].path = NULL;
			run->records[run->count].name = "ioctl";
			run->records[run->count].file.link =
				"anon_inode:kvm-vcpu:0";
			run->records[run->count].made_file.id = 0;
		}
	} while (found > 0 && ++run->count < RECORDS_MAX);
	return found;
}

static void discard(struct line_sink *sink, const char *json, size_t length)
{
	(void)sink;
	(void)json;
	(void)length;
}

static double cpu_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static double measure(const struct record *record, bool flow)
{
	static const struct line_sink_ops ops = { .line = discard };
	struct line_sink sink = { &ops };
	const struct timeline_options options = { .flow = flow };
	struct session *session = session_new();
	struct timeline *timeline = timeline_new(&options, session, &sink);
	double least = INFINITY;

	/* Neighbours on the machine only ever add to the time. */
	for (int round = 0; round < ROUNDS; round++) {
		double start = cpu_ns(), spent;

		for (int i = 0; i < LOOPS; i++)
			timeline_record(timeline, record);
		spent = (cpu_ns() - start) / LOOPS;
		least = spent < least ? spent : least;
	}
	timeline_free(timeline);
	session_free(session);
	return least;
}

/* An exit of many: not the first run, which shows the guest as well. */
static const struct record *find(const struct run *run, uint32_t request)
{
	for (size_t i = 0; i < run->count; i++)
		if (run->records[i].kind == RECORD_IOCTL &&
		    record_request(&run->records[i]) == request &&
		    (request != KVM_RUN || !run->records[i].looked))
			return &run->records[i];
	fprintf(stderr, "bench_decode: no such call was recorded\n");
	exit(1);
}

static void report(const char *what, const struct record *record)
{
	printf("%-22s%10.0f ns%18.0f ns\n", what, measure(record, false),
	       measure(record, true));
}

int main(int argc, char **argv)
{
	static struct run run;
	struct record_reader *reader;
	struct record_start start;

	if (argc != 2) {
		fprintf(stderr, "usage: bench_decode RECORDS.jsonl\n");
		return 2;
	}
	if (record_reader_open(argv[1], &reader, &start) ||
	    load(&run, reader) < 0) {
		fprintf(stderr, "bench_decode: %s\n",
			record_reader_error(reader));
		return 1;
	}
	printf("\na line from a record, CPU time\n%-22s%13s%21s\n", "",
	       "--flow none", "with the flow");
	report("KVM_RUN exit", find(&run, KVM_RUN));
	report("KVM_SET_SREGS", find(&run, KVM_SET_SREGS));
	record_reader_close(reader);
	return 0;
}
