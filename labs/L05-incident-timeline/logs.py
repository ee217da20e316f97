"""How the two days show in the logs, each with its own format and clock.

    files, evidence = build(world)

`files` are the texts by name; `evidence` says for each event code in which
line it stands, as `file:line`, counted from 1.
"""

import base64
import json

from kit.stream import Rng, Weighted
from truth import DAY, DOMAIN, EPOCH_2026, HOUR, MINUTE, NT_DOMAIN, SECTIONS

MONTHS = {5: "May", 6: "Jun", 7: "Jul"}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
QUEUE = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"

PARTNERS = ("asagiri-denki", "hodaka-kensetsu", "minato-unso", "takane-shoji",
            "yamabiko-insatsu", "sawarabi-shokuhin", "komakusa-trading",
            "umihotaru-bank", "kinyu-tsushin", "shoko-kaigi", "kasumi-soft",
            "hayase-bussan", "akebono-shizai", "shinano-leasing")
SITES = Weighted((
    (("www.asagiri-news.example", "news"), 120),
    (("search.yamabiko.example", "search"), 150),
    (("cdn.yamabiko.example", "search"), 90),
    (("www.shinano-tenki.example", "weather"), 40),
    (("map.hodaka.example", "maps"), 45),
    (("norikae.example", "maps"), 30),
    (("www.kinyu-tsushin.example", "news"), 60),
    (("touki.example", "business"), 35),
    (("www.shoko-kaigi.example", "business"), 25),
    (("edi.hayase-bussan.example", "business"), 20),
    (("order.akebono-shizai.example", "business"), 25),
    (("nenkin-kikou.example", "government"), 15),
    (("update.kasumi-soft.example", "software"), 60),
    (("telemetry.kasumi-soft.example", "software"), 60),
    (("ocsp.kasumi-ca.example", "software"), 40),
    (("static.mizuumi-img.example", "uncategorized"), 35),
    (("fonts.kazaguruma.example", "uncategorized"), 30),
    (("api.hitokoto.example", "uncategorized"), 15)))
RARE = tuple("%s.example" % name for name in (
    "www.kumo-no-ue", "blog.tanada", "shop.usagi-do", "hoken.nadeshiko",
    "www.gakkai-2026", "photo.hidamari", "ryokan.tsutsuji", "www.sentaku-ya",
    "saiyo.minamo", "www.jutaku-tenji", "sso.kensaku-lab", "cdn2.akatonbo",
    "www.kodomo-zaidan", "img.tampopo"))
PUSH = "push.kairan-gw.example"

# share, folder, files
PAPERS = (
    ("soumu", "2026/keihi", ("旅費精算.xlsx", "備品一覧.xlsx", "稟議書.docx")),
    ("shinsa", "anken", ("審査表.xlsx", "財務分析.xlsx", "担保評価.xlsx")),
    ("gyomu", "tetsuzuki", ("事務連絡.docx", "手続改定.docx", "日計表.xlsx")),
    ("eigyo", "houmon", ("訪問予定.xlsx", "提案書.pptx", "渉外日誌.xlsx")),
    ("keiei", "kaigi", ("経営会議資料.pptx", "議事録.docx", "予算.xlsx")),
    ("shikin", "unyo", ("運用日報.xlsx", "残高表.xlsx", "金利見通し.docx")))
BRANCHES = ("本店", "東", "西", "南", "北", "駅前", "城山", "川端", "湖畔",
            "松原", "並木", "大橋")
LISTS = ("顧客名簿", "融資先一覧", "預金残高明細", "相続手続一覧",
         "法人取引先", "ローン返済表")


class Log:
    """Lines with their time; `mark` names the event that a line proves."""

    def __init__(self, world, name, header=()):
        self.world, self.name, self.header = world, name, list(header)
        self.rows = []

    def add(self, t, text, mark=None):
        self.rows.append((t, len(self.rows), text, mark))

    def finish(self, end, evidence):
        rows = sorted(row for row in self.rows if row[0] < end)
        lines = self.header + [row[2] for row in rows]
        for i, row in enumerate(rows, len(self.header) + 1):
            if row[3]:
                evidence[row[3]] = "%s:%d" % (self.name, i)
        return "\n".join(lines) + "\n"


def workdays(world, rng):
    """(person, begin, end) of each day at a desk."""
    needed = {p.account: True for p in world.recipients + [
        k.who for k in world.tickets] + [world.treasurer]}
    for p in world.people:
        for day in (0, 1):
            there = p.account in needed or rng.chance(920)
            begin = rng.between(5, 28 if p.account in needed else 70)
            end = rng.between(5, 120)
            if there:
                yield (p, day * DAY + 8 * HOUR + begin * MINUTE,
                       day * DAY + 17 * HOUR + end * MINUTE)


