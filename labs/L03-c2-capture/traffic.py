"""The day's HTTP, request by request: the malware's and everybody else's.

`setup` lays it out as frames; `check` tries a rule on that of the hidden day.
The same functions make both.
"""

import base64
import json

from kit.stream import Rng
from truth import (AGENT, BOARD, DAY_BEGIN, DAY_END, EDI, HOUR, HTTP_SITES, SHOP,
                   UPDATE, US)

CHROME = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
          "(KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36")
EDGE = CHROME + " Edg/147.0.0.0"
TEXT = ("<p>The members' meeting of the next month will be held in the "
        "small hall on the second floor. Please bring the papers that were "
        "sent to you by post, and let the office know if you cannot come."
        "</p>\n")


class Exchange:
    """A request and its answer; `t` is when the request is sent."""
    __slots__ = ("t", "method", "target", "headers", "body", "think", "head",
                 "answer")

    def request(self):
        return ("%s %s HTTP/1.1\r\n" % (self.method, self.target) + "".join(
            ["%s: %s\r\n" % h for h in self.headers]) + "\r\n").encode() \
            + self.body

    def response(self):
        return self.head + self.answer


class Visit:
    """The exchanges of one TCP connection. `close`: 0, the client closes;
    1, the server, at once. `bad`: it is the malware's."""
    __slots__ = ("client", "server", "name", "dns", "close", "bad",
                 "exchanges")

    def __init__(self, client, server, name, close=0, dns=True, bad=False):
        self.client, self.server, self.name = client, server, name
        self.close, self.dns, self.bad = close, dns, bad
        self.exchanges = []


