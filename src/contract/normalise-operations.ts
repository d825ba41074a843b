/** The declared methods, each with the whole of its promise: profile, contract, single method, own words. */
import type { Json } from '../protocol/json.ts';
import {
  isMethodName,
  METHODS,
  profileOf,
  type MethodName,
  type MethodProfile,
  type ResourceKind,
} from '../protocol/methods.ts';
import { formatPointer } from '../protocol/pointer.ts';
import { RESOURCE_KINDS } from '../protocol/resources.ts';
import type { Schema } from '../schema/schema.ts';
import type { ActionMock, ErrorPromise, FilterRule, ListMock, Operation, ResponsePromise } from './contract.ts';
import { fieldsOf } from './fields.ts';
import type { ActionMockSource, ListMockSource, OperationSource, ResponseSource } from './format-methods.ts';
import type { ErrorSource } from './format-parts.ts';
import type { ContractSource } from './format.ts';
import { asMany, isMany } from './one-or-many.ts';

type TypeOf = (written: Json) => Schema;
export interface OperationContext {
  readonly kind: ResourceKind;
  readonly entity: Schema | null;
  readonly typeOf: TypeOf;
}

/** One declaration: the method, its name if it has one, its members and place. */
export interface Declared {
  readonly method: MethodName;
  readonly name: string | null;
  readonly written: OperationSource;
  readonly pointer: string;
}

/** In the order of the file. `GET:` alone declares GET. */
export function declaredOperations(methods: ContractSource['methods']): readonly Declared[] {
  const declared: Declared[] = [];
  for (const [method, held] of Object.entries(methods)) {
    if (!isMethodName(method)) continue;
    if (!profileOf(method).named) {
      declared.push({ method, name: null, written: membersOf(held), pointer: formatPointer(['methods', method]) });
      continue;
    }
    for (const [name, written] of Object.entries(typeof held === 'object' && held !== null ? held : {})) {
      declared.push({ method, name, written: membersOf(written), pointer: formatPointer(['methods', method, name]) });
    }
  }
  return declared;
}

function membersOf(held: unknown): OperationSource {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the shape was checked: an object here holds an operation's members
  return typeof held === 'object' && held !== null ? (held as OperationSource) : {};
}

export function normaliseOperations(written: ContractSource, context: OperationContext): readonly Operation[] {
  const declared = declaredOperations(written.methods);
  const shared = errorsOf(written.errors, '/errors', context.typeOf);
  return declared.map((operation) =>
    normaliseOperation(operation, singleOf(operation, declared), shared, written, context),
  );
}

/** What a batch does many of: the single method, or the finder that a batch finder names. */
function singleOf({ method, written }: Declared, declared: readonly Declared[]): Declared | null {
  const single = profileOf(method).batchOf;
  if (single === null) return null;
  if (!METHODS[method].named) return declared.find((other) => other.method === single) ?? null;
  return declared.find((other) => other.method === single && other.name === written.finder) ?? null;
}

function normaliseOperation(
  { method, name, written, pointer }: Declared,
  single: Declared | null,
  shared: ReadonlyMap<number, readonly ErrorPromise[]>,
  contract: ContractSource,
  { kind, entity, typeOf }: OperationContext,
): Operation {
  const profile = profileOf(method);
  const from = single?.written ?? {};
  const linked = profile.named ? from : {};
  const upsert = written.upsert ?? from.upsert ?? false;
  const returnEntity = written.returnEntity ?? false;
  const sentEntity = written.request?.entity ?? from.request?.entity;
  const body = written.request?.body;
  // A list mock and an action mock share `when`; which of them stands here is the method's to say.
  const mocks = asMany<ListMockSource | ActionMockSource>(written.mock ?? linked.mock);
  const ownErrors = errorsOf(written.errors, `${pointer}/errors`, typeOf);
  const singleErrors = single === null ? NO_ERRORS : errorsOf(from.errors, `${single.pointer}/errors`, typeOf);

  return {
    method,
    name,
    pointer,
    doc: written.doc ?? null,
    deprecated: written.deprecated ?? false,
    tags: written.tags ?? [],
    params: fieldsOf(written.params, typeOf),
    paging: pagingOf(written.paging ?? linked.paging),
    metadata: optionalType(written.metadata ?? linked.metadata, typeOf),
    assocKeys: written.assocKeys ?? linked.assocKeys ?? [],
    criteria: fieldsOf(written.criteria ?? linked.params, typeOf),
    batchParam: written.batchParam ?? 'criteria',
    finder: written.finder ?? null,
    projection: written.projection ?? (profile.projects || returnEntity ? 'optional' : 'none'),
    maxBatchSize: written.maxBatchSize ?? null,
    returnEntity,
    upsert,
    level: levelOf(profile, kind, written.level),
    returns: optionalType(written.returns, typeOf),
    readOnly: written.readOnly ?? false,
    request: {
      headers: fieldsOf(written.request?.headers, typeOf),
      entity: sentEntity === undefined ? entity : typeOf(sentEntity),
      body: bodyOf(body, typeOf),
    },
    responses: responsesOf(written, from, pointer, { profile, upsert, entity, typeOf }),
    errors: mergeErrors([ownErrors, singleErrors, shared]),
    exempt: new Map([...Object.entries(contract.exempt ?? {}), ...Object.entries(written.exempt ?? {})]),
    listMock: profile.returns === 'collection' || profile.returns === 'collections' ? mocks.map(listMockOf) : [],
    actionMock: profile.returns === 'value' ? mocks.map(actionMockOf) : [],
  };
}

