/** Recorded exchanges -> draft contracts: resources, types, methods and cases as far as the recording shows them. */
import type { ContractSource } from '../../contract/format.ts';
import { parseContract } from '../../contract/parse.ts';
import { printSource } from '../../contract/print.ts';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { DIALECTS } from '../../protocol/dialects.ts';
import type { Element } from '../../protocol/encoding.ts';
import { isElementRecord } from '../../protocol/encoding.ts';
import { headerValue } from '../../protocol/headers.ts';
import { isJsonArray, isJsonObject, jsonObject, memberOf, type Json, type JsonObject } from '../../protocol/json.ts';
import { METHOD_NAMES, profileOf, type MethodName } from '../../protocol/methods.ts';
import { readRequest, type WireRequest } from '../../protocol/request.ts';
import { RESOURCE_KINDS } from '../../protocol/resources.ts';
import { untunnel } from '../../protocol/tunnel.ts';
import { problem } from '../problem.ts';
import type { Conversion } from '../restspec.ts';
import { members } from '../restspec/members.ts';
import { caseOf, queryOf, typed, type ReadCall } from './cases.ts';
import { inferSchema, typeName } from './infer.ts';
import type { Recorded } from './recorded.ts';
import { Cleaner } from './secrets.ts';
import { draftResources, jsonOf, type Call, type DraftResource } from './shapes.ts';

export interface DraftOptions {
  /** As shown in messages. */
  readonly file: string;
  /** Prefix of the paths before the resources: `/rest`. Default: that of a built-in dialect, if the paths begin with it. */
  readonly base?: string;
}

/** Most cases of one draft; what was recorded beyond is told. */
const MOST_CASES = 200;

export function draftContracts(recorded: readonly Recorded[], options: DraftOptions): Omit<Conversion, 'texts'> {
  const problems: Diagnostic[] = [];
  const cleaner = new Cleaner(recorded);
  const base = options.base ?? baseOf(recorded);
  const calls = recorded.flatMap((one) => callOf(one, base, problems));
  const resources = draftResources(calls);
  const files = new Map<string, string>();
  const byResource = readAll(calls, resources, base, problems);
  for (const resource of resources) {
    const read = byResource.get(resource.shape.name) ?? [];
    if (read.length === 0 || files.has(fileOf(resource))) continue;
    const text = textOf(resource, read, cleaner, base, problems);
    if (text !== null) files.set(fileOf(resource), text);
  }
  if (recorded.length > 0 && files.size === 0)
    problems.push(
      problem(
        'error',
        'draft',
        'no request of the recording could be read as one of Rest.li',
        null,
        'name what stands before the resources with `--base`',
      ),
    );
  if (cleaner.removed.size > 0)
    problems.push(
      problem(
        'warning',
        'secrets',
        `secrets were left out: ${[...cleaner.removed].toSorted().join(', ')}`,
        null,
        'give credentials in `targets` of the config, the others in the environment',
      ),
    );
  return { files: new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1))), problems };
}

function fileOf({ shape }: DraftResource): string {
  return `${shape.name}.contract.yaml`;
}

/** The base of a built-in dialect that most of the paths begin with. */
function baseOf(recorded: readonly Recorded[]): string {
  const bases = Object.values(DIALECTS).flatMap((dialect) => dialect.bases);
  const below = (prefix: string): number =>
    recorded.filter(({ request }) => request.target.startsWith(`${prefix}/`)).length;
  return bases.find((prefix) => below(prefix) * 2 > recorded.length) ?? '';
}

function callOf(recorded: Recorded, base: string, problems: Diagnostic[]): readonly Call[] {
  const { request } = recorded;
  const question = request.target.indexOf('?');
  const sent: WireRequest = {
    verb: request.verb,
    path: question < 0 ? request.target : request.target.slice(0, question),
    query: question < 0 ? null : request.target.slice(question + 1),
    headers: request.headers,
    body: request.body !== null && request.body.byteLength === 0 ? null : request.body,
  };
  const out = untunnel(sent);
  const skip = (why: string): readonly Call[] => {
    problems.push(
      problem('warning', 'request', `${request.verb} ${sent.path} is passed over: ${why}`, recorded.at, null),
    );
    return [];
  };
  if ('problem' in out) return skip(out.problem.message);
  const wire = out.request;
  if (!wire.path.startsWith(`${base}/`)) return skip(`its path does not begin with ${base}/`);
  const segments = wire.path
    .slice(base.length + 1)
    .split('/')
    .filter((segment, index, all) => segment !== '' || index < all.length - 1);
  return [{ wire, recorded, segments }];
}

