"""The answer key as text: written by `key`, read by `check`.

attack.txt   name: value, lists with blanks between
day2.txt     the browsers, one a line, an empty line, and the log-in attempts
             of the hidden day in order of time: second, address, number of
             the browser, login, flags (1 it succeeded, 2 it is the attack's)
"""


class Attack:
    """What the learner has to find."""
    __slots__ = ("ticket", "midnight", "start", "end", "tried", "bots",
                 "taken", "moved", "shared")


_NUMBERS = ("midnight", "start", "end", "tried")
_LISTS = ("bots", "taken", "moved", "shared")


def attack_text(world, attack):
    rows = {"ticket": world.ticket, "midnight": world.midnight,
            "start": attack.start, "end": attack.end, "tried": attack.tried,
            "bots": " ".join(attack.bots), "taken": " ".join(attack.taken),
            "moved": " ".join(attack.moved),
            "shared": " ".join([net for net, _ in world.shared_nets()])}
    return "".join(["%s: %s\n" % row for row in rows.items()])


def attack_of(text):
    a = Attack()
    for line in text.splitlines():
        name, _, value = line.partition(": ")
        setattr(a, name, int(value) if name in _NUMBERS
                else value.split(" ") if name in _LISTS else value)
    return a


def events_text(events):
    browsers = {}
    rows = ["%d %s %d %s %d\n" % (
        t, ip, browsers.setdefault(ua, len(browsers)), login, ok + 2 * bad)
        for t, ip, ua, login, ok, bad in events]
    return "\n".join(browsers) + "\n\n" + "".join(rows)


def events_of(text):
    """(t, ip, ua, login, ok, is_attack), ..."""
    head, _, body = text.partition("\n\n")
    browsers = head.split("\n")
    words = body.split()
    return [(int(t), ip, browsers[int(ua)], login,
             flags in "13", flags in "23")
            for t, ip, ua, login, flags in zip(*[iter(words)] * 5)]
