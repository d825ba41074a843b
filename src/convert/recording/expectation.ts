/** What a case of a draft expects: what the recorded answers agree on, as far as its examples bear it out. */
import { entriesOf, RESPONSE_ENVELOPES } from '../../protocol/envelopes.ts';
import { isJsonArray, isJsonObject, jsonObject, memberOf, stringifyJson, type Json } from '../../protocol/json.ts';
import { KEY_PARAMS, keyText, readKey } from '../../protocol/keys.ts';
import { profileOf, type MethodName } from '../../protocol/methods.ts';
import type { ReadRequest } from '../../protocol/request.ts';
import { distinctKeys, type ReadCall } from './cases.ts';
import { listOf } from './entity.ts';
import type { Example, Examples } from './examples.ts';
import { inCommon } from './infer.ts';

/** Longest body that is written into an expectation. */
const LONGEST_BODY = 1500;

/** What the draft says beside its cases. */
export interface Known {
  readonly examples: Examples;
  /** Whether the mock lists what was recorded, in this order. */
  lists(call: ReadCall): boolean;
}

export function expectationOf(call: ReadCall, known: Known): Json | undefined {
  const { method, answers } = call;
  const [first] = answers;
  if (first === undefined) return undefined;
  const seen = [...new Set(answers.map(({ status }) => status))];
  const example = exampleOf(call, known);
  // It was gone, or not there yet; with its example it is. The case says that it was seen both ways.
  const more = example !== undefined && seen.length === 1 ? OTHERWISE[first.status] : undefined;
  const statuses = more === undefined ? seen : [...seen, ...profileOf(method).ok.filter((status) => status !== 201)];
  const status: Json = statuses.length === 1 ? first.status : statuses;
  if (statuses.some((one) => one >= 400)) {
    const code = statuses.length === 1 ? memberOf(first.body, 'code') : undefined;
    return typeof code === 'string' ? { status, body: { code } } : statuses.length === 1 ? status : { status };
  }

  const each = eachOf(call, known.examples);
  if (each !== undefined) return { status, each };
  const body = bodyOf(call, example, known);
  return body === undefined ? (statuses.length === 1 ? first.status : { status }) : { status, body };
}

/** Statuses that tell of another state than that of the examples. */
const OTHERWISE: Readonly<Record<number, true>> = { 404: true, 410: true, 201: true };

/** The example that a request for one entity means. */
function exampleOf({ method, read }: ReadCall, { examples }: Known): Example | undefined {
  const { batchOf, returns, at } = profileOf(method);
  if (batchOf !== null || at === 'collection' || returns === 'collection' || returns === 'collections')
    return undefined;
  if (read.key === null && read.resource.key !== null) return undefined;
  return examples.find(read.key, read.parents);
}

/** The outcome of each item where some of them failed. */
function eachOf({ method, read, answers }: ReadCall, examples: Examples): Json | undefined {
  const outcomes = outcomesOf(method, read, answers[0]?.body);
  if (outcomes === undefined || outcomes.every((status) => status < 400)) return undefined;
  const { ids } = read;
  if (ids === null) return outcomes;
  return distinctKeys(ids).map((id, index): Json => {
    const status = outcomes[index] ?? 404;
    return OTHERWISE[status] === true && examples.find(id, read.parents) !== undefined
      ? { status: [status, 200, 204] }
      : status;
  });
}

/** The status of each item in the order of the request, also where the answer says none; undefined: there are no items. */
export function outcomesOf(
  method: MethodName,
  { ids, resource, protocol }: ReadRequest,
  body: Json | undefined,
): readonly number[] | undefined {
  const { returns } = profileOf(method);
  if (body === undefined || (profileOf(method).batchOf === null && returns !== 'collections')) return undefined;
  const entries = entriesOf(RESPONSE_ENVELOPES[returns], body);
  if (ids === null) return entries.map(({ status, error }) => status ?? failureOf(error));

  const byKey = new Map(
    entries.flatMap((entry) => {
      const key =
        entry.key === null
          ? null
          : readKey(entry.key, resource.key ?? { kind: 'simple' }, 'body', protocol, { batchKeys: 'either' });
      return key !== null && 'key' in key ? [[keyText(key.key), entry] as const] : [];
    }),
  );
  return distinctKeys(ids).map((id) => {
    const entry = byKey.get(
      keyText(isJsonObject(id) ? jsonObject(Object.entries(id).filter(([name]) => name !== KEY_PARAMS)) : id),
    );
    if (entry === undefined) return 404;
    return entry.error === undefined ? (entry.status ?? 200) : (entry.status ?? failureOf(entry.error));
  });
}

function failureOf(error: Json | undefined): number {
  const status = memberOf(error, 'status');
  return error === undefined ? 200 : typeof status === 'number' ? status : 500;
}

/** What the answers agree on. A list that was asked for once may be another tomorrow, so it is not held to. */
function bodyOf(call: ReadCall, example: Example | undefined, known: Known): Json | undefined {
  const { method, read, answers } = call;
  const { returns } = profileOf(method);
  const bodies: Json[] = answers.flatMap(({ body }) => (body === undefined ? [] : [body]));
  if (bodies.length === 0) return undefined;
  if (returns === 'collection') {
    if (bodies.length < 2 || !known.lists(call)) return undefined;
    const elements = bodies.map((body) => listOf(memberOf(body, 'elements')));
    const those = known.examples.findAll(elements[0]?.filter(isJsonObject) ?? [], read.parents);
    return written({
      elements: inCommon([...elements, ...(those === null ? [] : [those.map(({ entity }) => entity)])]),
    });
  }
  if (returns === 'entity') return written(inCommon([...bodies, ...(example === undefined ? [] : [example.entity])]));
  return returns === 'value' ? written(inCommon(bodies)) : undefined;
}

/** A body as an expectation; undefined for one that says nothing, is too long, or has names that are matchers. */
function written(common: Json): Json | undefined {
  if (!isJsonObject(common) || Object.keys(common).length === 0) return undefined;
  return stringifyJson(common).length > LONGEST_BODY || isMisread(common) ? undefined : common;
}

/** Whether a recorded name begins with `$`; what stands beside no other and is a matcher of ours does not count. */
function isMisread(value: Json): boolean {
  if (isJsonArray(value)) return value.some(isMisread);
  if (!isJsonObject(value)) return false;
  const names = Object.keys(value);
  if (names.length === 1 && (names[0] === '$type' || names[0] === '$present')) return false;
  return Object.entries(value).some(([name, item]) => name.startsWith('$') || isMisread(item));
}
