#!/usr/bin/python3
"""The filter language of lab L12, and a tester for learners.

    python3 aclcheck.py ACLFILE [FLOWS]

says whether the filter can be read and, with a flow file, what each line
takes out of it.  The scoring uses the same code on the flows of another hour.

    rule   = action proto net port net port { option } ;
    action = "permit" | "deny" ;
    proto  = "any" | "tcp" | "udp" | "icmp" | "esp" ;
    net    = "any" | address [ "/" prefix ] ;
    port   = "any" | integer [ "-" integer ] ;
    option = "len" integer [ "-" integer ]
           | "flags" letter { letter }
           | "over" integer ;
    letter = "U" | "A" | "P" | "R" | "S" | "F" ;

A port other than "any" needs tcp or udp; "flags" and "over" need tcp; an
option stands at most once in a line.
"""

import csv
import ipaddress
import re
import sys
from array import array

MAX_BYTES = 16 * 1024
MAX_LINE = 200
MAX_RULES = 20
MAX_OVER = 1000000000

# A flow is a sequence that begins like this; addresses are integers.
MS, DURATION, PROTO, SRC, SPORT, DST, DPORT, FLAGS, PACKETS, BYTES = range(10)

PROTOCOLS = {"icmp": 1, "tcp": 6, "udp": 17, "esp": 50}
LETTERS = "UAPRSF"

_RANGE = re.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?", re.ASCII)
_INTEGER = re.compile("[0-9]{1,10}", re.ASCII)
_NET = re.compile("[0-9.]{7,15}(?:/[0-9]{1,2})?", re.ASCII)


class AclError(Exception):
    """Which line cannot be read; line 0 is the file as a whole."""

    def __init__(self, line):
        Exception.__init__(self, line)
        self.line = line


class Rule:
    """One line; a part that says "any" is None, the others are (low, high)."""
    __slots__ = ("line", "permit", "proto", "src", "sport", "dst", "dport",
                 "length", "flags", "over")


def _span(word, low, high):
    m = _RANGE.fullmatch(word)
    if not m:
        raise ValueError
    a, b = int(m[1]), int(m[2] or m[1])
    if not low <= a <= b <= high:
        raise ValueError
    return a, b


def _net(word):
    if word == "any":
        return None
    if not _NET.fullmatch(word):
        raise ValueError
    net = ipaddress.IPv4Network(word, strict=False)
    return int(net.network_address), int(net.broadcast_address)


def _port(word, proto):
    if word == "any":
        return None
    if proto not in ("tcp", "udp"):
        raise ValueError
    return _span(word, 0, 65535)


def flag_text(letters):
    """ "SA" as the flow file writes it: ".A..S." """
    if not letters or len(set(letters)) != len(letters) \
            or set(letters) - set(LETTERS):
        raise ValueError
    return "".join(c if c in letters else "." for c in LETTERS)


def _rule(words):
    if len(words) < 6 or len(words) % 2:
        raise ValueError
    action, proto, src, sport, dst, dport = words[:6]
    if action not in ("permit", "deny"):
        raise ValueError
    if proto != "any" and proto not in PROTOCOLS:
        raise ValueError
    r = Rule()
    r.permit = action == "permit"
    r.proto = PROTOCOLS.get(proto)
    r.src, r.sport = _net(src), _port(sport, proto)
    r.dst, r.dport = _net(dst), _port(dport, proto)
    r.length = r.flags = r.over = None
    for name, value in zip(words[6::2], words[7::2]):
        if name == "len" and r.length is None:
            r.length = _span(value, 1, 65535)
        elif name == "flags" and r.flags is None and proto == "tcp":
            r.flags = flag_text(value)
        elif name == "over" and r.over is None and proto == "tcp" \
                and _INTEGER.fullmatch(value) \
                and 1 <= int(value) <= MAX_OVER:
            r.over = int(value)
        else:
            raise ValueError
    return r


def parse(data):
    """Rules of a file given as bytes; AclError if it cannot be read."""
    if len(data) > MAX_BYTES:
        raise AclError(0)
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    rules = []
    for number, raw in enumerate(data.split(b"\n"), 1):
        raw = raw.split(b"#", 1)[0]
        if len(raw) > MAX_LINE:
            raise AclError(number)
        try:
            words = [w for w in re.split("[ \t\r]+", raw.decode("ascii")) if w]
            if not words:
                continue
            rule = _rule(words)
        except ValueError:                  # UnicodeDecodeError is one
            raise AclError(number)
        if len(rules) == MAX_RULES:
            raise AclError(number)
        rule.line = number
        rules.append(rule)
    return rules


def _within(flows, found, field, span):
    low, high = span
    if low == high:
        return [i for i in found if flows[i][field] == low]
    return [i for i in found if low <= flows[i][field] <= high]


