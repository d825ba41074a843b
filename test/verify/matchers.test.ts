import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/protocol/json.ts';
import { matches, matchValue } from '../../src/verify/matchers.ts';
import { exampleContract } from '../rules/example.ts';

const types = exampleContract('books');
const big = 9007199254740993n;

describe('a value', () => {
  it.each<[string, Json, Json | undefined, boolean]>([
    ['is partial', { a: 1 }, { a: 1, b: 2 }, true],
    ['is partial below', { a: { b: 1 } }, { a: { b: 1, c: 2 } }, true],
    ['needs its members', { a: 1 }, {}, false],
    ['takes lists whole', [1], [1, 2], false],
    ['takes items partially', [{ a: 1 }], [{ a: 1, b: 2 }], true],
    ['compares numbers by value', 1, 1n, true],
    ['keeps every digit', big, 9007199254740992n, false],
    ['tells text from numbers', '1', 1, false],
    ['null is a value', null, null, true],
    ['null is not absence', null, undefined, false],
    ['does not see inherited members', { constructor: { $present: true } }, {}, false],
    ['finds __proto__ as data', JSON.parse('{"__proto__":1}') as Json, JSON.parse('{"__proto__":1}') as Json, true],

    [
      'holds the commands of a patch as members',
      { $set: { a: { $regex: '^x' } } },
      { $set: { a: 'xy', b: 1 }, $delete: ['c'] },
      true,
    ],
    ['needs the command that it names', { $delete: ['c'] }, { $set: { a: 1 } }, false],

    ['$present', { $present: true }, null, true],
    ['$present', { $present: true }, undefined, false],
    ['$present false', { $present: false }, undefined, true],
    ['$present false', { $present: false }, 1, false],
    ['$type by name', { $type: 'long' }, big, true],
    ['$type by name', { $type: 'int' }, big, false],
    ['$type of the contract', { $type: 'Genre' }, 'POETRY', true],
    ['$type of the contract', { $type: 'Genre' }, 'ROCK', false],
    ['$type as schema', { $type: { type: 'string', maxLength: 2 } }, 'abc', false],
    ['$type of nothing', { $type: 'string' }, undefined, false],
    ['$regex somewhere', { $regex: 'b' }, 'abc', true],
    ['$regex on text only', { $regex: '1' }, 1, false],
    ['$in', { $in: [1, 2] }, 2n, true],
    ['$in', { $in: [1, { $gt: 5 }] }, 6, true],
    ['$in', { $in: [1, 2] }, 3, false],
    ['$not', { $not: 1 }, 2, true],
    ['$not', { $not: { $in: [1, 2] } }, 2, false],
    ['$not of absence', { $not: { $present: true } }, undefined, true],
    ['$gt', { $gt: 1 }, 1, false],
    ['$gte', { $gte: 1 }, 1, true],
    ['$lt to the last digit', { $lt: big }, 9007199254740992n, true],
    ['$lte on numbers only', { $lte: 5 }, '4', false],
    ['$length of a list', { $length: 2 }, [1, 2], true],
    ['$length of an object', { $length: 1 }, { a: 1 }, true],
    ['$length in characters', { $length: 1 }, '😀', true],
    ['$length by matcher', { $length: { $gte: 3 } }, [1, 2], false],
    ['$length of a number', { $length: 1 }, 1, false],
    ['$contains among others', { $contains: 2 }, [1, 2, 3], true],
    ['$contains several', { $contains: [1, 3] }, [1, 2, 3], true],
    ['$contains each its own item', { $contains: [1, 1] }, [1, 2], false],
    ['$contains text', { $contains: 'b' }, 'abc', true],
    ['$contains text', { $contains: 'x' }, 'abc', false],
    ['$unordered', { $unordered: [2, 1] }, [1, 2], true],
    ['$unordered and no others', { $unordered: [1] }, [1, 2], false],
    ['$unordered finds a pairing', { $unordered: [{ $gt: 0 }, 1] }, [1, 2], true],
    ['$each of a list', { $each: { $gt: 0 } }, [1, 2], true],
    ['$each of a map', { $each: { $type: 'int' } }, { a: 1, b: 'x' }, false],
    ['$each of nothing', { $each: 1 }, 1, false],
    ['$equals', { $equals: { a: 1 } }, { a: 1 }, true],
    ['$equals without further members', { $equals: { a: 1 } }, { a: 1, b: 2 }, false],
    ['$equals for literal names', { $equals: { $set: 1 } }, { $set: 1 }, true],
    ['several matchers must all hold', { $gt: 1, $lt: 5 }, 3, true],
    ['several matchers must all hold', { $gt: 1, $lt: 3 }, 3, false],
    ['an unknown matcher never holds', { $exists: true }, 1, false],
  ])('%s', (_, expected, actual, holds) => {
    expect(matches(expected, actual, types)).toBe(holds);
    expect(matchValue(expected, actual, types).length === 0).toBe(holds);
  });

  it('is told with both places and both types', () => {
    const found = matchValue({ a: [{ b: '20' }] }, { a: [{ b: 20 }] }, types);
    expect(found).toEqual([
      { pointer: '/a/0/b', expectation: '/a/0/b', expected: 'string "20"', actual: 'integer 20' },
    ]);
  });

  it('is told by its matcher', () => {
    const [found] = matchValue({ a: { $length: { $gt: 2 } } }, { a: [1] }, types);
    expect(found).toEqual({
      pointer: '/a',
      expectation: '/a/$length/$gt',
      expected: 'a length that is a number above 2',
      actual: 'a length of 1',
    });
  });

  it('with a thousand differences is told by twenty', () => {
    const list = (n: number): Json => Array.from({ length: 1000 }, () => n);
    expect(matchValue(list(1), list(2), types).length).toBe(20);
  });
});
