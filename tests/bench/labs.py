"""make bench, the labs: from "start" to a prompt, keys, resets, checks, crowds.

Everything goes the way of a browser: nginx, Kore, the lane, the jobs, labd.
"""
import concurrent.futures
import json
import re
import shutil
import socket
import subprocess
import threading
import time

from tanren import HOST
from terminal import Terminal

LAB = "L02"  # its artefacts are the largest, its check the longest
ONE_BY_ONE = 12
KEYS = 200
CROWD = 50
LIVE = 100
POLL_SECONDS = 0.005
WAIT_SECONDS = 60
PROMPT = b"$ "
READER_PAUSE = 0.01


def percentile(times, part):
    times = sorted(times)
    return times[min(len(times) - 1, int(len(times) * part))]


def available_kb():
    with open("/proc/meminfo", encoding="ascii") as f:
        return int(re.search(r"^MemAvailable:\s+(\d+)", f.read(), re.M)[1])


class Learner:
    """Somebody who does the lab, with a browser and a terminal of his own."""

    def __init__(self, browser, origin):
        self.browser, self.origin = browser, origin
        self.terminal = None
        self.token = browser.csrf(f"/labs/{LAB}")

    def post(self, path, form, headers=None):
        status, _, body = self.browser.request(
            "POST", f"/labs/{LAB}/{path}", {"csrf": self.token, **form}, headers)
        assert status in (200, 303), (path, status, body[:300])
        return body

    def wait(self, state):
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            status, _, body = self.browser.request("GET", f"/labs/{LAB}/state")
            assert status == 200, status
            if json.loads(body)["state"] == state:
                return
            time.sleep(POLL_SECONDS)
        raise AssertionError(f"not {state} after {WAIT_SECONDS} s: {body}")

    def prepare(self):
        self.browser.connection.close()  # idle ones have ended
        self.post("start", {})
        self.wait("ready")

    def open(self):
        self.post("box", {})
        self.attach()

    def attach(self):
        """To the first prompt."""
        if self.terminal is not None:
            self.terminal.close()
        answer = json.loads(self.post("ticket", {"terminal": "0"}, {"Accept": "application/json"}))
        connection = socket.create_connection(("127.0.0.1", self.browser.port),
                                              timeout=WAIT_SECONDS)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.terminal = Terminal(connection, HOST, self.origin, answer["ticket"])
        self.terminal.until(PROMPT)

    def reset(self):
        self.post("box/reset", {})
        self.attach()

    def key(self, n):
        key = b"qwertyuiop"[n % 10:n % 10 + 1]
        self.terminal.type(key)
        self.terminal.until(key)

    def answer(self):
        self.terminal.type(b"cd /lab/out && cut -c1-300 ../in/access.log | head -200 >answers.txt;"
                           b" echo 'count(ip, 60) > 9 -> block' >rule.txt; echo do''ne\r")
        self.terminal.until(b"done")

    def check(self):
        self.post("box/submit", {})
        self.wait("ready")


def timed(what, *args):
    began = time.monotonic()
    what(*args)
    return (time.monotonic() - began) * 1000


class Reader(threading.Thread):
    """Meanwhile somebody reads a module."""

    def __init__(self, browser):
        super().__init__(daemon=True)
        self.browser, self.times, self.end = browser, [], False

    def run(self):
        while not self.end:
            self.times.append(timed(self.page))
            time.sleep(READER_PAUSE)

    def page(self):
        assert self.browser.request("GET", "/courses/E-101/1")[0] == 200

    def stop(self):
        self.end = True
        self.join()
        return percentile(self.times, 0.99)


def reference(name, command):
    """What others take for a box that does nothing, in the same run; None without them."""
    if shutil.which(command[0]) is None:
        return f"  {name}: not installed"
    times = []
    for _ in range(ONE_BY_ONE):
        began = time.monotonic()
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            return f"  {name}: it cannot here: {done.stderr.decode(errors='replace')[:120].strip()}"
        times.append((time.monotonic() - began) * 1000)
    return f"  {name}: p50 {percentile(times, 0.5):.1f} ms, p99 {percentile(times, 0.99):.1f} ms"


REFERENCES = (
    ("bwrap, /bin/true", ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc",
                          "--dev", "/dev", "--die-with-parent", "/bin/true"]),
    # as on a machine without systemd: cgroups by itself, limits that any user may set
    ("podman run, /bin/true", ["podman", "--cgroup-manager", "cgroupfs", "--events-backend", "file",
                               "--runtime", "runc", "run", "--rm", "--network", "none",
                               "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024",
                               "--rootfs", "/:O", "/bin/true"]),
)


def rows(b, tokens, browser_of, say):
    """At least ONE_BY_ONE + LIVE tokens of people who have not begun the lab."""
    origin = f"http://127.0.0.1:{b.server.port}"  # the bench's edge has another port
    singles = [Learner(browser_of(token), origin) for token in tokens[:ONE_BY_ONE]]
    b.times("lab, start to artefacts", [timed(s.prepare) for s in singles])
    opened = b.times("lab, box to prompt", [timed(s.open) for s in singles])
    keys = [timed(singles[0].key, n) for n in range(KEYS)]
    b.times("lab, key echo", keys)
    b.times("lab, reset to prompt", [timed(s.reset) for s in singles])
    for s in singles:
        s.answer()
    checked = b.times("lab, check to score", [timed(s.check) for s in singles])

    crowd = [Learner(browser_of(token), origin)
             for token in tokens[ONE_BY_ONE:ONE_BY_ONE + LIVE]]
    reader = Reader(browser_of(tokens[0]))
    reader.start()
    began = time.monotonic()

    def all_the_way(learner):
        learner.prepare()
        learner.open()
        return (time.monotonic() - began) * 1000

    with concurrent.futures.ThreadPoolExecutor(CROWD) as pool:
        prompts = list(pool.map(all_the_way, crowd[:CROWD]))
    slow = reader.stop()
    b.times(f"lab, {CROWD} people at once, to prompt", prompts)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(Learner.prepare, crowd[CROWD:]))
        before = available_kb()
        list(pool.map(Learner.open, crowd[CROWD:]))
    each = (before - available_kb()) / (LIVE - CROWD) / 1024
    say(f"  {CROWD} people at once: the last prompt after {max(prompts) / 1000:.1f} s;"
        f" {LIVE + ONE_BY_ONE} live boxes, {each:.1f} MB each")
    for name, command in REFERENCES:
        say(reference(name, command))
    b.bound("box to prompt, p50 ms", opened["p50_ms"], 100)
    b.bound("check to score, p50 ms", checked["p50_ms"], 100)
    b.bound(f"a module page while {CROWD} people start, p99 ms", slow, 50)
    return b
