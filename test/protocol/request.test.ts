import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, jsonEquals, parseJson, type Json } from '../../src/protocol/json.ts';
import { sameKey, type Key, type KeyShape } from '../../src/protocol/keys.ts';
import { METHOD_NAMES, METHODS, profileOf, type MethodName } from '../../src/protocol/methods.ts';
import {
  buildBody,
  buildRequest,
  notCovered,
  readRequest,
  type ReadRequest,
  type Refusal,
  type ResourceShape,
  type RestliRequest,
  type WireRequest,
} from '../../src/protocol/request.ts';
import { RESOURCE_KINDS } from '../../src/protocol/resources.ts';
import { asTexts, elements, scalars, texts } from './values.ts';

const simple: KeyShape = { kind: 'simple' };
const compound: KeyShape = { kind: 'compound', parts: ['src', 'dest'] };
const complex: KeyShape = { kind: 'complex', parts: ['major', 'minor'], params: true };

const RESOURCES: readonly ResourceShape[] = [
  { name: 'albums', kind: 'collection', key: simple, segments: [{ literal: 'albums' }] },
  { name: 'follows', kind: 'association', key: compound, segments: [{ literal: 'follows' }] },
  { name: 'items', kind: 'collection', key: complex, segments: [{ literal: 'items' }] },
  {
    name: 'photos',
    kind: 'collection',
    key: simple,
    segments: [{ literal: 'albums' }, { variable: 'albumId', key: simple }, { literal: 'photos' }],
  },
  {
    name: 'cover',
    kind: 'simple',
    key: null,
    segments: [{ literal: 'albums' }, { variable: 'albumId', key: simple }, { literal: 'cover' }],
  },
  { name: 'tools', kind: 'actionsSet', key: null, segments: [{ literal: 'tools' }] },
];

function meant(method: MethodName, resource: ResourceShape, more: Partial<RestliRequest> = {}): RestliRequest {
  const { parameter } = profileOf(method);
  return {
    method,
    resource,
    parents: new Map(),
    key: null,
    partialKey: null,
    ids: null,
    name: parameter === 'none' || parameter === 'ids' ? null : 'named',
    batchParam: null,
    criteria: null,
    params: new Map(),
    masks: {},
    protocol: '2.0.0',
    body: undefined,
    bodyKeys: 'reduced',
    headers: [],
    tunnel: false,
    ...more,
  };
}

function resourceNamed(name: string): ResourceShape {
  const found = RESOURCES.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found;
}

function wire(
  verb: string,
  url: string,
  headers: readonly (readonly [string, string])[] = [['X-RestLi-Protocol-Version', '2.0.0']],
): WireRequest {
  const [path = '', query = null] = url.split('?', 2);
  return { verb, path, query, headers, body: null };
}

function read(request: WireRequest): ReadRequest {
  const answer = readRequest(request, RESOURCES);
  if ('status' in answer) throw new Error(`refused: ${answer.message}`);
  return answer;
}

function refusalOf(request: WireRequest): Refusal | null {
  const answer = readRequest(request, RESOURCES);
  return 'status' in answer ? answer : null;
}

/** A key of a shape. The empty text is left out: it does not survive a path. */
function keysOf(shape: KeyShape | null): fc.Arbitrary<Key> {
  if (shape === null || shape.kind === 'simple') return scalars.filter((key) => key !== '');
  if (shape.kind === 'compound') return fc.record({ src: scalars, dest: scalars });
  return fc.oneof(
    fc.record({ major: elements, minor: texts }),
    fc.record({ major: texts, minor: texts, $params: fc.record({ major: texts }) }),
  );
}

const names = texts.filter(
  (name) =>
    name !== '' && !['ids', 'q', 'bq', 'action', 'fields', 'metadataFields', 'pagingFields', 'criteria'].includes(name),
);

