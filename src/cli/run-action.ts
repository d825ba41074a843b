/** What `run` does: loads, resolves, runs, renders; the exit code comes from the table of `run/exit-code.ts`. */
import { isLoopback } from '../transport/loopback.ts';
import { createRedactor } from '../transport/redact.ts';
import type { RunOptions } from '../run/options.ts';
import { runContracts } from '../run/run.ts';
import { BROKEN, MISUSE } from './codes.ts';
import type { RunFlags } from './commands/run.ts';
import type { Console } from './console.ts';
import { unknownFault } from './fault-names.ts';
import { deliver } from './deliver.ts';
import { showDiagnostics } from './diagnostics.ts';
import { endpointOf } from './endpoint-flags.ts';
import { codeOf } from './exit-code.ts';
import { lockFolder } from './folder-lock.ts';
import { headerWarnings } from './header-warnings.ts';
import { gitRevision } from './git-revision.ts';
import { DEFAULT_FOLDER, planReporters } from './outputs.ts';
import { rerunLine } from './rerun-line.ts';
import { selectionOf } from './selection.ts';
import { unmatchedIn } from './unmatched.ts';
import { stopOnSignals } from './signals.ts';
import { VERSION } from './version.ts';
import { openWorkspace } from './workspace.ts';

export async function run(files: readonly string[], flags: RunFlags, console: Console): Promise<number> {
  const misuse = (problem: string): number => {
    console.err(`error: ${problem}\n`);
    return MISUSE;
  };
  const selection = selectionOf(flags);
  if (typeof selection === 'string') return misuse(selection);
  const planned = planReporters(flags);
  if (typeof planned === 'string') return misuse(planned);
  const fault = flags.fault === undefined ? null : await unknownFault(flags.fault);
  if (fault !== null) return misuse(fault);

  const workspace = await openWorkspace(files, flags, console);
  if (workspace === null) return MISUSE;
  const { config, contracts } = workspace;
  const redactor = createRedactor();
  const endpoint = endpointOf(flags, { config, env: process.env, redactor });
  if (typeof endpoint === 'string') return misuse(endpoint);
  if (!('target' in endpoint)) {
    showDiagnostics(endpoint, console);
    return MISUSE;
  }
  if (flags.inProcess === true && endpoint.target.baseUrl !== null)
    return misuse('--in-process is for the embedded endpoint only; leave out the target');
  if (flags.fault !== undefined && endpoint.target.baseUrl !== null)
    return misuse('--fault is for the embedded endpoint only; leave out the target');
  if (flags.baselineUrl !== undefined && endpoint.target.baseUrl === null)
    return misuse('--baseline-url needs an endpoint to compare with it: add --base-url or --target');
  if (flags.baselineUrl !== undefined && flags.baselineUrl === endpoint.target.baseUrl)
    return misuse('--baseline-url and the target are the same endpoint');
  for (const warning of endpoint.warnings) console.err(`warning: ${warning}\n`);
  if (endpoint.wire.tls?.insecure === true)
    console.err(
      'warning: certificates are not checked (--insecure): anyone between here and the server can read and change what is sent\n',
    );
  if (contracts.length === 0) return MISUSE;
  const about = { target: endpoint.target, headers: endpoint.headers, dialects: config.dialects };
  for (const warning of headerWarnings(contracts, about)) console.err(`warning: ${warning}\n`);

  const lock =
    flags.report === false || flags.reporter !== undefined ? null : await lockFolder(flags.output ?? DEFAULT_FOLDER);
  if (lock !== null && lock.taken !== null)
    console.err(`warning: another run writes to ${lock.taken}; the reports of this one go to ${lock.folder}\n`);
  const plans = lock === null ? planned : planReporters({ ...flags, output: lock.folder });
  if (typeof plans === 'string') return misuse(plans);

  const signals = stopOnSignals('stopping, what was created is being removed', () => lock?.release());
  try {
    const options: RunOptions = {
      contracts,
      target: endpoint.target,
      ...(flags.baselineUrl === undefined
        ? {}
        : { baseline: { ...endpoint.target, name: 'baseline', baseUrl: flags.baselineUrl } }),
      ...selection,
      filters: { ...selection.filters, lines: workspace.lines },
      waivers: workspace.waivers,
      ...(flags.concurrency === undefined ? {} : { concurrency: flags.concurrency }),
      ...(flags.bail === undefined ? {} : { bail: flags.bail === true ? 1 : flags.bail }),
      ...(flags.retries === undefined ? {} : { retries: flags.retries }),
      strict: flags.strict === true,
      ...(flags.minCoverage === undefined ? {} : { minCoverage: flags.minCoverage }),
      allowWrites: flags.allowWrites === true,
      dialects: config.dialects,
      headers: endpoint.headers,
      vars: endpoint.vars,
      configVars: config.vars,
      env: process.env,
      wire: endpoint.wire,
      inProcess: flags.inProcess === true,
      faults: flags.fault ?? [],
      redactor,
      isForeign: (origin) => !isLoopback(origin),
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
    for (const text of unmatchedIn(options)) console.err(`warning: ${text}\n`);
    const { end, failed, told } = await deliver(runContracts(options), plans, {
      console,
      strict: flags.strict === true,
      live: true,
    });
    if (endpoint.target.baseUrl === null && !told)
      console.err('MOCK: this checked the mock, not the service; --base-url or --target names one\n');
    if (workspace.hasErrors) console.err('Contracts with errors were left out; see above.\n');
    return codeOf(end, {
      failed,
      misused: workspace.hasErrors,
      strict: flags.strict === true,
      sharded: flags.shard !== undefined,
    });
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ServeError')) throw error;
    console.err(`error: the embedded endpoint cannot be opened: ${error.message}\n`);
    return BROKEN;
  } finally {
    signals.dispose();
    lock?.release();
  }
}
