import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, jsonEquals, parseJson, stringifyJson, type Json } from '../../src/protocol/json.ts';
import { readJson } from '../../src/protocol/json-reader.ts';
import { formatPointer, parsePointer, valueAt } from '../../src/protocol/pointer.ts';
import { jsons, texts } from './values.ts';

function problemOf(text: string): unknown {
  const read = parseJson(text);
  return 'problem' in read ? [read.problem.kind, read.problem.offset, read.problem.line, read.problem.col] : read.value;
}

describe('parseJson', () => {
  it('reads what JSON.parse reads, both by the short way and by the careful one', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const native: Json = JSON.parse(text);
        const careful = readJson(text, 512);
        const short = parseJson(text);
        // Where a number lost digits, the short way must not have been taken.
        const isExact = !/\d{16}/.test(text);
        expect('value' in careful && (!isExact || jsonEquals(careful.value, native))).toBe(true);
        expect(
          'value' in short && (isExact ? jsonEquals(short.value, native) : stringifyJson(short.value).length > 0),
        ).toBe(true);
      }),
    );
  });

  it('refuses what JSON.parse refuses, and nothing else', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"',
        '\\',
        '1',
        '-',
        '01',
        '.5',
        '1e',
        'true',
        'nul',
        ' ',
        '\n',
        '\t',
        '\u0001',
      ),
      { maxLength: 9 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        let native: Json | undefined;
        try {
          native = JSON.parse(text) as Json;
        } catch {
          native = undefined;
        }
        const careful = readJson(text, 512);
        expect('problem' in careful ? undefined : careful.value).toEqual(native);
        expect('problem' in parseJson(text)).toBe(native === undefined);
      }),
      { numRuns: 20_000 },
    );
  });

  it('keeps all digits of an integer', () => {
    expect(parseJson('[9007199254740993,-9223372036854775808,9007199254740991,12345678901234567890.0,1e21]')).toEqual({
      value: [9007199254740993n, -9223372036854775808n, 9007199254740991, 12345678901234567000, 1e21],
      duplicates: [],
    });
  });

  it('says what is wrong, and where', () => {
    expect(problemOf('{"a": 1,\n "b": NaN}')).toEqual(['not-a-number', 15, 2, 7]);
    expect(problemOf('[-Infinity]')).toEqual(['not-a-number', 1, 1, 2]);
    expect(problemOf('{"a": 1,}')).toEqual(['trailing-comma', 7, 1, 8]);
    expect(problemOf('[1,\n 2,\n]')).toEqual(['trailing-comma', 6, 2, 3]);
    expect(problemOf('{ // why\n}')).toEqual(['comment', 2, 1, 3]);
    expect(problemOf('[/* x */ 1]')).toEqual(['comment', 1, 1, 2]);
    expect(problemOf('\ufeff{}')).toEqual(['byte-order-mark', 0, 1, 1]);
    expect(problemOf('{"a": "b')).toEqual(['end', 6, 1, 7]);
    expect(problemOf('')).toEqual(['end', 0, 1, 1]);
    expect(problemOf('{"a": 01}')).toEqual(['syntax', 6, 1, 7]);
    expect(problemOf("{'a': 1}")).toEqual(['syntax', 1, 1, 2]);
    expect(problemOf('["a\tb"]')).toEqual(['string', 3, 1, 4]);
    expect(problemOf('["a\\xb"]')).toEqual(['string', 3, 1, 4]);
    expect(problemOf('{} {}')).toEqual(['syntax', 3, 1, 4]);
  });

  it('reports members that are sent twice, keeps the last, and tells the two places', () => {
    const text = '{"a": 1, "b": [0, {"x/y": 1, "x\\/y": 2}], "a": 3}';
    expect(parseJson(text)).toEqual({
      value: { a: 3, b: [0, { 'x/y': 2 }] },
      duplicates: [
        { pointer: '/b/1/x~1y', first: 19, second: 29 },
        { pointer: '/a', first: 1, second: 42 },
      ],
    });
  });

  it('keeps `__proto__` as a member like any other', () => {
    const text = '{"__proto__": {"polluted": 1}}';
    for (const read of [parseJson(text), readJson(text, 512)]) {
      expect(JSON.stringify(read)).toContain('"__proto__":{"polluted":1}');
      expect('value' in read && Object.hasOwn(read.value as object, '__proto__')).toBe(true);
    }
    expect('polluted' in {}).toBe(false);
  });

  it('refuses text that nests too deep instead of exhausting the stack', () => {
    expect(problemOf('['.repeat(20_000))).toEqual(['depth', 512, 1, 513]);
    expect(problemOf('{"a":'.repeat(20_000))).toEqual(['depth', 512 * 5, 1, 512 * 5 + 1]);
    expect(parseJson('['.repeat(512) + ']'.repeat(512))).toHaveProperty('value');
    expect(parseJson('['.repeat(20_000) + ']'.repeat(20_000), { maxDepth: 20_000 })).toHaveProperty('value');
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseJson(text)));
  });
});

