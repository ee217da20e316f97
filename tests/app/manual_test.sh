#!/bin/sh
# The manual page is well formed and names every command, act and option; the
# systemd unit is one that systemd understands.
set -u
cd "$(dirname "$0")/../.."
page=deploy/tanren.1
passed=0
failed=0

check() {
	what=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "failed: $what"
	fi
}

# a database of other pages is none of ours
well_formed() {
	! mandoc -T lint -W warning "$page" | grep -v 'outdated mandoc.db'
}
check 'mandoc finds nothing' well_formed

# the rows of the table that people see: {"name", cmd_name, "...", false}
for name in $(tr -d '\n\t' <platform/app/cmd.c |
    grep -o '{"[a-z]*", cmd_[a-z]*, "[^"]*",[ ]*false}' | cut -d'"' -f2); do
	check "command $name" grep -q "^\.It Cm $name" "$page"
done
check 'there were commands' [ "$passed" -gt 10 ]

for act in 'organisation add' 'person add' 'grant add' 'grant end' invite \
    'certificate revoke'; do
	check "admin $act" grep -q "^\.It Cm admin $act" "$page"
done
for option in $(grep -o '\[ADMIN_[A-Z_]*\] = "--[a-z-]*"' \
    platform/app/cmd_admin.c | cut -d'"' -f2); do
	[ "$option" = --number ] && continue # the word after revoke, too
	check "option $option" grep -q "^\.Fl -${option#--}" "$page"
done
for option in var config port json help demo; do
	check "option --$option" grep -q "Fl -$option" "$page"
done

if command -v systemd-analyze >/dev/null; then
	# the program is not installed where the test runs
	understood() {
		! systemd-analyze verify --man=no \
		    deploy/systemd/tanren.service 2>&1 |
		    grep -F tanren.service | grep -v 'is not executable'
	}
	check 'systemd understands the unit' understood
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
