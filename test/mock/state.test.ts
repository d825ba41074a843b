import { describe, expect, it } from 'vitest';
import type { Key } from '../../src/protocol/keys.ts';
import { identityOf, seedOf, State, type Place } from '../../src/mock/state.ts';

const place = (resource: string, parents: Record<string, Key> = {}): Place => ({
  resource,
  parents: new Map(Object.entries(parents)),
});
const books = place('books');
const seed = seedOf([
  { place: books, stored: { key: 1, entity: { title: 'a' } } },
  { place: books, stored: { key: 9007199254740993n, entity: { title: 'b' } } },
  { place: place('pages', { book: 1 }), stored: { key: 1, entity: { text: 'x' } } },
  { place: place('pages', { book: 2 }), stored: { key: 1, entity: { text: 'y' } } },
]);
const titles = (state: State) => state.list(books).map(({ entity }) => entity['title']);

describe('State', () => {
  it('holds the examples by resource, parents and key', () => {
    const state = new State(seed);
    expect(state.get(books, 9007199254740993n)?.entity).toEqual({ title: 'b' });
    expect(state.get(books, 9007199254740992n)).toBeUndefined();
    expect(state.get(place('pages', { book: 2 }), 1)?.entity).toEqual({ text: 'y' });
    expect(state.list(place('pages', { book: 3 }))).toEqual([]);
  });

  it('keeps the order in which entities came; a replaced one keeps its place', () => {
    const state = new State(seed);
    state.put(books, { key: 7, entity: { title: 'c' } });
    state.put(books, { key: 1, entity: { title: 'A' } });
    expect(titles(state)).toEqual(['A', 'b', 'c']);
  });

  it('shares the examples with other states and never changes them', () => {
    const [one, two] = [new State(seed), new State(seed)];
    one.remove(books, 1);
    one.put(books, { key: 2, entity: { title: 'new' } });
    expect(titles(two)).toEqual(['a', 'b']);
    one.reset();
    expect(titles(one)).toEqual(['a', 'b']);
  });

  it('gives out lists that later writes do not change', () => {
    const state = new State(seed);
    const before = state.list(books);
    state.remove(books, 1);
    expect(before).toHaveLength(2);
  });

  it('says whether there was something to remove', () => {
    const state = new State(seed);
    expect([state.remove(books, 1), state.remove(books, 1), state.remove(place('none'), 1)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('remembers the greatest key, also of what is gone', () => {
    const state = new State(seed);
    expect(state.greatestKey(books)).toBe(9007199254740993n);
    state.remove(books, 9007199254740993n);
    expect(state.greatestKey(books)).toBe(9007199254740993n);
    expect(state.greatestKey(place('none'))).toBeNull();
  });

  it('counts writes by resource, from 1, and again from 1 after a reset', () => {
    const state = new State(seed);
    expect([state.nextCount('books'), state.nextCount('books'), state.nextCount('pages')]).toEqual([1, 2, 1]);
    state.reset();
    expect(state.nextCount('books')).toBe(1);
  });

  it('resets without touching the examples, however many there are', () => {
    const many = seedOf(Array.from({ length: 20_000 }, (_, i) => ({ place: books, stored: { key: i, entity: {} } })));
    const state = new State(many);
    const untouched = state.list(place('none'));
    for (let i = 0; i < 10_000; i++) {
      state.put(place('other'), { key: i, entity: {} });
      state.reset();
    }
    expect([untouched.length, state.list(books).length, state.list(place('other')).length]).toEqual([0, 20_000, 0]);
  });
});

describe('identityOf', () => {
  it('spells equal keys one way and leaves $params out', () => {
    expect(identityOf({ b: 1, a: 'x' })).toBe(identityOf({ a: 'x', b: 1, $params: { view: 'all' } }));
    expect(identityOf(5)).toBe(identityOf(5n));
    expect(identityOf({ a: 'x,b' })).not.toBe(identityOf({ a: 'x', b: '' }));
  });
});
