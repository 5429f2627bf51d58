/* Text for a terminal: wrapped to its width, in colour where wanted. */
#include <string.h>

#include "report/render.h"

#define BOLD "\033[1m"
#define CYAN "\033[36m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"

struct text {
	struct buffer *out;
	struct render_text how;
	unsigned int column;
	unsigned int indent;	/* of the lines that follow in a block */
	bool in_code;
};

static void add_colour(struct text *text, const char *colour)
{
	if (text->how.colour)
		buffer_add_string(text->out, colour);
}

static void add_blanks(struct text *text, unsigned int count)
{
	while (count--)
		buffer_add_char(text->out, ' ');
}

static void start_line(struct text *text, unsigned int indent)
{
	buffer_add_char(text->out, '\n');
	add_blanks(text, indent);
	text->column = indent;
}

/* Columns of a word: backticks take none. */
static unsigned int measure(const char *word, size_t length)
{
	unsigned int columns = 0;

	for (size_t i = 0; i < length; i++)
		columns += word[i] != '`';
	return columns;
}

/* Longer than a line, it is broken; backticks turn the colour on and off. */
static void add_word(struct text *text, const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (word[i] == '`') {
			text->in_code = !text->in_code;
			add_colour(text, text->in_code ? CYAN : PLAIN);
			continue;
		}
		if (text->column >= text->how.width)
			start_line(text, text->indent);
		buffer_add_char(text->out, word[i]);
		text->column++;
	}
}

static void add_wrapped(struct text *text, const char *words)
{
	while (*words) {
		size_t length = strcspn(words, " ");
		unsigned int columns = measure(words, length);

		if (text->column > text->indent &&
		    text->column + 1 + columns > text->how.width)
			start_line(text, text->indent);
		else if (text->column > text->indent) {
			buffer_add_char(text->out, ' ');
			text->column++;
		}
		add_word(text, words, length);
		words += length + strspn(words + length, " ");
	}
}

/* A colon and more goes before, in a colour of its own. */
static void add_title(struct text *text, const char *title)
{
	if (!*title)
		return;
	add_colour(text, YELLOW);
	add_wrapped(text, title);
	add_colour(text, PLAIN);
}

static void add_block(struct text *text, const struct block *block,
		      bool is_joined)
{
	unsigned int indent = text->indent;

	if (!is_joined)
		buffer_add_char(text->out, '\n');
	add_blanks(text, indent);
	text->column = indent;
	if (block->kind == BLOCK_LINES) {
		buffer_add_string(text->out, block->text);
	} else {
		if (block->kind == BLOCK_ITEM) {
			buffer_add_string(text->out, "- ");
			text->indent = text->column += 2;
		}
		add_title(text, render_block_title(block->kind));
		add_wrapped(text, block->text);
	}
	buffer_add_char(text->out, '\n');
	text->indent = indent;
}

static void add_blocks(struct text *text, const struct answer *answer)
{
	for (size_t i = 0; i < answer->block_count; i++) {
		enum block_kind kind = answer->blocks[i].kind;

		/* Items belong to the sentence before them. */
		add_block(text, &answer->blocks[i], i &&
			  (kind == BLOCK_ITEM || (kind == BLOCK_LINES &&
			   answer->blocks[i - 1].kind == BLOCK_LINES)));
	}
}

static void add_heading(struct text *text, const struct answer *answer)
{
	start_line(text, 0);
	add_colour(text, BOLD);
	buffer_add_format(text->out, "%s  ", answer->id);
	text->indent = text->column = 4;
	add_wrapped(text, answer->question);
	add_colour(text, PLAIN);
	buffer_add_char(text->out, '\n');
}

static void add_evidence(struct text *text, const struct answer *answer)
{
	struct buffer numbers = BUFFER_EMPTY;

	if (!json_array_size(answer->evidence))
		return;
	buffer_add_string(&numbers, "Evidence: ");
	render_add_evidence(&numbers, answer);
	start_line(text, text->indent);
	add_wrapped(text, buffer_string(&numbers));
	buffer_add_char(text->out, '\n');
	buffer_free(&numbers);
}

void render_text(struct buffer *out, const struct report *report,
		 struct render_text how)
{
	struct text text = { .out = out, .how = how };

	if (how.width < RENDER_WIDTH_MIN)
		text.how.width = RENDER_WIDTH_MIN;
	add_colour(&text, BOLD);
	buffer_add_string(out, "Study report");
	add_colour(&text, PLAIN);
	buffer_add_char(out, '\n');
	add_blocks(&text, &report->introduction);
	for (size_t i = 0; i < QUESTION_COUNT; i++) {
		add_heading(&text, &report->answers[i]);
		add_blocks(&text, &report->answers[i]);
		add_evidence(&text, &report->answers[i]);
	}
}
