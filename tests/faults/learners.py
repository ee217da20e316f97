"""Learners who sit exams while something breaks, and what they were promised.

    pairs of person and exam ─▶ learner (thread): start, save …, submit
                                    └▶ promises: what the server said is kept

A learner behaves as exam.js does: what was not acknowledged is sent again
under the same key. `lost` compares all promises with the database.
"""
import base64
import collections
import glob
import hashlib
import html
import http.client
import os
import queue
import random
import re
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import unittest
from urllib.parse import urlencode

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tanren import (PROGRAM, ROOT, Postgres, Server, below, directory,  # noqa: E402
                    free_port, processes, wait_until)

EXAMS = {"E-101": 3, "M-201": 4, "S-401": 3}  # and their modules
PEOPLE = 200
THREADS = 10
AGAIN_SECONDS = 0.1
NOT_NOW = (502, 503, 504, 507)
NOT_NOW_TEXT = "ただいま新しい試験を始められません。保存領域の空きが不足しています。"
SESSION_MS = 10 ** 7
SEEN_MS = 5 * 60 * 1000  # ago: a session in use is written soon
GO_ON = 30  # promises made after each fault


# ------------------------------------------------------------------ database

class Sqlite:
    engine = "sqlite"

    def __init__(self, var):
        self.path = os.path.join(var, "tanren.db")

    def rows(self, sql):
        db = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=10)
        try:
            return [tuple(row) for row in db.execute(sql)]
        finally:
            db.close()

    def write(self, statements):
        """Only while nothing is served."""
        db = sqlite3.connect(self.path)
        for s in statements:
            db.execute(s)
        db.commit()
        db.close()

    def is_whole(self):
        return self.rows("PRAGMA integrity_check") == [("ok",)]

    @staticmethod
    def bytes(raw):
        return f"X'{raw.hex()}'"


class Postgresql:
    engine = "postgresql"

    def __init__(self, server):
        self.server = server

    def psql(self, text):
        return subprocess.run(
            [f"{self.server.PROGRAMS}/psql", "-h", self.server.directory, "-p",
             str(self.server.port), "-U", "tanren", "-d", "postgres", "-X", "-q", "-A", "-t",
             "-F", "\t", "-v", "ON_ERROR_STOP=1"], input=text, capture_output=True, text=True,
            check=True, cwd="/").stdout

    def rows(self, sql):
        return [tuple(int(x) if re.fullmatch(r"-?\d+", x) else x for x in line.split("\t"))
                for line in self.psql(sql + ";").splitlines()]

    def write(self, statements):
        self.psql("BEGIN;" + ";".join(statements) + ";COMMIT;")

    def is_whole(self):
        return self.rows("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == [(0,)]

    @staticmethod
    def bytes(raw):
        return f"'\\x{raw.hex()}'"


# ------------------------------------------------------------------- content

def plain(text):
    return re.sub(r"\s+", " ", html.unescape(text)).strip()


def known_questions():
    """Text of a question -> its id, its choices, and which of them are right."""
    known = {}
    for path in glob.glob(os.path.join(ROOT, "assessments", "exams", "*", "bank-*.yaml")):
        with open(path, encoding="utf-8") as f:
            for q in yaml.safe_load(f)["questions"]:
                choices = [plain(str(c["ja"])) for c in q["choices"]]
                right = {i for i, c in enumerate(q["choices"]) if c.get("right")}
                known[plain(q["text"]["ja"])] = (q["id"], choices, right)
    return known


def shown_questions(page, known):
    """The questions of an exam's page: (id, place -> shown position, right places)."""
    found = []
    for part in page.split("<fieldset")[1:]:
        legend = re.search(r'__number">.*?</span>(.*?)(?:<span|</legend>)', part, re.S)[1]
        name, choices, right = known[plain(legend)]
        shown = [(int(p), plain(t)) for p, t in re.findall(
            r'value="(\d+)"[^>]*>\s*<label[^>]*>(.*?)</label>', part, re.S)]
        found.append((name, {choices.index(t): p for p, t in shown}, right))
    return found


# ------------------------------------------------------------------ learners

class Gone(Exception):
    """The learners are to end."""


class Browser:
    """One session; every answer counts, a broken connection is opened anew."""

    def __init__(self, port, token):
        self.port, self.cookie = port, f"__Host-tanren={token}"
        self.connection = None

    def request(self, method, path, form=None, headers=None, timeout=15):
        """Status, headers, text; status 0 when nobody answered."""
        headers = dict(headers or {}, Cookie=self.cookie)
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                             timeout=timeout)
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.close()
            return 0, {}, ""

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def save(self, sitting, question, places, key):
        """One answer as exam.js sends it."""
        _, position, _ = sitting.questions[question]
        fields = [("question", question)] + [("chosen", position[p]) for p in places]
        return self.request("POST", sitting.path + "/answers", fields + [("client_key", key)],
                            {"X-CSRF-Token": sitting.csrf, "Accept": "application/json"})


