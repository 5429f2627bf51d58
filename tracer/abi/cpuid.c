/*
 * CPUID: the leaves by name, and the registers of those that say what a guest
 * may use. A leaf is chosen by function and index together; an index that
 * means nothing is 0.
 *
 * Sources: Intel SDM vol. 2A, CPUID; AMD APM vol. 3 appendix E; for KVM's
 * leaves Documentation/virt/kvm/x86/cpuid.rst and <asm/kvm_para.h>; Hyper-V
 * top level functional specification, 2.4; api.rst 4.20, 4.46, 4.88, 4.118.
 */
#include <asm/kvm_para.h>

#include "abi/compat.h"
#include "abi/tables.h"

static const struct abi_name leaves[] = {
	ABI_NUMBER(0x0, "vendor"), ABI_NUMBER(0x1, "version and features"),
	ABI_NUMBER(0x2, "cache descriptors"), ABI_NUMBER(0x3, "serial number"),
	ABI_NUMBER(0x4, "caches"), ABI_NUMBER(0x5, "MONITOR and MWAIT"),
	ABI_NUMBER(0x6, "thermal and power"), ABI_NUMBER(0x7, "extended features"),
	ABI_NUMBER(0x9, "direct cache access"), ABI_NUMBER(0xa, "performance counters"),
	ABI_NUMBER(0xb, "topology"), ABI_NUMBER(0xd, "extended state"),
	ABI_NUMBER(0xf, "resource monitoring"), ABI_NUMBER(0x10, "resource allocation"),
	ABI_NUMBER(0x12, "SGX"), ABI_NUMBER(0x14, "processor trace"),
	ABI_NUMBER(0x15, "time stamp counter"), ABI_NUMBER(0x16, "frequency"),
	ABI_NUMBER(0x17, "system on chip"), ABI_NUMBER(0x18, "address translation"),
	ABI_NUMBER(0x19, "key locker"), ABI_NUMBER(0x1a, "hybrid processor"),
	ABI_NUMBER(0x1b, "PCONFIG"), ABI_NUMBER(0x1c, "last branch records"),
	ABI_NUMBER(0x1d, "AMX tiles"), ABI_NUMBER(0x1e, "AMX multiplier"),
	ABI_NUMBER(0x1f, "topology, version 2"), ABI_NUMBER(0x20, "history reset"),
	ABI_NUMBER(0x21, "TDX"), ABI_NUMBER(0x24, "AVX10"),
	ABI_NUMBER(0x40000000, "hypervisor"), ABI_NUMBER(0x40000001, "hypervisor features"),
	ABI_NUMBER(0x40000010, "hypervisor timing"),
	ABI_NUMBER(0x40000100, "hypervisor, second"),
	ABI_NUMBER(0x40000101, "hypervisor features, second"),
	ABI_NUMBER(0x80000000, "highest extended leaf"),
	ABI_NUMBER(0x80000001, "extended version and features"),
	ABI_NUMBER(0x80000002, "brand, part 1"), ABI_NUMBER(0x80000003, "brand, part 2"),
	ABI_NUMBER(0x80000004, "brand, part 3"), ABI_NUMBER(0x80000005, "AMD L1 caches"),
	ABI_NUMBER(0x80000006, "AMD L2 and L3 caches"), ABI_NUMBER(0x80000007, "power and RAS"),
	ABI_NUMBER(0x80000008, "address sizes"), ABI_NUMBER(0x8000000a, "SVM"),
	ABI_NUMBER(0x80000019, "AMD large page TLBs"),
	ABI_NUMBER(0x8000001a, "AMD performance hints"),
	ABI_NUMBER(0x8000001b, "AMD IBS"), ABI_NUMBER(0x8000001c, "AMD LWP"),
	ABI_NUMBER(0x8000001d, "AMD caches"), ABI_NUMBER(0x8000001e, "AMD topology"),
	ABI_NUMBER(0x8000001f, "AMD memory encryption"),
	ABI_NUMBER(0x80000020, "AMD resource allocation"),
	ABI_NUMBER(0x80000021, "AMD extended features 2"),
	ABI_NUMBER(0x80000022, "AMD performance counters"),
	ABI_NUMBER(0x80000023, "AMD multi-key encryption"),
	ABI_NUMBER(0x80000026, "AMD topology, extended"),
	ABI_NUMBER(0xc0000000, "highest Centaur leaf"), ABI_NUMBER(0xc0000001, "Centaur features"),
};
static ABI_NAMES(leaf_names, "CPUID leaves", leaves);

static const struct abi_name hyperv_leaves[] = {
	ABI_NUMBER(0x40000000, "vendor"), ABI_NUMBER(0x40000001, "interface"),
	ABI_NUMBER(0x40000002, "version"), ABI_NUMBER(0x40000003, "features"),
	ABI_NUMBER(0x40000004, "recommendations"), ABI_NUMBER(0x40000005, "limits"),
	ABI_NUMBER(0x40000006, "hardware features"), ABI_NUMBER(0x40000007, "CPU management"),
	ABI_NUMBER(0x4000000a, "nested features"),
	ABI_NUMBER(0x40000080, "debugger vendor"), ABI_NUMBER(0x40000081, "debugger interface"),
	ABI_NUMBER(0x40000082, "debugger platform"),
};
static ABI_NAMES(hyperv_leaf_names, "Hyper-V CPUID leaves", hyperv_leaves);

