/**
 * LinkedIn's own JavaScript client against the mock. It is no dependency: install `linkedin-api-client` in a folder of its
 * own and name that in LINKEDIN_CLIENT, as in `LINKEDIN_CLIENT=/tmp/client npx vitest run test/mock/linkedin-client.test.ts`.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveContract, type Served } from '../../src/mock/server.ts';
import type { Exchange } from '../../src/transport/exchange.ts';
import { checkRequest } from '../../src/verify/check-request.ts';
import { contractOf } from '../support/contract.ts';

const WIDGETS = contractOf(`
contract: 1
resource: widgets
dialect: linkedin
key: { id: long }
readOnly: [id]
types: { Colour: { enum: [RED, BLUE] } }
entity:
  type: object
  required: [id, name]
  properties:
    id: { $ref: "#/types/long" }
    name: { type: string }
    colour: { $ref: "#/types/Colour" }
    size: { type: object, properties: { w: { $ref: "#/types/int" }, h: { $ref: "#/types/int" } } }
examples:
  - { id: 1, name: One, colour: RED, size: { w: 1, h: 2 } }
  - { id: 2, name: Two, colour: BLUE }
methods:
  GET:
  BATCH_GET:
  GET_ALL: { paging: offset }
  FINDER:
    search: { params: { name?: string, long?: string }, paging: offset, mock: { filter: { name: name } } }
  BATCH_FINDER:
    searchMany: { criteria: { name?: string, colour?: Colour } }
  CREATE:
  BATCH_CREATE:
  UPDATE: { params: { long?: string } }
  BATCH_UPDATE:
  PARTIAL_UPDATE:
  BATCH_PARTIAL_UPDATE:
  DELETE: { params: { long?: string } }
  BATCH_DELETE:
  ACTION:
    count: { returns: int, mock: { value: 2 } }
    paint: { level: entity, params: { colour: Colour }, returns: Colour, mock: { value: "\${params.colour}" } }
`);

interface Answer {
  readonly status: number;
  readonly data: unknown;
  readonly createdEntityId?: string | number;
}
type Call = (options: Readonly<Record<string, unknown>>) => Promise<Answer>;

const folder = process.env['LINKEDIN_CLIENT'];
const REASON = 'LINKEDIN_CLIENT names no folder with linkedin-api-client';
const LONG = 'x'.repeat(4_200);

describe.skipIf(folder === undefined)(`LinkedIn’s JavaScript client (skipped where ${REASON})`, () => {
  let served: Served;
  let call: (method: string, options?: Readonly<Record<string, unknown>>) => Promise<Answer>;
  const seen: Exchange[] = [];

  beforeAll(async () => {
    served = await serveContract(WIDGETS, { onExchange: (exchange) => seen.push(exchange) });
    const { RestliClient } = createRequire(path.join(folder ?? '', 'index.js'))('linkedin-api-client');
    const client = new RestliClient();
    client.axiosInstance.interceptors.request.use((request: { url: string }) => {
      request.url = request.url.replace('https://api.linkedin.com', served.url);
      return request;
    });
    call = async (method, options = {}) => {
      const run = client[method] as Call;
      return run.call(client, { resourcePath: '/widgets', accessToken: 'token', versionString: '202604', ...options });
    };
  });
  afterAll(() => served.close());

  const one = { resourcePath: '/widgets/{id}', pathKeys: { id: 1 } };

  it.each([
    ['GET', 'get', one, 200],
    ['GET', 'get', { ...one, queryParams: { fields: 'id,name' } }, 200],
    ['GET_ALL', 'getAll', {}, 200],
    ['BATCH_GET', 'batchGet', { ids: [1, 2, 99] }, 200],
    ['FINDER', 'finder', { finderName: 'search', queryParams: { name: 'Two' } }, 200],
    ['FINDER', 'finder', { finderName: 'search', queryParams: { long: LONG } }, 200],
    [
      'BATCH_FINDER',
      'batchFinder',
      { finderName: 'searchMany', finderCriteria: { name: 'criteria', value: [{ name: 'One' }, { colour: 'BLUE' }] } },
      200,
    ],
    ['CREATE', 'create', { entity: { name: 'New' } }, 201],
    ['BATCH_CREATE', 'batchCreate', { entities: [{ name: 'A' }, { name: 'B' }] }, 200],
    ['UPDATE', 'update', { ...one, entity: { name: 'Replaced' } }, 204],
    ['UPDATE', 'update', { ...one, entity: { name: 'Replaced' }, queryParams: { long: LONG } }, 204],
    ['BATCH_UPDATE', 'batchUpdate', { ids: [1, 2], entities: [{ name: 'x' }, { name: 'y' }] }, 200],
    ['PARTIAL_UPDATE', 'partialUpdate', { ...one, patchSetObject: { name: 'Patched' } }, 204],
    [
      'PARTIAL_UPDATE',
      'partialUpdate',
      { ...one, originalEntity: { name: 'a', size: { w: 1, h: 2 } }, modifiedEntity: { name: 'b', size: { w: 1 } } },
      204,
    ],
    [
      'BATCH_PARTIAL_UPDATE',
      'batchPartialUpdate',
      { ids: [1, 2], patchSetObjects: [{ name: 'p' }, { name: 'q' }] },
      200,
    ],
    ['ACTION', 'action', { actionName: 'count' }, 200],
    ['ACTION', 'action', { ...one, actionName: 'paint', data: { colour: 'BLUE' } }, 200],
    ['DELETE', 'delete', { ...one, pathKeys: { id: 2 } }, 204],
    ['BATCH_DELETE', 'batchDelete', { ids: [1] }, 200],
  ] as const)('gets through %s', async (method, name, options, status) => {
    served.reset();
    seen.length = 0;
    expect((await call(name, options)).status).toBe(status);
    const [sent] = seen;
    if (sent === undefined) throw new Error('nothing was sent');
    expect(checkRequest(sent.request, [WIDGETS], { dialects: new Map() }).asked?.method).toBe(method);
  });

  it('reads back what it creates', async () => {
    const { createdEntityId } = await call('create', { entity: { name: 'New' } });
    const { data } = await call('get', { ...one, pathKeys: { id: createdEntityId } });
    expect(data).toMatchObject({ name: 'New' });
  });

  it('tunnels a DELETE as GET, which is named', async () => {
    seen.length = 0;
    await expect(call('delete', { ...one, queryParams: { long: LONG } })).rejects.toThrow(/400/);
    expect(seen[0]?.response?.headers).toContainEqual(['X-RestLi-Contract-Rule', 'tunnel/override-contradicts']);
  });
});
