#!/usr/bin/python3
"""Lab L04: what its reader of sshd_config says is what `sshd -T` says.

Needs sshd 9.2 (below TANREN_DAEMONS where packages were only unpacked) and the
right to make a mount namespace, in which /etc/ssh, the users and the groups
are the test's; elsewhere it is skipped."""
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
import sshd_conf  # noqa: E402
import sshd_names  # noqa: E402

TOP = os.environ.get("TANREN_DAEMONS", "")
SSHD, KEYGEN = TOP + "/usr/sbin/sshd", TOP + "/usr/bin/ssh-keygen"
LIBRARIES = ":".join(TOP + d for d in ("/usr/lib/x86_64-linux-gnu",
                                       "/lib/x86_64-linux-gnu")) if TOP else ""
NOBODY = 65534
CASES = 600
PEOPLE = {"root": ["root"], "mori": ["staff", "ops"], "batch01": ["batch01"],
          "ext-sato": ["ext"], "oki": ["ops", "ext"]}
ADDRESSES = ("192.0.2.7", "198.51.100.20", "10.20.1.5", "2001:db8::5")


def missing():
    """Why the daemon cannot be asked, or None."""
    if not os.access(SSHD, os.X_OK) or not os.access(KEYGEN, os.X_OK):
        return "there is no sshd"
    if os.geteuid() != 0 or not os.path.isdir("/etc/ssh"):
        return "only root, with a directory /etc/ssh, puts another one there"
    if subprocess.run(["unshare", "--mount", "true"],
                      capture_output=True).returncode:
        return "there are no mount namespaces here"
    version = subprocess.run([SSHD, "-V"], capture_output=True, text=True,
                             env={"LD_LIBRARY_PATH": LIBRARIES}).stderr
    return None if "OpenSSH_9.2" in version else "sshd is not 9.2"


# Runs as nobody in the namespace: writes each case to /etc/ssh, asks sshd.
DRIVER = """
import json, os, subprocess, sys
cases, answers, sshd, key = json.load(open(sys.argv[1])), [], *sys.argv[2:]
for case in cases:
    for path in ("/etc/ssh/sshd_config.d", "/etc/ssh/extra"):
        os.makedirs(path, exist_ok=True)
        for name in os.listdir(path):
            os.unlink(path + "/" + name)
    for path, text in case["files"].items():
        with open("/" + path, "w") as f:
            f.write(text)
    done = subprocess.run([sshd, "-T", "-h", key, "-C", case["who"]],
                          capture_output=True, text=True)
    answers.append((done.returncode, done.stdout, done.stderr))
json.dump(answers, sys.stdout)
"""


