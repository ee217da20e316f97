/* Forms that are sent once, and not while a word is being composed. */

/* After this a form can be sent again: the answer may have been lost. */
const AGAIN_MS = 5000;

/*
 * Enter that chooses a conversion of the input method is not Enter. Safari
 * ends the composition before it tells of the key; its code is still 229.
 */
export function isComposing(event)
{
	return event.isComposing === true || event.keyCode === 229;
}

export function keepComposition(document)
{
	document.addEventListener("keydown", (event) => {
		if (event.key === "Enter" && isComposing(event) &&
		    event.target instanceof HTMLInputElement)
			event.preventDefault();
	}, true);
}

/* The second of two clicks does nothing. A form that only asks may. */
export function sendOnce(document)
{
	document.addEventListener("submit", (event) => {
		const form = event.target;

		if (event.defaultPrevented || form.method !== "post")
			return;
		if (form.hasAttribute("data-sent")) {
			event.preventDefault();
			return;
		}
		form.setAttribute("data-sent", "");
		setTimeout(() => form.removeAttribute("data-sent"), AGAIN_MS);
	});
	/* Back again with the page kept in memory. */
	window.addEventListener("pageshow", () => {
		for (const form of document.querySelectorAll("form[data-sent]"))
			form.removeAttribute("data-sent");
	});
}
