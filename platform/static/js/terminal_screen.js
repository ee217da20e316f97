/*
 * A terminal on the page: xterm.js with what is ours. What programs inside
 * the box print is hostile by trade, so nothing that they say leads out of the
 * screen: no links, no title, no clipboard, no window.
 */
import { Terminal } from "@xterm/xterm";
import { FitAddon } from "@xterm/addon-fit";
import { Unicode11Addon } from "@xterm/addon-unicode11";

const SCROLLBACK = 5000;
/* Operating system commands that xterm.js or a plug-in would follow: titles,
 * links, the clipboard, notifications. */
const OSC_IGNORED = [0, 1, 2, 7, 8, 9, 22, 52, 133, 777, 1337];
const ESCAPE_MS = 3000;
const LETTER_WIDTH = 0.62; /* of its height, a little more than it is */
const WATCH_SIZE_MIN = 10;
const WATCH_SIZE_MAX = 14;

const THEME = {
	background: "#0b1b2b",
	foreground: "#f1f5f9",
	cursor: "#fbbf24",
	cursorAccent: "#0b1b2b",
	selectionBackground: "#3b5b7d",
	black: "#1e293b",
	red: "#ff8a80",
	green: "#8ce99a",
	yellow: "#ffd43b",
	blue: "#8ecbff",
	magenta: "#e5a8ff",
	cyan: "#7ee8e0",
	white: "#e2e8f0",
	brightBlack: "#94a3b8",
	brightRed: "#ffb3ad",
	brightGreen: "#b2f2bb",
	brightYellow: "#ffec99",
	brightBlue: "#b9defd",
	brightMagenta: "#f0ccff",
	brightCyan: "#b5f5ef",
	brightWhite: "#ffffff",
};

export class TerminalScreen {
	/*
	 * typed(bytes): what the person types. resized(rows, columns). watches:
	 * nothing is typed, and the size is that of another screen, see sized.
	 */
	constructor(place, { words, fontSize, reader, typed, resized,
		watches = false })
	{
		this.watches = watches;
		Terminal.strings.promptLabel = words.input;
		Terminal.strings.tooMuchOutput = words.tooMuch;
		this.encoder = new TextEncoder();
		this.replaying = false;
		this.terminal = new Terminal({
			allowProposedApi: true, /* for the widths of letters */
			cursorBlink: false,
			disableStdin: watches,
			fontFamily: "\"BIZ UDGothic\", \"Noto Sans Mono CJK JP\", Menlo, Consolas, \"DejaVu Sans Mono\", monospace",
			fontSize,
			linkHandler: { activate: () => {} },
			minimumContrastRatio: 4.5,
			screenReaderMode: reader,
			scrollback: SCROLLBACK,
			theme: THEME,
		});
		this.fitting = new FitAddon();
		this.terminal.loadAddon(this.fitting);
		this.terminal.loadAddon(new Unicode11Addon());
		this.terminal.unicode.activeVersion = "11";
		for (const command of OSC_IGNORED)
			this.terminal.parser.registerOscHandler(command,
			    () => true);
		if (watches) {
			/* Keys are the page's: Tab goes on, arrows scroll. */
			this.terminal.attachCustomKeyEventHandler(() => false);
		} else {
			this.listen(typed, resized);
			this.leaveWithEscape();
		}
		this.terminal.open(place);
		this.place = place;
	}

	listen(typed, resized)
	{
		this.terminal.onData((text) =>
		    this.send(this.encoder.encode(text), typed));
		this.terminal.onBinary((text) => this.send(Uint8Array.from(
		    text, (c) => c.charCodeAt(0)), typed));
		this.terminal.onResize(({ rows, cols }) => resized(rows, cols));
	}

	/*
	 * What is shown again may hold questions to the terminal; their
	 * answers were given when it was new.
	 */
	send(bytes, typed)
	{
		if (!this.replaying)
			typed(bytes);
	}

	/*
	 * Tab belongs to the shell; Escape and then Tab, or Shift and Tab,
	 * leaves the terminal as Tab leaves any other field.
	 */
	leaveWithEscape()
	{
		let escaped = -Infinity;

		this.terminal.attachCustomKeyEventHandler((event) => {
			if (event.type !== "keydown" || event.isComposing)
				return true;
			if (event.key === "Tab" && !event.ctrlKey &&
			    !event.altKey && !event.metaKey &&
			    event.timeStamp - escaped < ESCAPE_MS)
				return false;
			if (event.key !== "Shift")
				escaped = event.key === "Escape" ?
				    event.timeStamp : -Infinity;
			return true;
		});
	}

	get size()
	{
		return { rows: this.terminal.rows, columns: this.terminal.cols };
	}

	/* To the size of its place, if that is on the page. */
	fit()
	{
		if (this.place.clientHeight === 0 || this.place.clientWidth === 0)
			return;
		if (this.watches)
			this.shrink();
		else
			this.fitting.fit();
	}

	/* The other screen's size; letters small enough to see all of a line. */
	sized({ rows, columns })
	{
		this.terminal.resize(columns, rows);
		this.fit();
	}

	shrink()
	{
		const size = Math.floor(this.place.clientWidth /
		    (this.terminal.cols * LETTER_WIDTH));

		this.terminal.options.fontSize = Math.min(WATCH_SIZE_MAX,
		    Math.max(WATCH_SIZE_MIN, size));
	}

	output(bytes, done)
	{
		this.terminal.write(bytes, done);
	}

	replay(bytes, done)
	{
		this.replaying = true;
		this.terminal.reset();
		this.terminal.write(bytes, () => {
			this.replaying = false;
			done();
		});
	}

	set fontSize(pixels)
	{
		this.terminal.options.fontSize = pixels;
		this.fit();
	}

	set reader(on)
	{
		this.terminal.options.screenReaderMode = on;
	}

	focus()
	{
		this.terminal.focus();
	}
}
