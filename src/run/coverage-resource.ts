/** Coverage of one resource: the items that its contract declares, and what an exchange shows of them. */
import type { Contract, ErrorPromise, Fields, Operation } from '../contract/contract.ts';
import type { Dialect } from '../protocol/dialects.ts';
import { entriesOf, isFailedEntry, REQUEST_ENVELOPES, RESPONSE_ENVELOPES, type Entry } from '../protocol/envelopes.ts';
import { isJsonArray, isJsonObject, memberOf, type Json } from '../protocol/json.ts';
import { profileOf, type MethodProfile } from '../protocol/methods.ts';
import type { Schema } from '../schema/schema.ts';
import { headerOf, type HeaderLines, type HttpResponse } from '../transport/exchange.ts';
import type { Asked } from '../verify/asked.ts';
import { CoverageTree, type CoverageItem } from './coverage-tree.ts';
import { COVERAGE_CATEGORIES, type CoverageCategory, type CoverageRow } from './events.ts';

/** What is looked for in the exchanges of one operation. */
interface OperationItems {
  readonly operation: Operation;
  readonly profile: MethodProfile;
  readonly method: CoverageItem;
  readonly name: CoverageItem | null;
  readonly successes: readonly { readonly statuses: readonly number[]; readonly item: CoverageItem }[];
  readonly errors: readonly ErrorItem[];
  readonly sentHeaders: readonly NamedItem[];
  readonly answeredHeaders: readonly NamedItem[];
  readonly params: readonly ParamItem[];
  readonly batch: { readonly all: CoverageItem; readonly some: CoverageItem; readonly none: CoverageItem } | null;
  readonly entities: CoverageTree | null;
  /** Types of answers that hold another entity than the resource does: status -> tree. */
  readonly ownEntities: ReadonlyMap<number, CoverageTree>;
  readonly metadata: CoverageTree | null;
  readonly returns: CoverageTree | null;
}

interface ErrorItem {
  readonly status: number;
  readonly item: CoverageItem;
  readonly code: { readonly promise: ErrorPromise; readonly item: CoverageItem } | null;
}

interface NamedItem {
  readonly name: string;
  readonly item: CoverageItem;
}

interface ParamItem extends NamedItem {
  /** A request that did without it; null where none may. */
  readonly leftOut: CoverageItem | null;
  readonly values: CoverageTree | null;
}

export class ResourceCoverage {
  readonly #items = new Map<CoverageCategory, Map<string, CoverageItem>>();
  readonly #versions: ReadonlyMap<string, CoverageItem>;
  readonly #operations = new Map<Operation, OperationItems>();

