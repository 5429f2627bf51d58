/*
 * Model-specific registers: the architectural ones, those that KVM saves and
 * restores, KVM's own, Hyper-V's and Xen's, and the fields of those few whose
 * bits matter to a hypervisor.
 *
 * Sources: Intel SDM vol. 4; AMD APM vol. 2 appendix A; <asm/kvm_para.h>;
 * Documentation/virt/kvm/x86/msr.rst; the Hyper-V top level specification.
 */
#include "abi/compat.h"
#include "abi/tables.h"

static const struct abi_name msrs[] = {
	{ .value = 0x1b, .name = "IA32_APIC_BASE" },
	{ .value = 0xc0000080, .name = "IA32_EFER" },
};
ABI_NAMES(abi_names_msrs, "MSR", msrs);

static const struct abi_field hex_fields[] = {
	ABI_AT(ABI_HEX, "data", 0, 8),
};
static ABI_TYPE(hex_data, "u64", 8, hex_fields);

static const struct abi_field efer_fields[] = {
	ABI_AT(ABI_FLAGS, "data", 0, 8, .names = &abi_names_efer),
};
static ABI_TYPE(efer_data, "EFER", 8, efer_fields);

static const struct abi_arm data_arms[] = {
	{ 0xc0000080, NULL, &efer_data },
};
ABI_ARMS(abi_arms_msr_data, offsetof(struct kvm_msr_entry, index), 4,
	 data_arms, &hex_data);
ABI_ARMS(abi_arms_msr_exit_data, offsetof(struct kvm_run, msr.index), 4,
	 data_arms, &hex_data);
