/** Values that are read otherwise than their notation says: a number where text is due. */
import { isJsonArray, isJsonObject, jsonObject, type Json } from '../protocol/json.ts';
import { parsePointer } from '../protocol/pointer.ts';

export interface Edit {
  /** From the value's root. */
  readonly pointer: string;
  readonly value: Json;
}

/** Edits by the way to them, so that one walk serves however many there are. */
type Steps = Map<string, Steps | Json>;

/** The value with its edits made; what holds none of them is shared with the value given. */
export function withEdits(value: Json, edits: readonly Edit[]): Json {
  const root: Steps = new Map();
  for (const { pointer, value: replacement } of edits) {
    const segments = [...(parsePointer(pointer) ?? [])];
    const last = segments.pop();
    if (last === undefined) return replacement;
    let steps = root;
    for (const segment of segments) {
      const known = steps.get(segment);
      const next: Steps = known instanceof Map ? known : new Map();
      steps.set(segment, next);
      steps = next;
    }
    steps.set(last, replacement);
  }
  return edited(value, root);
}

function edited(value: Json, steps: Steps): Json {
  const put = (held: Json, segment: string): Json => {
    const step = steps.get(segment);
    if (step === undefined) return held;
    return step instanceof Map ? edited(held, step) : step;
  };
  if (isJsonArray(value)) return value.map((item, index) => put(item, String(index)));
  if (!isJsonObject(value)) return value;
  return jsonObject(Object.entries(value).map(([name, member]) => [name, put(member, name)] as const));
}
