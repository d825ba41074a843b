import { describe, expect, it } from 'vitest';
import { differences, differencesFromSent } from '../../src/laws/compare.ts';
import { contractOf } from '../support/contract.ts';

const contract = contractOf(`
contract: 1
resource: shelves
key: { id: long }
entity:
  type: object
  properties:
    id: { $ref: '#/types/long' }
    title: { type: string }
    note: { type: string }
    author: { type: object, properties: { name: { type: string } } }
    words: { type: object, additionalProperties: { type: string } }
    copies: { type: array, items: { type: object, properties: { place: { type: string } } } }
methods: { GET: }
`);
const open = contractOf(`
contract: 1
resource: boxes
key: { id: long }
entity: { type: object }
methods: { GET: }
`);
const kinds = (of: typeof contract, expected: object, actual: object, compare = differences) =>
  compare(of, { ...expected }, { ...actual }).map(({ kind, pointer }) => `${kind} ${pointer}`);

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

  it('may differ in what the schema does not know, at any depth', () => {
    const read = (at: number) => ({
      readAt: at,
      author: { name: 'a', rank: at },
      copies: [{ place: 'b', seen: at }],
      $metadata: at,
    });
    expect(kinds(contract, read(1), read(2))).toEqual([]);
    expect(kinds(contract, read(1), {})).toEqual(['lost /author', 'lost /copies']);
  });

  it('differ in what the schema knows at any depth, items of lists by their place', () => {
    const read = (name: string) => ({ author: { name }, words: { de: name }, copies: [{ place: name }] });
    expect(kinds(contract, read('a'), read('b'))).toEqual([
      'differs /author/name',
      'differs /words/de',
      'differs /copies/0/place',
    ]);
    expect(kinds(contract, { copies: [] }, { copies: [{}] })).toEqual(['differs /copies']);
  });

  it('have one key, which the server chooses of what was sent', () => {
    expect(kinds(contract, { id: 1 }, { id: 2 })).toEqual(['differs /id']);
    expect(kinds(contract, { id: 1 }, { id: 2 }, differencesFromSent)).toEqual([]);
  });

  it('keep what was sent, declared or not', () => {
    expect(kinds(contract, { title: 'a', extra: 1 }, { title: 'b' }, differencesFromSent)).toEqual([
      'differs /title',
      'lost /extra',
    ]);
  });
});
