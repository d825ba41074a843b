import { describe, expect, it } from 'vitest';
import { patchOf } from '../../src/plan/variants.ts';
import { jsonObject, type JsonObject } from '../../src/protocol/json.ts';
import { contractOf } from '../support/contract.ts';

const contract = contractOf(`
contract: 1
resource: greetings
key: { id: long }
readOnly: [id]
entity:
  type: object
  required: [id, message]
  properties: { id: { type: integer }, message: { type: string }, tone: { type: string }, place: { type: string } }
methods:
  PARTIAL_UPDATE:
`);

function patch(entity: JsonObject): JsonObject | null {
  const [operation] = contract.operations;
  if (operation === undefined) throw new Error('the contract declares an operation');
  return patchOf(contract, operation, entity, 1);
}

const entity = { id: 1, message: 'Hello', tone: 'SINCERE' };

describe('a derived patch', () => {
  it('leaves a member that it might lose, so it deletes nothing where only two can be written', () => {
    expect(Object.keys(patch(entity) ?? {})).toEqual(['$set']);
  });

  it('deletes one where a third stays', () => {
    const made = patch(jsonObject([...Object.entries(entity), ['place', 'here']]));
    expect(Object.keys(made ?? {})).toEqual(['$set', '$delete']);
  });
});
