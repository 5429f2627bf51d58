/*
 * The text timeline reads numbers as the rows of abi/ say: hex or decimal,
 * with their names, also in arrays; and events that fit no row are shown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sink/text.h"

#define CALL(name, on)                                                      \
	"{\"type\":\"ioctl\",\"seq\":1,\"ts_ns\":0,\"name\":\"" name "\","  \
	"\"on\":\"" on "\",\"vm\":0,\"vcpu\":0,\"ret\":0,"
#define RUN(code, exit)                                                     \
	CALL("KVM_RUN", "vcpu") "\"exit\":{\"reason\":\"x\",\"code\":" code \
	"," exit "}}"

static char *show(const char *line)
{
	static const struct text_options options = { .flow = TEXT_FLOW_NONE };
	struct text_view *view = text_view_new(&options);
	json_t *event = json_loads(line, 0, NULL);
	struct buffer out = BUFFER_EMPTY;

	assert_non_null(event);
	text_view_event(view, event, &out);
	json_decref(event);
	text_view_free(view);
	buffer_string(&out);
	return out.data;
}

static void assert_shows(const char *line, const char *words)
{
	char *text = show(line);

	if (!strstr(text, words))
		fail_msg("\"%s\" is not in:\n%s", words, text);
	free(text);
}

static void test_numbers_are_read_as_their_rows_say(void **state)
{
	(void)state;
	assert_shows(CALL("KVM_SIGNAL_MSI", "vm") "\"in\":{\"address_lo\":254,"
		     "\"data\":4113,\"flags\":0,\"flags_names\":[],"
		     "\"devid\":10}}",
		     "address_lo 0xfe  data 0x1011  flags 0x0  devid 10");
	assert_shows(CALL("KVM_INTERRUPT", "vcpu") "\"in\":{\"irq\":32}}",
		     "irq 32");
	assert_shows(RUN("29", "\"msr\":{\"error\":0,\"index\":4660}"),
		     "error 0  index 0x1234");
	assert_shows(RUN("5", "\"msr\":{\"error\":0,\"index\":4660}"),
		     "error 0  index 4660");
}

/* One level down: in structures, arrays of them, and what pointers lead to. */
static void test_rows_are_walked_beside_the_event(void **state)
{
	(void)state;
	assert_shows(CALL("KVM_SET_CPUID2", "vcpu") "\"in\":{\"nent\":17,"
		     "\"entries\":[{\"function\":17,\"index\":17,\"eax\":17,"
		     "\"x\":17}]}}",
		     "function 0x11  index 17  eax 0x11  x 17");
	assert_shows(CALL("KVM_SET_SREGS", "vcpu") "\"in\":{"
		     "\"gdt\":{\"base\":\"0x0\",\"limit\":65535},"
		     "\"limit\":65535}}",
		     "gdt  base 0x0  limit 0xffff\n"
		     "                limit 65535\n");
	assert_shows(CALL("KVM_SET_GSI_ROUTING", "vm") "\"in\":{\"nr\":1,"
		     "\"entries\":[{\"gsi\":24,\"msi\":{\"address_lo\":24,"
		     "\"data\":24}}]}}",
		     "address_lo 0x18  data 0x18");
}

static void test_arrays_show_names(void **state)
{
	(void)state;
	assert_shows(CALL("KVM_GET_MSR_INDEX_LIST", "system") "\"out\":{"
		     "\"nmsrs\":3,\"indices\":[372,5,16],\"indices_names\":"
		     "[\"IA32_SYSENTER_CS\",null,\"TSC\"]}}",
		     "indices  IA32_SYSENTER_CS (0x174)  0x5  TSC (0x10)");
}

/* A key may be shorter than what the next line is indented by. */
static void test_short_keys_stand_apart(void **state)
{
	(void)state;
	assert_shows(CALL("KVM_SET_DEBUGREGS", "vcpu") "\"in\":{"
		     "\"db\":[\"0x0\",\"0x0\"],\"a\":[1],"
		     "\"dr6\":\"0x1\"}}",
		     "db 0x0 (2 times)\n                a 1\n"
		     "                dr6 0x1");
}

static void test_what_no_row_knows_is_shown(void **state)
{
	(void)state;
	assert_shows(CALL("KVM_NONE", "vm") "\"in\":{\"port\":16}}", "port 16");
	assert_shows(CALL("KVM_SET_SREGS", "nothing") "\"in\":{\"cs\":[{"
		     "\"selector\":16}],\"gdt\":3,\"apic_base\":{\"a\":{"
		     "\"b\":16}}}}", "selector 0x10");
	assert_shows(CALL("KVM_MEMORY_ENCRYPT_OP", "vm") "\"in\":{"
		     "\"id\":\"x\",\"id_name\":7,\"data_data\":{\"a\":1}}}",
		     "a 1");
	assert_shows(RUN("\"2\"", "\"io\":{\"port\":{\"port\":[]}}"), "x");
	assert_shows(RUN("4294967298", "\"msr\":{\"index\":16}"), "index 16");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers_are_read_as_their_rows_say),
		cmocka_unit_test(test_rows_are_walked_beside_the_event),
		cmocka_unit_test(test_arrays_show_names),
		cmocka_unit_test(test_short_keys_stand_apart),
		cmocka_unit_test(test_what_no_row_knows_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
