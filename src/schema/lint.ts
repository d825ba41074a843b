/**
 * What is wrong with a schema itself, told at the keyword: values that a keyword cannot have, words that are no
 * keywords, references that lead nowhere, limits that contradict each other, a schema that accepts anything.
 */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { quote, quoteList, showValue } from '../diagnostic/quote.ts';
import { visibleLine } from '../diagnostic/visible.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import { knownFormats } from './engine.ts';
import { contradictionsIn } from './contradictions.ts';
import { CHECKS, JSON_TYPES, MEANT, OTHER_NAMES } from './keyword-values.ts';
import { KEYWORDS, subschemas } from './keywords.ts';
import { compilePattern, needsDeadline } from './patterns.ts';
import { locate, type Located, resolveRef, type SchemaDocument } from './refs.ts';
import type { SchemaScope } from './schema.ts';
import { PRIMITIVE_NAMES, schemaOf, typeSchema } from './types.ts';

export interface SchemaLint {
  /** JSON Pointer from the written type to the keyword. */
  readonly pointer: string;
  /** `schema/kebab-case` */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** Imperative: how to mend it. */
  readonly fix?: string;
}

/** Schemas are read this deep; a deeper one is reported instead of followed. */
const DEEPEST = 200;

/**
 * All that is wrong with a written type, in the order of the text. What a `$ref` reaches in a file is linted
 * with it and told at the `$ref`; what it reaches in the contract is linted where it stands.
 *
 * @param written - a type's name, or a JSON Schema
 * @param file - the file that the schema stands in, as `$ref`s write it, when it is not the contract
 */
export function schemaLint(written: Json, scope: SchemaScope, file: string | null = null): SchemaLint[] {
  const linter = new Linter(
    scope,
    file === null ? locate(schemaOf(written, scope)).document : fileDocument(file, written),
  );
  if (typeof written === 'string') linter.lintName(written);
  else linter.lint(written, '', 0, 'root');
  return [...linter.found, ...linter.foundElsewhere()];
}

/** A place in another file that is still to be linted. */
interface Waiting {
  readonly target: Located;
  readonly elsewhere: Elsewhere;
}

/** A file that a `$ref` leads to: what is wrong there is told at that `$ref`, the only place in the contract it has. */
interface Elsewhere {
  readonly file: string;
  /** Pointer of the `$ref` in the contract. */
  readonly pointer: string;
}

class Linter {
  readonly found: SchemaLint[] = [];
  readonly #scope: SchemaScope;
  readonly #document: SchemaDocument;
  readonly #elsewhere: Elsewhere | null;
  /** Places in files that were linted, by identity: files may refer to each other. */
  readonly #visited: Set<string>;
  /** One after the other, not one within the other: chains of files are longer than any stack. */
  readonly #waiting: Waiting[];
  readonly #sound: Set<string>;

  constructor(
    scope: SchemaScope,
    document: SchemaDocument,
    elsewhere: Elsewhere | null = null,
    visited = new Set<string>(),
    waiting: Waiting[] = [],
  ) {
    this.#scope = scope;
    this.#document = document;
    this.#elsewhere = elsewhere;
    this.#visited = visited;
    this.#waiting = waiting;
    this.#sound = soundPlaces(scope);
  }

  lintName(name: string): void {
    if (typeSchema(name, this.#scope.types) !== null) return;
    this.#error('', 'schema/unknown-type', `there is no type ${quote(name, 60)}`, this.#typeFix(name));
  }

  lint(schema: Json, pointer: string, depth: number, keyword: string): void {
    if (typeof schema === 'boolean') return;
    if (!isJsonObject(schema)) {
      this.#error(
        pointer,
        'schema/not-a-schema',
        `a JSON Schema is due here, not ${showValue(schema, 60)}`,
        this.#nameFix(schema),
      );
      return;
    }
    if (depth > DEEPEST) {
      this.#error(pointer, 'schema/too-deep', `the schema is nested deeper than ${DEEPEST} levels`);
      return;
    }
    for (const [name, value] of Object.entries(schema))
      this.#lintKeyword(schema, name, value, `${pointer}/${escapeSegment(name)}`);
    for (const { path, code, message, fix } of contradictionsIn(schema)) this.#warn(pointer + path, code, message, fix);
    if (acceptsAnything(schema) && SUBSTANTIAL.has(keyword)) {
      this.#warn(
        pointer,
        'schema/accepts-anything',
        'this schema accepts any value',
        'say its `type`; write `true` if any value is meant',
      );
    }
    for (const sub of subschemas(schema)) this.lint(sub.schema, pointer + sub.path, depth + 1, sub.keyword);
  }

