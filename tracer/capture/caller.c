#include "capture/caller.h"

#include <dwarf.h>
#include <errno.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "capture/unwind.h"
#include "capture/wrappers.h"

/* Wrappers within wrappers: Go has three, fopen() five. */
#define FRAMES_MAX 6

/* Bounds on what a program that makes up code can cost. */
#define PLACES_MAX (1u << 16)
#define TEXT_BYTES_MAX (16u << 20)
#define TEXT_LENGTH_MAX 4096
#define UNKNOWN_PAGES 256
#define REPORTS_MAX 1000
#define PAGE_BITS 12

/* What is known of the code before one return address. */
struct place {
	uint64_t ip;			/* 0: an empty slot */
	struct unwind_rule rule;	/* known: go on outwards from here */
	struct record_caller caller;
};

struct caller_space {
	pid_t pid;
	Dwfl *modules;			/* NULL: nothing learnt yet */
	struct place *places;		/* open addressing */
	size_t count, capacity;		/* capacity: a power of two */
	void *texts;			/* tsearch() tree */
	size_t text_bytes;
	uint64_t unknown_pages[UNKNOWN_PAGES];
	unsigned int reports;
};

struct caller_space *caller_space_new(pid_t pid)
{
	struct caller_space *space = calloc(1, sizeof(*space));

	if (!space)
		log_die("out of memory: symbols");
	space->pid = pid;
	return space;
}

void caller_space_free(struct caller_space *space)
{
	if (!space)
		return;
	if (space->modules)
		dwfl_end(space->modules);
	tdestroy(space->texts, free);
	free(space->places);
	free(space);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(a, b);
}

/*
 * A copy that lives as long as the space: libdw's strings go when a module
 * does. NULL when it is absurdly long or there are absurdly many.
 */
static const char *keep_text(struct caller_space *space, const char *text)
{
	size_t length = text ? strnlen(text, TEXT_LENGTH_MAX) : 0;
	char **found, *copy;

	if (!length || length == TEXT_LENGTH_MAX)
		return NULL;
	found = tfind(text, &space->texts, compare_texts);
	if (found)
		return *found;
	if (space->text_bytes + length > TEXT_BYTES_MAX)
		return NULL;
	copy = strdup(text);
	if (!copy || !tsearch(copy, &space->texts, compare_texts))
		log_die("out of memory: symbols");
	space->text_bytes += length;
	return copy;
}

/* The slot of the place, or the empty one where it belongs. */
static struct place *find_slot(struct place *places, size_t capacity,
			       uint64_t ip)
{
	size_t i = (size_t)(ip * 0x9e3779b97f4a7c15 >> 32);

	while (places[i &= capacity - 1].ip && places[i].ip != ip)
		i++;
	return &places[i];
}

static void forget_places(struct caller_space *space)
{
	free(space->places);
	space->places = NULL;
	space->count = 0;
	space->capacity = 0;
}

static void grow_places(struct caller_space *space)
{
	size_t capacity = space->capacity ? 2 * space->capacity : 64;
	struct place *places = calloc(capacity, sizeof(*places));

	if (!places)
		log_die("out of memory: symbols");
	for (size_t i = 0; i < space->capacity; i++)
		if (space->places[i].ip)
			*find_slot(places, capacity, space->places[i].ip) =
				space->places[i];
	free(space->places);
	space->places = places;
	space->capacity = capacity;
}

static const struct place *add_place(struct caller_space *space,
				     const struct place *place)
{
	struct place *slot;

	if (space->count == PLACES_MAX)
		forget_places(space);
	if (2 * (space->count + 1) > space->capacity)
		grow_places(space);
	slot = find_slot(space->places, space->capacity, place->ip);
	*slot = *place;
	space->count++;
	return slot;
}

/*
 * Take over what is mapped now. By the thread at hand: a process whose first
 * thread has ended shows no maps under its own number.
 */
static void report_modules(struct caller_space *space, pid_t tid)
{
	dwfl_report_begin(space->modules);
	dwfl_linux_proc_report(space->modules, tid);
	dwfl_report_end(space->modules, NULL, NULL);
	forget_places(space);
	space->reports++;
}

/*
 * libdwfl would ask the servers that DEBUGINFOD_URLS names, for minutes. The
 * traced program has its copy of the environment by now.
 */
static void open_modules(struct caller_space *space, pid_t tid)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_linux_proc_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo,
	};

	unsetenv("DEBUGINFOD_URLS");
	space->modules = dwfl_begin(&callbacks);
	if (!space->modules)
		return;
	report_modules(space, tid);
	/* Lets it read deleted files from memory; fine when it can't. */
	dwfl_linux_proc_attach(space->modules, space->pid, true);
}

/* Has the page of an address without a module not been looked up lately? */
static bool is_new_page(struct caller_space *space, uint64_t address)
{
	uint64_t page = address >> PAGE_BITS;
	uint64_t *slot = &space->unknown_pages[page % UNKNOWN_PAGES];

	if (space->reports >= REPORTS_MAX || *slot == page)
		return false;
	*slot = page;
	return true;
}

/* libdwfl counts the unmapped space behind a module as part of it. */
static Dwfl_Module *look_up_module(struct caller_space *space, uint64_t address)
{
	Dwfl_Module *module = dwfl_addrmodule(space->modules, address);
	Dwarf_Addr start = 0, end = 0;

	dwfl_module_info(module, NULL, &start, &end, NULL, NULL, NULL, NULL);
	return address >= start && address < end ? module : NULL;
}

