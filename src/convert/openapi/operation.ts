/** One declared method as the parts of an OpenAPI operation: parameters, body and answers. */
import type { Contract, Fields, Operation } from '../../contract/contract.ts';
import { ERROR_SCHEMA, PATCH_NODE_SCHEMA, REQUEST_ENVELOPES, RESPONSE_ENVELOPES } from '../../protocol/envelopes.ts';
import { HEADERS } from '../../protocol/headers.ts';
import { isJsonArray, isJsonObject, jsonObject, type Json, type JsonObject } from '../../protocol/json.ts';
import { profileOf } from '../../protocol/methods.ts';
import type { Components } from './components.ts';

export interface OperationParts {
  readonly parameters: readonly JsonObject[];
  /** Schema of the body; null: none. */
  readonly body: JsonObject | null;
  /** Status -> description, schema of the body (null: none). */
  readonly answers: readonly (readonly [status: string, description: string, schema: JsonObject | null])[];
}

export function partsOf(operation: Operation, contract: Contract, components: Components): OperationParts {
  return {
    parameters: queryOf(operation, contract, components),
    body: bodyOf(operation, contract, components),
    answers: [...successesOf(operation, contract, components), ...errorsOf(operation, contract, components)],
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

function queryOf(operation: Operation, contract: Contract, components: Components): readonly JsonObject[] {
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
      ),
    );
  if (profile.sends !== 'params') {
    for (const { name, type, required, doc } of operation.params.values()) {
      if (type === false) continue;
      found.push(query(name, required, typeof type === 'boolean' ? {} : components.of(type, contract), doc));
    }
  }
  if (operation.paging?.kind === 'offset')
    found.push(
      query('start', false, COUNTED, 'Index of the first element.'),
      query('count', false, COUNTED, 'Elements of a page.'),
    );
  if (operation.paging?.kind === 'cursor')
    found.push(
      query('pageSize', false, COUNTED, 'Elements of a page.'),
      query('pageToken', false, { type: 'string' }, 'Token of the page, from the answer before.'),
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

function query(name: string, required: boolean, schema: JsonObject, description: string | null): JsonObject {
  return {
    name,
    in: 'query',
    ...(required ? { required } : {}),
    ...(description === null ? {} : { description }),
    schema,
  };
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
    : filled(schema, { Entity: entityOf(entity ?? contract.entity, contract, components) }, components);
}

function successesOf(operation: Operation, contract: Contract, components: Components): OperationParts['answers'] {
  const { returns } = profileOf(operation.method);
  return operation.responses.flatMap(({ status, entity, body }) => {
    const holes = {
      Entity: entityOf(entity ?? contract.entity, contract, components),
      Metadata: operation.metadata === null ? {} : components.of(operation.metadata, contract),
    };
    const { schema, doc } = RESPONSE_ENVELOPES[returns];
    let answered = schema === null ? null : filled(schema, holes, components);
    if ((returns === 'none' || returns === 'created') && !operation.returnEntity && entity === null) answered = null;
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
      return [String(one), sentence(what), told] as const;
    });
  });
}
const NO_CONTENT = 204;

function errorsOf(operation: Operation, contract: Contract, components: Components): OperationParts['answers'] {
  return [...operation.errors].map(([status, errors]) => {
    const told = errors
      .map(({ code, doc, message }) =>
        [code, doc ?? message].filter((part) => part !== null && part !== undefined).join(': '),
      )
      .filter((text) => text !== '');
    const details = errors.find((error) => error.details !== null)?.details ?? null;
    const shared = components.shared('ErrorResponse', ERROR_SCHEMA);
    const schema =
      details === null
        ? shared
        : { allOf: [shared, { type: 'object', properties: { errorDetails: components.of(details, contract) } }] };
    return [String(status), told.length === 0 ? 'An error.' : told.join('\n'), schema] as const;
  });
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
