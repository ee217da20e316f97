# Kore, from the sources that Debian's package installs in /usr/share/kore,
# with the patches beside this file, compiled into our executable.
#
# Its main() becomes kore_main() (platform/http/kore_start.c calls it). TLS is
# the edge's. Kore's code is compiled as upstream does (C99, its own warnings);
# our rules hold for platform/.

KORE_PATCHES := $(sort $(wildcard deploy/kore/*.patch))
KORE_TREE := build/kore
KORE_NAMES := kore buf config connection domain filemap fileref json mem msg \
	module net pool runtime timer utils worker keymgr auth accesslog http \
	validator websocket tasks linux seccomp
KORE_O := $(KORE_NAMES:%=$(B)/kore/%.o) $(B)/kore/version.o
KORE_DEFS := -D_GNU_SOURCE=1 -DKORE_USE_TASKS -DPREFIX='"/usr"' \
	-DSECCOMP_KILL_POLICY=SECCOMP_RET_KILL_PROCESS
KORE_CFLAGS := -std=c99 -w $(OPT) $(KORE_DEFS) -I$(KORE_TREE)/include/kore \
	-I$(KORE_TREE)
KORE_LIBS := -lssl -lcrypto -lz

# Files of ours that include Kore's headers: a shorter list of warnings.
KORE_USERS := kore kore_loop kore_start kore_sandbox kore_request kore_reply \
	kore_bridge kore_bridge_flow
KORE_USER_FLAGS := $(KORE_DEFS) -I$(KORE_TREE)/include -Wno-conversion \
	-Wno-sign-conversion -Wno-cast-qual -Wno-undef -Wno-shadow
$(foreach f,$(KORE_USERS),$(eval EXTRA_$(f) := $(KORE_USER_FLAGS)))
$(KORE_USERS:%=$(B)/http/%.o): $(KORE_TREE)/.stamp

$(KORE_TREE)/.stamp: $(KORE_PATCHES)
	rm -rf $(KORE_TREE)
	mkdir -p $(KORE_TREE)
	cp -r $(KORE_SRC)/src $(KORE_SRC)/include $(KORE_TREE)/
	for p in $(KORE_PATCHES); do \
	    patch -s -d $(KORE_TREE) -p1 <$$p || exit 1; done
	sh $(KORE_SRC)/misc/linux-platform.sh >$(KORE_TREE)/platform.h
	printf 'const char *kore_version = "%s";\n' \
	    "$$(cat $(KORE_SRC)/RELEASE)" >$(KORE_TREE)/src/version.c
	touch $@

$(KORE_O): $(KORE_TREE)/.stamp
$(B)/kore/kore.o: KORE_MAIN := -Dmain=kore_main
$(B)/kore/%.o:
	@mkdir -p $(@D)
	$(CC) $(KORE_CFLAGS) $(KORE_MAIN) -c -o $@ $(KORE_TREE)/src/$*.c
