/** Contracts of the resources that the recorded exchanges of the open-source server spoke to. */
import { contractOf } from '../support/contract.ts';

const GREETING = `
types:
  Tone: { enum: [FRIENDLY, SINCERE, INSULTING] }
  Greeting:
    type: object
    properties: { id: { $ref: "#/types/long" }, message: { type: string }, tone: { $ref: "#/types/Tone" } }
entity: Greeting
`;

const widgets = `
contract: 1
resource: widgets
key: { id: long }
${GREETING}
methods:
  GET:
  BATCH_GET:
  GET_ALL: { paging: offset }
  FINDER:
    search: { params: { tone?: Tone, names?: "string[]" }, paging: { kind: offset, total: true } }
  BATCH_FINDER:
    searchGreetings: { criteria: { id?: long, tone?: Tone }, paging: offset }
  CREATE:
  BATCH_CREATE:
  UPDATE:
  BATCH_UPDATE:
  PARTIAL_UPDATE:
  BATCH_PARTIAL_UPDATE:
  DELETE:
  BATCH_DELETE:
  ACTION:
    purge: { params: { n?: int }, returns: int }
    noop:
    echo: { level: entity, params: { s: string }, returns: string }
`;

const parts = `
contract: 1
resource: widgets.parts
path: /widgets/{widget}/parts
parents: { widget: long }
vars: { widget: 1 }
key: { id: long }
${GREETING}
methods:
  GET:
  CREATE:
`;

const strs = `
contract: 1
resource: strs
key: { key: string }
${GREETING}
methods:
  GET:
  BATCH_GET:
  CREATE:
  BATCH_CREATE:
  BATCH_UPDATE:
`;

const assoc = `
contract: 1
resource: assoc
kind: association
key: { src: string, dest: long }
${GREETING}
methods:
  GET:
  BATCH_GET:
  GET_ALL: { assocKeys: [src], paging: offset }
  UPDATE:
  BATCH_UPDATE:
  FINDER:
    bySrc: { assocKeys: [src], paging: offset }
`;

const cplx = `
contract: 1
resource: cplx
key: { major: string, minor: string, $params: { major?: string, minor?: string } }
${GREETING}
methods:
  GET:
  BATCH_GET:
  CREATE:
  BATCH_UPDATE:
`;

const single = `
contract: 1
resource: single
kind: simple
${GREETING}
methods:
  GET:
  UPDATE:
  PARTIAL_UPDATE:
  DELETE:
  ACTION:
    shout: { returns: string }
`;

const acts = `
contract: 1
resource: acts
kind: actionsSet
types:
  Greeting: { type: object, properties: { message: { type: string } } }
methods:
  ACTION:
    ping: { returns: int }
    arr: { params: { a: "string[]" }, returns: "string[]" }
    rec: { params: { g: Greeting }, returns: Greeting }
    vd:
    nul: { returns: { type: [string, "null"] } }
    err: { errors: { 409: { serviceErrorCode: 42 } } }
    boom:
`;

const kv = `
contract: 1
resource: kv
key: { key: long }
${GREETING}
methods:
  CREATE: { returnEntity: true }
  BATCH_CREATE: { returnEntity: true }
  PARTIAL_UPDATE: { returnEntity: true }
  BATCH_PARTIAL_UPDATE: { returnEntity: true }
`;

export const HARNESS = [widgets, parts, strs, assoc, cplx, single, acts, kv].map((text) => contractOf(text));
