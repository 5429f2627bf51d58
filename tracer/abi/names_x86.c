/*
 * Names of the processor: bits of control, debug and floating point registers
 * by the manuals' short names, exception vectors, local APIC fields, signals
 * in a mask. What KVM itself defines is in names_kvm.c.
 *
 * Sources: <asm/processor-flags.h>; Intel SDM vol. 1 ch. 3, 8, 10 and 13, vol.
 * 3A ch. 2.5, 6.15, 11 and 18.2; AMD APM vol. 2 ch. 3.1.
 */
#include <asm/processor-flags.h>
#include <signal.h>

#include "abi/compat.h"
#include "abi/tables.h"

#define BIT(number, name_) { .value = 1ull << (number), .name = (name_) }
#define BITS(value_, mask_, name_)                                         \
	{ .value = (value_), .name = (name_), .mask = (mask_) }

static const struct abi_name rflags[] = {
	{ X86_EFLAGS_CF, "CF", 0, "the last operation carried or borrowed" },
	{ X86_EFLAGS_FIXED, "FIXED", 0, "bit 1, always one; KVM sets it itself" },
	{ X86_EFLAGS_PF, "PF", 0, "the low byte of the last result has even parity" },
	{ X86_EFLAGS_AF, "AF", 0, "the last operation carried out of bit 3" },
	{ X86_EFLAGS_ZF, "ZF", 0, "the last result was zero" },
	{ X86_EFLAGS_SF, "SF", 0, "the last result was negative" },
	{ X86_EFLAGS_TF, "TF", 0, "a debug exception follows each instruction" },
	{ X86_EFLAGS_IF, "IF", 0, "maskable interrupts are let in" },
	{ X86_EFLAGS_DF, "DF", 0, "string instructions count downwards" },
	{ X86_EFLAGS_OF, "OF", 0, "the last signed operation overflowed" },
	BITS(0x1000, X86_EFLAGS_IOPL, "IOPL=1"),
	BITS(0x2000, X86_EFLAGS_IOPL, "IOPL=2"),
	BITS(0x3000, X86_EFLAGS_IOPL, "IOPL=3"),
	{ X86_EFLAGS_NT, "NT", 0, "the task was called by another one" },
	{ X86_EFLAGS_RF, "RF", 0, "the next instruction raises no breakpoint" },
	{ X86_EFLAGS_VM, "VM", 0, "virtual-8086 mode" },
	{ X86_EFLAGS_AC, "AC", 0, "alignment checks, or access to user pages under SMAP" },
	{ X86_EFLAGS_VIF, "VIF", 0, "the virtual image of IF" },
	{ X86_EFLAGS_VIP, "VIP", 0, "a virtual interrupt is pending" },
	{ X86_EFLAGS_ID, "ID", 0, "can be changed where CPUID exists" },
};
ABI_NAMES(abi_names_rflags, "RFLAGS", rflags);

static const struct abi_name cr0[] = {
	{ X86_CR0_PE, "PE", 0, "protected mode" },
	{ X86_CR0_MP, "MP", 0, "WAIT heeds TS" },
	{ X86_CR0_EM, "EM", 0, "no floating point unit: its instructions raise #NM" },
	{ X86_CR0_TS, "TS", 0, "the next floating point instruction raises #NM" },
	{ X86_CR0_ET, "ET", 0, "fixed to one on processors since the i486" },
	{ X86_CR0_NE, "NE", 0, "floating point errors raise #MF" },
	{ X86_CR0_WP, "WP", 0, "the kernel can't write to read-only pages either" },
	{ X86_CR0_AM, "AM", 0, "alignment checks where RFLAGS.AC is set" },
	{ X86_CR0_NW, "NW", 0, "caches are not written through" },
	{ X86_CR0_CD, "CD", 0, "caches are off" },
	{ X86_CR0_PG, "PG", 0, "paging" },
};
ABI_NAMES(abi_names_cr0, "CR0", cr0);