  constructor(contract: Contract, dialect: Dialect) {
    this.#versions = new Map(dialect.protocol.map((version) => [version, this.#add('versions', version)]));
    const entities = contract.entity === null ? null : this.#tree(contract.entity, '');
    const requestHeaders = this.#headers(contract.requestHeaders, 'request');
    const responseHeaders = this.#headers(contract.responseHeaders, 'response');
    for (const operation of contract.operations) {
      const items = this.#itemsOf(contract, operation, dialect, entities);
      this.#operations.set(operation, {
        ...items,
        sentHeaders: [...requestHeaders, ...items.sentHeaders],
        answeredHeaders: [...responseHeaders, ...items.answeredHeaders],
      });
    }
  }

  see(asked: Asked, sent: HeaderLines, response: HttpResponse, body: Json | undefined): void {
    mark(this.#versions.get(asked.protocol));
    const items = asked.operation === null ? undefined : this.#operations.get(asked.operation);
    if (items === undefined) return;

    seeHeaders(items.sentHeaders, sent);
    seeHeaders(items.answeredHeaders, response.headers);
    seeParams(items, asked);
    for (const entry of entriesOf(REQUEST_ENVELOPES[items.profile.sends], asked.body)) seeSent(items, entry);
    const { status } = response;
    if (status >= 400) return seeErrors(items, [{ status, error: body }]);
    if (status < 200 || status >= 300) return;

    mark(items.method);
    mark(items.name);
    for (const { statuses, item } of items.successes) if (statuses.includes(status)) mark(item);
    seeBody(items, status, body);
  }

  rows(resource: string): readonly CoverageRow[] {
    return COVERAGE_CATEGORIES.flatMap((category) => {
      const items = [...(this.#items.get(category)?.values() ?? [])];
      if (items.length === 0) return [];
      const labels = (seen: boolean): string[] => items.filter((item) => item.seen === seen).map(({ label }) => label);
      return [{ resource, category, seen: labels(true), missing: labels(false) }];
    });
  }

  #itemsOf(contract: Contract, operation: Operation, dialect: Dialect, entities: CoverageTree | null): OperationItems {
    const { method, name, responses, metadata, returns } = operation;
    const profile = profileOf(method);
    const title = name === null ? method : `${method} ${name}`;
    const own = responses.flatMap(({ status, entity }) =>
      entity === null || entity === contract.entity
        ? []
        : status.map((one) => [one, this.#tree(entity, `${title}: `)] as const),
    );
    return {
      operation,
      profile,
      method: this.#add('methods', method),
      name: name === null ? null : this.#add('names', title),
      successes: responses.map(({ status }) => ({
        statuses: status,
        item: this.#add('statuses', `${title} ${status.join(' or ')}`),
      })),
      errors: this.#errors(operation, title),
      sentHeaders: this.#headers(operation.request.headers, `${title} request`),
      answeredHeaders: responses.flatMap(({ headers }) => this.#headers(headers, `${title} response`)),
      params: [...this.#params(operation, title), ...this.#protocolParams(operation, title, dialect)],
      batch: profile.batchOf === null ? null : this.#batch(title),
      entities,
      ownEntities: new Map(own),
      metadata: metadata === null ? null : this.#tree(metadata, `${title} metadata: `),
      returns: returns === null ? null : this.#tree(returns, `${title} value: `),
    };
  }

  /** What the contract declares for all of its methods is asked for once. */
  #errors({ errors }: Operation, title: string): readonly ErrorItem[] {
    return [...errors].flatMap(([status, promises]) =>
      promises.map((promise): ErrorItem => {
        const where = promise.pointer.startsWith('/errors/') ? '' : `${title} `;
        const code = promise.code ?? promise.serviceErrorCode;
        return {
          status,
          item: this.#add('statuses', `${where}${status}`),
          code: code === null ? null : { promise, item: this.#add('errors', `${where}${status} ${code}`) },
        };
      }),
    );
  }

  #headers(fields: Fields, where: string): readonly NamedItem[] {
    return [...fields.values()]
      .filter(({ type, deprecated }) => type !== false && deprecated === false)
      .map(({ name }) => ({ name, item: this.#add('headers', `${where}: ${name}`) }));
  }

  #params({ params, criteria }: Operation, title: string): readonly ParamItem[] {
    return [...params.values(), ...criteria.values()]
      .filter(({ type, deprecated }) => type !== false && deprecated === false)
      .map(({ name, required, type }) => ({
        ...this.#param(title, name, !required),
        values: typeof type === 'boolean' ? null : this.#tree(type, `${title}: `, name),
      }));
  }

  #protocolParams({ paging, projection, method }: Operation, title: string, { cursor }: Dialect): readonly ParamItem[] {
    const names: string[] = [];
    if (paging?.kind === 'offset') names.push('start', 'count');
    if (paging?.kind === 'cursor') names.push(cursor.size, cursor.token);
    const params = names.map((name) => ({ ...this.#param(title, name, true), values: null }));
    if (projection === 'none' || !profileOf(method).projects) return params;
    return [...params, { ...this.#param(title, 'fields', projection === 'optional'), values: null }];
  }

  #param(title: string, name: string, mayBeLeftOut: boolean): Omit<ParamItem, 'values'> {
    return {
      name,
      item: this.#add('parameters', `${title}: ${name}`),
      leftOut: mayBeLeftOut ? this.#add('parameters', `${title}: ${name} left out`) : null,
    };
  }

  #batch(title: string): NonNullable<OperationItems['batch']> {
    return {
      all: this.#add('batches', `${title}: all items succeed`),
      some: this.#add('batches', `${title}: some items fail`),
      none: this.#add('batches', `${title}: all items fail`),
    };
  }

  #tree(schema: Schema, prefix: string, path = ''): CoverageTree {
    return new CoverageTree(schema, { prefix, path }, (category, label) => this.#add(category, label));
  }

  #add(category: CoverageCategory, label: string): CoverageItem {
    let items = this.#items.get(category);
    if (items === undefined) this.#items.set(category, (items = new Map<string, CoverageItem>()));
    const known = items.get(label);
    if (known !== undefined) return known;
    const item = { label, seen: false };
    items.set(label, item);
    return item;
  }
}

function mark(item: CoverageItem | null | undefined): void {
  if (item !== null && item !== undefined) item.seen = true;
}

function seeHeaders(items: readonly NamedItem[], lines: HeaderLines): void {
  for (const { name, item } of items) if (!item.seen && headerOf(lines, name) !== null) item.seen = true;
}

function seeParams({ params, profile }: OperationItems, asked: Asked): void {
  for (const { name, item, leftOut, values } of params) {
    const held = valuesOf(asked, profile, name);
    if (held.length === 0) mark(leftOut);
    else item.seen = true;
    for (const value of held) values?.see(value);
  }
}

/** The values that a request gives to a parameter, wherever its method carries it. */
function valuesOf({ params, criteria, masks, body }: Asked, profile: MethodProfile, name: string): readonly Json[] {
  if (name === 'fields') return masks.fields === undefined ? [] : [masks.fields];
  const inBody = profile.sends === 'params' ? memberOf(body, name) : undefined;
  const inCriteria = criteria?.map((one) => memberOf(one, name)) ?? [];
  return [params.get(name), inBody, ...inCriteria].filter((value) => value !== undefined);
}

function seeSent({ entities, profile }: OperationItems, { entity }: Entry): void {
  entities?.see(profile.effect === 'patches' ? memberOf(entity, '$set') : entity);
}

function seeBody(items: OperationItems, status: number, body: Json | undefined): void {
  const { profile, batch, metadata, returns, ownEntities } = items;
  const entities = ownEntities.get(status) ?? items.entities;
  if (profile.returns === 'value') return returns?.see(memberOf(body, 'value'));
  metadata?.see(memberOf(body, 'metadata'));

  const entries = entriesOf(RESPONSE_ENVELOPES[profile.returns], body);
  if (profile.returns === 'created') entities?.see(body);
  for (const { entity } of entries) {
    const elements = profile.returns === 'collections' ? memberOf(entity, 'elements') : undefined;
    if (isJsonArray(elements)) for (const element of elements) entities?.see(element);
    else if (isJsonObject(entity)) entities?.see(entity);
    if (profile.returns === 'collections') metadata?.see(memberOf(entity, 'metadata'));
  }
  if (batch === null || entries.length === 0) return;

  const failed = entries.filter(isFailedEntry);
  mark(failed.length === 0 ? batch.all : failed.length === entries.length ? batch.none : batch.some);
  seeErrors(items, failed);
}

function seeErrors(
  { errors }: OperationItems,
  answers: readonly { readonly status: number | null; readonly error: Json | undefined }[],
): void {
  for (const { status, error } of answers) {
    for (const declared of errors) {
      if (declared.status !== status) continue;
      declared.item.seen = true;
      if (declared.code !== null && hasCode(declared.code.promise, error)) declared.code.item.seen = true;
    }
  }
}

function hasCode({ code, serviceErrorCode }: ErrorPromise, error: Json | undefined): boolean {
  if (code !== null) return memberOf(error, 'code') === code;
  return memberOf(error, 'serviceErrorCode') === serviceErrorCode;
}
