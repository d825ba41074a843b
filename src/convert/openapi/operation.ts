/** One declared method as the parts of an OpenAPI operation: parameters, body and answers. */
import type { Contract, Fields, Operation } from '../../contract/contract.ts';
import { ERROR_SCHEMA, PATCH_NODE_SCHEMA, REQUEST_ENVELOPES, RESPONSE_ENVELOPES } from '../../protocol/envelopes.ts';
import { HEADERS } from '../../protocol/headers.ts';
import type { Dialect } from '../../protocol/dialects.ts';
import { isJsonArray, isJsonObject, jsonObject, type Json, type JsonObject } from '../../protocol/json.ts';
import { profileOf } from '../../protocol/methods.ts';
import { locate } from '../../schema/refs.ts';
import type { Schema } from '../../schema/schema.ts';
import { partsOf as partsOfSchema, typesOf } from '../../schema/shape.ts';
import type { Components } from './components.ts';
import { headerParameters, headersOfAnswer } from './headers.ts';
import { sentEntity } from './sent-entity.ts';

export interface OperationParts {
  readonly parameters: readonly JsonObject[];
  /** Schema of the body; null: none. */
  readonly body: JsonObject | null;
  readonly answers: readonly AnswerParts[];
}

export interface AnswerParts {
  readonly status: string;
  readonly description: string;
  /** Schema of the body; null: none. */
  readonly schema: JsonObject | null;
  readonly headers: Readonly<Record<string, JsonObject>>;
}

export function partsOf(
  operation: Operation,
  contract: Contract,
  dialect: Dialect,
  components: Components,
): OperationParts {
  return {
    parameters: [
      ...queryOf(operation, contract, dialect, components),
      ...headerParameters(operation, contract, dialect, components),
    ],
    body: bodyOf(operation, contract, components),
    answers: [...successesOf(operation, contract, components), ...errorsOf(operation, contract, dialect, components)],
  };
}

/** A field map as a JSON Schema of an object. */
export function objectOf(fields: Fields, contract: Contract, components: Components): JsonObject {
  const listed = [...fields.values()].filter(({ type }) => type !== false);
  const required = listed.filter((field) => field.required).map(({ name }) => name);
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required }),
    properties: jsonObject(
      listed.map(({ name, type }): [string, Json] => [
        name,
        typeof type === 'boolean' ? {} : components.of(type, contract),
      ]),
    ),
  };
}

function queryOf(
  operation: Operation,
  contract: Contract,
  { cursor }: Dialect,
  components: Components,
): readonly JsonObject[] {
  const profile = profileOf(operation.method);
  const found: JsonObject[] = [];
  if (profile.named)
    found.push(query(profile.parameter, true, { const: operation.name ?? '' }, 'Selects the operation.'));
  if (profile.parameter === 'ids')
    found.push(query('ids', true, { type: 'string', pattern: '^List\\(' }, 'The keys, `List(1,2)`.'));
  if (profile.returns === 'collections')
    found.push(
      query(
        operation.batchParam,
        true,
        { type: 'string', pattern: '^List\\(' },
        'The criteria, `List((name:value),…)`.',
        { type: 'array', items: objectOf(operation.criteria, contract, components) },
      ),
    );
  if (profile.sends !== 'params') {
    for (const { name, type, required, doc, deprecated } of operation.params.values()) {
      if (type === false) continue;
      const schema = typeof type === 'boolean' ? {} : components.of(type, contract);
      const form = typeof type === 'boolean' ? null : structureOf(type);
      const parameter = form === null ? query(name, required, schema, doc) : query(name, required, form, doc, schema);
      found.push(deprecated === false ? parameter : { ...parameter, deprecated: true });
    }
  }
  if (operation.paging?.kind === 'offset')
    found.push(
      query('start', false, COUNTED, 'Index of the first element.'),
      query('count', false, COUNTED, 'Elements of a page.'),
    );
  if (operation.paging?.kind === 'cursor')
    found.push(
      query(cursor.size, false, COUNTED, 'Elements of a page.'),
      query(cursor.token, false, { type: 'string' }, 'Token of the page, from the answer before.'),
    );
  if (profile.projects && operation.projection !== 'none')
    found.push(
      query(
        'fields',
        operation.projection === 'required',
        { type: 'string' },
        'Members to answer: `id,created:(time)`.',
      ),
    );
  if (operation.returnEntity)
    found.push(query('$returnEntity', false, { type: 'boolean', default: true }, 'Whether the entity is answered.'));
  return found;
}
const COUNTED: JsonObject = { type: 'integer', minimum: 0 };

/** @param value - schema of what the text spells, where the text is Rest.li's and no style of OpenAPI writes it */
function query(
  name: string,
  required: boolean,
  schema: JsonObject,
  description: string | null,
  value?: JsonObject,
): JsonObject {
  return {
    name,
    in: 'query',
    ...(required ? { required } : {}),
    ...(description === null ? {} : { description }),
    schema,
    ...(value === undefined ? {} : { [SPELT]: value }),
  };
}

const SPELT = 'x-restli-value';
const LIST: JsonObject = { type: 'string', pattern: '^List\\(' };
const RECORD: JsonObject = { type: 'string', pattern: '^\\(' };

/** The text of lists and records, `List(1,2)` and `(a:1,b:2)`; null for a type whose text is its value. */
function structureOf(type: Schema): JsonObject | null {
  const types = typesOf(partsOfSchema(locate(type), type.scope));
  if (types?.includes('array') === true) return LIST;
  return types?.includes('object') === true ? RECORD : null;
}

