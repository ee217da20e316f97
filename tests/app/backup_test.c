/* A backup made under load restores to what was acknowledged; a damaged one
 * restores to nothing. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/backup.h"
#include "app/secret.h"
#include "app/verify.h"
#include "content/content.h"
#include "http/site.h"
#include "people/person.h"
#include "support/fixture.h"
#include "support/sql.h"

#define BEFORE_BACKUP 40 /* acts acknowledged before it starts */

static const char manifest_name[] =
    "content-0123456789012345678901234567890123456789-1.sqlite";

struct place {
	struct fixture *f;
	struct config c;
	struct options o;
	struct arena *a;
	const char *file; /* the backup */
	char elsewhere[DIRECTORY_BYTES]; /* for what is restored */
	char database[32]; /* of PostgreSQL, restored to */
	char dsn[PG_DSN_BYTES];
};

static void
write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
place_open(struct place *p, struct fixture *f)
{
	uint8_t secret[DIGEST_BYTES];

	*p = (struct place){.f = f, .a = f->arena};
	directory_make(p->elsewhere);
	p->c.var = f->directory;
	p->c.database = f->dsn;
	p->o.var = f->directory;
	p->file = arena_printf(p->a, "%s/backup.tar", p->elsewhere);
	assert_int_equal(
	    secret_load(config_path(p->a, &p->c, "secret"), secret), ERR_OK);
	assert_int_equal(mkdir(config_path(p->a, &p->c, "content"), 0750), 0);
	write_text(arena_printf(p->a, "%s/content/%s", p->c.var, manifest_name),
	    "a revision");
	write_text(arena_printf(p->a, "%s/content/half-written", p->c.var),
	    "not for the backup");
}

static void
place_close(struct place *p)
{
	if (p->database[0] != '\0')
		pg_database_drop(pg_shared(), p->database);
	directory_remove(p->elsewhere);
}

/* Options that restore into a new directory, and a database of its own. */
static struct options
restored_options(struct place *p)
{
	const char *var = arena_printf(p->a, "%s/var", p->elsewhere), *conf;
	struct options o = {.var = var};
	struct pg_server *s;

	assert_int_equal(mkdir(var, 0750), 0);
	if (p->f->engine == DB_SQLITE) {
		(void)snprintf(
		    p->dsn, sizeof(p->dsn), "sqlite:%s/tanren.db", var);
		return o;
	}
	s = pg_shared();
	(void)snprintf(
	    p->database, sizeof(p->database), "test_%u", ++s->databases);
	pg_database_make(s, p->database, NULL);
	pg_dsn(s, p->database, p->dsn);
	conf = arena_printf(p->a, "%s/new.conf", p->elsewhere);
	write_text(conf, arena_printf(p->a, "database = %s\n", p->dsn));
	o.file = conf;
	return o;
}

static enum err
restore(struct place *p, struct options *o, struct backup_figures *f)
{
	struct config c;

	assert_int_equal(config_load(p->a, o, &c), ERR_OK);
	return backup_restore(p->a, &c, o, p->file, f);
}

/* -------------------------------------------------------------- under load */

struct load {
	const struct fixture *f;
	atomic_int acknowledged;
	atomic_bool end;
};

static enum err
add_organisation(struct db *db, void *ctx)
{
	char code[16];
	struct organisation o = {
	    .kind = "centre",
	    .code = code,
	    .name = {.in = {"甲", "A"}},
	    .category = "",
	    .created_at = *(int *)ctx,
	};

	(void)snprintf(code, sizeof(code), "L%d", *(int *)ctx);
	return organisation_add(db, &o);
}

static void *
write_on(void *ctx)
{
	struct load *load = ctx;
	struct db *db = fixture_connect(load->f, DB_WRITE);
	int number;

	for (number = 1; !load->end; number++) {
		if (db_write(db, add_organisation, &number) != ERR_OK)
			break;
		load->acknowledged = number;
	}
	db_close(db);
	return NULL;
}

