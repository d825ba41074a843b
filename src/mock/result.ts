/**
 * What an answer says, before it is written down: one shape for each envelope of the answers.
 *
 * Methods make results, `render.ts` writes them, and a fault may change one in between.
 */
import type { Json, JsonObject } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';

/** What happened to one entity: the whole answer of a single method, one entry of a batch. */
export interface Item {
  readonly key: Key | null;
  readonly status: number;
  /** The entity, where the answer shows it. */
  readonly entity: JsonObject | null;
  /** The error body; null when it went well, and for a failure that is a bare status. */
  readonly error: JsonObject | null;
}

/** A refusal, or a failure of the whole request. */
export interface Failure {
  readonly kind: 'failure';
  readonly status: number;
  /** null: no body and no error header, as a resource that returns a bare status. */
  readonly error: JsonObject | null;
  /** The error was raised before a method was found: the open-source server then names no Content-Type. */
  readonly unrouted: boolean;
  readonly headers: readonly (readonly [string, string])[];
  /** In place of a JSON body: what the open-source server says in plain text. */
  readonly text: string | null;
}

/** One list: of GET_ALL, a finder, or one criterion. Absent parts stay out of the body. */
export interface Page {
  readonly elements: readonly JsonObject[];
  readonly paging: JsonObject | null;
  readonly metadata: Json | undefined;
}

export type Success =
  | { readonly kind: 'entity'; readonly status: number; readonly item: Item }
  | { readonly kind: 'created'; readonly status: number; readonly item: Item }
  | { readonly kind: 'none'; readonly status: number; readonly item: Item }
  | { readonly kind: 'batch'; readonly status: number; readonly items: readonly Item[] }
  | { readonly kind: 'statuses'; readonly status: number; readonly items: readonly Item[] }
  | { readonly kind: 'createdBatch'; readonly status: number; readonly items: readonly Item[] }
  | { readonly kind: 'collection'; readonly status: number; readonly page: Page }
  | { readonly kind: 'collections'; readonly status: number; readonly pages: readonly (Page | Item)[] }
  | { readonly kind: 'value'; readonly status: number; readonly value: Json | undefined }
  | { readonly kind: 'body'; readonly status: number; readonly body: Json | undefined; readonly item: Item | null };

export type Result = Success | Failure;

/** Whether one result of a batch finder is a failure. */
export function isPage(result: Page | Item): result is Page {
  return 'elements' in result;
}

/** A request that failed as a whole. */
export function failure(
  status: number,
  error: JsonObject | null,
  more?: Partial<Pick<Failure, 'unrouted' | 'headers' | 'text'>>,
): Failure {
  return {
    kind: 'failure',
    status,
    error,
    unrouted: more?.unrouted ?? false,
    headers: more?.headers ?? [],
    text: more?.text ?? null,
  };
}
