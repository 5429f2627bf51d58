/*
 * Model-specific registers: the architectural ones, those that KVM saves with
 * a vCPU, KVM's own and Hyper-V's; and the bits of those few that matter to a
 * hypervisor. Intel's names where Intel has the register.
 *
 * Sources: Intel SDM vol. 4; AMD APM vol. 2 appendix A; <asm/kvm_para.h>;
 * Documentation/virt/kvm/x86/msr.rst; Hyper-V top level functional
 * specification, appendix C; the lists of MSRs in arch/x86/kvm/x86.c.
 */
#include <asm/kvm_para.h>

#include "abi/compat.h"
#include "abi/tables.h"

#define MSR(value_, name_) { .value = (value_), .name = (name_) }
#define MSR_TEXT(value_, name_, text_) \
	{ .value = (value_), .name = (name_), .text = (text_) }

/* Registers in rows of equal ones. */
#define BANK(n)                                                            \
	MSR(0x400 + 4 * (n), "IA32_MC" #n "_CTL"),                         \
	MSR(0x401 + 4 * (n), "IA32_MC" #n "_STATUS"),                      \
	MSR(0x402 + 4 * (n), "IA32_MC" #n "_ADDR"),                        \
	MSR(0x403 + 4 * (n), "IA32_MC" #n "_MISC")
#define MTRR(n)                                                            \
	MSR(0x200 + 2 * (n), "IA32_MTRR_PHYSBASE" #n),                     \
	MSR(0x201 + 2 * (n), "IA32_MTRR_PHYSMASK" #n)
#define COUNTER(n)                                                         \
	MSR(0x0c1 + (n), "IA32_PMC" #n),                                   \
	MSR(0x186 + (n), "IA32_PERFEVTSEL" #n),                            \
	MSR(0x4c1 + (n), "IA32_A_PMC" #n)
#define AMD_COUNTER(n)                                                     \
	MSR(0xc0010200 + 2 * (n), "CORE_PERF_CTL" #n),                     \
	MSR(0xc0010201 + 2 * (n), "CORE_PERF_CTR" #n)
#define TRACE_RANGE(n)                                                     \
	MSR(0x580 + 2 * (n), "IA32_RTIT_ADDR" #n "_A"),                    \
	MSR(0x581 + 2 * (n), "IA32_RTIT_ADDR" #n "_B")
#define X2APIC_EIGHT(offset_, name_)                                       \
	MSR(0x800 + (offset_), name_ "0"), MSR(0x801 + (offset_), name_ "1"), \
	MSR(0x802 + (offset_), name_ "2"), MSR(0x803 + (offset_), name_ "3"), \
	MSR(0x804 + (offset_), name_ "4"), MSR(0x805 + (offset_), name_ "5"), \
	MSR(0x806 + (offset_), name_ "6"), MSR(0x807 + (offset_), name_ "7")
/* Branches that KVM saves: MSR_LBR_NHM_FROM … in <asm/msr-index.h> */
#define BRANCH(n)                                                          \
	MSR(0x680 + (n), "LASTBRANCH_" #n "_FROM_IP"),                     \
	MSR(0x6c0 + (n), "LASTBRANCH_" #n "_TO_IP"),                       \
	MSR(0xdc0 + (n), "LBR_INFO_" #n)
#define SINT(n) MSR(0x40000090 + (n), "HV_X64_MSR_SINT" #n)
#define STIMER(n)                                                          \
	MSR(0x400000b0 + 2 * (n), "HV_X64_MSR_STIMER" #n "_CONFIG"),       \
	MSR(0x400000b1 + 2 * (n), "HV_X64_MSR_STIMER" #n "_COUNT")

static const struct abi_name msrs[] = {
	/* Those that a small hypervisor meets come first. */
	MSR_TEXT(0xc0000080, "IA32_EFER", "long mode, SYSCALL and no-execute"),
	MSR_TEXT(0xc0000081, "IA32_STAR", "segments of SYSCALL and SYSRET"),
	MSR_TEXT(0xc0000082, "IA32_LSTAR", "where SYSCALL goes to in long mode"),
	MSR_TEXT(0xc0000083, "IA32_CSTAR", "where SYSCALL goes to in compatibility mode"),
	MSR_TEXT(0xc0000084, "IA32_FMASK", "flags that SYSCALL clears"),
	MSR_TEXT(0xc0000100, "IA32_FS_BASE", "base of FS in long mode"),
	MSR_TEXT(0xc0000101, "IA32_GS_BASE", "base of GS in long mode"),
	MSR_TEXT(0xc0000102, "IA32_KERNEL_GS_BASE", "what SWAPGS exchanges with the base of GS"),
	MSR_TEXT(0xc0000103, "IA32_TSC_AUX", "what RDTSCP and RDPID tell"),
	MSR_TEXT(0xc0000104, "TSC_RATIO", "AMD: how the guest's time stamp counter is scaled"),
	MSR_TEXT(0x10, "IA32_TIME_STAMP_COUNTER", "cycles since reset"),
	MSR_TEXT(0x1b, "IA32_APIC_BASE", "address and mode of the local APIC"),
	MSR_TEXT(0x3a, "IA32_FEATURE_CONTROL", "whether the firmware allowed VMX"),
	MSR_TEXT(0x3b, "IA32_TSC_ADJUST", "what is added to the time stamp counter"),
	MSR_TEXT(0x48, "IA32_SPEC_CTRL", "limits of speculation"),
	MSR_TEXT(0x49, "IA32_PRED_CMD", "flushes branch prediction when written"),
	MSR_TEXT(0x174, "IA32_SYSENTER_CS", "code segment of SYSENTER"),
	MSR_TEXT(0x175, "IA32_SYSENTER_ESP", "stack of SYSENTER"),
	MSR_TEXT(0x176, "IA32_SYSENTER_EIP", "where SYSENTER goes to"),
	MSR_TEXT(0x1a0, "IA32_MISC_ENABLE", "processor features that can be turned off"),
	MSR_TEXT(0x277, "IA32_PAT", "memory types by page attribute"),
	MSR_TEXT(0x2ff, "IA32_MTRR_DEF_TYPE", "memory type outside of all MTRRs"),
	MSR_TEXT(0x6e0, "IA32_TSC_DEADLINE", "when the local APIC's timer fires"),
	MSR_TEXT(0xda0, "IA32_XSS", "supervisor components of XSAVES"),

	/* KVM's: Documentation/virt/kvm/x86/msr.rst */
	MSR_TEXT(MSR_KVM_WALL_CLOCK, "MSR_KVM_WALL_CLOCK",
		 "the old number of MSR_KVM_WALL_CLOCK_NEW"),
	MSR_TEXT(MSR_KVM_SYSTEM_TIME, "MSR_KVM_SYSTEM_TIME",
		 "the old number of MSR_KVM_SYSTEM_TIME_NEW"),
	MSR_TEXT(MSR_KVM_WALL_CLOCK_NEW, "MSR_KVM_WALL_CLOCK_NEW",
		 "guest page that gets the time of boot"),
	MSR_TEXT(MSR_KVM_SYSTEM_TIME_NEW, "MSR_KVM_SYSTEM_TIME_NEW",
		 "guest page of the vCPU's paravirtual clock"),
	MSR_TEXT(MSR_KVM_ASYNC_PF_EN, "MSR_KVM_ASYNC_PF_EN",
		 "guest page where missing pages are announced"),
	MSR_TEXT(MSR_KVM_STEAL_TIME, "MSR_KVM_STEAL_TIME",
		 "guest page that tells how long the vCPU had to wait"),
	MSR_TEXT(MSR_KVM_PV_EOI_EN, "MSR_KVM_PV_EOI_EN",
		 "guest page where interrupts are ended without an exit"),
	MSR_TEXT(MSR_KVM_POLL_CONTROL, "MSR_KVM_POLL_CONTROL",
		 "whether KVM polls when the vCPU halts"),
	MSR_TEXT(MSR_KVM_ASYNC_PF_INT, "MSR_KVM_ASYNC_PF_INT",
		 "interrupt that says that a page is there"),
	MSR_TEXT(MSR_KVM_ASYNC_PF_ACK, "MSR_KVM_ASYNC_PF_ACK", "lets the next such interrupt come"),
	MSR_TEXT(MSR_KVM_MIGRATION_CONTROL, "MSR_KVM_MIGRATION_CONTROL",
		 "whether an encrypted guest may be migrated"),

	/* Intel and common, by number */
	MSR(0x00, "IA32_P5_MC_ADDR"), MSR(0x01, "IA32_P5_MC_TYPE"),
	MSR(0x06, "IA32_MONITOR_FILTER_SIZE"), MSR(0x17, "IA32_PLATFORM_ID"),
	MSR(0x2a, "EBL_CR_POWERON"), MSR(0x33, "TEST_CTRL"),
	MSR(0x34, "SMI_COUNT"), MSR(0x35, "CORE_THREAD_COUNT"),
	MSR(0x79, "IA32_BIOS_UPDT_TRIG"),
	MSR(0x8b, "IA32_BIOS_SIGN_ID"), MSR(0x8c, "IA32_SGXLEPUBKEYHASH0"),
	MSR(0x8d, "IA32_SGXLEPUBKEYHASH1"), MSR(0x8e, "IA32_SGXLEPUBKEYHASH2"),
	MSR(0x8f, "IA32_SGXLEPUBKEYHASH3"), MSR(0x9b, "IA32_SMM_MONITOR_CTL"),
	MSR(0x9e, "IA32_SMBASE"), MSR(0xcd, "FSB_FREQ"),
	MSR(0xce, "PLATFORM_INFO"), MSR(0xcf, "IA32_CORE_CAPABILITIES"),
	MSR(0xe1, "IA32_UMWAIT_CONTROL"), MSR(0xe2, "PKG_CST_CONFIG_CONTROL"),
	MSR(0xe7, "IA32_MPERF"), MSR(0xe8, "IA32_APERF"),
	MSR(0xfe, "IA32_MTRRCAP"), MSR(0x10a, "IA32_ARCH_CAPABILITIES"),
	MSR(0x10b, "IA32_FLUSH_CMD"), MSR(0x119, "BBL_CR_CTL"),
	MSR(0x11e, "BBL_CR_CTL3"), MSR(0x122, "IA32_TSX_CTRL"),
	MSR(0x123, "IA32_MCU_OPT_CTRL"),
	MSR(0x140, "MISC_FEATURES_ENABLES"), MSR(0x179, "IA32_MCG_CAP"),
	MSR(0x17a, "IA32_MCG_STATUS"), MSR(0x17b, "IA32_MCG_CTL"),
	MSR(0x198, "IA32_PERF_STATUS"), MSR(0x199, "IA32_PERF_CTL"),
	MSR(0x19a, "IA32_CLOCK_MODULATION"), MSR(0x19b, "IA32_THERM_INTERRUPT"),
	MSR(0x19c, "IA32_THERM_STATUS"), MSR(0x1a2, "TEMPERATURE_TARGET"),
	MSR(0x1a4, "MISC_FEATURE_CONTROL"), MSR(0x1a6, "OFFCORE_RSP_0"),
	MSR(0x1a7, "OFFCORE_RSP_1"), MSR(0x1ad, "TURBO_RATIO_LIMIT"),
	MSR(0x1b0, "IA32_ENERGY_PERF_BIAS"), MSR(0x1c4, "IA32_XFD"),
	MSR(0x1c5, "IA32_XFD_ERR"), MSR(0x1c8, "LBR_SELECT"),
	MSR(0x1c9, "LASTBRANCH_TOS"), MSR(0x1cc, "IA32_FRED_RSP0"),
	MSR(0x1cd, "IA32_FRED_RSP1"), MSR(0x1ce, "IA32_FRED_RSP2"),
	MSR(0x1cf, "IA32_FRED_RSP3"), MSR(0x1d0, "IA32_FRED_STKLVLS"),
	MSR(0x1d1, "IA32_FRED_SSP1"), MSR(0x1d2, "IA32_FRED_SSP2"),
	MSR(0x1d3, "IA32_FRED_SSP3"), MSR(0x1d4, "IA32_FRED_CONFIG"),
	MSR(0x1d7, "LER_FROM_LIP"), MSR(0x1d8, "LER_TO_LIP"),
	MSR(0x1d9, "IA32_DEBUGCTL"), MSR(0x1db, "LASTBRANCHFROMIP"),
	MSR(0x1dc, "LASTBRANCHTOIP"), MSR(0x1dd, "LASTINTFROMIP"),
	MSR(0x1de, "LASTINTTOIP"), MSR(0x1f2, "IA32_SMRR_PHYSBASE"),
	MSR(0x1f3, "IA32_SMRR_PHYSMASK"), MSR(0x1fc, "POWER_CTL"),
	MTRR(0), MTRR(1), MTRR(2), MTRR(3), MTRR(4), MTRR(5), MTRR(6), MTRR(7),
	MTRR(8), MTRR(9),
	MSR(0x250, "IA32_MTRR_FIX64K_00000"), MSR(0x258, "IA32_MTRR_FIX16K_80000"),
	MSR(0x259, "IA32_MTRR_FIX16K_A0000"), MSR(0x268, "IA32_MTRR_FIX4K_C0000"),
	MSR(0x269, "IA32_MTRR_FIX4K_C8000"), MSR(0x26a, "IA32_MTRR_FIX4K_D0000"),
	MSR(0x26b, "IA32_MTRR_FIX4K_D8000"), MSR(0x26c, "IA32_MTRR_FIX4K_E0000"),
	MSR(0x26d, "IA32_MTRR_FIX4K_E8000"), MSR(0x26e, "IA32_MTRR_FIX4K_F0000"),
	MSR(0x26f, "IA32_MTRR_FIX4K_F8000"),
	MSR(0x300, "P4_BPU_PERFCTR0"),
	MSR(0x309, "IA32_FIXED_CTR0"), MSR(0x30a, "IA32_FIXED_CTR1"),
	MSR(0x30b, "IA32_FIXED_CTR2"), MSR(0x30c, "IA32_FIXED_CTR3"),
	MSR(0x329, "IA32_PERF_METRICS"), MSR(0x345, "IA32_PERF_CAPABILITIES"),
	MSR(0x38d, "IA32_FIXED_CTR_CTRL"), MSR(0x38e, "IA32_PERF_GLOBAL_STATUS"),
	MSR(0x38f, "IA32_PERF_GLOBAL_CTRL"),
	MSR(0x390, "IA32_PERF_GLOBAL_STATUS_RESET"),
	MSR(0x391, "IA32_PERF_GLOBAL_STATUS_SET"),
	MSR(0x392, "IA32_PERF_GLOBAL_INUSE"), MSR(0x3f1, "IA32_PEBS_ENABLE"),
	MSR(0x3f2, "PEBS_DATA_CFG"), MSR(0x3f6, "PEBS_LD_LAT"),
	MSR(0x3f7, "PEBS_FRONTEND"), MSR(0x3f8, "PKG_C3_RESIDENCY"),
	MSR(0x3f9, "PKG_C6_RESIDENCY"), MSR(0x3fa, "PKG_C7_RESIDENCY"),
	MSR(0x3fc, "CORE_C3_RESIDENCY"), MSR(0x3fd, "CORE_C6_RESIDENCY"),
	MSR(0x3fe, "CORE_C7_RESIDENCY"),
	COUNTER(0), COUNTER(1), COUNTER(2), COUNTER(3), COUNTER(4), COUNTER(5),
	COUNTER(6), COUNTER(7),
	BANK(0), BANK(1), BANK(2), BANK(3), BANK(4), BANK(5), BANK(6), BANK(7),
	BANK(8), BANK(9), BANK(10), BANK(11), BANK(12), BANK(13), BANK(14),
	BANK(15), BANK(16), BANK(17), BANK(18), BANK(19), BANK(20), BANK(21),
	BANK(22), BANK(23), BANK(24), BANK(25), BANK(26), BANK(27), BANK(28),
	BANK(29), BANK(30), BANK(31),
	MSR(0x480, "IA32_VMX_BASIC"), MSR(0x481, "IA32_VMX_PINBASED_CTLS"),
	MSR(0x482, "IA32_VMX_PROCBASED_CTLS"), MSR(0x483, "IA32_VMX_EXIT_CTLS"),
	MSR(0x484, "IA32_VMX_ENTRY_CTLS"), MSR(0x485, "IA32_VMX_MISC"),
	MSR(0x486, "IA32_VMX_CR0_FIXED0"), MSR(0x487, "IA32_VMX_CR0_FIXED1"),
	MSR(0x488, "IA32_VMX_CR4_FIXED0"), MSR(0x489, "IA32_VMX_CR4_FIXED1"),
	MSR(0x48a, "IA32_VMX_VMCS_ENUM"), MSR(0x48b, "IA32_VMX_PROCBASED_CTLS2"),
	MSR(0x48c, "IA32_VMX_EPT_VPID_CAP"),
	MSR(0x48d, "IA32_VMX_TRUE_PINBASED_CTLS"),
	MSR(0x48e, "IA32_VMX_TRUE_PROCBASED_CTLS"),
	MSR(0x48f, "IA32_VMX_TRUE_EXIT_CTLS"),
	MSR(0x490, "IA32_VMX_TRUE_ENTRY_CTLS"), MSR(0x491, "IA32_VMX_VMFUNC"),
	MSR(0x492, "IA32_VMX_PROCBASED_CTLS3"), MSR(0x493, "IA32_VMX_EXIT_CTLS2"),
	MSR(0x4d0, "IA32_MCG_EXT_CTL"),
	MSR(0x560, "IA32_RTIT_OUTPUT_BASE"),
	MSR(0x561, "IA32_RTIT_OUTPUT_MASK_PTRS"), MSR(0x570, "IA32_RTIT_CTL"),
	MSR(0x571, "IA32_RTIT_STATUS"), MSR(0x572, "IA32_RTIT_CR3_MATCH"),
	TRACE_RANGE(0), TRACE_RANGE(1), TRACE_RANGE(2), TRACE_RANGE(3),
	MSR(0x600, "IA32_DS_AREA"), MSR(0x606, "RAPL_POWER_UNIT"),
	MSR(0x610, "PKG_POWER_LIMIT"), MSR(0x611, "PKG_ENERGY_STATUS"),
	MSR(0x613, "PKG_PERF_STATUS"), MSR(0x614, "PKG_POWER_INFO"),
	MSR(0x618, "DRAM_POWER_LIMIT"), MSR(0x619, "DRAM_ENERGY_STATUS"),
	MSR(0x61b, "DRAM_PERF_STATUS"), MSR(0x61c, "DRAM_POWER_INFO"),
	MSR(0x638, "PP0_POWER_LIMIT"), MSR(0x639, "PP0_ENERGY_STATUS"),
	MSR(0x63a, "PP0_POLICY"), MSR(0x63b, "PP0_PERF_STATUS"),
	MSR(0x640, "PP1_POWER_LIMIT"), MSR(0x641, "PP1_ENERGY_STATUS"),
	MSR(0x642, "PP1_POLICY"), MSR(0x64d, "PLATFORM_ENERGY_STATUS"),
	MSR(0x64e, "PPERF"), MSR(0x64f, "CORE_PERF_LIMIT_REASONS"),
	MSR(0x6a0, "IA32_U_CET"), MSR(0x6a2, "IA32_S_CET"),
	MSR(0x6a4, "IA32_PL0_SSP"), MSR(0x6a5, "IA32_PL1_SSP"),
	MSR(0x6a6, "IA32_PL2_SSP"), MSR(0x6a7, "IA32_PL3_SSP"),
	MSR(0x6a8, "IA32_INTERRUPT_SSP_TABLE_ADDR"), MSR(0x6e1, "IA32_PKRS"),
	MSR(0x770, "IA32_PM_ENABLE"), MSR(0x771, "IA32_HWP_CAPABILITIES"),
	MSR(0x774, "IA32_HWP_REQUEST"), MSR(0xd90, "IA32_BNDCFGS"),
	MSR(0xd93, "IA32_PASID"), MSR(0x14ce, "IA32_LBR_CTL"),
	MSR(0x14cf, "IA32_LBR_DEPTH"),
	BRANCH(0), BRANCH(1), BRANCH(2), BRANCH(3), BRANCH(4), BRANCH(5),
	BRANCH(6), BRANCH(7), BRANCH(8), BRANCH(9), BRANCH(10), BRANCH(11),
	BRANCH(12), BRANCH(13), BRANCH(14), BRANCH(15), BRANCH(16), BRANCH(17),
	BRANCH(18), BRANCH(19), BRANCH(20), BRANCH(21), BRANCH(22), BRANCH(23),
	BRANCH(24), BRANCH(25), BRANCH(26), BRANCH(27), BRANCH(28), BRANCH(29),
	BRANCH(30), BRANCH(31),

	/* The local APIC's registers in x2APIC mode: SDM vol. 3A table 11-6 */
	MSR(0x802, "IA32_X2APIC_APICID"), MSR(0x803, "IA32_X2APIC_VERSION"),
	MSR(0x808, "IA32_X2APIC_TPR"), MSR(0x80a, "IA32_X2APIC_PPR"),
	MSR(0x80b, "IA32_X2APIC_EOI"), MSR(0x80d, "IA32_X2APIC_LDR"),
	MSR(0x80f, "IA32_X2APIC_SIVR"),
	X2APIC_EIGHT(0x10, "IA32_X2APIC_ISR"), X2APIC_EIGHT(0x18, "IA32_X2APIC_TMR"),
	X2APIC_EIGHT(0x20, "IA32_X2APIC_IRR"),
	MSR(0x828, "IA32_X2APIC_ESR"), MSR(0x82f, "IA32_X2APIC_LVT_CMCI"),
	MSR(0x830, "IA32_X2APIC_ICR"), MSR(0x832, "IA32_X2APIC_LVT_TIMER"),
	MSR(0x833, "IA32_X2APIC_LVT_THERMAL"), MSR(0x834, "IA32_X2APIC_LVT_PMI"),
	MSR(0x835, "IA32_X2APIC_LVT_LINT0"), MSR(0x836, "IA32_X2APIC_LVT_LINT1"),
	MSR(0x837, "IA32_X2APIC_LVT_ERROR"), MSR(0x838, "IA32_X2APIC_INIT_COUNT"),
	MSR(0x839, "IA32_X2APIC_CUR_COUNT"), MSR(0x83e, "IA32_X2APIC_DIV_CONF"),
	MSR(0x83f, "IA32_X2APIC_SELF_IPI"),

	/* AMD */
	MSR(0xc00000e7, "MPERF_READONLY"), MSR(0xc00000e8, "APERF_READONLY"),
	MSR(0xc0000300, "PERF_CNTR_GLOBAL_STATUS"),
	MSR(0xc0000301, "PERF_CNTR_GLOBAL_CTL"),
	MSR(0xc0000302, "PERF_CNTR_GLOBAL_STATUS_CLR"),
	MSR(0xc0000303, "PERF_CNTR_GLOBAL_STATUS_SET"),
	MSR(0xc0010000, "PERF_CTL0"), MSR(0xc0010001, "PERF_CTL1"),
	MSR(0xc0010002, "PERF_CTL2"), MSR(0xc0010003, "PERF_CTL3"),
	MSR(0xc0010004, "PERF_CTR0"), MSR(0xc0010005, "PERF_CTR1"),
	MSR(0xc0010006, "PERF_CTR2"), MSR(0xc0010007, "PERF_CTR3"),
	MSR(0xc0010010, "SYSCFG"), MSR(0xc0010015, "HWCR"),
	MSR(0xc0010016, "IORR_BASE0"), MSR(0xc0010017, "IORR_MASK0"),
	MSR(0xc0010018, "IORR_BASE1"), MSR(0xc0010019, "IORR_MASK1"),
	MSR(0xc001001a, "TOP_MEM"), MSR(0xc001001d, "TOP_MEM2"),
	MSR(0xc001001f, "NB_CFG"), MSR(0xc0010020, "PATCH_LOADER"),
	MSR(0xc0010055, "INT_PENDING"), MSR(0xc0010058, "MMIO_CFG_BASE"),
	MSR(0xc0010061, "PSTATE_CURRENT_LIMIT"), MSR(0xc0010062, "PSTATE_CONTROL"),
	MSR(0xc0010063, "PSTATE_STATUS"), MSR(0xc0010064, "PSTATE0"),
	MSR(0xc0010111, "SMBASE"), MSR(0xc0010112, "SMM_ADDR"),
	MSR(0xc0010113, "SMM_MASK"), MSR(0xc0010114, "VM_CR"),
	MSR(0xc0010115, "IGNNE"), MSR(0xc0010116, "SMM_CTL"),
	MSR(0xc0010117, "VM_HSAVE_PA"), MSR(0xc0010118, "SVM_LOCK_KEY"),
	MSR(0xc001011e, "VM_PAGE_FLUSH"), MSR(0xc001011f, "VIRT_SPEC_CTRL"),
	MSR(0xc0010130, "GHCB"), MSR(0xc0010131, "SEV_STATUS"),
	MSR(0xc0010140, "OSVW_ID_LENGTH"), MSR(0xc0010141, "OSVW_STATUS"),
	AMD_COUNTER(0), AMD_COUNTER(1), AMD_COUNTER(2), AMD_COUNTER(3),
	AMD_COUNTER(4), AMD_COUNTER(5),
	MSR(0xc0010299, "RAPL_PWR_UNIT"), MSR(0xc001029a, "CORE_ENERGY_STAT"),
	MSR(0xc001029b, "PKG_ENERGY_STAT"), MSR(0xc0011019, "DR1_ADDR_MASK"),
	MSR(0xc001101a, "DR2_ADDR_MASK"), MSR(0xc001101b, "DR3_ADDR_MASK"),
	MSR(0xc0011020, "LS_CFG"), MSR(0xc0011027, "DR0_ADDR_MASK"),
	MSR(0xc0011021, "IC_CFG"), MSR(0xc0011022, "DC_CFG"),
	MSR(0xc0011023, "BU_CFG"), MSR(0xc0011029, "DE_CFG"),
	MSR(0xc001102a, "BU_CFG2"), MSR(0xc001102c, "EX_CFG"),

	/* Hyper-V's */
	MSR(0x40000000, "HV_X64_MSR_GUEST_OS_ID"), MSR(0x40000001, "HV_X64_MSR_HYPERCALL"),
	MSR(0x40000002, "HV_X64_MSR_VP_INDEX"), MSR(0x40000003, "HV_X64_MSR_RESET"),
	MSR(0x40000010, "HV_X64_MSR_VP_RUNTIME"),
	MSR(0x40000020, "HV_X64_MSR_TIME_REF_COUNT"),
	MSR(0x40000021, "HV_X64_MSR_REFERENCE_TSC"),
	MSR(0x40000022, "HV_X64_MSR_TSC_FREQUENCY"),
	MSR(0x40000023, "HV_X64_MSR_APIC_FREQUENCY"),
	MSR(0x40000070, "HV_X64_MSR_EOI"), MSR(0x40000071, "HV_X64_MSR_ICR"),
	MSR(0x40000072, "HV_X64_MSR_TPR"), MSR(0x40000073, "HV_X64_MSR_VP_ASSIST_PAGE"),
	MSR(0x40000080, "HV_X64_MSR_SCONTROL"), MSR(0x40000081, "HV_X64_MSR_SVERSION"),
	MSR(0x40000082, "HV_X64_MSR_SIEFP"), MSR(0x40000083, "HV_X64_MSR_SIMP"),
	MSR(0x40000084, "HV_X64_MSR_EOM"),
	SINT(0), SINT(1), SINT(2), SINT(3), SINT(4), SINT(5), SINT(6), SINT(7),
	SINT(8), SINT(9), SINT(10), SINT(11), SINT(12), SINT(13), SINT(14), SINT(15),
	STIMER(0), STIMER(1), STIMER(2), STIMER(3),
	MSR(0x400000f0, "HV_X64_MSR_GUEST_IDLE"),
	MSR(0x400000f1, "HV_X64_MSR_SYNDBG_CONTROL"),
	MSR(0x400000f2, "HV_X64_MSR_SYNDBG_STATUS"),
	MSR(0x400000f3, "HV_X64_MSR_SYNDBG_SEND_BUFFER"),
	MSR(0x400000f4, "HV_X64_MSR_SYNDBG_RECV_BUFFER"),
	MSR(0x400000f5, "HV_X64_MSR_SYNDBG_PENDING_BUFFER"),
	MSR(0x400000ff, "HV_X64_MSR_SYNDBG_OPTIONS"),
	MSR(0x40000100, "HV_X64_MSR_CRASH_P0"), MSR(0x40000101, "HV_X64_MSR_CRASH_P1"),
	MSR(0x40000102, "HV_X64_MSR_CRASH_P2"), MSR(0x40000103, "HV_X64_MSR_CRASH_P3"),
	MSR(0x40000104, "HV_X64_MSR_CRASH_P4"), MSR(0x40000105, "HV_X64_MSR_CRASH_CTL"),
	MSR(0x40000106, "HV_X64_MSR_REENLIGHTENMENT_CONTROL"),
	MSR(0x40000107, "HV_X64_MSR_TSC_EMULATION_CONTROL"),
	MSR(0x40000108, "HV_X64_MSR_TSC_EMULATION_STATUS"),
	MSR(0x40000118, "HV_X64_MSR_TSC_INVARIANT_CONTROL"),
};
ABI_NAMES(abi_names_msrs, "MSR", msrs);

/* What is in them */

#define BIT(number, name_) { .value = 1ull << (number), .name = (name_) }
#define FLAGS(variable, family_)                                           \
	static ABI_NAMES(variable##_names, family_, variable##_bits);      \
	DATA(variable, variable##_names)
#define DATA(variable, names_)                                             \
	static const struct abi_field variable##_fields[] = {              \
		ABI_AT(ABI_FLAGS, "data", 0, 8, .names = &names_),         \
	};                                                                 \
	static ABI_TYPE(variable, "msr." #variable, 8, variable##_fields)

/* Flags below, or above, another member. */
#define DATA_WITH(variable, names_, ...)                                   \
	static const struct abi_field variable##_fields[] = {              \
		ABI_AT(ABI_FLAGS, "data", 0, 8, .names = &names_),         \
		__VA_ARGS__                                                \
	};                                                                 \
	static ABI_TYPE(variable, "msr." #variable, 8, variable##_fields)

DATA_WITH(apic_base, abi_names_apic_base, ABI_GPA_BITS("gpa", 0, 12, 40));

static const struct abi_name feature_control_bits[] = {
	BIT(0, "LOCK"), BIT(1, "VMX_IN_SMX"), BIT(2, "VMX"),
	BIT(15, "SENTER"), BIT(17, "SGX_LC"), BIT(18, "SGX"), BIT(20, "LMCE"),
};
FLAGS(feature_control, "IA32_FEATURE_CONTROL");

static const struct abi_name spec_ctrl_bits[] = {
	BIT(0, "IBRS"), BIT(1, "STIBP"), BIT(2, "SSBD"), BIT(3, "IPRED_DIS_U"),
	BIT(4, "IPRED_DIS_S"), BIT(5, "RRSBA_DIS_U"), BIT(6, "RRSBA_DIS_S"),
	BIT(7, "PSFD"), BIT(8, "DDPD_U"), BIT(10, "BHI_DIS_S"),
};
FLAGS(spec_ctrl, "IA32_SPEC_CTRL");

static const struct abi_name arch_capabilities_bits[] = {
	BIT(0, "RDCL_NO"), BIT(1, "IBRS_ALL"), BIT(2, "RSBA"),
	BIT(3, "SKIP_L1DFL_VMENTRY"), BIT(4, "SSB_NO"), BIT(5, "MDS_NO"),
	BIT(6, "PSCHANGE_MC_NO"), BIT(7, "TSX_CTRL"), BIT(8, "TAA_NO"),
	BIT(9, "MCU_CONTROL"), BIT(10, "MISC_PACKAGE_CTLS"),
	BIT(11, "ENERGY_FILTERING_CTL"), BIT(12, "DOITM"), BIT(13, "SBDR_SSDP_NO"),
	BIT(14, "FBSDP_NO"), BIT(15, "PSDP_NO"), BIT(17, "FB_CLEAR"),
	BIT(18, "FB_CLEAR_CTRL"), BIT(19, "RRSBA"), BIT(20, "BHI_NO"),
	BIT(21, "XAPIC_DISABLE_STATUS"), BIT(23, "OVERCLOCKING_STATUS"),
	BIT(24, "PBRSB_NO"), BIT(25, "GDS_CTRL"), BIT(26, "GDS_NO"),
	BIT(27, "RFDS_NO"), BIT(28, "RFDS_CLEAR"), BIT(62, "ITS_NO"),
};
FLAGS(arch_capabilities, "IA32_ARCH_CAPABILITIES");

static const struct abi_name misc_enable_bits[] = {
	BIT(0, "FAST_STRING"), BIT(3, "TCC"), BIT(7, "PERFMON"),
	BIT(11, "BTS_UNAVAILABLE"), BIT(12, "PEBS_UNAVAILABLE"),
	BIT(16, "ENHANCED_SPEEDSTEP"), BIT(18, "MONITOR"),
	BIT(22, "LIMIT_CPUID"), BIT(23, "XTPR_DISABLE"), BIT(34, "XD_DISABLE"),
};
FLAGS(misc_enable, "IA32_MISC_ENABLE");

/* The lowest byte is the memory type. */
static const struct abi_name mtrr_def_type_bits[] = {
	{ .value = 0, .mask = 0xff, .name = "UC" },
	{ .value = 1, .mask = 0xff, .name = "WC" },
	{ .value = 4, .mask = 0xff, .name = "WT" },
	{ .value = 5, .mask = 0xff, .name = "WP" },
	{ .value = 6, .mask = 0xff, .name = "WB" },
	BIT(10, "FE"), BIT(11, "E"),
};
FLAGS(mtrr_def_type, "IA32_MTRR_DEF_TYPE");

/* SDM vol. 3A 12.11.2: a type, or a bit, beside an address */
static const struct abi_name mtrr_base_bits[] = {
	{ .value = 0, .mask = 0xff, .name = "UC" },
	{ .value = 1, .mask = 0xff, .name = "WC" },
	{ .value = 4, .mask = 0xff, .name = "WT" },
	{ .value = 5, .mask = 0xff, .name = "WP" },
	{ .value = 6, .mask = 0xff, .name = "WB" },
};
static ABI_NAMES_AROUND(mtrr_base_names, "IA32_MTRR_PHYSBASEn", mtrr_base_bits,
			0xffffffffff000);
DATA_WITH(mtrr_base, mtrr_base_names, ABI_GPA_BITS("gpa", 0, 12, 40));

static const struct abi_name mtrr_mask_bits[] = { BIT(11, "V") };
static ABI_NAMES_AROUND(mtrr_mask_names, "IA32_MTRR_PHYSMASKn", mtrr_mask_bits,
			0xffffffffff000);
DATA(mtrr_mask, mtrr_mask_names);

static const struct abi_name mtrr_cap_bits[] = {
	BIT(8, "FIX"), BIT(10, "WC"), BIT(11, "SMRR"), BIT(12, "PRMRR"),
};
static ABI_NAMES_AROUND(mtrr_cap_names, "IA32_MTRRCAP", mtrr_cap_bits, 0xff);
DATA_WITH(mtrr_cap, mtrr_cap_names,
	  ABI_BITFIELD("ranges", 0, 8, 0, 8, .is_view = true));

/* SDM vol. 3A 12.11.2.2: eight ranges, a byte each */
#define FIXED(n)                                                           \
	{ 0ull << 8 * (n), "RANGE" #n "=UC", 0xffull << 8 * (n), NULL },   \
	{ 1ull << 8 * (n), "RANGE" #n "=WC", 0xffull << 8 * (n), NULL },   \
	{ 4ull << 8 * (n), "RANGE" #n "=WT", 0xffull << 8 * (n), NULL },   \
	{ 5ull << 8 * (n), "RANGE" #n "=WP", 0xffull << 8 * (n), NULL },   \
	{ 6ull << 8 * (n), "RANGE" #n "=WB", 0xffull << 8 * (n), NULL }

static const struct abi_name mtrr_fixed_bits[] = {
	FIXED(0), FIXED(1), FIXED(2), FIXED(3), FIXED(4), FIXED(5), FIXED(6),
	FIXED(7),
};
FLAGS(mtrr_fixed, "IA32_MTRR_FIX*");

/* SDM vol. 3B 20.2.1.1, 20.2.2 and 20.2.4; AMD has 4 more bits of the event */
static const struct abi_name event_select_bits[] = {
	BIT(16, "USR"), BIT(17, "OS"), BIT(18, "E"), BIT(19, "PC"),
	BIT(20, "INT"), BIT(21, "ANY"), BIT(22, "EN"), BIT(23, "INV"),
	BIT(32, "IN_TX"), BIT(33, "IN_TXCP"),
};
static ABI_NAMES_AROUND(event_select_names, "IA32_PERFEVTSELn",
			event_select_bits, 0xff00ffff);
DATA_WITH(event_select, event_select_names,
	  ABI_BITFIELD("event_select", 0, 8, 0, 8, .is_view = true),
	  ABI_BITFIELD("unit_mask", 0, 8, 8, 8, .is_view = true),
	  ABI_BITFIELD("counter_mask", 0, 8, 24, 8, .is_view = true,
		       .is_sparse = true));

/* APM vol. 2 13.2.1: bits 35:32 are of the event too */
static const struct abi_name amd_event_bits[] = {
	BIT(16, "USR"), BIT(17, "OS"), BIT(18, "E"), BIT(20, "INT"),
	BIT(22, "EN"), BIT(23, "INV"), BIT(40, "GUESTONLY"),
	BIT(41, "HOSTONLY"),
};
static ABI_NAMES_AROUND(amd_event_names, "CORE_PERF_CTLn", amd_event_bits,
			0xfff00ffff);
DATA_WITH(amd_event, amd_event_names,
	  ABI_BITFIELD("event_select", 0, 8, 0, 8, .is_view = true),
	  ABI_BITFIELD("event_select_11_8", 0, 8, 32, 4, .is_view = true,
		       .is_sparse = true),
	  ABI_BITFIELD("unit_mask", 0, 8, 8, 8, .is_view = true),
	  ABI_BITFIELD("counter_mask", 0, 8, 24, 8, .is_view = true,
		       .is_sparse = true));

#define COUNTER_CONTROL(n)                                                 \
	{ 1ull << 4 * (n), "CTR" #n "=OS", 3ull << 4 * (n), NULL },        \
	{ 2ull << 4 * (n), "CTR" #n "=USR", 3ull << 4 * (n), NULL },       \
	{ 3ull << 4 * (n), "CTR" #n "=ALL", 3ull << 4 * (n), NULL },       \
	BIT(2 + 4 * (n), "CTR" #n "_ANY"), BIT(3 + 4 * (n), "CTR" #n "_PMI")

static const struct abi_name fixed_control_bits[] = {
	COUNTER_CONTROL(0), COUNTER_CONTROL(1), COUNTER_CONTROL(2),
	COUNTER_CONTROL(3),
};
FLAGS(fixed_control, "IA32_FIXED_CTR_CTRL");

static const struct abi_name global_control_bits[] = {
	BIT(0, "PMC0"), BIT(1, "PMC1"), BIT(2, "PMC2"), BIT(3, "PMC3"),
	BIT(4, "PMC4"), BIT(5, "PMC5"), BIT(6, "PMC6"), BIT(7, "PMC7"),
	BIT(32, "FIXED_CTR0"), BIT(33, "FIXED_CTR1"), BIT(34, "FIXED_CTR2"),
	BIT(35, "FIXED_CTR3"), BIT(48, "PERF_METRICS"),
};
FLAGS(global_control, "IA32_PERF_GLOBAL_CTRL");

/* SDM vol. 1 17.2 and vol. 4; the address of a bitmap is in bits 63:12 */
static const struct abi_name cet_bits[] = {
	BIT(0, "SH_STK_EN"), BIT(1, "WR_SHSTK_EN"), BIT(2, "ENDBR_EN"),
	BIT(3, "LEG_IW_EN"), BIT(4, "NO_TRACK_EN"), BIT(5, "SUPPRESS_DIS"),
	BIT(10, "SUPPRESS"), BIT(11, "TRACKER"),
};
static ABI_NAMES_AROUND(cet_names, "IA32_U_CET, IA32_S_CET", cet_bits, ~0xfffull);
DATA(cet, cet_names);

static const struct abi_name tsx_ctrl_bits[] = {
	BIT(0, "RTM_DISABLE"), BIT(1, "TSX_CPUID_CLEAR"),
};
FLAGS(tsx_ctrl, "IA32_TSX_CTRL");

static const struct abi_name pred_cmd_bits[] = {
	BIT(0, "IBPB"), BIT(7, "SBPB"),
};
FLAGS(pred_cmd, "IA32_PRED_CMD");

static const struct abi_name flush_cmd_bits[] = { BIT(0, "L1D_FLUSH") };
FLAGS(flush_cmd, "IA32_FLUSH_CMD");

/* Local APIC in x2APIC mode: a vector among flags */
#define VECTOR(variable, names_)                                           \
	DATA_WITH(variable, names_,                                        \
		  ABI_BITFIELD("vector", 0, 8, 0, 8, .is_view = true))
VECTOR(x2apic_svr, abi_names_apic_svr);
VECTOR(x2apic_lvt, abi_names_apic_lvt);
VECTOR(x2apic_lvt_lint, abi_names_apic_lvt_lint);
VECTOR(x2apic_lvt_timer, abi_names_apic_lvt_timer);
VECTOR(x2apic_lvt_error, abi_names_apic_lvt_error);
DATA(x2apic_esr, abi_names_apic_esr);
DATA_WITH(x2apic_icr, abi_names_x2apic_icr,
	  ABI_BITFIELD("vector", 0, 8, 0, 8, .is_view = true),
	  ABI_BITFIELD("destination", 0, 8, 32, 32, .is_view = true));

static const struct abi_field x2apic_divide_fields[] = {
	ABI_AT(ABI_ENUM, "data", 0, 8, .names = &abi_names_apic_tdcr),
};
static ABI_TYPE(x2apic_divide, "msr.x2apic_divide", 8, x2apic_divide_fields);

/* Hyper-V's: functional specification 3.13, 5.3, 11.8 and 12.3 */
DATA(hyperv_enable, abi_names_hyperv_enable);
DATA_WITH(hyperv_page, abi_names_hyperv_page,
	  ABI_GPA_BITS("gpa", 0, 12, 52));

static const struct abi_name sint_bits[] = {
	BIT(16, "MASKED"), BIT(17, "AUTO_EOI"), BIT(18, "POLLING"),
};
static ABI_NAMES_AROUND(sint_names, "HV_X64_MSR_SINTn", sint_bits, 0xff);
VECTOR(sint, sint_names);

static const struct abi_name stimer_bits[] = {
	BIT(0, "ENABLE"), BIT(1, "PERIODIC"), BIT(2, "LAZY"),
	BIT(3, "AUTO_ENABLE"), BIT(12, "DIRECT"),
};
static ABI_NAMES_AROUND(stimer_names, "HV_X64_MSR_STIMERn_CONFIG", stimer_bits,
			0xf0ff0);
DATA_WITH(stimer, stimer_names,
	  ABI_BITFIELD("vector", 0, 8, 4, 8, .is_view = true),
	  ABI_BITFIELD("sint", 0, 8, 16, 4, .is_view = true));

static const struct abi_name debugctl_bits[] = {
	BIT(0, "LBR"), BIT(1, "BTF"), BIT(2, "BLD"), BIT(6, "TR"),
	BIT(7, "BTS"), BIT(8, "BTINT"), BIT(9, "BTS_OFF_OS"),
	BIT(10, "BTS_OFF_USR"), BIT(11, "FREEZE_LBRS_ON_PMI"),
	BIT(12, "FREEZE_PERFMON_ON_PMI"), BIT(14, "FREEZE_WHILE_SMM"),
	BIT(15, "RTM"),
};
FLAGS(debugctl, "IA32_DEBUGCTL");

/* AMD APM vol. 2 3.2.10 and 15.30.1 */
static const struct abi_name hwcr_bits[] = {
	BIT(0, "SMMLOCK"), BIT(3, "TLBCACHEDIS"), BIT(4, "INVDWBINVD"),
	BIT(6, "FFDIS"), BIT(7, "DISLOCK"), BIT(8, "IGNNE_EM"),
	BIT(9, "MONMWAITDIS"), BIT(10, "MONMWAITUSEREN"), BIT(13, "SMISPCYCDIS"),
	BIT(14, "RSMSPCYCDIS"), BIT(15, "SSEDIS"), BIT(17, "WRAP32DIS"),
	BIT(18, "MCSTATUSWREN"), BIT(20, "IOCFGGPFAULT"),
	BIT(24, "TSCFREQSEL"), BIT(25, "CPBDIS"), BIT(30, "IRPERFEN"),
};
FLAGS(hwcr, "HWCR");

static const struct abi_name vm_cr_bits[] = {
	BIT(0, "DPD"), BIT(1, "R_INIT"), BIT(2, "DIS_A20M"), BIT(3, "LOCK"),
	BIT(4, "SVMDIS"),
};
FLAGS(vm_cr, "VM_CR");

/*
 * An address, aligned, with flags below it and reserved bits between them:
 * Documentation/virt/kvm/x86/msr.rst
 */
#define KVM_AREA(variable, names_, flag_bits, gpa_bit)                     \
	DATA_WITH(variable, names_,                                        \
		  ABI_GPA_BITS("gpa", 0, gpa_bit, 64 - (gpa_bit)),         \
		  ABI_BITFIELD("reserved", 0, 8, flag_bits,                \
			       (gpa_bit) - (flag_bits), .is_view = true,   \
			       .is_sparse = true))

static const struct abi_name kvm_enable_bits[] = {
	ABI_NAME(KVM_MSR_ENABLED),
};
static ABI_NAMES_AROUND(kvm_enable_names, "KVM_MSR_ENABLED", kvm_enable_bits,
			~1ull);
KVM_AREA(system_time, kvm_enable_names, 1, 2);
KVM_AREA(steal_time, kvm_enable_names, 1, 6);
KVM_AREA(pv_eoi, kvm_enable_names, 1, 2);

static const struct abi_name poll_control_bits[] = {
	BIT(0, "HOST_POLLING"),
};
FLAGS(poll_control, "MSR_KVM_POLL_CONTROL");

static const struct abi_name migration_bits[] = {
	ABI_NAME(KVM_MIGRATION_READY),
};
FLAGS(migration, "KVM_MIGRATION_*");

static const struct abi_name async_pf_bits[] = {
	ABI_NAME(KVM_ASYNC_PF_ENABLED),
	ABI_NAME(KVM_ASYNC_PF_SEND_ALWAYS),
	ABI_NAME(KVM_ASYNC_PF_DELIVERY_AS_PF_VMEXIT),
	ABI_NAME(KVM_ASYNC_PF_DELIVERY_AS_INT),
};
static ABI_NAMES_AROUND(async_pf_names, "KVM_ASYNC_PF_*", async_pf_bits,
			~0xfull);
KVM_AREA(async_pf, async_pf_names, 4, 6);

DATA(efer, abi_names_efer);
DATA(xss, abi_names_xfeatures);
DATA_WITH(mcg_cap, abi_names_mcg_cap,
	  ABI_BITFIELD("banks", 0, 8, 0, 8, .is_view = true));
DATA(mcg_status, abi_names_mcg_status);
DATA(mci_status, abi_names_mci_status);
DATA(pat, abi_names_pat);
DATA(fmask, abi_names_rflags);

/* SEV_STATUS has what the guest was started with from bit 2 on: APM 15.34.10 */
static const struct abi_name sev_status_bits[] = {
	BIT(0, "SEV"), BIT(1, "SEV_ES"), BIT(2, "SNP_ACTIVE"), BIT(3, "VTOM"),
	BIT(4, "REFLECT_VC"), BIT(5, "RESTRICTED_INJECTION"),
	BIT(6, "ALTERNATE_INJECTION"), BIT(7, "DEBUG_SWAP"),
	BIT(8, "PREVENT_HOST_IBS"), BIT(9, "BTB_ISOLATION"),
	BIT(10, "VMPL_SSS"), BIT(11, "SECURE_TSC"), BIT(12, "VMGEXIT_PARAM"),
	BIT(14, "IBS_VIRT"), BIT(16, "VMSA_REG_PROT"), BIT(17, "SMT_PROT"),
	BIT(18, "SECURE_AVIC"),
};
FLAGS(sev_status, "SEV_STATUS");

static const struct abi_name syscfg_bits[] = {
	BIT(18, "MFDE"), BIT(19, "MFDM"), BIT(20, "MVDM"), BIT(21, "TOM2"),
	BIT(22, "FWB"), BIT(23, "MEM_ENCRYPT"), BIT(24, "SNP_EN"),
	BIT(25, "VMPL_EN"),
};
FLAGS(syscfg, "SYSCFG");

static const struct abi_field other_fields[] = {
	ABI_AT(ABI_HEX, "data", 0, 8),
};
static ABI_TYPE(other, "msr.other", 8, other_fields);

/* Registers in rows, as above. */
#define BANK_DATA(n) { 0x401 + 4 * (n), NULL, &mci_status }
#define MTRR_DATA(n)                                                       \
	{ 0x200 + 2 * (n), NULL, &mtrr_base },                             \
	{ 0x201 + 2 * (n), NULL, &mtrr_mask }
#define COUNTER_DATA(n) { 0x186 + (n), NULL, &event_select }
#define SINT_DATA(n) { 0x40000090 + (n), NULL, &sint }

static const struct abi_arm data_arms[] = {
	{ 0xc0000080, NULL, &efer },
	{ 0x1b, NULL, &apic_base },
	{ 0x3a, NULL, &feature_control },
	{ 0x48, NULL, &spec_ctrl },
	{ 0x10a, NULL, &arch_capabilities },
	{ 0x179, NULL, &mcg_cap },
	{ 0x17a, NULL, &mcg_status },
	{ 0x1a0, NULL, &misc_enable },
	{ 0x1c4, NULL, &xss },
	{ 0x1d9, NULL, &debugctl },
	{ 0x2ff, NULL, &mtrr_def_type },
	{ 0xda0, NULL, &xss },
	{ MSR_KVM_SYSTEM_TIME, NULL, &system_time },
	{ MSR_KVM_SYSTEM_TIME_NEW, NULL, &system_time },
	{ MSR_KVM_STEAL_TIME, NULL, &steal_time },
	{ MSR_KVM_PV_EOI_EN, NULL, &pv_eoi },
	{ MSR_KVM_ASYNC_PF_EN, NULL, &async_pf },
	{ MSR_KVM_POLL_CONTROL, NULL, &poll_control },
	{ MSR_KVM_MIGRATION_CONTROL, NULL, &migration },
	{ 0xc0010015, NULL, &hwcr },
	{ 0xc0010114, NULL, &vm_cr },
	{ 0xc0000084, NULL, &fmask },
	{ 0x49, NULL, &pred_cmd },
	{ 0xfe, NULL, &mtrr_cap },
	{ 0x10b, NULL, &flush_cmd },
	{ 0x122, NULL, &tsx_ctrl },
	{ 0x277, NULL, &pat },
	{ 0x38d, NULL, &fixed_control },
	{ 0x38f, NULL, &global_control },
	{ 0x6a0, NULL, &cet },
	{ 0x6a2, NULL, &cet },
	MTRR_DATA(0), MTRR_DATA(1), MTRR_DATA(2), MTRR_DATA(3), MTRR_DATA(4),
	MTRR_DATA(5), MTRR_DATA(6), MTRR_DATA(7), MTRR_DATA(8), MTRR_DATA(9),
	{ 0x250, NULL, &mtrr_fixed }, { 0x258, NULL, &mtrr_fixed },
	{ 0x259, NULL, &mtrr_fixed }, { 0x268, NULL, &mtrr_fixed },
	{ 0x269, NULL, &mtrr_fixed }, { 0x26a, NULL, &mtrr_fixed },
	{ 0x26b, NULL, &mtrr_fixed }, { 0x26c, NULL, &mtrr_fixed },
	{ 0x26d, NULL, &mtrr_fixed }, { 0x26e, NULL, &mtrr_fixed },
	{ 0x26f, NULL, &mtrr_fixed },
	COUNTER_DATA(0), COUNTER_DATA(1), COUNTER_DATA(2), COUNTER_DATA(3),
	COUNTER_DATA(4), COUNTER_DATA(5), COUNTER_DATA(6), COUNTER_DATA(7),
	BANK_DATA(0), BANK_DATA(1), BANK_DATA(2), BANK_DATA(3), BANK_DATA(4),
	BANK_DATA(5), BANK_DATA(6), BANK_DATA(7), BANK_DATA(8), BANK_DATA(9),
	BANK_DATA(10), BANK_DATA(11), BANK_DATA(12), BANK_DATA(13),
	BANK_DATA(14), BANK_DATA(15), BANK_DATA(16), BANK_DATA(17),
	BANK_DATA(18), BANK_DATA(19), BANK_DATA(20), BANK_DATA(21),
	BANK_DATA(22), BANK_DATA(23), BANK_DATA(24), BANK_DATA(25),
	BANK_DATA(26), BANK_DATA(27), BANK_DATA(28), BANK_DATA(29),
	BANK_DATA(30), BANK_DATA(31),
	{ 0x80f, NULL, &x2apic_svr },
	{ 0x828, NULL, &x2apic_esr },
	{ 0x82f, NULL, &x2apic_lvt },
	{ 0x830, NULL, &x2apic_icr },
	{ 0x832, NULL, &x2apic_lvt_timer },
	{ 0x833, NULL, &x2apic_lvt },
	{ 0x834, NULL, &x2apic_lvt },
	{ 0x835, NULL, &x2apic_lvt_lint },
	{ 0x836, NULL, &x2apic_lvt_lint },
	{ 0x837, NULL, &x2apic_lvt_error },
	{ 0x83e, NULL, &x2apic_divide },
	{ 0xc0010000, NULL, &amd_event }, { 0xc0010001, NULL, &amd_event },
	{ 0xc0010002, NULL, &amd_event }, { 0xc0010003, NULL, &amd_event },
	{ 0xc0010200, NULL, &amd_event }, { 0xc0010202, NULL, &amd_event },
	{ 0xc0010204, NULL, &amd_event }, { 0xc0010206, NULL, &amd_event },
	{ 0xc0010208, NULL, &amd_event }, { 0xc001020a, NULL, &amd_event },
	{ 0xc0010010, NULL, &syscfg },
	{ 0xc001011f, NULL, &spec_ctrl },
	{ 0xc0010131, NULL, &sev_status },
	{ 0x40000001, NULL, &hyperv_page },
	{ 0x40000021, NULL, &hyperv_page },
	{ 0x40000073, NULL, &hyperv_page },
	{ 0x40000080, NULL, &hyperv_enable },
	{ 0x40000082, NULL, &hyperv_page },
	{ 0x40000083, NULL, &hyperv_page },
	SINT_DATA(0), SINT_DATA(1), SINT_DATA(2), SINT_DATA(3), SINT_DATA(4),
	SINT_DATA(5), SINT_DATA(6), SINT_DATA(7), SINT_DATA(8), SINT_DATA(9),
	SINT_DATA(10), SINT_DATA(11), SINT_DATA(12), SINT_DATA(13),
	SINT_DATA(14), SINT_DATA(15),
	{ 0x400000b0, NULL, &stimer }, { 0x400000b2, NULL, &stimer },
	{ 0x400000b4, NULL, &stimer }, { 0x400000b6, NULL, &stimer },
};
ABI_ARMS(abi_arms_msr_data, offsetof(struct kvm_msr_entry, index), 4,
	 data_arms, &other);
ABI_ARMS(abi_arms_msr_exit_data, offsetof(struct kvm_run, msr.index), 4,
	 data_arms, &other);
