/** The methods that list: GET_ALL, finders, and batch finders, which answer one list for each criterion. */
import type { ListMock, Operation } from '../contract/contract.ts';
import { isJsonObject, jsonObject, memberOf, type Json, type JsonObject } from '../protocol/json.ts';
import { pagingMember } from '../protocol/paging.ts';
import { scopeOf, type Call } from './call.ts';
import { conditionalError, firstMeeting, type Facets } from '../verify/conditions.ts';
import { failed, failedAsPromised } from './failed-item.ts';
import { select, sorted } from './listing.ts';
import { slice, type Slice } from './paging.ts';
import type { Item, Page } from './result.ts';
import { fillMembers, fillTemplate } from './template.ts';

/** The list that a request asks for, or the failure of one whose page token was never given out. */
export function listOne(call: Call): Page | Item {
  return list(call, call.operation, jsonObject(call.asked.params));
}

/** One list for each criterion, in the order asked; a criterion that meets a declared error has its failure instead. */
export function listMany(call: Call): readonly (Page | Item)[] {
  const { contract, operation, asked, place, wire } = call;
  return (asked.criteria ?? []).map((criterion) => {
    const params = isJsonObject(criterion) ? criterion : {};
    const facets = { parents: place.parents, params, criteria: criterion };
    const error = conditionalError(contract, operation, wire.headers, () => facets, 'item', ['params']);
    if (error !== null) return failedAsPromised(call, null, error.status, error.promise);
    return list(call, operation, params);
  });
}

function list(call: Call, operation: Operation, params: JsonObject): Page | Item {
  const { contract, asked, place, state, wire } = call;
  const facets: Facets = { parents: place.parents, params, criteria: params };
  const mock = firstMeeting(operation.listMock, { contract, operation }, wire.headers, () => facets);
  const entities =
    fixedElements(call, mock, params) ?? select(state.list(place), operation, mock, params, asked.partialKey);

  const page = slice(entities, operation.paging, asked.params, asked.dialect.cursor);
  if (page === null) return failed(call, null, 400, `\`${asked.dialect.cursor.token}\` is no token of this list.`);
  return {
    elements: page.items,
    paging: pagingOf(call, operation, page),
    metadata: metadataOf(call, operation, page, params, mock?.metadata),
  };
}

/** The elements that the contract fixes, its templates filled; null where it fixes none. */
function fixedElements(call: Call, mock: ListMock | null, params: JsonObject): readonly JsonObject[] | null {
  const { elements = null, sort = null } = mock ?? {};
  if (elements === null) return null;
  const scope = scopeOf(call, null, null, params);
  return sorted(
    elements.map((element) => fillMembers(element, scope)),
    sort,
  );
}

function pagingOf(call: Call, { paging }: Operation, page: Slice<JsonObject>): JsonObject | null {
  if (paging?.kind === 'cursor') {
    const [member, ...path] = tokenPath(call);
    // Beside the token stands what every reader of `paging` wants, so that one that knows no tokens can read it, too.
    const usual = { start: page.start, count: page.count, links: [] };
    return member === 'paging' ? withToken(usual, path, page.next) : null;
  }
  // A resource that does not page shows everything, and has no page to link to.
  if (paging === null) return { start: page.start, count: page.count, links: [] };

  const total = paging.total ? page.total : null;
  const member = pagingMember(call.wire.path, call.wire.query, {
    start: page.start,
    count: page.count,
    size: page.items.length,
    total,
  });
  return isJsonObject(member) ? member : null;
}

function metadataOf(
  call: Call,
  operation: Operation,
  page: Slice<JsonObject>,
  params: JsonObject,
  fixed: Json | undefined,
): Json | undefined {
  const made =
    fixed !== undefined
      ? fillTemplate(fixed, scopeOf(call, null, null, params))
      : operation.metadata === null
        ? undefined
        : call.samples.of(operation.metadata);
  if (operation.paging?.kind !== 'cursor') return made;

  const [member, ...path] = tokenPath(call);
  if (member !== 'metadata') return made;
  return withToken(isJsonObject(made) ? made : {}, path, page.next);
}

/** `metadata/nextPageToken`: the first segment is a member of the envelope. */
function tokenPath(call: Call): readonly string[] {
  return call.asked.dialect.cursor.next.split('/');
}

function withToken(metadata: JsonObject, path: readonly string[], token: string | null): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined) return metadata;
  if (rest.length > 0) {
    const inner = memberOf(metadata, name);
    return { ...metadata, [name]: withToken(isJsonObject(inner) ? inner : {}, rest, token) };
  }
  if (token !== null) return { ...metadata, [name]: token };
  return jsonObject(Object.entries(metadata).filter(([other]) => other !== name));
}
