"""A disk that is full when a test wants it: a tmpfs that only we see.

Needs root or user namespaces, as tests/support/small_disk.h.
"""
import ctypes
import os

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MS_NOSUID, MS_NODEV, MS_REC, MS_PRIVATE = 2, 4, 0x4000, 0x40000
MNT_DETACH = 2
FILLER = "filler"

libc = ctypes.CDLL(None, use_errno=True)


def must(done, what):
    if done != 0:
        error = os.strerror(ctypes.get_errno())
        raise AssertionError("A full disk needs a small one: run this test as root or allow "
                             f"user namespaces ({what}: {error}).")


def write_text(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)


def enter():
    """A private view of the file systems; before any thread is started."""
    uid, gid = os.getuid(), os.getgid()
    if os.geteuid() == 0:
        must(libc.unshare(CLONE_NEWNS), "unshare")
    else:
        must(libc.unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare")
        write_text("/proc/self/setgroups", "deny")
        write_text("/proc/self/uid_map", f"{uid} {uid} 1")
        write_text("/proc/self/gid_map", f"{gid} {gid} 1")
    must(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "mount")


def mount(directory, kib):
    must(libc.mount(b"tmpfs", directory.encode(), b"tmpfs", MS_NOSUID | MS_NODEV,
                    f"size={kib}k,mode=0755".encode()), "mount")


def unmount(directory):
    must(libc.umount2(directory.encode(), MNT_DETACH), "umount")


def fill(directory, leave_kib):
    """Until only so much is left; a second time it may leave less."""
    v = os.statvfs(directory)
    path = os.path.join(directory, FILLER)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        n = v.f_bavail * v.f_frsize - leave_kib * 1024
        if n > 0:
            os.posix_fallocate(fd, os.fstat(fd).st_size, n)
    finally:
        os.close(fd)


def free(directory):
    os.unlink(os.path.join(directory, FILLER))
