/*
 * What instructors did and wrote, kept up to date where the learner works:
 *
 *   #notices[data-notices]  the section, hidden while there is nothing; the
 *                           address that answers
 *                           {"now", "watcher", "notices": [{id, title, text,
 *                           at, deadline_at?, until?}]}, newest first
 *   ul > li[data-id]        what is shown already
 *
 * The list is a live region: what is added is read out.
 */

const ASK_MS = 10000;

/* Those that are not shown yet, oldest first. */
export function unseen(notices, ids)
{
	return notices.filter(({ id }) => !ids.has(id)).reverse();
}

function span(name, text)
{
	const element = document.createElement("span");

	element.className = `tanren-notice__${name}`;
	element.textContent = text;
	return element;
}

function item({ id, at, title, text })
{
	const element = document.createElement("li");

	element.className = "tanren-notice";
	element.dataset.id = id;
	element.append(span("at", at), " ", span("title", title));
	if (text !== "")
		element.append(span("text", text));
	return element;
}

export class Notices {
	/* told(notice): for each that is new. */
	constructor(root, told = () => {})
	{
		this.root = root;
		this.list = root.querySelector("ul");
		this.told = told;
		this.ids = new Set(Array.from(this.list.children,
		    (one) => Number(one.dataset.id)));
		this.asking = null;
		this.again = false;
	}

	async fetch()
	{
		try {
			const response = await fetch(this.root.dataset.notices, {
				headers: { Accept: "application/json" },
				credentials: "same-origin",
				cache: "no-store",
				redirect: "error",
			});

			return response.ok ? await response.json() : null;
		} catch {
			return null;
		}
	}

	async askOnce()
	{
		let answer;

		do {
			this.again = false;
			answer = await this.fetch();
			if (answer !== null)
				this.show(answer.notices);
		} while (this.again);
		this.asking = null;
		return answer;
	}

	/* Resolves to the newest answer, null without one. One at a time. */
	ask()
	{
		if (this.asking !== null)
			this.again = true;
		this.asking ??= this.askOnce();
		return this.asking;
	}

	show(notices)
	{
		for (const notice of unseen(notices, this.ids)) {
			this.ids.add(notice.id);
			/* First the region, then what is to be read out. */
			this.root.hidden = false;
			this.list.prepend(item(notice));
			this.told(notice);
		}
	}

	/* Now and then, while somebody looks. */
	poll()
	{
		setInterval(() => {
			if (!document.hidden)
				this.ask();
		}, ASK_MS);
	}
}
