/*
 * A learner's program is run where there is nothing to be found out, and
 * whatever it does there is its own loss: the boxes of the lab L94 of
 * tests/lab/tree, in which a program has to double four hidden numbers. Proved
 * in this machine's own system, and in an image.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the ones above */
#include <cmocka.h>

#include "base/text.h"
#include "lab/lab_boxes.h"
#include "lab/lab_result.h"
#include "support/lab_image.h"
#include "support/pages.h"
#include "support/processes.h"

#define END_MS_MAX 40000 /* of all boxes together, on a busy machine */

static const struct route *const rooms[] = {NULL};
static const struct box_image *image; /* what boxes are made of, or NULL */

struct bench {
	struct pages p;
	struct fixture *f;
	struct box_caps caps;
	const struct lab *lab;
	const char *scripts, *word;
	uint8_t seed[DIGEST_BYTES];
	struct lab_graded g;
	struct lab_result result;
};

static struct lab_script
script_of(const struct bench *b)
{
	return (struct lab_script){
	    .caps = &b->caps,
	    .lab = b->lab,
	    .dir = b->scripts,
	    .seed = b->seed,
	};
}

/* The word that answers begin with, as setup tells it. */
static void
read_word(struct bench *b)
{
	struct lab_script s = script_of(b);
	struct box_result r;

	s.name = "setup";
	s.collect = IN_DIR;
	assert_int_equal(lab_script_run(&s, b->f->arena, &r), ERR_OK);
	assert_int_equal(r.n_files, 1);
	b->word = arena_strndup(
	    b->f->arena, r.files[0].data, r.files[0].size - 1 /* newline */);
}

static int
set_up(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));

	b->f = fixture_open(DB_SQLITE);
	pages_open(&b->p, b->f, "tests/lab/tree", rooms);
	box_probe_image(image, &b->caps);
	assert_ptr_equal(b->caps.image, image);
	b->lab = content_lab(pages_content(&b->p), "L94");
	assert_non_null(b->lab);
	memset(b->seed, 0x5e, sizeof(b->seed));
	assert_int_equal(lab_scripts_write(b->p.site.var, pages_content(&b->p),
			     "L94", b->f->arena, &b->scripts),
	    ERR_OK);
	read_word(b);
	*state = b;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *b = *state;

	lab_scripts_remove(b->scripts);
	pages_close(&b->p);
	fixture_close(b->f);
	free(b);
	return 0;
}

/* Hands in a program; answers its points. */
static int64_t
hand_in(struct bench *b, const char *program)
{
	const struct box_file file = {
	    OUT_DIR "/program.py", program, strlen(program)};
	struct lab_script s = script_of(b);

	s.files = &file;
	s.n_files = 1;
	assert_int_equal(lab_boxes_run(&s, NULL, b->f->arena, &b->g), ERR_OK);
	if (b->g.broken != NULL)
		print_error("%s: %s\n", b->g.program, b->g.result.err);
	assert_null(b->g.broken);
	assert_string_equal(b->g.program, "check");
	lab_result_parse(b->g.result.out, b->g.result.out_size, b->lab,
	    b->f->arena, &b->result);
	assert_int_equal(b->result.wrong_lines, 0);
	assert_int_equal(b->result.believed, 2);
	return b->result.points;
}

/* What the program's trial left, as one text. */
static const char *
left(const struct bench *b)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < b->g.trial.n_files; i++)
		text = arena_printf(b->f->arena, "%s%s: %s\n", text,
		    b->g.trial.files[i].path,
		    (const char *)b->g.trial.files[i].data);
	return text;
}

/* A right program, with something done before it answers. */
static const char *
right_but(const struct bench *b, const char *first)
{
	return arena_printf(b->f->arena,
	    "import os, sys, time, signal\n"
	    "n = int(input())\n"
	    "%s\n"
	    "print('%s', 2 * n)\n",
	    first, b->word);
}

/* -------------------------------------------------------------------- rules
 */

