/** Laws of the wire: the same request in other bytes is the same request. */
import { HEADERS, isSameHeader } from '../protocol/headers.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import { differences, entitiesOf, isSuccess, told } from './compare.ts';
import type { Law, LawFinding, Trace } from './law.ts';
import { onOwned, reads, vary, writes } from './probe.ts';
import { counts } from './read.ts';

export const WIRE_LAWS: readonly Law[] = [
  {
    rule: 'laws/tunnelled-is-plain',
    appliesTo: ({ effect, parameter }) => effect === 'reads' && parameter !== 'none',
    probe: (facts) =>
      vary(facts, [
        { name: 'asks plainly', change: { tunnel: false } },
        { name: 'asks through a tunnel', change: { tunnel: true } },
      ]),
    check: (trace) => sameAnswers('laws/tunnelled-is-plain', trace, 'The tunnelled request'),
  },
  {
    rule: 'laws/header-names-have-no-case',
    appliesTo: ({ effect }) => effect === 'reads',
    probe: (facts) =>
      vary(facts, [
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
      vary(facts, [
        { name: 'asks', change: { tunnel: false } },
        { name: 'asks with its parameters in reverse', change: { tunnel: false }, rewrite: withReversedQuery },
      ]),
    check: (trace) =>
      sameAnswers('laws/parameter-order-is-free', trace, 'The request with its parameters in another order'),
  },
  {
    rule: 'laws/escapes-are-free',
    appliesTo: ({ effect }) => effect === 'reads',
    probe: (facts) =>
      vary(facts, [
        { name: 'asks', change: { tunnel: false } },
        { name: 'asks with more escapes than needed', change: { tunnel: false }, rewrite: withMoreEscapes },
      ]),
    check: (trace) => sameAnswers('laws/escapes-are-free', trace, 'The request with more escapes than it needs'),
  },
  {
    rule: 'laws/key-parts-have-no-order',
    appliesTo: ({ effect, returns }) => effect === 'reads' && (returns === 'entity' || returns === 'batch'),
    probe: (facts) => {
      if (facts.contract.key === null || facts.contract.key.shape.kind === 'simple') return null;
      return vary(facts, [
        { name: 'asks', change: {} },
        { name: 'asks with the parts of its keys in reverse', change: {}, rewrite: withReversedKeys },
      ]);
    },
    check: (trace) =>
      sameAnswers('laws/key-parts-have-no-order', trace, 'The request with the parts of its keys in another order'),
  },
  {
    rule: 'laws/refused-changes-nothing',
    appliesTo: ({ effect, batchOf }) => effect === 'removes' && batchOf === null,
    probe: (facts) =>
      onOwned(facts, (owned) => {
        const removal = writes(facts.operation, owned, owned.key, {}, 'asks to remove it under the name of GET', 'any');
        return [
          reads(owned, owned.key, 'reads it'),
          { ...removal, spec: { ...removal.spec, headers: new Map([[HEADERS.method, owned.reader.method]]) } },
          reads(owned, owned.key),
        ];
      }),
    check: ([before, refused, after]) => {
      if (before === undefined || refused === undefined || after === undefined) return [];
      // Whether it had to be refused is a matter of the header matrix.
      if (!isSuccess(before) || refused.status < 400 || isSuccess(after)) return [];
      return [
        {
          rule: 'laws/refused-changes-nothing',
          exchange: 2,
          pointer: null,
          expected: '200, for the removal was refused',
          actual: `${after.status}`,
          message: `A DELETE that was refused with ${refused.status} removed the entity.`,
        },
      ];
    },
  },
];

/** Two requests that mean the same have the same status and the same entities. */
function sameAnswers(rule: string, [plain, other]: Trace, what: string): readonly LawFinding[] {
  if (plain === undefined || other === undefined || !isSuccess(plain)) return [];
  if (plain.status !== other.status) {
    return [
      {
        rule,
        exchange: 1,
        pointer: null,
        expected: `${plain.status}`,
        actual: `${other.status}`,
        message: `${what} has another outcome than the plain one.`,
      },
    ];
  }
  const [one, two] = [entitiesOf(plain), entitiesOf(other)];
  if (one.length !== two.length)
    return [counts(rule, 1, one.length, two.length, `${what} has another answer than the plain one.`)];
  return one.flatMap((entity, index) =>
    told(
      rule,
      1,
      other.outcomes?.[index]?.pointer ?? '',
      differences(plain.contract, entity, two[index]),
      `${what} has another answer`,
    ),
  );
}

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
