/*
 * Structures of a whole VM: memory slots, dirty pages, interrupt lines and
 * routing, eventfds, clock, capabilities, filters, devices and statistics.
 * The chips in the kernel are in types_chips.c.
 *
 * Sources: <linux/kvm.h>, <asm/kvm.h>; api.rst sections named at each block.
 */
#include "abi/compat.h"
#include "abi/tables.h"

/* Memory: 4.35, 4.140-4.143; memory_region and memory_alias are long gone */

#define REGION_COMMON(s)                                                   \
	ABI_MEMBER(ABI_DEC, struct s, slot),                               \
	ABI_MEMBER(ABI_FLAGS, struct s, flags, .names = &abi_names_mem),   \
	ABI_MEMBER(ABI_GPA, struct s, guest_phys_addr),                    \
	ABI_MEMBER(ABI_HEX, struct s, memory_size)

static const struct abi_field memory_region_fields[] = {
	REGION_COMMON(kvm_memory_region),
};
ABI_TYPE(abi_type_memory_region, "kvm_memory_region",
	 sizeof(struct kvm_memory_region), memory_region_fields);

static const struct abi_field memory_alias_fields[] = {
	REGION_COMMON(kvm_memory_alias),
	ABI_MEMBER(ABI_GPA, struct kvm_memory_alias, target_phys_addr),
};
ABI_TYPE(abi_type_memory_alias, "kvm_memory_alias",
	 sizeof(struct kvm_memory_alias), memory_alias_fields);

static const struct abi_field userspace_memory_region_fields[] = {
	REGION_COMMON(kvm_userspace_memory_region),
	ABI_MEMBER(ABI_HVA, struct kvm_userspace_memory_region, userspace_addr),
};
ABI_TYPE(abi_type_userspace_memory_region, "kvm_userspace_memory_region",
	 sizeof(struct kvm_userspace_memory_region),
	 userspace_memory_region_fields);

static const struct abi_field userspace_memory_region2_fields[] = {
	REGION_COMMON(kvm_userspace_memory_region2),
	ABI_MEMBER(ABI_HVA, struct kvm_userspace_memory_region2,
		   userspace_addr),
	ABI_MEMBER(ABI_HEX, struct kvm_userspace_memory_region2,
		   guest_memfd_offset),
	ABI_MEMBER(ABI_DEC, struct kvm_userspace_memory_region2, guest_memfd),
	ABI_MEMBER(ABI_PAD, struct kvm_userspace_memory_region2, pad1),
	ABI_BLOB(ABI_PAD, struct kvm_userspace_memory_region2, pad2),
};
ABI_TYPE(abi_type_userspace_memory_region2, "kvm_userspace_memory_region2",
	 sizeof(struct kvm_userspace_memory_region2),
	 userspace_memory_region2_fields);

static const struct abi_field memory_attributes_fields[] = {
	ABI_MEMBER(ABI_GPA, struct kvm_memory_attributes, address),
	ABI_MEMBER(ABI_HEX, struct kvm_memory_attributes, size),
	ABI_MEMBER(ABI_FLAGS, struct kvm_memory_attributes, attributes,
		   .names = &abi_names_memory_attributes),
	ABI_MEMBER(ABI_HEX, struct kvm_memory_attributes, flags),
};
ABI_TYPE(abi_type_memory_attributes, "kvm_memory_attributes",
	 sizeof(struct kvm_memory_attributes), memory_attributes_fields);

static const struct abi_field create_guest_memfd_fields[] = {
	ABI_MEMBER(ABI_HEX, struct kvm_create_guest_memfd, size),
	ABI_MEMBER(ABI_FLAGS, struct kvm_create_guest_memfd, flags,
		   .names = &abi_names_guest_memfd),
	ABI_BLOB(ABI_PAD, struct kvm_create_guest_memfd, reserved),
};
ABI_TYPE(abi_type_create_guest_memfd, "kvm_create_guest_memfd",
	 sizeof(struct kvm_create_guest_memfd), create_guest_memfd_fields);

static const struct abi_field pre_fault_memory_fields[] = {
	ABI_MEMBER(ABI_GPA, struct kvm_pre_fault_memory, gpa),
	ABI_MEMBER(ABI_HEX, struct kvm_pre_fault_memory, size),
	ABI_MEMBER(ABI_HEX, struct kvm_pre_fault_memory, flags),
	ABI_BLOB(ABI_PAD, struct kvm_pre_fault_memory, padding),
};
ABI_TYPE(abi_type_pre_fault_memory, "kvm_pre_fault_memory",
	 sizeof(struct kvm_pre_fault_memory), pre_fault_memory_fields);

