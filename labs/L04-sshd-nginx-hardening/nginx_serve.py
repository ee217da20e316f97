"""What nginx 1.22 answers to a request, by its configuration alone.

    site = Site({"etc/nginx/nginx.conf": text, ...})
    site.answer(Request("https", "www.bank.example", "/login")).status

The phases of nginx in their order: `return` of the server, the location,
its `return`, limits, allow and deny, try_files, then content. A file that is
asked for is taken to exist. Whatever stands behind proxy_pass answers 200.
"""

import ipaddress
import re

from nginx_conf import CODES, Reader, Refused
from nginx_match import Server, held, held_value, normal

JUMPS_MAX = 10
SENT_WITH = (200, 201, 204, 206, 301, 302, 303, 304, 307, 308)


class Request:
    """`index` of a URI with a slash at its end: is there an index file?"""

    def __init__(self, scheme, host, path, client="192.0.2.1", method="GET",
                 local="192.0.2.254", port=None, index=lambda uri: True):
        self.scheme, self.host, self.path = scheme, host, path
        self.client, self.method, self.local = client, method, local
        self.port = port or (443 if scheme == "https" else 80)
        self.index = index


class Answer:
    """kind: proxy, static, listing, return, redirect, error, closed.
    `chain`: the blocks that hold, http first; `limits`: [(zone, burst)]."""

    def __init__(self, status, kind, chain, text="", limits=()):
        self.status, self.kind, self.chain = status, kind, chain
        self.text, self.limits, self.files = text, list(limits), chain

    @property
    def served(self):
        return 200 <= self.status < 300 and self.kind != "closed"

    def headers(self, name):
        """The values that add_header gives this answer for `name`."""
        return [a[1] for a in held(self.chain, "add_header")
                if a[0].lower() == name.lower() and a[1]
                and (len(a) == 3 or self.status in SENT_WITH)]


