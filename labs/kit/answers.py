"""What a checker reads: copies of the learner's files, none of them trusted.

Nothing that a learner wrote is ever printed: a result is a check's id, points
and the key of a message that lab.yaml knows.
"""

import ipaddress
import os
import re
import stat
import sys
from datetime import datetime, timedelta

MAX_BYTES = 256 * 1024
MAX_ITEMS = 5000

# What an input method may leave in an answer: full-width ASCII, the comma.
WIDE = {0xFF01 + i: 0x21 + i for i in range(94)}
WIDE.update({0x3000: 0x20, 0x3001: 0x2C, 0xFEFF: None})

_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
                   r"T([0-9]{2}):([0-9]{2}):([0-9]{2})Z", re.ASCII)


def read(name, limit=MAX_BYTES):
    """The bytes of a file below $LAB_OUT, cut at limit + 1; None if there is
    no regular file of that name."""
    path = os.path.join(os.environ.get("LAB_OUT", ""), name)
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
                     | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    try:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            return None
        with open(fd, "rb", closefd=False) as f:
            return f.read(limit + 1)
    except OSError:
        return None
    finally:
        os.close(fd)


def answers(data, keys):
    """The known keys of `key: value` lines; the last of equal keys counts."""
    found = {}
    if data is None or len(data) > MAX_BYTES:
        return found
    for raw in data.split(b"\n"):
        text = raw.decode("utf-8", "replace").translate(WIDE)
        key, colon, value = text.partition(":")
        key = key.strip()
        if colon and key in keys:
            found[key] = value.strip()
    return found


def items(value, one):
    """The distinct items of a comma-separated list, each through `one`; what
    `one` refuses stays in the list as something that is certainly wrong."""
    found = {}
    for word in (value or "").split(",")[:MAX_ITEMS]:
        word = word.strip()
        if word:
            found[one(word) or ("?", len(found))] = True
    return found


def address(word):
    """An IP address in its one spelling, or None."""
    try:
        return str(ipaddress.ip_address(word)) if len(word) < 50 else None
    except ValueError:
        return None


def moment(value):
    """Seconds from 2026-01-01 00:00 UTC of YYYY-MM-DDThh:mm:ssZ, or None."""
    m = _TIME.fullmatch(value or "")
    if not m:
        return None
    try:
        gone = datetime(*map(int, m.groups())) - datetime(2026, 1, 1)
    except ValueError:
        return None
    return gone // timedelta(seconds=1)


def number(value):
    """A whole number of up to nine digits, or None."""
    value = (value or "").replace(",", "")
    return int(value) if re.fullmatch("[0-9]{1,9}", value, re.ASCII) else None


def f1(given, truth):
    """How well a set was found: 2 right / (given + truth), in thousandths."""
    right = sum(one in given for one in truth)
    return 2000 * right // (len(given) + len(truth)) if given else 0


def tell(results):
    """Prints one line per check: (id, (points, message key)), ..."""
    for name, (points, key) in results:
        sys.stdout.write("%s\t%d\t%s\n" % (name, points, key))
