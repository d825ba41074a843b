import { describe, expect, it } from 'vitest';
import { profileOf } from '../../src/protocol/methods.ts';
import type { HttpResponse } from '../../src/transport/exchange.ts';
import { FAULTS, faultsNamed } from '../../src/mock/faults.ts';
import { RULES } from '../../src/rules/index.ts';
import { createMock } from '../../src/mock/mock.ts';
import { contractOf } from '../support/contract.ts';
import { accounts, LIBRARY, request, rooms, type Sent } from './library.ts';

const crates = contractOf(`
contract: 1
resource: crates
key: { id: int }
entity:
  type: object
  required: [marks]
  properties:
    marks: { type: array, items: { type: string } }
    labels: { type: object, additionalProperties: { type: string } }
    spare: { type: array, items: { type: string } }
    weight: { $ref: '#/types/long' }
    content: { type: object, minProperties: 1, maxProperties: 1, properties: { wine: { $ref: '#/types/int' }, fish: { $ref: '#/types/int' } } }
examples: [{ $key: 1, marks: [fragile] }]
methods: { GET: , UPDATE: }
`);
const crate = new TextEncoder().encode(
  '{"marks":["a","b"],"labels":{"a%41":""},"spare":[],"weight":9007199254740993,"content":{"fish":1}}',
);

const book = { isbn: 'n1', title: 'New', genre: 'POETRY', blurb: 'Late.' };
const loft = { name: 'loft', note: 'x', size: { length: 1, width: 2 } };
const form = { 'X-HTTP-Method-Override': 'GET', 'Content-Type': 'application/x-www-form-urlencoded' };
const mixed = { 'X-HTTP-Method-Override': 'POST', 'Content-Type': 'multipart/mixed; boundary=b' };
const lending = [
  '--b\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\naction=lend\r\n',
  '--b\r\nContent-Type: application/json\r\n\r\n{"reader":"urn:li:person:cy"}\r\n--b--\r\n',
].join('');
const named = (method: string) => ({ 'X-RestLi-Method': method });

/** Requests that reach every method, in an order in which reads follow writes. */
const SCRIPT: readonly Sent[] = [
  { verb: 'GET', target: '/books/1' },
  { verb: 'GET', target: '/books/1' },
  { verb: 'GET', target: '/books/9007199254740993' },
  { verb: 'GET', target: '/books/1?fields=title' },
  { verb: 'GET', target: '/books/2' },
  { verb: 'GET', target: '/books/404' },
  { verb: 'GET', target: '/books/1', headers: named('DELETE') },
  { verb: 'GET', target: '/books/1', headers: { 'X-RestLi-Protocol-Version': '1.0.0' } },
  { verb: 'GET', target: '/books?ids=List(1,2,404)' },
  { verb: 'GET', target: '/books' },
  { verb: 'GET', target: '/books?start=1&count=1' },
  { verb: 'GET', target: '/books?q=search&genre=HISTORY&count=1' },
  { verb: 'GET', target: '/books?q=newest' },
  { verb: 'GET', target: '/books?q=newest&pageToken=c2-qkv' },
  { verb: 'POST', target: '/books', headers: form, body: new TextEncoder().encode('q=search&title=Tid') },
  { verb: 'GET', target: '/books?bq=searchMany&criteria=List((genre:POETRY),(title:Tid))' },
  { verb: 'POST', target: '/books', body: book },
  { verb: 'POST', target: '/books?$returnEntity=false', body: book },
  { verb: 'GET', target: '/books/9007199254740994' },
  {
    verb: 'POST',
    target: '/books',
    headers: named('BATCH_CREATE'),
    body: { elements: [book, { ...book, isbn: 'a1' }] },
  },
  { verb: 'PUT', target: '/books/1', body: { isbn: 'a1', title: 'Tide', genre: 'FANTASY' } },
  { verb: 'POST', target: '/books?action=count', body: {} },
  { verb: 'GET', target: '/books/1' },
  { verb: 'PUT', target: '/books?ids=List(2,404)', body: { entities: { 2: book, 404: book } } },
  { verb: 'GET', target: '/books/2' },
  { verb: 'POST', target: '/books/9007199254740993', body: { patch: { $set: { pages: 3 } } } },
  { verb: 'GET', target: '/books/9007199254740993' },
  { verb: 'POST', target: '/books?ids=List(2)', body: { entities: { 2: { patch: { $delete: ['blurb'] } } } } },
  { verb: 'GET', target: '/books/2' },
  { verb: 'POST', target: '/books/2?action=lend', body: { reader: 'urn:li:person:bo' } },
  { verb: 'POST', target: '/books/2?action=lend', body: { days: 7, reader: 'urn:li:person:bo' } },
  { verb: 'POST', target: '/books/2', headers: mixed, body: new TextEncoder().encode(lending) },
  { verb: 'POST', target: '/books?action=tidy' },
  { verb: 'DELETE', target: '/books/2' },
  { verb: 'GET', target: '/books/2' },
  { verb: 'DELETE', target: '/books/2' },
  { verb: 'DELETE', target: '/books?ids=List(1,404)' },
  { verb: 'GET', target: '/books', headers: { 'X-RestLi-Protocol-Version': '1.0.0' } },
  { verb: 'PUT', target: '/books/404', body: book },
  { verb: 'PUT', target: '/books/9007199254740993', body: book },
  { verb: 'PUT', target: '/books/9007199254740993', body: book },
  {
    verb: 'GET',
    target: '/books/9007199254740993',
    headers: { 'X-RestLi-Protocol-Version': null, 'x-restli-protocol-version': '2.0.0' },
  },
  { verb: 'GET', target: '/books?q=%73earch' },
  { verb: 'GET', target: '/members/(person:urn%3Ali%3Aperson%3Aa,group:1)' },
  { verb: 'GET', target: '/shelves/(room:a+b,row:1)' },
  { verb: 'GET', target: '/books/9007199254740993', headers: named('get') },
  { verb: 'POST', target: '/books', body: { elements: [book] } },
  { verb: 'POST', target: '/books', body: { ...book, title: 5 } },
  { verb: 'GET', target: '/books?q=search&minPages=many' },
  { verb: 'PUT', target: '/books?ids=List(1)', body: { entities: { '9007199254740993': book } } },
  { verb: 'POST', target: '/books/9007199254740993', body: { $set: { title: 'T' } } },
  { verb: 'GET', target: '/books?ids=List()' },
  { verb: 'GET', target: '/books?ids=List(9007199254740993,9007199254740993)' },
  { verb: 'GET', target: '/books/9007199254740993?fields=loan:(days)' },
  {
    verb: 'PUT',
    target: '/rooms?ids=List(hall,attic)',
    body: { entities: { hall: loft, attic: { ...loft, floor: 3 } } },
  },
  { verb: 'GET', target: '/rooms?ids=List(hall,attic)' },
  { verb: 'POST', target: '/rooms/hall', body: { patch: { size: { $set: { length: 9 } } } } },
  { verb: 'GET', target: '/rooms/hall' },
  { verb: 'POST', target: '/rooms/hall', body: { patch: {} } },
  { verb: 'GET', target: '/rooms/hall?fields=size:(length)' },
  { verb: 'DELETE', target: '/rooms?ids=List(hall,attic)' },
  { verb: 'GET', target: '/rooms' },
  { verb: 'PUT', target: '/crates/1', body: crate },
  { verb: 'GET', target: '/crates/1' },
];

