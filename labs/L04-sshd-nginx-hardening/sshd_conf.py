"""Reads sshd_config as sshd does, and says what holds for one connection.

    sshd = Config({"etc/ssh/sshd_config": text, ...})
    sshd.effective(Connection("taro", ["ops"], "192.0.2.1"))["maxauthtries"]

The first value of a keyword counts. What stands in a Match block counts for
the connections that it matches and then wins over everything outside; of two
blocks that match, again the first. Lists of users and groups are the
exception: every line adds. A Match block ends at the next Match or at the end
of its file, and what is read from an Include stands where the Include stands.
"""

import ipaddress
import re

import sshd_names as names

HOME = "etc/ssh/"
MAIN = HOME + "sshd_config"
LINES_MAX = 4000                # read, over all files and Includes
LINE_MAX = 4000                 # characters
DEPTH_MAX = 16                  # as in sshd
ARGUMENTS_MAX = 512


class Refused(Exception):
    """sshd would not start: (file, line, why)."""

    def __init__(self, path, line, why):
        Exception.__init__(self, "%s line %d: %s" % (path, line, why))


class Connection:
    def __init__(self, user, groups=(), address="192.0.2.1", host=None,
                 local="192.0.2.254", port=22):
        self.user, self.groups, self.address = user, list(groups), address
        self.host, self.local, self.port = host or address, local, port


# ------------------------------------------------------------------ patterns

def match_one(text, pattern):
    """`*` and `?`; in time of length times length, however many stars."""
    t = p = 0
    star, mark = -1, 0
    while t < len(text):
        if p < len(pattern) and pattern[p] == "*":
            star, mark = p, t
            p += 1
        elif p < len(pattern) and pattern[p] in ("?", text[t]):
            t += 1
            p += 1
        elif star >= 0:
            mark += 1
            t, p = mark, star + 1
        else:
            return False
    return not pattern[p:].strip("*")


def match_list(text, patterns, lower=False):
    """1: one of the comma-separated patterns matches; -1: one with `!`; 0."""
    found = 0
    if lower:
        text, patterns = text.lower(), patterns.lower()
    for pattern in patterns.split(","):
        if pattern.startswith("!"):
            if match_one(text, pattern[1:]):
                return -1
        elif match_one(text, pattern):
            found = 1
    return found


def match_address(address, patterns):
    """As match_list, with networks; None for one that sshd refuses."""
    found = 0
    ip = ipaddress.ip_address(address) if address else None
    for pattern in patterns.split(","):
        negated = pattern.startswith("!")
        body = pattern[1:] if negated else pattern
        if not body:
            return None
        try:
            net = ipaddress.ip_network(body)
        except ValueError:
            if "/" in body:
                return None     # host bits below the mask, or no network
            hit = ip is not None and match_one(str(ip), body.lower())
        else:
            hit = ip is not None and ip.version == net.version and ip in net
        if hit and negated:
            return -1
        if hit:
            found = 1
    return found


# --------------------------------------------------------------------- lines

def split_keyword(line):
    """(keyword, rest) as strdelim() cuts them, or None: nothing to read."""
    line = line.rstrip(" \t\r\n\f").lstrip(" \t\r\n")
    if not line or line[0] == "#":
        return None
    if line[0] == '"':
        end = line.find('"', 1)
        if end < 0:
            return None
        word, rest = line[1:end], line[end + 1:]
    else:
        m = re.match(r'[^ \t\r\n"=]*', line)
        word, rest = m.group(), line[m.end():]
    m = re.match(r"[ \t\r\n]*=?[ \t\r\n]*", rest)
    return word, rest[m.end():]


def split_arguments(text):
    """The arguments, quotes undone, up to a comment; None: a quote is open."""
    out, i, n = [], 0, len(text)
    while i < n:
        if text[i] in " \t":
            i += 1
            continue
        if text[i] == "#":
            break
        word, quote = [], ""
        while i < n:
            c = text[i]
            if c == "\\" and i + 1 < n and (
                    text[i + 1] in "'\"\\"
                    or (not quote and text[i + 1] == " ")):
                i += 1
                word.append(text[i])
            elif not quote and c in " \t":
                break
            elif not quote and c in "'\"":
                quote = c
            elif quote and c == quote:
                quote = ""
            else:
                word.append(c)
            i += 1
        if quote:
            return None
        out.append("".join(word))
        if len(out) > ARGUMENTS_MAX:
            return None
    return out


# -------------------------------------------------------------------- values

def algorithms(name, value):
    """The names that a list leaves, in order; None if sshd refuses it."""
    known, default = names.LISTS[name]
    sign = value[:1] if value[:1] in "+-^" else ""
    body = value[len(sign):]
    if not body:
        return None
    items = body.split(",")
    if sign != "-":
        for item in items:
            exact = item in known
            if name in names.PATTERN_LISTS:
                exact = exact or any(match_one(k, item) for k in known)
            if not exact:
                return None
    if sign == "-":
        return [k for k in default if match_list(k, body) != 1]
    if name == "casignaturealgorithms":
        known = [k for k in known if "-cert-v01" not in k]
    given = []
    for item in items:
        given += [k for k in known if match_one(k, item)]
    whole = (default + given if sign == "+" else
             given + default if sign == "^" else given)
    return list(dict.fromkeys(whole)) or None


