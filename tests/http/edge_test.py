"""From the socket to the first page: framing, limits, overload, restarts.

Against the real worker, through nginx (edge) and past it (kore): what nginx
keeps away must not hurt Kore either.
"""
import os
import signal
import socket
import sqlite3
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tanren import HOST, Server, answers, below, processes, read_all, wait_until  # noqa: E402

MB = 1024 * 1024
BODY_MAX = 2 * MB
FORM = "application/x-www-form-urlencoded"


def setUpModule():
    global server, slow
    server = Server().start()
    # they take their time while the other tests run
    slow = [server.kore() for _ in range(50)] + [server.edge() for _ in range(50)]
    for s in slow:
        s.sendall(b"GET /sign-in HTTP/1.1\r\nHost: 127")


def tearDownModule():
    server.remove()


def ask(connection, *segments, seconds=1.5):
    """Sends segments apart from each other: statuses, ended, everything."""
    with connection as s:
        try:
            for i, segment in enumerate(segments):
                if i > 0:
                    time.sleep(0.1)
                s.sendall(segment)
        except ConnectionError:
            pass
        raw, ended = read_all(s, seconds)
        return answers(raw), ended, raw


def request(line, *headers, body=b""):
    return line.encode() + b" HTTP/1.1\r\n" + HOST + \
        b"".join(h.encode() + b"\r\n" for h in headers) + b"\r\n" + body


class Locked:
    """Holds the database's write lock, so that whoever writes waits."""

    def __enter__(self):
        self.db = sqlite3.connect(os.path.join(server.var, "tanren.db"),
                                  isolation_level=None, timeout=5)
        self.db.execute("BEGIN IMMEDIATE")
        return self

    def release(self):
        if self.db is not None:
            self.db.execute("ROLLBACK")
            self.db.close()
            self.db = None

    def __exit__(self, *_):
        self.release()


def forgot(cookie, token, address="nobody@example.jp"):
    """A form that is written by the writer lane."""
    body = f"csrf={token}&identifier={address}".encode()
    return request("POST /forgot", "Connection: close", f"Cookie: {cookie}",
                   f"Content-Type: {FORM}", f"Content-Length: {len(body)}", body=body)


class Framing(unittest.TestCase):
    """No byte of a request is ever read as another request."""

    def test_kore_refuses_what_has_two_lengths(self):
        for name, headers, body in (
                ("length and chunks", ("Content-Length: 4", "Transfer-Encoding: chunked"),
                 b"0\r\n\r\n"),
                ("chunks", ("Transfer-Encoding: chunked",), b"1\r\na\r\n0\r\n\r\n"),
                ("two lengths", ("Content-Length: 3", "Content-Length: 30"), b"abc"),
                ("the same length twice", ("Content-Length: 3", "Content-Length: 3"), b"abc"),
                ("more than the length", ("Content-Length: 3",), b"abcdefgh"),
                ("a negative length", ("Content-Length: -1",), b""),
        ):
            with self.subTest(name):
                statuses, ended, _ = ask(server.kore(),
                                         request("POST /sign-in", *headers, body=body))
                self.assertEqual(len(statuses), 1)
                self.assertIn(statuses[0], (400, 411))
                self.assertTrue(ended)

    def test_the_edge_refuses_what_has_two_lengths(self):
        for name, headers, body in (
                ("length and chunks", ("Content-Length: 4", "Transfer-Encoding: chunked"),
                 b"0\r\n\r\n"),
                ("two lengths", ("Content-Length: 3", "Content-Length: 30"), b"abc"),
        ):
            with self.subTest(name):
                statuses, ended, _ = ask(server.edge(),
                                         request("POST /sign-in", *headers, body=body))
                self.assertEqual(statuses, [400])
                self.assertTrue(ended)

    def test_a_body_that_get_does_not_have_is_no_request(self):
        hidden = request("GET /sign-in")
        for name, segments in (
                ("in one segment",
                 [request("GET /sign-in", f"Content-Length: {len(hidden)}", body=hidden)]),
                ("in two segments",
                 [request("GET /sign-in", f"Content-Length: {len(hidden)}"), hidden]),
        ):
            with self.subTest(name):
                statuses, ended, _ = ask(server.kore(), *segments)
                self.assertEqual(statuses, [200])
                self.assertTrue(ended)

    def test_kore_answers_the_first_of_pipelined_requests_and_closes(self):
        one = request("GET /sign-in")
        statuses, ended, _ = ask(server.kore(), one + one)
        self.assertEqual(statuses, [200])
        self.assertTrue(ended)

    def test_the_edge_answers_pipelined_requests_in_order(self):
        statuses, _, _ = ask(server.edge(), request("GET /sign-in") + request("GET /nowhere"))
        self.assertEqual(statuses, [200, 404])

    def test_an_empty_body_is_a_body(self):
        statuses, _, _ = ask(server.kore(), request("POST /sign-in", "Content-Length: 0"))
        self.assertEqual(statuses, [403])

    def test_a_post_without_a_length_is_refused(self):
        self.assertEqual(ask(server.kore(), request("POST /sign-in"))[0], [411])


