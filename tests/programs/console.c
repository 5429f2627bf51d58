/*
 * console: a guest prints to two consoles in turn, 0xe9 and 0x3f8: text, UTF-8,
 * bytes that are none, control characters, a terminal's escapes, a NUL, and at
 * HLT a line without its newline. The program prints what came, in hex.
 *
 * A tracer must keep the two consoles' lines apart, make ASCII JSON of any
 * byte, send no escape of a guest to the terminal, and not lose the last line.
 */
#include "vm.h"

#define TEXT 0x2000

static const uint8_t guest[] = {
	0xfc,		  /* cld */
	0xbe, 0x00, 0x20, /* mov si, 0x2000 */
	0xac,		  /* again: lodsb */
	0xba, 0xe9, 0x00, /* mov dx, 0xe9 */
	0xee,		  /* out dx, al */
	0xba, 0xf8, 0x03, /* mov dx, 0x3f8 */
	0xac,		  /* lodsb */
	0xee,		  /* out dx, al */
	0xe2, 0xf4,	  /* loop again */
	0xf4,		  /* hlt */
};

/* Of equal length: the guest sends a byte of each in turn. */
static const char debug_port[] = "plain text\n"
				 "h\xc3\xa9l\n"
				 "caf\xc3\xa9 \xff\xfe\x80\n"
				 "\x1b[31mred\x1b[0m\x07\x08\r\n"
				 "tab\there\0nul\x7f\n"
				 "no newline..";
static const char serial_port[] = "\n\n\r\n\r\n\"quotes\" and \\backslash\\\n"
				  "\xe2\x82\xac\n\n"
				  "\xed\xa0\x80\xf4\x90\x80\x80</script>\n"
				  "the last words.";

_Static_assert(sizeof(debug_port) == sizeof(serial_port),
	       "the guest sends pairs");

static void check(const struct vcpu *vcpu, uint16_t port, char byte)
{
	vm_expect(vcpu_expect_out(vcpu, port) == (uint8_t)byte);
}

int main(void)
{
	size_t length = sizeof(debug_port) - 1;
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	for (size_t i = 0; i < length; i++) {
		vm.memory[TEXT + 2 * i] = debug_port[i];
		vm.memory[TEXT + 2 * i + 1] = serial_port[i];
	}
	vcpu_start(&vcpu, length);
	for (size_t i = 0; i < length; i++) {
		check(&vcpu, 0xe9, debug_port[i]);
		check(&vcpu, 0x3f8, serial_port[i]);
		vm_say("%02x%02x", (uint8_t)debug_port[i],
		       (uint8_t)serial_port[i]);
	}
	vcpu_expect_halt(&vcpu);
	vm_say("\n");
	return 0;
}
