/*
 * `kvmtrace --complete WORDS...`: what the last of these words may become,
 * for the shells (completion/). The words are those behind `kvmtrace` up to
 * the cursor; candidates.h says how the answer looks.
 */
#ifndef COMPLETE_COMMAND_H
#define COMPLETE_COMMAND_H

/* A command (commands.h), but not for people. Always 0. */
int complete_run(int argc, char **argv);

#endif
