/** The request that a derived case of another group varies: one that must succeed, and what makes it ready. */
import type { CaseSpec, Contract, Operation } from '../contract/contract.ts';
import { isNegativeItem, itemCount } from '../contract/negative.ts';
import { isSameHeader } from '../protocol/headers.ts';
import { isJsonObject, type Json } from '../protocol/json.ts';
import { legacyProblem } from '../protocol/legacy.ts';
import { profileOf } from '../protocol/methods.ts';
import type { PlanContext } from './context.ts';
import { positiveRequest, type PositiveRequest } from './contract-group.ts';
import { declaredErrorOf } from './declared-errors.ts';
import type { Blocked } from './material.ts';
import { ownBodyOf, saysBody } from './own-body.ts';
import { positiveSpecs } from './sample-values.ts';

/**
 * The plainest request of an operation that is known to succeed on the target.
 *
 * It is the author's own first: it knows of values that no type tells. Of a write this holds on the embedded endpoint
 * only; elsewhere a derived write touches nothing but what its case created.
 */
export function basisOf(contract: Contract, operation: Operation, context: PlanContext): PositiveRequest | Blocked {
  const reads = profileOf(operation.method).effect === 'reads' || operation.readOnly;
  if (!context.target.live || reads) {
    const authored = contract.cases
      .filter((spec) => isPlain(spec, contract, operation, context))
      .find((spec) => declaredErrorOf({ spec, contract, operation }, context) === null);
    if (authored !== undefined) {
      return {
        spec: {
          ...authored,
          name: null,
          expect: null,
          retry: null,
          doc: null,
          tags: [],
          targets: null,
          pointer: operation.pointer,
        },
        material: { setup: [], keys: [], entity: null, parents: authored.parents },
      };
    }
  }
  // It borrows the headers of a case of the author where errors are declared for requests without them.
  return positiveRequest(contract, operation, context);
}

/** Whether a case of the author is one bare success: nothing of it that a variation would clash with. */
function isPlain(spec: CaseSpec, contract: Contract, operation: Operation, { target }: PlanContext): boolean {
  if (!positiveSpecs(contract, operation).includes(spec)) return false;
  if (spec.skip !== null || (spec.targets !== null && !spec.targets.includes(target.name))) return false;
  if (spec.protocol !== null || spec.tunnel || spec.headers.size > 0) return false;
  if (ownBodyOf(operation) !== null && saysBody(spec)) return false;
  const promised = spec.expect?.status ?? null;
  if (promised !== null && !promised.every((status) => status < 300)) return false;
  const items = itemCount(spec);
  return (
    items === null || Array.from({ length: items }, (_, index) => index).every((index) => !isNegativeItem(spec, index))
  );
}

/** The headers of a request with one of them replaced, whatever the case of its name was. */
export function withHeader(
  spec: CaseSpec,
  name: string,
  value: string | readonly string[] | null,
): CaseSpec['headers'] {
  const kept = [...spec.headers].filter(([other]) => !isSameHeader(other, name));
  return new Map([...kept, [name, value]]);
}

/** Why the request has no form in its protocol version. */
export function unwritable({ method, protocol, params, criteria, ids, key }: CaseSpec): string | null {
  if (protocol !== '1.0.0') return null;
  const inQuery = profileOf(method).sends === 'params' ? [] : Object.values(params);
  for (const value of [key ?? null, ...(Array.isArray(ids) ? ids : []), ...inQuery, ...(criteria ?? [])]) {
    const problem = legacyProblem(value);
    if (problem !== null) return `protocol 1.0.0 has no form for this request: ${problem}`;
    if (holdsListOfOne(value)) return 'in protocol 1.0.0 a list of one cannot be told from its item';
  }
  return null;
}

function holdsListOfOne(value: Json): boolean {
  if (Array.isArray(value)) return value.length === 1 || value.some(holdsListOfOne);
  return isJsonObject(value) && Object.values(value).some(holdsListOfOne);
}
