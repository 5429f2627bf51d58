/*
 * remap_run: kvm_run's mapping and the vCPU's number change between runs. One
 * vCPU runs and its kvm_run is in turn unmapped and mapped elsewhere, made
 * inaccessible, moved, and mapped twice. Then its number is closed, its mapping
 * left behind, and comes back as a vCPU of another VM, whose kvm_run gets the
 * old address, and last as /dev/null.
 *
 * A tracer must show each exit's own byte: a to g on the first VM's vCPU, x and
 * y on the other's; and KVM_RUN on /dev/null as not KVM's. A page that the
 * program may not read itself must not hurt either of them.
 */
#include "vm.h"

static const uint8_t guest[] = {
	0xe6, 0x10, /* again: out 0x10, al */
	0xfe, 0xc0, /* inc al */
	0xeb, 0xfa, /* jmp again */
};

static void start_at(const struct vcpu *vcpu, uint8_t letter)
{
	struct kvm_regs regs = { .rip = VM_ENTRY, .rflags = 2, .rax = letter };

	vm_ioctl(vcpu->fd, KVM_SET_REGS, &regs);
}

static void run_unmapped(const struct vcpu *vcpu)
{
	vm_ioctl(vcpu->fd, KVM_RUN, 0);
}

static void expect_letter(const struct vcpu *vcpu, uint8_t letter)
{
	vm_expect(vcpu_expect_out(vcpu, 0x10) == letter);
}

/* The old place is taken, so that the new one is another. */
static void map_elsewhere(struct vcpu *vcpu)
{
	void *old = vcpu->run;

	vm_expect(munmap(old, vcpu->run_bytes) == 0);
	vm_expect(mmap(old, vcpu->run_bytes, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == old);
	vcpu->run = vcpu_map(vcpu->fd, vcpu->run_bytes, MAP_SHARED);
	vm_expect(vcpu->run != old);
}

static void protect(const struct vcpu *vcpu)
{
	vm_expect(mprotect(vcpu->run, vcpu->run_bytes, PROT_NONE) == 0);
	run_unmapped(vcpu);
	vm_expect(mprotect(vcpu->run, vcpu->run_bytes,
			   PROT_READ | PROT_WRITE) == 0);
	vm_expect(*(uint8_t *)vcpu_io_data(vcpu) == 'c');
}

static void move(struct vcpu *vcpu)
{
	void *place = mmap(NULL, vcpu->run_bytes, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	vm_expect(place != MAP_FAILED);
	vcpu->run = mremap(vcpu->run, vcpu->run_bytes, vcpu->run_bytes,
			   MREMAP_MAYMOVE | MREMAP_FIXED, place);
	vm_expect(vcpu->run == place);
}

/* The second one goes again; the first one stays good. */
static void map_twice(const struct vcpu *vcpu)
{
	void *second = vcpu_map(vcpu->fd, vcpu->run_bytes, MAP_SHARED);

	expect_letter(vcpu, 'e');
	vm_expect(munmap(second, vcpu->run_bytes) == 0);
	expect_letter(vcpu, 'f');
}

static void change_mappings(struct vcpu *vcpu)
{
	expect_letter(vcpu, 'a');
	map_elsewhere(vcpu);
	expect_letter(vcpu, 'b');
	protect(vcpu); /* c */
	move(vcpu);
	expect_letter(vcpu, 'd');
	map_twice(vcpu);
	expect_letter(vcpu, 'g');
	vm_say("kvm_run was mapped in five ways\n");
}

/* The first one's kvm_run goes only now, by the second one's. */
static void reuse_number(int kvm, struct vcpu *vcpu)
{
	int number = vcpu->fd;
	struct vm other;
	struct vcpu second;

	vm_create(&other, kvm, guest, sizeof(guest));
	vcpu_create(&second, kvm, &other, 0);
	start_at(&second, 'x');
	vm_expect(dup2(second.fd, number) == number);
	vm_expect(close(second.fd) == 0);
	second.fd = number;
	expect_letter(&second, 'x');
	vm_expect(munmap(second.run, second.run_bytes) == 0);
	second.run = mmap(vcpu->run, second.run_bytes, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_FIXED, number, 0);
	vm_expect(second.run == vcpu->run);
	expect_letter(&second, 'y');
	vm_say("another vCPU ran by the same number\n");
}

static void reuse_as_null(int number)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	vm_expect(null >= 0 && dup2(null, number) == number);
	for (int i = 0; i < 100; i++)
		vm_refused(number, KVM_RUN, 0, ENOTTY);
	vm_say("/dev/null does not run\n");
}

int main(void)
{
	int kvm = vm_open_kvm();
	struct vcpu vcpu;
	struct vm vm;

	vm_create(&vm, kvm, guest, sizeof(guest));
	vcpu_create(&vcpu, kvm, &vm, 0);
	start_at(&vcpu, 'a');
	change_mappings(&vcpu);
	reuse_number(kvm, &vcpu);
	reuse_as_null(vcpu.fd);
	return 0;
}