/* LASS, LAM_SUP and FRED are newer than Debian 12's header: SDM 2.5. */
static const struct abi_name cr4[] = {
	{ X86_CR4_VME, "VME", 0, "virtual-8086 extensions" },
	{ X86_CR4_PVI, "PVI", 0, "protected-mode virtual interrupts" },
	{ X86_CR4_TSD, "TSD", 0, "RDTSC only in ring 0" },
	{ X86_CR4_DE, "DE", 0, "debugging extensions" },
	{ X86_CR4_PSE, "PSE", 0, "4 MiB pages in 32-bit paging" },
	{ X86_CR4_PAE, "PAE", 0, "page table entries of 64 bits; long mode needs it" },
	{ X86_CR4_MCE, "MCE", 0, "machine checks" },
	{ X86_CR4_PGE, "PGE", 0, "global pages" },
	{ X86_CR4_PCE, "PCE", 0, "RDPMC in all rings" },
	{ X86_CR4_OSFXSR, "OSFXSR", 0, "SSE instructions are allowed" },
	{ X86_CR4_OSXMMEXCPT, "OSXMMEXCPT", 0, "SSE errors raise #XM" },
	{ X86_CR4_UMIP, "UMIP", 0, "SGDT and its like only in ring 0" },
	{ X86_CR4_LA57, "LA57", 0, "five levels of page tables in long mode" },
	{ X86_CR4_VMXE, "VMXE", 0, "VMX instructions" },
	{ X86_CR4_SMXE, "SMXE", 0, "SMX instructions" },
	{ X86_CR4_FSGSBASE, "FSGSBASE", 0, "RDFSBASE and its like" },
	{ X86_CR4_PCIDE, "PCIDE", 0, "process context identifiers in CR3" },
	{ X86_CR4_OSXSAVE, "OSXSAVE", 0, "XSAVE and XCR0" },
	BIT(19, "KL"),
	{ X86_CR4_SMEP, "SMEP", 0, "the kernel can't execute user pages" },
	{ X86_CR4_SMAP, "SMAP", 0, "the kernel can't touch user pages by accident" },
	{ X86_CR4_PKE, "PKE", 0, "protection keys of user pages" },
	{ X86_CR4_CET, "CET", 0, "control-flow enforcement" },
	BIT(24, "PKS"),
	BIT(25, "UINTR"),
	BIT(27, "LASS"),
	BIT(28, "LAM_SUP"),
	BIT(32, "FRED"),
};
ABI_NAMES(abi_names_cr4, "CR4", cr4);

/* SDM vol. 3A 2.2.1, APM vol. 2 3.1.7 */
static const struct abi_name efer[] = {
	{ 1 << 0, "SCE", 0, "SYSCALL and SYSRET" },
	{ 1 << 8, "LME", 0, "long mode as soon as paging is on" },
	{ 1 << 10, "LMA", 0, "long mode is active" },
	{ 1 << 11, "NXE", 0, "pages can forbid execution" },
	{ 1 << 12, "SVME", 0, "SVM instructions" },
	{ 1 << 13, "LMSLE", 0, "segment limits in long mode" },
	{ 1 << 14, "FFXSR", 0, "FXSAVE without the XMM registers in ring 0" },
	{ 1 << 15, "TCE", 0, "INVLPG spares unrelated upper levels" },
	BIT(17, "MCOMMIT"),
	BIT(18, "INTWB"),
	BIT(20, "UAIE"),
	BIT(21, "AIBRSE"),
};
ABI_NAMES(abi_names_efer, "EFER", efer);

