/** Every fault of the gateway before the real server: do the contracts see it, and what do they say of it? */
import { parseGlob } from '../../src/plan/glob.ts';
import type { Attempt, CaseFinished } from '../../src/run/events.ts';
import { GATEWAY_FAULTS } from './gateway-faults.ts';
import { startGateway, type Caught, type GatewayFault } from './gateway.ts';
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
  /** Names of the faults that are tried; absent: all. */
  readonly only?: readonly string[];
}

/** @returns the number of faults that were not caught as they must be, and of harmless ones that raised an alarm */
export async function tryGateway({ build, folder, say, only }: Trial): Promise<number> {
  const tried = GATEWAY_FAULTS.filter(({ name }) => only === undefined || only.includes(name));
  const unknown = only?.find((name) => !GATEWAY_FAULTS.some((fault) => fault.name === name));
  if (unknown !== undefined) throw new Error(`there is no gateway fault ${unknown}`);
  let caught = 0;
  let alarms = 0;
  say('gateway faults, each before a fresh server:\n');
  for (const fault of tried) {
    const trial = judgeTrial(fault, failures(await behind(fault, build, folder)));
    if (fault.harmless === undefined && trial.isRight) caught += 1;
    if (fault.harmless !== undefined && !trial.isRight) alarms += 1;
    say(`  ${trial.text}${trial.isRight ? '' : ' <-'}`);
  }
  const faults = tried.filter(({ harmless }) => harmless === undefined).length;
  say(
    `\n${caught} of ${faults} faults caught by the rules that must find them; ${alarms} false alarms behind ${tried.length - faults} gateways that change nothing\n`,
  );
  return faults - caught + alarms;
}

export interface TrialResult {
  readonly isRight: boolean;
  readonly text: string;
}

/** A case that failed behind the gateway, as far as the trial reads it. */
export interface FailedCase extends Pick<CaseFinished, 'id' | 'violations'> {
  readonly attempts: readonly Pick<Attempt, 'exchanges'>[];
}

/**
 * A fault is caught when each rule that must find it does, in the cases where it must; any other failure is no proof. The
 * text shows the first of these rules with what it says.
 */
export function judgeTrial(
  { name, how, harmless, caught = [] }: GatewayFault,
  found: readonly FailedCase[],
): TrialResult {
  if (harmless !== undefined) {
    const [first] = found;
    if (first === undefined) return { isRight: true, text: `${name}: no alarm: ${harmless}` };
    const alarm = first.violations.find(({ level }) => level === 'must');
    return {
      isRight: false,
      text: `${name}: alarm: ${first.id}: ${alarm?.rule ?? 'no rule'}: ${alarm?.message ?? ''}`,
    };
  }
  const evidence = caught.map((wanted) => ({ wanted, met: violationsOf(found, wanted) }));
  const missing = evidence.filter(({ met }) => met.length === 0).map(({ wanted }) => `${wanted.rule} in ${wanted.in}`);
  const begin = `${name} (${how}): ${found.length} cases`;
  if (evidence.length === 0 || missing.length > 0)
    return { isRight: false, text: `${begin}, not found by ${missing.join(', ')}` };

  const rules = evidence.map(({ wanted, met }) => `${wanted.rule} ${met.length}`).join(', ');
  const [shown] = evidence.flatMap(({ met }) => met);
  return {
    isRight: true,
    text: `${begin}, by ${rules}\n    ${shown?.id ?? ''}: ${shown?.rule ?? ''}: ${shown?.message ?? ''}`,
  };
}

interface Evidence {
  readonly id: string;
  readonly rule: string;
  /** What was asked, and what the rule says of the answer. */
  readonly message: string;
}

/** One for each case that meets what is wanted. */
function violationsOf(found: readonly FailedCase[], wanted: Caught): readonly Evidence[] {
  const glob = parseGlob(wanted.in);
  if (typeof glob === 'string') throw new Error(`gateway-faults.ts: ${wanted.in}: ${glob}`);
  return found.flatMap(({ id, violations, attempts }) => {
    const violation = violations.find(({ rule, level }) => rule === wanted.rule && level === 'must');
    if (violation === undefined || !glob.matches(id)) return [];
    const request = attempts.at(-1)?.exchanges[violation.exchange]?.request;
    const asked = request === undefined ? '' : `${request.verb} ${request.url.replace(/^https?:\/\/[^/]+/, '')}`;
    return [{ id, rule: violation.rule, message: `${shortened(asked)}: ${shortened(violation.message)}` }];
  });
}

/** Characters of a request or a message that a line shows. */
const SHOWN = 180;

function shortened(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
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
