/** Walks two answers at once, down to single values, and notes what differs and what was set aside. */
import { factsOf } from '../../src/mock/schema-facts.ts';
import type { Contract, Operation } from '../../src/contract/contract.ts';
import { describeValue, typeWord } from '../../src/diagnostic/quote.ts';
import {
  isJsonArray,
  isJsonObject,
  jsonEquals,
  memberOf,
  type Json,
  type JsonObject,
} from '../../src/protocol/json.ts';
import type { Key } from '../../src/protocol/keys.ts';
import { checkSchema } from '../../src/schema/check.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { isAsked, keyFault, type KnownKeys } from './created-keys.ts';

/** Why a value may differ between the server and a mock that holds the examples of its contract. */
export const ASIDE = {
  'error-text': 'texts of errors are the server’s own: message, exceptionClass, stackTrace',
  'own-entity': 'a list shows entities that the examples do not hold; each fits the schema of the entity',
  'own-total': 'how many there are depends on what is held, and so does whether there is another page',
  'given-key': 'the key of a created entity that nothing in the request decides; it fits the type of the key',
  'server-set': 'members that only the server sets (`readOnly` in the contract); they are of the same kind',
  computed: 'values of actions and metadata, which the resource computes; they fit their schema',
} as const;
export type AsideRule = keyof typeof ASIDE;

export interface AnswerDifference {
  /** `status`, `header location of 201`, `/elements/:/tone`: keys and indexes stand as a colon. */
  readonly place: string;
  readonly server: string;
  readonly mock: string;
}

/** What was asked, as the oracle reads it; `operation` of null: the request reaches none that is declared. */
export interface Question {
  readonly contract: Contract | null;
  readonly operation: Operation | null;
  /** Path without query, as sent. */
  readonly path: string;
  readonly protocol: '1.0.0' | '2.0.0';
  readonly isProjected: boolean;
  /** Body of the request. */
  readonly sent: Json | undefined;
  /** Keys that a batch asks for; null where none are asked. */
  readonly ids: readonly Key[] | null;
}

export type Comparer = (server: Json, mock: Json, place: string) => void;

/** Members of error bodies that are made for people. */
const ERROR_TEXTS = new Set(['message', 'exceptionClass', 'stackTrace']);

export class Walk {
  readonly question: Question;
  readonly #keys: KnownKeys;
  readonly #found: AnswerDifference[];
  readonly #aside: Map<AsideRule, number>;

  constructor(question: Question, keys: KnownKeys, found: AnswerDifference[], aside: Map<AsideRule, number>) {
    this.question = question;
    this.#keys = keys;
    this.#found = found;
    this.#aside = aside;
  }

  differ(place: string, server: string, mock: string): void {
    this.#found.push({ place: place === '' ? 'body' : place, server, mock });
  }

  exact(server: Json, mock: Json, place: string): void {
    if (jsonEquals(server, mock)) return;
    if (isJsonObject(server) && isJsonObject(mock)) this.record(server, mock, place, {});
    else if (isJsonArray(server) && isJsonArray(mock))
      this.items(server, mock, place, (a, b, at) => this.exact(a, b, at));
    else this.differ(place, describeValue(server, SHOWN), describeValue(mock, SHOWN));
  }

  /** Members of both; those that `comparers` do not name are compared exactly. */
  record(server: Json, mock: Json, place: string, comparers: Readonly<Record<string, Comparer>>): void {
    if (!isJsonObject(server) || !isJsonObject(mock)) return this.#kinds(server, mock, place);
    for (const name of new Set([...Object.keys(server), ...Object.keys(mock)])) {
      const at = `${place}/${name}`;
      const [a, b] = [memberOf(server, name), memberOf(mock, name)];
      if (a === undefined || b === undefined) this.differ(at, typeWord(a), typeWord(b));
      else {
        const compare = Object.hasOwn(comparers, name) ? comparers[name] : undefined;
        if (compare === undefined) this.exact(a, b, at);
        else compare(a, b, at);
      }
    }
  }

