/** Waivers whose pattern fits no case of the plan: a defect that is mended or was renamed, or a slip of the pen. */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { GROUPS } from '../plan/case.ts';
import { planOf } from '../run/run.ts';
import type { Workspace } from './workspace.ts';

export function idleWaivers({ contracts, config, waivers }: Workspace): readonly Diagnostic[] {
  if (contracts.length === 0 || waivers.every((waiver) => waiver.case === null)) return [];
  const ids = planOf({ contracts, dialects: config.dialects, groups: GROUPS }).cases.map(({ id }) => id);
  const parts = new Set(ids.flatMap((id) => id.split('/').map((_, index, all) => all.slice(0, index + 1).join('/'))));
  return waivers.flatMap(({ case: glob }): readonly Diagnostic[] => {
    if (glob === null || ids.some((id) => glob.matches(id))) return [];
    const near = didYouMean(glob.pattern.replace(/\/?\*+$/, ''), parts);
    return [
      {
        code: 'config/waiver-without-case',
        severity: 'warning',
        message: `the waiver of \`${glob.pattern}\` fits no case of these contracts`,
        at: null,
        fix:
          near === null
            ? '`restli-contract list` shows the ids; drop the waiver if its case is gone'
            : `did you mean \`${near}\`?`,
        see: 'docs/contract-format.md#config',
        related: [],
      },
    ];
  });
}
