/** Laws of keys: whatever characters a key is made of, it comes back as it was sent. */
import { isJsonObject, jsonEquals, memberOf, type Json } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { isSuccess, shown } from './compare.ts';
import type { Blocked, Law, LawFacts, LawFinding, Probe, ProbeStep, TraceEntry } from './law.ts';
import { MADE, onCreated, onOwned, reads, writes, type OwnedEntity } from './probe.ts';

export const KEY_LAWS: readonly Law[] = [
  {
    rule: 'laws/keys-keep-every-character',
    appliesTo: ({ effect }, { upsert }) => (effect === 'replaces' && upsert) || effect === 'creates',
    probe: (facts) => (profileOf(facts.operation.method).effect === 'creates' ? createdUnder(facts) : putUnder(facts)),
    check: ([written, ...readings]) => {
      const rule = 'laws/keys-keep-every-character';
      const lost = readings.findIndex((read) => !isSuccess(read.outcomes?.[0] ?? read));
      const read = readings[lost];
      if (written === undefined) return [];
      if (read === undefined) return renamed(written, readings);
      return [
        {
          rule,
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
    rule: 'laws/key-stays',
    appliesTo: ({ effect }) => effect === 'replaces' || effect === 'patches',
    probe: (facts) =>
      onOwned(facts, (owned) => {
        const { entity } = owned.material;
        const isPatch = profileOf(facts.operation.method).effect === 'patches';
        const sent = entity === null ? null : isPatch ? facts.patch(entity) : facts.changed(entity);
        if (sent === null || owned.key === undefined) return null;
        return [
          reads(owned, owned.key, 'reads it'),
          writes(facts.operation, owned, owned.key, isPatch ? { patch: sent } : { entity: sent }, 'writes it'),
          reads(owned, owned.key),
        ];
      }),
    check: ([before, , after]) => {
      if (before === undefined || after === undefined || !isSuccess(before) || !isSuccess(after)) return [];
      for (const part of before.contract.key?.parts.keys() ?? []) {
        const [one, other] = [memberOf(before.body, part), memberOf(after.body, part)];
        if (one === undefined || other === undefined || jsonEquals(one, other)) continue;
        return [
          {
            rule: 'laws/key-stays',
            exchange: 2,
            pointer: `/${escapeSegment(part)}`,
            expected: shown(one),
            actual: shown(other),
            message: 'After a write the entity says that it has another key than the one it is found by.',
          },
        ];
      }
      return [];
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

/** A PUT creates it: the client chooses the key. */
function putUnder(facts: LawFacts): Probe | Blocked | null {
  return onOwned(facts, (owned) => {
    const key = facts.awkwardKey(owned.key);
    const entity = owned.material.entity === null ? undefined : facts.replacement(owned.material.entity)?.full;
    // What a batch creates on a service is not taken away again.
    if (key === null || entity === undefined || (facts.live && facts.operation.level === 'collection')) return null;
    const item = { entity: facts.underKey(entity, key) };
    return [
      writes(facts.operation, owned, key, item, 'creates it under a key of reserved characters'),
      reads(owned, key),
      ...inBatch(facts, owned, key),
    ];
  });
}

/** A creation whose entity brings its key along. The id header carries ASCII only; an element of a batch carries all. */
function createdUnder(facts: LawFacts): Probe | Blocked | null {
  const isBatch = profileOf(facts.operation.method).batchOf !== null;
  const entity = facts.awkwardEntity(!isBatch);
  // Where the client does not choose the key there is nothing to ask, whatever else is missing.
  if (entity === null) return null;
  const probe = onCreated(facts, entity, 'creates it with a key of reserved characters');
  if (probe === null || 'blocked' in probe) return probe;
  const parents = probe.steps[0]?.spec.parents;
  return { ...probe, steps: [...probe.steps, ...inBatch(facts, { parents }, MADE)] };
}

/** The entity that is found by the key of a creation and says that its key is another. */
function renamed(written: TraceEntry, [read]: readonly TraceEntry[]): readonly LawFinding[] {
  const { key } = read?.asked ?? { key: null };
  if (profileOf(written.asked.method).effect !== 'creates' || read === undefined || key === null) return [];
  const { contract } = read;
  const isSimple = contract.key?.shape.kind === 'simple';
  for (const part of contract.key?.parts.keys() ?? []) {
    const own = memberOf(read.body, part);
    const asked = isSimple ? key : memberOf(isJsonObject(key) ? key : undefined, part);
    if (typeof own !== 'string' || typeof asked !== 'string' || own === asked) continue;
    return [
      {
        rule: 'laws/keys-keep-every-character',
        exchange: 1,
        pointer: `/${escapeSegment(part)}`,
        expected: shown(own),
        actual: shown(asked),
        message: 'The key that a creation answers is not the one that its entity has: characters of it are lost.',
      },
    ];
  }
  return [];
}

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
