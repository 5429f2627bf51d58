#include "cli/candidates.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

static bool fits(const struct candidates *candidates, const char *text)
{
	const char *typed = candidates->word + candidates->kept;

	return !strncasecmp(text, typed, strlen(typed));
}

void candidates_offer(struct candidates *candidates, const char *text,
		      const char *about)
{
	if (!fits(candidates, text))
		return;
	buffer_add(&candidates->out, candidates->word, candidates->kept);
	buffer_add_format(&candidates->out, "%s\t%s\n", text,
			  about ? about : "");
}

void candidates_offer_words(struct candidates *candidates,
			    const char *const *words)
{
	for (; *words; words++)
		candidates_offer(candidates, *words, NULL);
}

void candidates_split(struct candidates *candidates, const char *separators)
{
	const char *typed = candidates->word + candidates->kept;
	const char *end = typed + strlen(typed);

	while (end > typed && !strchr(separators, end[-1]))
		end--;
	candidates->kept += (size_t)(end - typed);
}

void candidates_ask_files(struct candidates *candidates)
{
	buffer_add_string(&candidates->out, ":files\n");
}

void candidates_ask_folders(struct candidates *candidates)
{
	buffer_add_string(&candidates->out, ":folders\n");
}

void candidates_ask_users(struct candidates *candidates)
{
	buffer_add_string(&candidates->out, ":users\n");
}

void candidates_ask_processes(struct candidates *candidates)
{
	buffer_add_string(&candidates->out, ":processes\n");
}

void candidates_ask_program(struct candidates *candidates, size_t index)
{
	buffer_add_format(&candidates->out, ":program %zu\n", index);
}
