/**
 * Contracts as an OpenAPI 3.1 document.
 *
 * OpenAPI knows one operation for a path and verb, Rest.li several, told apart by query and header. They share an
 * operation whose parameters are optional where not all need them; `x-restli` lists each with what it needs.
 */
import type { Contract, KeyType, Operation } from '../contract/contract.ts';
import { DIALECTS, methodHeaderLevel, type Dialect } from '../protocol/dialects.ts';
import { HEADERS } from '../protocol/headers.ts';
import { jsonEquals, jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { METHOD_NAMES, profileOf } from '../protocol/methods.ts';
import { RESOURCE_KINDS } from '../protocol/resources.ts';
import { Components } from './openapi/components.ts';
import { methodHeader, partsOf, type AnswerParts, type OperationParts } from './openapi/operation.ts';
import { compareText } from './problem.ts';

export interface OpenApiOptions {
  /** `info.title`; default: the names of the resources. */
  readonly title?: string;
  /** `info.version`; default 1.0.0. */
  readonly version?: string;
  /** Base URLs for `servers`. */
  readonly servers?: readonly string[];
  /** By name; default: those that are built in. */
  readonly dialects?: ReadonlyMap<string, Dialect>;
}

/** @param contracts - as loaded; paths and schemas of all of them end in one document */
export function toOpenApi(contracts: readonly Contract[], options: OpenApiOptions = {}): JsonObject {
  const components = new Components();
  const dialects = options.dialects ?? new Map(Object.entries(DIALECTS));
  const paths = new Map<string, JsonObject>();
  for (const contract of contracts) {
    for (const [path, item] of pathsOf({
      contract,
      dialect: dialects.get(contract.dialect) ?? DIALECTS.restli,
      components,
    }))
      paths.set(path, { ...paths.get(path), ...item });
  }
  const schemas = components.toJson();
  return {
    openapi: '3.1.0',
    info: {
      title: options.title ?? contracts.map(({ resource }) => resource).join(', '),
      version: options.version ?? '1.0.0',
    },
    ...(options.servers === undefined || options.servers.length === 0
      ? {}
      : { servers: options.servers.map((url) => ({ url })) }),
    tags: contracts.map(({ resource, doc }) => ({ name: resource, ...(doc === null ? {} : { description: doc }) })),
    paths: jsonObject([...paths].toSorted(([a], [b]) => compareText(a, b))),
    ...(Object.keys(schemas).length === 0 ? {} : { components: { schemas } }),
  };
}

interface Source {
  readonly contract: Contract;
  readonly dialect: Dialect;
  readonly components: Components;
}

function pathsOf(source: Source): ReadonlyMap<string, JsonObject> {
  const { contract, components } = source;
  const groups = new Map<string, Map<string, Operation[]>>();
  for (const operation of contract.operations) {
    const path = pathOf(operation, contract);
    const verbs = groups.get(path) ?? new Map<string, Operation[]>();
    const verb = profileOf(operation.method).verb.toLowerCase();
    verbs.set(verb, [...(verbs.get(verb) ?? []), operation]);
    groups.set(path, verbs);
  }
  return new Map(
    [...groups].map(([path, verbs]): [string, JsonObject] => {
      const parameters = pathParameters(path, contract, components);
      const item = [...verbs].map(([verb, operations]): [string, Json] => [
        verb,
        operationOf(verb, path, operations, source),
      ]);
      return [path, { ...(parameters.length === 0 ? {} : { parameters }), ...jsonObject(item) }];
    }),
  );
}

/** A list below a part of the key shares its template with the entity: both put one segment behind the bare path. */
function pathOf({ level, assocKeys }: Operation, contract: Contract): string {
  const { hasKey } = RESOURCE_KINDS[contract.kind];
  const below = hasKey && (level === 'entity' || assocKeys.length > 0);
  return below ? `${contract.path}/{${keyName(contract)}}` : contract.path;
}

function keyName({ key, parents }: Contract): string {
  const names = [...(key?.parts.keys() ?? [])];
  const name = names.length === 1 && key?.params === null ? (names[0] ?? 'key') : 'key';
  return parents.has(name) ? `${name}Of` : name;
}

function pathParameters(path: string, contract: Contract, components: Components): readonly JsonObject[] {
  return [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => {
    const key = contract.parents.get(name) ?? (name === keyName(contract) ? contract.key : null);
    return { name, in: 'path', required: true, ...keySchema(key ?? null, contract, components) };
  });
}

/** Keys of several parts stand in one segment in a form that no style of OpenAPI has, so they are text there. */
function keySchema(key: KeyType | null, contract: Contract, components: Components): JsonObject {
  const [only] = [...(key?.parts.values() ?? [])];
  if (key === null || only === undefined) return { schema: { type: 'string' } };
  if (key.parts.size === 1 && key.params === null) return { schema: components.of(only, contract) };
  const parts = [...key.parts.keys()].map((part) => `${part}:…`).join(',');
  return { description: `The key as one segment: \`(${parts})\`.`, schema: { type: 'string', pattern: '^\\(' } };
}

function operationOf(
  verb: string,
  path: string,
  operations: readonly Operation[],
  { contract, dialect, components }: Source,
): JsonObject {
  const all = operations.map((operation) => ({ operation, parts: partsOf(operation, contract, dialect, components) }));
  const methods = METHOD_NAMES.filter((name) => operations.some(({ method }) => method === name));
  const level = path === contract.path ? '' : '_entity';
  const docs = all.map(
    ({ operation }) =>
      `- ${operation.method}${operation.name === null ? '' : ` \`${operation.name}\``}${operation.doc === null ? '' : `: ${operation.doc.trim().replaceAll(/\s*\n\s*/g, ' ')}`}`,
  );
  const bodies = distinct(all.flatMap(({ parts }) => (parts.body === null ? [] : [parts.body])));
  return {
    operationId: `${contract.resource}_${verb}${level}`.replaceAll('.', '_'),
    tags: [contract.resource],
    summary: [...new Set(all.map(({ operation }) => operation.name ?? operation.method))].join(', '),
    ...(all.some(({ operation }) => operation.doc !== null) ? { description: docs.join('\n') } : {}),
    ...(contract.deprecated !== false || all.every(({ operation }) => operation.deprecated !== false)
      ? { deprecated: true }
      : {}),
    parameters: [
      ...merged(all.map(({ parts }) => parts)),
      methodHeader(
        methods,
        methods.every((method) => methodHeaderLevel(dialect, method) === 'must'),
      ),
      { name: HEADERS.protocol, in: 'header', schema: { enum: [...dialect.protocol] } },
    ],
    ...(bodies.length === 0
      ? {}
      : { requestBody: { required: all.every(({ parts }) => parts.body !== null), content: content(bodies) } }),
    responses: responsesOf(all.map(({ parts }) => parts)),
    'x-restli': all.map(({ operation, parts }) => ({
      method: operation.method,
      ...(operation.name === null ? {} : { name: operation.name }),
      query: parts.parameters
        .filter((parameter) => parameter['in'] === 'query')
        .map((parameter) => nameOf(parameter) + (parameter['required'] === true ? '' : '?')),
      ...(operation.maxBatchSize === null ? {} : { maxBatchSize: operation.maxBatchSize }),
      ...deprecation(operation, contract),
    })),
  };
}

function groupBy<T>(items: readonly T[], nameOfGroup: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOfGroup(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}

/** true, or what to use instead. */
function deprecation(operation: Operation, contract: Contract): JsonObject {
  const deprecated = operation.deprecated === false ? contract.deprecated : operation.deprecated;
  return deprecated === false ? {} : { deprecated };
}

/** One parameter a place and name: required if every operation requires it; of whichever type any of them takes. */
function merged(parts: readonly OperationParts[]): readonly JsonObject[] {
  const byName = groupBy(
    parts.flatMap(({ parameters }) => parameters),
    (parameter) => `${parameter['in'] === 'header' ? 'header' : 'query'} ${nameOf(parameter)}`,
  );
  return [...byName.values()].map((same) => {
    const required = same.length === parts.length && same.every((parameter) => parameter['required'] === true);
    const { required: _, schema: __, ...rest } = jsonObject(same.toReversed().flatMap((one) => Object.entries(one)));
    return {
      ...rest,
      ...(required ? { required } : {}),
      schema: either(distinct(same.map(({ schema }) => schema ?? {}))),
    };
  });
}

function responsesOf(parts: readonly OperationParts[]): JsonObject {
  const byStatus = groupBy(
    parts.flatMap(({ answers }) => answers),
    ({ status }) => status,
  );
  return jsonObject(
    [...byStatus]
      .toSorted(([a], [b]) => compareText(a, b))
      .map(([status, answers]): [string, Json] => {
        const bodies = distinct(answers.flatMap(({ schema }) => (schema === null ? [] : [schema])));
        const headers = headersOf(answers);
        return [
          status,
          {
            description: [...new Set(answers.map(({ description }) => description))].join('\n'),
            ...(Object.keys(headers).length === 0 ? {} : { headers }),
            ...(bodies.length === 0 ? {} : { content: content(bodies) }),
          },
        ];
      }),
  );
}

/** Required only where every answer of the status has the header. */
function headersOf(answers: readonly AnswerParts[]): JsonObject {
  const all = new Map(answers.flatMap(({ headers }) => Object.entries(headers)));
  return jsonObject(
    [...all].map(([name, { required, ...header }]): [string, Json] => {
      const isAlways = required === true && answers.every(({ headers }) => headers[name]?.['required'] === true);
      return [name, { ...header, ...(isAlways ? { required: true } : {}) }];
    }),
  );
}

function nameOf({ name }: JsonObject): string {
  return typeof name === 'string' ? name : '';
}

function content(schemas: readonly Json[]): JsonObject {
  return { 'application/json': { schema: either(schemas) } };
}

function either(schemas: readonly Json[]): Json {
  return schemas.length === 1 ? (schemas[0] ?? {}) : { anyOf: schemas };
}

function distinct(values: readonly Json[]): readonly Json[] {
  return values.filter((value, index) => values.findIndex((other) => jsonEquals(other, value)) === index);
}
