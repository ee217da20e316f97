"""A terminal as a browser has it: a websocket's client and the frames of labd.h."""
import struct

TAKEN = 0x01
ATTACH, INPUT, RESIZE, ALIVE, OUTPUT, REPLAY, ENDED = 0x10, 0x20, 0x21, 0x22, 0x30, 0x31, 0x32
RENEW, NEWS, SIZE = 0x23, 0x33, 0x34  # of one who watches, or is watched
PART = 1024 * 1024


def greeting(ticket, rows=24, columns=80):
    return bytes([ATTACH]) + ticket + struct.pack(">HH", rows, columns)


def exactly(s, n):
    """n bytes; fewer when it ended."""
    out = b""
    while len(out) < n:
        part = s.recv(min(n - len(out), PART))
        if not part:
            return out
        out += part
    return out


class Websocket:
    """Masks, and reads whole messages."""

    def __init__(self, connection, host, origin, headers=()):
        self.s = connection
        lines = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", f"Origin: {origin}", *headers]
        self.s.sendall(b"GET /terminal HTTP/1.1\r\n" + host +
                       "".join(line + "\r\n" for line in lines).encode() + b"\r\n")
        self.head = b""
        while not self.head.endswith(b"\r\n\r\n"):
            byte = self.s.recv(1)
            if not byte:
                break
            self.head += byte

    def send(self, payload, op=2, fin=True):
        n = len(payload)
        head = bytes([(0x80 if fin else 0) | op])
        head += bytes([0x80 | n]) if n < 126 else bytes([0x80 | 126]) + struct.pack(">H", n)
        # a mask of zeros leaves the payload as it is
        self.s.sendall(head + bytes(4) + payload)

    def message(self):
        """op, payload; None at the end."""
        head = exactly(self.s, 2)
        if len(head) < 2:
            return None
        n = head[1]
        if n == 126:
            n = struct.unpack(">H", exactly(self.s, 2))[0]
        elif n == 127:
            n = struct.unpack(">Q", exactly(self.s, 8))[0]
        return head[0] & 15, exactly(self.s, n)

    def closed(self):
        """Reads to the end; the code of the closing frame, None without one."""
        code = None
        try:
            while (m := self.message()) is not None:
                if m[0] == 8:
                    code = struct.unpack(">H", m[1][:2])[0] if m[1] else 0
                    self.send(m[1], op=8)
        except ConnectionError:
            pass
        return code

    def close(self):
        self.s.close()


class Terminal(Websocket):
    """One that works: attached, and what it shows is dealt with."""

    def __init__(self, connection, host, origin, ticket):
        super().__init__(connection, host, origin)
        assert self.head.startswith(b"HTTP/1.1 101 "), self.head
        self.shown = b""
        self.send(greeting(ticket.encode()))

    def until(self, what):
        """Reads until that is shown, and forgets what was shown before."""
        while what not in self.shown:
            m = self.message()
            if m is None or m[0] == 8 or m[1][:1] == bytes([ENDED]):
                raise AssertionError(f"the terminal ended: {m}")
            if m[0] != 2:
                continue
            self.send(struct.pack(">BI", TAKEN, len(m[1])))
            if m[1][0] in (OUTPUT, REPLAY):
                self.shown += m[1][1:]
        self.shown = self.shown.partition(what)[2]

    def type(self, keys):
        self.send(bytes([INPUT]) + keys)
