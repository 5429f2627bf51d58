/* Ioctls and exit reasons. */
#include <asm/ioctl.h>
#include <linux/kvm.h>
#include <string.h>
#include <strings.h>

#include "explain/internal.h"

static void add_row(struct explain_page *page, const char *label,
		    struct buffer *words)
{
	explain_add_row(page, label, buffer_string(words));
	buffer_reset(words);
}

/* Ioctls */

/* The request's own bits may say another direction than what is copied. */
static void add_request(struct buffer *out, uint32_t request)
{
	static const char *const macros[] = {
		[_IOC_NONE] = "_IO", [_IOC_WRITE] = "_IOW",
		[_IOC_READ] = "_IOR", [_IOC_READ | _IOC_WRITE] = "_IOWR",
	};

	buffer_add_format(out, "0x%x, %s(0x%x, 0x%x)", request,
			  macros[_IOC_DIR(request)], _IOC_TYPE(request),
			  _IOC_NR(request));
	if (_IOC_SIZE(request))
		buffer_add_format(out, " of %u bytes", _IOC_SIZE(request));
}

static void add_roles(struct buffer *out, uint8_t roles)
{
	const char *before = "a ";

	for (size_t i = 0; i < abi_role_count; i++) {
		if (!(roles & abi_roles[i].role))
			continue;
		buffer_add_format(out, "%s%s", before, abi_roles[i].name);
		before = " or ";
	}
	buffer_add_string(out, " descriptor");
	if (roles & ROLE_SYSTEM)
		buffer_add_string(out, " (/dev/kvm)");
}

static const char *describe_flow(const struct abi_ioctl *row)
{
	switch (row->flow) {
	case FLOW_IN:
		return ", which KVM reads";
	case FLOW_OUT:
		return ", which KVM writes";
	case FLOW_INOUT:
		return row->reads_head_only ?
		       ", of which KVM reads the head and writes all" :
		       ", which KVM reads and writes";
	default:
		return "";
	}
}

static void add_argument(struct buffer *out, const struct abi_ioctl *row)
{
	if (abi_is_run(row)) {
		buffer_add_string(out, "none: struct kvm_run is mapped from "
				       "the descriptor");
	} else if (row->value) {
		explain_add_declaration(out, NULL, row->value);
		buffer_add_string(out, ", a value");
		if (row->value->names)
			buffer_add_format(out, ": one of %s",
					  row->value->names->family);
	} else if (row->type) {
		buffer_add_string(out, "pointer to ");
		explain_add_type_name(out, row->type);
		buffer_add_string(out, describe_flow(row));
	} else if (row->flow == FLOW_NONE) {
		buffer_add_string(out, "none");
	} else {
		buffer_add_string(out, "pointer to another architecture's "
				       "structure");
		buffer_add_string(out, describe_flow(row));
	}
	if (row->tdx_type) {
		buffer_add_string(out, "; of a KVM_X86_TDX_VM to ");
		explain_add_type_name(out, row->tdx_type);
	}
}

static void add_result(struct buffer *out, const struct abi_ioctl *row)
{
	static const char *const results[] = {
		[RESULT_ZERO] = "0", [RESULT_FD] = "a new descriptor",
		[RESULT_COUNT] = "how many were done, perhaps not all",
		[RESULT_VALUE] = "the answer itself",
		[RESULT_FD_IN_ARGUMENT] =
			"0; a new descriptor is in the argument",
	};

	buffer_add_format(out, "%s, or -1 and errno", results[row->result]);
}

static void add_handlers(struct buffer *out, const struct abi_ioctl *row)
{
	for (size_t i = 0; i < abi_role_count; i++)
		if (row->roles & abi_roles[i].role && abi_roles[i].handler)
			buffer_add_format(out, "%s%s",
					  out->length ? " or " : "",
					  abi_roles[i].handler);
	if (row->handler)
		buffer_add_format(out, ", then %s", row->handler);
}

/* Of two rows for one call, that with the smaller pointers. */
static bool is_compat(const struct abi_ioctl *row)
{
	for (size_t i = 0; i < abi_ioctl_count; i++)
		if (abi_ioctls[i].roles == row->roles &&
		    !strcmp(abi_ioctls[i].name, row->name) &&
		    _IOC_SIZE(abi_ioctls[i].request) > _IOC_SIZE(row->request))
			return true;
	return false;
}

static void show_ioctl(struct explain_page *page, const struct abi_ioctl *row)
{
	struct buffer words = BUFFER_EMPTY;

	explain_add_title(page, "%s: an ioctl%s", row->name,
			  is_compat(row) ? " as 32-bit programs make it" : "");
	if (row->operation) {
		buffer_add_format(&words, "KVM %s", row->operation);
		add_row(page, "does", &words);
	}
	add_request(&words, row->request);
	add_row(page, "request", &words);
	add_roles(&words, row->roles);
	add_row(page, "on", &words);
	add_argument(&words, row);
	add_row(page, "argument", &words);
	add_result(&words, row);
	add_row(page, "returns", &words);
	add_handlers(&words, row);
	add_row(page, "kernel", &words);
	if (row->section) {
		buffer_add_format(&words, "api.rst %s", row->section);
		add_row(page, "manual", &words);
	}
	buffer_free(&words);
}

