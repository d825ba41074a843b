/** Faults in the answer as it leaves: status, headers, and the text of the body. */
import { ERROR_HEADER, HEADERS, ID_HEADER, isSameHeader } from '../protocol/headers.ts';
import { isJsonObject, jsonObject, memberOf, stringifyJson, type Json, type JsonObject } from '../protocol/json.ts';
import { readBody } from '../verify/body.ts';
import type { HttpResponse } from '../transport/exchange.ts';
import { profileOf, type MethodProfile } from '../protocol/methods.ts';
import type { Call } from './call.ts';
import type { Fault } from './faults.ts';

const ID_HEADERS = Object.values(ID_HEADER);
const ERROR_HEADERS = Object.values(ERROR_HEADER);

export const ANSWER_FAULTS: readonly Fault[] = [
  {
    name: 'create-without-id',
    title: 'Answers a CREATE without the header that names the id',
    kind: 'headers',
    breaks: ['CREATE'],
    rules: ['create/id-missing'],
    caughtBy: 'contract',
    apply: {
      response: (response, call) => (isCreation(response, call) ? withoutHeaders(response, ID_HEADERS) : response),
    },
  },
  {
    name: 'create-without-location',
    title: 'Answers a CREATE without Location',
    kind: 'headers',
    breaks: ['CREATE'],
    rules: ['create/location-missing'],
    caughtBy: 'contract',
    apply: {
      response: (response, call) =>
        isCreation(response, call) ? withoutHeaders(response, [HEADERS.location]) : response,
    },
  },
  {
    name: 'location-of-another-key',
    title: 'Names another key in Location than in the id header',
    kind: 'headers',
    breaks: ['CREATE'],
    rules: ['create/ids-differ'],
    caughtBy: 'contract',
    apply: { response: (response) => mapHeader(response, HEADERS.location, (value) => `${value}0`) },
  },
  {
    name: 'id-encoded-in-header',
    title: 'Percent-encodes the id in its header',
    kind: 'headers',
    breaks: ['CREATE'],
    rules: ['create/id-type'],
    caughtBy: 'contract',
    apply: { response: (response) => ID_HEADERS.reduce((all, name) => mapHeader(all, name, encodedWhole), response) },
  },
  {
    name: 'create-answers-200',
    title: 'Answers a CREATE with 200 and no id',
    kind: 'status',
    breaks: ['CREATE'],
    rules: ['status/undeclared-success', 'create/id-missing'],
    caughtBy: 'contract',
    apply: {
      response: (response, call) =>
        isCreation(response, call)
          ? { ...withoutHeaders(response, [...ID_HEADERS, HEADERS.location]), status: 200 }
          : response,
    },
  },
  {
    name: 'missing-entity-is-200',
    title: 'Answers 200 and an empty body for an entity that is not there',
    kind: 'status',
    breaks: ['GET'],
    rules: ['expectation/status', 'body/missing', 'laws/unknown-keys-are-not-found'],
    caughtBy: 'laws',
    apply: {
      response: (response, call) =>
        response.status === 404 && isRead(call)
          ? { ...withoutHeaders(response, [...ERROR_HEADERS, HEADERS.contentType]), status: 200, body: EMPTY }
          : response,
    },
  },
  {
    name: 'repeated-delete-is-an-error',
    title: 'Answers 500 to a DELETE of what is gone already',
    kind: 'status',
    breaks: ['DELETE'],
    rules: ['status/server-error', 'laws/delete-is-idempotent'],
    caughtBy: 'laws',
    apply: {
      response: (response, call) =>
        response.status === 404 && effectOf(call) === 'removes' ? asServerError(response) : response,
    },
  },
  {
    name: 'errors-are-500',
    title: 'Answers 500 to every request that it refuses',
    kind: 'errors',
    breaks: null,
    rules: ['expectation/status'],
    caughtBy: 'headers',
    apply: { response: (response) => (response.status >= 400 ? asServerError(response) : response) },
  },
  {
    name: 'error-status-differs',
    title: 'Writes another status into error bodies than HTTP has',
    kind: 'errors',
    breaks: null,
    rules: ['errors/status-differs'],
    caughtBy: 'headers',
    apply: {
      response: (response) =>
        mapError(response, (body) => ({ ...body, status: 500 + (response.status === 500 ? 3 : 0) })),
    },
  },
  {
    name: 'error-body-missing',
    title: 'Answers errors without a body',
    kind: 'errors',
    breaks: null,
    rules: ['expectation/body'],
    caughtBy: 'contract',
    apply: {
      response: (response) =>
        response.status >= 400 ? { ...withoutHeaders(response, [HEADERS.contentType]), body: EMPTY } : response,
    },
  },
  {
    name: 'error-header-missing',
    title: 'Answers errors without the error header',
    kind: 'errors',
    breaks: null,
    rules: ['errors/header-missing'],
    caughtBy: 'headers',
    apply: { response: (response) => withoutHeaders(response, ERROR_HEADERS) },
  },
  {
    name: 'error-page-is-html',
    title: 'Answers errors with an HTML page',
    kind: 'errors',
    breaks: null,
    rules: ['response-headers/content-type'],
    caughtBy: 'headers',
    apply: { response: (response) => (response.status >= 400 ? asHtml(response) : response) },
  },
  {
    name: 'content-type-wrong',
    title: 'Names text/plain as the type of JSON bodies',
    kind: 'headers',
    breaks: null,
    rules: ['response-headers/content-type'],
    caughtBy: 'contract',
    apply: { response: (response) => mapHeader(response, HEADERS.contentType, () => 'text/plain') },
  },
  {
    name: 'answers-protocol-1',
    title: 'Answers 1.0.0 as its protocol version whatever was asked',
    kind: 'headers',
    breaks: null,
    rules: ['response-headers/protocol-version'],
    caughtBy: 'contract',
    apply: { response: (response) => mapHeader(response, HEADERS.protocol, () => '1.0.0') },
  },
  {
    name: 'body-is-cut',
    title: 'Writes JSON without its last character',
    kind: 'envelopes',
    breaks: null,
    rules: ['body/not-json'],
    caughtBy: 'contract',
    apply: {
      response: (response) =>
        response.status < 400 && response.body.byteLength > 1
          ? { ...response, body: response.body.subarray(0, -1) }
          : response,
    },
  },
  {
    name: 'duplicate-member',
    title: 'Writes the first member of each success body twice',
    kind: 'envelopes',
    breaks: null,
    rules: ['body/duplicate-member'],
    caughtBy: 'contract',
    apply: { response: withDuplicate },
  },
  {
    name: 'empty-body-is-braces',
    title: 'Writes `{}` where an answer has no body',
    kind: 'envelopes',
    breaks: ['UPDATE', 'PARTIAL_UPDATE', 'DELETE', 'CREATE', 'ACTION'],
    rules: ['body/unexpected'],
    caughtBy: 'contract',
    apply: {
      response: (response) => {
        if (response.status >= 300 || response.body.byteLength > 0) return response;
        // A 204 cannot carry the two bytes: such a server answers 200.
        return withBody({ ...response, status: response.status === 204 ? 200 : response.status }, {});
      },
    },
  },
  {
    name: 'list-without-envelope',
    title: 'Answers lists as bare arrays',
    kind: 'envelopes',
    breaks: ['GET_ALL', 'FINDER', 'BATCH_FINDER', 'BATCH_CREATE'],
    rules: ['envelope/shape'],
    caughtBy: 'contract',
    apply: {
      response: (response) =>
        mapSuccess(response, (body) => (Object.hasOwn(body, 'elements') ? (memberOf(body, 'elements') ?? body) : body)),
    },
  },
  {
    name: 'entity-in-envelope',
    title: 'Wraps a single entity in `value`',
    kind: 'envelopes',
    breaks: ['GET'],
    rules: ['entity/schema'],
    caughtBy: 'contract',
    apply: {
      response: (response, call) =>
        returnsOf(call) === 'entity' ? mapSuccess(response, (value) => ({ value })) : response,
    },
  },
  {
    name: 'statuses-for-results',
    title: 'Answers batch writes under `statuses` in place of `results`',
    kind: 'envelopes',
    breaks: ['BATCH_UPDATE', 'BATCH_PARTIAL_UPDATE', 'BATCH_DELETE'],
    rules: ['envelope/shape'],
    caughtBy: 'contract',
    apply: {
      response: (response, call) =>
        returnsOf(call) === 'statuses'
          ? mapSuccess(response, (body) => renamed(body, 'results', 'statuses'))
          : response,
    },
  },
  {
    name: 'batch-without-errors-map',
    title: 'Leaves `errors` out of batch answers',
    kind: 'envelopes',
    breaks: ['BATCH_GET', 'BATCH_UPDATE', 'BATCH_PARTIAL_UPDATE', 'BATCH_DELETE'],
    rules: ['envelope/errors-missing', 'batch/key-unanswered'],
    caughtBy: 'contract',
    apply: {
      response: (response, call) =>
        returnsOf(call) === 'statuses' || returnsOf(call) === 'batch'
          ? mapSuccess(response, (body) => without(body, 'errors'))
          : response,
    },
  },
  {
    name: 'action-value-bare',
    title: 'Answers the value of an action without its envelope',
    kind: 'envelopes',
    breaks: ['ACTION'],
    rules: ['envelope/shape'],
    caughtBy: 'contract',
    apply: {
      response: (response, call) =>
        returnsOf(call) === 'value' ? mapSuccess(response, (body) => memberOf(body, 'value') ?? body) : response,
    },
  },
];

