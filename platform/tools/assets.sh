#!/bin/sh
# Builds the static files into DIR and writes their names as a C table.
# usage: assets.sh DIR OUT.c
#
# The build (platform/static/build.mjs DIR) runs in a copy below build/, so
# that node_modules never stands beside the sources. It leaves hashed and
# precompressed files in DIR and a list, DIR/manifest.tsv: name TAB hashed
# name. Without platform/static/package.json there is nothing to build and the
# table is empty.
set -eu
dir=$1
out=$2
source=platform/static
work=build/static-work

mkdir -p "$dir" "$(dirname "$out")"
dir=$(cd "$dir" && pwd)
if [ -f "$source/package.json" ]; then
	mkdir -p "$work"
	# Only what npm installed stays from the build before.
	find "$work" -mindepth 1 -maxdepth 1 ! -name node_modules \
	    ! -name installed-lock.json -exec rm -rf {} +
	(cd "$source" && tar cf - --exclude=./node_modules .) |
	    (cd "$work" && tar xf -)
	if ! cmp -s "$work/package-lock.json" "$work/installed-lock.json"; then
		(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund)
		cp "$work/package-lock.json" "$work/installed-lock.json"
	fi
	find "$dir" -mindepth 1 -delete
	(cd "$work" && node build.mjs "$dir")
fi
{
	echo '/* Generated from platform/static. */'
	echo '#include "http/assets.h"'
	echo
	echo '#include <stddef.h>'
	echo
	echo 'const struct asset assets[] = {'
	if [ -f "$source/package.json" ]; then
		awk -F '\t' '
		NF != 2 || !/^[A-Za-z0-9_.\/-]+\t[A-Za-z0-9_.\/-]+$/ {
			print "manifest.tsv:" NR ": not two names" \
			    >"/dev/stderr"
			exit 1
		}
		{ printf "\t{\"%s\", \"/static/%s\"},\n", $1, $2 }
		' "$dir/manifest.tsv"
	fi
	echo '	{NULL, NULL},'
	echo '};'
} >"$out.new"
mv "$out.new" "$out"
