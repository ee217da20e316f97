#!/usr/bin/env python3
"""BANKNAME, corporate internet banking: transfer history.  A CGI program.

One process answers one request.  The web server gives the request by the
usual CGI variables and, of a POST, a form on standard input; and
    BANK_DB   the SQLite database
    BANK_LOG  the audit log, one line per request
The answer is JSON.  What each page must do stands in spec.md.
"""

import json
import os
import sqlite3
import sys
import traceback
from datetime import datetime, timezone
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

BODY_MAX = 4096
TEXT_MAX = 200
LABEL_MAX = 60

REASONS = {200: "OK", 201: "Created", 400: "Bad Request",
           401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed",
           500: "Internal Server Error"}

# Accounts that :who may look at: own ones, and those entrusted to them.
MY_ACCOUNTS = ("SELECT C_NUMBER FROM T_ACCOUNT WHERE C_OWNER = :who"
               " UNION SELECT C_NUMBER FROM T_DELEGATE"
               " WHERE C_CUSTOMER = :who AND C_REVOKED = 0")
FIELDS = "C_REF, C_NUMBER, C_DAY, C_AMOUNT, C_PAYEE, C_MEMO"


class Refused(Exception):
    """An answer that is no page: a status and a word for the client."""

    def __init__(self, status, word):
        super().__init__(word)
        self.status = status
        self.word = word


class Request:
    """What the client asks for; nothing of it is to be trusted."""

    def __init__(self, env, stdin):
        self.method = env.get("REQUEST_METHOD", "GET")
        self.path = env.get("PATH_INFO", "/")
        self.given = self.parse(env.get("QUERY_STRING", ""))
        if self.method == "POST":
            size = env.get("CONTENT_LENGTH") or "0"
            size = int(size) if size.isdigit() else 0
            self.given = self.parse(
                stdin.read(min(size, BODY_MAX)).decode("ascii", "replace"))
        self.token = self.cookie(env.get("HTTP_COOKIE", ""))
        self.detail = "-"               # for the audit log

    @staticmethod
    def parse(text):
        pairs = parse_qs(text, keep_blank_values=True, errors="replace")
        return {name: values[0] for name, values in pairs.items()}

    @staticmethod
    def cookie(text):
        try:
            morsel = SimpleCookie(text).get("sid")
        except CookieError:
            return ""
        return morsel.value if morsel else ""

    def text(self, name, default=None, limit=TEXT_MAX):
        value = self.given.get(name, default)
        if value is None or not 0 < len(value) <= limit:
            raise Refused(400, "bad_request")
        return value

    def number(self, name, default=None):
        value = self.text(name, default, 12)
        if not (value.isascii() and value.isdigit()):
            raise Refused(400, "bad_request")
        return int(value)


def signed_in(db, req):
    """The customer of the session."""
    row = db.execute("SELECT C_CUSTOMER FROM T_SESSION WHERE C_TOKEN = ?",
                     (req.token,)).fetchone()
    if row is None:
        raise Refused(401, "sign_in")
    return row[0]


def transfers(rows):
    names = ("ref", "account", "day", "amount", "payee", "memo")
    return [dict(zip(names, row)) for row in rows]


# ------------------------------------------------------------------- pages

def accounts(db, who, req):
    """The accounts that the customer may look at."""
    rows = db.execute(
        f"SELECT C_NUMBER, C_KIND, C_OWNER = :who FROM T_ACCOUNT"
        f" WHERE C_NUMBER IN ({MY_ACCOUNTS}) ORDER BY C_NUMBER", {"who": who})
    return 200, {"accounts": [
        {"number": number, "kind": kind,
         "role": "owner" if own else "delegate"}
        for number, kind, own in rows]}


def history(db, who, req):
    """The transfers of one account, in the order that is asked for."""
    number = req.text("P_NUMBER", limit=20)
    req.detail = number
    sort = req.text("P_SORT", "C_DAY")
    direction = {"asc": "ASC", "desc": "DESC"}.get(req.text("P_DIR", "desc"))
    if direction is None:
        raise Refused(400, "bad_request")
    row = db.execute("SELECT C_KIND FROM T_ACCOUNT WHERE C_NUMBER = ?",
                     (number,)).fetchone()
    if row is None:
        raise Refused(404, "not_found")
    rows = db.execute(
        "SELECT " + FIELDS + " FROM T_TRANSFER WHERE C_NUMBER = ?"
        " ORDER BY " + sort + " " + direction + ", C_REF", (number,))
    return 200, {"account": number, "kind": row[0],
                 "transfers": transfers(rows)}


