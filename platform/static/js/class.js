/*
 * The class stays up to date: the page is asked for again, and what changes,
 * #class-live, takes the place of what was there. Where the keyboard stands
 * it stays. Without this script the page is loaded again by hand.
 */

const ASK_MS = 10000;
const LIVE = "class-live";

/* The page as a document; null when it did not come. Its scripts do not run. */
function load(address)
{
	return new Promise((resolve) => {
		const request = new XMLHttpRequest();

		request.open("GET", address);
		request.responseType = "document";
		request.timeout = ASK_MS;
		request.onload = () => resolve(
		    request.status === 200 ? request.response : null);
		request.onerror = request.ontimeout = () => resolve(null);
		request.send();
	});
}

function replace(before, after)
{
	const focused = before.contains(document.activeElement) ?
	    document.activeElement.getAttribute("href") : null;

	before.replaceWith(document.adoptNode(after));
	if (focused !== null)
		after.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

async function refresh()
{
	const before = document.getElementById(LIVE);
	/* Nobody looks, or somebody is choosing words to copy. */
	const quiet = document.hidden ||
	    !(getSelection()?.isCollapsed ?? true);
	const page = quiet ? null : await load(location.href);
	const after = page?.getElementById(LIVE) ?? null;

	if (after !== null)
		replace(before, after);
	setTimeout(refresh, ASK_MS);
}

if (document.getElementById(LIVE) !== null)
	setTimeout(refresh, ASK_MS);
