/** The laws of values: what they send, that right servers of any kind keep them, and that quiet losses do not pass. */
import { describe, expect, it } from 'vitest';
import type { Contract } from '../../src/contract/contract.ts';
import { serveContracts } from '../../src/mock/index.ts';
import { FAULTS } from '../../src/mock/faults.ts';
import type { Case } from '../../src/plan/case.ts';
import { planCases } from '../../src/plan/plan.ts';
import { DIALECTS } from '../../src/protocol/dialects.ts';
import { isJsonObject, parseJson, stringifyJson, type Json, type JsonObject } from '../../src/protocol/json.ts';
import type { CaseFinished } from '../../src/run/events.ts';
import { fitsSchema } from '../../src/schema/check.ts';
import { startGateway, type Answered, type Forwarded, type GatewayFault } from '../interop/gateway.ts';
import { LIBRARY, rooms } from '../mock/library.ts';
import { runOf, target } from '../run/support.ts';
import { contractOf } from '../support/contract.ts';

const PARCELS = `
contract: 1
resource: parcels
key: { id: long }
readOnly: [id, state/seenAt]
types:
  Content:
    type: object
    minProperties: 1
    maxProperties: 1
    additionalProperties: false
    properties: { letter: { type: string }, box: { $ref: '#/types/Box' }, animals: { type: array, items: { enum: [CAT, DOG, EMU] } } }
  Box: { type: object, required: [width], properties: { width: float, depth: { $ref: '#/types/double' } } }
  Handling: { enum: [PLAIN, FRAGILE, COLD] }
entity:
  type: object
  required: [id, sender, handling]
  properties:
    id: { $ref: '#/types/long' }
    sender: { $ref: '#/types/urn:li:person' }
    handling: { $ref: '#/types/Handling' }
    content: { $ref: '#/types/Content' }
    weight: { type: number, format: float, minimum: 0, maximum: 1 }
    sent: { type: string, format: date-time }
    password: { type: string, writeOnly: true }
    value: { $ref: '#/types/long' }
    note: { type: string }
    labels: { type: object, additionalProperties: { type: string } }
    stops: { type: array, items: { type: string } }
    due: { oneOf: [{ type: object, required: [day], additionalProperties: false, properties: { day: { type: integer, minimum: 1, maximum: 31 } } }, { type: string, pattern: '^never$' }] }
    state: { type: object, properties: { seenAt: { $ref: '#/types/long' }, open: { type: boolean } } }
examples:
  - { id: 1, sender: 'urn:li:person:ann', handling: PLAIN, note: first }
  - { id: 2, sender: 'urn:li:person:bo', handling: COLD, content: { letter: x }, weight: 0.5, sent: '2026-01-01T00:00:00Z', password: y, value: 1, labels: {}, stops: [], due: never, state: { open: true } }
methods: { GET: , CREATE: , BATCH_CREATE: , DELETE: }
`.replace('width: float', "width: { $ref: '#/types/float' }");
const parcels = contractOf(PARCELS);

const contracts = [parcels, rooms, ...LIBRARY.filter(({ resource }) => resource !== 'accounts')];
const VALUES = /\/laws\/[a-z-]*-are-kept/;

function valueCases(all: readonly Contract[], seed: number, live = false): readonly Case[] {
  const { cases } = planCases(all, {
    groups: ['laws'],
    seed,
    target: { name: 'service', live, seeded: false, writes: true },
    dialectOf: (one) => DIALECTS[one.dialect === 'linkedin' ? 'linkedin' : 'restli'],
  });
  return cases.filter(({ id }) => VALUES.test(id));
}

/** What a case writes. */
function sentBy({ steps }: Case): JsonObject {
  const { spec } = steps.findLast(({ operation }) => operation?.method !== 'GET') ?? {};
  const sent = spec?.entity ?? spec?.elements?.[0] ?? spec?.entities?.[0]?.entity;
  if (sent === undefined || !isJsonObject(sent)) throw new Error('the case writes no entity');
  return sent;
}

const sentIn = (name: string, seed = 1): JsonObject => {
  const found = valueCases([parcels], seed).find(({ id }) => id === `parcels/CREATE/laws/${name}`);
  if (found === undefined) throw new Error(`no case ${name}`);
  return sentBy(found);
};

