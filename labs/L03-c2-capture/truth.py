"""The office of the invented Komakusa Trading, made from a seed.

    world = World(seed)               the office, its services, the malware
    c = world.campaign("day1")        what the learner has to find
    world.campaign("day2")            the same program on the hidden day

The program is one: how it builds a path and which headers it sends stand in
world.family. Machine, server, name, key and pace are those of a campaign.
"""

import base64
import json

from kit.stream import Rng

MINUTE = 60
HOUR = 3600
US = 1000000            # times of a day are microseconds from midnight, JST
DAY_BEGIN = 8 * HOUR    # the capture
DAY_END = 18 * HOUR
FIRST_DAY = 91          # a weekday of 2026, from 1 April on
EPOCH_2026 = 1767225600

BANK = "ib.tsubakuro.example"
MAIL = "mail.komakusa.example"
AGENT = "agent.shizuku-itam.example"
UPDATE = "update.kasumi-soft.example"
EDI = "edi.hayase-bussan.example"
SHOP = "order.akebono-shizai.example"
BOARD = "board.hayase-unyu.example"
NTP = "ntp.komakusa-net.example"
SERVICES = (BANK, MAIL, AGENT, UPDATE, EDI, SHOP, BOARD, NTP)
# Places that people open in a browser, over TLS and in clear.
TLS_SITES = ("www.asagiri-news.example", "search.yamabiko.example",
             "gw.komakusa.example", "www.hodaka-map.example",
             "cdn.yamabiko.example", "nouzei.kensetsu-kumiai.example")
HTTP_SITES = ("www.shinano-tenki.example", "www.minato-shoko.example")

USES = ("accounts payable", "accounts receivable", "internet banking",
        "internet banking", "internet banking", "payroll", "section head",
        "shared")

# The paths that the program imitates: a well-known shop package's.
DIRS = ("/assets/cart", "/media/cache", "/shop/modules", "/common/session",
        "/store/view", "/catalog/item")
FILES = ("sync.php", "load.php", "update.php", "ajax.php", "refresh.php",
         "query.php")
KEYS = ("v", "s", "q", "p", "ts", "no")
OLD_UA = (
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 5.1)",
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)",
    "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)",
    "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko")
TYPES = ("application/octet-stream", "text/plain")

HOST_WORDS = (("img", "static", "cdn", "dl", "api", "assets"),
              ("kazeno", "tsukimi", "harusame", "nijiiro", "yuunagi",
               "hoshizora", "minamo", "aozora"),
              ("media", "cloud", "works", "link", "lab", "net"))
INNS = ("sasayuri", "mizubasho", "rindo", "karamatsu", "iwana", "yamahagi")
MULE_BANKS = ("mizube", "sawarabi", "okumiya", "tateshina-minami")


def date_of(day_of_year):
    """(month, day) of a day of 2026, counted from 1."""
    for month, days in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
                                  31), 1):
        if day_of_year <= days:
            return month, day_of_year
        day_of_year -= days
    raise ValueError("not a day of 2026")


def xor(data, key):
    return bytes([b ^ key[i % len(key)] for i, b in enumerate(data)])


