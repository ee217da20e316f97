/* What does not depend on the installation's data. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "app/doctor.h"
#include "app/edge.h"
#include "base/clock.h"
#include "base/text.h"
#include "content/library.h"
#include "db/migrate.h"
#include "db/service.h"
#include "lab/engine/image.h"

#define MIB ((uint64_t)1024 * 1024)
#define FREE_FAIL_BYTES (256 * MIB)
#define FREE_WARN_BYTES (2048 * MIB)
#define FSYNC_TRIES 5
#define FSYNC_WARN_MS 50
#define YEAR_MIN 2026
#define YEAR_MAX 2099

/* ---------------------------------------------------------------- versions */

static void
look_at_versions(struct doctor *d)
{
	struct utsname u = {0};

	(void)uname(&u);
	doctor_note(d, FINDING_OK, "versions", NULL,
	    "schema %d; %s, %s; Linux %s %s", migrate_newest(),
	    service_libraries(d->a), content_libraries(d->a), u.release,
	    u.machine);
}

/* True when a program can be found, in PATH or where administrators' are. */
static bool
program_is_there(struct doctor *d, const char *name)
{
	const char *path = getenv("PATH"), *one;
	char *list;

	list = arena_printf(d->a, "%s:/usr/sbin:/sbin", path ? path : "");
	while ((one = strsep(&list, ":")) != NULL)
		if (*one == '/' &&
		    access(arena_printf(d->a, "%s/%s", one, name), X_OK) == 0)
			return true;
	return false;
}

static void
look_at_programs(struct doctor *d)
{
	const bool pg = text_starts(d->c->database, "postgresql:");
	const struct {
		const char *name, *advice;
		bool needed, looked_for;
	} programs[] = {
	    {"nginx", "install nginx-light: nothing is served without it", true,
		true},
	    {"tar", "install tar: backup and restore use it", true, true},
	    {"git", "install git: content comes by it", false, true},
	    {"python3", "install python3: labs are written in it", false, true},
	    {"pg_dump", "install postgresql-client: backup uses it", true, pg},
	    {"pg_restore", "install postgresql-client: restore uses it", true,
		pg},
	};
	const char *there = "";
	size_t i;

	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (!programs[i].looked_for)
			continue;
		if (program_is_there(d, programs[i].name))
			there = arena_printf(
			    d->a, "%s %s", there, programs[i].name);
		else
			doctor_note(d,
			    programs[i].needed ? FINDING_FAIL : FINDING_WARN,
			    "programs", programs[i].advice, "no %s",
			    programs[i].name);
	}
	if (*there != '\0')
		doctor_note(d, FINDING_OK, "programs", NULL, "%s", there + 1);
}

/* ------------------------------------------------------------------- clock */

static void
look_at_clock(struct doctor *d)
{
	int64_t now = clock_now();
	int year = date_of(now).year;
	struct timex t = {0};

	if (year < YEAR_MIN || year > YEAR_MAX)
		doctor_note(d, FINDING_FAIL, "clock",
		    "set the clock (timedatectl set-time), then set-ntp true",
		    "it says %s", date_time_iso(d->a, now));
	else if (adjtimex(&t) == -1 || (t.status & STA_UNSYNC) != 0)
		doctor_note(d, FINDING_WARN, "clock",
		    "timedatectl set-ntp true: deadlines hang on it",
		    "%s, kept by nobody", date_time_iso(d->a, now));
	else
		doctor_note(d, FINDING_OK, "clock", NULL, "%s, synchronised",
		    date_time_iso(d->a, now));
	if (d->c->test_clock)
		doctor_note(d, FINDING_WARN, "clock",
		    "take test_clock out of the configuration",
		    "test_clock is on: the time can be moved");
}

/* -------------------------------------------------------------------- disk */

