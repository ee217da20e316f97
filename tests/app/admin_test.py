"""The first hour of an installation on the command line, and its doctor."""
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tanren import PROGRAM, ROOT, directory, free_port  # noqa: E402


class Installation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = directory()
        cls.var = os.path.join(cls.directory, "var")
        for command in ("migrate", "publish"):
            got = cls.tanren(command)
            assert got.returncode == 0, got.stderr

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.directory)

    @classmethod
    def tanren(cls, *arguments, var=None):
        return subprocess.run([PROGRAM, *arguments, "--var", var or cls.var],
                              capture_output=True, text=True, timeout=60, cwd=ROOT)

    def admin(self, line, status=0):
        """Runs an act; '~' stands for a space in a value."""
        words = [w.replace("~", " ") for w in line.split(" ")]
        got = self.tanren("admin", *words)
        self.assertEqual(got.returncode, status, (line, got.stdout, got.stderr))
        return got.stdout if status == 0 else got.stderr

    def rows(self, sql):
        db = sqlite3.connect(os.path.join(self.var, "tanren.db"))
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()


class FirstHour(Installation):
    def test_from_nothing_to_a_training_manager_who_can_sign_in(self):
        self.admin("organisation add --kind institution --code 0101 --name-ja 甲銀行"
                   " --name-en Bank~A --category RGB --size-band 2")
        self.admin("person add --organisation 0101 --number A1 --name 研修~花子"
                   " --kana ケンシュウ~ハナコ --email Hanako@bank.example --role M-EDU"
                   " --lang en")
        self.admin("grant add --email HANAKO@bank.example --kind training_manager")
        link = self.admin("invite --email hanako@bank.example").splitlines()[1]
        self.assertRegex(link, r"^http://127\.0\.0\.1:8080/links/[\w-]{43}$")
        self.assertEqual(self.rows("SELECT email, lang FROM person"),
                         [("hanako@bank.example", "en")])
        self.assertEqual(self.rows("SELECT kind, reach, value FROM role_grant"),
                         [("training_manager", "institution", "0101")])
        self.assertEqual(
            [act for act, in self.rows("SELECT act FROM audit WHERE actor = 0 ORDER BY seq")],
            ["organisation.added", "roster.import", "grant.added", "person.invited"])
        # no name and no address in the chain
        for subject, detail in self.rows("SELECT subject, detail FROM audit"):
            self.assertNotRegex(subject + detail, r"花子|hanako|甲銀行")
        self.assertEqual(self.tanren("verify").returncode, 0)

        self.admin("grant end --email hanako@bank.example --kind training_manager")
        self.assertEqual(
            self.rows("SELECT count(*) FROM role_grant WHERE until_at IS NULL"), [(0,)])
        self.assertIn("no grant of that kind", self.admin(
            "grant end --email hanako@bank.example --kind training_manager", 1))


