import { describe, expect, it } from 'vitest';
import { headerOf } from '../../src/transport/exchange.ts';
import { createMock } from '../../src/mock/mock.ts';
import { at, bodyOf, eachOf, LIBRARY, namesOf, request, type Sent } from './library.ts';

const BATCH_CREATE = { 'X-RestLi-Method': 'BATCH_CREATE' };
const LINKEDIN = { 'LinkedIn-Version': '202601' };

function opened() {
  const mock = createMock(LIBRARY, { now: () => 5_000 });
  const ask = (sent: Sent) => mock.answer(request(sent));
  const get = (target: string) => bodyOf(ask({ verb: 'GET', target }));
  return { mock, ask, get };
}

describe('GET', () => {
  const { ask, get } = opened();

  it('answers the entity itself', () => {
    expect(get('/books/2')).toEqual({ id: 2, isbn: 'a2', title: 'Doors', genre: 'HISTORY', pages: 80, addedAt: 1001 });
  });

  it('keeps every digit of a key beyond 2^53', () => {
    expect(at(get('/books/9007199254740993'), 'id')).toBe(9007199254740993n);
    expect(ask({ verb: 'GET', target: '/books/9007199254740992' }).status).toBe(404);
  });

  it('answers 404 with an error body and its header', () => {
    const response = ask({ verb: 'GET', target: '/books/77' });
    expect(response.status).toBe(404);
    expect(headerOf(response.headers, 'X-RestLi-Error-Response')).toBe('true');
    expect(at(bodyOf(response), 'status')).toBe(404);
  });

  it('projects', () => {
    expect(get('/books/9007199254740993?fields=title,loan:(days)')).toEqual({ title: 'Numbers', loan: { days: 14 } });
  });

  it('reads simple resources without a key', () => {
    expect(get('/settings')).toEqual({ theme: 'dark', size: 3 });
  });

  it('reads compound keys with their parts in any order', () => {
    expect(get('/members/(person:urn%3Ali%3Aperson%3Aa,group:1)')).toEqual({ role: 'owner' });
    expect(get('/members/(group:2,person:urn%3Ali%3Aperson%3A%28b%2Cc%29)')).toEqual({ role: 'guest' });
  });

  it('takes no notice of $params when it looks for an entity', () => {
    expect(at(get('/shelves/($params:(view:flat),room:north,row:1)'), 'label')).toBe('Maps');
  });

  it('keeps entities of other parents apart', () => {
    expect(at(get('/books/1/pages/1'), 'text')).toBe('one');
    expect(at(get('/books/2/pages/1'), 'text')).toBe('another');
    expect(ask({ verb: 'GET', target: '/books/3/pages/1' }).status).toBe(404);
  });
});

describe('BATCH_GET', () => {
  const { get } = opened();

  it('sorts keys into results and errors, each under its own text', () => {
    const body = get('/books?ids=List(1,77,9007199254740993)');
    expect(namesOf(at(body, 'results'))).toEqual(['1', '9007199254740993']);
    expect(at(body, 'errors', '77', 'status')).toBe(404);
    expect(at(body, 'statuses')).toEqual({});
  });

  it('answers an empty list with empty maps', () => {
    expect(get('/books?ids=List()')).toEqual({ results: {}, statuses: {}, errors: {} });
  });

  it('answers a repeated key once, where it is let pass', () => {
    const mock = createMock(LIBRARY, { mode: 'oss' });
    const body = bodyOf(mock.answer(request({ verb: 'GET', target: '/books?ids=List(1,01,1)' })));
    expect(namesOf(at(body, 'results'))).toEqual(['1']);
  });

  it('writes compound keys reduced, and complex ones without $params', () => {
    const compound = get('/members?ids=List((person:urn%3Ali%3Aperson%3A%28b%2Cc%29,group:2))');
    expect(at(compound, 'results', '(group:2,person:urn%3Ali%3Aperson%3A%28b%2Cc%29)', 'role')).toBe('guest');
    const complex = get('/shelves?ids=List(($params:(view:flat),room:north,row:1))');
    expect(at(complex, 'results', '(room:north,row:1)', 'label')).toBe('Maps');
  });

  it('writes keys encoded where the dialect says so', () => {
    const { ask } = opened();
    const body = bodyOf(
      ask({ verb: 'GET', target: '/rest/accounts?ids=List(urn%3Ali%3Aaccount%3A1)', headers: LINKEDIN }),
    );
    expect(at(body, 'results', 'urn%3Ali%3Aaccount%3A1', 'name')).toBe('One');
  });
});

