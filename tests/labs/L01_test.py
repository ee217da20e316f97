#!/usr/bin/python3
"""Lab L01: the proof of every lab, and what this one promises beside it."""
import base64
import email
import email.policy
import hashlib
import os
import re
import sys
import unittest
from email.utils import parsedate_to_datetime

sys.path.insert(0, os.path.dirname(__file__))
from lab_proof import LabProof  # noqa: E402

ZONE = '_dmarc.tsubakuro.example. 3600 IN TXT "v=DMARC1; %s"\n'
OWN_HOST = re.compile(r"mx[12]\.tsubakuro\.example\Z")


def folded(value):
    return " ".join(value.split())


def tags(value):
    value = re.sub(r"\s", "", value)
    return dict(tag.split("=", 1) for tag in value.split(";") if tag)


def relaxed(raw):
    """Header fields [(name, value)] and the relaxed body."""
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = []
    for line in re.sub(rb"\r\n(?=[ \t])", b"", head).split(b"\r\n"):
        name, _, value = line.partition(b":")
        value = re.sub(rb"[ \t]+", b" ", value).strip()
        fields.append((name.lower().decode(), value))
    body = re.sub(rb"[ \t]+", b" ", body)
    body = re.sub(rb" +\r\n", b"\r\n", body)
    return fields, body.rstrip(b"\r\n") + b"\r\n"


def verified(raw, number, keys):
    """RFC 6376 for the signature field `number`: (body hash, signature)."""
    fields, body = relaxed(raw)
    value = [v for n, v in fields if n == "dkim-signature"][number]
    t = tags(value.decode())
    data = b""
    for name in t["h"].lower().split(":"):
        data += b"%s:%s\r\n" % (name.encode(), [
            v for n, v in fields if n == name][-1])
    data += b"dkim-signature:" + re.sub(rb"b=[^;]*\Z", b"b=", value)
    # SubjectPublicKeyInfo: the modulus is 257 bytes before 5 of the exponent.
    der = base64.b64decode(keys["%s._domainkey.%s" % (t["s"], t["d"])])
    n = int.from_bytes(der[-5 - 256:-5], "big")
    block = pow(int.from_bytes(base64.b64decode(t["b"]), "big"), 65537, n)
    return (base64.b64encode(hashlib.sha256(body).digest()).decode()
            == t["bh"],
            block.to_bytes(256, "big").endswith(
                b"\0\x30\x31" + bytes.fromhex(
                    "300d060960864801650304020105000420")
                + hashlib.sha256(data).digest()))


