# kvmtrace. Every .c under tracer/ belongs to it; all but main.c make up the
# library that the unit tests and fuzzers link.

TRACER_SOURCES := $(wildcard tracer/*.c tracer/*/*.c tracer/*/*/*.c)
TRACER_OBJECTS := $(TRACER_SOURCES:tracer/%.c=$(B)/tracer/%.o)
TRACER_LIBRARY := $(B)/libkvmtrace.a
TRACER_LIBS := -lseccomp -ljansson -ldw -lelf -lZydis -ljq -lm -pthread

kvmtrace: $(B)/tracer/main.o $(TRACER_LIBRARY)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TRACER_LIBS)

$(TRACER_LIBRARY): $(filter-out $(B)/tracer/main.o,$(TRACER_OBJECTS)) \
		$(B)/tracer/schema/schema_envelope.o $(B)/tracer/schema/schema_texts.o \
		$(B)/tracer/sink/html_assets.o $(B)/tracer/capture/inprocess/agent_code.o
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(B)/tracer/%.o: tracer/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -Itracer -MMD -MP -c -o $@ $<

$(B)/tracer/capture/inprocess/agent_code.o: tracer/capture/inprocess/agent_code.S \
		tracer/capture/inprocess/layout.h
	@mkdir -p $(@D)
	$(Q)$(CC) -c -o $@ $<

# The compiler doesn't see what .incbin reads.
$(B)/tracer/schema/schema_envelope.o: tracer/schema/schema_envelope.S schemas/envelope.json
	@mkdir -p $(@D)
	$(Q)$(CC) -c -o $@ $<
$(B)/tracer/schema/schema_texts.o: tracer/schema/schema_texts.S \
		$(wildcard schemas/*.schema.json)
	@mkdir -p $(@D)
	$(Q)$(CC) -c -o $@ $<
$(B)/tracer/sink/html_assets.o: tracer/sink/html_assets.S \
		$(wildcard tracer/sink/html/*)
	@mkdir -p $(@D)
	$(Q)$(CC) -c -o $@ $<

-include $(TRACER_OBJECTS:.o=.d)
