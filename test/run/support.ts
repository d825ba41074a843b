/** Runs for tests: a small contract, an endpoint that records, and what a run's events say. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse } from 'yaml';
import type { Contract } from '../../src/contract/contract.ts';
import { parseGlob } from '../../src/plan/glob.ts';
import { NO_FILTERS, type Filters } from '../../src/plan/select.ts';
import type { CaseFinished, RunEnded, RunEvent, RunStarted } from '../../src/run/events.ts';
import { EMBEDDED_TARGET, type RunOptions, type Target } from '../../src/run/options.ts';
import { runContracts } from '../../src/run/run.ts';
import { contractOf } from '../support/contract.ts';

const BOOKS = `
contract: 1
resource: books
key: { id: long }
entity:
  type: object
  required: [id, title]
  properties: { id: { type: integer }, title: { type: string } }
readOnly: [id]
examples:
  - { id: 1, title: One }
  - { id: 2, title: Two }
methods:
`;

/** The books contract with the methods, cases and flows that are written, indented by two. */
export function books(methods: string, rest = ''): Contract {
  return contractOf(`${BOOKS}${methods}\n${rest}`);
}

export interface Collected {
  readonly run: RunStarted;
  readonly cases: readonly CaseFinished[];
  readonly end: RunEnded;
}

export async function collect(events: AsyncIterable<RunEvent>): Promise<Collected> {
  const all: RunEvent[] = [];
  for await (const event of events) all.push(event);
  const [run] = all;
  const end = all[all.length - 1];
  if (run?.type !== 'run' || end?.type !== 'end') throw new Error('the stream is not whole');
  return { run, end, cases: all.filter((event) => event.type === 'case') };
}

/** Only the author's and the derived cases of group `contract`, so that a test sees what it wrote. */
export function runOf(contract: Contract | readonly Contract[], options: Partial<RunOptions> = {}): Promise<Collected> {
  const contracts = Array.isArray(contract) ? (contract as readonly Contract[]) : [contract as Contract];
  return collect(runContracts({ contracts, groups: ['contract'], ...options }));
}

export function target(baseUrl: string, particular: Partial<Target> = {}): Target {
  return { ...EMBEDDED_TARGET, name: 'service', baseUrl, writes: false, seeded: false, ...particular };
}

export function only(...patterns: readonly string[]): Filters {
  const cases = patterns.map((pattern) => {
    const glob = parseGlob(pattern);
    if (typeof glob === 'string') throw new Error(glob);
    return glob;
  });
  return { ...NO_FILTERS, cases };
}

export function verdictsOf({ cases }: Collected): Readonly<Record<string, string>> {
  return Object.fromEntries(cases.map(({ id, verdict }) => [id.replace(/^books\//, ''), verdict]));
}

export interface Recorded {
  readonly verb: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: string;
}

export interface Service extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly Recorded[];
}

export type Answer = (request: Recorded, response: ServerResponse, index: number) => void;

/** A service on loopback that records what it is sent. */
export async function serviceOf(answer: Answer): Promise<Service> {
  const requests: Recorded[] = [];
  const server: Server = createServer((incoming: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const recorded: Recorded = {
        verb: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.rawHeaders,
        body: Buffer.concat(chunks).toString(),
      };
      requests.push(recorded);
      answer(recorded, response, requests.length - 1);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers as a Rest.li server of protocol 2.0.0. */
export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'X-RestLi-Protocol-Version': '2.0.0', 'Content-Type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

export function refuse(response: ServerResponse, status: number): void {
  json(response, status, { status }, { 'X-RestLi-Error-Response': 'true' });
}

/** A small stateful service for `books`: create, read, remove. */
export function shelf(stored = new Map<string, { readonly id: number; readonly title: string }>()): {
  readonly answer: Answer;
  readonly stored: typeof stored;
} {
  let next = 100;
  const answer: Answer = (request, response) => {
    const key = /^\/books\/(\d+)/.exec(request.url)?.[1];
    if (request.verb === 'POST' && key === undefined) {
      const id = (next += 1);
      stored.set(`${id}`, { ...(JSON.parse(request.body) as { title: string }), id });
      return json(response, 201, undefined, { 'X-RestLi-Id': `${id}`, Location: `/books/${id}` });
    }
    const book = key === undefined ? undefined : stored.get(key);
    if (key === undefined && request.verb === 'GET')
      return json(response, 200, { elements: [...stored.values()], paging: { start: 0, count: 10, links: [] } });
    if (book === undefined || key === undefined) return refuse(response, 404);
    if (request.verb === 'GET') return json(response, 200, book);
    if (request.verb === 'DELETE') stored.delete(key);
    response.writeHead(204, { 'X-RestLi-Protocol-Version': '2.0.0' }).end();
  };
  return { answer, stored };
}

/** What a failure shows to be pasted: the part of the contract that it belongs to, and its one item. */
export function pastedOf({ paste = '' }: Pick<CaseFinished, 'paste'>): readonly [part: string, item: Written] | null {
  const [part] = Object.entries((parse(paste) ?? {}) as Readonly<Record<string, readonly Written[]>>);
  const item = part?.[1][0];
  return part === undefined || item === undefined ? null : [part[0], item];
}

export interface Written {
  readonly name: string;
  readonly method?: string;
  readonly steps?: readonly Readonly<Record<string, unknown>>[];
  readonly ids?: readonly unknown[];
  readonly raw?: { readonly path?: string };
  readonly entity?: unknown;
  readonly elements?: readonly unknown[];
  readonly entities?: readonly { readonly entity?: unknown }[];
}
