#include "compare/trace_index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "reader/trace_reader.h"

#define COPY_BYTES (256u << 10)

void trace_index_init(struct trace_index *index, const char *name,
		      const struct rules *rules)
{
	*index = (struct trace_index){
		.name = name, .fd = -1, .normaliser = normaliser_new(rules),
	};
}

void trace_index_done(struct trace_index *index)
{
	if (index->fd > STDIN_FILENO)
		close(index->fd);
	normaliser_free(index->normaliser);
	hash_map_free(&index->streams);
	buffer_free(&index->stream_keys);
	free(index->events);
}

static int fail_on_file(struct trace_index *index, struct buffer *error,
			const char *tried)
{
	int code = errno ? errno : EIO;

	buffer_reset(error);
	buffer_add_format(error, "cannot %s %s: %s", tried, index->name,
			  strerror(code));
	return -code;
}

static int fail_on_line(struct trace_index *index, struct buffer *error,
			unsigned long line, const char *why)
{
	buffer_reset(error);
	buffer_add_format(error, "%s, line %lu: %s", index->name, line, why);
	return -EBADMSG;
}

/* The reader's sentence, with the name that the user knows. */
static int fail_on_reading(struct trace_index *index,
			   struct trace_reader *reader, struct buffer *error,
			   int code)
{
	const char *sentence = trace_reader_error(reader);
	const char *path = *index->path ? strstr(sentence, index->path) : NULL;

	buffer_reset(error);
	if (path) {
		buffer_add(error, sentence, (size_t)(path - sentence));
		buffer_add_string(error, index->name);
		sentence = path + strlen(index->path);
	}
	buffer_add_string(error, sentence);
	return code;
}

/* No trace has such a line: what never ends must not fill the disk. */
static bool is_endless(const char *block, size_t length, size_t *line)
{
	const char *last = memrchr(block, '\n', length);

	*line = last ? (size_t)(block + length - last) : *line + length;
	return *line > TRACE_READER_LINE_BYTES;
}

static int copy_all(int from, int to)
{
	char *block = malloc(COPY_BYTES);
	ssize_t length = -1, done = 0;
	size_t line = 0;

	while (block && (length = read(from, block, COPY_BYTES)) != 0) {
		if (length < 0 && errno == EINTR)
			continue;
		if (length > 0 && is_endless(block, (size_t)length, &line)) {
			errno = EFBIG;
			length = -1;
		}
		for (done = 0; length > done; ) {
			ssize_t written = write(to, block + done,
						(size_t)(length - done));

			if (written <= 0)
				length = -1;
			else
				done += written;
		}
		if (length < 0)
			break;
	}
	free(block);
	return length ? -1 : 0;
}

/* A pipe is read once only. */
static int copy_to_file(struct trace_index *index, int from,
			struct buffer *error)
{
	FILE *file = tmpfile();
	int r = -1;

	errno = 0;
	if (file && !copy_all(from, fileno(file))) {
		index->fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 3);
		r = index->fd < 0 ? -1 : 0;
	}
	if (r)
		r = fail_on_file(index, error, "make a copy of");
	if (file)
		fclose(file);
	return r;
}

