/**
 * What became of the cases that did something to a header: the change -> method -> cases. A cell holds one case for each
 * resource and operation of its method, so it tells how many of them came to which verdict.
 */
import { METHOD_NAMES, type MethodName } from '../../protocol/methods.ts';
import type { CaseFinished, VerdictName } from '../../run/events.ts';
import { failedExchanges } from '../problem-groups.ts';
import { noVerdicts, VERDICT_LOOKS, VERDICT_ORDER, type VerdictCounts, worstOf } from '../verdicts.ts';
import { anchorOf } from './case-view.ts';
import type { MarkView } from './header-tally.ts';

export interface ProbeMark {
  readonly kind: MarkView['kind'];
  /** `✗ 1 ✓ 12`: cases of each verdict, the worst first; of a single case the sign alone. */
  readonly text: string;
  /** What was answered: statuses, codes of failures. */
  readonly answers: string;
  /** Whole sentences. */
  readonly label: string;
  /** Anchor of the first case of the worst verdict; empty where there is no case. */
  readonly link: string;
}

export interface ProbeRow {
  readonly name: string;
  readonly cells: readonly ProbeMark[];
}

export interface ProbeTable {
  readonly probeMethods: readonly string[];
  readonly probes: readonly ProbeRow[];
}

interface ProbeCell {
  readonly counts: VerdictCounts;
  readonly answers: Map<VerdictName, Set<string>>;
  /** Ids of the first cases of each verdict. */
  readonly first: Map<VerdictName, string[]>;
}

/** Changes beyond this are left out: there are some thirty. */
const MAX_ROWS = 60;
/** Of the cases that a cell names, and of the answers that it shows. */
const FIRST_CASES = 3;
const SHOWN_ANSWERS = 3;
const ID_CHARACTERS = 120;

export class ProbeTally {
  readonly #rows = new Map<string, Map<MethodName, ProbeCell>>();

  add(finished: CaseFinished, method: MethodName): void {
    const what = finished.id.split('/').at(-1) ?? finished.name;
    if (!this.#rows.has(what) && this.#rows.size >= MAX_ROWS) return;
    const row = this.#rows.get(what) ?? new Map<MethodName, ProbeCell>();
    this.#rows.set(what, row);
    const cell = row.get(method) ?? { counts: noVerdicts(), answers: new Map(), first: new Map() };
    row.set(method, cell);

    const { verdict, id } = finished;
    cell.counts[verdict] += 1;
    const first = cell.first.get(verdict) ?? [];
    cell.first.set(verdict, first);
    if (first.length < FIRST_CASES) first.push(id);
    const last = failedExchanges(finished).at(-1);
    if (last === undefined) return;
    const answers = cell.answers.get(verdict) ?? new Set();
    cell.answers.set(verdict, answers);
    if (answers.size <= SHOWN_ANSWERS) answers.add(String(last.response?.status ?? last.failure?.code ?? '?'));
  }

  table(): ProbeTable {
    const methods = METHOD_NAMES.filter((method) => [...this.#rows.values()].some((row) => row.has(method)));
    return {
      probeMethods: methods,
      probes: [...this.#rows].map(([name, row]) => ({
        name,
        cells: methods.map((method) => markOf(`${name} in ${method}`, row.get(method))),
      })),
    };
  }
}

function markOf(where: string, cell: ProbeCell | undefined): ProbeMark {
  const worst = cell === undefined ? null : worstOf(cell.counts);
  if (cell === undefined || worst === null)
    return { kind: 'none', text: '', answers: '', label: `${where}: no case`, link: '' };

  const { counts, answers, first } = cell;
  const met = [worst, ...VERDICT_ORDER.filter((verdict) => verdict !== worst && counts[verdict] > 0)];
  const total = met.reduce((sum, verdict) => sum + counts[verdict], 0);
  const told = met.map((verdict) => {
    const answered = shown([...(answers.get(verdict) ?? [])]);
    return `${counts[verdict]} ${verdict}${answered === '' ? '' : `, answered ${answered}`}`;
  });
  const [link = ''] = first.get(worst) ?? [];
  return {
    kind: worst === 'pass' ? 'good' : VERDICT_LOOKS[worst].fails === 'always' ? 'bad' : 'plain',
    text: met.map((verdict) => VERDICT_LOOKS[verdict].sign + (total === 1 ? '' : ` ${counts[verdict]}`)).join(' '),
    answers: shown([...new Set(met.flatMap((verdict) => [...(answers.get(verdict) ?? [])]))]),
    label: `${where}: ${total === 1 ? 'one case' : `${total} cases`}: ${told.join('; ')}.${namesOf(cell, worst)}`,
    link: link === '' ? '' : anchorOf(link),
  };
}

/** Which cases to look at, where not all is well. */
function namesOf({ counts, first }: ProbeCell, worst: VerdictName): string {
  if (worst === 'pass') return '';
  const ids = first.get(worst) ?? [];
  const more = counts[worst] - ids.length;
  const names = ids.map((id) => (id.length <= ID_CHARACTERS ? id : `${id.slice(0, ID_CHARACTERS)}…`));
  return ` ${worst}: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

function shown(answers: readonly string[]): string {
  const sorted = answers.toSorted();
  return sorted.length <= SHOWN_ANSWERS ? sorted.join(' ') : `${sorted.slice(0, SHOWN_ANSWERS).join(' ')} …`;
}
