/** How much of what was selected ran, and which methods it reached: a green run of three cases must not look like one of all. */
import { METHOD_NAMES } from '../protocol/methods.ts';
import type { Tally } from './tally.ts';
import { grouped, plural } from './text-style.ts';

/** Below this share of the selected cases, in percent, what did not run is told beside the verdict. */
const LITTLE_PERCENT = 50;
const MAX_CAUSES = 3;

/** @returns one sentence, where little of what was selected ran; else null */
export function littleRan(tally: Tally): string | null {
  const { counts, total } = tally;
  const ran = total - counts.skip - counts.blocked;
  if (total === 0 || ran * 100 >= total * LITTLE_PERCENT) return null;
  const causes = [...tally.skipped, ...tally.blocked].toSorted((a, b) => b[1] - a[1]);
  const named = causes.slice(0, MAX_CAUSES).map(([reason, cases]) => `${plural(cases, 'case')}: ${reason}`);
  const rest = causes.length - named.length;
  return `Only ${grouped(ran)} of ${plural(total, 'selected case')} ran, so the verdict says little. Not run: ${named.join('; ')}${rest > 0 ? `; and for ${plural(rest, 'other reason')}` : ''}.`;
}

/**
 * `14 of 14 methods exercised`, and where there are fewer, which are missing and why; null where nothing was planned.
 * Steps of flows count; what was never answered does not.
 */
export function methodsExercised(tally: Tally): string | null {
  const answered = (tally.coverage?.rows ?? []).filter(({ category }) => category === 'methods');
  const ran = new Set(answered.flatMap(({ seen }) => METHOD_NAMES.filter((method) => seen.includes(method))));
  for (const row of tally.matrix.values()) {
    for (const [method, { skip: _, blocked: __, error: ___, ...executed }] of row) {
      if (method !== null && Object.values(executed).some((cases) => cases > 0)) ran.add(method);
    }
  }
  if (tally.matrix.size === 0) return null;
  const declared = new Set([...tally.declared().values()].flatMap((methods) => [...methods]));
  const missing = METHOD_NAMES.filter((method) => !ran.has(method));
  const notRun = missing.filter((method) => declared.has(method));
  const absent = missing.filter((method) => !declared.has(method));
  return [
    `${ran.size} of ${METHOD_NAMES.length} methods exercised`,
    ...(notRun.length === 0 ? [] : [`declared and not run: ${notRun.join(', ')}`]),
    ...(absent.length === 0 ? [] : [`not declared: ${absent.join(', ')}`]),
  ].join('; ');
}
