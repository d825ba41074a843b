/**
 * JSON text as a value, with places found by walking the text again when one is asked for: a file of a thousand cases
 * that has no fault never pays for positions.
 */
import { parseJson, type JsonProblem } from '../protocol/json-parse.ts';
import type { Place, ReadSource, Span, TextProblem } from './source.ts';

/** Nesting beyond which a contract is refused. */
export const MAX_DEPTH = 200;

export function readJsonSource(text: string): ReadSource {
  const parsed = parseJson(text, { maxDepth: MAX_DEPTH });
  if ('problem' in parsed) {
    return {
      value: undefined,
      problems: [jsonProblem(parsed.problem, text)],
      find: () => ({ name: null, value: { start: 0, end: 0 }, plain: false }),
    };
  }

  const problems = parsed.duplicates.map(({ pointer, first, second }): TextProblem => {
    const name = pointer.slice(pointer.lastIndexOf('/') + 1);
    return {
      code: 'contract/duplicate-name',
      severity: 'error',
      message: `\`${name}\` stands twice in one object`,
      span: { start: second, end: endOfString(text, second) },
      fix: 'keep one of them',
      related: [{ span: { start: first, end: endOfString(text, first) }, message: 'first here' }],
    };
  });
  const places = new JsonPlaces(text);
  return { value: parsed.value, problems, find: (segments) => places.find(segments) };
}

const FIXES: Readonly<Record<JsonProblem['kind'], string | null>> = {
  syntax: null,
  end: 'close what was opened',
  'not-a-number': null,
  'trailing-comma': 'drop the comma',
  comment: 'drop it, or write YAML: the same contract in `NAME.contract.yaml` may hold comments',
  'byte-order-mark': 'save the file as UTF-8 without BOM',
  string: null,
  depth: 'no contract needs such nesting; simplify it',
};

function jsonProblem(problem: JsonProblem, text: string): TextProblem {
  const empty = text.trim() === '';
  return {
    code: empty ? 'contract/empty' : problem.kind === 'depth' ? 'contract/too-deep' : 'contract/json-syntax',
    severity: 'error',
    message: empty ? 'the file is empty: no requests declared' : problem.message,
    span: { start: problem.offset, end: problem.offset + 1 },
    fix: empty ? 'write `contract: 1`, `resource` and `methods`' : FIXES[problem.kind],
    related: [],
  };
}

/** Offsets of a member's name and value. */
interface MemberPlace {
  readonly name: number;
  readonly value: number;
}

/** Lists of more items than this remember where their items stand. */
const LONG_LIST = 32;

/** Finds nodes in text that is known to be good JSON. */
class JsonPlaces {
  readonly #text: string;
  /** Offset of a long list -> where its items begin and end, by turns; small, for a run keeps it to its end. */
  readonly #items = new Map<number, Uint32Array>();
  /** Where the document begins; every search passes its members, so they are found once. */
  readonly #root: number;
  #rootMembers: ReadonlyMap<string, MemberPlace> | null = null;

  constructor(text: string) {
    this.#text = text;
    this.#root = this.#space(0);
  }

  find(segments: readonly string[]): Place | null {
    let at = this.#root;
    let name: Span | null = null;
    let end: number | null = null;
    for (const segment of segments) {
      const opening = this.#text[at];
      if (opening === '{') {
        const member = this.#member(at, segment);
        if (member === null) return null;
        name = { start: member.name, end: endOfString(this.#text, member.name) };
        at = member.value;
        end = null;
      } else if (opening === '[') {
        const item = this.#item(at, Number(segment));
        if (item === null) return null;
        name = null;
        at = item.start;
        end = item.end;
      } else return null;
    }
    return { name, value: { start: at, end: end ?? this.#end(at) }, plain: this.#text[at] !== '"' };
  }

  #member(open: number, wanted: string): MemberPlace | null {
    if (open === this.#root) {
      this.#rootMembers ??= firstOfEach(this.#members(open));
      return this.#rootMembers.get(wanted) ?? null;
    }
    for (const [name, place] of this.#members(open)) if (name === wanted) return place;
    return null;
  }

  /** The members of a record one after the other, with their names. */
  *#members(open: number): Generator<readonly [string, MemberPlace]> {
    let at = this.#space(open + 1);
    while (this.#text[at] === '"') {
      const end = endOfString(this.#text, at);
      const value = this.#space(this.#space(end) + 1);
      const name: string = JSON.parse(this.#text.slice(at, end));
      yield [name, { name: at, value }];
      at = this.#space(this.#end(value));
      if (this.#text[at] !== ',') return;
      at = this.#space(at + 1);
    }
  }

  #item(open: number, index: number): Span | null {
    const items = this.#itemsOf(open);
    const [start, end] = Number.isInteger(index) ? [items[2 * index], items[2 * index + 1]] : [];
    return start === undefined || end === undefined ? null : { start, end };
  }

  #itemsOf(open: number): ArrayLike<number> {
    const known = this.#items.get(open);
    if (known !== undefined) return known;

    const items: number[] = [];
    let start = this.#space(open + 1);
    while (this.#text[start] !== ']' && start < this.#text.length) {
      const end = this.#end(start);
      items.push(start, end);
      start = this.#space(end);
      if (this.#text[start] === ',') start = this.#space(start + 1);
    }
    if (items.length > 2 * LONG_LIST) this.#items.set(open, Uint32Array.from(items));
    return items;
  }

  #end(start: number): number {
    const first = this.#text[start];
    if (first === '"') return endOfString(this.#text, start);
    if (first !== '{' && first !== '[') {
      let at = start;
      while (at < this.#text.length && !/[\s,\]}]/.test(this.#text[at] ?? '')) at++;
      return at;
    }

    let depth = 0;
    for (let at = start; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x22) at = endOfString(this.#text, at) - 1;
      else if (code === 0x7b || code === 0x5b) depth++;
      else if ((code === 0x7d || code === 0x5d) && --depth === 0) return at + 1;
    }
    return this.#text.length;
  }

  #space(from: number): number {
    let at = from;
    while (at < this.#text.length && this.#text.charCodeAt(at) <= 0x20) at++;
    return at;
  }
}

/** Of a name that stands twice, the place of the first. */
function firstOfEach(members: Iterable<readonly [string, MemberPlace]>): ReadonlyMap<string, MemberPlace> {
  const places = new Map<string, MemberPlace>();
  for (const [name, place] of members) if (!places.has(name)) places.set(name, place);
  return places;
}

/** The offset after the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at + 1;
  }
  return text.length;
}
