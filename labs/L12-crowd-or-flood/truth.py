"""The hour at the invented Umihotaru Bank, made from a seed.

    world = World(seed)          the bank, its services, the campaign, the mail
    wave = world.wave("first")   what the learner has to find: rows by vector
    world.genuine("first")       everything else of that hour
    world.wave("second")         the hidden hour, of the same two vectors

A row is a tuple (ms, duration, protocol, source, source port, destination,
destination port, flags, packets, bytes, who): the fields of acl.py, and
whose it is.  Times are milliseconds from the begin of the hour, addresses
integers.  As the exporter cuts every flow at the full minute, no row lies
across one.

One hour has some 60,000 rows, so a row costs two or three words of the
stream.  They are taken from it in bulk and cut into bits: x bits are scaled
to 0 … n - 1 as (bits * n) >> x, the same in any language.
"""

import hashlib
import struct
from itertools import chain, count

from kit.stream import Rng

KINDS = ("syn_flood", "dns_amplification", "http_flood", "carpet_bombing")
PAIRS = tuple((a, b) for i, a in enumerate(KINDS) for b in KINDS[i + 1:])

MINUTE = 60000
MINUTES = {"first": 60, "second": 20}

ICMP, TCP, UDP, ESP = 1, 6, 17, 50
FULL, OPENED, CLOSED = ".AP.SF", ".AP.S.", ".AP..F"
SYN, RESET, NONE = "....S.", "...RS.", "......"

CUSTOMER, NOISE = "customer", "noise"
# Who else must not be cut: the groups of the bank's services.
SERVICES = ("resolver", "dns", "time", "vpn", "mail", "partner", "monitor")

LINK_MBPS, FIREWALL_KPPS, BALANCER_PPS = 2000, 700, 2500
LIMITS = ("link", "firewall", "balancer")

HOSTS = ("www", "apply", "ib", "api", "corp", "dns", "resolver", "time",
         "mail", "vpn")
WEB = ("www", "apply", "ib", "api", "corp")
BANK = 0xCB007100                           # 203.0.113.0/24
OUTSIDE = (0xC0000200, 0xC6336400)          # 192.0.2.0/24, 198.51.100.0/24
HOMES = 0x64400000                          # 100.64.0.0/10

# Responders of a carpet: (source port, smallest and largest packet).  NTP is
# always one of the two: the bank's own clock uses that port as well.
CARPET_NTP = (123, 468, 468)
CARPET_MORE = ((389, 1380, 1470), (1900, 290, 410), (3702, 620, 980))

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
          "Oct", "Nov", "Dec")
DAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")    # 1 January 2026
FIRST_DAY = 105


def words(seed, label):
    """The next word of the stream `label` at each call; see kit/stream.py."""
    key = hashlib.sha256(seed + b"\0" + label.encode()).digest()
    sha, pack, unpack = hashlib.sha256, struct.pack, struct.unpack
    blocks = (unpack(">8I", sha(key + pack(">Q", i)).digest())
              for i in count())
    return chain.from_iterable(blocks).__next__


def date_of(day_of_year):
    """(month, day) of a day of 2026, counted from 1."""
    for month, days in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
                                  31), 1):
        if day_of_year <= days:
            return month, day_of_year
        day_of_year -= days
    raise ValueError("not a day of 2026")


