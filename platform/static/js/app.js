/*
 * On every page: govuk-frontend's behaviour where its markup is, and what
 * makes forms forgiving. Everything works without it. No words of its own:
 * they come from the page.
 */
import { ErrorSummary } from
    "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { SkipLink } from
    "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { ServiceNavigation } from
    "govuk-frontend/dist/govuk/components/service-navigation/service-navigation.mjs";
import { announceFlash } from "./flash.js";
import { sendOnce, keepComposition } from "./forms.js";
import { passwordToggles } from "./password.js";

/* govuk-frontend's mark for "its scripts run here". */
document.body.classList.add("js-enabled", "govuk-frontend-supported");

/* One that fails must not take the others along. */
function start(component, root)
{
	try {
		new component(root);
	} catch (error) {
		console.error(error);
	}
}

for (const component of [ErrorSummary, ServiceNavigation, SkipLink])
	for (const root of document.querySelectorAll(
	    `[data-module="${component.moduleName}"]`))
		start(component, root);

keepComposition(document);
sendOnce(document);
passwordToggles(document);
announceFlash(document);
