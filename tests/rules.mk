# Tests. Included by the top-level Makefile, which sets B, CC, CFLAGS and Q.
# Everything is run by Debian's pytest, the cmocka programs of tests/unit too;
# tests/conftest.py says how, and prints the last line.

include tests/fuzz/rules.mk

PYTEST := /usr/bin/python3 -B -m pytest -p no:cacheprovider -q -ra tests
UNIT_SOURCES := $(wildcard tests/unit/test_*.c)
UNIT_PROGRAMS := $(UNIT_SOURCES:tests/unit/%.c=$(B)/tests/unit/%)

.PHONY: unit-programs
unit-programs: $(UNIT_PROGRAMS)

$(B)/tests/unit/%: tests/unit/%.c $(TRACER_LIBRARY)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -Itracer -MMD -MP -MF $@.d -MT $@ $(LDFLAGS) \
		-o $@ $< $(TRACER_LIBRARY) $(TRACER_LIBS) -lcmocka

-include $(UNIT_PROGRAMS:%=%.d)

# TESTS narrows it: make check TESTS='-k signals'
.PHONY: run-tests check
run-tests: all test-programs unit-programs
	$(Q)BUILD=$(B) $(PYTEST) $(TESTS)
check: run-tests	## run every test, installing nothing

# Sanitizers: a build of its own in build/asan. LeakSanitizer can't look into
# a process that is not dumpable, as kvmtrace isn't while it traces; so only
# the unit tests look for leaks (tests/test_unit.py).
ASAN_CFLAGS := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
ASAN_MAKE = $(MAKE) --no-print-directory B=$(B)/asan CFLAGS="$(ASAN_CFLAGS)"

.PHONY: asan
asan: hv	## run every test under the address and undefined sanitizers
	$(Q)$(ASAN_MAKE) $(B)/asan/kvmtrace unit-programs test-programs
	$(Q)BUILD=$(B)/asan KVMTRACE=$(B)/asan/kvmtrace ASAN_OPTIONS=detect_leaks=0 \
		$(PYTEST) $(TESTS)

$(B)/kvmtrace: $(B)/tracer/main.o $(TRACER_LIBRARY)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TRACER_LIBS)

# .clang-format can't say how our tables are laid out, so what is checked is
# what it can't spoil (check_style.py), and what is formatted is what changed.
.PHONY: format
format:		## clang-format the lines that differ from the last commit
	git clang-format --extensions c,h -- hypervisor guests tracer tests \
		|| test $$? = 1
	$(Q)/usr/bin/python3 -B tests/check_style.py

LINT_SOURCES := $(TRACER_SOURCES) $(wildcard hypervisor/*.c) $(UNIT_SOURCES)
# Left out: what the kernel's style is full of, and what knows no varargs.
LINT_CHECKS := -*,bugprone-*,clang-analyzer-*,performance-*,portability-*,$\
	-bugprone-easily-swappable-parameters,$\
	-bugprone-implicit-widening-of-multiplication-result,$\
	-bugprone-macro-parentheses,$\
	-bugprone-reserved-identifier,$\
	-bugprone-suspicious-string-compare,$\
	-clang-analyzer-security.insecureAPI.*,$\
	-clang-analyzer-valist.Uninitialized,$\
	-performance-no-int-to-ptr

.PHONY: lint
lint:		## compile with clang, warnings as errors; clang-tidy if there
	$(Q)for f in $(LINT_SOURCES); do \
		clang $(CFLAGS) -Werror -Itracer -fsyntax-only $$f || exit 1; \
	done
	$(Q)if command -v clang-tidy >/dev/null; then \
		clang-tidy --quiet --checks='$(LINT_CHECKS)' \
			$(LINT_SOURCES) -- $(CFLAGS) -Itracer; \
	else \
		echo "clang-tidy is not installed: not run"; \
	fi

.PHONY: bench
bench: all test-programs $(B)/tests/bench_decode	## what tracing costs, against untraced and strace
	$(Q)$(B)/tests/bench_decode tests/golden/hv-long/records.jsonl
	$(Q)/usr/bin/python3 -B tests/bench.py

# Two minutes and 3 GB on the disk.
.PHONY: bench-diff
bench-diff: kvmtrace	## what comparing costs: two traces of a million events
	@mkdir -p $(B)
	$(Q)/usr/bin/python3 -B tests/bench_diff.py $(B)

$(B)/tests/bench_decode: tests/bench_decode.c $(TRACER_LIBRARY)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -Itracer -o $@ $< $(TRACER_LIBRARY) $(TRACER_LIBS)

# The tables as JSON, and what each row of them decodes: tests/test_abi.py.
ROW_PROGRAMS := $(B)/tests/abi_dump $(B)/tests/golden_rows
unit-programs: $(ROW_PROGRAMS)
-include $(ROW_PROGRAMS:%=%.d)

$(ROW_PROGRAMS): $(B)/tests/%: tests/%.c $(TRACER_LIBRARY)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -Itracer -MMD -MP -MF $@.d -MT $@ $(LDFLAGS) \
		-o $@ $< $(TRACER_LIBRARY) $(TRACER_LIBS)

# Minutes, and a package of 140 MB: not part of `make test`.
.PHONY: selftests
selftests:	## run Linux's KVM selftests and QEMU, traced and untraced
	@$(PACKAGES) selftests
	@$(MAKE) --no-print-directory kvmtrace
	$(Q)BUILD=$(B) /usr/bin/python3 -B tests/selftests.py $(TESTS)
