/*
 * `kvmtrace view TRACE`: a recorded trace as text, or in the format of another
 * program. The text is byte for byte that of the live tracer.
 */
#ifndef VIEW_H
#define VIEW_H

/*
 * A command (commands.h). 0: fine, and also when whoever reads the output goes
 * away; 2: trouble: unreadable, malformed, or incomplete, of which what there
 * is was shown.
 */
int view_run(int argc, char **argv);

#endif