# ---------------------------------------------------------------- mail.log

class Mail(Log):
    def __init__(self, world):
        super().__init__(world, "mail.log")
        self.rng = Rng(world.seed, "mail")

    def line(self, t, process, text, mark=None):
        month, day, h, m, s = self.world.clock(t)
        self.add(t, "%s %2d %02d:%02d:%02d mx1 postfix/%s: %s" % (
            MONTHS[month], day, h, m, s, process, text), mark)

    def message(self, t, sender, client, to, relay=None, mark=None):
        """One message, to a relay outside or to the mailboxes. With `mark` =
        (person, event), what is delivered to that person proves the event."""
        rng, w = self.rng, self.world
        smtpd = "smtpd[%d]" % rng.between(2000, 29999)
        local = relay is None
        agent = ("lmtp[%d]" if local else "smtp[%d]") % rng.between(
            2000, 29999)
        qid = "4" + "".join(rng.pick(QUEUE) for _ in range(13))
        mid = "%x.%x@%s" % (rng.word(), rng.word(), sender.split("@")[1])
        self.line(t - 2, smtpd, "connect from " + client)
        if mark:
            # Somebody who left long ago is on the list, too.
            self.line(t - 1, smtpd, "NOQUEUE: reject: RCPT from %s: 550 5.1.1"
                      " <%s@%s>: Recipient address rejected: User unknown in "
                      "virtual mailbox table; from=<%s> to=<%s@%s> proto=ESMTP"
                      " helo=<mail.%s>" % (
                          client, w.leavers[0], DOMAIN, sender, w.leavers[0],
                          DOMAIN, w.lure_domain))
        self.line(t - 1, smtpd, "%s: client=%s" % (qid, client))
        self.line(t - 1, "cleanup[%d]" % rng.between(2000, 29999),
                  "%s: message-id=<%s>" % (qid, mid))
        self.line(t - 1, "qmgr[911]", "%s: from=<%s>, size=%d, nrcpt=%d "
                  "(queue active)" % (qid, sender, rng.between(2100, 480000),
                                      len(to)))
        n = len(to)
        counts = "%d/%d" % (n, n + 1) if mark else "%d" % n
        commands = "%d/%d" % (n + 6, n + 7) if mark else "%d" % (n + 6)
        self.line(t - 1, smtpd, "disconnect from %s ehlo=2 starttls=1 mail=1 "
                  "rcpt=%s data=1 quit=1 commands=%s" % (
                      client, counts, commands))
        where = ("mbx1.%s[%s]:24" % (DOMAIN, w.server["MBX1"]) if local else
                 relay + ":25")
        for one in to:
            took = rng.between(40, 90), rng.between(1, 9), rng.between(10, 45)
            self.line(t, agent, "%s: to=<%s>, relay=%s, delay=%d.%02d, delays="
                      "0.%02d/0.01/0.%02d/0.%02d, dsn=2.0.0, status=sent (250 "
                      "2.0.0 %s)" % (
                          (qid, one, where) + divmod(sum(took) + 1, 100)
                          + took + ("<%s> %x Saved" % (one, rng.word())
                                    if local else
                                    "Ok: queued as %X" % rng.word(),)),
                      mark[1] if mark and one.startswith(
                          mark[0].account + "@") else None)
        self.line(t, "qmgr[911]", qid + ": removed")

    def refuse(self, t, sender, client, to, why):
        smtpd = "smtpd[%d]" % self.rng.between(2000, 29999)
        self.line(t, smtpd, "connect from " + client)
        self.line(t, smtpd, "NOQUEUE: reject: RCPT from %s: %s; from=<%s> "
                  "to=<%s> proto=ESMTP helo=<%s>" % (
                      client, why % {"to": to, "from": sender}, sender, to,
                      client.split("[")[0]))
        self.line(t, smtpd, "disconnect from %s ehlo=1 mail=1 rcpt=0/1 quit=1 "
                  "commands=3/4" % client)


GREY = ("450 4.2.0 <%(to)s>: Recipient address rejected: Greylisted, see "
        "http://postgrey.example/help/shirakaba.html")
BANNED = "554 5.7.1 <%(from)s>: Sender address rejected: Access denied"


