/* Markdown, and JSON with Markdown in it. */
#include <stdlib.h>
#include <string.h>

#include "report/render.h"

/* Items and lines of one kind stand together; all else is a paragraph. */
static bool is_joined(const struct answer *answer, size_t i)
{
	enum block_kind kind = answer->blocks[i].kind;

	return i && answer->blocks[i - 1].kind == kind &&
	       (kind == BLOCK_ITEM || kind == BLOCK_LINES);
}

static void add_block(struct buffer *out, const struct answer *answer, size_t i)
{
	const struct block *block = &answer->blocks[i];
	const char *title = render_block_title(block->kind);
	bool ends = i + 1 == answer->block_count || !is_joined(answer, i + 1);

	if (i && !is_joined(answer, i))
		buffer_add_char(out, '\n');
	if (block->kind == BLOCK_LINES && !is_joined(answer, i))
		buffer_add_string(out, "```text\n");
	if (block->kind == BLOCK_ITEM)
		buffer_add_string(out, "- ");
	if (block->kind == BLOCK_SHEET)
		buffer_add_string(out, "> ");
	if (*title)
		buffer_add_format(out, "**%.*s** ", (int)strlen(title) - 1,
				  title);
	buffer_add_string(out, block->text);
	buffer_add_char(out, '\n');
	if (block->kind == BLOCK_LINES && ends)
		buffer_add_string(out, "```\n");
}

static void add_blocks(struct buffer *out, const struct answer *answer)
{
	for (size_t i = 0; i < answer->block_count; i++)
		add_block(out, answer, i);
}

void render_markdown(struct buffer *out, const struct report *report)
{
	buffer_add_string(out, "# Study report\n\n");
	add_blocks(out, &report->introduction);
	for (size_t i = 0; i < QUESTION_COUNT; i++) {
		const struct answer *answer = &report->answers[i];

		buffer_add_format(out, "\n## %s. %s\n\n", answer->id,
				  answer->question);
		add_blocks(out, answer);
		if (!json_array_size(answer->evidence))
			continue;
		buffer_add_string(out, "\nEvidence: ");
		render_add_evidence(out, answer);
		buffer_add_char(out, '\n');
	}
}

static json_t *new_text(const struct answer *answer)
{
	struct buffer text = BUFFER_EMPTY;
	json_t *string;

	add_blocks(&text, answer);
	string = json_stringn(text.data, text.length ? text.length - 1 : 0);
	buffer_free(&text);
	return string;
}

void render_json(struct buffer *out, const struct report *report)
{
	json_t *questions = json_array();
	json_t *document = json_pack("{s:s, s:b, s:o, s:o}",
				     "report", REPORT_SCHEMA, "complete",
				     report->is_complete, "introduction",
				     new_text(&report->introduction),
				     "questions", questions);
	char *text;

	for (size_t i = 0; i < QUESTION_COUNT; i++) {
		const struct answer *answer = &report->answers[i];

		json_array_append_new(questions, json_pack(
			"{s:s, s:s, s:o, s:b, s:O}", "id", answer->id,
			"question", answer->question, "answer",
			new_text(answer), "answered", answer->is_known,
			"evidence", answer->evidence));
	}
	text = json_dumps(document, JSON_INDENT(1));
	buffer_add_string(out, text);
	buffer_add_char(out, '\n');
	free(text);
	json_decref(document);
}
