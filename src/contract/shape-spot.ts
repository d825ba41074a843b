/** Where the walk over a written value stands, and the problems it found on the way. */
import { describeValue } from '../diagnostic/quote.ts';
import type { Json } from '../protocol/json.ts';
import { formatPointer } from '../protocol/pointer.ts';
import { error, type Problem } from './problem.ts';

/** The text of the number at this place, as it was written; null when the source has no text. */
export type WrittenText = (pointer: string) => string | null;

export class Spot {
  readonly problems: Problem[] = [];
  /** The way from the root to here. */
  readonly #path: (string | number)[] = [];
  readonly #written: WrittenText;

  constructor(written: WrittenText) {
    this.#written = written;
  }

  /** Goes down to a member or item for as long as `look` takes. */
  within<T>(segment: string | number, look: () => T): T {
    this.#path.push(segment);
    const seen = look();
    this.#path.pop();
    return seen;
  }

  /** Here, or a member of what is here. */
  pointer(member?: string): string {
    return formatPointer(member === undefined ? this.#path : [...this.#path, member]);
  }

  /** What is here, in the words of a message: `` `doc` ``, `item 2 of `tags``. */
  subject(): string {
    const last = this.#path.at(-1);
    if (last === undefined) return 'the file';
    if (typeof last === 'string') return `\`${last}\``;
    const holder = this.#path.at(-2);
    return holder === undefined ? `item ${last + 1}` : `item ${last + 1} of \`${holder}\``;
  }

  written(member?: string): string | null {
    return this.#written(this.pointer(member));
  }

  tell(problem: Problem): undefined {
    this.problems.push(problem);
    return undefined;
  }

  wrongType(expected: string, value: Json, see: string | null = null): undefined {
    const message = `${this.subject()} is ${expected}, not ${describeValue(value)}`;
    return this.tell(
      error('wrong-type', this.pointer(), message, { see, fix: FORMS.get(expected) ?? `write ${expected}` }),
    );
  }
}

/** What to write, shown, where the words of the message alone would send the reader to the page. */
const FORMS: ReadonlyMap<string, string> = new Map([
  ['an object (the methods)', 'write the names of the methods as members: `methods: { GET: , CREATE: }`'],
  ['a list of keys', 'write `ids: [1, 2]`'],
  ['a status or an expectation', 'write `expect: 404`, or `expect: { status: 200, body: { … } }`'],
]);
