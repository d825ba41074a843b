import { describe, expect, it } from 'vitest';
import { DIALECTS, extendDialect } from '../../src/protocol/dialects.ts';
import { createInProcess } from '../../src/mock/in-process.ts';
import { createMock } from '../../src/mock/mock.ts';
import { contractOf } from '../support/contract.ts';
import { at, bodyOf, books, LIBRARY, request } from './library.ts';

describe('createMock', () => {
  it('fills variables of the examples from its options before those of the contract', () => {
    const contract = contractOf(`
contract: 1
resource: rooms
path: /houses/{house}/rooms
parents: { house: long }
vars: { house: 1, name: Hall }
key: { id: long }
entity: { type: object, properties: { name: { type: string } } }
examples: [{ $key: 5, name: "\${name}" }]
methods: { GET: }
`);
    const name = (vars: ReadonlyMap<string, string | number>, target: string) =>
      at(bodyOf(createMock([contract], { vars }).answer(request({ verb: 'GET', target }))), 'name');
    expect(name(new Map(), '/houses/1/rooms/5')).toBe('Hall');
    expect(
      name(
        new Map<string, string | number>([
          ['house', 2],
          ['name', 'Attic'],
        ]),
        '/houses/2/rooms/5',
      ),
    ).toBe('Attic');
  });

  it('gives errors the shape of the dialect', () => {
    const error = {
      type: 'object',
      required: ['problem'],
      properties: {
        problem: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
        code: { type: 'string' },
      },
      additionalProperties: false,
    };
    const acme = extendDialect(DIALECTS.restli, { name: 'acme', error });
    const contract = { ...books, dialect: 'acme' };
    const mock = createMock([contract], { dialects: new Map([['acme', acme]]) });
    const body = bodyOf(mock.answer(request({ verb: 'GET', target: '/books/77' })));
    expect(at(body, 'problem', 'text')).toBeTypeOf('string');
    expect(at(body, 'status')).toBeUndefined();
  });

  it('answers what a contract declares in place of the envelope', () => {
    const contract = contractOf(`
contract: 1
resource: jobs
key: { id: long }
types: { State: { enum: [QUEUED] } }
entity: { type: object }
examples: [{ $key: 1 }]
methods:
  GET: { response: { headers: { ETag: { type: string, pattern: '^"[a-z]+"$' } } } }
  DELETE: { response: { status: 202, body: State } }
`);
    const mock = createMock([contract]);
    const etag = mock.answer(request({ verb: 'GET', target: '/jobs/1' })).headers.find(([name]) => name === 'ETag');
    expect(etag?.[1]).toMatch(/^"[a-z]+"$/);
    const deleted = mock.answer(request({ verb: 'DELETE', target: '/jobs/1' }));
    expect([deleted.status, bodyOf(deleted)]).toEqual([202, 'QUEUED']);
  });

  it('gives states that a test can look into', () => {
    const mock = createMock(LIBRARY);
    mock.answer(request({ verb: 'DELETE', target: '/books/1' }));
    const place = { resource: 'books', parents: new Map() };
    expect(mock.state().get(place, 1)).toBeUndefined();
    expect(mock.state('another').get(place, 1)).toBeDefined();
    mock.reset();
    expect(mock.state().get(place, 1)).toBeDefined();
  });
});

describe('a bug of the mock', () => {
  it('is told in a 500 and takes nobody else down', () => {
    const broken = {
      ...books,
      get operations(): never {
        throw new TypeError('planted');
      },
    };
    const mock = createMock([broken]);
    const response = mock.answer(request({ verb: 'GET', target: '/books/1' }));
    expect([response.status, at(bodyOf(response), 'message')]).toEqual([
      500,
      expect.stringContaining('TypeError: planted'),
    ]);
  });
});

describe('createInProcess', () => {
  const transport = createInProcess(createMock(LIBRARY));

  it('answers as the server does, without a socket', async () => {
    const { response, failure } = await transport.send(request({ verb: 'GET', target: '/books/2' }));
    expect([response?.status, failure]).toEqual([200, null]);
    await transport.close();
  });

  it('sends nothing once the signal is aborted', async () => {
    const { response, failure } = await transport.send(request({ verb: 'GET', target: '/books/2' }), {
      signal: AbortSignal.abort(),
    });
    expect([response, failure?.phase]).toEqual([null, 'aborted']);
  });
});