describe('stringifyJson', () => {
  it('writes what parseJson reads back, with and without indent', () => {
    fc.assert(
      fc.property(jsons, fc.constantFrom(0, 2), (value, indent) => {
        const read = parseJson(stringifyJson(value, indent));
        return 'value' in read && jsonEquals(read.value, value);
      }),
    );
  });

  it('writes as JSON.stringify does, and bigints as digits', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        const json = value as Json;
        const wrapped = stringifyJson({ value: json, big: 1n }, indent);
        expect(wrapped).toBe(JSON.stringify({ value, big: 1 }, null, indent));
      }),
    );
    expect(stringifyJson({ id: 2n ** 63n })).toBe('{"id":9223372036854775808}');
  });
});

describe('jsonEquals', () => {
  it('compares numbers by value and members in any order', () => {
    expect(jsonEquals({ a: 1, b: [2n] }, { b: [2], a: 1n })).toBe(true);
    expect(jsonEquals(9007199254740993n, 9007199254740992)).toBe(false);
    expect(jsonEquals({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(jsonEquals([], {})).toBe(false);
    expect(jsonEquals({ toString: 1 }, { constructor: 1 })).toBe(false);
    expect(jsonEquals(1.5, 1n)).toBe(false);
    expect(jsonEquals('1', 1)).toBe(false);
  });
});

describe('decodeUtf8', () => {
  it('reads text, and tells the byte at which it stops being text', () => {
    expect(decodeUtf8(new TextEncoder().encode('é☺😛'))).toEqual({ text: 'é☺😛' });
    expect(decodeUtf8(Uint8Array.from([0xef, 0xbb, 0xbf, 0x31]))).toEqual({ text: '\ufeff1' });
    for (const [bytes, offset] of [
      [[0x61, 0xff], 1],
      [[0xc3, 0xa9, 0xe2, 0x98], 2],
      [[0xed, 0xa0, 0x80], 0],
      [[0xc0, 0x80], 0],
      [[0xf4, 0x90, 0x80, 0x80], 0],
    ] as const) {
      expect(decodeUtf8(Uint8Array.from(bytes))).toEqual({ offset });
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const read = decodeUtf8(bytes);
        if ('offset' in read) expect(decodeUtf8(bytes.slice(0, read.offset))).toHaveProperty('text');
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('pointers', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.array(texts), (segments) => {
        expect(parsePointer(formatPointer(segments))).toEqual(segments);
      }),
    );
    expect([parsePointer('a'), parsePointer('/~2'), parsePointer('')]).toEqual([null, null, []]);
  });

  it('lead to what stands there, and nowhere outside the document', () => {
    const document = { a: [{ 'x/y': 1 }], '': null };
    expect(valueAt(document, ['a', 0, 'x/y'])).toBe(1);
    expect(valueAt(document, [''])).toBe(null);
    for (const path of [['a', 1], ['a', 'length'], ['a', '00'], ['constructor'], ['a', 0, 'x/y', 'z']]) {
      expect(valueAt(document, path)).toBe(undefined);
    }
  });
});
