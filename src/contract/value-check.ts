/**
 * Values against their types: entities, keys, parameters, patches. A number where text is due is read as it was
 * written; what a variable will supply is not judged.
 */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { quote } from '../diagnostic/quote.ts';
import { isJsonArray, isJsonObject, stringifyJson, type Json } from '../protocol/json.ts';
import { escapeSegment, parsePointer, valueAt } from '../protocol/pointer.ts';
import { checkSchema, MORE_PROBLEMS, type CheckOptions } from '../schema/check.ts';
import { locate, resolveFully } from '../schema/refs.ts';
import type { Schema, SchemaProblem } from '../schema/schema.ts';
import { schemaAt } from '../schema/shape.ts';
import { INTEGER_RANGES } from '../schema/types.ts';
import { withEdits, type Edit } from './edits.ts';
import { error, warning, type Problems } from './problem.ts';
import type { SourceFile } from './source.ts';

export interface ValueOptions extends CheckOptions {
  /** Code of the problems: `contract/value-type`. */
  readonly code: string;
  readonly see: string;
  /** Where a pointer into the value stands in the file; default: below the value's own place. */
  readonly place?: (pointer: string) => string;
}

/** A value is read again as often as numbers turn into text; each round turns at least one. */
const MOST_ROUNDS = 20;

export class ValueChecker {
  readonly #source: SourceFile;
  readonly #problems: Problems;
  readonly #edits: Edit[];
  /** Whether texts are looked at for what other YAML readers would not take as text. */
  readonly #looksForTraps: boolean;

  constructor(source: SourceFile, problems: Problems, edits: Edit[]) {
    this.#source = source;
    this.#problems = problems;
    this.#edits = edits;
    this.#looksForTraps = source.text !== '' && !source.file.endsWith('.json');
  }

  check(schema: Schema, written: Json, pointer: string, options: ValueOptions): void {
    if (this.#looksForTraps) this.#warnOfTraps(written, pointer, options);
    if (isSurelyGood(schema, written)) return;

    let value = written;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const found = checkSchema(schema, value, options).filter((problem) => !isVariable(value, problem.pointer));
      const numbers = found.filter((problem) => wantsText(problem, value));
      if (numbers.length === 0) {
        for (const problem of found) this.#report(schema, value, problem, pointer, options);
        return;
      }
      for (const problem of numbers) value = this.#asText(value, problem, pointer, options);
    }
  }

  #asText(value: Json, problem: SchemaProblem, pointer: string, options: ValueOptions): Json {
    const at = this.#place(problem.pointer, pointer, options);
    const number = valueAt(value, parsePointer(problem.pointer) ?? []) ?? null;
    const text = this.#source.written(at)?.text ?? stringifyJson(number);
    this.#edits.push({ pointer: at, value: text });
    this.#problems.push(
      warning('text-from-number', at, `${nameAt(at)} is text; the number is read as ${quote(text)}`, {
        fix: `quote it: \`${JSON.stringify(text)}\``,
        see: 'notation',
      }),
    );
    return withEdits(value, [{ pointer: problem.pointer, value: text }]);
  }

  #report(schema: Schema, value: Json, problem: SchemaProblem, pointer: string, options: ValueOptions): void {
    const at = this.#place(problem.pointer, pointer, options);
    if (problem.keyword === MORE_PROBLEMS) {
      this.#problems.push(
        error(options.code, at, `${problem.actual} besides`, { see: options.see, fix: 'mend the ones above first' }),
      );
      return;
    }
    if (problem.keyword === 'additionalProperties' || problem.keyword === 'unevaluatedProperties') {
      const isMember = problem.expected.startsWith('no member');
      if (isMember) return this.#reportUnknown(at, problem, options);
    }
    const trap = this.#wordForBoolean(at, problem);
    this.#problems.push(
      error(options.code, at, messageOf(at, problem), {
        see: options.see,
        fix: trap ?? fixOf(schema, value, problem, options),
      }),
    );
  }

  /** The name is wrong, not the value. */
  #reportUnknown(at: string, { expected }: SchemaProblem, options: ValueOptions): void {
    const meant = /did you mean "(.*)"\?/.exec(expected)?.[1];
    this.#problems.push(
      error(options.code, at, `the type knows no member ${nameAt(at)}`, {
        part: 'name',
        see: options.see,
        fix: meant === undefined ? 'drop it, or declare it in the type' : `did you mean \`${meant}\`?`,
      }),
    );
  }

  #place(inside: string, pointer: string, options: ValueOptions): string {
    return options.place?.(inside) ?? pointer + inside;
  }

  /** `no` is text in YAML 1.2; whoever learnt YAML 1.1 meant false. */
  #wordForBoolean(at: string, problem: SchemaProblem): string | null {
    if (!problem.expected.startsWith('boolean')) return null;
    const written = this.#source.written(at);
    if (written === null || !written.plain || !YAML_1_1_BOOLEAN.test(written.text)) return null;
    return `write \`${/^(y|yes|on)$/i.test(written.text) ? 'true' : 'false'}\`: in YAML 1.2 \`${written.text}\` is text`;
  }

  #warnOfTraps(value: Json, pointer: string, options: ValueOptions): void {
    if (typeof value === 'string') {
      if (value.length > LONGEST_TRAP || !(YAML_1_1_BOOLEAN.test(value) || DATE.test(value))) return;
      const at = options.place?.('') ?? pointer;
      if (this.#source.written(at)?.plain !== true) return;
      const other = DATE.test(value) ? 'a date' : 'true or false';
      this.#problems.push(
        warning(
          'yaml-word',
          at,
          `${nameAt(at)} is read as the text ${quote(value)}; other YAML readers take it for ${other}`,
          { fix: `quote it: \`${JSON.stringify(value)}\``, see: 'notation' },
        ),
      );
    } else if (isJsonArray(value))
      value.forEach((item, index) => this.#warnOfTraps(item, `${pointer}/${index}`, below(options, `/${index}`)));
    else if (isJsonObject(value)) {
      for (const name in value) {
        const member = value[name] ?? null;
        if (typeof member === 'string' ? member.length > LONGEST_TRAP : typeof member !== 'object') continue;
        const step = `/${escapeSegment(name)}`;
        this.#warnOfTraps(member, pointer + step, below(options, step));
      }
    }
  }
}

