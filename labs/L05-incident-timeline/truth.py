"""Two days at the invented Shirakaba Shinkin Bank, made from a seed.

    world = World(seed)
    world.at["execution"]      seconds from the first day's midnight, JST
    world.aware, world.path    what the learner has to find

What stands here is what happened. How it shows in six logs, and in which
line, is the business of logs.py.
"""

from kit.stream import Rng

MINUTE = 60
HOUR = 3600
DAY = 86400
JST = 9 * HOUR
EPOCH_2026 = 1767225600
FIRST_DAY, DAYS = 131, 67       # 11 May to 16 July 2026: no public holiday
DOMAIN = "shirakaba.example"
NT_DOMAIN = "SHIRAKABA"

CODES = ("mail_delivered", "download", "execution", "c2_first",
         "stolen_logon", "data_access", "archive_created", "exfil_start")

SURNAMES = (
    ("小林", "kobayashi"), ("中村", "nakamura"), ("山田", "yamada"),
    ("加藤", "kato"), ("渡辺", "watanabe"), ("佐々木", "sasaki"),
    ("山口", "yamaguchi"), ("松本", "matsumoto"), ("井上", "inoue"),
    ("木村", "kimura"), ("清水", "shimizu"), ("林", "hayashi"),
    ("斎藤", "saito"), ("山崎", "yamazaki"), ("池田", "ikeda"),
    ("橋本", "hashimoto"), ("石川", "ishikawa"), ("前田", "maeda"),
    ("藤田", "fujita"), ("岡田", "okada"), ("長谷川", "hasegawa"),
    ("村上", "murakami"), ("近藤", "kondo"), ("石井", "ishii"),
    ("坂本", "sakamoto"), ("遠藤", "endo"), ("青木", "aoki"),
    ("藤井", "fujii"), ("西村", "nishimura"), ("福田", "fukuda"),
    ("太田", "ota"), ("三浦", "miura"), ("岡本", "okamoto"),
    ("松田", "matsuda"), ("中島", "nakajima"), ("原田", "harada"),
    ("小川", "ogawa"), ("竹内", "takeuchi"), ("和田", "wada"),
    ("中山", "nakayama"), ("石田", "ishida"), ("上田", "ueda"),
    ("森田", "morita"), ("柴田", "shibata"))
GIVEN = "a c d e h j k m n r s t y".split()
SECTIONS = (("総務部", "General Affairs", 3), ("審査部", "Credit", 2),
            ("業務部", "Operations", 2), ("営業推進部", "Sales", 3),
            ("経営企画部", "Planning", 3), ("資金証券部", "Treasury", 2))
STAFF = 36
HOPS = ("MGT01", "TS01", "WSUS01", "DEV01")     # where an intruder may pass

SERVERS = (
    ("DC01", 11, "ドメインコントローラ / domain controller"),
    ("DC02", 12, "ドメインコントローラ / domain controller"),
    ("MX1", 15, "メール中継 / mail relay"),
    ("MBX1", 16, "メールボックス / mailboxes"),
    ("PRX01", 18, "プロキシ / web proxy"),
    ("FS01", 20, "ファイルサーバ / file server"),
    ("BKP01", 25, "バックアップ / backup"),
    ("MGT01", 31, "運用管理サーバ / management server"),
    ("TS01", 33, "リモートデスクトップサーバ / remote desktop server"),
    ("WSUS01", 35, "更新配信サーバ / update server"),
    ("DEV01", 37, "帳票ツール検証機 / test machine for reports"))

LURES = (("maruichi-keiri", "docs"), ("aoba-seikyu", "file"),
         ("hinode-shiharai", "dl"), ("kitakaze-bussan", "share"),
         ("sansui-torihiki", "view"))
LURE_FILES = ("seikyusho", "mitsumori", "shiharai_tsuchi", "keiyaku_an")
C2_HOSTS = ("metrics.hoshizora-cdn.example", "sync.yukidoke-api.example",
            "edge.kogarashi-net.example", "img.asatsuyu-app.example",
            "cache.mizukagami.example")
EXFIL_HOSTS = ("okuribin.example", "file-hato.example",
               "kosoku-tensou.example")
