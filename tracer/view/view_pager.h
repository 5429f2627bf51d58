/*
 * A pager for output on a terminal, as git has one: $KVMTRACE_PAGER, $PAGER, or
 * less. LESS=FRX where it isn't set: end at once when all fits on the screen,
 * let colours through, leave the text on the terminal.
 */
#ifndef VIEW_PAGER_H
#define VIEW_PAGER_H

#include <sys/types.h>

/*
 * Start it. The process, with the descriptor of its input in *ret_fd; 0: none
 * is wanted; -errno. While it runs, Ctrl-C is the pager's.
 */
pid_t view_pager_start(int *ret_fd);

/* Wait until the user has left it. Its input must have been closed. */
void view_pager_finish(pid_t pager);

#endif