const YAML_1_1_BOOLEAN = /^(y|n|yes|no|on|off)$/i;
const DATE = /^\d{4}-\d\d-\d\d$/;
const LONGEST_TRAP = 10;

function below(options: ValueOptions, step: string): ValueOptions {
  const place = options.place;
  return place === undefined ? options : { ...options, place: (inside) => place(step + inside) };
}

function messageOf(at: string, { keyword, expected, actual }: SchemaProblem): string {
  if (keyword === 'required') return `${nameAt(at)} is lacking: it must be ${expected}`;
  return `${nameAt(at)} must be ${expected}, not ${actual}`;
}

/** `title` of `/cases/3/entity/title`; items are named by their list. */
export function nameAt(pointer: string): string {
  const segments = parsePointer(pointer) ?? [];
  const last = segments.at(-1) ?? '';
  if (!/^\d+$/.test(last)) return `\`${last}\``;
  return `item ${Number(last) + 1} of \`${segments.at(-2) ?? ''}\``;
}

function wantsText(problem: SchemaProblem, value: Json): boolean {
  if (problem.keyword !== 'type' && problem.keyword !== 'enum' && problem.keyword !== 'const') return false;
  const actual = valueAt(value, parsePointer(problem.pointer) ?? []);
  if (typeof actual !== 'number' && typeof actual !== 'bigint') return false;
  return problem.keyword === 'type'
    ? /^string\b|^urn\b|^bytes\b/.test(problem.expected)
    : problem.expected.includes(`"${String(actual)}"`);
}

function isVariable(value: Json, pointer: string): boolean {
  const at = valueAt(value, parsePointer(pointer) ?? []);
  return typeof at === 'string' && at.includes('${');
}

/** The common scalars, without starting the schema engine. */
function isSurelyGood(schema: Schema, value: Json): boolean {
  if (typeof value === 'string' && value.includes('${')) return true;
  if (schema.json === true) return true;
  if (!isJsonObject(schema.json) || Object.hasOwn(schema.json, '$ref')) return false;

  switch (schema.name) {
    case 'string':
      return typeof value === 'string';
    case 'boolean':
      return typeof value === 'boolean';
    case 'double':
      return typeof value === 'number';
    case 'int':
    case 'long': {
      if (typeof value === 'number' && schema.name === 'long') return Number.isSafeInteger(value);
      if (typeof value !== 'bigint' && (typeof value !== 'number' || !Number.isInteger(value))) return false;
      const range = INTEGER_RANGES.get(schema.name === 'int' ? 'int32' : 'int64');
      return range !== undefined && value >= range[0] && value <= range[1];
    }
    default:
      return false;
  }
}

function fixOf(schema: Schema, value: Json, problem: SchemaProblem, options: ValueOptions): string | null {
  const segments = parsePointer(problem.pointer) ?? [];
  const actual = valueAt(value, segments);
  if (problem.keyword === 'enum' && typeof actual === 'string') {
    const at = schemaAt(schema, segments);
    const here = at === null ? null : resolveFully(locate(at), at.scope);
    const words = here !== null && isJsonObject(here.json) && isJsonArray(here.json['enum']) ? here.json['enum'] : [];
    const meant = didYouMean(
      actual,
      words.filter((word) => typeof word === 'string'),
    );
    return meant === null ? `write ${problem.expected}` : `did you mean \`${meant}\`?`;
  }
  if (problem.keyword === 'required')
    return options.code === 'value-type' ? 'add it, or expect the refusal: `expect: { status: [400, 422] }`' : 'add it';
  return 'correct the value, or the type that it is declared with';
}
