/** Entities in answers: their schema, read openly, and what a projection leaves of them. */
import { describeValue } from '../diagnostic/quote.ts';
import { isJsonArray, isJsonObject, type Json } from '../protocol/json.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { parseMask, project, type Mask } from '../protocol/projection.ts';
import { checkSchema, type CheckOptions } from '../schema/check.ts';
import type { Schema } from '../schema/schema.ts';
import { entitySchema, typePointer, type Answer } from './answer.ts';
import { placeOf } from './findings.ts';
import type { ViolationPlace } from './violation.ts';

/** Keywords whose breach an answer is forgiven: new members and new symbols are compatible changes. */
const CLOSING = new Set(['additionalProperties', 'unevaluatedProperties', 'enum']);

const WHOLE: CheckOptions = { variant: 'whole' };
const PARTIAL: CheckOptions = { variant: 'partial' };

/** Where in the answer a value stands. */
export interface Spot {
  readonly where: ViolationPlace;
  readonly pointer: string;
  /** The batch entry it belongs to, as written on the wire. */
  readonly key: string | null;
}

export const WHOLE_BODY: Spot = { where: 'body', pointer: '', key: null };

/** Judges one entity: its schema (every member optional under a projection) and the projection itself. */
export function checkEntity(answer: Answer, value: Json, spot: Spot): void {
  const { asked } = answer;
  const schema = entitySchema(answer);
  const mask = asked.masks.fields;
  answer.findings.checks += 1;
  if (schema !== null) {
    checkAgainst(answer, 'entity/schema', schema, value, spot, '/entity', mask === undefined ? WHOLE : PARTIAL);
  } else if (!isJsonObject(value)) {
    answer.findings.add('envelope/shape', {
      ...spot,
      expected: 'an entity',
      actual: describeValue(value),
      message: 'An entity is an object.',
    });
  }
  if (mask !== undefined) checkProjection(answer, mask, value, spot);
}

/**
 * Judges a value by a schema. Breaches that close it are told by `entity/undeclared`, which only warns.
 *
 * @param promisedAt - the contract's node that names the type, where the type has no place of its own
 */
export function checkAgainst(
  answer: Answer,
  rule: string,
  schema: Schema,
  value: Json,
  spot: Spot,
  promisedAt: string,
  options: CheckOptions = WHOLE,
): void {
  const problems = checkSchema(schema, value, options);
  if (problems.length === 0) return;

  const { contract } = answer.asked;
  const at = placeOf(contract, typePointer(contract, schema, promisedAt));
  for (const problem of problems) {
    const pointer = spot.pointer + problem.pointer;
    answer.findings.add(CLOSING.has(problem.keyword) ? 'entity/undeclared' : rule, {
      where: spot.where,
      pointer,
      key: spot.key,
      expected: problem.expected,
      actual: problem.actual,
      message: `${nameOf(pointer)} is not what ${schema.name ?? 'the contract'} says: expected ${problem.expected}.`,
      at,
    });
  }
}

/** The value that a pointer names, in words. */
export function nameOf(pointer: string): string {
  return pointer === '' ? 'The body' : `The value at ${pointer}`;
}

let lastMask: { readonly text: string; readonly mask: Mask | null } = { text: '', mask: null };

function maskOf(text: string): Mask | null {
  if (lastMask.text !== text) {
    const read = parseMask(text);
    lastMask = { text, mask: 'mask' in read ? read.mask : null };
  }
  return lastMask.mask;
}

function checkProjection(answer: Answer, text: string, value: Json, spot: Spot): void {
  const mask = maskOf(text);
  if (mask === null) return;
  answer.findings.checks += 1;
  for (const pointer of surplus(value, project(mask, value), spot.pointer, [])) {
    answer.findings.add('projection/only-asked', {
      where: spot.where,
      pointer,
      key: spot.key,
      expected: `only what fields=${text} asks for`,
      actual: `a member ${pointer.slice(pointer.lastIndexOf('/') + 1)}`,
      message: `The answer holds ${pointer}, which the projection does not ask for.`,
    });
  }
}

/** Pointers of the members that a projection takes away. A server's own `$…` members are none of the entity's. */
function surplus(value: Json, kept: Json, pointer: string, found: string[]): readonly string[] {
  if (isJsonArray(value) && isJsonArray(kept)) {
    if (value.length === kept.length)
      value.forEach((item, i) => surplus(item, kept[i] ?? null, `${pointer}/${i}`, found));
  } else if (isJsonObject(value) && isJsonObject(kept)) {
    for (const [name, member] of Object.entries(value)) {
      const here = `${pointer}/${escapeSegment(name)}`;
      const other = Object.hasOwn(kept, name) ? kept[name] : undefined;
      if (other !== undefined) surplus(member, other, here, found);
      else if (!name.startsWith('$')) found.push(here);
    }
  }
  return found;
}
