/** Contracts as OpenAPI 3.1, judged by a parser of that format. */
import path from 'node:path';
import { validate } from '@readme/openapi-parser';
import type { OpenAPIV3_1 } from 'openapi-types';
import { describe, expect, it } from 'vitest';
import type { Contract } from '../../src/contract/contract.ts';
import { loadContracts } from '../../src/contract/load.ts';
import { parseContract } from '../../src/contract/parse.ts';
import { toOpenApi } from '../../src/convert/index.ts';
import { printJson } from '../../src/convert/print-json.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/protocol/json.ts';
import { parsePointer, valueAt } from '../../src/protocol/pointer.ts';
import { filesBelow } from './fixtures.ts';

const ROOT = path.join(import.meta.dirname, '../..');

async function contractsIn(folder: string): Promise<readonly Contract[]> {
  const cwd = path.join(ROOT, folder);
  const files = filesBelow(cwd)
    .filter((file) => file.endsWith('.contract.yaml'))
    .map((file) => path.relative(cwd, file));
  const { contracts } = await loadContracts(files, { cwd });
  expect(contracts).toHaveLength(files.length);
  return contracts;
}

function contractOf(text: string): Contract {
  const { contract, diagnostics } = parseContract(text, { file: 'things.contract.yaml' });
  if (contract === null) throw new Error(diagnostics[0]?.message ?? 'no contract');
  return contract;
}

/** The document as its users read it: through JSON. */
function reread(document: JsonObject): OpenAPIV3_1.Document {
  return JSON.parse(printJson(document)) as OpenAPIV3_1.Document;
}

function refsIn(value: Json): readonly string[] {
  if (isJsonArray(value)) return value.flatMap(refsIn);
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === '$ref' && typeof member === 'string' ? [member] : refsIn(member),
  );
}

describe.each(['contracts', 'test/golden/convert/museum'])('the contracts of %s', (folder) => {
  it('are a valid document', async () => {
    const result = await validate(reread(toOpenApi(await contractsIn(folder))));
    expect(result).toMatchObject({ valid: true, warnings: [] });
  });

  it('refer to nothing that is not there', async () => {
    const document = toOpenApi(await contractsIn(folder));
    const refs = [...new Set(refsIn(document))];
    expect(refs.length).toBeGreaterThan(5);
    expect(refs.filter((ref) => valueAt(document, parsePointer(ref.slice(1)) ?? ['']) === undefined)).toEqual([]);
  });

  it('lose no operation', async () => {
    const contracts = await contractsIn(folder);
    const { paths } = reread(toOpenApi(contracts));
    const listed = Object.values(paths ?? {})
      .flatMap((item) => Object.values(item ?? {}))
      .flatMap((operation) => (isOperation(operation) ? operation['x-restli'] : []));
    expect(listed).toHaveLength(contracts.reduce((sum, { operations }) => sum + operations.length, 0));
  });
});

function isOperation(value: unknown): value is { 'x-restli': unknown[] } {
  return typeof value === 'object' && value !== null && 'x-restli' in value;
}

