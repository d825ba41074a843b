import { describe, expect, it } from 'vitest';
import { isJsonObject, memberOf, type Json } from '../../src/protocol/json.ts';
import { METHODS, isMethodName, profileOf } from '../../src/protocol/methods.ts';
import { readRequest, type ReadRequest } from '../../src/protocol/request.ts';
import { NO_ROUTING_PARAMETERS, route } from '../../src/protocol/route.ts';
import { HARNESS, TWITTER, type KnownResource } from './resources-of-vectors.ts';
import { vectors, type RoutingVector } from './vectors.ts';

describe('the routing table', () => {
  it('holds in all 640 recorded cells', () => {
    const wrong = vectors.routingMatrix.filter(({ verb, level, param, header, method }) => {
      const parameters = param === 'none' ? NO_ROUTING_PARAMETERS : { ...NO_ROUTING_PARAMETERS, [param]: true };
      const routed = route({ verb, level, parameters, header });
      return ('method' in routed ? routed.method : null) !== method;
    });
    expect(vectors.routingMatrix).toHaveLength(640);
    expect(wrong).toEqual([]);
  });

  it('ignores what the server ignores before it looks', () => {
    const at = (verb: string, ...names: string[]): unknown => {
      const parameters = {
        ids: false,
        q: false,
        bq: false,
        action: false,
        ...Object.fromEntries(names.map((name) => [name, true])),
      };
      const routed = route({ verb, level: 'collection', parameters, header: null });
      return 'method' in routed ? routed.method : routed.refused;
    };
    expect(at('GET', 'q', 'bq')).toBe('FINDER');
    expect(at('GET', 'q', 'action')).toBe('FINDER');
    expect(at('GET', 'bq', 'action')).toBe('BATCH_FINDER');
    expect(at('POST', 'action', 'q', 'bq')).toBe('ACTION');
    expect(at('GET', 'q', 'ids')).toBe('combination');
    expect(at('POST', 'action', 'ids')).toBe('combination');
    expect(at('PUT', 'action')).toBe('action-verb');
    expect(at('PATCH')).toBe('combination');
  });

  it('names the method that a request would reach without its wrong header', () => {
    const facts = { verb: 'POST', level: 'entity', parameters: NO_ROUTING_PARAMETERS } as const;
    expect(route({ ...facts, header: 'update' })).toEqual({
      refused: 'header',
      status: 400,
      without: 'PARTIAL_UPDATE',
    });
    expect(route({ ...facts, header: ' PARTIAL_UPDATE' })).toMatchObject({ refused: 'header' });
    expect(route({ ...facts, header: 'partial_update' })).toEqual({ method: 'PARTIAL_UPDATE' });
    expect(route({ ...facts, header: '' })).toEqual({ method: 'PARTIAL_UPDATE' });
  });

  it('reaches every method of the table', () => {
    const reached = new Set(vectors.routingMatrix.map(({ method }) => method));
    expect(Object.keys(METHODS).filter((name) => !reached.has(name))).toEqual([]);
  });
});

/** What the record knows of a row: the method, or the status of a refusal. `beyond`: decided by what the wire does not show. */
type Outcome = 'right' | 'wrong' | 'alternative-key' | 'beyond';

function judge(row: RoutingVector): Outcome {
  if (/(^|&)altkey=/.test(row.query)) return 'alternative-key';

  const resources = row.resources === 'harness' ? HARNESS : TWITTER;
  const headers = Object.entries(row.headers);
  if (row.protocol !== null) headers.push(['X-RestLi-Protocol-Version', row.protocol]);
  const read = readRequest({ verb: row.verb, path: row.path, query: row.query, headers, body: null }, resources);
  if ('status' in read) return row.method === null && row.status === read.status ? 'right' : 'wrong';
  if ('refused' in read.routed) return row.method === null && row.status === 400 ? 'right' : 'wrong';

  const { method } = read.routed;
  if (row.method !== null) return method === row.method && (row.name ?? read.name) === read.name ? 'right' : 'wrong';
  return judgeImplementation(read, resources, row);
}

/** A request that is routed and refused all the same: by the type of a key, or by a resource that lacks the method. */
function judgeImplementation(read: ReadRequest, resources: readonly KnownResource[], row: RoutingVector): Outcome {
  const resource = resources.find((known) => known === read.resource);
  if (resource === undefined || !('method' in read.routed)) return 'wrong';
  if (resource.longKey && [read.key, ...(read.ids ?? [])].some((key) => key !== null && !isLong(key))) return 'right';
  if (
    resource.name === 'assoc' &&
    isJsonObject(read.key ?? undefined) &&
    !isLong(memberOf(read.key ?? undefined, 'dest'))
  )
    return 'right';
  if (resource.methods === null) return 'beyond';

  const names = read.level === 'entity' ? resource.entityNames : resource.names;
  const { named } = profileOf(read.routed.method);
  const implemented = named ? names.includes(read.name ?? '') : resource.methods.includes(read.routed.method);
  return row.status === 400 && !implemented ? 'right' : 'wrong';
}

function isLong(key: Json | undefined): boolean {
  if (typeof key !== 'string' || !/^[+-]?\d{1,19}$/.test(key)) return false;
  const integer = BigInt(key.replace('+', ''));
  return BigInt.asIntN(64, integer) === integer;
}

describe('recorded requests', () => {
  it('reach the recorded method, or are refused with the recorded status', () => {
    const outcomes = judgeAll(vectors.routing);
    const counts = Object.fromEntries([...outcomes].map(([outcome, rows]) => [outcome, rows.length]));
    console.log(`routing rows: ${JSON.stringify(counts)} of ${vectors.routing.length}`);

    expect(outcomes.get('wrong') ?? []).toEqual([]);
    expect(counts['alternative-key']).toBe(18);
    // Refused for a method that the record does not list, or for the type of a key it does not name.
    expect(counts['beyond']).toBe(10);
    expect(vectors.routing).toHaveLength(496);
  });

  it('of whole exchanges are read the same way', () => {
    const rows = vectors.exchanges
      .filter(({ request }) => request.url !== '/mux') // The multiplexer is another protocol inside this one.
      .map(({ request, routedTo, response }): RoutingVector => {
        const [path = '', query = ''] = request.url.split('?', 2);
        const [method = null, name = null] = routedTo?.split(':', 2) ?? [];
        const { verb, headers } = request;
        return {
          verb,
          path,
          query,
          headers,
          protocol: null,
          resources: 'harness',
          method: method?.toUpperCase() ?? null,
          name,
          status: response.status,
        };
      });
    const outcomes = judgeAll(rows);
    console.log(
      `exchanges: ${JSON.stringify(Object.fromEntries([...outcomes].map(([outcome, all]) => [outcome, all.length])))}`,
    );
    expect(outcomes.get('wrong') ?? []).toEqual([]);
    expect(outcomes.get('right')?.length).toBeGreaterThan(190);
  });

  it('names only methods of the table', () => {
    expect(vectors.routing.filter(({ method }) => method !== null && !isMethodName(method))).toEqual([]);
  });
});

function judgeAll(rows: readonly RoutingVector[]): ReadonlyMap<Outcome, readonly RoutingVector[]> {
  const outcomes = new Map<Outcome, RoutingVector[]>();
  for (const row of rows) {
    const outcome = judge(row);
    outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), row]);
  }
  return outcomes;
}
