/** A link of a page leads to a file that is there, and to a heading that it has. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPage } from './yaml-blocks.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const DOCS = readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...DOCS.map((name) => `docs/${name}`)];

const withoutCode = (text: string): string => text.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');

/** What GitHub makes of a heading: lower case, dashes for spaces, no punctuation. */
const anchorsOf = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

function brokenLinks(page: string): readonly string[] {
  const links = [...withoutCode(readPage(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page : path.join(path.dirname(page), file);
    if (!existsSync(path.join(ROOT, target))) return true;
    if (anchor === undefined || statSync(path.join(ROOT, target)).isDirectory()) return false;
    return !anchorsOf(readPage(target)).has(anchor);
  });
}

describe('the links of the pages', () => {
  it.each(PAGES)('%s leads nowhere that is not there', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });

  it('reach every page of docs from the README', () => {
    const readme = readPage('README.md');
    expect(DOCS.filter((name) => !readme.includes(`(docs/${name})`))).toEqual([]);
  });
});

describe('the README', () => {
  it('names every command in its table', () => {
    const commands = readdirSync(path.join(ROOT, 'src/cli/commands')).map((file) => file.replace(/\.ts$/, ''));
    const readme = readPage('README.md');
    expect(commands.filter((name) => !readme.includes(`\n| \`${name}\` `))).toEqual([]);
  });
});
