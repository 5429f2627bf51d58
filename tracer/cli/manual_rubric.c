/* kvmtrace-rubric(5): the keys, as the rubric's schema describes them. */
#include <jansson.h>
#include <stdbool.h>

#include "cli/manual.h"
#include "cli/roff.h"
#include "schema/schema_documents.h"

#define REFERENCE "#/definitions/"

/* What a schema says itself, or what it refers to says. */
static const json_t *find(const json_t *schema, const json_t *described,
			  const char *key)
{
	const json_t *found = json_object_get(described, key);
	const char *reference = json_string_value(
		json_object_get(described, "$ref"));

	if (found || !reference)
		return found;
	return find(schema, json_object_get(json_object_get(
			schema, "definitions"), reference + strlen(REFERENCE)),
		    key);
}

/* "a", "a or b", "a, b or c" of an array of strings, or of one. */
static void add_words(struct buffer *out, const json_t *words)
{
	size_t count = json_array_size(words);

	if (json_is_string(words))
		buffer_add_string(out, json_string_value(words));
	for (size_t i = 0; i < count; i++)
		buffer_add_format(out, "%s%s", !i ? "" : i + 1 < count ? ", " :
				  " or ", json_string_value(json_array_get(
					  words, i)));
}

static bool is_required(const json_t *owner, const char *name)
{
	const json_t *required = json_object_get(owner, "required");

	for (size_t i = 0; i < json_array_size(required); i++)
		if (!strcmp(json_string_value(json_array_get(required, i)),
			    name))
			return true;
	return false;
}

/* "Required. String. One of visible, hidden." */
static void add_facts(struct buffer *out, const json_t *schema,
		      const json_t *owner, const char *name,
		      const json_t *described)
{
	const json_t *type = find(schema, described, "type");
	const json_t *words = find(schema, described, "enum");
	const json_t *constant = find(schema, described, "const");
	struct buffer facts = BUFFER_EMPTY;

	if (is_required(owner, name))
		buffer_add_string(&facts, "required ");
	if (constant)
		buffer_add_format(&facts, "\"%s\"",
				  json_string_value(constant));
	add_words(&facts, words ? words : type);
	if (facts.length)
		buffer_add_format(out, " Pq %s", buffer_string(&facts));
	buffer_free(&facts);
}

static void add_keys(struct buffer *out, json_t *schema, json_t *owner)
{
	const char *name;
	json_t *described;

	buffer_add_string(out, ".Bl -tag -width Ds\n");
	json_object_foreach(json_object_get(owner, "properties"), name,
			    described) {
		const json_t *about = find(schema, described, "description");

		if (*name == '$')
			continue;
		buffer_add_format(out, ".It Cm %s", name);
		add_facts(out, schema, owner, name, described);
		buffer_add_char(out, '\n');
		if (about)
			roff_add_text(out, json_string_value(about));
	}
	buffer_add_string(out, ".El\n");
}

static void add_description(struct buffer *out, const json_t *described)
{
	const json_t *about = json_object_get(described, "description");

	if (about)
		roff_add_text(out, json_string_value(about));
}

void manual_add_rubric(struct buffer *out)
{
	json_t *schema = schema_new_document("rubric");
	const char *name;
	json_t *definition;

	add_description(out, schema);
	add_keys(out, schema, schema);
	json_object_foreach(json_object_get(schema, "definitions"), name,
			    definition) {
		if (!json_object_get(definition, "properties"))
			continue;
		buffer_add_format(out, ".Ss The keys of a %s\n", name);
		add_description(out, definition);
		add_keys(out, schema, definition);
	}
	json_decref(schema);
}