const EMPTY = new Uint8Array(0);
const utf8 = new TextEncoder();

function effectOf(call: Call | null): MethodProfile['effect'] | null {
  return call === null ? null : profileOf(call.operation.method).effect;
}

function returnsOf(call: Call | null): MethodProfile['returns'] | null {
  return call === null ? null : profileOf(call.operation.method).returns;
}

function isRead(call: Call | null): boolean {
  return returnsOf(call) === 'entity';
}

function isCreation(response: HttpResponse, call: Call | null): boolean {
  return response.status < 300 && returnsOf(call) === 'created';
}

function withoutHeaders(response: HttpResponse, dropped: readonly string[]): HttpResponse {
  return {
    ...response,
    headers: response.headers.filter(([name]) => !dropped.some((other) => isSameHeader(name, other))),
  };
}

function mapHeader(response: HttpResponse, name: string, change: (value: string) => string): HttpResponse {
  return {
    ...response,
    headers: response.headers.map(([other, value]) =>
      isSameHeader(other, name) ? [other, change(value)] : [other, value],
    ),
  };
}

function withBody(response: HttpResponse, body: Json): HttpResponse {
  const headers = [
    ...withoutHeaders(response, [HEADERS.contentType]).headers,
    [HEADERS.contentType, 'application/json'] as const,
  ];
  return { ...response, headers, body: utf8.encode(stringifyJson(body)) };
}

