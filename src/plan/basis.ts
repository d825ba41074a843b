/** The request that a derived case of another group varies: one that must succeed, and what makes it ready. */
import type { CaseSpec, Contract, Operation } from '../contract/contract.ts';
import { isNegativeItem, itemCount } from '../contract/negative.ts';
import { isSameHeader } from '../protocol/headers.ts';
import { profileOf } from '../protocol/methods.ts';
import type { PlanContext } from './context.ts';
import { positiveRequest, type PositiveRequest } from './contract-group.ts';
import type { Blocked } from './material.ts';
import { positiveSpecs } from './sample-values.ts';

/**
 * The plainest request of an operation that is known to succeed on the target.
 *
 * Where the examples exist it is the author's own first: it knows of values that no type tells. Of a write this holds on
 * the embedded endpoint only; elsewhere a derived write touches nothing but what its case created.
 */
export function basisOf(contract: Contract, operation: Operation, context: PlanContext): PositiveRequest | Blocked {
  const { live, seeded } = context.target;
  const reads = profileOf(operation.method).effect === 'reads' || operation.readOnly;
  if (!live || (seeded && reads)) {
    const authored = contract.cases.find((spec) => isPlain(spec, contract, operation, context));
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
  return positiveRequest(contract, operation, context);
}

/** Whether a case of the author is one bare success: nothing of it that a variation would clash with. */
function isPlain(spec: CaseSpec, contract: Contract, operation: Operation, { target }: PlanContext): boolean {
  if (!positiveSpecs(contract, operation).includes(spec)) return false;
  if (spec.skip !== null || (spec.targets !== null && !spec.targets.includes(target.name))) return false;
  if (spec.protocol !== null || spec.tunnel || spec.headers.size > 0) return false;
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
