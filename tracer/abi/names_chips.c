/*
 * Names of the interrupt controllers and the timer that KVM keeps in the
 * kernel: local APIC, IOAPIC, messages, i8259A, i8254; and of the performance
 * counters' fixed events.
 *
 * Sources: Intel SDM vol. 3A ch. 11, vol. 3B 20.2; the 82093AA, 8259A and
 * 82C54 data sheets; arch/x86/kvm/{lapic,ioapic,i8259,i8254}.c.
 */
#include "abi/compat.h"
#include "abi/tables.h"

#define BIT(number, name_) { .value = 1ull << (number), .name = (name_) }
#define BITS(value_, mask_, name_)                                         \
	{ .value = (value_), .name = (name_), .mask = (mask_) }

/* Local APIC, SDM 11.5-11.6: bits 7:0 are the vector */

#define LVT_COMMON BIT(12, "PENDING"), BIT(16, "MASKED")
#define LVT_DELIVERY                                                       \
	BITS(0x000, 0x700, "FIXED"), BITS(0x200, 0x700, "SMI"),            \
	BITS(0x400, 0x700, "NMI"), BITS(0x500, 0x700, "INIT"),             \
	BITS(0x700, 0x700, "ExtINT")

static const struct abi_name lvt[] = { LVT_DELIVERY, LVT_COMMON };
ABI_NAMES_AROUND(abi_names_apic_lvt, "local vector table", lvt, 0xff);

static const struct abi_name lvt_lint[] = {
	LVT_DELIVERY, LVT_COMMON, BIT(13, "LOW"), BIT(14, "REMOTE_IRR"),
	BIT(15, "LEVEL"),
};
ABI_NAMES_AROUND(abi_names_apic_lvt_lint, "local vector table, pins", lvt_lint,
		 0xff);

static const struct abi_name lvt_timer[] = {
	LVT_COMMON, BITS(0x00000, 0x60000, "ONE_SHOT"),
	BITS(0x20000, 0x60000, "PERIODIC"),
	BITS(0x40000, 0x60000, "TSC_DEADLINE"),
};
ABI_NAMES_AROUND(abi_names_apic_lvt_timer, "local vector table, timer",
		 lvt_timer, 0xff);

static const struct abi_name lvt_error[] = { LVT_COMMON };
ABI_NAMES_AROUND(abi_names_apic_lvt_error, "local vector table, errors",
		 lvt_error, 0xff);

/* 11.4.8: the version and how many entries the table has are numbers */
static const struct abi_name version[] = { BIT(24, "EOI_SUPPRESSION") };
ABI_NAMES_AROUND(abi_names_apic_version, "local APIC version register", version,
		 0xff00ff);

/* 11.6.2.2: the other bits are ones */
static const struct abi_name dfr[] = {
	BITS(0x00000000, 0xf0000000, "CLUSTER"),
	BITS(0xf0000000, 0xf0000000, "FLAT"),
};
ABI_NAMES_AROUND(abi_names_apic_dfr, "destination format register", dfr,
		 0xfffffff);

static const struct abi_name svr[] = {
	BIT(8, "ENABLED"), BIT(9, "NO_FOCUS"), BIT(12, "NO_EOI_BROADCAST"),
};
ABI_NAMES_AROUND(abi_names_apic_svr, "spurious interrupt vector register", svr,
		 0xff);

static const struct abi_name icr[] = {
	BITS(0x000, 0x700, "FIXED"), BITS(0x100, 0x700, "LOWEST"),
	BITS(0x200, 0x700, "SMI"), BITS(0x400, 0x700, "NMI"),
	BITS(0x500, 0x700, "INIT"), BITS(0x600, 0x700, "STARTUP"),
	BIT(11, "LOGICAL"), BIT(12, "PENDING"), BIT(14, "ASSERT"),
	BIT(15, "LEVEL"), BITS(0x40000, 0xc0000, "SELF"),
	BITS(0x80000, 0xc0000, "ALL"), BITS(0xc0000, 0xc0000, "OTHERS"),
};
ABI_NAMES_AROUND(abi_names_apic_icr, "interrupt command register", icr, 0xff);
/* The upper half says who is meant: 11.12.9 */
ABI_NAMES_AROUND(abi_names_x2apic_icr, "x2APIC interrupt command register", icr,
		 0xffffffff000000ff);