  #lintKeyword(schema: JsonObject, name: string, value: Json, pointer: string): void {
    const check = CHECKS.get(name);
    if (check === undefined) {
      if (!name.startsWith('x-')) this.#unknownKeyword(schema, name, pointer);
      return;
    }
    const wanted = check(value);
    if (wanted !== null && KEYWORDS.get(name) === 'map' && isJsonObject(value)) {
      // Each member that is no schema is told at its own place, with its own fix.
      for (const [member, held] of Object.entries(value))
        if (typeof held !== 'boolean' && !isJsonObject(held))
          this.lint(held, `${pointer}/${escapeSegment(member)}`, 0, name);
    } else if (wanted !== null) {
      this.#error(
        pointer,
        'schema/invalid-keyword',
        `\`${name}\` must be ${wanted}, not ${showValue(value, 60)}`,
        this.#valueFix(name, value),
      );
    } else if (typeof value === 'string') this.#lintText(name, value, pointer);
    else if (name === 'patternProperties' && isJsonObject(value)) {
      for (const pattern of Object.keys(value)) this.#lintPattern(pattern, `${pointer}/${escapeSegment(pattern)}`);
    }
  }

  #lintText(name: string, value: string, pointer: string): void {
    if (name === '$ref') this.#lintRef(value, pointer);
    else if (name === 'pattern') this.#lintPattern(value, pointer);
    else if (name === 'format') this.#lintFormat(value, pointer);
  }

  #unknownKeyword(schema: JsonObject, name: string, pointer: string): void {
    const known = MEANT.get(name);
    const meant = didYouMean(name, KEYWORDS.keys());
    const fix = known ?? (meant === null ? undefined : `write \`${meant}\``);
    const hint =
      fix ?? (Object.hasOwn(schema, 'type') ? undefined : 'members of the value are listed under `properties`');
    this.#error(pointer, 'schema/unknown-keyword', `\`${name}\` is no keyword of JSON Schema`, hint);
  }

  #lintRef(ref: string, pointer: string): void {
    const chain = [ref];
    const seen = new Set<string>();
    let here = resolveRef(ref, this.#document, this.#scope);
    while (here !== null) {
      if (this.#sound.has(here.identity)) return;
      if (seen.has(here.identity)) {
        this.#error(
          pointer,
          'schema/circular-ref',
          `the references only lead to each other: ${chain.slice(0, 8).join(' -> ')}`,
          'let one of them say a type',
        );
        return;
      }
      seen.add(here.identity);
      this.#lintElsewhere(here, pointer);
      const next: Json | undefined = isJsonObject(here.json) ? here.json['$ref'] : undefined;
      if (typeof next !== 'string') {
        for (const identity of seen) if (!identity.startsWith(OWN_ROOT)) this.#sound.add(identity);
        return;
      }
      chain.push(next);
      here = resolveRef(next, here.document, this.#scope);
    }
    const [last = ref] = chain.slice(-1);
    const way = chain.length > 1 ? ` (${chain.slice(0, 8).join(' -> ')})` : '';
    this.#error(pointer, 'schema/dangling-ref', `${quote(last, 120)} leads to no schema${way}`, this.#refFix(last));
  }

  /** A file's own `$ref`s into itself are met where the file is walked. */
  #lintElsewhere(target: Located, pointer: string): void {
    const { document, identity } = target;
    if (document.file === null || document.identity === this.#document.identity || this.#visited.has(identity)) return;

    this.#visited.add(identity);
    this.#waiting.push({ target, elsewhere: { file: document.file, pointer: this.#elsewhere?.pointer ?? pointer } });
  }

  /** What is wrong in the files that were referred to, and in those that these refer to. */
  foundElsewhere(): readonly SchemaLint[] {
    const found: SchemaLint[] = [];
    for (let at = 0; at < this.#waiting.length; at++) {
      const next = this.#waiting[at];
      if (next === undefined) break;
      const { target, elsewhere } = next;
      const { document, identity } = target;
      const inner = new Linter(this.#scope, document, elsewhere, this.#visited, this.#waiting);
      inner.lint(target.json, identity.slice(document.identity.length), 0, 'root');
      found.push(...inner.found);
    }
    return found;
  }

  #lintPattern(pattern: string, pointer: string): void {
    const compiled = compilePattern(pattern);
    if ('problem' in compiled) {
      this.#error(
        pointer,
        'schema/invalid-pattern',
        `the expression cannot be read: ${compiled.problem}`,
        'escape what is meant literally with `\\`',
      );
    } else if (needsDeadline(pattern)) {
      this.#warn(
        pointer,
        'schema/slow-pattern',
        'look-around and back-references can take endless time; the expression runs under a deadline and counts as not matched when it expires',
        'write it without them',
      );
    }
  }

  #lintFormat(format: string, pointer: string): void {
    const known = [...knownFormats(), 'int32', 'int64', 'float', 'double'];
    if (known.includes(format)) return;
    const meant = didYouMean(format, known);
    this.#warn(
      pointer,
      'schema/unknown-format',
      `the format ${quote(format, 60)} is not checked`,
      meant === null ? undefined : `write \`${meant}\``,
    );
  }

  #valueFix(name: string, value: Json): string | undefined {
    if (name === 'type' && typeof value === 'string') return this.#typeKeywordFix(value);
    if (name === 'required' && typeof value === 'boolean')
      return 'list the names in `required` of the record that holds the member';
    if (name === 'items' && isJsonArray(value)) return 'write `prefixItems` for a list of fixed places';
    return typeof value === 'string' && KEYWORDS.get(name) === 'schema' ? this.#nameFix(value) : undefined;
  }

  #typeKeywordFix(value: string): string | undefined {
    if (typeSchema(value, this.#scope.types) !== null) return `write \`$ref: "#/types/${value}"\` instead of \`type\``;
    const meant = didYouMean(value, [...JSON_TYPES, ...PRIMITIVE_NAMES]);
    if (meant === null) return `one of ${JSON_TYPES.join(', ')}, or \`$ref: "#/types/long"\``;
    return JSON_TYPES.includes(meant) ? `write \`type: ${meant}\`` : `write \`$ref: "#/types/${meant}"\``;
  }

  /** A type's name where only a schema can stand. */
  #nameFix(value: Json): string | undefined {
    if (typeof value !== 'string') return undefined;
    if (JSON_TYPES.includes(value)) return `write \`{ type: ${value} }\``;
    return typeSchema(value, this.#scope.types) === null ? undefined : `write \`{ $ref: "#/types/${value}" }\``;
  }

  #refFix(ref: string): string | undefined {
    const name = /^#\/types\/(.+)$/.exec(ref)?.[1];
    if (name !== undefined) return this.#typeFix(name);
    if (typeSchema(ref, this.#scope.types) !== null) return `write \`"#/types/${ref}"\``;
    const meant = didYouMean(ref.split('#')[0] ?? '', this.#scope.files.keys());
    return meant === null ? undefined : `write \`${meant}\``;
  }

  #typeFix(name: string): string {
    const declared = [...this.#scope.types.keys()];
    const other = OTHER_NAMES.get(name.toLowerCase());
    if (other !== undefined) return other;
    const meant = didYouMean(name, [...declared, ...PRIMITIVE_NAMES]);
    if (meant !== null) return `write \`${meant}\``;
    return declared.length === 0
      ? `declare it under \`types\``
      : `declare it under \`types\`, which holds ${quoteList(declared)}`;
  }

  #error(pointer: string, code: string, message: string, fix?: string): void {
    this.#tell(pointer, { code, severity: 'error', message, ...(fix === undefined ? {} : { fix }) });
  }

  #warn(pointer: string, code: string, message: string, fix?: string): void {
    this.#tell(pointer, { code, severity: 'warning', message, ...(fix === undefined ? {} : { fix }) });
  }

  #tell(pointer: string, lint: Omit<SchemaLint, 'pointer'>): void {
    if (this.#elsewhere === null) this.found.push({ pointer, ...lint });
    else {
      const { file, pointer: ref } = this.#elsewhere;
      this.found.push({ ...lint, pointer: ref, message: `in ${visibleLine(file)}#${pointer}: ${lint.message}` });
    }
  }
}

/** The identity of what stands in the linted schema itself; another schema has the same. */
const OWN_ROOT = 'root';

/** Places whose references lead to a schema: a long chain is followed once, not from each of its links. */
const sound = new WeakMap<SchemaScope, Set<string>>();

function soundPlaces(scope: SchemaScope): Set<string> {
  const known = sound.get(scope) ?? new Set();
  sound.set(scope, known);
  return known;
}

/** Where a schema is expected to say something. */
const SUBSTANTIAL = new Set([
  'root',
  'properties',
  'items',
  'anyOf',
  'oneOf',
  'additionalProperties',
  'patternProperties',
  '$defs',
]);
const ANNOTATIONS = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$comment',
  '$schema',
  '$defs',
  'definitions',
]);

function acceptsAnything(schema: JsonObject): boolean {
  return Object.keys(schema).every((name) => ANNOTATIONS.has(name) || name.startsWith('x-'));
}

function fileDocument(file: string, root: Json): SchemaDocument {
  return { root, file, identity: `file:${file}#`, pointer: null };
}
