#!/usr/bin/env python3
"""The exam page's script in Chromium, exam_page.mjs, before a server that
loses answers, refuses them and ends the attempt."""
import filecmp
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from built import ROOT, build, prepare

HERE = pathlib.Path(__file__).resolve().parent
E2E = ROOT / "tests/e2e"


def install_browser_driver():
    """As tests/e2e/run does; whoever comes first."""
    mark = E2E / "node_modules/.of-lock"
    lock = E2E / "package-lock.json"
    if mark.is_file() and filecmp.cmp(lock, mark, shallow=False):
        return
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=E2E, check=True, stdout=subprocess.DEVNULL, timeout=600)
    shutil.copyfile(lock, mark)


class ExamPage(unittest.TestCase):
    def test_exam_page_keeps_its_promises_in_a_browser(self):
        install_browser_driver()
        with tempfile.TemporaryDirectory() as directory:
            work = pathlib.Path(directory)
            prepare(work)
            run = subprocess.run(
                ["node", "exam_page.mjs", str(build(work, "out"))],
                cwd=HERE, text=True, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, timeout=300)
        self.assertEqual(run.returncode, 0, run.stdout)


if __name__ == "__main__":
    unittest.main()
