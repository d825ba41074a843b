/**
 * `npm run interop`: our contracts, our oracle and our laws on LinkedIn's own Rest.li server.
 *
 *     npm run interop              everything
 *     npm run interop -- server    without the gateway's faults and the comparison with the mock
 *     npm run interop -- record    the server alone; what it does is written into `exchanges/` and `docs/interop.md`
 *     npm run interop -- mock      without the gateway's faults
 *     npm run interop -- gateway [names of faults, joined by commas]
 *
 * Needs a JDK 17 and Maven; where they are missing, or the server cannot be fetched, it says so and ends with 0. A
 * finding ends it with 1. What it starts ends with it, whatever happens.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { ProtocolVersion } from '../../src/protocol/dialects.ts';
import type { CaseFinished } from '../../src/run/events.ts';
import { prepareContracts, type ConvertedContracts } from './contracts.ts';
import { judge, readDisagreements, recordPins } from './disagreements.ts';
import { compareDocs, recordDocs, type Run } from './docs-table.ts';
import { replay } from './replay.ts';
import { stopAll } from './processes.ts';
import { runBlocked } from './seeded-run.ts';
import { buildServer, NotHere, startServer, type ServerBuild } from './server.ts';
import { findingsOf, methodsRun, RAN, tableOf } from './table.ts';
import { tryGateway } from './gateway-trial.ts';
import { compareWithMock } from './mock-comparison.ts';

const CACHE = path.resolve(import.meta.dirname, '../../node_modules/.cache/interop');
const PROTOCOLS = ['2.0.0', '1.0.0'] as const;

/** Resources over one store: what one writes another lists, so each is run by itself. */
const APART: readonly string[] = ['groupMemberships', 'groupMembershipsComplex'];

/** What the run must at least cover to mean anything. */
const FLOORS = { resources: 12, methods: 14, cases: 500 };

const MODES: readonly string[] = ['server', 'record', 'mock', 'gateway'];

async function main(only: string | undefined, faults: string | undefined): Promise<number> {
  if (only !== undefined && !MODES.includes(only)) throw new Error(`\`${only}\` is none of ${MODES.join(', ')}`);
  const began = performance.now();
  mkdirSync(CACHE, { recursive: true });
  const build = await buildServer(CACHE);
  say(`Rest.li integration test server ${build.version}`);
  const contracts = await prepareContracts(build.descriptions, CACHE);
  say(contracts.summary);
  say(`${contracts.resources.length} resources are run; left out: ${contracts.left.join(', ')}\n`);

  const raw = new Map<ProtocolVersion, Raw>();
  for (const protocol of only === 'gateway' ? [] : PROTOCOLS)
    raw.set(protocol, await runProtocol(build, contracts, protocol));
  if (only === 'record') recordPins(new Map([...raw].map(([protocol, { cases }]) => [protocol, cases])));

  let findings = 0;
  const runs = new Map<ProtocolVersion, readonly CaseFinished[]>();
  for (const [protocol, one] of raw) {
    const { cases, found } = judged(one, contracts, protocol);
    runs.set(protocol, cases);
    findings += found;
  }
  if (only !== 'gateway') findings += docsProblems({ runs, ...contracts, folder: CACHE }, only === 'record');
  if (only === undefined || only === 'mock') findings += await compareWithMock({ real: runs, folder: CACHE, say });
  if (only === undefined || only === 'gateway') {
    const names = faults === undefined ? {} : { only: faults.split(',') };
    findings += await tryGateway({ build, folder: CACHE, say, ...names });
  }
  say(
    `${findings === 0 ? 'no findings' : `${findings} findings`}, ${Math.round((performance.now() - began) / 1000)} s`,
  );
  return findings === 0 ? 0 : 1;
}

/** @returns how many tables of the documentation are not those of this run, after `write` none */
function docsProblems(run: Run, write: boolean): number {
  if (write) recordDocs(run);
  const problems = compareDocs(run);
  for (const line of problems) say(`  ${line}`);
  return problems.length;
}

interface Raw {
  readonly cases: readonly CaseFinished[];
  /** Runs that did not end as runs do. */
  readonly problems: readonly string[];
}

/** Each part on a fresh server; then, on another, what the command leaves alone on a service that is not its own. */
async function runProtocol(build: ServerBuild, contracts: ConvertedContracts, protocol: ProtocolVersion): Promise<Raw> {
  const together = contracts.resources.filter((name) => !APART.includes(name));
  const cases: CaseFinished[] = [];
  const problems: string[] = [];
  for (const resources of [together, ...APART.map((name) => [name])]) {
    const server = await startServer(build);
    try {
      // One after another: what a case finds does not depend on who came before, here or at the mock.
      const args = ['--resource', resources.join(','), '--concurrency', '1'];
      const run = await replay({ folder: CACHE, baseUrl: server.baseUrl, protocol, args });
      cases.push(...run.raw);
      if (run.exitCode !== 0 && run.exitCode !== 1)
        problems.push(`the run ended with ${String(run.exitCode)}:\n${run.messages}`);
    } finally {
      await server.stop();
    }
  }
  const server = await startServer(build);
  try {
    return { cases: await runBlocked({ folder: CACHE, baseUrl: server.baseUrl, protocol, cases }), problems };
  } finally {
    await server.stop();
  }
}

interface ProtocolRun {
  readonly cases: readonly CaseFinished[];
  /** Number of findings. */
  readonly found: number;
}

/** Says what was run and what of it is not known. */
function judged(raw: Raw, contracts: ConvertedContracts, protocol: ProtocolVersion): ProtocolRun {
  const { cases, unmet } = judge(raw.cases, protocol);
  say(`protocol ${protocol}: cases run by resource and method (~ known disagreement, ! finding)\n`);
  say(tableOf({ cases, resources: contracts.resources }));
  const found = [...findingsOf(cases), ...unmet, ...raw.problems, ...floors(cases, protocol)];
  const waived = cases.filter(({ verdict }) => verdict === 'waived').length;
  const passed = cases.filter(({ verdict }) => verdict === 'pass').length;
  const left = cases.filter(({ verdict }) => !RAN.has(verdict)).length;
  say(
    `\n${cases.length - left} cases run: ${passed} pass, ${waived} meet one of ${readDisagreements().length} known disagreements, ${found.length} findings; ${left} not run`,
  );
  for (const line of found) say(`  ${line}`);
  say('');
  return { cases, found: found.length };
}

/** A run that covers too little proves nothing, whatever its verdicts are. */
function floors(cases: readonly CaseFinished[], protocol: string): readonly string[] {
  const passed = cases.filter(({ verdict }) => verdict === 'pass');
  const counts = {
    resources: new Set(passed.map(({ resource }) => resource)).size,
    methods: methodsRun(cases).size,
    cases: passed.length,
  };
  return (['resources', 'methods', 'cases'] as const)
    .filter((name) => counts[name] < FLOORS[name])
    .map((name) => `only ${counts[name]} ${name} pass in protocol ${protocol}; at least ${FLOORS[name]} are due`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stopAll();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

try {
  process.exitCode = await main(process.argv[2], process.argv[3]);
} catch (error) {
  if (error instanceof NotHere) say(`interop: not run: ${error.message}`);
  else {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 3;
  }
} finally {
  stopAll();
}
