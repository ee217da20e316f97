#!/usr/bin/python3
"""Lab L02 as the box runs it: setup, solve and check as programs of their own."""

import hashlib
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
LAB = os.path.join(ROOT, "labs", "L02-credential-stuffing")
SEEDS = [hashlib.sha256(b"L02 test %d" % i).hexdigest() for i in range(5)]
POINTS = {"c1": 20, "c2": 10, "c3": 8, "c4": 22, "c5": 15, "c6": 20, "c7": 5}
GOOD_RULE = b"distinct(login, ip, 3600) > 3 and ratio_fail > 0.7 -> challenge\n"

sys.dont_write_bytecode = True
sys.path.insert(0, LAB)


def run(name, **env):
    """One of the lab's programs in a bare environment; its output."""
    env = {"LAB_" + key.upper(): value for key, value in env.items()}
    env.update(PATH="/usr/bin:/bin", LAB_HOME=LAB)
    return subprocess.run([os.path.join(LAB, name)], env=env, cwd="/",
                          capture_output=True, timeout=20)


def message_keys():
    with open(os.path.join(LAB, "lab.yaml"), encoding="utf-8") as f:
        return set(re.findall(r"\{key: (c[0-9]_[a-z_]+),", f.read()))


class L02(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.top = tempfile.mkdtemp(prefix="L02-")
        cls.keys = message_keys()
        cls.dirs = []
        for i, seed in enumerate(SEEDS):
            d = os.path.join(cls.top, str(i))
            os.mkdir(d)
            for name in ("setup", "solve"):
                done = run(name, seed=seed, dir=d)
                assert done.returncode == 0, done.stderr
            cls.dirs.append(d)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.top)

    def score(self, seed, out):
        done = run("check", seed=seed, out=out)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        got = {}
        for line in done.stdout.decode("ascii").splitlines():
            name, points, key = line.split("\t")
            self.assertIn(key, self.keys)
            self.assertEqual(key[:3], name + "_")
            self.assertTrue(0 <= int(points) <= POINTS[name])
            got[name] = int(points)
        self.assertEqual(list(got), list(POINTS))
        return got

    def hand_in(self, **files):
        out = tempfile.mkdtemp(dir=self.top)
        for name, data in files.items():
            with open(os.path.join(out, name + ".txt"), "wb") as f:
                f.write(data)
        return out

    def solved(self, i):
        with open(os.path.join(self.dirs[i], "out", "answers.txt"),
                  encoding="utf-8") as f:
            return dict(line.rstrip("\n").split(": ", 1) for line in f)

    def text(self, answers):
        return "".join("%s: %s\n" % kv for kv in answers.items()).encode()

    def test_nothing_handed_in_scores_nothing(self):
        for seed in SEEDS:
            self.assertEqual(sum(self.score(seed, self.hand_in()).values()), 0)

    def test_solve_scores_everything(self):
        for seed, d in zip(SEEDS, self.dirs):
            self.assertEqual(self.score(seed, os.path.join(d, "out")), POINTS)

    def test_answers_of_another_seed_fail(self):
        for i, seed in enumerate(SEEDS):
            d = self.dirs[(i + 1) % len(SEEDS)]
            got = self.score(seed, os.path.join(d, "out"))
            self.assertLess(sum(got.values()), 70)
            self.assertEqual(got["c1"] + got["c4"] + got["c5"], 0)

    def test_same_seed_gives_the_same_bytes(self):
        def digest(d):
            sums = []
            for name in sorted(os.listdir(os.path.join(d, "in"))):
                with open(os.path.join(d, "in", name), "rb") as f:
                    sums.append((name, hashlib.sha256(f.read()).hexdigest()))
            return sums
        for seed, d in zip(SEEDS, self.dirs):
            again = tempfile.mkdtemp(dir=self.top)
            done = subprocess.run(
                [os.path.join(LAB, "setup")], cwd="/", timeout=20,
                env={"LAB_SEED": seed.upper(), "LAB_DIR": again, "LANG": "C",
                     "LAB_HOME": LAB, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"})
            self.assertEqual(done.returncode, 0)
            self.assertEqual(digest(d), digest(again))
        self.assertNotEqual(digest(self.dirs[0]), digest(self.dirs[1]))

    def test_partly_right_scores_as_stated(self):
        a = self.solved(0)
        first = {k: a[k] for k in ("bot_ips", "start", "end",
                                   "accounts_tried")}
        got = self.score(SEEDS[0], self.hand_in(answers=self.text(first)))
        self.assertEqual(got, {"c1": 20, "c2": 10, "c3": 8, "c4": 0, "c5": 0,
                               "c6": 0, "c7": 0})

    def test_points_fall_as_the_task_says(self):
        a = self.solved(0)
        taken = a["accounts_taken"].split(", ")
        bots = a["bot_ips"].split(", ")
        other = self.solved(1)["accounts_taken"].split(", ")[0]

        def points(name, **change):
            text = self.text(dict(a, **change))
            return self.score(SEEDS[0], self.hand_in(answers=text))[name]

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
        text = self.text(self.solved(0)).decode()
        wide = text.replace(": ", "\uff1a").replace(", ", "\u3001")
        wide = "\ufeff" + wide.replace("0", "\uff10").replace("\n", "\r\n")
        got = self.score(SEEDS[0], self.hand_in(answers=wide.encode()))
        self.assertEqual(sum(got.values()), 75)

    def test_rules_score_by_what_they_hit(self):
        def rule(text):
            got = self.score(SEEDS[0], self.hand_in(rule=text))
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

    def test_every_address_is_a_documentation_address(self):
        import ipaddress
        allowed = [ipaddress.ip_network(n) for n in (
            "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",
            "2001:db8::/32")]
        with open(os.path.join(self.dirs[0], "in", "access.log"),
                  encoding="ascii") as f:
            seen = {line.split(" ", 1)[0] for line in f}
        for ip in seen:
            a = ipaddress.ip_address(ip)
            self.assertTrue(any(a.version == n.version and a in n
                                for n in allowed), ip)

    def test_hostile_files_never_crash_the_check(self):
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
            out = self.hand_in(answers=answer, rule=rule)
            got = self.score(SEEDS[0], out)
            self.assertEqual(sum(got[c] for c in ("c1", "c2", "c3", "c4",
                                                  "c5")), 0)

    def test_files_that_are_no_files_count_as_missing(self):
        out = self.hand_in()
        os.mkfifo(os.path.join(out, "answers.txt"))
        os.symlink(os.path.join(self.dirs[0], "out", "rule.txt"),
                   os.path.join(out, "rule.txt"))
        self.assertEqual(sum(self.score(SEEDS[0], out).values()), 0)
        out = self.hand_in()
        os.mkdir(os.path.join(out, "answers.txt"))
        self.assertEqual(sum(self.score(SEEDS[0], out).values()), 0)

    def test_a_bad_seed_is_refused(self):
        for seed in ("", "0" * 63, "g" * 64, "0" * 65):
            self.assertNotEqual(run("check", seed=seed, out="/").returncode, 0)

    def test_programs_are_quick_and_within_their_limits(self):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        d = tempfile.mkdtemp(dir=self.top)
        run("setup", seed=SEEDS[0], dir=d)
        middle = resource.getrusage(resource.RUSAGE_CHILDREN)
        run("check", seed=SEEDS[0], out=os.path.join(self.dirs[0], "out"))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.assertLess(middle.ru_utime - before.ru_utime, 2)
        self.assertLess(after.ru_utime - middle.ru_utime, 2)
        self.assertLess(after.ru_maxrss, 200 * 1024)
        size = sum(os.path.getsize(os.path.join(d, "in", n))
                   for n in os.listdir(os.path.join(d, "in")))
        self.assertLess(size, 8192 * 1024)


if __name__ == "__main__":
    unittest.main()