  /** By key: keys that were created in the case stand for each other. */
  map(server: Json, mock: Json, place: string, compare: Comparer, alone?: (value: Json, place: string) => void): void {
    if (!isJsonObject(server) || !isJsonObject(mock)) return this.#kinds(server, mock, place);
    const left = new Set(Object.keys(mock));
    for (const [name, value] of Object.entries(server)) {
      const other = left.has(name) ? name : [...left].find((one) => this.#keys.isSameKey(name, one, this.question));
      const held = other === undefined ? undefined : memberOf(mock, other);
      if (!isAsked(name, this.question)) this.differ(`${place}/:`, 'a key that nobody asked for', 'keys as asked');
      else if (other === undefined || held === undefined) {
        this.differ(`${place}/:`, typeWord(value), 'nothing');
        alone?.(value, `${place}/:`);
      } else {
        left.delete(other);
        compare(value, held, `${place}/:`);
      }
    }
    for (const name of left) this.differ(`${place}/:`, 'nothing', typeWord(memberOf(mock, name)));
  }

  /** By position: lists whose order the request decides. */
  items(server: Json, mock: Json, place: string, compare: Comparer): void {
    if (!isJsonArray(server) || !isJsonArray(mock)) return this.#kinds(server, mock, place);
    if (server.length !== mock.length) return this.differ(place, `${server.length} items`, `${mock.length} items`);
    for (const [index, item] of server.entries()) {
      const other = mock[index];
      if (other !== undefined) compare(item, other, `${place}/:`);
    }
  }

  error(server: Json, mock: Json, place: string): void {
    if (!isJsonObject(server) || !isJsonObject(mock)) return this.#kinds(server, mock, place);
    const text = (value: JsonObject): boolean => Object.keys(value).some((name) => ERROR_TEXTS.has(name));
    if (text(server) || text(mock)) this.#setAside('error-text');
    this.record(withoutTexts(server), withoutTexts(mock), place, {});
  }

  /** What only the server has must at least be an entity of the resource. */
  alone(entity: Json, place: string): void {
    const fault = this.#entityFault(entity, []);
    if (fault !== null) this.differ(place, fault, 'an entity');
  }

  /** The same entity on both sides: it is an example, or was written through both. */
  entity(server: Json, mock: Json, place: string): void {
    if (jsonEquals(server, mock)) return;
    const { contract } = this.question;
    const own = new Set((contract?.readOnly ?? []).flatMap((path) => (path.length === 1 ? path : [])));
    const parts = new Set(contract?.key?.parts.keys() ?? []);
    const special = [...new Set([...own, ...parts])].map((name): readonly [string, Comparer] => [
      name,
      (a, b, at) => {
        if (jsonEquals(a, b) || this.#keys.isSameScalar(a, b)) return;
        if (!own.has(name) || typeWord(a) !== typeWord(b)) this.exact(a, b, at);
        else this.#setAside('server-set');
      },
    ]);
    this.record(server, mock, place, Object.fromEntries(special));
  }

  page(server: Json, mock: Json, place: string): void {
    this.record(server, mock, place, {
      elements: (a, b, at) => this.#entities(a, b, at),
      metadata: (a, b, at) => this.computed(a, b, at, this.question.operation?.metadata ?? null),
      error: (a, b, at) => this.error(a, b, at),
      paging: (a, b, at) =>
        this.record(a, b, at, {
          total: (one, two, p) => {
            if (typeWord(one) === typeWord(two)) this.#setAside('own-total');
            else this.exact(one, two, p);
          },
          links: (one, two, p) => this.#links(one, two, p),
        }),
    });
  }

  /** A value that the resource computes. */
  computed(server: Json, mock: Json, place: string, schema: Schema | null): void {
    if (jsonEquals(server, mock)) return;
    const fault = schema === null ? null : this.#fault(schema, server);
    if (typeWord(server) !== typeWord(mock) && !isNumber(server, mock)) this.#kinds(server, mock, place);
    else if (fault !== null) this.differ(place, fault, 'a value of its schema');
    else this.#setAside('computed');
  }

  givenKey(server: string, mock: string, place: string): void {
    if (server === mock) return;
    const { contract, sent } = this.question;
    const fault = contract === null ? null : keyFault(server, contract, this.question.protocol);
    const decided = this.#keys.give(server, mock, this.question);
    if (fault !== null) this.differ(place, fault, 'a key');
    else if (decided !== null)
      this.differ(place, `another ${decided} than ${sent === undefined ? 'asked' : 'sent'}`, 'as sent');
    else this.#setAside('given-key');
  }

  /** Lists of entities: those that both show are the same, the others are of the kind. */
  #entities(server: Json, mock: Json, place: string): void {
    if (!isJsonArray(server) || !isJsonArray(mock)) return this.#kinds(server, mock, place);
    if ((server.length === 0) !== (mock.length === 0)) {
      return this.differ(place, server.length === 0 ? 'empty' : 'not empty', mock.length === 0 ? 'empty' : 'not empty');
    }
    const left = [...mock];
    for (const element of server) {
      const index = left.findIndex((other) => this.#isSameEntity(element, other));
      const other = index < 0 ? undefined : left[index];
      if (other !== undefined) {
        left.splice(index, 1);
        this.entity(element, other, `${place}/:`);
        continue;
      }
      const fault = this.#entityFault(element, mock);
      if (fault === null) this.#setAside('own-entity');
      else this.differ(`${place}/:`, fault, 'an entity');
    }
  }

  #isSameEntity(a: Json, b: Json): boolean {
    if (jsonEquals(a, b)) return true;
    const names = [...(this.question.contract?.key?.parts.keys() ?? [])];
    if (names.length === 0) return false;
    return names.every((name) => {
      const [one, two] = [memberOf(a, name), memberOf(b, name)];
      return one !== undefined && two !== undefined && (jsonEquals(one, two) || this.#keys.isSameScalar(one, two));
    });
  }

  #entityFault(element: Json, others: readonly Json[]): string | null {
    const schema = this.question.contract?.entity ?? null;
    if (!isJsonObject(element)) return typeWord(element);
    const fault = schema === null ? null : this.#fault(schema, element);
    if (fault !== null) return fault;
    const examples = this.question.contract?.examples.map(({ entity }) => entity) ?? [];
    const known = new Set([
      ...(schema === null ? [] : factsOf(schema).members),
      ...[...others, ...examples].flatMap((other) => (isJsonObject(other) ? Object.keys(other) : [])),
    ]);
    const unknown = Object.keys(element).find((name) => !known.has(name));
    return unknown === undefined ? null : `member ${unknown} that no entity has`;
  }

  #links(server: Json, mock: Json, place: string): void {
    if (jsonEquals(server, mock)) return;
    if (!isJsonArray(server) || !isJsonArray(mock)) return this.#kinds(server, mock, place);
    const forms = (links: readonly Json[]): readonly string[] =>
      links.map((link) => linkForm(link, this.question.path));
    const [ours, theirs] = [forms(server), forms(mock)];
    const odd = [...ours, ...theirs].find((form) => form !== LINK);
    if (odd === undefined) return this.#setAside('own-total');
    this.differ(place, ours.join(', '), theirs.join(', '));
  }

