"""Sigma rules: a careful part of the language, its evaluator and the tester.

    python3 sigmacheck.py RULEFILE [EVENTS]

says whether the rule can be read and, with a file of events (JSON, one a
line), which of them it hits.  The scoring uses the same code on other events.

    logsource   product: windows; service: sysmon; category: process_creation
                or network_connection (a category narrows to its events)
    detection   names with maps (all must hold), or lists of maps (one must);
                a field's value may be a list (one must; with |all: all must)
    modifiers   contains startswith endswith re cidr, and all; re takes i
    values      * and ? are wildcards, \\* \\? \\\\ the characters; null: the
                event has no such field; case does not count, but in re
    condition   and or not ( ), 1 of x*, all of x*, 1 of them, all of them
"""

import ipaddress
import json
import re
import sys
import warnings
from collections import Counter

from yaml_subset import MAX_BYTES, Map, Scalar, YamlError, parse

MAX_VALUES = 200
MAX_VALUE = 500
MAX_STARS = 10
MAX_WORDS = 100                 # of a condition
MAX_NOT = 20
MAX_RE = 300
MAX_RE_LOOSE = 4                # quantifiers without a small upper end
CATEGORIES = {"process_creation": 1, "network_connection": 3}
FIELDS = frozenset((
    "RecordId UtcTime EventID Computer User ProcessId Image CommandLine"
    " IntegrityLevel ParentProcessId ParentImage ParentCommandLine Protocol"
    " Initiated SourceIp SourcePort DestinationIp DestinationHostname"
    " DestinationPort").split())
KEYS = frozenset((
    "title id related name taxonomy status description license author"
    " references date modified logsource detection fields falsepositives"
    " level tags scope").split())
STATUS = ("stable", "test", "experimental", "deprecated", "unsupported")
LEVELS = ("informational", "low", "medium", "high", "critical")

# Plain words that a YAML reader (1.1 or 1.2) takes for something that is not a
# text: numbers in all their forms, dates, yes and no.
_NOT_TEXT = re.compile(
    r"[-+]?(?:[0-9][0-9_]*|0b[01_]+|0o?[0-7_]+|0x[0-9a-f_]+)"
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
    r"|[-+]?(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)(?:e[-+]?[0-9]+)?"
    r"|[-+]?\.(?:inf|nan)|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t ].*)?"
    r"|yes|no|on|off|y|n|~|=|<<", re.ASCII | re.IGNORECASE)
_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]{0,17})", re.ASCII)


class SigmaError(YamlError):
    """As YamlError, of what is YAML but no rule."""


def fail(where, ja, en):
    line = where if isinstance(where, int) else getattr(where, "line", 0)
    raise SigmaError(line, ja, en)


# ------------------------------------------------------------ regular expressions

def check_regex(text, line):
    """Refuses what can take a very long time: repeated groups, references,
    looking around, more than a few open repetitions.  What is left may still
    be slow, never exponential; the scoring stops it by time."""
    def no(ja, en):
        fail(line, "正規表現: " + ja, "regular expression: " + en)

    if len(text) > MAX_RE:
        no("長すぎます", "too long")
    i = loose = depth = 0
    before = ""                 # "": nothing to repeat, "group", "one"
    while i < len(text):
        c = text[i]
        i += 1
        if c == "\\":
            if i == len(text) or text[i] in "123456789AZgkpPuUxNX0":
                no("この \\ は使えません", "this backslash is not allowed")
            before = "" if text[i] in "bB" else "one"
            i += 1
        elif c == "[":
            m = re.compile(r"\^?\]?(?:[^]\\[]|\\[^0-9xuUN])*\]").match(text, i)
            if not m:
                no("[ ] を読めません", "cannot read [ ]")
            i, before = m.end(), "one"
        elif c == "(":
            depth += 1
            if text.startswith("?:", i):
                i += 2
            elif text[i:i + 1] in ("?", "*", "+"):
                no("(?: ) 以外の (? ) は使えません",
                   "no (? ) but (?: )")
            before = ""
        elif c == ")":
            depth -= 1
            if depth < 0:
                no("括弧が合いません", "parentheses do not match")
            before = "group"
        elif c in "*+?{":
            m = re.compile(r"\{([0-9]{0,3})(?:(,)([0-9]{0,3}))?\}").match(
                text, i - 1)
            if c == "{" and not m:
                no("{ } を読めません", "cannot read { }")
            high = (m.group(3) if m.group(2) else m.group(1)) if m else ""
            if before == "" or (before == "group" and c != "?"):
                no("ここでは繰り返しを使えません(括弧の後は ? だけ)",
                   "no repetition here (after a group only ?)")
            if c in "*+" or (m and (not high or int(high) > 50)):
                loose += 1
            i = m.end() if m else i
            if text[i:i + 1] == "?":
                i += 1
            before = ""
        else:
            before = "" if c in "|^$" else "one"
    if depth:
        no("括弧が合いません", "parentheses do not match")
    if loose > MAX_RE_LOOSE:
        no("* や + は合わせて%d個までです" % MAX_RE_LOOSE,
           "at most %d of * and +" % MAX_RE_LOOSE)


