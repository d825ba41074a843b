/** `maxBatchSize`: how many items a batch may have. */
import type { JsonNode } from '../json-text.ts';
import { problem } from '../problem.ts';
import type { ContractTypes } from './types.ts';

/** @returns the limit; undefined where there is none that a contract could keep, which is noted */
export function batchSizeOf(node: JsonNode, types: ContractTypes): number | undefined {
  const limit = node.get('maxBatchSize');
  if (limit === null) return undefined;

  const note = (message: string, fix: string): void =>
    types.note(problem('warning', 'max-batch-size', message, limit.at, fix));
  const size = limit.need('value').integer();
  if (size < 1) {
    note(`a batch of ${size} items is none; the limit is left out`, 'write a positive number');
    return undefined;
  }
  if (limit.get('validate')?.value !== true)
    note(
      `the limit of ${size} items is only documented (\`validate\` is not true): the server takes larger batches`,
      'drop `maxBatchSize` if larger batches are fine',
    );
  return size;
}
