# Programs that try to fool or to harm a grader: tests/live/test_grade_hostile.py
# says what each must get. $(B)/tests/programs/hostile/NAME.

HOSTILE_PROGRAMS := $(patsubst tests/programs/hostile/%.c,$(TP)/hostile/%,\
	$(wildcard tests/programs/hostile/*.c))

test-programs: $(HOSTILE_PROGRAMS)

$(HOSTILE_PROGRAMS): $(TP)/hostile/%: tests/programs/hostile/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(TP_CFLAGS) $(TP_DEPS) -o $@ $<