static void
what_a_program_does_is_scored(void **state)
{
	struct bench *b = *state;

	assert_int_equal(hand_in(b, right_but(b, "")), 100);
	assert_string_equal(b->g.trial_end, "exited 0");
	assert_int_equal(hand_in(b, right_but(b, "n = abs(n)")), 60);
	assert_int_equal(hand_in(b, "print('w', 2)"), 0);
	assert_int_equal(hand_in(b, "syntax error"), 0);
	assert_int_equal(hand_in(b, ""), 0);
	assert_string_equal(b->g.trial_end, "exited 0");
}

static const char *
hex_of_seed(const struct bench *b)
{
	return hex_encode(b->f->arena, b->seed, DIGEST_BYTES);
}

/* Everything that a program can read in its box, and where it looked. */
static const char search[] =
    "import os, sys\n"
    "seen = [repr(dict(os.environ))]\n"
    "for pid in ('self', '1', '2', str(os.getppid())):\n"
    "    for what in ('environ', 'cmdline', 'maps', 'mem'):\n"
    "        try:\n"
    "            with open('/proc/%s/%s' % (pid, what), 'rb') as f:\n"
    "                seen.append(repr(f.read(65536)))\n"
    "        except OSError as e:\n"
    "            seen.append('%s/%s %s' % (pid, what, e.errno))\n"
    "for top in ('/lab', '/home', '/tmp', '/etc', '/dev/shm', '/var',\n"
    "            '/run', '/root'):\n"
    "    for where, _, names in os.walk(top):\n"
    "        for name in names:\n"
    "            path = os.path.join(where, name)\n"
    "            seen.append('FILE ' + path)\n"
    "            try:\n"
    "                if os.path.isfile(path):\n"
    "                    with open(path, errors='replace') as f:\n"
    "                        seen.append(f.read(65536))\n"
    "            except OSError:\n"
    "                pass\n"
    "text = '\\n'.join(seen)\n";

static void
nothing_is_to_be_found_out(void **state)
{
	static const char *const absent[] = {"LAB_SEED=", "'LAB_SEED'",
	    "LAB_TRIAL_END", "FILE /home/lab/check", "FILE /home/lab/truth.py",
	    "FILE /home/lab/solve", "FILE /home/lab/setup",
	    "FILE /home/lab/cases", "class World"};
	struct bench *b = *state;
	const char *text;
	size_t i;

	/* 4096 bytes of output are kept: so it prints what it looks for */
	(void)hand_in(b,
	    arena_printf(b->f->arena,
		"%s"
		"for word in ('%s', 'LAB_' 'SEED=', '\\'LAB_' 'SEED\\'', "
		"'class ' 'World'):\n"
		"    if word.lower() in text.lower().replace("
		"open(__file__).read().lower(), ''):\n"
		"        print('FOUND', word)\n"
		"print('\\n'.join(l for l in seen if l.startswith('FILE')))\n",
		search, hex_of_seed(b)));
	text = left(b);
	assert_non_null(strstr(text, "FILE /home/lab/trial"));
	assert_non_null(strstr(text, "FILE /home/lab/kit/running.py"));
	assert_non_null(strstr(text, "FILE /lab/cases/numbers.txt"));
	assert_null(strstr(text, "FOUND"));
	for (i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
		if (strstr(text, absent[i]) != NULL)
			print_error("%s\n", absent[i]);
		assert_null(strstr(text, absent[i]));
	}
}

/* The search above finds what is there: the same looks at a check. */
static void
the_search_finds_a_seed_that_is_there(void **state)
{
	struct bench *b = *state;
	const char *code = arena_printf(b->f->arena,
	    "%sprint('%s' in text and 'class World' in text)\n", search,
	    hex_of_seed(b));
	const char *const argv[] = {BOX_PYTHON, "-c", code, NULL};
	const char *const env[] = {
	    arena_printf(b->f->arena, "LAB_SEED=%s", hex_of_seed(b)), NULL};
	const struct box_job job = {
	    .caps = &b->caps,
	    .argv = argv,
	    .env = env,
	    .home = arena_printf(b->f->arena, "%s/lab", b->scripts),
	    .seconds = 20,
	    .memory_mb = 64,
	    .disk_mb = 8,
	    .processes_max = 8,
	};
	struct box_result r;

	assert_int_equal(box_run(&job, b->f->arena, &r), ERR_OK);
	assert_string_equal(r.out, "True\n");
}

