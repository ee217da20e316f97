"""Rule files of lab L02 at random: each is rules or a line that cannot be read,
at once."""
import ipaddress
import os
import random
import sys
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "labs", "L02-credential-stuffing"))
import rule  # noqa: E402

INPUTS = 2000
SLOW_SECONDS = 0.5
SEEDS = (
    b"distinct(login, ip, 3600) > 3 and ratio_fail > 0.7 -> challenge\n",
    b"count(ip_ua, 60) > 20 unless ip in 192.0.2.0/24, 2001:db8::/32 -> block\n",
    b"# nothing\n\n count( ua , 10 )>1->block # why\r\ncount(login,86400) > 5 -> challenge\n",
    b"\xef\xbb\xbfcount(ip,10) > 9 and ratio_fail > 1.000 unless ip in "
    + b", ".join(b"198.51.100.%d" % i for i in range(39)) + b" -> block\n",
)
PIECES = (b"count(", b"distinct(login,", b"ip", b"ip_ua", b" unless ip in ", b" and ratio_fail > ",
          b"0.5", b"/0", b"/33", b"::", b"999999", b"-> block", b"\n", b"\r", b"#", b"\x00", b"\xff",
          b" " * 300, b"," * 300, b"1." * 300, b"a:" * 300, "全角".encode())


def mutate(rnd):
    data = bytearray(rnd.choice(SEEDS))
    for _ in range(rnd.randint(0, 4)):
        at = rnd.randint(0, len(data))
        what = rnd.randrange(5)
        if what == 0 and at < len(data):
            data[at] = rnd.randrange(256)
        elif what == 1:
            del data[at:at + rnd.randint(1, 20)]
        elif what == 2:
            data[at:at] = rnd.choice(PIECES)
        elif what == 3:
            data[at:at] = data[:rnd.randint(0, len(data))]
        else:
            data += rnd.choice(SEEDS)
    return bytes(data)


class RandomRules(unittest.TestCase):
    def expect_rules(self, rules):
        self.assertLessEqual(len(rules), rule.MAX_RULES)
        for r in rules:
            self.assertIn(r.key, ("ip", "ua", "ip_ua", "login"))
            self.assertIn(r.action, ("block", "challenge"))
            self.assertTrue(10 <= r.window <= 86400 and 1 <= r.n <= 100000)
            self.assertTrue(-1 <= r.ratio <= 1000)
            self.assertLessEqual(len(r.nets), rule.MAX_NETS)
            for net in r.nets:
                self.assertIsInstance(net, (ipaddress.IPv4Network, ipaddress.IPv6Network))

    def test_what_it_begins_with_are_rules(self):
        for data in SEEDS:
            self.expect_rules(rule.parse(data))

    def test_random_files_are_rules_or_named_lines_at_once(self):
        rnd = random.Random(20261123)
        read = 0
        for _ in range(INPUTS):
            data = mutate(rnd)
            begin = time.monotonic()
            try:
                self.expect_rules(rule.parse(data))
                read += 1
            except rule.RuleError as e:
                self.assertTrue(0 <= e.line <= data.count(b"\n") + 1, data)
            self.assertLess(time.monotonic() - begin, SLOW_SECONDS, data)
        # some of both kinds, else nothing was tried
        self.assertTrue(INPUTS / 20 < read < INPUTS * 19 / 20, read)


if __name__ == "__main__":
    unittest.main()
