/*
 * A technician in the shell of a lab: looks around, writes answers, hands in;
 * the connection is cut, the page loaded again, a worker and the daemon are
 * killed: nothing that was earned is lost, and the page says what happened.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { content, run } from "../support/installation.mjs";
import { newcomer, signedIn } from "../support/people.mjs";
import { cutSocket, labd, openShell, paste, says, screenText, shows, type,
	watchSockets, worker } from "../support/shell.mjs";

const FOLDER = join(content, "labs", "L02-credential-stuffing");
const READY_MS = 30000;
/* What a browser says of a service that is away for a moment. */
const AWAY = /status of (410|502|503)|^50[23] |WebSocket connection/;

async function prepare(reader)
{
	await reader.go("/labs/L02");
	await reader.follow(reader.button("lab.prepare"), { look: false });
	await reader.page.locator("a[download]").first()
		.waitFor({ timeout: READY_MS });
	await reader.look();
}

/* What a good analyst would write, from this person's own files. */
async function solution(reader)
{
	const directory = mkdtempSync(join(tmpdir(), "tanren-e2e-shell-"));

	mkdirSync(join(directory, "in"));
	mkdirSync(join(directory, "out"));
	try {
		for (const link of
		    await reader.page.locator("a[download]").all()) {
			const name = await link.innerText();
			const [file] = await Promise.all([
				reader.page.waitForEvent("download"),
				link.click()]);

			await file.saveAs(join(directory, "in", name));
		}
		const { status, stderr } = await run(join(FOLDER, "solve"), [],
		    { env: { ...process.env, LAB_DIR: directory } });

		assert.equal(status, 0, stderr);
		return Object.fromEntries(["answers.txt", "rule.txt"].map(
		    (name) => [name, readFileSync(
			join(directory, "out", name), "utf8")]));
	} finally {
		rmSync(directory, { recursive: true });
	}
}

/* Once the shell's own line is out of the way: it takes pastes otherwise. */
async function pasteInto(reader, path, text)
{
	await type(reader, `echo ready-''for ${path}; cat > ${path}`);
	await shows(reader, `ready-for ${path}`);
	await paste(reader, text);
	await reader.page.keyboard.press("Control+d");
}

async function write(reader, name, text)
{
	await pasteInto(reader, `/lab/out/${name}`, text);
	await type(reader, `wc -c < /lab/out/${name} | tr -d '\\n'; echo " of ${name}"`);
	await shows(reader, `${Buffer.byteLength(text)} of ${name}`);
}

async function lookAround(reader)
{
	await type(reader, "ls /lab/in");
	await shows(reader, "rulecheck.py");
	await type(reader, "touch /lab/in/x || echo read-o''nly");
	await shows(reader, "read-only");
	/* colours, letters of two cells, and what must not lead anywhere */
	await type(reader, "printf '\\e[38;2;255;160;0m%s\\e[0m " +
	    "\\e]8;;https://evil.example/\\a%s\\e]8;;\\a " +
	    "\\e]0;%s\\a \\e]52;c;QQ==\\a\\n' orange link title; echo 日本''語");
	await shows(reader, "orange link");
	await shows(reader, "日本語");
	assert.equal(await reader.page.locator(".xterm a").count(), 0);
	assert.doesNotMatch(await reader.page.title(), /title/);
	await reader.look();
}

async function handIn(reader, files)
{
	/* first without one of the files */
	await write(reader, "answers.txt", files["answers.txt"]);
	await reader.follow(reader.button("lab.shell_hand_in"), { look: false });
	reader.wrong = reader.wrong.filter((text) => !/422/.test(text));
	await reader.look();
	await reader.sees("lab.shell_submit_title");
	await reader.follow(reader.link("lab.shell_reset_leave"),
	    { look: false });
	await says(reader, "lab.shell_connected");
	await write(reader, "rule.txt", files["rule.txt"]);
	await reader.follow(reader.button("lab.shell_hand_in"), { look: false });
	await reader.page.getByRole("heading",
	    { name: reader.word("lab.result_of", 1) })
		.waitFor({ timeout: READY_MS });
	await reader.look();
	await reader.sees("lab.points_of", 100);
	await reader.sees("lab.tag_passed");
}

/* The screen comes back after a cut, a reload and another worker. */
async function stay(reader)
{
	await openShell(reader);
	await type(reader, "cd /lab/work; echo before-the-''cut; stay=yes");
	await shows(reader, "before-the-cut");
	await cutSocket(reader);
	await says(reader, "lab.shell_reconnecting");
	await says(reader, "lab.shell_connected");
	await shows(reader, "before-the-cut");
	await type(reader, "echo still-$stay");
	await shows(reader, "still-yes");

	await reader.page.reload();
	await says(reader, "lab.shell_connected");
	await shows(reader, "still-yes");

	reader.expect(AWAY);
	process.kill(worker(), "SIGKILL");
	await says(reader, "lab.shell_reconnecting");
	await says(reader, "lab.shell_connected");
	await type(reader, "echo again-$stay");
	await shows(reader, "again-yes");
}

/* A file of one's own goes into the shell, which stays as it was. */
async function send(reader)
{
	await type(reader, "kept-it() { echo kept-''it; }");
	await reader.page.getByText(reader.word("lab.shell_send_title")).click();
	await reader.look();
	await reader.page.getByLabel(reader.word("lab.shell_send_label"))
		.setInputFiles({ name: "調査メモ.txt", mimeType: "text/plain",
			buffer: Buffer.from("one\ntwo\n") });
	await reader.follow(reader.button("lab.shell_send"), { look: false });
	await reader.sees("lab.shell_sent");
	await says(reader, "lab.shell_connected");
	await reader.look();
	await type(reader, "clear; kept-it; wc -l /lab/work/____.txt");
	await shows(reader, "kept-it");
	await shows(reader, "2 /lab/work/____.txt");
}

