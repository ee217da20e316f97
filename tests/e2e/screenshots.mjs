/*
 * The pictures of README.md, from the running demo: tests/e2e/run screenshots
 * (make screenshots) writes them to deploy/pictures/.
 */
import assert from "node:assert/strict";
import { mkdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { closeBrowser } from "./support/browser.mjs";
import { course } from "./support/course.mjs";
import { accounts } from "./support/installation.mjs";
import { assertSaved, choose, examAnswers, handIn, passModule, readyForExam,
    startExam } from "./support/learning.mjs";
import { signedIn } from "./support/people.mjs";
import { openShell, shows, type } from "./support/shell.mjs";

const PICTURES = new URL("../../deploy/pictures/", import.meta.url);
const BYTES_MAX = 250 * 1024;
const GRADED_MS = 20000;

/* What the window shows, from an element on. */
async function take(reader, name, from = null)
{
	const path = fileURLToPath(new URL(`${name}.png`, PICTURES));

	await reader.page.mouse.move(0, 0);
	if (from !== null)
		await reader.page.locator(from).first().evaluate((element) =>
		    element.scrollIntoView());
	await reader.page.screenshot({ path });
	const { size } = statSync(path);

	assert.ok(size < BYTES_MAX, `${name} has ${size} bytes`);
	console.log(`${name}.png ${Math.round(size / 1024)} KB`);
}

async function executive()
{
	const it = course("executive", "E-101");
	const phone = await readyForExam(accounts.get("executive"), it,
	    { phone: true, looks: false });

	await phone.go("/courses/E-101/1");
	await take(phone, "module-phone", "h1");
	await phone.close();
	const reader = await signedIn(accounts.get("executive"),
	    { looks: false });

	await startExam(reader, "E-101");
	const answers = await examAnswers(reader, "E-101");

	await choose(reader, answers.slice(0, 3));
	await assertSaved(reader, answers.slice(0, 3));
	await take(reader, "exam", "#q1");
	await choose(reader, answers.slice(3));
	await handIn(reader);
	await reader.go("/certificates");
	await reader.follow(reader.page.locator("main table a").first());
	await take(reader, "certificate", ".tanren-certificate");
	await reader.close();
}

async function management()
{
	const it = course("management", "M-201");
	const reader = await signedIn(accounts.get("management"),
	    { looks: false });

	await passModule(reader, it, it.modules[0].n);
	await reader.go("/");
	await take(reader, "home");
	await reader.close();
}

async function technician()
{
	const reader = await signedIn(accounts.get("technician"),
	    { lang: "en", looks: false });

	await reader.go("/labs/L02");
	await reader.follow(reader.button("lab.prepare"), { look: false });
	await reader.page.locator("a[download]").first()
		.waitFor({ timeout: GRADED_MS });
	await take(reader, "lab", "#files");
	await openShell(reader);
	await shows(reader, "$");
	await type(reader, "ls -l /lab/in; cut -d' ' -f1 /lab/in/access.log" +
	    " | sort | uniq -c | sort -rn | head -5; echo done");
	await shows(reader, "\ndone");
	await take(reader, "shell", "#shell-bar");
	await reader.close();
}

async function supervisor()
{
	const reader = await signedIn(accounts.get("supervisor"),
	    { lang: "en", looks: false });

	await reader.go("/sector");
	await take(reader, "sector", "h2");
	await reader.close();
}

mkdirSync(PICTURES, { recursive: true });
try {
	await executive();
	await management();
	await technician();
	await supervisor();
} finally {
	await closeBrowser();
}
