/** The parameter of a batch finder that holds its criteria, as `criteria` of a contract. */
import type { JsonObject } from '../../protocol/json.ts';
import type { NamedType } from '../data-schema.ts';
import type { JsonNode } from '../json-text.ts';
import { problem } from '../problem.ts';
import { fieldMap, readParameter } from './parameters.ts';
import type { ContractTypes } from './types.ts';

/**
 * @param batch - the batch finder
 * @param batchParam - the name of the parameter
 * @returns the members of one criterion; undefined where they are not known, which is noted
 */
export function criteriaOf(
  batch: JsonNode,
  batchParam: string,
  types: ContractTypes,
  declared: NamedType[],
): JsonObject | undefined {
  const node = batch
    .get('parameters')
    ?.items()
    .find((item) => item.get('name')?.value === batchParam);
  if (node === undefined) {
    const message = `\`batchParam\` names \`${batchParam}\`, which is none of the parameters; until it is, the contract refuses every member of a criterion`;
    types.note(problem('warning', 'criteria', message, batch.need('batchParam').at, 'add the parameter'));
    return undefined;
  }

  noteWhatIsMore(node, batchParam, types);
  const { field } = readParameter(node, declared);
  const { value: record, faults } = types.library.meeting(() => {
    const list = types.library.resolve(field.type);
    return list?.kind === 'array' ? types.library.resolve(list.items) : null;
  });
  if (record?.kind === 'record') return fieldMap(types.dissolved(record), types);
  if (faults.length > 0) return undefined;

  const message = `the criteria \`${field.name}\` are no list of a record that is at hand; until they are, the contract refuses every member of a criterion`;
  types.note(problem('warning', 'criteria', message, node.at, 'hand in the file that defines the record'));
  return undefined;
}

/** A contract says what one criterion holds, and nothing of the parameter around them. */
function noteWhatIsMore(node: JsonNode, name: string, types: ContractTypes): void {
  const more = [
    ...['doc', 'default'].filter((member) => node.get(member) !== null),
    ...(node.get('optional')?.boolean() === true ? ['optional'] : []),
    ...((node.get('annotations')?.get('deprecated') ?? null) === null ? [] : ['deprecated']),
  ];
  if (more.length === 0) return;

  const told = more.map((member) => `\`${member}\``).join(', ');
  const message = `${told} of the criteria parameter \`${name}\` has no place in a contract, which takes criteria as always sent`;
  types.note(problem('warning', 'criteria', message, node.at, 'say it in the `doc` of the batch finder'));
}
