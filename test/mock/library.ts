/** A library for the tests of the mock: all methods, all kinds, sub-resources, both dialects. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Contract } from '../../src/contract/contract.ts';
import { isJsonArray, isJsonObject, memberOf, parseJson, type Json } from '../../src/protocol/json.ts';
import { valueAt } from '../../src/protocol/pointer.ts';
import type { HttpRequest, HttpResponse } from '../../src/transport/exchange.ts';
import { contractOf } from '../support/contract.ts';

export const books = contractOf(`
contract: 1
resource: books
key: { id: long }
readOnly: [id, addedAt, loan]
createOnly: [isbn]
types:
  Genre: { enum: [FANTASY, HISTORY, POETRY] }
  Loan:
    type: object
    required: [reader, days]
    properties: { reader: { $ref: "#/types/urn" }, days: { $ref: "#/types/int" } }
  Counts: { type: object, additionalProperties: { $ref: "#/types/int" } }
  Book:
    type: object
    required: [id, isbn, title, genre, addedAt]
    properties:
      id: { $ref: "#/types/long" }
      isbn: { type: string }
      title: { type: string, minLength: 1 }
      genre: { $ref: "#/types/Genre" }
      blurb: { type: string }
      pages: { $ref: "#/types/int" }
      addedAt: { $ref: "#/types/long" }
      loan: { $ref: "#/types/Loan" }
entity: Book
examples:
  - { id: 1, isbn: a1, title: Tides, genre: FANTASY, blurb: Salt., pages: 120, addedAt: 1000 }
  - { id: 2, isbn: a2, title: Doors, genre: HISTORY, pages: 80, addedAt: 1001 }
  - { id: 9007199254740993, isbn: a3, title: Numbers, genre: HISTORY, addedAt: 1002, loan: { reader: "urn:li:person:ann", days: 14 } }
mock:
  onCreate: { addedAt: "\${now}" }
errors:
  429: { code: SLOW_DOWN, doc: The quota is used up., when: { headers: { X-Quota: spent } } }
methods:
  GET:
  BATCH_GET: { maxBatchSize: 100000 }
  GET_ALL: { paging: { kind: offset, max: 100, total: true } }
  FINDER:
    search:
      params: { title?: string, genre?: Genre, minPages?: int }
      paging: offset
      metadata: Counts
      mock: { filter: { title: { startsWith: title }, genre: genre, pages: { min: minPages } }, sort: title, metadata: { FOUND: 7 } }
    byGenre: { params: { genre?: "Genre[]" } }
    newest: { paging: { kind: cursor, size: 2 }, mock: { sort: -addedAt } }
    picks: { mock: { elements: [{ id: 2, isbn: a2, title: Doors, genre: HISTORY, addedAt: 1001 }] } }
  BATCH_FINDER:
    searchMany: { finder: search, errors: { 404: { code: NO_SUCH_GENRE, when: { criteria: { title: Nowhere } } } } }
  CREATE: { returnEntity: true, errors: { 409: { code: DUPLICATE_ISBN, when: { entity: { isbn: a1 } } } } }
  BATCH_CREATE: { returnEntity: true }
  UPDATE:
  BATCH_UPDATE:
  PARTIAL_UPDATE: { errors: { 423: { code: LOCKED, when: { patch: { $equals: { $set: { title: Locked } } } } } } }
  BATCH_PARTIAL_UPDATE:
  DELETE: { errors: { 409: { code: ON_LOAN, doc: A lent book stays., when: { key: 9007199254740993 } } } }
  BATCH_DELETE:
  ACTION:
    count: { readOnly: true, returns: int, mock: { value: 3 } }
    sample: { readOnly: true, returns: Loan }
    tidy:
    lend:
      level: entity
      params: { reader: urn, days: { type: integer, default: 14, maximum: 28 } }
      returns: Loan
      mock: { patch: { $set: { loan: { reader: "\${params.reader}", days: "\${params.days}" } } }, value: "\${entity.loan}" }
`);

export const pages = contractOf(`
contract: 1
resource: books.pages
path: /books/{book}/pages
parents: { book: long }
vars: { book: 1 }
key: { number: int }
readOnly: [number]
entity: { type: object, required: [text], properties: { number: { $ref: "#/types/int" }, text: { type: string } } }
examples:
  - { number: 1, text: one }
  - { $parents: { book: 2 }, number: 1, text: another }
methods: { GET: , GET_ALL: , CREATE: , UPDATE: { upsert: true }, DELETE: }
`);

export const members = contractOf(`
contract: 1
resource: members
kind: association
key: { person: urn, group: long }
entity: { type: object, properties: { role: { type: string } } }
examples:
  - { $key: { person: "urn:li:person:a", group: 1 }, role: owner }
  - { $key: { person: "urn:li:person:(b,c)", group: 2 }, role: guest }
methods:
  GET:
  BATCH_GET:
  GET_ALL:
  FINDER: { ofPerson: { assocKeys: [person] } }
  UPDATE: { upsert: true }
  BATCH_UPDATE: { upsert: true }
  PARTIAL_UPDATE:
  DELETE:
  BATCH_DELETE:
`);

export const shelves = contractOf(`
contract: 1
resource: shelves
key: { room: string, row: int, $params: { view?: string } }
entity: { type: object, required: [label], properties: { label: { type: string }, room: { type: string }, row: { $ref: "#/types/int" } } }
examples: [{ room: north, row: 1, label: Maps }]
methods: { GET: , BATCH_GET: , CREATE: , BATCH_UPDATE: , BATCH_DELETE: }
`);

export const settings = contractOf(`
contract: 1
resource: settings
kind: simple
entity: { type: object, properties: { theme: { type: string }, size: { $ref: "#/types/int" } } }
examples: [{ theme: dark, size: 3 }]
methods: { GET: , UPDATE: , PARTIAL_UPDATE: , DELETE: , ACTION: { restore: { returns: boolean, mock: { value: true } } } }
`);

export const tools = contractOf(`
contract: 1
resource: tools
kind: actionsSet
methods: { ACTION: { ping: { params: { text?: string }, returns: string, mock: { value: "pong \${params.text}" } }, reset: } }
`);

export const accounts = contractOf(`
contract: 1
resource: accounts
dialect: linkedin
key: { id: urn:li:account }
readOnly: [id]
entity: { type: object, required: [name], properties: { id: { $ref: "#/types/urn" }, name: { type: string } } }
examples:
  - { id: "urn:li:account:1", name: One }
  - { id: "urn:li:account:(2,3)", name: Two }
methods:
  GET:
  BATCH_GET:
  FINDER: { all: { paging: { kind: cursor, size: 1 } } }
  CREATE:
  PARTIAL_UPDATE:
  BATCH_PARTIAL_UPDATE:
  DELETE:
  BATCH_DELETE:
`);

/** Not in LIBRARY: entities that hold a record and say their own key, which their creator chooses. */
export const rooms = contractOf(`
contract: 1
resource: rooms
key: { name: string }
entity:
  type: object
  required: [name]
  properties:
    name: { type: string }
    floor: { $ref: "#/types/int" }
    note: { type: string }
    size:
      type: object
      required: [length, width]
      properties: { length: { $ref: "#/types/int" }, width: { $ref: "#/types/int" } }
examples:
  - { name: hall, floor: 1, note: cold, size: { length: 4, width: 5 } }
  - { name: attic, floor: 2, note: dark, size: { length: 6, width: 7 } }
methods:
  GET:
  BATCH_GET: { maxBatchSize: 3 }
  GET_ALL: { paging: { kind: offset, size: 5, total: true } }
  FINDER:
    onFloor: { params: { floor?: int }, paging: { kind: offset, size: 5 } }
  CREATE: { returnEntity: true }
  BATCH_CREATE: { returnEntity: true }
  UPDATE:
  BATCH_UPDATE: { maxBatchSize: 3 }
  PARTIAL_UPDATE: { returnEntity: true }
  BATCH_PARTIAL_UPDATE: { returnEntity: true, maxBatchSize: 3 }
  DELETE:
  BATCH_DELETE: { maxBatchSize: 3 }
`);

