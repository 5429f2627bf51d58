/* Statistics as tables for people, one below the other. */
#include <stdio.h>

#include "sink/statistics.h"

#define NAME_WIDTH_MAX 48
#define BOLD "\x1b[1m"
#define RED "\x1b[31m"
#define PLAIN "\x1b[0m"

#define CELL_BYTES 64

/* Print into `cell` what a column says of a row. */
typedef void format_cell(char cell[CELL_BYTES],
			 const struct statistics *statistics,
			 struct statistics_row *row);

struct column {
	const char *heading;
	format_cell *format;
};

/* In the unit that leaves three digits or four. */
static void format_time(char cell[CELL_BYTES], uint64_t ns)
{
	static const struct {
		double ns;
		const char *unit;
	} units[] = { { 1e9, "s " }, { 1e6, "ms" }, { 1e3, "us" } };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		double value = (double)ns / units[i].ns;

		if (value < 1)
			continue;
		snprintf(cell, CELL_BYTES, "%.*f %s", value < 100 ? 2 : 1,
			 value, units[i].unit);
		return;
	}
	snprintf(cell, CELL_BYTES, "%llu ns", (unsigned long long)ns);
}

static void format_number(char cell[CELL_BYTES], uint64_t number)
{
	snprintf(cell, CELL_BYTES, "%llu", (unsigned long long)number);
}

static void format_part(char cell[CELL_BYTES], uint64_t part, uint64_t whole)
{
	snprintf(cell, CELL_BYTES, "%.1f%%",
		 whole ? 100.0 * (double)part / (double)whole : 0.0);
}

#define CELL(name) \
	static void format_##name(char cell[CELL_BYTES], \
				  const struct statistics *statistics \
				  __attribute__((unused)), \
				  struct statistics_row *row)

CELL(total) { format_time(cell, row->total_ns); }
CELL(count) { format_number(cell, row->count); }
CELL(bytes) { format_number(cell, row->bytes); }
CELL(least) { format_time(cell, row->times.least); }
CELL(greatest) { format_time(cell, row->times.greatest); }
CELL(other) { format_time(cell, row->other_ns); }
CELL(user) { format_time(cell, statistics_user_ns(row)); }
CELL(share) { format_part(cell, row->total_ns, statistics->total_ns); }
CELL(exits) { format_part(cell, row->count, statistics->exits); }

CELL(errors)
{
	cell[0] = '\0';
	if (row->errors)
		format_number(cell, row->errors);
}

CELL(median)
{
	format_time(cell, distribution_quantile(&row->times, 50));
}

CELL(p99)
{
	format_time(cell, distribution_quantile(&row->times, 99));
}

CELL(window)
{
	format_time(cell, row->end_ns > row->begin_ns ?
		    row->end_ns - row->begin_ns : 0);
}

CELL(run_share)
{
	format_part(cell, row->total_ns, row->total_ns + row->other_ns +
		    statistics_user_ns(row));
}

#define COLUMNS_MAX 9

static const struct table {
	enum statistics_table table;
	const char *name;	/* of the rows */
	struct column columns[COLUMNS_MAX];
} tables[] = {
	{ STATISTICS_IOCTLS, "ioctl", {
		{ "share", format_share }, { "total", format_total },
		{ "calls", format_count }, { "failed", format_errors },
		{ "min", format_least }, { "median", format_median },
		{ "p99", format_p99 }, { "max", format_greatest } } },
	{ STATISTICS_EXITS, "exit", {
		{ "share", format_exits }, { "in KVM_RUN", format_total },
		{ "exits", format_count } } },
	{ STATISTICS_PORTS, "port", {
		{ "in KVM_RUN", format_total }, { "exits", format_count },
		{ "bytes", format_bytes } } },
	{ STATISTICS_MMIO, "MMIO page", {
		{ "in KVM_RUN", format_total }, { "exits", format_count },
		{ "bytes", format_bytes } } },
	{ STATISTICS_VCPUS, "vCPU", {
		{ "in KVM_RUN", format_total }, { "runs", format_count },
		{ "failed", format_errors } } },
	{ STATISTICS_THREADS, "thread, from its first KVM_RUN to its last", {
		{ "time", format_window }, { "in KVM_RUN", format_total },
		{ "share", format_run_share }, { "other calls", format_other },
		{ "user space", format_user } } },
};