describe('what the laws of values send', () => {
  it('fits its schema, names nothing that the server sets, and shows what its law is about, for a hundred seeds', () => {
    for (let seed = 0; seed < 100; seed++) {
      const cases = valueCases(contracts, seed);
      expect(cases.length).toBeGreaterThan(20);
      for (const one of cases) {
        const sent = sentBy(one);
        const { entity, readOnly } = one.contract;
        expect(entity === null || fitsSchema(entity, sent, { variant: 'sent', readOnly }), one.id).toBe(true);
        expect(stringifyJson(sent)).not.toContain('seenAt');
        const text = stringifyJson(sent);
        if (one.id.includes('empty-texts')) expect(text).toContain(':""');
        if (one.id.includes('empty-lists')) expect(text).toMatch(/\[\]|\{\}/);
        if (one.id.includes('long-numbers')) expect(text).toMatch(/:900719925\d*[13579]\b/);
        if (one.id.includes('names-in-maps')) expect(text).toContain('%41');
      }
    }
  });

  it('is the same for the same seed, another one for another, and under the same ids for each', () => {
    const texts = (seed: number) => valueCases(contracts, seed).map((one) => stringifyJson(sentBy(one)));
    const ids = (seed: number) => valueCases(contracts, seed).map(({ id }) => id);
    expect(texts(7)).toEqual(texts(7));
    expect(texts(8)).not.toEqual(texts(7));
    for (let seed = 0; seed < 30; seed++) expect(ids(seed)).toEqual(ids(0));
  });

  it('holds every member that clients set, and in its turns every alternative', () => {
    const turns = ['values-are-kept', 'values-are-kept-in-second-turn', 'values-are-kept-in-third-turn'].map((name) =>
      sentIn(name, 5),
    );
    const members = ['content', 'due', 'handling', 'labels', 'note', 'password', 'sender', 'sent', 'state', 'stops'];
    for (const sent of turns)
      expect(Object.keys(sent)).toEqual(expect.arrayContaining([...members, 'value', 'weight']));
    const seen = (of: (sent: JsonObject) => Json | undefined) =>
      new Set(turns.map((sent) => stringifyJson(of(sent) ?? null)));
    expect(seen(({ handling }) => handling)).toEqual(new Set(['"PLAIN"', '"FRAGILE"', '"COLD"']));
    expect(seen(({ content }) => Object.keys(content ?? {}))).toEqual(
      new Set(['["letter"]', '["box"]', '["animals"]']),
    );
    expect(seen(({ due }) => typeof due)).toEqual(new Set(['"object"', '"string"']));
    expect(Object.keys(sentIn('values-are-kept-at-least')).toSorted()).toEqual(['handling', 'sender']);
  });

  it('refers to what the known entity refers to, and changes no more of it than the law asks', () => {
    expect(sentIn('values-are-kept')).toMatchObject({ sender: 'urn:li:person:ann' });
    expect(sentIn('long-numbers-are-kept')).toMatchObject({ handling: 'PLAIN', note: 'first' });
    expect(Object.keys(sentIn('long-numbers-are-kept')).toSorted()).toEqual(['handling', 'note', 'sender', 'value']);
  });

  it('leaves out what nobody is seen to set, and what repeats the key under another name', () => {
    const mirrored = contractOf(`
contract: 1
resource: tags
key: { tagId: string }
entity:
  type: object
  required: [id, text]
  properties: { id: { type: string }, slug: { type: string }, text: { type: string }, note: { type: string }, version: { type: integer }, origin: { type: object, required: [by], properties: { by: { type: string }, place: { type: string }, at: { type: integer } } } }
examples:
  - { $key: red, id: red, slug: red, text: Red }
  - { $key: blue, id: blue, slug: blue, text: Blue }
cases:
  - { name: notes it, method: PARTIAL_UPDATE, key: red, patch: { $set: { note: x, origin: { by: ann, place: here } } } }
methods: { GET: , CREATE: , PARTIAL_UPDATE: , DELETE: }
`);
    const [like, sent] = ['created-is-readable', 'values-are-kept'].map((name) => {
      const { cases } = planCases([mirrored], { groups: ['laws'], seed: 1, dialectOf: () => DIALECTS.restli });
      const found = cases.find(({ id }) => id === `tags/CREATE/laws/${name}`);
      return found === undefined ? {} : sentBy(found);
    });
    expect(Object.keys(sent ?? {}).toSorted()).toEqual(['id', 'note', 'origin', 'slug', 'text']);
    expect(Object.keys(sent?.['origin'] ?? {})).toEqual(['by', 'place']);
    expect(sent).toMatchObject({ id: like?.['id'], slug: like?.['slug'] });
    expect(sent?.['text']).not.toEqual(like?.['text']);
  });

  it('meets no error that the contract declares', () => {
    const wary = contractOf(
      PARCELS.replace(
        'CREATE: ,',
        'CREATE: { errors: { 422: { code: NO_ICE, when: { entity: { handling: COLD } } } } },',
      ),
    );
    const sent = valueCases([wary], 1).map(sentBy);
    expect(sent.length).toBeGreaterThan(4);
    for (const { handling } of sent) expect(handling).not.toBe('COLD');
  });

  it('is nothing where the schema has no such value', () => {
    const plain = contractOf(
      PARCELS.replace(/    (labels|value|note|stops|content|due|state): .*\n/g, '').replace(
        'note: first',
        'password: x',
      ),
    );
    const ids = valueCases([plain], 1).map(({ id }) => id);
    expect(ids.filter((id) => /names-in-maps|long-numbers|empty-lists/.test(id))).toEqual([]);
    expect(ids).toContain('parcels/CREATE/laws/values-are-kept');
  });
});

async function onMock(faults: readonly string[], seed = 1): Promise<readonly CaseFinished[]> {
  const { cases } = await runOf(parcels, { groups: ['laws'], faults, seed, inProcess: true });
  return cases.filter(({ id }) => VALUES.test(id));
}

