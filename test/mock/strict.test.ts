import { describe, expect, it } from 'vitest';
import { headerOf, type HttpRequest } from '../../src/transport/exchange.ts';
import { createMock } from '../../src/mock/mock.ts';
import { RULE_HEADER } from '../../src/mock/understand-strict.ts';
import { contractOf } from '../support/contract.ts';
import { at, bodyOf, LIBRARY, request, type Sent } from './library.ts';

const book = { isbn: 'n1', title: 'New', genre: 'POETRY' };
const VERSION = { 'LinkedIn-Version': '202601' };

// prettier-ignore
const REFUSED: readonly (readonly [title: string, sent: Sent, status: number, rule: string])[] = [
  ['a method header that contradicts the request', { verb: 'GET', target: '/books/1', headers: { 'X-RestLi-Method': 'DELETE' } }, 400, 'headers/method-contradicts'],
  ['an unknown method header', { verb: 'GET', target: '/books/1', headers: { 'X-RestLi-Method': 'FETCH' } }, 400, 'headers/method-unknown'],
  ['a BATCH_CREATE that lost its header', { verb: 'POST', target: '/books', body: { elements: [book] } }, 400, 'routing/batch-create-becomes-create'],
  ['a patch sent by PUT', { verb: 'PUT', target: '/books/1', body: { patch: { $set: { title: 'T' } } } }, 400, 'routing/patch-becomes-update'],
  ['a patch without a key', { verb: 'POST', target: '/books', body: { patch: { $set: { title: 'T' } } } }, 400, 'routing/patch-becomes-create'],
  ['an entity sent as a patch', { verb: 'POST', target: '/books/1', body: book }, 400, 'routing/entity-becomes-patch'],
  ['PATCH', { verb: 'PATCH', target: '/books/1', body: { patch: {} } }, 400, 'routing/patch-verb'],
  ['a path of no contract', { verb: 'GET', target: '/boks/1' }, 404, 'routing/unknown-path'],
  ['a path of no contract before headers that are missing', { verb: 'GET', target: '/boks/1', headers: { 'X-RestLi-Protocol-Version': null } }, 404, 'routing/unknown-path'],
  ['a method that the contract does not list', { verb: 'PUT', target: '/shelves/(room:north,row:1)', body: { label: 'x' } }, 400, 'routing/undeclared-method'],
  ['a finder that the contract does not list', { verb: 'GET', target: '/books?q=find' }, 400, 'routing/undeclared-operation'],
  ['an action at the wrong level', { verb: 'POST', target: '/books?action=lend', body: { reader: 'urn:li:person:a' } }, 400, 'routing/action-level'],
  ['a request without its version', { verb: 'GET', target: '/books/1', headers: { 'X-RestLi-Protocol-Version': null } }, 400, 'headers/protocol-version-missing'],
  ['a version that no server has', { verb: 'GET', target: '/books/1', headers: { 'X-RestLi-Protocol-Version': '3.0.0' } }, 400, 'headers/protocol-version-unsupported'],
  ['an escaped list of ids', { verb: 'GET', target: '/books?ids=List%281%2C2%29' }, 400, 'encoding/structure-escaped'],
  ['a raw URN in a list', { verb: 'GET', target: '/rest/accounts?ids=List(urn:li:account:1)', headers: VERSION }, 400, 'encoding/raw-delimiter-in-value'],
  ['a key of the wrong type', { verb: 'GET', target: '/books/one' }, 400, 'keys/type'],
  ['an entity that breaks the schema', { verb: 'POST', target: '/books', body: { isbn: 'n1', genre: 'POETRY' } }, 422, 'request-body/schema'],
  ['an action parameter out of range', { verb: 'POST', target: '/books/1?action=lend', body: { reader: 'urn:li:person:a', days: 99 } }, 422, 'request-body/schema'],
  ['a body that is no JSON', { verb: 'POST', target: '/books', body: new TextEncoder().encode('{') }, 400, 'request-body/not-json'],
  ['keys of body and URL that differ', { verb: 'PUT', target: '/books?ids=List(1)', body: { entities: { 2: book } } }, 400, 'batch/keys-differ'],
  ['a query without the version of LinkedIn', { verb: 'GET', target: '/rest/accounts/urn%3Ali%3Aaccount%3A1' }, 400, 'headers/linkedin-version-missing'],
  ['a PARTIAL_UPDATE of LinkedIn without its header', { verb: 'POST', target: '/rest/accounts/urn%3Ali%3Aaccount%3A1', headers: VERSION, body: { patch: { $set: { name: 'N' } } } }, 400, 'headers/method-missing'],
  ['an answer type that nobody writes', { verb: 'GET', target: '/books/1', headers: { Accept: 'application/xml' } }, 406, 'headers/accept-unsupported'],
];