static const struct abi_name flags[] = {
	ABI_NAME_TEXT(KVM_CPUID_FLAG_SIGNIFCANT_INDEX, "the answer depends on ECX, the index"),
	ABI_NAME_TEXT(KVM_CPUID_FLAG_STATEFUL_FUNC, "gone: answers differed from call to call"),
	ABI_NAME_TEXT(KVM_CPUID_FLAG_STATE_READ_NEXT, "gone: the next answer of those"),
};
static ABI_NAMES(flag_names, "KVM_CPUID_FLAG_*", flags);

/* Feature bits */

#define BIT(number, name_) { .value = 1ull << (number), .name = (name_) }

static const struct abi_name ecx_1[] = {
	BIT(0, "SSE3"), BIT(1, "PCLMULQDQ"), BIT(2, "DTES64"), BIT(3, "MONITOR"),
	BIT(4, "DS_CPL"), BIT(5, "VMX"), BIT(6, "SMX"), BIT(7, "EIST"),
	BIT(8, "TM2"), BIT(9, "SSSE3"), BIT(10, "CNXT_ID"), BIT(11, "SDBG"),
	BIT(12, "FMA"), BIT(13, "CMPXCHG16B"), BIT(14, "XTPR"), BIT(15, "PDCM"),
	BIT(17, "PCID"), BIT(18, "DCA"), BIT(19, "SSE4_1"), BIT(20, "SSE4_2"),
	BIT(21, "X2APIC"), BIT(22, "MOVBE"), BIT(23, "POPCNT"),
	BIT(24, "TSC_DEADLINE"), BIT(25, "AES"), BIT(26, "XSAVE"),
	BIT(27, "OSXSAVE"), BIT(28, "AVX"), BIT(29, "F16C"), BIT(30, "RDRAND"),
	BIT(31, "HYPERVISOR"),
};
static ABI_NAMES(ecx_1_names, "CPUID 1 ECX", ecx_1);

static const struct abi_name edx_1[] = {
	BIT(0, "FPU"), BIT(1, "VME"), BIT(2, "DE"), BIT(3, "PSE"), BIT(4, "TSC"),
	BIT(5, "MSR"), BIT(6, "PAE"), BIT(7, "MCE"), BIT(8, "CX8"), BIT(9, "APIC"),
	BIT(11, "SEP"), BIT(12, "MTRR"), BIT(13, "PGE"), BIT(14, "MCA"),
	BIT(15, "CMOV"), BIT(16, "PAT"), BIT(17, "PSE36"), BIT(18, "PSN"),
	BIT(19, "CLFSH"), BIT(21, "DS"), BIT(22, "ACPI"), BIT(23, "MMX"),
	BIT(24, "FXSR"), BIT(25, "SSE"), BIT(26, "SSE2"), BIT(27, "SS"),
	BIT(28, "HTT"), BIT(29, "TM"), BIT(31, "PBE"),
};
static ABI_NAMES(edx_1_names, "CPUID 1 EDX", edx_1);

static const struct abi_name eax_6[] = {
	BIT(0, "DTS"), BIT(1, "TURBO"), BIT(2, "ARAT"), BIT(4, "PLN"),
	BIT(5, "ECMD"), BIT(6, "PTM"), BIT(7, "HWP"), BIT(8, "HWP_NOTIFY"),
	BIT(9, "HWP_ACT_WINDOW"), BIT(10, "HWP_EPP"), BIT(11, "HWP_PKG_REQ"),
};
static ABI_NAMES(eax_6_names, "CPUID 6 EAX", eax_6);

static const struct abi_name ebx_7[] = {
	BIT(0, "FSGSBASE"), BIT(1, "TSC_ADJUST"), BIT(2, "SGX"), BIT(3, "BMI1"),
	BIT(4, "HLE"), BIT(5, "AVX2"), BIT(6, "FDP_EXCPTN_ONLY"), BIT(7, "SMEP"),
	BIT(8, "BMI2"), BIT(9, "ERMS"), BIT(10, "INVPCID"), BIT(11, "RTM"),
	BIT(12, "RDT_M"), BIT(13, "ZERO_FCS_FDS"), BIT(14, "MPX"),
	BIT(15, "RDT_A"), BIT(16, "AVX512F"), BIT(17, "AVX512DQ"),
	BIT(18, "RDSEED"), BIT(19, "ADX"), BIT(20, "SMAP"),
	BIT(21, "AVX512_IFMA"), BIT(23, "CLFLUSHOPT"), BIT(24, "CLWB"),
	BIT(25, "INTEL_PT"), BIT(26, "AVX512PF"), BIT(27, "AVX512ER"),
	BIT(28, "AVX512CD"), BIT(29, "SHA"), BIT(30, "AVX512BW"),
	BIT(31, "AVX512VL"),
};
static ABI_NAMES(ebx_7_names, "CPUID 7.0 EBX", ebx_7);