class Headers(unittest.TestCase):
    def test_as_many_headers_as_a_browser_sends_and_more(self):
        many = [f"X-{i}: {i}" for i in range(60)]
        self.assertEqual(ask(server.kore(), request("GET /sign-in", *many))[0], [200])

    def test_headers_beyond_the_limit_are_refused_not_dropped(self):
        for name, headers in (("lines", [f"X-{i}: {i}" for i in range(64)]),
                              ("bytes", ["X: " + "a" * 17000])):
            with self.subTest(name):
                statuses, ended, _ = ask(server.kore(), request("GET /sign-in", *headers))
                self.assertEqual(statuses, [431])
                self.assertTrue(ended)

    def test_empty_and_utf8_values_are_values(self):
        raw = request("GET /sign-in", "Accept-Language:", "Cookie: name=\u935b\u932c")
        self.assertEqual(ask(server.kore(), raw)[0], [200])

    def test_broken_headers_are_refused(self):
        for line in ("Foo bar", "Content-Length : 5", "Te\x01st: 1"):
            with self.subTest(line):
                self.assertEqual(ask(server.kore(), request("GET /sign-in", line))[0], [400])

    def test_a_request_without_a_host_is_refused(self):
        raw = b"GET /sign-in HTTP/1.1\r\nX: y\r\n\r\n"
        self.assertEqual(ask(server.kore(), raw)[0], [400])
        self.assertEqual(ask(server.edge(), raw)[0], [400])


class Addresses(unittest.TestCase):
    def test_a_path_that_is_no_text_is_refused(self):
        for path in ("/%00", "/sign-in%00", "/%", "/%4", "/%zz", "/%ff%fe", "/%c0%af",
                     "/%ed%a0%80", "/sign-in%2F", "/?a=%00", "/?a=%ff", "/?a=%"):
            with self.subTest(path):
                statuses, _, raw = ask(server.kore(), request("GET " + path))
                self.assertEqual(statuses, [400])
                self.assertIn(b"<html", raw)

    def test_the_edge_keeps_or_hands_on_a_path_that_is_no_text(self):
        for path in ("/%00", "/%zz", "/%ff%fe", "/?a=%ff"):
            with self.subTest(path):
                self.assertEqual(ask(server.edge(), request("GET " + path))[0], [400])

    def test_percent_encoding_is_decoded_once(self):
        for path, status in (("/s%69gn-in", 200), ("/s%2569gn-in", 404), ("//sign-in", 404),
                             ("/./sign-in", 404), ("/sign-in/", 404)):
            with self.subTest(path):
                self.assertEqual(ask(server.kore(), request("GET " + path))[0], [status])

    def test_an_address_longer_than_any_page_has_is_refused(self):
        for length, statuses in ((1500, (400,)), (2500, (400, 414)), (60000, (400, 414, 431))):
            with self.subTest(length):
                for connection in (server.kore(), server.edge()):
                    got = ask(connection, request("GET /" + "a" * length))[0]
                    self.assertEqual(len(got), 1)
                    self.assertIn(got[0], statuses)

    def test_absolute_form(self):
        raw = request("GET http://127.0.0.1/sign-in")
        self.assertEqual(ask(server.edge(), raw)[0], [200])
        self.assertEqual(ask(server.kore(), raw)[0], [404])

    def test_a_page_that_is_not_there_is_404_in_both_languages(self):
        for lang, words in (("ja", "\u30da\u30fc\u30b8"), ("en", "Page not found")):
            with self.subTest(lang):
                status, headers, body = server.get("/nowhere", {"Accept-Language": lang})
                self.assertEqual(status, 404)
                self.assertEqual(headers["Content-Language"], lang)
                self.assertIn(words, body.decode())