def _authentication_methods(arguments):
    if arguments == ["any"]:
        return True
    for one in arguments:
        for method in one.split(","):
            if method.partition(":")[0] not in names.METHODS \
                    or method == "any":
                return False
    return True


def possible(methods, options):
    """Is every method of one list of AuthenticationMethods switched on?"""
    for one in methods.split(","):
        keyword = names.METHODS[one.partition(":")[0]]
        if keyword and options.get(
                keyword, names.KEYWORDS[keyword][2]) != "yes":
            return False
    return True


def value_of(name, kind, arguments, rest):
    """What a line sets, or None if sshd refuses it."""
    if not arguments:
        return None
    first = arguments[0]
    if kind == "rest":
        return rest
    if kind == "list":
        if name == "authenticationmethods" \
                and not _authentication_methods(arguments):
            return None
        return arguments
    if kind == "sum":
        if name == "subsystem":
            return None if len(arguments) < 2 else [
                (first, rest[rest.find(first) + len(first):].strip())]
        if name == "port" and not (re.fullmatch("[0-9]{1,5}", first)
                                   and 0 < int(first) < 65536):
            return None
        one = name in ("port", "hostkey", "hostcertificate")
        return None if one and len(arguments) > 1 else list(arguments)
    if kind == "any":
        return arguments
    if len(arguments) > 1:
        return None
    if kind == "choice":
        return names.CHOICES.get(name, names.YES_NO).get(first.lower())
    if kind == "int":
        ok = re.fullmatch("[0-9]{1,9}", first, re.ASCII)
        return int(first) if ok else None
    if kind == "time":
        if first.lower() == "none" and name == "logingracetime":
            return 0
        return names.seconds(first)
    if kind == "names":
        return first if algorithms(name, first) is not None else None
    if name == "loglevel":
        return names.LEVELS.get(first.upper())
    if name == "syslogfacility":
        return first.upper() if first.upper() in names.FACILITIES else None
    return first


# ------------------------------------------------------------------ the file

class Line:
    """A line of a file, or an Include with what it names."""

    def __init__(self, path, number, name, kind, value, match_ok):
        self.path, self.number, self.name = path, number, name
        self.kind, self.value, self.match_ok = kind, value, match_ok


