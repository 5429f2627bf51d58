/* Questions 3a and 3b: from guest virtual to host physical, and memory. */
#include <string.h>

#include "report/fields.h"
#include "report/study.h"

/* 3a: the steps of a translation */

static void tell_mode(const struct study *study, struct answer *answer)
{
	const json_t *why = field_find(study->guest, "why");
	const char *bits = "", *name;
	json_t *value;

	if (!study->mode)
		return;
	json_object_foreach((json_t *)why, name, value)
		bits = answer_format(answer, "%s%s`%s` = %d", bits,
				     *bits ? ", " : "",
				     answer_plain(answer, name),
				     json_is_true(value) ||
				     json_integer_value(value) == 1);
	if (!*bits)
		bits = answer_format(answer, "`CR0` = %s, `CR4` = %s, "
				     "`EFER` = %s", answer_hex(answer, study->sregs.cr0),
				     answer_hex(answer, study->sregs.cr4),
				     answer_hex(answer, study->sregs.efer));
	answer_text(answer, "The vCPU %s in %s, because %s (%s).",
		    study_starts(study), study_mode_title(study->mode), bits,
		    answer_cite(answer, study->guest ? study->guest_event :
						       study->sregs_event));
}

/* SDM vol. 3A, "Segmentation in IA-32e Mode", "Real-Address Mode Operation" */
static void tell_segment(const struct study *study, struct answer *answer)
{
	const char *base = "";

	if (study->sregs_event)
		base = answer_format(answer, "; here `CS.base` = %s (%s)",
				     answer_hex(answer, study->sregs.cs.base),
				     answer_cite(answer, study->sregs_event));
	if (study_is_mode(study, "long") || study_is_mode(study, "la57"))
		answer_item(answer, "Segment: 64-bit code ignores the bases of "
			    "CS, DS, ES and SS, so an offset is the linear "
			    "(virtual) address%s.", base);
	else if (study_is_mode(study, "real"))
		answer_item(answer, "Segment: base of the segment (in real "
			    "mode selector * 16, once the guest loads one) + "
			    "offset = linear address%s.", base);
	else
		answer_item(answer, "Segment: base of the segment + offset = "
			    "linear (virtual) address%s.", base);
}

static void draw_walk(const struct study *study, struct answer *answer)
{
	const json_t *steps = field_find(study->guest, "page_tables");

	answer_line(answer, "%-6s %-12s %5s %-12s %-18s %s", "level", "table",
		    "index", "entry at", "entry", "flags");
	for (size_t i = 0; i < json_array_size(steps) && i < 8; i++) {
		const json_t *step = json_array_get(steps, i);

		answer_line(answer, "%-6.20s %-12.18s %5s %-12.18s %-18.18s "
			    "%.60s",
			    answer_plain(answer, field_text(step, "name")),
			    answer_plain(answer, field_text(step, "table")),
			    answer_decimal_at(answer, step, "index"),
			    answer_plain(answer, field_text(step, "address")),
			    answer_plain(answer, field_text(step, "entry")),
			    answer_names(answer, field_find(step,
							    "flags_names")));
	}
}

static const char *levels_of(const struct study *study)
{
	if (study_is_mode(study, "la57"))
		return "five levels (PML5, PML4, PDPT, PD, PT; 9 bits of the "
		       "address each)";
	if (study_is_mode(study, "pae"))
		return "three levels (PDPT by 2 bits of the address, PD and PT "
		       "by 9 each)";
	if (study_is_mode(study, "paged32"))
		return "two levels (page directory and page table, by 10 bits "
		       "of the address each)";
	return "four levels (PML4, PDPT, PD, PT; 9 bits of the address each)";
}

/* Where the walk ends, and what it comes to. */
static void tell_walk(const struct study *study, struct answer *answer)
{
	const json_t *fault = field_find(study->guest, "fault");
	size_t count = json_array_size(field_find(study->guest, "page_tables"));
	uint64_t size;

	if (!count) {
		answer_unknown(answer, "what the page tables say, because their "
			       "entries were not recorded.");
		return;
	}
	answer_text(answer, "The walk for the guest's first instruction, at "
		    "virtual %s (%s):", answer_hex(answer, study->gva),
		    answer_cite(answer, study->guest_event));
	draw_walk(study, answer);
	if (field_has(fault, "reason"))
		answer_text(answer, "It ends in a page fault at level %s: "
			    "%s.", answer_decimal_at(answer, fault, "level"),
			    answer_quote(answer, field_text(fault, "reason")));
	else if (field_number(study->guest, "page_size", &size))
		answer_text(answer, "It ends after %zu table%s with a page of "
			    "%s, so the low bits of the address are the "
			    "offset in it.", count, count == 1 ? "" : "s",
			    answer_size(answer, size));
}

