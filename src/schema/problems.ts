/**
 * What ajv found, told for people: one problem where one thing is wrong, with the type that was wanted, what is there
 * instead, and the place in the contract that says so.
 */
import type { ErrorObject } from 'ajv/dist/2020.js';

import { describeValue, quote, quoteList, typeWord } from '../diagnostic/quote.ts';
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import type { Bundle, Origin } from './bundle.ts';
import { describe, oneOfText } from './describe.ts';
import { EXACT_RANGE, EXACT_TYPE } from './engine.ts';
import { isUnion, membersOf } from './keywords.ts';
import { child, isSchema, resolveFully } from './refs.ts';
import type { SchemaProblem } from './schema.ts';

/** A problem together with what `branches.ts` needs to ask further. */
export interface Finding {
  readonly problem: SchemaProblem;
  /** Set on `anyOf` and `oneOf`: the union that does not hold and the value it was asked about. */
  readonly union: { readonly branches: readonly object[]; readonly value: Json; readonly passing: number } | null;
}

/** Keywords that ajv reports besides the one that says what is wrong. */
const ECHOES = new Set(['if', 'propertyNames']);
const WRITTEN_AS: ReadonlyMap<string, string> = new Map([
  [EXACT_TYPE, 'type'],
  [EXACT_RANGE, 'format'],
]);

/** The findings in the order in which ajv met them; those about one Rest.li union at one place made one. */
export function findingsOf(errors: readonly ErrorObject[], bundle: Bundle): Finding[] {
  const findings: Finding[] = [];
  const unions = new Set<string>();
  for (const error of errors) {
    if (ECHOES.has(error.keyword) || isInsideContains(error)) continue;
    const origin = originOf(error, bundle);
    const json = origin?.located.json;
    if (json !== undefined && isUnion(json) && UNION_KEYWORDS.has(error.keyword)) {
      if (unions.has(error.instancePath)) continue;
      unions.add(error.instancePath);
      findings.push({ problem: unionProblem(error, json, origin), union: null });
      continue;
    }
    findings.push(finding(error, origin, bundle));
  }
  return findings;
}

const UNION_KEYWORDS = new Set(['minProperties', 'maxProperties', 'additionalProperties']);

function finding(error: ErrorObject, origin: Origin | undefined, bundle: Bundle): Finding {
  const keyword = WRITTEN_AS.get(error.keyword) ?? error.keyword;
  const told: Told = { error, origin, bundle, params: error.params, value: dataOf(error) };
  const { member, expected, actual } = (TEXTS.get(keyword) ?? otherText)(told);
  const problem: SchemaProblem = {
    pointer: member === undefined ? error.instancePath : `${error.instancePath}/${escapeSegment(member)}`,
    keyword,
    expected,
    actual: actual ?? describeValue(error.data),
    schemaPointer: schemaPointer(origin, keyword),
  };
  if (keyword !== 'anyOf' && keyword !== 'oneOf') return { problem, union: null };
  const passing: unknown = error.params['passing'];
  return {
    problem,
    union: {
      branches: branchesOf(error),
      value: told.value,
      passing: Array.isArray(passing) ? passing.length : 0,
    },
  };
}

/** A union is one thing: which member it holds. */
function unionProblem(error: ErrorObject, json: JsonObject, origin: Origin | undefined): SchemaProblem {
  const members = membersOf(json);
  const held = Object.keys(error.data ?? {});
  const keyword = held.length === 0 ? 'minProperties' : held.length > 1 ? 'maxProperties' : 'additionalProperties';
  const meant = held.length === 1 ? didYouMean(held[0] ?? '', members) : null;
  return {
    pointer: error.instancePath,
    keyword,
    expected: `exactly one of the members ${quoteList(members)}${meant === null ? '' : ` (did you mean ${quote(meant)}?)`}`,
    actual: held.length === 0 ? 'no member' : `the member${held.length > 1 ? 's' : ''} ${quoteList(held, 6)}`,
    schemaPointer: schemaPointer(origin, keyword),
  };
}

interface Told {
  readonly error: ErrorObject;
  readonly origin: Origin | undefined;
  readonly bundle: Bundle;
  readonly params: Record<string, unknown>;
  readonly value: Json;
}

interface Text {
  /** The member that the problem is about, when it is not the value itself. */
  readonly member?: string;
  readonly expected: string;
  readonly actual?: string;
}

/** The text for each keyword. `limit` is what the schema says beside the keyword. */
const TEXTS: ReadonlyMap<string, (told: Told) => Text> = new Map<string, (told: Told) => Text>([
  ['type', (told) => ({ expected: wanted(told) })],
  ['format', (told) => ({ expected: formatText(told) })],
  ['enum', (told) => ({ expected: oneOfText(valuesOf(told.error)) })],
  ['const', (told) => ({ expected: `exactly ${describeValue(told.error.schema)}` })],
  ['required', (told) => missingMember(told, String(told.params['missingProperty']))],
  ['dependentRequired', (told) => missingMember(told, String(told.params['missingProperty']))],
  ['additionalProperties', (told) => unknownMember(told, String(told.params['additionalProperty']))],
  ['unevaluatedProperties', (told) => unknownMember(told, String(told.params['unevaluatedProperty']))],
  ['minimum', (told) => ({ expected: `${wanted(told)} of at least ${limit(told)}` })],
  ['maximum', (told) => ({ expected: `${wanted(told)} of at most ${limit(told)}` })],
  ['exclusiveMinimum', (told) => ({ expected: `${wanted(told)} above ${limit(told)}` })],
  ['exclusiveMaximum', (told) => ({ expected: `${wanted(told)} below ${limit(told)}` })],
  ['multipleOf', (told) => ({ expected: `a multiple of ${limit(told)}` })],
  ['minLength', (told) => ({ expected: `at least ${count(told, 'character')}`, actual: lengthText(told) })],
  ['maxLength', (told) => ({ expected: `at most ${count(told, 'character')}`, actual: lengthText(told) })],
  ['pattern', (told) => ({ expected: patternText(told) })],
  ['minItems', (told) => ({ expected: `at least ${count(told, 'item')}`, actual: sizeText(told, 'item') })],
  ['maxItems', (told) => ({ expected: `at most ${count(told, 'item')}`, actual: sizeText(told, 'item') })],
  ['minProperties', (told) => ({ expected: `at least ${count(told, 'member')}`, actual: sizeText(told, 'member') })],
  ['maxProperties', (told) => ({ expected: `at most ${count(told, 'member')}`, actual: sizeText(told, 'member') })],
  ['uniqueItems', (told) => ({ expected: 'items that all differ', actual: equalItemsText(told.params['equal']) })],
  ['contains', () => ({ expected: 'an item of the kind that the schema asks for' })],
  ['not', (told) => ({ expected: notText(told) })],
  ['anyOf', (told) => ({ expected: wanted(told) })],
  ['oneOf', (told) => ({ expected: oneOfBranchesText(told) })],
]);

