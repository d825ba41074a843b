/** Whether the keys of a batch body are those of `ids`: the server refuses a request in which they differ. */
import type { ProtocolVersion } from './dialects.ts';
import { keyText, readKey, type Key, type KeyOptions, type KeyShape } from './keys.ts';

/** What does not match; all four empty when the two sets of keys are the same. */
export interface BatchKeyMatch {
  /** Keys of `ids` that the body lacks. */
  readonly missing: readonly Key[];
  /** Names in the body that are no key of `ids`, as they stand there. */
  readonly unexpected: readonly string[];
  /** Names in the body that mean a key which an earlier name means. */
  readonly repeated: readonly string[];
  /** Names in the body that are no key at all, and why. */
  readonly malformed: readonly { readonly text: string; readonly message: string }[];
}

/**
 * Compares keys by what they mean, `$params` included; order and repetition in `ids` do not matter.
 *
 * @param names - the member names of `entities`, as they stand in the body
 */
export function matchBatchKeys(
  ids: readonly Key[],
  names: readonly string[],
  shape: KeyShape,
  version: ProtocolVersion,
  options?: KeyOptions,
): BatchKeyMatch {
  const wanted = new Map(ids.map((id) => [keyText(id), id]));
  const seen = new Set<string>();
  const unexpected: string[] = [];
  const repeated: string[] = [];
  const malformed: { text: string; message: string }[] = [];
  for (const name of names) {
    const read = readKey(name, shape, 'body', version, options);
    if ('problem' in read) {
      malformed.push({ text: name, message: read.problem.message });
      continue;
    }

    const text = keyText(read.key);
    if (seen.has(text)) repeated.push(name);
    else if (!wanted.has(text)) unexpected.push(name);
    seen.add(text);
  }
  const missing = [...wanted].filter(([text]) => !seen.has(text)).map(([, id]) => id);
  return { missing, unexpected, repeated, malformed };
}
