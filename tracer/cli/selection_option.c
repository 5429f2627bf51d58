#include "cli/selection_option.h"

#include <errno.h>

#include "base/log.h"

int selection_option_set(const struct option_row *row, void *options,
			 const char *value)
{
	struct selection_list *list = (void *)((char *)options + row->place);
	const char *nearest = NULL;
	char unknown[64];

	if (!selection_parse(list, value, unknown, &nearest))
		return 0;
	if (nearest)
		log_error("--%s does not know '%s': did you mean %s?",
			  row->name, unknown, nearest);
	else
		log_error("--%s does not know '%s': it takes names of ioctls, "
			  "exits, kinds of descriptor and types of line",
			  row->name, unknown);
	return -EINVAL;
}

void selection_option_offer(struct candidates *candidates)
{
	candidates_split(candidates, ",");
	for (size_t i = 0; selection_name(i); i++)
		candidates_offer(candidates, selection_name(i), NULL);
}
