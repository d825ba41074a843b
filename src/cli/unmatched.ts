/** What of a selection matches no case at all, with what was probably meant. */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import { parseGlob } from '../plan/glob.ts';
import { NO_FILTERS, type Filters } from '../plan/select.ts';
import type { RunOptions } from '../run/options.ts';
import { planOf } from '../run/run.ts';

/** @returns one sentence for each pattern, resource or tag that no case of the plan has; none where nothing was selected by them */
export function unmatchedIn(options: RunOptions): readonly string[] {
  const { cases, resources, tags } = options.filters ?? NO_FILTERS;
  if (cases.length + resources.length + tags.length === 0) return [];
  const plan = planOf({ ...options, filters: NO_FILTERS }).cases;
  const ids = plan.map(({ id }) => id);

  const said: string[] = [];
  for (const glob of cases) {
    if (!ids.some((id) => glob.matches(id))) said.push(`--case '${glob.pattern}' matches no case${meant(glob, ids)}`);
  }
  const names = [...new Set(plan.map(({ contract }) => contract.resource))];
  for (const name of resources) {
    if (!names.some((one) => one === name || one.startsWith(`${name}.`)))
      said.push(`--resource ${name} is none of the contracts' resources${suggested(didYouMean(name, names))}`);
  }
  const known = new Set(plan.flatMap((one) => one.tags));
  for (const tag of tags) {
    if (!known.has(tag)) said.push(`--tag ${tag} is on no case${suggested(didYouMean(tag, known))}`);
  }
  return said;
}

/** `*` stays within a segment, which is what most patterns that match nothing forget; else a letter is wrong. */
function meant({ pattern }: Filters['cases'][number], ids: readonly string[]): string {
  const wider = pattern.replace(/\*+$/, '').replace(/\/$/, '');
  for (const candidate of [pattern.replace(/\*+$/, '**'), `${wider}/**`, `**/${pattern}`, `**/${wider}/**`]) {
    const glob = parseGlob(candidate);
    if (typeof glob !== 'string' && candidate !== pattern && ids.some((id) => glob.matches(id)))
      return suggested(candidate);
  }
  const parts = ids.flatMap((id) => id.split('/').map((_, index, all) => all.slice(0, index + 1).join('/')));
  return suggested(didYouMean(wider, new Set([...parts, ...ids.flatMap((id) => id.split('/'))])));
}

function suggested(near: string | null): string {
  return near === null ? '; `restli-contract list` shows the ids' : `; did you mean \`${near}\`?`;
}
