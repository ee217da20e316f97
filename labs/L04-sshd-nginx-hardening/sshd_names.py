"""What OpenSSH 9.2 (Debian 12) knows: algorithms, keywords, defaults."""

import re

_CURVES = ("sntrup761x25519-sha512 sntrup761x25519-sha512@openssh.com "
           "curve25519-sha256 curve25519-sha256@libssh.org "
           "ecdh-sha2-nistp256 ecdh-sha2-nistp384 ecdh-sha2-nistp521 ")
_KEYS = ("ssh-ed25519 ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 "
         "ecdsa-sha2-nistp521 sk-ssh-ed25519@openssh.com "
         "sk-ecdsa-sha2-nistp256@openssh.com rsa-sha2-512 rsa-sha2-256")


def _certificate(name):
    name, at, _ = name.partition("@")
    return name + "-cert-v01@openssh.com"


_SIGNATURES = " ".join(map(_certificate, _KEYS.split())) + " " + _KEYS

# list: (every name it knows, the default)
LISTS = {
    "kexalgorithms": (
        "diffie-hellman-group1-sha1 diffie-hellman-group14-sha1 "
        "diffie-hellman-group14-sha256 diffie-hellman-group16-sha512 "
        "diffie-hellman-group18-sha512 diffie-hellman-group-exchange-sha1 "
        "diffie-hellman-group-exchange-sha256 ecdh-sha2-nistp256 "
        "ecdh-sha2-nistp384 ecdh-sha2-nistp521 curve25519-sha256 "
        "curve25519-sha256@libssh.org sntrup761x25519-sha512 "
        "sntrup761x25519-sha512@openssh.com",
        _CURVES + "diffie-hellman-group-exchange-sha256 "
        "diffie-hellman-group16-sha512 diffie-hellman-group18-sha512 "
        "diffie-hellman-group14-sha256"),
    "ciphers": (
        "3des-cbc aes128-cbc aes192-cbc aes256-cbc aes128-ctr aes192-ctr "
        "aes256-ctr aes128-gcm@openssh.com aes256-gcm@openssh.com "
        "chacha20-poly1305@openssh.com",
        "chacha20-poly1305@openssh.com aes128-ctr aes192-ctr aes256-ctr "
        "aes128-gcm@openssh.com aes256-gcm@openssh.com"),
    "macs": (
        "hmac-sha1 hmac-sha1-96 hmac-sha2-256 hmac-sha2-512 hmac-md5 "
        "hmac-md5-96 umac-64@openssh.com umac-128@openssh.com "
        "hmac-sha1-etm@openssh.com hmac-sha1-96-etm@openssh.com "
        "hmac-sha2-256-etm@openssh.com hmac-sha2-512-etm@openssh.com "
        "hmac-md5-etm@openssh.com hmac-md5-96-etm@openssh.com "
        "umac-64-etm@openssh.com umac-128-etm@openssh.com",
        "umac-64-etm@openssh.com umac-128-etm@openssh.com "
        "hmac-sha2-256-etm@openssh.com hmac-sha2-512-etm@openssh.com "
        "hmac-sha1-etm@openssh.com umac-64@openssh.com umac-128@openssh.com "
        "hmac-sha2-256 hmac-sha2-512 hmac-sha1"),
}
_ALL_KEYS = ("ssh-ed25519 ssh-ed25519-cert-v01@openssh.com "
             "sk-ssh-ed25519@openssh.com sk-ssh-ed25519-cert-v01@openssh.com "
             "ecdsa-sha2-nistp256 ecdsa-sha2-nistp256-cert-v01@openssh.com "
             "ecdsa-sha2-nistp384 ecdsa-sha2-nistp384-cert-v01@openssh.com "
             "ecdsa-sha2-nistp521 ecdsa-sha2-nistp521-cert-v01@openssh.com "
             "sk-ecdsa-sha2-nistp256@openssh.com "
             "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com "
             "webauthn-sk-ecdsa-sha2-nistp256@openssh.com ssh-dss "
             "ssh-dss-cert-v01@openssh.com ssh-rsa "
             "ssh-rsa-cert-v01@openssh.com rsa-sha2-256 "
             "rsa-sha2-256-cert-v01@openssh.com rsa-sha2-512 "
             "rsa-sha2-512-cert-v01@openssh.com")
