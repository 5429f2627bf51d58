/*
 * The chips that KVM keeps in the kernel: PICs, IOAPIC, local APIC, i8254.
 *
 * Sources: <asm/kvm.h>; api.rst 4.26, 4.27, 4.57, 4.58, 4.71-4.73, 4.99;
 * Intel SDM vol. 3A table 11-1 for the local APIC's registers.
 */
#include "abi/compat.h"
#include "abi/tables.h"

/* PIC and IOAPIC */

#define PIC(kind_, member) ABI_MEMBER(kind_, struct kvm_pic_state, member)
#define PIC_ENUM(member, names_) \
	ABI_MEMBER(ABI_ENUM, struct kvm_pic_state, member, .names = &names_)

static const struct abi_field pic_fields[] = {
	PIC(ABI_HEX, last_irr), PIC(ABI_HEX, irr), PIC(ABI_HEX, imr),
	PIC(ABI_HEX, isr), PIC(ABI_DEC, priority_add), PIC(ABI_HEX, irq_base),
	PIC_ENUM(read_reg_select, abi_names_pic_reads), PIC(ABI_DEC, poll),
	PIC(ABI_DEC, special_mask),
	PIC_ENUM(init_state, abi_names_pic_states),
	PIC(ABI_DEC, auto_eoi), PIC(ABI_DEC, rotate_on_auto_eoi),
	PIC(ABI_DEC, special_fully_nested_mode), PIC(ABI_DEC, init4),
	PIC(ABI_HEX, elcr), PIC(ABI_HEX, elcr_mask),
};
static ABI_TYPE(pic, "kvm_pic_state", sizeof(struct kvm_pic_state), pic_fields);

/* C can't take the offset of a bit field; these follow struct `fields`. */
static const struct abi_field redirection_bit_fields[] = {
	ABI_AT(ABI_DEC, "vector", 0, 1),
	ABI_BITENUM("delivery_mode", 1, 1, 0, 3, abi_names_ioapic_deliveries),
	ABI_BITENUM("dest_mode", 1, 1, 3, 1, abi_names_ioapic_destinations),
	ABI_BITENUM("delivery_status", 1, 1, 4, 1, abi_names_ioapic_statuses),
	ABI_BITENUM("polarity", 1, 1, 5, 1, abi_names_ioapic_polarities),
	ABI_BITFIELD("remote_irr", 1, 1, 6, 1),
	ABI_BITENUM("trig_mode", 1, 1, 7, 1, abi_names_ioapic_triggers),
	ABI_BITFIELD("mask", 2, 1, 0, 1),
	ABI_BITFIELD("reserve", 2, 1, 1, 7, .is_sparse = true),
	ABI_BYTES_AT(ABI_PAD, "reserved", 3, 4),
	ABI_AT(ABI_DEC, "dest_id", 7, 1),
};
static ABI_TYPE(redirection_bits, "kvm_ioapic_state.redirtbl.fields", 8,
		redirection_bit_fields);

static const struct abi_field redirection_fields[] = {
	ABI_AT(ABI_HEX, "bits", 0, 8),
	ABI_AT(ABI_STRUCT, "fields", 0, 8, .type = &redirection_bits,
	       .is_view = true),
};
static ABI_TYPE(redirection, "kvm_ioapic_state.redirtbl", 8,
		redirection_fields);

static const struct abi_field ioapic_fields[] = {
	ABI_MEMBER(ABI_GPA, struct kvm_ioapic_state, base_address),
	ABI_MEMBER(ABI_ENUM, struct kvm_ioapic_state, ioregsel,
		   .names = &abi_names_ioapic_registers),
	ABI_MEMBER(ABI_DEC, struct kvm_ioapic_state, id),
	ABI_MEMBER(ABI_HEX, struct kvm_ioapic_state, irr),
	ABI_MEMBER(ABI_PAD, struct kvm_ioapic_state, pad),
	ABI_ARRAY(ABI_STRUCT, struct kvm_ioapic_state, redirtbl,
		  .type = &redirection),
};
static ABI_TYPE(ioapic, "kvm_ioapic_state", sizeof(struct kvm_ioapic_state),
		ioapic_fields);

static const struct abi_arm irqchip_arms[] = {
	{ KVM_IRQCHIP_PIC_MASTER, "pic", &pic },
	{ KVM_IRQCHIP_PIC_SLAVE, "pic", &pic },
	{ KVM_IRQCHIP_IOAPIC, "ioapic", &ioapic },
};
static ABI_ARMS(irqchip_union, offsetof(struct kvm_irqchip, chip_id), 4,
		irqchip_arms, NULL);

