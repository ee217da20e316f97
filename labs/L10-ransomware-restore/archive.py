"""Plain tar archives: written so that bytes depend on names, times and
contents alone, and read as something that nobody trusts.

The reader knows regular files and directories in the USTAR, pax and GNU forms
and nothing else: no links, devices, sparse files, compression, absolute names
or names that climb out. All it does is bounded by the size of its input.
"""

import io
import tarfile

BLOCK = 512
MAX_MEMBERS = 2000
MAX_EXTRA = 64 * 1024           # of one pax header or GNU long name
MAX_NAME = 240

# What file managers leave behind.
LITTER = (".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX")


class Bad(Exception):
    pass


def write(members):
    """(path, time as seconds since 1970, bytes), ... with their folders."""
    out, made = io.BytesIO(), {}
    with tarfile.open(fileobj=out, mode="w",
                      format=tarfile.USTAR_FORMAT) as tar:
        for path, mtime, data in members:
            parts = path.split("/")
            for i in range(1, len(parts)):
                folder = "/".join(parts[:i])
                if folder not in made:
                    made[folder] = True
                    one = tarfile.TarInfo(folder)
                    one.type, one.mode, one.mtime = tarfile.DIRTYPE, 0o755, mtime
                    tar.addfile(one)
            one = tarfile.TarInfo(path)
            one.size, one.mode, one.mtime = len(data), 0o644, mtime
            tar.addfile(one, io.BytesIO(data))
    return out.getvalue()


def _octal(field):
    text = field.strip(b" \0")
    if len(text) > 11 or text.strip(b"01234567"):
        raise Bad("number")
    return int(text or b"0", 8)


def _head(block):
    """(name, size, type) of a header block."""
    total = sum(block) - sum(block[148:156]) + 8 * 32
    if _octal(block[148:156]) != total or block[257:262] not in (
            b"ustar", b"\0\0\0\0\0"):
        raise Bad("header")
    name = block[:100].split(b"\0")[0]
    if block[257:263] == b"ustar\0":
        prefix = block[345:500].split(b"\0")[0]
        name = prefix + b"/" + name if prefix else name
    return name, _octal(block[124:136]), block[156:157]


def _pax(data):
    """The records `length key=value` of a pax header."""
    found, at = {}, 0
    while at < len(data):
        space = data.find(b" ", at, at + 7)
        digits = data[at:space] if space > 0 else b""
        if not digits or digits.strip(b"0123456789"):
            raise Bad("pax")
        end = at + int(digits)
        key, equals, value = data[space + 1:end - 1].partition(b"=")
        if end > len(data) or end <= space or data[end - 1:end] != b"\n" \
                or not equals:
            raise Bad("pax")
        found[key] = value
        at = end
    if any(key.startswith(b"GNU.sparse") for key in found):
        raise Bad("sparse")
    return found


def _path(raw):
    """The parts of a name, or None for what is left aside."""
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Bad("name") from None
    if len(name) > MAX_NAME or name.startswith("/") or "\\" in name or any(
            ord(c) < 32 or ord(c) == 127 for c in name):
        raise Bad("name")
    parts = [p for p in name.split("/") if p not in ("", ".")]
    if ".." in parts:
        raise Bad("name")
    if parts and parts[0] == "restore":
        del parts[0]
    if not parts or any(p in LITTER or p.startswith("._") for p in parts):
        return None
    return "/".join(parts)


def read(data):
    """{path: bytes} of the regular files; Bad if it is not a plain tar."""
    files, at, members, more, long_name = {}, 0, 0, {}, None
    while at + BLOCK <= len(data):
        block = data[at:at + BLOCK]
        at += BLOCK
        if not block.strip(b"\0"):
            break
        members += 1
        if members > 3 * MAX_MEMBERS:
            raise Bad("members")
        name, size, kind = _head(block)
        extra = kind in (b"x", b"g", b"L")
        if not extra and b"size" in more:
            if not 0 < len(more[b"size"]) < 10 \
                    or more[b"size"].strip(b"0123456789"):
                raise Bad("size")
            size = int(more[b"size"])
        if size > len(data) - at or extra and size > MAX_EXTRA:
            raise Bad("size")
        body = data[at:at + size]
        at += (size + BLOCK - 1) // BLOCK * BLOCK
        if kind == b"x":
            more = _pax(body)
        elif kind == b"g":
            if {b"path", b"size", b"linkpath"} & _pax(body).keys():
                raise Bad("pax")
        elif kind == b"L":
            long_name = body.split(b"\0")[0]
        elif kind in (b"0", b"\0", b"5"):
            path = _path(more.get(b"path", long_name or name))
            if kind == b"5" and size:
                raise Bad("size")
            if kind != b"5" and path is not None:
                if path in files or len(files) == MAX_MEMBERS:
                    raise Bad("twice")
                files[path] = body
            more, long_name = {}, None
        else:
            raise Bad("kind")
    if not members or more or long_name is not None:
        raise Bad("end")
    return files
