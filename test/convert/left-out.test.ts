/** Nothing is dropped in silence: what a description says stands in the result, or is told. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkRequest } from '../../src/index.ts';
import { parseContract } from '../../src/contract/parse.ts';
import type { Conversion } from '../../src/convert/index.ts';
import { auditElement } from '../../src/convert/restspec/audit.ts';
import { ELEMENTS, type ElementName } from '../../src/convert/restspec/elements.ts';
import { nodeWithin } from '../../src/convert/json-text.ts';
import { Tally } from '../../src/convert/tally.ts';
import type { Json } from '../../src/protocol/json.ts';
import { convertTexts, filesBelow, MUSEUM, restspec, told } from './fixtures.ts';

const names = Object.keys(ELEMENTS) as ElementName[];
const PLACE = { file: 'f', line: 1, col: 1, endLine: 1, endCol: 2 };

/** What the audit tells of an element of that kind. */
function audited(name: ElementName, value: Json): readonly string[] {
  const tally = new Tally();
  auditElement(nodeWithin(value, PLACE), name, tally);
  return tally.problems().map(({ code, message }) => `${code} ${message}`);
}

/** One resource `things` whose record is at hand. */
function convertThing(facet: object, schemas: Readonly<Record<string, string>> = {}, more: object = {}): Conversion {
  return convertTexts({
    'things.restspec.json': restspec('things', more, facet),
    'Thing.pdl': 'namespace n record Thing { id: long }',
    ...schemas,
  });
}

const withField = (field: string): readonly string[] =>
  told(convertThing({}, { 'Thing.pdl': `namespace n record Thing { ${field} }` }));

describe('every element of a description', () => {
  it.each(names)('%s tells a member that it does not have, and no row of its own', (name) => {
    expect(audited(name, { zzz: 1 })).toEqual([expect.stringContaining('`zzz`')]);
    const known = Object.fromEntries([...ELEMENTS[name].members.keys()].map((member) => [member, {}]));
    expect(audited(name, known).filter((line) => !line.includes('no-wire-meaning'))).toEqual([]);
  });

  it.each(names)('%s counts what the table says is counted', (name) => {
    for (const [member, { kind, what }] of ELEMENTS[name].members)
      expect(audited(name, { [member]: 'x' })).toEqual(kind === 'counted' ? [expect.stringContaining(what)] : []);
  });

  it('is reached from a snapshot', () => {
    const reached = new Set<ElementName>(['snapshot']);
    for (const name of reached)
      for (const { holds } of ELEMENTS[name].members.values()) if (holds !== null) reached.add(holds);
    expect(names.filter((name) => !reached.has(name))).toEqual([]);
  });

  it('offers the member that was meant', () => {
    const made = convertThing({ methods: [{ method: 'get', maxBatchSise: {} }] });
    expect(made.problems).toMatchObject([{ code: 'convert/unknown-member', fix: 'did you mean `maxBatchSize`?' }]);
  });
});

describe('what nothing on the wire shows', () => {
  it('is one line however often it stands there, with the first place', () => {
    const methods = ['get', 'update', 'delete'].map((method) => ({ method, javaMethodName: method }));
    const { problems } = convertThing({ methods, finders: [{ name: 'f', javaMethodName: 'f' }] });
    expect(problems).toMatchObject([{ at: { file: 'things.restspec.json', line: 1 } }]);
    expect(problems[0]?.message).toBe(
      '`javaMethodName` (4 times, first here) has no place in a contract: it belongs to the Java method behind the resource',
    );
  });

  it('is told with its value where there is one only', () => {
    expect(told(convertThing({}, {}, { d2ServiceName: 'thingsOfTwo' }))).toEqual([
      expect.stringContaining('`d2ServiceName` ("thingsOfTwo") has no place'),
    ]);
  });
});

describe('annotations', () => {
  it('of the service are told by name, wherever they stand', () => {
    const annotations = { ours: { a: 1 } };
    const made = convertThing(
      {
        methods: [{ method: 'get', annotations, parameters: [{ name: 'p', type: 'int', annotations }] }],
        finders: [{ name: 'f', annotations }],
        actions: [{ name: 'a', annotations }],
      },
      {},
      { annotations },
    );
    expect(told(made)).toEqual([
      'warning convert/annotation the annotation `ours` (5 times, first here) has no place in a contract, which knows nothing of its meaning',
    ]);
  });

  it('and members where they mean nothing are told with the reason', () => {
    const method = { pagingSupported: true, maxBatchSize: { value: 2 }, metadata: { type: 'string' } };
    const made = convertThing({ methods: [{ method: 'get', ...method, annotations: { returnEntity: {} } }] });
    expect(told(made).toSorted()).toEqual([
      'warning convert/misplaced `maxBatchSize` of GET is left out: it takes no batch',
      'warning convert/misplaced `metadata` of GET is left out: it answers no list',
      'warning convert/misplaced `pagingSupported` of GET is left out: it answers no list',
      'warning convert/misplaced `returnEntity` of GET is left out: it never answers the entity it wrote',
    ]);
  });
});