static const struct abi_field irqchip_fields[] = {
	ABI_MEMBER(ABI_ENUM, struct kvm_irqchip, chip_id,
		   .names = &abi_names_irqchips),
	ABI_MEMBER(ABI_PAD, struct kvm_irqchip, pad),
	ABI_MEMBER(ABI_UNION, struct kvm_irqchip, chip, .arms = &irqchip_union),
};
ABI_TYPE(abi_type_irqchip, "kvm_irqchip", sizeof(struct kvm_irqchip),
	 irqchip_fields);

static const struct abi_field irqchip_get_fields[] = {
	ABI_MEMBER(ABI_ENUM, struct kvm_irqchip, chip_id,
		   .names = &abi_names_irqchips),
	ABI_MEMBER(ABI_PAD, struct kvm_irqchip, pad),
	ABI_MEMBER(ABI_UNION, struct kvm_irqchip, chip, .arms = &irqchip_union,
		   .flow = FLOW_OUT),
};
ABI_TYPE(abi_type_irqchip_get, "kvm_irqchip", sizeof(struct kvm_irqchip),
	 irqchip_get_fields);

/* Local APIC: a register of 32 bits in each 16 bytes */

#define APIC_GAP(number, offset_, size_) \
	ABI_BYTES_AT(ABI_PAD, "reserved" number, offset_, size_)
#define APIC(kind_, shown, offset_, ...)                                   \
	ABI_AT(kind_, shown, offset_, 4, ##__VA_ARGS__),                   \
	APIC_GAP("_" shown, (offset_) + 4, 12)
#define APIC_EIGHT(shown, offset_)                                         \
	APIC(ABI_HEX, shown "0", offset_),                                 \
	APIC(ABI_HEX, shown "1", (offset_) + 0x10),                        \
	APIC(ABI_HEX, shown "2", (offset_) + 0x20),                        \
	APIC(ABI_HEX, shown "3", (offset_) + 0x30),                        \
	APIC(ABI_HEX, shown "4", (offset_) + 0x40),                        \
	APIC(ABI_HEX, shown "5", (offset_) + 0x50),                        \
	APIC(ABI_HEX, shown "6", (offset_) + 0x60),                        \
	APIC(ABI_HEX, shown "7", (offset_) + 0x70)
/* Flags above a vector. */
#define APIC_VECTOR(shown, offset_, names_)                                \
	ABI_AT(ABI_FLAGS, shown, offset_, 4, .names = &names_),            \
	ABI_BITFIELD(shown "_vector", offset_, 4, 0, 8, .is_view = true),  \
	APIC_GAP("_" shown, (offset_) + 4, 12)
#define APIC_LVT(shown, offset_) \
	APIC_VECTOR(shown, offset_, abi_names_apic_lvt)
/* Two numbers among the flags. */
#define APIC_VERSION(shown, offset_)                                       \
	ABI_AT(ABI_FLAGS, shown, offset_, 4, .names = &abi_names_apic_version), \
	ABI_BITFIELD(shown "_number", offset_, 4, 0, 8, .is_view = true),  \
	ABI_BITFIELD(shown "_max_lvt", offset_, 4, 16, 8, .is_view = true), \
	APIC_GAP("_" shown, (offset_) + 4, 12)

static const struct abi_field apic_fields[] = {
	APIC_GAP("_000", 0x000, 0x20),
	APIC(ABI_HEX, "id", 0x020), APIC_VERSION("version", 0x030),
	APIC_GAP("_040", 0x040, 0x40),
	APIC(ABI_HEX, "tpr", 0x080), APIC(ABI_HEX, "apr", 0x090),
	APIC(ABI_HEX, "ppr", 0x0a0), APIC(ABI_HEX, "eoi", 0x0b0),
	APIC(ABI_HEX, "rrd", 0x0c0), APIC(ABI_HEX, "ldr", 0x0d0),
	APIC(ABI_FLAGS, "dfr", 0x0e0, .names = &abi_names_apic_dfr),
	APIC_VECTOR("svr", 0x0f0, abi_names_apic_svr),
	APIC_EIGHT("isr", 0x100), APIC_EIGHT("tmr", 0x180),
	APIC_EIGHT("irr", 0x200),
	APIC(ABI_FLAGS, "esr", 0x280, .names = &abi_names_apic_esr),
	APIC_GAP("_290", 0x290, 0x60),
	APIC_LVT("lvt_cmci", 0x2f0),
	APIC_VECTOR("icr", 0x300, abi_names_apic_icr),
	APIC(ABI_HEX, "icr2", 0x310),
	APIC_VECTOR("lvt_timer", 0x320, abi_names_apic_lvt_timer),
	APIC_LVT("lvt_thermal", 0x330), APIC_LVT("lvt_pmc", 0x340),
	APIC_VECTOR("lvt_lint0", 0x350, abi_names_apic_lvt_lint),
	APIC_VECTOR("lvt_lint1", 0x360, abi_names_apic_lvt_lint),
	APIC_VECTOR("lvt_error", 0x370, abi_names_apic_lvt_error),
	APIC(ABI_HEX, "timer_initial", 0x380),
	APIC(ABI_HEX, "timer_current", 0x390),
	APIC_GAP("_3a0", 0x3a0, 0x40),
	APIC(ABI_ENUM, "timer_divide", 0x3e0, .names = &abi_names_apic_tdcr),
	APIC(ABI_HEX, "self_ipi", 0x3f0),
};
static ABI_TYPE(apic, "kvm_lapic_state.regs", KVM_APIC_REG_SIZE, apic_fields);

static const struct abi_field lapic_state_fields[] = {
	ABI_MEMBER(ABI_STRUCT, struct kvm_lapic_state, regs, .type = &apic),
};
ABI_TYPE(abi_type_lapic_state, "kvm_lapic_state",
	 sizeof(struct kvm_lapic_state), lapic_state_fields);

static const struct abi_field tpr_access_ctl_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_tpr_access_ctl, enabled),
	ABI_MEMBER(ABI_HEX, struct kvm_tpr_access_ctl, flags),
	ABI_BLOB(ABI_PAD, struct kvm_tpr_access_ctl, reserved),
};
ABI_TYPE(abi_type_tpr_access_ctl, "kvm_tpr_access_ctl",
	 sizeof(struct kvm_tpr_access_ctl), tpr_access_ctl_fields);

