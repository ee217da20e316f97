#!/usr/bin/python3
"""The detection language of lab L03, and a tester for learners.

    python3 detectcheck.py detect.json                 can it be read?
    python3 detectcheck.py detect.json capture.pcap    and what does it hit?
    python3 detectcheck.py --list capture.pcap         the HTTP requests

The scoring uses the same code on the requests of another capture.

    {"rules": [{"method": "POST", "path": "/a/*/b.cgi",
                "headers": [{"name": "Referer", "op": "absent"}]}]}

A request is hit if at least one rule holds; a rule holds if its method, its
path and all of its headers do. In a path `*` is any number of characters and
`?` exactly one. Header values are compared as they are, names without regard
to case. Every comparison takes time in proportion to the request alone.
"""

import json
import re
import struct
import sys

MAX_BYTES = 16 * 1024
MAX_RULES = 5
MAX_HEADERS = 8
MAX_PATH = 200
MAX_VALUE = 300
OPS = ("present", "absent", "equals", "starts", "ends", "contains")

_METHOD = re.compile(r"[A-Z]{1,16}|\*", re.ASCII)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}", re.ASCII)

REASONS = {
    "size": ("the file is larger than 16 KiB", "ファイルが16KiBを超えています"),
    "json": ("this is not JSON", "JSONとして読めません"),
    "top": ('the file is {"rules": [...]} and nothing else',
            '全体は {"rules": [...]} だけの形にします'),
    "count": ("there are 1 to 5 rules", "ルールは1個から5個までです"),
    "keys": ('a rule has "method", "path" and, if wanted, "headers"',
             'ルールのキーは "method"、"path"、必要なら "headers" です'),
    "method": ('"method" is a method in capitals, or "*"',
               '"method" は大文字のメソッド名か "*" です'),
    "path": ('"path" is a text of 1 to 200 characters',
             '"path" は1文字から200文字の文字列です'),
    "headers": ('"headers" is a list of at most 8 conditions',
                '"headers" は8個までの条件の一覧です'),
    "header": ('a condition has "name", "op" and "value"; no "value" with '
               "present and absent",
               '条件のキーは "name"、"op"、"value" です(present と absent に '
               '"value" は付けません)'),
}


class DetectError(Exception):
    """Which rule cannot be read (0: the file as a whole), and why: a key of
    REASONS."""

    def __init__(self, rule, why):
        Exception.__init__(self, rule, why)
        self.rule, self.why = rule, why


class Glob:
    """A pattern as bit sets: bit i of `state` says that the first i single
    characters of the pattern may have been seen. One step per character."""

    def __init__(self, pattern):
        single, self.loops = [], 0
        for c in pattern:
            if c == "*":
                self.loops |= 1 << len(single)
            else:
                single.append(c)
        self.end = 1 << len(single)
        self.any = sum(1 << i for i, c in enumerate(single) if c == "?")
        self.of = {}
        for i, c in enumerate(single):
            self.of[c] = self.of.get(c, self.any) | 1 << i

    def matches(self, text):
        state, loops, of, other = 1, self.loops, self.of, self.any
        for c in text:
            state = (state & of.get(c, other)) << 1 | state & loops
            if not state:
                return False
        return bool(state & self.end)


class Rule:
    __slots__ = ("method", "path", "headers")

    def holds(self, method, target, headers):
        """`headers` are (name in small letters, value), ..."""
        if self.method not in ("*", method):
            return False
        for name, op, value in self.headers:
            mine = [v for n, v in headers if n == name]
            if op == "absent":
                good = not mine
            elif op == "present":
                good = bool(mine)
            elif op == "equals":
                good = value in mine
            elif op == "starts":
                good = any(v.startswith(value) for v in mine)
            elif op == "ends":
                good = any(v.endswith(value) for v in mine)
            else:
                good = any(value in v for v in mine)
            if not good:
                return False
        return self.path.matches(target)


def _once(pairs):
    found = {}
    for key, value in pairs:
        if key in found:
            raise ValueError("a key stands twice")
        found[key] = value
    return found