describe('operations of one path and verb', () => {
  const document = toOpenApi(
    [
      contractOf(`
contract: 1
resource: things
key: { id: long }
entity: { $ref: "#/types/Thing" }
types:
  Thing: { type: object, required: [name], properties: { name: { type: string }, part: { $ref: "#/types/Thing" }, size: { $ref: "#/types/long" } } }
methods:
  GET: { deprecated: true }
  BATCH_GET: { maxBatchSize: 9 }
  GET_ALL: { paging: offset, doc: All of them. }
  FINDER:
    byName: { params: { name: string, size?: int }, metadata: Thing, errors: { 404: { code: NONE, doc: No such name. } } }
  BATCH_FINDER:
    byNames: { criteria: { name: string } }
  CREATE: { returnEntity: true }
  PARTIAL_UPDATE:
  ACTION:
    count: { returns: int }
    join: { level: entity, params: { to: long, force?: boolean } }
`),
    ],
    { title: 'Things', version: '2.1.0', servers: ['https://h.example/api'] },
  );
  const at = (pointer: string): Json | undefined => valueAt(document, parsePointer(pointer) ?? []);
  const named = (pointer: string): Readonly<Record<string, Json>> => {
    const list = at(`${pointer}/parameters`);
    return Object.fromEntries(
      (isJsonArray(list) ? list : [])
        .filter(isJsonObject)
        .map((parameter) => [typeof parameter['name'] === 'string' ? parameter['name'] : '', parameter]),
    );
  };

  it('carry title, version and servers', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Things', version: '2.1.0' },
      servers: [{ url: 'https://h.example/api' }],
    });
  });

  it('share one, whose parameters are required only where all need them', () => {
    const parameters = named('/paths/~1things/get');
    expect(Object.keys(parameters)).toEqual([
      'ids',
      'fields',
      'start',
      'count',
      'q',
      'name',
      'size',
      'bq',
      'criteria',
      'X-RestLi-Method',
      'X-RestLi-Protocol-Version',
    ]);
    expect(
      Object.values(parameters).filter((parameter) => isJsonObject(parameter) && parameter['required'] === true),
    ).toEqual([]);
    expect(parameters['X-RestLi-Method']).toMatchObject({
      schema: { enum: ['BATCH_GET', 'GET_ALL', 'FINDER', 'BATCH_FINDER'] },
    });
  });

  it('are listed with what each needs', () => {
    expect(at('/paths/~1things/get/x-restli')).toEqual([
      { method: 'BATCH_GET', query: ['ids', 'fields?'], maxBatchSize: 9 },
      { method: 'GET_ALL', query: ['start?', 'count?', 'fields?'] },
      { method: 'FINDER', name: 'byName', query: ['q', 'name', 'size?', 'fields?'] },
      { method: 'BATCH_FINDER', name: 'byNames', query: ['bq', 'criteria', 'fields?'] },
    ]);
  });

  it('answer with any of their bodies, and errors with what they mean', () => {
    expect(at('/paths/~1things/get/responses/200/content/application~1json/schema/anyOf')).toHaveLength(4);
    expect(at('/paths/~1things/get/responses/404')).toMatchObject({
      description: 'NONE: No such name.',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/ErrorResponse' } } },
    });
    expect(at('/paths/~1things~1{id}/post/responses/204')).toEqual({ description: 'No body.' });
  });

  it('send the entity, a patch, or parameters', () => {
    expect(at('/paths/~1things~1{id}/post/requestBody/content/application~1json/schema/anyOf')).toEqual([
      {
        type: 'object',
        additionalProperties: false,
        properties: { patch: { $ref: '#/components/schemas/Patch' } },
        required: ['patch'],
      },
      {
        type: 'object',
        required: ['to'],
        properties: { to: { type: 'integer', format: 'int64' }, force: { type: 'boolean' } },
      },
    ]);
    expect(named('/paths/~1things/post')['$returnEntity']).toMatchObject({ in: 'query' });
  });

  it('are deprecated if all of them are', () => {
    expect([at('/paths/~1things~1{id}/get/deprecated'), at('/paths/~1things/get/deprecated')]).toEqual([
      true,
      undefined,
    ]);
  });

  it('hold types once, references to themselves included, primitives in place', () => {
    expect(at('/components/schemas/Thing/properties/part')).toEqual({ $ref: '#/components/schemas/Thing' });
    expect(at('/components/schemas/Thing/properties/size')).toEqual({ type: 'integer', format: 'int64' });
  });

  it('keep unlike types of one name apart', () => {
    const one = (resource: string, type: string): Contract =>
      contractOf(
        `{ "contract": 1, "resource": "${resource}", "key": { "id": "long" }, "entity": "T", "types": { "T": { "type": "${type}" } }, "methods": { "GET": {} } }`,
      );
    expect(
      Object.keys(
        isJsonObject(toOpenApi([one('a', 'object'), one('b', 'array'), one('c', 'object')])['components'])
          ? (
              toOpenApi([one('a', 'object'), one('b', 'array'), one('c', 'object')])['components'] as {
                schemas: object;
              }
            ).schemas
          : {},
      ),
    ).toEqual(['T', 'T2']);
  });
});