/* The argument of KVM_SET_IDENTITY_MAP_ADDR is a bare u64: 4.40 */
static const struct abi_field identity_map_fields[] = {
	ABI_AT(ABI_GPA, "ident_addr", 0, 8),
};
ABI_TYPE(abi_type_identity_map, "ident_addr", 8, identity_map_fields);

/*
 * Dirty pages: 4.8, 4.117, 8.29. KVM rounds the bitmaps up to whole words:
 * kvm_dirty_bitmap_bytes(), and ALIGN(num_pages, BITS_PER_LONG) for clearing.
 */
static const struct abi_field dirty_log_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_dirty_log, slot),
	ABI_MEMBER(ABI_PAD, struct kvm_dirty_log, padding1),
	ABI_MEMBER(ABI_POINTED_BITS, struct kvm_dirty_log, dirty_bitmap,
		   .flow = FLOW_OUT, .is_word = true,
		   .length = { LENGTH_SLOT, 4,
			       offsetof(struct kvm_dirty_log, slot), 8 }),
};
ABI_TYPE(abi_type_dirty_log, "kvm_dirty_log", sizeof(struct kvm_dirty_log),
	 dirty_log_fields);

static const struct abi_field clear_dirty_log_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_clear_dirty_log, slot),
	ABI_MEMBER(ABI_DEC, struct kvm_clear_dirty_log, num_pages),
	ABI_MEMBER(ABI_HEX, struct kvm_clear_dirty_log, first_page),
	ABI_MEMBER(ABI_POINTED_BITS, struct kvm_clear_dirty_log, dirty_bitmap,
		   .flow = FLOW_IN, .is_word = true,
		   .length = { LENGTH_BITS, 4,
			       offsetof(struct kvm_clear_dirty_log, num_pages),
			       8 }),
};
ABI_TYPE(abi_type_clear_dirty_log, "kvm_clear_dirty_log",
	 sizeof(struct kvm_clear_dirty_log), clear_dirty_log_fields);

/* An entry of the ring at KVM_DIRTY_LOG_PAGE_OFFSET of a vCPU's mapping */
static const struct abi_field dirty_gfn_fields[] = {
	ABI_MEMBER(ABI_FLAGS, struct kvm_dirty_gfn, flags,
		   .names = &abi_names_dirty_gfn),
	ABI_MEMBER(ABI_DEC, struct kvm_dirty_gfn, slot),
	ABI_MEMBER(ABI_HEX, struct kvm_dirty_gfn, offset),
};
ABI_TYPE(abi_type_dirty_gfn, "kvm_dirty_gfn", sizeof(struct kvm_dirty_gfn),
	 dirty_gfn_fields);

/* Coalesced MMIO: 4.116; the ring is a page of its own in a vCPU's mapping */

static const struct abi_field coalesced_zone_fields[] = {
	ABI_MEMBER(ABI_GPA, struct kvm_coalesced_mmio_zone, addr),
	ABI_MEMBER(ABI_DEC, struct kvm_coalesced_mmio_zone, size),
	ABI_MEMBER(ABI_DEC, struct kvm_coalesced_mmio_zone, pio),
};
ABI_TYPE(abi_type_coalesced_zone, "kvm_coalesced_mmio_zone",
	 sizeof(struct kvm_coalesced_mmio_zone), coalesced_zone_fields);

static const struct abi_field coalesced_mmio_fields[] = {
	ABI_MEMBER(ABI_GPA, struct kvm_coalesced_mmio, phys_addr),
	ABI_MEMBER(ABI_DEC, struct kvm_coalesced_mmio, len),
	ABI_MEMBER(ABI_DEC, struct kvm_coalesced_mmio, pio),
	ABI_BLOB(ABI_BYTES, struct kvm_coalesced_mmio, data),
};
ABI_TYPE(abi_type_coalesced_mmio, "kvm_coalesced_mmio",
	 sizeof(struct kvm_coalesced_mmio), coalesced_mmio_fields);

/* Entries from `first` up to `last` are waiting; the ring wraps. */
static const struct abi_field coalesced_ring_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_coalesced_mmio_ring, first),
	ABI_MEMBER(ABI_DEC, struct kvm_coalesced_mmio_ring, last),
};
ABI_TYPE(abi_type_coalesced_ring, "kvm_coalesced_mmio_ring",
	 sizeof(struct kvm_coalesced_mmio_ring), coalesced_ring_fields);

/* Interrupt lines and routing: 4.25, 4.52, 4.71, 4.16 */

static const struct abi_field irq_level_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_irq_level, irq),
	ABI_MEMBER(ABI_DEC, struct kvm_irq_level, level),
};
ABI_TYPE(abi_type_irq_level, "kvm_irq_level", sizeof(struct kvm_irq_level),
	 irq_level_fields);

