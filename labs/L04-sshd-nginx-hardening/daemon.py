"""The real sshd and nginx of the box, asked about files that nobody trusts.

SECURITY: neither program ever sees a learner's file. What it is given is
written anew from what the lab's readers understood, below a directory of our
own, and only in the modes that read and end (`sshd -t`, `sshd -T`, `nginx
-t`): no connection is taken, no ForceCommand or AuthorizedKeysCommand runs.

- Every Include is replaced by the files that were handed in; one of /proc or
  /dev names nothing here.
- sshd opens host keys, certificates and the agent's socket while it reads, and
  looks names up in ListenAddress: those lines are left out.
- nginx opens logs, certificates, the pid file and its sockets, loads modules
  and looks up names: the readers refuse load_module and all that they do not
  know; logs go to /dev/null, sockets and temporary files below our directory,
  certificates are left out (ssl_reject_handshake needs none), upstreams are
  127.0.0.1.
- Limits of time, memory and file size hold for each run, and the box around
  it has no network and nothing to read.

Where a plain file of our own does not pass, the program cannot run here, and
nothing is concluded from it."""

import json
import os
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

import nginx_conf
import sshd_conf
import sshd_names

SSHD, KEYGEN = "/usr/sbin/sshd", "/usr/bin/ssh-keygen"
NGINX = "/usr/sbin/nginx"
WALL_SECONDS = 5
CPU_SECONDS = 2
MEMORY = 400 << 20
FILE_BYTES = 1 << 20


def _limits():
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if os.geteuid() == 0:       # outside a box, sshd asks root for a user
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)


def _run(top, args):
    """What it printed, or None: it did not end well."""
    path = os.path.join(top, "printed")
    try:
        with open(path, "wb") as out:
            done = subprocess.run(
                args, cwd=top, env={"PATH": "/usr/bin:/bin", "LANG": "C"},
                preexec_fn=_limits, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.DEVNULL, timeout=WALL_SECONDS)
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read() if done.returncode == 0 else None
    except (OSError, subprocess.SubprocessError):
        return None


def _directory():
    top = tempfile.mkdtemp(prefix="d")
    if os.geteuid() == 0:
        os.chown(top, 65534, 65534)
    return top


# ------------------------------------------------------------------- sshd

NOT_GIVEN = ("hostkey", "hostcertificate", "hostkeyagent", "listenaddress")


