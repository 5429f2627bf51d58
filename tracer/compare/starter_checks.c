/* The checks of a starter rubric, from what was seen of the reference. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "abi/abi.h"
#include "base/buffer.h"
#include "compare/starter_internal.h"

/* Words and points for calls and exits; others get general ones. */
static const struct {
	const char *name, *title, *hint;
	int points;
	bool is_exact;	/* no more of them than the reference makes */
} known[] = {
	{ "KVM_CREATE_VM", "creates a virtual machine",
	  "KVM_CREATE_VM on /dev/kvm returns the VM's descriptor", 2, true },
	{ "KVM_SET_USER_MEMORY_REGION", "gives the VM its memory",
	  "guest_phys_addr and memory_size of kvm_userspace_memory_region",
	  2, false },
	{ "KVM_CREATE_VCPU", "creates a virtual processor",
	  "KVM_CREATE_VCPU is made on the VM's descriptor", 2, true },
	{ "KVM_SET_SREGS", "sets the mode of the processor",
	  "CR0, CR4 and EFER decide the mode: Intel SDM volume 3, 2.2", 3,
	  false },
	{ "KVM_SET_REGS", "sets where the guest begins",
	  "rip counts from the base of cs", 2, false },
	{ "KVM_EXIT_HLT", "the guest halts",
	  "the guest must get to its HLT, and the program must run it until "
	  "then", 2, false },
	{ "KVM_EXIT_IO", "the guest uses its ports",
	  "KVM_RUN must be made again after each KVM_EXIT_IO", 2, false },
};

/* "create-vm", "create-vm-2": letters, digits and '-' only. */
static json_t *new_id(const struct starter *starter, const char *name)
{
	struct buffer id = BUFFER_EMPTY;
	size_t index, length, number = 1;
	json_t *check, *text;

	for (const char *c = name; *c; c++)
		buffer_add_char(&id, isalnum((unsigned char)*c) ?
				(char)tolower((unsigned char)*c) : '-');
	length = id.length;
	for (bool is_taken = true; is_taken; number++) {
		id.length = length;
		if (number > 1)
			buffer_add_format(&id, "-%zu", number);
		is_taken = false;
		json_array_foreach(starter->checks, index, check)
			is_taken |= !strcmp(buffer_string(&id),
					    json_string_value(json_object_get(
						    check, "id")));
	}
	text = json_string(buffer_string(&id));
	buffer_free(&id);
	return text;
}

/* The test's keys are added to what this returns, which is borrowed. */
static json_t *add_check(struct starter *starter, const char *id,
			 const char *title, int points)
{
	json_t *check = json_pack("{s:o, s:s, s:i}", "id",
				  new_id(starter, id), "title", title,
				  "points", points);

	json_array_append_new(starter->checks, check);
	return check;
}

static json_t *new_count(json_int_t number, bool is_exact)
{
	if (is_exact)
		return json_pack("{s:I, s:I}", "min", number, "max", number);
	return json_pack("{s:I}", "min", number);
}

/* Which port, where several have a check each: KVM_EXIT_IO_OUT is 1. */
static void add_port(char *title, size_t size, const char *where)
{
	size_t length = strlen(title);
	const char *name = strchr(where, '$') + 1;

	snprintf(title + length, size - length, ": %s %.*s",
		 strstr(where, "direction == 1") ? "OUT" : "IN",
		 (int)strcspn(name, " "), name);
}

/* One check for a name, or for each of its variants. */
static void add_count(struct starter *starter, const char *key,
		      const char *name, const char *where, json_int_t number)
{
	char title[96];
	const char *hint = NULL;
	bool is_exact = false;
	int points = 1;
	json_t *check;

	snprintf(title, sizeof(title), "%s %s",
		 *key == 'c' ? "calls" : "the guest leaves with", name);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].name, name))
			continue;
		snprintf(title, sizeof(title), "%s", known[i].title);
		if (strchr(where, '$'))
			add_port(title, sizeof(title), where);
		hint = known[i].hint;
		points = known[i].points;
		is_exact = known[i].is_exact && !*where;
	}
	check = add_check(starter, name + strlen("KVM_"), title, points);
	json_object_set_new(check, key, json_string(name));
	if (*where)
		json_object_set_new(check, "where", json_string(where));
	json_object_set_new(check, "count", new_count(number, is_exact));
	if (hint)
		json_object_set_new(check, "hint", json_string(hint));
}

