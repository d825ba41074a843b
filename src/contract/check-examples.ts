/** Examples: keys they can be found by, parents they stand under, entities that fit their type, none twice. */
import { keyText } from '../protocol/keys.ts';
import { isJsonArray, type Json } from '../protocol/json.ts';
import type { Checking } from './checking.ts';
import { checkKey, checkParents } from './check-case-values.ts';

export function checkExamples(checking: Checking): void {
  const { contract } = checking;
  const seen = new Map<string, string>();
  for (const example of contract.examples) {
    const written = checking.writtenAt(example.pointer);
    const parents = written['$parents'];
    if (typeof parents === 'object' && parents !== null && !isJsonArray(parents))
      checkParents(checking, parents, `${example.pointer}/$parents`);
    for (const variable of contract.parents.keys()) {
      const value = example.parents.get(variable);
      if (value !== `\${${variable}}` || contract.vars.has(variable) || checking.around.vars.has(variable)) continue;
      checking.error(
        'parent-without-value',
        example.pointer,
        `nothing says under which \`${variable}\` the example stands`,
        {
          fix: `add \`$parents: { ${variable}: … }\`, or \`vars: { ${variable}: … }\` to the contract`,
          see: 'examples-and-mock',
        },
      );
    }

    const before = checking.problems.length;
    if (contract.entity !== null) {
      checking.values.check(contract.entity, example.entity, example.pointer, {
        code: 'example-type',
        see: 'examples-and-mock',
      });
    }
    if (contract.key === null) continue;
    if (example.key === null) {
      // A schema that asks for the member has spoken already.
      if (checking.problems.length > before) continue;
      const parts = [...contract.key.parts.keys()];
      checking.error(
        'example-without-key',
        example.pointer,
        `the example has no \`${parts.join('`, `')}\`, so nobody can ask for it`,
        {
          fix: 'add the members that are named as the parts of the key, or `$key`',
          see: 'examples-and-mock',
        },
      );
      continue;
    }
    if (written['$key'] !== undefined) checkKey(checking, example.key, contract.key, `${example.pointer}/$key`);
    const identity = `${textOf(example.key)} ${[...example.parents.values()].map(textOf).join(' ')}`;
    const first = seen.get(identity);
    if (first === undefined) seen.set(identity, example.pointer);
    else {
      checking.error('example-twice', example.pointer, `a second example with the key ${textOf(example.key)}`, {
        fix: 'give it a key of its own',
        see: 'examples-and-mock',
        related: [{ pointer: first, part: 'value', message: 'the first' }],
      });
    }
  }
}

function textOf(value: Json): string {
  return value === null || isJsonArray(value) ? JSON.stringify(value) : keyText(value);
}
