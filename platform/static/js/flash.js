/* A message shown once ("saved") is read out. */

const AFTER_MS = 400;

/*
 * A live region that is there from the start is silent in most readers, so
 * its words are said by a second one that comes and is then filled.
 */
export function announceFlash(document)
{
	const message = document.querySelector(
	    ".govuk-notification-banner[role=status]");

	if (message === null)
		return;
	const region = document.createElement("div");

	region.className = "govuk-visually-hidden";
	region.setAttribute("role", "status");
	message.removeAttribute("role");
	document.body.append(region);
	setTimeout(() => {
		region.textContent = message.textContent.trim();
	}, AFTER_MS);
}
