/*
 * Nothing but the keyboard: Tab, Shift+Tab, Enter, Space, arrows. A pointer
 * is never used here, not even to set the focus.
 */
import assert from "node:assert/strict";

const STEPS_MAX = 400;

function isFocused(locator)
{
	return locator.evaluate((element) =>
	    element === document.activeElement);
}

/* Whoever steps through a page must see where they are. */
async function assertFocusIsSeen(reader, locator)
{
	const seen = await locator.evaluate((element) => {
		const styles = [getComputedStyle(element)];

		/* Radios and checkboxes are drawn by their label. */
		for (const label of element.labels ?? [])
			styles.push(getComputedStyle(label),
			    getComputedStyle(label, "::before"));
		return styles.some((style) => style.boxShadow !== "none" ||
		    (style.outlineStyle !== "none" &&
			style.outlineWidth !== "0px"));
	});

	assert.ok(seen, `the focus is not seen on ${await locator.evaluate(
	    (element) => element.outerHTML.slice(0, 200))}`);
}

/* Steps on (or back) until the element has the focus. */
export async function tabTo(reader, locator, key = "Tab")
{
	for (let i = 0; i < STEPS_MAX; i++) {
		if (await isFocused(locator)) {
			await assertFocusIsSeen(reader, locator);
			return;
		}
		await reader.page.keyboard.press(key);
	}
	assert.fail(`${key} does not lead to ${locator} on ` +
	    reader.page.url());
}

/* Enter on a link or a button, and the page that comes. */
export async function enter(reader, locator)
{
	await tabTo(reader, locator);
	const loaded = reader.page.waitForEvent("load");

	await reader.page.keyboard.press("Enter");
	await loaded;
	await reader.look();
}

export async function typeInto(reader, selector, text)
{
	await tabTo(reader, reader.page.locator(selector));
	await reader.page.keyboard.type(text);
}

/* The group has one stop; arrows choose in it. */
async function chooseRadio(reader, { choices, ids })
{
	await tabTo(reader, reader.page.locator(`[id="${choices[0].id}"]`));
	const steps = choices.findIndex(({ id }) => id === ids[0]);

	if (steps === 0)
		await reader.page.keyboard.press("Space");
	for (let i = 0; i < steps; i++)
		await reader.page.keyboard.press("ArrowDown");
}

async function chooseBoxes(reader, { choices, ids })
{
	for (const { id } of choices) {
		if (!ids.includes(id))
			continue;
		await tabTo(reader, reader.page.locator(`[id="${id}"]`));
		await reader.page.keyboard.press("Space");
	}
}

export async function chooseByKeys(reader, answers)
{
	for (const answer of answers) {
		if (answer.multiple)
			await chooseBoxes(reader, answer);
		else
			await chooseRadio(reader, answer);
		for (const id of answer.ids)
			assert.ok(await reader.page.locator(`[id="${id}"]`)
				.isChecked(), answer.text);
	}
}
