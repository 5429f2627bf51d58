#include "sink/html_internal.h"

#include <stdlib.h>

#define ROWS_MAX 256	/* bounds what odd traces cost */

static struct html_tally_row *get_rows(struct html_tally *tally)
{
	return (struct html_tally_row *)tally->rows.data;
}

static size_t count_rows(const struct html_tally *tally)
{
	return tally->rows.length / sizeof(struct html_tally_row);
}

static void add_row(struct html_tally *tally, struct html_tally_row *row,
		    const char *note, const json_t *event)
{
	html_copy(row->note, sizeof(row->note), note ? note : "");
	json_member_u64(event, "seq", &row->first_seq);
	json_object_set_new(tally->places, row->key,
			    json_integer((json_int_t)count_rows(tally)));
	buffer_add(&tally->rows, row, sizeof(*row));
}

void html_tally_add(struct html_tally *tally, const char *key, const char *note,
		    const json_t *event, uint64_t bytes)
{
	struct html_tally_row fresh = { .key = "" }, *row;
	const json_t *place;

	if (!tally->places)
		tally->places = json_object();
	tally->total++;
	html_copy(fresh.key, sizeof(fresh.key), key);
	place = json_object_get(tally->places, fresh.key);
	if (!place && count_rows(tally) >= ROWS_MAX) {
		tally->others++;
		return;
	}
	if (!place)
		add_row(tally, &fresh, note, event);
	row = get_rows(tally) + (place ? (size_t)json_integer_value(place) :
				 count_rows(tally) - 1);
	row->count++;
	row->bytes += bytes;
}

static int compare_rows(const void *a, const void *b)
{
	const struct html_tally_row *one = a, *other = b;

	if (one->count != other->count)
		return one->count < other->count ? 1 : -1;
	return strcmp(one->key, other->key);
}

size_t html_tally_sort(struct html_tally *tally,
		       struct html_tally_row **ret_rows)
{
	json_decref(tally->places);
	tally->places = NULL;
	*ret_rows = get_rows(tally);
	if (tally->rows.length)
		qsort(*ret_rows, count_rows(tally), sizeof(**ret_rows),
		      compare_rows);
	return count_rows(tally);
}

void html_tally_free(struct html_tally *tally)
{
	json_decref(tally->places);
	buffer_free(&tally->rows);
}
