#include "cli/roff.h"

#include <ctype.h>
#include <stdbool.h>

#define ROFF_WIDTH 60	/* where a line may end; mandoc wants less than 80 */

/* A hyphen that people may copy into a shell is no hyphen to break at. */
static void add_character(struct buffer *out, const char *text, size_t index,
			  bool *is_code)
{
	char before = index ? text[index - 1] : ' ';

	if (text[index] == '\\')
		buffer_add_string(out, "\\e");
	else if (text[index] == '`')
		buffer_add_string(out, (*is_code = !*is_code) ?
				  "\\fB\\%" : "\\fR");
	else if (text[index] == '-' && (strchr(" -`[(", before) || *is_code))
		buffer_add_string(out, "\\-");
	else
		buffer_add_char(out, text[index]);
}

void roff_add_word(struct buffer *out, const char *word, size_t length)
{
	bool is_code = true;

	for (size_t i = 0; i < length; i++)
		add_character(out, word, i, &is_code);
}

static bool ends_sentence(const char *text, size_t index)
{
	return index && strchr(".?!:", text[index - 1]) &&
	       isupper((unsigned char)text[index + 1]);
}

/* At a blank: go on in a new line where roff wants it. */
static bool breaks(const struct buffer *out, size_t line, const char *text,
		   size_t index)
{
	return ends_sentence(text, index) || out->length - line > ROFF_WIDTH;
}

static void add_paragraph(struct buffer *out, const char *text, size_t length)
{
	size_t line = out->length;
	bool is_code = false;

	for (size_t i = 0; i < length; i++) {
		bool is_blank = text[i] == ' ' || text[i] == '\n';

		if (is_blank && breaks(out, line, text, i)) {
			buffer_add_char(out, '\n');
			line = out->length;
		} else if (is_blank) {
			buffer_add_char(out, ' ');
		} else {
			/* A request begins with one of these. */
			if (out->length == line && strchr(".'", text[i]))
				buffer_add_string(out, "\\&");
			add_character(out, text, i, &is_code);
		}
	}
	buffer_add_char(out, '\n');
}

void roff_add_text(struct buffer *out, const char *text)
{
	for (;;) {
		const char *end = strstr(text, "\n\n");

		add_paragraph(out, text,
			      end ? (size_t)(end - text) : strlen(text));
		if (!end)
			return;
		buffer_add_string(out, ".Pp\n");
		text = end + 2;
	}
}
