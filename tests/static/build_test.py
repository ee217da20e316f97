#!/usr/bin/env python3
"""What the build of platform/static leaves, and what it must not contain."""
import gzip
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from built import ROOT, SOURCE, build, prepare

# Kilobytes as sent, compressed with gzip.
BUDGET_KB = {"app.css": 25, "app.js": 12, "exam.js": 8, "module.js": 3,
             "class.js": 2, "lab.js": 3, "shell.js": 115, "watch.js": 112,
             "shell.css": 4}
# Of one page alone.
STYLES = ["app.css", "shell.css"]
# xterm.js writes colours into style attributes; on its pages these calls end
# in the style sheets' own interface (js/terminal_styles.js), which the journeys
# of the shell and the class prove: no violation of the policy is reported.
OF_XTERM = [r"setAttribute\(\s*[\"']style"]


class Build(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.work = pathlib.Path(cls.directory.name)
        prepare(cls.work)
        cls.out = build(cls.work, "out")
        lines = (cls.out / "manifest.tsv").read_text().splitlines()
        cls.names = dict(line.split("\t") for line in lines)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def text(self, name):
        return (self.out / self.names[name]).read_text(encoding="utf-8")

    def test_the_manifest_names_every_file_and_no_other(self):
        expected = {"manifest.tsv"}
        for hashed in self.names.values():
            expected |= {hashed, hashed + ".gz", hashed + ".br"}
        self.assertEqual(expected, set(os.listdir(self.out)))

    def test_a_name_holds_the_digest_of_its_bytes(self):
        for name, hashed in self.names.items():
            stem, suffix = os.path.splitext(name)
            self.assertRegex(
                hashed, "^%s-[0-9a-f]{12}%s$" % (re.escape(stem),
                                                 re.escape(suffix)))

    def test_what_is_compressed_is_the_same(self):
        for hashed in self.names.values():
            plain = (self.out / hashed).read_bytes()
            packed = (self.out / (hashed + ".gz")).read_bytes()
            self.assertEqual(gzip.decompress(packed), plain, hashed)
            self.assertEqual(packed[4:8], b"\0\0\0\0", "a time in " + hashed)
        run = subprocess.run(
            ["node", "-e", """
const { readFileSync } = require("fs");
const { brotliDecompressSync } = require("zlib");
for (const f of process.argv.slice(1))
    if (!brotliDecompressSync(readFileSync(f + ".br")).equals(readFileSync(f)))
        throw new Error(f);
""", *[str(self.out / h) for h in self.names.values()]])
        self.assertEqual(run.returncode, 0)

    def test_two_builds_are_the_same(self):
        again = build(self.work, "again")
        self.assertEqual(sorted(os.listdir(self.out)),
                         sorted(os.listdir(again)))
        for name in os.listdir(self.out):
            self.assertEqual((self.out / name).read_bytes(),
                             (again / name).read_bytes(), name)

    def test_sizes_stay_within_budget(self):
        for name, budget in BUDGET_KB.items():
            size = (self.out / (self.names[name] + ".gz")).stat().st_size
            self.assertLessEqual(size, budget * 1000, name)

    def test_styles_load_nothing_from_elsewhere(self):
        for name in STYLES:
            self.loads_nothing(self.text(name))

    def loads_nothing(self, css):
        # A selector may look at an address; that loads nothing.
        css = re.sub(r'\[href\^="https?://"\]', "", css)
        self.assertEqual(
            re.findall(r"https?:|data:|@import|@font-face|src\(", css), [])
        for address in re.findall(r"url\(([^)]*)\)", css):
            self.assertIn(address, self.names.values())

    def test_nothing_of_the_british_crown_is_left(self):
        css = self.text("app.css").lower()
        self.assertEqual(
            re.findall("crown|crest|gds transport|govuk-header", css), [])

    def test_styles_read_the_same_in_every_encoding(self):
        for name in STYLES:
            self.assertEqual(re.findall(r"[^\x00-\x7f]",
                                        self.text(name)), [])

    def test_scripts_keep_to_the_policy_of_the_pages(self):
        # require-trusted-types-for 'script', no inline style, no eval.
        forbidden = re.compile(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|"
            r"\beval\(|new Function|setAttribute\(\s*[\"'](style|on\w+)[\"']|"
            r"\.cssText|https?://")
        for name in self.names:
            if name.endswith(".js"):
                text = self.text(name).replace("http://www.w3.org/", "")
                if name in ("shell.js", "watch.js"):
                    for pattern in OF_XTERM:
                        text, n = re.subn(pattern, "", text)
                        self.assertEqual(n, 1, pattern)
                self.assertIsNone(forbidden.search(text), name)

    def test_scripts_have_no_words_of_their_own(self):
        japanese = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]|"
                              r"\\u(30[4-9a-f]|[4-9])")
        for name in self.names:
            if name.endswith(".js"):
                self.assertIsNone(japanese.search(self.text(name)), name)

    def test_every_file_that_a_page_asks_for_is_built(self):
        asked = set()
        for pattern in ("*/*.tmpl", "*/*.c"):
            for path in (ROOT / "platform").glob(pattern):
                text = path.read_text(encoding="utf-8")
                asked |= set(re.findall(r'url_asset\("([^"]+)"\)', text))
                asked |= set(re.findall(
                    r'page\.(?:script|style) = "([^"]+)"', text))
        self.assertIn("app.css", asked)
        self.assertEqual(asked - set(self.names), set())

    def test_every_class_of_ours_on_a_page_has_a_style(self):
        styled = set(re.findall(r"\.(tanren-[a-zA-Z0-9_-]+)",
                                "".join(map(self.text, STYLES))))
        for path in (ROOT / "platform").glob("*/*.tmpl"):
            for value in re.findall(r'class="((?:[^"{]|{{.*?}})*)"',
                                    path.read_text(encoding="utf-8")):
                words = re.sub(r"{{.*?}}", " ", value).split()
                used = {w for w in words if w.startswith("tanren-")}
                self.assertEqual(used - styled, set(), path.name)


class Packages(unittest.TestCase):
    def test_versions_are_exact(self):
        package = json.loads((SOURCE / "package.json").read_text())
        for name, version in package["dependencies"].items():
            self.assertRegex(version, r"^\d+\.\d+\.\d+$", name)

    def test_the_lock_file_is_of_no_machine(self):
        lock = json.loads((SOURCE / "package-lock.json").read_text())
        for name, package in lock["packages"].items():
            if name == "":
                continue
            self.assertTrue(package.get("integrity"), name)
            self.assertFalse(package.get("link"), name)
            where = package.get("resolved", "https://registry.npmjs.org/")
            self.assertTrue(
                where.startswith("https://registry.npmjs.org/"), where)


if __name__ == "__main__":
    unittest.main()
