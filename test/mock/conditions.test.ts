import { describe, expect, it } from 'vitest';
import { createMock } from '../../src/mock/mock.ts';
import { contractOf } from '../support/contract.ts';
import { request } from './library.ts';

const THINGS = contractOf(`
contract: 1
resource: things
key: { id: long }
entity: { type: object, required: [id], properties: { id: { type: integer } } }
examples: [{ id: 1 }]
request: { headers: { X-N?: int, X-B?: boolean } }
methods:
  GET:
    errors:
      403: { when: { headers: { X-N: 13 } } }
      409: { when: { headers: { x-b: true } } }
      410: { when: { headers: { X-N: { $gt: 100 } } } }
      423: { when: { headers: { X-Untyped: 7 } } }
      428: { when: { headers: { X-Level: { $in: [high] } } } }
    request: { headers: { X-Level?: { enum: [low, high] } } }
  FINDER:
    all:
      request: { headers: { X-Few?: boolean } }
      mock: [{ when: { headers: { X-Few: true } }, elements: [] }, { filter: false }]
`);

describe('a condition on a header', () => {
  it.each<readonly [headers: Record<string, string>, status: number]>([
    [{ 'X-N': '13' }, 403],
    [{ 'x-n': '013' }, 403],
    [{ 'X-B': 'true' }, 409],
    [{ 'X-N': '101' }, 410],
    [{ 'X-Untyped': '7' }, 423],
    [{ 'X-Level': 'high' }, 428],
    [{ 'X-N': '14', 'X-B': 'false', 'X-Level': 'low', 'X-Untyped': '8' }, 200],
    [{}, 200],
  ])('compares typed values: %j is answered %i', (headers, status) => {
    expect(createMock([THINGS]).answer(request({ verb: 'GET', target: '/things/1', headers })).status).toBe(status);
  });

  it('is not met by text that has no value of the type, where nobody refuses it', () => {
    const headers = { 'X-N': 'many', 'X-B': 'yes' };
    const mock = createMock([THINGS], { mode: 'oss' });
    expect(mock.answer(request({ verb: 'GET', target: '/things/1', headers })).status).toBe(200);
  });

  it('picks the row of a list by its type, too', () => {
    const mock = createMock([THINGS]);
    const told = (few: string): string =>
      new TextDecoder().decode(
        mock.answer(request({ verb: 'GET', target: '/things?q=all', headers: { 'X-Few': few } })).body,
      );
    expect(told('true')).toContain('"elements":[]');
    expect(told('false')).toContain('"id":1');
  });
});
