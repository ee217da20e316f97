"""The bank of lab L13 made from its seed: systems, what runs on them, the
advisories, the contracts, and the four weeks to plan; and what the task's
rules make of them: affected pairs, risk, possible measures, a good plan."""

from datetime import date, timedelta
from itertools import combinations

from kit.stream import Rng, Weighted

SYSTEMS = 120
ADVISORIES = 300
WEEKS = 4
DAYS = 7 * WEEKS

EXPOSURE = {"internet": 10, "partner": 6, "office": 3, "isolated": 1}
CRITICALITY = {1: 1, 2: 2, 3: 4, 4: 7, 5: 10}
SEVERITY = ((90, 4), (70, 3), (40, 2), (0, 1))          # tenths of a point
LIKELIHOOD = ((5000, 15), (1000, 6), (100, 2), (0, 1))  # ten-thousandths
EXPLOITED = 30
EFFECT = {"patch": 100, "virtual_patch": 80, "isolate": 90, "stop": 100}
LIKELY = 1000       # rule 2: a probability of 0.1
EXPOSED = ("internet", "partner")

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

STEMS = ("akane", "hibari", "inaho", "kasumi", "kogane", "komorebi", "mikage",
         "minato", "nagare", "nishiki", "orihime", "sazanami", "shigure",
         "suzuran", "tatara", "tsumugi", "uguisu", "yamabuki", "yukari",
         "zelkova")
PARTS = ("http", "xml", "json", "auth", "log", "orm", "image", "pdf", "mq",
         "cache", "ldap", "zip", "font", "sched", "report", "proxy", "sql",
         "mail", "crypto", "form")
ECOSYSTEMS = ("maven", "npm", "pypi", "generic", "deb")

SUMMARIES = (
    "Out-of-bounds write when a crafted message is parsed",
    "Use after free on a closed connection",
    "Deserialisation of untrusted data",
    "Path traversal in the handling of archives",
    "Authentication bypass by an alternate path",
    "Uncontrolled recursion exhausts the stack",
    "Server-side request forgery by a redirect",
    "Improper certificate validation",
    "Injection through an unescaped parameter",
    "Integer overflow in a length field",
    "Exposure of sensitive data in an error message",
    "Race condition while a temporary file is created",
)
LOCAL_SUMMARIES = (
    "Local privilege escalation by a symbolic link",
    "Insecure permissions of a socket",
    "Unquoted search path for a helper program",
)

