/* The text timeline: what it shows, and that odd events can't harm it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sink/text.h"

#define FLOW(refused)                                                       \
	"\"flow\":["                                                        \
	"{\"step\":1,\"space\":\"user\",\"box\":\"user_application\","      \
	"\"text\":\"one\"},"                                                \
	"{\"step\":2,\"space\":\"kernel\",\"box\":\"syscall_handler\","     \
	"\"text\":\"two\"},"                                                \
	"{\"step\":3,\"space\":\"kernel\",\"box\":\"ioctl_handler\","       \
	refused "\"text\":\"three\"},"                                      \
	"{\"step\":4,\"space\":\"kernel\",\"box\":\"driver_operation\","    \
	"\"text\":\"four\",\"device\":\"vm0\"},"                            \
	"{\"step\":5,\"space\":\"kernel\",\"box\":\"ioctl_handler\","       \
	"\"text\":\"five\"},"                                               \
	"{\"step\":6,\"space\":\"user\",\"box\":\"user_application\","      \
	"\"text\":\"six\"}]"

#define CALL CALL_OF("KVM_SET_TSS_ADDR")
#define CALL_OF(name)                                                       \
	"{\"type\":\"ioctl\",\"seq\":1,\"ts_ns\":34567,\"dur_ns\":41000,"   \
	"\"pid\":1,\"tid\":1,\"name\":\"" name "\","                        \
	"\"cmd\":\"0xae47\",\"fd\":4,\"on\":\"vm\",\"vm\":0,"

#define RUN(index, data, more)                                              \
	"{\"type\":\"ioctl\",\"seq\":" index ",\"ts_ns\":1000000,"          \
	"\"dur_ns\":1000,\"tid\":1,\"name\":\"KVM_RUN\",\"on\":\"vcpu\","   \
	"\"vm\":0,\"vcpu\":0,\"run_index\":" index ",\"ret\":0,"            \
	"\"exit\":{\"reason\":\"KVM_EXIT_IO\",\"code\":2,\"io\":{"          \
	"\"direction\":1,\"size\":1,\"port\":233,\"count\":1,"              \
	"\"data_hex\":\"" data "\"}}" more "}"

#define CONSOLE(text)                                                       \
	"{\"type\":\"console\",\"seq\":9,\"ts_ns\":0,\"vm\":0,\"vcpu\":0,"  \
	"\"port\":233,\"text\":\"" text "\"}"

#define END "{\"type\":\"trace_end\",\"seq\":99,\"ts_ns\":0}"

static const struct text_options plain = { .flow = TEXT_FLOW_NONE };
static const struct text_options folding = {
	.flow = TEXT_FLOW_NONE, .fold = true,
};
static const struct text_options first = { .flow = TEXT_FLOW_FIRST };

static void add_event(struct text_view *view, const char *line,
		      struct buffer *out)
{
	json_t *event = json_loads(line, JSON_ALLOW_NUL | JSON_DECODE_ANY,
				   NULL);

	assert_non_null(event);
	text_view_event(view, event, out);
	json_decref(event);
}

/* The text of some events, up to NULL; the caller frees it. */
static char *show(const struct text_options *options, ...)
{
	struct text_view *view = text_view_new(options);
	struct buffer out = BUFFER_EMPTY;
	const char *line;
	va_list lines;

	va_start(lines, options);
	while ((line = va_arg(lines, const char *)))
		add_event(view, line, &out);
	va_end(lines);
	text_view_finish(view, &out);
	text_view_free(view);
	buffer_string(&out);
	return out.data;
}

static unsigned count(const char *text, const char *part)
{
	unsigned times = 0;

	while ((text = strstr(text, part))) {
		text += strlen(part);
		times++;
	}
	return times;
}

static void assert_shown(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in:\n%s", part,
			 text ? text : "(no text)");
}

static void test_call_is_one_line(void **state)
{
	char *text = show(&plain, CALL "\"in\":{\"addr\":\"0xfffbd000\"},"
				  "\"ret\":0}", END, NULL);

	(void)state;
	assert_shown(text, "   1     0.034  vm0        KVM_SET_TSS_ADDR"
			   "  addr 0xfffbd000 -> 0  (41.0 us)\n");
	free(text);
}

static void assert_duration(const char *ns, const char *shown)
{
	char line[256];
	char *text;

	snprintf(line, sizeof(line),
		 "{\"type\":\"ioctl\",\"seq\":1,"
		 "\"ts_ns\":0,\"dur_ns\":%s,\"name\":\"KVM_SET_TSS_ADDR\","
		 "\"on\":\"vm\",\"vm\":0,\"ret\":0}",
		 ns);
	text = show(&plain, line, END, NULL);
	assert_shown(text, shown);
	free(text);
}

