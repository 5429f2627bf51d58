/*
 * Names and structures of KVM's interface that are newer than the header of
 * Debian 12 (Linux 6.1), the oldest that the tracer is built with, and a few
 * that newer headers dropped. The only #ifdef of the tables. At the end each
 * number is asserted, so that a header that has the name must agree.
 *
 * A structure is guarded by a macro that came into the header with it. Names
 * that are only members of an enum can't be guarded: rows give their numbers.
 *
 * Sources: Linux 6.2 to 7.x, include/uapi/linux/kvm.h and
 * arch/x86/include/uapi/asm/kvm.h.
 */
#ifndef ABI_COMPAT_H
#define ABI_COMPAT_H

#include <linux/kvm.h>

/* KVM_MEMORY_ENCRYPT_OP: SEV's since 6.10 and 6.11, TDX's since 6.16 */
#ifndef KVM_X86_SEV_VM
struct kvm_sev_init {
	__u64 vmsa_features;
	__u32 flags;
	__u16 ghcb_version;
	__u16 pad1;
	__u32 pad2[8];
};
#endif

#ifndef KVM_SEV_SNP_PAGE_TYPE_NORMAL
struct kvm_sev_snp_launch_start {
	__u64 policy;
	__u8 gosvw[16];
	__u16 flags;
	__u8 pad0[6];
	__u64 pad1[4];
};

struct kvm_sev_snp_launch_update {
	__u64 gfn_start;
	__u64 uaddr;
	__u64 len;
	__u8 type;
	__u8 pad0;
	__u16 flags;
	__u32 pad1;
	__u64 pad2[4];
};

struct kvm_sev_snp_launch_finish {
	__u64 id_block_uaddr;
	__u64 id_auth_uaddr;
	__u8 id_block_en;
	__u8 auth_key_en;
	__u8 vcek_disabled;
	__u8 host_data[32];
	__u8 pad0[3];
	__u16 flags;
	__u64 pad1[4];
};
#endif

#ifndef KVM_TDX_MEASURE_MEMORY_REGION
struct kvm_tdx_cmd {
	__u32 id;
	__u32 flags;
	__u64 data;
	__u64 hw_error;
};

struct kvm_tdx_capabilities {
	__u64 supported_attrs;
	__u64 supported_xfam;
	__u64 kernel_tdvmcallinfo_1_r11;
	__u64 user_tdvmcallinfo_1_r11;
	__u64 kernel_tdvmcallinfo_1_r12;
	__u64 user_tdvmcallinfo_1_r12;
	__u64 reserved[250];
	struct kvm_cpuid2 cpuid;
};

struct kvm_tdx_init_vm {
	__u64 attributes;
	__u64 xfam;
	__u64 mrconfigid[6];
	__u64 mrowner[6];
	__u64 mrownerconfig[6];
	__u64 reserved[12];
	struct kvm_cpuid2 cpuid;
};

struct kvm_tdx_init_mem_region {
	__u64 source_addr;
	__u64 gpa;
	__u64 nr_pages;
};
#endif

/* KVM_X86_SET_MSR_FILTER of 32-bit callers: no header has these */
struct compat_msr_filter_range {
	__u32 flags;
	__u32 nmsrs;
	__u32 base;
	__u32 bitmap;
};

struct compat_msr_filter {
	__u32 flags;
	struct compat_msr_filter_range ranges[16];
};

/* Legacy device assignment and other requests that newer headers dropped */
#ifndef KVM_DEV_ASSIGN_ENABLE_IOMMU
struct kvm_assigned_pci_dev {
	__u32 assigned_dev_id;
	__u32 busnr;
	__u32 devfn;
	__u32 flags;
	__u32 segnr;
	__u32 reserved[11];
};

struct kvm_assigned_irq {
	__u32 assigned_dev_id;
	__u32 host_irq;
	__u32 guest_irq;
	__u32 flags;
	__u32 reserved[12];
};

struct kvm_assigned_msix_nr {
	__u32 assigned_dev_id;
	__u16 entry_nr;
	__u16 padding;
};

