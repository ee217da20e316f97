#!/usr/bin/python3
"""The recovery desk: a rehearsal of the recovery, minute by minute.

    python3 desk.py                 what there is to do, and how long it takes
    python3 desk.py memory FS02     starts something; one minute goes by
    python3 desk.py wait            goes on to the end of the next piece of work
    python3 desk.py wait 45         lets 45 minutes go by
    python3 desk.py status          the time, and what is under way

What is done stands in journal.txt in the current directory, which is made
at the first step.  Without that file the rehearsal begins again.  The desk
says what happened.  Whether that was wise it does not say: see rto.md.
"""

import hashlib
import sys
from datetime import datetime, timedelta
from itertools import zip_longest

FACTS = None                    # setup puts the facts of a lab here

JOURNAL = "journal.txt"
MAX_BYTES, MAX_LINES = 65536, 400
LONGEST = 5 * 24 * 60           # minutes
HOSTS = ("FS02", "BKP01")
SETS = ("customer", "transfer", "loan")
SERVER_STEPS = ("memory", "image", "scan", "rebuild")
EPOCH = datetime(2026, 1, 1)

NO = {
    "what": ("そのような操作はありません", "there is no such step"),
    "busy": ("その機器で別の作業が進行中です", "other work is under way there"),
    "rebuilding": ("その機器は再構築中です", "that machine is being rebuilt"),
    "again": ("同じ作業が進行中です", "the same work is under way"),
    "medium": ("その媒体は接続されていません", "that medium is not attached"),
    "attached": ("媒体はすでに接続されています", "a medium is attached"),
    "reading": ("その媒体から戻しています", "it is being restored from"),
    "restoring": ("戻す作業が進行中です", "something is being restored"),
    "empty": ("そのデータセットはまだ戻していません", "that set is not restored yet"),
    "open": ("業務を開いているので、できません", "work is open there"),
    "wait": ("進行中の作業がありません", "nothing is under way"),
    "long": ("これより先の時間は扱いません", "the desk goes no further"),
}


class No(Exception):
    """A step that cannot be done; the key of NO says why."""


class Forged(Exception):
    """A journal that this desk has not written; its first such line."""


class Desk:
    """What the desk knows after some steps.  `lines` is the journal."""

    def __init__(self, facts):
        self.facts = facts
        self.now = facts["begin"]       # minutes since 2026-01-01, UTC
        self.lines, self.seal = [], facts["ticket"]
        self.jobs = []                  # (end, machine, what, subject)
        self.holds = {}                 # set: generation on FS02
        self.opened, self.medium = [], None

    def clock(self, minutes):
        t = EPOCH + timedelta(minutes=minutes + 540)
        return t.strftime("%Y-%m-%dT%H:%M:00+09:00")

    def write(self, minutes, machine, what, phase, subject):
        text = " ".join(["%04d" % (len(self.lines) + 1), self.clock(minutes),
                         machine, what, phase, *subject])
        self.seal = hashlib.sha256(
            (self.seal + " " + text).encode()).hexdigest()[:16]
        self.lines.append(text + " " + self.seal)

    def go(self, until):
        """Lets time go by; what ends meanwhile ends."""
        if until - self.facts["begin"] > LONGEST or len(self.lines) > 300:
            raise No("long")
        while self.jobs and min(self.jobs)[0] <= until:
            job = min(self.jobs)
            self.jobs.remove(job)
            end, machine, what, subject = job
            if what == "restore":
                self.holds[subject[0]] = subject[1]
            if what == "verify":
                bad = [subject[0], self.holds[subject[0]]]
                subject += ("differs" if bad in self.facts["differ"]
                            else "match",)
            self.write(end, machine, what, "end", subject)
        self.now = until

    def under_way(self, machine, *kinds):
        return [job for job in self.jobs if job[1] == machine
                and (not kinds or job[2] in kinds)]

    def do(self, words):
        """One step, a minute from now: raises No if it cannot be done."""
        what, subject = words[0], tuple(words[1:])
        if what == "wait":
            return self._wait(subject)
        self.go(self.now + 1)
        steps = {"verify": SETS, "open": SETS, "attach": self.facts["media"],
                 "detach": self.facts["media"]}
        steps.update((step, HOSTS) for step in SERVER_STEPS)
        if what == "accounts":
            fits = not subject
        elif what == "restore":
            fits = (len(subject) == 2 and subject[0] in SETS
                    and subject[1] in self.facts["generations"])
        else:
            fits = len(subject) == 1 and subject[0] in steps.get(what, ())
        if not fits:
            raise No("what")
        getattr(self, "_" + what, self._take)(what, subject)

    def begin(self, machine, what, subject, minutes):
        self.write(self.now, machine, what, "begin", subject)
        self.jobs.append((self.now + minutes, machine, what, subject))

    def done(self, machine, what, subject):
        self.write(self.now, machine, what, "done", subject)

    def _wait(self, subject):
        if not subject and not self.jobs:
            raise No("wait")
        minutes = subject[0] if subject else str(min(self.jobs)[0] - self.now)
        if len(subject) > 1 or len(minutes) > 5 or not (
                minutes.isascii() and minutes.isdigit() and int(minutes)):
            raise No("what")
        self.go(self.now + int(minutes))
        self.done("-", "wait", (str(int(minutes)),))

    def _take(self, what, subject):
        """memory, image, scan: while a server runs, beside other work."""
        host = subject[0]
        if self.under_way(host, "rebuild"):
            raise No("rebuilding")
        if self.under_way(host, what):
            raise No("again")
        self.begin(host, what, (), self.facts["minutes"][what + " " + host])

    def _rebuild(self, what, subject):
        host = subject[0]
        if host == "FS02" and self.opened:
            raise No("open")
        if self.under_way(host) or self.under_way("FS02", "restore"):
            raise No("busy")
        if host == "FS02":
            self.holds.clear()
        self.begin(host, what, (), self.facts["minutes"]["rebuild " + host])

    def _accounts(self, what, subject):
        if self.under_way("AD01"):
            raise No("again")
        self.begin("AD01", what, (), self.facts["minutes"]["accounts"])

    def _attach(self, what, subject):
        if self.under_way("BKP01", "rebuild"):
            raise No("rebuilding")
        if self.medium:
            raise No("attached")
        self.medium = subject[0]
        self.done("BKP01", what, subject)

    def _detach(self, what, subject):
        if self.medium != subject[0]:
            raise No("medium")
        if any(job[2] == "restore" and job[3][1] == self.medium
               for job in self.jobs):
            raise No("reading")
        self.medium = None
        self.done("BKP01", what, subject)

    def _restore(self, what, subject):
        kind, generation = subject
        if kind in self.opened:
            raise No("open")
        for host in HOSTS:
            if self.under_way(host, "rebuild"):
                raise No("rebuilding")
        if self.under_way("FS02", "restore"):
            raise No("restoring")
        if any(job[2] == "verify" and job[3][0] == kind for job in self.jobs):
            raise No("busy")
        offline = generation in self.facts["media"]
        if offline and self.medium != generation:
            raise No("medium")
        self.holds.pop(kind, None)
        self.begin("FS02", what, subject, self.facts["minutes"][
            "restore " + kind] + (self.facts["minutes"]["medium"]
                                  if offline else 0))

    def _verify(self, what, subject):
        if subject[0] not in self.holds:
            raise No("empty")
        if any(job[2] == what and job[3] == subject for job in self.jobs):
            raise No("again")
        self.begin("FS02", what, subject,
                   self.facts["minutes"]["verify " + subject[0]])

    def _open(self, what, subject):
        if subject[0] not in self.holds:
            raise No("empty")
        if subject[0] in self.opened:
            raise No("open")
        self.opened.append(subject[0])
        self.done("FS02", what, subject)


