/** The keys of a resource and of those above it, as `key`, `parents` and what they need exempted. */
import { jsonObject, type Json, type JsonObject } from '../../protocol/json.ts';
import type { DataType, RecordField } from '../data-schema.ts';
import { problem } from '../problem.ts';
import { fieldMap } from './parameters.ts';
import type { KeySpec, ResourceSpec } from './resource.ts';
import type { ContractTypes } from './types.ts';

export interface WrittenKeys {
  readonly key: JsonObject | undefined;
  /** Types of the path's variables; undefined without any. */
  readonly parents: JsonObject | undefined;
  /**
   * A contract asks for every part of a key. Where one may be absent, the rule that asks is exempted: a correct request
   * must not be refused, and a wrong one that passes is the smaller harm.
   */
  readonly exempt: JsonObject | undefined;
}

/** @returns null when the record of a key is nowhere, which is noted */
export function keysOf({ key, parents, path }: ResourceSpec, types: ContractTypes): WrittenKeys | null {
  const optional: string[] = [];
  const own = key === null ? undefined : keyOf(key, types, optional);
  if (own === null) return null;

  const above: [string, Json][] = [];
  for (const parent of parents) {
    if (!path.includes(`{${parent.variable}}`)) continue;
    const parts = keyOf(parent, types, optional);
    if (parts === null) return null;
    above.push([parent.variable, parent.kind === 'simple' ? (parts[parent.variable] ?? 'string') : { $key: parts }]);
  }
  return {
    key: own,
    parents: above.length === 0 ? undefined : jsonObject(above),
    exempt: optional.length === 0 ? undefined : { [PARTS_RULE]: `${optional.join(' and ')} may be left out` },
  };
}

/** What finds a key without one of its parts. */
const PARTS_RULE = 'keys/parts';

/** The parts of a key; those that may be absent are added to `optional`. */
function keyOf(key: KeySpec, types: ContractTypes, optional: string[]): JsonObject | null {
  if (key.kind === 'simple') return jsonObject([[key.variable, types.written(key.type)]]);
  if (key.kind === 'compound')
    return jsonObject(key.parts.map(([name, type]): [string, Json] => [name, types.written(type)]));

  const [fields, params] = [fieldsOf(key.key, types), fieldsOf(key.params, types)];
  if (fields === null || params === null) return null;
  for (const field of fields.filter(mayBeAbsent)) {
    optional.push(`\`${field.name}\` of \`${key.variable}\``);
    noteOptional(field, isKeyItself(field, key.key, types), types);
  }
  const parts = fields.filter((field) => !mayBeAbsent(field) || !isKeyItself(field, key.key, types));
  const written = jsonObject(
    parts.map((field): [string, Json] => [field.name, types.ofField({ ...field, default: undefined })]),
  );
  // One part alone would be a simple key; the parameters say that it is a record.
  return params.length === 0 && parts.length > 1 ? written : { ...written, $params: fieldMap(params, types) ?? {} };
}

function mayBeAbsent({ optional, default: fallback }: RecordField): boolean {
  return optional || fallback !== undefined;
}

/** Such a key would never end, if every part had to be there. */
function isKeyItself({ type }: RecordField, key: DataType, types: ContractTypes): boolean {
  const part = types.library.resolve(type);
  return part?.kind === 'record' && part === types.library.resolve(key);
}

function noteOptional({ name, at }: RecordField, isItself: boolean, types: ContractTypes): void {
  const what = isItself ? 'it holds the key itself and is left out' : 'it is written like the others';
  const message = `the key part \`${name}\` may be absent, which \`key\` cannot say: ${what}, and ${PARTS_RULE} is exempted, so that no key is refused for its parts`;
  types.note(problem('warning', 'optional-key-part', message, at, 'drop the exemption if clients always send it'));
}

function fieldsOf(type: DataType, types: ContractTypes): readonly RecordField[] | null {
  const { value: record, faults } = types.library.meeting(() => types.library.resolve(type));
  if (record?.kind === 'record') return types.dissolved(record);
  if (faults.length > 0) return null;
  const name = type.kind === 'named' ? type.name : type.kind;
  types.note(
    problem(
      'error',
      'key-record',
      `the record \`${name}\` of a complex key is nowhere among the files, so its parts are not known`,
      type.kind === 'named' ? type.at : null,
      'hand in the .pdl, .pdsc or .snapshot.json file that defines it',
    ),
  );
  return null;
}
