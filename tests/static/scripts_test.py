#!/usr/bin/env python3
"""Runs the tests of the ES modules' rules, *.test.mjs, with node's runner."""
import pathlib
import subprocess
import unittest

HERE = pathlib.Path(__file__).resolve().parent


class Scripts(unittest.TestCase):
    def test_rules_of_the_modules_hold(self):
        tests = sorted(str(p) for p in HERE.glob("*.test.mjs"))
        self.assertTrue(tests)
        run = subprocess.run(
            ["node", "--test", *tests], cwd=HERE, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        self.assertEqual(run.returncode, 0, run.stdout)


if __name__ == "__main__":
    unittest.main()
