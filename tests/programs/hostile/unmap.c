/*
 * unmap code|private|shared|stubs away|barred|empty [thread]: takes the pages of
 * this part of the in-process engine away, or bars them, or puts zeros there;
 * and goes on with ioctls, as it would untraced. With `thread`, another thread
 * is in the middle of them.
 */
#include "agent.h"

#define PARTS_MAX 16

static int kvm;
static struct range ranges[PARTS_MAX];

static void take_away(const struct range *range, const char *how)
{
	void *start = (void *)range->start;
	size_t length = range->end - range->start;

	if (!strcmp(how, "away"))
		vm_expect(!munmap(start, length));
	else if (!strcmp(how, "barred"))
		vm_expect(!mprotect(start, length, PROT_NONE));
	else
		vm_expect(mmap(start, length, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
			       0) == start);
}

static void *call_meanwhile(void *context)
{
	(void)context;
	call_often(kvm, 20000);
	work_on(kvm);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	bool has_thread = argc > 3;
	size_t count;

	vm_expect(argc > 2);
	work();
	kvm = vm_open_kvm();
	call_often(kvm, 100);
	count = find_parts(argv[1], ranges, PARTS_MAX);
	if (has_thread) {
		vm_expect(!pthread_create(&thread, NULL, call_meanwhile, NULL));
		usleep(5000);
	}
	for (size_t i = 0; i < count; i++)
		take_away(&ranges[i], argv[2]);
	call_often(kvm, 1000);
	work_on(kvm);
	if (has_thread)
		pthread_join(thread, NULL);
	vm_say("went on\n");
	return 0;
}
