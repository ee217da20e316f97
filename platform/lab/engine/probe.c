/* What isolation this machine gives: found out by making a box. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "lab/engine/making.h"

static const char *const sentences[BOX_MISSING__MAX] = {
    [BOX_MISSING_NOTHING] = "labs run in boxes of their own",
    [BOX_MISSING_USER_NS] =
	"user namespaces are not allowed here: allow them (sysctl "
	"kernel.unprivileged_userns_clone=1, user.max_user_namespaces) or "
	"run the jobs as root",
    [BOX_MISSING_MOUNTS] =
	"a box cannot mount its own root and /proc here, as in most "
	"containers: run the jobs outside of one",
    [BOX_MISSING_SECCOMP] =
	"the kernel does not take a system call filter (CONFIG_SECCOMP_FILTER)",
    [BOX_MISSING_PYTHON] = BOX_PYTHON " is missing: install python3",
};

static const char *const names[BOX_MISSING__MAX] = {
    [BOX_MISSING_NOTHING] = "nothing",
    [BOX_MISSING_USER_NS] = "user_namespaces",
    [BOX_MISSING_MOUNTS] = "mounts",
    [BOX_MISSING_SECCOMP] = "seccomp",
    [BOX_MISSING_PYTHON] = "python",
};

static enum box_missing
missing_at(enum step step)
{
	switch (step) {
	case STEP_STARTED:
	case STEP_IDS:
		return BOX_MISSING_USER_NS;
	case STEP_SECCOMP:
		return BOX_MISSING_SECCOMP;
	case STEP_EXEC:
		return BOX_MISSING_PYTHON;
	default:
		return BOX_MISSING_MOUNTS;
	}
}

static void
try_box(struct box_caps *caps)
{
	static const char *const argv[] = {
	    BOX_PYTHON, "-I", "-S", "-c", "print('a box')", NULL};
	static const char *const env[] = {"LANG=C.UTF-8", NULL};
	const struct box_job job = {
	    .caps = caps,
	    .argv = argv,
	    .env = env,
	    .seconds = 10,
	    .memory_mb = 128,
	    .disk_mb = 4,
	    .processes_max = 8,
	};
	struct arena *a = arena_new();
	struct box_result result;
	struct note failure;
	enum err e;

	e = box_make_and_run(&job, a, &result, &failure);
	if (e != ERR_OK) {
		caps->missing = missing_at(failure.step);
		log_warning("box", "trial: %s: %s", step_name(failure.step),
		    strerror(failure.error));
	} else if (result.end != BOX_EXITED || result.code != 0 ||
	    strcmp(result.out, "a box\n") != 0) {
		caps->missing = BOX_MISSING_PYTHON;
		log_warning("box", "trial: %s %d", box_end_name(result.end),
		    result.code);
	}
	arena_free(a);
}

static void
probe(const struct box_image *image, struct box_caps *out)
{
	struct box_caps caps = {
	    .ids = geteuid() == 0 ? BOX_IDS_OWN : BOX_IDS_SINGLE,
	    .image = image,
	};

	cgroup_find(&caps);
	try_box(&caps);
	caps.sentence = sentences[caps.missing];
	if (caps.missing == BOX_MISSING_NOTHING) {
		caps.seccomp = true;
		caps.level = caps.cgroup == BOX_CGROUP_NONE ? 'D'
		    : caps.ids == BOX_IDS_OWN		    ? 'A'
							    : 'C';
	} else {
		caps.ids = BOX_IDS_NONE;
	}
	*out = caps;
}

void
box_probe(struct box_caps *out)
{
	probe(NULL, out);
}

void
box_probe_image(const struct box_image *image, struct box_caps *out)
{
	probe(image, out);
	if (image == NULL || out->missing == BOX_MISSING_NOTHING)
		return;
	log_warning("box",
	    "no box can be made of the image %.12s: this machine's /usr is"
	    " used",
	    image->digest);
	probe(NULL, out);
}

void
box_prepare(void)
{
	struct box_caps unused = {0};

	cgroup_find(&unused);
}

const char *
box_ids_name(enum box_ids ids)
{
	static const char *const text[] = {
	    [BOX_IDS_NONE] = "none",
	    [BOX_IDS_SINGLE] = "single-uid",
	    [BOX_IDS_OWN] = "own-range",
	    [BOX_IDS_SHARED] = "shared-range",
	};

	return text[ids];
}

const char *
box_cgroup_name(enum box_cgroup cgroup)
{
	static const char *const text[] = {
	    [BOX_CGROUP_NONE] = "none",
	    [BOX_CGROUP_V1] = "v1",
	    [BOX_CGROUP_V2] = "v2",
	};

	return text[cgroup];
}

const char *
box_missing_name(enum box_missing m)
{
	return names[m];
}
