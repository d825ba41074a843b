/** Takes secrets out of recorded values: what the redactor would mask becomes a variable of the environment. */
import { isJsonArray, isJsonObject, jsonObject, type Json } from '../../protocol/json.ts';
import { createRedactor, MASK } from '../../transport/redact.ts';
import { isSecretField, isSecretHeader } from '../../transport/secret-names.ts';
import type { Recorded } from './recorded.ts';

export class Cleaner {
  /** Names of what was left out, for one note. */
  readonly removed = new Set<string>();
  readonly #redactor = createRedactor();

  /** @param recorded - credentials in their headers are looked for everywhere else, too */
  constructor(recorded: readonly Recorded[]) {
    for (const { request, response } of recorded) {
      for (const [name, value] of [...request.headers, ...(response?.headers ?? [])]) {
        if (!isSecretHeader(name)) continue;
        this.removed.add(name);
        this.#redactor.addValue(value.replace(/^(?:Bearer|Basic|OAuth)\s+/i, ''));
      }
    }
  }

  isSecret(name: string): boolean {
    return isSecretField(name);
  }

  /** A value without secrets. `${` of the recording stays what it is. */
  value(value: Json, name = ''): Json {
    if (name !== '' && isSecretField(name) && value !== null && typeof value !== 'boolean') return this.#variable(name);
    if (typeof value === 'string') return this.#text(value, name);
    if (isJsonArray(value)) return value.map((item) => this.value(item, name));
    if (!isJsonObject(value)) return value;
    return jsonObject(Object.entries(value).map(([member, item]) => [member, this.value(item, member)]));
  }

  #text(value: string, name: string): string {
    const clean = this.#redactor.redactText(value);
    if (clean !== value || clean.includes(MASK)) return this.#variable(name === '' ? 'secret' : name);
    return value.replaceAll('${', () => '$${');
  }

  /** With a default, so that the draft can be checked before the variable is set. */
  #variable(name: string): string {
    this.removed.add(name);
    const variable = name
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .toUpperCase()
      .replace(/[^A-Z0-9]+/g, '_')
      .replace(/^(?=\d)/, '_');
    return `\${env.${variable}:-secret}`;
  }
}
