/*
 * Shows a password while it is typed. The page gives the words on the field:
 * data-show and data-hide, and data-shown and data-hidden, which are read out.
 * Without them there is no button.
 */

function toggle(field, button, status)
{
	const shown = field.type === "text";

	field.type = shown ? "password" : "text";
	button.textContent = shown ? field.dataset.show : field.dataset.hide;
	status.textContent = shown ?
	    field.dataset.hidden ?? "" : field.dataset.shown ?? "";
}

function addToggle(document, field)
{
	const row = document.createElement("div");
	const button = document.createElement("button");
	const status = document.createElement("div");
	const label = field.labels[0];

	row.className = "tanren-password";
	button.className = "tanren-password__toggle";
	button.type = "button";
	button.textContent = field.dataset.show;
	button.setAttribute("aria-controls", field.id);
	/* Of several fields, this one. */
	if (label !== undefined) {
		label.id ||= `${field.id}-label`;
		button.setAttribute("aria-describedby", label.id);
	}
	status.className = "govuk-visually-hidden";
	status.setAttribute("role", "status");
	button.addEventListener("click", () => toggle(field, button, status));
	/* Browsers remember what a text field held. */
	field.form?.addEventListener("submit", () => {
		field.type = "password";
	});
	field.before(row);
	row.append(field, button, status);
}

export function passwordToggles(document)
{
	for (const field of document.querySelectorAll(
	    "input[type=password][data-show][data-hide]"))
		addToggle(document, field);
}
