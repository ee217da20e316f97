"""Scores sshd's side: c1 to c8, from what holds for each connection.

`source(connection)` gives the effective settings: the lab's reader, or what
the daemon itself printed."""

import re

from sshd_conf import Connection, Refused, may_enter

FORWARDING = {"allowtcpforwarding": "no", "allowstreamlocalforwarding": "no",
              "allowagentforwarding": "no", "x11forwarding": "no",
              "permittunnel": "no"}
POINTS = {"c1": 6, "c2": 8, "c3": 8, "c4": 10, "c5": 6, "c6": 4, "c7": 8,
          "c8": 2}


def weak(keyword, name):
    if keyword == "kexalgorithms":
        return name.endswith("sha1")
    if keyword == "ciphers":
        return name.endswith("-cbc")
    if keyword == "macs":
        return name.startswith(("hmac-sha1", "hmac-md5", "umac-64"))
    return name.startswith(("ssh-rsa", "ssh-dss"))


def own(world):
    """What of this side no other seed has, some 25 bits of it; shown() finds
    the same in what was handed in."""
    return [sorted((world.admin_group, world.partner_group, world.batch)),
            [world.host_ip], [world.keys]]


class Judge:
    def __init__(self, world, source):
        self.w = w = world
        self.source = source
        self.seen = {}
        self.wanted = [(a, ip) for a in w.admins for ip in w.admin_hosts]
        self.wanted += [(w.partner, ip) for ip in w.partner_ips]
        self.wanted.append((w.batch, w.batch_ip))
        everywhere = [w.admin_hosts[0], w.partner_ips[0], w.batch_ip,
                      w.vendor_ip, w.outside[0], w.near_host]
        self.all = [(user, ip) for user in w.groups for ip in everywhere]
        self.all += [one for one in self.wanted if one not in self.all]

    def at(self, user, ip):
        """(connection, its settings)."""
        if (user, ip) not in self.seen:
            c = Connection(user, self.w.groups[user], ip,
                           local=self.w.host_ip)
            self.seen[(user, ip)] = c, self.source(c)
        return self.seen[(user, ip)]

    def logs_in(self, user, ip):
        """With a key alone, to the end."""
        c, e = self.at(user, ip)
        return may_enter(c, e) and e["pubkeyauthentication"] == "yes" and any(
            one in ("any", "publickey") for one in e["authenticationmethods"]
        ) and e["authorizedkeysfile"] == [self.w.keys] \
            and e["maxsessions"] > 0

    @staticmethod
    def forwards(e):
        return e["disableforwarding"] != "yes" and any(
            e[name] != value for name, value in FORWARDING.items())

    # ---------------------------------------------------------------- checks

    def root(self):
        for ip in {ip for _, ip in self.all}:
            c, e = self.at("root", ip)
            if e["permitrootlogin"] != "no":
                return 0, "c1_root"
        return 6, "c1_ok"

    def password(self):
        for user, ip in self.all:
            _, e = self.at(user, ip)
            if e["passwordauthentication"] != "no" \
                    or e["permitemptypasswords"] != "no":
                return 0, "c2_password"
            if e["kbdinteractiveauthentication"] != "no":
                return 0, "c2_kbd"
            if e["hostbasedauthentication"] != "no" \
                    or e["gssapiauthentication"] != "no":
                return 0, "c2_other"
        if not all(self.logs_in(*one) for one in self.wanted):
            return 0, "c2_key"
        return 8, "c2_ok"

    def group(self):
        for user, ip in self.all:
            if user in self.w.other_users and may_enter(*self.at(user, ip)):
                return 0, "c3_others"
        for user, ip in self.wanted:
            if not self.logs_in(user, ip):
                return 0, "c3_locked"
            _, e = self.at(user, ip)
            if user != self.w.partner and (
                    e["forcecommand"] != "none"
                    or e["chrootdirectory"] != "none"
                    or (e["permittty"] != "yes" and user != self.w.batch)
                    or "sftp" not in dict(e["subsystem"])):
                return 0, "c3_shell"
        return 8, "c3_ok"

    def partner(self):
        for ip in self.w.partner_ips:
            if not self.logs_in(self.w.partner, ip):
                return 0, "c4_locked"
            _, e = self.at(self.w.partner, ip)
            if e["chrootdirectory"] != self.w.chroot:
                return 0, "c4_chroot"
            if not re.match("internal-sftp( |$)", e["forcecommand"]) \
                    or "sftp" not in dict(e["subsystem"]) \
                    or re.search(r" -[RpP]", e["forcecommand"]):
                return 0, "c4_sftp"
        for _, ip in self.all:
            if self.forwards(self.at(self.w.partner, ip)[1]):
                return 5, "c4_forward"
        return 10, "c4_ok"

    def forwarding(self):
        for user, ip in self.all:
            if user != self.w.partner and self.forwards(self.at(user, ip)[1]):
                return 0, "c5_open"
        return 6, "c5_ok"

    def limits(self):
        for user, ip in self.all:
            _, e = self.at(user, ip)
            if e["maxauthtries"] > self.w.tries_max:
                return 0, "c6_tries"
            if not 0 < e["logingracetime"] <= self.w.grace_max:
                return 0, "c6_grace"
        for user, ip in self.wanted:
            tries = self.at(user, ip)[1]["maxauthtries"]
            if user == self.w.batch and tries <= self.w.old_keys \
                    or tries < 1:
                return 0, "c6_few"
        if any(self.at(*one)[1]["logingracetime"] < 10 for one in self.wanted):
            return 0, "c6_few"
        return 4, "c6_ok"

    def algorithms(self):
        for user, client in self.w.clients.items():
            for at, ip in self.wanted:
                if at != user:
                    continue
                for keyword, name in client.lists.items():
                    if name not in self.at(user, ip)[1][keyword]:
                        return 0, "c7_client"
        for user, ip in self.wanted:        # everyday clients
            e = self.at(user, ip)[1]
            if user in self.w.admins and (
                    not any(k.startswith(("curve25519", "sntrup", "ecdh"))
                            for k in e["kexalgorithms"])
                    or "ssh-ed25519" not in e["pubkeyacceptedalgorithms"]):
                return 0, "c7_client"
        bad = set()
        for user, ip in self.all:
            e = self.at(user, ip)[1]
            for keyword in ("kexalgorithms", "ciphers", "macs",
                            "hostkeyalgorithms", "pubkeyacceptedalgorithms"):
                if any(weak(keyword, name) for name in e[keyword]):
                    bad.add(keyword)
        if len(bad) == 1:
            return 4, "c7_one"
        return (0, "c7_weak") if bad else (8, "c7_ok")

    def logging(self):
        for one in self.all:
            if self.at(*one)[1]["loglevel"] != "VERBOSE":
                return 0, "c8_level"
        return 2, "c8_ok"

    def results(self):
        """{check: (points, key)}. What worked before counts for c4 only
        where half of the rest has been done: leaving all as it was is no
        hardening."""
        out = {"c1": self.root(), "c2": self.password(), "c3": self.group(),
               "c4": self.partner(), "c5": self.forwarding(),
               "c6": self.limits(), "c7": self.algorithms(),
               "c8": self.logging()}
        rest = sum(points for name, (points, _) in out.items()
                   if name != "c4")
        if 2 * rest < sum(POINTS.values()) - POINTS["c4"] and out["c4"][0]:
            out["c4"] = 0, "c4_little"
        return out

    def kept(self):
        """Port, addresses, host keys, where keys lie, PAM, SFTP."""
        w, e = self.w, self.at(self.w.admins[0], self.w.admin_hosts[0])[1]
        return (e["port"] == ["22"] and e["listenaddress"] == [w.host_ip]
                and sorted(e["hostkey"]) == [
                    "/etc/ssh/ssh_host_ed25519_key",
                    "/etc/ssh/ssh_host_rsa_key"]
                and e["usepam"] == "yes"
                and e["authorizedkeysfile"] == [w.keys]
                and [n for n, c in e["subsystem"]
                     if c.split()[:1] in (["/usr/lib/openssh/sftp-server"],
                                          ["internal-sftp"])] == ["sftp"])

    def shown(self):
        """As own(), outside of every Match; None where too little is said to
        tell one learner from another."""
        try:
            e = self.source(Connection("nobody", ["nogroup"]))
        except Refused:         # a Match of theirs that nobody else meets
            return None
        groups = sorted(set(e["allowgroups"]))
        return [groups, e["listenaddress"], e["authorizedkeysfile"]] \
            if len(groups) > 2 else None