def _text(value, most):
    return isinstance(value, str) and 1 <= len(value) <= most


def _header(number, h):
    if not isinstance(h, dict) or not _text(h.get("name"), 64) \
            or not _TOKEN.fullmatch(h["name"]) or h.get("op") not in OPS:
        raise DetectError(number, "header")
    if h["op"] in ("present", "absent"):
        if set(h) != {"name", "op"}:
            raise DetectError(number, "header")
        return h["name"].lower(), h["op"], None
    if set(h) != {"name", "op", "value"} or not _text(h["value"], MAX_VALUE):
        raise DetectError(number, "header")
    return h["name"].lower(), h["op"], h["value"].strip(" \t")


def parse(data):
    """Rules of a file given as bytes; DetectError if it cannot be read."""
    if len(data) > MAX_BYTES:
        raise DetectError(0, "size")
    try:
        top = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise DetectError(0, "json")
    if not isinstance(top, dict) or set(top) != {"rules"}:
        raise DetectError(0, "top")
    if not isinstance(top["rules"], list) \
            or not 1 <= len(top["rules"]) <= MAX_RULES:
        raise DetectError(0, "count")
    rules = []
    for number, one in enumerate(top["rules"], 1):
        if not isinstance(one, dict) or not (
                {"method", "path"} <= set(one) <= {"method", "path",
                                                   "headers"}):
            raise DetectError(number, "keys")
        if not _text(one["method"], 16) \
                or not _METHOD.fullmatch(one["method"]):
            raise DetectError(number, "method")
        if not _text(one["path"], MAX_PATH):
            raise DetectError(number, "path")
        headers = one.get("headers", [])
        if not isinstance(headers, list) or len(headers) > MAX_HEADERS:
            raise DetectError(number, "headers")
        r = Rule()
        r.method, r.path = one["method"], Glob(one["path"])
        r.headers = [_header(number, h) for h in headers]
        rules.append(r)
    return rules


def evaluate(rules, requests):
    """For each (method, target, headers, ...): is it hit?"""
    hits = []
    for method, target, headers, *_ in requests:
        low = [(n.lower(), v.strip(" \t")) for n, v in headers]
        hits.append(any(r.holds(method, target, low) for r in rules))
    return hits


# -- reading a capture ------------------------------------------------------

class Conversation:
    """One TCP connection: `up` are the bytes of the side that opened it,
    `down` those of the other; `times` are (offset in `up`, time of it)."""

    def __init__(self, client, server, start):
        self.client, self.server = client, server
        self.next = start
        self.up, self.down, self.times = bytearray(), bytearray(), []
        self.early = ({}, {})

    def add(self, side, seq, data, t):
        if self.next[side] is None:
            self.next[side] = seq
        self.early[side][seq] = (data, t)
        while self.next[side] in self.early[side]:
            data, at = self.early[side].pop(self.next[side])
            if side == 0:
                self.times.append((len(self.up), at))
                self.up += data
            else:
                self.down += data
            self.next[side] = self.next[side] + len(data) & 0xFFFFFFFF

    def time_of(self, offset):
        return max((o, t) for o, t in self.times if o <= offset)[1]


def frames(path):
    """(time, bytes) of every frame of a classic pcap file."""
    with open(path, "rb") as f:
        head = f.read(24)
        if head[:4] != b"\xd4\xc3\xb2\xa1" or head[20:22] != b"\1\0":
            sys.exit("this is not a pcap file of Ethernet frames / "
                     "イーサネットのpcapファイルではありません")
        while True:
            record = f.read(16)
            if len(record) < 16:
                return
            s, us, size, _ = struct.unpack("<IIII", record)
            yield s + us / 1000000, f.read(size)