class L01(LabProof, unittest.TestCase):
    folder = "L01-phishing-headers"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        import truth
        cls.worlds = [truth.World(bytes.fromhex(s)) for s in cls.seeds]

    def mails(self, i=0):
        """(truth, raw, parsed) of the six mails."""
        files = dict(self.inputs(i))
        for j, m in enumerate(self.worlds[i].mails, 1):
            raw = files["m%d.eml" % j]
            yield m, raw, email.message_from_bytes(
                raw, policy=email.policy.default)

    def given(self, name, data):
        return self.score(self.seeds[0], self.hand_in({name: data}))

    def changed(self, i=0, **change):
        """Points with some of the answers otherwise: m1_verdict=..."""
        a = dict(self.answers(i), **{
            k[:2] + "." + k[3:]: v for k, v in change.items()})
        return self.score(self.seeds[i], self.hand_in(
            {"answers.txt": self.text(a)}))

    # -------------------------------------------------------- the artefacts

    def test_mails_are_mails(self):
        def defects(p):
            found = list(p.defects)
            for _, v in p.items():
                found += getattr(v, "defects", [])
            for s in p.iter_parts() if p.is_multipart() else []:
                found += defects(s)
            return found
        for i in range(len(self.seeds)):
            for m, raw, mail in self.mails(i):
                self.assertEqual(defects(mail), [])
                self.assertNotIn(b"\n", raw.replace(b"\r\n", b""))
                self.assertTrue(raw.isascii())
                for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n"):
                    self.assertLessEqual(len(line), 110)
                    if b"=?" in line:
                        self.assertLessEqual(len(line), 76)
                self.assertTrue(mail["Subject"].startswith(("【", "Re: ")))
                self.assertEqual(mail["From"].addresses[0].addr_spec, m.sender)
                self.assertIn("▼", mail.get_body(("plain",)).get_content())
                self.assertIn(m.link_url,
                              mail.get_body(("html",)).get_content())

    def test_times_run_from_below_to_the_top(self):
        for i in range(len(self.seeds)):
            for _, _, mail in self.mails(i):
                times = [parsedate_to_datetime(folded(r).rpartition(";")[2])
                         for r in mail.get_all("Received")]
                times.append(mail["Date"].datetime)
                self.assertEqual(times, sorted(times, reverse=True))

    def test_signatures_are_what_our_mx_says(self):
        for i in range(len(self.seeds)):
            keys = {}
            for line in dict(self.inputs(i))["dns.txt"].decode().splitlines():
                if "v=DKIM1" in line:
                    value = "".join(re.findall('"([^"]*)"', line))
                    keys[line.split(". ")[0]] = tags(value)["p"]
            for m, raw, mail in self.mails(i):
                said = [a for a in mail.get_all("Authentication-Results")
                        if OWN_HOST.match(a.split(";")[0].strip())]
                self.assertEqual(len(said), 1)
                said = re.findall(r"dkim=(\w+)", said[0])
                if not m.signatures:
                    self.assertEqual(said, ["none"])
                    self.assertNotIn("DKIM-Signature", mail)
                for j, (_, good) in enumerate(m.signatures):
                    self.assertEqual(verified(raw, j, keys), (good, good))
                    self.assertEqual(said[j], "pass" if good else "fail")

    def test_somebody_else_claims_results_in_every_seed(self):
        import truth
        for i in range(40):
            w = truth.World(hashlib.sha256(b"claims %d" % i).digest())
            claims = [m.claims for m in w.mails if m.claims]
            self.assertEqual(len(claims), 1)
            self.assertNotIn(claims[0], [w.mxb[0]] + [n for n, _, _ in w.mx])

    def test_truth_keeps_its_promises(self):
        import truth
        seen = set()
        for i in range(60):
            w = truth.World(hashlib.sha256(b"promise %d" % i).digest())
            phish = [m for m in w.mails if not m.genuine]
            seen |= {m.pattern for m in w.mails}
            self.assertEqual((len(w.mails), len(phish)), (6, 4))
            self.assertEqual(sum(m.backup for m in phish), 1)
            self.assertEqual({m.trick for m in phish},
                             {"plain", "sub", "user", "puny"})
            self.assertTrue({m.auth[2] for m in phish} >= {"pass", "fail"})
            self.assertIn("unaligned", [word for m in w.mails
                                        for word in m.auth])
            self.assertFalse(any(w.knows(m.link_host) for m in phish))
            self.assertTrue(all(w.knows(m.link_host) and m.auth[2] == "pass"
                                for m in w.mails if m.genuine))
            whole = set().union(*[m.iocs for m in w.mails])
            self.assertTrue(10 <= len(whole) <= 12)
            self.assertFalse([v for k, v in whole
                              if k == "domain" and w.knows(v)])
            self.assertEqual([m.t for m in w.mails],
                             sorted(m.t for m in w.mails))
        self.assertEqual(seen, set(truth.PHISH + truth.GENUINE))

    # ----------------------------------------------------------- the points

    def test_each_mail_counts_by_itself(self):
        self.assertEqual(self.changed(m1_verdict="?")["c1"], 20)
        phish = [j for j, m in enumerate(self.worlds[0].mails, 1)
                 if not m.genuine]
        good = [j for j in range(1, 7) if j not in phish]
        for j, ip, link in ((phish[0], 15, 9), (good[0], 20, 12)):
            got = self.changed(**{"m%d_origin_ip" % j: "192.0.2.255",
                                  "m%d_link_host" % j: "x.example"})
            self.assertEqual((got["c2"], got["c4"]), (ip, link))

    def test_words_of_authentication(self):
        for m, auth, points in (
                (1, "pass", 15), (1, "pass/pass/perhaps", 15), (1, "", 15)):
            self.assertEqual(self.changed(**{"m%d_auth" % m: auth})["c3"],
                             points)
        words = self.answers()["m1.auth"].split("/")
        words[2] = "none" if words[2] != "none" else "fail"
        self.assertEqual(self.changed(m1_auth="/".join(words))["c3"], 16)
        words[0] = "neutral" if words[0] != "neutral" else "none"
        self.assertEqual(self.changed(m1_auth="/".join(words))["c3"], 15)
        self.assertEqual(self.changed(m1_auth=" / ".join(
            self.answers()["m1.auth"].upper().split("/")))["c3"], 18)

    def test_full_width_and_crlf_are_read(self):
        files = self.solution()
        text = files["answers.txt"].decode()
        wide = "\ufeff" + text.replace(": ", "\uff1a").replace("\n", "\r\n")
        files["answers.txt"] = wide.replace("0", "\uff10").encode()
        files["ioc.csv"] = b"\xef\xbb\xbf" + files["ioc.csv"].replace(
            b"\n", b"\r\n")
        files["dmarc.txt"] = b"\xef\xbb\xbf" + files["dmarc.txt"].replace(
            b"\n", b"\r\n")
        self.assertEqual(self.score(self.seeds[0], self.hand_in(files)),
                         self.points)

    def test_names_of_other_letters_are_read(self):
        a = self.answers()
        key = [k for k, v in a.items() if "xn--" in v][0]
        word = ".".join(x.encode().decode("idna") if x[:4] == "xn--" else x
                        for x in a[key].split("."))
        self.assertFalse(word.isascii())
        a[key] = word
        got = self.given("answers.txt", self.text(a))
        self.assertEqual(got["c4"], 12)

    def test_a_list_that_could_be_clicked_scores_nothing(self):
        data = self.solution()["ioc.csv"]
        self.assertEqual(self.given("ioc.csv", data)["c5"], 14)
        for dot in (b"(.)", b"[dot]", b"{.}"):
            self.assertEqual(self.given("ioc.csv", data.replace(
                b"[.]", dot))["c5"], 14)
        self.assertEqual(self.given("ioc.csv", data.replace(
            b"[@]", b"@"))["c5"], 14)
        self.assertEqual(self.given("ioc.csv", data.replace(
            b"[.]", b"."))["c5"], 0)
        self.assertEqual(self.given("ioc.csv", data.replace(
            b"domain,", b"host,"))["c5"], 0)

    def test_a_list_with_our_own_names_is_worth_half(self):
        data = self.solution()["ioc.csv"]
        w = self.worlds[0]
        for row in ("domain,ib.tsubakuro.example", "domain," + w.hub,
                    "ip," + w.mxb[1], "email,ib-info@tsubakuro.example"):
            row = row.replace(".", "[.]") + ",m1\n"
            self.assertEqual(self.given("ioc.csv", data + row.encode())["c5"],
                             7, row)
        rows = data.splitlines(True)
        self.assertTrue(0 < self.given("ioc.csv", b"".join(
            rows[:1 + len(rows) * 6 // 10]))["c5"] < 14)
        self.assertEqual(self.given("ioc.csv", b"".join(rows[:3]))["c5"], 0)

    def test_records_score_by_what_they_do(self):
        rua = "; rua=mailto:" + self.worlds[0].rua
        for text, points in (
                (ZONE % ("p=reject" + rua), 12),
                (ZONE % ("p=quarantine; pct=25" + rua), 12),
                (ZONE % ("p=REJECT; sp=reject; adkim=r; fo=1" + rua + ";"), 12),
                ("; note\n\n" + ZONE % ("p=reject" + rua + "!10m"), 12),
                (ZONE.replace(". 3600 IN", "") % ("p=reject" + rua), 12),
                (ZONE.replace('1; %s"', '1; " "%s"') % ("p=reject" + rua), 12),
                (ZONE % ("p=reject; aspf=s" + rua), 9),
                (ZONE % ("p=reject; adkim=s" + rua), 9),
                (ZONE % "p=reject", 10),
                (ZONE % "p=reject; adkim=s; aspf=s", 7),
                (ZONE % ("p=none" + rua), 0), (ZONE % "p=none", 0),
                (ZONE % ("p=quarantine" + rua), 0),
                (ZONE % ("p=quarantine; pct=0" + rua), 0),
                (ZONE % ("p=reject; sp=none" + rua), 0),
                (ZONE % (rua[2:] + "; p=reject"), 0),
                (ZONE % ("p=reject; p=reject" + rua), 0),
                (ZONE % ("p=block" + rua), 0),
                (ZONE % "p=reject; rua=dmarc@tsubakuro.example", 0),
                (ZONE.replace("DMARC1", "DMARC2") % ("p=reject" + rua), 0),
                (ZONE.replace("_dmarc.", "") % ("p=reject" + rua), 0),
                (ZONE.replace("_dmarc.", "_dmarc.mail.") % (
                    "p=reject" + rua), 0),
                (2 * (ZONE % ("p=reject" + rua)), 0),
                ("v=DMARC1; p=reject" + rua, 0)):
            self.assertEqual(self.given("dmarc.txt", text.encode())["c6"],
                             points, text)

    # -------------------------------------------------------- what is wrong

    def test_the_lowest_received_is_not_the_origin(self):
        for i in range(len(self.seeds)):
            a = {}
            for j, (_, _, mail) in enumerate(self.mails(i), 1):
                found = re.findall(r"\[(?:IPv6:)?([0-9a-f.:]+)\]", " ".join(
                    mail.get_all("Received")))
                a["m%d.origin_ip" % j] = found[-1]
            got = self.score(self.seeds[i], self.hand_in(
                {"answers.txt": self.text(a)}))
            self.assertLessEqual(got["c2"], 5)

    def test_what_passes_dmarc_is_not_always_genuine(self):
        for i in range(len(self.seeds)):
            a = {"m%d.verdict" % j: "genuine" if m.auth[2] == "pass"
                 else "phish" for j, m in enumerate(self.worlds[i].mails, 1)}
            got = self.score(self.seeds[i], self.hand_in(
                {"answers.txt": self.text(a)}))
            self.assertLess(got["c1"], 24)

    def test_whoever_skims_does_not_pass(self):
        """All phish, every pass believed, what the links show."""
        for i in range(len(self.seeds)):
            a = {}
            for j, (m, _, mail) in enumerate(self.mails(i), 1):
                shown = re.search(r"https://([^/\s]+)", mail.get_body(
                    ("plain",)).get_content()).group(1)
                outside = [ip for ip in re.findall(
                    r"\[(?:IPv6:)?([0-9a-f.:]+)\]",
                    " ".join(mail.get_all("Received")))
                    if not ip.startswith("10.")]
                a.update({"m%d.verdict" % j: "phish",
                          "m%d.origin_ip" % j: outside[0],
                          "m%d.auth" % j: "pass/pass/pass",
                          "m%d.link_host" % j: shown})
            got = self.score(self.seeds[i], self.hand_in({
                "answers.txt": self.text(a), "dmarc.txt": (
                    ZONE % "p=reject; adkim=s; aspf=s").encode()}))
            self.assertEqual((got["c1"], got["c2"], got["c4"]), (16, 15, 0))
            self.assertLess(sum(got.values()), 55)

    def test_hostile_files_score_nothing(self):
        big = b"9" * 60000
        for data in (
                b"m1.auth: " + b"/" * 60000, b"m1.origin_ip: " + big,
                b"m1.link_host: " + "\u3042.".encode() * 15000,
                b"m1.link_host: xn--" + b"a" * 5000,
                b"m1.link_host: " + b"[.]" * 20000,
                b"m1.origin_ip: fe80::1%eth0\nm2.origin_ip: [[[[\n",
                b"m1.auth: pass/pass\x00/pass", b"m1.verdict: \xff\xfe",
                b"c1\t24\tc1_ok\n" * 100):
            self.assertEqual(sum(self.given("answers.txt", data).values()), 0)
        for data in (
                b"domain," + b"[.]" * 10000, b"email," + b"@" * 30000,
                b"ip,::ffff:192[.]0[.]2[.]1\n", b"domain\nip\nemail\n",
                b"type,value\n" * 3000, b"," * 30000, b'domain,"' * 4000,
                "domain,\u3042[.]example\n".encode() * 900,
                b"domain,-\ndomain,[.]\nemail,@\nip,999[.]1[.]1[.]1\n"):
            self.assertEqual(sum(self.given("ioc.csv", data).values()), 0)
        for data in (
                b"_" * 4096, b'_dmarc.tsubakuro.example TXT ' + b'""' * 2000,
                (ZONE % ("=;" * 120)).encode(), b'a TXT "' * 500,
                (ZONE % ("p=reject; rua=" + "mailto:," * 30)).encode(),
                (ZONE % "p=reject; pct=\u0661").encode(), b'"\\" TXT',
                (ZONE % "p=reject").encode() + b" " * 5000):
            self.assertEqual(sum(self.given("dmarc.txt", data).values()), 0)


if __name__ == "__main__":
    unittest.main()
