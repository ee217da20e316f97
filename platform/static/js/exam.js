/*
 * The exam page: every change is saved at once and says so, the time that is
 * left is the server's, and at the end the form goes by itself. The rules are
 * in exam_queue.js and exam_clock.js; the words are on the form:
 *
 *   form#exam data-save data-csrf data-now data-deadline data-saving
 *     data-saved ("… {time}") data-unsaved data-left data-minutes-left
 *     data-leave
 *   fieldset[data-question] with inputs and .tanren-question__state
 *   .tanren-exam-bar with [data-role=time|announce|saved]
 *
 * Without this script the form still carries all answers when it is sent. Its
 * own action is the end; buttons may lead elsewhere (formaction).
 */
import { RESULT, STATE, SaveQueue, classify, encode, overall } from
    "./exam_queue.js";
import { ServerClock, fill, hasSlept, markPassed, timeLeft } from
    "./exam_clock.js";

const TRY_MS = 15000;
const FLUSH_MS = 10000;
const TICK_MS = 500;
const LATE_MS = 5 * 60000;

/* Times are Japan's on every page, wherever it is read. */
const clock_face = new Intl.DateTimeFormat("ja-JP", {
	hour: "2-digit", minute: "2-digit", hourCycle: "h23",
	timeZone: "Asia/Tokyo",
});

class Exam {
	constructor(form)
	{
		const first = performance.getEntriesByType("navigation")[0];

		this.form = form;
		this.words = form.dataset;
		this.bar = document.querySelector(".tanren-exam-bar");
		this.states = new Map();
		this.deadline = Number(this.words.deadline);
		this.clock = new ServerClock(Number(this.words.now),
		    first?.responseStart ?? performance.now());
		this.started = { interval: performance.now(), wall: Date.now() };
		this.left = Infinity;
		this.leaving = false; /* nothing may hold the page any more */
		this.waiting = false; /* for the last saves, before it is sent */
		this.queue = new SaveQueue({
			send: (item) => this.send(item),
			later: (f, ms) => setTimeout(f, ms),
			newKey: () => crypto.randomUUID(),
			changed: (...what) => this.show(...what),
			ended: () => this.reload(),
		});
		this.region = this.addRegion();
	}

	role(name)
	{
		return this.bar?.querySelector(`[data-role="${name}"]`) ?? null;
	}

	/* A place for words that are only read out. */
	addRegion()
	{
		const region = document.createElement("p");

		region.className = "govuk-visually-hidden";
		region.setAttribute("aria-live", "assertive");
		document.body.append(region);
		return region;
	}

	/* ---------------------------------------------------------- saving */

	async send(item)
	{
		const stop = new AbortController();
		const timer = setTimeout(() => stop.abort(), TRY_MS);
		const sent = performance.now();

		try {
			const response = await fetch(this.words.save, {
				method: "POST",
				body: encode(item),
				headers: {
					"Accept": "application/json",
					"Content-Type":
					    "application/x-www-form-urlencoded",
					"X-CSRF-Token": this.words.csrf,
				},
				credentials: "same-origin",
				/* It goes on when the page is left. */
				keepalive: true,
				redirect: "error",
				signal: stop.signal,
			});
			const body = response.status === 200 ?
			    await response.json() : null;

			if (body !== null)
				this.clock.correct(body.now, sent,
				    performance.now());
			return {
				result: classify(response.status, body),
				saved_at: body?.saved_at,
				retry_after: Number(
				    response.headers.get("Retry-After")) || 0,
			};
		} catch {
			/* No network, too slow, or not what was asked for. */
			return { result: RESULT.RETRY };
		} finally {
			clearTimeout(timer);
		}
	}

	stateText(state, saved_at)
	{
		if (state === STATE.SAVING)
			return this.words.saving;
		if (state === STATE.UNSAVED)
			return this.words.unsaved;
		return fill(this.words.saved,
		    { time: clock_face.format(new Date(saved_at)) });
	}

	show(question, state, saved_at)
	{
		const place = this.form.querySelector(
		    `[data-question="${CSS.escape(question)}"] ` +
		    ".tanren-question__state");

		this.states.set(question, state);
		this.put(place, state, saved_at);
		this.put(this.role("saved"), overall(this.states.values()),
		    saved_at);
	}

	/* Said again only when it changed. */
	put(place, state, saved_at)
	{
		if (place === null)
			return;
		const text = this.stateText(state, saved_at);

		place.dataset.state = state;
		if (place.textContent !== text)
			place.textContent = text;
	}