VENDORS = (("kiyosato-hoshu", "清里保守サービス", "Kiyosato Maintenance"),
           ("norikura-support", "乗鞍サポート", "Norikura Support"),
           ("togakushi-itcare", "戸隠ITケア", "Togakushi IT Care"))
TICKERS = ("rates.kinri-watch.example", "board.saiken-joho.example")
HIDDEN = ("~wrk", "_tmp", "$cache", "~backup")
NETS = ("192.0.2", "198.51.100", "203.0.113")


class Person:
    __slots__ = ("account", "ja", "en", "section", "host", "ip", "number")


class Ticket:
    """A call to the help desk. `at` is when it came in; `act` is when an
    account was changed, None if none was."""

    def __init__(self, kind, at, who, op, act=None, **more):
        self.kind, self.at, self.who, self.op = kind, at, who, op
        self.act, self.more = act, more


class World:
    def __init__(self, seed):
        self.seed = seed
        rng = Rng(seed, "world")
        self.day = FIRST_DAY + rng.below(DAYS)
        while (self.day + 2) % 7 > 3:   # Monday to Thursday
            self.day -= 1
        # the first midnight, as seconds since 2026-01-01 00:00 UTC
        self.midnight = (self.day - 1) * DAY - JST
        self.ticket = "IR-%06X" % rng.below(1 << 24)
        self._people(Rng(seed, "people"))
        self._attack(Rng(seed, "attack"))
        self._desk(Rng(seed, "desk"))

    def utc(self, t):
        """YYYY-MM-DDThh:mm:ssZ of a second."""
        month, day, h, m, s = self.clock(t - JST)
        return "2026-%02d-%02dT%02d:%02d:%02dZ" % (month, day, h, m, s)

    def clock(self, t):
        """(month, day, hour, minute, second) on a clock that shows t."""
        days, s = divmod(t, DAY)
        day = self.day + days
        for month, length in ((5, 151), (6, 181), (7, 212)):
            if day <= length:
                break
        first = {5: 120, 6: 151, 7: 181}[month]
        return month, day - first, s // HOUR, s // MINUTE % 60, s % 60

    # -- people and machines ----------------------------------------------

    def _people(self, rng):
        names = list(SURNAMES)
        rng.shuffle(names)
        given = [rng.pick(GIVEN) for _ in names]
        numbers = rng.sample(range(1, 90), STAFF + 4)
        hosts = rng.sample(range(21, 200), STAFF + 4)

        def person(i, section, floor):
            p = Person()
            (p.ja, en), p.section = names[i], section
            p.en, p.account = en.capitalize(), "%s.%s" % (en, given[i])
            p.number = numbers[i]
            p.host = "PC-%d%02d" % (floor, numbers[i])
            p.ip = "10.20.%d.%d" % (floor, hosts[i])
            return p

        self.staff = []
        for i in range(STAFF):
            ja, en, floor = SECTIONS[i % len(SECTIONS)]
            self.staff.append(person(i, (ja, en), floor))
        it = [person(STAFF + i, ("システム部", "IT"), 3) for i in range(4)]
        self.operators, self.admins = it[:2], it[2:]
        self.people = self.staff + it
        self.adm = {}                   # an administrator's own workstation
        for i, p in enumerate(self.admins):
            self.adm[p.account] = ("ADM-%02d" % (i + 1), "10.20.9.%d"
                                   % (11 + i))
        self.server = {name: "10.20.1.%d" % n for name, n, _ in SERVERS}
        self.mfp = {"MFP-2F": "10.20.2.251", "MFP-3F": "10.20.3.251"}
        self.nas = "10.20.1.22"         # where MFP-3F puts what it scans
        self.vpn = "10.20.200.%d" % rng.between(20, 90)
        self.leavers = ["%s.%s" % (en, g) for (_, en), g in
                        zip(names[STAFF + 4:STAFF + 6], ("b", "f"))]

    @staticmethod
    def admin(p):
        return "a-" + p.account.split(".")[0]

    @staticmethod
    def desk(p):
        return "hd-" + p.account.split(".")[0]

    # -- what happened ----------------------------------------------------

    def _attack(self, rng):
        outside = ["%s.%d" % (net, n) for net in NETS for n in range(5, 250)]
        rng.shuffle(outside)
        self.outside = outside
        self.treasurer = rng.pick([p for p in self.staff
                                   if p.section[1] == "Treasury"])
        chosen = rng.sample([p for p in self.staff
                             if p is not self.treasurer], 9)
        self.zero, self.clicked, self.looked = chosen[:3]
        self.recipients = chosen[:rng.between(5, 7)]
        rng.shuffle(self.recipients)
        self.caller = chosen[7]
        lure, sub = rng.pick(LURES)
        self.lure_domain = lure + ".example"
        self.lure_host = "%s.%s.example" % (sub, lure)
        self.lure_file = rng.pick(LURE_FILES)
        self.lure_ip = outside.pop()
        self.c2 = rng.pick(C2_HOSTS)
        self.exfil = rng.pick(EXFIL_HOSTS)
        self.ticker = rng.pick(TICKERS)
        self.vendor = rng.pick(VENDORS)
        self.hidden = rng.pick(HIDDEN)
        fast = rng.below(2)
        self.offset = (rng.between(151, 779) if fast
                       else -rng.between(151, 659))

        t = {}
        at = rng.between(8 * HOUR + 35 * MINUTE, 10 * HOUR)
        t["mail_delivered"] = at
        at += rng.between(6 * MINUTE, 45 * MINUTE)
        self.landing = at
        at += rng.between(9, 40)
        t["download"] = at
        at += rng.between(70, 240)
        t["execution"] = at
        at += rng.between(65, 140)
        t["c2_first"] = at
        # An administrator helps with a slow PC, and leaves his secret there.
        self.thief, self.other = rng.sample(self.admins, 2)
        self.account = self.admin(self.thief)
        self.support = rng.between(13 * HOUR + 1800, 16 * HOUR + 1800)
        night = rng.between(23 * HOUR + 10 * MINUTE, 25 * HOUR + 30 * MINUTE)
        t["stolen_logon"] = night
        hops = rng.sample(HOPS, rng.between(1, 2))
        spare = [h for h in HOPS if h not in hops]
        self.refused = spare[0]         # where the secret did not work
        self.path = [self.zero.host] + hops + ["FS01"]
        self.logons = [(night, self.zero.ip, hops[0])]
        at = night
        for a, b in zip(hops, hops[1:]):
            at += rng.between(12 * MINUTE, 40 * MINUTE)
            self.logons.append((at, self.server[a], b))
        self.last = hops[-1]
        at += rng.between(8 * MINUTE, 30 * MINUTE)
        t["data_access"] = at
        self.files = rng.between(26, 44)
        at += rng.between(25 * MINUTE, 55 * MINUTE)
        t["archive_created"] = at
        n = rng.between(5, 9)
        self.parts = []
        for _ in range(n):
            self.parts.append(at)
            at += rng.between(35, 90)
        at += rng.between(10 * MINUTE, 35 * MINUTE)
        t["exfil_start"] = at
        self.uploads = []               # (second, bytes up, bytes down)
        broken = rng.between(1, n - 2)
        for i in range(n):
            size = 52428800 if i < n - 1 else rng.between(9000000, 48000000)
            if i == broken:
                part = rng.between(9000000, size // 2 + 5000000)
                self.uploads.append((at, part, rng.between(900, 2500)))
                at += rng.between(90, 200)
            size += size * rng.between(31, 58) // 10000
            self.uploads.append((at, size, rng.between(4000, 9000)))
            at += rng.between(130, 330)
        self.exfil_bytes = sum(u[1] for u in self.uploads)
        self.at = t
        self.host_of = {code: self.zero.host for code in CODES}
        self.host_of.update(
            mail_delivered="MX1", stolen_logon=hops[0], data_access="FS01",
            archive_created="FS01", exfil_start=self.last)

        # The second day: somebody sees the archive.
        call = DAY + rng.between(13 * HOUR, 16 * HOUR)
        self.call = call
        self.aware = call + rng.between(4 * MINUTE, 9 * MINUTE)
        self.judged = call + rng.between(70 * MINUTE, 110 * MINUTE)
        self.end = self.judged + rng.between(10 * MINUTE, 20 * MINUTE)
        self.dwell = (self.aware - t["execution"]) // MINUTE
        # The scanner's password: the event that two logs share.
        self.scan_change = DAY + rng.between(8 * HOUR + 900, 9 * HOUR)
        self.scan_failed = DAY + rng.between(9 * HOUR + 300, 11 * HOUR)

        # Somebody else's click, somewhat later; planned maintenance.
        self.blocked = t["download"] + rng.between(50 * MINUTE, 120 * MINUTE)
        self.opened = t["mail_delivered"] + rng.between(3 * MINUTE,
                                                        50 * MINUTE)
        self.vendor_on = rng.pick(HOPS)
        self.vendor_at = 22 * HOUR + rng.between(60, 15 * MINUTE)
        self.vendor_zip = self.vendor_at + rng.between(900, 1800)
        self.vendor_up = self.vendor_zip + rng.between(300, 900)
        self.vendor_bytes = rng.between(270, 440) * 1000000 + rng.below(10**6)
        self.overtime = 23 * HOUR + rng.below(HOUR)
        # Archives that others fetch from partners: (second, person, name)
        self.fetched = [(rng.below(2) * DAY + rng.between(
            9 * HOUR, 12 * HOUR), p, "%s_%04d" % (rng.pick(LURE_FILES),
                                                  rng.below(10000)))
                        for p in chosen[3:7]]

    # -- the help desk ----------------------------------------------------

    def _desk(self, rng):
        desk, pick = self.operators, rng.pick
        busy = self.recipients + [self.caller, self.treasurer]
        free = [p for p in self.staff if p not in busy]
        rng.shuffle(free)
        late = self.call - DAY
        tickets = []

        def add(kind, at, who=None, act=None, op=None, **more):
            tickets.append(Ticket(kind, at, who or free.pop(),
                                  op or pick(desk), act, **more))

        def of(number):
            """Somebody who has not called yet, of a section if it has one."""
            section = SECTIONS[number][:2]
            p = next((p for p in free if p.section == section), free[0])
            free.remove(p)
            return p

        personnel, scans = of(0), of(rng.between(1, 2))
        for low, high in ((8 * HOUR + 2400, 11 * HOUR), (12 * HOUR, 17 * HOUR),
                          (DAY + 8 * HOUR + 2100, DAY + 11 * HOUR)):
            at = rng.between(low, high)
            add("reset", at, act=at + rng.between(120, 400))
        # Just before the call that counts, the same operator.
        op = pick(desk)
        at = self.call - rng.between(14 * MINUTE, 28 * MINUTE)
        add("reset", at, act=at + rng.between(100, 300), op=op)
        add("call", self.call, self.caller, self.aware, op)
        at = self.blocked + rng.between(4 * MINUTE, 15 * MINUTE)
        add("phish", at, self.clicked, at + rng.between(180, 420))
        add("slow", self.support - rng.between(8, 25) * MINUTE, self.zero)
        at = rng.between(9 * HOUR, 12 * HOUR) + rng.below(2) * DAY
        add("slow_other", at)
        self.support_other = at + rng.between(8, 25) * MINUTE
        add("vendor", rng.between(14 * HOUR, 17 * HOUR), self.other)
        at = rng.between(10 * HOUR, 16 * HOUR)
        add("leaver", at, personnel, at + rng.between(600, 3000), name=0)
        at = DAY + rng.between(9 * HOUR, late - HOUR)
        add("leaver", at, personnel, at + rng.between(600, 2400), name=1)
        add("scan", self.scan_failed + rng.between(3, 12) * MINUTE, scans)
        for kind in rng.sample(("printer", "mouse", "excel", "room",
                                "phone", "calendar", "screen"), 6):
            day = rng.below(2)
            add(kind, day * DAY + rng.between(
                8 * HOUR + 2400, late - 600 if day else 17 * HOUR))
        add("csirt", self.judged, self.other)
        tickets.sort(key=lambda k: k.at)
        self.tickets = tickets
