/** The mistakes that callers of these APIs really make: each is told by one rule that names it, with what to write. */
import { describe, expect, it } from 'vitest';
import { answer, book, broken, brokenBy, send } from './support.ts';

const LINKEDIN = { contract: 'accounts', headers: { 'LinkedIn-Version': '202601', 'X-RestLi-Method': 'GET' } } as const;
const linkedin = (method: string | null, more: Readonly<Record<string, string | null>> = {}) => ({
  contract: 'accounts',
  headers: { 'LinkedIn-Version': '202601', 'X-RestLi-Method': method, ...more },
});

function hintOf(line: string, sending: Parameters<typeof send>[1]): string {
  return send(line, sending).violations.find(({ level }) => level !== 'may')?.hint ?? '';
}

describe('a request with', () => {
  it('1: raw colons of a URN in the path is told, with the corrected key', () => {
    const line = 'GET /rest/accounts/urn:li:account:1';
    expect(broken(line, LINKEDIN)).toEqual(['encoding/raw-urn-in-path']);
    expect(hintOf(line, LINKEDIN)).toContain('urn%3Ali%3Aaccount%3A1');
  });

  it('1: raw colons in the path is a must in linkedin and advice in restli', () => {
    const levelOf = (contract: string, line: string): string | undefined =>
      send(line, { contract, headers: { 'LinkedIn-Version': '202601' } }).violations.find(
        ({ rule }) => rule === 'encoding/raw-urn-in-path',
      )?.level;
    expect(levelOf('accounts', 'GET /rest/accounts/urn:li:account:1')).toBe('must');
    expect(levelOf('notes', 'GET /notes/urn:li:note:1')).toBe('should');
  });

  it.each([
    ['a list', 'GET /books?ids=List%281%2C2%29', 'ids=List(1,2)'],
    ['the commas between items', 'GET /books?ids=List(1%2C2)', 'List(1,2)'],
    ['a record', 'GET /books?q=search&period=%28start%3A1%29', 'period=(start:1)'],
  ])('2: structure escaped in %s is told, with the corrected text', (_, line, right) => {
    expect(broken(line)).toEqual(['encoding/structure-escaped']);
    expect(hintOf(line, {})).toContain(right);
  });

  it('2: separators of URNs escaped is told', () => {
    expect(
      broken('GET /rest/accounts?ids=List(urn%3Ali%3Aaccount%3A1%2Curn%3Ali%3Aaccount%3A2)', linkedin('BATCH_GET')),
    ).toEqual(['encoding/structure-escaped']);
  });

  it.each([
    [
      'a URN in a list',
      'GET /rest/accounts?ids=List(urn:li:account:1)',
      linkedin('BATCH_GET'),
      'List(urn%3Ali%3Aaccount%3A1)',
    ],
    ['a value with a colon', 'GET /books?q=search&title=a:b', {}, 'title=a%3Ab'],
    ['a value with parentheses', 'GET /books?q=search&title=Tide%20(old)', {}, 'title=Tide%20%28old%29'],
    ['an item of a list with a colon', 'GET /notes?ids=List(a:b)', { contract: 'notes' }, ''],
  ] as const)('3: raw delimiters in %s are told', (_, line, sending, right) => {
    expect(broken(line, sending)).toEqual(['encoding/raw-delimiter-in-value']);
    expect(hintOf(line, sending)).toContain(right);
  });

  it('4: an escape inside an escape is told, and what follows from it is not', () => {
    const line = 'GET /rest/accounts?ids=List(urn%253Ali%253Aaccount%253A1)';
    expect(broken(line, linkedin('BATCH_GET'))).toEqual(['encoding/double-escaped']);
    expect(hintOf(line, linkedin('BATCH_GET'))).toContain('ids=List(urn%3Ali%3Aaccount%3A1)');
  });

  it.each([
    ['repeated ids', 'GET /books?ids=1&ids=2', {}, 'ids=List(1,2)'],
    ['indexed ids', 'GET /books?ids[0]=1&ids[1]=2', {}, 'ids=List(1,2)'],
    ['dotted members', 'GET /books?q=search&period.start=1', {}, 'period=(start:1)'],
    ['a key of equals signs', 'GET /follows/from=a&to=1', { contract: 'follows' }, '(from:a,to:1)'],
  ] as const)('5: %s of protocol 1.0 is told, with the 2.0 form', (_, line, sending, right) => {
    expect(broken(line, sending)).toEqual(['encoding/protocol-1-syntax']);
    expect(hintOf(line, sending)).toContain(right);
  });

  it('6: no protocol version is told once, whatever it makes of the rest', () => {
    expect(broken('GET /books?ids=List(1,2)', { headers: { 'X-RestLi-Protocol-Version': null } })).toEqual([
      'headers/protocol-version-missing',
    ]);
  });

  it.each([
    ['of another method', 'BATCH_GET', 'headers/method-contradicts'],
    ['of no method', 'GETT', 'headers/method-unknown'],
    ['on two lines', ['GET', 'GET'], 'headers/method-doubled'],
    ['without a value', '', 'headers/method-empty'],
  ])('7: a method header %s is told', (_, value, rule) => {
    expect(broken('GET /books/1', { headers: { 'X-RestLi-Method': value } })).toEqual([rule]);
  });

  it('7: a stale method header says what the request would be without it', () => {
    const { violations } = send('PUT /books/1', {
      headers: { 'X-RestLi-Method': 'PARTIAL_UPDATE' },
      body: '{"patch":{"$set":{"title":"a"}}}',
    });
    expect(violations.map(({ rule }) => rule)).toEqual(['headers/method-contradicts']);
    expect(violations[0]?.hint).toContain('overwrites the entity');
  });

  it.each([
    [
      'BATCH_CREATE without its header',
      'POST /books',
      '{"elements":[{"isbn":"1","title":"a","genre":"POETRY"}]}',
      null,
      'routing/batch-create-becomes-create',
    ],
    [
      'CREATE with the header of a batch',
      'POST /books',
      '{"isbn":"1","title":"a","genre":"POETRY"}',
      'BATCH_CREATE',
      'routing/create-becomes-batch-create',
    ],
    ['a patch by PUT', 'PUT /books/1', '{"patch":{"$set":{"title":"a"}}}', null, 'routing/patch-becomes-update'],
    [
      'patches by PUT',
      'PUT /books?ids=List(1)',
      '{"entities":{"1":{"patch":{"$set":{"title":"a"}}}}}',
      null,
      'routing/patch-becomes-update',
    ],
    [
      'a patch that lost its key',
      'POST /books',
      '{"patch":{"$set":{"title":"a"}}}',
      null,
      'routing/patch-becomes-create',
    ],
    [
      'patches that lost their ids',
      'POST /books',
      '{"entities":{"1":{"patch":{"$set":{"title":"a"}}}}}',
      null,
      'routing/patch-becomes-create',
    ],
    [
      'an entity by POST',
      'POST /books/1',
      '{"isbn":"1","title":"a","genre":"POETRY"}',
      null,
      'routing/entity-becomes-patch',
    ],
    [
      'entities by POST',
      'POST /books?ids=List(1)',
      '{"entities":{"1":{"isbn":"1","title":"a","genre":"POETRY"}}}',
      null,
      'routing/entity-becomes-patch',
    ],
  ])('8: %s is told by the swap that a server performs in silence', (_, line, body, method, rule) => {
    expect(broken(line, { body, headers: { 'X-RestLi-Method': method } })).toEqual([rule]);
  });

  it.each([
    ['other keys than ids', 'PUT /books?ids=List(1,2)', '{"entities":{"1":BOOK,"3":BOOK}}', 'batch/keys-differ'],
    [
      'a key in two spellings',
      'PUT /follows?ids=List((from:a,to:1))',
      '{"entities":{"(from:a,to:1)":{"since":1},"(to:1,from:a)":{"since":2}}}',
      'batch/duplicate-id',
    ],
    ['an escaped key', 'PUT /notes?ids=List(a%3Ab)', '{"entities":{"a%3Ab":{"text":"x"}}}', 'batch/key-escaped'],
  ])('9: a batch body with %s is told', (_, line, body, rule) => {
    const contract = line.slice(line.indexOf('/') + 1, line.indexOf('?'));
    expect(
      broken(line, { contract, body: body.replaceAll('BOOK', '{"isbn":"1","title":"a","genre":"POETRY"}') }),
    ).toEqual([rule]);
  });

  it.each([
    ['an index under $set', '{"patch":{"authors":{"$set":{"0":"a"}}}}', 'patch/array-index'],
    ['$delete at a place of its own kind', '{"patch":{"$delete":{"loan":true}}}', 'patch/shape'],
    ['a whole entity', '{"patch":{"title":"a","genre":"POETRY"}}', 'patch/whole-entity'],
    ['no wrapper', '{"$set":{"title":"a"}}', 'patch/wrapper-missing'],
    ['an unknown command', '{"patch":{"$unset":["loan"]}}', 'patch/unknown-operator'],
    ['a value of another type', '{"patch":{"$set":{"title":1}}}', 'request-body/schema'],
    ['a value of another type below', '{"patch":{"loan":{"$set":{"days":"3"}}}}', 'request-body/schema'],
  ])('10: a patch with %s is told', (_, body, rule) => {
    expect(broken('POST /books/1', { body, headers: { 'X-RestLi-Method': 'PARTIAL_UPDATE' } })).toEqual([rule]);
  });

  it('13: no, a malformed and an early LinkedIn-Version are told', () => {
    const line = 'GET /rest/accounts/urn%3Ali%3Aaccount%3A1';
    expect(broken(line, linkedin('GET', { 'LinkedIn-Version': null }))).toEqual(['headers/linkedin-version-missing']);
    expect(broken(line, linkedin('GET', { 'LinkedIn-Version': '2024-01' }))).toEqual([
      'headers/linkedin-version-malformed',
    ]);
    expect(broken(line, linkedin('GET', { 'LinkedIn-Version': '202401.01' }))).toEqual([]);
  });

  it('14: a version header under the unversioned base is told', () => {
    expect(broken('GET /v2/accounts/urn%3Ali%3Aaccount%3A1', linkedin('GET'))).toEqual([
      'headers/version-without-versioned-base',
    ]);
    expect(broken('GET /v2/accounts/urn%3Ali%3Aaccount%3A1', linkedin('GET', { 'LinkedIn-Version': null }))).toEqual(
      [],
    );
  });

  it('15: an unknown parameter is told, with the one that was meant', () => {
    expect(broken('GET /books?q=search&titel=a')).toEqual(['params/undeclared']);
    expect(hintOf('GET /books?q=search&titel=a', {})).toContain('title');
    expect(send('GET /books?q=search&titel=a').violations.find(({ rule }) => rule === 'params/undeclared')?.level).toBe(
      'should',
    );
    expect(
      send('GET /rest/accounts?q=search&format=json', linkedin('FINDER')).violations.find(
        ({ rule }) => rule === 'params/undeclared',
      )?.level,
    ).toBe('must');
  });

  it('15: a missing parameter is told', () => {
    expect(broken('GET /books?q=byAuthor&fields=id')).toEqual(['params/missing']);
  });

  it.each([
    ['a list', 'fields=List(id,title)', 'encoding/mask-as-list'],
    ['an escaped list', 'fields=List%28id%2Ctitle%29', 'encoding/mask-as-list'],
    ['an escaped mask', 'fields=id%2Ctitle', 'encoding/mask-escaped'],
    ['a mask that is none', 'fields=loan:(days', 'encoding/mask-syntax'],
  ])('16: `fields` as %s is told', (_, query, rule) => {
    expect(broken(`GET /books/1?${query}`)).toEqual([rule]);
  });

  it('17: offsets on a list that is paged by token are told, mixed ones apart', () => {
    expect(broken('GET /books?q=newest&start=0')).toEqual(['params/paging-undeclared']);
    expect(broken('GET /books?q=newest&start=0&pageToken=a')).toEqual(['params/paging-mixed']);
    expect(broken('GET /books?q=newest&pageSize=5&pageToken=a')).toEqual([]);
  });

  it('18: a query over the limit is told, and how to tunnel it', () => {
    const line = `GET /rest/accounts?q=search&name=${'x'.repeat(4100)}`;
    expect(broken(line, linkedin('FINDER'))).toEqual(['limits/too-long']);
    expect(hintOf(line, linkedin('FINDER'))).toContain('Tunnel');
  });

  it.each([
    ['a tunnel without override', {}, 'tunnel/without-override'],
    [
      'a tunnel whose body is no form',
      { 'X-HTTP-Method-Override': 'GET', 'Content-Type': 'application/json' },
      'tunnel/malformed',
    ],
    [
      'a tunnelled batch delete that says GET',
      { 'X-HTTP-Method-Override': 'GET', 'X-RestLi-Method': 'batch_delete' },
      'tunnel/override-contradicts',
    ],
  ])('18: %s is told', (_, headers, rule) => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect(broken('POST /books', { body: 'ids=List(1,2)', headers: { ...form, ...headers } })).toEqual([rule]);
  });

  it('19: a bare id where a URN is due is told, with the URN', () => {
    const line = 'GET /rest/accounts/506223315';
    expect(broken(line, LINKEDIN)).toEqual(['keys/bare-id']);
    expect(hintOf(line, LINKEDIN)).toContain('urn%3Ali%3Aaccount%3A506223315');
  });

  it('19: an id that went through a double is told', () => {
    expect(broken('GET /books/9.007199254740992E15')).toEqual(['keys/rounded']);
    expect(broken('GET /books/9007199254740993')).toEqual([]);
  });
});

