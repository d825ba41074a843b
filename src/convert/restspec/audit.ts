/** Holds a description against the table of its language: no member of it is passed over in silence. */
import { didYouMean } from '../../diagnostic/did-you-mean.ts';
import { isJsonArray, isJsonObject } from '../../protocol/json.ts';
import type { JsonNode } from '../json-text.ts';
import type { LeftOut, Tally } from '../tally.ts';
import { ELEMENTS, type Element, type ElementName, type Fate } from './elements.ts';

/**
 * Counts what nothing on the wire shows, annotations of the service's own, and members that the language does not have.
 * What the table calls told is left to the readers. A value of the wrong shape is passed over: its reader refuses it.
 *
 * @param reach - `members`: without what the members hold
 */
export function auditElement(
  node: JsonNode,
  name: ElementName,
  tally: Tally,
  reach: 'deep' | 'members' = 'deep',
): void {
  const element = ELEMENTS[name];
  if (!isJsonObject(node.value)) return;

  for (const [member, inner] of node.members()) {
    const fate = element.members.get(member);
    if (fate === undefined) tally.add(unknown(member, element), inner.at, inner.value);
    else if (fate.kind === 'counted') tally.add(withoutWire(member, fate), inner.at, inner.value);
    if (fate === undefined || fate.holds === null || reach === 'members') continue;
    for (const one of isJsonArray(inner.value) ? inner.items() : [inner]) auditElement(one, fate.holds, tally);
  }
}

function withoutWire(member: string, { what }: Fate): LeftOut {
  return {
    code: 'no-wire-meaning',
    subject: `\`${member}\``,
    reason: ` has no place in a contract: ${what}`,
    fix: null,
  };
}

function unknown(member: string, element: Element): LeftOut {
  const near = didYouMean(member, [...element.members.keys()]);
  const hint = near === null ? null : `did you mean \`${near}\`?`;
  const say = 'say in `doc` what clients have to know of it';
  if (element.open)
    return {
      code: 'annotation',
      subject: `the annotation \`${member}\``,
      reason: ' has no place in a contract, which knows nothing of its meaning',
      fix: hint ?? say,
    };
  return {
    code: 'unknown-member',
    subject: `\`${member}\``,
    reason: ` is no known member of ${element.called}; it is left out`,
    fix: hint ?? say,
  };
}
