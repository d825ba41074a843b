import { describe, expect, it } from 'vitest';
import { planCases } from '../../src/plan/plan.ts';
import { DIALECTS } from '../../src/protocol/dialects.ts';
import { contractOf } from '../support/contract.ts';

const SETTINGS = `
contract: 1
resource: settings
kind: simple
entity: { type: object, properties: { theme: { type: string } } }
methods: { GET: , UPDATE: , DELETE: }
`;

function blockedOf(text: string): readonly (string | null)[] {
  const plan = planCases([contractOf(text)], { groups: ['contract'], dialectOf: () => DIALECTS.restli });
  return plan.cases.map(({ blocked }) => blocked);
}

describe('derived cases of a simple resource', () => {
  it('are blocked on the embedded endpoint without an example, which holds nothing then', () => {
    const blocked = blockedOf(SETTINGS);
    expect(blocked).toHaveLength(3);
    for (const reason of blocked) expect(reason).toContain('no example');
  });

  it('stand on the example', () => {
    expect(blockedOf(`${SETTINGS}examples: [{ theme: dark }]\n`)).toEqual([null, null, null]);
  });
});

describe('a derived batch finder on a service', () => {
  const SEARCH = `
contract: 1
resource: shelves
key: { id: long }
entity: { type: object, properties: { id: { $ref: '#/types/long' } } }
methods: { FINDER: { named: { params: { name?: string } } }, BATCH_FINDER: { manyNamed: { finder: named } } }
`;
  const specOf = (live: boolean) => {
    const target = { name: 'x', live, seeded: false, writes: false };
    const plan = planCases([contractOf(SEARCH)], { groups: ['contract'], target, dialectOf: () => DIALECTS.restli });
    return plan.cases.find(({ id }) => id.startsWith('shelves/BATCH_FINDER/'))?.steps.at(-1)?.spec;
  };

  it('takes a criterion that nothing answers, for it was made up', () => {
    expect(specOf(true)?.expect?.each).toMatchObject({ status: [200, 404] });
    expect(specOf(false)?.expect).toBeNull();
  });
});