function text(response: HttpResponse): string {
  return JSON.stringify([response.status, response.headers, new TextDecoder().decode(response.body)]);
}

function answers(faults: readonly string[]): readonly string[] {
  const mock = createMock([...LIBRARY, rooms, crates], { now: () => 5_000, faults });
  return SCRIPT.map((sent) => text(mock.answer(request(sent))));
}

describe('FAULTS', () => {
  const sound = answers([]);

  it('has at least 30 rows of different names', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
    expect(FAULTS.length).toBeGreaterThanOrEqual(30);
  });

  it('names rules of the catalogue only', () => {
    expect(FAULTS.flatMap(({ rules }) => rules.filter((id) => !RULES.has(id)))).toEqual([]);
  });

  it('answers the same without a fault, every time', () => {
    expect(answers([])).toEqual(sound);
  });

  it.each(FAULTS.map((fault) => [fault.name, fault] as const))(
    '%s changes an answer, and only where it says',
    (name, { breaks }) => {
      const changed = answers([name]).flatMap((answer, index) => (answer === sound[index] ? [] : [index]));
      expect(changed).not.toEqual([]);
      if (breaks === null) return;
      // What a broken write left, every later read shows.
      const mayShow = breaks.some((method) => profileOf(method).effect !== 'reads') || name === 'get-changes-state';
      const methods = changed.flatMap((index) => SCRIPT.slice(index, index + 1).map(reached));
      const strangers = methods.filter((method) => !breaks.some((broken) => broken === method));
      expect(mayShow ? [] : strangers).toEqual([]);
    },
  );

  it('breaks several things at once', () => {
    const both = answers(['error-header-missing', 'create-without-location']);
    expect(both.filter((answer, index) => answer !== sound[index]).length).toBeGreaterThan(2);
  });

  it('works behind a dialect with a base, too', () => {
    const mock = createMock([accounts], { faults: ['batch-get-drops-an-entity'] });
    const response = mock.answer(
      request({
        verb: 'GET',
        target: '/rest/accounts?ids=List(urn%3Ali%3Aaccount%3A1)',
        headers: { 'LinkedIn-Version': '202601' },
      }),
    );
    expect(new TextDecoder().decode(response.body)).toBe('{"results":{},"statuses":{},"errors":{}}');
  });

  it('names faults that nobody knows', () => {
    expect(faultsNamed(['create-without-id', 'no-such-fault']).unknown).toEqual(['no-such-fault']);
    expect(() => createMock(LIBRARY, { faults: ['no-such-fault'] })).toThrow('no-such-fault');
  });
});

/** The method that a request of the script reaches, by what it says. */
function reached({ verb, target, headers = {} }: Sent): string {
  const method = headers['X-RestLi-Method'];
  if (typeof method === 'string') return method.toUpperCase();
  if (headers === form) return 'FINDER';
  const query = target.split('?')[1] ?? '';
  const isEntity = /^\/\w+\/[\w(]/.test(target);
  if (verb === 'GET')
    return query.startsWith('ids')
      ? 'BATCH_GET'
      : query.startsWith('q=')
        ? 'FINDER'
        : query.startsWith('bq')
          ? 'BATCH_FINDER'
          : isEntity
            ? 'GET'
            : 'GET_ALL';
  if (verb === 'PUT') return isEntity ? 'UPDATE' : 'BATCH_UPDATE';
  if (verb === 'DELETE') return isEntity ? 'DELETE' : 'BATCH_DELETE';
  if (query.startsWith('action')) return 'ACTION';
  if (query.startsWith('ids')) return 'BATCH_PARTIAL_UPDATE';
  return isEntity ? 'PARTIAL_UPDATE' : 'CREATE';
}