# service, tiers, exposure of the first tier, criticality, owner
SERVICES = (
    ("ib", "web web ap ap db", "internet", 5, "retail-it"),
    ("corpib", "web web ap db", "internet", 5, "corporate-it"),
    ("mobapi", "gw gw ap db", "internet", 5, "retail-it"),
    ("account-open", "web ap db", "internet", 3, "retail-it"),
    ("loan-apply", "web ap db", "internet", 3, "lending-it"),
    ("homepage", "web web cms", "internet", 2, "public-relations"),
    ("campaign", "web", "internet", 1, "marketing"),
    ("recruit", "web", "internet", 1, "personnel"),
    ("ir-site", "web", "internet", 2, "public-relations"),
    ("mailgw", "mx mx", "internet", 4, "infrastructure"),
    ("vpn", "gw gw", "internet", 4, "infrastructure"),
    ("dns", "ns ns", "internet", 4, "infrastructure"),
    ("filetransfer", "sftp ap", "internet", 3, "infrastructure"),
    ("epi", "gw gw ap", "partner", 4, "corporate-it"),
    ("zengin", "gw gw ap", "partner", 5, "payments-it"),
    ("swift", "gw ap db", "partner", 5, "payments-it"),
    ("card", "gw ap db", "partner", 4, "retail-it"),
    ("atm", "gw gw ap mon", "partner", 5, "branch-it"),
    ("convenience", "gw ap", "partner", 3, "branch-it"),
    ("credit-bureau", "gw ap", "partner", 3, "lending-it"),
    ("market-data", "gw ap", "partner", 3, "treasury-it"),
    ("core", "ap ap db db bat", "office", 5, "core-it"),
    ("aml", "ap db", "office", 4, "compliance-it"),
    ("treasury", "ap db", "office", 4, "treasury-it"),
    ("lending", "ap db bat", "office", 4, "lending-it"),
    ("branch-term", "ap ap mgmt", "office", 4, "branch-it"),
    ("crm", "ap db", "office", 3, "retail-it"),
    ("dwh", "ap db bat", "office", 3, "core-it"),
    ("groupware", "ap db", "office", 2, "infrastructure"),
    ("fileserver", "fs fs", "office", 3, "infrastructure"),
    ("directory", "dc dc", "office", 5, "infrastructure"),
    ("edr", "mgmt", "office", 4, "security"),
    ("siem", "col col db", "office", 3, "security"),
    ("backup", "mgmt node", "office", 4, "infrastructure"),
    ("virt", "mgmt node node node", "office", 4, "infrastructure"),
    ("jobctl", "mgmt agent", "office", 4, "core-it"),
    ("print", "srv", "office", 1, "infrastructure"),
    ("attendance", "ap", "office", 1, "personnel"),
    ("workflow", "ap db", "office", 2, "infrastructure"),
    ("elearning", "ap", "office", 1, "personnel"),
    ("cctv", "rec rec", "isolated", 2, "general-affairs"),
    ("building", "ctl", "isolated", 2, "general-affairs"),
    ("seal-scan", "ap db", "isolated", 2, "branch-it"),
    ("vault", "ctl", "isolated", 3, "general-affairs"),
    ("test-ib", "web ap db", "isolated", 1, "retail-it"),
    ("test-core", "ap db", "isolated", 1, "core-it"),
    ("dev", "repo ci ci", "office", 2, "core-it"),
    ("fx", "ap db", "office", 3, "treasury-it"),
    ("trust", "ap db", "office", 3, "lending-it"),
    ("pension", "ap", "office", 2, "personnel"),
    ("library", "srv", "office", 1, "general-affairs"),
    ("telephony", "ctl ctl rec", "office", 3, "branch-it"),
)


def weight(table, value):
    return next(w for low, w in table if value >= low)


