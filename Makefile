# Tanren: build, run, test. `make help` lists the targets.
#
# One executable holds everything: Kore's sources as Debian ships them, with
# the patches of deploy/kore, and platform/. Variants live side by side:
# build/rel (served), build/san (ASan + UBSan: the tests), build/cov.

V ?= rel
PORT ?= 8080
VAR ?= var
CC ?= cc
JOBS ?= $(shell nproc)

B := build/$(V)
GEN := build/gen
KORE_SRC := /usr/share/kore

ROOMS := base db record http content people learn assess lab certify career \
	oversee app
SOURCES := $(foreach r,$(ROOMS),$(wildcard platform/$(r)/*.c)) \
	$(wildcard platform/lab/engine/*.c)
TEMPLATES := $(foreach r,$(ROOMS),$(wildcard platform/$(r)/*.tmpl))
QUERIES := $(foreach r,$(ROOMS),$(wildcard platform/$(r)/*.sql.def))
SCHEMAS := $(wildcard platform/db/schema/*.sql)
MESSAGES := $(wildcard platform/messages/*.po)

PKGS := sqlite3 libpq libgit2 libcmark libsodium yaml-0.1 libseccomp jansson \
	libcurl libarchive \
	openssl
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lcsv -lm -lpthread \
	-ldl

WARN := -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wcast-qual \
	-Wwrite-strings -Wvla -Wformat=2 -Wundef -Werror
ifeq ($(V),san)
OPT := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-fno-omit-frame-pointer -DTANREN_NO_SANDBOX
LDOPT := -fsanitize=address,undefined
else ifeq ($(V),cov)
OPT := -O0 -g --coverage -DTANREN_NO_SANDBOX -DTANREN_COVERAGE
LDOPT := --coverage
else
OPT := -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
LDOPT := -pie -Wl,-z,relro,-z,now
endif
CPP := -D_GNU_SOURCE -Iplatform -I$(GEN) $(PKG_CFLAGS)
CFLAGS := -std=gnu17 $(WARN) $(OPT)

OBJECTS := $(SOURCES:platform/%.c=$(B)/%.o)
GEN_C := $(TEMPLATES:platform/%.tmpl=$(GEN)/%.tmpl.c) $(GEN)/messages.gen.c \
	$(GEN)/schemas.gen.c $(GEN)/assets.gen.c
GEN_H := $(TEMPLATES:platform/%.tmpl=$(GEN)/%.tmpl.h) $(GEN)/queries.def \
	$(GEN)/messages.gen.h
GEN_O := $(GEN_C:$(GEN)/%.c=$(B)/gen/%.o)

.PHONY: all
all: build/tanren

##@ Using it
.PHONY: help
help: ## this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	    /^[a-z][a-z0-9-]*:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

.PHONY: run
run: ## install what is missing, build, publish, load the demo sector, serve
	@deploy/install run build
	@$(MAKE) --no-print-directory -j$(JOBS) lab-image-if-possible build/tanren
	@exec build/tanren run --demo --var "$(VAR)" --port "$(PORT)"

.PHONY: lab-image
lab-image: ## the system that labs run in, of Debian packages, below VAR
	@deploy/lab-image/build "$(VAR)"

# Beside the build, which takes longer; without it labs use this machine's /usr.
.PHONY: lab-image-if-possible
lab-image-if-possible:
	@deploy/lab-image/build --if-possible "$(VAR)"

.PHONY: test
test: ## everything: the gate, both engines, labs, faults, browser
	@deploy/install run build test
	@tests/run all

.PHONY: check
check: ## the fast gate: format, layers, strings, warnings, unit and site tests
	@tests/run check

.PHONY: e2e
e2e: ## the journeys of everybody in a browser
	@deploy/install run build test
	@tests/e2e/run

.PHONY: screenshots
screenshots: ## the pictures of deploy/pictures, from the demo
	@deploy/install run build test
	@tests/e2e/run screenshots

.PHONY: bench
bench: ## measure, as ratios within one run
	@deploy/install run build test bench
	@$(MAKE) --no-print-directory -j$(JOBS) build/tanren \
	    build/rel/bench/bare build/rel/bench/writers \
	    build/rel/bench/slow_sync.so
	@tests/bench/bench

.PHONY: lint
lint: ## cppcheck over platform/, shellcheck over the scripts
	@deploy/install lint
	cppcheck --quiet --enable=warning,portability --inline-suppr -j$(JOBS) \
	    --error-exitcode=1 -Iplatform --suppress=missingInclude \
	    --suppress=varFuncNullUB platform
	git ls-files | xargs grep -lE '^#!/bin/sh' | xargs shellcheck -S error

.PHONY: cover
cover: ## coverage of the unit and site tests: build/cov/index.html
	@deploy/install run build test lint
	@$(MAKE) --no-print-directory V=cov -j$(JOBS) test-programs
	@for t in $(TEST_SOURCES:tests/%.c=build/cov/tests/%); do \
	    $$t >/dev/null 2>&1 || echo "$$t failed"; done
	gcovr -r . --filter platform/ --object-directory build/cov \
	    --html-details build/cov/index.html --print-summary

##@ Building it
.PHONY: build
build: build/tanren ## the executable build/tanren
build/tanren: build/rel/tanren
	@ln -sf rel/tanren $@

.PHONY: clean
clean: ## remove build/
	rm -rf build

.PHONY: packages
packages: ## install the Debian packages for running, building and testing
	@deploy/install run build test

.PHONY: format
format: ## clang-format over platform/ and tests/
	@git ls-files 'platform/*.[ch]' 'tests/*.[ch]' | xargs clang-format -i

# ------------------------------------------------------------- generated

$(GEN)/tools/templates: $(wildcard platform/tools/templates/*.[ch])
$(GEN)/tools/messages: $(wildcard platform/tools/messages/*.[ch])
$(GEN)/tools/%: platform/tools/text.c platform/tools/text.h
	@mkdir -p $(@D)
	$(CC) -std=gnu17 -O1 -D_GNU_SOURCE -Iplatform $(WARN) -o $@ \
	    $(filter %.c,$^)

$(GEN)/%.tmpl.c $(GEN)/%.tmpl.h &: platform/%.tmpl $(GEN)/tools/templates
	@mkdir -p $(@D)
	$(GEN)/tools/templates $< $(GEN)/$*.tmpl.c $(GEN)/$*.tmpl.h

$(GEN)/tests/%.tmpl.c $(GEN)/tests/%.tmpl.h &: tests/%.tmpl \
		$(GEN)/tools/templates
	@mkdir -p $(@D)
	$(GEN)/tools/templates $< $(GEN)/tests/$*.tmpl.c $(GEN)/tests/$*.tmpl.h

$(GEN)/messages.gen.c $(GEN)/messages.gen.h &: $(MESSAGES) \
		$(GEN)/tools/messages
	@mkdir -p $(@D)
	$(GEN)/tools/messages $(GEN)/messages.gen.c $(GEN)/messages.gen.h \
	    $(MESSAGES)

# Rewritten only when the list changes, so that objects stay.
$(GEN)/queries.def: $(QUERIES) FORCE
	@mkdir -p $(@D)
	@for q in $(QUERIES:platform/%=%); do echo "#include \"$$q\""; done >$@.new
	@cmp -s $@ $@.new && rm $@.new || mv $@.new $@

# The schemas as strings: struct schema { int number; const char *name, *sql }.
$(GEN)/schemas.gen.c: $(SCHEMAS) platform/tools/schemas.sh
	@mkdir -p $(@D)
	sh platform/tools/schemas.sh $(SCHEMAS) >$@

$(GEN)/assets.gen.c: platform/tools/assets.sh $(shell find platform/static \
		-path '*/node_modules' -prune -o -type f -print 2>/dev/null)
	@mkdir -p $(@D)
	sh platform/tools/assets.sh build/static $@

.PHONY: FORCE
FORCE:

# --------------------------------------------------------------- objects

$(B)/%.o: platform/%.c | $(GEN_H)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPP) $(EXTRA_$(notdir $*)) -MMD -MP -c -o $@ $<
$(B)/gen/%.o: $(GEN)/%.c | $(GEN_H)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPP) -MMD -MP -c -o $@ $<