static void test_durations_have_units_that_fit(void **state)
{
	(void)state;
	assert_duration("0", " (0.0 us)\n");
	assert_duration("999999", " (999.9 us)\n");
	assert_duration("1000000", " (1000 us)\n");
	assert_duration("9999999", " (9999 us)\n");
	assert_duration("10000000", " (10.0 ms)\n");
	assert_duration("999999999", " (999.9 ms)\n");
	assert_duration("1000000000", " (1.00 s)\n");
	assert_duration("1503571000", " (1.50 s)\n");
	assert_duration("3600000000000", " (3600.00 s)\n");
}

static void test_like_runs_fold(void **state)
{
	char *text = show(&folding, RUN("1", "48", ""), RUN("2", "69", ""),
			  RUN("3", "0a", ""), CONSOLE("Hi"), END, NULL);
	const char *run = strstr(text, "KVM_RUN #1-#3");

	(void)state;
	assert_non_null(run);
	assert_int_equal(count(text, "KVM_RUN #"), 1);
	assert_shown(run, "3 times  \"Hi\\n\"");
	assert_shown(run, "(3.0 us)");
	assert_shown(run, "console 0xe9: Hi\n");
	free(text);
}

static void test_unlike_runs_stay_apart(void **state)
{
	char *text = show(&folding, RUN("1", "48", ""),
			  RUN("2", "69", ",\"notes\":[{\"severity\":\"warn\","
					 "\"text\":\"look here\"}]"),
			  RUN("3", "0a", ",\"errno\":\"EINTR\""), END, NULL);

	(void)state;
	assert_int_equal(count(text, "KVM_RUN #"), 3);
	assert_shown(text, "warning  look here\n");
	assert_shown(text, "-> -1 EINTR");
	free(text);
}

static void test_fold_is_shown_at_the_end(void **state)
{
	char *text = show(&folding, RUN("1", "48", ""), RUN("2", "48", ""),
			  NULL);

	(void)state;
	assert_shown(text, "KVM_RUN #1-#2");
	assert_shown(text, "INCOMPLETE");
	free(text);
}

static void test_flow_is_drawn_once(void **state)
{
	char *text = show(&first, CALL "\"ret\":0," FLOW("") "}",
			  CALL "\"ret\":0," FLOW("") "}", END, NULL);

	(void)state;
	assert_int_equal(count(text, "user application"), 2);
	assert_int_equal(count(text, "KVM_SET_TSS_ADDR"), 2);
	assert_shown(text, "user  1 v user application      one\n");
	assert_shown(text, "4 *    driver operation   four (vm0)\n");
	free(text);
}

static void test_refusal_is_always_drawn(void **state)
{
	static const char refused[] = CALL
		"\"ret\":-1,\"errno\":\"ENOTTY\","
		FLOW("\"refused\":true,") "}";
	char *text = show(&first, refused, refused, END, NULL);

	(void)state;
	assert_int_equal(count(text, "3 x   ioctl handler"), 2);
	assert_int_equal(count(text, "4 .    driver operation"), 2);
	assert_int_equal(count(text, "-> -1 ENOTTY"), 2);
	free(text);
}

static void test_no_flow_when_not_wanted(void **state)
{
	char *text = show(&plain, CALL "\"ret\":0," FLOW("") "}", END, NULL);

	(void)state;
	assert_int_equal(count(text, "user application"), 0);
	free(text);
}

static void test_structures_show_names_and_tables(void **state)
{
	static const char sregs[] = CALL_OF("KVM_SET_SREGS") "\"in\":{"
		"\"cs\":{\"base\":\"0x0\",\"selector\":8},"
		"\"ds\":{\"base\":\"0x0\",\"selector\":16},"
		"\"es\":{\"base\":\"0x100\",\"selector\":16},"
		"\"cr4\":\"0x20\",\"cr4_names\":[\"PAE\"],"
		"\"bits\":[0,0,0],\"list\":[1,2,3,4,5,6,7,8,9,10]},\"ret\":0}";
	char *text = show(&plain, sregs, END, NULL);

	(void)state;
	assert_shown(text, "            in       base  selector\n"
			   "                cs    0x0       0x8\n"
			   "                ds    0x0      0x10\n"
			   "                es  0x100      0x10\n"
			   "                cr4 0x20 [PAE]\n"
			   "                bits 0 (3 times)\n"
			   "                list 1 2 3 4 5 6 7 8 ... 2 more\n");
	free(text);
}

static void assert_harmless(const char *text)
{
	for (; *text; text++)
		assert_true(*text == '\n' || (*text >= ' ' && *text <= '~'));
}

