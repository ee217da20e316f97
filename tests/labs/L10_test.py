#!/usr/bin/python3
"""Lab L10: the proof of every lab, and what this one promises beside it."""
import hashlib
import io
import os
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
                ({"encryption_start": truth.utc(w.start + 120)}, ("c1", 8)),
                ({"encryption_start": truth.utc(w.start - 120)}, ("c1", 8)),
                ({"encryption_start": truth.utc(w.start + 121)}, ("c1", 0)),
                ({"encryption_start": truth.utc(w.start - 121)}, ("c1", 0)),
                ({"encryption_start": truth.utc(w.start + truth.JST)},
                 ("c1", 0)),
                ({"encryption_start": "yesterday"}, ("c1", 0)),
                ({"dropper_path": "D:\\data\\" + w.dropper.replace("/", "\\")},
                 ("c2", 8)),
                ({"dropper_path": w.new_tool.path}, ("c2", 0)),
                ({"clean_point__loan": w.clean["loan"].name + ".tar"},
                 ("c3", 24)),
                ({"clean_point__loan": other}, ("c3", 16)),
                ({"clean_point__loan": other, "clean_point__customer": None},
                 ("c3", 8)),
                ({"clean_point__" + kind: other for kind in SETS}, ("c3", 0)),
                ({"rpo_loss_min__loan": str(w.loss("loan") + 5)}, ("c6", 12)),
                ({"rpo_loss_min__loan": str(w.loss("loan") - 6)}, ("c6", 8)),
                ({"rpo_loss_min__" + kind: "-1" for kind in SETS}, ("c6", 0)),
                ({"restore_order": " > ".join(w.order)}, ("c7", 5)),
                ({"restore_order": ",".join(w.order[::-1])}, ("c7", 0)),
                ({"restore_order": ",".join(w.order[:2])}, ("c7", 0)),
                ({"bad_list": w.bad_list[:-7]}, ("c8", 4)),
                ({"bad_list": w.bad_list + ", " + w.bad_list}, ("c8", 0))):
            with self.subTest(changed=changed):
                got = self.part(**changed)
                self.assertEqual(got[want[0]], want[1])
                self.assertEqual(sum(got.values()), 61 + want[1]
                                 - self.points[want[0]])

    # ----------------------------------------------------------------- trees

    def test_tree_points_are_those_of_the_task(self):
        w, files = self.world(), self.restored()
        self.assertEqual(self.tar_points(packed(files)), (27, 12))
        kind = SETS[0]
        one = next(p for p in files if p.startswith(kind + "/branch"))
        less = {p: d for p, d in files.items() if p != one}
        self.assertEqual(self.tar_points(packed(less)), (18, 12))
        self.assertEqual(self.tar_points(
            packed({**files, one: files[one] + b"\n"})), (18, 12))
        self.assertEqual(self.tar_points(
            packed({**files, kind + "/more.csv": b"x"})), (18, 12))
        half = {p: d for p, d in files.items() if p.split("/")[0] != kind}
        self.assertEqual(self.tar_points(packed(half)), (18, 0))
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
        self.assertEqual(self.tar_points(packed(old)), (0, 12))

    def test_every_plain_tar_is_read(self):
        files = self.restored()
        whole = (27, 12)
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

    def test_naive_ways_do_not_pass(self):
        import truth
        for i, seed in enumerate(self.seeds):
            w, a = self.world(i), self.answers(i)
            for choose, most in (
                    (lambda w: w.online[5], 60),        # before the night
                    (lambda w: w.offline[-1], 69),      # offline is clean
                    (lambda w: w.offline[-2], 50),      # certainly clean
                    (lambda w: w.online[7], 40)):       # lists agree
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
                    "restore.tar": packed(files)}))
                self.assertLess(sum(got.values()), most, (b.name, got))
            # Live records lead to the start: nothing else is near it.
            self.assertGreater(w.start - w.planted, 50 * truth.HOUR)

    def test_believing_the_lists_does_not_pass(self):
        for i, seed in enumerate(self.seeds):
            d = tempfile.mkdtemp(dir=self.top)
            os.symlink(os.path.join(self.dirs[i], "in"), os.path.join(d, "in"))
            done = self.run_program("solve", "unchained", dir=d)
            self.assertEqual(done.returncode, 0, done.stderr)
            got = self.score(seed, os.path.join(d, "out"))
            self.assertEqual(sum(got.values()), 63)


if __name__ == "__main__":
    unittest.main()
