/** Every fault of the gateway before the real server: do the contracts see it, and what do they say of it? */
import type { CaseFinished } from '../../src/run/events.ts';
import { GATEWAY_FAULTS } from './gateway-faults.ts';
import { startGateway, type GatewayFault } from './gateway.ts';
import { replay } from './replay.ts';
import { startServer, type ServerBuild } from './server.ts';
import { FINDINGS } from './table.ts';

/** Few resources and no header matrix, so that some fifty runs take minutes: every method, every kind of key. */
const RESOURCES = [
  'actions',
  'associations',
  'batchfinders',
  'complexKeys',
  'createGreeting',
  'customTypes2',
  'greeting',
  'greetings',
  'groupMemberships',
  'partialUpdateGreeting',
  'stringKeys',
];

interface Trial {
  readonly build: ServerBuild;
  readonly folder: string;
  readonly say: (text: string) => void;
}

/** @returns the number of faults that were missed, and of harmless ones that raised an alarm */
export async function tryGateway({ build, folder, say }: Trial): Promise<number> {
  let missed = 0;
  let alarms = 0;
  let caught = 0;
  say('gateway faults, each before a fresh server:\n');
  for (const fault of GATEWAY_FAULTS) {
    const found = failures(await behind(fault, build, folder));
    const wanted = fault.harmless === undefined;
    if (wanted && found.length > 0) caught += 1;
    if (wanted && found.length === 0) missed += 1;
    if (!wanted && found.length > 0) alarms += 1;
    say(`  ${lineOf(fault, found)}`);
  }
  const faults = GATEWAY_FAULTS.filter(({ harmless }) => harmless === undefined).length;
  say(
    `\n${caught} of ${faults} faults caught; ${alarms} false alarms behind ${GATEWAY_FAULTS.length - faults} gateways that change nothing\n`,
  );
  return missed + alarms;
}

async function behind(fault: GatewayFault, build: ServerBuild, folder: string): Promise<readonly CaseFinished[]> {
  const server = await startServer(build);
  const gateway = await startGateway(server.baseUrl, fault);
  try {
    const args = ['--resource', RESOURCES.join(','), '--group', 'contract,laws'];
    const run = await replay({ folder, baseUrl: gateway.baseUrl, protocol: '2.0.0', args });
    return run.cases;
  } finally {
    await gateway.stop();
    await server.stop();
  }
}

/** Known disagreements that a fault hides are stale, not found. */
function failures(cases: readonly CaseFinished[]): readonly CaseFinished[] {
  return cases.filter(
    ({ verdict, violations }) =>
      FINDINGS.has(verdict) && !violations.some(({ rule }) => rule === 'waiver/stale' || rule === 'waiver/expired'),
  );
}

function lineOf({ name, how, harmless }: GatewayFault, found: readonly CaseFinished[]): string {
  const sign = found.length > 0 === (harmless === undefined) ? '' : ' <-';
  const first = found[0];
  if (first === undefined)
    return `${name}: ${harmless === undefined ? `missed (${how})` : `no alarm: ${harmless}`}${sign}`;
  const rules = new Map<string, number>();
  for (const { violations, verdict } of found) {
    const rule = violations.find(({ level }) => level === 'must')?.rule ?? verdict;
    rules.set(rule, (rules.get(rule) ?? 0) + 1);
  }
  const ranked = [...rules].toSorted((a, b) => b[1] - a[1]).slice(0, 3);
  const cause =
    first.violations.find(({ level }) => level === 'must')?.message ??
    first.attempts.at(-1)?.exchanges.at(-1)?.failure?.message ??
    '';
  return `${name} (${how}): ${found.length} cases by ${ranked.map(([rule, count]) => `${rule} ${count}`).join(', ')}; ${first.id}: ${cause}${sign}`;
}
