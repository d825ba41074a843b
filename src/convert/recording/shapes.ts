/**
 * Which resources a recording called: which segments of its paths are names and which are keys, of what kind each
 * resource is, and how its keys look. A guess where the wire leaves it open; the draft says so.
 */
import type { SourceRange } from '../../diagnostic/diagnostic.ts';
import { decodeElement, isElementList, isElementRecord, type Element } from '../../protocol/encoding.ts';
import { HEADERS, headerValue } from '../../protocol/headers.ts';
import { isJsonObject, parseJson, memberOf, type Json } from '../../protocol/json.ts';
import type { KeyShape } from '../../protocol/keys.ts';
import { isMethodName, profileOf, type MethodName, type ResourceKind } from '../../protocol/methods.ts';
import { parseQuery } from '../../protocol/query.ts';
import type { PathSegment, ResourceShape, WireRequest } from '../../protocol/request.ts';
import { RESOURCE_KINDS } from '../../protocol/resources.ts';
import type { HttpResponse } from '../../transport/exchange.ts';

/** A recorded request out of its tunnel and without secrets, its path below the base cut into segments. */
export interface Call {
  readonly wire: WireRequest;
  /** null: only the request is known. */
  readonly response: HttpResponse | null;
  /** Where it stands in what was read. */
  readonly at: SourceRange;
  readonly segments: readonly string[];
}

export interface DraftResource {
  readonly shape: ResourceShape;
  /** `/albums/{albumsId}/photos` */
  readonly path: string;
  /** Key elements that were seen, for the types of their parts; by variable for the parents, '' for its own. */
  readonly keys: ReadonlyMap<string, readonly Element[]>;
}

interface Split {
  readonly call: Call;
  readonly template: string;
  readonly literals: readonly string[];
  readonly parents: readonly (readonly [variable: string, text: string])[];
  /** Text of the resource's own key; null at the bare path. */
  readonly key: string | null;
}

/** The resources behind these calls, in the order in which they were first called. */
export function draftResources(calls: readonly Call[]): readonly DraftResource[] {
  const groups = new Map<string, Split[]>();
  for (const call of calls) {
    const split = splitPath(call);
    if (split === null) continue;
    groups.set(split.template, [...(groups.get(split.template) ?? []), split]);
  }
  return [...groups.values()].map(resourceOf);
}

function splitPath(call: Call): Split | null {
  const { segments } = call;
  const literals: string[] = [];
  const parents: [string, string][] = [];
  const template: string[] = [];
  let pending: string | null = null;
  for (const [index, segment] of segments.entries()) {
    if (index > 0 && pending === null && isKey(call, index)) {
      pending = segment;
      continue;
    }
    if (!NAME.test(segment)) return null;
    if (pending !== null) {
      const variable = uniqueName(
        `${(literals.at(-1) ?? 'parent').replace(/\W/g, '_')}Id`,
        parents.map(([name]) => name),
      );
      parents.push([variable, pending]);
      template.push(`{${variable}}`);
      pending = null;
    }
    literals.push(segment);
    template.push(segment);
  }
  return literals.length === 0 ? null : { call, template: `/${template.join('/')}`, literals, parents, key: pending };
}

const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Whether the segment that follows a name is a key. Words can be either; what the request means decides. */
function isKey({ wire, segments }: Call, index: number): boolean {
  const segment = segments[index] ?? '';
  if (!NAME.test(segment) || /\d{6}/.test(segment)) return true;
  const next = segments[index + 1];
  if (next !== undefined) return NAME.test(next) && index % 2 === 1 && segments.length % 2 === 1;
  const named = methodOf(wire);
  if (named !== null) return profileOf(named).at === 'entity' && index % 2 === 1;
  return index % 2 === 1 && !/(?:^|&)(?:q|bq|ids|action)=/.test(wire.query ?? '') && wire.verb !== 'POST';
}

function methodOf(wire: WireRequest): MethodName | null {
  const header = headerValue(wire.headers, HEADERS.method)?.toUpperCase() ?? '';
  return isMethodName(header) ? header : null;
}

