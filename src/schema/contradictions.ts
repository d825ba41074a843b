/**
 * What a schema says against itself: limits that leave nothing, values of another type, required members that are
 * none, keywords that say nothing about the type.
 */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { quote, showValue } from '../diagnostic/quote.ts';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../protocol/json.ts';
import { isNumeric, JSON_TYPES } from './keyword-values.ts';
import { textsIn } from './keywords.ts';

export interface Contradiction {
  /** JSON Pointer from the schema. */
  readonly path: string;
  readonly code: 'schema/contradiction' | 'schema/no-effect';
  readonly message: string;
  readonly fix: string;
}

/** All of one schema object, without those of the schemas below it. */
export function contradictionsIn(schema: JsonObject): Contradiction[] {
  const found = [...emptyRanges(schema), ...strangersRequired(schema)];
  const { type } = schema;
  return typeof type === 'string' && JSON_TYPES.includes(type)
    ? [...found, ...misfits(schema, type), ...withoutEffect(schema, type)]
    : found;
}

// prettier-ignore
const LIMITS = [
  ['minimum', 'maximum'], ['minLength', 'maxLength'], ['minItems', 'maxItems'], ['minProperties', 'maxProperties'],
  ['minContains', 'maxContains'],
] as const;

function emptyRanges(schema: JsonObject): Contradiction[] {
  return LIMITS.flatMap(([least, most]) => {
    const [from, to] = [schema[least], schema[most]];
    if (!isNumeric(from) || !isNumeric(to) || from <= to) return [];
    const message = `no value fits: \`${least}\` ${from} is above \`${most}\` ${to}`;
    return [{ path: `/${most}`, code: 'schema/contradiction' as const, message, fix: 'swap them or widen one' }];
  });
}

function strangersRequired(schema: JsonObject): Contradiction[] {
  const { properties, required } = schema;
  if (!isJsonObject(properties)) return [];

  const closed = schema['additionalProperties'] === false && schema['patternProperties'] === undefined;
  return [...textsIn(required).entries()].flatMap(([index, name]) => {
    if (Object.hasOwn(properties, name)) return [];
    const meant = didYouMean(name, Object.keys(properties));
    if (meant === null && !closed) return [];
    const why = closed ? ', which are all there may be' : '';
    return [
      {
        path: `/required/${index}`,
        code: 'schema/contradiction' as const,
        message: `${quote(name, 60)} is required but not among the properties${why}`,
        fix: meant === null ? 'declare it under `properties`' : `write \`${meant}\``,
      },
    ];
  });
}

function misfits({ enum: values }: JsonObject, type: string): Contradiction[] {
  const misfit = isJsonArray(values) ? values.find((value) => !hasType(value, type)) : undefined;
  if (misfit === undefined) return [];
  const message = `${showValue(misfit, 60)} is no ${type}`;
  return [{ path: '/enum', code: 'schema/contradiction', message, fix: 'change `type` or the value' }];
}

/** The keywords that concern values of some types only. */
// prettier-ignore
const CONCERNS: readonly (readonly [types: readonly string[], keywords: readonly string[]])[] = [
  [['integer', 'number'], ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
  [['string'],            ['minLength', 'maxLength', 'pattern']],
  [['array'],             ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems', 'contains']],
  [['object'],            ['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties']],
];

function withoutEffect(schema: JsonObject, type: string): Contradiction[] {
  return CONCERNS.filter(([types]) => !types.includes(type)).flatMap(([types, keywords]) =>
    keywords
      .filter((keyword) => Object.hasOwn(schema, keyword))
      .map((keyword) => ({
        path: `/${keyword}`,
        code: 'schema/no-effect' as const,
        message: `\`${keyword}\` says nothing about a value of type ${type}`,
        fix: `it is for ${types.join(' and ')}`,
      })),
  );
}

function hasType(value: Json, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return isJsonArray(value);
  if (type === 'object') return isJsonObject(value);
  if (type === 'integer') return typeof value === 'bigint' || Number.isInteger(value);
  return type === 'number' ? isNumeric(value) : typeof value === type;
}