function mapSuccess(response: HttpResponse, change: (body: JsonObject) => Json): HttpResponse {
  return response.status >= 400 ? response : mapBody(response, change);
}

function mapError(response: HttpResponse, change: (body: JsonObject) => Json): HttpResponse {
  return response.status < 400 ? response : mapBody(response, change);
}

function mapBody(response: HttpResponse, change: (body: JsonObject) => Json): HttpResponse {
  const { value } = readBody(response.body);
  if (!isJsonObject(value)) return response;
  const changed = change(value);
  return changed === value ? response : withBody(response, changed);
}

/** Status and body agree on it: only what expects another status notices. */
function asServerError(response: HttpResponse): HttpResponse {
  return { ...mapError(response, (body) => ({ ...body, status: 500 })), status: 500 };
}

function asHtml(response: HttpResponse): HttpResponse {
  const headers = withoutHeaders(response, [HEADERS.contentType]).headers;
  const body = utf8.encode(`<html><body><h1>Error ${response.status}</h1></body></html>`);
  return { ...response, headers: [...headers, [HEADERS.contentType, 'text/html']], body };
}

function withDuplicate(response: HttpResponse): HttpResponse {
  const { value } = readBody(response.body);
  const [first] = isJsonObject(value) ? Object.entries(value) : [];
  if (first === undefined || response.status >= 400) return response;
  const member = stringifyJson(jsonObject([first])).slice(1, -1);
  const text = stringifyJson(value ?? null);
  return { ...response, body: utf8.encode(`{${member},${text.slice(1)}`) };
}

function encodedWhole(value: string): string {
  return Array.from(utf8.encode(value), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function renamed(body: JsonObject, from: string, to: string): JsonObject {
  return jsonObject(Object.entries(body).map(([name, value]) => [name === from ? to : name, value] as const));
}

function without(body: JsonObject, name: string): JsonObject {
  return jsonObject(Object.entries(body).filter(([other]) => other !== name));
}
