/**
 * The one ajv instance, with the keywords that Rest.li's numbers need: ajv knows only JavaScript numbers, so everything
 * that looks at a number is redefined here to keep all the digits of a bigint.
 *
 * `anyOf` and `oneOf` are redefined, too: they report themselves and not the problems of every branch, which nobody can
 * read; `problems.ts` asks the branch that was meant.
 */
import {
  Ajv2020,
  _,
  type Code,
  type CodeKeywordDefinition,
  type KeywordCxt,
  type Name,
  type Options,
  type ValidateFunction,
} from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';

import { isJsonArray, type Json, jsonEquals } from '../protocol/json.ts';
import { compilePattern } from './patterns.ts';
import { INTEGER_RANGES } from './types.ts';

/** Replaces `type` where it names a numeric type: a list of the type's names. */
export const EXACT_TYPE = 'x-restli-type';
/** Replaces `format` on numbers: `int32`, `int64`, `float`, `double`. */
export const EXACT_RANGE = 'x-restli-range';

/** A compiled document; `errors` of the last call hang on the function. */
export type Validate = ValidateFunction;

let instance: Ajv2020 | undefined;

/**
 * Compiles a schema whose references lie within itself.
 *
 * @throws whatever ajv throws on a schema that it cannot compile
 */
export function compileDocument(document: object): Validate {
  instance ??= makeInstance();
  const validate = instance.compile(document);
  // ajv would keep every document for ever; whoever compiled it holds the function.
  instance.removeSchema(document);
  return validate;
}

/** The names of the formats that are checked on text. */
export function knownFormats(): readonly string[] {
  instance ??= makeInstance();
  return Object.keys(instance.formats);
}

function makeInstance(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: false,
    // `lint.ts` checks what the user wrote; here the check would cost more than the compilation.
    validateSchema: false,
    // A member called `constructor` is there only if it was sent.
    ownProperties: true,
    addUsedSchema: false,
    // Nothing is checked against the meta-schemas, and no reference leaves its document: no need for ajv's own of both.
    meta: false,
    uriResolver: FRAGMENTS,
    logger: false,
    code: { regExp: Object.assign(patternEngine, { code: 'pattern' }) },
  });
  // ajv-formats is CommonJS with a default export, which NodeNext types as the module itself.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types are wrong, the module is a function
  (addFormatsModule as unknown as (ajv: Ajv2020) => void)(ajv);

  for (const definition of KEYWORD_DEFINITIONS) {
    for (const keyword of [definition.keyword].flat()) ajv.removeKeyword(keyword);
    ajv.addKeyword(definition);
  }
  return ajv;
}

/** References of a bundle are fragments, `#/$defs/d3`, of a document without a name. */
const FRAGMENTS: Required<Options>['uriResolver'] = {
  parse: (reference) => {
    const hash = reference.indexOf('#');
    return hash < 0 ? {} : { fragment: reference.slice(hash + 1) };
  },
  serialize: ({ fragment }) => (fragment === undefined ? '' : `#${fragment}`),
  resolve: (base, reference) => (reference === '' ? base : reference),
};

/** ajv shares patterns by their `toString()`, so that each must show its own text. */
function patternEngine(pattern: string, flags: string): { test(text: string): boolean; toString(): string } {
  const compiled = compilePattern(pattern);
  if ('problem' in compiled) throw new Error(`pattern: ${compiled.problem}`);
  return { test: (text) => compiled.test(text), toString: () => `/${pattern}/${flags}` };
}

const isNumber = (data: Name): Code => _`(typeof ${data} == "number" || typeof ${data} == "bigint")`;

/** When a value has the type. Written out for ajv's generated code. */
const TYPE_TESTS: ReadonlyMap<string, (data: Name) => Code> = new Map([
  ['integer', (data: Name) => _`(typeof ${data} == "bigint" || Number.isInteger(${data}))`],
  ['number', (data: Name) => _`(typeof ${data} == "bigint" || (typeof ${data} == "number" && isFinite(${data})))`],
  ['string', (data: Name) => _`typeof ${data} == "string"`],
  ['boolean', (data: Name) => _`typeof ${data} == "boolean"`],
  ['null', (data: Name) => _`${data} === null`],
  ['array', (data: Name) => _`Array.isArray(${data})`],
  ['object', (data: Name) => _`(typeof ${data} == "object" && ${data} !== null && !Array.isArray(${data}))`],
]);

const COMPARISONS: ReadonlyMap<string, (data: Name, limit: Code | Name) => Code> = new Map([
  ['minimum', (data: Name, limit: Code | Name) => _`${data} < ${limit}`],
  ['maximum', (data: Name, limit: Code | Name) => _`${data} > ${limit}`],
  ['exclusiveMinimum', (data: Name, limit: Code | Name) => _`${data} <= ${limit}`],
  ['exclusiveMaximum', (data: Name, limit: Code | Name) => _`${data} >= ${limit}`],
]);

