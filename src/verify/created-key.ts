/** The key of a created entity: in the id header, and at the end of `Location`. */
import { percentDecode } from '../protocol/encoding.ts';
import { HEADERS, ID_HEADER } from '../protocol/headers.ts';
import { keyOfLocation, keyText, readKey, withoutParams, type Key } from '../protocol/keys.ts';
import { headerOf, type HttpResponse } from '../transport/exchange.ts';
import type { Asked } from './asked.ts';
import { typeKey } from './typed.ts';

/** What each header says; absent ones are null. */
export interface CreatedKey {
  /** The id header that was found, as the protocol calls it. */
  readonly header: string;
  readonly id: string | null;
  readonly location: string | null;
  /** The keys read from each, typed; null where the text is no key. */
  readonly fromId: Key | null;
  readonly fromLocation: Key | null;
}

/** Headers that carry an id and no path. */
const ID_HEADERS = [ID_HEADER['2.0.0'], ID_HEADER['1.0.0']];

/** Reads what a creation says of the new key. Never throws. */
export function createdKey(asked: Asked, response: HttpResponse): CreatedKey {
  const allowed =
    asked.dialect.idHeaders.length === 0
      ? [ID_HEADER[asked.protocol]]
      : asked.dialect.idHeaders.filter((name) => ID_HEADERS.includes(name));
  const header =
    allowed.find((name) => headerOf(response.headers, name) !== null) ?? allowed[0] ?? ID_HEADER[asked.protocol];
  const id = headerOf(response.headers, header);
  const location = headerOf(response.headers, HEADERS.location);
  return {
    header,
    id,
    location,
    fromId: id === null ? null : readId(asked, id),
    fromLocation: location === null ? null : readLocation(asked, location),
  };
}

/** The key that was created, from whichever place has it. */
export function keyOf(created: CreatedKey): Key | null {
  return created.fromId ?? created.fromLocation;
}

/**
 * An id of a header or of a BATCH_CREATE result, typed. Where the dialect lets ids come escaped (LinkedIn), a text with
 * escapes is decoded.
 */
export function readId(asked: Asked, text: string): Key | null {
  const { key: type } = asked.contract;
  if (type === null) return null;
  const plain = fromLatin1(text);
  const read = readKey(plain, type.shape, 'header', asked.protocol);
  if ('problem' in read) return null;
  const { key } = read;
  if (typeof key === 'string' && asked.dialect.batchKeys !== 'reduced') {
    const decoded = percentDecode(key);
    return typeKey(type, 'value' in decoded ? decoded.value : key).key;
  }
  return typeKey(type, key).key;
}

function readLocation(asked: Asked, location: string): Key | null {
  const { key: type } = asked.contract;
  if (type === null) return null;
  const segment = keyOfLocation(location);
  const read = readKey(segment === "''" ? '' : segment, type.shape, 'location', asked.protocol);
  if ('problem' in read) return null;
  return withoutParams(typeKey(type, read.key).key);
}

/** Whether the two places name the same entity. Escapes and the order of parts do not count. */
export function sameCreated(created: CreatedKey): boolean {
  const { fromId, fromLocation } = created;
  return (
    fromId === null || fromLocation === null || keyText(withoutParams(fromId)) === keyText(withoutParams(fromLocation))
  );
}

/** Servers write UTF-8 into headers, Node reads Latin-1: text that is UTF-8 in disguise is what was meant. */
function fromLatin1(text: string): string {
  const codes = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  if (!codes.some((code) => code > 0x7f) || codes.some((code) => code > 0xff)) return text;
  try {
    return strict.decode(Uint8Array.from(codes));
  } catch {
    return text;
  }
}

const strict = new TextDecoder('utf-8', { fatal: true });
