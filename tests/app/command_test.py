"""The command line: what it refuses, what it says, how it ends."""
import glob
import os
import pwd
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from tanren import (PROGRAM, ROOT, Postgres, Server, below, directory,  # noqa: E402
                    processes, wait_until)

BAD = os.path.join(ROOT, "tests", "bad", "config")


def tanren(*arguments, timeout=60):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True,
                          timeout=timeout, cwd=ROOT)


class WithDirectory(unittest.TestCase):
    def setUp(self):
        self.directory = directory()
        self.var = os.path.join(self.directory, "var")

    def tearDown(self):
        shutil.rmtree(self.directory)


class Usage(unittest.TestCase):
    def test_without_a_command_it_lists_them(self):
        got = tanren()
        self.assertEqual(got.returncode, 2)
        self.assertIn("publish", got.stderr)
        self.assertNotRegex(got.stderr, r"(?m)^  worker")

    def test_help_is_no_mistake(self):
        for command in ("run", "check", "publish", "migrate"):
            with self.subTest(command):
                got = tanren(command, "--help")
                self.assertEqual((got.returncode, got.stderr), (0, ""))
                self.assertTrue(got.stdout.startswith(f"usage: tanren {command}"))

    def test_what_it_does_not_know_is_refused(self):
        for arguments in (("nothing",), ("run", "--nothing"), ("run", "more"),
                          ("migrate", "--what"), ("publish", "a", "b"), ("run", "--var"),
                          ("run", "--port", "0"), ("run", "--port", "80x")):
            with self.subTest(arguments):
                self.assertEqual(tanren(*arguments).returncode, 2)


class Configuration(WithDirectory):
    def test_every_mistake_is_told_with_its_line(self):
        files = glob.glob(os.path.join(BAD, "*.conf"))
        self.assertGreater(len(files), 10)
        for path in files:
            with self.subTest(os.path.basename(path)):
                with open(path, "rb") as f:
                    expected = f.readline().decode()[2:].strip()
                got = tanren("migrate", "--var", self.var, "--config", path)
                self.assertEqual(got.returncode, 2)
                if expected[0].isdigit():
                    expected = f"{path}:{expected}"
                self.assertIn(expected, got.stderr)
        self.assertEqual(os.listdir(self.var), [])

    def test_all_mistakes_of_a_file_are_told_at_once(self):
        path = os.path.join(self.directory, "x.conf")
        with open(path, "w", encoding="utf-8") as f:
            f.write("one = 1\nworkers = 1\ntwo\n")
        got = tanren("migrate", "--var", self.var, "--config", path)
        self.assertIn(f"{path}:1:", got.stderr)
        self.assertIn(f"{path}:3:", got.stderr)

    def test_a_file_that_is_not_there_is_refused(self):
        got = tanren("migrate", "--var", self.var, "--config", "/nonexistent/x.conf")
        self.assertEqual(got.returncode, 2)


class Migrate(WithDirectory):
    def test_it_makes_the_database_and_then_leaves_it(self):
        first = tanren("migrate", "--var", self.var, "--json")
        second = tanren("migrate", "--var", self.var, "--json")
        self.assertIn('"before":0', first.stdout)
        self.assertNotIn('"before":0', second.stdout)
        self.assertEqual((first.returncode, second.returncode), (0, 0))
        self.assertNotIn('"level":"error"', first.stderr)

    def test_nobody_else_may_read_the_database(self):
        tanren("migrate", "--var", self.var)
        mode = os.stat(os.path.join(self.var, "tanren.db")).st_mode
        self.assertEqual(mode & 0o007, 0)

    def test_a_newer_database_is_not_touched(self):
        tanren("migrate", "--var", self.var)
        with sqlite3.connect(os.path.join(self.var, "tanren.db")) as db:
            db.execute("UPDATE schema_version SET number = 9999")
        for command in ("migrate", "run"):
            with self.subTest(command):
                self.assertEqual(tanren(command, "--var", self.var).returncode, 1)


