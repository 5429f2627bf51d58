/* Questions 1a and 1b: the ioctl system call. */
#include <sys/ioctl.h>

#include "report/fields.h"
#include "report/study.h"

/* The first of these calls that the trace has with a result. */
static const json_t *find_example(const struct study *study,
				  const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct facts_call *call =
			facts_find_call(study->facts, names[i]);

		if (call && call->count > call->failures)
			return call->event;
	}
	return NULL;
}

#define EXAMPLE(study, ...)                                          \
	find_example(study, (const char *const[]){ __VA_ARGS__ },    \
		     sizeof((const char *const[]){ __VA_ARGS__ }) /  \
			     sizeof(const char *))

/* Examples of each argument */

static void show_descriptors(const struct study *study, struct answer *answer)
{
	static const struct {
		const char *call, *what, *handler;
	} rows[] = {
		{ "KVM_CREATE_VM", "the VM", "kvm_vm_ioctl" },
		{ "KVM_CREATE_VCPU", "a vCPU", "kvm_vcpu_ioctl" },
	};
	const json_t *event = study->facts->opened;

	if (event)
		answer_item(answer, "descriptor %s is `/dev/kvm` itself, "
			    "served by `kvm_dev_ioctl` (opened: %s)",
			    answer_decimal_at(answer, event, "ret"),
			    answer_cite(answer, event));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		event = EXAMPLE(study, rows[i].call);
		if (event)
			answer_item(answer, "descriptor %s is %s, served by "
				    "`%s` (made by `%s`: %s)",
				    answer_decimal_at(answer, event, "ret"),
				    rows[i].what, rows[i].handler, rows[i].call,
				    answer_cite(answer, event));
	}
}

static const char *direction_words(unsigned int request)
{
	switch (_IOC_DIR(request)) {
	case _IOC_NONE:
		return "none";
	case _IOC_WRITE:
		return "to the kernel";
	case _IOC_READ:
		return "from the kernel";
	default:
		return "both ways";
	}
}

static void show_request(const struct study *study, struct answer *answer)
{
	const json_t *event = EXAMPLE(study, "KVM_SET_USER_MEMORY_REGION",
				      "KVM_SET_SREGS", "KVM_GET_SREGS",
				      "KVM_CREATE_VCPU", "KVM_CREATE_VM",
				      "KVM_GET_API_VERSION");
	uint64_t request;

	if (!event || !field_number(event, "cmd", &request))
		return;
	answer_item(answer, "%s is %s: direction \"%s\", size %u bytes, "
		    "type `0x%x`, number `0x%x` (%s)",
		    answer_quote(answer, field_text(event, "name")),
		    answer_hex(answer, request),
		    direction_words((unsigned int)request),
		    (unsigned int)_IOC_SIZE((unsigned int)request),
		    (unsigned int)_IOC_TYPE((unsigned int)request),
		    (unsigned int)_IOC_NR((unsigned int)request),
		    answer_cite(answer, event));
}

static void show_argument(struct answer *answer, const json_t *event,
			  const char *what)
{
	uint64_t argument;

	if (!event || !field_number(event, "arg", &argument))
		return;
	answer_item(answer, "%s: %s got %s (%s)", what,
		    answer_quote(answer, field_text(event, "name")),
		    answer_hex(answer, argument), answer_cite(answer, event));
}

static void show_arguments(const struct study *study, struct answer *answer)
{
	show_argument(answer, EXAMPLE(study, "KVM_CREATE_VCPU",
				      "KVM_SET_TSS_ADDR", "KVM_CHECK_EXTENSION",
				      "KVM_CREATE_VM"), "a value");
	show_argument(answer, EXAMPLE(study, "KVM_SET_USER_MEMORY_REGION",
				      "KVM_SET_SREGS", "KVM_SET_REGS"),
		      "a pointer to a structure that KVM reads");
	show_argument(answer, EXAMPLE(study, "KVM_GET_SREGS", "KVM_GET_REGS",
				      "KVM_GET_SREGS2"),
		      "a pointer to a structure that KVM fills");
	/* kvm_vcpu_ioctl() in virt/kvm/kvm_main.c */
	show_argument(answer, EXAMPLE(study, "KVM_RUN"),
		      "nothing: it must be 0, else the call fails with "
		      "`EINVAL`");
}

static void show_result(struct answer *answer, const json_t *event,
			const char *what)
{
	if (event && field_has(event, "ret"))
		answer_item(answer, "%s: %s gave %s (%s)", what,
			    answer_quote(answer, field_text(event, "name")),
			    answer_decimal_at(answer, event, "ret"),
			    answer_cite(answer, event));
}

static void show_failure(const struct study *study, struct answer *answer)
{
	for (size_t i = 0; i < study->facts->call_count; i++) {
		const json_t *event = study->facts->calls[i].refused;

		if (!event)
			continue;
		answer_item(answer, "-1 with the reason in `errno`: %s gave -1, "
			    "%s (%s)",
			    answer_quote(answer, field_text(event, "name")),
			    answer_quote(answer, field_text(event, "errno")),
			    answer_cite(answer, event));
		return;
	}
	answer_item(answer, "-1 with the reason in `errno`: no call of this "
		    "trace failed");
}

static void show_results(const struct study *study, struct answer *answer)
{
	show_result(answer, EXAMPLE(study, "KVM_SET_USER_MEMORY_REGION",
				    "KVM_SET_REGS", "KVM_RUN"), "0, done");
	show_result(answer, EXAMPLE(study, "KVM_CREATE_VM", "KVM_CREATE_VCPU"),
		    "a new file descriptor");
	show_result(answer, EXAMPLE(study, "KVM_GET_VCPU_MMAP_SIZE",
				    "KVM_GET_API_VERSION",
				    "KVM_CHECK_EXTENSION"),
		    "the answer itself");
	show_failure(study, answer);
}

