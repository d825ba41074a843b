/** One connection as the bytes see it: what came since the request went out. Kept so that a failure can show the evidence. */
import type { Socket } from 'node:net';
import type { HeaderLines } from './exchange.ts';

/** A head longer than any limit on it is not kept whole. */
const KEPT_HEAD_BYTES = 65_536;

export class Line {
  /** True after an answer without body: a server that sent one after all leaves its bytes on the connection. */
  mayHoldStrayBytes = false;

  #socket: Socket | null = null;
  #answers = 0;
  #first: Buffer | null = null;
  #more: Buffer[] | null = null;
  #keptBytes = 0;
  #keeping = false;
  #headBodyless = false;

  /** A new connection; reads go through `#saw` from here on. */
  attach(socket: Socket): void {
    this.#socket = socket;
    this.#answers = 0;
    this.#headBodyless = false;

    const read = socket.read.bind(socket);
    socket.read = (size?: number): unknown => {
      const chunk: unknown = read(size);
      if (this.#keeping && Buffer.isBuffer(chunk)) this.#saw(chunk);
      return chunk;
    };
  }

  /** A request goes out. @returns true if the connection carried an answer before */
  begin(): boolean {
    this.#first = null;
    this.#more = null;
    this.#keptBytes = 0;
    this.#keeping = true;
    this.mayHoldStrayBytes = this.#headBodyless;
    this.#headBodyless = false;
    return this.#answers > 0;
  }

  headDone(): void {
    this.#keeping = false;
  }

  /** The answer is complete. `bodyless`: it ended with its headers. */
  end(bodyless: boolean): void {
    this.#keeping = false;
    this.#answers += 1;
    this.#headBodyless = bodyless;
    this.#first = null;
    this.#more = null;
  }

  /** Everything received up to the chunk that ended the head. */
  head(): Uint8Array {
    if (this.#more !== null) return Buffer.concat(this.#more);
    return this.#first ?? new Uint8Array(0);
  }

  /** The chunk that holds the whole head; null if the head came in pieces. */
  wholeHead(): Buffer | null {
    return this.#more === null ? this.#first : null;
  }

  /** Ends the connection, once the parser that may be calling is done. */
  drop(): void {
    const socket = this.#socket;
    queueMicrotask(() => socket?.destroy());
  }

  #saw(chunk: Buffer): void {
    hideContinue(chunk);
    if (this.#keptBytes > KEPT_HEAD_BYTES) return;
    this.#keptBytes += chunk.byteLength;
    if (this.#first === null) this.#first = chunk;
    else (this.#more ??= [this.#first]).push(chunk);
  }
}

/**
 * undici takes an unasked `100 Continue` for a broken answer, RFC 9110 15.2 has clients ignore it: as 103 it is ignored.
 * The digit is changed in place; a 100 that is split over two chunks stays a 100.
 */
function hideContinue(chunk: Buffer): void {
  if (chunk[9] !== 0x31) return;
  let at = 0;
  while (chunk[at + 9] === 0x31 && chunk.toString('latin1', at, at + 7) === 'HTTP/1.') {
    if (chunk.toString('latin1', at + 9, at + 13) === '100 ') chunk[at + 11] = 0x33;
    const end = chunk.indexOf('\r\n\r\n', at, 'latin1');
    if (end < 0) return;
    at = end + 4;
  }
}

/**
 * Header lines from undici's views of them. The views lie in the chunk that was received, so decoding that once and cutting
 * the text is several times faster than decoding each view.
 *
 * @param whole - the chunk that holds the whole head; null: each view is decoded
 */
export function readHeaderLines(views: readonly Buffer[], whole: Buffer | null): HeaderLines {
  const last = views.at(-1);
  const first = views[0];
  const isInside =
    whole !== null && first !== undefined && last !== undefined && isPartOf(first, whole) && isPartOf(last, whole);
  const base = isInside ? whole.byteOffset : 0;
  const text = isInside ? whole.toString('latin1', 0, last.byteOffset + last.byteLength - base) : '';

  const read = (view: Buffer | undefined): string => {
    if (view === undefined) return '';
    // A view that undici put together from two lies in a buffer of its own.
    if (!isInside || !isPartOf(view, whole)) return view.toString('latin1');
    return text.slice(view.byteOffset - base, view.byteOffset - base + view.byteLength);
  };
  const lines: (readonly [string, string])[] = [];
  for (let i = 0; i + 1 < views.length; i += 2) lines.push([read(views[i]), read(views[i + 1])]);
  return lines;
}

function isPartOf(view: Buffer, whole: Buffer): boolean {
  return (
    view.buffer === whole.buffer &&
    view.byteOffset >= whole.byteOffset &&
    view.byteOffset + view.byteLength <= whole.byteOffset + whole.byteLength
  );
}