/* Names may come from anywhere: a terminal gets printable ASCII only. */
static void add_name(struct buffer *out, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < length && i < NAME_WIDTH_MAX; i++)
		buffer_add_char(out, name[i] >= ' ' && name[i] <= '~' ?
				name[i] : '?');
	buffer_add_string(out, length > NAME_WIDTH_MAX ? "..." : "");
}

static int measure(const struct statistics *statistics,
		   const struct table *table, const struct column *column)
{
	int width = (int)strlen(column->heading), length;
	char cell[CELL_BYTES];

	for (size_t i = 0; i < statistics_count(statistics, table->table);
	     i++) {
		column->format(cell, statistics,
			       statistics_get(statistics, table->table, i));
		length = (int)strlen(cell);
		width = length > width ? length : width;
	}
	return width;
}

static void add_row(struct buffer *out, const struct statistics *statistics,
		    const struct table *table, const int *widths,
		    struct statistics_row *row, bool has_colour)
{
	const struct column *column = table->columns;
	char cell[CELL_BYTES];

	for (int i = 0; i < COLUMNS_MAX && column[i].format; i++) {
		bool is_red = has_colour && column[i].format == format_errors;

		column[i].format(cell, statistics, row);
		buffer_add_format(out, "%s%*s%s", is_red ? RED : "",
				  widths[i] + 2, cell, is_red ? PLAIN : "");
	}
	buffer_add_string(out, "  ");
	add_name(out, row->name);
	buffer_add_char(out, '\n');
}

static void add_table(struct buffer *out, const struct statistics *statistics,
		      const struct table *table, bool has_colour)
{
	size_t rows = statistics_count(statistics, table->table);
	const struct column *column = table->columns;
	int widths[COLUMNS_MAX];

	if (!rows)
		return;
	buffer_add_string(out, has_colour ? "\n" BOLD : "\n");
	for (int i = 0; i < COLUMNS_MAX && column[i].format; i++) {
		widths[i] = measure(statistics, table, &column[i]);
		buffer_add_format(out, "%*s", widths[i] + 2,
				  column[i].heading);
	}
	buffer_add_format(out, "  %s%s\n", table->name,
			  has_colour ? PLAIN : "");
	for (size_t i = 0; i < rows; i++)
		add_row(out, statistics, table, widths,
			statistics_get(statistics, table->table, i),
			has_colour);
}

static bool is_approximate(const struct statistics *statistics)
{
	for (size_t i = 0; i < statistics_count(statistics, STATISTICS_IOCTLS);
	     i++)
		if (distribution_is_approximate(
			    &statistics_get(statistics, STATISTICS_IOCTLS,
					    i)->times))
			return true;
	return false;
}

void statistics_add_text(struct buffer *out, struct statistics *statistics,
			 bool has_colour)
{
	char inside[CELL_BYTES], whole[CELL_BYTES];

	format_time(inside, statistics->total_ns);
	format_time(whole, statistics->end_ns);
	buffer_add_format(out, "%llu ioctls, %llu failed; %s in them, in a "
			  "trace of %s\n",
			  (unsigned long long)statistics->calls,
			  (unsigned long long)statistics->errors, inside,
			  whole);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		add_table(out, statistics, &tables[i], has_colour);
	if (is_approximate(statistics))
		buffer_add_format(out, "\nof more than %d calls, median and "
				  "p99 are approximate: within 0.4%%\n",
				  DISTRIBUTION_EXACT_MAX);
}
