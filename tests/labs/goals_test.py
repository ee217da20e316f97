#!/usr/bin/python3
"""labs/kit/goals.py: before, after, during and not during a state."""
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "..", "labs"))
from kit import goals  # noqa: E402
from kit.goals import Bad, State, Story  # noqa: E402

IMAGING = State("begin", "end")
NOON = "2026-06-21T12:00:00"


def story(text):
    """"a b - c": a at 1, b at 2, nothing at 3, c at 4; "a+b": both at 1."""
    return Story([(t, name) for t, word in enumerate(text.split(), 1)
                  for name in word.split("+") if word != "-"])


class Times(unittest.TestCase):
    def bad(self, why, line, ask, *args, **more):
        with self.assertRaises(Bad, msg=args) as got:
            ask(*args, **more)
        self.assertEqual((got.exception.why, got.exception.line), (why, line))

    def test_one_instant_has_many_spellings(self):
        at = goals.instant(NOON + "Z")
        self.assertEqual(at, 1782043200 * 1000000)
        for text, zone in (
                ("2026-06-21T21:00:00+09:00", None), (NOON, goals.UTC),
                ("2026-06-21 12:00:00Z", None), (NOON + "+00:00", None),
                ("2026-06-21T21:00:00", goals.JST),
                ("2026-06-21T21:00:00.000+09:00", goals.UTC),
                ("2026-06-21T06:30:00-05:30", goals.JST)):
            self.assertEqual(goals.instant(text, zone), at, text)
        self.assertEqual(goals.instant(NOON + ".5Z") - at, 500000)
        self.assertEqual(goals.instant(NOON + ".000001Z") - at, 1)
        self.assertEqual(goals.instant("2026-06-22T00:00:00+09:00"),
                         goals.instant("2026-06-21T15:00:00Z"))

    def test_what_is_no_time_is_not_guessed_at(self):
        for text in (NOON, "", "yesterday", NOON + "JST", NOON + "+0900",
                     NOON + "+09", NOON + "-00:00", NOON + "+15:00",
                     NOON + "+09:60", NOON + ".Z", NOON + ".1234567Z",
                     "2026-02-29T12:00:00Z", "2026-06-21T24:00:00Z",
                     "2026-06-21T12:00:60Z", "0000-01-01T00:00:00Z",
                     "26-06-21T12:00:00Z", "2026-06-21T12:00Z",
                     " " + NOON + "Z", NOON + "Z\n", NOON + "z",
                     "\uff12026-06-21T12:00:00Z", "9" * 1000):
            self.bad("time", 0, goals.instant, text)

    @staticmethod
    def two(line):
        if line.startswith("#") or not line:
            return None
        at, space, name = line.partition(" ")
        if not space:
            raise Bad("line")
        return at, name

    def test_a_log_is_read_or_refused(self):
        first = b"2026-06-21T12:00:00Z a\n"
        good = first + b"# nothing\r\n2026-06-21T21:00:00+09:00 b\r\n"
        at = goals.instant(NOON + "Z")
        self.assertEqual(goals.log(good, self.two), [(at, "a"), (at, "b")])
        back = first + b"2026-06-21T20:59:59+09:00 b\n"
        self.bad("order", 2, goals.log, back, self.two)
        self.assertEqual(len(goals.log(back, self.two, back=True)), 2)
        for data, why, line in (
                (first + b"2026-06-21T12:00:01 b\n", "time", 2),
                (first + b"\n2026-06-21T12:00:01Z\n", "line", 3),
                (first + b"\xff\n", "text", 0), (None, "size", 0),
                (b"x" * 300000, "size", 0), (first + b"#" * 1001, "size", 2),
                (first * 5001, "size", 5001)):
            self.bad(why, line, goals.log, data, self.two)
        self.assertEqual(len(goals.log(first * 5000, self.two)), 5000)

    def test_a_history_with_times(self):
        self.assertEqual(goals.history(
            b"#1782043200\nsha256sum disk.img\n#1782043260\n"
            b"for f in *; do\n  echo $f\ndone\n#1782043260\n#1782043261\nls\n"),
            [(1782043200000000, "sha256sum disk.img"),
             (1782043260000000, "for f in *; do\n  echo $f\ndone"),
             (1782043261000000, "ls")])
        self.assertEqual(goals.history(b""), [])
        self.bad("time", 1, goals.history, b"ls\n#1782043200\nls\n")
        self.bad("order", 3, goals.history, b"#1782043201\nls\n#1782043200\nls")
        self.bad("size", 10002, goals.history, b"#1782043200\nx\n" * 5001)
        self.bad("size", 3, goals.history,
                 b"#1782043200\n" + b"x" * 600 + b"\n" + b"x" * 600)