struct kvm_assigned_msix_entry {
	__u32 assigned_dev_id;
	__u32 gsi;
	__u16 entry;
	__u16 padding[3];
};
#endif

#ifndef KVM_SET_MEMORY_REGION
struct kvm_memory_region {
	__u32 slot;
	__u32 flags;
	__u64 guest_phys_addr;
	__u64 memory_size;
};
#endif

#ifndef KVM_SET_MEMORY_ALIAS
struct kvm_memory_alias {
	__u32 slot;
	__u32 flags;
	__u64 guest_phys_addr;
	__u64 memory_size;
	__u64 target_phys_addr;
};
#endif

#ifndef KVM_DEBUG_GUEST
struct kvm_breakpoint {
	__u32 enabled;
	__u32 padding;
	__u64 address;
};

struct kvm_debug_guest {
	__u32 enabled;
	__u32 pad;
	struct kvm_breakpoint breakpoints[4];
	__u32 singlestep;
};
#endif

#ifndef KVM_TRACE_ENABLE
struct kvm_user_trace_setup {
	__u32 buf_size;
	__u32 buf_nr;
};
#endif

/*
 * Members of kvm_run's union that came after 6.1, under names of ours, since
 * kvm_run itself can't be extended here. Offsets start at the union.
 */
struct compat_exit_memory_fault {
	__u64 flags;
	__u64 gpa;
	__u64 size;
};

struct compat_exit_iocsr_io {
	__u64 phys_addr;
	__u8 data[8];
	__u32 len;
	__u8 is_write;
};

struct compat_exit_tdx {
	__u64 flags;
	__u64 nr;
	union {
		struct {
			__u64 ret;
			__u64 data[5];
		} unknown;
		struct {
			__u64 ret;
			__u64 gpa;
			__u64 size;
		} get_quote;
		struct {
			__u64 ret;
			__u64 leaf;
			__u64 r11, r12, r13, r14;
		} get_tdvmcall_info;
		struct {
			__u64 ret;
			__u64 vector;
		} setup_event_notify;
	};
};

struct compat_exit_arm_sea {
	__u64 flags;
	__u64 esr;
	__u64 gva;
	__u64 gpa;
};

struct compat_exit_snp_req_certs {
	__u64 gpa;
	__u64 npages;
	__u64 ret;
};

/* Requests */
#ifndef KVM_SET_USER_MEMORY_REGION2
struct kvm_userspace_memory_region2 {
	__u32 slot;
	__u32 flags;
	__u64 guest_phys_addr;
	__u64 memory_size;
	__u64 userspace_addr;
	__u64 guest_memfd_offset;
	__u32 guest_memfd;
	__u32 pad1;
	__u64 pad2[14];
};
#define KVM_SET_USER_MEMORY_REGION2 \
	_IOW(KVMIO, 0x49, struct kvm_userspace_memory_region2)
#endif

#ifndef KVM_SET_MEMORY_ATTRIBUTES
struct kvm_memory_attributes {
	__u64 address;
	__u64 size;
	__u64 attributes;
	__u64 flags;
};
#define KVM_SET_MEMORY_ATTRIBUTES \
	_IOW(KVMIO, 0xd2, struct kvm_memory_attributes)
#endif

#ifndef KVM_CREATE_GUEST_MEMFD
struct kvm_create_guest_memfd {
	__u64 size;
	__u64 flags;
	__u64 reserved[6];
};
#define KVM_CREATE_GUEST_MEMFD \
	_IOWR(KVMIO, 0xd4, struct kvm_create_guest_memfd)
#endif

#ifndef KVM_PRE_FAULT_MEMORY
struct kvm_pre_fault_memory {
	__u64 gpa;
	__u64 size;
	__u64 flags;
	__u64 padding[5];
};
#define KVM_PRE_FAULT_MEMORY _IOWR(KVMIO, 0xd5, struct kvm_pre_fault_memory)
#endif

