import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/protocol/json.ts';
import { matchBatchKeys } from '../../src/protocol/batch-keys.ts';
import {
  isCompleteKey,
  keyOfLocation,
  keyText,
  readKey,
  sameKey,
  withoutParams,
  writeKey,
  type Key,
  type KeyPlace,
  type KeyShape,
} from '../../src/protocol/keys.ts';
import { elements, scalars, texts } from './values.ts';

const simple: KeyShape = { kind: 'simple' };
const compound: KeyShape = { kind: 'compound', parts: ['src', 'dest'] };
const complex: KeyShape = { kind: 'complex', parts: ['major', 'minor'], params: true };
const places: readonly KeyPlace[] = ['path', 'ids', 'body', 'header', 'location'];

const compounds = fc.record({ src: scalars, dest: scalars });
const complexes: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ major: elements, minor: elements }),
  fc.record({ major: texts, minor: texts, $params: fc.record({ major: texts, minor: elements }) }),
);

function comesBack(key: Key, shape: KeyShape, place: KeyPlace, version: '2.0.0' | '1.0.0'): boolean {
  const read = readKey(writeKey(key, shape, place, version), shape, place, version);
  return 'key' in read && sameKey(read.key, place === 'header' ? withoutParams(key) : key);
}

describe('keys of protocol 2.0.0', () => {
  it('come back from every place', () => {
    for (const place of places) {
      fc.assert(
        fc.property(compounds, (key) => comesBack(key, compound, place, '2.0.0')),
        { numRuns: 300 },
      );
      fc.assert(
        fc.property(complexes, (key) => comesBack(key, complex, place, '2.0.0')),
        { numRuns: 300 },
      );
      fc.assert(
        fc.property(
          scalars,
          (key) => (key === '' && (place === 'path' || place === 'location')) || comesBack(key, simple, place, '2.0.0'),
        ),
        { numRuns: 300 },
      );
    }
  });

  it('lose the empty text in a path, where it reads as two quotes', () => {
    expect(readKey(writeKey('', simple, 'path', '2.0.0'), simple, 'path', '2.0.0')).toEqual({ key: "''" });
  });

  it('leave `$params` out of the id header only', () => {
    const key = { major: 'a', minor: 'b', $params: { major: 'p' } };
    expect(places.map((place) => writeKey(key, complex, place, '2.0.0').includes('$params'))).toEqual([
      true,
      true,
      true,
      false,
      true,
    ]);
    expect(writeKey(key, complex, 'body', '2.0.0', { params: false })).toBe('(major:a,minor:b)');
  });

  it('are read from bodies in the form that the dialect has', () => {
    const urn = 'urn:li:person:1';
    const escaped = 'urn%3Ali%3Aperson%3A1';
    const read = (text: string, batchKeys: 'reduced' | 'encoded' | 'either'): unknown =>
      readKey(text, simple, 'body', '2.0.0', { batchKeys });
    expect(writeKey(urn, simple, 'body', '2.0.0', { batchKeys: 'reduced' })).toBe(urn);
    expect(writeKey(urn, simple, 'body', '2.0.0', { batchKeys: 'either' })).toBe(escaped);
    expect(read(escaped, 'reduced')).toEqual({ key: escaped });
    expect(read(escaped, 'encoded')).toEqual({ key: urn });
    expect(read(urn, 'encoded')).toHaveProperty('problem');
    expect(read(escaped, 'either')).toEqual({ key: urn });
    expect(read(urn, 'either')).toEqual({ key: urn });
  });

  it('are refused where the server refuses them', () => {
    const read = (text: string, shape: KeyShape): unknown => readKey(text, shape, 'path', '2.0.0');
    expect(read('(dest:1,src:a,zip:2)', compound)).toHaveProperty('problem');
    expect(read('%28dest%3A1%2Csrc%3Aa%29', compound)).toHaveProperty('problem');
    expect(read('(dest:1,src:(x:y))', compound)).toHaveProperty('problem');
    expect(read('x', complex)).toHaveProperty('problem');
    expect(read('(major:x,zip:2)', complex)).toEqual({ key: { major: 'x', zip: '2' } });
    expect(read('%zz', simple)).toMatchObject({ problem: { column: 1 } });
  });

  it('may lack parts at a collection, and say so', () => {
    const read = readKey('(src:a)', compound, 'path', '2.0.0');
    expect('key' in read && isCompleteKey(read.key, compound)).toBe(false);
    expect(isCompleteKey({ src: 'a', dest: 1 }, compound)).toBe(true);
    expect(isCompleteKey('x', compound)).toBe(false);
  });
});

