/** What `check` does: tells every problem; nothing is sent. */
import { MISUSE } from './codes.ts';
import type { Console } from './console.ts';
import { showDiagnostics } from './diagnostics.ts';
import { idleWaivers } from './idle-waivers.ts';
import { openWorkspace, type WorkspaceFlags } from './workspace.ts';

export async function check(
  files: readonly string[],
  flags: WorkspaceFlags & { readonly json?: boolean },
  console: Console,
): Promise<number> {
  const workspace = await openWorkspace(files, flags, console, 'none');
  if (workspace === null) return MISUSE;

  const { texts, contracts, hasErrors } = workspace;
  // Files that are named are a part; the waivers of the others have no case among them.
  const idle = files.length === 0 && !hasErrors ? idleWaivers(workspace) : [];
  const diagnostics = [...idle, ...workspace.diagnostics];
  if (flags.json === true) console.out(`${JSON.stringify(diagnostics, null, 2)}\n`);
  else showDiagnostics(diagnostics, console, texts);

  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const warnings = diagnostics.length - errors;
  const cases = contracts.reduce((sum, contract) => sum + contract.cases.length + contract.flows.length, 0);
  console.err(
    `${count(workspace.files.length, 'file')}, ${count(contracts.length, 'good contract')} with ${count(cases, 'case')}: ${count(errors, 'error')}, ${count(warnings, 'warning')}\n`,
  );
  return hasErrors ? MISUSE : 0;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
