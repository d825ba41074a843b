/** C: the contract is bad. */
/* oxlint-disable vitest/no-standalone-expect -- rows are played inside a test */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { folderOf, type Folder } from '../../cli/support.ts';
import { rawServer } from '../../transport/raw-server.ts';
import { rest } from './against-server.ts';
import { command } from './command.ts';
import { elsewhere, type Row } from './row.ts';

interface ContractSituation {
  readonly id: string;
  readonly what: string;
  readonly expected: string;
  /** The bad contract, whole; several are tried one after the other. */
  readonly files: readonly BadFile[];
}

interface BadFile {
  readonly text: string | Uint8Array;
  /** Codes that are told. */
  readonly codes: readonly string[];
  /** What the message, frame or fix shows. */
  readonly says?: RegExp;
  /** `error`: nothing of the file is sent; `warning`: it runs. */
  readonly as?: 'error' | 'warning';
  readonly ending?: 'yaml' | 'json';
  readonly env?: Readonly<Record<string, string>>;
  readonly prepare?: (folder: Folder) => void;
}

/** A contract that is good but for what a row puts in. */
function bad(parts: {
  readonly methods?: string;
  readonly cases?: string;
  readonly entity?: string;
  readonly examples?: string;
  readonly rest?: string;
  readonly key?: string;
}): string {
  const {
    methods = 'GET: ',
    cases = '',
    entity = '{ type: object, properties: { name: { type: string } } }',
    rest: more = '',
  } = parts;
  return `contract: 1
resource: bad
key: ${parts.key ?? '{ id: long }'}
entity: ${entity}
examples: ${parts.examples ?? '[{ $key: 1, name: a }]'}
${more}
methods: { ${methods} }
${cases === '' ? '' : `cases:\n${cases}`}
`;
}

const one = (text: string): string => `  - { name: is bad, ${text} }`;
const GOOD = `contract: 1
resource: good
key: { id: long }
entity: { type: object, properties: { id: { $ref: "#/types/long" } } }
methods: { GET: }
cases: [{ name: is read, method: GET, key: 2 }]
`;

function withContract({ id, what, expected, files }: ContractSituation): Row {
  return {
    id,
    what,
    expected,
    proof: async () => {
      for (const file of files) await play(file);
    },
  };
}

async function play({ text, codes, says, as = 'error', ending = 'yaml', env = {}, prepare }: BadFile): Promise<void> {
  const server = await rawServer((request) =>
    request.includes(' /good/2 ') ? rest(200, '{"id":2}') : rest(200, '{"name":"a"}'),
  );
  try {
    using folder = folderOf({ 'good.contract.yaml': GOOD });
    const name = `bad.contract.${ending}`;
    writeFileSync(path.join(folder.path, name), text);
    prepare?.(folder);
    const startedAt = performance.now();
    const checked = await command(folder, ['check', name, 'good.contract.yaml'], env);
    const found = [...checked.err.matchAll(/^(error|warning) ([a-z0-9-]+\/[a-z0-9-]+):/gm)].map(
      ([, severity, code]) => `${severity} ${code}`,
    );
    expect(found).toEqual(expect.arrayContaining(codes.map((code) => `${as} ${code}`)));
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(checked.err).toMatch(new RegExp(`--> ${name.replaceAll('.', '\\.')}:\\d+:\\d+`));
    if (says !== undefined) expect(checked.err).toMatch(says);
    expect(checked.code).toBe(as === 'error' ? 2 : 0);

    const ran = await command(
      folder,
      ['run', name, 'good.contract.yaml', '--group', 'contract', '--base-url', server.origin, '--no-report'],
      env,
    );
    for (const { err } of [checked, ran]) {
      expect(err).not.toMatch(/\n\s+at /);
      expect(err).not.toMatch(/RangeError|TypeError|ByteString/);
    }
    expect(server.requests.some((request) => request.includes(' /good/2 '))).toBe(true);
    if (as === 'error') {
      expect(server.requests.filter((request) => !request.includes(' /good/2 '))).toEqual([]);
      expect(ran.code).toBe(2);
      expect(ran.err).toContain(codes[0]);
    }
  } finally {
    await server.close();
  }
}

const UTF16 = Buffer.from('\ufeffcontract: 1', 'utf16le');

