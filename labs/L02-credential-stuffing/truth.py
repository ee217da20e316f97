"""The day at the invented Tsubakuro Bank, made from a seed.

The streams have names (kit/stream.py), so the truth of the attack stands
without drawing the 40,000 lines of the log.

    world = World(seed)              accounts, places, addresses
    attack = world.attack("day1")    what the learner has to find
    world.logins("day2", attack2)    the hidden day, log-in attempts only
"""

from kit.stream import Rng, Weighted

DAY = 86400
ACCOUNTS = 8000
LINES = 40000

# Where the customers of a regional bank live, in per mille.
PLACES = (
    ("nagano", 610), ("tokyo", 90), ("niigata", 55), ("gunma", 45),
    ("yamanashi", 40), ("saitama", 30), ("aichi", 25), ("gifu", 20),
    ("kanagawa", 20), ("toyama", 15), ("osaka", 10), ("hyogo", 6),
    ("kyoto", 6), ("miyagi", 5), ("hokkaido", 5), ("hiroshima", 5),
    ("fukuoka", 5), ("okayama", 3), ("kumamoto", 3), ("okinawa", 2),
)
# Number of IPv4 /28 blocks of each place; with two blocks of the carrier: 48.
BLOCKS = (
    ("nagano", 15), ("tokyo", 4), ("niigata", 2), ("gunma", 2),
    ("yamanashi", 2), ("saitama", 2), ("aichi", 2), ("gifu", 1),
    ("kanagawa", 2), ("toyama", 1), ("osaka", 2), ("hyogo", 1),
    ("kyoto", 1), ("miyagi", 1), ("hokkaido", 2), ("hiroshima", 1),
    ("fukuoka", 2), ("okayama", 1), ("kumamoto", 1), ("okinawa", 1),
)
# Third group of the IPv6 addresses of each place: a /40 of 2001:db8::/32.
V6_BASE = {place: 0x1000 + 0x100 * i for i, (place, _) in enumerate(PLACES)}
NETS = ("192.0.2", "198.51.100", "203.0.113")

# Share of the day's sessions that begin in each hour, JST.
HOURS = (9, 5, 3, 2, 3, 9, 26, 58, 66, 54, 52, 50,
         72, 58, 46, 44, 46, 52, 60, 68, 76, 74, 47, 20)

APP_UA = tuple("TsubakuroApp/%s (%s)" % (v, d) for v, d in (
    ("7.4.1", "iPhone; iOS 26.2"), ("7.4.1", "iPhone; iOS 26.1"),
    ("7.4.0", "iPhone; iOS 18.7"), ("7.4.1", "Android 16; TX-9"),
    ("7.4.1", "Android 15; TX-8"), ("7.4.0", "Android 15; M5"),
    ("7.3.6", "Android 14; M4"), ("7.3.6", "iPhone; iOS 17.7"),
    ("7.4.1", "Android 16; R12"), ("7.4.0", "iPhone; iOS 26.0")))
_WIN = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) "
_KIT = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36"
WEB_UA = Weighted((
    (_WIN + _KIT % 147, 260), (_WIN + _KIT % 146, 120),
    (_WIN + _KIT % 147 + " Edg/147.0.0.0", 230),
    (_WIN + "Gecko/20100101 Firefox/149.0", 60),
    ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15"
     " (KHTML, like Gecko) Version/26.2 Safari/605.1.15", 110),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/"
     "605.1.15 (KHTML, like Gecko) Version/26.2 Mobile/15E148 Safari/604.1",
     90),
    ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like"
     " Gecko) Chrome/147.0.0.0 Mobile Safari/537.36", 70)))
# Old browsers: a few customers still use them, and so do the bots' scripts.
STALE_UA = (
    _WIN + _KIT % 96, _WIN + _KIT % 103, _WIN + _KIT % 109,
    "Mozilla/5.0 (Windows NT 6.1; Win64; x64) " + _KIT % 87,
    "Mozilla/5.0 (Windows NT 6.1; Win64; x64; rv:78.0) Gecko/20100101"
    " Firefox/78.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:91.0) Gecko/20100101"
    " Firefox/91.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_13_6) " + _KIT % 92)
