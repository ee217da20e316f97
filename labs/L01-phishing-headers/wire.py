"""The bytes of a mail: encoded words, MIME parts, dates, queue ids, trace
fields. RFC 5322, 2045, 2047; lines end with CR LF."""

import base64
import binascii

EPOCH = 1767225600  # 2026-01-01 00:00 UTC
SAFE = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
BASE62 = ("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
          "abcdefghijklmnopqrstuvwxyz")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
          "Oct", "Nov", "Dec")
DAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")
LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
ZONES = {540: " (JST)", 0: " (UTC)"}


def date(t, zone=540, comment=False):
    """Seconds from the start of 2026 (UTC) as a date, `zone` in minutes."""
    local = t + zone * 60
    day, second = divmod(local, 86400)
    month, mday = 0, day
    while mday >= LENGTHS[month]:
        mday -= LENGTHS[month]
        month += 1
    return "%s, %d %s 2026 %02d:%02d:%02d +%02d%02d%s" % (
        DAYS[day % 7], mday + 1, MONTHS[month], second // 3600,
        second // 60 % 60, second % 60, zone // 60, zone % 60,
        ZONES.get(zone, "") if comment else "")


def digits(n, alphabet, width):
    text = ""
    while n or len(text) < width:
        n, r = divmod(n, len(alphabet))
        text = alphabet[r] + text
    return text


def postfix_id(rng, t):
    """A long queue id of Postfix: second, microsecond, inode."""
    return "%s%sz%s" % (digits(EPOCH + t, SAFE, 6),
                        digits(rng.below(1000000), SAFE, 4),
                        digits(rng.between(100000, 9000000), SAFE[:51], 1))


def exim_id(rng, t):
    """An id of Exim from 4.97: second, process, fraction."""
    return "%s-%s-%s" % (digits(EPOCH + t, BASE62, 6),
                         digits(rng.between(1000, 90000000), BASE62, 11),
                         digits(rng.below(500000), BASE62, 4))


# -- text ------------------------------------------------------------------

def words(text, charset, most=33):
    """Encoded words (base64) of at most 75 characters, each complete in
    itself, on lines of their own; `most` bytes before base64."""
    out, chunk = [], ""
    for c in text:
        if len((chunk + c).encode(charset)) > most:
            out.append(chunk)
            chunk = ""
        chunk += c
    out.append(chunk)
    name = {"iso-2022-jp": "ISO-2022-JP", "utf-8": "UTF-8"}[charset]
    return "\r\n ".join("=?%s?B?%s?=" % (
        name, base64.b64encode(w.encode(charset)).decode("ascii"))
        for w in out)


def mailbox(name, address, charset):
    """The name is one encoded word: Python's email package would show a
    space between two."""
    return "%s\r\n <%s>" % (words(name, charset, 42), address)


def part(kind, text, charset, how):
    """Headers and content of one text part."""
    data = text.encode(charset)
    if how == "base64":
        body = base64.encodebytes(data.replace(b"\n", b"\r\n"))
    elif how == "quoted-printable":
        body = binascii.b2a_qp(data, istext=True)
    else:
        body = data
    body = body.decode("ascii")
    if not body.endswith("\n"):
        body += "\n"
    return ("Content-Type: text/%s; charset=%s\n"
            "Content-Transfer-Encoding: %s\n\n%s" % (
                kind, charset.upper() if charset == "utf-8" else charset,
                how, body))


def alternative(boundary, plain, html, charset, how):
    return "".join("--%s\n%s\n" % (boundary, part(kind, text, charset, how))
                   for kind, text in (("plain", plain), ("html", html))
                   ) + "--%s--\n" % boundary


# -- trace -----------------------------------------------------------------

TLS = ("(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\r\n"
       "\t key-exchange X25519 server-signature RSA-PSS (2048 bits)"
       " server-digest SHA256)\r\n\t(No client certificate requested)\r\n\t")


def bracket(ip):
    return "IPv6:" + ip if ":" in ip else ip


def postfix(rng, t, helo, rdns, ip, by, to=None, tls=False, zone=540,
            auth=None):
    return "from %s (%s [%s])\r\n\t%s%sby %s (Postfix) with %s id %s%s;" \
        "%s%s" % (helo, rdns, bracket(ip), TLS if tls else "",
                  "(Authenticated sender: %s)\r\n\t" % auth if auth else "",
                  by, "ESMTPSA" if auth else "ESMTPS" if tls else "ESMTP",
                  postfix_id(rng, t), "\r\n\tfor <%s>" % to if to else "",
                  " " if to else "\r\n\t", date(t, zone, True))


def exim(rng, t, helo, ip, by, envelope, to, zone):
    if helo == "localhost":
        start = "from localhost ([127.0.0.1] helo=localhost)"
        how = "esmtp"
    else:
        start = "from [%s] (helo=%s)" % (ip, helo)
        how = "esmtpsa  (TLS1.3) tls TLS_AES_256_GCM_SHA384"
    return "%s\r\n\tby %s with %s\r\n\t(Exim 4.98)\r\n\t(envelope-from <%s>)" \
        "\r\n\tid %s\r\n\tfor %s;\r\n\t%s" % (
            start, by, how, envelope, exim_id(rng, t), to, date(t, zone))


def php(rng, t, by, zone):
    return "by %s (Postfix, from userid 33)\r\n\tid %s; %s" % (
        by, postfix_id(rng, t), date(t, zone, True))


def lmtp(rng, t, name, ip, by, envelope, to):
    """As Dovecot writes it at the mailbox."""
    session = base64.b64encode(rng.data(16)).decode("ascii").rstrip("=")
    return "from %s ([%s])\r\n\tby %s with LMTP\r\n\tid %s\r\n\t" \
        "(envelope-from <%s>)\r\n\tfor <%s>; %s" % (
            name, ip, by, session, envelope, to, date(t))
