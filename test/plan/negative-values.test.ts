import { describe, expect, it } from 'vitest';
import { negativeCases } from './negative-trial.ts';
import { contractOf } from '../support/contract.ts';

const wide = contractOf(`
contract: 1
resource: wide
key: { id: long }
readOnly: [id]
entity:
  type: object
  required: [id${Array.from({ length: 60 }, (_, index) => `, m${index}`).join('')}]
  properties: { id: { $ref: "#/types/long" }${Array.from({ length: 60 }, (_, index) => `, m${index}: { type: string }`).join('')} }
examples: [{ id: 1${Array.from({ length: 60 }, (_, index) => `, m${index}: x`).join('')} }]
methods: { CREATE: }
`);

describe('faults of an entity', () => {
  it('are bounded, and those that are not sent are told as not run', () => {
    const cases = negativeCases([wide]);
    const ofMembers = cases.filter(({ id }) => /\/(?:misses|type-of)-/.test(id));
    expect(ofMembers).toHaveLength(40);
    expect(cases.at(-1)?.id).toBe('wide/CREATE/negative/further-members');
    expect(cases.at(-1)?.skip).toBe('80 further faults of nested members: the first of each operation are sent');
  });
});
