#!/usr/bin/python3
"""Lab L03: the proof of every lab, and what this one promises beside it."""
import hashlib
import ipaddress
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import time
import unittest
from fnmatch import translate

sys.path.insert(0, os.path.dirname(__file__))
from lab_proof import DOCUMENTATION, LabProof  # noqa: E402

TSHARK = shutil.which("tshark")
CHECKSUMS = [word for proto in ("ip", "tcp", "udp") for word in
             ("-o", proto + ".check_checksum:TRUE")]
WARNING = 0x00600000  # severities of the dissector: warning, error
SLOW_SECONDS = 0.5


def rules(*them):
    return json.dumps({"rules": [
        {"method": m, "path": p, "headers": list(h)} for m, p, *h in them]}
        ).encode()


def header(name, op, value=None):
    return dict({"name": name, "op": op}, **{"value": value} if value else {})


class L03(LabProof, unittest.TestCase):
    folder = "L03-c2-capture"

    def pcap(self, i=0):
        return os.path.join(self.dirs[i], "in", "capture.pcap")

    def world(self, i=0):
        import truth
        return truth.World(bytes.fromhex(self.seeds[i]))

    def tshark(self, i, *args):
        done = subprocess.run([TSHARK, "-n", "-r", self.pcap(i), *CHECKSUMS, *args],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines()

    def point_of(self, name, **change):
        text = self.text(dict(self.answers(), **change))
        return self.score(self.seeds[0], self.hand_in({"answers.txt": text}))[name]

    def detection(self, data, i=0):
        return self.score(self.seeds[i], self.hand_in({"detect.json": data}))["c9"]

    # ------------------------------------------------------------ the capture

    @unittest.skipUnless(TSHARK, "there is no tshark")
    def test_tshark_finds_nothing_wrong(self):
        for i in range(len(self.seeds)):
            wrong = self.tshark(i, "-Y", " or ".join((
                "_ws.malformed", "_ws.short", "_ws.expert.severity >= %d" % WARNING,
                "ip.checksum.status == 0", "tcp.checksum.status == 0",
                "udp.checksum.status == 0")))
            self.assertEqual(wrong, [])
            kinds = self.tshark(i, "-T", "fields", "-e", "frame.protocols")
            self.assertTrue(3000 <= len(kinds) <= 5500, len(kinds))
            for kind in ("arp", "ip:udp:dns", "ip:udp:ntp", "ip:tcp:http", "ip:tcp:tls"):
                self.assertTrue(any(k.startswith("eth:ethertype:" + kind) for k in kinds), kind)
            # Nothing lost, out of order or acknowledged before it was seen;
            # a SYN that is sent again is all.
            odd = self.tshark(i, "-Y", "tcp.analysis.flags and not tcp.flags.syn == 1")
            self.assertEqual(odd, [])

    @unittest.skipUnless(TSHARK, "there is no tshark")
    def test_tshark_sees_the_requests_that_the_tester_sees(self):
        import detect
        seen = self.tshark(0, "-Y", "http.request", "-T", "fields", "-e", "ip.src", "-e", "ip.dst",
                           "-e", "http.request.method", "-e", "http.request.uri")
        mine = ["\t".join((r[4], r[5], r[0], r[1])) for r in detect.requests(self.pcap())]
        self.assertEqual(sorted(seen), sorted(mine))

    def test_the_capture_holds_the_requests_of_the_world(self):
        import detect
        from traffic import Day
        for i in range(len(self.seeds)):
            made = [r[:3] for r in Day(self.world(i), "day1").requests()]
            read = [r[:3] for r in detect.requests(self.pcap(i))]
            self.assertEqual(sorted(map(repr, made)), sorted(map(repr, read)))

    def test_every_address_in_a_frame_is_a_documentation_address(self):
        import detect
        for i in range(len(self.seeds)):
            seen, last = set(), 0
            for t, frame in detect.frames(self.pcap(i)):
                self.assertGreaterEqual(t, last)
                self.assertGreaterEqual(len(frame), 60)
                last = t
                self.assertTrue({frame[0], frame[6]} <= {2, 255})
                if frame[12:14] == b"\x08\x00":
                    seen |= {frame[26:30], frame[30:34]}
            for ip in map(ipaddress.ip_address, seen):
                self.assertTrue(any(ip in n for n in DOCUMENTATION), ip)

    def test_nobody_asks_for_the_name_of_the_c2(self):
        import detect
        for i in range(len(self.seeds)):
            a = self.answers(i)
            label = a["c2_host"].split(".")[1].encode()
            answers = [f for _, f in detect.frames(self.pcap(i))
                       if f[23] == 17 and f[34:36] == b"\0\x35"]
            self.assertFalse(any(label in f for f in answers))
            # but for that of its neighbour at the same address
            ip = ipaddress.ip_address(a["c2_ip"]).packed
            self.assertTrue(any(ip in f[42:] and b"-onsen" in f for f in answers))

    # -------------------------------------------------------------- the world

    def test_truth_keeps_its_promises(self):
        import truth
        for i in range(40):
            w = truth.World(hashlib.sha256(b"promise %d" % i).digest())
            c, other = w.campaign("day1"), w.campaign("day2")
            self.assertTrue(45 <= c.period <= 120)
            self.assertTrue(8.5 * 3600 < c.first / truth.US < c.end / truth.US < 17.1 * 3600)
            times = [m.t for m in c.messages]
            gaps = sorted(b - a for a, b in zip(times, times[1:]))
            middle = gaps[len(gaps) // 2] / truth.US
            self.assertLess(abs(middle - c.period), 0.025 * c.period)
            self.assertEqual(times, sorted(set(times)))
            self.assertFalse(any(c.sleep < t < c.wake for t in times))
            self.assertIn(len(c.key), (1, 4))
            self.assertEqual(len(set(c.key)), len(c.key))
            self.assertNotIn(0, c.key)
            results = [m.up for m in c.messages if m.up["t"] == "res"]
            self.assertEqual([(r["j"], r["rc"]) for r in results], [(1, "limit"), (2, "ok")])
            sites = [m.up["site"] for m in c.messages if m.up["t"] == "ses"]
            self.assertEqual(sites, [truth.MAIL] + [truth.BANK] * 3)
            amounts = {j.amount for j in c.jobs}
            self.assertEqual(len(amounts), 3)
            typed = [m.up["typed"] for m in c.messages if m.up["t"] == "fill"]
            self.assertFalse(amounts & {t["amt"] for t in typed})
            for field in ("pc", "c2_ip", "c2_host", "bot", "key"):
                self.assertNotEqual(getattr(c, field), getattr(other, field))
            # A day's truth does not depend on what was drawn before it.
            self.assertEqual([m.up for m in truth.World(w.seed).campaign("day1").messages],
                             [m.up for m in c.messages])

    # ------------------------------------------------------------- the points

    def test_points_fall_as_the_task_says(self):
        a = self.answers()
        period, first = float(a["period_s"]), a["first_seen"]
        minute = int(first[14:16])
        self.assertEqual(self.point_of("c2", c2_ip=a["host"]), 6)
        self.assertEqual(self.point_of("c2", c2_host="www.c2.example"), 6)
        self.assertEqual(self.point_of("c2", c2_ip="x", c2_host="y"), 0)
        self.assertEqual(self.point_of("c3", period_s="%.6f" % (period * 1.03)), 12)
        self.assertEqual(self.point_of("c3", period_s="%.1f" % (period * 1.08)), 0)
        self.assertEqual(self.point_of("c3", period_s="%.1f s" % period), 0)
        self.assertEqual(self.point_of("c5", first_seen=first[:14] + "%02d:%s" % (
            (minute + 2) % 60, first[17:])), 0)
        for wrong in (self.answers(1)["key"], "00", "zz", "", a["key"] * 9):
            self.assertEqual(self.point_of("c4", key=wrong), 0)
        self.assertEqual(self.point_of("c7", amount="%s,%s" % (
            a["amount"][:-3], a["amount"][-3:])), 5)
        self.assertEqual(self.point_of("c8", victim_session=a["victim_session"].lower()), 8)

    def test_a_key_may_be_written_in_several_ways(self):
        lengths = set()
        for i in range(len(self.seeds)):
            a = self.answers(i)
            key = a["key"]
            lengths.add(len(key))
            ways = ["0x" + key.upper(), " ".join(re.findall("..", key)),
                    ":".join(re.findall("..", key)),
                    ", ".join("0x" + b for b in re.findall("..", key))]
            if len(key) == 2:
                ways += [key * 4]
            for way in ways:
                got = self.score(self.seeds[i], self.hand_in(
                    {"answers.txt": self.text({"key": way})}))
                self.assertEqual(got["c4"], 15, way)
            if len(key) == 8:
                self.assertEqual(self.score(self.seeds[i], self.hand_in(
                    {"answers.txt": self.text({"key": key[2:] + key[:2]})}))["c4"], 0)
        self.assertEqual(lengths, {2, 8})

    def test_full_width_and_crlf_are_read(self):
        text = self.text(self.answers()).decode()
        wide = "\ufeff" + text.replace(": ", "\uff1a").replace(
            "0", "\uff10").replace("\n", "\r\n")
        got = self.score(self.seeds[0], self.hand_in({"answers.txt": wide.encode()}))
        self.assertEqual(sum(got.values()), 80)
        data = self.solution()["detect.json"].replace(b"\n", b"\r\n")
        self.assertEqual(self.detection(b"\xef\xbb\xbf" + data), 20)

    def test_what_stands_in_sight_is_not_the_answer(self):
        """The other transfers, sessions, times and periods of the capture."""
        import truth
        w = self.world()
        c = w.campaign("day1")
        for job in (c.jobs[0], c.jobs[2]):
            self.assertEqual(self.point_of("c6", mule_account=job.mule()), 0)
            self.assertEqual(self.point_of("c7", amount=job.amount), 0)
        for m in c.messages:
            if m.up["t"] == "ses" and m.up["sid"] != c.session:
                self.assertEqual(self.point_of("c8", victim_session=m.up["sid"]), 0)
            if m.up["t"] == "fill":
                typed = m.up["typed"]
                self.assertEqual(self.point_of("c6", mule_account="%s-%s" % (
                    typed["br"], typed["acct"])), 0)
                self.assertEqual(self.point_of("c7", amount=typed["amt"]), 0)
        self.assertEqual(self.point_of("c2", c2_host=w.inns["day1"]), 6)
        import detect
        early = next(r[3] for r in detect.requests(self.pcap()) if r[5] == c.c2_ip)
        self.assertEqual(self.point_of("c5", first_seen=time.strftime(
            "%Y-%m-%dT%H:%M:%SZ", time.gmtime(early))), 0)
        first = time.gmtime(w.epoch(c.first)[0])
        self.assertEqual(self.point_of("c5", first_seen=time.strftime(
            "%Y-%m-%dT%H:%M:%SZ", first)), 8)
        mean = (c.messages[-1].t - c.messages[0].t) / truth.US / len(c.messages)
        self.assertEqual(self.point_of("c3", period_s="%.1f" % mean), 0)
        self.assertEqual(self.point_of("c3", period_s=60 if abs(c.period - 60) > 4 else 300), 0)

    # ---------------------------------------------------------- the detection

    def expect_detections(self, seeds):
        for i in seeds:
            w = self.world(i)
            f, c = w.family, w.campaign("day1")
            good = json.loads(self.solution(i)["detect.json"])["rules"][0]["path"]
            agent = header("User-Agent", "equals", f.ua)
            plain = header("accept-language", "absent")
            path = f.target(c.bot, 1)
            for points, *them in (
                    (20, ("POST", good, agent)), (20, ("POST", good, plain)),
                    (20, ("*", f.dir + "/*", agent)),
                    (20, ("GET", "/nothing"), ("POST", good, agent)),
                    # what belongs to this day alone
                    (0, ("POST", "*", header("Host", "equals", c.c2_host))),
                    (0, ("POST", "*" + c.bot[:4] + "*", agent)),
                    (0, ("POST", path, agent)),
                    # what others have too
                    (0, ("POST", "*", agent)), (0, ("POST", good)),
                    (0, ("POST", "*", plain)), (0, ("*", "*")),
                    (0, ("POST", "*.php*", agent)),
                    (0, ("POST", "*", agent, plain)),
                    (0, ("GET", good, agent)), (0, ("POST", "/nothing")),
                    # nearly: the usual size only; one file of the update too
                    (10, ("POST", good, agent, header("Content-Length", "starts", "7")),
                     ("POST", good, agent, header("Content-Length", "starts", "6"))),
                    (10, ("POST", good, agent), ("GET", "/channel/*.bin")),
                    (10, ("POST", good, agent, header("Content-Length", "starts", "7")),
                     ("POST", good, agent, header("Content-Length", "starts", "6")),
                     ("GET", "/channel/*.bin"))):
                self.assertEqual(self.detection(rules(*them), i), points, (i, them))

    def test_detections_score_by_what_they_hit(self):
        self.expect_detections(range(1, len(self.seeds)))

    def test_every_message_is_told(self):
        a = self.answers()
        wide = rules(("POST", "/nothing"), ("*", "*/v2/*"))
        out = [{}, {"answers.txt": self.text({k: "x" for k in a})},
               {"answers.txt": self.text(dict(a, c2_ip="x", period_s="1", key="00", mule_account=(
                   "000-0000000"), first_seen="2026-01-01T00:00:00Z"))},
               {"answers.txt": self.text(dict(a, c2_host="x"))}, self.solution()]
        self.told.clear()
        for files in out:
            self.score(self.seeds[0], self.hand_in(files))
        for data in (b"{", wide):
            self.detection(data)
        self.expect_detections([0])
        self.assertEqual(self.told, self.keys)

    def test_hostile_detections_are_refused_at_once(self):
        import detect
        from traffic import Day
        rule = {"method": "GET", "path": "*"}
        hostile = [
            b"", b"null", b"[]", b"{}", b"NaN", b"{" * 16000, b"[" * 16000, b'{"rules":' * 1700,
            b"9" * 16000, b'"' + b"\\ud800" * 2000 + b'"', b"\xff\xfe{\0}\0", b"\0" * 100,
            b'{"rules":[]}', b'{"rules":{}}', b'{"rules":[1]}', b'{"rules":["*"]}',
            json.dumps({"rules": [rule] * 6}).encode(),
            json.dumps({"rules": [rule], "version": 1}).encode(),
            b'{"rules":[{"method":"GET","path":"*"}],"rules":[{"method":"*","path":"*"}]}',
            b" " * 16385 + rules(("*", "*")),
        ]
        for key, value in (("method", "get"), ("method", "GET "), ("method", ""), ("method", None),
                           ("method", ["GET"]), ("path", ""), ("path", 1), ("path", "*" * 201),
                           ("headers", {}), ("headers", "x"), ("headers", [rule]),
                           ("headers", [[]]), ("headers", None),
                           ("headers", [header("X", "present")] * 9), ("extra", 1),
                           ("headers", [header("X", "equals")]),
                           ("headers", [header("X", "re", "a")]),
                           ("headers", [header("X", "absent", "a")]),
                           ("headers", [header("X Y", "present")]),
                           ("headers", [header("X" * 65, "present")]),
                           ("headers", [header("X", "equals", "a" * 301)])):
            hostile.append(json.dumps({"rules": [dict(rule, **{key: value})]}).encode())
        for data in hostile:
            with self.assertRaises(detect.DetectError):
                detect.parse(data)
            self.assertEqual(self.detection(data), 0)
        # What may be written and is meant to be slow, is not.
        requests = Day(self.world(), "day2").requests()
        slow = [header("User-Agent", "contains", "a" * 150 + "b" + "a" * 149)] * 8
        for one in (("*", "*a" * 100), ("*", "*?" * 100), ("*", "?*" * 99 + "~"),
                    ("*", "*e" * 99 + "~"), ("*", "*/" * 99 + "~", *slow)):
            begin = time.monotonic()
            detect.evaluate(detect.parse(rules(*[one] * 5)), requests)
            self.assertLess(time.monotonic() - begin, SLOW_SECONDS, one)

    def test_patterns_match_as_stated(self):
        import detect
        rnd = random.Random(20261123)
        for _ in range(4000):
            pattern = "".join(rnd.choice("ab?*") for _ in range(rnd.randint(0, 7)))
            text = "".join(rnd.choice("ab?") for _ in range(rnd.randint(0, 9)))
            self.assertEqual(detect.Glob(pattern).matches(text),
                             bool(re.match(translate(pattern), text)), (pattern, text))
        for pattern, text, good in (("/a?b=*", "/a?b=1", True), ("/[a]", "/a", False),
                                    ("/[a]", "/[a]", True), ("/A", "/a", False), ("*", "", True),
                                    ("?", "", False), ("/a", "/ab", False),
                                    ("/a\u3042*", "/a", False)):
            self.assertEqual(detect.Glob(pattern).matches(text), good, (pattern, text))

    def test_random_detections_are_rules_or_errors(self):
        import detect
        rnd = random.Random(1)
        good = rules(("POST", "/a/*/b?c=?", header("A", "equals", "b"), header("C", "absent")))
        read = 0
        for _ in range(1500):
            data = bytearray(good)
            for _ in range(rnd.randint(0, 2)):
                at = rnd.randrange(len(data))
                if rnd.random() < 0.5:
                    data[at] = rnd.randrange(256)
                else:
                    data[at:at + rnd.randint(0, 9)] = rnd.choice(
                        (b"", b'"', b"[", b"{}", b"\\u0000", b"1e999", b"*", b"\xe3\x81"))
            try:
                read += len(detect.parse(bytes(data))) == 1
            except detect.DetectError as e:
                self.assertIn(e.why, detect.REASONS)
        self.assertTrue(100 < read < 1400, read)

    def test_the_tester_runs_as_it_is_handed_out(self):
        into = os.path.join(self.dirs[0], "in")
        tool = os.path.join(into, "detectcheck.py")
        found = os.path.join(self.dirs[0], "out", "detect.json")

        def run(*args):
            return subprocess.run([sys.executable, "-I", "-B", tool, *args],
                                  capture_output=True, cwd="/")
        self.assertEqual(run().returncode, 2)
        done = run(found, self.pcap())
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        lines = done.stdout.decode().splitlines()
        self.assertEqual(len(lines), 4)
        self.assertTrue(lines[3].endswith("%s -> %s, %s" % tuple(
            self.answers()[k] for k in ("host", "c2_ip", "c2_host"))))
        bad = os.path.join(self.hand_in({"bad.json": b"{}"}), "bad.json")
        self.assertEqual(run(bad).returncode, 1)
        listed = run("--list", self.pcap()).stdout.decode().splitlines()
        self.assertGreater(len(listed), 400)
        self.assertEqual({line.count("\t") for line in listed}, {7})

    def test_hostile_answers_score_nothing(self):
        keys = list(self.answers())
        for value in ("9" * 200000, "-1", "\u0661\u00b2", "0x" * 100000, "1e9", "1.2.3.4/0", "nan",
                      "::ffff:1.2.3.4%eth0", "9999-99-99T99:99:99Z", "\x1b[2J%s%n{0}", ".", "0x",
                      "000-" + "0" * 9999, "\u0301" * 9999, "__import__('os')", "c1\t8\tc1_ok"):
            text = self.text({k: value for k in keys})
            got = self.score(self.seeds[0], self.hand_in({"answers.txt": text}))
            self.assertEqual(sum(got.values()), 0, value[:20])

    def test_frames_have_whole_headers(self):
        """What the tests with tshark see, for machines without it."""
        import detect
        import wire
        for _, frame in detect.frames(self.pcap()):
            if frame[12:14] != b"\x08\x00":
                continue
            size = struct.unpack(">H", frame[16:18])[0]
            self.assertLessEqual(14 + size, len(frame))
            self.assertEqual(wire.checksum(frame[14:34]), 0)
            rest = frame[34:14 + size]
            pseudo = frame[26:34] + struct.pack(">HH", frame[23], len(rest))
            self.assertEqual(wire.checksum(pseudo + rest), 0)


if __name__ == "__main__":
    unittest.main()
