/* What options take: the stock appliers of option_table.h, and the parsers. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cli/option_table.h"

int option_set_flag(const struct option_row *row, void *options,
		    const char *value)
{
	(void)value;
	*(bool *)((char *)options + row->place) = true;
	return 0;
}

int option_set_text(const struct option_row *row, void *options,
		    const char *value)
{
	*(const char **)((char *)options + row->place) = value;
	return 0;
}

int option_set_word(const struct option_row *row, void *options,
		    const char *value)
{
	int index = option_find_word(row, value);

	if (index < 0)
		return index;
	/* An enum's type is the compiler's choice, its size is an int's. */
	memcpy((char *)options + row->place, &index, sizeof(index));
	return 0;
}

static int refuse_word(const struct option_row *row, const char *value)
{
	struct buffer words = BUFFER_EMPTY;

	for (size_t i = 0; row->words[i]; i++)
		buffer_add_format(&words, "%s%s",
				  !i ? "" : row->words[i + 1] ? ", " : " or ",
				  row->words[i]);
	log_error("--%s takes %s, not '%s'", row->name, buffer_string(&words),
		  value);
	buffer_free(&words);
	return -EINVAL;
}

int option_find_word(const struct option_row *row, const char *value)
{
	for (int i = 0; row->words[i]; i++)
		if (!strcmp(row->words[i], value))
			return i;
	return refuse_word(row, value);
}

/* "-p (--attach)", as it may have been given. */
static const char *label(const struct option_row *row, char room[64])
{
	if (row->letter)
		snprintf(room, 64, "-%c (--%s)", row->letter, row->name);
	else
		snprintf(room, 64, "--%s", row->name);
	return room;
}

int option_parse_number(const struct option_row *row, const char *value,
			unsigned long long least, unsigned long long most,
			unsigned long long *ret_number)
{
	unsigned long long number;
	char *end, room[64];

	errno = 0;
	number = strtoull(value, &end, 0);
	/* strtoull() takes blanks and signs: "-1" is a very large number. */
	if (errno || *end || *value < '0' || *value > '9' || number < least ||
	    number > most) {
		log_error("%s takes a number from %llu to %llu, not '%s'",
			  label(row, room), least, most, value);
		return -EINVAL;
	}
	*ret_number = number;
	return 0;
}

int option_parse_size(const struct option_row *row, const char *value,
		      unsigned long long most, unsigned long long *ret_bytes)
{
	static const char units[] = "KMG";
	unsigned long long number;
	char *end, room[64];
	const char *unit;
	int shift;

	errno = 0;
	number = strtoull(value, &end, 10);
	unit = *end ? strchr(units, *end) : NULL;
	shift = unit ? 10 * (int)(unit - units + 1) : 0;
	/* Compared before the shift, which could overflow. */
	if (errno || *value < '0' || *value > '9' || end[unit != NULL] ||
	    !number || number > most >> shift) {
		log_error("%s takes a number of bytes from 1 to %llu, with K, "
			  "M or G behind it or not, not '%s'",
			  label(row, room), most, value);
		return -EINVAL;
	}
	*ret_bytes = number << shift;
	return 0;
}

int option_parse_seconds(const struct option_row *row, const char *value,
			 double most, double *ret_seconds)
{
	char *end, room[64];
	double seconds = strtod(value, &end);

	/* A microsecond is the least that the timers know. */
	if (*end || end == value || !isfinite(seconds) || seconds < 1e-6 ||
	    seconds > most) {
		log_error("%s takes a number of seconds above 0, not '%s'",
			  label(row, room), value);
		return -EINVAL;
	}
	*ret_seconds = seconds;
	return 0;
}