/* A flood is stopped by a key, and a million bytes arrive whole. */
async function floods(reader)
{
	await type(reader, "yes");
	await shows(reader, "y\ny\ny\n");
	await reader.page.keyboard.press("Control+c");
	await type(reader, "clear; echo all-''quiet");
	await shows(reader, "all-quiet");

	const line = `${"0123456789abcdef".repeat(4)}\n`;
	const lines = Math.ceil(1024 * 1024 / line.length);

	await pasteInto(reader, "large", line.repeat(lines));
	await type(reader, "clear; sort -u large | wc -l; wc -c < large");
	await shows(reader, `1\n${lines * line.length}`);
}

async function tabs(reader)
{
	const { page } = reader;
	const tab = (n) => page.getByRole("tab",
	    { name: reader.word("lab.shell_tab", n) });

	await reader.button("lab.shell_tab_add").click();
	await says(reader, "lab.shell_connected");
	await type(reader, "echo second-''one");
	await shows(reader, "second-one");
	assert.equal(await tab(2).getAttribute("aria-selected"), "true");
	await tab(1).click();
	assert.doesNotMatch(await screenText(reader), /second-one/);

	/* Tab is the shell's; Escape and then Tab leaves the terminal. */
	await page.keyboard.press("Tab");
	assert.equal(await page.evaluate(
	    () => document.activeElement.tagName), "TEXTAREA");
	await page.keyboard.press("Escape");
	await page.keyboard.press("Shift+Tab");
	assert.notEqual(await page.evaluate(
	    () => document.activeElement.tagName), "TEXTAREA");

	await reader.button("lab.shell_reader").click();
	await reader.button("lab.shell_larger").click();
	await reader.look();
	await reader.button("lab.shell_reader").click();

	/* a shell that is left can be opened again */
	await tab(2).click();
	await type(reader, "exit");
	await says(reader, "lab.shell_ended_shell");
	await reader.button("lab.shell_again").click();
	await says(reader, "lab.shell_connected");
	await tab(1).click();
}

async function time(reader)
{
	const left = reader.page.locator("[data-role=left]");
	const until = reader.page.locator("[data-role=until]");
	const before = await until.innerText();

	assert.match(await left.innerText(), /1.*5\d|2.*0/);
	await reader.button("lab.shell_extend").click();
	await reader.page.waitForFunction((text) => document.querySelector(
	    "[data-role=until]").innerText !== text, before);
	assert.match(await left.innerText(), /2.*\d/);
}

async function startOver(reader)
{
	await reader.follow(reader.page.getByRole("button",
	    { name: reader.word("lab.shell_reset"), exact: true })
		.or(reader.link("lab.shell_reset")));
	await reader.sees("lab.shell_reset_lost");
	await reader.follow(reader.button("lab.shell_reset_do"),
	    { look: false });
	await reader.sees("lab.shell_reset_done");
	await says(reader, "lab.shell_connected");
	await type(reader, "ls /lab/out /lab/in | tr '\\n' ' '");
	await shows(reader, "/lab/in: access.log");
	assert.doesNotMatch(await screenText(reader), /rule\.txt/);
}

/* The daemon dies: the page says so, and begins again with the artefacts. */
async function outlive(reader)
{
	const { page } = reader;

	process.kill(labd(), "SIGKILL");
	await page.locator("#shell-over").waitFor({ timeout: READY_MS });
	await reader.look();
	await reader.sees("lab.shell_over_gone");
	await reader.sees("lab.shell_over_kept");
	await reader.follow(reader.button("lab.shell_start"), { look: false });
	await says(reader, "lab.shell_connected");
	await type(reader, "ls /lab/in /lab/out | tr '\\n' ' '");
	await shows(reader, "rulecheck.py");
	assert.doesNotMatch(await screenText(reader), /answers\.txt/);
	await reader.go("/labs/L02");
	await reader.sees("lab.points_of", 100);
}

async function journey(lang)
{
	const account = await newcomer("T-SOC");
	const reader = await signedIn(account, { lang, shots: "shell" });

	await watchSockets(reader);
	await prepare(reader);
	const files = await solution(reader);

	await openShell(reader);
	await lookAround(reader);
	await handIn(reader, files);
	await stay(reader);
	await send(reader);
	await floods(reader);
	await tabs(reader);
	await time(reader);
	await startOver(reader);
	await outlive(reader);
	await reader.close();
}

test("shell, ja: look around, hand in, cuts, floods, tabs, the daemon dies",
    () => journey("ja"));
test("shell, en: look around, hand in, cuts, floods, tabs, the daemon dies",
    () => journey("en"));

test("shell, on a phone: it is usable and says that a keyboard helps",
    async () => {
	const reader = await signedIn(await newcomer("T-SOC"),
	    { phone: true, shots: "shell" });

	await prepare(reader);
	await openShell(reader);
	await reader.look();
	await reader.sees("lab.shell_phone");
	await reader.page.locator(".tanren-shell__panel").click();
	await type(reader, "ls /lab/in");
	await shows(reader, "rulecheck.py");
	await reader.close();
});