static const struct abi_field vapic_addr_fields[] = {
	ABI_MEMBER(ABI_GPA, struct kvm_vapic_addr, vapic_addr),
};
ABI_TYPE(abi_type_vapic_addr, "kvm_vapic_addr", sizeof(struct kvm_vapic_addr),
	 vapic_addr_fields);

/* i8254 */

#define CHANNEL(kind_, member, ...) \
	ABI_MEMBER(kind_, struct kvm_pit_channel_state, member, ##__VA_ARGS__)
#define ACCESS(member) \
	CHANNEL(ABI_ENUM, member, .names = &abi_names_pit_accesses)

static const struct abi_field channel_fields[] = {
	CHANNEL(ABI_DEC, count), CHANNEL(ABI_DEC, latched_count),
	ACCESS(count_latched), CHANNEL(ABI_DEC, status_latched),
	CHANNEL(ABI_FLAGS, status, .names = &abi_names_pit_status),
	ACCESS(read_state), ACCESS(write_state),
	CHANNEL(ABI_DEC, write_latch), ACCESS(rw_mode),
	CHANNEL(ABI_ENUM, mode, .names = &abi_names_pit_modes),
	CHANNEL(ABI_DEC, bcd), CHANNEL(ABI_DEC, gate),
	CHANNEL(ABI_INT, count_load_time),
};
static ABI_TYPE(channel, "kvm_pit_channel_state",
		sizeof(struct kvm_pit_channel_state), channel_fields);

static const struct abi_field pit_state_fields[] = {
	ABI_ARRAY(ABI_STRUCT, struct kvm_pit_state, channels, .type = &channel),
};
ABI_TYPE(abi_type_pit_state, "kvm_pit_state", sizeof(struct kvm_pit_state),
	 pit_state_fields);

static const struct abi_field pit_state2_fields[] = {
	ABI_ARRAY(ABI_STRUCT, struct kvm_pit_state2, channels,
		  .type = &channel),
	ABI_MEMBER(ABI_FLAGS, struct kvm_pit_state2, flags,
		   .names = &abi_names_pit_flags),
	ABI_BLOB(ABI_PAD, struct kvm_pit_state2, reserved),
};
ABI_TYPE(abi_type_pit_state2, "kvm_pit_state2", sizeof(struct kvm_pit_state2),
	 pit_state2_fields);

static const struct abi_field pit_config_fields[] = {
	ABI_MEMBER(ABI_FLAGS, struct kvm_pit_config, flags,
		   .names = &abi_names_pit_config),
	ABI_BLOB(ABI_PAD, struct kvm_pit_config, pad),
};
ABI_TYPE(abi_type_pit_config, "kvm_pit_config", sizeof(struct kvm_pit_config),
	 pit_config_fields);

static const struct abi_field reinject_control_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_reinject_control, pit_reinject),
	ABI_BLOB(ABI_PAD, struct kvm_reinject_control, reserved),
};
ABI_TYPE(abi_type_reinject_control, "kvm_reinject_control",
	 sizeof(struct kvm_reinject_control), reinject_control_fields);
