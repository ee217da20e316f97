/* The server's time, and what is said of it. */
import assert from "node:assert/strict";
import test from "node:test";
import { ServerClock, fill, hasSlept, markPassed, timeLeft } from
    "../../platform/static/js/exam_clock.js";

test("the_pages_own_clock_does_not_matter", () => {
	const clock = new ServerClock(1000000, 50);

	assert.equal(clock.now(50), 1000000);
	assert.equal(clock.now(1050), 1001000);
});

test("the_shortest_round_trip_decides", () => {
	const clock = new ServerClock(1000000, 0);

	clock.correct(1000300, 100, 300); /* offset 1000100, 100 off at most */
	assert.equal(clock.now(0), 1000100);
	clock.correct(1009999, 400, 800); /* longer: not believed */
	assert.equal(clock.now(0), 1000100);
	clock.correct(1001050, 1000, 1020);
	assert.equal(clock.now(0), 1000040);
});

test("nonsense_is_not_believed", () => {
	const clock = new ServerClock(1000000, 0);

	for (const now of [undefined, null, "7", NaN, Infinity])
		clock.correct(now, 0, 10);
	clock.correct(5, 10, 0);
	assert.equal(clock.now(0), 1000000);
});

test("after_doubt_the_next_answer_counts_however_slow", () => {
	const clock = new ServerClock(1000000, 0);

	clock.correct(1000005, 0, 10);
	clock.doubt();
	assert.equal(clock.doubtful, true);
	clock.correct(1090000, 1000, 3000);
	assert.equal(clock.doubtful, false);
	assert.equal(clock.now(2000), 1090000);
});

test("time_left_is_rounded_up_and_never_below_nothing", () => {
	const cases = [
		[600000, 10, 0], [599999, 10, 0], [599000, 9, 59],
		[60000, 1, 0], [1, 0, 1], [0, 0, 0], [-5000, 0, 0],
		[5400000, 90, 0],
	];

	for (const [ms, m, s] of cases)
		assert.deepEqual(timeLeft(ms), { m, s }, String(ms));
});

test("each_mark_is_told_once_when_it_is_passed", () => {
	const minute = 60000;

	assert.equal(markPassed(10 * minute + 400, 10 * minute - 100), 10);
	assert.equal(markPassed(10 * minute - 100, 10 * minute - 600), null);
	assert.equal(markPassed(5 * minute + 1, 5 * minute), 5);
	assert.equal(markPassed(minute + 1, minute - 1), 1);
	/* Asleep from 20 minutes to 3: only what matters now. */
	assert.equal(markPassed(20 * minute, 3 * minute), 5);
	assert.equal(markPassed(20 * minute, -1), null);
});

test("words_of_the_page_take_their_numbers", () => {
	assert.equal(fill("残り {m}分 {s}秒", { m: 9, s: 5 }), "残り 9分 5秒");
	assert.equal(fill("{m} {m} {x}", { m: 1 }), "1 1 {x}");
	assert.equal(fill("保存しました {time}", { time: "14:05" }),
	    "保存しました 14:05");
});

test("sleep_is_told_from_an_interval_clock_that_stood_still", () => {
	assert.equal(hasSlept(1000, 1200), false);
	assert.equal(hasSlept(1000, 61000), true);
	assert.equal(hasSlept(61000, 1000), true);
});
