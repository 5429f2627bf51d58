#include "sink/text_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ROOM_MIN 8	/* columns; in fewer a broken word is no help */

/* ECMA-48 "select graphic rendition". */
static const char *const style_codes[] = {
	[STYLE_PLAIN] = NULL,
	[STYLE_NAME] = "\x1b[1m",
	[STYLE_DIM] = "\x1b[2m",
	[STYLE_ERROR] = "\x1b[31m",
	[STYLE_WARNING] = "\x1b[33m",
	[STYLE_GUEST] = "\x1b[32m",
};

/*
 * The only way from a word to the output. Words are escaped where they are
 * made; a control character that got here all the same is our bug, and still
 * doesn't reach a terminal.
 */
static void write_text(struct text_line *line, enum text_style style,
		       const char *text, size_t length)
{
	const char *code = line->colour ? style_codes[style] : NULL;
	size_t i;

	if (code)
		buffer_add_string(line->out, code);
	for (i = 0; i < length; i++)
		buffer_add_char(line->out, text[i] >= ' ' && text[i] <= '~'
						   ? text[i] : '?');
	if (code)
		buffer_add_string(line->out, "\x1b[0m");
	line->column += (unsigned)length;
	line->has_word = true;
}

static void write_blanks(struct text_line *line, unsigned count)
{
	line->column += count;
	while (count--)
		buffer_add_char(line->out, ' ');
}

void text_line_begin_at(struct text_line *line, unsigned column)
{
	line->column = 0;
	line->has_word = false;
	line->indent = column;
	write_blanks(line, column);
}

void text_line_begin(struct text_line *line, const char *label,
		     enum text_style style)
{
	size_t length = label ? strlen(label) : 0;
	unsigned end = TEXT_GUTTER - 2;

	if (!length) {
		text_line_begin_at(line, TEXT_GUTTER);
		return;
	}
	line->column = 0;
	line->indent = TEXT_GUTTER;
	write_blanks(line, length < end ? end - (unsigned)length : 0);
	write_text(line, style, label, length);
	write_blanks(line, 2);
	line->has_word = false;
}

/* Blanks before words that never came are taken back. */
void text_line_end(struct text_line *line)
{
	struct buffer *out = line->out;

	if (!line->has_word)
		while (out->length && out->data[out->length - 1] == ' ')
			out->length--;
	buffer_add_char(out, '\n');
	line->column = 0;
}

void text_line_next(struct text_line *line, unsigned column)
{
	if (line->has_word || line->column != column) {
		text_line_end(line);
		text_line_begin_at(line, column);
	}
	line->indent = column;
}

void text_line_align(struct text_line *line, unsigned column)
{
	if (line->column < column)
		write_blanks(line, column - line->column);
}

void text_line_start(struct text_line *line, unsigned column)
{
	text_line_align(line, column);
	line->has_word = line->column > column;
	line->indent = column;
}

struct buffer *text_line_word(struct text_line *line)
{
	buffer_reset(&line->word);
	return &line->word;
}

/* Where a word is broken for `room`: behind what parts names, if there is. */
static size_t find_break(const char *word, size_t room)
{
	for (size_t at = room; at > room / 2; at--)
		if (strchr("_/,.:;-+=", word[at - 1]))
			return at;
	return room;
}

static void break_line(struct text_line *line)
{
	text_line_end(line);
	write_blanks(line, line->indent);
}

/* Words that no line has room for are broken, where there is room for some. */
static void put_piece(struct text_line *line, unsigned gap,
		      enum text_style style, const char *text, size_t length)
{
	if (line->has_word && line->column + gap + length > line->width)
		break_line(line);
	else if (line->has_word)
		write_blanks(line, gap);
	while (line->column + length > line->width &&
	       line->column + ROOM_MIN <= line->width) {
		size_t part = find_break(text, line->width - line->column);

		write_text(line, style, text, part);
		break_line(line);
		text += part;
		length -= part;
	}
	write_text(line, style, text, length);
}

/* Put text that may be broken at its blanks. */
static void put_pieces(struct text_line *line, unsigned gap,
		       enum text_style style, const char *text, size_t length)
{
	const char *end = text + length;
	const char *piece;

	while (text < end) {
		for (piece = text; text < end && *text != ' '; text++)
			;
		if (text > piece)
			put_piece(line, gap, style, piece,
				  (size_t)(text - piece));
		for (gap = 0; text < end && *text == ' '; text++)
			gap++;
	}
}

void text_line_put(struct text_line *line, unsigned gap, enum text_style style)
{
	const struct buffer *word = &line->word;

	if (!word->length)
		return;
	if (line->indent + word->length > line->width)
		put_pieces(line, gap, style, word->data, word->length);
	else
		put_piece(line, gap, style, word->data, word->length);
}

void text_line_put_whole(struct text_line *line, unsigned gap,
			 enum text_style style)
{
	write_blanks(line, gap);
	write_text(line, style, line->word.data, line->word.length);
}

void text_line_add(struct text_line *line, unsigned gap, enum text_style style,
		   const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	buffer_add_string(text_line_word(line), text);
	text_line_put(line, gap, style);
}

void text_line_add_sentence(struct text_line *line, unsigned gap,
			    enum text_style style, const json_t *string)
{
	struct buffer *word = text_line_word(line);

	text_escape_string(word, string);
	put_pieces(line, gap, style, word->data, word->length);
}
