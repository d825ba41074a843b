/** What a recording shows of one resource, as the source of a contract without its cases. */
import { DIALECTS } from '../../protocol/dialects.ts';
import { isElementRecord, type Element } from '../../protocol/encoding.ts';
import { headerValue } from '../../protocol/headers.ts';
import { isJsonObject, jsonObject, memberOf, stringifyJson, type Json, type JsonObject } from '../../protocol/json.ts';
import { METHOD_NAMES, profileOf, type MethodName } from '../../protocol/methods.ts';
import { RESOURCE_KINDS } from '../../protocol/resources.ts';
import { members } from '../restspec/members.ts';
import { actionMock, errorsOf } from './answers.ts';
import { queryOf, typed, type ReadCall } from './cases.ts';
import { inferEntity, listOf } from './entity.ts';
import { written, type Examples } from './examples.ts';
import { typeName, typeOf, valuesAt } from './infer.ts';
import type { ListHint } from './lists.ts';
import { CURSOR_PARAMS, OFFSET_PARAMS, PAGING_PARAMS } from './paging-params.ts';
import { jsonOf, type DraftResource } from './shapes.ts';

/** What the recording shows beside the shapes of requests and answers. */
export interface Seen {
  readonly examples: Examples;
  /** How the lists of these calls, all of one operation, were selected; null: they are none. */
  readonly hintOf: (calls: readonly ReadCall[]) => ListHint | null;
}

export function contractOf(
  resource: DraftResource,
  read: readonly ReadCall[],
  headers: JsonObject,
  base: string,
  { examples, hintOf }: Seen,
): JsonObject {
  const { shape, path, keys } = resource;
  return members([
    ['contract', 1],
    ['resource', shape.name],
    ['doc', 'A draft from recorded requests: kind, types and what may be absent are guessed from what was seen.'],
    ['path', path === `/${shape.name}` ? undefined : path],
    ['kind', shape.kind === 'collection' ? undefined : shape.kind],
    ['dialect', dialectOf(read, base)],
    ['headers', Object.keys(headers).length === 0 ? undefined : headers],
    ['key', shape.key === null ? undefined : keyType(keys.get('') ?? [], examples.keyName)],
    ['parents', parentsOf(resource)],
    ['entity', shape.kind === 'actionsSet' ? undefined : cleaned(inferEntity(read))],
    ['examples', examples.all.length === 0 ? undefined : examples.all.map((one) => written(one, examples))],
    ['methods', methodsOf(read, hintOf)],
  ]);
}

/** The dialect whose base the paths have, or one of whose headers every request carries. */
function dialectOf(read: readonly ReadCall[], base: string): string | undefined {
  const speaks = (name: string): boolean => read.every(({ call }) => headerValue(call.wire.headers, name) !== null);
  return Object.values(DIALECTS).find(
    ({ bases, headers }) => bases.includes(base) || headers.some(({ name }) => speaks(name)),
  )?.name;
}

/** A schema knows names, not values, so nothing of it is secret; an open one says that it holds an object. */
function cleaned(schema: JsonObject): JsonObject {
  return schema['type'] === undefined ? { type: 'object' } : schema;
}

function keyType(elements: readonly Element[], simpleName = 'id'): JsonObject {
  const records = elements.filter(isElementRecord);
  if (records.length === 0) return { [simpleName]: typeName(elements.map(typed)) ?? 'string' };
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))].toSorted();
  const values = records.map(typed);
  return jsonObject([
    ...names.filter((name) => name !== '$params').map((name): [string, Json] => [name, typeOf(valuesAt(values, name))]),
    ...(names.includes('$params') ? [['$params', fieldMap(valuesAt(values, '$params'))] as const] : []),
  ]);
}

function parentsOf({ shape, keys }: DraftResource): JsonObject | undefined {
  const parents = shape.segments.flatMap((segment): [string, Json][] => {
    if (!('variable' in segment)) return [];
    const key = keyType(keys.get(segment.variable) ?? []);
    return [[segment.variable, segment.key.kind === 'simple' ? (key['id'] ?? 'string') : { $key: key }]];
  });
  return parents.length === 0 ? undefined : jsonObject(parents);
}

function methodsOf(read: readonly ReadCall[], hintOf: Seen['hintOf']): JsonObject {
  const methods = new Map<MethodName, Json>();
  for (const method of METHOD_NAMES) {
    const calls = read.filter((one) => one.method === method);
    if (calls.length === 0) continue;
    if (!profileOf(method).named) {
      const said = operationOf(method, calls, hintOf);
      methods.set(method, Object.keys(said).length === 0 ? null : said);
      continue;
    }
    const names = [...new Set(calls.map(({ read: { name } }) => name ?? ''))];
    methods.set(
      method,
      jsonObject(
        names.map((name): [string, Json] => [
          name,
          operationOf(
            method,
            calls.filter(({ read: request }) => request.name === name),
            hintOf,
          ),
        ]),
      ),
    );
  }
  return jsonObject(methods);
}

