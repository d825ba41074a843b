/** Contracts of the resources that the exchanges of the vectors were recorded on. */
import { contractOf } from '../support/contract.ts';

const GREETING = `
  Tone: { enum: [FRIENDLY, SINCERE, INSULTING] }
  Greeting:
    type: object
    properties:
      id: { $ref: "#/types/long" }
      message: { type: string }
      tone: { $ref: "#/types/Tone" }
`;

const widgets = `
contract: 1
resource: widgets
key: { id: long }
readOnly: [id]
types: ${GREETING}
entity: Greeting
examples:
${Array.from({ length: 25 }, (_, i) => `  - { id: ${i + 1}, message: m${i + 1}, tone: FRIENDLY }`).join('\n')}
mock: { key: 100 }
methods:
  GET:
  BATCH_GET:
  GET_ALL: { paging: offset }
  FINDER:
    search:
      params: { tone?: Tone, names?: "string[]" }
      paging: { kind: offset, total: true }
      mock: { filter: false }
  BATCH_FINDER:
    searchGreetings: { criteria: { id?: long, tone?: Tone }, paging: offset }
  CREATE: { errors: { 400: { message: bad one, when: { entity: { message: bad } } } } }
  BATCH_CREATE:
  UPDATE:
  BATCH_UPDATE:
  PARTIAL_UPDATE:
  BATCH_PARTIAL_UPDATE:
  DELETE:
  BATCH_DELETE:
  ACTION:
    purge: { params: { n: { type: integer, format: int32, default: 1 } }, returns: int, mock: { value: "\${params.n}" } }
    noop:
    echo: { level: entity, params: { s: string }, returns: string, mock: { value: "\${params.s}" } }
`;

const parts = `
contract: 1
resource: widgets.parts
path: /widgets/{widget}/parts
parents: { widget: long }
vars: { widget: 1 }
key: { id: long }
readOnly: [id]
types: ${GREETING}
entity: Greeting
examples:
  - { id: 2, message: p, tone: FRIENDLY }
  - { $parents: { widget: 999 }, id: 2, message: p, tone: FRIENDLY }
mock: { key: 7 }
methods: { GET: , CREATE: }
`;

/** Every key finds a greeting that says the key: the ones that the exchanges ask for. */
const TEXT_KEYS = [
  'a:b',
  '(a:b)',
  "''",
  'a b',
  'a+b',
  'a%2Fb',
  'a/b',
  '☺',
  'urn:li:person:1',
  'a;b=c',
  'a%b',
  'urn:li:x',
  '',
  'a%2Cb',
  ' a',
  ' b',
  'a',
];

const strs = `
contract: 1
resource: strs
key: { name: string }
types: ${GREETING}
entity: Greeting
examples:
${TEXT_KEYS.map((key) => `  - { $key: ${JSON.stringify(key)}, id: 1, message: ${JSON.stringify(key)}, tone: FRIENDLY }`).join('\n')}
mock: { key: "\${entity.message}" }
methods: { GET: , BATCH_GET: , CREATE: , BATCH_CREATE: , BATCH_UPDATE: }
`;

const assoc = `
contract: 1
resource: assoc
kind: association
key: { src: string, dest: long }
types: ${GREETING}
entity: Greeting
examples:
  - { $key: { src: a, dest: 1 }, id: 1, message: a, tone: FRIENDLY }
  - { $key: { src: "b,c", dest: 2 }, id: 2, message: "b,c", tone: FRIENDLY }
  - { $key: { src: "a:b", dest: 1 }, id: 3, message: "a:b", tone: FRIENDLY }
methods:
  GET:
  BATCH_GET:
  GET_ALL: { paging: offset, mock: { elements: [] } }
  FINDER:
    bySrc: { assocKeys: [src], paging: offset }
  UPDATE:
  BATCH_UPDATE:
`;

const cplx = `
contract: 1
resource: cplx
key: { major: string, minor: string, $params: { major?: string, minor?: string } }
entity: { type: object, properties: { message: { type: string } } }
examples:
  - { $key: { major: x, minor: y }, message: "x|y|{}" }
  - { $key: { major: x, minor: z }, message: "x|z|{}" }
mock: { key: { major: a b, minor: "b:c", $params: { major: pp, minor: qq } } }
methods: { GET: , BATCH_GET: , CREATE: , BATCH_UPDATE: }
`;

const single = `
contract: 1
resource: single
kind: simple
types: ${GREETING}
entity: Greeting
examples: [{ id: 1, message: s, tone: SINCERE }]
methods:
  GET:
  UPDATE:
  PARTIAL_UPDATE:
  DELETE:
  ACTION:
    shout: { returns: string, mock: { value: S } }
`;

const acts = `
contract: 1
resource: acts
kind: actionsSet
types: ${GREETING}
methods:
  ACTION:
    ping: { returns: string, mock: { value: pong } }
    arr: { returns: "string[]", mock: { value: [a, b] } }
    rec: { params: { g?: Greeting }, returns: Greeting, mock: { value: "\${params.g}" } }
    vd:
    nul: { returns: { type: [string, "null"] }, mock: { value: null } }
    err: { returns: string, errors: { 409: { serviceErrorCode: 42, message: conflict, when: {} } } }
    boom: { returns: string, errors: { 500: { message: INTERNAL SERVER ERROR, when: {} } } }
`;

const kv = `
contract: 1
resource: kv
key: { id: long }
readOnly: [id]
types: ${GREETING}
entity: Greeting
examples: [{ id: 1, message: m1, tone: FRIENDLY }]
mock: { key: 5 }
methods:
  CREATE: { returnEntity: true }
  BATCH_CREATE: { returnEntity: true }
  PARTIAL_UPDATE: { returnEntity: true }
  BATCH_PARTIAL_UPDATE: { returnEntity: true }
`;

export const OSS_CONTRACTS = [widgets, parts, strs, assoc, cplx, single, acts, kv].map((yaml) => contractOf(yaml));
