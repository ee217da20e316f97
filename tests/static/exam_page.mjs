/*
 * The exam page in Chromium before a server that fails as it is told:
 * node exam_page.mjs DIR, where DIR is a build of platform/static. Started by
 * exam_page_test.py.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, before, beforeEach, afterEach, test } from "node:test";
import { chromium } from "../e2e/node_modules/playwright-core/index.mjs";

const WAIT_MS = 15000;
const MINUTE = 60000;
const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css",
	".js": "text/javascript", ".svg": "image/svg+xml" };
/* As http/reply.c sends it. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; " +
	"img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'";

const dir = process.argv[2];
const names = new Map(readFileSync(join(dir, "manifest.tsv"), "utf8")
	.trim().split("\n").map((line) => line.split("\t")));
const template = readFileSync(new URL("exam_page.html", import.meta.url),
    "utf8");

/* What the server does with an answer, and what it has seen. */
let mode, left_ms, answers, forms, shown;
let server, browser, page, wrong;

function answer(request, response, body)
{
	answers.push({ body, mode, headers: request.headers });
	if (mode === "drop") {
		request.socket.destroy();
		return;
	}
	if (mode === "sign-in") { /* redirected and followed: a page */
		response.writeHead(200, { "Content-Type": "text/html" });
		response.end("<title>Sign in</title>");
		return;
	}
	response.writeHead({ ok: 200, refuse: 403, gone: 410 }[mode],
	    { "Content-Type": "application/json" });
	response.end(JSON.stringify({ saved_at: Date.now(),
		now: Date.now() }));
}

function serve(request, response, body)
{
	const path = new URL(request.url, "http://localhost").pathname;

	if (path === "/answers") {
		answer(request, response, body);
		return;
	}
	response.setHeader("Content-Security-Policy", POLICY);
	if (request.method === "POST") {
		forms.push({ path, body });
		response.writeHead(200, { "Content-Type": TYPES[".html"] });
		response.end("<!doctype html><title>sent</title>");
		return;
	}
	if (path === "/exam") {
		shown++;
		response.writeHead(200, { "Content-Type": TYPES[".html"],
			"Cache-Control": "no-store" });
		response.end(template.replace("${NOW}", Date.now())
			.replace("${DEADLINE}", Date.now() + left_ms));
		return;
	}
	const plain = path.replace("/static/", "");
	const file = join(dir, names.get(plain) ?? plain);

	response.writeHead(existsSync(file) ? 200 : 404,
	    { "Content-Type": TYPES[extname(file)] ?? "text/plain" });
	response.end(existsSync(file) ? readFileSync(file) : "");
}

async function until(what, claim)
{
	const end = Date.now() + WAIT_MS;

	while (!await claim().catch(() => false)) {
		assert.ok(Date.now() < end, `in vain: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}

const textOf = (selector) => page.locator(selector).textContent();
const state = (question) =>
	textOf(`[data-question="${question}"] .tanren-question__state`);
const choose = (question, value) =>
	page.locator(`[name=q${question}][value="${value}"]`).check();
const isSaved = (question) => until(`${question} is saved`, async () =>
	/^保存しました \d\d:\d\d$/.test(await state(question)));
const isUnsaved = (question) => until(`${question} is unsaved`, async () =>
	await state(question) === "未保存");
const isSent = () => until("the form is sent", async () =>
	await page.title() === "sent");

async function open(ms = 30 * MINUTE)
{
	left_ms = ms;
	await page.goto(`http://127.0.0.1:${server.address().port}/exam`);
}

before(async () => {
	server = createServer((request, response) => {
		let body = "";

		request.on("data", (data) => body += data);
		request.on("end", () => serve(request, response, body));
	});
	await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
		args: ["--disable-background-networking",
			"--disable-component-update", "--disable-gpu",
			"--no-first-run",
			...(process.getuid() === 0 ? ["--no-sandbox"] : [])],
	});
});

after(async () => {
	await browser?.close();
	server.closeAllConnections?.();
	server.close();
});

beforeEach(async () => {
	mode = "ok";
	answers = [];
	forms = [];
	wrong = [];
	shown = 0;
	page = await (await browser.newContext()).newPage();
	page.on("pageerror", (error) => wrong.push(String(error)));
	page.on("console", (message) => {
		if (/Content Security Policy|Trusted/i.test(message.text()))
			wrong.push(message.text());
	});
});

