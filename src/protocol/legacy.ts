/**
 * Protocol 1.0.0, as far as it was observed: repeated and indexed `ids`, keys as `a=1&b=2` (read also as `a:1;b:2`),
 * lists and records as dotted, indexed parameters. Everything is form-encoded: `+` is a space.
 *
 * Not covered: names that hold `.`, `[` or `]`, and empty lists and records, for which 1.0.0 has escapes or no text at
 * all. `legacyProblem` tells; nothing here guesses.
 */
import { formDecode, percentEncode, scalarText, type Element, type ElementProblem } from './encoding.ts';
import { isJsonArray, isJsonObject, type Json } from './json.ts';
import type { Key, KeyPlace, KeyShape } from './keys.ts';
import { isMaskParameter, joinSorted, partsOf, type Masks, type Query, type QueryProblem } from './query.ts';

/** Why a value cannot be written in protocol 1.0.0, or null. */
export function legacyProblem(value: Json): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const members: readonly (readonly [string, Json])[] = isJsonArray(value)
    ? value.map((item) => ['', item] as const)
    : Object.entries(value);
  if (members.length === 0) return 'protocol 1.0.0 has no text for an empty list or record';

  for (const [name, member] of members) {
    if (/[.[\]~]/.test(name))
      return `names with \`.\`, \`[\`, \`]\` or \`~\` are not covered in protocol 1.0.0 (\`${name}\`)`;
    const inner = legacyProblem(member);
    if (inner !== null) return inner;
  }
  return null;
}

/** The text of a key: parts in order of their names, `$params.` before them. In `ids` a compound key is escaped whole. */
export function writeLegacyKey(key: Key, shape: KeyShape, place: KeyPlace): string {
  if (!isJsonObject(key)) {
    const text = scalarText(key);
    if (place === 'body' || place === 'header') return text;
    return place === 'ids' || place === 'location'
      ? percentEncode(text, 'form')
      : percentEncode(text, 'path').replaceAll('+', '%2B');
  }

  const text = flatten('', key)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return place === 'ids' && shape.kind === 'compound' ? percentEncode(text, 'form') : text;
}

/** Reads a key of protocol 1.0.0; every scalar of the result is text. Never throws. */
export function readLegacyKey(
  text: string,
  shape: KeyShape,
  place: KeyPlace,
): { readonly key: Key } | { readonly problem: ElementProblem } {
  const isRaw = place === 'body' || place === 'header';
  if (shape.kind === 'simple') {
    if (isRaw) return { key: text };
    const decoded = formDecode(text);
    return 'value' in decoded ? { key: decoded.value } : decoded;
  }

  const colons = !text.includes('=') && text.includes(':');
  const query = colons ? text.replaceAll(':', '=').replaceAll(';', '&') : text;
  const read = parseLegacyQuery(query);
  if ('problem' in read) return { problem: { message: read.problem.message, column: read.problem.column } };

  const key = recordOf(read.parameters);
  if (shape.kind === 'complex') return { key };
  if (!text.includes('=') && !colons && text !== '') return notCompound(text);
  for (const [name, value] of read.parameters) {
    if (!shape.parts.includes(name)) return notCompound(text, name);
    if (typeof value !== 'string') return notCompound(text);
  }
  return { key };
}

/** A raw query of 1.0.0: repeated names are a list, `a.b=c` and `a[0]=b` are records and lists. Never throws. */
export function parseLegacyQuery(raw: string): Query | { readonly problem: QueryProblem } {
  const root = node();
  const rawValues = new Map<string, string>();
  for (const part of partsOf(raw)) {
    const name = formDecode(part.name);
    const value = formDecode(part.value);
    if ('problem' in name) return syntax(part.name, name.problem.message, part.at + name.problem.column);
    if ('problem' in value) {
      return syntax(name.value, value.problem.message, part.at + part.name.length + 1 + value.problem.column);
    }

    if (!rawValues.has(name.value)) rawValues.set(name.value, part.value);
    if (!put(root, pathOf(name.value), value.value)) {
      return syntax(name.value, `\`${name.value}\` does not fit the other parameters of that name`, part.at);
    }
  }

  const parameters = new Map<string, Element>();
  for (const [name, child] of root.members) if (!isMaskParameter(name)) parameters.set(name, elementOf(child));
  return { parameters, raw: rawValues };
}

