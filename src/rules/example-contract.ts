/**
 * The contracts that the examples of the catalogue are judged on, as source text by resource: a library whose `books`
 * serve every method, and smaller resources for what books cannot show.
 */

const books = `
contract: 1
resource: books
key: { id: long }
readOnly: [id, addedAt]
createOnly: [isbn]
types:
  Genre: { enum: [FANTASY, HISTORY, POETRY] }
  Loan: { type: object, required: [reader, days], properties: { reader: { $ref: "#/types/urn" }, days: { $ref: "#/types/int" } } }
  Counts: { type: object, additionalProperties: { $ref: "#/types/int" } }
  Owner:
    type: object
    minProperties: 1
    maxProperties: 1
    additionalProperties: false
    properties: { person: { $ref: "#/types/urn" }, library: { $ref: "#/types/int" } }
  Book:
    type: object
    required: [id, isbn, title, genre, addedAt]
    properties:
      id: { $ref: "#/types/long" }
      isbn: { type: string }
      title: { type: string, minLength: 1 }
      genre: { $ref: "#/types/Genre" }
      addedAt: { $ref: "#/types/long" }
      loan: { $ref: "#/types/Loan" }
      owner: { $ref: "#/types/Owner" }
      authors: { type: array, items: { type: string } }
      sold: { $ref: "#/types/long" }
      titles: { type: object, additionalProperties: { type: string } }
      shelf: { type: string, deprecated: true }
entity: Book
errors: { 429: { code: SLOW_DOWN, doc: Too many requests. } }
methods:
  GET: { response: { headers: { ETag?: { type: string, pattern: '^"' } } } }
  BATCH_GET: { maxBatchSize: 3 }
  GET_ALL: { paging: { kind: offset, max: 50, total: true } }
  FINDER:
    search:
      params: { title?: string, genre?: Genre, period?: { type: object, properties: { start: { $ref: "#/types/int" } } }, isbn?: { type: string, deprecated: true } }
      paging: offset
      metadata: Counts
    byAuthor: { params: { author: urn:li:person }, projection: required }
    newest: { paging: cursor, projection: none }
  BATCH_FINDER:
    searchMany: { finder: search, maxBatchSize: 2 }
  CREATE: { errors: { 409: { code: DUPLICATE_ISBN, doc: The library has that book. } } }
  BATCH_CREATE:
  UPDATE: { response: { status: 204, headers: { ETag: string } } }
  BATCH_UPDATE:
  PARTIAL_UPDATE: { returnEntity: true }
  BATCH_PARTIAL_UPDATE:
  DELETE: { request: { headers: { If-Match?: { type: string, pattern: '^"' }, X-Debug: false } } }
  BATCH_DELETE: { request: { headers: { X-Confirm: string } } }
  ACTION:
    lend: { level: entity, params: { reader: urn, days?: int }, returns: Loan }
    count: { readOnly: true, returns: int }
    price: { level: entity, readOnly: true, params: { copies: int, currency: { enum: [EUR, USD], default: EUR } }, returns: double }
    tidy: { deprecated: use count }
`;

const accounts = `
contract: 1
resource: accounts
dialect: linkedin
key: { id: urn:li:account }
entity: { type: object, required: [name], properties: { name: { type: string }, owner: { $ref: "#/types/urn" } } }
methods:
  GET:
  BATCH_GET:
  FINDER:
    search: { params: { name?: string }, paging: cursor }
  CREATE:
  PARTIAL_UPDATE:
  BATCH_PARTIAL_UPDATE:
  DELETE:
  BATCH_DELETE:
`;

const follows = `
contract: 1
resource: follows
kind: association
key: { from: string, to: long }
entity: { type: object, properties: { since: { $ref: "#/types/long" } } }
methods:
  GET:
  BATCH_GET:
  BATCH_UPDATE:
`;

const tools = `
contract: 1
resource: tools
kind: actionsSet
methods:
  ACTION:
    ping: { returns: string }
    reset:
`;

const notes = `
contract: 1
resource: notes
key: { id: string }
entity: { type: object, required: [text], properties: { text: { type: string } } }
errors: { 403: { doc: Not for you., details: { type: object, properties: { role: { type: string } } } } }
methods:
  GET: { response: { headers: { X-Internal: false } } }
  BATCH_GET:
  CREATE:
  BATCH_UPDATE:
  DELETE: { response: { status: 200, body: { type: object, properties: { left: { $ref: "#/types/int" } } } } }
`;

const prints = `
contract: 1
resource: prints
key: { id: long }
entity: { type: object, properties: { title: { type: string } } }
methods:
  GET_ALL: { paging: { kind: offset, size: 5 } }
`;

export const EXAMPLE_CONTRACTS: ReadonlyMap<string, string> = new Map([
  ['books', books],
  ['accounts', accounts],
  ['follows', follows],
  ['tools', tools],
  ['notes', notes],
  ['prints', prints],
]);
