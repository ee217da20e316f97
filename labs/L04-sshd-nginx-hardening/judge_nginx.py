"""Scores nginx's side: c9 to c15, by asking what each request would get."""

import ipaddress
import re

from nginx_serve import Request, held, held_value

POINTS = {"c9": 8, "c10": 3, "c11": 4, "c12": 8, "c13": 8, "c14": 5,
          "c15": 8}
REFUSED = (403, 404, 444)
ADDRESS_KEYS = ("$binary_remote_addr", "$remote_addr")


def own(world):
    """What of this side no other seed has, some 26 bits of it; shown() finds
    the same in what was handed in."""
    return [sorted(("127.0.0.1:%d" % world.app_port,
                    "127.0.0.1:%d" % world.api_port)),
            sorted((world.portal, world.api)), [world.admin_net]]


class Judge:
    def __init__(self, world, site):
        self.w, self.site = world, site

    def ask(self, host, path, client, method="GET", scheme="https"):
        return self.site.answer(Request(scheme, host, path, client, method,
                                        local=self.w.host_ip))

    def chains(self):
        """Every block in which a request can end, from http inwards."""
        def below(chain):
            yield chain
            for node in chain[-1].children:
                if node.name == "location":
                    yield from below(chain + [node])
        for server in self.site.servers:
            yield from below(server.chain)

    def tls(self):
        points, keys = 0, []
        servers = [s for s in self.site.servers
                   if any("ssl" in o or "http2" in o for _, o in s.listens)]
        good = bool(servers)
        for server in servers:
            versions = held(server.chain, "ssl_protocols")
            versions = versions[0] if versions else [
                "TLSv1", "TLSv1.1", "TLSv1.2"]
            good = good and set(versions) <= {"TLSv1.2", "TLSv1.3"} \
                and bool(versions)
        # Those of the tests must speak it, too, or nothing is served.
        for host in (self.w.portal, self.w.api):
            good = good and self.ask(host, "/", self.w.outside[0]).status > 0
        if good:
            points += 4
        else:
            keys.append("c9_tls")
        if self.hsts():
            points += 4
        else:
            keys.append("c9_hsts")
        return points, "c9_ok" if not keys else (
            keys[0] if len(keys) == 1 else "c9_both")

    def hsts(self):
        asked = [(host, method, path, client) for scheme, host, method, path,
                 client, _ in self.w.public() if scheme == "https"]
        asked += [(self.w.portal, "GET", p, c) for p in self.w.admin_paths()
                  + self.w.refused_paths()
                  for c in (self.w.outside[0], self.w.admin_hosts[0])]
        asked += [(self.w.api, "GET", p, self.w.outside[0])
                  for p in ("/", "/no-such", self.w.admin)]
        for host, method, path, client in asked:
            a = self.ask(host, path, client, method)
            if a.status == 444:
                continue
            values = a.headers("Strict-Transport-Security")
            # What the application answers may be an error, too.
            always = [x for x in held(a.chain, "add_header") if x[0].lower()
                      == "strict-transport-security" and len(x) == 3]
            if not values or not always or a.status == 0:
                return False
            m = re.match(r'\s*max-age\s*=\s*"?([0-9]{1,12})"?\s*(;|$)',
                         values[0], re.I)
            if not m or int(m.group(1)) < self.w.hsts:
                return False
        return True

    def version(self):
        for chain in self.chains():
            if held_value(chain, "server_tokens", "on") != "off":
                return 0, "c10_shown"
        return 3, "c10_ok"

    def listing(self):
        for chain in self.chains():
            if held_value(chain, "autoindex", "off") == "on":
                return 0, "c11_on"
        return 4, "c11_ok"

    def login(self):
        for host in (self.w.portal, self.w.api):
            a = self.ask(host, self.w.login, self.w.outside[0], "POST")
            if not a.served and host == self.w.api:
                continue        # no log-in there: nothing to limit
            if not a.served:
                return 0, "c12_gone"
            if not a.limits:
                return 0, "c12_none_set" if host == self.w.portal \
                    else "c12_host"
            best = []
            for zone, burst in a.limits:
                key, rate = self.site.zones[zone]
                if key not in ADDRESS_KEYS:
                    return 0, "c12_key"
                best.append((rate, burst))
            rate, burst = min(best)
            if rate > self.w.limit_max * 60:
                return 0, "c12_rate"
            if rate < self.w.limit_min * 60 \
                    or min(b for _, b in best) < self.w.burst_min:
                return 0, "c12_tight"
            if burst > self.w.burst_max:
                return 0, "c12_burst"
        return 8, "c12_ok"

    def admin(self):
        paths = self.w.admin_paths()
        for path in paths:
            for ip in self.w.admin_hosts:
                if not self.ask(self.w.portal, path, ip).served:
                    return 0, "c13_locked"
        outside = self.w.outside + [self.w.partner_ips[0]]

        def refused(host, some):
            return all(self.ask(host, path, ip, method).status in REFUSED
                       for path in some for ip in outside
                       for method in ("GET", "POST"))
        if not refused(self.w.portal, paths[:2]):
            return 0, "c13_open"
        if not refused(self.w.portal, paths):
            return 4, "c13_part"
        if not all(refused(host, paths) for host in (
                self.w.api, self.w.host_ip, "other.example")):
            return 4, "c13_host"
        return 8, "c13_ok"

    def files(self):
        def open_(host):
            return sum(self.ask(host, path, ip).status not in REFUSED
                       for path in self.w.refused_paths()
                       for ip in self.w.outside[:2])
        total = 2 * len(self.w.refused_paths())
        left = open_(self.w.portal)
        if not left and not open_(self.w.api):
            return 5, "c14_ok"
        if 2 * left <= total:
            return 2, "c14_part"
        return 0, "c14_open"

    def served(self):
        broken = limited = 0
        for scheme, host, method, path, client, rate in self.w.public():
            a = self.ask(host, path, client, method, scheme)
            if not a.served:
                broken += 1
            elif rate and any(self.site.zones[zone][1] < rate * 3600
                              for zone, _ in a.limits):
                limited += 1
        wrong = broken + limited
        if not wrong:
            return 8, "c15_ok"
        return max(0, 8 - 3 * wrong), \
            "c15_broken" if broken else "c15_limited"

    def results(self):
        out = {"c9": self.tls(), "c10": self.version(), "c11": self.listing(),
               "c12": self.login(), "c13": self.admin(), "c14": self.files(),
               "c15": self.served()}
        rest = sum(points for name, (points, _) in out.items()
                   if name != "c15")
        if 2 * rest < sum(POINTS.values()) - POINTS["c15"] and out["c15"][0]:
            out["c15"] = 0, "c15_little"
        return out

    # -------------------------------------------------------- what must stay

    def kept(self):
        w = self.w
        app, api = ["127.0.0.1:%d" % w.app_port], ["127.0.0.1:%d" % w.api_port]
        for host, method, path, client, up, tls in (
                (w.portal, "POST", w.login, w.outside[0], app, "portal"),
                (w.api, "PUT", w.api_path + "in/x", w.partner_ips[0], api,
                 "api")):
            a = self.ask(host, path, client, method)
            node = next((n for n in reversed(a.chain)
                         if n.first("proxy_pass")), None)
            target = node.first("proxy_pass")[0] if node else ""
            name = target.removeprefix("http://").rstrip("/")
            sent = {h[0].lower(): h[1] for h in held(a.chain,
                                                     "proxy_set_header")}
            if a.kind != "proxy" or self.site.upstreams.get(name) != up \
                    or sent.get("x-forwarded-for") \
                    != "$proxy_add_x_forwarded_for" \
                    or sent.get("host") not in ("$http_host", "$host") \
                    or held_value(a.chain, "ssl_certificate", "") \
                    != "/etc/nginx/tls/%s.pem" % tls \
                    or held_value(a.chain, "access_log", "off") == "off":
                return False
            if host == w.api and held_value(
                    a.chain, "client_max_body_size", "") \
                    != "%dm" % w.body_mb:
                return False
        return True

    def shown(self):
        """As own(); None unless one network is let in somewhere: without it
        too little is said to tell one learner from another."""
        nets = {ipaddress.ip_network(words[0], strict=False)
                for chain in self.chains()
                for words in held(chain, "allow") if words[0] != "all"
                and words[0] != "unix:"}
        if len(nets) != 1 or min(nets).prefixlen < 16:
            return None
        names = {name for server in self.site.servers
                 for words in (server.node.first("server_name") or (),)
                 for name in words if name != "_"}
        ups = {one for some in self.site.upstreams.values() for one in some}
        return [sorted(ups), sorted(names), [str(min(nets))]]
