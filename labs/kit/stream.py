"""Everything random in a lab, from its seed alone.

SHA-256 in counter mode: block i of the stream `label` is SHA-256(key, i as 8
bytes) with key = SHA-256(seed, 0, label), read as eight 32-bit words, high
byte first; an integer below n is taken by rejection.  Streams with different
labels do not disturb each other: what a checker needs can be drawn without
what it does not need.  The same seed gives the same values on any machine.
"""

import os
import struct
import sys
from bisect import bisect_right
from itertools import chain, count

try:                                    # what hashlib has without OpenSSL:
    from _sha256 import sha256          # a checker starts 3 ms sooner
except ImportError:
    from hashlib import sha256


def seed(program):
    """The 32 bytes of LAB_SEED; the program ends where there is none."""
    text = os.environ.get("LAB_SEED", "")
    if len(text) != 64 or any(c not in "0123456789abcdefABCDEF" for c in text):
        sys.exit(program + ": LAB_SEED is not 64 hex digits")
    return bytes.fromhex(text)


BLOCKS = 64                             # hashed at a time: 512 words
# A word below it is below the limit of every n up to 2^16, and of every n
# that divides 2^32.
PLAIN = 0x100000000 - 0x10000


def _words(key):
    """Tuples of words, without end."""
    unpack = struct.Struct(">%dI" % (8 * BLOCKS)).unpack
    for at in count(0, BLOCKS):
        yield unpack(b"".join([sha256(key + i.to_bytes(8, "big")).digest()
                               for i in range(at, at + BLOCKS)]))


class Rng:
    """The stream `label` of a seed.  word() is its next 32 bits."""

    __slots__ = ("word",)

    def __init__(self, seed, label):
        key = sha256(seed + b"\0" + label.encode()).digest()
        self.word = chain.from_iterable(_words(key)).__next__

    def below(self, n):
        """0 to n - 1, each alike; n up to 2^32."""
        w = self.word()
        if w >= PLAIN or n > 0x10000:
            limit = 0x100000000 - 0x100000000 % n
            while w >= limit:
                w = self.word()
        return w % n

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def chance(self, per_mille):
        return self.below(1000) < per_mille

    def pick(self, items):
        return items[self.below(len(items))]

    def shuffle(self, items):
        below = self.below
        for i in range(len(items) - 1, 0, -1):
            j = below(i + 1)
            items[i], items[j] = items[j], items[i]

    def sample(self, items, k):
        items = list(items)
        self.shuffle(items)
        return items[:k]

    def data(self, n):
        """n bytes, four of each word."""
        words = [self.word() for _ in range((n + 3) // 4)]
        return struct.pack(">%dI" % len(words), *words)[:n]


class Weighted:
    """Items drawn by integer weights."""

    def __init__(self, pairs):
        self.items, self.sums, total = [], [], 0
        for item, weight in pairs:
            total += weight
            self.items.append(item)
            self.sums.append(total)
        self.total = total

    def draw(self, rng):
        return self.items[bisect_right(self.sums, rng.below(self.total))]