afterEach(async () => {
	await page.context().close();
	assert.deepEqual(wrong, []);
});

test("every_change_is_saved_with_its_token_and_says_when", async () => {
	await open();
	await choose(1, 1);
	await isSaved(1);
	await choose(2, 0);
	await choose(2, 2);
	await isSaved(2);
	await until("three answers", async () => answers.length === 3);
	assert.match(answers[0].body,
	    /^question=1&chosen=1&client_key=[0-9a-f-]{36}$/);
	assert.match(answers[2].body, /^question=2&chosen=0&chosen=2&client_/);
	assert.equal(answers[0].headers["x-csrf-token"], "TOKEN");
	assert.match(await textOf("[data-role=saved]"), /^保存しました/);
});

test("a_lost_connection_is_shown_and_made_good_with_the_same_key",
    async () => {
	await open();
	mode = "drop";
	await choose(1, 0);
	await isUnsaved(1);
	assert.equal(await textOf("[data-role=saved]"), "未保存");
	mode = "ok";
	await isSaved(1);
	assert.equal(new Set(answers.map(({ body }) => body)).size, 1);
});

test("an_answer_that_is_a_page_is_not_saved", async () => {
	await open();
	mode = "sign-in";
	await choose(1, 0);
	await isUnsaved(1);
});

test("sending_waits_for_the_saves_and_keeps_its_button", async () => {
	await open();
	mode = "refuse";
	await choose(1, 1);
	await isUnsaved(1);
	mode = "ok";
	await page.locator("button[formaction]").click();
	await isSent();
	assert.equal(answers.at(-1).mode, "ok");
	assert.equal(forms.length, 1);
	assert.equal(forms[0].path, "/review");
	assert.match(forms[0].body, /q1=1/);
});

test("leaving_with_unsaved_answers_is_asked_about", async () => {
	const asked = [];

	page.on("dialog", (dialog) => {
		asked.push(dialog.type());
		return dialog.dismiss();
	});
	await open();
	mode = "drop";
	await choose(1, 1);
	await isUnsaved(1);
	await page.evaluate(() => {
		setTimeout(() => location.reload(), 0);
	});
	await until("a question", async () => asked.includes("beforeunload"));
	await page.locator("button[formaction]").click();
	await until("another", async () => asked.includes("confirm"));
	assert.equal(forms.length, 0);
	assert.equal(shown, 1);
	/* It goes on trying. */
	mode = "ok";
	await isSaved(1);
});

test("an_attempt_that_has_ended_is_loaded_again", async () => {
	await open();
	mode = "gone";
	/* Not check(): it would click again in the page that comes. */
	await page.locator("[name=q1]").last().click();
	await until("loaded again", async () => shown === 2);
	/* Once, with nothing filled in that the server does not have. */
	await new Promise((resolve) => setTimeout(resolve, 1000));
	assert.equal(shown, 2);
	assert.equal(answers.length, 1);
	assert.equal(await page.locator("input:checked").count(), 0);
});

test("the_time_left_is_shown_and_said", async () => {
	await open(MINUTE + 2500);
	await page.locator("[data-role=announce]").click();
	const said = () => textOf("p[aria-live=assertive]");

	await until("said on demand", async () =>
	    /^残り 1分 \d秒$/.test(await said()));
	await until("said at a minute", async () =>
	    await said() === "残り1分です");
	assert.match(await textOf("[data-role=time]"), /^残り (1分 0|0分 \d+)秒$/);
	assert.equal(await page.locator(".tanren-exam-bar--late").count(), 1);
});

test("at_the_end_of_the_time_the_form_goes_to_its_action", async () => {
	await open(2500);
	await choose(1, 1);
	await isSent();
	assert.equal(forms[0].path, "/submit");
	assert.match(forms[0].body, /q1=1/);
});

test("after_sleep_the_time_comes_from_the_server", async () => {
	await open(20 * MINUTE);
	await choose(1, 1);
	await isSaved(1);
	await page.evaluate(() => {
		const now = Date.now;

		Date.now = () => now() + 600000;
	});
	await until("saved once more", async () => answers.length === 2);
	assert.equal(answers[1].body.slice(0, 20), "question=1&chosen=1&");
	assert.match(await textOf("[data-role=time]"), /^残り (20分 0|19分 \d+)秒$/);
});
