/** Puts variables into the parts of a request and keeps the first problem. */
import type { HeaderValues } from '../contract/contract.ts';
import { interpolate, type Scope } from '../contract/interpolate.ts';
import { isJsonArray, isJsonObject, stringifyJson, type Json, type JsonObject } from '../protocol/json.ts';

/** Puts variables in and keeps the first problem; every method answers something, so that one check at the end is enough. */
export class Filler {
  readonly #scope: Scope;
  problem: string | null = null;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  value(value: Json): Json {
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
    const filled = interpolate(value, this.#scope);
    if ('value' in filled) return filled.value;
    this.problem ??= filled.problem;
    return value;
  }

  optional(value: Json | undefined): Json | undefined {
    return value === undefined ? undefined : this.value(value);
  }

  text(text: string): string {
    const value = this.value(text);
    return typeof value === 'string' ? value : stringifyJson(value);
  }

  raw(value: Json): Json {
    return typeof value === 'string' ? this.text(value) : this.value(value);
  }

  members(value: JsonObject): JsonObject {
    for (const _ in value) {
      const filled = this.value(value);
      return isJsonObject(filled) ? filled : value;
    }
    return value;
  }

  ids(ids: readonly Json[] | string | undefined): readonly Json[] | null {
    if (ids === undefined) return null;
    const filled = typeof ids === 'string' ? this.value(ids) : ids.map((id) => this.value(id));
    if (isJsonArray(filled)) return filled;
    this.problem ??= `\`ids\` is no list after variables were put in`;
    return null;
  }

  headers(values: HeaderValues): HeaderValues {
    if (values.size === 0) return values;
    const filled = new Map<string, string | readonly string[] | null>();
    for (const [name, value] of values) {
      if (value === null) filled.set(name, null);
      else filled.set(name, typeof value === 'string' ? this.text(value) : value.map((one) => this.text(one)));
    }
    return filled;
  }
}
