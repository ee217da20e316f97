"""Builds platform/static in a directory of the test's own."""
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "platform/static"
# tools/assets.sh installs here; used when its lock file is ours.
INSTALLED = ROOT / "build/static-work"


def install(source):
    lock = INSTALLED / "installed-lock.json"
    if (INSTALLED / "node_modules").is_dir() and lock.is_file() and \
            lock.read_bytes() == (SOURCE / "package-lock.json").read_bytes():
        (source / "node_modules").symlink_to(INSTALLED / "node_modules")
        return
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=source, check=True, stdout=subprocess.DEVNULL, timeout=600)


def prepare(work):
    """A copy of the sources with their packages below the directory work."""
    source = work / "source"
    shutil.copytree(SOURCE, source,
                    ignore=shutil.ignore_patterns("node_modules"))
    install(source)


def build(work, name):
    """The directory work/name, as build.mjs leaves it."""
    out = work / name
    subprocess.run(["node", "build.mjs", str(out)], cwd=work / "source",
                   check=True, timeout=300)
    return out
