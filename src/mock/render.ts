/** Writes a result down: status, headers, and the body in the envelope of its method. */
import { encodeElement } from '../protocol/encoding.ts';
import { ERROR_HEADER, HEADERS, ID_HEADER, headerValue, isSameHeader } from '../protocol/headers.ts';
import { jsonObject, stringifyJson, type Json, type JsonObject } from '../protocol/json.ts';
import { writeKey, type Key, type KeyShape } from '../protocol/keys.ts';
import { parseMask, project, projectObject } from '../protocol/projection.ts';
import type { Masks } from '../protocol/query.ts';
import type { WireRequest } from '../protocol/tunnel.ts';
import type { HeaderLines, HttpResponse } from '../transport/exchange.ts';
import type { Call } from './call.ts';
import { responseFor } from './promised.ts';
import { isPage, type Failure, type Item, type Page, type Result, type Success } from './result.ts';

/** The answer to a request that was understood. */
export function render(result: Result, call: Call): HttpResponse {
  const { asked, wire } = call;
  if (result.kind === 'failure') return renderFailure(result, wire, call.mode === 'oss');

  const headers: (readonly [string, string])[] = [versionOf(wire)];
  const item = 'item' in result ? result.item : null;
  if (
    item !== null &&
    item.key !== null &&
    (result.kind === 'created' || (result.kind === 'body' && result.status === 201))
  ) {
    headers.push([HEADERS.location, location(call, item.key)], [ID_HEADER[asked.protocol], idText(call, item.key)]);
  }
  headers.push(...declaredHeaders(call, result.status, headers));
  return responseOf(result.status, headers, bodyOf(result, call));
}

/**
 * The answer to a request that failed as a whole, understood or not.
 *
 * @param isBare - an error raised before a method was found names no Content-Type, as the open-source server does it
 */
export function renderFailure(result: Failure, wire: WireRequest, isBare = false): HttpResponse {
  const version = versionOf(wire);
  const headers: (readonly [string, string])[] = [version];
  if (result.error !== null) headers.push([ERROR_HEADER[version[1].startsWith('1.') ? '1.0.0' : '2.0.0'], 'true']);
  headers.push(...result.headers);
  if (result.text !== null)
    return {
      status: result.status,
      headers: [...headers, [HEADERS.contentType, 'text/plain']],
      body: utf8.encode(result.text),
    };

  const response = responseOf(result.status, headers, result.error ?? undefined);
  if (!isBare || !result.unrouted) return response;
  return { ...response, headers: response.headers.filter(([name]) => !isSameHeader(name, HEADERS.contentType)) };
}

const utf8 = new TextEncoder();
const NO_BODY = new Uint8Array(0);
const JSON_TYPE: readonly [string, string] = [HEADERS.contentType, 'application/json'];

function responseOf(status: number, headers: HeaderLines, body: Json | undefined): HttpResponse {
  if (body === undefined) return { status, headers, body: NO_BODY };
  return { status, headers: [...headers, JSON_TYPE], body: utf8.encode(stringifyJson(body)) };
}

/** The version asked for, as it was written; a request without one speaks 1.0.0. */
function versionOf(wire: WireRequest): readonly [string, string] {
  return [HEADERS.protocol, headerValue(wire.headers, HEADERS.protocol) ?? '1.0.0'];
}

function bodyOf(result: Success, call: Call): Json | undefined {
  const { masks } = call.asked;
  switch (result.kind) {
    case 'entity':
    case 'created':
      return result.item.entity === null ? undefined : projected(result.item.entity, masks.fields);
    case 'value':
      return result.value === undefined ? undefined : { value: result.value };
    case 'collection':
      return pageBody(result.page, masks);
    case 'collections':
      return { elements: result.pages.map((page) => (isPage(page) ? pageBody(page, masks) : failedCriterion(page))) };
    case 'createdBatch':
      return { elements: result.items.map((item) => createdBody(item, call)) };
    case 'batch':
    case 'statuses':
      return keyedBody(result, call);
    default:
      return result.kind === 'body' ? result.body : undefined;
  }
}

