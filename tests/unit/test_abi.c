/*
 * The rows of KVM's ioctls and exits: sorted, apart, complete, found again.
 * All problems are printed, then the test fails.
 */
#include <linux/kvm.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "abi/abi.h"
#include "problems.h"

#define ALL_ROLES 0x7f

/* Is there a member of this size at this offset? */
static bool has_member(const struct abi_type *type, uint32_t offset,
		       uint32_t size)
{
	for (uint32_t i = 0; i < type->field_count; i++)
		if (type->fields[i].offset == offset &&
		    type->fields[i].size == size)
			return true;
	return false;
}

/* Ioctls */

static void check_row(const struct abi_ioctl *row)
{
	if (strncmp(row->name, "KVM_", 4))
		problem("%s is no name of KVM's", row->name);
	if (!row->roles || (row->roles & ~ALL_ROLES) ||
	    (row->roles & ROLE_NOT_KVM))
		problem("%s is for no descriptor", row->name);
	if (!row->operation || !*row->operation)
		problem("%s does nothing", row->name);
	else if (row->operation[0] < 'a' || row->operation[0] > 'z' ||
		 row->operation[strlen(row->operation) - 1] == '.')
		problem("%s: its operation doesn't fit into a sentence",
			row->name);
	if (row->type && row->value)
		problem("%s: its argument is a pointer and a value",
			row->name);
	if (row->type && row->flow == FLOW_NONE)
		problem("%s has a structure that nobody copies", row->name);
	if (row->value && row->flow != FLOW_NONE)
		problem("%s copies a value", row->name);
	if ((row->request >> 8 & 0xff) != KVMIO)
		problem("%s is not of KVM's type", row->name);
	if (row->result == RESULT_FD_IN_ARGUMENT &&
	    (!row->type || !has_member(row->type, row->fd_offset, 4)))
		problem("%s: its descriptor is no member", row->name);
}

static void test_rows(void **state)
{
	(void)state;
	assert_true(abi_ioctl_count > 100);
	for (size_t i = 0; i < abi_ioctl_count; i++)
		check_row(&abi_ioctls[i]);
	assert_int_equal(problems, 0);
}

static void test_rows_are_sorted_and_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < abi_ioctl_count; i++) {
		const struct abi_ioctl *row = &abi_ioctls[i];

		if (i && row->request < row[-1].request)
			problem("%s is out of order", row->name);
		for (size_t j = 0; j < i; j++)
			if (abi_ioctls[j].request == row->request &&
			    (abi_ioctls[j].roles & row->roles))
				problem("%s and %s are the same request on "
					"the same descriptor",
					abi_ioctls[j].name, row->name);
	}
	assert_int_equal(problems, 0);
}

static void test_find_ioctl(void **state)
{
	(void)state;
	for (size_t i = 0; i < abi_ioctl_count; i++)
		for (unsigned int role = 1; role < ALL_ROLES; role <<= 1)
			if (abi_ioctls[i].roles & role)
				assert_ptr_equal(abi_find_ioctl(
					abi_ioctls[i].request, (uint8_t)role),
					&abi_ioctls[i]);
	assert_null(abi_find_ioctl(0, ROLE_SYSTEM));
	assert_null(abi_find_ioctl(0xffffffff, ROLE_VM));
	assert_null(abi_find_ioctl(0xaeff, ROLE_VM));
	/* On the wrong descriptor the request keeps its name. */
	assert_string_equal(abi_find_ioctl(KVM_RUN, ROLE_NOT_KVM)->name,
			    "KVM_RUN");
}

static void test_is_run(void **state)
{
	(void)state;
	assert_true(abi_is_run(abi_find_ioctl(KVM_RUN, ROLE_VCPU)));
	assert_false(abi_is_run(abi_find_ioctl(KVM_GET_REGS, ROLE_VCPU)));
	assert_false(abi_is_run(NULL));
}

/* Exits and roles */

static void test_exits(void **state)
{
	(void)state;
	for (size_t i = 0; i < abi_exit_count; i++) {
		const struct abi_exit *row = &abi_exits[i];

		if (i && row->code <= row[-1].code)
			problem("%s is out of order", row->name);
		if (strncmp(row->name, "KVM_EXIT_", 9))
			problem("%s is no exit", row->name);
		if (!row->meaning || !row->member != !row->type)
			problem("%s is half a row", row->name);
		assert_ptr_equal(abi_find_exit(row->code), row);
	}
	assert_null(abi_find_exit(0xffffffff));
	assert_int_equal(problems, 0);
}

static void test_roles(void **state)
{
	unsigned int seen = 0;

	(void)state;
	for (size_t i = 0; i < abi_role_count; i++) {
		assert_false(seen & abi_roles[i].role);
		seen |= abi_roles[i].role;
		assert_ptr_equal(abi_find_role(abi_roles[i].role),
				 &abi_roles[i]);
	}
	assert_int_equal(seen, ALL_ROLES);
	assert_string_equal(abi_find_role(ROLE_VCPU)->handler,
			    "kvm_vcpu_ioctl");
	assert_null(abi_find_role(0));
}

static void test_read(void **state)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 0x88 };

	(void)state;
	assert_int_equal(abi_read(bytes, 1), 1);
	assert_int_equal(abi_read(bytes, 2), 0x201);
	assert_int_equal(abi_read(bytes, 4), 0x4030201);
	assert_true(abi_read(bytes, 8) == 0x8807060504030201);
	assert_true(abi_read(bytes, 200) == 0x8807060504030201);
}

/* What the main job needs: SPEC, and the issue that began this program. */
static void test_the_essentials_are_decoded(void **state)
{
	static const uint32_t requests[] = {
		KVM_SET_IDENTITY_MAP_ADDR, KVM_SET_USER_MEMORY_REGION,
		KVM_GET_REGS, KVM_SET_REGS, KVM_GET_SREGS, KVM_SET_SREGS,
		KVM_TRANSLATE, KVM_GET_CPUID2, KVM_SET_CPUID2,
		KVM_GET_SUPPORTED_CPUID, KVM_GET_CLOCK, KVM_SET_SIGNAL_MASK,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		const struct abi_ioctl *row = abi_find_ioctl(requests[i],
							     ROLE_VCPU);

		assert_non_null(row);
		assert_non_null(row->type);
		assert_true(row->type->field_count > 0);
	}
	assert_string_equal(abi_find_ioctl(KVM_CREATE_VCPU,
					   ROLE_VM)->value->name, "vcpu_id");
	assert_string_equal(abi_find_ioctl(KVM_CHECK_EXTENSION,
					   ROLE_VM)->value->name, "cap");
}

#define TEST(name) cmocka_unit_test_setup(name, forget_problems)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_rows), TEST(test_rows_are_sorted_and_apart),
		TEST(test_find_ioctl), TEST(test_is_run), TEST(test_exits),
		TEST(test_roles), TEST(test_read),
		TEST(test_the_essentials_are_decoded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
