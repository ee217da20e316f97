#!/usr/bin/python3
"""Lab L13: the proof of every lab, and what this one promises beside it."""
import csv
import hashlib
import io
import json
import os
import re
import sys
import unittest
from datetime import date, timedelta

sys.path.insert(0, os.path.dirname(__file__))
from lab_proof import LabProof  # noqa: E402

HEAD = "rank,asset,advisory,action,deadline,owner"
EXPOSURE = {"internet": 10, "partner": 6, "office": 3, "isolated": 1}
CRITICALITY = (None, 1, 2, 4, 7, 10)


def version(text):
    m = re.fullmatch(r"(\d+(?:\.\d+){0,3})(?:-(rc|p)(\d+))?", text)
    numbers = tuple(int(n) for n in m[1].split("."))
    mark = {"rc": 0, None: 1, "p": 2}[m[2]]
    return numbers + (0,) * (4 - len(numbers)) + (mark, int(m[3] or 0))


class Desk:
    """Somebody who takes one pair after the other, each at the next day that
    will do, and may take short cuts:

    score        in the order of the score, without rules or risk
    risk         in the order of the risk, without the rules
    patch_only   knows no action but the patch
    no_window    patches on any day
    no_freeze    does not see the freeze
    text         compares versions as text
    closed       takes `fixed` for affected
    name         matches packages by their name
    top          does not look inside parts
    withdrawn    does not leave out what was withdrawn
    """

    def __init__(self, files):
        text = {name: data.decode() for name, data in files}
        self.assets = {r["asset"]: r for r in csv.DictReader(
            io.StringIO(text["assets.csv"]))}
        self.contracts = {r["contract"]: r for r in csv.DictReader(
            io.StringIO(text["contracts.csv"]))}
        self.boms = [json.loads(x) for x in text["sbom.jsonl"].splitlines()]
        self.advisories = [json.loads(x) for x in
                           text["advisories.jsonl"].splitlines()]
        days = [date.fromisoformat(d) for d in re.findall(
            r"2\d{3}-\d\d-\d\d", text["capacity.md"])]
        self.monday, self.freeze = days[0], days[2:4]
        self.capacity = [int(n) for n in re.findall(
            r"^\| [1-4] \|.*\| (\d+) \|$", text["capacity.md"], re.M)]

    def days(self, a, *cuts):
        c = self.contracts[a["contract"]]
        kind, _, what = a["window"].partition(":")
        for n in range(28):
            d = self.monday + timedelta(n)
            name = "Mon Tue Wed Thu Fri Sat Sun".split()[d.weekday()]
            week = {"any": True, "weekly": what == name,
                    "monthly": what == "%d%s" % ((d.day + 6) // 7, name),
                    "dates": d.isoformat() in what.split(";")}[kind]
            if "no_window" in cuts or week \
                    and c["mode"] != "sealed" and n >= int(c["notice_days"]) \
                    and d.isoformat() <= c["valid_until"] \
                    and d.isoformat() <= a["eol"] \
                    and ("no_freeze" in cuts or int(a["criticality"]) < 4
                         or not self.freeze[0] <= d <= self.freeze[1]):
                yield d

    def pairs(self, *cuts):
        def key(purl):
            return purl.rpartition("/")[2] if "name" in cuts else purl

        def at(text):
            return text if "text" in cuts else version(text)

        def parts(components):
            for c in components:
                yield key(c["purl"].rpartition("@")[0]), c["version"]
                if "top" not in cuts:
                    yield from parts(c.get("components", ()))

        known = {}
        for v in self.advisories:
            if "withdrawn" not in v or "withdrawn" in cuts:
                known.setdefault(key(v["affected"]["purl"]), []).append(v)
        for bom in self.boms:
            asset = self.assets[bom["metadata"]["component"]["name"]]
            hit = {}
            for purl, have in parts(bom["components"]):
                for v in known.get(purl, ()):
                    for r in v["affected"]["ranges"]:
                        end = r.get("fixed")
                        if at(r["introduced"]) <= at(have) and (
                                end is None or at(have) < at(end)
                                or "closed" in cuts and at(have) == at(end)):
                            hit.setdefault(v["id"], [v]).append(r)
            for v, *ranges in hit.values():
                yield asset, v, all("fixed" in r for r in ranges)

    @staticmethod
    def risk(a, v):
        p, s = v["probability"], v["score"]
        return (EXPOSURE[a["exposure"]] if v["vector"] == "network" else 1) \
            * CRITICALITY[int(a["criticality"])] \
            * (1 + (s >= 4) + (s >= 7) + (s >= 9)) \
            * (30 if v["exploited"] else 15 if p >= .5 else 6 if p >= .1
               else 2 if p >= .01 else 1)

    def rules(self, a, v):
        exposed = v["vector"] == "network" and \
            a["exposure"] in ("internet", "partner")
        return exposed and v["exploited"], \
            exposed and v["probability"] >= .1

    def solve(self, *cuts):
        pairs = list(self.pairs(*cuts))
        days = {name: list(self.days(a, *cuts))
                for name, a in self.assets.items()}

        def order(pair):
            a, v, _ = pair
            if "score" in cuts:
                return -v["score"], a["asset"]
            urgent, likely = self.rules(a, v)
            other = likely and not (pair[2] and days[a["asset"]])
            if "risk" in cuts:
                urgent = other = False
            return (0 if urgent else 1 if other else 2), -self.risk(a, v)

        rows, used, changes = [], [0] * 4, set()
        for a, v, fixed in sorted(pairs, key=order):
            can = []
            if fixed:
                can += [("patch", d) for d in days[a["asset"]]]
            if "patch_only" not in cuts:
                near = v["vector"] == "network"
                every = [self.monday + timedelta(7 * w) for w in range(4)]
                for action, ok in (
                        ("stop", a["stop"] == "yes"),
                        ("isolate", near and a["isolate"] == "yes"),
                        ("virtual_patch", near and v["signature"]
                         and a["ips"] == "yes")):
                    can += [(action, d) for d in every if ok]
            can.sort(key=lambda c: ((c[1] - self.monday).days // 7,
                                    (a["asset"], *c) not in changes))
            for action, d in can:
                week = (d - self.monday).days // 7
                change = a["asset"], action, d
                if change in changes or used[week] < self.capacity[week]:
                    used[week] += change not in changes
                    changes.add(change)
                    break
            else:
                action, d = "accept", self.monday + timedelta(60)
            rows.append((a["asset"], v["id"], action, d, a["owner"]))
        return rows


def plan(rows):
    return "\n".join([HEAD] + ["%d,%s,%s,%s,%s,%s" % (n, *row)
                               for n, row in enumerate(rows, 1)]).encode()


class L13(LabProof, unittest.TestCase):
    folder = "L13-fix-order"

    def desk(self, i, *cuts):
        rows = Desk(self.inputs(i)).solve(*cuts)
        return self.score(self.seeds[i], self.hand_in({"plan.csv": plan(rows)}))

    def rows(self, i=0):
        """The rows of solve's plan, and which of them rule 1 is about."""
        rows = [line.split(",") for line in
                self.solution(i)["plan.csv"].decode().splitlines()[1:]]
        desk = Desk(self.inputs(i))
        known = {v["id"]: v for v in desk.advisories}
        urgent = [r for r in rows if desk.rules(
            desk.assets[r[1]], known[r[2]])[0]]
        return rows, urgent

    def of(self, rows, i=0, board=None):
        text = "\n".join([HEAD] + [",".join(r) for r in rows]).encode()
        files = {"plan.csv": text}
        if board is not None:
            files["board.md"] = board
        return self.score(self.seeds[i], self.hand_in(files))

    # ------------------------------------------------------- other ways

    def test_another_way_that_keeps_the_rules_passes(self):
        for i in range(3):
            got = self.desk(i)
            self.assertGreaterEqual(sum(got.values()), 70, got)
            self.assertEqual((got["c1"], got["c5"]), (20, 10))

    def test_the_order_of_the_score_does_not_pass(self):
        for i in range(3):
            got = self.desk(i, "score")
            self.assertLess(sum(got.values()), 70, got)
            self.assertLess(got["c6"], 15)
            got = self.desk(i, "score", "patch_only")
            self.assertLess(sum(got.values()), 50, got)

    def test_patches_alone_do_not_pass(self):
        for i in range(3):
            got = self.desk(i, "patch_only")
            self.assertLess(sum(got.values()), 70, got)
            self.assertEqual(got["c4"], 0)

    def test_windows_and_contracts_matter(self):
        for i in range(3):
            got = self.desk(i, "no_window")
            self.assertEqual(got["c3"], 0)
            self.assertLess(sum(got.values()), 70, got)

    def test_each_slip_in_matching_costs(self):
        for cut in ("text", "closed", "name", "top"):
            for i in range(3):
                self.assertLess(self.desk(i, cut)["c1"], 20, (cut, i))

    # ------------------------------------------------- points as stated

    def test_acceptance_costs_three_points_each(self):
        rows, urgent = self.rows()
        for n, points in ((1, 7), (2, 4), (3, 1), (4, 0)):
            left = [r for r in rows if r not in urgent[:n]]
            self.assertEqual(self.of(left)["c5"], points)
        accepted = [r[:3] + ["accept"] + r[4:] if r is urgent[0] else r
                    for r in rows]
        self.assertEqual(self.of(accepted)["c5"], 7)

    def test_rule_1_is_linear_from_half(self):
        rows, urgent = self.rows()
        n = len(urgent)
        for gone in (1, n // 4, n // 2, n):
            left = [r for r in rows if r not in urgent[:gone]]
            self.assertEqual(self.of(left)["c2"],
                             max(0, 25 * (n - 2 * gone) // n))

    def test_a_wrong_owner_or_day_is_a_row_that_is_not_possible(self):
        rows, _ = self.rows()
        patched = next(r for r in rows if r[3] == "patch")
        accepted = [r for r in rows if r[3] == "accept"]

        def points(row, column, value):
            changed = row[:column] + [value] + row[column + 1:]
            return self.of([changed if r is row else r for r in rows])["c3"]
        self.assertEqual(self.of(rows)["c3"], 12)
        self.assertEqual(points(patched, 5, "nobody"), 10)
        self.assertEqual(points(accepted[0], 4, "2027-12-31"), 10)
        self.assertEqual(points(accepted[0], 4, "2026-09-01"), 10)
        two = [r[:5] + ["nobody"] if r[1] == patched[1] else r for r in rows]
        self.assertEqual(self.of(two)["c3"], 10)

    def test_a_change_beyond_the_capacity_does_not_happen(self):
        rows, _ = self.rows()
        more = []
        for r in rows:      # everything that is not urgent into week 1
            again = r[:]
            if r[3] in ("virtual_patch", "isolate", "stop"):
                again[4] = rows[0][4]
            more.append(again)
        got = self.of(more)
        self.assertLess(got["c3"], 12)
        first = self.of(list(reversed([
            [str(n)] + r[1:] for n, r in enumerate(reversed(more), 1)])))
        self.assertLess(first["c2"], 25)    # the rank decides who is left out

    def test_a_thin_plan_has_no_points_for_being_possible(self):
        rows, _ = self.rows()
        accepted = [r[:3] + ["accept", rows[-1][4]] + r[5:] for r in rows]
        got = self.of(accepted)
        self.assertEqual(got, {"c1": 20, "c2": 0, "c3": 0, "c4": 0, "c5": 0,
                               "c6": 0, "c7": 0})

    def test_listing_everything_finds_nothing(self):
        desk = Desk(self.inputs())
        rows = [[str(n), a, v["id"], "accept", str(desk.monday + timedelta(9)),
                 r["owner"]] for n, (a, r, v) in enumerate(
                     ((a, r, v) for a, r in desk.assets.items()
                      for v in desk.advisories), 1)]
        self.assertEqual(sum(self.of(rows[:4990]).values()), 0)

    # ------------------------------------------------------------ board

    def test_the_note_scores_as_stated(self):
        rows, _ = self.rows()
        text = self.solution()["board.md"].decode()
        five = re.findall(r"SYS-\d{3}", text)
        other = next(r[1] for r in rows if r[1] not in five)
        percent = re.search(r"[0-9.]+ %", text)[0]

        def points(text):
            return self.of(rows, board=text.encode())["c7"]
        self.assertEqual(points(text), 5)
        self.assertEqual(points(text.replace(five[0], other)), 4)
        self.assertEqual(points(text + other), 2)
        self.assertEqual(points(text.replace(percent, "99 %")), 3)
        self.assertEqual(points(text + "12%"), 3)
        self.assertEqual(points("x\n" * 11 + text), 0)
        self.assertEqual(points(text + "x" * 201), 0)
        self.assertEqual(points(" ".join(
            "%d%%" % n for n in range(100))), 0)

    # ----------------------------------------------------------- parser

    def test_full_width_quotes_and_crlf_are_read(self):
        files = {name: data.decode().replace("\n", "\r\n").replace(
            "1", "\uff11").replace(",", '","').encode("utf-8-sig")
            if name == "plan.csv" else data
            for name, data in self.solution().items()}
        got = self.score(self.seeds[0], self.hand_in(files))
        self.assertEqual(sum(got.values()), 100)

    def test_the_order_is_the_tasks(self):
        from truth import rank_of
        for text in ("3.9.2 3.10", "3.10-rc2 3.10.0", "3.10.0 3.10-p1",
                     "3.10-p9 3.10-p10", "3.10-rc9 3.10-rc10", "0 1.0-rc1",
                     "3.10-p1 3.10.1-rc1", "3 3.0.0.1"):
            low, high = text.split()
            self.assertLess(rank_of(low), rank_of(high))
            self.assertLess(version(low), version(high))
        self.assertEqual(rank_of("3.10"), rank_of("3.10.0"))
        self.assertEqual(rank_of("3.0-p1"), rank_of("3-p1"))

    # ------------------------------------------------------- the worlds

    def test_every_world_keeps_what_the_task_says(self):
        import truth
        for i in range(8):
            w = truth.World(hashlib.sha256(b"world %d" % i).digest())
            self.assertEqual((len(w.systems), len(w.advisories)), (120, 300))
            self.assertTrue(any(p.urgent for p in w.pairs.values()))
            done = w.reference()
            for key, p in w.pairs.items():
                if p.urgent:
                    self.assertEqual(done[key][1], 1)
                if p.instead:
                    self.assertNotEqual(done[key][0], "patch")
            changes = {}
            for (system, _), (action, week) in done.items():
                changes.setdefault(week, set()).add((system, action))
            for week, n in enumerate(w.capacity, 1):
                self.assertLessEqual(len(changes[week]), n)
            for a in w.advisories:
                for low, high in a.ranges:
                    self.assertTrue(high is None or truth.rank_of(low)
                                    < truth.rank_of(high))


if __name__ == "__main__":
    unittest.main()
