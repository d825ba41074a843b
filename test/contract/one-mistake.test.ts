import { describe, expect, it } from 'vitest';
import { loadContracts } from '../../src/contract/load.ts';
import { parseContract } from '../../src/contract/parse.ts';

/** A contract whose every other line is right: what is told is about the lines that a test adds. */
const HEAD = `contract: 1
resource: r
key: { id: long }
entity: { type: object, required: [id], properties: { id: { type: integer }, name: { type: string } } }
examples: [{ id: 1, name: x }]
`;
const CLOSED = HEAD.replace('type: object,', 'type: object, additionalProperties: false,');

/** Each problem as `code line:col`; errors alone where only they are in question. */
function told(text: string): readonly string[] {
  return parseContract(text, { file: 'r.contract.yaml' }).diagnostics.map(
    ({ code, at }) => `${code.replace('contract/', '')} ${at?.line ?? 0}:${at?.col ?? 0}`,
  );
}

function fixes(text: string): readonly (string | null)[] {
  return parseContract(text, { file: 'r.contract.yaml' }).diagnostics.map(({ fix }) => fix);
}

const one = (method: string, rest: string): string => `cases: [{ name: x, method: ${method}, ${rest} }]\n`;

describe('one mistake', () => {
  // prettier-ignore
  it.each([
    ['a key for a list of keys', HEAD + 'methods: { BATCH_GET: }\n' + one('BATCH_GET', 'ids: 1'), ['wrong-type 7:44'], 'write `ids: [1, 2]`'],
    ['a time-out without unit', HEAD + 'methods: { GET: }\n' + one('GET', 'key: 1, timeout: 10'), ['duration 7:50'], 'write `500ms`, `2s` or `1m`'],
    ['a finder under its own word', HEAD + 'methods: { FINDER: { s: } }\n' + one('FINDER', 'finder: s'), ['unknown-member 7:36'], 'write `q`'],
    ['a kind that is none', 'contract: 1\nresource: r\nkind: actions\nmethods: { ACTION: { s: } }\n', ['unknown-word 3:7'], 'did you mean `actionsSet`?'],
    ['a misspelt member of an expectation', HEAD + 'methods: { GET: }\n' + one('GET', 'key: 1, expect: { stats: 404 }'), ['unknown-member 7:51'], 'did you mean `status`?'],
    ['a misspelt part of raw', HEAD + 'methods: { GET: }\n' + one('GET', 'key: 1, raw: { quer: x }, expect: 400'), ['unknown-member 7:48'], 'did you mean `query`?'],
    ['a misspelt list of steps', HEAD + 'methods: { GET: }\nflows: [{ name: a, step: [{ method: GET, key: 1 }] }]\n', ['unknown-member 7:20'], 'did you mean `steps`?'],
    ['a misspelt resource', HEAD.replace('resource', 'resourse') + 'methods: { GET: }\n', ['unknown-member 2:1'], 'did you mean `resource`?'],
    ['a key for keys', HEAD + 'methods: { BATCH_GET: }\n' + one('BATCH_GET', 'key: 1'), ['no-key 7:39'], 'write `ids: [..]`'],
    ['q for bq', HEAD + 'methods: { BATCH_FINDER: { s: { criteria: { name?: string } } } }\n' + one('BATCH_FINDER', 'q: s, criteria: [{ name: a }]'), ['no-q 7:42'], 'write `bq: s`'],
    ['a finder without its name', HEAD + 'methods: { FINDER: { params: { a?: string } } }\n', ['name-forgotten 6:22'], 'write the name of a finder above it: `FINDER: { NAME: { params: … } }`'],
    ['a finder that pages without its name', HEAD + 'methods: { FINDER: { paging: offset } }\n', ['name-forgotten 6:22'], 'write the name of a finder above it: `FINDER: { NAME: { paging: … } }`'],
    ['no finder at all', HEAD + 'methods: { FINDER: }\n', ['wrong-type 6:12'], 'write the name of a finder below it: `FINDER: { NAME: }`'],
    ['a misspelt method', HEAD + 'methods: { GTE: }\n', ['unknown-member 6:12'], 'did you mean `GET`?'],
    ['a raw path without its slash', HEAD + 'methods: { GET: }\n' + one('GET', 'key: 1, raw: { path: r/1 }, expect: 400'), ['path-leaves-base 7:54'], 'write the path from the resource on: `/r/1`'],
    ['a parameter that may be absent, and is taken', HEAD + 'methods: { FINDER: { s: { params: { q?: string } } } }\n', ['reserved-param 6:37'], 'drop it: the method brings it'],
    ['a misspelt member that is set', CLOSED + 'methods: { PARTIAL_UPDATE: }\n' + one('PARTIAL_UPDATE', 'key: 1, patch: { $set: { nme: x } }'), ['value-type 7:69'], 'did you mean `name`?'],
    ['a misspelt member that is deleted', CLOSED + 'methods: { PARTIAL_UPDATE: }\n' + one('PARTIAL_UPDATE', 'key: 1, patch: { $delete: [nam] }'), ['unknown-deletion 7:71'], 'did you mean `name`?'],
  ])('%s is told once, at its place', (_, text, problems, fix) => {
    expect(told(text)).toEqual(problems);
    expect(fixes(text)).toEqual([fix]);
  });

  it('offers no member that the method does not take', () => {
    expect(fixes(HEAD + 'methods: { GET: { max: 3 } }\n')[0]).not.toContain('maxBatchSize');
    expect(fixes(HEAD + 'methods: { BATCH_GET: { max: 3 } }\n')).toEqual(['write `maxBatchSize`']);
  });

  it('leaves a finder that is named like a member alone', () => {
    expect(told(HEAD + 'methods: { FINDER: { params: { params: { name?: string } }, tags: } }\n')).toEqual([]);
  });

  it('points at each variable that stands without quotes inside braces, and at nothing else', () => {
    const text = `${HEAD}methods: { GET: }
vars: { a: 1 }
cases:
  - { name: x, method: GET, key: \${a} }
  - { name: y, method: GET, key: 1 }
  - { name: z, method: GET, key: "\${a}", headers: { X: p-\${a}, Y: '\${a}' } }
`;
    expect(told(text)).toEqual(['yaml-syntax 9:34', 'yaml-syntax 11:56']);
    expect(fixes(text)).toEqual(['quote it: `"${a}"`', 'quote it: `"p-${a}"`']);
  });

  it('of a reference that leads out of the project is told once', async () => {
    const { diagnostics } = await loadContracts(['ref-outside.contract.yaml'], {
      cwd: `${import.meta.dirname}/../fixtures/broken`,
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(['contract/ref-outside-root']);
  });
});

describe('many mistakes', () => {
  it('are all told, those of the notation beside those of meaning', () => {
    const text = HEAD.replace('{ id: long }', '{ id: [long] }') + 'dialect: linkdin\nmethods: { GET: , GET: , GTE: }\n';
    expect(told(text)).toEqual([
      'wrong-type 3:12',
      'unknown-dialect 6:10',
      'duplicate-name 7:19',
      'unknown-member 7:26',
    ]);
  });

  it('are all told beside a resource without a name', () => {
    const text = HEAD.replace('resource: r\n', '').replace('long', 'lng') + 'methods: { GET: }\n';
    expect(told(text)).toEqual(['missing-member 1:1', 'schema/unknown-type 2:12']);
  });
});

describe('a text that a comma cuts inside braces', () => {
  it.each([
    ['examples', HEAD.replace('name: x', 'name: Hello, world') + 'methods: { GET: }\n', '"Hello, world"'],
    [
      'entities',
      HEAD + 'methods: { CREATE: }\n' + one('CREATE', 'entity: { id: 3, name: one, two, three }'),
      '"one, two, three"',
    ],
    [
      'expectations',
      HEAD + 'methods: { GET: }\n' + one('GET', 'key: 1, expect: { body: { name: Hello, world, id: 1 } }'),
      '"Hello, world"',
    ],
    ['documentation', HEAD + 'methods: { GET: { doc: Hello, world } }\n', '"Hello, world"'],
  ])('is told in %s', (_, text, whole) => {
    expect(parseContract(text, { file: 'r.contract.yaml' }).diagnostics.map(({ code }) => code)).toEqual([
      'contract/cut-by-comma',
    ]);
    expect(fixes(text)[0]).toMatch(`: ${whole}\``);
  });

  it('is not suspected where a member has a colon, or a quoted text stands before it', () => {
    expect(told(HEAD + 'methods: { GET: , CREATE: }\n' + one('GET', 'key: 1, headers: { X-A: a, X-B: }'))).toEqual([]);
    expect(told(HEAD + 'methods: { GET: }\nvars: { a: "x", b }\n')).toEqual([]);
  });
});
