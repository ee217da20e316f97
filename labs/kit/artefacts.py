"""What setup writes: regular files below $LAB_DIR/in, nothing else."""

import os


def write(files):
    """(path, text or bytes), ...; text in UTF-8 with plain newlines."""
    into = os.path.join(os.environ["LAB_DIR"], "in")
    for path, data in files:
        if isinstance(data, str):
            data = data.encode("utf-8")
        full = os.path.join(into, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as f:
            f.write(data)
