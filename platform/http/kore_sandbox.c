/*
 * What a worker may ask of the kernel, on top of Kore's own list: SQLite with
 * a write-ahead log, libpq, threads, an eventfd. No fork, no exec, no socket
 * but AF_UNIX, unless the database is PostgreSQL over TCP. Whatever is not
 * listed ends the process (deploy/kore/kore.mk: SECCOMP_RET_KILL_PROCESS).
 */
#include <kore/kore.h>
#include <kore/hooks.h>

#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <kore/seccomp.h>

#include "http/kore_job.h"

#ifdef TANREN_NO_SANDBOX
/* Sanitizers and coverage need more than anybody can list. */
static struct sock_filter filter_ours[] = {
    KORE_BPF_RET(SECCOMP_RET_ALLOW),
};
static struct sock_filter filter_remote[] = {
    KORE_BPF_RET(SECCOMP_RET_ALLOW),
};
#else
static struct sock_filter filter_ours[] = {
    /* glibc 2.36: stat, realpath */
    KORE_SYSCALL_ALLOW(newfstatat),
    KORE_SYSCALL_ALLOW(faccessat2),
    /* threads, never a process: the flags of clone3 cannot be seen */
    KORE_SYSCALL_DENY(clone3, ENOSYS),
    KORE_SYSCALL_ALLOW_WITH_FLAG(clone, 0, CLONE_THREAD),
    KORE_SYSCALL_DENY(clone, EPERM),
    KORE_SYSCALL_ALLOW(rseq),
    KORE_SYSCALL_ALLOW(set_robust_list),
    /* a thread's name; nothing else of prctl */
    KORE_SYSCALL_ALLOW_ARG(prctl, 0, PR_SET_NAME),
    KORE_SYSCALL_DENY(prctl, EPERM),
    /* SQLite with a write-ahead log */
    KORE_SYSCALL_ALLOW(pread64),
    KORE_SYSCALL_ALLOW(pwrite64),
    KORE_SYSCALL_ALLOW(fdatasync),
    KORE_SYSCALL_ALLOW(fsync),
    KORE_SYSCALL_ALLOW(ftruncate),
    KORE_SYSCALL_ALLOW(fchmod),
    KORE_SYSCALL_DENY(fchown, EPERM),
    KORE_SYSCALL_ALLOW(mremap),
    /* statvfs: whether there is space for a new attempt */
    KORE_SYSCALL_ALLOW(statfs),
    /* the content store looks through its directory */
    KORE_SYSCALL_ALLOW(getdents64),
    /* unix sockets: PostgreSQL here */
    KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_UNIX),
    KORE_SYSCALL_ALLOW(connect),
    KORE_SYSCALL_ALLOW(getsockopt),
    KORE_SYSCALL_ALLOW(getsockname),
    KORE_SYSCALL_ALLOW(getpeername),
    KORE_SYSCALL_ALLOW(shutdown),
    KORE_SYSCALL_ALLOW(sendmsg),
    KORE_SYSCALL_ALLOW(recvmsg),
    /* the lanes tell the main thread that something is done */
    KORE_SYSCALL_ALLOW(eventfd2),
    /* allocator and threads */
    KORE_SYSCALL_ALLOW(sched_yield),
    KORE_SYSCALL_ALLOW(sched_getaffinity),
    KORE_SYSCALL_ALLOW(gettid),
    KORE_SYSCALL_ALLOW(tgkill),
    KORE_SYSCALL_ALLOW(prlimit64),
    KORE_SYSCALL_ALLOW(uname),
    KORE_SYSCALL_ALLOW(sysinfo),
    KORE_SYSCALL_ALLOW(getegid),
    KORE_SYSCALL_ALLOW(getgid),
    KORE_SYSCALL_ALLOW(getppid),
    KORE_SYSCALL_ALLOW(restart_syscall),
};

static struct sock_filter filter_remote[] = {
    KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_INET),
    KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_INET6),
    KORE_SYSCALL_ALLOW(bind),
    KORE_SYSCALL_ALLOW(sendmmsg),
};
#endif

static struct sock_filter filter_no_more_sockets[] = {
    KORE_SYSCALL_DENY(socket, EACCES),
};

/*
 * Called by Kore in each worker before the filter is in force. A worker ends
 * with its parent, however that ended.
 */
void
kore_seccomp_hook(void)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
		fatalx("prctl: %s", errno_s);
	if (getppid() != kore_parent_of_ours)
		fatalx("the parent is gone");
	(void)kore_seccomp_filter(
	    "ours", filter_ours, KORE_FILTER_LEN(filter_ours));
	if (kore_server_of_ours->database_is_remote)
		(void)kore_seccomp_filter(
		    "remote", filter_remote, KORE_FILTER_LEN(filter_remote));
	(void)kore_seccomp_filter("sockets", filter_no_more_sockets,
	    KORE_FILTER_LEN(filter_no_more_sockets));
}
