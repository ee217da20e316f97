"""Samples of the family, ordinary files and those that look like samples.

A container, little endian:

    0   magic 4   version u16   sections u16   body u32   crc32 of body u32
    16  sections: tag 4, length u32, bytes

Nothing here can run: sections hold words, numbers and random bytes.
"""

import base64
import struct
import zlib

from kit.stream import Rng
from truth import hexes, word

SHOWN_BAD, SHOWN_GOOD = 8, 60
HIDDEN_KNOWN, HIDDEN_NEW, HIDDEN_GOOD = 14, 6, 200
FOREIGN = 4 << 20               # bytes of an image with a sample inside

# How many of each kind among the shown and the hidden ordinary files.
GOOD = (
    ("plain", 7, 26),           # containers of other licences
    ("licensed", 5, 14),        # the licence that the family uses too
    ("updater", 6, 20),         # and the XORed strings of the update library
    ("quoting", 3, 10),         # text that quotes strings of the family
    ("printed", 3, 8),          # the same, printed into a container
    ("quarantine", 2, 6),       # samples that an anti-virus program put away
    ("other", 34, 116),
)
BRANCHES = ("本店営業部", "松本支店", "上田支店", "飯田支店", "佐久支店",
            "伊那支店", "諏訪支店", "東京支店")
REPORTS = ("残高一覧", "振込受付一覧", "手数料集計", "稟議回付表",
           "為替日報", "勘定照合表")


def xor(data, key):
    return data.translate(bytes([i ^ key for i in range(256)]))


def section(tag, data):
    return tag + struct.pack("<I", len(data)) + data


def container(w, version, sections):
    body = b"".join(sections)
    return w.magic + struct.pack("<HHII", version, len(sections), len(body),
                                 zlib.crc32(body)) + body


def meta(rng, w, licence):
    text = "app=%s %d.%d;lic=%s;title=%s;user=u%04d" % (
        w.product, rng.between(6, 7), rng.below(6), licence,
        rng.pick(REPORTS), rng.below(10000))
    return section(b"META", text.encode())


def page(rng, lines=()):
    rows = list(lines)
    for _ in range(rng.between(8, 60)):
        rows.append("%s,%s,%d,%d" % (rng.pick(BRANCHES), rng.pick(REPORTS),
                                     rng.below(900), rng.below(90000000)))
    return section(b"PAGE", "\r\n".join(rows).encode())


def image(rng, low, high):
    return section(b"DATA", rng.data(rng.between(low, high)))


def table(strings, key):
    """Count, kind, key; then words with their closing NUL, XORed."""
    plain = b"".join([s.encode() + b"\0" for s in strings])
    return section(b"RSRC", struct.pack("<HBB", len(strings), 1, key)
                   + xor(plain, key))


# ------------------------------------------------------------------- samples

def sample(rng, w, key, strings, licence, version, pad):
    """One file of the family; the order of its sections says nothing."""
    own = list(strings) + rng.sample(w.shared, rng.between(5, 9))
    own.append("%s.%s.example" % (word(rng), word(rng)))
    own.append("b%s" % hexes(rng, 10))          # number of this build
    rng.shuffle(own)
    rest = [table(own, key), image(rng, *pad)]
    rest += [page(rng) for _ in range(rng.below(3))]
    if rng.chance(400):
        rest.append(image(rng, 600, 5000))
    rng.shuffle(rest)
    return container(w, version, [meta(rng, w, licence)] + rest)


def samples(w, which):
    """`n` samples of what is known: five to seven of the eight strings."""
    rng = Rng(w.seed, "samples " + which)
    n = SHOWN_BAD if which == "shown" else HIDDEN_KNOWN
    out = []
    for i in range(n):
        # Each string is missing somewhere among the shown ones.
        own = [s for k, s in enumerate(w.strings) if k != i % 8]
        own = rng.sample(own, rng.between(5, 7))
        out.append(sample(rng, w, w.keys[which][i], own, w.licence,
                          2 + i % 2, (2500, 40000)))
    return out


def variant(w):
    """What comes next: another licence and version, half the words new."""
    rng = Rng(w.seed, "variant")
    out = []
    for i in range(HIDDEN_NEW):
        own = rng.sample(w.strings[:6], rng.between(3, 4))
        own += rng.sample(w.renewed, rng.between(3, 4))
        out.append(sample(rng, w, w.keys["new"][i], own, w.later, 4,
                          (20000, 70000)))
    return out


# ------------------------------------------------------------ ordinary files

def quotes(rng, w):
    """What a notice says about the family, in clear."""
    return ["IoC %s lic=%s" % (w.ticket, w.licence)] + [
        "IoC string: " + s for s in rng.sample(w.strings, rng.between(4, 7))]


def plain(rng, w, licence=None):
    parts = [page(rng) for _ in range(rng.between(1, 4))]
    if rng.chance(600):
        parts.append(image(rng, 400, 30000))
    rng.shuffle(parts)
    return container(w, rng.between(1, 4), [
        meta(rng, w, licence or rng.pick(w.licences + [w.later]))] + parts)