describe('GET_ALL and FINDER', () => {
  const { ask, get } = opened();

  it('pages by offset, with links and the promised total', () => {
    const body = get('/books?start=1&count=1');
    expect(at(body, 'elements', 0, 'id')).toBe(2);
    expect(at(body, 'paging')).toEqual({
      start: 1,
      count: 1,
      total: 3,
      links: [
        { rel: 'prev', type: 'application/json', href: '/books?start=0&count=1' },
        { rel: 'next', type: 'application/json', href: '/books?start=2&count=1' },
      ],
    });
  });

  it('answers no elements and no links for a count of 0, and none beyond the end', () => {
    expect(get('/books?count=0')).toEqual({ elements: [], paging: { start: 0, count: 0, total: 3, links: [] } });
    expect(at(get('/books?start=50'), 'elements')).toEqual([]);
  });

  it('links a next page after a full last one when nobody knows the total', () => {
    const links = at(get('/books?q=search&genre=HISTORY&count=2'), 'paging', 'links');
    expect(links).toEqual([
      { rel: 'next', type: 'application/json', href: '/books?q=search&genre=HISTORY&start=2&count=2' },
    ]);
  });

  it('filters and sorts as the mock of the finder says', () => {
    expect(at(get('/books?q=search&title=Num'), 'elements', 0, 'title')).toBe('Numbers');
    expect(at(get('/books?q=search&minPages=100'), 'elements')).toHaveLength(1);
    expect(eachOf(at(get('/books?q=search'), 'elements'), 'title')).toEqual(['Doors', 'Numbers', 'Tides']);
    expect(at(get('/books?q=search'), 'metadata')).toEqual({ FOUND: 7 });
  });

  it('filters by equal names where the mock says nothing, a list meaning one of them', () => {
    expect(at(get('/books?q=byGenre&genre=List(FANTASY,POETRY)'), 'elements')).toHaveLength(1);
    expect(at(get('/books?q=byGenre'), 'elements')).toHaveLength(3);
  });

  it('answers fixed elements', () => {
    expect(at(get('/books?q=picks'), 'elements', 0, 'title')).toBe('Doors');
  });

  it('pages by cursor without `paging`, and without a token on the last page', () => {
    const first = get('/books?q=newest');
    expect(at(first, 'paging')).toBeUndefined();
    expect(eachOf(at(first, 'elements'), 'addedAt')).toEqual([1002, 1001]);
    const token = at(first, 'metadata', 'nextPageToken');
    expect(token).toBeTypeOf('string');
    const second = get(`/books?q=newest&pageToken=${JSON.stringify(token).slice(1, -1)}`);
    expect(eachOf(at(second, 'elements'), 'addedAt')).toEqual([1000]);
    expect(at(second, 'metadata')).toEqual({});
    expect(at(get('/books?q=newest'), 'metadata', 'nextPageToken')).toBe(token);
  });

  it('refuses a token that it never gave out', () => {
    expect(ask({ verb: 'GET', target: '/books?q=newest&pageToken=c2-zzz' }).status).toBe(400);
  });

  it('projects elements, paging and metadata apart', () => {
    const body = get('/books?q=search&fields=id&pagingFields=start&metadataFields=NONE');
    expect(at(body, 'elements')).toEqual([{ id: 2 }, { id: 9007199254740993n }, { id: 1 }]);
    expect(at(body, 'paging')).toEqual({ start: 0 });
    expect(at(body, 'metadata')).toEqual({});
  });

  it('keeps to the key parts in the path of an association', () => {
    expect(at(get('/members/(person:urn%3Ali%3Aperson%3Aa)?q=ofPerson'), 'elements')).toEqual([{ role: 'owner' }]);
  });
});

describe('BATCH_FINDER', () => {
  const { get } = opened();

  it('answers one list for each criterion, in order, a declared error in its place', () => {
    const body = get('/books?bq=searchMany&criteria=List((genre:POETRY),(title:Nowhere),(title:Tid))');
    expect(at(body, 'elements', 0, 'elements')).toEqual([]);
    expect(at(body, 'elements', 1, 'isError')).toBe(true);
    expect(at(body, 'elements', 1, 'error', 'code')).toBe('NO_SUCH_GENRE');
    expect(at(body, 'elements', 2, 'elements', 0, 'title')).toBe('Tides');
  });

  it('answers no criteria with no lists', () => {
    expect(get('/books?bq=searchMany&criteria=List()')).toEqual({ elements: [] });
  });
});

