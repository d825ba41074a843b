import { describe, expect, it } from 'vitest';
import type { Contract } from '../../src/contract/contract.ts';
import { FAULT_KINDS, FAULTS } from '../../src/mock/faults.ts';
import type { MutationMeasured, RunEnded, RunEvent } from '../../src/run/events.ts';
import { mutateContracts, type MutateOptions } from '../../src/run/mutate.ts';
import { contractOf } from '../support/contract.ts';

const BOOKS = `contract: 1
resource: books
key: { id: long }
entity:
  type: object
  required: [id, title]
  properties: { id: { $ref: "#/types/long" }, title: { type: string }, blurb: { type: string }, shelf: { type: string } }
readOnly: [id]
examples:
  - { id: 1, title: One, blurb: First, shelf: A3 }
  - { id: 2, title: Two }
methods:
  GET:
  BATCH_GET:
  PARTIAL_UPDATE:
`;

interface Mutated {
  readonly events: readonly RunEvent[];
  readonly mutation: MutationMeasured;
  readonly end: RunEnded;
}

async function mutate(contract: Contract, options: Partial<MutateOptions> = {}): Promise<Mutated> {
  const events: RunEvent[] = [];
  for await (const event of mutateContracts({ contracts: [contract], groups: ['contract'], ...options }))
    events.push(event);
  const mutation = events.find((event) => event.type === 'mutation');
  const end = events.at(-1);
  if (mutation === undefined || end?.type !== 'end') throw new Error('nothing was measured');
  return { events, mutation, end };
}

const survivorsOf = ({ mutation }: Mutated): readonly string[] =>
  mutation.survivors.map(({ fault, method }) => `${method} ${fault}`);

describe('the faults', () => {
  it('each have a kind, and each kind has faults', () => {
    expect(new Set(FAULTS.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS));
  });
});