export const LIBRARY: readonly Contract[] = [books, pages, members, shelves, settings, tools, accounts];

export interface Sent {
  readonly verb: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: Json | Uint8Array;
}

/**
 * A request as a good client sends it: version, and with a body its type.
 *
 * @param headers - added; null leaves one of the usual out
 */
export function request({ verb, target, headers = {}, body }: Sent): HttpRequest {
  const usual: Record<string, string | null> = {
    'X-RestLi-Protocol-Version': '2.0.0',
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...headers,
  };
  const lines = Object.entries(usual).filter((line): line is [string, string] => line[1] !== null);
  const bytes =
    body instanceof Uint8Array ? body : body === undefined ? null : new TextEncoder().encode(JSON.stringify(body));
  return { verb, origin: 'http://127.0.0.1', target, headers: lines, body: bytes };
}

/** The body of an answer as a value; undefined for no bytes. */
export function bodyOf(response: HttpResponse): Json | undefined {
  if (response.body.byteLength === 0) return undefined;
  const parsed = parseJson(new TextDecoder().decode(response.body));
  if ('value' in parsed) return parsed.value;
  throw new Error(`The answer is no JSON: ${new TextDecoder().decode(response.body)}`);
}

/** What stands at a path of a body: `at(body, 'elements', 0, 'id')`. */
export function at(value: Json | undefined, ...segments: readonly (string | number)[]): Json | undefined {
  return value === undefined ? undefined : valueAt(value, segments);
}

/** The names of a record, in their order; none of anything else. */
export function namesOf(value: Json | undefined): readonly string[] {
  return isJsonObject(value) ? Object.keys(value) : [];
}

/** The member of that name of each item of a list. */
export function eachOf(value: Json | undefined, name: string): readonly (Json | undefined)[] {
  return isJsonArray(value) ? value.map((item) => memberOf(item, name)) : [];
}

/** Recorded vectors: the file that all folders test on. */
export function vectorsOf(member: string): readonly Json[] {
  const text = readFileSync(path.resolve(import.meta.dirname, '../vectors/restli.json'), 'utf8');
  const parsed = parseJson(text);
  const list = 'value' in parsed ? memberOf(parsed.value, member) : undefined;
  if (!isJsonArray(list)) throw new Error(`test/vectors/restli.json has no list \`${member}\``);
  return list;
}
