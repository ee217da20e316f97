#!/usr/bin/python3
"""Lab L09: the proof of every lab, and what this one promises beside it."""
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from lab_proof import LabProof  # noqa: E402

SOURCES = {     # what sqlcheck must say of a function's body
    True: [
        'db.execute("SELECT a FROM t WHERE b = ?", (x,))',
        'db.execute(f"SELECT {COLUMNS} FROM t WHERE b = :b", {"b": x})',
        'db.execute("SELECT a FROM t ORDER BY " + ORDER[x])',
        'o = ORDER.get(x, "a")\n    db.execute("SELECT a FROM t ORDER BY %s" % o)',
        'sql = "SELECT a FROM t"\n    if x:\n        sql += " WHERE b = ?"\n'
        '    db.execute(sql, (x,))',
        'w = ["a = ?"]\n    if x:\n        w.append("b = ?")\n'
        '    db.execute("SELECT a FROM t WHERE " + " AND ".join(w), (x, x))',
        'db.execute("SELECT a FROM t WHERE b IN (%s)" % ",".join("?" * len(x)), x)',
        'db.execute("SELECT a FROM t WHERE b IN (%s)" % ",".join("?" for _ in x), x)',
        'db.execute("SELECT a FROM t ORDER BY b " + ("DESC" if x else "ASC"))',
        'rows(db, "SELECT a FROM t WHERE b = ?", x)',
        'db.execute(order_by(x))',
        'db.cursor().execute("SELECT 1")',
        'for name in ("a", "b"):\n        db.execute("SELECT a FROM " + name)',
        'for k, v in ORDER.items():\n        db.execute("SELECT a FROM t ORDER BY " + k + v)',
        'db.executemany("INSERT INTO t VALUES (?)", [(x,)])',
    ],
    False: [
        'db.execute("SELECT a FROM t WHERE b = \'%s\'" % x)',
        'db.execute(f"SELECT a FROM t WHERE b = \'{x}\'")',
        'db.execute("SELECT a FROM t WHERE b = \'" + x + "\'")',
        'db.execute("SELECT a FROM t WHERE b = \'{}\'".format(x))',
        'if x in ORDER:\n        db.execute("SELECT a FROM t ORDER BY " + x)',
        'y = db.execute("SELECT a FROM t").fetchone()[0]\n    db.execute("SELECT " + y)',
        'sql = "SELECT "\n    sql += x\n    db.execute(sql)',
        'w = ["a"]\n    w.append(x)\n    db.execute("SELECT " + ",".join(w))',
        'rows(db, "SELECT a FROM t WHERE b = " + x)',
        'rows(db, sql="SELECT a FROM t WHERE b = " + x)',
        'run = db.execute\n    run("SELECT " + x)',
        'getattr(db, "exec" + "ute")("SELECT " + x)',
        'sqlite3.Connection.execute(db, "SELECT " + x)',
        'eval("db.execute(x)")',
        'f = rows\n    f(db, "SELECT " + x)',
        'db.execute(*("SELECT " + x,))',
        'db.execute("SELECT " + x.replace("\'", "\'\'"))',
        'import subprocess\n    db.execute("SELECT 1")',
        'd = dict(a=x)\n    db.execute("SELECT " + d["a"])',
        'db.execute("SELECT " + ORDER.get(x, x))',
        'for name in x:\n        db.execute("SELECT a FROM " + name)',
        'o = ORDER\n    db.execute("SELECT " + [k for k in x][0])',
        'db.__class__.execute(db, x)',
        'pass',
    ],
}
FRAME = '''import sqlite3
COLUMNS = "a, b"
ORDER = {"a": "a", "b": "b DESC"}
def order_by(x):
    if x:
        return "SELECT a FROM t ORDER BY a"
    return "SELECT a FROM t"
%s
def page(db, x):
    %s
'''
HELPER = '''def rows(db, sql, *args):
    return db.execute(sql, args).fetchall()
'''


