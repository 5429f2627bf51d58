/*
 * The kernel's names of MSRs: MSR_ and mostly our name behind it, with or
 * without IA32_, or one of its own.
 *
 * Source: arch/x86/include/asm/msr-index.h of Linux 6.1.
 */
#include <string.h>
#include <strings.h>

#include "explain/internal.h"

/* Without MSR_ and IA32_. */
static const struct {
	const char *kernels;
	const char *name;
} aliases[] = {
	{ "TSC", "IA32_TIME_STAMP_COUNTER" },
	{ "CR_PAT", "IA32_PAT" },
	{ "SYSCALL_MASK", "IA32_FMASK" },
	{ "SFMASK", "IA32_FMASK" },
	{ "FEAT_CTL", "IA32_FEATURE_CONTROL" },
	{ "UCODE_REV", "IA32_BIOS_SIGN_ID" },
	{ "UCODE_WRITE", "IA32_BIOS_UPDT_TRIG" },
	{ "DEBUGCTLMSR", "IA32_DEBUGCTL" },
	{ "P6_PERFCTR0", "IA32_PMC0" },
	{ "P6_PERFCTR1", "IA32_PMC1" },
	{ "P6_EVNTSEL0", "IA32_PERFEVTSEL0" },
	{ "P6_EVNTSEL1", "IA32_PERFEVTSEL1" },
	{ "CORE_PERF_FIXED_CTR0", "IA32_FIXED_CTR0" },
	{ "CORE_PERF_FIXED_CTR1", "IA32_FIXED_CTR1" },
	{ "CORE_PERF_FIXED_CTR2", "IA32_FIXED_CTR2" },
	{ "CORE_PERF_FIXED_CTR3", "IA32_FIXED_CTR3" },
	{ "CORE_PERF_FIXED_CTR_CTRL", "IA32_FIXED_CTR_CTRL" },
	{ "CORE_PERF_GLOBAL_STATUS", "IA32_PERF_GLOBAL_STATUS" },
	{ "CORE_PERF_GLOBAL_CTRL", "IA32_PERF_GLOBAL_CTRL" },
	{ "CORE_PERF_GLOBAL_OVF_CTRL", "IA32_PERF_GLOBAL_STATUS_RESET" },
	{ "K7_HWCR", "HWCR" },
	{ "K8_TOP_MEM1", "TOP_MEM" },
	{ "K8_TOP_MEM2", "TOP_MEM2" },
	{ "AMD64_SYSCFG", "SYSCFG" },
	{ "AMD64_TSC_RATIO", "TSC_RATIO" },
	{ "AMD64_DE_CFG", "DE_CFG" },
	{ "AMD64_SEV", "SEV_STATUS" },
	{ "AMD64_SEV_ES_GHCB", "GHCB" },
	{ "AMD64_VIRT_SPEC_CTRL", "VIRT_SPEC_CTRL" },
};

static const char *skip(const char *name, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncasecmp(name, prefix, length) || !name[length] ?
	       name : name + length;
}

/* Of our names some have IA32_, of the kernel's others: neither counts. */
bool explain_is_msr(const char *wanted, const char *name)
{
	const char *stem = skip(skip(wanted, "MSR_"), "IA32_");

	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (!strcasecmp(stem, aliases[i].kernels))
			return !strcmp(name, aliases[i].name);
	return explain_is_alike(stem, skip(name, "IA32_"));
}