static const struct abi_name ecx_7[] = {
	BIT(0, "PREFETCHWT1"), BIT(1, "AVX512_VBMI"), BIT(2, "UMIP"),
	BIT(3, "PKU"), BIT(4, "OSPKE"), BIT(5, "WAITPKG"),
	BIT(6, "AVX512_VBMI2"), BIT(7, "CET_SS"), BIT(8, "GFNI"),
	BIT(9, "VAES"), BIT(10, "VPCLMULQDQ"), BIT(11, "AVX512_VNNI"),
	BIT(12, "AVX512_BITALG"), BIT(13, "TME_EN"), BIT(14, "AVX512_VPOPCNTDQ"),
	BIT(16, "LA57"), BIT(22, "RDPID"), BIT(23, "KL"),
	BIT(24, "BUS_LOCK_DETECT"), BIT(25, "CLDEMOTE"), BIT(27, "MOVDIRI"),
	BIT(28, "MOVDIR64B"), BIT(29, "ENQCMD"), BIT(30, "SGX_LC"),
	BIT(31, "PKS"),
};
static ABI_NAMES(ecx_7_names, "CPUID 7.0 ECX", ecx_7);

static const struct abi_name edx_7[] = {
	BIT(1, "SGX_KEYS"), BIT(2, "AVX512_4VNNIW"), BIT(3, "AVX512_4FMAPS"),
	BIT(4, "FSRM"), BIT(5, "UINTR"), BIT(8, "AVX512_VP2INTERSECT"),
	BIT(9, "SRBDS_CTRL"), BIT(10, "MD_CLEAR"), BIT(11, "RTM_ALWAYS_ABORT"),
	BIT(13, "RTM_FORCE_ABORT"), BIT(14, "SERIALIZE"), BIT(15, "HYBRID"),
	BIT(16, "TSXLDTRK"), BIT(18, "PCONFIG"), BIT(19, "ARCH_LBR"),
	BIT(20, "CET_IBT"), BIT(22, "AMX_BF16"), BIT(23, "AVX512_FP16"),
	BIT(24, "AMX_TILE"), BIT(25, "AMX_INT8"), BIT(26, "SPEC_CTRL"),
	BIT(27, "STIBP"), BIT(28, "L1D_FLUSH"), BIT(29, "ARCH_CAPABILITIES"),
	BIT(30, "CORE_CAPABILITIES"), BIT(31, "SSBD"),
};
static ABI_NAMES(edx_7_names, "CPUID 7.0 EDX", edx_7);

static const struct abi_name eax_7_1[] = {
	BIT(0, "SHA512"), BIT(1, "SM3"), BIT(2, "SM4"), BIT(3, "RAO_INT"),
	BIT(4, "AVX_VNNI"), BIT(5, "AVX512_BF16"), BIT(6, "LASS"),
	BIT(7, "CMPCCXADD"), BIT(8, "ARCH_PERFMON_EXT"), BIT(10, "FZRM"),
	BIT(11, "FSRS"), BIT(12, "FSRC"), BIT(17, "FRED"), BIT(18, "LKGS"),
	BIT(19, "WRMSRNS"), BIT(20, "NMI_SRC"), BIT(21, "AMX_FP16"),
	BIT(22, "HRESET"), BIT(23, "AVX_IFMA"), BIT(26, "LAM"),
	BIT(27, "MSRLIST"), BIT(30, "INVD_DISABLE"), BIT(31, "MOVRS"),
};
static ABI_NAMES(eax_7_1_names, "CPUID 7.1 EAX", eax_7_1);

static const struct abi_name edx_7_1[] = {
	BIT(4, "AVX_VNNI_INT8"), BIT(5, "AVX_NE_CONVERT"), BIT(8, "AMX_COMPLEX"),
	BIT(10, "AVX_VNNI_INT16"), BIT(14, "PREFETCHI"), BIT(17, "UIRET_UIF"),
	BIT(18, "CET_SSS"), BIT(19, "AVX10"), BIT(21, "APX_F"),
};
static ABI_NAMES(edx_7_1_names, "CPUID 7.1 EDX", edx_7_1);

static const struct abi_name edx_7_2[] = {
	BIT(0, "PSFD"), BIT(1, "IPRED_CTRL"), BIT(2, "RRSBA_CTRL"),
	BIT(3, "DDPD_U"), BIT(4, "BHI_CTRL"), BIT(5, "MCDT_NO"),
};
static ABI_NAMES(edx_7_2_names, "CPUID 7.2 EDX", edx_7_2);

static const struct abi_name eax_d_1[] = {
	BIT(0, "XSAVEOPT"), BIT(1, "XSAVEC"), BIT(2, "XGETBV_ECX1"),
	BIT(3, "XSAVES"), BIT(4, "XFD"),
};
static ABI_NAMES(eax_d_1_names, "CPUID 0xd.1 EAX", eax_d_1);

#define FEATURE(name_) { .value = 1ull << (name_), .name = #name_ }

