/* Statistics for programs; schemas/stat.schema.json says what keys mean. */
#include "base/log.h"
#include "sink/statistics.h"

/* Every number stays below 2^53 in a trace of less than a hundred days. */
static void set_number(json_t *object, const char *key, uint64_t number)
{
	json_object_set_new(object, key, json_integer((json_int_t)number));
}

static void set_text(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, json_string(text));
}

static void set_share(json_t *object, uint64_t part, uint64_t whole)
{
	json_object_set_new(object, "share", json_real(
		whole ? (double)part / (double)whole : 0));
}

static void set_ioctl(json_t *object, const struct statistics *statistics,
		      struct statistics_row *row)
{
	set_text(object, "name", row->name);
	set_number(object, "calls", row->count);
	set_number(object, "errors", row->errors);
	set_number(object, "total_ns", row->total_ns);
	set_share(object, row->total_ns, statistics->total_ns);
	set_number(object, "min_ns", row->times.least);
	set_number(object, "median_ns",
		   distribution_quantile(&row->times, 50));
	set_number(object, "p99_ns", distribution_quantile(&row->times, 99));
	set_number(object, "max_ns", row->times.greatest);
	if (distribution_is_approximate(&row->times))
		json_object_set_new(object, "approximate", json_true());
}

static void set_exit(json_t *object, const struct statistics *statistics,
		     struct statistics_row *row)
{
	set_text(object, "reason", row->name);
	set_number(object, "exits", row->count);
	set_share(object, row->count, statistics->exits);
	set_number(object, "total_ns", row->total_ns);
}

static void set_port(json_t *object, const struct statistics *statistics,
		     struct statistics_row *row)
{
	(void)statistics;
	set_number(object, "port", row->place);
	set_text(object, "direction", row->is_write ? "out" : "in");
	set_number(object, "exits", row->count);
	set_number(object, "bytes", row->bytes);
	set_number(object, "total_ns", row->total_ns);
}

static void set_page(json_t *object, const struct statistics *statistics,
		     struct statistics_row *row)
{
	(void)statistics;
	json_object_set_new(object, "gpa", json_sprintf(
		"0x%llx", (unsigned long long)row->place));
	set_text(object, "direction", row->is_write ? "write" : "read");
	set_number(object, "exits", row->count);
	set_number(object, "bytes", row->bytes);
	set_number(object, "total_ns", row->total_ns);
}

static void set_vcpu(json_t *object, const struct statistics *statistics,
		     struct statistics_row *row)
{
	(void)statistics;
	if (row->has_vm)
		json_object_set_new(object, "vm", json_integer(row->ids[0]));
	json_object_set_new(object, "vcpu", json_integer(row->ids[1]));
	set_number(object, "runs", row->count);
	set_number(object, "errors", row->errors);
	set_number(object, "run_ns", row->total_ns);
}

static void set_thread(json_t *object, const struct statistics *statistics,
		       struct statistics_row *row)
{
	(void)statistics;
	json_object_set_new(object, "pid", json_integer(row->ids[0]));
	json_object_set_new(object, "tid", json_integer(row->ids[1]));
	set_number(object, "runs", row->count);
	set_number(object, "begin_ns", row->begin_ns);
	set_number(object, "end_ns", row->end_ns);
	set_number(object, "run_ns", row->total_ns);
	set_number(object, "other_ns", row->other_ns);
	set_number(object, "user_ns", statistics_user_ns(row));
}

/* In the order of enum statistics_table. */
static const struct {
	const char *key;	/* in JSON */
	const char *word;	/* in CSV */
	void (*set)(json_t *object, const struct statistics *statistics,
		    struct statistics_row *row);
} tables[STATISTICS_TABLES] = {
	[STATISTICS_IOCTLS] = { "ioctls", "ioctl", set_ioctl },
	[STATISTICS_EXITS] = { "exits", "exit", set_exit },
	[STATISTICS_PORTS] = { "ports", "port", set_port },
	[STATISTICS_MMIO] = { "mmio", "mmio", set_page },
	[STATISTICS_VCPUS] = { "vcpus", "vcpu", set_vcpu },
	[STATISTICS_THREADS] = { "threads", "thread", set_thread },
};