static void test_text_is_escaped(void **state)
{
	char *text = show(&plain,
			  CONSOLE("a\\u001b[31m\\u0000\\u0085"
				  "\\u00e9\\u202e\\t"),
			  CONSOLE("\\\\x1b"), CONSOLE("\xf0\x9f\x98\x80"),
			  CALL "\"in\":{\"\\u001b\":\"\\u001b\"},"
			       "\"ret\":-1,\"errno\":\"\\u001b[2J\"}",
			  END, NULL);

	(void)state;
	assert_harmless(text);
	assert_shown(text, ": a\\x1b[31m\\x00\\x85\\xe9\\u202e\\t\n");
	assert_shown(text, ": \\\\x1b\n");
	assert_shown(text, ": \\U0001f600\n");
	assert_shown(text, "-> -1 \\x1b[2J");
	free(text);
}

static void test_blanks_of_the_guest_stay(void **state)
{
	struct text_options narrow = plain;
	char *text;

	(void)state;
	narrow.width = 60;
	text = show(&narrow,
		    CONSOLE("a   b                               "
			    "                           c"), END, NULL);
	assert_shown(text, ": a   b                               "
			   "                           c\n");
	free(text);
}

static void test_odd_events_are_survived(void **state)
{
	char *text = show(&first, "{}", "[]", "1", "null", "\"ioctl\"",
			  "{\"type\":7}", "{\"type\":\"tomorrow\"}",
			  "{\"type\":\"ioctl\"}", "{\"type\":\"syscall\"}",
			  "{\"type\":\"console\"}", "{\"type\":\"process\"}",
			  "{\"type\":\"trace_start\",\"argv\":[1,null]}",
			  "{\"type\":\"ioctl\",\"name\":\"KVM_RUN\"}",
			  "{\"type\":\"ioctl\",\"name\":\"KVM_RUN\",\"ret\":0,"
			  "\"in\":[],\"exit\":{\"io\":7,\"mmio\":{}}}",
			  "{\"type\":\"ioctl\",\"name\":{},\"in\":4,\"out\":[],"
			  "\"ret\":\"\",\"flow\":[1,{\"box\":2},[]],"
			  "\"notes\":{},\"caller\":\"x\",\"seq\":\"y\","
			  "\"ts_ns\":-1,\"dur_ns\":1.5}", END, NULL);

	(void)state;
	assert_harmless(text);
	assert_null(strstr(text, "tomorrow"));
	free(text);
}

static void test_deep_nesting_ends(void **state)
{
	struct buffer line = BUFFER_EMPTY;
	char *text;
	int i;

	(void)state;
	buffer_add_string(&line, CALL "\"ret\":0,\"in\":");
	for (i = 0; i < 1000; i++)
		buffer_add_string(&line, i % 2 ? "[" : "{\"a\":");
	for (i = 1000; i-- > 0;)
		buffer_add_string(&line, i % 2 ? "]" : "}");
	buffer_add_char(&line, '}');
	text = show(&plain, buffer_string(&line), END, NULL);
	assert_true(strlen(text) < 2000);
	buffer_free(&line);
	free(text);
}

static void test_colours_only_when_asked_for(void **state)
{
	struct text_options coloured = plain;
	char *text;

	(void)state;
	coloured.colour = true;
	text = show(&coloured, CONSOLE("Hi"), END, NULL);
	assert_shown(text, "\x1b[32mHi\x1b[0m\n");
	free(text);
	text = show(&plain, CONSOLE("Hi"), RUN("1", "48", ""), END, NULL);
	assert_null(strchr(text, '\x1b'));
	free(text);
}

static void test_losses_are_loud(void **state)
{
	char *text = show(&plain, "{\"type\":\"trace_end\",\"dropped\":3,"
				  "\"truncated\":true,"
				  "\"status\":{\"signal\":\"SIGSEGV\"}}", NULL);

	(void)state;
	assert_shown(text, "TRUNCATED");
	assert_shown(text, "DROPPED  3 events were lost");
	assert_shown(text, "killed by SIGSEGV");
	assert_null(strstr(text, "INCOMPLETE"));
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_call_is_one_line),
		cmocka_unit_test(test_durations_have_units_that_fit),
		cmocka_unit_test(test_like_runs_fold),
		cmocka_unit_test(test_unlike_runs_stay_apart),
		cmocka_unit_test(test_fold_is_shown_at_the_end),
		cmocka_unit_test(test_flow_is_drawn_once),
		cmocka_unit_test(test_refusal_is_always_drawn),
		cmocka_unit_test(test_no_flow_when_not_wanted),
		cmocka_unit_test(test_structures_show_names_and_tables),
		cmocka_unit_test(test_text_is_escaped),
		cmocka_unit_test(test_blanks_of_the_guest_stay),
		cmocka_unit_test(test_odd_events_are_survived),
		cmocka_unit_test(test_deep_nesting_ends),
		cmocka_unit_test(test_colours_only_when_asked_for),
		cmocka_unit_test(test_losses_are_loud),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
