/** The table of resources and methods: one cell an operation, in the column groups of what methods do. */
import { METHOD_NAMES, profileOf, type MethodName } from '../../protocol/methods.ts';
import type { VerdictName } from '../../run/events.ts';
import { sumCounts, type Tally } from '../tally.ts';
import { plural } from '../text-style.ts';
import { failsRun, VERDICT_LOOKS, VERDICT_ORDER, type VerdictCounts, worstOf } from '../verdicts.ts';

export interface MatrixCell {
  readonly kind: VerdictName | 'unrun' | 'undeclared';
  readonly sign: string;
  /** `2/9`, `9`, or empty. */
  readonly text: string;
  /** The whole sentence, for those who do not see the table. */
  readonly label: string;
  /** Filter that lists its cases; empty where there is none. */
  readonly filter: string;
  readonly link: string;
}

export interface MatrixView {
  /** Neighbouring columns of one purpose. */
  readonly groups: readonly { readonly name: string; readonly span: number }[];
  readonly columns: readonly { readonly name: string; readonly starts: boolean }[];
  readonly rows: readonly {
    readonly name: string;
    readonly note: string;
    readonly anchor: string;
    readonly cells: readonly MatrixCell[];
    readonly total: MatrixCell;
  }[];
  readonly totals: readonly MatrixCell[];
  readonly total: MatrixCell;
}

/** What a method does -> heading of its columns, in the order of the columns. */
const PURPOSES = ['read', 'query', 'create', 'replace and patch', 'remove', 'act'] as const;

function purposeOf(method: MethodName): (typeof PURPOSES)[number] {
  const { effect, returns } = profileOf(method);
  if (effect === 'reads') return returns === 'entity' || returns === 'batch' ? 'read' : 'query';
  if (effect === 'creates') return 'create';
  if (effect === 'removes') return 'remove';
  return effect === 'acts' ? 'act' : 'replace and patch';
}

export function matrixView(tally: Tally, strict: boolean, resourceAnchor: (resource: string) => string): MatrixView {
  const declared = tally.declared();
  const methods = PURPOSES.flatMap((purpose) => METHOD_NAMES.filter((method) => purposeOf(method) === purpose));
  const hasFlows = [...tally.matrix.values()].some((row) => row.has(null));
  const columns: readonly (MethodName | null)[] = hasFlows ? [...methods, null] : methods;
  const resources = [...new Set([...declared.keys(), ...tally.matrix.keys()])];
  const notes = new Map(tally.run?.contracts.map(({ resource, kind, dialect }) => [resource, `${kind}, ${dialect}`]));

  const cellOf = (resource: string, method: MethodName | null): MatrixCell => {
    const counts = tally.matrix.get(resource)?.get(method);
    const isDeclared = method !== null && declared.get(resource)?.has(method) === true;
    return counts === undefined
      ? emptyCell(resource, method, isDeclared)
      : countedCell(
          `${resource} ${method ?? 'flows'}`,
          counts,
          strict,
          `resource:${resource} method:${method ?? 'flow'}`,
          resourceAnchor(resource),
        );
  };
  const columnCounts = (method: MethodName | null): VerdictCounts =>
    sumCounts([...tally.matrix.values()].flatMap((row) => row.get(method) ?? []));

  return {
    groups: [
      ...PURPOSES.map((name) => ({ name, span: methods.filter((method) => purposeOf(method) === name).length })),
      ...(hasFlows ? [{ name: 'flows', span: 1 }] : []),
    ],
    columns: columns.map((method, index) => ({ name: method ?? 'flow', starts: isFirstOfGroup(columns, index) })),
    rows: resources.map((name) => ({
      name,
      note: notes.get(name) ?? '',
      anchor: resourceAnchor(name),
      cells: columns.map((method) => cellOf(name, method)),
      total: countedCell(
        name,
        sumCounts(tally.matrix.get(name)?.values() ?? []),
        strict,
        `resource:${name}`,
        resourceAnchor(name),
      ),
    })),
    totals: columns.map((method) =>
      countedCell(method ?? 'flows', columnCounts(method), strict, `method:${method ?? 'flow'}`, 'cases'),
    ),
    total: countedCell('all cases', tally.counts, strict, '', 'cases'),
  };
}

function isFirstOfGroup(columns: readonly (MethodName | null)[], index: number): boolean {
  const here = columns[index] ?? null;
  const before = columns[index - 1] ?? null;
  if (index === 0 || here === null || before === null) return true;
  return purposeOf(here) !== purposeOf(before);
}

function emptyCell(resource: string, method: MethodName | null, isDeclared: boolean): MatrixCell {
  const label = `${resource} ${method ?? 'flows'}: ${isDeclared ? 'declared, no case' : method === null ? 'none' : 'not declared'}`;
  return {
    kind: isDeclared ? 'unrun' : 'undeclared',
    sign: isDeclared ? '○' : '·',
    text: '',
    label,
    filter: '',
    link: '',
  };
}

function countedCell(
  what: string,
  counts: Readonly<VerdictCounts>,
  strict: boolean,
  filter: string,
  link: string,
): MatrixCell {
  const verdict = worstOf(counts);
  if (verdict === null)
    return { kind: 'undeclared', sign: '·', text: '', label: `${what}: no case`, filter: '', link: '' };

  const total = VERDICT_ORDER.reduce((sum, name) => sum + counts[name], 0);
  const bad = VERDICT_ORDER.filter((name) => failsRun(name, strict)).reduce((sum, name) => sum + counts[name], 0);
  const others = VERDICT_ORDER.filter((name) => counts[name] > 0 && name !== 'pass').map(
    (name) => `${counts[name]} ${name}`,
  );
  const label = `${what}: ${bad > 0 ? `${bad} of ${total} failed` : plural(total, 'case')}${others.length > 0 ? ` (${others.join(', ')})` : ', all passed'}`;
  return {
    kind: verdict,
    sign: VERDICT_LOOKS[verdict].sign,
    text: bad > 0 ? `${bad}/${total}` : textOf(counts, total),
    label,
    filter,
    link,
  };
}

/** `27`, and beside what was run what was not: `25 –2`. */
function textOf(counts: Readonly<VerdictCounts>, total: number): string {
  const notRun = (['blocked', 'skip'] as const).filter((verdict) => counts[verdict] > 0);
  const ran = total - counts.blocked - counts.skip;
  if (ran === 0 || notRun.length === 0) return String(total);
  return [ran, ...notRun.map((verdict) => `${VERDICT_LOOKS[verdict].sign}${counts[verdict]}`)].join(' ');
}
