"""What a seed says about the invented malware family and the bank it is in.

    world = World(seed)      names, magic, strings, programs
    files.py                 samples and ordinary files made from it
    events.py                a day of endpoint events made from it
"""

from kit.stream import Rng

# Report software that does not exist: name in Japanese and English, short
# name, extension of its files.
PRODUCTS = (
    ("ひのき帳票", "Hinoki Report", "hnk", "hkr"),
    ("あすなろ帳票", "Asunaro Forms", "asn", "anf"),
    ("くぬぎ帳票", "Kunugi Report", "kng", "kgr"),
    ("さざんか帳票", "Sazanka Forms", "szk", "szf"),
    ("なずな帳票", "Nazuna Print", "nzn", "nzp"),
    ("つげ帳票", "Tsuge Ledger", "tsg", "tgl"),
)
# Management agents: name, program.
AGENTS = (("Kikyo Agent", "kkagent.exe"), ("Rindo Agent", "rdagent.exe"),
          ("Asagao Agent", "asagent.exe"), ("Fuji Agent", "fjmgr.exe"))
# Pairs of letters with which no usual file begins.
PAIRS = ("KV", "QX", "WJ", "VQ", "XK", "JW", "ZQ", "QK", "VX", "KQ", "WX",
         "XJ", "QV", "JQ", "ZX", "XV")
BINS = ("rundll32.exe", "regsvr32.exe", "wscript.exe", "msiexec.exe")
NOUNS = ("otp", "form", "payee", "token", "limit", "mail", "stamp", "queue")
VERBS = ("forward", "swap", "grab", "hide", "relay", "copy", "merge", "hold")
HEX = "0123456789abcdef"

_A = ("ka", "ro", "mi", "to", "su", "ne", "vo", "ri", "pa", "ze", "lu", "go")
_B = ("ra", "ken", "lo", "mis", "tar", "dun", "vek", "ski", "bor", "nel")


def word(rng):
    """A word that means nothing: miken, zorado."""
    return rng.pick(_A) + rng.pick(_A) + rng.pick(_B)


def hexes(rng, n):
    return "".join(rng.pick(HEX) for _ in range(n))


def strings(rng):
    """Eight strings of a program, of which nothing tells whose they are."""
    order = "%s.%s.%s"
    return (
        "Global\\%s-%s" % (hexes(rng, 8), hexes(rng, 4)),
        "/%s/%s%d.php?k=" % (word(rng), word(rng), rng.between(2, 9)),
        "%s/%d.%d (compatible; sync)" % (
            word(rng).capitalize(), rng.between(1, 5), rng.below(10)),
        "\\\\.\\pipe\\%s%s" % (word(rng), hexes(rng, 4)),
        order % (word(rng), rng.pick(NOUNS), rng.pick(VERBS)),
        order % (word(rng), rng.pick(NOUNS), rng.pick(VERBS)),
        "%%LOCALAPPDATA%%\\%s%d" % (word(rng), rng.between(10, 99)),
        "~%s%s.tmp" % (word(rng), hexes(rng, 3)))


class World:
    def __init__(self, seed):
        self.seed = seed
        rng = Rng(seed, "world")
        self.ticket = "BL-%06X" % rng.below(1 << 24)
        self.product_ja, self.product, short, self.ext = rng.pick(PRODUCTS)
        self.short = short
        self.viewer = short + "view.exe"
        self.spooler = short + "spool.exe"
        self.vendor = self.product.lower().replace(" ", "-") + ".example"
        self.agent, self.agent_exe = rng.pick(AGENTS)
        self.authority = word(rng) + "-trust.example"
        self.bins = tuple(rng.sample(BINS, 2))
        # A day of 2026 from 1 April on, Monday to Friday.
        day = 91 + rng.below(180)
        if (day + 2) % 7 in (5, 6):         # 1 January 2026 is a Thursday
            day += 2
        self.day = day

        # The container of the product, which the family imitates.
        self.magic = rng.pick(PAIRS).encode() + bytes(
            [rng.between(0x81, 0xEF), rng.between(0x81, 0xEF)])
        licences = ["%s-%s-%s" % (hexes(rng, 4).upper(), hexes(rng, 4).upper(),
                                  rng.pick(PAIRS)) for _ in range(8)]
        self.licence, self.later = licences[:2]     # of the family
        self.licences = licences[2:]                # of others
        self.strings = strings(rng)     # of the family
        self.renewed = strings(rng)     # of the variant nobody has yet
        # What the family took over with the product's update library.
        self.shared = strings(rng) + (
            "Content-Type: application/octet-stream",
            "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run")
        keys = list(range(1, 256))
        rng.shuffle(keys)
        self.keys = {"shown": keys[:90], "hidden": keys[90:180],
                     "new": keys[180:]}

    def date(self):
        """(month, day) of the day of the events."""
        left = self.day
        for month, days in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
                                      30, 31), 1):
            if left <= days:
                return month, left
            left -= days
        raise ValueError("not a day of 2026")

    def iso(self, t):
        """Second t of the day (JST) as Sysmon writes UTC, without the
        fraction; t from 9:00 JST on is the same date in UTC."""
        month, day = self.date()
        s = t - 9 * 3600
        return "2026-%02d-%02d %02d:%02d:%02d" % (
            month, day, s // 3600, s // 60 % 60, s % 60)
