"""What a hostile learner tries from inside a live box.

Run in the box by tests/lab/abuse_test.c, which puts it there. Arguments: a
port that this machine listens on at 127.0.0.1, the abstract name of a unix
socket that it listens on, the memory and processes that the box has. Each
rule prints `ok NAME` or `BAD NAME: what was found`; the last line is
`N rules, M broken`. The numbers are those of x86-64.
"""
import ctypes
import errno
import os
import resource
import signal
import socket
import struct
import subprocess
import sys

PORT, ABSTRACT, MEMORY_MB, PROCESSES = (
    int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

WORK = os.path.join("/lab", "work")
IMAGE = os.path.exists("/etc/lab-packages")  # a system that is not the machine's

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
rules = broken = 0


def rule(name, good, found=""):
    global rules, broken
    rules += 1
    if not good:
        broken += 1
    print("ok " + name if good else f"BAD {name}: {found}", flush=True)


def syscall(number, *args):
    """(result, errno) of a system call with 64-bit arguments."""
    ctypes.set_errno(0)
    args = [a if isinstance(a, (bytes, ctypes.Array)) else ctypes.c_ulong(a)
            for a in args]
    got = libc.syscall(ctypes.c_long(number), *args)
    return got, ctypes.get_errno() if got == -1 else 0


def refused(name, number, *args, wanted=(errno.EPERM,)):
    got, error = syscall(number, *args)
    rule(name, got == -1 and error in wanted, f"{got}, errno {error}")


def fails(name, act, *wanted):
    """`act` raises OSError (with one of the wanted numbers, if any)."""
    try:
        found = act()
    except OSError as e:
        rule(name, not wanted or e.errno in wanted, repr(e))
        return
    rule(name, False, f"it worked: {found!r}"[:200])


def child(act):
    """Runs it in a process of its own; its wait status."""
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(act() or 0)
        except BaseException:
            os._exit(99)
    return os.waitpid(pid, 0)[1]


# 1: mounts
Z = (0,) * 6
for name, number in (
        ("mount", 165), ("umount2", 166), ("pivot_root", 155), ("chroot", 161),
        ("fsopen", 430), ("fsconfig", 431), ("fsmount", 432), ("fspick", 433),
        ("open_tree", 428), ("move_mount", 429), ("mount_setattr", 442),
        ("statmount", 457), ("listmount", 458)):
    refused("1 " + name, number, *Z)

# 2: namespaces
for bit in (0x10000000, 0x20000, 0x20000000, 0x40000000, 0x8000000, 0x4000000,
            0x2000000, 0x80):
    refused(f"2 unshare {bit:x}", 272, bit)
    if bit != 0x80:
        refused(f"2 clone {bit:x}", 56, bit | 17, 0, 0, 0, 0)
        refused(f"2 clone {bit:x}, high bits", 56, bit | 17 | 1 << 40, 0, 0, 0,
                0)
refused("2 setns", 308, 0, 0)
refused("2 clone3", 435, 0, 0, wanted=(errno.ENOSYS,))

# 3: the kernel's back rooms
for name, number in (
        ("bpf", 321), ("io_uring_setup", 425), ("io_uring_enter", 426),
        ("io_uring_register", 427), ("userfaultfd", 323),
        ("perf_event_open", 298), ("kexec_load", 246),
        ("kexec_file_load", 320), ("init_module", 175),
        ("finit_module", 313), ("delete_module", 176), ("reboot", 169),
        ("swapon", 167), ("swapoff", 168), ("clock_settime", 227),
        ("settimeofday", 164), ("clock_adjtime", 305), ("adjtimex", 159),
        ("syslog", 103), ("fanotify_init", 300), ("pidfd_getfd", 438),
        ("process_vm_readv", 310), ("process_vm_writev", 311),
        ("process_madvise", 440), ("kcmp", 312), ("ptrace", 101),
        ("personality", 135), ("acct", 163), ("quotactl", 179),
        ("sethostname", 170), ("setdomainname", 171), ("iopl", 172),
        ("ioperm", 173), ("modify_ldt", 154), ("lookup_dcookie", 212),
        ("vhangup", 153), ("nfsservctl", 180), ("uselib", 134),
        ("ustat", 136), ("sysfs", 139), ("seccomp", 317),
        ("memfd_secret", 447), ("landlock_create_ruleset", 444),
        ("move_pages", 279), ("migrate_pages", 256), ("mbind", 237),
        ("set_mempolicy", 238), ("remap_file_pages", 216),
        ("shmget", 29), ("semget", 64), ("msgget", 68), ("mq_open", 240),
        ("vmsplice", 278), ("io_setup", 206), ("setgroups", 116),
        ("setfsuid", 122)):
    refused("3 " + name, number, *Z)

# 4: keyrings
for name, number in (("keyctl", 250), ("add_key", 248), ("request_key", 249)):
    refused("4 " + name, number, *Z)

# 5: handles of files, 6: devices
refused("5 open_by_handle_at", 304, *Z)
refused("5 name_to_handle_at", 303, *Z)
fails("6 mknod of a disk", lambda: os.mknod("/tmp/d", 0o60600, 0xfe00))
fails("6 mknod of /dev/mem", lambda: os.mknod("/tmp/m", 0o20600, 0x101))

# 7: families of sockets
for name, family, kind in (
        ("inet", 2, 1), ("inet raw", 2, 3), ("inet6", 10, 1), ("ax25", 3, 2),
        ("netlink", 16, 3), ("packet", 17, 3), ("rds", 21, 5), ("can", 29, 3),
        ("tipc", 30, 1), ("bluetooth", 31, 1), ("alg", 38, 5), ("nfc", 39, 1),
        ("vsock", 40, 1), ("kcm", 41, 2), ("key", 15, 3), ("xdp", 44, 3),
        ("smc", 43, 1), ("mctp", 45, 2)):
    refused("7 " + name, 41, family, kind, 0)
    refused(f"7 {name}, high bits", 41, family | 1 << 32, kind, 0)
pair = (ctypes.c_int * 2)()
for family in (2, 16, 30, 40):
    refused(f"7 socketpair {family}", 53, family, 1, 0, pair)

# 8: nothing to talk to
fails("8 127.0.0.1 of this machine",
      lambda: socket.create_connection(("127.0.0.1", PORT), 1))
fails("8 abstract name of this machine",
      lambda: socket.socket(socket.AF_UNIX).connect("\0" + ABSTRACT),
      errno.ECONNREFUSED)
with open("/proc/net/unix") as f:
    rule("8 no socket of others is named", ABSTRACT not in f.read())
with open("/proc/net/dev") as f:
    names = [line.split(":")[0].strip() for line in f if ":" in line]
rule("8 no interface but its own", set(names) <= {"lo", "sit0", "ip6tnl0",
     "tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "ip6gre0",
     "teql0"}, names)

# 9: typing into terminals
tty = os.open("/dev/tty", os.O_RDWR)
for name, request in (("TIOCSTI", 0x5412), ("TIOCLINUX", 0x541c),
                      ("TIOCSETD", 0x5423), ("TIOCCONS", 0x541d),
                      ("TIOCVHANGUP", 0x5437), ("KDSETMODE", 0x4b3a)):
    one = ctypes.create_string_buffer(b"\3" + bytes(15))
    refused("9 " + name, 16, tty, request, one)
    refused(f"9 {name}, high bits", 16, tty, request | 1 << 32, one)
os.close(tty)

# 10: /proc
for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger",
             "/proc/sys/vm/drop_caches", "/proc/1/oom_score_adj",
             "/proc/1/mem", "/proc/self/uid_map", "/proc/self/setgroups",
             "/proc/sys/kernel/hostname", "/proc/irq/0/smp_affinity"):
    def write(path=path):
        with open(path, "wb", buffering=0) as f:
            return f.write(b"0")
    # what is covered by /dev/null takes anything, and nothing happens
    if os.path.exists(path) and os.stat(path).st_rdev == os.makedev(1, 3):
        rule("10 covered " + path, True)
    else:
        fails("10 writing " + path, write)
