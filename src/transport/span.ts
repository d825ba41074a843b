/** A stretch of a text, in UTF-16 units from 0. */
export interface Span {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** What is wrong with a recording that is read, and where. An error makes the part that it names unreadable. */
export interface ReadProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly at: Span;
  readonly fix: string | null;
}

/** Line of an offset, from 1. Asked in rising order it reads the text once. */
export class Lines {
  readonly #text: string;
  #line = 1;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  at(offset: number): number {
    if (offset < this.#at) {
      this.#line = 1;
      this.#at = 0;
    }
    for (
      let next = this.#text.indexOf('\n', this.#at);
      next >= 0 && next < offset;
      next = this.#text.indexOf('\n', next + 1)
    ) {
      this.#line += 1;
      this.#at = next + 1;
    }
    return this.#line;
  }
}
