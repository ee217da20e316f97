"""What setup writes: regular files below $LAB_DIR/in, nothing else; and key,
below $LAB_DIR/key, where check reads them."""

import os


def write(files, into="in"):
    """(path, text or bytes), ...; text in UTF-8 with plain newlines."""
    into = os.path.join(os.environ["LAB_DIR"], into)
    for path, data in files:
        if isinstance(data, str):
            data = data.encode("utf-8")
        full = os.path.join(into, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as f:
            f.write(data)


def key(path):
    """The text of a file of the answer key, as it was written."""
    with open(os.path.join(os.environ["LAB_DIR"], "key", path),
              encoding="utf-8", newline="") as f:
        return f.read()
