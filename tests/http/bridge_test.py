"""Terminals from the browser's side to the daemon's: websocket and stream.

Against the real worker, through nginx and past it, with a daemon of the
test's own at the other end: what a browser or a daemon does wrong ends that
bridge and costs nothing else.
"""
import os
import socket
import struct
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tanren import HOST, Server, answers, read_all, wait_until  # noqa: E402
from terminal import (ALIVE, ATTACH, ENDED, INPUT, NEWS, OUTPUT, RENEW, RESIZE, SIZE,  # noqa: E402
                      TAKEN, Websocket, exactly, greeting)

# what is freed counts as used until it is forgotten
os.environ["ASAN_OPTIONS"] += ":quarantine_size_mb=1"

TICKET = b"0123456789abcdef" * 2
GREETING = greeting(TICKET)
NORMAL, PROTOCOL, POLICY, AGAIN_LATER = 1000, 1002, 1008, 1013
WINDOW = 256 * 1024
FRAME_MAX = 64 * 1024
MB = 1024 * 1024


class Daemon:
    """Takes connections where the lab daemon would, and does nothing by itself."""

    def __init__(self, server):
        self.path = os.path.join(server.var, "run", "labd.sock")
        # the real one, if there is one, keeps its own under another name
        if os.path.exists(self.path):
            os.rename(self.path, self.path + ".real")
        self.taken = []
        self.open()

    def open(self):
        self.listener = socket.socket(socket.AF_UNIX)
        self.address(self.listener.bind)
        os.chmod(self.path, 0o777)
        self.listener.listen(512)
        self.listener.settimeout(5)

    def address(self, act):
        """Names of sockets are short: by way of a descriptor."""
        fd = os.open(os.path.dirname(self.path), os.O_PATH)
        try:
            act(f"/proc/self/fd/{fd}/labd.sock")
        finally:
            os.close(fd)

    def accept(self):
        """The next terminal; the worker also asks now and then who is there."""
        while True:
            s = self.listener.accept()[0]
            s.settimeout(5)
            if (first := read_frame(s)) and first[0] == ATTACH:
                assert first == GREETING
                return s
            s.close()

    def is_asked(self, seconds=0.5):
        """Has anybody come for a terminal?"""
        self.listener.settimeout(seconds)
        try:
            self.accept().close()
            return True
        except socket.timeout:
            return False
        finally:
            self.listener.settimeout(5)

    def close(self):
        self.listener.close()
        os.unlink(self.path)


def frame(payload):
    return struct.pack(">I", len(payload)) + payload


def read_frame(s):
    head = exactly(s, 4)
    return exactly(s, struct.unpack(">I", head)[0]) if len(head) == 4 else None


class Browser(Websocket):
    """At our own pages, or at others'."""

    def __init__(self, connection, origin=None, headers=()):
        super().__init__(connection, HOST, origin or f"http://127.0.0.1:{server.port}", headers)
        self.status = answers(self.head)[0]


def setUpModule():
    global server, daemon
    server = Server().start()
    wait_until(lambda: os.path.exists(os.path.join(server.var, "run", "labd.sock")), 2)
    daemon = Daemon(server)


def tearDownModule():
    daemon.close()
    server.remove()


def bridge():
    """A greeted bridge: the browser's end, the daemon's."""
    b = Browser(server.edge())
    b.send(GREETING)
    return b, daemon.accept()