/* Status: below 0 ignored, 0 already pending, above 0 delivered to so many. */
static const struct abi_field irq_level_status_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_irq_level, irq, .flow = FLOW_IN),
	ABI_MEMBER(ABI_INT, struct kvm_irq_level, status, .flow = FLOW_OUT,
		   .is_view = true),
	ABI_MEMBER(ABI_DEC, struct kvm_irq_level, level),
};
ABI_TYPE(abi_type_irq_level_status, "kvm_irq_level",
	 sizeof(struct kvm_irq_level), irq_level_status_fields);

static const struct abi_field interrupt_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_interrupt, irq),
};
ABI_TYPE(abi_type_interrupt, "kvm_interrupt", sizeof(struct kvm_interrupt),
	 interrupt_fields);

static const struct abi_field routing_irqchip_fields[] = {
	ABI_MEMBER(ABI_ENUM, struct kvm_irq_routing_irqchip, irqchip,
		   .names = &abi_names_irqchips),
	ABI_MEMBER(ABI_DEC, struct kvm_irq_routing_irqchip, pin),
};
static ABI_TYPE(routing_irqchip, "kvm_irq_routing_irqchip",
		sizeof(struct kvm_irq_routing_irqchip), routing_irqchip_fields);

/*
 * Who is meant: bits 19:12 of the lower half; with
 * KVM_X2APIC_API_USE_32BIT_IDS the upper half has bits 31:8 of the APIC's id
 * in their place (kvm_set_msi_irq(), api.rst 7.7).
 */
#define MESSAGE(s)                                                         \
	ABI_MEMBER(ABI_FLAGS, s, address_lo, .names = &abi_names_msi_address), \
	ABI_BITFIELD("destination", offsetof(s, address_lo), 4, 12, 8,     \
		     .is_view = true),                                     \
	ABI_MEMBER(ABI_HEX, s, address_hi),                                \
	ABI_BITFIELD("destination_31_8", offsetof(s, address_hi), 4, 8, 24, \
		     .is_view = true, .is_sparse = true),                  \
	ABI_MEMBER(ABI_FLAGS, s, data, .names = &abi_names_msi_data),      \
	ABI_BITFIELD("vector", offsetof(s, data), 4, 0, 8, .is_view = true)

static const struct abi_field routing_msi_fields[] = {
	MESSAGE(struct kvm_irq_routing_msi),
	ABI_MEMBER(ABI_DEC, struct kvm_irq_routing_msi, devid),
};
static ABI_TYPE(routing_msi, "kvm_irq_routing_msi",
		sizeof(struct kvm_irq_routing_msi), routing_msi_fields);

static const struct abi_field routing_adapter_fields[] = {
	ABI_MEMBER(ABI_HEX, struct kvm_irq_routing_s390_adapter, ind_addr),
	ABI_MEMBER(ABI_HEX, struct kvm_irq_routing_s390_adapter, summary_addr),
	ABI_MEMBER(ABI_HEX, struct kvm_irq_routing_s390_adapter, ind_offset),
	ABI_MEMBER(ABI_DEC, struct kvm_irq_routing_s390_adapter,
		   summary_offset),
	ABI_MEMBER(ABI_DEC, struct kvm_irq_routing_s390_adapter, adapter_id),
};
static ABI_TYPE(routing_adapter, "kvm_irq_routing_s390_adapter",
		sizeof(struct kvm_irq_routing_s390_adapter),
		routing_adapter_fields);

static const struct abi_field routing_hv_sint_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_irq_routing_hv_sint, vcpu),
	ABI_MEMBER(ABI_DEC, struct kvm_irq_routing_hv_sint, sint),
};
static ABI_TYPE(routing_hv_sint, "kvm_irq_routing_hv_sint",
		sizeof(struct kvm_irq_routing_hv_sint), routing_hv_sint_fields);

static const struct abi_field routing_xen_evtchn_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_irq_routing_xen_evtchn, port),
	ABI_MEMBER(ABI_DEC, struct kvm_irq_routing_xen_evtchn, vcpu),
	ABI_MEMBER(ABI_ENUM, struct kvm_irq_routing_xen_evtchn, priority,
		   .names = &abi_names_xen_priorities),
};
ABI_TYPE(abi_type_irq_routing_xen_evtchn, "kvm_irq_routing_xen_evtchn",
	 sizeof(struct kvm_irq_routing_xen_evtchn), routing_xen_evtchn_fields);

