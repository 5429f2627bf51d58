#include "grade/grade_bounds.h"
#include "grade/grade_command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "grade/grade_options.h"
#include "grade/grade_submissions.h"
#include "grade/rubric_file.h"

enum {
	STATUS_LOST = 1,
	STATUS_TROUBLE = 2,
};

static int write_file(const char *path, const struct buffer *out)
{
	bool is_stdout = !path || !strcmp(path, "-");
	FILE *file = is_stdout ? stdout : fopen(path, "we");
	bool failed = !file ||
		      fwrite(out->data, 1, out->length, file) != out->length;

	if (file && (is_stdout ? fflush(file) : fclose(file)))
		failed = true;
	if (!failed)
		return 0;
	log_error("cannot write %s: %s", is_stdout ? "the result" : path,
		  strerror(errno));
	return -EIO;
}

static int find_exit_status(const struct grade_options *options,
			    const json_t *results)
{
	int status = 0;
	size_t index;
	json_t *result;

	json_array_foreach(results, index, result) {
		const char *error = result_string(result, "error");
		double score = json_number_value(json_object_get(result,
								 "score"));

		if (error) {
			log_error("%s is not graded: %s",
				  result_string(result, "submission"), error);
			status = STATUS_TROUBLE;
		} else if (!status && options->strict &&
			   score < json_number_value(json_object_get(
					   result, "max_score"))) {
			status = STATUS_LOST;
		}
	}
	return status;
}

static int grade(const struct grade_options *options,
		 const struct rubric *rubric,
		 const struct submission *submissions, size_t count)
{
	json_t *results = grade_all(rubric, submissions, count,
				    &options->limits);
	struct buffer out = BUFFER_EMPTY;
	int status = find_exit_status(options, results);

	options->format->print(&out, rubric->title, results);
	if (write_file(options->output, &out))
		status = STATUS_TROUBLE;
	buffer_free(&out);
	json_decref(results);
	return status;
}

static int grade_traces(const struct grade_options *options,
			const struct rubric *rubric)
{
	size_t count = options->submission_count;
	struct submission *submissions = grade_new_submissions(
		rubric, options->submissions, count);
	int status = grade(options, rubric, submissions, count);

	grade_free_submissions(submissions, count, rubric->run_count);
	return status;
}

/* Without an argv, a run takes the command line's as it is. */
static bool takes_arguments(const struct rubric_run *run)
{
	const json_t *words = json_object_get(run->document, "argv");
	const json_t *word;
	size_t index;

	if (!words)
		return true;
	json_array_foreach(words, index, word)
		if (!strcmp(json_string_value(word), "$ARGS"))
			return true;
	return false;
}

static void warn_of_unused_arguments(const struct rubric *rubric,
				     char *const *program)
{
	if (!program[1])
		return;
	for (size_t i = 0; i < rubric->run_count; i++)
		if (takes_arguments(&rubric->runs[i]))
			return;
	log_warning("'%s' and what follows is not used: the rubric's runs say "
		    "their arguments themselves (and have no $ARGS)",
		    program[1]);
}

/* The submission must not lose its points for a right that we didn't give. */
static bool may_open_kvm(const struct grade_user *user)
{
	int error = grade_ask_for_kvm(user);

	if (error == -EACCES || error == -EPERM)
		log_error("the user of --user may not open /dev/kvm (%s), so "
			  "no program could do anything there: put him into "
			  "the group that owns it", strerror(-error));
	else if (error)
		log_warning("/dev/kvm can't be opened: %s", strerror(-error));
	return error != -EACCES && error != -EPERM;
}

static int grade_program(const struct grade_options *options,
			 const struct rubric *rubric)
{
	struct grade_recording *recording;
	int status;

	if (!options->record.user && !geteuid())
		log_warning("the program runs as root and can do whatever it "
			    "likes to this machine and its grade: give it a "
			    "user of its own with --user");
	if (options->record.user && !may_open_kvm(options->record.user))
		return STATUS_TROUBLE;
	warn_of_unused_arguments(rubric, options->record.program);
	recording = grade_record(rubric, &options->record);
	if (!recording)
		return STATUS_TROUBLE;
	status = grade(options, rubric, grade_recording_submission(recording),
		       1);
	grade_recording_free(recording);
	return status;
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat first, second;

	return !stat(a, &first) && !stat(b, &second) &&
	       first.st_dev == second.st_dev && first.st_ino == second.st_ino &&
	       S_ISREG(first.st_mode);
}

/* The result must not be written over what it is made from. */
static bool spoils_input(const struct grade_options *options)
{
	const char *output = options->output;
	bool is_input = output && is_same_file(output, options->rubric);

	for (size_t i = 0; output && i < options->submission_count; i++)
		is_input |= is_same_file(output, options->submissions[i]);
	if (is_input)
		log_error("-o %s: that is the rubric or a submission; give "
			  "the result a file of its own", output);
	return is_input;
}

static int run(const struct grade_options *options)
{
	struct rubric *rubric = rubric_file_load(options->rubric,
						 options->definitions,
						 options->definition_count);
	int status;

	if (!rubric || spoils_input(options)) {
		rubric_free(rubric);
		return STATUS_TROUBLE;
	}
	status = options->record.program ? grade_program(options, rubric)
					 : grade_traces(options, rubric);
	rubric_free(rubric);
	return status;
}

int grade_run(int argc, char **argv)
{
	struct grade_options options;
	int error = grade_options_parse(&options, argc, argv);
	int status = error == OPTION_HELP ? 0 : STATUS_TROUBLE;

	if (!error)
		status = run(&options);
	grade_options_done(&options);
	return status;
}
