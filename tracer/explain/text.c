/* How an answer is laid out: plain text of 80 columns. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "explain/internal.h"

#define COLUMNS 80
#define LABEL_COLUMNS 12

bool explain_is(const struct explain_wanted *wanted, const char *name)
{
	return name && !wanted->is_number && !strcasecmp(wanted->name, name);
}

static char fold(const char **at)
{
	*at += strspn(*at, " -_");
	return (char)tolower((unsigned char)**at);
}

bool explain_is_alike(const char *name, const char *other)
{
	for (;; name++, other++) {
		char letter = fold(&name);

		if (letter != fold(&other))
			return false;
		if (!letter)
			return true;
	}
}

bool explain_is_numbered(const struct explain_wanted *wanted, const char *stem,
			 size_t length, uint64_t *ret_number)
{
	const char *digits = wanted->name + length;

	if (wanted->is_number || strncasecmp(wanted->name, stem, length) ||
	    !*digits || strlen(digits) > 18 ||
	    digits[strspn(digits, "0123456789")])
		return false;
	*ret_number = strtoull(digits, NULL, 10);
	return true;
}

void explain_add_title(struct explain_page *page, const char *format, ...)
{
	char title[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(title, sizeof(title), format, arguments);
	va_end(arguments);
	if (page->out->length)
		buffer_add_char(page->out, '\n');
	explain_add_words(page->out, 4, title);
}

void explain_add_row(struct explain_page *page, const char *label,
		     const char *words)
{
	buffer_add_format(page->out, "  %-*s", LABEL_COLUMNS - 2, label);
	explain_add_words(page->out, LABEL_COLUMNS, words);
}

static size_t find_column(const struct buffer *out)
{
	size_t column = 0;

	while (column < out->length &&
	       out->data[out->length - column - 1] != '\n')
		column++;
	return column;
}

void explain_add_words(struct buffer *out, size_t indent, const char *words)
{
	size_t column = find_column(out);
	bool is_first = true;

	while (*words) {
		size_t length = strcspn(words, " ");

		if (!is_first && column + 1 + length > COLUMNS) {
			buffer_add_format(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (!is_first) {
			buffer_add_char(out, ' ');
			column++;
		}
		is_first = false;
		buffer_add(out, words, length);
		column += length;
		words += length + (words[length] == ' ');
	}
	buffer_add_char(out, '\n');
}

static bool has_item(struct buffer *list, const char *item)
{
	size_t length = strlen(item);

	for (const char *at = buffer_string(list); (at = strstr(at, item));
	     at += length)
		if ((at == list->data || at[-1] == ' ') &&
		    (!at[length] || at[length] == ','))
			return true;
	return false;
}

void explain_add_item(struct buffer *list, const char *item)
{
	if (has_item(list, item))
		return;
	if (list->length)
		buffer_add_string(list, ", ");
	buffer_add_string(list, item);
}
