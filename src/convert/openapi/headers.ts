/** Headers of requests as parameters, headers of answers as `headers` of a response. */
import type { Contract, Field, Operation, ResponsePromise } from '../../contract/contract.ts';
import type { Dialect } from '../../protocol/dialects.ts';
import { HEADERS, isSameHeader } from '../../protocol/headers.ts';
import type { JsonObject } from '../../protocol/json.ts';
import { profileOf } from '../../protocol/methods.ts';
import type { Components } from './components.ts';

/** OpenAPI ignores parameters of these names: media types and security say them. */
const NOT_PARAMETERS = [HEADERS.accept, HEADERS.contentType, 'Authorization'];
const CREATED = 201;

/** What the dialect, the contract and the operation ask of a request; a later one of the same name counts. */
export function headerParameters(
  { request }: Operation,
  contract: Contract,
  dialect: Dialect,
  components: Components,
): readonly JsonObject[] {
  const found = new Map<string, JsonObject>();
  for (const { name, schema, required, under } of dialect.headers) {
    const sent = [...contract.headers].find(([other]) => isSameHeader(other, name))?.[1] ?? null;
    found.set(name.toLowerCase(), {
      name,
      in: 'header',
      ...(required && under === null ? { required } : {}),
      ...(required && under !== null ? { description: `Required under \`${under}\`.` } : {}),
      schema,
      ...(typeof sent === 'string' && !sent.includes('${') ? { example: sent } : {}),
    });
  }
  for (const field of [...contract.requestHeaders.values(), ...request.headers.values()]) {
    if (field.type === false || NOT_PARAMETERS.some((name) => isSameHeader(name, field.name))) continue;
    found.set(field.name.toLowerCase(), {
      name: field.name,
      in: 'header',
      ...headerOf(field, contract, components),
      ...(field.deprecated === false ? {} : { deprecated: true }),
    });
  }
  return [...found.values()];
}

/** Headers of one success, by name: what is declared, and the two that say what was created. */
export function headersOfAnswer(
  { method }: Operation,
  { headers }: ResponsePromise,
  status: number,
  contract: Contract,
  components: Components,
): Readonly<Record<string, JsonObject>> {
  const isCreated = profileOf(method).returns === 'created' && status === CREATED && contract.key !== null;
  const declared = [...contract.responseHeaders.values(), ...headers.values()].filter(
    ({ name, type }) => type !== false && !isSameHeader(name, HEADERS.contentType),
  );
  return Object.fromEntries([
    ...(isCreated ? CREATED_HEADERS : []),
    ...declared.map((field) => [field.name, headerOf(field, contract, components)] as const),
  ]);
}

const CREATED_HEADERS: readonly (readonly [string, JsonObject])[] = [
  [HEADERS.id, { required: true, description: 'The key of the new entity, encoded.', schema: { type: 'string' } }],
  [HEADERS.location, { required: true, description: 'The path of the new entity.', schema: { type: 'string' } }],
];

function headerOf({ type, required, doc }: Field, contract: Contract, components: Components): JsonObject {
  return {
    ...(required ? { required } : {}),
    ...(doc === null ? {} : { description: doc }),
    schema: typeof type === 'boolean' ? { type: 'string' } : components.of(type, contract),
  };
}