const requests: fc.Arbitrary<RestliRequest> = fc
  .tuple(fc.constantFrom(...METHOD_NAMES), fc.constantFrom(...RESOURCES), fc.boolean(), fc.boolean())
  .filter(([method, resource]) => RESOURCE_KINDS[resource.kind].methods.includes(method))
  .chain(([method, resource, atEntity, tunnel]) => {
    const profile = profileOf(method);
    const level = profile.at === 'either' ? (atEntity ? 'entity' : 'collection') : profile.at;
    const keys = keysOf(resource.key);
    return fc
      .record({
        parent: keysOf(simple),
        key: resource.key !== null && level === 'entity' ? keys : fc.constant(null),
        ids: profile.parameter === 'ids' ? fc.array(keys, { maxLength: 3 }) : fc.constant(null),
        name: texts,
        params: fc.array(fc.tuple(names, elements), { maxLength: 3 }).map((entries) => new Map(entries)),
        criteria: fc.array(elements, { maxLength: 2 }),
        fields: fc.constantFrom(undefined, '', 'id,name:(first)', '-tags'),
      })
      .map(({ parent, key, ids, name, params, criteria, fields }) => {
        const parents = new Map<string, Key>();
        for (const segment of resource.segments) if ('variable' in segment) parents.set(segment.variable, parent);
        const isBatchFinder = profile.parameter === 'bq';
        return meant(method, resource, {
          parents,
          key,
          ids,
          params,
          tunnel,
          name: profile.named ? name : null,
          batchParam: isBatchFinder ? 'criteria' : null,
          criteria: isBatchFinder ? criteria : null,
          masks: fields === undefined ? {} : { fields },
          body: profile.sends === 'none' ? undefined : { a: 1 },
        });
      });
  });