static const struct abi_arm routing_arms[] = {
	{ KVM_IRQ_ROUTING_IRQCHIP, "irqchip", &routing_irqchip },
	{ KVM_IRQ_ROUTING_MSI, "msi", &routing_msi },
	{ KVM_IRQ_ROUTING_S390_ADAPTER, "adapter", &routing_adapter },
	{ KVM_IRQ_ROUTING_HV_SINT, "hv_sint", &routing_hv_sint },
	{ KVM_IRQ_ROUTING_XEN_EVTCHN, "xen_evtchn",
	  &abi_type_irq_routing_xen_evtchn },
};
static ABI_ARMS(routing_union, offsetof(struct kvm_irq_routing_entry, type), 4,
		routing_arms, NULL);

static const struct abi_field routing_entry_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_irq_routing_entry, gsi),
	ABI_MEMBER(ABI_ENUM, struct kvm_irq_routing_entry, type,
		   .names = &abi_names_routings),
	ABI_MEMBER(ABI_FLAGS, struct kvm_irq_routing_entry, flags,
		   .names = &abi_names_msi),
	ABI_MEMBER(ABI_PAD, struct kvm_irq_routing_entry, pad),
	ABI_MEMBER(ABI_UNION, struct kvm_irq_routing_entry, u,
		   .arms = &routing_union),
};
static ABI_TYPE(routing_entry, "kvm_irq_routing_entry",
		sizeof(struct kvm_irq_routing_entry), routing_entry_fields);

/* include/linux/kvm_host.h; kvm_vm_ioctl() refuses more */
#define KVM_MAX_IRQ_ROUTES 4096

static const struct abi_field irq_routing_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_irq_routing, nr),
	ABI_MEMBER(ABI_DEC, struct kvm_irq_routing, flags),
	ABI_TAIL_TO(ABI_STRUCT, struct kvm_irq_routing, entries, nr,
		    KVM_MAX_IRQ_ROUTES, .type = &routing_entry),
};
ABI_TYPE(abi_type_irq_routing, "kvm_irq_routing",
	 sizeof(struct kvm_irq_routing), irq_routing_fields);

static const struct abi_field msi_fields[] = {
	MESSAGE(struct kvm_msi),
	ABI_MEMBER(ABI_FLAGS, struct kvm_msi, flags, .names = &abi_names_msi),
	ABI_MEMBER(ABI_DEC, struct kvm_msi, devid),
	ABI_BLOB(ABI_PAD, struct kvm_msi, pad),
};
ABI_TYPE(abi_type_msi, "kvm_msi", sizeof(struct kvm_msi), msi_fields);

/* Eventfds: 4.59, 4.75, 4.113 */

static const struct abi_field irqfd_fields[] = {
	ABI_MEMBER(ABI_INT, struct kvm_irqfd, fd),
	ABI_MEMBER(ABI_DEC, struct kvm_irqfd, gsi),
	ABI_MEMBER(ABI_FLAGS, struct kvm_irqfd, flags,
		   .names = &abi_names_irqfd),
	ABI_MEMBER(ABI_INT, struct kvm_irqfd, resamplefd),
	ABI_BLOB(ABI_PAD, struct kvm_irqfd, pad),
};
ABI_TYPE(abi_type_irqfd, "kvm_irqfd", sizeof(struct kvm_irqfd), irqfd_fields);

static const struct abi_field ioeventfd_fields[] = {
	ABI_MEMBER(ABI_HEX, struct kvm_ioeventfd, datamatch),
	ABI_MEMBER(ABI_GPA, struct kvm_ioeventfd, addr),
	ABI_MEMBER(ABI_DEC, struct kvm_ioeventfd, len),
	ABI_MEMBER(ABI_INT, struct kvm_ioeventfd, fd),
	ABI_MEMBER(ABI_FLAGS, struct kvm_ioeventfd, flags,
		   .names = &abi_names_ioeventfd),
	ABI_BLOB(ABI_PAD, struct kvm_ioeventfd, pad),
};
ABI_TYPE(abi_type_ioeventfd, "kvm_ioeventfd", sizeof(struct kvm_ioeventfd),
	 ioeventfd_fields);

static const struct abi_field hyperv_eventfd_fields[] = {
	ABI_MEMBER(ABI_HEX, struct kvm_hyperv_eventfd, conn_id),
	ABI_MEMBER(ABI_INT, struct kvm_hyperv_eventfd, fd),
	ABI_MEMBER(ABI_FLAGS, struct kvm_hyperv_eventfd, flags,
		   .names = &abi_names_hyperv_eventfd),
	ABI_BLOB(ABI_PAD, struct kvm_hyperv_eventfd, padding),
};
ABI_TYPE(abi_type_hyperv_eventfd, "kvm_hyperv_eventfd",
	 sizeof(struct kvm_hyperv_eventfd), hyperv_eventfd_fields);

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