/* SDM vol. 1 13.1; a set bit in XSTATE_BV says that the component is not initial */
static const struct abi_name xfeatures[] = {
	BIT(0, "x87"), BIT(1, "SSE"), BIT(2, "AVX"), BIT(3, "BNDREGS"),
	BIT(4, "BNDCSR"), BIT(5, "opmask"), BIT(6, "ZMM_Hi256"),
	BIT(7, "Hi16_ZMM"), BIT(8, "PT"), BIT(9, "PKRU"), BIT(10, "PASID"),
	BIT(11, "CET_U"), BIT(12, "CET_S"), BIT(13, "HDC"), BIT(14, "UINTR"),
	BIT(15, "LBR"), BIT(16, "HWP"), BIT(17, "XTILECFG"),
	BIT(18, "XTILEDATA"), BIT(19, "APX"), BIT(62, "LWP"),
	BIT(63, "COMPACTED"),
};
ABI_NAMES(abi_names_xfeatures, "XCR0, XSTATE_BV", xfeatures);

/*
 * SDM vol. 3B 18.2.3: bits that read as one have the name FIXED, and two that
 * say something when they are clear have a name then.
 */
static const struct abi_name dr6[] = {
	BIT(0, "B0"), BIT(1, "B1"), BIT(2, "B2"), BIT(3, "B3"),
	{ .value = 0xfffe07f0, .name = "FIXED", .mask = 0xfffe07f0 },
	{ 0, "BLD=0", 1 << 11, "a bus lock caused the exception" },
	BIT(13, "BD"), BIT(14, "BS"), BIT(15, "BT"),
	{ 0, "RTM=0", 1 << 16, "it happened inside a transaction" },
};
ABI_NAMES_AROUND(abi_names_dr6, "DR6", dr6, 1 << 11 | 1 << 16);

