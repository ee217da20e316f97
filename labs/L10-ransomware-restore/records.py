"""How the week shows in jobs.csv, edr.csv and the lists of the backups."""

from kit.stream import Rng
from truth import (EPOCH_2026, HOUR, MINUTE, SETS, SHARES, WORDS, digest, jst,
                   utc)

STAFF = ("ueno.m", "kaneda.t", "shimada.y", "nomura.h", "otani.r", "hirano.s",
         "kojima.a", "maruyama.k", "takeda.n", "sugihara.j", "arai.c",
         "yokota.d")
ADMINS = ("a-hirota", "a-mizuno", "a-segawa")
DISGUISE = ("C:\\ProgramData\\PrintCache\\pcsync.exe",
            "C:\\ProgramData\\FontStore\\fsindex.exe",
            "C:\\ProgramData\\DeviceMeta\\dmhost.exe")
TASKS = ("\\DeviceMeta\\Refresh", "\\PrintCache\\Sync", "\\FontStore\\Index")


def jobs_csv(w):
    rng = Rng(w.seed, "jobs")
    rows = ["backup,set,queued,snapshot,finished,files,bytes,status"]
    for b, kind in w.jobs:
        if b in w.backups:
            tree = w.state(kind, b.at[kind])
            files, size = len(tree), sum([len(d) for _, d in tree.values()])
        else:
            files, size = 14, rng.between(37000, 43000)
        status = "warning: retried" if rng.chance(60) else "ok"
        if b is w.offline[-1] and kind == w.altered_set:
            status = "warning: retried"
        rows.append("%s,%s,%s,%s,%s,%d,%d,%s" % (
            b.name, kind, jst(b.queued[kind]), jst(b.at[kind]),
            jst(b.done[kind]), files, size, status))
    return "\n".join(rows) + "\n"


def manifests(w):
    """(members of manifests.tar as (name, time, text), the anchor)"""
    rng = Rng(w.seed, "chain")
    lists = {name: (made, now) for name, made, now in w.lists()}
    link = digest(rng.data(32))
    rows = ["0000 %s" % link]
    members = []
    jobs = sorted(w.jobs, key=lambda job: job[0].done[job[1]])
    for i, (b, kind) in enumerate(jobs, 1):
        name = "%s.%s.sha256" % (b.name, kind)
        if b in w.backups:
            made, now = lists[name]
            one = digest(made.encode())
            t = w.altered_at if made != now else b.done[kind]
            members.append((name, t, now))
        else:
            one = digest(rng.data(32))
        link = digest(("%s %s" % (link, one)).encode())
        rows.append("%04d %s %s %s %s" % (
            i, utc(b.done[kind]), name, one, link))
    last = jobs[-1][0].done[jobs[-1][1]]
    members.append(("chain.txt", last, "\n".join(rows) + "\n"))
    members.sort()
    return members, link


class Table:
    def __init__(self, rng):
        self.rng, self.rows = rng, []

    def add(self, t, host, user, pid, ppid, image, event, target, detail="-"):
        self.rows.append((t, len(self.rows), "%s,%s,%s,%d,%d,%s,%s,%s,%s\n" % (
            utc(t), host, user, pid, ppid, image, event, target, detail)))

    def smb(self, t, user, event, target, address):
        self.add(t, "FS02", user, 4, 0, "System", event, target,
                 "from " + address)

    def text(self):
        self.rows.sort()
        return ("time,host,user,pid,ppid,image,event,target,detail\n"
                + "".join([row[2] for row in self.rows]))


def on_disk(path):
    return "D:\\%s%s" % ("" if path.startswith("share/") else "data\\",
                         path.replace("/", "\\"))


