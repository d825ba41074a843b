/**
 * `npm run interop`: our contracts, our oracle and our laws on LinkedIn's own Rest.li server.
 *
 *     npm run interop              everything
 *     npm run interop -- server    without the gateway's faults and the comparison with the mock
 *
 * Needs a JDK 17 and Maven; where they are missing, or the server cannot be fetched, it says so and ends with 0. A
 * finding ends it with 1. What it starts ends with it, whatever happens.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { CaseFinished } from '../../src/run/events.ts';
import { prepareContracts, type ConvertedContracts } from './contracts.ts';
import { readDisagreements } from './disagreements.ts';
import { replay } from './replay.ts';
import { stopAll } from './processes.ts';
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

async function main(only: string | undefined): Promise<number> {
  const began = performance.now();
  mkdirSync(CACHE, { recursive: true });
  const build = await buildServer(CACHE);
  say(`Rest.li integration test server ${build.version}`);
  const contracts = await prepareContracts(build.descriptions, CACHE);
  say(contracts.summary);
  say(`${contracts.resources.length} resources are run; left out: ${contracts.left.join(', ')}\n`);

  let findings = 0;
  const runs = new Map<string, readonly CaseFinished[]>();
  for (const protocol of PROTOCOLS) {
    const { cases, found } = await runProtocol(build, contracts, protocol);
    runs.set(protocol, cases);
    findings += found;
  }
  if (only !== 'server') {
    findings += await compareWithMock({ real: runs, folder: CACHE, say });
    findings += await tryGateway({ build, folder: CACHE, say });
  }
  say(
    `${findings === 0 ? 'no findings' : `${findings} findings`}, ${Math.round((performance.now() - began) / 1000)} s`,
  );
  return findings === 0 ? 0 : 1;
}

interface ProtocolRun {
  readonly cases: readonly CaseFinished[];
  /** Number of findings. */
  readonly found: number;
}

async function runProtocol(build: ServerBuild, contracts: ConvertedContracts, protocol: string): Promise<ProtocolRun> {
  const together = contracts.resources.filter((name) => !APART.includes(name));
  const cases: CaseFinished[] = [];
  const problems: string[] = [];
  for (const resources of [together, ...APART.map((name) => [name])]) {
    const server = await startServer(build);
    try {
      const args = ['--resource', resources.join(',')];
      const run = await replay({ folder: CACHE, baseUrl: server.baseUrl, protocol, args });
      cases.push(...run.cases);
      if (run.exitCode !== 0 && run.exitCode !== 1)
        problems.push(`the run ended with ${String(run.exitCode)}:\n${run.messages}`);
    } finally {
      await server.stop();
    }
  }

  say(`protocol ${protocol}: cases run by resource and method (~ known disagreement, ! finding)\n`);
  say(tableOf({ cases, resources: contracts.resources }));
  const found = [...findingsOf(cases), ...problems, ...floors(cases, protocol)];
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
  process.exitCode = await main(process.argv[2]);
} catch (error) {
  if (error instanceof NotHere) say(`interop: not run: ${error.message}`);
  else {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 3;
  }
} finally {
  stopAll();
}