for path in ("kcore", "kmsg", "keys", "key-users", "kallsyms", "config.gz",
             "timer_list", "cmdline", "modules", "iomem", "interrupts",
             "partitions", "diskstats", "slabinfo", "vmallocinfo", "cgroups",
             "1/environ", "1/cmdline", "1/maps", "1/root/etc/passwd",
             "1/cwd/etc/passwd", "1/fd/3", "1/mem", "1/exe", "1/stat"):
    try:
        with open("/proc/" + path, "rb") as f:
            found = f.read(64)
    except OSError:
        found = b""
    rule("10 reading /proc/" + path, found == b"", found)
for path in ("sys", "fs", "bus", "irq", "driver", "sysvipc", "pressure"):
    try:
        found = os.listdir("/proc/" + path)
    except OSError:
        found = []
    rule("10 listing /proc/" + path, found == [], found)
known = {"self", "thread-self", "mounts", "net", "cpuinfo", "meminfo", "stat",
         "uptime", "loadavg", "filesystems", "version"}
more = []
for name in os.listdir("/proc"):
    path = "/proc/" + name
    if name in known or name.isdigit():
        continue
    if os.path.isdir(path) and os.listdir(path) == []:
        continue
    if os.stat(path).st_rdev == os.makedev(1, 3):
        continue
    more.append(name)
