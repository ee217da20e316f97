/*
 * The page of a lab run: waits for the box and for the score, and shows what
 * an instructor writes.
 */
import { Notices } from "./notices.js";
import { follow } from "./wait.js";

document.querySelectorAll("[data-poll]").forEach(follow);

const notices = document.getElementById("notices");

if (notices !== null)
	new Notices(notices).poll();
