"""The recovery that was rehearsed: what the desk is given, and what its
journal is worth.

    facts(world)                the facts for desk.py, of a seed
    read(data, world)           (a goals.Story, None), or (None, what is wrong)

A journal counts only if the desk, given the same steps at the same minutes,
writes it again to the byte.  So whoever writes one by hand has to do the
desk's work, and has gained nothing: order and time are what is scored.
"""

import pprint

import desk
import truth
from kit import goals, stream
from kit.goals import State
from truth import MINUTE, SETS

HOSTS = desk.HOSTS


def facts(w):
    rng = stream.Rng(w.seed, "recovery")
    long = {"memory FS02": (20, 35), "memory BKP01": (20, 35),
            "image FS02": (380, 430), "image BKP01": (330, 380),
            "scan FS02": (50, 80), "scan BKP01": (40, 60),
            "rebuild FS02": (130, 170), "rebuild BKP01": (110, 140),
            "accounts": (80, 110), "medium": (15, 25)}
    for kind in SETS:
        long["restore " + kind] = 80, 120
        long["verify " + kind] = 25, 45
    return {"ticket": w.ticket,
            "begin": w.day(2, 11) // MINUTE + rng.below(30),
            "minutes": {name: rng.between(*two) for name, two in long.items()},
            "generations": sorted(b.name for b in w.backups),
            "media": sorted(b.name for b in w.offline),
            "differ": sorted([path.split("/")[0], name]
                             for name, path in w.broken)}


def deadline(w):
    """Monday, 8:30."""
    return w.day(3, 8, 30)


def program(w, source):
    """desk.py as it is handed out."""
    head, line, tail = source.partition("FACTS = None")
    text = pprint.pformat(facts(w), width=76, sort_dicts=False)
    return head + "FACTS = " + text + tail[tail.index("\n"):]


def _event(line):
    _, at, machine, what, phase, *more = line.split(" ")[:-1]
    if what in desk.SERVER_STEPS:
        more = [machine]
    return at, " ".join([what + ("" if phase == "done" else "." + phase)]
                        + more)


def read(data, w):
    if not data:
        return None, "none"
    lines = desk.lines_of(data)
    try:
        if not lines:
            raise desk.Forged(1)
        desk.replay(facts(w), lines)
    except desk.Forged:
        return None, "forged"
    found = goals.log("\n".join(lines).encode(), _event)
    # One desk and one clock: within a minute, lines stand in their order.
    events = [(at + n, name) for n, (at, name) in enumerate(found)]
    events.append(((truth.EPOCH_2026 + deadline(w)) * 1000000, "deadline"))
    return goals.Story(events), None


# -- the names of events ---------------------------------------------------

def restores(phase, w, kinds=SETS, which=lambda b, kind: True):
    return tuple("restore.%s %s %s" % (phase, kind, b.name) for kind in kinds
                 for b in w.backups if which(b, kind))


def media(what, w):
    return tuple("%s %s" % (what, b.name) for b in w.offline)


OPENS = tuple("open " + kind for kind in SETS)


def changes(host, w):
    """What changes a server."""
    return ("scan.begin " + host, "rebuild.begin " + host) + (
        restores("begin", w) if host == "FS02" else media("attach", w))


def dirty(b, kind, w):
    """It holds something that the intruder made or changed."""
    return (b.at[kind] > w.start
            or kind == w.dropper_set and b.at[kind] >= w.planted
            or kind == w.altered_set and b is w.online[5])


# -- goals -----------------------------------------------------------------

def _sum(name, met):
    """((points, holds, key), ...): the points of those that hold, and the
    first that does not."""
    wrong = [key for _, holds, key in met if not holds]
    return (sum(points for points, holds, _ in met if holds),
            "%s_%s" % (name, wrong[0] if wrong else "ok"))


def evidence(s, w):
    imaged = {host: s.happened("image.end " + host) for host in HOSTS}
    return _sum("c7", (
        (5, s.before("memory.end FS02",
                     ("image.begin FS02",) + changes("FS02", w)), "memory"),
        (4, imaged["FS02"] and s.before("image.begin FS02",
                                        changes("FS02", w)), "fs02"),
        (4, imaged["BKP01"] and s.before("image.begin BKP01",
                                         changes("BKP01", w)), "bkp01"),
        (2, all(imaged.values()) and all(
            s.not_during(changes(host, w), State("image.begin " + host,
                                                 "image.end " + host))
            for host in HOSTS), "during")))


def ground(s, w):
    begun = restores("begin", w)
    attached = State(media("attach", w), media("detach", w))
    return _sum("c9", (
        (3, s.after(begun, "accounts.end"), "accounts"),
        (4, all(s.after(begun, "rebuild.end " + host) for host in HOSTS),
         "rebuild"),
        (3, s.happened(OPENS)
         and s.not_during(media("attach", w), State(None, "rebuild.end BKP01"))
         and s.not_during(OPENS, attached), "media")))


def opened_right(s, w, kind):
    right = restores("end", w, (kind,), lambda b, k: b is w.clean[k])
    other = restores("begin", w, (kind,), lambda b, k: b is not w.clean[k])
    any_ = restores("begin", w, (kind,))
    it, at = "open " + kind, w.order.index(kind)
    return (s.happened(it)
            and s.not_during(it, State(other, right, at_start=True))
            and s.not_during(it, State(any_, "verify.end %s match" % kind,
                                       at_start=True))
            and (at == 0 or s.after(it, "open " + w.order[at - 1])))


def opened_dirty(s, w, kind):
    bad = restores("begin", w, (kind,), lambda b, k: dirty(b, k, w))
    good = restores("end", w, (kind,), lambda b, k: not dirty(b, k, w))
    return s.during("open " + kind, State(bad, good))


def opening(s, w):
    if not s.happened(OPENS):
        return 0, "c10_unopened"
    if any(opened_dirty(s, w, kind) for kind in SETS):
        return 0, "c10_dirty"
    wrong = [kind for kind in SETS if not opened_right(s, w, kind)]
    if not wrong:
        return 12, "c10_ok"
    key = wrong[0] if len(wrong) == 1 else "two" if len(wrong) == 2 else "all"
    return 12 - 4 * len(wrong), "c10_" + key


def in_time(s, w):
    if opening(s, w)[1] != "c10_ok":
        return 0, "c11_unopened"
    if all(s.before(it, "deadline") for it in OPENS):
        return 3, "c11_ok"
    return 0, "c11_late"