# ------------------------------------------------------------------ values

def _pieces(text):
    """A Sigma value as literal texts, "*" and "?": [(is_literal, text)]."""
    out, run, i = [], [], 0
    while i < len(text):
        c = text[i]
        if c == "\\" and text[i + 1:i + 2] in ("\\", "*", "?"):
            i += 1
            run.append(text[i])
        elif c in "*?":
            out.append((True, "".join(run)))
            run = []
            out.append((False, c))
        else:
            run.append(c)
        i += 1
    out.append((True, "".join(run)))
    return [p for p in out if p[1]]


def _wildcards(pieces):
    """As fnmatch does it: what stood between two * is found once, at the
    first place, and not looked for again."""
    chunks = [[]]
    for literal, text in pieces:
        if not literal and text == "*":
            chunks.append([])
        else:
            chunks[-1].append(re.escape(text) if literal else ".")
    chunks = ["".join(chunk) for chunk in chunks]
    if len(chunks) == 1:
        return re.compile("(?s:%s)\\Z" % chunks[0]).match
    out = [chunks[0]]
    for k, chunk in enumerate(c for c in chunks[1:-1] if c):
        out.append("(?=(?P<g%d>.*?%s))(?P=g%d)" % (k, chunk, k))
    return re.compile("(?s:%s.*%s)\\Z" % ("".join(out), chunks[-1])).match


def _test(value, how, cased):
    """A function of an event's text (lower case, and as it is)."""
    line = value.line
    if how == "re":
        check_regex(value, line)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")     # of [a--b] and the like
                search = re.compile(value,
                                    0 if cased else re.IGNORECASE).search
        except (re.error, OverflowError, RecursionError):
            fail(line, "正規表現を読めません", "cannot read the expression")
        return lambda low, text: search(text) is not None
    if how == "cidr":
        try:
            net = ipaddress.ip_network(value)
        except ValueError:
            fail(line, "cidr の値がネットワークではありません",
                 "the value of cidr is not a network")
        memo = {}

        def within(low, text):
            if text not in memo:
                try:
                    ip = ipaddress.ip_address(text)
                    memo[text] = ip.version == net.version and ip in net
                except ValueError:
                    memo[text] = False
            return memo[text]
        return within
    pieces = _pieces(value.lower())
    if how in ("contains", "endswith"):
        pieces.insert(0, (False, "*"))
    if how in ("contains", "startswith"):
        pieces.append((False, "*"))
    if sum(not p[0] for p in pieces) > MAX_STARS:
        fail(line, "* と ? が多すぎます", "too many * and ?")
    inner = [p for p in pieces if p != (False, "*")]
    if all(p[0] for p in inner) and len(inner) <= 1:
        word = inner[0][1] if inner else ""
        first, last = pieces[:1], pieces[-1:]
        star = [(False, "*")]
        if first == star and last == star:
            return lambda low, text: word in low
        if first == star:
            return lambda low, text: low.endswith(word)
        if last == star:
            return lambda low, text: low.startswith(word)
        return lambda low, text: low == word
    match = _wildcards(pieces)
    return lambda low, text: match(low) is not None


