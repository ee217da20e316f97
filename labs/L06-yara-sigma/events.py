"""A day of endpoint events of the bank, as its EDR hands them out, and what
the family does among them.

    day(world, "shown")     [(event, is_bad), ...] in order of time

An event is a dictionary with the field names of Sysmon: EventID 1 (process
creation) or 3 (network connection).
"""

from kit.stream import Rng, Weighted
from truth import hexes, word

EVENTS, BAD = 5000, 40
INFECTIONS = 13                 # three bad events each, and one more
HOSTS = 70
SYSTEM = "C:\\Windows\\System32\\"
WOW = "C:\\Windows\\SysWOW64\\"
OFFICE = "C:\\Program Files\\Microsoft Office\\root\\Office16\\"
EDGE = "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe"
CHROME = "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe"
EXPLORER = "C:\\Windows\\explorer.exe"
PROCESS = ("RecordId", "UtcTime", "EventID", "Computer", "User", "ProcessId",
           "Image", "CommandLine", "IntegrityLevel", "ParentProcessId",
           "ParentImage", "ParentCommandLine")
NETWORK = ("RecordId", "UtcTime", "EventID", "Computer", "User", "ProcessId",
           "Image", "Protocol", "Initiated", "SourceIp", "SourcePort",
           "DestinationIp", "DestinationHostname", "DestinationPort")
OUTSIDE = ("192.0.2.", "198.51.100.", "203.0.113.")
TITLES = ("zandaka", "furikomi", "tesuryo", "kawase", "ringi", "shiwake",
          "seikyu", "meisai")
ENDINGS = ("dat", "tmp", "log", "bin", "db")
# Where the software stands, in per cent of the hosts.
HOMES = Weighted((("C:\\Program Files\\%s\\", 64),
                  ("C:\\Program Files (x86)\\%s\\", 22),
                  ("D:\\Apps\\%s\\", 14)))
PLACES = {"shown": Weighted(((0, 45), (1, 35), (2, 20))),
          "hidden": Weighted(((0, 25), (1, 40), (2, 35)))}
SITES = ("www.chamber.example", "news.tokai.example", "portal.kenpo.example",
         "mail.tsubakuro.example", "teams.collab.example",
         "cdn.collab.example", "maps.annai.example", "weather.annai.example")


