/**
 * Build step: `templates/*.hbs`, `report.css` and `report.js` become `templates.generated.ts`, so that the shipped command
 * holds neither the template compiler nor a file to look for. Run by `npm run build`; a test fails when the generated
 * file is older than its sources.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import Handlebars from 'handlebars';

const FOLDER = new URL('templates/', import.meta.url);
const GENERATED = new URL('templates.generated.ts', import.meta.url);

/** Text of the generated module, from the files as they are now. */
export function generateTemplates(): string {
  const names = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.hbs'))
    .map((file) => file.slice(0, -'.hbs'.length))
    .toSorted();
  const templates = names.map((name) => {
    // The line end after a template would become a line of its own inside `pre`.
    const source = readFileSync(new URL(`${name}.hbs`, FOLDER), 'utf8').replace(
      /\n$/,
      name === 'page' || name === 'end' ? '\n' : '',
    );
    const options = { strict: true, knownHelpersOnly: true, preventIndent: true };
    // The types say any object; what comes is the text of one.
    const compiled: unknown = Handlebars.precompile(source, options);
    if (typeof compiled !== 'string') throw new Error(`Failed to compile ${name}: the compiler gave no text`);
    return `  ${name}: ${compiled},`;
  });
  const css = minifyCss(readFileSync(new URL('report.css', FOLDER), 'utf8'));
  const js = minifyJs(readFileSync(new URL('report.js', FOLDER), 'utf8'));
  return [
    '// @ts-nocheck: made by precompile.ts from templates/, never edited by hand',
    `export const TEMPLATES = {\n${templates.join('\n')}\n};`,
    `export const CSS = ${JSON.stringify(css)};`,
    `export const CSS_HASH = ${JSON.stringify(hashOf(css))};`,
    `export const JS = ${JSON.stringify(js)};`,
    `export const JS_HASH = ${JSON.stringify(hashOf(js))};`,
    '',
  ].join('\n');
}

/** Source expression of the Content Security Policy for an inline element with this text. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Takes out comments and the space that means nothing; the sheet has no text in which that could matter. */
function minifyCss(css: string): string {
  return css
    .replaceAll(/\/\*[^]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};>,]) ?/g, '$1')
    .replaceAll(': ', ':')
    .replaceAll(/(?<=[ :(,])0\./g, '.')
    .replaceAll(/;}/g, '}')
    .trim();
}

/** Takes out comments, indentation and the space around some operators; names stay, for a reader of the page's source. */
function minifyJs(js: string): string {
  return js
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//') && !line.startsWith('/**'))
    .join('\n')
    .replaceAll(/ (=>|===|!==|&&|\?\?) /g, '$1')
    .replaceAll(/\/\*[^*]*\*\//g, '');
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  writeFileSync(GENERATED, generateTemplates());
  console.error(`wrote ${fileURLToPath(GENERATED)}`);
}
