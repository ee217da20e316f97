#!/usr/bin/python3
"""Lab L11: the proof of every lab, and what this one promises beside it."""
import csv
import hashlib
import io
import os
import random
import re
import sys
import unittest
from datetime import datetime, timedelta, timezone
from decimal import Decimal

sys.path.insert(0, os.path.dirname(__file__))
from lab_proof import LabProof  # noqa: E402

JST = timezone(timedelta(hours=9))
FIELD = re.compile(r'([A-Za-z]+)=(?:"([^"]*)"|(\S*))')
UETR = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                  "[0-9a-f]{12}")
BIC = re.compile("[A-Z]{4}XX[A-Z0-9]{2}")


class Desk:
    """Somebody at work on the artefacts, who may take short cuts:

    no_statement   believes the bank's own records
    shift          forged is whatever was entered outside the hours
    no_ledger      forged is whatever is not in the ledger
    gateway_only   looks for forged ones in the gateway's log alone
    reference      reconciles by EndToEndId
    raw            compares accounts as they are written
    no_amendment   does not read AMD
    twice          counts a retransmission as another payment
    rejected       believes every RJCT
    yesterday      takes yesterday's entries for today's
    """

    def __init__(self, files):
        text = {name: data.decode() for name, data in files}
        self.table = {name: list(csv.DictReader(io.StringIO(t)))
                      for name, t in text.items() if name.endswith(".csv")}
        self.log = []
        for line in text["gateway.log"].splitlines():
            stamp, rest = line.split(" ", 1)
            f = {k: a or b for k, a, b in FIELD.findall(rest)}
            f["at"] = datetime.fromisoformat(stamp)
            self.log.append(f)
        self.printed = [line.split() for line in
                        text["printer.log"].splitlines()]

    def at_work(self, f):
        if f["opr"] == "STP01":
            return True
        return any(
            datetime.fromisoformat(r["start"]).replace(tzinfo=JST) <= f["at"]
            <= datetime.fromisoformat(r["end"]).replace(tzinfo=JST)
            for r in self.table["operators.csv"]
            if r["operator"] == f["opr"] and r["start"])

    def solve(self, *cuts):
        sent, refused, again = {}, set(), []
        for f in self.log:
            if f["type"].startswith("pacs.008") and f["dir"] == "O":
                if f["UETR"] in sent:
                    again.append(f["UETR"])
                sent.setdefault(f["UETR"], f)
            elif f.get("TxSts") == "RJCT":
                refused.add(f["OrgnlUETR"])
        ledger, references = {}, set()
        for r in self.table["ledger.csv"]:
            if r["kind"] == "OUT" or r["kind"] == "AMD" \
                    and "no_amendment" not in cuts:
                ledger[r["uetr"]] = r["creditor_account"]
                references.add(r["end_to_end_id"])
        booked = {}
        for r in self.table["statement.csv"]:
            at = datetime.fromisoformat(r["received_at"].replace("Z", "+00:00"))
            if r["code"] == "PMNT-ICDT-XBCT" and "no_statement" not in cuts \
                    and (at >= self.log[0]["at"] or "yesterday" in cuts):
                booked[r["uetr"]] = dict(r, at=at)
        slips = {words[9] for words in self.printed}

        def known(u):
            if "reference" in cuts:
                return (sent[u]["EndToEndId"] if u in sent else
                        booked[u]["end_to_end_id"]) in references
            return u in ledger

        forged, missing = [], []
        for u in dict.fromkeys(list(sent) + list(booked)):
            f = sent.get(u)
            if "shift" in cuts:
                if f and not self.at_work(f):
                    forged.append(u)
            elif not known(u) and (f or "gateway_only" not in cuts):
                ours = f and self.at_work(f) and f["MsgId"] in slips \
                    and "no_ledger" not in cuts
                (missing if ours else forged).append(u)
        altered = []
        for u, account in ledger.items():
            went = booked[u]["counterparty_account"] if u in booked else \
                sent[u]["CdtrAcct"] if u in sent else account
            if "raw" not in cuts:
                account = account.replace("-", "")
            if went != account:
                altered.append(u)

        risk = [u for u in forged + altered if u not in refused or
                u in booked and "rejected" not in cuts]
        exposure = dict.fromkeys(("JPY", "USD", "EUR"), Decimal(0))
        for u in risk + [u for u in again if u in risk and "twice" in cuts]:
            exposure[sent[u]["Ccy"] if u in sent else booked[u]["currency"]] \
                += Decimal(sent[u]["IntrBkSttlmAmt"] if u in sent else
                           booked[u]["amount"])
        settled = [u for u in risk if booked.get(u, {}).get("status") == "BOOK"]
        first = min([sent[u]["at"] if u in sent else booked[u]["at"]
                     for u in forged])
        users = [sent[u]["opr"] for u in forged if u in sent]
        answers = {
            "forged": ", ".join(forged), "altered": ", ".join(altered),
            "missing_in_ledger": ", ".join(missing),
            "first_forged_at": first.astimezone(timezone.utc).strftime(
                "%Y-%m-%dT%H:%M:%SZ"),
            "operator_used": max(sorted(set(users)), key=users.count),
            "already_settled": ", ".join(settled)}
        answers.update(("exposure." + c, n) for c, n in exposure.items())
        recall = "uetr,reason\n" + "".join(
            u + ",FRAD\n" for u in risk if u not in settled)
        return {"answers.txt": LabProof.text(answers),
                "recall.csv": recall.encode()}