class Host:
    def __init__(self, w, rng, i):
        self.name = "TB-%03d-%02d" % (100 + i // 6, i % 6 + 1)
        self.user = "u%04d" % rng.between(1000, 9999)
        self.ip = "10.%d.%d.%d" % (20 + i // 30, i % 30 + 1,
                                   rng.between(20, 240))
        self.home = HOMES.draw(rng) % w.product


class Day:
    def __init__(self, w, which):
        self.w, self.which = w, which
        self.rng = Rng(w.seed, "events " + which)
        self.hosts = [Host(w, self.rng, i) for i in range(HOSTS)]
        self.rows = []
        self.vendor_ip = self.outside()
        self.crl_ip = self.outside()

    # ------------------------------------------------------------ two kinds

    def outside(self):
        return self.rng.pick(OUTSIDE) + str(self.rng.between(1, 254))

    def inside(self):
        return "10.1.%d.%d" % (self.rng.between(1, 4),
                               self.rng.between(10, 60))

    def pid(self):
        return self.rng.between(1000, 18000) & ~3

    def process(self, t, h, image, line, parent, parent_line="", bad=False,
                pid=None, ppid=None, user=None, level="Medium"):
        user = user or "TSUBAKURO\\" + h.user
        self.rows.append((t, self.rng.below(1000), len(self.rows), {
            "EventID": 1, "Computer": h.name + ".tsubakuro.example",
            "User": user, "ProcessId": pid or self.pid(), "Image": image,
            "CommandLine": line, "IntegrityLevel": level,
            "ParentProcessId": ppid or self.pid(), "ParentImage": parent,
            "ParentCommandLine": parent_line or '"%s"' % parent}, bad))

    def network(self, t, h, image, ip, name, port, bad=False, pid=None,
                user=None, protocol="tcp"):
        user = user or "TSUBAKURO\\" + h.user
        self.rows.append((t, self.rng.below(1000), len(self.rows), {
            "EventID": 3, "Computer": h.name + ".tsubakuro.example",
            "User": user, "ProcessId": pid or self.pid(), "Image": image,
            "Protocol": protocol, "Initiated": "true", "SourceIp": h.ip,
            "SourcePort": self.rng.between(49152, 65535),
            "DestinationIp": ip, "DestinationHostname": name,
            "DestinationPort": port}, bad))

    # ----------------------------------------------------------- the family

    def dropped(self, h):
        """A file where any user may write."""
        rng = self.rng
        place = PLACES[self.which].draw(rng)
        folder = word(rng).capitalize() + hexes(rng, 2)
        top = ("C:\\ProgramData\\%s\\" % folder,
               "C:\\Users\\%s\\AppData\\Local\\Temp\\%s\\" % (h.user, folder),
               "C:\\Users\\Public\\%s\\" % folder)[place]
        return "%s%s.%s" % (top, word(rng), rng.pick(ENDINGS))

    def carrier_line(self, name, path):
        rng = self.rng
        shown = name
        if rng.chance(250):
            shown = "\"" + SYSTEM + name + "\""
        elif rng.chance(150):
            shown = name.upper().replace(".EXE", ".exe")
        if name == "rundll32.exe":
            return "%s %s,#%d" % (shown, path, rng.between(1, 6))
        if name == "regsvr32.exe":
            return '%s /s /n /i:%s "%s"' % (shown, hexes(rng, 4), path)
        if name == "wscript.exe":
            return '%s //B //E:jscript "%s" %s' % (shown, path, hexes(rng, 4))
        return '%s /q /y "%s"' % (shown, path)

    def infection(self, i):
        w, rng = self.w, self.rng
        h = rng.pick(self.hosts)
        t = rng.between(9 * 3600 + 600, 17 * 3600)
        viewer = h.home + w.viewer
        pid = self.pid()
        opened = self.opening(t, h, pid, OFFICE + "OUTLOOK.EXE")
        pids = []
        for k in range(2):
            t += rng.between(4, 40) if k == 0 else rng.between(60, 400)
            name = w.bins[(i + k) % 2]
            image = (WOW if rng.chance(350) else SYSTEM) + name
            pids.append((image, self.pid()))
            self.process(t, h, image, self.carrier_line(name, self.dropped(h)),
                         viewer, opened, True, pids[-1][1], pid)
        for _ in range(2 if i == 0 else 1):
            image, child = pids[(i // 2) % 2]
            t += rng.between(2, 30)
            name = ("-" if rng.chance(500) else "%s-%s.example" % (
                rng.pick(("cdn", "img", "api", "sync")), word(rng)))
            self.network(t, h, image, self.outside(), name,
                         443 if rng.chance(700) else 8443, True, child)

    # ---------------------------------------------------- the report software

    def opening(self, t, h, pid, parent):
        """Somebody opens a report; the command line."""
        w, rng = self.w, self.rng
        name = "%s_%d.%s" % (rng.pick(TITLES), rng.between(100, 999), w.ext)
        if parent.endswith("OUTLOOK.EXE"):
            path = ("C:\\Users\\%s\\AppData\\Local\\Microsoft\\Windows\\"
                    "INetCache\\Content.Outlook\\%s\\%s") % (
                        h.user, hexes(rng, 8).upper(), name)
        else:
            path = "\\\\tb-file0%d\\share\\report\\%s" % (rng.between(1, 3),
                                                        name)
        line = '"%s" "%s"' % (h.home + w.viewer, path)
        self.process(t, h, h.home + w.viewer, line, parent, pid=pid)
        return line

    def opened(self, t, h):
        """Somebody opens a genuine report: process id and command line."""
        pid = self.pid()
        return pid, self.opening(t, h, pid, EXPLORER if self.rng.chance(650)
                                 else OFFICE + "OUTLOOK.EXE")

    def open_report(self, t, h):
        rng = self.rng
        pid, line = self.opened(t, h)
        viewer = h.home + self.w.viewer
        r = rng.below(100)
        if r < 30:
            self.process(t + rng.between(5, 200), h, SYSTEM + "splwow64.exe",
                         SYSTEM + "splwow64.exe 12288", viewer, line, ppid=pid)
        elif r < 65:
            self.process(
                t + rng.between(2, 60), h, h.home + self.w.spooler,
                '"%s" /q "C:\\Users\\%s\\AppData\\Local\\Temp\\%s%s.tmp"' % (
                    h.home + self.w.spooler, h.user, self.w.short,
                    hexes(rng, 4)), viewer, line, ppid=pid)
        elif r < 85:
            self.network(t + rng.between(1, 9), h, viewer, "10.1.2.15",
                         "tb-lic01.tsubakuro.example", 27000, pid=pid)

    def viewer_helper(self, t, h):
        """What the software itself does with the carriers."""
        w, rng = self.w, self.rng
        name = rng.pick(w.bins)
        pid, opened = self.opened(t - rng.between(3, 90), h)
        line = {
            "rundll32.exe": (
                'rundll32.exe printui.dll,PrintUIEntry /y /n "\\\\tb-print0%d'
                '\\A4"' % rng.between(1, 4) if rng.chance(500) else
                'rundll32.exe "%s%sfont.dll",RegisterFonts' % (h.home,
                                                               w.short)),
            "regsvr32.exe": 'regsvr32.exe /s "%s%s%s.ocx"' % (
                h.home, w.short, rng.pick(("chart", "grid", "stamp"))),
            "wscript.exe": 'wscript.exe //B "%smacro\\%s.vbs"' % (
                h.home, rng.pick(("merge", "export", "print"))),
            "msiexec.exe": 'msiexec.exe /q /p "%supdate\\%s74%d.msp"' % (
                h.home, w.short, rng.between(1, 9)),
        }[name]
        self.process(t, h, (WOW if rng.chance(300) else SYSTEM) + name, line,
                     h.home + w.viewer, opened, ppid=pid)

    # ------------------------------------------------------------ the others

    def agent(self):
        return "C:\\Program Files\\%s\\%s" % (self.w.agent, self.w.agent_exe)

    def agent_carrier(self, t, h):
        """Other parents, the same carriers, places any user may write to."""
        w, rng = self.w, self.rng
        name = rng.pick(w.bins)
        cache = "C:\\ProgramData\\%s\\cache\\" % w.agent.replace(" ", "")
        temp = "C:\\Users\\%s\\AppData\\Local\\Temp\\" % h.user
        parent, user, level = self.agent(), "NT AUTHORITY\\SYSTEM", "System"
        if rng.chance(350):
            parent, user, level = EXPLORER, None, "Medium"
            cache = temp
        line = {
            "rundll32.exe": "rundll32.exe %s%s.%s,%s" % (
                cache, rng.pick(("tray", "meter", "notice")),
                rng.pick(("dll", "tmp")), rng.pick(("Start", "#1", "#2"))),
            "regsvr32.exe": 'regsvr32.exe /s /n /i:%s "%s%s.ocx"' % (
                rng.pick(("setup", "user")), cache,
                rng.pick(("meter", "%schart" % w.short))),
            "wscript.exe": 'wscript.exe //B //E:jscript "%s%s.%s"' % (
                cache, rng.pick(("inventory", "logon", w.viewer[:-4])),
                rng.pick(("js", "tmp"))),
            "msiexec.exe": "msiexec.exe /q " + (
                '/i "%s%s-7.%d.msi"' % (
                    cache, rng.pick((w.viewer[:-4], "pdftool", "fontpack")),
                    rng.below(6)) if rng.chance(500) else
                '/y "%s%s.ocx"' % (cache, rng.pick(("meter", "stamp")))),
        }[name]
        self.process(t, h, SYSTEM + name, line, parent, user=user,
                     level=level)

    def carrier_other(self, t, h):
        rng = self.rng
        name, line, parent = rng.pick((
            ("rundll32.exe", "rundll32.exe shell32.dll,Control_RunDLL "
             "desk.cpl", EXPLORER),
            ("rundll32.exe", "rundll32.exe AppXDeploymentExtensions"
             ".OneCore.dll,ShellRefresh", SYSTEM + "svchost.exe"),
            ("regsvr32.exe", "regsvr32.exe /s " + SYSTEM + "wuapi.dll",
             SYSTEM + "cmd.exe"),
            ("wscript.exe", "wscript.exe \\\\tb-file01\\netlogon\\logon.vbs",
             SYSTEM + "userinit.exe"),
            ("msiexec.exe", "C:\\Windows\\system32\\msiexec.exe /V",
             SYSTEM + "services.exe")))
        self.process(t, h, SYSTEM + name, line, parent)

    def carrier_network(self, t, h):
        """The carriers talk too: to the bank's servers, to the maker's
        update site, to the lists of a certification authority."""
        w, rng = self.w, self.rng
        image = (WOW if rng.chance(300) else SYSTEM) + rng.pick(w.bins)
        r = rng.below(100)
        if r < 55:
            port, name = rng.pick(((445, "tb-file01"), (9100, "tb-print02"),
                                   (8530, "tb-wsus01"), (443, "tb-app03")))
            self.network(t, h, image, self.inside(),
                         name + ".tsubakuro.example", port)
        elif r < 80:
            self.network(t, h, image, self.vendor_ip,
                         rng.pick(("update.", "dl.")) + w.vendor, 443)
        else:
            self.network(t, h, image, self.crl_ip, "crl." + w.authority, 80)

    sorts = Weighted((
        ("page", 110), (EDGE, 30), (OFFICE + "EXCEL.EXE", 45),
        (OFFICE + "WINWORD.EXE", 22), (OFFICE + "OUTLOOK.EXE", 9),
        (SYSTEM + "notepad.exe", 14), (SYSTEM + "calc.exe", 5)))

    def office(self, t, h):
        rng = self.rng
        sort = self.sorts.draw(rng)
        image, parent = sort, EXPLORER
        if sort == "page":
            image = parent = rng.pick((EDGE, EDGE, CHROME))
            line = '"%s" --type=%s --lang=ja' % (
                image, rng.pick(("renderer", "renderer", "utility")))
        elif sort == EDGE:
            line = '"%s" --single-argument https://%s/' % (EDGE,
                                                           rng.pick(SITES))
        elif sort == OFFICE + "EXCEL.EXE":
            line = '"%s" "\\\\tb-file02\\share\\%s_%d.xlsx"' % (
                image, rng.pick(TITLES), rng.below(900))
        elif sort == OFFICE + "WINWORD.EXE":
            line = '"%s" /n "C:\\Users\\%s\\Documents\\%s.docx"' % (
                image, h.user, rng.pick(TITLES))
        elif sort == SYSTEM + "notepad.exe":
            line = '"%s" C:\\Users\\%s\\Desktop\\memo%d.txt' % (
                image, h.user, rng.below(20))
        else:
            line = '"%s"' % image
        self.process(t, h, image, line, parent)

    def system(self, t, h):
        rng = self.rng
        image, line, parent = rng.pick((
            ("svchost.exe", SYSTEM + "svchost.exe -k netsvcs -p -s wuauserv",
             SYSTEM + "services.exe"),
            ("taskhostw.exe", "taskhostw.exe", SYSTEM + "svchost.exe"),
            ("backgroundTaskHost.exe", '"%sbackgroundTaskHost.exe" -ServerName'
             ":App.%s" % (SYSTEM, hexes(rng, 8)), SYSTEM + "svchost.exe"),
            ("RuntimeBroker.exe", SYSTEM + "RuntimeBroker.exe -Embedding",
             SYSTEM + "svchost.exe"),
            ("conhost.exe", SYSTEM + "conhost.exe 0x4", SYSTEM + "cmd.exe"),
            ("cmd.exe", "cmd.exe /c \\\\tb-file01\\netlogon\\map.cmd",
             SYSTEM + "userinit.exe"),
            ("net.exe", "net use S: \\\\tb-file02\\share",
             SYSTEM + "cmd.exe")))
        self.process(t, h, SYSTEM + image, line, parent,
                     user="NT AUTHORITY\\SYSTEM", level="System")

    def managed(self, t, h):
        rng = self.rng
        shell = SYSTEM + "WindowsPowerShell\\v1.0\\powershell.exe"
        self.process(
            t, h, shell, "powershell.exe -NoProfile -File \"C:\\ProgramData\\"
            "%s\\scripts\\%s.ps1\"" % (self.w.agent.replace(" ", ""), rng.pick(
                ("inventory", "patchstate", "diskfree"))), self.agent(),
            user="NT AUTHORITY\\SYSTEM", level="System")

    def browse(self, t, h):
        image = self.rng.pick((EDGE, EDGE, CHROME, OFFICE + "OUTLOOK.EXE"))
        name = "-" if self.rng.chance(200) else self.rng.pick(SITES)
        self.network(t, h, image, self.outside(), name,
                     443 if self.rng.chance(930) else 8443)

    def internal(self, t, h):
        rng = self.rng
        image, port, name, user = rng.pick((
            (SYSTEM + "svchost.exe", 53, "tb-dns01", "NETWORK SERVICE"),
            (SYSTEM + "lsass.exe", 88, "tb-dc01", "SYSTEM"),
            (SYSTEM + "lsass.exe", 389, "tb-dc02", "SYSTEM"),
            (SYSTEM + "svchost.exe", 8530, "tb-wsus01", "NETWORK SERVICE"),
            (self.agent(), 8443, "tb-mgmt01", "SYSTEM"),
            (OFFICE + "OUTLOOK.EXE", 443, "tb-mail01", None)))
        self.network(t, h, image, self.inside(), name + ".tsubakuro.example",
                     port, user=user and "NT AUTHORITY\\" + user,
                     protocol="udp" if port == 53 else "tcp")

    # --------------------------------------------------------------- the day

    def fill(self):
        kinds = Weighted((
            (self.office, 250), (self.system, 240), (self.managed, 60),
            (self.open_report, 75), (self.viewer_helper, 20),
            (self.agent_carrier, 30), (self.carrier_other, 30),
            (self.carrier_network, 36), (self.browse, 210),
            (self.internal, 150)))
        for i in range(INFECTIONS):
            self.infection(i)
        while len(self.rows) < EVENTS:
            kinds.draw(self.rng)(self.rng.between(9 * 3600 + 120, 18 * 3600),
                                 self.rng.pick(self.hosts))
        del self.rows[EVENTS:]
        self.rows.sort(key=lambda row: row[:3])


def day(w, which):
    d = Day(w, which)
    d.fill()
    number = 410000 + d.rng.below(500000)
    out = []
    for t, milli, _, event, bad in d.rows:
        number += d.rng.between(1, 9)
        event["RecordId"] = number
        event["UtcTime"] = "%s.%03d" % (w.iso(t), milli)
        order = PROCESS if event["EventID"] == 1 else NETWORK
        out.append(({key: event[key] for key in order}, bad))
    return out
