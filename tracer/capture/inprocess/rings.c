#include "capture/inprocess/rings.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture/inprocess/inprocess.h"
#include "capture/inprocess/records.h"
#include "capture/interrupt.h"

#define PERIOD_NS 1000000u	/* of reading the rings */
#define IDLE_PERIOD_NS 20000000u	/* … when nothing comes */
#define IDLE_READINGS 100

/*
 * Not before there is something to read: the user's count of queued signals,
 * which the program can see, is one more with it (proc(5), SigQ). Without a
 * timer rings are read in stops only, at the latest when they are full.
 */
static bool has_timer(struct inprocess *inprocess)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = INTERRUPT_WAKE,
	};

	event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
	if (!inprocess->has_timer)
		inprocess->has_timer = !timer_create(CLOCK_MONOTONIC, &event,
						     &inprocess->timer);
	return inprocess->has_timer;
}

static void set_period(struct inprocess *inprocess, uint64_t period_ns)
{
	struct itimerspec period = {
		.it_interval.tv_nsec = (long)period_ns,
		.it_value.tv_nsec = (long)period_ns,
	};

	if (inprocess->period_ns == period_ns || !has_timer(inprocess))
		return;
	inprocess->period_ns = period_ns;
	timer_settime(inprocess->timer, 0, &period, NULL);
}

/* The ring whose next record is the oldest; NULL: all are empty. */
static struct thread_ring *find_oldest(struct inprocess *inprocess)
{
	struct thread_ring *oldest = NULL;
	uint64_t oldest_tsc = 0, tsc;

	for (struct thread_ring *ring = inprocess->rings; ring;
	     ring = ring->next) {
		if (!ring_peek(&ring->ring, &tsc) ||
		    (oldest && tsc >= oldest_tsc))
			continue;
		oldest = ring;
		oldest_tsc = tsc;
	}
	return oldest;
}

static void take(struct engine *engine, struct thread_ring *ring)
{
	struct inprocess *inprocess = engine->inprocess;
	const struct ring_head *head = &inprocess->scratch.head;
	struct record *record = &inprocess->record;

	if (ring_read(&ring->ring, &inprocess->scratch))
		return;
	records_fill(engine, ring->thread, &inprocess->scratch, record);
	record->start_ns = tsc_clock_ns(&inprocess->clock, head->start_tsc);
	record->end_ns = tsc_clock_ns(&inprocess->clock, head->end_tsc);
	if (record->end_ns < record->start_ns)
		record->end_ns = record->start_ns;
	ring->thread->broke_run = record->run_mapped &&
				  record->result == -EINTR;
	engine->end.calls.inprocess++;
	engine_emit(engine, record);
}

void rings_drain(struct engine *engine)
{
	struct inprocess *inprocess = engine->inprocess;
	struct thread_ring *ring;
	uint64_t taken = 0;

	if (!inprocess || !inprocess->rings)
		return;
	for (ring = inprocess->rings; ring; ring = ring->next)
		ring_begin(&ring->ring);
	tsc_clock_update(&inprocess->clock);
	while ((ring = find_oldest(inprocess))) {
		take(engine, ring);
		taken++;
	}
	inprocess->idle = taken ? 0 : inprocess->idle + 1;
	set_period(inprocess, inprocess->idle < IDLE_READINGS ? PERIOD_NS
							      : IDLE_PERIOD_NS);
	/* Following is for stops; here it would starve this reading. */
	if (taken)
		follower_leave(&engine->follower);
}

void rings_add(struct inprocess *inprocess, struct thread_ring *ring)
{
	ring->next = inprocess->rings;
	inprocess->rings = ring;
	inprocess->idle = 0;
	set_period(inprocess, PERIOD_NS);
}

void rings_drop(struct inprocess *inprocess, struct thread *thread)
{
	struct thread_ring **link = &inprocess->rings;

	while (*link != thread->ring)
		link = &(*link)->next;
	*link = thread->ring->next;
	inprocess->broken += thread->ring->ring.is_broken;
	agent_remove_thread(thread->ring);
	thread->ring = NULL;
	if (!inprocess->rings)
		set_period(inprocess, 0);
}

void rings_done(struct inprocess *inprocess)
{
	if (inprocess->has_timer)
		timer_delete(inprocess->timer);
}
