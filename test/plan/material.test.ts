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