static void tell_paging(const struct study *study, struct answer *answer)
{
	if (!study_is_paged(study)) {
		answer_item(answer, "Paging: off (`CR0.PG` = 0), so the linear "
			    "address is the guest physical address.");
		return;
	}
	answer_item(answer, "Paging: the guest's page tables, from `CR3` on, "
		    "turn it into a guest physical address, by up to %s%s.",
		    levels_of(study), !study->sregs_event ? "" :
		    answer_format(answer, "; here `CR3` = %s (%s)",
				  answer_hex(answer, study->sregs.cr3),
				  answer_cite(answer, study->sregs_event)));
}

/* The slot of the first instruction, or the first there is. */
static const json_t *pick_slot(const struct study *study)
{
	const char *key;
	json_t *slot;

	if (study->entry_slot)
		return study->entry_slot;
	json_object_foreach((json_t *)study->slots, key, slot)
		return slot;
	return NULL;
}

static void tell_slot(const struct study *study, struct answer *answer)
{
	const json_t *slot = pick_slot(study);

	if (!slot) {
		answer_item(answer, "Slot: `KVM_SET_USER_MEMORY_REGION` says "
			    "which memory of the program holds a guest "
			    "physical address; this trace has no such call.");
		return;
	}
	answer_item(answer, "Slot: KVM looks up which memory of the program "
		    "holds the guest physical address: host virtual = guest "
		    "physical - %s + %s, for the %s of slot %s (%s).",
		    answer_hex_at(answer, slot, "in.guest_phys_addr"),
		    answer_hex_at(answer, slot, "in.userspace_addr"),
		    answer_size(answer, field_number_or(slot, "in.memory_size", 0)),
		    answer_decimal_at(answer, slot, "in.slot"),
		    answer_cite(answer, slot));
}

/* Documentation/virt/kvm/x86/mmu.rst */
static void tell_host(const struct study *study, struct answer *answer)
{
	answer_item(answer, "Host: Linux's own page tables of the program turn "
		    "the host virtual address into the host physical one, "
		    "which may change as pages move or are swapped.");
	answer_text(answer, "The processor doesn't go this way at each access. "
		    "KVM keeps tables that lead from guest physical (EPT on "
		    "Intel, NPT on AMD) or, without such hardware, from guest "
		    "virtual addresses (shadow page tables) straight to host "
		    "physical ones, and fills them in when the guest first "
		    "touches a page%s.",
		    field_is(study->facts->start, "host.kvm", "kvm_pvm") ?
		    "; this host's `kvm_pvm` uses shadow page tables" : "");
}

static void tell_entry(const struct study *study, struct answer *answer)
{
	if (!study->has_entry || !study->has_gpa)
		return;
	answer_text(answer, "For the guest's first instruction that means: "
		    "guest virtual %s -> guest physical %s -> host virtual %s "
		    "-> host physical %s.",
		    answer_hex(answer, study->gva),
		    answer_hex(answer, study->gpa),
		    study->has_hva ? answer_hex(answer, study->hva) :
				     "(no slot has it)",
		    study->has_hpa ? answer_hex(answer, study->hpa) :
				     "(not in the trace)");
	if (study->guest_event)
		answer_cite(answer, study->guest_event);
	if (study->regs_event)
		answer_cite(answer, study->regs_event);
	if (!study->has_hpa)
		answer_unknown(answer, "the host physical address, which Linux "
			       "shows to privileged processes only "
			       "(`/proc/PID/pagemap`).");
}

/* SDM vol. 3A, "Paging Modes and Control Bits" and the sections behind it */
static const struct {
	const char *mode, *name, *mapping;
} hv_modes[] = {
	{ "real", "real mode", "segment base + offset, no paging: guest "
	  "physical = that sum" },
	{ "protected", "protected mode", "the same with bases from descriptors "
	  "(usually 0, \"flat\"), no paging" },
	{ "paged32", "paged 32-bit mode", "page directory (10 bits), page "
	  "table (10 bits), offset (12 bits); an entry of the directory with "
	  "PS = 1 maps a page of 4 MiB (offset of 22 bits) and needs `CR4.PSE`" },
	{ "long", "long mode", "PML4, PDPT, PD, PT (9 bits each), offset (12 "
	  "bits); PS = 1 in a PD entry maps a page of 2 MiB (offset of 21 "
	  "bits), in a PDPT entry one of 1 GiB" },
};

static void tell_other_modes(const struct study *study, struct answer *answer)
{
	answer_text(answer, "The other modes that the question asks for differ "
		    "in the first two steps only (from the manuals, not from "
		    "this trace):");
	for (size_t i = 0; i < sizeof(hv_modes) / sizeof(hv_modes[0]); i++)
		if (!study_is_mode(study, hv_modes[i].mode))
			answer_item(answer, "%s: %s", hv_modes[i].name,
				    hv_modes[i].mapping);
}

