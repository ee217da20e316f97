"""A full disk: nobody is told that something was saved that was not, reading
goes on, and when there is space again so does everything else, by itself.
"""
import os
import secrets
import shutil
import signal
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(__file__))
import small_disk  # noqa: E402
from learners import (NOT_NOW_TEXT, Browser, Postgresql, Restartable, Sitting,  # noqa: E402
                      WithLearners, known_questions, lost)
from tanren import below, wait_until  # noqa: E402

DISK_KIB = 192 * 1024
NEARLY_FULL_KIB = 48 * 1024  # below what a new exam asks for
REFUSED_SECONDS = 60
BACK_SECONDS = 10
FREE_SECONDS = 3
READ = ("/", "/courses", "/courses/E-101", "/courses/E-101/1", "/exams/E-101",
        "/certificates", "/me", "/healthz")


def setUpModule():
    small_disk.enter()


class Full(WithLearners):
    """What is the same on both engines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        token, exams = cls.spare
        cls.browser = Browser(cls.server.port, token)
        cls.path = cls.learners.start(cls.browser, exams[0])
        cls.other_exam = exams[1]
        cls.sitting = Sitting(cls.path, cls.browser.request("GET", cls.path)[2],
                              known_questions())

    def save(self):
        """The status; 200 says that it was saved, and nothing else does."""
        status, _, text = self.browser.save(self.sitting, 0, {0}, secrets.token_hex(10))
        self.assertEqual('"saved_at"' in text, status == 200, (status, text))
        return status, text

    def save_is_refused(self):
        status, text = self.save()
        if status == 200:
            return False
        self.assertEqual(status, 507)
        self.assertIn('"error"', text)
        self.assertIn("何も保存されていません", text)
        return True

    def until_a_save_is_refused(self):
        """A page of a table may have room for one more row, and a refused
        row makes room when it is cleared away: a save in between is true."""
        self.assertTrue(wait_until(self.save_is_refused, REFUSED_SECONDS, 0))

    def until_it_is_full(self, directory):
        small_disk.fill(directory, 0)
        self.until_a_save_is_refused()

    def reading_goes_on(self):
        for path in READ + (self.path, self.path + "/review"):
            with self.subTest(path):
                status, _, text = self.browser.request("GET", path)
                self.assertEqual(status, 200, text[-2000:])
                self.assertTrue(text.rstrip().endswith(("</html>", "}")))
                self.assertTrue(path == "/healthz" or "/sign-out" in text, text)

    def post_is_refused(self, what):
        """The form of the exam, as a browser without scripts sends it."""
        status, _, text = self.browser.request(
            "POST", self.path + what, {"csrf": self.sitting.csrf, "q0": "0"})
        if status == 303:
            return False
        self.assertEqual(status, 507)
        self.assertIn("保存できませんでした", text)
        self.assertIn("何も保存されていません", text)
        return True

    def a_page_says_that_it_was_not_saved(self):
        for what in ("/save", "/submit"):
            with self.subTest(what):
                self.until_a_save_is_refused()
                self.assertTrue(wait_until(
                    lambda path=what: self.post_is_refused(path), REFUSED_SECONDS, 0))

    def full_and_free_again(self, directory):
        pids = below(self.server.process.pid)
        self.until_it_is_full(directory)
        for _ in range(3):
            self.reading_goes_on()
            self.a_page_says_that_it_was_not_saved()
            self.until_a_save_is_refused()
        self.assertEqual(lost(self.database, self.learners.promises()), [])
        small_disk.free(directory)
        self.assertTrue(wait_until(lambda: self.save()[0] == 200, BACK_SECONDS))
        self.go_on()
        self.nothing_is_lost()
        self.assertEqual(below(self.server.process.pid), pids)
        self.assertIn(507, self.learners.statuses)


class FullOnSqlite(Full):
    @classmethod
    def before_it_is_made(cls):
        small_disk.mount(cls.server.var, DISK_KIB)

    @classmethod
    def tearDownClass(cls):
        try:
            super().tearDownClass()
        finally:
            small_disk.unmount(cls.server.var)
            shutil.rmtree(cls.server.directory)  # what was mounted could not go

    def test_nearly_full_starts_no_exam_and_keeps_answers(self):
        self.go_on()
        small_disk.fill(self.server.var, NEARLY_FULL_KIB)
        page = f"/exams/{self.other_exam}"
        status, _, text = self.browser.request("GET", page)
        self.assertEqual(status, 200)
        self.assertIn(NOT_NOW_TEXT, text)
        self.assertNotIn(page + "/start", text)
        status, _, text = self.browser.request(
            "POST", page + "/start", {"csrf": self.sitting.csrf})
        self.assertEqual(status, 507)
        self.assertEqual(self.save()[0], 200)
        small_disk.free(self.server.var)
        self.assertIn(page + "/start", self.browser.request("GET", page)[2])
        self.go_on()

    def test_full_refuses_to_save_and_goes_on_afterwards(self):
        self.go_on()
        self.full_and_free_again(self.server.var)

    def test_processes_that_start_on_a_full_disk_serve_pages(self):
        self.go_on()
        self.until_it_is_full(self.server.var)
        for find in (self.server.kore_worker, self.server.kore_parent,
                     lambda: self.server.child("tanren jobs"),
                     lambda: self.server.child("nginx: worker")):
            pid = find()
            os.kill(pid, signal.SIGKILL)
            self.assertTrue(wait_until(lambda: find() not in (None, pid), BACK_SECONDS))
            self.assertTrue(wait_until(self.server.healthy, BACK_SECONDS))
            self.browser.close()
            self.reading_goes_on()
            self.until_a_save_is_refused()
        small_disk.free(self.server.var)
        self.assertTrue(wait_until(lambda: self.save()[0] == 200, BACK_SECONDS))
        self.go_on()
        self.nothing_is_lost()

    def test_a_server_that_starts_on_a_full_disk_serves_when_there_is_space(self):
        self.go_on()
        self.until_it_is_full(self.server.var)
        self.server.stop(signal.SIGTERM)
        later = threading.Timer(FREE_SECONDS, small_disk.free, [self.server.var])
        later.start()
        self.server.start()
        later.join()
        self.browser.close()
        self.reading_goes_on()
        self.assertTrue(wait_until(lambda: self.save()[0] == 200, BACK_SECONDS))
        self.go_on()
        self.nothing_is_lost()


class FullOnPostgresql(Full):
    """The tables are on the small disk, the log of writes is beside it."""

    @classmethod
    def setUpClass(cls):
        cls.postgres = Restartable(lambda data: small_disk.mount(data, DISK_KIB)).start()
        cls.config = f"database = {cls.postgres.socket}\n"
        cls.database = Postgresql(cls.postgres)
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        try:
            super().tearDownClass()
        finally:
            small_disk.unmount(cls.postgres.data)
            cls.postgres.stop()

    def test_full_refuses_to_save_and_goes_on_afterwards(self):
        self.go_on()
        self.full_and_free_again(self.postgres.data)


if __name__ == "__main__":
    unittest.main()
