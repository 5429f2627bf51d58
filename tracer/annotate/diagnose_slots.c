/*
 * Memory slots that KVM refuses, and the rule that was broken: api.rst 4.35,
 * and kvm_set_memory_region(), virt/kvm/kvm_main.c.
 */
#include <errno.h>
#include <linux/kvm.h>
#include <string.h>

#include "abi/compat.h"
#include "annotate/diagnose.h"
#include "session/vm_state.h"

/* KVM_USER_MEM_SLOTS is less than SHRT_MAX: <linux/kvm_host.h>. */
#define SLOT_NUMBERS 0x7fff
#define ADDRESS_SPACES 2 /* x86: the usual one, and for SMM */

static unsigned long long hex(uint64_t value)
{
	return value;
}

static void look_at_alignment(struct scene *scene,
			      const struct guest_slot *asked)
{
	const struct {
		uint64_t value;
		const char *name, *fields;
	} members[] = {
		{ asked->gpa, "guest_phys_addr", "in.guest_phys_addr errno" },
		{ asked->bytes, "memory_size", "in.memory_size errno" },
		{ asked->hva, "userspace_addr", "in.userspace_addr errno" },
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (members[i].value % 4096)
			diagnose_say(scene, CODE_SLOT_UNALIGNED,
				     members[i].fields, "%s is 0x%llx",
				     members[i].name, hex(members[i].value));
}

static void look_at_flags(struct scene *scene, const struct guest_slot *asked)
{
	uint32_t known = KVM_MEM_LOG_DIRTY_PAGES | KVM_MEM_READONLY;

	if (record_request(scene->record) == KVM_SET_USER_MEMORY_REGION2)
		known |= KVM_MEM_GUEST_MEMFD;
	if (asked->flags & ~known)
		diagnose_say(scene, CODE_SLOT_FLAGS, "in.flags errno",
			     "0x%x of flags 0x%x", asked->flags & ~known,
			     asked->flags);
}

static void look_at_number(struct scene *scene, const struct guest_slot *asked)
{
	if ((asked->id & 0xffff) >= SLOT_NUMBERS ||
	    asked->id >> 16 >= ADDRESS_SPACES)
		diagnose_say(scene, CODE_SLOT_NUMBER, "in.slot errno",
			     "slot is 0x%x", asked->id);
}

#define GPA_BITS_MOST	 52 /* SDM vol. 3A, "Paging" */
#define PROGRAM_BITS	 47 /* Documentation/arch/x86/x86_64/mm.rst */
#define SLOT_PAGES_MOST	 0x7fffffffull /* KVM_MEM_MAX_NR_PAGES, <linux/kvm_host.h> */

/* Ends that lie beyond what addresses can have: kvm_set_memory_region(). */
static void look_at_range(struct scene *scene, const struct guest_slot *asked)
{
	uint64_t last_gpa = asked->gpa + asked->bytes - 1;
	uint64_t last_hva = asked->hva + asked->bytes - 1;

	if (!asked->bytes)
		return;
	if (asked->bytes / 4096 > SLOT_PAGES_MOST)
		diagnose_say(scene, CODE_SLOT_RANGE, "in.memory_size errno",
			     "memory_size is 0x%llx, more than 2^31 - 1 pages",
			     hex(asked->bytes));
	else if (last_gpa < asked->gpa || last_gpa >> GPA_BITS_MOST)
		diagnose_say(scene, CODE_SLOT_RANGE,
			     "in.guest_phys_addr in.memory_size errno",
			     "0x%llx and 0x%llx bytes, beyond %d bits of guest "
			     "physical address", hex(asked->gpa),
			     hex(asked->bytes), GPA_BITS_MOST);
	else if (last_hva < asked->hva || last_hva >> PROGRAM_BITS)
		diagnose_say(scene, CODE_SLOT_RANGE,
			     "in.userspace_addr in.memory_size errno",
			     "0x%llx and 0x%llx bytes, beyond the memory of a "
			     "program", hex(asked->hva), hex(asked->bytes));
}

/* A slot that exists keeps its size, its host address and KVM_MEM_READONLY. */
static void look_at_change(struct scene *scene, const struct guest_slot *asked)
{
	const struct guest_slot *slot = !scene->view->vm ? NULL :
		vm_state_find_slot(scene->view->vm, asked->id);

	if (!slot && !asked->bytes && scene->view->vm)
		diagnose_say(scene, CODE_SLOT_ABSENT,
			     "in.slot in.memory_size errno", "slot %u",
			     asked->id);
	if (!slot || !asked->bytes)
		return;
	if (slot->bytes != asked->bytes)
		diagnose_say(scene, CODE_SLOT_RESIZED,
			     "in.slot in.memory_size errno",
			     "slot %u has 0x%llx bytes and was to get 0x%llx",
			     asked->id, hex(slot->bytes), hex(asked->bytes));
	else if (slot->hva != asked->hva ||
		 ((slot->flags ^ asked->flags) & KVM_MEM_READONLY))
		diagnose_say(scene, CODE_SLOT_CHANGED,
			     "in.slot in.userspace_addr in.flags errno",
			     "slot %u has host address 0x%llx and flags 0x%x",
			     asked->id, hex(slot->hva), slot->flags);
}

/* Does either begin within the other? */
static bool do_overlap(const struct guest_slot *a, const struct guest_slot *b)
{
	return a->id != b->id && a->id >> 16 == b->id >> 16 &&
	       (a->gpa - b->gpa < b->bytes || b->gpa - a->gpa < a->bytes);
}

static const struct guest_slot *find_overlap(const struct vm_state *vm,
					     const struct guest_slot *asked)
{
	for (size_t i = 0; vm && i < vm->slot_count; i++)
		if (do_overlap(&vm->slots[i], asked))
			return &vm->slots[i];
	return NULL;
}

static void look_at_overlap(struct scene *scene,
			    const struct guest_slot *asked)
{
	const struct guest_slot *slot = find_overlap(scene->view->vm, asked);
	uint64_t last = asked->gpa + asked->bytes - 1;

	if (slot)
		diagnose_say(scene, CODE_SLOT_OVERLAP,
			     "in.guest_phys_addr in.memory_size errno",
			     "0x%llx-0x%llx, where slot %u has 0x%llx-0x%llx",
			     hex(asked->gpa), hex(last), slot->id,
			     hex(slot->gpa), hex(slot->gpa + slot->bytes - 1));
	else
		diagnose_say(scene, CODE_SLOT_OVERLAP,
			     "in.guest_phys_addr in.memory_size errno",
			     "0x%llx-0x%llx, and a slot that the trace does "
			     "not show", hex(asked->gpa), hex(last));
}

void diagnose_slot(struct scene *scene)
{
	struct kvm_userspace_memory_region region;
	const uint8_t *bytes = diagnose_argument(scene, sizeof(region));
	struct guest_slot asked;

	if (!bytes)
		return;
	memcpy(&region, bytes, sizeof(region));
	asked = (struct guest_slot){
		.id = region.slot, .flags = region.flags,
		.gpa = region.guest_phys_addr, .bytes = region.memory_size,
		.hva = region.userspace_addr,
	};
	if (scene->record->result == -EEXIST)
		look_at_overlap(scene, &asked);
	if (scene->record->result != -EINVAL)
		return;
	look_at_flags(scene, &asked);
	look_at_number(scene, &asked);
	look_at_alignment(scene, &asked);
	look_at_range(scene, &asked);
	look_at_change(scene, &asked);
}
