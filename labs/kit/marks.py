"""What lets the platform see whose answers were handed in, without the
answers: digests on lines of their own beside the result.

A mark is a key of the lab, what was handed in for it and what the seed asks
for. The platform hashes both again with a secret of its own and compares them
between people. A mark must be telling: at least 24 bits that differ by seed,
so that two people who worked alone never have the same one. The example of
the task is nobody's answer: it counts as nothing.
"""

import sys

from kit.stream import sha256

NONE = "none"
LENGTH_MAX = 200000


def plain(value):
    """One spelling of a text, a number or a collection of them; None for
    nothing, and for anything with a part that could not be read."""
    if value is None or value == "":
        return None
    if isinstance(value, (str, int)):
        return str(value)
    if value == () or isinstance(value, tuple) and value[0] == "?":
        return None                     # what kit.answers.items refused
    ordered = isinstance(value, (list, tuple))
    parts = [plain(one) for one in value]
    if not parts or any(one is None for one in parts):
        return None
    text = "[%s]" % ",".join(parts if ordered else sorted(parts))
    return text if len(text) <= LENGTH_MAX else None


def digest(value):
    text = plain(value)
    if text is None:
        return NONE
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def mark(key, given, truth, example=None):
    """For tell(): an answer that tells whose it is. Sets are compared as
    sets, lists and tuples in order."""
    if example is not None and plain(given) == plain(example):
        given = None
    return "answer", key, digest(given), digest(truth)


def canary(key, given, truth):
    """The number that nobody needs: it differs by seed, is asked for and not
    scored."""
    given = (given or "").strip().upper()[:40]
    if not any(c in "123456789ABCDEF" for c in given.rpartition("-")[2]):
        given = ""                      # the example: nothing but zeros
    return "canary", key, digest(given), digest(truth.upper())


def tell(*marks):
    """Prints them; one whose truth is empty in this draw is left out."""
    for kind, key, given, truth in marks:
        if truth != NONE:
            sys.stdout.write("%s\t%s\t%s\t%s\n" % (kind, key, given, truth))
