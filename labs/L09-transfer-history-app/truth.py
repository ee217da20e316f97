"""The world of lab L09: the names in the program, its data, and what each
request must be answered with.

`Book` is the data of one bank; `answer` is spec.md once more, over Python
lists instead of SQL: what a program says that was put right.
"""

import os
import re
from urllib.parse import quote

from kit.stream import Rng

NAMES = {
    "T_ACCOUNT": ("account", "acct", "koza", "deposit"),
    "T_DELEGATE": ("delegate", "proxy", "mandate", "entrusted"),
    "T_TRANSFER": ("transfer", "remittance", "furikomi", "outgoing"),
    "T_PAYEE": ("payee", "counterparty", "uketori", "beneficiary"),
    "T_SESSION": ("session", "login_state", "sign_in", "web_session"),
    "C_NUMBER": ("acct_no", "account_number", "koza_no", "acc_num"),
    "C_OWNER": ("owner_id", "holder", "meigi", "held_by"),
    "C_CUSTOMER": ("customer", "cust_id", "client_no", "keiyaku"),
    "C_REVOKED": ("revoked", "ended", "stopped", "cancelled"),
    "C_KIND": ("kind", "acct_type", "shumoku", "product"),
    "C_REF": ("ref_no", "customer_ref", "irai_no", "end_to_end"),
    "C_DAY": ("value_day", "paid_on", "shitei_bi", "settled_on"),
    "C_AMOUNT": ("amount", "yen", "kingaku", "amt_jpy"),
    "C_PAYEE": ("payee_name", "paid_to", "uketori_nin", "creditor"),
    "C_MEMO": ("memo", "remark", "tekiyo", "note_text"),
    "C_LABEL": ("label", "registered_name", "toroku_mei", "full_name"),
    "C_TOKEN": ("token", "sid_value", "session_key", "ticket"),
    "C_ID": ("id", "entry", "seq_no", "row_no"),
    "P_NUMBER": ("acct", "account", "koza", "no"),
    "P_SORT": ("sort", "order", "by", "narabi"),
    "P_DIR": ("dir", "direction", "way", "muki"),
    "P_WORD": ("q", "word", "keyword", "kotoba"),
    "P_LEAST": ("min", "least", "from_amount", "kagen"),
    "P_REF": ("ref", "reference", "irai", "key"),
    "P_LABEL": ("name", "payee", "toroku", "title"),
    "P_ID": ("id", "entry", "pid", "number"),
    "R_ACCOUNTS": ("/accounts", "/koza", "/my-accounts", "/list"),
    "R_HISTORY": ("/history", "/meisai", "/statement", "/rireki"),
    "R_SEARCH": ("/search", "/find", "/kensaku", "/lookup"),
    "R_DETAIL": ("/detail", "/transfer", "/shosai", "/one"),
    "R_PAYEES": ("/payees", "/uketori", "/registered", "/book"),
    "R_SUMMARY": ("/summary", "/shukei", "/total", "/sum"),
}
BANKS = ("Tokiwa", "Hinode", "Shirakaba", "Minamo", "Akebono", "Kasumi")
TOKEN = re.compile(r"\b[TCPR]_[A-Z]+\b")

# Where a value is put into the text of SQL: four ways to the same mistake.
SEARCH = (
    '''f"SELECT {FIELDS} FROM T_TRANSFER"
        f" WHERE C_NUMBER IN ({MY_ACCOUNTS}) AND C_AMOUNT >= :least"
        f" AND (instr(C_PAYEE, '{word}') > 0"
        f" OR instr(C_MEMO, '{word}') > 0) ORDER BY C_REF"''',
    '''"SELECT %s FROM T_TRANSFER WHERE C_NUMBER IN (%s)"
        " AND C_AMOUNT >= :least AND (instr(C_PAYEE, '%s') > 0"
        " OR instr(C_MEMO, '%s') > 0) ORDER BY C_REF"
        % (FIELDS, MY_ACCOUNTS, word, word)''',
    '''"SELECT {} FROM T_TRANSFER WHERE C_NUMBER IN ({})"
        " AND C_AMOUNT >= :least AND (instr(C_PAYEE, '{}') > 0"
        " OR instr(C_MEMO, '{}') > 0) ORDER BY C_REF".format(
            FIELDS, MY_ACCOUNTS, word, word)''',
    '''"SELECT " + FIELDS + " FROM T_TRANSFER"
        " WHERE C_NUMBER IN (" + MY_ACCOUNTS + ") AND C_AMOUNT >= :least"
        " AND (instr(C_PAYEE, '" + word + "') > 0"
        " OR instr(C_MEMO, '" + word + "') > 0) ORDER BY C_REF"''')