/* Capabilities: 4.37; what `args` means is in capabilities.c */

static const struct abi_field enable_cap_fields[] = {
	ABI_MEMBER(ABI_ENUM, struct kvm_enable_cap, cap,
		   .names = &abi_names_capabilities),
	ABI_MEMBER(ABI_DEC, struct kvm_enable_cap, flags),
	ABI_ARRAY(ABI_HEX, struct kvm_enable_cap, args),
	ABI_MEMBER(ABI_UNION, struct kvm_enable_cap, args, .is_view = true,
		   .arms = &abi_arms_enable_cap),
	ABI_BLOB(ABI_PAD, struct kvm_enable_cap, pad),
};
ABI_TYPE(abi_type_enable_cap, "kvm_enable_cap", sizeof(struct kvm_enable_cap),
	 enable_cap_fields);

/* Filters: 4.97, 4.120 */

#define FILTER_RANGE(s)                                                    \
	ABI_MEMBER(ABI_FLAGS, struct s, flags,                             \
		   .names = &abi_names_msr_filter_range),                  \
	ABI_MEMBER(ABI_DEC, struct s, nmsrs),                              \
	ABI_MEMBER(ABI_ENUM, struct s, base, .names = &abi_names_msrs)
#define FILTER_BITMAP(s)                                                   \
	ABI_MEMBER(ABI_POINTED_BITS, struct s, bitmap, .flow = FLOW_IN,    \
		   .most = KVM_MSR_FILTER_MAX_BITMAP_SIZE,                 \
		   .length = { LENGTH_BITS, 4, offsetof(struct s, nmsrs), 8 })

static const struct abi_field msr_filter_range_fields[] = {
	FILTER_RANGE(kvm_msr_filter_range),
	ABI_AT(ABI_PAD, "pad", 12, 4),
	FILTER_BITMAP(kvm_msr_filter_range),
};
static ABI_TYPE(msr_filter_range, "kvm_msr_filter_range",
		sizeof(struct kvm_msr_filter_range), msr_filter_range_fields);

static const struct abi_field msr_filter_fields[] = {
	ABI_MEMBER(ABI_FLAGS, struct kvm_msr_filter, flags,
		   .names = &abi_names_msr_filter),
	ABI_AT(ABI_PAD, "pad", 4, 4),
	ABI_ARRAY(ABI_STRUCT, struct kvm_msr_filter, ranges, .is_sparse = true,
		  .type = &msr_filter_range),
};
ABI_TYPE(abi_type_msr_filter, "kvm_msr_filter", sizeof(struct kvm_msr_filter),
	 msr_filter_fields);

/* The same for a 32-bit caller, whose pointers are shorter. */
static const struct abi_field compat_range_fields[] = {
	FILTER_RANGE(compat_msr_filter_range),
	FILTER_BITMAP(compat_msr_filter_range),
};
static ABI_TYPE(compat_range, "kvm_msr_filter_range",
		sizeof(struct compat_msr_filter_range), compat_range_fields);

static const struct abi_field compat_msr_filter_fields[] = {
	ABI_MEMBER(ABI_FLAGS, struct compat_msr_filter, flags,
		   .names = &abi_names_msr_filter),
	ABI_ARRAY(ABI_STRUCT, struct compat_msr_filter, ranges,
		  .is_sparse = true, .type = &compat_range),
};
ABI_TYPE(abi_type_msr_filter_compat, "kvm_msr_filter",
	 sizeof(struct compat_msr_filter), compat_msr_filter_fields);

/*
 * An event: SDM vol. 3B 20.2.1.1, APM vol. 2 13.2.1, which has 4 more bits of
 * the event. With KVM_PMU_EVENT_FLAG_MASKED_EVENTS `unit_mask` is what the
 * guest's, under `mask`, must be: KVM_PMU_ENCODE_MASKED_ENTRY().
 */
static const struct abi_field pmu_event_fields[] = {
	ABI_BITFIELD("event_select", 0, 8, 0, 8),
	ABI_BITFIELD("event_select_11_8", 0, 8, 32, 4, .is_sparse = true),
	ABI_BITFIELD("unit_mask", 0, 8, 8, 8),
	ABI_BITFIELD("mask", 0, 8, 56, 8, .is_sparse = true),
	ABI_BITFIELD("exclude", 0, 8, 55, 1, .is_sparse = true),
};
static ABI_TYPE(pmu_event, "kvm_pmu_event_filter.event", 8, pmu_event_fields);

/* arch/x86/kvm/pmu.c, which refuses more */
#define KVM_PMU_EVENT_FILTER_MAX_EVENTS 300

