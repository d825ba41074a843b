/** HAR recordings and curl commands -> draft contracts. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Contract, Fields } from '../../src/contract/contract.ts';
import { parseContract } from '../../src/contract/parse.ts';
import { fromCurl, fromHar, type Conversion } from '../../src/convert/index.ts';
import { inCommon, inferSchema } from '../../src/convert/recording/infer.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { shellCommands } from '../../src/transport/shell-words.ts';
import { FIXTURES, told } from './fixtures.ts';

const HAR = readFileSync(path.join(FIXTURES, 'recordings/library.har'), 'utf8');
const CURL = readFileSync(path.join(FIXTURES, 'recordings/library.curl.sh'), 'utf8');

function contractIn({ files }: Conversion, resource: string): Contract {
  const file = `${resource}.contract.yaml`;
  const { contract, diagnostics } = parseContract(files.get(file) ?? '', { file });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (contract === null) throw new Error(`${file} is no contract`);
  return contract;
}

type Entry = readonly [
  verb: string,
  target: string,
  headers?: Readonly<Record<string, string>>,
  body?: string | undefined,
  status?: number,
  answer?: string,
];

/** A HAR of requests with their answers. */
function har(entries: readonly Entry[]): string {
  return JSON.stringify({
    log: {
      entries: entries.map(([method, target, headers = {}, body, status = 200, answer]) => ({
        request: {
          method,
          url: `http://h.example${target}`,
          headers: Object.entries({ 'X-RestLi-Protocol-Version': '2.0.0', ...headers }).map(([name, value]) => ({
            name,
            value,
          })),
          ...(body === undefined ? {} : { postData: { text: body } }),
        },
        response: { status, headers: [], content: answer === undefined ? {} : { text: answer } },
      })),
    },
  });
}

const drafted = (...entries: readonly Entry[]): Conversion => fromHar(har(entries), { file: 'a.har' });

