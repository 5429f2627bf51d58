/*
 * CPUID: the leaves by name, and the feature bits of those that say what a
 * guest may use.
 *
 * Sources: Intel SDM vol. 2A, CPUID; AMD APM vol. 3 appendix E; for KVM's own
 * leaves Documentation/virt/kvm/x86/cpuid.rst and <asm/kvm_para.h>.
 */
#include "abi/compat.h"
#include "abi/tables.h"

static const struct abi_name leaves[] = {
	{ .value = 0x0, .name = "vendor" },
	{ .value = 0x1, .name = "version and features" },
};
ABI_NAMES(abi_names_cpuid_leaves, "CPUID leaves", leaves);

static const struct abi_name flags[] = {
	ABI_NAME(KVM_CPUID_FLAG_SIGNIFCANT_INDEX),
	ABI_NAME(KVM_CPUID_FLAG_STATEFUL_FUNC),
	ABI_NAME(KVM_CPUID_FLAG_STATE_READ_NEXT),
};
ABI_NAMES(abi_names_cpuid_flags, "KVM_CPUID_FLAG_*", flags);

#define ENTRY2(kind_, member, ...) \
	ABI_MEMBER(kind_, struct kvm_cpuid_entry2, member, ##__VA_ARGS__)

static const struct abi_field entry2_fields[] = {
	ENTRY2(ABI_ENUM, function, .names = &abi_names_cpuid_leaves),
	ENTRY2(ABI_DEC, index),
	ENTRY2(ABI_FLAGS, flags, .names = &abi_names_cpuid_flags),
	ENTRY2(ABI_HEX, eax), ENTRY2(ABI_HEX, ebx), ENTRY2(ABI_HEX, ecx),
	ENTRY2(ABI_HEX, edx),
	ABI_BLOB(ABI_PAD, struct kvm_cpuid_entry2, padding),
};
static ABI_TYPE(entry2, "kvm_cpuid_entry2", sizeof(struct kvm_cpuid_entry2),
		entry2_fields);

static const struct abi_field cpuid2_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_cpuid2, nent),
	ABI_MEMBER(ABI_PAD, struct kvm_cpuid2, padding),
	ABI_TAIL(ABI_STRUCT, struct kvm_cpuid2, entries, nent, .type = &entry2),
};
ABI_TYPE(abi_type_cpuid2, "kvm_cpuid2", sizeof(struct kvm_cpuid2),
	 cpuid2_fields);