DETAIL = (
    '''f"SELECT {FIELDS} FROM T_TRANSFER"
        f" WHERE C_NUMBER IN ({MY_ACCOUNTS}) AND C_REF = '{ref}'"''',
    '''"SELECT %s FROM T_TRANSFER"
        " WHERE C_NUMBER IN (%s) AND C_REF = '%s'"
        % (FIELDS, MY_ACCOUNTS, ref)''',
    '''"SELECT {} FROM T_TRANSFER"
        " WHERE C_NUMBER IN ({}) AND C_REF = '{}'".format(
            FIELDS, MY_ACCOUNTS, ref)''',
    '''"SELECT " + FIELDS + " FROM T_TRANSFER"
        " WHERE C_NUMBER IN (" + MY_ACCOUNTS + ") AND C_REF = '" + ref + "'"''')

PAYEES = ("アオバ商事", "ミナト水産", "キタノ運輸", "タチバナ製作所", "ハルカ印刷",
          "ウミネコ海運", "サクラギ不動産", "ヤマビコ電機", "R&D LAB",
          "スズカケ事務機", "コダマ警備", "HOKUTO FOODS", "モミジ設計")
QUOTED = ("O'HARA TRADING", "D'OR FLEURS", "L'ETOILE KK", "N'GUYEN FOODS")
MEMOS = ("9月分", "家賃", "請求書", "手数料込み", "前渡し", "保守料", "仕入",
         "給与", "立替精算", "秋の催事", "INVOICE", "再送分")
KINDS = ("普通", "当座", "貯蓄")
TEXT_MAX, LABEL_MAX = 200, 60


class Request:
    """GET or POST of a page, by a customer's session."""

    def __init__(self, page, given=None, sid="", method="GET"):
        self.page, self.given, self.sid = page, given or {}, sid
        self.method = method

    def plain(self):
        """As the trial and the tests send it."""
        text = "&".join("%s=%s" % (quote(k, safe=""), quote(v, safe=""))
                        for k, v in self.given.items())
        post = self.method == "POST"
        return {"method": self.method, "path": self.page, "sid": self.sid,
                "query": "" if post else text, "body": text if post else ""}


class World:
    """Everything that the seed decides but the data."""

    def __init__(self, seed):
        self.seed = seed
        rng = Rng(seed, "names")
        prefix = "".join(rng.pick("bcdfghjkmnprstvw") for _ in range(2))
        prefix += "%d_" % rng.between(2, 9)
        self.names = {}
        for token, choices in NAMES.items():
            name = rng.pick(choices)
            self.names[token] = prefix + name if token[0] == "T" else name
        self.bank = rng.pick(BANKS) + " Bank"
        self.ticket = "SEC-%06d" % rng.below(1000000)
        self.search = rng.pick(SEARCH)
        self.detail = rng.pick(DETAIL)

    def fill(self, text):
        """A text with the names of this world in it."""
        text = text.replace("SEARCH_SQL", self.search)
        text = text.replace("DETAIL_SQL", self.detail)
        text = text.replace("BANKNAME", self.bank)
        text = text.replace("TICKET", self.ticket)
        return TOKEN.sub(lambda m: self.names[m.group()], text)

    def app(self):
        """The program as it is given to the learner."""
        home = os.path.dirname(os.path.abspath(__file__))
        with open(os.path.join(home, "bank.py"), encoding="utf-8") as f:
            return self.fill(f.read())


def _text(value):
    return "'%s'" % value.replace("'", "''")


