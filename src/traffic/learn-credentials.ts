/**
 * Teaches a redactor the credentials of the exchanges that pass. A cookie that a server echoes stands where no name tells
 * that it is one; once it was seen in its header, it is masked everywhere.
 */
import { credentialsInText, credentialsOf } from '../transport/credentials.ts';
import type { HeaderLines, HttpRequest, HttpResponse } from '../transport/exchange.ts';
import type { Redactor } from '../transport/redact.ts';
import { isSecretHeader } from '../transport/secret-names.ts';

/** Each new value costs the redactor a compilation and every text a longer search; sessions seldom change so often. */
const MOST_VALUES = 200;
const MOST_NAMES = 1_000;

export class CredentialLearner {
  readonly #redactor: Redactor;
  readonly #names = new Map<string, boolean>();
  readonly #lines = new Set<string>();
  readonly #values = new Set<string>();

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  learn({ request, response }: { readonly request: HttpRequest; readonly response: HttpResponse | null }): void {
    this.#learnHeaders(request.headers);
    if (response !== null) this.#learnHeaders(response.headers);
  }

  /** What gives itself away by its shape: a password before the host of a URL, a JSON Web Token. */
  learnText(text: string): void {
    for (const { value } of credentialsInText(text)) this.learnValue(value);
  }

  learnValue(value: string): void {
    if (this.#values.has(value) || this.#values.size >= MOST_VALUES) return;
    this.#values.add(value);
    this.#redactor.addValue(value);
  }

  #learnHeaders(headers: HeaderLines): void {
    for (const line of headers) {
      const [name, value] = line;
      if (!this.#isSecret(name) || this.#lines.has(value)) continue;
      if (this.#lines.size < MOST_VALUES) this.#lines.add(value);
      for (const credential of credentialsOf([line])) this.learnValue(credential.value);
    }
  }

  /** Clients send the same few names with every request. */
  #isSecret(name: string): boolean {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const isSecret = isSecretHeader(name);
    if (this.#names.size < MOST_NAMES) this.#names.set(name, isSecret);
    return isSecret;
  }
}
