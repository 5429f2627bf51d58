#include "exits.h"

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define NAME(reason) [reason] = #reason

/* Those that an x86 machine can see; api.rst, section 5, says when. */
static const char *const names[] = {
	NAME(KVM_EXIT_UNKNOWN),
	NAME(KVM_EXIT_EXCEPTION),
	NAME(KVM_EXIT_IO),
	NAME(KVM_EXIT_HYPERCALL),
	NAME(KVM_EXIT_DEBUG),
	NAME(KVM_EXIT_HLT),
	NAME(KVM_EXIT_MMIO),
	NAME(KVM_EXIT_IRQ_WINDOW_OPEN),
	NAME(KVM_EXIT_SHUTDOWN),
	NAME(KVM_EXIT_FAIL_ENTRY),
	NAME(KVM_EXIT_INTR),
	NAME(KVM_EXIT_SET_TPR),
	NAME(KVM_EXIT_TPR_ACCESS),
	NAME(KVM_EXIT_NMI),
	NAME(KVM_EXIT_INTERNAL_ERROR),
	NAME(KVM_EXIT_SYSTEM_EVENT),
	NAME(KVM_EXIT_IOAPIC_EOI),
	NAME(KVM_EXIT_HYPERV),
	NAME(KVM_EXIT_X86_RDMSR),
	NAME(KVM_EXIT_X86_WRMSR),
	NAME(KVM_EXIT_DIRTY_RING_FULL),
	NAME(KVM_EXIT_X86_BUS_LOCK),
	NAME(KVM_EXIT_XEN),
	NAME(KVM_EXIT_NOTIFY),
};

static const char *name_of(uint32_t reason)
{
	if (reason < sizeof(names) / sizeof(names[0]) && names[reason])
		return names[reason];
	return "an exit that hv has no name for";
}

static void explain_shutdown(const struct mode *mode)
{
	if (mode->not_on_pvm && access("/sys/module/kvm_pvm", F_OK) == 0)
		warnx("%s cannot run on the PVM flavour of KVM, which has no "
		      "legacy paging (KVM_EXIT_SHUTDOWN at once); it runs on "
		      "hardware KVM",
		      mode->title);
	else
		warnx("the guest stopped with KVM_EXIT_SHUTDOWN: a triple "
		      "fault, that is, an exception for which the guest has "
		      "no handler");
}

static void explain_internal_error(const struct kvm_run *run)
{
	uint32_t suberror = run->internal.suberror;

	warnx("the guest stopped with KVM_EXIT_INTERNAL_ERROR, "
	      "suberror %" PRIu32 "%s",
	      suberror,
	      suberror == KVM_INTERNAL_ERROR_EMULATION
		      ? ": KVM could not emulate an instruction"
		      : "");
}

void exits_explain(const struct kvm_run *run, const struct mode *mode)
{
	fflush(stdout);
	switch (run->exit_reason) {
	case KVM_EXIT_SHUTDOWN:
		explain_shutdown(mode);
		break;
	case KVM_EXIT_INTERNAL_ERROR:
		explain_internal_error(run);
		break;
	case KVM_EXIT_FAIL_ENTRY:
		warnx("the guest could not start (KVM_EXIT_FAIL_ENTRY): the "
		      "processor refused its state, hardware reason 0x%llx",
		      run->fail_entry.hardware_entry_failure_reason);
		break;
	case KVM_EXIT_MMIO:
		warnx("the guest %s guest physical 0x%llx (KVM_EXIT_MMIO, "
		      "size %" PRIu32 "), where it has no memory",
		      run->mmio.is_write ? "writes" : "reads",
		      run->mmio.phys_addr, run->mmio.len);
		break;
	default:
		warnx("the guest stopped with %s (exit reason %" PRIu32
		      "), which hv did not expect",
		      name_of(run->exit_reason), run->exit_reason);
	}
}
