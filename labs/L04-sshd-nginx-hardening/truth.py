"""The world of lab L04, from the seed alone: a regional bank's file-transfer
host, its partner, its old batch, and what must go on working."""

from kit.stream import Rng

BANKS = (("tsubakuro", "つばくろ銀行", "Tsubakuro Bank"),)
PARTNERS = ("kohaku", "ruri", "hisui", "sango", "akane", "asagi", "moegi",
            "yamabuki", "fujinezu", "tokiwa")
NAMES = ("mori", "oki", "hara", "seki", "kudo", "noda", "mita", "wada",
         "ueno", "arai", "ishii", "baba")
ADMIN_GROUPS = ("ops-admin", "unyo", "sysope", "infra-ops", "kanri")
PARTNER_GROUPS = ("sftp-partner", "xfer-ext", "partnerxfer", "gaibu-sftp")
BATCH = ("zengin", "eodbatch", "fxbatch", "nightjob", "ledgerjob")
FOLDERS = ("public", "open", "oshirase", "info")
STATIC = ("static", "assets", "ui")
ADMIN = ("admin", "console", "manage", "kanri")
LOGIN = ("login", "signin", "auth/login", "session/new")
# Public files whose names look like what must be refused, and are not.
PUBLIC_FILES = ("old-account-form.pdf", "backup-window-2026.pdf",
                "bak-to-office-guide.pdf", "original-forms.pdf",
                "save-the-date.pdf", "swap-rates-old.csv")

ENDINGS = ("~", ".bak", ".old", ".orig", ".save", ".swp")


class Client:
    """Who connects by SSH with software that cannot be changed."""

    def __init__(self, kex, cipher, mac, host_key, key):
        self.lists = {"kexalgorithms": kex, "ciphers": cipher, "macs": mac,
                      "hostkeyalgorithms": host_key,
                      "pubkeyacceptedalgorithms": key}