describe('CREATE and BATCH_CREATE', () => {
  const entity = { isbn: 'n1', title: 'New', genre: 'POETRY' };

  it('stores under the next number, to the last digit, and names it twice', () => {
    const { ask, get } = opened();
    const response = ask({ verb: 'POST', target: '/books', body: entity });
    expect(response.status).toBe(201);
    expect(headerOf(response.headers, 'X-RestLi-Id')).toBe('9007199254740994');
    expect(headerOf(response.headers, 'Location')).toBe('/books/9007199254740994');
    expect(at(bodyOf(response), 'addedAt')).toBe(5000);
    expect(get('/books/9007199254740994')).toEqual({ id: 9007199254740994n, ...entity, addedAt: 5000 });
  });

  it('keeps silent on $returnEntity=false, with the same status and headers', () => {
    const { ask } = opened();
    const response = ask({ verb: 'POST', target: '/books?$returnEntity=false', body: entity });
    expect([response.status, bodyOf(response), headerOf(response.headers, 'X-RestLi-Id')]).toEqual([
      201,
      undefined,
      '9007199254740994',
    ]);
  });

  it('takes no notice of members that only the server sets', () => {
    const { ask } = opened();
    expect(at(bodyOf(ask({ verb: 'POST', target: '/books', body: { ...entity, id: 5, addedAt: 1 } })), 'addedAt')).toBe(
      5000,
    );
  });

  it('answers a declared error whose condition the entity meets', () => {
    const { ask } = opened();
    const response = ask({ verb: 'POST', target: '/books', body: { ...entity, isbn: 'a1' } });
    expect([response.status, at(bodyOf(response), 'code')]).toEqual([409, 'DUPLICATE_ISBN']);
  });

  it('takes a complex key from the entity, and refuses a second one', () => {
    const { ask } = opened();
    const shelf = { room: 'so uth', row: 2, label: 'New' };
    const response = ask({ verb: 'POST', target: '/shelves', body: shelf });
    expect(headerOf(response.headers, 'X-RestLi-Id')).toBe('(room:so uth,row:2)');
    expect(headerOf(response.headers, 'Location')).toBe('/shelves/(room:so%20uth,row:2)');
    expect(ask({ verb: 'POST', target: '/shelves', body: shelf }).status).toBe(409);
  });

  it('makes URN keys with a count, passing over those that exist', () => {
    const { ask } = opened();
    const headers = { ...LINKEDIN, 'X-RestLi-Method': 'CREATE' };
    const ids = [1, 2].map(() =>
      headerOf(ask({ verb: 'POST', target: '/rest/accounts', headers, body: { name: 'N' } }).headers, 'X-RestLi-Id'),
    );
    expect(ids).toEqual(['urn:li:account:2', 'urn:li:account:3']);
  });

  it('answers a BATCH_CREATE element by element, in order', () => {
    const { ask, get } = opened();
    const response = ask({
      verb: 'POST',
      target: '/books',
      headers: BATCH_CREATE,
      body: { elements: [entity, { ...entity, isbn: 'a1' }, entity] },
    });
    const statuses = eachOf(at(bodyOf(response), 'elements'), 'status');
    expect([response.status, statuses]).toEqual([200, [201, 409, 201]]);
    expect(at(bodyOf(response), 'elements', 2, 'id')).toBe('9007199254740995');
    expect(at(get('/books/9007199254740995'), 'title')).toBe('New');
  });
});

