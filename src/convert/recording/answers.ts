/** What the mock is told so that it answers writes and actions as recorded: values of actions, errors and when they come. */
import { entriesOf, RESPONSE_ENVELOPES } from '../../protocol/envelopes.ts';
import {
  isJsonArray,
  isJsonObject,
  jsonEquals,
  jsonObject,
  memberOf,
  type Json,
  type JsonObject,
} from '../../protocol/json.ts';
import { keyText } from '../../protocol/keys.ts';
import { profileOf } from '../../protocol/methods.ts';
import { members } from '../restspec/members.ts';
import { distinctKeys, requestOf, typed, type ReadCall } from './cases.ts';
import { outcomesOf } from './expectation.ts';

/** `mock` of an action: the value that it answered, or one for each request where they differ. */
export function actionMock(calls: readonly ReadCall[]): Json | undefined {
  const answered = calls.flatMap((call) => {
    const value = call.answers.map(({ body }) => memberOf(body, 'value')).find((one) => one !== undefined);
    return value === undefined ? [] : [{ call, value: literal(value) }];
  });
  const [first] = answered;
  if (first === undefined) return undefined;
  if (answered.every(({ value }) => jsonEquals(value, first.value))) return { value: first.value };
  return [
    ...answered.map(({ call, value }): Json => ({ when: conditionOf(requestOf(call)), value })),
    { value: first.value },
  ];
}

/** `errors` of an operation: those that no state explains, each with the request that met it. */
export function errorsOf(calls: readonly ReadCall[]): JsonObject | undefined {
  const found = calls.flatMap((call) => [...wholeError(call), ...itemErrors(call)]);
  if (found.length === 0) return undefined;
  const statuses = [...new Set(found.map(({ status }) => status))].toSorted((a, b) => a - b);
  return jsonObject(
    statuses.map((status): [string, Json] => {
      const those = found.filter((one) => one.status === status).map(({ error }) => error);
      const distinct = those.filter((one, index) => those.findIndex((other) => jsonEquals(one, other)) === index);
      return [String(status), distinct.length === 1 ? (distinct[0] ?? {}) : distinct];
    }),
  );
}

interface FoundError {
  readonly status: number;
  readonly error: JsonObject;
}

function wholeError(call: ReadCall): readonly FoundError[] {
  const { answers, read, method } = call;
  const [first] = answers;
  if (first === undefined || answers.some(({ status }) => status < 400 || status !== first.status)) return [];
  // A key without entity is not found by itself; one that is gone is a matter of order, which no condition tells.
  const isOfKey = (read.key !== null || read.resource.key === null) && profileOf(method).at !== 'collection';
  if (isOfKey && (first.status === 404 || first.status === 410)) return [];
  return [{ status: first.status, error: errorOf(first.body, conditionOf(requestOf(call))) }];
}

function itemErrors(call: ReadCall): readonly FoundError[] {
  const { method, read, answers } = call;
  const { returns } = profileOf(method);
  const [first] = answers;
  if (first === undefined || first.status >= 400) return [];
  const errors = entriesOf(RESPONSE_ENVELOPES[returns], first.body).flatMap(({ error, key, index }) =>
    error === undefined ? [] : [{ error, key, index }],
  );
  const request = requestOf(call);
  const items = [memberOf(request, 'elements'), memberOf(request, 'criteria')].find(isJsonArray) ?? [];
  const outcomes = outcomesOf(method, read, first.body) ?? [];
  if (read.ids === null)
    return errors.flatMap(({ error, index }): FoundError[] => {
      const item = items[index ?? -1];
      const status = outcomes[index ?? -1];
      if (item === undefined || status === undefined) return [];
      const name = returns === 'collections' ? 'criteria' : 'entity';
      return [{ status, error: errorOf(error, { [name]: matching(item) }) }];
    });
  return distinctKeys(read.ids).flatMap((id, index): FoundError[] => {
    const status = outcomes[index];
    // A key without entity is not found by itself.
    if (status === undefined || status < 400 || status === 404) return [];
    const error = errors.find(({ key }) => key !== null && key === keyText(id))?.error;
    return [{ status, error: errorOf(error, { key: typed(id) }) }];
  });
}

function errorOf(body: Json | undefined, when: JsonObject): JsonObject {
  const code = memberOf(body, 'code');
  const message = memberOf(body, 'message');
  return members([
    ['code', typeof code === 'string' ? code : undefined],
    ['message', typeof message === 'string' ? message : undefined],
    ['when', when],
  ]);
}

/** The parts of a case that a condition can ask for. */
const FACETS = ['key', 'parents', 'params', 'entity', 'patch'];

function conditionOf(request: JsonObject): JsonObject {
  return jsonObject(
    Object.entries(request)
      .filter(([name]) => FACETS.includes(name))
      .map(([name, value]) => [name, matching(value)]),
  );
}

/** Names that begin with `$` would be read as matchers. */
function matching(value: Json): Json {
  return hasDollar(value) ? { $equals: value } : value;
}

function hasDollar(value: Json): boolean {
  if (isJsonArray(value)) return value.some(hasDollar);
  return isJsonObject(value) && Object.entries(value).some(([name, item]) => name.startsWith('$') || hasDollar(item));
}

/** A template that says just that. */
export function literal(value: Json): Json {
  if (typeof value === 'string') return value.replaceAll('${', () => '$${');
  if (isJsonArray(value)) return value.map(literal);
  return isJsonObject(value)
    ? jsonObject(Object.entries(value).map(([name, item]): [string, Json] => [name, literal(item)]))
    : value;
}