static const struct abi_name kvm_features[] = {
	FEATURE(KVM_FEATURE_CLOCKSOURCE), FEATURE(KVM_FEATURE_NOP_IO_DELAY),
	FEATURE(KVM_FEATURE_MMU_OP), FEATURE(KVM_FEATURE_CLOCKSOURCE2),
	FEATURE(KVM_FEATURE_ASYNC_PF), FEATURE(KVM_FEATURE_STEAL_TIME),
	FEATURE(KVM_FEATURE_PV_EOI), FEATURE(KVM_FEATURE_PV_UNHALT),
	FEATURE(KVM_FEATURE_PV_TLB_FLUSH), FEATURE(KVM_FEATURE_ASYNC_PF_VMEXIT),
	FEATURE(KVM_FEATURE_PV_SEND_IPI), FEATURE(KVM_FEATURE_POLL_CONTROL),
	FEATURE(KVM_FEATURE_PV_SCHED_YIELD), FEATURE(KVM_FEATURE_ASYNC_PF_INT),
	FEATURE(KVM_FEATURE_MSI_EXT_DEST_ID), FEATURE(KVM_FEATURE_HC_MAP_GPA_RANGE),
	FEATURE(KVM_FEATURE_MIGRATION_CONTROL),
	FEATURE(KVM_FEATURE_CLOCKSOURCE_STABLE_BIT),
};
static ABI_NAMES(kvm_feature_names, "KVM_FEATURE_*", kvm_features);

static const struct abi_name kvm_hints[] = {
	FEATURE(KVM_HINTS_REALTIME),
};
static ABI_NAMES(kvm_hint_names, "KVM_HINTS_*", kvm_hints);

static const struct abi_name ecx_80000001[] = {
	BIT(0, "LAHF_SAHF"), BIT(1, "CMP_LEGACY"), BIT(2, "SVM"),
	BIT(3, "EXT_APIC"), BIT(4, "CR8_LEGACY"), BIT(5, "LZCNT"),
	BIT(6, "SSE4A"), BIT(7, "MISALIGNSSE"), BIT(8, "PREFETCHW"),
	BIT(9, "OSVW"), BIT(10, "IBS"), BIT(11, "XOP"), BIT(12, "SKINIT"),
	BIT(13, "WDT"), BIT(15, "LWP"), BIT(16, "FMA4"), BIT(17, "TCE"),
	BIT(19, "NODEID_MSR"), BIT(21, "TBM"), BIT(22, "TOPOEXT"),
	BIT(23, "PERFCTR_CORE"), BIT(24, "PERFCTR_NB"), BIT(26, "BPEXT"),
	BIT(27, "PTSC"), BIT(28, "PERFCTR_LLC"), BIT(29, "MWAITX"),
	BIT(30, "ADDR_MASK_EXT"),
};
static ABI_NAMES(ecx_80000001_names, "CPUID 0x80000001 ECX", ecx_80000001);

/* Bits that AMD repeats from leaf 1 have the names of there. */
static const struct abi_name edx_80000001[] = {
	BIT(0, "FPU"), BIT(1, "VME"), BIT(2, "DE"), BIT(3, "PSE"), BIT(4, "TSC"),
	BIT(5, "MSR"), BIT(6, "PAE"), BIT(7, "MCE"), BIT(8, "CX8"), BIT(9, "APIC"),
	BIT(11, "SYSCALL"), BIT(12, "MTRR"), BIT(13, "PGE"), BIT(14, "MCA"),
	BIT(15, "CMOV"), BIT(16, "PAT"), BIT(17, "PSE36"), BIT(20, "NX"),
	BIT(22, "MMXEXT"), BIT(23, "MMX"), BIT(24, "FXSR"), BIT(25, "FXSR_OPT"),
	BIT(26, "PDPE1GB"), BIT(27, "RDTSCP"), BIT(29, "LM"),
	BIT(30, "3DNOWEXT"), BIT(31, "3DNOW"),
};
static ABI_NAMES(edx_80000001_names, "CPUID 0x80000001 EDX", edx_80000001);

static const struct abi_name edx_80000007[] = {
	BIT(0, "TS"), BIT(1, "FID"), BIT(2, "VID"), BIT(3, "TTP"), BIT(4, "TM"),
	BIT(6, "100MHZ_STEPS"), BIT(7, "HW_PSTATE"), BIT(8, "INVARIANT_TSC"),
	BIT(9, "CPB"), BIT(10, "EFF_FREQ_RO"),
};
static ABI_NAMES(edx_80000007_names, "CPUID 0x80000007 EDX", edx_80000007);

static const struct abi_name ebx_80000008[] = {
	BIT(0, "CLZERO"), BIT(1, "IRPERF"), BIT(2, "XSAVEERPTR"),
	BIT(3, "INVLPGB"), BIT(4, "RDPRU"), BIT(6, "MBE"), BIT(8, "MCOMMIT"),
	BIT(9, "WBNOINVD"), BIT(12, "IBPB"), BIT(13, "INT_WBINVD"),
	BIT(14, "IBRS"), BIT(15, "STIBP"), BIT(16, "IBRS_ALWAYS_ON"),
	BIT(17, "STIBP_ALWAYS_ON"), BIT(18, "IBRS_PREFERRED"),
	BIT(19, "IBRS_SAME_MODE"), BIT(20, "EFER_LMSLE_UNSUPPORTED"),
	BIT(21, "INVLPGB_NESTED"), BIT(23, "PPIN"), BIT(24, "SSBD"),
	BIT(25, "VIRT_SSBD"), BIT(26, "SSB_NO"), BIT(27, "CPPC"),
	BIT(28, "PSFD"), BIT(29, "BTC_NO"), BIT(30, "IBPB_RET"), BIT(31, "BRS"),
};
static ABI_NAMES(ebx_80000008_names, "CPUID 0x80000008 EBX", ebx_80000008);

