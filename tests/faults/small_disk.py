"""A disk that is full when a test wants it: a tmpfs that only we see.

Needs root or user namespaces, as tests/support/small_disk.h.
"""
import ctypes
import errno
import os

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MS_NOSUID, MS_NODEV, MS_REC, MS_PRIVATE = 2, 4, 0x4000, 0x40000
MNT_DETACH = 2
FILLER = "filler"
PAGE = os.sysconf("SC_PAGE_SIZE")  # what a tmpfs is counted in

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
    """Until only so much is left, while others write; it may be called again for less."""
    with open(os.path.join(directory, FILLER), "ab") as f:
        part = os.statvfs(directory).f_bavail * PAGE
        while part >= PAGE:
            left = os.statvfs(directory).f_bavail * PAGE - leave_kib * 1024
            part = min(part, left)
            try:
                if part > 0:
                    os.posix_fallocate(f.fileno(), os.fstat(f.fileno()).st_size, part)
            except OSError as e:
                if e.errno != errno.ENOSPC:
                    raise
                part = part // 2 // PAGE * PAGE


def free(directory):
    os.unlink(os.path.join(directory, FILLER))