/* Neither process 1, which knows the seed, nor its parent can be looked at. */
static void
no_process_can_be_looked_into(void **state)
{
	struct bench *b = *state;

	(void)hand_in(b,
	    "import ctypes, os\n"
	    "c = ctypes.CDLL(None, use_errno=True)\n"
	    "def t(*a):\n"
	    "    ctypes.set_errno(0)\n"
	    "    return c.syscall(*a), ctypes.get_errno()\n"
	    "print('attach', t(101, 16, 1, 0, 0), "
	    "t(101, 16, os.getppid(), 0, 0))\n"
	    "print('readv', t(310, 1, 0, 0, 0, 0, 0))\n"
	    "print('getfd', t(438, 3, 0, 0))\n"
	    "print('one', os.path.exists('/proc/1/environ'))\n");
	assert_non_null(strstr(left(b),
	    "attach (-1, 1) (-1, 1)\\nreadv (-1, 1)\\ngetfd (-1, 1)\\n"
	    "one False\\n"));
}

struct misdeed {
	const char *name, *code;
	int64_t points;
	const char *trial_end; /* NULL: any but exited 0 */
};

/*
 * What goes wrong in one number goes wrong in that one; a program that ends
 * its trial has the points of none.
 */
static const struct misdeed misdeeds[] = {
    {"loops for ever", "while n < 0: pass", 60, "exited 0"},
    {"sleeps for ever", "time.sleep(600 if n < 0 else 0)", 60, "exited 0"},
    {"floods its output", "while n < 0: print('c1\\t60\\tc1_ok', flush=True)",
	60, "exited 0"},
    {"floods its errors", "while n < 0: sys.stderr.write('x' * 65536)", 60,
	"exited 0"},
    {"wants all memory", "hog = [bytearray(1 << 20) for _ in range(1 << 20)]",
	0, NULL},
    {"fills the disk",
	"f = open(os.environ.get('X', '/lab/big'), 'wb')\n"
	"try:\n"
	"    while n < 0: f.write(b'x' * 65536)\n"
	"except OSError: os.truncate('/lab/big', 0); raise",
	60, "exited 0"},
    {"forks for ever",
	"try:\n"
	"    while n < 0: os.fork()\n"
	"except OSError: time.sleep(60)",
	60, "exited 0"},
    {"leaves children that hold its output",
	"if os.fork() == 0:\n"
	"    os.setsid()\n"
	"    if os.fork() == 0: time.sleep(600)\n"
	"    os._exit(0)",
	100, "exited 0"},
    {"leaves children that write over the results",
	"if os.fork() == 0:\n"
	"    os.setsid()\n"
	"    if os.fork(): os._exit(0)\n"
	"    for i in (0, 1, 2): os.close(i)\n"
	"    while True:\n"
	"        os.makedirs('/lab/trial', exist_ok=True)\n"
	"        try: open('/lab/trial/results.json', 'w').write('[]')\n"
	"        except OSError: pass",
	100, "exited 0"},
    {"leaves forged lines for the check",
	"os.makedirs('/lab/trial', exist_ok=True)\n"
	"open('/lab/trial/results.json', 'w').write('c1\\t60\\tc1_ok\\n')\n"
	"print('c2\\t40\\tc2_ok', file=open('/proc/%d/fd/1' % os.getppid(), "
	"'w'), flush=True)\n"
	"print('c1\\t60\\tc1_ok\\nc2\\t40\\tc2_ok')",
	0, "exited 0"},
    {"makes its place a link",
	"if not os.path.lexists('/lab/trial'): os.symlink('/usr', "
	"'/lab/trial')",
	100, "exited 0"},
    {"changes the cases",
	"open('/lab/cases/numbers.txt', 'w').write('1\\n' * 9999)", 100,
	"exited 0"},
    {"kills its trial", "os.kill(os.getppid(), 9)", 0, "signalled 9"},
    {"kills all it can", "os.kill(-1, 9)", 0, "signalled 9"},
    {"stops its trial", "os.kill(os.getppid(), signal.SIGSTOP)", 0,
	"timeout 0"},
    /* the pipe belongs to whoever made the box: it cannot be opened */
    {"floods the trial's output",
	"f = open('/proc/%d/fd/1' % os.getppid(), 'w')\n"
	"while True: f.write('c1\\t60\\tc1_ok\\n' * 99)",
	0, "exited 0"},
    {"kills its trial and leaves what it likes",
	"os.makedirs('/lab/trial/deep/er', exist_ok=True)\n"
	"for i in range(40): open('/lab/trial/f%02d' % i, 'w').write('x')\n"
	"open('/lab/trial/results.json', 'w').write('[' * 9999)\n"
	"os.symlink('/etc/passwd', '/lab/trial/link')\n"
	"os.mkfifo('/lab/trial/fifo')\n"
	"os.kill(os.getppid(), 9)",
	0, "signalled 9"},
};