def utc(second):
    """Seconds since 2026-01-01 00:00 UTC as YYYY-MM-DDThh:mm:ssZ."""
    month, day = date_of(second // 86400 + 1)
    s = second % 86400
    return "2026-%02d-%02dT%02d:%02d:%02dZ" % (month, day, s // 3600,
                                              s // 60 % 60, s % 60)


def dotted(n):
    return "%d.%d.%d.%d" % (n >> 24, n >> 16 & 255, n >> 8 & 255, n & 255)


def home(w):
    """An address outside, of 22 bits; the last part is 1 to 254."""
    return HOMES | w & 0x3fff00 | ((w & 0xff) * 254 >> 8) + 1


class Vector:
    """One method of an attack. Times in milliseconds of the hour; `targets`
    are (first, last) addresses, `sources` what genuine rows must avoid."""
    __slots__ = ("kind", "start", "end", "targets", "sources", "rows")


class World:
    def __init__(self, seed):
        self.seed = seed
        rng = Rng(seed, "world")
        self.kinds = rng.pick(PAIRS)
        self._time(rng)
        self._hosts(rng)
        self._outside(rng)
        self._methods(rng)
        self._mail(rng)
        self.ticket = "DD-%06X" % rng.below(1 << 24)
        self.waves = {}

    # -- the bank ---------------------------------------------------------

    def _time(self, rng):
        """The campaign begins at a full hour of an evening or at noon."""
        day = FIRST_DAY + rng.below(170)
        hour = rng.pick((10, 12, 17, 18, 19, 20))           # JST
        self.campaign_minute = rng.pick((12, 15, 18, 20, 24))
        self.campaign = ((day - 1) * 86400 + (hour - 9) * 3600)
        self.begin = self.campaign - 60 * self.campaign_minute
        self.visitors = 5 * rng.between(20, 30)             # thousands

    def _hosts(self, rng):
        self.half = 64 * rng.below(4)
        places = rng.sample(range(4, 61), len(HOSTS))
        self.host = {name: BANK + self.half + at
                     for name, at in zip(HOSTS, places)}

    def _outside(self, rng):
        """The addresses that the bank knows by name."""
        self.nat = [OUTSIDE[0] + 4 * rng.between(2, 30)]    # a /30
        low = OUTSIDE[1] + 4 * rng.between(2, 14)           # one of its /30
        self.nat_single = low + rng.below(4)
        self.carrier = [self.nat[0] + i for i in range(4)] + [self.nat_single]
        rest = rng.sample(range(130, 250), 16)
        a, b = OUTSIDE
        self.proxies = [a + rest[0], b + rest[1]]
        self.partners = [b + i for i in rest[2:5]]
        self.monitors = [a + i for i in rest[5:7]]
        self.sites = [b + i for i in rest[7:9]]
        self.clocks = [a + i for i in rest[9:13]]
        self.shared = self.carrier + self.proxies

    # -- the attack -------------------------------------------------------

    def _methods(self, rng):
        """What both waves have in common: targets, ports, sizes."""
        h = self.host
        more = rng.pick(("ib", "corp", "apply"))
        self.targets = {
            "syn_flood": [h["www"]] + ([h[more]] if rng.chance(600) else []),
            "dns_amplification": [h[one] for one in rng.sample(
                ("ib", "www", "corp"), rng.between(1, 2))],
            "http_flood": [h["www"]],
        }
        self.dns_port = rng.pick((443, 80, rng.between(2000, 60000)))
        self.bot_size = rng.between(100, 118)
        self.carpet_bits = rng.pick((6, 7, 8))
        self.carpet_ports = (CARPET_NTP, rng.pick(CARPET_MORE))
        size = 1 << self.carpet_bits
        low = BANK + self.half // size * size
        self.targets["carpet_bombing"] = range(low, low + size)

    def _ranges(self, kind):
        t = self.targets[kind]
        if kind == "carpet_bombing":
            return [(t[0], t[-1])]
        return [(one, one) for one in t]

    def wave(self, hour):
        """The vectors of one hour, in the order of self.kinds."""
        if hour not in self.waves:
            rng = Rng(self.seed, "wave " + hour)
            kinds = list(self.kinds)
            rng.shuffle(kinds)
            if hour == "first":
                # Shortly before or after the campaign, never with it.
                at = self.campaign_minute + rng.pick((-6, -5, -4, 4, 5, 6))
                next_at, low, high = rng.between(3, 8), 13, 17
            else:
                at, next_at, low, high = rng.between(2, 4), 2, 9, 11
            found = {}
            for kind in kinds:
                v = Vector()
                v.kind, v.targets = kind, self._ranges(kind)
                v.start = at * MINUTE + rng.between(2000, 24000)
                v.end = ((at + rng.between(low, high)) * MINUTE
                         + rng.between(36000, 57000))
                v.sources, v.rows = {}, []
                getattr(self, "_" + kind)(v, rng, words(
                    self.seed, kind + " " + hour))
                found[kind] = v
                at += next_at
            self.waves[hour] = [found[kind] for kind in self.kinds]
        return self.waves[hour]

    def _minutes(self, v, rng):
        """(level in per mille, begin, end) of each minute of a vector."""
        first, last = v.start // MINUTE, v.end // MINUTE
        for m in range(first, last + 1):
            if m == first:
                level = 300
            elif m == first + 1:
                level = rng.between(550, 750)
            elif m == last:
                level = rng.between(500, 700)
            else:
                level = rng.between(840, 1000)
            yield (level, max(v.start, m * MINUTE),
                   min(v.end, (m + 1) * MINUTE))

    def _syn_flood(self, v, rng, word):
        """From forged addresses, never the same; no TCP options: 40 bytes."""
        n = rng.between(680, 860)
        each = rng.between(1000, 1350) * 1000 * 60 // n
        targets = self.targets["syn_flood"]
        k, add = len(targets), v.rows.append
        for level, low, high in self._minutes(v, rng):
            room = min(5000, (high - low) // 3)
            base = each * level // 1000
            for i in range(n):
                w, s = word(), word()
                at = low + ((w >> 22) * room >> 10 if i else 0)
                last = high - ((w >> 12 & 0x3ff) * room >> 10 if i else 0)
                packets = base * (700 + ((w & 0xfff) * 600 >> 12)) // 1000
                add((at, last - at, TCP, home(s), 1024 + (w >> 7 & 0xffff)
                     % 64512, targets[i % k], 443, SYN, packets,
                     40 * packets, v.kind))

    def _dns_amplification(self, v, rng, word):
        """From open resolvers: large answers, most of them in fragments;
        the later fragments carry no ports."""
        n = rng.between(230, 330)
        targets = self.targets["dns_amplification"]
        k, add = len(targets), v.rows.append
        source = []
        while len(source) < n:
            w = word()
            ip = home(w)
            if ip not in v.sources:
                v.sources[ip] = True
                source.append((ip, 1380 + ((w >> 25) * 120 >> 7), word()))
        mbps = rng.between(3600, 6500)
        each = mbps * 60 * 1000000 // 8 // n // 2550
        for level, low, high in self._minutes(v, rng):
            room = min(4000, (high - low) // 3)
            base = each * level // 1000
            for i, (ip, size, x) in enumerate(source):
                w = word()
                at = low + ((w >> 22) * room >> 10 if i else 0)
                length = high - at - ((w >> 12 & 0x3ff) * room >> 10 if i
                                      else 0)
                packets = (base * (600 + (x & 0x1ff) + (w & 0xff)) // 1000)
                dst = targets[i % k]
                add((at, length, UDP, ip, 53, dst, self.dns_port, NONE,
                     packets, packets * size, v.kind))
                if x >> 29:                 # 7 of 8 send more than one piece
                    packets = packets * (900 + (x >> 9 & 0x1ff)) // 1000
                    add((at, length, UDP, ip, 0, dst, 0, NONE, packets,
                         packets * (760 + (x >> 18 & 0x1ff)), v.kind))

    def _http_flood(self, v, rng, word):
        """Finished handshakes, then small requests of one size, again and
        again, to one page."""
        bots = []
        n = rng.between(360, 470)
        while len(bots) < n:
            w = word()
            ip = home(w)
            if ip not in v.sources:
                v.sources[ip] = True
                bots.append((ip, 250 + (w >> 24)))
        dst, = self.targets["http_flood"]
        first, add = v.start // MINUTE, v.rows.append
        for _, low, high in self._minutes(v, rng):
            at_work = n * (400, 700, 1000)[min(2, low // MINUTE - first)]
            room = (high - low) // 4
            for i in range(at_work // 1000):
                ip, rate = bots[i]
                for _ in (0, 1):
                    w, s = word(), word()
                    at = low + ((w >> 22) * room >> 10 if i else 0)
                    last = high - ((w >> 12 & 0x3ff) * room >> 10 if i else 0)
                    packets = rate + (w & 0x1f)
                    size = packets * self.bot_size \
                        + ((w >> 5 & 0x7f) - 64) * packets // 32
                    add((at, last - at, TCP, ip, 1024 + (s & 0xffff) % 64512,
                         dst, 443, FULL, packets, size, v.kind))

    def _carpet_bombing(self, v, rng, word):
        """Every address of a range gets a little, in turn."""
        n = rng.between(620, 800)
        source = []
        while len(source) < 380:
            ip = home(word())
            if ip not in v.sources:
                v.sources[ip] = True
                source.append(ip)
        span = self.targets["carpet_bombing"]
        mbps = rng.between(2600, 4200)
        size = [(a + b) // 2 for _, a, b in self.carpet_ports]
        each = [mbps * 60 * 1000000 // 8 // n // one for one in size]
        dport = rng.pick((80, 443, rng.between(2000, 60000)))
        turn, add = 0, v.rows.append
        for level, low, high in self._minutes(v, rng):
            room = min(4000, (high - low) // 3)
            for i in range(n):
                w, s = word(), word()
                which = i & 1
                port, small, large = self.carpet_ports[which]
                at = low + ((w >> 22) * room >> 10 if i else 0)
                last = high - ((w >> 12 & 0x3ff) * room >> 10 if i else 0)
                packets = (each[which] * level // 1000
                           * (700 + ((w & 0xfff) * 600 >> 12)) // 1000)
                length = small + ((s >> 16) * (large - small + 1) >> 16)
                add((at, last - at, UDP, source[(s & 0xffff) * 380 >> 16],
                     port, span[turn % len(span)], dport, NONE, packets,
                     packets * length, v.kind))
                turn += 1

    # -- everybody else ---------------------------------------------------

    def _visits(self, hour):
        """(ordinary visits, visits of the campaign) of each minute."""
        for m in range(MINUTES[hour]):
            if hour == "second":
                yield 26, 120
                continue
            k = m - self.campaign_minute
            yield 26, (0 if k < 0 else (140, 300, 330, 310)[k] if k < 4 else
                       100 + 200 * 9 // (k + 5))

    def genuine(self, hour):
        """All other rows of an hour, without those of the attack."""
        rows = []
        avoid = {}
        for v in self.wave(hour):
            avoid.update(v.sources)
        self._customers(hour, avoid, rows)
        self._services(hour, rows)
        return rows

    def _scripts(self):
        """What a visit does: (seconds from its begin, host, kind) each. A
        page is loaded by two connections, or by one over UDP (HTTP/3)."""
        h = self.host
        www, form, ib, api = h["www"], h["apply"], h["ib"], h["api"]
        look = ((0, www, "tcp"), (1, www, "tcp"))
        quick = ((0, www, "udp"),)
        fill = ((24, form, "tcp"), (70, form, "tcp"))
        crowd = (
            look, look, look + fill, look + fill, look + fill[:1],
            look + fill[:1] + ((45, ib, "tcp"),), look + ((30, ib, "tcp"),),
            ((0, www, "syn"),) + look + fill,
            ((0, www, "syn"), (3, form, "syn")) + look + fill[:1],
            ((0, www, "syn"),) + look + ((28, ib, "syn"), (31, ib, "tcp")),
            quick, quick + ((20, form, "udp"),),
            quick + ((26, form, "udp"), (61, form, "udp")),
            quick + ((18, form, "udp"), (40, api, "tcp")),
            look + ((35, form, "udp"),), quick + ((33, ib, "udp"),))
        usual = (
            look, quick, ((0, ib, "tcp"),), ((0, ib, "tcp"),) * 2,
            ((0, ib, "tcp"), (40, ib, "tcp")), ((0, ib, "udp"),),
            ((0, ib, "udp"), (35, ib, "udp")), ((0, api, "tcp"),),
            ((0, api, "tcp"), (15, api, "tcp")), ((0, api, "udp"),),
            ((0, h["corp"], "tcp"),), ((0, h["corp"], "tcp"),) * 2,
            look + ((20, ib, "tcp"),), quick + ((12, ib, "udp"),),
            ((0, api, "tcp"), (8, ib, "tcp")), ((0, ib, "tcp"),))
        return crowd, usual

    def _customers(self, hour, avoid, rows):
        word = words(self.seed, "customers " + hour)
        crowd, usual = self._scripts()
        end = MINUTES[hour] * MINUTE
        carrier, proxies, add = self.carrier, self.proxies, rows.append
        for m, (ordinary, drawn) in enumerate(self._visits(hour)):
            for i in range(ordinary + drawn):
                w, s = word(), word()
                by = w & 0xff
                if by < (100 if i < drawn else 60):
                    src = carrier[(w >> 8 & 0xff) * 5 >> 8]
                elif by < (112 if i < drawn else 76):
                    src = proxies[w >> 8 & 1]
                else:
                    src = home(s)
                    while src in avoid:
                        src = home(src + 0x100)
                begin = m * MINUTE + ((w >> 16) * MINUTE >> 16)
                script = (crowd if i < drawn else usual)[s >> 28]
                for after, dst, how in script:
                    w = word()
                    at = begin + after * 1000 + (w & 0x7ff)
                    if at >= end:
                        break
                    port = 1024 + (w >> 7 & 0xffff) % 64512
                    if how == "syn":
                        packets = 2 + (w >> 30)
                        lasts = min((1, 3, 7, 15)[w >> 30] * 1000 + 4,
                                    MINUTE - 1 - at % MINUTE)
                        add((at, lasts, TCP, src, port, dst, 443, SYN, packets,
                             packets * (60 if w >> 29 & 1 else 52), CUSTOMER))
                        continue
                    x = word()
                    asked = 1 + (x & 7)
                    lasts = 300 + (x >> 3 & 0x3fff)
                    if how == "udp":
                        packets = 5 + 2 * asked + ((x >> 17 & 0x7f) >> 2)
                        size = 2500 + packets * 58 + asked * (x >> 24)
                        proto, flags = UDP, (NONE, NONE, NONE)
                    else:
                        packets = 8 + 3 * asked + ((x >> 17 & 0x7f) * 40 >> 7)
                        size = packets * 52 + 560 + asked * (90 + (x >> 23))
                        proto, flags = TCP, (FULL, OPENED, CLOSED)
                    left = MINUTE - at % MINUTE
                    if lasts < left:
                        add((at, lasts, proto, src, port, dst, 443, flags[0],
                             packets, size, CUSTOMER))
                        continue
                    # Cut at the full minute.
                    one = max(1, min(packets - 1, packets * left // lasts))
                    part = size * one // packets
                    add((at, left, proto, src, port, dst, 443, flags[1], one,
                         part, CUSTOMER))
                    if at + left < end:
                        add((at + left, lasts - left, proto, src, port, dst,
                             443, flags[2], packets - one, size - part,
                             CUSTOMER))

    def _services(self, hour, rows):
        word = words(self.seed, "services " + hour)
        h, add = self.host, rows.append
        staff = [home(word()) for _ in range(34)]
        web = [h[name] for name in WEB]
        for m in range(MINUTES[hour]):
            low = m * MINUTE

            def row(at, lasts, proto, src, sport, dst, dport, flags, packets,
                    size, who):
                lasts = min(lasts, MINUTE - at)
                add((low + at, lasts, proto, src, sport, dst, dport, flags,
                     packets, packets * size, who))

            # The other site copies its storage, all the time.
            for src in self.sites:
                row(0, MINUTE, ESP, src, 0, h["vpn"], 0, NONE,
                    2300000 + (word() >> 14), 652, "vpn")
            for src in staff:
                w = word()
                if w & 7 < 6:
                    row(w >> 16 & 0x3ff, 58000, UDP, src, 4500, h["vpn"],
                        4500, NONE, 200 + (w >> 3 & 0xfff),
                        120 + (w >> 22), "vpn")
                    if w & 7 < 3:
                        row(w >> 16 & 0x3ff, 57000, UDP, src, 0, h["vpn"], 0,
                            NONE, 20 + (w >> 6 & 0xff), 180 + (w >> 22),
                            "vpn")
            for _ in range(24):
                w, s = word(), word()
                row(w >> 17, 0, UDP, home(s), 53, h["resolver"],
                    1024 + (w & 0xffff) % 64512, NONE, 1,
                    1232 if s >> 28 == 0 else 90 + (s >> 23), "resolver")
            for _ in range(18):
                w, s = word(), word()
                row(w >> 17, 0, UDP, home(s), 1024 + (w & 0xffff) % 64512,
                    h["dns"], 53, NONE, 1 + (w >> 16 & 1), 58 + (s >> 27),
                    "dns")
            for src in self.clocks:
                w = word()
                row(w >> 17, 0, UDP, src, 123, h["time"], 123, NONE, 1, 76,
                    "time")
            for _ in range(12):
                w, s = word(), word()
                row(w >> 17, 900 + (s >> 22), TCP, home(s), 1024 + (
                    w & 0xffff) % 64512, h["mail"], 25, FULL,
                    8 + (w >> 9 & 0x7f), 80 + (s >> 22), "mail")
            for src in self.partners:
                for _ in range(10):
                    w = word()
                    row(w >> 17, 4000 + (w & 0x1fff), TCP, src,
                        1024 + (w & 0xffff) % 64512, h["api"], 443, FULL,
                        60 + (w >> 9 & 0x7f), 120 + (w >> 24), "partner")
            for k, src in enumerate(self.monitors):
                for dst in web:
                    w = word()
                    port = 1024 + (w & 0xffff) % 64512
                    row(w >> 17, 180 + (w >> 25), TCP, src, port, dst, 443,
                        FULL, 9, 104 + k, "monitor")
                    row((w >> 17) + 900, 20, TCP, src, port + 1, dst, 443,
                        RESET, 2, 40, "monitor")
                row(word() >> 17, 4000, ICMP, src, 0, h["www"], 0, NONE, 5,
                    84, "monitor")
            for _ in range(8):              # somebody always scans
                w, s = word(), word()
                row(w >> 17, 0, TCP, home(s), 1024 + (w & 0xffff) % 64512,
                    BANK + (s >> 24), (443, 22, 3389, 23, 8443, 445, 80, 443)[
                        w >> 14 & 7], SYN, 1, 40 + 4 * (w & 1), NOISE)

    # -- what follows from the rows ---------------------------------------

    def peak(self):
        """(bytes, packets) of the attack in the fullest minute of each."""
        sums = {}
        for v in self.wave("first"):
            for row in v.rows:
                s = sums.setdefault(row[0] // MINUTE, [0, 0])
                s[0] += row[9]
                s[1] += row[8]
        return max(s[0] for s in sums.values()), max(
            s[1] for s in sums.values())

    def exceeded(self, rows):
        """(limits that the traffic went over, number of such minutes)."""
        n = MINUTES["first"]
        size, packets, vip = [0] * n, [0] * n, {}
        for at, _, proto, _, _, dst, dport, flags, k, b, _ in rows:
            m = at // MINUTE
            size[m] += b
            packets[m] += k
            if dport == 443 and proto == TCP and flags[1] == "A":
                key = m, dst
                vip[key] = vip.get(key, 0) + k
        over = {
            "link": {m for m in range(n)
                     if size[m] * 8 > LINK_MBPS * 1000000 * 60},
            "firewall": {m for m in range(n)
                         if packets[m] > FIREWALL_KPPS * 1000 * 60},
            "balancer": {m for (m, _), k in vip.items()
                         if k > BALANCER_PPS * 60},
        }
        return ([name for name in LIMITS if over[name]],
                len(set().union(*over.values())))

    # -- the mail ---------------------------------------------------------

    def _mail(self, rng):
        """It comes shortly before; the second wave, two to four days later,
        is given in the sender's own time."""
        self.mail_at = self.begin + 60 * rng.between(1, 5) + rng.below(60)
        self.zone = rng.pick((-8, -5, -3, 2, 3, 4, 7))
        self.next_wave = (self.begin // 86400 + rng.between(2, 4)) * 86400 \
            + 1800 * rng.between(2, 22)
        self.boast_gbps = 100 * rng.between(3, 9)
        self.coins = rng.between(8, 40)
