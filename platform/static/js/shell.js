/*
 * The page of a lab's shell: up to four terminals, the time that is left, and
 * what happened when it is over. The words are on the page:
 *
 *   #shell data-live data-ticket data-terminals … and the words
 *   #shell-bar with [data-role=left|until] and the form that extends
 *   #shell-tools with [role=tablist] and [data-role=add|smaller|larger|reader]
 *   #shell-panels, #shell-status, #shell-again, #shell-over, #shell-time
 *   #watched: who sees the terminals; #notices, see notices.js
 *
 * Without this script there is no terminal; everything else is forms.
 */
import { fill } from "./exam_clock.js";
import { Notices } from "./notices.js";
import { ShellTab } from "./shell_tab.js";
import { ShellTime } from "./shell_time.js";
import { STATE } from "./terminal_link.js";
import { allowTerminalStyles } from "./terminal_styles.js";

const FONT_SIZES = [11, 12, 13, 14, 16, 18, 21, 24, 28];
const FONT_SIZE = 14;
const ASK_MS = 10000;
/* Ends of a terminal that are the end of all of them. */
const OVER = ["box", "deadline", "idle", "gone"];

/* What a reader chose, for this browser. One that keeps nothing is fine. */
function kept(storage, name)
{
	try {
		return window[storage].getItem(`tanren.shell.${name}`);
	} catch {
		return null;
	}
}

function keep(storage, name, value)
{
	try {
		window[storage].setItem(`tanren.shell.${name}`, String(value));
	} catch {
		/* It is chosen again next time. */
	}
}

class ShellPage {
	constructor(root)
	{
		this.root = root;
		this.words = root.dataset;
		this.tools = document.getElementById("shell-tools");
		this.panels = document.getElementById("shell-panels");
		this.status = document.getElementById("shell-status");
		this.againButton = document.getElementById("shell-again");
		this.over = document.getElementById("shell-over");
		this.bar = document.getElementById("shell-bar");
		this.tabList = this.tools.querySelector("[role=tablist]");
		this.addButton = this.tool("add");
		this.watched = document.getElementById("watched");
		this.watchers = 0;
		this.notices = new Notices(document.getElementById("notices"),
		    (notice) => this.told(notice));
		this.tabs = [];
		this.current = null;
		this.isOver = false;
		this.fontSize = Number(kept("localStorage", "size")) || FONT_SIZE;
		this.reader = kept("localStorage", "reader") === "true";
		this.time = new ShellTime(root,
		    this.bar.querySelector("[data-role=left]"),
		    document.getElementById("shell-time"));
	}

	tool(role)
	{
		return this.tools.querySelector(`[data-role="${role}"]`);
	}

	/* ------------------------------------------------------------ server */

	/* {status, …JSON}; status 0 when nothing came. */
	async ask(address, fields)
	{
		const stop = new AbortController();
		const timer = setTimeout(() => stop.abort(), ASK_MS);
		const sent = performance.now();

		try {
			const response = await fetch(address, {
				method: "POST",
				body: new URLSearchParams(fields),
				headers: {
					"Accept": "application/json",
					"X-CSRF-Token": this.words.csrf,
				},
				credentials: "same-origin",
				redirect: "error",
				signal: stop.signal,
			});
			const retry_after = Number(
			    response.headers.get("Retry-After")) || 0;

			if (response.status !== 200)
				return { status: response.status, retry_after };
			const body = await response.json();

			this.time.correct(body, sent);
			return { status: 200, retry_after, ...body };
		} catch {
			return { status: 0, retry_after: 0 };
		} finally {
			clearTimeout(timer);
		}
	}

	ticket(terminal)
	{
		return this.ask(this.words.ticket, { terminal });
	}

	connect()
	{
		const address = new URL(this.words.terminals, location.href);

		address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
		return new WebSocket(address);
	}

	/* -------------------------------------------------------------- tabs */

	add()
	{
		const tab = new ShellTab(this, this.tabs.length, this.tabList,
		    this.panels);

		this.tabs.push(tab);
		this.addButton.hidden =
		    this.tabs.length >= Number(this.words.terminalsMax);
		keep("sessionStorage", "tabs", this.tabs.length);
		return tab;
	}

	/* Without the keyboard going there. */
	selectQuietly(tab)
	{
		this.current = tab;
		for (const one of this.tabs)
			one.show(one === tab);
		this.show();
	}

	select(tab)
	{
		this.selectQuietly(tab);
		tab.screen.focus();
	}

	/*
	 * All of it in the window, and ready for the first key; not where that
	 * would bring up a keyboard that hides half of it.
	 */
	first()
	{
		this.root.scrollIntoView();
		if (matchMedia("(hover: hover)").matches)
			this.select(this.tabs[0]);
		else
			this.selectQuietly(this.tabs[0]);
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
		this.selectQuietly(this.tabs[to]);
		this.tabs[to].button.focus();
	}

	/* ------------------------------------------------------------- status */

