/**
 * Descriptions -> contracts. The museum in `test/fixtures/idl` has every kind of resource and every construct; what
 * becomes of it stands in `test/golden/convert`. `UPDATE_GOLDEN=1` writes those files anew.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadContracts } from '../../src/contract/load.ts';
import type { Contract } from '../../src/contract/contract.ts';
import { parseContract } from '../../src/contract/parse.ts';
import { fromRestspec, type Conversion } from '../../src/convert/index.ts';
import { convertMuseum, convertTexts, filesBelow, restspec, told } from './fixtures.ts';

const GOLDEN = path.join(import.meta.dirname, '../golden/convert/museum');
const UPDATE = process.env['UPDATE_GOLDEN'] === '1';

/** The contract of a file, read with the schemas beside it. */
function contractIn({ files }: Conversion, file: string): Contract {
  const schemas = new Map(
    [...files].filter(([name]) => name.startsWith('schemas/')).map(([name, text]) => [`./${name}`, JSON.parse(text)]),
  );
  const { contract, diagnostics } = parseContract(files.get(file) ?? '', { file, files: schemas });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (contract === null) throw new Error(`${file} is no contract`);
  return contract;
}

/** One resource `things` whose record is at hand. */
function convertThing(
  more: object = {},
  facet: object = {},
  schemas: Readonly<Record<string, string>> = {},
): Conversion {
  return convertTexts({
    'things.restspec.json': restspec('things', more, facet),
    'Thing.pdl': 'namespace n record Thing { id: long }',
    ...schemas,
  });
}

