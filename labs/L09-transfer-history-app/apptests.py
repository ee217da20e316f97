"""Tries a program as a web server would, on the data of data.sql.

    python3 apptests.py app.py              the eight tests of apptests.json
    python3 apptests.py app.py CUSTOMER PATH[?QUERY] [FORM] [+ PATH ...]
                                            a request of your own, by a
                                            customer of apptests.json; with
                                            FORM (name=value&...) a POST;
                                            after a + the next one, on the
                                            data that the first has left

data.sql and apptests.json are looked for beside this file.  Each test starts
with fresh data, in a folder that is removed at its end.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from urllib.parse import quote

HERE = os.path.dirname(os.path.abspath(__file__))
SECONDS = 10


class Place:
    """A data base and a log of its own, and requests to the program."""

    def __init__(self, app, folder):
        self.app, self.folder = os.path.abspath(app), folder
        self.db = os.path.join(folder, "bank.db")
        self.log = os.path.join(folder, "bank.log")
        with open(os.path.join(HERE, "data.sql"), encoding="utf-8") as f:
            db = sqlite3.connect(self.db)
            db.executescript("BEGIN;" + f.read() + "COMMIT;")
            db.close()

    def ask(self, step):
        """(status line, headers and body as text) of one request."""
        env = dict(os.environ, BANK_DB=self.db, BANK_LOG=self.log,
                   REQUEST_METHOD=step["method"], PATH_INFO=step["path"],
                   QUERY_STRING=step["query"],
                   CONTENT_LENGTH=str(len(step["body"])),
                   HTTP_COOKIE="sid=" + step["sid"])
        done = subprocess.run(
            [sys.executable, self.app], env=env, timeout=SECONDS,
            input=step["body"].encode("ascii"), stdout=subprocess.PIPE,
            cwd=self.folder)
        head, _, body = done.stdout.decode("utf-8").partition("\r\n\r\n")
        return head, body

    def logged(self):
        try:
            with open(self.log, encoding="utf-8", newline="") as f:
                return f.read()
        except FileNotFoundError:
            return ""


def status_of(head):
    for line in head.split("\r\n"):
        if line.lower().startswith("status:"):
            return int(line[7:].split()[0])
    return 200


def passes(place, test):
    for step in test["steps"]:
        what = "%s %s?%s%s" % (step["method"], step["path"], step["query"],
                               step["body"])
        before = place.logged()
        try:
            head, body = place.ask(step)
            got = status_of(head), json.loads(body)
        except (ValueError, IndexError, subprocess.TimeoutExpired) as e:
            return "%s\n    %s" % (what, type(e).__name__)
        if got != (step["status"], step["answer"]):
            return "%s\n    %d %s\n    expected: %d %s" % (
                what, got[0], json.dumps(got[1], ensure_ascii=False)[:300],
                step["status"],
                json.dumps(step["answer"], ensure_ascii=False)[:300])
        if place.logged().count("\n") != before.count("\n") + 1:
            return what + "\n    not one line in the log"
    return None


def run_tests(app, tests):
    failed = 0
    for i, test in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as folder:
            why = passes(Place(app, folder), test)
        print("%d %s  %s / %s" % (i, "ok    " if why is None else "FAILED",
                                  test["ja"], test["en"]))
        if why is not None:
            print("    " + why)
            failed += 1
    return 1 if failed else 0


def step_of(words, sid):
    """A request of [PATH?QUERY] or [PATH, FORM]."""
    path, _, query = words[0].partition("?")
    return {"method": "GET" if len(words) == 1 else "POST", "path": path,
            "query": quote(query, safe="=&%+"), "sid": sid,
            "body": quote("".join(words[1:]), safe="=&%+")}


def requests(app, customers, customer, words):
    if customer not in customers:
        sys.exit("customers: " + " ".join(customers))
    parts = [[]]
    for word in words:
        parts.append([]) if word == "+" else parts[-1].append(word)
    if not all(0 < len(part) < 3 for part in parts):
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        place = Place(app, folder)
        for part in parts:
            head, body = place.ask(step_of(part, customers[customer]))
            print(head.replace("\r\n", "\n") + "\n\n" + body + "\n")
        print("log:\n" + place.logged(), end="")
    return 0


def main(args):
    if hasattr(sys.stdout, "reconfigure"):      # a console that is not UTF-8
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    with open(os.path.join(HERE, "apptests.json"), encoding="utf-8") as f:
        given = json.load(f)
    if len(args) == 1:
        return run_tests(args[0], given["tests"])
    if len(args) > 2:
        return requests(args[0], given["customers"], args[1], args[2:])
    sys.exit(__doc__)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