class Sitting:
    """One exam of one person, as its page shows it."""

    def __init__(self, path, page, known):
        self.path, self.id = path, int(path.rpartition("/")[2])
        self.csrf = re.search(r'data-csrf="([^"]+)"', page)[1]
        self.questions = shown_questions(page, known)


Save = collections.namedtuple("Save", "attempt key question chosen")


class Learners:
    def __init__(self, port, people):
        self.port = port
        self.known = known_questions()
        self.lock = threading.Lock()
        self.saves, self.submits, self.passes = [], [], []
        self.statuses = collections.Counter()  # of answers that were no promise
        self.wrong = []  # what no learner may ever see
        self.ended = threading.Event()
        self.people = queue.SimpleQueue()
        for person in people:
            self.people.put(person)
        self.threads = [threading.Thread(target=self.live, daemon=True) for _ in range(THREADS)]
        for t in self.threads:
            t.start()

    def stop(self):
        self.ended.set()
        for t in self.threads:
            t.join(30)

    def promises(self):
        with self.lock:
            return list(self.saves), list(self.submits), list(self.passes)

    def count(self):
        with self.lock:
            return len(self.saves) + len(self.submits)

    def live(self):
        browser = None
        try:
            while True:
                token, exams = self.people.get_nowait()
                browser = Browser(self.port, token)
                for exam in exams:
                    self.sit(browser, exam)
                browser.close()
        except (Gone, queue.Empty):
            pass
        except Exception as e:  # pylint: disable=broad-except
            with self.lock:
                self.wrong.append(repr(e))
        if browser is not None:
            browser.close()

    def until(self, wanted, ask):
        """Asks until the answer is the wanted one."""
        while not self.ended.wait(random.uniform(0.005, 0.03)):
            status, headers, text = ask()
            if status in wanted:
                return status, headers, text
            with self.lock:
                self.statuses[status] += 1
                if status != 0 and status not in NOT_NOW:
                    self.wrong.append((status, text[:300]))
                    raise Gone
            self.ended.wait(AGAIN_SECONDS)
        raise Gone

    def start(self, browser, exam):
        """The path of the attempt, whether this or an earlier try began it."""
        page = f"/exams/{exam}"
        while True:
            _, _, text = self.until((200,), lambda: browser.request("GET", page))
            running = re.search(r'class="govuk-button" href="(/attempts/\d+)"', text)
            if running:
                return running[1]
            if page + "/start" not in text:
                if NOT_NOW_TEXT not in text:
                    raise AssertionError(text)
                self.ended.wait(AGAIN_SECONDS)
                continue
            csrf = re.search(r'name="csrf" value="([^"]+)"', text)
            _, headers, _ = self.until((303,), lambda: browser.request(
                "POST", page + "/start", {"csrf": csrf[1]}))
            if "/attempts/" in headers["Location"]:
                return headers["Location"]

    def sit(self, browser, exam):
        path = self.start(browser, exam)
        _, _, page = self.until((200,), lambda: browser.request("GET", path))
        sitting = Sitting(path, page, self.known)
        knows = random.random() < 0.7
        for i, (_, position, right) in enumerate(sitting.questions):
            if random.random() < 0.3:
                self.answer(browser, sitting, i, {random.choice(list(position))})
            self.answer(browser, sitting, i, right if knows else
                        {random.choice(list(position))})
        self.until((303,), lambda: browser.request(
            "POST", path + "/submit", {"csrf": sitting.csrf}))
        with self.lock:
            self.submits.append(sitting.id)
        _, _, text = self.until((200,), lambda: browser.request("GET", path))
        if knows:
            with self.lock:
                self.passes.append(sitting.id)
                if "/certificates" not in text:
                    self.wrong.append("passed, and no way to the certificate: " + path)

    def answer(self, browser, sitting, i, places):
        key = secrets.token_hex(10)
        status, _, text = self.until((200,), lambda: browser.save(sitting, i, places, key))
        if '"saved_at"' not in text:
            raise AssertionError((status, text))
        with self.lock:
            self.saves.append(Save(sitting.id, key, sitting.questions[i][0],
                                   ",".join(map(str, sorted(places)))))


