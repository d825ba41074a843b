/** Resources without CREATE on a service: what a case writes to, it makes by an upsert, and takes away again. */
import { describe, expect, it } from 'vitest';
import { serveContracts } from '../../src/mock/server.ts';
import type { HttpRequest } from '../../src/transport/exchange.ts';
import { contractOf } from '../support/contract.ts';
import { runOf, target, type Collected } from './support.ts';

const MEMBERS = `
contract: 1
resource: members
kind: association
key: { group: long, person: { type: string } }
entity:
  type: object
  required: [group, person, role]
  properties: { group: { $ref: "#/types/long" }, person: { type: string, minLength: 1 }, role: { enum: [ADMIN, READER] }, note: { type: string } }
examples:
  - { group: 1, person: ann, role: ADMIN, note: First }
  - { group: 1, person: bo, role: READER }
methods:
  GET:
  BATCH_GET:
  UPDATE: { upsert: true }
  PARTIAL_UPDATE:
  DELETE:
`;

async function replayed(text: string): Promise<Collected & { readonly requests: readonly HttpRequest[] }> {
  const contract = contractOf(text);
  const requests: HttpRequest[] = [];
  const served = await serveContracts([contract], { port: 0, onExchange: ({ request }) => requests.push(request) });
  try {
    const groups = ['contract', 'headers', 'laws'] as const;
    const collected = await runOf(contract, { groups, target: target(served.url, { writes: true }) });
    return { ...collected, requests };
  } finally {
    await served.close();
  }
}

describe('an association that knows no CREATE', () => {
  it('is written to under keys of its own, which are gone afterwards', async () => {
    const { cases, end, requests } = await replayed(MEMBERS);
    const verdicts = new Map<string, number>();
    for (const { verdict } of cases) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    expect(verdicts.get('fail') ?? 0).toBe(0);
    expect(verdicts.get('pass') ?? 0).toBeGreaterThan(cases.length / 2);
    expect(cases.find(({ id }) => id === 'members/UPDATE/laws/update-overwrites-all')?.verdict).toBe('pass');
    expect(end.leftBehind).toEqual([]);

    // Nothing that was there before is written to.
    const written = requests.filter(({ verb, target: line }) => verb !== 'GET' && /person:(?:ann|bo)\)/.test(line));
    expect(written.map(({ verb, target: line }) => `${verb} ${line}`)).toEqual([]);
  });

  it('is not written to where it cannot be asked first', async () => {
    const { cases } = await replayed(MEMBERS.replace('  GET:\n', ''));
    const update = cases.find(({ id }) => id.startsWith('members/UPDATE/') && id.endsWith('keeps-its-promise'));
    expect(update?.verdict).toBe('blocked');
  });
});
