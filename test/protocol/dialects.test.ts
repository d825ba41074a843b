import { describe, expect, it } from 'vitest';
import { DIALECTS, extendDialect, headersUnder, methodHeaderLevel } from '../../src/protocol/dialects.ts';
import { headerValue, protocolOf } from '../../src/protocol/headers.ts';
import { METHOD_NAMES, profileOf } from '../../src/protocol/methods.ts';
import { isUrn, parseUrn, urnPrefix } from '../../src/protocol/urn.ts';

describe('dialects', () => {
  it('require the header where a method is reached by it alone', () => {
    for (const dialect of Object.values(DIALECTS)) {
      for (const name of METHOD_NAMES)
        if (profileOf(name).headerSelects) expect(methodHeaderLevel(dialect, name)).toBe('must');
    }
    expect(METHOD_NAMES.filter((name) => methodHeaderLevel(DIALECTS.restli, name) === 'must')).toEqual([
      'BATCH_CREATE',
    ]);
    expect(METHOD_NAMES.filter((name) => methodHeaderLevel(DIALECTS.linkedin, name) === 'must')).toEqual([
      'BATCH_CREATE',
      'PARTIAL_UPDATE',
      'BATCH_PARTIAL_UPDATE',
    ]);
    expect(methodHeaderLevel(DIALECTS.linkedin, 'BATCH_UPDATE')).toBe('should');
    expect(methodHeaderLevel(DIALECTS.linkedin, 'GET')).toBe('may');
  });

  it('ask for a version under their versioned base alone', () => {
    expect(headersUnder(DIALECTS.linkedin, '/rest').map(({ name }) => name)).toEqual(['LinkedIn-Version']);
    expect(headersUnder(DIALECTS.linkedin, '/v2')).toEqual([]);
    expect(headersUnder(DIALECTS.linkedin, null)).toEqual([]);
  });

  it('know what LinkedIn adds', () => {
    const { bases, limits, tunnelAbove, unknownParams, batchKeys, cursor, errors, error } = DIALECTS.linkedin;
    expect({ bases, limits, tunnelAbove, unknownParams, batchKeys, cursor }).toEqual({
      bases: ['/rest', '/v2'],
      limits: { url: 8192, query: 4096, segment: 4096, head: 28672 },
      tunnelAbove: 4000,
      unknownParams: 'error',
      batchKeys: 'either',
      cursor: { size: 'pageSize', token: 'pageToken', next: 'metadata/nextPageToken' },
    });
    expect(Object.keys(errors)).toEqual(['401', '403', '426', '429', '500']);
    expect(error).toMatchObject({ required: ['status'] });
  });

  it('of a user add to their base', () => {
    const tenant = { name: 'linkedin-version', schema: true, required: false, under: null, missing: null };
    const own = extendDialect(DIALECTS.linkedin, {
      name: 'acme',
      methodHeader: 'all',
      headers: [tenant],
      limits: { url: 100 },
      errors: { 418: [{ code: 'TEA' }] },
    });
    expect(own.name).toBe('acme');
    expect(METHOD_NAMES.every((name) => methodHeaderLevel(own, name) === 'must')).toBe(true);
    const twice = extendDialect(own, { name: 'acme-eu', idHeaders: ['X-Acme-Id'] });
    expect([own.family, twice.family]).toEqual(['linkedin', 'linkedin']);
    expect(own.headers).toEqual([tenant]);
    expect(own.limits).toEqual({ ...DIALECTS.linkedin.limits, url: 100 });
    expect(own.errors).toEqual({ ...DIALECTS.linkedin.errors, 418: [{ code: 'TEA' }] });
    expect(extendDialect(DIALECTS.restli, { methodHeader: ['GET'] }).methodHeader).toEqual({ GET: 'must' });
    expect(extendDialect(DIALECTS.restli, { methodHeader: { GET: 'should' } }).methodHeader).toEqual({
      BATCH_CREATE: 'must',
      GET: 'should',
    });
    expect(extendDialect(DIALECTS.restli, {})).toEqual(DIALECTS.restli);
  });
});

describe('headers', () => {
  it('are found by a name in any case, and joined when doubled', () => {
    const lines = [
      ['X-Restli-Method', 'GET'],
      ['a', 'b'],
      ['x-restli-method', 'get'],
    ] as const;
    expect(headerValue(lines, 'X-RestLi-Method')).toBe('GET, get');
    expect(headerValue(lines, 'B')).toBe(null);
  });

  it('of the version name one of two protocols', () => {
    expect([null, '1.0.0', '1.5.2', '2.0.0'].map(protocolOf)).toEqual(['1.0.0', '1.0.0', '1.0.0', '2.0.0']);
    expect(['2.0.1', '3.0.0', '0.9.0', '10.0.0'].map(protocolOf)).toEqual([null, null, null, null]);
    expect(['', '2', '2.0', 'x', ' 2.0.0', '2.0.0, 2.0.0'].map(protocolOf)).toEqual(Array(6).fill('malformed'));
  });
});

describe('urns', () => {
  it('name a type and its parts, nested ones whole', () => {
    expect(parseUrn('urn:li:person:abc')).toEqual({ namespace: 'li', type: 'person', id: 'abc', parts: ['abc'] });
    expect(parseUrn('urn:li:a:(urn:li:b:(urn:li:c:1,2),3)')).toMatchObject({
      type: 'a',
      parts: ['urn:li:b:(urn:li:c:1,2)', '3'],
    });
    expect(urnPrefix('urn:lla:llaThing:1')).toBe('urn:lla:llaThing');
  });

  it.each([
    'urn:li:person',
    'urn:li:person:',
    'urn::x:1',
    'li:person:1',
    'urn:li:a:(1',
    'urn:li:a:(1))',
    'urn:li:a:(1)2',
    'urn:li:a:(,1)',
    '',
  ])('%s is none', (text) => {
    expect([isUrn(text), urnPrefix(text)]).toEqual([false, null]);
  });
});
