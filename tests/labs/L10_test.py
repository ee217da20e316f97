#!/usr/bin/python3
"""Lab L10: the proof of every lab, and what this one promises beside it."""
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from lab_proof import LabProof  # noqa: E402

SETS = ("customer", "transfer", "loan")


def packed(files, form=tarfile.PAX_FORMAT, mode="w", top=""):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode, format=form) as tar:
        for path, data in files.items():
            one = tarfile.TarInfo(top + path)
            one.size, one.mtime = len(data), 1.5
            tar.addfile(one, io.BytesIO(data))
    return out.getvalue()


def with_member(files, name="loan/x", kind=tarfile.REGTYPE, link=""):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for path, data in files.items():
            one = tarfile.TarInfo(path)
            one.size = len(data)
            tar.addfile(one, io.BytesIO(data))
        one = tarfile.TarInfo(name)
        one.type, one.linkname = kind, link
        tar.addfile(one)
    return out.getvalue()


class L10(LabProof, unittest.TestCase):
    folder = "L10-ransomware-restore"

    def world(self, i=0):
        import truth
        return truth.World(bytes.fromhex(self.seeds[i]))

    def restored(self, i=0):
        import archive
        return archive.read(self.solution(i)["restore.tar"])

    def part(self, **changed):
        """The points of the solution with some answers changed; None takes
        one away."""
        a = self.answers()
        a.update({k.replace("__", "."): v for k, v in changed.items()})
        text = self.text({k: v for k, v in a.items() if v is not None})
        return self.score(self.seeds[0], self.hand_in({"answers.txt": text}))

    def tar_points(self, data, i=0):
        got = self.score(self.seeds[i], self.hand_in({"restore.tar": data}))
        self.assertEqual(sum(got.values()), got["c4"] + got["c5"])
        return got["c4"], got["c5"]

    # --------------------------------------------------------------- answers

    def test_points_are_those_of_the_task(self):
        import truth
        w = self.world()
        other = next(b.name for b in w.online[:3])
        for changed, want in (
                ({"encryption_start": truth.utc(w.start + 120)}, ("c1", 5)),
                ({"encryption_start": truth.utc(w.start - 120)}, ("c1", 5)),
                ({"encryption_start": truth.utc(w.start + 121)}, ("c1", 0)),
                ({"encryption_start": truth.utc(w.start - 121)}, ("c1", 0)),
                ({"encryption_start": truth.utc(w.start + truth.JST)},
                 ("c1", 0)),
                ({"encryption_start": "yesterday"}, ("c1", 0)),
                ({"dropper_path": "D:\\data\\" + w.dropper.replace("/", "\\")},
                 ("c2", 5)),
                ({"dropper_path": w.new_tool.path}, ("c2", 0)),
                ({"clean_point__loan": w.clean["loan"].name + ".tar"},
                 ("c3", 15)),
                ({"clean_point__loan": other}, ("c3", 10)),
                ({"clean_point__loan": other, "clean_point__customer": None},
                 ("c3", 5)),
                ({"clean_point__" + kind: other for kind in SETS}, ("c3", 0)),
                ({"rpo_loss_min__loan": str(w.loss("loan") + 5)}, ("c6", 6)),
                ({"rpo_loss_min__loan": str(w.loss("loan") - 6)}, ("c6", 4)),
                ({"rpo_loss_min__" + kind: "-1" for kind in SETS}, ("c6", 0)),
                ({"bad_list": w.bad_list[:-7]}, ("c8", 4)),
                ({"bad_list": w.bad_list + ", " + w.bad_list}, ("c8", 0))):
            with self.subTest(changed=changed):
                got = self.part(**changed)
                self.assertEqual(got[want[0]], want[1])
                self.assertEqual(sum(got.values()), 35 + want[1]
                                 - self.points[want[0]])

    # ----------------------------------------------------------------- trees

    def test_tree_points_are_those_of_the_task(self):
        w, files = self.world(), self.restored()
        self.assertEqual(self.tar_points(packed(files)), (18, 7))
        kind = SETS[0]
        one = next(p for p in files if p.startswith(kind + "/branch"))
        less = {p: d for p, d in files.items() if p != one}
        self.assertEqual(self.tar_points(packed(less)), (12, 7))
        self.assertEqual(self.tar_points(
            packed({**files, one: files[one] + b"\n"})), (12, 7))
        self.assertEqual(self.tar_points(
            packed({**files, kind + "/more.csv": b"x"})), (12, 7))
        half = {p: d for p, d in files.items() if p.split("/")[0] != kind}
        self.assertEqual(self.tar_points(packed(half)), (12, 0))
        bad_path, (_, bad_data) = next(
            (p, e) for p, e in w.encrypted.items()
            if e[1] and p.startswith("loan/"))
        for path, data in ((w.dropper, b"x"), ("notes.txt", w.dropper_data),
                           ("loan/case/" + w.note, b""),
                           ("loan/x" + w.ending, b""), (bad_path, bad_data),
                           (w.altered[0], w.altered[1][1])):
            got = self.tar_points(packed({**files, path: data}))
            self.assertEqual(got[1], 0, path)
        old = {}
        for name in SETS:
            old.update({p: d for p, (_, d) in
                        w.tree(w.offline[0], name).items()})
        self.assertEqual(self.tar_points(packed(old)), (0, 7))

    def test_every_plain_tar_is_read(self):
        files = self.restored()
        whole = (18, 7)
        for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT,
                     tarfile.PAX_FORMAT):
            for top in ("", "./", "restore/", "./restore/"):
                self.assertEqual(self.tar_points(
                    packed(files, form, top=top)), whole)
        litter = {"._loan": b"x", "loan/._a.csv": b"\0", "loan/.DS_Store": b"",
                  "__MACOSX/loan/a": b"y"}
        self.assertEqual(self.tar_points(packed({**litter, **files})), whole)
        self.assertEqual(self.tar_points(
            packed({**files, "x" * 100 + "/" + "y" * 120: b""},
                   tarfile.GNU_FORMAT)), whole)
        self.assertEqual(self.tar_points(
            packed({**files, "日本語" * 30: b""})), whole)
        self.assertEqual(self.tar_points(
            with_member(files, "loan", tarfile.DIRTYPE)), whole)

    def test_every_other_tar_is_refused(self):
        import archive
        files = self.restored()
        some = next(iter(files))
        bad = [with_member(files, kind=kind, link="loan") for kind in (
            tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE,
            tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.CONTTYPE,
            tarfile.GNUTYPE_SPARSE)]
        bad += [with_member(files, name) for name in (
            some, "./" + some, "/etc/x", "loan/../x", "../x", "a\\b", "a\nb",
            "a\x1bb", "a\x7f", "n" * 250)]
        fine = packed(files, tarfile.USTAR_FORMAT)
        bad += [packed(files, mode="w:gz"), packed(files, mode="w:bz2"),
                packed(files, mode="w:xz"), fine[:2000], b"\0" * 10240,
                fine[:100] + b"zz" + fine[102:], fine[512:700],
                fine[:124] + b"\x80" + fine[125:], b"x" + fine,
                packed({}), packed({"f%d" % i: b"" for i in range(2001)})]
        for data in bad:
            self.assertEqual(self.tar_points(data), (0, 0), data[:60])
        self.assertEqual(self.tar_points(fine + b"\0" * 2 * 1024 * 1024),
                         (0, 0))
        for records in (b"5 a=b", b"0 a=b\n", b"99999 a=b\n", b"a=b\n", b"-6 a=b\n",
                        b"6 size=9\n", b"13 size=-512\n", b"\xff", b" a=b\n",
                        b"23 GNU.sparse.major=1\n", b"6 a=b\n6"):
            with self.assertRaises(archive.Bad, msg=records):
                archive._pax(records) if b"size" not in records else \
                    archive.read(self.pax_before(records, fine))

    @staticmethod
    def pax_before(records, tar):
        one = tarfile.TarInfo("x")
        one.size, one.type = len(records), b"x"
        return (one.tobuf(tarfile.USTAR_FORMAT)
                + records.ljust(512, b"\0") + tar)

    # ------------------------------------------------------------- the story

    def test_archives_are_inert_and_plain(self):
        import archive
        for i in range(len(self.seeds)):
            w, total = self.world(i), 0
            for path, data in self.inputs(i):
                total += len(data)
                if not path.endswith(".tar"):
                    continue
                with tarfile.open(fileobj=io.BytesIO(data)) as tar:
                    for m in tar:
                        self.assertTrue(m.isreg() or m.isdir())
                for name, body in archive.read(data).items():
                    if not name.endswith(w.ending):
                        body.decode("utf-8")
                        self.assertNotIn(body[:2], (b"MZ", b"#!", b"PK"))
            self.assertLess(total, 6 << 20)

    def test_every_trap_is_there(self):
        import archive
        for i in range(len(self.seeds)):
            w, data = self.world(i), dict(self.inputs(i))
            trees = {b.name: archive.read(data[b.name + ".tar"])
                     for b in w.backups}
            for b in w.online[6:]:
                for kind in SETS:
                    self.assertGreater(b.at[kind], w.start)
                    self.assertGreater(sum(
                        p.startswith(kind) and p.endswith(w.ending)
                        for p in trees[b.name]), 1)
            for b in w.backups:
                has = w.dropper in trees[b.name]
                self.assertEqual(has, b.at["loan"] > w.planted)
                self.assertEqual(any(p.endswith(w.ending)
                                     for p in trees[b.name]),
                                 b in w.online[6:])
            self.assertIn(w.dropper, trees[w.offline[-1].name])
            # Of every list, the one that was rewritten agrees with its files,
            # and only what is damaged does not.
            lists = archive.read(data["manifests.tar"])
            odd = []
            for b in w.backups:
                for kind in SETS:
                    name = "%s.%s.sha256" % (b.name, kind)
                    have = "".join("%s  %s\n" % (hashlib.sha256(d).hexdigest(), p)
                                   for p, d in sorted(trees[b.name].items())
                                   if p.startswith(kind + "/"))
                    if have.encode() != lists[name]:
                        odd.append((b, kind))
            want = [(w.online[2], w.dropper_set)]
            if w.damaged:
                want.append((w.online[5], w.third_set))
            self.assertEqual(sorted(odd, key=str), sorted(want, key=str))
            # Generations next to each other differ in every set, except over
            # the weekend, and one is not another's solution.
            for kind in SETS:
                right = w.tree(w.clean[kind], kind)
                same = [b.name for b in w.backups if w.tree(b, kind) == right]
                self.assertEqual(same, [w.clean[kind].name])

    # ----------------------------------------------------------- the recovery

    def plan(self, w, clean=None):
        """The steps of a good recovery, in seven parts; "until" waits for the
        end of some work."""
        clean = clean or {kind: w.clean[kind].name for kind in SETS}
        offline = next((n for n in clean.values() if n[:2] == "of"), None)
        return {
            "begin": ["memory FS02", "image BKP01", "accounts",
                      "until FS02 memory", "image FS02"],
            "bkp01": ["until BKP01 image", "rebuild BKP01"],
            "fs02": ["until FS02 image", "rebuild FS02"],
            "ground": ["until FS02 rebuild", "until BKP01 rebuild",
                       "until AD01 accounts"],
            "restore": ["attach %s" % offline] * bool(offline) + [
                step for kind in w.order for step in (
                    "restore %s %s" % (kind, clean[kind]),
                    "until FS02 restore")] + [
                "detach %s" % offline] * bool(offline),
            "verify": ["verify " + kind for kind in w.order]
            + ["until FS02 verify"] * 3,
            "open": ["open " + kind for kind in w.order]}

    @staticmethod
    def played(w, parts):
        import desk
        import recovery
        one = desk.Desk(recovery.facts(w))
        for step in [step for part in parts.values() for step in part]:
            words = step.split(" ")
            if words[0] != "until":
                one.do(words)
                continue
            while any([job[1], job[2]] == words[1:] for job in one.jobs):
                one.do(["wait"])
        return "".join([line + "\n" for line in one.lines]).encode()

    def run_points(self, journal, i=0):
        got = self.score(self.seeds[i], self.hand_in({"journal.txt": journal}))
        points = tuple(got[c] for c in ("c7", "c9", "c10", "c11"))
        self.assertEqual(sum(got.values()), sum(points))
        return points

    def test_the_order_in_time_is_what_counts(self):
        for i in range(len(self.seeds)):
            w = self.world(i)
            a, b, c = w.order
            medium = w.offline[-1].name
            good = self.plan(w)
            restore, verify = good["restore"], good["verify"]
            waits = ["until " + x for x in (
                "FS02 memory", "BKP01 image", "AD01 accounts", "FS02 image",
                "FS02 rebuild", "BKP01 rebuild")]
            one_by_one = [x for step in (
                "memory FS02", "image FS02", "image BKP01", "accounts",
                "rebuild FS02", "rebuild BKP01") for x in [step] + waits]
            old = {k: w.clean[k].name for k in SETS}
            bad = dict(old, **{w.dropper_set: medium})
            old[b] = w.online[0].name
            for name, changed, want in (
                    ("as it should be", {}, (15, 10, 12, 3)),
                    ("image before memory",
                     {"begin": ["image FS02", "memory FS02", "image BKP01",
                                "accounts"]}, (10, 10, 12, 3)),
                    ("no memory", {"begin": good["begin"][1:]},
                     (10, 10, 12, 3)),
                    ("removal tool first",
                     {"begin": ["scan FS02"] + good["begin"]}, (6, 10, 12, 3)),
                    ("removal tool during the image",
                     {"begin": good["begin"] + ["scan FS02"]},
                     (13, 10, 12, 3)),
                    ("removal tool during the other's image",
                     {"bkp01": ["until BKP01 image", "scan BKP01",
                                "until BKP01 scan", "rebuild BKP01"]},
                     (15, 10, 12, 3)),
                    ("medium during the image",
                     {"begin": good["begin"] + ["attach " + medium,
                                                "detach " + medium]},
                     (13, 7, 12, 3)),
                    ("rebuilt before the image",
                     {"begin": ["memory FS02", "rebuild BKP01", "accounts",
                                "until FS02 memory", "image FS02",
                                "until BKP01 rebuild", "image BKP01"],
                      "bkp01": []}, (11, 10, 12, 3)),
                    ("one image", {"begin": [
                        s for s in good["begin"] if s != "image BKP01"]},
                     (9, 10, 12, 3)),
                    ("accounts last",
                     {"begin": [s for s in good["begin"] if s != "accounts"],
                      "restore": restore + ["accounts"]}, (15, 7, 12, 3)),
                    ("accounts not waited for",
                     {"begin": [s for s in good["begin"] if s != "accounts"],
                      "restore": ["accounts"] + restore}, (15, 7, 12, 3)),
                    ("not rebuilt", {"bkp01": []}, (15, 3, 12, 3)),
                    ("opened beside the medium",
                     {"restore": restore[:-1], "open": good["open"]
                      + restore[-1:]}, (15, 7, 12, 3)),
                    ("medium left", {"restore": restore[:-1]},
                     (15, 7, 12, 3)),
                    ("one not verified", {"verify": verify[1:]},
                     (15, 10, 8, 0)),
                    ("restored again after it was verified",
                     {"verify": verify + [
                         "attach " + medium,
                         "restore %s %s" % (b, w.clean[b].name),
                         "until FS02 restore", "detach " + medium]},
                     (15, 10, 8, 0)),
                    ("opened first, verified after",
                     {"verify": good["open"], "open": verify}, (15, 10, 0, 0)),
                    ("last first", {"open": good["open"][::-1]},
                     (15, 10, 4, 0)),
                    ("two changed", {"open": ["open " + k for k in (b, a, c)]},
                     (15, 10, 8, 0)),
                    ("one not opened", {"open": good["open"][:2]},
                     (15, 10, 8, 0)),
                    ("none opened", {"open": []}, (15, 7, 0, 0)),
                    ("an older generation", self.plan(w, old),
                     (15, 10, 8, 0)),
                    ("the intruder's", self.plan(w, bad), (15, 10, 0, 0)),
                    ("one after the other",
                     {"begin": one_by_one, "bkp01": [], "fs02": []},
                     (15, 10, 12, 0)),
                    ("evidence alone", {
                        "bkp01": good["bkp01"][:1], "fs02": good["fs02"][:1],
                        "ground": [], "restore": [], "verify": [],
                        "open": []}, (15, 0, 0, 0)),
                    ("images not waited for", {
                        "bkp01": [], "fs02": [], "ground": [], "restore": [],
                        "verify": [], "open": []}, (5, 0, 0, 0)),
                    ("a step, and nothing else", {
                        **{part: [] for part in good}, "begin": ["accounts"]},
                     (0, 0, 0, 0))):
                with self.subTest(name, seed=i):
                    self.assertEqual(self.run_points(
                        self.played(w, {**good, **changed}), i), want)

    def test_only_what_the_desk_wrote_counts(self):
        import desk
        import recovery
        journal = self.solution()["journal.txt"]
        lines = journal.split(b"\n")
        whole = (15, 10, 12, 3)
        self.assertEqual(self.run_points(journal), whole)
        self.assertEqual(self.run_points(journal.replace(b"\n", b"\r\n")),
                         whole)
        self.assertEqual(self.run_points(journal[:-1]), whole)
        # Written by hand, with seals that fit: work that takes no time.
        facts = recovery.facts(self.world())
        quick = dict(facts, minutes={n: 1 for n in facts["minutes"]})
        other = desk.Desk(quick)
        for step in ("memory FS02", "wait", "image FS02", "wait"):
            other.do(step.split(" "))
        for forged in (
                self.solution(1)["journal.txt"],
                b"\n".join(lines[1:]), b"\n".join(lines[:5] + lines[6:]),
                b"\n".join([lines[1], lines[0]] + lines[2:]),
                b"\n".join(lines[:4]) + b"\n", journal + lines[-2] + b"\n",
                journal.replace(b"FS02 memory begin", b"FS02 scan begin", 1),
                journal.replace(b":00+09:00", b":01+09:00", 1),
                journal.replace(b"+09:00", b"Z"), journal + b"x\n",
                journal + b"9 2026-06-28T11:13:00+09:00 - wait done 1 x\n",
                journal + b"1 9999-12-31T23:59:00+09:00 - wait done 9 x\n",
                journal + b"1 0001-01-01T00:00:00+09:00 - wait done 9 x\n",
                journal + b"1 x - wait done -9 x\n", b"\xff" + journal,
                "\n".join(other.lines).encode(), lines[0] * 300):
            self.assertEqual(self.run_points(forged), (0, 0, 0, 0), forged[:80])

    def test_the_desk_at_the_prompt(self):
        top = tempfile.mkdtemp(dir=self.top)
        program = os.path.join(self.dirs[0], "in", "desk.py")
        journal = os.path.join(top, "journal.txt")

        def step(*words, ok=True):
            done = subprocess.run(
                [sys.executable, program, *words], cwd=top, text=True,
                capture_output=True, env={"LANG": "C.UTF-8"})
            self.assertEqual(done.returncode, 0 if ok else 1, done.stderr)
            self.assertNotIn("Traceback", done.stderr)
            return done.stdout + done.stderr

        def kept():
            with open(journal, encoding="ascii") as f:
                return f.read()
        self.assertIn("image FS02", step())
        self.assertFalse(os.path.exists(journal))
        self.assertIn("memory begin", step("memory", "FS02"))
        for words in (["memory", "FS02"], ["memory", "FS03"], ["image"],
                      ["rebuild", "FS02"], ["restore", "loan", "offline-1"],
                      ["restore", "loan", "online-9"], ["verify", "loan"],
                      ["open", "loan"], ["detach", "offline-1"],
                      ["wait", "0"], ["wait", "x"], ["wait", "1", "2"],
                      ["wait", "99999"], ["_init__", "x"], ["take", "FS02"],
                      ["accounts", "all"]):
            before = kept()
            self.assertIn(" / ", step(*words, ok=False))
            self.assertEqual(kept(), before)
        self.assertIn("FS02 memory ->", step("status"))
        self.assertIn("memory end", step("wait"))
        step("wait", ok=False)
        step("attach", "offline-1")
        step("attach", "offline-2", ok=False)
        step("restore", "loan", "offline-1")
        step("restore", "customer", "online-1", ok=False)
        step("detach", "offline-1", ok=False)
        step("rebuild", "BKP01", ok=False)
        step("wait")
        step("open", "loan")
        step("rebuild", "FS02", ok=False)
        step("restore", "loan", "offline-1", ok=False)
        with open(journal, "a", encoding="ascii") as f:
            f.write("0099 x\n")
        self.assertIn("journal.txt", step("status", ok=False))
        shutil.rmtree(top)

    def test_the_desk_finds_what_is_damaged(self):
        import recovery
        for i in range(len(self.seeds)):
            w = self.world(i)
            self.assertIn([w.dropper_set, w.online[2].name],
                          recovery.facts(w)["differ"])
            parts = self.plan(w, {
                kind: (w.online[2] if kind == w.dropper_set
                       else w.clean[kind]).name for kind in SETS})
            text = self.played(w, parts).decode()
            self.assertIn("verify end %s differs" % w.dropper_set, text)
            self.assertEqual(text.count(" match "), 2)

    def test_naive_ways_do_not_pass(self):
        import truth
        for i, seed in enumerate(self.seeds):
            w, a = self.world(i), self.answers(i)
            for choose in (
                    lambda w: w.online[5],          # before the night
                    lambda w: w.offline[-1],        # offline is clean
                    lambda w: w.offline[-2],        # certainly clean
                    lambda w: w.online[3],          # without the dropper
                    lambda w: w.online[7]):         # lists agree
                b, files = choose(w), {}
                mine = dict(a)
                for kind in SETS:
                    files.update({p: d for p, (_, d) in
                                  w.tree(b, kind).items()})
                    mine["clean_point." + kind] = b.name
                    mine["rpo_loss_min." + kind] = str(
                        max(0, (w.start - b.at[kind]) // 60))
                got = self.score(seed, self.hand_in({
                    "answers.txt": self.text(mine),
                    "restore.tar": packed(files),
                    "journal.txt": self.played(w, self.plan(
                        w, {kind: b.name for kind in SETS}))}))
                self.assertLess(sum(got.values()), 70, (b.name, got))
                self.assertEqual(got["c7"], 15)
            # Live records lead to the start: nothing else is near it.
            self.assertGreater(w.start - w.planted, 50 * truth.HOUR)

    def test_believing_the_lists_does_not_pass(self):
        for i, seed in enumerate(self.seeds):
            d = tempfile.mkdtemp(dir=self.top)
            os.symlink(os.path.join(self.dirs[i], "in"), os.path.join(d, "in"))
            done = self.run_program("solve", "unchained", dir=d)
            self.assertEqual(done.returncode, 0, done.stderr)
            got = self.score(seed, os.path.join(d, "out"))
            self.assertEqual(sum(got.values()), 61)

    def test_right_steps_in_the_wrong_order_do_not_pass(self):
        for i, seed in enumerate(self.seeds):
            d = tempfile.mkdtemp(dir=self.top)
            os.symlink(os.path.join(self.dirs[i], "in"), os.path.join(d, "in"))
            done = self.run_program("solve", "hasty", dir=d)
            self.assertEqual(done.returncode, 0, done.stderr)
            got = self.score(seed, os.path.join(d, "out"))
            self.assertEqual([got[c] for c in ("c7", "c9", "c10", "c11")],
                             [2, 4, 0, 0])
            self.assertEqual(sum(got.values()), 66)


if __name__ == "__main__":
    unittest.main()
