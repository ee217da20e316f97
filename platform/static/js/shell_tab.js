/* One terminal of the page: its tab, its panel, its screen and connection. */
import { fill } from "./exam_clock.js";
import { STATE, TerminalLink } from "./terminal_link.js";
import { TerminalScreen } from "./terminal_screen.js";

const FIT_MS = 80;

export class ShellTab {
	/*
	 * page: what all tabs share, {words, fontSize, reader, ticket(number),
	 * connect(), changed(tab), select(tab), news(watchers)}; watches: the
	 * terminal is another's and is only seen.
	 */
	constructor(page, number, tabs, panels)
	{
		this.page = page;
		this.number = number;
		this.state = null;
		this.why = null;
		this.button = this.makeButton(tabs);
		this.panel = this.makePanel(panels);
		this.screen = null;
		this.link = new TerminalLink({
			ticket: () => page.ticket(number),
			connect: () => page.connect(),
			size: () => this.screen.size,
			later: (f, ms) => setTimeout(f, ms),
			state: (state, why) => this.become(state, why),
			output: (...data) => this.screen.output(...data),
			replay: (...data) => this.screen.replay(...data),
			watches: page.watches === true,
			sized: (size) => this.screen.sized(size),
			news: (watchers) => page.news(watchers),
		});
	}

	makeButton(tabs)
	{
		const button = document.createElement("button");

		button.type = "button";
		button.id = `shell-tab-${this.number}`;
		button.className = "tanren-shell__tab";
		button.textContent = fill(this.page.words.tab,
		    { n: this.number + 1 });
		button.setAttribute("role", "tab");
		button.setAttribute("aria-controls",
		    `shell-panel-${this.number}`);
		button.addEventListener("click", () => this.page.select(this));
		tabs.append(button);
		return button;
	}

	makePanel(panels)
	{
		const panel = document.createElement("div");

		panel.id = `shell-panel-${this.number}`;
		panel.className = "tanren-shell__panel";
		panel.setAttribute("role", "tabpanel");
		panel.setAttribute("aria-labelledby", this.button.id);
		panels.append(panel);
		return panel;
	}

	become(state, why)
	{
		this.state = state;
		this.why = why;
		this.button.dataset.state = state;
		this.page.changed(this);
	}

	/* Begins with the first look at it: only then it has a size. */
	show(visible)
	{
		this.panel.hidden = !visible;
		this.button.setAttribute("aria-selected", String(visible));
		this.button.tabIndex = visible ? 0 : -1;
		if (!visible)
			return;
		if (this.screen === null)
			this.begin();
		this.screen.fit();
	}

	begin()
	{
		const { words } = this.page;
		let timer = 0;

		this.screen = new TerminalScreen(this.panel, {
			words: {
				input: fill(words.input,
				    { n: this.number + 1 }),
				tooMuch: words.tooMuch,
			},
			fontSize: this.page.fontSize,
			reader: this.page.reader,
			watches: this.page.watches === true,
			typed: (bytes) => this.link.type(bytes),
			resized: (rows, columns) =>
			    this.link.resize(rows, columns),
		});
		new ResizeObserver(() => {
			clearTimeout(timer);
			timer = setTimeout(() => this.screen.fit(), FIT_MS);
		}).observe(this.panel);
		this.screen.fit();
		this.link.open();
	}

	get isConnected()
	{
		return this.state === STATE.CONNECTED;
	}

	/* A new shell where one has ended. */
	again()
	{
		this.link.open();
	}
}
