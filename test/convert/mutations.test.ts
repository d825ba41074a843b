/**
 * Ten thousand broken inputs: each ends in clear errors, or in contracts that pass the checks; never in an exception,
 * and never in silence or a hang. Seeded, so that a failure comes back.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseContract } from '../../src/contract/parse.ts';
import { fromCurl, fromHar, type Conversion } from '../../src/convert/index.ts';
import { parsePdl } from '../../src/convert/pdl/parser.ts';
import { parsePdsc } from '../../src/convert/pdsc.ts';
import { convertTexts, filesBelow, FIXTURES, MUSEUM } from './fixtures.ts';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const PIECES = [
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  ':',
  ',',
  '=',
  '@',
  '`',
  '"',
  '\\',
  '/*',
  '*/',
  '/**',
  '//',
  '.',
  '-',
  '0',
  '1e9',
  'null',
  'true',
  'record',
  'union[',
  'includes',
  'optional',
  'namespace',
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  '\uffff',
  '\n',
  '"type":',
  '"items":',
  '{"type":"array","items":',
  '-1',
  '99999999999999999999',
  "'",
  '$',
  '&#0;',
  '${',
  '/../',
];

/** The text with one to four accidents: cut, doubled, swapped, replaced, strewn with signs. */
function mutate(text: string, random: () => number): string {
  let mutated = text;
  for (let left = 1 + Math.floor(random() * 4); left > 0; left--) {
    const at = Math.floor(random() * mutated.length);
    const length = Math.floor(random() ** 3 * 40) + 1;
    const piece = PIECES[Math.floor(random() * PIECES.length)] ?? '';
    const [before, cut, after] = [mutated.slice(0, at), mutated.slice(at, at + length), mutated.slice(at + length)];
    const accident = Math.floor(random() * 6);
    if (accident === 0) mutated = before + after;
    else if (accident === 1) mutated = before + cut + cut + after;
    else if (accident === 2) mutated = before + piece + after;
    else if (accident === 3) mutated = before + piece + cut + after;
    else if (accident === 4) mutated = before;
    else mutated = before + cut.split('').toReversed().join('') + after;
  }
  return mutated;
}

/** Every contract passes the checks, and where there is none an error or warning says why. */
function judge({ files, problems }: Conversion, input: string): void {
  const schemas = new Map(
    [...files].filter(([name]) => name.endsWith('.schema.json')).map(([name, text]) => [`./${name}`, JSON.parse(text)]),
  );
  const contracts = [...files].filter(([name]) => name.endsWith('.contract.yaml'));
  for (const [file, text] of contracts) {
    const errors = parseContract(text, { file, files: schemas }).diagnostics.filter(
      ({ severity }) => severity === 'error',
    );
    if (errors.length > 0) throw new Error(`${errors[0]?.message} in\n${text}\nfrom\n${input}`);
  }
  if (contracts.length === 0 && problems.length === 0) throw new Error(`neither contract nor problem from\n${input}`);
  for (const { message, at } of problems) {
    if (message.trim() === '' || (at !== null && (at.line < 1 || at.col < 1)))
      throw new Error(`no clear problem from\n${input}`);
  }
}

/** Runs that many, each with numbers of its own seed. A hang shows as the time-out of its test. */
function times(count: number, seed: number, one: (random: () => number) => void): number {
  const random = randomFrom(seed);
  let done = 0;
  for (; done < count; done++) one(random);
  return done;
}

const texts = new Map(filesBelow(MUSEUM).map((file) => [path.relative(MUSEUM, file), readFileSync(file, 'utf8')]));
const named = (ending: string): readonly string[] => [...texts.keys()].filter((file) => file.endsWith(ending));
const pick = <T>(list: readonly T[], random: () => number): T =>
  list[Math.floor(random() * list.length)] ?? (list[0] as T);

describe('mutated input', () => {
  it('of PDL, 5,500 times', () => {
    const sources = named('.pdl').map((file) => texts.get(file) ?? '');
    const done = times(5500, 1, (random) => {
      const input = mutate(pick(sources, random), random);
      const { types, problems, root } = parsePdl(input, 'm.pdl');
      if (types.length === 0 && root === null && problems.length === 0) throw new Error(`nothing from\n${input}`);
    });
    expect(done).toBeGreaterThan(0);
  }, 60_000);

  it('of PDSC, 2,000 times', () => {
    const source = texts.get(named('.pdsc')[0] ?? '') ?? '';
    const done = times(2000, 2, (random) => {
      const input = mutate(source, random);
      const { types, problems, root } = parsePdsc(input, 'm.pdsc');
      if (types.length === 0 && root === null && problems.length === 0) throw new Error(`nothing from\n${input}`);
    });
    expect(done).toBeGreaterThan(0);
  }, 60_000);

  it('of descriptions, snapshots and the schemas beside them, 2,000 times', () => {
    const sources = [...named('.restspec.json'), ...named('.snapshot.json')];
    const schemas = Object.fromEntries(
      [...named('.pdl'), ...named('.pdsc')].map((file) => [file, texts.get(file) ?? '']),
    );
    const done = times(2000, 3, (random) => {
      const file = pick(sources, random);
      const input = mutate(texts.get(file) ?? '', random);
      const broken =
        random() < 0.5
          ? {}
          : { [pick(Object.keys(schemas), random)]: mutate(pick(Object.values(schemas), random), random) };
      judge(convertTexts({ ...schemas, ...broken, [file]: input }), input);
    });
    expect(done).toBeGreaterThan(0);
  }, 120_000);

  it('of recordings, 500 times', () => {
    const har = readFileSync(path.join(FIXTURES, 'recordings/library.har'), 'utf8');
    const curl = readFileSync(path.join(FIXTURES, 'recordings/library.curl.sh'), 'utf8');
    const done = times(500, 4, (random) => {
      const isHar = random() < 0.5;
      const input = mutate(isHar ? har : curl, random);
      judge(isHar ? fromHar(input, { file: 'm.har' }) : fromCurl(input, { file: 'm.sh' }), input);
    });
    expect(done).toBeGreaterThan(0);
  }, 120_000);
});

describe('a value of the wrong kind', () => {
  /** Every place of a JSON value, one after the other, replaced. */
  function* replaced(value: unknown, by: unknown): Generator {
    yield by;
    if (typeof value !== 'object' || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      for (const other of replaced(member, by)) {
        yield Array.isArray(value)
          ? value.map((item, index) => (String(index) === name ? other : item))
          : { ...value, [name]: other };
      }
    }
  }

  it.each([null, 7, 'text', [], {}, true, [[1]], -1.5])(
    '%j at any place of a description is an error or does no harm',
    (by) => {
      const [file = ''] = named('exhibits.restspec.json');
      const schemas = Object.fromEntries([...named('.pdl')].map((name) => [name, texts.get(name) ?? '']));
      let count = 0;
      for (const value of replaced(JSON.parse(texts.get(file) ?? ''), by)) {
        count++;
        const input = JSON.stringify(value);
        judge(convertTexts({ ...schemas, [file]: input }), input);
      }
      expect(count).toBeGreaterThan(150);
    },
    60_000,
  );
});
