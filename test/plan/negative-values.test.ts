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
    expect(cases.at(-1)?.skip).toBe('80 further faults of members and parameters: the first of each are sent');
  });
});

describe('faults of a parameter, of fixed members and of those that must stay', () => {
  const names = Array.from({ length: 14 }, (_, index) => `m${index}`);
  const many = contractOf(`
contract: 1
resource: many
key: { id: long }
readOnly: [id, ${names.join(', ')}]
entity:
  type: object
  required: [id, title]
  properties: { id: { $ref: "#/types/long" }, title: { type: string }, ${names.map((name) => `${name}: { type: string }`).join(', ')} }
examples: [{ id: 1, title: x, ${names.map((name) => `${name}: x`).join(', ')} }]
methods:
  CREATE:
  ACTION:
    sum:
      params: { all: { type: object, required: [${names.join(', ')}], properties: { ${names.map((name) => `${name}: { type: integer }`).join(', ')} } } }
      returns: int
      mock: { value: 1 }
`);

  it('are bounded, and what is left is counted', () => {
    const cases = negativeCases([many]);
    const further = new Map(cases.filter(({ skip }) => skip !== null).map(({ id, skip }) => [id, skip]));
    expect(cases.filter(({ id }) => id.startsWith('many/CREATE/negative/read-only-'))).toHaveLength(10);
    // The key and fourteen members are fixed.
    expect(further.get('many/CREATE/negative/further-members')).toMatch(/^5 further faults/);
    // Without the parameter, and eight faults in it.
    expect(cases.filter(({ id }) => /^many\/ACTION\/negative\/sum\/(?:misses|type-of)-all/.test(id))).toHaveLength(9);
    expect(further.get('many/ACTION/negative/sum/further-members')).toMatch(/^\d\d further faults/);
  });
});
