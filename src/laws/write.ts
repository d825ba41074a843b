/** Laws of writing: what was sent is what is there afterwards, nothing more is touched, and repeating does no harm. */
import { applyPatch } from '../protocol/patch.ts';
import type { Json } from '../protocol/json.ts';
import { sameKey } from '../protocol/keys.ts';
import { parsePointer, valueAt } from '../protocol/pointer.ts';
import { differences, differencesFromSent, isSuccess, told, type Difference } from './compare.ts';
import type { Law, LawFinding, Trace, TraceEntry } from './law.ts';
import { onCreated, onOwned, reads, writes } from './probe.ts';
import { sentOf } from './sent.ts';

export const WRITE_LAWS: readonly Law[] = [
  {
    rule: 'laws/created-is-readable',
    appliesTo: ({ returns }) => returns === 'created' || returns === 'createdBatch',
    probe: (facts) => onCreated(facts, facts.creatable()[0]),
    check: ([created, read]) => {
      const rule = 'laws/created-is-readable';
      const sent = created === undefined ? undefined : sentOf(created);
      if (read === undefined || sent === undefined) return [];
      if (!isSuccess(read))
        return [unread(rule, 1, read, 'The new entity is not found by the key that its creation answered.')];
      return told(
        rule,
        1,
        '',
        kept(differencesFromSent(read.contract, sent, read.body)),
        'The new entity is not what was sent',
      );
    },
  },
  {
    rule: 'laws/create-is-new-each-time',
    appliesTo: ({ returns }) => returns === 'created',
    probe: (facts) => {
      const [entity, other = entity] = facts.creatable();
      const basis = facts.basis();
      if ('blocked' in basis) return basis;
      if (entity === undefined || other === undefined) return null;
      const { parents } = basis.spec;
      return {
        setup: basis.setup,
        steps: [
          { name: 'creates', operation: facts.operation, spec: { parents, entity }, expects: 'success' },
          { name: 'creates another', operation: facts.operation, spec: { parents, entity: other }, expects: 'any' },
        ],
      };
    },
    check: ([first, second]) => {
      const [one, other] = [first?.created ?? null, second?.created ?? null];
      if (one === null || other === null || second === undefined || !isSuccess(second)) return [];
      if (!sameKey(one, other)) return [];
      return [
        {
          rule: 'laws/create-is-new-each-time',
          exchange: 1,
          pointer: null,
          expected: 'another id, or a refusal',
          actual: 'the id of the first',
          message: 'Two creations answer the same id: the second overwrote the first, or one of them is lost.',
        },
      ];
    },
  },
  {
    rule: 'laws/update-overwrites-all',
    appliesTo: ({ effect }) => effect === 'replaces',
    probe: (facts) =>
      onOwned(facts, (owned) => {
        const bodies = owned.material.entity === null ? null : facts.replacement(owned.material.entity);
        if (bodies === null) return null;
        return [
          writes(facts.operation, owned, owned.key, { entity: bodies.full }, 'replaces it'),
          reads(owned, owned.key, 'reads it'),
          writes(facts.operation, owned, owned.key, { entity: bodies.reduced }, 'replaces it by less'),
          reads(owned, owned.key),
        ];
      }),
    check: ([, before, replaced, after]) => {
      const rule = 'laws/update-overwrites-all';
      const sent = replaced === undefined ? undefined : sentOf(replaced);
      if (before === undefined || after === undefined || sent === undefined) return [];
      if (!isSuccess(after)) return [unread(rule, 3, after, 'The entity is not found after it was replaced.')];
      const found = differencesFromSent(after.contract, sent, after.body);
      // What was there before and was not sent again had to go; what the server adds by itself is its own affair.
      const stale = found.filter(({ kind, pointer }) => kind === 'added' && hasPointer(before.body, pointer));
      return told(rule, 3, '', [...kept(found), ...stale], 'The entity is not what replaced it');
    },
  },
  {
    rule: 'laws/update-is-idempotent',
    appliesTo: ({ effect, batchOf }) => effect === 'replaces' && batchOf === null,
    probe: (facts) =>
      onOwned(facts, (owned) => {
        const entity = owned.material.entity === null ? null : facts.replacement(owned.material.entity)?.reduced;
        if (entity === null || entity === undefined) return null;
        return [
          writes(facts.operation, owned, owned.key, { entity }, 'replaces it'),
          reads(owned, owned.key),
          writes(facts.operation, owned, owned.key, { entity }, 'replaces it again', 'any'),
          reads(owned, owned.key),
        ];
      }),
    check: (trace) => repeated('laws/update-is-idempotent', trace, (status) => status !== 201),
  },
  {
    rule: 'laws/partial-update-leaves-the-rest',
    appliesTo: ({ effect }) => effect === 'patches',
    probe: (facts) =>
      onOwned(facts, (owned) => {
        const patch = owned.material.entity === null ? null : facts.patch(owned.material.entity);
        if (patch === null) return null;
        return [
          reads(owned, owned.key, 'reads it'),
          writes(facts.operation, owned, owned.key, { patch }, 'changes a part'),
          reads(owned, owned.key),
        ];
      }),
    check: ([before, patched, after]) => {
      const rule = 'laws/partial-update-leaves-the-rest';
      const patch = patched === undefined ? undefined : sentOf(patched);
      if (
        before === undefined ||
        after === undefined ||
        !isSuccess(before) ||
        before.body === undefined ||
        patch === undefined
      )
        return [];
      if (!isSuccess(after)) return [unread(rule, 2, after, 'The entity is not found after it was changed.')];
      const applied = applyPatch(patch, before.body);
      if ('problem' in applied) return [];
      return told(
        rule,
        2,
        '',
        differences(after.contract, applied.value, after.body),
        'The entity is not what the patch makes of it',
      );
    },
  },
  {
    rule: 'laws/partial-update-is-idempotent',
    appliesTo: ({ effect, batchOf }) => effect === 'patches' && batchOf === null,
    probe: (facts) =>
      onOwned(facts, (owned) => {
        const patch = owned.material.entity === null ? null : facts.patch(owned.material.entity);
        if (patch === null) return null;
        return [
          writes(facts.operation, owned, owned.key, { patch }, 'changes a part'),
          reads(owned, owned.key),
          writes(facts.operation, owned, owned.key, { patch }, 'changes it again', 'any'),
          reads(owned, owned.key),
        ];
      }),
    check: (trace) => repeated('laws/partial-update-is-idempotent', trace, () => true),
  },
  {
    rule: 'laws/write-to-missing-is-told',
    appliesTo: ({ effect, batchOf }) => (effect === 'replaces' || effect === 'patches') && batchOf === null,
    probe: (facts) =>
      onOwned(facts, (owned) => {
        const { entity } = owned.material;
        const missing = owned.key === undefined ? null : facts.missingKey(owned.key);
        const patch = entity === null ? null : facts.patch(entity);
        const full = entity === null ? undefined : facts.replacement(entity)?.full;
        if (missing === null) return null;
        const isPatch = facts.operation.method === 'PARTIAL_UPDATE';
        if (isPatch ? patch === null : full === undefined) return null;
        const item = isPatch ? { patch } : full === undefined ? {} : { entity: facts.underKey(full, missing) };
        return [writes(facts.operation, owned, missing, item, 'writes a missing one', 'any'), reads(owned, missing)];
      }),
    check: ([written, read]) => {
      if (written === undefined || read === undefined || !isSuccess(written) || isSuccess(read)) return [];
      return [
        {
          rule: 'laws/write-to-missing-is-told',
          exchange: 0,
          pointer: null,
          expected: '404, or 201 and the entity',
          actual: `${written.status}, and GET answers ${read.status}`,
          message: 'A write to an entity that is not there is answered with success, and nothing was written.',
        },
      ];
    },
  },
  {
    rule: 'laws/deleted-is-gone',
    appliesTo: ({ effect }) => effect === 'removes',
    probe: (facts) =>
      onOwned(facts, (owned) => [writes(facts.operation, owned, owned.key, {}, 'removes it'), reads(owned, owned.key)]),
    check: ([, read]) => {
      if (read === undefined || !isSuccess(read)) return [];
      return [
        {
          rule: 'laws/deleted-is-gone',
          exchange: 1,
          pointer: null,
          expected: '404',
          actual: `${read.status}`,
          message: 'The entity is still there after it was deleted.',
        },
      ];
    },
  },
  {
    rule: 'laws/delete-is-idempotent',
    appliesTo: ({ effect, batchOf }) => effect === 'removes' && batchOf === null,
    probe: (facts) => {
      const material = facts.material('writes');
      if ('blocked' in material) return material;
      const [key] = material.keys;
      return {
        setup: material.setup,
        steps: [
          writes(facts.operation, material, key, {}, 'removes it'),
          writes(facts.operation, material, key, {}, 'removes it again', 'any'),
        ],
      };
    },
    check: ([, again]) => {
      if (again === undefined || again.status < 500) return [];
      return [
        {
          rule: 'laws/delete-is-idempotent',
          exchange: 1,
          pointer: null,
          expected: '404, or a success',
          actual: `${again.status}`,
          message: 'A DELETE of what is gone is answered as a fault of the server.',
        },
      ];
    },
  },
];

