/** Faults in front of the endpoint: what a gateway drops or ignores of a request before anybody reads it. */
import { HEADERS, headerValue, isSameHeader } from '../protocol/headers.ts';
import type { ReadRequest, Refusal } from '../protocol/request.ts';
import { tunnel, untunnel } from '../protocol/tunnel.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import type { Call } from './call.ts';
import { wireOf } from './context.ts';
import type { Fault } from './faults.ts';

export const GATEWAY_FAULTS: readonly Fault[] = [
  {
    name: 'method-header-stripped',
    title: 'Loses the X-RestLi-Method header of every request',
    kind: 'routing',
    breaks: null,
    rules: ['status/not-success'],
    caughtBy: 'contract',
    apply: { request: (request) => withoutHeader(request, HEADERS.method) },
  },
  {
    name: 'method-header-ignored',
    title: 'Takes no notice of a method header that contradicts the request',
    kind: 'routing',
    breaks: null,
    rules: ['header-matrix/contradiction-refused'],
    caughtBy: 'headers',
    apply: { request: (request, read) => ignoringMethodHeader(request, read()) },
  },
  {
    name: 'method-header-demanded',
    title: 'Refuses every request without a method header, also where the dialect demands none',
    kind: 'headers',
    breaks: null,
    rules: ['status/not-success'],
    caughtBy: 'headers',
    apply: {
      request: (request) =>
        headerValue(request.headers, HEADERS.method) === null ? withMethodHeader(request, 'ABSENT') : request,
    },
  },
  {
    name: 'method-header-case-sensitive',
    title: 'Knows method headers in upper case only',
    kind: 'headers',
    breaks: null,
    rules: ['status/not-success'],
    caughtBy: 'headers',
    apply: { request: refusingLowerCase },
  },
  {
    name: 'version-header-stripped',
    title: 'Loses the X-RestLi-Protocol-Version header, so that 2.0.0 is read as 1.0.0',
    kind: 'headers',
    breaks: null,
    rules: ['response-headers/protocol-version'],
    caughtBy: 'contract',
    apply: { request: (request) => withoutHeader(request, HEADERS.protocol) },
  },
  {
    name: 'version-ignored',
    title: 'Speaks 2.0.0 whatever version was asked for',
    kind: 'headers',
    breaks: null,
    rules: ['response-headers/protocol-version'],
    caughtBy: 'headers',
    apply: {
      request: (request) => ({
        ...withoutHeader(request, HEADERS.protocol),
        headers: [...withoutHeader(request, HEADERS.protocol).headers, [HEADERS.protocol, '2.0.0']],
      }),
    },
  },
  {
    name: 'tunnelled-query-ignored',
    title: 'Takes the verb out of a tunnelled request but forgets the query in its body',
    kind: 'routing',
    breaks: null,
    rules: ['expectation/body', 'laws/tunnelled-is-plain'],
    caughtBy: 'laws',
    apply: { request: forgettingTunnelledQuery },
  },
  {
    name: 'tunnelled-body-lost',
    title: 'Takes the query out of a tunnelled request but loses the body that travels beside it',
    kind: 'routing',
    breaks: null,
    rules: ['laws/tunnelled-is-plain'],
    caughtBy: 'laws',
    apply: { request: losingTunnelledBody },
  },
  {
    name: 'projection-ignored',
    title: 'Answers whole entities whatever `fields` asks for',
    kind: 'entities',
    breaks: ['GET', 'BATCH_GET', 'GET_ALL', 'FINDER', 'BATCH_FINDER'],
    rules: ['projection/only-asked', 'laws/projection-commutes'],
    caughtBy: 'laws',
    apply: { call: (call) => ({ ...call, asked: { ...call.asked, masks: {} } }) },
  },
  {
    name: 'return-entity-ignored',
    title: 'Answers the entity although `$returnEntity=false` asks for none',
    kind: 'entities',
    breaks: ['CREATE', 'BATCH_CREATE', 'PARTIAL_UPDATE', 'BATCH_PARTIAL_UPDATE'],
    rules: ['create/entity-unasked', 'body/unexpected', 'laws/return-entity-false'],
    caughtBy: 'laws',
    apply: { call: (call) => ({ ...call, asked: { ...call.asked, returnEntity: null } }) },
  },
  {
    name: 'start-ignored',
    title: 'Answers the first page whatever `start` asks for',
    kind: 'paging',
    breaks: ['GET_ALL', 'FINDER', 'BATCH_FINDER'],
    rules: ['paging/echo', 'laws/pages-join', 'laws/beyond-the-end-is-empty'],
    caughtBy: 'laws',
    apply: { call: (call) => withoutParam(call, 'start') },
  },
  {
    name: 'count-ignored',
    title: 'Answers pages of its own size whatever `count` asks for',
    kind: 'paging',
    breaks: ['GET_ALL', 'FINDER', 'BATCH_FINDER'],
    rules: ['paging/echo', 'paging/too-many', 'laws/count-zero-is-empty'],
    caughtBy: 'laws',
    apply: { call: (call) => withoutParam(call, 'count') },
  },
  {
    name: 'page-token-ignored',
    title: 'Answers the first page to every page token',
    kind: 'paging',
    breaks: ['GET_ALL', 'FINDER', 'BATCH_FINDER'],
    rules: ['paging/cursor', 'laws/cursor-pages-join'],
    caughtBy: 'laws',
    apply: { call: (call) => withoutParam(call, call.asked.dialect.cursor.token) },
  },
  {
    name: 'finder-filters-nothing',
    title: 'Answers a finder as if it were GET_ALL',
    kind: 'routing',
    breaks: ['FINDER', 'BATCH_FINDER'],
    rules: ['expectation/body'],
    caughtBy: 'contract',
    apply: { call: withoutFilter },
  },
];