describe('a recording', () => {
  const made = fromHar(HAR, { file: 'library.har' });
  const text = made.files.get('books.contract.yaml') ?? '';
  const contract = contractIn(made, 'books');

  it('shows dialect, version, key and methods', () => {
    expect(contract).toMatchObject({ resource: 'books', kind: 'collection', dialect: 'linkedin', path: '/books' });
    expect(contract.headers.get('LinkedIn-Version')).toBe('202604');
    expect(contract.operations.map(({ method, name }) => [method, name])).toEqual([
      ['GET', null],
      ['BATCH_GET', null],
      ['FINDER', 'search'],
      ['CREATE', null],
    ]);
    expect(contract.operations.find(({ name }) => name === 'search')).toMatchObject({
      paging: { kind: 'offset' },
      params: new Map([['title', expect.objectContaining({ required: false })]]),
    });
  });

  it('gives no secret away', () => {
    for (const secret of ['tok-0123456789abcdef', 'hunter2hunter2', 'cookie-secret'])
      expect(text).not.toContain(secret);
    expect(text).toMatch(/password: "\$\{env\.PASSWORD:-secret\d*\}"/);
    expect(told(made)).toContainEqual(
      'warning convert/secrets secrets were left out: Authorization, Cookie, Set-Cookie, password, session',
    );
  });

  it('keeps what looks like a variable as the text that it was', () => {
    expect(contract.cases.find(({ method }) => method === 'CREATE')?.entity).toMatchObject({ title: 'New $${x}' });
  });

  it('puts a matcher where two answers to one request differ', () => {
    expect(contract.cases.find(({ method }) => method === 'GET')?.expect).toMatchObject({
      status: [200],
      body: { id: 5, title: 'Dunes', copies: 3, readAt: { $type: 'long' }, ids: { $type: { type: 'array' } } },
    });
    expect(contract.cases.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it('says which items of a batch failed, in the order of the request', () => {
    expect(contract.cases.find(({ method }) => method === 'BATCH_GET')?.expect?.each).toMatchObject([
      { status: [200] },
      { status: [410] },
      { status: [404] },
    ]);
  });

  it('holds an error to its status and code', () => {
    expect(contract.cases.find(({ method }) => method === 'CREATE')?.expect).toMatchObject({
      status: [422],
      body: { code: 'NO_ISBN' },
    });
  });

  it('requires of entities what all of them have', () => {
    expect(contract.entity?.json).toMatchObject({ required: ['title'] });
  });

  it('tells which requests it passed over, and why', () => {
    expect(told(made)).toContainEqual(
      'warning convert/request GET /rest/books/5?ids=List(1) is passed over: it reaches no method of Rest.li',
    );
    expect(told(made)).toContainEqual('warning convert/url this is no http URL; the entry is passed over');
  });

  it('makes the same draft every time', () => {
    expect(fromHar(HAR, { file: 'library.har' }).files).toEqual(made.files);
  });
});

describe('kinds and keys of recorded resources', () => {
  it('tell an association by its scalar parts', () => {
    const made = drafted(['GET', '/loans/(book:1,reader:urn%3Ali%3Areader%3A2)'], ['GET', '/loans/(book:1)?q=open']);
    expect(contractIn(made, 'loans')).toMatchObject({
      kind: 'association',
      key: { shape: { kind: 'compound', parts: ['book', 'reader'] } },
    });
    expect(contractIn(made, 'loans').operations.find(({ name }) => name === 'open')?.assocKeys).toEqual(['book']);
  });

  it('tell a complex key by its parameters', () => {
    const made = drafted(['GET', '/tours/($params:(lang:de),day:mon,number:1)']);
    expect(contractIn(made, 'tours')).toMatchObject({
      kind: 'collection',
      key: { shape: { kind: 'complex', parts: ['day', 'number'], params: true } },
    });
  });

  it('tell a simple resource by what reaches its bare path', () => {
    expect(contractIn(drafted(['PUT', '/opening', {}, '{"from":1}', 204]), 'opening').kind).toBe('simple');
    expect(contractIn(drafted(['GET', '/opening', {}, undefined, 200, '{"from":1}']), 'opening').kind).toBe('simple');
    expect(contractIn(drafted(['GET', '/books', {}, undefined, 200, '{"elements":[]}']), 'books').kind).toBe(
      'collection',
    );
  });

  it('tell an action set by actions alone', () => {
    const made = drafted(['POST', '/office?action=ring', {}, '{"times":2}', 200, '{"value":true}']);
    expect(contractIn(made, 'office')).toMatchObject({
      kind: 'actionsSet',
      operations: [{ name: 'ring', returns: { name: 'boolean' } }],
    });
  });

  it('name sub-resources with the keys above them', () => {
    const made = drafted(['GET', '/books/5/pages/7'], ['POST', '/books/5/pages/7?action=turn']);
    const pages = contractIn(made, 'books.pages');
    expect(pages.path).toBe('/books/{booksId}/pages');
    expect(pages.cases[0]).toMatchObject({ key: 7, parents: { booksId: 5 } });
    expect(pages.operations.find(({ name }) => name === 'turn')?.level).toBe('entity');
  });

  it('take a word for a key where the method stands at one entity', () => {
    const made = drafted(['GET', '/words/hello', { 'X-RestLi-Method': 'GET' }, undefined, 200, '{"text":"hi"}']);
    expect(contractIn(made, 'words').cases[0]).toMatchObject({ key: 'hello' });
  });

  it('read bodies of every envelope', () => {
    const made = drafted(
      [
        'PUT',
        '/books?ids=List(5,6)',
        {},
        '{"entities":{"5":{"title":"a"},"6":{"title":"b"}}}',
        200,
        '{"results":{"5":{"status":204},"6":{"status":204}},"errors":{}}',
      ],
      [
        'POST',
        '/books?ids=List(5)',
        { 'X-RestLi-Method': 'BATCH_PARTIAL_UPDATE' },
        '{"entities":{"5":{"patch":{"$set":{"title":"c"}}}}}',
        200,
        '{"results":{"5":{"status":204}},"errors":{}}',
      ],
      [
        'POST',
        '/books',
        { 'X-RestLi-Method': 'BATCH_CREATE' },
        '{"elements":[{"title":"d"},{"title":"e"}]}',
        200,
        '{"elements":[{"status":201,"id":"7"},{"status":422,"error":{"status":422}}]}',
      ],
      ['POST', '/books/5', { 'X-RestLi-Method': 'PARTIAL_UPDATE' }, '{"patch":{"$delete":["title"]}}', 204],
      [
        'GET',
        '/books?bq=many&criteria=List((title:x),(title:y))',
        {},
        undefined,
        200,
        '{"elements":[{"elements":[]},{"elements":[]}]}',
      ],
      ['DELETE', '/books/5', {}, undefined, 204],
    );
    const { cases, operations } = contractIn(made, 'books');
    expect(cases.map(({ method }) => method)).toEqual([
      'BATCH_UPDATE',
      'BATCH_PARTIAL_UPDATE',
      'BATCH_CREATE',
      'PARTIAL_UPDATE',
      'BATCH_FINDER',
      'DELETE',
    ]);
    expect(cases[0]?.entities).toEqual([
      { key: 5, entity: { title: 'a' } },
      { key: 6, entity: { title: 'b' } },
    ]);
    expect(cases[1]?.entities).toEqual([{ key: 5, patch: { $set: { title: 'c' } } }]);
    expect(cases[2]?.expect?.each).toMatchObject([{ status: [201] }, { status: [422] }]);
    expect(cases[4]?.criteria).toEqual([{ title: 'x' }, { title: 'y' }]);
    expect([...(operations.find(({ name }) => name === 'many')?.criteria.keys() ?? [])]).toEqual(['title']);
    expect(told(made)).toEqual([]);
  });

  it('come out of a tunnel', () => {
    const made = drafted([
      'POST',
      '/books',
      { 'X-HTTP-Method-Override': 'GET', 'Content-Type': 'application/x-www-form-urlencoded' },
      'ids=List(1,2)',
    ]);
    expect(contractIn(made, 'books').cases[0]).toMatchObject({ method: 'BATCH_GET', ids: [1, 2] });
  });

  it('stand below a base that is named', () => {
    const made = fromHar(har([['GET', '/api/v7/books/1']]), { file: 'a.har', base: '/api/v7' });
    expect([...made.files.keys()]).toEqual(['books.contract.yaml']);
    expect(contractIn(made, 'books').dialect).toBe('restli');
  });
});

describe('a HAR that is none', () => {
  it.each([
    ['', 'the file is empty'],
    ['{', expect.any(String)],
    ['{}', '`log` is missing'],
    ['{"log":{"entries":{}}}', '`entries` is a list'],
    ['{"log":{"entries":[{"request":{"method":1,"url":"http://a/b"}}]}}', '`method` is a text'],
  ])('%j', (text, message) => {
    const made = fromHar(text, { file: 'a.har' });
    expect(made.problems).toMatchObject([{ severity: 'error', message }]);
    expect(made.files.size).toBe(0);
  });

  it('of other traffic makes no contract and says so', () => {
    expect(told(fromHar(har([['PATCH', '/x.y/z?']]), { file: 'a.har' }))).toContainEqual(
      expect.stringContaining('error convert/draft no request of the recording could be read'),
    );
  });
});

describe('curl commands', () => {
  const made = fromCurl(CURL, { file: 'library.curl.sh' });

  it('make contracts of what they call', () => {
    expect([...made.files.keys()]).toEqual([
      'loans.contract.yaml',
      'shelves.books.contract.yaml',
      'shelves.contract.yaml',
    ]);
    const shelves = contractIn(made, 'shelves');
    expect(shelves.operations.map(({ method }) => method)).toEqual([
      'GET',
      'BATCH_GET',
      'FINDER',
      'CREATE',
      'BATCH_UPDATE',
      'PARTIAL_UPDATE',
      'DELETE',
      'ACTION',
    ]);
    expect(shelves.cases.find(({ method }) => method === 'PARTIAL_UPDATE')).toMatchObject({
      key: 7,
      patch: { $set: { room: 'attic é' } },
    });
    expect(shelves.cases.every(({ expect: expected }) => expected === null)).toBe(true);
  });

  it('lose their secrets', () => {
    const text = [...made.files.values()].join('\n');
    expect(text).not.toContain('AQXdSP');
    expect(text).not.toContain('k-123456789');
  });

  const target = (command: string): unknown => {
    const { files } = fromCurl(command, { file: 'c.sh' });
    return [...files.values()].join('').match(/method: (\w+)/)?.[1] ?? null;
  };

  it.each([
    ['curl -XDELETE http://h/books/1', 'DELETE'],
    ['curl --request=DELETE --url http://h/books/1', 'DELETE'],
    ['curl -sSLXDELETE h/books/1', 'DELETE'],
    ['curl http://h/books/1 -o out.json -m 5', 'GET'],
    ['curl -G http://h/books -d q=search -d title=a', 'FINDER'],
    ['/usr/bin/curl http://h/books/1 | jq .', 'GET'],
    ['echo x; curl \\\n  http://h/books/1', 'GET'],
    ["curl -d '{\"a\":1}' -H 'Content-Type: application/json' -H 'X-RestLi-Method: create' http://h/books", 'CREATE'],
  ])('%j is %s', (command, method) => {
    expect(target(command)).toBe(method);
  });

  it.each([
    ["curl 'http://h/books/1", 'a quote that opens here is never closed'],
    ['wget http://h/', 'there is no curl command with a URL'],
    ['', 'there is no curl command with a URL'],
    ['curl -H', 'the command has no URL'],
    ['curl http://h/books/1 -d @body.json', 'the body stands in the file body.json'],
    ['curl http://h/books/1 -F a=b', '`-F` sends what a contract has no form for'],
    ['curl -H nonsense http://h/books/1', 'this is no header line; it is left out'],
  ])('%j is told: %s', (command, message) => {
    expect(told(fromCurl(command, { file: 'c.sh' })).join('\n')).toContain(message);
  });
});

describe('shell words', () => {
  it.each([
    [`a 'b c'"d e" f\\ g`, [['a', 'b cd e', 'f g']]],
    [`a "x\\"y\\$z\\n"`, [['a', 'x"y$z\\n']]],
    [`a $'\\u0041\\x42\\n\\''`, [['a', "AB\n'"]]],
    ['a # b\nc;d&&e|f', [['a'], ['c'], ['d'], ['e'], ['f']]],
    ["a ''", [['a', '']]],
    ['', []],
  ])('of %j', (text, words) => {
    const read = shellCommands(text);
    expect('commands' in read ? read.commands.map((command) => command.map((word) => word.text)) : read).toEqual(words);
  });

  it.each([`'a`, `x "b`, `$'c`])('%j is never closed', (text) => {
    expect(shellCommands(text)).toEqual({
      unclosed: text.indexOf(text.trimStart()[0] === 'x' ? ('x "b'[2] ?? '') : (text[0] ?? '')),
    });
  });
});

describe('what values have in common', () => {
  it.each([
    [[1, 1], 1],
    [[1, 2], { $type: 'long' }],
    [['a', 'b'], { $type: 'string' }],
    [['urn:li:a:1', 'urn:li:a:2'], { $type: 'urn' }],
    [[1, 'a'], { $present: true }],
    [
      [
        { a: 1, b: 2 },
        { a: 1, c: 3 },
      ],
      { a: 1 },
    ],
    [
      [
        [1, 2],
        [1, 3],
      ],
      [1, { $type: 'long' }],
    ],
    [[[1], [1, 2]], { $type: { type: 'array' } }],
  ])('%j', (values, common) => {
    expect(inCommon(values)).toEqual(common);
  });

  it('is a schema that all of them fit', () => {
    expect(
      inferSchema([
        { a: 1, b: 'x', c: null },
        { a: 2.5, c: true, d: [{ e: 1 }, {}] },
      ]),
    ).toEqual({
      type: 'object',
      required: ['a', 'c'],
      properties: {
        a: { type: 'number' },
        b: { type: 'string' },
        c: { type: ['boolean', 'null'] },
        d: { type: 'array', items: { type: 'object', properties: { e: { type: 'integer', format: 'int64' } } } },
      },
    });
    expect(inferSchema([{ a: 1 }, 'x'])).toEqual({});
  });
});

describe('headers of recorded requests', () => {
  const curl = (...headers: readonly string[]): string =>
    `curl https://h.example/books/1 ${headers.map((header) => `-H '${header}'`).join(' ')}\n`;
  const books = (text: string): Contract => contractIn(fromCurl(text, { file: 'c.sh' }), 'books');

  it('are those of the contract if every request carries them', () => {
    const { headers, dialect, cases } = books(
      curl('X-Tenant: acme', 'LinkedIn-Version: 202604') + curl('x-tenant: acme', 'linkedin-version: 202604', 'X-A: b'),
    );
    expect([...headers]).toEqual([
      ['X-Tenant', 'acme'],
      ['LinkedIn-Version', '202604'],
    ]);
    expect(dialect).toBe('linkedin');
    expect(cases).toHaveLength(1);
  });

  it('are those of a case if they are its own', () => {
    const text = `${curl('X-Tenant: acme')}curl https://h.example/books/2 -H 'X-Tenant: other' -H 'X-Part: a' -H 'X-Part: b'`;
    const { headers, cases } = books(text);
    expect([...headers]).toEqual([]);
    expect(cases.map((one) => [...one.headers])).toEqual([
      [['X-Tenant', 'acme']],
      [
        ['X-Tenant', 'other'],
        ['X-Part', ['a', 'b']],
      ],
    ]);
  });

  it('are left out where client, browser or runner write them', () => {
    const { headers, cases } = books(
      curl('Accept: */*', 'User-Agent: me', 'sec-fetch-mode: cors', 'X-RestLi-Method: GET', 'Referer: http://h/'),
    );
    expect([...headers]).toEqual([]);
    expect(cases.map((one) => [...one.headers])).toEqual([[]]);
  });

  it('are told where they hold a secret', () => {
    const made = fromCurl(curl('X-Api-Key: k-123456', 'X-Tenant: acme-k-123456'), { file: 'c.sh' });
    expect([...contractIn(made, 'books').headers]).toEqual([['X-Tenant', 'acme-${env.X_API_KEY:-secret}']]);
    expect(told(made)).toContainEqual('warning convert/secrets secrets were left out: X-Api-Key');
  });
});

describe('lists of a recording stay lists', () => {
  const operation = (made: Conversion): unknown => {
    expect(told(made)).toEqual([]);
    const { operations, cases } = contractIn(made, 's');
    expect(cases).toHaveLength(1);
    const [only] = operations;
    const nameOf = (type: Schema | boolean): unknown => (typeof type === 'boolean' ? type : (type.name ?? type.json));
    const types = (fields: Fields): unknown =>
      Object.fromEntries([...fields].map(([name, { type }]) => [name, nameOf(type)]));
    return only === undefined
      ? null
      : {
          params: types(only.params),
          criteria: types(only.criteria),
          returns: only.returns === null ? null : nameOf(only.returns),
        };
  };
  const curl = (query: string, version = '2.0.0', ...rest: readonly string[]): Conversion =>
    fromCurl(`curl 'https://h.example/s?${query}' -H 'X-RestLi-Protocol-Version: ${version}' ${rest.join(' ')}\n`, {
      file: 'c.sh',
    });

  it.each([
    ['in the query', curl('q=find&tags=List(a,b)'), { params: { tags: 'string[]' } }],
    ['in a query of 1.0', curl('q=find&tags=a&tags=b', '1.0.0'), { params: { tags: 'string[]' } }],
    ['of lists', curl('q=find&tags=List(List(1,2),List(3))'), { params: { tags: 'long[][]' } }],
    ['of nothing', curl('q=find&tags=List()'), { params: { tags: { type: 'array', items: {} } } }],
    ['in criteria', curl('bq=find&criteria=List((a:List(1)),(a:List(2,3)))'), { criteria: { a: 'long[]' } }],
    [
      'in the body of an action',
      curl(
        'action=tag',
        '2.0.0',
        `-H 'Content-Type: application/json' -d '{"tags":["a"],"all":[{"a":[1]}],"no":null}'`,
      ),
      {
        params: {
          tags: 'string[]',
          all: {
            type: 'array',
            items: {
              type: 'object',
              required: ['a'],
              properties: { a: { type: 'array', items: { type: 'integer', format: 'int64' } } },
            },
          },
          no: {},
        },
      },
    ],
    ['in a HAR', drafted(['POST', '/s?action=tag', {}, '{"tags":["urn:a:b"]}']), { params: { tags: 'urn[]' } }],
    [
      'in the answer of an action',
      drafted(['POST', '/s?action=tag', {}, undefined, 200, '{"value":["x","y"]}']),
      { returns: 'string[]' },
    ],
    [
      'of lists in the answer of an action',
      drafted(['POST', '/s?action=tag', {}, undefined, 200, '{"value":[[1],[2]]}']),
      { returns: 'long[][]' },
    ],
    [
      'beside null in the answer of an action',
      drafted(['POST', '/s?action=tag', {}, undefined, 200, '{"value":["x",null]}']),
      { returns: { type: 'array', items: { type: ['string', 'null'] } } },
    ],
  ])('%s', (_, made, types) => {
    expect(operation(made)).toMatchObject(types);
  });

  it('in the parts of a key and in its parameters', () => {
    const made = drafted(['GET', '/s/(a:List(1,2),$params:(c:List(x)))']);
    expect(told(made)).toEqual([]);
    expect([...made.files.values()].join('')).toContain('key: { a: "long[]", $params: { c?: "string[]" } }');
    expect(contractIn(made, 's').cases[0]?.key).toEqual({ a: [1, 2], $params: { c: ['x'] } });
  });

  it('however deep they are: what lies deeper than types are told stays open', () => {
    const made = curl(`q=find&tags=${'List('.repeat(14)}1${')'.repeat(14)}`);
    expect(told(made)).toEqual([]);
    expect(contractIn(made, 's').cases).toHaveLength(1);
  });

  it('and what is a list here and a text there is open', () => {
    const made = drafted(['GET', '/s?q=find&tags=List(a)'], ['GET', '/s?q=find&tags=a']);
    expect(told(made)).toEqual([]);
    expect(contractIn(made, 's').cases.map(({ params }) => params['tags'])).toEqual([['a'], 'a']);
  });
});

describe('a body that no case can send is told', () => {
  const lost = (made: Conversion): readonly string[] => told(made).filter((line) => line.includes('is left out'));
  const FORM = 'application/x-www-form-urlencoded';
  const MULTIPART = '--b-77\r\nContent-Disposition: form-data; name="note"\r\n\r\nhi\r\n--b-77--\r\n';

  it.each([
    ['a form', FORM, 'note=hi&n=2', `it is ${FORM}, not JSON`],
    ['several parts', 'multipart/form-data; boundary=b-77', MULTIPART, 'it is multipart/form-data, not JSON'],
    ['broken JSON', 'application/json', '{"note":', 'it is no JSON'],
    ['a type that is none', 'b-77', 'note', 'it is no JSON'],
    ['a list', 'application/json', '["hi"]', 'it is no record of parameters'],
  ])('%s', (_, type, body, why) => {
    const made = drafted(['POST', '/s?action=note', { 'Content-Type': type }, body]);
    expect(told(made)).toEqual([`warning convert/request the body of POST /s?action=note is left out: ${why}`]);
    expect(made.problems[0]?.at).toMatchObject({ file: 'a.har' });
    expect(contractIn(made, 's').cases).toMatchObject([{ method: 'ACTION', operation: 'note', params: {} }]);
  });

  it('from a curl command, once for requests that are the same', () => {
    const command = `curl 'https://h.example/s?action=note' -H 'Content-Type: ${FORM}' -d 'note=hi&n=2'\n`;
    expect(lost(fromCurl(command + command, { file: 'c.sh' }))).toHaveLength(1);
  });

  it('as the reason why a request became no case', () => {
    const made = drafted(['POST', '/s', { 'X-RestLi-Method': 'create', 'Content-Type': FORM }, 'note=hi']);
    expect(told(made)).toEqual([
      `warning convert/request the body of POST /s is left out: it is ${FORM}, not JSON`,
      expect.stringContaining('became no case'),
    ]);
  });

  it('and JSON is none, though `curl -d` calls it a form', () => {
    const made = fromCurl(`curl 'https://h.example/s?action=note' -d '{"note":"hi"}'\n`, { file: 'c.sh' });
    expect(told(made)).toEqual([]);
    expect(contractIn(made, 's').cases[0]?.params?.['note']).toBe('hi');
  });

  it('without the secrets that stand in its URL', () => {
    const made = drafted(['POST', '/s?action=note&access_token=tok-0123456789', { 'Content-Type': FORM }, 'note=hi']);
    expect(lost(made)).toHaveLength(1);
    expect(lost(made)[0]).not.toContain('tok-0123456789');
  });
});