/* Organisations in a database; -1 unless they are 1, 2, 3 … without a gap. */
static int64_t
count_whole(const char *dsn, enum db_engine engine)
{
	struct fixture there = {.engine = engine};
	int64_t n;

	(void)snprintf(there.dsn, sizeof(there.dsn), "%s", dsn);
	n = fixture_sql_int(&there, "SELECT count(*) FROM organisation");
	return n ==
		fixture_sql_int(
		    &there, "SELECT max(created_at) FROM organisation")
	    ? n
	    : -1;
}

static void
say_line(void *ctx, const char *line)
{
	(void)ctx;
	print_error("%s\n", line);
}

static void
must_add_up(struct place *p, const char *var)
{
	struct verify_figures figures;
	struct site site = {.var = var};
	struct db *db;

	assert_int_equal(
	    secret_load(arena_printf(p->a, "%s/secret", var), site.secret),
	    ERR_OK);
	assert_int_equal(
	    content_store_open(
		arena_printf(p->a, "%s/content", var), &site.content),
	    ERR_OK);
	assert_int_equal(db_open(p->dsn, DB_READ, &db), ERR_OK);
	assert_int_equal(
	    verify_all(db, &site, say_line, NULL, &figures), ERR_OK);
	assert_int_equal(figures.wrong, 0);
	db_close(db);
	content_store_close(site.content);
}

