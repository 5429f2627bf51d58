#include "explain/command.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "explain/explain.h"
#include "sink/text_escape.h"

#define STATUS_TROUBLE 2
#define SHOWN_BYTES 64
#define WORDS_MAX 4	/* of one name */

/* A name of several words is one word with dashes, which mean the same. */
static void offer_name(void *candidates, const char *name)
{
	char word[64];
	size_t length = strlen(name);

	if (length >= sizeof(word))
		return;
	for (size_t i = 0; i <= length; i++) {
		word[i] = name[i] == ' ' ? '-' : name[i];
		if (name[i] && !isalnum((unsigned char)word[i]) &&
		    !strchr("_-./", word[i]))
			return;
	}
	candidates_offer(candidates, word, NULL);
}

static void offer_names(struct candidates *candidates)
{
	explain_tell_names(offer_name, candidates);
}

const struct option_table explain_table = {
	.command = "kvmtrace explain",
	.synopsis = "[NAME...]",
	.about = "Says what an ioctl, exit reason, structure, member, flag, capability, MSR, "
		 "CPUID leaf, errno, note or concept is. Without a name it lists what "
		 "there is.",
	.status = "Exit status: 0, or 2 when nothing is called so.",
	.offer = offer_names,
};

/* A name may be anything: what a terminal would obey, or a whole file. */
static void add_shown(struct buffer *out, const char *name)
{
	size_t length = strnlen(name, SHOWN_BYTES + 1);
	bool is_cut = length > SHOWN_BYTES;

	text_escape(out, name, is_cut ? SHOWN_BYTES : length);
	if (is_cut)
		buffer_add_string(out, "...");
}

static void complain(const char *name)
{
	struct buffer near = BUFFER_EMPTY, shown = BUFFER_EMPTY;

	add_shown(&shown, name);
	explain_near_misses(&near, name);
	if (near.length)
		log_error("%s: did you mean %s?", buffer_string(&shown),
			  buffer_string(&near));
	else
		log_error("%s: nothing of KVM's interface is called so",
			  buffer_string(&shown));
	buffer_free(&shown);
	buffer_free(&near);
}

/*
 * "page table" is one name, "KVM_RUN EINTR" are two: the most words that
 * together mean something. How many; 0: the first means nothing.
 */
static int explain_first(struct buffer *out, int count, char **names)
{
	struct buffer name = BUFFER_EMPTY;
	int words = count < WORDS_MAX ? count : WORDS_MAX;

	for (; words > 0; words--) {
		buffer_reset(&name);
		for (int i = 0; i < words; i++)
			buffer_add_format(&name, "%s%s", i ? " " : "",
					  names[i]);
		if (explain_name(out, buffer_string(&name)))
			break;
	}
	buffer_free(&name);
	return words;
}

static int explain_all(struct buffer *out, int count, char **names)
{
	int status = 0;

	for (int i = 0; i < count;) {
		int words = explain_first(out, count - i, names + i);

		if (!words) {
			complain(names[i]);
			status = STATUS_TROUBLE;
		}
		i += words ? words : 1;
	}
	return status;
}

int explain_run(int argc, char **argv)
{
	struct buffer out = BUFFER_EMPTY;
	int first = argc;
	int status = option_table_parse(&explain_table, NULL, argc, argv,
					&first);

	if (status)
		return status == OPTION_HELP ? 0 : STATUS_TROUBLE;
	if (first == argc)
		explain_list(&out);
	else
		status = explain_all(&out, argc - first, argv + first);
	if (fwrite(out.data, 1, out.length, stdout) != out.length ||
	    fflush(stdout)) {
		log_error("cannot write the answer: %s", strerror(errno));
		status = STATUS_TROUBLE;
	}
	buffer_free(&out);
	return status;
}
