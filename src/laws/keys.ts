/** Laws of keys: whatever characters a key is made of, it comes back as it was sent. */
import type { Json } from '../protocol/json.ts';
import type { Law, LawFacts, Probe, ProbeStep } from './law.ts';
import { isSuccess } from './compare.ts';
import { onOwned, reads, writes, type OwnedEntity } from './probe.ts';

export const KEY_LAWS: readonly Law[] = [
  {
    rule: 'laws/keys-keep-every-character',
    appliesTo: ({ effect }, { upsert }) => effect === 'replaces' && upsert,
    probe: (facts) =>
      onOwned(facts, (owned) => {
        const key = facts.awkwardKey(owned.key);
        const entity = owned.material.entity === null ? undefined : facts.replacement(owned.material.entity)?.full;
        // What a batch creates on a service is not taken away again.
        if (key === null || entity === undefined || (facts.live && facts.operation.level === 'collection')) return null;
        return [
          writes(
            facts.operation,
            owned,
            key,
            { entity: facts.underKey(entity, key) },
            'creates it under a key of reserved characters',
          ),
          reads(owned, key),
          ...inBatch(facts, owned, key),
        ];
      }),
    check: ([, ...readings]) => {
      const lost = readings.findIndex((read) => !isSuccess(read.outcomes?.[0] ?? read));
      const read = readings[lost];
      if (read === undefined) return [];
      return [
        {
          rule: 'laws/keys-keep-every-character',
          exchange: lost + 1,
          pointer: null,
          expected: '200',
          actual: `${read.outcomes?.[0]?.status ?? read.status}`,
          message:
            'An entity is not found under the key that it was written to: reserved characters of the key are lost.',
        },
      ];
    },
  },
  {
    rule: 'laws/unknown-keys-are-not-found',
    appliesTo: ({ effect, returns }, { projection }) =>
      effect === 'reads' && returns === 'entity' && projection !== 'required',
    probe: unknownProbe,
    check: ([read]) => {
      if (read === undefined || (read.status >= 400 && read.status < 500)) return [];
      return [
        {
          rule: 'laws/unknown-keys-are-not-found',
          exchange: 0,
          pointer: null,
          expected: '404',
          actual: `${read.status}`,
          message: 'A key that no entity has is answered otherwise than with 404.',
        },
      ];
    },
  },
];

/** In `ids` a key is escaped otherwise than in a path. */
function inBatch(facts: LawFacts, { parents }: Pick<OwnedEntity, 'parents'>, key: Json): readonly ProbeStep[] {
  const batch = facts.find('BATCH_GET');
  if (batch === null || batch.projection === 'required') return [];
  return [{ name: 'reads it in a batch', operation: batch, spec: { ids: [key], parents }, expects: 'any' }];
}

function unknownProbe(facts: LawFacts): Probe | { readonly blocked: string } | null {
  const material = facts.material('reads');
  if ('blocked' in material) return material;
  const [near] = material.keys;
  const key = near === undefined ? null : (facts.awkwardKey(near) ?? facts.missingKey(near));
  if (key === null) return null;
  return {
    setup: material.setup,
    steps: [reads({ reader: facts.operation, parents: material.parents }, key, 'asks for a key that no entity has')],
  };
}
