/*
 * What the table files of this folder share: rows for members that have no
 * plain C name, and the declarations of the types and name families that
 * other files' rows point to. Nobody outside this folder includes it.
 */
#ifndef ABI_TABLES_H
#define ABI_TABLES_H

#include "abi/abi.h"

/* A member, its offset counted from the member `start` of the same struct. */
#define ABI_PART(kind_, s, start, member, shown, ...)                      \
	{ .name = (shown), .kind = (kind_), .count = 1,                    \
	  .offset = offsetof(s, member) - offsetof(s, start),              \
	  .size = sizeof(((s *)0)->member), ##__VA_ARGS__ }
#define ABI_PART_ARRAY(kind_, s, start, member, shown, ...)                \
	{ .name = (shown), .kind = (kind_), .is_array = true,              \
	  .offset = offsetof(s, member) - offsetof(s, start),              \
	  .size = sizeof(((s *)0)->member[0]),                             \
	  .count = sizeof(((s *)0)->member) / sizeof(((s *)0)->member[0]), \
	  ##__VA_ARGS__ }

/* A member that no header has: offset and size from the manual cited there. */
#define ABI_AT(kind_, shown, offset_, size_, ...)                          \
	{ .name = (shown), .kind = (kind_), .offset = (offset_),           \
	  .size = (size_), .count = 1, ##__VA_ARGS__ }
#define ABI_BYTES_AT(kind_, shown, offset_, size_, ...)                    \
	{ .name = (shown), .kind = (kind_), .offset = (offset_),           \
	  .size = 1, .count = (size_), ##__VA_ARGS__ }

/* Part of a byte or word. */
#define ABI_BITFIELD(shown, offset_, size_, bit_, bits_, ...)              \
	{ .name = (shown), .kind = ABI_DEC, .offset = (offset_),           \
	  .size = (size_), .count = 1, .bit = (bit_), .bits = (bits_),     \
	  ##__VA_ARGS__ }

#define ABI_BITENUM(shown, offset_, size_, bit_, bits_, names_)            \
	{ .name = (shown), .kind = ABI_ENUM, .offset = (offset_),          \
	  .size = (size_), .count = 1, .bit = (bit_), .bits = (bits_),     \
	  .names = &(names_) }

/* A guest physical address in the bits from `bit_` on, flags below it. */
#define ABI_GPA_BITS(shown, offset_, bit_, bits_)                          \
	{ .name = (shown), .kind = ABI_GPA, .offset = (offset_),           \
	  .size = 8, .count = 1, .bit = (bit_), .bits = (bits_),           \
	  .is_view = true }

/* An argument that is a number and no pointer. */
#define ABI_VALUE(kind_, shown, size_, ...)                                \
	{ .name = (shown), .kind = (kind_), .size = (size_), .count = 1,   \
	  ##__VA_ARGS__ }

#define ABI_ARMS(variable, tag_offset_, tag_size_, list_, otherwise_)      \
	const struct abi_arms variable = { (tag_offset_), (tag_size_),     \
		(list_), sizeof(list_) / sizeof((list_)[0]), (otherwise_) }

/* A name with a sentence about it; a name that no header has as a macro. */
#define ABI_NAME_TEXT(constant, text_)                                     \
	{ .value = (constant), .name = #constant, .text = (text_) }
#define ABI_NUMBER(value_, name_) { .value = (value_), .name = (name_) }

/* Name families */
extern const struct abi_names abi_names_apic_base;
extern const struct abi_names abi_names_apic_dfr;
extern const struct abi_names abi_names_apic_esr;
extern const struct abi_names abi_names_apic_icr;
extern const struct abi_names abi_names_apic_lvt;
extern const struct abi_names abi_names_apic_lvt_error;
extern const struct abi_names abi_names_apic_lvt_lint;
extern const struct abi_names abi_names_apic_lvt_timer;
extern const struct abi_names abi_names_apic_svr;
extern const struct abi_names abi_names_apic_tdcr;
extern const struct abi_names abi_names_apic_version;
extern const struct abi_names abi_names_arm_sea;
extern const struct abi_names abi_names_assign;
extern const struct abi_names abi_names_assign_irq;
extern const struct abi_names abi_names_capabilities;
extern const struct abi_names abi_names_clock;
extern const struct abi_names abi_names_cr0;
extern const struct abi_names abi_names_cr4;
extern const struct abi_names abi_names_create_device;
extern const struct abi_names abi_names_device_types;
extern const struct abi_names abi_names_dirty_gfn;
extern const struct abi_names abi_names_dr6;
extern const struct abi_names abi_names_dr7;
extern const struct abi_names abi_names_efer;
extern const struct abi_names abi_names_emulation_flags;
extern const struct abi_names abi_names_entry_failures;
extern const struct abi_names abi_names_fcw;
extern const struct abi_names abi_names_fixed_counters;
extern const struct abi_names abi_names_fsw;
extern const struct abi_names abi_names_guest_debug;
extern const struct abi_names abi_names_guest_memfd;
extern const struct abi_names abi_names_hypercall_flags;
extern const struct abi_names abi_names_hypercall_results;
extern const struct abi_names abi_names_hypercalls;
extern const struct abi_names abi_names_hyperv_calls;
extern const struct abi_names abi_names_hyperv_enable;
extern const struct abi_names abi_names_hyperv_eventfd;
extern const struct abi_names abi_names_hyperv_exits;
extern const struct abi_names abi_names_hyperv_page;
extern const struct abi_names abi_names_hyperv_results;
extern const struct abi_names abi_names_internal_errors;
extern const struct abi_names abi_names_io_directions;
extern const struct abi_names abi_names_ioapic_deliveries;
extern const struct abi_names abi_names_ioapic_destinations;
extern const struct abi_names abi_names_ioapic_polarities;
extern const struct abi_names abi_names_ioapic_registers;
extern const struct abi_names abi_names_ioapic_statuses;
extern const struct abi_names abi_names_ioapic_triggers;
extern const struct abi_names abi_names_ioeventfd;
extern const struct abi_names abi_names_irqchips;
extern const struct abi_names abi_names_irqfd;
extern const struct abi_names abi_names_map_gpa_range;
extern const struct abi_names abi_names_mcg_cap;
extern const struct abi_names abi_names_mcg_status;
extern const struct abi_names abi_names_mci_status;
extern const struct abi_names abi_names_mem;
extern const struct abi_names abi_names_memory_attributes;
extern const struct abi_names abi_names_memory_fault;
extern const struct abi_names abi_names_mp_states;
extern const struct abi_names abi_names_msi;
extern const struct abi_names abi_names_msi_address;
extern const struct abi_names abi_names_msi_data;
extern const struct abi_names abi_names_msr_filter;
extern const struct abi_names abi_names_msr_filter_range;
extern const struct abi_names abi_names_msr_reasons;
extern const struct abi_names abi_names_msrs;
extern const struct abi_names abi_names_mxcsr;
extern const struct abi_names abi_names_nested_flags;
extern const struct abi_names abi_names_nested_formats;
extern const struct abi_names abi_names_nested_smm;
extern const struct abi_names abi_names_nested_vmx_flags;
extern const struct abi_names abi_names_notify;
extern const struct abi_names abi_names_pat;
extern const struct abi_names abi_names_pdptes;
extern const struct abi_names abi_names_pic_reads;
extern const struct abi_names abi_names_pic_states;
extern const struct abi_names abi_names_pit_accesses;
extern const struct abi_names abi_names_pit_config;
extern const struct abi_names abi_names_pit_flags;
extern const struct abi_names abi_names_pit_modes;
extern const struct abi_names abi_names_pit_status;
extern const struct abi_names abi_names_pmu_actions;
extern const struct abi_names abi_names_pmu_flags;
extern const struct abi_names abi_names_reg_ids;
extern const struct abi_names abi_names_rflags;
extern const struct abi_names abi_names_routings;
extern const struct abi_names abi_names_run_flags;
extern const struct abi_names abi_names_s390_resets;
extern const struct abi_names abi_names_segment_types;
extern const struct abi_names abi_names_sev_attrs;
extern const struct abi_names abi_names_sev_policy;
extern const struct abi_names abi_names_shadows;
extern const struct abi_names abi_names_signals;
extern const struct abi_names abi_names_snp_cert_results;
extern const struct abi_names abi_names_snp_policy;
extern const struct abi_names abi_names_sregs2_flags;
extern const struct abi_names abi_names_stats;
extern const struct abi_names abi_names_svm_codes;
extern const struct abi_names abi_names_sync;
extern const struct abi_names abi_names_syndbg_control;
extern const struct abi_names abi_names_syndbg_status;
extern const struct abi_names abi_names_system_attr_groups;
extern const struct abi_names abi_names_system_attrs;
extern const struct abi_names abi_names_system_events;
extern const struct abi_names abi_names_system_types;
extern const struct abi_names abi_names_td_attributes;
extern const struct abi_names abi_names_tdvmcall_results;
extern const struct abi_names abi_names_tdvmcalls;
extern const struct abi_names abi_names_vcpu_attr_groups;
extern const struct abi_names abi_names_vcpu_events;
extern const struct abi_names abi_names_vcpu_tsc_attrs;
extern const struct abi_names abi_names_vectors;
extern const struct abi_names abi_names_vfio_attrs;
extern const struct abi_names abi_names_vfio_groups;
extern const struct abi_names abi_names_vm_types;
extern const struct abi_names abi_names_vmsa_features;
extern const struct abi_names abi_names_vmx_events;
extern const struct abi_names abi_names_vmx_reasons;
extern const struct abi_names abi_names_x2apic_icr;
extern const struct abi_names abi_names_xcrs;
extern const struct abi_names abi_names_xen_calls;
extern const struct abi_names abi_names_xen_exits;
extern const struct abi_names abi_names_xen_hvm_config;
extern const struct abi_names abi_names_xen_priorities;
extern const struct abi_names abi_names_xfeatures;

/* Unions chosen by a tag */
extern const struct abi_arms abi_arms_enable_cap;
extern const struct abi_arms abi_arms_msr_data;
extern const struct abi_arms abi_arms_msr_exit_data;

/* Structures */
extern const struct abi_type abi_type_assigned_irq;
extern const struct abi_type abi_type_assigned_msix_entry;
extern const struct abi_type abi_type_assigned_msix_nr;
extern const struct abi_type abi_type_assigned_pci_dev;
extern const struct abi_type abi_type_clear_dirty_log;
extern const struct abi_type abi_type_clock;
extern const struct abi_type abi_type_coalesced_mmio;
extern const struct abi_type abi_type_coalesced_ring;
extern const struct abi_type abi_type_coalesced_zone;
extern const struct abi_type abi_type_cpuid;
extern const struct abi_type abi_type_cpuid2;
extern const struct abi_type abi_type_cpuid2_hyperv;
extern const struct abi_type abi_type_create_device;
extern const struct abi_type abi_type_create_guest_memfd;
extern const struct abi_type abi_type_debug_guest;
extern const struct abi_type abi_type_debugregs;
extern const struct abi_type abi_type_device_attr;
extern const struct abi_type abi_type_device_attr_get;
extern const struct abi_type abi_type_device_attr_has;
extern const struct abi_type abi_type_device_attr_system_get;
extern const struct abi_type abi_type_device_attr_system_has;
extern const struct abi_type abi_type_device_attr_vcpu;
extern const struct abi_type abi_type_device_attr_vcpu_get;
extern const struct abi_type abi_type_device_attr_vcpu_has;
extern const struct abi_type abi_type_device_attr_vm;
extern const struct abi_type abi_type_dirty_gfn;
extern const struct abi_type abi_type_dirty_log;
extern const struct abi_type abi_type_dtable;
extern const struct abi_type abi_type_enable_cap;
extern const struct abi_type abi_type_enc_region;
extern const struct abi_type abi_type_fpu;
extern const struct abi_type abi_type_guest_debug;
extern const struct abi_type abi_type_hyperv_eventfd;
extern const struct abi_type abi_type_identity_map;
extern const struct abi_type abi_type_interrupt;
extern const struct abi_type abi_type_ioeventfd;
extern const struct abi_type abi_type_irq_level;
extern const struct abi_type abi_type_irq_level_status;
extern const struct abi_type abi_type_irq_routing;
extern const struct abi_type abi_type_irq_routing_xen_evtchn;
extern const struct abi_type abi_type_irqchip;
extern const struct abi_type abi_type_irqchip_get;
extern const struct abi_type abi_type_irqfd;
extern const struct abi_type abi_type_lapic_state;
extern const struct abi_type abi_type_mcg_cap;
extern const struct abi_type abi_type_memory_alias;
extern const struct abi_type abi_type_memory_attributes;
extern const struct abi_type abi_type_memory_region;
extern const struct abi_type abi_type_mp_state;
extern const struct abi_type abi_type_msi;
extern const struct abi_type abi_type_msr_filter;
extern const struct abi_type abi_type_msr_filter_compat;
extern const struct abi_type abi_type_msr_list;
extern const struct abi_type abi_type_msrs;
extern const struct abi_type abi_type_msrs_get;
extern const struct abi_type abi_type_nested_state;
extern const struct abi_type abi_type_nested_state_get;
extern const struct abi_type abi_type_one_reg;
extern const struct abi_type abi_type_one_reg_get;
extern const struct abi_type abi_type_pit_config;
extern const struct abi_type abi_type_pit_state;
extern const struct abi_type abi_type_pit_state2;
extern const struct abi_type abi_type_pmu_event_filter;
extern const struct abi_type abi_type_pre_fault_memory;
extern const struct abi_type abi_type_reg_list;
extern const struct abi_type abi_type_regs;
extern const struct abi_type abi_type_reinject_control;
extern const struct abi_type abi_type_segment;
extern const struct abi_type abi_type_sev_cmd;
extern const struct abi_type abi_type_signal_mask;
extern const struct abi_type abi_type_sregs;
extern const struct abi_type abi_type_sregs2;
extern const struct abi_type abi_type_stats_desc;
extern const struct abi_type abi_type_stats_header;
extern const struct abi_type abi_type_sync_regs;
extern const struct abi_type abi_type_tdx_cmd;
extern const struct abi_type abi_type_tpr_access_ctl;
extern const struct abi_type abi_type_translation;
extern const struct abi_type abi_type_user_trace_setup;
extern const struct abi_type abi_type_userspace_memory_region;
extern const struct abi_type abi_type_userspace_memory_region2;
extern const struct abi_type abi_type_vapic_addr;
extern const struct abi_type abi_type_vcpu_events;
extern const struct abi_type abi_type_x86_mce;
extern const struct abi_type abi_type_xcrs;
extern const struct abi_type abi_type_xen_hvm_attr;
extern const struct abi_type abi_type_xen_hvm_attr_get;
extern const struct abi_type abi_type_xen_hvm_config;
extern const struct abi_type abi_type_xen_vcpu_attr;
extern const struct abi_type abi_type_xen_vcpu_attr_get;
extern const struct abi_type abi_type_xsave;
extern const struct abi_type abi_type_xsave2;

#endif
