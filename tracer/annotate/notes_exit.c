/* What of an exit can't be shown, or not whole. */
#include "abi/run.h"
#include "annotate/diagnose.h"

/* More elements than the array in kvm_run has: nobody wrote them. */
static void note_counts(struct scene *scene, const struct abi_exit *row,
			const struct record_part *run)
{
	const uint8_t *bytes = record_part_bytes(scene->record, run);

	for (uint32_t i = 0; row->type && i < row->type->field_count; i++) {
		const struct abi_field *field = &row->type->fields[i];
		uint64_t count;

		if (!field->is_counted || !field->count)
			continue;
		count = abi_length_elements(&field->length, bytes, run->length,
					    field->offset, field->size);
		if (count > field->count)
			diagnose_say(scene, CODE_CUT, "exit",
				     "%s.%s has room for %u, and is said to "
				     "have %llu", row->member, field->name,
				     field->count, (unsigned long long)count);
	}
}

void notes_find_in_exit(struct scene *scene)
{
	const struct record_part *run;
	const struct abi_exit *row;

	if (!scene->view->has_exit)
		return;
	run = record_find_part(scene->record, PART_RUN, PHASE_AFTER, 0);
	row = abi_find_exit((uint32_t)RUN_READ(
		record_part_bytes(scene->record, run), exit_reason));
	if (row)
		note_counts(scene, row, run);
	else
		diagnose_say(scene, CODE_UNKNOWN_EXIT, "exit", NULL);
}
