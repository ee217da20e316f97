"""Six reported mails at the invented Tsubakuro Bank, made from a seed: who
sent what by which way, what the DNS said, and what the learner has to find.

No text of a mail is made here (letters.py), no byte (wire.py); the checker
needs neither.

    world = World(seed)
    world.mails      m1 to m6: verdict, origin, auth, link, indicators
    world.records    the frozen DNS, without the keys of DKIM
"""

from kit.stream import Rng

BANK = "tsubakuro.example"
NETS = ("192.0.2", "198.51.100", "203.0.113")
DAY = 86400
FIRST_DAY = 96  # Monday, 6 April 2026
HOLIDAY_WEEKS = (3, 4, 15, 18)

PHISH = ("lookalike", "display", "replyto", "received", "unaligned", "dmarc",
         "supplier")
GENUINE = ("campaign", "notice", "forwarded", "invoice")
PASSES = ("display", "dmarc", "supplier")       # phish that DMARC lets pass
SPOOFS = ("replyto", "received", "unaligned")   # phish in the bank's own name
UNALIGNED = ("campaign", "invoice")             # genuine, and SPF is not

# One letter off, and a word more.
TYPOS = ("tsubakulo", "tsubakur0", "tsubakuru", "tsubakvro", "tsubakuroo",
         "tubakuro", "tsubakaro", "tsubakuno", "tsuhakuro", "tsubakiro")
WORDY = ("tsubakuro-ib", "tsubakuro-bank", "tsubakuro-web", "e-tsubakuro",
         "tsubakuro-kakunin", "tsubakuro-center", "ginko-tsubakuro")
SECOND = ("tsubakuro-point", "tsubakuro-life", "tsubakuro-plus")
BAIT = ("kakunin", "honnin", "ninsho", "anshin", "mypage", "otetsuzuki",
        "kaiin", "tetsuduki", "shinsei", "account", "secure", "docs")
TAIL = ("center", "portal", "online", "support", "net", "desk", "jp", "id",
        "web", "link", "form", "gate")
HUBS = ("haishin-hub", "mail-todoke", "okurimail")
CENTRES = ("kyodo-ib", "shinkyodo", "kikan-center")
FREE = ("mailbako", "tegaminet", "posuto-mail")
HOUSES = ("yamanami-dc", "kumogata-dc", "iwakage-dc")
CLUBS = ("komakusa-ob", "shirakaba-ob", "raicho-alumni")
# Partners: label, name in Japanese, in English.
PARTNERS = (
    ("suzukaze-jimu", "株式会社すずかぜ事務機", "Suzukaze Jimuki Co."),
    ("komorebi-print", "こもれび印刷株式会社", "Komorebi Printing Co."),
    ("shirabiso-is", "しらびそ情報サービス株式会社", "Shirabiso Information Services"),
    ("kamoshika-setsubi", "かもしか設備株式会社", "Kamoshika Facilities Co."),
    ("hoshizora-kensyu", "株式会社ほしぞら研修センター", "Hoshizora Training Centre"))
STAFF = (
    ("y.maruyama", "丸山", "松本支店", "Matsumoto branch"),
    ("k.miyazawa", "宮澤", "上田支店", "Ueda branch"),
    ("a.kobayashi", "小林", "飯田支店", "Iida branch"),
    ("m.yanagisawa", "柳沢", "諏訪支店", "Suwa branch"),
    ("t.takizawa", "滝沢", "長野本店営業部", "Nagano head office, sales"),
    ("h.momose", "百瀬", "伊那支店", "Ina branch"),
    ("s.karasawa", "唐澤", "佐久支店", "Saku branch"),
    ("r.nakajima", "中島", "須坂支店", "Suzaka branch"))
# What stands in for a letter in a name that only looks like another.
GLYPHS = {"a": "\u0430", "o": "\u043e", "e": "\u0435", "i": "\u0456",
          "u": "\u00f9", "k": "\u0137"}


def parent(domain):
    """The organizational domain; the one public suffix here is `example`."""
    return ".".join(domain.split(".")[-2:])


def domain_of(address):
    return address.rpartition("@")[2]


def a_label(label):
    """A name in the letters of DNS."""
    if label.isascii():
        return label
    return "xn--" + label.encode("punycode").decode("ascii")


