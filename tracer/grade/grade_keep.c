#include "grade/grade_keep.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "grade/grade_submissions.h"

/* Those that the folder stands in; what can't be made shows at the folder. */
static void make_parents(const char *folder)
{
	char *path = strdup(folder);

	if (!path)
		log_die("out of memory: a path");
	for (char *slash = strchr(path + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0777);
		*slash = '/';
	}
	free(path);
}

int grade_keep_begin(const char *folder)
{
	struct stat found;
	int error;

	if (*folder)
		make_parents(folder);
	error = mkdir(folder, 0700) ? -errno : 0;

	if (!error || (error == -EEXIST && !stat(folder, &found) &&
		       S_ISDIR(found.st_mode)))
		return 0;
	log_error("cannot make the folder %s: %s", folder, strerror(-error));
	return error;
}

static int write_bytes(int to, const char *bytes, size_t count)
{
	while (count) {
		ssize_t written = write(to, bytes, count);

		if (written < 0)
			return -errno;
		bytes += written;
		count -= (size_t)written;
	}
	return 0;
}

static int copy_file(int to, int from)
{
	off_t offset = 0;
	ssize_t count;

	do
		count = sendfile(to, from, &offset, 1 << 24);
	while (count > 0);
	return count < 0 ? -errno : 0;
}

/*
 * A file of its own: what stood there is gone, and what a link of that name
 * leads to is not touched.
 */
static int make_file(const char *path)
{
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd;
}

static int keep(const char *folder, const char *name, const char *suffix,
		int from, const struct buffer *bytes)
{
	struct buffer path = BUFFER_EMPTY;
	int error, fd;

	buffer_add_format(&path, "%s/%s%s", folder, name, suffix);
	fd = make_file(buffer_string(&path));
	error = fd < 0 ? fd : bytes ?
		write_bytes(fd, bytes->data, bytes->length) :
		copy_file(fd, from);
	if (fd >= 0 && close(fd) && !error)
		error = -errno;
	if (error)
		log_error("cannot write %s: %s", buffer_string(&path),
			  strerror(-error));
	buffer_free(&path);
	return error;
}

int grade_keep_run(const char *folder, const char *id,
		   const struct grade_run *run)
{
	const char *name = *id ? id : GRADE_TRACE_STEM;
	int error = keep(folder, name, ".stdout", -1, &run->outputs[0]);

	if (!error)
		error = keep(folder, name, ".stderr", -1, &run->outputs[1]);
	if (!error && run->trace_fd >= 0)
		error = keep(folder, name, ".jsonl", run->trace_fd, NULL);
	return error;
}
