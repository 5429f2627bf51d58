#include "annotate/flow.h"

#include <asm/ioctl.h>
#include <errno.h>

#include "annotate/exit_words.h"
#include "annotate/words.h"
#include "decode/capability.h"

/* Steps by their numbers in the diagram. */
enum step {
	STEP_CALL = 1,
	STEP_SYSCALL,
	STEP_HANDLER,
	STEP_DRIVER,
	STEP_RESULT,
	STEP_RETURN,
};

const char *flow_box(unsigned int step)
{
	static const char *const boxes[FLOW_STEPS] = {
		"user_application", "syscall_handler", "ioctl_handler",
		"driver_operation", "ioctl_handler", "user_application",
	};

	return boxes[step - 1];
}

const char *flow_space(unsigned int step)
{
	return step == STEP_CALL || step == STEP_RETURN ? "user" : "kernel";
}

/*
 * Which step refused the call, 0 for none: a closed descriptor, or one of
 * O_PATH, is refused by the system call handler (EBADF, fs/ioctl.c; later
 * EBADF can only be about a descriptor in the argument's structure), a request
 * that the kind of file doesn't know by its ioctl handler, all else by the
 * operation.
 */
static enum step find_refusal(const struct record *record,
			      const struct session_view *view)
{
	bool is_known = view->object.role != 0;

	if (record->unfinished || record->result >= 0)
		return 0;
	if (record->injected)
		return STEP_SYSCALL;
	if (record->result == -EBADF &&
	    (view->object.role == ROLE_NOT_KVM ||
	     (view->row && !view->row->type)))
		return STEP_SYSCALL;
	if (!view->row || (is_known &&
			   !(view->row->roles & view->object.role)))
		return STEP_HANDLER;
	return STEP_DRIVER;
}

static void describe_call(struct buffer *out, const struct record *record,
			  const struct session_view *view)
{
	const struct record_caller *caller = &record->caller;

	buffer_add_string(out, "ioctl(");
	buffer_add_signed(out, record->fd);
	buffer_add_string(out, ", ");
	words_add_request(out, record, view->row);
	buffer_add_string(out, ", ");
	buffer_add_hex(out, record->argument);
	buffer_add_char(out, ')');
	if (caller->symbol) {
		buffer_add_string(out, " in ");
		buffer_add_string(out, caller->symbol);
	}
	if (caller->file) {
		buffer_add_string(out, " at ");
		buffer_add_string(out, caller->file);
		buffer_add_char(out, ':');
		buffer_add_unsigned(out, caller->line);
	} else if (caller->object) {
		buffer_add_string(out, " in ");
		buffer_add_string(out, caller->object);
	}
}

static void describe_syscall(struct buffer *out, const struct record *record,
			     const struct session_view *view, bool refused)
{
	buffer_add_string(out, "sys_ioctl looks up descriptor ");
	buffer_add_signed(out, record->fd);
	if (record->injected) {
		buffer_add_string(out, "; kvmtrace answers in the kernel's "
				       "place (--inject)");
		return;
	}
	if (refused) {
		buffer_add_string(out, ": it is not open, so the call ends "
				       "here with EBADF");
		return;
	}
	buffer_add_string(out, ": it is ");
	words_add_object(out, &view->object, &record->file);
	if (record->file.link && view->object.role != ROLE_NOT_KVM) {
		buffer_add_string(out, " (");
		buffer_add_string(out, record->file.link);
		buffer_add_char(out, ')');
	}
	buffer_add_string(out, "; request ");
	buffer_add_hex(out, record_request(record));
	buffer_add_string(out, " goes to this file's ioctl handler");
}

static const char *handler_of(const struct session_view *view)
{
	const struct abi_role_row *role = abi_find_role(view->object.role);

	if (!view->object.role)
		return "the file's ioctl handler, KVM's if it is KVM's,";
	return role && role->handler ? role->handler
				     : "the file's own ioctl handler";
}

static void describe_argument(struct buffer *out, const struct record *record,
			      const struct abi_ioctl *row)
{
	if (!row->type && !row->value && record->argument) {
		buffer_add_string(out, "; it takes no argument, but was "
				       "given ");
		buffer_add_hex(out, record->argument);
		return;
	}
	if (!row->type) {
		buffer_add_string(out, row->value ?
				       "; the argument is a value" :
				       "; no argument");
		return;
	}
	buffer_add_string(out, row->flow == FLOW_OUT ?
			       "; it will fill struct " :
			       "; it copies struct ");
	buffer_add_string(out, row->type->name);
	buffer_add_string(out, row->flow == FLOW_OUT ? " at " : " from ");
	buffer_add_hex(out, record->argument);
}

static void describe_handler(struct buffer *out, const struct record *record,
			     const struct session_view *view, bool refused)
{
	buffer_add_string(out, handler_of(view));
	if (refused) {
		buffer_add_string(out, " does not know ");
		words_add_request(out, record, view->row);
		buffer_add_string(out, " and answers ");
		buffer_add_string(out, words_errno(-record->result));
		return;
	}
	buffer_add_string(out, " recognises ");
	words_add_request(out, record, view->row);
	if (view->row)
		describe_argument(out, record, view->row);
}

