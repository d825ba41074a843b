/**
 * YAML 1.2 (core schema) as values that keep the digits of integers, with places from the nodes of the document.
 *
 * What makes YAML a riddle is refused by name: tags, anchors that are used, merge keys, names that stand twice,
 * several documents, directives.
 */
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Document, type ParsedNode, type YAMLMap } from 'yaml';
import type { Json } from '../protocol/json.ts';
import { MAX_DEPTH } from './json-source.ts';
import { fault, syntaxFaults } from './yaml-faults.ts';
import type { Place, ReadSource, Span, TextProblem } from './source.ts';

const NOWHERE: Place = { name: null, value: { start: 0, end: 0 }, plain: false };

/**
 * 1 MB: YAML is read a hundred times slower than JSON and takes a hundred times its size in memory. A larger contract
 * is written by a machine, which can write JSON.
 */
const MAX_YAML_LENGTH = 1_000_000;

export function readYamlSource(text: string): ReadSource {
  if (text.length > MAX_YAML_LENGTH) {
    const fix = 'split it, or write it as JSON, which is read up to 5 MB';
    return nothing([
      fault(
        'contract/too-large',
        `the file has more than ${MAX_YAML_LENGTH / 1e6} MB of YAML`,
        { start: 0, end: 0 },
        fix,
      ),
    ]);
  }
  const deepAt = hopelesslyDeep(text);
  if (deepAt !== null) {
    const fix = 'no contract needs such nesting; simplify it';
    return nothing([
      fault('contract/too-deep', `values nest deeper than ${MAX_DEPTH}`, { start: deepAt, end: deepAt + 1 }, fix),
    ]);
  }
  const documents = parse(text);
  if (documents === null) {
    return nothing([
      fault(
        'contract/too-deep',
        `values nest deeper than ${MAX_DEPTH}`,
        { start: 0, end: 1 },
        'no contract needs such nesting; simplify it',
      ),
    ]);
  }

  const [document, second] = documents;
  const empty = document === undefined || isEmptyNode(document);
  if (document !== undefined && document.errors.length > 0) return nothing(syntaxFaults(document, text));
  if (second !== undefined) {
    const start = second.range?.[0] ?? 0;
    return nothing([
      fault(
        'contract/yaml-documents',
        'the file holds several YAML documents',
        { start, end: start + 3 },
        'drop the `---`: one file holds one contract',
      ),
    ]);
  }
  if (empty) {
    return nothing([
      fault(
        'contract/empty',
        'the file is empty: no requests declared',
        { start: 0, end: 0 },
        'write `contract: 1`, `resource` and `methods`',
      ),
    ]);
  }

  const reader = new Reader(text);
  if (document.directives?.yaml.explicit === true) {
    reader.add(
      'contract/yaml-directive',
      'a YAML directive changes how the file is read',
      { start: 0, end: text.indexOf('\n') },
      'drop it: contracts are YAML 1.2',
    );
  }
  const root = document.contents;
  const value = root === null ? null : reader.read(root, 0);
  return {
    value: reader.stopped ? undefined : value,
    problems: reader.problems,
    find: (segments) => findNode(root, segments),
  };
}

/** Brackets that are open at once, quoted ones included: far more than any text holds, far less than exhausts the reader. */
const MOST_OPEN = 1_000;

/** Where nesting begins that the parser must not even try; its time and memory grow with the square of it. */
function hopelesslyDeep(text: string): number | null {
  const dashes = text.indexOf('- '.repeat(MAX_DEPTH + 1));
  if (dashes >= 0) return dashes;

  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) {
      if (++open > MOST_OPEN) return at;
    } else if ((code === 0x5d || code === 0x7d) && open > 0) open--;
  }
  return null;
}

function nothing(problems: readonly TextProblem[]): ReadSource {
  return { value: undefined, problems, find: () => NOWHERE };
}

