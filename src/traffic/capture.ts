/** A copy of a body that passes by, inflated under caps, for the judge alone. */
import { BodyReader } from '../transport/body-reader.ts';
import type { HeaderLines, TransportFailure } from '../transport/exchange.ts';

/** Bodies beyond this pass, too; they are only not judged. */
const MAX_BYTES = 16 * 1024 * 1024;
const CAPS = { maxBodyBytes: MAX_BYTES, maxInflateRatio: 200, maxInflateLayers: 2 } as const;

export interface Captured {
  readonly body: Uint8Array;
  /** Why it cannot be judged: too large, or its coding is broken. null: it is whole. */
  readonly failure: TransportFailure | null;
}

/** Fed chunk by chunk; `done` is called once, when all of it has been looked at. */
export class Capture {
  readonly #reader: BodyReader;
  readonly #done: (captured: Captured) => void;
  #settled = false;

  constructor(where: string, done: (captured: Captured) => void) {
    this.#done = done;
    this.#reader = new BodyReader(where, CAPS, { bodyDone: (body, failure) => this.#settle(body, failure) });
  }

  begin(headers: HeaderLines, hasBody: boolean): void {
    const failure = this.#reader.begin(headers, hasBody);
    if (failure !== null) this.#settle(new Uint8Array(), failure);
  }

  write(chunk: Uint8Array): void {
    if (this.#settled) return;
    const failure = this.#reader.write(chunk);
    if (failure !== null) this.#settle(new Uint8Array(), failure);
  }

  end(): void {
    if (!this.#settled) this.#reader.end();
  }

  /** The rest will not come. */
  cut(failure: TransportFailure): void {
    if (!this.#settled) this.#settle(this.#reader.cut(), failure);
  }

  #settle(body: Uint8Array, failure: TransportFailure | null): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#done({ body, failure });
  }
}
