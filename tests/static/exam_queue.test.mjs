/* The rules of saving answers, without a network and without a clock. */
import assert from "node:assert/strict";
import test from "node:test";
import { RESULT, STATE, SaveQueue, append, backOff, classify, encode, overall,
    setAside } from "../../platform/static/js/exam_queue.js";

/*
 * A queue whose server is a list of answers. Each try takes the next one; a
 * queue that asks for more than there are fails the test.
 */
function bench(...answers)
{
	const b = { sent: [], shown: [], waits: [], over: 0, keys: 0 };

	b.queue = new SaveQueue({
		send: async (item) => {
			const answer = answers.shift();

			assert.ok(answer, `no answer for ${item.question}`);
			b.sent.push(`${item.question}=${item.chosen} ${item.key}`);
			return typeof answer === "string" ?
			    { result: answer, saved_at: 1 } : answer;
		},
		later: (f, ms) => b.waits.push({ f, ms }),
		newKey: () => `k${++b.keys}`,
		changed: (question, state) => b.shown.push(`${question} ${state}`),
		ended: () => b.over++,
	});
	return b;
}

/* Lets every promise that can go on go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const { SAVED, RETRY, REFUSED, ENDED } = RESULT;

test("back_off_doubles_to_half_a_minute_and_obeys_the_server", () => {
	assert.deepEqual([1, 2, 3, 4, 5, 6, 7, 1000].map((n) => backOff(n)),
	    [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
	assert.equal(backOff(0), 1000);
	assert.equal(backOff(1, 20), 20000);
	assert.equal(backOff(6, 20), 30000);
});

test("only_200_with_a_time_is_saved", () => {
	const cases = [
		[200, { saved_at: 5, now: 6 }, SAVED],
		[200, { now: 6 }, RETRY],
		[200, { saved_at: "5" }, RETRY],
		[200, null, RETRY],
		[201, { saved_at: 5 }, RETRY],
		[302, null, RETRY],
		[400, null, REFUSED],
		[401, null, REFUSED],
		[403, null, REFUSED],
		[404, null, REFUSED],
		[409, null, REFUSED],
		[408, null, RETRY],
		[429, null, RETRY],
		[410, null, ENDED],
		[500, null, RETRY],
		[503, null, RETRY],
	];

	for (const [status, body, result] of cases)
		assert.equal(classify(status, body), result, String(status));
});

test("an_answer_is_sent_as_form_fields_with_each_choice", () => {
	assert.equal(encode({ question: "3", chosen: ["0", "2"], key: "a-b" }),
	    "question=3&chosen=0&chosen=2&client_key=a-b");
	assert.equal(encode({ question: "3", chosen: [], key: "a&b" }),
	    "question=3&client_key=a%26b");
});

test("a_newer_answer_replaces_one_that_was_never_tried", () => {
	const old = { question: "1", tries: 0 }, other = { question: "2", tries: 0 };
	const tried = { question: "1", tries: 1 }, next = { question: "1", tries: 0 };

	assert.deepEqual(append([old, other], next), [other, next]);
	assert.deepEqual(append([tried, other], next), [tried, other, next]);
});

test("a_refused_answer_goes_last_and_gives_way_to_a_newer_one", () => {
	const refused = { question: "1" }, other = { question: "2" };
	const newer = { question: "1" };

	assert.deepEqual(setAside([refused, other], refused), [other, refused]);
	const rest = setAside([refused, newer], refused);
	assert.equal(rest.length, 1);
	assert.equal(rest[0], newer);
});

test("the_whole_is_as_good_as_its_worst_question", () => {
	assert.equal(overall([]), null);
	assert.equal(overall([STATE.SAVED, STATE.SAVED]), STATE.SAVED);
	assert.equal(overall([STATE.SAVED, STATE.SAVING]), STATE.SAVING);
	assert.equal(overall([STATE.SAVING, STATE.UNSAVED, STATE.SAVED]),
	    STATE.UNSAVED);
});

test("answers_go_one_at_a_time_in_order", async () => {
	const b = bench(SAVED, SAVED, SAVED);

	b.queue.add("1", ["0"]);
	b.queue.add("2", ["1"]);
	b.queue.add("3", ["2"]);
	assert.equal(b.sent.length, 1);
	await settle();
	assert.deepEqual(b.sent, ["1=0 k1", "2=1 k2", "3=2 k3"]);
	assert.equal(b.queue.unsaved, false);
	assert.equal(b.shown.at(-1), "3 saved");
});

test("a_failed_try_is_repeated_with_the_same_key", async () => {
	const b = bench(RETRY, RETRY, SAVED);

	b.queue.add("1", ["0"]);
	await settle();
	assert.equal(b.shown.at(-1), "1 unsaved");
	assert.equal(b.waits[0].ms, 1000);
	b.waits[0].f();
	await settle();
	assert.equal(b.waits[1].ms, 2000);
	b.waits[1].f();
	await settle();
	assert.deepEqual(b.sent, ["1=0 k1", "1=0 k1", "1=0 k1"]);
	assert.equal(b.shown.at(-1), "1 saved");
});

test("an_answer_changed_while_one_is_on_its_way_follows_it", async () => {
	const b = bench(RETRY, SAVED, SAVED);

	b.queue.add("1", ["0"]);
	b.queue.add("1", ["1"]);
	b.queue.add("1", ["2"]);
	await settle();
	b.waits[0].f();
	await settle();
	/* k2 was never tried; k1 may have arrived and goes first. */
	assert.deepEqual(b.sent, ["1=0 k1", "1=0 k1", "1=2 k3"]);
	assert.deepEqual(b.shown.filter((s) => s === "1 saved").length, 1);
});

