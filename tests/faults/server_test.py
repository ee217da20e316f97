"""What was acknowledged is there, whatever is killed or goes away meanwhile.

Learners sit exams all the time. One process after the other is killed with
signal 9 at a random moment; PostgreSQL is away for ten seconds. Each time the
server answers again by itself and nothing that was promised is missing.
"""
import contextlib
import os
import random
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from learners import (AGAIN_SECONDS, Browser, Postgresql, Restartable,  # noqa: E402
                      WithLearners, lost)
from tanren import below, processes, wait_until  # noqa: E402

BACK_SECONDS = 10
GONE_SECONDS = 20  # a worker that drains, and more
AWAY_SECONDS = 10
RUNS = ("web.sock", "edge.sock")


class Kills(WithLearners):
    """Each process of the server, killed without a word (SQLite)."""

    def kill(self, find):
        self.go_on()
        time.sleep(random.uniform(0, 0.5))
        pid = find()
        self.assertIsNotNone(pid)
        os.kill(pid, signal.SIGKILL)
        self.assertTrue(wait_until(lambda: pid not in processes(), 5))
        self.assertTrue(wait_until(lambda: find() not in (None, pid), BACK_SECONDS))
        self.assertTrue(wait_until(self.server.healthy, BACK_SECONDS))
        # whoever says to be well serves pages
        with contextlib.closing(Browser(self.server.port, self.spare[0])) as browser:
            self.assertEqual(browser.request("GET", "/courses")[0], 200)
        self.go_on()
        self.nothing_is_lost()

    def test_a_promise_that_is_not_kept_is_noticed(self):
        self.go_on()
        true = self.learners.promises()[0][0]
        for false in (([true._replace(key="never-sent")], [], []),
                      ([true._replace(chosen=true.chosen + ",9")], [], []),
                      ([true._replace(question="E-101-9-99")], [], []),
                      ([], [1], []), ([], [], [1])):
            with self.subTest(false):
                self.assertEqual(len(lost(self.database, false)), 1)

    def test_the_worker_of_kore(self):
        for _ in range(2):
            self.kill(self.server.kore_worker)

    def test_the_parent_of_kore(self):
        self.kill(self.server.kore_parent)

    def test_the_jobs(self):
        self.kill(lambda: self.server.child("tanren jobs --var"))

    def test_those_who_run_the_boxes_of_labs(self):
        self.kill(lambda: self.server.child("tanren jobs lab"))

    def test_the_daemon_of_live_labs(self):
        self.kill(lambda: self.server.child("tanren labd"))

    def test_the_edge(self):
        self.kill(lambda: self.server.child("nginx: master"))

    def test_a_worker_of_the_edge(self):
        self.kill(lambda: self.server.child("nginx: worker"))

    def kill_the_supervisor(self):
        """Its processes end by themselves: answers their ids."""
        self.go_on()
        time.sleep(random.uniform(0, 0.5))
        children = below(self.server.process.pid)
        self.assertGreater(len(children), 3)
        self.server.stop(signal.SIGKILL)
        return children

    def alive(self, pids):
        return {pid: line for pid, (_, line) in processes().items() if pid in pids}

    def test_an_end_in_order_and_a_new_start(self):
        self.go_on()
        children = below(self.server.process.pid)
        self.assertEqual(self.server.stop(signal.SIGTERM), 0)
        self.assertEqual(self.alive(children), {})
        self.server.start()
        self.go_on()
        self.nothing_is_lost()

    def test_the_supervisor_and_what_it_started_ends_with_it(self):
        children = self.kill_the_supervisor()
        self.assertTrue(wait_until(lambda: not self.alive(children), GONE_SECONDS),
                        self.alive(children))
        self.server.start()
        self.go_on()
        self.nothing_is_lost()

    def test_the_supervisor_and_started_again_at_once(self):
        children = self.kill_the_supervisor()
        begin = time.monotonic()
        self.server.start()
        self.assertLess(time.monotonic() - begin, BACK_SECONDS + 10)
        self.go_on()
        self.assertTrue(wait_until(lambda: not self.alive(children), GONE_SECONDS),
                        self.alive(children))
        # those that ended late took nothing of the new ones along
        for name in RUNS:
            self.assertTrue(os.path.exists(os.path.join(self.server.var, "run", name)), name)
        self.assertTrue(self.server.healthy())
        self.go_on()
        self.nothing_is_lost()


class DatabaseAway(WithLearners):
    """PostgreSQL stops at once, and is there again after ten seconds."""

    @classmethod
    def setUpClass(cls):
        cls.postgres = Restartable().start()
        cls.config = f"database = {cls.postgres.socket}\n"
        cls.database = Postgresql(cls.postgres)
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        try:
            super().tearDownClass()
        finally:
            cls.postgres.stop()

    def test_pages_say_so_and_afterwards_everything_works(self):
        self.go_on()
        pids = {p for p, (_, line) in processes().items() if p in below(self.server.process.pid)}
        browser = Browser(self.server.port, self.spare[0])
        self.assertEqual(browser.request("GET", "/")[0], 200)
        self.postgres.away()
        end = time.monotonic() + AWAY_SECONDS
        time.sleep(AGAIN_SECONDS * 5)
        before = self.learners.count()
        for path in ("/", "/courses", "/exams/E-101", "/certificates"):
            with self.subTest(path):
                status, headers, text = browser.request("GET", path)
                self.assertEqual(status, 503)
                self.assertIn("一時的に利用できません", text)
                self.assertIn("しばらく待ってから", text)
                self.assertGreater(int(headers["Retry-After"]), 0)
        status, _, text = browser.request("POST", "/attempts/1/answers", {
            "question": 0, "chosen": 0, "client_key": "x"}, {"Accept": "application/json"})
        self.assertEqual(status, 503)
        self.assertIn('"error"', text)
        time.sleep(max(0, end - time.monotonic()))
        self.assertEqual(self.learners.count(), before)
        self.postgres.start()
        self.assertTrue(wait_until(lambda: browser.request("GET", "/")[0] == 200, BACK_SECONDS))
        self.go_on()
        self.nothing_is_lost()
        # nobody was started again for it
        self.assertEqual(pids, {p for p in below(self.server.process.pid)})

    def test_processes_that_start_without_it_wait_for_it(self):
        self.go_on()
        self.postgres.away()
        for find in (self.server.kore_parent, lambda: self.server.child("tanren jobs --var")):
            os.kill(find(), signal.SIGKILL)
        with contextlib.closing(Browser(self.server.port, self.spare[0])) as browser:
            self.assertTrue(wait_until(lambda: browser.request("GET", "/")[0] in (502, 503), 5))
            time.sleep(3)
            status, _, text = browser.request("GET", "/")
            self.assertIn(status, (502, 503))
            self.assertIn("<html", text)
        self.postgres.start()
        self.assertTrue(wait_until(self.server.healthy, BACK_SECONDS + 5))
        self.assertTrue(wait_until(lambda: self.server.child("tanren jobs --var"), BACK_SECONDS + 5))
        self.go_on()
        self.nothing_is_lost()


if __name__ == "__main__":
    unittest.main()