static const struct abi_name esr[] = {
	BIT(0, "SEND_CHECKSUM"), BIT(1, "RECEIVE_CHECKSUM"),
	BIT(2, "SEND_ACCEPT"), BIT(3, "RECEIVE_ACCEPT"),
	BIT(4, "REDIRECTABLE_IPI"), BIT(5, "SEND_VECTOR"),
	BIT(6, "RECEIVE_VECTOR"), BIT(7, "REGISTER"),
};
ABI_NAMES(abi_names_apic_esr, "error status register", esr);

static const struct abi_name tdcr[] = {
	ABI_NUMBER(0x0, "2"), ABI_NUMBER(0x1, "4"), ABI_NUMBER(0x2, "8"),
	ABI_NUMBER(0x3, "16"), ABI_NUMBER(0x8, "32"), ABI_NUMBER(0x9, "64"),
	ABI_NUMBER(0xa, "128"), ABI_NUMBER(0xb, "1"),
};
ABI_NAMES(abi_names_apic_tdcr, "timer divisor", tdcr);

/* IOAPIC: 82093AA data sheet 3.2.4 */

static const struct abi_name deliveries[] = {
	ABI_NUMBER(0, "FIXED"), ABI_NUMBER(1, "LOWEST"), ABI_NUMBER(2, "SMI"),
	ABI_NUMBER(4, "NMI"), ABI_NUMBER(5, "INIT"), ABI_NUMBER(7, "ExtINT"),
};
ABI_NAMES(abi_names_ioapic_deliveries, "IOAPIC delivery modes", deliveries);

static const struct abi_name destinations[] = {
	ABI_NUMBER(0, "PHYSICAL"), ABI_NUMBER(1, "LOGICAL"),
};
ABI_NAMES(abi_names_ioapic_destinations, "IOAPIC destination modes",
	  destinations);

static const struct abi_name statuses[] = {
	ABI_NUMBER(0, "IDLE"), ABI_NUMBER(1, "PENDING"),
};
ABI_NAMES(abi_names_ioapic_statuses, "IOAPIC delivery status", statuses);

static const struct abi_name polarities[] = {
	ABI_NUMBER(0, "HIGH"), ABI_NUMBER(1, "LOW"),
};
ABI_NAMES(abi_names_ioapic_polarities, "IOAPIC polarity", polarities);

static const struct abi_name triggers[] = {
	ABI_NUMBER(0, "EDGE"), ABI_NUMBER(1, "LEVEL"),
};
ABI_NAMES(abi_names_ioapic_triggers, "IOAPIC trigger modes", triggers);