static const struct abi_field pmu_event_filter_fields[] = {
	ABI_MEMBER(ABI_ENUM, struct kvm_pmu_event_filter, action,
		   .names = &abi_names_pmu_actions),
	ABI_MEMBER(ABI_DEC, struct kvm_pmu_event_filter, nevents),
	ABI_MEMBER(ABI_FLAGS, struct kvm_pmu_event_filter, fixed_counter_bitmap,
		   .names = &abi_names_fixed_counters),
	ABI_MEMBER(ABI_FLAGS, struct kvm_pmu_event_filter, flags,
		   .names = &abi_names_pmu_flags),
	ABI_BLOB(ABI_PAD, struct kvm_pmu_event_filter, pad),
	ABI_TAIL_TO(ABI_HEX, struct kvm_pmu_event_filter, events, nevents,
		    KVM_PMU_EVENT_FILTER_MAX_EVENTS),
	ABI_TAIL_AS(ABI_STRUCT, struct kvm_pmu_event_filter, events,
		    "event_fields", nevents, KVM_PMU_EVENT_FILTER_MAX_EVENTS,
		    .type = &pmu_event, .is_view = true),
};
ABI_TYPE(abi_type_pmu_event_filter, "kvm_pmu_event_filter",
	 sizeof(struct kvm_pmu_event_filter), pmu_event_filter_fields);

/* Devices: 4.79 */

static const struct abi_field create_device_fields[] = {
	ABI_MEMBER(ABI_ENUM, struct kvm_create_device, type,
		   .names = &abi_names_device_types),
	ABI_MEMBER(ABI_INT, struct kvm_create_device, fd, .flow = FLOW_OUT),
	ABI_MEMBER(ABI_FLAGS, struct kvm_create_device, flags,
		   .names = &abi_names_create_device),
};
ABI_TYPE(abi_type_create_device, "kvm_create_device",
	 sizeof(struct kvm_create_device), create_device_fields);

/*
 * Attributes: 4.80 and Documentation/virt/kvm/devices/. What group and attr
 * mean depends on what the descriptor is; of KVM's devices only VFIO exists on
 * x86. `addr` points to the value: KVM_HAS_DEVICE_ATTR doesn't look at it.
 */
static const struct abi_field u64_fields[] = { ABI_AT(ABI_HEX, "value", 0, 8) };
static ABI_TYPE(u64_value, "attr.u64", 8, u64_fields);

static const struct abi_field fd_fields[] = { ABI_AT(ABI_INT, "fd", 0, 4) };
static ABI_TYPE(fd_value, "attr.fd", 4, fd_fields);

static const struct abi_field spapr_tce_fields[] = {
	ABI_MEMBER(ABI_INT, struct kvm_vfio_spapr_tce, groupfd),
	ABI_MEMBER(ABI_INT, struct kvm_vfio_spapr_tce, tablefd),
};
static ABI_TYPE(spapr_tce, "kvm_vfio_spapr_tce",
		sizeof(struct kvm_vfio_spapr_tce), spapr_tce_fields);

