/* oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema */
/**
 * Shapes as JSON Schema 2020-12: what editors complete, hover and underline. Descriptions come from the members' docs.
 */
import type { Json, JsonObject } from '../protocol/json.ts';
import { jsonSchema, typeName } from './format-json-schema.ts';
import { MATCHERS, PATCH_COMMANDS } from './matcher-syntax.ts';
import type { ObjectNode, Shape } from './shape.ts';

export class SchemaWriter {
  readonly #defs = new Map<string, JsonObject | null>();

  /** The schema of a shape; names that it meets become `$defs`. */
  write(shape: Shape): JsonObject {
    switch (shape.kind) {
      case 'named':
        return this.#reference(shape.name, () => this.write(shape.shape()));
      case 'any':
        return {};
      case 'boolean':
      case 'number':
      case 'null':
        return { type: shape.kind };
      case 'object-value':
        return { type: 'object' };
      case 'constant':
        return { const: shape.value };
      case 'text':
        return {
          type: 'string',
          ...(shape.pattern === null || shape.pattern.source === '^' ? {} : { pattern: shape.pattern.source }),
        };
      case 'integer':
        return {
          type: 'integer',
          minimum: shape.min,
          ...(shape.max === Number.MAX_SAFE_INTEGER ? {} : { maximum: shape.max }),
        };
      case 'word':
        return { enum: shape.words };
      case 'list':
        return { type: 'array', items: this.write(shape.item), ...(shape.min === 0 ? {} : { minItems: shape.min }) };
      case 'map':
        return {
          type: 'object',
          ...(shape.min === 0 ? {} : { minProperties: shape.min }),
          ...(shape.special.size === 0
            ? {}
            : {
                properties: Object.fromEntries(
                  [...shape.special].map(([name, special]) => [name, this.write(special)]),
                ),
              }),
          patternProperties: { [shape.names.source]: this.write(shape.value) },
          additionalProperties: false,
        };
      case 'object':
        return this.object(shape);
      case 'choice':
        return oneOfTypes([...shape.by.values()].map((branch) => this.write(branch)));
      case 'type':
        return this.#type(shape.orBoolean, shape.orKey);
      case 'expected':
        return this.#reference('Expected', () => this.#expected());
      default:
        return this.#reference('Patch', () => this.#patch());
    }
  }

  object(shape: ObjectNode): JsonObject {
    const properties: [string, Json][] = [];
    for (const [name, member] of shape.members) {
      const schema = this.write(member.shape);
      const about = { description: member.doc, ...(member.default === undefined ? {} : { default: member.default }) };
      properties.push([name, { ...schema, ...about }]);
    }
    const required = [...shape.members].filter(([, member]) => member.required).map(([name]) => name);
    return {
      type: 'object',
      properties: Object.fromEntries(properties),
      ...(required.length === 0 ? {} : { required }),
      ...(shape.open ? { patternProperties: { '^x-': true } } : {}),
      additionalProperties: false,
      ...(shape.min === 0 ? {} : { minProperties: shape.min }),
      ...(Number.isFinite(shape.max) ? { maxProperties: shape.max } : {}),
    };
  }

  /** What was named on the way, in the order of the alphabet. */
  defs(): JsonObject {
    const entries = [...this.#defs].toSorted(([a], [b]) => a.localeCompare(b, 'en'));
    return Object.fromEntries(entries.map(([name, schema]) => [name, schema ?? {}]));
  }

  #reference(name: string, make: () => JsonObject): JsonObject {
    if (!this.#defs.has(name)) {
      // Taken before it is made: a shape may hold itself.
      this.#defs.set(name, null);
      this.#defs.set(name, make());
    }
    return { $ref: `#/$defs/${name}` };
  }

  #type(orBoolean: boolean, orKey: Shape | null): JsonObject {
    if (orKey !== null) {
      const parts = {
        type: 'object',
        properties: { $key: this.write(orKey) },
        required: ['$key'],
        patternProperties: { '^x-': true },
        additionalProperties: false,
      };
      return { if: { type: 'object', required: ['$key'] }, then: parts, else: this.#type(false, null) };
    }
    const type = this.#reference('Type', () => ({
      if: { type: 'string' },
      then: this.write(typeName),
      else: this.write(jsonSchema),
    }));
    return orBoolean ? this.#reference('Part', () => ({ if: { type: 'boolean' }, else: type })) : type;
  }

  #expected(): JsonObject {
    const self = { $ref: '#/$defs/Expected' };
    const matcherName = { pattern: '^\\$', not: { enum: PATCH_COMMANDS } };
    return {
      description: 'A value; members that are not named are free. An object of `$` names holds matchers.',
      if: { type: 'object', minProperties: 1, propertyNames: matcherName },
      then: this.#reference('Matcher', () => this.#matcher()),
      else: {
        if: { type: 'object' },
        then: { additionalProperties: self, propertyNames: { not: matcherName } },
        else: { if: { type: 'array' }, then: { items: self } },
      },
    };
  }

  #matcher(): JsonObject {
    const self = { $ref: '#/$defs/Expected' };
    const operands = {
      boolean: { type: 'boolean' },
      type: this.write({ kind: 'type', orBoolean: false, orKey: null }),
      regex: { type: 'string' },
      expected: self,
      'expected-list': { type: 'array', items: self },
      number: { anyOf: [{ type: 'number' }, { type: 'string', pattern: '^\\$\\{[^}]+\\}$' }] },
      value: {},
    };
    const properties = [...MATCHERS].map(
      ([name, operand]) => [name, { ...operands[operand], description: MATCHER_DOCS[name] ?? name }] as const,
    );
    return { type: 'object', properties: Object.fromEntries(properties), additionalProperties: false };
  }

  /** Its inside is judged by the protocol; here is what editors complete. */
  #patch(): JsonObject {
    const index = { type: 'integer', minimum: 0 };
    return {
      type: 'object',
      properties: {
        $set: { description: 'Members that get a value.' },
        $delete: { description: 'Members that go.' },
        $reorder: {
          description: 'Items of a list that move.',
          items: { type: 'object', properties: { $fromIndex: index, $toIndex: index } },
        },
      },
    };
  }
}

const MATCHER_DOCS: Readonly<Record<string, string>> = {
  $present: 'Is there, null included; or is not.',
  $type: 'Has the type.',
  $regex: 'Is text that matches somewhere.',
  $in: 'Matches one of them.',
  $not: 'Does not match.',
  $gt: 'Is greater.',
  $gte: 'Is greater or equal.',
  $lt: 'Is less.',
  $lte: 'Is less or equal.',
  $length: 'Has so many items, members or characters.',
  $contains: 'Has these items among others, or this text.',
  $unordered: 'Has these items and no others, in any order.',
  $each: 'Every item or member matches.',
  $equals: 'Is exactly this, without further members.',
};

/** Branches of different JSON types: at most one can fit, so that an editor's message names it. */
function oneOfTypes(branches: readonly JsonObject[]): JsonObject {
  const [only, second] = branches;
  return only !== undefined && second === undefined ? only : { anyOf: branches };
}
