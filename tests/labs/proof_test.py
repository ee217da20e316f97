"""`tanren lab test`: a lab is proven only when it is what it says."""
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tanren import PROGRAM, ROOT, directory  # noqa: E402

TREE = os.path.join(ROOT, "tests", "lab", "tree")


class Proof(unittest.TestCase):
    def setUp(self):
        self.directory = directory()
        self.content = os.path.join(self.directory, "content")
        self.echo = os.path.join(self.content, "labs", "L91-echo")
        shutil.copytree(TREE, self.content)
        self.git("init", "-q", "-b", "main")
        self.conf = os.path.join(self.directory, "tanren.conf")
        with open(self.conf, "w", encoding="utf-8") as f:
            f.write(f"content = {self.content}\n")

    def tearDown(self):
        shutil.rmtree(self.directory)

    def git(self, *arguments):
        subprocess.run(["git", "-C", self.content, "-c", "user.name=T",
                        "-c", "user.email=t@example.jp", *arguments],
                       check=True, capture_output=True)

    def change(self, name, old, new):
        path = os.path.join(self.echo, name)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        self.assertIn(old, text)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace(old, new))

    def prove(self, lab="L91"):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "now")
        return subprocess.run(
            [PROGRAM, "lab", "test", lab, "--var",
             os.path.join(self.directory, "var"), "--config", self.conf],
            capture_output=True, text=True, timeout=120, cwd=self.directory)

    def not_proven(self, why):
        got = self.prove()
        self.assertEqual(got.returncode, 1, got.stdout + got.stderr)
        self.assertIn("L91: NOT proven", got.stdout)
        self.assertIn(why, got.stdout)

    def test_a_lab_that_is_what_it_says_is_proven(self):
        got = self.prove()
        self.assertEqual((got.returncode, got.stderr), (0, ""), got.stdout)
        self.assertIn("isolation: ", got.stdout)
        self.assertTrue(got.stdout.endswith("L91: proven\n"), got.stdout)
        self.assertEqual(got.stdout.count("solved in part: value"), 5)

    def test_a_solution_that_misses_something(self):
        self.change("solve", "points: 40", "points: 39")
        self.not_proven("WRONG, wanted: 100")

    def test_a_checker_that_gives_points_for_nothing(self):
        self.change("check", 'answers.get("points", "0")',
                    'answers.get("points", "1")')
        self.not_proven("WRONG, wanted: 0")

    def test_answers_that_are_the_same_for_everybody(self):
        self.change("truth.py", "def value(seed):", "def value(seed):\n    return 'x'\n\n\ndef other(seed):")
        self.not_proven("WRONG, wanted: less than the pass mark")

    def test_a_part_that_scores_something_else(self):
        self.change("lab.yaml", "{id: value, points: 60}", "{id: value, points: 61}")
        self.not_proven("WRONG, wanted: 61")

    def test_artefacts_of_no_seed(self):
        self.change("setup", '"覚え書き\\n"', "os.urandom(8).hex()")
        self.not_proven("the same seed made other bytes")

    def test_a_solution_that_breaks_says_how(self):
        self.change("solve", "import sys", "import syss as sys")
        self.not_proven("ModuleNotFoundError")

    def test_a_program_is_tried_before_it_is_checked(self):
        got = self.prove("L94")
        self.assertEqual((got.returncode, got.stderr), (0, ""), got.stdout)
        self.assertEqual(got.stdout.count("solved in part: positive"), 5)

    def test_a_trial_or_cases_that_break_say_how(self):
        self.echo = os.path.join(self.content, "labs", "L94-program")
        self.change("trial", "import sys\n", "import sys\nimport truth\n")
        got = self.prove("L94")             # no truth where a trial runs
        self.assertEqual(got.returncode, 1)
        self.assertIn("trial: it did not end well", got.stdout)
        self.assertIn("No module named 'truth'", got.stdout)
        self.change("trial", "import truth\n", "")
        self.change("cases", "os.mkdir(into)", "os.mkdir(into + '/x')")
        got = self.prove("L94")
        self.assertEqual(got.returncode, 1)
        self.assertIn("cases: it did not end well", got.stdout)

    def test_an_answer_key_that_breaks_or_changes(self):
        self.echo = os.path.join(self.content, "labs", "L94-program")
        self.change("key", "world.word)", "world.word + os.urandom(4).hex())")
        self.change("key", "import truth", "import os\nimport truth")
        got = self.prove("L94")
        self.assertEqual(got.returncode, 1)
        self.assertIn("key: the same seed made other bytes", got.stdout)
        self.change("key", "import truth", "import truths as truth")
        got = self.prove("L94")
        self.assertEqual(got.returncode, 1)
        self.assertIn("key: it did not end well", got.stdout)

    def test_all_of_them_and_one_that_is_not_there(self):
        got = self.prove("all")
        self.assertEqual(got.returncode, 1)
        self.assertIn("L91: proven", got.stdout)
        self.assertIn("L92: NOT proven", got.stdout)
        self.assertIn("no such lab", self.prove("L07").stderr)

    def test_what_is_not_asked_well_is_told(self):
        for arguments in ((), ("test",), ("prove", "L91")):
            got = subprocess.run([PROGRAM, "lab", *arguments], text=True,
                                 capture_output=True, timeout=60)
            self.assertEqual(got.returncode, 2, arguments)
            self.assertIn("usage: tanren lab test", got.stderr)


if __name__ == "__main__":
    unittest.main()