for _name in ("hostkeyalgorithms", "pubkeyacceptedalgorithms",
              "hostbasedacceptedalgorithms"):
    LISTS[_name] = (_ALL_KEYS, _SIGNATURES)
LISTS["casignaturealgorithms"] = (_ALL_KEYS, _KEYS)
LISTS = {_k: tuple(_t.split() for _t in _v) for _k, _v in LISTS.items()}
# The daemon takes patterns and certificates here, exact names elsewhere.
PATTERN_LISTS = ("hostkeyalgorithms", "pubkeyacceptedalgorithms",
                 "hostbasedacceptedalgorithms", "casignaturealgorithms")

YES_NO = {"yes": "yes", "no": "no"}
_FORWARD = {"yes": "yes", "all": "yes", "no": "no", "remote": "remote",
            "local": "local"}
CHOICES = {
    "addressfamily": {"inet": "inet", "inet6": "inet6", "any": "any"},
    "permitrootlogin": {
        "without-password": "without-password", "no": "no", "yes": "yes",
        "prohibit-password": "without-password",
        "forced-commands-only": "forced-commands-only"},
    "ignorerhosts": {"yes": "yes", "no": "no", "shosts-only": "shosts-only"},
    "compression": {"yes": "yes", "delayed": "yes", "no": "no"},
    "gatewayports": {"yes": "yes", "no": "no",
                     "clientspecified": "clientspecified"},
    "allowtcpforwarding": _FORWARD,
    "allowstreamlocalforwarding": _FORWARD,
    "permittunnel": {"yes": "yes", "no": "no", "ethernet": "ethernet",
                     "point-to-point": "point-to-point"},
    "fingerprinthash": {"md5": "MD5", "sha256": "SHA256"},
}
LEVELS = {"SILENT": "SILENT", "QUIET": "SILENT", "FATAL": "FATAL",
          "ERROR": "ERROR", "INFO": "INFO", "VERBOSE": "VERBOSE",
          "DEBUG": "DEBUG1", "DEBUG1": "DEBUG1", "DEBUG2": "DEBUG2",
          "DEBUG3": "DEBUG3"}
FACILITIES = ("DAEMON", "USER", "AUTH", "AUTHPRIV", "LOCAL0", "LOCAL1",
              "LOCAL2", "LOCAL3", "LOCAL4", "LOCAL5", "LOCAL6", "LOCAL7")
METHODS = {"any": "", "publickey": "pubkeyauthentication",
           "password": "passwordauthentication",
           "keyboard-interactive": "kbdinteractiveauthentication",
           "hostbased": "hostbasedauthentication",
           "gssapi-with-mic": "gssapiauthentication"}

# kind, may it stand below Match, its default as `sshd -T` prints it. Kinds:
# choice, int, time, names (an algorithm list), word, rest (to the end of the
# line), list (the first line counts), sum (every line adds), any (not judged).
KEYWORDS = {}


def _known(kind, match, text):
    for item in text.split():
        name, _, default = item.partition("=")
        KEYWORDS[name] = (kind, match, default)


_known("choice", True, "permitrootlogin=without-password "
       "pubkeyauthentication=yes passwordauthentication=yes "
       "kbdinteractiveauthentication=yes permitemptypasswords=no "
       "hostbasedauthentication=no hostbasedusesnamefrompacketonly=no "
       "kerberosauthentication=no gssapiauthentication=no "
       "x11forwarding=no x11uselocalhost=yes permittty=yes permituserrc=yes "
       "allowtcpforwarding=yes allowagentforwarding=yes "
       "allowstreamlocalforwarding=yes disableforwarding=no gatewayports=no "
       "permittunnel=no ignorerhosts=yes streamlocalbindunlink=no "
       "exposeauthinfo=no")
