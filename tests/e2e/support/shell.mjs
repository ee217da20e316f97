/* A learner at the terminals of a lab's shell, and what may happen to them. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { directory } from "./installation.mjs";

const SHOWN_MS = 20000;
const SCREEN = ".tanren-shell__panel:not([hidden]) .xterm-rows";

/* What the terminal in front shows, lines that were wrapped joined or not. */
export function screenText(reader)
{
	return reader.page.locator(SCREEN).innerText();
}

/* Until the terminal in front shows a text. */
export async function shows(reader, text)
{
	try {
		await reader.page.waitForFunction(([place, wanted]) =>
		    document.querySelector(place)?.innerText.includes(wanted),
		    [SCREEN, text], { timeout: SHOWN_MS });
	} catch {
		assert.fail(`the terminal does not show "${text}" but\n` +
		    await screenText(reader).catch(() => "nothing"));
	}
}

export async function type(reader, line)
{
	await reader.page.keyboard.type(`${line}\n`);
}

/* As from the clipboard, into the terminal in front. */
export async function paste(reader, text)
{
	await reader.page.locator(
	    ".tanren-shell__panel:not([hidden]) textarea")
		.evaluate((field, pasted) => {
		const data = new DataTransfer();

		data.setData("text/plain", pasted);
		field.dispatchEvent(new ClipboardEvent("paste",
		    { clipboardData: data, bubbles: true }));
	    }, text);
}

/* A status in the page's words. */
export async function says(reader, id)
{
	await reader.page.locator("#shell-status",
	    { hasText: reader.word(id) }).waitFor({ timeout: SHOWN_MS });
}

/* From the lab's page; a run that is ready. */
export async function openShell(reader)
{
	await reader.follow(reader.button("lab.shell_open"), { look: false });
	assert.equal(new URL(reader.page.url()).pathname, "/labs/L02/shell");
	await says(reader, "lab.shell_connected");
}

/* Keeps the page's websockets where a test can cut them. */
export async function watchSockets(reader)
{
	await reader.context.addInitScript(() => {
		const Real = window.WebSocket;

		window.sockets = [];
		window.WebSocket = class extends Real {
			constructor(...all)
			{
				super(...all);
				window.sockets.push(this);
			}
		};
	});
}

export function cutSocket(reader)
{
	return reader.page.evaluate(() => window.sockets.at(-1).close());
}

/* ----------------------------------------------------------- processes */

function commandOf(pid)
{
	try {
		return readFileSync(`/proc/${pid}/cmdline`, "utf8")
			.replaceAll("\0", " ");
	} catch {
		return ""; /* it has ended */
	}
}

function parentOf(pid)
{
	try {
		return Number(readFileSync(`/proc/${pid}/stat`, "utf8")
			.replace(/^.*\) /s, "").split(" ")[1]);
	} catch {
		return 0;
	}
}

/* Processes of this installation, not of a neighbour. */
function find(wanted)
{
	return readdirSync("/proc").filter((name) => /^\d+$/.test(name))
		.map(Number).find(wanted);
}

/* The daemon of live boxes; what it begins boxes with has its name, too. */
export function labd()
{
	const is = (pid) => commandOf(pid)
		.startsWith(`tanren labd --var ${directory} `);

	return find((pid) => is(pid) && !is(parentOf(pid)));
}

/* The web worker that answers. */
export function worker()
{
	const parent = Number(readFileSync(`${directory}/run/kore.pid`, "utf8"));

	return find((pid) => parentOf(pid) === parent);
}