describe('UPDATE and BATCH_UPDATE', () => {
  it('replaces all but what the server sets and what is fixed', () => {
    const { ask, get } = opened();
    const response = ask({ verb: 'PUT', target: '/books/1', body: { isbn: 'other', title: 'Tide', genre: 'POETRY' } });
    expect([response.status, bodyOf(response)]).toEqual([204, undefined]);
    expect(get('/books/1')).toEqual({ id: 1, isbn: 'a1', title: 'Tide', genre: 'POETRY', addedAt: 1000 });
  });

  it('creates what is missing only where the contract says so', () => {
    const { ask, get } = opened();
    expect(ask({ verb: 'PUT', target: '/books/55', body: { isbn: 'x', title: 'T', genre: 'POETRY' } }).status).toBe(
      404,
    );
    expect(ask({ verb: 'PUT', target: '/books/1/pages/9', body: { text: 'nine' } }).status).toBe(201);
    expect(ask({ verb: 'PUT', target: '/books/1/pages/9', body: { text: 'nine' } }).status).toBe(204);
    expect(get('/books/1/pages/9')).toEqual({ number: 9, text: 'nine' });
  });

  it('answers a batch key by key', () => {
    const { ask, get } = opened();
    const book = { isbn: 'a2', title: 'Door', genre: 'HISTORY' };
    const body = bodyOf(
      ask({ verb: 'PUT', target: '/books?ids=List(2,77)', body: { entities: { 2: book, 77: book } } }),
    );
    expect(at(body, 'results')).toEqual({ 2: { status: 204 } });
    expect(at(body, 'errors', '77', 'status')).toBe(404);
    expect(at(get('/books/2'), 'title')).toBe('Door');
  });

  it('reads compound body keys whatever the order of their parts', () => {
    const { ask, get } = opened();
    const target = '/members?ids=List((group:1,person:urn%3Ali%3Aperson%3Aa))';
    const response = ask({
      verb: 'PUT',
      target,
      body: { entities: { '(person:urn%3Ali%3Aperson%3Aa,group:1)': { role: 'new' } } },
    });
    expect(at(bodyOf(response), 'results', '(group:1,person:urn%3Ali%3Aperson%3Aa)', 'status')).toBe(204);
    expect(get('/members/(group:1,person:urn%3Ali%3Aperson%3Aa)')).toEqual({ role: 'new' });
  });
});

describe('PARTIAL_UPDATE and BATCH_PARTIAL_UPDATE', () => {
  it('changes what the patch names and leaves the rest', () => {
    const { ask, get } = opened();
    const body = { patch: { $set: { title: 'Tide' }, $delete: ['blurb'] } };
    expect(ask({ verb: 'POST', target: '/books/1', body }).status).toBe(204);
    expect(get('/books/1')).toEqual({ id: 1, isbn: 'a1', title: 'Tide', genre: 'FANTASY', pages: 120, addedAt: 1000 });
  });

  it('never changes the key, nor what only the server sets', () => {
    const { ask, get } = opened();
    ask({ verb: 'POST', target: '/books/1', body: { patch: { $set: { id: 9, addedAt: 9 } } } });
    expect([at(get('/books/1'), 'id'), at(get('/books/1'), 'addedAt')]).toEqual([1, 1000]);
  });

  it('answers a declared error whose condition the patch meets, also for one key of a batch', () => {
    const { ask } = opened();
    const patch = { $set: { title: 'Locked' } };
    expect(ask({ verb: 'POST', target: '/books/1', body: { patch } }).status).toBe(423);
    const body = bodyOf(
      ask({
        verb: 'POST',
        target: '/books?ids=List(1,2)',
        body: { entities: { 1: { patch }, 2: { patch: { $set: { title: 'Free' } } } } },
      }),
    );
    expect([at(body, 'errors', '1', 'code'), at(body, 'results', '2', 'status')]).toEqual(['LOCKED', 204]);
  });
});

describe('DELETE and BATCH_DELETE', () => {
  it('removes, and answers 404 from then on', () => {
    const { ask } = opened();
    const statuses = ['DELETE', 'GET', 'DELETE'].map((verb) => ask({ verb, target: '/books/2' }).status);
    expect(statuses).toEqual([204, 404, 404]);
  });

  it('answers a batch key by key, conditions before what is stored', () => {
    const { ask } = opened();
    const body = bodyOf(ask({ verb: 'DELETE', target: '/books?ids=List(1,77,9007199254740993)' }));
    expect(at(body, 'results')).toEqual({ 1: { status: 204 } });
    expect([at(body, 'errors', '77', 'status'), at(body, 'errors', '9007199254740993', 'code')]).toEqual([
      404,
      'ON_LOAN',
    ]);
  });

  it('takes a key once that `ids` names twice', () => {
    const body = bodyOf(opened().ask({ verb: 'GET', target: '/books?ids=List(1,1)' }));
    expect([Object.keys(at(body, 'results') as object), at(body, 'errors')]).toEqual([['1'], {}]);
  });

  it('removes the entity of a simple resource', () => {
    const { ask } = opened();
    expect(ask({ verb: 'DELETE', target: '/settings' }).status).toBe(204);
    expect(ask({ verb: 'GET', target: '/settings' }).status).toBe(404);
  });
});

