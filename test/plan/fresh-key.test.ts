import { describe, expect, it } from 'vitest';
import { creatableEntity, harmlessPatches } from '../../src/plan/material.ts';
import { runOf } from '../run/support.ts';
import { contractOf } from '../support/contract.ts';

const contract = (key: string, property: string, examples: string, rest = '') =>
  contractOf(`
contract: 1
resource: shelves
key: { ${key} }
entity: { type: object, required: [id], properties: { id: ${property}, title: { type: string } } }
examples: ${examples}
${rest}
methods: { GET: , CREATE: , BATCH_CREATE: , DELETE: }
`);

const CHOSEN = [
  ['a long', 'id: long', '{ $ref: "#/types/long" }', '[{ id: 1 }, { id: 9007199254740993 }]'],
  ['a number of two digits', 'id: int', '{ type: integer, maximum: 3 }', '[{ id: 1 }, { id: 2 }]'],
  ['a text', 'id: string', '{ type: string }', '[{ id: "a/b c" }, { id: __proto__ }]'],
  ['a URN', 'id: "urn:li:shelf"', '{ type: string }', '[{ id: "urn:li:shelf:(urn:li:x:1,A)" }]'],
  ['one of a few words', 'id: string', '{ enum: [A, B, C] }', '[{ id: A }, { id: B }]'],
  ['a text of a pattern', 'id: string', "{ type: string, pattern: '^[A-Z]{3}$' }", '[{ id: ABC }]'],
] as const;

describe('a create that nobody wrote', () => {
  it.each(CHOSEN)('brings a key that no example has, where clients choose %s', async (_, key, property, examples) => {
    const chosen = contract(key, property, examples);
    const { id } = creatableEntity(chosen, 1) ?? {};
    expect(chosen.examples.map((example) => example.key)).not.toContain(id);

    const { cases } = await runOf(chosen, { groups: ['contract', 'headers', 'laws'], inProcess: true });
    const bad = cases.filter(({ verdict }) => verdict === 'fail' || verdict === 'error');
    expect(bad.map((one) => `${one.id}: ${one.violations[0]?.message ?? ''}`)).toEqual([]);
    expect(cases.find(({ id: of }) => of === 'shelves/CREATE/contract/keeps-its-promise')?.verdict).toBe('pass');
  });

  it('is the same for the same seed, and another for another', () => {
    const chosen = contract('id: long', '{ type: integer }', '[{ id: 1 }]');
    expect(creatableEntity(chosen, 1)).toEqual(creatableEntity(chosen, 1));
    expect(creatableEntity(chosen, 1)).not.toEqual(creatableEntity(chosen, 2));
  });

  it('follows the template of new keys', () => {
    const slug = contract(
      'slug: string',
      'true',
      '[{ $key: one, id: 1, title: one }]',
      'mock: { key: "${entity.title}" }',
    );
    expect(creatableEntity(slug, 1)?.['title']).not.toBe('one');
    const counted = contract('id: long', '{ type: integer }', '[{ id: 1 }]', 'mock: { key: "${count}" }');
    expect(creatableEntity(counted, 1)).toEqual({ id: 1 });
  });
});

describe('a value of a derived request', () => {
  it('is not taken from a member of the same name and another type', async () => {
    const acts = contractOf(`
contract: 1
resource: meters
key: { id: long }
entity: { type: object, properties: { id: { type: integer }, size: { type: object } } }
examples: [{ id: 1, size: { width: 2 } }]
methods: { ACTION: { grow: { params: { size: long }, returns: long } }, PARTIAL_UPDATE: }
`);
    const { cases } = await runOf(acts, { inProcess: true });
    expect(cases.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['meters/ACTION/contract/grow/keeps-its-promise', 'pass'],
      ['meters/PARTIAL_UPDATE/contract/keeps-its-promise', 'pass'],
    ]);
    expect(harmlessPatches(acts, { id: 1, size: { width: 2 } })).toEqual([{ $set: { size: { width: 2 } } }]);
  });
});
