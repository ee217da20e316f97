"""Starts `tanren run` in a directory of its own, for tests from outside.

TANREN names the program (default build/tanren). Everything that a test starts
here ends with it.
"""
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("TANREN", os.path.join(ROOT, "build", "tanren"))
os.environ.setdefault("ASAN_OPTIONS", "detect_leaks=1")
os.environ.setdefault("LSAN_OPTIONS", f"print_suppressions=0:suppressions={ROOT}/tests/lsan.supp")
HOST = b"Host: 127.0.0.1\r\n"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def directory():
    """A new directory that other users can enter (root's tests run as one)."""
    path = tempfile.mkdtemp(prefix="tanren-test-")
    os.chmod(path, 0o755)
    return path


def wait_until(what, seconds, step=0.02):
    """True as soon as what() is; False when the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(step)
    return bool(what())


def processes():
    """pid -> (parent, command line) of every process there is."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as f:
                stat = f.read()
            with open(f"/proc/{entry}/cmdline", "rb") as f:
                line = f.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        fields = stat[stat.rindex(")") + 2:].split()
        if fields[0] != "Z":
            found[int(entry)] = (int(fields[1]), line.strip())
    return found


def below(pid):
    """All processes that descend from one."""
    all_of_them, family = processes(), {pid}
    while True:
        more = {p for p, (parent, _) in all_of_them.items() if parent in family}
        if more <= family:
            return family - {pid}
        family |= more


class Server:
    """One installation, served."""

    def __init__(self, config="", options=(), environment=None):
        self.directory = directory()
        self.var = os.path.join(self.directory, "var")
        self.port = free_port()
        self.options = list(options)
        self.environment = {**os.environ, **(environment or {})}
        os.mkdir(self.var)
        if config:
            with open(os.path.join(self.var, "tanren.conf"), "w", encoding="utf-8") as f:
                f.write(config)
        self.process = None
        self.output = ""

    def start(self):
        self.log = open(os.path.join(self.directory, "log"), "ab")
        self.process = subprocess.Popen(
            [PROGRAM, "run", "--var", self.var, "--port", str(self.port)] + self.options,
            stdout=subprocess.PIPE, stderr=self.log, text=True, cwd=ROOT,
            env=self.environment, start_new_session=True)
        for line in self.process.stdout:
            self.output += line
            if line.startswith("ready "):
                return self
        raise AssertionError("it did not start:\n" + self.output + self.logged())

    def logged(self):
        with open(os.path.join(self.directory, "log"), encoding="utf-8") as f:
            return f.read()

    def stop(self, sig=signal.SIGTERM):
        """Ends it; answers the exit status."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(sig)
        self.output += self.process.stdout.read()
        self.process.stdout.close()
        status = self.process.wait()
        self.log.close()
        self.process = None
        return status

    def remove(self):
        """Ends it and fails when a sanitizer or the sandbox has spoken."""
        self.stop()
        log = self.logged() if hasattr(self, "log") else ""
        shutil.rmtree(self.directory, ignore_errors=True)
        for words in ("AddressSanitizer", "LeakSanitizer", "runtime error:",
                      "sandbox violation", "Assertion"):
            if words in log:
                raise AssertionError(log)

    # ------------------------------------------------------------ processes

    def child(self, *words):
        """The pid of the first descendant whose command line has all words."""
        found = processes()
        for pid in sorted(below(self.process.pid)):
            if pid in found and all(w in found[pid][1] for w in words):
                return pid
        return None

    def kore_parent(self):
        return self.child("worker [parent]")

    def kore_worker(self):
        return self.child("worker [wrk")

    # ------------------------------------------------------------- requests

    def get(self, path, headers=None, method="GET", body=None, timeout=10,
            source="127.0.0.1"):
        """Through the edge: status, headers, body."""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout,
                                       source_address=(source, 0))
        try:
            c.request(method, path, body=body, headers=headers or {})
            r = c.getresponse()
            return r.status, r.headers, r.read()
        finally:
            c.close()

    def healthy(self):
        try:
            return self.get("/healthz", timeout=2)[0] == 200
        except OSError:
            return False

    def edge(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)

    def kore(self):
        """A connection past the edge, straight to Kore."""
        s = socket.socket(socket.AF_UNIX)
        s.settimeout(5)
        # names of sockets are short: by way of a descriptor
        fd = os.open(os.path.join(self.var, "run"), os.O_PATH)
        try:
            s.connect(f"/proc/self/fd/{fd}/web.sock")
        finally:
            os.close(fd)
        return s

    def form(self, path):
        """Opens a page with a form: its cookie and the token that fits."""
        status, headers, body = self.get(path)
        assert status == 200, (path, status, body)
        token = re.search(rb'name="csrf" value="([^"]+)"', body).group(1).decode()
        cookie = headers["Set-Cookie"].split(";")[0]
        return cookie, token


class Postgres:
    """A PostgreSQL of its own, reached by a unix socket and by TCP."""

    PROGRAMS = "/usr/lib/postgresql/15/bin"

    def __init__(self):
        self.directory = directory()
        self.port = free_port()
        self.user = "postgres" if os.geteuid() == 0 else None
        if self.user:
            shutil.chown(self.directory, self.user)
        data = os.path.join(self.directory, "data")
        subprocess.run([f"{self.PROGRAMS}/initdb", "-D", data, "-U", "tanren", "-A", "trust",
                        "-E", "UTF8", "--locale=C", "--no-sync"], check=True,
                       stdout=subprocess.DEVNULL, user=self.user, cwd="/")
        self.log = open(os.path.join(self.directory, "log"), "wb")
        self.process = subprocess.Popen(
            [f"{self.PROGRAMS}/postgres", "-D", data, "-k", self.directory, "-c",
             "listen_addresses=127.0.0.1", "-c", f"port={self.port}"],
            stdout=self.log, stderr=self.log, user=self.user, cwd="/")
        self.socket = f"postgresql:host={self.directory} port={self.port} " \
            "user=tanren dbname=postgres"
        self.tcp = f"postgresql:host=127.0.0.1 port={self.port} user=tanren dbname=postgres"
        if not wait_until(lambda: os.path.exists(
                os.path.join(self.directory, f".s.PGSQL.{self.port}")), 20):
            raise AssertionError("PostgreSQL did not start")

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.directory, ignore_errors=True)


def is_whole(raw):
    """True when the bytes are one or more responses, each to its end."""
    while raw:
        head, end, raw = raw.partition(b"\r\n\r\n")
        if not end:
            return False
        length = re.search(rb"(?i)^content-length: (\d+)", head, re.M)
        if length is None:
            return False
        length = int(length.group(1))
        if len(raw) < length:
            return False
        raw = raw[length:]
    return True


def read_all(s, seconds=2.0, more=0.2):
    """What a connection answers until it ends or is silent: bytes, ended.

    After whole responses it waits only `more` seconds for something else.
    """
    out, end = b"", time.monotonic() + seconds
    try:
        while True:
            s.settimeout(more if out and is_whole(out) else
                         max(0.01, end - time.monotonic()))
            part = s.recv(65536)
            if not part:
                return out, True
            out += part
    except socket.timeout:
        return out, False
    except ConnectionError:
        return out, True


def answers(raw):
    """The statuses of all responses in it."""
    return [int(m) for m in re.findall(rb"^HTTP/1\.[01] (\d{3})", raw, re.M)]
