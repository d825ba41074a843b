/** Steps of a plan -> a case or a flow as its author would write it, to be pasted into the contract. */
import type { CaseSpec, Expectation, Outcome } from '../contract/contract.ts';
import { printYaml } from '../contract/print.ts';
import { isList } from '../contract/negative.ts';
import type { Step } from '../plan/case.ts';
import {
  isJsonArray,
  isJsonObject,
  type Json,
  jsonEquals,
  type JsonObject,
  jsonObject,
  parseJson,
  stringifyJson,
} from '../protocol/json.ts';
import { profileOf } from '../protocol/methods.ts';
import type { Redactor } from '../transport/redact.ts';

/** A case or flow to paste, as a value: secrets are found by the names of members, which YAML does not show as JSON does. */
export interface Paste {
  /** `cases` or `flows` with one item. */
  readonly written: JsonObject;
  /** One line that stands above it; null: none. */
  readonly remark: string | null;
}

/** Null where a step has no form in a contract. */
export function pasteOf(name: string, steps: readonly Step[], remark: string | null = null): Paste | null {
  const written = writtenCase(name, steps);
  return written === null ? null : { written: { [steps.length === 1 ? 'cases' : 'flows']: [written] }, remark };
}

/** YAML, secrets masked; null where nobody would paste it for its length. */
export function pasteText({ written, remark }: Paste, redactor: Pick<Redactor, 'redactText'>): string | null {
  const cleaned = parseJson(redactor.redactText(stringifyJson(textsRedacted(written, redactor))));
  if (!('value' in cleaned)) return null;
  const yaml = printYaml(cleaned.value);
  if (yaml.length > MOST_PASTED) return null;
  return remark === null ? yaml : `# ${remark}\n${yaml}`;
}

/** Characters that anybody would still paste; a longer request is in the evidence. */
const MOST_PASTED = 16_000;

/** A text may be a body or a query, with names of its own. */
function textsRedacted(value: Json, redactor: Pick<Redactor, 'redactText'>): Json {
  if (typeof value === 'string') return redactor.redactText(value);
  if (isJsonArray(value)) return value.map((item) => textsRedacted(item, redactor));
  if (!isJsonObject(value)) return value;
  return jsonObject(Object.entries(value).map(([name, member]) => [name, textsRedacted(member, redactor)]));
}

/**
 * @param steps - at least one; several become a flow
 * @returns null where a step has no form in a contract
 */
function writtenCase(name: string, steps: readonly Step[]): JsonObject | null {
  const [first] = steps;
  if (first === undefined || steps.some((step) => !hasForm(step))) return null;
  // Nobody comes after a single request to whom a capture would be of use.
  if (steps.length === 1) return { name, ...sourceOf({ ...first.spec, capture: new Map() }) };
  const written = steps.map(({ spec, contract }): JsonObject => {
    const elsewhere = contract === first.contract ? {} : { resource: contract.resource };
    return { ...elsewhere, ...sourceOf(spec) };
  });
  return { name, steps: written };
}

/** A request that was rewritten has none, and neither has one that names a key twice: that is written as `raw`. */
function hasForm({ rewrite, spec: { ids } }: Step): boolean {
  if (rewrite !== undefined) return false;
  return !Array.isArray(ids) || ids.every((id, index) => !ids.slice(0, index).some((other) => jsonEquals(other, id)));
}

/** The members of a case but for its name. */
function sourceOf(spec: CaseSpec): JsonObject {
  const { parameter } = profileOf(spec.method);
  const operation = parameter === 'none' || parameter === 'ids' ? null : parameter;
  const { key, ids, parents, entity, elements, entities, patch, criteria } = spec;
  const { params, fields, metadataFields, pagingFields, protocol, tunnel, raw, expect } = spec;
  const members: readonly (readonly [string, Json | undefined])[] = [
    ['method', spec.method],
    [operation ?? '', operation === null ? undefined : (spec.operation ?? undefined)],
    ['parents', parents],
    ['key', key],
    ['ids', ids],
    ['entity', entity],
    ['elements', elements],
    ['entities', entities?.map((one) => jsonObject(definedOf(Object.entries(one))))],
    ['patch', patch],
    ['criteria', criteria],
    ['params', Object.keys(params).length === 0 ? undefined : params],
    ['fields', fields],
    ['metadataFields', metadataFields],
    ['pagingFields', pagingFields],
    ['headers', spec.headers.size === 0 ? undefined : jsonObject(spec.headers)],
    ['protocol', protocol ?? undefined],
    ['tunnel', tunnel ? true : undefined],
    ['raw', raw === null ? undefined : jsonObject(definedOf(Object.entries(raw)))],
    ['expect', expect === null ? undefined : expectSource(expect)],
    ['capture', spec.capture.size === 0 ? undefined : jsonObject(spec.capture)],
  ];
  return jsonObject(definedOf(members));
}

/** `404` for one status alone, else the members that say something; undefined where none does. */
function expectSource({ status, headers, body, key, each }: Expectation): Json | undefined {
  const statuses = statusSource(status);
  const members = definedOf([
    ['status', statuses],
    ['headers', headers.size === 0 ? undefined : jsonObject(headers)],
    ['key', key],
    ['each', eachSource(each)],
    ['body', body],
  ]);
  if (members.length === 0) return undefined;
  return members.length === 1 && typeof statuses === 'number' ? statuses : jsonObject(members);
}

function eachSource(each: Expectation['each']): Json | undefined {
  if (each === null) return undefined;
  return isList(each) ? each.map(outcomeSource) : outcomeSource(each);
}

/** A status alone stands for itself. */
function outcomeSource({ status, ...others }: Outcome): Json {
  const statuses = statusSource(status);
  const members = definedOf([['status', statuses], ...Object.entries(others)]);
  return members.length === 1 && statuses !== undefined ? statuses : jsonObject(members);
}

function statusSource(status: readonly number[] | null): Json | undefined {
  if (status === null) return undefined;
  return status.length === 1 ? status[0] : status;
}

function definedOf(members: readonly (readonly [string, Json | undefined])[]): readonly (readonly [string, Json])[] {
  return members.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** A difference between two decoded values as an expectation that only the first meets; undefined where they are equal. */
export function tellingPart(sound: Json | undefined, other: Json | undefined): Json | undefined {
  if (sound === undefined) return other === undefined ? undefined : { $present: false };
  if (isJsonObject(sound) && isJsonObject(other)) {
    const names = [...new Set([...Object.keys(sound), ...Object.keys(other)])];
    for (const name of names) {
      const held = Object.hasOwn(sound, name) ? sound[name] : undefined;
      const part = tellingPart(held, Object.hasOwn(other, name) ? other[name] : undefined);
      if (part !== undefined) return jsonObject([[name, part]]);
    }
    return undefined;
  }
  if (isJsonArray(sound) && isJsonArray(other) && sound.length === other.length) {
    const parts = sound.map((item, index) => tellingPart(item, other[index]));
    const at = parts.findIndex((part) => part !== undefined);
    return at < 0 ? undefined : sound.map((item, index) => (index === at ? (parts[at] ?? null) : openly(item)));
  }
  if (isJsonArray(sound)) return sound.length === 0 ? [] : { $length: sound.length };
  if (isJsonObject(sound)) return {};
  return other !== undefined && jsonEquals(sound, other) ? undefined : sound;
}

/** Stands for an item of a list that nothing is to be said about. */
function openly(item: Json): Json {
  return isJsonObject(item) ? {} : { $present: true };
}
