# hv, the teaching hypervisor. Included by the top-level Makefile, which sets
# B, CC, CFLAGS and Q, together with guests/rules.mk, which builds the images
# that images.S embeds.

HV_SOURCES := main modes vm run exits hypercalls guests
HV_OBJECTS := $(HV_SOURCES:%=$(B)/hypervisor/%.o) $(B)/hypervisor/images.o

hv: $(HV_OBJECTS)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(B)/hypervisor/%.o: hypervisor/%.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

# The compiler does not see what .incbin reads, so the images are named here.
$(B)/hypervisor/images.o: hypervisor/images.S $(GUEST_IMAGES)
	@mkdir -p $(@D)
	$(Q)$(CC) -c -Wa,-I$(B)/guests -o $@ $<

-include $(HV_SOURCES:%=$(B)/hypervisor/%.d)
