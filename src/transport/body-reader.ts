/** Collects the body of one answer: counts it against the cap and takes its codings off as it comes. */
import type { HeaderLines, TransportFailure } from './exchange.ts';
import { headerOf, headerValues } from './exchange.ts';
import { failure } from './failure.ts';
import { Inflater, readCodings, unknownCoding, type InflateCaps } from './inflate.ts';

/** Who the body is read for. An object rather than a callback: one closure less for each request. */
export interface BodyOwner {
  /** Called once: with the whole body, or with the failure and what came out before it. */
  bodyDone(body: Uint8Array, failed: TransportFailure | null): void;
}

const NO_BODY = new Uint8Array(0);

export class BodyReader {
  /** Bytes of the body so far, as sent. */
  receivedBytes = 0;
  /** Content-Length; null if absent. */
  expectedBytes: number | null = null;

  readonly #where: string;
  readonly #caps: InflateCaps;
  readonly #owner: BodyOwner;
  #first: Uint8Array | null = null;
  #more: Uint8Array[] | null = null;
  #inflater: Inflater | null = null;
  #unknownCoding: string | null = null;

  constructor(where: string, caps: InflateCaps, owner: BodyOwner) {
    this.#where = where;
    this.#caps = caps;
    this.#owner = owner;
  }

  /** The head is known. @returns why a body like that is not even read */
  begin(headers: HeaderLines, hasBody: boolean): TransportFailure | null {
    const length = headerOf(headers, 'content-length');
    this.expectedBytes = length === null ? null : Number(length);
    if (!hasBody) return null;
    if (this.expectedBytes !== null && this.expectedBytes > this.#caps.maxBodyBytes) {
      return failure(
        'size-limit',
        `The body of ${this.#where} has ${length} bytes, the limit is ${this.#caps.maxBodyBytes}.`,
      );
    }

    if (headerOf(headers, 'content-encoding') === null) return null;
    const codings = readCodings(headerValues(headers, 'content-encoding'), this.#caps);
    if ('code' in codings) return codings;
    this.#unknownCoding = unknownCoding(codings) ?? null;
    if (codings.length > 0 && this.#unknownCoding === null) {
      this.#inflater = new Inflater(codings, this.#caps, (body, failed) => this.#owner.bodyDone(body, failed));
    }
    return null;
  }

  /** The next chunk; it is kept, not copied. @returns why reading ends here */
  write(chunk: Uint8Array): TransportFailure | null {
    this.receivedBytes += chunk.byteLength;
    if (this.receivedBytes > this.#caps.maxBodyBytes) {
      return failure('size-limit', `The body of ${this.#where} is over the limit of ${this.#caps.maxBodyBytes} bytes.`);
    }

    if (this.#inflater !== null) this.#inflater.write(chunk);
    else if (this.#first === null) this.#first = chunk;
    else (this.#more ??= [this.#first]).push(chunk);
    return null;
  }

  /** The last byte has come; `bodyDone` follows, at once or when all is inflated. */
  end(): void {
    if (this.#inflater !== null) return this.#inflater.end();
    if (this.#unknownCoding === null || this.receivedBytes === 0) return this.#owner.bodyDone(this.#whole(), null);

    const coding = JSON.stringify(this.#unknownCoding.slice(0, 40));
    this.#owner.bodyDone(
      this.#whole(),
      failure(
        'unknown-coding',
        `The body has the content coding ${coding}, which is not known; ${this.receivedBytes} bytes as sent.`,
      ),
    );
  }

  /** Stops reading. @returns what came so far; nothing of a body in a coding, half of which means nothing */
  cut(): Uint8Array {
    if (this.#inflater === null) return this.#whole();
    this.#inflater.destroy();
    return NO_BODY;
  }

  #whole(): Uint8Array {
    if (this.#more !== null) return Buffer.concat(this.#more);
    return this.#first ?? NO_BODY;
  }
}