/** Writes parameters as 1.0.0 has them, sorted by name. */
export function writeLegacyQuery(parameters: Iterable<readonly [string, Json]>, masks: Masks = {}): string {
  const parts: [string, string][] = [];
  for (const [name, value] of parameters) {
    for (const [path, text] of flatten(name, value)) parts.push([name, `${path}=${text}`]);
  }
  return joinSorted(parts, masks);
}

/** Writes `ids`: repeated for simple and compound keys, indexed and dotted for complex ones. */
export function writeLegacyIds(ids: readonly Key[], shape: KeyShape): readonly (readonly [string, string])[] {
  if (shape.kind !== 'complex') return ids.map((id) => ['ids', `ids=${writeLegacyKey(id, shape, 'ids')}`]);
  return ids.flatMap((id, i) =>
    flatten(`ids[${i}]`, id).map(([name, value]): readonly [string, string] => ['ids', `${name}=${value}`]),
  );
}

/** Every scalar below a value with its dotted, indexed name, escaped both. */
function flatten(name: string, value: Json): [string, string][] {
  if (isJsonArray(value)) {
    if (value.every((item) => typeof item !== 'object')) return value.flatMap((item) => flatten(name, item));
    return value.flatMap((item, i) => flatten(`${name}[${i}]`, item));
  }
  if (isJsonObject(value)) {
    return Object.keys(value)
      .toSorted()
      .flatMap((part) => {
        const member = value[part];
        const escaped = percentEncode(part, 'name');
        return member === undefined ? [] : flatten(name === '' ? escaped : `${name}.${escaped}`, member);
      });
  }
  return [[name, value === null ? 'null' : percentEncode(scalarText(value), 'form')]];
}

/**
 * What is known of one name while parameters are read: its scalars, its record members, its list items. Items are kept
 * by index, so that `x[999999999]=1` is one item and fills no memory.
 */
interface Node {
  readonly values: string[];
  readonly members: Map<string, Node>;
  readonly items: Map<number, Node>;
}

function node(): Node {
  return { values: [], members: new Map(), items: new Map() };
}

/** `ids[0].major` -> `['ids', 0, 'major']`. Text that does not follow the pattern is one name. */
function pathOf(name: string): readonly (string | number)[] {
  if (!/^[^.[\]]+(?:\[\d+\]|\.[^.[\]]+)*$/.test(name)) return [name];
  return (name.match(/\[\d+\]|[^.[\]]+/g) ?? []).map((step) =>
    step.startsWith('[') ? Number(step.slice(1, -1)) : step,
  );
}

/** False if the place is taken by another kind of value. */
function put(root: Node, path: readonly (string | number)[], value: string): boolean {
  let here = root;
  for (const step of path) {
    if (here.values.length > 0) return false;
    let next: Node | undefined;
    if (typeof step === 'number') {
      if (here.members.size > 0) return false;
      next = here.items.get(step) ?? node();
      here.items.set(step, next);
    } else {
      if (here.items.size > 0) return false;
      next = here.members.get(step) ?? node();
      here.members.set(step, next);
    }
    here = next;
  }
  if (here.members.size > 0 || here.items.size > 0) return false;
  here.values.push(value);
  return true;
}

function elementOf(from: Node): Element {
  const [first = '', ...more] = from.values;
  if (from.members.size > 0) {
    return recordOf(new Map([...from.members].map(([name, child]) => [name, elementOf(child)])));
  }
  if (from.items.size > 0) {
    return [...from.items].toSorted(([a], [b]) => a - b).map(([, child]) => elementOf(child));
  }
  return more.length === 0 ? first : from.values;
}

function recordOf(members: ReadonlyMap<string, Element>): { readonly [name: string]: Element } {
  const record: Record<string, Element> = Object.create(null);
  for (const [name, value] of members) record[name] = value;
  return record;
}

function notCompound(text: string, part?: string): { readonly problem: ElementProblem } {
  const why = part === undefined ? '' : ` (\`${part}\` is no part of it)`;
  return { problem: { message: `\`${text}\` is no compound key of protocol 1.0.0${why}`, column: 0 } };
}

function syntax(name: string, message: string, column: number): { readonly problem: QueryProblem } {
  return { problem: { reason: 'syntax', name, message, column } };
}