class Sshd:
    def __init__(self, config):
        self.config = config
        self.there = self.can_print = False
        self.top = None
        if not (os.access(SSHD, os.X_OK) and os.access(KEYGEN, os.X_OK)):
            return
        self.top = _directory()
        self.key = os.path.join(self.top, "key")
        if _run(self.top, [KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f",
                           self.key]) is None:
            return
        self._write("plain", "MaxAuthTries 3\n")
        printed = self._print("plain")
        self.there = printed is not None
        # Another version has other defaults than the one of the task.
        self.can_print = self.there and all(
            (name + " " + ",".join(default)) in printed.splitlines()
            for name, (_, default) in sshd_names.LISTS.items()
            if name not in ("casignaturealgorithms",
                            "hostbasedacceptedalgorithms"))

    def __del__(self):
        if self.top:
            shutil.rmtree(self.top, ignore_errors=True)

    def _write(self, name, text):
        path = os.path.join(self.top, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(path, 0o644)

    def _print(self, name, who="user=nobody,addr=192.0.2.1,host=x,"
               "laddr=192.0.2.254,lport=22", mode="-T"):
        args = [SSHD, mode, "-h", self.key, "-f",
                os.path.join(self.top, name)]
        return _run(self.top, args + (["-C", who] if mode == "-T" else []))

    def _line(self, path, number, raw, c, names):
        parts = sshd_conf.split_keyword(raw)
        if parts is None:
            return ""
        word, rest = parts
        name = sshd_names.ALIASES.get(word.lower(), word.lower())
        if name in NOT_GIVEN:
            return ""
        if name == "include":
            found = self.config.includes.get((path, number), [])
            return "Include " + " ".join(
                os.path.join(self.top, names[p]) for p in found) \
                if found else ""
        if name == "match" and c is not None:
            words = sshd_conf.split_arguments(rest)
            for i in range(0, len(words) - 1, 2):
                if words[i].lower() == "group":
                    # The box does not know the users of the task.
                    hit = [sshd_conf.match_list(g, words[i + 1])
                           for g in c.groups]
                    words[i] = "LocalPort"
                    words[i + 1] = "22" if 1 in hit and -1 not in hit else "1"
            rest = " ".join('"%s"' % w if i % 2 else w
                            for i, w in enumerate(words))
        return word + " " + rest

    def _files(self, c):
        names = {path: "f%d" % i for i, path in
                 enumerate(sorted(self.config.files))}
        for path, text in self.config.files.items():
            lines = [self._line(path, n, raw, c, names) for n, raw in
                     enumerate(text.split("\n"), 1)]
            self._write(names[path], "\n".join(lines) + "\n")
        return names[sshd_conf.MAIN]

    def takes(self):
        return self._print(self._files(None), mode="-t") is not None

    def effective(self, c):
        """As Config.effective, from what the daemon prints; what it was not
        given stays as the reader has it."""
        out = self.config.effective(c)
        printed = self._print(
            self._files(c), "user=%s,addr=%s,host=%s,laddr=%s,lport=%d"
            % (c.user, c.address, c.host, c.local, c.port))
        if printed is None:
            raise sshd_conf.Refused(sshd_conf.MAIN, 0, "sshd -T")
        lines = {}
        for line in printed.splitlines():
            name, _, value = line.partition(" ")
            lines.setdefault(name, []).append(value.strip())
        for name, (kind, _, _) in sshd_names.KEYWORDS.items():
            if name in NOT_GIVEN or kind == "any":
                continue
            got = lines.get(name, [])
            if name == "subsystem":
                out[name] = [tuple((one.split(" ", 1) + [""])[:2])
                             for one in got]
            elif kind == "sum":
                out[name] = got
            elif not got:
                continue
            elif kind == "names":
                out[name] = got[0].split(",")
            elif kind == "list":
                out[name] = got[0].split(" ")
            else:
                out[name] = int(got[0]) if kind in ("int", "time") else got[0]
        return out


# ------------------------------------------------------------------ nginx

LEFT_OUT = set("""user pid error_log worker_processes worker_priority
worker_rlimit_nofile worker_cpu_affinity pcre_jit timer_resolution use
worker_shutdown_timeout ssl_certificate ssl_certificate_key ssl_dhparam
ssl_trusted_certificate ssl_client_certificate ssl_verify_client ssl_stapling
ssl_stapling_verify ssl_session_cache ssl_reject_handshake resolver
worker_connections""".split())
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def _word(text):
    return '"%s"' % text.replace("\\", "\\\\").replace('"', '\\"')


def _emit(node, top, sockets, context):
    """The lines of a block, written anew."""
    out = []
    for child in node.children:
        name, words = child.name, list(child.arguments)
        if name in LEFT_OUT:
            continue
        if name == "access_log" and words[0] != "off":
            words = ["/dev/null"] + words[1:2]
            words = [w for w in words if "=" not in w]
        elif name == "auth_basic_user_file":
            words = ["/dev/null"]
        elif name == "server" and context == "upstream":
            words = ["127.0.0.1:1"]
        elif name == "limit_req_zone" or name == "limit_conn_zone":
            words = [re.sub("^(zone=[^:]*):.*", r"\1:1m", w) for w in words]
        elif name == "zone":
            words = words[:1] + ["1m"]
        elif name == "proxy_pass":
            words = [re.sub("^(https?://)(?:localhost)", r"\g<1>127.0.0.1",
                            words[0])]
        elif name == "listen":
            words = _socket(words, top, sockets)
        line = " ".join([name] + [_word(w) for w in words])
        if not nginx_conf.TABLE.get(name, (0, 0, 0, False))[3] \
                and not (name == "server" and context == "http"):
            out.append(line + ";")
            continue
        if name == "types":
            out.append("types { }")
            continue
        out.append(line + " {")
        out += _emit(child, top, sockets, name)
        if name == "server":
            out.append("ssl_reject_handshake on;")
            if not child.first("listen"):
                out.append("listen unix:%s/s-80;" % top)
        elif name == "http":
            out += ["%s_temp_path %s/t-%s;" % (one, top, one)
                    for one in TEMPORARY]
            if not child.first("access_log"):
                out.append("access_log off;")
        elif name == "events":
            out.append("worker_connections 16;")
        out.append("}")
    return out


def _socket(words, top, sockets):
    place = words[0] if ":" in words[0] or not words[0].isdigit() \
        else "*:" + words[0]
    number = sockets.setdefault(place, len(sockets))
    keep = [w for w in words[1:] if w in ("ssl", "http2", "default_server")]
    return ["unix:%s/s%d" % (top, number)] + keep


def _nginx(top, lines):
    path = os.path.join(top, "nginx.conf")
    with open(path, "w", encoding="utf-8", errors="replace") as f:
        f.write("pid %s/pid;\nerror_log stderr crit;\n" % top
                + "\n".join(lines) + "\n")
    os.chmod(path, 0o644)
    return _run(top, [NGINX, "-t", "-q", "-e", "stderr", "-p", top, "-c",
                      path]) is not None


def nginx_takes(site):
    """Does nginx -t take this, where it can run?"""
    if not os.access(NGINX, os.X_OK):
        return True
    top = _directory()
    try:
        plain = ["events { }", "http {", "access_log off;", "server {",
                 "listen unix:%s/p;" % top, "}",
                 *("%s_temp_path %s/t-%s;" % (one, top, one)
                   for one in TEMPORARY), "}"]
        if not _nginx(top, plain):
            return True
        return _nginx(top, _emit(site.root, top, {}, "main"))
    finally:
        shutil.rmtree(top, ignore_errors=True)


# ------------------------------------------------------------------ apart

def apart(work, files, world, cpu):
    """work(files, world) = ({check: (points, key)}, bool, texts in lists or
    None) in a process of its own, or None: it took too long or too much. A
    mistake of ours ends the check."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 3
        try:
            os.close(ours)
            resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
            got = work(files, world)
            with os.fdopen(theirs, "w") as f:
                json.dump(got, f)
            status = 0
        except (MemoryError, RecursionError):
            status = 2
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(theirs)
    data, end = b"", time.monotonic() + 3 * cpu
    while True:
        ready, _, _ = select.select([ours], [], [],
                                    max(0, end - time.monotonic()))
        piece = os.read(ours, 65536) if ready else b""
        if not ready:
            os.kill(pid, signal.SIGKILL)
        if not piece:
            break
        data += piece
    os.close(ours)
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 3:
        sys.exit("check: a judge broke")
    if status != 0:
        return None
    results, kept, shown = json.loads(data)
    return {name: tuple(one) for name, one in results.items()}, kept, shown
