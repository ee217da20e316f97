#!/usr/bin/python3
"""Lab L04: the proof of every lab, and what this one promises beside it.

What its readers say is compared with the programs in L04_sshd_test.py and
L04_nginx_test.py."""
import os
import random
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from lab_proof import LabProof  # noqa: E402

SSH = "etc/ssh/sshd_config"
IMAGE = "etc/ssh/sshd_config.d/10-image.conf"
PARTNER = "etc/ssh/sshd_config.d/50-partner.conf"
NGINX = "etc/nginx/nginx.conf"
PORTAL = "etc/nginx/conf.d/portal.conf"
API = "etc/nginx/conf.d/partner-api.conf"


class L04(LabProof, unittest.TestCase):
    folder = "L04-sshd-nginx-hardening"

    def world(self, i=0):
        import truth
        return truth.World(bytes.fromhex(self.seeds[i]))

    def changed(self, path, old, new, i=0, files=None):
        """The solution with one place of it otherwise."""
        files = dict(files or self.solution(i))
        text = files[path].decode()
        self.assertIn(old, text)
        files[path] = text.replace(old, new).encode()
        return files

    def lost(self, files, i=0):
        """{check: (points, of)} of the checks that are not full."""
        got = self.score(self.seeds[i], self.hand_in(files))
        return {k: v for k, v in got.items() if v != self.points[k]}

    # ---------------------------------------------------------- what is scored

    def test_leaving_all_as_it_was_scores_nothing(self):
        files = {path: data for path, data in self.inputs()
                 if path.startswith("etc/")}
        self.assertEqual(sum(self.score(self.seeds[0], self.hand_in(
            files)).values()), 0)

    def test_a_line_at_the_end_belongs_to_the_last_match(self):
        files = {path: data for path, data in self.inputs()
                 if path.startswith("etc/ssh")}
        files[SSH] += (b"PermitRootLogin no\nPasswordAuthentication no\n"
                       b"X11Forwarding no\nMaxAuthTries 3\nLogLevel VERBOSE\n")
        got = self.score(self.seeds[0], self.hand_in(files))
        self.assertEqual(sum(got.values()), 0)

    def test_ssh_points_are_those_of_the_task(self):
        w = self.world()
        client = w.clients[w.partner].lists
        end = "PubkeyAcceptedAlgorithms -ssh-rsa*,ssh-dss*\n"
        for old, new, want in (
                ("PermitRootLogin no", "PermitRootLogin prohibit-password",
                 {"c1": 0}),
                (end, end + "Match Address %s\nPermitRootLogin yes\n"
                 % w.vendor_ip, {"c1": 0}),
                (end, end + "Match User %s\nPasswordAuthentication yes\n"
                 % w.batch, {"c2": 0}),
                ("KbdInteractiveAuthentication no\n", "", {"c2": 0}),
                ("UsePAM yes", "UsePAM yes\nAuthenticationMethods publickey,"
                 "publickey", {"c2": 0, "c3": 0, "c4": 0}),
                ("AllowGroups", "AllowGroups users", {"c3": 0}),
                ("AllowGroups " + w.admin_group, "AllowGroups", {
                    "c2": 0, "c3": 0}),
                (" %s %s\n" % (w.partner_group, w.batch), " %s\n" % w.batch,
                 {"c2": 0, "c3": 0, "c4": 0}),
                (" " + w.batch + "\n", "\n", {"c2": 0, "c3": 0}),
                (end, end + "Match User *,!%s\nForceCommand /bin/false\n"
                 % w.partner, {"c3": 0}),
                ("Subsystem sftp /usr/lib/openssh/sftp-server -f AUTH -l INFO",
                 "", {"c3": 0, "c4": 0, "c16": 0}),
                ("AllowTcpForwarding no", "AllowTcpForwarding local",
                 {"c5": 0}),
                (end, end + "Match Group *\nAllowAgentForwarding yes\n",
                 {"c5": 0}),
                ("AllowTcpForwarding no", "DisableForwarding yes", {}),
                ("LoginGraceTime ", "LoginGraceTime 0\n#", {"c6": 0}),
                ("LoginGraceTime ", "LoginGraceTime 2m\n#", {"c6": 0}),
                ("MaxAuthTries ", "MaxAuthTries 6\n#", {"c6": 0}),
                ("MaxAuthTries ", "MaxAuthTries %d\n#" % w.old_keys,
                 {"c6": 0}),
                ("MACs -", "MACs -umac-64*\n#", {"c7": 4}),
                ("MACs -", "#", {"c7": 4}),
                ("KexAlgorithms -*sha1\n", "KexAlgorithms curve25519-sha256\n",
                 {"c7": 0}),
                ("Ciphers -*-cbc\n", "Ciphers aes256-gcm@openssh.com\n",
                 {"c7": 0}),
                ("Ciphers -*-cbc\n", "Ciphers -*-cbc,%s\n" % client["ciphers"],
                 {"c7": 0}),
                ("HostKeyAlgorithms -ssh-rsa*,ssh-dss*",
                 "HostKeyAlgorithms ssh-ed25519", {"c7": 0}),
                (end, "PubkeyAcceptedAlgorithms ssh-ed25519\n", {"c7": 0}),
                ("LogLevel VERBOSE", "LogLevel INFO", {"c8": 0}),
                ("LogLevel VERBOSE", "LogLevel DEBUG", {"c8": 0}),
                ("Port 22", "Port 2222", {"c16": 0}),
                ("AuthorizedKeysFile /etc", "AuthorizedKeysFile /var",
                 {"c2": 0, "c3": 0, "c4": 0, "c16": 0})):
            with self.subTest(new=new):
                self.assertEqual(self.lost(self.changed(SSH, old, new)), want)

    def test_partner_points_are_those_of_the_task(self):
        w = self.world()
        for old, new, want in (
                ("ChrootDirectory " + w.chroot, "", {"c4": 0}),
                ("internal-sftp", "/usr/bin/false", {"c4": 0}),
                ("AllowTcpForwarding no", "AllowTcpForwarding yes",
                 {"c4": 5}),
                ("PermitTunnel no", "PermitTunnel yes", {"c4": 5}),
                ("Match Group " + w.partner_group, "Match User "
                 + w.partner, {}),
                ("Match Group " + w.partner_group, "Match Group "
                 + w.admin_group, {"c3": 0, "c4": 0}),
                ("PermitTTY no", "MaxSessions 0", {
                    "c2": 0, "c3": 0, "c4": 0}),
                ("Match Group", "match group", {})):
            with self.subTest(new=new):
                self.assertEqual(self.lost(self.changed(PARTNER, old, new)),
                                 want)
        files = self.solution()
        del files[PARTNER]
        self.assertEqual(self.lost(files), {"c4": 0})
        files = self.solution()
        del files[IMAGE]
        self.assertEqual(self.lost(files), {})

    def test_nginx_points_are_those_of_the_task(self):
        w = self.world()
        hsts = re.search(r"add_header Strict.*;", self.solution()[NGINX]
                         .decode()).group()
        limit = "limit_req zone=login burst=%d nodelay;" % w.burst_min
        guard = "        allow %s;\n        deny all;\n" % w.admin_net
        for path, old, new, want in (
                (NGINX, "TLSv1.2 TLSv1.3", "TLSv1.1 TLSv1.2", {"c9": 4}),
                (NGINX, "    ssl_protocols TLSv1.2 TLSv1.3;\n", "",
                 {"c9": 4}),
                (NGINX, hsts, hsts.replace(" always", ""), {"c9": 4}),
                (NGINX, hsts, hsts.replace("31536000", "86400"), {"c9": 4}),
                (PORTAL, hsts, "", {"c9": 4}),
                (NGINX, "server_tokens off;", "", {"c10": 0}),
                (API, "location / {", "server_tokens on;\nlocation / {",
                 {"c10": 0}),
                (NGINX, "autoindex off;", "autoindex on;", {"c11": 0}),
                (PORTAL, "expires 1h;", "autoindex on;", {"c11": 0}),
                (PORTAL, limit, "", {"c12": 0}),
                (PORTAL, limit, "limit_req zone=login;", {"c12": 0}),
                (PORTAL, limit, limit + "limit_req_dry_run on;", {"c12": 0}),
                (NGINX, "$binary_remote_addr", "$server_name", {"c12": 0}),
                (NGINX, "rate=%dr/m" % w.limit_max, "rate=1r/m", {"c12": 0}),
                (NGINX, "rate=%dr/m" % w.limit_max, "rate=1r/s", {"c12": 0}),
                (NGINX, "limit_req_zone", "limit_req zone=login burst=%d;\n"
                 "limit_req_zone" % w.burst_min, {"c15": 0}),
                (PORTAL, "deny all;", "allow all;", {"c13": 0}),
                (PORTAL, guard, "        deny all;\n        allow %s;\n"
                 % w.admin_net, {"c13": 0}),
                (PORTAL, "location ^~ " + w.admin, "location " + w.admin,
                 {"c13": 4}),
                (PORTAL, guard, "        return 403;\n", {"c13": 0}),
                (PORTAL, r"(?!well-known/)", "", {}),
                (PORTAL, "location ^~ /.well-known/", "location /.well-known/",
                 {}),
                (PORTAL, "    location ~ /\\.(?!well-known/) {", "    location"
                 " ~ /\\.ht {", {"c14": 2}),
                (API, "return 404;", "proxy_pass http://portal;\n"
                 "        include proxy_params;", {"c12": 0, "c13": 4,
                                                   "c14": 0}),
                (PORTAL, "location = " + w.health, "location = /gone",
                 {"c15": 5}),
                (API, "%dm" % w.body_mb, "8m", {"c16": 0}),
                (PORTAL, "127.0.0.1:", "127.0.0.2:", {"c16": 0}),
                (PORTAL, "include proxy_params;", "", {"c16": 0}),
                (NGINX, "access_log /var/log/nginx/access.log main",
                 "access_log off", {"c16": 0}),
                (PORTAL, "return 301", "return 307", {})):
            with self.subTest(path=path, new=new):
                got = self.lost(self.changed(path, old, new))
                if "c14" in want:       # how many are left is the seed's
                    self.assertIn(got.pop("c14"), (0, 2))
                    want = {k: v for k, v in want.items() if k != "c14"}
                self.assertEqual(got, want)

    def test_everything_redirected_to_tls_stops_the_health_check(self):
        files = self.changed(PORTAL, "    server_name _;\n", "    server_name "
                             "_;\n    return 301 https://$host$request_uri;\n")
        self.assertEqual(self.lost(files), {"c15": 5})

    def test_broken_configurations_lose_their_side_only(self):
        ssh = {"c%d" % i: 0 for i in range(1, 9)}
        web = {"c%d" % i: 0 for i in range(9, 16)}
        for path, more, want in (
                (SSH, "PermitRootLogon no\n", ssh), (SSH, "Port\n", ssh),
                (SSH, 'Banner "x\n', ssh), (SSH, "Match Bogus x\n", ssh),
                (SSH, "Match User x\nCiphers aes128-ctr\n", ssh),
                (SSH, "Ciphers rot13\n", ssh),
                (NGINX, "}", web), (NGINX, "http { }", web),
                (NGINX, "load_module modules/x.so;", web),
                (PORTAL, "server { listen 443 ssl default_server; }", web),
                (PORTAL, "server { if ($host) { return 200; } }", web),
                (PORTAL, "map $a $b { default 1; }", web),
                (PORTAL, "server { listen 80", web),
                (PORTAL, "server { location ~ ( { } }", web)):
            with self.subTest(more=more):
                files = self.solution()
                files[path] += b"\n" + more.encode()
                self.assertEqual(self.lost(files), {**want, "c16": 0})

    @unittest.skipUnless(os.access("/usr/sbin/nginx", os.X_OK),
                         "there is no nginx")
    def test_nginx_of_the_box_is_asked_too(self):
        import daemon
        import nginx_serve
        web = {"c%d" % i: 0 for i in range(9, 16)}
        site = nginx_serve.Site({p: d.decode() for p, d in
                                 self.solution().items() if "nginx" in p})
        self.assertTrue(daemon.nginx_takes(site))
        # The reader does not know these; nginx does.
        for more in ("ssl_ciphers NO-SUCH;", "ssl_ecdh_curve no-such;",
                     "gzip_comp_level 99;", "keepalive_timeout soon;"):
            files = self.changed(NGINX, "sendfile on;", "sendfile on;" + more
                                 ) if "keepalive" not in more else \
                self.changed(NGINX, "keepalive_timeout 65;", more)
            with self.subTest(more=more):
                self.assertEqual(self.lost(files), {**web, "c16": 0})

    # ------------------------------------------------------------------- marks

    def test_files_of_another_show_whose_they_are(self):
        theirs = self.marks(self.seeds[1], os.path.join(self.dirs[1], "out"))
        for part, key in (("ssh", "sshd"), ("nginx", "nginx")):
            files = self.solution()
            files.update((path, data) for path, data in
                         self.solution(1).items() if part in path)
            got = self.marks(self.seeds[0], self.hand_in(files))
            with self.subTest(part):
                self.assertEqual(got[key][1], theirs[key][2])
                self.assertEqual({k for k, (_, given, truth) in got.items()
                                  if given != truth}, {key})

    def test_what_many_would_write_leaves_no_mark(self):
        w = self.world()
        end = "PubkeyAcceptedAlgorithms -ssh-rsa*,ssh-dss*\n"
        start = {path: data for path, data in self.inputs() if "etc/" in path}
        for path, old, new, key in (
                (SSH, " %s %s\n" % (w.partner_group, w.batch), "\n", "sshd"),
                (SSH, end, end + "Match User nobody\n"
                 "AuthenticationMethods publickey\n"
                 "AuthenticationMethods any\n", "sshd"),
                (PORTAL, "allow " + w.admin_net, "allow 10.0.0.0/8", "nginx"),
                (PORTAL, "allow " + w.admin_net, "allow 192.0.2.0/24; allow "
                 + w.admin_net, "nginx")):
            files = self.changed(path, old, new)
            with self.subTest(new):
                self.assertEqual(self.marks(self.seeds[0], self.hand_in(
                    files))[key][1], "none")
        self.assertEqual(self.marks(self.seeds[0], self.hand_in(start))
                         ["nginx"][1], "none")

    def test_own_files_written_otherwise_have_the_same_mark(self):
        w = self.world()
        own = self.marks(self.seeds[0], os.path.join(self.dirs[0], "out"))
        groups = (w.admin_group, w.partner_group, w.batch)
        files = self.changed(SSH, "AllowGroups %s %s %s\n" % groups, "".join(
            "AllowGroups %s\n" % g for g in reversed(groups)))
        self.assertEqual(self.marks(self.seeds[0], self.hand_in(files)), own)

    # ----------------------------------------------------------------- hostile

    def test_nothing_that_is_named_is_opened_or_run(self):
        mark = os.path.join(self.top, "made")
        run = "/bin/sh -c 'touch %s'" % mark
        for path, more in (
                (SSH, "Include /proc/self/environ /dev/zero /etc/passwd\n"),
                (SSH, "Include ../../../../etc/ssh/sshd_config\n"),
                (SSH, "Include /etc/ssh/sshd_config\n"),
                (IMAGE, "Include sshd_config.d/*\n"),
                (SSH, "HostKey /dev/zero\nHostKeyAgent %s\n" % mark),
                (SSH, "ForceCommand %s\nAuthorizedKeysCommand %s\n"
                 "AuthorizedKeysCommandUser root\n" % (run, run)),
                (SSH, "PidFile %s\nModuliFile /dev/zero\n" % mark),
                (NGINX, "error_log %s debug;\npid %s;\n" % (mark, mark)),
                (NGINX, "include /proc/self/mem;\n"),
                (NGINX, "include /dev/zero;\n"),
                (NGINX, "include nginx.conf;\n"),
                (NGINX, "load_module %s;\n" % mark),
                (PORTAL, "include conf.d/*.conf;\n"),
                (PORTAL, "server { access_log %s; ssl_certificate %s; }\n"
                 % (mark, mark)),
                (PORTAL, "access_log syslog:server=192.0.2.1;\n"),
                (PORTAL, "server { listen unix:%s; }\n" % mark),
                (PORTAL, "proxy_temp_path %s;\n" % mark),
                (PORTAL, "perl_require %s;\n" % mark)):
            with self.subTest(more=more):
                files = self.solution()
                files[path] = more.encode() + files[path]
                self.lost(files)
                self.assertFalse(os.path.exists(mark))

    def test_costly_files_end_in_time(self):
        deep = "location / {" * 5000
        wide = "".join("location /%d { }\n" % i for i in range(4000))
        for path, data in (
                (SSH, "Match User %s\n" % ("*a" * 1900) * 16),
                (SSH, "AllowUsers " + "a*" * 1900 + "\n"),
                (SSH, "Include sshd_config\n" * 3000),
                (SSH, "Match Address " + "10.0.0.0/8," * 350 + "10.0.0.0/8\n"
                 + "X11Forwarding no\n" * 3000),
                (SSH, "Ciphers -" + "*a*a*a*a*b," * 300 + "x\n"),
                (NGINX, "events { } http { server { %s } }" % deep),
                (NGINX, "events { } http { server { %s } }" % wide),
                (NGINX, "events { } http { server { location ~ (a+)+$ { } } }"),
                (NGINX, "events { } http { server { location ~ "
                 "a*a*a*a*a*a*a*b { } } }"),
                (NGINX, "events { } http { server { location ~ (a|aa)+$ { }"
                 " } }"),
                (NGINX, "events { } http { include nginx.conf; }"),
                (NGINX, "events { } http { server { return 301 /; "
                 "error_page 301 /; recursive_error_pages on; } }")):
            with self.subTest(data=data[:60]):
                got = self.score(self.seeds[0], self.hand_in(
                    {path: data.encode()}))
                self.assertLess(sum(got.values()), 20)

    def test_mutated_files_never_break_the_check(self):
        rng = random.Random("L04 mutants")
        for _ in range(20):
            files = {}
            for path, data in self.solution().items():
                data = bytearray(data)
                for _ in range(rng.choice([0, 0, 1, 3])):
                    at = rng.randrange(len(data))
                    what = rng.randrange(3)
                    if what == 0:
                        del data[at:at + rng.randint(1, 40)]
                    elif what == 1:
                        data[at:at] = rng.choice(
                            [b"{", b"}", b";", b'"', b"\\", b"\n", b"\0",
                             b"\xff", b"Match all\n", b"#", b" "])
                    else:
                        piece = bytes(data[at:at + 60])
                        data[rng.randrange(len(data)):0] = piece
                files[path] = bytes(data) or b"x"
            self.score(self.seeds[0], self.hand_in(files))

    # ------------------------------------------------------------ what is given

    def test_crlf_and_a_byte_order_mark_are_read(self):
        files = {p: b"\xef\xbb\xbf" + d.replace(b"\n", b"\r\n")
                 for p, d in self.solution().items()}
        self.assertEqual(self.lost(files), {})

    def test_the_tool_reads_what_is_handed_out(self):
        w = self.world()
        d = os.path.join(self.dirs[0], "in")

        def tool(*args, cwd=d):
            return subprocess.run(
                [sys.executable, "-B", os.path.join(d, "confcheck.py"), *args],
                cwd=cwd, capture_output=True, text=True)
        self.assertEqual(tool().stdout, "OK\n")
        said = tool("ssh", w.partner, w.partner_group, w.partner_ips[0]).stdout
        self.assertIn("chrootdirectory " + w.chroot + "\n", said)
        self.assertIn("# may enter: yes", said)
        self.assertIn("passwordauthentication yes\n", said)
        said = tool("web", "GET", "https://%s%sapp.js" % (w.portal, w.admin),
                    w.outside[0]).stdout
        self.assertIn("200 proxy", said)
        self.assertIn("css|js", said)
        out = os.path.join(self.dirs[0], "out")
        self.assertEqual(tool(cwd=out).stdout, "OK\n")
        bad = self.hand_in(self.changed(SSH, "Port 22", "Prot 22"))
        self.assertIn("sshd_config line 6", tool(cwd=bad).stderr)

    def test_worlds_keep_their_promises(self):
        import hashlib
        import ipaddress
        import truth
        for i in range(60):
            w = truth.World(hashlib.sha256(b"promise %d" % i).digest())
            net = ipaddress.ip_network(w.admin_net)
            self.assertTrue(all(ipaddress.ip_address(a) in net
                                for a in w.admin_hosts))
            self.assertFalse(any(ipaddress.ip_address(a) in net for a in
                                 w.outside + [w.batch_ip, w.host_ip, w.lb]))
            self.assertEqual(len(w.groups), 10)
            self.assertLess(w.old_keys, w.tries_max)
            places = (w.folder, w.static, w.admin, w.login + "/",
                      w.api_path, w.health + "/")
            for one in places:
                self.assertFalse([p for p in places
                                  if p != one and p.startswith(one)])


if __name__ == "__main__":
    unittest.main()