class Field:
    """field|modifiers: value or values."""

    def __init__(self, key, values, line):
        name, *mods = key.split("|")
        if name not in FIELDS:
            fail(line, "イベントにない項目名です", "no event has this field")
        every = "all" in mods
        cased = True
        if mods[-2:] == ["re", "i"]:
            mods.pop()
            cased = False
        how = [m for m in mods if m != "all"]
        if len(how) > 1 or len(mods) > len(set(mods)) or (how and how[0] not in (
                "contains", "startswith", "endswith", "re", "cidr")):
            fail(line, "この修飾子(の組合せ)は使えません",
                 "this modifier, or combination, is not supported")
        how = how[0] if how else "equals"
        if not isinstance(values, list):
            values = [values]
        if not values or (every and len(values) < 2):
            fail(line, "値の数が足りません", "too few values")
        self.name, self.every = name, every
        self.tests, self.null = [], False
        for value in values:
            if not isinstance(value, Scalar):
                fail(line, "値は文字列か、その一覧です",
                     "a value is a text or a list of texts")
            if value.plain and value in ("null", "Null", "NULL", ""):
                if how != "equals" or every:
                    fail(value, "null はそのままの比較にだけ使えます",
                         "null goes without modifiers")
                self.null = True
                continue
            if value.plain and _NOT_TEXT.fullmatch(value) \
                    and not _INTEGER.fullmatch(value):
                fail(value, "この値は引用符で囲んでください",
                     "put this value in quotes")
            if len(value) > MAX_VALUE:
                fail(value, "値が長すぎます", "the value is too long")
            if not value and how != "equals":
                fail(value, "空の値です", "an empty value")
            self.tests.append(_test(value, how, cased))

    def holds(self, event, low):
        if self.name not in event:
            return self.null
        a, b = low[self.name], event[self.name]
        if self.every:
            return all(test(a, b) for test in self.tests)
        return any(test(a, b) for test in self.tests)


def _selection(node, line):
    """Alternatives, each a list of Fields that must all hold."""
    many = node if isinstance(node, list) else [node]
    out = []
    for one in many:
        if not isinstance(one, Map) or not one:
            fail(line, "「項目名: 値」の形で書きます(キーワードだけの検索は不可)",
                 "write `field: value` (no search for words alone)")
        out.append([Field(key, value, one.lines[key])
                    for key, value in one.items()])
    if not out:
        fail(line, "中身がありません", "there is nothing in it")
    return out


# --------------------------------------------------------------- condition

class _Condition:
    """condition = term { "or" term };  term = factor { "and" factor };
    factor = "not" factor | "(" condition ")" | ("1"|"all") "of" pattern
           | name.  A tree of tuples."""

    def __init__(self, text, names):
        self.line = text.line
        self.names = names
        self.words = re.findall(r"\(|\)|[^\s()]+", text)
        self.at = 0
        if len(self.words) > MAX_WORDS:
            self.no()
        self.tree = self.any(0)
        if self.at != len(self.words):
            self.no()

    def no(self):
        fail(self.line, "condition を読めません", "cannot read the condition")

    def next(self):
        self.at += 1
        if self.at > len(self.words):
            self.no()
        return self.words[self.at - 1]

    def peek(self, word):
        here = self.words[self.at:self.at + 1]
        return bool(here) and here[0].lower() == word

    def series(self, word, one, depth):
        parts = [one(depth)]
        while self.peek(word):
            self.at += 1
            parts.append(one(depth))
        return (word, parts) if len(parts) > 1 else parts[0]

    def any(self, depth):
        if depth > MAX_NOT:
            self.no()
        return self.series("or", self.all, depth)

    def all(self, depth):
        return self.series("and", self.factor, depth)

    def factor(self, depth):
        if depth > MAX_NOT:
            self.no()
        word = self.next()
        if word.lower() == "not":
            return ("not", [self.factor(depth + 1)])
        if word == "(":
            inside = self.any(depth + 1)
            if self.next() != ")":
                self.no()
            return inside
        if word.lower() in ("1", "any", "all") and self.peek("of"):
            self.at += 1
            return ("and" if word.lower() == "all" else "or",
                    [("name", n) for n in self.group(self.next())])
        if word not in self.names:
            fail(self.line, "condition に、detection にない名前があります",
                 "the condition has a name that detection has not")
        return ("name", word)

    def group(self, pattern):
        if pattern == "them":
            found = [n for n in self.names if not n.startswith("_")]
        elif re.fullmatch(r"[A-Za-z0-9_*-]{1,60}", pattern) \
                and pattern.count("*") <= 3:
            match = _wildcards(_pieces(pattern))
            found = [n for n in self.names if match(n)]
        else:
            found = []
        if not found:
            self.no()
        return found


# -------------------------------------------------------------------- rule

