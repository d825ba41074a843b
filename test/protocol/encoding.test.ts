import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeElement,
  encodeElement,
  formatDouble,
  formDecode,
  isStructured,
  percentDecode,
  percentEncode,
} from '../../src/protocol/encoding.ts';
import { jsonEquals } from '../../src/protocol/json.ts';
import { asTexts, elements, texts } from './values.ts';

describe('elements', () => {
  it('are read back as they were written, in every place, 100,000 times', () => {
    let checked = 0;
    fc.assert(
      fc.property(elements, (value) => {
        const expected = asTexts(value);
        for (const place of ['path', 'query', 'reduced'] as const) {
          const read = decodeElement(encodeElement(value, place));
          checked++;
          if (!('value' in read) || !jsonEquals(read.value, expected)) return false;
        }
        return true;
      }),
      { numRuns: 33_334, seed: 1 },
    );
    expect(checked).toBeGreaterThanOrEqual(100_000);
  }, 60_000);

  it('stand in a URL without a character that a URL does not take', () => {
    fc.assert(
      fc.property(elements, (value) => {
        expect(encodeElement(value, 'path')).toMatch(/^[A-Za-z0-9\-._~!$&'()*+,=:@%]*$/);
        expect(encodeElement(value, 'query')).toMatch(/^[A-Za-z0-9\-._~!$'()*,;:@/?%]*$/);
      }),
    );
  });

  it('say where a text is no element', () => {
    const column = (text: string): unknown => {
      const read = decodeElement(text);
      return 'problem' in read ? read.problem.column : read.value;
    };
    // prettier-ignore
    expect([
      'hello:', '(a:b', 'List(a', 'List(', '(a:(', ',hello', '(,', '(a,b)', 'List(a,b,)', '(a:b:c)', 'List(a:b)', 'List(a,,b)',
      '(:b)', '(a:)', '(a::b)', 'list(a)', 'List(a)b', 'a(b)', '((a:b):c)', '(List(a):b)', '(a:%zz)', '(a:b))', '(())', ')', ':', '',
    ].map(column)).toEqual([5, 4, 6, 5, 4, 0, 1, 2, 9, 4, 6, 7, 1, 3, 3, 4, 7, 1, 1, 1, 4, 5, 1, 0, 0, 0]);
  });

  it('never throw, whatever the text', () => {
    const noise = fc.array(fc.constantFrom('(', ')', ':', ',', 'List(', '%', '%C3', "''", 'a'), { maxLength: 12 });
    fc.assert(
      fc.property(noise, (parts) => void decodeElement(parts.join(''))),
      { numRuns: 5_000 },
    );
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => void [decodeElement(text), percentDecode(text), formDecode(text)],
      ),
    );
    expect(decodeElement('List('.repeat(20_000))).toMatchObject({ problem: { column: expect.any(Number) } });
    expect(decodeElement('(a:'.repeat(20_000))).toMatchObject({ problem: { column: expect.any(Number) } });
  });

  it('take the last of parts that are sent twice, and no part from the prototype', () => {
    const read = decodeElement('(a:1,a:2,__proto__:(x:y))');
    if (!('value' in read)) throw new Error('not read');
    expect(JSON.stringify(read.value)).toBe('{"a":"2","__proto__":{"x":"y"}}');
    expect('toString' in (read.value as object)).toBe(false);
  });

  it('are told from scalars', () => {
    expect(['(a:1)', 'List()', 'List', 'List%281%29', 'a(b)'].map(isStructured)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('percent escapes', () => {
  it('are undone in every place', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const place of ['path', 'query', 'name', 'segment'] as const) {
          expect(percentDecode(percentEncode(text, place))).toEqual({ value: text });
        }
        expect(formDecode(percentEncode(text, 'form'))).toEqual({ value: text });
        expect(formDecode(percentEncode(text, 'name'))).toEqual({ value: text });
      }),
    );
  });

  it('replace a lone surrogate, which has no UTF-8', () => {
    expect(percentEncode('a\ud800b', 'path')).toBe('a%EF%BF%BDb');
  });
});

describe('doubles', () => {
  it.each([
    [1, '1.0'],
    [0, '0.0'],
    [-0, '-0.0'],
    [1e21, '1.0E21'],
    [1e-7, '1.0E-7'],
    [100, '100.0'],
    [1.5, '1.5'],
    [1e7, '1.0E7'],
    [9999999, '9999999.0'],
    [0.001, '0.001'],
    [0.00099, '9.9E-4'],
    [1.234e10, '1.234E10'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ])('%d is written %s', (value, text) => {
    expect(formatDouble(value)).toBe(text);
  });

  it('are read back as the same number', () => {
    fc.assert(fc.property(fc.double(), (value) => Object.is(Number(formatDouble(value)), value)));
  });
});
