/** What `mutate` does: loads contracts, tries their cases on faulty endpoints of this process, renders. */
import type { MutationMeasured, RunEvent } from '../run/events.ts';
import { mutateContracts, type MutateOptions } from '../run/mutate.ts';
import { createRedactor } from '../transport/redact.ts';
import { MISUSE } from './codes.ts';
import type { MutateFlags } from './commands/mutate.ts';
import type { Console } from './console.ts';
import { deliver } from './deliver.ts';
import { showDiagnostics } from './diagnostics.ts';
import { endpointOf } from './endpoint-flags.ts';
import { codeOf } from './exit-code.ts';
import { unknownFault } from './fault-names.ts';
import { gitRevision } from './git-revision.ts';
import { planReporters } from './outputs.ts';
import { rerunLine } from './rerun-line.ts';
import { selectionOf } from './selection.ts';
import { stopOnSignals } from './signals.ts';
import { VERSION } from './version.ts';
import { openWorkspace } from './workspace.ts';

export async function mutate(files: readonly string[], flags: MutateFlags, console: Console): Promise<number> {
  const misuse = (problem: string): number => {
    console.err(`error: ${problem}\n`);
    return MISUSE;
  };
  const selection = selectionOf(flags);
  if (typeof selection === 'string') return misuse(selection);
  if (flags.shard !== undefined)
    return misuse('--shard is for `run`; a part of the cases would notice a part of the faults');
  const fault = flags.fault === undefined ? null : await unknownFault(flags.fault);
  if (fault !== null) return misuse(fault);
  if (flags.json === true && flags.reporter !== undefined)
    return misuse('--json takes standard output for itself; leave out --reporter');
  const plans = flags.json === true ? [] : planReporters({ ...flags, reporter: flags.reporter ?? ['text'] });
  if (typeof plans === 'string') return misuse(plans);

  const workspace = await openWorkspace(files, flags, console);
  if (workspace === null) return MISUSE;
  const { config, contracts } = workspace;
  const redactor = createRedactor();
  const endpoint = endpointOf({ ...flags, target: 'mock' }, { config, env: process.env, redactor });
  if (typeof endpoint === 'string') return misuse(endpoint);
  if (!('target' in endpoint)) {
    showDiagnostics(endpoint, console);
    return MISUSE;
  }
  if (contracts.length === 0) return MISUSE;

  const signals = stopOnSignals('stopping', () => undefined);
  try {
    const options: MutateOptions = {
      contracts,
      ...selection,
      filters: { ...selection.filters, lines: workspace.lines },
      ...(flags.fault === undefined ? {} : { faults: flags.fault }),
      minScore: flags.minScore ?? null,
      strict: flags.strict === true,
      dialects: config.dialects,
      vars: new Map([...endpoint.target.vars, ...endpoint.vars]),
      configVars: config.vars,
      env: process.env,
      redactor,
      signal: signals.signal,
      about: {
        version: VERSION,
        rerun: rerunLine(process.argv.slice(2)),
        gitRevision: await gitRevision('.'),
        node: process.version,
        platform: `${process.platform} ${process.arch}`,
        notes: workspace.notes,
      },
    };
    const kept = { mutation: null as MutationMeasured | null };
    const events = watch(mutateContracts(options), (event) => {
      if (event.type === 'mutation') kept.mutation = event;
    });
    const { end, failed } = await deliver(events, plans, { console, strict: flags.strict === true, live: true });
    if (flags.json === true && kept.mutation !== null) console.out(`${JSON.stringify(kept.mutation, null, 2)}\n`);
    if (workspace.hasErrors) console.err('Contracts with errors were left out; see above.\n');
    return codeOf(end, { failed, misused: workspace.hasErrors, strict: flags.strict === true, sharded: false });
  } finally {
    signals.dispose();
  }
}

async function* watch(events: AsyncIterable<RunEvent>, tell: (event: RunEvent) => void): AsyncGenerator<RunEvent> {
  for await (const event of events) {
    tell(event);
    yield event;
  }
}