/* Guest memory by descriptor: KVM_CREATE_GUEST_MEMFD */
#ifndef GUEST_MEMFD_FLAG_MMAP
#define GUEST_MEMFD_FLAG_MMAP 0x1
#endif
#ifndef GUEST_MEMFD_FLAG_INIT_SHARED
#define GUEST_MEMFD_FLAG_INIT_SHARED 0x2
#endif

/* Capabilities */
#ifndef KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP
#define KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP 225
#endif
#ifndef KVM_CAP_PMU_EVENT_MASKED_EVENTS
#define KVM_CAP_PMU_EVENT_MASKED_EVENTS 226
#endif
#ifndef KVM_CAP_COUNTER_OFFSET
#define KVM_CAP_COUNTER_OFFSET 227
#endif
#ifndef KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE
#define KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE 228
#endif
#ifndef KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES
#define KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES 229
#endif
#ifndef KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES
#define KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES 230
#endif
#ifndef KVM_CAP_USER_MEMORY2
#define KVM_CAP_USER_MEMORY2 231
#endif
#ifndef KVM_CAP_MEMORY_FAULT_INFO
#define KVM_CAP_MEMORY_FAULT_INFO 232
#endif
#ifndef KVM_CAP_MEMORY_ATTRIBUTES
#define KVM_CAP_MEMORY_ATTRIBUTES 233
#endif
#ifndef KVM_CAP_GUEST_MEMFD
#define KVM_CAP_GUEST_MEMFD 234
#endif
#ifndef KVM_CAP_VM_TYPES
#define KVM_CAP_VM_TYPES 235
#endif
#ifndef KVM_CAP_PRE_FAULT_MEMORY
#define KVM_CAP_PRE_FAULT_MEMORY 236
#endif
#ifndef KVM_CAP_X86_APIC_BUS_CYCLES_NS
#define KVM_CAP_X86_APIC_BUS_CYCLES_NS 237
#endif
#ifndef KVM_CAP_X86_GUEST_MODE
#define KVM_CAP_X86_GUEST_MODE 238
#endif
#ifndef KVM_CAP_ARM_WRITABLE_IMP_ID_REGS
#define KVM_CAP_ARM_WRITABLE_IMP_ID_REGS 239
#endif
#ifndef KVM_CAP_ARM_EL2
#define KVM_CAP_ARM_EL2 240
#endif
#ifndef KVM_CAP_ARM_EL2_E2H0
#define KVM_CAP_ARM_EL2_E2H0 241
#endif
#ifndef KVM_CAP_RISCV_MP_STATE_RESET
#define KVM_CAP_RISCV_MP_STATE_RESET 242
#endif
#ifndef KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED
#define KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED 243
#endif
#ifndef KVM_CAP_GUEST_MEMFD_FLAGS
#define KVM_CAP_GUEST_MEMFD_FLAGS 244
#endif
#ifndef KVM_CAP_ARM_SEA_TO_USER
#define KVM_CAP_ARM_SEA_TO_USER 245
#endif
#ifndef KVM_CAP_PPC_COMPAT_CAPS
#define KVM_CAP_PPC_COMPAT_CAPS 250
#endif
#ifndef KVM_CAP_ARM_PMU_V3_STRICT
#define KVM_CAP_ARM_PMU_V3_STRICT 251
#endif
#ifndef KVM_CAP_S390_PROTECTED_ASYNC_DISABLE
#define KVM_CAP_S390_PROTECTED_ASYNC_DISABLE 224
#endif
#ifndef KVM_CAP_S390_USER_OPEREXEC
#define KVM_CAP_S390_USER_OPEREXEC 246
#endif
#ifndef KVM_CAP_S390_KEYOP
#define KVM_CAP_S390_KEYOP 247
#endif
#ifndef KVM_CAP_S390_VSIE_ESAMODE
#define KVM_CAP_S390_VSIE_ESAMODE 248
#endif
#ifndef KVM_CAP_S390_HPAGE_2G
#define KVM_CAP_S390_HPAGE_2G 249
#endif

