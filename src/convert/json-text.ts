/** JSON files as values with a way back to each value's place; PDSC may hold comments. */
import type { SourceRange } from '../diagnostic/diagnostic.ts';
import { readJsonSource } from '../contract/json-source.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { Places } from './places.ts';
import { Unreadable } from './problem.ts';

/** A value in a JSON file. Its members are asked for by name, and what has the wrong shape fails with its place. */
export class JsonNode {
  readonly value: Json;
  readonly #file: JsonFile;
  readonly #path: readonly string[];

  constructor(value: Json, file: JsonFile, path: readonly string[]) {
    this.value = value;
    this.#file = file;
    this.#path = path;
  }

  get at(): SourceRange {
    return this.#file.at(this.#path);
  }

  fail(message: string, fix: string | null = null): never {
    throw new Unreadable(message, this.at, fix);
  }

  /** The own member of that name; null where none is. */
  get(name: string): JsonNode | null {
    if (!isJsonObject(this.value) || !Object.hasOwn(this.value, name)) return null;
    return new JsonNode(this.value[name] ?? null, this.#file, [...this.#path, name]);
  }

  need(name: string): JsonNode {
    this.object();
    return this.get(name) ?? this.fail(`\`${name}\` is missing`, `add it`);
  }

  object(): JsonObject {
    return isJsonObject(this.value) ? this.value : this.fail(`${this.#called()} is an object`);
  }

  members(): readonly (readonly [name: string, node: JsonNode])[] {
    return Object.entries(this.object()).map(([name, value]) => [
      name,
      new JsonNode(value, this.#file, [...this.#path, name]),
    ]);
  }

  items(): readonly JsonNode[] {
    if (!isJsonArray(this.value)) return this.fail(`${this.#called()} is a list`);
    return this.value.map((item, index) => new JsonNode(item, this.#file, [...this.#path, String(index)]));
  }

  text(): string {
    return typeof this.value === 'string' ? this.value : this.fail(`${this.#called()} is a text`);
  }

  integer(): number {
    const { value } = this;
    return typeof value === 'number' && Number.isInteger(value)
      ? value
      : this.fail(`${this.#called()} is a whole number`);
  }

  boolean(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.fail(`${this.#called()} is true or false`);
  }

  #called(): string {
    const name = this.#path.at(-1);
    return name === undefined ? 'the file' : `\`${name}\``;
  }
}

interface JsonFile {
  at(path: readonly string[]): SourceRange;
}

/** Reads a file; throws `Unreadable` at the first thing that is no JSON. */
export function readJsonText(text: string, file: string): JsonNode {
  const places = new Places(file, text);
  if (text.trim() === '') throw new Unreadable('the file is empty', places.range({ start: 0, end: 1 }), null);
  const read = readJsonSource(text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text);
  const [wrong] = read.problems.filter(({ severity }) => severity === 'error');
  if (wrong !== undefined || read.value === undefined) {
    throw new Unreadable(
      wrong?.message ?? 'the file holds no value',
      places.range(wrong?.span ?? { start: 0, end: 1 }),
      wrong?.fix ?? null,
    );
  }
  return new JsonNode(read.value, { at: (path) => places.range(nearest(read.find, path)) }, []);
}

/** A value that stands inside a text of a file: every place in it is the place of that text. */
export function nodeWithin(value: Json, at: SourceRange): JsonNode {
  return new JsonNode(value, { at: () => at }, []);
}

/** Comments become blanks, so that every other place stays. */
export function withoutComments(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"|\/\*[^]*?\*\/|\/\/[^\n]*/g, (found) =>
    found.startsWith('"') ? found : found.replace(/[^\n]/g, ' '),
  );
}

function nearest(
  find: ReturnType<typeof readJsonSource>['find'],
  path: readonly string[],
): { readonly start: number; readonly end: number } {
  for (let length = path.length; length >= 0; length--) {
    const place = find(path.slice(0, length));
    if (place !== null) return place.value;
  }
  return { start: 0, end: 1 };
}