class World:
    def __init__(self, seed):
        self.seed = seed
        rng = Rng(seed, "world")
        self.bank, self.bank_ja, self.bank_en = BANKS[0]
        self.ticket = "CR-%06X" % rng.below(1 << 24)
        net = rng.between(20, 99)
        self.admin_net = "10.%d.%d.0/24" % (net, rng.below(200))
        admin = self.admin_net[:-4]
        self.admin_hosts = [admin + str(n) for n in
                            rng.sample(range(10, 200), 2)]
        self.near_host = "10.%d.%d.%d" % (net, rng.between(210, 250),
                                          rng.between(10, 200))
        self.host_ip = "10.%d.%d.%d" % (net, rng.between(201, 209),
                                        rng.between(4, 9))
        self.lb = "10.%d.%d.%d" % (net, rng.between(201, 209),
                                   rng.between(100, 120))
        self.batch_ip = "10.%d.%d.%d" % (net, rng.between(201, 209),
                                         rng.between(30, 60))
        self.vendor_ip = "203.0.113.%d" % rng.between(10, 120)
        self.partner_ips = ["198.51.100.%d" % n for n in
                            rng.sample(range(10, 200), 2)]
        self.outside = ["192.0.2.%d" % rng.between(10, 200),
                        "203.0.113.%d" % rng.between(130, 240),
                        self.near_host]

        # ---- people
        people = rng.sample(NAMES, 6)
        self.admin_group = rng.pick(ADMIN_GROUPS)
        self.admins = people[:3]
        self.partner_group = rng.pick(PARTNER_GROUPS)
        self.partner = rng.pick(PARTNERS) + "-ft%d" % rng.between(1, 9)
        self.batch = rng.pick(BATCH) + "%02d" % rng.between(1, 40)
        self.other_users = {
            people[3]: ["users"], people[4]: ["users", "helpdesk"],
            "ext-" + people[5]: ["users", "vendor"],
            "mon-agent": ["mon-agent"]}
        self.groups = {"root": ["root"], self.partner: [self.partner_group],
                       self.batch: [self.batch]}
        for one in self.admins:
            self.groups[one] = ["users", self.admin_group]
        self.groups.update(self.other_users)
        self.chroot = "/srv/%s/%%u" % rng.pick(("sftp", "xfer", "gaibu",
                                                "partner"))
        self.keys = "/etc/ssh/%s/%%u" % rng.pick(("authorized_keys.d",
                                                  "keys", "userkeys"))
        self.old_keys = 2                   # that the batch offers first
        self.tries_max = rng.between(3, 4)
        self.grace_max = rng.pick((30, 45, 60))
        partner_cipher = rng.pick(("aes256-ctr", "aes128-ctr"))
        self.clients = {
            self.partner: Client(
                rng.pick(("diffie-hellman-group14-sha256",
                          "ecdh-sha2-nistp256", "ecdh-sha2-nistp384")),
                partner_cipher, rng.pick(("hmac-sha2-256", "hmac-sha2-512")),
                "rsa-sha2-512", rng.pick(("rsa-sha2-512", "rsa-sha2-256"))),
            self.batch: Client(
                rng.pick(("diffie-hellman-group-exchange-sha256",
                          "ecdh-sha2-nistp521",
                          "diffie-hellman-group14-sha256")),
                rng.pick(("aes192-ctr", "aes256-ctr")),
                rng.pick(("hmac-sha2-256", "hmac-sha2-512")),
                rng.pick(("rsa-sha2-256", "ssh-ed25519")),
                rng.pick(("ecdsa-sha2-nistp256", "rsa-sha2-256")))}

        # ---- the web side
        self.portal = "%s.tsubakuro.example" % rng.pick(("ft", "xfer", "send",
                                                         "files"))
        self.api = "%s.tsubakuro.example" % rng.pick(("ft-api", "b2b",
                                                      "partner-api"))
        self.app_port = rng.between(8081, 8099)
        self.api_port = rng.between(9081, 9099)
        self.folder = "/%s/" % rng.pick(FOLDERS)
        self.static = "/%s/" % rng.pick(STATIC)
        self.admin = "/%s/" % rng.pick(ADMIN)
        self.login = "/" + rng.pick(LOGIN)
        self.health = "/" + rng.pick(("healthz", "alive", "lb-check"))
        self.api_path = "/" + rng.pick(("v1/files", "partner/v1",
                                        "exchange/v2")) + "/"
        self.api_rate = rng.pick((5, 8, 10))        # a second
        self.health_rate = rng.pick((1, 2))
        self.limit_max = rng.pick((10, 12, 15, 20))  # a minute
        self.limit_min = rng.pick((4, 5, 6))
        self.burst_min = rng.pick((4, 5, 6))
        self.burst_max = self.burst_min * 3
        self.body_mb = rng.pick((256, 512, 768))
        files = rng.sample(PUBLIC_FILES, 2)
        self.public_files = [self.folder + files[0], self.folder
                             + "rates/" + files[1]]
        self.security_txt = "/.well-known/security.txt"
        self.hsts = 31536000

    # ------------------------------------------------------ what is asked for

    def public(self):
        """(scheme, host, method, path, from, requests a second of one address)
        of what must be served as before."""
        user = self.outside[0]
        out = [("https", self.portal, "GET", "/", user, 0),
               ("https", self.portal, "GET", self.login, user, 0),
               ("https", self.portal, "POST", self.login, user, 0),
               ("https", self.portal, "GET", self.static + "app.css", user, 5),
               ("https", self.portal, "GET", self.static + "js/app.js", user,
                5),
               ("https", self.portal, "GET", self.security_txt, user, 0)]
        out += [("https", self.portal, "GET", path, user, 0)
                for path in self.public_files]
        out += [("http", self.lb_name(), "GET", self.health, self.lb,
                 self.health_rate),
                ("https", self.api, "PUT", self.api_path + "in/DATA.old",
                 self.partner_ips[0], self.api_rate),
                ("https", self.api, "GET", self.api_path + "out/list.csv",
                 self.partner_ips[1], self.api_rate)]
        return out

    def lb_name(self):
        """The load balancer names the host by its address."""
        return self.host_ip

    def admin_paths(self):
        return [self.admin, self.admin + "users/", self.admin + "app.js",
                self.admin + "img/logo.png", self.admin + "report.css"]

    def refused_paths(self):
        """Of files that no one outside may have."""
        return ["/.git/config", "/.env", self.folder + ".htpasswd",
                self.static + ".git/HEAD", self.static + "app.js.bak",
                self.folder + "index.html~", "/index.html.old",
                self.static + "js/app.js.orig", self.folder
                + "rates/.fx.csv.swp", "/config.php.save"]
