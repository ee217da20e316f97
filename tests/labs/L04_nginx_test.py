#!/usr/bin/python3
"""Lab L04: what its reader of nginx.conf says is what nginx does.

Needs nginx (below TANREN_DAEMONS where packages were only unpacked) and the
right to make a network namespace, with a loopback of its own in which the test
comes from any address; elsewhere it is skipped."""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "labs", "L04-sshd-nginx-hardening"))
import nginx_conf  # noqa: E402
import nginx_serve  # noqa: E402

NGINX = os.environ.get("TANREN_DAEMONS", "") + "/usr/sbin/nginx"
if not os.access(NGINX, os.X_OK):
    NGINX = "/usr/sbin/nginx"
CASES = 300
REQUESTS = 12
LOCAL = ("10.20.0.1", "10.20.0.2")
FOLDERS, FILES = ("a", "b", "adm"), ("x.js", "y.bak", ".env")


def missing():
    """Why the daemon cannot be asked, or None."""
    if not os.access(NGINX, os.X_OK):
        return "there is no nginx"
    if os.geteuid() != 0 or subprocess.run(
            ["unshare", "--net", "--mount", "ip", "link", "set", "lo", "up"],
            capture_output=True).returncode:
        return "there are no network namespaces here"
    return None


# Runs in the namespace: nginx for each case, its requests, the answers.
DRIVER = r"""
import http.client, http.server, json, os, signal, socket, subprocess, sys
import threading, time
top, nginx = sys.argv[1:]
class Back(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        n = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(n)
        body = b"proxy"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_POST = do_GET
    def log_message(self, *a): pass
back = http.server.ThreadingHTTPServer(("127.0.0.1", 9000), Back)
threading.Thread(target=back.serve_forever, daemon=True).start()
def ask(q):
    try:
        c = http.client.HTTPConnection(q["local"], q["port"], timeout=5,
                                       source_address=(q["client"], 0))
        c.putrequest(q["method"], q["path"], skip_host=True)
        c.putheader("Host", q["host"])
        c.putheader("Content-Length", "0")
        c.endheaders()
        r = c.getresponse()
        body = r.read(300).decode("latin-1")
        return [r.status, sorted(v for k, v in r.getheaders()
                                 if k.lower() == "x-mark"),
                r.getheader("Location"), body]
    except (ConnectionError, http.client.HTTPException):
        return [0, [], None, ""]
    finally:
        c.close()
answers = []
for case in json.load(open(top + "/cases")):
    shutil_files = case["files"]
    for path, text in shutil_files.items():
        full = top + "/" + path
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w") as f:
            f.write(text)
    conf = top + "/etc/nginx/nginx.conf"
    base = [nginx, "-c", conf, "-p", top, "-e", top + "/error.log", "-g",
            "daemon off; master_process off; pid %s/pid;" % top]
    test = subprocess.run(base[:-1] + ["pid %s/pid;" % top, "-t"],
                          capture_output=True, text=True)
    if test.returncode:
        answers.append([test.stderr, None])
        continue
    p = subprocess.Popen(base, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                socket.create_connection(("10.20.0.1", 80), 1).close()
                break
            except ConnectionError:
                time.sleep(0.01)
        answers.append([None, [[ask(q), ask(q)] for q in case["requests"]]])
    finally:
        p.kill()
        p.wait()
json.dump(answers, sys.stdout)
"""