function withoutHeader(request: HttpRequest, dropped: string): HttpRequest {
  return { ...request, headers: request.headers.filter(([name]) => !isSameHeader(name, dropped)) };
}

function ignoringMethodHeader(request: HttpRequest, read: ReadRequest | Refusal): HttpRequest {
  if (!('routed' in read) || 'method' in read.routed || read.routed.without === null) return request;
  return withMethodHeader(request, read.routed.without);
}

function withMethodHeader(request: HttpRequest, value: string): HttpRequest {
  return { ...request, headers: [...withoutHeader(request, HEADERS.method).headers, [HEADERS.method, value]] };
}

function refusingLowerCase(request: HttpRequest): HttpRequest {
  const method = headerValue(request.headers, HEADERS.method);
  return method === null || method === method.toUpperCase() ? request : withMethodHeader(request, 'UNKNOWN');
}

/** A form is all query: without it the request is a bare one of the inner verb. */
function forgettingTunnelledQuery(request: HttpRequest): HttpRequest {
  const verb = headerValue(request.headers, HEADERS.override);
  const type = headerValue(request.headers, HEADERS.contentType) ?? '';
  if (verb === null || !type.startsWith('application/x-www-form-urlencoded')) return request;
  return { ...withoutHeader(withoutHeader(request, HEADERS.override), HEADERS.contentType), verb, body: null };
}

function losingTunnelledBody(request: HttpRequest): HttpRequest {
  const type = headerValue(request.headers, HEADERS.contentType) ?? '';
  if (headerValue(request.headers, HEADERS.override) === null || !type.startsWith('multipart/')) return request;
  const inner = untunnel(wireOf(request));
  if ('problem' in inner) return request;
  const { verb, path, headers, body } = tunnel({ ...inner.request, body: null });
  return { ...request, verb, target: path, headers, body };
}

function withoutParam(call: Call, name: string): Call {
  if (!call.asked.params.has(name)) return call;
  const params = new Map([...call.asked.params].filter(([other]) => other !== name));
  return { ...call, asked: { ...call.asked, params } };
}

function withoutFilter(call: Call): Call {
  const open = { sort: null, elements: null, metadata: undefined, when: null };
  const rows = call.operation.listMock.length > 0 ? call.operation.listMock : [open];
  return {
    ...call,
    operation: { ...call.operation, listMock: rows.map((row) => ({ ...row, elements: null, filter: false as const })) },
  };
}
