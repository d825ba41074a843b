import { describe, expect, it } from 'vitest';
import { readKey, writeKey } from '../../src/protocol/keys.ts';
import { legacyProblem, parseLegacyQuery, writeLegacyIds, writeLegacyQuery } from '../../src/protocol/legacy.ts';

function parametersOf(raw: string): unknown {
  const read = parseLegacyQuery(raw);
  return 'problem' in read ? read.problem : Object.fromEntries(read.parameters);
}

describe('queries of protocol 1.0.0', () => {
  it('repeat names for lists, and dot and index them for records', () => {
    expect(parametersOf('a=1&a=2&b=x+y&c.d=1&c.e[1]=3&c.e[0]=2&f=')).toEqual({
      a: ['1', '2'],
      b: 'x y',
      c: { d: '1', e: ['2', '3'] },
      f: '',
    });
    expect(parametersOf('a.=1&.b=2&c[x]=3')).toEqual({ 'a.': '1', '.b': '2', 'c[x]': '3' });
    expect(parametersOf('__proto__.a=1')).toEqual(JSON.parse('{"__proto__":{"a":"1"}}'));
  });

  it('keep syntax of 2.0.0 as the text it is', () => {
    expect(parametersOf('ids=List(1,2)')).toEqual({ ids: 'List(1,2)' });
  });

  it('say where names contradict each other or escapes are broken', () => {
    expect(parametersOf('a=1&a.b=2')).toMatchObject({ name: 'a.b', column: 4 });
    expect(parametersOf('a.b=2&a=1')).toMatchObject({ name: 'a' });
    expect(parametersOf('a[0]=2&a.b=1')).toMatchObject({ name: 'a.b' });
    expect(parametersOf('a=%z')).toMatchObject({ reason: 'syntax', column: 2 });
  });

  it('are written sorted, as the server reads them', () => {
    expect(
      writeLegacyQuery(
        [
          ['b', ['x', 'y z']],
          ['a', { d: 1, c: [{ e: true }] }],
        ],
        { fields: 'id' },
      ),
    ).toBe('a.c[0].e=true&a.d=1&b=x&b=y+z&fields=id');
    const shape = { kind: 'complex', parts: ['major', 'minor'], params: true } as const;
    expect(writeLegacyIds([{ major: 'x', minor: 'y' }], shape)).toEqual([
      ['ids', 'ids[0].major=x'],
      ['ids', 'ids[0].minor=y'],
    ]);
    expect(writeLegacyIds([{ src: 'a', dest: 1 }], { kind: 'compound', parts: ['src', 'dest'] })).toEqual([
      ['ids', 'ids=dest%3D1%26src%3Da'],
    ]);
  });

  it('write the key of a Location as a form does, and that of a path as a path', () => {
    const places = ['location', 'path', 'header'] as const;
    expect(places.map((place) => writeKey('KEY 1+', { kind: 'simple' }, place, '1.0.0'))).toEqual([
      'KEY+1%2B',
      'KEY%201%2B',
      'KEY 1+',
    ]);
    expect(readKey('KEY+1%2B', { kind: 'simple' }, 'location', '1.0.0')).toEqual({ key: 'KEY 1+' });
  });

  it('cannot say everything, and it is known what', () => {
    expect([1, 'x', ['a'], { a: { b: [1] } }].map(legacyProblem)).toEqual([null, null, null, null]);
    for (const value of [[], {}, { a: [] }, { 'a.b': 1 }, [{ 'x[': 1 }]])
      expect(legacyProblem(value)).toMatch(/1\.0\.0/);
  });
});