	text({ state, why })
	{
		if (state !== STATE.ENDED)
			return this.words[state] ?? "";
		return { "shell": this.words.endedShell,
			"busy": this.words.endedBusy,
			"signed-out": this.words.signedOut }[why] ?? "";
	}

	/* A tab has another state. */
	changed(tab)
	{
		if (tab.state === STATE.ENDED && OVER.includes(tab.why))
			this.finish(tab.why);
		else if (tab === this.current)
			this.show();
	}

	show()
	{
		const { state, why } = this.current;
		const text = this.text(this.current);

		this.status.dataset.state = state ?? "";
		if (this.status.textContent !== text)
			this.status.textContent = text;
		this.againButton.hidden = state !== STATE.ENDED ||
		    !["shell", "busy"].includes(why);
	}

	/* The box is no more, and with it all terminals. */
	finish(why)
	{
		if (this.isOver)
			return;
		this.isOver = true;
		this.showWatched("");
		for (const { link } of this.tabs)
			link.drop();
		this.time.stop();
		this.bar.hidden = true;
		this.tools.hidden = true;
		this.againButton.hidden = true;
		this.status.textContent = "";
		this.status.dataset.state = STATE.ENDED;
		this.root.classList.add("tanren-shell--over");
		this.over.querySelector("[data-role=why]").textContent = {
			deadline: this.words.overDeadline,
			idle: this.words.overIdle,
			box: this.words.overBox,
			gone: this.words.overGone,
		}[why];
		this.over.hidden = false;
		this.over.focus();
	}

	/* --------------------------------------------------------- instructor */

	showWatched(text)
	{
		if (this.watched.textContent !== text)
			this.watched.textContent = text;
	}

	/* So many watch now, and there may be something to read. */
	async news(watchers)
	{
		if (watchers > 0 && this.watchers === 0)
			this.showWatched(this.words.watched);
		this.watchers = watchers;
		if (watchers === 0)
			this.showWatched("");
		const name = (await this.notices.ask())?.watcher ?? "";

		if (this.watchers > 1)
			this.showWatched(fill(this.words.watchedMany,
			    { n: this.watchers }));
		else if (this.watchers === 1)
			this.showWatched(name === "" ? this.words.watched :
			    fill(this.words.watchedOne, { name }));
	}

	/* Time that was added changes the clock, too. */
	told({ deadline_at, until })
	{
		if (deadline_at === undefined ||
		    deadline_at <= this.time.deadline)
			return;
		this.time.deadline = deadline_at;
		this.time.tick();
		this.bar.querySelector("[data-role=until]").textContent = until;
	}

	/* -------------------------------------------------------------- tools */

	resizeText(step)
	{
		const at = FONT_SIZES.findIndex((size) => size >= this.fontSize);
		const to = Math.min(FONT_SIZES.length - 1, Math.max(0,
		    (at === -1 ? FONT_SIZES.length - 1 : at) + step));

		this.fontSize = FONT_SIZES[to];
		keep("localStorage", "size", this.fontSize);
		for (const { screen } of this.tabs)
			if (screen !== null)
				screen.fontSize = this.fontSize;
	}

	setReader(on)
	{
		this.reader = on;
		keep("localStorage", "reader", on);
		this.tool("reader").setAttribute("aria-pressed", String(on));
		for (const { screen } of this.tabs)
			if (screen !== null)
				screen.reader = on;
	}

	/* Without leaving the page; if that fails the form goes its own way. */
	async extend(event)
	{
		const form = event.target;

		event.preventDefault();
		const { status, until } = await this.ask(form.action, {});

		form.removeAttribute("data-sent");
		if (status === 200)
			this.bar.querySelector("[data-role=until]")
				.textContent = until;
		else
			form.submit();
	}

	hurry()
	{
		for (const { link } of this.tabs)
			link.hurry();
	}

	start()
	{
		const tabs = Math.min(Number(this.words.terminalsMax),
		    Number(kept("sessionStorage", "tabs")) || 1);

		for (let i = 0; i < tabs; i++)
			this.add();
		this.tools.hidden = false;
		this.setReader(this.reader);
		this.tabList.addEventListener("keydown",
		    (event) => this.move(event));
		this.addButton.addEventListener("click",
		    () => this.select(this.add()));
		this.tool("smaller").addEventListener("click",
		    () => this.resizeText(-1));
		this.tool("larger").addEventListener("click",
		    () => this.resizeText(1));
		this.tool("reader").addEventListener("click",
		    () => this.setReader(!this.reader));
		this.againButton.addEventListener("click", () => {
			this.current.again();
			this.current.screen.focus();
		});
		this.bar.querySelector(`form[action="${this.words.extend}"]`)
			.addEventListener("submit",
			    (event) => this.extend(event));
		addEventListener("online", () => this.hurry());
		document.addEventListener("visibilitychange", () => {
			if (!document.hidden)
				this.hurry();
		});
		this.first();
	}
}

const root = document.getElementById("shell");

if (root !== null && root.dataset.live === "yes") {
	allowTerminalStyles(document);
	new ShellPage(root).start();
}
