/**
 * Variables in values: `${name}`, `${env.NAME}`, `${env.NAME:-default}`; `$${` is a literal `${`. A text that is one
 * variable keeps the type of its value; elsewhere the value becomes text.
 */
import { isJsonArray, isJsonObject, jsonObject, stringifyJson, type Json } from '../protocol/json.ts';

/** The value of a name (`account`, `env.TOKEN`); undefined when nobody gives one. */
export type Scope = (name: string) => Json | undefined;

/** One use of a variable. `pointer` leads from the value that was looked through to the text that holds it. */
export interface VariableUse {
  readonly name: string;
  readonly pointer: string;
  readonly hasDefault: boolean;
}

const VARIABLE = /\$\$\{|\$\{([^}]*)\}/g;
/** What stands between the braces: a name, for the environment with a default. */
const INSIDE = /^(env\.[A-Za-z_][A-Za-z0-9_]*|[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*)(?::-([^]*))?$/;

/**
 * Puts values in, members and items of every depth; names of members stay.
 *
 * @returns the same value when it holds no variable; the problem when a name has no value: never text with `${…}` left
 */
export function interpolate(value: Json, scope: Scope): { readonly value: Json } | { readonly problem: string } {
  const filler = new Filler(scope);
  const filled = filler.fill(value);
  return filler.problem === null ? { value: filled } : { problem: filler.problem };
}

/** Whether any text inside might hold a variable; cheap, for values that hold none. */
export function holdsVariable(value: Json): boolean {
  if (typeof value === 'string') return value.includes('${');
  if (typeof value !== 'object' || value === null) return false;
  if (isJsonArray(value)) return value.some(holdsVariable);
  for (const name in value) if (holdsVariable(value[name] ?? null)) return true;
  return false;
}

/** Every use in the order of the value. A text between braces that is no name counts under that text. */
export function variablesIn(value: Json): readonly VariableUse[] {
  const uses: VariableUse[] = [];
  collect(value, '', uses);
  return uses;
}

/** Where names are looked up, nearest first. */
export interface ScopeLayers {
  /** Captures of the flow, `--var`, `vars` of the target, of the contract, of the config. */
  readonly layers: readonly (ReadonlyMap<string, Json> | undefined)[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told of every value that came from the environment, so that it can be redacted. */
  readonly onEnv?: (name: string, value: string) => void;
}

/** A scope over layers. The values themselves may hold variables; one that leads to itself has no value. */
export function scopeOf({ layers, env, onEnv }: ScopeLayers): Scope {
  const open = new Set<string>();
  const scope: Scope = (name) => {
    if (name.startsWith('env.')) {
      const variable = name.slice('env.'.length);
      const value = Object.hasOwn(env, variable) ? env[variable] : undefined;
      if (value !== undefined) onEnv?.(variable, value);
      return value;
    }
    const layer = layers.find((candidate) => candidate?.has(name) === true);
    const value = layer?.get(name);
    if (value === undefined || !holdsVariable(value)) return value;
    if (open.has(name)) return undefined;

    open.add(name);
    const filled = interpolate(value, scope);
    open.delete(name);
    return 'value' in filled ? filled.value : undefined;
  };
  return scope;
}

class Filler {
  readonly #scope: Scope;
  problem: string | null = null;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  fill(value: Json): Json {
    if (typeof value === 'string') return value.includes('${') ? this.#text(value) : value;
    if (typeof value !== 'object' || value === null || !holdsVariable(value)) return value;
    if (isJsonArray(value)) return value.map((item) => this.fill(item));
    return jsonObject(Object.entries(value).map(([name, member]) => [name, this.fill(member)] as const));
  }

  #text(text: string): Json {
    const [only] = text.matchAll(VARIABLE);
    if (only !== undefined && only[0] === text && only[1] !== undefined) return this.#value(only[1]);

    return text.replaceAll(VARIABLE, (whole: string, inside: string | undefined) => {
      if (inside === undefined) return '${';
      const value = this.#value(inside);
      return typeof value === 'string' ? value : stringifyJson(value);
    });
  }

  #value(inside: string): Json {
    const [, name, fallback] = INSIDE.exec(inside) ?? [];
    const value = name === undefined ? undefined : this.#scope(name);
    // As in a shell, `:-` stands in for what is empty, too.
    if (fallback !== undefined && (value === undefined || value === '')) return fallback;
    if (value !== undefined) return value;

    this.problem ??=
      name === undefined
        ? `\`\${${inside}}\` is not the form of a variable`
        : `nothing gives a value to \`\${${name}}\``;
    return null;
  }
}

function collect(value: Json, pointer: string, uses: VariableUse[]): void {
  if (typeof value === 'string') {
    if (!value.includes('${')) return;
    for (const [, inside] of value.matchAll(VARIABLE)) {
      if (inside === undefined) continue;
      const [, name, fallback] = INSIDE.exec(inside) ?? [];
      uses.push({ name: name ?? inside, pointer, hasDefault: fallback !== undefined });
    }
  } else if (isJsonArray(value)) value.forEach((item, index) => collect(item, `${pointer}/${index}`, uses));
  else if (isJsonObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === 'string' ? member.includes('${') : typeof member === 'object') {
        collect(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, uses);
      }
    }
  }
}
