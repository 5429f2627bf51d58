/*
 * Structures of a whole VM: memory slots, interrupt routing and lines, timers
 * and clocks, devices, dirty logging, filters.
 *
 * Sources: <linux/kvm.h>, <asm/kvm.h>; api.rst sections named at each block.
 */
#include "abi/compat.h"
#include "abi/tables.h"

/* Memory: 4.35, 4.140-4.143 */

#define REGION(s, kind_, member, ...) \
	ABI_MEMBER(kind_, struct s, member, ##__VA_ARGS__)
#define REGION_COMMON(s)                                                   \
	REGION(s, ABI_DEC, slot),                                          \
	REGION(s, ABI_FLAGS, flags, .names = &abi_names_mem),              \
	REGION(s, ABI_GPA, guest_phys_addr), REGION(s, ABI_HEX, memory_size)

static const struct abi_field userspace_memory_region_fields[] = {
	REGION_COMMON(kvm_userspace_memory_region),
	REGION(kvm_userspace_memory_region, ABI_HVA, userspace_addr),
};
ABI_TYPE(abi_type_userspace_memory_region, "kvm_userspace_memory_region",
	 sizeof(struct kvm_userspace_memory_region),
	 userspace_memory_region_fields);

/* The page table of the real mode trampoline on Intel: 4.40 */
static const struct abi_field identity_map_fields[] = {
	ABI_AT(ABI_GPA, "ident_addr", 0, 8),
};
ABI_TYPE(abi_type_identity_map, "ident_addr", 8, identity_map_fields);

/* Time: 4.29, 4.30 */

#define CLOCK(kind_, member, ...) \
	ABI_MEMBER(kind_, struct kvm_clock_data, member, ##__VA_ARGS__)

static const struct abi_field clock_fields[] = {
	CLOCK(ABI_HEX, clock),
	CLOCK(ABI_FLAGS, flags, .names = &abi_names_clock),
	CLOCK(ABI_PAD, pad0), CLOCK(ABI_HEX, realtime), CLOCK(ABI_HEX, host_tsc),
	ABI_BLOB(ABI_PAD, struct kvm_clock_data, pad),
};
ABI_TYPE(abi_type_clock, "kvm_clock_data", sizeof(struct kvm_clock_data),
	 clock_fields);
