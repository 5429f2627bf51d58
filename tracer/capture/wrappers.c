#include "capture/wrappers.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* glibc is libc.so.6 or, before 2.34, libc-2.31.so beside libpthread. */
static bool is_library(const char *object)
{
	static const char *const prefixes[] = {
		"libc.so", "ld-musl-", "libpthread.so", "libpthread-2.",
		"libuClibc", "[vdso]",
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (has_prefix(object, prefixes[i]))
			return true;
	return has_prefix(object, "libc-") && isdigit((unsigned char)object[5]);
}

/*
 * A C library has many names for one function, and the symbol table gives
 * any: __ioctl, __libc_open64, __GI___mmap, __close_nocancel, __ioctl_time64.
 * Compilers' sanitizers put __interceptor_ioctl before it.
 */
static size_t strip_name(const char **name)
{
	static const char *const suffixes[] = { "_nocancel", "_time64", "64" };
	size_t length;

	if (has_prefix(*name, "__GI_"))
		*name += strlen("__GI_");
	if (has_prefix(*name, "__libc_"))
		*name += strlen("__libc_");
	*name += strspn(*name, "_");
	if (has_prefix(*name, "interceptor_"))
		*name += strlen("interceptor_");
	length = strlen(*name);
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		size_t size = strlen(suffixes[i]);

		if (length > size &&
		    strcmp(*name + length - size, suffixes[i]) == 0)
			return length - size;
	}
	return length;
}

/* musl's steps to a call that can be cancelled end in syscall_cp_asm. */
static bool is_c_name(const char *symbol)
{
	static const char *const names[] = {
		"ioctl", "syscall", "open", "openat", "creat", "close", "mmap",
		"munmap", "mremap", "dup", "dup2", "dup3", "fcntl", "sendmsg",
		"recvmsg", "fork", "vfork", "syscall_cp", "syscall_cp_c",
		"syscall_cp_asm", "sccp", "dl_sysinfo_int80", "kernel_vsyscall",
	};
	size_t length = strip_name(&symbol);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == length &&
		    strncmp(names[i], symbol, length) == 0)
			return true;
	return false;
}

/* Go: syscall.Syscall, internal/runtime/syscall.Syscall6, …/sys/unix.Syscall */
static bool is_go_name(const char *symbol)
{
	const char *slash = strrchr(symbol, '/');
	const char *name = slash ? slash + 1 : symbol;

	if (has_prefix(name, "syscall."))
		name += strlen("syscall.");
	else if (has_prefix(name, "unix."))
		name += strlen("unix.");
	else
		return false;
	return has_prefix(name, "Syscall") || has_prefix(name, "RawSyscall") ||
	       has_prefix(name, "rawSyscall") || has_prefix(name, "runtime_");
}

bool wrappers_have(const char *object, const char *symbol)
{
	if (object && is_library(object))
		return true;
	return symbol && (is_c_name(symbol) || is_go_name(symbol));
}
