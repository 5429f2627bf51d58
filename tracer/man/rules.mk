# Manual pages, $(B)/man/NAME: the templates here and what the programs tell of
# themselves (page.awk). @PREFIX@ in them is for `make install` to replace.

MAN_PAGES := $(patsubst tracer/man/%.in,%,$(wildcard tracer/man/*.in))
MAN_FILES := $(MAN_PAGES:%=$(B)/man/%)

.PHONY: man
man: $(MAN_FILES)	## build the manual pages

$(MAN_FILES): $(B)/man/%: tracer/man/%.in tracer/man/page.awk \
		schemas/README.md schemas/rubrics/README.md kvmtrace hv
	@mkdir -p $(@D)
	$(Q)awk -f tracer/man/page.awk -v kvmtrace=./kvmtrace -v hv=./hv \
		-v version=$(VERSION) $< >$@.new
	$(Q)mv $@.new $@
