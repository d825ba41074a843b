/** Error bodies: what a contract or a dialect declares for a status, in the shape that the dialect gives its errors. */
import type { ErrorPromise } from '../contract/contract.ts';
import type { Dialect } from '../protocol/dialects.ts';
import { jsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { fitsSchema } from '../schema/check.ts';
import type { Schema } from '../schema/schema.ts';
import { EMPTY_SCOPE } from '../schema/types.ts';
import { Samples } from './samples.ts';
import { factsOf } from './schema-facts.ts';

/** What an error says; absent members stay out of the body. */
export interface ErrorText {
  readonly message: string;
  readonly code?: string | null;
  readonly serviceErrorCode?: number | null;
  readonly details?: Json | undefined;
}

/**
 * An error body: `status` and `message`, beside them `code`, `serviceErrorCode` and `errorDetails` where they are known.
 * What the dialect declares for a status supplies what the error itself leaves open.
 */
export function errorBody(status: number, text: ErrorText, dialect: Dialect | null): JsonObject {
  const declared = dialect === null ? undefined : dialectErrors(dialect, status)[0];
  const code = text.code ?? declared?.code ?? null;
  const isBare = (text.code ?? null) === null;
  const serviceErrorCode = text.serviceErrorCode ?? (isBare ? declared?.serviceErrorCode : undefined) ?? null;

  const members: [string, Json][] = [['status', status]];
  if (serviceErrorCode !== null) members.push(['serviceErrorCode', serviceErrorCode]);
  if (code !== null) members.push(['code', code]);
  members.push(['message', text.message]);
  if (text.details !== undefined) members.push(['errorDetails', text.details]);
  const body = jsonObject(members);
  return dialect === null || dialect.error === null ? body : inShapeOf(dialect, body);
}

interface ErrorShape {
  readonly schema: Schema;
  readonly sample: JsonObject;
}
const shapes = new WeakMap<Dialect, ErrorShape>();

/** A dialect may give its errors another shape: then what fits of the body stands in a sample of that shape. */
function inShapeOf(dialect: Dialect, body: JsonObject): JsonObject {
  const shape = shapeOf(dialect);
  if (fitsSchema(shape.schema, body)) return body;
  const { members } = factsOf(shape.schema);
  return { ...shape.sample, ...jsonObject(Object.entries(body).filter(([name]) => members.has(name))) };
}

function shapeOf(dialect: Dialect): ErrorShape {
  const known = shapes.get(dialect);
  if (known !== undefined) return known;
  const schema: Schema = { json: dialect.error ?? true, scope: EMPTY_SCOPE, name: null };
  const shape = { schema, sample: new Samples(0).recordOf(schema) };
  shapes.set(dialect, shape);
  return shape;
}

/** The text of an error that a contract declares. `details`: a value of its type, made by the caller. */
export function promisedError(promise: ErrorPromise, details: Json | undefined): ErrorText {
  const message = promise.message ?? promise.doc ?? promise.code ?? 'The request meets a declared error.';
  return { message, code: promise.code, serviceErrorCode: promise.serviceErrorCode, details };
}

function dialectErrors(dialect: Dialect, status: number): Dialect['errors'][string] {
  return (Object.hasOwn(dialect.errors, String(status)) ? dialect.errors[String(status)] : undefined) ?? [];
}