def search(db, who, req):
    """Transfers with a word in the payee's name or the memo."""
    word = req.text("P_WORD")
    req.detail = word
    least = req.number("P_LEAST", "0")
    rows = db.execute(
        SEARCH_SQL,
        {"who": who, "least": least})
    return 200, {"transfers": transfers(rows)}


def detail(db, who, req):
    """One transfer, by the reference that the customer gave it."""
    ref = req.text("P_REF")
    req.detail = ref
    rows = db.execute(
        DETAIL_SQL,
        {"who": who}).fetchall()
    if not rows:
        raise Refused(404, "not_found")
    return 200, {"transfer": transfers(rows)[0]}


def payees(db, who, req):
    """The payees that the customer has registered; POST: one more."""
    if req.method == "POST":
        label = req.text("P_LABEL", limit=LABEL_MAX)
        req.detail = label
        done = db.execute(
            "INSERT INTO T_PAYEE (C_CUSTOMER, C_LABEL) VALUES (?, ?)",
            (who, label))
        return 201, {"id": done.lastrowid}
    rows = db.execute("SELECT C_ID, C_LABEL FROM T_PAYEE"
                      " WHERE C_CUSTOMER = ? ORDER BY C_ID", (who,))
    return 200, {"payees": [{"id": i, "label": label} for i, label in rows]}


def summary(db, who, req):
    """How often and how much was sent to a registered payee."""
    chosen = req.number("P_ID")
    req.detail = str(chosen)
    row = db.execute("SELECT C_LABEL FROM T_PAYEE"
                     " WHERE C_ID = ? AND C_CUSTOMER = ?",
                     (chosen, who)).fetchone()
    if row is None:
        raise Refused(404, "not_found")
    label = row[0]
    count, total = db.execute(
        "SELECT count(*), coalesce(sum(C_AMOUNT), 0) FROM T_TRANSFER"
        " WHERE C_NUMBER IN (%s) AND C_PAYEE = '%s'" % (MY_ACCOUNTS, label),
        {"who": who}).fetchone()
    return 200, {"label": label, "count": count, "total": total}


PAGES = {
    "R_ACCOUNTS": (accounts, ("GET",)),
    "R_HISTORY": (history, ("GET",)),
    "R_SEARCH": (search, ("GET",)),
    "R_DETAIL": (detail, ("GET",)),
    "R_PAYEES": (payees, ("GET", "POST")),
    "R_SUMMARY": (summary, ("GET",)),
}


# -------------------------------------------------------------------- frame

def write_log(req, who, status):
    """One line: time, customer, request, status, detail; tabs between."""
    method = req.method if req.method in ("GET", "POST") else "-"
    path = req.path if req.path in PAGES else "-"
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    line = f"{now}\t{who or '-'}\t{method} {path}\t{status}\t{req.detail}\n"
    with open(os.environ["BANK_LOG"], "a", encoding="utf-8",
              newline="") as f:
        f.write(line)


def reply(status, body):
    text = json.dumps(body, ensure_ascii=False).encode("utf-8")
    head = (f"Status: {status} {REASONS[status]}\r\n"
            "Content-Type: application/json; charset=utf-8\r\n"
            "Cache-Control: no-store\r\n"
            f"Content-Length: {len(text)}\r\n\r\n")
    sys.stdout.buffer.write(head.encode("ascii") + text)


def main():
    req = Request(os.environ, sys.stdin.buffer)
    who = None
    try:
        db = sqlite3.connect(os.environ["BANK_DB"])
        try:
            who = signed_in(db, req)
            if req.path not in PAGES:
                raise Refused(404, "not_found")
            page, methods = PAGES[req.path]
            if req.method not in methods:
                raise Refused(405, "method")
            status, body = page(db, who, req)
            db.commit()
        finally:
            db.close()
    except Refused as e:
        status, body = e.status, {"error": e.word}
    except Exception as e:
        req.detail = f"{type(e).__name__}: {e}"
        status = 500
        body = {"error": "internal_error", "detail": traceback.format_exc()}
    write_log(req, who, status)
    reply(status, body)


if __name__ == "__main__":
    main()