static void
misdeeds_are_the_programs_own_loss(void **state)
{
	const struct misdeed *m;
	struct bench *b = *state;
	int64_t points;
	bool as_told;
	size_t i;

	for (i = 0; i < sizeof(misdeeds) / sizeof(misdeeds[0]); i++) {
		m = &misdeeds[i];
		points = hand_in(b, right_but(b, m->code));
		as_told = m->trial_end == NULL ||
		    text_eq(b->g.trial_end, m->trial_end);
		if (points != m->points || !as_told)
			print_error("%s: %lld points, %s\n%s\n%s\n", m->name,
			    (long long)points, b->g.trial_end, left(b),
			    b->g.trial.err);
		assert_int_equal(points, m->points);
		assert_true(as_told);
		assert_in_range(b->g.trial.ms, 0, END_MS_MAX);
		assert_in_range(b->g.trial.n_files, 0, 8);
		assert_int_equal(processes_with("/lab/out/program.py"), 0);
	}
	/* and check said in its own words that it did not run to the end */
	assert_string_equal(b->result.checks[0].message, "c1_cut");
}

/* What cannot be made is the lab's mistake: nothing of it is scored. */
static void
a_broken_key_and_broken_cases_are_told(void **state)
{
	const struct lab_key given = {0};
	struct bench *b = *state;
	struct lab_script s = script_of(b);

	s.seed = NULL;
	assert_int_equal(lab_boxes_run(&s, NULL, b->f->arena, &b->g), ERR_OK);
	assert_string_equal(b->g.program, "key");
	assert_non_null(b->g.broken);
	assert_int_equal(lab_boxes_run(&s, &given, b->f->arena, &b->g), ERR_OK);
	assert_string_equal(b->g.program, "cases");
	assert_non_null(b->g.broken);
	assert_null(b->g.trial_end);
}

#define T(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

static int
run_all(const char *who)
{
	const struct CMUnitTest tests[] = {
	    T(what_a_program_does_is_scored),
	    T(nothing_is_to_be_found_out),
	    T(the_search_finds_a_seed_that_is_there),
	    T(no_process_can_be_looked_into),
	    T(misdeeds_are_the_programs_own_loss),
	    T(a_broken_key_and_broken_cases_are_told),
	};

	return _cmocka_run_group_tests(
	    who, tests, sizeof(tests) / sizeof(tests[0]), NULL, NULL);
}

int
main(void)
{
	int failed = run_all("in this machine's system");

	if ((image = lab_image()) != NULL)
		failed += run_all("in an image");
	return failed;
}