_known("choice", False, "addressfamily=any usepam=no ignoreuserknownhosts=no "
       "kerberosorlocalpasswd=yes kerberosticketcleanup=yes "
       "gssapicleanupcredentials=yes gssapikeyexchange=no "
       "gssapistrictacceptorcheck=yes gssapistorecredentialsonrekey=no "
       "printmotd=yes printlastlog=yes strictmodes=yes tcpkeepalive=yes "
       "compression=yes usedns=no fingerprinthash=SHA256 debianbanner=yes")
_known("int", True, "x11displayoffset=10 maxauthtries=6 maxsessions=10 "
       "clientalivecountmax=3 requiredrsasize=1024")
_known("time", True, "clientaliveinterval=0")
_known("time", False, "logingracetime=120")
_known("names", True,
       "pubkeyacceptedalgorithms= hostbasedacceptedalgorithms= "
       "casignaturealgorithms=")
_known("names", False, "kexalgorithms= ciphers= macs= hostkeyalgorithms=")
_known("word", True, "chrootdirectory=none banner=none loglevel=INFO "
       "trustedusercakeys=none revokedkeys=none authorizedprincipalsfile=none "
       "authorizedkeyscommanduser=none authorizedprincipalscommanduser=none")
_known("word", False, "syslogfacility=AUTH pidfile=/run/sshd.pid "
       "modulifile=/etc/ssh/moduli hostkeyagent=none")
_known("rest", True, "forcecommand=none authorizedkeyscommand=none "
       "authorizedprincipalscommand=none")
_known("rest", False, "versionaddendum=none")
_known("list", True, "authorizedkeysfile= authenticationmethods=")
_known("sum", True, "allowusers= denyusers= allowgroups= denygroups= "
       "acceptenv=")
_known("sum", False, "port= listenaddress= hostkey= subsystem= "
       "hostcertificate=")
_known("any", True, "ipqos= permitopen= permitlisten= setenv= rdomain= "
       "rekeylimit= streamlocalbindmask= pubkeyauthoptions= "
       "unusedconnectiontimeout= channeltimeout= permituserenvironment= "
       "logverbose=")
_known("any", False, "maxstartups= persourcemaxstartups= "
       "persourcenetblocksize= securitykeyprovider= xauthlocation= "
       "gssapikexalgorithms= include= match=")
# Those of "any" that may not stand below Match.
for _name in ("permituserenvironment", "streamlocalbindmask"):
    KEYWORDS[_name] = ("any", _name != "permituserenvironment", "")

ALIASES = {
    "challengeresponseauthentication": "kbdinteractiveauthentication",
    "skeyauthentication": "kbdinteractiveauthentication",
    "dsaauthentication": "pubkeyauthentication",
    "pubkeyacceptedkeytypes": "pubkeyacceptedalgorithms",
    "hostbasedacceptedkeytypes": "hostbasedacceptedalgorithms",
    "keepalive": "tcpkeepalive",
    "gssapicleanupcreds": "gssapicleanupcredentials",
}
# Said to be deprecated, and skipped with their arguments.
SKIPPED = ("rsaauthentication", "rhostsrsaauthentication", "protocol",
           "useprivilegeseparation", "uselogin", "keyregenerationinterval",
           "serverkeybits", "authorizedkeysfile2", "checkmail", "verifyreversemapping",
           "reversemappingcheck", "rhostsauthentication",
           "pamauthenticationviakbdint", "afstokenpassing", "kerberosgetafstoken",
           "kerberostgtpassing")

_TIME = re.compile(r"(?:[0-9]+[sSmMhHdDwW]?)+", re.ASCII)
_UNIT = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds(text):
    """The daemon's time formats ("90", "1h30m"), or None."""
    if not _TIME.fullmatch(text) or len(text) > 30:
        return None
    total = sum(int(n) * _UNIT[unit.lower()] for n, unit in
                re.findall("([0-9]+)([a-zA-Z]?)", text))
    return total if total < 1 << 31 else None
