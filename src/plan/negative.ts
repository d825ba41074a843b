/**
 * Group `negative`, on request: every declared operation with one fault at a time, in routing, query, keys, parameters
 * and body. Each has the reason why it must be refused; how heavily it weighs depends on who refuses it: every server,
 * those that validate, or those that are strict.
 */
import type { CaseSpec, Contract, Operation } from '../contract/contract.ts';
import { refusedCheck, type RefusalRule } from '../laws/refused.ts';
import { jsonObject, type Json } from '../protocol/json.ts';
import { profileOf, type MethodProfile } from '../protocol/methods.ts';
import { fitsSchema } from '../schema/check.ts';
import type { HttpRequest } from '../transport/exchange.ts';
import { basisOf } from './basis.ts';
import type { Case, Step } from './case.ts';
import type { PlanContext } from './context.ts';
import { deriveCase, deriveSpec } from './derive.ts';
import { bodyFaults } from './negative-body.ts';

/** One fault in a request that is right otherwise. */
export interface Fault {
  /** Last segment of the id. */
  readonly what: string;
  /** A clause that follows "the request": `names a finder that nobody declared`. */
  readonly does: string;
  readonly rule: RefusalRule;
  /** Whether only protocol 2.0.0 refuses it: 1.0.0 repeats names for lists and knows no `List(…)`. */
  readonly isOfTwo?: boolean;
  readonly spec?: Partial<CaseSpec>;
  readonly rewrite?: (request: HttpRequest) => HttpRequest;
  /** Whether an endpoint that takes it at its word could write, although the method it is made of only reads. */
  readonly mayWrite?: boolean;
}

/** A request that would succeed, as the makers of faults see it. */
export interface Sound {
  readonly contract: Contract;
  readonly operation: Operation;
  readonly profile: MethodProfile;
  readonly spec: CaseSpec;
}

export function planNegativeGroup(contract: Contract, context: PlanContext): readonly Case[] {
  return contract.operations.flatMap((operation) => {
    const basis = basisOf(contract, operation, context);
    if ('blocked' in basis) {
      const steps = [{ spec: deriveSpec(operation, {}), contract, operation }];
      const why = {
        what: 'broken-input',
        name: 'broken input is refused',
        reason: 'one fault at a time must be refused',
      };
      return [deriveCase(contract, operation, { group: 'negative', ...why, steps, blocked: basis.blocked })];
    }
    const sound: Sound = { contract, operation, profile: profileOf(operation.method), spec: basis.spec };
    const protocol = contract.protocol ?? context.dialectOf(contract).protocol[0];
    const faults = [
      ...routingFaults(sound),
      ...queryFaults(sound),
      ...keyFaults(sound),
      ...parameterFaults(sound),
      ...bodyFaults(sound),
    ];
    return faults
      .filter(({ isOfTwo = false }) => !isOfTwo || protocol === '2.0.0')
      .map((fault) => faultyCase(sound, fault, basis.material.setup));
  });
}

function faultyCase({ contract, operation, spec }: Sound, fault: Fault, setup: readonly Step[]): Case {
  const step: Step = {
    spec: { ...spec, ...fault.spec, expect: null },
    contract,
    operation,
    // What an endpoint that takes the request answers is no subject here.
    expects: 'any',
    ...(fault.rewrite === undefined ? {} : { rewrite: fault.rewrite }),
  };
  const check = refusedCheck(fault.rule, `it ${fault.does}`, '400, or another that blames the client');
  const derived = deriveCase(contract, operation, {
    group: 'negative',
    what: fault.what,
    name: `a request that ${fault.does} is refused`,
    reason: `one fault: it ${fault.does}`,
    steps: [...setup, step],
    // A target or a flag may speak another version than the contract.
    check: (trace) => (fault.isOfTwo === true && trace.at(-1)?.asked.protocol === '1.0.0' ? [] : check(trace)),
  });
  const writes = derived.writes || fault.mayWrite === true;
  return { ...derived, writes, alone: writes };
}

/** Faults that the routing table refuses, whatever the resource is. */
function routingFaults({ contract, operation, profile }: Sound): readonly Fault[] {
  const verb = (name: string): Fault => ({
    what: `verb-${name.toLowerCase()}`,
    does: `is sent by ${name}, which Rest.li does not have`,
    rule: 'negative/refused',
    rewrite: (request) => ({ ...request, verb: name }),
    mayWrite: true,
  });
  const named: Fault = {
    what: 'unknown-name',
    does: `names ${profile.parameter === 'action' ? 'an action' : 'a finder'} that nobody declared`,
    rule: 'negative/refused',
    mayWrite: profile.effect === 'acts',
    rewrite: (request) =>
      mapTarget(request, (target) => target.replace(new RegExp(`([?&]${profile.parameter}=)[^&]*`), '$1noSuchName')),
  };
  const keyed: Fault = {
    what: 'key-beside-ids',
    does: 'has `ids` beside the key in its path',
    rule: 'negative/refused',
    rewrite: (request) => withQuery(request, 'ids=List(1)'),
  };
  const isKeyed = operation.level === 'entity' && contract.key !== null;
  return [verb('PATCH'), ...(profile.named ? [named] : []), ...(isKeyed ? [keyed] : [])];
}

