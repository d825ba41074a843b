/** Entities and values that a request sends: their schema, and members that are unknown, read-only or deprecated. */
import type { ValuePath } from '../contract/contract.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { describeValue } from '../diagnostic/quote.ts';
import { isJsonArray, isJsonObject, type Json } from '../protocol/json.ts';
import { escapeSegment, formatPointer, parsePointer, valueAt } from '../protocol/pointer.ts';
import { checkSchema, type CheckOptions } from '../schema/check.ts';
import { isUnion } from '../schema/keywords.ts';
import { locate, type Located } from '../schema/refs.ts';
import type { Schema, SchemaScope } from '../schema/schema.ts';
import { branchesOf, itemSchema, keywordOf, memberSchema, partsOf, schemaAt, type Part } from '../schema/shape.ts';
import { typePointer } from './answer.ts';
import { placeOf } from './findings.ts';
import { reportDeprecated } from './request-headers.ts';
import type { Sent } from './sent.ts';

/** Nesting that is followed for members which only warn. */
const DEEPEST = 32;

/** The entity as it must be sent: the operation's own type, else the resource's. */
export function sentSchema({ contract, operation }: Sent): Schema | null {
  return operation?.request.entity ?? contract.entity;
}

/** Judges a whole entity at `pointer` of the body. */
export function checkSentEntity(sent: Sent, entity: Json, pointer: string, key: string | null): void {
  const schema = sentSchema(sent);
  if (schema === null) return;
  checkSentValue(sent, schema, entity, pointer, key, { variant: 'sent', readOnly: sent.contract.readOnly }, '/entity');
  reportPaths(sent, 'request-body/read-only-member', sent.contract.readOnly, entity, pointer, key);
}

/** Judges a value by a schema, closely: closed schemas and enumerations count. */
export function checkSentValue(
  sent: Sent,
  schema: Schema,
  value: Json,
  pointer: string,
  key: string | null,
  options: CheckOptions,
  promisedAt: string,
): void {
  const { findings, contract } = sent;
  findings.checks += 1;
  for (const problem of checkSchema(schema, value, options)) {
    const where = pointer + problem.pointer;
    const union = unionAt(schema, problem.pointer, value);
    findings.add(union === null ? 'request-body/schema' : 'request-body/union-member', {
      where: 'request-body',
      pointer: where,
      key,
      expected: problem.expected,
      actual: problem.actual,
      message: `${where === '' ? 'The body' : `The value at ${where}`} is not what ${schema.name ?? 'the contract'} says: expected ${problem.expected}.`,
      at: placeOf(contract, typePointer(contract, schema, promisedAt)),
    });
  }
  warnOfMembers(sent, locate(schema), schema.scope, value, pointer, key, 0);
}

/** Members that the contract fixes, where they are sent. */
export function reportPaths(
  sent: Sent,
  rule: string,
  paths: readonly ValuePath[],
  value: Json,
  pointer: string,
  key: string | null,
): void {
  for (const path of paths) {
    const held = valueAt(value, path);
    if (held === undefined) continue;
    const isCreateOnly = rule === 'request-body/create-only-member';
    sent.findings.add(rule, {
      where: 'request-body',
      pointer: pointer + formatPointer(path),
      key,
      expected: 'nothing',
      actual: describeValue(held),
      message: `\`${path.join('/')}\` is ${isCreateOnly ? 'fixed when the entity is created' : 'set by the server only'}.`,
      at: placeOf(sent.contract, isCreateOnly ? '/createOnly' : '/readOnly'),
    });
  }
}

/** The union that a bare value was sent for; null where the fault is another. */
function unionAt(schema: Schema, pointer: string, value: Json): Schema | null {
  const path = parsePointer(pointer) ?? [];
  const here = schemaAt(schema, path);
  const held = valueAt(value, path);
  if (here === null || held === undefined) return null;
  const isUnionHere = partsOf(locate(here), here.scope).some(({ json }) => isUnion(json));
  return isUnionHere && !isJsonObject(held) ? here : null;
}

/** Warns of members that an open schema does not know, and of deprecated ones. */
function warnOfMembers(
  sent: Sent,
  at: Located,
  scope: SchemaScope,
  value: Json,
  pointer: string,
  key: string | null,
  depth: number,
): void {
  if (depth > DEEPEST || typeof value !== 'object' || value === null) return;
  const parts = partsOf(at, scope);
  if (parts.length === 0) return;
  if (isJsonArray(value)) {
    value.forEach((item, i) => {
      const sub = itemSchema(parts, i);
      if (sub !== null) warnOfMembers(sent, sub, scope, item, `${pointer}/${i}`, key, depth + 1);
    });
    return;
  }
  if (!isJsonObject(value)) return;

  const all: Part[] = [...parts, ...branchesOf(parts).flatMap((branch) => partsOf(branch, scope))];
  const isDescribed =
    keywordOf(all, 'properties') !== undefined &&
    keywordOf(all, 'additionalProperties') === undefined &&
    keywordOf(all, 'unevaluatedProperties') === undefined;
  for (const [name, member] of Object.entries(value)) {
    const here = `${pointer}/${escapeSegment(name)}`;
    const sub = memberSchema(all, name);
    if (sub === null) {
      if (isDescribed) reportUnknown(sent, all, name, member, here, key);
      continue;
    }
    const deprecated = keywordOf(partsOf(sub, scope), 'deprecated');
    if (deprecated === true) {
      reportDeprecated(sent.findings, 'deprecated/member', `member \`${name}\``, true, {
        where: 'request-body',
        pointer: here,
        key,
      });
    }
    warnOfMembers(sent, sub, scope, member, here, key, depth + 1);
  }
}

function reportUnknown(
  sent: Sent,
  parts: readonly Part[],
  name: string,
  member: Json,
  pointer: string,
  key: string | null,
): void {
  const known = parts.flatMap(({ json }) => (isJsonObject(json['properties']) ? Object.keys(json['properties']) : []));
  const near = didYouMean(name, known);
  sent.findings.add('request-body/unknown-member', {
    where: 'request-body',
    pointer,
    key,
    expected: 'a member that the schema knows',
    actual: `\`${name}\`: ${describeValue(member)}`,
    message: `The schema knows no member \`${name}\`; servers ignore it.`,
    ...(near === null ? {} : { hint: `Did you mean \`${near}\`?` }),
  });
}
