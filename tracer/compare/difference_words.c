#include "compare/difference_words.h"

#include <stdlib.h>
#include <string.h>

/* Longer values are shown from where they differ. */
#define VALUE_MAX 64

static bool begins_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length &&
	       !strcmp(text + length - end_length, end);
}

/* Events */

static void add_object(struct buffer *out, const struct kept *kept)
{
	const char *on = kept_find(kept, ".on");
	const char *vm = kept_find(kept, ".vm");
	const char *vcpu = kept_find(kept, ".vcpu");
	const char *device = kept_find(kept, ".device");

	if (!on)
		return;
	buffer_add_string(out, " on ");
	if (!strcmp(on, "system"))
		buffer_add_string(out, "kvm");
	else if (!strcmp(on, "vcpu"))
		buffer_add_format(out, "vm%s/vcpu%s", vm ? vm : "?",
				  vcpu ? vcpu : "?");
	else if (!strcmp(on, "vm"))
		buffer_add_format(out, "vm%s", vm ? vm : "?");
	else if (!strcmp(on, "device") && device)
		buffer_add_format(out, "device%s", device);
	else if (!strcmp(on, "not_kvm"))
		buffer_add_string(out, "a descriptor that is not KVM's");
	else
		buffer_add_string(out, on);
}

static void add_exit(struct buffer *out, const struct kept *kept)
{
	const char *reason = kept_find(kept, ".exit.reason");
	const char *port = kept_find(kept, ".exit.io.port");
	const char *direction = kept_find(kept, ".exit.io.direction");
	const char *data = kept_find(kept, ".exit.io.data_hex");
	const char *text = kept_find(kept, ".exit.io.text");
	const char *gpa = kept_find(kept, ".exit.mmio.phys_addr");

	if (!reason)
		return;
	buffer_add_format(out, " (%s", reason);
	if (port && direction)
		buffer_add_format(out, ", port 0x%llx %s",
				  strtoull(port, NULL, 10),
				  *direction == '1' ? "out" : "in");
	if (data)
		buffer_add_format(out, " %.32s", data);
	if (text)
		buffer_add_format(out, " \"%.32s\"", text);
	if (gpa)
		buffer_add_format(out, ", at %s", gpa);
	buffer_add_char(out, ')');
}

