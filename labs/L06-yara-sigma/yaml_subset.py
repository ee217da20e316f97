"""Reads the part of YAML in which Sigma rules are written.

    parse(text) -> Map | list | Scalar

Block mappings and block sequences, flow sequences of scalars, plain and
quoted scalars on one line, block scalars (| and >), comments.  No anchors,
aliases, tags, flow mappings or further documents, nothing over several lines
but block scalars: whatever else stands in a file is refused with its line, so
a rule that is read here says the same to every other YAML reader.
"""

import re

MAX_BYTES = 32 * 1024
MAX_LINES = 500
MAX_LINE = 1000
MAX_DEPTH = 8
MAX_NODES = 1000

_KEY = re.compile(r"([A-Za-z_][A-Za-z0-9_.|-]{0,99}) *:(?: +|$)", re.ASCII)
_ESCAPES = {"\\": "\\", '"': '"', "/": "/", "n": "\n", "t": "\t", "r": "\r",
            "0": "\0", " ": " "}
_BLOCK = re.compile(r"[|>][+-]?", re.ASCII)


class YamlError(Exception):
    """The line that cannot be read (0: the file as a whole), and why: a pair
    in Japanese and English."""

    def __init__(self, line, ja, en):
        Exception.__init__(self, line)
        self.line, self.ja, self.en = line, ja, en


class Scalar(str):
    """A text with its line and whether it stood without quotes."""

    def __new__(cls, text, line, plain=False):
        self = str.__new__(cls, text)
        self.line, self.plain = line, plain
        return self


class Map(dict):
    """Keys in order; `line` where it begins, `lines` of the keys."""

    def __init__(self, line):
        dict.__init__(self)
        self.line, self.lines = line, {}