static void
what_was_acknowledged_before_is_in_it(void **state)
{
	struct load load = {.f = *state};
	struct backup_figures made, put;
	struct place p;
	struct options o;
	int before, after;
	int64_t n;
	pthread_t writer;
	struct stat st;

	place_open(&p, *state);
	assert_int_equal(pthread_create(&writer, NULL, write_on, &load), 0);
	while (load.acknowledged < BEFORE_BACKUP)
		(void)usleep(1000);
	before = load.acknowledged;
	assert_int_equal(backup_make(p.a, &p.c, &p.o, p.file, &made), ERR_OK);
	while (load.acknowledged < before + BEFORE_BACKUP)
		(void)usleep(1000);
	load.end = true;
	assert_int_equal(pthread_join(writer, NULL), 0);
	after = load.acknowledged;

	assert_int_equal(stat(p.file, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(made.files, 3);
	o = restored_options(&p);
	assert_int_equal(restore(&p, &o, &put), ERR_OK);
	assert_int_equal(put.files, made.files);
	assert_int_equal(put.bytes, made.bytes);
	n = count_whole(p.dsn, p.f->engine);
	assert_in_range(n, before, after);
	assert_int_equal(count_whole(p.f->dsn, p.f->engine), after);
	must_add_up(&p, o.var);
	assert_int_equal(
	    access(
		arena_printf(p.a, "%s/content/%s", o.var, manifest_name), F_OK),
	    0);
	assert_int_equal(stat(arena_printf(p.a, "%s/secret", o.var), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	place_close(&p);
}

static void
the_configuration_comes_back_with_it(void **state)
{
	struct backup_figures f;
	struct options o;
	struct place p;

	place_open(&p, *state);
	write_text(config_path(p.a, &p.c, "tanren.conf"), "workers = 1\n");
	assert_int_equal(backup_make(p.a, &p.c, &p.o, p.file, &f), ERR_OK);
	assert_int_equal(f.files, 4);
	o = restored_options(&p);
	assert_int_equal(restore(&p, &o, &f), ERR_OK);
	assert_int_equal(
	    access(arena_printf(p.a, "%s/tanren.conf", o.var), F_OK),
	    o.file == NULL ? 0 : -1);
	place_close(&p);
}

/* --------------------------------------------------------------- refusals */

static int
entries(const char *path, struct arena *a)
{
	const char *const argv[] = {"sh", "-c",
	    arena_printf(a, "test -z \"$(ls -A '%s')\"", path), NULL};

	return program_run(argv, NULL, -1, -1) == ERR_OK ? 0 : 1;
}

static void
run_shell(struct place *p, const char *script)
{
	const char *const argv[] = {"sh", "-euc",
	    arena_printf(p->a, "cd '%s'; %s", p->elsewhere, script), NULL};

	assert_int_equal(program_run(argv, NULL, -1, -1), ERR_OK);
}

static const struct damage {
	const char *what, *script; /* in the unpacked backup */
} damages[] = {
    {"a file is longer", "printf x >>secret"},
    {"one byte of the database differs",
	"printf x | dd of=database.sqlite bs=1 seek=5000 conv=notrunc"},
    {"a file is missing", "rm secret"},
    {"a revision is missing", "rm content/*"},
    {"a file is a link", "cp secret s; rm secret; ln -s s secret; rm s"},
    {"there is a file more", "echo x >more"},
    {"there is a revision more", "echo x >content/more"},
    {"there is no MANIFEST", "rm MANIFEST"},
    {"the MANIFEST is cut off", "sed -i '$d' MANIFEST"},
    {"the MANIFEST lacks a file", "sed -i '/secret/d' MANIFEST"},
    {"the MANIFEST names a file outside",
	"sed -i 's,secret,../secret,' MANIFEST"},
    {"it is of a newer program",
	"sed -i 's/^schema [0-9]*$/schema 999/' MANIFEST"},
    {"it is of another kind", "sed -i '1s/1$/2/' MANIFEST"},
};

static void
refused(struct place *p, const char *what)
{
	const char *var = arena_printf(p->a, "%s/new", p->elsewhere);
	struct options o = {.var = var};
	struct backup_figures f;
	enum err e;

	e = restore(p, &o, &f);
	if (e != ERR_INVALID)
		fail_msg("%s: %s", what, err_name(e));
	if (entries(var, p->a) != 0)
		fail_msg("%s: something was put in place", what);
}

static void
a_damaged_backup_puts_nothing_in_place(void **state)
{
	struct backup_figures f;
	struct place p;
	size_t i;

	place_open(&p, *state);
	assert_int_equal(backup_make(p.a, &p.c, &p.o, p.file, &f), ERR_OK);
	run_shell(&p, "cp backup.tar whole.tar");
	for (i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		run_shell(&p,
		    arena_printf(p.a,
			"rm -rf u; mkdir u; tar xf whole.tar -C u;"
			"(cd u; %s); tar cf backup.tar -C u .",
			damages[i].script));
		refused(&p, damages[i].what);
	}
	run_shell(&p, "head -c 20000 whole.tar >backup.tar");
	refused(&p, "half of it");
	run_shell(&p, "echo no >backup.tar");
	refused(&p, "no archive");
	/* and the whole one is taken */
	run_shell(&p, "cp whole.tar backup.tar");
	p.o = restored_options(&p);
	assert_int_equal(restore(&p, &p.o, &f), ERR_OK);
	place_close(&p);
}

static void
nothing_is_written_over(void **state)
{
	struct backup_figures f;
	struct options o;
	struct place p;

	place_open(&p, *state);
	assert_int_equal(backup_make(p.a, &p.c, &p.o, p.file, &f), ERR_OK);
	assert_int_equal(
	    backup_make(p.a, &p.c, &p.o, p.file, &f), ERR_CONFLICT);
	o = restored_options(&p);
	assert_int_equal(restore(&p, &o, &f), ERR_OK);
	assert_int_equal(restore(&p, &o, &f), ERR_CONFLICT);
	/* another directory, the same database */
	if (p.f->engine == DB_POSTGRESQL) {
		o.var = arena_printf(p.a, "%s/third", p.elsewhere);
		assert_int_equal(restore(&p, &o, &f), ERR_CONFLICT);
	}
	place_close(&p);
}

static void
a_backup_that_fails_leaves_nothing(void **state)
{
	struct backup_figures f;
	struct place p;

	place_open(&p, *state);
	assert_int_equal(unlink(config_path(p.a, &p.c, "secret")), 0);
	assert_int_not_equal(backup_make(p.a, &p.c, &p.o, p.file, &f), ERR_OK);
	assert_int_equal(entries(p.elsewhere, p.a), 0);
	place_close(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    ON_BOTH_ENGINES(what_was_acknowledged_before_is_in_it),
	    ON_BOTH_ENGINES(the_configuration_comes_back_with_it),
	    ON_BOTH_ENGINES(nothing_is_written_over),
	    ON_BOTH_ENGINES(a_backup_that_fails_leaves_nothing),
	    ON_SQLITE(a_damaged_backup_puts_nothing_in_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