export const CONTRACT_ROWS: readonly Row[] = [
  withContract({
    id: 'C01',
    what: 'an empty file, or comments alone',
    expected: 'stop 2: nothing is declared',
    files: [
      { text: '', codes: ['contract/empty'] },
      { text: '# nothing\n\n', codes: ['contract/empty'] },
    ],
  }),
  withContract({
    id: 'C02',
    what: 'tabs for indentation, a quote left open',
    expected: 'stop 2 with frame and caret',
    files: [
      { text: 'contract: 1\nmethods:\n\tGET:\n', codes: ['contract/yaml-tab'], says: /\^/ },
      { text: 'contract: 1\nresource: "bad\n', codes: ['contract/yaml-quote'], says: /\^/ },
    ],
  }),
  withContract({
    id: 'C03',
    what: 'a name twice',
    expected: 'stop 2 with both lines',
    files: [
      { text: `${bad({})}resource: again\n`, codes: ['contract/duplicate-name'], says: /bad\.contract\.yaml:2:/ },
    ],
  }),
  withContract({
    id: 'C04',
    what: 'an alias bomb',
    expected: 'stop 2 at once',
    files: [
      {
        text: `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghijklmnop'
          .split('')
          .map(
            (name, index) =>
              `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghijklmnop'[index] ?? 'a'}`).join(', ')}]\n`,
          )
          .join('')}`,
        codes: ['contract/yaml-alias'],
      },
    ],
  }),
  withContract({
    id: 'C05',
    what: '10,000 levels',
    expected: 'stop 2, no stack overflow',
    files: [
      { text: `a: ${'['.repeat(10_000)}${']'.repeat(10_000)}`, codes: ['contract/too-deep'] },
      { text: `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, codes: ['contract/too-deep'], ending: 'json' },
    ],
  }),
  withContract({
    id: 'C06',
    what: '50 MB',
    expected: 'stop 2: the limit of size',
    files: [{ text: Buffer.alloc(50_000_000, '#'), codes: ['contract/too-large'] }],
  }),
  withContract({
    id: 'C07',
    what: 'a binary file, UTF-16, a byte order mark',
    expected: 'stop 2; the mark is accepted',
    files: [
      { text: UTF16, codes: ['contract/not-text'] },
      { text: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0xff, 0x00), codes: ['contract/not-text'] },
      { text: `\ufeff${bad({})}`, codes: ['contract/byte-order-mark'], as: 'warning' },
    ],
  }),
  withContract({
    id: 'C08',
    what: 'an unknown member `heders`',
    expected: 'stop 2: did you mean `headers`',
    files: [{ text: bad({ rest: 'heders: { A: b }' }), codes: ['contract/unknown-member'], says: /headers/ }],
  }),
  withContract({
    id: 'C09',
    what: 'the method BATCHGET',
    expected: 'stop 2: did you mean `BATCH_GET`',
    files: [{ text: bad({ methods: 'BATCHGET: ' }), codes: ['contract/unknown-member'], says: /BATCH_GET/ }],
  }),
  withContract({
    id: 'C10',
    what: '`raw` or a method header makes another method of a case, and nothing is expected',
    expected: 'stop 2 with the method that the router picks',
    files: [
      {
        text: bad({ methods: 'GET: , DELETE: ', cases: one('method: GET, key: 1, raw: { verb: DELETE }') }),
        codes: ['contract/needs-expect'],
        says: /DELETE/,
      },
    ],
  }),
  withContract({
    id: 'C11',
    what: 'a CREATE with a key, a GET without; FINDER without `q`, ACTION without `action`, a batch without `ids`; `q` beside `bq`',
    expected: 'stop 2, a code for each',
    files: [
      {
        text: bad({
          methods:
            'GET: , CREATE: , FINDER: { f: }, BATCH_FINDER: { b: { criteria: { x: string } } }, ACTION: { a: }, BATCH_GET: ',
          cases: [
            '  - { name: a, method: CREATE, key: 1, entity: {} }',
            '  - { name: b, method: GET }',
            '  - { name: c, method: FINDER }',
            '  - { name: d, method: ACTION }',
            '  - { name: e, method: BATCH_GET }',
            '  - { name: f, method: FINDER, q: f, bq: b }',
          ].join('\n'),
        }),
        codes: [
          'contract/no-key',
          'contract/needs-key',
          'contract/finder-needs-q',
          'contract/action-needs-name',
          'contract/batch-needs-ids',
          'contract/q-and-bq',
        ],
      },
    ],
  }),
  withContract({
    id: 'C12',
    what: 'keys of a batch differ from `ids`, or stand twice',
    expected: 'stop 2, a code for each',
    files: [
      {
        text: bad({
          methods: 'GET: , BATCH_UPDATE: , BATCH_GET: ',
          cases: [
            '  - { name: a, method: BATCH_UPDATE, ids: [1, 2], entities: [{ key: 1, entity: {} }] }',
            '  - { name: b, method: BATCH_GET, ids: [1, 1] }',
          ].join('\n'),
        }),
        codes: ['contract/ids-mismatch', 'contract/item-twice'],
      },
    ],
  }),
  withContract({
    id: 'C13',
    what: 'BATCH_CREATE on an association',
    expected: 'stop 2',
    files: [
      {
        text: bad({
          methods: 'BATCH_CREATE: ',
          key: '{ a: long, b: long }',
          rest: 'kind: association',
          examples: '[]',
        }),
        codes: ['contract/method-on-kind'],
      },
    ],
  }),
  withContract({
    id: 'C14',
    what: 'a patch that sets by index, or with an unknown operator',
    expected: 'stop 2',
    files: [
      {
        text: bad({
          methods: 'GET: , PARTIAL_UPDATE: ',
          cases: one('method: PARTIAL_UPDATE, key: 1, patch: { $sett: { name: b } }'),
        }),
        codes: ['contract/patch-without-effect'],
        says: /\$set/,
      },
      {
        text: bad({
          entity: '{ type: object, properties: { tags: { type: array, items: { type: string } } } }',
          examples: '[{ $key: 1, tags: [a] }]',
          methods: 'GET: , PARTIAL_UPDATE: ',
          cases: one('method: PARTIAL_UPDATE, key: 1, patch: { tags: { $set: { 0: b } } }'),
        }),
        codes: ['contract/patch-without-effect'],
      },
    ],
  }),
  withContract({
    id: 'C15',
    what: 'CR, LF or NUL in the value of a header, a space in its name',
    expected: 'stop 2 with the position',
    files: [
      {
        text: bad({ cases: one('method: GET, key: 1, headers: { A: "b\\r\\nC: d" }') }),
        codes: ['contract/header-value'],
      },
      { text: bad({ cases: one('method: GET, key: 1, headers: { A: "b\\0" }') }), codes: ['contract/header-value'] },
      { text: bad({ cases: one('method: GET, key: 1, headers: { "A b": c }') }), codes: ['contract/header-name'] },
    ],
  }),
  withContract({
    id: 'C16',
    what: 'a header beyond Latin-1',
    expected: 'stop 2 in our words',
    files: [
      { text: bad({ cases: one('method: GET, key: 1, headers: { A: "\u263a" }') }), codes: ['contract/header-value'] },
    ],
  }),
  withContract({
    id: 'C17',
    what: 'raw colons of a URN, an encoded `List(`, an encoded comma between items, a double escape',
    expected: 'a code for each, with the corrected text',
    files: [
      {
        text: bad({
          key: '{ id: string }',
          examples: '[{ $key: a, name: a }]',
          methods: 'GET: , BATCH_GET: ',
          cases: [
            '  - { name: b, method: BATCH_GET, ids: [a], raw: { query: "ids=List%28a%2Cb%29" }, expect: 200 }',
            '  - { name: c, method: BATCH_GET, ids: [a, b], raw: { query: "ids=List(a%2Cb)" }, expect: 200 }',
            '  - { name: d, method: GET, key: a, raw: { path: "/bad/urn%253Ali" }, expect: 200 }',
          ].join('\n'),
        }),
        codes: ['contract/raw-list-encoded', 'contract/raw-comma-encoded', 'contract/raw-double-encoded'],
        as: 'warning',
      },
      {
        text: bad({
          key: '{ id: string }',
          examples: '[{ $key: a, name: a }]',
          methods: 'BATCH_GET: ',
          cases: one('method: BATCH_GET, ids: [a], raw: { query: "ids=List(urn:li:x:1)" }, expect: 200'),
        }),
        codes: ['contract/raw-urn-colons'],
        says: /urn%3Ali%3Ax%3A1/,
      },
    ],
  }),
  withContract({
    id: 'C18',
    what: '`..`, `%2e%2e`, `//host`, a backslash or a whole URL in a path',
    expected: 'stop 2: it cannot leave the base',
    files: ['/bad/../x', '/bad/%2e%2e/x', '//host/x', '/bad\\\\x', 'http://host/x'].map((at) => ({
      text: bad({ cases: one(`method: GET, key: 1, raw: { path: "${at}" }, expect: 200`) }),
      codes: ['contract/path-leaves-base'],
    })),
  }),
  withContract({
    id: 'C19',
    what: '`$ref` out of the root, through a link, by file:, by http:',
    expected: 'stop 2: refused',
    files: [
      { text: bad({ entity: '{ $ref: ../../../../etc/passwd }' }), codes: ['contract/ref-outside-root'] },
      { text: bad({ entity: '{ $ref: "file:///etc/passwd" }' }), codes: ['contract/ref-remote'] },
      { text: bad({ entity: '{ $ref: "http://169.254.169.254/x.json" }' }), codes: ['contract/ref-remote'] },
      {
        text: bad({ entity: '{ $ref: ./link.json }' }),
        codes: ['contract/ref-outside-root'],
        prepare: (folder) => {
          mkdirSync(path.join(folder.path, 'in'));
          symlinkSync('/etc/hostname', path.join(folder.path, 'link.json'));
        },
      },
    ],
  }),
  withContract({
    id: 'C20',
    what: 'a `$ref` that leads back to itself, and one that leads nowhere',
    expected: 'stop 2 with the chain; a schema that holds itself lazily is fine',
    files: [
      {
        text: bad({ rest: 'types: { A: { $ref: "#/types/B" }, B: { $ref: "#/types/A" } }', entity: 'A' }),
        codes: ['schema/circular-ref'],
      },
      { text: bad({ entity: '{ $ref: "#/types/Nobody" }' }), codes: ['schema/dangling-ref'] },
    ],
  }),
  withContract({
    id: 'C21',
    what: '`type: strng`',
    expected: 'stop 2 at the keyword',
    files: [
      {
        text: bad({ entity: '{ type: object, properties: { name: { type: strng } } }' }),
        codes: ['schema/invalid-keyword'],
        says: /string/,
      },
    ],
  }),
  withContract({
    id: 'C22',
    what: 'a pattern that needs look-around, whose time is not linear',
    expected: 'a warning; the pattern runs under a deadline',
    files: [
      {
        text: bad({
          entity: '{ type: object, properties: { name: { type: string, pattern: "^(?=a)(a+)+$" } } }',
          examples: '[{ $key: 1, name: aaa }]',
        }),
        codes: ['schema/slow-pattern'],
        as: 'warning',
      },
    ],
  }),
  withContract({
    id: 'C23',
    what: 'a schema that accepts everything, or contradicts itself',
    expected: 'a warning',
    files: [
      { text: bad({ entity: '{}' }), codes: ['schema/accepts-anything'], as: 'warning' },
      {
        text: bad({
          entity:
            '{ type: object, properties: { name: { type: string }, n: { type: integer, minimum: 5, maximum: 3 } } }',
        }),
        codes: ['schema/contradiction'],
        as: 'warning',
      },
    ],
  }),
  withContract({
    id: 'C24',
    what: 'an example that does not fit its own schema',
    expected: 'stop 2, from check and from run',
    files: [
      { text: bad({ examples: '[{ $key: 1, name: 7 }, { $key: 2, name: [] }]' }), codes: ['contract/example-type'] },
    ],
  }),
  withContract({
    id: 'C25',
    what: 'a variable that nobody sets, of the contract and of the environment',
    expected: 'stop 2 with the names that are known; `${X}` is never sent',
    files: [
      {
        text: bad({ rest: 'vars: { account: 1 }', cases: one('method: GET, key: "${acount}"') }),
        codes: ['contract/unknown-variable'],
        says: /account/,
      },
      {
        text: bad({ cases: one('method: GET, key: 1, headers: { A: "${env.NOBODY_SET_IT}" }') }),
        codes: ['contract/unknown-environment'],
      },
    ],
  }),
  withContract({
    id: 'C26',
    what: 'a capture used before it is made; variables in a circle',
    expected: 'stop 2',
    files: [
      {
        text: `${bad({})}flows: [{ name: early, steps: [{ method: GET, key: "\${id}" }, { method: GET, key: 1, capture: { id: body/id } }] }]\n`,
        codes: ['contract/capture-too-early'],
      },
      {
        text: bad({ rest: 'vars: { a: "${b}", b: "${a}" }', cases: one('method: GET, key: "${a}"') }),
        codes: ['contract/variable-cycle'],
      },
    ],
  }),
  withContract({
    id: 'C27',
    what: 'a secret in plain sight',
    expected: 'a warning that does not repeat it',
    files: [
      {
        text: bad({ rest: 'headers: { Authorization: "Bearer canary-0123456789abcdef" }' }),
        codes: ['contract/literal-secret'],
        as: 'warning',
        says: /^(?![^]*canary-0123456789abcdef)/,
      },
    ],
  }),
  withContract({
    id: 'C28',
    what: '`no`, `012`, `1e3` where text is due',
    expected: 'a warning with the value as read',
    files: [
      {
        text: bad({ examples: '[{ $key: 1, name: 012 }, { $key: 2, name: 1e3 }]' }),
        codes: ['contract/text-from-number'],
        as: 'warning',
        says: /012[^]*1e3/,
      },
      { text: bad({ examples: '[{ $key: 1, name: no }]' }), codes: ['contract/yaml-word'], as: 'warning' },
    ],
  }),
  withContract({
    id: 'C29',
    what: 'the syntax of 1.0.0 under 2.0.0',
    expected: 'a code, with the form of 2.0.0',
    files: [
      {
        text: bad({
          methods: 'BATCH_GET: ',
          cases: one('method: BATCH_GET, ids: [1, 2], raw: { query: "ids=1&ids=2" }, expect: 200'),
        }),
        codes: ['contract/raw-protocol-1'],
        says: /ids=List\(1,2\)/,
        as: 'warning',
      },
    ],
  }),
  {
    id: 'C30',
    what: 'LinkedIn-Version is missing or malformed',
    expected: 'a rule; its age is a note',
    proof: elsewhere(
      'test/verify/twenty-mistakes.test.ts',
      '13: no, a malformed and an early LinkedIn-Version are told',
    ),
  },
  withContract({
    id: 'C31',
    what: '__proto__ as a variable and as a member',
    expected: 'data',
    files: [
      {
        text: bad({
          entity: '{ type: object, properties: { __proto__: { type: string }, constructor: { type: string } } }',
          examples: '[{ $key: 1, __proto__: a, constructor: 012 }]',
          rest: 'vars: { __proto__: 1, toString: 2 }',
          cases: one('method: GET, key: "${toString}"'),
        }),
        codes: ['contract/text-from-number'],
        as: 'warning',
      },
    ],
  }),
  {
    id: 'C32',
    what: '`{{…}}` and `${…}` in names and documentation',
    expected: 'shown as they are',
    proof: showsTemplates,
  },
  withContract({
    id: 'C33',
    what: 'two cases of one id',
    expected: 'stop 2 with both positions',
    files: [
      {
        text: bad({ cases: '  - { name: is read, method: GET, key: 1 }\n  - { name: Is read, method: GET, key: 1 }' }),
        codes: ['contract/duplicate-case'],
        says: /bad\.contract\.yaml:\d+:\d+[^]*bad\.contract\.yaml:\d+:\d+/,
      },
    ],
  }),
  {
    id: 'C34',
    what: 'a name with `..`, emoji, 5,000 characters, a line end; one with `/` is refused',
    expected: 'safe in XML, cut in the terminal',
    proof: takesOddNames,
  },
];

