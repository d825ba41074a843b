/**
 * JSON as Rest.li means it: a `long` keeps all its digits.
 *
 * An integer beyond 2^53 - 1 is a bigint, every other number a JavaScript number, so that nothing is lost between
 * wire, contract, report and mock.
 */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}
