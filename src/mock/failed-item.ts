/** Failures of one entity. */
import type { Key } from '../protocol/keys.ts';
import { profileOf } from '../protocol/methods.ts';
import type { Call } from './call.ts';
import { errorBody, promisedError, type ErrorText } from './errors.ts';
import type { ErrorPromise } from '../contract/contract.ts';
import type { Item } from './result.ts';
import { identityOf } from './state.ts';

export function failed(call: Call, key: Key | null, status: number, message: string): Item {
  return failedWith(call, key, status, { message });
}

/** The failure that the contract declares for a status: with its code and the rest of what it says. */
export function failedAsPromised(call: Call, key: Key | null, status: number, promise: ErrorPromise): Item {
  const details = promise.details === null ? undefined : call.samples.of(promise.details);
  return failedWith(call, key, status, promisedError(promise, details));
}

/**
 * No entity of that key. The resources of the open-source server answer a write to one with a bare status, which has
 * neither body nor error header.
 */
export function missing(call: Call, key: Key | null): Item {
  const { resource } = call.contract;
  const reads = profileOf(call.operation.method).effect === 'reads';
  if (call.mode === 'oss') {
    if (!reads) return { key, status: 404, entity: null, error: null };
    const name = resource.slice(resource.lastIndexOf('.') + 1);
    return failed(
      call,
      key,
      404,
      `Requested entity not found: type=${call.operation.method.toLowerCase()}, resourceName=${name}`,
    );
  }
  const declared = call.operation.errors.get(404)?.find(({ when }) => when === null);
  if (declared !== undefined) return failedAsPromised(call, key, 404, declared);
  return failed(
    call,
    key,
    404,
    key === null
      ? `\`${resource}\` holds no entity.`
      : `\`${resource}\` holds no entity of the key ${identityOf(key)}.`,
  );
}

/** The failure of an item that breaks the contract; null for one that keeps it. */
export function refusedItem(call: Call, pointer: string | null, key: Key | null): Item | null {
  const item = pointer === null ? undefined : call.refused.get(pointer);
  return item === undefined ? null : failed(call, key, item.status, item.message);
}

function failedWith(call: Call, key: Key | null, status: number, text: ErrorText): Item {
  return { key, status, entity: null, error: errorBody(status, text, call.asked.dialect) };
}