describe('a request that is built', () => {
  it('is read back as it was meant, for every method, kind and key', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(requests, (request) => {
        const back = read(buildRequest(request));
        seen.add(request.method);
        expect(back.routed).toEqual({ method: request.method });
        expect(back.resource).toBe(request.resource);
        expect([...back.parents].every(([name, key]) => sameKey(key, request.parents.get(name) ?? ''))).toBe(true);
        expect(back.parents.size).toBe(request.parents.size);
        expect(back.key === null ? request.key === null : request.key !== null && sameKey(back.key, request.key)).toBe(
          true,
        );
        expect((back.ids ?? []).length).toBe((request.ids ?? []).length);
        expect((back.ids ?? []).every((id, i) => sameKey(id, request.ids?.[i] ?? ''))).toBe(true);
        expect(back.name).toBe(request.name);
        for (const [name, value] of request.params)
          expect(jsonEquals(back.query.get(name) ?? null, asTexts(value))).toBe(true);
        expect(back.masks).toEqual(request.masks);
        expect(back.tunnelled).toBe(request.tunnel);
      }),
      { numRuns: 2_000 },
    );
    expect([...seen].toSorted()).toEqual([...METHOD_NAMES].toSorted());
  });

  it('stands on the wire as the protocol writes it', () => {
    const follows = resourceNamed('follows');
    const request = buildRequest(
      meant('BATCH_UPDATE', follows, {
        ids: [
          { src: 'a b', dest: 1 },
          { src: 'b,c', dest: 2 },
        ],
        params: new Map<string, Json>([
          ['$returnEntity', false],
          ['a+b', [1.5, 'x&y']],
        ]),
        masks: { fields: 'id,name:(first)' },
        body: [{ note: 'x' }, { note: 9007199254740993n }],
      }),
    );
    expect([request.verb, request.path, request.query]).toEqual([
      'PUT',
      '/follows',
      '$returnEntity=false&a%2Bb=List(1.5,x%26y)&fields=id,name:(first)&ids=List((dest:1,src:a%20b),(dest:2,src:b%2Cc))',
    ]);
    expect(request.headers).toEqual([
      ['X-RestLi-Protocol-Version', '2.0.0'],
      ['X-RestLi-Method', 'BATCH_UPDATE'],
      ['Accept', 'application/json'],
      ['Content-Type', 'application/json'],
    ]);
    expect(decodeUtf8(request.body ?? new Uint8Array())).toEqual({
      text: '{"entities":{"(dest:1,src:a b)":{"note":"x"},"(dest:2,src:b%2Cc)":{"note":9007199254740993}}}',
    });
  });

  it('holds its body in the envelope of its method', () => {
    const albums = resourceNamed('albums');
    const bodyOf = (
      method: MethodName,
      body: Json | undefined,
      more: Partial<RestliRequest> = {},
    ): Json | undefined => {
      const bytes = buildBody(meant(method, albums, { body, ...more }));
      if (bytes === null) return undefined;
      const text = decodeUtf8(bytes);
      const parsed = parseJson('text' in text ? text.text : '');
      return 'value' in parsed ? parsed.value : undefined;
    };
    const urns = ['urn:li:a:1', 'urn:li:a:2'];
    expect(bodyOf('CREATE', { a: 1 })).toEqual({ a: 1 });
    expect(bodyOf('BATCH_CREATE', [{ a: 1 }, { a: 2 }])).toEqual({ elements: [{ a: 1 }, { a: 2 }] });
    expect(bodyOf('PARTIAL_UPDATE', { $set: { a: 1 } })).toEqual({ patch: { $set: { a: 1 } } });
    expect(bodyOf('BATCH_PARTIAL_UPDATE', [{ $set: { a: 1 } }, {}], { ids: urns })).toEqual({
      entities: { 'urn:li:a:1': { patch: { $set: { a: 1 } } }, 'urn:li:a:2': { patch: {} } },
    });
    expect(bodyOf('BATCH_UPDATE', [{ a: 1 }], { ids: urns, bodyKeys: 'encoded' })).toEqual({
      entities: { 'urn%3Ali%3Aa%3A1': { a: 1 } },
    });
    expect(bodyOf('BATCH_UPDATE', { other: { a: 1 } }, { ids: urns })).toEqual({ entities: { other: { a: 1 } } });
    expect(bodyOf('ACTION', undefined)).toBe(undefined);
    expect(bodyOf('ACTION', {})).toEqual({});
    expect(bodyOf('GET', undefined)).toBe(undefined);
  });

  it('says what protocol 1.0.0 has no text for', () => {
    const albums = resourceNamed('albums');
    const uncovered = (more: Partial<RestliRequest>): boolean =>
      notCovered(meant('BATCH_GET', albums, { protocol: '1.0.0', ids: [1], ...more })) !== null;
    expect(uncovered({})).toBe(false);
    expect(uncovered({ params: new Map<string, Json>([['a', { 'b.c': 1 }]]) })).toBe(true);
    expect(uncovered({ params: new Map<string, Json>([['a', []]]) })).toBe(true);
    expect(uncovered({ ids: [] })).toBe(true);
    expect(uncovered({ ids: [], protocol: '2.0.0' })).toBe(false);
  });

  it('lets its own headers replace, repeat and drop lines', () => {
    const headers = [
      ['x-restli-method', 'get'],
      ['X-RESTLI-METHOD', 'GET'],
      ['Accept', null],
      ['X-Own', '1'],
    ] as const;
    expect(buildRequest(meant('GET', resourceNamed('albums'), { key: 1, headers })).headers).toEqual([
      ['X-RestLi-Protocol-Version', '2.0.0'],
      ['x-restli-method', 'get'],
      ['X-RESTLI-METHOD', 'GET'],
      ['X-Own', '1'],
    ]);
  });

  it('is read back in protocol 1.0.0, too', () => {
    const plain = fc.oneof(fc.string({ minLength: 1, maxLength: 6 }), fc.integer());
    const back = (request: RestliRequest): ReadRequest => read(buildRequest({ ...request, protocol: '1.0.0' }));
    fc.assert(
      fc.property(
        fc.array(plain, { minLength: 1, maxLength: 3 }),
        fc.record({ src: plain, dest: plain }),
        (ids, key) => {
          expect(back(meant('BATCH_GET', resourceNamed('albums'), { ids })).ids).toEqual(ids.map(String));
          expect(
            back(meant('BATCH_GET', resourceNamed('follows'), { ids: [key, key] })).ids?.every((id) =>
              sameKey(id, key),
            ),
          ).toBe(true);
          const nested = { major: key.src, minor: key.dest, $params: { major: key.src } };
          const complexBack = back(meant('BATCH_GET', resourceNamed('items'), { ids: [nested, nested] }));
          expect(complexBack.ids?.length === 2 && complexBack.ids.every((id) => sameKey(id, nested))).toBe(true);
          expect(sameKey(back(meant('GET', resourceNamed('follows'), { key })).key ?? '', key)).toBe(true);
          expect(sameKey(back(meant('GET', resourceNamed('items'), { key: nested })).key ?? '', nested)).toBe(true);
          const finder = back(
            meant('FINDER', resourceNamed('albums'), {
              params: new Map<string, Json>([['range', { start: 1, end: [key.src, 'x'] }]]),
            }),
          );
          expect(jsonEquals(finder.query.get('range') ?? null, { start: '1', end: [String(key.src), 'x'] })).toBe(true);
        },
      ),
    );
  });
});

