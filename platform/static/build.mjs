/*
 * Builds the static files: node build.mjs DIR
 *
 * Leaves in DIR every file under a name that holds a digest of its bytes, so
 * that it may be kept for ever, beside it .gz and .br for the edge, and
 * manifest.tsv: plain name TAB name with digest. The same sources give the
 * same names with every Node from 18, which Debian 12 has; what is compressed
 * may differ by some bytes from one zlib to another.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, extname, basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");

/* An ES module is an entry of its own when a page may name it. */
const SCRIPTS = ["app", "module", "exam", "lab", "shell",
	"class", "watch"];
/* "shell" is of one page alone: what a terminal needs is large. */
const STYLES = ["app", "shell"];
const DIGEST_DIGITS = 12;

/*
 * The Digital Agency's tokens as a Sass module: "--color-primitive-blue-900"
 * is $blue-900 after `@use "tokens"`.
 */
const tokens = {
	canonicalize: (url) => (url === "tokens" ? new URL("dads:tokens") : null),
	load: () => ({
		syntax: "scss",
		contents: readFileSync(join(modules,
		    "@digital-go-jp/design-tokens/dist/tokens.css"), "utf8")
			.split("\n")
			.map((line) => line.match(
			    /^\s*--color-(?:primitive|neutral)-([a-z0-9-]+):\s*(#[0-9a-f]{6});/))
			.filter((match) => match !== null)
			.map((match) => `$${match[1]}: ${match[2]};\n`)
			.join(""),
	}),
};

/* Plain name to bytes of everything that a page or a style can ask for. */
const files = new Map();
/* Plain name to name with digest. */
const names = new Map();

function put(name, bytes)
{
	const data = Buffer.from(bytes);
	const digest = createHash("sha256").update(data).digest("hex")
		.slice(0, DIGEST_DIGITS);
	const extension = extname(name);

	files.set(name, data);
	names.set(name,
	    `${basename(name, extension)}-${digest}${extension}`);
}

/* url(mark.svg) becomes the address with the digest. */
function with_addresses(css)
{
	return css.replace(/url\(["']?([^"')]+)["']?\)/g, (whole, name) => {
		if (!names.has(name))
			throw new Error(`a style asks for ${name}: no such file`);
		return `url(${names.get(name)})`;
	});
}

/* Whatever encoding a reader assumes, it reads the same. */
function in_ascii(css)
{
	return css.replace(/[^\x00-\x7f]/gu, (character) =>
	    `\\${character.codePointAt(0).toString(16).padStart(6, "0")}`);
}

function build_style(name)
{
	const { css } = compile(join(here, "css", `${name}.scss`), {
		charset: false,
		importers: [tokens],
		loadPaths: [modules],
		quietDeps: true,
		style: "compressed",
	});

	put(`${name}.css`, in_ascii(with_addresses(css)));
}

function build_script(name)
{
	const { outputFiles } = buildSync({
		absWorkingDir: here,
		entryPoints: [join("js", `${name}.js`)],
		bundle: true,
		charset: "ascii",
		format: "esm",
		legalComments: "none", /* their licences are in licences.txt */
		minify: true,
		target: "es2021",
		write: false,
	});

	put(`${name}.js`, outputFiles[0].contents);
}

function write_all(dir)
{
	const lines = [];

	mkdirSync(dir, { recursive: true });
	for (const [name, data] of [...files].sort()) {
		const path = join(dir, names.get(name));

		writeFileSync(path, data);
		writeFileSync(`${path}.gz`, gzipSync(data, { level: 9 }));
		writeFileSync(`${path}.br`, brotliCompressSync(data, {
			params: {
				[constants.BROTLI_PARAM_QUALITY]:
				    constants.BROTLI_MAX_QUALITY,
				[constants.BROTLI_PARAM_SIZE_HINT]: data.length,
			},
		}));
		lines.push(`${name}\t${names.get(name)}\n`);
	}
	writeFileSync(join(dir, "manifest.tsv"), lines.join(""));
}

if (process.argv.length !== 3) {
	console.error("usage: node build.mjs DIR");
	process.exit(2);
}
for (const name of readdirSync(join(here, "icons")).sort())
	put(name, readFileSync(join(here, "icons", name)));
SCRIPTS.forEach(build_script);
STYLES.forEach(build_style);
put("licences.txt", readFileSync(join(here, "licences.txt")));
write_all(process.argv[2]);
