#include "grade/grade_workers.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

#define STATUS_FAILED 3

struct worker {
	pid_t pid;	/* 0: free */
	int fd;		/* where it writes the result */
	size_t index;	/* of the submission */
};

/* The process */

/* The first number of statm, proc(5), is the size of all mappings in pages. */
static rlim_t find_mapped_bytes(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	unsigned long pages = 0;

	if (!file || fscanf(file, "%lu", &pages) != 1)
		pages = 0;
	if (file)
		fclose(file);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

rlim_t grade_memory_limit(void)
{
	return find_mapped_bytes() + GRADE_MEMORY_BYTES;
}

/* Nothing here handles SIGALRM: it ends the process. */
static void set_limits(const struct grade_limits *limits)
{
	rlim_t bytes = grade_memory_limit();
	const struct rlimit memory = { bytes, bytes }, core = { 0, 0 };
	struct itimerval timer = {
		.it_value.tv_sec = (time_t)limits->timeout_s,
		.it_value.tv_usec = (suseconds_t)(
			(limits->timeout_s - (double)(time_t)limits->timeout_s)
			* 1e6),
	};

	setrlimit(RLIMIT_AS, &memory);
	setrlimit(RLIMIT_CORE, &core);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void work(const struct rubric *rubric,
		 const struct submission *submission,
		 const struct grade_limits *limits, int fd)
{
	json_t *result;

	set_limits(limits);
	result = grade_submission(rubric, submission);
	_exit(json_dumpfd(result, fd, JSON_COMPACT) ? STATUS_FAILED : 0);
}

/* Its parent */

static int begin(struct worker *worker, const struct rubric *rubric,
		 const struct submission *submission,
		 const struct grade_limits *limits)
{
	int error;

	worker->fd = memfd_create("result", MFD_CLOEXEC);
	if (worker->fd < 0)
		return -errno;
	worker->pid = fork();
	if (!worker->pid)
		work(rubric, submission, limits, worker->fd);
	if (worker->pid > 0)
		return 0;
	error = -errno;
	close(worker->fd);
	worker->pid = 0;
	return error;
}

static json_t *refuse_to_begin(const struct rubric *rubric,
			       const struct submission *submission, int error)
{
	char text[128];

	snprintf(text, sizeof(text), "cannot start a process to grade it: %s",
		 strerror(-error));
	return grade_refuse(rubric, submission->name, text);
}

/* Without memory, libjq, jansson and our own code end in several ways. */
static const char *find_trouble(int status, char *text, size_t size,
				const struct grade_limits *limits)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		snprintf(text, size, "grading takes more than %g s "
			 "(--timeout)", limits->timeout_s);
	else
		snprintf(text, size, "grading failed (wait status 0x%x): it "
			 "may need more than %llu MiB of memory", status,
			 GRADE_MEMORY_BYTES >> 20);
	return text;
}

static json_t *take_result(const struct worker *worker, int status,
			   const struct rubric *rubric,
			   const struct submission *submission,
			   const struct grade_limits *limits)
{
	json_t *result = NULL;
	char text[128];

	if (!status && !lseek(worker->fd, 0, SEEK_SET))
		result = json_loadfd(worker->fd, 0, NULL);
	close(worker->fd);
	return result ? result : grade_refuse(
		rubric, submission->name,
		find_trouble(status, text, sizeof(text), limits));
}

/* The worker that ended, found by its pid alone. */
static struct worker *wait_for_one(struct worker *workers, size_t jobs,
				   int *ret_status)
{
	for (;;) {
		pid_t pid = waitpid(-1, ret_status, 0);

		for (size_t i = 0; pid > 0 && i < jobs; i++)
			if (workers[i].pid == pid)
				return &workers[i];
		if (pid < 0 && errno != EINTR)
			log_die("cannot wait for a process: %s",
				strerror(errno));
	}
}

static struct worker *find_free(struct worker *workers, size_t jobs)
{
	for (size_t i = 0; i < jobs; i++)
		if (!workers[i].pid)
			return &workers[i];
	return NULL;
}

/* Begins as many as there are workers free; how many more are at work. */
static size_t begin_some(struct worker *workers, const struct rubric *rubric,
			 const struct submission *submissions, size_t count,
			 const struct grade_limits *limits, size_t *next,
			 json_t **results)
{
	struct worker *worker;
	size_t begun = 0;

	while (*next < count && (worker = find_free(workers, limits->jobs))) {
		const struct submission *submission = &submissions[*next];
		int error = begin(worker, rubric, submission, limits);

		worker->index = *next;
		begun += !error;
		if (error)
			results[*next] = refuse_to_begin(rubric, submission,
							 error);
		++*next;
	}
	return begun;
}

json_t *grade_all(const struct rubric *rubric,
		  const struct submission *submissions, size_t count,
		  const struct grade_limits *limits)
{
	struct worker *workers = calloc(limits->jobs, sizeof(*workers));
	json_t **found = calloc(count, sizeof(*found));
	json_t *results = json_array();
	size_t next = 0, busy = 0;

	if (!workers || !found)
		log_die("out of memory: the results");
	while ((busy += begin_some(workers, rubric, submissions, count, limits,
				   &next, found))) {
		int status;
		struct worker *worker = wait_for_one(workers, limits->jobs,
						     &status);

		found[worker->index] = take_result(
			worker, status, rubric, &submissions[worker->index],
			limits);
		worker->pid = 0;
		busy--;
	}
	for (size_t i = 0; i < count; i++)
		json_array_append_new(results, found[i]);
	free(found);
	free(workers);
	return results;
}