def mail(w):
    log, rng = Mail(w), Rng(w.seed, "mail plan")
    home = dict((name, "mail.%s.example[%s]" % (name, w.outside[i]))
                for i, name in enumerate(PARTNERS))

    def box(p):
        return p.account + "@" + DOMAIN

    # The lure: put off once by greylisting, delivered, later refused.
    sender = "keiri@" + w.lure_domain
    client = "mail.%s[%s]" % (w.lure_domain, w.lure_ip)
    sent = w.at["mail_delivered"]
    log.refuse(sent - rng.between(320, 460), sender, client,
               box(w.recipients[0]), GREY)
    log.message(sent, sender, client, [box(p) for p in w.recipients], None,
                (w.zero, "mail_delivered"))
    ban = next(k.act for k in w.tickets if k.kind == "phish") + 1500
    for _ in range(rng.between(2, 4)):
        ban += rng.between(60, 4 * HOUR)
        log.refuse(ban, sender, client, box(rng.pick(w.staff)), BANNED)
    # A genuine mail to the same person, just before the download.
    name = rng.pick(PARTNERS)
    log.message(w.landing - rng.between(100, 290), "info@%s.example" % name,
                home[name], [box(w.zero)])

    for day in (0, 1):
        for _ in range(66):
            t = day * DAY + rng.between(7 * HOUR, 19 * HOUR)
            name = rng.pick(PARTNERS)
            people = rng.sample(w.people, rng.pick((1, 1, 1, 1, 2, 3)))
            log.message(t, "%s@%s.example" % (rng.pick(
                ("info", "sales", "keiri", "tantou", "no-reply")), name),
                home[name], [box(p) for p in people])
        for _ in range(34):
            t = day * DAY + rng.between(8 * HOUR + 1800, 19 * HOUR)
            p, name = rng.pick(w.people), rng.pick(PARTNERS)
            log.message(t, box(p), "mbx1.%s[%s]" % (
                DOMAIN, w.server["MBX1"]), ["%s@%s.example" % (rng.pick(
                    ("info", "sales", "keiri", "tantou")), name)], home[name])
        for _ in range(9):
            t = day * DAY + rng.below(DAY)
            name = rng.pick(PARTNERS)
            log.refuse(t, "news@%s.example" % name, home[name],
                       box(rng.pick(w.people)), GREY)
    return log


# --------------------------------------------------------------- proxy.csv

