#include "compare/expressions.h"

#include <errno.h>
#include <jq.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/log.h"

/*
 * In front of the expressions, on one line. What would reach outside of the
 * trace is an error; `calls`, `le` and `hex` are the header's.
 */
static const char prologue[] =
	"def __outside: error(\"not available in a rubric\"); "
	"def input: __outside; def inputs: __outside; def env: __outside; "
	"def now: __outside; def localtime: __outside; "
	"def strflocaltime(f): __outside; def modulemeta: __outside; "
	"def input_filename: __outside; def input_line_number: __outside; "
	"def get_search_list: __outside; def halt: __outside; "
	"def halt_error: __outside; def halt_error(f): __outside; "
	"def debug: .; def stderr: .; "
	"def calls: .[] | select(.type == \"ioctl\" and .on and "
	".on != \"not_kvm\" and (.errno | not) and .ret != null and "
	"(.injected | not)); "
	"def __digits: explode[] | if . > 96 then . - 87 else . - 48 end; "
	"def hex: ltrimstr(\"0x\") | reduce __digits as $d (0; . * 16 + $d); "
	"def le: . as $h | reduce range(length - 2; -1; -2) as $i (0; "
	". * 256 + ($h[$i:$i + 2] | hex));\n";

struct expression {
	const char *text;
	size_t line;	/* of the program, where the text begins */
};

struct expressions {
	jq_state *jq;
	struct expression *all;
	size_t count;
	struct buffer program;
	struct buffer error;
	/* While compiling: who is told, and about which; count: by the line. */
	expressions_problem_fn *problem;
	void *context;
	size_t checked;
	size_t problems;
};

/* No clock, file or terminal of jq's; its messages come to us. */
static jq_state *new_state(jq_msg_cb message, void *context)
{
	jq_state *jq = jq_init();

	if (!jq)
		log_die("out of memory: jq");
	jq_set_error_cb(jq, message, context);
	/* 1.6 leaves these uninitialised, and asserts that there is a path. */
	jq_set_input_cb(jq, NULL, NULL);
	jq_set_debug_cb(jq, NULL, NULL);
	jq_set_attr(jq, jv_string("JQ_LIBRARY_PATH"), jv_array());
	jq_set_attr(jq, jv_string("JQ_ORIGIN"), jv_string("/nonexistent"));
	jq_set_attr(jq, jv_string("PROGRAM_ORIGIN"),
		    jv_string("/nonexistent"));
	return jq;
}

struct expressions *expressions_new(void)
{
	struct expressions *expressions = calloc(1, sizeof(*expressions));

	if (!expressions)
		log_die("out of memory: the expressions");
	return expressions;
}

void expressions_free(struct expressions *expressions)
{
	if (!expressions)
		return;
	if (expressions->jq)
		jq_teardown(&expressions->jq);
	free(expressions->all);
	buffer_free(&expressions->program);
	buffer_free(&expressions->error);
	free(expressions);
}

size_t expressions_add(struct expressions *expressions, const char *text)
{
	size_t count = expressions->count + 1;

	expressions->all = realloc(expressions->all,
				   count * sizeof(expressions->all[0]));
	if (!expressions->all)
		log_die("out of memory: %zu expressions", count);
	expressions->all[expressions->count] = (struct expression){ text, 0 };
	return expressions->count++;
}

/* Compiling */

static void tell(struct expressions *expressions, size_t number,
		 const char *reason)
{
	expressions->problems++;
	expressions->problem(expressions->context, number, reason);
}

/* Which expression stands in this line of the program. */
static size_t find_by_line(const struct expressions *expressions, size_t line)
{
	size_t found = 0;

	for (size_t i = 0; i < expressions->count; i++)
		if (expressions->all[i].line <= line)
			found = i;
	return found;
}

/*
 * jq's message is "jq: error: WHAT at <top-level>, line N:\nTEXT", and
 * "jq: 1 compile error" in the end. WHAT is told.
 */
static void take_message(void *context, jv message)
{
	static const char lead[] = "jq: error: ", place[] = " at <top-level>";
	static const char guess[] = " (Unix shell quoting issues?)";
	struct expressions *expressions = context;
	jv text = jq_format_error(message);
	const char *what = jv_string_value(text);
	const char *end, *line;
	size_t number = expressions->checked;

	if (!strncmp(what, lead, strlen(lead))) {
		what += strlen(lead);
		end = strstr(what, place);
		line = end ? strstr(end, "line ") : NULL;
		if (number == expressions->count && line)
			number = find_by_line(expressions,
					      strtoul(line + 5, NULL, 10));
		if (strstr(what, guess))
			end = strstr(what, guess);
		buffer_reset(&expressions->error);
		buffer_add(&expressions->error, what,
			   end ? (size_t)(end - what) : strcspn(what, "\n"));
		/* Of check_syntax(): it parsed. */
		if (strncmp(what, "module not found", 16))
			tell(expressions, number,
			     buffer_string(&expressions->error));
	}
	jv_free(text);
}

