/* The small rules of the other modules. */
import assert from "node:assert/strict";
import test from "node:test";
import { isComposing } from "../../platform/static/js/forms.js";
import { currentHeading } from "../../platform/static/js/module.js";
import { unseen } from "../../platform/static/js/notices.js";
import { pause } from "../../platform/static/js/wait.js";

test("enter_of_the_input_method_is_not_enter", () => {
	assert.equal(isComposing({ isComposing: true, keyCode: 229 }), true);
	/* Safari: the composition has ended, the key is still its. */
	assert.equal(isComposing({ isComposing: false, keyCode: 229 }), true);
	assert.equal(isComposing({ isComposing: false, keyCode: 13 }), false);
});

test("the_heading_passed_last_is_the_current_one", () => {
	const headings = ["a", "b", "c"];

	assert.equal(currentHeading(headings, new Set()), "a");
	assert.equal(currentHeading(headings, new Set(["a", "b"])), "b");
	assert.equal(currentHeading(headings, new Set(["a", "b", "c"])), "c");
});

test("waiting_grows_slower_and_stays_at_five_seconds", () => {
	const all = Array.from({ length: 20 }, (_, n) => pause(n));

	assert.deepEqual(all, [...all].sort((a, b) => a - b));
	assert.equal(all[0], 1000);
	assert.equal(all.at(-1), 5000);
});

test("notices_that_are_new_come_oldest_first", () => {
	const list = [{ id: 9 }, { id: 7 }, { id: 4 }];

	assert.deepEqual(unseen(list, new Set([4])), [{ id: 7 }, { id: 9 }]);
	assert.deepEqual(unseen(list, new Set([4, 7, 9])), []);
	assert.deepEqual(unseen([], new Set()), []);
});
