/** Laws of patches that are easily overlooked: the empty one, and those that reach into a record. */
import { applyPatch } from '../protocol/patch.ts';
import { differences, isSuccess, told } from './compare.ts';
import type { Law } from './law.ts';
import { onOwned, reads, writes } from './probe.ts';
import { sentOf } from './sent.ts';

export const PATCH_LAWS: readonly Law[] = [
  {
    rule: 'laws/empty-patch-changes-nothing',
    appliesTo: ({ effect }) => effect === 'patches',
    probe: (facts) =>
      onOwned(facts, (owned) => [
        reads(owned, owned.key, 'reads it'),
        writes(facts.operation, owned, owned.key, { patch: {} }, 'sends a patch without a change', 'any'),
        reads(owned, owned.key),
      ]),
    // Whether it is refused or taken: nothing may change.
    check: ([before, patched, after]) => {
      if (before === undefined || patched === undefined || after === undefined || !isSuccess(before)) return [];
      const rule = 'laws/empty-patch-changes-nothing';
      if (isSuccess(after)) {
        const found = differences(after.contract, before.body, after.body);
        return told(rule, 2, '', found, 'A patch without a change changes the entity');
      }
      return [
        {
          rule,
          where: 'status',
          exchange: 2,
          pointer: null,
          expected: `${before.status} again`,
          actual: `${after.status}`,
          message: 'The entity is not found after a patch without a change.',
        },
      ];
    },
  },
  {
    rule: 'laws/nested-patch-leaves-the-rest',
    appliesTo: ({ effect }) => effect === 'patches',
    probe: (facts) =>
      onOwned(facts, (owned) => {
        const patch = owned.material.entity === null ? null : facts.nestedPatch(owned.material.entity);
        if (patch === null) return null;
        return [
          reads(owned, owned.key, 'reads it'),
          writes(facts.operation, owned, owned.key, { patch }, 'changes a member inside a record'),
          reads(owned, owned.key),
        ];
      }),
    check: ([before, patched, after]) => {
      const patch = patched === undefined ? undefined : sentOf(patched);
      if (before?.body === undefined || after === undefined || patch === undefined || patched === undefined) return [];
      const outcome = patched.outcomes?.[0] ?? patched;
      if (!isSuccess(before) || !isSuccess(after) || !isSuccess(outcome)) return [];
      const applied = applyPatch(patch, before.body);
      if ('problem' in applied) return [];
      return told(
        'laws/nested-patch-leaves-the-rest',
        2,
        '',
        differences(after.contract, applied.value, after.body),
        'The entity is not what the patch makes of it',
      );
    },
  },
];
