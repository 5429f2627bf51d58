/*
 * string_io: rep outsb and rep insb. KVM may hand over many bytes in one exit
 * (io.count > 1) or one at a time; the program takes both.
 *
 * A tracer must show size * count bytes from data_offset, and the data that
 * completes an IN with a count.
 */
#include "vm.h"

#define BYTES 64
#define OUTBOX 0x2000
#define INBOX 0x3000

static const uint8_t guest[] = {
	0xfc,		   /* cld */
	0xbe, 0x00,  0x20, /* mov si, 0x2000 */
	0xb9, BYTES, 0x00, /* mov cx, 64 */
	0xba, 0x10,  0x00, /* mov dx, 0x10 */
	0xf3, 0x6e,	   /* rep outsb */
	0xbf, 0x00,  0x30, /* mov di, 0x3000 */
	0xb9, BYTES, 0x00, /* mov cx, 64 */
	0xf3, 0x6c,	   /* rep insb */
	0xf4,		   /* hlt */
};

struct device {
	uint8_t got[BYTES];
	uint32_t received;
	uint32_t sent;
	uint32_t largest_in;
};

static void serve(struct device *device, const struct vcpu *vcpu)
{
	uint32_t count = vcpu->run->io.count;
	uint8_t *data = vcpu_io_data(vcpu);

	vm_expect(vcpu->run->io.port == 0x10 && vcpu->run->io.size == 1 &&
		  count >= 1);
	if (vcpu->run->io.direction == KVM_EXIT_IO_OUT) {
		vm_expect(device->received + count <= BYTES);
		memcpy(device->got + device->received, data, count);
		device->received += count;
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		data[i] = 'z' - device->sent++ % 26;
	if (count > device->largest_in)
		device->largest_in = count;
}

int main(void)
{
	struct device device = { .received = 0 };
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	for (int i = 0; i < BYTES; i++)
		vm.memory[OUTBOX + i] = 'a' + i % 26;
	while (vcpu_run(&vcpu) == KVM_EXIT_IO)
		serve(&device, &vcpu);
	vm_expect(vcpu.run->exit_reason == KVM_EXIT_HLT);
	vm_expect(device.received == BYTES && device.sent == BYTES);
	vm_expect(memcmp(device.got, vm.memory + OUTBOX, BYTES) == 0);
	for (int i = 0; i < BYTES; i++)
		vm_expect(vm.memory[INBOX + i] == 'z' - i % 26);
	vm_say("%d bytes out and in, at most %u in one exit\n", BYTES,
	       device.largest_in);
	return 0;
}
