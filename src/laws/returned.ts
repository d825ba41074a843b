/** Laws of entities that writes answer: they are what is stored, and stay away where nobody wants them. */
import { profileOf } from '../protocol/methods.ts';
import { differences, isSuccess, told } from './compare.ts';
import type { Blocked, Law, LawFacts, LawFinding, Probe } from './law.ts';
import { onCreated, onOwned, reads, writes } from './probe.ts';

export const RETURNED_LAWS: readonly Law[] = [
  {
    rule: 'laws/returned-entity-is-stored',
    appliesTo: ({ mayReturnEntity }, { returnEntity }) => returnEntity && mayReturnEntity,
    probe: (facts) =>
      profileOf(facts.operation.method).effect === 'creates'
        ? onCreated(facts, facts.creatable()[0])
        : returnedByPatch(facts),
    check: ([written, read]): readonly LawFinding[] => {
      if (written === undefined || read === undefined || !isSuccess(read)) return [];
      const item = written.outcomes?.[0];
      if (!isSuccess(item ?? written)) return [];
      // An answer without the entity is judged by the contract's own cases.
      const returned = item === undefined ? written.body : item.entity;
      if (returned === undefined) return [];
      return told(
        'laws/returned-entity-is-stored',
        1,
        '',
        differences(read.contract, returned, read.body),
        'The stored entity is not the one that was answered',
      );
    },
  },
  {
    rule: 'laws/return-entity-false',
    appliesTo: ({ mayReturnEntity }, { returnEntity }) => mayReturnEntity && returnEntity,
    probe: (facts) => {
      const basis = facts.basis();
      if ('blocked' in basis) return basis;
      const params = { ...basis.spec.params, $returnEntity: false };
      return {
        setup: basis.setup,
        steps: [
          { name: 'asks for no entity', operation: facts.operation, spec: { ...basis.spec, params }, expects: 'any' },
        ],
      };
    },
    check: ([written]) => {
      if (written === undefined || !isSuccess(written)) return [];
      const { outcomes, body } = written;
      const shown = outcomes === null ? body !== undefined : outcomes.some(({ entity }) => entity !== undefined);
      if (!shown) return [];
      return [
        {
          rule: 'laws/return-entity-false',
          exchange: 0,
          pointer: outcomes?.find(({ entity }) => entity !== undefined)?.pointer ?? '',
          expected: outcomes === null ? 'no body' : 'no entity',
          actual: 'an entity',
          message: '`$returnEntity=false` asks for no entity, and one is answered.',
        },
      ];
    },
  },
];

function returnedByPatch(facts: LawFacts): Probe | Blocked | null {
  return onOwned(facts, (owned) => {
    const patch = owned.material.entity === null ? null : facts.patch(owned.material.entity);
    return patch === null
      ? null
      : [writes(facts.operation, owned, owned.key, { patch }, 'changes a part'), reads(owned, owned.key)];
  });
}
