/** Laws of the wire: the same request in other bytes is the same request. */
import { HEADERS, isSameHeader } from '../protocol/headers.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import type { Law } from './law.ts';
import { compareForms, onlyAsks } from './probe.ts';
import { sameAnswers } from './same-answers.ts';

export const WIRE_LAWS: readonly Law[] = [
  {
    rule: 'laws/header-names-have-no-case',
    appliesTo: onlyAsks,
    probe: (facts) =>
      compareForms(facts, [
        { name: 'asks', change: {} },
        { name: 'asks with header names in lower case', change: {}, rewrite: withLowerCaseNames },
      ]),
    check: (trace) =>
      sameAnswers('laws/header-names-have-no-case', trace, 'The request with its header names in lower case'),
  },
  {
    rule: 'laws/parameter-order-is-free',
    appliesTo: ({ effect, parameter }) => effect === 'reads' && (parameter === 'q' || parameter === 'bq'),
    probe: (facts) =>
      compareForms(facts, [
        { name: 'asks', change: { tunnel: false } },
        { name: 'asks with its parameters in reverse', change: { tunnel: false }, rewrite: withReversedQuery },
      ]),
    check: (trace) =>
      sameAnswers('laws/parameter-order-is-free', trace, 'The request with its parameters in another order'),
  },
  {
    rule: 'laws/escapes-are-free',
    appliesTo: onlyAsks,
    probe: (facts) =>
      compareForms(facts, [
        { name: 'asks', change: { tunnel: false } },
        { name: 'asks with more escapes than needed', change: { tunnel: false }, rewrite: withMoreEscapes },
      ]),
    check: (trace) => sameAnswers('laws/escapes-are-free', trace, 'The request with more escapes than it needs'),
  },
  {
    rule: 'laws/key-parts-have-no-order',
    appliesTo: (profile, operation) =>
      onlyAsks(profile, operation) && (operation.level === 'entity' || profile.parameter === 'ids'),
    probe: (facts) => {
      if (facts.contract.key === null || facts.contract.key.shape.kind === 'simple') return null;
      return compareForms(facts, [
        { name: 'asks', change: {} },
        { name: 'asks with the parts of its keys in reverse', change: {}, rewrite: withReversedKeys },
      ]);
    },
    check: (trace) =>
      sameAnswers('laws/key-parts-have-no-order', trace, 'The request with the parts of its keys in another order'),
  },
];

function withLowerCaseNames(request: HttpRequest): HttpRequest {
  return { ...request, headers: request.headers.map(([name, value]) => [name.toLowerCase(), value] as const) };
}

function withReversedQuery(request: HttpRequest): HttpRequest {
  return mapQuery(request, (query) => query.split('&').toReversed().join('&'));
}

/** Escapes the first letter of the last path segment, and of each value that is plain text. */
function withMoreEscapes(request: HttpRequest): HttpRequest {
  const path = mapPath(request, (text) =>
    text.replace(/\/([A-Za-z0-9])([^/]*)$/, (_, first: string, rest: string) => `/${escaped(first)}${rest}`),
  );
  // Masks are read raw, so that escapes in them are no escapes.
  return mapQuery(path, (query) =>
    query
      .split('&')
      .map((part) =>
        /^(?:fields|metadataFields|pagingFields)=/.test(part)
          ? part
          : part.replace(/=([a-z])([\w-]*)$/, (_, first: string, rest: string) => `=${escaped(first)}${rest}`),
      )
      .join('&'),
  );
}

/** `(a:1,b:2)` becomes `(b:2,a:1)`, wherever a record without records stands. */
function withReversedKeys(request: HttpRequest): HttpRequest {
  return {
    ...request,
    target: request.target.replace(
      /\(([^()]*:[^()]*)\)/g,
      (_, parts: string) => `(${parts.split(',').toReversed().join(',')})`,
    ),
  };
}

function escaped(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

function mapPath(request: HttpRequest, change: (path: string) => string): HttpRequest {
  const [path = '', ...query] = request.target.split('?');
  return { ...request, target: [change(path), ...query].join('?') };
}

function mapQuery(request: HttpRequest, change: (query: string) => string): HttpRequest {
  const mark = request.target.indexOf('?');
  if (mark < 0 || request.headers.some(([name]) => isSameHeader(name, HEADERS.override))) return request;
  return { ...request, target: `${request.target.slice(0, mark + 1)}${change(request.target.slice(mark + 1))}` };
}