describe('a request that is read', () => {
  it.each<[string, string, number, string]>([
    ['GET', '/nope', 404, 'root-unknown'],
    ['GET', '/', 404, 'root-unknown'],
    ['GET', '', 404, 'root-unknown'],
    ['GET', '/albums/1/nope', 404, 'sub-resource-unknown'],
    ['GET', '/albums/1/cover/1', 404, 'path-extra'],
    ['POST', '/tools/1?action=x', 400, 'key-on-actions-set'],
    ['GET', '/albums?ids=1', 400, 'ids-not-a-list'],
    ['GET', '/albums?ids=List((a:1))', 400, 'ids-member'],
    ['GET', '/albums/1/cover?ids=List(1)', 500, 'ids-on-simple'],
    ['GET', '/albums?q=', 400, 'query-empty'],
    ['GET', '/albums?q=a&q=b', 400, 'query-repeated'],
    ['GET', '/albums?a=List(', 400, 'query-syntax'],
    ['GET', '/albums?%zz=1', 400, 'query-syntax'],
    ['GET', '/albums?fields=a:b', 400, 'mask-malformed'],
    ['GET', '/albums/%zz', 400, 'key-malformed'],
    ['GET', '/follows/x', 400, 'key-malformed'],
    ['GET', '/follows/(src:a)/x', 400, 'key-incomplete'],
    ['GET', '/items/x', 500, 'key-not-a-record'],
  ])('%s %s is refused with %i', (verb, url, status, reason) => {
    expect(refusalOf(wire(verb, url))).toMatchObject({ status, reason });
  });

  it('is refused where its query is wrong, with the place', () => {
    expect(refusalOf(wire('GET', '/albums?x=1&ids=List(a:b)'))?.at).toEqual({ part: 'query', name: 'ids', offset: 14 });
    expect(refusalOf(wire('GET', '/follows/(src:a,zip:1)/x'))?.at).toMatchObject({ part: 'path', offset: 9 });
    expect(refusalOf(wire('GET', '/albums/1/nope'))).toMatchObject({
      at: { part: 'path', offset: 10 },
      resource: { name: 'albums' },
    });
  });

  it('answers for versions and media types before it looks at the path', () => {
    const withHeader = (name: string, value: string): unknown =>
      refusalOf(
        wire(
          'GET',
          '/nope',
          [
            ['x-restli-protocol-version', '2.0.0'],
            [name, value],
          ].slice(name.startsWith('X-RestLi-P') ? 1 : 0) as [string, string][],
        ),
      )?.reason;
    expect(withHeader('X-RestLi-Protocol-Version', '2.0.1')).toBe('protocol-unsupported');
    expect(withHeader('X-RestLi-Protocol-Version', '2.0')).toBe('protocol-malformed');
    expect(withHeader('X-RestLi-Protocol-Version', '1.5.0')).toBe('root-unknown');
    expect(withHeader('Accept', 'text/html')).toBe('accept-unsupported');
    expect(withHeader('Accept', 'nonsense')).toBe('accept-malformed');
    expect(withHeader('Accept', 'text/html, application/json;q=0.5')).toBe('root-unknown');
    expect(withHeader('X-HTTP-Method-Override', 'PATCH')).toBe('tunnel-malformed');
  });

  it('keeps members of `ids` that are no keys, and says which', () => {
    const back = read(wire('GET', '/follows?ids=List((src:a,dest:1),5,(src:a,zip:1))'));
    expect(back.ids).toHaveLength(3);
    expect(back.idProblems.map(({ index }) => index)).toEqual([1, 2]);
  });

  it('takes off the longest base that fits', () => {
    const options = { bases: ['/rest', '/rest/v2/', '/al'] };
    const resourceAt = (url: string): unknown => {
      const answer = readRequest(wire('GET', url), RESOURCES, options);
      return 'status' in answer ? answer.reason : answer.resource.name;
    };
    expect(['/rest/albums', '/rest/v2/albums', '/albums', '/restalbums'].map(resourceAt)).toEqual([
      'albums',
      'albums',
      'albums',
      'root-unknown',
    ]);
  });

  it('takes the segment after a collection for a key, even where a resource has that name', () => {
    const special: ResourceShape = {
      ...resourceNamed('albums'),
      name: 'special',
      segments: [{ literal: 'albums' }, { literal: 'special' }],
    };
    const answer = readRequest(wire('GET', '/albums/special'), [...RESOURCES, special]);
    expect(answer).toMatchObject({ resource: { name: 'albums' }, key: 'special', level: 'entity' });
  });

  it('knows a resource by an escaped name, a doubled header by both its values, and a partial key as a collection', () => {
    expect(read(wire('GET', '/%61lbums/1//')).key).toBe('1');
    const doubled = read(
      wire('GET', '/albums', [
        ['X-RestLi-Protocol-Version', '2.0.0'],
        ['X-RestLi-Method', 'GET_ALL'],
        ['x-restli-method', 'GET_ALL'],
      ]),
    );
    expect(doubled.routed).toMatchObject({ refused: 'header', without: 'GET_ALL' });
    const partial = read(wire('GET', '/follows/(src:a)?q=bySrc'));
    expect([partial.level, partial.partialKey, partial.key, partial.name]).toEqual([
      'collection',
      { src: 'a' },
      null,
      'bySrc',
    ]);
  });

  it('is read as protocol 1.0.0 without a version, as the server would', () => {
    const back = read(wire('GET', '/albums?ids=List(1,2)', []));
    expect([back.protocol, back.ids]).toEqual(['1.0.0', ['List(1,2)']]);
    expect(refusalOf(wire('GET', '/items?ids=List((major:x,minor:y))', []))).toMatchObject({
      status: 500,
      reason: 'ids-not-a-list',
    });
    expect(read(wire('GET', '/albums?ids=1&ids=2', [])).ids).toEqual(['1', '2']);
    expect(read(wire('GET', '/albums?ids[0]=1&ids[1]=2', [])).ids).toEqual(['1', '2']);
  });

  it('never throws, whatever the bytes', () => {
    const url = fc
      .array(
        fc.constantFrom(
          '/',
          'albums',
          'follows',
          'items',
          'cover',
          '1',
          '(',
          ')',
          'src',
          ':',
          ',',
          'a',
          '?',
          '&',
          '=',
          'ids',
          'List(',
          '%',
          '%4',
          '[0]',
          '.',
          "''",
          'fields',
        ),
        { maxLength: 14 },
      )
      .map((parts) => parts.join(''));
    const version = fc.constantFrom('2.0.0', '1.0.0', '', 'x');
    fc.assert(
      fc.property(
        url,
        version,
        fc.constantFrom('GET', 'POST', 'PUT', 'x'),
        (text, protocol, verb) =>
          void readRequest(wire(verb, text, [['X-RestLi-Protocol-Version', protocol]]), RESOURCES),
      ),
      { numRuns: 5_000 },
    );
    expect(read(wire('GET', '/albums?x[999999999]=1', [])).query.get('x')).toEqual(['1']);
  });
});

describe('kinds of resource', () => {
  it('serve the methods that the table gives them', () => {
    expect(RESOURCE_KINDS.actionsSet.methods).toEqual(['ACTION']);
    expect(RESOURCE_KINDS.simple.methods).toEqual(['GET', 'UPDATE', 'PARTIAL_UPDATE', 'DELETE', 'ACTION']);
    expect(RESOURCE_KINDS.collection.methods).toEqual(Object.keys(METHODS));
    expect(RESOURCE_KINDS.association.methods).not.toContain('BATCH_CREATE');
  });
});
