# Installing, and Debian's package. $(INSTALL_ROWS) says what goes where: the
# file, a colon, the folder below $(PREFIX). `make uninstall` reads the same.

INSTALL ?= install
SHARE := share/kvmtrace
DOC := share/doc/kvmtrace
BASH_COMPLETIONS := share/bash-completion/completions
ZSH_COMPLETIONS := share/zsh/site-functions

INSTALL_PROGRAMS := kvmtrace hv
INSTALL_ROWS := \
	$(foreach page,$(MAN_FILES),$(page):share/man/man$(subst .,,$(suffix $(page)))) \
	tracer/completion/_kvmtrace:$(ZSH_COMPLETIONS) \
	$(patsubst %,%:$(SHARE)/schemas,$(wildcard schemas/*.schema.json)) \
	$(patsubst %,%:$(SHARE)/rubrics,$(wildcard schemas/rubrics/*.json)) \
	README.md:$(DOC) schemas/README.md:$(DOC)/schemas \
	schemas/rubrics/README.md:$(DOC)/schemas/rubrics

row_file = $(word 1,$(subst :, ,$(1)))
row_folder = $(DESTDIR)$(PREFIX)/$(word 2,$(subst :, ,$(1)))

row_target = $(call row_folder,$(1))/$(notdir $(call row_file,$(1)))

# A file at a time; the empty line ends its commands. @PREFIX@ is filled in.
define install_row
$(Q)$(INSTALL) -d $(call row_folder,$(1))
$(Q)$(INSTALL) -m 644 /dev/null $(call row_target,$(1))
$(Q)sed 's:@PREFIX@:$(PREFIX):g' $(call row_file,$(1)) >$(call row_target,$(1))

endef

.PHONY: install
install: all man	## install below $(DESTDIR)$(PREFIX), /usr/local by default
	$(Q)$(INSTALL) -d $(DESTDIR)$(PREFIX)/bin
	$(Q)$(INSTALL) $(INSTALL_PROGRAMS) $(DESTDIR)$(PREFIX)/bin
	$(foreach row,$(INSTALL_ROWS),$(call install_row,$(row)))
	$(Q)$(INSTALL) -d $(DESTDIR)$(PREFIX)/$(BASH_COMPLETIONS)
	$(Q)$(INSTALL) -m 644 tracer/completion/kvmtrace.bash \
		$(DESTDIR)$(PREFIX)/$(BASH_COMPLETIONS)/kvmtrace

# Folders of our own go when they are empty.
.PHONY: uninstall
uninstall:	## remove what `make install` installed
	$(Q)rm -f $(INSTALL_PROGRAMS:%=$(DESTDIR)$(PREFIX)/bin/%) \
		$(DESTDIR)$(PREFIX)/$(BASH_COMPLETIONS)/kvmtrace \
		$(foreach row,$(INSTALL_ROWS),$(call row_target,$(row)))
	$(Q)for folder in $(SHARE)/schemas $(SHARE)/rubrics $(SHARE) \
			$(DOC)/schemas/rubrics $(DOC)/schemas $(DOC); do \
		rmdir $(DESTDIR)$(PREFIX)/$$folder 2>/dev/null || true; \
	done

# The second number counts packages of one version of the source.
DEB_VERSION = $(VERSION)-1
DEB_ARCHITECTURE = $(shell dpkg --print-architecture)
DEB = $(B)/deb/kvmtrace_$(DEB_VERSION)_$(DEB_ARCHITECTURE).deb

.PHONY: deb
deb: all man	## build Debian's package in build/deb
	@rm -rf $(B)/deb/root $(B)/deb/*.deb
	@$(MAKE) --no-print-directory install PREFIX=/usr DESTDIR=$(B)/deb/root
	@tracer/package/deb.sh $(B)/deb $(DEB_VERSION)

# As root: it makes a root of Debian 12 from the network and installs there.
.PHONY: deb-test
deb-test: deb	## install the package in a fresh Debian 12 and run it
	@tracer/package/deb-test.sh $(DEB) $(B)/deb/debian