/* Devices */
#ifndef KVM_DEV_TYPE_RISCV_AIA
#define KVM_DEV_TYPE_RISCV_AIA 11
#endif
#ifndef KVM_DEV_TYPE_LOONGARCH_IPI
#define KVM_DEV_TYPE_LOONGARCH_IPI 12
#endif
#ifndef KVM_DEV_TYPE_LOONGARCH_EIOINTC
#define KVM_DEV_TYPE_LOONGARCH_EIOINTC 13
#endif
#ifndef KVM_DEV_TYPE_LOONGARCH_PCHPIC
#define KVM_DEV_TYPE_LOONGARCH_PCHPIC 14
#endif
#ifndef KVM_DEV_TYPE_LOONGARCH_DMSINTC
#define KVM_DEV_TYPE_LOONGARCH_DMSINTC 15
#endif
#ifndef KVM_DEV_TYPE_ARM_VGIC_V5
#define KVM_DEV_TYPE_ARM_VGIC_V5 16
#endif
#ifndef KVM_DEV_VFIO_FILE
#define KVM_DEV_VFIO_FILE 1
#endif
#ifndef KVM_DEV_VFIO_FILE_ADD
#define KVM_DEV_VFIO_FILE_ADD 1
#endif
#ifndef KVM_DEV_VFIO_FILE_DEL
#define KVM_DEV_VFIO_FILE_DEL 2
#endif

/* Exits */
#ifndef KVM_EXIT_LOONGARCH_IOCSR
#define KVM_EXIT_LOONGARCH_IOCSR 38
#endif
#ifndef KVM_EXIT_MEMORY_FAULT
#define KVM_EXIT_MEMORY_FAULT 39
#endif
#ifndef KVM_EXIT_TDX
#define KVM_EXIT_TDX 40
#endif
#ifndef KVM_EXIT_ARM_SEA
#define KVM_EXIT_ARM_SEA 41
#endif
#ifndef KVM_EXIT_ARM_LDST64B
#define KVM_EXIT_ARM_LDST64B 42
#endif
#ifndef KVM_EXIT_SNP_REQ_CERTS
#define KVM_EXIT_SNP_REQ_CERTS 43
#endif
#ifndef KVM_MEMORY_ATTRIBUTE_PRIVATE
#define KVM_MEMORY_ATTRIBUTE_PRIVATE 8
#endif
#ifndef KVM_MEMORY_EXIT_FLAG_PRIVATE
#define KVM_MEMORY_EXIT_FLAG_PRIVATE 0x8
#endif
#ifndef KVM_MEM_GUEST_MEMFD
#define KVM_MEM_GUEST_MEMFD 0x4
#endif
#ifndef KVM_REG_LOONGARCH
#define KVM_REG_LOONGARCH 0x9000000000000000ull
#endif
#ifndef KVM_SYSTEM_EVENT_TDX_FATAL
#define KVM_SYSTEM_EVENT_TDX_FATAL 7
#endif
#ifndef KVM_EXIT_HYPERCALL_LONG_MODE
#define KVM_EXIT_HYPERCALL_LONG_MODE 1
#endif

/* KVM_SET_PMU_EVENT_FILTER */
#ifndef KVM_PMU_EVENT_FLAG_MASKED_EVENTS
#define KVM_PMU_EVENT_FLAG_MASKED_EVENTS 0x1
#endif
#ifndef KVM_PMU_MASKED_ENTRY_UMASK_MATCH
#define KVM_PMU_MASKED_ENTRY_UMASK_MATCH 0xff00
#endif
#ifndef KVM_PMU_MASKED_ENTRY_EVENT_SELECT
#define KVM_PMU_MASKED_ENTRY_EVENT_SELECT 0xf000000ffull
#endif
#ifndef KVM_PMU_MASKED_ENTRY_EXCLUDE
#define KVM_PMU_MASKED_ENTRY_EXCLUDE 0x80000000000000ull
#endif
#ifndef KVM_PMU_MASKED_ENTRY_UMASK_MASK
#define KVM_PMU_MASKED_ENTRY_UMASK_MASK 0xff00000000000000ull
#endif
#ifndef KVM_RUN_X86_GUEST_MODE
#define KVM_RUN_X86_GUEST_MODE 0x4
#endif