static void describe_driver(struct buffer *out, const struct record *record,
			    const struct session_view *view, bool refused)
{
	const struct abi_ioctl *row = view->row;

	if (row && row->handler) {
		buffer_add_string(out, row->handler);
		buffer_add_char(out, ' ');
	} else {
		buffer_add_string(out, "KVM ");
	}
	buffer_add_string(out, row && row->operation ? row->operation :
			       "carries out the request");
	if (refused && record->result == -EINTR) {
		buffer_add_string(out, "; interrupted by a signal, or asked to "
				       "return at once (immediate_exit): "
				       "EINTR");
	} else if (refused) {
		buffer_add_string(out, "; refused with ");
		buffer_add_string(out, words_errno(-record->result));
	} else if (view->has_exit) {
		buffer_add_string(out, "; the guest left with ");
		exit_words_add(out, record, view);
	} else if (record->unfinished) {
		buffer_add_string(out, "; it had not come back when the "
				       "thread or the trace ended");
	}
}

static void describe_result(struct buffer *out, const struct record *record,
			    const struct session_view *view)
{
	const struct abi_ioctl *row = view->row;

	buffer_add_string(out, handler_of(view));
	buffer_add_string(out, " returns ");
	if (record->result < 0) {
		buffer_add_char(out, '-');
		buffer_add_string(out, words_errno(-record->result));
		return;
	}
	buffer_add_signed(out, record->result);
	if (row && row->type && row->flow >= FLOW_OUT) {
		buffer_add_string(out, " and has written struct ");
		buffer_add_string(out, row->type->name);
		buffer_add_string(out, " back to ");
		buffer_add_hex(out, record->argument);
	}
}

static void describe_return(struct buffer *out, const struct record *record,
			    const struct session_view *view)
{
	char meaning[CAPABILITY_TEXT_BYTES];

	if (record->result < 0) {
		buffer_add_string(out, "ioctl() gives -1, errno ");
		buffer_add_string(out, words_errno(-record->result));
		return;
	}
	buffer_add_string(out, "ioctl() gives ");
	buffer_add_signed(out, record->result);
	if (record->made_file.id) {
		buffer_add_string(out, record->made_fd == record->result ?
				       ": the descriptor of " :
				       "; the new descriptor stands for ");
		words_add_object(out, &view->made, &record->made_file);
	} else if (view->has_exit) {
		buffer_add_string(out, "; ");
		exit_words_add_next(out, record);
	} else if (capability_describe(meaning, record, view->row)) {
		buffer_add_string(out, ": ");
		buffer_add_string(out, meaning);
	}
}

/* A step that an earlier one's refusal, or the end of the thread, cut off. */
static void describe_unreached(struct buffer *out, const struct record *record,
			       enum step refusal)
{
	if (record->injected) {
		buffer_add_string(out, "not reached: answered at step 2");
		return;
	}
	if (!refusal) {
		buffer_add_string(out, "not reached: the call did not come "
				       "back");
		return;
	}
	buffer_add_string(out, "not reached: refused at step ");
	buffer_add_unsigned(out, refusal);
}

static void describe_step(struct buffer *out, enum step step,
			  enum step refusal, const struct record *record,
			  const struct session_view *view)
{
	switch (step) {
	case STEP_CALL:
		describe_call(out, record, view);
		break;
	case STEP_SYSCALL:
		describe_syscall(out, record, view, refusal == step);
		break;
	case STEP_HANDLER:
		describe_handler(out, record, view, refusal == step);
		break;
	case STEP_DRIVER:
		describe_driver(out, record, view, refusal == step);
		break;
	case STEP_RESULT:
		describe_result(out, record, view);
		break;
	case STEP_RETURN:
		describe_return(out, record, view);
		break;
	}
}

/* Refusals travel back through the steps that the call went through. */
static bool is_reached(enum step step, enum step refusal,
		       const struct record *record)
{
	if (record->injected)
		return step <= STEP_SYSCALL || step == STEP_RETURN;
	if (record->unfinished)
		return step <= STEP_DRIVER;
	if (refusal == STEP_SYSCALL && step == STEP_RESULT)
		return false;
	return !refusal || step <= refusal || step >= STEP_RESULT;
}

void flow_describe(struct flow *flow, const struct record *record,
		   const struct session_view *view)
{
	enum step refusal = find_refusal(record, view);
	struct buffer *out = &flow->text;

	buffer_reset(out);
	buffer_reset(&flow->device);
	if (view->object.role && view->object.role != ROLE_NOT_KVM)
		words_add_object(&flow->device, &view->object, &record->file);
	for (enum step step = STEP_CALL; step <= STEP_RETURN; step++) {
		struct flow_step *described = &flow->steps[step - 1];

		described->offset = out->length;
		if (is_reached(step, refusal, record))
			describe_step(out, step, refusal, record, view);
		else
			describe_unreached(out, record, refusal);
		described->length = out->length - described->offset;
		described->refused = step == refusal;
	}
}

void flow_free(struct flow *flow)
{
	buffer_free(&flow->text);
	buffer_free(&flow->device);
}