class Mail:
    """One mail. What the learner has to find: genuine, origin, auth (SPF,
    DKIM, DMARC), link_host, iocs; the rest is how it was sent."""
    pattern = None
    genuine = False
    name = ""               # shown with the address in From
    sender = envelope = ""
    reply_to = reply_name = None
    origin = helo = ""      # what the first trusted hop saw
    rdns = "unknown"
    tls = True
    backup = False          # came in by the backup MX
    hops = ()               # below the first trusted hop, newest first
    signatures = ()         # (domain, genuine signature of this mail)
    results = ()            # domains of signatures that are valid
    claims = None           # who claims authentication results, outside
    link_url = link_host = link_shown = ""
    partner = None


class Names:
    """Names and addresses that nobody else has."""

    def __init__(self, rng):
        self.rng = rng
        self.blocks = [(net, 16 * i) for net in NETS for i in range(1, 15)]
        rng.shuffle(self.blocks)
        self.used = set()

    def block(self):
        """A /28: its prefix and the address of its host i (1 to 14)."""
        net, low = self.blocks.pop()
        return ("%s.%d/28" % (net, low),
                lambda i: "%s.%d" % (net, low + i))

    def one(self, labels):
        """One of these names, not yet taken."""
        while True:
            name = self.rng.pick(labels) + ".example"
            if name not in self.used:
                self.used.add(name)
                return name

    def bait(self):
        """A name that promises something."""
        while True:
            name = "%s-%s%s.example" % (
                self.rng.pick(BAIT), self.rng.pick(TAIL),
                self.rng.pick(("", "", str(self.rng.between(2, 99)))))
            if name not in self.used:
                self.used.add(name)
                return name