/* Makes the trace something that can be opened twice. */
static int prepare(struct trace_index *index, struct buffer *error)
{
	bool is_stdin = !strcmp(index->name, "-");
	int fd = is_stdin ? STDIN_FILENO :
		 open(index->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat stat;
	int r = 0;

	if (fd < 0 || fstat(fd, &stat)) {
		r = fail_on_file(index, error, "open");
	} else if (S_ISDIR(stat.st_mode)) {
		errno = EISDIR;
		r = fail_on_file(index, error, "read");
	} else if (!S_ISREG(stat.st_mode)) {
		r = copy_to_file(index, fd, error);
	} else if (is_stdin) {
		index->fd = fd;
	}
	if (fd > STDIN_FILENO)
		close(fd);
	if (index->fd >= 0)
		snprintf(index->path, sizeof(index->path), "/proc/self/fd/%d",
			 index->fd);
	return r;
}

static struct trace_reader *open_reader(const struct trace_index *index)
{
	return trace_reader_new(*index->path ? index->path : index->name);
}

static struct index_event *add_event(struct trace_index *index)
{
	if (index->count == index->capacity) {
		index->capacity = index->capacity ? index->capacity * 2 : 1024;
		index->events = reallocarray(index->events, index->capacity,
					     sizeof(*index->events));
		if (!index->events)
			log_die("out of memory: the index of a trace");
	}
	return &index->events[index->count++];
}

static uint32_t find_stream(struct trace_index *index, uint64_t key)
{
	uint32_t count = (uint32_t)index->streams.count;
	uint32_t number = *hash_map_at(&index->streams, key, count);

	if (number == count)
		buffer_add(&index->stream_keys, &key, sizeof(key));
	return number;
}

void trace_index_number_streams(struct trace_index *index,
				struct hash_map *streams)
{
	const uint64_t *keys = (const uint64_t *)index->stream_keys.data;

	for (size_t i = 0; i < index->count; i++) {
		uint32_t *number = &index->events[i].stream;

		*number = *hash_map_at(streams, keys[*number],
				       (uint32_t)streams->count);
	}
}

static void take_event(struct trace_index *index, const struct event *event)
{
	struct index_event *to = add_event(index);

	*to = (struct index_event){
		.exact = event->exact,
		.optional = event->optional,
		.fine = (uint32_t)event->fine,
		.coarse = (uint32_t)event->coarse,
		.stream = find_stream(index, event->stream),
		.seq = event->seq < UINT32_MAX ? (uint32_t)event->seq :
		       (uint32_t)(index->count - 1),
		.thread = (uint32_t)event->thread,
		.vm = event->vm,
		.match = INDEX_NONE,
		.flags = event->flags,
	};
	index->is_renumbered |= event->seq != index->count - 1;
	index->is_truncated |= (event->flags & EVENT_TRUNCATED) != 0;
	index->has_end |= (event->flags & EVENT_END) != 0;
}

/* What concerns the line's place among the others; NULL: nothing. */
static const char *find_misplaced(const struct trace_index *index,
				  const struct event *event)
{
	if (index->has_end)
		return "stands behind trace_end, which must be the last line";
	if ((event->flags & EVENT_START) && index->count)
		return "only the first line may be trace_start";
	if (!(event->flags & EVENT_START) && !index->count)
		return "no trace: the first line must be trace_start";
	return index->count == INDEX_EVENTS_MAX ? "too many lines" : NULL;
}

/* A last line that is no JSON was cut off with the trace. */
static int refuse_line(struct trace_index *index, struct trace_reader *reader,
		       struct buffer *error)
{
	unsigned long number = trace_reader_line_number(reader);
	struct json_span next;
	char sentence[120];
	const char *why;
	size_t at;

	why = normaliser_error(index->normaliser, &at);
	if (number > 1 &&
	    !trace_reader_next_line(reader, &next.text, &next.length)) {
		index->is_cut = true;
		return 0;
	}
	snprintf(sentence, sizeof(sentence), "not an event, or cut off, at "
		 "byte %zu: %s", at, why);
	return fail_on_line(index, error, number, sentence);
}

static int read_lines(struct trace_index *index, struct trace_reader *reader,
		      struct buffer *error)
{
	struct json_span line;
	struct event event;
	int found;

	while ((found = trace_reader_next_line(reader, &line.text,
					       &line.length)) > 0) {
		const char *why;

		if (normaliser_read(index->normaliser, line, &event, NULL,
				    NULL))
			return refuse_line(index, reader, error);
		why = find_misplaced(index, &event);
		if (why)
			return fail_on_line(index, error,
					    trace_reader_line_number(reader),
					    why);
		take_event(index, &event);
	}
	if (found < 0)
		return fail_on_reading(index, reader, error, found);
	return index->count ? 0 :
	       fail_on_line(index, error, 1, "no trace: the file is empty");
}

int trace_index_read(struct trace_index *index, struct buffer *error)
{
	struct trace_reader *reader;
	int r = prepare(index, error);

	if (r)
		return r;
	reader = open_reader(index);
	r = read_lines(index, reader, error);
	trace_reader_free(reader);
	return r;
}

/* Of the lines between, only those that give names have to be read. */
static int visit_lines(struct trace_index *index, struct trace_reader *reader,
		       const uint32_t *wanted, size_t count,
		       trace_index_begin *begin, void *context)
{
	size_t at = 0;

	for (size_t i = 0; at < count && i < index->count; i++) {
		bool is_wanted = wanted[at] == i;
		struct json_span line;
		struct event event;
		int found = trace_reader_next_line(reader, &line.text,
						   &line.length);

		if (found <= 0)
			return found ? found : -EBADMSG;
		if (!is_wanted && !(index->events[i].flags & EVENT_NAMES))
			continue;
		if (normaliser_read(index->normaliser, line, &event,
				    is_wanted ? begin(context, at) : NULL,
				    context) ||
		    event.exact != index->events[i].exact ||
		    event.optional != index->events[i].optional)
			return -EBADMSG;
		at += is_wanted;
	}
	return 0;
}

int trace_index_visit(struct trace_index *index, const uint32_t *wanted,
		      size_t count, trace_index_begin *begin, void *context,
		      struct buffer *error)
{
	struct trace_reader *reader = open_reader(index);
	int r;

	normaliser_reset(index->normaliser);
	r = visit_lines(index, reader, wanted, count, begin, context);
	trace_reader_free(reader);
	if (r) {
		buffer_reset(error);
		buffer_add_format(error, "%s has changed while it was read",
				  index->name);
	}
	return r;
}
