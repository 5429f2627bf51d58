#include "compare/kept.h"

#include <string.h>

#include "base/hash.h"

/* Keys of ours are shorter. */
#define KEY_MAX 80

/* Printable ASCII; what is beyond `most` becomes an ellipsis. */
static void add_safely(struct buffer *out, const char *text, size_t length,
		       size_t most)
{
	size_t shown = length < most ? length : most;

	for (size_t i = 0; i < shown; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\n')
			buffer_add_string(out, "\\n");
		else if (c < 0x20 || c > 0x7e)
			buffer_add_format(out, "\\x%02x", c);
		else
			buffer_add_char(out, (char)c);
	}
	if (shown < length)
		buffer_add_string(out, "...");
}

static void add_path(struct buffer *out, const struct place *place)
{
	if (!place)
		return;
	add_path(out, place->parent);
	if (!place->key.length) {
		buffer_add_format(out, "[%zu]", place->index);
		return;
	}
	buffer_add_char(out, '.');
	add_safely(out, place->key.text + 1, place->key.length - 2, KEY_MAX);
}

size_t kept_add(struct kept *kept, const struct fact *fact)
{
	struct kept_fact row = {
		.place = fact->place->fact,
		.value = hash_bytes(fact->is_string, fact->text, fact->length),
		.path = kept->bytes.length,
		.is_string = fact->is_string,
		.is_shadow = fact->is_shadow,
		.is_derived = fact->is_derived,
		.is_optional = fact->is_optional,
	};

	kept->is_cut |= kept->bytes.length + kept->rows.length >
			KEPT_BYTES_MAX;
	if (kept->is_cut)
		return 0;
	add_path(&kept->bytes, fact->place);
	buffer_add_char(&kept->bytes, '\0');
	row.text = kept->bytes.length;
	add_safely(&kept->bytes, fact->text, fact->length, KEPT_TEXT_MAX);
	buffer_add_char(&kept->bytes, '\0');
	buffer_add(&kept->rows, &row, sizeof(row));
	return kept->bytes.length - row.path + sizeof(row);
}

void kept_free(struct kept *kept)
{
	buffer_free(&kept->bytes);
	buffer_free(&kept->rows);
}

size_t kept_count(const struct kept *kept)
{
	return kept->rows.length / sizeof(struct kept_fact);
}

const struct kept_fact *kept_at(const struct kept *kept, size_t index)
{
	return (const struct kept_fact *)kept->rows.data + index;
}

const char *kept_path(const struct kept *kept, const struct kept_fact *fact)
{
	return kept->bytes.data + fact->path;
}

const char *kept_text(const struct kept *kept, const struct kept_fact *fact)
{
	return kept->bytes.data + fact->text;
}

const char *kept_find(const struct kept *kept, const char *path)
{
	for (size_t i = 0; i < kept_count(kept); i++)
		if (!strcmp(kept_path(kept, kept_at(kept, i)), path))
			return kept_text(kept, kept_at(kept, i));
	return NULL;
}