class Methods(unittest.TestCase):
    def test_head_is_get_without_a_body(self):
        for connection in (server.kore(), server.edge()):
            statuses, _, raw = ask(connection, request("HEAD /sign-in"))
            self.assertEqual(statuses, [200])
            head, _, body = raw.partition(b"\r\n\r\n")
            self.assertEqual(body, b"")
            self.assertIn(b"content-type: text/html", head.lower())

    def test_a_method_that_no_page_has_is_405(self):
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS"):
            with self.subTest(method):
                length = () if method in ("DELETE", "OPTIONS") else ("Content-Length: 0",)
                statuses, _, raw = ask(server.edge(), request(f"{method} /sign-in", *length))
                self.assertEqual(statuses, [405])
                self.assertIn(b"\r\nallow: ", raw.lower())
        self.assertEqual(server.get("/sign-out")[0], 405)

    def test_trace_and_nonsense_never_reach_a_page(self):
        for method in ("TRACE", "CONNECT", "BREW"):
            with self.subTest(method):
                for connection in (server.kore(), server.edge()):
                    got = ask(connection, request(f"{method} /sign-in"))[0]
                    self.assertEqual(len(got), 1)
                    self.assertIn(got[0], (400, 405))


class Bodies(unittest.TestCase):
    def test_a_form_beyond_the_limit_gets_our_page(self):
        status, headers, body = server.get("/sign-in", {"Content-Type": FORM}, "POST",
                                           b"a=" + b"b" * (10 * MB))
        self.assertEqual(status, 413)
        self.assertIn("2MB\u307e\u3067", body.decode())
        self.assertIn("too large", body.decode())
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])

    def test_kore_refuses_a_body_beyond_the_limit_before_it_comes(self):
        raw = request("POST /sign-in", f"Content-Length: {BODY_MAX + 1}")
        self.assertEqual(ask(server.kore(), raw)[0], [413])

    def test_a_body_of_the_limit_is_read(self):
        body = b"a=" + b"b" * (BODY_MAX - 2)
        raw = request("POST /sign-in", f"Content-Type: {FORM}", f"Content-Length: {len(body)}",
                      body=body)
        for connection in (server.kore(), server.edge()):
            self.assertEqual(ask(connection, raw)[0], [403])

    def test_a_form_that_cannot_be_decoded_is_told(self):
        raw = request("POST /sign-in", f"Content-Type: {FORM}", "Content-Length: 5",
                      body=b"a=%ff")
        self.assertEqual(ask(server.kore(), raw)[0], [422])

    def test_a_connection_that_never_ends_its_body_freezes_nobody(self):
        with server.kore() as s:
            s.sendall(request("POST /sign-in", "Content-Length: 1", body=b"abcdef"))
            worst, end = 0.0, time.monotonic() + 2
            s.settimeout(0.2)
            while time.monotonic() < end:
                try:
                    s.sendall(b"x" * MB)
                except (ConnectionError, socket.timeout):
                    pass
                begin = time.monotonic()
                self.assertEqual(server.get("/healthz")[0], 200)
                worst = max(worst, time.monotonic() - begin)
                time.sleep(0.05)
        self.assertLess(worst, 1.0)

    def test_many_fields_are_refused_quickly(self):
        body = b"a=1&" * 200000
        begin = time.monotonic()
        raw = request("POST /sign-in", f"Content-Type: {FORM}", f"Content-Length: {len(body)}",
                      body=body)
        self.assertEqual(ask(server.kore(), raw)[0], [413])
        self.assertLess(time.monotonic() - begin, 3.0)

    def test_a_multipart_body_of_dashes_costs_no_time(self):
        body = b"-" * MB
        raw = request("POST /sign-in", "Content-Type: multipart/form-data; boundary=-----",
                      f"Content-Length: {len(body)}", body=body)
        begin = time.monotonic()
        statuses, _, _ = ask(server.kore(), raw)
        self.assertEqual(len(statuses), 1)
        self.assertGreaterEqual(statuses[0], 400)
        self.assertLess(time.monotonic() - begin, 3.0)


