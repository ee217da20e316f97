"""Frames to the byte: Ethernet, ARP, IPv4, TCP, UDP, DNS, NTP and TLS as a
mirror port of an office switch sees them, and the classic pcap file.

Times are microseconds of the day. Frames may be added in any order; the file
has them in order of time, with the IP identification counted up per sender.
"""

import struct

MSS = 1460
FIN, SYN, PSH, ACK = 1, 2, 8, 16
TCP, UDP = 6, 17
NTP_OFFSET = 2208988800             # 1900 to 1970
NTP_SOURCE = bytes((192, 0, 2, 1))  # whom the time server asks


def packed(ip):
    return bytes(map(int, ip.split(".")))


def checksum(data):
    if len(data) & 1:
        data += b"\0"
    s = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    s = (s & 0xFFFF) + (s >> 16)
    return ~((s & 0xFFFF) + (s >> 16)) & 0xFFFF


class Capture:
    """`macs` are those of the segment; all else lies behind `gateway`."""

    def __init__(self, rng, macs, gateway):
        self.macs = {packed(ip): mac for ip, mac in macs.items()}
        self.far = macs[gateway]
        self.ids = rng
        self.rows = []

    def _mac(self, ip):
        return self.macs.get(ip, self.far)

    def ip(self, t, src, dst, proto, segment):
        """A segment with its checksum field at zero."""
        src, dst = packed(src), packed(dst)
        at = 16 if proto == TCP else 6
        pseudo = src + dst + struct.pack(">HH", proto, len(segment))
        value = checksum(pseudo + segment)
        if proto == UDP and not value:
            value = 0xFFFF
        segment = segment[:at] + struct.pack(">H", value) + segment[at + 2:]
        self.rows.append((t, len(self.rows), src, dst, proto, segment))

    def udp(self, t, src, sport, dst, dport, data):
        self.ip(t, src, dst, UDP, struct.pack(
            ">HHHH", sport, dport, 8 + len(data), 0) + data)

    def arp(self, t, src, dst, answer_after):
        """Who has dst? And the answer."""
        s, d = packed(src), packed(dst)
        for at, a, b, op in ((t, s, d, 1), (t + answer_after, d, s, 2)):
            mac, to = self._mac(a), self._mac(b)
            body = struct.pack(">HHBBH", 1, 0x0800, 6, 4, op) + mac + a + (
                to if op == 2 else bytes(6)) + b
            self.rows.append((at, len(self.rows), None, None, 0,
                              (to if op == 2 else b"\xff" * 6) + mac +
                              b"\x08\x06" + body))

    def file(self, epoch):
        """The whole pcap; `epoch` turns a time into seconds and microseconds
        since 1970."""
        self.rows.sort()
        out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1)]
        ids = {}
        for t, _, src, dst, proto, body in self.rows:
            if src is None:
                frame = body
            else:
                n = ids.get(src)
                ids[src] = n = (self.ids.below(65536) if n is None
                                else n + 1 & 0xFFFF)
                # Windows starts at 128; what comes from outside has lost a
                # few on its way.
                ttl = (128 if src in self.macs else 63 if src[0] == 10
                       else 64 - 7 - src[3] % 11)
                head = struct.pack(
                    ">BBHHHBBH", 0x45, 0, 20 + len(body), n,
                    0x4000 if proto == TCP else 0, ttl, proto, 0) + src + dst
                head = head[:10] + struct.pack(">H", checksum(head)) + src + dst
                frame = (self._mac(dst) + self._mac(src) + b"\x08\x00" + head
                         + body)
            if len(frame) < 60:
                frame += bytes(60 - len(frame))
            out.append(struct.pack("<IIII", *epoch(t), len(frame),
                                   len(frame)))
            out.append(frame)
        return b"".join(out)