function pageBody(page: Page, masks: Masks): JsonObject {
  const members: [string, Json][] = [['elements', page.elements.map((entity) => projected(entity, masks.fields))]];
  if (page.paging !== null) {
    const paging = projected(page.paging, masks.pagingFields);
    // A mask that asks for nothing of it leaves it out whole.
    if (masks.pagingFields === undefined || Object.keys(paging).length > 0) members.push(['paging', paging]);
  }
  if (page.metadata !== undefined) members.push(['metadata', projectedValue(page.metadata, masks.metadataFields)]);
  return jsonObject(members);
}

function failedCriterion(item: Item): JsonObject {
  return { isError: true, elements: [], error: item.error ?? { status: item.status } };
}

function createdBody(item: Item, call: Call): JsonObject {
  if (item.status >= 400) return { status: item.status, error: item.error ?? { status: item.status } };
  const created = item.key === null ? {} : { id: idText(call, item.key), location: location(call, item.key) };
  const entity = item.entity === null ? {} : { entity: projected(item.entity, call.asked.masks.fields) };
  return { status: item.status, ...created, ...entity };
}

/** `results` and `errors` by key. A bare failure of a write stands among the results, with its status alone. */
function keyedBody(result: Success & { readonly kind: 'batch' | 'statuses' }, call: Call): JsonObject {
  const results: [string, Json][] = [];
  const errors: [string, Json][] = [];
  for (const item of result.items) {
    const name = item.key === null ? '' : keyName(call, item.key);
    if (item.error !== null) errors.push([name, item.error]);
    else if (result.kind === 'batch') {
      if (item.entity !== null) results.push([name, projected(item.entity, call.asked.masks.fields)]);
    } else {
      const entity = item.entity === null ? {} : { entity: projected(item.entity, call.asked.masks.fields) };
      results.push([name, { status: item.status, ...entity }]);
    }
  }
  const maps = { results: jsonObject(results), errors: jsonObject(errors) };
  return result.kind === 'batch' ? { results: maps.results, statuses: {}, errors: maps.errors } : maps;
}

function keyName(call: Call, key: Key): string {
  const { protocol, dialect } = call.asked;
  return writeKey(key, keyShape(call), 'body', protocol, { batchKeys: dialect.batchKeys, params: false });
}

function idText(call: Call, key: Key): string {
  return writeKey(key, keyShape(call), 'header', call.asked.protocol);
}

/** Relative to the host, below the path of the request, as the key stands in a URL. */
function location(call: Call, key: Key): string {
  const path = call.wire.path.replace(/\/+$/, '');
  return `${path}/${writeKey(key, keyShape(call), 'location', call.asked.protocol)}`;
}

function keyShape(call: Call): KeyShape {
  return call.contract.key?.shape ?? { kind: 'simple' };
}

const NO_LINES: HeaderLines = [];

/** Headers that the contract promises of a success and that nothing else has set. */
function declaredHeaders(call: Call, status: number, set: HeaderLines): HeaderLines {
  const promise = responseFor(call.operation, status);
  if ((promise === undefined || promise.headers.size === 0) && call.contract.responseHeaders.size === 0)
    return NO_LINES;

  const fields = [...(promise?.headers.values() ?? []), ...call.contract.responseHeaders.values()];
  const lines: (readonly [string, string])[] = [];
  for (const field of fields) {
    if (!field.required || field.type === false || set.concat(lines).some(([name]) => isSameHeader(name, field.name)))
      continue;
    lines.push([field.name, field.type === true ? 'set' : headerText(call.samples.of(field.type))]);
  }
  return lines;
}

function headerText(value: Json | undefined): string {
  if (value === undefined || value === null) return 'set';
  return typeof value === 'string' ? value : encodeElement(value, 'reduced');
}

function projected(entity: JsonObject, mask: string | undefined): JsonObject {
  if (mask === undefined) return entity;
  const read = parseMask(mask);
  return 'mask' in read ? projectObject(read.mask, entity) : entity;
}

function projectedValue(value: Json, mask: string | undefined): Json {
  if (mask === undefined) return value;
  const read = parseMask(mask);
  return 'mask' in read ? project(read.mask, value) : value;
}
