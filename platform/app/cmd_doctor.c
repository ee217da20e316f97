/* `tanren doctor`: what this machine offers, and what is missing. */
#include <stdio.h>

#include "app/cmd.h"
#include "app/doctor.h"
#include "app/lab_host.h"
#include "app/site.h"
#include "base/json.h"
#include "base/log.h"
#include "base/random.h"

static const char usage[] =
    "usage: tanren doctor [--var DIR] [--config FILE] [--port N] [--json]\n"
    "\n"
    "Looks at this machine and at the installation in DIR: one line for each\n"
    "thing, ok, warn or fail, with what to do. Exit status 1 on a fail.\n";

static const char *const states[] = {
    [FINDING_OK] = "ok", [FINDING_WARN] = "warn", [FINDING_FAIL] = "fail"};

static void
print_json(const struct doctor *d)
{
	struct buf b = BUF_EMPTY;
	size_t i;

	buf_printf(
	    &b, "{\"state\":\"%s\",\"findings\":[", states[doctor_worst(d)]);
	for (i = 0; i < d->n; i++) {
		buf_printf(&b,
		    "%s{\"state\":\"%s\",\"what\":", i == 0 ? "" : ",",
		    states[d->list[i].state]);
		json_quote(&b, d->list[i].what);
		buf_puts(&b, ",\"text\":");
		json_quote(&b, d->list[i].text);
		if (d->list[i].advice != NULL) {
			buf_puts(&b, ",\"advice\":");
			json_quote(&b, d->list[i].advice);
		}
		buf_puts(&b, "}");
	}
	printf("%s]}\n", buf_text(&b));
	buf_free(&b);
}

static void
print_lines(const struct doctor *d)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		printf("%-5s %-9s %s\n", states[d->list[i].state],
		    d->list[i].what, d->list[i].text);
		if (d->list[i].advice != NULL)
			printf("%16s-> %s\n", "", d->list[i].advice);
	}
}

int
cmd_doctor(int argc, char **argv)
{
	struct arena *a = cmd_arena();
	struct doctor d = {.a = a};
	struct container_host host;
	struct lab_looker looker;
	struct options o;
	struct config c;
	bool fails;
	int status;

	/* as whoever started us, as `tanren run` does it; then as VAR's owner
	 */
	log_start("doctor");
	random_start();
	box_probe(&d.live);
	if (lab_looker_start(&looker) == -1)
		return EXIT_NOT_DONE;
	status = cmd_begin(&argc, argv, 0, usage, a, &o, &c);
	if (status != -1)
		return status;
	if (process_start(a, &c, "doctor", PROCESS_COMMAND) != ERR_OK)
		return EXIT_NOT_DONE;
	d.c = &c;
	host = lab_host(a, &c);
	lab_looker_end(&looker, host.socket == NULL ? NULL : &host, &d.host);
	doctor_look(&d);
	if (o.json)
		print_json(&d);
	else
		print_lines(&d);
	fails = doctor_worst(&d) == FINDING_FAIL;
	return fails ? EXIT_NOT_DONE : EXIT_DONE;
}