class Connection:
    """A TCP connection from its handshake on. `t` is the time of the last
    frame, as the switch beside the client sees it. `lost`: the first SYN goes
    astray and is sent again after a second."""

    def __init__(self, capture, rng, t, client, cport, server, sport, rtt,
                 lost=False):
        self.capture, self.rtt, self.t = capture, rtt, t
        self.ends = ((client, cport), (server, sport))
        self.seq = [rng.word(), rng.word()]
        self.window = [0xFAF0, 0xFE88]
        options = bytes.fromhex("020405b40103030801010402")
        if lost:
            self.t -= 1004000
            self._frame(0, SYN, b"", options)
            self.seq[0] = self.seq[0] - 1 & 0xFFFFFFFF
            self.t += 1004000
        self._frame(0, SYN, b"", options)
        self.t += rtt
        self._frame(1, SYN | ACK, b"",
                    bytes.fromhex("020405b40101040201030307"))
        self.window = [1026, 501]
        self.t += 70
        self._frame(0, ACK)

    def _frame(self, side, flags, data=b"", options=b""):
        (src, sport), (dst, dport) = self.ends[side], self.ends[1 - side]
        ack = self.seq[1 - side] if flags & ACK else 0
        self.capture.ip(self.t, src, dst, TCP, struct.pack(
            ">HHIIBBHHH", sport, dport, self.seq[side], ack,
            (20 + len(options)) // 4 << 4, flags, self.window[side], 0, 0)
            + options + data)
        gone = len(data) + (1 if flags & (SYN | FIN) else 0)
        self.seq[side] = self.seq[side] + gone & 0xFFFFFFFF

    def up(self, t, data):
        self.t = max(t, self.t + 90)
        for i in range(0, len(data), MSS):
            self._frame(0, PSH | ACK if i + MSS >= len(data) else ACK,
                        data[i:i + MSS])
            self.t += 12

    def down(self, think, data, quiet=False):
        """The server answers `think` after what it was sent arrived; an
        acknowledgement goes ahead if that takes long. `quiet`: the client's
        next frame acknowledges the last bytes."""
        self.t += self.rtt
        if think > 40000:
            self._frame(1, ACK)
        self.t += think
        n = (len(data) + MSS - 1) // MSS
        for i in range(n):
            part = data[i * MSS:(i + 1) * MSS]
            self._frame(1, PSH | ACK if i == n - 1 else ACK, part)
            self.t += 110
            if i % 2 == 1 and i != n - 1:
                self._frame(0, ACK)
                self.t += 20
        if not quiet:
            self._frame(0, ACK)

    def close(self, first, wait):
        """`first`: 0, the client closes; 1, the server."""
        self.t += wait
        self._frame(first, FIN | ACK)
        self.t += 60 if first else self.rtt
        self._frame(1 - first, FIN | ACK)
        self.t += self.rtt if first else 60
        self._frame(first, ACK)


# -- DNS ------------------------------------------------------------------

def _name(name):
    return b"".join(bytes([len(p)]) + p.encode()
                    for p in name.split(".")) + b"\0"


def dns_query(ident, name):
    return struct.pack(">HHHHHH", ident, 0x0100, 1, 0, 0, 0) + _name(
        name) + struct.pack(">HH", 1, 1)


def dns_answer(ident, name, ip, ttl):
    """With an address, or without one: no such name."""
    question = _name(name) + struct.pack(">HH", 1, 1)
    if ip is None:
        zone = struct.pack(">H", 0xC000 | 12 + 1 + name.index("."))
        soa = b"\3ns1" + zone + b"\4root" + zone + struct.pack(
            ">IIIII", 2026040101, 7200, 900, 1209600, 600)
        return (struct.pack(">HHHHHH", ident, 0x8183, 1, 0, 1, 0) + question
                + zone + struct.pack(">HHIH", 6, 1, 600, len(soa)) + soa)
    return (struct.pack(">HHHHHH", ident, 0x8180, 1, 1, 0, 0) + question
            + struct.pack(">HHHIH", 0xC00C, 1, 1, ttl, 4) + packed(ip))


# -- NTP ------------------------------------------------------------------

def _stamp(epoch, t):
    seconds, micros = epoch(t)
    return struct.pack(">II", seconds + NTP_OFFSET & 0xFFFFFFFF,
                       (micros << 32) // 1000000)


def ntp_query(epoch, t, last):
    return struct.pack(">BBbbII", 0x23, 3, 11, -23, 0x0000A3D7,
                       0x00004E14) + packed(last) + bytes(24) + _stamp(
                           epoch, t)


def ntp_answer(epoch, t, query):
    return struct.pack(">BBbbII", 0x24, 2, 11, -25, 0x00000123,
                       0x00000456) + NTP_SOURCE + _stamp(
                           epoch, t - t % 1000000 - 37000000) + query[40:48] \
        + _stamp(epoch, t) + _stamp(epoch, t + 31)


# -- TLS ------------------------------------------------------------------

def _record(kind, data, version=0x0303):
    return struct.pack(">BHH", kind, version, len(data)) + data


def _handshake(kind, data):
    return bytes([kind]) + struct.pack(">I", len(data))[1:] + data


def _extension(kind, data):
    return struct.pack(">HH", kind, len(data)) + data


def client_hello(rng, name):
    host = name.encode()
    extensions = b"".join((
        _extension(0, struct.pack(">HBH", len(host) + 3, 0, len(host))
                   + host),
        _extension(23, b""), _extension(0xFF01, b"\0"),
        _extension(10, bytes.fromhex("0006001d00170018")),
        _extension(11, b"\1\0"), _extension(35, b""),
        _extension(16, b"\0\x0c\2h2\x08http/1.1"),
        _extension(5, b"\1\0\0\0\0"),
        _extension(13, bytes.fromhex("00100403080404010503080505010806"
                                     "0601")),
        _extension(51, bytes.fromhex("0024001d0020") + rng.data(32)),
        _extension(45, b"\1\1"),
        _extension(43, bytes.fromhex("0403040303"))))
    suites = bytes.fromhex("130113021303c02bc02fc02cc030cca9cca8c013c014"
                           "009c009d002f0035")
    body = (b"\3\3" + rng.data(32) + b"\x20" + rng.data(32)
            + struct.pack(">H", len(suites)) + suites + b"\1\0"
            + struct.pack(">H", len(extensions)) + extensions)
    return _record(22, _handshake(1, body), 0x0301), body[35:67]


def server_flight(rng, session, size):
    extensions = (_extension(43, b"\3\4") + _extension(
        51, bytes.fromhex("001d0020") + rng.data(32)))
    body = (b"\3\3" + rng.data(32) + b"\x20" + session + b"\x13\x01\0"
            + struct.pack(">H", len(extensions)) + extensions)
    return (_record(22, _handshake(2, body)) + _record(20, b"\1")
            + _record(23, rng.data(size)))


def client_finish(rng, size):
    return (_record(20, b"\1") + _record(23, rng.data(53))
            + _record(23, rng.data(size)))


def application(rng, size):
    return _record(23, rng.data(size))