class Publish(WithDirectory):
    def setUp(self):
        super().setUp()
        self.repository = os.path.join(self.directory, "content")
        shutil.copytree(os.path.join(ROOT, "courses"),
                        os.path.join(self.repository, "courses"))
        for more in ("labs", "assessments"):
            if os.path.isdir(os.path.join(ROOT, more)):
                shutil.copytree(os.path.join(ROOT, more), os.path.join(self.repository, more),
                                ignore=shutil.ignore_patterns("__pycache__"))
        self.git("init", "-q", "-b", "main")
        self.commit("one")
        os.mkdir(self.var)
        self.conf = os.path.join(self.var, "tanren.conf")
        with open(self.conf, "w", encoding="utf-8") as f:
            f.write(f"content = {self.repository}\n")
        tanren("migrate", "--var", self.var)

    def git(self, *arguments):
        subprocess.run(["git", "-C", self.repository, "-c", "user.name=T",
                        "-c", "user.email=t@example.jp", *arguments], check=True,
                       capture_output=True)

    def commit(self, message):
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)

    def revisions(self):
        with sqlite3.connect(os.path.join(self.var, "tanren.db")) as db:
            return db.execute("SELECT COUNT(*) FROM revision").fetchone()[0]

    def break_it(self):
        with open(os.path.join(self.repository, "courses", "executive", "E-101",
                               "course.yaml"), "a", encoding="utf-8") as f:
            f.write("no_such_key: 1\n")
        self.commit("broken")

    def test_a_commit_is_published_once(self):
        for _ in range(2):
            got = tanren("publish", "--var", self.var)
            self.assertEqual((got.returncode, got.stderr), (0, ""))
            self.assertEqual(self.revisions(), 1)

    def test_a_commit_with_a_mistake_is_not_published(self):
        self.break_it()
        got = tanren("publish", "--var", self.var)
        self.assertEqual(got.returncode, 1)
        self.assertRegex(got.stderr, r"(?m)^courses/executive/E-101/course\.yaml:\d+: ")
        self.assertEqual(self.revisions(), 0)

    def test_check_tells_the_same_and_publishes_nothing(self):
        self.assertEqual(tanren("check", "--var", self.var).returncode, 0)
        self.break_it()
        got = tanren("check", "--var", self.var)
        self.assertEqual(got.returncode, 1)
        self.assertRegex(got.stdout, r"(?m)^courses/executive/E-101/course\.yaml:\d+: ")
        self.assertEqual(tanren("check", "HEAD~1", "--var", self.var).returncode, 0)
        self.assertEqual(self.revisions(), 0)

    def test_root_publishes_for_the_owner_from_where_only_root_may_look(self):
        if os.geteuid() != 0:
            self.skipTest("only root may look everywhere")
        nobody = pwd.getpwnam("nobody")
        for parent, names, files in os.walk(self.var):
            for name in [parent] + [os.path.join(parent, x) for x in names + files]:
                os.chown(name, nobody.pw_uid, nobody.pw_gid)
        os.chmod(self.directory, 0o700)
        got = tanren("publish", "--var", self.var)
        self.assertEqual(got.returncode, 0, got.stderr)
        for name in os.listdir(os.path.join(self.var, "content")):
            self.assertEqual(os.stat(os.path.join(self.var, "content", name)).st_uid,
                             nobody.pw_uid)

    def test_the_server_follows_within_a_second(self):
        server = Server(config=f"content = {self.repository}\n")
        try:
            server.start()
            self.assertIn(b'"revision":""', server.get("/healthz")[2])
            self.assertEqual(tanren("publish", "--var", server.var).returncode, 0)
            begin = time.monotonic()
            self.assertTrue(wait_until(
                lambda: b'"revision":""' not in server.get("/healthz")[2], 5))
            self.assertLess(time.monotonic() - begin, 1.5)
            # what a command wrote as root is the server's all the same
            if os.geteuid() == 0:
                owner = os.stat(server.var).st_uid
                for parent, _, names in os.walk(os.path.join(server.var, "content")):
                    for name in names:
                        self.assertEqual(os.stat(os.path.join(parent, name)).st_uid, owner)
        finally:
            server.remove()


