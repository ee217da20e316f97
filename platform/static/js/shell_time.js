/* How long the shell lives still: shown, and read out when it gets short. */
import { ServerClock, fill, markPassed } from "./exam_clock.js";

const TICK_MS = 1000;
const MINUTE_MS = 60000;
const LATE_MS = 10 * MINUTE_MS;

/* The values of "{h}" and "{m}": minutes that have begun count. */
export function hoursLeft(ms)
{
	const minutes = Math.max(0, Math.ceil(ms / MINUTE_MS));

	return { h: Math.floor(minutes / 60), m: minutes % 60 };
}

export class ShellTime {
	/* root: #shell with its words; place, region: where it is told. */
	constructor(root, place, region)
	{
		const first = performance.getEntriesByType("navigation")[0];

		this.words = root.dataset;
		this.place = place;
		this.region = region;
		this.bar = place.closest(".tanren-shell__bar");
		this.deadline = Number(this.words.deadline);
		this.clock = new ServerClock(Number(this.words.now),
		    first?.responseStart ?? performance.now());
		this.left = Infinity;
		this.ticker = setInterval(() => this.tick(), TICK_MS);
		this.tick();
	}

	/* What a server's answer said. */
	correct({ deadline_at, now }, sent)
	{
		if (Number.isFinite(deadline_at))
			this.deadline = deadline_at;
		this.clock.correct(now, sent, performance.now());
		this.tick();
	}

	tick()
	{
		const left = this.deadline - this.clock.now(performance.now());
		const { h, m } = hoursLeft(left);
		const text = fill(h > 0 ? this.words.leftHours :
		    this.words.leftMinutes, { h, m });
		const mark = markPassed(this.left, left);

		if (this.place.textContent !== text)
			this.place.textContent = text;
		this.bar.classList.toggle("tanren-shell__bar--late",
		    left <= LATE_MS);
		if (mark !== null)
			this.region.textContent = fill(this.words.minutesLeft,
			    { m: mark });
		this.left = left;
	}

	stop()
	{
		clearInterval(this.ticker);
	}
}
