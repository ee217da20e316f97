/* Where a learner stands in the class: pure decisions. */
#include "base/clock.h"
#include "lab/class.h"

static enum class_state
state_of(const struct class_line *line)
{
	const struct lab_standing *s = &line->standing;

	if (s->grading)
		return CLASS_GRADING;
	if (line->run.state == RUN_PREPARING)
		return CLASS_PREPARING;
	if (line->run.state == RUN_FAILED)
		return CLASS_FAILED;
	if (s->passed)
		return CLASS_PASSED;
	if (s->draw > line->run.draw)
		return CLASS_MOVED;
	return line->live ? CLASS_WORKING : CLASS_READY;
}

void
class_line_judge(
    struct class_line *line, const struct labd_status *box, int64_t now)
{
	line->live = box != NULL;
	if (box != NULL) {
		line->started_at = box->started_at;
		line->deadline_at = box->deadline_at;
		line->watchers = box->watchers;
		if (box->active_at > line->active_at)
			line->active_at = box->active_at;
	}
	line->state = state_of(line);
	line->stuck = line->state == CLASS_FAILED ||
	    (line->state != CLASS_PASSED && line->state != CLASS_GRADING &&
		now - line->active_at >= CLASS_STUCK_MS);
}

bool
class_may_add(const struct class_line *line)
{
	return line->graded != NULL && line->graded->run == line->run.id &&
	    !line->standing.passed && line->gave_up.draw < line->run.draw &&
	    !line->standing.grading && line->run.state == RUN_READY &&
	    line->graded->extra < CLASS_EXTRA_MAX;
}
