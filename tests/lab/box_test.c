/*
 * The box: what a lab's code can do in it, and what becomes of it. Run by
 * root, all rules are proved twice: as root and as an ordinary user.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/random.h"
#include "base/text.h"
#include "lab/engine/box.h"
#include "lab/engine/parts.h"
#include "support/directory.h"
#include "support/lab_image.h"
#include "support/labd_bench.h"
#include "support/listeners.h"
#include "support/processes.h"

#define CODE_BYTES 8192
#define END_MS_MAX 30000 /* also on a busy machine */

static struct box_caps caps;
static const struct box_image *image; /* what boxes are made of; NULL */
static char started_in[512]; /* where this program was started */

static const char *const plain_env[] = {
    "LANG=C.UTF-8", "PYTHONHASHSEED=0", NULL};

struct bench {
	struct arena *arena;
	const char *argv[8];
	struct box_job job;
	struct box_result result;
	char directory[DIRECTORY_BYTES];
};

static int
set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_non_null(b);
	b->arena = arena_new();
	directory_make(b->directory);
	b->job = (struct box_job){
	    .caps = &caps,
	    .argv = b->argv,
	    .env = plain_env,
	    .collect = "out",
	    .seconds = 60,
	    .memory_mb = 64,
	    .disk_mb = 8,
	    .processes_max = 16,
	    .collect_files_max = 8,
	    .collect_bytes_max = 64 * 1024,
	};
	*state = b;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *b = *state;

	directory_remove(b->directory);
	arena_free(b->arena);
	free(b);
	return 0;
}

/* Runs Python in a box and answers what it printed. */
static const char *
python(struct bench *b, const char *code)
{
	size_t n = 0;

	b->argv[n++] = BOX_PYTHON;
	b->argv[n++] = "-s";
	b->argv[n++] = "-S";
	b->argv[n++] = "-B";
	b->argv[n++] = "-c";
	b->argv[n++] = code;
	b->argv[n] = NULL;
	assert_int_equal(box_run(&b->job, b->arena, &b->result), ERR_OK);
	return b->result.out;
}

static void
assert_exit(const struct bench *b, int code)
{
	if (b->result.end != BOX_EXITED || b->result.code != code)
		print_error("%s %d: %s\n", box_end_name(b->result.end),
		    b->result.code, b->result.err);
	assert_int_equal(b->result.end, BOX_EXITED);
	assert_int_equal(b->result.code, code);
}

/* Python that ends well and prints what is expected. */
static void
prints(struct bench *b, const char *code, const char *expected)
{
	const char *out = python(b, code);

	assert_exit(b, 0);
	assert_string_equal(out, expected);
}

/* ------------------------------------------------------------------- results
 */

static void
answers_come_back(void **state)
{
	struct bench *b = *state;

	prints(b, "print(6 * 7)", "42\n");
	assert_int_equal(b->result.out_size, 3);
	(void)python(b,
	    "import sys\n"
	    "sys.stderr.write('wrong')\n"
	    "sys.exit(3)");
	assert_exit(b, 3);
	assert_string_equal(b->result.err, "wrong");
	(void)python(b, "import os; os.kill(os.getpid(), 15)");
	assert_int_equal(b->result.end, BOX_SIGNALLED);
	assert_int_equal(b->result.code, SIGTERM);
	(void)python(b, "import os; os.kill(os.getpid(), 9)");
	assert_int_equal(b->result.end, BOX_SIGNALLED);
	assert_int_equal(b->result.code, SIGKILL);
}

static void
a_missing_program_is_told(void **state)
{
	struct bench *b = *state;

	b->argv[0] = "/usr/bin/no-such-program";
	b->argv[1] = NULL;
	assert_int_equal(box_run(&b->job, b->arena, &b->result), ERR_OK);
	assert_int_equal(b->result.end, BOX_NO_PROGRAM);
	assert_int_equal(b->result.code, ENOENT);
}

static void
without_a_level_nothing_runs(void **state)
{
	struct box_caps none = caps;
	struct bench *b = *state;

	none.level = 0;
	b->job.caps = &none;
	b->argv[0] = BOX_PYTHON;
	assert_int_equal(
	    box_run(&b->job, b->arena, &b->result), ERR_UNAVAILABLE);
}

