/**
 * Whether a value fits its schema, and if not, in which way.
 */
import { describeValue } from '../diagnostic/quote.ts';
import { isJsonObject, type Json, stringifyJson } from '../protocol/json.ts';
import { type Bundle, bundle, bundleAt } from './bundle.ts';
import { compileDocument, type Validate } from './engine.ts';
import { type Finding, findingsOf } from './problems.ts';
import type { Schema, SchemaProblem, SchemaScope, SchemaVariant } from './schema.ts';

/** Problems that are told of one value; the rest is counted. */
export const MOST_PROBLEMS = 20;
/** Keyword of the line that counts the rest. */
export const MORE_PROBLEMS = 'more';
/** Alternatives inside alternatives that are followed to name the branch that was meant. */
const DEEPEST_BRANCH = 8;

export interface CheckOptions {
  /** Which members are owed; `whole` by default. */
  readonly variant?: SchemaVariant;
  /** Paths of members that only the server sets, which `sent` does not ask for; `readOnly: true` in a schema counts, too. */
  readonly readOnly?: readonly (readonly string[])[];
}

/**
 * The ways in which a value does not fit; none when it fits. At most {@link MOST_PROBLEMS}, then one with the keyword
 * `more` that counts the rest; those of a closed schema or enumeration, which an answer is forgiven, come last.
 *
 * Never throws: a schema that cannot be compiled, and a value nested deeper than the stack, are problems themselves.
 */
export function checkSchema(schema: Schema, value: Json, options: CheckOptions = {}): readonly SchemaProblem[] {
  try {
    const compiled = compiledFor(schema, options);
    if (compiled.validate(value)) return NONE;
    return bounded(problemsOf(compiled, compiled.validate, '', DEEPEST_BRANCH));
  } catch (error) {
    return [failure(error, value)];
  }
}

/** As {@link checkSchema}, when only the answer matters; cheaper where many alternatives are tried. */
export function fitsSchema(schema: Schema, value: Json, options: CheckOptions = {}): boolean {
  try {
    return compiledFor(schema, options).validate(value);
  } catch {
    return false;
  }
}

const NONE: readonly SchemaProblem[] = [];

interface Compiled {
  readonly validate: Validate;
  readonly bundle: Bundle;
  /** Validators of branches, by place; made when a branch has to explain itself. */
  readonly branches: Map<string, Validate>;
}

/** By the schema object first, which is what callers hold on to; by text and scope for equal ones. */
const byObject = new WeakMap<Schema, Map<string, Compiled>>();
const byScope = new WeakMap<SchemaScope, Map<string, Compiled>>();
/** Scopes of the same types share: the files of a suite repeat their schemas, and each compilation takes 4 ms. */
const byTypes = new Map<string, Map<string, Compiled>>();
/** Scopes that are kept; a process that loads contracts without end begins anew. */
const MOST_SCOPES = 500;

function compiledFor(schema: Schema, options: CheckOptions): Compiled {
  const variant = options.variant ?? 'whole';
  const readOnly = variant === 'sent' ? (options.readOnly ?? []) : [];
  const key = readOnly.length === 0 ? variant : `${variant} ${JSON.stringify(readOnly)}`;

  const own = entryOf(byObject, schema);
  const known = own.get(key);
  if (known !== undefined) return known;

  const shared = sharedBy(schema.scope);
  const text = `${key} ${schema.name ?? ''} ${stringifyJson(schema.json)}`;
  let compiled = shared.get(text);
  if (compiled === undefined) {
    const whole = bundle(schema, { variant, readOnly });
    compiled = { validate: compileDocument(whole.document), bundle: whole, branches: new Map() };
    shared.set(text, compiled);
  }
  own.set(key, compiled);
  return compiled;
}

function sharedBy(scope: SchemaScope): Map<string, Compiled> {
  const known = byScope.get(scope);
  if (known !== undefined) return known;

  // Files are long and seldom repeated: comparing them would cost what sharing saves.
  const types = scope.files.size > 0 ? null : stringifyJson([...scope.types].map(([name, json]) => [name, json]));
  const shared = (types === null ? undefined : byTypes.get(types)) ?? new Map<string, Compiled>();
  byScope.set(scope, shared);
  if (types !== null) {
    if (byTypes.size >= MOST_SCOPES) byTypes.clear();
    byTypes.set(types, shared);
  }
  return shared;
}

function entryOf<K extends object, V>(cache: WeakMap<K, Map<string, V>>, key: K): Map<string, V> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = new Map<string, V>();
  cache.set(key, made);
  return made;
}