/** Resource -> its requests, those that are the same to the byte as one. */
function readAll(
  calls: readonly Call[],
  resources: readonly DraftResource[],
  base: string,
  problems: Diagnostic[],
): ReadonlyMap<string, readonly ReadCall[]> {
  const shapes = resources.map(({ shape }) => shape);
  const found = new Map<string, Map<string, ReadCall>>();
  for (const call of calls) {
    const { request, response } = call.recorded;
    const skip = (why: string): void =>
      void problems.push(
        problem(
          'warning',
          'request',
          `${request.verb} ${request.target} is passed over: ${why}`,
          call.recorded.at,
          null,
        ),
      );
    const read = readRequest(call.wire, shapes, { bases: base === '' ? [] : [base] });
    if ('reason' in read) {
      skip(read.message);
      continue;
    }
    if (!('method' in read.routed)) {
      skip('it reaches no method of Rest.li');
      continue;
    }
    const { method } = read.routed;
    if (!RESOURCE_KINDS[read.resource.kind].methods.includes(method)) {
      skip(`it is ${method}, which a resource of kind ${read.resource.kind} does not have`);
      continue;
    }
    const answer = response === null ? [] : [{ status: response.status, body: jsonOf(response.body) }];
    const same = found.get(read.resource.name) ?? new Map<string, ReadCall>();
    const id = `${method} ${call.wire.path}?${call.wire.query ?? ''} ${Buffer.from(call.wire.body ?? []).toString('latin1')}`;
    const known = same.get(id);
    same.set(
      id,
      known === undefined
        ? { method, read, call, answers: answer }
        : { ...known, answers: [...known.answers, ...answer] },
    );
    found.set(read.resource.name, same);
  }
  return new Map([...found].map(([name, same]) => [name, [...same.values()]]));
}

function textOf(
  resource: DraftResource,
  read: readonly ReadCall[],
  cleaner: Cleaner,
  base: string,
  problems: Diagnostic[],
): string | null {
  const contract = contractOf(resource, read, cleaner, base);
  const kept: JsonObject[] = [];
  if (read.length > MOST_CASES)
    problems.push(
      problem(
        'warning',
        'draft',
        `${read.length} unlike requests reach \`${resource.shape.name}\`; the first ${MOST_CASES} became cases`,
        null,
        null,
      ),
    );
  const names = new Set<string>();
  const written = read.slice(0, MOST_CASES).map((one) => ({ one, spec: caseOf(one, nameOf(one, names), cleaner) }));
  const all = { ...contract, cases: written.map(({ spec }) => spec) };
  if (errorsOf(all, resource).length === 0) return printed(all);

  // Which of the cases are wrong is asked of each alone.
  for (const { one, spec } of written) {
    const [wrong] = errorsOf({ ...contract, cases: [spec] }, resource);
    if (wrong === undefined) kept.push(spec);
    else {
      const message = `a request of \`${resource.shape.name}\` became no case: ${wrong.message}`;
      problems.push(problem('warning', 'request', message, one.call.recorded.at, 'write it by hand, with `raw`'));
    }
  }
  const whole = { ...contract, cases: kept };
  const errors = errorsOf(whole, resource);
  for (const { message, fix } of errors)
    problems.push(problem('error', 'contract', `\`${resource.shape.name}\` makes no contract: ${message}`, null, fix));
  return errors.length === 0 ? printed(whole) : null;
}

/** What the checks hold against it as a contract; without errors it is one. */
function errorsOf(source: JsonObject, resource: DraftResource): readonly Diagnostic[] {
  return parseContract(printed(source), { file: fileOf(resource) }).diagnostics.filter(
    ({ severity }) => severity === 'error',
  );
}

function printed(source: JsonObject): string {
  return printSource(source as unknown as ContractSource);
}

function contractOf(resource: DraftResource, read: readonly ReadCall[], cleaner: Cleaner, base: string): JsonObject {
  const { shape, path, keys } = resource;
  const dialect = Object.values(DIALECTS).find(({ bases }) => bases.includes(base))?.name;
  const version = new Set(read.flatMap(({ call }) => headerValue(call.wire.headers, VERSION_HEADER) ?? []));
  const [sole] = [...version];
  return members([
    ['contract', 1],
    ['resource', shape.name],
    ['doc', 'A draft from recorded requests: kind, types and what may be absent are guessed from what was seen.'],
    ['path', path === `/${shape.name}` ? undefined : path],
    ['kind', shape.kind === 'collection' ? undefined : shape.kind],
    ['dialect', dialect],
    [
      'headers',
      version.size === 1 && sole !== undefined && dialect !== undefined ? { [VERSION_HEADER]: sole } : undefined,
    ],
    ['key', shape.key === null ? undefined : keyType(keys.get('') ?? [])],
    ['parents', parentsOf(resource)],
    ['entity', shape.kind === 'actionsSet' ? undefined : cleaned(inferEntity(read))],
    ['methods', methodsOf(read, cleaner)],
  ]);
}
const VERSION_HEADER = 'LinkedIn-Version';

/** A schema knows names, not values, so nothing of it is secret; an open one says that it holds an object. */
function cleaned(schema: JsonObject): JsonObject {
  return schema['type'] === undefined ? { type: 'object' } : schema;
}

