/** Contracts with a place for every fault: nested members, every kind of key, limits on every batch. */
import type { Contract } from '../../src/contract/contract.ts';
import { contractOf } from '../support/contract.ts';

export const songs = contractOf(`
contract: 1
resource: songs
key: { id: long }
readOnly: [id, stats/plays]
createOnly: [isrc]
types:
  Genre: { enum: [ROCK, JAZZ] }
  Price:
    type: object
    required: [amount]
    additionalProperties: false
    properties: { amount: { type: number, minimum: 0, maximum: 100, multipleOf: 0.5 }, currency: { type: string, pattern: "^[A-Z]{3}$" } }
  Source:
    type: object
    minProperties: 1
    maxProperties: 1
    additionalProperties: false
    properties: { file: { type: string }, url: { type: string, format: uri } }
  Song:
    type: object
    required: [id, title, genre, price, tags]
    properties:
      id: { $ref: "#/types/long" }
      isrc: { type: string }
      title: { type: string, minLength: 1, maxLength: 20 }
      genre: { $ref: "#/types/Genre" }
      price: { $ref: "#/types/Price" }
      tags: { type: array, items: { type: string, minLength: 1 }, minItems: 1, maxItems: 3, uniqueItems: true }
      labels: { type: object, additionalProperties: { $ref: "#/types/Genre" } }
      source: { $ref: "#/types/Source" }
      stats: { type: object, properties: { plays: { $ref: "#/types/int" } } }
entity: Song
examples:
  - { id: 1, isrc: a1, title: One, genre: ROCK, price: { amount: 1, currency: EUR }, tags: [x, y], labels: { de: ROCK }, source: { file: f }, stats: { plays: 3 } }
  - { id: 2, isrc: a2, title: Two, genre: JAZZ, price: { amount: 2 }, tags: [x], stats: { plays: 4 } }
methods:
  GET:
  BATCH_GET: { maxBatchSize: 3 }
  FINDER:
    search:
      params:
        genre: Genre
        live?: boolean
        years?: "int[]"
        price?: Price
        code?: { type: string, pattern: "^[A-Z]+$" }
      paging: { kind: offset, max: 50 }
      mock: { filter: false }
  BATCH_FINDER:
    many: { maxBatchSize: 3, criteria: { genre: Genre, live?: boolean, year?: { type: integer, minimum: 1900 } }, mock: { filter: false } }
  CREATE: { returnEntity: true }
  BATCH_CREATE: { maxBatchSize: 3 }
  UPDATE:
  BATCH_UPDATE: { maxBatchSize: 3 }
  PARTIAL_UPDATE:
  BATCH_PARTIAL_UPDATE: { maxBatchSize: 3 }
  DELETE:
  BATCH_DELETE: { maxBatchSize: 3 }
  ACTION:
    rate:
      level: entity
      params: { stars: { type: integer, minimum: 1, maximum: 5 }, genre?: Genre, public?: boolean, notes?: "string[]", price?: Price }
    reset:
cases:
  - { name: finds, method: FINDER, q: search, params: { genre: ROCK } }
  - { name: finds many, method: BATCH_FINDER, bq: many, criteria: [{ genre: ROCK }] }
  - { name: rates, method: ACTION, action: rate, key: 1, params: { stars: 3 } }
`);

export const follows = contractOf(`
contract: 1
resource: follows
kind: association
key: { person: urn, group: long }
entity: { type: object, required: [role], properties: { role: { type: string } } }
examples:
  - { $key: { person: "urn:li:person:a", group: 1 }, role: owner }
  - { $key: { person: "urn:li:person:b", group: 2 }, role: guest }
methods:
  GET:
  BATCH_GET: { maxBatchSize: 2 }
  FINDER: { ofGroup: { assocKeys: [group] } }
  UPDATE:
  BATCH_UPDATE: { maxBatchSize: 2 }
  BATCH_PARTIAL_UPDATE: { maxBatchSize: 2 }
  DELETE:
  BATCH_DELETE: { maxBatchSize: 2 }
`);

export const seats = contractOf(`
contract: 1
resource: seats
path: /halls/{hall}/seats
parents: { hall: long }
vars: { hall: 1 }
key: { row: string, number: int, $params: { view?: int } }
entity: { type: object, required: [label], properties: { label: { type: string } } }
examples: [{ $key: { row: a, number: 1 }, label: A1 }]
methods: { GET: , BATCH_GET: , UPDATE: , BATCH_UPDATE: , BATCH_DELETE: }
`);

export const TROUBLED: readonly Contract[] = [songs, follows, seats];
