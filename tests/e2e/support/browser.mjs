/*
 * Readers: a person at a browser. Every page that a reader comes to is looked
 * at: axe finds nothing, nothing went wrong in the console, it is in the
 * reader's language, it is not wider than the window.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { origin } from "./installation.mjs";
import { word } from "./words.mjs";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const WINDOW = { width: 1280, height: 800 };
const PHONE = { width: 375, height: 667 };
const WAIT_MS = 15000;
const SHOT_HEIGHT = 8000;
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
	"best-practice"];

const axe = readFileSync(createRequire(import.meta.url)
	.resolve("axe-core/axe.min.js"), "utf8");
const shots = process.env.E2E_SHOTS ?? "";

let browser = null;

async function theBrowser()
{
	browser ??= await chromium.launch({
		executablePath: CHROMIUM,
		args: ["--disable-background-networking",
			"--disable-component-update", "--disable-gpu",
			"--disable-sync", "--no-first-run",
			...(process.getuid() === 0 ? ["--no-sandbox"] : [])],
	});
	return browser;
}

export async function closeBrowser()
{
	await browser?.close();
}

/* Told by the page itself, in the console, where the reader hears it. */
function tellViolations()
{
	document.addEventListener("securitypolicyviolation", (event) => {
		console.error(`CSP: ${event.violatedDirective} ` +
		    `${event.blockedURI}`);
	});
}

/* What axe says, one line for each element. */
function violationText(violations)
{
	return violations.flatMap(({ id, nodes, help }) => nodes.map((node) =>
	    `${id} (${help}): ${node.html.slice(0, 200)}\n` +
	    `    ${node.failureSummary.replace(/\s+/g, " ")}`)).join("\n");
}

export class Reader {
	constructor(context, page, lang)
	{
		this.context = context;
		this.page = page;
		this.lang = lang;
		this.wrong = []; /* what the console and the network said */
		this.meant = []; /* what of it is no mistake */
		this.looks = true; /* false: on the way to something else */
		this.shot = 0;
		page.setDefaultTimeout(WAIT_MS);
		page.on("console", (message) => {
			if (["error", "warning"].includes(message.type()))
				this.wrong.push(message.text());
		});
		page.on("pageerror", (error) => this.wrong.push(String(error)));
		page.on("response", (response) => {
			if (response.status() >= 500)
				this.wrong.push(`${response.status()} ` +
				    response.url());
		});
	}

	/* The language is chosen as a reader does: with the page's switch. */
	static async open({ lang = "ja", phone = false, looks = true,
		shots: name = "" } = {})
	{
		const context = await (await theBrowser()).newContext({
			baseURL: origin,
			locale: "ja-JP",
			timezoneId: "Asia/Tokyo",
			viewport: phone ? PHONE : WINDOW,
			isMobile: phone,
			hasTouch: phone,
		});
		await context.addInitScript(tellViolations);
		const reader = new Reader(context, await context.newPage(), "ja");

		reader.looks = looks;
		reader.name = `${name}-${lang}${phone ? "-phone" : ""}`;
		await reader.go("/sign-in");
		if (lang !== "ja") {
			reader.lang = lang;
			await reader.follow(reader.page.locator(
			    `.tanren-language a[hreflang=${lang}]`));
		}
		return reader;
	}

	close()
	{
		return this.context.close();
	}

	word(id, ...values)
	{
		return word(this.lang, id, ...values);
	}

	/* --------------------------------------------------------- going on */

	/* Answers the response; the status is the caller's to judge. */
	async go(path, { look = true } = {})
	{
		const response = await this.page.goto(path);

		if (look)
			await this.look();
		return response;
	}

	/* Clicks what leads to another page, and looks at that. */
	async follow(locator, { look = true } = {})
	{
		const loaded = this.page.waitForEvent("load");

		await locator.click();
		await loaded;
		if (look)
			await this.look();
	}

	/* In the page's own part: the frame has links of the same words. */
	link(id, ...values)
	{
		return this.page.locator("main").getByRole("link",
		    { name: this.word(id, ...values), exact: true });
	}

	button(id, ...values)
	{
		return this.page.getByRole("button",
		    { name: this.word(id, ...values), exact: true });
	}

