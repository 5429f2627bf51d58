/*
 * Diagnoses: their sentences, what becomes of a note when the program gives up,
 * goes on or ends well, and traces with much or little in them.
 */
#include "diagnosed.h"

static void test_sentences(void **state)
{
	(void)state;
	for (int i = 0; i < DIAGNOSIS_CODES; i++) {
		const struct diagnosis *row = &diagnoses[i];

		assert_non_null(row->code);
		assert_ptr_equal(diagnosis_find(row->code), row);
		assert_int_equal(row->cause[strlen(row->cause) - 1], '.');
		if (row->remedy)
			assert_int_equal(row->remedy[strlen(row->remedy) - 1],
					 '.');
	}
	assert_null(diagnosis_find("no-such-code"));
	assert_null(diagnosis_find(""));
}

static void test_an_error_when_it_gives_up(void **state)
{
	struct kvm_sregs sregs = make_bad_sregs();

	(void)state;
	take_sregs(&sregs, -EINVAL);
	take_exit(1, 0);
	assert_note("sregs-lma-missing", NOTE_ERROR);
	assert_int_equal(find("sregs-lma-missing")->seq_count, 2);
	assert_int_equal(find("sregs-lma-missing")->seqs[1], seq - 2);
}

static void test_no_error_when_it_ends_well(void **state)
{
	struct kvm_sregs sregs = make_bad_sregs();

	(void)state;
	take_sregs(&sregs, -EINVAL);
	take_exit(0, 0);
	assert_none();
}

static void test_no_error_when_it_mends(void **state)
{
	struct kvm_sregs sregs = make_bad_sregs();

	(void)state;
	take_sregs(&sregs, -EINVAL);
	take_sregs(&sregs, 0);
	take_exit(1, 0);
	assert_none();
	take_sregs(&sregs, -EINVAL);
	take_exit_reason(KVM_EXIT_HLT);
	take_exit(1, 0);
	assert_none();
}

/* Lines that the trace leaves out can't be cited, and no note needs them. */
static void test_without_lines(void **state)
{
	struct kvm_sregs sregs = make_bad_sregs();

	(void)state;
	seq = NOTES_NO_SEQ;
	take_sregs(&sregs, -EINVAL);
	seq = 50;
	take_exit(1, 0);
	assert_note("sregs-lma-missing", NOTE_ERROR);
	assert_int_equal(find("sregs-lma-missing")->seq_count, 1);
}

/* As many processes, vCPUs and notes as there are. */
static void test_many(void **state)
{
	(void)state;
	for (int i = 0; i < 3000; i++) {
		make_ioctl(&record, &vcpu_file, KVM_RUN, 0, -EIO);
		record.pid = record.tid = 1000 + i;
		record.unfinished = i % 2;
		take();
	}
	for (uint32_t i = 0; i < 3000; i++) {
		make_ioctl(&record, &vcpu_file, KVM_RUN, 0, 0);
		record.file.id = 100 + i;
		take();
	}
	assert_true(notes.count <= NOTES_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_sentences), TEST(test_an_error_when_it_gives_up),
		TEST(test_no_error_when_it_ends_well),
		TEST(test_no_error_when_it_mends), TEST(test_without_lines),
		TEST(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