describe('keys of protocol 1.0.0', () => {
  const plain = fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean());

  it('come back from every place', () => {
    for (const place of places) {
      fc.assert(
        fc.property(fc.record({ src: plain, dest: plain }), (key) => {
          // In `ids` the text of a compound key is escaped once more, which reading the query undoes.
          const text = writeKey(key, compound, place, '1.0.0');
          const inner = place === 'ids' ? decodeURIComponent(text.replaceAll('+', ' ')) : text;
          const read = readKey(inner, compound, place, '1.0.0');
          return 'key' in read && sameKey(read.key, key);
        }),
      );
      fc.assert(fc.property(plain, (key) => comesBack(key, simple, place, '1.0.0')));
      if (place !== 'ids') {
        fc.assert(
          fc.property(fc.record({ major: plain, minor: plain, $params: fc.record({ major: plain }) }), (key) =>
            comesBack(key, complex, place, '1.0.0'),
          ),
        );
      }
    }
  });

  it('are read in the older form too, and from a plus as a space', () => {
    expect(readKey('src:a;dest:1', compound, 'path', '1.0.0')).toEqual({ key: { src: 'a', dest: '1' } });
    expect(readKey('a+b', simple, 'path', '1.0.0')).toEqual({ key: 'a b' });
    expect(readKey('(src:a,dest:1)', compound, 'path', '1.0.0')).toHaveProperty('problem');
    expect(readKey('src=a&zip=1', compound, 'path', '1.0.0')).toHaveProperty('problem');
    expect(readKey('x', compound, 'path', '1.0.0')).toHaveProperty('problem');
  });
});

describe('equality of keys', () => {
  it('knows one text for every order of parts and every type of a value', () => {
    expect(sameKey({ src: 'a', dest: 1 }, { dest: '1', src: 'a' })).toBe(true);
    expect(sameKey({ src: 'a', dest: 1 }, { dest: '1', src: 'b' })).toBe(false);
    expect(sameKey(9007199254740993n, '9007199254740993')).toBe(true);
    expect(keyText({ src: 'a b:c', dest: 1 })).toBe('(dest:1,src:a b%3Ac)');
    expect(keyText(withoutParams({ a: 1, $params: { b: 2 } }))).toBe('(a:1)');
    // A simple key may look like a compound one; they are keys of different resources and are never compared.
    expect(keyText('(a:1)')).toBe('(a:1)');
  });
});

describe('the keys of a batch body', () => {
  const urns = ['urn:li:a:1', 'urn:li:a:2', 'urn:li:a:1'];

  it('match `ids` by what they mean', () => {
    const none = { missing: [], unexpected: [], repeated: [], malformed: [] };
    expect(matchBatchKeys(urns, ['urn:li:a:2', 'urn:li:a:1'], simple, '2.0.0')).toEqual(none);
    expect(matchBatchKeys(urns, ['urn%3Ali%3Aa%3A1', 'urn:li:a:2'], simple, '2.0.0', { batchKeys: 'either' })).toEqual(
      none,
    );
    expect(matchBatchKeys([{ src: 'a:b', dest: 1 }], ['(src:a%3Ab,dest:1)'], compound, '2.0.0')).toEqual(none);
    expect(matchBatchKeys([{ src: 'a b', dest: '1' }], ['dest=1&src=a+b'], compound, '1.0.0')).toEqual(none);
  });

  it('are told apart where they differ', () => {
    const escaped = 'urn%3Ali%3Aa%3A1';
    expect(matchBatchKeys(urns, [escaped, 'urn:li:a:2'], simple, '2.0.0')).toMatchObject({
      missing: ['urn:li:a:1'],
      unexpected: [escaped],
    });
    const params = { major: 'x', minor: 'y', $params: { major: 'p' } };
    expect(
      matchBatchKeys([params], ['(major:x,minor:y)', '(minor:y,major:x)', '(major:'], complex, '2.0.0'),
    ).toMatchObject({
      missing: [params],
      unexpected: ['(major:x,minor:y)'],
      repeated: ['(minor:y,major:x)'],
      malformed: [{ text: '(major:' }],
    });
  });
});

it('the key of a location is its last segment', () => {
  const keys = [
    '/albums/1',
    'https://host/rest/albums/a%2Fb?altkey=n',
    '/items/($params:(a:b),major:x)',
    "/strs/''",
    'x',
  ].map(keyOfLocation);
  expect(keys).toEqual(['1', 'a%2Fb', '($params:(a:b),major:x)', "''", 'x']);
});

it('an id header is decoded where the dialect has both forms', () => {
  const read = (text: string, batchKeys: 'reduced' | 'either'): unknown =>
    readKey(text, simple, 'header', '2.0.0', { batchKeys });
  expect([read('urn%3Ali%3Aa%3A1', 'either'), read('urn:li:a:1', 'either'), read('a%3A', 'reduced')]).toEqual([
    { key: 'urn:li:a:1' },
    { key: 'urn:li:a:1' },
    { key: 'a%3A' },
  ]);
});

it('keys of any text are read without an exception', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...places),
      fc.constantFrom(simple, compound, complex),
      fc.constantFrom('2.0.0' as const, '1.0.0' as const),
      (text, place, shape, version) => void readKey(text, shape, place, version),
    ),
    { numRuns: 2_000 },
  );
});