def conversations(path):
    """The TCP connections of a capture, in the order of their beginning."""
    found, now = [], {}
    for t, frame in frames(path):
        if frame[12:14] != b"\x08\x00" or frame[23] != 6:
            continue
        # What stands behind the length in the IP header is padding.
        packet = frame[14:14 + struct.unpack(">H", frame[16:18])[0]]
        tcp = packet[(packet[0] & 15) * 4:]
        sport, dport, seq = struct.unpack(">HHI", tcp[:8])
        flags, data = tcp[13], tcp[(tcp[12] >> 4) * 4:]
        src = (".".join(map(str, packet[12:16])), sport)
        dst = (".".join(map(str, packet[16:20])), dport)
        if flags & 2 and flags & 16:
            if (dst, src) in now:
                now[dst, src].next[1] = seq + 1 & 0xFFFFFFFF
        elif flags & 2:
            start = seq + 1 & 0xFFFFFFFF
            if (src, dst) in now and now[src, dst].next[0] == start:
                continue            # sent again
            now[src, dst] = Conversation(src, dst, [start, None])
            found.append(now[src, dst])
        elif not data:
            continue
        elif (src, dst) in now:
            now[src, dst].add(0, seq, data, t)
        elif (dst, src) in now:
            now[dst, src].add(1, seq, data, t)
    return found


_HEAD = re.compile(rb"(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH) \S+ HTTP/1")


def requests(path):
    """(method, target, headers, time, client, server, body) of every HTTP
    request of a capture, in order of time."""
    rows = []
    for c in conversations(path):
        at, stream = 0, bytes(c.up)
        while _HEAD.match(stream, at):
            end = stream.find(b"\r\n\r\n", at)
            if end < 0:
                break
            first, *lines = stream[at:end].decode("latin-1").split("\r\n")
            method, target, _ = first.split(" ", 2)
            headers = [(n, v.strip()) for n, _, v in
                       (line.partition(":") for line in lines)]
            size = [v for n, v in headers if n.lower() == "content-length"]
            size = int(size[0]) if size and size[0].isdigit() else 0
            rows.append((method, target, headers, c.time_of(at), c.client[0],
                         c.server[0], stream[end + 4:end + 4 + size]))
            at = end + 4 + size
    rows.sort(key=lambda r: r[3])
    return rows


# -- the tester -------------------------------------------------------------

def host_of(headers):
    return next((v for n, v in headers if n.lower() == "host"), "-")


def show(path):
    """One line per request, tab-separated."""
    print("time_utc_epoch\tclient\tserver\thost\tmethod\ttarget\tbody_bytes"
          "\tuser_agent")
    for method, target, headers, t, client, server, body in requests(path):
        agent = next((v for n, v in headers if n.lower() == "user-agent"),
                     "-")
        print("%.6f\t%s\t%s\t%s\t%s\t%s\t%d\t%s" % (
            t, client, server, host_of(headers), method, target, len(body),
            agent))


def main(argv):
    if len(argv) == 3 and argv[1] == "--list":
        show(argv[2])
        return 0
    if len(argv) not in (2, 3) or argv[1].startswith("-"):
        print("usage: python3 detectcheck.py DETECT.JSON [CAPTURE.PCAP]\n"
              "       python3 detectcheck.py --list CAPTURE.PCAP")
        return 2
    with open(argv[1], "rb") as f:
        data = f.read(MAX_BYTES + 1)
    try:
        rules = parse(data)
    except DetectError as e:
        where = "rule %d / ルール%d: " % (e.rule, e.rule) if e.rule else ""
        print(where + "%s / %s" % REASONS[e.why])
        return 1
    print("rules / ルール数: %d" % len(rules))
    if len(argv) == 2:
        return 0
    rows = requests(argv[2])
    hits = evaluate(rules, rows)
    print("HTTP requests / HTTPの要求: %d  hit / 該当: %d" %
          (len(rows), sum(hits)))
    groups = {}
    for row, hit in zip(rows, hits):
        g = groups.setdefault((row[4], row[5], host_of(row[2])), [0, 0])
        g[0] += 1
        g[1] += hit
    print("%8s %8s  %s" % ("hit", "requests", "client -> server, Host"))
    for (client, server, host), (n, hit) in sorted(
            groups.items(), key=lambda kv: (-kv[1][1], kv[0])):
        if hit:
            print("%8d %8d  %s -> %s, %s" % (hit, n, client, server, host))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
