"""Goals with time: what stands before, after, during and not during what.

    events = goals.log(data, read)          (instant, name), ... of a log
    story = goals.Story(events)
    imaging = goals.State("image.begin", "image.end")
    story.before("image.begin", "rebuild")      story.during("hash", imaging)
    story.happened("open")                      story.not_during("mount", imaging)

An instant is a whole number of microseconds since 1970, UTC; a name is any
text that the lab gives what it found.  Instead of one name a goal takes a
tuple of them: whichever of these it was.

What times do not prove does not hold.  Of two events at one instant neither
is before the other, and an event at the very end of a state is neither
during it nor not during it.  A goal that only forbids (not_during; before,
as long as the later one never came) holds where nothing was done: ask for
`happened` beside it wherever there are points for it.

Nothing here makes a log true.  Whoever can write the log can write another:
use it on what a lab can make again from the seed, or compare with something
that the learner did not write.
"""

import re
from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta, timezone
from math import inf

MAX_BYTES = 256 * 1024
MAX_LINE = 1000
MAX_EVENTS = 5000

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
UTC, JST = 0, 540               # zones are minutes east of UTC

_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]"
                   r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,6}))?"
                   r"(Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)


class Bad(Exception):
    """A log that cannot be used.  `line` is the first such line, from 1;
    0 where no single one is to blame.  `why`: "size", "text", "time",
    "order" or "line"."""

    def __init__(self, why, line=0):
        super().__init__("%s, line %d" % (why, line))
        self.why, self.line = why, line


def instant(text, zone=None):
    """The instant of YYYY-MM-DDThh:mm:ss, with T or a space, up to six
    decimals, and Z or +hh:mm; `zone` is that of a time without one.  A time
    that does not say its zone where none is given is not guessed at: Bad, as
    for whatever is no time."""
    m = _TIME.fullmatch(text)
    if not m:
        raise Bad("time")
    *parts, decimals, offset = m.groups()
    if offset is None and zone is None:
        raise Bad("time")
    if offset == "Z":
        zone = UTC
    elif offset:
        hours, minutes = int(offset[1:3]), int(offset[4:])
        if hours > 14 or minutes > 59 or offset == "-00:00":
            raise Bad("time")
        zone = (60 * hours + minutes) * (-1 if offset[0] == "-" else 1)
    try:
        t = datetime(*map(int, parts), tzinfo=timezone.utc)
    except ValueError:
        raise Bad("time") from None
    return ((t - EPOCH) // timedelta(microseconds=1) - zone * 60000000
            + int((decimals or "0").ljust(6, "0")))


def lines(data):
    """The lines of a file that was handed in, without their ends; a file
    that is too large or not UTF-8 is Bad."""
    if data is None or len(data) > MAX_BYTES:
        raise Bad("size")
    try:
        found = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise Bad("text") from None
    for n, line in enumerate(found, 1):
        if len(line) > MAX_LINE:
            raise Bad("size", n)
    return [line.removesuffix("\r") for line in found]


def log(data, read, zone=None, back=False):
    """The events of a log.  read(line) answers (time, name) as texts, None
    for a line that is no event, or raises Bad for one that no log of that
    kind has.  A log of one machine goes forward: a time before the line
    above is Bad, unless `back` allows it (several logs in one file)."""
    found, last = [], None
    for n, line in enumerate(lines(data), 1):
        try:
            one = read(line)
            if one is None:
                continue
            at = instant(one[0], zone)
        except Bad as bad:
            raise Bad(bad.why, n) from None
        if last is not None and at < last and not back:
            raise Bad("order", n)
        if len(found) == MAX_EVENTS:
            raise Bad("size", n)
        found.append((at, one[1]))
        last = at
    return found


def history(data):
    """The commands of a bash history that was kept with HISTTIMEFORMAT:
    (instant, command), ...  Each stands below its `#seconds`; a command of
    several lines is one.  What stands above the first time has none."""
    found, at, last = [], None, None
    for n, line in enumerate(lines(data), 1):
        m = re.fullmatch("#([0-9]{9,11})", line, re.ASCII)
        if m:
            at = int(m[1]) * 1000000
            if last is not None and at < last:
                raise Bad("order", n)
            last, new = at, True
        elif line and at is None:
            raise Bad("time", n)
        elif line and new:
            if len(found) == MAX_EVENTS:
                raise Bad("size", n)
            found.append([at, line])
            new = False
        elif line:
            if len(found[-1][1]) + len(line) > MAX_LINE:
                raise Bad("size", n)
            found[-1][1] += "\n" + line
    return [tuple(one) for one in found]


class State:
    """What lasts from an event to another.  It may come several times.
    opened=None: it is there from the start, until the first `closed`;
    closed=None: nothing ends it.  What is opened while it is open stays
    open; what is closed while it is not open changes nothing; what was never
    closed lasts to the end of everything.  Opened and closed at one instant
    it is open afterwards.  `at_start`: it is there from the start, too."""

    def __init__(self, opened, closed=None, at_start=False):
        if opened is None and closed is None:
            raise ValueError("a state that no event opens or closes")
        self.opened, self.closed = opened, closed
        self.at_start = at_start or opened is None


class Story:
    """Events in the order of their time.  Goals are questions to it."""

    def __init__(self, events):
        self.times = {}
        for n, (at, name) in enumerate(events, 1):
            if n > MAX_EVENTS:
                raise Bad("size")
            self.times.setdefault(name, []).append(at)

    def at(self, a):
        """The instants of an event, the first first."""
        names = (a,) if isinstance(a, str) else a
        return sorted(t for name in set(names)
                      for t in self.times.get(name, ()))

    def intervals(self, state):
        """[opened, closed], apart and in order; infinite without a bound."""
        changes = [(t, 1) for t in self.at(state.opened or ())]
        changes += [(t, 0) for t in self.at(state.closed or ())]
        found = [[-inf, inf]] if state.at_start else []
        is_open = state.at_start
        for t, opens in sorted(changes):        # closed first, then opened
            if opens and not is_open:
                found.append([t, inf])
            elif not opens and is_open:
                found[-1][1] = t
            is_open = bool(opens)
        return found

    def happened(self, a):
        return bool(self.at(a))

    def count(self, a, at_least=1, at_most=None):
        n = len(self.at(a))
        return n >= at_least and (at_most is None or n <= at_most)

    def before(self, a, b):
        """a happened, and the first a stands before every b."""
        first, then = self.at(a)[:1], self.at(b)[:1]
        return bool(first) and (not then or first < then)

    def after(self, a, b):
        """Both happened, and every a stands after the first b."""
        return self.happened(a) and self.before(b, a)

    def during(self, a, state):
        """a happened, and every a stands within the state."""
        spans = self.intervals(state)
        begins = [begin for begin, _ in spans]
        return self.happened(a) and all(
            i and t < spans[i - 1][1]
            for t in self.at(a) for i in (bisect_left(begins, t),))

    def not_during(self, a, state):
        """No a stands within the state, nor at its ends."""
        spans = self.intervals(state)
        begins = [begin for begin, _ in spans]
        return not any(
            i and t <= spans[i - 1][1]
            for t in self.at(a) for i in (bisect_right(begins, t),))