class Run(unittest.TestCase):
    def setUp(self):
        self.server = Server()

    def tearDown(self):
        self.server.remove()

    def test_its_processes_find_a_configuration_named_from_elsewhere(self):
        conf = os.path.join(self.server.directory, "named.conf")
        with open(conf, "w", encoding="utf-8") as f:
            f.write("workers = 1\n")
        self.server.options = ["--config", os.path.relpath(conf, ROOT)]
        self.server.start()
        self.assertTrue(self.server.healthy())
        self.assertIsNotNone(self.server.child("tanren jobs", conf))

    def test_a_second_one_says_so_and_ends(self):
        self.server.start()
        got = tanren("run", "--var", self.server.var)
        self.assertEqual(got.returncode, 1)
        self.assertIn("runs already", got.stderr)
        self.assertTrue(self.server.healthy())

    def test_commands_go_by_the_port_it_serves_on(self):
        self.server.start()
        got = tanren("doctor", "--var", self.server.var)
        self.assertIn(f":{self.server.port}", got.stdout)
        self.assertNotIn(":8080", got.stdout)

    def test_it_says_when_it_is_ready(self):
        self.server.start()
        self.assertTrue(self.server.output.endswith(
            f"ready http://127.0.0.1:{self.server.port}/\n"))

    def test_as_root_everything_else_runs_as_the_system_user(self):
        if os.geteuid() != 0:
            self.skipTest("only root changes users")
        self.server.start()
        user = pwd.getpwnam("tanren").pw_uid
        labd = []
        # by then it has tried what this machine gives, and nobody comes and goes
        self.assertTrue(wait_until(lambda: os.path.exists(
            os.path.join(self.server.var, "run", "labd.sock")), 30))
        for pid in below(self.server.process.pid):
            _, command = processes().get(pid, (0, ""))
            if command.startswith("tanren labd "):
                labd.append(os.stat(f"/proc/{pid}").st_uid)
                continue
            with self.subTest(command):
                self.assertEqual(os.stat(f"/proc/{pid}").st_uid, user)
                with open(f"/proc/{pid}/status", encoding="utf-8") as f:
                    effective = next(x for x in f if x.startswith("CapEff"))
                self.assertEqual(int(effective.split()[1], 16), 0)
        self.assertEqual(os.stat(os.path.join(self.server.var, "tanren.db")).st_uid, user)
        self.assertEqual(labd, [0])
        socket = os.stat(os.path.join(self.server.var, "run", "labd.sock"))
        self.assertEqual((socket.st_uid, socket.st_mode & 0o777), (user, 0o600))

    def test_as_an_ordinary_user(self):
        if os.geteuid() != 0:
            self.skipTest("the other tests are these then")
        nobody = pwd.getpwnam("nobody")
        os.chown(self.server.var, nobody.pw_uid, nobody.pw_gid)
        process = subprocess.Popen(
            [PROGRAM, "run", "--var", self.server.var, "--port", str(self.server.port)],
            user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            self.assertTrue(any(line.startswith("ready ") for line in process.stdout))
            self.assertEqual(os.stat(os.path.join(self.server.var, "tanren.db")).st_uid,
                             nobody.pw_uid)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate()
        self.assertEqual(process.returncode, 0)

    def test_a_directory_nobody_else_enters_still_serves(self):
        os.chmod(self.server.directory, 0o700)
        self.server.start()
        self.assertTrue(self.server.healthy())
        if os.geteuid() == 0:
            self.assertIn("Warning: ", self.server.output)

    def test_what_fails_at_start_is_told_and_nothing_stays(self):
        with open(os.path.join(self.server.var, "tanren.db"), "wb") as f:
            f.write(b"this is no database" * 1000)
        got = tanren("run", "--var", self.server.var, "--port", str(self.server.port))
        self.assertEqual(got.returncode, 1)
        self.assertIn("error", got.stderr)
        self.assertFalse([x for x in processes().values() if self.server.var in x[1]])

    def test_jobs_are_started_again(self):
        self.server.start()
        pid = self.server.child("tanren jobs --var")
        os.kill(pid, signal.SIGKILL)
        self.assertTrue(wait_until(
            lambda: self.server.child("tanren jobs --var") not in (None, pid), 2))


class Port(WithDirectory):
    def test_one_in_use_is_told_before_any_work(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = str(taken.getsockname()[1])
            done = tanren("run", "--demo", "--var", self.var, "--port", port)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"cannot listen on 127.0.0.1:{port}", done.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.var, "tanren.db")))


class OnPostgresql(unittest.TestCase):
    """The sandbox lets libpq through where it is configured, and pages work."""

    def test_by_socket_and_by_tcp(self):
        database = Postgres()
        try:
            for dsn, workers in ((database.socket, 2), (database.tcp, 1)):
                with self.subTest(dsn):
                    server = Server(config=f"database = {dsn}\nworkers = {workers}\n")
                    try:
                        server.start()
                        self.assertIn(b'"engine":"postgresql"', server.get("/healthz")[2])
                        cookie, token = server.form("/forgot")
                        status, _, _ = server.get(
                            "/forgot", {"Cookie": cookie, "Content-Type":
                                        "application/x-www-form-urlencoded"},
                            "POST", f"csrf={token}&identifier=nobody@example.jp")
                        self.assertEqual(status, 200)
                        self.assertEqual(len([x for x in processes().values()
                                              if x[0] == server.kore_parent()]), workers)
                    finally:
                        server.remove()
        finally:
            database.stop()


class Tls(unittest.TestCase):
    def test_with_a_certificate_it_speaks_tls_1_3_only(self):
        server = Server()
        key, certificate = (os.path.join(server.directory, x) for x in ("key", "certificate"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out",
                        certificate, "-days", "2", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        os.chmod(key, 0o644)
        with open(os.path.join(server.var, "tanren.conf"), "w", encoding="utf-8") as f:
            f.write(f"tls_certificate = {certificate}\ntls_key = {key}\n"
                    f"origin = https://localhost:{server.port}\n")
        try:
            server.start()
            context = ssl.create_default_context(cafile=certificate)
            context.set_alpn_protocols(["h2", "http/1.1"])
            with server.edge() as plain, context.wrap_socket(
                    plain, server_hostname="localhost") as s:
                self.assertEqual(s.version(), "TLSv1.3")
                self.assertEqual(s.selected_alpn_protocol(), "h2")
            context.set_alpn_protocols(["http/1.1"])
            with server.edge() as plain, context.wrap_socket(
                    plain, server_hostname="localhost") as s:
                s.sendall(b"GET /sign-in HTTP/1.1\r\nHost: localhost\r\n"
                          b"Connection: close\r\n\r\n")
                answer = b"".join(iter(lambda: s.recv(65536), b""))
            self.assertTrue(answer.startswith(b"HTTP/1.1 200"))
            self.assertIn(b"strict-transport-security: max-age=", answer.lower())
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            with self.assertRaises(ssl.SSLError), server.edge() as plain:
                context.wrap_socket(plain, server_hostname="localhost")
        finally:
            server.remove()


if __name__ == "__main__":
    unittest.main()
