#!/usr/bin/python3
"""Lab L12: the proof of every lab, and what this one promises beside it."""
import hashlib
import os
import random
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from lab_proof import LabProof  # noqa: E402


class L12(LabProof, unittest.TestCase):
    folder = "L12-crowd-or-flood"

    # ------------------------------------------------------------ helpers

    @staticmethod
    def with_kinds(*kinds):
        """(seed, world) of an attack that has these methods."""
        import truth
        for i in range(500):
            seed = hashlib.sha256(b"L12 kinds %d" % i).hexdigest()
            w = truth.World(bytes.fromhex(seed))
            if set(kinds) <= set(w.kinds):
                return seed, w
        raise AssertionError(kinds)

    def filtered(self, seed, text):
        if isinstance(text, str):
            text = text.encode()
        got = self.score(seed, self.hand_in({"acl.txt": text}))
        return got["c5"], got["c6"], got["c7"]

    def changed(self, name, **change):
        """Points of check `name` for seed 0 with some answers changed."""
        a = {k: v for k, v in dict(self.answers(), **change).items() if v}
        files = dict(self.solution(), **{"answers.txt": self.text(a)})
        return self.score(self.seeds[0], self.hand_in(files))[name]

    def reported(self, **change):
        lines = self.solution()["report.csv"].decode().splitlines()
        items = dict(dict(line.split(",", 1) for line in lines), **change)
        text = "".join("%s,%s\n" % kv for kv in items.items() if kv[1])
        files = dict(self.solution(), **{"report.csv": text.encode()})
        return self.score(self.seeds[0], self.hand_in(files))["c8"]

    # -------------------------------------------- points, as the task says

    def test_one_file_alone_scores_its_part(self):
        files = self.solution()
        for name, points in (("answers.txt", 50), ("acl.txt", 36),
                             ("report.csv", 12)):
            got = self.score(self.seeds[0], self.hand_in({name: files[name]}))
            self.assertEqual(sum(got.values()), points, (name, got))

    def test_answers_score_as_stated(self):
        import truth
        a = self.answers()
        one, two = a["vectors"].split(", ")
        wrong = [k for k in truth.KINDS if k not in (one, two)]
        self.assertEqual(self.changed("c1", vectors=one), 8)
        self.assertEqual(self.changed("c1", vectors=", ".join(
            (one, two, wrong[0]))), 8)
        self.assertEqual(self.changed("c1", vectors=", ".join(truth.KINDS)), 0)
        self.assertEqual(self.changed("c1", vectors=", ".join(wrong)), 0)
        self.assertEqual(self.changed("c2", **{one + ".start": None}), 9)
        self.assertEqual(self.changed("c2", **{
            one + ".start": a[one + ".end"], two + ".end": "soon"}), 6)
        g, p = float(a["peak_gbps"]), int(a["peak_pps"])
        for factor, points in ((1.02, 7), (0.98, 7), (1.04, 0), (0.96, 0)):
            self.assertEqual(self.changed(
                "c3", peak_gbps="%.4f" % (g * factor), peak_pps=None), points)
            self.assertEqual(self.changed(
                "c3", peak_pps="%d" % (p * factor), peak_gbps=None), points)
        self.assertEqual(self.changed("c3", peak_gbps="%d" % (g * 1e9)), 7)
        self.assertEqual(self.changed("c4", **{one + ".targets": None}), 4)
        self.assertEqual(self.changed("c4", **{
            one + ".targets": a[one + ".targets"] + ", 203.0.113.1/28"}), 4)
        self.assertEqual(self.changed("c4", **{
            one + ".targets": "0.0.0.0/0", two + ".targets": "x"}), 0)

    def test_a_range_may_be_written_address_by_address(self):
        import ipaddress
        for i, seed in enumerate(self.seeds):
            a = self.answers(i)
            for key in list(a):
                if key.endswith(".targets"):
                    a[key] = ", ".join(
                        str(ip) for word in a[key].split(", ")
                        for ip in ipaddress.ip_network(word))
            got = self.score(seed, self.hand_in(
                {"answers.txt": self.text(a)}))
            self.assertEqual(got["c4"], 8)

    def test_report_scores_item_by_item(self):
        self.assertEqual(self.reported(), 14)
        for item in ("kind", "peak_gbps", "peak_pps", "duration_min",
                     "effect", "effect_min", "next_wave", "measures"):
            self.assertEqual(self.reported(**{item: None}), 12, item)
        self.assertEqual(self.reported(measures="blackhole"), 12)
        self.assertEqual(self.reported(
            measures="upstream_acl;source_limit;payment"), 12)
        self.assertEqual(self.reported(effect="payment"), 12)

    def test_full_width_and_crlf_are_read(self):
        files = {}
        for name, data in self.solution().items():
            text = data.decode()
            if name != "acl.txt":
                text = text.replace(": ", "\uff1a").replace(", ", "\u3001")
                text = text.replace("0", "\uff10")
            files[name] = ("\ufeff" + text.replace("\n", "\r\n")).encode()
        got = self.score(self.seeds[0], self.hand_in(files))
        self.assertEqual(sum(got.values()), 100)

    # -------------------------------------------------------- the filters

    def test_a_filter_that_stops_everybody_or_nobody_scores_nothing(self):
        for text in ("deny any any any any any\n",
                     "permit any any any any any\n",
                     "deny any 100.64.0.0/10 any any any\n", "# nothing\n",
                     "deny tcp 203.0.113.0/24 any any any\n"):
            for seed in self.seeds[:2]:
                self.assertEqual(self.filtered(seed, text), (0, 0, 0), text)

    def test_syn_flood_needs_flags_and_length(self):
        from truth import dotted
        seed, w = self.with_kinds("syn_flood")
        hosts = [dotted(t) for t in w.targets["syn_flood"]]

        def deny(options):
            return self.filtered(seed, "".join(
                "deny tcp any any %s 443 %s\n" % (h, options)
                for h in hosts))
        self.assertEqual(deny("len 40 flags S"), (9, 12, 6))
        self.assertEqual(deny("flags S"), (9, 0, 6))        # who retries
        self.assertEqual(deny("len 40"), (9, 12, 0))        # monitoring

    def test_dns_amplification_is_more_than_port_53(self):
        from truth import dotted
        seed, w = self.with_kinds("dns_amplification")
        hosts = [dotted(t) for t in w.targets["dns_amplification"]]
        one = "".join("deny udp any 53 %s any\n" % h for h in hosts)
        rest = "".join("deny udp any 0 %s 0\n" % h for h in hosts)
        self.assertEqual(self.filtered(seed, one + rest), (9, 12, 6))
        self.assertEqual(self.filtered(seed, one), (0, 0, 0))
        self.assertEqual(self.filtered(seed, "deny udp any 53 any any\n"
                                       "deny udp any 0 any 0\n"), (9, 12, 0))

    def test_carpet_bombing_uses_the_port_of_the_clock(self):
        from truth import dotted
        seed, w = self.with_kinds("carpet_bombing")
        net = "%s/%d" % (dotted(w.targets["carpet_bombing"][0]),
                         32 - w.carpet_bits)
        ntp, other = [p[0] for p in w.carpet_ports]
        deny = "deny udp any %d %s any%s\n"
        other = deny % (other, net, "")
        self.assertEqual(self.filtered(
            seed, other + deny % (ntp, net, " len 400-500")), (9, 12, 6))
        self.assertEqual(self.filtered(seed, other + deny % (ntp, net, "")),
                         (9, 12, 0))
        self.assertEqual(self.filtered(seed, other), (0, 0, 0))

    def test_http_flood_needs_a_limit_and_the_shared_addresses(self):
        from truth import dotted
        seed, w = self.with_kinds("http_flood")
        www = dotted(w.host["www"])
        shared = "".join("permit tcp %s any %s any\n" % (dotted(ip), www)
                         for ip in w.shared)
        band = "len %d-%d" % (w.bot_size - 3, w.bot_size + 2)

        def deny(options, dst=www, before=""):
            return self.filtered(seed, before + "deny tcp any any %s 443 %s\n"
                                 % (dst, options))
        self.assertEqual(deny("over 400", before=shared), (9, 12, 6))
        self.assertEqual(deny("over 400 " + band), (9, 12, 6))
        self.assertEqual(deny("over 400"), (0, 0, 6))       # NAT
        self.assertEqual(deny("over 2000"), (0, 0, 0))
        self.assertEqual(deny(band)[1] < 12, True)          # by size alone
        self.assertEqual(deny("over 400", "any", shared.replace(www, "any")),
                         (9, 12, 0))                        # aggregators

    def test_both_methods_of_each_pair_can_be_dropped(self):
        for i, seed in enumerate(self.seeds):
            self.assertEqual(self.filtered(seed, self.solution(i)["acl.txt"]),
                             (18, 12, 6))

    # ---------------------------------------------------------- the parser

    def test_what_the_grammar_does_not_have_is_refused(self):
        import acl
        good = [
            "deny any any any any any", "permit icmp any any 192.0.2.1 any",
            "deny tcp 10.0.0.0/8 1-2 any 65535 len 1-65535 flags UAPRSF over 1",
            "  deny\tudp any 0 any 0 len 9 # why", "", "# only a comment",
            "deny tcp any any any any over 1000000000\r"]
        bad = [
            "deny", "deny tcp any any any", "deny tcp any any any any len",
            "drop tcp any any any any", "deny ip any any any any",
            "deny any any 53 any any", "deny icmp any any any 0",
            "deny udp any any any any flags S", "deny any any any any any over 5",
            "deny udp any any any any over 5", "deny tcp any any any any over 0",
            "deny tcp any any any any over 1000000001",
            "deny tcp any any any any len 0", "deny tcp any any any any len 9-8",
            "deny tcp any any any any len 65536",
            "deny tcp any any any any len 1 len 1",
            "deny tcp any any any any flags SS", "deny tcp any any any any flags s",
            "deny tcp any 65536 any any", "deny tcp any -1 any any",
            "deny tcp 192.0.2.256 any any any", "deny tcp 192.0.2.0/33 any any any",
            "deny tcp 192.0.2 any any any", "deny tcp ::1 any any any",
            "deny tcp 192.0.2.01 any any any", "deny tcp any any any \uff10",
            "deny tcp any any any any" + " " * 200, "deny tcp any any any any \x0b",
            "DENY tcp any any any any", "\0"]
        for line in good:
            acl.parse(line.encode())
        for line in bad:
            with self.assertRaises(acl.AclError, msg=line):
                acl.parse(line.encode())
        line = b"deny tcp any any any any\n"
        self.assertEqual(len(acl.parse(line * 20)), 20)
        for data in (line * 21, b"\n" * 16385):
            with self.assertRaises(acl.AclError):
                acl.parse(data)

    def test_first_match_and_the_limit_are_as_the_task_says(self):
        import acl

        def flow(ms, src, packets, flags=".AP.SF", size=100):
            return (ms, 1, 6, src, 2000, 7, 443, flags, packets,
                    packets * size)
        flows = [flow(0, 1, 60), flow(59999, 1, 50), flow(60000, 1, 60),
                 flow(5, 2, 100), flow(6, 3, 500, "....S."),
                 flow(7, 4, 999, ".AP.SF", 50)]

        def run(text):
            return list(acl.evaluate(acl.parse(text.encode()), flows))
        self.assertEqual(run("deny tcp any any any 443 over 100"),
                         [0, 0, -1, -1, -1, 0])
        self.assertEqual(run("deny tcp any any any 443 over 100 len 100"),
                         [0, 0, -1, -1, -1, -1])
        self.assertEqual(run("permit tcp 0.0.0.1 any any any len 100\n"
                             "deny tcp any any any any"), [0, 0, 0, 1, 1, 1])
        # What an earlier line took does not count for a later limit.
        self.assertEqual(run("deny tcp 0.0.0.4 any any any\n"
                             "deny tcp any any any any over 99"),
                         [1, 1, -1, 1, -1, 0])
        self.assertEqual(run("deny tcp any any any 80-443 flags S"),
                         [-1, -1, -1, -1, 0, -1])
        self.assertEqual(run("deny udp any any any any"), [-1] * 6)

    def test_random_filters_are_rules_or_refused_at_once(self):
        import acl
        rnd = random.Random(12)
        pieces = [b"deny", b"permit", b"tcp", b"udp", b"any", b"53", b"0-9",
                  b"10.0.0.0/8", b"len", b"over", b"flags", b"S", b"\n", b"#",
                  b"9" * 30, b"\xff", b"1.1.1.1/99", b" " * 300]
        begin = time.process_time()
        for _ in range(3000):
            data = b" ".join(rnd.choice(pieces)
                             for _ in range(rnd.randint(1, 40)))
            try:
                acl.parse(data)
            except acl.AclError:
                pass
        self.assertLess(time.process_time() - begin, 3)

    def test_the_slowest_filter_is_quick(self):
        text = b"permit tcp any any any any len 1-65535 over 1000000000\n" * 20
        files = dict(self.solution(), **{"acl.txt": text})
        begin = os.times()
        self.score(self.seeds[0], self.hand_in(files))
        end = os.times()
        self.assertLess(end.children_user - begin.children_user, 2)

    # ----------------------------------------------------------- the world

    def test_truth_keeps_its_promises(self):
        import truth
        seen = set()
        for i in range(30):
            w = truth.World(hashlib.sha256(b"promise %d" % i).digest())
            seen.add(w.kinds)
            genuine = w.genuine("first")
            for v in w.wave("first"):
                # A forged address may be somebody's by chance.
                at_most = 100 if v.kind == "syn_flood" else 0
                self.assertTrue(6 * 60000 <= v.start < v.end < 3540000)
                self.assertEqual(v.start, min(r[0] for r in v.rows))
                self.assertEqual(v.end, max(r[0] + r[1] for r in v.rows))
                hit = {r[5] for r in v.rows}
                self.assertEqual(hit, {ip for low, high in v.targets
                                       for ip in range(low, high + 1)})
                same = {r[3] for r in v.rows} & {
                    r[3] for r in genuine if r[10] == truth.CUSTOMER}
                self.assertLessEqual(len(same), at_most)
                self.assertFalse({r[3] for r in v.rows} & set(w.shared))
            begin = min(v.start for v in w.wave("first"))
            self.assertGreater(abs(begin - w.campaign_minute * 60000), 180000)
            first = {ip for v in w.wave("first") for ip in v.sources}
            for row in genuine + [r for v in w.wave("first")
                                  for r in v.rows]:
                self.assertLess(row[0], 3600000)
                self.assertGreater(row[8], 0)
                self.assertTrue(20 * row[8] <= row[9] <= 1500 * row[8])
                self.assertLessEqual(row[0] % 60000 + row[1], 60000)
            second = {ip for v in w.wave("second") for ip in v.sources}
            self.assertLessEqual(len(first & second), 3)
            # The crowd alone exceeds no limit; the attack does.
            self.assertEqual(w.exceeded(genuine), ([], 0))
            # The waves do not depend on what was drawn before them.
            again = truth.World(w.seed)
            again.genuine("second")
            self.assertEqual([v.rows for v in again.wave("first")],
                             [v.rows for v in w.wave("first")])
        self.assertEqual(len(seen), 6)

    def test_the_tool_reads_the_flows_it_comes_with(self):
        import subprocess
        d = os.path.join(self.dirs[0], "in")
        done = subprocess.run(
            [sys.executable, os.path.join(d, "aclcheck.py"),
             os.path.join(self.dirs[0], "out", "acl.txt"),
             os.path.join(d, "flows.csv")], capture_output=True)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn(b"(none)", done.stdout)


if __name__ == "__main__":
    unittest.main()