function problemsOf(compiled: Compiled, validate: Validate, prefix: string, depth: number): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  for (const finding of findingsOf(validate.errors ?? [], compiled.bundle)) {
    const { problem } = finding;
    const meant = depth > 0 ? meantBranch(compiled, finding, prefix, depth) : null;
    if (meant !== null) problems.push(...meant);
    else problems.push(prefix === '' ? problem : { ...problem, pointer: prefix + problem.pointer });
  }
  return problems;
}

/**
 * The problems of the alternative that the value was meant to be; null when none stands out, so that the union itself
 * is the problem.
 */
function meantBranch(
  compiled: Compiled,
  { union, problem }: Finding,
  prefix: string,
  depth: number,
): SchemaProblem[] | null {
  if (union === null || union.passing > 1) return null;

  const tried: Branch[] = [];
  for (const draft of union.branches.slice(0, MOST_BRANCHES)) {
    const place = compiled.bundle.origins.get(draft)?.place;
    if (place === undefined) continue;
    const validate = branchValidator(compiled, place);
    if (validate(union.value)) continue;
    const problems = problemsOf(compiled, validate, '', depth - 1);
    tried.push({ problems, distance: distanceOf(problems, union.value) });
  }
  const nearest = tried.toSorted((a, b) => a.distance - b.distance)[0];
  if (nearest === undefined || nearest.distance >= OTHER_TYPE) return null;
  // Two alternatives equally near: neither was meant more than the other.
  const undecided = tried.length > 1 && tried.every((branch) => branch.distance === nearest.distance);
  if (undecided && nearest.distance >= OTHER_KIND) return asForgiven(problem, tried, prefix);
  return nearest.problems.map((inner) => ({ ...inner, pointer: prefix + problem.pointer + inner.pointer }));
}

/** A union that an unknown symbol alone keeps from holding is as open as an enumeration is. */
function asForgiven(union: SchemaProblem, tried: readonly Branch[], prefix: string): SchemaProblem[] | null {
  const open = tried.find(
    ({ problems }) => problems.length > 0 && problems.every(({ keyword }) => FORGIVEN.has(keyword)),
  );
  const keyword = open?.problems[0]?.keyword;
  return keyword === undefined ? null : [{ ...union, keyword, pointer: prefix + union.pointer }];
}

interface Branch {
  readonly problems: SchemaProblem[];
  readonly distance: number;
}

/** Branches that are asked; a schema of hundreds is answered by its own text. */
const MOST_BRANCHES = 50;
/** The value is of another JSON type than the branch. */
const OTHER_TYPE = 1_000_000;
/** A member that tells the branches apart has another value, or the one member of a union is not this branch's. */
const OTHER_KIND = 1_000;

/** How far a value is from a branch: a wrong type decides first, then a wrong discriminator, then the count. */
function distanceOf(problems: readonly SchemaProblem[], value: Json): number {
  let distance = 0;
  const single = isJsonObject(value) && Object.keys(value).length === 1;
  for (const { pointer, keyword } of problems) {
    const depth = pointer.split('/').length - 1;
    if (keyword === 'type' && depth === 0) distance += OTHER_TYPE;
    else if ((keyword === 'const' || keyword === 'enum') && depth <= 1) distance += OTHER_KIND;
    else if (single && depth <= 1 && (keyword === 'required' || keyword === 'additionalProperties'))
      distance += OTHER_KIND;
    else distance += FORGIVEN.has(keyword) ? 0.5 : 1;
  }
  return distance;
}

function branchValidator(compiled: Compiled, place: string): Validate {
  const known = compiled.branches.get(place);
  if (known !== undefined) return known;
  const validate = compileDocument(bundleAt(compiled.bundle, place));
  compiled.branches.set(place, validate);
  return validate;
}

/** Keywords that close a schema; whoever judges answers forgives them. */
const FORGIVEN = new Set(['additionalProperties', 'unevaluatedProperties', 'enum']);

function bounded(problems: readonly SchemaProblem[]): readonly SchemaProblem[] {
  if (problems.length <= MOST_PROBLEMS) return problems;
  const grave = problems.filter((problem) => !FORGIVEN.has(problem.keyword));
  const light = problems.filter((problem) => FORGIVEN.has(problem.keyword));
  const rest = problems.length - MOST_PROBLEMS;
  return [
    ...[...grave, ...light].slice(0, MOST_PROBLEMS),
    {
      pointer: '',
      keyword: MORE_PROBLEMS,
      expected: 'no further problems',
      actual: `${rest} more`,
      schemaPointer: null,
    },
  ];
}

function failure(error: unknown, value: Json): SchemaProblem {
  if (error instanceof RangeError) {
    return {
      pointer: '',
      keyword: 'depth',
      expected: 'a value nested less deeply',
      actual: describeValue(value),
      schemaPointer: '',
    };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return {
    pointer: '',
    keyword: 'schema',
    expected: `a schema that can be used (${reason})`,
    actual: describeValue(value),
    schemaPointer: '',
  };
}