/* Entry N of the table is the registers 0x10 + 2 * N and the one behind. */
#define ENTRY(n)                                                           \
	ABI_NUMBER(0x10 + 2 * (n), "IOREDTBL" #n),                         \
	ABI_NUMBER(0x11 + 2 * (n), "IOREDTBL" #n "_HIGH")

static const struct abi_name registers[] = {
	ABI_NUMBER(0, "IOAPICID"), ABI_NUMBER(1, "IOAPICVER"),
	ABI_NUMBER(2, "IOAPICARB"),
	ENTRY(0), ENTRY(1), ENTRY(2), ENTRY(3), ENTRY(4), ENTRY(5), ENTRY(6),
	ENTRY(7), ENTRY(8), ENTRY(9), ENTRY(10), ENTRY(11), ENTRY(12),
	ENTRY(13), ENTRY(14), ENTRY(15), ENTRY(16), ENTRY(17), ENTRY(18),
	ENTRY(19), ENTRY(20), ENTRY(21), ENTRY(22), ENTRY(23),
};
ABI_NAMES(abi_names_ioapic_registers, "IOAPIC registers", registers);

/* Messages: SDM 11.11; the rest of the address is fixed, and whom it is for */

static const struct abi_name msi_address[] = {
	BIT(2, "LOGICAL"), BIT(3, "REDIRECTION_HINT"),
};
ABI_NAMES_AROUND(abi_names_msi_address, "MSI address", msi_address, 0xffffffe0);

static const struct abi_name msi_data[] = {
	BITS(0x000, 0x700, "FIXED"), BITS(0x100, 0x700, "LOWEST"),
	BITS(0x200, 0x700, "SMI"), BITS(0x400, 0x700, "NMI"),
	BITS(0x500, 0x700, "INIT"), BITS(0x700, 0x700, "ExtINT"),
	BIT(14, "ASSERT"), BIT(15, "LEVEL"),
};
ABI_NAMES_AROUND(abi_names_msi_data, "MSI data", msi_data, 0xff);

/* i8259A: pic_ioport_write() and pic_ioport_read() in i8259.c */

static const struct abi_name pic_reads[] = {
	ABI_NUMBER(0, "IRR"), ABI_NUMBER(1, "ISR"),
};
ABI_NAMES(abi_names_pic_reads, "i8259A: register that is read", pic_reads);

static const struct abi_name pic_states[] = {
	ABI_NUMBER(0, "READY"), ABI_NUMBER(1, "ICW2"), ABI_NUMBER(2, "ICW3"),
	ABI_NUMBER(3, "ICW4"),
};
ABI_NAMES(abi_names_pic_states, "i8259A: what it waits for", pic_states);

/* i8254: 82C54 data sheet; RW_STATE_* of i8254.c */

static const struct abi_name pit_modes[] = {
	ABI_NUMBER(0, "TERMINAL_COUNT"), ABI_NUMBER(1, "ONE_SHOT"),
	ABI_NUMBER(2, "RATE_GENERATOR"), ABI_NUMBER(3, "SQUARE_WAVE"),
	ABI_NUMBER(4, "SOFTWARE_STROBE"), ABI_NUMBER(5, "HARDWARE_STROBE"),
	ABI_NUMBER(6, "RATE_GENERATOR"), ABI_NUMBER(7, "SQUARE_WAVE"),
};
ABI_NAMES(abi_names_pit_modes, "i8254: modes of a channel", pit_modes);

static const struct abi_name pit_accesses[] = {
	{ 1, "RW_STATE_LSB", 0, "the low byte only" },
	{ 2, "RW_STATE_MSB", 0, "the high byte only" },
	{ 3, "RW_STATE_WORD0", 0, "the low byte, then the high one" },
	{ 4, "RW_STATE_WORD1", 0, "the high byte, after the low one" },
};
ABI_NAMES(abi_names_pit_accesses, "RW_STATE_*", pit_accesses);

/* The status byte of the read-back command */
static const struct abi_name pit_status[] = {
	BIT(7, "OUT"), BIT(6, "NULL_COUNT"),
	BITS(0x10, 0x30, "LSB"), BITS(0x20, 0x30, "MSB"),
	BITS(0x30, 0x30, "WORD"),
	BITS(0x0, 0xe, "TERMINAL_COUNT"), BITS(0x2, 0xe, "ONE_SHOT"),
	BITS(0x4, 0xe, "RATE_GENERATOR"), BITS(0x6, 0xe, "SQUARE_WAVE"),
	BITS(0x8, 0xe, "SOFTWARE_STROBE"), BITS(0xa, 0xe, "HARDWARE_STROBE"),
	BITS(0xc, 0xe, "RATE_GENERATOR"), BITS(0xe, 0xe, "SQUARE_WAVE"),
	BIT(0, "BCD"),
};
ABI_NAMES(abi_names_pit_status, "i8254: status byte", pit_status);

/* Fixed counters: SDM vol. 3B 20.2.2 and 20.3.9 */
static const struct abi_name fixed_counters[] = {
	BIT(0, "INST_RETIRED.ANY"), BIT(1, "CPU_CLK_UNHALTED.THREAD"),
	BIT(2, "CPU_CLK_UNHALTED.REF_TSC"), BIT(3, "TOPDOWN.SLOTS"),
};
ABI_NAMES(abi_names_fixed_counters, "fixed counters", fixed_counters);