/* What tells calls of one name apart. */
static void add_argument(struct buffer *out, const struct kept *kept)
{
	static const struct {
		const char *path, *word;
	} rows[] = {
		{ ".in.slot", "slot" }, { ".in.cap_name", "capability" },
		{ ".in.vcpu_id", "id" }, { ".in.path", "of" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *value = kept_find(kept, rows[i].path);

		if (value)
			buffer_add_format(out, " (%s %.80s)", rows[i].word,
					  value);
	}
}

static void add_console(struct buffer *out, const struct kept *kept,
			bool is_exact)
{
	const char *text = kept_find(kept, ".text");
	const char *port = kept_find(kept, ".port");
	const char *vm = kept_find(kept, ".vm");
	const char *vcpu = kept_find(kept, ".vcpu");

	buffer_add_string(out, "the console line");
	if (is_exact && text)
		buffer_add_format(out, " \"%.64s\"", text);
	buffer_add_format(out, " of vm%s/vcpu%s", vm ? vm : "?",
			  vcpu ? vcpu : "?");
	if (port)
		buffer_add_format(out, " on port 0x%llx",
				  strtoull(port, NULL, 10));
}

static void add_other(struct buffer *out, const struct kept *kept,
		      const char *type)
{
	const char *event = kept_find(kept, ".event");
	const char *tid = kept_find(kept, ".tid");

	if (!strcmp(type, "trace_start"))
		buffer_add_string(out, "the trace's start");
	else if (!strcmp(type, "trace_end"))
		buffer_add_string(out, "the program's end");
	else
		buffer_add_format(out, "%.32s %.32s of %s", type,
				  event ? event : "event",
				  tid ? tid : "a thread");
}

void difference_add_event(struct buffer *out, const struct kept *kept,
			  bool is_exact)
{
	const char *type = kept_find(kept, ".type");
	const char *name = kept_find(kept, ".name");

	if (!type) {
		buffer_add_string(out, "an event");
		return;
	}
	if (!strcmp(type, "console")) {
		add_console(out, kept, is_exact);
		return;
	}
	if (!name) {
		add_other(out, kept, type);
		return;
	}
	buffer_add_format(out, "%.64s", name);
	add_object(out, kept);
	if (!is_exact)
		return;
	add_argument(out, kept);
	add_exit(out, kept);
}

/* Values */

/* The names of the bits, or of the value, that stand beside it. */
static void add_names(struct buffer *out, const struct kept *kept,
		      const char *path)
{
	size_t length = strlen(path);
	bool is_first = true;

	for (size_t i = 0; i < kept_count(kept); i++) {
		const struct kept_fact *fact = kept_at(kept, i);
		const char *other = kept_path(kept, fact);

		if (!fact->is_shadow || strncmp(other, path, length) ||
		    (strcmp(other + length, "_name") != 0 &&
		     strncmp(other + length, "_names[", 7) != 0))
			continue;
		buffer_add_format(out, "%s%.64s", is_first ? " (" : " ",
				  kept_text(kept, fact));
		is_first = false;
	}
	if (!is_first)
		buffer_add_char(out, ')');
}

static void add_bytes_as_text(struct buffer *out, const char *hex)
{
	size_t length = strlen(hex) / 2;
	char text[VALUE_MAX / 2 + 1] = "";

	for (size_t i = 0; i < length; i++) {
		char digits[3] = { hex[2 * i], hex[2 * i + 1], '\0' };
		unsigned long c = strtoul(digits, NULL, 16);

		if (c < 0x20 || c > 0x7e || i == VALUE_MAX / 2)
			return;
		text[i] = (char)c;
	}
	if (length)
		buffer_add_format(out, " (\"%s\")", text);
}

static bool is_word(const char *text)
{
	return *text && !strpbrk(text, " \t\"'\\");
}

/* From byte `from` on, which is where a long value differs. */
static void add_value(struct buffer *out, const struct kept *kept,
		      const struct kept_fact *fact, size_t from,
		      const char *names)
{
	const char *text = kept_text(kept, fact) + from;
	const char *path = kept_path(kept, fact);
	bool is_quoted = fact->is_string &&
			 (!is_word(text) || ends_with(path, ".text"));

	buffer_add_format(out, "%s%s%.*s%s%s", is_quoted ? "\"" : "",
			  from ? "..." : "", VALUE_MAX, text,
			  strlen(text) > VALUE_MAX ? "..." : "",
			  is_quoted ? "\"" : "");
	if (ends_with(path, "_hex") && !from)
		add_bytes_as_text(out, text);
	if (ends_with(path, ".port"))
		buffer_add_format(out, " (0x%llx)", strtoull(text, NULL, 10));
	buffer_add_string(out, names);
}

/* Short of where two long values differ; bytes are two digits each. */
static size_t find_from(const char *a, const char *b)
{
	size_t same = 0;

	if (strlen(a) <= VALUE_MAX && strlen(b) <= VALUE_MAX)
		return 0;
	while (a[same] && a[same] == b[same])
		same++;
	return same < VALUE_MAX / 2 ? 0 : (same - VALUE_MAX / 4) & ~(size_t)1;
}

/* Without "in" and "out": the direction goes without saying. */
static const char *short_path(const char *path)
{
	return begins_with(path, ".in.") ? path + 4 :
	       begins_with(path, ".out.") ? path + 5 : path + 1;
}

void difference_add_fact(struct buffer *out, const struct kept *expected,
			 const struct kept *actual,
			 const struct changed_fact *changed)
{
	const struct kept_fact *a = changed->expected, *b = changed->actual;
	const char *path = a ? kept_path(expected, a) : kept_path(actual, b);
	size_t from = a && b ? find_from(kept_text(expected, a),
					 kept_text(actual, b)) : 0;
	struct buffer a_names = BUFFER_EMPTY, b_names = BUFFER_EMPTY;

	add_names(&a_names, expected, path);
	add_names(&b_names, actual, path);
	/* The same names for other values tell nothing. */
	if (a && b && !strcmp(buffer_string(&a_names), buffer_string(&b_names))) {
		buffer_reset(&a_names);
		buffer_reset(&b_names);
	}
	buffer_add_format(out, "%s is ", short_path(path));
	if (b)
		add_value(out, actual, b, from, buffer_string(&b_names));
	else
		buffer_add_string(out, "absent");
	buffer_add_string(out, ", expected ");
	if (a)
		add_value(out, expected, a, from, buffer_string(&a_names));
	else
		buffer_add_string(out, "none");
	buffer_free(&b_names);
	buffer_free(&a_names);
}
