/**
 * Laws of values: whatever an entity's schema allows is stored as it was sent. The entities are made from the schema,
 * by the seed; a server that refuses one has rules of its own, which is no fault, and then there is nothing to judge.
 */
import { isJsonArray, isJsonObject, jsonEquals, type Json } from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import { parsePointer } from '../protocol/pointer.ts';
import { locate } from '../schema/refs.ts';
import type { Taste } from '../schema/sample-maker.ts';
import type { Schema } from '../schema/schema.ts';
import { keywordOf, partsOf, schemaAt, textOf } from '../schema/shape.ts';
import { differencesFromSent, isSuccess, told, type Difference } from './compare.ts';
import type { Blocked, Law, LawFacts, NamedProbe, Probe, Shows, TraceCheck, TraceEntry } from './law.ts';
import { onCreated, onOwned, reads, writes } from './probe.ts';
import { sentOf } from './sent.ts';

/** One kind of entity: how it is made, and what of it its law is about. */
interface Kind {
  readonly rule: string;
  readonly taste: Taste;
  /** Values of the kind, the only ones that differ from an entity that is known to be taken; null: the whole is made. */
  readonly shows: Shows | null;
  /** What the entity holds, as the name of its step goes on. */
  readonly holds: string;
}

const EVERYTHING: Taste = { optional: 'all', turn: 0, empty: 'never', longs: 'never', names: [] };
/** What some place of the way may take for a sign of its own: separators, escapes, quotes, letters beyond ASCII. */
const NAMES = ['a b/c:d,(e)%41+.f', 'g"h\\i=j&k?\u00e9\u263a'];

const EVERY_VALUE: Kind = {
  rule: 'laws/values-are-kept',
  taste: EVERYTHING,
  shows: null,
  holds: 'with every member that its schema has',
};
const KINDS: readonly Kind[] = [
  EVERY_VALUE,
  {
    rule: 'laws/empty-texts-are-kept',
    taste: { ...EVERYTHING, empty: 'texts' },
    shows: (_, value) => value === '',
    holds: 'with empty texts',
  },
  {
    rule: 'laws/empty-lists-are-kept',
    taste: { ...EVERYTHING, empty: 'lists' },
    shows: (_, value) => typeof value === 'object' && value !== null && Object.keys(value).length === 0,
    holds: 'with empty lists and maps',
  },
  {
    rule: 'laws/long-numbers-are-kept',
    taste: { ...EVERYTHING, longs: 'always' },
    shows: (_, value) => typeof value === 'bigint',
    holds: 'with integers beyond 2^53',
  },
  {
    rule: 'laws/names-in-maps-are-kept',
    taste: { ...EVERYTHING, names: NAMES },
    shows: (name) => name !== null && /[^\w.$-]/.test(name),
    holds: 'with reserved characters in the names of maps',
  },
];

/** More entities of every value: other members of unions, other symbols of enumerations, and as little as there may be. */
const MORE: readonly { readonly name: string; readonly kind: Kind }[] = [
  {
    name: 'in-second-turn',
    kind: { ...EVERY_VALUE, taste: { ...EVERYTHING, turn: 1 }, holds: 'with the next alternatives of its schema' },
  },
  {
    name: 'in-third-turn',
    kind: { ...EVERY_VALUE, taste: { ...EVERYTHING, turn: 2 }, holds: 'with the third alternatives of its schema' },
  },
  {
    name: 'at-least',
    kind: { ...EVERY_VALUE, taste: { ...EVERYTHING, optional: 'none' }, holds: 'with its required members alone' },
  },
];

export const VALUE_LAWS: readonly Law[] = KINDS.map((kind) => ({
  rule: kind.rule,
  appliesTo: ({ effect }) => effect === 'creates' || effect === 'replaces',
  probe: (facts) => probeOf(facts, kind),
  ...(kind === EVERY_VALUE ? { more } : {}),
  check: checkOf(kind),
}));

/** Those of which each has an entity of its own. A batch of one shows nothing more of them than the single write does. */
function more(facts: LawFacts): readonly NamedProbe[] {
  const { batchOf } = profileOf(facts.operation.method);
  if (batchOf !== null && facts.contract.operations.some(({ method }) => method === batchOf)) return [];

  const known = [entityOf(probeOf(facts, EVERY_VALUE))];
  const probes: NamedProbe[] = [];
  for (const { name, kind } of MORE) {
    const probe = probeOf(facts, kind);
    const entity = entityOf(probe);
    if (probe === null || 'blocked' in probe || known.some((other) => isSame(other, entity))) continue;
    known.push(entity);
    probes.push({ name, probe });
  }
  return probes;
}

