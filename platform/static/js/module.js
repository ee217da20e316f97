/*
 * Reading a module: the contents show where one is. Nothing is stored.
 */

/*
 * What stands in the upper third is what one reads. Everything above belongs
 * to the band, so that a heading that was jumped over counts as passed.
 */
const BAND = "10000000px 0px -66% 0px";

/* The last heading that has come up to the band; the first before that. */
export function currentHeading(headings, passed)
{
	let current = headings[0];

	for (const heading of headings)
		if (passed.has(heading))
			current = heading;
	return current;
}

function follow(document)
{
	const links = new Map();
	const passed = new Set();

	for (const link of document.querySelectorAll(
	    ".tanren-contents a[href^='#']")) {
		const heading = document.getElementById(
		    decodeURIComponent(link.hash.slice(1)));

		if (heading !== null)
			links.set(heading, link);
	}
	if (links.size === 0)
		return;
	const headings = [...links.keys()];
	const observer = new IntersectionObserver((entries) => {
		for (const entry of entries) {
			if (entry.isIntersecting)
				passed.add(entry.target);
			else
				passed.delete(entry.target);
		}
		const current = currentHeading(headings, passed);

		for (const [heading, link] of links) {
			if (heading === current)
				link.setAttribute("aria-current", "location");
			else
				link.removeAttribute("aria-current");
		}
	}, { rootMargin: BAND });

	headings.forEach((heading) => observer.observe(heading));
}

if (typeof document !== "undefined")
	follow(document);
