#include "capture/inprocess/requests.h"

#include <string.h>

#include "abi/abi.h"

/* More is not worth a copy in the program's time. */
#define STRUCT_MAX 4096

/* Is it all in one piece? */
static bool is_flat(const struct abi_type *type)
{
	for (uint32_t i = 0; i < type->field_count; i++) {
		const struct abi_field *field = &type->fields[i];

		if (field->is_counted || field->kind == ABI_POINTED ||
		    field->kind == ABI_POINTED_UNION ||
		    field->kind == ABI_POINTED_BITS)
			return false;
		if (field->kind == ABI_STRUCT && !is_flat(field->type))
			return false;
	}
	return true;
}

/* Rows are sorted by request: does another one share this one's? */
static bool is_ambiguous(size_t row)
{
	uint32_t request = abi_ioctls[row].request;

	return (row && abi_ioctls[row - 1].request == request) ||
	       (row + 1 < abi_ioctl_count &&
		abi_ioctls[row + 1].request == request);
}

static bool is_injected(const struct ptrace_options *options,
			const struct abi_ioctl *row)
{
	for (size_t i = 0; i < options->injection_count; i++)
		if (!strcmp(options->injections[i].name, row->name))
			return true;
	return false;
}

static uint8_t kind_of(const struct ptrace_options *options,
		       const struct abi_ioctl *row)
{
	const struct call_oracle *oracle = &options->oracle;

	if (row->result == RESULT_FD || row->result == RESULT_FD_IN_ARGUMENT ||
	    is_injected(options, row) || row->tdx_type ||
	    (oracle->is_changed_by && oracle->is_changed_by(row->request)))
		return KIND_TRACER;
	if (abi_is_run(row))
		return KIND_RUN;
	if (!row->type)
		return row->flow == FLOW_NONE ? KIND_VALUE : KIND_TRACER;
	if (row->flow == FLOW_NONE || row->type->size > STRUCT_MAX ||
	    !is_flat(row->type))
		return KIND_TRACER;
	return KIND_STRUCT;
}

static uint8_t flows_of(const struct abi_ioctl *row)
{
	static const uint8_t flows[] = {
		[FLOW_IN] = FLOWS_IN, [FLOW_OUT] = FLOWS_OUT,
		[FLOW_INOUT] = FLOWS_IN | FLOWS_OUT,
	};

	return flows[row->flow];
}

void requests_fill(const struct ptrace_options *options,
		   struct agent_request ret_requests[AGENT_REQUESTS])
{
	memset(ret_requests, 0, AGENT_REQUESTS * sizeof(ret_requests[0]));
	for (size_t i = 0; i < abi_ioctl_count; i++) {
		const struct abi_ioctl *row = &abi_ioctls[i];
		struct agent_request *request =
			&ret_requests[REQUEST_INDEX(row->request)];
		uint8_t kind = is_ambiguous(i) ? KIND_TRACER
					       : kind_of(options, row);

		/* Of two with one index the first: the other is rare. */
		if (kind == KIND_TRACER || request->kind != KIND_TRACER)
			continue;
		*request = (struct agent_request){
			.request = row->request, .kind = kind,
			.flow = flows_of(row),
			.bytes = row->type ? (uint16_t)row->type->size : 0,
		};
	}
}
