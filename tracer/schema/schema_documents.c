#include "schema/schema_documents.h"

#include <string.h>

#include "base/log.h"

/* schema_texts.S */
extern const char schema_diff_start[], schema_diff_end[];
extern const char schema_report_start[], schema_report_end[];
extern const char schema_grade_start[], schema_grade_end[];
extern const char schema_rubric_start[], schema_rubric_end[];
extern const char schema_stat_start[], schema_stat_end[];

static const struct {
	const char *name;
	const char *start, *end;
} documents[] = {
	{ "diff", schema_diff_start, schema_diff_end },
	{ "report", schema_report_start, schema_report_end },
	{ "grade", schema_grade_start, schema_grade_end },
	{ "rubric", schema_rubric_start, schema_rubric_end },
	{ "stat", schema_stat_start, schema_stat_end },
};

const char *schema_document_name(size_t index)
{
	return index < sizeof(documents) / sizeof(documents[0]) ?
		documents[index].name : NULL;
}

const char *schema_find_document(const char *name, size_t *ret_length)
{
	for (size_t i = 0; schema_document_name(i); i++) {
		if (strcmp(documents[i].name, name))
			continue;
		*ret_length = (size_t)(documents[i].end - documents[i].start);
		return documents[i].start;
	}
	return NULL;
}

json_t *schema_new_document(const char *name)
{
	json_error_t error;
	size_t length = 0;
	const char *text = schema_find_document(name, &length);
	json_t *schema = text ? json_loadb(text, length, JSON_REJECT_DUPLICATES,
					   &error) : NULL;

	if (!schema)
		log_die("the schema '%s' is %s", name,
			text ? error.text : "not there");
	return schema;
}
