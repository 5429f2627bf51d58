# Broken hypervisors and their sound twins, from one source each: see broken.h
# and CAUSES.tsv. $(B)/tests/programs/broken/NAME and …/sound/NAME.

BROKEN_NAMES := $(patsubst tests/programs/broken/%.c,%,\
	$(wildcard tests/programs/broken/*.c))
BROKEN_PROGRAMS := $(BROKEN_NAMES:%=$(TP)/broken/%)
SOUND_PROGRAMS := $(BROKEN_NAMES:%=$(TP)/sound/%)

test-programs: $(BROKEN_PROGRAMS) $(SOUND_PROGRAMS)

$(BROKEN_PROGRAMS): $(TP)/broken/%: tests/programs/broken/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(TP_CFLAGS) $(TP_DEPS) -o $@ $<

$(SOUND_PROGRAMS): $(TP)/sound/%: tests/programs/broken/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(TP_CFLAGS) -DSOUND $(TP_DEPS) -o $@ $<
