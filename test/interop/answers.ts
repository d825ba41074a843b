/**
 * Two answers to the same request, the server's and the mock's -> what differs, place by place, and which values were
 * set aside by which rule.
 *
 * Everything is compared: status, headers, the members of the envelope, keys, and entities value by value. A value may
 * differ only by one of the rules of `ASIDE`; it must still be of the same kind and fit the contract's schema.
 */
import { typeWord } from '../../src/diagnostic/quote.ts';
import { HEADERS, ID_HEADER } from '../../src/protocol/headers.ts';
import { isJsonArray, isJsonObject, memberOf, type Json } from '../../src/protocol/json.ts';
import { profileOf, type MethodProfile } from '../../src/protocol/methods.ts';
import { differingHeaders } from '../../src/run/compare-headers.ts';
import { headerOf, type HeaderLines } from '../../src/transport/exchange.ts';
import { Walk, type AnswerDifference, type AsideRule, type Comparer, type Question } from './answer-walk.ts';
import { locationForm, type KnownKeys } from './created-keys.ts';

/** An answer as the stream holds it. */
export interface Answer {
  readonly status: number;
  readonly headers: HeaderLines;
  /** undefined: no body. */
  readonly body: Json | undefined;
  readonly kind: 'none' | 'JSON' | 'text' | 'cut';
}

export interface Compared {
  readonly differences: readonly AnswerDifference[];
  readonly aside: ReadonlyMap<AsideRule, number>;
}

/** @param keys - what stands for what among created keys of the case; new ones are added */
export function compareAnswers(server: Answer, mock: Answer, question: Question, keys: KnownKeys): Compared {
  const aside = new Map<AsideRule, number>();
  const found: AnswerDifference[] = [];
  const walk = new Walk(question, keys, found, aside);
  const returns = question.operation === null ? null : profileOf(question.operation.method).returns;

  if (server.status !== mock.status) walk.differ('status', String(server.status), String(mock.status));
  if (server.status < 400 !== mock.status < 400) {
    // A failure has other headers and another body than a success. What the server answers must still be of its kind.
    if (server.status < 400 && server.body !== undefined && returns !== null) ALONE[returns]?.(walk, server.body);
    return { differences: distinct(found), aside };
  }
  compareHeaders(server, mock, walk);
  if (server.kind === 'cut' || mock.kind === 'cut') return { differences: found, aside };
  if (server.kind !== mock.kind) walk.differ('body', server.kind, mock.kind);
  else if (server.body !== undefined && mock.body !== undefined) {
    const isError = server.status >= 400;
    if (isError) walk.error(ownStatus(server), ownStatus(mock), '');
    else if (returns === null) walk.exact(server.body, mock.body, '');
    else ENVELOPES[returns](walk, server.body, mock.body);
  }
  return { differences: distinct(found), aside };
}

/** The body of an error: that it repeats the status of its answer is what counts, statuses are compared by themselves. */
function ownStatus({ status, body }: Answer): Json {
  if (body === undefined || !isJsonObject(body) || memberOf(body, 'status') !== status) return body ?? null;
  return { ...body, status: 'that of the answer' };
}

function compareHeaders(server: Answer, mock: Answer, walk: Walk): void {
  const { protocol } = walk.question;
  const at = (name: string): string => `header ${name.toLowerCase()} of ${server.status}`;
  const idName = ID_HEADER[protocol];
  const [serverId, mockId] = [headerOf(server.headers, idName), headerOf(mock.headers, idName)];
  if (serverId !== null && mockId !== null) walk.givenKey(serverId, mockId, at(idName));

  const locations = [server, mock].map(({ headers }) => headerOf(headers, HEADERS.location));
  const [ours, theirs] = [
    locationForm(locations[0] ?? null, serverId, walk.question),
    locationForm(locations[1] ?? null, mockId, walk.question),
  ];
  if (ours !== theirs) walk.differ(at(HEADERS.location), ours, theirs);

  for (const { header, expected, actual } of differingHeaders(server.headers, mock.headers, () => false)) {
    const name = header.toLowerCase();
    if (name === HEADERS.location.toLowerCase()) continue;
    if (name === idName.toLowerCase() && serverId !== null && mockId !== null) continue;
    const isValue = name === HEADERS.protocol.toLowerCase() || name === HEADERS.contentType.toLowerCase();
    const shown = (text: string): string => (text === 'nothing' || isValue ? text : 'there');
    walk.differ(at(name), shown(expected), shown(actual));
  }
}

