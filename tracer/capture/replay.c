/* The engine that runs nothing: it reads a file of raw records. */
#include "capture/replay.h"

#include <errno.h>
#include <stdlib.h>

#include "base/log.h"
#include "record/record_file.h"

struct replay {
	struct capture head;
	struct record_reader *reader;
	struct record record;
};

static int replay_run(struct capture *capture, const struct record_sink *sink,
		      struct record_end *ret_end)
{
	struct replay *replay = (struct replay *)capture;
	int found;

	while ((found = record_reader_next(replay->reader, &replay->record,
					   ret_end)) > 0)
		sink->record(sink->context, &replay->record);
	return found;
}

static void replay_free(struct capture *capture)
{
	struct replay *replay = (struct replay *)capture;

	record_reader_close(replay->reader);
	record_free(&replay->record);
	free(replay);
}

const char *replay_error(const struct capture *capture)
{
	return record_reader_error(((const struct replay *)capture)->reader);
}

int replay_open(const char *path, struct capture **ret_capture,
		struct record_start *ret_start)
{
	static const struct capture_ops ops = { "replay", replay_run,
						replay_free };
	struct replay *replay = calloc(1, sizeof(*replay));
	int error;

	if (!replay)
		log_die("out of memory: the replay engine");
	replay->head.ops = &ops;
	error = record_reader_open(path, &replay->reader, ret_start);
	*ret_capture = &replay->head;
	return error;
}