function operationOf(method: MethodName, calls: readonly ReadCall[], hintOf: Seen['hintOf']): JsonObject {
  const profile = profileOf(method);
  const isAction = profile.sends === 'params';
  const queries = calls.map(({ read }) => queryOf(read, profile.returns === 'collections'));
  const given: readonly Json[] = isAction
    ? calls.map(({ call }) => jsonOf(call.wire.body) ?? {})
    : queries.map(({ params }) => params);
  const names = new Set(given.flatMap((params) => (isJsonObject(params) ? Object.keys(params) : [])));
  const lists = profile.returns === 'collection' || profile.returns === 'collections';
  const paging = !lists
    ? undefined
    : CURSOR_PARAMS.some((name) => names.has(name))
      ? 'cursor'
      : OFFSET_PARAMS.some((name) => names.has(name)) || calls.some(hasPaging)
        ? 'offset'
        : undefined;
  const own = given.map((params) =>
    jsonObject(
      Object.entries(isJsonObject(params) ? params : {}).filter(
        ([name]) => !name.startsWith('$') && !(lists && PAGING_PARAMS.includes(name)),
      ),
    ),
  );
  const params = fieldMap(own);
  const batchParam = queries.find((query) => query.batchParam !== null)?.batchParam;
  const values = isAction
    ? calls.flatMap(({ answers }) =>
        valuesAt(
          answers.map(({ body }) => body ?? null),
          'value',
        ),
      )
    : [];
  const partial = calls.flatMap(({ read }) => Object.keys(read.partialKey ?? {}));
  return members([
    [
      'level',
      isAction &&
      RESOURCE_KINDS[calls[0]?.read.resource.kind ?? 'simple'].hasKey &&
      calls.some(({ read }) => read.key !== null)
        ? 'entity'
        : undefined,
    ],
    ['assocKeys', partial.length === 0 ? undefined : [...new Set(partial)]],
    ['params', Object.keys(params).length === 0 ? undefined : params],
    [
      'criteria',
      batchParam === undefined || batchParam === null
        ? undefined
        : fieldMap(queries.flatMap(({ criteria }) => listOf(criteria))),
    ],
    [
      'batchParam',
      batchParam === undefined || batchParam === null || batchParam === 'criteria' ? undefined : batchParam,
    ],
    ['paging', paging],
    ['returnEntity', profile.mayReturnEntity && calls.some(returnsEntity) ? true : undefined],
    ['upsert', profile.effect === 'replaces' && calls.some(creates) ? true : undefined],
    ['response', responseOf(method, calls)],
    ['returns', values.length === 0 ? undefined : typeOf(values)],
    ['errors', errorsOf(calls)],
    ['mock', isAction ? actionMock(calls) : hintOf(calls)?.mock],
  ]);
}

function creates({ answers }: ReadCall): boolean {
  return answers.some(({ status, body }) => status === 201 || stringifyJson(body ?? null).includes('"status":201'));
}

/** Successes of a write where they are not the usual one. */
function responseOf(method: MethodName, calls: readonly ReadCall[]): Json | undefined {
  const { effect, ok, batchOf } = profileOf(method);
  if (effect === 'reads' || effect === 'acts' || batchOf !== null) return undefined;
  const seen = new Set(calls.flatMap(({ answers }) => answers.map(({ status }) => status)));
  const successes = [...seen].filter((status) => status < 300).toSorted((a, b) => b - a);
  const isUsual = successes.length === 0 || (successes.length === 1 && successes[0] === ok[0]);
  return isUsual ? undefined : successes.map((status) => ({ status }));
}

function hasPaging({ answers }: ReadCall): boolean {
  return answers.some(({ body }) => isJsonObject(memberOf(body, 'paging')));
}

/** A body in answer to a write. */
function returnsEntity({ answers, method }: ReadCall): boolean {
  return profileOf(method).batchOf === null && answers.some(({ status, body }) => status < 300 && isJsonObject(body));
}

/** What one recording shows may be absent in the next. */
function fieldMap(values: readonly Json[]): JsonObject {
  const names = [...new Set(values.flatMap((value) => (isJsonObject(value) ? Object.keys(value) : [])))];
  return jsonObject(names.map((name): [string, Json] => [`${name}?`, typeOf(valuesAt(values, name))]));
}