class World:
    def __init__(self, seed):
        self.seed = seed
        rng = Rng(seed, "world")
        week = rng.pick([w for w in range(24) if w not in HOLIDAY_WEEKS])
        self.day = FIRST_DAY + 7 * week + rng.between(1, 4)
        self.case = "CS-%06X" % rng.below(1 << 24)
        self.records = []
        self.selectors = {}     # signing domain: selector
        self._bank(rng)
        self._others(rng)
        self._mails(rng)

    # -- the bank, and whom it knows -----------------------------------------

    def _bank(self, rng):
        self.names = n = Names(rng)
        net, host = n.block()
        inside = "10.%d.%d." % (rng.between(16, 95), rng.between(1, 250))
        self.inside = inside
        self.mx = [("mx%d." % i + BANK, host(1 + i), inside + str(10 + i))
                   for i in (1, 2)]
        self.scan = ("scan1." + BANK, inside + "21")
        self.mbx = ("mbx%d." % rng.between(1, 4) + BANK, inside + "31")
        self.house = n.one(HOUSES)
        _, dc = n.block()
        self.mxb = ("mxb." + self.house, dc(rng.between(2, 13)))
        self.own = n.one(SECOND)
        self.centre = n.one(CENTRES)
        self.hub = n.one(HUBS)
        self.rua = "%s@%s" % (rng.pick((
            "dmarc-rua", "dmarc-report", "rua", "dmarc-agg", "mail-report")
            ) + rng.pick(("", "1", "2", "-ib", "-sec", "26")), BANK)
        centre_net, self.centre_host = n.block()
        hub_net, self.hub_host = n.block()
        soft = rng.pick(("~all", "-all"))
        self.spoof_spf = "softfail" if soft == "~all" else "fail"
        soft2 = rng.pick(("~all", "-all"))
        self.notice_spf = "softfail" if soft2 == "~all" else "fail"
        spf = self.spf
        for i, (name, ip, _) in enumerate(self.mx):
            self.add(BANK, "MX", "%d %s." % (10 + 10 * i, name))
            self.add(name, "A", ip)
        self.add(BANK, "MX", "50 %s." % self.mxb[0])
        self.add(self.mxb[0], "A", self.mxb[1])
        spf(BANK, "ip4:%s" % net, "include:spf." + self.centre, soft)
        spf("mail." + BANK, "include:spf." + self.centre, soft2)
        spf("batch." + BANK, "ip4:" + host(7), "-all")
        spf(self.own, "include:spf." + self.hub, "-all")
        spf("spf." + self.centre, "ip4:%s" % centre_net, "-all")
        spf(self.hub, "redirect=spf." + self.hub)
        spf("b." + self.hub, "redirect=spf." + self.hub)
        spf("spf." + self.hub, "ip4:%s" % hub_net, "-all")
        self.dmarc(BANK, "p=none")
        self.dmarc(self.own, "p=quarantine; adkim=s; rua=mailto:" + self.rua)
        self.dmarc(self.hub, "p=reject; rua=mailto:postmaster@" + self.hub)
        self.key("mail." + BANK, rng.pick(("ib2025", "ib2026", "k1", "s1")))
        self.key("notice." + BANK, rng.pick(("n1", "nt2026", "sel2")))
        self.key(self.own, rng.pick(("hub1", "camp", "p2026")))
        self.key(self.hub, rng.pick(("h24", "hub", "d1")))
        # The systems that write in the bank's name: what the record of the
        # bank must not break. (system, From, envelope, d= or nothing)
        self.senders = [
            ("ib-notice", BANK, "mail." + BANK, "mail." + BANK),
            ("staff-mail", BANK, BANK, ""),
            ("host-batch", BANK, "batch." + BANK, ""),
            ("questionnaire", BANK, "b." + self.hub, "notice." + BANK)]

    def _others(self, rng):
        n, spf = self.names, self.spf
        self.free = n.one(FREE)
        free_net, self.free_host = n.block()
        self.free6 = "2001:db8:%x:" % rng.between(0x1000, 0xefff)
        spf(self.free, "include:_netblocks." + self.free, "~all")
        spf("_netblocks." + self.free, "ip4:" + free_net,
            "ip6:%s:/48" % self.free6, "~all")
        self.dmarc(self.free, "p=none; sp=quarantine; rua=mailto:dmarc@"
                   + self.free)
        self.key(self.free, rng.pick(("20250801", "20251104", "20260115")))
        self.club = n.one(CLUBS)
        _, host = n.block()
        self.club_host = ("mx." + self.club, host(rng.between(1, 14)))
        self.add(self.club, "MX", "10 mx.%s." % self.club)
        self.add(self.club_host[0], "A", self.club_host[1])
        spf(self.club, "mx", "-all")
        self.partners = rng.sample(PARTNERS, 3)
        self.partner_host = {}
        for i, (label, _, _) in enumerate(self.partners):
            name = label + ".example"
            n.used.add(name)
            _, host = n.block()
            at = self.partner_host[name] = ("mail." + name,
                                            host(rng.between(1, 14)))
            self.add(name, "MX", "10 mail.%s." % name)
            self.add(at[0], "A", at[1])
            spf(name, "mx", rng.pick(("-all", "~all")))
            if i == 0:      # the one whose bills come from a sub-domain
                spf("send." + name, "a:" + at[0], "-all")
                self.dmarc(name, "p=reject; aspf=s; rua=mailto:dmarc@" + name)
            else:
                self.dmarc(name, rng.pick(("p=none", "p=quarantine")))
            if i < 2:
                self.key(name, rng.pick(("selector1", "mail", "2025q4", "x")))
        self.known = [
            ("own", BANK), ("own", self.own), ("service", self.centre),
            ("service", self.hub), ("service", self.house)] + [
            ("partner", label + ".example") for label, _, _ in
            sorted(self.partners)] + [
            ("public", self.free), ("public", self.club)]

    def knows(self, domain):
        return any(domain == name or domain.endswith("." + name)
                   for _, name in self.known)

    # -- DNS -----------------------------------------------------------------

    def add(self, name, kind, value):
        self.records.append((name, kind, value))

    def spf(self, name, *terms):
        self.add(name, "TXT", "v=spf1 " + " ".join(terms))

    def dmarc(self, domain, tags):
        self.add("_dmarc." + domain, "TXT", "v=DMARC1; " + tags)

    def key(self, domain, selector):
        self.selectors[domain] = selector

    # -- the mails -----------------------------------------------------------

    def _mails(self, rng):
        phish = rng.sample(PHISH, 4)
        while not set(phish) & set(PASSES) or not set(phish) & set(SPOOFS):
            phish = rng.sample(PHISH, 4)
        genuine = rng.sample(GENUINE, 2)
        while "unaligned" not in phish and not set(genuine) & set(UNALIGNED):
            genuine = rng.sample(GENUINE, 2)
        order = phish + genuine
        rng.shuffle(order)
        self.staff = rng.sample(STAFF, 7)
        boss = self.staff.pop()
        self.boss = boss
        tricks = ["plain", "sub", "user", "puny"]
        rng.shuffle(tricks)
        backup = rng.pick([p for p in phish
                           if p not in ("display", "supplier")])
        claims = "unaligned" if "unaligned" in phish else rng.pick(
            [p for p in phish if p in SPOOFS])
        midnight = (self.day - 1) * DAY - 9 * 3600
        times = sorted(rng.sample(range(29400, 63000, 97), 6))
        cut = rng.between(1, 4)
        self.mails = []
        for i, pattern in enumerate(order):
            m = Mail()
            m.pattern = pattern
            m.genuine = pattern in GENUINE
            m.staff = self.staff[i]
            m.to = m.staff[0] + "@" + BANK
            # The first ones came the day before.
            m.t = midnight + times[i] + rng.below(90)
            if i < cut:
                m.t -= DAY
            m.backup = pattern == backup
            draw = Rng(self.seed, "mail " + pattern)
            getattr(self, "_" + pattern)(m, draw)
            if m.genuine:
                m.trick = None
            else:
                m.trick = tricks.pop()
                self._link(m, draw)
            if pattern == claims:
                m.claims = draw.pick(("mx3.", "mx.", "gw1.", "mailgw.")) + BANK
            self._indicators(m)
            self.mails.append(m)
        # Times of the two days in order.
        for m, t in zip(self.mails, sorted(m.t for m in self.mails)):
            m.t = t

    def _attacker(self, m, rng, domain=None):
        """A hired host somewhere."""
        _, host = self.names.block()
        m.origin = host(rng.between(1, 14))
        m.host = host
        if domain:
            m.helo = rng.pick(("mail.", "mx.", "out.")) + domain
            m.rdns = rng.pick(("unknown", m.helo))
        else:
            m.helo = "v%d.%s" % (rng.between(100, 999), self.names.bait())
            m.rdns = "unknown"
        m.tls = rng.chance(600)

    def _lookalike(self, m, rng):
        d = self.names.one(TYPOS)
        m.name = "つばくろ銀行ネットバンキング"
        m.sender = m.envelope = rng.pick(("ib", "ib-info", "info")) + "@" + d
        self._attacker(m, rng, d)
        spf = rng.pick(("none", "neutral", "softfail"))
        self.add(d, "MX", "10 mail.%s." % d)
        self.add("mail." + d, "A", m.host(14) if m.origin != m.host(14)
                 else m.host(13))
        if spf != "none":
            self.spf(d, "mx", "?all" if spf == "neutral" else "~all")
        m.auth = (spf, "none", "none")
        m.hops = [("exim", "WIN-%s" % rng.data(4).hex().upper(),
                   self.names.block()[1](rng.between(1, 14)), m.helo,
                   rng.pick((0, 180, 480)), 2)]

    def _display(self, m, rng):
        m.name = "つばくろ銀行 ib@" + BANK
        m.sender = "%s%d@%s" % (rng.pick((
            "tsubakuro.ib.info", "tsubakuro-bank.cs", "ib.tsubakuro.info")),
            rng.between(10, 999), self.free)
        m.envelope = m.sender
        out = rng.between(2, 12)
        m.helo = m.rdns = "out-%d.%s" % (out, self.free)
        m.origin = self.free6 + ":%x" % (0x20 + out)
        web = "web%d.%s" % (rng.between(1, 30), self.free)
        m.hops = [("postfix", web, "10.%d.%d.%d" % (
            rng.between(96, 120), rng.below(256), rng.between(1, 254)),
            m.helo, 540, 1),
            ("http", None, self.names.block()[1](rng.between(1, 14)), web,
             540, 2)]
        m.signatures = [(self.free, True)]
        m.auth = ("pass", "pass", "pass")

    def _replyto(self, m, rng):
        b = self.boss
        m.name = "本店 総務部 " + b[1]
        m.sender = m.envelope = b[0] + "@" + BANK
        m.reply_name = m.name
        if rng.chance(500):
            m.reply_to = "%s@%s" % (b[0], self.names.one(WORDY))
        else:
            m.reply_to = "%s.tsubakuro@%s" % (b[0], self.free)
        self._attacker(m, rng)
        m.auth = (self.spoof_spf, "none", "fail")
        m.hops = [("php", None, None, m.helo, rng.pick((0, 480, 180)), 1)]

    def _received(self, m, rng):
        m.name = "ITヘルプデスク"
        m.sender = m.envelope = "helpdesk@" + BANK
        self._attacker(m, rng)
        m.helo = self.mx[1][0]
        m.tls = False
        ap = "ibap%d.%s" % (rng.between(1, 6), BANK)
        m.hops = [("postfix", ap, self.inside + str(rng.between(60, 200)),
                   self.mx[1][0], 540, 2),
                  ("postfix", "localhost", "127.0.0.1", ap, 540, 4)]
        m.signatures = [("mail." + BANK, False)]
        m.auth = (self.spoof_spf, "fail", "fail")

    def _unaligned(self, m, rng):
        d = self.names.bait()
        m.name = "つばくろ銀行"
        m.sender = "ib-info@" + BANK
        m.envelope = "bounce-%s@%s" % (rng.data(4).hex(), d)
        self._attacker(m, rng, d)
        self.add(m.helo, "A", m.origin)
        m.rdns = m.helo
        if rng.chance(500):
            self.spf(d, "a:" + m.helo, "-all")
        else:
            self.spf(d, "ip4:" + m.origin, "~all")
        dkim = "none"
        if rng.chance(500):
            self.key(d, rng.pick(("default", "dkim", "mail")))
            m.signatures = [(d, True)]
            dkim = "unaligned"
        m.auth = ("unaligned", dkim, "fail")
        m.hops = [("postfix", "localhost", "127.0.0.1", m.helo,
                   rng.pick((0, 480)), 1)]

    def _dmarc(self, m, rng):
        d = self.names.one(WORDY)
        m.name = "つばくろ銀行お客さまセンター"
        m.sender = m.envelope = rng.pick(("info", "support", "cs")) + "@" + d
        self._attacker(m, rng, d)
        m.rdns = m.helo
        m.tls = True
        self.add(d, "MX", "10 %s." % m.helo)
        self.add(m.helo, "A", m.origin)
        self.spf(d, "mx", "-all")
        self.dmarc(d, rng.pick(("p=reject; adkim=s; aspf=s", "p=quarantine",
                                "p=none")))
        self.key(d, rng.pick(("default", "dkim", "s1")))
        m.signatures = [(d, True)]
        m.auth = ("pass", "pass", "pass")
        m.hops = [("exim", "localhost", "127.0.0.1", m.helo,
                   rng.pick((0, 540)), 1)]

    def _supplier(self, m, rng):
        label, ja, _ = m.partner = self.partners[1]
        d = label + ".example"
        m.reply_name = ja.replace("株式会社", "")
        m.name = m.reply_name + " 経理"
        m.sender = m.envelope = rng.pick(("keiri", "seikyu", "account")) \
            + "@" + d
        m.reply_to = m.sender.replace("@" + label, "@" + rng.pick((
            label.replace("-", ""), label + "-jp", "e-" + label)))
        m.helo, m.origin = self.partner_host[d]
        m.rdns = m.helo
        m.signatures = [(d, True)]
        m.auth = ("pass", "pass", "pass")
        m.hops = [("auth", "DESKTOP-" + rng.data(4).hex().upper()[:7],
                   self.names.block()[1](rng.between(1, 14)), m.helo, 540, 1)]

    def _campaign(self, m, rng):
        m.name = "つばくろ銀行 ポイント事務局"
        m.sender = "news@" + self.own
        m.envelope = "r-%s=%s@b.%s" % (m.staff[0].replace(".", "_"),
                                       rng.data(5).hex(), self.hub)
        out = rng.between(1, 14)
        m.helo = m.rdns = "out%d.%s" % (out, self.hub)
        m.origin = self.hub_host(out)
        m.signatures = [(self.own, True), (self.hub, True)]
        m.auth = ("unaligned", "pass", "pass")
        m.hops = [("postfix", "job%d.%s" % (rng.between(1, 9), self.hub),
                   "10.%d.%d.%d" % (rng.between(96, 120), rng.below(256),
                                    rng.between(1, 254)), m.helo, 540, 3)]
        m.link_host = "click." + self.hub
        m.link_url = "https://%s/c/%s" % (m.link_host, rng.data(12).hex())
        m.link_shown = "https://www.%s/campaign/" % self.own

    def _from_centre(self, m, rng):
        m.name = "つばくろ銀行"
        m.sender = "ib-info@" + BANK
        m.envelope = "bounce@mail." + BANK
        out = rng.between(1, 14)
        m.helo = m.rdns = "mta%d.%s" % (out, self.centre)
        m.origin = self.centre_host(out)
        m.signatures = [("mail." + BANK, True)]
        m.hops = [("postfix", "ibmail%d.%s" % (rng.between(1, 3), self.centre),
                   "10.%d.%d.%d" % (rng.between(96, 120), rng.below(256),
                                    rng.between(1, 254)), m.helo, 540, 1)]
        m.link_host = "ib." + BANK
        m.link_shown = m.link_url = "https://%s/login" % m.link_host

    def _notice(self, m, rng):
        self._from_centre(m, rng)
        m.auth = ("pass", "pass", "pass")

    def _forwarded(self, m, rng):
        self._from_centre(m, rng)
        m.private = m.staff[0].replace(".", "") + "@" + self.club
        m.hops = [("club", m.helo, m.origin, self.club_host[0], 540, 2)] \
            + [hop[:5] + (hop[5] + 2,) for hop in m.hops]
        m.helo, m.origin = self.club_host
        m.rdns = m.helo
        m.auth = (self.notice_spf, "pass", "pass")

    def _invoice(self, m, rng):
        label, ja, _ = m.partner = self.partners[0]
        d = label + ".example"
        m.name = ja
        m.sender = "no-reply@" + d
        m.envelope = "return-%s@send.%s" % (rng.data(4).hex(), d)
        m.helo, m.origin = self.partner_host[d]
        m.rdns = m.helo
        m.signatures = [(d, True)]
        m.auth = ("unaligned", "pass", "pass")
        m.hops = [("postfix", "app1." + d, "10.%d.%d.%d" % (
            rng.between(96, 120), rng.below(256), rng.between(1, 254)),
            m.helo, 540, 1)]
        m.link_host = "seikyu." + d
        m.link_url = m.link_shown = "https://%s/bills" % m.link_host

    def _link(self, m, rng):
        """Where the link that is to be pressed leads, and what it shows."""
        if m.pattern == "supplier":
            brand = "files.%s.example" % m.partner[0]
        else:
            brand = {"replyto": "forms.", "received": "portal."}.get(
                m.pattern, "ib.") + BANK
        path = rng.pick(("login", "auth/", "form", "s/entry", "kakunin/"))
        path += rng.pick(("?t=%s", "?id=%s", "?k=%s")) % rng.data(6).hex()
        shown = "https://" + brand + "/"
        base, user = self.names.bait(), ""
        if m.trick == "puny":
            first, label = brand.split(".")[:2]
            at = rng.pick([i for i, c in enumerate(label) if c in GLYPHS])
            label = label[:at] + GLYPHS[label[at]] + label[at + 1:]
            host = "%s.%s.example" % (first, a_label(label))
        elif m.trick == "sub":
            host = brand + "." + base
        elif m.trick == "user":
            host, user = "www." + base, brand + "@"
        else:
            host = rng.pick(("www.", "id.", "web.")) + base
        m.link_host = host
        m.link_url = "https://%s%s/%s" % (user, host, path)
        m.link_shown = shown

    def _indicators(self, m):
        """What a blocking list may hold, by the rules of the task."""
        m.iocs = set()
        if m.genuine:
            return
        if not self.knows(m.link_host):
            m.iocs.add(("domain", m.link_host))
        for address in (m.sender, m.envelope, m.reply_to):
            if not address:
                continue
            d = domain_of(address)
            kind = [k for k, name in self.known
                    if d == name or d.endswith("." + name)]
            if not kind:
                m.iocs.add(("domain", d))
            elif kind[0] in ("public", "partner"):
                m.iocs.add(("email", address))
        if not (m.auth[0] in ("pass", "unaligned")
                and self.knows(domain_of(m.envelope))):
            m.iocs.add(("ip", m.origin))