class Site:
    """The whole configuration, checked as far as the lab reads it."""

    def __init__(self, files):
        self.root = Reader(files).root
        if not self.root.all("events"):
            raise Refused("etc/nginx/nginx.conf", 0, 'no "events"')
        blocks = self.root.all("http")
        if len(blocks) != 1:
            raise Refused("etc/nginx/nginx.conf", 0, 'one "http" is needed')
        self.http = blocks[0]
        self.zones = self._zones()
        self.upstreams = {n.arguments[0]: [s.arguments[0]
                                           for s in n.all("server")]
                          for n in self.http.all("upstream")}
        self.servers = [Server(self.http, n) for n in self.http.all("server")]
        self._check_defaults()
        for node in self._every(self.http):
            self._check(node)

    @staticmethod
    def _every(node):
        yield node
        for child in node.children:
            yield from Site._every(child)

    def _zones(self):
        """limit_req_zone: {name: (key, requests in an hour)}."""
        zones = {}
        for node in self.http.all("limit_req_zone"):
            key, zone, rate = node.arguments[0], None, None
            for word in node.arguments[1:]:
                m = re.fullmatch("zone=([A-Za-z0-9_.-]+):([0-9]+)([kKmM]?)",
                                 word)
                r = re.fullmatch("rate=([0-9]{1,7})r/([sm])", word)
                if m and int(m.group(2)) * {"": 1, "k": 1024}.get(
                        m.group(3).lower(), 1 << 20) >= 32768:
                    zone = m.group(1)
                elif r and int(r.group(1)) > 0:
                    rate = int(r.group(1)) * (3600 if r.group(2) == "s"
                                              else 60)
                else:
                    raise node.refused("limit_req_zone")
            if zone is None or zone in zones:
                raise node.refused("limit_req_zone")
            zones[zone] = (key, rate or 3600)
        return zones

    def _check_defaults(self):
        seen = {}
        for server in self.servers:
            for place, options in server.listens:
                if "default_server" in options:
                    if place in seen:
                        raise server.node.refused("a second default_server")
                    seen[place] = server
        self.defaults = seen

    def _check(self, node):
        for child in node.children:
            words = child.arguments
            if child.name in ("allow", "deny"):
                if words[0] not in ("all", "unix:"):
                    try:
                        ipaddress.ip_network(words[0], strict=False)
                    except ValueError:
                        raise child.refused("no address") from None
            elif child.name == "return":
                if not CODES.fullmatch(words[0]) and (
                        len(words) > 1 or not re.match(
                            r"https?://|\$scheme", words[0])):
                    raise child.refused("return")
            elif child.name == "error_page":
                self._check_error_page(child)
            elif child.name == "satisfy" and words[0] not in ("any", "all"):
                raise child.refused("satisfy")
            elif child.name == "server_tokens" and words[0] not in (
                    "on", "off", "build"):
                raise child.refused("server_tokens")
            elif child.name == "ssl_protocols":
                for word in words:
                    if word not in ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1",
                                    "TLSv1.2", "TLSv1.3"):
                        raise child.refused("ssl_protocols")
            elif child.name == "add_header":
                if len(words) == 3 and words[2] != "always":
                    raise child.refused("add_header")
            elif child.name == "proxy_pass":
                self._check_proxy(child, node)
            elif child.name == "alias" and node.first("root"):
                raise child.refused("root and alias")
        zones = []
        for child in node.all("limit_req"):
            zone = self._limit(child)[0]
            if zone in zones:
                raise child.refused("limit_req of this zone stands twice")
            zones.append(zone)

    @staticmethod
    def _check_error_page(child):
        codes = child.arguments[:-1]
        if codes and codes[-1].startswith("="):
            if codes[-1] != "=" and not CODES.fullmatch(codes[-1][1:]):
                raise child.refused("error_page")
            codes = codes[:-1]
        for code in codes:
            if not CODES.fullmatch(code) or not 300 <= int(code) <= 599 \
                    or code == "499":
                raise child.refused("error_page")
        if not codes:
            raise child.refused("error_page")

    def _check_proxy(self, child, node):
        m = re.fullmatch(r"https?://([^/$]+)(/[^$]*)?", child.arguments[0])
        if not m:
            raise child.refused("the lab does not read this proxy_pass", True)
        if m.group(2) and node.arguments and (
                node.arguments[0].startswith(("~", "@"))):
            raise child.refused("proxy_pass with a path in a pattern")
        host = m.group(1)
        if host not in self.upstreams and not re.fullmatch(
                r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?::[0-9]+)?|\[[0-9a-f:]+\]"
                r"(?::[0-9]+)?|localhost(?::[0-9]+)?", host):
            raise child.refused("host not found in proxy_pass")

    def _limit(self, child):
        zone, burst = None, 0
        for word in child.arguments:
            if word.startswith("zone=") and word[5:]:
                zone = word[5:]
            elif re.fullmatch("burst=[0-9]{1,9}", word) and word != "burst=0":
                burst = int(word[6:])
            elif word != "nodelay" and not re.fullmatch("delay=[0-9]{1,9}",
                                                        word):
                raise child.refused("limit_req")
        if zone not in self.zones:
            raise child.refused("limit_req of no zone")
        return zone, burst

    # ------------------------------------------------------------ one request

    def choose(self, request):
        """The server of a request and whether its socket talks TLS, or
        (None, None): nothing listens there."""
        for address in (request.local, "*"):
            place = (address, request.port)
            group = [(s, o) for s in self.servers for p, o in s.listens
                     if p == place]
            if not group:
                continue
            tls = any("ssl" in o for _, o in group)
            host = request.host.lower().partition(":")[0].rstrip(".")
            best, found = (0, 0), None
            for server, _ in group:
                fits = server.names_host(host)
                if fits > best:
                    best, found = fits, server
            return found or self.defaults.get(place) or group[0][0], tls
        return None, None

    def answer(self, request):
        server, tls = self.choose(request)
        if server is None or tls != (request.scheme == "https"):
            return Answer(0, "closed", [self.http])
        if tls and held_value(server.chain, "ssl_reject_handshake",
                              "off") == "on":
            return Answer(0, "closed", server.chain)
        uri = normal(request.path)
        if uri is None:
            return Answer(400, "error", server.chain)
        return Run(self, server, request).go(uri)


# --------------------------------------------------------------------- phases

