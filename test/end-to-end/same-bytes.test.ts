/**
 * Two runs with one seed against the embedded endpoint, one request at a time: the same bytes in the same order, and the
 * same stream but for times. The endpoint has another port in each.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import { expect, it } from 'vitest';
import { loadContracts } from '../../src/contract/load.ts';
import { MOCK_ORIGIN } from '../../src/mock/address.ts';
import { GROUPS } from '../../src/plan/case.ts';
import type { RunEvent } from '../../src/run/events.ts';
import type { RunOptions } from '../../src/run/options.ts';
import { runContracts } from '../../src/run/run.ts';

interface Recording {
  readonly events: readonly RunEvent[];
  /** All that came in at the endpoint's sockets, in order of arrival. */
  readonly bytes: Buffer;
  readonly ports: ReadonlySet<number>;
}

/** Listens at every server socket of this process while the run lasts. */
async function record(options: RunOptions): Promise<Recording> {
  const chunks: Buffer[] = [];
  const ports = new Set<number>();
  const see = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    if (socket.localPort !== undefined) ports.add(socket.localPort);
    socket.on('data', (chunk: Buffer) => chunks.push(Buffer.from(chunk)));
  };
  subscribe('net.server.socket', see);
  try {
    const events: RunEvent[] = [];
    for await (const event of runContracts(options)) events.push(event);
    return { events, bytes: Buffer.concat(chunks), ports };
  } finally {
    unsubscribe('net.server.socket', see);
  }
}

/** Members that hold a time or a duration of the run, wherever they stand in an event. */
const TIMES = new Set(['startedAt', 'durationMs']);
/** Times that the mock stamps on entities that it stores: epoch milliseconds, thirteen digits until the year 2286. */
const STAMPS = /"(time|uploadedAt)":\d{13}(?=[,}])/g;

/** The event as JSON text without `startedAt`, `durationMs`, `Date` headers and the mock's stamps. */
function withoutTimes(event: RunEvent): string {
  return JSON.stringify(event, (name, value: unknown) => {
    if (TIMES.has(name)) return undefined;
    if (Array.isArray(value) && value.length === 2 && value[0] === 'Date') return ['Date'];
    return typeof value === 'string' ? value.replace(STAMPS, '"$1":0') : value;
  });
}

async function shipped(...names: readonly string[]): Promise<RunOptions['contracts']> {
  const folder = path.resolve(import.meta.dirname, '../../contracts');
  const files = readdirSync(folder).filter((file) => names.includes(file.replace('.contract.yaml', '')));
  const { contracts, diagnostics } = await loadContracts(files, { cwd: folder });
  expect([contracts.length, diagnostics]).toEqual([names.length, []]);
  return contracts;
}

it.each([
  { what: 'a sound endpoint', names: ['photos'], faults: [] },
  {
    what: 'one with faults, whose failures are made smaller',
    names: ['adAccounts'],
    faults: ['projection-ignored', 'partial-update-overwrites', 'method-header-ignored'],
  },
])(
  'two runs of all groups against $what send the same bytes and tell the same',
  async ({ names, faults }) => {
    const options = { contracts: await shipped(...names), groups: GROUPS, concurrency: 1, seed: 5, faults };
    const [first, second] = [await record(options), await record(options)];

    expect(first.bytes.byteLength).toBeGreaterThan(100_000);
    expect(first.bytes.equals(second.bytes)).toBe(true);
    const hosts = new Set(first.bytes.toString('latin1').match(/^host: .*$/gim));
    expect([...hosts].map((line) => line.trim().toLowerCase())).toEqual([
      `host: ${MOCK_ORIGIN.replace('http://', '')}`,
    ]);

    expect(first.events.length).toBeGreaterThan(500);
    expect(second.events.map(withoutTimes)).toEqual(first.events.map(withoutTimes));
    expect(first.events.some((event) => event.type === 'case' && event.verdict === 'fail')).toBe(faults.length > 0);

    const told = JSON.stringify([first.events, second.events]);
    expect(told).toContain(`${MOCK_ORIGIN}/`);
    const ports = [...first.ports, ...second.ports];
    expect(ports.length).toBe(2);
    for (const port of ports) expect([port, told.includes(`127.0.0.1:${port}`)]).toEqual([port, false]);
  },
  60_000,
);