rule("10 nothing else is shown", more == [], more)

# 11: nothing of this machine
for path in ("/root", "/sys", "/boot", "/etc/shadow", "/etc/ssh", "/etc/hosts.d",
             "/var/lib", "/var/log", "/home/lab", "/run/systemd", "/dev/kvm",
             "/dev/fuse", "/dev/mem", "/dev/vda", "/dev/sda", "/dev/kmsg",
             "/dev/net", "/dev/vsock", "/dev/console", "/dev/loop-control",
             "/.dockerenv", "/proc/1/root"):
    if path == "/etc/ssh" and IMAGE:  # Debian's, without keys
        found = [n for n in os.listdir(path) if "_key" in n] \
            if os.path.exists(path) else []
        rule("11 no keys in " + path, found == [], found)
        continue
    rule("11 no " + path, not os.path.exists(path))
rule("11 only its own devices", set(os.listdir("/dev")) == {
    "null", "zero", "full", "random", "urandom", "tty", "pts", "ptmx", "shm",
    "fd", "stdin", "stdout", "stderr"}, os.listdir("/dev"))
found = []
for root in ("/usr", "/etc", "/dev", "/run", "/var", "/mnt"):
    for where, _, files in os.walk(root):
        for name in files:
            if name.endswith(".sock"):
                found.append(where + "/" + name)
rule("11 no sockets", found == [], found)
for path in ("/x", "/usr/x", "/usr/bin/x", "/etc/x", "/etc/passwd", "/dev/x",
             "/mnt/x", "/run/x", "/var/x", "/lab/x", "/lab/in/x", "/home/x",
             "/usr/local/x", "/etc/alternatives/x", "/proc/x", "/dev/pts/x"):
    fails("11 writing " + path, lambda path=path: open(path, "ab"))
fails("11 renaming /lab/out", lambda: os.rename("/lab/out", WORK + "/o"))
fails("11 removing /lab/out", lambda: os.rmdir("/lab/out"))

# 12: others
pids = [int(p) for p in os.listdir("/proc") if p.isdigit()]
rule("12 only its own processes", max(pids) < 5000 and len(pids) < PROCESSES,
     pids)
rule("12 process 1 is not shown", 1 not in pids)
os.kill(1, signal.SIGKILL)
os.kill(1, signal.SIGSTOP)
os.kill(1, signal.SIGCHLD)
os.kill(1, signal.SIGHUP)
rule("12 process 1 lives on", os.kill(1, 0) is None)
refused("12 ptrace of process 1", 101, 16, 1, 0, 0)
refused("12 reading process 1", 310, 1, 0, 0, 0, 0, 0)
got, error = syscall(434, 1, 0)  # pidfd_open
if got >= 0:
    refused("12 descriptors of process 1", 438, got, 3, 0)
    os.close(got)

two = (ctypes.c_ulong * 2)(3, 3)
for who, pid in (("process 1", 1), ("a parent", os.getppid()),
                 ("itself by number", os.getpid())):
    refused("12 limits of " + who, 302, pid, 7, two, 0)
    refused(f"12 limits of {who}, high bits", 302, pid | 1 << 32, 7, two, 0)
    refused("12 priority of " + who, 141, 0, pid, 19)
refused("12 priority of a group", 141, 1, 0, 19)
refused("12 priority of everybody", 141, 2, 0, 19)
rule("12 its own limits and priority", child(
    lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (9, 9)) or
    os.nice(0) + 1 - os.nice(1)) == 0)

# 13: becoming somebody
for program in ("/usr/bin/su", "/usr/bin/sudo", "/usr/bin/passwd",
                "/usr/bin/mount", "/usr/bin/newgrp", "/usr/bin/chsh"):
    if not os.path.exists(program):
        continue
    done = subprocess.run(
        [sys.executable, "-c",
         "import os, sys; os.execv(sys.argv[1], [sys.argv[1], '--version'])",
         program], capture_output=True, timeout=20)
    rule("13 " + program + " has no power", os.geteuid() == 1000, done)
with open("/usr/bin/id", "rb") as f, open("/tmp/id", "wb") as t:
    t.write(f.read())