describe('properties of schemas', () => {
  it.each([
    ['@searchable a: int', 'convert/property the property `@searchable` (true)'],
    ['@deprecated = { "doc": "x", "since": "2" } a: int', 'convert/property the property `@deprecated.since` ("2")'],
    ['a: @x.y = 1 array[int]', 'convert/property the property `@x`'],
    ['a: map[string, @x union[int, string]]', 'convert/property the property `@x` (true)'],
    ['a: union[@x b: int, c: string]', 'convert/property the property `@x` (true)'],
    ['a: enum E { @x A B }', 'convert/property the property `@x` (true)'],
    ['@validate.odd = {} a: string', 'convert/validator the validator `odd` is code of the service'],
    ['@validate.strlen.max = 3 a: int', 'convert/validator the validator `strlen` of what is no text'],
    ['@validate.strlen.max = "3" a: string', 'convert/property the property `@validate.strlen`'],
    ['@validate.strlen.max = -1 a: string', 'convert/property the property `@validate.strlen`'],
    ['@validate.strlen.max = 3 a: array[string]', 'convert/validator the validator `strlen` of what is no text'],
    ['@validate.custom a: string', 'convert/validator the validator `custom` is code of the service'],
    ['@a.b a: string', 'convert/property the property `@a`'],
    ['@validate = 1 a: string', 'convert/property the property `@validate` (1)'],
    ['@java.class = "X" a: string', 'convert/no-wire-meaning the property `@java`'],
    ['@order = "ignore" a: string', 'convert/no-wire-meaning the property `@order` ("ignore")'],
    ['@__proto__ = 1 a: string', 'convert/property the property `@__proto__` (1)'],
    ['a: @x int', 'convert/pdl-property `@x` stands before a reference to `int`'],
  ])('such as %s are told', (field, expected) => {
    expect(withField(field)).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    '@deprecated a: int',
    '@deprecated = "x" a: enum E { @deprecated A @deprecated = "y" B }',
    '@validate.strlen = { "min": 1, "max": 3 } @validate.regex.regex = "a*" a: string',
    'a: @aliases = ["F"] enum E { A }',
  ])('such as %s stand in the schema', (field) => {
    expect(withField(field)).toEqual([]);
  });

  it('are told where a description writes its types itself', () => {
    const type = '{ "type": "array", "items": { "type": "string", "kept": 1 } }';
    expect(told(convertThing({ finders: [{ name: 'f', parameters: [{ name: 'p', type }] }] }))).toEqual([
      expect.stringContaining('the property `@kept` (1)'),
    ]);
  });

  it('that nothing leads to are not told', () => {
    const made = convertThing({}, { 'Else.pdl': 'namespace n @x record Else { @y a: int }' });
    expect(told(made)).toEqual([]);
  });

  it('include the documentation of a record that stands in pieces', () => {
    const made = convertThing(
      { identifier: { name: 'k', type: 'n.Key', params: 'n.Thing' } },
      { 'Key.pdl': 'namespace n /** Which. */ record Key { /** The year. */ a: int b: int }' },
    );
    expect(told(made)).toEqual([
      expect.stringContaining('convert/record-doc the documentation of `n.Key` has no place'),
    ]);
    expect(made.files.get('things.contract.yaml')).toContain('description: The year.');
  });
});

describe('a finder linked to a batch finder', () => {
  it.each([
    [{ batchFinders: [] }, 'which is none of the batch finders'],
    [
      {
        batchFinders: [
          { name: 'b', batchParam: 'c', parameters: [{ name: 'c', type: '{"type":"array","items":"n.Thing"}' }] },
        ],
      },
      'which takes or answers something else',
    ],
  ])('that is not its batch is told: %j', (facet, why) => {
    const made = convertThing({ finders: [{ name: 'f', linkedBatchFinderName: 'b' }], ...facet });
    expect(told(made)).toEqual([expect.stringContaining(`\`f\` is linked to the batch finder \`b\`, ${why}`)]);
  });
});

describe('criteria', () => {
  const type = '{"type":"array","items":"n.Thing"}';

  it('whose parameter says more than its members are told', () => {
    const parameters = [{ name: 'c', type, doc: 'Which.', optional: true, annotations: { deprecated: {} } }];
    expect(told(convertThing({ batchFinders: [{ name: 'b', batchParam: 'c', parameters }] }))).toEqual([
      expect.stringContaining('`doc`, `optional`, `deprecated` of the criteria parameter `c` has no place'),
    ]);
  });

  it('without their parameter are told, with what the contract does then', () => {
    expect(told(convertThing({ batchFinders: [{ name: 'b', batchParam: 'c' }] }))).toEqual([
      expect.stringContaining('until it is, the contract refuses every member of a criterion'),
    ]);
  });
});

