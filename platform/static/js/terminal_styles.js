/*
 * xterm.js brings its colours and sizes as <style> elements and style
 * attributes, which the policy of our pages (style-src 'self') forbids, and
 * rightly: so does whoever injects something. What scripts write through the
 * style sheets' own interface is allowed. These stand-ins lead the one to the
 * other; the policy stays as it is on every page.
 */

/* An element that is no style, with a style sheet of the document behind it. */
function styleElement(document, create)
{
	const element = create("template");
	const sheet = new CSSStyleSheet();
	let text = "";

	Object.defineProperty(element, "textContent", {
		get: () => text,
		set: (value) => {
			text = value;
			sheet.replaceSync(value);
		},
	});
	element.remove = () => {
		Element.prototype.remove.call(element);
		document.adoptedStyleSheets = document.adoptedStyleSheets
			.filter((other) => other !== sheet);
	};
	document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
	return element;
}

/* "color:#123456;" to the properties of an element. */
function setStyle(element, text)
{
	for (const declaration of text.split(";")) {
		const at = declaration.indexOf(":");

		if (at > 0)
			element.style.setProperty(
			    declaration.slice(0, at).trim(),
			    declaration.slice(at + 1).trim());
	}
}

/* On the page of a terminal, before one is made. */
export function allowTerminalStyles(document)
{
	const create = document.createElement.bind(document);

	document.createElement = (name, options) => {
		if (name === "style")
			return styleElement(document, create);
		const element = create(name, options);

		/* a cell of any of 16 million colours */
		if (name === "span")
			element.setAttribute = (key, value) => {
				if (key === "style")
					setStyle(element, value);
				else
					Element.prototype.setAttribute.call(
					    element, key, value);
			};
		return element;
	};
}
