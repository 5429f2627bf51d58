# Guests: each source becomes three flat images, NAME16.bin, NAME32.bin and
# NAME64.bin, in $(B)/guests. Included by the top-level Makefile, which sets
# B, CC and Q. CFLAGS are for programs of the host and are not used here.

GUESTS := hello hypercalls
GUEST_NAMES := $(foreach g,$(GUESTS),$(g)16 $(g)32 $(g)64)
GUEST_IMAGES := $(GUEST_NAMES:%=$(B)/guests/%.bin)
OBJCOPY ?= objcopy

# No C library, no position independence (the image is linked for address 0),
# nothing that needs set-up the guest does not have: no SSE registers, no
# stack protector (it reads fs), no CET marks, no unwind tables. No line
# information either: a guest is what it is on a disk, a plain image.
GUEST_CFLAGS := -std=gnu11 -Os -Wall -Wextra -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wundef -Wvla \
	-ffreestanding -fno-pic -fno-pie -fno-stack-protector \
	-fno-asynchronous-unwind-tables -fomit-frame-pointer \
	-mgeneral-regs-only -fcf-protection=none

# -m16 is 32-bit code with prefixes that make it run in real mode, so its
# objects are i386 as well.
GUEST_LD_16 := -m elf_i386
GUEST_LD_32 := -m elf_i386
GUEST_LD_64 := -m elf_x86_64

define guest_rules
$$(B)/guests/%$(1).o: guests/%.c
	@mkdir -p $$(@D)
	$$(Q)$$(CC) -m$(1) $$(GUEST_CFLAGS) -MMD -MP -c -o $$@ $$<

$$(B)/guests/%$(1).elf: $$(B)/guests/%$(1).o $$(B)/guests/guest.ld
	$$(Q)$$(LD) $$(GUEST_LD_$(1)) --build-id=none -z noexecstack \
		-T $$(B)/guests/guest.ld -o $$@ $$<
endef
$(foreach w,16 32 64,$(eval $(call guest_rules,$(w))))

$(B)/guests/guest.ld: guests/guest.ld.S
	@mkdir -p $(@D)
	$(Q)$(CC) -E -P -MMD -MP -MT $@ -MF $(@:.ld=.d) -o $@ $<

$(B)/guests/%.bin: $(B)/guests/%.elf
	$(Q)$(OBJCOPY) -O binary $< $@

.SECONDARY: $(GUEST_IMAGES:.bin=.o) $(GUEST_IMAGES:.bin=.elf)

-include $(GUEST_IMAGES:.bin=.d) $(B)/guests/guest.d