describe('ACTION', () => {
  it('patches its entity, fills defaults and answers the value in its envelope', () => {
    const { ask, get } = opened();
    const response = ask({ verb: 'POST', target: '/books/1?action=lend', body: { reader: 'urn:li:person:bo' } });
    expect(bodyOf(response)).toEqual({ value: { reader: 'urn:li:person:bo', days: 14 } });
    expect(at(get('/books/1'), 'loan', 'days')).toBe(14);
  });

  it('answers 404 on an entity that is not there', () => {
    expect(
      opened().ask({ verb: 'POST', target: '/books/77?action=lend', body: { reader: 'urn:li:person:bo' } }).status,
    ).toBe(404);
  });

  it('answers no body for an action that returns nothing', () => {
    const response = opened().ask({ verb: 'POST', target: '/books?action=tidy' });
    expect([response.status, bodyOf(response), headerOf(response.headers, 'Content-Type')]).toEqual([
      200,
      undefined,
      null,
    ]);
  });

  it('makes a value of the declared type where nobody wrote one, the same at every start', () => {
    const [one, two] = [opened(), opened()].map(({ ask }) =>
      bodyOf(ask({ verb: 'POST', target: '/books?action=sample', body: {} })),
    );
    expect(at(one, 'value', 'days')).toBeTypeOf('number');
    expect(one).toEqual(two);
  });

  it('serves action sets and simple resources', () => {
    const { ask } = opened();
    expect(bodyOf(ask({ verb: 'POST', target: '/tools?action=ping', body: { text: 'x' } }))).toEqual({
      value: 'pong x',
    });
    expect(bodyOf(ask({ verb: 'POST', target: '/settings?action=restore' }))).toEqual({ value: true });
  });
});

describe('every answer', () => {
  it('echoes the protocol version', () => {
    const { ask } = opened();
    expect(headerOf(ask({ verb: 'GET', target: '/books/1' }).headers, 'X-RestLi-Protocol-Version')).toBe('2.0.0');
    const old = ask({ verb: 'GET', target: '/books?ids=1&ids=2', headers: { 'X-RestLi-Protocol-Version': '1.0.0' } });
    expect(headerOf(old.headers, 'X-RestLi-Protocol-Version')).toBe('1.0.0');
    expect(namesOf(at(bodyOf(old), 'results'))).toEqual(['1', '2']);
  });

  it('speaks 1.0.0 in its headers and keys to who asks for it', () => {
    const { ask } = opened();
    const headers = { 'X-RestLi-Protocol-Version': '1.0.0' };
    const created = ask({ verb: 'POST', target: '/shelves', headers, body: { room: 'a b', row: 3, label: 'L' } });
    expect(headerOf(created.headers, 'X-LinkedIn-Id')).toBe('room=a+b&row=3');
    expect(headerOf(created.headers, 'X-RestLi-Id')).toBeNull();
    const missing = ask({ verb: 'GET', target: '/members/group=9&person=urn%3Ali%3Aperson%3Aa', headers });
    expect([missing.status, headerOf(missing.headers, 'X-LinkedIn-Error-Response')]).toEqual([404, 'true']);
  });

  it('answers tunnelled requests as plain ones, form and multipart', () => {
    const { ask, get } = opened();
    const form = { 'X-HTTP-Method-Override': 'GET', 'Content-Type': 'application/x-www-form-urlencoded' };
    const tunnelled = ask({
      verb: 'POST',
      target: '/books',
      headers: form,
      body: new TextEncoder().encode('q=search&title=Tid'),
    });
    expect(at(bodyOf(tunnelled), 'elements')).toEqual(at(get('/books?q=search&title=Tid'), 'elements'));

    const mixed = { 'X-HTTP-Method-Override': 'PUT', 'Content-Type': 'multipart/mixed; boundary=b' };
    const entities = JSON.stringify({ entities: { 2: { isbn: 'a2', title: 'Door', genre: 'HISTORY' } } });
    const body = `--b\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nids=List(2)\r\n--b\r\nContent-Type: application/json\r\n\r\n${entities}\r\n--b--\r\n`;
    const updated = ask({ verb: 'POST', target: '/books', headers: mixed, body: new TextEncoder().encode(body) });
    expect(at(bodyOf(updated), 'results', '2', 'status')).toBe(204);
  });

  it('keeps the base of the request in what it links', () => {
    const { ask } = opened();
    const headers = { ...LINKEDIN, 'X-RestLi-Method': 'CREATE' };
    const created = ask({ verb: 'POST', target: '/rest/accounts', headers, body: { name: 'N' } });
    expect(headerOf(created.headers, 'Location')).toBe('/rest/accounts/urn%3Ali%3Aaccount%3A2');
  });
});
