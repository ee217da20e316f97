#!/usr/bin/python3
"""Lab L05: the proof of every lab, and what this one promises beside it."""
import csv
import hashlib
import io
import json
import os
import re
import sys
import unittest
from datetime import datetime, timedelta

sys.path.insert(0, os.path.dirname(__file__))
from lab_proof import LabProof  # noqa: E402


class L05(LabProof, unittest.TestCase):
    folder = "L05-incident-timeline"

    # ------------------------------------------------------------ helpers

    def world(self, i=0):
        import truth
        return truth.World(bytes.fromhex(self.seeds[i]))

    def rows(self, i=0):
        """timeline.csv of `solve`: {code: [utc, host, code, evidence]}."""
        text = self.solution(i)["timeline.csv"].decode().splitlines()
        return {row[2]: row for row in (r.split(",") for r in text[1:])}

    def events(self, rows):
        """Points of c1 and c2 for these rows."""
        text = "".join(",".join(row) + "\n" for row in rows)
        got = self.score(self.seeds[0], self.hand_in(
            {"timeline.csv": text.encode()}))
        self.assertEqual(sum(got.values()), got["c1"] + got["c2"])
        return got["c1"], got["c2"]

    def changed(self, name, **change):
        """Points of check `name` for seed 0 with some answers changed."""
        a = {k: v for k, v in dict(self.answers(), **change).items()
             if v is not None}
        return self.score(self.seeds[0], self.hand_in(
            {"answers.txt": self.text(a)}))[name]

    def log(self, name, i=0):
        return dict(self.inputs(i))[name].decode().splitlines()

    @staticmethod
    def later(utc, seconds):
        at = datetime.strptime(utc, "%Y-%m-%dT%H:%M:%SZ")
        return (at + timedelta(seconds=seconds)).strftime(
            "%Y-%m-%dT%H:%M:%SZ")

    # -------------------------------------------- points, as the task says

    def test_one_file_alone_scores_its_part(self):
        files = self.solution()
        for name, points in (("timeline.csv", 48), ("answers.txt", 52)):
            got = self.score(self.seeds[0], self.hand_in({name: files[name]}))
            self.assertEqual(sum(got.values()), points, (name, got))

    def test_each_event_scores_three_and_three(self):
        rows = self.rows()
        for code in rows:
            rest = [row for c, row in rows.items() if c != code]
            self.assertEqual(self.events(rest), (21, 21), code)
            self.assertEqual(self.events([rows[code]]), (3, 3), code)
        self.assertEqual(self.events(rows.values()), (24, 24))
        self.assertEqual(self.events(reversed(list(rows.values()))), (24, 24))

    def test_times_are_taken_within_a_minute(self):
        for code, row in self.rows().items():
            for off, points in ((59, 3), (-59, 3), (62, 0), (-62, 0)):
                one = [self.later(row[0], off)] + row[1:]
                self.assertEqual(self.events([one]), (points, 3), (code, off))

    def test_the_line_and_the_host_count_together(self):
        rows = self.rows()
        for code, (utc, host, _, line) in rows.items():
            name, number = line.split(":")
            for wrong in ("%s:%d" % (name, int(number) + 1), name, number,
                          "%s:%d" % (name, int(number) - 1), "x.log:" + number,
                          ""):
                self.assertEqual(self.events([[utc, host, code, wrong]])[1],
                                 0, wrong)
            self.assertEqual(self.events([[utc, "DC01", code, line]]), (3, 0))
            self.assertEqual(self.events([[utc, host.lower(), code, line]]),
                             (3, 3))

    def test_the_last_row_of_a_code_counts(self):
        row = self.rows()["download"]
        bad = ["2026-01-01T00:00:00Z", "DC01", "download", "mail.log:1"]
        self.assertEqual(self.events([bad, row]), (3, 3))
        self.assertEqual(self.events([row, bad]), (0, 0))
        # Every line of a log, one after the other, is no way through.
        spray = [[row[0], row[1], "download", "proxy.csv:%d" % n]
                 for n in range(2, 3000)]
        self.assertEqual(self.events(spray), (3, 0))

    def test_answers_score_as_stated(self):
        a = self.answers()
        offset = int(a["clock_offset_s"])
        for off, points in ((5, 10), (-5, 10), (6, 0), (-6, 0)):
            self.assertEqual(self.changed(
                "c3", clock_offset_s=str(offset + off)), points)
        self.assertEqual(self.changed("c3", clock_offset_s=str(-offset)), 0)
        self.assertEqual(self.changed("c3", clock_offset_s="1e3"), 0)
        self.assertEqual(self.changed("c3", clock_offset_s="%+d" % offset), 10)
        self.assertEqual(self.changed(
            "c3", clock_offset_s=("%d" % offset).replace("-", "\u2212")), 10)
        self.assertEqual(self.changed("c4", patient_zero="PC-000"), 5)
        self.assertEqual(self.changed("c4", first_account=None), 5)
        self.assertEqual(self.changed("c4", first_account="x",
                                      patient_zero="x"), 0)
        path = a["lateral_path"].split(" > ")
        for text, points in ((">".join(path), 8), (",".join(path), 8),
                             (" \u2192 ".join(path).lower(), 8),
                             (" -> ".join(path), 8), (" ".join(path), 0),
                             (">".join(reversed(path)), 0),
                             (">".join(path[:1] + path[2:]), 0),
                             (">".join(path + ["DC01"]), 0)):
            self.assertEqual(self.changed("c5", lateral_path=text), points)
        n = int(a["dwell_minutes"])
        for off, points in ((2, 6), (-2, 6), (3, 0), (-3, 0)):
            self.assertEqual(self.changed("c6", dwell_minutes=str(n + off)),
                             points)
        n = int(a["exfil_bytes"])
        for text, points in ((n * 1009 // 1000, 8), (n * 991 // 1000, 8),
                             (n * 1011 // 1000, 0), (n * 989 // 1000, 0),
                             ("{:,}".format(n), 8), (-n, 0)):
            self.assertEqual(self.changed("c7", exfil_bytes=str(text)), points)
        for off, points in ((59, 10), (-59, 10), (62, 0), (-62, 0)):
            self.assertEqual(self.changed("c8", aware_at=self.later(
                a["aware_at"], off)), points)

    def test_full_width_and_crlf_are_read(self):
        files = {}
        for name, data in self.solution().items():
            text = data.decode().replace(": ", "\uff1a").replace(
                ",", "\uff0c").replace(">", "\uff1e").replace("0", "\uff10")
            files[name] = ("\ufeff" + text.replace("\n", "\r\n")).encode()
        got = self.score(self.seeds[0], self.hand_in(files))
        self.assertEqual(sum(got.values()), 100)

    def test_a_spreadsheet_may_quote_its_fields(self):
        rows = [['"%s"' % f for f in row] for row in self.rows().values()]
        self.assertEqual(self.events(rows), (24, 24))

    # ------------------------------------------------- ways that must fail

    def test_clocks_read_as_they_stand_lose_three_times_and_the_offset(self):
        for i, seed in enumerate(self.seeds):
            w = self.world(i)
            rows = self.rows(i)
            for code in ("data_access", "archive_created"):
                rows[code][0] = self.later(rows[code][0], w.offset)
            rows["mail_delivered"][0] = self.later(
                rows["mail_delivered"][0], 9 * 3600)
            text = "".join(",".join(row) + "\n" for row in rows.values())
            got = self.score(seed, self.hand_in(
                {"timeline.csv": text.encode()}))
            self.assertEqual((got["c1"], got["c2"]), (15, 24))

    def test_whoever_follows_the_maintenance_does_not_pass(self):
        for i, seed in enumerate(self.seeds):
            w, rows, a = self.world(i), self.rows(i), self.answers(i)
            user = "v-" + w.vendor[0].split("-")[0]
            upload = "upload." + w.vendor[0]

            def first(name, *words):
                return next(n for n, text in enumerate(self.log(name, i), 1)
                            if all(word in text for word in words))
            for code, name, t, words in (
                    ("stolen_logon", "ad_auth.jsonl", w.vendor_at,
                     (user, '"4624"')),
                    ("data_access", "fileserver.log", w.vendor_zip,
                     (user, "|r|")),
                    ("archive_created", "fileserver.log", w.vendor_zip,
                     (user, "|w|")),
                    ("exfil_start", "proxy.csv", w.vendor_up, (upload,))):
                rows[code] = [w.utc(t), w.vendor_on, code,
                              "%s:%d" % (name, first(name, *words))]
            a.update(first_account=user, exfil_bytes=str(w.vendor_bytes),
                     lateral_path="VPN > %s > FS01" % w.vendor_on,
                     aware_at=w.utc(w.judged), patient_zero=w.vendor_on)
            text = "".join(",".join(row) + "\n" for row in rows.values())
            got = self.score(seed, self.hand_in({
                "timeline.csv": text.encode(),
                "answers.txt": self.text(a)}))
            self.assertLess(sum(got.values()), 70, got)
            self.assertEqual([got[c] for c in ("c1", "c2", "c4", "c5", "c7",
                                               "c8")], [12, 12, 0, 0, 0, 0])

    def test_other_times_are_not_when_the_bank_became_aware(self):
        for i, seed in enumerate(self.seeds):
            w = self.world(i)
            phish = next(k for k in w.tickets if k.kind == "phish")
            resets = [k for k in w.tickets if k.kind == "reset"]
            for t in [w.at["execution"] + 63, phish.at, phish.act, w.call,
                      w.judged, w.aware + 130] + [k.act for k in resets]:
                got = self.score(seed, self.hand_in({"answers.txt": self.text(
                    {"aware_at": w.utc(t)})}))
                self.assertEqual(got["c8"], 0)

    def test_other_sums_are_not_what_left(self):
        for i, seed in enumerate(self.seeds):
            w = self.world(i)
            table = list(csv.DictReader(io.StringIO("\n".join(
                self.log("proxy.csv", i)))))
            last = w.server[w.last]

            def total(use, *columns):
                return sum(int(r[c]) for r in table for c in columns
                           if use(r))
            service = w.exfil + ":443"
            whole = total(lambda r: r["url"] == service and
                          r["client"] == last, "bytes_up")
            self.assertEqual(whole, w.exfil_bytes)
            smallest = min(u[1] for u in w.uploads)
            for n in (total(lambda r: r["url"] == service, "bytes_up"),
                      whole - smallest, w.vendor_bytes, w.uploads[0][1]):
                if abs(n - whole) * 100 > whole:
                    got = self.score(seed, self.hand_in(
                        {"answers.txt": self.text({"exfil_bytes": str(n)})}))
                    self.assertEqual(got["c7"], 0)
            self.assertGreater(total(lambda r: r["url"] == service,
                                     "bytes_up"), whole * 101 // 100)

    # ----------------------------------------------------------- the world

    def test_truth_keeps_its_promises(self):
        import logs
        import truth
        seen = set()
        for i in range(60):
            w = truth.World(hashlib.sha256(b"promise %d" % i).digest())
            at = [w.at[code] for code in truth.CODES]
            # In order, and no two events within each other's tolerance.
            for a, b in zip(at, at[1:]):
                self.assertGreater(b - a, 61)
            self.assertTrue(-660 <= w.offset <= 780)
            self.assertGreater(abs(w.offset), 150)
            self.assertTrue(3 <= len(w.path) <= 4)
            self.assertEqual(len(set(w.path)), len(w.path))
            self.assertLess(w.uploads[-1][0], w.call - 4 * 3600)
            self.assertLess(w.at["c2_first"], w.support)
            self.assertLess(w.vendor_up, w.at["stolen_logon"])
            self.assertLess(w.vendor_up, 23 * 3600 + 1800)
            self.assertLess((w.day + 2) % 7, 4)
            broken = [u for u, v in zip(w.uploads, w.uploads[1:])
                      if u[1] < 40000000 < v[1]]
            self.assertTrue(broken)
            self.assertGreater(broken[0][1] * 100, w.exfil_bytes)
            seen.add((len(w.path), w.offset > 0))
            if i < 12:
                files, evidence = logs.build(w)
                self.assertEqual(set(evidence), set(truth.CODES))
                n = sum(text.count("\n") for text in files.values())
                self.assertTrue(5400 < n < 6800, n)
        self.assertEqual(len(seen), 4)

    def test_the_clock_is_proved_by_one_event(self):
        for i in range(len(self.seeds)):
            w = self.world(i)
            failed = [text for text in self.log("fileserver.log", i)
                      if "Auth:" in text]
            self.assertEqual(len(failed), 1)
            shared = [json.loads(text) for text in
                      self.log("ad_auth.jsonl", i) if '"MFP-2F"' in text]
            self.assertEqual([e["event"]["code"] for e in shared], ["4776"])
            true = datetime.strptime(shared[0]["@timestamp"],
                                     "%Y-%m-%dT%H:%M:%S.%fZ")
            shown = datetime.strptime("2026 " + failed[0][:15],
                                      "%Y %b %d %H:%M:%S")
            gone = (shown - timedelta(hours=9) - true).total_seconds()
            self.assertLess(abs(gone - w.offset), 1.5)

    def test_the_wrong_logons_come_from_elsewhere_and_only_at_night(self):
        for i in range(len(self.seeds)):
            w = self.world(i)
            adm = [ip for _, ip in w.adm.values()]
            found = []
            for text in self.log("ad_auth.jsonl", i):
                e = json.loads(text)
                d = e["winlog"]["event_data"]
                if e["event"]["code"] == "4624" and d["TargetUserName"][
                        :2] == "a-" and d["IpAddress"] not in adm:
                    found.append((d["TargetUserName"], e["winlog"][
                        "computer_name"].split(".")[0], d["IpAddress"]))
            self.assertEqual(found, [(w.account, server, ip)
                                     for _, ip, server in w.logons])

    def test_every_log_stands_in_order_with_its_own_format(self):
        forms = {
            "mail.log": r"[JM][a-z]{2} [ 1-3]\d \d\d:\d\d:\d\d mx1 postfix/"
                        r"[a-z]+\[\d+\]: .+",
            "fileserver.log": r"[JM][a-z]{2} [ 1-3]\d \d\d:\d\d:\d\d fs01 "
                              r"smbd(_audit)?\[\d+\]: .+",
            "proxy.csv": r"2026-0[5-7]-\d\dT\d\d:\d\d:\d\dZ,10\.20\.\d+\.\d+,"
                         r"[-a-z.]+,(GET|CONNECT),[^,]+,\d{3},\d+,\d+,\d+,"
                         r"[a-z_]+",
            "edr.csv": r"17[7-9]\d{10},[-A-Z0-9]+,(process_start|alert),.+"}
        for i in range(len(self.seeds)):
            for name, form in forms.items():
                lines = self.log(name, i)
                if name.endswith(".csv"):
                    width = {len(r) for r in csv.reader(lines)}
                    self.assertEqual(len(width), 1, name)
                    lines = lines[1:]
                    self.assertEqual(lines, sorted(
                        lines, key=lambda text: text.split(",")[0]))
                for text in lines:
                    self.assertTrue(re.fullmatch(form, text), (name, text))
            stamps = [json.loads(text)["@timestamp"] for text in
                      self.log("ad_auth.jsonl", i)]
            self.assertEqual(stamps, sorted(stamps))

    def test_other_people_click_and_are_not_patient_zero(self):
        for i in range(len(self.seeds)):
            w = self.world(i)
            table = list(csv.DictReader(io.StringIO("\n".join(
                self.log("proxy.csv", i)))))
            lure = [r for r in table if w.lure_host in r["url"]]
            self.assertEqual({r["client"] for r in lure if r["status"] ==
                              "403"}, {w.clicked.ip})
            self.assertEqual({r["client"] for r in lure},
                             {w.clicked.ip, w.looked.ip, w.zero.ip})
            self.assertEqual(sum("/d/" in r["url"] for r in lure), 1)
            c2 = [r for r in table if w.c2 in r["url"]]
            self.assertEqual({r["client"] for r in c2}, {w.zero.ip})
            self.assertGreater(len(c2), 90)

    def test_the_number_differs_by_seed(self):
        numbers = [self.answers(i)["ticket"] for i in range(3)]
        self.assertEqual(len(set(numbers)), 3)
        for i, number in enumerate(numbers):
            self.assertIn(number, dict(self.inputs(i))["handbook.md"].decode())

    # ----------------------------------------------------------- the parser

    def test_hostile_rows_and_answers_score_nothing(self):
        row = self.rows()["download"]
        for text in (b",,,\n" * 50000, b"," * 200000,
                     b"9999-99-99T99:99:99Z,x,download,proxy.csv:1\n",
                     b"x,y,download," + b"9" * 200000 + b"\n",
                     b"x,y,download,proxy.csv:" + b"9" * 900 + b"\n",
                     ",".join(row).encode() + b",extra\n",
                     b"\0" + ",".join(row).replace("proxy", "\0").encode(),
                     b"x" * 999 + ",".join(row).encode(),
                     "\u0661,x,download,proxy.csv:\u0661\n".encode()):
            got = self.score(self.seeds[0], self.hand_in(
                {"timeline.csv": text}))
            self.assertEqual(sum(got.values()), 0, text[:60])
        keys = ("clock_offset_s", "patient_zero", "first_account",
                "lateral_path", "dwell_minutes", "exfil_bytes", "aware_at")
        for value in ("9" * 5000, "-" * 200, ">" * 30000, "\u0301" * 9000,
                      "\u00b2", "\u0663", "--1", "+-1", "0x10", "c3\t10",
                      "__import__('os')", "nan", "2026-02-30T00:00:00Z"):
            got = self.score(self.seeds[0], self.hand_in(
                {"answers.txt": self.text(dict.fromkeys(keys, value))}))
            self.assertEqual(sum(got.values()), 0, value[:60])


if __name__ == "__main__":
    unittest.main()