def proxy(w):
    log = Log(w, "proxy.csv", ["time,client,user,method,url,status,bytes_up,"
                               "bytes_down,ms,category"])
    rng = Rng(w.seed, "proxy")

    def row(t, ip, user, url, up, down, ms, category, status=200,
            method="CONNECT", mark=None):
        log.add(t, "%s,%s,%s,%s,%s,%d,%d,%d,%d,%s" % (
            w.utc(t), ip, user, method, url, status, up, down, ms, category),
            mark)

    def tls(t, ip, user, host, category, small=700, large=9000):
        row(t, ip, user, host + ":443", rng.between(small, large),
            rng.between(2500, 420000), rng.between(90, 61000), category)

    awake = {p.account: True for p in rng.sample(w.staff, 6)}
    awake[w.zero.account] = awake[w.treasurer.account] = True
    rng = Rng(w.seed, "browsing")
    for p, begin, end in workdays(w, rng):
        for _ in range(rng.between(20, 31)):
            (host, category) = SITES.draw(rng)
            t = rng.between(begin, end)
            if category == "software" and rng.chance(400):
                row(t, p.ip, p.account, "http://%s/v3/%x" % (
                    host, rng.word()), rng.between(300, 900),
                    rng.between(200, 90000), rng.between(20, 400), category,
                    rng.pick((200, 200, 304)), "GET")
            else:
                tls(t, p.ip, p.account, host, category)
        if p.account in awake:
            end = begin - begin % DAY + DAY + 8 * HOUR
        t = begin
        while t < end:
            row(t, p.ip, p.account, PUSH + ":443", rng.between(900, 1500),
                rng.between(700, 4000), 3600000, "groupware")
            t += rng.between(3590, 3640)
        if p is w.treasurer:
            t = begin + 300
            while t < end:
                row(t, p.ip, p.account, w.ticker + ":443",
                    rng.between(600, 900), rng.between(900, 5200),
                    rng.between(100, 300), "finance")
                t += rng.between(590, 615)
    # Places to which one person goes once or twice.
    for i, host in enumerate(RARE):
        p = rng.pick(w.staff) if i > 2 else w.zero
        t = rng.below(2) * DAY + rng.between(9 * HOUR + 3000, 13 * HOUR)
        for _ in range(rng.between(1, 3)):
            tls(t, p.ip, p.account, host, rng.pick(
                ("uncategorized", "uncategorized", "business", "shopping")))
            t += rng.between(20, 900)
    # Colleagues use the file transfer service as well.
    for _ in range(rng.between(14, 20)):
        p = rng.pick(w.staff)
        t = rng.below(2) * DAY + rng.between(9 * HOUR, 12 * HOUR)
        row(t, p.ip, p.account, w.exfil + ":443",
            rng.between(1500000, 9000000), rng.between(3000, 9000),
            rng.between(4000, 30000), "file_transfer")
    for t in range(3 * HOUR, 2 * DAY, 4 * HOUR):
        t += rng.below(600)
        row(t, w.server["WSUS01"], "-", "http://update.kasumi-soft.example"
            "/sync/%x.cab" % rng.word(), rng.between(400, 900),
            rng.between(200000, 90000000), rng.between(900, 40000),
            "software", 200, "GET")
    for name in ("MGT01", "TS01", "DEV01"):
        for day in (0, 1):
            row(day * DAY + rng.between(4 * HOUR, 6 * HOUR), w.server[name],
                "-", "ocsp.kasumi-ca.example:443", rng.between(600, 900),
                rng.between(2500, 6000), rng.between(90, 400), "software")

    for t, p, name in w.fetched:
        row(t, p.ip, p.account, "http://edi.hayase-bussan.example/d/%x/%s.zip"
            % (rng.word(), name), rng.between(600, 900),
            rng.between(90000, 900000), rng.between(300, 1900), "business",
            200, "GET")
    # The link: zero fetches the file, one looks, one is blocked.
    site = "http://" + w.lure_host
    token = {p.account: "%x%x" % (rng.word(), rng.word())
             for p in w.recipients}

    def landing(t, p, status=200):
        blocked = status == 403
        row(t, p.ip, p.account, "%s/v/%s" % (site, token[p.account]),
            rng.between(500, 800), 1890 if blocked else rng.between(
                6000, 9000), 3 if blocked else rng.between(90, 400),
            "malicious" if blocked else "uncategorized", status, "GET")

    landing(w.landing, w.zero)
    landing(w.opened, w.looked)
    landing(w.blocked, w.clicked, 403)
    landing(w.blocked + rng.between(4, 30), w.clicked, 403)
    row(w.at["download"], w.zero.ip, w.zero.account, "%s/d/%s/%s.zip" % (
        site, token[w.zero.account], w.lure_file), rng.between(600, 900),
        rng.between(210000, 760000), rng.between(300, 1900), "uncategorized",
        200, "GET", "download")

    # The server that gives the intruder his orders.
    t, first, pace = w.at["c2_first"], True, rng.between(560, 840)
    while t < w.end:
        row(t, w.zero.ip, w.zero.account, w.c2 + ":443",
            rng.between(700, 1400), rng.between(600, 2400) if rng.chance(900)
            else rng.between(20000, 190000), rng.between(150, 900),
            "uncategorized", mark="c2_first" if first else None)
        t, first = t + pace + rng.between(-pace // 6, pace // 6), False

    for i, (t, up, down) in enumerate(w.uploads):
        row(t, w.server[w.last], "-", w.exfil + ":443", up, down,
            up // rng.between(600, 900), "file_transfer",
            mark=None if i else "exfil_start")
    row(w.vendor_up - 40, w.server[w.vendor_on], "-", "upload.%s.example:443"
        % w.vendor[0], rng.between(3000, 5000), 8000, 900, "business")
    row(w.vendor_up, w.server[w.vendor_on], "-", "upload.%s.example:443"
        % w.vendor[0], w.vendor_bytes, rng.between(4000, 9000),
        w.vendor_bytes // 900, "business")
    return log


# ----------------------------------------------------------- ad_auth.jsonl

class Ad(Log):
    def __init__(self, world):
        super().__init__(world, "ad_auth.jsonl")
        self.rng = Rng(world.seed, "ad")

    def event(self, t, code, computer, mark=None, **data):
        ms = self.rng.below(1000)
        self.add(t * 1000 + ms, json.dumps({
            "@timestamp": "%s.%03dZ" % (self.world.utc(t)[:-1], ms),
            "event": {"code": str(code)},
            "winlog": {"channel": "Security", "computer_name": "%s.%s" % (
                computer, DOMAIN), "event_data": data}},
            separators=(",", ":")), mark)

    def dc(self):
        return self.rng.pick(("DC01", "DC02"))

    def ticket(self, t, user, ip):
        self.event(t, 4768, self.dc(), TargetUserName=user,
                   TargetDomainName=NT_DOMAIN, Status="0x0",
                   PreAuthType="2", IpAddress="::ffff:" + ip)

    def bad_password(self, t, user, ip, status="0x18"):
        self.event(t, 4771, self.dc(), TargetUserName=user, Status=status,
                   PreAuthType="2", IpAddress="::ffff:" + ip)

    def ntlm(self, t, user, workstation):
        self.event(t, 4776, self.dc(), TargetUserName=user,
                   Workstation=workstation, Status="0xc000006a",
                   PackageName="MICROSOFT_AUTHENTICATION_PACKAGE_V1_0")

    def logon(self, t, user, server, ip, kind, mark=None, name="-"):
        self.event(t, 4624, server, mark, TargetUserName=user,
                   TargetDomainName=NT_DOMAIN, LogonType=str(kind),
                   IpAddress=ip, WorkstationName=name)

    def refused(self, t, user, server, ip, kind):
        self.event(t, 4625, server, TargetUserName=user,
                   TargetDomainName=NT_DOMAIN, LogonType=str(kind),
                   IpAddress=ip, Status="0xc000015b")

    def change(self, t, code, by, target):
        self.event(t, code, self.dc(), SubjectUserName=by,
                   TargetUserName=target, TargetDomainName=NT_DOMAIN)


def ad_auth(w):
    log, rng = Ad(w), Rng(w.seed, "ad plan")
    adm = {w.admin(p): w.adm[p.account] for p in w.admins}
    for p, begin, end in workdays(w, rng):
        log.ticket(begin - rng.between(5, 40), p.account, p.ip)
        if rng.chance(90):
            log.bad_password(begin - rng.between(50, 90), p.account, p.ip)
        for _ in range(rng.between(2, 4)):
            log.ticket(rng.between(begin, end), p.account, p.ip)
        for _ in range(rng.between(1, 4)):
            log.logon(rng.between(begin, end), p.account, rng.pick(
                ("TS01", "MBX1", "MBX1", "DEV01")), p.ip, 3)
        if rng.chance(250):
            log.logon(rng.between(begin, end), p.account, "TS01", p.ip, 10)
        if rng.chance(40):
            log.ntlm(rng.between(begin, end), p.account, p.host)
    # Administrators at work, from their own workstations.
    for user, (name, ip) in adm.items():
        for day in (0, 1):
            begin = day * DAY + 9 * HOUR
            for _ in range(rng.between(9, 14)):
                t = begin + rng.below(8 * HOUR)
                if user == w.admin(w.thief) and t > w.call - HOUR:
                    continue
                log.ticket(t - 1, user, ip)
                log.logon(t, user, rng.pick(("MGT01", "TS01", "WSUS01",
                                             "DEV01", "BKP01", "MBX1")), ip,
                          rng.pick((3, 10)))
    for by, t, p in ((w.account, w.support, w.zero),
                     (w.admin(w.other), w.support_other, next(
                         k.who for k in w.tickets if k.kind == "slow_other"))):
        log.ticket(t - 2, by, adm[by][1])
        log.ticket(t, by, p.ip)
    user = w.admin(w.other)
    log.ticket(w.overtime - 1, user, adm[user][1])
    log.logon(w.overtime, user, "WSUS01", adm[user][1], 10)
    log.logon(w.overtime + 900, user, "MGT01", adm[user][1], 3)
    # Services, all day and night.
    for t in range(0, 2 * DAY, 15 * MINUTE):
        log.logon(t + rng.below(60), "svc-monitor", rng.pick(
            ("MGT01", "TS01", "WSUS01", "DEV01", "BKP01", "MBX1")),
            w.server["MGT01"], 3)
    for day in (0, 1):
        log.logon(day * DAY + HOUR, "svc-backup", "MBX1", w.server["BKP01"], 3)
    # The scanner that the password change left behind, and another one.
    log.change(w.scan_change, 4724, w.admin(w.other), "scan-2f")
    log.ntlm(w.scan_failed, "scan-2f", "MFP-2F")
    for day in (0, 1):
        log.ntlm(day * DAY + rng.between(9 * HOUR, 12 * HOUR), "scan-3f",
                 "MFP-3F")
    for k in w.tickets:
        if k.kind == "reset":
            t = k.at - rng.between(60, 300)
            for _ in range(rng.between(3, 5)):
                log.bad_password(t, k.who.account, k.who.ip)
                t += rng.between(6, 20)
            log.change(k.act, 4724, w.desk(k.op), k.who.account)
            log.ticket(k.act + rng.between(60, 150), k.who.account, k.who.ip)
        elif k.kind == "phish":
            log.change(k.act, 4724, w.desk(k.op), k.who.account)
        elif k.kind == "leaver":
            log.change(k.act, 4725, w.desk(k.op), w.leavers[k.more["name"]])
        elif k.kind == "call":
            log.change(k.act, 4725, w.desk(k.op), w.account)
            log.change(k.act + rng.between(130, 260), 4724, w.desk(k.op),
                       w.account)
    # Planned maintenance.
    user = "v-" + w.vendor[0].split("-")[0]
    log.ticket(w.vendor_at - 1, user, w.vpn)
    log.logon(w.vendor_at, user, w.vendor_on, w.vpn, 10)

    # The intruder.
    t = w.logons[0][0]
    log.ticket(t - rng.between(100, 400), w.account, w.zero.ip)
    for _ in range(rng.between(1, 2)):
        log.refused(t - rng.between(20, 90), w.account, w.refused, w.zero.ip,
                    10)
    for i, (t, ip, server) in enumerate(w.logons):
        if i:
            log.ticket(t - 2, w.account, ip)
        log.logon(t, w.account, server, ip, 10,
                  None if i else "stolen_logon")
    log.bad_password(w.aware + rng.between(700, 2400), w.account, w.zero.ip,
                     "0x12")
    return log


# ---------------------------------------------------------- fileserver.log

class Files(Log):
    """Samba's vfs_full_audit through syslog, on a clock that is wrong."""

    def __init__(self, world):
        super().__init__(world, "fileserver.log")
        self.rng = Rng(world.seed, "files")

    def line(self, t, process, text, mark=None):
        month, day, h, m, s = self.world.clock(t + self.world.offset)
        self.add(t, "%s %2d %02d:%02d:%02d fs01 %s: %s" % (
            MONTHS[month], day, h, m, s, process, text), mark)

    def session(self, user, ip, machine, share):
        pid = self.rng.between(3000, 31999)

        def op(t, what, path, mark=None):
            self.line(t, "smbd_audit[%d]" % pid, "%s|%s|%s|%s|%s|ok|%s" % (
                user, ip, machine.lower(), share, what, path), mark)
        return op


def fileserver(w):
    log, rng = Files(w), Rng(w.seed, "files plan")
    sections = [english for _, english, _ in SECTIONS]
    customer = ["%s/%s支店_%s.xlsx" % (year, b, kind) for year in
                ("2024", "2025") for b in BRANCHES for kind in LISTS]
    for p, begin, end in workdays(w, rng):
        if p.section[1] not in sections or rng.chance(60):
            continue
        share, folder, papers = PAPERS[sections.index(p.section[1])]
        for _ in range(rng.between(1, 2)):
            t = rng.between(begin, end - 600)
            op = log.session(p.account, p.ip, p.host, share)
            op(t, "connect", share)
            for _ in range(rng.between(2, 4)):
                t += rng.between(3, 400)
                op(t, "openat", "%s|%s/%s" % (
                    rng.pick("rrw"), folder, rng.pick(papers)))
        if rng.chance(220):
            t = rng.between(begin, end - 600)
            op = log.session(p.account, p.ip, p.host, "customer")
            op(t, "connect", "customer")
            for _ in range(rng.between(1, 3)):
                t += rng.between(3, 300)
                op(t, "openat", "r|" + rng.pick(customer))
    for p in w.admins:
        name, ip = w.adm[p.account]
        for day in (0, 1):
            t = day * DAY + rng.between(9 * HOUR, 12 * HOUR)
            op = log.session(w.admin(p), ip, name, "tools")
            op(t, "connect", "tools")
            for _ in range(rng.between(2, 5)):
                t += rng.between(5, 200)
                op(t, "openat", "r|deploy/" + rng.pick(
                    ("setup.msi", "map.vbs", "printers.ps1", "readme.txt")))
    # Scans, and the one whose password was no longer right.
    for day in (0, 1):
        for _ in range(rng.between(9, 13)):
            t = day * DAY + rng.between(9 * HOUR, 17 * HOUR)
            if day and w.scan_change < t < w.scan_failed + HOUR:
                continue
            op = log.session("scan-2f", w.mfp["MFP-2F"], "MFP-2F", "scan")
            op(t, "connect", "scan")
            op(t + 1, "openat", "w|2f/scan%04d.pdf" % rng.between(1, 9999))
    t = w.scan_failed
    month, day, h, m, s = w.clock(t + w.offset)
    weekday = WEEKDAYS[(w.day + 2 + (t + w.offset) // DAY) % 7]
    log.line(t, "smbd[%d]" % rng.between(3000, 31999),
             "  Auth: [SMB2,(null)] user [%s]\\[scan-2f] at [%s, %02d %s 2026 "
             "%02d:%02d:%02d.%06d JST] with [NTLMv2] status "
             "[NT_STATUS_WRONG_PASSWORD] workstation [MFP-2F] remote host "
             "[ipv4:%s:%d] mapped to [%s]\\[scan-2f]. local host [ipv4:%s:445]"
             % (NT_DOMAIN, weekday, day, MONTHS[month], h, m, s,
                rng.below(1000000), w.mfp["MFP-2F"], rng.between(
                    49152, 65535), NT_DOMAIN, w.server["FS01"]))
    # The backup reads what is new, each night at one.
    for day in (0, 1):
        op = log.session("svc-backup", w.server["BKP01"], "BKP01", "customer")
        t = day * DAY + HOUR + rng.below(90)
        op(t, "connect", "customer")
        for path in rng.sample(customer, rng.between(42, 55)):
            t += rng.between(1, 9)
            op(t, "openat", "r|" + path)
    # Planned maintenance.
    user = "v-" + w.vendor[0].split("-")[0]
    op = log.session(user, w.server[w.vendor_on], w.vendor_on, "maint")
    t = w.vendor_zip - rng.between(200, 500)
    op(t, "connect", "maint")
    for name in ("fs01.conf", "raid.log", "perf.csv", "syslog.1"):
        t += rng.between(3, 20)
        op(t, "openat", "r|diag/" + name)
    op(w.vendor_zip, "openat", "w|diag/diag_%02d%02d.zip" % w.clock(
        w.vendor_zip)[:2])
    op(w.vendor_up, "openat", "r|diag/diag_%02d%02d.zip" % w.clock(
        w.vendor_zip)[:2])

    # The intruder.
    op = log.session(w.account, w.server[w.last], w.last, "customer")
    read, made = w.at["data_access"], w.at["archive_created"]
    op(read - rng.between(70, 200), "connect", "customer")
    step = (made - read - 400) // w.files
    t = read
    for i, path in enumerate(rng.sample(customer, w.files)):
        op(t, "openat", "r|" + path, None if i else "data_access")
        t += rng.between(step // 2, step)
    op(made - rng.between(75, 200), "mkdirat", "2025/" + w.hidden)
    name = "%s/%s.7z" % ("2025/" + w.hidden, "".join(
        rng.pick("abcdefghijkmnprstuvwxyz") for _ in range(4)))
    for i, t in enumerate(w.parts):
        op(t, "openat", "w|%s.%03d" % (name, i + 1),
           None if i else "archive_created")
    sent = 0
    for i, (t, up, _) in enumerate(w.uploads):
        again = i and w.uploads[i - 1][1] < 40000000
        sent += not (again or i == 0)
        op(t - rng.between(1, 3), "openat", "r|%s.%03d" % (name, sent + 1))
    # Who found it.
    p = w.caller
    op = log.session(p.account, p.ip, p.host, "customer")
    t = w.call - rng.between(200, 500)
    op(t, "connect", "customer")
    op(t + 20, "openat", "r|%s.001" % name)
    return log


# ----------------------------------------------------------------- edr.csv

WIN = "C:\\Windows\\System32\\"


class Edr(Log):
    def __init__(self, world):
        super().__init__(world, "edr.csv", [
            "ts_ms,host,event,user,image,command_line,parent_image,severity,"
            "status"])
        self.rng = Rng(world.seed, "edr")

    def row(self, t, host, event, user, image, line, parent, severity="info",
            status="-", mark=None):
        ms = (EPOCH_2026 + self.world.midnight + t) * 1000 + self.rng.below(
            1000)
        fields = [str(ms), host, event, user, image, line, parent, severity,
                  status]
        self.add(ms, ",".join('"%s"' % f.replace('"', '""')
                              if '"' in f or "," in f else f
                              for f in fields), mark)


APPS = (
    ("C:\\Program Files\\Office\\EXCEL.EXE", 'EXCEL.EXE "Z:\\%s.xlsx"'),
    ("C:\\Program Files\\Office\\WINWORD.EXE", 'WINWORD.EXE "Z:\\%s.docx"'),
    ("C:\\Program Files\\Browser\\browser.exe", "browser.exe --tab=%s"),
    ("C:\\Program Files\\Archive\\zipview.exe", 'zipview.exe "Z:\\%s.zip"'),
    (WIN + "notepad.exe", "notepad.exe Z:\\%s.txt"))


def edr(w):
    log, rng = Edr(w), Rng(w.seed, "edr plan")
    explorer = "C:\\Windows\\explorer.exe"
    for p, begin, end in workdays(w, rng):
        log.row(begin + 20, p.host, "process_start", p.account,
                WIN + "wscript.exe",
                "wscript.exe \\\\%s\\netlogon\\map.vbs" % DOMAIN,
                WIN + "userinit.exe")
        for _ in range(rng.between(3, 5)):
            image, line = rng.pick(APPS)
            log.row(rng.between(begin, end), p.host, "process_start",
                    p.account, image, line % ("%04x" % rng.below(65536)),
                    explorer)
    for t, p, name in w.fetched:
        path = "C:\\Users\\%s\\Downloads\\%s" % (p.account, name)
        log.row(t + rng.between(20, 50), p.host, "process_start", p.account,
                "C:\\Program Files\\Archive\\zipview.exe",
                'zipview.exe "%s.zip"' % path, explorer)
        log.row(t + rng.between(60, 150), p.host, "process_start", p.account,
                APPS[0][0], 'EXCEL.EXE "%s\\%s.xlsx"' % (path, name),
                explorer)
    # False alarms, all looked at and closed.
    for _ in range(4):
        p = rng.pick([p for p in w.staff if p is not w.zero])
        t = rng.below(2) * DAY + rng.between(9 * HOUR, 12 * HOUR)
        image, line, parent = rng.pick((
            (WIN + "cmd.exe", "cmd.exe /c copy report.csv Z:\\",
             "C:\\Program Files\\Office\\EXCEL.EXE"),
            (WIN + "WindowsPowerShell\\v1.0\\powershell.exe",
             "powershell.exe -File printers.ps1", WIN + "userinit.exe")))
        log.row(t, p.host, "process_start", p.account, image, line, parent)
        log.row(t + 1, p.host, "alert", p.account, image, line, parent,
                rng.pick(("low", "medium")), "closed")
    for by, t, p in ((w.account, w.support, w.zero),
                     (w.admin(w.other), w.support_other, next(
                         k.who for k in w.tickets if k.kind == "slow_other"))):
        log.row(t + 4, p.host, "process_start", by, WIN + "taskmgr.exe",
                "taskmgr.exe", explorer)
        log.row(t + rng.between(60, 400), p.host, "process_start", by,
                WIN + "cleanmgr.exe", "cleanmgr.exe /verylowdisk", explorer)
    user = "v-" + w.vendor[0].split("-")[0]
    shell = WIN + "WindowsPowerShell\\v1.0\\powershell.exe"
    log.row(w.vendor_at + 9, w.vendor_on, "process_start", user, explorer,
            "explorer.exe", WIN + "userinit.exe")
    log.row(w.vendor_zip - 700, w.vendor_on, "process_start", user, shell,
            "powershell.exe -File D:\\maint\\diag.ps1", explorer)
    log.row(w.vendor_zip - 699, w.vendor_on, "alert", user, shell,
            "powershell.exe -File D:\\maint\\diag.ps1", explorer, "medium",
            "new")

    # The file that was opened. The script is named, it does not exist.
    folder = "C:\\Users\\%s\\Downloads\\%s\\" % (w.zero.account, w.lure_file)
    script = WIN + "wscript.exe"
    line = 'wscript.exe "%s%s.js"' % (folder, w.lure_file)
    t = w.at["execution"]
    log.row(t - rng.between(20, 50), w.zero.host, "process_start",
            w.zero.account, "C:\\Program Files\\Archive\\zipview.exe",
            'zipview.exe "%s.zip"' % folder[:-1], explorer)
    log.row(t, w.zero.host, "process_start", w.zero.account, script, line,
            explorer, mark="execution")
    dll = "C:\\Users\\%s\\AppData\\Roaming\\%08x.dat" % (
        w.zero.account, rng.word())
    log.row(t + 61, w.zero.host, "process_start", w.zero.account,
            WIN + "rundll32.exe", "rundll32.exe %s,Start" % dll, script)
    log.row(t + 63, w.zero.host, "alert", w.zero.account,
            WIN + "rundll32.exe", "rundll32.exe %s,Start" % dll, script,
            "medium", "new")
    inert = base64.b64encode(("INERT " + rng.data(18).hex()).encode(
        "utf-16-le")).decode()
    for t, _, server in w.logons:
        log.row(t + rng.between(3, 9), server, "process_start", w.account,
                explorer, "explorer.exe", WIN + "userinit.exe")
    log.row(w.logons[-1][0] + rng.between(90, 240), w.last, "process_start",
            w.account, shell, "powershell.exe -nop -w hidden -enc " + inert,
            explorer)
    return log


def build(world):
    """({name: text}, {event code: file:line})."""
    files, evidence = {}, {}
    epoch = (EPOCH_2026 + world.midnight + world.end) * 1000
    for make, end in ((mail, world.end), (proxy, world.end),
                      (ad_auth, world.end * 1000), (fileserver, world.end),
                      (edr, epoch)):
        log = make(world)
        files[log.name] = log.finish(end, evidence)
    return files, evidence