def work(w, table, rng):
    """What people do by day, and what runs every night."""
    desk = {user: "10.31.%d.%d" % (rng.between(2, 6), rng.between(20, 220))
            for user in STAFF + ADMINS}
    begin, end = w.day(-5), w.found
    for kind in SETS:
        for f in w.files[kind]:
            for i, (t, _) in enumerate(f.versions):
                if t >= begin and not f.fixed:
                    user = rng.pick(STAFF)
                    table.smb(t, user, "file_write" if i else "file_create",
                              on_disk(f.path), desk[user])
    table.smb(w.new_tool.versions[0][0], "a-hirota", "file_create",
              on_disk(w.new_tool.path), desk["a-hirota"])
    for days in range(-5, 3):
        busy = -4 <= days <= 0
        for _ in range(190 if busy else 6):
            t = w.day(days, 8, 30) + rng.below(10 * HOUR)
            user = rng.pick(STAFF)
            table.smb(t, user, rng.pick(("file_write", "file_write",
                                         "file_create")),
                      "D:\\share\\%s\\%s_%s_%03d.xlsx" % (
                          rng.pick(SHARES), rng.pick(WORDS), rng.pick(WORDS),
                          rng.below(1000)), desk[user])
        for user in ADMINS if busy else ADMINS[:1]:
            table.add(w.day(days, 8, 40) + rng.below(2 * HOUR), "FS02", user,
                      712, 604, "lsass.exe", "logon", "-",
                      "type 3 from " + desk[user])
        # The sending folder is put into encrypted archives every evening.
        t = w.day(days, 19, 30) + rng.below(40)
        pid = rng.between(2000, 9000)
        table.add(t, "FS02", "svc-batch", pid, 1180,
                  "C:\\Program Files\\7-Zip\\7z.exe", "process_start", "-",
                  "7z a -mhe=on -p D:\\share\\send")
        for i in range(1, rng.between(5, 9)):
            table.add(t + 3 * i, "FS02", "svc-batch", pid, 1180,
                      "C:\\Program Files\\7-Zip\\7z.exe", "file_create",
                      "D:\\share\\send\\out_%02d.7z" % i)
        for name in ("C:\\Windows\\System32\\cscript.exe",
                     "C:\\Windows\\System32\\wscript.exe"):
            tool = rng.pick([f.path for kind in SETS for f in w.files[kind]
                             if f.fixed and f is not w.new_tool])
            table.add(w.day(days, 6, 10) + rng.below(HOUR), "FS02",
                      "svc-batch", rng.between(2000, 9000), 1180, name,
                      "process_start", "-",
                      name.split("\\")[-1] + " //B " + on_disk(tool))
        for hour in (3, 11, 17, 22):
            table.add(w.day(days, hour) + rng.below(HOUR), "FS02", "SYSTEM",
                      rng.between(2000, 9000), 640,
                      "C:\\Windows\\System32\\svchost.exe", "process_start",
                      "-", "svchost.exe -k netsvcs")
    for b, kind in w.jobs:
        if begin <= b.at[kind] < end:
            table.add(b.at[kind], "FS02", "svc-backup", 1504, 640,
                      "C:\\Program Files\\BackupAgent\\agent.exe", "snapshot",
                      "D:\\data\\" + kind, b.name)
            table.add(b.done[kind], "BKP01", "svc-backup", 1388, 640,
                      "C:\\Program Files\\BackupAgent\\server.exe",
                      "file_create", "E:\\lists\\%s.%s.sha256" % (
                          b.name, kind))
    table.rows = [row for row in table.rows if begin <= row[0] <= end]


def attack(w, table, rng):
    user = rng.pick(ADMINS[1:])
    vpn = "100.64.%d.%d" % (rng.between(8, 15), rng.between(2, 250))
    image, task = rng.pick(DISGUISE), rng.pick(TASKS)
    dropper = on_disk(w.dropper)
    table.add(w.planted - rng.between(300, 900), "FS02", user, 712, 604,
              "lsass.exe", "logon", "-", "type 3 from " + vpn)
    table.smb(w.planted, user, "file_create", dropper, vpn)
    table.smb(w.planted + 2, user, "file_time_changed", dropper, vpn)
    table.add(w.planted + rng.between(60, 200), "FS02", user, 2208, 640,
              "C:\\Windows\\System32\\svchost.exe", "task_create", task, vpn)
    # On the backup server.
    t = w.altered_at
    table.add(t - rng.between(200, 500), "BKP01", user, 700, 604, "lsass.exe",
              "logon", "-", "type 3 from " + vpn)
    table.add(t - rng.between(30, 90), "BKP01", user, 4, 0, "System",
              "file_write", "E:\\online\\%s\\%s" % (
                  w.online[5].name, w.altered[0].replace("/", "\\")),
              "from " + vpn)
    table.add(t, "BKP01", user, 4, 0, "System", "file_write",
              "E:\\lists\\" + w.bad_list, "from " + vpn)
    # The night.
    pid = rng.between(10000, 12000)
    t = w.start - rng.between(11, 14) * MINUTE
    wscript = "C:\\Windows\\System32\\wscript.exe"
    table.add(t, "FS02", "SYSTEM", pid, 2208, wscript, "process_start", "-",
              "wscript.exe //B " + dropper)
    table.add(t + rng.between(20, 50), "FS02", "SYSTEM", pid, 2208, wscript,
              "file_create", image)
    t = w.start - rng.between(6, 9) * MINUTE
    child = pid + rng.between(100, 900)
    table.add(t, "FS02", "SYSTEM", child, pid, image, "process_start", "-",
              image.split("\\")[-1])
    table.add(w.start - rng.between(170, 280), "FS02", "SYSTEM",
              child + rng.between(4, 90), child,
              "C:\\Windows\\System32\\vssadmin.exe", "process_start", "-",
              "vssadmin.exe delete shadows /all /quiet")
    for path, (t, _) in w.encrypted.items():
        disk = on_disk(path)
        table.add(t, "FS02", "SYSTEM", child, pid, image, "file_write", disk)
        table.add(t + 1, "FS02", "SYSTEM", child, pid, image, "file_rename",
                  disk, disk.split("\\")[-1] + w.ending)
    for folder, t in w.note_at.items():
        table.add(t, "FS02", "SYSTEM", child, pid, image, "file_create",
                  on_disk(folder + "/" + w.note))
    table.add(w.start + rng.between(9, 20) * MINUTE + rng.below(60), "FS02",
              "SYSTEM", child, pid, image, "alert", "-",
              "many files renamed by one process; status new")


def edr_csv(w):
    rng = Rng(w.seed, "edr")
    table = Table(rng)
    work(w, table, rng)
    attack(w, table, rng)
    return table.text()


def archives(w):
    """(name, members as archive.write takes them)"""
    def members(trees):
        return [(path, EPOCH_2026 + tree[path][0], tree[path][1])
                for tree in trees for path in sorted(tree)]
    for b in w.backups:
        yield b.name + ".tar", members([w.tree(b, kind) for kind in SETS])
    yield "live.tar", members([w.state(kind, w.found) for kind in SETS])


