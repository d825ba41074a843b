/** Names of rules, where contract and config give some up. The catalogue is handed in: it knows nothing of contracts. */
import { escapeSegment } from '../protocol/pointer.ts';
import type { Checking } from './checking.ts';
import { error, type Part, type Problem } from './problem.ts';
import { nearest } from './suggest.ts';

/** Rules that the contract or a method of it exempts. */
export function checkExempt(checking: Checking): void {
  const { contract, around } = checking;
  if (around.rules === null) return;
  for (const owner of ['', ...contract.operations.map(({ pointer }) => pointer)]) {
    const exempt = checking.writtenAt(`${owner}/exempt`);
    for (const id of Object.keys(exempt)) {
      if (around.rules.has(id) || checking.isTold(`${owner}/exempt/${escapeSegment(id)}`)) continue;
      checking.problems.push(unknownRule(id, `${owner}/exempt/${escapeSegment(id)}`, 'name', around.rules));
    }
  }
}

export function unknownRule(id: string, pointer: string, part: Part, rules: ReadonlySet<string>): Problem {
  const family = id.split('/')[0] ?? '';
  const kin = [...rules].filter((rule) => rule.startsWith(`${family}/`));
  const near = nearest(id, [...rules]) ?? longer(id, rules);
  return error('unknown-rule', pointer, `there is no rule \`${id}\``, {
    part,
    fix:
      near ??
      (kin.length === 0
        ? 'all rules stand in docs/rules.md'
        : `rules of the family: ${kin.slice(0, MOST_SHOWN).join(', ')}`),
    see: 'methods',
  });
}

const MOST_SHOWN = 8;

/** `create/location` for `create/location-missing`: an id whose end was left out. */
function longer(id: string, rules: ReadonlySet<string>): string | null {
  const begun = [...rules].filter((rule) => rule.startsWith(id));
  return begun[0] === undefined ? null : `did you mean \`${begun[0]}\`?`;
}