static const struct abi_name edx_8000000a[] = {
	BIT(0, "NP"), BIT(1, "LBR_VIRT"), BIT(2, "SVML"), BIT(3, "NRIPS"),
	BIT(4, "TSC_RATE_MSR"), BIT(5, "VMCB_CLEAN"), BIT(6, "FLUSH_BY_ASID"),
	BIT(7, "DECODE_ASSISTS"), BIT(10, "PAUSE_FILTER"),
	BIT(12, "PAUSE_FILTER_THRESHOLD"), BIT(13, "AVIC"),
	BIT(15, "VMSAVE_VIRT"), BIT(16, "VGIF"), BIT(17, "GMET"),
	BIT(18, "X2AVIC"), BIT(19, "SSS_CHECK"), BIT(20, "SPEC_CTRL"),
	BIT(23, "HOST_MCE_OVERRIDE"), BIT(24, "TLBI_CTL"), BIT(25, "VNMI"),
	BIT(26, "IBS_VIRT"),
};
static ABI_NAMES(edx_8000000a_names, "CPUID 0x8000000a EDX", edx_8000000a);

static const struct abi_name eax_8000001f[] = {
	BIT(0, "SME"), BIT(1, "SEV"), BIT(2, "PAGE_FLUSH_MSR"), BIT(3, "SEV_ES"),
	BIT(4, "SEV_SNP"), BIT(5, "VMPL"), BIT(6, "RMPQUERY"),
	BIT(7, "VMPL_SSS"), BIT(8, "SECURE_TSC"), BIT(9, "TSC_AUX_VIRT"),
	BIT(10, "HW_ENF_CACHE_COH"), BIT(11, "64BIT_HOST"),
	BIT(12, "RESTRICTED_INJECTION"), BIT(13, "ALTERNATE_INJECTION"),
	BIT(14, "DEBUG_SWAP"), BIT(15, "PREVENT_HOST_IBS"), BIT(16, "VTE"),
};
static ABI_NAMES(eax_8000001f_names, "CPUID 0x8000001f EAX", eax_8000001f);

static const struct abi_name eax_80000021[] = {
	BIT(0, "NO_NESTED_DATA_BP"), BIT(1, "FSGSBASE_NON_SERIALIZING"),
	BIT(2, "LFENCE_SERIALIZING"), BIT(3, "SMM_PGCFG_LOCK"),
	BIT(6, "NULL_SEL_CLEARS_BASE"), BIT(7, "UPPER_ADDRESS_IGNORE"),
	BIT(8, "AUTOMATIC_IBRS"), BIT(9, "NO_SMM_CTL_MSR"), BIT(10, "FSRS"),
	BIT(11, "FSRC"), BIT(13, "PREFETCH_CTL_MSR"), BIT(17, "CPUID_USER_DIS"),
	BIT(18, "EPSF"), BIT(24, "ERAPS"), BIT(27, "SBPB"), BIT(28, "IBPB_BRTYPE"),
	BIT(29, "SRSO_NO"), BIT(30, "SRSO_USER_KERNEL_NO"),
};
static ABI_NAMES(eax_80000021_names, "CPUID 0x80000021 EAX", eax_80000021);

/* What a partition may do, and what it had better do. */
static const struct abi_name hyperv_privileges[] = {
	BIT(0, "VP_RUNTIME"), BIT(1, "TIME_REF_COUNT"), BIT(2, "SYNIC"),
	BIT(3, "SYNTIMER"), BIT(4, "APIC_ACCESS"), BIT(5, "HYPERCALL"),
	BIT(6, "VP_INDEX"), BIT(7, "RESET"), BIT(8, "STAT_PAGES"),
	BIT(9, "REFERENCE_TSC"), BIT(10, "GUEST_IDLE"), BIT(11, "FREQUENCY"),
	BIT(12, "DEBUG"), BIT(13, "REENLIGHTENMENT"), BIT(15, "TSC_INVARIANT"),
};
static ABI_NAMES(hyperv_privilege_names, "Hyper-V privileges", hyperv_privileges);

static const struct abi_name hyperv_hints[] = {
	BIT(0, "AS_SWITCH"), BIT(1, "LOCAL_TLB_FLUSH"), BIT(2, "REMOTE_TLB_FLUSH"),
	BIT(3, "APIC_ACCESS"), BIT(4, "SYSTEM_RESET"), BIT(5, "RELAXED_TIMING"),
	BIT(6, "DMA_REMAPPING"), BIT(7, "INTERRUPT_REMAPPING"), BIT(8, "X2APIC"),
	BIT(9, "DEPRECATING_AEOI"), BIT(10, "CLUSTER_IPI"),
	BIT(11, "EX_PROCESSOR_MASKS"), BIT(14, "ENLIGHTENED_VMCS"),
};
static ABI_NAMES(hyperv_hint_names, "Hyper-V recommendations", hyperv_hints);

