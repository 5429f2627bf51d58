# Fuzzing, included by tests/rules.mk. `make fuzz` runs each target for
# FUZZ_SECONDS under libFuzzer with sanitizers, beginning with the seeds; what
# it finds of use is kept in build/fuzz. An input that crashes is left there as
# crash-…: mend it, and put it into tests/fuzz/corpus/TARGET, which `make
# check` replays, with some thousand changed inputs (tests/test_fuzz.py).

FUZZ_SECONDS ?= 60
FUZZ_TARGETS := diff rubric grade record ring
FUZZ_SEEDS_diff := tests/fuzz/corpus/diff
FUZZ_SEEDS_rubric := tests/fuzz/corpus/rubric schemas/rubrics
FUZZ_SEEDS_grade := tests/fuzz/corpus/grade
FUZZ_SEEDS_record := tests/fuzz/corpus/record
FUZZ_SEEDS_ring := tests/fuzz/corpus/ring
FUZZ_FILES_diff := $(wildcard tests/fuzz/corpus/diff/*)
FUZZ_FILES_grade := $(wildcard tests/golden/*/trace.jsonl)
FUZZ_FILES_record := $(wildcard tests/golden/*/records.jsonl)

FUZZ_CFLAGS := -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer
FUZZ_B := $(B)/fuzz
FUZZ_MAKE = $(MAKE) --no-print-directory B=$(FUZZ_B) CC=clang \
	CFLAGS="$(FUZZ_CFLAGS)"
SMOKE_PROGRAMS := $(FUZZ_TARGETS:%=$(B)/tests/fuzz/smoke_%)

# Quiet: what kvmtrace says of broken input would be most of the output.
.PHONY: fuzz $(FUZZ_TARGETS:%=fuzz-%)
fuzz: $(FUZZ_TARGETS:%=fuzz-%)	## libFuzzer on readers, diff, rubrics, grading, records, rings; FUZZ_SECONDS=60 each
$(FUZZ_TARGETS:%=fuzz-%): fuzz-%:
	@$(PACKAGES) fuzz
	$(Q)$(FUZZ_MAKE) $(FUZZ_B)/tests/fuzz/fuzz_$*
	@mkdir -p $(FUZZ_B)/corpus/$*
	$(Q)cp $(FUZZ_FILES_$*) $(FUZZ_B)/corpus/$* 2>/dev/null || true
	$(Q)LSAN_OPTIONS=suppressions=tests/fuzz/leaks.txt $(FUZZ_B)/tests/fuzz/fuzz_$* \
		-max_total_time=$(FUZZ_SECONDS) -timeout=10 \
		-rss_limit_mb=2048 -max_len=40000 -close_fd_mask=2 \
		-print_final_stats=1 -dict=tests/fuzz/words.dict \
		-artifact_prefix=$(FUZZ_B)/ \
		$(FUZZ_B)/corpus/$* $(FUZZ_SEEDS_$*)

$(FUZZ_TARGETS:%=$(B)/tests/fuzz/fuzz_%): $(B)/tests/fuzz/fuzz_%: \
		tests/fuzz/fuzz_%.c tests/fuzz/fuzz.h $(TRACER_LIBRARY)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -fsanitize=fuzzer -Itracer $(LDFLAGS) -o $@ $< \
		$(TRACER_LIBRARY) $(TRACER_LIBS)

unit-programs: $(SMOKE_PROGRAMS)

$(SMOKE_PROGRAMS): $(B)/tests/fuzz/smoke_%: tests/fuzz/fuzz_%.c \
		tests/fuzz/smoke.c tests/fuzz/fuzz.h $(TRACER_LIBRARY)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -Itracer $(LDFLAGS) -o $@ $< tests/fuzz/smoke.c \
		$(TRACER_LIBRARY) $(TRACER_LIBS)