class Day:
    def __init__(self, world, day):
        self.world, self.day = world, day
        self.campaign = world.campaign(day)
        self.visits = []
        self._malware()
        self._agent()
        self._edi()
        self._shop()
        self._update()
        self._board()
        self._browsing()
        self.visits.sort(key=lambda v: v.exchanges[0].t)

    def requests(self):
        """(method, target, headers, is the malware's), ..."""
        return [(e.method, e.target, e.headers, v.bad)
                for v in self.visits for e in v.exchanges]

    def absent(self, ip, t):
        """Is the machine of that address asleep or unplugged?"""
        c = self.campaign
        return ip == c.pc.ip and (c.sleep - 60 * US < t < c.wake + 9 * US
                                  or t > c.end - 30 * US)

    def _stream(self, name):
        return Rng(self.world.seed, "%s %s" % (name, self.day))

    def _add(self, visit, rng, t, method, target, headers, body=b"",
             status="200 OK", kind="text/html", answer=b"", server="nginx",
             think=None):
        e = Exchange()
        e.t, e.method, e.target, e.headers, e.body = (t, method, target,
                                                      headers, body)
        e.think = rng.between(3000, 36000) if think is None else think
        lines = ["HTTP/1.1 " + status,
                 "Date: " + self.world.http_date(t + e.think),
                 "Server: " + server]
        if answer or not status.startswith("304"):
            lines += ["Content-Type: " + kind,
                      "Content-Length: %d" % len(answer)]
        lines.append("Connection: " + ("close" if visit.close else
                                       "keep-alive"))
        e.head = ("\r\n".join(lines) + "\r\n\r\n").encode()
        e.answer = answer
        visit.exchanges.append(e)

    # -- the malware, and what looks like it -------------------------------

    def _component(self, visit, rng, t, target, body, answer, **more):
        """What the old HTTP component of Windows sends, which the program
        uses and an old ordering software too."""
        family = self.world.family
        self._add(visit, rng, t, "POST", target, [
            ("Accept", "*/*"), ("Content-Type", family.type),
            ("User-Agent", family.ua), ("Host", visit.name),
            ("Content-Length", "%d" % len(body)), ("Connection", "close"),
            ("Cache-Control", "no-cache")], body, answer=answer, **more)

    def _malware(self):
        c, rng = self.campaign, self._stream("c2")
        for m in c.messages:
            v = Visit(c.pc.ip, c.c2_ip, c.c2_host, close=1, dns=False,
                      bad=True)
            self._component(v, rng, m.t, self.world.family.target(
                c.bot, m.up["n"]), c.coded(m.up), c.coded(m.down))
            self.visits.append(v)

    def _agent(self):
        """An agent for the register of assets: a period too, hex digits in
        the path too, base64 in the body too; no key."""
        rng = self._stream("agent")
        others = [pc for pc in self.world.pcs if pc is not self.campaign.pc]
        for pc in [self.campaign.pc, rng.pick(others)]:
            device = rng.data(8).hex()
            period = rng.between(290, 350) * US
            t = DAY_BEGIN * US + rng.below(40 * 60 * US)
            visit, number = None, 0
            while t < (DAY_END * US - period):
                number += 1
                if self.absent(pc.ip, t):
                    visit = None
                    t += period
                    continue
                if visit is None or len(visit.exchanges) == 100:
                    visit = Visit(pc.ip, self.world.address[AGENT], AGENT)
                    self.visits.append(visit)
                inner = json.dumps({
                    "seq": number, "cpu": rng.below(60),
                    "mem": rng.between(30, 80), "apps": rng.between(61, 64)},
                    separators=(",", ":")).encode()
                body = json.dumps({"device": device, "data":
                                   base64.b64encode(inner).decode()}).encode()
                self._add(visit, rng, t, "POST", "/v2/devices/%s/events" %
                          device, [
                              ("Host", AGENT),
                              ("User-Agent", "ShizukuAgent/5.2 (Windows)"),
                              ("Accept", "application/json"),
                              ("Content-Type", "application/json"),
                              ("Content-Length", "%d" % len(body))], body,
                          kind="application/json",
                          answer=b'{"status":"accepted"}')
                t += period + rng.below(2 * US) - US

    def _edi(self):
        """Ordering software with the same component, and so the same
        headers."""
        rng = self._stream("edi")
        pcs = [pc for pc in self.world.pcs if pc.use.startswith("accounts")]
        for pc in pcs:
            for _ in range(rng.between(16, 22)):
                t = self.office_time(rng)
                if self.absent(pc.ip, t):
                    continue
                body = base64.b64encode(rng.data(rng.between(120, 400)))
                v = Visit(pc.ip, self.world.address[EDI], EDI, close=1)
                self._component(v, rng, t, "/edi/%s.php?term=%s" % (
                    rng.pick(("order", "stock", "invoice")),
                    pc.name[-2:]), body,
                    base64.b64encode(rng.data(rng.between(60, 300))),
                    server="Apache")
                self.visits.append(v)

    def _shop(self):
        """An online shop on the package whose paths the program imitates."""
        rng = self._stream("shop")
        family = self.world.family
        pcs = rng.sample(self.world.pcs, 4)
        if self.campaign.pc not in pcs:
            pcs[0] = self.campaign.pc
        for pc in pcs:
            agent = rng.pick((CHROME, EDGE))
            who = family.new_id(rng)
            t = self.office_time(rng)
            while self.absent(pc.ip, t) or self.absent(pc.ip, t + 400 * US):
                t = self.office_time(rng)
            v = Visit(pc.ip, self.world.address[SHOP], SHOP)
            page = "/"
            self._page(v, rng, t, agent, page, None, 2600)
            t += rng.between(3, 9) * US + rng.below(US)
            page = "/list?c=%d" % rng.below(40)
            self._page(v, rng, t, agent, page, "/", 3900)
            for _ in range(rng.between(10, 14)):
                t += rng.between(4, 25) * US + rng.below(US)
                body = ("item=%d&qty=%d" % (rng.between(1000, 9999), rng.
                                            between(1, 20))).encode()
                kind = "application/x-www-form-urlencoded"
                self._add(v, rng, t, "POST", family.target(
                    who, rng.between(1, 999)), self._browser(
                        v.name, agent, page, [
                            ("Content-Length", "%d" % len(body)),
                            ("Content-Type", kind),
                            ("X-Requested-With", "XMLHttpRequest")]),
                    body, kind="application/json",
                    answer=b'{"ok":true,"lines":%d}' % rng.between(1, 20))
            self.visits.append(v)

    # -- the rest -----------------------------------------------------------

    def office_time(self, rng):
        return (rng.between(DAY_BEGIN + HOUR // 2, DAY_END - HOUR) * US
                + rng.below(US))

    def _browser(self, name, agent, referer, more=()):
        headers = [("Host", name), ("Connection", "keep-alive"), *more,
                   ("User-Agent", agent), ("Accept", "*/*")]
        if referer is not None:
            headers.append(("Referer", "http://%s%s" % (name, referer)))
        return headers + [("Accept-Encoding", "identity"),
                          ("Accept-Language", "ja,en;q=0.8")]

    def _page(self, visit, rng, t, agent, target, referer, size):
        answer = ("<!DOCTYPE html>\n<html lang=\"en\"><body>\n" + TEXT * (
            size // len(TEXT)) + "</body></html>\n").encode()
        self._add(visit, rng, t, "GET", target, self._browser(
            visit.name, agent, referer), answer=answer)

    def _cached(self, visit, rng, t, agent, target, referer):
        self._add(visit, rng, t, "GET", target, self._browser(
            visit.name, agent, referer, [
                ("If-None-Match", '"%s"' % rng.data(4).hex())]),
            status="304 Not Modified")

    def _update(self):
        """Every hour by the clock: is there anything new? Once, there is."""
        rng = self._stream("update")
        for pc in rng.sample(self.world.pcs, 2):
            begin = DAY_BEGIN * US + rng.below(HOUR * US)
            news = rng.between(2, 6)
            for i in range(9):
                t = begin + i * HOUR * US + rng.below(20 * US)
                if self.absent(pc.ip, t):
                    continue
                v = Visit(pc.ip, self.world.address[UPDATE], UPDATE)
                headers = [("Host", UPDATE), ("User-Agent",
                                              "KasumiUpdater/3.1"),
                           ("Accept", "*/*")]
                version = "12.0.%d" % rng.between(80, 99)
                answer = ('{"product":"kasumi","version":"%s","new":%s}' % (
                    version, "true" if i == news else "false")).encode()
                self._add(v, rng, t, "GET", "/channel/stable/manifest.json"
                          "?pc=" + pc.name, headers, answer=answer,
                          kind="application/json")
                if i == news:
                    self._add(v, rng, t + 2 * US, "GET",
                              "/channel/stable/%s/part.bin" % version,
                              headers, answer=rng.data(rng.between(24000,
                                                                   40000)),
                              kind="application/octet-stream")
                self.visits.append(v)

    def _board(self):
        """A carrier's delivery board, left open in a browser: every minute
        by the clock."""
        rng = self._stream("board")
        others = [pc for pc in self.world.pcs if pc is not self.campaign.pc]
        pc, agent = rng.pick(others), rng.pick((CHROME, EDGE))
        t = (DAY_BEGIN * US + rng.between(HOUR, 5 * HOUR) * US
             + rng.below(US))
        for _ in range(rng.between(150, 180)):
            if not self.visits[-1].name == BOARD \
                    or len(self.visits[-1].exchanges) == 100:
                self.visits.append(Visit(pc.ip, self.world.address[BOARD],
                                         BOARD))
            self._add(self.visits[-1], rng, t, "GET", "/board/poll?since=%d" %
                      (self.world.epoch(t)[0] - 60), self._browser(
                          BOARD, agent, "/board/"), kind="application/json",
                      answer=b'{"changed":%d}' % rng.below(4))
            t += 60 * US + rng.below(400000) - 200000

    def _surf(self, rng, pc, name, t, pages):
        agent = rng.pick((CHROME, EDGE))
        v = Visit(pc.ip, self.world.address[name], name)
        referer = None
        target = "/"
        for i in range(pages):
            self._page(v, rng, t, agent, target, referer,
                       rng.between(900, 4200))
            for j in range(rng.between(1, 3)):
                t += rng.between(60000, 300000)
                self._cached(v, rng, t, agent, "/img/%s%d.jpg" % (
                    rng.pick(("top", "menu", "photo", "map")), j), target)
            referer = target
            target = "/%s/%d.html" % (rng.pick(("news", "guide", "room")),
                                      rng.between(1, 60))
            t += rng.between(4, 30) * US + rng.below(US)
        self.visits.append(v)

    def _browsing(self):
        rng, c = self._stream("browsing"), self.campaign
        for pc in self.world.pcs:
            for _ in range(rng.between(1, 3)):
                t = self.office_time(rng)
                if not self.absent(pc.ip, t) and not self.absent(
                        pc.ip, t + 150 * US):
                    self._surf(rng, pc, rng.pick(HTTP_SITES), t,
                               rng.between(1, 3))
        # The harmless neighbour of the C2 server: opened by the victim some
        # time before the first contact, and by two others.
        inn = self.world.inns[self.day]
        self._surf(rng, c.pc, inn, c.first - rng.between(15, 40) * 60 * US
                   - rng.below(US), 3)
        others = [pc for pc in self.world.pcs if pc is not c.pc]
        for pc in rng.sample(others, 2):
            self._surf(rng, pc, inn, self.office_time(rng),
                       rng.between(2, 3))
