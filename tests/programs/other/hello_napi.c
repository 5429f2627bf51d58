/*
 * hello_napi.c: the system calls of hello.js, as an addon of Node-API (whose
 * binary interface is the same in all versions of Node).
 *
 * What the kernel refuses, and arguments of the wrong type, become exceptions.
 */
#include <errno.h>
#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

enum { MAX_ARGS = 3 };

static napi_value throw_errno(napi_env env, const char *what)
{
	char message[100];

	snprintf(message, sizeof(message), "%s fails: %s", what,
		 strerror(errno));
	napi_throw_error(env, NULL, message);
	return NULL;
}

static napi_value throw_type(napi_env env)
{
	napi_throw_type_error(env, NULL, "an argument has the wrong type");
	return NULL;
}

/* Missing arguments are undefined, which no getter takes. */
static void get_args(napi_env env, napi_callback_info info, napi_value *args)
{
	size_t count = MAX_ARGS;

	napi_get_cb_info(env, info, &count, args, NULL, NULL);
}

static bool get_address(napi_env env, napi_value buffer, uintptr_t *ret_at)
{
	bool is_buffer = false;
	void *at;

	if (napi_is_buffer(env, buffer, &is_buffer) != napi_ok || !is_buffer ||
	    napi_get_buffer_info(env, buffer, &at, NULL) != napi_ok)
		return false;
	*ret_at = (uintptr_t)at;
	return true;
}

/* A buffer means its address, a number itself. */
static bool get_arg(napi_env env, napi_value value, uintptr_t *ret_arg)
{
	int64_t number;

	if (get_address(env, value, ret_arg))
		return true;
	if (napi_get_value_int64(env, value, &number) != napi_ok)
		return false;
	*ret_arg = (uintptr_t)number;
	return true;
}

/* ioctl(fd, request, number or buffer) */
static napi_value hello_ioctl(napi_env env, napi_callback_info info)
{
	napi_value args[MAX_ARGS], value = NULL;
	uint32_t request;
	uintptr_t arg;
	int32_t fd;
	int ret;

	get_args(env, info, args);
	if (napi_get_value_int32(env, args[0], &fd) != napi_ok ||
	    napi_get_value_uint32(env, args[1], &request) != napi_ok ||
	    !get_arg(env, args[2], &arg))
		return throw_type(env);
	ret = ioctl(fd, request, arg);
	if (ret < 0) {
		char what[24];

		snprintf(what, sizeof(what), "request 0x%x", request);
		return throw_errno(env, what);
	}
	napi_create_int32(env, ret, &value);
	return value;
}

/* mmap(bytes, flags, fd): a buffer, never unmapped. */
static napi_value hello_mmap(napi_env env, napi_callback_info info)
{
	napi_value args[MAX_ARGS], value = NULL;
	int32_t flags, fd;
	uint32_t bytes;
	void *at;

	get_args(env, info, args);
	if (napi_get_value_uint32(env, args[0], &bytes) != napi_ok ||
	    napi_get_value_int32(env, args[1], &flags) != napi_ok ||
	    napi_get_value_int32(env, args[2], &fd) != napi_ok)
		return throw_type(env);
	at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (at == MAP_FAILED)
		return throw_errno(env, "mmap");
	napi_create_external_buffer(env, bytes, at, NULL, NULL, &value);
	return value;
}

/* addressOf(buffer): a BigInt */
static napi_value hello_address_of(napi_env env, napi_callback_info info)
{
	napi_value args[MAX_ARGS], value = NULL;
	uintptr_t at;

	get_args(env, info, args);
	if (!get_address(env, args[0], &at))
		return throw_type(env);
	napi_create_bigint_uint64(env, at, &value);
	return value;
}

static void export(napi_env env, napi_value exports, const char *name,
		   napi_callback callback)
{
	napi_value function;

	if (napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, NULL,
				 &function) == napi_ok)
		napi_set_named_property(env, exports, name, function);
}

/*
 * The symbol by which Node finds an addon. NAPI_MODULE_INIT would define it,
 * and in newer versions a second function, which has no prototype.
 */
NAPI_EXTERN napi_value napi_register_module_v1(napi_env env,
					       napi_value exports);

napi_value napi_register_module_v1(napi_env env, napi_value exports)
{
	export(env, exports, "ioctl", hello_ioctl);
	export(env, exports, "mmap", hello_mmap);
	export(env, exports, "addressOf", hello_address_of);
	return exports;
}
