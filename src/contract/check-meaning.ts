/**
 * What a case is *meant* to be against what its parts make of it. Whoever replaces parts says what must come back; the
 * message names the method that the router would pick.
 */
import { formDecode } from '../protocol/encoding.ts';
import { HEADERS, isSameHeader } from '../protocol/headers.ts';
import { profileOf, type Level } from '../protocol/methods.ts';
import { partsOf } from '../protocol/query.ts';
import { NO_ROUTING_PARAMETERS, route, ROUTING_PARAMETERS, type RoutingFacts } from '../protocol/route.ts';
import { escapeSegment } from '../protocol/pointer.ts';
import type { Checking } from './checking.ts';
import type { CaseSpec, Operation } from './contract.ts';

export function checkMeaning(checking: Checking, spec: CaseSpec, operation: Operation | null): void {
  if (spec.expect !== null) return;
  const header = [...spec.headers.keys()].find(
    (name) => isSameHeader(name, HEADERS.method) || isSameHeader(name, HEADERS.protocol),
  );
  if (spec.raw === null && header === undefined) return;

  const at = spec.raw !== null ? `${spec.pointer}/raw` : `${spec.pointer}/headers/${escapeSegment(header ?? '')}`;
  const what = spec.raw !== null ? '`raw`' : `\`${header ?? ''}\``;
  checking.error('needs-expect', at, `a case with ${what} says what must come back: ${reached(spec, operation)}`, {
    part: 'name',
    fix: 'add `expect: 400`, or the outcome that is right',
    see: 'cases',
  });
}

function reached(spec: CaseSpec, operation: Operation | null): string {
  const facts = factsOf(spec, operation);
  const routed = route(facts);
  if (!('method' in routed)) return `the router refuses it with ${routed.status}`;
  if (routed.method === spec.method) return `the router still takes it for ${spec.method}`;
  return `it is meant as ${spec.method}, and the router takes it for ${routed.method}`;
}

function factsOf(spec: CaseSpec, operation: Operation | null): RoutingFacts {
  const profile = profileOf(spec.method);
  const own = headerOf(spec);
  return {
    verb: spec.raw?.verb ?? profile.verb,
    level: levelOf(spec, operation),
    parameters:
      spec.raw?.query === undefined
        ? { ...NO_ROUTING_PARAMETERS, ...(profile.parameter === 'none' ? {} : { [profile.parameter]: true }) }
        : parametersOf(spec.raw.query),
    header: own === undefined ? spec.method : own,
  };
}

function levelOf(spec: CaseSpec, operation: Operation | null): Level {
  const { at } = profileOf(spec.method);
  if (at !== 'either') return at;
  return operation?.level ?? (spec.key === undefined ? 'collection' : 'entity');
}

function parametersOf(query: string): RoutingFacts['parameters'] {
  const found = new Set<string>();
  for (const { name } of partsOf(query)) {
    const decoded = formDecode(name);
    if ('value' in decoded) found.add(decoded.value);
  }
  const entries = ROUTING_PARAMETERS.map((name) => [name, found.has(name)] as const);
  return { ...NO_ROUTING_PARAMETERS, ...Object.fromEntries(entries) };
}

/** undefined: the case leaves it to the runner. */
function headerOf(spec: CaseSpec): string | null | undefined {
  for (const [name, value] of spec.headers) {
    if (!isSameHeader(name, HEADERS.method)) continue;
    return value === null || typeof value === 'string' ? value : value.join(', ');
  }
  return undefined;
}
