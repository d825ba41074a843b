/** Reads a request as the open-source server does: every check it makes, in its order, and no other. */
import type { Contract, Operation } from '../contract/contract.ts';
import { profileOf } from '../protocol/methods.ts';
import { untunnel, type WireRequest } from '../protocol/tunnel.ts';
import { readRequest, type ReadRequest } from '../protocol/request.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import { readBody } from '../verify/body.ts';
import { dialectOf, wireOf, type AnswerContext, type Understood } from './context.ts';
import { askedLeniently } from './lenient.ts';
import {
  ossBadKeys,
  ossBatch,
  ossBody,
  ossContentType,
  ossKeys,
  ossParams,
  ossUnimplemented,
  ossUnread,
  ossUnrouted,
  type OssRefusal,
} from './oss.ts';
import { NO_REFUSED_ITEMS } from './refused-items.ts';
import { failure } from './result.ts';

export function understandAsServer(request: HttpRequest, context: AnswerContext): Understood {
  const sent = withoutAuthority(wireOf(request));
  const type = ossContentType(sent);
  if (type !== null) return refusedWith(outOfTunnel(sent), type);
  const read = readRequest(sent, context.resources, { bases: context.bases });
  if ('reason' in read) return refusedWith(outOfTunnel(sent), ossUnread(read, outOfTunnel(sent)));

  const wire = read.untunnelled;
  const { routed } = read;
  if (!('method' in routed)) return refusedWith(wire, ossUnrouted(routed, read));

  const contract = context.contracts.find(({ resource }) => resource === read.resource.name);
  const operation = contract === undefined ? undefined : operationOf(contract, read);
  if (contract === undefined || operation === undefined) return refusedWith(wire, ossUnimplemented(read));

  const keys = ossKeys(read, contract);
  if (keys !== null) return refusedWith(wire, keys);
  const { value: body } = readBody(wire.body);
  const refusal = ossBody(read, operation) ?? ossParams(read, operation, body) ?? ossBatch(read, contract, body);
  if (refusal !== null) return refusedWith(wire, refusal);

  const asked = askedLeniently(read, contract, operation, dialectOf(contract, context.dialects), body);
  return { wire, contract, operation, asked, badKeys: ossBadKeys(read, contract), refused: NO_REFUSED_ITEMS };
}

/** The declared operation that a routed request reaches: by method, name and, for actions, level. */
function operationOf(contract: Contract, read: ReadRequest): Operation | undefined {
  const { routed } = read;
  if (!('method' in routed)) return undefined;
  const profile = profileOf(routed.method);
  return contract.operations.find(
    ({ method, name, level }) =>
      method === routed.method &&
      (!profile.named || name === read.name) &&
      (profile.at !== 'either' || level === read.level),
  );
}

function refusedWith(wire: WireRequest, { status, message, unrouted, isPlain }: OssRefusal): Understood {
  if (isPlain) return { wire, refusal: failure(status, null, { unrouted, text: message }) };
  const error = message === null ? { status } : { status, message };
  return { wire, refusal: failure(status, error, { unrouted }) };
}

function outOfTunnel(wire: WireRequest): WireRequest {
  const out = untunnel(wire);
  return 'request' in out ? out.request : wire;
}

/** A target that begins with two slashes is a host and a path to the server's URI parser. */
function withoutAuthority(wire: WireRequest): WireRequest {
  const { path } = wire;
  if (!path.startsWith('//')) return wire;
  const slash = path.indexOf('/', 2);
  return { ...wire, path: slash < 0 ? '' : path.slice(slash) };
}
