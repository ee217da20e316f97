/*
 * The system calls that programs need to read, compute and write, and no
 * other; for a shell also those of terminals and their jobs. What is not
 * listed answers EPERM; what a 32-bit program would ask for ends it.
 *
 * Namespaces already hide this machine; the list takes away kernel code that
 * could be attacked, and what namespaces do not cover: keyrings, vsock, BPF,
 * io_uring, performance counters.
 */
#include <errno.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lab/engine/parts.h"

static const char *const allowed[] = {
    /* files */
    "read", "write", "readv", "writev", "pread64", "pwrite64", "preadv",
    "pwritev", "preadv2", "pwritev2", "open", "openat", "openat2", "creat",
    "close", "close_range", "lseek", "stat", "fstat", "lstat", "newfstatat",
    "fstatat64", "statx", "statfs", "fstatfs", "access", "faccessat",
    "faccessat2", "readlink", "readlinkat", "getdents", "getdents64", "mkdir",
    "mkdirat", "rmdir", "unlink", "unlinkat", "rename", "renameat", "renameat2",
    "link", "linkat", "symlink", "symlinkat", "mknod", "mknodat", "chmod",
    "fchmod", "fchmodat", "chown", "fchown", "lchown", "fchownat", "truncate",
    "ftruncate", "fallocate", "fsync", "fdatasync", "sync_file_range", "utime",
    "utimes", "utimensat", "futimesat", "umask", "chdir", "fchdir", "getcwd",
    "flock", "fcntl", "dup", "dup2", "dup3", "pipe", "pipe2", "sendfile",
    "splice", "tee", "copy_file_range", "fadvise64", "readahead",
    "memfd_create", "getxattr", "lgetxattr", "fgetxattr", "listxattr",
    "llistxattr", "flistxattr", "inotify_init1", "inotify_add_watch",
    "inotify_rm_watch",
    /* waiting */
    "poll", "ppoll", "select", "pselect6", "epoll_create", "epoll_create1",
    "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "eventfd2",
    "timerfd_create", "timerfd_settime", "timerfd_gettime", "signalfd4",
    /* memory */
    "brk", "mmap", "munmap", "mremap", "mprotect", "madvise", "mincore",
    "msync", "mlock", "munlock", "membarrier",
    /* processes */
    "fork", "vfork", "execve", "execveat", "exit", "exit_group", "wait4",
    "waitid", "getpid", "getppid", "gettid", "getpgid", "getpgrp", "setpgid",
    "getsid", "setsid", "getuid", "geteuid", "getgid", "getegid", "getgroups",
    "getresuid", "getresgid", "setuid", "setgid", "setresuid", "setresgid",
    "setreuid", "setregid", "kill", "tgkill", "tkill", "pidfd_open",
    "pidfd_send_signal", "set_tid_address", "set_robust_list",
    "get_robust_list", "futex", "futex_waitv", "rseq", "arch_prctl",
    "sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler",
    "sched_get_priority_max", "sched_get_priority_min", "getpriority",
    "getrusage", "getrlimit", "setrlimit", "getcpu", "capget", "capset",
    /* signals */
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending",
    "rt_sigsuspend", "rt_sigtimedwait", "rt_sigqueueinfo", "sigaltstack",
    "restart_syscall", "pause", "alarm", "getitimer", "setitimer",
    /* time */
    "time", "gettimeofday", "clock_gettime", "clock_getres", "nanosleep",
    "clock_nanosleep", "times", "timer_create", "timer_settime",
    "timer_gettime", "timer_getoverrun", "timer_delete",
    /* talking to itself; sockets of other families are not made */
    "bind", "listen", "accept", "accept4", "connect", "getsockname",
    "getpeername", "sendto", "recvfrom", "sendmsg", "recvmsg", "sendmmsg",
    "recvmmsg", "shutdown", "setsockopt", "getsockopt",
    /* the machine */
    "uname", "sysinfo", "getrandom", NULL};

/* Of ioctl(2): is it a terminal, how wide, how much waits, do not block. */
static const unsigned long ioctls[] = {
    TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, 0};

/*
 * For a shell: modes and sizes of terminals, jobs in the foreground, making
 * ptys. SECURITY: never TIOCSTI and TIOCLINUX, which type into a terminal.
 */
static const unsigned long shell_ioctls[] = {TCSETS, TCSETSW, TCSETSF, TCSBRK,
    TCSBRKP, TCXONC, TCFLSH, TIOCSWINSZ, TIOCGPGRP, TIOCSPGRP, TIOCGSID,
    TIOCSCTTY, TIOCNOTTY, TIOCOUTQ, TIOCGPTN, TIOCSPTLCK, TIOCGPTPEER, TIOCGETD,
    TIOCEXCL, TIOCNXCL, TIOCPKT, 0};

static const char *const shell_allowed[] = {"sync", "syncfs", "mlock2",
    "fchmodat2", "sched_setaffinity", "sched_getattr", "sched_rr_get_interval",
    "eventfd", "signalfd", "inotify_init", NULL};

