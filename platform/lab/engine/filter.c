/*
 * The system calls that Python needs to read, compute and write, and no
 * other. What is not listed answers EPERM; what a 32-bit program would ask
 * for ends it.
 *
 * Namespaces already hide this machine; the list takes away kernel code that
 * could be attacked, and what namespaces do not cover: keyrings, vsock, BPF,
 * io_uring, performance counters.
 */
#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

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
    "setpriority", "getrusage", "getrlimit", "setrlimit", "prlimit64", "getcpu",
    "capget", "capset",
    /* signals */
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending",
    "rt_sigsuspend", "rt_sigtimedwait", "rt_sigqueueinfo", "sigaltstack",
    "restart_syscall", "pause", "alarm", "getitimer", "setitimer",
    /* time */
    "time", "gettimeofday", "clock_gettime", "clock_getres", "nanosleep",
    "clock_nanosleep", "times", "timer_create", "timer_settime",
    "timer_gettime", "timer_getoverrun", "timer_delete",
    /* talking to itself; sockets of other families are not made */
    "socketpair", "bind", "listen", "accept", "accept4", "connect",
    "getsockname", "getpeername", "sendto", "recvfrom", "sendmsg", "recvmsg",
    "sendmmsg", "recvmmsg", "shutdown", "setsockopt", "getsockopt",
    /* the machine */
    "uname", "sysinfo", "getrandom", NULL};

/* Of ioctl(2): is it a terminal, how wide, how much waits, do not block. */
static const unsigned long ioctls[] = {
    TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, 0};

static const int prctls[] = {PR_SET_NAME, PR_GET_NAME, PR_SET_PDEATHSIG,
    PR_GET_PDEATHSIG, PR_GET_DUMPABLE, PR_CAPBSET_READ, PR_GET_NO_NEW_PRIVS,
    PR_GET_SECCOMP, 0};

#define NEW_NAMESPACES                                                         \
	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |           \
	    CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP)

static int
allow_names(scmp_filter_ctx c)
{
	int i, nr, rc = 0;

	for (i = 0; allowed[i] != NULL && rc == 0; i++) {
		nr = seccomp_syscall_resolve_name(allowed[i]);
		if (nr == __NR_SCMP_ERROR) /* another kind of machine */
			continue;
		rc = seccomp_rule_add(c, SCMP_ACT_ALLOW, nr, 0);
	}
	return rc;
}

/* Calls that are allowed with some arguments only. */
static int
allow_with_arguments(scmp_filter_ctx c)
{
	int i, rc = 0;

	for (i = 0; ioctls[i] != 0 && rc == 0; i++)
		rc = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
		    SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, ioctls[i]));
	for (i = 0; prctls[i] != 0 && rc == 0; i++)
		rc = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1,
		    SCMP_A0(
			SCMP_CMP_MASKED_EQ, UINT32_MAX, (uint64_t)prctls[i]));
	if (rc == 0)
		rc = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
		    SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, AF_UNIX));
	if (rc == 0)
		rc = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
		    SCMP_A0(SCMP_CMP_MASKED_EQ, NEW_NAMESPACES, 0));
	/* clone3 hides its flags in memory: glibc then goes back to clone */
	if (rc == 0)
		rc = seccomp_rule_add(
		    c, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	return rc;
}

int
filter_load(void)
{
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc;

	if (c == NULL)
		return -ENOMEM;
	rc =
	    seccomp_attr_set(c, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (rc == 0)
		rc = seccomp_attr_set(c, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (rc == 0)
		rc = allow_names(c);
	if (rc == 0)
		rc = allow_with_arguments(c);
	if (rc == 0)
		rc = seccomp_load(c);
	seccomp_release(c);
	return rc;
}
