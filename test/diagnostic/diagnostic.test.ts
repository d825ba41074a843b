import { describe, expect, it } from 'vitest';

import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts';
import { didYouMean, editDistance } from '../../src/diagnostic/did-you-mean.ts';
import { formatDiagnostic } from '../../src/diagnostic/format.ts';
import { codeFrame } from '../../src/diagnostic/frame.ts';
import { cut, describeValue, quoteList, showValue } from '../../src/diagnostic/quote.ts';
import { visible, visibleLine } from '../../src/diagnostic/visible.ts';

const range = (line: number, col: number, endCol: number, endLine = line) => ({
  file: 'a.yaml',
  line,
  col,
  endLine,
  endCol,
});
const frameText = (source: string, at: ReturnType<typeof range>) =>
  codeFrame(source, at)
    .map((row) => `${row.gutter} ${row.text}`.trimEnd())
    .join('\n');

const tag = (name: string) => (text: string) => `<${name}>${text}</${name}>`;

describe('visible', () => {
  it.each([
    ['a\u001b[31mb', 'a\\u001B[31mb'],
    ['a\u202eb', 'a\\u202Eb'],
    ['a\u2028b', 'a\\u2028b'],
    ['a\u0000b', 'a\\u0000b'],
    ['\ufeffa\u200bb', '\\uFEFFa\\u200Bb'],
    ['a\ud800b', 'a\\uD800b'],
    ['a\u{e0041}b', 'a\\u{E0041}b'],
    ['line\n\ttab', 'line\n\ttab'],
    ['naïve 日本 😀', 'naïve 日本 😀'],
  ])('writes %j as %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('keeps a text on one line when asked to', () => {
    expect(visibleLine('a\r\n\tb')).toBe('a\\r\\n\\tb');
  });
});

describe('describeValue', () => {
  it.each([
    [undefined, 'nothing'],
    [null, 'null'],
    ['12', 'string "12"'],
    [12, 'integer 12'],
    [1.5, 'number 1.5'],
    [[1, 'a'], 'list [1,"a"]'],
    [{ a: { b: true } }, 'object {"a":{"b":true}}'],
  ])('shows %j as %j', (value, text) => {
    expect(describeValue(value)).toBe(text);
  });

  it('keeps every digit of a long', () => {
    expect(describeValue(9223372036854775807n)).toBe('integer 9223372036854775807');
  });

  it('cuts a long text at the limit', () => {
    expect(showValue('x'.repeat(1_000_000)).length).toBeLessThanOrEqual(201);
  });

  it('stays small for a value of 20,000 levels', () => {
    let deep: unknown = 0;
    for (let level = 0; level < 20_000; level++) deep = [deep];
    expect(showValue(deep)).toBe('[[[[[[[[[[[[…]]]]]]]]]]]]');
  });

  it('never cuts a surrogate pair in two', () => {
    expect(cut('a😀b', 2)).toBe('a…');
  });

  it('escapes what would reorder the line', () => {
    expect(describeValue('\u202e')).toBe('string "\\u202E"');
  });

  it('names a few and counts the rest', () => {
    expect(quoteList(['a', 'b', 'c'], 2)).toBe('"a", "b" and 1 more');
  });
});

describe('didYouMean', () => {
  const names = ['headers', 'maxBatchSize', 'BATCH_GET', 'tags'];
  it.each([
    ['heders', 'headers'],
    ['haeders', 'headers'],
    ['BATCHGET', 'BATCH_GET'],
    ['batch_get', 'BATCH_GET'],
    ['tgas', 'tags'],
    ['unrelated', null],
    ['', null],
  ])('takes %j for %j', (word, meant) => {
    expect(didYouMean(word, names)).toBe(meant);
  });

  it('counts a swap of neighbours as one edit', () => {
    expect(editDistance('ab', 'ba')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });
});

describe('codeFrame', () => {
  const source = ['one', 'two', '  key: value', 'four', 'five', 'six'].join('\n');

  it('shows two lines around and carets under the place', () => {
    expect(frameText(source, range(3, 8, 13))).toBe(
      ['1 | one', '2 | two', '3 |   key: value', '  |        ^^^^^', '4 | four', '5 | five'].join('\n'),
    );
  });

  it('aligns the caret after tabs and wide characters', () => {
    expect(frameText('\t日本: x', range(1, 6, 7))).toBe(['1 |     日本: x', '  |           ^'].join('\n'));
  });

  it('cuts a huge line around the place', () => {
    const rows = codeFrame(`${'a'.repeat(1000)}XY${'b'.repeat(1000)}`, range(1, 1001, 1003));
    expect(rows[0]?.text.length).toBeLessThan(130);
    expect(rows[0]?.text.startsWith('…')).toBe(true);
    const caret = rows[1]?.text ?? '';
    expect(rows[0]?.text.slice(caret.indexOf('^'), caret.length)).toBe('XY');
  });

  it('shows a place past the end at the end', () => {
    expect(frameText('a', range(9, 9, 9))).toBe(['1 | a', '  |  ^'].join('\n'));
  });

  it('marks the rest of the line for a place of several lines', () => {
    expect(frameText('a: b\nc', range(1, 1, 2, 2))).toBe(['1 | a: b', '  | ^^^^', '2 | c'].join('\n'));
  });
});

describe('formatDiagnostic', () => {
  const diagnostic: Diagnostic = {
    code: 'contract/unknown-member',
    severity: 'error',
    message: 'unknown member `heders`',
    at: range(2, 1, 7),
    fix: 'write `headers`',
    see: 'docs/contract-format.md#cases',
    related: [],
  };

  it('says what, where, how to mend it and where to read on', () => {
    expect(formatDiagnostic(diagnostic, () => 'name: a\nheders: {}\n')).toBe(
      [
        'error contract/unknown-member: unknown member `heders`',
        '  --> a.yaml:2:1',
        '',
        '1 | name: a',
        '2 | heders: {}',
        '  | ^^^^^^',
        '   fix: write `headers`',
        '   see: docs/contract-format.md#cases',
      ].join('\n'),
    );
  });

  it('leaves the frame out when the file cannot be read', () => {
    expect(formatDiagnostic(diagnostic, () => null).split('\n')[1]).toBe('  --> a.yaml:2:1');
    expect(formatDiagnostic(diagnostic, () => null)).not.toContain('|');
  });

  it('shows related places and colours by the painter', () => {
    const colour = {
      red: tag('r'),
      yellow: tag('y'),
      cyan: tag('c'),
      dim: (text: string) => text,
      bold: (text: string) => text,
    };
    const related = [{ at: range(1, 1, 5), message: 'the first one' }];
    const text = formatDiagnostic({ ...diagnostic, related }, () => 'name: a\nheders: {}\n', { colour });
    expect(text).toContain('<r>error contract/unknown-member</r>');
    expect(text).toContain('<c>^^^^</c>');
  });

  it('keeps hostile text inert', () => {
    expect(formatDiagnostic({ ...diagnostic, message: 'a\u001b[2Jb' }, () => null)).toContain('a\\u001B[2Jb');
  });
});