def rank_of(version):
    """A key of the task's order: numbers, then rc < nothing < p."""
    numbers, _, tail = version.partition("-")
    parts = [int(n) for n in numbers.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    if tail.startswith("rc"):
        return parts, 0, int(tail[2:])
    return parts, (2 if tail else 1), (int(tail[1:]) if tail else 0)


class System:
    def __init__(self, number, name, exposure, criticality, owner):
        self.id = "SYS-%03d" % number
        self.name, self.exposure = name, exposure
        self.criticality, self.owner = criticality, owner
        self.eol = self.window = self.contract = None
        self.ips = self.isolate = self.stop = False
        self.components = []    # (purl, version, [(purl, version), ...])
        self.days = ()          # when a patch is possible, days from monday

    def installed(self):
        for purl, version, inside in self.components:
            yield purl, version
            yield from inside


class Advisory:
    def __init__(self, purl, ranges):
        self.purl, self.ranges = purl, ranges   # [(introduced, fixed|None)]
        self.score = self.probability = 0
        self.vector, self.exploited = "network", False
        self.signature = self.withdrawn = None

    def hits(self, version):
        """The ranges that hold the version."""
        at = rank_of(version)
        return [(low, high) for low, high in self.ranges
                if rank_of(low) <= at
                and (high is None or at < rank_of(high))]


class Pair:
    """A system and an advisory that affects it."""

    def __init__(self, system, advisory, fixable):
        self.system, self.advisory, self.fixable = system, advisory, fixable
        self.key = system.id, advisory.id
        near = advisory.vector == "network"
        self.risk = (EXPOSURE[system.exposure] if near else 1) \
            * CRITICALITY[system.criticality] \
            * weight(SEVERITY, advisory.score) \
            * (EXPLOITED if advisory.exploited else
               weight(LIKELIHOOD, advisory.probability))
        self.others = [a for a, can in (
            ("virtual_patch", near and advisory.signature and system.ips),
            ("isolate", near and system.isolate),
            ("stop", system.stop)) if can]
        exposed = near and system.exposure in EXPOSED
        self.urgent = exposed and advisory.exploited
        self.patchable = fixable and bool(system.days)
        self.instead = exposed and not self.patchable and bool(self.others) \
            and (advisory.exploited or advisory.probability >= LIKELY)

    def can(self, action):
        return self.patchable if action == "patch" else action in self.others


class World:
    def __init__(self, seed):
        self.seed, self.attempt = seed, -1
        while True:
            self.attempt += 1
            if self.make():
                break

    def rng(self, label):
        return Rng(self.seed, "%s/%d" % (label, self.attempt))

    def make(self):
        self.calendar()
        self.make_systems()
        self.make_packages()
        self.install()
        self.make_advisories()
        self.find_pairs()
        return self.good()

    # -------------------------------------------------------- the four weeks

    def calendar(self):
        rng = self.rng("calendar")
        self.monday = date(2026, 9, 7) + timedelta(7 * rng.below(10))
        start = rng.pick((8, 9, 15, 16))     # touches a weekend
        self.freeze = (start, start + rng.between(5, 6))
        self.later = rng.between(9, 11)
        self.slack = rng.between(3, 5)
        self.number = "VPL-%06d-%04d" % (rng.below(1000000), rng.below(10000))

    def day(self, n):
        return self.monday + timedelta(n)

    # ---------------------------------------------------------- the systems

    def make_systems(self):
        rng = self.rng("systems")
        names = []
        for service, tiers, exposure, criticality, owner in SERVICES:
            seen = {}
            first = tiers.split()[0]
            for tier in tiers.split():
                seen[tier] = seen.get(tier, 0) + 1
                where = exposure if tier == first or exposure in (
                    "office", "isolated") else "office"
                names.append(("%s-%s%d" % (service, tier, seen[tier]), where,
                              criticality, owner))
        names = names[:SYSTEMS]
        self.contracts = self.make_contracts(self.rng("contracts"))
        shared = [c for c in self.contracts if c["mode"] == "vendor"]
        sealed = [c for c in self.contracts if c["mode"] == "sealed"]
        own = self.contracts[0]
        self.systems = []
        for i, row in enumerate(names):
            s = System(i + 1, *row)
            s.contract = own if rng.chance(520) else \
                rng.pick(shared) if rng.chance(820) else rng.pick(sealed)
            years = rng.between(1, 5)
            s.eol = self.day(DAYS + 200 * years + rng.below(300))
            if rng.chance(100):
                s.eol = self.day(-rng.between(30, 700))
            elif rng.chance(40):
                s.eol = self.day(rng.between(5, 20))
            s.window = self.draw_window(rng, s)
            s.ips = s.exposure in EXPOSED and rng.chance(800) or \
                s.exposure == "office" and rng.chance(150)
            s.isolate = rng.chance(
                {"internet": 80, "partner": 200, "office": 80,
                 "isolated": 300}[s.exposure])
            s.stop = s.criticality == 1
            s.days = [n for n in range(DAYS) if self.may_patch(s, n)]
            self.systems.append(s)

    def make_contracts(self, rng):
        rows = [("C00", "self", 0, 3650)]
        notices = [0, 3, 5, 7, 7, 10, 14, 30]
        rng.shuffle(notices)
        for notice in notices:
            rows.append((None, "vendor", notice, rng.between(40, 900)))
        rows.append((None, "vendor", 3, rng.between(6, 9)))    # ends soon
        rows.append((None, "vendor", 0, -rng.between(10, 60)))  # has ended
        rows += [(None, "sealed", 0, rng.between(100, 900))] * 2
        vendors = ["Ajisai Systems", "Botan Data", "Enoki Networks",
                   "Fuyou Solutions", "Hozuki Appliance", "Itadori Software",
                   "Kaede Integration", "Konara Service", "Momiji Computer",
                   "Nemunoki IT", "Sakaki Security", "Tsubaki Technica"]
        rng.shuffle(vendors)
        out = []
        for i, (name, mode, notice, until) in enumerate(rows):
            out.append({
                "id": name or "C%02d" % i, "mode": mode, "notice": notice,
                "vendor": "-" if mode == "self" else vendors[i - 1],
                "until": self.day(until)})
        return out

    def draw_window(self, rng, s):
        kind = rng.below(100)
        if s.criticality >= 4:
            kind = max(kind, 20 + rng.below(40))
        if kind < 25:
            return "any"
        if kind < 65:
            return "weekly:" + rng.pick(("Sat", "Sun", "Sun", "Wed"))
        if kind < 85:
            return "monthly:%d%s" % (rng.between(1, 4),
                                     rng.pick(("Sat", "Sun")))
        first = rng.between(6, 44)
        return "dates:%s;%s" % (self.day(first),
                                self.day(first + rng.between(20, 60)))

    def in_window(self, window, n):
        on = self.day(n)
        kind, _, what = window.partition(":")
        if kind == "weekly":
            return WEEKDAYS[on.weekday()] == what
        if kind == "monthly":
            return WEEKDAYS[on.weekday()] == what[1:] and \
                (on.day + 6) // 7 == int(what[0])
        if kind == "dates":
            return on.isoformat() in what.split(";")
        return True

    def may_patch(self, s, n):
        c = s.contract
        return c["mode"] != "sealed" and n >= c["notice"] \
            and self.day(n) <= min(s.eol, c["until"]) \
            and self.in_window(s.window, n) \
            and not (s.criticality >= 4
                     and self.freeze[0] <= n <= self.freeze[1])

    # -------------------------------------------------------- what they run

    def make_packages(self):
        rng = self.rng("packages")
        names = [a + "-" + b for a in STEMS for b in PARTS]
        rng.shuffle(names)
        self.shared = "pkg:generic/%s-tls" % rng.pick(STEMS)
        self.packages = [self.shared]
        for i, name in enumerate(names[:84]):
            kind = rng.pick(ECOSYSTEMS)
            self.packages.append("pkg:%s/%s" % (kind, name))
            if i < 8:   # another package of the same name
                other = rng.pick([e for e in ECOSYSTEMS if e != kind])
                self.packages.append("pkg:%s/%s" % (other, name))
        self.releases = {p: self.draw_releases(rng) for p in self.packages}

    def draw_releases(self, rng):
        """Two lines of releases, each in order."""
        lines, major = [], rng.between(1, 5)
        for m in (major, major + 1):
            line, minor = [], rng.between(6, 9)
            for minor in range(minor, minor + 4):
                base = "%d.%d" % (m, minor)
                if rng.chance(250):
                    line.append(base + ".0-rc%d" % rng.between(1, 3))
                line.append(base if rng.chance(400) else base + ".0")
                for patch in sorted(rng.sample(range(1, 13), 3)):
                    line.append("%s.%d" % (base, patch))
                if rng.chance(350):
                    low = rng.between(1, 8)
                    line.append("%s-p%d" % (line[-1], low))
                    line.append("%s-p%d" % (line[-2], low + rng.between(1, 4)))
            lines.append(line)
        return lines

    def install(self):
        rng = self.rng("install")
        top, below = self.packages[1:56], self.packages[56:]
        for s in self.systems:
            s.components = []
            for purl in rng.sample(top, rng.between(3, 6)):
                inside = [(p, self.draw_version(rng, p)) for p in
                          rng.sample(below, rng.below(3))]
                if rng.chance(110):
                    inside.append((self.shared,
                                   self.draw_version(rng, self.shared)))
                s.components.append((purl, self.draw_version(rng, purl),
                                     inside))

    def draw_version(self, rng, purl):
        line = self.releases[purl][rng.below(1000) < 600]
        return line[rng.below(len(line))]

    # ------------------------------------------------------- the advisories

    def make_advisories(self):
        rng = self.rng("advisories")
        used = {}
        for s in self.systems:
            for purl, version in s.installed():
                used.setdefault(purl, []).append(version)
        kinds = Weighted(((("crit", 90, 98), 18), (("high", 70, 89), 40),
                          (("mid", 40, 69), 34), (("low", 21, 39), 8)))
        self.advisories = []
        for i in range(ADVISORIES):
            purl = self.shared if i < 3 else rng.pick(self.packages)
            adv = Advisory(purl, self.draw_ranges(rng, purl, used, i == 0))
            _, low, high = kinds.draw(rng)
            adv.score = rng.between(low, high)
            if i and rng.chance(180):
                adv.vector = "local"
            odds = rng.below(100)
            adv.probability = rng.between(1, 99) if odds < 66 else \
                rng.between(100, 999) if odds < 87 else \
                rng.between(1000, 4999) if odds < 96 else \
                rng.between(5000, 9700)
            adv.exploited = i == 0 or rng.chance(110)
            if adv.exploited:
                adv.probability = rng.between(300, 9700)
            adv.signature = rng.chance(600)
            if i == 0:
                adv.score, adv.signature = rng.between(72, 81), True
            adv.published = self.day(-rng.between(1, 90))
            if i and rng.chance(50):
                adv.withdrawn = adv.published + timedelta(rng.between(1, 20))
                if adv.withdrawn >= self.monday:
                    adv.withdrawn = self.day(-1)
            adv.summary = rng.pick(LOCAL_SUMMARIES if adv.vector == "local"
                                   else SUMMARIES)
            self.advisories.append(adv)
        first, numbers = self.advisories[0], rng.sample(
            range(1000, 9999), ADVISORIES)
        rng.shuffle(self.advisories)
        assert first in self.advisories
        self.advisories.sort(key=lambda a: a.published)
        for adv, number in zip(self.advisories, sorted(numbers)):
            adv.id = "ADV-2026-%04d" % number

    def draw_ranges(self, rng, purl, used, wide):
        old, new = self.releases[purl]
        have = set(used.get(purl, ()))
        out = []
        for line in (old, new):
            if not wide and len(out) == 0 and line is old \
                    and rng.chance(450):
                continue
            if not wide and out and rng.chance(400):
                continue
            n = len(line)
            low = rng.below(n // 2) if wide else rng.below(n - 3)
            high = min(n - 1, low + (n // 2 if wide else rng.between(1, 5)))
            near = [i for i in range(low + 1, n) if line[i] in have
                    and abs(i - high) < 3]
            if near and rng.chance(500):
                high = rng.pick(near)   # somebody runs the fixed version
            first = "0" if line is old and rng.chance(300) else line[low]
            fixed = line[high]
            if not wide and rng.chance(150):
                fixed = None
            if fixed is None and line is old:
                fixed = new[0]          # ends where the next line begins
            out.append((first, fixed))
        if not out:
            low = rng.below(len(new) - 3)
            out.append((new[low], new[low + rng.between(1, 3)]))
        return out

    # ------------------------------------------------ what the rules make it

    def find_pairs(self):
        for s in self.systems:
            if any(True for adv in self.advisories if adv.withdrawn is None
                   and adv.exploited and adv.vector == "network"
                   and s.exposure in EXPOSED
                   and any(p == adv.purl and adv.hits(v)
                           for p, v in s.installed())):
                self.let_measure(s)
        by_purl = {}
        for adv in self.advisories:
            if adv.withdrawn is None:
                by_purl.setdefault(adv.purl, []).append(adv)
        self.pairs = {}
        for s in self.systems:
            hit = {}
            for purl, version in s.installed():
                for adv in by_purl.get(purl, ()):
                    hit.setdefault(adv.id, (adv, []))[1].extend(
                        adv.hits(version))
            for adv, ranges in hit.values():
                if ranges:
                    fixable = all(high for _, high in ranges)
                    p = Pair(s, adv, fixable)
                    self.pairs[p.key] = p

    def let_measure(self, s):
        """Where something urgent could not be done in week 1, the owner
        allows the system to be isolated."""
        patch = bool(s.days) and s.days[0] < 7
        for adv in self.advisories:
            if adv.withdrawn is not None or not adv.exploited \
                    or adv.vector != "network":
                continue
            ranges = [r for p, v in s.installed() if p == adv.purl
                      for r in adv.hits(v)]
            if ranges and not (patch and all(h for _, h in ranges)) \
                    and not (adv.signature and s.ips):
                s.isolate = True

    def total(self):
        return sum(p.risk for p in self.pairs.values())

    def top_five(self):
        sums = {}
        for p in self.pairs.values():
            sums[p.system.id] = sums.get(p.system.id, 0) + p.risk
        order = sorted(sums, key=lambda s: -sums[s])
        return order[:5], sums[order[4]], sums[order[5]]

    def good(self):
        pairs = self.pairs.values()
        urgent = [p for p in pairs if p.urgent]
        if not 12 <= len(urgent) <= 45 or not 250 <= len(pairs) <= 750:
            return False
        _, fifth, sixth = self.top_five()
        if 100 * fifth < 103 * sixth:
            return False
        if sum(p.instead for p in pairs) < 6:
            return False
        must = self.musts()
        first = sum(len(actions) for week, actions in must if week == 1)
        if not 8 <= first <= 24:
            return False
        rest = sum(len(actions) for week, actions in must if week > 1)
        self.capacity = [first + self.slack] + [self.later] * 3
        return 1 <= rest <= 2 * self.later

    # ----------------------------------------------------- the reference

    def musts(self):
        """What the two rules ask for with the fewest changes: (1 or 2,
        {(system, action)}) for each system."""
        out = []
        for s in self.systems:
            mine = [p for p in self.pairs.values() if p.system is s]
            now = [p for p in mine if p.urgent]
            patch = bool(s.days) and s.days[0] < 7
            chosen = ()
            if now:
                chosen = self.cover(s, mine, [
                    [a for a in EFFECT if p.can(a)
                     and (a != "patch" or patch)] for p in now])
                out.append((1, [(s, a) for a in chosen]))
            rest = [p.others for p in mine if p.instead and not p.urgent
                    and not set(p.others) & set(chosen)]
            if rest:
                out.append((2, [(s, a) for a in self.cover(s, mine, rest)]))
        return out

    @staticmethod
    def cover(system, pairs, needs):
        """The fewest actions that meet each need, the best of these."""
        for n in range(1, 5):
            good = [c for c in combinations(EFFECT, n)
                    if all(set(c) & set(need) for need in needs)]
            if good:
                return max(good, key=lambda c: sum(
                    p.risk * max([EFFECT[a] for a in c if p.can(a)] or [0])
                    for p in pairs))
        raise AssertionError(system.id)

    def reference(self):
        """{pair key: (action, week)}: the rules first, then always the
        change that removes most."""
        free = dict(enumerate(self.capacity, 1))
        mine = {}
        for p in self.pairs.values():
            mine.setdefault(p.system.id, []).append(p)
        plan, worth = {}, dict.fromkeys(self.pairs, 0)

        def gain(s, action, week, do=False):
            sum_ = 0
            for p in mine.get(s.id, ()):
                if p.can(action):
                    v = p.risk * EFFECT[action] * (WEEKS + 1 - week)
                    if v > worth[p.key]:
                        sum_ += v - worth[p.key]
                        if do:
                            worth[p.key], plan[p.key] = v, (action, week)
            return sum_

        must, options = set(), {}
        for week, changes in self.musts():
            for s, action in changes:
                if week == 1:
                    gain(s, action, 1, True)
                    free[1] -= 1
                else:
                    must.add((s.id, action))
        for s in self.systems:
            weeks = {n // 7 + 1 for n in s.days}
            for action in EFFECT:
                for week in weeks if action == "patch" else free:
                    key = s.id, action, week
                    options[key] = s, gain(s, action, week)
        while sum(free.values()):
            tight = sum(free.values()) <= len(must)
            best, most, dead = None, 0, []
            for key, (s, old) in options.items():
                if old <= most or not free[key[2]] \
                        or tight and key[:2] not in must:
                    continue
                now = gain(s, key[1], key[2])
                options[key] = s, now
                if now > most:
                    best, most = key, now
                elif not now:
                    dead.append(key)
            if best is None:
                break
            for key in dead:
                del options[key]
            gain(options[best][0], best[1], best[2], True)
            free[best[2]] -= 1
            must.discard(best[:2])
        return plan

    def value(self, plan):
        return sum(self.pairs[key].risk * EFFECT[action] * (WEEKS + 1 - week)
                   for key, (action, week) in plan.items())
