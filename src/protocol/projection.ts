/**
 * Projections: the fields asked for, `fields=id,name:(first),-tags`.
 *
 * Source: `URIMaskUtil` and `CopyFilter` of linkedin/rest.li.
 */
import { isJsonArray, isJsonObject, jsonObject, type Json, type JsonObject } from './json.ts';
import type { ElementProblem } from './encoding.ts';

/**
 * What to keep at one level, by name: 1 keeps the whole field, 0 drops it, a record projects it. `$*` stands for every
 * field, map entry or array item; `$start` and `$count` hold the bounds of an array, not 0 and 1.
 */
export interface Mask {
  readonly [name: string]: number | Mask;
}

/** Every field, map entry or item. */
const EVERY = '$*';
const BOUNDS = ['$start', '$count'];
/** As deep as a body may nest. */
const MAX_DEPTH = 512;

/** @param text - raw, as it stands in the query: masks are not percent-encoded. `problem.column` counts from 0 */
export function parseMask(text: string): { readonly mask: Mask } | { readonly problem: ElementProblem } {
  const levels: { readonly name: string; readonly entries: Map<string, number | Mask> }[] = [];
  let entries = new Map<string, number | Mask>();
  let at = 0;
  for (;;) {
    const start = at;
    while (at < text.length && !isDelimiter(text.charCodeAt(at))) at++;
    const name = stripSpace(text.slice(start, at));
    const delimiter = text[at];

    if (delimiter === ':') {
      const after = skipSpace(text, at + 1);
      if (BOUNDS.includes(name) && levels.length > 0) {
        let end = after;
        while (end < text.length && !isDelimiter(text.charCodeAt(end))) end++;
        const bound = stripSpace(text.slice(after, end));
        if (!/^\d{1,10}$/.test(bound)) return problem(`\`${name}\` takes a number, not \`${bound}\``, after);
        entries.set(name, Number(bound));
        at = end;
      } else if (text[after] === '(') {
        if (levels.length === MAX_DEPTH) return problem(`the mask nests deeper than ${MAX_DEPTH}`, after);
        levels.push({ name: name.startsWith('-') ? name.slice(1) : name, entries });
        entries = new Map();
        at = after + 1;
        continue;
      } else return problem(after >= text.length ? 'the mask ends after `:`' : '`(` must follow `:`', after);
    } else if (name !== '') {
      if (BOUNDS.includes(name)) return problem(`\`${name}\` takes a number, \`${name}:0\``, start);
      if (name.startsWith('-')) entries.set(name.slice(1), 0);
      else entries.set(name, 1);
    }

    while (text[at] === ')') {
      const level = levels.pop();
      if (level === undefined) return problem('`)` closes nothing', at);
      level.entries.set(level.name, maskOf(entries));
      entries = level.entries;
      at = skipSpace(text, at + 1);
    }
    if (at >= text.length) break;
    if (text[at] !== ',') return problem('`,` must stand between fields', at);
    at++;
  }
  if (levels.length > 0) return problem('a `(` is not closed', text.length);
  return { mask: maskOf(entries) };
}

/** The text of a mask, in the order of its entries. */
export function formatMask(mask: Mask): string {
  return Object.entries(mask)
    .map(([name, entry]) => {
      if (typeof entry === 'object') return `${name}:(${formatMask(entry)})`;
      if (BOUNDS.includes(name)) return `${name}:${entry}`;
      return entry === 0 ? `-${name}` : name;
    })
    .join(',');
}

/**
 * What remains of a value under a mask, fields in their order. Fields of the mask that are absent leave no trace; a
 * scalar under a mask of fields stays as it is; an array under one stays whole unless `$*` projects its items.
 */
export function project(mask: Mask, data: Json): Json {
  if (isJsonArray(data)) return projectItems(mask, data);
  if (!isJsonObject(data)) return data;

  const keepsOthers = isNegative(mask);
  const every = entryOf(mask, EVERY);
  const kept: [string, Json][] = [];
  for (const [name, value] of Object.entries(data)) {
    const entry = compose(entryOf(mask, name), every);
    if (entry === 0 || (entry === undefined && !keepsOthers)) continue;
    kept.push([name, typeof entry === 'object' ? project(entry, value) : value]);
  }
  return jsonObject(kept);
}

/** As `project`, for a record. */
export function projectObject(mask: Mask, data: JsonObject): JsonObject {
  const kept = project(mask, data);
  return isJsonObject(kept) ? kept : data;
}

function projectItems(mask: Mask, items: readonly Json[]): Json {
  const start = mask['$start'];
  const count = mask['$count'];
  const every = entryOf(mask, EVERY);
  if (every === 0) return [];

  const from = typeof start === 'number' ? start : 0;
  const kept = items.slice(from, typeof count === 'number' ? from + count : undefined);
  return typeof every === 'object' ? kept.map((item) => project(every, item)) : kept;
}

/** Whether a mask only takes away, here and below: then what it does not name stays. An empty mask asks for nothing. */
function isNegative(mask: Mask): boolean {
  const entries = Object.entries(mask);
  return (
    entries.length > 0 &&
    entries.every(([name, entry]) =>
      typeof entry === 'object' ? isNegative(entry) : entry === 0 && !BOUNDS.includes(name),
    )
  );
}

/** A field's own entry and that of `$*` together: what either drops is dropped, what either keeps is kept. */
function compose(own: number | Mask | undefined, every: number | Mask | undefined): number | Mask | undefined {
  if (own === undefined || every === undefined) return own ?? every;
  if (own === 0 || every === 0) return 0;
  if (typeof own === 'number' && typeof every === 'number') return 1;

  const [a, b]: [Mask, Mask] = [typeof own === 'number' ? WHOLE : own, typeof every === 'number' ? WHOLE : every];
  const both = new Map<string, number | Mask>();
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const entry = BOUNDS.includes(name)
      ? (entryOf(a, name) ?? entryOf(b, name))
      : compose(entryOf(a, name), entryOf(b, name));
    if (entry !== undefined) both.set(name, entry);
  }
  return maskOf(both);
}

const WHOLE: Mask = { [EVERY]: 1 };

function entryOf(mask: Mask, name: string): number | Mask | undefined {
  return Object.hasOwn(mask, name) ? mask[name] : undefined;
}

function maskOf(entries: ReadonlyMap<string, number | Mask>): Mask {
  return Object.fromEntries(entries);
}

/** `,`, `:` and `)`; `(` counts only after `:`. */
function isDelimiter(code: number): boolean {
  return code === 0x2c || code === 0x3a || code === 0x29;
}

function stripSpace(text: string): string {
  return /\s/.test(text) ? text.replace(/\s+/g, '') : text;
}

function skipSpace(text: string, at: number): number {
  let next = at;
  while (next < text.length && /\s/.test(text[next] ?? '')) next++;
  return next;
}

function problem(message: string, column: number): { readonly problem: ElementProblem } {
  return { problem: { message, column } };
}