class Config:
    """Every file is read once; a connection walks over the lines."""

    def __init__(self, files):
        self.files = {path: text for path, text in files.items()
                      if path.startswith(HOME)}
        self.read = 0
        self.matches_groups = False
        self.keys = set()       # (path, line number, keyword): for the daemon
        self.includes = {}      # (path, line number): [path, ...]
        if MAIN not in self.files:
            raise Refused(MAIN, 0, "no such file")
        self.lines = self._file(MAIN, 0)
        self.whole = {}
        self._walk(self.lines, None, self.whole, [True], "")
        methods = self.whole.get("authenticationmethods", ["any"])
        if not any(possible(one, self.whole) for one in methods):
            raise Refused(MAIN, 0, "AuthenticationMethods cannot be satisfied")

    def _file(self, path, depth):
        out = []
        text = self.files[path]
        if "\0" in text:
            raise Refused(path, 0, "a NUL byte")
        for number, raw in enumerate(text.split("\n"), 1):
            self.read += 1
            if self.read > LINES_MAX or len(raw) > LINE_MAX:
                raise Refused(path, number, "too many or too long lines")
            parts = split_keyword(raw)
            if parts is None:
                continue
            out.append(self._line(path, number, depth, *parts))
        return [line for line in out if line]

    def _line(self, path, number, depth, word, rest):
        name = word.lower()
        name = names.ALIASES.get(name, name)
        self.keys.add((path, number, name))
        if name in names.SKIPPED:
            return None
        if name not in names.KEYWORDS:
            raise Refused(path, number, "sshd does not know " + word[:40])
        kind, match_ok, _ = names.KEYWORDS[name]
        arguments = split_arguments(rest)
        if arguments is None:
            raise Refused(path, number, "a quote is not closed")
        if name == "match":
            value = self._criteria(path, number, rest)
        elif name == "include":
            if not arguments:
                raise Refused(path, number, "Include of nothing")
            value = []
            if depth + 1 > DEPTH_MAX:
                raise Refused(path, number, "Includes are nested too deep")
            found = self._included(arguments)
            self.includes[(path, number)] = found
            for one in found:
                value.append(self._file(one, depth + 1))
        else:
            value = value_of(name, kind, arguments, rest)
            if value is None:
                raise Refused(path, number, "sshd refuses this value of "
                              + word[:40])
        return Line(path, number, name, kind, value, match_ok)

    def _included(self, arguments):
        """Only files that were handed in: nothing is opened here."""
        found = []
        for pattern in arguments:
            if not pattern.startswith("/"):
                pattern = "/" + HOME + pattern
            want = [p for p in pattern.split("/") if p]
            for path in sorted(self.files):
                have = path.split("/")
                if len(have) == len(want) and all(
                        match_one(h, w) and (w[0] == "." or h[0] != ".")
                        for h, w in zip(have, want)):
                    found.append(path)
        return found

    def _criteria(self, path, number, rest):
        """[(criterion, patterns), ...]; [] for `Match all`."""
        words = split_arguments(rest)
        if not words:
            raise Refused(path, number, "Match without a criterion")
        if words[0].lower() == "all":
            if len(words) > 1:
                raise Refused(path, number, "Match all stands alone")
            return []
        out = []
        for i in range(0, len(words), 2):
            name = words[i].lower()
            if i + 1 == len(words):
                raise Refused(path, number, "Match has no value")
            value = words[i + 1]
            if name in ("address", "localaddress"):
                if match_address(None, value) is None:
                    raise Refused(path, number, "not an address")
            elif name == "localport":
                if not re.fullmatch("[0-9]{1,5}", value):
                    raise Refused(path, number, "not a port")
            elif name == "group":
                self.matches_groups = True
            elif name not in ("user", "host"):
                raise Refused(path, number, "not a criterion of Match")
            out.append((name, value))
        return out

    # ------------------------------------------------------- one connection

    @staticmethod
    def _matches(criteria, c):
        for name, value in criteria:
            if name == "user":
                hit = match_list(c.user, value) == 1
            elif name == "group":
                found = [match_list(g, value) for g in c.groups]
                hit = 1 in found and -1 not in found
            elif name == "host":
                hit = match_list(c.host, value, True) == 1
            elif name == "localport":
                hit = int(value) == c.port
            else:
                hit = match_address(c.address if name == "address"
                                    else c.local, value) == 1
            if not hit:
                return False
        return True

    def _walk(self, lines, c, into, active, mode):
        """The two readings of sshd: c None is the one at start, in which a
        Match is never met (but `Match all` is). In the other, `outside` says
        that no Match has been seen yet in this file and those that include
        it; `never`, that an Include stands in a block that is not met."""
        for line in lines:
            if line.name == "match":
                hit = not line.value if c is None else \
                    self._matches(line.value, c)
                active[0] = hit and mode != "never"
                mode = "" if mode == "outside" else mode
            elif line.name == "include":
                before = active[0]
                for one in line.value:
                    self._walk(one, c, into, active,
                               mode if mode == "outside" else
                               "" if before else "never")
                    active[0] = before
            elif line.name == "authenticationmethods" \
                    and line.value == ["any"] and line.name in into:
                raise Refused(line.path, line.number, "any stands alone")
            elif not active[0]:
                if c is None and not line.match_ok:
                    raise Refused(line.path, line.number,
                                  "not allowed within a Match block")
            elif line.kind == "sum":
                if line.name == "subsystem" and line.value[0][0] in [
                        name for name, _ in into.get("subsystem", ())]:
                    raise Refused(line.path, line.number, "defined before")
                into[line.name] = into.get(line.name, []) + line.value
            else:
                into.setdefault(line.name, line.value)

    def effective(self, c):
        """{keyword: value} with the defaults, as `sshd -T -C` has them."""
        out = {}
        for name, (kind, _, default) in names.KEYWORDS.items():
            if kind in ("int", "time"):
                out[name] = int(default)
            elif kind in ("list", "sum", "any"):
                out[name] = []
            else:
                out[name] = default
        out.update(self.whole)
        mine = {}
        self._walk(self.lines, c, mine, [False], "outside")
        mine = {k: v for k, v in mine.items() if names.KEYWORDS[k][1]}
        out.update(mine)
        for name in names.LISTS:
            given = algorithms(name, out[name]) if out[name] else []
            # Outside Match the list is put together twice, and an empty one
            # is the default the second time.
            out[name] = given if given or name in mine \
                else list(names.LISTS[name][1])
        out["authorizedkeysfile"] = out["authorizedkeysfile"] or [
            ".ssh/authorized_keys", ".ssh/authorized_keys2"]
        out["authenticationmethods"] = out["authenticationmethods"] or ["any"]
        out["port"] = out["port"] or ["22"]
        return out


# ---------------------------------------------------------------- who may in

def _user_in(c, patterns):
    """Users of AllowUsers and DenyUsers may name where they come from."""
    for pattern in patterns:
        user, at, where = pattern.rpartition("@")
        if not at:
            user, where = pattern, None
        if match_one(c.user, user) and (where is None or
                                        match_list(c.host, where, True) == 1
                                        or match_address(c.address, where)
                                        == 1):
            return True
    return False


def _group_in(c, patterns):
    return any(match_one(g, p) for g in c.groups for p in patterns)


def may_enter(c, options):
    """AllowUsers, DenyUsers, AllowGroups, DenyGroups, as sshd asks them."""
    if options["denyusers"] and _user_in(c, options["denyusers"]):
        return False
    if options["allowusers"] and not _user_in(c, options["allowusers"]):
        return False
    if options["denygroups"] and _group_in(c, options["denygroups"]):
        return False
    return not options["allowgroups"] or _group_in(c, options["allowgroups"])