describe('an answer', () => {
  it('11: of a creation without the id in its headers is told', () => {
    const sent = { body: '{"isbn":"1","title":"a","genre":"POETRY"}', status: 201 };
    expect(brokenBy('POST /books', { ...sent, answerHeaders: {} })).toEqual([
      'create/id-missing',
      'create/location-missing',
    ]);
    expect(brokenBy('POST /books', { ...sent, answerHeaders: { 'X-RestLi-Id': '7', Location: '/books/7' } })).toEqual(
      [],
    );
  });

  it('12: of 200 that hides a failed item does not pass', () => {
    const batch = `{"results":{"1":${book(1)}},"errors":{"2":{"status":404}}}`;
    expect(brokenBy('GET /books?ids=List(1,2)', { answer: batch, expect: {} })).toEqual(['batch/hidden-failure']);
    expect(brokenBy('GET /books?ids=List(1,2)', { answer: batch })).toEqual([]);
  });

  it('20: with a new member or symbol only warns', () => {
    const { violations } = answer('GET /books/1', { answer: book(1).replace('POETRY', 'SATIRE') });
    expect(violations.map(({ rule, level }) => [rule, level])).toEqual([['entity/undeclared', 'should']]);
    expect(brokenBy('GET /books/1', { answer: book(1, ',"brandNew":1') })).toEqual([]);
  });
});

describe('text that holds an escape on purpose', () => {
  const line = (title: string, period = '(start:1)') => `GET /books?q=search&title=${title}&period=${period}`;

  it('is advice to look at, and hides no wrong type beside it', () => {
    const levels = (text: string) =>
      send(text, { headers: { 'X-RestLi-Method': 'FINDER' } }).violations.map(({ rule, level }) => `${level} ${rule}`);
    expect(levels(line('100%2525'))).toEqual(['should encoding/double-escaped']);
    expect(levels(line('https%253A%252F%252Fx'))).toEqual(['should encoding/double-escaped']);
    expect(levels(line('100%2525', '(start:many)'))).toContain('must params/type');
    expect(levels(line('urn%253Ali%253Ax'))).toEqual(['must encoding/double-escaped']);
  });
});