static Dwfl_Module *find_module(struct caller_space *space, pid_t tid,
				uint64_t address)
{
	Dwfl_Module *module;

	if (!space->modules)
		open_modules(space, tid);
	if (!space->modules)
		return NULL;
	module = look_up_module(space, address);
	if (!module && is_new_page(space, address)) {
		report_modules(space, tid);
		module = look_up_module(space, address);
	}
	return module;
}

/* "/usr/bin/hv (deleted)" is hv, "[vdso: 42]" is [vdso]. */
static const char *keep_object(struct caller_space *space, const char *name)
{
	static const char deleted[] = " (deleted)";
	const char *slash = name ? strrchr(name, '/') : NULL;
	const char *base = slash ? slash + 1 : name;
	char text[TEXT_LENGTH_MAX];
	size_t length = base ? strnlen(base, sizeof(text) - 1) : 0;

	if (!length)
		return NULL;
	if (strncmp(base, "[vdso", 5) == 0)
		return keep_text(space, "[vdso]");
	memcpy(text, base, length);
	text[length] = '\0';
	if (length > strlen(deleted) &&
	    strcmp(text + length - strlen(deleted), deleted) == 0)
		text[length - strlen(deleted)] = '\0';
	return keep_text(space, text);
}

static void find_symbol(struct caller_space *space, Dwfl_Module *module,
			struct record_caller *caller)
{
	Dwarf_Addr start = 0;
	GElf_Addr bias;
	GElf_Off offset;
	GElf_Sym symbol;
	const char *name = dwfl_module_info(module, NULL, &start, NULL, NULL,
					    NULL, NULL, NULL);

	caller->object = keep_object(space, name);
	if (!dwfl_module_getelf(module, &bias))
		bias = start;
	caller->offset = caller->ip - bias;
	name = dwfl_module_addrinfo(module, caller->ip, &offset, &symbol, NULL,
				    NULL, NULL);
	caller->symbol = keep_text(space, name);
}

/*
 * Compilers other than gcc leave out .debug_aranges, and libdw before 0.192
 * looks nowhere else: ask each unit.
 */
static Dwarf_Die *find_unit(Dwfl_Module *module, uint64_t address,
			    Dwarf_Addr *ret_bias)
{
	Dwarf_Die *unit = dwfl_module_addrdie(module, address, ret_bias);

	if (unit)
		return unit;
	while ((unit = dwfl_module_nextcu(module, unit, ret_bias)) != NULL)
		if (dwarf_haspc(unit, address - *ret_bias) == 1)
			return unit;
	return NULL;
}

/* libdw makes names absolute; people know them as the compiler got them. */
static const char *make_relative(Dwarf_Die *unit, const char *file)
{
	Dwarf_Attribute attribute;
	const char *directory = dwarf_formstring(
		dwarf_attr(unit, DW_AT_comp_dir, &attribute));
	size_t length = directory ? strlen(directory) : 0;

	if (!length || strncmp(file, directory, length) != 0 ||
	    file[length] != '/')
		return file;
	file += length + 1;
	return strncmp(file, "./", 2) == 0 ? file + 2 : file;
}

static void find_line(struct caller_space *space, Dwfl_Module *module,
		      struct record_caller *caller)
{
	Dwarf_Addr bias;
	Dwarf_Die *unit = find_unit(module, caller->ip, &bias);
	Dwarf_Line *line = unit ? dwarf_getsrc_die(unit, caller->ip - bias) :
				  NULL;
	const char *file = line ? dwarf_linesrc(line, NULL, NULL) : NULL;
	int number;

	if (!file || dwarf_lineno(line, &number))
		return;
	caller->file = keep_text(space, make_relative(unit, file));
	caller->line = number > 0 ? (uint32_t)number : 0;
}

static const struct place *learn_place(struct caller_space *space, pid_t tid,
				       uint64_t ip)
{
	struct place place = { .ip = ip, .caller.ip = ip - 1 };
	Dwfl_Module *module = find_module(space, tid, ip - 1);

	if (module) {
		find_symbol(space, module, &place.caller);
		if (wrappers_have(place.caller.object, place.caller.symbol))
			place.rule = unwind_find_rule(module, tid, ip - 1);
		if (place.rule.base == UNWIND_UNKNOWN)
			find_line(space, module, &place.caller);
	}
	return add_place(space, &place);
}

static const struct place *find_place(struct caller_space *space, pid_t tid,
				      uint64_t ip)
{
	const struct place *place;

	if (space->count) {
		place = find_slot(space->places, space->capacity, ip);
		if (place->ip)
			return place;
	}
	return learn_place(space, tid, ip);
}

/* `compat` says nothing: 64-bit code can make 32-bit calls; its file tells. */
static int walk(struct caller_space *space, pid_t tid,
		struct unwind_position *position,
		const struct memory_span *stack, struct record_caller *ret)
{
	int error = 0;

	for (int frame = 0; position->ip && !error; frame++) {
		const struct place *place = find_place(space, tid,
						       position->ip);

		*ret = place->caller;
		error = frame == FRAMES_MAX ? -ENODATA :
			unwind_step(&place->rule, tid, stack, position);
	}
	return error;
}

uint64_t caller_find(struct caller_space *space, pid_t tid, uint64_t ip,
		     uint64_t sp, const struct memory_span *stack,
		     struct record_caller *ret)
{
	struct unwind_position position = { .ip = ip, .sp = sp };

	walk(space, tid, &position, stack, ret);
	return position.sp - sp;
}

bool caller_find_past(struct caller_space *space, pid_t tid, uint64_t ip,
		      uint64_t frame, const struct memory_span *stack,
		      struct record_caller *ret)
{
	struct unwind_position position = {
		.ip = ip, .sp = stack->address, .has_frame = true,
		.frame = frame,
	};

	return walk(space, tid, &position, stack, ret) != -EFAULT;
}
