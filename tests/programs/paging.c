/*
 * paging MODE PAGE GVA [BREAK]: page tables for one address, and registers that
 * use them. MODE is paged32, pae, long or la57, PAGE the size of the page, all
 * numbers as strtoull() reads them. The tables lie at 0x2000, 0x3000 … from
 * the top one down, each entry present, writable and for users; the page is the
 * one at 0, so that the address leads to its own offset. BREAK spoils the entry
 * of that level: "LEVEL=VALUE".
 *
 * Nothing is run: what the tables mean is asked of the tracer alone.
 */
#include <asm/processor-flags.h>

#include "vm.h"

#define TABLES 0x2000
#define ENTRY 7 /* P, RW, US */
#define PAGE_SIZE_BIT 0x80

static const struct mode {
	const char *name;
	uint64_t cr4, efer;
	unsigned int levels, index_bits, entry_bytes;
	int is_long;
} modes[] = {
	{ "paged32", X86_CR4_PSE, 0, 2, 10, 4, 0 },
	{ "pae", X86_CR4_PAE, 0, 3, 9, 8, 0 },
	{ "long", X86_CR4_PAE, 0x500, 4, 9, 8, 1 },
	{ "la57", X86_CR4_PAE | X86_CR4_LA57, 0x500, 5, 9, 8, 1 },
};

static const struct mode *find_mode(const char *name)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(modes[i].name, name))
			return &modes[i];
	vm_die("no mode %s", name);
}

/* A PDPTE of PAE paging has no RW and US: there they are reserved. */
static uint64_t table_flags(const struct mode *mode, unsigned int level)
{
	return !mode->is_long && mode->levels == 3 && level == 3 ? 1 : ENTRY;
}

static void write_tables(const struct vm *vm, const struct mode *mode,
			 uint64_t page, uint64_t gva, const char *spoilt)
{
	unsigned int shift = 12 + mode->index_bits * (mode->levels - 1);
	uint64_t table = TABLES;

	for (unsigned int level = mode->levels; level; level--) {
		uint64_t index = gva >> shift & ((1u << mode->index_bits) - 1);
		int is_page = 1ull << shift == page;
		uint64_t entry = is_page ? ENTRY | (level > 1 ? PAGE_SIZE_BIT : 0)
			: (table + 0x1000) | table_flags(mode, level);

		if (spoilt && strtoul(spoilt, NULL, 0) == level)
			entry = strtoull(strchr(spoilt, '=') + 1, NULL, 0);
		memcpy(vm->memory + table + index * mode->entry_bytes, &entry,
		       mode->entry_bytes);
		if (is_page)
			return;
		table += 0x1000;
		shift -= mode->index_bits;
	}
}

static void set_registers(const struct vcpu *vcpu, const struct mode *mode,
			  uint64_t gva)
{
	struct kvm_regs regs = { .rip = gva, .rflags = 2 };
	struct kvm_sregs sregs;

	vm_ioctl(vcpu->fd, KVM_GET_SREGS, &sregs);
	sregs.cs.base = 0;
	sregs.cs.selector = 8;
	sregs.cs.l = mode->is_long;
	sregs.cs.db = !mode->is_long;
	sregs.cr0 = X86_CR0_PE | X86_CR0_PG | X86_CR0_ET;
	sregs.cr3 = TABLES;
	sregs.cr4 = mode->cr4;
	sregs.efer = mode->efer;
	if (ioctl(vcpu->fd, KVM_SET_SREGS, &sregs))
		vm_skip("skipped: this KVM has no %s paging", mode->name);
	vm_ioctl(vcpu->fd, KVM_SET_REGS, &regs);
}

int main(int argc, char **argv)
{
	static const uint8_t code[] = { 0xf4 };
	int kvm = vm_open_kvm();
	const struct mode *mode;
	struct vcpu vcpu;
	struct vm vm;
	uint64_t gva;

	vm_expect(argc == 4 || argc == 5);
	mode = find_mode(argv[1]);
	gva = strtoull(argv[3], NULL, 0);
	vm_create(&vm, kvm, code, sizeof(code));
	write_tables(&vm, mode, strtoull(argv[2], NULL, 0), gva, argv[4]);
	vcpu_create(&vcpu, kvm, &vm, 0);
	set_registers(&vcpu, mode, gva);
	vm_say("%s paging is set up\n", mode->name);
	return 0;
}
