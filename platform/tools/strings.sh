#!/bin/sh
# Checks that every kind of text stands in its own place: SQL in *.sql.def,
# HTML in *.tmpl, the interface's words in messages/*.po. Looks at the string
# literals of platform/**/*.[ch], comments apart. Prints FILE:LINE: what is
# wrong; exit status 1.
set -eu
cd "$(dirname "$0")/../.."

# The exceptions, each with its reason.
sql_homes='
platform/db/		an engine speaks of itself: PRAGMA, SAVEPOINT, versions
platform/content/	the manifest is a file of its own with its own tables
'
html_homes='
platform/content/	turns Markdown into HTML; nothing else makes safe_html
platform/http/template.c	what templates call to escape
'
word_homes='
platform/base/clock.c	dates in Japanese documents
platform/base/text.c	white space and forms of letters
platform/content/	anchors, glossary and search know Japanese letters
platform/people/roster	columns of a roster as Japanese spreadsheets name them
platform/app/demo	the invented sector and its people
'

# The compiler takes comments away and says where each line came from.
find platform -name '*.[ch]' ! -path 'platform/tools/*' \
    ! -path 'platform/static/*' | LC_ALL=C sort |
    xargs cc -fpreprocessed -dD -E -w -x c |
    LC_ALL=C awk -v sql="$sql_homes" -v html="$html_homes" \
	-v words="$word_homes" '
function homes(text, list,    i, n, line, field) {
	n = split(text, line, "\n")
	for (i = 1; i <= n; i++)
		if (split(line[i], field, "\t") > 1)
			list[field[1]] = 1
}

BEGIN {
	homes(sql, at_home_sql)
	homes(html, at_home_html)
	homes(words, at_home_words)
}

function stands_in(list,    home) {
	for (home in list)
		if (index(file, home) == 1)
			return 1
	return 0
}

function say(what, literal) {
	print file ":" line ": " what ": " literal
	wrong = 1
}

function look(s) {
	if (!has_sql && s ~ \
	    /^"[ \\nt]*(SELECT |INSERT INTO |UPDATE [a-z_]+ SET|DELETE FROM |CREATE (UNIQUE )?(TABLE|INDEX)|ALTER TABLE|DROP TABLE|PRAGMA )/)
		say("SQL outside a catalogue", s)
	if (!has_html && s ~ \
	    /<(\/?(a|b|p|h[1-6]|ul|ol|li|div|span|table|t[rdh]|form|input|button|html|head|body|script|style|img|br)|!doctype)[ >\/"]/)
		say("HTML outside a template", s)
	if (!has_words && s ~ /[\200-\377]/)
		say("words outside the messages", s)
}

/^# [0-9]+ "/ {
	line = $2 - 1
	name = $0
	gsub(/^# [0-9]+ "|".*$/, "", name)
	if (name != file) {
		file = name
		has_sql = stands_in(at_home_sql)
		has_html = stands_in(at_home_html)
		has_words = stands_in(at_home_words)
	}
	next
}

{
	line++
	rest = $0
	gsub(/\047(\\?")\047/, "", rest) # a quotation mark as a character
	while (match(rest, /"([^"\\]|\\.)*"/)) {
		look(substr(rest, RSTART, RLENGTH))
		rest = substr(rest, RSTART + RLENGTH)
	}
}

END { exit wrong }
'