os.chmod("/tmp/id", 0o6755)
done = subprocess.run(["/tmp/id", "-u"], capture_output=True, timeout=20)
rule("13 setuid copy", done.stdout == b"1000\n", done)
for uid in (0, 1, 65534, 2**31):
    fails(f"13 setuid {uid}", lambda uid=uid: os.setresuid(uid, uid, uid))
    fails(f"13 setgid {uid}", lambda uid=uid: os.setresgid(uid, uid, uid))
fails("13 chown", lambda: os.chown("/tmp/id", 0, 0))

# 14: no privilege
with open("/proc/self/status") as f:
    status = dict(line.rstrip("\n").split(":", 1) for line in f if ":" in line)
for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
    rule("14 " + name, int(status[name], 16) == 0, status[name])
rule("14 no new privileges", status["NoNewPrivs"].strip() == "1")
rule("14 filter", status["Seccomp"].strip() == "2")
rule("14 one id", status["Uid"].split() == ["1000"] * 4 and
     status["Gid"].split() == ["1000"] * 4, status["Uid"])
with open("/proc/self/uid_map") as f:
    inside, _, count = f.read().split()
rule("14 one id is mapped", (inside, count) == ("1000", "1"))
refused("14 prctl PR_SET_SECCOMP", 157, 22, 1, 0)
refused("14 prctl PR_SET_MM", 157, 35, 1, 0)
refused("14 prctl PR_SET_PTRACER", 157, 0x59616d61, 1, 0)
for name in ("AS", "NPROC", "NOFILE", "FSIZE", "CORE", "MEMLOCK",
             "SIGPENDING"):
    which = getattr(resource, "RLIMIT_" + name, 11)
    soft, hard = resource.getrlimit(which)
    rule("14 limit " + name, hard != resource.RLIM_INFINITY, hard)
    try:
        resource.setrlimit(which, (hard, hard + 1))
        rule("14 raising " + name, False)
    except (ValueError, OSError):
        rule("14 raising " + name, True)
rule("14 no cores", resource.getrlimit(resource.RLIMIT_CORE) == (0, 0))
fails("14 oom_score_adj below zero",
      lambda: open("/proc/self/oom_score_adj", "wb", 0).write(b"-500"))

# 15: its own places have an end
ptys = []
try:
    while len(ptys) < 200:
        ptys.append(os.openpty())
except OSError:
    pass
rule("15 terminals", len(ptys) <= 32, len(ptys))
for pair in ptys:
    os.close(pair[0])
    os.close(pair[1])


def fill(path):
    size = 0
    try:
        with open(path, "wb", buffering=0) as f:
            while size < 1 << 30:
                size += f.write(bytes(1 << 16))
    except OSError:
        pass
    os.unlink(path)
    return size


signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for path in ("/tmp/fill", "/dev/shm/fill", WORK + "/fill"):
    size = fill(path)
    rule("15 bytes of " + path, 0 < size <= 16 << 20, size)

# 16: memory; 17: other system calls than ours; 19: processes
eat = ("l = []\n"
       "while True: l.append(bytearray(1 << 20))\n")
done = subprocess.run([sys.executable, "-c", eat], capture_output=True,
                      timeout=120)
rule("16 a memory bomb ends", done.returncode in (1, -9), done.returncode)


def code(*bytes_):
    import mmap
    m = mmap.mmap(-1, 4096, prot=7)
    m.write(bytes(bytes_))
    at = ctypes.addressof(ctypes.c_char.from_buffer(m))
    return ctypes.CFUNCTYPE(ctypes.c_int)(at)()


# mov eax, 20 (getpid of i386); int 0x80; ret
done = child(lambda: code(0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xc3))
rule("17 i386", os.WIFSIGNALED(done) and
     os.WTERMSIG(done) in (signal.SIGSYS, signal.SIGSEGV), done)
# getpid of x32
done = child(lambda: 0 if syscall(0x40000000 | 39)[0] == -1 else 1)
rule("17 x32", (os.WIFSIGNALED(done) and os.WTERMSIG(done) == signal.SIGSYS),
     done)

# 18: descriptors
found = {}
for name in os.listdir("/proc/self/fd"):
    try:
        found[int(name)] = os.readlink("/proc/self/fd/" + name)
    except OSError:
        pass
rule("18 no descriptors of others", all(
    target.startswith("/dev/pts/") or target.startswith(WORK + "/")
    for target in found.values()), found)

# 19: as many processes as it may have, and not one more
started = []
try:
    while len(started) < 4 * PROCESSES:
        pid = os.fork()
        if pid == 0:
            signal.pause()
            os._exit(0)
        started.append(pid)
except OSError:
    pass
rule("19 processes", len(started) <= 2 * PROCESSES, len(started))
for pid in started:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

print(f"{rules} rules, {broken} broken")
