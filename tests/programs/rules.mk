# The small programs that the live tests run untraced and traced. Included by
# the top-level Makefile, which sets B, CC, CFLAGS and Q. Everything goes to
# $(B)/tests/programs: NAME for each tests/programs/NAME.c, variants of a few
# in static/, static-pie/ and musl/, other languages in other/.
#
# Where a compiler is missing, its programs become scripts that say so and exit
# with 77, as the programs do when /dev/kvm is missing: one rule of skipping
# for the tests. Such a script is dated 1970, so that the next make tries again.

TP := $(B)/tests/programs
TP_NAMES := $(filter-out int80,$(patsubst tests/programs/%.c,%,\
	$(wildcard tests/programs/*.c)))
TP_VARIANTS := portio_loop threads two_vms
TP_ALL := $(TP_NAMES:%=$(TP)/%) $(TP)/int80 \
	$(TP_VARIANTS:%=$(TP)/static/%) \
	$(TP_VARIANTS:%=$(TP)/static-pie/%) \
	$(TP_VARIANTS:%=$(TP)/musl/%) \
	$(addprefix $(TP)/other/hello_,cpp go rs java node)

# Sanitizers are for our own code, and can't be linked statically.
TP_CFLAGS = $(filter-out -fsanitize% -fno-sanitize%,$(CFLAGS)) -pthread
TP_DEPS = -MMD -MP -MF $@.d -MT $@
TP_KERNEL_HEADERS := -idirafter /usr/include \
	-idirafter /usr/include/x86_64-linux-gnu

# Freestanding: needs the compiler's -m32, but no 32-bit C library.
TP_M32_CFLAGS := -std=gnu11 -m32 -O2 -g -Wall -Wextra -Wshadow \
	-Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wundef -Wvla \
	-ffreestanding -fno-pic -fno-stack-protector -nostdlib -static \
	$(TP_KERNEL_HEADERS)

# $(call tp_build,TEST,REASON,COMMAND): COMMAND where TEST works.
define tp_build
@mkdir -p $(@D)
$(Q)if $(1) >/dev/null 2>&1; then $(3); else \
	printf '#!/bin/sh\necho "skipped: %s" >&2\nexit 77\n' \
		'$(strip $(2))' >$@ && \
	chmod +x $@ && touch -d @0 $@; fi
endef

.PHONY: test-programs
test-programs: $(TP_ALL)

$(TP)/%: tests/programs/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(TP_CFLAGS) $(TP_DEPS) -o $@ $<

$(TP)/static/%: tests/programs/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(TP_CFLAGS) $(TP_DEPS) -static -o $@ $<

$(TP)/static-pie/%: tests/programs/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(TP_CFLAGS) $(TP_DEPS) -fPIE -static-pie -o $@ $<

$(TP)/musl/%: tests/programs/%.c
	$(call tp_build,command -v musl-gcc,musl-gcc is not installed,\
	musl-gcc $(TP_CFLAGS) $(TP_DEPS) $(TP_KERNEL_HEADERS) -o $@ $<)

$(TP)/int80: tests/programs/int80.c
	$(call tp_build,echo | $(CC) -m32 -x c -c -o /dev/null -,\
	$(CC) has no -m32,$(CC) $(TP_M32_CFLAGS) $(TP_DEPS) -o $@ $<)

$(TP)/other/hello_cpp: tests/programs/other/hello.cpp
	$(call tp_build,command -v $(CXX),$(CXX) is not installed,\
	$(CXX) -std=gnu++17 -O2 -g -Wall -Wextra -o $@ $<)

# No network, no module, nothing outside $(B).
$(TP)/other/hello_go: tests/programs/other/hello.go
	$(call tp_build,go version,go is not installed,\
	CGO_ENABLED=0 GO111MODULE=off GOFLAGS= GOTOOLCHAIN=local \
	GOCACHE=$(abspath $(B))/go-cache go build -o $@ $<)

$(TP)/other/hello_rs: tests/programs/other/hello.rs
	$(call tp_build,rustc --version,rustc is not installed,\
	rustc --edition 2021 -O -g -o $@ $<)

# Java and Node need a library for ioctl, built against the headers that stand
# beside the javac or node found; the program is a script that runs that one.
TP_JDK = $(patsubst %/bin/javac,%,$(shell readlink -f "$$(command -v javac)"))
TP_NODE_INCLUDE = $(shell node -p 'process.execPath' 2>/dev/null | \
	sed 's:/bin/[^/]*$$:/include/node:')
TP_LIBRARY_CFLAGS = $(TP_CFLAGS) $(TP_DEPS) -fPIC -shared
TP_OTHER := $(abspath $(TP))/other

# --enable-native-access: newer versions of Java warn of a library without.
$(TP)/other/hello_java: tests/programs/other/hello.java \
		tests/programs/other/hello_jni.c
	$(call tp_build,test -f "$(TP_JDK)/include/jni.h",\
	a JDK (javac and jni.h) is not installed,\
	javac -h $(@D)/java -d $(@D)/java $< && \
	$(CC) $(TP_LIBRARY_CFLAGS) -I$(@D)/java -isystem $(TP_JDK)/include \
		-isystem $(TP_JDK)/include/linux \
		-o $(@D)/java/libhello_jni.so $(word 2,$^) && \
	printf '#!/bin/sh\nexec %s %s %s -cp %s Hello\n' $(TP_JDK)/bin/java \
		--enable-native-access=ALL-UNNAMED \
		-Djava.library.path=$(TP_OTHER)/java $(TP_OTHER)/java >$@ && \
	chmod +x $@)

$(TP)/other/hello_node: tests/programs/other/hello.js \
		tests/programs/other/hello_napi.c
	$(call tp_build,test -f "$(TP_NODE_INCLUDE)/node_api.h",\
	node or its node_api.h is not installed,\
	$(CC) $(TP_LIBRARY_CFLAGS) -isystem $(TP_NODE_INCLUDE) \
		-o $(@D)/hello.node $(word 2,$^) && \
	printf '#!/bin/sh\nexec node %s %s\n' $(abspath $<) \
		$(TP_OTHER)/hello.node >$@ && chmod +x $@)

-include $(wildcard $(TP)/*.d $(TP)/*/*.d)

include tests/programs/broken/rules.mk
include tests/programs/hostile/rules.mk
