/*
 * Can this machine run the in-process engine at all?
 */
#ifndef CAPTURE_INPROCESS_SUPPORT_H
#define CAPTURE_INPROCESS_SUPPORT_H

/*
 * NULL if it can, else what is missing, as a part of a sentence ("the
 * processor lacks LAHF in 64-bit mode"). A static string.
 */
const char *inprocess_find_obstacle(void);

#endif