static const int shell_prctls[] = {
    PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_GET_KEEPCAPS, 0};

/* A trial adopts orphans (PR_SET_CHILD_SUBREAPER): so it can end them. */
static const int prctls[] = {PR_SET_CHILD_SUBREAPER, PR_SET_NAME, PR_GET_NAME,
    PR_SET_PDEATHSIG, PR_GET_PDEATHSIG, PR_GET_DUMPABLE, PR_CAPBSET_READ,
    PR_GET_NO_NEW_PRIVS, PR_GET_SECCOMP, 0};

#define NEW_NAMESPACES                                                         \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |           \
	    CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)

static int
allow_names(scmp_filter_ctx c, const char *const *names)
{
	int i, nr, rc = 0;

	for (i = 0; names[i] != NULL && rc == 0; i++) {
		nr = seccomp_syscall_resolve_name(names[i]);
		if (nr == __NR_SCMP_ERROR) /* another kind of machine */
			continue;
		rc = seccomp_rule_add(c, SCMP_ACT_ALLOW, nr, 0);
	}
	return rc;
}

/* The kernel looks at the lower half of these arguments: so do we. */
static int
allow_ioctls(scmp_filter_ctx c, const unsigned long *list)
{
	int i, rc = 0;

	for (i = 0; list[i] != 0 && rc == 0; i++)
		rc = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
		    SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, list[i]));
	return rc;
}

static int
allow_prctls(scmp_filter_ctx c, const int *list)
{
	int i, rc = 0;

	for (i = 0; list[i] != 0 && rc == 0; i++)
		rc = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
		    SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, (uint64_t)list[i]));
	return rc;
}

static int
allow_with_flags(scmp_filter_ctx c)
{
	int rc;

	rc = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
	    SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, AF_UNIX));
	if (rc == 0)
		rc = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(socketpair),
		    1, SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, AF_UNIX));
	if (rc == 0)
		rc = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
		    SCMP_A0(SCMP_CMP_MASKED_EQ, NEW_NAMESPACES, 0));
	/* clone3 hides its flags in memory: glibc then goes back to clone */
	if (rc == 0)
		rc = seccomp_rule_add(
		    c, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return rc;
}

/*
 * SECURITY: limits and priority of the caller itself, named by 0. Those of
 * process 1 would stop the box: it has the learner's id.
 */
static int
allow_on_itself(scmp_filter_ctx c)
{
	int rc;

	rc = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
	    SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, 0));
	if (rc == 0)
		rc = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(setpriority),
		    2, SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, PRIO_PROCESS),
		    SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, 0));
	return rc;
}

static int
add_rules(scmp_filter_ctx c, enum filter_kind kind)
{
	int rc;

	rc =
	    seccomp_attr_set(c, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (rc == 0)
		rc = seccomp_attr_set(c, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (rc == 0)
		rc = allow_names(c, allowed);
	if (rc == 0)
		rc = allow_ioctls(c, ioctls);
	if (rc == 0)
		rc = allow_prctls(c, prctls);
	if (rc == 0)
		rc = allow_with_flags(c);
	if (rc == 0)
		rc = allow_on_itself(c);
	if (rc != 0 || kind == FILTER_COMMAND)
		return rc;
	if ((rc = allow_names(c, shell_allowed)) == 0 &&
	    (rc = allow_ioctls(c, shell_ioctls)) == 0)
		rc = allow_prctls(c, shell_prctls);
	return rc;
}

int
filter_load(void)
{
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc;

	if (c == NULL)
		return -ENOMEM;
	if ((rc = add_rules(c, FILTER_COMMAND)) == 0)
		rc = seccomp_load(c);
	seccomp_release(c);
	return rc;
}

/* libseccomp writes programs to descriptors only. */
static int
read_program(int fd, struct filter *out)
{
	off_t size = lseek(fd, 0, SEEK_END);

	if (size <= 0 || (size_t)size > sizeof(out->code) ||
	    pread(fd, out->code, (size_t)size, 0) != size)
		return -E2BIG;
	out->n = (unsigned short)((size_t)size / sizeof(out->code[0]));
	return 0;
}

int
filter_make(enum filter_kind kind, struct filter *out)
{
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int fd, rc;

	if (c == NULL)
		return -ENOMEM;
	if ((fd = memfd_create("filter", MFD_CLOEXEC)) == -1) {
		seccomp_release(c);
		return -errno;
	}
	if ((rc = add_rules(c, kind)) == 0 &&
	    (rc = seccomp_export_bpf(c, fd)) == 0)
		rc = read_program(fd, out);
	(void)close(fd);
	seccomp_release(c);
	return rc;
}

int
filter_use(const struct filter *f)
{
	struct sock_filter *code = (struct sock_filter *)(uintptr_t)f->code;
	const struct sock_fprog program = {.len = f->n, .filter = code};

	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == -1
	    ? -errno
	    : 0;
}