/* Confidential computing */
#ifndef KVM_SEV_PAGE_TYPE_INVALID
#define KVM_SEV_PAGE_TYPE_INVALID 0
#endif
#ifndef KVM_SEV_SNP_PAGE_TYPE_NORMAL
#define KVM_SEV_SNP_PAGE_TYPE_NORMAL 1
#endif
#ifndef KVM_SEV_SNP_PAGE_TYPE_ZERO
#define KVM_SEV_SNP_PAGE_TYPE_ZERO 3
#endif
#ifndef KVM_SEV_SNP_PAGE_TYPE_UNMEASURED
#define KVM_SEV_SNP_PAGE_TYPE_UNMEASURED 4
#endif
#ifndef KVM_SEV_SNP_PAGE_TYPE_SECRETS
#define KVM_SEV_SNP_PAGE_TYPE_SECRETS 5
#endif
#ifndef KVM_SEV_SNP_PAGE_TYPE_CPUID
#define KVM_SEV_SNP_PAGE_TYPE_CPUID 6
#endif
#ifndef KVM_TDX_MEASURE_MEMORY_REGION
#define KVM_TDX_MEASURE_MEMORY_REGION 1
#endif

/* Arguments of KVM_ENABLE_CAP and KVM_CREATE_VM */
#ifndef KVM_X2APIC_ENABLE_SUPPRESS_EOI_BROADCAST
#define KVM_X2APIC_ENABLE_SUPPRESS_EOI_BROADCAST 4
#endif
#ifndef KVM_X2APIC_DISABLE_SUPPRESS_EOI_BROADCAST
#define KVM_X2APIC_DISABLE_SUPPRESS_EOI_BROADCAST 8
#endif
#ifndef KVM_X86_DEFAULT_VM
#define KVM_X86_DEFAULT_VM 0
#endif
#ifndef KVM_X86_SW_PROTECTED_VM
#define KVM_X86_SW_PROTECTED_VM 1
#endif
#ifndef KVM_X86_SEV_VM
#define KVM_X86_SEV_VM 2
#endif
#ifndef KVM_X86_SEV_ES_VM
#define KVM_X86_SEV_ES_VM 3
#endif
#ifndef KVM_X86_SNP_VM
#define KVM_X86_SNP_VM 4
#endif
#ifndef KVM_X86_TDX_VM
#define KVM_X86_TDX_VM 5
#endif
#ifndef KVM_X86_DISABLE_EXITS_APERFMPERF
#define KVM_X86_DISABLE_EXITS_APERFMPERF 0x10
#endif

/* Attributes of the system descriptor */
#ifndef KVM_X86_GRP_SYSTEM
#define KVM_X86_GRP_SYSTEM 0
#endif
#ifndef KVM_X86_SEV_VMSA_FEATURES
#define KVM_X86_SEV_VMSA_FEATURES 0
#endif
#ifndef KVM_X86_GRP_SEV
#define KVM_X86_GRP_SEV 1
#endif
#ifndef KVM_X86_SNP_POLICY_BITS
#define KVM_X86_SNP_POLICY_BITS 1
#endif
#ifndef KVM_X86_SEV_SNP_REQ_CERTS
#define KVM_X86_SEV_SNP_REQ_CERTS 2
#endif

