/* Questions 3c and 3d: who sets up the page table, and CR4.PAE. */
#include <asm/processor-flags.h>

#include "report/fields.h"
#include "report/study.h"

/* SDM vol. 3A, "Extended Feature Enable Register" */
#define EFER_LME (1u << 8)

/* 3c */

/* The slot that holds the table which CR3 points to. */
static const json_t *find_table_slot(const struct study *study, uint64_t table)
{
	const char *key;
	json_t *slot;

	json_object_foreach((json_t *)study->slots, key, slot) {
		uint64_t gpa = field_number_or(slot, "in.guest_phys_addr", 0);

		if (table >= gpa && table - gpa <
		    field_number_or(slot, "in.memory_size", 0))
			return slot;
	}
	return NULL;
}

/* The first call that found the entries as the guest did bounds the stores. */
static void tell_when(const struct study *study, struct answer *answer)
{
	const json_t *first = study->vcpu->state.walked;
	const json_t *tables = field_find(study->guest, "page_tables");

	if (!json_array_size(tables) || field_has(study->guest, "fault"))
		return;
	if (!json_equal(field_find(first, "guest.page_tables"), tables))
		first = study->guest_event;
	answer_text(answer, "The entries that the guest starts with were there "
		    "at %s%s (%s; the walk is under 3a), so the line that "
		    "writes them comes before that.",
		    answer_quote(answer, field_text(first, "name")),
		    answer_place(answer, first), answer_cite(answer, first));
}

static void tell_root(const struct study *study, uint64_t cr3,
		      struct answer *answer)
{
	const json_t *slot;

	cr3 &= ~0xfffull;
	slot = find_table_slot(study, cr3);
	if (slot)
		answer_text(answer, "The root table is at guest physical %s, "
			    "which is %s in the program: memory that "
			    "`KVM_SET_USER_MEMORY_REGION` made guest memory%s "
			    "(%s).", answer_hex(answer, cr3),
			    answer_hex(answer, cr3 -
				field_number_or(slot, "in.guest_phys_addr", 0) +
				field_number_or(slot, "in.userspace_addr", 0)),
			    answer_place(answer, slot),
			    answer_cite(answer, slot));
	else if (study->slots && json_object_size(study->slots))
		answer_text(answer, "No slot holds guest physical %s, where "
			    "CR3 points to: the guest can't have a page table "
			    "there.", answer_hex(answer, cr3));
}

/* Entries are ordinary stores: what is in the trace stands around them. */
static void tell_stores(const struct study *study, struct answer *answer)
{
	answer_unknown(answer, "the line that writes the entries, because "
		       "they are plain stores into memory, no system calls.");
	tell_root(study, study->sregs.cr3, answer);
	tell_when(study, answer);
}

static void tell_cr3(const struct study *study, struct answer *answer)
{
	const json_t *event = study->sregs_event;

	if (!study->sets_sregs) {
		answer_unknown(answer, "the call, because the program set no "
			       "special registers before the guest ran.");
		return;
	}
	answer_text(answer, "%s makes KVM aware of the page table%s: `CR3` = "
		    "%s in it is the guest physical address of the root table, "
		    "and `CR0.PG` = 1 turns paging on (%s).",
		    answer_quote(answer, field_text(event, "name")),
		    answer_place(answer, event),
		    answer_hex(answer, study->sregs.cr3),
		    answer_cite(answer, event));
	if (!field_has(event, "caller"))
		answer_unknown(answer, "where in the program that call is, "
			       "because the trace has no callers.");
}

static void tell_unpaged(const struct study *study, struct answer *answer)
{
	answer_text(answer, "None: the guest %s in %s, with `CR0.PG` = 0 "
		    "(%s). There is no page table, and CR3 (%s) means "
		    "nothing.", study_starts(study),
		    study_mode_title(study->mode),
		    answer_cite(answer, study->sregs_event),
		    answer_hex(answer, study->sregs.cr3));
	if (study->sets_sregs)
		answer_text(answer, "The call that would make KVM aware of one "
			    "is the same that sets this mode: %s%s.",
			    answer_quote(answer, field_text(study->sregs_event,
							    "name")),
			    answer_place(answer, study->sregs_event));
}

/* The call that would have told KVM. */
static void tell_refused_table(const struct study *study,
			       struct answer *answer)
{
	uint64_t cr0 = field_number_or(study->refused_sregs, "cr0", 0);
	uint64_t cr3 = field_number_or(study->refused_sregs, "cr3", 0);

	answer_text(answer, "%s; see 3a)%s", study_name_refused(study, answer),
		    cr0 & X86_CR0_PG ?
		    answer_format(answer, ". It was to make KVM aware of the "
				  "page table: `CR3` = %s in it is the guest "
				  "physical address of the root table.",
				  answer_hex(answer, cr3)) :
		    ", and it asked for no paging.");
	if (cr0 & X86_CR0_PG && !study_is_paged(study))
		tell_root(study, cr3, answer);
}

