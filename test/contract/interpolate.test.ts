import { describe, expect, it } from 'vitest';
import { interpolate, scopeOf, variablesIn } from '../../src/contract/interpolate.ts';
import type { Json } from '../../src/protocol/json.ts';

const values: Readonly<Record<string, Json>> = {
  id: 7,
  big: 9007199254740993n,
  name: 'Ann',
  list: [1, 2],
  'env.TOKEN': 's3',
  'env.EMPTY': '',
};
const scope = (name: string): Json | undefined => values[name];

describe('interpolate', () => {
  it.each<[Json, Json]>([
    ['${id}', 7],
    ['${big}', 9007199254740993n],
    ['n-${id}', 'n-7'],
    ['n-${big}', 'n-9007199254740993'],
    ['${name} ${name}', 'Ann Ann'],
    ['${list}', [1, 2]],
    ['x${list}', 'x[1,2]'],
    ['$${id}', '${id}'],
    ['${env.TOKEN}', 's3'],
    ['${env.NONE:-left}', 'left'],
    ['${env.NONE:-}', ''],
    ['${env.EMPTY:-left}', 'left'],
    [{ a: ['${id}', { b: 'x' }] }, { a: [7, { b: 'x' }] }],
    [{ '${id}': 1 }, { '${id}': 1 }],
  ])('%o becomes %o', (written, filled) => {
    expect(interpolate(written, scope)).toEqual({ value: filled });
  });

  it('never leaves a variable that nothing gives', () => {
    expect(interpolate({ a: '${nope}' }, scope)).toEqual({ problem: 'nothing gives a value to `${nope}`' });
    expect(interpolate('${not a name}', scope)).toHaveProperty('problem');
  });

  it('returns the same object when there is nothing to fill in', () => {
    const value = { a: [1, 'b'] };
    expect(interpolate(value, scope)).toEqual({ value });
    expect((interpolate(value, scope) as { value: Json }).value).toBe(value);
  });

  it('takes members named like those of every object as data', () => {
    const value = JSON.parse('{ "__proto__": "${id}", "constructor": "${constructor}" }') as Json;
    expect(interpolate(value, scopeOf({ layers: [new Map([['id', 7]])], env: {} }))).toHaveProperty('problem');
  });
});

describe('a scope', () => {
  const layers = [
    new Map<string, Json>([['a', 1]]),
    undefined,
    new Map<string, Json>([
      ['a', 2],
      ['b', '${c}'],
      ['c', '${env.C}'],
      ['x', '${y}'],
      ['y', '${x}'],
    ]),
  ];

  it('asks the nearest layer first', () => {
    const at = scopeOf({ layers, env: {} });
    expect(at('a')).toBe(1);
    expect(at('toString')).toBeUndefined();
  });

  it('follows variables inside values and tells what came from the environment', () => {
    const read: string[] = [];
    const at = scopeOf({ layers, env: { C: 'secret' }, onEnv: (name, value) => read.push(`${name}=${value}`) });
    expect(at('b')).toBe('secret');
    expect(read).toEqual(['C=secret']);
  });

  it('gives no value to what leads back to itself', () => {
    expect(scopeOf({ layers, env: {} })('x')).toBeUndefined();
  });
});

describe('variablesIn', () => {
  it('tells name, place and default of every use', () => {
    expect(variablesIn({ 'a/b': ['${x} $${y}', '${env.Z:-1}'] })).toEqual([
      { name: 'x', pointer: '/a~1b/0', hasDefault: false },
      { name: 'env.Z', pointer: '/a~1b/1', hasDefault: true },
    ]);
  });
});
