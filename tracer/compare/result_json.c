/* The results as they are (grade.h), under the rubric's title. */
#include "compare/result.h"

void result_print_json(struct buffer *out, const char *title,
		       const json_t *results)
{
	json_t *document = json_pack("{s:s, s:s, s:O}",
				     "schema", "kvmtrace-grade/1",
				     "title", title, "results", results);

	result_add_json(out, document, 1);
	buffer_add_char(out, '\n');
	json_decref(document);
}
