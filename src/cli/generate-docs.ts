/** `npm run docs`: writes what the pages of `docs/` say about tables of the source. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fillConvertPage } from '../convert/page-tables.ts';
import { fillTables } from '../docs/format-tables.ts';
import { lawsMarkdown } from '../docs/laws-page.ts';
import { methodsMarkdown } from '../docs/methods-page.ts';
import { rulesMarkdown } from '../docs/rules-page.ts';

const DOCS = path.resolve(import.meta.dirname, '../../docs');
const FORMAT = path.join(DOCS, 'contract-format.md');
const CONVERT = path.join(DOCS, 'convert.md');

await writeFile(path.join(DOCS, 'rules.md'), rulesMarkdown());
await writeFile(path.join(DOCS, 'methods.md'), methodsMarkdown());
await writeFile(path.join(DOCS, 'laws.md'), lawsMarkdown());
await writeFile(FORMAT, fillTables(await readFile(FORMAT, 'utf8')));
await writeFile(CONVERT, fillConvertPage(await readFile(CONVERT, 'utf8')));