	heading()
	{
		return this.page.locator("h1").innerText();
	}

	text()
	{
		return this.page.locator("main").innerText();
	}

	async sees(id, ...values)
	{
		const words = this.word(id, ...values);

		assert.ok((await this.text()).includes(words),
		    `"${words}" is not on ${this.page.url()}:\n` +
		    await this.text());
	}

	/* A file that a link leads to, as text. */
	async download(locator)
	{
		const [file] = await Promise.all([
			this.page.waitForEvent("download"), locator.click()]);

		return readFileSync(await file.path(), "utf8");
	}

	/*
	 * A request by the page's own origin, as its scripts make them:
	 * {status, text, url}. A form's token goes along unless told.
	 */
	async ask(method, path, { body, type, token = true } = {})
	{
		const answer = await this.page.evaluate(async (it) => {
			const csrf = it.token && document.querySelector(
			    "input[name=csrf]")?.value;
			const response = await fetch(it.path, {
				method: it.method,
				body: it.bytes === undefined ? it.body :
				    Uint8Array.from(it.bytes),
				headers: {
					...(csrf ? { "X-CSRF-Token": csrf } :
					    {}),
					...(it.type ?
					    { "Content-Type": it.type } : {}),
				},
			});

			return {
				status: response.status,
				url: response.url,
				text: await response.text(),
			};
		}, {
			method, path, token,
			type: type ?? (body === undefined ? undefined :
			    "application/x-www-form-urlencoded"),
			...(body instanceof Uint8Array ?
			    { bytes: [...body] } : { body }),
		});

		if (answer.status >= 400)
			this.wrong = this.wrong.filter(
			    (text) => !/status of 4\d\d/.test(text));
		return answer;
	}

	/* ----------------------------------------------------------- looking */

	/* What the console will say, and is meant. */
	expect(pattern)
	{
		this.meant.push(pattern);
	}

	assertNothingWrong()
	{
		const wrong = this.wrong.filter((text) =>
		    !this.meant.some((pattern) => pattern.test(text)));

		this.wrong = [];
		assert.deepEqual(wrong, [], `on ${this.page.url()}`);
	}

	async assertAccessible()
	{
		await this.page.evaluate(axe);
		const { violations } = await this.page.evaluate((rules) =>
		    window.axe.run(document, {
			runOnly: { type: "tag", values: rules },
			resultTypes: ["violations"],
		    }), RULES);

		assert.equal(violationText(violations), "",
		    `axe on ${this.page.url()}`);
	}

	async assertShape()
	{
		const shape = await this.page.evaluate(() => ({
			lang: document.documentElement.lang,
			title: document.title,
			headings: document.querySelectorAll("h1").length,
			wide: document.documentElement.scrollWidth -
			    document.documentElement.clientWidth,
			text: document.body.innerText,
		}));
		const at = this.page.url();

		assert.equal(shape.lang, this.lang, `language of ${at}`);
		assert.ok(shape.title.length > 0, `title of ${at}`);
		assert.equal(shape.headings, 1, `h1 of ${at}`);
		assert.ok(shape.wide <= 0, `${at} is ${shape.wide} px too wide`);
		assert.doesNotMatch(shape.text,
		    /\{[0-9a-z]\}|\(null\)|undefined|\bNaN\b/, `words of ${at}`);
	}

	async takeShot()
	{
		if (shots === "")
			return;
		const number = String(++this.shot).padStart(2, "0");
		const place = new URL(this.page.url()).pathname
			.replace(/[^a-zA-Z0-9-]+/g, "_");

		const { width } = this.page.viewportSize();
		const height = await this.page.evaluate(() =>
		    document.documentElement.scrollHeight);

		mkdirSync(shots, { recursive: true });
		await this.page.screenshot({ fullPage: true, path: join(shots,
		    `${this.name}-${number}${place}.png`), clip: { x: 0, y: 0,
			width, height: Math.min(height, SHOT_HEIGHT) } });
	}

	async look()
	{
		await this.page.waitForLoadState("load");
		if (this.looks) {
			await this.takeShot();
			await this.assertAccessible();
			await this.assertShape();
		}
		this.assertNothingWrong();
	}
}