/* A machine that forbids user namespaces, played by a filter. */
static int
probe_without_namespaces(void)
{
	scmp_filter_ctx c = seccomp_init(SCMP_ACT_ALLOW);
	struct box_caps found;

	if (seccomp_rule_add(c, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
		SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER)) !=
		0 ||
	    seccomp_load(c) != 0)
		return 1;
	seccomp_release(c);
	box_probe(&found);
	return found.level == 0 && found.missing == BOX_MISSING_USER_NS &&
		strstr(found.sentence, "user namespaces") != NULL
	    ? 0
	    : 2;
}

static void
forbidden_namespaces_are_told_by_the_probe(void **state)
{
	pid_t pid = fork();
	int status;

	(void)state;
	assert_int_not_equal(pid, -1);
	if (pid == 0)
		_exit(probe_without_namespaces());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void
files_and_scripts_are_put_in(void **state)
{
	const struct box_file files[] = {
	    {"in/a.txt", "one", 3},
	    {"in/deep/b.txt", "two", 3},
	};
	struct bench *b = *state;
	char path[DIRECTORY_BYTES + 32];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/truth.py", b->directory);
	assert_non_null(f = fopen(path, "w"));
	assert_true(fputs("ANSWER = 'imported'\n", f) >= 0);
	assert_int_equal(fclose(f), 0);
	(void)snprintf(path, sizeof(path), "%s/link.py", b->directory);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	b->job.home = b->directory;
	b->job.files = files;
	b->job.n_files = 2;
	prints(b,
	    "import os, sys\n"
	    "sys.path.insert(0, '" BOX_HOME "')\n"
	    "import truth\n"
	    "print(truth.ANSWER, sorted(os.listdir('" BOX_HOME "')),\n"
	    "      open('in/a.txt').read(), open('in/deep/b.txt').read())",
	    "imported ['truth.py'] one two\n");
}

static void
paths_that_lead_elsewhere_are_refused(void **state)
{
	static const char *const bad[] = {"", "/etc/passwd", "../x", "a/../b",
	    "a//b", "a/", ".", "a/./b", "a b", "a\nb", "\xe3\x81\x82", NULL};
	struct bench *b = *state;
	struct box_file file = {.data = "x", .size = 1};
	size_t i;

	b->argv[0] = BOX_PYTHON;
	b->job.files = &file;
	b->job.n_files = 1;
	for (i = 0; bad[i] != NULL; i++) {
		file.path = bad[i];
		assert_int_equal(
		    box_run(&b->job, b->arena, &b->result), ERR_INVALID);
	}
}

/* ------------------------------------------------------------------ privilege
 */

static void
environment_is_only_what_is_given(void **state)
{
	static const char *const env[] = {
	    "LAB_SEED=00ff", "LANG=C.UTF-8", NULL};
	struct bench *b = *state;

	assert_int_equal(setenv("TANREN_SECRET", "leak", 1), 0);
	b->job.env = env;
	prints(b, "print(open('/proc/self/environ').read().split('\\0'))",
	    "['LAB_SEED=00ff', 'LANG=C.UTF-8', '']\n");
}

static void
inside_there_is_no_privilege(void **state)
{
	struct bench *b = *state;

	prints(b,
	    "import os\n"
	    "s = dict(l.rstrip('\\n').split(':\\t', 1)\n"
	    "         for l in open('/proc/self/status') if ':\\t' in l)\n"
	    "for k in ('Uid', 'Gid', 'CapInh', 'CapPrm', 'CapEff', 'CapBnd',\n"
	    "          'CapAmb', 'NoNewPrivs', 'Seccomp'):\n"
	    "    print(k, ' '.join(s[k].split()))\n"
	    "print(os.getcwd(), os.uname().nodename, "
	    "os.listdir('/proc/self/fd'))",
	    "Uid 1000 1000 1000 1000\n"
	    "Gid 1000 1000 1000 1000\n"
	    "CapInh 0000000000000000\n"
	    "CapPrm 0000000000000000\n"
	    "CapEff 0000000000000000\n"
	    "CapBnd 0000000000000000\n"
	    "CapAmb 0000000000000000\n"
	    "NoNewPrivs 1\n"
	    "Seccomp 2\n"
	    "/lab lab ['0', '1', '2', '3']\n");
}

static void
nobody_else_is_to_be_seen(void **state)
{
	struct bench *b = *state;

	prints(b,
	    "import os\n"
	    "print(sorted(p for p in os.listdir('/proc') if p.isdigit()\n"
	    "             and p != '1'), os.getppid())\n"
	    "for what in ('environ', 'mem', 'root', 'fd', 'maps'):\n"
	    "    try:\n"
	    "        p = '/proc/1/' + what\n"
	    "        print(os.listdir(p) if what in ('fd', 'root')\n"
	    "              else open(p, 'rb').read(8))\n"
	    "    except OSError as e:\n"
	    "        print(what, e.strerror)\n"
	    "try:\n"
	    "    os.kill(1, 9)\n"
	    "except OSError as e:\n"
	    "    print(e.strerror)",
	    "['2'] 1\n"
	    "environ No such file or directory\n"
	    "mem No such file or directory\n"
	    "root No such file or directory\n"
	    "fd No such file or directory\n"
	    "maps No such file or directory\n");
	assert_exit(b, 0);
}

static void
the_root_holds_nothing_of_this_machine(void **state)
{
	struct bench *b = *state;
	char code[CODE_BYTES];
	const char *home = getenv("HOME");

	(void)snprintf(code, sizeof(code),
	    "import os\n"
	    "print(sorted(os.listdir('/')), sorted(os.listdir('/etc')))\n"
	    "print(sorted(os.listdir('/dev')))\n"
	    "for p in ('/etc/shadow', '/etc/machine-id', '%s', '%s', '%s',\n"
	    "          '/root', '/var', '/sys', '/run', '/boot', '/dev/kvm',\n"
	    "          '/proc/sys', '/proc/kcore', '/proc/kmsg', "
	    "'/proc/keys',\n"
	    "          '/proc/sysrq-trigger', '/proc/meminfo'):\n"
	    "    if os.path.exists(p):\n"
	    "        print('there:', p)",
	    b->directory, started_in, home == NULL ? "/root" : home);
	(void)python(b, code);
	assert_exit(b, 0);
	assert_non_null(strstr(b->result.out, "'group'"));
	assert_null(strstr(b->result.out, "there:"));
	assert_null(strstr(b->result.out, "shadow"));
	assert_non_null(strstr(b->result.out,
	    "\n['fd', 'full', 'null', 'random', 'stderr', 'stdin', 'stdout', "
	    "'urandom', 'zero']\n"));
}

static void
only_its_own_places_can_be_written(void **state)
{
	struct bench *b = *state;

	prints(b,
	    "for p in ('/x', '/usr/x', '/usr/bin/python3.11', '/etc/passwd',\n"
	    "          '/etc/x', '/home/x', '" BOX_HOME "/x', '/dev/x',\n"
	    "          '/proc/x', '/proc/self/oom_score_adj',\n"
	    "          '/proc/self/uid_map', '/usr/local/x',\n"
	    "          '" BOX_WORK "/x', '/tmp/x', '/dev/null'):\n"
	    "    try:\n"
	    "        open(p, 'a').close()\n"
	    "        print('written', p)\n"
	    "    except OSError:\n"
	    "        pass",
	    "written /proc/self/oom_score_adj\n"
	    "written " BOX_WORK "/x\n"
	    "written /tmp/x\n"
	    "written /dev/null\n");
}

static void
there_is_no_network(void **state)
{
	struct bench *b = *state;
	char code[CODE_BYTES], name[64];
	int port, tcp, local;

	(void)snprintf(name, sizeof(name), "tanren-box-%d", getpid());
	tcp = listen_on_loopback(&port);
	local = listen_on_abstract_name(name);
	(void)snprintf(code, sizeof(code),
	    "import socket\n"
	    "for f, a in ((socket.AF_INET, ('127.0.0.1', %d)),\n"
	    "             (socket.AF_INET6, ('::1', %d)),\n"
	    "             (socket.AF_UNIX, '\\0%s'),\n"
	    "             (socket.AF_NETLINK, (0, 0)),\n"
	    "             (socket.AF_PACKET, ('lo', 0)),\n"
	    "             (socket.AF_ALG, ('hash', 'sha256')),\n"
	    "             (socket.AF_VSOCK, (2, 1))):\n"
	    "    try:\n"
	    "        socket.socket(f).connect(a)\n"
	    "        print('connected', f)\n"
	    "    except OSError as e:\n"
	    "        print(int(f), e.errno)\n",
	    port, port, name);
	prints(b, code, "2 1\n10 1\n1 111\n16 1\n17 1\n38 1\n40 1\n");
	(void)close(tcp);
	(void)close(local);
}

/* ---------------------------------------------------------- the system calls
 */

static const struct call {
	const char *name;
	long number;
} calls[] = {
    {"mount", SYS_mount},
    {"umount2", SYS_umount2},
    {"pivot_root", SYS_pivot_root},
    {"chroot", SYS_chroot},
    {"fsopen", SYS_fsopen},
    {"fsmount", SYS_fsmount},
    {"open_tree", SYS_open_tree},
    {"move_mount", SYS_move_mount},
    {"mount_setattr", SYS_mount_setattr},
    {"unshare", SYS_unshare},
    {"setns", SYS_setns},
    {"ptrace", SYS_ptrace},
    {"process_vm_readv", SYS_process_vm_readv},
    {"process_vm_writev", SYS_process_vm_writev},
    {"kcmp", SYS_kcmp},
    {"pidfd_getfd", SYS_pidfd_getfd},
    {"bpf", SYS_bpf},
    {"keyctl", SYS_keyctl},
    {"add_key", SYS_add_key},
    {"request_key", SYS_request_key},
    {"io_uring_setup", SYS_io_uring_setup},
    {"io_uring_enter", SYS_io_uring_enter},
    {"io_uring_register", SYS_io_uring_register},
    {"userfaultfd", SYS_userfaultfd},
    {"perf_event_open", SYS_perf_event_open},
    {"open_by_handle_at", SYS_open_by_handle_at},
    {"name_to_handle_at", SYS_name_to_handle_at},
    {"init_module", SYS_init_module},
    {"finit_module", SYS_finit_module},
    {"kexec_load", SYS_kexec_load},
    {"reboot", SYS_reboot},
    {"swapon", SYS_swapon},
    {"sethostname", SYS_sethostname},
    {"clock_settime", SYS_clock_settime},
    {"syslog", SYS_syslog},
    {"fanotify_init", SYS_fanotify_init},
    {"quotactl", SYS_quotactl},
    {"acct", SYS_acct},
    {"personality", SYS_personality},
    {"seccomp", SYS_seccomp},
    {"memfd_secret", SYS_memfd_secret},
    {"move_pages", SYS_move_pages},
    {"mbind", SYS_mbind},
    {"shmget", SYS_shmget},
    {"mq_open", SYS_mq_open},
};

static void
dangerous_calls_are_refused(void **state)
{
	struct bench *b = *state;
	struct buf code = BUF_EMPTY;
	size_t i, n = sizeof(calls) / sizeof(calls[0]);

	buf_puts(&code,
	    "import ctypes\n"
	    "c = ctypes.CDLL(None, use_errno=True)\n"
	    "def t(name, nr, *args):\n"
	    "    ctypes.set_errno(0)\n"
	    "    r = c.syscall(nr, *args)\n"
	    "    if r != -1 or ctypes.get_errno() != 1:\n"
	    "        print(name, r, ctypes.get_errno())\n"
	    "z = (0,) * 6\n");
	for (i = 0; i < n; i++)
		buf_printf(&code, "t('%s', %ld, *z)\n", calls[i].name,
		    calls[i].number);
	/* ioctl: typing into a terminal; clone: each namespace by itself */
	buf_printf(&code,
	    "t('TIOCSTI', %d, 0, 0x5412, b'x')\n"
	    "t('TIOCSTI, high bits', %d, 0, 0x100005412, b'x')\n"
	    "t('prctl PR_SET_SECCOMP', %d, 22, 1, 0)\n"
	    "for bit in (0x10000000, 0x20000, 0x20000000, 0x40000000,\n"
	    "            0x8000000, 0x4000000, 0x2000000):\n"
	    "    t('clone %%x' %% bit, %d, bit | 17, 0, 0, 0, 0)\n",
	    SYS_ioctl, SYS_ioctl, SYS_prctl, SYS_clone);
	prints(b, buf_text(&code), "");
	buf_free(&code);
}

static void
thirty_two_bit_calls_end_the_program(void **state)
{
	struct bench *b = *state;

	/* mov eax, 20 (getpid of i386); int 0x80; ret */
	(void)python(b,
	    "import ctypes, mmap\n"
	    "m = mmap.mmap(-1, 4096, prot=7)\n"
	    "m.write(bytes([0xb8, 20, 0, 0, 0, 0xcd, 0x80, 0xc3]))\n"
	    "a = ctypes.addressof(ctypes.c_char.from_buffer(m))\n"
	    "print(ctypes.CFUNCTYPE(ctypes.c_int)(a)())");
	assert_int_equal(b->result.end, BOX_SIGNALLED);
	assert_true(b->result.code == SIGSYS || b->result.code == SIGSEGV);
	assert_string_equal(b->result.out, "");
}

/* ---------------------------------------------------------------------- limits
 */

static const struct bomb {
	const char *name, *code;
	enum box_end end;
} bombs[] = {
    {"an endless loop", "while True: pass", BOX_TIMEOUT},
    {"waiting for ever", "import time; time.sleep(600)", BOX_TIMEOUT},
    {"deaf to signals",
	"import signal\n"
	"for s in set(signal.valid_signals()) - {9, 19, 32, 33}:\n"
	"    signal.signal(s, signal.SIG_IGN)\n"
	"while True: pass",
	BOX_TIMEOUT},
    {"stopped", "import os; os.kill(os.getpid(), 19)", BOX_TIMEOUT},
    {"many loops",
	"import os\n"
	"for i in range(8):\n"
	"    if os.fork() == 0: break\n"
	"while True: pass",
	BOX_TIMEOUT},
    {"memory in many pieces",
	"l = []\n"
	"while True: l.append(bytearray(1 << 20))",
	BOX_MEMORY},
    {"memory in one piece", "bytearray(1 << 40)", BOX_MEMORY},
    {"output without end", "while True: print('x' * 1000)", BOX_OUTPUT},
    {"one byte too many", "print('x' * 65536)", BOX_OUTPUT},
    {"disk in one file",
	"f = open('f', 'wb')\n"
	"while True: f.write(bytes(1 << 16))",
	BOX_DISK},
    {"disk in many files",
	"i = 0\n"
	"while True:\n"
	"    open('f%d' % i, 'wb').write(bytes(1 << 20))\n"
	"    i += 1",
	BOX_DISK},
    {"disk in /tmp",
	"i = 0\n"
	"while True:\n"
	"    open('/tmp/f%d' % i, 'wb').write(bytes(1 << 20))\n"
	"    i += 1",
	BOX_DISK},
    {"files without content",
	"i = 0\n"
	"while True:\n"
	"    open('f%d' % i, 'w').close()\n"
	"    i += 1",
	BOX_DISK},
};

static void
bombs_end_as_what_they_are(void **state)
{
	struct bench *b = *state;
	size_t i;

	for (i = 0; i < sizeof(bombs) / sizeof(bombs[0]); i++) {
		b->job.seconds = bombs[i].end == BOX_TIMEOUT ? 2 : 60;
		(void)python(b, bombs[i].code);
		if (b->result.end != bombs[i].end)
			print_error("%s: %s %d after %lld ms: %s\n",
			    bombs[i].name, box_end_name(b->result.end),
			    b->result.code, (long long)b->result.ms,
			    b->result.err);
		assert_int_equal(b->result.end, bombs[i].end);
		assert_true(b->result.ms < END_MS_MAX);
	}
}

static void
a_fork_bomb_stays_small(void **state)
{
	struct bench *b = *state;

	b->job.seconds = 2;
	(void)python(b,
	    "import os\n"
	    "while True:\n"
	    "    try: os.fork()\n"
	    "    except OSError: pass");
	assert_int_equal(b->result.end, BOX_TIMEOUT);
	assert_true(b->result.ms < END_MS_MAX);
	b->job.seconds = 60;
	/* one that gives up at the limit says that it was there */
	(void)python(b,
	    "import os, time\n"
	    "n = 0\n"
	    "while os.fork() != 0: n += 1\n"
	    "time.sleep(60)");
	assert_int_equal(b->result.end,
	    caps.cgroup == BOX_CGROUP_NONE ? BOX_EXITED : BOX_PROCESSES);
	prints(b,
	    "import os, time\n"
	    "n = 0\n"
	    "try:\n"
	    "    while True:\n"
	    "        if os.fork() == 0: time.sleep(60)\n"
	    "        n += 1\n"
	    "except OSError: print(n <= 16)",
	    "True\n");
}

static void
noise_on_standard_error_is_cut(void **state)
{
	struct bench *b = *state;

	prints(b,
	    "import sys\n"
	    "for i in range(2000): sys.stderr.write('x' * 1000)\n"
	    "print('done')",
	    "done\n");
	assert_int_equal(b->result.err_size, BOX_ERR_MAX);
}

static void
limits_cannot_be_raised(void **state)
{
	struct bench *b = *state;

	prints(b,
	    "import resource as r\n"
	    "for what in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_NPROC,\n"
	    "             r.RLIMIT_NOFILE, r.RLIMIT_FSIZE, r.RLIMIT_CORE):\n"
	    "    soft, hard = r.getrlimit(what)\n"
	    "    try:\n"
	    "        r.setrlimit(what, (hard + 1, hard + 1))\n"
	    "        print('raised', what)\n"
	    "    except (ValueError, OSError):\n"
	    "        pass\n"
	    "print(r.getrlimit(r.RLIMIT_CORE), r.getrlimit(r.RLIMIT_NOFILE))",
	    "(0, 0) (256, 256)\n");
}

/* ------------------------------------------------------------------ collecting
 */

static void
only_regular_files_are_collected(void **state)
{
	struct bench *b = *state;

	(void)python(b,
	    "import os, socket\n"
	    "os.makedirs('out/deep/er')\n"
	    "os.makedirs('out/empty')\n"
	    "open('out/good.txt', 'w').write('kept')\n"
	    "open('out/deep/er/good.txt', 'w').write('kept too')\n"
	    "open('out/zero', 'w').close()\n"
	    "open('elsewhere', 'w').write('not asked for')\n"
	    "os.symlink('good.txt', 'out/link')\n"
	    "os.symlink('/etc/passwd', 'out/outside')\n"
	    "os.symlink('/proc/self/environ', 'out/magic')\n"
	    "os.symlink('deep', 'out/dirlink')\n"
	    "os.mkfifo('out/fifo')\n"
	    "socket.socket(socket.AF_UNIX).bind('out/socket')\n"
	    "f = open('out/large', 'w'); f.truncate(7 << 20); f.close()\n"
	    "open('out/closed', 'w').write('mode 000')\n"
	    "os.chmod('out/closed', 0)\n"
	    "os.makedirs('out/shut/in'); os.chmod('out/shut', 0)\n"
	    "open('out/bad name', 'w').close()\n"
	    "open('out/bad\\nline', 'w').close()");
	assert_exit(b, 0);
	assert_int_equal(b->result.n_files, 3);
	assert_string_equal(b->result.files[0].path, "deep/er/good.txt");
	assert_memory_equal(b->result.files[0].data, "kept too", 8);
	assert_string_equal(b->result.files[1].path, "good.txt");
	assert_int_equal(b->result.files[1].size, 4);
	assert_string_equal(b->result.files[2].path, "zero");
	assert_int_equal(b->result.files[2].size, 0);
	/* 4 links, fifo, socket, large, closed, 2 bad names, shut */
	assert_true(b->result.n_refused >= 10);
	assert_int_equal(b->result.refusal, BOX_BAD_NAME);
}

static void
a_sparse_file_is_too_large(void **state)
{
	struct bench *b = *state;

	b->job.disk_mb = 64;
	(void)python(b,
	    "import os\n"
	    "os.mkdir('out')\n"
	    "open('out/sparse', 'w').truncate(60 << 20)");
	assert_exit(b, 0);
	assert_int_equal(b->result.n_files, 0);
	assert_int_equal(b->result.refusal, BOX_TOO_LARGE);
}

static void
collecting_has_a_number_and_a_size(void **state)
{
	struct bench *b = *state;

	(void)python(b,
	    "import os\n"
	    "os.mkdir('out')\n"
	    "for i in range(12): open('out/f%02d' % i, 'w').write('x')");
	assert_exit(b, 0);
	assert_int_equal(b->result.n_files, 8);
	assert_int_equal(b->result.n_refused, 4);
	assert_int_equal(b->result.refusal, BOX_TOO_MANY);
	(void)python(b,
	    "import os\n"
	    "os.mkdir('out')\n"
	    "for i in range(3): open('out/f%d' % i, 'w').write('x' * 30000)");
	assert_int_equal(b->result.n_files, 2);
	assert_int_equal(b->result.refusal, BOX_TOO_LARGE);
}

static void
a_link_in_place_of_the_directory_gives_nothing(void **state)
{
	static const char *const tricks[] = {
	    "import os; os.symlink('/etc', 'out')",
	    "import os; os.symlink('/proc/self', 'out')",
	    "import os; os.mkfifo('out')",
	    "open('out', 'w').write('x')",
	    "import os; os.mkdir('out'); os.symlink('..', 'out/up')",
	};
	struct bench *b = *state;
	size_t i;

	for (i = 0; i < sizeof(tricks) / sizeof(tricks[0]); i++) {
		(void)python(b, tricks[i]);
		assert_exit(b, 0);
		assert_int_equal(b->result.n_files, 0);
	}
}

/* ------------------------------------------------------------------ nothing
 * stays */

static void
a_daemonised_child_is_gone(void **state)
{
	struct bench *b = *state;
	char code[CODE_BYTES], mark[64];

	(void)snprintf(mark, sizeof(mark), "box-daemon-%d", getpid());
	(void)snprintf(code, sizeof(code),
	    "import os, time\n"
	    "mark = '%s'\n"
	    "if os.fork() == 0:\n"
	    "    os.setsid()\n"
	    "    if os.fork() == 0:\n"
	    "        time.sleep(300)\n" /* holds standard output open */
	    "    os._exit(0)\n"
	    "print('over')",
	    mark);
	prints(b, code, "over\n");
	assert_true(b->result.ms < END_MS_MAX);
	assert_int_equal(processes_with(mark), 0);
}

static void
the_box_dies_with_its_maker(void **state)
{
	struct bench *b = *state;
	char code[CODE_BYTES], mark[64];
	pid_t pid;
	int i;

	(void)snprintf(mark, sizeof(mark), "box-orphan-%d", getpid());
	(void)snprintf(code, sizeof(code),
	    "import time\n"
	    "mark = '%s'\n"
	    "time.sleep(300)",
	    mark);
	b->job.seconds = 300;
	assert_int_not_equal(pid = fork(), -1);
	if (pid == 0) {
		(void)python(b, code);
		_exit(0);
	}
	for (i = 0; i < 200 && processes_with(mark) == 0; i++)
		wait_ms(25);
	assert_int_equal(processes_with(mark), 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	for (i = 0; i < 200 && processes_with(mark) > 0; i++)
		wait_ms(25);
	assert_int_equal(processes_with(mark), 0);
}

static void
a_run_leaves_nothing_behind(void **state)
{
	struct bench *b = *state;
	char prefix[64];
	int before, i;

	(void)snprintf(prefix, sizeof(prefix), "tanren-box-%d-", getpid());
	before = entries_of("/proc/self/fd", "");
	for (i = 0; i < 3; i++)
		prints(b, "print(1)", "1\n");
	b->argv[0] = "/nothing";
	assert_int_equal(box_run(&b->job, b->arena, &b->result), ERR_OK);
	assert_int_equal(entries_of("/proc/self/fd", ""), before);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	for (i = 0; i < BOX_V1__MAX; i++)
		if (caps.groups[i][0] != '\0' && caps.cgroup != BOX_CGROUP_NONE)
			assert_int_equal(entries_of(caps.groups[i], prefix), 0);
}

/* ----------------------------------------------------------------- small parts
 */

static void
a_cgroup_is_found_in_its_line(void **state)
{
	static const struct {
		const char *text, *controller, *path;
	} cases[] = {
	    {"0::/\n", "", ""},
	    {"0::/system.slice/tanren.service\n", "",
		"/system.slice/tanren.service"},
	    {"4:cpu,cpuacct:/a\n3:memory:/b:c\n0::/d\n", "memory", "/b:c"},
	    {"4:cpu,cpuacct:/a\n3:memory:/b\n", "cpu", "/a"},
	    {"4:cpu,cpuacct:/a\n3:memory:/b\n", "cpuacct", "/a"},
	    {"4:cpuset:/a\n", "cpu", NULL},
	    {"1:name=systemd:/\n", "systemd", NULL},
	    {"", "memory", NULL},
	    {"nonsense\n3:memory\n3:memory:/x", "memory", "/x"},
	    {"3:memory:/0123456789abcdef0123456789abcdef\n", "memory", NULL},
	};
	char path[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool found = cgroup_own(
		    cases[i].text, cases[i].controller, path, sizeof(path));

		assert_int_equal(found, cases[i].path != NULL);
		if (found)
			assert_string_equal(path, cases[i].path);
	}
}

static void
this_machine_has_a_level(void **state)
{
	(void)state;
	box_probe_image(image, &caps);
	assert_ptr_equal(caps.image, image);
	printf("box: user %d, root %.12s: level %c, ids %s, cgroup %s, seccomp "
	       "%s: %s\n",
	    (int)geteuid(), box_root_name(&caps),
	    caps.level == 0 ? '-' : caps.level, box_ids_name(caps.ids),
	    box_cgroup_name(caps.cgroup), caps.seccomp ? "yes" : "no",
	    caps.sentence);
	assert_in_range(caps.level, 'A', 'D');
	assert_int_equal(
	    caps.ids, geteuid() == 0 ? BOX_IDS_OWN : BOX_IDS_SINGLE);
	assert_true(caps.seccomp);
}

#define IN_A_BOX(test)                                                         \
	{                                                                      \
#test, test, set_up, tear_down, NULL                           \
	}

static int
run_all(const char *who)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_cgroup_is_found_in_its_line),
	    cmocka_unit_test(this_machine_has_a_level),
	    IN_A_BOX(answers_come_back),
	    IN_A_BOX(a_missing_program_is_told),
	    IN_A_BOX(without_a_level_nothing_runs),
	    IN_A_BOX(forbidden_namespaces_are_told_by_the_probe),
	    IN_A_BOX(files_and_scripts_are_put_in),
	    IN_A_BOX(paths_that_lead_elsewhere_are_refused),
	    IN_A_BOX(environment_is_only_what_is_given),
	    IN_A_BOX(inside_there_is_no_privilege),
	    IN_A_BOX(nobody_else_is_to_be_seen),
	    IN_A_BOX(the_root_holds_nothing_of_this_machine),
	    IN_A_BOX(only_its_own_places_can_be_written),
	    IN_A_BOX(there_is_no_network),
	    IN_A_BOX(dangerous_calls_are_refused),
	    IN_A_BOX(thirty_two_bit_calls_end_the_program),
	    IN_A_BOX(bombs_end_as_what_they_are),
	    IN_A_BOX(a_fork_bomb_stays_small),
	    IN_A_BOX(noise_on_standard_error_is_cut),
	    IN_A_BOX(limits_cannot_be_raised),
	    IN_A_BOX(only_regular_files_are_collected),
	    IN_A_BOX(a_sparse_file_is_too_large),
	    IN_A_BOX(collecting_has_a_number_and_a_size),
	    IN_A_BOX(a_link_in_place_of_the_directory_gives_nothing),
	    IN_A_BOX(a_daemonised_child_is_gone),
	    IN_A_BOX(the_box_dies_with_its_maker),
	    IN_A_BOX(a_run_leaves_nothing_behind),
	};

	return _cmocka_run_group_tests(
	    who, tests, sizeof(tests) / sizeof(tests[0]), NULL, NULL);
}

int
main(void)
{
	int failed;

	random_start();
	if (getcwd(started_in, sizeof(started_in)) == NULL)
		abort();
	if (geteuid() != 0)
		return run_all("as an ordinary user");
	failed = run_all("as root");
	failed += run_as_nobody(run_all);
	if ((image = lab_image()) != NULL) {
		failed += run_all("as root, in an image");
		failed += run_as_nobody(run_all);
	}
	return failed;
}
