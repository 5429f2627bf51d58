/*
 * What a PC has at its I/O ports, for `io.port_name`: the usual owner, since
 * the program is free to have something else there.
 *
 * Sources: <linux/serial_reg.h>, standard_io_resources[] in
 * arch/x86/kernel/setup.c, the PCI Local Bus Specification 3.0, 3.2.2.3.2, and
 * for QEMU's own docs/specs/fw_cfg, hw/char/debugcon.c, hw/misc/debugexit.c.
 */
#include "abi/tables.h"

/* Eight registers from `base` on: <linux/serial_reg.h>. */
#define UART(base, name_)                                                  \
	ABI_NUMBER((base) + 0, name_ " data"),                             \
	ABI_NUMBER((base) + 1, name_ " interrupt enable"),                 \
	ABI_NUMBER((base) + 2, name_ " interrupt identification, FIFO control"), \
	ABI_NUMBER((base) + 3, name_ " line control"),                     \
	ABI_NUMBER((base) + 4, name_ " modem control"),                    \
	ABI_NUMBER((base) + 5, name_ " line status"),                      \
	ABI_NUMBER((base) + 6, name_ " modem status"),                     \
	ABI_NUMBER((base) + 7, name_ " scratch")

/* As many from `base` on as the mask has clear bits for. */
#define PORTS(base, count, name_)                                          \
	{ .value = (base), .mask = 0xffff & ~((count) - 1u), .name = (name_) }

/* Those first that guests ask for most. */
static const struct abi_name ports[] = {
	ABI_NUMBER(0xe9, "debug console"),
	UART(0x3f8, "COM1"),
	ABI_NUMBER(0x402, "firmware debug console"),
	ABI_NUMBER(0xcf8, "PCI configuration address"),
	ABI_NUMBER(0xcf9, "reset control"),
	PORTS(0xcfc, 4, "PCI configuration data"),
	ABI_NUMBER(0x70, "CMOS index, NMI mask"),
	ABI_NUMBER(0x71, "CMOS data"),
	ABI_NUMBER(0x20, "PIC 1 command"),
	ABI_NUMBER(0x21, "PIC 1 mask"),
	ABI_NUMBER(0xa0, "PIC 2 command"),
	ABI_NUMBER(0xa1, "PIC 2 mask"),
	ABI_NUMBER(0x40, "PIT channel 0"),
	ABI_NUMBER(0x41, "PIT channel 1"),
	ABI_NUMBER(0x42, "PIT channel 2"),
	ABI_NUMBER(0x43, "PIT mode"),
	ABI_NUMBER(0x60, "keyboard data"),
	ABI_NUMBER(0x61, "system control port B, speaker"),
	ABI_NUMBER(0x64, "keyboard status and command"),
	ABI_NUMBER(0x80, "POST code, delay"),
	PORTS(0x80, 16, "DMA page"),
	ABI_NUMBER(0x92, "system control port A, A20 gate"),
	ABI_NUMBER(0xb2, "APM control, SMI"),
	ABI_NUMBER(0xb3, "APM status"),
	PORTS(0x00, 16, "DMA 1"),
	PORTS(0xc0, 32, "DMA 2"),
	ABI_NUMBER(0xf0, "FPU error latch"),
	ABI_NUMBER(0xf4, "QEMU debug exit, as often configured"),
	UART(0x2f8, "COM2"),
	UART(0x3e8, "COM3"),
	UART(0x2e8, "COM4"),
	PORTS(0x1f0, 8, "IDE primary channel"),
	ABI_NUMBER(0x3f6, "IDE primary control"),
	PORTS(0x170, 8, "IDE secondary channel"),
	ABI_NUMBER(0x376, "IDE secondary control"),
	PORTS(0x3f0, 8, "floppy disk"),
	PORTS(0x378, 4, "parallel port"),
	PORTS(0x3c0, 32, "VGA"),
	PORTS(0x3b0, 16, "VGA, monochrome"),
	ABI_NUMBER(0x4d0, "interrupt edge or level, PIC 1"),
	ABI_NUMBER(0x4d1, "interrupt edge or level, PIC 2"),
	ABI_NUMBER(0x501, "QEMU debug exit"),
	ABI_NUMBER(0x510, "fw_cfg selector"),
	ABI_NUMBER(0x511, "fw_cfg data"),
	PORTS(0x514, 4, "fw_cfg DMA, high half"),
	PORTS(0x518, 4, "fw_cfg DMA, low half"),
	ABI_NUMBER(0x5658, "VMware backdoor"),
};
ABI_NAMES(abi_names_ports, "I/O ports", ports);