describe('the museum', () => {
  const museum = convertMuseum();

  it('becomes the files of the golden folder', () => {
    if (UPDATE) {
      rmSync(GOLDEN, { recursive: true, force: true });
      for (const [file, text] of museum.files) {
        mkdirSync(path.dirname(path.join(GOLDEN, file)), { recursive: true });
        writeFileSync(path.join(GOLDEN, file), text);
      }
      writeFileSync(path.join(GOLDEN, 'told.txt'), `${told(museum).join('\n')}\n`);
    }
    expect(existsSync(GOLDEN)).toBe(true);
    const expected = new Map(
      filesBelow(GOLDEN).map((file) => [path.relative(GOLDEN, file), readFileSync(file, 'utf8')]),
    );
    expect(Object.fromEntries([...museum.files, ['told.txt', `${told(museum).join('\n')}\n`]])).toEqual(
      Object.fromEntries(expected),
    );
  });

  it('passes the checks, every contract of it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'museum-'));
    try {
      for (const [file, text] of museum.files) {
        mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
        writeFileSync(path.join(folder, file), text);
      }
      const contracts = [...museum.files.keys()].filter((file) => file.endsWith('.contract.yaml'));
      const loaded = await loadContracts(contracts, { cwd: folder });
      expect(loaded.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(loaded.contracts.map(({ resource }) => resource)).toEqual(
        contracts.map((file) => file.replace('.contract.yaml', '')),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('gives the same files whatever the order of its descriptions', () => {
    expect(convertMuseum().files).toEqual(museum.files);
    const texts = Object.fromEntries(museum.texts);
    expect(convertTexts(Object.fromEntries(Object.entries(texts).toReversed())).files).toEqual(museum.files);
  });

  it('holds no error', () => {
    expect(museum.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('keeps keys of every shape, parents included', () => {
    expect(contractIn(museum, 'exhibits.contract.yaml').key?.shape).toEqual({ kind: 'simple' });
    expect(contractIn(museum, 'loans.contract.yaml').key?.shape).toEqual({
      kind: 'compound',
      parts: ['borrower', 'exhibit'],
    });
    expect(contractIn(museum, 'tours.contract.yaml').key?.shape).toEqual({
      kind: 'complex',
      parts: ['day', 'number'],
      params: true,
    });
    expect(contractIn(museum, 'tours.guests.contract.yaml').parents.get('tourKey')?.shape).toMatchObject({
      kind: 'complex',
      params: true,
    });
    expect(contractIn(museum, 'loans.papers.contract.yaml').parents.get('loanId')?.parts.size).toBe(2);
  });
});

describe('methods', () => {
  const operationOf = (
    conversion: Conversion,
    method: string,
    name: string | null = null,
  ): Contract['operations'][number] => {
    const found = contractIn(conversion, 'things.contract.yaml').operations.find(
      (one) => one.method === method && one.name === name,
    );
    if (found === undefined) throw new Error(`no ${method}`);
    return found;
  };

  it('are those of `supports` and of `methods` together', () => {
    const { operations } = contractIn(
      convertThing({}, { supports: ['get', 'batch_get'], methods: [{ method: 'get' }, { method: 'delete' }] }),
      'things.contract.yaml',
    );
    expect(operations.map(({ method }) => method)).toEqual(['GET', 'BATCH_GET', 'DELETE']);
  });

  it('that Rest.li or the kind does not have are told and left out', () => {
    const made = convertThing({}, { supports: ['get', 'patch', 'finder'] });
    expect(told(made)).toEqual([
      "warning convert/method `patch` is none of Rest.li's methods; `things` goes without it",
      "warning convert/method `finder` is none of Rest.li's methods; `things` goes without it",
    ]);
    const assocKeys = [
      { name: 'a', type: 'long' },
      { name: 'b', type: 'long' },
    ];
    const association = convertThing({
      collection: undefined,
      association: {
        identifier: 'thingId',
        assocKeys,
        supports: ['get', 'batch_create'],
        entity: { path: '/things/{thingId}' },
      },
    });
    expect(told(association)).toEqual([
      'warning convert/method association resources have no BATCH_CREATE; `things` goes without it',
    ]);
  });

  it.each([
    ['get', [200], [200]],
    ['update', [204], [204]],
    ['delete', [204, 200], [204, 200]],
    ['partial_update', undefined, [204, 200]],
  ])('%s with success %j answers %j', (method, success, statuses) => {
    const made = convertThing({}, { supports: [method], methods: [{ method, success }] });
    expect(operationOf(made, method.toUpperCase()).responses.flatMap(({ status }) => status)).toEqual(statuses);
  });

  it('return the entity where the annotation says so', () => {
    const made = convertThing(
      {},
      { supports: ['create', 'partial_update'], methods: [{ method: 'create', annotations: { returnEntity: {} } }] },
    );
    expect(operationOf(made, 'CREATE').returnEntity).toBe(true);
    expect(operationOf(made, 'PARTIAL_UPDATE').returnEntity).toBe(false);
  });

  it('limit batches, and say when the server does not', () => {
    const limited = (validate: boolean | undefined): Conversion =>
      convertThing(
        {},
        { supports: ['batch_get'], methods: [{ method: 'batch_get', maxBatchSize: { value: 5, validate } }] },
      );
    expect(operationOf(limited(true), 'BATCH_GET').maxBatchSize).toBe(5);
    expect(told(limited(true))).toEqual([]);
    expect(told(limited(undefined))).toEqual([expect.stringContaining('the limit of 5 items is only documented')]);
  });

  it('are deprecated with what to use instead', () => {
    const deprecated = (value: unknown): unknown =>
      operationOf(convertThing({}, { methods: [{ method: 'get', annotations: { deprecated: value } }] }), 'GET')
        .deprecated;
    expect([deprecated({}), deprecated({ doc: 'use X' }), deprecated('use Y')]).toEqual([true, 'use X', 'use Y']);
  });

  it('carry their errors by status, one or several, without those that are none', () => {
    const serviceErrors = [
      { status: 409, code: 'A', message: 'Why.', parameters: ['p'] },
      { status: 409, code: 'B' },
      { status: 409, code: 'B' },
      { status: 404, code: 'C', errorDetailType: 'n.Detail' },
      { status: 200, code: 'D' },
    ];
    const made = convertThing(
      {},
      { methods: [{ method: 'get', serviceErrors }], serviceErrors: [{ status: 500, code: 'E' }] },
      { 'Detail.pdl': 'namespace n record Detail { x: int }' },
    );
    const { errors } = operationOf(made, 'GET');
    expect([...errors].map(([status, list]) => [status, list.map(({ code }) => code)])).toEqual([
      [404, ['C']],
      [409, ['A', 'B']],
      [500, ['E']],
    ]);
    expect(errors.get(409)?.[0]).toMatchObject({ message: 'Why.', params: ['p'] });
    expect(errors.get(404)?.[0]?.details).toMatchObject({ name: 'Detail' });
    expect(told(made)).toEqual(['warning convert/error-status 200 is no status of an error; `D` is left out']);
  });

  it('of one name at both levels cannot both stand in a contract', () => {
    const made = convertThing(
      {},
      {
        actions: [{ name: 'go' }],
        entity: { path: '/things/{thingsId}', actions: [{ name: 'go' }, { name: 'stay' }] },
      },
    );
    expect(operationOf(made, 'ACTION', 'go').level).toBe('collection');
    expect(operationOf(made, 'ACTION', 'stay').level).toBe('entity');
    expect(told(made)).toEqual([
      'warning convert/name-twice there is another `go` among the actions of the other level; this one is left out',
    ]);
  });

  it('without a name, the default finder, are told', () => {
    expect(told(convertThing({}, { finders: [{}] }))).toEqual([
      'warning convert/default-finder one of the finders has no name; a contract knows them by the value of `q`',
    ]);
  });
});

describe('parameters', () => {
  const fieldsOf = (
    parameters: readonly object[],
    schemas: Readonly<Record<string, string>> = {},
  ): { readonly made: Conversion; readonly fields: Contract['operations'][number]['params'] } => {
    const made = convertThing({}, { finders: [{ name: 'f', parameters }] }, schemas);
    const finder = contractIn(made, 'things.contract.yaml').operations.find(({ name }) => name === 'f');
    return { made, fields: finder?.params ?? new Map() };
  };

  it('may be absent when they are optional or have a default', () => {
    const { fields } = fieldsOf([
      { name: 'a', type: 'int' },
      { name: 'b', type: 'int', optional: true },
      { name: 'c', type: 'int', default: '3' },
    ]);
    expect([...fields.values()].map(({ name, required, default: value }) => [name, required, value])).toEqual([
      ['a', true, undefined],
      ['b', false, undefined],
      ['c', false, 3],
    ]);
  });

  it.each([
    ['string', 'plain', 'plain'],
    ['string', '7', '7'],
    ['bytes', '\u0007', '\u0007'],
    ['n.Tone', 'WARM', 'WARM'],
    ['long', '9007199254740993', 9007199254740993n],
    ['boolean', 'false', false],
    ['{"type":"array","items":"int"}', '[2, 3]', [2, 3]],
    ['{"type":"map","values":"string"}', '{"a":"b"}', { a: 'b' }],
    ['n.Choice', '{"int": 1}', { int: 1 }],
  ])('of type %s read the default %j by its type', (type, text, value) => {
    const { made, fields } = fieldsOf([{ name: 'p', type, default: text }], {
      'Tone.pdl': 'namespace n enum Tone { WARM }',
      'Choice.pdl': 'namespace n typeref Choice = union[int, string]',
    });
    expect(fields.get('p')?.default).toEqual(value);
    expect(told(made)).toEqual([]);
  });

  it.each([
    ['int', 'many', 'the default of `p` is no JSON'],
    ['{"type":"array","items":"int"}', '[1.5]', 'the default of `p` does not fit its type: 0: 1.5 is no int'],
    ['n.Tone', 'LOUD', '"LOUD" is no symbol of n.Tone'],
  ])('of type %s go without the default %j, which is told', (type, text, why) => {
    const { made, fields } = fieldsOf([{ name: 'p', type, default: text }], {
      'Tone.pdl': 'namespace n enum Tone { WARM }',
    });
    expect(fields.get('p')).toMatchObject({ required: false, default: undefined });
    expect(told(made)).toEqual([expect.stringContaining(why)]);
  });

  it('may be arrays in the older form', () => {
    const { fields } = fieldsOf([{ name: 'p', type: 'array', items: 'string' }]);
    expect(fields.get('p')?.type).toMatchObject({ json: { type: 'array', items: { type: 'string' } } });
  });

  it('carry documentation and deprecation', () => {
    const { fields } = fieldsOf([
      { name: 'p', type: 'n.Thing', optional: true, doc: 'What.', annotations: { deprecated: { doc: 'use q' } } },
    ]);
    expect(fields.get('p')).toMatchObject({ doc: 'What.\nDeprecated: use q', deprecated: true });
  });

  it('whose type is no JSON are an error with its place', () => {
    const made = convertThing({}, { finders: [{ name: 'f', parameters: [{ name: 'p', type: '{ "type": ' }] }] });
    expect(made.problems).toMatchObject([
      { severity: 'error', code: 'convert/restspec', at: { file: 'things.restspec.json', line: 1 } },
    ]);
    expect(made.files.size).toBe(0);
  });
});

describe('what is not there', () => {
  it('is an open schema where a type is nowhere, told once', () => {
    const made = convertTexts({
      'things.restspec.json': restspec(
        'things',
        {},
        {
          finders: [
            {
              name: 'f',
              parameters: [
                { name: 'p', type: 'n.Gone' },
                { name: 'o', type: 'n.Gone', optional: true },
              ],
            },
          ],
        },
      ),
    });
    expect(told(made)).toEqual([
      'warning convert/type-not-found `n.Thing` is nowhere among the files; anything is accepted in its place',
      'warning convert/type-not-found `n.Gone` is nowhere among the files; anything is accepted in its place',
    ]);
    expect(made.files.get('things.contract.yaml')).toContain('n.Gone, whose definition was not at hand.');
    expect([...made.files.keys()]).toEqual(['things.contract.yaml']);
  });

  it.each<[string, Readonly<Record<string, string>>, object?]>([
    ['its entity', { 'Thing.pdl': 'namespace n record Thing { a int }' }],
    ['its entity, as PDSC', { 'Thing.pdsc': '{ "type": "record", "name": "Thing", "namespace": "n", "fields": [ }' }],
    ['its entity, in a snapshot', { 'x.snapshot.json': '{ "models": [{ "type": "record", "name": "n.Thing", ' }],
    ['its entity, in a namespace that cannot be read', { 'Thing.pdl': 'namespce n record Thing {}' }],
    ['a field', { 'Thing.pdl': 'namespace n record Thing { a: Bad }', 'Bad.pdl': 'namespace n record Bad { a int }' }],
    [
      'an include',
      {
        'Thing.pdl': 'namespace n record Thing includes T {}',
        'Bad.pdl': 'namespace n record Bad { a int }',
        'T.pdl': 'namespace n typeref T = Bad',
      },
    ],
    [
      'a key',
      { 'Thing.pdl': 'namespace n record Thing {}', 'Key.pdl': 'namespace n record Key { a int }' },
      { identifier: { name: 'k', type: 'n.Key', params: 'n.Thing' } },
    ],
    [
      'criteria',
      { 'Thing.pdl': 'namespace n record Thing {}', 'C.pdl': 'namespace n record C { a int }' },
      {
        batchFinders: [
          { name: 'b', batchParam: 'c', parameters: [{ name: 'c', type: '{"type":"array","items":"n.C"}' }] },
        ],
      },
    ],
  ])('is no contract where a file that cannot be read holds %s; others are written', (_, schemas, facet = {}) => {
    const texts = {
      'things.restspec.json': restspec('things', {}, facet),
      'others.restspec.json': restspec('others', { schema: 'n.Other' }),
      'Other.pdl': 'namespace n record Other { a: int }',
    };
    const made = convertTexts({ ...texts, ...schemas });
    expect([...made.files.keys()]).toEqual(['others.contract.yaml', 'schemas/other.schema.json']);
    const broken = Object.keys(schemas).at(-1) ?? '';
    const lines = told(made).toSorted();
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^error convert\/(?:pdl-syntax|pdsc|snapshot) /);
    expect(lines[1]).toMatch(
      /^warning convert\/no-contract `things` has no contract: `n\.\w+` should be in [\w.]+, which/,
    );
    expect(made.problems.filter(({ severity }) => severity === 'error')[0]?.at?.file).toMatch(
      broken === 'T.pdl' ? 'Bad.pdl' : broken,
    );
  });

  it('is told of a broken file below the roots as well', () => {
    const texts = {
      'things.restspec.json': restspec('things'),
      'root/n/Thing.pdl': 'namespace n record Thing { a int }',
    };
    expect(told(convertTexts(texts, ['root']))).toEqual([
      'error convert/pdl-syntax `int` stands where `:` after the field `a` should',
      'warning convert/no-contract `things` has no contract: `n.Thing` should be in root/n/Thing.pdl, which cannot be read',
    ]);
  });

  it('is a typeref that means itself, told once; what needs it has no contract', () => {
    const made = convertThing(
      {},
      {},
      { 'Thing.pdl': 'namespace n record Thing { a: typeref A = typeref B = array[A] }' },
    );
    expect(told(made)).toEqual([
      'error convert/typeref-cycle the typeref `n.A` means itself, by way of `n.B`',
      'warning convert/no-contract `things` has no contract: the typeref `n.A` means itself, by way of `n.B`',
    ]);
    expect(made.files.size).toBe(0);
  });

  it('is an error where the record of a complex key is nowhere', () => {
    const made = convertThing({}, { identifier: { name: 'k', type: 'n.Key', params: 'n.Params' } });
    expect(made.problems).toContainEqual(expect.objectContaining({ severity: 'error', code: 'convert/key-record' }));
    expect(made.files.size).toBe(0);
  });

  it('is a form for key parts that may be absent: one that is the key itself would never end and is left out', () => {
    const made = convertThing(
      {},
      { identifier: { name: 'k', type: 'n.Key', params: 'n.Thing' } },
      { 'Key.pdl': 'namespace n record Key { a: array[long], b: optional int, next: optional Key }' },
    );
    const contract = contractIn(made, 'things.contract.yaml');
    expect([...(contract.key?.parts.keys() ?? [])]).toEqual(['a', 'b']);
    expect(contract.operations[0]?.exempt).toEqual(
      new Map([['keys/parts', '`b` of `k` and `next` of `k` may be left out']]),
    );
    expect(told(made)).toEqual([
      expect.stringContaining(
        '`b` may be absent, which `key` cannot say: it is written like the others, and keys/parts',
      ),
      expect.stringContaining('`next` may be absent, which `key` cannot say: it holds the key itself and is left out'),
    ]);
  });

  it('is found below a root by its full name', () => {
    const texts = {
      'a/idl/things.restspec.json': restspec('things'),
      'a/pegasus/n/Thing.pdl': 'namespace n record Thing { part: Part }',
      'a/pegasus/n/Part.pdsc': '{"type":"record","name":"Part","namespace":"n","fields":[]}',
    };
    const made = convertTexts(texts, ['a/pegasus']);
    expect(told(made)).toEqual([]);
    expect([...made.files.keys()]).toEqual([
      'things.contract.yaml',
      'schemas/part.schema.json',
      'schemas/thing.schema.json',
    ]);
  });

  it('is no resource among schemas alone, and no file where none can be read', () => {
    expect(told(convertTexts({ 'T.pdl': 'record T {}' }))).toEqual([
      'error convert/no-resources none of the files describes a resource',
    ]);
    const missing = convertTexts({});
    expect(missing.files.size).toBe(0);
  });

  it('is what a resource without methods would promise', () => {
    expect(told(convertThing({}, { supports: [] }))).toEqual([
      'warning convert/no-methods `things` serves no method, so it has no contract',
    ]);
  });
});

describe('what no contract can hold', () => {
  it.each(['012', '~', 'a b', 'a?', '', '# x', '${x}', 'é'])('such as the name %j, costs its own part only', (name) => {
    const made = convertThing(
      {},
      { finders: [{ name }, { name: 'f', parameters: [{ name, type: 'int' }] }], actions: [{ name }, { name: 'a' }] },
    );
    const { operations } = contractIn(made, 'things.contract.yaml');
    expect(operations.map(({ method, name: own }) => [method, own])).toEqual([
      ['GET', null],
      ['FINDER', 'f'],
      ['ACTION', 'a'],
    ]);
    expect(told(made).filter((line) => line.startsWith('warning convert/name '))).toHaveLength(3);
  });

  it.each([['NO'], ['null'], ['y'], ['__proto__'], ['constructor']])('is not the name %s', (name) => {
    const made = convertThing(
      {},
      { finders: [{ name, parameters: [{ name, type: 'n.E', default: name }] }] },
      { 'E.pdsc': JSON.stringify({ type: 'enum', name: 'E', namespace: 'n', symbols: [name, '012', '~'] }) },
    );
    const finder = contractIn(made, 'things.contract.yaml').operations.find((one) => one.name === name);
    expect(finder?.params.get(name)?.default).toBe(name);
    expect(JSON.parse(made.files.get('schemas/e.schema.json') ?? '')).toMatchObject({ enum: [name, '012', '~'] });
  });

  it.each([
    '# a',
    '---\na: b',
    '${x}',
    '%YAML 1.2',
    '*a &b !c',
    'it\'s "so"',
    '| a',
    '> a',
    '- a',
    'null',
    '\u001b[31m',
    '\ud800',
    'a\u2028b\u0085c',
  ])('is not the documentation %j', (doc) => {
    const method = { method: 'get', doc, annotations: { deprecated: { doc } } };
    const serviceErrors = [{ status: 400, code: doc, message: doc }];
    const parameters = [{ name: 'p', type: 'string', optional: true, doc, default: doc }];
    const made = convertThing({ doc }, { methods: [{ ...method, serviceErrors, parameters }] });
    const contract = contractIn(made, 'things.contract.yaml');
    const [get] = contract.operations;
    const param = get?.params.get('p');
    const [error] = get?.errors.get(400) ?? [];
    expect([contract.doc, get?.doc, get?.deprecated, param?.doc, param?.default, error?.code, error?.message]).toEqual(
      Array.from({ length: 7 }, () => doc),
    );
  });

  it('is a blank code or message, or a success that is none', () => {
    const made = convertThing(
      {},
      {
        methods: [
          { method: 'get', success: [700, 404, 200, 202], serviceErrors: [{ status: 400, code: ' ', message: '' }] },
        ],
      },
    );
    const [get] = contractIn(made, 'things.contract.yaml').operations;
    expect(get?.responses.flatMap(({ status }) => status)).toEqual([200, 202]);
    expect(get?.errors.get(400)).toMatchObject([{ code: null, message: null }]);
    expect(told(made)).toEqual([
      'warning convert/success-status 700 is no status of success; it is left out',
      'warning convert/success-status 404 is no status of success; it is left out',
    ]);
  });

  it('is a method, parameter or key part twice', () => {
    const twice = [
      { name: 'p', type: 'int' },
      { name: 'p', type: 'string' },
    ];
    const made = convertThing({}, { methods: [{ method: 'get', parameters: twice }, { method: 'get' }] });
    expect(told(made)).toEqual([
      'warning convert/name-twice there is another parameter `p`; this one is left out',
      'warning convert/name-twice there is another `get` among the methods; this one is left out',
    ]);
    const association = { assocKeys: twice, supports: ['get'], entity: { path: '/things/{k}' } };
    expect(told(convertThing({ collection: undefined, association }))).toEqual([
      'error convert/restspec two parts of the key are called `p`',
    ]);
  });

  it('is a parameter that the protocol has, but for actions, whose parameters stand in the body', () => {
    const parameters = ['fields', 'q', 'page'].map((name) => ({ name, type: 'string' }));
    const made = convertThing(
      {},
      { finders: [{ name: 'search', parameters }], actions: [{ name: 'go', parameters }], supports: [] },
    );
    expect(told(made)).toEqual([
      'warning convert/name the parameter `fields` belongs to the protocol; it is left out',
      'warning convert/name the parameter `q` belongs to the protocol; it is left out',
    ]);
    const { operations } = contractIn(made, 'things.contract.yaml');
    expect(operations.map(({ method, params }) => [method, ...params.keys()])).toEqual([
      ['FINDER', 'page'],
      ['ACTION', 'fields', 'q', 'page'],
    ]);
  });

  it('is an entity that stands elsewhere than its key', () => {
    expect(told(convertThing({}, { entity: { path: '/things/all/{thingsId}' } }))).toEqual([
      expect.stringContaining('stand at /things/all/{thingsId}, a contract puts them at /things/{thingsId}'),
    ]);
  });

  it('reaches no terminal: signs that it would obey are shown as text', () => {
    const made = convertThing({ [`\u001b[31m\u202e\n`]: 1, name: 'a\u0007' });
    for (const line of told(made)) expect(line).not.toMatch(/\p{Cc}|\p{Cf}/u);
    expect(told(made).join()).toContain('\\u001b[31m\\u202e\\u000a');
  });
});

describe('files together', () => {
  it('go on when one of them is broken', () => {
    const made = convertTexts({
      'a.restspec.json': '{ "name": ',
      'b.restspec.json': restspec('b'),
      'Thing.pdl': 'namespace n record Thing { id: long }',
      'Other.pdl': 'namespace n record Other { id: long',
      'c.restspec.json': '{}',
    });
    expect(
      made.problems.filter(({ severity }) => severity === 'error').map(({ code, at }) => [code, at?.file, at?.line]),
    ).toEqual([
      ['convert/pdl-syntax', 'Other.pdl', 1],
      ['convert/restspec', 'a.restspec.json', 1],
      ['convert/restspec', 'c.restspec.json', 1],
    ]);
    expect([...made.files.keys()]).toEqual(['b.contract.yaml', 'schemas/thing.schema.json']);
  });

  it('describe a resource once: the description counts before its snapshot', () => {
    const snapshot = JSON.stringify({
      models: [{ type: 'record', name: 'Thing', namespace: 'n', fields: [{ name: 'id', type: 'long' }] }],
      schema: JSON.parse(restspec('things', {}, { supports: ['delete'] })),
    });
    const both = convertTexts({ 'n.things.restspec.json': restspec('things'), 'n.things.snapshot.json': snapshot });
    expect(told(both)).toEqual([
      'warning convert/snapshot-differs the snapshot describes the resource otherwise than n.things.restspec.json, which counts',
    ]);
    expect(both.files.get('things.contract.yaml')).toContain('GET:');
    expect(both.files.get('things.contract.yaml')).toContain('schemas/thing.schema.json');
    expect(convertTexts({ 'n.things.snapshot.json': snapshot }).files.get('things.contract.yaml')).toContain('DELETE:');
  });

  it.each(['snapshot', 'restspec'])('copies of one %s count once', (kind) => {
    const text = kind === 'restspec' ? restspec('things') : `{ "models": [], "schema": ${restspec('things')} }`;
    const file = `n.things.${kind}.json`;
    const copies = [`src/${file}`, `build/${file}`, `dist/${file}`];
    const all = Object.fromEntries(copies.map((copy) => [copy, text]));
    const schemas = { 'Thing.pdl': 'namespace n record Thing {}' };
    expect(told(convertTexts({ ...all, ...schemas }))).toEqual([]);
    expect([...convertTexts({ ...all, ...schemas }).files.keys()]).toEqual([
      'things.contract.yaml',
      'schemas/thing.schema.json',
    ]);

    const differs = text.replace('"get"', '"delete"');
    expect(told(convertTexts({ ...all, ...schemas, [`build/${file}`]: differs }))).toEqual([
      'error convert/resource-twice there is another resource `things`; this one has no contract',
    ]);
  });

  it('keep two resources of one name apart by refusing the second', () => {
    const made = convertTexts({
      'a.things.restspec.json': restspec('things'),
      'b.things.restspec.json': restspec('things'),
      'Thing.pdl': 'namespace n record Thing {}',
    });
    expect(told(made)).toEqual([
      'error convert/resource-twice there is another resource `things`; this one has no contract',
    ]);
  });

  it('give types of one name in two namespaces different names', () => {
    const made = convertThing(
      {},
      {
        finders: [
          {
            name: 'f',
            parameters: [
              { name: 'a', type: 'x.v1.Tone' },
              { name: 'b', type: 'x.v2.Tone' },
            ],
          },
        ],
      },
      { 'a.pdl': 'namespace x.v1 enum Tone { A }', 'b.pdl': 'namespace x.v2 enum Tone { B }' },
    );
    expect([...made.files.keys()].filter((file) => file.includes('tone'))).toEqual([
      'schemas/v1.tone.schema.json',
      'schemas/v2.tone.schema.json',
    ]);
    expect(made.files.get('things.contract.yaml')).toContain('{ a: v1.Tone, b: v2.Tone }');
  });

  it('keep resources apart whose names differ in case only, where a file system would not', () => {
    const made = convertTexts({ 'a.restspec.json': restspec('Things'), 'b.restspec.json': restspec('things') });
    expect([...made.files.keys()]).toEqual(['Things.contract.yaml', 'things-2.contract.yaml']);
  });

  it.each(['Long', 'String', 'urn', 'object'])(
    'let no type go by the name %s, which a contract reads otherwise',
    (name) => {
      const made = convertThing(
        {},
        { finders: [{ name: 'f', parameters: [{ name: 'p', type: `x.y.${name}` }] }] },
        { 'T.pdl': `namespace x.y enum ${name} { A }` },
      );
      expect(made.files.get('things.contract.yaml')).toContain(`FINDER: { f: { params: { p: y.${name} } } }`);
    },
  );

  it('that cannot be read are one error each', () => {
    const made = fromRestspec(['a.restspec.json', 'b.pdl', 'c.snapshot.json'], { readFile: () => null });
    expect(told(made)).toEqual(
      ['b.pdl', 'a.restspec.json', 'c.snapshot.json'].map((file) => `error convert/file ${file} cannot be read`),
    );
  });

  it('report two definitions of one type that differ', () => {
    const made = convertThing(
      {},
      {},
      {
        'Other.pdl': 'namespace n record Thing { other: int }',
        'Same.pdl': 'namespace n /** Doc. */ record Thing { other: int }',
      },
    );
    expect(told(made)).toEqual([expect.stringContaining('`n.Thing` is defined here and elsewhere, not alike')]);
  });
});
