/** What a mock is told to do to chosen requests beside answering them: wait first, or answer another status. */
import type { Contract } from '../contract/contract.ts';
import type { Dialect } from '../protocol/dialects.ts';
import { isMethodName, type MethodName } from '../protocol/methods.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import { checkRequest } from '../verify/check-request.ts';

/** Which requests: of one resource, method and operation; null: of any. */
export interface Selector {
  readonly resource: string | null;
  readonly method: MethodName | null;
  readonly operation: string | null;
}

export interface Intervention {
  readonly selector: Selector;
  /** Milliseconds before the answer. */
  readonly delayMs: number;
  /** Answered in the place of the mock; null: the mock answers. */
  readonly status: number | null;
  /** How often; null: always. */
  readonly times: number | null;
}

/**
 * Reads `*`, `GET`, `books/GET`, `FINDER/search`, `books/FINDER/search`.
 *
 * @returns the selector, or one sentence that says what is wrong
 */
export function parseSelector(text: string, resources: readonly string[]): Selector | string {
  if (text === '*') return { resource: null, method: null, operation: null };
  const parts = text.split('/');
  const isMethodFirst = isMethodName((parts[0] ?? '').toUpperCase()) && !resources.includes(parts[0] ?? '');
  const resource = isMethodFirst ? null : (parts[0] ?? '');
  const [method = '*', operation = null, ...more] = isMethodFirst ? parts : parts.slice(1);
  if (more.length > 0 || (resource !== null && !resources.includes(resource)))
    return `\`${text}\` selects nothing: begin with a method or one of ${resources.join(', ')}`;
  const name = method.toUpperCase();
  if (name === '*') return { resource, method: null, operation };
  return isMethodName(name)
    ? { resource, method: name, operation }
    : `\`${text}\` selects nothing: \`${method}\` is none of the 14 methods`;
}

/** Picks what is to be done to each request; counts how often it was. */
export class Interventions {
  readonly #contracts: readonly Contract[];
  readonly #dialects: ReadonlyMap<string, Dialect>;
  readonly #rows: { readonly row: Intervention; left: number }[];

  constructor(rows: readonly Intervention[], contracts: readonly Contract[], dialects: ReadonlyMap<string, Dialect>) {
    this.#contracts = contracts;
    this.#dialects = dialects;
    this.#rows = rows.map((row) => ({ row, left: row.times ?? Number.POSITIVE_INFINITY }));
  }

  /** The delays that hold for a request added up, and the first status that does. */
  take(request: HttpRequest): { readonly delayMs: number; readonly status: number | null } {
    const { contract, asked } = checkRequest(request, this.#contracts, { dialects: this.#dialects });
    let delayMs = 0;
    let status: number | null = null;
    for (const one of this.#rows) {
      const { selector } = one.row;
      if (one.left === 0) continue;
      if (selector.resource !== null && selector.resource !== contract?.resource) continue;
      if (selector.method !== null && selector.method !== asked?.method) continue;
      if (selector.operation !== null && selector.operation !== asked?.operation?.name) continue;
      if (one.row.status !== null && status !== null) continue;
      one.left -= 1;
      delayMs += one.row.delayMs;
      status ??= one.row.status;
    }
    return { delayMs, status };
  }
}
