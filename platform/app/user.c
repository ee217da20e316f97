/* Users and capabilities (capabilities(7)). */
#include "app/user.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

#define TREE_FILES_OPEN 16
#define LAB_IMAGE "lab-image" /* below VAR */

static enum err
failed(const char *what)
{
	log_error("user", "%s: %s", what, strerror(errno));
	return ERR_INTERNAL;
}

/* ------------------------------------------------------- the system user */

static enum err
make_system_user(void)
{
	int status;
	pid_t pid;

	printf("Making the system user %s (useradd --system).\n", SYSTEM_USER);
	(void)fflush(stdout);
	if ((pid = fork()) == -1)
		return failed("fork");
	if (pid == 0) {
		(void)execl("/usr/sbin/useradd", "useradd", "--system",
		    "--user-group", "--no-create-home", "--home-dir",
		    "/var/lib/tanren", "--shell", "/usr/sbin/nologin",
		    SYSTEM_USER, (char *)NULL);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return failed("waitpid");
	if (status == 0)
		return ERR_OK;
	log_error("user",
	    "useradd failed: make the user " SYSTEM_USER
	    ", or start as an ordinary user");
	return ERR_INTERNAL;
}

/* nftw hands nothing through: who the files shall belong to. */
static struct user tree_owner;

static int
give_file(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	/* an image of labs is read by all and changed by nobody */
	if (kind == FTW_D && at->level == 1 &&
	    text_eq(path + at->base, LAB_IMAGE))
		return FTW_SKIP_SUBTREE;
	if (st->st_uid != tree_owner.uid &&
	    lchown(path, tree_owner.uid, tree_owner.gid) == -1)
		return FTW_STOP;
	return FTW_CONTINUE;
}

static enum err
give_tree(const char *var, const struct user *u)
{
	struct stat st;

	if (stat(var, &st) == -1)
		return failed(var);
	if (st.st_uid != u->uid)
		printf("Giving %s to the system user %s.\n", var, SYSTEM_USER);
	tree_owner = *u;
	if (nftw(var, give_file, TREE_FILES_OPEN,
		FTW_PHYS | FTW_ACTIONRETVAL) != 0)
		return failed(var);
	return ERR_OK;
}

/* ------------------------------------------------------------ becoming it */

static enum err
keep_capabilities(unsigned needs)
{
	struct __user_cap_header_struct head = {
	    .version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
	const struct {
		unsigned need;
		unsigned capability;
	} kept[] = {
	    {USER_NEEDS_LOW_PORT, CAP_NET_BIND_SERVICE},
	    {USER_NEEDS_REACH, CAP_DAC_READ_SEARCH},
	};
	size_t i;

	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if ((needs & kept[i].need) != 0)
			data[0].permitted |= 1u << kept[i].capability;
	data[0].effective = data[0].inheritable = data[0].permitted;
	if (syscall(SYS_capset, &head, data) == -1)
		return failed("capset");
	/* so that they live through exec */
	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if ((needs & kept[i].need) != 0 &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE,
			kept[i].capability, 0, 0) == -1)
			return failed("ambient capabilities");
	return ERR_OK;
}

enum err
user_become(const struct user *u, unsigned needs)
{
	if (!u->changes || (needs & USER_NEEDS_ROOT) != 0)
		return ERR_OK;
	if (u->must_reach)
		needs |= USER_NEEDS_REACH;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == -1)
		return failed("keeping capabilities");
	/* else access(2) would not see them */
	if ((needs & USER_NEEDS_REACH) != 0 &&
	    prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0) == -1)
		return failed("keeping capabilities for access");
	if (setgroups(1, &u->gid) == -1 ||
	    setresgid(u->gid, u->gid, u->gid) == -1 ||
	    setresuid(u->uid, u->uid, u->uid) == -1)
		return failed("changing the user");
	return keep_capabilities(needs);
}

/* Whether the user gets into VAR, asked in a process of its own. */
static enum err
can_enter(const char *var, const struct user *u, bool *out)
{
	int status;
	pid_t pid;

	if ((pid = fork()) == -1)
		return failed("fork");
	if (pid == 0) {
		if (user_become(u, USER_NEEDS_NOTHING) != ERR_OK)
			_exit(2);
		_exit(faccessat(
			  AT_FDCWD, var, R_OK | W_OK | X_OK, AT_EACCESS) == 0
			? 0
			: 1);
	}
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return failed("waitpid");
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
		return ERR_INTERNAL;
	*out = WEXITSTATUS(status) == 0;
	return ERR_OK;
}

enum err
user_prepare(const char *var, struct user *out)
{
	struct user u = {.changes = geteuid() == 0};
	const struct passwd *p;
	bool enters = false;
	enum err e;

	if (!u.changes) {
		*out = u;
		return ERR_OK;
	}
	if ((p = getpwnam(SYSTEM_USER)) == NULL) {
		if ((e = make_system_user()) != ERR_OK)
			return e;
		if ((p = getpwnam(SYSTEM_USER)) == NULL)
			return failed("the new user " SYSTEM_USER);
	}
	u.uid = p->pw_uid;
	u.gid = p->pw_gid;
	if ((e = give_tree(var, &u)) != ERR_OK ||
	    (e = can_enter(var, &u, &enters)) != ERR_OK)
		return e;
	if (!enters) {
		u.must_reach = true;
		if ((e = can_enter(var, &u, &enters)) != ERR_OK || !enters) {
			log_error("user",
			    "the user " SYSTEM_USER
			    " cannot enter a directory above %s: put VAR"
			    " elsewhere (--var /var/lib/tanren)",
			    var);
			return ERR_INTERNAL;
		}
		printf("Warning: the user %s cannot enter a directory above %s."
		       " Its processes may read\nevery file of this machine"
		       " until VAR is elsewhere (--var /var/lib/tanren).\n",
		    SYSTEM_USER, var);
	}
	*out = u;
	return ERR_OK;
}

enum err
user_become_owner(const char *var)
{
	struct user u = {.changes = true};
	struct stat st;

	if (geteuid() != 0)
		return ERR_OK;
	if (stat(var, &st) == -1)
		return failed(var);
	if (st.st_uid == 0)
		return ERR_OK;
	u.uid = st.st_uid;
	u.gid = st.st_gid;
	return user_become(&u, USER_NEEDS_REACH);
}