#define ATTR(kind_, member, ...) \
	ABI_MEMBER(kind_, struct kvm_device_attr, member, ##__VA_ARGS__)
#define ATTR_HEAD(groups_, attrs_)                                         \
	ATTR(ABI_DEC, flags), ATTR(ABI_ENUM, group, .names = &(groups_)),  \
	ATTR(ABI_ENUM, attr, .names = &(attrs_))
#define ATTR_POINTED(flow_, type_)                                         \
	ATTR(ABI_POINTED, addr, .flow = (flow_), .type = &(type_),         \
	     .length = { .rule = LENGTH_TYPE })
#define ATTR_TYPE(variable, ...)                                           \
	static const struct abi_field variable##_fields[] = { __VA_ARGS__ }; \
	ABI_TYPE(variable, "kvm_device_attr", sizeof(struct kvm_device_attr), \
		 variable##_fields)

static const struct abi_arm vfio_arms[] = {
	{ KVM_DEV_VFIO_FILE_ADD, NULL, &fd_value },
	{ KVM_DEV_VFIO_FILE_DEL, NULL, &fd_value },
	{ KVM_DEV_VFIO_GROUP_SET_SPAPR_TCE, NULL, &spapr_tce },
};
static ABI_ARMS(vfio_union, offsetof(struct kvm_device_attr, attr), 8,
		vfio_arms, NULL);

ATTR_TYPE(abi_type_device_attr,
	  ATTR_HEAD(abi_names_vfio_groups, abi_names_vfio_attrs),
	  ATTR(ABI_POINTED_UNION, addr, .flow = FLOW_IN, .arms = &vfio_union,
	       .length = { .rule = LENGTH_TYPE }));
ATTR_TYPE(abi_type_device_attr_get,
	  ATTR_HEAD(abi_names_vfio_groups, abi_names_vfio_attrs),
	  ATTR(ABI_POINTED_UNION, addr, .flow = FLOW_OUT, .arms = &vfio_union,
	       .length = { .rule = LENGTH_TYPE }));
ATTR_TYPE(abi_type_device_attr_has,
	  ATTR_HEAD(abi_names_vfio_groups, abi_names_vfio_attrs),
	  ATTR(ABI_HVA, addr));

ATTR_TYPE(abi_type_device_attr_vcpu,
	  ATTR_HEAD(abi_names_vcpu_attr_groups, abi_names_vcpu_tsc_attrs),
	  ATTR_POINTED(FLOW_IN, u64_value));
ATTR_TYPE(abi_type_device_attr_vcpu_get,
	  ATTR_HEAD(abi_names_vcpu_attr_groups, abi_names_vcpu_tsc_attrs),
	  ATTR_POINTED(FLOW_OUT, u64_value));
ATTR_TYPE(abi_type_device_attr_vcpu_has,
	  ATTR_HEAD(abi_names_vcpu_attr_groups, abi_names_vcpu_tsc_attrs),
	  ATTR(ABI_HVA, addr));

/* `attr` is numbered by group. */
static const struct abi_field system_attr_fields[] = {
	ABI_AT(ABI_ENUM, "attr", 0, 8, .names = &abi_names_system_attrs),
};
static ABI_TYPE(system_attr, "attr.system", 8, system_attr_fields);

static const struct abi_field sev_attr_fields[] = {
	ABI_AT(ABI_ENUM, "attr", 0, 8, .names = &abi_names_sev_attrs),
};
static ABI_TYPE(sev_attr, "attr.sev", 8, sev_attr_fields);

static const struct abi_field other_attr_fields[] = {
	ABI_AT(ABI_HEX, "attr", 0, 8),
};
static ABI_TYPE(other_attr, "attr.other", 8, other_attr_fields);

static const struct abi_arm system_attr_arms[] = {
	{ KVM_X86_GRP_SYSTEM, NULL, &system_attr },
	{ KVM_X86_GRP_SEV, NULL, &sev_attr },
};
static ABI_ARMS(system_attr_union, offsetof(struct kvm_device_attr, group), 4,
		system_attr_arms, &other_attr);

/* Their values, by group and the lower half of `attr`. */
#define VALUE_TYPE(variable, names_)                                       \
	static const struct abi_field variable##_fields[] = {              \
		ABI_AT(ABI_FLAGS, "value", 0, 8, .names = &names_),        \
	};                                                                 \
	static ABI_TYPE(variable, "attr." #variable, 8, variable##_fields)

VALUE_TYPE(xcomp_value, abi_names_xfeatures);
VALUE_TYPE(vmsa_value, abi_names_vmsa_features);
VALUE_TYPE(policy_value, abi_names_snp_policy);

#define GROUPED(group, attr) ((uint64_t)(attr) << 32 | (group))

static const struct abi_arm system_value_arms[] = {
	{ GROUPED(KVM_X86_GRP_SYSTEM, KVM_X86_XCOMP_GUEST_SUPP), NULL,
	  &xcomp_value },
	{ GROUPED(KVM_X86_GRP_SEV, KVM_X86_SEV_VMSA_FEATURES), NULL,
	  &vmsa_value },
	{ GROUPED(KVM_X86_GRP_SEV, KVM_X86_SNP_POLICY_BITS), NULL,
	  &policy_value },
};
static ABI_ARMS(system_value_union, offsetof(struct kvm_device_attr, group), 8,
		system_value_arms, &u64_value);

ATTR_TYPE(abi_type_device_attr_system_get,
	  ATTR(ABI_DEC, flags),
	  ATTR(ABI_ENUM, group, .names = &abi_names_system_attr_groups),
	  ATTR(ABI_UNION, attr, .arms = &system_attr_union),
	  ATTR(ABI_POINTED_UNION, addr, .flow = FLOW_OUT,
	       .arms = &system_value_union,
	       .length = { .rule = LENGTH_TYPE }));
ATTR_TYPE(abi_type_device_attr_system_has,
	  ATTR(ABI_DEC, flags),
	  ATTR(ABI_ENUM, group, .names = &abi_names_system_attr_groups),
	  ATTR(ABI_UNION, attr, .arms = &system_attr_union),
	  ATTR(ABI_HVA, addr));

/* x86 has no attributes of a VM. */
ATTR_TYPE(abi_type_device_attr_vm,
	  ATTR(ABI_DEC, flags), ATTR(ABI_DEC, group), ATTR(ABI_HEX, attr),
	  ATTR(ABI_HVA, addr));

/* KVM_TRACE_ENABLE, gone since 2.6.30 */
static const struct abi_field user_trace_setup_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_user_trace_setup, buf_size),
	ABI_MEMBER(ABI_DEC, struct kvm_user_trace_setup, buf_nr),
};
ABI_TYPE(abi_type_user_trace_setup, "kvm_user_trace_setup",
	 sizeof(struct kvm_user_trace_setup), user_trace_setup_fields);

