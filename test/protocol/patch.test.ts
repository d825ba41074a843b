import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonEquals, type Json } from '../../src/protocol/json.ts';
import { applyPatch, checkPatch, diffPatch } from '../../src/protocol/patch.ts';
import { parseMask, project } from '../../src/protocol/projection.ts';
import { jsons, recordOf } from './values.ts';

const records = recordOf(jsons);

describe('patches', () => {
  it('made from two records turn one into the other', () => {
    fc.assert(
      fc.property(records, records, (before, after) => {
        const applied = applyPatch(diffPatch(before, after), before);
        return 'value' in applied && jsonEquals(applied.value, after);
      }),
      { numRuns: 5_000 },
    );
  });

  it('made from two records that share fields set only what differs', () => {
    expect(diffPatch({ a: 1, b: { c: 1, d: 2 }, e: [1] }, { a: 1, b: { c: 3 }, e: [1, 2], f: null })).toEqual({
      $set: { e: [1, 2], f: null },
      b: { $set: { c: 3 }, $delete: ['d'] },
    });
    expect(diffPatch({ a: 1n }, { a: 1 })).toEqual({});
    expect(diffPatch({ $x: { a: 1 } }, { $x: { a: 2 } })).toEqual({ $set: { $x: { a: 2 } } });
  });

  it('never throw, and leave what they are applied to as it was', () => {
    const names = fc.constantFrom('$set', '$delete', '$reorder', '$fromIndex', '$toIndex', 'a', 'b', '$x');
    const nodes = fc.letrec<{ node: Json }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Json>(0, 1, 'a', null),
        fc.array(tie('node'), { maxLength: 2 }),
        fc.array(fc.tuple(names, tie('node')), { maxLength: 3 }).map((members): Json => Object.fromEntries(members)),
      ),
    })).node;
    fc.assert(
      fc.property(nodes, (patch) => {
        const data = { a: { b: 1, a: [1, 2] }, b: [1, 2, 3] };
        applyPatch(patch, data);
        checkPatch(patch);
        expect(data).toEqual({ a: { b: 1, a: [1, 2] }, b: [1, 2, 3] });
      }),
      { numRuns: 3_000 },
    );
  });

  it('that the check finds nothing wrong with can be applied to fitting data', () => {
    for (const patch of [
      {},
      { $set: { a: 1 } },
      { a: { $set: { b: 2 }, $delete: ['c'] } },
      { list: { $reorder: [{ $fromIndex: 0, $toIndex: 1 }] } },
    ]) {
      expect(checkPatch(patch)).toEqual([]);
      expect(applyPatch(patch, { a: {}, list: [1, 2] })).toHaveProperty('value');
    }
  });

  it.each<[Json, string, string]>([
    ['x', '', 'refused'],
    [{ a: 'x' }, '/a', 'refused'],
    [{ $set: 1 }, '/$set', 'refused'],
    [{ $delete: 'a' }, '/$delete', 'refused'],
    [{ $delete: [0] }, '/$delete/0', 'refused'],
    [{ $unset: { a: 1 } }, '/$unset', 'no-op'],
    [{ $set: { $delete: ['a'] } }, '/$set/$delete', 'no-op'],
    [{ a: { $set: { 0: 'x' } } }, '/a/$set/0', 'no-op'],
    [{ a: { 0: { $set: { b: 1 } } } }, '/a/0', 'no-op'],
    [{ $set: { a: 1 }, $delete: ['a'] }, '/$delete', 'refused'],
    [{ $set: { a: {} }, a: { $set: { b: 1 } } }, '/a', 'refused'],
    [{ a: { $reorder: {} } }, '/a/$reorder', 'refused'],
    [{ a: { $reorder: [{ $fromIndex: -1, $toIndex: 0 }] } }, '/a/$reorder/0', 'refused'],
    [{ a: { $reorder: [], $set: {} } }, '/a', 'refused'],
    [{ $reorder: [] }, '/$reorder', 'refused'],
  ])('%j is reported at %s as %s', (patch, pointer, effect) => {
    const faults = checkPatch(patch);
    expect(faults).toContainEqual(expect.objectContaining({ pointer, effect }));
    for (const { message, hint } of faults) expect([message === '', hint === '']).toEqual([false, false]);
  });

  it('suggest the command that was meant', () => {
    expect(checkPatch({ $SET: { a: 1 } })[0]?.hint).toContain('$set');
    expect(checkPatch({ $delete: 'a' })[0]?.hint).toContain('{"$delete": ["a"]}');
    expect(checkPatch({ name: 'x' })[0]?.hint).toContain('{"$set": {"name": …}}');
  });
});

describe('projections', () => {
  it('applied twice are the same as once', () => {
    const masks = fc.array(fc.constantFrom('a', 'b', '-a', 'a:(b)', 'a:(-b)', '$*', 'b:($*:(a))', '-$*', '$*:(a,-b)'), {
      minLength: 1,
      maxLength: 3,
    });
    const data = recordOf(fc.constantFrom<Json>(1, { a: 1, b: 2 }, [{ a: 1, b: 2 }])).map((extra) => ({
      ...extra,
      a: { a: 1, b: { a: 1 } },
      b: [{ a: 1, b: 2 }],
    }));
    fc.assert(
      fc.property(masks, data, (parts, value) => {
        const read = parseMask(parts.join(','));
        if (!('mask' in read)) throw new Error('not read');
        const once = project(read.mask, value);
        expect(project(read.mask, once)).toEqual(once);
      }),
    );
  });

  it('of any text are read without an exception', () => {
    const pieces = fc.array(fc.constantFrom('a', ':', '(', ')', ',', '-', '$*', '$start', '$count', '1', ' '), {
      maxLength: 10,
    });
    fc.assert(
      fc.property(pieces, (parts) => {
        const read = parseMask(parts.join(''));
        if ('mask' in read) project(read.mask, { a: [{ a: 1 }], $start: 1 });
      }),
      { numRuns: 3_000 },
    );
    expect(parseMask('a:('.repeat(20_000))).toHaveProperty('problem');
  });

  it('take the last of fields named twice, and drop a field that is kept and dropped by `$*`', () => {
    expect(parseMask('a,-a')).toEqual({ mask: { a: 0 } });
    expect(parseMask('a,')).toEqual({ mask: { a: 1 } });
    const nothing = parseMask('a,-$*');
    expect('mask' in nothing && project(nothing.mask, { a: 1, b: 2 })).toEqual({});
    const read = parseMask('$*:(-b),a');
    expect('mask' in read && project(read.mask, { a: { b: 1, c: 2 }, d: { b: 3 } })).toEqual({ a: { c: 2 }, d: {} });
  });
});
