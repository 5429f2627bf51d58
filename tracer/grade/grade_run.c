#include "grade/grade_run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "capture/capture.h"
#include "capture/inprocess/area.h"
#include "grade/grade_bounds.h"
#include "grade/grade_watch.h"
#include "grade/grade_workers.h"
#include "cli/injection_parse.h"
#include "trace.h"

/* A trace may have so many bytes: what is behind is not graded. */
#define TRACE_BYTES (1ull << 30)
/* How much longer than the program its tracer may take. */
#define GRACE_S 5.0
#define MESSAGE_BYTES 1024

enum {
	READ_END,
	WRITE_END,
};

/* What a run needs while it lasts; -1: not open. */
struct setting {
	pid_t grader;
	int input;
	int messages;		/* the tracer's own */
	int pipes[2][2];	/* standard output and error */
	struct options options;
	struct grade_bounds bounds;
	struct capture_bounds capture_bounds;
};

/* Files without a name */

static int open_nameless(void)
{
	const char *folder = getenv("TMPDIR");
	struct buffer path = BUFFER_EMPTY;
	int fd, error;

	buffer_add_format(&path, "%s/kvmtrace-XXXXXX",
			  folder && *folder ? folder : "/tmp");
	buffer_string(&path);
	fd = mkostemp(path.data, O_CLOEXEC);
	error = -errno;
	if (fd >= 0)
		unlink(path.data);
	buffer_free(&path);
	return fd < 0 ? error : fd;
}

static int open_null(void)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* A file with the text, at its beginning. */
static int open_input(const char *text)
{
	size_t length = strlen(text);
	int fd = open_nameless();

	if (fd < 0 || (write(fd, text, length) == (ssize_t)length &&
		       !lseek(fd, 0, SEEK_SET)))
		return fd;
	close(fd);
	return -ENOSPC;
}

/* The run's options */

static size_t count_words(const json_t *words, char *const *program)
{
	size_t count = 0;

	while (program[count])
		count++;
	return (json_array_size(words) + 1) * (count + 1);
}

/* The words are the rubric's and the command line's; the array the caller's. */
static char **new_argv(const json_t *document, char *const *program,
		       int *ret_argc)
{
	const json_t *words = json_object_get(document, "argv");
	char **argv = calloc(count_words(words, program), sizeof(*argv));
	const json_t *word;
	size_t index;
	int argc = 0;

	if (!argv)
		log_die("out of memory: a command line");
	if (!words)
		while (program[argc]) {
			argv[argc] = program[argc];
			argc++;
		}
	json_array_foreach(words, index, word) {
		const char *text = json_string_value(word);

		if (!strcmp(text, "$PROGRAM"))
			argv[argc++] = program[0];
		else if (strcmp(text, "$ARGS"))
			argv[argc++] = (char *)text;
		else
			for (size_t i = 1; program[i]; i++)
				argv[argc++] = program[i];
	}
	*ret_argc = argc;
	return argv;
}

/* Whether they are sound was seen when the rubric was loaded. */
static void add_injections(struct options *options, const json_t *texts)
{
	char error[INJECTION_ERROR_BYTES];
	const json_t *text;
	size_t index;

	json_array_foreach(texts, index, text)
		if (options->injection_count < INJECTIONS_MAX &&
		    !injection_parse(json_string_value(text),
				     &options->injections[
					     options->injection_count], error))
			options->injection_count++;
}

/* The command line's limit is the most; a run may have less. */
static double find_timeout(const json_t *document, double most)
{
	double own = json_number_value(json_object_get(document, "timeout"));

	return own > 0 && own < most ? own : most;
}

static void set_options(struct setting *setting, struct grade_run *run,
			const json_t *document,
			const struct grade_record_options *options)
{
	struct options *wanted = &setting->options;

	wanted->output = run->path;
	wanted->format = FORMAT_JSONL;
	wanted->quiet = true;
	wanted->engine = options->engine;
	wanted->max_events = options->max_events;
	wanted->timeout_s = find_timeout(document, options->timeout_s);
	wanted->program = new_argv(document, options->program,
				   &wanted->program_argc);
	add_injections(wanted, json_object_get(document, "inject"));
	setting->bounds = (struct grade_bounds){
		.descriptors = { setting->input,
				 setting->pipes[0][WRITE_END],
				 setting->pipes[1][WRITE_END] },
		.user = options->user,
		.file_bytes = options->max_file,
	};
	setting->capture_bounds = (struct capture_bounds){
		grade_enter_bounds, &setting->bounds, options->max_tasks
	};
	wanted->bounds = &setting->capture_bounds;
}

/* Opening and closing */

static int open_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	return fcntl(ends[READ_END], F_SETFL, O_NONBLOCK) ? -errno : 0;
}

static int open_setting(struct setting *setting, struct grade_run *run,
			const json_t *document)
{
	const char *input = json_string_value(json_object_get(document,
							      "input"));
	int error = 0;

	run->trace_fd = open_nameless();
	setting->messages = open_nameless();
	setting->input = input ? open_input(input) : open_null();
	for (int i = 0; !error && i < 2; i++)
		error = open_pipe(setting->pipes[i]);
	if (!error)
		error = run->trace_fd < 0 ? run->trace_fd :
			setting->messages < 0 ? setting->messages :
			setting->input < 0 ? setting->input : 0;
	snprintf(run->path, sizeof(run->path), "/proc/self/fd/%d",
		 run->trace_fd);
	return error;
}