/*
 * jq reads ~/.jq and $ENV while it compiles; it gets an empty environment.
 * Nothing of ours runs meanwhile.
 */
static int compile(jq_state *jq, const char *program, jv vars)
{
	char *none[] = { NULL }, **environment = environ;
	int compiled;

	environ = none;
	compiled = jq_compile_args(jq, program, vars);
	environ = environment;
	return compiled;
}

/*
 * Is the text an expression by itself, so that it can't reach into the next?
 * What is whole in [] here and in () later closes neither. jq parses all of a
 * program before it looks for what is included, which isn't there: all other
 * messages are about the text.
 */
static void check_syntax(struct expressions *expressions, size_t number)
{
	jq_state *jq = new_state(take_message, expressions);
	struct buffer program = BUFFER_EMPTY;

	buffer_add_format(&program, "include \"none\"; [%s\n]",
			  expressions->all[number].text);
	expressions->checked = number;
	compile(jq, buffer_string(&program), jv_object());
	jq_teardown(&jq);
	buffer_free(&program);
}

static size_t count_lines(const char *text)
{
	size_t lines = 1;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

/* [NUMBER, INPUT] | the expression of that number applied to the input */
static const char *write_program(struct expressions *expressions)
{
	struct buffer *out = &expressions->program;
	size_t line = 2;

	buffer_reset(out);
	buffer_add_string(out, prologue);
	for (size_t i = 0; i < expressions->count; i++) {
		struct expression *expression = &expressions->all[i];

		expression->line = line;
		buffer_add_format(out, "def __%zu: (%s\n);\n", i,
				  expression->text);
		line += count_lines(expression->text) + 1;
	}
	buffer_add_string(out, ". as [$number, $input] | $input | ");
	for (size_t i = 0; i < expressions->count; i++)
		buffer_add_format(out, "if $number == %zu then __%zu else ", i,
				  i);
	buffer_add_string(out, "empty");
	for (size_t i = 0; i < expressions->count; i++)
		buffer_add_string(out, " end");
	return buffer_string(out);
}

int expressions_compile(struct expressions *expressions, const json_t *vars,
			expressions_problem_fn *problem, void *context)
{
	expressions->problem = problem;
	expressions->context = context;
	for (size_t i = 0; i < expressions->count; i++)
		check_syntax(expressions, i);
	if (expressions->problems)
		return -EINVAL;
	expressions->checked = expressions->count;
	expressions->jq = new_state(take_message, expressions);
	if (compile(expressions->jq, write_program(expressions),
		    vars ? expressions_new_value(vars) : jv_object()))
		return 0;
	if (!expressions->problems)
		tell(expressions, 0, "jq can't compile it");
	return -EINVAL;
}

/* Running */

static jv new_array(const json_t *value)
{
	jv array = jv_array_sized((int)json_array_size(value));
	size_t index;
	json_t *member;

	json_array_foreach(value, index, member)
		array = jv_array_append(array, expressions_new_value(member));
	return array;
}

static jv new_object(const json_t *value)
{
	jv object = jv_object();
	const char *key;
	json_t *member;

	json_object_foreach((json_t *)value, key, member)
		object = jv_object_set(object, jv_string(key),
				       expressions_new_value(member));
	return object;
}

jv expressions_new_value(const json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return new_object(value);
	case JSON_ARRAY:
		return new_array(value);
	case JSON_STRING:
		return jv_string_sized(json_string_value(value),
				       (int)json_string_length(value));
	case JSON_INTEGER:
	case JSON_REAL:
		return jv_number(json_number_value(value));
	case JSON_TRUE:
	case JSON_FALSE:
		return jv_bool(json_is_true(value));
	case JSON_NULL:
		break;
	}
	return jv_null();
}

/* What a failed expression says, with whatever of the input it quotes. */
static int keep_error(struct expressions *expressions, jv invalid)
{
	jv message = jv_invalid_get_msg(invalid);

	if (jv_get_kind(message) != JV_KIND_STRING)
		message = jv_dump_string(message, JV_PRINT_ASCII);
	buffer_reset(&expressions->error);
	buffer_add_string(&expressions->error, jv_string_value(message));
	jv_free(message);
	return -EINVAL;
}

int expressions_run(struct expressions *expressions, size_t number, jv input,
		    jv *ret_value)
{
	jv value;
	int found;

	jq_start(expressions->jq,
		 JV_ARRAY(jv_number((double)number), input), 0);
	value = jq_next(expressions->jq);
	if (jv_is_valid(value)) {
		*ret_value = value;
		found = 1;
	} else if (jv_invalid_has_msg(jv_copy(value))) {
		found = keep_error(expressions, value);
	} else {
		jv_free(value);
		found = 0;
	}
	/* The input is not held until the next run. */
	jq_start(expressions->jq, jv_null(), 0);
	return found;
}

const char *expressions_error(struct expressions *expressions)
{
	return buffer_string(&expressions->error);
}

bool expressions_is_true(jv value)
{
	jv_kind kind = jv_get_kind(value);

	return kind != JV_KIND_NULL && kind != JV_KIND_FALSE;
}
