import { describe, expect, it } from 'vitest';
import { memberOf } from '../../src/protocol/json.ts';
import { createMock } from '../../src/mock/mock.ts';
import { OSS_CONTRACTS } from './oss-contracts.ts';
import { at, bodyOf, request, vectorsOf, type Sent } from './library.ts';

interface Cell {
  readonly verb: string;
  readonly level: string;
  readonly param: string;
  readonly header: string | null;
  readonly method: string | null;
}

const MATRIX: readonly Cell[] = vectorsOf('routingMatrix').map((cell) => {
  const text = (name: string): string | null => {
    const value = memberOf(cell, name);
    return typeof value === 'string' ? value : null;
  };
  return {
    verb: text('verb') ?? '',
    level: text('level') ?? '',
    param: text('param') ?? '',
    header: text('header'),
    method: text('method'),
  };
});

/** A query that `widgets` serves, for each parameter and level. */
const QUERIES = new Map([
  ['ids', '?ids=List(1)'],
  ['q', '?q=search'],
  ['bq', '?bq=searchGreetings&criteria=List((id:1))'],
]);
const body = { entities: { 1: { message: 'x' } }, s: 'a' };

function sentFor({ verb, level, param, header }: Cell): Sent {
  const action = param === 'action' ? `?action=${level === 'entity' ? 'echo' : 'purge'}` : '';
  const headers = header === null ? {} : { 'X-RestLi-Method': header };
  const target = `/widgets${level === 'entity' ? '/1' : ''}${QUERIES.get(param) ?? ''}${action}`;
  return { verb, target, headers, ...(verb === 'GET' || verb === 'DELETE' ? {} : { body }) };
}

describe('oss mode', () => {
  const mock = createMock(OSS_CONTRACTS, { mode: 'oss' });

  it('routes all cells of the recorded matrix', () => {
    const wrong = MATRIX.filter((cell) => {
      mock.reset();
      const refused = mock.answer(request(sentFor(cell))).status === 400;
      return refused !== (cell.method === null);
    });
    expect(MATRIX).toHaveLength(640);
    expect(wrong).toEqual([]);
  });

  const silent = (sent: Sent) => {
    mock.reset();
    const response = mock.answer(request(sent));
    const left = bodyOf(mock.answer(request({ verb: 'GET', target: '/widgets/1' })));
    return { status: response.status, body: bodyOf(response), left };
  };

  it('creates one entity of a BATCH_CREATE that lost its header', () => {
    expect(
      silent({ verb: 'POST', target: '/widgets', body: { elements: [{ message: 'a' }, { message: 'b' }] } }).status,
    ).toBe(201);
    expect(at(bodyOf(mock.answer(request({ verb: 'GET', target: '/widgets/100' }))), 'elements')).toHaveLength(2);
  });

  it('creates nothing of a CREATE that says BATCH_CREATE', () => {
    const { status, body: answered } = silent({
      verb: 'POST',
      target: '/widgets',
      headers: { 'X-RestLi-Method': 'BATCH_CREATE' },
      body: { message: 'a' },
    });
    expect([status, answered]).toEqual([200, { elements: [] }]);
  });

  it('overwrites an entity with the patch that was sent by PUT', () => {
    const { status, left } = silent({ verb: 'PUT', target: '/widgets/1', body: { patch: { $set: { message: 'z' } } } });
    expect([status, left]).toEqual([204, { id: 1, patch: { $set: { message: 'z' } } }]);
  });

  it('changes nothing by an entity that was sent by POST', () => {
    const { status, left } = silent({ verb: 'POST', target: '/widgets/1', body: { message: 'z' } });
    expect([status, at(left, 'message')]).toEqual([204, 'm1']);
  });

  it('creates from a patch that lost its key, and lists all where a finder lost its name', () => {
    expect(silent({ verb: 'POST', target: '/widgets', body: { patch: { $set: {} } } }).status).toBe(201);
    expect(at(silent({ verb: 'GET', target: '/widgets?tone=SINCERE' }).body, 'elements')).toHaveLength(10);
  });

  it('reads a list of 2.0.0 as one key of 1.0.0 when the version is lost', () => {
    const headers = { 'X-RestLi-Protocol-Version': null };
    expect(silent({ verb: 'GET', target: '/widgets?ids=List(1,2)', headers }).body).toEqual({
      results: {},
      statuses: {},
      errors: { 'List(1,2)': { status: 400 } },
    });
  });

  it('takes a single value for a list of one in 1.0.0, which has no other text for it, and refuses it in 2.0.0', () => {
    const asked = (version: string) =>
      silent({
        verb: 'GET',
        target: '/widgets?q=search&names=one',
        headers: { 'X-RestLi-Protocol-Version': version },
      }).status;
    expect([asked('1.0.0'), asked('2.0.0')]).toEqual([200, 400]);
  });

  const created = (type: string) =>
    mock.answer(
      request({ verb: 'POST', target: '/widgets', headers: { 'Content-Type': type }, body: { message: 'a' } }),
    );

  it('takes a body of any type for JSON, but for types that it cannot read', () => {
    mock.reset();
    expect(['text/html', 'json', 'multipart/related'].map((type) => created(type).status)).toEqual([201, 400, 415]);
    expect(new TextDecoder().decode(created('json').body)).toBe('Unable to parse content or accept types.');
  });
});
