/* The values of a line: which of them count, and under what name. */
#include <errno.h>

#include "compare/normalise_internal.h"
#include "compare/spans.h"

/* Smaller numbers are counts and characters rather than addresses. */
#define ADDRESS_LEAST (16u << 20)

int normaliser_refuse(struct normaliser *normaliser, const char *why,
		      size_t at)
{
	normaliser->error = why;
	normaliser->error_at = at;
	return -EBADMSG;
}

/* What a string says, in the text or in the scratch buffer. */
static struct json_span text_of(struct normaliser *normaliser,
				struct json_span string)
{
	if (json_scan_is_plain(string))
		return (struct json_span){ string.text + 1, string.length - 2 };
	buffer_reset(&normaliser->scratch);
	json_scan_unescape(&normaliser->scratch, string);
	return (struct json_span){ normaliser->scratch.data,
				   normaliser->scratch.length };
}

/* The member's or element's place; -EBADMSG for a key that stands twice. */
static int enter(struct normaliser *normaliser, struct place *place)
{
	const struct place *parent = place->parent;
	uint64_t above = parent ? parent->fact : rules_top(normaliser->rules);
	uint64_t rule = parent ? parent->rule : rules_top(normaliser->rules);
	struct json_span key;
	uint32_t *is_there;

	if (!place->key.length) {
		place->fact = hash_mix(above, place->index + 1);
		place->rule = rule;
		return 0;
	}
	key = text_of(normaliser, place->key);
	place->fact = hash_bytes(above, key.text, key.length);
	place->rule = above == rule ? place->fact :
		      hash_bytes(rule, key.text, key.length);
	is_there = hash_map_at(&normaliser->keys, place->fact, 0);
	if (*is_there)
		return normaliser_refuse(normaliser, "a key stands twice",
			      (size_t)(place->key.text - normaliser->line) + 1);
	*is_there = 1;
	return 0;
}

static bool ends_with(struct json_span key, const char *end)
{
	size_t length = strlen(end);

	/* The closing quote counts. */
	return key.length > length + 1 &&
	       !memcmp(key.text + key.length - 1 - length, end, length);
}

/* The value's rule, or that of what it stands in; names in words never count
 * (schemas/README.md, "Values"). */
static enum rule find_rule(const struct normaliser *normaliser,
			   const struct place *place, enum rule above)
{
	enum rule rule = rules_find(normaliser->rules, normaliser->call,
				    place->rule);

	if (above == RULE_CODES)
		return span_is_string(place->key, "code") ? RULE_DERIVED :
		       place->key.length ? RULE_SKIP : RULE_CODES;
	if (rule == RULE_KEEP && above != RULE_KEEP && above != RULE_IDENTITY)
		rule = above;
	if (!place->key.length || rule == RULE_SKIP)
		return rule;
	if (ends_with(place->key, "_name") || ends_with(place->key, "_names"))
		return RULE_SHADOW;
	if (place->parent && !normaliser->is_console &&
	    span_is_string(place->key, "text"))
		return RULE_SHADOW;
	return rule;
}

static void put_text(struct normaliser *normaliser, struct fact *fact,
		     const char *text)
{
	struct buffer *scratch = &normaliser->scratch;

	if (text) {
		buffer_reset(scratch);
		buffer_add_string(scratch, text);
	}
	fact->text = scratch->data;
	fact->length = scratch->length;
	fact->is_string = true;
}

static void name_thread(struct normaliser *normaliser, struct fact *fact,
			struct json_span value)
{
	uint64_t tid;
	bool is_new;

	if (!span_read_number(value, &tid))
		return;
	buffer_reset(&normaliser->scratch);
	buffer_add_char(&normaliser->scratch, 'T');
	buffer_add_unsigned(&normaliser->scratch,
			    names_find_thread(&normaliser->names, tid,
					      &is_new));
	if (is_new)
		normaliser->event->flags |= EVENT_NAMES;
	put_text(normaliser, fact, NULL);
}

static void name_hva(struct normaliser *normaliser, struct fact *fact,
		     struct json_span value)
{
	uint64_t hva;

	if (!span_read_hex(value, &hva) || !hva)
		return;
	buffer_reset(&normaliser->scratch);
	if (names_add_hva(&normaliser->names, normaliser->event->vm, hva,
			  &normaliser->scratch))
		put_text(normaliser, fact, NULL);
	else
		put_text(normaliser, fact, "an address of the program");
}