function keyType(elements: readonly Element[]): JsonObject {
  const records = elements.filter(isElementRecord);
  if (records.length === 0) return { id: typeName(elements.map(typed)) ?? 'string' };
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))].toSorted();
  const typeOf = (name: string, all: readonly Json[]): Json =>
    typeName(all.flatMap((record) => memberOf(record, name) ?? [])) ??
    inferSchema(all.flatMap((record) => memberOf(record, name) ?? []));
  const values = records.map(typed);
  const params = values.flatMap((record) => memberOf(record, '$params') ?? []);
  return jsonObject([
    ...names.filter((name) => name !== '$params').map((name): [string, Json] => [name, typeOf(name, values)]),
    ...(names.includes('$params') ? [['$params', fieldMap(params)] as const] : []),
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

/** Entities that were sent and answered, whole ones only. */
function inferEntity(read: readonly ReadCall[]): JsonObject {
  const seen: Json[] = [];
  for (const { method, read: request, call, answers } of read) {
    const { sends, returns } = profileOf(method);
    const body = jsonOf(call.wire.body);
    if (sends === 'entity' && body !== undefined) seen.push(body);
    if (sends === 'elements') seen.push(...listOf(memberOf(body, 'elements')));
    if (sends === 'entities') seen.push(...valuesOf(memberOf(body, 'entities')));
    if (request.masks.fields !== undefined) continue;
    for (const answer of answers.filter(({ status }) => status < 400)) {
      if (returns === 'entity' && answer.body !== undefined) seen.push(answer.body);
      if (returns === 'collection') seen.push(...listOf(memberOf(answer.body, 'elements')));
      if (returns === 'batch') seen.push(...valuesOf(memberOf(answer.body, 'results')));
      if (returns === 'collections')
        seen.push(...listOf(memberOf(answer.body, 'elements')).flatMap((item) => listOf(memberOf(item, 'elements'))));
    }
  }
  return without(inferSchema(seen.filter(isJsonObject)), read.flatMap(deletedBy));
}

/** Members that a patch took away; an entity can be without them. */
function deletedBy({ method, call }: ReadCall): readonly Json[] {
  const { sends } = profileOf(method);
  const body = jsonOf(call.wire.body);
  const patches = sends === 'patch' ? [body] : sends === 'patches' ? valuesOf(memberOf(body, 'entities')) : [];
  return patches.flatMap((patch) => listOf(memberOf(memberOf(patch, 'patch'), '$delete')));
}

function without({ required, ...schema }: JsonObject, names: readonly Json[]): JsonObject {
  const left = listOf(required).filter((name) => !names.includes(name));
  if (left.length === 0) return schema;
  const { type, ...rest } = schema;
  return { ...(type === undefined ? {} : { type }), required: left, ...rest };
}

function listOf(value: Json | undefined): readonly Json[] {
  return isJsonArray(value) ? value : [];
}

function valuesOf(value: Json | undefined): readonly Json[] {
  return isJsonObject(value) ? Object.values(value) : [];
}

function methodsOf(read: readonly ReadCall[], cleaner: Cleaner): JsonObject {
  const methods = new Map<MethodName, Json>();
  for (const method of METHOD_NAMES) {
    const calls = read.filter((one) => one.method === method);
    if (calls.length === 0) continue;
    if (!profileOf(method).named) {
      const said = operationOf(method, calls, cleaner);
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
            cleaner,
          ),
        ]),
      ),
    );
  }
  return jsonObject(methods);
}

/** Paging parameters are a promise of their own. */
const OFFSET = ['start', 'count'];
const CURSOR = ['pageSize', 'pageToken'];

function operationOf(method: MethodName, calls: readonly ReadCall[], cleaner: Cleaner): JsonObject {
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
    : CURSOR.some((name) => names.has(name))
      ? 'cursor'
      : OFFSET.some((name) => names.has(name)) || calls.some(hasPaging)
        ? 'offset'
        : undefined;
  const own = given.map((params) =>
    jsonObject(
      Object.entries(isJsonObject(params) ? params : {}).filter(
        ([name]) => !name.startsWith('$') && !(lists && [...OFFSET, ...CURSOR].includes(name)),
      ),
    ),
  );
  const params = fieldMap(own.map((one) => cleaner.value(one)));
  const batchParam = queries.find((query) => query.batchParam !== null)?.batchParam;
  const values = isAction
    ? calls.flatMap(({ answers }) => answers.flatMap(({ body }) => memberOf(body, 'value') ?? []))
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
    ['returns', values.length === 0 ? undefined : (typeName(values) ?? inferSchema(values))],
  ]);
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
  return jsonObject(
    names.map((name): [string, Json] => {
      const seen = values.flatMap((value) => memberOf(value, name) ?? []);
      return [`${name}?`, typeName(seen) ?? inferSchema(seen)];
    }),
  );
}

/** `reads 5001`, `search answers 400`: what is told apart by number if it would be the same. */
function nameOf({ method, read, answers }: ReadCall, taken: Set<string>): string {
  const what = read.name ?? method.toLowerCase().replaceAll('_', ' ');
  const on = typeof read.key === 'string' ? ` on ${read.key}` : '';
  const status = answers[0]?.status;
  const base = `${what}${on}${status === undefined ? ' succeeds' : ` answers ${status}`}`
    .replaceAll(/[/\s]+/g, ' ')
    .replaceAll('${', '')
    .slice(0, 100);
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base} (${count})`;
  taken.add(name);
  return name;
}