static void
look_at_space(struct doctor *d)
{
	uint64_t bytes;
	struct statvfs v;

	if (statvfs(d->c->var, &v) == -1) {
		doctor_note(d, FINDING_FAIL, "disk", "make it readable",
		    "%s: %s", d->c->var, strerror(errno));
		return;
	}
	bytes = (uint64_t)v.f_bavail * v.f_frsize;
	if (bytes < FREE_FAIL_BYTES)
		doctor_note(d, FINDING_FAIL, "disk",
		    "make room: below 64 MiB no exam starts",
		    "%llu MiB free in %s", (unsigned long long)(bytes / MIB),
		    d->c->var);
	else
		doctor_note(d,
		    bytes < FREE_WARN_BYTES ? FINDING_WARN : FINDING_OK, "disk",
		    bytes < FREE_WARN_BYTES ? "make room soon" : NULL,
		    "%llu MiB free in %s", (unsigned long long)(bytes / MIB),
		    d->c->var);
}

/* Where files are gone with the power, or shared over a network. */
static const char *
unfit_file_system(const char *path)
{
	static const struct {
		long magic; /* statfs(2) */
		const char *name;
	} list[] = {
	    {0x01021994, "tmpfs"},
	    {0x858458f6, "ramfs"},
	    {0x6969, "NFS"},
	    {0xff534d42, "CIFS"},
	    {0xfe534d42, "SMB"},
	};
	struct statfs s;
	size_t i;

	if (statfs(path, &s) == -1)
		return NULL;
	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if ((long)s.f_type == list[i].magic)
			return list[i].name;
	return NULL;
}

/* The slowest of a few, in milliseconds; -1: it failed, see errno. */
static int64_t
time_fsync(struct doctor *d)
{
	char *path = arena_printf(d->a, "%s/.doctor.XXXXXX", d->c->var);
	int64_t worst = 0, start;
	int fd, i, error = 0;

	if ((fd = mkstemp(path)) == -1)
		return -1;
	for (i = 0; error == 0 && i < FSYNC_TRIES; i++) {
		start = clock_real();
		if (write(fd, "x", 1) != 1 || fsync(fd) == -1)
			error = errno;
		if (clock_real() - start > worst)
			worst = clock_real() - start;
	}
	(void)close(fd);
	(void)unlink(path);
	errno = error;
	return error == 0 ? worst : -1;
}

static void
look_at_fsync(struct doctor *d)
{
	const char *unfit = unfit_file_system(d->c->var);
	int64_t ms = time_fsync(d);

	if (ms == -1)
		doctor_note(d, FINDING_FAIL, "fsync",
		    "make it writable for the user who runs tanren", "%s: %s",
		    d->c->var, strerror(errno));
	else if (unfit != NULL)
		doctor_note(d, FINDING_WARN, "fsync",
		    "put the data on a disk of this machine",
		    "%s is on %s: what was saved may be lost", d->c->var,
		    unfit);
	else
		doctor_note(d, ms > FSYNC_WARN_MS ? FINDING_WARN : FINDING_OK,
		    "fsync",
		    ms > FSYNC_WARN_MS
			? "a faster disk: every saved answer waits for it"
			: NULL,
		    "%lld ms at most", (long long)ms);
}

/* -------------------------------------------------------------------- port */

