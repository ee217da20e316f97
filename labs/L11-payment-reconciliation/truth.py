"""One day of payments of the invented Yamasemi Bank, made from a seed.

    world = World(seed)
    world.payments       what left the bank: Payment, in the order of sending
    world.incoming       what came in
    world.carried        what left the day before and is booked today
    world.fraud          forged and altered ones, in the order of sending
    world.exposure()     minor units by currency

Seconds are counted from 0:00 Japan time of the day.  Payments that nobody in
the bank made are `forged`; one that was made and left with another account
is `altered`; one that was made and whose ledger row was taken out is `erased`.
"""

from datetime import datetime, timedelta

from kit.stream import Rng, Weighted

HOUR, DAY = 3600, 86400
CURRENCIES = ("JPY", "USD", "EUR")
DECIMALS = {"JPY": 0, "USD": 2, "EUR": 2}
BIC, CORRESPONDENT = "YMSMXX22", "QLHVXX2A"
STP = "STP01"

# The statement knows what the correspondent received by then.
CLOSING = 27 * HOUR

# Mondays to Thursdays without a Japanese holiday: a business day follows.
FIRST, WEEKS = datetime(2026, 6, 1), 6

_HOME = ("ORIHAKU", "MINAZUKA", "TOBIKURA", "KAZEMORI", "YUKISHIBA",
         "HARUKANE", "ISOWAKE", "NAGIROU", "TSUZUMINO", "AKEHATA",
         "KURENAWA", "SHIROGAMI", "MOEGINO", "HOTARUZAWA", "KOGARASHI",
         "UMIKAZE", "TAKAMORO", "ASANAGI")
_HOME_TRADE = ("SEIKI", "SHOJI", "FOODS", "KOGYO", "LUMBER", "PHARMA",
               "MARINE PRODUCTS", "OPTICS")
_HOME_FORM = ("CO., LTD.", "K.K.", "INC.", "CO., LTD.")
_ABROAD = ("BRANNOCKDALE", "QUISTMOOR", "VELDERSTROM", "OSKARINE",
           "TAMBERLEY", "PELLAGRIN", "HOLMQUERN", "DRAVENSEE", "LISMORETTE",
           "ARKENVALE", "CORVANTIS", "JUNIPRA", "MARQUELLE", "NORDHAVEL",
           "SANTELMIRA", "WYCHENFORD", "ZELLENBRUCK", "FENWRIGHT")
_ABROAD_TRADE = ("TEXTILES", "VALVES", "GRAIN", "INSTRUMENTS", "LOGISTICS",
                 "CHEMICALS", "TIMBER", "SEAFOOD", "BEARINGS",
                 "INTERNATIONAL TRADING", "ENGINEERING", "PACKAGING")
_ABROAD_FORM = ("LTD.", "GMBH", "INC.", "PTE. LTD.", "B.V.", "CO., LTD.",
                "S.A.", "LLC")
_AGENTS = ("BRNKXX21", "OLDMXX3F", "TRVSXX22", "KESTXX44", "HNDLXX2L",
           "VALMXX33", "PRCSXX66", "LUNDXX2X", "SOLFXX55", "GRNTXX22",
           "MIRAXX7C", "ECHOXX31")
_PEOPLE = ("Kanda Mio", "Isobe Ryo", "Nozue Aya", "Tsuboi Ken", "Mukai Sara",
           "Oda Jun", "Hirano Emi", "Saeki Toru", "Wakui Nao", "Arai Kei",
           "Domoto Yu", "Fukae Rin")

REASONS = ("AC01", "AC04", "BE04", "RR04", "AG01")


class Party:
    __slots__ = ("name", "account", "agent")

    def __init__(self, name, account, agent):
        self.name, self.account, self.agent = name, account, agent


class Operator:
    """`hours`: (start, end, kind); kind is regular, overtime or leave."""
    __slots__ = ("id", "name", "role", "terminal", "hours")

    def on_duty(self, t, margin=0):
        return any(start + margin <= t <= end - margin
                   for start, end, kind in self.hours if kind != "leave")