class Refusals(Installation):
    ORGANISATION = "organisation add --name-ja 甲 --name-en A"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls("test_a_wrong_call_is_status_2")
        test.admin(cls.ORGANISATION + " --kind authority --code 9001")
        test.admin(cls.ORGANISATION + " --kind institution --code 0101 --category RGB"
                   " --size-band 1")
        test.admin("person add --organisation 9001 --number S1 --name 監 --email s@a.example"
                   " --role S-MON")
        test.admin("person add --organisation 0101 --number A1 --name 技 --email t@b.example"
                   " --role T-SOC")
        test.admin("grant add --email s@a.example --kind supervisor --reach all")

    def test_what_cannot_be_is_refused_with_a_sentence_and_changes_nothing(self):
        person = "person add --organisation 0101 --name 乙 --number "
        cases = (
            (self.ORGANISATION + " --kind authority --code 9001", "9001 is taken"),
            (self.ORGANISATION + " --kind bank --code X1", "--kind is"),
            (self.ORGANISATION + " --kind centre --code x1", "--code is"),
            (self.ORGANISATION + " --kind centre --code " + 17 * "X", "--code is"),
            (self.ORGANISATION + " --kind centre --code X1 --category RGB",
             "only institutions"),
            (self.ORGANISATION + " --kind institution --code X1", "--category is one of"),
            (self.ORGANISATION + " --kind institution --code X1 --category NONE"
             " --size-band 1", "--category is one of"),
            (self.ORGANISATION + " --kind institution --code X1 --category RGB"
             " --size-band 6", "--size-band is one of"),
            (person.replace("0101", "0102") + "B1 --role T-SOC", "no organisation 0102"),
            (person + "A1 --role T-SOC", "A1 is in use"),
            (person + "B1 --role T-QQQ", "no work role"),
            (person + "B-1 --role T-SOC", "letters, digits"),
            (person + "B1 --role T-SOC --email nobody", "no mail address"),
            (person + "B1 --role T-SOC --email t@b.example", "somebody else"),
            (person + "B1 --role T-SOC --lang fr", "--lang is"),
            (person.replace("乙", "=1+1") + "B1 --role T-SOC", "formula"),
            ("grant add --email x@b.example --kind author", "nobody with the mail"),
            ("grant add --email t@b.example --kind king", "--kind is one of"),
            ("grant add --email t@b.example --kind supervisor --reach all", "authority"),
            ("grant add --email t@b.example --kind training_manager --reach all",
             "own institution only"),
            ("grant add --email t@b.example --kind training_manager --value 9001",
             "own institution only"),
            ("grant add --email s@a.example --kind supervisor --reach all", "already"),
            ("grant add --email s@a.example --kind supervisor --reach all --value RGB",
             "no --value"),
            ("grant add --email s@a.example --kind supervisor --reach category"
             " --value NONE", "no category NONE"),
            ("grant add --email s@a.example --kind supervisor --value 0109",
             "no organisation 0109"),
            ("grant add --email s@a.example --kind supervisor --reach world", "--reach is"),
            ("invite --email x@b.example", "nobody with the mail"),
            ("certificate revoke TR-0000-0000-0000 --reason x", "no certificate"),
            ("certificate revoke nonsense --reason x", "no certificate"),
        )
        before = self.rows("SELECT (SELECT count(*) FROM audit), (SELECT count(*) FROM person),"
                           " (SELECT count(*) FROM organisation),"
                           " (SELECT count(*) FROM role_grant)")
        for line, sentence in cases:
            with self.subTest(line):
                self.assertIn(sentence, self.admin(line, 1))
        self.assertEqual(
            self.rows("SELECT (SELECT count(*) FROM audit), (SELECT count(*) FROM person),"
                      " (SELECT count(*) FROM organisation),"
                      " (SELECT count(*) FROM role_grant)"), before)

    def test_a_wrong_call_is_status_2(self):
        for line in ("bogus", "organisation", "organisation remove", "grant add",
                     "invite", "invite --email", "invite --email a@b.example --kind x",
                     "invite --email a@b.example --email c@d.example",
                     "certificate revoke", "certificate revoke X", "person add --bogus x"):
            with self.subTest(line):
                self.admin(line, 2)


class WithoutContent(unittest.TestCase):
    def test_it_says_to_publish_first(self):
        place = directory()
        try:
            var = os.path.join(place, "var")
            Installation.tanren("migrate", var=var)
            got = Installation.tanren("admin", "organisation", "add", "--kind", "centre",
                                      "--code", "X", "--name-ja", "甲", "--name-en", "A", var=var)
            self.assertEqual(got.returncode, 1)
            self.assertIn("publish the content first", got.stderr)
        finally:
            shutil.rmtree(place)


class Doctor(Installation):
    def findings(self, *options):
        got = self.tanren("doctor", "--json", *options)
        found = json.loads(got.stdout)
        self.assertEqual(got.returncode, 1 if found["state"] == "fail" else 0)
        return {f["what"]: f for f in found["findings"]}

    def test_it_looks_at_everything_and_says_what_to_do(self):
        found = self.findings("--port", str(free_port()))
        for what in ("versions", "programs", "clock", "disk", "fsync", "port", "lab box",
                     "secret", "database", "content"):
            self.assertIn(what, found)
        for what in ("versions", "port", "database", "content"):
            self.assertEqual(found[what]["state"], "ok", found[what])
        for finding in found.values():
            self.assertEqual("advice" in finding, finding["state"] != "ok", finding)

    def test_a_port_that_is_taken_fails(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            s.listen()
            found = self.findings("--port", str(s.getsockname()[1]))
        self.assertEqual(found["port"]["state"], "fail")

    def test_a_secret_that_others_may_read_fails(self):
        path = os.path.join(self.var, "secret")
        os.chmod(path, 0o644) if os.path.exists(path) else open(path, "w").close()
        try:
            self.assertEqual(self.findings()["secret"]["state"], "fail")
        finally:
            os.chmod(path, 0o600)

    def test_a_revision_that_is_gone_fails(self):
        content = os.path.join(self.var, "content")
        os.rename(content, content + ".away")
        try:
            self.assertEqual(self.findings()["content"]["state"], "fail")
        finally:
            shutil.rmtree(content, ignore_errors=True)
            os.rename(content + ".away", content)

    def test_each_line_is_for_people(self):
        lines = self.tanren("doctor", "--port", str(free_port())).stdout.splitlines()
        for line in lines:
            self.assertRegex(line, r"^(ok|warn|fail) +\w|^ +-> ")
        self.assertTrue(any(re.match(r"ok +database +SQLite: schema \d+", x) for x in lines))


if __name__ == "__main__":
    unittest.main()
