/** nock as a way in: every request below a base URL is handed over, and nothing else. */
import nock from 'nock';
import type { HttpRequest, HttpResponse } from '../transport/exchange.ts';

const VERBS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE'] as const;

/**
 * Hands every request below `base` to `answer`.
 *
 * @returns takes all of it back; interceptors of others stay
 */
export function interceptAll(base: URL, answer: (request: HttpRequest) => HttpResponse): () => void {
  const scope = nock(base.origin).persist();
  const path = base.pathname.replace(/\/$/, '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const below = new RegExp(`^${path}(?:[/?]|$)`);
  const interceptors = VERBS.map((verb) => {
    const interceptor = scope.intercept(below, verb);
    interceptor.reply(function (uri) {
      const response = answer(requestOf(base.origin, uri, this.req));
      return [response.status, Buffer.from(response.body), headersOf(response)];
    });
    return interceptor;
  });
  // nock would parse a JSON body here, and throw where nobody can catch it if it is none.
  scope.on('request', (request: object) => Object.assign(request, { headers: {} }));

  return () => {
    scope.persist(false);
    for (const interceptor of interceptors) nock.removeInterceptor(interceptor);
    // An origin without interceptors would still refuse real requests.
    if (nock.activeMocks().length === 0) nock.cleanAll();
  };
}

/** The parts of node's ClientRequest that nock fills in. */
interface Intercepted {
  readonly method?: string;
  getHeaders?(): Readonly<Record<string, unknown>>;
  readonly requestBodyBuffers?: unknown;
}

function requestOf(origin: string, uri: string, sent: Intercepted): HttpRequest {
  const headers = Object.entries(sent.getHeaders?.() ?? {}).flatMap(([name, value]): (readonly [string, string])[] =>
    Array.isArray(value) ? value.map((one) => [name, String(one)] as const) : [[name, String(value)]],
  );
  const chunks = Array.isArray(sent.requestBodyBuffers)
    ? sent.requestBodyBuffers.filter((one) => Buffer.isBuffer(one))
    : [];
  const body = Buffer.concat(chunks);
  return { verb: sent.method ?? 'GET', origin, target: uri, headers, body: body.length === 0 ? null : body };
}

/** nock takes a list of several lines of one name as one header with several values. */
function headersOf({ headers }: HttpResponse): Record<string, string | string[]> {
  const joined = new Map<string, string[]>();
  const names = new Map<string, string>();
  for (const [name, value] of headers) {
    const id = name.toLowerCase();
    names.set(id, names.get(id) ?? name);
    joined.set(id, [...(joined.get(id) ?? []), value]);
  }
  return Object.fromEntries(
    [...joined].map(([id, values]) => [names.get(id) ?? id, values.length === 1 ? (values[0] ?? '') : values]),
  );
}