/** How each envelope is walked. A method that the catalogue adds to a known envelope needs nothing here. */
const ENVELOPES: Readonly<Record<MethodProfile['returns'], (walk: Walk, server: Json, mock: Json) => void>> = {
  entity: (walk, server, mock) => walk.entity(server, mock, ''),
  created: (walk, server, mock) => walk.entity(server, mock, ''),
  none: (walk, server, mock) => walk.entity(server, mock, ''),
  batch: (walk, server, mock) =>
    walk.record(server, mock, '', {
      results: (a, b, at) =>
        walk.map(
          a,
          b,
          at,
          (x, y, p) => walk.entity(x, y, p),
          (x, p) => walk.alone(x, p),
        ),
      errors: (a, b, at) => walk.map(a, b, at, (x, y, p) => walk.error(x, y, p)),
    }),
  statuses: (walk, server, mock) =>
    walk.record(server, mock, '', {
      results: (a, b, at) => walk.map(a, b, at, (x, y, p) => walk.record(x, y, p, entryOf(walk))),
      errors: (a, b, at) => walk.map(a, b, at, (x, y, p) => walk.error(x, y, p)),
    }),
  createdBatch: (walk, server, mock) =>
    walk.record(server, mock, '', {
      elements: (a, b, at) =>
        walk.items(a, b, at, (x, y, p) => {
          const [id, other] = [memberOf(x, 'id'), memberOf(y, 'id')];
          walk.record(x, y, p, {
            ...entryOf(walk),
            id: (one, two) => {
              if (typeof one === 'string' && typeof two === 'string') walk.givenKey(one, two, `${p}/id`);
              else walk.exact(one, two, `${p}/id`);
            },
            location: (one, two) => {
              const form = (location: Json, own: Json | undefined): string =>
                locationForm(textOrNull(location), textOrNull(own), walk.question);
              if (form(one, id) !== form(two, other)) walk.differ(`${p}/location`, form(one, id), form(two, other));
            },
          });
        }),
    }),
  collection: (walk, server, mock) => walk.page(server, mock, ''),
  collections: (walk, server, mock) =>
    walk.record(server, mock, '', {
      elements: (a, b, at) => walk.items(a, b, at, (x, y, p) => walk.page(x, y, p)),
    }),
  value: (walk, server, mock) => {
    const { operation } = walk.question;
    walk.record(server, mock, '', { value: (a, b, at) => walk.computed(a, b, at, operation?.returns ?? null) });
  },
};

/** What an answer is judged by where the mock's is of another kind. */
const ALONE: Partial<Record<MethodProfile['returns'], (walk: Walk, server: Json) => void>> = {
  entity: (walk, server) => walk.alone(server, 'body'),
  batch: (walk, server) => {
    const results = memberOf(server, 'results');
    if (!isJsonObject(results)) walk.differ('/results', typeWord(results), 'object');
    else for (const entity of Object.values(results)) walk.alone(entity, '/results/:');
  },
  collection: (walk, server) => {
    const elements = memberOf(server, 'elements');
    if (!isJsonArray(elements)) walk.differ('/elements', typeWord(elements), 'list');
    else for (const entity of elements) walk.alone(entity, '/elements/:');
  },
};

function entryOf(walk: Walk): Readonly<Record<string, Comparer>> {
  return { entity: (a, b, at) => walk.entity(a, b, at), error: (a, b, at) => walk.error(a, b, at) };
}

function textOrNull(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function distinct(differences: readonly AnswerDifference[]): readonly AnswerDifference[] {
  const met = new Map(differences.map((one) => [`${one.place} ${one.server} ${one.mock}`, one]));
  return [...met.values()];
}
