import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { bodyView } from '../../src/report/html/body-view.ts';
import { layOutJson } from '../../src/report/html/json-layout.ts';
import { body } from '../support/events.ts';

const linesOf = (text: string, ...pointers: string[]): ReturnType<typeof layOutJson> =>
  layOutJson(text, new Set(pointers));

describe('laying out JSON', () => {
  it('indents what came on one line, and keeps every digit and escape', () => {
    expect(
      linesOf(String.raw`{"id":9223372036854775807,"n":1.0,"s":"\u00e9,{}","e":{},"l":[],"deep":[{"a":1}]}`).lines,
    ).toEqual([
      '{',
      '  "id": 9223372036854775807,',
      '  "n": 1.0,',
      String.raw`  "s": "\u00e9,{}",`,
      '  "e": {},',
      '  "l": [],',
      '  "deep": [',
      '    {',
      '      "a": 1',
      '    }',
      '  ]',
      '}',
    ]);
  });

  it('does to any JSON value what JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        if (typeof value !== 'object' || value === null) return;
        // Keys like `-0` print alike; only the text is compared.
        const text = JSON.stringify(value);
        expect(linesOf(text).lines.join('\n')).toBe(JSON.stringify(value, null, 2));
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it('finds the line of a pointer, escapes decoded, in text of one line and of many', () => {
    const value = { a: [{ 'b/c~d': 1 }, { x: { y: true } }], 'k\n': null };
    for (const text of [
      JSON.stringify(value),
      JSON.stringify(value, null, 2),
      JSON.stringify(value, null, '\t').replaceAll('\n', '\r\n'),
    ]) {
      const { lines, lineOf } = linesOf(text, '/a/0/b~1c~0d', '/a/1/x/y', '/k\n', '');
      expect(lines[lineOf.get('/a/0/b~1c~0d') ?? -1]).toContain('"b/c~d"');
      expect(lines[lineOf.get('/a/1/x/y') ?? -1]).toContain('"y"');
      expect(lines[lineOf.get('/k\n') ?? -1]).toContain(String.raw`"k\n"`);
      expect(lineOf.get('')).toBe(0);
    }
  });

  it('shows a missing member where its parent begins', () => {
    const { lines, lineOf } = linesOf('{"results":{"1":{"id":1}}}', '/results/2/id');
    expect(lines[lineOf.get('/results/2/id') ?? -1]).toBe('  "results": {');
  });

  it.each(['', 'plain', '<html>', '{"a":', '[1,2}', '{"a":"', '{"a":tru}', 'null', '"text"'])(
    'leaves %j as it came, without places',
    (text) => {
      const { lines, lineOf, indented } = linesOf(text, '/a');
      expect(lines.join('\n')).toBe(text);
      expect(lineOf.size).toBe(0);
      expect(indented).toBe(false);
    },
  );

  it('takes twenty thousand levels and a megabyte on one line', () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    expect(linesOf(deep, '/0/0').lines.length).toBeGreaterThan(20_000);
    expect(linesOf(`{"a":"${'x'.repeat(1_000_000)}"}`, '/a').lines).toHaveLength(3);
  });
});

describe('a body in the page', () => {
  it('shows the lines around its marks when it is long, and says how many are left out', () => {
    const list = JSON.stringify(Array.from({ length: 500 }, (_, id) => ({ id })));
    const view = bodyView(body(list), [{ pointer: '/300/id', rule: 'entity/schema' }]);
    const marked = view.marks[0]?.[0] ?? 0;
    expect(view.marks).toEqual([[marked, 'entity/schema']]);
    expect(view.parts.map(({ first, before }) => [first, before])).toEqual([
      [marked - 20, marked - 21],
      [0, 1502 - marked - 20],
    ]);
    expect(view.parts[0]?.text.split('\n')).toHaveLength(41);
    expect(view.parts[0]?.text.split('\n')[20]).toBe('    "id": 300');
  });

  it('cuts a line of a megabyte and says how much is missing', () => {
    const view = bodyView(body('x'.repeat(1_000_000)), []);
    expect(view.parts[0]?.text.length).toBeLessThan(2100);
    expect(view.parts[0]?.text).toContain('(998.0 kB more)');
  });

  it('shows the first bytes of a binary body', () => {
    const text = Buffer.from('PK\u0003\u0004binary').toString('base64');
    const view = bodyView({ text, bytes: 10, cut: false, encoding: 'base64', sha256: 'ab' }, []);
    expect(view.note).toBe('10 B, binary, SHA-256 ab');
    expect(view.parts[0]?.text).toContain('50 4b 03 04');
    expect(view.parts[0]?.text).toContain('PK..binary');
  });
});