async function showsTemplates(): Promise<void> {
  using folder = folderOf({
    'good.contract.yaml': GOOD.replace(
      'name: is read',
      'name: "says {{constructor.constructor}}", doc: "{{#each this}}{{/each}}"',
    )
      .replace('key: 2', 'key: 2, expect: 404')
      .replace('methods:', 'examples: [{ id: 2 }]\nmethods:'),
  });
  const ran = await command(folder, [
    'run',
    'good.contract.yaml',
    '--group',
    'contract',
    '--reporter',
    'text',
    '--reporter',
    'html=out/report.html',
    '--reporter',
    'ndjson=out/results.ndjson',
  ]);
  const [html = ''] = (await import('./command.ts'))
    .artefactsIn(folder)
    .flatMap(([name, text]) => (name === 'report.html' ? [text] : []));
  expect(ran.code).toBe(1);
  expect(html).toContain('says {{constructor.constructor}}');
}

async function takesOddNames(): Promise<void> {
  const names = ['..', 'smiles \u{1f600}', 'x'.repeat(5_000), 'two\\nlines <b>&'];
  const cases = names.map((name) => `  - { name: "${name}", method: GET, key: 2, expect: 404 }`).join('\n');
  const text = GOOD.replace(/cases: .*/, `examples: [{ id: 2 }]\ncases:\n${cases}`);
  using folder = folderOf({ 'good.contract.yaml': text, 'slash.contract.yaml': text.replace('"two', '"a/b') });
  const ran = await command(folder, [
    'run',
    'good.contract.yaml',
    '--group',
    'contract',
    '--reporter',
    'text',
    '--reporter',
    'junit=out/junit.xml',
  ]);
  const { parseXml } = await import('../../support/strict-xml.ts');
  const { artefactsIn } = await import('./command.ts');
  for (const [, xml] of artefactsIn(folder)) expect(() => parseXml(xml)).not.toThrow();
  expect(
    Math.max(
      ...ran.out
        .split('\n')
        .filter((line) => !line.includes('--case'))
        .map((line) => line.length),
    ),
  ).toBeLessThan(200);
  expect(ran.code).toBe(1);
  const refused = await command(folder, ['check', 'slash.contract.yaml']);
  expect(refused.err).toContain('contract/name-with-slash');
}