def ask(cases):
    """[(status, what it printed, its complaint)] of the daemon."""
    top = tempfile.mkdtemp(prefix="L04-sshd-")
    try:
        key = os.path.join(top, "key")
        env = dict(os.environ, LD_LIBRARY_PATH=LIBRARIES)
        subprocess.run([KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", key],
                       check=True, env=env)
        groups = sorted({g for gs in PEOPLE.values() for g in gs})
        ids = {g: 2000 + i for i, g in enumerate(groups)}
        with open(os.path.join(top, "passwd"), "w") as f:
            for i, (user, gs) in enumerate(PEOPLE.items()):
                f.write("%s:x:%d:%d::/:/bin/sh\n"
                        % (user, 0 if user == "root" else 3000 + i, ids[gs[0]]))
        with open(os.path.join(top, "group"), "w") as f:
            for g in groups:
                f.write("%s:x:%d:%s\n" % (g, ids[g], ",".join(
                    u for u, gs in PEOPLE.items() if g in gs)))
        with open(os.path.join(top, "cases"), "w") as f:
            json.dump(cases, f)
        with open(os.path.join(top, "driver"), "w") as f:
            f.write(DRIVER)
        os.mkdir(os.path.join(top, "ssh"))
        for path in (top, key, os.path.join(top, "ssh")):
            os.chown(path, NOBODY, NOBODY)
        script = ("mount --bind ssh /etc/ssh && mount --bind passwd /etc/passwd"
                  " && mount --bind group /etc/group && exec setpriv"
                  " --reuid=%d --regid=%d --clear-groups /usr/bin/python3 -B"
                  " driver cases %s %s" % (NOBODY, NOBODY, SSHD, key))
        done = subprocess.run(["unshare", "--mount", "sh", "-c", script],
                              cwd=top, env=env, capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)
    finally:
        shutil.rmtree(top)


# ------------------------------------------------------------ configurations

def algorithm_value(rng, name):
    known, default = sshd_names.LISTS[name]
    some = rng.sample(known, rng.randint(1, 3))
    form = rng.randrange(6)
    if form == 0 and name in sshd_names.PATTERN_LISTS:
        some = [rng.choice(["rsa-*", "ssh-*", "*sha2*", "ecdsa-sha2-nistp25?"])]
    if form == 1:
        return "-" + ",".join(some + rng.choice([[], ["*sha1*"], ["*"]]))
    if form == 2 and rng.random() < .3:
        some = ["no-such-thing"]
    return rng.choice(["", "+", "^", "-"]) + ",".join(some)


VALUES = {
    "int": ["1", "3", "10", "0", "2"], "time": ["30", "1m", "2h30m", "0"],
    "chrootdirectory": ["/srv/sftp/%u", "none"], "banner": ["/etc/issue.net",
                                                            "none"],
    "loglevel": ["VERBOSE", "info", "DEBUG2", "QUIET", "LOUD"],
    "syslogfacility": ["AUTHPRIV", "auth", "LOCAL3"],
    "forcecommand": ["internal-sftp -l INFO", "none", "/bin/true"],
    "authorizedkeysfile": ["/etc/ssh/keys/%u", ".ssh/a .ssh/b", "none"],
    "authenticationmethods": ["publickey", "any", "publickey,password",
                              "publickey,keyboard-interactive:pam publickey",
                              "telepathy"],
    "acceptenv": ["LANG LC_*", "TZ"], "subsystem": [
        "sftp internal-sftp", "sftp /usr/lib/openssh/sftp-server -l INFO"],
    "port": ["22", "2222", "0", "x"],
    "allowusers": ["mori", "oki root@10.*", "ext-*"], "denyusers": ["root"],
    "allowgroups": ["ops", "staff batch01", '"ext" ops', "o?s"],
    "denygroups": ["ext", "ops ext"],
}
JUDGED = ("int", "time", "choice", "names", "list", "sum", "word", "rest")
LEFT_OUT = ("listenaddress", "hostkey", "hostcertificate", "debianbanner",
            "hostkeyagent", "modulifile", "pidfile", "trustedusercakeys",
            "authorizedkeyscommand", "authorizedprincipalscommand",
            "authorizedkeyscommanduser", "authorizedprincipalscommanduser",
            "authorizedprincipalsfile", "revokedkeys", "versionaddendum",
            "kerberosgetafstoken", "gssapikeyexchange", "x11displayoffset",
            "kerberosauthentication")
KEYS = [k for k, (kind, _, _) in sshd_names.KEYWORDS.items()
        if kind in JUDGED and k not in LEFT_OUT]
OFTEN = ["permitrootlogin", "passwordauthentication", "allowtcpforwarding",
         "x11forwarding", "maxauthtries", "allowgroups", "allowusers",
         "forcecommand", "chrootdirectory", "pubkeyacceptedalgorithms",
         "loglevel", "authenticationmethods", "kexalgorithms", "ciphers"]


def some_line(rng, inside):
    keys = OFTEN if rng.random() < .7 else KEYS
    keys = [k for k in keys if sshd_names.KEYWORDS[k][1]
            or not inside or rng.random() < .01]
    name = rng.choice(keys)
    kind = sshd_names.KEYWORDS[name][0]
    if kind == "names":
        value = algorithm_value(rng, name)
    elif kind == "choice":
        choices = list(sshd_names.CHOICES.get(name, sshd_names.YES_NO))
        value = rng.choice(choices)
        if rng.random() < .01:
            value = "maybe"
    else:
        value = rng.choice(VALUES.get(name) or VALUES[kind])
    spelling = rng.choice([name, name.upper(), name.title()])
    form = rng.randrange(12)
    end = " trailing" if rng.random() < .004 else ""
    if form == 0:
        return "%s=%s%s" % (spelling, value, end)
    if form == 1:
        return "  %s \t %s%s  \r" % (spelling, value, end)
    if form == 2 and " " not in value and '"' not in value:
        return '%s "%s"%s' % (spelling, value, end)
    if form == 3 and kind not in ("rest",) and name != "subsystem":
        return "%s %s%s # why" % (spelling, value, end)
    return "%s %s%s" % (spelling, value, end)


def some_match(rng):
    one = {
        "User": ["mori", "m*,oki", "!root,*", "ext-sato,batch01", "*,!oki",
                 "!mori"],
        "Group": ["ops", "!ext,ops", "batch??", "staff,ext", "*", "!ops"],
        "Address": ["10.0.0.0/8", "192.0.2.*", "!10.20.1.5,10.20.0.0/16",
                    "198.51.100.20,2001:db8::/32", "10.20.1.5/8"],
        "Host": ["*.bank.example", "gw.bank.example,!x", "GW.*"],
        "LocalPort": ["22", "2222"], "LocalAddress": ["192.0.2.254", "10.*"],
    }
    if rng.random() < .06:
        return rng.choice(["Match all", "match ALL", "Match all User oki"])
    names = rng.sample(list(one), rng.choice([1, 1, 1, 2]))
    weights = [n if rng.random() < .9 else n.lower() for n in names]
    parts = []
    for n, shown in zip(names, weights):
        value = rng.choice(one[n])
        if value == "10.20.1.5/8" and rng.random() < .8:
            value = "10.0.0.0/8"
        parts.append("%s %s" % (shown, value))
    return "Match " + " ".join(parts)


def some_file(rng, lines, include):
    out, inside = [], False
    for _ in range(rng.randint(0, lines)):
        roll = rng.random()
        if roll < .06:
            out.append(rng.choice(["", "# a comment", "\t#x", "   "]))
        elif roll < .22:
            out.append(some_match(rng))
            inside = True
        elif roll < .34 and include:
            out.append("Include " + rng.choice(include))
        else:
            out.append(some_line(rng, inside))
    return "\n".join(out) + rng.choice(["\n", ""])


def some_case(rng):
    top = ["sshd_config.d/*.conf", "/etc/ssh/sshd_config.d/*", "extra/b",
           "extra/none", "extra/b sshd_config.d/1?-x.conf", "extra/[ab]"]
    files = {
        "etc/ssh/sshd_config": some_file(rng, 9, top[:-1]),
        "etc/ssh/sshd_config.d/10-x.conf": some_file(rng, 4, ["extra/b"]),
        "etc/ssh/sshd_config.d/20-y.conf": some_file(rng, 4, None),
        "etc/ssh/sshd_config.d/.hidden.conf": "MaxAuthTries 9\n",
        "etc/ssh/extra/b": some_file(rng, 4, None),
    }
    who = (rng.choice(list(PEOPLE)), rng.choice(ADDRESSES),
           rng.choice(["gw.bank.example", "x.example", "192.0.2.7"]))
    return {"files": files, "user": who[0], "address": who[1], "host": who[2],
            "who": "user=%s,addr=%s,host=%s,laddr=192.0.2.254,lport=22" % who}


def mine(case):
    """What the lab's reader says: (accepted, {keyword: printed values})."""
    try:
        config = sshd_conf.Config(case["files"])
        e = config.effective(sshd_conf.Connection(
            case["user"], PEOPLE[case["user"]], case["address"], case["host"]))
    except sshd_conf.Refused as why:
        return False, str(why)
    out = {}
    for name in KEYS:
        value, kind = e[name], sshd_names.KEYWORDS[name][0]
        if kind == "names":
            out[name] = [",".join(value)]
        elif name == "subsystem":
            # the first of a name counts; sshd refuses another of that name
            out[name] = ["%s %s" % one for one in value]
        elif kind == "list":
            out[name] = [" ".join(value)]
        elif kind == "sum":
            out[name] = value
        else:
            out[name] = [str(value)]
    return True, out


def daemon(printed):
    out = {name: [] for name in KEYS}
    for line in printed.splitlines():
        name, _, value = line.partition(" ")
        if name in out:
            out[name].append(value.strip())
    return out


@unittest.skipIf(missing(), missing())
class SshdSaysTheSame(unittest.TestCase):
    def test_hundreds_of_generated_configurations(self):
        rng = random.Random("L04 sshd")
        cases = [some_case(rng) for _ in range(CASES)]
        accepted = 0
        for case, (status, printed, complaint) in zip(cases, ask(cases)):
            good, said = mine(case)
            with self.subTest(case=case, complaint=complaint):
                self.assertEqual(good, status == 0, said)
            if not good or status:
                continue
            accepted += 1
            theirs = daemon(printed)
            with self.subTest(case=case):
                self.assertEqual({k: v for k, v in said.items()
                                  if v != theirs[k]},
                                 {k: theirs[k] for k, v in said.items()
                                  if v != theirs[k]})
        self.assertGreater(accepted, CASES // 3)
        self.assertLess(accepted, CASES)


if __name__ == "__main__":
    unittest.main()
