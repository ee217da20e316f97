#!/usr/bin/python3
"""The rule language of lab L02, and a tester for learners.

    python3 rulecheck.py RULEFILE [ACCESSLOG]

says whether the rule file can be read and, with a log, which log-in attempts
it would have hit.  The scoring uses the same code on another day's log.

    rule   = metric ">" integer [ "and" "ratio_fail" ">" decimal ]
             [ "unless" "ip" "in" net { "," net } ] "->" action ;
    metric = "count" "(" key "," seconds ")"
           | "distinct" "(" "login" "," key "," seconds ")" ;
    key    = "ip" | "ua" | "ip_ua" | "login" ;
    action = "block" | "challenge" ;
"""

import ipaddress
import re
import sys
from collections import deque

MAX_BYTES = 16 * 1024
MAX_LINE = 4000
MAX_RULES = 5
MAX_NETS = 40

_LINE = re.compile(
    r"(?:count\(\s*(?P<key1>ip|ua|ip_ua|login)\s*,\s*(?P<win1>[0-9]{1,6})\s*\)"
    r"|distinct\(\s*login\s*,\s*(?P<key2>ip|ua|ip_ua|login)\s*,"
    r"\s*(?P<win2>[0-9]{1,6})\s*\))"
    r"\s*>\s*(?P<n>[0-9]{1,6})"
    r"(?:\s+and\s+ratio_fail\s*>\s*(?P<ratio>[01](?:\.[0-9]{1,3})?))?"
    r"(?:\s+unless\s+ip\s+in\s+(?P<nets>[0-9a-fA-F:./, ]{1,3600}?))?"
    r"\s*->\s*(?P<action>block|challenge)", re.ASCII)


class RuleError(Exception):
    """Which line cannot be read; line 0 is the file as a whole."""

    def __init__(self, line):
        Exception.__init__(self, line)
        self.line = line


class Rule:
    __slots__ = ("distinct", "key", "window", "n", "ratio", "nets", "action",
                 "memo")

    def excepted(self, ip):
        if not self.nets:
            return False
        if ip not in self.memo:
            a = ipaddress.ip_address(ip)
            self.memo[ip] = any(a.version == net.version and a in net
                                for net in self.nets)
        return self.memo[ip]


def parse(data):
    """Rules of a file given as bytes; RuleError if it cannot be read."""
    if len(data) > MAX_BYTES:
        raise RuleError(0)
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    rules = []
    for number, raw in enumerate(data.split(b"\n"), 1):
        raw = raw.split(b"#", 1)[0]
        try:
            text = raw.decode("ascii").strip(" \t\r")
        except UnicodeDecodeError:
            raise RuleError(number)
        if not text:
            continue
        m = _LINE.fullmatch(text) if len(text) <= MAX_LINE else None
        if not m or len(rules) == MAX_RULES:
            raise RuleError(number)
        r = Rule()
        r.distinct = m["key2"] is not None
        r.key = m["key2"] or m["key1"]
        r.window = int(m["win2"] or m["win1"])
        r.n = int(m["n"])
        # Thousandths, so that nothing depends on floating point.
        whole, _, part = (m["ratio"] or "0").partition(".")
        r.ratio = (int(whole) * 1000 + int((part + "000")[:3])
                   if m["ratio"] else -1)
        r.action = m["action"]
        r.memo = {}
        r.nets = []
        if m["nets"] is not None:
            words = m["nets"].split(",")
            if len(words) > MAX_NETS:
                raise RuleError(number)
            for word in words:
                try:
                    r.nets.append(ipaddress.ip_network(word.strip(" "),
                                                       strict=False))
                except ValueError:
                    raise RuleError(number)
        if not 10 <= r.window <= 86400 or not 1 <= r.n <= 100000:
            raise RuleError(number)
        if r.ratio > 1000:
            raise RuleError(number)
        rules.append(r)
    return rules


def _key(r, ip, ua, login):
    if r.key == "ip":
        return ip
    if r.key == "ua":
        return ua
    if r.key == "login":
        return login
    return (ip, ua)


def evaluate(rules, events):
    """The action ("block", "challenge" or None) for each log-in attempt.

    `events` are (t, ip, ua, login, ok, ...) in order of time.  For an attempt
    at t, the group is all attempts with the same key later than t - window,
    this one included.  ratio_fail is the share of failures among the earlier
    ones of the group, and 0 where there are none.  The first rule that holds
    decides.  An attempt that is hit still counts for those after it.
    """
    hits = [None] * len(events)
    for r in rules:
        groups = {}
        for i, e in enumerate(events):
            t, ip, ua, login, ok = e[:5]
            key = _key(r, ip, ua, login)
            g = groups.get(key)
            if g is None:
                # attempts, failures among them, attempts per login
                g = groups[key] = [deque(), 0, {}]
            seen, logins = g[0], g[2]
            while seen and seen[0][0] <= t - r.window:
                _, old_ok, old_login = seen.popleft()
                if not old_ok:
                    g[1] -= 1
                if logins[old_login] == 1:
                    del logins[old_login]
                else:
                    logins[old_login] -= 1
            before, failed = len(seen), g[1]
            seen.append((t, ok, login))
            if not ok:
                g[1] += 1
            logins[login] = logins.get(login, 0) + 1
            if hits[i] is not None:
                continue
            amount = len(logins) if r.distinct else before + 1
            if amount <= r.n:
                continue
            if r.ratio >= 0 and (before == 0
                                 or failed * 1000 <= r.ratio * before):
                continue
            if not r.excepted(ip):
                hits[i] = r.action
    return hits


# -- the tester -----------------------------------------------------------

_LOG = re.compile(
    r'(\S+) \S+ \S+ \[../.../....:(..):(..):(..) [+-]....\] "POST /login [^"]*"'
    r' (302|401) \S+ "[^"]*" "([^"]*)" (\S+)$')


def read_logins(path):
    events = []
    with open(path, encoding="utf-8", errors="replace") as f:
        for line in f:
            m = _LOG.match(line.rstrip("\n"))
            if m:
                ip, hh, mm, ss, status, ua, login = m.groups()
                events.append((int(hh) * 3600 + int(mm) * 60 + int(ss),
                               ip, ua, login, status == "302"))
    return events


def main(argv):
    if len(argv) not in (2, 3):
        print("usage: python3 rulecheck.py RULEFILE [ACCESSLOG]")
        return 2
    with open(argv[1], "rb") as f:
        data = f.read(MAX_BYTES + 1)
    try:
        rules = parse(data)
    except RuleError as e:
        print("cannot read line %d / %d 行目を読めません" % (e.line, e.line)
              if e.line else "the file is too large / ファイルが大きすぎます")
        return 1
    print("rules / ルール数: %d" % len(rules))
    if len(argv) == 2:
        return 0
    events = read_logins(argv[2])
    hits = evaluate(rules, events)
    rows = {}
    for e, h in zip(events, hits):
        row = rows.setdefault(e[1], [0, 0, 0, {}])
        row[0] += 1
        row[1] += h is not None
        row[2] += not e[4]
        row[3][e[3]] = True
    n = sum(h is not None for h in hits)
    print("log-in attempts / ログイン試行: %d  hit / 該当: %d" %
          (len(events), n))
    print("%8s %8s %8s %8s  %s" % ("hit", "tries", "failed", "logins",
                                    "address"))
    top = sorted(rows.items(), key=lambda kv: (-kv[1][1], kv[0]))
    for ip, (tries, hit, failed, logins) in top[:80]:
        if hit:
            print("%8d %8d %8d %8d  %s" % (hit, tries, failed, len(logins),
                                           ip))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