static json_t *new_row(struct statistics *statistics,
		       enum statistics_table table, size_t i)
{
	json_t *object = json_object();

	if (!object)
		log_die("out of memory: the statistics");
	tables[table].set(object, statistics,
			  statistics_get(statistics, table, i));
	return object;
}

static json_t *new_table(struct statistics *statistics,
			 enum statistics_table table)
{
	json_t *array = json_array();

	for (size_t i = 0; i < statistics_count(statistics, table); i++)
		json_array_append_new(array, new_row(statistics, table, i));
	return array;
}

static int add_dumped(const char *text, size_t length, void *out)
{
	buffer_add(out, text, length);
	return 0;
}

void statistics_add_json(struct buffer *out, struct statistics *statistics)
{
	json_t *document = json_object();

	set_text(document, "stat", "kvmtrace-stat/1");
	json_object_set_new(document, "complete",
			    json_boolean(statistics->is_complete));
	set_number(document, "events", statistics->events);
	set_number(document, "end_ns", statistics->end_ns);
	set_number(document, "calls", statistics->calls);
	set_number(document, "errors", statistics->errors);
	set_number(document, "total_ns", statistics->total_ns);
	for (int table = 0; table < STATISTICS_TABLES; table++)
		json_object_set_new(document, tables[table].key,
				    new_table(statistics, table));
	json_dump_callback(document, add_dumped, out, JSON_INDENT(1) |
			   JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));
	buffer_add_char(out, '\n');
	json_decref(document);
}

/* One table of all rows; keys that a row doesn't have are empty cells. */
static const char *const columns[] = {
	"name", "reason", "port", "gpa", "direction", "vm", "vcpu", "pid",
	"tid", "calls", "exits", "runs", "errors", "bytes", "share",
	"total_ns", "min_ns", "median_ns", "p99_ns", "max_ns", "approximate",
	"begin_ns", "end_ns", "run_ns", "other_ns", "user_ns",
};
#define COLUMN_COUNT (sizeof(columns) / sizeof(columns[0]))

/*
 * RFC 4180: quotes are doubled. A spreadsheet would take a text that begins
 * with one of =+-@ for a formula, and names may come from anywhere.
 */
static void add_csv_text(struct buffer *out, const char *text)
{
	buffer_add_char(out, '"');
	if (*text && strchr("=+-@\t\r", *text))
		buffer_add_char(out, '\'');
	for (; *text; text++) {
		if (*text == '"')
			buffer_add_char(out, '"');
		buffer_add_char(out, *text);
	}
	buffer_add_char(out, '"');
}

static void add_csv_cell(struct buffer *out, const json_t *value)
{
	buffer_add_char(out, ',');
	if (json_is_string(value))
		add_csv_text(out, json_string_value(value));
	else if (value)
		json_dump_callback(value, add_dumped, out, JSON_ENCODE_ANY |
				   JSON_REAL_PRECISION(6));
}

void statistics_add_csv(struct buffer *out, struct statistics *statistics)
{
	buffer_add_string(out, "table");
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		buffer_add_format(out, ",%s", columns[i]);
	buffer_add_string(out, "\r\n");
	for (int table = 0; table < STATISTICS_TABLES; table++) {
		for (size_t i = 0; i < statistics_count(statistics, table);
		     i++) {
			json_t *row = new_row(statistics, table, i);

			buffer_add_string(out, tables[table].word);
			for (size_t j = 0; j < COLUMN_COUNT; j++)
				add_csv_cell(out, json_object_get(
					row, columns[j]));
			buffer_add_string(out, "\r\n");
			json_decref(row);
		}
	}
}
