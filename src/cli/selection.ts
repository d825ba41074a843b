/** The flags that select cases -> filters of a plan, or what is wrong with them, in one sentence. */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { GROUPS, type Group } from '../plan/case.ts';
import { parseGlob, type Glob } from '../plan/glob.ts';
import type { Filters } from '../plan/select.ts';
import { isMethodName, METHOD_NAMES, type MethodName } from '../protocol/methods.ts';
import type { SelectionFlags } from './selection-flags.ts';

export interface Selection {
  readonly filters: Filters;
  readonly groups?: readonly Group[];
  readonly seed?: number;
}

export function selectionOf(flags: SelectionFlags): Selection | string {
  const cases: Glob[] = [];
  for (const pattern of flags.case ?? []) {
    const glob = parseGlob(pattern);
    if (typeof glob === 'string') return `--case '${pattern}': ${glob}`;
    cases.push(glob);
  }

  const methods: MethodName[] = [];
  for (const name of flags.method ?? []) {
    const method = name.toUpperCase();
    if (!isMethodName(method))
      return unknown('method', name, didYouMean(method.replaceAll('-', '_'), METHOD_NAMES), METHOD_NAMES);
    methods.push(method);
  }

  const groups: Group[] = [];
  for (const name of flags.group ?? []) {
    const group = GROUPS.find((one) => one === name);
    if (group === undefined) return unknown('group', name, didYouMean(name, GROUPS), GROUPS);
    groups.push(group);
  }
  return {
    filters: {
      cases,
      methods,
      resources: flags.resource ?? [],
      tags: flags.tag ?? [],
      lines: [],
      shard: flags.shard ?? null,
    },
    ...(groups.length === 0 ? {} : { groups }),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
  };
}

function unknown(what: string, name: string, near: string | null, known: readonly string[]): string {
  return `there is no ${what} \`${name}\`; ${near === null ? `known: ${known.join(', ')}` : `did you mean \`${near}\`?`}`;
}