static void close_one(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_program_ends(struct setting *setting)
{
	close_one(&setting->input);
	close_one(&setting->pipes[0][WRITE_END]);
	close_one(&setting->pipes[1][WRITE_END]);
}

/* The tracer's process */

/* Soft limits only: the program gets back what it would have had. */
static void limit_tracer(struct grade_bounds *bounds,
			 enum engine_choice engine)
{
	rlim_t most = grade_memory_limit();
	struct rlimit memory, file;

	/* The rings of one process that calls KVM are mapped here, too. */
	if (engine != ENGINE_PTRACE)
		most += area_bytes(AREA_SLOTS_MAX);
	getrlimit(RLIMIT_AS, &bounds->memory);
	memory = bounds->memory;
	if (memory.rlim_cur > most)
		memory.rlim_cur = most;
	setrlimit(RLIMIT_AS, &memory);
	getrlimit(RLIMIT_FSIZE, &file);
	if (file.rlim_cur > TRACE_BYTES)
		file.rlim_cur = TRACE_BYTES;
	setrlimit(RLIMIT_FSIZE, &file);
}

static _Noreturn void be_tracer(struct setting *setting)
{
	int status;

	/* The grader's end is this one's, and EXITKILL makes it everybody's. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* So that it may trace its child; trace.c secludes it in time. */
	if (prctl(PR_SET_DUMPABLE, 1) || getppid() != setting->grader)
		_exit(1);
	dup2(setting->messages, STDERR_FILENO);
	log_set_quiet(true);
	limit_tracer(&setting->bounds, setting->options.engine);
	status = trace_run(&setting->options);
	/* Should the program have stopped it. */
	kill(setting->grader, SIGCONT);
	_exit(status);
}

/* What became of it */

__attribute__((format(printf, 1, 2)))
static char *new_text(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		log_die("out of memory: a problem");
	va_end(arguments);
	return text;
}

/* The tracer's last sentence, without its "kvmtrace: ". */
static char *new_message(const struct setting *setting)
{
	char text[MESSAGE_BYTES], *line, *colon;
	ssize_t length = pread(setting->messages, text, sizeof(text) - 1, 0);

	if (length <= 0)
		return new_text("the tracer ended early");
	text[length] = '\0';
	text[strcspn(text, "\n")] = '\0';
	line = text;
	colon = strstr(line, "kvmtrace: ");
	return new_text("%s", colon == line ? line + strlen("kvmtrace: ")
					    : line);
}

/* NULL: its trace is whole, as far as its tracer goes. */
static char *find_problem(const struct setting *setting,
			  const struct grade_run *run, int status,
			  bool is_killed)
{
	struct stat trace;
	char name[16] = "";

	if (fstat(run->trace_fd, &trace))
		return new_text("cannot read the trace: %s", strerror(errno));
	if (is_killed)
		return new_text("the tracer was held up: it did not end with "
				"the program's time");
	if ((unsigned long long)trace.st_size >= TRACE_BYTES)
		return new_text("the trace is larger than %llu MiB: "
				"--max-events is too large", TRACE_BYTES >> 20);
	if (lseek(setting->messages, 0, SEEK_END) > 0 ||
	    (!WIFSIGNALED(status) && !trace.st_size))
		return new_message(setting);
	if (!WIFSIGNALED(status))
		return NULL;
	if (sigabbrev_np(WTERMSIG(status)))
		snprintf(name, sizeof(name), "SIG%s",
			 sigabbrev_np(WTERMSIG(status)));
	return new_text("the trace is incomplete: the tracer was ended by "
			"%s, which the program may have sent; with --user it "
			"can't", *name ? name : "a signal");
}

static int watch(struct setting *setting, struct grade_run *run, pid_t tracer,
		 const struct grade_record_options *options)
{
	struct grade_watch watch = {
		.tracer = tracer,
		.timeout_s = setting->options.timeout_s + GRACE_S,
	};
	bool is_killed;
	int error, status = 0;

	for (size_t i = 0; i < 2; i++)
		watch.outputs[i] = (struct grade_output){
			.fd = setting->pipes[i][READ_END],
			.most_bytes = options->max_output,
		};
	error = grade_watch(&watch, &status, &is_killed);
	for (size_t i = 0; i < 2; i++) {
		setting->pipes[i][READ_END] = watch.outputs[i].fd;
		run->outputs[i] = watch.outputs[i].kept;
		if (watch.outputs[i].is_cut)
			run->limits |= 1u << LIMIT_OUTPUT;
	}
	if (!error)
		run->problem = find_problem(setting, run, status, is_killed);
	return error;
}

static int start(struct setting *setting, struct grade_run *run,
		 const struct grade_record_options *options)
{
	pid_t tracer = fork();

	if (!tracer)
		be_tracer(setting);
	if (tracer < 0)
		return -errno;
	close_program_ends(setting);
	return watch(setting, run, tracer, options);
}

void grade_run_record(struct grade_run *run, const struct rubric_run *rubric,
		      const struct grade_record_options *options)
{
	static const struct setting closed = {
		.input = -1, .messages = -1, .pipes = { { -1, -1 }, { -1, -1 } },
	};
	struct setting setting = closed;
	int error = open_setting(&setting, run, rubric->document);

	setting.grader = getpid();
	if (!error) {
		set_options(&setting, run, rubric->document, options);
		error = start(&setting, run, options);
	}
	if (error)
		run->problem = new_text("cannot run it: %s", strerror(-error));
	close_program_ends(&setting);
	close_one(&setting.messages);
	close_one(&setting.pipes[0][READ_END]);
	close_one(&setting.pipes[1][READ_END]);
	free(setting.options.program);
}

void grade_run_done(struct grade_run *run)
{
	close_one(&run->trace_fd);
	buffer_free(&run->outputs[0]);
	buffer_free(&run->outputs[1]);
	free(run->problem);
}
