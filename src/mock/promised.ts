/** What an operation promises of its successes, for the mock to keep: statuses, whether entities come back, headers. */
import type { Contract, Operation, ResponsePromise } from '../contract/contract.ts';
import { isMethodName, profileOf, type MethodName } from '../protocol/methods.ts';

export interface Promised {
  /** Status of a success; of one item, in a batch. */
  readonly status: number;
  readonly returnsEntity: boolean;
  readonly upsert: boolean;
  /** Status of a creation by replacement. */
  readonly upsertStatus: number;
}

/** Statuses that an answer without a body usually has, or that creates. */
const NO_CONTENT = 204;
const CREATED = 201;

const known = new WeakMap<Operation, Map<boolean | null, Promised>>();

/**
 * Made once for each operation of a contract.
 *
 * @param returnEntity - what the request says of it; null for nothing, which means yes where the contract supports it
 */
export function promisedOf(contract: Contract, operation: Operation, returnEntity: boolean | null): Promised {
  let made = known.get(operation);
  if (made === undefined) known.set(operation, (made = new Map()));
  let promised = made.get(returnEntity);
  if (promised === undefined) made.set(returnEntity, (promised = makePromised(contract, operation, returnEntity)));
  return promised;
}

function makePromised(contract: Contract, operation: Operation, returnEntity: boolean | null): Promised {
  const profile = profileOf(operation.method);
  const single = profile.batchOf === null ? operation : singleOf(contract, operation);
  const statuses = statusesOf(single?.responses ?? []);
  const supported = statuses.length > 0 ? statuses : profileOf(singleMethod(operation)).ok;

  const mayReturn = operation.returnEntity;
  const isCreation = profile.effect === 'creates';
  // An answer with an entity cannot be a 204; without `$returnEntity` the status stays what it is.
  const fitting = mayReturn && !isCreation ? supported.find((status) => status !== NO_CONTENT) : supported[0];
  return {
    status: fitting ?? (mayReturn ? 200 : NO_CONTENT),
    returnsEntity: mayReturn && returnEntity !== false,
    upsert: operation.upsert,
    upsertStatus: supported.includes(CREATED) ? CREATED : (supported[0] ?? NO_CONTENT),
  };
}

/** The promise that a success of this status keeps. */
export function responseFor(operation: Operation, status: number): ResponsePromise | undefined {
  return operation.responses.find((response) => response.status.includes(status));
}

/** The operation that a batch does many of, if the contract declares it. */
function singleOf(contract: Contract, operation: Operation): Operation | undefined {
  const { batchOf } = profileOf(operation.method);
  return contract.operations.find(
    ({ method, name }) => method === batchOf && (operation.finder === null || name === operation.finder),
  );
}

function singleMethod(operation: Operation): MethodName {
  const { batchOf } = profileOf(operation.method);
  return batchOf !== null && isMethodName(batchOf) ? batchOf : operation.method;
}

function statusesOf(responses: readonly ResponsePromise[]): readonly number[] {
  return responses.flatMap(({ status }) => status).filter((status) => status < 400);
}