describe('a key part that may be absent', () => {
  const facet = { identifier: { name: 'k', type: 'n.Key', params: 'n.Thing' } };
  const made = convertThing(facet, { 'Key.pdl': 'namespace n record Key { a: long b: optional int }' });

  it('is told, and requests without it are kept', () => {
    expect(told(made)).toEqual([expect.stringContaining('the key part `b` may be absent')]);
    const text = made.files.get('things.contract.yaml') ?? '';
    const thing = JSON.parse(made.files.get('schemas/thing.schema.json') ?? '') as Json;
    const rulesOf = (source: string): readonly string[] => {
      const { contract } = parseContract(source, {
        file: 'c',
        files: new Map([['./schemas/thing.schema.json', thing]]),
      });
      if (contract === null) throw new Error(`no contract: ${source}`);
      const request = {
        verb: 'GET',
        target: '/things/(a:1)',
        headers: [['X-RestLi-Protocol-Version', '2.0.0']] as const,
        body: null,
      };
      const { violations } = checkRequest(request, [contract], { dialects: new Map() });
      return violations.map(({ rule }) => rule);
    };
    expect(rulesOf(text)).not.toContain('keys/parts');
    expect(rulesOf(text.replace(/^exempt:.*\n/m, ''))).toContain('keys/parts');
  });
});

describe('the museum, with one member after the other taken out', () => {
  const texts = Object.fromEntries(
    filesBelow(MUSEUM).map((file) => [path.relative(MUSEUM, file), readFileSync(file, 'utf8')]),
  );
  const shownOf = (changed: Readonly<Record<string, string>>): string => {
    const { files, problems } = convertTexts({ ...texts, ...changed });
    return JSON.stringify([[...files], problems.map(({ code, message }) => [code, message])]);
  };
  const whole = shownOf({});

  /** Paths of members that may go unseen, `*` for the items of a list, with the reason. */
  const SAID_ELSEWHERE: readonly (readonly [RegExp, why: string])[] = [
    [/\/supports(\/\*)?$/, '`methods` names them, too, or the resource is unstructured'],
    [/\/methods(\/\*)?$/, '`supports` names them, too'],
    [/\/entity(\/path)?$/, 'the path that follows from that of the resource'],
    [/\/success(\/\*)?$/, 'what the method answers anyway'],
    [/\/parameters\/\*\/type$/, 'with `items` it is a list'],
    [/\/models\/\*$/, 'the name of a model beside its definition'],
    [/\/throws\/\*$/, 'the exceptions are told together'],
    [/\/annotations\/\w+\/\w+$/, 'an annotation is told by its name'],
  ];

  it('changes what is written or told, unless it is said elsewhere', { timeout: 120_000 }, () => {
    const unseen: string[] = [];
    let count = 0;
    for (const [file, text] of Object.entries(texts).filter(([name]) => name.endsWith('.json'))) {
      for (const { at, value } of withoutOne(JSON.parse(text) as Json, '')) {
        count++;
        const known = SAID_ELSEWHERE.some(([pattern]) => pattern.test(at));
        if (!known && shownOf({ [file]: JSON.stringify(value) }) === whole) unseen.push(`${file} ${at}`);
      }
    }
    expect(unseen).toEqual([]);
    expect(count).toBeGreaterThan(350);
  });

  it('changes with every property and comment of its PDL', { timeout: 60_000 }, () => {
    const unseen: string[] = [];
    let count = 0;
    for (const [file, text] of Object.entries(texts).filter(([name]) => name.endsWith('.pdl'))) {
      for (const { index, 0: piece } of text.matchAll(
        /@[\w.`/-]+( = (\{[^\n]*?\}(?=\n)|\[[^\n]*\]|"[^"\n]*"))?|\/\*\*[^]*?\*\//g,
      )) {
        count++;
        const cut = text.slice(0, index) + text.slice(index + piece.length);
        if (shownOf({ [file]: cut }) === whole) unseen.push(`${file} ${piece}`);
      }
    }
    expect(unseen).toEqual([]);
    expect(count).toBeGreaterThan(10);
  });
});

/** The value once for each member or item at any depth, without it. */
function* withoutOne(value: Json, at: string): Generator<{ readonly at: string; readonly value: Json }> {
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  for (const [name, member] of entries) {
    const here = `${at}/${isList ? '*' : name}`;
    const rest = entries.filter(([other]) => other !== name);
    yield { at: here, value: isList ? rest.map(([, item]) => item ?? null) : Object.fromEntries(rest) };
    for (const inner of withoutOne(member ?? null, here)) {
      const replaced = entries.map(([other, old]): [string, Json] => [
        other,
        other === name ? inner.value : (old ?? null),
      ]);
      yield { at: inner.at, value: isList ? replaced.map(([, item]) => item) : Object.fromEntries(replaced) };
    }
  }
}
