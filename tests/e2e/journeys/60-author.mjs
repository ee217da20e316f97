/*
 * An author changes a module in git: checked, published, served within a
 * second while readers notice nothing. What is broken stays out. A learner in
 * the middle of an exam ends it on the revision it was begun on.
 */
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { course } from "../support/course.mjs";
import { accounts, content, git, origin, tanren } from
    "../support/installation.mjs";
import { choose, examAnswers, handIn, readyForExam, startExam } from
    "../support/learning.mjs";
import { newcomer, signedIn } from "../support/people.mjs";

const SERVED_MS = 1000;
const MODULE = "courses/executive/E-101/1-who-attacks-finance";

async function revision()
{
	return (await (await fetch(`${origin}/healthz`)).json()).revision;
}

async function commit(change, subject)
{
	change();
	await git("add", "-A");
	await git("commit", "-q", "-m", subject);
	return git("rev-parse", "HEAD");
}

/*
 * Reads the module again and again until stop(): {failed, count, seen}, where
 * seen is when the mark was there first.
 */
function readOn(reader, mark)
{
	let going = true;
	const result = { failed: [], count: 0, seen: null };
	const loop = (async () => {
		while (going) {
			const { status, text } = await reader.ask("GET",
			    "/courses/E-101/1");

			result.count++;
			if (status !== 200)
				result.failed.push(status);
			if (result.seen === null && text.includes(mark))
				result.seen = Date.now();
		}
	})();

	return async () => {
		going = false;
		await loop;
		return result;
	};
}

async function publish(reader)
{
	const mark = `mark-${Date.now()}`;
	const head = await commit(() => {
		for (const lang of ["ja", "en"])
			appendFileSync(join(content, `${MODULE}.${lang}.md`),
			    `\n${mark}\n`);
	}, "E-101: a mark");
	const stop = readOn(reader, mark);
	const check = await tanren("check");

	assert.equal(check.status, 0, check.stderr);
	const published = await tanren("publish");
	const at = Date.now();

	assert.equal(published.status, 0, published.stderr);
	await new Promise((resolve) => setTimeout(resolve, 2 * SERVED_MS));
	const { failed, count, seen } = await stop();

	assert.deepEqual(failed, []);
	assert.ok(count > 10, `${count} requests`);
	assert.ok(seen !== null && seen - at <= SERVED_MS,
	    `served after ${seen - at} ms`);
	assert.equal(await revision(), head);
	await reader.go("/courses/E-101/1");
	assert.ok((await reader.text()).includes(mark));
	return head;
}

/* Every mistake with its file and line; nothing else changes. */
async function publishBroken(head)
{
	await commit(() => {
		appendFileSync(join(content,
		    "courses/executive/E-101/course.yaml"), "colour: red\n");
		appendFileSync(join(content, `${MODULE}.ja.md`),
		    "\n[それ](term:no-such-term)\n");
	}, "E-101: broken");
	for (const name of ["check", "publish"]) {
		const { status, stdout, stderr } = await tanren(name);

		assert.equal(status, 1);
		assert.match(stdout + stderr,
		    /courses\/executive\/E-101\/course\.yaml:\d+: /);
		assert.match(stdout + stderr, /1-who-attacks-finance\.ja\.md:\d+: /);
	}
	assert.equal(await revision(), head);
	await git("reset", "-q", "--hard", "HEAD~1");
}

async function journey(lang)
{
	const before = await revision();
	const learner = await readyForExam(await newcomer("E-DIR"),
	    course("executive", "E-101"), { lang, shots: "author-learner" });

	await startExam(learner, "E-101");
	const answers = await examAnswers(learner, "E-101");

	await choose(learner, answers.slice(0, 4));
	const reader = await signedIn(accounts.get("author"),
	    { lang, shots: "author" });
	const head = await publish(reader);

	await publishBroken(head);
	await choose(learner, answers.slice(4));
	await handIn(learner);
	await learner.sees("assess.pass");
	const text = await learner.text();

	assert.ok(text.includes(before.slice(0, 7)), text);
	assert.ok(!text.includes(head.slice(0, 7)), text);
	await learner.close();
	await reader.close();
}

for (const lang of ["ja", "en"])
	test(`author, ${lang}: published within a second, broken refused, ` +
	    "exams end on theirs", () => journey(lang));