class _Reader:
    def __init__(self, rows):
        self.rows = rows            # (number, indent, text), the lines in use
        self.at = 0
        self.nodes = 0

    def fail(self, number, ja="YAMLとして読めません",
             en="this is not YAML as it is read here"):
        raise YamlError(number, ja, en)

    def count(self, number, depth):
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            self.fail(number, "項目が多すぎるか、入れ子が深すぎます",
                      "too many entries, or nested too deep")

    def skip(self):
        """To the next line that says something."""
        while self.at < len(self.rows):
            text = self.rows[self.at][2]
            if text and not text.startswith("#"):
                return self.rows[self.at]
            self.at += 1
        return None

    # ------------------------------------------------------------- one line

    def quoted(self, text, number):
        """A quoted scalar at the start of text, and what follows it."""
        quote, out, i = text[0], [], 1
        while i < len(text):
            c = text[i]
            if c == quote:
                if quote == "'" and text[i + 1:i + 2] == "'":
                    out.append("'")
                    i += 2
                    continue
                return Scalar("".join(out), number), text[i + 1:]
            if c == "\\" and quote == '"':
                if text[i + 1:i + 2] not in _ESCAPES or i + 1 == len(text):
                    self.fail(number, "二重引用符の中の \\ の使い方が違います"
                              "(一重引用符なら \\ はそのまま書けます)",
                              "a backslash in double quotes that means "
                              "nothing (single quotes take it as it is)")
                c = _ESCAPES[text[i + 1]]
                i += 1
            out.append(c)
            i += 1
        return self.fail(number, "引用符が閉じていません",
                         "a quotation mark is not closed")

    def ends(self, rest, number):
        """Only a comment may follow."""
        if rest.strip(" ") and not re.match(r" +#", rest):
            self.fail(number)

    def plain(self, text, number):
        text = re.split(r" +#", text, maxsplit=1)[0].rstrip(" ")
        if not text or text[0] in "&*!|>%@`{}[],\"'#" \
                or re.match(r"[?:-]( |$)", text) or ": " in text \
                or text.endswith(":"):
            self.fail(number, "この値は引用符で囲んでください",
                      "put this value in quotes")
        return Scalar(text, number, True)

    def flow(self, text, number, depth):
        """[a, 'b', c] on one line."""
        out, rest = [], text[1:].lstrip(" ")
        while True:
            if rest.startswith("]"):
                self.ends(rest[1:], number)
                return out
            self.count(number, depth)
            if rest[:1] in ("'", '"'):
                one, rest = self.quoted(rest, number)
            else:
                m = re.match(r"[^][{},#&*!|>'\"%@`:?]+", rest)
                if not m or not m.group().strip(" "):
                    self.fail(number)
                one = self.plain(m.group(), number)
                rest = rest[m.end():]
            out.append(one)
            rest = rest.lstrip(" ")
            if rest.startswith(","):
                rest = rest[1:].lstrip(" ")
            elif not rest.startswith("]"):
                self.fail(number)

    # ------------------------------------------------------------ many lines

    def block(self, header, number, indent):
        """The lines of a | or > scalar, deeper than `indent`."""
        m = _BLOCK.match(header)
        self.ends(header[m.end():], number)
        lines, inner, blank = [], None, 0
        while self.at < len(self.rows):
            _, deep, text = self.rows[self.at]
            if text and deep <= indent:
                break
            if text and inner is None:
                inner = deep
            elif not text and inner is None:
                blank = max(blank, deep)
            if text and deep < max(inner, blank):
                self.fail(self.rows[self.at][0])
            lines.append(" " * (deep - inner) + text if text else "")
            self.at += 1
        while lines and not lines[-1]:
            lines.pop()
        joint = "\n" if header[0] == "|" else " "
        return Scalar(joint.join(lines), number)

    def value(self, rest, number, indent, depth):
        """What follows `key:` or `- `."""
        self.count(number, depth)
        if rest.startswith("#"):
            rest = ""
        if rest[:1] in ("|", ">") and _BLOCK.match(rest):
            return self.block(rest, number, indent)
        if rest[:1] in ("'", '"'):
            one, after = self.quoted(rest, number)
            self.ends(after, number)
            return one
        if rest.startswith("["):
            return self.flow(rest, number, depth + 1)
        if rest:
            return self.plain(rest, number)
        row = self.skip()
        if row and row[1] > indent:
            return self.node(row[1], depth + 1)
        return Scalar("", number, True)

    def map(self, indent, depth):
        out = Map(self.rows[self.at][0])
        while True:
            row = self.skip()
            if not row or row[1] < indent:
                return out
            number, deep, text = row
            m = _KEY.match(text)
            if deep > indent or not m:
                self.fail(number)
            key = m.group(1)
            if key in out:
                self.fail(number, "同じキーが2度あります",
                          "the same key stands twice")
            self.at += 1
            rest = text[m.end():]
            # A sequence may stand at the same depth as its key.
            after = self.skip() if not rest or rest[0] == "#" else None
            if after and after[1] == indent and re.match(r"-( |$)", after[2]):
                self.count(number, depth)
                out[key] = self.list(indent, depth + 1)
            else:
                out[key] = self.value(rest, number, indent, depth)
            out.lines[key] = number

    def list(self, indent, depth):
        out = []
        while True:
            row = self.skip()
            if not row or row[1] < indent:
                return out
            number, deep, text = row
            if deep > indent:
                self.fail(number)
            if not re.match(r"-( |$)", text):
                return out      # the next key of the map around it
            rest = text[1:].lstrip(" ")
            if _KEY.match(rest) or re.match(r"-( |$)", rest):
                # `- key: value`: a block whose first line is this one.
                inner = deep + len(text) - len(rest)
                self.rows[self.at] = (number, inner, rest)
                self.count(number, depth)
                out.append(self.node(inner, depth + 1))
            else:
                self.at += 1
                out.append(self.value(rest, number, deep, depth))

    def node(self, indent, depth):
        number, _, text = self.rows[self.at]
        self.count(number, depth)
        if re.match(r"-( |$)", text):
            return self.list(indent, depth)
        if _KEY.match(text):
            return self.map(indent, depth)
        return self.fail(number)


def parse(data):
    """The document in bytes; YamlError where it is not one."""
    if len(data) > MAX_BYTES:
        raise YamlError(0, "ファイルが大きすぎます", "the file is too large")
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise YamlError(0, "UTF-8ではありません", "not UTF-8") from None
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) > MAX_LINES:
        raise YamlError(0, "行が多すぎます", "too many lines")
    rows = []
    for number, line in enumerate(lines, 1):
        bad = [c for c in line if (c < " " and c != "\t") or c == "\x7f"
               or c in "\x85\u2028\u2029\ufeff"]
        if bad or len(line) > MAX_LINE:
            raise YamlError(number, "制御文字があるか、行が長すぎます",
                            "a control character, or the line is too long")
        body = line.lstrip(" ")
        if "\t" in line:
            raise YamlError(number, "タブは使えません(空白で字下げします)",
                            "no tabs: indent with spaces")
        if number == 1 and line.rstrip(" ") == "---":
            body = ""
        elif line.startswith(("---", "...", "%")):
            raise YamlError(number, "文書は一つだけ書けます",
                            "one document only")
        rows.append((number, len(line) - len(body), body.rstrip(" ")))
    reader = _Reader(rows)
    row = reader.skip()
    if row is None:
        raise YamlError(0, "中身がありません", "there is nothing in it")
    out = reader.node(row[1], 1)
    row = reader.skip()
    if row is not None:
        reader.fail(row[0])
    return out
