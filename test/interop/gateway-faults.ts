/** The faults of {@link startGateway}, as one table. */
import { gzipSync } from 'node:zlib';
import type { Answered, Forwarded, GatewayFault, HeaderLines } from './gateway.ts';
import { inParts, joined, mapOf } from './split-batch.ts';

const METHOD = 'X-RestLi-Method';
const VERSION = 'X-RestLi-Protocol-Version';

export const GATEWAY_FAULTS: readonly GatewayFault[] = [
  // The method header and the version.
  {
    name: 'method-header-stripped',
    how: 'forwards listed headers only, and X-RestLi-Method is not among them',
    caught: [{ rule: 'routing/answered-as-another-method', in: '*/BATCH_CREATE/**' }],
    request: (request) => without(request, METHOD),
  },
  {
    name: 'method-header-is-the-verb',
    how: 'writes the verb into the method header',
    caught: [
      { rule: 'status/not-success', in: 'greetings/BATCH_CREATE/**' },
      { rule: 'status/not-success', in: '*/PARTIAL_UPDATE/**' },
      { rule: 'status/not-success', in: '*/ACTION/**' },
    ],
    request: (request) => ({ ...without(request, METHOD), headers: withHeader(request.headers, METHOD, request.verb) }),
  },
  {
    name: 'method-header-of-creates-on-posts',
    how: 'a rule for POST sets the header to CREATE',
    caught: [
      { rule: 'routing/answered-as-another-method', in: '*/BATCH_CREATE/**' },
      { rule: 'status/not-success', in: '*/ACTION/**' },
      { rule: 'laws/tunnelled-is-plain', in: '*/*/laws/**' },
    ],
    request: (request) =>
      request.verb === 'POST' ? { ...request, headers: withHeader(request.headers, METHOD, 'CREATE') } : request,
  },
  {
    name: 'method-header-repeated-and-merged',
    how: 'two layers add the header, a third joins the lines',
    caught: [
      { rule: 'status/not-success', in: '*/GET/**' },
      { rule: 'status/not-success', in: '*/BATCH_CREATE/**' },
    ],
    request: (request) => ({
      ...request,
      headers: request.headers.map(([name, value]) => [name, isNamed(name, METHOD) ? `${value}, ${value}` : value]),
    }),
  },
  {
    name: 'version-header-stripped',
    how: 'forwards listed headers only, and the protocol version is not among them',
    caught: [
      { rule: 'response-headers/protocol-version', in: '*/GET/**' },
      { rule: 'batch/key-not-asked', in: '*/BATCH_GET/**' },
      { rule: 'create/id-missing', in: '*/CREATE/**' },
    ],
    request: (request) => without(request, VERSION),
  },
  {
    name: 'version-header-fixed-to-one',
    how: 'was set up in the days of protocol 1.0.0',
    caught: [
      { rule: 'response-headers/protocol-version', in: '*/GET/**' },
      { rule: 'batch/key-not-asked', in: '*/BATCH_GET/**' },
      { rule: 'create/id-missing', in: '*/CREATE/**' },
    ],
    request: (request) => ({ ...request, headers: withHeader(request.headers, VERSION, '1.0.0') }),
  },
  {
    name: 'override-header-stripped',
    how: 'drops X-HTTP-Method-Override as a security measure',
    caught: [
      { rule: 'status/not-success', in: 'greetings/flow/tunnels-what-it-asks' },
      { rule: 'laws/tunnelled-is-plain', in: '*/*/laws/**' },
    ],
    request: (request) => without(request, 'X-HTTP-Method-Override'),
  },
  // The verb.
  {
    name: 'put-into-post',
    how: 'allows GET and POST only, and turns PUT into POST',
    caught: [
      { rule: 'status/not-success', in: 'greeting.subgreetings/UPDATE/**' },
      { rule: 'status/not-success', in: '*/BATCH_UPDATE/**' },
    ],
    request: (request) => (request.verb === 'PUT' ? { ...request, verb: 'POST' } : request),
  },
  {
    name: 'post-with-key-into-patch',
    how: 'knows that a partial update is a PATCH',
    caught: [{ rule: 'status/not-success', in: '*/flow/*' }],
    request: (request) =>
      request.verb === 'POST' && headerOf(request.headers, METHOD) === 'PARTIAL_UPDATE'
        ? { ...request, verb: 'PATCH' }
        : request,
  },
  {
    name: 'delete-refused',
    how: 'does not let DELETE through',
    caught: [{ rule: 'status/not-success', in: '*/flow/*' }],
    answer: ({ verb }) => (verb === 'DELETE' ? page(405, 'Method Not Allowed') : undefined),
  },
  // Path and query.
  {
    name: 'path-decoded',
    how: 'decodes the path to match routes and forwards it decoded',
    caught: [
      { rule: 'status/not-success', in: 'complexKeys/GET/**' },
      { rule: 'status/not-success', in: 'associations*/GET/**' },
    ],
    request: (request) => onPath(request, (path) => encodeURI(decoded(path))),
  },
  {
    name: 'path-encoded-twice',
    how: 'encodes what is encoded',
    caught: [
      { rule: 'expectation/body', in: 'associations.associationsSub/GET/**' },
      { rule: 'laws/escapes-are-free', in: '*/*/laws/**' },
    ],
    request: (request) => onPath(request, (path) => path.replaceAll('%', '%25')),
  },
  {
    name: 'path-lower-cased',
    how: 'compares paths without case',
    caught: [
      { rule: 'expectation/status', in: 'partialUpdateGreeting/**' },
      { rule: 'status/not-success', in: '*/GET/**' },
    ],
    request: (request) => onPath(request, (path) => path.toLowerCase()),
  },
  {
    name: 'path-slashes-decoded',
    how: 'decodes %2F, as some servers do by default',
    caught: [
      { rule: 'status/not-success', in: 'associations/GET/**' },
      { rule: 'status/not-success', in: 'stringKeys/GET/**' },
    ],
    request: (request) => onPath(request, (path) => path.replaceAll(/%2f/gi, '/').replaceAll(/\/{2,}/g, '/')),
  },
  {
    name: 'path-cut-at-the-key',
    how: 'a route of one segment swallows the rest',
    caught: [
      { rule: 'status/not-success', in: 'associations/GET/**' },
      { rule: 'laws/batch-get-equals-gets', in: '*/BATCH_GET/**' },
    ],
    request: (request) => onPath(request, (path) => `/${path.split('/')[1] ?? ''}`),
  },
  {
    name: 'query-dropped',
    how: 'forwards the path alone',
    caught: [
      { rule: 'projection/only-asked', in: '*/GET/**' },
      { rule: 'status/not-success', in: '*/ACTION/**' },
      { rule: 'create/entity-unasked', in: 'createGreeting/**' },
    ],
    request: (request) => onQuery(request, () => null),
  },
  {
    name: 'query-encoded-again',
    how: 'parses the query and writes it as a form',
    caught: [
      { rule: 'expectation/body', in: 'greetings/GET/projects-two-fields' },
      { rule: 'status/not-success', in: '*/BATCH_FINDER/**' },
      { rule: 'laws/projection-commutes', in: '*/*/laws/**' },
    ],
    request: (request) => onQuery(request, formEncoded),
  },
  {
    name: 'query-encoded-twice',
    how: 'encodes what is encoded',
    caught: [
      { rule: 'batch/key-spelling', in: 'stringKeys/BATCH_GET/**' },
      { rule: 'laws/escapes-are-free', in: '*/*/laws/**' },
    ],
    request: (request) => onQuery(request, (query) => query.replaceAll('%', '%25')),
  },
  {
    name: 'query-space-into-plus',
    how: 'writes spaces of queries as +',
    caught: [
      { rule: 'batch/key-not-asked', in: 'stringKeys/BATCH_GET/**' },
      { rule: 'batch/key-not-asked', in: 'complexKeys/BATCH_GET/**' },
    ],
    request: (request) => onQuery(request, (query) => query.replaceAll('%20', '+')),
  },
  {
    name: 'query-split-at-commas',
    how: 'takes a comma for the end of a list and keeps the first',
    caught: [
      { rule: 'expectation/body', in: 'greetings/GET/projects-two-fields' },
      { rule: 'status/not-success', in: '*/BATCH_FINDER/**' },
      { rule: 'laws/projection-commutes', in: '*/*/laws/**' },
    ],
    request: (request) => onQuery(request, (query) => query.replaceAll(/,[^&]*/g, '')),
  },
  {
    name: 'query-cut-at-2-kb',
    how: 'allows 2 KB of URL and cuts the rest',
    caught: [{ rule: 'status/not-success', in: 'greetings/BATCH_GET/reports-each-of-three-hundred-unknown-keys' }],
    request: (request) => ({ ...request, target: request.target.slice(0, 2048) }),
  },
  {
    name: 'long-batch-split-first-results-kept',
    how: 'splits a batch of more than 1 KB of keys into requests of fifty, joins the errors, and keeps the results of the first',
    caught: [
      {
        rule: 'batch/hidden-failure',
        in: 'greeting.subgreetings/BATCH_GET/finds-what-is-known-at-the-end-of-a-long-batch',
      },
    ],
    reach: (request, send) =>
      inParts(request, send, (parts) => ({ results: mapOf(parts[0], 'results'), errors: joined(parts, 'errors') })),
  },
  {
    name: 'long-batch-split-first-answer-kept',
    how: 'splits a batch of more than 1 KB of keys into requests of fifty, and answers what comes first',
    caught: [
      {
        rule: 'batch/hidden-failure',
        in: 'greeting.subgreetings/BATCH_GET/finds-what-is-known-at-the-end-of-a-long-batch',
      },
    ],
    reach: (request, send) => inParts(request, send, (parts) => parts[0] ?? {}),
  },
  {
    name: 'query-dollar-parameters-dropped',
    how: 'takes $ for an attack',
    caught: [
      { rule: 'create/entity-unasked', in: 'createGreeting/CREATE/**' },
      { rule: 'expectation/status', in: 'partialUpdateGreeting/**' },
    ],
    request: (request) =>
      onQuery(request, (query) =>
        query
          .split('&')
          .filter((part) => !part.startsWith('$'))
          .join('&'),
      ),
  },
  // Bodies on their way in.
  {
    name: 'body-dropped-on-put',
    how: 'forwards bodies of POST only',
    caught: [
      { rule: 'status/not-success', in: '*/UPDATE/**' },
      { rule: 'status/not-success', in: '*/BATCH_UPDATE/**' },
    ],
    request: (request) => (request.verb === 'PUT' ? { ...request, body: Buffer.alloc(0) } : request),
  },
  {
    name: 'body-as-latin-1',
    how: 'reads bodies as Latin-1 and writes them as UTF-8',
    caught: [{ rule: 'expectation/body', in: 'actions/ACTION/echoes-a-text-with-all-sorts-of-characters' }],
    request: (request) => ({ ...request, body: Buffer.from(request.body.toString('latin1')) }),
  },
  {
    name: 'body-through-doubles',
    how: 'parses JSON and writes it again, both ways',
    caught: [{ rule: 'expectation/body', in: 'customTypes2/GET/reads-a-key-beyond-2-53' }],
    request: (request) => ({ ...request, body: rewritten(request.body) }),
    response: (response) => ({ ...response, body: rewritten(response.body) }),
  },
  {
    name: 'body-dollars-dropped',
    how: 'removes members that begin with $',
    caught: [
      { rule: 'expectation/body', in: '*/flow/*' },
      { rule: 'laws/partial-update-leaves-the-rest', in: '*/*/laws/**' },
    ],
    request: (request) => ({ ...request, body: rewritten(request.body, (name) => !name.startsWith('$')) }),
  },
  {
    name: 'create-repeated',
    how: 'takes the answer to a POST for lost and sends it again; shows the second answer',
    caught: [{ rule: 'expectation/body', in: 'greeting.subgreetings/flow/is-gone-once-it-is-removed' }],
    reach: async (request, send) => {
      const first = await send(request);
      return request.verb === 'POST' && first.status === 201 ? send(request) : first;
    },
  },
  {
    name: 'delete-repeated',
    how: 'takes the answer to a DELETE for lost and sends it again, since DELETE may be; shows the second answer',
    caught: [{ rule: 'status/not-success', in: '*/flow/*' }],
    reach: async (request, send) => {
      const first = await send(request);
      return request.verb === 'DELETE' ? send(request) : first;
    },
  },
  // Answers on their way out.
  {
    name: 'id-header-stripped',
    how: 'forwards listed headers of answers only',
    caught: [{ rule: 'create/id-missing', in: '*/CREATE/**' }],
    response: (response) => without(response, 'X-RestLi-Id', 'X-LinkedIn-Id'),
  },
  {
    name: 'location-stripped',
    how: 'hides where its servers are',
    caught: [{ rule: 'create/location-missing', in: '*/CREATE/**' }],
    response: (response) => without(response, 'Location'),
  },
  {
    name: 'location-of-the-gateway',
    how: 'replaces Location by its own address',
    caught: [{ rule: 'create/ids-differ', in: '*/CREATE/**' }],
    response: (response) =>
      headerOf(response.headers, 'Location') === undefined
        ? response
        : { ...response, headers: withHeader(response.headers, 'Location', '/') },
  },
  {
    name: 'error-header-stripped',
    how: 'forwards listed headers of answers only',
    caught: [
      { rule: 'errors/header-missing', in: '*/GET/**' },
      { rule: 'errors/header-missing', in: 'actions/ACTION/**' },
    ],
    response: (response) => without(response, 'X-RestLi-Error-Response', 'X-LinkedIn-Error-Response'),
  },
  {
    name: 'errors-without-body',
    how: 'hides what went wrong',
    caught: [{ rule: 'expectation/body', in: 'greetings/GET/answers-404-for-an-unknown-key' }],
    response: (response) => (response.status < 400 ? response : { ...response, body: Buffer.alloc(0) }),
  },
  {
    name: 'errors-as-pages',
    how: 'shows its own page for 404',
    caught: [{ rule: 'body/not-json', in: '*/GET/answers-404-for-an-unknown-key' }],
    response: (response) => (response.status === 404 ? page(404, 'Not Found') : response),
  },
  {
    name: 'errors-as-200',
    how: 'answers 200 always and puts the status into the body',
    caught: [{ rule: 'expectation/status', in: '*/GET/answers-404-for-an-unknown-key' }],
    response: (response) => (response.status < 400 ? response : { ...response, status: 200 }),
  },
  {
    name: 'no-content-as-empty-object',
    how: 'must answer JSON',
    caught: [
      { rule: 'body/unexpected', in: '*/UPDATE/**' },
      { rule: 'body/unexpected', in: '*/flow/*' },
    ],
    response: (response) =>
      response.status === 204
        ? { status: 200, headers: [...response.headers, ['Content-Type', 'application/json']], body: Buffer.from('{}') }
        : response,
  },
  {
    name: 'created-as-200',
    how: 'knows 200 and 500',
    caught: [{ rule: 'status/undeclared-success', in: '*/CREATE/**' }],
    response: (response) => (response.status === 201 ? { ...response, status: 200 } : response),
  },
  {
    name: 'empty-members-dropped',
    how: 'removes empty lists and objects from JSON',
    caught: [
      { rule: 'envelope/errors-missing', in: '*/BATCH_GET/**' },
      { rule: 'paging/links-missing', in: '*/FINDER/**' },
    ],
    response: (response) => ({ ...response, body: rewritten(response.body, (_, value) => !isEmpty(value)) }),
  },
  {
    name: 'numbers-as-texts',
    how: 'came from a time of XML',
    caught: [
      { rule: 'entity/schema', in: '*/GET/**' },
      { rule: 'batch/entry-status', in: '*/BATCH_*/**' },
    ],
    response: (response) => ({ ...response, body: texts(response.body) }),
  },
  {
    name: 'answers-as-text',
    how: 'sets the Content-Type it was configured with',
    caught: [{ rule: 'response-headers/content-type', in: '*/GET/**' }],
    response: (response) =>
      response.body.length === 0
        ? response
        : { ...response, headers: withHeader(response.headers, 'Content-Type', 'text/html') },
  },
  {
    name: 'gzip-without-saying',
    how: 'compresses and forgets the header',
    caught: [{ rule: 'body/invalid-utf-8', in: '*/GET/**' }],
    response: (response) => (response.body.length === 0 ? response : { ...response, body: gzipSync(response.body) }),
  },
  {
    name: 'gzip-said-twice',
    how: 'says gzip of what is not compressed',
    caught: [{ rule: 'transport/body', in: '*/GET/**' }],
    response: (response) =>
      response.body.length === 0
        ? response
        : { ...response, headers: [...response.headers, ['Content-Encoding', 'gzip']] },
  },
  {
    name: 'bodies-cut-at-1-kb',
    how: 'has a buffer of 1 KB',
    caught: [
      { rule: 'body/not-json', in: '*/FINDER/**' },
      { rule: 'body/not-json', in: '*/GET/**' },
    ],
    response: (response) => ({ ...response, body: response.body.subarray(0, 1024) }),
  },
  {
    name: 'get-cached',
    how: 'caches GET by URL',
    caught: [
      { rule: 'expectation/body', in: '*/flow/*' },
      { rule: 'laws/update-overwrites-all', in: '*/*/laws/**' },
    ],
    answer: (request, memory) => (request.verb === 'GET' ? memory.get(request.target) : undefined),
    response: (response, asked, memory) => remembered(response, asked.target, asked, memory),
  },
  {
    name: 'get-cached-by-path',
    how: 'caches GET by path alone',
    caught: [{ rule: 'laws/projection-commutes', in: '*/*/laws/**' }],
    answer: (request, memory) => (request.verb === 'GET' ? memory.get(pathOf(request)) : undefined),
    response: (response, asked, memory) => remembered(response, pathOf(asked), asked, memory),
  },
  {
    name: 'slash-redirected',
    how: 'sends clients from /r to /r/',
    caught: [{ rule: 'status/redirect', in: '*/FINDER/**' }],
    answer: (request) =>
      request.verb === 'GET' && !pathOf(request).endsWith('/') && pathOf(request).split('/').length === 2
        ? { status: 301, headers: [['Location', `${pathOf(request)}/`]], body: Buffer.alloc(0) }
        : undefined,
  },
  // What gateways do that nobody can tell: the contracts must not alarm.
  { name: 'nothing', how: 'forwards', harmless: 'it forwards' },
  {
    name: 'long-batch-split-and-joined',
    how: 'splits a batch of more than 1 KB of keys into requests of fifty, and joins results and errors',
    harmless: 'the keys of the answer are those asked for',
    reach: (request, send) =>
      inParts(request, send, (parts) => ({ results: joined(parts, 'results'), errors: joined(parts, 'errors') })),
  },
  {
    name: 'header-names-lower-cased',
    how: 'speaks HTTP/2 behind',
    harmless: 'names of headers have no case',
    request: (request) => ({
      ...request,
      headers: request.headers.map(([name, value]) => [name.toLowerCase(), value]),
    }),
  },
  {
    name: 'method-header-lower-cased',
    how: 'normalises values',
    harmless: 'the server compares it in upper case',
    request: (request) => ({
      ...request,
      headers: request.headers.map(([name, value]) => [name, isNamed(name, METHOD) ? value.toLowerCase() : value]),
    }),
  },
  {
    name: 'charset-added',
    how: 'completes the Content-Type',
    harmless: 'JSON is UTF-8 anyway',
    response: (response) =>
      isJson(response)
        ? { ...response, headers: withHeader(response.headers, 'Content-Type', 'application/json; charset=UTF-8') }
        : response,
  },
  {
    name: 'body-dropped-on-delete',
    how: 'forwards no body of DELETE',
    harmless: 'DELETE has none',
    request: (request) => (request.verb === 'DELETE' ? { ...request, body: Buffer.alloc(0) } : request),
  },
  {
    name: 'trailing-slash-added',
    how: 'normalises paths',
    harmless: 'the server drops trailing slashes',
    request: (request) => onPath(request, (path) => `${path}/`),
  },
  {
    name: 'gzip',
    how: 'compresses, and says so',
    harmless: 'clients inflate',
    response: (response) =>
      response.body.length === 0
        ? response
        : { ...response, headers: [...response.headers, ['Content-Encoding', 'gzip']], body: gzipSync(response.body) },
  },
  {
    name: 'connection-closed',
    how: 'speaks HTTP/1.0 in front',
    harmless: "connections are nobody's promise",
    response: (response) => ({ ...response, headers: [...response.headers, ['Connection', 'close']] }),
  },
  {
    name: 'headers-added',
    how: 'adds Via, X-Request-Id and two cookies',
    harmless: 'answers may have more headers',
    response: (response) => ({
      ...response,
      headers: [
        ...response.headers,
        ['Via', '1.1 gateway'],
        ['X-Request-Id', '7'],
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
      ],
    }),
  },
];

