/**
 * A contract as the YAML that a person would write: the order of the format, short things on one line, quotes only where
 * they are needed. What is printed reads back as the same value.
 */
import { isJsonArray, isJsonObject, stringifyJson, type Json, type JsonObject } from '../protocol/json.ts';
import { contractShape, type ContractSource } from './format.ts';

export interface PrintOptions {
  /** Path or URL of the schema for editors: the first line. null: none. */
  readonly schema?: string | null;
}

/** Where the package's own schema lies, seen from a folder of contracts. */
export const SCHEMA_PATH = '../node_modules/restli-contract/contract.schema.json';

/** @returns text that ends with a newline */
export function printSource(source: ContractSource, options: PrintOptions = {}): string {
  const schema = options.schema === undefined ? SCHEMA_PATH : options.schema;
  const lines = schema === null ? [] : [`# yaml-language-server: $schema=${schema}`];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the author's type holds JSON and nothing else
  const written = inOrder(source as unknown as JsonObject);
  for (const [name, value] of Object.entries(written)) {
    if (PARAGRAPHS.has(name)) lines.push('');
    lines.push(...member(name, value, 0, SPREAD.has(name)));
  }
  return lines.join('\n') + '\n';
}

/** Any value as YAML, in the same style. */
export function printYaml(value: Json): string {
  if (isJsonObject(value) && Object.keys(value).length > 0)
    return (
      Object.entries(value)
        .flatMap(([name, held]) => member(name, held, 0, SPREAD.has(name)))
        .join('\n') + '\n'
    );
  if (isJsonArray(value) && value.length > 0)
    return value.flatMap((item) => listItem(item, 0, false)).join('\n') + '\n';
  return `${inline(value)}\n`;
}

/** Columns that a line may take before its value is spread over several. */
const WIDTH = 120;
const STEP = '  ';
/** Parts that begin a paragraph of the file. */
const PARAGRAPHS = new Set(['types', 'examples', 'mock', 'errors', 'methods', 'cases', 'flows']);
/** Parts whose members stand on lines of their own, however short. */
const SPREAD = new Set(['types', 'errors', 'methods', 'cases', 'flows', 'steps', 'cleanup']);
/** Members of these are cases: one line only where it is a short one. */
const ONE_LINE_STEP = 100;

function inOrder(source: JsonObject): JsonObject {
  const names = [...contractShape.members.keys()].filter((name) => source[name] !== undefined);
  const others = Object.keys(source).filter((name) => !contractShape.members.has(name) && source[name] !== undefined);
  return Object.fromEntries([...names, ...others].map((name) => [name, source[name] ?? null]));
}

function member(name: string, value: Json, depth: number, spread: boolean): string[] {
  const indent = STEP.repeat(depth);
  const label = `${indent}${key(name)}:`;
  // `GET:` is how a method without particulars is declared.
  if (value === null) return [depth === 1 ? label : `${label} null`];
  const block = blockText(value, depth);
  if (block !== null) return [`${label} ${block.header}`, ...block.lines];

  const empty = isJsonArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
  const line = `${label} ${typeof value === 'string' ? text(value, false) : inline(value)}`;
  const isPlain = !isJsonArray(value) && !isJsonObject(value);
  if (isPlain || empty || (!spread && line.length <= WIDTH && !holdsLines(value))) return [line];
  if (isJsonArray(value)) return [label, ...value.flatMap((item) => listItem(item, depth + 1, SPREAD.has(name)))];
  return [label, ...Object.entries(value).flatMap(([inner, held]) => member(inner, held, depth + 1, false))];
}

function listItem(item: Json, depth: number, spread: boolean): string[] {
  const indent = STEP.repeat(depth);
  const line = `${indent}- ${typeof item === 'string' ? text(item, false) : inline(item)}`;
  const fits = line.length <= (spread ? ONE_LINE_STEP : WIDTH) && !holdsLines(item);
  if (fits && (!spread || !hasDepth(item))) return [line];

  if (isJsonObject(item) && Object.keys(item).length > 0) {
    const [first = '', ...rest] = Object.entries(item).flatMap(([name, held]) =>
      member(name, held, depth + 1, SPREAD.has(name)),
    );
    return [`${indent}- ${first.slice(indent.length + STEP.length)}`, ...rest];
  }
  if (isJsonArray(item) && item.length > 0) {
    const [first = '', ...rest] = item.flatMap((inner) => listItem(inner, depth + 1, false));
    return [`${indent}- ${first.slice(indent.length + STEP.length)}`, ...rest];
  }
  const block = blockText(item, depth);
  return block === null ? [line] : [`${indent}- ${block.header}`, ...block.lines];
}

/** Whether an object holds objects: those read better spread. */
function hasDepth(value: Json): boolean {
  return (
    isJsonObject(value) &&
    Object.values(value).some((held) => isJsonObject(held) && Object.values(held).some(isJsonObject))
  );
}

function holdsLines(value: Json): boolean {
  if (typeof value === 'string') return value.includes('\n');
  if (isJsonArray(value)) return value.some(holdsLines);
  return isJsonObject(value) && Object.values(value).some(holdsLines);
}

/** Text of several lines as a literal block, where that reads back as the same text. */
function blockText(value: Json, depth: number): { readonly header: string; readonly lines: string[] } | null {
  if (typeof value !== 'string' || !value.trimEnd().includes('\n') || !/^[^\s]/.test(value)) return null;
  if (/[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe]/.test(value) || /[ \t](\n|$)/.test(value) || value.endsWith('\n\n'))
    return null;
  const kept = value.endsWith('\n');
  const body = kept ? value.slice(0, -1) : value;
  const indent = STEP.repeat(depth + 1);
  return { header: kept ? '|' : '|-', lines: body.split('\n').map((line) => (line === '' ? '' : indent + line)) };
}

/** The value on one line, in flow style. */
function inline(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return text(value, true);
  if (isJsonArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (!isJsonObject(value)) return stringifyJson(value);
  const members = Object.entries(value).map(([name, held]) => `${key(name)}: ${inline(held)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** Texts that are safe without quotes everywhere, inside braces, too. */
const PLAIN = /^[A-Za-z_$./^(][A-Za-z0-9_$./^()+*'=;@!?-]*(?:[ :][A-Za-z0-9_$./^()+*'=;@!?-]+)*$/;
/** What YAML, or somebody who learnt YAML 1.1, reads as something else. */
const NOT_TEXT = /^(?:~|null|true|false|yes|no|on|off|y|n|[-+]?\.(?:inf|nan)|[-+.]?[0-9].*)$/i;

/** Inside braces a comma would end the text. */
function text(value: string, inFlow: boolean): string {
  const bare = inFlow ? value : value.replaceAll(/,(?=\S| \S)/g, '');
  if (PLAIN.test(bare) && !NOT_TEXT.test(value) && !/: |:$/.test(value) && value.length < 400) return value;
  return JSON.stringify(value);
}

/** Names may look like numbers: the reader takes them as they are written. */
function key(name: string): string {
  if (/^\d+$/.test(name) || (/^[A-Za-z_$][A-Za-z0-9_$.-]*\??$/.test(name) && !/^(?:null|true|false|~)$/i.test(name)))
    return name;
  return /^[a-z0-9-]+(?:\/[a-z0-9-]+)+$/.test(name) && !NOT_TEXT.test(name) ? name : JSON.stringify(name);
}