class Watching(unittest.TestCase):
    """What only this machine may read."""

    def test_health_says_what_runs(self):
        status, headers, body = server.get("/healthz")
        self.assertEqual(status, 200)
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertIn(b'"status":"ok"', body)
        self.assertIn(b'"engine":"sqlite"', body)

    def test_another_machine_sees_neither_health_nor_figures(self):
        for path in ("/healthz", "/metrics"):
            for address, status in (("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 404),
                                    ("nonsense", 404), ("", 404)):
                with self.subTest(path=path, address=address):
                    got = ask(server.kore(), request("GET " + path, f"X-Real-IP: {address}"))[0]
                    self.assertEqual(got, [status])

    def test_through_the_edge_another_address_sees_neither(self):
        for path in ("/healthz", "/metrics"):
            with self.subTest(path):
                for headers in ({}, {"X-Real-IP": "127.0.0.1"}):
                    status, _, body = server.get(path, headers, source="127.0.0.2")
                    self.assertEqual(status, 404)
                    self.assertIn(b"<html", body)

    def test_a_client_cannot_name_its_own_address(self):
        self.assertEqual(server.get("/metrics", {"X-Real-IP": "192.0.2.7"})[0], 200)

    def test_figures_count_answers(self):
        def figure(name):
            body = server.get("/metrics")[2].decode()
            line = next(x for x in body.splitlines() if x.startswith(name + " "))
            return int(line.split()[1])

        before = figure('tanren_answers_total{class="4xx"}')
        server.get("/nowhere")
        server.get("/nowhere")
        self.assertEqual(figure('tanren_answers_total{class="4xx"}'), before + 2)


class Overload(unittest.TestCase):
    def figure(self, name):
        body = server.get("/metrics")[2].decode()
        return int(next(x for x in body.splitlines() if x.startswith(name + " ")).split()[1])

    def test_a_full_writer_lane_refuses_and_the_others_are_answered(self):
        cookie, token = server.form("/forgot")
        raw = forgot(cookie, token)
        connections = []
        with Locked() as lock:
            begin = time.monotonic()
            for _ in range(850):
                s = server.kore()
                s.sendall(raw)
                connections.append(s)
            self.assertLess(time.monotonic() - begin, 4.0)
            # reading goes on meanwhile
            self.assertEqual(server.get("/sign-in")[0], 200)
            self.assertTrue(wait_until(
                lambda: self.figure('tanren_lane_refused_total{lane="writer"}') > 0, 3))
            lock.release()
        statuses = []
        for s in connections:
            raw_answer, _ = read_all(s, 10)
            s.close()
            got = answers(raw_answer)
            self.assertEqual(len(got), 1)
            statuses.append(got[0])
            if got[0] == 503:
                self.assertIn(b"\r\nretry-after: ", raw_answer.lower())
                self.assertIn(b"<html", raw_answer)
        self.assertEqual(set(statuses), {200, 503})
        # the queue holds 512; a batch that was taken already holds some more
        self.assertGreaterEqual(statuses.count(200), 512)

    def test_a_flood_from_one_address_is_stopped_and_others_are_not(self):
        flood = [request("GET /sign-in")] * 1000
        raw = b""
        with socket.create_connection(("127.0.0.1", server.port), timeout=5,
                                      source_address=("127.0.0.3", 0)) as s:
            for i in range(0, 1000, 100):
                s.sendall(b"".join(flood[i:i + 100]))
                raw += read_all(s, 5)[0]
        statuses = answers(raw)
        self.assertEqual(set(statuses), {200, 429})
        self.assertGreater(statuses.count(200), 500)
        self.assertIn("\u5c11\u3057\u5f85\u3063\u3066".encode(), raw)
        self.assertIn(b"Wait a moment", raw)
        self.assertEqual(server.get("/sign-in", source="127.0.0.2")[0], 200)

    def test_a_client_that_leaves_takes_nothing_along(self):
        cookie, token = server.form("/forgot")
        with Locked():
            for _ in range(20):
                with server.kore() as s:
                    s.sendall(forgot(cookie, token))
            with server.kore() as s:
                s.sendall(forgot(cookie, token))
                s.shutdown(socket.SHUT_WR)
                time.sleep(0.2)
        self.assertTrue(wait_until(lambda: self.figure("tanren_requests_open") == 1, 5))
        self.assertEqual(server.get("/sign-in")[0], 200)

    def test_slow_headers_are_cut_and_hold_nobody_up(self):
        begin = time.monotonic()
        self.assertEqual(server.get("/sign-in")[0], 200)
        self.assertLess(time.monotonic() - begin, 1.0)
        for s in slow:
            raw, ended = read_all(s, 25)
            self.assertTrue(ended)
            self.assertIn(answers(raw), ([], [408]))
            s.close()


class Restarts(unittest.TestCase):
    def test_the_worker_is_in_its_sandbox(self):
        pid = server.kore_worker()
        with open(f"/proc/{pid}/status", encoding="utf-8") as f:
            status = dict(line.split(":\t", 1) for line in f.read().splitlines() if ":\t" in line)
        self.assertEqual(status["NoNewPrivs"], "1")
        self.assertEqual(status["Seccomp"], "2")
        if os.geteuid() == 0:
            self.assertNotIn("0", status["Uid"].split())
            self.assertEqual(int(status["CapEff"], 16), 0)

    def test_a_killed_worker_is_back_within_a_second(self):
        pid = server.kore_worker()
        os.kill(pid, signal.SIGKILL)
        begin = time.monotonic()
        self.assertTrue(wait_until(server.healthy, 5))
        self.assertLess(time.monotonic() - begin, 1.0)
        self.assertNotEqual(server.kore_worker(), pid)

    def test_a_killed_parent_leaves_no_worker_and_is_started_again(self):
        parent, worker = server.kore_parent(), server.kore_worker()
        os.kill(parent, signal.SIGKILL)
        self.assertTrue(wait_until(lambda: worker not in processes(), 2))
        self.assertTrue(wait_until(server.healthy, 5))
        self.assertNotEqual(server.kore_parent(), parent)

    def test_a_killed_edge_is_started_again_on_its_port(self):
        os.kill(server.child("nginx: master"), signal.SIGKILL)
        self.assertTrue(wait_until(server.healthy, 10))

    def test_while_the_worker_is_away_the_edge_says_so_in_both_languages(self):
        parent = server.kore_parent()
        os.kill(server.kore_worker(), signal.SIGSTOP)
        os.kill(parent, signal.SIGSTOP)
        try:
            os.unlink(os.path.join(server.var, "run", "web.sock"))
            status, headers, body = server.get("/sign-in")
            self.assertEqual(status, 502)
            self.assertIn("\u5c11\u3057\u5f85\u3063\u3066", body.decode())
            self.assertIn("reload the page", body.decode())
            self.assertIn("Retry-After", headers)
        finally:
            os.kill(parent, signal.SIGKILL)
        self.assertTrue(wait_until(server.healthy, 5))


class Ending(unittest.TestCase):
    """Each with an installation of its own."""

    def setUp(self):
        global server
        self.before = server
        server = self.server = Server().start()

    def tearDown(self):
        global server
        server = self.before
        self.server.remove()

    def test_what_was_asked_before_the_end_is_answered(self):
        cookie, token = server.form("/forgot")
        result = []

        def post():
            with server.edge() as s:
                s.settimeout(10)
                s.sendall(forgot(cookie, token))
                result.append(answers(read_all(s, 10)[0]))

        with Locked() as lock:
            thread = threading.Thread(target=post)
            thread.start()
            time.sleep(0.5)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(1.0)
            self.assertEqual(result, [])
            lock.release()
            thread.join()
        self.assertEqual(result, [[200]])
        self.assertEqual(server.stop(), 0)

    def test_the_worker_answers_what_it_has_when_it_is_told_to_end(self):
        cookie, token = server.form("/forgot")
        with Locked() as lock, server.kore() as s:
            s.sendall(forgot(cookie, token))
            time.sleep(0.5)
            os.kill(server.kore_parent(), signal.SIGTERM)
            time.sleep(1.0)
            lock.release()
            raw, _ = read_all(s, 10)
            self.assertEqual(answers(raw), [200])
        self.assertTrue(wait_until(server.healthy, 5))

    def test_nothing_outlives_a_killed_supervisor(self):
        family = below(server.process.pid)
        self.assertGreaterEqual(len(family), 5)
        server.process.kill()
        server.process.wait()
        self.assertTrue(wait_until(lambda: not family & set(processes()), 15), family)
        with self.assertRaises(OSError):
            server.edge()

    def test_it_starts_again_over_what_a_crash_left(self):
        server.process.kill()
        server.process.wait()
        server.stop()
        server.start()
        self.assertTrue(server.healthy())

    def test_ending_is_quick_when_nobody_asks(self):
        begin = time.monotonic()
        self.assertEqual(server.stop(signal.SIGINT), 0)
        self.assertLess(time.monotonic() - begin, 5.0)


if __name__ == "__main__":
    unittest.main()
