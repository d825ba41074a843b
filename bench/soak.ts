/**
 * A soak of the `mock` command: `npx tsx bench/soak.ts [requests]`, 100,000 by default. Reads, writes that take
 * themselves back, and requests that are refused, over 16 connections; prints memory as it goes.
 *
 * Exits with 1 when a request was answered otherwise than it must be, or memory still grows in the second half.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { Pool } from 'undici';

const REQUESTS = Number(process.argv[2] ?? 100_000);
const CONNECTIONS = 16;
const REPORTS = 10;
/** What the memory of a process that leaks nothing still moves by: the garbage collector decides when. */
const MOVES_MB = 24;

const CONTRACT = `
contract: 1
resource: books
key: { id: long }
entity: { type: object, required: [id, title], properties: { id: { $ref: "#/types/long" }, title: { type: string } } }
examples:
${Array.from({ length: 50 }, (_, index) => `  - { id: ${index + 1}, title: Book ${index + 1} }`).join('\n')}
methods:
  GET:
  BATCH_GET:
  GET_ALL: { paging: offset }
  UPDATE:
  PARTIAL_UPDATE:
`;

interface Shot {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
}

const V2 = { 'X-RestLi-Protocol-Version': '2.0.0' };
const BODY = { ...V2, 'Content-Type': 'application/json' };
const SHOTS: readonly Shot[] = [
  { method: 'GET', path: '/books/7', headers: V2, status: 200 },
  { method: 'GET', path: '/books?ids=List(1,2,99)', headers: V2, status: 200 },
  { method: 'GET', path: '/books?start=10&count=5', headers: V2, status: 200 },
  { method: 'PUT', path: '/books/8', headers: BODY, body: '{"id":8,"title":"Replaced"}', status: 204 },
  { method: 'POST', path: '/books/9', headers: BODY, body: '{"patch":{"$set":{"title":"Patched"}}}', status: 204 },
  { method: 'GET', path: '/books/404', headers: V2, status: 404 },
  { method: 'GET', path: '/books/7', headers: {}, status: 400 },
  { method: 'PUT', path: '/books/8', headers: BODY, body: '{"patch":{"$set":{"title":"x"}}}', status: 400 },
];

const folder = mkdtempSync(path.join(tmpdir(), 'restli-soak-'));
const file = path.join(folder, 'soak.contract.yaml');
writeFileSync(file, CONTRACT);
const cli = path.join(import.meta.dirname, '../src/cli/main.ts');
const record = path.join(folder, 'record.ndjson');
const mock = spawn(
  process.execPath,
  ['--import', 'tsx', cli, 'mock', file, '--port', '0', '--quiet', '--record', record],
  {
    stdio: ['ignore', 'pipe', 'pipe'],
  },
);
let told = '';
mock.stderr.on('data', (chunk: Buffer) => (told = (told + chunk.toString()).slice(-2_000)));
const exited = new Promise<number | null>((resolve) => mock.once('exit', (code) => resolve(code)));
const origin = await new Promise<string>((resolve, reject) => {
  mock.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  mock.once('exit', () => reject(new Error(`Failed to start the mock: ${told}`)));
});

const pool = new Pool(origin, { connections: CONNECTIONS });
const wrong = new Map<string, number>();
const memory: number[] = [];
let next = 0;
const started = performance.now();
await Promise.all(Array.from({ length: CONNECTIONS }, shoot));
const seconds = (performance.now() - started) / 1000;
await pool.close();
mock.kill('SIGTERM');
const code = await exited;

const half = memory[Math.floor(memory.length / 2)] ?? 0;
const last = memory.at(-1) ?? 0;
const isFlat = last - half <= MOVES_MB;
process.stdout.write(`${REQUESTS} requests in ${seconds.toFixed(1)} s, ${Math.round(REQUESTS / seconds)} a second\n`);
process.stdout.write(`memory ${memory.map((mb) => mb.toFixed(0)).join(' ')} MB: ${isFlat ? 'flat' : 'GROWS'}\n`);
process.stdout.write(
  `errors ${[...wrong.values()].reduce((sum, count) => sum + count, 0)}, exit code of the mock ${String(code)}\n`,
);
for (const [text, count] of wrong) process.stdout.write(`  ${count}  ${text}\n`);
process.stdout.write(`${told.trimEnd().split('\n').slice(-5).join('\n')}\n`);
process.exitCode = isFlat && wrong.size === 0 && code === 0 ? 0 : 1;

async function shoot(): Promise<void> {
  while (next < REQUESTS) {
    const number = next++;
    if (number % Math.ceil(REQUESTS / REPORTS) === 0) memory.push(megabytes(mock.pid ?? 0));
    const shot = SHOTS[number % SHOTS.length];
    if (shot === undefined) continue;
    const { status, method, headers, body } = shot;
    try {
      const answer = await pool.request({ path: shot.path, method, headers, ...(body === undefined ? {} : { body }) });
      await answer.body.dump();
      if (answer.statusCode !== status) note(`${method} ${shot.path}: ${answer.statusCode}, not ${status}`);
    } catch (error) {
      note(`${method} ${shot.path}: ${error instanceof Error ? error.message : 'failed'}`);
    }
  }
  if (memory.length === REPORTS) memory.push(megabytes(mock.pid ?? 0));
}

function note(text: string): void {
  wrong.set(text, (wrong.get(text) ?? 0) + 1);
}

/** Resident memory of a process, as Linux tells it. */
function megabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) / 1024;
}
