/** What is wrong with the names of members: unknown ones, ones of the wrong form, and texts that a comma cut into names. */
import { didYouMean } from '../diagnostic/did-you-mean.ts';
import type { JsonObject } from '../protocol/json.ts';
import { error } from './problem.ts';
import type { MapNode, ObjectNode } from './shape.ts';
import type { Spot } from './shape-spot.ts';

export function tellUnknownName(spot: Spot, shape: ObjectNode, name: string): void {
  const known = [...shape.members.keys()];
  const near = shape.aliases.has(name) ? name : didYouMean(name, [...known, ...shape.aliases.keys()]);
  const advice = near === null ? undefined : shape.aliases.get(near);
  const nearest = near === null ? `drop it, or write one of ${known.join(', ')}` : `did you mean \`${near}\`?`;
  spot.tell(
    error('unknown-member', spot.pointer(name), `${shape.called} has no member \`${name}\``, {
      part: 'name',
      see: shape.see,
      fix: advice ?? nearest,
    }),
  );
}

export function tellBadName(spot: Spot, shape: MapNode, name: string): void {
  const fix = name.startsWith('$')
    ? 'names that begin with `$` belong to Rest.li or to the format'
    : `write ${shape.called}: ${describePattern(shape.names)}`;
  spot.tell(
    error('bad-name', spot.pointer(name), `\`${name}\` is not ${shape.called}`, {
      part: 'name',
      fix,
    }),
  );
}

/**
 * `{ doc: one, two }` holds a second name, `two`, without a value: the comma belonged to the text.
 *
 * @param before - the name that stands in front of it
 * @returns whether that is what happened; it has been told then
 */
export function tellCutText(spot: Spot, value: JsonObject, name: string, before: string | null): boolean {
  const text = before === null ? undefined : value[before];
  if (before === null || typeof text !== 'string') return false;
  if (value[name] !== null || spot.written(name) !== name) return false;

  spot.tell(
    error(
      'cut-by-comma',
      spot.pointer(name),
      `a comma ends the text of \`${before}\` inside braces, so \`${name}\` became a member of its own`,
      {
        part: 'name',
        fix: `quote the text: \`${before}: ${JSON.stringify(`${text}, ${name}`)}\``,
        see: 'notation',
        related: [{ pointer: spot.pointer(before), part: 'value', message: 'the text that was cut' }],
      },
    ),
  );
  return true;
}

function describePattern(names: RegExp): string {
  if (names.source.startsWith('^[45]')) return '400 to 599';
  if (names.source.includes('\\/[a-z0-9-]+')) return '`family/kebab-case`';
  return names.source.includes('\\?')
    ? 'letters, digits, `_`, `.` and `-`; a `?` at its end says that it may be absent'
    : 'letters, digits and `_`';
}
