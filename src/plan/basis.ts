/** The request that a derived case of another group varies: one that must succeed, and what makes it ready. */
import type { CaseSpec, Contract, Example, Operation } from '../contract/contract.ts';
import { interpolate, scopeOf } from '../contract/interpolate.ts';
import { isNegativeItem, itemCount } from '../contract/negative.ts';
import { onlyAsks } from '../laws/probe.ts';
import { isSameHeader } from '../protocol/headers.ts';
import { isJsonArray, isJsonObject, type Json } from '../protocol/json.ts';
import { sameKey, withoutParams } from '../protocol/keys.ts';
import { legacyProblem } from '../protocol/legacy.ts';
import { profileOf } from '../protocol/methods.ts';
import type { PlanContext } from './context.ts';
import { positiveRequest, type PositiveRequest } from './contract-group.ts';
import { declaredErrorOf } from './declared-errors.ts';
import { hasPath, type Blocked } from './material.ts';
import { ownBodyOf, saysBody } from './own-body.ts';
import { positiveSpecs } from './sample-values.ts';

/**
 * The plainest request of an operation that is known to succeed on the target.
 *
 * It is the author's own first: it knows of values that no type tells. Of a write this holds on the embedded endpoint
 * only; elsewhere a derived write touches nothing but what its case created.
 */
export function basisOf(contract: Contract, operation: Operation, context: PlanContext): PositiveRequest | Blocked {
  const reads = onlyAsks(profileOf(operation.method), operation);
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
  if (!target.live && !operation.upsert && !namesExamples(spec, contract, operation)) return false;
  const promised = spec.expect?.status ?? null;
  if (promised !== null && !promised.every((status) => status < 300)) return false;
  const items = itemCount(spec);
  return (
    items === null || Array.from({ length: items }, (_, index) => index).every((index) => !isNegativeItem(spec, index))
  );
}

/**
 * Whether every entity that a request names is an example, as all are that the embedded endpoint begins with. An author
 * who errs has one case that fails, not one for each that is made of it.
 */
function namesExamples(spec: CaseSpec, contract: Contract, operation: Operation): boolean {
  if (contract.key === null) return true;
  const scope = scopeOf({ layers: [contract.vars], env: {} });
  const filled = (value: Json): Json => {
    const made = interpolate(value, scope);
    return 'value' in made ? made.value : value;
  };
  const ids = filled(spec.ids ?? spec.entities?.map(({ key }) => key) ?? []);
  const own = operation.level === 'entity' && spec.key !== undefined ? [filled(spec.key)] : [];
  const examples = contract.examples.filter((one) => hasPath(one) && isBelow(one, spec, filled));
  return [...own, ...(isJsonArray(ids) ? ids : [])].every((key) =>
    examples.some((one) => one.key !== null && isSame(filled(one.key), key)),
  );
}

function isSame(one: Json, other: Json): boolean {
  if (one === null || other === null || isJsonArray(one) || isJsonArray(other)) return false;
  return sameKey(withoutParams(one), withoutParams(other));
}

/** Whether an example lives under the parents that a request names; a parent that nobody names here may be any. */
function isBelow({ parents }: Example, spec: CaseSpec, filled: (value: Json) => Json): boolean {
  return [...parents].every(([name, value]) => {
    const named = filled(spec.parents?.[name] ?? `\${${name}}`);
    return (typeof named === 'string' && named.includes('${')) || isSame(filled(value), named);
  });
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