function otherText(told: Told): Text {
  return { expected: told.error.message ?? told.error.keyword };
}

/** The type that the schema asks for, in the author's words. */
function wanted(told: Told): string {
  return told.origin === undefined ? 'another value' : describe(told.origin.located, told.bundle.scope);
}

function limit(told: Told): string {
  return String(told.error.schema);
}

function count(told: Told, thing: string): string {
  return `${limit(told)} ${thing}${told.error.schema === 1 ? '' : 's'}`;
}

/** Characters as JSON Schema counts them, by code points. */
function lengthText(told: Told): string {
  const { value } = told;
  return `${typeof value === 'string' ? Array.from(value).length : 0}: ${describeValue(value)}`;
}

function sizeText(told: Told, thing: string): string {
  const size = typeof told.value === 'object' && told.value !== null ? Object.keys(told.value).length : 0;
  return `${size} ${thing}${size === 1 ? '' : 's'}`;
}

function equalItemsText(equal: unknown): string {
  return Array.isArray(equal) ? `the items ${equal.join(' and ')} are equal` : 'two equal items';
}

function formatText(told: Told): string {
  const type = wanted(told);
  const format = String(told.error.schema);
  return typeWord(told.value) === 'string' ? `text of the format ${format}` : type;
}

function patternText(told: Told): string {
  const type = wanted(told);
  if (type === 'bytes') return 'bytes, each character at most U+00FF';
  return type.startsWith('urn') ? type : `text that matches /${String(told.error.schema)}/`;
}

function notText(told: Told): string {
  const json = told.origin?.located.json;
  if (told.origin === undefined || !isJsonObject(json) || !isSchema(json['not'])) return 'no value';
  const refused = child(told.origin.located, json['not'], '/not');
  return `anything but ${describe(refused, told.bundle.scope)}`;
}

function oneOfBranchesText(told: Told): string {
  const passing: unknown = told.params['passing'];
  if (!Array.isArray(passing) || passing.length === 0) return wanted(told);
  return `exactly one of the alternatives, not ${passing.length} at once`;
}

function missingMember(told: Told, name: string): Text {
  const property = propertyOf(told, name);
  return { member: name, expected: property ?? `the member ${quote(name)}`, actual: 'nothing' };
}

function unknownMember(told: Told, name: string): Text {
  const json = told.origin?.located.json;
  const properties = isJsonObject(json) ? json['properties'] : undefined;
  const meant = isJsonObject(properties) ? didYouMean(name, Object.keys(properties)) : null;
  const value = isJsonObject(told.value) ? told.value[name] : undefined;
  return {
    member: name,
    expected: `no member of that name${meant === null ? '' : ` (did you mean ${quote(meant)}?)`}`,
    actual: describeValue(value),
  };
}

/** The type of a declared member; null when the schema that asks for it does not describe it. */
function propertyOf(told: Told, name: string): string | null {
  const located = told.origin === undefined ? null : resolveFully(told.origin.located, told.bundle.scope);
  const properties = isJsonObject(located?.json) ? located.json['properties'] : undefined;
  if (located === null || !isJsonObject(properties) || !Object.hasOwn(properties, name)) return null;
  const property = properties[name];
  return isSchema(property)
    ? describe(child(located, property, `/properties/${escapeSegment(name)}`), told.bundle.scope)
    : null;
}

/** What ajv was given it hands back as `unknown`. */
function dataOf(error: ErrorObject): Json {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only `Json` is ever checked
  return error.data as Json;
}

function valuesOf(error: ErrorObject): readonly Json[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only an `enum` is asked, whose schema is a list
  return error.schema as readonly Json[];
}

function branchesOf(error: ErrorObject): readonly object[] {
  return Array.isArray(error.schema) ? error.schema.filter((branch) => typeof branch === 'object') : [];
}

function originOf(error: ErrorObject, bundle: Bundle): Origin | undefined {
  return typeof error.parentSchema === 'object' ? bundle.origins.get(error.parentSchema) : undefined;
}

function schemaPointer(origin: Origin | undefined, keyword: string): string | null {
  if (origin === undefined || origin.located.pointer === null) return null;
  const { json, pointer } = origin.located;
  return isJsonObject(json) && Object.hasOwn(json, keyword) ? `${pointer}/${keyword}` : pointer;
}

/** Each item that is not the one looked for leaves its problems. */
function isInsideContains(error: ErrorObject): boolean {
  return error.schemaPath.includes('/contains/');
}