class Run:
    """One request on its way through the phases, redirects inside included."""

    def __init__(self, site, server, request):
        self.site, self.server, self.request = site, server, request
        self.limits, self.limited = [], False
        self.jumps = 0
        self.error_seen = False
        self.method = request.method

    def go(self, uri):
        returned = self.server.node.first("return")
        if returned:
            return self._return(returned, self.server.chain)
        found, how = self.server.locations.find(uri)
        chain = self.server.chain + [one.node for one in found]
        if how == "redirect" and not self._hidden(chain):
            return self._error(301, chain, "redirect", uri + "/")
        return self._inside(uri, chain)

    def _jump(self, target, chain):
        """To a URI or a named location, without leaving nginx."""
        self.jumps += 1
        if self.jumps > JUMPS_MAX:
            return Answer(500, "error", chain)
        if target.startswith("@"):
            for one in self.server.locations.list:
                if one.named and one.name == target:
                    return self._inside(target, self.server.chain
                                        + [one.node])
            return Answer(500, "error", chain)
        return self.go(target.partition("?")[0])

    def _inside(self, uri, chain):
        here = chain[-1]
        if self._excepted(here):
            chain = chain + here.all("limit_except")[:1]
        server = here.name == "server"      # its return has been looked at
        returned = here.first("return") \
            if chain[-1] is here and not server else None
        if self._hidden(chain):
            return self._error(404, chain)
        if returned:
            return self._return(returned, chain)
        self._limit(chain)
        status = self._access(chain)
        if status:
            return self._error(status, chain)
        files = here.first("try_files") if chain[-1] is here else None
        if files:
            return self._try(uri, files, chain)
        return self._content(uri, chain)

    def _hidden(self, chain):
        return not self.jumps and any(c.name == "internal"
                                      for node in chain
                                      for c in node.children)

    def _return(self, words, chain):
        if not CODES.fullmatch(words[0]):
            return self._error(302, chain, "redirect", words[0])
        status = int(words[0])
        text = words[1] if len(words) > 1 else ""
        if status == 444:
            return Answer(444, "closed", chain, limits=self.limits)
        if status in (301, 302, 303, 307, 308) and text:
            return self._error(status, chain, "redirect", text)
        if status < 300 or text:
            return Answer(status, "return", chain, text, self.limits)
        return self._error(status, chain)

    def _limit(self, chain):
        if self.limited:
            return
        if held_value(chain, "limit_req_dry_run", "off") == "on":
            return
        for node in reversed(chain):
            many = node.all("limit_req")
            if many:
                self.limits = [self.site._limit(one) for one in many]
                self.limited = True
                return

    def _excepted(self, here):
        """Does limit_except stand in for the location? (It has no `return`.)
        """
        block = here.all("limit_except")
        if not block:
            return False
        methods = [m.upper() for m in block[0].arguments]
        return self.method not in methods and not (
            self.method == "HEAD" and "GET" in methods)

    def _access(self, chain):
        """0, 403 or 401."""
        rules = next(([(c.name, c.arguments[0]) for c in node.children
                       if c.name in ("allow", "deny")]
                      for node in reversed(chain)
                      if any(c.name in ("allow", "deny")
                             for c in node.children)), [])
        ip = ipaddress.ip_address(self.request.client)
        allowed = None
        for name, who in rules:
            if who == "unix:":
                continue
            if who != "all":
                net = ipaddress.ip_network(who, strict=False)
                if net.version != ip.version or ip not in net:
                    continue
            allowed = name == "allow"
            break
        asks = held_value(chain, "auth_basic", "off") != "off"
        if held_value(chain, "satisfy", "all") == "any":
            if allowed or (allowed is None and not asks):
                return 0
            return 401 if asks else 0 if allowed is None else 403
        if allowed is False:
            return 403
        return 401 if asks else 0

    def _try(self, uri, files, chain):
        for one in files[:-1]:
            if one == "$uri" and not uri.endswith("/") or (
                    one == "$uri/" and uri.endswith("/")):
                return self._content(uri, chain)
        last = files[-1]
        if re.fullmatch("=[0-9]{3}", last):
            return self._error(int(last[1:]), chain)
        return self._jump(last.replace("$uri", uri).replace(
            "$is_args", "").replace("$args", ""), chain)

    def _content(self, uri, chain):
        handler = chain[-2 if chain[-1].name == "limit_except" else -1]
        if (chain[-1].first("proxy_pass") or handler.first("proxy_pass")):
            return Answer(200, "proxy", chain, uri, self.limits)
        reads = self.method in ("GET", "HEAD")
        if uri.endswith("/") and self.request.index(uri):
            # The index file is looked up as a request of its own.
            name = held_value(chain, "index", "index.html")
            return self._jump(uri + name.lstrip("/"), chain)
        if uri.endswith("/"):
            if reads and held_value(chain, "autoindex", "off") == "on":
                return Answer(200, "listing", chain, uri, self.limits)
            return self._error(403, chain)
        if not reads:
            return self._error(405, chain)
        return Answer(200, "static", chain, uri, self.limits)

    def _error(self, status, chain, kind="error", text=""):
        """An answer of nginx itself: a page of error_page may take over."""
        again = held_value(chain, "recursive_error_pages", "off") == "on"
        if not self.error_seen or again:
            for words in held(chain, "error_page"):
                codes, target = words[:-1], words[-1]
                as_status = None
                if codes[-1].startswith("="):
                    as_status = int(codes[-1][1:] or 0)
                    codes = codes[:-1]
                if str(status) in codes:
                    return self._page(status, target, as_status, chain)
        return Answer(status, kind, chain, text, self.limits)

    def _page(self, status, target, as_status, chain):
        self.error_seen = True
        if not target.startswith(("/", "@")):
            moved = as_status if as_status in (301, 302, 303, 307, 308) \
                else 302
            return Answer(moved, "redirect", chain, target, self.limits)
        if target.startswith("/") and self.method != "HEAD":
            self.method = "GET"
        inner = self._jump(target, chain)
        if inner.kind in ("error", "redirect", "closed"):
            return inner        # what went wrong there counts
        if as_status is None:
            inner.status = status
        elif as_status:
            inner.status = as_status
        return inner