class Book:
    """The data of one bank.  `strange` are texts that stand in it as memo,
    reference, payee and label: what somebody once typed in."""

    CUSTOMERS, TRANSFERS = 6, 12

    def __init__(self, world, label, strange=()):
        self.world, self.names = world, world.names
        self.rng = rng = Rng(world.seed, "book " + label)
        start = rng.between(1000, 8000)
        self.customers = [start + 7 * i + rng.below(7)
                          for i in range(self.CUSTOMERS)]
        self.sid = {c: "%08x%08x%08x" % (rng.word(), rng.word(), rng.word())
                    for c in self.customers}
        self.owner, self.kind = {}, {}
        for c in self.customers:
            for _ in range(2):
                number = "%07d" % rng.between(1000000, 9999999)
                while number in self.owner:
                    number = "%07d" % rng.between(1000000, 9999999)
                self.owner[number] = c
                self.kind[number] = rng.pick(KINDS)
        own = self.own
        a, b, c, d, e, f = self.customers
        # a may look at one account of b, and no longer at one of c; d and e
        # have entrusted each other with one.
        self.delegates = [(own(b)[0], a, 0), (own(c)[0], a, 1),
                          (own(d)[0], e, 0), (own(e)[1], d, 0),
                          (own(f)[1], d, 1)]
        self.transfers = []             # ref, number, day, amount, payee, memo
        self.empty = own(b)[1]
        for number in self.owner:
            if number != self.empty:
                for _ in range(self.TRANSFERS):
                    self.add(number)
        self.payees = []                # id, customer, label
        for customer in self.customers:
            for name in rng.sample(PAYEES, 2):
                self.register(customer, name)
        for customer in self.customers:
            for text in strange:
                number = rng.pick([n for n in own(customer)
                                   if n != self.empty])
                self.add(number, memo=text)
                self.add(number, payee=text)
            for name in QUOTED:
                number = rng.pick([n for n in own(customer)
                                   if n != self.empty])
                self.add(number, payee=name)

    def own(self, customer):
        return [n for n, c in self.owner.items() if c == customer]

    def mine(self, customer):
        return set(self.own(customer)) | {
            n for n, c, revoked in self.delegates
            if c == customer and not revoked}

    def add(self, number, ref=None, payee=None, memo=None):
        rng = self.rng
        row = (ref or "%s-%04d-%02d" % (rng.pick(("INV", "PAY", "振込", "TR")),
                                        len(self.transfers), rng.below(100)),
               number, "2026-%02d-%02d" % (rng.between(4, 9),
                                           rng.between(1, 28)),
               rng.between(1, 900) * rng.pick((100, 1000, 5000, 12345)),
               payee or rng.pick(PAYEES),
               memo or rng.pick(MEMOS) + " %03d" % rng.below(1000))
        self.transfers.append(row)
        return row

    def register(self, customer, label):
        self.payees.append((len(self.payees) + 1, customer, label))
        return len(self.payees)

    def copy(self):
        twin = object.__new__(Book)
        twin.__dict__.update(self.__dict__, payees=list(self.payees))
        return twin

    def sql(self, without=None):
        """As statements; `without` the table of that token."""
        tables = (
            ("T_ACCOUNT", "C_NUMBER TEXT PRIMARY KEY, C_OWNER INTEGER,"
             " C_KIND TEXT", [(n, c, self.kind[n])
                              for n, c in self.owner.items()]),
            ("T_DELEGATE", "C_NUMBER TEXT, C_CUSTOMER INTEGER,"
             " C_REVOKED INTEGER", self.delegates),
            ("T_TRANSFER", "C_REF TEXT PRIMARY KEY, C_NUMBER TEXT,"
             " C_DAY TEXT, C_AMOUNT INTEGER, C_PAYEE TEXT, C_MEMO TEXT",
             self.transfers),
            ("T_PAYEE", "C_ID INTEGER PRIMARY KEY AUTOINCREMENT,"
             " C_CUSTOMER INTEGER, C_LABEL TEXT", self.payees),
            ("T_SESSION", "C_TOKEN TEXT PRIMARY KEY, C_CUSTOMER INTEGER",
             [(t, c) for c, t in self.sid.items()]))
        out = []
        for token, columns, rows in tables:
            if token == without:
                continue
            name = self.names[token]
            out.append(self.world.fill("CREATE TABLE %s (%s);\n" % (
                name, columns)))
            out += ["INSERT INTO %s VALUES (%s);\n" % (name, ", ".join(
                _text(v) if isinstance(v, str) else str(v) for v in row))
                for row in rows]
        return "".join(out)

    # ---------------------------------------------------- spec.md once more

    def answer(self, r):
        """(status, body, customer or None, detail) of a request."""
        who = {t: c for c, t in self.sid.items()}.get(r.sid)
        if who is None:
            return 401, {"error": "sign_in"}, None, "-"
        pages = {self.names["R_" + name.upper()]: getattr(self, "_" + name)
                 for name in ("accounts", "history", "search", "detail",
                              "payees", "summary")}
        if r.page not in pages:
            return 404, {"error": "not_found"}, who, "-"
        if r.method != "GET" and r.page != self.names["R_PAYEES"]:
            return 405, {"error": "method"}, who, "-"
        try:
            status, body, detail = pages[r.page](who, r.given, r.method)
        except ValueError:
            return 400, {"error": "bad_request"}, who, None
        except KeyError:
            return 404, {"error": "not_found"}, who, None
        return status, body, who, detail

    def _given(self, given, token, default=None, limit=TEXT_MAX):
        value = given.get(self.names[token], default)
        if value is None or not 0 < len(value) <= limit:
            raise ValueError
        return value

    def _number(self, given, token, default=None):
        value = self._given(given, token, default, 12)
        if not re.fullmatch("[0-9]+", value, re.ASCII):
            raise ValueError
        return int(value)

    @staticmethod
    def _rows(rows):
        keys = ("ref", "account", "day", "amount", "payee", "memo")
        return [dict(zip(keys, row)) for row in rows]

    def _accounts(self, who, given, method):
        return 200, {"accounts": [
            {"number": n, "kind": self.kind[n],
             "role": "owner" if self.owner[n] == who else "delegate"}
            for n in sorted(self.mine(who))]}, "-"

    def _history(self, who, given, method):
        number = self._given(given, "P_NUMBER", limit=20)
        sort = self._given(given, "P_SORT", self.names["C_DAY"])
        way = self._given(given, "P_DIR", "desc")
        column = {self.names["C_DAY"]: 2, self.names["C_AMOUNT"]: 3,
                  self.names["C_PAYEE"]: 4}
        if sort not in column or way not in ("asc", "desc"):
            raise ValueError
        if number not in self.mine(who):
            raise KeyError
        rows = sorted((t for t in self.transfers if t[1] == number),
                      key=lambda t: t[0].encode())
        at = column[sort]
        rows.sort(key=lambda t: t[at].encode() if at != 3 else t[at],
                  reverse=way == "desc")
        return 200, {"account": number, "kind": self.kind[number],
                     "transfers": self._rows(rows)}, number

    def _search(self, who, given, method):
        word = self._given(given, "P_WORD")
        least = self._number(given, "P_LEAST", "0")
        mine = self.mine(who)
        rows = sorted((t for t in self.transfers if t[1] in mine
                       and t[3] >= least and (word in t[4] or word in t[5])),
                      key=lambda t: t[0].encode())
        return 200, {"transfers": self._rows(rows)}, word

    def _detail(self, who, given, method):
        ref = self._given(given, "P_REF")
        mine = self.mine(who)
        rows = [t for t in self.transfers if t[0] == ref and t[1] in mine]
        if not rows:
            raise KeyError
        return 200, {"transfer": self._rows(rows)[0]}, ref

    def _payees(self, who, given, method):
        if method == "POST":
            label = self._given(given, "P_LABEL", limit=LABEL_MAX)
            return 201, {"id": self.register(who, label)}, label
        return 200, {"payees": [{"id": i, "label": label}
                                for i, c, label in self.payees
                                if c == who]}, "-"

    def _summary(self, who, given, method):
        chosen = self._number(given, "P_ID")
        for i, c, label in self.payees:
            if i == chosen and c == who:
                break
        else:
            raise KeyError
        mine = self.mine(who)
        sums = [t[3] for t in self.transfers if t[1] in mine and t[4] == label]
        return 200, {"label": label, "count": len(sums),
                     "total": sum(sums)}, str(chosen)