/* ioctl(2); include/uapi/asm-generic/ioctl.h for the request's parts */
void question_1a(const struct study *study, struct answer *answer)
{
	answer_text(answer, "`int ioctl(int fd, unsigned long request, ...)`: "
		    "an open file, what to do with it, and one argument.");
	answer_text(answer, "`fd` says which open file is meant. Its kind "
		    "decides which function of the kernel gets the request:");
	show_descriptors(study, answer);
	answer_text(answer, "`request` says what is to be done. Linux looks at "
		    "its low 32 bits; they encode a direction (bits 30-31), "
		    "the size of the structure (16-29), a type (8-15; `0xae` "
		    "is KVM's) and a number (0-7):");
	show_request(study, answer);
	answer_text(answer, "The third argument is one `unsigned long`, and "
		    "only the request says what it means:");
	show_arguments(study, answer);
	answer_text(answer, "The result depends on the request as well:");
	show_results(study, answer);
	answer_sheet(answer, "the third argument isn't always a pointer, and "
		     "the direction in a request is a hint for people: KVM "
		     "compares the whole number.");
	if (!study->facts->ioctls)
		answer_unknown(answer, "this trace has no ioctl on a KVM "
			       "descriptor that could serve as an example.");
}

/* 1b */

/* A call with all six steps, to walk through. */
static const json_t *find_walked(const struct study *study)
{
	const json_t *event = EXAMPLE(study, "KVM_SET_USER_MEMORY_REGION",
				      "KVM_CREATE_VCPU", "KVM_CREATE_VM",
				      "KVM_GET_API_VERSION");

	return event || !study->facts->call_count ? event :
	       study->facts->calls[0].event;
}

static void draw_figure(struct answer *answer)
{
	static const char *const lines[] = {
		"        +--------------------------------------+",
		"        |           user application           |",
		"        +--------------------------------------+",
		"           | 1 ioctl(fd, request, arg)    ^ 6 result, errno",
		"user space |                              |",
		"-----------|------------------------------|----------------",
		"kernel     v                              |",
		"        +--------------------------------------+",
		"        |  system call handler: sys_ioctl()    |",
		"        +--------------------------------------+",
		"           | 2 file->f_op->unlocked_ioctl ^ 5 result",
		"           v                              |",
		"        +--------------------------------------+",
		"        |  ioctl handler: kvm_dev_ioctl(),     |",
		"        |  kvm_vm_ioctl(), kvm_vcpu_ioctl()    |",
		"        +--------------------------------------+",
		"           | 3 by request                 ^",
		"           v                              |",
		"        +--------------------------------------+",
		"        |  driver operation: what KVM does     |",
		"        +--------------------------------------+",
		"           | 4                            ^",
		"           v                              |",
		"        +--------------------------------------+",
		"        |  device: KVM, a VM, or a vCPU        |",
		"        +--------------------------------------+",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		answer_line(answer, "%s", lines[i]);
}

static void walk(struct answer *answer, const json_t *event)
{
	const json_t *flow = field_find(event, "flow");
	size_t count = json_array_size(flow);

	if (!count) {
		answer_unknown(answer, "the steps of a call of its own, because it "
			       "was recorded without them (`--flow none`).");
		return;
	}
	answer_text(answer, "%s went this way (%s):",
		    answer_quote(answer, field_text(event, "name")),
		    answer_cite(answer, event));
	for (size_t i = 0; i < count && i < 6; i++) {
		const json_t *step = json_array_get(flow, i);

		answer_item(answer, "%zu, %s: %s", i + 1,
			    field_is(step, "space", "kernel") ? "kernel" :
								"user space",
			    answer_quote(answer, field_text(step, "text")));
	}
}

static void show_refused(const struct study *study, struct answer *answer)
{
	for (size_t i = 0; i < study->facts->call_count; i++) {
		const json_t *event = study->facts->calls[i].refused;
		const json_t *flow = field_find(event, "flow");

		for (size_t n = 0; n < json_array_size(flow); n++)
			if (json_is_true(field_find(json_array_get(flow, n),
						    "refused"))) {
				answer_text(answer, "Not every call gets to "
					    "the device: %s failed with %s at "
					    "step %zu (%s).",
					    answer_quote(answer, field_text(
							event, "name")),
					    answer_quote(answer, field_text(
							event, "errno")),
					    n + 1, answer_cite(answer, event));
				return;
			}
	}
}

/* virt/kvm/kvm_main.c: kvm_dev, kvm_vm_fops, kvm_vcpu_fops; fs/ioctl.c */
void question_1b(const struct study *study, struct answer *answer)
{
	const json_t *event = find_walked(study);

	answer_text(answer, "To register: a driver puts its handler into the "
		    "`unlocked_ioctl` member of a `struct file_operations` and "
		    "registers a device with it. When KVM's module is loaded, "
		    "it registers the misc device `/dev/kvm` with "
		    "`kvm_dev_ioctl`. `KVM_CREATE_VM` and `KVM_CREATE_VCPU` "
		    "make further, anonymous files with handlers of their own, "
		    "`kvm_vm_ioctl` and `kvm_vcpu_ioctl`.");
	answer_text(answer, "To use: the program opens the device and calls "
		    "`ioctl()` on the descriptor.");
	draw_figure(answer);
	if (event)
		walk(answer, event);
	else
		answer_unknown(answer, "this trace has no ioctl on a KVM "
			       "descriptor to follow.");
	show_refused(study, answer);
}
