import { describe, expect, it } from 'vitest';
import { decodeElement, encodeElement, percentDecode } from '../../src/protocol/encoding.ts';
import { isJsonObject, jsonEquals, memberOf, stringifyJson, type Json } from '../../src/protocol/json.ts';
import { readKey, sameKey, withoutParams, writeKey, type Key, type KeyShape } from '../../src/protocol/keys.ts';
import { applyPatch } from '../../src/protocol/patch.ts';
import { formatMask, parseMask, project, type Mask } from '../../src/protocol/projection.ts';
import { parseQuery, writeQuery } from '../../src/protocol/query.ts';
import { plainVectors, vectors } from './vectors.ts';

/** What a decoder makes of a value: every scalar its text. */
function asTexts(value: Json): Json {
  if (Array.isArray(value)) return value.map(asTexts);
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, asTexts(item)]));
  return typeof value === 'string' ? value : stringifyJson(value);
}

describe('recorded elements', () => {
  it.each(vectors.encode)('$path is written for each place and read back', ({ value, path, query, reduced }) => {
    expect({
      path: encodeElement(value, 'path'),
      query: encodeElement(value, 'query'),
      reduced: encodeElement(value, 'reduced'),
    }).toEqual({ path, query, reduced });
    for (const text of [path, query, reduced]) expect(decodeElement(text)).toEqual({ value: asTexts(value) });
  });

  it.each(vectors.decode)('$encoded decodes as on the server', ({ encoded, value, error }) => {
    const read = decodeElement(encoded);
    if (error === undefined) {
      expect(read).toEqual({ value });
      return;
    }
    const column = /\(column (\d+)\)|at index (\d+)/.exec(error);
    expect(read).toMatchObject({ problem: column === null ? {} : { column: Number(column[1] ?? column[2]) } });
  });

  it.each(vectors.percentDecode)('$encoded is percent-decoded as on the server', ({ encoded, value, error }) => {
    const column = Number(/at index (\d+)/.exec(error ?? '')?.[1]);
    expect(percentDecode(encoded)).toMatchObject(error === undefined ? { value } : { problem: { column } });
  });
});

describe('recorded keys', () => {
  it.each(vectors.keys)('$kind $value in protocol $protocol', (vector) => {
    const { kind, value, protocol } = vector;
    const inner = memberOf(value, 'key');
    const params = memberOf(value, 'params');
    const key = (kind === 'complex' && isJsonObject(inner) ? { ...inner, $params: params } : value) as Key;
    const parts = isJsonObject(key) ? Object.keys(key).filter((name) => name !== '$params') : [];
    const shape: KeyShape =
      kind === 'simple' ? { kind } : kind === 'compound' ? { kind, parts } : { kind, parts, params: true };

    const written = {
      full: writeKey(key, shape, 'path', protocol),
      keyOnly: writeKey(key, shape, 'header', protocol),
      body: writeKey(key, shape, 'body', protocol),
      path: writeKey(key, shape, 'path', protocol),
      header: writeKey(key, shape, 'header', protocol),
      query: writeKey(key, shape, 'ids', protocol),
    };
    const { kind: _kind, value: _value, protocol: _protocol, ...expected } = vector;
    expect(written).toMatchObject(Object.fromEntries(Object.entries(expected).filter(([name]) => name in written)));

    for (const place of ['path', 'body', 'header'] as const) {
      if (place === 'path' && key === '') continue; // Read back as two quotes; the one key that does not travel.
      const read = readKey(written[place], shape, place, protocol);
      expect('key' in read && sameKey(read.key, place === 'header' ? withoutParams(key) : key)).toBe(true);
    }
  });
});

describe('recorded query strings', () => {
  it.each(vectors.queryStrings)('$query', ({ params, query }) => {
    const { fields, ...rest } = params;
    const masks = fields === undefined ? {} : { fields: formatMask(fields as unknown as Mask) };
    expect(writeQuery(Object.entries(rest), masks)).toBe(query);

    const read = parseQuery(query);
    expect('parameters' in read && Object.fromEntries(read.parameters)).toEqual(asTexts(rest));
  });
});

describe('recorded masks', () => {
  it.each(vectors.masks)('$uri', ({ uri, mask, error }) => {
    const read = parseMask(uri);
    expect('problem' in read).toBe(error !== undefined);
    if (!('mask' in read)) return;
    expect(read.mask).toEqual(mask);
    expect(parseMask(formatMask(read.mask))).toEqual({ mask });
  });

  it.each(plainVectors.projections)('fields=$fields projects as on the server', ({ fields, data, result }) => {
    const read = parseMask(fields);
    expect('mask' in read && project(read.mask, data)).toEqual(result);
  });
});

describe('recorded patches', () => {
  it.each(plainVectors.patches)('$patch', ({ before, patch, after, error }) => {
    const applied = applyPatch(patch, before);
    if (after !== undefined) expect('value' in applied && jsonEquals(applied.value, after)).toBe(true);
    else {
      const pointer = (error ?? '').split(' ::')[0];
      // The server names the field twice for an array; ours names the command.
      const expected = pointer === '/senders/senders' ? '/senders/$reorder' : pointer;
      expect(applied).toMatchObject({ problem: { pointer: expected } });
    }
  });
});
