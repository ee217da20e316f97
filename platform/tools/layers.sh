#!/bin/sh
# Checks who includes whom. Prints FILE:LINE: what is wrong; exit status 1.
#
#	- a room includes its own headers and those of rooms before it
#	- *_rules.[ch] are pure: base/ and headers of their own room
#	- a library has one home
set -eu
cd "$(dirname "$0")/../.."

# Read whole: a name of two parts (lab/engine) belongs to its first.
find platform -name '*.[ch]' ! -path 'platform/tools/*' \
    ! -path 'platform/static/*' | LC_ALL=C sort |
    xargs awk '
BEGIN {
	n = split("base db record http content people learn assess lab " \
	    "certify career oversee app", order, " ")
	for (i = 1; i <= n; i++)
		rank[order[i]] = i

	home["kore/"] = "http"
	home["sqlite3.h"] = "db content"
	home["libpq-fe.h"] = "db"
	home["git2"] = "content"
	home["cmark"] = "content"
	home["yaml.h"] = "content"
	home["sodium"] = "base"
	home["seccomp.h"] = "lab"
	home["curl/"] = "lab"
	home["archive"] = "lab"
	home["csv.h"] = "people http learn"
}

function say(what) {
	print FILENAME ":" FNR ": " what
	wrong = 1
}

FNR == 1 {
	split(FILENAME, path, "/")
	room = path[2]
	pure = FILENAME ~ /_rules\.[ch]$/
	if (!(room in rank))
		say("the room " room " has no place in the order")
}

/^#[ \t]*include "/ {
	split($0, quoted, "\"")
	if (split(quoted[2], part, "/") < 2)
		next # generated: queries.def, messages.gen.h
	other = part[1]
	if (!(other in rank))
		say("there is no room " other)
	else if (rank[other] > rank[room])
		say(room " may not include " other ", which comes after it")
	if (pure && other != "base" && other != room)
		say("rules are pure: they may not include " quoted[2])
}

/^#[ \t]*include </ {
	split($0, angled, /[<>]/)
	for (library in home) {
		if (index(angled[2], library) != 1)
			continue
		if (index(" " home[library] " ", " " room " ") == 0)
			say("<" angled[2] "> lives in " home[library])
	}
}

END { exit wrong }
'
