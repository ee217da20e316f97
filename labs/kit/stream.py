"""Everything random in a lab, from its seed alone.

SHA-256 in counter mode: block i of the stream `label` is SHA-256(key, i as 8
bytes) with key = SHA-256(seed, 0, label), read as eight 32-bit words, high
byte first; an integer below n is taken by rejection.  Streams with different
labels do not disturb each other: what a checker needs can be drawn without
what it does not need.  The same seed gives the same values on any machine.
"""

import hashlib
import os
import struct
import sys
from bisect import bisect_right


def seed(program):
    """The 32 bytes of LAB_SEED; the program ends where there is none."""
    text = os.environ.get("LAB_SEED", "")
    if len(text) != 64 or any(c not in "0123456789abcdefABCDEF" for c in text):
        sys.exit(program + ": LAB_SEED is not 64 hex digits")
    return bytes.fromhex(text)


class Rng:
    """The stream `label` of a seed."""

    BLOCKS = 64

    def __init__(self, seed, label):
        self.key = hashlib.sha256(seed + b"\0" + label.encode()).digest()
        self.counter = 0
        self.words = ()
        self.next = 0

    def word(self):
        """32 bits."""
        if self.next == len(self.words):
            sha, key, at = hashlib.sha256, self.key, self.counter
            data = b"".join([sha(key + struct.pack(">Q", i)).digest()
                             for i in range(at, at + self.BLOCKS)])
            self.counter = at + self.BLOCKS
            self.words = struct.unpack(">%dI" % (8 * self.BLOCKS), data)
            self.next = 0
        w = self.words[self.next]
        self.next += 1
        return w

    def below(self, n):
        """0 to n - 1, each alike; n up to 2^32."""
        limit = 0x100000000 - 0x100000000 % n
        while True:
            w = self.word()
            if w < limit:
                return w % n

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def chance(self, per_mille):
        return self.below(1000) < per_mille

    def pick(self, items):
        return items[self.below(len(items))]

    def shuffle(self, items):
        for i in range(len(items) - 1, 0, -1):
            j = self.below(i + 1)
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