def updater(rng, w, i):
    own = rng.sample(w.shared, 10 if i == 0 else rng.between(6, 10))
    own += ["%s.%s.example" % (word(rng), word(rng))
            for _ in range(rng.between(1, 8))]
    rest = [table(own, rng.between(1, 255)), image(rng, 2500, 40000)]
    rest += [page(rng) for _ in range(rng.below(3))]
    rng.shuffle(rest)
    licence = w.licence if i % 2 == 0 else rng.pick(w.licences)
    return container(w, rng.between(2, 4), [meta(rng, w, licence)] + rest)


def quarantine(rng, w):
    own = rng.sample(w.strings, 6)
    data = sample(rng, w, rng.between(1, 255), own, w.licence, 3,
                  (2500, 20000))
    return b"QRTN" + struct.pack("<II", 1, len(data)) + xor(data, 0xA7)


def rows(rng, low, high, one):
    return "".join([one(i) for i in range(rng.between(low, high))])


def other(rng, w, i):
    """(ending, bytes) of what lies about on an office disk."""
    kind = i % 8
    if kind == 0:
        return "csv", ("date,branch,account,amount\n" + rows(
            rng, 40, 300, lambda k: "2026-%02d-%02d,%03d,%07d,%d\n" % (
                rng.between(4, 9), rng.between(1, 28), rng.below(80),
                rng.below(10000000), rng.below(9000000)))).encode()
    if kind == 1:
        return "log", rows(rng, 60, 300, lambda k: (
            "2026-05-%02d %02d:%02d:%02d INFO  job%03d finished rc=0 (%d ms)"
            "\n") % (1 + k % 28, k % 24, rng.below(60), rng.below(60),
                     rng.below(200), rng.below(90000))).encode()
    if kind == 2:
        return "json", ("[" + ",\n".join([
            '{"id":%d,"name":"%s","on":%s}' % (
                rng.below(100000), word(rng), rng.pick(("true", "false")))
            for _ in range(rng.between(30, 200))]) + "]\n").encode()
    if kind == 3:
        return "dat", b"\1\0\0\0" + rng.data(rng.between(800, 24000))
    if kind == 4:
        return "ini", ("[%s]\r\n" % w.product + rows(
            rng, 10, 60, lambda k: "%s=%d\r\n" % (
                word(rng), rng.below(1000)))).encode()
    if kind == 5:
        text = base64.encodebytes(rng.data(rng.between(600, 9000)))
        return "txt", text
    if kind == 6:
        # The update library's words in clear, as its manual has them.
        return "xml", ("<?xml version=\"1.0\"?>\n<update>\n" + "".join([
            "  <v>%s</v>\n" % s for s in rng.sample(w.shared, 6)])
            + "</update>\n").encode()
    return "txt", "\r\n".join([
        "%s %s について、%d 月 %d 日までに確認してください。" % (
            rng.pick(BRANCHES), rng.pick(REPORTS), rng.between(4, 9),
            rng.between(1, 28)) for _ in range(rng.between(4, 40))]).encode()


def good(w, which):
    """(ending, bytes) of every ordinary file, in no order."""
    rng = Rng(w.seed, "good " + which)
    out = []
    for kind, shown, hidden in GOOD:
        for i in range(shown if which == "shown" else hidden):
            if kind == "plain":
                out.append((w.ext, plain(rng, w)))
            elif kind == "licensed":
                out.append((w.ext, plain(rng, w, w.licence)))
            elif kind == "updater":
                out.append((w.ext, updater(rng, w, i)))
            elif kind == "quoting":
                text = "\r\n".join(quotes(rng, w) + ["# " + word(rng)] * 3)
                out.append(("txt", text.encode()))
            elif kind == "printed":
                out.append((w.ext, container(w, rng.between(2, 4), [
                    meta(rng, w, rng.pick((w.licence, w.licences[0]))),
                    page(rng, quotes(rng, w))])))
            elif kind == "quarantine":
                out.append(("qtn", quarantine(rng, w)))
            else:
                out.append(other(rng, w, i))
    rng.shuffle(out)
    return out


# --------------------------------------------------------- how a rule is made

def single(w):
    """Containers with one word of the family each, and one with its licence:
    no rule that asks for two things fires here."""
    rng = Rng(w.seed, "single")
    out = [container(w, 3, [meta(rng, w, w.licence), page(rng),
                            image(rng, 2500, 9000)])]
    for s in w.strings:
        out.append(container(w, 3, [
            meta(rng, w, w.licences[0]), image(rng, 2500, 9000),
            table([s] + rng.sample(w.shared, 6), rng.between(1, 255))]))
    return out


def embedded(w):
    """A sample within a large image, not at its beginning."""
    inner = samples(w, "shown")[0]
    return (b"\0" * 512 + inner).ljust(FOREIGN, b"\0")
