/*
 * two_vms: two VMs in one process, each with a vCPU 0, run in turn by one
 * thread: A sends letters with OUT to port 0x10, B receives them with IN from
 * port 0x11 and keeps them in its memory.
 *
 * A tracer must not confuse the two kvm_run pages, although both mappings are
 * called anon_inode:kvm-vcpu:0: strace's kvm=vcpu prints one VM's exits for
 * the other.
 */
#include "vm.h"

#define LETTERS 26
#define INBOX 0x2000

static const uint8_t sender[] = {
	0xb0, 'a',  /* mov al, 'a' */
	0xe6, 0x10, /* again: out 0x10, al */
	0xfe, 0xc0, /* inc al */
	0xe2, 0xfa, /* loop again */
	0xf4,	    /* hlt */
};

static const uint8_t receiver[] = {
	0xbf, 0x00, 0x20, /* mov di, 0x2000 */
	0xe4, 0x11,	  /* again: in al, 0x11 */
	0x88, 0x05,	  /* mov [di], al */
	0x47,		  /* inc di */
	0xe2, 0xf9,	  /* loop again */
	0xf4,		  /* hlt */
};

static void receive(const struct vcpu *vcpu, uint8_t letter)
{
	vm_expect(vcpu_run(vcpu) == KVM_EXIT_IO);
	vm_expect(vcpu->run->io.direction == KVM_EXIT_IO_IN &&
		  vcpu->run->io.port == 0x11);
	*(uint8_t *)vcpu_io_data(vcpu) = letter;
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu from, to;
	struct vm a, b;

	vm_create(&a, kvm, sender, sizeof(sender));
	vm_create(&b, kvm, receiver, sizeof(receiver));
	vcpu_create(&from, kvm, &a, 0);
	vcpu_create(&to, kvm, &b, 0);
	vcpu_start(&from, LETTERS);
	vcpu_start(&to, LETTERS);
	for (int i = 0; i < LETTERS; i++)
		receive(&to, vcpu_expect_out(&from, 0x10));
	vcpu_expect_halt(&from);
	vcpu_expect_halt(&to);
	vm_say("%.*s\n", LETTERS, b.memory + INBOX);
	vm_expect(memcmp(b.memory + INBOX, "abcdefghijklmnopqrstuvwxyz",
			 LETTERS) == 0);
	return 0;
}