class Payment:
    __slots__ = (
        "sent", "operator", "approver", "terminal", "currency", "amount",
        "debtor", "creditor", "to", "shown", "uetr", "e2e", "msg_id",
        "branch", "posted", "amended", "kind", "state", "settles",
        "answer", "reason", "answered", "resent", "cancelled", "hidden",
        "spelling", "hyphens", "entry_no", "job", "received")


class World:
    def __init__(self, seed):
        self.seed = seed
        rng = Rng(seed, "world")
        self.date = FIRST + timedelta(days=7 * rng.below(WEEKS)
                                      + rng.below(4))
        self.ymd = self.date.strftime("%y%m%d")
        self.statement_id = "QLHV-%s-%06X" % (self.ymd, rng.below(1 << 24))
        # Hundredths of a yen for one unit.
        self.rates = {"JPY": 100, "USD": rng.between(14000, 16500),
                      "EUR": rng.between(16600, 18500)}
        self.used = {}
        self._operators(Rng(seed, "operators"))
        self._parties(Rng(seed, "parties"))
        self._attack_times(Rng(seed, "times"))
        self._genuine(Rng(seed, "genuine"))
        self._forged(Rng(seed, "forged"))
        self._altered(Rng(seed, "altered"))
        self._states(Rng(seed, "states"))
        self._carried(Rng(seed, "carried"))
        self._numbers(Rng(seed, "numbers"))

    # -- time ----------------------------------------------------------------

    def local(self, t, form="%Y-%m-%dT%H:%M:%S+09:00"):
        return (self.date + timedelta(seconds=t)).strftime(form)

    def utc(self, t):
        return self.local(t - 9 * HOUR, "%Y-%m-%dT%H:%M:%SZ")

    def seconds(self, t):
        """Second t of the day from 2026-01-01 00:00 UTC."""
        gone = self.date - datetime(2026, 1, 1)
        return gone.days * DAY + t - 9 * HOUR

    # -- who -----------------------------------------------------------------

    def _operators(self, rng):
        early = (8 * HOUR + 1800, 17 * HOUR, "regular")
        late = (11 * HOUR + 1800, 20 * HOUR, "regular")
        plan = [("entry", early)] * 4 + [("entry", late)] * 3 \
            + [("approve", early)] * 2 + [("approve", late)] * 2
        numbers = rng.sample(range(101, 199), len(plan) + 1)
        names = rng.sample(_PEOPLE, len(plan) + 1)
        self.operators = []
        for i, (role, hours) in enumerate(plan + [("entry", None)]):
            o = Operator()
            o.id, o.name, o.role = "ops%d" % numbers[i], names[i], role
            o.terminal = "PAY%02d" % (i + 1)
            o.hours = [hours if hours else early[:2] + ("leave",)]
            self.operators.append(o)
        entry, approve = self.operators[:7], self.operators[7:11]
        self.abused = rng.pick(entry[:4])
        self.abused_approver = rng.pick(approve[:2])
        self.staying, self.staying_approver = entry[6], approve[3]
        self.overtime_end = 22 * HOUR + 60 * rng.pick((30, 40, 50))
        for o in (self.staying, self.staying_approver):
            o.hours.append((20 * HOUR, self.overtime_end, "overtime"))
        self.entry, self.approve = entry, approve

    def _uuid4(self, rng):
        d = bytearray(rng.data(16))
        d[6], d[8] = d[6] & 15 | 64, d[8] & 63 | 128
        h = d.hex()
        return "-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:]))

    def _account(self, rng):
        while True:
            text = "%d" % rng.between(1, 9) + "".join(
                "%d" % rng.below(10) for _ in range(rng.between(9, 12)))
            if text not in self.used:
                self.used[text] = True
                return text

    def _parties(self, rng):
        home = [(a, b) for a in _HOME for b in _HOME_TRADE]
        self.customers = [
            Party("%s %s %s" % (a, b, rng.pick(_HOME_FORM)),
                  "%03d%07d" % (rng.between(1, 60), rng.below(10000000)), BIC)
            for a, b in rng.sample(home, 110)]
        abroad = [(a, b) for a in _ABROAD for b in _ABROAD_TRADE]
        people = [
            Party("%s %s %s" % (a, b, rng.pick(_ABROAD_FORM)),
                  self._account(rng), rng.pick(_AGENTS))
            for a, b in rng.sample(abroad, 200)]
        self.abroad, self.strangers = people[:180], people[180:]

    # -- what the bank did -----------------------------------------------------

    def _attack_times(self, rng):
        """When the forged ones left; the last of them after the closing."""
        self.n = rng.between(4, 9)
        self.late = 1 if self.n < 6 else rng.between(1, 2)
        first = 21 * HOUR + rng.between(600, 3300)
        self.stopped = first - rng.between(480, 1500)   # the printer
        self.restarted = DAY + 7 * HOUR + rng.between(1800, 3000)
        times = {first}
        while len(times) < self.n - self.late:
            t = rng.between(first + 240, CLOSING - 900)
            if all(abs(t - other) >= 150 for other in times):
                times.add(t)
        last = set()
        while len(last) < self.late:
            t = CLOSING + rng.between(600, 5400)
            if all(abs(t - other) >= 150 for other in last):
                last.add(t)
        self.times = sorted(times) + sorted(last)

    def _amount(self, rng, currency, large=False):
        low, high = ((120000, 1990000) if large else Weighted((
            ((900, 9000), 30), ((9000, 60000), 38), ((60000, 300000), 22),
            ((300000, 2400000), 10))).draw(rng))
        if currency == "JPY":
            n = rng.between(low, high) * 100
            return n - n % (1000 if rng.chance(700) else 1)
        cents = 0 if rng.chance(350) else rng.below(100)
        return rng.between(low, high) * 100 + cents

    def _e2e(self, rng, branch):
        while True:
            text = "%03d-%s-%04d" % (branch, self.ymd, rng.below(10000))
            if text not in self.used:
                self.used[text] = True
                return text

    def payment(self, rng, sent, operator, approver):
        p = Payment()
        p.sent, p.operator, p.approver = sent, operator, approver
        p.terminal = operator.terminal if operator else "HOST"
        p.currency = Weighted((("USD", 55), ("JPY", 25), ("EUR", 20))
                              ).draw(rng)
        p.amount = self._amount(rng, p.currency)
        p.debtor, p.creditor = rng.pick(self.customers), rng.pick(self.abroad)
        p.to = p.shown = p.creditor     # as it left; as the gateway shows it
        p.uetr = self._uuid4(rng)
        p.branch = rng.between(1, 60)
        p.e2e = self._e2e(rng, p.branch)
        p.posted = sent - (rng.between(150, 1500) if operator else
                           rng.between(4, 40))
        p.amended = None                # (when, the party before)
        p.kind, p.state = "genuine", "BOOK"
        p.answer, p.reason = "ACSP", None
        p.answered = sent + rng.between(2, 40)
        p.resent = p.cancelled = None
        p.hidden = False
        p.spelling = p.hyphens = 0
        p.received = sent + rng.between(1, 8)
        return p

    def _genuine(self, rng):
        ours = self.payments = []
        for _ in range(rng.between(190, 220)):          # entered by hand
            t = rng.between(8 * HOUR + 2700, 20 * HOUR - 240)
            makers = [o for o in self.entry if o.on_duty(t, 180)]
            ours.append(self.payment(rng, t, rng.pick(makers), rng.pick(
                [o for o in self.approve if o.on_duty(t, 60)])))
        self.by_hand = list(ours)
        self.overtime = [self.payment(
            rng, rng.between(20 * HOUR + 300, self.overtime_end - 300),
            self.staying, self.staying_approver)
            for _ in range(rng.between(9, 14))]
        self.overrun = [self.payment(
            rng, 17 * HOUR + rng.between(60, 560), o, rng.pick(
                self.approve[2:])) for o in rng.sample(
                    self.entry[:4], rng.between(2, 3))]
        ours += self.overtime + self.overrun
        hours = Weighted(tuple(enumerate(
            (0, 0, 0, 0, 0, 0, 0, 2, 6, 16, 14, 13, 9, 12, 13, 14, 13, 8, 5,
             4, 3, 4, 4, 3, 3, 2, 2, 2, 2))))
        for _ in range(rng.between(150, 180)):          # straight through
            ours.append(self.payment(
                rng, hours.draw(rng) * HOUR + rng.below(HOUR), None, None))
        # The first and the last line of every record are genuine.
        for t in (6 * HOUR, 29 * HOUR):
            ours.append(self.payment(rng, t + rng.below(1800), None, None))
        # The same customer pays the same creditor the same amount again.
        for p, q in zip(rng.sample(self.by_hand, 4),
                        rng.sample(self.overtime, 2) + ours[-4:-2]):
            q.debtor, q.creditor, q.to, q.shown = (p.debtor, p.creditor,
                                                   p.to, p.shown)
            q.currency, q.amount = p.currency, p.amount
        for p in ours:
            p.spelling = rng.below(12)      # 1 and 2: written another way
            p.hyphens = rng.below(3)
        self.incoming = []
        hours = Weighted(tuple(enumerate(
            (0,) * 8 + (3, 5, 5, 5, 4, 4, 4, 5, 6, 6, 5, 4, 4, 4, 5, 5, 4, 3,
                        2, 2, 1))))
        for _ in range(rng.between(60, 85)):
            t = hours.draw(rng) * HOUR + 600 + rng.below(2900)
            p = self.payment(rng, t, None, None)
            p.debtor, p.creditor = rng.pick(self.abroad), rng.pick(
                self.customers)
            p.to = p.shown = p.creditor
            p.e2e = "%s%08d" % (rng.pick(("INV", "PO-", "RF")),
                                rng.below(100000000))
            p.posted = t + rng.between(30, 400)
            self.incoming.append(p)

    def _forged(self, rng):
        mules = rng.sample(self.strangers, 2 + self.n // 3)
        copied = rng.sample(self.by_hand, 2 if self.n < 7 else 3)
        early = rng.sample(range(self.n - self.late), self.n - self.late)
        self.forged = []
        for t in self.times:
            p = self.payment(rng, t, self.abused, self.abused_approver)
            p.creditor = p.to = p.shown = rng.pick(mules)
            p.kind, p.posted = "forged", None
            self.forged.append(p)
        # One is refused; one is booked, but its answer was rewritten; of
        # the others one or two are gone from the gateway's log.
        self.refused = self.forged[early[0]]
        self.rewritten = self.forged[early[1]]
        self.rest = [self.forged[i] for i in early[2:]]
        for p in self.rest[:2]:
            p.hidden = True
        alive = [p for p in self.forged if p is not self.refused]
        for p, currency in zip(rng.sample(alive, 3), CURRENCIES):
            p.currency = currency
        for p in self.forged:
            p.amount = self._amount(rng, p.currency, True)
        for p, q in zip(rng.sample(self.forged, len(copied)), copied):
            p.e2e, p.branch, p.debtor = q.e2e, q.branch, q.debtor
        # One is sent twice: no answer came in time.
        seen = [p for p in self.forged[:-self.late] if not p.hidden
                and p is not self.refused]
        p = rng.pick(seen)
        p.resent = p.sent + rng.between(61, 140)
        p.answered = p.resent + rng.between(2, 9)
        self.payments += self.forged

    def _altered(self, rng):
        # What the rest of the story does not need.
        free = [p for p in self.by_hand if p.sent < 19 * HOUR]
        rng.shuffle(free)
        # A harmless second sending: the gateway repeats, at night, what was
        # not answered, and that the abused operator entered in the day.
        self.harmless = max((p for p in free if p.operator is self.abused),
                            key=lambda p: p.sent)
        self.harmless.resent = 20 * HOUR + rng.between(60, 1200)
        self.harmless.answered = self.harmless.resent + rng.between(2, 9)
        take = (p for p in free if p is not self.harmless)
        self.altered = [next(take) for _ in range(rng.between(1, 3))]
        doctored = rng.between(0, 1) if len(self.altered) == 1 else \
            rng.between(1, len(self.altered) - 1)
        for i, p in enumerate(self.altered):
            p.kind = "altered"
            p.spelling = 0
            p.amount = self._amount(rng, p.currency, True)
            mule = self.strangers[-1 - i]
            p.to = Party(p.creditor.name if rng.chance(500) else mule.name,
                         mule.account, mule.agent)
            # Some of them look right in the gateway's own log.
            p.shown = p.creditor if i < doctored else p.to
        self.erased = [next(take) for _ in range(rng.between(2, 5))]
        for p in self.erased:
            p.kind = "erased"
        for p in [next(take) for _ in range(rng.between(2, 4))]:
            p.posted = p.sent - rng.between(700, 1800)
            wrong = Party(p.creditor.name, self._account(rng),
                          p.creditor.agent)
            p.amended = (p.sent - rng.between(70, 400), wrong)
        for p in [next(take) for _ in range(rng.between(5, 8))]:
            p.answer, p.reason, p.state = "RJCT", rng.pick(REASONS), "RJCT"
            p.answered = p.sent + rng.between(20, 900)
        for p in [next(take) for _ in range(2)]:
            p.cancelled = p.sent + rng.between(600, 2400)
            p.state = "CNCL"

    def _states(self, rng):
        for p in self.incoming:
            p.settles = 0
            if p.received > CLOSING:
                p.state = "NONE"
        for p in self.payments:
            if p.kind == "genuine" and p.state == "BOOK":
                if p.received > CLOSING:
                    p.state = "NONE"
                elif p is not self.harmless and rng.chance(40):
                    p.state = "PDNG"
        self.refused.answer, self.refused.state = "RJCT", "RJCT"
        self.refused.reason = rng.pick(REASONS)
        self.rewritten.answer, self.rewritten.reason = "RJCT", rng.pick(
            REASONS)
        for p in self.forged[-self.late:]:
            p.state = "NONE"
        open_ones = self.rest + self.altered
        for p in open_ones:
            p.state = "BOOK" if rng.chance(550) else "PDNG"
        pair = [self.rest[0], self.altered[0]]
        rng.shuffle(pair)
        pair[0].state, pair[1].state = "BOOK", "PDNG"
        for p in self.payments:
            if p.received > CLOSING and p.answer == "ACSP":
                p.answer = "ACTC"
            p.settles = int(p.state in ("PDNG", "NONE"))

    def _carried(self, rng):
        """Sent on the business day before, booked today."""
        back = 3 if self.date.weekday() == 0 else 1
        before = self.date - timedelta(days=back)
        self.carried = []
        for _ in range(rng.between(5, 9)):
            p = self.payment(rng, rng.between(14 * HOUR, 21 * HOUR)
                             - back * DAY, None, None)
            p.e2e = p.e2e.replace(self.ymd, before.strftime("%y%m%d"))
            self.carried.append(p)

    def _numbers(self, rng):
        self.payments.sort(key=lambda p: p.sent)
        self.incoming.sort(key=lambda p: p.sent)
        start = rng.between(20, 90)
        self.first_job = rng.between(21000, 68000)
        for i, p in enumerate(self.payments):
            p.msg_id = "%s%s%06d" % (BIC, self.ymd, start + i)
            p.job = self.first_job + i
        theirs = rng.between(100000, 700000)
        for p in self.incoming:
            theirs += rng.between(3, 90)
            p.msg_id = "%s%s%08d" % (CORRESPONDENT, self.ymd, theirs)
        self.fraud = [p for p in self.payments
                      if p.kind in ("forged", "altered")]

    # -- what a learner has to find ------------------------------------------------

    def uetrs(self, *kinds):
        return [p.uetr for p in self.payments if p.kind in kinds]

    def at_risk(self):
        return [p for p in self.fraud if p.state != "RJCT"]

    def settled(self):
        return [p.uetr for p in self.fraud if p.state == "BOOK"]

    def recallable(self):
        return [p.uetr for p in self.fraud if p.state in ("PDNG", "NONE")]

    def exposure(self):
        """Minor units by currency."""
        sums = dict.fromkeys(CURRENCIES, 0)
        for p in self.at_risk():
            sums[p.currency] += p.amount
        return sums

    def exposure_yen(self):
        """All of it in yen, each currency cut to whole yen."""
        return sum(n * self.rates[c] // (100 * 10 ** DECIMALS[c])
                   for c, n in self.exposure().items())


def money(currency, amount):
    """Minor units as text."""
    if not DECIMALS[currency]:
        return "%d" % amount
    return "%d.%02d" % divmod(amount, 100)
