/** Keys that two endpoints gave for the same request: whether they may differ, and what stands for what afterwards. */
import type { Contract } from '../../src/contract/contract.ts';
import type { ProtocolVersion } from '../../src/protocol/dialects.ts';
import { isJsonArray, isJsonObject, memberOf, type Json } from '../../src/protocol/json.ts';
import {
  keyOfLocation,
  keyText,
  readKey,
  sameKey,
  withoutParams,
  writeKey,
  type Key,
  type KeyShape,
} from '../../src/protocol/keys.ts';
import { typedKey } from '../../src/mock/lenient.ts';
import { coerce } from '../../src/schema/coerce.ts';

interface Asked {
  readonly contract: Contract | null;
  readonly path: string;
  readonly protocol: ProtocolVersion;
  readonly sent: Json | undefined;
}

/** What was created in one case: texts of the server's keys and of the mock's, part by part. */
export class KnownKeys {
  readonly #pairs = new Map<string, Set<string>>();

  /**
   * Remembers that a key of the server stands where one of the mock does.
   *
   * @returns the part that differs although the request decides it, or null
   */
  give(server: string, mock: string, asked: Asked): string | null {
    const [ours, theirs] = [partsOf(server, asked), partsOf(mock, asked)];
    let decided: string | null = null;
    for (const [name, text] of ours) {
      const other = theirs.get(name);
      if (other === undefined || other === text) continue;
      if (isDecided(name, other, asked)) decided = name;
      const known = this.#pairs.get(text) ?? new Set();
      this.#pairs.set(text, known.add(other));
    }
    return decided;
  }

  isSameText(server: string, mock: string): boolean {
    return server === mock || this.#pairs.get(server)?.has(mock) === true;
  }

  isSameScalar(server: Json, mock: Json): boolean {
    if (isJsonObject(server) || isJsonArray(server) || isJsonObject(mock) || isJsonArray(mock)) return false;
    return server !== null && typeof server === typeof mock && this.isSameText(String(server), String(mock));
  }

  /** Whether two keys of a result map name the same entity. */
  isSameKey(server: string, mock: string, asked: Asked): boolean {
    const [ours, theirs] = [partsOf(server, asked, 'body'), partsOf(mock, asked, 'body')];
    if (ours.size !== theirs.size) return false;
    return [...ours].every(([name, text]) => this.isSameText(text, theirs.get(name) ?? ''));
  }

  /** Whether two requests ask the same, of keys that stand for each other. */
  isSameTarget(server: string, mock: string): boolean {
    if (server === mock) return true;
    const [ours, theirs] = [tokensOf(server), tokensOf(mock)];
    return ours.length === theirs.length && ours.every((token, i) => this.isSameText(token, theirs[i] ?? ''));
  }

  isSameBody(server: Json, mock: Json): boolean {
    if (isJsonArray(server) && isJsonArray(mock))
      return server.length === mock.length && server.every((item, i) => this.isSameBody(item, mock[i] ?? null));
    if (!isJsonObject(server) || !isJsonObject(mock)) return server === mock || this.isSameScalar(server, mock);
    const [ours, theirs] = [Object.entries(server), Object.entries(mock)];
    return (
      ours.length === theirs.length &&
      ours.every(([name, value], i) => {
        const [other, held] = theirs[i] ?? ['', null];
        return this.isSameTarget(name, other) && this.isSameBody(value, held);
      })
    );
  }
}

/** Why the text of an id header is no key of the resource, or null. */
export function keyFault(text: string, contract: Contract, protocol: ProtocolVersion): string | null {
  const { key } = contract;
  if (key === null) return null;
  const read = readKey(text, key.shape, 'header', protocol);
  if ('problem' in read) return 'no key';
  for (const [name, type] of key.parts) {
    const part = isJsonObject(read.key) ? memberOf(read.key, name) : read.key;
    if (typeof part === 'string' && 'problem' in coerce(type, part)) return `no ${name}`;
  }
  return null;
}

/** What a Location says: the path of the request and the key of the id header after it, which is its form, or itself. */
export function locationForm(location: string | null, id: string | null, { contract, path, protocol }: Asked): string {
  if (location === null) return 'nothing';
  if (id === null) return `${location} without an id`;
  const shape: KeyShape = contract?.key?.shape ?? { kind: 'simple' };
  const read = readKey(id, shape, 'header', protocol);
  const inLocation = readKey(keyOfLocation(location), shape, 'location', protocol);
  const isBelow = location.slice(0, location.lastIndexOf('/')) === path.replace(/\/+$/, '');
  if (isBelow && 'key' in read && 'key' in inLocation && sameKey(read.key, inLocation.key)) {
    const written = writeKey(read.key, shape, 'location', protocol);
    return location.endsWith(`/${written}`) ? 'path/id' : 'path/id in another spelling';
  }
  return isBelow ? 'path/another id' : `${location.slice(0, location.lastIndexOf('/'))}/…`;
}

/** Whether the key of a result map is one that the request asks for; any is where the request names none. */
export function isAsked(name: string, asked: Asked & { readonly ids: readonly Key[] | null }): boolean {
  const { contract, ids, protocol } = asked;
  if (ids === null || contract === null) return true;
  const read = readKey(name, contract.key?.shape ?? { kind: 'simple' }, 'body', protocol);
  if ('problem' in read) return ids.some((id) => keyText(id) === name);
  return ids.some((id) => sameValue(withoutParams(id), read.key, contract));
}

/** Keys of numbers have several spellings: `3.50` is 3.5. */
function sameValue(a: Key, b: Key, contract: Contract): boolean {
  return sameKey(a, b) || sameKey(typedKey(a, contract.key), typedKey(b, contract.key));
}

/** Scalars of a key by the names of its parts; what cannot be read is one part. */
function partsOf(
  text: string,
  { contract, protocol }: Asked,
  place: 'header' | 'body' = 'header',
): ReadonlyMap<string, string> {
  const read = readKey(text, contract?.key?.shape ?? { kind: 'simple' }, place, protocol);
  if ('problem' in read) return new Map([['', text]]);
  return leaves(read.key, '');
}

function leaves(key: Key | Json, name: string): ReadonlyMap<string, string> {
  if (isJsonArray(key) || key === null) return new Map([[name, JSON.stringify(key)]]);
  if (!isJsonObject(key)) return new Map([[name, keyText(key)]]);
  return new Map(
    Object.entries(key)
      .filter(([part]) => part !== '$params')
      .flatMap(([part, value]) => [...leaves(value, name === '' ? part : `${name}.${part}`)]),
  );
}

/** Whether the entity that was sent holds that part of its key, and the client may set it. */
function isDecided(part: string, value: string, { contract, sent }: Asked): boolean {
  const [first] = contract?.key?.parts.keys() ?? [];
  const name = part === '' ? (first ?? '') : part;
  if (contract?.readOnly.some((path) => path.length === 1 && path[0] === name) === true) return false;
  const held = memberOf(sent, name);
  return held !== undefined && held !== null && typeof held !== 'object' && String(held) === value;
}

function tokensOf(target: string): readonly string[] {
  return target.split(/([/?&=,():])/).map((token) => decoded(token.replaceAll('+', ' ')));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