/* The four registers of a leaf; bit fields and texts beside their register. */

#define EAX(kind_, ...) ABI_AT(kind_, "eax", 0, 4, ##__VA_ARGS__)
#define EBX(kind_, ...) ABI_AT(kind_, "ebx", 4, 4, ##__VA_ARGS__)
#define ECX(kind_, ...) ABI_AT(kind_, "ecx", 8, 4, ##__VA_ARGS__)
#define EDX(kind_, ...) ABI_AT(kind_, "edx", 12, 4, ##__VA_ARGS__)
#define EAX_FLAGS(names_) EAX(ABI_FLAGS, .names = &names_)
#define EBX_FLAGS(names_) EBX(ABI_FLAGS, .names = &names_)
#define ECX_FLAGS(names_) ECX(ABI_FLAGS, .names = &names_)
#define EDX_FLAGS(names_) EDX(ABI_FLAGS, .names = &names_)
#define PART(shown, register_, bit_, bits_) \
	ABI_BITFIELD(shown, register_, 4, bit_, bits_, .is_view = true)
#define TEXT(shown, register_, size_) \
	ABI_BYTES_AT(ABI_TEXT, shown, register_, size_, .is_view = true)
#define LEAF(variable, name_, ...)                                         \
	static const struct abi_field variable##_fields[] = { __VA_ARGS__ }; \
	static ABI_TYPE(variable, "cpuid." name_, 16, variable##_fields)

LEAF(leaf_other, "other",
     EAX(ABI_HEX), EBX(ABI_HEX), ECX(ABI_HEX), EDX(ABI_HEX));
LEAF(leaf_1, "0x1",
     EAX(ABI_HEX), PART("stepping", 0, 0, 4), PART("model", 0, 4, 4),
     PART("family", 0, 8, 4), PART("extended_model", 0, 16, 4),
     PART("extended_family", 0, 20, 8),
     EBX(ABI_HEX), PART("clflush_size", 4, 8, 8),
     PART("logical_processors", 4, 16, 8), PART("apic_id", 4, 24, 8),
     ECX_FLAGS(ecx_1_names), EDX_FLAGS(edx_1_names));
LEAF(leaf_6, "0x6",
     EAX_FLAGS(eax_6_names), EBX(ABI_HEX), ECX(ABI_HEX), EDX(ABI_HEX));
LEAF(leaf_7_0, "0x7.0",
     EAX(ABI_HEX), EBX_FLAGS(ebx_7_names), ECX_FLAGS(ecx_7_names),
     EDX_FLAGS(edx_7_names));
LEAF(leaf_7_1, "0x7.1",
     EAX_FLAGS(eax_7_1_names), EBX(ABI_HEX), ECX(ABI_HEX),
     EDX_FLAGS(edx_7_1_names));
LEAF(leaf_7_2, "0x7.2",
     EAX(ABI_HEX), EBX(ABI_HEX), ECX(ABI_HEX),
     EDX_FLAGS(edx_7_2_names));
LEAF(leaf_a, "0xa",
     EAX(ABI_HEX), PART("version", 0, 0, 8), PART("counters", 0, 8, 8),
     PART("counter_bits", 0, 16, 8), PART("event_mask_length", 0, 24, 8),
     EBX(ABI_HEX), ECX(ABI_HEX),
     EDX(ABI_HEX), PART("fixed_counters", 12, 0, 5),
     PART("fixed_counter_bits", 12, 5, 8));
LEAF(leaf_d_0, "0xd.0",
     EAX_FLAGS(abi_names_xfeatures), EBX(ABI_DEC), ECX(ABI_DEC),
     EDX(ABI_HEX));
LEAF(leaf_d_1, "0xd.1",
     EAX_FLAGS(eax_d_1_names), EBX(ABI_DEC),
     ECX_FLAGS(abi_names_xfeatures), EDX(ABI_HEX));
LEAF(leaf_hypervisor, "hypervisor",
     EAX(ABI_HEX), EBX(ABI_HEX), ECX(ABI_HEX), EDX(ABI_HEX),
     TEXT("signature", 4, 12));
/*
 * The vendor's twelve letters are in EBX, EDX, ECX, in this order, so that no
 * row can show them as they stand: a name where all three are a vendor's.
 */
#define LETTERS(a, b, c, d) \
	((uint64_t)(a) | (uint64_t)(b) << 8 | (c) << 16 | (uint64_t)(d) << 24)
#define VENDOR(variable, ebx_, name_)                                      \
	static const struct abi_name variable##_list[] = {                 \
		{ .value = (ebx_), .name = (name_) },                      \
	};                                                                 \
	static ABI_NAMES(variable##_names, "CPUID 0", variable##_list);    \
	static const struct abi_field variable##_fields[] = {              \
		ABI_AT(ABI_ENUM, "vendor", 0, 4,                           \
		       .names = &variable##_names),                        \
	};                                                                 \
	static ABI_TYPE(variable, "cpuid.vendor." #variable, 4,            \
			variable##_fields)
VENDOR(amd, LETTERS('A', 'u', 't', 'h'), "AuthenticAMD");
VENDOR(centaur, LETTERS('C', 'e', 'n', 't'), "CentaurHauls");
VENDOR(hygon, LETTERS('H', 'y', 'g', 'o'), "HygonGenuine");
VENDOR(intel, LETTERS('G', 'e', 'n', 'u'), "GenuineIntel");

static const struct abi_arm vendor_arms[] = {
	{ LETTERS('e', 'n', 't', 'i') << 32 | LETTERS('c', 'A', 'M', 'D'),
	  NULL, &amd },
	{ LETTERS('a', 'u', 'r', 'H') << 32 | LETTERS('a', 'u', 'l', 's'),
	  NULL, &centaur },
	{ LETTERS('n', 'G', 'e', 'n') << 32 | LETTERS('u', 'i', 'n', 'e'),
	  NULL, &hygon },
	{ LETTERS('i', 'n', 'e', 'I') << 32 | LETTERS('n', 't', 'e', 'l'),
	  NULL, &intel },
};
static ABI_ARMS(vendor_union, 8, 8, vendor_arms, NULL);
LEAF(leaf_vendor, "vendor",
     EAX(ABI_HEX), EBX(ABI_HEX), ECX(ABI_HEX), EDX(ABI_HEX),
     ABI_AT(ABI_UNION, "vendor", 4, 4, .is_view = true,
	    .arms = &vendor_union));
LEAF(leaf_kvm, "kvm",
     EAX_FLAGS(kvm_feature_names), EBX(ABI_HEX), ECX(ABI_HEX),
     EDX_FLAGS(kvm_hint_names));
LEAF(leaf_80000001, "0x80000001",
     EAX(ABI_HEX), EBX(ABI_HEX), ECX_FLAGS(ecx_80000001_names),
     EDX_FLAGS(edx_80000001_names));
LEAF(leaf_brand, "brand",
     EAX(ABI_HEX), EBX(ABI_HEX), ECX(ABI_HEX), EDX(ABI_HEX),
     TEXT("brand", 0, 16));
LEAF(leaf_80000007, "0x80000007",
     EAX(ABI_HEX), EBX(ABI_HEX), ECX(ABI_HEX),
     EDX_FLAGS(edx_80000007_names));
LEAF(leaf_80000008, "0x80000008",
     EAX(ABI_HEX), PART("physical_bits", 0, 0, 8), PART("linear_bits", 0, 8, 8),
     PART("guest_physical_bits", 0, 16, 8), EBX_FLAGS(ebx_80000008_names),
     ECX(ABI_HEX), EDX(ABI_HEX));
LEAF(leaf_8000000a, "0x8000000a",
     EAX(ABI_HEX), EBX(ABI_DEC), ECX(ABI_HEX),
     EDX_FLAGS(edx_8000000a_names));
LEAF(leaf_8000001f, "0x8000001f",
     EAX_FLAGS(eax_8000001f_names), EBX(ABI_HEX), PART("c_bit", 4, 0, 6),
     PART("reduced_bits", 4, 6, 6), ECX(ABI_DEC), EDX(ABI_DEC));
LEAF(leaf_80000021, "0x80000021",
     EAX_FLAGS(eax_80000021_names), EBX(ABI_HEX), ECX(ABI_HEX),
     EDX(ABI_HEX));
LEAF(leaf_hyperv_features, "hyperv_features",
     EAX_FLAGS(hyperv_privilege_names), EBX(ABI_HEX),
     ECX(ABI_HEX), EDX(ABI_HEX));
LEAF(leaf_hyperv_hints, "hyperv_hints",
     EAX_FLAGS(hyperv_hint_names), EBX(ABI_HEX),
     ECX(ABI_HEX), EDX(ABI_HEX));

/* Function in the lower half, index in the upper one. */
#define INDEXED(function, index) ((uint64_t)(index) << 32 | (function))

static const struct abi_arm leaf_arms[] = {
	{ 0x0, NULL, &leaf_vendor },
	{ 0x1, NULL, &leaf_1 },
	{ 0x6, NULL, &leaf_6 },
	{ INDEXED(0x7, 0), NULL, &leaf_7_0 },
	{ INDEXED(0x7, 1), NULL, &leaf_7_1 },
	{ INDEXED(0x7, 2), NULL, &leaf_7_2 },
	{ 0xa, NULL, &leaf_a },
	{ INDEXED(0xd, 0), NULL, &leaf_d_0 },
	{ INDEXED(0xd, 1), NULL, &leaf_d_1 },
	{ KVM_CPUID_SIGNATURE, NULL, &leaf_hypervisor },
	{ KVM_CPUID_FEATURES, NULL, &leaf_kvm },
	{ KVM_CPUID_SIGNATURE + 0x100, NULL, &leaf_hypervisor },
	{ KVM_CPUID_FEATURES + 0x100, NULL, &leaf_kvm },
	{ 0x80000000, NULL, &leaf_vendor },
	{ 0x80000001, NULL, &leaf_80000001 },
	{ 0x80000002, NULL, &leaf_brand },
	{ 0x80000003, NULL, &leaf_brand },
	{ 0x80000004, NULL, &leaf_brand },
	{ 0x80000007, NULL, &leaf_80000007 },
	{ 0x80000008, NULL, &leaf_80000008 },
	{ 0x8000000a, NULL, &leaf_8000000a },
	{ 0x8000001f, NULL, &leaf_8000001f },
	{ 0x80000021, NULL, &leaf_80000021 },
};
static ABI_ARMS(entry_union, offsetof(struct kvm_cpuid_entry, function), 4,
		leaf_arms, &leaf_other);
static ABI_ARMS(entry2_union, offsetof(struct kvm_cpuid_entry2, function), 8,
		leaf_arms, &leaf_other);

static const struct abi_arm hyperv_arms[] = {
	{ 0x40000000, NULL, &leaf_hypervisor },
	{ 0x40000003, NULL, &leaf_hyperv_features },
	{ 0x40000004, NULL, &leaf_hyperv_hints },
	{ 0x40000080, NULL, &leaf_hypervisor },
};
static ABI_ARMS(hyperv_union, offsetof(struct kvm_cpuid_entry2, function), 8,
		hyperv_arms, &leaf_other);

/*
 * arch/x86/include/asm/kvm_host.h: kvm_vcpu_ioctl_set_cpuid2() refuses more,
 * kvm_dev_ioctl_get_cpuid() gives no more.
 */
#define KVM_MAX_CPUID_ENTRIES 256

/* KVM_SET_CPUID's old form */

static const struct abi_field entry_fields[] = {
	ABI_MEMBER(ABI_ENUM, struct kvm_cpuid_entry, function,
		   .names = &leaf_names),
	ABI_AT(ABI_UNION, "registers", offsetof(struct kvm_cpuid_entry, eax),
	       16, .arms = &entry_union),
	ABI_MEMBER(ABI_PAD, struct kvm_cpuid_entry, padding),
};
static ABI_TYPE(entry, "kvm_cpuid_entry", sizeof(struct kvm_cpuid_entry),
		entry_fields);

static const struct abi_field cpuid_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_cpuid, nent),
	ABI_MEMBER(ABI_PAD, struct kvm_cpuid, padding),
	ABI_TAIL_TO(ABI_STRUCT, struct kvm_cpuid, entries, nent,
		    KVM_MAX_CPUID_ENTRIES, .type = &entry),
};
ABI_TYPE(abi_type_cpuid, "kvm_cpuid", sizeof(struct kvm_cpuid), cpuid_fields);