  #fault(schema: Schema, value: Json): string | null {
    const [problem] = checkSchema(schema, value, this.question.isProjected ? { variant: 'partial' } : {});
    return problem === undefined ? null : `${problem.keyword} fails at ${starred(problem.pointer)}`;
  }

  #kinds(server: Json, mock: Json, place: string): void {
    if (!jsonEquals(server, mock)) this.differ(place, describeValue(server, SHOWN), describeValue(mock, SHOWN));
  }

  #setAside(rule: AsideRule): void {
    this.#aside.set(rule, (this.#aside.get(rule) ?? 0) + 1);
  }
}

/** Characters of a value that a difference shows. */
const SHOWN = 60;
const LINK = 'link';

/** A link of a page: to the same path, of a page before or after. */
function linkForm(link: Json, path: string): string {
  const [rel, href, type] = ['rel', 'href', 'type'].map((name) => memberOf(link, name));
  if ((rel !== 'prev' && rel !== 'next') || typeof type !== 'string') return `rel ${describeValue(rel, SHOWN)}`;
  if (typeof href !== 'string' || href.split('?')[0] !== path) return `href ${describeValue(href, SHOWN)}`;
  return /[?&]start=\d+/.test(href) && /[?&]count=\d+/.test(href) ? LINK : 'href without start and count';
}

function withoutTexts(error: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(error).filter(([name]) => !ERROR_TEXTS.has(name)));
}

function isNumber(a: Json, b: Json): boolean {
  return [a, b].every((value) => typeof value === 'number' || typeof value === 'bigint');
}

function starred(pointer: string): string {
  return pointer === '' ? 'the top' : pointer.replaceAll(/\/\d+(?=\/|$)/g, '/:');
}
