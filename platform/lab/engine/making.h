/* Making a box, with the step that failed: for box_run and box_probe. */
#ifndef LAB_ENGINE_MAKING_H
#define LAB_ENGINE_MAKING_H

#include "lab/engine/parts.h"

/* As box_run, without looking at the level; failure: with ERR_UNAVAILABLE. */
MUST_USE enum err box_make_and_run(const struct box_job *job, struct arena *a,
    struct box_result *out, struct note *failure);

#endif