test("nothing_new_is_called_saving_while_tries_fail", async () => {
	const b = bench(RETRY, SAVED, SAVED);

	b.queue.add("1", ["0"]);
	await settle();
	b.shown.length = 0;
	b.queue.add("2", ["0"]);
	assert.deepEqual(b.shown, ["2 unsaved"]);
	assert.equal(b.sent.length, 1, "the wait is kept");
	b.waits[0].f();
	await settle();
	assert.equal(b.queue.unsaved, false);
});

test("all_that_waits_is_shown_unsaved_when_the_network_fails", async () => {
	const b = bench(RETRY);

	b.queue.add("1", ["0"]);
	b.queue.add("2", ["0"]);
	await settle();
	assert.deepEqual(b.shown.slice(-2), ["1 unsaved", "2 unsaved"]);
});

test("a_refused_answer_does_not_hold_up_the_others", async () => {
	const b = bench(REFUSED, SAVED, REFUSED);

	b.queue.add("1", ["9"]);
	b.queue.add("2", ["0"]);
	await settle();
	assert.deepEqual(b.sent.slice(0, 2), ["1=9 k1", "2=0 k2"]);
	assert.ok(b.shown.includes("1 unsaved"));
	assert.ok(b.shown.includes("2 saved"));
	assert.equal(b.queue.unsaved, true);
	assert.equal(b.waits.length, 1, "it is tried again, but later");
});

test("the_end_of_the_attempt_ends_the_queue", async () => {
	const b = bench(ENDED);

	b.queue.add("1", ["0"]);
	b.queue.add("2", ["0"]);
	await settle();
	b.queue.add("3", ["0"]);
	b.queue.hurry();
	await settle();
	assert.equal(b.over, 1);
	assert.equal(b.sent.length, 1);
});

test("hurry_tries_at_once_and_the_old_wait_does_nothing", async () => {
	const b = bench(RETRY, RETRY, SAVED);

	b.queue.add("1", ["0"]);
	await settle();
	b.queue.hurry();
	await settle();
	assert.equal(b.sent.length, 2);
	b.waits[0].f();
	await settle();
	assert.equal(b.sent.length, 2);
	b.waits[1].f();
	await settle();
	assert.equal(b.queue.unsaved, false);
});

test("when_empty_comes_after_the_last_save_only", async () => {
	const b = bench(RETRY, SAVED, SAVED);
	let empty = false;

	b.queue.add("1", ["0"]);
	b.queue.add("2", ["0"]);
	b.queue.whenEmpty().then(() => {
		empty = true;
	});
	await settle();
	assert.equal(empty, false);
	b.waits[0].f();
	await settle();
	assert.equal(empty, true);
	await b.queue.whenEmpty();
});
