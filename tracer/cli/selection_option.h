/* --only and --skip as rows of an option table: the same for each command. */
#ifndef SELECTION_OPTION_H
#define SELECTION_OPTION_H

#include "cli/option_table.h"
#include "selection.h"

#define OPTION_SELECTION(type, member) selection_option_set, \
	OPTION_PLACE(type, member, \
		     OPTION_IS(type, member, struct selection_list)), \
	NULL, selection_option_offer

int selection_option_set(const struct option_row *row, void *options,
			 const char *value);
candidates_source selection_option_offer;

#endif