/** What the first step of such a probe writes. */
function entityOf(probe: Probe | Blocked | null): Json | undefined {
  const spec = probe === null || 'blocked' in probe ? undefined : probe.steps[0]?.spec;
  return spec?.entity ?? spec?.elements?.[0] ?? spec?.entities?.[0]?.entity;
}

function isSame(one: Json | undefined, other: Json | undefined): boolean {
  return one === undefined || other === undefined ? one === other : jsonEquals(one, other);
}

/** A creation, or a replacement where nothing can be created, and the reading of it. */
function probeOf(facts: LawFacts, { taste, shows, holds }: Kind): Probe | Blocked | null {
  if (profileOf(facts.operation.method).effect === 'creates') {
    const [like] = facts.creatable();
    const entity = like === undefined ? null : facts.generated(like, taste, shows);
    return entity === null ? null : onCreated(facts, entity, `the creation of an entity ${holds}`, 'taken');
  }

  if (facts.find('CREATE') !== null || facts.find('BATCH_CREATE') !== null) return null;
  return onOwned(facts, (owned) => {
    const like = owned.material.entity;
    const entity = like === null ? null : facts.generated(like, taste, shows);
    if (entity === null) return null;
    return [
      writes(facts.operation, owned, owned.key, { entity }, `the replacement by an entity ${holds}`, 'taken'),
      reads(owned, owned.key),
    ];
  });
}

function checkOf({ rule, shows }: Kind): TraceCheck {
  return ([written, read]) => {
    const sent = written === undefined ? undefined : sentOf(written);
    if (written === undefined || sent === undefined) return [];
    const { status } = written.status >= 500 ? written : (written.outcomes?.[0] ?? written);
    if (status !== null && status >= 500)
      return [
        {
          rule,
          exchange: 0,
          pointer: null,
          expected: 'an answer, or a refusal below 500',
          actual: `${status}`,
          message: 'The server fails on an entity that the schema allows.',
        },
      ];
    // An item of a batch that is refused is as little a fault as a request that is.
    if (!isSuccess({ status })) return [];
    if (read === undefined) return [];
    if (!isSuccess(read))
      return [
        {
          rule,
          exchange: 1,
          pointer: null,
          expected: '200',
          actual: `${read.status}`,
          message: 'The entity is not found after it was written.',
        },
      ];
    const found = differencesFromSent(read.contract, sent, read.body).filter(
      (one) => one.kind !== 'added' && isLoss(one, read) && (shows === null || concerns(one, shows)),
    );
    return told(rule, 1, '', found, 'The entity does not hold what was sent');
  };
}

/** Whether the place of a difference or what was sent there shows such a value. */
function concerns({ pointer, expected }: Difference, shows: Shows): boolean {
  const path = parsePointer(pointer) ?? [];
  return (
    path.some((name) => shows(name, null)) ||
    (expected !== undefined && showsWithin(path.at(-1) ?? null, expected, shows))
  );
}

/** Whether the value, or any inside it, is one of those. */
export function showsWithin(name: string | null, value: Json, shows: Shows): boolean {
  if (shows(name, value)) return true;
  if (isJsonArray(value)) return value.some((item) => showsWithin(null, item, shows));
  return isJsonObject(value) && Object.entries(value).some(([inner, member]) => showsWithin(inner, member, shows));
}

/**
 * Whether a difference is one in value. What nobody reads back may be absent, a `float` has few digits, and the formats of
 * texts (dates, addresses) allow one value to be written in more than one way.
 */
function isLoss({ kind, pointer, expected, actual }: Difference, { contract, operation }: TraceEntry): boolean {
  const path = parsePointer(pointer) ?? [];
  if (path.some((_, depth) => isHidden(contract.entity, path.slice(0, depth + 1)))) return false;
  if (kind === 'lost')
    return !(operation?.responses ?? []).some(({ entity }) => entity !== null && !knows(entity, path));
  const format = formatAt(contract.entity, path);
  if (typeof expected === 'string' && typeof actual === 'string') return format === null;
  if (format !== 'float' || typeof expected !== 'number' || typeof actual !== 'number') return true;
  return Math.fround(expected) !== Math.fround(actual);
}

/** Whether the schema says that a member is never answered. */
function isHidden(entity: Schema | null, path: readonly string[]): boolean {
  const schema = entity === null ? null : schemaAt(entity, path);
  return schema !== null && keywordOf(partsOf(locate(schema), schema.scope), 'writeOnly') === true;
}

/** Whether the answer of a read may hold what stands at the path, by a schema of its own. */
function knows(answer: Schema, [head]: readonly string[]): boolean {
  return head === undefined || schemaAt(answer, [head]) !== null;
}

function formatAt(entity: Schema | null, path: readonly string[]): string | null {
  const schema = entity === null ? null : schemaAt(entity, path);
  return schema === null ? null : textOf(partsOf(locate(schema), schema.scope), 'format');
}
