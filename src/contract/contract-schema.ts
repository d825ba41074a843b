/* oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema */
/** The published schemas of the two files that users write, for editors and for whoever validates elsewhere. */
import type { JsonObject } from '../protocol/json.ts';
import { METHOD_NAMES, profileOf, type MethodName, type ResourceKind } from '../protocol/methods.ts';
import { RESOURCE_KIND_NAMES, RESOURCE_KINDS } from '../protocol/resources.ts';
import { caseMembers, METHOD_MEMBERS } from './case-members.ts';
import { caseShape, stepShape } from './format-cases.ts';
import { contractShape } from './format.ts';
import { configShape } from './format-config.ts';
import type { ObjectNode, Shape } from './shape.ts';
import { SchemaWriter } from './shape-schema.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** JSON Schema of `*.contract.yaml`, written to `dist/contract.schema.json`. `$defs/Config`: the config file. */
export function contractSchema(): JsonObject {
  const writer = new SchemaWriter();
  const root = writer.object(contractShape);
  const config = writer.object(configShape);
  const defs = writer.defs();
  return {
    $schema: DIALECT,
    $id: 'urn:restli-contract:schema:contract:1',
    title: 'Contract of a Rest.li resource, format 1',
    ...root,
    allOf: RESOURCE_KIND_NAMES.map(kindRules),
    $defs: {
      ...defs,
      Case: { ...writer.object(objectOf(caseShape)), ...caseRules() },
      Step: { ...writer.object(objectOf(stepShape)), ...caseRules() },
      Config: config,
    },
  };
}

function objectOf(shape: Shape): ObjectNode {
  const node = shape.kind === 'named' ? shape.shape() : shape;
  if (node.kind !== 'object') throw new Error(`Failed to write the schema: ${node.kind} stands where an object should`);
  return node;
}

/** What a kind has and lacks. A contract that names none is a collection. */
function kindRules(kind: ResourceKind): JsonObject {
  const { hasKey, methods } = RESOURCE_KINDS[kind];
  const isDefault = kind === 'collection';
  const holdsEntities = methods.some((method) => profileOf(method).effect !== 'acts');
  const when = { properties: { kind: { const: kind } }, ...(isDefault ? {} : { required: ['kind'] }) };
  const required = [...(hasKey ? ['key'] : []), ...(holdsEntities ? ['entity'] : [])];
  return {
    if: when,
    then: {
      ...(required.length === 0 ? {} : { required }),
      properties: {
        methods: { propertyNames: { enum: methods } },
        ...(hasKey ? {} : { key: false }),
        ...(holdsEntities ? {} : { entity: false, examples: false, readOnly: false, createOnly: false }),
      },
    },
  };
}

/** What a method's request needs and lacks; `raw` may stand for what is needed. */
function caseRules(): JsonObject {
  return { allOf: METHOD_NAMES.map(methodRules) };
}

function methodRules(method: MethodName): JsonObject {
  const { needed, allowed } = caseMembers(method);
  const refused = METHOD_MEMBERS.filter((name) => !allowed.includes(name));
  const properties = Object.fromEntries(refused.map((name) => [name, false]));
  return {
    if: { properties: { method: { const: method } }, required: ['method'] },
    then: { properties, ...(needed.length === 0 ? {} : { anyOf: [{ required: needed }, { required: ['raw'] }] }) },
  };
}