	save(question)
	{
		const inputs = question.querySelectorAll("input:checked");

		this.queue.add(question.dataset.question,
		    [...inputs].map((input) => input.value));
	}

	/* A browser that fills a form again may differ from the server. */
	saveRestored()
	{
		for (const question of
		    this.form.querySelectorAll("[data-question]"))
			if ([...question.querySelectorAll("input")].some(
			    (input) => input.checked !== input.defaultChecked))
				this.save(question);
	}

	/* ------------------------------------------------------------ time */

	remaining()
	{
		return this.deadline - this.clock.now(performance.now());
	}

	/* After sleep a save that says nothing new brings the server's time. */
	wakeUp()
	{
		if (!hasSlept(performance.now() - this.started.interval,
		    Date.now() - this.started.wall))
			return;
		const question = [...this.form.querySelectorAll(
		    "[data-question]")].find(
		    (one) => one.querySelector("input:checked") !== null);

		this.started = { interval: performance.now(), wall: Date.now() };
		this.clock.doubt();
		if (question !== undefined)
			this.save(question);
	}

	tick()
	{
		this.wakeUp();
		const left = this.remaining();
		const mark = markPassed(this.left, left);
		const time = this.role("time");
		const text = fill(this.words.left, timeLeft(left));

		if (time !== null && time.textContent !== text)
			time.textContent = text;
		this.bar?.classList.toggle("tanren-exam-bar--late",
		    left <= LATE_MS);
		if (mark !== null)
			this.region.textContent = fill(this.words.minutesLeft,
			    { m: mark });
		this.left = left;
		if (left <= 0)
			this.finish();
	}

	/*
	 * The end of the time. While the clock is in doubt the page asks the
	 * server instead of giving the exam in.
	 */
	async finish()
	{
		if (this.leaving)
			return;
		this.leaving = true;
		clearInterval(this.ticker);
		this.queue.hurry();
		await this.flushed();
		if (this.clock.doubtful)
			this.reload();
		else
			this.giveIn();
	}

	/* --------------------------------------------------------- leaving */

	/* True if everything was saved in time. */
	flushed()
	{
		return Promise.race([
			this.queue.whenEmpty().then(() => true),
			new Promise((resolve) =>
			    setTimeout(() => resolve(false), FLUSH_MS)),
		]);
	}

	giveIn()
	{
		/* Also when a field of the form is called submit. */
		HTMLFormElement.prototype.submit.call(this.form);
	}

	/*
	 * Not as a reload: with that some browsers fill in again what the
	 * server has just refused; it would be saved, refused, and so on.
	 */
	reload()
	{
		this.leaving = true;
		location.replace(location.pathname + location.search);
	}

	/*
	 * Sent by hand: first what is still on its way. The button stays the
	 * same: it may lead to the review or to the end.
	 */
	async submit(event)
	{
		if (this.leaving || !this.queue.unsaved) {
			this.leaving = true;
			return;
		}
		event.preventDefault();
		if (this.waiting)
			return;
		this.waiting = true;
		this.queue.hurry();
		if (await this.flushed() || confirm(this.words.leave)) {
			this.leaving = true;
			this.form.requestSubmit(event.submitter);
		}
		this.waiting = false;
	}

	start()
	{
		this.form.addEventListener("change", (event) => {
			const question = event.target.closest("[data-question]");

			if (question !== null)
				this.save(question);
		});
		this.form.addEventListener("submit",
		    (event) => this.submit(event));
		const announce = this.role("announce");

		announce?.removeAttribute("hidden");
		announce?.addEventListener("click", () => {
			/* Emptied first: the same words are said again. */
			this.region.textContent = "";
			setTimeout(() => {
				this.region.textContent = fill(this.words.left,
				    timeLeft(this.remaining()));
			}, 100);
		});
		addEventListener("online", () => this.queue.hurry());
		addEventListener("beforeunload", (event) => {
			if (this.queue.unsaved && !this.leaving) {
				event.preventDefault();
				event.returnValue = this.words.leave;
			}
		});
		/* Kept in memory and shown again: it is of another time. */
		addEventListener("pageshow", (event) => {
			if (event.persisted)
				this.reload();
		});
		this.ticker = setInterval(() => this.tick(), TICK_MS);
		this.tick();
		this.saveRestored();
	}
}

const form = document.getElementById("exam");

if (form !== null)
	new Exam(form).start();
