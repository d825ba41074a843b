import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { Pool } from 'undici';

const CONNECTIONS = 16;
const REQUESTS = 8000;
const ROUNDS = 4;

const CONTRACT = `
contract: 1
resource: books
key: { id: long }
entity: { type: object, required: [id, title], properties: { id: { $ref: "#/types/long" }, title: { type: string } } }
examples:
  - { id: 1, title: The Long Tide }
methods: { GET: , UPDATE: }
`;

/**
 * Requests a second of the built `mock` (strict, with state) against a bare node:http server that writes the same
 * answer, both in processes of their own, taken in turn; the best round of each counts.
 */
export async function measureMock(folder: string, cli: string): Promise<number> {
  const file = path.join(folder, 'mock.contract.yaml');
  writeFileSync(file, CONTRACT);
  const mock = await start([cli, 'mock', file, '--port', '0']);
  const bare = await start([path.join(import.meta.dirname, 'server.mjs')]);
  try {
    let [mocked, plain] = [0, 0];
    for (let round = 0; round < ROUNDS; round += 1) {
      mocked = Math.max(mocked, await perSecond(mock.origin));
      plain = Math.max(plain, await perSecond(bare.origin));
    }
    return mocked / plain;
  } finally {
    mock.stop();
    bare.stop();
  }
}

/** Starts a server and waits until it has printed where it listens: a URL, or a port alone. */
async function start(args: readonly string[]): Promise<{ readonly origin: string; stop(): void }> {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const origin = await new Promise<string>((resolve, reject) => {
    let printed = '';
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      const found =
        /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0] ??
        (/^\d+\n/.test(printed) ? `http://127.0.0.1:${printed.trim()}` : null);
      if (found === null) return;

      // The mock goes on to tell of every request: searching all of that again and again took longer than the requests.
      for (const stream of [child.stdout, child.stderr]) stream.off('data', read).resume();
      resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => reject(new Error(`Failed to start ${args.join(' ')}: ${printed}`)));
  });
  return { origin, stop: () => child.kill() };
}

async function perSecond(origin: string): Promise<number> {
  const pool = new Pool(origin, { connections: CONNECTIONS });
  const headers = { 'X-RestLi-Method': 'GET', 'X-RestLi-Protocol-Version': '2.0.0', Accept: 'application/json' };
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (next < REQUESTS) {
        next += 1;
        const { statusCode, body } = await pool.request({ path: '/books/1', method: 'GET', headers });
        await body.text();
        if (statusCode !== 200) throw new Error(`Failed to read a book from ${origin}: status ${statusCode}`);
      }
    }),
  );
  const rate = REQUESTS / ((performance.now() - started) / 1000);
  await pool.close();
  return rate;
}
