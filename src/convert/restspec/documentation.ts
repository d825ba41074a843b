/** Documentation and deprecation. */
import type { Json } from '../../protocol/json.ts';
import type { JsonNode } from '../json-text.ts';

/** The doc of a resource or method: Javadoc's links undone, without the line that names the Java class. */
export function docOf(node: JsonNode): string | undefined {
  const text = node.get('doc')?.text();
  if (text === undefined) return undefined;
  const lines = text
    .replace(/\s*generated from: [\w.$]+\s*$/, '')
    .replaceAll(/\{@(?:link|code|linkplain) ([^{}]*)\}/g, (_, inner: string) => `\`${inner.trim()}\``)
    .split('\n');
  // Javadoc leaves one blank before every line but the first.
  const doc = lines
    .map((line, index) => (index === 0 ? line : line.replace(/^ /, '')).trimEnd())
    .join('\n')
    .trim();
  return doc === '' ? undefined : doc;
}

/** true, or what the annotation says to use instead. */
export function deprecationOf(node: JsonNode): Json | undefined {
  const deprecated = node.get('annotations')?.get('deprecated');
  if (deprecated === null || deprecated === undefined || deprecated.value === false) return undefined;
  const why = typeof deprecated.value === 'string' ? deprecated.value : deprecated.get('doc')?.value;
  return typeof why === 'string' && why.trim() !== '' ? why : true;
}
