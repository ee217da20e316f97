/*
 * On every page: govuk-frontend's behaviour where its markup is, and what
 * makes forms forgiving. Everything works without it. No words of its own:
 * they come from the page.
 */
import { ErrorSummary } from
    "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { SkipLink } from
    "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { announceFlash } from "./flash.js";
import { sendOnce, keepComposition } from "./forms.js";
import { passwordToggles } from "./password.js";

/* govuk-frontend's mark for "its scripts run here". */
document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const component of [ErrorSummary, SkipLink])
	for (const root of document.querySelectorAll(
	    `[data-module="${component.moduleName}"]`))
		new component(root);

keepComposition(document);
sendOnce(document);
passwordToggles(document);
announceFlash(document);