/* The form of all other requests, and with Hyper-V's leaves */

#define ENTRY2(kind_, member, ...) \
	ABI_MEMBER(kind_, struct kvm_cpuid_entry2, member, ##__VA_ARGS__)
#define ENTRY2_FIELDS(names_, union_)                                      \
	ENTRY2(ABI_ENUM, function, .names = &names_),                      \
	ENTRY2(ABI_DEC, index),                                            \
	ENTRY2(ABI_FLAGS, flags, .names = &flag_names),         \
	ABI_AT(ABI_UNION, "registers",                                     \
	       offsetof(struct kvm_cpuid_entry2, eax), 16, .arms = &union_), \
	ABI_BLOB(ABI_PAD, struct kvm_cpuid_entry2, padding)

static const struct abi_field entry2_fields[] = {
	ENTRY2_FIELDS(leaf_names, entry2_union),
};
static ABI_TYPE(entry2, "kvm_cpuid_entry2", sizeof(struct kvm_cpuid_entry2),
		entry2_fields);

static const struct abi_field hyperv_entry_fields[] = {
	ENTRY2_FIELDS(hyperv_leaf_names, hyperv_union),
};
static ABI_TYPE(hyperv_entry, "kvm_cpuid_entry2",
		sizeof(struct kvm_cpuid_entry2), hyperv_entry_fields);

static const struct abi_field cpuid2_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_cpuid2, nent),
	ABI_MEMBER(ABI_PAD, struct kvm_cpuid2, padding),
	ABI_TAIL_TO(ABI_STRUCT, struct kvm_cpuid2, entries, nent,
		    KVM_MAX_CPUID_ENTRIES, .type = &entry2),
};
ABI_TYPE(abi_type_cpuid2, "kvm_cpuid2", sizeof(struct kvm_cpuid2),
	 cpuid2_fields);

static const struct abi_field cpuid2_hyperv_fields[] = {
	ABI_MEMBER(ABI_DEC, struct kvm_cpuid2, nent),
	ABI_MEMBER(ABI_PAD, struct kvm_cpuid2, padding),
	ABI_TAIL_TO(ABI_STRUCT, struct kvm_cpuid2, entries, nent,
		    KVM_MAX_CPUID_ENTRIES, .type = &hyperv_entry),
};
ABI_TYPE(abi_type_cpuid2_hyperv, "kvm_cpuid2", sizeof(struct kvm_cpuid2),
	 cpuid2_hyperv_fields);