/** null: nested so deep that the composer ran out of stack. */
function parse(text: string): readonly Document.Parsed[] | null {
  try {
    const documents = parseAllDocuments(text, {
      intAsBigInt: true,
      version: '1.2',
      schema: 'core',
      uniqueKeys: false,
      logLevel: 'silent',
      prettyErrors: false,
    });
    return [...documents] as Document.Parsed[];
  } catch (cause) {
    if (cause instanceof RangeError) return null;
    throw cause;
  }
}

function isEmptyNode(document: Document.Parsed): boolean {
  const node = document.contents;
  return node === null || (isScalar(node) && node.value === null && (node.source ?? '') === '');
}

class Reader {
  readonly #text: string;
  readonly problems: TextProblem[] = [];
  stopped = false;

  constructor(text: string) {
    this.#text = text;
  }

  add(code: string, message: string, span: Span, fix: string | null, related: TextProblem['related'] = []): void {
    this.problems.push(fault(code, message, span, fix, related));
  }

  read(node: ParsedNode, depth: number): Json {
    if (depth > MAX_DEPTH) {
      if (!this.stopped)
        this.add(
          'contract/too-deep',
          `values nest deeper than ${MAX_DEPTH}`,
          this.#line(node),
          'no contract needs such nesting; simplify it',
        );
      this.stopped = true;
      return null;
    }
    if (isAlias(node)) {
      this.add(
        'contract/yaml-alias',
        `\`*${node.source}\` repeats another part of the file`,
        spanOf(node),
        'write it out, or name it in `types` or `vars`: contracts have no aliases',
      );
      return null;
    }
    if (node.tag !== undefined) {
      this.add(
        'contract/yaml-tag',
        `\`${shortTag(node.tag)}\` is a YAML tag`,
        this.#line(node),
        'drop the tag: contracts have none; quote what is to be text',
      );
      return null;
    }
    if (isMap(node)) return this.#map(node, depth);
    if (isSeq(node)) return node.items.map((item) => this.read(item, depth + 1));
    return this.#scalar(node);
  }

  #scalar(node: ParsedNode): Json {
    const value: unknown = isScalar(node) ? node.value : null;
    if (typeof value === 'bigint') {
      const number = Number(value);
      return Number.isSafeInteger(number) ? number : value;
    }
    if (typeof value === 'number') {
      if (Number.isFinite(value)) return value;
      this.add(
        'contract/not-a-number',
        `\`${this.#source(node)}\` is no number that JSON can carry`,
        spanOf(node),
        'write a number, or quote it as text',
      );
      return null;
    }
    return typeof value === 'string' || typeof value === 'boolean' ? value : null;
  }

  #map(node: YAMLMap.Parsed, depth: number): Json {
    const read: Record<string, Json> = {};
    const seen = new Map<string, Span>();
    const cut = node.flow === true ? cutTexts(node, this.#text) : NO_CUTS;
    for (const pair of node.items) {
      const fragment = cut.get(pair);
      if (fragment !== undefined) {
        if (fragment !== null) this.problems.push(fragment);
        continue;
      }
      const span = spanOf(pair.key);
      const name = nameOf(pair.key);
      if (name === null) {
        this.add('contract/yaml-name', 'the name of a member is text', span, 'write a word, or quote it');
        continue;
      }
      if (name === '<<' && isScalar(pair.key) && pair.key.type === 'PLAIN') {
        this.add(
          'contract/yaml-merge',
          '`<<` is a merge key',
          span,
          'write the members out: contracts have no merge keys',
        );
        continue;
      }
      const first = seen.get(name);
      if (first !== undefined) {
        this.add('contract/duplicate-name', `\`${name}\` stands twice in one object`, span, 'keep one of them', [
          { span: first, message: 'first here' },
        ]);
        continue;
      }
      seen.set(name, span);

      const value = pair.value === null ? null : this.read(pair.value, depth + 1);
      if (name === '__proto__')
        Object.defineProperty(read, name, { value, enumerable: true, configurable: true, writable: true });
      else read[name] = value;
    }
    return read;
  }

  #source(node: ParsedNode): string {
    const { start, end } = spanOf(node);
    return this.#text.slice(start, end);
  }

  #line(node: ParsedNode): Span {
    return spanOf(node);
  }
}

