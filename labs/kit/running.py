"""How a trial runs a learner's program: one command at a time, bounded, and
nothing of it left when the next one starts.

A trial runs in a box without the seed, and what it leaves is handed in by the
learner's program as much as by the trial: a program can end its trial, or
write over its files.  All of it is checked as answers are.
"""

import ctypes
import os
import resource
import selectors
import shutil
import signal
import subprocess
import time

PR_SET_CHILD_SUBREAPER = 36
GONE_SECONDS = 3


class Stuck(Exception):
    """Processes that do not end; the box will end them."""


def adopt_orphans():
    """From now on what loses its parent is a child of this process, so that
    a program in the background can be found and ended."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0,
                                               0, 0):
        raise OSError(ctypes.get_errno(), "PR_SET_CHILD_SUBREAPER")


def _descendants():
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, "rb") as f:
                    fields = f.read().rpartition(b")")[2].split()
                parents[int(name)] = int(fields[1])
            except (OSError, IndexError, ValueError):
                pass                    # it has ended meanwhile
    found, todo = [], [os.getpid()]
    while todo:
        parent = todo.pop()
        children = [pid for pid, of in parents.items() if of == parent]
        found += children
        todo += children
    return found


def end_all():
    """Ends every process that this one started, and theirs."""
    until = time.monotonic() + GONE_SECONDS
    while True:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return                      # no child, and no orphan
        if time.monotonic() > until:
            raise Stuck()
        for pid in _descendants():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.001)


def _await(p, seconds):
    """Waits for the end of a program, so long at most; it is found within a
    millisecond when it is near."""
    try:
        p.wait(seconds)
    except subprocess.TimeoutExpired:
        pass                            # whoever reads asks again


def _read(p, until, limit):
    """Both outputs, up to `limit` bytes each and the moment `until`; and why
    reading ended, if that was not the end of the program."""
    got = {p.stdout: bytearray(), p.stderr: bytearray()}
    over = None
    with selectors.DefaultSelector() as wait:
        for pipe in got:
            wait.register(pipe, selectors.EVENT_READ)
        while over is None:
            if not wait.get_map():      # it has closed both: it ends now,
                _await(p, 0.02)         # or goes on
            ended = p.poll() is not None
            ready = []
            if wait.get_map():
                ready = wait.select(0 if ended else 0.02)
            for key, _ in ready:
                data = os.read(key.fd, 65536)
                got[key.fileobj] += data
                if not data:
                    wait.unregister(key.fileobj)
                elif len(got[key.fileobj]) > limit:
                    over = "flood"
            if ended and not ready:
                break                   # whoever holds the pipes still
            if over is None and time.monotonic() > until:
                over = "timeout"
    return over, bytes(got[p.stdout][:limit]), bytes(got[p.stderr][:limit])


def leave(name, data):
    """Writes a file below $LAB_DIR/trial, whatever lies in its way: the
    program may have been there first."""
    into = os.path.join(os.environ["LAB_DIR"], "trial")
    if os.path.isdir(into) and not os.path.islink(into):
        shutil.rmtree(into)
    elif os.path.lexists(into):
        os.unlink(into)
    os.mkdir(into)
    with open(os.path.join(into, name), "wb") as f:
        f.write(data)


def run(argv, env, data=b"", seconds=5, cpu=3, limit=65536, cwd=None):
    """Runs a command with `data` as its standard input; answers how it ended
    ("exited", "signalled", "timeout", "flood", "refused": it could not be
    started), its exit status or signal, and what it wrote, cut at `limit`."""
    with open(os.path.join(os.environ.get("TMPDIR", "/tmp"),
                           "stdin.%d" % os.getpid()), "w+b") as stdin:
        os.unlink(stdin.name)
        stdin.write(data)
        stdin.seek(0)
        try:
            p = subprocess.Popen(
                argv, env=env, cwd=cwd, stdin=stdin, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, start_new_session=True,
                preexec_fn=lambda: resource.setrlimit(
                    resource.RLIMIT_CPU, (cpu, cpu + 1)))
        except (OSError, subprocess.SubprocessError):
            end_all()
            return "refused", 0, b"", b""
    try:
        over, out, err = _read(p, time.monotonic() + seconds, limit)
        if over is None:
            code = p.wait()
    finally:
        end_all()
        p.returncode = 0 if p.returncode is None else p.returncode
        p.stdout.close()
        p.stderr.close()
    if over is not None:
        return over, 0, out, err
    if code == -signal.SIGXCPU:
        return "timeout", 0, out, err
    return "signalled" if code < 0 else "exited", abs(code), out, err