def ask(cases, top):
    with open(os.path.join(top, "cases"), "w") as f:
        json.dump(cases, f)
    with open(os.path.join(top, "driver"), "w") as f:
        f.write(DRIVER)
    for root in ("r0", "r1", "r2"):     # directories "b" have no index
        level = [""]
        for _ in range(4):
            for where in level:
                d = os.path.join(top, root, where)
                os.makedirs(d, exist_ok=True)
                names = FILES if where[-1:] == "b" else FILES + ("index.html",)
                for name in names:
                    with open(os.path.join(d, name), "w") as f:
                        f.write(root)
            level = [os.path.join(w, one) for w in level for one in FOLDERS]
    subprocess.run(["chmod", "-R", "a+rX", top], check=True)
    script = ("ip link set lo up && ip route add local 10.20.0.0/16 dev lo && "
              "exec python3 -B driver %s %s" % (top, NGINX))
    done = subprocess.run(["unshare", "--net", "sh", "-c", script], cwd=top,
                          capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


# ------------------------------------------------------------ configurations

def some_directives(rng, kind, mark):
    """Lines of a server or a location."""
    out = []

    def maybe(share, *lines):
        if rng.random() < share:
            out.append(rng.choice(lines))
    maybe(.35, "add_header X-Mark %s always;" % mark,
          "add_header X-Mark %s;" % mark,
          "add_header X-Mark %s always;\nadd_header X-Mark more;" % mark,
          "add_header X-Other %s;" % mark)
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        maybe(.6, "allow 10.20.1.0/24;", "deny all;", "allow all;",
              "deny 10.20.2.0/24;", "allow 10.20.2.7;")
    maybe(.15, "limit_req zone=z1;", "limit_req zone=z2;",
          "limit_req zone=z1;\nlimit_req zone=z2;")
    maybe(.04, "limit_req_dry_run on;", "limit_req_status 429;")
    maybe(.15, "autoindex on;", "autoindex off;")
    maybe(.06, "satisfy any;", "satisfy all;")
    maybe(.06, 'auth_basic "x";\nauth_basic_user_file none;',
          "auth_basic off;")
    maybe(.15, "error_page 403 404 /a/x.js;", "error_page 404 =200 /b/;",
          "error_page 403 = /a/b/y.bak;", "error_page 403 @n;",
          "error_page 404 = @n;", "error_page 403 http://h.example/;")
    if kind == "server":
        maybe(.04, "return 301 https://x.example/;", "return 404;")
        maybe(.3, "root {TOP}/r1;")
        return out
    what = rng.random()
    if what < .3:
        out.append(rng.choice(["proxy_pass http://127.0.0.1:9000;",
                               "proxy_pass http://up;"]))
    elif what < .45:
        out.append(rng.choice([
            "return 403;", "return 404;", "return 200 here-%s;" % mark,
            "return 301 /b/;", "return 444;", "return 302 http://x.example/;",
            'return 404 "gone";', "return /adm/;",
        ]))
    elif what < .55:
        out.append(rng.choice([
            "try_files $uri $uri/ =404;", "try_files $uri @n;",
            "try_files /none =403;", "try_files /none /b/x.js;",
            "try_files /none @n;", "try_files $uri/ =404;"]))
    elif what < .7:
        out.append("root {TOP}/r2;")
    if rng.random() < .05:
        out.append("internal;")
    if rng.random() < .08:
        out.append("limit_except GET { deny all; }")
    if rng.random() < .006:
        out.append(rng.choice(["return", "deny bad;", "limit_req zone=no;",
                               "autoindex yes;", "listen 80;", "return 9x9;",
                               "error_page 200 /x;", "proxy_pass http://no;"]))
    return out


def some_uri(rng, slash=.4):
    parts = [rng.choice(FOLDERS) for _ in range(rng.randint(0, 2))]
    end = "/" if rng.random() < slash or not parts else ""
    if rng.random() < .5:
        parts.append(rng.choice(FILES))
        end = ""
    return "/" + "/".join(parts) + end


def some_location(rng, depth, count, inside=""):
    count[0] += 1
    mark = "m%d" % count[0]
    roll = rng.random()
    if roll < .3 or inside == "~" and rng.random() < .98:
        head = rng.choice([r"~ \.js$", r"~* \.(BAK|old)$", r"~ /\.",
                           r"~ ^/adm(/|$)", r'~ "^/a/.{1,9}$"', r"~ ^/$",
                           r"~ /\.(?!well)", r"~ \.(?:js|css)$"])
    else:
        uri = some_uri(rng)
        if inside and rng.random() < .98:
            uri = inside.rstrip("/") + uri if inside != "/" else uri
            if not uri.startswith(inside):
                uri = inside
        sign = rng.choice(["", "", "", "=", "^~"])
        head = (sign + " " + uri).strip()
        if sign and rng.random() < .3:
            head = sign + uri
    body = some_directives(rng, "location", mark)
    if depth < 2 and not head.startswith("="):
        base = head.split()[-1] if not head.startswith("~") else "~"
        if base.startswith("^~"):
            base = base[2:]
        for _ in range(rng.choice([0, 0, 0, 0, 1, 2])):
            body.append(some_location(rng, depth + 1, count, base))
    rng.shuffle(body)
    return "location %s {\n%s\n}" % (head, "\n".join(body))


def some_server(rng, n, count):
    body = some_directives(rng, "server", "s%d" % n)
    listen = rng.choice([["80"], ["80"], ["10.20.0.1:80"], ["*:80"],
                         ["80", "81"]])
    names = rng.choice([["one.example"], ["two.example", "*.two.example"],
                        [".three.example"], ["one.*"], ["~^o.e\\."], ["_"],
                        []])
    for one in listen:
        body.append("listen %s%s;" % (one, rng.choice(
            ["", "", "", " default_server"]) if n else ""))
    if names:
        body.append("server_name %s;" % " ".join(names))
    for _ in range(rng.randint(1, 5)):
        body.append(some_location(rng, 0, count))
    if rng.random() < .9:
        body.append("location @n {\n%s\n}" % rng.choice([
            "return 200 named;", "proxy_pass http://127.0.0.1:9000;",
            "return 410;", "add_header X-Mark n always;\nreturn 403;"]))
    rng.shuffle(body)
    return "server {\n%s\n}" % "\n".join(body)


def some_case(rng, top):
    count, extra = [0], []
    servers = [some_server(rng, n, count) for n in range(rng.randint(1, 3))]
    http = ["default_type text/plain;", "access_log off;", "types { }",
            "root {TOP}/r0;", "include conf.d/*.conf;", "include mime.types;",
            "limit_req_zone $binary_remote_addr zone=z1:1m rate=1r/m;",
            "upstream up { server 127.0.0.1:9000; }",
            "limit_req_zone $remote_addr zone=z2:1m rate=1r/m;"]
    http.append("server { listen 82; listen 10.20.0.1:80; "
                "server_name zz; }")
    for line in some_directives(rng, "server", "h"):
        if not line.startswith(("return", "root")):
            http.append(line)
    extra = servers[1:]
    files = {"etc/nginx/conf.d/a.conf": "\n".join(extra),
             "etc/nginx/mime.types": "types { text/html html; }",
             "etc/nginx/nginx.conf":
             "user nobody nogroup;\nworker_processes 1;\nerror_log /dev/null;\n"
             "events { }\nhttp {\n%s\n%s\n}\n"
             % ("\n".join(http), servers[0])}
    files = {p: t.replace("{TOP}", top) for p, t in files.items()}
    requests = []
    clients = ["10.20.2.7"] + ["10.20.%d.%d" % (net, n) for net in (1, 2, 3)
                               for n in rng.sample(range(10, 250), 4)]
    rng.shuffle(clients)
    for _ in range(REQUESTS):
        path = some_uri(rng, 1)
        roll = rng.random()
        if roll < .05:
            path = path.replace("a", "%61")
        elif roll < .1:
            path = "/b/.." + path
        elif roll < .14:
            path = "/" + path
        elif roll < .18:
            path += "?q=/../x"
        elif roll < .2:
            path = "/.." + path
        requests.append({
            "path": path, "local": rng.choice(LOCAL), "port": 80,
            "client": clients.pop(),     # each once: the limits remember
            "method": "POST" if rng.random() < .12 else "GET",
            "host": rng.choice(["one.example", "a.two.example", "two.example",
                                "x.three.example", "three.example", "one.jp",
                                "ONE.example:80", "none.example"])})
    return {"files": files, "requests": requests}


def limited_status(answer):
    return int(nginx_serve.held_value(answer.chain, "limit_req_status",
                                      "503"))


@unittest.skipIf(missing(), missing())
class NginxDoesTheSame(unittest.TestCase):
    maxDiff = None

    def test_hundreds_of_generated_configurations(self):
        rng = random.Random("L04 nginx")
        top = tempfile.mkdtemp(prefix="L04-nginx-")
        self.addCleanup(shutil.rmtree, top)
        cases = [some_case(rng, top) for _ in range(CASES)]
        good = 0
        for case, (complaint, got) in zip(cases, ask(cases, top)):
            try:
                site, why = nginx_serve.Site({
                    p.replace(top + "/", ""): t
                    for p, t in case["files"].items()}), None
            except nginx_conf.Refused as refused:
                site, why = None, str(refused)
            with self.subTest(files=case["files"], complaint=complaint):
                self.assertEqual(site is None, got is None, why)
            if site is None or got is None:
                continue
            good += 1
            for q, (first, second) in zip(case["requests"], got):
                self.one(case, site, q, first, second)
        self.assertGreater(good, CASES // 2)
        self.assertLess(good, CASES)

    def one(self, case, site, q, first, second):
        host = q["host"]
        a = site.answer(nginx_serve.Request(
            "http", host, q["path"], q["client"], q["method"], q["local"],
            q["port"], lambda uri: not uri.endswith("b/")))
        with self.subTest(files=case["files"], request=q,
                          mine=(a.status, a.kind, a.text, a.limits)):
            if a.kind == "closed":
                self.assertEqual(first[0], 0)
                return
            self.assertEqual(a.status, first[0])
            if a.status == 400:
                return      # nginx has not looked at the host yet
            if a.kind != "redirect" or not a.text.startswith("/"):
                self.assertEqual(sorted(a.headers("X-Mark")), first[1])
            if a.kind == "proxy":
                self.assertEqual(first[3], "proxy")
            elif a.kind == "static":
                root = nginx_serve.held_value(a.chain, "root", "")
                self.assertEqual(first[3], root.rpartition("/")[2])
            elif a.kind == "listing":
                self.assertIn("Index of", first[3])
            elif a.kind == "return":
                self.assertEqual(first[3], a.text)
            elif a.kind == "redirect":
                self.assertTrue(first[2].partition("?")[0].endswith(a.text),
                                first)
            if a.limits and second[0] != first[0] or not a.limits:
                return
            # Limited, and the second request got through: only where an
            # error page stands in for the refusal.
            self.assertEqual(second[0], limited_status(a))


if __name__ == "__main__":
    unittest.main()