def replay(facts, lines):
    """The desk after a journal.  Every step is done again, at its time, and
    must leave the very lines that stand there."""
    desk = Desk(facts)
    if len(lines) > MAX_LINES:
        raise Forged(MAX_LINES + 1)
    for n, line in enumerate(lines, 1):
        words = line.split(" ")
        try:
            if words[4] == "end":       # the desk writes it by itself
                continue
            t = datetime.strptime(words[1], "%Y-%m-%dT%H:%M:%S+09:00")
            what, minutes = words[3], (t - EPOCH) // timedelta(minutes=1) - 540
            minutes -= int(words[5]) if what == "wait" else 1
            if minutes < desk.now:
                raise Forged(n)
            desk.go(minutes)
            host = [words[2]] if what in SERVER_STEPS else []
            desk.do([what] + host + words[5:-1])
        except (IndexError, ValueError, No):
            raise Forged(n) from None
    for n, (line, right) in enumerate(zip_longest(lines, desk.lines), 1):
        if line != right:
            raise Forged(n)
    return desk


def lines_of(data):
    """The lines of a journal's bytes; None if it cannot be one."""
    if len(data) > MAX_BYTES or not data.isascii():
        return None
    return [line for line in
            data.decode().replace("\r\n", "\n").split("\n") if line]


def say(ja, en):
    sys.stdout.write("%s\n%s\n" % (ja, en))


def state(desk):
    text = desk.clock(desk.now)
    say("現在 %s" % text[:16], "It is %s" % text)
    for end, machine, what, subject in sorted(desk.jobs):
        print("  %s %s -> %s" % (machine, " ".join((what,) + subject),
                                 desk.clock(end)[:16]))


def manual(facts):
    print(__doc__)
    for name, minutes in facts["minutes"].items():
        print("  %-20s %4d min" % (name, minutes))
    say("\n操作 / steps:", "  memory|image|scan|rebuild FS02|BKP01, accounts,")
    print("  attach|detach offline-N, restore SET GENERATION, verify SET,\n"
          "  open SET, wait [MINUTES], status\n"
          "restore: 媒体から戻すときは medium の分だけ長くかかる"
          " / from a medium takes longer by \"medium\"")


def main(words):
    try:
        with open(JOURNAL, "rb") as f:
            found = lines_of(f.read(MAX_BYTES + 1))
    except FileNotFoundError:
        found = []
    try:
        if found is None:
            raise Forged(1)
        desk = replay(FACTS, found)
    except Forged as bad:
        sys.exit("%s: %s行目がこの卓の書いたものと違います / line %s is not what"
                 " this desk has written" % (JOURNAL, bad, bad))
    before = len(desk.lines)
    try:
        if not words:
            return manual(FACTS)
        if words != ["status"]:
            desk.do(words)
    except No as no:
        sys.exit("%s / %s" % NO[str(no)])
    with open(JOURNAL, "w", encoding="ascii", newline="\n") as f:
        f.write("".join([line + "\n" for line in desk.lines]))
    for line in desk.lines[before:]:
        print(line)
    state(desk)


if __name__ == "__main__":
    main(sys.argv[1:])
