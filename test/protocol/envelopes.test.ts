import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { ENVELOPES, ERROR_SCHEMA, entriesOf, fillHoles, isFailedEntry } from '../../src/protocol/envelopes.ts';
import type { Json, JsonObject } from '../../src/protocol/json.ts';
import { isMethodName, METHOD_NAMES, profileOf } from '../../src/protocol/methods.ts';
import { plainVectors } from './vectors.ts';

const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false });

function accepts(schema: JsonObject, body: Json): boolean {
  return ajv.validate({ ...fillHoles(schema, {}) }, body);
}

describe('envelopes of answers', () => {
  it('hold every recorded answer of their method', () => {
    let checked = 0;
    for (const { request, routedTo, response } of plainVectors.exchanges) {
      const method = (routedTo ?? '').split(':')[0]?.toUpperCase() ?? '';
      if (!isMethodName(method) || request.url === '/mux') continue;
      const envelope = ENVELOPES.response[profileOf(method).returns];
      if (response.status >= 400) {
        if (response.body !== null) expect(accepts(ERROR_SCHEMA, response.body)).toBe(true);
      } else if (response.body === null) expect([request.url, envelope.mayBeEmpty]).toEqual([request.url, true]);
      else if (envelope.schema !== null) {
        const masked = /Fields=/.test(request.url);
        if (!masked)
          expect([request.url, method, accepts(envelope.schema, response.body)]).toEqual([request.url, method, true]);
      }
      checked++;
    }
    expect(checked).toBeGreaterThan(120);
  });

  it.each<[keyof typeof ENVELOPES.response, Json]>([
    ['collection', { paging: { start: 0, count: 10 } }],
    ['collection', { elements: [1] }],
    ['collection', { elements: [], paging: { start: -1, count: 1, links: [] } }],
    ['batch', { results: {} }],
    ['batch', { results: [], errors: {} }],
    ['statuses', { results: { 1: {} }, errors: {} }],
    ['statuses', { results: { 1: { status: '204' } }, errors: {} }],
    ['createdBatch', { elements: [{ id: '1' }] }],
    ['createdBatch', { elements: [{ status: 201, error: {} }] }],
    ['collections', { elements: [{ elements: [], isError: true }] }],
    ['collections', { elements: [{ elements: [], error: {} }] }],
    ['value', {}],
  ])('%s refuses %j', (envelope, body) => {
    const { schema } = ENVELOPES.response[envelope];
    expect(schema !== null && accepts(schema, body)).toBe(false);
  });
});

describe('envelopes of requests', () => {
  it.each<[keyof typeof ENVELOPES.request, Json, boolean]>([
    ['elements', { elements: [{}] }, true],
    ['elements', { a: 1 }, false],
    ['entities', { entities: { 1: {} } }, true],
    ['entities', { entities: [] }, false],
    ['patch', { patch: { a: { $set: { b: 1 }, $delete: ['c'] } } }, true],
    ['patch', { patch: { a: 1 } }, false],
    ['patch', { patch: { $unset: {} } }, false],
    ['patch', { $set: { a: 1 } }, false],
    ['patches', { entities: { 1: { patch: {} } } }, true],
    ['patches', { entities: { 1: { $set: {} } } }, false],
    ['params', {}, true],
  ])('%s %j: %s', (envelope, body, good) => {
    const { schema } = ENVELOPES.request[envelope];
    expect(schema !== null && accepts(schema, body)).toBe(good);
  });

  it('exist for everything that a method sends or returns', () => {
    for (const name of METHOD_NAMES) {
      const { sends, returns } = profileOf(name);
      expect([Object.hasOwn(ENVELOPES.request, sends), Object.hasOwn(ENVELOPES.response, returns)]).toEqual([
        true,
        true,
      ]);
    }
  });
});

describe('entries', () => {
  it('of a batch are its results and its errors', () => {
    const body = { results: { 'a/b': { x: 1 } }, statuses: { 'a/b': 200 }, errors: { c: { status: 404 } } };
    const entries = entriesOf(ENVELOPES.response.batch, body);
    expect(entries).toMatchObject([
      { key: 'a/b', status: 200, entity: { x: 1 }, error: undefined, pointer: '/results/a~1b' },
      { key: 'c', status: 404, entity: undefined, error: { status: 404 }, pointer: '/errors/c' },
    ]);
    expect(entries.map(isFailedEntry)).toEqual([false, true]);
  });

  it('of a batch write that failed are failures in either map', () => {
    const body = { results: { 1: { status: 204 }, 2: { status: 404 } }, errors: { 3: { message: 'no' } } };
    expect(entriesOf(ENVELOPES.response.statuses, body).map((entry) => [entry.key, isFailedEntry(entry)])).toEqual([
      ['1', false],
      ['2', true],
      ['3', true],
    ]);
  });

  it('of created elements keep their order, id and error', () => {
    const body = {
      elements: [
        { status: 201, id: '7', entity: { a: 1 } },
        { status: 400, error: { message: 'no' } },
      ],
    };
    expect(entriesOf(ENVELOPES.response.createdBatch, body)).toMatchObject([
      { index: 0, status: 201, id: '7', entity: { a: 1 }, pointer: '/elements/0' },
      { index: 1, status: 400, id: null, error: { message: 'no' }, pointer: '/elements/1' },
    ]);
  });

  it('of patches are without their wrapper', () => {
    expect(
      entriesOf(ENVELOPES.request.patches, { entities: { 1: { patch: { $set: {} } }, 2: {} } }).map(
        ({ entity }) => entity,
      ),
    ).toEqual([{ $set: {} }, undefined]);
    expect(entriesOf(ENVELOPES.request.patch, { patch: {} })).toMatchObject([{ pointer: '/patch' }]);
  });

  it('of a malformed body are none, never an exception', () => {
    for (const envelope of [...Object.values(ENVELOPES.request), ...Object.values(ENVELOPES.response)]) {
      for (const body of [
        undefined,
        null,
        1,
        'x',
        [],
        {},
        { results: 1, errors: [], elements: {}, entities: null },
        { elements: [null, 1] },
      ])
        entriesOf(envelope, body);
    }
    expect(entriesOf(ENVELOPES.response.batch, { results: [] })).toEqual([]);
  });
});
