#include "annotate/words.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

const char *words_errno(int64_t error)
{
	/* Internal to the kernel, seen by tracers only: include/linux/errno.h. */
	static const struct abi_name restarts[] = {
		{ .value = 512, .name = "ERESTARTSYS" },
		{ .value = 513, .name = "ERESTARTNOINTR" },
		{ .value = 514, .name = "ERESTARTNOHAND" },
		{ .value = 515, .name = "ENOIOCTLCMD" },
		{ .value = 516, .name = "ERESTART_RESTARTBLOCK" },
	};
	const char *name = error > 0 && error < 4096 ?
		strerrorname_np((int)error) : NULL;

	for (size_t i = 0; !name && i < sizeof(restarts) / sizeof(restarts[0]);
	     i++)
		if ((int64_t)restarts[i].value == error)
			name = restarts[i].name;
	return name ? name : "unknown";
}

const char *words_signal(int signal, char text[24])
{
	const char *name = sigabbrev_np(signal);

	if (name)
		snprintf(text, 24, "SIG%s", name);
	else if (signal >= SIGRTMIN && signal <= SIGRTMAX)
		snprintf(text, 24, "SIGRTMIN+%d", signal - SIGRTMIN);
	else
		snprintf(text, 24, "signal %d", signal);
	return text;
}

static void add_vm(struct buffer *out, const struct session_object *object)
{
	if (object->vm < 0) {
		buffer_add_string(out, "vm?");
		return;
	}
	buffer_add_string(out, "vm");
	buffer_add_signed(out, object->vm);
}

void words_add_object(struct buffer *out, const struct session_object *object,
		      const struct record_file *file)
{
	switch (object->role) {
	case ROLE_SYSTEM:
		buffer_add_string(out, "kvm");
		return;
	case ROLE_VM:
		add_vm(out, object);
		return;
	case ROLE_VCPU:
		add_vm(out, object);
		buffer_add_string(out, "/vcpu");
		buffer_add_signed(out, object->vcpu);
		return;
	case ROLE_DEVICE:
		buffer_add_string(out, "device");
		buffer_add_signed(out, object->device);
		return;
	case ROLE_GUEST_MEMFD:
	case ROLE_STATS:
		add_vm(out, object);
		buffer_add_string(out, object->role == ROLE_STATS ?
				       "/stats" : "/guest_memfd");
		return;
	case 0:
		buffer_add_string(out, "a file that could not be looked at");
		return;
	default:
		buffer_add_string(out, file->link ? file->link
						  : "no open file");
	}
}

void words_add_request(struct buffer *out, const struct record *record,
		       const struct abi_ioctl *row)
{
	if (row) {
		buffer_add_string(out, row->name);
		return;
	}
	buffer_add_string(out, "request ");
	buffer_add_hex(out, record_request(record));
}
