/** The command that runs one case again. */
import type { CaseFinished, RunStarted } from '../run/events.ts';
import { quote } from './curl-text.ts';

/** What selected the cases of the run, or asks something of all of them: one case is named instead. */
const OF_THE_WHOLE = new Set(['--case', '--method', '--resource', '--tag', '--shard', '--min-coverage']);
/** A word of a command line as the event holds it: bare, or in single quotes with `'\''` inside. */
const WORD = /(?:'[^']*'|\\.|[^\s'\\])+/g;
/** `FILE:LINE`; the extension tells it from the port of a URL. */
const LINE_OF_FILE = /(\.(?:ya?ml|json|[cm]?[jt]s))(?::\d+){1,2}('?)$/;

/**
 * @returns the run's own command narrowed to the case, its target and all other flags kept; null where nothing can be
 *   run again (traffic, mock, proxy)
 */
export function rerunOf(run: RunStarted | null, finished: Pick<CaseFinished, 'id' | 'contract'>): string | null {
  if (run !== null && run.command !== 'run') return null;
  const only = `--case ${quote(finished.id)}`;
  if (run !== null && run.rerun !== '') return `${withoutSelection(run.rerun)} ${only}`;
  const file = finished.contract === null ? '' : ` ${quote(finished.contract.file)}`;
  return `restli-contract run${file} ${only}`;
}

function withoutSelection(line: string): string {
  const kept: string[] = [];
  const words = line.match(WORD) ?? [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const equals = word.indexOf('=');
    if (OF_THE_WHOLE.has(word)) index += 1;
    else if (equals < 0 || !OF_THE_WHOLE.has(word.slice(0, equals))) kept.push(word.replace(LINE_OF_FILE, '$1$2'));
  }
  return kept.join(' ');
}
