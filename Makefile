# kvmtrace and hv. `make help` lists the targets; V=1 shows the commands.
# Each folder with rules of its own has a rules.mk beside its sources.

B := build
CC ?= cc
CFLAGS ?= -O2 -g
LDFLAGS ?=
PREFIX ?= /usr/local
DESTDIR ?=
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
MAKEFLAGS += --no-builtin-rules

# The warnings are part of the house; -g names the callers in hv's traces.
override CFLAGS += -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wshadow \
	-Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wundef -Wvla

PACKAGES := tests/install-packages.sh

# Traces, manuals and packages have it from there.
VERSION := $(shell sed -n 's/^.define EVENT_VERSION "\(.*\)"/\1/p' \
	tracer/sink/event.h)

.PHONY: all
all: kvmtrace hv	## build ./kvmtrace and ./hv

include guests/rules.mk
include hypervisor/rules.mk
include tracer/rules.mk
include tracer/man/rules.mk
include tracer/package/rules.mk
include tests/programs/rules.mk
include tests/rules.mk

.PHONY: help
help:		## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | \
		sed -E 's/:[^#]*## */\t/' | sort -u | expand -t 12

.PHONY: demo
demo:		## install what is missing, build, and show a trace of hv
	@$(PACKAGES) demo
	@$(MAKE) --no-print-directory all
	@tests/demo.sh

.PHONY: test
test:		## install what is missing, build, and run every test
	@$(PACKAGES) test
	@$(MAKE) --no-print-directory run-tests

.PHONY: schemas
schemas: kvmtrace	## print schemas/*.schema.json anew and check the examples
	$(Q)./kvmtrace schema timeline >$(B)/timeline.schema.json
	$(Q)mv $(B)/timeline.schema.json schemas/
	$(Q)/usr/bin/python3 tests/check_schemas.py

.PHONY: clean
clean:		## remove all that was built
	rm -rf $(B) kvmtrace hv