function isNamed(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase();
}

function headerOf(headers: HeaderLines, name: string): string | undefined {
  return headers.find(([other]) => isNamed(other, name))?.[1];
}

function isJson({ headers, body }: Answered): boolean {
  return body.length > 0 && headerOf(headers, 'Content-Type') === 'application/json';
}

function withHeader(headers: HeaderLines, name: string, value: string): HeaderLines {
  return [...headers.filter(([other]) => !isNamed(other, name)), [name, value]];
}

function without<T extends { readonly headers: HeaderLines }>(message: T, ...names: readonly string[]): T {
  return { ...message, headers: message.headers.filter(([name]) => !names.some((other) => isNamed(name, other))) };
}

function pathOf({ target }: Forwarded): string {
  return target.split('?', 1)[0] ?? '';
}

function onPath(request: Forwarded, change: (path: string) => string): Forwarded {
  const path = pathOf(request);
  return { ...request, target: change(path) + request.target.slice(path.length) };
}

function onQuery(request: Forwarded, change: (query: string) => string | null): Forwarded {
  const path = pathOf(request);
  if (path.length === request.target.length) return request;
  const query = change(request.target.slice(path.length + 1));
  return { ...request, target: query === null || query === '' ? path : `${path}?${query}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** As a form library writes a query that it has read. */
function formEncoded(query: string): string {
  return new URLSearchParams(query).toString();
}

type Keeps = (name: string, value: unknown) => boolean;

/** JSON read into doubles and written again, members left out where `keeps` says so; what is no JSON stays. */
function rewritten(body: Buffer, keeps: Keeps = () => true): Buffer {
  try {
    const pruned: unknown = JSON.parse(body.toString(), (_, value: unknown) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      return Object.fromEntries(Object.entries(value).filter(([name, member]) => keeps(name, member)));
    });
    return Buffer.from(JSON.stringify(pruned));
  } catch {
    return body;
  }
}

function texts(body: Buffer): Buffer {
  try {
    return Buffer.from(
      JSON.stringify(
        JSON.parse(body.toString(), (_, value: unknown) => (typeof value === 'number' ? String(value) : value)),
      ),
    );
  } catch {
    return body;
  }
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function page(status: number, text: string): Answered {
  return { status, headers: [['Content-Type', 'text/html']], body: Buffer.from(`<html><body>${text}</body></html>`) };
}

function remembered(response: Answered, key: string, { verb }: Forwarded, memory: Map<string, Answered>): Answered {
  if (verb === 'GET' && !memory.has(key)) memory.set(key, response);
  return response;
}
