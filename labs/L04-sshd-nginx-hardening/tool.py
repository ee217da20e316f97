"""The command line of confcheck.py: what holds, not whether it is right."""

import os
import sys

import nginx_conf
import nginx_serve
import sshd_conf

USAGE = """\
usage: python3 confcheck.py                       reads all; names the first mistake
       python3 confcheck.py ssh USER GROUPS ADDRESS   as sshd -T -C; GROUPS: a,b
       python3 confcheck.py web METHOD URL ADDRESS    what nginx answers
Run it beside the folder etc.
"""
SHOWN = ("permitrootlogin pubkeyauthentication passwordauthentication "
         "kbdinteractiveauthentication authenticationmethods "
         "authorizedkeysfile chrootdirectory forcecommand permittty "
         "allowtcpforwarding allowstreamlocalforwarding allowagentforwarding "
         "x11forwarding permittunnel disableforwarding maxauthtries "
         "logingracetime loglevel kexalgorithms ciphers macs "
         "hostkeyalgorithms pubkeyacceptedalgorithms subsystem").split()


def files():
    found = {}
    for where, _, names in os.walk("etc"):
        for name in names:
            path = os.path.join(where, name).replace(os.sep, "/")
            with open(path, encoding="utf-8", errors="replace",
                      newline="") as f:
                found[path] = f.read().replace("\r\n", "\n")
    return found


def show_ssh(user, groups, address):
    config = sshd_conf.Config(files())
    c = sshd_conf.Connection(user, groups.split(","), address)
    e = config.effective(c)
    for name in SHOWN:
        value = e[name]
        if isinstance(value, list):
            value = (",".join if name in sshd_conf.names.LISTS else
                     " ".join)([" ".join(v) if isinstance(v, tuple) else v
                                for v in value])
        print(name, value)
    print("# may enter:", "yes" if sshd_conf.may_enter(c, e) else "no")


def show_web(method, url, address):
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    site = nginx_serve.Site(files())
    here = [place[0] for server in site.servers for place, _ in server.listens
            if place[0] != "*" and ":" not in place[0]]
    a = site.answer(nginx_serve.Request(
        scheme, host, slash + path or "/", address, method,
        local=here[0] if here else "192.0.2.254"))
    print(a.status, a.kind, a.text if a.kind == "redirect" else "")
    for node in a.chain[1:]:
        print("  in", node.name, " ".join(node.arguments),
              "(%s line %d)" % (node.path, node.line))
    for words in nginx_serve.held(a.chain, "add_header"):
        print("  add_header", " ".join(words))
    for zone, burst in a.limits:
        print("  limit_req", zone, "burst", burst)


def main():
    words = sys.argv[1:]
    try:
        if len(words) == 4 and words[0] == "ssh":
            show_ssh(*words[1:])
        elif len(words) == 4 and words[0] == "web":
            show_web(*words[1:])
        elif not words:
            sshd_conf.Config(files())
            nginx_serve.Site(files())
            print("OK")
        else:
            sys.exit(USAGE)
    except (sshd_conf.Refused, nginx_conf.Refused) as why:
        sys.exit(str(why))