class L09(LabProof, unittest.TestCase):
    folder = "L09-transfer-history-app"

    def app(self, i=0, solved=True):
        if solved:
            return self.solution(i)["app.py"].decode()
        return dict(self.inputs(i))["app.py"].decode()

    def changed(self, text, old, new):
        self.assertEqual(text.count(old), 1, old)
        return text.replace(old, new)

    def points_of(self, app, i=0):
        return self.score(self.seeds[i], self.hand_in(
            {"app.py": app.encode()}))

    def misses(self, app, i=0):
        """The checks that a program does not meet."""
        return {k for k, v in self.points_of(app, i).items()
                if v != self.points[k]}

    # ------------------------------------------------------ wrong ways out

    def test_the_program_as_it_was_has_no_points(self):
        self.assertEqual(sum(self.points_of(self.app(solved=False)).values()),
                         0)

    def test_what_is_undone_costs_its_points_alone(self):
        every = set(self.points)
        ways = (
            (every, (        # a mandate that has ended still counts
                ("AND C_REVOKED = 0", "AND C_REVOKED >= 0"),)),
            ({"c2", "c3", "c4", "c5", "c7", "c8"}, (
                # quotes taken out, or refused at the door
                ('word = req.text("P_WORD")',
                 'word = req.text("P_WORD").replace("\'", "")'),
                ('ref = req.text("P_REF")',
                 'ref = req.text("P_REF")\n    if "\'" in ref:\n'
                 '        raise Refused(404, "not_found")'),
                ('label = req.text("P_LABEL", limit=LABEL_MAX)',
                 'label = req.text("P_LABEL", limit=LABEL_MAX)\n'
                 '        if "\'" in label:\n'
                 '            raise Refused(400, "bad_request")'),
                # another order instead of a refusal
                ('if sort is None or direction is None:',
                 'sort = sort or "C_DAY"\n    if direction is None:'),
                # lines are whole, fields are not
                ("{json.dumps(req.detail)}",
                 "{req.detail.replace(chr(10), ' ')}"),
                ('body = {"error": "internal_error"}',
                 'body = {"error": "internal_error", "why": repr(e)}'))),
            ({"c7", "c8"}, (        # nothing is logged, a failure hidden
                ("{json.dumps(req.detail)}", "-"),
                ("        status = 500\n", "        status = 400\n"))),
            ({"c8"}, (              # control characters left out: well
                ("{json.dumps(req.detail)}",
                 "{''.join(c for c in req.detail if c >= ' ')}"),
                ('req.detail = f"{type(e).__name__}: {e}"', "pass"))))
        apps = []
        for _, changes in ways:
            app = self.app()
            for old, new in changes:
                app = self.changed(app, self.named(old), self.named(new))
            apps.append((app,))
        for (lost, changes), got in zip(
                ways, self.beside(self.misses, apps), strict=True):
            self.assertEqual(got, lost, changes)

    def named(self, text, i=0):
        """Names of the world for their tokens, as in bank.py."""
        import truth
        return truth.World(bytes.fromhex(self.seeds[i])).fill(text)

    def test_a_blacklist_instead_of_a_repair(self):
        app = self.changed(
            self.app(solved=False),
            "        value = self.given.get(name, default)\n",
            "        value = self.given.get(name, default)\n"
            "        if value and any(x in value for x in\n"
            "                         (\"'\", '--', ';', 'UNION')):\n"
            "            raise Refused(400, 'bad_request')\n")
        got = self.points_of(app)
        self.assertEqual(got["c2"] + got["c3"] + got["c4"] + got["c9"], 0)
        self.assertLess(sum(got.values()), 70)

    def test_quotes_doubled_instead_of_arguments(self):
        """It holds in SQLite, but is what the static check refuses."""
        app = self.app(solved=False)
        for name in ("word", "ref"):
            app = self.changed(app, "    req.detail = %s\n" % name,
                               "    req.detail = %s\n"
                               "    %s = %s.replace(\"'\", \"''\")\n" % (
                                   (name,) * 3))
        self.assertEqual(self.misses(app),
                         {"c4", "c5", "c6", "c7", "c8", "c9"})

    def test_everything_caught(self):
        app = self.app(solved=False)
        app = self.changed(
            app, "    except Exception as e:\n", "    except Exception as e:\n"
            "        write_log(req, who, 200)\n"
            "        return reply(200, {'transfers': []})\n")
        got = self.points_of(app)
        self.assertEqual(sum(got.values()), 0, got)

    def test_functions_taken_away(self):
        pages = ("R_SUMMARY", "R_HISTORY")
        apps = []
        for page in pages:
            line = re.search(r'    "%s": .*\n' % self.named(page),
                             self.app()).group()
            apps.append((self.changed(self.app(), line, ""),))
        for page, got in zip(
                pages, self.beside(self.points_of, apps), strict=True):
            self.assertEqual(sum(got.values()), 0, page)

    def test_only_own_accounts_is_not_enough(self):
        app = self.changed(
            self.app(), self.named(" AND C_NUMBER IN ({MY_ACCOUNTS})\", {"),
            self.named(" AND C_OWNER = :who\", {"))
        self.assertEqual(sum(self.points_of(app).values()), 0)

    def test_a_program_that_looks_around(self):
        """The trial tells it nothing, and check believes nothing of it."""
        head = ("import os, sys\n"
                "for n in ('LAB_SEED', 'LAB_TRIAL_END'):\n"
                "    if n in os.environ: sys.exit(3)\n"
                "os.makedirs(os.path.join(os.environ['BANK_DB'] + '/../../../"
                "trial'), exist_ok=True)\n"
                "print('c1\\t24\\tc1_ok')\n")
        got = self.points_of(head)
        self.assertEqual(sum(got.values()), 0)
        whole = self.app().replace(
            "import json\n", "import json\nimport os\nif os.fork() == 0:\n"
            "    os.setsid()\n    import time\n    time.sleep(60)\n", 1)
        self.assertEqual(self.misses(whole), set())

    def test_results_that_are_forged_are_no_points(self):
        """check reads what a trial left as it reads what was handed in."""
        from unittest import mock
        app = self.solution()["app.py"]
        deep = b"[" * 100000
        for data in (b"", b"null", b"[]", b"{}", deep, b"[[[]]]" * 3,
                     b"[" + b"9" * 5000 + b"]", b"\xff\xfe",
                     json.dumps([[{"end": "exited", "code": 0, "out": 7,
                                   "log": None}]] * 80).encode(),
                     json.dumps([[{"end": "exited", "code": 0,
                                   "out": "Status: 200\n\n" + "[" * 90000,
                                   "log": "\t" * 4 + "\n"}]] * 80).encode()):
            work = tempfile.mkdtemp(dir=self.top)
            os.mkdir(os.path.join(work, "trial"))
            with open(os.path.join(work, "trial", "results.json"), "wb") as f:
                f.write(data)
            with mock.patch.object(self, "tried", lambda seed, out: {
                    "dir": work, "trial_end": "signalled 9"}):
                got = self.score(self.seeds[0], self.hand_in({"app.py": app}))
            self.assertEqual(sum(got.values()), 0)

    # --------------------------------------------------- the program itself

    def ask(self, app, customer, path, *form):
        folder = os.path.join(self.dirs[0], "in")
        out = self.hand_in({"app.py": app.encode()})
        done = subprocess.run(
            [sys.executable, os.path.join(folder, "apptests.py"),
             os.path.join(out, "app.py"), customer, path, *form],
            capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def test_the_weaknesses_are_real(self):
        app = self.app(solved=False)
        with open(os.path.join(self.dirs[0], "in", "apptests.json"),
                  encoding="utf-8") as f:
            customers = list(json.load(f)["customers"].items())
        (me, _), (_, stolen) = customers[0], customers[3]
        union = self.named("zz' UNION SELECT C_TOKEN, '', '', 0, '', '' FROM"
                           " T_SESSION ORDER BY 1 LIMIT 99 -- ")
        tokens = self.named("zz') > 0) UNION SELECT C_TOKEN, '', '', 0, '',"
                            " '' FROM T_SESSION -- ")
        self.assertIn(stolen, self.ask(
            app, me, self.named("R_SEARCH?P_WORD=") + tokens))
        self.assertNotIn(stolen, self.ask(
            self.app(), me, self.named("R_SEARCH?P_WORD=") + tokens))
        self.assertIn("\"ref\"", self.ask(
            app, me, self.named("R_DETAIL?P_REF=") + union))
        with sqlite3.connect(":memory:") as db:
            for path, data in self.inputs():
                if path == "data.sql":
                    db.executescript(data.decode())
            other = db.execute(self.named(
                "SELECT C_NUMBER FROM T_ACCOUNT WHERE C_OWNER = ?"),
                (int(customers[5][0]),)).fetchone()[0]
        answer = self.ask(app, me, self.named("R_HISTORY?P_NUMBER=") + other)
        self.assertIn('"transfers": [{', answer)
        self.assertIn("404", self.ask(
            self.app(), me, self.named("R_HISTORY?P_NUMBER=") + other))
        forged = self.named("R_SEARCH?P_WORD=a%0a2026-01-01T00:00:00Z%091")
        self.assertEqual(self.ask(app, me, forged).count("\n2026-01-01T"), 1)
        self.assertIn("Traceback", self.ask(
            app, me, self.named("R_DETAIL?P_REF=%27")))

    def test_the_shown_tests_pass_before_and_after(self):
        for i, solved in ((0, False), (1, True)):
            out = self.hand_in({"app.py": self.app(i, solved).encode()})
            done = subprocess.run(
                [sys.executable, os.path.join(self.dirs[i], "in",
                                              "apptests.py"),
                 os.path.join(out, "app.py")], capture_output=True, text=True,
                timeout=120)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertEqual(done.stdout.count(" ok "), 8)

    def test_the_model_and_the_program_agree_on_every_seed(self):
        """Names never make another program: it compiles, and so does SQL."""
        import scenes
        import truth
        for i in range(40):
            seed = hashlib.sha256(b"names %d" % i).digest()
            w = truth.World(seed)
            tree = compile(w.app(), "app.py", "exec")
            self.assertTrue(tree)
            self.assertNotRegex(w.app(), r"\b[TCPR]_[A-Z]+\b|_SQL\b|BANKNAME")
            plan = scenes.Trial(seed).plan()
            for sql in plan["data"]:
                if sql is not None:
                    sqlite3.connect(":memory:").executescript(sql)
            text = json.dumps(plan["scenes"])
            self.assertEqual(set(re.findall('"([a-z]+)":', text)), {
                "data", "steps", "method", "path", "sid", "query", "body"})

    # ----------------------------------------------------- the static check

    def test_sqlcheck_knows_what_is_constant(self):
        import sqlcheck
        for good, bodies in SOURCES.items():
            for body in bodies:
                source = FRAME % (HELPER if "rows" in body else "", body)
                with self.subTest(body=body):
                    found = sqlcheck.problems(source)
                    self.assertEqual(not found, good, found)

    def test_sqlcheck_survives_what_is_no_program(self):
        texts = (b"\0", b"(" * 90000, b"-" * 60000 + b"1",
                 b"1" + b"+1" * 30000, b"a" + b".b" * 30000,
                 b"not " * 15000 + b"1", b"x = " + b"[" * 60000,
                 b"def f():\n" + b" return 1\n" * 6000,
                 b"db.execute(" + b"'a'+" * 12000 + b"'b')",
                 b"# coding: utf-7\nx", b"\xef\xbb\xbf# \xff")
        for data, got in zip(texts, self.beside(self.score, [
                (self.seeds[0], self.hand_in({"app.py": data}))
                for data in texts]), strict=True):
            self.assertEqual(sum(got.values()), 0, data[:20])


if __name__ == "__main__":
    unittest.main()