function uniqueName(wanted: string, taken: readonly string[]): string {
  for (let count = 1; ; count++) {
    const name = count === 1 ? wanted : `${wanted}${count}`;
    if (!taken.includes(name)) return name;
  }
}

function resourceOf(splits: readonly Split[]): DraftResource {
  const [first] = splits;
  const literals = first?.literals ?? [];
  const keys = new Map<string, Element[]>();
  const see = (variable: string, elements: readonly Element[]): void =>
    void keys.set(variable, [...(keys.get(variable) ?? []), ...elements]);
  for (const { parents, key, call } of splits) {
    for (const [variable, text] of parents) see(variable, elementsOf(text));
    if (key !== null) see('', elementsOf(key));
    see('', idsOf(call.wire));
  }

  const kind = kindOf(splits, keys.get('') ?? []);
  const segments = (first?.template ?? '')
    .slice(1)
    .split('/')
    .map((segment): PathSegment => {
      const variable = /^\{(.+)\}$/.exec(segment)?.[1];
      return variable === undefined
        ? { literal: segment }
        : { variable, key: shapeOf(keys.get(variable) ?? [], 'collection') };
    });
  const key = RESOURCE_KINDS[kind].hasKey ? shapeOf(keys.get('') ?? [], kind) : null;
  return { shape: { name: literals.join('.'), segments, kind, key }, path: first?.template ?? '', keys };
}

function elementsOf(text: string): readonly Element[] {
  const read = decodeElement(text);
  return 'value' in read ? [read.value] : [];
}

function idsOf({ query }: WireRequest): readonly Element[] {
  const read = parseQuery(query ?? '');
  const ids = 'problem' in read ? undefined : read.parameters.get('ids');
  return isElementList(ids) ? ids : [];
}

function kindOf(splits: readonly Split[], keys: readonly Element[]): ResourceKind {
  const bare = splits.filter(({ key }) => key === null).map(({ call }) => call);
  const isList = bare.some(({ wire }) => /(?:^|&)(?:q|bq|ids)=/.test(wire.query ?? ''));
  if (keys.length === 0 && !isList) {
    if (bare.every(({ wire }) => /(?:^|&)action=/.test(wire.query ?? ''))) return 'actionsSet';
    if (bare.some(isOfSimple)) return 'simple';
  }
  const records = keys.filter(isElementRecord);
  const isCompound =
    records.length > 0 &&
    records.length === keys.length &&
    records.every(
      (record) => !Object.hasOwn(record, '$params') && Object.values(record).every((part) => typeof part === 'string'),
    );
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  const methods = splits.map(({ call }) => methodOf(call.wire)).filter((name) => name !== null);
  const fits = methods.every((name) => RESOURCE_KINDS.association.methods.includes(name));
  return isCompound && names.size > 1 && fits ? 'association' : 'collection';
}

/** Whether a request at a bare path speaks to one entity. */
function isOfSimple({ wire, response }: Call): boolean {
  const named = methodOf(wire);
  if (named !== null) return profileOf(named).at === 'entity';
  if (wire.verb === 'PUT' || wire.verb === 'DELETE') return true;
  const body = jsonOf(wire.verb === 'GET' ? (response?.body ?? null) : wire.body);
  if (wire.verb === 'POST') return memberOf(body, 'patch') !== undefined;
  return isJsonObject(body) && !Object.hasOwn(body, 'elements');
}

export function jsonOf(bytes: Uint8Array | null): Json | undefined {
  if (bytes === null || bytes.byteLength === 0) return undefined;
  const parsed = parseJson(new TextDecoder().decode(bytes));
  return 'problem' in parsed ? undefined : parsed.value;
}

function shapeOf(keys: readonly Element[], kind: ResourceKind): KeyShape {
  const records = keys.filter(isElementRecord);
  if (records.length === 0) return { kind: 'simple' };
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const parts = names.filter((name) => name !== '$params').toSorted();
  if (kind === 'association') return { kind: 'compound', parts };
  return { kind: 'complex', parts, params: names.includes('$params') };
}