class Rule:
    """A rule from bytes; YamlError or SigmaError if it is none."""

    def __init__(self, data):
        top = parse(data)
        if not isinstance(top, Map):
            fail(1, "「キー: 値」の形で書きます", "write `key: value`")
        for key in top:
            if key not in KEYS:
                fail(top.lines[key], "Sigmaにないキーです",
                     "Sigma has no such key")
        for key in ("title", "logsource", "detection"):
            if key not in top:
                fail(0, key + " がありません", "there is no " + key)
        if not isinstance(top["title"], Scalar) or not top["title"].strip():
            fail(top.lines["title"], "title が空です", "the title is empty")
        for key, words in (("status", STATUS), ("level", LEVELS)):
            if key in top and top[key] not in words:
                fail(top.lines[key], key + " の値が違います",
                     "not a value of " + key)
        self.event_id = self._source(top["logsource"], top.lines["logsource"])
        self._detection(top["detection"], top.lines["detection"])

    def _source(self, source, line):
        if not isinstance(source, Map) or not source:
            fail(line, "logsource の中身がありません",
                 "there is nothing in logsource")
        for key, words in (("product", ("windows",)), ("service", ("sysmon",)),
                           ("category", tuple(CATEGORIES))):
            if key in source and source[key] not in words:
                fail(source.lines[key], "このログにない logsource です",
                     "these events come from another logsource")
        for key in source:
            if key not in ("product", "service", "category", "definition"):
                fail(source.lines[key], "logsource にないキーです",
                     "logsource has no such key")
        if not any(k in source for k in ("product", "service", "category")):
            fail(line, "logsource の中身がありません",
                 "there is nothing in logsource")
        return CATEGORIES.get(source.get("category"))

    def _detection(self, detection, line):
        if not isinstance(detection, Map) or \
                not isinstance(detection.get("condition"), Scalar):
            fail(line, "detection に condition(1行)がありません",
                 "detection has no condition of one line")
        self.selections = {}
        for name, node in detection.items():
            if name == "condition":
                continue
            if not re.fullmatch(r"[A-Za-z0-9_]{1,60}", name):
                fail(detection.lines[name], "この名前は使えません",
                     "not a name for a selection")
            self.selections[name] = _selection(node, detection.lines[name])
        total = sum(max(1, len(f.tests)) for alternatives in
                    self.selections.values() for fields in alternatives
                    for f in fields)
        if total > MAX_VALUES:
            fail(line, "値は合わせて%d個までです" % MAX_VALUES,
                 "at most %d values in all" % MAX_VALUES)
        self.tree = _Condition(detection["condition"], self.selections).tree

    def _holds(self, tree, event, low, memo):
        kind, what = tree
        if kind == "name":
            if what not in memo:
                memo[what] = any(
                    all(f.holds(event, low) for f in fields)
                    for fields in self.selections[what])
            return memo[what]
        if kind == "not":
            return not self._holds(what[0], event, low, memo)
        some = (self._holds(part, event, low, memo) for part in what)
        return all(some) if kind == "and" else any(some)

    def hits(self, events):
        """For each event, is it hit."""
        out = []
        for event in events:
            if self.event_id not in (None, event.get("EventID")):
                out.append(False)
                continue
            text = {k: str(v) for k, v in event.items()}
            low = {k: v.lower() for k, v in text.items()}
            out.append(self._holds(self.tree, text, low, {}))
        return out


# ------------------------------------------------------------------ tester

def _short(path):
    return str(path).rsplit("\\", 1)[-1]


def _say(event):
    if event.get("EventID") == 1:
        return "%s -> %s" % (_short(event.get("ParentImage", "?")),
                             event.get("CommandLine", "?"))
    return "%s -> %s %s:%s" % (
        _short(event.get("Image", "?")), event.get("DestinationHostname", "?"),
        event.get("DestinationIp", "?"), event.get("DestinationPort", "?"))


def main(argv):
    if len(argv) not in (2, 3):
        print("usage: python3 sigmacheck.py RULEFILE [EVENTS]")
        return 2
    with open(argv[1], "rb") as f:
        data = f.read(MAX_BYTES + 1)
    try:
        rule = Rule(data)
    except YamlError as e:
        where = "line %d / %d 行目: " % (e.line, e.line) if e.line else ""
        print("%s%s / %s" % (where, e.ja, e.en))
        return 1
    print("the rule can be read / ルールを読めました")
    if len(argv) == 2:
        return 0
    with open(argv[2], encoding="utf-8") as f:
        events = [json.loads(line) for line in f if line.strip()]
    found = [e for e, hit in zip(events, rule.hits(events)) if hit]
    kinds = Counter(e["EventID"] for e in found)
    print("events / イベント: %d  hit / 該当: %d (process / プロセス: %d,"
          " network / 通信: %d)" % (len(events), len(found), kinds[1],
                                    kinds[3]))
    for e in found[:100]:
        print("%d %s" % (e["RecordId"], _say(e)))
    if len(found) > 100:
        print("... %d more / ほか %d 件" % ((len(found) - 100,) * 2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
