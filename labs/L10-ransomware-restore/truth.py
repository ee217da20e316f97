"""A file server of the invented Akebi Credit Cooperative, made from a seed.

    world = World(seed)
    world.start                 when the encryption began
    world.clean["loan"]         the backup from which that set is restored
    world.tree(backup, set)     {path: (time, bytes)} as the backup holds it

Times are seconds since 2026-01-01 00:00 UTC. A story of one week:

    Sun to Wed   online 1st to 4th of the eight daily backups at hand
    Wed, later   the dropper is put among the files of one set ("planted")
    Thu          5th daily backup; at noon the weekly one, offline
    Fri          6th daily backup; somebody alters it on the backup disk and
                 rewrites a list ("altered"); the encryption begins at night
    Sat, Sun     7th and 8th daily backup, of encrypted files

Which of the three sets has which trouble is drawn by the seed.
"""

import hashlib
from datetime import datetime, timedelta

from kit.stream import Rng

MINUTE, HOUR, DAY = 60, 3600, 86400
JST = 9 * HOUR
EPOCH_2026 = 1767225600
FRIDAYS = (156, 163, 170, 177, 184, 191)        # 5 June to 10 July 2026
SETS = ("customer", "transfer", "loan")
ONLINE, OFFLINE = 8, 3

KANA = ("アオキ", "イノウエ", "ウエダ", "エンドウ", "オオタ", "カトウ", "キムラ",
        "クドウ", "コンドウ", "サトウ", "シミズ", "スズキ", "タカハシ", "ナカムラ",
        "ニシ", "ハシモト", "フジタ", "マツモト", "ミウラ", "モリ", "ヤマダ", "ワダ")
AREAS = ("10", "11", "12", "20", "21", "30", "31", "40")
DROPPERS = ("form_update.js", "print_helper.vbs", "font_check.wsf",
            "code_sync.js", "view_addon.vbs", "month_end.wsf")
TOOLS = ("merge.vbs", "split.js", "renumber.vbs", "collate.wsf", "rotate.js")
NEW_TOOLS = ("term_change.vbs", "fee_change.js", "branch_move.vbs")
NOTES = ("HOW_TO_RETURN_FILES.txt", "READ_ME_FIRST_PLEASE.txt",
         "YOUR_FILES_ARE_KEPT.txt")
SHARES = ("soumu", "shinsa", "gyomu", "eigyo", "kikaku")
WORDS = ("kaigi", "shiryo", "keikaku", "hokoku", "ichiran", "meibo", "yosan",
         "kenshu", "tetsuzuki", "anken", "nippo", "renraku")


def stamp(t, zone=0):
    return datetime(2026, 1, 1) + timedelta(seconds=t + zone)


def utc(t):
    return stamp(t).strftime("%Y-%m-%dT%H:%M:%SZ")


def jst(t):
    return stamp(t, JST).strftime("%Y-%m-%d %H:%M:%S")


def digest(data):
    return hashlib.sha256(data).hexdigest()


class Backup:
    """One generation. `at` and the others: {set: time}."""

    def __init__(self, name):
        self.name = name
        self.queued, self.at, self.done = {}, {}, {}


class File:
    """`versions`: (time, bytes), oldest first."""

    def __init__(self, path, fixed=False):
        self.path, self.fixed, self.versions = path, fixed, []

    def as_of(self, t):
        found = None
        for one in self.versions:
            if one[0] <= t:
                found = one
        return found


