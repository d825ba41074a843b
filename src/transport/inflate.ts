/** Takes content codings off a body as it arrives, under caps: size, ratio, number of codings. */
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, type Zlib } from 'node:zlib';
import type { Transform } from 'node:stream';
import type { TransportFailure } from './exchange.ts';
import { escapeBytes, failure } from './failure.ts';

export interface InflateCaps {
  /** Largest body after inflating. */
  readonly maxBodyBytes: number;
  /** Largest inflated : received, judged once RATIO_FROM_BYTES have come out. */
  readonly maxInflateRatio: number;
  readonly maxInflateLayers: number;
}

/** Short repetitive JSON compresses a hundredfold in good faith; a bomb must first grow to hurt. */
const RATIO_FROM_BYTES = 1_048_576;

type Decoder = Transform & Zlib;

const DECODERS: ReadonlyMap<string, (first: number) => Decoder> = new Map([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  // RFC 9110 8.4.1.2: `deflate` is the zlib format; some servers send the raw one, told apart by the first byte.
  ['deflate', (first: number): Decoder => ((first & 0x0f) === 8 ? createInflate() : createInflateRaw())],
  ['br', () => createBrotliDecompress()],
]);

/**
 * Codings of a Content-Encoding header in the order applied, or the failure that refuses them.
 *
 * @param values - values of all Content-Encoding lines; `identity` counts for nothing
 */
export function readCodings(values: readonly string[], caps: InflateCaps): readonly string[] | TransportFailure {
  const codings = values
    .join(',')
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');

  if (codings.length > caps.maxInflateLayers) {
    return failure(
      'too-many-codings',
      `The body has ${codings.length} content codings, ${caps.maxInflateLayers} are allowed.`,
    );
  }
  return codings;
}

/** The first coding that nobody here can take off; undefined if all are known. */
export function unknownCoding(codings: readonly string[]): string | undefined {
  return codings.find((coding) => !DECODERS.has(coding));
}

/**
 * A body in one or more content codings, written chunk by chunk.
 *
 * `done` is called exactly once: with the whole inflated body, or with the failure and what came out before it.
 */
export class Inflater {
  readonly #codings: readonly string[];
  readonly #caps: InflateCaps;
  readonly #done: (body: Uint8Array, failed: TransportFailure | null) => void;
  readonly #chain: Decoder[] = [];
  readonly #out: Buffer[] = [];
  #receivedBytes = 0;
  #inflatedBytes = 0;
  #first: Uint8Array = new Uint8Array(0);
  #settled = false;

  constructor(
    codings: readonly string[],
    caps: InflateCaps,
    done: (body: Uint8Array, failed: TransportFailure | null) => void,
  ) {
    this.#codings = codings;
    this.#caps = caps;
    this.#done = done;
  }

  write(chunk: Uint8Array): void {
    if (this.#settled || chunk.byteLength === 0) return;
    if (this.#receivedBytes === 0) {
      this.#first = chunk.subarray(0, 80);
      this.#open(chunk[0] ?? 0);
    }
    this.#receivedBytes += chunk.byteLength;
    this.#chain[0]?.write(chunk);
  }

  end(): void {
    // No byte at all is an empty body, whatever the header says (answers without content keep the header).
    if (this.#receivedBytes === 0) this.#settle(null);
    else this.#chain[0]?.end();
  }

  /** Stops without a call of `done`. */
  destroy(): void {
    this.#settled = true;
    for (const decoder of this.#chain) decoder.destroy();
  }

  /** The coding applied last comes off first. */
  #open(first: number): void {
    for (const coding of this.#codings.toReversed()) {
      const decoder = DECODERS.get(coding)?.(first);
      if (decoder === undefined) continue;
      decoder.on('error', (error: NodeJS.ErrnoException) => this.#broken(coding, error));
      this.#chain.at(-1)?.pipe(decoder);
      this.#chain.push(decoder);
    }
    const last = this.#chain.at(-1);
    last?.on('data', (chunk: Buffer) => this.#take(chunk));
    last?.on('end', () => this.#settle(null));
  }

  #take(chunk: Buffer): void {
    if (this.#settled) return;
    this.#inflatedBytes += chunk.byteLength;
    this.#out.push(chunk);

    const { maxBodyBytes, maxInflateRatio } = this.#caps;
    if (this.#inflatedBytes > maxBodyBytes) {
      this.#settle(
        failure(
          'size-limit',
          `The body is over the limit of ${maxBodyBytes} bytes: ${this.#receivedBytes} bytes received, ${this.#inflatedBytes} inflated so far.`,
        ),
      );
    } else if (this.#inflatedBytes > RATIO_FROM_BYTES && this.#inflatedBytes > maxInflateRatio * this.#receivedBytes) {
      this.#settle(
        failure(
          'inflate-ratio',
          `The body grows more than ${maxInflateRatio} times: ${this.#receivedBytes} bytes received, ${this.#inflatedBytes} inflated so far.`,
        ),
      );
    }
  }

  #broken(coding: string, error: NodeJS.ErrnoException): void {
    const received = `${this.#receivedBytes} bytes received, ${this.#inflatedBytes} inflated`;
    if (error.code === 'Z_BUF_ERROR') {
      this.#settle(failure('truncated-gzip', `The ${coding} body ends too early: ${received}.`));
    } else if (this.#inflatedBytes === 0) {
      const begins = escapeBytes(this.#first, 40);
      this.#settle(
        failure(
          'not-gzip',
          `Content-Encoding says ${coding}, but the body is not ${coding}: it begins with "${begins}".`,
        ),
      );
    } else {
      this.#settle(failure('gzip-broken', `The ${coding} body is damaged (${error.message}): ${received}.`));
    }
  }

  #settle(failed: TransportFailure | null): void {
    if (this.#settled) return;
    this.destroy();
    this.#done(this.#out.length === 1 ? (this.#out[0] ?? new Uint8Array(0)) : Buffer.concat(this.#out), failed);
  }
}
