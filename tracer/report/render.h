/* A finished report as text for a terminal, as Markdown, or as JSON. */
#ifndef REPORT_RENDER_H
#define REPORT_RENDER_H

#include "base/buffer.h"
#include "report/study.h"

#define REPORT_SCHEMA "kvmtrace-report/1"

struct report {
	struct answer introduction;
	struct answer answers[QUESTION_COUNT];
	bool is_complete;	/* the trace is */
};

struct render_text {
	unsigned int width;	/* columns; at least RENDER_WIDTH_MIN are used */
	bool colour;
};
#define RENDER_WIDTH_MIN 40

void render_text(struct buffer *out, const struct report *report,
		 struct render_text how);
void render_markdown(struct buffer *out, const struct report *report);
/* One document, schemas/report.schema.json; its answers are Markdown. */
void render_json(struct buffer *out, const struct report *report);

/* For those: "seq 5, 10 to 14"; what goes before a block's text, or "". */
void render_add_evidence(struct buffer *out, const struct answer *answer);
const char *render_block_title(enum block_kind kind);

#endif
