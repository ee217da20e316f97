"""The record of DMARC that a learner hands in: one line of a zone file,
read as RFC 7489 (6.3, 6.4) reads it."""

import re

MAX_BYTES = 4096
POLICIES = ("none", "quarantine", "reject")

_LINE = re.compile(r'([A-Za-z0-9_.-]{1,253})(?:[ \t]+[0-9]{1,9})?'
                   r'(?:[ \t]+IN)?[ \t]+TXT((?:[ \t]*"[^"\\]{0,255}")+)',
                   re.ASCII | re.IGNORECASE)
_URI = re.compile(r"mailto:[^@,!; ]{1,64}@[A-Za-z0-9.-]{1,253}(![0-9]+[kmgt]?)?",
                  re.ASCII)
_FORMS = {"p": "none|quarantine|reject", "sp": "none|quarantine|reject",
          "adkim": "[rs]", "aspf": "[rs]", "pct": "[0-9]{1,2}|100",
          "fo": "[01ds](:[01ds]){0,3}", "ri": "[0-9]{1,9}"}


class RecordError(Exception):
    pass


def parse(text):
    """(owner name, {tag: value}); RecordError if a receiver would not read
    it so. Unknown tags are left out, as receivers do."""
    lines = [line.strip(" \t\r") for line in text.split("\n")]
    lines = [line for line in lines if line and line[0] not in ";#"]
    m = _LINE.fullmatch(lines[0]) if len(lines) == 1 else None
    if not m:
        raise RecordError("not one TXT record")
    value = "".join(re.findall('"([^"]*)"', m.group(2)))
    tags = {}
    fields = [field.strip(" \t") for field in value.split(";")]
    if fields[-1] == "":
        fields.pop()
    for i, field in enumerate(fields):
        name, equals, word = field.partition("=")
        name, word = name.strip(" \t").lower(), word.strip(" \t")
        if not equals or not re.fullmatch("[a-z]+", name) or name in tags:
            raise RecordError("not a list of tags")
        if (name == "v") != (i == 0) or (name == "p") != (i == 1):
            raise RecordError("v and p do not come first")
        if name in _FORMS:
            word = word.lower()
            if not re.fullmatch(_FORMS[name], word):
                raise RecordError("a value that is none")
        if name in ("rua", "ruf"):
            if not all(_URI.fullmatch(u.strip(" \t"))
                       for u in word.split(",")):
                raise RecordError("an address that is none")
        tags[name] = word
    if tags.get("v") != "DMARC1" or "p" not in tags:
        raise RecordError("no version or no policy")
    return m.group(1).rstrip(".").lower(), tags


def reports_to(tags):
    """The addresses of rua."""
    return [u.strip(" \t")[len("mailto:"):].partition("!")[0].lower()
            for u in tags.get("rua", "").split(",") if u]


def enforces(tags):
    """Whether it has receivers act: reject, or quarantine in stated steps;
    sub-domains not left out."""
    if int(tags.get("pct", "100")) < 1 or tags.get("sp") == "none":
        return False
    return tags["p"] == "reject" or (
        tags["p"] == "quarantine" and "pct" in tags)


def aligned(domain, sender, mode):
    """RFC 7489, 3.1; the one public suffix is `example`."""
    if mode == "s":
        return domain == sender
    return domain.split(".")[-2:] == sender.split(".")[-2:]


def spares(tags, senders):
    """Whether all these systems still pass: (system, From, envelope, d=)."""
    return all(
        aligned(envelope, sender, tags.get("aspf", "r"))
        or signer and aligned(signer, sender, tags.get("adkim", "r"))
        for _, sender, envelope, signer in senders)
