"""What every lab must prove, run as the box runs it: setup, solve and check as
programs of their own in a bare environment.

    class L02(LabProof, unittest.TestCase):
        folder = "L02-credential-stuffing"
"""
import hashlib
import ipaddress
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
LABS = os.path.join(ROOT, "labs")
SEEDS = 3
AT_A_TIME = 2   # hand-ins that are tried and checked beside each other
CPU_SECONDS = 2  # of setup, and of check, on an idle machine
MEMORY_KIB = 200 * 1024
DOCUMENTATION = [ipaddress.ip_network(n) for n in (
    "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32",
    "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8")]
# Not the version in "Chrome/96.0.0.0".
ADDRESS = re.compile(rb"(?<![0-9.])(?<![A-Za-z]/)(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?![0-9.])")

# Bytes that no checker may fall over; each is tried as every file handed in.
HOSTILE = [
    b"", b"\0" * 1000, b"\xff\xfe\x80: \xc3\x28\n", bytes(range(256)) * 60,
    b":" * 200000, b"\n" * 250000, b"," * 250000, b"a" * 262145,
    b"c1\t20\tc1_ok\n", b"x: \x1b[2J%s%n{0}\n", b"9" * 250000,
    b"[" * 100000, b"{" * 100000, b"- " * 50000, b"&a [*a]\n", b'"' * 999,
    b"(" * 5000, b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n",
    ("x: " + "\u0301\u0323" * 50000).encode(), b"../../../etc/passwd\n",
]

sys.dont_write_bytecode = True
sys.path.insert(0, LABS)