describe('strict mode', () => {
  it.each(REFUSED)('refuses %s', (_, sent, status, rule) => {
    const mock = createMock(LIBRARY);
    const response = mock.answer(request(sent));
    expect([response.status, headerOf(response.headers, RULE_HEADER)]).toEqual([status, rule]);
    expect(at(bodyOf(response), 'status')).toBe(status);
    expect(at(bodyOf(response), 'message')).toContain(rule);
    expect(
      headerOf(response.headers, 'X-RestLi-Error-Response') ?? headerOf(response.headers, 'X-LinkedIn-Error-Response'),
    ).toBe('true');
  });

  it('says what a server does that takes the request, not what every server does', () => {
    const patch = { verb: 'PUT', target: '/books/1', body: { patch: { $set: { title: 'T' } } } } as const;
    const message = at(bodyOf(createMock(LIBRARY).answer(request(patch))), 'message');
    expect(message).toEqual(expect.stringContaining('a server that takes it answers 204'));
  });

  it('changes nothing by what it refuses', () => {
    const mock = createMock(LIBRARY);
    const before = mock.answer(request({ verb: 'GET', target: '/books' })).body;
    for (const [, sent] of REFUSED) mock.answer(request(sent));
    expect(mock.answer(request({ verb: 'GET', target: '/books' })).body).toEqual(before);
  });

  it('says what the open-source server would make of the request', () => {
    const response = createMock(LIBRARY).answer(
      request({ verb: 'POST', target: '/books', body: { elements: [book] } }),
    );
    expect(at(bodyOf(response), 'message')).toContain('would run CREATE');
  });

  it('answers a missing version header as LinkedIn’s gateway does', () => {
    const response = createMock(LIBRARY).answer(
      request({ verb: 'GET', target: '/rest/accounts/urn%3Ali%3Aaccount%3A1' }),
    );
    expect(at(bodyOf(response), 'code')).toBe('VERSION_MISSING');
    expect(headerOf(response.headers, 'X-Restli-Gateway-Error')).toBe('true');
  });

  it('lets pass what is only advice', () => {
    // An undeclared parameter and a missing method header are worth a word, and no refusal.
    expect(createMock(LIBRARY).answer(request({ verb: 'GET', target: '/books/1?tracking=x' })).status).toBe(200);
  });

  it('refuses a patch that breaks the stored entity', () => {
    const contract = contractOf(`
contract: 1
resource: ranges
key: { id: long }
entity:
  type: object
  properties: { id: { $ref: "#/types/long" }, low: { type: integer }, high: { type: integer } }
  if: { properties: { low: { const: 9 } }, required: [low] }
  then: { properties: { high: { minimum: 9 } } }
examples: [{ id: 1, low: 1, high: 5 }]
methods: { GET: , PARTIAL_UPDATE: }
`);
    const mock = createMock([contract]);
    const patched = mock.answer(request({ verb: 'POST', target: '/ranges/1', body: { patch: { $set: { low: 9 } } } }));
    expect(patched.status).toBe(422);
    expect(at(bodyOf(mock.answer(request({ verb: 'GET', target: '/ranges/1' }))), 'low')).toBe(1);
  });

  it('refuses for itself an item of a BATCH_CREATE that breaks the schema', () => {
    const mock = createMock(LIBRARY);
    const elements = [book, { ...book, isbn: 'n2', title: '' }, { ...book, isbn: 'n3' }];
    const response = mock.answer(batch('POST', '/books', 'BATCH_CREATE', { elements }));
    expect([response.status, headerOf(response.headers, RULE_HEADER)]).toEqual([200, 'request-body/schema']);

    const body = bodyOf(response);
    expect([0, 1, 2].map((i) => at(body, 'elements', i, 'status'))).toEqual([201, 422, 201]);
    expect(at(body, 'elements', 1, 'error', 'message')).toContain('request-body/schema');
    expect(at(body, 'elements', 1, 'id')).toBeUndefined();
  });

  it('stores no item that it refuses', () => {
    const mock = createMock(LIBRARY);
    const entities = { 1: { ...book, title: '' }, 2: { ...book, title: 'Kept' } };
    const response = mock.answer(batch('PUT', '/books?ids=List(1,2)', 'BATCH_UPDATE', { entities }));
    expect(at(bodyOf(response), 'errors', '1', 'status')).toBe(422);
    expect(at(bodyOf(response), 'results', '2', 'status')).toBe(204);

    const titles = [1, 2].map((id) =>
      at(bodyOf(mock.answer(request({ verb: 'GET', target: `/books/${id}` }))), 'title'),
    );
    expect(titles[0]).not.toBe('');
    expect(titles[1]).toBe('Kept');
  });

  it('refuses for itself a patch of a batch that sets a value of another type', () => {
    const entities = { 1: { patch: { $set: { title: 7 } } }, 2: { patch: { $set: { title: 'Kept' } } } };
    const response = createMock(LIBRARY).answer(
      batch('POST', '/books?ids=List(1,2)', 'BATCH_PARTIAL_UPDATE', { entities }),
    );
    expect(at(bodyOf(response), 'errors', '1', 'status')).toBe(422);
    expect(at(bodyOf(response), 'results', '2', 'status')).toBe(204);
  });

  it('refuses every broken item of a large batch', () => {
    const elements = Array.from({ length: 40 }, (_, i) => ({ ...book, isbn: `n${i}`, title: i % 2 === 0 ? '' : 'T' }));
    const body = bodyOf(createMock(LIBRARY).answer(batch('POST', '/books', 'BATCH_CREATE', { elements })));
    expect(elements.map((_, i) => at(body, 'elements', i, 'status'))).toEqual(
      elements.map((_, i) => (i % 2 === 0 ? 422 : 201)),
    );
  });

  it('refuses a batch as a whole where one of its patches has the wrong form', () => {
    const entities = { 1: { $set: { title: 'Bare' } }, 2: { patch: { $set: { title: 'Kept' } } } };
    const response = createMock(LIBRARY).answer(
      batch('POST', '/books?ids=List(1,2)', 'BATCH_PARTIAL_UPDATE', { entities }),
    );
    expect([response.status, headerOf(response.headers, RULE_HEADER)]).toEqual([400, 'patch/wrapper-missing']);
  });
});

function batch(verb: string, target: string, method: string, body: Sent['body']): HttpRequest {
  return request({ verb, target, headers: { 'X-RestLi-Method': method }, ...(body === undefined ? {} : { body }) });
}