const NO_CUTS: ReadonlyMap<YAMLMap.Parsed['items'][number], TextProblem | null> = new Map();

/**
 * `{ doc: one, two }` holds a second name, `two`, with neither colon nor value: the comma belonged to the text.
 *
 * @returns the members that are pieces of a text; null for further pieces of one that is told
 */
function cutTexts(node: YAMLMap.Parsed, text: string): typeof NO_CUTS {
  if (!node.items.some(({ value }) => value === null)) return NO_CUTS;

  const cuts = new Map<YAMLMap.Parsed['items'][number], TextProblem | null>();
  node.items.forEach((pair, index) => {
    const before = node.items[index - 1];
    if (pair.value !== null || before === undefined) return;
    if (cuts.has(before)) cuts.set(pair, null);
    else if (isScalar(before.value) && before.value.type === 'PLAIN' && typeof before.value.value === 'string')
      cuts.set(pair, cutText(before, pair, node.items.slice(index), text));
  });
  return cuts;
}

function cutText(
  before: YAMLMap.Parsed['items'][number],
  pair: YAMLMap.Parsed['items'][number],
  rest: YAMLMap.Parsed['items'],
  text: string,
): TextProblem {
  const written = (node: Parameters<typeof spanOf>[0]): string => text.slice(spanOf(node).start, spanOf(node).end);
  const end = rest.findIndex(({ value }) => value !== null);
  const pieces = rest.slice(0, end === -1 ? rest.length : end).map(({ key }) => written(key));
  const [name, value] = [written(before.key), before.value === null ? '' : written(before.value)];
  return fault(
    'contract/cut-by-comma',
    `a comma ends the text of \`${name}\` inside braces, so \`${pieces[0] ?? ''}\` became a member of its own`,
    spanOf(pair.key),
    `quote the text: \`${name}: ${JSON.stringify([value, ...pieces].join(', '))}\``,
    before.value === null ? [] : [{ span: spanOf(before.value), message: 'the text that was cut' }],
  );
}

function shortTag(tag: string): string {
  return tag.startsWith('tag:yaml.org,2002:') ? `!!${tag.slice('tag:yaml.org,2002:'.length)}` : tag;
}

function spanOf(node: { readonly range?: readonly [number, number, number] | null | undefined }): Span {
  return { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 };
}

/** The text of a plain name is its source: `409`, `1.0` and `true` are names as they stand. */
function nameOf(key: unknown): string | null {
  if (!isScalar(key)) return null;
  if (typeof key.value === 'string') return key.value;
  return key.source === undefined || key.source === '' ? null : key.source;
}

function findNode(root: ParsedNode | null, segments: readonly string[]): Place | null {
  let node: ParsedNode | null = root;
  let name: Span | null = null;
  for (const segment of segments) {
    if (isMap(node)) {
      const pair: YAMLMap.Parsed['items'][number] | undefined = node.items.find(({ key }) => nameOf(key) === segment);
      if (pair === undefined) return null;
      name = spanOf(pair.key);
      if (pair.value === null) return { name, value: name, plain: true };
      node = pair.value;
    } else if (isSeq(node)) {
      const item: ParsedNode | undefined = node.items[Number(segment)];
      if (item === undefined || !/^\d+$/.test(segment)) return null;
      name = null;
      node = item;
    } else return null;
  }
  if (node === null) return NOWHERE;
  const value = spanOf(node);
  // A member written as `GET:` holds an empty node: what is there to show is its name.
  const shown = value.start === value.end && name !== null ? name : value;
  return { name, value: shown, plain: isScalar(node) && node.type === 'PLAIN' };
}