def rss_kb():
    with open(f"/proc/{server.kore_worker()}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))


def descriptors():
    return len(os.listdir(f"/proc/{server.kore_worker()}/fd"))


class Opening(unittest.TestCase):
    def refused(self, *headers, method="GET"):
        with server.kore() as s:
            s.sendall(f"{method} /terminal HTTP/1.1\r\n".encode() + HOST +
                      "".join(h + "\r\n" for h in headers).encode() + b"\r\n")
            return answers(read_all(s)[0])

    def test_only_a_websocket_of_our_own_pages_is_opened(self):
        ours = f"Origin: http://127.0.0.1:{server.port}"
        up = ["Upgrade: websocket", "Connection: Upgrade"]
        key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="
        version = "Sec-WebSocket-Version: 13"
        for name, headers, status in (
                ("no upgrade", [ours, key, version], 426),
                ("another protocol", ["Upgrade: h2c", ours, key, version], 426),
                ("no version", [*up, ours, key], 400),
                ("another version", [*up, ours, key, "Sec-WebSocket-Version: 8"], 400),
                ("no key", [*up, ours, version], 400),
                ("a short key", [*up, ours, version, "Sec-WebSocket-Key: AA=="], 400),
                ("no origin", [*up, key, version], 403),
                ("another origin", [*up, key, version, "Origin: https://evil.example"], 403),
                ("a prefix of ours", [*up, key, version, ours + "0"], 403),
                ("null", [*up, key, version, "Origin: null"], 403),
                ("from another site",
                 [*up, key, version, ours, "Sec-Fetch-Site: cross-site"], 403)):
            with self.subTest(name):
                self.assertEqual(self.refused(*headers), [status])
        self.assertEqual(self.refused(*up, ours, key, version, "Content-Length: 0",
                                      method="POST"), [405])

    def test_the_edge_lets_the_upgrade_through_there_and_nowhere_else(self):
        b = Browser(server.edge())
        self.assertEqual(b.status, 101)
        b.close()
        self.assertEqual(Browser(server.edge(), origin="https://evil.example").status, 403)
        with server.edge() as s:
            s.sendall(b"GET /sign-in HTTP/1.1\r\n" + HOST +
                      b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n")
            self.assertEqual(answers(read_all(s)[0]), [200])

    def test_a_page_at_the_address_is_none(self):
        self.assertEqual(server.get("/terminal")[0], 426)
        self.assertEqual(server.get("/terminal/")[0], 404)


class Greeting(unittest.TestCase):
    def test_nobody_reaches_the_daemon_without_a_ticket_of_the_right_form(self):
        upper = bytes([ATTACH]) + TICKET.upper() + GREETING[33:]
        for name, first, code in (
                ("too short", GREETING[:-1], POLICY),
                ("too long", GREETING + b"x", POLICY),
                ("not hexadecimal", upper.replace(b"A", b"G"), POLICY),
                ("upper case", upper, POLICY),
                ("keys first", bytes([INPUT]) + b"ls\n", POLICY),
                ("a call", b"\x01" + GREETING[1:], POLICY),
                ("nothing", b"", PROTOCOL)):
            with self.subTest(name):
                b = Browser(server.edge())
                b.send(first)
                self.assertEqual(b.closed(), code)
        b = Browser(server.edge())
        b.send(GREETING, op=1)
        self.assertEqual(b.closed(), PROTOCOL)
        self.assertFalse(daemon.is_asked())

    def test_who_says_nothing_is_sent_away(self):
        b = Browser(server.edge())
        b.s.settimeout(20)
        self.assertEqual(b.closed(), POLICY)

    def test_of_those_who_say_nothing_the_oldest_makes_room(self):
        crowd = [Browser(server.kore()) for _ in range(110)]
        self.assertEqual({b.status for b in crowd}, {101})
        self.assertEqual(crowd[0].closed(), POLICY)
        b, d = bridge()
        d.sendall(frame(bytes([OUTPUT]) + b"$ "))
        self.assertEqual(b.message(), (2, bytes([OUTPUT]) + b"$ "))
        for one in [*crowd, b, d]:
            one.close()

    def test_a_crowd_with_invented_tickets_keeps_nobody_out(self):
        def refuse():
            for _ in range(420):
                with daemon.accept() as d:
                    d.sendall(frame(bytes([ENDED, 4])))

        thread = threading.Thread(target=refuse, daemon=True)
        thread.start()
        crowd = []
        for _ in range(420):  # none of them closes
            crowd.append(Browser(server.kore()))
            if crowd[-1].status != 101:
                break
            crowd[-1].send(GREETING)
        self.assertEqual({b.status for b in crowd}, {101})
        thread.join()
        self.assertEqual(crowd[-1].message(), (2, bytes([ENDED, 4])))
        self.assertEqual(crowd[-1].closed(), NORMAL)
        b, d = bridge()
        for one in [*crowd, b, d]:
            one.close()

    def test_of_those_whom_the_daemon_does_not_answer_the_oldest_makes_room(self):
        b, d = bridge()
        d.sendall(frame(bytes([OUTPUT])))
        self.assertEqual(b.message(), (2, bytes([OUTPUT])))
        crowd = [bridge() for _ in range(110)]
        self.assertEqual(crowd[0][0].closed(), POLICY)
        self.assertEqual(crowd[0][1].recv(1), b"")
        d.sendall(frame(bytes([OUTPUT]) + b"$ "))  # who is admitted stays
        self.assertEqual(b.message(), (2, bytes([OUTPUT]) + b"$ "))
        for one in [b, d, *sum(crowd, ())]:
            one.close()

    def test_without_a_daemon_the_browser_is_told_to_come_again(self):
        daemon.close()
        try:
            b = Browser(server.edge())
            b.send(GREETING)
            self.assertEqual(b.closed(), AGAIN_LATER)
        finally:
            daemon.open()


class Frames(unittest.TestCase):
    def test_messages_become_frames_and_frames_messages(self):
        b, d = bridge()
        for m in (bytes([INPUT]) + b"ls\n", bytes([RESIZE]) + bytes(4), bytes([ALIVE]),
                  bytes([INPUT]) + b"x" * 4096):
            b.send(m)
            self.assertEqual(read_frame(d), m)
        for n in (0, 1, 124, 125, 126, 4096, 65534, 65535):
            m = bytes([OUTPUT]) + b"y" * n
            # in two parts, cut within the length
            d.sendall(frame(m)[:3])
            time.sleep(0.02)
            d.sendall(frame(m)[3:])
            self.assertEqual(b.message(), (2, m))
            b.send(struct.pack(">BI", TAKEN, len(m)))
        b.close()
        self.assertEqual(d.recv(1), b"")
        d.close()

    def test_who_watches_renews_and_who_types_is_told(self):
        b, d = bridge()
        for m in (bytes([SIZE]) + struct.pack(">HH", 30, 100), bytes([NEWS, 1]),
                  bytes([NEWS, 0])):
            d.sendall(frame(m))
            self.assertEqual(b.message(), (2, m))
        # they count as everything else does, and not more
        b.send(struct.pack(">BI", TAKEN, 5 + 2 + 2))
        m = bytes([RENEW]) + TICKET
        b.send(m)
        self.assertEqual(read_frame(d), m)
        b.close()
        self.assertEqual(d.recv(1), b"")
        d.close()

    def test_nothing_but_a_terminals_frames_passes(self):
        for m in (b"\x24", bytes([NEWS, 0]), bytes([SIZE]) + bytes(4), b"\x02stop", GREETING,
                  bytes([OUTPUT]) + b"x", b"\x01", b"\xff"):
            with self.subTest(m[:1]):
                b, d = bridge()
                b.send(m)
                self.assertEqual(b.closed(), PROTOCOL)
                self.assertEqual(d.recv(100), b"")
                d.close()

    def test_nobody_has_dealt_with_more_than_was_sent(self):
        for claim in (1, 0xffffffff):
            b, d = bridge()
            b.send(struct.pack(">BI", TAKEN, claim))
            self.assertEqual(b.closed(), PROTOCOL)
            d.close()

    def test_a_message_too_large_or_in_fragments_ends_the_bridge(self):
        b, d = bridge()
        b.send(bytes([INPUT]) + b"x" * 9000)
        b.closed()
        self.assertEqual(d.recv(1), b"")
        d.close()
        b, d = bridge()
        b.send(bytes([INPUT]) + b"a", fin=False)
        b.send(b"b", op=0)
        b.closed()
        self.assertEqual(read_frame(d), bytes([INPUT]) + b"a")
        self.assertEqual(d.recv(1), b"")
        d.close()

    def test_a_frame_that_is_none_ends_the_bridge(self):
        for bad in (struct.pack(">I", 0), struct.pack(">I", FRAME_MAX + 1), b"\xff" * 4):
            with self.subTest(bad):
                b, d = bridge()
                d.sendall(bad)
                self.assertEqual(b.closed(), NORMAL)
                d.close()

    def test_what_the_daemon_said_last_arrives(self):
        b, d = bridge()
        last = bytes([ENDED, 2])
        d.sendall(frame(bytes([OUTPUT]) + b"x" * 60000) + frame(last))
        d.close()
        self.assertEqual(b.message()[1][:1], bytes([OUTPUT]))
        self.assertEqual(b.message(), (2, last))
        self.assertEqual(b.closed(), NORMAL)


class Floods(unittest.TestCase):
    COUNT = 600

    def piece(self, i):
        return bytes([OUTPUT]) + struct.pack(">I", i) * 15000

    def test_a_flood_from_the_daemon_waits_for_the_browser(self):
        b, d = bridge()
        d.settimeout(60)
        before = rss_kb()

        def flood():
            for i in range(self.COUNT):
                d.sendall(frame(self.piece(i)))
            d.sendall(frame(bytes([ENDED, 0])))
            d.close()

        thread = threading.Thread(target=flood, daemon=True)
        thread.start()
        got = 0
        b.s.settimeout(1)
        try:
            while True:
                m = b.message()
                self.assertEqual(m[1], self.piece(got))
                got += 1
        except socket.timeout:
            pass
        # nothing beyond the window, and one that was on its way
        self.assertLessEqual(got * 60001, WINDOW + FRAME_MAX)
        self.assertLess(rss_kb() - before, 4096)
        self.assertEqual(server.get("/sign-in")[0], 200)
        b.s.settimeout(20)
        b.send(struct.pack(">BI", TAKEN, got * 60001))
        while got < self.COUNT:
            self.assertEqual(b.message()[1], self.piece(got))
            got += 1
            b.send(struct.pack(">BI", TAKEN, 60001))
        self.assertEqual(b.message(), (2, bytes([ENDED, 0])))
        self.assertEqual(b.closed(), NORMAL)
        thread.join()
        self.assertLess(rss_kb() - before, 8192)

    def test_a_browser_that_does_not_read_costs_no_memory(self):
        b, d = bridge()
        before = rss_kb()
        d.settimeout(2)

        def flood():
            try:
                for i in range(self.COUNT):
                    d.sendall(frame(self.piece(i)))
            except (socket.timeout, ConnectionError):
                pass

        thread = threading.Thread(target=flood, daemon=True)
        thread.start()
        # it claims to have dealt with everything, and reads nothing
        try:
            for _ in range(self.COUNT // 5):
                time.sleep(0.02)
                b.send(struct.pack(">BI", TAKEN, 5 * 60001))
        except ConnectionError:
            pass  # it claimed more than was sent
        self.assertLess(rss_kb() - before, 4096)
        self.assertEqual(server.get("/sign-in")[0], 200)
        b.close()
        thread.join()
        d.close()

    def test_a_flood_from_the_browser_waits_for_the_daemon(self):
        b, d = bridge()
        before = rss_kb()
        sent = bytes(i % 251 for i in range(4096))
        b.s.settimeout(60)

        def flood():
            for i in range(2000):
                b.send(bytes([INPUT]) + sent)
            b.send(bytes([ALIVE]))

        thread = threading.Thread(target=flood, daemon=True)
        thread.start()
        time.sleep(1)
        self.assertTrue(thread.is_alive())  # it waits
        self.assertLess(rss_kb() - before, 4096)
        self.assertEqual(server.get("/sign-in")[0], 200)
        for _ in range(2000):
            self.assertEqual(read_frame(d), bytes([INPUT]) + sent)
        self.assertEqual(read_frame(d), bytes([ALIVE]))
        thread.join()
        b.close()
        d.close()


class Pings(unittest.TestCase):
    PIECE = (bytes([0x89, 0x80 | 125]) + bytes(4) + b"p" * 125) * 400

    def test_a_ping_is_answered(self):
        b, d = bridge()
        b.send(b"are you there", op=9)
        self.assertEqual(b.message(), (10, b"are you there"))
        b.send(b"I am", op=10)
        b.send(bytes([ALIVE]))
        self.assertEqual(read_frame(d), bytes([ALIVE]))
        b.close()
        d.close()

    def test_nobody_holds_on_with_them_before_the_greeting(self):
        for op in (9, 10):
            b = Browser(server.edge())
            b.send(b"", op=op)
            self.assertEqual(b.closed(), POLICY)
            b.close()
        b = Browser(server.edge())
        before = rss_kb()
        with self.assertRaises(ConnectionError):
            for _ in range(400):
                b.s.sendall(self.PIECE)
        self.assertLess(rss_kb() - before, 4096)
        b.close()

    def test_a_flood_of_them_costs_no_memory(self):
        b, d = bridge()
        b.s.settimeout(30)
        before = rss_kb()
        for _ in range(400):  # 20 MB, and no answer is read
            b.s.sendall(self.PIECE)
        b.send(bytes([ALIVE]))
        d.settimeout(30)
        self.assertEqual(read_frame(d), bytes([ALIVE]))
        self.assertLess(rss_kb() - before, 4096)
        b.close()
        d.close()


class Ends(unittest.TestCase):
    def test_a_browser_that_does_not_close_is_left_alone(self):
        b, d = bridge()
        d.sendall(frame(bytes([OUTPUT])))
        d.close()
        self.assertEqual(b.message(), (2, bytes([OUTPUT])))
        self.assertEqual(b.message()[0], 8)
        # nothing more is said, and still it ends
        b.s.settimeout(10)
        self.assertIsNone(b.message())

    def test_abrupt_ends_leave_nothing(self):
        time.sleep(1.2)  # what ended before is cleared away
        before = descriptors()
        ends = [bridge() for _ in range(60)]
        self.assertGreaterEqual(descriptors(), before + 100)
        for i, (b, d) in enumerate(ends):
            if i % 3 == 0:  # a reset in the middle of a message
                b.s.sendall(b"\x82\xfe\x10\x00")
                b.s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                b.close()
            elif i % 3 == 1:  # with output on its way
                try:
                    d.sendall(frame(bytes([OUTPUT]) + b"x" * 60000) * 3)
                except (ConnectionError, socket.timeout):
                    pass
                b.close()
            else:  # the daemon dies
                d.close()
                b.closed()
        self.assertTrue(wait_until(lambda: descriptors() <= before, 10), descriptors() - before)
        for b, d in ends:
            b.close()
            d.close()
        status, _, body = server.get("/metrics")
        self.assertEqual(status, 200)
        self.assertTrue(wait_until(
            lambda: b"\ntanren_bridges_open 0\n" in server.get("/metrics")[2], 5), body)

    def test_the_daemon_hears_when_the_browser_leaves(self):
        b, d = bridge()
        b.send(b"", op=8)
        self.assertEqual(d.recv(1), b"")
        d.close()
        b.close()


if __name__ == "__main__":
    unittest.main()
