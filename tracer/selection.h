/*
 * Which events go into the trace: the lists of --only and --skip. A list
 * names ioctls (KVM_RUN), exit reasons (KVM_EXIT_IO), kinds of descriptor (vm)
 * and types of line (console), separated by commas.
 */
#ifndef SELECTION_H
#define SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "record/record.h"
#include "session/session.h"

#define SELECT_IOCTLS_MAX 512
#define SELECT_EXITS_MAX 128

enum selection_type {
	SELECT_IOCTL = 1 << 0,
	SELECT_SYSCALL = 1 << 1,
	SELECT_CONSOLE = 1 << 2,
	SELECT_PROCESS = 1 << 3,
};

struct selection_list {
	bool is_given;
	uint8_t roles;
	uint8_t types;
	bool ioctls[SELECT_IOCTLS_MAX];	/* by row of abi_ioctls */
	bool exits[SELECT_EXITS_MAX];	/* by row of abi_exits */
};

struct selection {
	struct selection_list only, skip;
};

/*
 * Add the names in `text` to the list. -EINVAL when one is unknown: it stands
 * in `ret_unknown`, and the nearest known one in *ret_nearest (NULL: none).
 */
int selection_parse(struct selection_list *list, const char *text,
		 char ret_unknown[64], const char **ret_nearest);

/* All names that a list may have; NULL behind the last. Some ioctls share a
 * name, which is then told for each. */
const char *selection_name(size_t index);

bool selection_wants(const struct selection *selection, enum selection_type type,
		  const struct record *record, const struct session_view *view);
/* Of lines without a descriptor: consoles, processes. */
bool selection_wants_type(const struct selection *selection, enum selection_type type);

#endif
