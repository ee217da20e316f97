"""What the learner's program is asked in a trial, and what for.

A scene is a fresh copy of the data, some requests in a row, and the check that
it belongs to.  `cases` writes down the requests alone, in an order that tells
nothing; `check` makes the same scenes again and knows what was expected.
"""

from kit.stream import Rng
from truth import Book, Request, World

BROKEN = {"transfers": "T_TRANSFER", "sessions": "T_SESSION"}


class Scene:
    """data: "book", a key of BROKEN, or "no database". steps: a request, its
    answer, and what the log must say of it (None: nothing is asked)."""

    def __init__(self, check, area, data="book"):
        self.check, self.area, self.data = check, area, data
        self.steps = []


class Logged:
    """A line of the log: customer, request, status, words of the detail."""

    def __init__(self, who, request, status, words=()):
        self.who, self.request, self.status = who, request, status
        self.words = words


class Trial:
    def __init__(self, seed):
        self.world = w = World(seed)
        self.n = w.names
        self.rng = rng = Rng(seed, "scenes")
        n = self.n
        column, table = n["C_AMOUNT"], n["T_TRANSFER"]
        token, session = n["C_TOKEN"], n["T_SESSION"]
        tag = "%04x" % rng.below(65536)
        every = "SELECT " + ", ".join(n[c] for c in (
            "C_REF", "C_NUMBER", "C_DAY", "C_AMOUNT", "C_PAYEE", "C_MEMO"))
        # Attacks, some of which also stand in the data: there the right
        # answer is the rows with this text, not an empty one.
        self.stored = ["' OR '%s'='%s" % (tag, tag),
                       "') > 0) OR %d=%d --" % (len(tag), len(tag)),
                       "x' OR %s > 0 --" % column]
        self.attacks = {
            "search": ["zz') > 0) OR 1=1 -- ",
                       "zz') > 0) UNION %s FROM %s --" % (every, table),
                       "zz') > 0) UNION SELECT %s, '', '', 0, '', '' FROM %s"
                       " --" % (token, session)],
            "detail": ["' OR 1=1 -- ", "zz' UNION %s FROM %s --" % (
                every, table), "zz' UNION SELECT %s, '', '', 0, '', ''"
                " FROM %s --" % (token, session)],
            "label": ["zz' OR '1'='1", "zz' OR %s > 0 --" % column],
            "sort": [n["C_MEMO"], n["C_REF"], "2", n["C_AMOUNT"].upper(),
                     "%s, %s" % (n["C_DAY"], n["C_AMOUNT"]),
                     n["C_DAY"] + " DESC", n["C_DAY"] + "--", "rowid",
                     "(CASE WHEN (SELECT count(*) FROM %s) > 0 THEN %s ELSE"
                     " %s END)" % (session, n["C_DAY"], column)],
        }
        self.book = b = Book(w, "hidden", self.stored)
        for customer in b.customers:
            own = [x for x in b.own(customer) if x != b.empty]
            b.add(own[0], ref="%s-O'B/%d" % (tag, customer))
        for text in self.stored:
            b.add(b.own(b.customers[1])[0], ref=text)
        # Labels that somebody registered before the input was looked at.
        self.old_labels = {
            c: [b.register(c, t) for t in [rng.pick(QUOTED_LABELS)]
                + self.stored] for c in b.customers}
        self.scenes = []
        self._functions()
        self._injections()
        self._access()
        self._log()
        self._errors()
        rng.shuffle(self.scenes)

    # ------------------------------------------------------------- helpers

    def ask(self, route, who, method="GET", **given):
        """A request of a customer; parameters by the end of their token."""
        return Request(self.n["R_" + route],
                       {self.n["P_" + k]: v for k, v in given.items()},
                       self.book.sid.get(who, who), method)

    def scene(self, check, area, *requests, words=None):
        s = Scene(check, area)
        book = self.book.copy()
        for r in requests:
            status, body, who, detail = book.answer(r)
            known = r.page in self.book.names.values()
            line = "%s %s" % (r.method, r.page if known else "-")
            s.steps.append((r, (status, body), Logged(
                str(who or "-"), line, str(status), words or ())))
        self.scenes.append(s)

    # -------------------------------------------------------------- scenes

    def _functions(self):
        b, ask = self.book, self.ask
        a, c1, c2, d, e, f = b.customers
        n = self.n
        own = b.own

        def works(area, *requests):
            self.scene("c1", area, *requests)

        works("accounts", ask("ACCOUNTS", a), ask("ACCOUNTS", d))
        works("history", ask("HISTORY", a, NUMBER=own(a)[0]),
              ask("HISTORY", f, NUMBER=own(f)[1], SORT=n["C_PAYEE"],
                  DIR="asc"),
              ask("HISTORY", e, NUMBER=own(e)[0], SORT=n["C_AMOUNT"]),
              ask("HISTORY", c1, NUMBER=own(c1)[1], SORT=n["C_DAY"],
                  DIR="asc"))
        works("delegate", ask("HISTORY", a, NUMBER=own(c1)[0]),
              ask("HISTORY", e, NUMBER=own(d)[0], SORT=n["C_AMOUNT"],
                  DIR="desc"))
        works("history", ask("HISTORY", a, NUMBER="0000000"),
              ask("HISTORY", a, NUMBER=own(a)[0], DIR="up"),
              ask("HISTORY", a))
        works("search", ask("SEARCH", a, WORD="商事"),
              ask("SEARCH", d, WORD="家賃", LEAST="50000"),
              ask("SEARCH", c2, WORD="zzqq"),
              ask("SEARCH", c2, WORD="LAB", LEAST="many"))
        works("detail", ask("DETAIL", a, REF=self._ref(a)),
              ask("DETAIL", a, REF=self._ref(c1, own(c1)[0])),
              ask("DETAIL", c2, REF=self._ref(d)))
        name = self.rng.pick([t[4] for t in b.transfers
                              if t[1] == own(c2)[0] and t[4].isalpha()])
        works("payees", ask("PAYEES", c2, "POST", LABEL=name),
              ask("PAYEES", c2),
              ask("SUMMARY", c2, ID=str(len(b.payees) + 1)),
              ask("SUMMARY", d, ID=str(len(b.payees) + 1)),
              ask("PAYEES", c2, "POST", LABEL="x" * 61))
        works("payees", *[ask("SUMMARY", c, ID=str(i)) for i, c, _ in
                          b.payees[:12:5]])
        works("frame", ask("HISTORY", "0" * 24, NUMBER=own(a)[0]),
              Request("/none", sid=b.sid[a]),
              ask("SEARCH", a, "POST", WORD="x"))

    def _ref(self, who, number=None):
        """A plain reference in an account of `who`."""
        number = number or self.book.own(who)[0]
        return self.rng.pick([t[0] for t in self.book.transfers
                              if t[1] == number and "'" not in t[0]])

    def _injections(self):
        b, ask, rng = self.book, self.ask, self.rng
        who = list(b.customers)
        rng.shuffle(who)
        for text in self.attacks["search"]:
            self.scene("c2", "attack", ask("SEARCH", who[0], WORD=text))
        self.scene("c2", "literal", *[ask("SEARCH", who[1], WORD=text)
                                      for text in self.stored])
        self.scene("c2", "quote", *[ask("SEARCH", who[2], WORD=text)
                                    for text in ("O'HARA", "'", "D'OR")])
        for text in self.attacks["detail"]:
            self.scene("c3", "attack", ask("DETAIL", who[3], REF=text))
        known = self._ref(who[4])
        self.scene("c3", "attack", ask("DETAIL", who[4],
                                       REF=known + "' AND '1'='1"))
        self.scene("c3", "literal", *[
            ask("DETAIL", b.customers[1], REF=text) for text in self.stored])
        self.scene("c3", "quote", ask("DETAIL", who[5], REF=[
            t[0] for t in b.transfers if t[0].endswith("/%d" % who[5])][0]))
        for text in self.attacks["label"]:
            self.scene("c4", "new", ask("PAYEES", who[0], "POST", LABEL=text),
                       ask("SUMMARY", who[0], ID=str(len(b.payees) + 1)))
        self.scene("c4", "old", *[ask("SUMMARY", who[1], ID=str(i))
                                  for i in self.old_labels[who[1]]])
        self.scene("c4", "quote",
                   ask("PAYEES", who[2], "POST", LABEL="O'HARA TRADING"),
                   ask("PAYEES", who[2]),
                   ask("SUMMARY", who[2], ID=str(len(b.payees) + 1)))
        number = b.own(who[3])[1 if b.own(who[3])[0] == b.empty else 0]
        sorts = self.attacks["sort"]
        rng.shuffle(sorts)
        for part in (sorts[:5], sorts[5:]):
            self.scene("c5", "sort", *[
                ask("HISTORY", who[3], NUMBER=number, SORT=s) for s in part])

    def _access(self):
        b, ask = self.book, self.ask
        a, c1, c2, d, e, f = b.customers
        own = b.own
        self.scene("c6", "other", ask("HISTORY", d, NUMBER=own(a)[0]),
                   ask("HISTORY", a, NUMBER=own(c1)[1]),
                   ask("HISTORY", c1, NUMBER=own(a)[1],
                       SORT=self.n["C_AMOUNT"], DIR="asc"))
        self.scene("c6", "other", ask("HISTORY", e, NUMBER=own(d)[1]),
                   ask("HISTORY", f, NUMBER=own(e)[1]))
        self.scene("c6", "revoked", ask("HISTORY", a, NUMBER=own(c2)[0]),
                   ask("HISTORY", d, NUMBER=own(f)[1]))

    def _log(self):
        b, ask, rng = self.book, self.ask, self.rng
        who = rng.pick(b.customers)
        other = rng.pick([c for c in b.customers if c != who])
        for page, name, breaks in (("SEARCH", "WORD", "\n"),
                                   ("SEARCH", "WORD", "\r\n"),
                                   ("DETAIL", "REF", "\n"),
                                   ("DETAIL", "REF", "\t"),
                                   ("SEARCH", "WORD", "\x1b[2K\r")):
            first, last = ("k%05x" % rng.below(1 << 20) for _ in range(2))
            forged = "%s%s2026-09-30T03:04:05Z\t%d\tGET %s\t200\t%s" % (
                first, breaks, other, self.n["R_ACCOUNTS"], last)
            self.scene("c7", "line", ask(page, who, **{name: forged}),
                       words=(first, last))
        word = "k%05x" % rng.below(1 << 20)
        self.scene("c7", "kept", ask("SEARCH", who, WORD=word), words=(word,))

    def _errors(self):
        """The data base is damaged: what the client sees, and the log."""
        b, ask = self.book, self.ask
        a = b.customers[0]
        for data, who, r, words in (
                ("transfers", str(a), ask("SEARCH", a, WORD="LAB"),
                 ("OperationalError",)),
                ("transfers", str(a), ask("HISTORY", a, NUMBER=b.own(a)[0]),
                 ("OperationalError",)),
                ("sessions", "-", ask("ACCOUNTS", a), ("OperationalError",)),
                ("no database", "-", ask("DETAIL", a, REF="x"),
                 ("DatabaseError",))):
            s = Scene("c8", "error", data)
            s.steps.append((r, (500, {"error": "internal_error"}), Logged(
                who, "GET " + r.page, "500", words)))
            self.scenes.append(s)

    def plan(self):
        """What the trial gets: no word of what is expected, or why."""
        data = {"book": self.book.sql(), "no database": None}
        for name, token in BROKEN.items():
            data[name] = self.book.sql(without=token)
        # The names of the data would tell more than a number does.
        order = sorted(data)
        self.rng.shuffle(order)
        return {"data": [data[name] for name in order],
                "scenes": [{"data": order.index(s.data),
                            "steps": [r.plain() for r, _, _ in s.steps]}
                           for s in self.scenes]}


QUOTED_LABELS = ("O'HARA TRADING", "D'OR FLEURS", "L'ETOILE KK")
