/*
 * JUnit's XML as GitLab, GitHub's actions and Jenkins read it: a suite for
 * each submission, a case for each check, the points as properties. A case's
 * name holds the check's id, because readers drop cases of equal names.
 */
#include "compare/result.h"

static const char *find_entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

/*
 * XML 1.0 has no way to write most control characters (result_add_safe()
 * replaces them), nor U+FFFE and U+FFFF, in UTF-8 0xef 0xbf 0xbe or 0xbf.
 */
static void add_xml(struct buffer *out, const char *text)
{
	struct buffer safe = BUFFER_EMPTY;

	result_add_safe(&safe, text);
	for (const char *c = buffer_string(&safe); *c; c++) {
		const char *entity = find_entity(*c);

		if (*c == '\xef' && c[1] == '\xbf' &&
		    (c[2] == '\xbe' || c[2] == '\xbf')) {
			buffer_add_char(out, '?');
			c += 2;
		} else if (entity) {
			buffer_add_string(out, entity);
		} else {
			buffer_add_char(out, *c);
		}
	}
	buffer_free(&safe);
}

static void add_attribute(struct buffer *out, const char *name,
			  const char *text)
{
	buffer_add_format(out, " %s=\"", name);
	add_xml(out, text);
	buffer_add_char(out, '"');
}

static void add_property(struct buffer *out, const char *prefix,
			 const char *name, const json_t *object,
			 const char *key)
{
	buffer_add_format(out, "      <property name=\"%s%s\" value=\"", prefix,
			  name);
	result_add_number(out, object, key);
	buffer_add_string(out, "\"/>\n");
}

static void add_notes(struct buffer *out, const json_t *result)
{
	size_t index;
	json_t *note;

	json_array_foreach(json_object_get(result, "notes"), index, note) {
		buffer_add_string(out, "      <property name=\"note\"");
		add_attribute(out, "value", json_string_value(note));
		buffer_add_string(out, "/>\n");
	}
}

static void add_properties(struct buffer *out, const json_t *result)
{
	size_t index;
	json_t *check;

	buffer_add_string(out, "    <properties>\n");
	add_property(out, "", "score", result, "score");
	add_property(out, "", "max_score", result, "max_score");
	add_notes(out, result);
	json_array_foreach(json_object_get(result, "checks"), index, check) {
		const char *id = result_string(check, "id");

		add_property(out, "score.", id, check, "score");
		add_property(out, "max_score.", id, check, "points");
	}
	buffer_add_string(out, "    </properties>\n");
}

/* <failure> or, where nothing could be graded, <error>. */
static void add_failure(struct buffer *out, const char *element,
			const json_t *check)
{
	const char *hint = result_string(check, "hint");

	buffer_add_format(out, "      <%s", element);
	add_attribute(out, "message", result_string(check, "reason"));
	add_attribute(out, "type", "points");
	buffer_add_char(out, '>');
	result_add_number(out, check, "score");
	buffer_add_string(out, " of ");
	result_add_number(out, check, "points");
	buffer_add_string(out, " points: ");
	add_xml(out, result_string(check, "reason"));
	if (hint) {
		buffer_add_string(out, "\nHint: ");
		add_xml(out, hint);
	}
	buffer_add_format(out, "</%s>\n", element);
}

static void add_case(struct buffer *out, const json_t *result,
		     const json_t *check)
{
	struct buffer name = BUFFER_EMPTY;
	bool graded = result_is_true(result, "graded");

	buffer_add_format(&name, "%s: %s", result_string(check, "id"),
			  result_string(check, "title"));
	buffer_add_string(out, "    <testcase");
	add_attribute(out, "classname", result_string(result, "submission"));
	add_attribute(out, "name", buffer_string(&name));
	buffer_add_string(out, " time=\"0\"");
	if (result_is_true(check, "passed")) {
		buffer_add_string(out, "/>\n");
	} else {
		buffer_add_string(out, ">\n");
		add_failure(out, graded ? "failure" : "error", check);
		buffer_add_string(out, "    </testcase>\n");
	}
	buffer_free(&name);
}

static size_t count_lost(const json_t *result)
{
	size_t index, lost = 0;
	json_t *check;

	json_array_foreach(json_object_get(result, "checks"), index, check)
		lost += !result_is_true(check, "passed");
	return lost;
}

static void add_counts(struct buffer *out, size_t tests, size_t failures,
		       size_t errors)
{
	buffer_add_format(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"",
			  tests, failures, errors);
}

static void add_suite(struct buffer *out, const json_t *result)
{
	const json_t *checks = json_object_get(result, "checks");
	bool graded = result_is_true(result, "graded");
	size_t index, lost = count_lost(result);
	json_t *check;

	buffer_add_string(out, "  <testsuite");
	add_attribute(out, "name", result_string(result, "submission"));
	add_counts(out, json_array_size(checks), graded ? lost : 0,
		   graded ? 0 : lost);
	buffer_add_string(out, " skipped=\"0\" time=\"0\">\n");
	add_properties(out, result);
	json_array_foreach(checks, index, check)
		add_case(out, result, check);
	buffer_add_string(out, "  </testsuite>\n");
}

void result_print_junit(struct buffer *out, const char *title,
			const json_t *results)
{
	size_t index, tests = 0, failures = 0, errors = 0;
	json_t *result;

	json_array_foreach(results, index, result) {
		size_t lost = count_lost(result);

		tests += json_array_size(json_object_get(result, "checks"));
		if (result_is_true(result, "graded"))
			failures += lost;
		else
			errors += lost;
	}
	buffer_add_string(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			  "<testsuites");
	add_attribute(out, "name", title);
	add_counts(out, tests, failures, errors);
	buffer_add_string(out, " time=\"0\">\n");
	json_array_foreach(results, index, result)
		add_suite(out, result);
	buffer_add_string(out, "</testsuites>\n");
}
