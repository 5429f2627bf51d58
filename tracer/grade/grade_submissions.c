#include "grade/grade_submissions.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json_writer.h"
#include "base/log.h"

/* The fields of a struct submission, while they are written. */
struct making {
	char **paths;
	char **problems;
};

__attribute__((format(printf, 1, 2)))
static char *new_text(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		log_die("out of memory: a submission");
	va_end(arguments);
	return text;
}

/* A name is for JSON: bytes that aren't UTF-8 become '?'. */
char *grade_new_name(const char *path)
{
	char *name = new_text("%s", path);

	if (json_is_utf8(name, strlen(name)))
		return name;
	for (char *c = name; *c; c++)
		if (*c & 0x80)
			*c = '?';
	return name;
}

/*
 * What a student has put into the folder may be a pipe that never ends: it
 * must be a file.
 */
static void find_in_folder(struct making *making, size_t run,
			   const char *folder, const char *id)
{
	char *path = new_text("%s/%s.jsonl", folder,
			      *id ? id : GRADE_TRACE_STEM);
	struct stat found;

	if (stat(path, &found))
		making->problems[run] = new_text("cannot open %s: %s", path,
						 strerror(errno));
	else if (!S_ISREG(found.st_mode))
		making->problems[run] = new_text("%s is no file", path);
	else
		making->paths[run] = path;
	if (!making->paths[run])
		free(path);
}

static void find_traces(const struct rubric *rubric, struct making *making,
			const char *argument)
{
	struct stat found;
	int error = stat(argument, &found) ? errno : 0;
	bool is_folder = !error && S_ISDIR(found.st_mode);

	for (size_t run = 0; run < rubric->run_count; run++) {
		const char *id = rubric->runs[run].id;

		if (is_folder)
			find_in_folder(making, run, argument, id);
		else if (rubric->run_count == 1)
			making->paths[run] = new_text("%s", argument);
		else if (error)
			making->problems[run] = new_text(
				"cannot open %s: %s", argument,
				strerror(error));
		else
			making->problems[run] = new_text(
				"%s is no folder with %s.jsonl: the rubric "
				"has several runs", argument, id);
	}
}

struct submission *grade_new_submissions(const struct rubric *rubric,
					 char *const *arguments, size_t count)
{
	struct submission *submissions = calloc(count, sizeof(*submissions));

	if (!submissions)
		log_die("out of memory: %zu submissions", count);
	for (size_t i = 0; i < count; i++) {
		struct making making = {
			calloc(rubric->run_count, sizeof(char *)),
			calloc(rubric->run_count, sizeof(char *)),
		};

		if (!making.paths || !making.problems)
			log_die("out of memory: a submission");
		find_traces(rubric, &making, arguments[i]);
		submissions[i] = (struct submission){
			grade_new_name(arguments[i]), making.paths, making.problems,
			NULL
		};
	}
	return submissions;
}

void grade_free_submissions(struct submission *submissions, size_t count,
			    size_t run_count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t run = 0; run < run_count; run++) {
			free(submissions[i].paths[run]);
			free(submissions[i].problems[run]);
		}
		free((char **)submissions[i].paths);
		free((char **)submissions[i].problems);
		free((char *)submissions[i].name);
	}
	free(submissions);
}
