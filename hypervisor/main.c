/*
 * hv: a hypervisor small enough to be read in an hour. It makes a machine with
 * one processor, puts it into one of four modes, and lets a guest run in it.
 *
 * Read main() first, then vm.c (the KVM calls), modes.c (what makes a mode),
 * run.c (the loop around KVM_RUN) and hypercalls.c (what the guest asks for).
 */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guests.h"
#include "modes.h"
#include "run.h"
#include "vm.h"

enum { EXIT_USAGE = 2 };

struct options {
	const struct mode *mode;
	const char *guest;
	size_t memory_bytes;
};

static void print_help(void)
{
	printf("Usage: hv [--real|--protected|--paged|--long] "
	       "[--guest NAME|FILE] [--memory SIZE]\n"
	       "Runs a small guest in a virtual machine of KVM. Exits 0 when "
	       "the guest halted\nwith 42 in its accumulator and at guest "
	       "physical 0x400, otherwise 1.\n\n");
	for (size_t i = 0; i < MODE_COUNT; i++)
		printf("  -%c, --%-14s %s\n", modes[i].option, modes[i].name,
		       modes[i].description);
	printf("  -g, --guest NAME     one of ");
	guests_print_names(stdout);
	printf(" (default " GUEST_DEFAULT ")\n"
	       "  -g, --guest FILE     a flat image, started at address 0\n"
	       "  -m, --memory SIZE    such as 2M (default), 4096K, 1G\n"
	       "  -h, --help           this text\n");
}

/* A number with an optional K, M or G; the sizes that make a machine only. */
static int parse_memory(const char *text, size_t *ret_bytes)
{
	static const char units[] = "KMG";
	unsigned int shift = 0;
	const char *unit;
	char *end;
	unsigned long long size;

	/* strtoull() would take "-1" for a very large number. */
	if (*text < '0' || *text > '9')
		return -EINVAL;
	errno = 0;
	size = strtoull(text, &end, 10);
	if (errno)
		return -errno;
	unit = *end ? strchr(units, toupper((unsigned char)*end)) : NULL;
	if (unit) {
		shift = 10 * (unsigned int)(unit - units + 1);
		end++;
	}
	/* Compared before the shift, which could overflow. */
	if (*end || size > (unsigned long long)VM_MEMORY_MAX >> shift)
		return -EINVAL;
	size <<= shift;
	if (size < MODE_MEMORY_MIN || size % 4096)
		return -EINVAL;
	*ret_bytes = size;
	return 0;
}

static int set_memory(struct options *options, const char *text)
{
	if (parse_memory(text, &options->memory_bytes) == 0)
		return 0;
	warnx("--memory '%s' must be a multiple of 4K from 2M to %uK, such "
	      "as 64M",
	      text, VM_MEMORY_MAX / 1024);
	return -EINVAL;
}

static int set_guest(struct options *options, const char *name)
{
	options->guest = name;
	if (guests_know(name))
		return 0;
	fprintf(stderr, "hv: --guest '%s' is neither a file nor one of ", name);
	guests_print_names(stderr);
	fputc('\n', stderr);
	return -ENOENT;
}

/* The options of getopt: a row for each mode, then the rest. */
static void fill_long_options(struct option *longs)
{
	static const struct option others[] = {
		{ "guest", required_argument, NULL, 'g' },
		{ "memory", required_argument, NULL, 'm' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};

	for (size_t i = 0; i < MODE_COUNT; i++)
		longs[i] = (struct option){ modes[i].name, no_argument, NULL,
					    modes[i].option };
	memcpy(longs + MODE_COUNT, others, sizeof(others));
}

static int set_option(struct options *options, int option)
{
	switch (option) {
	case 'g':
		return set_guest(options, optarg);
	case 'm':
		return set_memory(options, optarg);
	case 'h':
		print_help();
		exit(EXIT_SUCCESS);
	default:
		options->mode = modes_find(option);
		/* NULL for '?': getopt_long() has said what is wrong. */
		return options->mode ? 0 : -EINVAL;
	}
}

/* Returns 0, or -errno after a message. */
static int parse_options(struct options *options, int argc, char **argv)
{
	struct option longs[MODE_COUNT + 4];
	int option;

	fill_long_options(longs);
	while ((option = getopt_long(argc, argv, "rsplg:m:h", longs, NULL)) !=
	       -1) {
		int ret = set_option(options, option);

		if (ret < 0)
			return ret;
	}
	if (optind < argc) {
		warnx("'%s' is no option; --help lists them", argv[optind]);
		return -EINVAL;
	}
	return 0;
}

static int test_mode(const struct options *options)
{
	struct vm vm;
	int ret = vm_create(&vm, options->memory_bytes);

	if (ret == 0)
		ret = guests_load(options->guest, options->mode, vm.memory);
	if (ret == 0) {
		printf("Testing %s\n", options->mode->title);
		ret = vm_enter_mode(&vm, options->mode);
	}
	if (ret == 0)
		ret = run_guest(&vm, options->mode);
	if (ret == 0)
		ret = run_check_result(&vm, options->mode);
	vm_done(&vm);
	return ret;
}

/* What the guest printed counts only when it got out. */
static int finish_output(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	warnx("cannot write to standard output: %s", strerror(errno));
	return -EIO;
}

int main(int argc, char **argv)
{
	struct options options = {
		.mode = modes_find('l'),
		.guest = GUEST_DEFAULT,
		.memory_bytes = MODE_MEMORY_MIN,
	};
	int ret;

	/* A line of the guest is seen as soon as it is complete. */
	setvbuf(stdout, NULL, _IOLBF, 0);

	if (parse_options(&options, argc, argv) < 0)
		return EXIT_USAGE;
	ret = test_mode(&options);
	if (finish_output() < 0)
		ret = -EIO;
	return ret == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