/* Quirks */
#ifndef KVM_X86_QUIRK_SLOT_ZAP_ALL
#define KVM_X86_QUIRK_SLOT_ZAP_ALL 0x80
#endif
#ifndef KVM_X86_QUIRK_STUFF_FEATURE_MSRS
#define KVM_X86_QUIRK_STUFF_FEATURE_MSRS 0x100
#endif
#ifndef KVM_X86_QUIRK_IGNORE_GUEST_PAT
#define KVM_X86_QUIRK_IGNORE_GUEST_PAT 0x200
#endif
#ifndef KVM_X86_QUIRK_VMCS12_ALLOW_FREEZE_IN_SMM
#define KVM_X86_QUIRK_VMCS12_ALLOW_FREEZE_IN_SMM 0x400
#endif
#ifndef KVM_X86_QUIRK_NESTED_SVM_SHARED_PAT
#define KVM_X86_QUIRK_NESTED_SVM_SHARED_PAT 0x800
#endif

/* KVM_GET_ONE_REG on x86 */
#ifndef KVM_REG_GUEST_SSP
#define KVM_REG_GUEST_SSP 0
#endif
#ifndef KVM_X86_REG_TYPE_MSR
#define KVM_X86_REG_TYPE_MSR 2
#endif
#ifndef KVM_X86_REG_TYPE_KVM
#define KVM_X86_REG_TYPE_KVM 3
#endif

/* Xen */
#ifndef KVM_XEN_ATTR_TYPE_RUNSTATE_UPDATE_FLAG
#define KVM_XEN_ATTR_TYPE_RUNSTATE_UPDATE_FLAG 5
#endif
#ifndef KVM_XEN_ATTR_TYPE_SHARED_INFO_HVA
#define KVM_XEN_ATTR_TYPE_SHARED_INFO_HVA 6
#endif
#ifndef KVM_XEN_HVM_CONFIG_RUNSTATE_UPDATE_FLAG
#define KVM_XEN_HVM_CONFIG_RUNSTATE_UPDATE_FLAG 0x40
#endif
#ifndef KVM_XEN_HVM_CONFIG_PVCLOCK_TSC_UNSTABLE
#define KVM_XEN_HVM_CONFIG_PVCLOCK_TSC_UNSTABLE 0x80
#endif
#ifndef KVM_XEN_HVM_CONFIG_SHARED_INFO_HVA
#define KVM_XEN_HVM_CONFIG_SHARED_INFO_HVA 0x100
#endif
#ifndef KVM_XEN_VCPU_ATTR_TYPE_VCPU_INFO_HVA
#define KVM_XEN_VCPU_ATTR_TYPE_VCPU_INFO_HVA 9
#endif

/* Exception vectors */
#ifndef CP_VECTOR
#define CP_VECTOR 21
#endif
#ifndef HV_VECTOR
#define HV_VECTOR 28
#endif
#ifndef VC_VECTOR
#define VC_VECTOR 29
#endif
#ifndef SX_VECTOR
#define SX_VECTOR 30
#endif

#define ABI_SAME(name, number) _Static_assert((name) == (number), #name)