/* SDM vol. 3B 18.2.4: four fields of 2 bits R/W and LEN from bit 16 on */
#define DR7_BREAKPOINT(n)                                                  \
	BITS(1ull << (16 + 4 * (n)), 3ull << (16 + 4 * (n)), "RW" #n "=write"), \
	BITS(2ull << (16 + 4 * (n)), 3ull << (16 + 4 * (n)), "RW" #n "=io"), \
	BITS(3ull << (16 + 4 * (n)), 3ull << (16 + 4 * (n)), "RW" #n "=access"), \
	BITS(1ull << (18 + 4 * (n)), 3ull << (18 + 4 * (n)), "LEN" #n "=2"), \
	BITS(2ull << (18 + 4 * (n)), 3ull << (18 + 4 * (n)), "LEN" #n "=8"), \
	BITS(3ull << (18 + 4 * (n)), 3ull << (18 + 4 * (n)), "LEN" #n "=4")

static const struct abi_name dr7[] = {
	BIT(0, "L0"), BIT(1, "G0"), BIT(2, "L1"), BIT(3, "G1"),
	BIT(4, "L2"), BIT(5, "G2"), BIT(6, "L3"), BIT(7, "G3"),
	BIT(8, "LE"), BIT(9, "GE"), BIT(10, "FIXED"), BIT(11, "RTM"),
	BIT(13, "GD"),
	DR7_BREAKPOINT(0), DR7_BREAKPOINT(1), DR7_BREAKPOINT(2),
	DR7_BREAKPOINT(3),
};
ABI_NAMES(abi_names_dr7, "DR7", dr7);

/* SDM vol. 1 8.1.5, 8.1.3 and 10.2.3 */
static const struct abi_name fcw[] = {
	BIT(0, "IM"), BIT(1, "DM"), BIT(2, "ZM"), BIT(3, "OM"), BIT(4, "UM"),
	BIT(5, "PM"), BIT(6, "FIXED"),
	BITS(0x000, 0x300, "PC=single"), BITS(0x200, 0x300, "PC=double"),
	BITS(0x300, 0x300, "PC=extended"),
	BITS(0x400, 0xc00, "RC=down"), BITS(0x800, 0xc00, "RC=up"),
	BITS(0xc00, 0xc00, "RC=zero"), BIT(12, "X"),
};
ABI_NAMES(abi_names_fcw, "FCW", fcw);

static const struct abi_name fsw[] = {
	BIT(0, "IE"), BIT(1, "DE"), BIT(2, "ZE"), BIT(3, "OE"), BIT(4, "UE"),
	BIT(5, "PE"), BIT(6, "SF"), BIT(7, "ES"), BIT(8, "C0"), BIT(9, "C1"),
	BIT(10, "C2"),
	BITS(0x0800, 0x3800, "TOP=1"), BITS(0x1000, 0x3800, "TOP=2"),
	BITS(0x1800, 0x3800, "TOP=3"), BITS(0x2000, 0x3800, "TOP=4"),
	BITS(0x2800, 0x3800, "TOP=5"), BITS(0x3000, 0x3800, "TOP=6"),
	BITS(0x3800, 0x3800, "TOP=7"),
	BIT(14, "C3"), BIT(15, "B"),
};
ABI_NAMES(abi_names_fsw, "FSW", fsw);

static const struct abi_name mxcsr[] = {
	BIT(0, "IE"), BIT(1, "DE"), BIT(2, "ZE"), BIT(3, "OE"), BIT(4, "UE"),
	BIT(5, "PE"), BIT(6, "DAZ"), BIT(7, "IM"), BIT(8, "DM"), BIT(9, "ZM"),
	BIT(10, "OM"), BIT(11, "UM"), BIT(12, "PM"),
	BITS(0x2000, 0x6000, "RC=down"), BITS(0x4000, 0x6000, "RC=up"),
	BITS(0x6000, 0x6000, "RC=zero"), BIT(15, "FZ"), BIT(17, "MM"),
};
ABI_NAMES(abi_names_mxcsr, "MXCSR", mxcsr);

/* SDM vol. 3B 16.3: machine checks; bits 7:0 count the banks */
static const struct abi_name mcg_cap[] = {
	BIT(8, "MCG_CTL_P"), BIT(9, "MCG_EXT_P"), BIT(10, "MCG_CMCI_P"),
	BIT(11, "MCG_TES_P"), BIT(24, "MCG_SER_P"), BIT(25, "MCG_EMC_P"),
	BIT(26, "MCG_ELOG_P"), BIT(27, "MCG_LMCE_P"),
};
ABI_NAMES_AROUND(abi_names_mcg_cap, "IA32_MCG_CAP", mcg_cap, 0xff);

static const struct abi_name mcg_status[] = {
	BIT(0, "RIPV"), BIT(1, "EIPV"), BIT(2, "MCIP"), BIT(3, "LMCE_S"),
};
ABI_NAMES(abi_names_mcg_status, "IA32_MCG_STATUS", mcg_status);

static const struct abi_name mci_status[] = {
	BIT(63, "VAL"), BIT(62, "OVER"), BIT(61, "UC"), BIT(60, "EN"),
	BIT(59, "MISCV"), BIT(58, "ADDRV"), BIT(57, "PCC"), BIT(56, "S"),
	BIT(55, "AR"),
};
ABI_NAMES(abi_names_mci_status, "IA32_MCi_STATUS", mci_status);

/* SDM vol. 3A 3.4.5.1 and 3.5: what `s` says that the number means */
static const struct abi_name segment_types[] = {
	ABI_NUMBER(0, "read-only"), ABI_NUMBER(1, "read-only, accessed"),
	ABI_NUMBER(2, "read/write"), ABI_NUMBER(3, "read/write, accessed"),
	ABI_NUMBER(4, "read-only, expand-down"),
	ABI_NUMBER(5, "read-only, expand-down, accessed"),
	ABI_NUMBER(6, "read/write, expand-down"),
	ABI_NUMBER(7, "read/write, expand-down, accessed"),
	ABI_NUMBER(8, "execute-only"), ABI_NUMBER(9, "execute-only, accessed"),
	ABI_NUMBER(10, "execute/read"),
	ABI_NUMBER(11, "execute/read, accessed"),
	ABI_NUMBER(12, "execute-only, conforming"),
	ABI_NUMBER(13, "execute-only, conforming, accessed"),
	ABI_NUMBER(14, "execute/read, conforming"),
	ABI_NUMBER(15, "execute/read, conforming, accessed"),
};
ABI_NAMES(abi_names_segment_types, "types of code and data segments",
	  segment_types);

/* In long mode those of 32 bits are of 64. */
static const struct abi_name system_types[] = {
	ABI_NUMBER(1, "16-bit TSS"), ABI_NUMBER(2, "LDT"),
	ABI_NUMBER(3, "16-bit TSS, busy"), ABI_NUMBER(4, "16-bit call gate"),
	ABI_NUMBER(5, "task gate"), ABI_NUMBER(6, "16-bit interrupt gate"),
	ABI_NUMBER(7, "16-bit trap gate"), ABI_NUMBER(9, "TSS"),
	ABI_NUMBER(11, "TSS, busy"), ABI_NUMBER(12, "call gate"),
	ABI_NUMBER(14, "interrupt gate"), ABI_NUMBER(15, "trap gate"),
};
ABI_NAMES(abi_names_system_types, "types of system segments", system_types);

/* SDM vol. 3A 4.4.1: the rest is the address of a page directory */
static const struct abi_name pdptes[] = {
	{ 1 << 0, "P", 0, "present" },
	{ 1 << 3, "PWT", 0, "the directory is written through" },
	{ 1 << 4, "PCD", 0, "the directory is not cached" },
};
ABI_NAMES_AROUND(abi_names_pdptes, "PDPTE", pdptes, 0xffffffffff000);

/* SDM vol. 3A 11.4.4: an address of up to 52 bits */
static const struct abi_name apic_base[] = {
	{ 1 << 8, "BSP", 0, "the processor that boots" },
	{ 1 << 10, "EXTD", 0, "x2APIC mode" },
	{ 1 << 11, "EN", 0, "the local APIC is on" },
};
ABI_NAMES_AROUND(abi_names_apic_base, "IA32_APIC_BASE", apic_base,
		 0xffffffffff000);

/* SDM vol. 3A 12.12.2: eight fields of a byte */
#define PAT(n)                                                             \
	BITS(0ull << 8 * (n), 0xffull << 8 * (n), "PA" #n "=UC"),          \
	BITS(1ull << 8 * (n), 0xffull << 8 * (n), "PA" #n "=WC"),          \
	BITS(4ull << 8 * (n), 0xffull << 8 * (n), "PA" #n "=WT"),          \
	BITS(5ull << 8 * (n), 0xffull << 8 * (n), "PA" #n "=WP"),          \
	BITS(6ull << 8 * (n), 0xffull << 8 * (n), "PA" #n "=WB"),          \
	BITS(7ull << 8 * (n), 0xffull << 8 * (n), "PA" #n "=UC-")

static const struct abi_name pat[] = {
	PAT(0), PAT(1), PAT(2), PAT(3), PAT(4), PAT(5), PAT(6), PAT(7),
};
ABI_NAMES(abi_names_pat, "IA32_PAT", pat);

static const struct abi_name xcrs[] = { ABI_NUMBER(0, "XCR0") };
ABI_NAMES(abi_names_xcrs, "extended control registers", xcrs);

/* SDM vol. 3A 6.15; the manuals' mnemonics */
static const struct abi_name vectors[] = {
	{ DE_VECTOR, "#DE", 0, "divide error" },
	{ DB_VECTOR, "#DB", 0, "debug exception" },
	{ 2, "NMI", 0, "non-maskable interrupt" },
	{ BP_VECTOR, "#BP", 0, "breakpoint" },
	{ OF_VECTOR, "#OF", 0, "overflow" },
	{ BR_VECTOR, "#BR", 0, "bound range exceeded" },
	{ UD_VECTOR, "#UD", 0, "undefined opcode" },
	{ NM_VECTOR, "#NM", 0, "floating point unit not available" },
	{ DF_VECTOR, "#DF", 0, "double fault" },
	{ TS_VECTOR, "#TS", 0, "invalid task state segment" },
	{ NP_VECTOR, "#NP", 0, "segment not present" },
	{ SS_VECTOR, "#SS", 0, "stack segment fault" },
	{ GP_VECTOR, "#GP", 0, "general protection" },
	{ PF_VECTOR, "#PF", 0, "page fault; CR2 has the address" },
	{ MF_VECTOR, "#MF", 0, "floating point error" },
	{ AC_VECTOR, "#AC", 0, "alignment check" },
	{ MC_VECTOR, "#MC", 0, "machine check" },
	{ XM_VECTOR, "#XM", 0, "SIMD floating point error" },
	{ VE_VECTOR, "#VE", 0, "virtualization exception" },
	{ CP_VECTOR, "#CP", 0, "control protection" },
	{ HV_VECTOR, "#HV", 0, "hypervisor injection" },
	{ VC_VECTOR, "#VC", 0, "VMM communication" },
	{ SX_VECTOR, "#SX", 0, "security exception" },
};
ABI_NAMES(abi_names_vectors, "exception vectors", vectors);

/* Bit N-1 of a signal mask is signal N: signal(7) for x86. */
#define SIGNAL(name_) { .value = 1ull << (name_ - 1), .name = #name_ }
#define SIGNAL_RT(n) { .value = 1ull << (n - 1), .name = "SIGRT_" #n }

static const struct abi_name signals[] = {
	SIGNAL(SIGHUP), SIGNAL(SIGINT), SIGNAL(SIGQUIT), SIGNAL(SIGILL),
	SIGNAL(SIGTRAP), SIGNAL(SIGABRT), SIGNAL(SIGBUS), SIGNAL(SIGFPE),
	SIGNAL(SIGKILL), SIGNAL(SIGUSR1), SIGNAL(SIGSEGV), SIGNAL(SIGUSR2),
	SIGNAL(SIGPIPE), SIGNAL(SIGALRM), SIGNAL(SIGTERM), SIGNAL(SIGSTKFLT),
	SIGNAL(SIGCHLD), SIGNAL(SIGCONT), SIGNAL(SIGSTOP), SIGNAL(SIGTSTP),
	SIGNAL(SIGTTIN), SIGNAL(SIGTTOU), SIGNAL(SIGURG), SIGNAL(SIGXCPU),
	SIGNAL(SIGXFSZ), SIGNAL(SIGVTALRM), SIGNAL(SIGPROF),
	SIGNAL(SIGWINCH), SIGNAL(SIGIO), SIGNAL(SIGPWR), SIGNAL(SIGSYS),
	SIGNAL_RT(32), SIGNAL_RT(33), SIGNAL_RT(34), SIGNAL_RT(35),
	SIGNAL_RT(36), SIGNAL_RT(37), SIGNAL_RT(38), SIGNAL_RT(39),
	SIGNAL_RT(40), SIGNAL_RT(41), SIGNAL_RT(42), SIGNAL_RT(43),
	SIGNAL_RT(44), SIGNAL_RT(45), SIGNAL_RT(46), SIGNAL_RT(47),
	SIGNAL_RT(48), SIGNAL_RT(49), SIGNAL_RT(50), SIGNAL_RT(51),
	SIGNAL_RT(52), SIGNAL_RT(53), SIGNAL_RT(54), SIGNAL_RT(55),
	SIGNAL_RT(56), SIGNAL_RT(57), SIGNAL_RT(58), SIGNAL_RT(59),
	SIGNAL_RT(60), SIGNAL_RT(61), SIGNAL_RT(62), SIGNAL_RT(63),
	SIGNAL_RT(64),
};
ABI_NAMES(abi_names_signals, "signals in a mask", signals);
