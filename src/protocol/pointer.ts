/**
 * JSON Pointers: how every finding says where in a document it is.
 *
 * Source: RFC 6901; `~` is written `~0`, `/` is written `~1`.
 */
import type { Json } from './json.ts';

/** One segment of a pointer, escaped. */
export function escapeSegment(segment: string): string {
  if (!segment.includes('~') && !segment.includes('/')) return segment;
  return segment.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** `['a/b', 0]` -> `/a~1b/0`; no segments -> `` (the whole document). */
export function formatPointer(segments: readonly (string | number)[]): string {
  let pointer = '';
  for (const segment of segments) pointer += '/' + (typeof segment === 'number' ? segment : escapeSegment(segment));
  return pointer;
}

/** `/a~1b/0` -> `['a/b', '0']`. Null for text that is no pointer: it does not begin with `/`, or holds a lone `~`. */
export function parsePointer(pointer: string): readonly string[] | null {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) return null;
  const segments = pointer.slice(1).split('/');
  if (!pointer.includes('~')) return segments;
  if (/~(?![01])/.test(pointer)) return null;
  return segments.map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What stands at the segments, or undefined where the path leaves the document. Array items by their index. */
export function valueAt(value: Json, segments: readonly (string | number)[]): Json | undefined {
  let here: Json | undefined = value;
  for (const segment of segments) {
    if (typeof here !== 'object' || here === null) return undefined;
    if (isList(here)) {
      const text = String(segment);
      if (!/^(0|[1-9]\d*)$/.test(text)) return undefined;
      here = here[Number(text)];
    } else {
      const name: string = String(segment);
      here = Object.hasOwn(here, name) ? here[name] : undefined;
    }
    if (here === undefined) return undefined;
  }
  return here;
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
