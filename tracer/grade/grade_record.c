#include "grade/grade_record.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "grade/grade_keep.h"
#include "grade/grade_run.h"
#include "grade/grade_submissions.h"

struct grade_recording {
	struct submission submission;
	struct grade_run *runs;		/* one for each of the rubric's */
	size_t run_count;
};

/* So that none of a run's own descriptors is one of the standard three. */
static int open_standard(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* Only the program's own three descriptors are meant for it. */
static int close_others_on_exec(void)
{
	DIR *folder = opendir("/proc/self/fd");
	struct dirent *entry;

	if (!folder)
		return -errno;
	while ((entry = readdir(folder))) {
		int fd = atoi(entry->d_name);

		if (fd > STDERR_FILENO)
			fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	closedir(folder);
	return 0;
}

/*
 * Not dumpable: no process of the same user may ptrace this one, or open its
 * /proc/PID/fd and /proc/PID/mem (proc(5), ptrace(2) on access modes).
 */
static int seclude(void)
{
	int error = open_standard();

	if (!error)
		error = close_others_on_exec();
	if (!error && (prctl(PR_SET_DUMPABLE, 0) ||
		       prctl(PR_SET_CHILD_SUBREAPER, 1)))
		error = -errno;
	if (error)
		log_error("cannot seclude the grader from programs: %s",
			  strerror(-error));
	return error;
}

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		log_die("out of memory: a recording");
	return memory;
}

static void record_runs(struct grade_recording *recording,
			const struct rubric *rubric,
			const struct grade_record_options *options)
{
	char **paths = allocate(rubric->run_count, sizeof(char *));
	char **problems = allocate(rubric->run_count, sizeof(char *));
	unsigned int *limits = allocate(rubric->run_count, sizeof(*limits));

	for (size_t i = 0; i < rubric->run_count; i++) {
		struct grade_run *run = &recording->runs[i];

		grade_run_record(run, &rubric->runs[i], options);
		paths[i] = run->problem ? NULL : run->path;
		problems[i] = run->problem;
		limits[i] = run->limits;
	}
	recording->submission = (struct submission){
		grade_new_name(options->program[0]), paths, problems, limits
	};
}

static int keep_runs(const struct grade_recording *recording,
		     const struct rubric *rubric, const char *folder)
{
	int error = 0;

	for (size_t i = 0; !error && i < rubric->run_count; i++)
		error = grade_keep_run(folder, rubric->runs[i].id,
				       &recording->runs[i]);
	return error;
}

struct grade_recording *grade_record(const struct rubric *rubric,
				     const struct grade_record_options *options)
{
	struct grade_recording *recording;

	if ((options->keep && grade_keep_begin(options->keep)) || seclude())
		return NULL;
	recording = allocate(1, sizeof(*recording));
	recording->runs = allocate(rubric->run_count,
				   sizeof(recording->runs[0]));
	recording->run_count = rubric->run_count;
	record_runs(recording, rubric, options);
	if (!options->keep || !keep_runs(recording, rubric, options->keep))
		return recording;
	grade_recording_free(recording);
	return NULL;
}

const struct submission *
grade_recording_submission(const struct grade_recording *recording)
{
	return &recording->submission;
}

void grade_recording_free(struct grade_recording *recording)
{
	const struct submission *submission = &recording->submission;

	for (size_t i = 0; i < recording->run_count; i++)
		grade_run_done(&recording->runs[i]);
	free(recording->runs);
	free((char *)submission->name);
	free((char **)submission->paths);
	free((char **)submission->problems);
	free((unsigned int *)submission->limits);
	free(recording);
}
