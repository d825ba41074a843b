/** The command that runs one case again. */
import type { CaseFinished, RunStarted } from '../run/events.ts';
import { quote } from './curl-text.ts';

/**
 * @returns the run's own command narrowed to the case; null where nothing can be run again (traffic, mock, proxy)
 */
export function rerunOf(run: RunStarted | null, finished: Pick<CaseFinished, 'id' | 'contract'>): string | null {
  if (run !== null && run.command !== 'run') return null;
  const only = `--case ${quote(finished.id)}`;
  if (run !== null && run.rerun !== '' && !/\s--case[\s=]/.test(run.rerun)) return `${run.rerun} ${only}`;
  const file = finished.contract === null ? '' : ` ${quote(finished.contract.file)}`;
  return `restli-contract run${file} ${only}`;
}
