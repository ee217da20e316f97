/*
 * Waits for something slow on the server: a box that starts, a job. The page
 * has an element with
 *
 *   data-poll   the address that answers {"state": …, "text": …}
 *   data-state  the state that the page shows now
 *
 * and is loaded again when the state is another. A text goes into the
 * element's [data-role=progress]. Without this script the page has a link to
 * itself.
 */

const STEPS_MS = [1000, 1000, 1500, 2000, 3000];
const SLOWEST_MS = 5000;

/* How long to wait before the n-th question, from 0. */
export function pause(n)
{
	return STEPS_MS[n] ?? SLOWEST_MS;
}

async function ask(address)
{
	try {
		const response = await fetch(address, {
			headers: { Accept: "application/json" },
			credentials: "same-origin",
			cache: "no-store",
		});

		/* Signed out or gone: the page itself tells it best. */
		if (response.status >= 400 && response.status < 500)
			return { state: null };
		return response.ok ? await response.json() : undefined;
	} catch {
		return undefined;
	}
}

export function follow(element)
{
	const place = element.querySelector("[data-role=progress]");
	let n = 0;

	const again = () => setTimeout(async () => {
		/* Nobody looks: nobody asks. */
		const answer = document.hidden ? undefined :
		    await ask(element.dataset.poll);

		if (answer !== undefined &&
		    answer.state !== element.dataset.state) {
			location.reload();
			return;
		}
		if (place !== null && typeof answer?.text === "string" &&
		    place.textContent !== answer.text)
			place.textContent = answer.text;
		again();
	}, pause(n++));

	again();
}