describe('mutateContracts', () => {
  it('tells a fault that a case notices from one that none does, method by method', async () => {
    const contract = contractOf(
      `${BOOKS}cases:\n  - { name: changes one, method: PARTIAL_UPDATE, key: 1, patch: { $set: { title: Uno } } }\n`,
    );
    const mutated = await mutate(contract, { faults: ['required-member-missing', 'partial-update-does-nothing'] });
    expect(mutated.mutation.total).toMatchObject({ killed: 2, killedByContract: 2, survived: 1 });
    expect(survivorsOf(mutated)).toEqual(['PARTIAL_UPDATE partial-update-does-nothing']);
    expect(mutated.mutation.faults[0]).toMatchObject({
      first: { case: 'books/GET/contract/keeps-its-promise', rule: 'entity/schema' },
      reason: null,
    });
  });

  it('is killed by the flow that reads back what was written', async () => {
    const flow = `flows:
  - name: keeps what a patch sets
    steps:
      - { method: PARTIAL_UPDATE, key: 1, patch: { $set: { title: Uno } } }
      - { method: GET, key: 1, expect: { body: { title: Uno } } }
`;
    const { mutation } = await mutate(contractOf(BOOKS + flow), { faults: ['partial-update-does-nothing'] });
    expect(mutation.total).toMatchObject({ killed: 1, survived: 0 });
    expect(mutation.faults[0]?.first?.case).toBe('books/flow/keeps-what-a-patch-sets');
  });

  it('gives each survivor something to paste that kills it', async () => {
    const before = await mutate(contractOf(BOOKS));
    const pasted = before.mutation.survivors.filter(({ paste }) => paste !== null);
    expect(pasted.length).toBeGreaterThan(20);
    expect(pasted.length).toBeGreaterThan(before.mutation.survivors.length * 0.8);

    // All of them at once, one a fault: `cases:` and `flows:` may stand in a contract once.
    const first = [...new Map(pasted.toReversed().map((one) => [one.fault, one])).values()];
    const under = (head: string): string => {
      const items = first.filter(({ paste }) => paste?.startsWith(head) === true);
      return items.length === 0 ? '' : head + items.map(({ paste }) => paste?.slice(head.length)).join('');
    };
    const after = await mutate(contractOf(BOOKS + under('cases:\n') + under('flows:\n')));
    expect(after.events.filter((event) => event.type === 'case' && event.verdict !== 'pass')).toEqual([]);
    const still = new Set(survivorsOf(after));
    expect(first.filter(({ fault, method }) => still.has(`${method} ${fault}`)).map(({ fault }) => fault)).toEqual([]);
  });

  describe('advises no more than an endpoint owes', () => {
    const library = contractOf(
      `${BOOKS}  GET_ALL:\n  CREATE:\n  BATCH_CREATE:\n  UPDATE:\n  DELETE:\nerrors: { 404: { code: NO_SUCH_BOOK } }\n`,
    );
    const whole = mutate(library);

    it('names each case by what it notices', async () => {
      for (const { paste, title } of (await whole).mutation.survivors) {
        const name = /- name: "?(.*?)"?$/m.exec(paste ?? '')?.[1] ?? `notices an endpoint that ${title}`;
        expect(name).toMatch(/^notices an endpoint that [a-z]+s /i);
      }
    });

    it('expects neither what the mock alone writes nor the words of an error', async () => {
      for (const { paste, advice, fault } of (await whole).mutation.survivors) {
        expect([fault, /Contract-Rule|message:/.exec(`${paste} ${advice}`)]).toEqual([fault, null]);
      }
    });

    it('pins no key that the endpoint gives itself', async () => {
      // In this dialect that a creation names its key is no must.
      const linkedin = contractOf(
        `${BOOKS}  CREATE:\n  BATCH_CREATE:\n`.replace('resource: books', 'resource: books\ndialect: linkedin'),
      );
      const { survivors } = (await mutate(linkedin)).mutation;
      const of = (fault: string): string => survivors.find((one) => one.fault === fault)?.paste ?? '';
      expect(of('create-without-id')).toContain('expect: { headers: { X-RestLi-Id: { $present: true } } }');
      expect(of('create-without-location')).toContain('Location: { $present: true }');
      expect(of('create-repeats-an-id')).toContain('Location: { $not: /rest/books/1 }');
      expect(of('batch-create-out-of-order')).toBe('');
    });

    it('takes every refusal of a request that is to be refused, and says nothing of items in one that is', async () => {
      const { survivors } = (await whole).mutation;
      const refusals = survivors.filter(({ paste }) => /expect: \{ status: \[4/.test(paste ?? ''));
      expect(refusals.length).toBeGreaterThan(5);
      for (const { paste } of survivors) expect(paste ?? '').not.toMatch(/status: \[?4\d\d.*each:/);
    });

    it('counts apart what is answered otherwise, but as well', async () => {
      const accounts = contractOf(BOOKS.replace('resource: books', 'resource: books\ndialect: linkedin'));
      const { mutation } = await mutate(accounts, { faults: ['silent-misroutes'] });
      // Without the header that the dialect asks of clients, a refusal is right, and so is what the request becomes.
      expect(mutation.total).toMatchObject({ killed: 0, survived: 0 });
      expect(mutation.total.apart).toBeGreaterThan(0);
      expect(mutation.faults[0]?.reason).toMatch(/otherwise than it may be/);
    });
  });

  it('names the group that would notice a survivor', async () => {
    const { mutation } = await mutate(contractOf(BOOKS), { faults: ['update-merges', 'delete-commands-ignored'] });
    expect(mutation.survivors[0]?.advice).toMatch(/which group laws notices: run it too \(--group contract,laws\)/);
    const all = await mutate(contractOf(BOOKS), {
      faults: ['delete-commands-ignored'],
      groups: ['contract', 'headers', 'laws'],
    });
    expect(all.mutation.total).toMatchObject({ killed: 1, killedByContract: 0, survived: 0 });
  });

  it('counts apart what nothing in the contract could show, and gives the reason where a method is not declared', async () => {
    const { mutation } = await mutate(contractOf(BOOKS), { faults: ['page-token-ignored', 'unknown-enum-symbol'] });
    const [paging, symbols] = mutation.faults;
    expect(paging).toMatchObject({
      killed: 0,
      survived: 0,
      apart: 0,
      reason: 'no contract declares GET_ALL, FINDER, BATCH_FINDER',
    });
    expect(symbols).toMatchObject({ killed: 0, survived: 0, apart: 3 });
    expect(symbols?.reason).toMatch(/no request of any group/);
  });

  it('adds up by kind and by method to the whole', async () => {
    const { mutation } = await mutate(contractOf(BOOKS));
    for (const part of [mutation.kinds, mutation.methods, mutation.faults] as const) {
      for (const member of ['killed', 'killedByContract', 'survived', 'apart'] as const) {
        expect(part.reduce((sum, row) => sum + row[member], 0)).toBe(mutation.total[member]);
      }
    }
    expect(mutation.survivors).toHaveLength(mutation.total.survived);
    expect(mutation.methods.map(({ method }) => method)).toEqual(['GET', 'BATCH_GET', 'PARTIAL_UPDATE']);
  });

  it('looks only at the methods and resources that were asked for', async () => {
    const filters = { cases: [], methods: ['GET'], resources: [], tags: [], lines: [], shard: null } as const;
    const { mutation } = await mutate(contractOf(BOOKS), { filters });
    expect(mutation.methods.map(({ method }) => method)).toEqual(['GET']);
    const elsewhere = await mutate(contractOf(BOOKS), { filters: { ...filters, methods: [], resources: ['albums'] } });
    expect(elsewhere.mutation.total).toEqual({ killed: 0, killedByContract: 0, survived: 0, apart: 0 });
  });

  it('lets no case kill that fails without a fault', async () => {
    const contract = contractOf(
      `${BOOKS}cases:\n  - { name: is wrong, method: GET, key: 1, expect: { body: { title: Three } } }\n`,
    );
    const filters = {
      cases: [{ pattern: 'x', matches: (id: string) => id.endsWith('is-wrong') }],
      methods: [],
      resources: [],
      tags: [],
      lines: [],
      shard: null,
    };
    const { mutation, end } = await mutate(contract, { faults: ['required-member-missing'], filters });
    expect(mutation.total.killed).toBe(0);
    expect(end.exitCode).toBe(1);
  });

  it('fails below the minimum score, and not at it', async () => {
    const contract = contractOf(BOOKS);
    const faults = ['required-member-missing', 'partial-update-does-nothing'];
    expect((await mutate(contract, { faults, minScore: 66 })).end).toMatchObject({ exitCode: 0 });
    const { end } = await mutate(contract, { faults, minScore: 67 });
    expect(end).toMatchObject({ exitCode: 1, shortfalls: ['2 of 3 mutants are noticed (66 %), the minimum is 67 %'] });
    expect((await mutate(contract, { faults, minScore: null })).end.exitCode).toBe(0);
  });

  it('comes to the same result twice', async () => {
    const [one, two] = [await mutate(contractOf(BOOKS)), await mutate(contractOf(BOOKS))];
    expect(two.mutation).toEqual(one.mutation);
  });

  it('stops when it is told to, without a result', async () => {
    const controller = new AbortController();
    const events: RunEvent[] = [];
    const run = mutateContracts({
      contracts: [contractOf(BOOKS)],
      groups: ['contract'],
      signal: controller.signal,
      onMutant: () => controller.abort('SIGINT'),
    });
    for await (const event of run) events.push(event);
    expect(events.some(({ type }) => type === 'mutation')).toBe(false);
    expect(events.at(-1)).toMatchObject({ type: 'end', interrupted: 'SIGINT', exitCode: 130 });
  });

  it('refuses a fault that nobody knows', async () => {
    await expect(mutate(contractOf(BOOKS), { faults: ['no-such-fault'] })).rejects.toThrow(/no fault no-such-fault/);
  });
});