def evaluate(rules, flows):
    """For each flow the index of the rule that decides it, or -1 for none.

    The first rule that holds decides; what none decides is let through.
    "len" is bytes / packets of the flow, rounded down; "flags" holds if the
    flow has exactly these.  "over n" looks only at flows with A among their
    flags: it adds up, for each source and UTC minute of the start, the
    packets of all flows that no earlier line decided and for which the rest
    of the line holds.  If the sum is more than n, the line holds for all of
    them.
    """
    decided = array("b", [-1]) * len(flows)
    rest = range(len(flows))
    for number, r in enumerate(rules):
        found = rest
        for field, span in ((DST, r.dst), (SPORT, r.sport), (DPORT, r.dport),
                            (SRC, r.src)):
            if span:
                found = _within(flows, found, field, span)
        if r.proto:
            found = [i for i in found if flows[i][PROTO] == r.proto]
        if r.flags:
            found = [i for i in found if flows[i][FLAGS] == r.flags]
        if r.length:
            low, high = r.length
            found = [i for i in found
                     if low <= flows[i][BYTES] // flows[i][PACKETS] <= high]
        if r.over:
            found = [i for i in found if "A" in flows[i][FLAGS]]
            sums = {}
            for i in found:
                key = flows[i][MS] // 60000, flows[i][SRC]
                sums[key] = sums.get(key, 0) + flows[i][PACKETS]
            found = [i for i in found if r.over <
                     sums[flows[i][MS] // 60000, flows[i][SRC]]]
        for i in found:
            decided[i] = number
        if found:
            rest = [i for i in rest if decided[i] < 0]
    return decided


# -- the tester -----------------------------------------------------------

def read_flows(path):
    """The rows of flows.csv; MS counts from the midnight before."""
    numbers = {}

    def ip(text):
        if text not in numbers:
            numbers[text] = int(ipaddress.IPv4Address(text))
        return numbers[text]

    flows = []
    with open(path, encoding="ascii", newline="") as f:
        rows = csv.reader(f)
        next(rows)
        for at, ms, proto, src, sport, dst, dport, flags, n, size in rows:
            start = (int(at[11:13]) * 3600 + int(at[14:16]) * 60) * 1000 \
                + int(at[17:19]) * 1000 + int(at[20:23])
            flows.append((start, int(ms), PROTOCOLS[proto], ip(src),
                          int(sport), ip(dst), int(dport), flags, int(n),
                          int(size)))
    return flows


def dotted(n):
    return "%d.%d.%d.%d" % (n >> 24, n >> 16 & 255, n >> 8 & 255, n & 255)


def main(argv):
    if len(argv) not in (2, 3):
        print("usage: python3 aclcheck.py ACLFILE [FLOWS]")
        return 2
    with open(argv[1], "rb") as f:
        data = f.read(MAX_BYTES + 1)
    try:
        rules = parse(data)
    except AclError as e:
        print("cannot read line %d / %d 行目を読めません" % (e.line, e.line)
              if e.line else "the file is too large / ファイルが大きすぎます")
        return 1
    print("rules / 行数: %d" % len(rules))
    if len(argv) == 2:
        return 0
    flows = read_flows(argv[2])
    decided = evaluate(rules, flows)
    sums = [[0, 0, 0] for _ in range(len(rules) + 1)]
    places = {}
    for flow, number in zip(flows, decided):
        row = sums[number]                  # -1 is the last
        row[0] += 1
        row[1] += flow[PACKETS]
        row[2] += flow[BYTES]
        place = places.setdefault((flow[PROTO], flow[DST]), [0, 0, 0, 0])
        deny = number >= 0 and not rules[number].permit
        place[deny] += 1
        place[2 + deny] += flow[BYTES]
    print("%-8s %-7s %9s %14s %17s" % ("line", "", "flows", "packets",
                                       "bytes"))
    for number, row in enumerate(sums):
        if number < len(rules):
            r = rules[number]
            name = str(r.line), "permit" if r.permit else "deny"
        else:
            name = "(none)", "permit"
        print("%-8s %-7s %9d %14d %17d" % (name + tuple(row)))
    print()
    names = {v: k for k, v in PROTOCOLS.items()}
    print("%-6s %-16s %9s %9s %17s %17s" % (
        "proto", "destination", "passed", "dropped", "bytes passed",
        "bytes dropped"))
    top = sorted(places.items(), key=lambda kv: (-kv[1][3], -kv[1][2], kv[0]))
    for (proto, dst), (passed, dropped, b0, b1) in top[:40]:
        print("%-6s %-16s %9d %9d %17d %17d" % (
            names[proto], dotted(dst), passed, dropped, b0, b1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