/* Legacy device assignment, gone since 4.19: devices.txt of those days */

#define ASSIGNED(s, kind_, member, ...) \
	ABI_MEMBER(kind_, struct kvm_assigned_##s, member, ##__VA_ARGS__)

static const struct abi_field assigned_pci_dev_fields[] = {
	ASSIGNED(pci_dev, ABI_DEC, assigned_dev_id),
	ASSIGNED(pci_dev, ABI_DEC, busnr), ASSIGNED(pci_dev, ABI_HEX, devfn),
	ASSIGNED(pci_dev, ABI_FLAGS, flags, .names = &abi_names_assign),
	ASSIGNED(pci_dev, ABI_DEC, segnr),
	ABI_BLOB(ABI_PAD, struct kvm_assigned_pci_dev, reserved),
};
ABI_TYPE(abi_type_assigned_pci_dev, "kvm_assigned_pci_dev",
	 sizeof(struct kvm_assigned_pci_dev), assigned_pci_dev_fields);

static const struct abi_field assigned_irq_fields[] = {
	ASSIGNED(irq, ABI_DEC, assigned_dev_id),
	ASSIGNED(irq, ABI_DEC, host_irq), ASSIGNED(irq, ABI_DEC, guest_irq),
	ASSIGNED(irq, ABI_FLAGS, flags, .names = &abi_names_assign_irq),
	ABI_BLOB(ABI_PAD, struct kvm_assigned_irq, reserved),
};
ABI_TYPE(abi_type_assigned_irq, "kvm_assigned_irq",
	 sizeof(struct kvm_assigned_irq), assigned_irq_fields);

static const struct abi_field assigned_msix_nr_fields[] = {
	ASSIGNED(msix_nr, ABI_DEC, assigned_dev_id),
	ASSIGNED(msix_nr, ABI_DEC, entry_nr),
	ASSIGNED(msix_nr, ABI_PAD, padding),
};
ABI_TYPE(abi_type_assigned_msix_nr, "kvm_assigned_msix_nr",
	 sizeof(struct kvm_assigned_msix_nr), assigned_msix_nr_fields);

static const struct abi_field assigned_msix_entry_fields[] = {
	ASSIGNED(msix_entry, ABI_DEC, assigned_dev_id),
	ASSIGNED(msix_entry, ABI_DEC, gsi), ASSIGNED(msix_entry, ABI_DEC, entry),
	ABI_BLOB(ABI_PAD, struct kvm_assigned_msix_entry, padding),
};
ABI_TYPE(abi_type_assigned_msix_entry, "kvm_assigned_msix_entry",
	 sizeof(struct kvm_assigned_msix_entry), assigned_msix_entry_fields);

/* Statistics, which are read from the descriptor: 4.133 */

#define STATS(kind_, member) \
	ABI_MEMBER(kind_, struct kvm_stats_header, member)

static const struct abi_field stats_header_fields[] = {
	STATS(ABI_DEC, flags), STATS(ABI_DEC, name_size),
	STATS(ABI_DEC, num_desc), STATS(ABI_DEC, id_offset),
	STATS(ABI_DEC, desc_offset), STATS(ABI_DEC, data_offset),
};
ABI_TYPE(abi_type_stats_header, "kvm_stats_header",
	 sizeof(struct kvm_stats_header), stats_header_fields);

/* The name, of the header's `name_size` bytes, follows. */
static const struct abi_field stats_desc_fields[] = {
	ABI_MEMBER(ABI_FLAGS, struct kvm_stats_desc, flags,
		   .names = &abi_names_stats),
	ABI_MEMBER(ABI_INT, struct kvm_stats_desc, exponent),
	ABI_MEMBER(ABI_DEC, struct kvm_stats_desc, size),
	ABI_MEMBER(ABI_DEC, struct kvm_stats_desc, offset),
	ABI_MEMBER(ABI_DEC, struct kvm_stats_desc, bucket_size),
};
ABI_TYPE(abi_type_stats_desc, "kvm_stats_desc", sizeof(struct kvm_stats_desc),
	 stats_desc_fields);
