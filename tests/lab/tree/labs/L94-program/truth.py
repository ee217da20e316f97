"""The world of the lab, from its seed."""

from kit import stream


class World:
    def __init__(self, seed):
        rng = stream.Rng(seed, "program")
        self.word = "w%08x" % rng.word()
        self.positive = [rng.between(1000, 9999) for _ in range(2)]
        self.negative = [-rng.between(1000, 9999) for _ in range(2)]
        self.secret = "s%08x%08x" % (rng.word(), rng.word())

    def numbers(self):
        return self.positive + self.negative

    def answer(self, number):
        return "%s %d\n" % (self.word, 2 * number)