function optionalType(written: Json | undefined, typeOf: TypeOf): Schema | null {
  return written === undefined ? null : typeOf(written);
}

function levelOf(
  profile: MethodProfile,
  kind: ResourceKind,
  written: Operation['level'] | undefined,
): Operation['level'] {
  if (profile.at !== 'either') return profile.at;
  const { hasKey, bareLevel } = RESOURCE_KINDS[kind];
  return hasKey ? (written ?? 'collection') : bareLevel;
}

function pagingOf(written: OperationSource['paging']): Operation['paging'] {
  if (written === undefined || written === 'none') return null;
  if (typeof written === 'string') return { kind: written, size: null, max: null, total: false };
  return { kind: written.kind, size: written.size ?? null, max: written.max ?? null, total: written.total ?? false };
}

/** true: any body; false: none. */
function bodyOf(written: Json | undefined, typeOf: TypeOf): Schema | false | null {
  if (written === undefined) return null;
  return written === false ? false : typeOf(written);
}

function responsesOf(
  written: OperationSource,
  from: OperationSource,
  pointer: string,
  {
    profile,
    upsert,
    entity,
    typeOf,
  }: { profile: MethodProfile; upsert: boolean; entity: Schema | null; typeOf: TypeOf },
): readonly ResponsePromise[] {
  const usual =
    upsert || profile.effect !== 'replaces' ? profile.ok : profile.ok.filter((status) => status !== CREATED);
  const inherited = asMany<ResponseSource>(from.response)[0]?.entity;
  const one = (response: ResponseSource, at: string): ResponsePromise => {
    const type = response.entity ?? inherited;
    return {
      status: statusList(response.status) ?? usual,
      headers: fieldsOf(response.headers, typeOf),
      entity: type === undefined ? entity : typeOf(type),
      body: bodyOf(response.body, typeOf),
      pointer: at,
    };
  };

  const own = written.response;
  if (own === undefined) return [one({}, pointer)];
  if (!isMany<ResponseSource>(own)) return [one(own, `${pointer}/response`)];
  return own.map((response, index) => one(response ?? {}, `${pointer}/response/${index}`));
}
/** PUT answers it where it may create. */
const CREATED = 201;

export function statusList(written: number | readonly number[] | undefined): readonly number[] | null {
  if (written === undefined) return null;
  return typeof written === 'number' ? [written] : written.filter((status) => status !== null);
}

const NO_ERRORS: ReadonlyMap<number, readonly ErrorPromise[]> = new Map();

function errorsOf(
  written: OperationSource['errors'],
  pointer: string,
  typeOf: TypeOf,
): ReadonlyMap<number, readonly ErrorPromise[]> {
  if (written === undefined) return NO_ERRORS;
  const errors = new Map<number, readonly ErrorPromise[]>();
  for (const [status, held] of Object.entries(written)) {
    const at = `${pointer}/${status}`;
    if (typeof held === 'string') errors.set(Number(status), [errorOf({ doc: held }, at, typeOf)]);
    else if (!isMany<ErrorSource>(held)) errors.set(Number(status), [errorOf(held, at, typeOf)]);
    else {
      const several = asMany<ErrorSource>(held).map((item, index) => errorOf(item, `${at}/${index}`, typeOf));
      errors.set(Number(status), several);
    }
  }
  return errors;
}

function errorOf(written: ErrorSource, pointer: string, typeOf: TypeOf): ErrorPromise {
  return {
    doc: written.doc ?? null,
    code: written.code ?? null,
    serviceErrorCode: written.serviceErrorCode ?? null,
    message: written.message ?? null,
    details: optionalType(written.details, typeOf),
    params: written.params ?? [],
    when: written.when ?? null,
    pointer,
  };
}

/** The nearer declaration of a status stands first: the mock takes the first error that matches. */
function mergeErrors(
  layers: readonly ReadonlyMap<number, readonly ErrorPromise[]>[],
): ReadonlyMap<number, readonly ErrorPromise[]> {
  const present = layers.filter(({ size }) => size > 0);
  const [only, second] = present;
  if (only === undefined) return NO_ERRORS;
  if (second === undefined) return only;

  const merged = new Map<number, readonly ErrorPromise[]>();
  for (const layer of present)
    for (const [status, errors] of layer) merged.set(status, [...(merged.get(status) ?? []), ...errors]);
  return merged;
}

function listMockOf(written: ListMockSource): ListMock {
  return {
    filter: filterOf(written.filter),
    sort: written.sort ?? null,
    elements: written.elements ?? null,
    metadata: written.metadata,
    when: written.when ?? null,
  };
}

function filterOf(written: ListMockSource['filter']): ListMock['filter'] {
  if (written === undefined) return null;
  if (written === false) return false;
  const rules = new Map<string, FilterRule>();
  for (const [path, rule] of Object.entries(written))
    rules.set(path, typeof rule === 'string' ? { equals: rule } : rule);
  return rules;
}

function actionMockOf(written: ActionMockSource): ActionMock {
  return { value: written.value, patch: written.patch ?? null, when: written.when ?? null };
}
