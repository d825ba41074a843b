/** The faults of {@link startGateway}, as one table. */
import { gzipSync } from 'node:zlib';
import type { Answered, Forwarded, GatewayFault, HeaderLines } from './gateway.ts';

const METHOD = 'X-RestLi-Method';
const VERSION = 'X-RestLi-Protocol-Version';

export const GATEWAY_FAULTS: readonly GatewayFault[] = [
  // The method header and the version.
  {
    name: 'method-header-stripped',
    how: 'forwards listed headers only, and X-RestLi-Method is not among them',
    request: (request) => without(request, METHOD),
  },
  {
    name: 'method-header-is-the-verb',
    how: 'writes the verb into the method header',
    request: (request) => ({ ...without(request, METHOD), headers: withHeader(request.headers, METHOD, request.verb) }),
  },
  {
    name: 'method-header-of-creates-on-posts',
    how: 'a rule for POST sets the header to CREATE',
    request: (request) =>
      request.verb === 'POST' ? { ...request, headers: withHeader(request.headers, METHOD, 'CREATE') } : request,
  },
  {
    name: 'method-header-repeated-and-merged',
    how: 'two layers add the header, a third joins the lines',
    request: (request) => ({
      ...request,
      headers: request.headers.map(([name, value]) => [name, isNamed(name, METHOD) ? `${value}, ${value}` : value]),
    }),
  },
  {
    name: 'version-header-stripped',
    how: 'forwards listed headers only, and the protocol version is not among them',
    request: (request) => without(request, VERSION),
  },
  {
    name: 'version-header-fixed-to-one',
    how: 'was set up in the days of protocol 1.0.0',
    request: (request) => ({ ...request, headers: withHeader(request.headers, VERSION, '1.0.0') }),
  },
  {
    name: 'override-header-stripped',
    how: 'drops X-HTTP-Method-Override as a security measure',
    request: (request) => without(request, 'X-HTTP-Method-Override'),
  },
  // The verb.
  {
    name: 'put-into-post',
    how: 'allows GET and POST only, and turns PUT into POST',
    request: (request) => (request.verb === 'PUT' ? { ...request, verb: 'POST' } : request),
  },
  {
    name: 'post-with-key-into-patch',
    how: 'knows that a partial update is a PATCH',
    request: (request) =>
      request.verb === 'POST' && headerOf(request.headers, METHOD) === 'PARTIAL_UPDATE'
        ? { ...request, verb: 'PATCH' }
        : request,
  },
  {
    name: 'delete-refused',
    how: 'does not let DELETE through',
    answer: ({ verb }) => (verb === 'DELETE' ? page(405, 'Method Not Allowed') : undefined),
  },
  // Path and query.
  {
    name: 'path-decoded',
    how: 'decodes the path to match routes and forwards it decoded',
    request: (request) => onPath(request, (path) => encodeURI(decoded(path))),
  },
  {
    name: 'path-encoded-twice',
    how: 'encodes what is encoded',
    request: (request) => onPath(request, (path) => path.replaceAll('%', '%25')),
  },
  {
    name: 'path-lower-cased',
    how: 'compares paths without case',
    request: (request) => onPath(request, (path) => path.toLowerCase()),
  },
  {
    name: 'path-slashes-decoded',
    how: 'decodes %2F, as some servers do by default',
    request: (request) => onPath(request, (path) => path.replaceAll(/%2f/gi, '/').replaceAll(/\/{2,}/g, '/')),
  },
  {
    name: 'path-cut-at-the-key',
    how: 'a route of one segment swallows the rest',
    request: (request) => onPath(request, (path) => `/${path.split('/')[1] ?? ''}`),
  },
  { name: 'query-dropped', how: 'forwards the path alone', request: (request) => onQuery(request, () => null) },
  {
    name: 'query-encoded-again',
    how: 'parses the query and writes it as a form',
    request: (request) => onQuery(request, formEncoded),
  },
  {
    name: 'query-encoded-twice',
    how: 'encodes what is encoded',
    request: (request) => onQuery(request, (query) => query.replaceAll('%', '%25')),
  },
  {
    name: 'query-space-into-plus',
    how: 'writes spaces of queries as +',
    request: (request) => onQuery(request, (query) => query.replaceAll('%20', '+')),
  },
  {
    name: 'query-split-at-commas',
    how: 'takes a comma for the end of a list and keeps the first',
    request: (request) => onQuery(request, (query) => query.replaceAll(/,[^&]*/g, '')),
  },
  {
    name: 'query-cut-at-2-kb',
    how: 'allows 2 KB of URL and cuts the rest',
    request: (request) => ({ ...request, target: request.target.slice(0, 2048) }),
  },
  {
    name: 'query-dollar-parameters-dropped',
    how: 'takes $ for an attack',
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
    request: (request) => (request.verb === 'PUT' ? { ...request, body: Buffer.alloc(0) } : request),
  },
  {
    name: 'body-as-latin-1',
    how: 'reads bodies as Latin-1 and writes them as UTF-8',
    request: (request) => ({ ...request, body: Buffer.from(request.body.toString('latin1')) }),
  },
  {
    name: 'body-through-doubles',
    how: 'parses JSON and writes it again, both ways',
    request: (request) => ({ ...request, body: rewritten(request.body) }),
    response: (response) => ({ ...response, body: rewritten(response.body) }),
  },
  {
    name: 'body-dollars-dropped',
    how: 'removes members that begin with $',
    request: (request) => ({ ...request, body: rewritten(request.body, (name) => !name.startsWith('$')) }),
  },
  {
    name: 'create-repeated',
    how: 'repeats a create that it takes for lost, and shows the conflict of the second',
    response: (response, asked) =>
      asked.verb === 'POST' && response.status === 201
        ? {
            ...response,
            status: 409,
            headers: [
              ['Content-Type', 'application/json'],
              ['X-RestLi-Error-Response', 'true'],
            ],
            body: Buffer.from('{"status":409}'),
          }
        : response,
  },
  // Answers on their way out.
  {
    name: 'id-header-stripped',
    how: 'forwards listed headers of answers only',
    response: (response) => without(response, 'X-RestLi-Id', 'X-LinkedIn-Id'),
  },
  {
    name: 'location-stripped',
    how: 'hides where its servers are',
    response: (response) => without(response, 'Location'),
  },
  {
    name: 'location-of-the-gateway',
    how: 'replaces Location by its own address',
    response: (response) =>
      headerOf(response.headers, 'Location') === undefined
        ? response
        : { ...response, headers: withHeader(response.headers, 'Location', '/') },
  },
  {
    name: 'error-header-stripped',
    how: 'forwards listed headers of answers only',
    response: (response) => without(response, 'X-RestLi-Error-Response', 'X-LinkedIn-Error-Response'),
  },
  {
    name: 'errors-without-body',
    how: 'hides what went wrong',
    response: (response) => (response.status < 400 ? response : { ...response, body: Buffer.alloc(0) }),
  },
  {
    name: 'errors-as-pages',
    how: 'shows its own page for 404',
    response: (response) => (response.status === 404 ? page(404, 'Not Found') : response),
  },
  {
    name: 'errors-as-200',
    how: 'answers 200 always and puts the status into the body',
    response: (response) => (response.status < 400 ? response : { ...response, status: 200 }),
  },
  {
    name: 'no-content-as-empty-object',
    how: 'must answer JSON',
    response: (response) =>
      response.status === 204
        ? { status: 200, headers: [...response.headers, ['Content-Type', 'application/json']], body: Buffer.from('{}') }
        : response,
  },
  {
    name: 'created-as-200',
    how: 'knows 200 and 500',
    response: (response) => (response.status === 201 ? { ...response, status: 200 } : response),
  },
  {
    name: 'empty-members-dropped',
    how: 'removes empty lists and objects from JSON',
    response: (response) => ({ ...response, body: rewritten(response.body, (_, value) => !isEmpty(value)) }),
  },
  {
    name: 'numbers-as-texts',
    how: 'came from a time of XML',
    response: (response) => ({ ...response, body: texts(response.body) }),
  },
  {
    name: 'answers-as-text',
    how: 'sets the Content-Type it was configured with',
    response: (response) =>
      response.body.length === 0
        ? response
        : { ...response, headers: withHeader(response.headers, 'Content-Type', 'text/html') },
  },
  {
    name: 'gzip-without-saying',
    how: 'compresses and forgets the header',
    response: (response) => (response.body.length === 0 ? response : { ...response, body: gzipSync(response.body) }),
  },
  {
    name: 'gzip-said-twice',
    how: 'says gzip of what is not compressed',
    response: (response) =>
      response.body.length === 0
        ? response
        : { ...response, headers: [...response.headers, ['Content-Encoding', 'gzip']] },
  },
  {
    name: 'bodies-cut-at-1-kb',
    how: 'has a buffer of 1 KB',
    response: (response) => ({ ...response, body: response.body.subarray(0, 1024) }),
  },
  {
    name: 'get-cached',
    how: 'caches GET by URL',
    answer: (request, memory) => (request.verb === 'GET' ? memory.get(request.target) : undefined),
    response: (response, asked, memory) => remembered(response, asked.target, asked, memory),
  },
  {
    name: 'get-cached-by-path',
    how: 'caches GET by path alone',
    answer: (request, memory) => (request.verb === 'GET' ? memory.get(pathOf(request)) : undefined),
    response: (response, asked, memory) => remembered(response, pathOf(asked), asked, memory),
  },
  {
    name: 'slash-redirected',
    how: 'sends clients from /r to /r/',
    answer: (request) =>
      request.verb === 'GET' && !pathOf(request).endsWith('/') && pathOf(request).split('/').length === 2
        ? { status: 301, headers: [['Location', `${pathOf(request)}/`]], body: Buffer.alloc(0) }
        : undefined,
  },
  // What gateways do that nobody can tell: the contracts must not alarm.
  { name: 'nothing', how: 'forwards', harmless: 'it forwards' },
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
      response.body.length === 0
        ? response
        : { ...response, headers: withHeader(response.headers, 'Content-Type', 'application/json; charset=UTF-8') },
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