const KEYWORD_DEFINITIONS: readonly CodeKeywordDefinition[] = [
  {
    keyword: EXACT_TYPE,
    schemaType: 'array',
    code(cxt) {
      const types: readonly string[] = cxt.schema;
      const tests = types.map((type) => TYPE_TESTS.get(type)?.(cxt.data) ?? _`true`);
      cxt.pass(tests.reduce((either, test) => _`${either} || ${test}`));
    },
  },
  {
    keyword: EXACT_RANGE,
    schemaType: 'string',
    code(cxt) {
      const range = INTEGER_RANGES.get(String(cxt.schema));
      if (range === undefined) return;
      const { data } = cxt;
      const [least, most] = range.map((limit) => constant(cxt, limit));
      cxt.fail(_`${isNumber(data)} && (${data} < ${least} || ${data} > ${most})`);
    },
  },
  {
    keyword: [...COMPARISONS.keys()],
    code(cxt) {
      const { data } = cxt;
      const compare = COMPARISONS.get(cxt.keyword);
      if (compare !== undefined) cxt.fail(_`${isNumber(data)} && (${compare(data, constant(cxt, cxt.schema))})`);
    },
  },
  {
    keyword: 'multipleOf',
    code(cxt) {
      const { data } = cxt;
      const test = cxt.gen.scopeValue('func', { ref: isMultiple });
      cxt.fail(_`${isNumber(data)} && !${test}(${data}, ${constant(cxt, cxt.schema)})`);
    },
  },
  {
    keyword: 'const',
    code(cxt) {
      if (isPlainScalar(cxt.schema)) {
        cxt.fail(_`${cxt.data} !== ${cxt.schema}`);
        return;
      }
      const equal = cxt.gen.scopeValue('func', { ref: jsonEquals });
      cxt.fail(_`!${equal}(${cxt.data}, ${constant(cxt, cxt.schema)})`);
    },
  },
  {
    keyword: 'enum',
    schemaType: 'array',
    code(cxt) {
      const values: readonly Json[] = cxt.schema;
      if (values.every(isPlainScalar)) {
        cxt.fail(_`!${cxt.gen.scopeValue('obj', { ref: new Set(values) })}.has(${cxt.data})`);
        return;
      }
      const isOneOf = (value: Json): boolean => values.some((one) => jsonEquals(value, one));
      cxt.fail(_`!${cxt.gen.scopeValue('func', { ref: isOneOf })}(${cxt.data})`);
    },
  },
  {
    keyword: 'uniqueItems',
    schemaType: 'boolean',
    error: { message: 'unique', params: ({ params }) => _`{ equal: ${params['equal'] ?? _`null`} }` },
    code(cxt) {
      if (cxt.schema !== true) return;
      const find = cxt.gen.scopeValue('func', { ref: equalItems });
      const equal = cxt.gen.const('equal', _`Array.isArray(${cxt.data}) ? ${find}(${cxt.data}) : null`);
      cxt.setParams({ equal });
      cxt.pass(_`${equal} === null`);
    },
  },
  {
    keyword: 'anyOf',
    schemaType: 'array',
    trackErrors: true,
    code(cxt) {
      const valid = cxt.gen.let('valid', false);
      eachBranch(cxt, (branch) => {
        cxt.gen.assign(valid, _`${valid} || ${branch}`);
      });
      reportAlone(cxt, valid);
    },
  },
  {
    keyword: 'oneOf',
    schemaType: 'array',
    trackErrors: true,
    error: { message: 'one of', params: ({ params }) => _`{ passing: ${params['passing'] ?? _`[]`} }` },
    code(cxt) {
      const passing = cxt.gen.const('passing', _`[]`);
      cxt.setParams({ passing });
      eachBranch(cxt, (branch, index) => {
        cxt.gen.if(branch, () => cxt.gen.code(_`${passing}.push(${index})`));
      });
      reportAlone(cxt, cxt.gen.const('valid', _`${passing}.length === 1`));
    },
  },
];

/** Generates the check of every branch; what a matching branch knows counts for `unevaluatedProperties`. */
function eachBranch(cxt: KeywordCxt, then: (valid: Name, index: number) => void): void {
  const branches: readonly unknown[] = cxt.schema;
  for (const index of branches.keys()) {
    const branch = cxt.gen.name('branch');
    const sub = cxt.subschema({ keyword: cxt.keyword, schemaProp: index, compositeRule: true }, branch);
    then(branch, index);
    cxt.mergeValidEvaluated(sub, branch);
  }
}

/** Takes back the problems of the branches, and reports the union itself if it does not hold. */
function reportAlone(cxt: KeywordCxt, valid: Name): void {
  cxt.reset();
  cxt.pass(valid);
}

/** A limit or value as a constant of the generated code; numbers and bigints keep all their digits. */
function constant(cxt: KeywordCxt, value: unknown): Code | Name {
  if (typeof value === 'number') return _`${value}`;
  return cxt.gen.scopeValue('obj', { ref: value });
}

function isPlainScalar(value: unknown): value is string | boolean | null {
  return typeof value === 'string' || typeof value === 'boolean' || value === null;
}

/** Positions of the first two equal items. ajv compares each with each, which takes minutes for a large list. */
function equalItems(items: readonly Json[]): readonly [number, number] | null {
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const text = canonicalText(item);
    const first = seen.get(text);
    if (first !== undefined) return [first, index];
    seen.set(text, index);
  }
  return null;
}

/** The same text for equal values: members in order of their names. */
function canonicalText(value: Json): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isJsonArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`).join(',')}}`;
}

/** Exact for integers; for fractions as near as doubles allow: 0.3 is a multiple of 0.1. */
function isMultiple(value: number | bigint, step: number | bigint): boolean {
  if (isWhole(value) && isWhole(step)) return Number(step) !== 0 && BigInt(value) % BigInt(step) === 0n;
  const quotient = Number(value) / Number(step);
  return Math.abs(quotient - Math.round(quotient)) <= 1e-9 * Math.max(1, Math.abs(quotient));
}

function isWhole(value: number | bigint): boolean {
  return typeof value === 'bigint' || Number.isInteger(value);
}
