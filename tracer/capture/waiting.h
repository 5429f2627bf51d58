/* Waiting for threads to stop or die. */
#ifndef CAPTURE_WAITING_H
#define CAPTURE_WAITING_H

#include "capture/engine.h"

/*
 * Wait, then take all that is ready into engine->waited; being woken instead,
 * it reads the rings and takes nothing. False when nothing is left to wait for.
 */
bool waiting_take(struct engine *engine);

#endif
