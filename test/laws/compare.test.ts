import { describe, expect, it } from 'vitest';
import { differences } from '../../src/laws/compare.ts';
import { contractOf } from '../support/contract.ts';

const contract = contractOf(`
contract: 1
resource: shelves
key: { id: long }
entity: { type: object, properties: { id: { $ref: '#/types/long' }, title: { type: string }, note: { type: string } } }
methods: { GET: }
`);
const open = contractOf(`
contract: 1
resource: boxes
key: { id: long }
entity: { type: object }
methods: { GET: }
`);
const kinds = (of: typeof contract, expected: object, actual: object) =>
  differences(of, { ...expected }, { ...actual }).map(({ kind, pointer }) => `${kind} ${pointer}`);

describe('entities compared by the laws', () => {
  it('may hold what a server adds of its own', () => {
    expect(kinds(contract, { title: 'a' }, { title: 'a', etag: 'x', $metadata: {} })).toEqual([]);
  });

  it('hold no declared member that was not sent', () => {
    expect(kinds(contract, { title: 'a' }, { title: 'a', note: 'old' })).toEqual(['added /note']);
  });

  it('hold no further member where the schema declares none', () => {
    expect(kinds(open, { title: 'a' }, { title: 'a', note: 'old', $metadata: {} })).toEqual(['added /note']);
  });

  it('keep what was sent, declared or not', () => {
    expect(kinds(contract, { title: 'a', extra: 1 }, { title: 'b' })).toEqual(['differs /title', 'lost /extra']);
  });
});
