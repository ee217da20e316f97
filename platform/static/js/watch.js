/*
 * A learner's terminals, seen by an instructor: up to four, nothing can be
 * typed, and each is as large as it is on the learner's side.
 *
 *   #watch data-ticket data-terminals … and the words
 *   #shell-tools with [role=tablist], #shell-panels, #shell-status
 *   #watch-help with forms, #watch-said where their answers are told
 */
import { ShellTab } from "./shell_tab.js";
import { STATE } from "./terminal_link.js";
import { allowTerminalStyles } from "./terminal_styles.js";

const ASK_MS = 10000;
const AGAIN_MS = 5000; /* until a shell that has ended is looked for again */

class WatchPage {
	constructor(root)
	{
		this.root = root;
		this.words = root.dataset;
		this.watches = true;
		this.fontSize = 14;
		this.reader = false;
		this.tools = document.getElementById("shell-tools");
		this.panels = document.getElementById("shell-panels");
		this.status = document.getElementById("shell-status");
		this.tabList = this.tools.querySelector("[role=tablist]");
		this.tabs = [];
		this.current = null;
	}

	/* {status, retry_after, …JSON}; status 0 when nothing came. */
	async ask(address, body)
	{
		try {
			const response = await fetch(address, {
				method: "POST",
				body,
				headers: {
					"Accept": "application/json",
					"X-CSRF-Token": this.words.csrf,
				},
				credentials: "same-origin",
				redirect: "error",
				signal: AbortSignal.timeout(ASK_MS),
			});
			const retry_after = Number(
			    response.headers.get("Retry-After")) || 0;

			if (response.status !== 200)
				return { status: response.status, retry_after };
			return { status: 200, retry_after,
				...await response.json() };
		} catch {
			return { status: 0, retry_after: 0 };
		}
	}

	ticket(terminal)
	{
		return this.ask(this.words.ticket,
		    new URLSearchParams({ terminal }));
	}

	/*
	 * Without leaving the terminal; what the server does not take goes the
	 * form's own way, which says why.
	 */
	async send(event)
	{
		const form = event.target;
		const said = document.getElementById("watch-said");

		event.preventDefault();
		said.textContent = "";
		const { status, says } = await this.ask(form.action,
		    new URLSearchParams(new FormData(form)));

		form.removeAttribute("data-sent");
		if (status !== 200) {
			form.submit();
			return;
		}
		said.textContent = says;
		form.querySelector("textarea")?.form.reset();
	}

	connect()
	{
		const address = new URL(this.words.terminals, location.href);

		address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
		return new WebSocket(address);
	}

	/* What is new is for whoever types. */
	news()
	{
	}

	text({ state, why })
	{
		if (state !== STATE.ENDED)
			return this.words[state] ?? "";
		return { "shell": this.words.endedShell,
			"busy": this.words.endedBusy,
			"signed-out": this.words.signedOut }[why] ??
		    this.words.over;
	}

	changed(tab)
	{
		if (tab.state === STATE.ENDED && tab.why === "shell")
			setTimeout(() => tab.again(), AGAIN_MS);
		if (tab === this.current)
			this.show();
	}

	show()
	{
		const text = this.text(this.current);

		this.status.dataset.state = this.current.state ?? "";
		if (this.status.textContent !== text)
			this.status.textContent = text;
	}

	select(tab)
	{
		this.current = tab;
		for (const one of this.tabs)
			one.show(one === tab);
		this.show();
	}

	/* Arrows, Home and End move between tabs (ARIA's tab pattern). */
	move(event)
	{
		const last = this.tabs.length - 1;
		const at = this.tabs.indexOf(this.current);
		const to = { ArrowRight: at === last ? 0 : at + 1,
			ArrowLeft: at === 0 ? last : at - 1,
			Home: 0, End: last }[event.key];

		if (to === undefined)
			return;
		event.preventDefault();
		this.select(this.tabs[to]);
		this.tabs[to].button.focus();
	}

	start()
	{
		for (let i = 0; i < Number(this.words.terminalsMax); i++)
			this.tabs.push(new ShellTab(this, i, this.tabList,
			    this.panels));
		this.tools.hidden = false;
		this.tabList.addEventListener("keydown",
		    (event) => this.move(event));
		this.select(this.tabs[0]);
		for (const form of document.querySelectorAll("#watch-help form"))
			form.addEventListener("submit",
			    (event) => this.send(event));
		addEventListener("online", () => {
			for (const { link } of this.tabs)
				link.hurry();
		});
	}
}

const root = document.getElementById("watch");

if (root !== null) {
	allowTerminalStyles(document);
	new WatchPage(root).start();
}
