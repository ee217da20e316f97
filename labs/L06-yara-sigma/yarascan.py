"""Runs Debian's yara on a rule file that nobody trusts."""

import os
import re
import resource
import shutil
import subprocess
import tempfile

YARA = "/usr/bin/yara"
MAX_BYTES = 64 * 1024
MAX_RULES = 10
MAX_STRINGS = 200
CPU_SECONDS = 3                 # not the clock: the machine may be busy
SCAN_SECONDS = 15               # of the clock; then yara gives up by itself
WALL_SECONDS = 18
FILE_BYTES = 4 << 20            # of what yara prints
MEMORY_BYTES = 160 << 20

# Comments, texts and regular expressions; in YARA / is nothing else (division
# is \), so what is left outside are words and signs.
_TOKEN = re.compile(
    rb'//[^\n]*|/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|/(?:[^/\\\n]|\\.)+/'
    rb"|[A-Za-z_][A-Za-z0-9_]*|[$#@!][A-Za-z0-9_]*|.", re.ASCII | re.DOTALL)


class Unusable(Exception):
    """key: "none", "large", "forbidden", "syntax" or "slow"."""

    def __init__(self, key):
        Exception.__init__(self, key)
        self.key = key


def look(data):
    """Refuses what must not reach yara.  SECURITY: this is the fence before
    the fence; a file that yara were made to include stands in the box, and
    what yara says about it is never shown."""
    if data is None or not data.strip():
        raise Unusable("none")
    if len(data) > MAX_BYTES:
        raise Unusable("large")
    if b"\0" in data:
        raise Unusable("syntax")
    rules = strings = 0
    last = b""
    for m in _TOKEN.finditer(data):
        token = m.group()
        if token in (b"include", b"import"):
            raise Unusable("forbidden")
        if token in (b"/", b'"'):   # a comment or a text without an end
            raise Unusable("syntax")
        rules += token == b"rule"
        strings += token == b"=" and last[:1] == b"$"
        if not token.isspace() and token[:2] not in (b"//", b"/*"):
            last = token
    if not rules:
        raise Unusable("none")
    if rules > MAX_RULES or strings > MAX_STRINGS:
        raise Unusable("large")


# Fires on every file, in a namespace of its own: yara ends a scan of a
# directory that takes too long with 0 and without a word, and then some files
# have not been looked at.
WITNESS = b"rule looked_at { condition: true }\n"


def _limits():
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _run(top, args):
    """Did all go well, and what yara printed; "slow" if it took too long."""
    said, cried = os.path.join(top, "out"), os.path.join(top, "err")
    with open(said, "wb") as out, open(cried, "wb") as err:
        try:
            done = subprocess.run(
                [YARA, "-w", "-N", "-p", "1", "-a", str(SCAN_SECONDS), *args],
                cwd=top, env={"PATH": "/usr/bin", "LANG": "C"},
                preexec_fn=_limits, stdin=subprocess.DEVNULL, stdout=out,
                stderr=err, timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            raise Unusable("slow") from None
    if done.returncode < 0:
        raise Unusable("slow")
    well = done.returncode == 0 and os.path.getsize(cried) == 0
    with open(said, "rb") as f:
        return well, f.read()


def scan(data, make):
    """{group: [is each file hit]} for make() = {group: [bytes, ...]}; files
    are made only for rules that can be read."""
    look(data)
    top = tempfile.mkdtemp(prefix="scan-")
    try:
        files, empty = os.path.join(top, "f"), os.path.join(top, "empty")
        for name, text in (("r", data), ("w", WITNESS), ("empty", b"")):
            with open(os.path.join(top, name), "wb") as f:
                f.write(text)
        os.mkdir(files)
        well, _ = _run(top, ["r", empty])
        if not well:
            raise Unusable("syntax")
        groups = make()
        for name, many in groups.items():
            for i, one in enumerate(many):
                with open(os.path.join(files, "%s-%d" % (name, i)), "wb") as f:
                    f.write(one)
        well, printed = _run(top, ["-e", "witness:w", "rule:r", files])
        found = {b"witness": set(), b"rule": set()}
        for space, name in re.findall(
                rb"^(witness|rule):[A-Za-z0-9_]+ .*/f/([a-z_]+-[0-9]+)$",
                printed, re.M):
            found[space].add(name.decode())
        if not well or len(found[b"witness"]) != sum(map(len, groups.values())):
            raise Unusable("slow")
        return {name: ["%s-%d" % (name, i) in found[b"rule"]
                       for i in range(len(many))]
                for name, many in groups.items()}
    finally:
        shutil.rmtree(top)
