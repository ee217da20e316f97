# The fuzz targets: each tests/fuzz/fuzz_NAME.c with the sources it needs, by
# clang's libFuzzer with ASan and UBSan. `make fuzz` runs each for SECONDS.

SECONDS ?= 20
FUZZ := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_FLAGS := -std=gnu17 $(WARN) -O1 -g -fno-omit-frame-pointer \
	-fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined

FUZZ_FILES_form := http/form.c http/multipart.c
FUZZ_FILES_cookie := http/cookie.c
FUZZ_FILES_csv := people/roster_read.c
FUZZ_FILES_lab_result := lab/lab_result.c lab/lab_result_read.c
FUZZ_FILES_labd_frames := lab/engine/wire.c lab/engine/labd_wire.c \
	lab/engine/pages.c
FUZZ_FILES_markdown := $(patsubst platform/%,%,$(wildcard platform/content/*.c))
FUZZ_FILES_yaml := $(FUZZ_FILES_markdown)
FUZZ_BASE := $(patsubst platform/%.c,build/fuzz/%.o,$(wildcard platform/base/*.c))

.PHONY: fuzz
fuzz: fuzz-programs ## random input for everything that reads, SECONDS=20 each
	@for f in $(FUZZ); do TANREN_FUZZ_SECONDS=$(SECONDS) \
	    tests/fuzz/one $$f || exit 1; done

.PHONY: fuzz-programs
fuzz-programs: $(FUZZ:%=build/fuzz/%)
build/fuzz/%.o: platform/%.c | $(GEN_H)
	@mkdir -p $(@D)
	clang $(FUZZ_FLAGS) $(CPP) -MMD -MP -c -o $@ $<
build/fuzz/fuzz_%.o: tests/fuzz/fuzz_%.c | $(GEN_H)
	@mkdir -p $(@D)
	clang $(FUZZ_FLAGS) $(CPP) -MMD -MP -c -o $@ $<
$(foreach f,$(FUZZ),$(eval build/fuzz/$f: build/fuzz/fuzz_$f.o $(FUZZ_BASE) \
	$(FUZZ_FILES_$f:%.c=build/fuzz/%.o)))
$(FUZZ:%=build/fuzz/%):
	clang -fsanitize=fuzzer,address,undefined -o $@ $^ $(PKG_LIBS) -lcsv
-include $(wildcard build/fuzz/*.d build/fuzz/*/*.d)