# ------------------------------------------------------------- installations

def command(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, cwd=ROOT)


def must(*arguments):
    got = command(*arguments)
    if got.returncode != 0:
        raise AssertionError((arguments, got.stdout, got.stderr))


def make(server, database):
    """A demo sector, and sessions of people who may sit exams they have not sat."""
    for arguments in (["migrate"], ["publish"], ["demo", "--people", str(PEOPLE)]):
        must(*arguments, "--var", server.var)
    now = int(time.time() * 1000)
    manifest = database.rows("SELECT manifest FROM revision ORDER BY id DESC LIMIT 1")[0][0]
    sat = set(database.rows("SELECT person, thing FROM attempt WHERE kind = 'exam'"))
    people, statements = [], []
    for person, in database.rows("SELECT person FROM membership WHERE until_at IS NULL"
                                 " ORDER BY person"):
        exams = [x for x in EXAMS if (person, x) not in sat]
        raw = secrets.token_bytes(32)
        people.append((base64.urlsafe_b64encode(raw).rstrip(b"=").decode(), exams))
        statements.append(
            "INSERT INTO session (token_hash, person, created_at, seen_at, expires_at) VALUES"
            f" ({database.bytes(hashlib.sha256(raw).digest())}, {person}, {now},"
            f" {now - SEEN_MS}, {now + SESSION_MS})")
        statements += [
            "INSERT INTO progress (person, course, module, opened_at, read_at, passed_at,"
            f" manifest) VALUES ({person}, '{exam}', {module}, {now}, {now}, {now},"
            f" '{manifest}') ON CONFLICT (person, course, module) DO UPDATE SET"
            " passed_at = excluded.passed_at"
            for exam in exams for module in range(1, EXAMS[exam] + 1)]
    database.write(statements)
    random.shuffle(people)
    return people


def lost(database, promises):
    """Everything that was promised and is not there, as lines."""
    saves, submits, passes = promises
    drafts = {(attempt, key): (question, str(chosen)) for attempt, key, question, chosen in
              database.rows("SELECT attempt, client_key, question, chosen FROM draft_answer")}
    ended = {row[0]: row[1:] for row in database.rows(
        "SELECT id, points, points_max, passed, finalised_by FROM attempt WHERE state = 1")}
    certified = {row[0] for row in database.rows(
        "SELECT t.id FROM attempt t JOIN certificate c ON c.person = t.person"
        " AND c.thing = t.thing AND c.attempt = t.id JOIN evidence e ON e.reference = c.id"
        " AND e.source = 'certificate'")}
    missing = []
    for s in saves:
        found = drafts.get((s.attempt, s.key + ".0"))
        if found != (s.question, s.chosen):
            missing.append(f"{s} is {found}")
    for attempt in submits:
        row = ended.get(attempt)
        if row is None or row[0] in (None, "") or not row[1] or row[3] != "learner":
            missing.append(f"attempt {attempt}, handed in, is {row}")
    for attempt in passes:
        if ended.get(attempt, (0, 0, 0))[2] != 1 or attempt not in certified:
            missing.append(f"attempt {attempt}, all right, is {ended.get(attempt)},"
                           f" certificate: {attempt in certified}")
    return missing