static void name_port_data(struct normaliser *normaliser, struct fact *fact,
			   struct json_span value)
{
	const struct names *names = &normaliser->names;
	int32_t vm = normaliser->event->vm;
	struct buffer *scratch = &normaliser->scratch;
	bool is_word = value.length == 10;
	uint64_t hva;

	if (!span_read_bytes(value, &hva) || hva < ADDRESS_LEAST)
		return;
	buffer_reset(scratch);
	if (is_word ? names_add_hva32(names, vm, (uint32_t)hva, scratch)
		    : names_add_hva(names, vm, hva, scratch))
		put_text(normaliser, fact, NULL);
}

/* By its rule, the text that stands for the value. */
static void apply_rule(struct normaliser *normaliser, struct fact *fact,
		       struct json_span value, enum rule rule)
{
	bool is_negative = *value.text == '-';

	switch (rule) {
	case RULE_THREAD:
		name_thread(normaliser, fact, value);
		return;
	case RULE_DESCRIPTOR:
		if (!is_negative)
			put_text(normaliser, fact, "a descriptor");
		return;
	case RULE_RESULT:
		if (!is_negative)
			put_text(normaliser, fact, "done");
		return;
	case RULE_HVA:
		name_hva(normaliser, fact, value);
		return;
	case RULE_PORT_DATA:
		name_port_data(normaliser, fact, value);
		return;
	default:
		return;
	}
}

static void add_fact(struct normaliser *normaliser, const struct fact *fact,
		     enum rule rule)
{
	uint64_t hash;

	if (!fact->is_shadow) {
		hash = hash_mix(fact->place->fact,
				hash_bytes(fact->is_string, fact->text,
					   fact->length));
		if (fact->is_optional)
			normaliser->event->optional += hash;
		else
			normaliser->event->exact += hash;
		if (rule == RULE_IDENTITY)
			normaliser->identity += hash;
	}
	if (normaliser->visit)
		normaliser->visit(normaliser->context, fact);
}

static void add_scalar(struct normaliser *normaliser,
		       const struct place *place, struct json_span value,
		       enum rule rule, enum standing standing)
{
	struct fact fact = {
		.place = place, .text = value.text, .length = value.length,
		.is_shadow = rule == RULE_SHADOW,
		.is_derived = standing != STANDING_OWN,
		.is_optional = standing == STANDING_OPTIONAL,
	};

	/* Nobody looks at words when only the hash is wanted. */
	if (fact.is_shadow && !normaliser->visit)
		return;
	if (*value.text == '"') {
		struct json_span text = text_of(normaliser, value);

		fact.text = text.text;
		fact.length = text.length;
		fact.is_string = true;
	}
	apply_rule(normaliser, &fact, value, rule);
	add_fact(normaliser, &fact, rule);
}

static int read_members(struct normaliser *normaliser,
			const struct place *place, struct json_span value,
			enum rule rule, enum standing standing)
{
	bool is_object = *value.text == '{';
	struct place inner = { .parent = place };
	const char *at = value.text + 1;
	struct json_span member;

	while (is_object ? json_scan_member(&at, &inner.key, &member)
			 : json_scan_element(&at, &member)) {
		int r = normaliser_read_value(normaliser, &inner, member, rule,
					      standing);

		if (r)
			return r;
		inner.index++;
	}
	/* That it is there counts, even when nothing is in it. */
	if (!inner.index)
		add_fact(normaliser, &(struct fact){ .place = place,
			 .text = is_object ? "{}" : "[]", .length = 2,
			 .is_derived = standing != STANDING_OWN,
			 .is_optional = standing == STANDING_OPTIONAL,
			 .is_shadow = rule == RULE_SHADOW }, RULE_KEEP);
	return 0;
}

int normaliser_read_value(struct normaliser *normaliser, struct place *place,
			  struct json_span value, enum rule above,
			  enum standing standing)
{
	int r = enter(normaliser, place);
	enum rule rule;

	if (r)
		return r;
	rule = find_rule(normaliser, place, above);
	if (rule == RULE_OPTIONAL)
		standing = STANDING_OPTIONAL;
	else if (rule == RULE_DERIVED || rule == RULE_CODES)
		standing = STANDING_DERIVED;
	if (rule == RULE_SKIP)
		return 0;
	if (*value.text == '{' || *value.text == '[')
		return read_members(normaliser, place, value, rule, standing);
	add_scalar(normaliser, place, value, rule, standing);
	return 0;
}