class World:
    def __init__(self, seed):
        self.seed = seed
        rng = Rng(seed, "world")
        self.ticket = "IR-%06X" % rng.below(1 << 24)
        self.friday = (rng.pick(FRIDAYS) - 1) * DAY - JST
        self.dropper_set, self.altered_set, self.third_set = rng.sample(
            SETS, 3)
        self.order = rng.sample(SETS, 3)
        self.damaged = rng.chance(500)          # the third set, on Friday
        self.start = self.day(0, 21, 20) + rng.below(140 * MINUTE)
        self.planted = self.day(-2, 13, 5) + rng.below(380 * MINUTE)
        self.altered_at = self.day(0, 14, 0) + rng.below(3 * HOUR)
        self.found = self.day(2, 9, 10) + 60 * rng.below(100)
        self.ending = "." + "".join([rng.pick("bdghkmnrtvxz")
                                     for _ in range(3)]) + str(rng.below(10))
        self.note = rng.pick(NOTES)
        self._backups(Rng(seed, "backups"))
        self._files(Rng(seed, "files"))
        self._intruder(Rng(seed, "intruder"))
        b = {k: self.online[k] for k in range(ONLINE)}
        self.bad_list = "%s.%s.sha256" % (b[5].name, self.altered_set)
        self.clean = {
            self.dropper_set: b[3], self.altered_set: self.offline[-1],
            self.third_set: self.offline[-1] if self.damaged else b[5]}

    def day(self, days, hour=0, minute=0):
        """A time of day in Japan, some days from that Friday."""
        return self.friday + days * DAY + hour * HOUR + minute * MINUTE

    # -- backups ----------------------------------------------------------

    def _backups(self, rng):
        """Oldest first; a ring of numbers, so that 1 is seldom the oldest."""
        order = rng.sample(SETS, 3)
        nightly = [65 + rng.below(10)]
        nightly += [nightly[-1] + rng.between(25, 35)]
        nightly += [nightly[-1] + rng.between(25, 35)]
        first = rng.below(ONLINE)
        self.jobs = []                          # (backup, set), by time

        def make(name, midnight, minutes, lasts):
            b = Backup(name)
            for one, at in zip(order, minutes):
                b.at[one] = midnight + at * MINUTE + rng.below(100)
                b.queued[one] = b.at[one] - rng.between(8 * 60, 24 * 60)
                b.done[one] = b.at[one] + rng.between(*lasts)
                self.jobs.append((b, one))
            return b
        every = [make("online-%d" % ((first + k) % ONLINE + 1),
                      self.day(k - 5), nightly, (11 * 60, 21 * 60))
                 for k in range(-2 * ONLINE + 2, ONLINE)]
        self.online = every[-ONLINE:]
        turn = rng.below(OFFLINE)
        noon = [12 * 60 + 6 + rng.below(8)]
        noon += [noon[0] + 18, noon[0] + 36]
        self.offline = [make("offline-%d" % ((turn + k) % OFFLINE + 1),
                             self.day(7 * k - 15), noon, (60 * 60, 150 * 60))
                        for k in range(OFFLINE)]
        self.jobs.sort(key=lambda job: job[0].at[job[1]])
        self.backups = sorted(self.online + self.offline,
                              key=lambda b: b.at["loan"])

    # -- files ------------------------------------------------------------

    def _row(self, rng, kind, number):
        if kind == "customer":
            return "C%07d,%s,%s,%07d,%04d-%02d-%02d" % (
                number, rng.pick(KANA), rng.pick(AREAS),
                1000000 + rng.below(8999999), rng.between(1989, 2025),
                rng.between(1, 12), rng.between(1, 28))
        if kind == "transfer":
            return "T%08d,%03d,%07d,%s,%d,%02d" % (
                number, 101 + rng.below(12), 1000000 + rng.below(8999999),
                rng.pick(KANA), 1000 * rng.between(3, 400),
                rng.pick((5, 10, 15, 20, 25, 27)))
        return "L%06d,%s,%07d,%d,%d.%03d,%s" % (
            number, rng.pick(KANA), 1000000 + rng.below(8999999),
            100000 * rng.between(3, 600), rng.between(0, 4), rng.below(1000),
            rng.pick(("normal", "normal", "watch", "closed")))

    HEADS = {"customer": "customer_no,name,area,account,opened",
             "transfer": "order_no,branch,payee_account,payee,amount,day",
             "loan": "loan_no,name,account,balance,rate,class"}
    FOLDERS = {"customer": ("branch", "moved", "summary"),
               "transfer": ("standing", "payroll", "returned"),
               "loan": ("case", "schedule", "review")}

    def _files(self, rng):
        self.files = {}
        windows = ((-10, 9, 17), (-7, 9, 17), (-4, 9, 17), (-3, 9, 17),
                   (-2, 9, 17), (-1, 9, 11), (-1, 14, 17), (0, 9, 17))
        for kind in SETS:
            rows, number = {}, rng.between(1000, 90000)
            files = []
            for folder in self.FOLDERS[kind]:
                for code in sorted(rng.sample(range(101, 140), 5)):
                    f = File("%s/%s/%s_%d.csv" % (kind, folder, folder, code))
                    rows[f.path] = []
                    for _ in range(rng.between(45, 95)):
                        number += rng.between(1, 40)
                        rows[f.path].append(self._row(rng, kind, number))
                    files.append(f)
                    f.born = self.day(-40, 9) + rng.below(20 * DAY)
            late = rng.sample(files, 3)         # files of this very week
            for f, days in zip(late, (-4, -2, -1)):
                f.born = self.day(days, 9, 30) + rng.below(2 * HOUR)
            for f in files:
                self._save(f, kind, rows[f.path], f.born)
            for days, begin, end in windows:
                lies = [f for f in files if f.born < self.day(days)]
                for f in rng.sample(lies, rng.between(4, 7)):
                    mine = rows[f.path]
                    for _ in range(rng.between(1, 4)):
                        i = rng.below(len(mine))
                        no = int(mine[i].split(",")[0][1:])
                        mine[i] = self._row(rng, kind, no)
                    for _ in range(rng.below(3)):
                        number += rng.between(1, 40)
                        mine.append(self._row(rng, kind, number))
                    self._save(f, kind, mine, self.day(days, begin)
                               + rng.below((end - begin) * HOUR))
            for name in rng.sample(TOOLS, 2):
                f = File("%s/tools/%s" % (kind, name), True)
                f.versions.append((self.day(-400) + rng.below(300 * DAY),
                                   self._tool(rng)))
                files.append(f)
            self.files[kind] = files
        # A tool that was put there on Wednesday as well, and rightly.
        kind = rng.pick((self.altered_set, self.third_set))
        self.new_tool = File("%s/tools/%s" % (kind, rng.pick(NEW_TOOLS)), True)
        self.new_tool.versions.append((self.day(-2, 10) + rng.below(6 * HOUR),
                                       self._tool(rng)))
        self.files[kind].append(self.new_tool)
        self.new_tool_no = "CHG-%04d" % rng.between(1000, 9999)
        for kind in SETS:
            self.files[kind].sort(key=lambda f: f.path)

    def _save(self, f, kind, rows, t):
        text = "\n".join([self.HEADS[kind]] + rows) + "\n"
        f.versions.append((t, text.encode()))

    @staticmethod
    def _tool(rng):
        """It looks like a tool and is none: no interpreter reads it."""
        return ("".join(["step %02d: take %s, sort by column %d, keep %d\n" % (
            i, rng.pick(WORDS), rng.between(1, 6), rng.between(10, 90))
            for i in range(1, rng.between(18, 40))])).encode()

    # -- the intruder -----------------------------------------------------

    def _intruder(self, rng):
        kind = self.dropper_set
        folder = rng.pick(self.FOLDERS[kind] + ("tools",))
        self.dropper = "%s/%s/%s" % (kind, folder, rng.pick(DROPPERS))
        self.dropper_data = ("".join(["step %02d: %s\n" % (
            i, rng.data(30).hex()) for i in range(1, 25)])).encode()
        self.dropper_time = self.day(-300) + rng.below(200 * DAY)   # forged
        self.note_data = (
            "Your files are kept by us and cannot be opened without our key."
            "\nDo not rename them.\nID %s\n" % rng.data(16).hex()).encode()
        # Altered on the backup disk: one account in one row of one file.
        kind, b = self.altered_set, self.online[5]
        noon = self.offline[-1].at[kind]
        quiet = [f for f in self.files[kind] if not f.fixed and f.as_of(noon)
                 and f.as_of(b.at[kind]) == f.as_of(noon)]
        f = rng.pick(quiet)
        t, data = f.as_of(b.at[kind])
        lines = data.decode().split("\n")
        i = rng.between(1, len(lines) - 2)
        fields = lines[i].split(",")
        column = {"customer": 3, "transfer": 2, "loan": 2}[kind]
        fields[column] = "%07d" % ((int(fields[column]) + 1234567
                                    + rng.below(1000000)) % 10000000)
        lines[i] = ",".join(fields)
        self.altered = (f.path, (t, "\n".join(lines).encode()))
        # Damaged on the disk, by nobody.
        self.broken = {}
        hurt = [(self.online[2], self.dropper_set)]
        if self.damaged:
            hurt.append((self.online[5], self.third_set))
        for b, kind in hurt:
            f = rng.pick([f for f in self.files[kind]
                          if not f.fixed and f.as_of(b.at[kind])])
            t, data = f.as_of(b.at[kind])
            at = 512 * rng.below(len(data) // 512)
            n = min(512, len(data) - at)
            self.broken[b.name, f.path] = (
                t, data[:at] + b"\0" * n + data[at + n:])
        # The order of the encryption: other shares first, then everything
        # mixed, with a few of each set soon.
        others = []
        for _ in range(330):
            others.append("share/%s/%s_%s_%03d.%s" % (
                rng.pick(SHARES), rng.pick(WORDS), rng.pick(WORDS),
                rng.below(1000), rng.pick(("xlsx", "docx", "pdf", "csv"))))
        others = list(dict.fromkeys(others))
        early, late = others[1:50], others[50:]
        for kind in SETS:
            mine = [f.path for f in self.files[kind] if not f.fixed]
            rng.shuffle(mine)
            early += mine[:3]
            late += mine[3:]
        rng.shuffle(early)
        rng.shuffle(late)
        paths = others[:1] + early + late
        span = rng.between(300, 370) * MINUTE
        gap = span // len(paths)
        self.encrypted = {}                     # path: (time, bytes or None)
        for i, path in enumerate(paths):
            t = self.start + (i * gap + rng.below(gap * 2 // 3) if i else 0)
            self.encrypted[path] = (t, None)
        for kind in SETS:
            for f in self.files[kind]:
                if f.path in self.encrypted:
                    t = self.encrypted[f.path][0]
                    size = len(f.as_of(t)[1]) + 256
                    self.encrypted[f.path] = (t, rng.data(size))
        self.note_at = {}                       # folder: time
        for path, (t, _) in self.encrypted.items():
            folder = path.rsplit("/", 1)[0]
            t += rng.between(190, 330)
            self.note_at[folder] = min(t, self.note_at.get(folder, t))

    # -- what lies where --------------------------------------------------

    def state(self, kind, t):
        """{path: (time, bytes)} of the server at a moment."""
        tree = {}
        for f in self.files[kind]:
            hit = self.encrypted.get(f.path)
            if hit and hit[0] <= t:
                tree[f.path + self.ending] = hit
            elif f.as_of(t):
                tree[f.path] = f.as_of(t)
        if kind == self.dropper_set and self.planted <= t:
            tree[self.dropper] = (self.dropper_time, self.dropper_data)
        for folder, at in self.note_at.items():
            if folder.split("/")[0] == kind and at <= t:
                tree[folder + "/" + self.note] = (at, self.note_data)
        return tree

    def tree(self, b, kind):
        """What a backup holds today."""
        tree = self.state(kind, b.at[kind])
        for (name, path), found in self.broken.items():
            if name == b.name and path in tree:
                tree[path] = found
        if kind == self.altered_set and b is self.online[5]:
            tree[self.altered[0]] = self.altered[1]
        return tree

    def lists(self):
        """(file name, text when it was made, text today), oldest first."""
        rows = []
        for b, kind in self.jobs:
            if b not in self.backups:
                continue
            tree = self.state(kind, b.at[kind])
            name = "%s.%s.sha256" % (b.name, kind)
            made = self._list(tree)
            if name == self.bad_list:
                tree[self.altered[0]] = self.altered[1]
            rows.append((name, made, self._list(tree)))
        return rows

    @staticmethod
    def _list(tree):
        return "".join(["%s  %s\n" % (digest(tree[path][1]), path)
                        for path in sorted(tree)])

    def loss(self, kind):
        return (self.start - self.clean[kind].at[kind]) // MINUTE
