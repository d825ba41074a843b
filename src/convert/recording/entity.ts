/** The entity of a resource, as far as recorded bodies show it. */
import { isJsonArray, isJsonObject, memberOf, type Json, type JsonObject } from '../../protocol/json.ts';
import { profileOf } from '../../protocol/methods.ts';
import type { ReadCall } from './cases.ts';
import { inferSchema } from './infer.ts';
import { jsonOf } from './shapes.ts';

/** Entities that were sent and answered, whole ones only. */
export function inferEntity(read: readonly ReadCall[]): JsonObject {
  const seen: Json[] = [];
  for (const { method, read: request, call, answers } of read) {
    const { sends, returns } = profileOf(method);
    const body = jsonOf(call.wire.body);
    if (sends === 'entity' && body !== undefined) seen.push(body);
    if (sends === 'elements') seen.push(...listOf(memberOf(body, 'elements')));
    if (sends === 'entities') seen.push(...valuesOf(memberOf(body, 'entities')));
    if (request.masks.fields !== undefined) continue;
    for (const answer of answers.filter(({ status }) => status < 400)) {
      if (returns === 'entity' && answer.body !== undefined) seen.push(answer.body);
      if (returns === 'collection') seen.push(...listOf(memberOf(answer.body, 'elements')));
      if (returns === 'batch') seen.push(...valuesOf(memberOf(answer.body, 'results')));
      if (returns === 'collections')
        seen.push(...listOf(memberOf(answer.body, 'elements')).flatMap((item) => listOf(memberOf(item, 'elements'))));
    }
  }
  return without(inferSchema(seen.filter(isJsonObject)), read.flatMap(deletedBy));
}

/** Members that a patch took away; an entity can be without them. */
function deletedBy({ method, call }: ReadCall): readonly Json[] {
  const { sends } = profileOf(method);
  const body = jsonOf(call.wire.body);
  const patches = sends === 'patch' ? [body] : sends === 'patches' ? valuesOf(memberOf(body, 'entities')) : [];
  return patches.flatMap((patch) => listOf(memberOf(memberOf(patch, 'patch'), '$delete')));
}

function without({ required, ...schema }: JsonObject, names: readonly Json[]): JsonObject {
  const left = listOf(required).filter((name) => !names.includes(name));
  if (left.length === 0) return schema;
  const { type, ...rest } = schema;
  return { ...(type === undefined ? {} : { type }), required: left, ...rest };
}

export function listOf(value: Json | undefined): readonly Json[] {
  return isJsonArray(value) ? value : [];
}

function valuesOf(value: Json | undefined): readonly Json[] {
  return isJsonObject(value) ? Object.values(value) : [];
}