static void tell_sheet(const struct study *study, struct answer *answer)
{
	answer_sheet(answer, "no mode maps guest virtual to host physical "
		     "addresses directly, and they aren't the same. At most "
		     "guest virtual and guest physical are; the host's pages "
		     "can be anywhere.%s",
		     study_is_mode(study, "long") ?
		     " And long mode has four levels of tables, not three: a "
		     "walk of three ends early, at an entry with PS = 1." : "");
}

void question_3a(const struct study *study, struct answer *answer)
{
	answer_text(answer, "In up to four steps: guest virtual -> linear "
		    "(segments) -> guest physical (the guest's paging) -> host "
		    "virtual (KVM's slots) -> host physical (the host's "
		    "paging).");
	if (!study->mode)
		study_say_nothing(study, answer, study_is_started(study) ?
				  "in which mode the vCPU starts: no special "
				  "registers were set or read in this trace" :
				  "there is no mode to tell of");
	tell_mode(study, answer);
	study_tell_refused(study, answer);
	if (study->mode) {
		tell_segment(study, answer);
		tell_paging(study, answer);
	} else {
		answer_text(answer, "The last two steps are the same in all "
			    "modes:");
	}
	tell_slot(study, answer);
	tell_host(study, answer);
	if (study_is_paged(study))
		tell_walk(study, answer);
	tell_entry(study, answer);
	if (study_is_started(study))
		answer_unknown(answer, "what the guest changes by itself; it "
			       "may switch modes and tables without an exit.");
	tell_other_modes(study, answer);
	tell_sheet(study, answer);
}

/* 3b */

static void list_slots(const struct study *study, struct answer *answer)
{
	size_t count = 0;
	const char *key;
	json_t *slot;

	json_object_foreach((json_t *)study->slots, key, slot) {
		uint64_t gpa = field_number_or(slot, "in.guest_phys_addr", 0);
		uint64_t bytes = field_number_or(slot, "in.memory_size", 0);
		const json_t *flags = field_find(slot, "in.flags_names");

		if (count++ == 64) {
			answer_item(answer, "and more");
			return;
		}
		answer_item(answer, "slot %s: %s, guest physical %s to %s, "
			    "at %s in the program%s%s (%s)",
			    answer_decimal_at(answer, slot, "in.slot"),
			    answer_size(answer, bytes), answer_hex(answer, gpa),
			    answer_hex(answer, gpa + bytes - 1),
			    answer_hex_at(answer, slot, "in.userspace_addr"),
			    json_array_size(flags) ? ", flags " : "",
			    json_array_size(flags) ? answer_format(answer, "`%s`",
				answer_names(answer, flags)) : "",
			    answer_cite(answer, slot));
	}
}

/* Tables that map as at an earlier run: that run's line has the ranges. */
static const json_t *find_mapped(const struct study *study)
{
	const json_t *earlier = study->vcpu->state.mapped;
	const json_t *seq = field_find(study->guest, "mapped_seq");

	return seq && json_equal(seq, field_find(earlier, "seq")) ?
	       earlier : study->guest_event;
}

/* The page tables may reach less of it, or more. */
static void list_mapped(const struct study *study, struct answer *answer)
{
	const json_t *event, *mapped;
	size_t count;

	if (!study->guest || !study_is_paged(study))
		return;
	event = find_mapped(study);
	mapped = field_find(event, "guest.mapped");
	count = json_array_size(mapped);
	if (!count)
		return;
	answer_text(answer, "Its page tables map, at the start (%s):",
		    answer_cite(answer, event));
	for (size_t i = 0; i < count && i < 16; i++) {
		const json_t *range = json_array_get(mapped, i);

		answer_item(answer, "virtual %s to %s -> guest physical %s, "
			    "pages of %s, `%s`",
			    answer_hex_at(answer, range, "gva"),
			    answer_hex_at(answer, range, "last"),
			    answer_hex_at(answer, range, "gpa"),
			    answer_size(answer, field_number_or(range,
							"page_size", 0)),
			    answer_names(answer, field_find(range,
							    "flags_names")));
	}
	if (count > 16)
		answer_item(answer, "and %zu ranges more", count - 16);
}

void question_3b(const struct study *study, struct answer *answer)
{
	if (!study->slots || !json_object_size(study->slots)) {
		study_say_nothing(study, answer, "the guest has no memory: no "
				  "call of `KVM_SET_USER_MEMORY_REGION` "
				  "succeeded before it ran");
		return;
	}
	answer_text(answer, "%s, when the vCPU %s:",
		    answer_size(answer, study_memory_bytes(study)),
		    study_is_started(study) ? "first ran" : "was last seen");
	list_slots(study, answer);
	list_mapped(study, answer);
	if (study->mode)
		answer_text(answer, "The guest %s in %s. Slots are the same "
			    "in all modes.", study_starts(study),
			    study_mode_title(study->mode));
	answer_sheet(answer, "`mem_size` is a variable of the program; what "
		     "KVM gets is `memory_size` in "
		     "`KVM_SET_USER_MEMORY_REGION`.");
}
