/**
 * URNs, the string keys of LinkedIn: `urn:li:person:abc`, `urn:li:comment:(urn:li:activity:1,2)`.
 *
 * A URN is a string to the wire, whose `( ) : ,` an encoder escapes; what is inside matters to whoever names types.
 */

export interface Urn {
  /** `li`, `lla`… */
  readonly namespace: string;
  /** `person`; `urn:li:person` is the type prefix. */
  readonly type: string;
  /** What follows the type, parentheses included. */
  readonly id: string;
  /** The parts of an id in parentheses, nested URNs whole; else the id alone. */
  readonly parts: readonly string[];
}

const URN = /^urn:([A-Za-z0-9][A-Za-z0-9-]*):([A-Za-z0-9_.-]+):(.+)$/s;

export function isUrn(text: string): boolean {
  return text.startsWith('urn:') && parseUrn(text) !== null;
}

/** Null for text that is no URN: no namespace, type or id, or parentheses that do not pair. */
export function parseUrn(text: string): Urn | null {
  const [, namespace, type, id] = URN.exec(text) ?? [];
  if (namespace === undefined || type === undefined || id === undefined) return null;

  const parts = id.startsWith('(') ? partsOf(id) : [id];
  return parts === null ? null : { namespace, type, id, parts };
}

/** `urn:li:person` of `urn:li:person:abc`; null for text that is no URN. */
export function urnPrefix(text: string): string | null {
  const urn = parseUrn(text);
  return urn === null ? null : `urn:${urn.namespace}:${urn.type}`;
}

function partsOf(id: string): readonly string[] | null {
  const parts: string[] = [];
  let depth = 0;
  let from = 1;
  for (let i = 0; i < id.length; i++) {
    const char = id[i];
    if (char === '(') depth++;
    else if (char === ')') {
      if (--depth === 0 && i < id.length - 1) return null;
    } else if (char !== ',' || depth !== 1) continue;
    if (depth < 0) return null;
    if ((char === ',' && depth === 1) || depth === 0) {
      parts.push(id.slice(from, i));
      from = i + 1;
    }
  }
  return depth === 0 && parts.every((part) => part !== '') ? parts : null;
}
