"""DKIM signatures (RFC 6376), rsa-sha256, relaxed/relaxed. They are real:
the keys stand in the DNS that the learner is given."""

import base64
import hashlib
import re

from primes import PRIMES

E = 65537
# DigestInfo of SHA-256 (RFC 8017, 9.2).
PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")
RSA = bytes.fromhex("300d06092a864886f70d0101010500")   # rsaEncryption, NULL


class Key:
    def __init__(self, p, q):
        self.n = p * q
        self.p, self.q = p, q
        d = pow(E, -1, (p - 1) * (q - 1))
        self.dp, self.dq, self.qi = d % (p - 1), d % (q - 1), pow(q, -1, p)

    def public(self):
        """SubjectPublicKeyInfo in base64: what p= holds."""
        def der(tag, data):
            n = len(data)
            size = bytes([n]) if n < 128 else (
                bytes([0x81, n]) if n < 256 else
                bytes([0x82, n >> 8, n & 255]))
            return bytes([tag]) + size + data

        def integer(v):
            return der(2, v.to_bytes(v.bit_length() // 8 + 1, "big"))
        inner = der(0x30, integer(self.n) + integer(E))
        info = der(0x30, RSA + der(3, b"\0" + inner))
        return base64.b64encode(info).decode("ascii")

    def sign(self, data):
        hashed = PREFIX + hashlib.sha256(data).digest()
        block = b"\0\1" + b"\xff" * (256 - 3 - len(hashed)) + b"\0" + hashed
        m = int.from_bytes(block, "big")
        a = pow(m % self.p, self.dp, self.p)
        b = pow(m % self.q, self.dq, self.q)
        s = b + (a - b) * self.qi % self.p * self.q
        return base64.b64encode(s.to_bytes(256, "big")).decode("ascii")


def keys(rng, domains):
    """{domain: Key}: the primes in pairs, as the seed has it."""
    primes = list(PRIMES)
    rng.shuffle(primes)
    return {d: Key(primes.pop(), primes.pop()) for d in domains}


def relaxed_header(name, value):
    value = re.sub(r"[ \t]+", " ", value.replace("\r\n", "")).strip(" \t")
    return name.lower() + ":" + value


def relaxed_body(body):
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" \t")
             for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def fold(text, width=64):
    return [text[i:i + width] for i in range(0, len(text), width)]


def signature(key, domain, selector, t, headers, body):
    """The value of DKIM-Signature over these headers [(name, value)] and
    body, as OpenDKIM lays it out."""
    names = [n for n, _ in headers]
    bh = base64.b64encode(hashlib.sha256(relaxed_body(body)).digest())
    listed, width = names[0], len(names[0])
    for name in names[1:]:      # folded at the colons only
        width += len(name) + 1
        listed += ":" + name if width < 66 else ":\r\n\t " + name
        width = width if width < 66 else len(name)
    value = ("v=1; a=rsa-sha256; c=relaxed/relaxed; d=%s;\r\n\ts=%s; t=%d;"
             " bh=%s;\r\n\th=%s;\r\n\tb=" % (
                 domain, selector, t, bh.decode("ascii"),
                 listed))
    data = "".join(relaxed_header(n, v) + "\r\n" for n, v in headers)
    data += relaxed_header("DKIM-Signature", value)
    return value + "\r\n\t ".join(fold(key.sign(data.encode("ascii"))))
