#!/usr/bin/python3
"""Lab L06: the proof of every lab, and what this one promises beside it."""
import hashlib
import io
import json
import os
import random
import re
import struct
import subprocess
import sys
import tarfile
import time
import unittest

import yaml

sys.path.insert(0, os.path.dirname(__file__))
from lab_proof import LabProof  # noqa: E402

KEYED = " xor(0x01-0xff)"
HEAD = "title: x\nlogsource:\n  product: windows\ndetection:\n"


def quoted(word):
    return '"%s"' % word.replace("\\", "\\\\")


def yara_rule(texts, condition):
    strings = "".join("  $s%d = %s\n" % one for one in enumerate(texts))
    return ("rule r {\n%scondition: %s }\n" % (
        "strings:\n" + strings if texts else "", condition)).encode()


class L06(LabProof, unittest.TestCase):
    folder = "L06-yara-sigma"

    def world(self, i=0):
        import truth
        return truth.World(bytes.fromhex(self.seeds[i]))

    def scored(self, text, name):
        if isinstance(text, str):
            text = text.encode()
        got = self.score(self.seeds[0], self.hand_in({name: text}))
        ids = ("c1", "c2", "c3", "c4", "c5") if name == "family.yar" else (
            "c6", "c7", "c8")
        self.assertEqual(sum(got.values()), sum(got[c] for c in ids))
        return tuple(got[c] for c in ids)

    # ------------------------------------------------------------------ YARA

    def test_yara_points_are_those_of_the_task(self):
        w = self.world()
        magic = "uint32(0) == 0x%08x" % struct.unpack("<I", w.magic)[0]
        own = [quoted(s) + KEYED for s in w.strings]
        every = own + [quoted(s) + KEYED for s in w.shared]
        mark = quoted("lic=" + w.licence)
        for texts, condition, want in (
                (own, magic + " and 2 of them", (5, 10, 20, 20, 5)),
                (own, magic + " and 3 of them", (5, 10, 20, 20, 5)),
                (own, magic + " and 5 of them", (5, 10, 10, 20, 5)),
                (own, magic + " and any of them", (5, 10, 20, 20, 2)),
                (own, "2 of them", (5, 10, 20, 0, 3)),
                (own, "filesize < 1MB and 2 of them", (5, 10, 20, 0, 5)),
                (every, magic + " and 2 of them", (5, 10, 20, 0, 2)),
                ([quoted(s) + " xor" for s in w.strings],
                 magic + " and 2 of them", (5, 10, 20, 0, 5)),
                ([quoted(s) for s in w.strings], magic + " and 2 of them",
                 (5, 0, 0, 0, 0)),
                ([mark] + own, magic + " and $s0 and 3 of them",
                 (5, 10, 10, 20, 5)),
                ([mark], magic + " and $s0", (5, 0, 0, 0, 2)),
                ([], magic, (5, 0, 0, 0, 2)),
                ([], "true", (5, 0, 0, 0, 0)),
                ([], "false", (5, 0, 0, 0, 0))):
            with self.subTest(condition=condition, texts=texts):
                self.assertEqual(self.scored(yara_rule(texts, condition),
                                             "family.yar"), want)

    def test_yara_points_at_their_edges(self):
        import files
        w = self.world()
        magic = "uint32(0) == 0x%08x" % struct.unpack("<I", w.magic)[0]
        own = [quoted(s) + KEYED for s in w.strings]
        shown = files.samples(w, "shown")
        hidden = files.samples(w, "hidden")
        good = [d for _, d in files.good(w, "hidden") if d[:4] == w.magic]

        def but(missed=(), more=()):
            """A full rule, without some files and with some others: by
            their length and checksum."""
            marks = ["{ %s }" % d[8:16].hex(" ") for d in (*missed, *more)]
            k = range(8, 8 + len(marks))
            miss = " or ".join("$s%d" % i for i in k[:len(missed)]) or "false"
            add = " or ".join("$s%d" % i for i in k[len(missed):]) or "false"
            return yara_rule(own + marks, magic + " and ((2 of ($s0, $s1, $s2,"
                             " $s3, $s4, $s5, $s6, $s7) and not (%s)) or %s)"
                             % (miss, add))
        for rule, want in (
                (but(shown[1:2]), (5, 8, 20, 20, 5)),
                (but(shown[1:5]), (5, 2, 20, 20, 5)),
                (but(shown[1:6]), (5, 0, 20, 20, 0)),
                (but(hidden[:2]), (5, 10, 20, 20, 5)),
                (but(hidden[:3]), (5, 10, 10, 20, 5)),
                (but(hidden[:7]), (5, 10, 0, 20, 5)),
                (but(hidden[:11]), (5, 10, 0, 0, 5)),
                (but((), good[:2]), (5, 10, 20, 12, 5)),
                (but((), good[:20]), (5, 10, 20, 0, 5)),
                (but((), good[:21]), (5, 10, 0, 0, 5))):
            with self.subTest(want=want):
                self.assertEqual(self.scored(rule, "family.yar"), want)

    def test_yara_rules_that_are_refused(self):
        fine = b"rule r { condition: true }\n"
        for text in (
                b'include "/etc/passwd"\n' + fine, b'import "pe"\n' + fine,
                b'/* " */ include "x"\n' + fine, fine + b"// x\nimport\"math\"",
                b'rule r { strings: $a = /"/ condition: $a }\ninclude "x" //"',
                fine * 2, fine + b"\0", fine[:-3], b"rule r { condition: x }",
                b"# rule\n", b"// rule r { condition: true }\n",
                b"".join(b"rule r%d { condition: true }\n" % i
                         for i in range(11)),
                b"rule r { strings: " + b'$ = "abcd" ' * 201
                + b"condition: any of them }",
                fine + b"/" * 70000,
                b"rule r { condition: for all i in (0..filesize) : ("
                b" for all j in (0..filesize) : (uint8(i) + j >= 0)) }"):
            self.assertEqual(self.scored(text, "family.yar"), (0,) * 5,
                             text[:80])
        inside = (b'rule r { meta: x = "include" strings: $a = "import \\""'
                  b" $b = /include \\/ import/ // include\n /* import */"
                  b" condition: $a or $b }")
        self.assertEqual(self.scored(inside, "family.yar"), (5, 0, 0, 0, 0))

    def test_samples_are_inert_and_plain(self):
        for i in range(2):
            data = dict(self.inputs(i))
            with tarfile.open(fileobj=io.BytesIO(data["samples.tar"])) as tar:
                members = tar.getmembers()
                self.assertEqual(len(members), 68)
                for m in members:
                    body = tar.extractfile(m).read()
                    self.assertTrue(m.isreg() and m.uid == m.gid == 0)
                    self.assertRegex(m.name, r"\A(bad/s[1-8]|good/[0-9]{2}_"
                                             r"[a-z]+)\.[a-z]{3,4}\Z")
                    self.assertNotIn(body[:2], (b"MZ", b"\x7fE", b"#!", b"PK",
                                                b"%P", b"\xca\xfe"))
                    if m.name.startswith("bad/"):
                        digest = hashlib.sha256(body).hexdigest()
                        self.assertIn(digest.encode(), data["bulletin.txt"])

    # ----------------------------------------------------------------- Sigma

    def sigma_parts(self):
        w = self.world()
        child = "    Image|endswith: ['\\%s', '\\%s']\n" % w.bins
        pair = ("  pair:\n    EventID: 1\n    ParentImage|endswith: '\\%s'\n"
                % w.viewer + child)
        places = ("    CommandLine|contains: ['\\ProgramData\\',"
                  " '\\AppData\\Local\\Temp\\', '\\Users\\Public\\']\n")
        net = "  net:\n    EventID: 3\n" + child
        inside = "  f_in:\n    DestinationIp|cidr: 10.0.0.0/8\n"
        known = ("  f_known:\n    DestinationHostname|endswith:\n"
                 "    - .%s\n    - 'crl.%s'\n" % (w.vendor, w.authority))
        return child, pair, places, net, inside, known

    def test_sigma_points_are_those_of_the_task(self):
        child, pair, places, net, inside, known = self.sigma_parts()
        both = "pair or net and not 1 of f_*"
        first = None
        for parts, condition, want in (
                (pair + places + net + inside + known, both, (5, 18, 17)),
                (pair + places, "pair", (5, 9, 17)),
                (pair, "pair", (5, 9, 0)),
                (pair + places + net + inside, both, (5, 18, 0)),
                (net + inside + known, "net and not 1 of f_*", (5, 0, 0)),
                ("  child:\n" + child, "child", (5, 0, 0)),
                ("  all:\n    EventID: [1, 3]\n", "all", (5, 0, 0)),
                ("  no:\n    EventID: 2\n", "no", (5, 0, 0))):
            text = HEAD + parts + "  condition: %s\n" % condition
            with self.subTest(text=text):
                self.assertEqual(self.scored(text, "behaviour.yml"), want)
            first = first or (text, want)
        wide = b"\xef\xbb\xbf" + first[0].replace("\n", " # x\r\n").encode()
        self.assertEqual(self.scored(wide, "behaviour.yml"), first[1])

    def test_sigma_points_at_their_edges(self):
        import events
        day = events.day(self.world(), "hidden")
        bad = [e["RecordId"] for e, is_bad in day if is_bad]
        good = [e["RecordId"] for e, is_bad in day if not is_bad]
        for caught, wrong, want in (
                (36, 5, (5, 18, 17)), (35, 6, (5, 9, 8)), (24, 25, (5, 9, 8)),
                (23, 26, (5, 0, 0)), (20, 5, (5, 0, 17)), (19, 0, (5, 0, 0))):
            ids = bad[:caught] + good[:wrong]
            text = HEAD + "  a:\n    RecordId:\n%s  condition: a\n" % "".join(
                "    - %d\n" % i for i in ids)
            with self.subTest(want=want):
                self.assertEqual(self.scored(text, "behaviour.yml"), want)

    def test_sigma_that_takes_too_long_scores_nothing(self):
        text = HEAD + "  a:\n    CommandLine|re: '.*.*.*.*[a--b||]%q$'\n  condition: a\n"
        self.assertEqual(self.scored(text, "behaviour.yml"), (0, 0, 0))

    def read_rule(self, body, head=HEAD):
        import sigma
        return sigma.Rule((head + body).encode())

    def test_sigma_says_what_it_means(self):
        event = {"EventID": 1, "Image": "C:\\Windows\\System32\\Cmd.exe",
                 "CommandLine": 'cmd.exe /c "dir *"', "User": "TSUBAKURO\\u1"}
        net = {"EventID": 3, "DestinationIp": "10.1.2.3",
               "DestinationPort": 443}
        for field, hit, net_hit in (
                ("Image|endswith: '\\cmd.exe'", True, False),
                ("Image|endswith: \\CMD.EXE", True, False),
                ('Image|endswith: "\\\\cmd.exe"', True, False),
                ("Image|endswith: '\\\\cmd.exe'", True, False),
                ("Image: '*\\cmd.exe'", True, False),
                ("Image: 'C:\\\\*\\\\c?d.exe'", True, False),
                ("Image: 'C:\\\\*\\\\c?cmd.exe'", False, False),
                ("Image: 'C:\\\\*32*.exe'", True, False),
                ("Image: '\\cmd.exe'", False, False),
                ("Image: 'C:\\*.exe'", False, False),     # a star itself
                ("CommandLine|endswith: 'dir \\*\"'", True, False),
                ("CommandLine|endswith: 'd\\*\"'", False, False),
                ("CommandLine|contains|all: ['/c', 'dir']", True, False),
                ("CommandLine|contains|all: ['/c', 'del']", False, False),
                ("CommandLine|contains: ['/c', 'del']", True, False),
                ("CommandLine|re: 'CMD'", False, False),
                ("CommandLine|re|i: 'CMD\\.\\w+'", True, False),
                ("User|startswith: tsubakuro\\", True, False),
                ("EventID: 1", True, False), ("EventID: [3, 5]", False, True),
                ("DestinationPort: 443", False, True),
                ("DestinationPort: '44*'", False, True),
                ("DestinationIp|cidr: 10.0.0.0/8", False, True),
                ("DestinationIp|cidr: ['192.0.2.0/24', '::/0']", False, False),
                ("DestinationIp: null", True, False),
                ("DestinationIp: ''", False, False)):
            rule = self.read_rule("  a:\n    %s\n  condition: a\n" % field)
            self.assertEqual(rule.hits([event, net]), [hit, net_hit], field)
        for condition, hit in (
                ("a and b", False), ("a or b", True), ("not b", True),
                ("not (a and b)", True), ("b or a and not b", True),
                ("not a or b", False), ("1 of them", True),
                ("all of them", False), ("1 of b*", False), ("all of a*", True),
                ("NOT NOT a AND not 1 of b*", True), ("(((a)))", True),
                ("1 of x_*", True), ("any of them", True)):
            rule = self.read_rule(
                "  a:\n    EventID: 1\n  b:\n    User: x\n  _c:\n  - User: z\n"
                "  - EventID: 1\n  x_d:\n  - User: z\n    EventID: 1\n"
                "  - EventID: 1\n  condition: %s\n" % condition)
            self.assertEqual(rule.hits([event]), [hit], condition)
        rule = self.read_rule("  a:\n    EventID: [1, 3]\n  condition: a\n",
                              HEAD.replace("product: windows",
                                           "category: network_connection"))
        self.assertEqual(rule.hits([event, net]), [False, True])

    def test_sigma_that_is_refused_names_its_line(self):
        import sigma
        field = "  a:\n    %s\n  condition: a\n"
        for body, line in (
                (field % "Imag: x", 6), (field % "Image|base64: x", 6),
                (field % "Image|endswith|contains: x", 6),
                (field % "Image|all: x", 6), (field % "Image: 10.", 6),
                (field % "Image: 2026-01-01", 6), (field % "Image: yes", 6),
                (field % "Image: 010x: y", 6), (field % "Image: 1e5", 6),
                (field % "Image|re: '('", 6), (field % "Image|re: '(a+)+'", 6),
                (field % "Image|re: '(a|a)*'", 6), (field % "Image|re: '\\1'", 6),
                (field % "Image|re: '(?=a)'", 6), (field % "Image|re: 'a**'", 6),
                (field % "Image|re: 'a*b*c*d*e*'", 6),
                (field % "Image|re: '[a'", 6), (field % "Image|contains: ''", 6),
                (field % "Image|contains: null", 6),
                (field % "DestinationIp|cidr: 10.0.0.1/8", 6),
                (field % "Image: {a: b}", 6), (field % "Image: &x y", 6),
                (field % "Image: *y", 6), (field % "Image: !!str y", 6),
                (field % 'Image: "C:\\Windows"', 6),
                (field % ("Image: '" + "*a" * 11 + "'"), 6),
                (field % "Image: x\n    Image: y", 7),
                (field % "\tImage: x", 6),
                ("  a: [word]\n  condition: a\n", 5),
                ("  a: word\n  condition: a\n", 5),
                (field.replace("condition: a", "condition: b") % "User: x", 7),
                (field.replace("condition: a", "condition: a and") % "User: x",
                 7),
                (field.replace("condition: a", "condition: 1 of q*")
                 % "User: x", 7),
                (field.replace("condition: a", "condition: a | count() > 5")
                 % "User: x", 7),
                (field % "User: x" + "level: bad\n", 8),
                (field % "User: x" + "foo: bar\n", 8),
                (field % "User: x" + "---\na: b\n", 8),
                ("  a:\n    User: x\n", 4),
                ("  a:\n    User:\n%s  condition: a\n" % "".join(
                    "    - a%d\n" % i for i in range(201)), 4),
                (field.replace("condition: a", "condition: %sa" % ("not " * 99))
                 % "User: x", 7),
                (field.replace("condition: a", "condition: %sa" % ("(" * 90))
                 % "User: x", 7)):
            with self.assertRaises(sigma.YamlError, msg=body) as caught:
                self.read_rule(body)
            self.assertEqual(caught.exception.line, line, body)

    def test_random_yaml_is_read_as_others_read_it(self):
        import sigma
        import yaml_subset
        first = self.solution()["behaviour.yml"]
        second = (b"a: b\nc:\n- x\n- y: 1\n  z: 'it''s'\n- - q\n  - r\n"
                  b"d: [a, 'b', \"c\\\\d\"]\ne: |\n  one\n   two\n\n  three\n"
                  b"# c\nf:\n  g: h # c\n  k: v\n")
        pieces = [p.encode() for p in (
            "\n|  | |- |: |:|#| #|'|\"|[|]|{|}|&a |*a|!x |>|\t|---\n|\\|%|@|? |,"
            " |null|10.|0x1|\u3042|\ufeff|\r|a: b\n|- x\n|''|<<: |\x85|-"
        ).split("|")] + [b"|", b"|\n"]
        rnd = random.Random(20261123)
        seen = 0

        def flat(x):
            if isinstance(x, dict):
                return {str(k): flat(v) for k, v in x.items()}
            if isinstance(x, list):
                return [flat(v) for v in x]
            return " ".join(str(x).split())
        for _ in range(2500):
            data = bytearray(rnd.choice((first, second)))
            for _ in range(rnd.randint(0, 3)):
                at = rnd.randint(0, len(data))
                if rnd.randrange(2):
                    data[at:at] = rnd.choice(pieces)
                else:
                    del data[at:at + rnd.randint(1, 9)]
            data, began = bytes(data), time.monotonic()
            try:
                mine = yaml_subset.parse(data)
                sigma.Rule(data).hits([{"EventID": 1, "Image": "x"}])
            except sigma.SigmaError as e:
                self.assertTrue(0 <= e.line <= data.count(b"\n") + 1)
            except yaml_subset.YamlError as e:
                self.assertTrue(0 <= e.line <= data.count(b"\n") + 1)
                continue
            finally:
                self.assertLess(time.monotonic() - began, 0.5)
            seen += 1
            other = yaml.load(data.decode(), Loader=yaml.BaseLoader)
            self.assertEqual(flat(mine), flat(other), data)
        self.assertGreater(seen, 250)

    def test_the_tool_that_is_handed_out_works_alone(self):
        top = os.path.join(self.dirs[0], "in")
        rule = os.path.join(self.dirs[0], "out", "behaviour.yml")
        done = subprocess.run(
            [sys.executable, "-I", os.path.join(top, "sigmacheck.py"), rule,
             os.path.join(top, "events.jsonl")], capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        said = done.stdout.decode()
        self.assertIn("5000  hit / 該当: 40 (", said)
        bad = self.hand_in({"r.yml": b"title: x\n\tb: c\n"})
        done = subprocess.run(
            [sys.executable, "-I", os.path.join(top, "sigmacheck.py"),
             os.path.join(bad, "r.yml")], capture_output=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"line 2 / 2 ", done.stdout)

    # ----------------------------------------------------------- its promises

    def test_truth_keeps_its_promises(self):
        import events
        import files
        import truth
        for i in range(12):
            w = truth.World(hashlib.sha256(b"promise %d" % i).digest())
            both = w.strings + w.renewed + w.shared
            self.assertEqual(len(set(both)), len(both))
            self.assertFalse(any(a in b for a in both for b in both if a != b))
            self.assertNotIn(w.licence, w.licences + [w.later])

            def plain_words(data):
                at = data.index(b"RSRC") + 8
                return files.xor(data[at + 4:], data[at + 3])
            shown = files.samples(w, "shown")
            self.assertTrue(all(len(d) < 64 * 1024 for d in shown))
            for word in w.strings:
                n = sum(word.encode() in plain_words(d) for d in shown)
                self.assertTrue(2 <= n < 8, (word, n))
            for d in files.variant(w):
                n = sum(s.encode() in plain_words(d) for s in w.strings)
                self.assertTrue(3 <= n <= 4 and len(d) < 96 * 1024)
                self.assertNotIn(w.licence.encode(), d)
            good = files.good(w, "shown")
            genuine = b"".join(plain_words(d) for _, d in good
                               if d[:4] == w.magic and b"RSRC" in d)
            self.assertTrue(all(s.encode() in genuine for s in w.shared))
            self.assertFalse(any(s.encode() in genuine for s in w.strings))
            for which in ("shown", "hidden"):
                day = events.day(w, which)
                self.assertEqual(len(day), 5000)
                bad = [e for e, is_bad in day if is_bad]
                self.assertEqual(len(bad), 40)
                self.assertEqual(sum(e["EventID"] == 1 for e in bad), 26)
                numbers = [e["RecordId"] for e, _ in day]
                self.assertEqual(numbers, sorted(set(numbers)))
                times = [e["UtcTime"] for e, _ in day]
                self.assertEqual(times, sorted(times))
                for e in bad:
                    if e["EventID"] == 1:
                        self.assertIn(w.viewer, e["ParentImage"])
                        self.assertRegex(
                            e["CommandLine"], r"\\(ProgramData|Public|Temp)\\")
                    else:
                        self.assertNotRegex(e["DestinationIp"], r"\A10\.")

    def test_the_events_have_the_fields_of_the_tool(self):
        import sigma
        lines = dict(self.inputs())["events.jsonl"].splitlines()
        fields = {key for line in lines for key in json.loads(line)}
        self.assertEqual(fields, sigma.FIELDS)
        ids = {json.loads(line)["RecordId"] for line in lines}
        text = dict(self.inputs())["bulletin.txt"].decode()
        named = re.search(r"RecordId:\s+([0-9, ]+)", text).group(1).split(",")
        self.assertEqual(len({int(n) for n in named} & ids), 6)


if __name__ == "__main__":
    unittest.main()