/** Faults in the syntax of the query. */
function queryFaults({ operation, profile }: Sound): readonly Fault[] {
  const query = (what: string, does: string, text: string, isOfTwo = false): Fault => ({
    what,
    does,
    rule: 'negative/refused',
    isOfTwo,
    rewrite: (request) => withQuery(request, text),
  });
  const syntax = [
    query('unclosed-list', 'has a list in its query that does not end', 'x=List(a', true),
    query('repeated-parameter', 'has a parameter twice', 'x=1&x=2', true),
    query('empty-value', 'has a parameter without a value', 'x=', true),
  ];
  const mask =
    profile.projects && operation.projection !== 'none'
      ? [query('bad-mask', 'has a mask that does not parse', 'fields=a:(b')]
      : [];
  const isPaged = profile.returns === 'collection' && operation.paging?.kind === 'offset';
  const paging = isPaged
    ? [
        query('negative-start', 'asks for a page before the first', 'start=-1'),
        query('start-no-number', 'asks for a page that begins at no number', 'start=x'),
      ]
    : [];
  return [...syntax, ...mask, ...paging];
}

/** Keys of another type, and batches that are no batches. */
function keyFaults({ contract, operation, profile, spec }: Sound): readonly Fault[] {
  const { key } = contract;
  if (key === null) return [];
  const faults: Fault[] = [];
  const [part] = key.parts.values();
  const isTyped = key.shape.kind === 'simple' && part !== undefined && !fitsSchema(part, 'no-number');
  const text = 'no-number';
  // A URN key is text to the protocol: who refuses another text validates it.
  const isNumber = part !== undefined && (fitsSchema(part, 1) || fitsSchema(part, 1n));
  const rule: RefusalRule = isNumber ? 'negative/refused' : 'negative/validated';
  if (isTyped && operation.level === 'entity' && spec.key !== undefined) {
    faults.push({ what: 'key-type', does: 'has a key of another type in its path', rule, spec: { key: text } });
  }
  if (profile.parameter === 'ids' && isTyped && spec.ids !== undefined) {
    faults.push({ what: 'ids-type', does: 'has a key of another type among its `ids`', rule, spec: { ids: [text] } });
  }
  if (profile.parameter !== 'ids') return faults;
  faults.push({
    what: 'ids-no-list',
    does: 'has `ids` that are no list',
    rule: 'negative/refused',
    isOfTwo: true,
    rewrite: (request) => mapTarget(request, (target) => target.replace(/([?&]ids=)[^&]*/, '$11')),
  });
  const first = spec.entities?.[0];
  if (first !== undefined) {
    faults.push({
      what: 'ids-differ',
      does: 'has other keys in its body than in `ids`',
      rule: 'negative/refused',
      spec: { ids: [] },
    });
  }
  return [...faults, ...tooMany(operation, spec)];
}

function tooMany({ maxBatchSize }: Operation, spec: CaseSpec): readonly Fault[] {
  const [id] = Array.isArray(spec.ids) ? (spec.ids as readonly Json[]) : [];
  if (maxBatchSize === null || maxBatchSize > 1_000 || (typeof id !== 'number' && typeof id !== 'bigint')) return [];
  const ids = Array.from({ length: maxBatchSize + 1 }, (_, index) => BigInt(id) + BigInt(index));
  return [
    { what: 'batch-too-large', does: `has more than ${maxBatchSize} items`, rule: 'negative/validated', spec: { ids } },
  ];
}

/** Required parameters left out, and parameters of another type. */
function parameterFaults({ operation, profile, spec }: Sound): readonly Fault[] {
  return [...operation.params.values()].flatMap((field): readonly Fault[] => {
    const { name, type } = field;
    if (!/^\w+$/.test(name) || typeof type === 'boolean') return [];
    const faults: Fault[] = [];
    if (field.required && Object.hasOwn(spec.params, name)) {
      const params = jsonObject(Object.entries(spec.params).filter(([other]) => other !== name));
      faults.push({
        what: `misses-${name}`,
        does: `lacks the required parameter ${name}`,
        rule: 'negative/refused',
        spec: { params },
      });
    }
    const wrong = profile.sends === 'params' ? { 'no-such': ['value'] } : 'no-number';
    const isNumber = fitsSchema(type, 1) && !fitsSchema(type, 'no-number');
    if (isNumber) {
      faults.push({
        what: `type-of-${name}`,
        does: `has a parameter ${name} of another type`,
        rule: 'negative/refused',
        spec: { params: { ...spec.params, [name]: wrong } },
      });
    }
    return faults;
  });
}

function mapTarget(request: HttpRequest, change: (target: string) => string): HttpRequest {
  return { ...request, target: change(request.target) };
}

/** With the parameters of `text` in place of those of the same name, so that what is wrong is what the fault says. */
function withQuery(request: HttpRequest, text: string): HttpRequest {
  const nameOf = (part: string): string => part.split('=', 1)[0] ?? '';
  const names = new Set(text.split('&').map(nameOf));
  return mapTarget(request, (target) => {
    const at = target.indexOf('?');
    if (at < 0) return `${target}?${text}`;
    const kept = target
      .slice(at + 1)
      .split('&')
      .filter((part) => !names.has(nameOf(part)));
    return `${target.slice(0, at)}?${[...kept, text].join('&')}`;
  });
}