/* Questions to KVM change nothing: whether they are asked is up to everyone. */
static bool is_question(const char *name)
{
	return !strncmp(name, "KVM_GET_", 8) ||
	       !strcmp(name, "KVM_CHECK_EXTENSION");
}

/* A rubric may only name what a trace of this version can have. */
static bool is_known(const char *key, const char *name)
{
	bool is_call = *key == 'c';

	for (size_t i = 0; is_call && i < abi_ioctl_count; i++)
		if (!strcmp(abi_ioctls[i].name, name))
			return true;
	for (size_t i = 0; !is_call && i < abi_exit_count; i++)
		if (!strcmp(abi_exits[i].name, name))
			return true;
	return false;
}

static void add_counts(struct starter *starter, const char *key,
		       const json_t *names)
{
	const char *name, *where;
	json_t *kinds, *number;

	json_object_foreach((json_t *)names, name, kinds) {
		/* A signal's exit depends on the time. */
		if (!is_known(key, name) || is_question(name) ||
		    !strcmp(name, "KVM_RUN") || !strcmp(name, "KVM_EXIT_INTR"))
			continue;
		json_object_foreach(kinds, where, number)
			add_count(starter, key, name, where,
				  json_integer_value(number));
	}
}

/* What KVM itself needs in this order; the rest may come as it likes. */
static void add_order(struct starter *starter)
{
	static const char *const needed[] = {
		"KVM_CREATE_VM", "KVM_CREATE_VCPU", "KVM_SET_SREGS",
		"KVM_SET_SREGS2", "KVM_RUN",
	};
	json_t *steps = json_array(), *name;
	size_t index, next = 0;

	json_array_foreach(starter->order, index, name)
		for (size_t i = next; i < sizeof(needed) / sizeof(needed[0]);
		     i++)
			if (!strcmp(json_string_value(name), needed[i])) {
				json_array_append_new(steps, json_pack(
					"{s:O}", "call", name));
				next = i + 1;
			}
	if (json_array_size(steps) > 1) {
		json_t *check = add_check(starter, "order",
					  "makes the calls in order", 2);

		json_object_set(check, "order", steps);
		json_object_set_new(check, "partial", json_true());
	}
	json_decref(steps);
}

static void add_lines(struct starter *starter)
{
	const char *text;
	json_t *unused;

	json_object_foreach(starter->lines, text, unused) {
		json_t *check = add_check(starter, "console",
					  "the guest prints its text", 2);

		json_object_set_new(check, "console", json_string(text));
	}
}

static void add_never(struct starter *starter, const char *reason)
{
	json_t *check;
	char title[96];

	if (json_object_get(starter->exits, reason))
		return;
	snprintf(title, sizeof(title), "no %s", reason);
	check = add_check(starter, reason + strlen("KVM_"), title, 1);
	json_object_set_new(check, "never",
			    json_pack("{s:s}", "exit", reason));
}

static void add_end(struct starter *starter)
{
	const json_t *exited = json_object_get(starter->status, "exited");
	json_t *check;
	char text[160];

	if (starter->last_exit) {
		snprintf(text, sizeof(text), "[calls | .exit.reason // empty] "
			 "| last == \"%s\"",
			 json_string_value(starter->last_exit));
		check = add_check(starter, "last-exit",
				  "the guest leaves for the last time as the "
				  "reference's", 1);
		json_object_set_new(check, "jq", json_string(text));
	}
	if (json_is_string(starter->last_rax)) {
		snprintf(text, sizeof(text), ".out.rax == \"%s\"",
			 json_string_value(starter->last_rax));
		check = add_check(starter, "result",
				  "the guest's accumulator has the result", 2);
		json_object_set_new(check, "call", json_string("KVM_GET_REGS"));
		json_object_set_new(check, "where", json_string(text));
	}
	if (json_is_integer(exited)) {
		check = add_check(starter, "exit-status",
				  "the program ends as the reference", 1);
		json_object_set(check, "exit_status", (json_t *)exited);
	}
}

void starter_make_checks(struct starter *starter)
{
	add_counts(starter, "call", starter->calls);
	add_order(starter);
	add_lines(starter);
	add_counts(starter, "exit", starter->exits);
	add_never(starter, "KVM_EXIT_SHUTDOWN");
	add_never(starter, "KVM_EXIT_FAIL_ENTRY");
	add_never(starter, "KVM_EXIT_INTERNAL_ERROR");
	add_end(starter);
}