include deploy/kore/kore.mk

$(B)/tanren: $(OBJECTS) $(GEN_O) $(KORE_O)
	$(CC) -rdynamic $(LDOPT) -o $@ $^ $(KORE_LIBS) $(PKG_LIBS)

# ----------------------------------------------------------------- tests

TEST_SOURCES := $(wildcard tests/*/*_test.c)
TEST_SUPPORT := $(wildcard tests/support/*.c)
TESTS := $(TEST_SOURCES:tests/%.c=$(B)/tests/%)
LIB_OBJECTS := $(filter-out $(B)/app/main.o,$(OBJECTS)) $(GEN_O)

.PHONY: test-programs
test-programs: $(TESTS)
$(B)/tests/%.o: tests/%.c | $(GEN_H)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPP) -Itests -MMD -MP -c -o $@ $<
$(B)/tests/%: $(B)/tests/%.o $(TEST_SUPPORT:tests/%.c=$(B)/tests/%.o) \
		$(LIB_OBJECTS) $(KORE_O)
	$(CC) -rdynamic $(LDOPT) -o $@ $^ $(KORE_LIBS) $(PKG_LIBS) -lcmocka
$(B)/tests/http/template_test.o: $(GEN)/tests/http/sample.tmpl.c
$(B)/bench/bare: tests/bench/bare.c $(KORE_O)
	@mkdir -p $(@D)
	$(CC) -std=gnu17 -w $(OPT) $(KORE_DEFS) -I$(KORE_TREE)/include -rdynamic \
	    $(LDOPT) -o $@ $^ $(KORE_LIBS) -lm -lpthread -ldl
$(B)/bench/writers: tests/bench/writers.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPP) -o $@ $< -lsqlite3 -lpthread
$(B)/bench/slow_sync.so: tests/bench/slow_sync.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(CPP) -shared -fPIC -o $@ $< -ldl
.SECONDARY:
include tests/fuzz/fuzz.mk

-include $(OBJECTS:.o=.d) $(GEN_O:.o=.d) $(TESTS:=.d) \
	$(TEST_SUPPORT:tests/%.c=$(B)/tests/%.d)
