#!/bin/sh
# Writes the schemas as C strings, in order of their numbers.
set -eu
echo '/* Generated from platform/db/schema. */'
echo '#include "db/schema.h"'
echo 'const struct schema schemas[] = {'
for f in "$@"; do
	name=$(basename "$f" .sql)
	printf '\t{%d, "%s",\n' "$(printf %s "${name%%-*}" | sed 's/^0*//')" "$name"
	sed -e 's/[[:space:]]*--.*$//' -e '/^$/d' -e 's/\\/\\\\/g' \
	    -e 's/"/\\"/g' -e 's/^/\t    "/' -e 's/$/\\n"/' "$f"
	echo '	},'
done
echo '	{0, NULL, NULL},'
echo '};'
