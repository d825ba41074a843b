/** What a whole run sends to a service, request by request: every group, over a socket that writes everything down. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { serveContracts } from '../../src/mock/server.ts';
import { profileOf } from '../../src/protocol/methods.ts';
import { DIALECTS } from '../../src/protocol/dialects.ts';
import type { RunOptions } from '../../src/run/options.ts';
import { headerOf, type HttpRequest } from '../../src/transport/exchange.ts';
import { checkRequest } from '../../src/verify/check-request.ts';
import { LIBRARY } from '../mock/library.ts';
import { runOf, target } from './support.ts';

// The contract `accounts` lacks the header of its dialect: nothing that it sends can succeed.
const contracts = LIBRARY.filter(({ resource }) => resource !== 'accounts');
const groups = ['contract', 'headers', 'laws', 'negative'] as const;
const dialects = new Map(Object.entries(DIALECTS));

async function recorded(port: number, options: Partial<RunOptions>, writes = false) {
  const requests: HttpRequest[] = [];
  const served = await serveContracts(contracts, {
    port,
    mode: 'oss',
    now: () => 1_760_000_000_000,
    onExchange: ({ request }) => requests.push(request),
  });
  try {
    const clock = { now: () => new Date(1_760_000_000_000), monotonic: () => 0 };
    const { cases, end } = await runOf(contracts, {
      groups,
      clock,
      target: target(served.url, { seeded: true, writes }),
      ...options,
    });
    return { requests, cases, end, port: served.port };
  } finally {
    await served.close();
  }
}

/** Whether an endpoint that takes the request at its word changes nothing. */
function isHarmless(request: HttpRequest): boolean {
  const { routed, operation } = checkRequest(request, contracts, { dialects });
  if (routed === null || !('method' in routed)) return !['PUT', 'DELETE', 'PATCH'].includes(request.verb);
  return profileOf(routed.method).effect === 'reads' || operation?.readOnly === true;
}

// Thousands of requests each, on machines that are busy.
describe('a run of every group', { timeout: 120_000 }, () => {
  it('writes nothing to a foreign host, request by request', async () => {
    const { requests, cases } = await recorded(0, { isForeign: () => true });
    expect(requests.length).toBeGreaterThan(200);
    const writing = requests.filter((request) => !isHarmless(request));
    expect(
      writing.map(({ verb, target: line, headers }) => `${verb} ${line} ${headerOf(headers, 'X-RestLi-Method')}`),
    ).toEqual([]);
    expect(cases.filter(({ verdict }) => verdict === 'skip').length).toBeGreaterThan(200);
  });

  it('would be seen to write, were it allowed to', async () => {
    const { requests } = await recorded(0, { isForeign: () => true, allowWrites: true });
    expect(requests.filter((request) => !isHarmless(request)).length).toBeGreaterThan(100);
  });

  it('sends identical bytes in identical order with one seed, one at a time, and reports the same', async () => {
    const first = await recorded(0, { concurrency: 1, seed: 7 }, true);
    const again = await recorded(first.port, { concurrency: 1, seed: 7 }, true);
    expect(first.requests.length).toBeGreaterThan(1000);
    expect(again.requests).toEqual(first.requests);

    // What a clock says: the Date of each answer, and how long each exchange took.
    const timeless = (cases: typeof first.cases): string =>
      createHash('sha256')
        .update(JSON.stringify(cases).replaceAll(/"date","[^"]*"|"durationMs":[\d.]+/gi, ''))
        .digest('hex');
    expect(timeless(again.cases)).toBe(timeless(first.cases));
  });
});