def verified(var):
    """What `tanren verify` says is wrong; "" when all is right."""
    got = command("verify", "--var", var)
    return "" if got.returncode == 0 else got.stdout + got.stderr


# --------------------------------------------------------------------- tests

def served_pids(server):
    """Every process that has to do with this installation."""
    return {pid for pid, (_, line) in processes().items() if server.var in line} | \
        below(server.process.pid)


class WithLearners(unittest.TestCase):
    """A demo sector that is served, with learners at work."""

    config = ""
    database = None

    @classmethod
    def setUpClass(cls):
        cls.server = Server(config=cls.config)
        if cls.database is None:
            cls.database = Sqlite(cls.server.var)
        cls.before_it_is_made()
        cls.people = make(cls.server, cls.database)
        cls.spare = cls.people.pop()
        cls.server.start()
        cls.learners = Learners(cls.server.port, cls.people)

    @classmethod
    def before_it_is_made(cls):
        """For tests that need a special place for the data."""

    @classmethod
    def tearDownClass(cls):
        cls.learners.stop()
        pids = served_pids(cls.server)
        cls.server.remove()
        left = {p: line for p, (_, line) in processes().items() if p in pids}
        if left or cls.learners.wrong or not cls.learners.passes:
            raise AssertionError((left, cls.learners.wrong, cls.learners.passes))

    def go_on(self, seconds=20):
        before = self.learners.count()
        self.assertTrue(wait_until(lambda: self.learners.count() >= before + GO_ON, seconds),
                        (self.learners.statuses, self.learners.wrong))

    def nothing_is_lost(self):
        promises = self.learners.promises()
        self.assertEqual(lost(self.database, promises), [])
        self.assertGreater(len(promises[0]), 0)
        self.assertTrue(self.database.is_whole())
        self.assertEqual(verified(self.server.var), "")
        self.assertEqual(self.learners.wrong, [])


class Restartable(Postgres):
    """A PostgreSQL that goes away and comes back with what it had."""

    def __init__(self, prepare=lambda data: None):
        """prepare: makes the directory of the tables, its log of writes is beside it."""
        self.directory = directory()
        self.data = os.path.join(self.directory, "data")
        self.port = free_port()
        self.user = "postgres" if os.geteuid() == 0 else None
        os.mkdir(self.data)
        prepare(self.data)
        os.chmod(self.data, 0o700)
        if self.user:
            shutil.chown(self.directory, self.user)
            shutil.chown(self.data, self.user)
        subprocess.run([f"{self.PROGRAMS}/initdb", "-D", self.data, "-X",
                        os.path.join(self.directory, "wal"), "-U", "tanren", "-A", "trust",
                        "-E", "UTF8", "--locale=C", "--no-sync"], check=True,
                       stdout=subprocess.DEVNULL, user=self.user, cwd="/")
        self.log = open(os.path.join(self.directory, "log"), "wb")
        self.socket = f"postgresql:host={self.directory} port={self.port} " \
            "user=tanren dbname=postgres"

    def start(self):
        self.process = subprocess.Popen(
            [f"{self.PROGRAMS}/postgres", "-D", self.data, "-k", self.directory, "-c",
             "listen_addresses=", "-c", f"port={self.port}"],
            stdout=self.log, stderr=self.log, user=self.user, cwd="/")
        if not wait_until(lambda: subprocess.run(
                [f"{self.PROGRAMS}/pg_isready", "-q", "-h", self.directory, "-p",
                 str(self.port)]).returncode == 0, 20):
            raise AssertionError("PostgreSQL did not start")
        return self

    def away(self):
        self.process.send_signal(signal.SIGQUIT)  # as pg_ctl -m immediate
        self.process.wait()
