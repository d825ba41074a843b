/** What a description may write on any method, and what means something on some of them only. */
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { profileOf, type MethodName, type MethodProfile } from '../../protocol/methods.ts';
import type { JsonNode } from '../json-text.ts';
import { problem } from '../problem.ts';

interface Condition {
  readonly find: (node: JsonNode) => JsonNode | null;
  readonly called: string;
  readonly holds: (profile: MethodProfile) => boolean;
  readonly why: string;
}

// prettier-ignore
const CONDITIONS: readonly Condition[] = [
  { called: '`metadata`',        find: (node) => node.get('metadata'),                 holds: ({ returns }) => returns === 'collection', why: 'it answers no list' },
  { called: '`pagingSupported`', find: (node) => trueAt(node, 'pagingSupported'),      holds: ({ returns }) => returns === 'collection', why: 'it answers no list' },
  { called: '`maxBatchSize`',    find: (node) => node.get('maxBatchSize'),             holds: ({ batchOf }) => batchOf !== null,         why: 'it takes no batch' },
  { called: '`returnEntity`',    find: (node) => node.get('annotations')?.get('returnEntity') ?? null, holds: ({ mayReturnEntity }) => mayReturnEntity, why: 'it never answers the entity it wrote' },
];

/** The members that the method has no use for, each with the reason. */
export function misplacedOn(node: JsonNode, method: MethodName): readonly Diagnostic[] {
  return CONDITIONS.flatMap(({ find, called, holds, why }) => {
    const found = holds(profileOf(method)) ? null : find(node);
    if (found === null) return [];
    return [
      problem(
        'warning',
        'misplaced',
        `${called} of ${method} is left out: ${why}`,
        found.at,
        'drop it, or move it to the method that is meant',
      ),
    ];
  });
}

function trueAt(node: JsonNode, name: string): JsonNode | null {
  const found = node.get(name);
  return found?.boolean() === true ? found : null;
}
