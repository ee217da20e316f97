/* The page of a lab run: waits for the box and for the score. */
import { follow } from "./wait.js";

document.querySelectorAll("[data-poll]").forEach(follow);