class Goals(unittest.TestCase):
    def test_happened_and_count(self):
        s = story("a b a")
        self.assertTrue(s.happened("a"))
        self.assertFalse(s.happened("c"))
        self.assertTrue(s.happened(("c", "b")))
        self.assertFalse(s.happened(()))
        self.assertTrue(s.count("a"))
        self.assertTrue(s.count("a", 2, 2))
        self.assertFalse(s.count("a", 3))
        self.assertFalse(s.count("a", 1, 1))
        self.assertTrue(s.count("c", 0, 0))
        self.assertFalse(s.count("c"))
        self.assertTrue(s.count(("a", "b", "a"), 3, 3))

    def test_before_and_after(self):
        for text, before, after in (    # after: every b is after the first a
                ("a b", True, True), ("b a", False, False),
                ("a+b", False, False), ("a b a", True, True),
                ("b a b", False, False), ("a a b", True, True),
                ("a", True, False), ("b", False, False), ("", False, False)):
            s = story(text)
            self.assertEqual(s.before("a", "b"), before, text)
            self.assertEqual(s.after("b", "a"), after, text)

    def test_the_order_of_the_lines_is_not_the_order_of_time(self):
        s = Story([(9, "b"), (3, "end"), (1, "begin"), (2, "a")])
        self.assertTrue(s.before("a", "b"))
        self.assertTrue(s.during("a", IMAGING))
        self.assertTrue(s.not_during("b", IMAGING))

    def test_during_and_not_during(self):
        for text, during, not_during in (
                ("begin a end", True, False), ("a begin end", False, True),
                ("begin end a", False, True), ("begin+a end", False, False),
                ("begin a+end", False, False), ("begin a", True, False),
                ("a begin", False, True), ("a end", False, True),
                ("begin a end a", False, False),
                ("begin end a begin end", False, True),
                ("begin end begin a end", True, False),
                ("begin begin end a end", False, True),
                ("begin begin a end", True, False),
                ("begin end+begin a end", True, False),
                ("begin end begin+end a", True, False),
                ("begin end begin+end+a", False, False),
                ("begin end", False, True), ("a", False, True),
                ("", False, True)):
            s = story(text)
            self.assertEqual(s.during("a", IMAGING), during, text)
            self.assertEqual(s.not_during("a", IMAGING), not_during, text)

    def test_states_with_one_end(self):
        old, for_ever = State(None, "end"), State("begin")
        dirty = State("begin", "end", at_start=True)
        for text, state, inside in (
                ("a end", old, True), ("end a", old, False), ("a", old, True),
                ("end a end", old, False), ("begin a", for_ever, True),
                ("a begin", for_ever, False), ("a", for_ever, False),
                ("a end", dirty, True), ("end a", dirty, False),
                ("end begin a", dirty, True), ("end begin end a", dirty, False)):
            s = story(text)
            self.assertEqual(s.during("a", state), inside, text)
            self.assertEqual(s.not_during("a", state), not inside, text)
        with self.assertRaises(ValueError):
            State(None)

    def test_any_of_several(self):
        s = story("begin x end y")
        self.assertTrue(s.before("begin", ("x", "y")))
        self.assertFalse(s.not_during(("x", "y"), IMAGING))
        self.assertTrue(s.during("x", State(("begin", "again"), ("end", "off"))))

    def test_work_is_bounded(self):
        with self.assertRaises(Bad):
            Story((t, "a") for t in range(goals.MAX_EVENTS + 1))
        events = [(t, ("begin", "a", "end")[t % 3]) for t in range(4998)]
        start = time.process_time()
        s = Story(events)
        self.assertTrue(s.during("a", IMAGING))
        self.assertFalse(s.not_during("a", IMAGING))
        self.assertLess(time.process_time() - start, 2)


if __name__ == "__main__":
    unittest.main()