/** Members that a client sent and that are not there as sent. */
function kept(found: readonly Difference[]): readonly Difference[] {
  return found.filter(({ kind }) => kind !== 'added');
}

function unread(rule: string, exchange: number, { status }: TraceEntry, message: string): LawFinding {
  return { rule, exchange, pointer: null, expected: '200', actual: `${status}`, message };
}

/** Write, read, the same write, read: the second write is a success, and changes nothing. */
function repeated(
  rule: string,
  [, before, again, after]: Trace,
  allows: (status: number) => boolean,
): readonly LawFinding[] {
  if (before === undefined || again === undefined || after === undefined || !isSuccess(before)) return [];
  if (!isSuccess(again) || !allows(again.status)) {
    return [
      {
        rule,
        exchange: 2,
        pointer: null,
        expected: '204 or 200',
        actual: `${again.status}`,
        message: 'The same write is answered otherwise the second time.',
      },
    ];
  }
  if (!isSuccess(after)) return [unread(rule, 3, after, 'The entity is gone after the same write was repeated.')];
  return told(
    rule,
    3,
    '',
    differences(after.contract, before.body, after.body),
    'The same write changes the entity the second time',
  );
}

/** Whether a pointer of a difference leads to a value. */
function hasPointer(value: Json | undefined, pointer: string): boolean {
  return value !== undefined && valueAt(value, parsePointer(pointer) ?? []) !== undefined;
}