class Family:
    """What is built into the program."""

    def __init__(self, rng):
        self.dir = rng.pick(DIRS)
        self.file = rng.pick(FILES)
        self.keys = rng.sample(KEYS, 2)
        self.id_length = rng.pick((12, 16))
        self.shape = rng.below(3)
        self.ua = rng.pick(OLD_UA)
        self.type = rng.pick(TYPES)

    def new_id(self, rng):
        """Hex digits, a letter among them."""
        while True:
            word = rng.data(self.id_length // 2).hex()
            if not word.isdigit():
                return word

    def target(self, who, n):
        if self.shape == 0:
            return "%s/%s/%s?%s=%d" % (self.dir, who, self.file, self.keys[0],
                                       n)
        if self.shape == 1:
            return "%s/%s?%s=%s&%s=%d" % (self.dir, self.file, self.keys[0],
                                          who, self.keys[1], n)
        return "%s/%s/%s/%d/%s" % (self.dir, who[:4], who[4:], n, self.file)


class Job:
    """Where the money is to go, as the C2 server says it."""
    __slots__ = ("number", "bank", "branch", "account", "amount")

    def text(self):
        return {"r": "job", "j": self.number, "site": BANK, "bank": self.bank,
                "br": self.branch, "acct": self.account, "amt": self.amount}

    def mule(self):
        return "%s-%s" % (self.branch, self.account)


class Message:
    """One request to the C2 server and its answer, in clear."""
    __slots__ = ("t", "up", "down")

    def __init__(self, t, up, down=None):
        self.t, self.up, self.down = t, up, down or {"r": "ok"}


class Campaign:
    """`messages` in order of time; `logins` are (t, site): what the user of
    the machine opened over TLS; asleep from `sleep` to `wake`, unplugged at
    `end`."""
    __slots__ = ("pc", "c2_ip", "c2_host", "bot", "key", "period", "first",
                 "end", "sleep", "wake", "messages", "logins", "jobs", "done",
                 "session", "count")

    def coded(self, message):
        """Body of a request or of an answer."""
        clear = json.dumps(message, separators=(",", ":")).encode()
        return base64.b64encode(xor(clear, self.key))


class Pc:
    __slots__ = ("ip", "name", "use")


class World:
    def __init__(self, seed):
        self.seed = seed
        rng = Rng(seed, "world")
        self.day = FIRST_DAY + rng.below(180)
        if (self.day + 2) % 7 in (5, 6):    # 1 January 2026 is a Thursday
            self.day += 2
        self.month, self.mday = date_of(self.day)
        # JST midnight as seconds since 2026-01-01 00:00 UTC
        self.midnight = (self.day - 1) * 86400 - 9 * HOUR
        self.ticket = "IR-%06X" % rng.below(1 << 24)
        self._inside(rng)
        self._outside(rng)
        self.family = Family(rng)

    def _inside(self, rng):
        net = "10.%d.%d" % (rng.between(16, 200), rng.between(1, 250))
        self.segment = net + ".0/24"
        self.gateway = net + ".1"
        self.resolver = net.rsplit(".", 1)[0] + ".0.53"
        self.printer = net + ".%d" % rng.between(5, 19)
        low = rng.between(20, 180)
        numbers = sorted(rng.sample(range(low, low + 40), len(USES)))
        uses = list(USES)
        rng.shuffle(uses)
        self.pcs = []
        for n, use in zip(numbers, uses):
            pc = Pc()
            pc.ip, pc.name, pc.use = "%s.%d" % (net, n), "kei-pc%d" % n, use
            self.pcs.append(pc)
        bankers = [pc for pc in self.pcs if pc.use == "internet banking"]
        rng.shuffle(bankers)
        self.victims = {"day1": bankers[0], "day2": bankers[1]}
        self.bankers = bankers

    def _outside(self, rng):
        free = ["%s.%d" % (net, h) for net in
                ("192.0.2", "198.51.100", "203.0.113") for h in range(2, 250)]
        rng.shuffle(free)
        self.c2_ips = {"day1": free.pop(), "day2": free.pop()}
        self.c2_hosts, used = {}, {}
        for day in ("day1", "day2"):
            while True:
                name = "%s.%s-%s.example" % tuple(map(rng.pick, HOST_WORDS))
                if name not in used:
                    break
            self.c2_hosts[day] = used[name] = name
        # A harmless site has the same address as the C2 server of its day.
        inns = rng.sample(INNS, 2)
        self.inns = {day: "www.%s-onsen.example" % inn
                     for day, inn in zip(("day1", "day2"), inns)}
        self.address = {name: free.pop() for name in
                        SERVICES + TLS_SITES + HTTP_SITES}
        for day in ("day1", "day2"):
            self.address[self.inns[day]] = self.c2_ips[day]

    # -- the malware ------------------------------------------------------

    def _job(self, rng, number, others):
        job = Job()
        job.number, job.bank = number, rng.pick(MULE_BANKS)
        job.branch = "%03d" % rng.between(101, 899)
        while True:
            job.account = "%07d" % rng.between(1000001, 9899999)
            job.amount = rng.between(480, 2980) * 1000 + rng.below(10) * 100
            if all(job.account != o.account and job.amount != o.amount
                   for o in others):
                return job

    def _beats(self, rng, c):
        """The times at which the program asks for work, the first being its
        first contact. The jitter is spread evenly over the allowed band, so
        that the median of the gaps is the period whatever the seed."""
        c.count = rng.between(110, 130)
        c.period = rng.between(45, 120)
        band = c.period * rng.between(60, 120) * US // 1000
        late = [band * (2 * i - c.count + 2) // c.count
                for i in range(c.count - 1)]
        rng.shuffle(late)
        pause = rng.between(2400, 3900) * US + rng.below(US)
        before = c.count * rng.between(38, 50) // 100
        t, beats = 0, [0]
        for i, extra in enumerate(late, 1):
            if i == before:
                c.sleep = t + 5 * US
                t += pause
                c.wake = t - 3 * US
            else:
                t += c.period * US + extra
            beats.append(t)
        end = rng.between(15 * HOUR + 30 * MINUTE, 17 * HOUR) * US
        c.first = end - t - rng.between(8, 40) * US - rng.below(US)
        c.end = end
        c.sleep += c.first
        c.wake += c.first
        return [c.first + t for t in beats]

    def campaign(self, day):
        rng = Rng(self.seed, "campaign " + day)
        c = Campaign()
        c.pc = self.victims[day]
        c.c2_ip, c.c2_host = self.c2_ips[day], self.c2_hosts[day]
        c.bot = self.family.new_id(rng)
        if rng.chance(500):
            c.key = bytes([rng.between(1, 255)])
        else:
            c.key = bytes(rng.sample(range(1, 256), 4))
        beats = self._beats(rng, c)
        c.jobs = []
        for number in (1, 2, 3):
            c.jobs.append(self._job(rng, number, c.jobs))
        at = {}                     # beat -> job that is handed out there
        for job, low, high in zip(c.jobs, (8, 56, 88), (13, 61, 93)):
            at[c.count * rng.between(low, high) // 100] = job
        c.messages = []
        for i, t in enumerate(beats):
            up = {"t": "hb", "idle": rng.below(600)}
            if i == 0:
                up = {"t": "reg", "pc": c.pc.name, "os": "win11", "v": "3.1"}
            c.messages.append(Message(t, up, at[i].text() if i in at else
                                      None))

        # What the user does, and what the program tells about it. The first
        # transfer is refused, the second goes through; two sessions have
        # nothing to do with it.
        c.logins = []

        def session(low, high, site):
            i = c.count * rng.between(low, high) // 100
            t = beats[i] + rng.between(6, 20) * US + rng.below(US)
            c.logins.append((t, site))
            sid = rng.data(12).hex().upper()
            t += rng.between(2, 6) * US + rng.below(US)
            c.messages.append(Message(t, {"t": "ses", "site": site,
                                          "sid": sid}))
            return t, sid

        def transfer(t, sid, job, result):
            typed = self._job(rng, 0, c.jobs)
            t += rng.between(60, 160) * US + rng.below(US)
            c.messages.append(Message(t, {
                "t": "fill", "j": job.number, "sid": sid,
                "typed": {"br": typed.branch, "acct": typed.account,
                          "amt": typed.amount}}))
            t += rng.between(6, 20) * US + rng.below(US)
            c.messages.append(Message(t, {"t": "res", "j": job.number,
                                          "sid": sid, "rc": result}))

        session(16, 20, MAIL)
        t, sid = session(22, 27, BANK)
        transfer(t, sid, c.jobs[0], "limit")
        t, c.session = session(64, 72, BANK)
        c.done = c.jobs[1]
        transfer(t, c.session, c.done, "ok")
        session(78, 84, BANK)

        c.messages.sort(key=lambda m: m.t)
        number = 1 if day == "day1" else rng.between(1200, 4800)
        for m in c.messages:
            m.up = dict({"id": c.bot, "n": number}, **m.up)
            number += 1
        return c

    # -- words for people -------------------------------------------------

    def epoch(self, t):
        """Seconds and microseconds since 1970 of time t of the day."""
        return EPOCH_2026 + self.midnight + t // US, t % US

    def http_date(self, t):
        s = self.midnight + t // US
        month, mday = date_of(s // 86400 + 1)
        name = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")[
            s // 86400 % 7]
        s %= 86400
        return "%s, %02d %s 2026 %02d:%02d:%02d GMT" % (
            name, mday, ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul",
                         "Aug", "Sep", "Oct", "Nov", "Dec")[month - 1],
            s // 3600, s // 60 % 60, s % 60)