MONITOR_UA = "SyntheticCheck/2.3 (+https://status.tsubakuro.example/)"
MONITOR_ID = "healthcheck"

# Wrong passwords before the right one, per 10,000 sessions.
SLIPS = Weighted(((0, 9010), (1, 620), (2, 190), (3, 60), (4, 60), (5, 30),
                  (6, 30)))

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
          "Oct", "Nov", "Dec")
# The day is a weekday of 2026, from 1 April on.
FIRST_DAY = 91


def date_of(day_of_year):
    """(month, day) of a day of 2026, counted from 1."""
    for month, days in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
                                  31), 1):
        if day_of_year <= days:
            return month, day_of_year
        day_of_year -= days
    raise ValueError("not a day of 2026")


class Customer:
    __slots__ = ("login", "place", "opened", "home", "device", "app_ua",
                 "web_ua", "mobile")


class Attack:
    """One wave. `attempts` is in time order: (t, ip, ua, login, ok)."""
    __slots__ = ("bots", "attempts", "start", "end", "tried", "taken",
                 "taken_at", "moved", "refused", "own_transfer", "cash",
                 "cash_ua")


class World:
    def __init__(self, seed):
        self.seed = seed
        rng = Rng(seed, "world")
        self.day = FIRST_DAY + rng.below(180)
        if (self.day + 2) % 7 in (5, 6):    # 1 January 2026 is a Thursday
            self.day += 2
        self.month, self.mday = date_of(self.day)
        # JST midnight as seconds since 2026-01-01 00:00 UTC
        self.midnight = (self.day - 1) * DAY - 9 * 3600
        self.ticket = "IR-%06X" % rng.below(1 << 24)
        self._addresses(rng)
        self._customers(Rng(seed, "customers"))

    # -- addresses --------------------------------------------------------

    def _addresses(self, rng):
        blocks = [(net, low) for net in NETS for low in range(0, 256, 16)]
        rng.shuffle(blocks)
        owners = ["mobile", "mobile"]
        for place, n in BLOCKS:
            owners += [place] * n
        self.block_place = list(zip(blocks, owners))
        self.carrier, free = [], []
        self.by_place = {place: [] for place, _ in PLACES}
        self.place_of4 = {}
        for (net, low), place in self.block_place:
            hosts = ["%s.%d" % (net, low + h) for h in range(1, 15)]
            for ip in hosts:
                self.place_of4[ip] = place
            if place == "mobile":
                self.carrier += hosts[:12]
            else:
                free += hosts
        rng.shuffle(free)
        # Reserved: one proxy, one monitor, both in Tokyo; two addresses, in
        # two places, of the people who move the money; the bots of both waves.
        tokyo = [ip for ip in free if self.place_of4[ip] == "tokyo"]
        self.corporate, self.monitor = tokyo[0], tokyo[1]
        free = [ip for ip in free if ip not in (self.corporate, self.monitor)]
        far = [ip for ip in free
               if self.place_of4[ip] not in ("nagano", "tokyo")]
        other = [ip for ip in far
                 if self.place_of4[ip] != self.place_of4[far[0]]]
        self.cash = (far[0], other[0])
        free = [ip for ip in free if ip not in self.cash]
        self.bots = {}
        for day in ("day1", "day2"):
            n = rng.between(25, 60)
            self.bots[day], free = free[:n], free[n:]
        self.probes, free = free[:2], free[2:]
        for ip in free:
            self.by_place[self.place_of4[ip]].append(ip)

    def _home6(self, rng, place):
        return "2001:db8:%x:%x:%x:%x:%x:%x" % (
            V6_BASE[place] + rng.below(256), 0x100 * rng.between(1, 255),
            rng.between(1, 65535), rng.between(1, 65535),
            rng.between(1, 65535), rng.between(1, 65535))

    # -- customers --------------------------------------------------------

    def _new_login(self, rng, used=()):
        while True:
            login = "u%07x" % rng.below(1 << 28)
            if login not in self.by_login and login not in used:
                return login

    def _customers(self, rng):
        self.customers, self.by_login = [], {}
        places = Weighted(PLACES)
        for _ in range(ACCOUNTS):
            c = Customer()
            c.login = self._new_login(rng)
            c.place = places.draw(rng)
            c.opened = (rng.between(2003, 2025), rng.between(1, 12),
                        rng.between(1, 28))
            pool = self.by_place[c.place]
            if pool and rng.chance(480):
                c.home = rng.pick(pool)
            else:
                c.home = self._home6(rng, c.place)
            c.device = rng.below(10)        # 0-6 app, 7-8 both, 9 browser
            c.app_ua = rng.pick(APP_UA)
            c.web_ua = (rng.pick(STALE_UA) if rng.chance(30)
                        else WEB_UA.draw(rng))
            c.mobile = rng.below(1000)
            self.by_login[c.login] = c
            self.customers.append(c)
        # Three to six bots of each wave are home routers of customers, who go
        # on using the bank from there, with the app.
        self.hosts = {}
        taken = {}
        for day in ("day1", "day2"):
            self.hosts[day] = []
            for ip in rng.sample(self.bots[day], rng.between(3, 6)):
                place = self.place_of4[ip]
                near = [c for c in self.customers
                        if c.place == place and c.login not in taken]
                if not near:
                    continue
                c = rng.pick(near)
                taken[c.login] = True
                c.home, c.device, c.mobile = ip, 0, 0
                self.hosts[day].append(c)
        self.host_logins = taken

    # -- the attack -------------------------------------------------------

    def attack(self, day):
        rng = Rng(self.seed, "attack " + day)
        a = Attack()
        a.bots = self.bots[day]
        uas = rng.sample(STALE_UA, 3)
        length = rng.between(7200, 18000)
        begin = rng.between(3600, DAY - length - 9000)
        slots = []
        for i, ip in enumerate(a.bots):
            ua = uas[i % 3]
            n = rng.between(80, 125)
            first = 0 if i == 0 else rng.below(length // 5)
            last = length if i == 1 else length - rng.below(length // 8)
            gap = (last - first) // (n - 1)
            for k in range(n):
                t = first + (last - first) * k // (n - 1)
                if 0 < k < n - 1:
                    t += rng.below(gap) - gap // 2
                slots.append((begin + t, len(slots), ip, ua))
        slots.sort()

        # The list: a third of its ids are customers; every fifth id comes
        # with a second password, tried some time later.
        known = [c.login for c in self.customers
                 if c.login not in self.host_logins]
        rng.shuffle(known)
        order, due, unknown = [], {}, {}
        while len(order) < len(slots):
            late = due.pop(len(order), None)
            if late is not None:
                order.append(late)
                continue
            if rng.below(20) < 7 and known:
                login = known.pop()
            else:
                login = self._new_login(rng, unknown)
                unknown[login] = True
            order.append(login)
            if rng.chance(200):
                at = len(order) + rng.between(40, 500)
                if at not in due:
                    due[at] = login
        last_try = {}
        for i, login in enumerate(order):
            if login in self.by_login:
                last_try[login] = i
        hits = rng.sample(list(last_try), rng.between(8, 30))
        hit_at = {last_try[login]: login for login in hits}

        a.attempts, a.taken, a.taken_at, tried = [], [], {}, {}
        for i, ((t, _, ip, ua), login) in enumerate(zip(slots, order)):
            ok = i in hit_at
            a.attempts.append((t, ip, ua, login, ok))
            tried[login] = True
            if ok:
                a.taken.append(login)
                a.taken_at[login] = (t, ip, ua)
        a.start, a.end = a.attempts[0][0], a.attempts[-1][0]
        a.tried = len(tried)

        # By hand, from two other addresses: transfers out of some accounts,
        # a refusal for one to three others.
        a.cash = self.cash
        a.cash_ua = _WIN + _KIT % 146
        rest = list(a.taken)
        rng.shuffle(rest)
        n = max(3, len(rest) * rng.between(30, 60) // 100)
        a.moved, rest = rest[:n], rest[n:]
        n = rng.between(1, 3)
        a.refused, rest = rest[:n], rest[n:]
        a.own_transfer = (a.refused + rest)[:rng.between(2, 4)]
        return a

    # -- ordinary log-ins -------------------------------------------------

    def _session_start(self, rng, hours):
        return hours.draw(rng) * 3600 + rng.below(3600)

    def _route(self, rng, c):
        """Address and browser of one session of a customer."""
        app = c.device < 7 or (c.device < 9 and rng.chance(500))
        if app and rng.below(1000) < c.mobile * 7 // 10:
            return rng.pick(self.carrier), c.app_ua, True
        r = rng.below(1000)
        if c.login in self.host_logins:
            r = 999
        if r < 18:
            return self.corporate, c.web_ua, False
        if r < 48:                          # a guest network elsewhere
            pool = self.by_place[rng.pick(PLACES)[0]]
            if pool:
                return rng.pick(pool), c.app_ua if app else c.web_ua, app
        return c.home, c.app_ua if app else c.web_ua, app

    def sessions(self, day):
        """Endless: (t, customer, ip, ua, app, wrong, mistyped) per session."""
        rng = Rng(self.seed, "sessions " + day)
        hours = Weighted(tuple(enumerate(HOURS)))
        first = list(self.hosts[day])
        first_ids = {c.login: True for c in first}
        rest = [c for c in self.customers if c.login not in first_ids]
        rng.shuffle(rest)
        for c in first + rest:
            for _ in range((1, 1, 1, 1, 1, 1, 1, 2, 2, 3)[rng.below(10)]):
                t = self._session_start(rng, hours)
                ip, ua, app = self._route(rng, c)
                wrong = SLIPS.draw(rng)
                mistyped = None
                if wrong and rng.chance(120):
                    mistyped = self._new_login(rng)
                gaps = [rng.between(8, 45) for _ in range(wrong)]
                yield t, c, ip, ua, app, gaps, mistyped

    def forgetful(self, day):
        """One customer who forgot the password: groups of four failures, a
        reset after each, the right one at last. (customer, [(t, what)])"""
        rng = Rng(self.seed, "forgetful " + day)
        while True:
            c = rng.pick(self.customers)
            if c.login not in self.host_logins:
                break
        t = rng.between(7 * 3600, 21 * 3600)
        steps = []
        for _ in range(rng.between(3, 5)):
            for _ in range(4):
                steps.append((t, "fail"))
                t += rng.between(9, 60)
            steps.append((t, "reset"))
            t += rng.between(120, 400)
        steps.append((t, "ok"))
        return c, steps

    def monitor_times(self, day):
        rng = Rng(self.seed, "monitor " + day)
        second = rng.below(60)
        return range(second, DAY, 60)

    def logins(self, day):
        """Log-in attempts of a whole day, in order of time:
        (t, ip, ua, login, ok, is_attack). The money movers are left out."""
        events = []
        a = self.attack(day)
        for t, ip, ua, login, ok in a.attempts:
            events.append((t, len(events), ip, ua, login, ok, True))
        for t in self.monitor_times(day):
            events.append((t, len(events), self.monitor, MONITOR_UA,
                           MONITOR_ID, False, False))
        c, steps = self.forgetful(day)
        for t, what in steps:
            if what != "reset":
                events.append((t, len(events), c.home, c.web_ua, c.login,
                               what == "ok", False))
        n = 0
        for t, c, ip, ua, _, gaps, mistyped in self.sessions(day):
            for i, gap in enumerate(gaps):
                login = mistyped if mistyped and i == 0 else c.login
                events.append((t, len(events), ip, ua, login, False, False))
                t += gap
            events.append((t, len(events), ip, ua, c.login, True, False))
            n += 1
            if n == 5200:
                break
        events.sort()
        return a, [(t, ip, ua, login, ok, bad)
                   for t, _, ip, ua, login, ok, bad in events if t < DAY]

    # -- words for people -------------------------------------------------

    def utc(self, t):
        """Second t of the day (JST) as YYYY-MM-DDThh:mm:ssZ."""
        s = self.midnight + t
        month, mday = date_of(s // DAY + 1)
        s %= DAY
        return "2026-%02d-%02dT%02d:%02d:%02dZ" % (
            month, mday, s // 3600, s // 60 % 60, s % 60)

    def shared_nets(self):
        """The addresses of proxies.txt: (prefix, kind)."""
        rows = [("%s.%d/28" % block, "carrier-nat")
                for block, place in self.block_place if place == "mobile"]
        rows.append((self.corporate + "/32", "corporate-proxy"))
        return rows