function bodyOf(operation: Operation, contract: Contract, components: Components): JsonObject | null {
  const { sends } = profileOf(operation.method);
  const { body, entity } = operation.request;
  if (body === false) return null;
  if (body !== null) return components.of(body, contract);
  if (sends === 'params') return operation.params.size === 0 ? null : objectOf(operation.params, contract, components);
  const { schema } = REQUEST_ENVELOPES[sends];
  return schema === null
    ? null
    : filled(schema, { Entity: sentEntity(entity ?? contract.entity, contract, components) }, components);
}

function successesOf(operation: Operation, contract: Contract, components: Components): OperationParts['answers'] {
  const { returns } = profileOf(operation.method);
  return operation.responses.flatMap((response) => {
    const { status, entity, body } = response;
    const holes = {
      Entity: entityOf(entity ?? contract.entity, contract, components),
      Metadata: operation.metadata === null ? {} : components.of(operation.metadata, contract),
    };
    const { schema, doc } = RESPONSE_ENVELOPES[returns];
    let answered = schema === null ? null : filled(schema, holes, components);
    const mayShow = operation.returnEntity || entity !== contract.entity;
    if ((returns === 'none' || returns === 'created') && !mayShow) answered = null;
    if (returns === 'value')
      answered =
        operation.returns === null
          ? null
          : { type: 'object', required: ['value'], properties: { value: components.of(operation.returns, contract) } };
    if (body === false) answered = null;
    else if (body !== null) answered = components.of(body, contract);
    return status.map((one) => {
      const told = one === NO_CONTENT ? null : answered;
      const what = told === null ? 'no body' : returns === 'value' ? '`value`, what the action returns' : doc;
      return {
        status: String(one),
        description: sentence(what),
        schema: told,
        headers: headersOfAnswer(operation, response, one, contract, components),
      };
    });
  });
}
const NO_CONTENT = 204;

/** What the operation declares; then what every method of the dialect may answer, where it says nothing of the status. */
function errorsOf(
  operation: Operation,
  contract: Contract,
  dialect: Dialect,
  components: Components,
): readonly AnswerParts[] {
  if (operation.errors.size === 0 && Object.keys(dialect.errors).length === 0) return [];
  const name = dialect.error === null ? 'ErrorResponse' : `ErrorResponse.${dialect.name}`;
  const shared = components.shared(name.replaceAll(/[^\w.-]/g, '_'), dialect.error ?? ERROR_SCHEMA);
  const declared = [...operation.errors].map(([status, errors]) => {
    const told = errors.map(({ code, doc, message }) => errorText(code, doc ?? message));
    const details = errors.find((error) => error.details !== null)?.details ?? null;
    const schema =
      details === null
        ? shared
        : { allOf: [shared, { type: 'object', properties: { errorDetails: components.of(details, contract) } }] };
    return errorParts(String(status), told, schema);
  });
  const usual = Object.entries(dialect.errors)
    .filter(([status]) => !operation.errors.has(Number(status)))
    .map(([status, errors]) =>
      errorParts(
        status,
        errors.map(({ code, doc, message }) => errorText(code, doc ?? message)),
        shared,
      ),
    );
  return [...declared, ...usual];
}

function errorText(code: string | null | undefined, text: string | null | undefined): string {
  return [code, text].filter((part) => part !== null && part !== undefined).join(': ');
}

function errorParts(status: string, texts: readonly string[], schema: JsonObject): AnswerParts {
  const told = texts.filter((text) => text !== '');
  return { status, description: told.length === 0 ? 'An error.' : told.join('\n'), schema, headers: {} };
}

function entityOf(entity: Contract['entity'], contract: Contract, components: Components): JsonObject {
  return entity === null ? { type: 'object' } : components.of(entity, contract);
}

/** An envelope with its holes filled. A patch refers to itself, so it is a component. */
function filled(schema: JsonObject, holes: Readonly<Record<string, JsonObject>>, components: Components): JsonObject {
  const fill = (value: Json): Json => {
    if (isJsonArray(value)) return value.map(fill);
    if (!isJsonObject(value)) return value;
    const ref = typeof value['$ref'] === 'string' ? value['$ref'].replace('#/$defs/', '') : null;
    if (ref === 'PatchNode') return patchNode(components);
    if (ref !== null && Object.hasOwn(holes, ref)) return holes[ref] ?? {};
    return jsonObject(Object.entries(value).map(([name, member]): [string, Json] => [name, fill(member)]));
  };
  const done = fill(schema);
  return isJsonObject(done) ? done : {};
}

function patchNode(components: Components): JsonObject {
  const self = { $ref: '#/components/schemas/Patch' };
  const { patternProperties, ...node } = PATCH_NODE_SCHEMA;
  return components.shared('Patch', {
    ...node,
    patternProperties: jsonObject(
      Object.keys(isJsonObject(patternProperties) ? patternProperties : {}).map((pattern): [string, Json] => [
        pattern,
        self,
      ]),
    ),
  });
}

/** The header that says which method is meant. */
export function methodHeader(names: readonly string[], required: boolean): JsonObject {
  return {
    name: HEADERS.method,
    in: 'header',
    ...(required ? { required } : {}),
    description: 'The Rest.li method that is meant.',
    schema: { enum: [...names] },
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