class L11(LabProof, unittest.TestCase):
    folder = "L11-payment-reconciliation"

    def changed(self, name, **change):
        """Points of check `name` for seed 0 with some answers changed."""
        a = {k: v for k, v in dict(self.answers(), **change).items() if v}
        return self.score(self.seeds[0], self.hand_in(
            {"answers.txt": self.text(a)}))[name]

    def recalled(self, text):
        return self.score(self.seeds[0], self.hand_in(
            {"recall.csv": text.encode()}))["c8"]

    def briefed(self, text, i=0):
        return self.score(self.seeds[i], self.hand_in(
            {"brief.md": text.encode()}))["c9"]

    def world(self, i=0):
        import truth
        return truth.World(bytes.fromhex(self.seeds[i]))

    # -------------------------------------------- points, as the task says

    def test_one_file_alone_scores_its_part(self):
        files = self.solution()
        for name, points in (("answers.txt", 84), ("recall.csv", 12),
                             ("brief.md", 4)):
            got = self.score(self.seeds[0], self.hand_in({name: files[name]}))
            self.assertEqual(sum(got.values()), points, (name, got))

    def test_lists_score_as_stated(self):
        a = self.answers()
        other = self.answers(1)["forged"].split(", ")
        for check, key, most, each in (
                ("c1", "forged", 22, 5), ("c2", "altered", 12, 6),
                ("c3", "missing_in_ledger", 10, 4),
                ("c7", "already_settled", 14, 4)):
            words = a[key].split(", ")

            def points(given):
                return self.changed(check, **{key: ", ".join(given)})
            self.assertEqual(points(words), most)
            self.assertEqual(points([w.upper() for w in words]), most)
            self.assertEqual(points(words + words), most)
            self.assertEqual(points(words + other[:1]), most - each)
            self.assertEqual(points(words + other[:4]),
                             max(0, most - 4 * each))
            if len(words) > 1:
                self.assertEqual(points(words[1:]), most - each)
                self.assertEqual(points(words[1:] + other[:1]),
                                 max(0, most - 2 * each))
            if len(words) > 2:
                self.assertEqual(points(words[:(len(words) - 1) // 2]), 0)
            self.assertEqual(points(["?"] * 3), 0)
            self.assertEqual(self.changed(check, **{key: None}), 0)

    def test_time_and_operator_score_as_stated(self):
        w = self.world()
        for off, points in ((0, 6), (60, 6), (-60, 6), (61, 0), (-61, 0),
                            (32400, 0)):
            self.assertEqual(self.changed(
                "c4", first_forged_at=w.utc(w.times[0] + off)), points)
        self.assertEqual(self.changed("c4", first_forged_at="21:30"), 0)
        self.assertEqual(self.changed(
            "c5", operator_used=w.abused.id.upper()), 6)
        for wrong in (w.abused_approver.id, w.staying.id, "STP01",
                      w.abused.id + ", " + w.staying.id):
            self.assertEqual(self.changed("c5", operator_used=wrong), 0)

    def test_exposure_scores_as_stated(self):
        a = self.answers()
        usd, jpy = a["exposure.USD"], a["exposure.JPY"]
        for change, points in (
                ({}, 14), ({"exposure.USD": None}, 9),
                ({"exposure.USD": "1", "exposure.EUR": "x"}, 4),
                ({"exposure.USD": format(Decimal(usd), ",")}, 14),
                ({"exposure.USD": "USD " + usd}, 14),
                ({"exposure.JPY": jpy + ".00"}, 14),
                ({"exposure.JPY": jpy + ".50"}, 9),
                ({"exposure.USD": str(Decimal(usd) + Decimal("0.01"))}, 9),
                ({"exposure.USD": "-" + usd}, 9),
                ({"exposure.USD": usd + "0"}, 9)):
            self.assertEqual(self.changed("c6", **change), points, change)

    def test_recalls_score_as_stated(self):
        w = self.world()
        good = self.solution()["recall.csv"].decode()
        lines = good.splitlines()
        self.assertEqual(self.recalled(good), 12)
        self.assertEqual(self.recalled("\n".join(lines[1:])), 12)
        self.assertEqual(self.recalled(good.replace("FRAD", "frad")), 12)
        self.assertEqual(self.recalled(good + lines[1] + "\n"), 12)
        self.assertEqual(self.recalled(
            good.replace("FRAD", "DUPL", 1)), 10)
        self.assertEqual(self.recalled("\n".join(lines[:-1])), 8)
        self.assertEqual(self.recalled(good + w.settled()[0] + ",FRAD\n"), 8)
        self.assertEqual(self.recalled(good + w.refused.uetr + ",FRAD\n"), 8)
        for uetr in (w.harmless.uetr, w.uetrs("erased")[0],
                     w.incoming[0].uetr, self.world(1).recallable()[0]):
            self.assertEqual(self.recalled(good + uetr + ",FRAD\n"), 0)
        self.assertEqual(self.recalled(lines[0] + "\n"), 0)
        self.assertEqual(self.recalled(good + "forged,FRAD\n"), 0)
        self.assertEqual(self.recalled(good + "\n" * 600), 12)
        self.assertEqual(self.recalled(good + (lines[1] + "\n") * 600), 0)

    def test_the_brief_is_read_in_both_languages(self):
        for i in range(len(self.seeds)):
            w = self.world(i)
            yen, n = w.exposure_yen(), len(w.at_risk())
            jst = w.local(w.times[0], "%H:%M")
            utc = w.utc(w.times[0])
            self.assertEqual(self.briefed(
                "Exposure JPY %d in %d payments.\nSince %s.\nRecall them." % (
                    yen, n, utc), i), 4)
            self.assertEqual(self.briefed(
                "# Brief\nabout %d million yen, %d fraudulent payments, "
                "from %s\nwe CANCEL what is open" % (
                    yen // 10 ** 6, n, jst), i), 4)
            self.assertEqual(self.briefed(
                "%d億%d万円(%d件)、%s時%s分から。コルレス先に取消を依頼" % (
                    yen // 10 ** 8, yen % 10 ** 8 // 10 ** 4, n,
                    *jst.split(":")), i), 4)
            self.assertEqual(self.briefed("%d円" % (yen * 102 // 100), i), 0)
            self.assertEqual(self.briefed("%d円" % yen, i), 1)
            self.assertEqual(self.briefed("%d件" % (n + 1), i), 0)
            self.assertEqual(self.briefed("%d" % n, i), 0)
        self.assertEqual(self.briefed("%d円 %d件 %s 凍結\n" % (
            yen, n, jst) + "-\n" * 5, i), 0)
        self.assertEqual(self.briefed(" ".join(
            "%d件" % k for k in range(41)), i), 0)
        self.assertEqual(self.briefed("取消" + "を" * 200, i), 0)

    def test_full_width_and_crlf_are_read(self):
        files = {}
        for name, data in self.solution().items():
            text = data.decode().replace(": ", "\uff1a")
            if name == "answers.txt":
                text = text.replace(", ", "\u3001")
            text = text.replace("0", "\uff10").replace("-", "\uff0d")
            files[name] = ("\ufeff" + text.replace("\n", "\r\n")).encode()
        got = self.score(self.seeds[0], self.hand_in(files))
        self.assertEqual(sum(got.values()), 100)

    # ----------------------------------------------------- the short cuts

    def cut(self, i, *cuts):
        files = Desk(self.inputs(i)).solve(*cuts)
        return self.score(self.seeds[i], self.hand_in(files))

    def test_the_long_way_is_right(self):
        for i in range(len(self.seeds)):
            self.assertEqual(sum(self.cut(i).values()), 96)

    def test_short_cuts_do_not_pass(self):
        for i in range(len(self.seeds)):
            for cuts in (("no_statement",), ("shift",), ("no_ledger",),
                         ("raw",), ("yesterday",)):
                got = self.cut(i, *cuts)
                self.assertLess(sum(got.values()), self.lab["pass"],
                                (i, cuts, got))

    def test_each_decoy_costs_what_it_should(self):
        for i in range(len(self.seeds)):
            self.assertLess(self.cut(i, "gateway_only")["c1"], 22)
            self.assertLess(self.cut(i, "reference")["c1"], 22)
            self.assertLess(self.cut(i, "no_amendment")["c2"], 12)
            self.assertEqual(self.cut(i, "raw")["c2"], 0)
            self.assertLess(self.cut(i, "twice")["c6"], 14)
            got = self.cut(i, "rejected")
            self.assertLess(got["c6"], 14)
            self.assertLess(got["c7"], 14)
            got = self.cut(i, "shift")
            self.assertEqual((got["c3"], got["c4"]), (0, 0))

    # ------------------------------------------------------------ the world

    def test_truth_keeps_its_promises(self):
        import truth
        for i in range(60):
            w = truth.World(hashlib.sha256(b"promise %d" % i).digest())
            kinds = {k: [p for p in w.payments if p.kind == k] for k in (
                "genuine", "forged", "altered", "erased")}
            self.assertTrue(4 <= len(kinds["forged"]) <= 9)
            self.assertTrue(1 <= len(kinds["altered"]) <= 3)
            self.assertTrue(2 <= len(kinds["erased"]) <= 5)
            self.assertTrue(all(w.exposure().values()))
            self.assertGreaterEqual(len(w.settled()), 2)
            self.assertGreaterEqual(len(w.recallable()), 2)
            states = {p.state for p in w.fraud}
            self.assertEqual(states, {"BOOK", "PDNG", "NONE", "RJCT"})
            for p in kinds["forged"]:
                self.assertIs(p.operator, w.abused)
                self.assertFalse(w.abused.on_duty(p.sent))
                self.assertFalse(w.abused_approver.on_duty(p.sent))
                self.assertTrue(w.stopped < p.sent < w.restarted)
                if p.hidden:
                    self.assertIn(p.state, ("BOOK", "PDNG"))
            self.assertTrue(1 <= sum(p.hidden for p in w.payments) <= 2)
            for p in kinds["altered"] + kinds["erased"]:
                self.assertTrue(p.operator.on_duty(p.sent))
                self.assertLess(p.sent, w.stopped)
                self.assertIn(p.state, ("BOOK", "PDNG"))
                self.assertFalse(p.hidden or p.amended or p.resent)
            for p in kinds["genuine"]:
                if p.operator and p not in w.overrun:
                    self.assertTrue(p.operator.on_duty(p.sent))
                    self.assertTrue(p.approver.on_duty(p.sent))
                self.assertIs(p.to, p.shown)
            for p in w.payments:
                self.assertFalse(p.resent and p.resent <= p.sent)
                self.assertLess(p.posted or 0, p.sent)
                if p.state in ("BOOK", "PDNG"):
                    self.assertLessEqual(p.received, truth.CLOSING)
            self.assertFalse(w.abused.on_duty(w.harmless.resent))
            self.assertLess(w.harmless.resent, w.times[0])
            self.assertNotEqual(w.harmless.kind, "forged")

    def test_numbers_have_gaps_where_something_is_gone(self):
        for i in range(len(self.seeds)):
            w, desk = self.world(i), Desk(self.inputs(i))

            def missing(numbers):
                numbers = [int(n) for n in numbers]
                return set(range(min(numbers), max(numbers))) - set(numbers)
            self.assertEqual(
                len(missing(words[2] for words in desk.printed)), w.n)
            self.assertEqual(
                len(missing(r["entry_no"] for r in desk.table["ledger.csv"])),
                len(w.uetrs("erased")))
            self.assertEqual(
                len(missing(f["seq"] for f in desk.log)),
                2 * sum(p.hidden for p in w.payments))

    def test_identifiers_have_their_forms(self):
        for i in range(len(self.seeds)):
            desk = Desk(self.inputs(i))
            for f in desk.log:
                if not f["type"].startswith("pacs.008"):
                    continue
                self.assertTrue(UETR.fullmatch(f["UETR"]))
                self.assertTrue(BIC.fullmatch(f["CdtrAgt"]))
                self.assertTrue(BIC.fullmatch(f["DbtrAgt"]))
                self.assertLessEqual(len(f["MsgId"]), 35)
                self.assertLessEqual(len(f["EndToEndId"]), 35)
                self.assertLessEqual(len(f["CdtrAcct"]), 34)
                self.assertTrue(re.fullmatch(
                    "[0-9]+" if f["Ccy"] == "JPY" else r"[0-9]+\.[0-9]{2}",
                    f["IntrBkSttlmAmt"]))
            ours = [f["UETR"] for f in desk.log if f.get("PossDup") == "N"]
            self.assertEqual(len(ours), len(set(ours)))
            for r in desk.table["statement.csv"]:
                self.assertTrue(re.fullmatch(
                    "[0-9]+" if r["currency"] == "JPY" else
                    r"[0-9]+\.[0-9]{2}", r["amount"]))
            self.assertEqual(len({r["statement_id"] for r in
                                  desk.table["statement.csv"]}), 1)

    def test_random_files_are_scored_at_once(self):
        rnd = random.Random(11)
        u = self.solution()["recall.csv"].decode().split()[1].encode()
        pieces = [u, b",FRAD", b"\n", b"uetr", b",", b'"', b"\xff", b"9" * 99,
                  "億".encode(), "件".encode(), b":", b"12:00", b" ", b"1,",
                  b"." * 50, b"a " * 40]
        begin = os.times()
        for _ in range(10):
            data = b"".join(rnd.choice(pieces)
                            for _ in range(rnd.randint(1, 3000)))
            self.score(self.seeds[0], self.hand_in(
                {"recall.csv": data, "brief.md": data[:900]}))
        self.assertLess(os.times().children_user - begin.children_user, 10)


if __name__ == "__main__":
    unittest.main()
