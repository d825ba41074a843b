/**
 * The same plan against `mock --mode oss` of the converted contracts, exchange by exchange: does our imitation of the
 * open-source server answer as the server does?
 *
 * Compared are status, the headers of the protocol and the shape of the body. Values are not: the mock holds the
 * examples, the server its own data. `mock-differences.yaml` lists what differs, and why.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { parseGlob, type Glob } from '../../src/plan/glob.ts';
import type { CaseFinished, EventExchange } from '../../src/run/events.ts';
import { start, stop } from './processes.ts';
import { CLI, replay } from './replay.ts';

const DIFFERENCES = path.join(import.meta.dirname, 'mock-differences.yaml');
const START_TIMEOUT_MS = 30_000;

/** Headers whose presence says something; of the version the value counts as well. */
const COMPARED = ['x-restli-id', 'x-linkedin-id', 'location', 'x-restli-error-response', 'x-linkedin-error-response'];
const VERSION = 'x-restli-protocol-version';

interface KnownDifference {
  readonly cases: readonly string[];
  /** What the server shows and the mock does not; a text that the difference begins with. */
  readonly difference?: string;
  readonly why: string;
}

interface Difference {
  readonly id: string;
  readonly request: string;
  readonly text: string;
}

interface Comparison {
  readonly real: readonly CaseFinished[];
  readonly folder: string;
  readonly say: (text: string) => void;
}

/** @returns the number of differences that nobody has explained, and of explanations without a difference */
export async function compareWithMock({ real, folder, say }: Comparison): Promise<number> {
  const mocked = new Map((await mockedCases(folder)).map((one) => [one.id, one]));
  const differences: Difference[] = [];
  let compared = 0;
  for (const one of real) {
    const other = mocked.get(one.id);
    const [ours, theirs] = [other?.attempts.at(-1)?.exchanges ?? [], one.attempts.at(-1)?.exchanges ?? []];
    // Where one stopped early, what both did before is still comparable; after a difference nothing is.
    for (let i = 0; i < Math.min(ours.length, theirs.length); i += 1) {
      const [server, mock] = [theirs[i], ours[i]];
      if (server === undefined || mock === undefined) break;
      compared += 1;
      // The stream holds the first 64 kB of a body.
      const isWhole = server.response?.body?.cut !== true && mock.response?.body?.cut !== true;
      const [expected, actual] = [shapeOf(server, isWhole), shapeOf(mock, isWhole)];
      if (expected === actual) continue;
      differences.push({ id: one.id, request: requestOf(server), text: `server ${expected}, mock ${actual}` });
      break;
    }
  }

  const known = (parse(readFileSync(DIFFERENCES, 'utf8')) ?? []) as readonly KnownDifference[];
  const read = known.map((entry) => ({ ...entry, globs: entry.cases.map(globFrom), count: 0 }));
  const unexplained: Difference[] = [];
  for (const difference of differences) {
    const entry = read.find(
      ({ globs, difference: text }) =>
        globs.some((glob) => glob.matches(difference.id)) && (text === undefined || difference.text.startsWith(text)),
    );
    if (entry === undefined) unexplained.push(difference);
    else entry.count += 1;
  }
  const stale = read.filter(({ count }) => count === 0);

  say(
    `mock --mode oss against the server: ${compared} exchanges compared, ${compared - differences.length} alike, ${differences.length} differ\n`,
  );
  for (const { count, why } of read) say(`  ${count}: ${why}`);
  for (const { id, request, text } of unexplained) say(`  not explained: ${id}: ${request}: ${text}`);
  for (const { cases } of stale) say(`  explained, but alike: ${cases.join(', ')}`);
  say('');
  return unexplained.length + stale.length;
}

async function mockedCases(folder: string): Promise<readonly CaseFinished[]> {
  const child = start(
    process.execPath,
    [...CLI, 'mock', 'contracts', '--mode', 'oss', '--port', '0', '--quiet'],
    folder,
  );
  try {
    const baseUrl = await new Promise<string>((resolve, reject) => {
      let output = '';
      const late = setTimeout(() => reject(new Error(`the mock did not start:\n${output}`)), START_TIMEOUT_MS);
      const listen = (chunk: Buffer): void => {
        output += chunk.toString();
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
        if (found === null) return;
        clearTimeout(late);
        resolve(found[0]);
      };
      child.stdout?.on('data', listen);
      child.stderr?.on('data', listen);
      child.once('close', (code) => reject(new Error(`the mock ended with ${String(code)}:\n${output}`)));
    });
    return (await replay({ folder, baseUrl, protocol: '2.0.0', target: 'mocked' })).cases;
  } finally {
    await stop(child);
  }
}

/** Status, the protocol's headers, and the members of the body with what kind of thing each is. */
function shapeOf({ response, failure }: EventExchange, withBody: boolean): string {
  if (response === null) return `no answer (${failure?.message ?? 'unknown'})`;
  const headers = new Map(response.headers.map(([name, value]) => [name.toLowerCase(), value]));
  const parts = [
    String(response.status),
    ...COMPARED.filter((name) => headers.has(name)),
    `version ${headers.get(VERSION) ?? 'none'}`,
    withBody ? bodyShape(response.body?.text ?? '', response.status) : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function bodyShape(text: string, status: number): string {
  if (text === '') return 'no body';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'no JSON';
  }
  if (!isObject(value)) return 'JSON';
  // Which members an error body has is its server's taste: message, exceptionClass, stackTrace…
  if (status >= 400) return 'error';
  const members = Object.keys(value);
  if (members.includes('results'))
    return `batch ${['results', 'errors'].filter((name) => members.includes(name)).join('+')}`;
  if (members.includes('elements')) {
    const first = Array.isArray(value['elements']) ? value['elements'].find(isObject) : undefined;
    const isEntry = first !== undefined && ('status' in first || 'elements' in first);
    return isEntry ? `entries ${Object.keys(first).toSorted().join('+')}` : `list ${members.toSorted().join('+')}`;
  }
  return members.includes('value') && members.length === 1 ? 'value' : 'entity';
}

function requestOf({ request }: EventExchange): string {
  return `${request.verb} ${request.url.replace(/^https?:\/\/[^/]+/, '')}`;
}

function globFrom(pattern: string): Glob {
  const glob = parseGlob(pattern);
  if (typeof glob === 'string') throw new Error(`mock-differences.yaml: ${pattern}: ${glob}`);
  return glob;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
