#include "cli/injection_parse.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

/* The kernel returns errors as -1 … -4095: include/linux/err.h. */
#define ERROR_MAX 4095

struct request {
	struct injection *injection;
	char *error;
	bool has_errno, has_ret;
};

static int fail(const struct request *request, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int fail(const struct request *request, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(request->error, INJECTION_ERROR_BYTES, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

static bool parse_number(const char *text, uint64_t least, uint64_t most,
			 const char **ret_end, uint64_t *ret_number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*ret_number = strtoull(text, &end, 0);
	*ret_end = end;
	return !errno && *ret_number >= least && *ret_number <= most;
}

static int parse_name(struct request *request, const char *name)
{
	struct nearest nearest = nearest_to(name);

	for (size_t i = 0; i < abi_ioctl_count; i++) {
		if (!strcmp(abi_ioctls[i].name, name)) {
			request->injection->name = abi_ioctls[i].name;
			return 0;
		}
		nearest_offer(&nearest, abi_ioctls[i].name);
	}
	if (nearest.best)
		return fail(request, "there is no ioctl '%.60s': did you mean "
			    "%s?", name, nearest.best);
	return fail(request, "'%.60s' is no ioctl of KVM's; a name is like "
		    "KVM_CREATE_VCPU", name);
}

static int parse_errno(struct request *request, const char *value)
{
	uint64_t number = 0;
	const char *end;

	request->has_errno = true;
	if (parse_number(value, 1, ERROR_MAX, &end, &number) && !*end) {
		request->injection->result = -(int64_t)number;
		return 0;
	}
	for (int error = 1; error <= ERROR_MAX; error++) {
		const char *name = strerrorname_np(error);

		if (!name || strcmp(name, value))
			continue;
		request->injection->result = -error;
		return 0;
	}
	return fail(request, "errno takes a name like EINTR or a number from 1 "
		    "to %d, not '%.40s'", ERROR_MAX, value);
}

static int parse_ret(struct request *request, const char *value)
{
	uint64_t number = 0;
	const char *end;

	request->has_ret = true;
	if (!parse_number(value, 0, INT_MAX, &end, &number) || *end)
		return fail(request, "ret takes a number from 0 to %d, not "
			    "'%.40s'; errors are errno's", INT_MAX, value);
	request->injection->result = (int64_t)number;
	return 0;
}

/* K, K+ or K+S */
static int parse_when(struct request *request, const char *value)
{
	struct injection *injection = request->injection;
	const char *end = value;

	injection->step = 0;
	if (parse_number(value, 1, UINT32_MAX, &end, &injection->first)) {
		if (!*end)
			return 0;
		injection->step = 1;
		if (!strcmp(end, "+"))
			return 0;
		if (*end == '+' &&
		    parse_number(end + 1, 1, UINT32_MAX, &end,
				 &injection->step) && !*end)
			return 0;
	}
	return fail(request, "when takes K (the K-th call), K+ (and all "
		    "behind it) or K+S (and each S-th behind it), not '%.40s'",
		    value);
}

static const struct {
	const char *key;
	int (*parse)(struct request *request, const char *value);
} settings[] = {
	{ "errno=", parse_errno },
	{ "ret=", parse_ret },
	{ "when=", parse_when },
};

static int parse_setting(struct request *request, const char *text)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		size_t length = strlen(settings[i].key);

		if (!strncmp(text, settings[i].key, length))
			return settings[i].parse(request, text + length);
	}
	return fail(request, "it takes errno=, ret= and when= behind the name, "
		    "not '%.40s'", text);
}

int injection_parse(const char *text, struct injection *ret_injection,
		    char ret_error[INJECTION_ERROR_BYTES])
{
	struct injection injection = { .result = -EIO, .first = 1, .step = 1 };
	struct request request = { &injection, ret_error, false, false };
	char copy[256], *rest = copy, *word;
	int error;

	if (strlen(text) >= sizeof(copy))
		return fail(&request, "it is longer than any sensible one");
	strcpy(copy, text);
	word = strsep(&rest, ":");
	error = parse_name(&request, word);
	while (!error && (word = strsep(&rest, ":")))
		error = parse_setting(&request, word);
	if (error)
		return error;
	if (request.has_errno && request.has_ret)
		return fail(&request, "errno and ret exclude each other: a call "
			    "fails, or it returns a number");
	*ret_injection = injection;
	return 0;
}