static void attach_argument(struct explain_page *page,
			    const struct abi_ioctl *row)
{
	explain_set_add_type(&page->attached, row->type);
	explain_set_add_type(&page->attached, row->tdx_type);
	if (!abi_is_run(row))
		return;
	explain_set_add_type(&page->attached, &abi_run_in);
	explain_set_add_type(&page->attached, &explain_run_reason);
	explain_set_add_type(&page->attached, &abi_run_out);
}

/* By name, or by those bits of the request that are in the mask. */
static unsigned int find_rows(struct explain_page *page,
			      const struct explain_wanted *wanted,
			      uint32_t mask, bool compat)
{
	unsigned int found = 0;

	for (size_t i = 0; i < abi_ioctl_count; i++) {
		const struct abi_ioctl *row = &abi_ioctls[i];

		if (wanted->is_number ?
		    (row->request & mask) != wanted->number :
		    !explain_is(wanted, row->name))
			continue;
		if (is_compat(row) != compat)
			continue;
		show_ioctl(page, row);
		attach_argument(page, row);
		found++;
	}
	return found;
}

/* 0xae83 is the type and number of requests without size and direction. */
static unsigned int find_ioctls(struct explain_page *page,
				const struct explain_wanted *wanted)
{
	unsigned int found = find_rows(page, wanted, UINT32_MAX, false) +
			     find_rows(page, wanted, UINT32_MAX, true);

	if (found || !wanted->is_number ||
	    wanted->number >> 8 != KVMIO)
		return found;
	return find_rows(page, wanted, UINT16_MAX, false) +
	       find_rows(page, wanted, UINT16_MAX, true);
}

static void offer_ioctls(struct explain_near *near,
			 const struct explain_set *all)
{
	(void)all;
	for (size_t i = 0; i < abi_ioctl_count; i++)
		explain_near_offer(near, abi_ioctls[i].name);
}

const struct explain_kind explain_ioctls = { find_ioctls, offer_ioctls };

/* Exits */

#define EXIT_STEM "KVM_EXIT_"

static void show_exit(struct explain_page *page, const struct abi_exit *row)
{
	struct buffer words = BUFFER_EMPTY;

	explain_add_title(page, "%s: exit reason %u of KVM_RUN", row->name,
			  row->code);
	if (row->meaning)
		explain_add_row(page, "means", row->meaning);
	if (row->member)
		buffer_add_format(&words, "%s, of struct kvm_run's union",
				  row->member);
	else
		buffer_add_string(&words, "none of struct kvm_run's union");
	add_row(page, "member", &words);
	buffer_free(&words);
	if (row->type)
		explain_attach_body(page, row->type);
}

static bool is_exit(const struct explain_wanted *wanted,
		    const struct abi_exit *row)
{
	uint64_t code;

	if (explain_is_numbered(wanted, EXIT_STEM, strlen(EXIT_STEM), &code))
		return row->code == code;
	return wanted->is_number ? row->code == wanted->number :
	       explain_is(wanted, row->name) ||
	       explain_is(wanted, row->member);
}

/* "KVM_EXIT_*", and what people call the number that they are. */
static bool is_every_exit(const struct explain_wanted *wanted)
{
	return explain_is(wanted, EXIT_STEM "*") ||
	       explain_is(wanted, EXIT_STEM) ||
	       explain_is(wanted, explain_run_reason.fields[0].name);
}

static unsigned int list_exits(struct explain_page *page)
{
	explain_add_title(page, EXIT_STEM "*: %zu exit reasons",
			  abi_exit_count);
	for (size_t i = 0; i < abi_exit_count; i++) {
		buffer_add_format(page->out, "  %4u  %-25s ", abi_exits[i].code,
				  abi_exits[i].name);
		explain_add_words(page->out, 34, abi_exits[i].meaning);
	}
	return 1;
}

static unsigned int find_exits(struct explain_page *page,
			       const struct explain_wanted *wanted)
{
	unsigned int found = 0;

	if (is_every_exit(wanted))
		return list_exits(page);
	for (size_t i = 0; i < abi_exit_count; i++) {
		if (!is_exit(wanted, &abi_exits[i]))
			continue;
		show_exit(page, &abi_exits[i]);
		found++;
	}
	return found;
}

static void offer_exits(struct explain_near *near,
			const struct explain_set *all)
{
	(void)all;
	for (size_t i = 0; i < abi_exit_count; i++) {
		explain_near_offer(near, abi_exits[i].name);
		if (abi_exits[i].member)
			explain_near_offer(near, abi_exits[i].member);
	}
}

const struct explain_kind explain_exits = { find_exits, offer_exits };
