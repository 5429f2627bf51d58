/* "Did you mean": what is near, and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/nearest.h"

static const char *find(const char *wanted)
{
	static const char *const names[] = {
		"KVM_RUN", "KVM_CREATE_VM", "KVM_CREATE_VCPU", "KVM_GET_REGS",
		"KVM_SET_REGS", "vm", "vcpu", "console", "format",
	};
	struct nearest nearest = nearest_to(wanted);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		nearest_offer(&nearest, names[i]);
	return nearest.best;
}

static void test_near(void **state)
{
	(void)state;
	assert_string_equal(find("KVM_RUN"), "KVM_RUN");
	assert_string_equal(find("kvm_run"), "KVM_RUN");
	assert_string_equal(find("KVMRUN"), "KVM_RUN");
	assert_string_equal(find("KVM_CRAETE_VM"), "KVM_CREATE_VM");
	assert_string_equal(find("KVM_GET_REGSS"), "KVM_GET_REGS");
	assert_string_equal(find("cosnole"), "console");
	assert_string_equal(find("formt"), "format");
}

static void test_far(void **state)
{
	(void)state;
	assert_null(find("something else"));
	assert_null(find("xyzzyxyzzy"));
}

/* Of equally near names the first offered stays. */
static void test_ties(void **state)
{
	struct nearest nearest = nearest_to("ab");

	(void)state;
	nearest_offer(&nearest, "ax");
	nearest_offer(&nearest, "ay");
	assert_string_equal(nearest.best, "ax");
	nearest_offer(&nearest, "ab");
	assert_string_equal(nearest.best, "ab");
	assert_int_equal(nearest.distance, 0);
}

/* The row of the distance has 64 places; longer candidates are left alone. */
static void test_long_names(void **state)
{
	char wanted[300], candidate[300];
	struct nearest nearest;

	(void)state;
	memset(wanted, 'a', sizeof(wanted));
	wanted[299] = '\0';
	memset(candidate, 'a', sizeof(candidate));
	candidate[299] = '\0';
	nearest = nearest_to(wanted);
	nearest_offer(&nearest, candidate);
	assert_null(nearest.best);
	candidate[63] = '\0';
	wanted[64] = '\0';
	nearest = nearest_to(wanted);
	nearest_offer(&nearest, candidate);
	assert_ptr_equal(nearest.best, candidate);
	assert_int_equal(nearest.distance, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_near),
		cmocka_unit_test(test_far),
		cmocka_unit_test(test_ties),
		cmocka_unit_test(test_long_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
