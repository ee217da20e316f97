/* What learners do: read a module, answer its check, sit an exam. */
import assert from "node:assert/strict";
import { checkKey, examKey, plain } from "./course.mjs";
import { signedIn } from "./people.mjs";

/* The questions of a page: [{name, text, multiple, choices: [{id, text}]}]. */
function questionsOn(page)
{
	return page.locator("fieldset.tanren-question").evaluateAll((fields) =>
	    fields.map((field) => {
		const legend = field.querySelector("legend").cloneNode(true);

		for (const extra of legend.querySelectorAll("span"))
			extra.remove();
		return {
			name: field.id,
			text: legend.textContent,
			multiple: field.querySelector(
			    "input[type=checkbox]") !== null,
			choices: [...field.querySelectorAll("label")].map(
			    (label) => ({
				id: label.htmlFor,
				text: label.textContent,
			})),
		};
	    }));
}

/*
 * What to choose: [{name, multiple, ids, choices}]. With `right` false the
 * one choice of each question that is certainly wrong.
 */
export async function answersFor(page, key, right = true)
{
	const questions = await questionsOn(page);

	assert.ok(questions.length > 0, `no question on ${page.url()}`);
	return questions.map((question) => {
		const known = key.get(plain(question.text));

		assert.ok(known, `unknown question: ${question.text}`);
		assert.equal(question.multiple, known.multiple);
		const ids = question.choices.filter(({ text }) =>
		    known.right.has(plain(text)) === right)
			.map(({ id }) => id);

		assert.ok(ids.length > 0, `no answer to ${question.text}`);
		return {
			...question,
			ids: right ? ids : ids.slice(0, 1),
		};
	});
}

/* With the mouse or a finger. */
export async function choose(reader, answers)
{
	for (const { ids } of answers)
		for (const id of ids)
			await reader.page.locator(`label[for="${id}"]`).click();
}

/* From the course's page: opens a module, reads it, passes its check. */
export async function passModule(reader, course, number, answer = choose)
{
	const { page } = reader;
	const key = checkKey(course.tier, course.id, number, reader.lang);

	await reader.go(`/courses/${course.id}/${number}`);
	const module = course.modules.find(({ n }) => n === number);

	assert.equal(await reader.heading(), module.title[reader.lang]);
	for (const objective of module.objectives)
		assert.ok((await reader.text()).includes(
		    objective[reader.lang]), objective.id);
	await reader.follow(reader.link("learn.check"));
	await answer(reader, await answersFor(page, key));
	await reader.follow(reader.button("assess.grade"));
	await reader.sees("assess.pass");
	assert.match(await page.locator(".tanren-result__score").innerText(),
	    /^100 %$/);
}

/* Starts the exam of a course; answers the address of the attempt. */
export async function startExam(reader, exam)
{
	await reader.go(`/exams/${exam}`);
	await reader.follow(reader.button("assess.start"));
	assert.match(reader.page.url(), /\/attempts\/\d+$/);
	return new URL(reader.page.url()).pathname;
}

export async function examAnswers(reader, exam, right = true)
{
	return answersFor(reader.page, examKey(exam, reader.lang), right);
}

/* Every question with an answer says that it is saved, with the time. */
export async function assertSaved(reader, answers)
{
	for (const { name } of answers) {
		const state = reader.page.locator(
		    `#${name} .tanren-question__state`);

		await state.and(reader.page.locator("[data-state=saved]"))
			.waitFor();
		assert.match(await state.innerText(), /\d\d:\d\d/);
	}
}

/* The choices that are marked now, by question. */
export async function chosenOn(reader)
{
	return reader.page.locator("fieldset.tanren-question").evaluateAll(
	    (fields) => fields.map((field) =>
		[...field.querySelectorAll("input:checked")].map(
		    (input) => input.id)));
}

/* From the exam's page over the review to the result. */
export async function handIn(reader)
{
	await reader.follow(reader.button("assess.to_review"));
	await reader.follow(reader.button("assess.hand_in"));
}

/* A learner who passed every module's check; nobody looks at the pages. */
export async function readyForExam(account, course, options)
{
	const reader = await signedIn(account, { ...options, looks: false });

	for (const { n } of course.modules)
		await passModule(reader, course, n);
	reader.looks = options?.looks ?? true;
	return reader;
}
