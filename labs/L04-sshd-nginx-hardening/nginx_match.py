"""Which server and which location a request gets, by nginx's rules, and what
a block inherits from those around it."""

import ipaddress
import re

PATTERN_MAX = 300


def held(chain, name):
    """The arguments of every `name` at the innermost level that has one."""
    for node in reversed(chain):
        found = [c.arguments for c in node.children if c.name == name]
        if found:
            return found
    return []


def held_value(chain, name, default):
    found = held(chain, name)
    return found[0][0] if found else default


# ------------------------------------------------------------------ locations

_RISKY = re.compile(r"\((?:[^()\\]|\\.)*[*+}](?:[^()\\]|\\.)*\)[*+{]|\\[1-9]"
                    r"|\[:|\(\?[PR&(|#>]|\\[QEGKRXhHvVpPC]")


def compiled(node, pattern, lower):
    """A pattern of PCRE as Python has it. SECURITY: repeated repetitions,
    which could take for ever, and what the two read differently are not
    read."""
    if len(pattern) > PATTERN_MAX or _RISKY.search(pattern) \
            or len(re.findall(r"(?<!\\)[*+]|\{[0-9]*,[0-9]*\}", pattern)) > 6:
        raise node.refused("the lab does not read this pattern", True)
    pattern = re.sub(r"\(\?<([A-Za-z_])", r"(?P<\1", pattern)
    pattern = re.sub(r"((?:\\\\)*)\\z", r"\1\\Z", pattern)
    try:
        return re.compile(pattern, re.ASCII | (re.I if lower else 0))
    except (re.error, OverflowError, RecursionError):
        raise node.refused("not a regular expression") from None


class Location:
    def __init__(self, node, parent):
        self.node = node
        words = node.arguments
        if len(words) == 1:
            m = re.match(r"(=|\^~|~\*|~)?(.*)", words[0], re.DOTALL)
            words = [m.group(1) or "", m.group(2)]
        self.sign, self.name = words
        if self.sign not in ("", "=", "^~", "~", "~*"):
            raise node.refused("not a sign of location")
        self.named = not self.sign and self.name.startswith("@")
        self.pattern = compiled(node, self.name, self.sign == "~*") \
            if self.sign.startswith("~") else None
        if parent is not None:
            if parent.sign == "=" or parent.named or self.named:
                raise node.refused("this location cannot stand inside another")
            if not self.pattern and not self.name.startswith(parent.name):
                raise node.refused("outside of the location around it")
        self.inside = Locations(node, self)
        # proxy_pass to a location with a final slash sends the request
        # without it there.
        self.redirects = bool(node.first("proxy_pass")) \
            and not self.pattern and self.name.endswith("/")


class Locations:
    """Those of a server or of a location, in their order."""

    def __init__(self, node, parent=None):
        self.list = [Location(n, parent) for n in node.all("location")]
        seen = set()
        for one in self.list:
            if one.pattern:
                continue
            key = (one.sign == "=", one.name)
            if key in seen:
                raise one.node.refused("a location stands twice")
            seen.add(key)

    def find(self, uri):
        """([location, ...] from the outer to the inner, how): how is "exact",
        "pattern", "redirect" or "prefix"."""
        best = None
        for one in self.list:
            if one.named or one.pattern:
                continue
            if one.sign == "=":
                if one.name == uri:
                    return [one], "exact"
            elif uri.startswith(one.name) and (
                    best is None or len(one.name) > len(best.name)):
                best = one
        if best is None or best.name != uri:
            for one in self.list:
                if one.redirects and one.name == uri + "/":
                    return [one], "redirect"
        chain, how = [], "prefix"
        if best is not None:
            inner, how = best.inside.find(uri)
            chain = [best] + inner
            if inner and how in ("exact", "redirect", "pattern"):
                return chain, how
        if best is None or best.sign != "^~":
            for one in self.list:
                if one.pattern and one.pattern.search(uri):
                    inner, _ = one.inside.find(uri)
                    return [one] + inner, "pattern"
        return chain, "prefix"


# -------------------------------------------------------------------- servers

_LISTEN = re.compile(r"(?:(\[[0-9a-fA-F:.]+\]|\*|[0-9.]{7,15}):)?([0-9]{1,5})"
                     r"|(\[[0-9a-fA-F:.]+\]|\*|[0-9]+\.[0-9.]{5,13})")
_OPTIONS = re.compile("backlog=[0-9]+|reuseport|deferred|bind|fastopen=[0-9]+|"
                      "so_keepalive=[a-z0-9:]+|ipv6only=on|(?:rcv|snd)buf=.+")


def listens(node):
    """[((address, port), options), ...]; address "*" for any of IPv4."""
    out = []
    for words in [c.arguments for c in node.all("listen")] or [["80"]]:
        m = _LISTEN.fullmatch(words[0])
        if not m:
            raise node.refused("the lab does not read this listen", True)
        address = m.group(1) or m.group(3) or "*"
        port = int(m.group(2) or 80)
        if address != "*":
            try:
                ip = ipaddress.ip_address(address.strip("[]"))
            except ValueError:
                raise node.refused("no address to listen on") from None
            address = "*" if ip.version == 4 and ip.is_unspecified \
                else str(ip)
        if not 0 < port < 65536:
            raise node.refused("no port to listen on")
        options = set(words[1:])
        for word in options - {"default_server", "ssl", "http2"}:
            if not _OPTIONS.fullmatch(word):
                raise node.refused("the lab does not read this listen", True)
        if (address, port) in [place for place, _ in out]:
            raise node.refused("a listen stands twice")
        out.append(((address, port), options))
    return out


class Server:
    def __init__(self, http, node):
        self.node, self.chain = node, [http, node]
        self.listens = listens(node)
        self.names = [w.lower() for c in node.all("server_name")
                      for w in c.arguments] or [""]
        self.patterns = [compiled(node, n[1:], True) for n in self.names
                         if n.startswith("~")]
        self.locations = Locations(node)

    def names_host(self, host):
        """(how well, how long) a name fits: 4 whole, 3 *.x, 2 x.*, 1 ~."""
        best = (0, 0)
        for name in self.names:
            if name.startswith("~"):
                continue
            if name.startswith("."):
                fits = (4, 0) if host == name[1:] else (
                    (3, len(name)) if host.endswith(name) else (0, 0))
            elif name.startswith("*."):
                fits = (3, len(name)) if host.endswith(name[1:]) else (0, 0)
            elif name.endswith(".*"):
                fits = (2, len(name)) if host.startswith(name[:-1]) else (0, 0)
            else:
                fits = (4, 0) if name == host else (0, 0)
            best = max(best, fits)
        if best == (0, 0) and any(p.search(host) for p in self.patterns):
            best = (1, 0)
        return best


def normal(path):
    """The URI that locations see, or None: nginx answers 400."""
    path = path.partition("?")[0].partition("#")[0]
    data, i = bytearray(), 0
    raw = path.encode("utf-8", "replace")
    while i < len(raw):
        if raw[i] == 0x25:
            code = raw[i + 1:i + 3]
            if not re.fullmatch(b"[0-9a-fA-F]{2}", code) or code == b"00":
                return None
            data.append(int(code, 16))
            i += 3
        else:
            data.append(raw[i])
            i += 1
    parts, out = bytes(data).decode("latin-1").split("/")[1:], []
    for n, part in enumerate(parts):
        last = n == len(parts) - 1
        if part == "..":
            if not out:
                return None
            out.pop()
        elif part not in ("", "."):
            out.append(part)
            continue
        if last:
            out.append("")
    return "/" + "/".join(out)