describe('what a client must send and a server answers', () => {
  const document = toOpenApi([
    contractOf(`
contract: 1
resource: parts
dialect: linkedin
key: { id: long }
deprecated: use pieces
headers: { LinkedIn-Version: "202604" }
entity:
  type: object
  required: [id, name, stamp]
  properties:
    id: { $ref: "#/types/long" }
    name: { type: string }
    stamp: { type: object, required: [time, by], properties: { time: { $ref: "#/types/long" }, by: { type: string } } }
readOnly: [id, stamp/time]
request: { headers: { X-Tenant: string, X-Trace?: int } }
response: { headers: { X-Served-By: string } }
methods:
  GET:
  BATCH_FINDER:
    of: { criteria: { name: string, size?: int }, batchParam: wanted }
  FINDER:
    listed: { params: { names: "string[]", where?: { type: object, properties: { a: { type: string } } }, plain: string } }
  CREATE:
  BATCH_CREATE:
  UPDATE:
  PARTIAL_UPDATE: { returnEntity: true }
  DELETE: { request: { headers: { If-Match: string } }, response: { headers: { X-Gone: string } } }
`),
  ]);
  const at = (pointer: string): Json | undefined => valueAt(document, parsePointer(pointer) ?? []);
  const parameter = (pointer: string, name: string): Json | undefined => {
    const list = at(`${pointer}/parameters`);
    return isJsonArray(list) ? list.find((one) => isJsonObject(one) && one['name'] === name) : undefined;
  };

  it('holds declared headers and those of the dialect', () => {
    expect(parameter('/paths/~1parts~1{id}/delete', 'If-Match')).toEqual({
      name: 'If-Match',
      in: 'header',
      required: true,
      schema: { type: 'string' },
    });
    expect(parameter('/paths/~1parts/get', 'X-Tenant')).toMatchObject({ required: true });
    expect(parameter('/paths/~1parts/get', 'X-Trace')).not.toHaveProperty('required');
    expect(parameter('/paths/~1parts/get', 'LinkedIn-Version')).toMatchObject({
      example: '202604',
      description: 'Required under `/rest`.',
    });
  });

  it('requires the method header where every method of the operation must have it', () => {
    expect(parameter('/paths/~1parts~1{id}/post', 'X-RestLi-Method')).toMatchObject({ required: true });
    expect(parameter('/paths/~1parts/post', 'X-RestLi-Method')).not.toHaveProperty('required');
  });

  it('answers no entity where none is promised', () => {
    expect(at('/paths/~1parts~1{id}/put/responses/200')).not.toHaveProperty('content');
    expect(at('/paths/~1parts~1{id}/delete/responses/200')).not.toHaveProperty('content');
    expect(at('/paths/~1parts~1{id}/post/responses/200')).toHaveProperty('content');
  });

  it('says which headers an answer has, and what was created', () => {
    expect(at('/paths/~1parts/post/responses/201/headers')).toMatchObject({
      'X-RestLi-Id': { required: true },
      Location: { required: true },
      'X-Served-By': { required: true },
    });
    expect(at('/paths/~1parts~1{id}/delete/responses/204/headers/X-Gone')).toMatchObject({ required: true });
  });

  it('lets clients send no member that only the server sets, at any depth', () => {
    expect(at('/components/schemas/parts.sent')).toEqual({
      type: 'object',
      required: ['name', 'stamp'],
      properties: {
        name: { type: 'string' },
        stamp: { type: 'object', required: ['by'], properties: { by: { type: 'string' } } },
      },
    });
    expect(at('/paths/~1parts~1{id}/put/requestBody/content/application~1json/schema')).toEqual({
      $ref: '#/components/schemas/parts.sent',
    });
    expect(at('/paths/~1parts~1{id}/get/responses/200/content/application~1json/schema/properties')).toHaveProperty(
      'id',
    );
  });

  it('writes lists and records as the text that Rest.li has for them, beside the schema of their value', () => {
    expect(parameter('/paths/~1parts/get', 'names')).toMatchObject({
      schema: { type: 'string', pattern: '^List\\(' },
      'x-restli-value': { type: 'array', items: { type: 'string' } },
    });
    expect(parameter('/paths/~1parts/get', 'where')).toMatchObject({ schema: { type: 'string', pattern: '^\\(' } });
    expect(parameter('/paths/~1parts/get', 'plain')).toMatchObject({ schema: { type: 'string' } });
    expect(parameter('/paths/~1parts/get', 'wanted')).toMatchObject({
      'x-restli-value': { type: 'array', items: { required: ['name'], properties: { name: { type: 'string' } } } },
    });
  });

  it('carries what the resource is replaced by', () => {
    expect(at('/paths/~1parts/get/deprecated')).toBe(true);
    expect(at('/paths/~1parts/get/x-restli/0/deprecated')).toBe('use pieces');
  });

  it('lists the errors of the dialect, in its shape', () => {
    expect(at('/paths/~1parts/get/responses/429/description')).toContain('QUOTA_EXCEEDED');
    expect(at('/components/schemas/ErrorResponse.linkedin/required')).toEqual(['status']);
  });

  it('is a valid document', async () => {
    expect(await validate(reread(document))).toMatchObject({ valid: true, warnings: [] });
  });
});