class LabProof:
    folder = None
    extra_addresses = ()  # networks that this lab may use beside the usual

    @classmethod
    def setUpClass(cls):
        cls.home = os.path.join(LABS, cls.folder)
        sys.path.insert(0, cls.home)
        with open(os.path.join(cls.home, "lab.yaml"), encoding="utf-8") as f:
            cls.lab = yaml.safe_load(f)
        cls.points = {c["id"]: c["points"] for c in cls.lab["checks"]}
        cls.keys = {m["key"] for m in cls.lab["messages"]}
        cls.told = set()
        cls.top = tempfile.mkdtemp(prefix=cls.lab["id"] + "-")
        cls.seeds = [hashlib.sha256(b"%s test %d" % (cls.lab["id"].encode(), i)
                                    ).hexdigest() for i in range(SEEDS)]
        cls.dirs = [os.path.join(cls.top, str(i)) for i in range(SEEDS)]
        cls.lines = {}
        cls.making = threading.Lock()
        for seed, d in zip(cls.seeds, cls.dirs):
            os.mkdir(d)
            for name in ("setup", "solve"):
                done = cls.run_program(name, seed=seed, dir=d)
                assert done.returncode == 0, done.stderr.decode()

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.top)
        sys.path.remove(cls.home)

    @classmethod
    def run_program(cls, name, *args, more=None, **env):
        """One of the lab's programs; LAB_SEED and so on by keyword."""
        env = {"LAB_" + key.upper(): value for key, value in env.items()}
        if name == "solve":
            env.pop("LAB_SEED", None)  # whoever solves does not know it
        home = env.setdefault("LAB_HOME", cls.home)
        env.update(PATH="/usr/bin:/bin", PYTHONPATH=LABS,
                   PYTHONDONTWRITEBYTECODE="1", LANG="C.UTF-8", TZ="UTC",
                   PYTHONHASHSEED="0")
        env.update(more or {})
        return subprocess.run([os.path.join(home, name), *args], env=env,
                              cwd="/", capture_output=True,
                              timeout=cls.lab["limits"]["seconds"] * 3)

    def maker(self, name, seed):
        """Where a program that needs the seed alone left its files: once."""
        made = os.path.join(self.top, "%s of %s" % (name, seed))
        with self.making:
            if not os.path.isdir(made):     # the same every time, by the proof
                os.mkdir(made)
                done = self.run_program(name, seed=seed, dir=made)
                self.assertEqual((done.returncode, done.stderr), (0, b""))
        return made

    def keyed(self, seed):
        """The answer key for `check`, of a lab that has one."""
        if not os.path.exists(os.path.join(self.home, "key")):
            return {}
        return {"dir": self.maker("key", seed)}

    def tried(self, seed, out):
        """What `key`, or `cases` and `trial` leave for `check`, as the boxes do it, but
        without a box: only what this test itself hands in is run here."""
        if "trial" not in self.lab:
            return self.keyed(seed)
        work = tempfile.mkdtemp(dir=self.top)
        shutil.copytree(os.path.join(self.maker("cases", seed), "cases"),
                        os.path.join(work, "cases"))
        home = os.path.join(work, "home")   # the trial's: itself, and the kit
        os.mkdir(home)
        shutil.copy(os.path.join(self.home, "trial"), home)
        done = self.run_program("trial", dir=work, out=out, home=home)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return {"dir": work, "trial_end": "exited 0"}

    def told_by(self, seed, out):
        """The lines of check, in fields: of the result, and marks."""
        if (seed, out) in self.lines:
            return self.lines[seed, out]
        done = self.run_program("check", seed=seed, out=out,
                                **self.tried(seed, out))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        lines = [line.split("\t")
                 for line in done.stdout.decode("ascii").splitlines()]
        got = ([line for line in lines if len(line) == 3],
               [line for line in lines if len(line) == 4])
        if os.path.dirname(out) in self.dirs:   # what `solve` left stays
            self.lines[seed, out] = got
        return got

    def marks(self, seed, out):
        """{key: (kind, given, truth)} of the files below `out`."""
        found = {}
        for kind, key, given, truth in self.told_by(seed, out)[1]:
            self.assertIn(kind, ("canary", "answer"))
            self.assertRegex(given, "^([0-9a-f]{32}|none)$")
            self.assertRegex(truth, "^[0-9a-f]{32}$")
            self.assertNotIn(key, found)
            found[key] = kind, given, truth
        return found

    def score(self, seed, out):
        """Points per check of the files below `out`."""
        got = {}
        for name, points, key in self.told_by(seed, out)[0]:
            line = "%s %s" % (name, points)
            self.assertIn(key, self.keys)
            self.assertEqual(key.split("_")[0], name)
            self.assertTrue(0 <= int(points) <= self.points[name], line)
            self.told.add(key)
            got[name] = int(points)
        self.assertEqual(list(got), list(self.points))
        return got

    def beside(self, ask, given):
        """What `ask` answers for each of those given, in their order."""
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            return list(pool.map(lambda args: ask(*args), given))

    def hand_in(self, files):
        """A directory with these files: {path: bytes}."""
        out = tempfile.mkdtemp(dir=self.top)
        for path, data in files.items():
            full = os.path.join(out, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "wb") as f:
                f.write(data)
        return out

    def solution(self, i=0):
        """What `solve` handed in for seed i: {path: bytes}."""
        files, out = {}, os.path.join(self.dirs[i], "out")
        for where, _, names in os.walk(out):
            for name in names:
                full = os.path.join(where, name)
                with open(full, "rb") as f:
                    files[os.path.relpath(full, out)] = f.read()
        return files

    def answers(self, i=0):
        """answers.txt of `solve` as a dictionary."""
        return dict(line.split(": ", 1) for line in
                    self.solution(i)["answers.txt"].decode().splitlines())

    @staticmethod
    def text(answers):
        return "".join("%s: %s\n" % kv for kv in answers.items()).encode()

    def inputs(self, i=0):
        """Every artefact of seed i: (path, bytes)."""
        top = os.path.join(self.dirs[i], "in")
        for where, dirs, names in os.walk(top):
            dirs.sort()
            for name in sorted(names):
                full = os.path.join(where, name)
                with open(full, "rb") as f:
                    yield os.path.relpath(full, top), f.read()

    # ------------------------------------------------------------ the proof

    def test_points_are_a_hundred(self):
        self.assertEqual(sum(self.points.values()), 100)

    def test_nothing_handed_in_scores_nothing(self):
        for seed in self.seeds:
            self.assertEqual(sum(self.score(seed, self.hand_in({})).values()), 0)

    def test_solve_scores_everything(self):
        for seed, d in zip(self.seeds, self.dirs):
            self.assertEqual(self.score(seed, os.path.join(d, "out")),
                             self.points)

    def test_solve_hands_in_what_is_collected(self):
        self.assertEqual(set(self.solution()),
                         {c["path"] for c in self.lab["collect"]})

    def test_answers_of_another_seed_fail(self):
        for got in self.beside(self.score, [
                (seed, os.path.join(self.dirs[(i + 1) % SEEDS], "out"))
                for i, seed in enumerate(self.seeds)]):
            self.assertLess(sum(got.values()), self.lab["pass"], got)

    def test_marks_tell_whose_answers_they_are(self):
        every = []
        for own in self.beside(self.marks, [
                (seed, os.path.join(d, "out"))
                for seed, d in zip(self.seeds, self.dirs)]):
            every.append(own)
            self.assertEqual([kind for kind, _, _ in own.values()].count(
                "canary"), 1)
            for key, (_, given, truth) in own.items():
                self.assertEqual(given, truth, key)
        for i, seed in enumerate(self.seeds):
            j = (i + 1) % SEEDS
            other = self.marks(seed, os.path.join(self.dirs[j], "out"))
            for key, (_, given, truth) in other.items():
                self.assertNotEqual(given, truth, key)
                self.assertEqual(truth, every[i].get(key, (0, 0, truth))[2])
                if key in every[j]:
                    self.assertEqual(given, every[j][key][2])

    def test_nothing_and_the_example_leave_no_mark(self):
        for _, given, _ in self.marks(
                self.seeds[0], self.hand_in({})).values():
            self.assertEqual(given, "none")
        with open(os.path.join(self.home, "task.en.md"),
                  encoding="utf-8") as f:
            shown = re.findall("^```\n(.*?)^```", f.read(), re.S | re.M)
        self.assertTrue(any(re.search("-0{6}", text) for text in shown))
        for text in shown:
            names = [c["path"] for c in self.lab["collect"]]
            out = self.hand_in({name: text.encode() for name in names})
            for key, (_, given, _) in self.marks(
                    self.seeds[0], out).items():
                self.assertEqual(given, "none", (key, text))

    def test_artefacts_are_those_that_are_promised(self):
        for i in range(SEEDS):
            paths = [path for path, _ in self.inputs(i)]
            self.assertEqual(sorted(a["path"] for a in self.lab["artefacts"]),
                             sorted(paths))

    def test_same_seed_gives_the_same_bytes(self):
        for i, seed in enumerate(self.seeds[:2]):
            again = tempfile.mkdtemp(dir=self.top)
            done = self.run_program("setup", dir=again, seed=seed.upper(), more={
                "LANG": "C", "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"})
            self.assertEqual(done.returncode, 0)
            for path, data in self.inputs(i):
                with open(os.path.join(again, "in", path), "rb") as f:
                    self.assertEqual(f.read(), data, path)
        self.assertNotEqual(list(self.inputs(0)), list(self.inputs(1)))

    def test_every_address_is_a_documentation_address(self):
        allowed = DOCUMENTATION + [ipaddress.ip_network(n)
                                   for n in self.extra_addresses]
        for i in range(SEEDS):
            for path, data in self.inputs(i):
                for word in set(ADDRESS.findall(data)):
                    try:
                        ip = ipaddress.ip_address(word.decode())
                    except ValueError:
                        continue  # a version number
                    self.assertTrue(any(ip in n for n in allowed), (path, ip))

    def test_hostile_files_never_break_the_check(self):
        names = [c["path"] for c in self.lab["collect"]]
        for data, got in zip(HOSTILE, self.beside(self.score, [
                (self.seeds[0], self.hand_in({name: data for name in names}))
                for data in HOSTILE]), strict=True):
            self.assertLess(sum(got.values()), self.lab["pass"], data[:40])

    def test_files_that_are_no_files_count_as_missing(self):
        out = self.hand_in({})
        for i, name in enumerate(c["path"] for c in self.lab["collect"]):
            full = os.path.join(out, name)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            if i % 3 == 0:
                os.mkfifo(full)
            elif i % 3 == 1:
                os.symlink(os.path.join(self.dirs[0], "out", name), full)
            else:
                os.mkdir(full)
        self.assertEqual(sum(self.score(self.seeds[0], out).values()), 0)

    def test_a_bad_seed_is_refused(self):
        for seed in ("", "0" * 63, "g" * 64, "0" * 65):
            for name in ("setup", "check"):
                done = self.run_program(name, seed=seed, dir=self.top, out="/")
                self.assertNotEqual(done.returncode, 0)

    def test_programs_are_quick_and_within_their_limits(self):
        def seconds():
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            return used.ru_utime + used.ru_stime
        start = seconds()
        self.run_program("setup", seed=self.seeds[0],
                         dir=tempfile.mkdtemp(dir=self.top))
        middle = seconds()
        self.run_program("check", seed=self.seeds[0], **self.keyed(self.seeds[0]),
                         out=os.path.join(self.dirs[0], "out"))
        self.assertLess(middle - start, CPU_SECONDS)
        self.assertLess(seconds() - middle, CPU_SECONDS)
        size = sum(len(data) for _, data in self.inputs())
        self.assertLess(size, self.lab["limits"]["output_kb"] * 1024)