ABI_SAME(GUEST_MEMFD_FLAG_MMAP, 0x1);
ABI_SAME(GUEST_MEMFD_FLAG_INIT_SHARED, 0x2);
ABI_SAME(KVM_CAP_DIRTY_LOG_RING_WITH_BITMAP, 225);
ABI_SAME(KVM_CAP_PMU_EVENT_MASKED_EVENTS, 226);
ABI_SAME(KVM_CAP_COUNTER_OFFSET, 227);
ABI_SAME(KVM_CAP_ARM_EAGER_SPLIT_CHUNK_SIZE, 228);
ABI_SAME(KVM_CAP_ARM_SUPPORTED_BLOCK_SIZES, 229);
ABI_SAME(KVM_CAP_ARM_SUPPORTED_REG_MASK_RANGES, 230);
ABI_SAME(KVM_CAP_USER_MEMORY2, 231);
ABI_SAME(KVM_CAP_MEMORY_FAULT_INFO, 232);
ABI_SAME(KVM_CAP_MEMORY_ATTRIBUTES, 233);
ABI_SAME(KVM_CAP_GUEST_MEMFD, 234);
ABI_SAME(KVM_CAP_VM_TYPES, 235);
ABI_SAME(KVM_CAP_PRE_FAULT_MEMORY, 236);
ABI_SAME(KVM_CAP_X86_APIC_BUS_CYCLES_NS, 237);
ABI_SAME(KVM_CAP_X86_GUEST_MODE, 238);
ABI_SAME(KVM_CAP_ARM_WRITABLE_IMP_ID_REGS, 239);
ABI_SAME(KVM_CAP_ARM_EL2, 240);
ABI_SAME(KVM_CAP_ARM_EL2_E2H0, 241);
ABI_SAME(KVM_CAP_RISCV_MP_STATE_RESET, 242);
ABI_SAME(KVM_CAP_ARM_CACHEABLE_PFNMAP_SUPPORTED, 243);
ABI_SAME(KVM_CAP_GUEST_MEMFD_FLAGS, 244);
ABI_SAME(KVM_CAP_ARM_SEA_TO_USER, 245);
ABI_SAME(KVM_CAP_PPC_COMPAT_CAPS, 250);
ABI_SAME(KVM_CAP_ARM_PMU_V3_STRICT, 251);
ABI_SAME(KVM_CAP_S390_PROTECTED_ASYNC_DISABLE, 224);
ABI_SAME(KVM_CAP_S390_USER_OPEREXEC, 246);
ABI_SAME(KVM_CAP_S390_KEYOP, 247);
ABI_SAME(KVM_CAP_S390_VSIE_ESAMODE, 248);
ABI_SAME(KVM_CAP_S390_HPAGE_2G, 249);
ABI_SAME(KVM_DEV_TYPE_RISCV_AIA, 11);
ABI_SAME(KVM_DEV_TYPE_LOONGARCH_IPI, 12);
ABI_SAME(KVM_DEV_TYPE_LOONGARCH_EIOINTC, 13);
ABI_SAME(KVM_DEV_TYPE_LOONGARCH_PCHPIC, 14);
ABI_SAME(KVM_DEV_TYPE_LOONGARCH_DMSINTC, 15);
ABI_SAME(KVM_DEV_TYPE_ARM_VGIC_V5, 16);
ABI_SAME(KVM_DEV_VFIO_FILE, 1);
ABI_SAME(KVM_DEV_VFIO_FILE_ADD, 1);
ABI_SAME(KVM_DEV_VFIO_FILE_DEL, 2);
ABI_SAME(KVM_EXIT_LOONGARCH_IOCSR, 38);
ABI_SAME(KVM_EXIT_MEMORY_FAULT, 39);
ABI_SAME(KVM_EXIT_TDX, 40);
ABI_SAME(KVM_EXIT_ARM_SEA, 41);
ABI_SAME(KVM_EXIT_ARM_LDST64B, 42);
ABI_SAME(KVM_EXIT_SNP_REQ_CERTS, 43);
ABI_SAME(KVM_MEMORY_ATTRIBUTE_PRIVATE, 8);
ABI_SAME(KVM_MEMORY_EXIT_FLAG_PRIVATE, 0x8);
ABI_SAME(KVM_MEM_GUEST_MEMFD, 0x4);
ABI_SAME(KVM_REG_LOONGARCH, 0x9000000000000000ull);
ABI_SAME(KVM_SYSTEM_EVENT_TDX_FATAL, 7);
ABI_SAME(KVM_EXIT_HYPERCALL_LONG_MODE, 1);
ABI_SAME(KVM_PMU_EVENT_FLAG_MASKED_EVENTS, 0x1);
ABI_SAME(KVM_PMU_MASKED_ENTRY_UMASK_MATCH, 0xff00);
ABI_SAME(KVM_PMU_MASKED_ENTRY_EVENT_SELECT, 0xf000000ffull);
ABI_SAME(KVM_PMU_MASKED_ENTRY_EXCLUDE, 0x80000000000000ull);
ABI_SAME(KVM_PMU_MASKED_ENTRY_UMASK_MASK, 0xff00000000000000ull);
ABI_SAME(KVM_RUN_X86_GUEST_MODE, 0x4);
ABI_SAME(KVM_SEV_PAGE_TYPE_INVALID, 0);
ABI_SAME(KVM_SEV_SNP_PAGE_TYPE_NORMAL, 1);
ABI_SAME(KVM_SEV_SNP_PAGE_TYPE_ZERO, 3);
ABI_SAME(KVM_SEV_SNP_PAGE_TYPE_UNMEASURED, 4);
ABI_SAME(KVM_SEV_SNP_PAGE_TYPE_SECRETS, 5);
ABI_SAME(KVM_SEV_SNP_PAGE_TYPE_CPUID, 6);
ABI_SAME(KVM_TDX_MEASURE_MEMORY_REGION, 1);
ABI_SAME(KVM_X2APIC_ENABLE_SUPPRESS_EOI_BROADCAST, 4);
ABI_SAME(KVM_X2APIC_DISABLE_SUPPRESS_EOI_BROADCAST, 8);
ABI_SAME(KVM_X86_DEFAULT_VM, 0);
ABI_SAME(KVM_X86_SW_PROTECTED_VM, 1);
ABI_SAME(KVM_X86_SEV_VM, 2);
ABI_SAME(KVM_X86_SEV_ES_VM, 3);
ABI_SAME(KVM_X86_SNP_VM, 4);
ABI_SAME(KVM_X86_TDX_VM, 5);
ABI_SAME(KVM_X86_DISABLE_EXITS_APERFMPERF, 0x10);
ABI_SAME(KVM_X86_GRP_SYSTEM, 0);
ABI_SAME(KVM_X86_SEV_VMSA_FEATURES, 0);
ABI_SAME(KVM_X86_GRP_SEV, 1);
ABI_SAME(KVM_X86_SNP_POLICY_BITS, 1);
ABI_SAME(KVM_X86_SEV_SNP_REQ_CERTS, 2);
ABI_SAME(KVM_X86_QUIRK_SLOT_ZAP_ALL, 0x80);
ABI_SAME(KVM_X86_QUIRK_STUFF_FEATURE_MSRS, 0x100);
ABI_SAME(KVM_X86_QUIRK_IGNORE_GUEST_PAT, 0x200);
ABI_SAME(KVM_X86_QUIRK_VMCS12_ALLOW_FREEZE_IN_SMM, 0x400);
ABI_SAME(KVM_X86_QUIRK_NESTED_SVM_SHARED_PAT, 0x800);
ABI_SAME(KVM_REG_GUEST_SSP, 0);
ABI_SAME(KVM_X86_REG_TYPE_MSR, 2);
ABI_SAME(KVM_X86_REG_TYPE_KVM, 3);
ABI_SAME(KVM_XEN_ATTR_TYPE_RUNSTATE_UPDATE_FLAG, 5);
ABI_SAME(KVM_XEN_ATTR_TYPE_SHARED_INFO_HVA, 6);
ABI_SAME(KVM_XEN_HVM_CONFIG_RUNSTATE_UPDATE_FLAG, 0x40);
ABI_SAME(KVM_XEN_HVM_CONFIG_PVCLOCK_TSC_UNSTABLE, 0x80);
ABI_SAME(KVM_XEN_HVM_CONFIG_SHARED_INFO_HVA, 0x100);
ABI_SAME(KVM_XEN_VCPU_ATTR_TYPE_VCPU_INFO_HVA, 9);
ABI_SAME(CP_VECTOR, 21);
ABI_SAME(HV_VECTOR, 28);
ABI_SAME(VC_VECTOR, 29);
ABI_SAME(SX_VECTOR, 30);
ABI_SAME(KVM_SET_USER_MEMORY_REGION2, 0x40a0ae49u);
ABI_SAME(KVM_SET_MEMORY_ATTRIBUTES, 0x4020aed2u);
ABI_SAME(KVM_CREATE_GUEST_MEMFD, 0xc040aed4u);
ABI_SAME(KVM_PRE_FAULT_MEMORY, 0xc040aed5u);

#undef ABI_SAME

#endif
