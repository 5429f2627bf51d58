/*
 * interrupt_with_if_0: more. KVM_INTERRUPT while the guest has its interrupts
 * off, before it is ready: KVM delivers what it is told to (api.rst, 4.16), so
 * the handler runs too early; VMX refuses the entry instead. The sound twin
 * asks for the window and waits for KVM_EXIT_IRQ_WINDOW_OPEN.
 *
 * A tracer says: interrupt-while-if-0. Any KVM.
 */
#include "broken.h"

#define READY_PORT 0x80
#define VECTOR	   0x20
#define HANDLER	   0x2000
#define FLAG	   0x3000 /* what the handler found */
#define STATE	   0x3010 /* f, and T when the guest is ready */

static const uint8_t guest[] = {
	0xe6, READY_PORT,            /* out 0x80, al */
	0xc6, 0x06, 0x10, 0x30, 'T', /* mov byte [STATE], 'T' */
	0xfb,                        /* sti */
	0xa0, 0x00, 0x30,            /* again: mov al, [FLAG] */
	0x84, 0xc0,                  /* test al, al */
	0x74, 0xf9,                  /* jz again */
	0xe6, CONSOLE_PORT,          /* out 0xe9, al */
	0xf4,                        /* hlt */
};
static const uint8_t handler[] = {
	0xa0, 0x10, 0x30, /* mov al, [STATE] */
	0xa2, 0x00, 0x30, /* mov [FLAG], al */
	0xb0, 0x00,       /* mov al, 0 */
	0xcf,             /* iret */
};

static void wait_for_window(const struct vcpu *vcpu)
{
	vcpu->run->request_interrupt_window = 1;
	vm_expect(vcpu_run(vcpu) == KVM_EXIT_IRQ_WINDOW_OPEN);
	vm_expect(vcpu->run->ready_for_interrupt_injection);
	vcpu->run->request_interrupt_window = 0;
}

int main(void)
{
	struct kvm_interrupt interrupt = { .irq = VECTOR };
	struct machine machine;
	uint8_t *memory;

	machine_create(&machine, guest, sizeof(guest));
	memory = machine.vm.memory;
	memcpy(memory + HANDLER, handler, sizeof(handler));
	memory[STATE] = 'f';
	*(uint32_t *)(memory + VECTOR * 4) = HANDLER;
	vcpu_expect_out(&machine.vcpu, READY_PORT);
	if (sound)
		wait_for_window(&machine.vcpu);
	else
		vm_say("IF is %d\n", machine.vcpu.run->if_flag);
	if (!report("KVM_INTERRUPT",
		    ioctl(machine.vcpu.fd, KVM_INTERRUPT, &interrupt)))
		return 1;
	return play(&machine.vcpu);
}