/* Whether `tanren run` serves this directory now. */
static bool
is_running(struct doctor *d)
{
	bool running;
	int fd;

	fd = open(config_path(d->a, d->c, "lock"), O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return false;
	running = flock(fd, LOCK_EX | LOCK_NB) == -1 && errno == EWOULDBLOCK;
	(void)close(fd);
	return running;
}

static void
look_at_port(struct doctor *d)
{
	const char *listen = d->c->listen;
	int error = edge_port_error(d->a, d->c);

	if (error == EINVAL) {
		doctor_note(d, FINDING_FAIL, "port",
		    "listen is ADDRESS:PORT with a number for an address",
		    "%s is no address", listen);
		return;
	}
	if (error == 0)
		doctor_note(d, FINDING_OK, "port", NULL, "%s is free", listen);
	else if (is_running(d))
		doctor_note(d, FINDING_OK, "port", NULL,
		    "%s: this installation is running", listen);
	else if (error == EACCES)
		doctor_note(d, FINDING_WARN, "port",
		    "start as root or by systemd: only they may open it",
		    "%s is not for this user", listen);
	else
		doctor_note(d, FINDING_FAIL, "port",
		    "end the other program, or choose another port (--port)",
		    "%s: %s", listen, strerror(error));
}

/* --------------------------------------------------------------------- box */

static void
look_at_host(struct doctor *d)
{
	const struct container_found *f = &d->host;

	if (f->level == 0)
		doctor_note(d, FINDING_WARN, "live labs",
		    "look at lab_container_socket and lab_container_image, see "
		    "tanren(1), LABS",
		    "none: %s", f->sentence);
	else if (f->level > d->c->lab_level)
		doctor_note(d, FINDING_WARN, "live labs",
		    "a rootless host, or one with a range of ids for "
		    "containers",
		    "none: level %c of %s is below lab_level = %c", f->level,
		    d->c->lab_container_socket, d->c->lab_level);
	else
		doctor_note(d, FINDING_OK, "live labs", NULL,
		    "level %c (%s) on %s, root %.12s, at most %d at once",
		    f->level, f->sentence, d->c->lab_container_socket, f->root,
		    d->c->lab_boxes_max);
}

static void
look_at_live(struct doctor *d)
{
	const struct box_caps *caps = &d->live;
	const char *what = caps->cgroup == BOX_CGROUP_NONE
	    ? "a cgroup for each box is missing: run as a service with "
	      "Delegate=yes, or as root"
	    : "own ids for each box are missing: run as root";

	if (caps->level == 0)
		doctor_note(d, FINDING_WARN, "live labs",
		    "labs are done with their files until this is there",
		    "none: %s", caps->sentence);
	else if (caps->level > d->c->lab_level)
		doctor_note(d, FINDING_WARN, "live labs", what,
		    "none: level %c is below lab_level = %c", caps->level,
		    d->c->lab_level);
	else
		doctor_note(d, FINDING_OK, "live labs", NULL,
		    "level %c (ids %s, cgroup %s), at most %d at once",
		    caps->level, box_ids_name(caps->ids),
		    box_cgroup_name(caps->cgroup), d->c->lab_boxes_max);
}

static void
look_at_root(struct doctor *d, const struct box_caps *caps, bool is_there)
{
	if (caps->level == 0)
		return;
	if (caps->image != NULL)
		doctor_note(d, FINDING_OK, "lab root", NULL, "image %s in %s",
		    caps->image->digest, d->c->lab_image);
	else if (is_there)
		doctor_note(d, FINDING_WARN, "lab root",
		    "the image cannot be used here: see above",
		    "host: /usr of this machine");
	else
		doctor_note(d, FINDING_OK, "lab root", NULL,
		    "host: /usr of this machine; make lab-image gives labs a "
		    "system of their own");
}

static void
look_at_box(struct doctor *d)
{
	struct box_image image = {.fd = -1};
	struct box_caps caps;
	bool is_there;

	is_there = image_open(d->c->lab_image, &image) == ERR_OK;
	box_probe_image(is_there ? &image : NULL, &caps);
	if (caps.level == 0)
		doctor_note(d, FINDING_WARN, "lab box",
		    "labs that run programs are refused until this is there",
		    "none: %s", caps.sentence);
	else
		doctor_note(d, caps.level == 'A' ? FINDING_OK : FINDING_WARN,
		    "lab box",
		    caps.level == 'A' ? NULL
				      : "for more than trying out: see "
					"tanren(1), LABS",
		    "level %c: %s", caps.level, caps.sentence);
	look_at_root(d, &caps, is_there);
	image_close(&image);
	if (d->c->lab_container_socket != NULL)
		look_at_host(d);
	else
		look_at_live(d);
}

void
doctor_machine(struct doctor *d)
{
	look_at_versions(d);
	look_at_programs(d);
	look_at_clock(d);
	look_at_space(d);
	look_at_fsync(d);
	look_at_port(d);
	look_at_box(d);
}
