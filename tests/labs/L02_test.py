#!/usr/bin/python3
"""Lab L02: the proof of every lab, and what this one promises beside it."""
import hashlib
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from lab_proof import LabProof  # noqa: E402

GOOD_RULE = b"distinct(login, ip, 3600) > 3 and ratio_fail > 0.7 -> challenge\n"


class L02(LabProof, unittest.TestCase):
    folder = "L02-credential-stuffing"

    def test_partly_right_scores_as_stated(self):
        a = self.answers()
        first = {k: a[k] for k in ("bot_ips", "start", "end",
                                   "accounts_tried")}
        got = self.score(self.seeds[0], self.hand_in({"answers.txt": self.text(first)}))
        self.assertEqual(got, {"c1": 20, "c2": 10, "c3": 8, "c4": 0, "c5": 0,
                               "c6": 0, "c7": 0})

    def test_points_fall_as_the_task_says(self):
        a = self.answers()
        taken = a["accounts_taken"].split(", ")
        bots = a["bot_ips"].split(", ")
        other = self.answers(1)["accounts_taken"].split(", ")[0]

        def points(name, **change):
            text = self.text(dict(a, **change))
            return self.score(self.seeds[0], self.hand_in({"answers.txt": text}))[name]

        self.assertEqual(points("c4", accounts_taken=", ".join(taken[1:])), 20)
        self.assertEqual(points("c4", accounts_taken=", ".join(
            taken[1:] + [other])), 18)
        self.assertEqual(points("c4", accounts_taken=taken[0]), 0)
        self.assertEqual(points("c5", accounts_with_transfer=a[
            "accounts_taken"]), 0)
        half = bots[:len(bots) * 6 // 10]
        self.assertTrue(0 < points("c1", bot_ips=", ".join(half)) < 20)
        self.assertEqual(points("c1", bot_ips=bots[0]), 0)
        self.assertEqual(points("c2", start=a["end"]), 5)
        tried = int(a["accounts_tried"])
        self.assertEqual(points("c3", accounts_tried=tried * 101 // 100), 8)
        self.assertEqual(points("c3", accounts_tried=tried * 103 // 100), 0)

    def test_full_width_and_crlf_are_read(self):
        text = self.text(self.answers()).decode()
        wide = text.replace(": ", "\uff1a").replace(", ", "\u3001")
        wide = "\ufeff" + wide.replace("0", "\uff10").replace("\n", "\r\n")
        got = self.score(self.seeds[0], self.hand_in(
            {"answers.txt": wide.encode()}))
        self.assertEqual(sum(got.values()), 75)

    def test_rules_score_by_what_they_hit(self):
        def rule(text):
            got = self.score(self.seeds[0], self.hand_in({"rule.txt": text}))
            return got["c6"], got["c7"]
        self.assertEqual(rule(GOOD_RULE), (20, 5))
        self.assertEqual(rule(b"# \xe6\xb3\xa8\r\n" + GOOD_RULE), (20, 5))
        self.assertEqual(rule(b"count(ip, 3600) > 10 -> block\n"), (0, 0))
        self.assertEqual(rule(b"count(ip, 3600) > 10 -> challenge\n"), (0, 5))
        self.assertEqual(rule(b"count(ip, 10) > 100000 -> challenge\n"), (0, 0))
        self.assertEqual(rule(b"count(ip, 60) -> challenge\n"), (0, 0))

    def test_truth_keeps_its_promises(self):
        import truth
        for i in range(40):
            w = truth.World(hashlib.sha256(b"promise %d" % i).digest())
            a = w.attack("day1")
            self.assertTrue(25 <= len(a.bots) <= 60)
            self.assertTrue(8 <= len(a.taken) <= 30)
            self.assertTrue(3 <= len(a.moved) < len(a.taken))
            self.assertFalse(set(a.bots) & (set(w.carrier) | set(a.cash)
                                            | {w.corporate, w.monitor}))
            self.assertFalse(set(a.moved) & set(a.own_transfer))
            self.assertFalse(set(a.taken) & set(w.host_logins))
            self.assertEqual(len({e[1] for e in a.attempts}), len(a.bots))
            # Nothing of the first day's truth depends on what came before it.
            v = truth.World(w.seed)
            v.logins("day2")
            b = v.attack("day1")
            self.assertEqual((a.attempts, a.moved), (b.attempts, b.moved))

    def test_hostile_answers_and_rules_score_nothing(self):
        big = b"9" * 250000
        hostile = [
            b"", b"\0" * 1000, b"\xff\xfe\x80bot_ips: \xc3\x28\n",
            bytes(range(256)) * 60, b"bot_ips: " + b"a," * 120000,
            b"accounts_tried: " + big, b"accounts_tried: -1",
            "accounts_tried: \u0661\u0662\u00b2".encode(),
            b"start: 9999-99-99T99:99:99Z\nend: 0000-00-00T00:00:00Z\n",
            b"start: 2026-02-30T00:00:00Z\nend: " + big,
            b"c1\t20\tc1_ok\nc4\t22\tc4_ok\nbot_ips:\n",
            b"bot_ips: c1\t20\tc1_ok\r\x1b[2J%s%n{0}\n",
            b"bot_ips: 1.2.3.4/0, ::ffff:1.2.3.4%eth0, 999.1.1.1, 0x7f.1\n",
            b":" * 200000, b"\n" * 250000, b"bot_ips: ,,,,\naccounts_taken:,\n",
            ("accounts_taken: " + "\u0301\u0323" * 50000).encode(),
            b"accounts_taken: " + b"u0000000," * 20000,
            b"accounts_with_transfer: __import__('os')\n",
            b"a" * 262145,
        ]
        rules = [
            b"count(ip, 60) > 5 -> block" + b" " * 4000,
            b"count(ip, 60) > 5 unless ip in " + b" " * 3000 + b"-> block",
            b"count(ip, 60) > 5 unless ip in " + b"::/0," * 600 + b"-> block",
            b"count(ip, 60) > 5 unless ip in 1.2.3.4/99 -> block",
            b"count(ip, 999999) > 0 -> block", b"count(ip,0) > 1 -> block",
            b"count(ip, 60) > 1 and ratio_fail > 1.999 -> block",
            b"distinct(ip, login, 60) > 1 -> block",
            b"count(" * 2000, b"\xff\xfe", b"\0", b"#" * 16384,
            b"count(ua, 86400) > 1 -> block\n" * 5,
            b"count(ua, 86400) > 1 -> block\n" * 6,
            ("count(ip, \uff16\uff10) > 5 -> block").encode(),
            b"count(ip, 60) > 5 -> exec", b"a" * 16385,
            b"count(ip, 60)>5->block\x0b\x0c\x85", b"->" * 8000, b"\r" * 16000,
        ]
        self.assertEqual((len(hostile), len(rules)), (20, 20))
        for answer, rule in zip(hostile, rules):
            out = self.hand_in({"answers.txt": answer, "rule.txt": rule})
            got = self.score(self.seeds[0], out)
            self.assertEqual(sum(got[c] for c in ("c1", "c2", "c3", "c4",
                                                  "c5")), 0)


if __name__ == "__main__":
    unittest.main()