const broken = (cases: readonly CaseFinished[]): readonly string[] => [
  ...new Set(cases.flatMap(({ violations }) => violations.map(({ rule }) => rule))),
];

describe('the laws of values on the mock', () => {
  it.each([1, 2, 3, 4, 5])('hold without a fault, seed %i', async (seed) => {
    const cases = await onMock([], seed);
    expect(new Set(cases.map(({ verdict }) => verdict))).toEqual(new Set(['pass']));
    expect(cases).toHaveLength(13);
  });

  const ofValues = FAULTS.filter(({ rules }) => rules.some((rule) => VALUES.test(`/${rule}`)));

  it.each(ofValues.map(({ name, rules }) => [name, rules] as const))('find %s, with each seed', async (name, rules) => {
    for (const seed of [1, 2, 3])
      expect(broken(await onMock([name], seed))).toEqual(expect.arrayContaining([...rules]));
  });

  it('are seven faults', () => {
    expect(ofValues).toHaveLength(7);
  });
});

/** What the laws of values find on a service of its own kind, and what stayed there afterwards. */
async function onService(quirk: Pick<GatewayFault, 'response' | 'answer'>): Promise<readonly CaseFinished[]> {
  const mock = await serveContracts([parcels]);
  const gateway = await startGateway(mock.url, { name: 'quirk', how: 'a service of its own kind', ...quirk });
  try {
    const endpoint = target(gateway.baseUrl, { writes: true });
    const { cases, end } = await runOf(parcels, { groups: ['laws'], target: endpoint });
    expect(end.leftBehind).toEqual([]);
    return cases.filter(({ id }) => VALUES.test(id));
  } finally {
    await gateway.stop();
    await mock.close();
  }
}

/** The body of each answered parcel changed. */
const retold =
  (change: (parcel: JsonObject) => JsonObject) =>
  (response: Answered, { verb }: Forwarded): Answered => {
    const parsed = parseJson(response.body.toString());
    if (verb !== 'GET' || response.status !== 200 || !('value' in parsed) || !isJsonObject(parsed.value))
      return response;
    return { ...response, body: Buffer.from(stringifyJson(change(parsed.value))) };
  };

const without = (parcel: JsonObject, name: string): JsonObject =>
  Object.fromEntries(Object.entries(parcel).filter(([other]) => other !== name));

/** A service that refuses creations whose body the expression fits. */
const refusing = (pattern: RegExp, status: number): Pick<GatewayFault, 'answer'> => ({
  answer: ({ verb, body }) =>
    verb === 'POST' && pattern.test(body.toString())
      ? { status, headers: [['X-RestLi-Protocol-Version', '2.0.0']], body: Buffer.alloc(0) }
      : undefined,
});

describe('a service', () => {
  it('that writes instants and floats in its own way, adds defaults and hides passwords keeps the laws', async () => {
    const cases = await onService({
      response: retold(({ sent, weight, ...parcel }) => ({
        ...without(parcel, 'password'),
        priority: 3,
        ...(typeof sent === 'string' ? { sent: sent.replace('Z', '+00:00') } : {}),
        ...(typeof weight === 'number' ? { weight: Math.fround(weight) } : {}),
      })),
    });
    expect(broken(cases)).toEqual([]);
    expect(cases.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(10);
  }, 60_000);

  it('that refuses an entity with 422 breaks nothing, and its cases say that there was nothing to judge', async () => {
    const cases = await onService(refusing(/:""/, 422));
    expect(broken(cases)).toEqual([]);
    const empty = cases.filter(({ id }) => id.includes('empty-texts'));
    expect(empty.map(({ verdict }) => verdict)).toEqual(['blocked', 'blocked']);
    expect(empty[0]?.skipReason).toContain('the creation of an entity with empty texts was answered 422');
    expect(cases.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(8);
  }, 60_000);

  it('that fails on an entity which the schema allows breaks the law', async () => {
    const cases = await onService(refusing(/:""/, 500));
    expect(broken(cases)).toEqual(['laws/empty-texts-are-kept']);
    const told = cases.flatMap(({ violations }) => violations.map(({ message }) => message));
    expect([...new Set(told)]).toEqual(['The server fails on an entity that the schema allows.']);
  }, 60_000);

  it.each<[string, (parcel: JsonObject) => JsonObject, string]>([
    [
      'trims texts',
      ({ note, ...parcel }) => ({ ...parcel, ...(typeof note === 'string' ? { note: note.slice(1) } : {}) }),
      'laws/values-are-kept',
    ],
    [
      'answers no empty text',
      ({ note, ...parcel }) => (note === '' ? parcel : { ...parcel, ...(note === undefined ? {} : { note }) }),
      'laws/empty-texts-are-kept',
    ],
    [
      'answers longs as a double has them',
      ({ value, ...parcel }) => ({ ...parcel, ...(value === undefined ? {} : { value: Number(value) }) }),
      'laws/long-numbers-are-kept',
    ],
  ])(
    'that %s breaks its law',
    async (_, change, rule) => {
      expect(broken(await onService({ response: retold(change) }))).toEqual([rule]);
    },
    60_000,
  );
});