void question_3c(const struct study *study, struct answer *answer)
{
	if (study->refused)
		tell_refused_table(study, answer);
	if (!study->refused && (!study->mode || !study->sregs_event))
		study_say_nothing(study, answer, "no call in this trace says "
				  "where the guest's page table is");
	else if (study->sregs_event && !study_is_paged(study))
		tell_unpaged(study, answer);
	else if (study->sregs_event) {
		tell_cr3(study, answer);
		tell_stores(study, answer);
	}
	answer_sheet(answer, "the page table reaches KVM by CR3 in "
		     "`KVM_SET_SREGS`. `KVM_SET_USER_MEMORY_REGION` only makes "
		     "the table's bytes guest memory, as it does with all "
		     "others.");
}

/* 3d */

/* What the bit is in this trace. */
static void tell_bit(const struct study *study, struct answer *answer)
{
	bool is_set = study->sregs.cr4 & X86_CR4_PAE;

	answer_text(answer, "In this trace `CR4` is %s, so `CR4.PAE` = %d "
		    "(%s).", answer_hex(answer, study->sregs.cr4), is_set,
		    answer_cite(answer, study->sregs_event));
	if (study_is_mode(study, "pae"))
		answer_text(answer, "The guest uses PAE without long mode: "
			    "three levels, addresses of 32 bits.");
	else if (study_is_mode(study, "paged32"))
		answer_text(answer, "The guest uses 32-bit paging instead: "
			    "entries of 4 bytes, two levels%s.",
			    study->sregs.cr4 & X86_CR4_PSE ?
			    ", and `CR4.PSE` = 1 allows pages of 4 MiB" : "");
	else if (!study_is_paged(study))
		answer_text(answer, "Paging is off (`CR0.PG` = 0), so the bit "
			    "changes nothing here.");
	else
		answer_text(answer, "The guest %s in long mode, which needs "
			    "it.", study_starts(study));
}

/* The bit in special registers that never came to hold. */
static void tell_refused_bit(const struct study *study, struct answer *answer)
{
	uint64_t cr4;

	if (field_number(study->refused_sregs, "cr4", &cr4))
		answer_text(answer, "The special registers that KVM refused "
			    "have `CR4` = %s, so `CR4.PAE` = %d (%s).",
			    answer_hex(answer, cr4), !!(cr4 & X86_CR4_PAE),
			    answer_cite(answer, study->refused));
}

/* kvm_is_valid_sregs() in arch/x86/kvm/x86.c */
static void tell_needed(const struct study *study, struct answer *answer)
{
	const json_t *event = study->vcpu ? study->vcpu->state.refused : NULL;
	uint64_t cr0 = field_number_or(event, "in.cr0", 0);
	uint64_t cr4 = field_number_or(event, "in.cr4", X86_CR4_PAE);
	uint64_t efer = field_number_or(event, "in.efer", 0);

	if (cr0 & X86_CR0_PG && efer & EFER_LME && !(cr4 & X86_CR4_PAE))
		answer_text(answer, "This trace shows what happens without it: "
			    "%s with paging and `EFER.LME`, but `CR4.PAE` = 0, "
			    "failed with %s (%s).",
			    answer_quote(answer, field_text(event, "name")),
			    answer_quote(answer, field_text(event, "errno")),
			    answer_cite(answer, event));
}

/* SDM vol. 3A, "Paging Modes and Control Bits", "Initializing IA-32e Mode" */
void question_3d(const struct study *study, struct answer *answer)
{
	uint64_t size;

	answer_text(answer, "Long mode's paging is an extension of PAE paging, "
		    "so `CR4.PAE` must be 1: a processor refuses to turn "
		    "paging on with `EFER.LME` = 1 otherwise (general "
		    "protection fault), and KVM refuses such special registers "
		    "with `EINVAL`.");
	answer_text(answer, "With it, entries have 8 bytes instead of 4. A "
		    "table of 4 KiB then has 512 of them, found by 9 bits of "
		    "the address, and they have room for physical addresses of "
		    "more than 32 bits (52 at most) and for the bit NX. Large "
		    "pages have 2 MiB instead of 4 MiB.");
	if (study->sregs_event)
		tell_bit(study, answer);
	else if (!study->refused)
		study_say_nothing(study, answer, "no call in this trace tells "
				  "CR4");
	if (field_number(study->guest, "page_size", &size) &&
	    study->sregs.cr4 & X86_CR4_PAE && study_is_paged(study))
		answer_text(answer, "The page of the first instruction has %s "
			    "(%s).", answer_size(answer, size),
			    answer_cite(answer, study->guest_event));
	tell_refused_bit(study, answer);
	tell_needed(study, answer);
	answer_sheet(answer, "PAE doesn't make pages 2 MiB large: the bit PS "
		     "in the PD entry does, and without it pages have 4 KiB. "
		     "Nor does PAE save levels: PAE paging has three, long "
		     "mode four, 32-bit paging two. Physical addresses have 52 "
		     "bits at most, not 64, and the low 21 bits of an address "
		     "are the offset within a page of 2 MiB, not an index.");
}
