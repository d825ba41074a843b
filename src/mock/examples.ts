/** The entities that a mock starts with: the contract's examples, their variables filled in. */
import type { Contract } from '../contract/contract.ts';
import { interpolate, scopeOf } from '../contract/interpolate.ts';
import { isJsonObject, type Json } from '../protocol/json.ts';
import type { Key } from '../protocol/keys.ts';
import type { Place, Stored } from './state.ts';

export interface ExampleVariables {
  /** Values of `${variables}`, before those of the contract. */
  readonly vars?: ReadonlyMap<string, Json>;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * @throws RangeError for an example whose variable nothing gives a value, or whose key is not known, naming its place
 */
export function examplesOf(
  contract: Contract,
  { vars, env = {} }: ExampleVariables,
): readonly { readonly place: Place; readonly stored: Stored }[] {
  const scope = scopeOf({ layers: [vars, contract.vars], env });
  return contract.examples.map((example) => {
    const fill = (value: Json): Json => {
      const filled = interpolate(value, scope);
      if ('value' in filled) return filled.value;
      const { file, line } = contract.locate(example.pointer);
      throw new RangeError(`Failed to store the example at ${file}:${line}: ${filled.problem}`);
    };

    const parents = new Map<string, Key>();
    for (const [name, value] of example.parents) parents.set(name, keyOf(contract, example.pointer, fill(value)));
    const entity = fill(example.entity);
    const key = contract.key === null ? null : keyOf(contract, example.pointer, fill(example.key));
    return {
      place: { resource: contract.resource, parents },
      stored: { key, entity: isJsonObject(entity) ? entity : {} },
    };
  });
}

function keyOf(contract: Contract, pointer: string, value: Json): Key {
  if (value !== null && (typeof value !== 'object' || isJsonObject(value))) return value;
  const { file, line } = contract.locate(pointer);
  throw new RangeError(`Failed to store the example at ${file}:${line}: it has no key (add \`$key\`)`);
}
